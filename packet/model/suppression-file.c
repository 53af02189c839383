/* A suppression list that lies in a file: CSV as it comes, JSON made CSV first. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/model/suppression-json.h"
#include "packet/model/suppression-read.h"

typedef struct {
  const char *path;
  int fd;
  const PktSuppressionHooks *hooks; /* NULL: none */
  guint64 size, done;               /* bytes of the file; those read */
  gboolean begun;
  GString *rows; /* of JSON; NULL: the file is read as it is */
  gsize at;      /* of rows: bytes that were taken */
} File;

static gssize
read_bytes (File *file, char *buf, gsize n, GError **error)
{
  gssize got;
  do
    got = read (file->fd, buf, n);
  while (got < 0 && errno == EINTR);
  int e = errno;
  if (got < 0)
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "%s: %s", file->path, g_strerror (e));
  file->done += (guint64)MAX (got, 0);
  if (file->hooks && file->hooks->progress)
    file->hooks->progress (file->done, file->size, file->hooks->data);
  return got;
}

/* The rest behind n bytes in buf, which has `room`. */
static gboolean
read_json (File *file, char *buf, gsize n, gsize room, GError **error)
{
  g_autoptr (GString) json = g_string_new_len (buf, (gssize)n);
  gssize got;
  while ((got = read_bytes (file, buf, room, error)) > 0 && json->len <= PKT_SUPPRESSION_MAX_JSON)
    g_string_append_len (json, buf, got);
  if (got < 0)
    return FALSE;
  if (json->len > PKT_SUPPRESSION_MAX_JSON) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: JSON is read up to %d MiB; make it lines of address,reason,date", file->path,
                 PKT_SUPPRESSION_MAX_JSON >> 20);
    return FALSE;
  }
  file->rows = pkt_suppression_of_json (pkt_slice (json->str, json->len), file->path, error);
  return file->rows != NULL;
}

static gssize
read_file (gpointer source, char *buf, gsize n, GError **error)
{
  File *file = source;
  if (!file->rows) {
    const gssize got = read_bytes (file, buf, n, error);
    const gboolean json = !file->begun && got > 0
                          && pkt_suppression_is_json (pkt_slice (buf, (gsize)got));
    file->begun = TRUE;
    if (!json)
      return got;
    if (!read_json (file, buf, (gsize)got, n, error))
      return -1;
  }
  n = MIN (n, file->rows->len - file->at);
  memcpy (buf, file->rows->str + file->at, n);
  file->at += n;
  return (gssize)n;
}

static int
open_list (const char *path, guint64 *out_size, GError **error)
{
  struct stat st;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int e = errno;
  if (fd < 0) {
    g_set_error (error, PKT_ERROR, e == ENOENT || e == ENOTDIR ? PKT_ERROR_NOINPUT : PKT_ERROR_IO,
                 "%s: %s", path, g_strerror (e));
    return -1;
  }
  if (fstat (fd, &st) == 0 && !S_ISDIR (st.st_mode) && !(S_ISREG (st.st_mode) && st.st_size == 0)) {
    *out_size = S_ISREG (st.st_mode) ? (guint64)st.st_size : 0;
    return fd;
  }
  g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is %s, a CSV or JSON file is needed", path,
               S_ISDIR (st.st_mode) ? "a folder" : "empty");
  close (fd);
  return -1;
}

PktSuppression *
pkt_suppression_load (const char *path, const PktSuppressionHooks *hooks, GError **error)
{
  File file = { .path = path, .hooks = hooks };
  file.fd = open_list (path, &file.size, error);
  if (file.fd < 0)
    return NULL;
  PktSuppression *list = pkt_suppression_read (path, read_file, &file, hooks, error);
  close (file.fd);
  if (file.rows)
    g_string_free (file.rows, TRUE);
  return list;
}
