#include "packet/store/folder-read.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/store/manifest.h"

#define QUOTED 200

void
pkt_folder_read_free (PktFolderRead *r)
{
  g_clear_pointer (&r->folder, pkt_folder_free);
  json_decref (r->manifest);
  g_ptr_array_unref (r->changed);
  g_ptr_array_unref (r->missing);
  g_free (r);
}

static gboolean
refuse (GError **error, PktErrorCode code, const char *root, const char *path, const char *why)
{
  g_autofree char *full = g_build_filename (root, path, NULL),
                  *shown = pkt_text_quote (pkt_slice_str (full), QUOTED);
  g_set_error (error, PKT_ERROR, code, "%s: %s", shown, why);
  return FALSE;
}

static gboolean
fail (GError **error, const char *root, const char *path)
{
  int e = errno;
  if (e == ELOOP)
    return refuse (error, PKT_ERROR_DATA, root, path, "is a symlink, which no packet holds");
  return refuse (error, e == ENOENT || e == ENOTDIR ? PKT_ERROR_NOINPUT : PKT_ERROR_IO, root, path,
                 g_strerror (e));
}

static gboolean
read_all (int fd, char *p, gsize n)
{
  while (n > 0) {
    gssize got = read (fd, p, n);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    p += got;
    n -= (gsize)got;
  }
  return TRUE;
}

/* A regular file of the folder; `path` is a name, or a folder's and a name. */
static int
open_file (int root, const char *path)
{
  const char *slash = strchr (path, '/');
  if (slash == NULL)
    return openat (root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  g_autofree char *sub = g_strndup (path, (gsize)(slash - path));
  int dir = openat (root, sub, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY);
  if (dir < 0)
    return -1;
  int fd = openat (dir, slash + 1, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  int e = errno;
  close (dir);
  errno = e;
  return fd;
}

static GBytes *
read_fd (int fd, const char *root, const char *path, gsize max, GError **error)
{
  struct stat st;
  if (fstat (fd, &st) != 0)
    return fail (error, root, path), NULL;
  if (!S_ISREG (st.st_mode))
    return refuse (error, PKT_ERROR_DATA, root, path, "is no regular file"), NULL;
  if ((guint64)st.st_size > max)
    return refuse (error, PKT_ERROR_DATA, root, path, "is larger than any file of a packet"), NULL;
  g_autofree char *bytes = g_malloc ((gsize)st.st_size + 1);
  if (!read_all (fd, bytes, (gsize)st.st_size))
    return refuse (error, PKT_ERROR_IO, root, path, "cannot be read to its end"), NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize)st.st_size);
}

static GBytes *
read_file (int dir, const char *root, const char *path, gsize max, GError **error)
{
  int fd = open_file (dir, path);
  if (fd < 0)
    return fail (error, root, path), NULL;
  GBytes *bytes = read_fd (fd, root, path, max, error);
  close (fd);
  return bytes;
}

static json_t *
read_manifest (int dir, const char *root, GError **error)
{
  if (faccessat (dir, PKT_FOLDER_MANIFEST, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
    return pkt_manifest_is_missing (root, error), NULL;
  g_autoptr (GBytes) bytes = read_file (dir, root, PKT_FOLDER_MANIFEST, PKT_FOLDER_MAX_MANIFEST,
                                        error);
  gsize n;
  const char *text = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  g_autoptr (json_t) manifest = text ? json_loadb (text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
  if (bytes && !json_is_array (json_object_get (manifest, "files")))
    return refuse (error, PKT_ERROR_DATA, root, PKT_FOLDER_MANIFEST,
                   "is no packet manifest; build the packet again"),
           NULL;
  return g_steal_pointer (&manifest);
}

static gboolean
take_file (PktFolderRead *r, int dir, const char *root, const json_t *row, GError **error)
{
  const char *path = pkt_json_text (row, "path"), *digest = pkt_json_text (row, "sha256");
  gsize n;
  if (path == NULL || digest == NULL || !pkt_folder_is_path (path)
      || pkt_folder_get (r->folder, path))
    return refuse (error, PKT_ERROR_DATA, root, PKT_FOLDER_MANIFEST,
                   "lists what no packet holds; build the packet again");
  GError *e = NULL;
  g_autoptr (GBytes) bytes = read_file (dir, root, path, PKT_FOLDER_MAX_FILE, &e);
  if (bytes == NULL && e->code == PKT_ERROR_NOINPUT) {
    g_error_free (e);
    g_ptr_array_add (r->missing, g_strdup (path));
    return TRUE;
  }
  if (bytes == NULL) {
    g_propagate_error (error, e);
    return FALSE;
  }
  const char *p = g_bytes_get_data (bytes, &n);
  g_autofree char *found = pkt_file_sha256 (p, n);
  if (g_ascii_strcasecmp (found, digest) != 0)
    g_ptr_array_add (r->changed, g_strdup (path));
  pkt_folder_add (r->folder, path, bytes);
  return TRUE;
}

static gboolean
take_files (PktFolderRead *r, int dir, const char *root, GError **error)
{
  const json_t *files = json_object_get (r->manifest, "files");
  if (json_array_size (files) > PKT_FOLDER_MAX_FILES)
    return refuse (error, PKT_ERROR_DATA, root, PKT_FOLDER_MANIFEST,
                   "lists more files than a packet holds; build the packet again");
  for (gsize i = 0; i < json_array_size (files); i++)
    if (!take_file (r, dir, root, json_array_get (files, i), error))
      return FALSE;
  return TRUE;
}

PktFolderRead *
pkt_folder_read (const char *path, GError **error)
{
  int dir = g_open (path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
  if (dir < 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: %s; give the folder that 'postpacket build' made", path, g_strerror (errno));
    return NULL;
  }
  g_autoptr (PktFolderRead) r = g_new0 (PktFolderRead, 1);
  r->folder = pkt_folder_new ();
  r->changed = g_ptr_array_new_with_free_func (g_free);
  r->missing = g_ptr_array_new_with_free_func (g_free);
  r->manifest = read_manifest (dir, path, error);
  gboolean ok = r->manifest && take_files (r, dir, path, error);
  close (dir);
  return ok ? g_steal_pointer (&r) : NULL;
}
