#include "packet/store/manifest.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/crypto.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"

#define BLOCK (256 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

json_t *
pkt_manifest_files (const PktFolder *f)
{
  json_t *files = json_array ();
  g_autoptr (GPtrArray) paths = pkt_folder_paths (f);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    if (strcmp (path, PKT_FOLDER_MANIFEST) == 0)
      continue;
    gsize n;
    const char *bytes = g_bytes_get_data (pkt_folder_get (f, path), &n);
    g_autofree char *digest = pkt_file_sha256 (bytes, n);
    json_array_append_new (files, json_pack ("{s:s, s:I, s:s}", "path", path, "bytes",
                                             (json_int_t)n, "sha256", digest));
  }
  return files;
}

static gboolean
fail (GError **error, const char *path)
{
  int e = errno;
  gboolean missing = e == ENOENT || e == ENOTDIR || e == EISDIR || e == EACCES;
  g_set_error (error, PKT_ERROR, missing ? PKT_ERROR_NOINPUT : PKT_ERROR_IO, "%s: %s", path,
               g_strerror (e));
  return FALSE;
}

static gboolean
digest_fd (int fd, const char *path, guint64 max, EVP_MD_CTX *digest, guint64 *out_bytes,
           GError **error)
{
  struct stat st;
  if (fstat (fd, &st) != 0)
    return fail (error, path);
  guint64 left = S_ISREG (st.st_mode) ? (guint64)st.st_size : G_MAXUINT64;
  left = MIN (left, max);
  guint64 sum = 0;
  g_autofree char *block = g_malloc (BLOCK);
  while (left > 0) {
    gssize n = read (fd, block, MIN (left, BLOCK));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (error, path);
    if (n == 0)
      break;
    EVP_DigestUpdate (digest, block, (gsize)n);
    sum += (guint64)n;
    left -= (guint64)n;
  }
  if (out_bytes != NULL)
    *out_bytes = sum;
  return TRUE;
}

static char *
finish (EVP_MD_CTX *digest)
{
  guchar raw[EVP_MAX_MD_SIZE];
  guint n = 0;
  EVP_DigestFinal_ex (digest, raw, &n);
  GString *hex = g_string_sized_new (n * 2);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (hex, "%02x", raw[i]);
  return g_string_free (hex, FALSE);
}

char *
pkt_digest_file (const char *path, guint64 *out_bytes, GError **error)
{
  return pkt_digest_first (path, G_MAXUINT64, out_bytes, error);
}

char *
pkt_digest_first (const char *path, guint64 max, guint64 *out_bytes, GError **error)
{
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  if (digest == NULL || EVP_DigestInit_ex (digest, EVP_sha256 (), NULL) != 1) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "%s: no SHA-256 in this OpenSSL", path);
    return NULL;
  }
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) {
    fail (error, path);
    return NULL;
  }
  gboolean ok = digest_fd (fd, path, max, digest, out_bytes, error);
  close (fd);
  return ok ? finish (digest) : NULL;
}

gboolean
pkt_manifest_put (const char *folder, const json_t *manifest, GError **error)
{
  g_autofree char *path = g_build_filename (folder, PKT_FOLDER_MANIFEST, NULL);
  g_autofree char *text = pkt_json_dump (manifest);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}

void
pkt_manifest_is_missing (const char *folder, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
               "%s: is no packet: there is no " PKT_FOLDER_MANIFEST
               " in it; give the folder that 'postpacket build' made",
               folder);
}

gint64
pkt_manifest_time (const json_t *object, const char *key)
{
  PktStamp stamp;
  const char *text = pkt_json_text (object, key);
  if (text == NULL || pkt_clock_parse_rfc3339 (pkt_slice_str (text), &stamp) != strlen (text))
    return PKT_NO_TIME;
  return stamp.us;
}
