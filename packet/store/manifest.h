#pragma once
#include <jansson.h>
#include "packet/base/clock.h"
#include "packet/store/folder.h"

/* [{"path", "bytes", "sha256"}] of all files but packet.json itself, sorted by path: the "files" of
 * packet.json. New reference. */
json_t *pkt_manifest_files (const PktFolder *f);
/* PKT_ERROR_NOINPUT for a folder without packet.json, and what to do then. */
void pkt_manifest_is_missing (const char *folder, GError **error);

/* Lower-case hex SHA-256 of a file or what can be read like one, and how many bytes went into it
 * (out_bytes may be NULL). A regular file is read to the size that it has at the start: a log that
 * grows meanwhile does not matter. Caller frees. PKT_ERROR_NOINPUT or IO. */
char *pkt_digest_file (const char *path, guint64 *out_bytes, GError **error);
/* The same of the first `max` bytes. */
char *pkt_digest_first (const char *path, guint64 max, guint64 *out_bytes, GError **error);

/* Puts packet.json in the old one's place, 0600, all of it or nothing: what happened to a packet
 * since it was built is written into it. */
gboolean pkt_manifest_put (const char *folder, const json_t *manifest, GError **error);
/* A time in it, "2026-05-20T09:40:00Z", as microseconds UTC; PKT_NO_TIME where it is absent or
 * none. */
gint64 pkt_manifest_time (const json_t *object, const char *key);
