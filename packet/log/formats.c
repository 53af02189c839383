#include "packet/log/format.h"

extern const PktFormat pkt_format_postfix;
extern const PktFormat pkt_format_events_csv;
extern const PktFormat pkt_format_events_json;

const PktFormat *const pkt_formats[] = {
  &pkt_format_postfix,
  &pkt_format_events_csv,
  &pkt_format_events_json,
  NULL,
};

const PktFormat *
pkt_format_find (const char *name)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (g_str_equal (pkt_formats[i]->name, name))
      return pkt_formats[i];
  return NULL;
}

void
pkt_probe_line (PktProbe *p, PktSlice line)
{
  guint best = 0;
  p->lines++;
  for (gsize i = 0; pkt_formats[i] && i < G_N_ELEMENTS (p->score); i++) {
    guint score = pkt_formats[i]->probe (line);
    p->score[i] += score;
    best = MAX (best, score);
  }
  p->hits += best > 0;
}

const PktFormat *
pkt_probe_best (const PktProbe *p)
{
  const PktFormat *best = NULL;
  guint score = 0;
  for (gsize i = 0; pkt_formats[i] && i < G_N_ELEMENTS (p->score); i++)
    if (p->score[i] > score) {
      score = p->score[i];
      best = pkt_formats[i];
    }
  return best;
}
