#include "packet/store/archive-write.h"
#include <string.h>
#include "packet/base/archive.h"
#include "packet/base/error.h"

#define FILE_MODE 0600

static la_ssize_t
take (struct archive *a, void *data, const void *bytes, size_t n)
{
  (void)a;
  g_byte_array_append (data, bytes, (guint)n);
  return (la_ssize_t)n;
}

static struct archive *
open_archive (PktArchiveKind kind, GByteArray *out)
{
  struct archive *a = archive_write_new ();
  gboolean ok = a != NULL;
  if (ok && kind == PKT_ARCHIVE_ZIP)
    ok = archive_write_set_format_zip (a) == ARCHIVE_OK
         && archive_write_zip_set_compression_store (a) == ARCHIVE_OK;
  else if (ok)
    ok = archive_write_set_format_ustar (a) == ARCHIVE_OK;
  if (ok && archive_write_set_bytes_in_last_block (a, 1) == ARCHIVE_OK
      && archive_write_open (a, out, NULL, take, NULL) == ARCHIVE_OK)
    return a;
  archive_write_free (a);
  return NULL;
}

static gboolean
add_file (struct archive *a, const char *path, GBytes *bytes, PktArchiveKind kind, gint64 made)
{
  struct archive_entry *e = archive_entry_new ();
  gsize n;
  const void *p = g_bytes_get_data (bytes, &n);
  archive_entry_set_pathname (e, path);
  archive_entry_set_filetype (e, AE_IFREG);
  archive_entry_set_perm (e, FILE_MODE);
  archive_entry_set_size (e, (la_int64_t)n);
  if (kind == PKT_ARCHIVE_TAR)
    archive_entry_set_mtime (e, made, 0);
  gboolean ok = archive_write_header (a, e) == ARCHIVE_OK
                && archive_write_data (a, p, n) == (la_ssize_t)n
                && archive_write_finish_entry (a) == ARCHIVE_OK;
  archive_entry_free (e);
  return ok;
}

static gboolean
add_files (struct archive *a, const PktFolder *f, PktArchiveKind kind, const char *top, gint64 made)
{
  g_autoptr (GPtrArray) paths = pkt_folder_paths (f);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    g_autofree char *full = g_strconcat (top, "/", path, NULL);
    if (!add_file (a, full, pkt_folder_get (f, path), kind, made))
      return FALSE;
  }
  return TRUE;
}

GBytes *
pkt_folder_archive (const PktFolder *f, PktArchiveKind kind, const char *top, gint64 made,
                    GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  struct archive *a = open_archive (kind, out);
  gboolean ok = a && add_files (a, f, kind, top, made) && archive_write_close (a) == ARCHIVE_OK;
  if (!ok)
    g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "libarchive: %s",
                 a && archive_error_string (a) ? archive_error_string (a) : "cannot begin");
  archive_write_free (a);
  return ok ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}
