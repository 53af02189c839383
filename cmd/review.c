#include <stdio.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/seal.h"

#define COLUMNS 100

typedef struct {
  gboolean accept, json, quiet;
  char *by, **waive;
} Review;

static const char *
kind_word (PktSealKind kind)
{
  static const char *const words[] = { "none",  "broken",  "request",     "draft", "expired",
                                       "stale", "finding", "old-figures", "sent",  "second" };
  return words[kind];
}

static json_t *
as_json (const PktSealed *s)
{
  json_t *o = json_object (), *faults = json_array ();
  for (guint i = 0; i < s->faults->len; i++) {
    const PktSealFault *f = s->faults->pdata[i];
    json_array_append_new (faults, json_pack ("{s:s, s:o}", "kind", kind_word (f->kind), "text",
                                              pkt_json_string (f->text)));
  }
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "packet", pkt_json_string (s->packet));
  json_object_set (o, "ready", json_object_get (s->manifest, "ready"));
  json_object_set (o, "findings", json_object_get (s->manifest, "findings"));
  json_object_set_new (o, "sealed", pkt_json_string (pkt_json_text (s->seal, "sealed")));
  json_object_set_new (o, "by", pkt_json_string (pkt_json_text (s->seal, "by")));
  json_object_set_new (o, "may_be_sent", json_boolean (s->faults->len == 0));
  json_object_set_new (o, "faults", faults);
  return o;
}

static char *
as_text (const PktSealed *s)
{
  GString *out = g_string_new (NULL);
  const char *sealed = pkt_json_text (s->seal, "sealed"), *by = pkt_json_text (s->seal, "by");
  if (sealed)
    g_string_append_printf (out, "%s: accepted by %s at %s; the seal holds %d days.\n", s->packet,
                            by ? by : "nobody", sealed, PKT_SEAL_DAYS);
  if (s->faults->len == 0)
    g_string_append_printf (out, "It may be sent: postpacket send %s\n", s->packet);
  else
    g_string_append (out, "It may not be sent yet:\n");
  for (guint i = 0; i < s->faults->len; i++) {
    const PktSealFault *f = s->faults->pdata[i];
    g_autofree char *wrapped = pkt_text_wrap (f->text, COLUMNS, "  - ", "    ");
    g_string_append (out, wrapped);
  }
  return g_string_free (out, FALSE);
}

static int
review (const Review *r, const char *packet, GError **error)
{
  const char *const *waive = (const char *const *)r->waive;
  g_autoptr (PktSealed) s = r->accept ? pkt_seal_accept (packet, r->by, waive, error)
                                      : pkt_seal_load (packet, error);
  g_autoptr (json_t) object = s && r->json ? as_json (s) : NULL;
  g_autofree char *text = s == NULL ? NULL : object ? pkt_json_dump (object) : as_text (s);
  if (text == NULL || !pkt_file_print (text, strlen (text), error))
    return -1;
  return s->faults->len ? PKT_ERROR_FINDINGS : 0;
}

static gboolean
check (const Review *r, int argc, GError **error)
{
  if (argc != 2)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, "review: name one packet folder");
  else if (!r->accept && (r->by || r->waive))
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "review: --by and --waive go with --accept");
  else
    return TRUE;
  return FALSE;
}

int
cmd_run_review (int argc, char **argv, GError **error)
{
  Review r = { 0 };
  const GOptionEntry entries[] = {
    { "accept", 0, 0, G_OPTION_ARG_NONE, &r.accept,
      "Seal it: somebody read it and stands behind it", NULL },
    { "by", 0, 0, G_OPTION_ARG_STRING, &r.by, "Who that is (the user's own name)", "NAME" },
    { "waive", 0, 0, G_OPTION_ARG_STRING_ARRAY, &r.waive,
      "With --accept: this finding is known, and why it is no obstacle", "ID=REASON" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &r.json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &r.quiet, "Only errors on the standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "PACKET",
                 "What a packet says, and whether it may be sent; --accept seals it.", error)
      && check (&r, argc, error))
    status = review (&r, argv[1], error);
  g_free (r.by);
  g_strfreev (r.waive);
  return status;
}
