/* Packed data as a stream. gzip and zstd by libraries of their own, since logs are packed with
 * these; xz and bzip2 by libarchive. */
#include <string.h>
#include <zstd.h>
#include "packet/base/archive.h"
#include "packet/log/feed.h"
#include "packet/log/gunzip.h"

#define MAX_LAYERS 3 /* maillog.gz.gz */

typedef struct {
  PktFeed base;
  PktFeed *below;
  guint8 raw[PKT_FEED_RAW];
  gsize raw_at, raw_n;
} Layer;

typedef struct {
  Layer layer;
  PktGunzip *z;
  gboolean inside; /* a member has begun */
} Gzip;

typedef struct {
  Layer layer;
  ZSTD_DStream *z;
  gboolean inside; /* a frame has begun */
} Zstd;

typedef struct {
  Layer layer;
  struct archive *archive;
  const void *block; /* of the library, its rest */
  gsize left;
  const char *damaged;
} Other;

/* FALSE at the end of what is below. */
static gboolean
fill (Layer *l)
{
  if (l->raw_at < l->raw_n)
    return TRUE;
  l->raw_at = 0;
  l->raw_n = pkt_feed_read (l->below, l->raw, sizeof l->raw);
  if (l->below->problem)
    l->base.problem = l->below->problem;
  return l->raw_n > 0;
}

static void
close_layer (Layer *l)
{
  pkt_feed_close (l->below);
  g_free (l);
}

static gsize
watch (Layer *l, gsize n)
{
  if (pkt_unpack_is_bomb (l->below->bytes, l->base.bytes + n))
    l->base.problem = PKT_UNPACK_BOMB;
  return n;
}

/* Zeros behind a member, which fill a tape's block, are nothing; as gzip has it. FALSE: there is
 * more to read before a member begins. */
static gboolean
begin_member (Gzip *g)
{
  Layer *l = &g->layer;
  while (l->raw_at < l->raw_n && l->raw[l->raw_at] == 0)
    l->raw_at++;
  return l->raw_at < l->raw_n;
}

/* Several members follow each other where logs were appended to. */
static gsize
read_gzip (PktFeed *s, void *p, gsize n)
{
  Gzip *g = (Gzip *)s;
  Layer *l = &g->layer;
  guint8 *out = p;
  gsize room = n;
  for (gboolean more = TRUE; more && room == n && s->problem == NULL;) {
    more = fill (l);
    if (!more && !g->inside)
      break;
    if (!g->inside && !begin_member (g))
      continue;
    const guint8 *in = l->raw + l->raw_at;
    gsize in_n = l->raw_n - l->raw_at;
    PktGunzipState state = pkt_gunzip_step (g->z, &in, &in_n, &out,
                                            &room); /* what it holds, at the end */
    if (!more && room == n && state == PKT_GUNZIP_MORE && s->problem == NULL)
      s->problem = "gzip data ends early";
    l->raw_at = l->raw_n - in_n;
    g->inside = state != PKT_GUNZIP_END;
    if (state == PKT_GUNZIP_DAMAGED)
      s->problem = "gzip data is damaged";
  }
  return watch (l, n - room);
}

static void
close_gzip (PktFeed *s)
{
  pkt_gunzip_free (((Gzip *)s)->z);
  close_layer ((Layer *)s);
}

static PktFeed *
new_gzip (void)
{
  Gzip *g = g_new0 (Gzip, 1);
  g->z = pkt_gunzip_new ();
  g->layer.base.read = read_gzip;
  g->layer.base.close = close_gzip;
  return &g->layer.base;
}

/* KumoMTA writes a segment as frames, of which the last may be unfinished: what it holds is handed
 * out. */
static gsize
read_zstd (PktFeed *s, void *p, gsize n)
{
  Zstd *z = (Zstd *)s;
  ZSTD_outBuffer out = { p, n, 0 };
  for (gboolean more = TRUE; more && out.pos == 0 && s->problem == NULL;) {
    more = fill (&z->layer);
    ZSTD_inBuffer in = { z->layer.raw + z->layer.raw_at, z->layer.raw_n - z->layer.raw_at, 0 };
    if (!more && !z->inside)
      break;
    size_t rc = ZSTD_decompressStream (z->z, &out, &in); /* what it holds, at the end */
    if (!more && out.pos == 0 && s->problem == NULL)
      s->problem = "zstd data ends early";
    z->layer.raw_at += in.pos;
    if (ZSTD_isError (rc))
      s->problem = s->problem ? s->problem : "zstd data is damaged";
    else
      z->inside = rc != 0;
  }
  return watch (&z->layer, out.pos);
}

