#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/store/seal.h"

#define NOW (G_GINT64_CONSTANT (1798830000) * PKT_SECOND)

/* A packet with one input, in a folder of its own. */
typedef struct {
  char *dir, *packet, *log;
  json_t *inputs;
} Fixture;

static void
put (const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static json_t *
file_row (const char *path, const char *text)
{
  g_autofree char *digest = pkt_file_sha256 (text, strlen (text));
  return json_pack ("{s:s, s:I, s:s}", "path", path, "bytes", (json_int_t)strlen (text), "sha256",
                    digest);
}

static json_t *
manifest (const char *id, const char *organisation, const char *ip)
{
  json_t *o = json_pack ("{s:i, s:s, s:s, s:b, s:[], s:{s:s}, s:{s:[s], s:s}}", "version", 1,
                         "case", "outage", "id", id, "ready", 1, "findings", "evidence", "last",
                         "2027-01-01T18:00:00Z", "about", "ips", ip, "organisation", organisation);
  json_object_set_new (
      o, "files",
      json_pack ("[o, o]", file_row ("draft.eml", "draft"), file_row ("request.eml", "request")));
  return o;
}

static void
put_manifest (const char *packet, json_t *taken)
{
  g_autofree char *text = pkt_json_dump (taken);
  put (packet, "packet.json", text);
  json_decref (taken);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  (void)data;
  f->dir = g_dir_make_tmp ("seal-XXXXXX", NULL);
  f->packet = g_build_filename (f->dir, "packet", NULL);
  f->log = g_build_filename (f->dir, "maillog", NULL);
  g_mkdir (f->packet, 0700);
  put (f->packet, "request.eml", "request");
  put (f->packet, "draft.eml", "draft");
  put_manifest (f->packet, manifest ("a1", "example.com", "192.0.2.10"));
  put (f->dir, "maillog", "one\ntwo\n");
  json_t *row = file_row ("maillog", "one\ntwo\n");
  json_object_set_new (row, "file", json_string (f->log));
  json_object_set_new (row, "grows", json_true ());
  f->inputs = json_pack ("[o]", row);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", f->dir);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (f->dir);
  g_free (f->packet);
  g_free (f->log);
  json_decref (f->inputs);
}

static void
make (Fixture *f, const char *waive, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) waived = waive ? json_pack ("[{s:s, s:s}]", "id", waive, "reason", reason)
                                    : json_array ();
  gboolean ok = pkt_seal_make (f->packet, "Dana Sample", f->inputs, waived, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

/* The faults are of these kinds, in this order; the first holds `words`. */
static void
assert_faults (const Fixture *f, const char *const *others, gint64 now, const char *words, int n,
               const PktSealKind *kinds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSealed) s = pkt_seal_check (f->packet, others, now, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < s->faults->len; i++)
    g_test_message ("%s", ((PktSealFault *)s->faults->pdata[i])->text);
  g_assert_cmpint ((int)s->faults->len, ==, n);
  for (int i = 0; i < n; i++)
    g_assert_cmpint (((PktSealFault *)s->faults->pdata[i])->kind, ==, kinds[i]);
  gboolean ok = pkt_seal_require (s, &error);
  g_assert_cmpint (ok, ==, n == 0);
  if (n == 0)
    return;
  g_assert_error (error, PKT_ERROR, PKT_ERROR_SEAL);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_good (const Fixture *f, gint64 now)
{
  assert_faults (f, NULL, now, NULL, 0, NULL);
}

static void
assert_fault (const Fixture *f, gint64 now, PktSealKind kind, const char *words)
{
  assert_faults (f, NULL, now, words, 1, &kind);
}

static void
test_good (Fixture *f, gconstpointer data)
{
  (void)data;
  assert_fault (f, NOW, PKT_SEAL_NONE, "There is no seal");
  make (f, NULL, NULL);
  assert_good (f, NOW);
  g_autofree char *path = g_build_filename (f->packet, "seal.json", NULL);
  GStatBuf st;
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_autoptr (PktSealed) s = pkt_seal_check (f->packet, NULL, NOW, NULL);
  g_assert_cmpstr (pkt_json_text (s->seal, "by"), ==, "Dana Sample");
  g_assert_cmpint ((int)g_bytes_get_size (s->request), ==, 7);
  put (f->packet, "seal.json", "{\"version\": 1}");
  assert_fault (f, NOW, PKT_SEAL_BROKEN, "seal.json is damaged");
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_fault (f, NOW, PKT_SEAL_NONE, "There is no seal");
}

static void
test_bytes (Fixture *f, gconstpointer data)
{
  (void)data;
  make (f, NULL, NULL);
  put (f->packet, "request.eml", "Request");
  assert_fault (f, NOW, PKT_SEAL_REQUEST, "request.eml is not what was sealed");
  put (f->packet, "request.eml", "request");
  put (f->packet, "draft.eml", "draft ");
  assert_fault (f, NOW, PKT_SEAL_DRAFT, "draft.eml is not what was sealed");
  g_autofree char *draft = g_build_filename (f->packet, "draft.eml", NULL);
  g_unlink (draft);
  assert_fault (f, NOW, PKT_SEAL_DRAFT, "draft.eml is not there any more");
}

static void
test_time (Fixture *f, gconstpointer data)
{
  (void)data;
  make (f, "figures-old", "the stream is weekly");
  assert_good (f, NOW + 7 * PKT_DAY);
  assert_fault (f, NOW + 7 * PKT_DAY + PKT_SECOND, PKT_SEAL_EXPIRED, "expired");
  assert_fault (f, NOW - 2 * PKT_DAY, PKT_SEAL_EXPIRED, "to come");
}

static void
test_figures (Fixture *f, gconstpointer data)
{
  (void)data;
  make (f, NULL, NULL);
  assert_good (f, NOW + 47 * PKT_HOUR); /* NOW is an hour after the newest record */
  assert_fault (f, NOW + 47 * PKT_HOUR + PKT_SECOND, PKT_SEAL_OLD_FIGURES, "figures are old");
}

static void
test_inputs (Fixture *f, gconstpointer data)
{
  (void)data;
  make (f, NULL, NULL);
  put (f->dir, "maillog", "one\ntwo\nthree\n");
  assert_good (f, NOW); /* grew */
  put (f->dir, "maillog", "one\nTwo\nthree\n");
  assert_fault (f, NOW, PKT_SEAL_STALE, "maillog is not what it was");
  put (f->dir, "maillog", "one\n");
  assert_fault (f, NOW, PKT_SEAL_STALE, "maillog is not what it was");
  put (f->dir, "maillog.1", "one\ntwo\nthree\n");
  assert_good (f, NOW); /* rotated */
  g_unlink (f->log);
  assert_good (f, NOW);
  g_autofree char *older = g_strconcat (f->log, ".1", NULL);
  g_unlink (older);
  assert_fault (f, NOW, PKT_SEAL_STALE, "maillog is not there any more");
}

static void
test_fixed_input (Fixture *f, gconstpointer data)
{
  (void)data;
  json_object_set_new (json_array_get (f->inputs, 0), "grows", json_false ());
  make (f, NULL, NULL);
  assert_good (f, NOW);
  put (f->dir, "maillog", "one\ntwo\nthree\n");
  assert_fault (f, NOW, PKT_SEAL_STALE, "maillog is not what it was");
}

static void
test_findings (Fixture *f, gconstpointer data)
{
  (void)data;
  json_t *m = manifest ("a1", "example.com", "192.0.2.10");
  json_object_set_new (m, "findings",
                       json_pack ("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "id", "screenshot",
                                  "text", "Look at it.", "id", "screenshot", "text", "And at this.",
                                  "id", "few", "text", "Few."));
  put_manifest (f->packet, m);
  make (f, "screenshot", "looked at");
  assert_fault (f, NOW, PKT_SEAL_FINDING, "The finding 'few' is open: Few.");
  static const PktSealKind both[] = { PKT_SEAL_FINDING, PKT_SEAL_FINDING };
  make (f, NULL, NULL);
  assert_faults (f, NULL, NOW, "'screenshot' is open: Look at it.", 2, both);
  const char *const bad[][2] = { { "nothing", "why" }, { "few", " " }, { "few", "" } };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) waived = json_pack ("[{s:s, s:s}]", "id", bad[i][0], "reason", bad[i][1]);
    g_assert_false (pkt_seal_make (f->packet, "D", f->inputs, waived, NOW, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_USAGE);
  }
}

/* Another packet, sent to Apple and not answered. */
static char *
open_packet (const Fixture *f, const char *organisation, const char *ip, const char *state,
             const char *answered)
{
  char *path = g_build_filename (f->dir, "other", NULL);
  g_mkdir (path, 0700);
  json_t *m = manifest ("b2", organisation, ip);
  json_object_set_new (m, "receipts",
                       json_pack ("[{s:s, s:s}]", "time", "2026-12-31T10:00:00Z", "state", state));
  json_object_set_new (m, "answered", answered ? json_string (answered) : json_null ());
  put_manifest (path, m);
  return path;
}

static void
test_second (Fixture *f, gconstpointer data)
{
  (void)data;
  static const struct {
    const char *organisation, *ip, *state, *answered, *words;
  } rows[] = {
    { "example.com", "192.0.2.99", "accepted", NULL, "the same domain example.com" },
    { "example.net", "192.0.2.10", "accepted", NULL, "the same sending IPs" },
    { "example.net", "192.0.2.99", "accepted", NULL, NULL },
    { "example.com", "192.0.2.99", "unsure", NULL, "the same domain example.com" },
    { "example.com", "192.0.2.10", "self", NULL, NULL },
    { "example.com", "192.0.2.10", "refused", NULL, NULL },
    { "example.com", "192.0.2.10", "draft", NULL, NULL },
    { "example.com", "192.0.2.10", "accepted", "2027-01-01T10:00:00Z", NULL },
  };
  static const PktSealKind second = PKT_SEAL_SECOND;
  make (f, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *other = open_packet (f, rows[i].organisation, rows[i].ip, rows[i].state,
                                          rows[i].answered);
    const char *const others[] = { other, "/nonexistent", NULL };
    assert_faults (f, others, NOW, rows[i].words, rows[i].words ? 1 : 0, &second);
  }
  g_autofree char *other = open_packet (f, "example.com", "192.0.2.10", "accepted", NULL);
  const char *const others[] = { other, NULL };
  put_manifest (other, manifest ("a1", "example.com", "192.0.2.10")); /* a copy, not sent */
  assert_faults (f, others, NOW, NULL, 0, NULL);
  json_t *copy = manifest ("a1", "example.com", "192.0.2.10");
  json_object_set_new (
      copy, "receipts",
      json_pack ("[{s:s, s:s}]", "time", "2026-12-31T10:00:00Z", "state", "accepted"));
  put_manifest (other, copy);
  assert_faults (f, others, NOW, "is an open request for the same domain", 1, &second);
  make (f, "second-request", "another product");
  assert_faults (f, others, NOW, NULL, 0, NULL);
  make (f, NULL, NULL);
  json_t *m = manifest ("a1", "example.com", "192.0.2.10");
  json_object_set_new (m, "follow_up", json_pack ("{s:s}", "id", "b2"));
  put_manifest (f->packet, m);
  assert_faults (f, others, NOW, NULL, 0, NULL);
}

static void
test_refuses (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr (json_t) none = json_array ();
  g_autoptr (GError) changed = NULL, gone = NULL, lacking = NULL, nothing = NULL;
  put (f->packet, "request.eml", "edited");
  g_assert_false (pkt_seal_make (f->packet, "D", f->inputs, none, NOW, &changed));
  g_assert_error (changed, PKT_ERROR, PKT_ERROR_SEAL);
  put (f->packet, "request.eml", "request");
  g_unlink (f->log);
  g_assert_false (pkt_seal_make (f->packet, "D", f->inputs, none, NOW, &gone));
  g_assert_error (gone, PKT_ERROR, PKT_ERROR_SEAL);
  json_t *m = manifest ("a1", "example.com", "192.0.2.10");
  json_object_set_new (m, "ready", json_false ());
  put_manifest (f->packet, m);
  g_assert_false (pkt_seal_make (f->packet, "D", f->inputs, none, NOW, &lacking));
  g_assert_error (lacking, PKT_ERROR, PKT_ERROR_FINDINGS);
  g_assert_null (pkt_seal_check (f->dir, NULL, NOW, &nothing));
  g_assert_error (nothing, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_autofree char *seal = g_build_filename (f->packet, "seal.json", NULL);
  g_assert_false (g_file_test (seal, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*run) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/store/seal/good", test_good },         { "/store/seal/bytes", test_bytes },
    { "/store/seal/time", test_time },         { "/store/seal/figures", test_figures },
    { "/store/seal/inputs", test_inputs },     { "/store/seal/fixed-input", test_fixed_input },
    { "/store/seal/findings", test_findings }, { "/store/seal/second", test_second },
    { "/store/seal/refuses", test_refuses }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
