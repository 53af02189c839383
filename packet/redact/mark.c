#include "packet/redact/mark.h"

#define SHORT_BITS 40
#define SHORT_CHARS 8
#define LONG_CHARS 16
#define SHORT_MASK (~(G_MAXUINT64 >> SHORT_BITS))

void
pkt_marks_init (PktMarks *m, const guint8 key[32])
{
  *m = (PktMarks){ .keyed = g_hmac_new (G_CHECKSUM_SHA256, key, 32) };
}

void
pkt_marks_clear (PktMarks *m)
{
  g_clear_pointer (&m->keyed, g_hmac_unref);
  pkt_digests_clear (&m->known);
  pkt_digests_clear (&m->shared);
  pkt_digests_clear (&m->late);
}

static guint64
compute (const PktMarks *m, PktSlice lower, guint8 out[32])
{
  GHmac *h = g_hmac_copy (m->keyed);
  gsize n = 32;
  g_hmac_update (h, (const guchar *)lower.p, (gssize)lower.n);
  g_hmac_get_digest (h, out, &n);
  g_hmac_unref (h);
  guint64 first = 0;
  for (int i = 0; i < 8; i++)
    first = first << 8 | out[i];
  return first ? first : 1;
}

static void
learn (PktMarks *m, guint64 first)
{
  guint64 other;
  if (pkt_digests_find (&m->known, first, 64, NULL))
    return;
  if (pkt_digests_find (&m->known, first, SHORT_BITS, &other))
    pkt_digests_add (m->handed_out ? &m->late : &m->shared,
                     m->handed_out ? first : first & SHORT_MASK);
  pkt_digests_add (&m->known, first);
}

void
pkt_marks_add (PktMarks *m, PktSlice lower)
{
  guint8 digest[32];
  learn (m, compute (m, lower, digest));
}

char *
pkt_marks_text (PktMarks *m, PktSlice lower)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  guint8 digest[32];
  guint64 first = compute (m, lower, digest);
  m->handed_out = TRUE;
  learn (m, first);
  gboolean twin = pkt_digests_find (&m->shared, first & SHORT_MASK, 64, NULL)
                  || pkt_digests_find (&m->late, first, 64, NULL);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < (twin ? LONG_CHARS : SHORT_CHARS); i++) {
    guint bit = i * 5, pair = (guint)digest[bit / 8] << 8 | digest[bit / 8 + 1];
    g_string_append_c (out, alphabet[pair >> (11 - bit % 8) & 31]);
  }
  return g_string_free (out, FALSE);
}
