#pragma once
#include <sys/stat.h>
#include "packet/base/archive.h"
#include "packet/log/archive.h"

/* What archive.c knows of an archive, and one reading of it. */
typedef struct {
  char *path;
  struct stat st;
  GPtrArray *names;   /* char*: of its files, in their order, each once; of those of an archive in
                         it "may.tar/maillog" */
  GHashTable *index;  /* name -> place among its own files, from 1; owns the names */
  guint files;        /* its own */
  guint depth;        /* 1; of an archive in it 2 */
  const char *damage; /* what kept it from being listed to its end */
  /* this reading */
  struct archive *archive;
  struct archive_entry *entry;
  PktFeed *below;          /* of a tar, or in an archive; another zip is read by its path */
  gboolean streamed;       /* a zip in an archive */
  GHashTable *seen;        /* name -> how often */
  guint at;                /* files passed */
  guint64 unpacked, again; /* by this reading; by those before */
  guint8 raw[PKT_FEED_RAW];
} PktArchive;

/* From its beginning; of an archive in another one its file is opened there. FALSE: it cannot be.
 */
gboolean pkt_archive_start (PktArchive *a);
/* The same from a stream, which is taken. */
gboolean pkt_archive_start_feed (PktArchive *a, PktFeed *feed);
void pkt_archive_end (PktArchive *a);
/* The name of the next file, which is then due; NULL at the end, and `damage` set where that came
 * early. Caller frees. */
char *pkt_archive_next (PktArchive *a);
/* Bytes of the file that is due, as a feed's `read` gives them; problems become the feed's. */
gsize pkt_archive_read (PktArchive *a, PktFeed *s, void *p, gsize n);
