#include "packet/headers/reported.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/headers/trace.h"

#define MAX_VALUE 400

/* Above the sender's fields stand those of the gateway, below them those of the content filter
 * (facts/apple.md 4.1): there the last field of a name is the filter's own. */
static const struct {
  const char *name;
  gboolean below, folder;
} values[] = {
  { "X-Apple-Action", FALSE, TRUE },
  { "X-Apple-MoveToFolder", FALSE, TRUE },
  { "X-ICL-SCORE", FALSE, FALSE },
  { "X-ARC-Info", FALSE, FALSE },
  { "X-DMARC-Info", FALSE, FALSE },
  { "X-CLX-Shades", TRUE, FALSE },
  { "X-CLX-Score", TRUE, FALSE },
  { "X-CLX-Spam", TRUE, FALSE },
  { "X-Proofpoint-Spam-Details", TRUE, FALSE },
  { "X-Spam-Flag", TRUE, FALSE },
  { "X-Suspected-Spam", TRUE, FALSE },
};

static const char *
find (const PktSample *s, const char *name, gboolean below, guint end)
{
  const char *found = NULL;
  for (guint i = below ? end : 0; i < (below ? s->fields->len : end); i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, name) == 0 && (below || found == NULL))
      found = f->value;
  }
  return found;
}

/* On one line, blanks folded. */
static char *
plain (const char *value)
{
  g_autofree char *line = g_strdup (value);
  g_strdelimit (line, "\r\n\t", ' ');
  return pkt_text_quote (pkt_slice_trim (pkt_slice_str (line)), MAX_VALUE);
}

json_t *
pkt_reported_values (const PktSample *s)
{
  json_t *o = json_object ();
  PktAppleBlock block = pkt_trace_block (s);
  for (gsize i = 0; block.at_apple && i < G_N_ELEMENTS (values); i++) {
    const char *value = find (s, values[i].name, values[i].below, block.end);
    g_autofree char *masked = value && values[i].folder ? pkt_sample_mask_folder (value) : NULL;
    if (value && value[strspn (value, " \t\r\n")])
      pkt_json_set_text (o, values[i].name, plain (masked ? masked : value));
  }
  return o;
}

static json_t *
hop_json (const PktHop *hop, gboolean apples)
{
  json_t *o = json_object ();
  json_object_set_new (o, "by", pkt_json_string (hop->by));
  json_object_set_new (o, "from", pkt_json_string (apples ? hop->helo : NULL));
  json_object_set_new (o, "ip", pkt_json_string (apples ? hop->ip : NULL));
  json_object_set_new (o, "with", pkt_json_string (hop->with));
  json_object_set_new (o, "time", pkt_json_time (hop->time));
  json_object_set_new (o, "delay", json_null ());
  return o;
}

json_t *
pkt_reported_hops (const PktSample *s)
{
  json_t *list = json_array ();
  PktAppleBlock block = pkt_trace_block (s);
  gint64 above = PKT_NO_TIME;
  for (guint i = 0; block.at_apple && i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "Received") != 0)
      continue;
    g_auto (PktHop) hop = { 0 };
    pkt_hop_parse (&hop, f->value);
    json_t *last = json_array_get (list, json_array_size (list) - 1);
    if (last && above != PKT_NO_TIME && hop.time != PKT_NO_TIME)
      json_object_set_new (last, "delay", json_integer ((above - hop.time) / PKT_SECOND));
    json_array_append_new (list, hop_json (&hop, i <= block.hop));
    above = hop.time;
    if (i > block.hop)
      break;
  }
  return list;
}
