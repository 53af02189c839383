#include "packet/log/exim-glance.h"
#include "packet/log/exim-line.h"
#include "packet/log/text-log.h"

#define ID_DASH 6 /* of 1RwtJY-0009RI-E4 */

typedef struct {
  const PktGlanceRule *rule;
  PktEximClock clock;
} Glancer;

gboolean
pkt_exim_is_plain (PktEximClock *c, PktSlice line)
{
  if (line.n <= PKT_EXIM_TIME + 1 + ID_DASH || line.p[PKT_EXIM_TIME] != ' ' || line.p[4] != '-'
      || line.p[10] != ' ' || line.p[PKT_EXIM_TIME + 1 + ID_DASH] != '-')
    return FALSE;
  if (c->stamp.kind != PKT_STAMP_NONE && pkt_bytes_same (line.p, c->text, PKT_EXIM_TIME))
    return TRUE;
  if (pkt_text_stamp (pkt_slice (line.p, PKT_EXIM_TIME), 0, &c->stamp) != PKT_EXIM_TIME) {
    c->stamp = (PktStamp){ 0, PKT_STAMP_NONE };
    return FALSE;
  }
  memcpy (c->text, line.p, PKT_EXIM_TIME);
  return TRUE;
}

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_new0 (Glancer, 1);
  g->rule = rule;
  return g;
}

/* "=>", "->", ">>" and "Completed"; all others are for the parser. */
static gboolean
may_be_told (PktSlice text)
{
  PktSlice rest = pkt_slice_skip (text, pkt_slice_until (text, ' ').n + 1);
  return rest.n > 2 && (rest.p[1] == '>' || rest.p[0] == 'C');
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  PktEximLine l;
  const PktSlice none = { NULL, 0 };
  out->kind = PKT_GLANCE_PLAIN;
  if (!pkt_exim_is_plain (&g->clock, line))
    return;
  PktSlice text = pkt_slice_skip (line, PKT_EXIM_TIME + 1);
  if (!may_be_told (text) || !pkt_exim_line (text, &l))
    return;
  out->key = pkt_queue_key (l.id, pkt_slice_hash (none, 0));
  if (l.kind == PKT_EXIM_COMPLETED)
    out->kind = PKT_GLANCE_REMOVED;
  if (l.kind != PKT_EXIM_DELIVERED || l.host.n == 0 || g->rule->elsewhere == NULL
      || !g->rule->elsewhere (g->rule->data, l.recipient, l.host, l.ip))
    return;
  out->kind = PKT_GLANCE_ELSEWHERE;
  out->stamp_kind = (guint8)g->clock.stamp.kind;
  out->us = g->clock.stamp.us;
  out->fingerprint = pkt_attempt_fingerprint (l.recipient, out->key, g->clock.stamp);
}

const PktGlancer pkt_exim_glancer = { begin, look, g_free, .dated = FALSE };
