#include "cmd/cmd.h"
#include <stdio.h>
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/verify.h"

#define MAX_LIST_BYTES (512 * 1024 * 1024) /* of --recipients: a million addresses are 30 MB */

typedef struct {
  gboolean json, quiet;
  char *recipients;
  char **allow, **own;
} Options;

typedef struct {
  GPtrArray *own, *allowed; /* char*, NULL-ended when done */
  PktVerifier *verifier;
  GPtrArray *leaks; /* PktLeak*, borrowed from lists */
  GPtrArray *lists; /* GPtrArray* of them */
  guint files;
} Check;

static void
check_clear (Check *c)
{
  g_ptr_array_unref (c->own);
  g_ptr_array_unref (c->allowed);
  g_ptr_array_unref (c->leaks);
  g_ptr_array_unref (c->lists);
  if (c->verifier)
    pkt_verifier_free (c->verifier);
}

static void
add_strings (GPtrArray *to, char **from)
{
  for (gsize i = 0; from && from[i]; i++)
    g_ptr_array_add (to, g_strdup (from[i]));
}

static void
add_json_strings (GPtrArray *to, const json_t *array)
{
  for (gsize i = 0; i < json_array_size (array); i++) {
    const char *s = json_string_value (json_array_get (array, i));
    if (s)
      g_ptr_array_add (to, g_strdup (s));
  }
}

/* ---- what may stand in clear ---- */

/* The packet's own manifest says which addresses were allowed when it was built. */
static gboolean
read_manifest (Check *c, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "packet.json", NULL);
  gsize n = 0;
  json_error_t where;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *text = pkt_file_read (path, PKT_VERIFY_MAX_BYTES, &n, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (json_t) root = json_loadb (text, n, 0, &where);
  if (!json_is_object (root)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s:%d: is no packet manifest; build the packet again", path, where.line);
    return FALSE;
  }
  add_json_strings (c->allowed, json_object_get (root, "allowed"));
  add_json_strings (c->own, json_object_get (root, "own_domains"));
  return TRUE;
}

/* A mail's sender may stand in it, and so may its domain. */
static gboolean
read_sender (Check *c, const char *path, const char *bytes, gsize n, GError **error)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes, n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_autoptr (GMimeMessage) message = g_mime_parser_construct_message (parser, NULL);
  GMimeHeaderList *headers = message ? g_mime_object_get_header_list (GMIME_OBJECT (message))
                                     : NULL;
  if (headers == NULL || g_mime_header_list_get_count (headers) == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no mail; give a packet folder or an .eml file", path);
    return FALSE;
  }
  InternetAddressList *from = g_mime_message_get_from (message);
  for (int i = 0; from && i < internet_address_list_length (from); i++) {
    InternetAddress *ia = internet_address_list_get_address (from, i);
    if (!INTERNET_ADDRESS_IS_MAILBOX (ia))
      continue;
    PktSlice address = pkt_slice_str (
        internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (ia)));
    PktSlice domain = pkt_slice_domain (address);
    if (domain.n) {
      g_ptr_array_add (c->allowed, g_strndup (address.p, address.n));
      g_ptr_array_add (c->own, g_strndup (domain.p, domain.n));
    }
  }
  return TRUE;
}

/* One address a line, or the first column of a CSV with ',' or ';'. */
static gboolean
read_recipients (Check *c, const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *text = pkt_file_read (path, MAX_LIST_BYTES, &n, error);
  if (text == NULL)
    return FALSE;
  PktSlice rest = pkt_slice (text, n);
  if (pkt_slice_starts (rest, PKT_SLICE ("\xef\xbb\xbf")))
    rest = pkt_slice_skip (rest, 3);
  guint addresses = 0;
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    line = pkt_slice_until (pkt_slice_until (line, ','), ';');
    line = pkt_slice_trim (line);
    if (line.n >= 2 && line.p[0] == '"' && line.p[line.n - 1] == '"')
      line = pkt_slice (line.p + 1, line.n - 2);
    if (pkt_slice_domain (line).n == 0)
      continue;
    pkt_verifier_add_recipient (c->verifier, line);
    addresses++;
  }
  if (addresses)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: holds no address; give one a line, or a CSV with addresses first", path);
  return FALSE;
}

static gboolean
make_verifier (Check *c, const Options *o, GError **error)
{
  add_strings (c->allowed, o->allow);
  add_strings (c->own, o->own);
  g_ptr_array_add (c->allowed, NULL);
  g_ptr_array_add (c->own, NULL);
  PktRedactScope scope = { (const char *const *)c->own->pdata,
                           (const char *const *)c->allowed->pdata };
  c->verifier = pkt_verifier_new (&scope);
  return o->recipients == NULL || read_recipients (c, o->recipients, error);
}

/* ---- reading ---- */

