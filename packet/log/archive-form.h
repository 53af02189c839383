#pragma once
#include "packet/log/feed.h"

/* What archive.c needs to know of a stream or a path. */
typedef enum { PKT_FORM_NONE, PKT_FORM_ZIP, PKT_FORM_TAR } PktArchiveForm;

/* By its first bytes, which stay to be read. */
PktArchiveForm pkt_archive_form (PktFeed *s);
/* A name that archives have, packed or not: only such files of an archive are looked into. */
gboolean pkt_archive_names_one (const char *name);
/* Where the bytes of a path lie: another one for the standard input, see pkt_archive_stdin(). */
const char *pkt_archive_real_path (const char *path);
