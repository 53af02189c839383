#pragma once
#include <glib.h>

/* One error domain. The code is the exit status that a command ends with (design: exit table), so a
 * library says what the user can do and main has nothing to map. */
#define PKT_ERROR (pkt_error_quark ())
GQuark pkt_error_quark (void);

typedef enum {
  PKT_ERROR_FINDINGS = 1, /* done, but not ready */
  PKT_ERROR_PRIVACY = 3,  /* the verifier found private data, nothing was written */
  PKT_ERROR_USAGE = 64,   /* options, operands */
  PKT_ERROR_DATA = 65,    /* content: case syntax, a contradicted claim, nothing recognised */
  PKT_ERROR_NOINPUT = 66, /* a path that is missing, empty, or a folder without logs */
  PKT_ERROR_UNAVAILABLE = 69,
  PKT_ERROR_BUG = 70,
  PKT_ERROR_EXISTS = 73, /* output exists or cannot be made */
  PKT_ERROR_IO = 74,
  PKT_ERROR_AGAIN = 75,
  PKT_ERROR_SEAL = 77,
  PKT_ERROR_CONFIG = 78,
} PktErrorCode;

/* Takes a GError of any domain and gives it in ours: GLib file errors become NOINPUT, EXISTS or IO;
 * ours stay. Consumes `error`, returns the new one (caller owns). `path` may be NULL. */
GError *pkt_error_from (GError *error, const char *path);
/* Puts words before and behind the message of *error, where there is one; error may be NULL. */
void pkt_error_around (GError **error, const char *before, const char *behind);
