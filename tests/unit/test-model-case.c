#include <glib.h>
#include <glib/gstdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/model/case-locate.h"
#include "packet/model/case-read.h"

static char *
sample (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "..", "samples", "case", name, NULL);
}

static PktCase *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  PktCase *c = pkt_case_load (path, &error);
  g_assert_no_error (error);
  return c;
}

static char *
read_sample (const char *name, gsize *n)
{
  g_autofree char *path = sample (name);
  return pkt_file_read (path, PKT_CASE_MAX_BYTES, n, NULL);
}

static const PktStream *
stream (const PktCase *c, guint i)
{
  return g_ptr_array_index (c->streams, i);
}

static const PktSendingIp *
sending_ip (const PktCase *c, guint i)
{
  return g_ptr_array_index (c->sending_ips, i);
}

static void
test_minimal (void)
{
  g_autofree char *path = sample ("minimal.json");
  g_autoptr (PktCase) c = load (path);
  g_assert_cmpstr (c->path, ==, path);
  g_assert_cmpstr (c->name, ==, "example-2026-05");
  g_assert_cmpstr (c->contact.email, ==, "postmaster@example.com");
  g_assert_null (c->company.brand);
  g_assert_null (c->consent);
  g_assert_cmpint (c->incident.started, ==, PKT_NO_TIME);
  g_assert_false (c->incident.changes_stated);
  g_assert_cmpint (c->options.year, ==, 0);
  const GStrv lists[] = { c->evidence.logs,          c->evidence.bounces,
                          c->evidence.transcripts,   c->evidence.delivered,
                          c->evidence.page_hosts,    c->domains.from,
                          c->evidence.dmarc_reports, c->domains.return_path,
                          c->domains.tracking,       c->domains.dkim };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_assert_true (lists[i] && lists[i][0] == NULL);
  g_assert_cmpuint (c->streams->len + c->sending_ips->len + c->disclosed->len, ==, 0);
  g_assert_cmpuint (c->incident.changes->len + c->incident.remediation->len, ==, 0);
}

static void
check_full_streams (const PktCase *c)
{
  g_assert_cmpuint (c->streams->len, ==, 2);
  g_assert_cmpstr (stream (c, 0)->mail_type, ==, "marketing");
  g_assert_cmpstr (stream (c, 0)->sending_ip[1], ==, "192.0.2.11");
  g_assert_cmpstr (stream (c, 0)->campaign[0], ==, "weekly-2026-05-18");
  g_assert_null (stream (c, 0)->consent);
  g_assert_cmpstr (stream (c, 1)->from_domain[0], ==, "orders.example.com");
  g_assert_null (stream (c, 1)->from_domain[1]);
  g_assert_cmpint (stream (c, 1)->consent->double_opt_in, ==, 0);
  g_assert_cmpint (stream (c, 1)->consent->last_engagement_days, ==, -1);
  g_assert_cmpstr (sending_ip (c, 0)->helo, ==, "mta1.example.com");
  g_assert_cmpstr (sending_ip (c, 0)->streams[0], ==, "weekly");
  g_assert_cmpstr (sending_ip (c, 2)->address, ==, "198.51.100.20");
  g_assert_null (sending_ip (c, 2)->helo);
  g_assert_null (sending_ip (c, 2)->streams[0]);
}

