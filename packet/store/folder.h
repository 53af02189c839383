#pragma once
#include <glib.h>

#define PKT_FOLDER_MANIFEST "packet.json"
#define PKT_FOLDER_MAX_MANIFEST (4 * 1024 * 1024)

/* A packet folder before it is on disk (design section 6): paths and their bytes. */
typedef struct PktFolder PktFolder;

PktFolder *pkt_folder_new (void);
void pkt_folder_free (PktFolder *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFolder, pkt_folder_free)

/* "request.eml", "parts/x.txt": one folder deep at the most, names [A-Za-z0-9._-] without a leading
 * dot. */
gboolean pkt_folder_is_path (const char *path);
/* A file of such a path. Takes a reference to the bytes. A bad path, or one that is there already,
 * makes the write fail (PKT_ERROR_BUG). */
void pkt_folder_add (PktFolder *f, const char *path, GBytes *bytes);
/* const char*, sorted; caller frees the array, the folder owns the paths. */
GPtrArray *pkt_folder_paths (const PktFolder *f);
/* Borrowed; NULL when there is no such file. */
GBytes *pkt_folder_get (const PktFolder *f, const char *path);

/* Writes it all to a temporary folder `.NAME.XXXXXX` beside `output`, syncs, and renames: `output`
 * is there in full or not at all, and nothing else is left. Folders are 0700, files 0600, whatever
 * the umask. packet.json must be among the files. What is at `output` stays and PKT_ERROR_EXISTS
 * says what to do, unless `force` is set and it is a folder with a packet.json that lists every
 * file in it ("files": [{"path": …}]). A symlink is never followed. PKT_ERROR_EXISTS too when it
 * cannot be made there, PKT_ERROR_IO when writing fails. */
gboolean pkt_folder_write (PktFolder *f, const char *output, gboolean force, GError **error);
/* Whether it might, as far as `output` alone tells: asked before a day's logs are read. */
gboolean pkt_folder_free_at (const char *output, gboolean force, GError **error);
/* A folder that is no packet: the same, but packet.json need not be there, and what is at `output`
 * always stays. */
gboolean pkt_folder_write_new (PktFolder *f, const char *output, GError **error);
