#include "packet/store/replace.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/store/folder.h"
#include "packet/store/receipt.h"
#include "packet/store/seal.h"

#define MAX_DEPTH 2 /* packet/parts/file */
#define QUOTED 200

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (path), QUOTED);
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: %s", quoted, why);
  return FALSE;
}

static gboolean
fail (GError **error, const char *path)
{
  int e = errno;
  return refuse (error, path, g_strerror (e));
}

/* A draft may be given up for a better one; what left is the only record of it. */
static gboolean
was_sent (const json_t *manifest)
{
  const json_t *row = pkt_receipt_open (manifest);
  return row != NULL && g_strcmp0 (pkt_json_text (row, "state"), "draft") != 0;
}

/* The paths that a packet.json lists, and their folders: path -> itself. NULL when it is none of
 * ours. */
static GHashTable *
read_manifest (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, PKT_FOLDER_MANIFEST, NULL);
  GStatBuf st;
  gsize n;
  g_autofree char *text = NULL;
  if (g_lstat (path, &st) == 0 && S_ISREG (st.st_mode))
    text = pkt_file_read_regular (path, PKT_FOLDER_MAX_MANIFEST, &n, NULL);
  g_autoptr (json_t) root = text != NULL ? json_loadb (text, n, 0, NULL) : NULL;
  const json_t *files = json_object_get (root, "files");
  if (!json_is_array (files)) {
    refuse (error, folder, "is no packet of ours, so --force does not replace it; move it away");
    return NULL;
  }
  if (was_sent (root)) {
    refuse (error, folder,
            "was sent, and its receipt is in it, so --force does not replace it; name another "
            "--output");
    return NULL;
  }
  GHashTable *listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (listed, g_strdup (PKT_FOLDER_MANIFEST));
  g_hash_table_add (listed, g_strdup (PKT_SEAL_FILE)); /* falls with what it was the seal of */
  for (gsize i = 0; i < json_array_size (files); i++) {
    const char *file = json_string_value (json_object_get (json_array_get (files, i), "path"));
    if (file == NULL)
      continue;
    g_hash_table_add (listed, g_strdup (file));
    if (strchr (file, '/') != NULL)
      g_hash_table_add (listed, g_path_get_dirname (file));
  }
  return listed;
}

/* Everything below root/prefix has to be listed, a file as a file; prefix is "" or "parts". */
static gboolean
check_listed (GHashTable *listed, const char *root, const char *prefix, int depth, GError **error)
{
  g_autofree char *path = g_build_filename (root, prefix, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    return refuse (error, path, "cannot be read");
  errno = 0;
  for (const char *name; (name = g_dir_read_name (dir)) != NULL; errno = 0) {
    g_autofree char *relative = *prefix != '\0' ? g_strconcat (prefix, "/", name, NULL)
                                                : g_strdup (name);
    g_autofree char *full = g_build_filename (root, relative, NULL);
    GStatBuf st;
    if (g_lstat (full, &st) != 0)
      return fail (error, full);
    if (!g_hash_table_contains (listed, relative) || !(S_ISREG (st.st_mode) || S_ISDIR (st.st_mode))
        || (S_ISDIR (st.st_mode) && depth == MAX_DEPTH))
      return refuse (error, full, "is not of the packet that --force would replace; move it away");
    if (S_ISDIR (st.st_mode) && !check_listed (listed, root, relative, depth + 1, error))
      return FALSE;
  }
  return errno == 0 || fail (error, path); /* whatever else is in it would be lost */
}

gboolean
pkt_replace_check (const char *path, GError **error)
{
  GStatBuf st;
  if (g_lstat (path, &st) != 0)
    return fail (error, path);
  if (S_ISLNK (st.st_mode))
    return refuse (error, path, "is a symlink; name the folder itself");
  if (!S_ISDIR (st.st_mode))
    return refuse (error, path, "is no folder; name another --output");
  g_autoptr (GHashTable) listed = read_manifest (path, error);
  return listed != NULL && check_listed (listed, path, "", 1, error);
}

gboolean
pkt_replace_exchange (const char *made, const char *path, GError **error)
{
#ifdef RENAME_EXCHANGE
  if (renameat2 (AT_FDCWD, made, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return fail (error, path);
#endif
  /* Not everywhere can two names change places at once; then the old one steps aside first. */
  g_autofree char *aside = g_strconcat (made, ".old", NULL);
  if (g_rename (path, aside) != 0)
    return fail (error, path);
  if (g_rename (made, path) != 0) {
    fail (error, path);
    if (g_rename (aside, path) != 0)
      g_prefix_error (error, "the old packet is now %s: ", aside);
    return FALSE;
  }
  return g_rename (aside, made) == 0 || fail (error, aside);
}

static gboolean
remove_below (const char *path, int depth)
{
  GStatBuf st;
  if (g_lstat (path, &st) != 0)
    return errno == ENOENT;
  if (!S_ISDIR (st.st_mode))
    return g_unlink (path) == 0;
  if (depth > MAX_DEPTH)
    return FALSE;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_below (child, depth + 1);
  }
  return g_rmdir (path) == 0;
}

gboolean
pkt_replace_remove (const char *path)
{
  return remove_below (path, 0);
}
