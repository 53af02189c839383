#pragma once
#include <glib.h>

/* What folder.c needs to put a new folder where an old packet is. */

/* PKT_ERROR_EXISTS, naming what is in the way, unless `path` is a folder that holds nothing but
 * what its packet.json lists. */
gboolean pkt_replace_check (const char *path, GError **error);
/* `made` and `path` change places at once. */
gboolean pkt_replace_exchange (const char *made, const char *path, GError **error);
/* Removes a folder with files and folders of files; follows no symlink. FALSE when something is
 * left. */
gboolean pkt_replace_remove (const char *path);
