#pragma once
#include "packet/store/folder.h"

typedef enum {
  PKT_ARCHIVE_ZIP, /* stored: the bytes do not hang on the version of a compressor */
  PKT_ARCHIVE_TAR, /* ustar */
} PktArchiveKind;

/* The files below one folder `top`, by name; no owner, mode 0600, tar with `made` (seconds UTC) as
 * their time, zip without: its times would be of the local zone. The same files give the same
 * bytes. PKT_ERROR_BUG where libarchive refuses. */
GBytes *pkt_folder_archive (const PktFolder *f, PktArchiveKind kind, const char *top, gint64 made,
                            GError **error);
