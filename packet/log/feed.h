#pragma once
#include "packet/log/window.h"

/* Bytes that come one after the other: of a file, unpacked ones, one file of an archive. */
typedef struct PktFeed PktFeed;
struct PktFeed {
  /* 0 at the end, and when `problem` was set. */
  gsize (*read) (PktFeed *s, void *p, gsize n);
  /* NULL: they are nowhere but where `read` puts them. */
  const char *(*view) (PktFeed *s, gsize most, gsize *n, PktWindow **window);
  void (*pass) (PktFeed *s, gsize n);
  void (*close) (PktFeed *s); /* frees it */
  const char *problem;        /* why the end came early; static */
  guint64 bytes;              /* that `read` gave */
  guint8 *head;               /* looked at, not yet handed out */
  gsize head_at, head_n;
};

#define PKT_FEED_RAW (64 * 1024)                        /* bytes of packed data read at once */
#define PKT_FEED_CUT "became shorter while it was read" /* as logrotate's copytruncate does */
#define PKT_FEED_PADDING 256 /* behind bytes that are seen where they lie */

/* Takes the descriptor. */
PktFeed *pkt_feed_fd (int fd);
/* Up to n bytes; 0 at the end. */
gsize pkt_feed_read (PktFeed *s, void *p, gsize n);
/* The next bytes, which stay to be read; fewer than n only at the end. Borrowed until the next
 * read. */
const guint8 *pkt_feed_peek (PktFeed *s, gsize n, gsize *out_n);
/* The next bytes where they lie, at most `most` of them, and PKT_FEED_PADDING more may be read
 * behind them; NULL: they are to be read. They are there until *window, the caller's, is given
 * back, and stay to be read until they are passed. */
const char *pkt_feed_view (PktFeed *s, gsize most, gsize *n, PktWindow **window);
/* The next n bytes, which were seen so, are as good as read. */
void pkt_feed_pass (PktFeed *s, gsize n);
void pkt_feed_close (PktFeed *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFeed, pkt_feed_close)

/* A stream of what is packed in gzip, zstd, xz or bzip2 data (told by its first bytes, also twice
 * packed), or the stream itself; takes it. Several members or frames are one stream. */
PktFeed *pkt_unpack (PktFeed *below);

/* What unpacks to more than this many times its size is taken for a bomb, once it is over the
 * floor. Logs pack 5 to 60 times. */
#define PKT_UNPACK_MAX_RATIO 500
#define PKT_UNPACK_FLOOR (G_GUINT64_CONSTANT (1) << 30) /* bytes that are always unpacked */
#define PKT_UNPACK_BOMB "unpacks to over 500 times its size: unpack it yourself if you trust it"

static inline gboolean
pkt_unpack_is_bomb (guint64 packed, guint64 unpacked)
{
  return unpacked > PKT_UNPACK_FLOOR && unpacked / PKT_UNPACK_MAX_RATIO > packed;
}
