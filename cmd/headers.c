#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/headers/delivered.h"
#include "packet/headers/facts.h"
#include "packet/redact/headers.h"
#include "packet/redact/key.h"

#define DEFAULT_CASE "default"

static PktSample *
read_sample (const char *path, GError **error)
{
  gsize n;
  g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, error);
  return bytes ? pkt_delivered_read (path, pkt_slice (bytes, n), error) : NULL;
}

static char *
redact (const PktSample *s, const guint8 *key, json_t **removed)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) allowed = g_ptr_array_new_with_free_func (g_free);
  pkt_headers_scope (s, own, allowed);
  g_ptr_array_add (own, NULL);
  g_ptr_array_add (allowed, NULL);
  const PktRedactScope scope = { (const char *const *)own->pdata,
                                 (const char *const *)allowed->pdata };
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  return pkt_redact_headers (r, s, removed);
}

static gboolean
show (const char *path, gboolean json, const guint8 *key, GError **error)
{
  g_autoptr (PktSample) s = read_sample (path, error);
  if (s == NULL)
    return FALSE;
  g_autoptr (json_t) removed = NULL;
  g_autofree char *headers = redact (s, key, &removed), *text = NULL;
  if (json) {
    g_autoptr (json_t) o = json_object ();
    json_object_set_new (o, "path", pkt_json_string (path));
    json_object_set_new (o, "facts", pkt_delivered_facts (s));
    json_object_set_new (o, "headers", pkt_json_string (headers));
    json_object_set (o, "removed", removed);
    text = pkt_json_dump (o);
  } else {
    g_autofree char *table = pkt_delivered_table (s);
    text = g_strdup_printf ("%s\n%s", table, headers);
  }
  return pkt_file_print (text, strlen (text), error);
}

int
cmd_run_headers (int argc, char **argv, GError **error)
{
  g_autofree char *key_file = NULL;
  gboolean json = FALSE;
  guint8 key[PKT_KEY_BYTES];
  const GOptionEntry entries[] = {
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "Pseudonym key to use", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print JSON", NULL },
    G_OPTION_ENTRY_NULL,
  };
  if (!cmd_parse (&argc, &argv, entries, "MESSAGE...",
                  "A delivered sample: what it proves, and its headers as they may leave.", error))
    return -1;
  if (argc < 2) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "headers: name a mail saved from a mailbox at Apple");
    return -1;
  }
  for (int i = 1; i < argc; i++) {
    if (i == 1
        && !g_file_test (argv[1], G_FILE_TEST_EXISTS)) /* no key is made for a typing mistake */
      return read_sample (argv[1], error) ? PKT_ERROR_BUG : -1;
    if (i == 1 && !pkt_key_load (DEFAULT_CASE, key_file, key, error))
      return -1;
    if (!show (argv[i], json, key, error))
      return -1;
  }
  return 0;
}