static void
test_full (void)
{
  g_autofree char *path = sample ("full.json");
  g_autoptr (PktCase) c = load (path);
  check_full_streams (c);
  g_assert_cmpstr (c->platform.pool, ==, "dedicated");
  g_assert_cmpint (c->incident.started, ==, 1779112800 * PKT_SECOND);
  g_assert_cmpstr (c->incident.description, ==,
                   "Since the edition of 18 May your servers refuse about four in ten of our "
                   "newsletter mails, from both IPs and at all your domains alike.");
  g_assert_true (c->incident.changes_stated);
  g_assert_cmpstr (((PktDated *)c->incident.remediation->pdata[1])->date, ==, "2026-05-20");
  g_assert_cmpstr (c->evidence.bounces[0], ==, "bounces");
  g_assert_cmpstr (c->evidence.page_screenshot, ==, "page/weekly.png");
  g_assert_cmpstr (c->evidence.suppression, ==, "suppression.csv");
  g_assert_cmpint (c->consent->double_opt_in, ==, 1);
  g_assert_cmpint (c->consent->last_engagement_days, ==, 180);
  g_assert_cmpstr (c->domains.tracking[1], ==, "img.example.com");
  g_assert_cmpstr (((PktDisclosed *)c->disclosed->pdata[0])->reason, ==, "our own test mailbox");
  g_assert_cmpuint (c->tighten->len, ==, 2);
  g_assert_cmpstr (((PktTighten *)c->tighten->pdata[0])->header, ==, "X-Campaign-*");
  g_assert_cmpstr (((PktTighten *)c->tighten->pdata[0])->to, ==, "class");
  g_assert_cmpstr (((PktTighten *)c->tighten->pdata[1])->word, ==, "Northwind");
  g_assert_cmpstr (c->request.template_name, ==, "auto");
  g_assert_cmpstr (c->options.log_timezone, ==, "Europe/Berlin");
  g_assert_cmpint (c->options.year, ==, 2026);
}

/* A member of a case that is right but for it; what it comes to, or NULL where the case fails. */
static PktCase *
load_with (const char *incident, const char *more, GError **error)
{
  g_autofree char *json = g_strdup_printf (
      "{\"case\":\"a\",\"company\":{\"name\":\"b\"},\"contact\":{\"name\":\"c\",\"email\":"
      "\"d@example.com\"},\"incident\":{\"description\":\"%s\"%s}%s}",
      "a description of 60 characters, a description of 60 characters", incident, more);
  return pkt_case_parse ("case.json", pkt_slice_str (json), error);
}

static const struct {
  const char *started, *zone;
  gint64 seconds;
} times[] = {
  { "2026-05-18T14:00:00Z", "Europe/Berlin", 1779112800 },
  { "2026-05-18T14:00:00", "Europe/Berlin", 1779112800 - 7200 },
  { "2026-05-18T14:00:00", "UTC", 1779112800 },
  { "2026-05-18 14:00 UTC", "+02:00", 1779112800 },
  { "2026-05-18", "+02:00", 1779062400 - 7200 },
  { "2026-05-18", NULL, 1779062400 },
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree char *started = g_strdup_printf (",\"started\":\"%s\"", times[i].started);
    g_autofree char *zone = times[i].zone ? g_strdup_printf (",\"options\":{\"timezone\":\"%s\"}",
                                                             times[i].zone)
                                          : g_strdup ("");
    g_autoptr (GError) error = NULL;
    g_autoptr (PktCase) c = load_with (started, zone, &error);
    g_assert_no_error (error);
    g_assert_cmpint (c->incident.started, ==, times[i].seconds * PKT_SECOND);
  }
}

static void
test_forms (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktCase) c = load_with (
      ",\"changes\":[]",
      ",\"domains\":{\"from\":\" News.Example.COM. \",\"dkim\":[]},"
      "\"sending_ips\":[\"2001:DB8:0:0::A\"],\"platform\":{\"name\":\"Größe ☃\"},"
      "\"consent\":{\"source\":\"one\\r\\n\\ttwo  three\"}",
      &error);
  g_assert_no_error (error);
  g_assert_true (c->incident.changes_stated);
  g_assert_cmpstr (c->domains.from[0], ==, "news.example.com");
  g_assert_null (c->domains.dkim[0]);
  g_assert_cmpstr (sending_ip (c, 0)->address, ==, "2001:db8::a");
  g_assert_cmpstr (c->platform.name, ==, "Größe ☃");
  g_assert_cmpstr (c->consent->source, ==, "one two three");
}

