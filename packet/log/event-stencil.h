#pragma once
#include "packet/base/slice.h"

/* Text that many records share, with holes: in a hole stands another value each time. Records are
 * laid under it many bytes at a time. */

#define PKT_STENCIL_PARTS 64   /* holes whose size differs, and one */
#define PKT_STENCIL_ROOM 6144  /* bytes of all parts, each filled up to PKT_STENCIL_STEP */
#define PKT_STENCIL_STEP 64    /* bytes compared at a time, at the most */
#define PKT_STENCIL_RECORD 128 /* bytes; a shorter record is read as ever */

/* What may stand in a hole. */
typedef enum {
  PKT_HOLE_TEXT,    /* no quote, no backslash and no line end, up to a quote */
  PKT_HOLE_FIGURES, /* one at least */
  PKT_HOLE_WORD,    /* a number, true, false; null where the stencil was made of one */
  PKT_HOLE_OTHER,   /* an array or an object; what a list's first text says (`filled`) alike */
} PktHoleKind;

/* Text with holes whose size is always the same, in front of one whose size differs. */
typedef struct {
  guint16 at;   /* where its bytes lie; those of the first are filled up behind, … */
  guint16 n;    /* … of the others in front, so that nothing behind a record is read */
  guint8 holes; /* has some */
  guint8 kind;  /* PktHoleKind behind it */
  guint8 filled, named;
} PktStencilPart;

/* 64 bytes of it; a bit for a byte. */
typedef struct {
  char text[64];
  guint64 any, fixed, open, figures;
} PktStencilBlock;

typedef struct {
  guint n_parts; /* behind the last one the record ends */
  guint used;    /* of the room */
  PktStencilPart parts[PKT_STENCIL_PARTS];
  char text[PKT_STENCIL_ROOM];
  char fixed[PKT_STENCIL_ROOM];                  /* -1 where text must be the same */
  char open[PKT_STENCIL_ROOM];                   /* -1 in a hole of TEXT */
  char figures[PKT_STENCIL_ROOM];                /* -1 in a hole of FIGURES */
  guint8 holes[PKT_STENCIL_ROOM / 16];           /* has 16 bytes any? */
  PktStencilBlock blocks[PKT_STENCIL_ROOM / 64]; /* the same once more */
} PktStencil;

/* Where the holes behind parts lie in a record. */
typedef struct {
  const char *end[PKT_STENCIL_PARTS + 1]; /* [0]: where the record begins; [i + 1]: end of hole i */
  const char *begin[PKT_STENCIL_PARTS];
} PktStencilMarks;

void pkt_stencil_clear (PktStencil *s);
/* Ends a part: n bytes of text, of which holes[] (by byte, PktHoleKind + 1, 0: none) may differ. Of
 * the last part kind does not matter. FALSE when there is no room. */
gboolean pkt_stencil_add (PktStencil *s, const char *text, const guint8 *holes, gsize n,
                          PktStencilPart end);
/* A list whose first element is a text: `filled` of an array. */
gboolean pkt_stencil_names_text (PktSlice array);
/* Where the signs are that end a text, of a block whose bytes are looked at ahead: to wait for the
 * bytes of one value after the other takes longer than to look at all. */
#define PKT_STENCIL_AHEAD 8192 /* bytes */
#define PKT_STENCIL_BLOCK                                                                          \
  (128 * 1024) /* of a block; what lies behind is looked at when it is met */
typedef struct {
  const char *base; /* of the block; set by the caller, … */
  gsize n;          /* … and 0: bytes that were looked at so far */
  guint64 words[PKT_STENCIL_BLOCK / 64];
} PktStencilSigns;

/* Looks ahead of p, no further than limit. */
void pkt_stencil_signs (PktStencilSigns *signs, const char *p, const char *limit);

/* Where the record ends that text begins with, in which no line ends; NULL when it is not of that
 * form, or too little is left of the text to tell. signs: of the block that the text lies in; NULL.
 */
const char *pkt_stencil_end (const PktStencil *s, PktSlice text, const PktStencilSigns *signs,
                             PktStencilMarks *out);
