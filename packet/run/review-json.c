#include "packet/base/json.h"
#include "packet/run/review.h"

static const char *
kind_word (PktSealKind kind)
{
  static const char *const words[] = { "none",  "broken",  "request",     "draft", "expired",
                                       "stale", "finding", "old-figures", "sent",  "second" };
  return words[kind];
}

/* {"list": [...]} of the templates is a plain array for scripts, null an empty one. */
static json_t *
plain_list (const json_t *value)
{
  json_t *list = json_object_get (value, "list");
  return list ? json_deep_copy (list) : json_array ();
}

static void
drop_pictures (json_t *parts)
{
  gsize i;
  json_t *row;
  json_array_foreach (parts, i, row)
  {
    json_object_set_new (row, "picture", json_boolean (pkt_json_text (row, "data") != NULL));
    json_object_del (row, "data");
  }
}

static json_t *
seal_json (const PktSealed *s)
{
  json_t *faults = json_array ();
  for (guint i = 0; i < s->faults->len; i++) {
    const PktSealFault *f = s->faults->pdata[i];
    json_array_append_new (faults, json_pack ("{s:s, s:o}", "kind", kind_word (f->kind), "text",
                                              pkt_json_string (f->text)));
  }
  json_t *waived = json_object_get (s->seal, "waived");
  return json_pack ("{s:o, s:o, s:o, s:o}", "sealed",
                    pkt_json_string (pkt_json_text (s->seal, "sealed")), "by",
                    pkt_json_string (pkt_json_text (s->seal, "by")), "waived",
                    waived ? json_incref (waived) : json_array (), "faults", faults);
}

json_t *
pkt_review_json (const json_t *view, const PktSealed *s)
{
  static const char *const whole[] = { "case", "subject", "made", "state", "readiness", "message" },
                           *const lists[]
                           = { "lacking",  "open",        "contradicted", "missing",
                               "desks",    "edited",      "claims",       "requirements",
                               "redacted", "removed",     "disclosed",    "tightened",
                               "inputs",   "attachments", "kept",         "next" };
  json_t *o = json_object ();
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "packet", pkt_json_string (s->packet));
  json_object_set (o, "ready", json_object_get (s->manifest, "ready"));
  json_object_set_new (o, "may_be_sent", json_boolean (s->faults->len == 0));
  json_object_set_new (o, "seal", seal_json (s));
  json_object_set (o, "findings", json_object_get (s->manifest, "findings"));
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    json_object_set (o, whole[i], json_object_get (view, whole[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    json_object_set_new (o, lists[i], plain_list (json_object_get (view, lists[i])));
  drop_pictures (json_object_get (o, "attachments"));
  drop_pictures (json_object_get (o, "kept"));
  return o;
}
