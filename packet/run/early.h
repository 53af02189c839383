#pragma once
#include "packet/apple/relay.h"
#include "packet/bounce/look.h"
#include "packet/log/glance.h"
#include "packet/model/attempt.h"

/* Small files that are one bounce each, and nothing else: a folder may hold thousands. Such a file
 * is opened once. It is parsed when it is first looked at, and what it says is kept until its turn
 * comes, after the logs. */
typedef struct PktEarly PktEarly;

#define PKT_EARLY_MAX_RECORDS 500000 /* kept; what comes then is read in its turn */

typedef struct {
  const PktAttempt *records;
  guint n;
  const PktGlance *others; /* another receiver's: runs of one record each */
  guint n_others;
  guint64 bytes;   /* of the file */
  gboolean unread; /* nothing in it names Apple, and it was not read: a recipient's domain may yet
                      be known to be Apple's */
} PktEarlyMail;

typedef enum {
  PKT_EARLY_ALL,       /* each record as it is */
  PKT_EARLY_COUNT,     /* of other receivers' what counts */
  PKT_EARLY_APPLE_ONLY /* what does not name Apple need not be read */
} PktEarlyWant;

/* `look` and `relay` must live as long. */
PktEarly *pkt_early_new (const PktAppleLook *look, const PktRelay *relay, PktEarlyWant want);
void pkt_early_free (PktEarly *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEarly, pkt_early_free)
/* TRUE when the bytes of a regular file are one whole bounce, which is kept then under the pointer
 * `path`, which must live as long. FALSE tells nothing: it may be a bounce that is packed, large or
 * of a form that needs another look. */
gboolean pkt_early_take (PktEarly *e, const char *path, PktSlice bytes);
/* The same of the first bytes of one, which has so many, as far as they tell it. */
gboolean pkt_early_take_begin (PktEarly *e, const char *path, PktSlice begin, guint64 bytes);
/* The same of a file that nobody read yet. */
gboolean pkt_early_take_file (PktEarly *e, const char *path);
/* Is anything kept under that pointer? */
gboolean pkt_early_has (PktEarly *e, const char *path);
/* FALSE: no. Borrowed until the next call, or the next file that is taken. */
gboolean pkt_early_find (PktEarly *e, const char *path, PktEarlyMail *out);

/* pkt_scan_expand() that offers each regular file to it; may be NULL. threads: that may read. */
GPtrArray *pkt_scan_expand_early (const char *const *paths, PktEarly *early, guint threads,
                                  GError **error);
