#include "cmd/verify.h"
#include <errno.h>
#include <stdio.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/sort.h"
#include "packet/base/text.h"

#define MAX_FOLDERS 4   /* deep */
#define MAX_QUOTED 4096 /* characters of a path in a packet of anybody's */

static void
check_clear (VerifyCheck *c)
{
  g_ptr_array_unref (c->own);
  g_ptr_array_unref (c->allowed);
  g_ptr_array_unref (c->leaks);
  g_ptr_array_unref (c->lists);
  if (c->verifier)
    pkt_verifier_free (c->verifier);
}

static void
take_leaks (VerifyCheck *c, GPtrArray *leaks)
{
  g_ptr_array_add (c->lists, leaks);
  for (guint i = 0; i < leaks->len; i++)
    g_ptr_array_add (c->leaks, leaks->pdata[i]);
  c->files++;
}

/* "header Subject" -> "request.eml: header Subject" */
static void
name_leaks (GPtrArray *leaks, const char *file)
{
  for (guint i = 0; i < leaks->len; i++) {
    PktLeak *leak = leaks->pdata[i];
    char *named = g_strdup_printf ("%s: %s", file, leak->part);
    g_free (leak->part);
    leak->part = named;
  }
}

static const char *
type_of (const char *name)
{
  static const struct {
    const char *end, *type;
  } types[] = { { ".txt", "text/plain" }, { ".csv", "text/csv" },
                { ".png", "image/png" },  { ".md", "text/markdown" },
                { ".html", "text/html" }, { ".json", "application/json" } };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].end))
      return types[i].type;
  return "application/octet-stream";
}

static gboolean
verify_file (VerifyCheck *c, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read_regular (path, PKT_VERIFY_MAX_BYTES, &n, error);
  if (bytes == NULL)
    return FALSE;
  GPtrArray *leaks;
  if (g_str_has_suffix (name, ".eml")) {
    leaks = pkt_verify_message (c->verifier, bytes, n);
    name_leaks (leaks, name);
  } else
    leaks = pkt_verify_bytes (c->verifier, name, type_of (name), bytes, n);
  take_leaks (c, leaks);
  return TRUE;
}

/* `send` and `review` refuse it, too; one of a folder leads anywhere. */
static gboolean
fail_link (const char *path, GError **error)
{
  g_autofree char *shown = pkt_text_quote (pkt_slice_str (path), MAX_QUOTED);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: is a symlink, which no packet holds", shown);
  return FALSE;
}

/* Every file that is there, not only those that we would write. */
static gboolean
verify_below (VerifyCheck *c, const char *folder, const char *sub, guint depth, GError **error)
{
  g_autofree char *path = g_build_filename (folder, sub, NULL);
  GError *e = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &e);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (dir == NULL) {
    g_propagate_error (error, pkt_error_from (e, path));
    return FALSE;
  }
  errno = 0;
  for (const char *name; (name = g_dir_read_name (dir)); errno = 0)
    g_ptr_array_add (names, *sub ? g_build_filename (sub, name, NULL) : g_strdup (name));
  if (errno != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "%s: %s; not all of it was looked at", path,
                 g_strerror (errno));
    return FALSE;
  }
  g_ptr_array_sort (names, pkt_sort_by_text);
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *whole = g_build_filename (folder, name, NULL);
    if (g_file_test (whole, G_FILE_TEST_IS_SYMLINK))
      return fail_link (whole, error);
    gboolean is_folder = depth < MAX_FOLDERS && g_file_test (whole, G_FILE_TEST_IS_DIR);
    if (!(is_folder ? verify_below (c, folder, name, depth + 1, error)
                    : verify_file (c, folder, name, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_packet (const char *folder)
{
  static const char *const files[] = { "packet.json", "request.eml", "draft.eml", "review.html" };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (folder, files[i], NULL);
    if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return TRUE;
  }
  return FALSE;
}

static gboolean
verify_folder (VerifyCheck *c, const VerifyOptions *o, const char *folder, GError **error)
{
  g_autofree char *request = g_build_filename (folder, "request.eml", NULL);
  gsize n = 0;
  if (!is_packet (folder)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: holds no packet; give the folder that 'postpacket build' made", folder);
    return FALSE;
  }
  if (!verify_read_manifest (c, folder, error))
    return FALSE;
  if (g_file_test (request, G_FILE_TEST_EXISTS)) {
    g_autofree char *bytes = pkt_file_read_regular (request, PKT_VERIFY_MAX_BYTES, &n, error);
    if (bytes == NULL || !verify_read_sender (c, request, bytes, n, error))
      return FALSE;
  }
  return verify_make_verifier (c, o, error) && verify_below (c, folder, "", 0, error);
}

static gboolean
verify_mail (VerifyCheck *c, const VerifyOptions *o, const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (path, PKT_VERIFY_MAX_BYTES, &n, error);
  if (bytes == NULL)
    return FALSE;
  if (n == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is empty", path);
    return FALSE;
  }
  if (!verify_read_sender (c, path, bytes, n, error) || !verify_make_verifier (c, o, error))
    return FALSE;
  take_leaks (c, pkt_verify_message (c->verifier, bytes, n));
  return TRUE;
}

static int
run (VerifyCheck *c, const VerifyOptions *o, const char *path, GError **error)
{
  gboolean folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  if (!(folder ? verify_folder (c, o, path, error) : verify_mail (c, o, path, error)))
    return 0;
  g_autofree char *text = o->json ? verify_as_json (c) : verify_as_text (c);
  if (!pkt_file_print (text, strlen (text), error))
    return 0;
  return c->leaks->len ? PKT_ERROR_PRIVACY : 0;
}

int
cmd_run_verify (int argc, char **argv, GError **error)
{
  VerifyOptions o = { 0 };
  const GOptionEntry entries[]
      = { { "recipients", 0, 0, G_OPTION_ARG_FILENAME, &o.recipients,
            "Search for these too: one address a line, or a CSV with addresses first", "FILE" },
          { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.allow, "This address may stand in clear",
            "ADDRESS" },
          { "own-domain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.own,
            "Addresses on this domain are the sender's own", "DOMAIN" },
          { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "Print one JSON object", NULL },
          { "quiet", 0, 0, G_OPTION_ARG_NONE, &o.quiet, "Only errors on the standard error", NULL },
          G_OPTION_ENTRY_NULL };
  int status = 0;
  if (!cmd_parse (&argc, &argv, entries, "PACKET|FILE.eml",
                  "Reads the written bytes again, and tells where private data is, never what.",
                  error))
    goto done;
  if (argc != 2) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "give one packet folder or one .eml file; see 'postpacket verify --help'");
    goto done;
  }
  VerifyCheck c = { g_ptr_array_new_with_free_func (g_free),
                    g_ptr_array_new_with_free_func (g_free),
                    NULL,
                    g_ptr_array_new (),
                    g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref),
                    0 };
  status = run (&c, &o, argv[1], error);
  check_clear (&c);
done:
  g_free (o.recipients);
  g_strfreev (o.allow);
  g_strfreev (o.own);
  return status;
}
