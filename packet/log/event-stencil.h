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
  PKT_HOLE_ESCAPED, /* the same with escapes; in holes whose size differs alone */
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
  char open;               /* of OTHER: the bracket */
  guint8 n_plain, n_holed; /* steps of it, where it fills one: first those without holes */
  guint16 steps;           /* where they are */
  guint64 all;             /* a bit for each byte where it fills none; else 0 */
} PktStencilPart;

/* 64 bytes of a part, from `in` on; they may overlap others'. */
typedef struct {
  guint16 in, at; /* at: of the room */
} PktStencilStep;

#define PKT_STENCIL_STEPS (PKT_STENCIL_PARTS + PKT_STENCIL_ROOM / PKT_STENCIL_STEP)

typedef struct {
  char text[PKT_STENCIL_ROOM + PKT_STENCIL_STEP] __attribute__ ((aligned (PKT_STENCIL_STEP)));
  /* The most that a byte and the text's, XORed, may be: 0; 9 in a hole of FIGURES, whose text is
   * '0'; 255 in one of TEXT, and where it is filled up. */
  guint8 differs[PKT_STENCIL_ROOM + PKT_STENCIL_STEP];
  char open[PKT_STENCIL_ROOM + PKT_STENCIL_STEP]; /* -1 in a hole of TEXT */
  guint8 holes[PKT_STENCIL_ROOM / 16];            /* has 16 bytes any? */
  guint n_parts;                                  /* behind the last one the record ends */
  guint used;                                     /* of the room */
  guint n_steps;
  PktStencilPart parts[PKT_STENCIL_PARTS];
  PktStencilStep steps[PKT_STENCIL_STEPS];
} PktStencil;

/* Where parts begin and end in a record. */
typedef struct {
  const char *at[2 * PKT_STENCIL_PARTS]; /* [2 * i]: part i; [2 * i + 1]: the hole behind it */
  /* Of a record that is not of that form: the part that does not fit or whose hole does not end,
   * and where that begins. */
  guint odd;
  const char *odd_at;
} PktStencilMarks;

void pkt_stencil_clear (PktStencil *s);
/* Ends a part: n bytes of text, of which holes[] (by byte, PktHoleKind + 1, 0: none) may differ. Of
 * the last part kind does not matter. FALSE when there is no room. */
gboolean pkt_stencil_add (PktStencil *s, const char *text, const guint8 *holes, gsize n,
                          PktStencilPart end);
/* A list whose first element is a text: `filled` of an array. */
gboolean pkt_stencil_names_text (PktSlice array);
/* Where the signs are that end a text, a bit each, of bytes that are looked at ahead: to wait for
 * the bytes of one value after the other takes longer than to look at all. */
#define PKT_STENCIL_AHEAD 8192
#define PKT_STENCIL_SPAN (128 * 1024)
typedef struct {
  const char *base; /* of those that are kept; set by the first look */
  gsize n;          /* how many; 0 to begin with */
  guint64 words[PKT_STENCIL_SPAN / 64 + PKT_STENCIL_ROOM / 64]; /* zeros behind */
} PktStencilSigns;

/* Looks ahead of p, no further than limit. */
void pkt_stencil_signs (PktStencilSigns *signs, const char *p, const char *limit);

/* Where the record ends that text begins with, in which no line ends; NULL when it is not of that
 * form, or too little is left of the text to tell. signs: of the block that the text lies in; NULL.
 */
const char *pkt_stencil_end (const PktStencil *s, PktSlice text, const PktStencilSigns *signs,
                             PktStencilMarks *out);
/* The first byte by which a record differs that is not of that form. */
const char *pkt_stencil_odd (const PktStencil *s, PktSlice text, const PktStencilMarks *marks);
