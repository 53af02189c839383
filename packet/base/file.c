#include "packet/base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/hold.h"

static gboolean
fail (GError **error, PktErrorCode code, const char *path)
{
  int e = errno;
  g_set_error (error, PKT_ERROR, code, "%s: %s", path, g_strerror (e));
  return FALSE;
}

/* A pipe or a device has no size, and some have no end. */
static char *
read_stream (const char *path, gsize max_bytes, gsize *out_n, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
  if (fd < 0) {
    fail (error, PKT_ERROR_IO, path);
    return NULL;
  }
  GString *bytes = g_string_new (NULL);
  char block[16 * 1024];
  gssize n = 0;
  while (bytes->len <= max_bytes && (n = read (fd, block, sizeof block)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      fail (error, PKT_ERROR_IO, path);
      break;
    }
    g_string_append_len (bytes, block, n);
  }
  close (fd);
  gboolean large = bytes->len > max_bytes;
  if (large)
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: more than the %" G_GSIZE_FORMAT " bytes allowed", path, max_bytes);
  *out_n = bytes->len;
  return g_string_free (bytes, large || n < 0);
}

char *
pkt_file_read (const char *path, gsize max_bytes, gsize *out_n, GError **error)
{
  GStatBuf st;
  if (g_stat (path, &st) != 0) {
    gboolean missing = errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG;
    fail (error, missing ? PKT_ERROR_NOINPUT : PKT_ERROR_IO, path);
    return NULL;
  }
  if (S_ISDIR (st.st_mode)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is a folder, a file is needed", path);
    return NULL;
  }
  if ((guint64)st.st_size > max_bytes) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: %" G_GUINT64_FORMAT " bytes, more than the %" G_GSIZE_FORMAT " allowed", path,
                 (guint64)st.st_size, max_bytes);
    return NULL;
  }
  if (!S_ISREG (st.st_mode))
    return read_stream (path, max_bytes, out_n, error);
  GError *e = NULL;
  char *bytes = NULL;
  if (!g_file_get_contents (path, &bytes, out_n, &e)) {
    g_propagate_error (error, pkt_error_from (e, path));
    return NULL;
  }
  return bytes;
}

char *
pkt_file_read_regular (const char *path, gsize max_bytes, gsize *out_n, GError **error)
{
  GStatBuf st;
  if (g_stat (path, &st) != 0 || S_ISREG (st.st_mode) || S_ISDIR (st.st_mode))
    return pkt_file_read (path, max_bytes, out_n, error);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: is no regular file, which no packet holds",
               path);
  return NULL;
}

gboolean
pkt_file_write_all (int fd, const char *p, gsize n)
{
  while (n > 0) {
    gssize w = write (fd, p, n);
    if (w < 0 && errno == EINTR)
      continue;
    if (w <= 0)
      return FALSE;
    p += w;
    n -= (gsize)w;
  }
  return TRUE;
}

/* Puts `tmp` at its place; link() refuses what is there, also where rename could not. */
static gboolean
put_in_place (const char *tmp, const char *path, gboolean replace)
{
  if (replace)
    return g_rename (tmp, path) == 0;
  if (link (tmp, path) == 0) {
    g_unlink (tmp);
    return TRUE;
  }
  if (errno != EPERM && errno != EOPNOTSUPP) /* a file system without links */
    return FALSE;
  return renameat2 (AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
}

static const char *
way_out (int e)
{
  return e == ENOSPC || e == EDQUOT ? "; make room there and run it again"
         : e == EFBIG               ? "; raise the limit (ulimit -f) and run it again"
         : e == EROFS || e == EACCES || e == EPERM
             ? "; that folder has to be one that you may write to"
             : "";
}

static gboolean
fail_to_write (GError **error, PktErrorCode code, const char *path)
{
  int e = errno;
  g_set_error (error, PKT_ERROR, code, "%s: %s%s", path, g_strerror (e), way_out (e));
  return FALSE;
}

/* A device or a pipe, or a link to one such as /dev/stdout: what is renamed to its name would take
 * its place for everybody. */
static gboolean
is_special (const char *path)
{
  GStatBuf link, st;
  if (g_lstat (path, &link) != 0)
    return FALSE;
  if (S_ISLNK (link.st_mode) && g_str_has_prefix (path, "/dev/"))
    return TRUE;
  return g_stat (path, &st) == 0 && !S_ISREG (st.st_mode) && !S_ISDIR (st.st_mode);
}

/* The bytes in a file of a temporary name beside `path`; caller frees the name. */
static char *
stage (const char *path, const char *bytes, gsize n, int mode, GError **error)
{
  g_autofree char *tmp = g_strconcat (path, ".XXXXXX", NULL);
  if (is_special (path)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
                 "%s: is no file, and none takes its place; name another one", path);
    return NULL;
  }
  int fd = g_mkstemp_full (tmp, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    fail_to_write (error, PKT_ERROR_EXISTS, path);
    return NULL;
  }
  gboolean ok = pkt_file_write_all (fd, bytes, n) && fchmod (fd, (mode_t)mode) == 0
                && fsync (fd) == 0;
  int e = errno;
  if (close (fd) != 0 && ok) {
    ok = FALSE;
    e = errno;
  }
  if (ok)
    return g_steal_pointer (&tmp);
  g_unlink (tmp);
  errno = e;
  fail_to_write (error, PKT_ERROR_IO, path);
  return NULL;
}

