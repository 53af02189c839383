#include "packet/model/case.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/model/case-read.h"

PktCase *
pkt_case_load (const char *path, GError **error)
{
  gsize n = 0;
  if (g_access (path, F_OK) != 0 && errno == ENOENT) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: there is no such file; 'postpacket init' writes a case file", path);
    return NULL;
  }
  g_autofree char *bytes = pkt_file_read (path, PKT_CASE_MAX_BYTES, &n, error);
  if (bytes && n == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is empty; 'postpacket init' writes one",
                 path);
    return NULL;
  }
  return bytes ? pkt_case_parse (path, pkt_slice (bytes, n), error) : NULL;
}

void
pkt_case_free (PktCase *c)
{
  if (c == NULL)
    return;
  pkt_case_object_clear (&pkt_case_schema, c);
  g_free (c->follow_up.stream);
  g_free (c->path);
  g_free (c->dir);
  g_free (c);
}

char *
pkt_case_path (const PktCase *c, const char *path)
{
  if (g_path_is_absolute (path) || g_str_equal (c->dir, "."))
    return g_strdup (path);
  return g_build_filename (c->dir, path, NULL);
}