static void
close_zstd (PktFeed *s)
{
  ZSTD_freeDStream (((Zstd *)s)->z);
  close_layer ((Layer *)s);
}

static PktFeed *
new_zstd (void)
{
  Zstd *z = g_new0 (Zstd, 1);
  z->z = ZSTD_createDStream ();
  z->layer.base.read = read_zstd;
  z->layer.base.close = close_zstd;
  return &z->layer.base;
}

static la_ssize_t
give (struct archive *unused, void *data, const void **out)
{
  (void)unused;
  Layer *l = data;
  l->raw_at = l->raw_n;
  gboolean more = fill (l);
  l->raw_at = l->raw_n;
  *out = l->raw;
  return more ? (la_ssize_t)l->raw_n : 0;
}

/* Block by block, so that what stands before the damage is handed out. */
static gsize
take_block (Other *o, void *p, gsize n)
{
  la_int64_t unused;
  int rc = ARCHIVE_OK;
  while (o->left == 0 && rc == ARCHIVE_OK)
    rc = archive_read_data_block (o->archive, &o->block, &o->left, &unused);
  if (rc != ARCHIVE_OK && rc != ARCHIVE_EOF && o->layer.base.problem == NULL)
    o->layer.base.problem = o->damaged;
  n = rc == ARCHIVE_OK ? MIN (n, o->left) : 0;
  if (n == 0) /* there may be no block */
    return 0;
  memcpy (p, o->block, n);
  o->block = (const char *)o->block + n;
  o->left -= n;
  return n;
}

static gsize
read_other (PktFeed *s, void *p, gsize n)
{
  Other *o = (Other *)s;
  struct archive_entry *entry;
  if (o->archive == NULL) { /* not at its making, which reads */
    o->archive = archive_read_new ();
    archive_read_support_filter_xz (o->archive);
    archive_read_support_filter_bzip2 (o->archive);
    archive_read_support_format_raw (o->archive);
    archive_read_support_format_empty (o->archive);
    if (archive_read_open (o->archive, &o->layer, NULL, give, NULL) != ARCHIVE_OK) {
      s->problem = o->damaged;
      return 0;
    }
    int rc = archive_read_next_header (o->archive, &entry);
    if (rc != ARCHIVE_OK) {
      s->problem = rc == ARCHIVE_EOF ? NULL : o->damaged;
      return 0;
    }
  }
  return watch (&o->layer, take_block (o, p, n));
}

static void
close_other (PktFeed *s)
{
  Other *o = (Other *)s;
  if (o->archive)
    archive_read_free (o->archive);
  close_layer (&o->layer);
}

static PktFeed *
new_other (const char *damaged)
{
  Other *o = g_new0 (Other, 1);
  o->damaged = damaged;
  o->layer.base.read = read_other;
  o->layer.base.close = close_other;
  return &o->layer.base;
}

static PktFeed *
layer_for (const guint8 *head, gsize n)
{
  if (n >= 2 && memcmp (head, "\x1f\x8b", 2) == 0)
    return new_gzip ();
  if (n >= 4
      && (memcmp (head, "\x28\xb5\x2f\xfd", 4) == 0
          || ((head[0] & 0xf0) == 0x50 && memcmp (head + 1, "\x2a\x4d\x18", 3) == 0)))
    return new_zstd (); /* RFC 8878 3.1: also frames that are skipped */
  if (n >= 6
      && memcmp (head,
                 "\xfd"
                 "7zXZ\0",
                 6)
             == 0)
    return new_other ("xz data is damaged or ends early");
  if (n >= 10 && memcmp (head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9'
      && (memcmp (head + 4, "1AY&SY", 6) == 0
          || memcmp (head + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0))
    return new_other ("bzip2 data is damaged or ends early");
  return NULL;
}

PktFeed *
pkt_unpack (PktFeed *below)
{
  for (guint i = 0; i < MAX_LAYERS; i++) {
    gsize n;
    const guint8 *head = pkt_feed_peek (below, 10, &n);
    PktFeed *s = layer_for (head, n);
    if (s == NULL)
      break;
    ((Layer *)s)->below = below;
    below = s;
  }
  return below;
}
