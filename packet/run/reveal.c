#include "packet/run/reveal.h"
#include <stdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/headers/delivered.h"
#include "packet/page/page.h"
#include "packet/redact/map.h"
#include "packet/redact/reveal.h"
#include "packet/store/folder.h"
#include "packet/store/seal.h"

#define MAX_ANSWER (4 * 1024 * 1024)
#define MAX_PART (32 * 1024 * 1024)

void
pkt_reveal_free (PktReveal *r)
{
  json_decref (r->map);
  g_free (r->text);
  g_ptr_array_unref (r->marks);
  g_free (r);
}

static char *
read_stdin (gsize *n)
{
  GString *s = g_string_new (NULL);
  char buffer[4096];
  gsize got;
  while (s->len < MAX_ANSWER && (got = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (s, buffer, (gssize)got);
  *n = s->len;
  return g_string_free (s, FALSE);
}

/* A mail is read as a person reads it: its text, decoded. */
static char *
text_of_mail (const char *path, PktSlice bytes)
{
  const PktPageWith with = { .charset = "utf-8" };
  g_autoptr (PktSample) mail = pkt_delivered_read (path, bytes, NULL);
  g_autoptr (PktPage) page = mail && !mail->text && mail->html
                                 ? pkt_page_read ("answer", pkt_slice_str (mail->html), &with, NULL)
                                 : NULL;
  const char *text = page ? page->outline : mail ? mail->text : NULL;
  return text ? g_strdup (text) : g_strndup (bytes.p, bytes.n);
}

static char *
read_answer (const char *answer, GError **error)
{
  gsize n = 0;
  if (g_str_equal (answer, "-"))
    return read_stdin (&n);
  if (!g_file_test (answer, G_FILE_TEST_EXISTS))
    return g_strdup (answer);
  g_autofree char *bytes = pkt_file_read (answer, MAX_ANSWER, &n, error);
  if (bytes == NULL)
    return NULL;
  return g_str_has_suffix (answer, ".eml") ? text_of_mail (answer, pkt_slice (bytes, n))
                                           : g_steal_pointer (&bytes);
}

static int
mark_before (gconstpointer a, gconstpointer b)
{
  const PktRevealed *const *x = a, *const *y = b;
  return strcmp ((*x)->mark, (*y)->mark);
}

/* One word with what a file's name has: where no mark is in it it is a path that is written
 * wrongly, and no answer. */
static gboolean
looks_like_path (const char *answer)
{
  return strpbrk (answer, " \t\r\n@<>") == NULL && strpbrk (answer, "/.") != NULL
         && !g_file_test (answer, G_FILE_TEST_EXISTS);
}

/* A stranger wrote it, and it is shown on a terminal. */
static char *
disarmed (const char *answer)
{
  g_autofree char *valid = g_utf8_make_valid (answer, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\r\n", -1);
  return pkt_text_disarm (g_strjoinv ("\n", lines));
}

/* The packet's own files, as its manifest lists them; what cannot be read is left out. */
static void
collect_marks (PktReveal *r, const char *packet, const json_t *manifest)
{
  json_t *files = json_object_get (manifest, "files"), *file;
  gsize i;
  json_array_foreach (files, i, file)
  {
    const char *name = pkt_json_text (file, "path");
    gsize n;
    if (name == NULL || strstr (name, "..") || name[0] == '/' || g_str_has_suffix (name, ".png"))
      continue;
    g_autofree char *path = g_build_filename (packet, name, NULL);
    g_autofree char *bytes = pkt_file_read_regular (path, MAX_PART, &n, NULL);
    if (bytes)
      g_free (pkt_reveal_text (r->map, pkt_slice (bytes, n), r->marks));
  }
  g_ptr_array_sort (r->marks, mark_before);
}

PktReveal *
pkt_reveal_run (const char *packet, const char *answer, GError **error)
{
  g_autoptr (json_t) manifest = pkt_seal_read_manifest (packet, error);
  const char *id = manifest ? pkt_json_text (manifest, "id") : NULL;
  json_t *map = manifest ? pkt_map_load (pkt_json_text (manifest, "case"), id ? id : "", error)
                         : NULL;
  if (map == NULL)
    return NULL;
  g_autoptr (PktReveal) r = g_new0 (PktReveal, 1);
  r->map = map;
  r->marks = pkt_revealed_list_new ();
  if (answer == NULL) {
    collect_marks (r, packet, manifest);
    return g_steal_pointer (&r);
  }
  g_autofree char *text = read_answer (answer, error);
  if (text == NULL)
    return NULL;
  g_autofree char *shown = disarmed (text);
  r->text = pkt_reveal_text (map, pkt_slice_str (shown), r->marks);
  if (r->marks->len == 0 && looks_like_path (answer)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: there is no such file; name Apple's answer as a file, or write its text",
                 answer);
    return NULL;
  }
  return g_steal_pointer (&r);
}