static void
take_leaks (Check *c, GPtrArray *leaks)
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
verify_file (Check *c, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize n = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *bytes = pkt_file_read (path, PKT_VERIFY_MAX_BYTES, &n, error);
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

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
verify_subfolder (Check *c, const char *folder, const char *sub, GError **error)
{
  g_autofree char *path = g_build_filename (folder, sub, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; dir && (name = g_dir_read_name (dir));)
    g_ptr_array_add (names, g_build_filename (sub, name, NULL));
  g_ptr_array_sort (names, by_name);
  for (guint i = 0; i < names->len; i++)
    if (!verify_file (c, folder, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
verify_folder (Check *c, const Options *o, const char *folder, GError **error)
{
  static const char *const files[] = { "request.eml", "draft.eml",          "review.html",
                                       "dns.json",    "privacy-report.txt", "packet.json" };
  static const char *const subfolders[] = { "parts", "ticket" };
  g_autofree char *request = g_build_filename (folder, "request.eml", NULL);
  gsize n = 0;
  if (!read_manifest (c, folder, error))
    return FALSE;
  if (g_file_test (request, G_FILE_TEST_EXISTS)) {
    g_autofree char *bytes = pkt_file_read (request, PKT_VERIFY_MAX_BYTES, &n, error);
    if (bytes == NULL || !read_sender (c, request, bytes, n, error))
      return FALSE;
  }
  if (!make_verifier (c, o, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    if (!verify_file (c, folder, files[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (subfolders); i++)
    if (!verify_subfolder (c, folder, subfolders[i], error))
      return FALSE;
  if (c->files)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
               "%s: holds no packet; give the folder that 'postpacket build' made", folder);
  return FALSE;
}

static gboolean
verify_mail (Check *c, const Options *o, const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (path, PKT_VERIFY_MAX_BYTES, &n, error);
  if (bytes == NULL)
    return FALSE;
  if (n == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is empty", path);
    return FALSE;
  }
  if (!read_sender (c, path, bytes, n, error) || !make_verifier (c, o, error))
    return FALSE;
  take_leaks (c, pkt_verify_message (c->verifier, bytes, n));
  return TRUE;
}

/* ---- results ---- */

static char *
as_json (const Check *c)
{
  json_t *findings = json_array ();
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    json_array_append_new (
        findings, json_pack ("{s:o, s:o, s:I}", "part", pkt_json_string (leak->part), "rule",
                             pkt_json_string (leak->rule), "offset", (json_int_t)leak->offset));
  }
  g_autoptr (json_t) root = json_pack ("{s:i, s:b, s:o, s:o}", "version", 1, "clean",
                                       c->leaks->len == 0, "findings", findings, "proof",
                                       pkt_verifier_proof (c->verifier));
  return pkt_json_dump (root);
}

static void
append_row (GString *out, const gsize width[2], const char *part, const char *rule,
            const char *offset)
{
  g_autofree char *a = pkt_text_pad (part, width[0], FALSE);
  g_autofree char *b = pkt_text_pad (rule, width[1], FALSE);
  g_autofree char *n = pkt_text_pad (offset, 9, TRUE);
  g_string_append_printf (out, "%s  %s  %s\n", a, b, n);
}

static void
append_table (GString *out, const Check *c)
{
  gsize width[2] = { 4, 4 };
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    width[0] = MAX (width[0], pkt_text_width (leak->part));
    width[1] = MAX (width[1], pkt_text_width (leak->rule));
  }
  append_row (out, width, "PART", "RULE", "OFFSET");
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    g_autofree char *offset = g_strdup_printf ("%" G_GUINT64_FORMAT, leak->offset);
    append_row (out, width, leak->part, leak->rule, offset);
  }
  g_string_append_c (out, '\n');
}

static gint64
sum_of (const json_t *counts)
{
  gint64 sum = 0;
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)counts, name, value) sum += json_integer_value (value);
  return sum;
}

static char *
as_text (const Check *c)
{
  GString *out = g_string_new (NULL);
  g_autoptr (json_t) proof = pkt_verifier_proof (c->verifier);
  g_autofree char *surfaces = pkt_text_count (
      json_integer_value (json_object_get (proof, "surfaces")));
  g_autofree char *views = pkt_text_count (sum_of (json_object_get (proof, "decodings")));
  g_autofree char *candidates = pkt_text_count (
      json_integer_value (json_object_get (proof, "candidates")));
  g_autofree char *needles = pkt_text_count (
      json_integer_value (json_object_get (proof, "needles")));
  if (c->leaks->len)
    append_table (out, c);
  g_string_append_printf (
      out, "%s: %s surfaces, %s decoded views, %s candidates, %s known recipients\n",
      c->leaks->len ? "private data found" : "clean", surfaces, views, candidates, needles);
  return g_string_free (out, FALSE);
}

static int
run (Check *c, const Options *o, const char *path, GError **error)
{
  gboolean folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  if (!(folder ? verify_folder (c, o, path, error) : verify_mail (c, o, path, error)))
    return 0;
  g_autofree char *text = o->json ? as_json (c) : as_text (c);
  if (!pkt_file_print (text, strlen (text), error))
    return 0;
  return c->leaks->len ? PKT_ERROR_PRIVACY : 0;
}

int
cmd_run_verify (int argc, char **argv, GError **error)
{
  Options o = { 0 };
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
  g_mime_init ();
  Check c = { g_ptr_array_new_with_free_func (g_free),
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
