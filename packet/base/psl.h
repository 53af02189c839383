#pragma once
/* libpsl, loaded when something of it is first called, as base/gmime.h. Include this and none of
 * its headers; the calls look as ever. */
#include <glib.h>
#include <libpsl.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_PSL_FUNCTIONS \
  X (psl_is_public_suffix2) X (psl_latest) X (psl_registrable_domain)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_PSL_FUNCTIONS
#undef X
} PktPslLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktPslLibrary *pkt_psl_library (void);

#define psl_is_public_suffix2 (pkt_psl_library ()->psl_is_public_suffix2_)
#define psl_latest (pkt_psl_library ()->psl_latest_)
#define psl_registrable_domain (pkt_psl_library ()->psl_registrable_domain_)
