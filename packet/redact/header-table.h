#pragma once
#include "packet/base/slice.h"
#include "packet/redact/audience.h"

typedef enum {
  PKT_HEADER_DROP,
  PKT_HEADER_KEEP,
  PKT_HEADER_RECIPIENT,
  PKT_HEADER_RETURN_PATH,
  PKT_HEADER_RECEIVED,
  PKT_HEADER_AUTH,
  PKT_HEADER_DKIM,
  PKT_HEADER_SKELETON,
  PKT_HEADER_CLASS,
  PKT_HEADER_FIELDS,
  PKT_HEADER_FROM,
  PKT_HEADER_REPLY_TO,
  PKT_HEADER_SUBJECT,
  PKT_HEADER_TEXT,
  PKT_HEADER_CONTENT,
  PKT_HEADER_WORDS,
  PKT_HEADER_VALUE,
  PKT_HEADER_DATE,
  PKT_HEADER_LIST_ID,
  PKT_HEADER_FOLDER,
  PKT_HEADER_LANGUAGE,
} PktHeaderAction;

/* The rows of templates/headers.json. */
typedef struct PktHeaderTable PktHeaderTable;

/* A table that cannot be read is our bug and aborts. */
PktHeaderTable *pkt_header_table_new (void);
void pkt_header_table_free (PktHeaderTable *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktHeaderTable, pkt_header_table_free)
/* For whom the table is read; `platform` is the service's name as the case has it, or NULL. TRUE
 * when the table knows it. */
gboolean pkt_header_table_for (PktHeaderTable *t, PktAudience audience, const char *platform);
/* DROP for an unknown name; *reason says why (lives as long as the table). A header of the service
 * that is addressed is KEEP. */
PktHeaderAction pkt_header_table_find (const PktHeaderTable *t, const char *name,
                                       const char **reason);
/* "X-SG-*" fits X-SG-EID, in any case. */
gboolean pkt_header_table_fits (const char *pattern, const char *name);
/* The strings of a list beside the rows, such as "comment_words": NULL-ended, live as long as the
 * table. */
const char *const *pkt_header_table_list (const PktHeaderTable *t, const char *name);
