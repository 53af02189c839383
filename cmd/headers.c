#include <string.h>
#include "cmd/dns.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/headers/delivered.h"
#include "packet/headers/facts.h"
#include "packet/redact/headers.h"
#include "packet/redact/key.h"
#include "packet/run/check-report.h"

#define DEFAULT_CASE "default"

static PktSample *
read_sample (const char *path, GError **error)
{
  gsize n;
  g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, error);
  return bytes ? pkt_delivered_read (path, pkt_slice (bytes, n), error) : NULL;
}

typedef struct {
  gboolean json;
  guint8 key[PKT_KEY_BYTES];
  PktAudience audience;
  const char *platform;
} Options;

/* Where a recipient has a domain of his own: not the one that the mail comes from, as bounces do.
 */
static void
add_custom (PktRedactor *r, const PktSample *s)
{
  const char *at = s->message_id ? strrchr (s->message_id, '@') : NULL;
  for (guint i = 0; at && i < s->recipients->len; i++) {
    const PktSlice recipient = pkt_slice_str (s->recipients->pdata[i]);
    if (!pkt_slice_ends_nocase (pkt_slice_str (at), pkt_slice_domain (recipient)))
      pkt_redactor_add_custom (r, recipient);
  }
}

/* A Message-ID that names the reader is told nowhere, nor whom a filter names. */
static char *
redact (PktSample *s, const Options *o, json_t **removed)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) allowed = g_ptr_array_new_with_free_func (g_free);
  pkt_headers_scope (s, FALSE, own, allowed);
  g_ptr_array_add (own, NULL);
  g_ptr_array_add (allowed, NULL);
  const PktRedactScope scope = { (const char *const *)own->pdata,
                                 (const char *const *)allowed->pdata };
  g_autoptr (PktRedactor) r = pkt_redactor_new (o->key, &scope);
  pkt_redactor_set_audience (r, o->audience, o->platform);
  add_custom (r, s);
  char *headers = pkt_redact_headers (r, s, removed);
  if (!pkt_headers_shows_message_id (r, s))
    g_clear_pointer (&s->message_id, g_free);
  pkt_headers_hide (r, s);
  return headers;
}

/* Signatures and alignment, on the sample as it was read; nothing where nobody may be asked. */
static gboolean
verify (const PktSample *s, CmdDns *dns, const PktAskOptions *ask, PktChecks *out, GError **error)
{
  static const char *const only[] = { "headers", "dmarc", NULL };
  g_autoptr (GPtrArray) samples = g_ptr_array_new ();
  g_autoptr (PktIdentity) id = pkt_identity_new ();
  g_ptr_array_add (samples, (gpointer)s);
  id->samples = samples;
  if (!ask->online && ask->replay == NULL)
    return TRUE;
  gboolean asked = pkt_checks_ask (out, id, only, ask, error);
  cmd_dns_done (dns);
  return asked;
}

static char *
checks_text (const PktChecks *c)
{
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < c->rows->len; i++) {
    const PktCheck *row = g_ptr_array_index (c->rows, i);
    g_string_append_printf (s, "Checked         %-7s %s\n", pkt_check_state_name (row->state),
                            row->found);
  }
  return g_string_free (s, FALSE);
}

static gboolean
show (const char *path, gboolean again, const Options *options, CmdDns *dns,
      const PktAskOptions *ask, GError **error)
{
  g_autoptr (PktSample) s = read_sample (path, error);
  g_autoptr (PktChecks) checks = pkt_checks_new ();
  if (s == NULL || !verify (s, dns, ask, checks, error))
    return FALSE;
  g_autoptr (json_t) removed = NULL;
  g_autofree char *headers = redact (s, options, &removed), *text = NULL;
  if (options->json) {
    g_autoptr (json_t) o = json_object ();
    json_object_set_new (o, "path", pkt_json_string (path));
    json_object_set_new (o, "facts", pkt_delivered_facts (s));
    json_object_set_new (o, "headers", pkt_json_string (headers));
    json_object_set (o, "removed", removed);
    g_autoptr (json_t) checked = checks->dns ? pkt_checks_json (checks) : json_object ();
    if (checks->dns)
      json_object_set (o, "checks", json_object_get (checked, "checks"));
    text = pkt_json_dump (o);
  } else {
    g_autofree char *table = pkt_delivered_table (s);
    g_autofree char *checked = checks_text (checks);
    text = g_strdup_printf ("%s%s%s\n%s", again ? "\n" : "", table, checked, headers);
    pkt_text_disarm (text);
  }
  return pkt_file_print (text, strlen (text), error);
}

static int
show_all (int argc, char **argv, Options *o, const char *key_file, CmdDns *dns, GError **error)
{
  PktAskOptions ask;
  if (!cmd_dns_finish (dns, cmd_terminal (), &ask, error))
    return -1;
  for (int i = 1; i < argc; i++) {
    if (i == 1
        && !g_file_test (argv[1], G_FILE_TEST_EXISTS)) /* no key is made for a typing mistake */
      return read_sample (argv[1], error) ? PKT_ERROR_BUG : -1;
    if (i == 1 && !pkt_key_load (DEFAULT_CASE, key_file, o->key, error))
      return -1;
    if (!show (argv[i], i > 1, o, dns, &ask, error))
      return -1;
  }
  return 0;
}

int
cmd_run_headers (int argc, char **argv, GError **error)
{
  g_autofree char *key_file = NULL, *audience = NULL, *platform = NULL;
  Options o = { 0 };
  CmdDns dns = { 0 };
  GOptionEntry entries[4 + CMD_DNS_ENTRIES + 1] = {
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "Pseudonym key to use", "FILE" },
    { "audience", 0, 0, G_OPTION_ARG_STRING, &audience, "Who reads it: apple, esp or public",
      "WHO" },
    { "platform", 0, 0, G_OPTION_ARG_STRING, &platform,
      "With --audience esp: the service, which keeps its own fields", "NAME" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "Print JSON", NULL },
  };
  int status = -1;
  cmd_dns_entries (&dns, entries + 4);
  if (cmd_parse (&argc, &argv, entries, "MESSAGE...",
                 "A delivered sample: what it proves, and its headers as they may leave.", error)
      && cmd_audience (audience, &o.audience, error)) {
    o.platform = platform;
    if (argc < 2)
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "headers: name a mail saved from a mailbox at Apple");
    else
      status = show_all (argc, argv, &o, key_file, &dns, error);
  }
  cmd_dns_clear (&dns);
  return status;
}