static void
test_bom_crlf (void)
{
  gsize n = 0;
  g_autofree char *bytes = read_sample ("full.json", &n);
  g_auto (GStrv) lines = g_strsplit (bytes, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *text = g_strconcat ("\xef\xbb\xbf", crlf, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktCase) c = pkt_case_parse ("case.json", pkt_slice_str (text), &error);
  g_assert_no_error (error);
  check_full_streams (c);
}

/* samples/case/bad/X.json fails with the message of X.err, which has no folder in it. */
static void
test_bad (gconstpointer name)
{
  g_autofree char *dir = sample ("bad");
  g_autofree char *path = g_build_filename (dir, (const char *)name, NULL);
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".json"));
  g_autofree char *err = g_strconcat (stem, ".err", NULL);
  g_autofree char *want = pkt_file_read (err, 10000, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktCase) c = pkt_case_load (path, &error);
  g_assert_null (c);
  g_assert_nonnull (want);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, dir));
  g_assert_cmpstr (error->message + strlen (dir) + 1, ==, g_strchomp (want));
}

/* Every beginning of a right file fails in words, none crashes. */
static void
test_truncated (void)
{
  gsize n = 0;
  g_autofree char *bytes = read_sample ("full.json", &n);
  while (n && g_ascii_isspace (bytes[n - 1]))
    n--;
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *part = g_memdup2 (bytes, i ? i : 1); /* so that a sanitizer sees the end */
    g_assert_null (pkt_case_parse ("case.json", pkt_slice (part, i), &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
    g_assert_true (g_str_has_prefix (error->message, "case.json:"));
  }
}

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (dir, "case.json", NULL);
  g_autofree char *big = g_strnfill (PKT_CASE_MAX_BYTES + 1, ' ');
  const struct {
    const char *bytes;
    PktErrorCode code;
  } files[] = { { NULL, PKT_ERROR_NOINPUT },
                { "", PKT_ERROR_NOINPUT },
                { " ", PKT_ERROR_DATA },
                { big, PKT_ERROR_DATA } };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    if (files[i].bytes)
      g_file_set_contents (path, files[i].bytes, -1, NULL);
    g_assert_null (pkt_case_load (path, &error));
    g_assert_error (error, PKT_ERROR, (int)files[i].code);
    g_assert_nonnull (strstr (error->message, path));
  }
  g_unlink (path);
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_case_load (dir, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_rmdir (dir);
}

static void
test_many_problems (void)
{
  g_autoptr (GString) more = g_string_new (",\"evidence\":{\"logs\":[");
  for (guint i = 0; i < 200000 / 7; i++)
    g_string_append_printf (more, "%s\"TODO\"", i ? "," : "");
  g_string_append (more, "]}");
  g_autoptr (GError) error = NULL;
  g_assert_null (load_with ("", more->str, &error));
  g_assert_cmpuint (strlen (error->message), <, 1000);
  g_assert_nonnull (strstr (error->message, "(and 28570 more like it: $.evidence.logs[1], "));
}

static const struct {
  const char *dir_of, *path, *want;
} paths[] = {
  { "case.json", "logs/mail.log", "logs/mail.log" },
  { "cases/a/case.json", "logs/mail.log", "cases/a/logs/mail.log" },
  { "cases/a/case.json", "../mail.log", "cases/a/../mail.log" },
  { "/srv/case.json", "mail.log", "/srv/mail.log" },
  { "/srv/case.json", "/var/log/mail.log", "/var/log/mail.log" },
};

