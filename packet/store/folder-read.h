#pragma once
#include <jansson.h>
#include "packet/store/folder.h"

#define PKT_FOLDER_MAX_FILES 64
#define PKT_FOLDER_MAX_FILE (32 * 1024 * 1024)

/* A packet folder as it lies on disk. Somebody may have edited it: only files that packet.json
 * lists are read, no symlink is followed, and nothing is read from outside of it. */
typedef struct {
  PktFolder *folder;  /* what is listed and there, packet.json itself left out */
  json_t *manifest;   /* an object */
  GPtrArray *changed; /* char*: paths whose bytes are not those of the manifest */
  GPtrArray *missing; /* char*: listed, and not there */
} PktFolderRead;

/* PKT_ERROR_NOINPUT where there is no packet, DATA for a packet.json that is none or lists what no
 * packet holds, IO. */
PktFolderRead *pkt_folder_read (const char *path, GError **error);
void pkt_folder_read_free (PktFolderRead *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFolderRead, pkt_folder_read_free)
