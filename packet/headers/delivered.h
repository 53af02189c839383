#pragma once
#include "packet/base/slice.h"
#include "packet/model/sample.h"

#define PKT_DELIVERED_MAX_BYTES (32 * 1024 * 1024) /* iCloud takes 20 MB, encoded */
#define PKT_DELIVERED_MAX_FIELDS 1000              /* further header fields are not read */
#define PKT_DELIVERED_MAX_FIELD_BYTES (64 * 1024)  /* a longer field is cut */
#define PKT_DELIVERED_MAX_HEADER_BYTES (1024 * 1024)
#define PKT_DELIVERED_MAX_PARTS 200
#define PKT_DELIVERED_MAX_DEPTH 20
#define PKT_DELIVERED_MAX_TEXT (2 * 1024 * 1024) /* bytes of a text part */
#define PKT_DELIVERED_MAX_RESULTS 32             /* DKIM results and signatures */
#define PKT_DELIVERED_MAX_RECIPIENTS 2000
#define PKT_DELIVERED_PROBE_LINES 20 /* empty lines tolerated before the first field */

/* Reads a mail as saved from a mailbox at Apple: LF or CRLF; a byte order mark, an mbox "From "
 * line and the byte count of .emlx are tolerated. `path` is for messages and is copied. Fields are
 * raw and in order. What Apple states (client, results, folder) is taken only from its own block
 * above the sender's first field (facts/apple.md 4.1), since anybody can write such lines below.
 * The caller owns the sample. PKT_ERROR_DATA when it is no mail or over PKT_DELIVERED_MAX_BYTES. */
PktSample *pkt_delivered_read (const char *path, PktSlice mail, GError **error);