static void
test_paths (void)
{
  gsize n = 0;
  g_autofree char *bytes = read_sample ("minimal.json", &n);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (PktCase) c = pkt_case_parse (paths[i].dir_of, pkt_slice (bytes, n), NULL);
    g_autofree char *got = pkt_case_path (c, paths[i].path);
    g_assert_cmpstr (got, ==, paths[i].want);
  }
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (64, 'a'), *longer = g_strnfill (65, 'a');
  const char *right[] = { "a", "Example-2026_05.2", "-", longest };
  const char *wrong[] = { "", ".", ".a", "a/b", "a b", "ä", "a\n", longer };
  for (gsize i = 0; i < G_N_ELEMENTS (right); i++)
    g_assert_true (pkt_case_name_valid (right[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (pkt_case_name_valid (wrong[i]));
}

static const struct {
  const char *json;
  PktCaseStep steps[3];
  guint n;
  gboolean at_key;
  guint line, column;
} places[] = {
  { "{\"a\":1}", { { "a", 0 } }, 1, FALSE, 1, 6 },
  { "{\"a\":1}", { { "a", 0 } }, 1, TRUE, 1, 2 },
  { " \n [1,\n\t2 ]", { { NULL, 1 } }, 1, FALSE, 3, 2 },
  { "{\"x\":{\"a\":[]},\"a\" : [ {}, {\"b\":-1e5}]}",
    { { "a", 0 }, { NULL, 1 }, { "b", 0 } },
    3,
    FALSE,
    1,
    32 },
  { "{\"x\":\"}\\\"]\",\"\\u0061\":true}", { { "a", 0 } }, 1, FALSE, 1, 22 },
  { "{\"ä☃\":null,\"a\":{}}", { { "a", 0 }, { "b", 0 } }, 2, FALSE, 1, 16 },
  { "{\"a\":[1]}", { { "a", 0 }, { NULL, 1 } }, 2, FALSE, 1, 6 },
  { "", { { "a", 0 } }, 1, FALSE, 1, 1 },
  { "{\"a", { { "a", 0 } }, 1, FALSE, 1, 1 },
};

static void
test_locate (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    PktCasePlace at = pkt_case_locate (pkt_slice_str (places[i].json), places[i].steps, places[i].n,
                                       places[i].at_key);
    g_test_message ("%s", places[i].json);
    g_assert_cmpuint (at.line, ==, places[i].line);
    g_assert_cmpuint (at.column, ==, places[i].column);
  }
}

/* Each key and each object of the schema, as the manual writes them. */
static void
add_keys (GHashTable *keys, const PktCaseObject *object, const char *prefix)
{
  for (const PktCaseRow *row = object->rows; row->key; row++) {
    char *path = g_strconcat (prefix, row->key, NULL);
    g_hash_table_add (keys, path);
    g_autofree char *inner = g_strconcat (path, row->kind == PKT_CASE_LIST ? "[]." : ".", NULL);
    if (row->object)
      add_keys (keys, row->object, inner);
  }
}

static void
test_manual (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "cmd", "man",
                                                 "postpacket-case.5", NULL);
  g_autofree char *page = pkt_file_read (path, 1024 * 1024, NULL, NULL);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_nonnull (page);
  add_keys (keys, &pkt_case_schema, "");
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, ".It Va ") && !g_hash_table_remove (keys, *line + 7))
      g_test_fail_printf ("the manual has a key that is none: %s", *line + 7);
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_test_fail_printf ("the manual lacks %s", (char *)key);
}

static void
add_bad_tests (void)
{
  g_autofree char *dir = sample ("bad");
  g_autoptr (GDir) d = g_dir_open (dir, 0, NULL);
  const char *name;
  guint n = 0;
  while ((name = g_dir_read_name (d)))
    if (g_str_has_suffix (name, ".json")) {
      g_autofree char *test = g_strconcat ("/model/case/bad/", name, NULL);
      g_test_add_data_func_full (test, g_strdup (name), test_bad, g_free);
      n++;
    }
  g_assert_cmpuint (n, >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/case/minimal", test_minimal);
  g_test_add_func ("/model/case/full", test_full);
  g_test_add_func ("/model/case/times", test_times);
  g_test_add_func ("/model/case/forms", test_forms);
  g_test_add_func ("/model/case/bom-crlf", test_bom_crlf);
  g_test_add_func ("/model/case/truncated", test_truncated);
  g_test_add_func ("/model/case/files", test_files);
  g_test_add_func ("/model/case/many-problems", test_many_problems);
  g_test_add_func ("/model/case/paths", test_paths);
  g_test_add_func ("/model/case/names", test_names);
  g_test_add_func ("/model/case/locate", test_locate);
  g_test_add_func ("/model/case/manual", test_manual);
  add_bad_tests ();
  return g_test_run ();
}
