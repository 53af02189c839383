#pragma once
#include "packet/redact/verify.h"

typedef struct {
  gboolean json, quiet;
  char *recipients; /* file of --recipients, NULL */
  char **allow, **own;
} VerifyOptions;

/* One run of the command. */
typedef struct {
  GPtrArray *own, *allowed; /* char*, NULL-ended when the verifier is made */
  PktVerifier *verifier;
  GPtrArray *leaks; /* PktLeak*, borrowed from lists */
  GPtrArray *lists; /* GPtrArray* of them */
  guint files;
} VerifyCheck;

/* verify-scope.c: what may stand in clear, and whom to search for */

/* The packet's own manifest says which addresses were allowed when it was built. */
gboolean verify_read_manifest (VerifyCheck *c, const char *folder, GError **error);
/* A mail's sender may stand in it, and so may its domain. */
gboolean verify_read_sender (VerifyCheck *c, const char *path, const char *bytes, gsize n,
                             GError **error);
/* When all of that is known. */
gboolean verify_make_verifier (VerifyCheck *c, const VerifyOptions *o, GError **error);

/* verify-print.c; caller frees */
char *verify_as_json (const VerifyCheck *c);
char *verify_as_text (const VerifyCheck *c);
