#pragma once
#include "packet/base/slice.h"

#define PKT_DECODE_MAX_DEPTH 5
#define PKT_DECODE_MAX_FACTOR 256               /* bytes of all views per byte of input … */
#define PKT_DECODE_MIN_BUDGET (8 * 1024 * 1024) /* … and at the least: the bound on time too */
#define PKT_DECODE_MAX_INFLATED (4 * 1024 * 1024)
#define PKT_DECODE_N 48 /* room for the table in decode.c */

/* The bytes themselves, or what a chain of decoders made of them (or of a run in them). */
typedef struct {
  PktSlice bytes;
  guint64 origin;        /* where in the outermost bytes the decoded run began */
  guint depth;           /* 0: the bytes themselves */
  gboolean needles_only; /* noise, rot13 and such: only known values mean something in here … */
  gboolean mailboxes;    /* … save addresses at Apple's mailbox domains: chance writes none */
  gboolean joined;       /* lines ran together: a word may be the end of one and the next one */
  const char *path;      /* "base64, percent"; "" at depth 0 */
} PktView;

typedef void (*PktViewFunc) (const PktView *view, gpointer data);

typedef struct {
  guint64 tried[PKT_DECODE_N]; /* views by decoder */
  guint64 left_out;            /* bit by decoder: not tried; so a test shows what each is for */
} PktDecodeCounts;

/* Calls f for the bytes and for every view of them, each content once. FALSE: the bounds were
 * reached and something may be left undecoded. counts may be NULL. */
gboolean pkt_decode_walk (PktSlice bytes, PktViewFunc f, gpointer data, PktDecodeCounts *counts);
/* Bytes that nobody here opens: an archive, a document, a picture, an encrypted text. */
gboolean pkt_decode_is_packed (PktSlice bytes);
/* NULL after the last. */
const char *pkt_decode_name (guint index);