static gboolean
fail_in_place (GError **error, const char *path, gboolean replace)
{
  if (replace || errno != EEXIST)
    return fail_to_write (error, PKT_ERROR_IO, path);
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
               "%s: is there already and is not replaced; name another one", path);
  return FALSE;
}

static gboolean
make_file (const char *path, const char *bytes, gsize n, int mode, gboolean replace, GError **error)
{
  g_autofree char *tmp = stage (path, bytes, n, mode, error);
  if (tmp == NULL)
    return FALSE;
  if (put_in_place (tmp, path, replace))
    return TRUE;
  int e = errno;
  g_unlink (tmp);
  errno = e;
  return fail_in_place (error, path, replace);
}

static gboolean
write_file (const char *path, const char *bytes, gsize n, int mode, gboolean replace,
            GError **error)
{
  pkt_hold_begin ();
  gboolean ok = make_file (path, bytes, n, mode, replace, error);
  pkt_hold_end ();
  return ok;
}

gboolean
pkt_file_write (const char *path, const char *bytes, gsize n, int mode, GError **error)
{
  return write_file (path, bytes, n, mode, TRUE, error);
}

gboolean
pkt_file_create (const char *path, const char *bytes, gsize n, int mode, GError **error)
{
  return write_file (path, bytes, n, mode, FALSE, error);
}

static gboolean
stage_all (const PktFileOut *files, gsize n, int mode, char **out_tmp, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if ((out_tmp[i] = stage (files[i].path, files[i].bytes.p, files[i].bytes.n, mode, error))
        == NULL)
      return FALSE;
  return TRUE;
}

/* What was there already cannot be brought back, and is whole, old or new. */
static gboolean
place_all (const PktFileOut *files, gsize n, char **tmp, gboolean replace, GError **error)
{
  g_autofree gboolean *fresh = g_new0 (gboolean, n);
  for (gsize i = 0; i < n; i++) {
    fresh[i] = !replace || !g_file_test (files[i].path, G_FILE_TEST_EXISTS);
    if (put_in_place (tmp[i], files[i].path, replace)) {
      g_clear_pointer (&tmp[i], g_free);
      continue;
    }
    fail_in_place (error, files[i].path, replace);
    for (gsize k = 0; k < i; k++)
      if (fresh[k])
        g_unlink (files[k].path);
    return FALSE;
  }
  return TRUE;
}

gboolean
pkt_file_write_set (const PktFileOut *files, gsize n, int mode, gboolean replace, GError **error)
{
  g_autofree char **tmp = g_new0 (char *, n);
  pkt_hold_begin ();
  gboolean ok = stage_all (files, n, mode, tmp, error) && place_all (files, n, tmp, replace, error);
  for (gsize i = 0; i < n; i++)
    if (tmp[i] != NULL) {
      g_unlink (tmp[i]);
      g_free (tmp[i]);
    }
  pkt_hold_end ();
  return ok;
}

static gboolean pipe_ends;

void
pkt_file_pipe_ends (void)
{
  struct sigaction now;
  pipe_ends = sigaction (SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
}

void
pkt_file_pipe_ended (void)
{
  int e = errno;
  if (pipe_ends && e == EPIPE) {
    signal (SIGPIPE, SIG_DFL);
    raise (SIGPIPE);
  }
  errno = e;
}

gboolean
pkt_file_print (const char *bytes, gsize n, GError **error)
{
  if (fwrite (bytes, 1, n, stdout) == n && fflush (stdout) == 0)
    return TRUE;
  pkt_file_pipe_ended ();
  return fail (error, PKT_ERROR_IO, "standard output");
}

char *
pkt_file_sha256 (const char *bytes, gsize n)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes, n);
}
