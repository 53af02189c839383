#pragma once
#include <glib.h>
#include <jansson.h>

/* Plants a canary behind every encoding in every surface of a packet, and looks whether it is
 * caught. Nothing of it touches files or network. */
typedef struct PktSelftest PktSelftest;

typedef enum {
  PKT_SELFTEST_CAUGHT,
  PKT_SELFTEST_MISSED,
} PktSelftestOutcome;

PktSelftest *pkt_selftest_run (void);
void pkt_selftest_free (PktSelftest *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSelftest, pkt_selftest_free)

/* Names; NULL after the last. */
const char *pkt_selftest_surface (guint surface);
const char *pkt_selftest_encoding (guint encoding);
PktSelftestOutcome pkt_selftest_outcome (const PktSelftest *t, guint encoding, guint surface);
/* With nothing planted the surface must be clean, else being caught there means nothing. */
gboolean pkt_selftest_control_is_clean (const PktSelftest *t, guint surface);
guint pkt_selftest_missed (const PktSelftest *t); /* … and unclean controls */
