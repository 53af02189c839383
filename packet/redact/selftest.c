#include "packet/redact/selftest-priv.h"

struct PktSelftest {
  guint encodings, surfaces, missed;
  guint8 *missing; /* encoding by surface */
  guint8 *unclean; /* by surface */
};

const PktEncoding *
pkt_selftest_encoding_at (guint index)
{
  static const PktEncoding *const tables[] = { pkt_selftest_plain, pkt_selftest_coded,
                                               pkt_selftest_hashed };
  for (gsize t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const PktEncoding *e = tables[t]; e->name; e++)
      if (index-- == 0)
        return e;
  return NULL;
}

const char *
pkt_selftest_encoding (guint encoding)
{
  const PktEncoding *e = pkt_selftest_encoding_at (encoding);
  return e ? e->name : NULL;
}

PktSelftest *
pkt_selftest_run (void)
{
  PktSelftest *t = g_new0 (PktSelftest, 1);
  while (pkt_selftest_encoding_at (t->encodings))
    t->encodings++;
  while (pkt_selftest_surface (t->surfaces))
    t->surfaces++;
  t->missing = g_new0 (guint8, t->encodings * t->surfaces);
  t->unclean = g_new0 (guint8, t->surfaces);
  for (guint s = 0; s < t->surfaces; s++) {
    t->unclean[s] = pkt_selftest_is_caught (s, "");
    t->missed += t->unclean[s];
    for (guint e = 0; e < t->encodings; e++) {
      g_autofree char *planted = pkt_selftest_encoding_at (e)->make ();
      gboolean missed = !pkt_selftest_is_caught (s, planted);
      t->missing[e * t->surfaces + s] = missed;
      t->missed += missed;
    }
  }
  return t;
}

void
pkt_selftest_free (PktSelftest *t)
{
  g_free (t->missing);
  g_free (t->unclean);
  g_free (t);
}

PktSelftestOutcome
pkt_selftest_outcome (const PktSelftest *t, guint encoding, guint surface)
{
  return t->missing[encoding * t->surfaces + surface] ? PKT_SELFTEST_MISSED : PKT_SELFTEST_CAUGHT;
}

gboolean
pkt_selftest_control_is_clean (const PktSelftest *t, guint surface)
{
  return !t->unclean[surface];
}

guint
pkt_selftest_missed (const PktSelftest *t)
{
  return t->missed;
}
