#include "packet/run/early.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/bounce/dsn.h"
#include "packet/bounce/mbox.h"
#include "packet/log/archive.h"

#define ROOM (64 * 1024)
#define CHUNK (64 * 1024)
#define HEAD_BYTES 4096 /* that tell a mail */

typedef struct {
  guint first, n; /* records */
  guint64 bytes;
  gboolean elsewhere;
} Taken;

struct PktEarly {
  const PktAppleLook *look;
  gboolean apple_only;
  char *room;
  GArray *records;   /* PktAttempt */
  GArray *taken;     /* Taken */
  GHashTable *paths; /* char* -> index in `taken` + 1 */
  GStringChunk *words;
};

PktEarly *
pkt_early_new (const PktAppleLook *look, gboolean apple_only)
{
  PktEarly *e = g_new0 (PktEarly, 1);
  e->look = look;
  e->apple_only = apple_only;
  e->room = g_malloc (ROOM);
  e->records = g_array_new (FALSE, FALSE, sizeof (PktAttempt));
  e->taken = g_array_new (FALSE, FALSE, sizeof (Taken));
  e->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  e->words = g_string_chunk_new (CHUNK);
  return e;
}

void
pkt_early_free (PktEarly *e)
{
  g_free (e->room);
  g_array_unref (e->records);
  g_array_unref (e->taken);
  g_hash_table_unref (e->paths);
  g_string_chunk_free (e->words);
  g_free (e);
}

static PktSlice
keep_slice (PktEarly *e, PktSlice s)
{
  if (s.n == 0) /* absent and empty are told apart */
    return pkt_slice (s.p ? "" : NULL, 0);
  return pkt_slice (g_string_chunk_insert_len (e->words, s.p, (gssize)s.n), s.n);
}

static void
keep_record (const PktAttempt *record, gpointer data)
{
  PktEarly *e = data;
  PktAttempt a = *record;
  PktSlice *all[PKT_ATTEMPT_TEXTS];
  pkt_attempt_texts (&a, all);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    *all[i] = keep_slice (e, *all[i]);
  g_array_append_val (e->records, a);
}

/* All of a file that has room for more; 0: not so. What lies in a folder that is open was told to
 * be regular there. */
static gsize
read_small (PktEarly *e, const char *path, int folder)
{
  struct stat st;
  const char *name = folder == AT_FDCWD ? path : strrchr (path, '/') + 1;
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK; /* of a pipe nothing is taken */
  int fd = openat (folder, name, flags);
  gboolean small = fd >= 0
                   && (folder != AT_FDCWD
                       || (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && st.st_size < ROOM));
  gssize n = small ? read (fd, e->room, ROOM) : 0;
  if (fd >= 0)
    close (fd);
  return n > 0 && n < ROOM ? (gsize)n : 0;
}

/* A mail as it stands: not packed, no mailbox, lines that end as they should. */
static gboolean
is_plain_mail (PktSlice bytes)
{
  PktSlice head = pkt_slice (bytes.p, MIN (bytes.n, HEAD_BYTES));
  return g_ascii_isalpha (*bytes.p) && !pkt_slice_starts (bytes, PKT_SLICE ("From "))
         && memchr (head.p, '\n', head.n) && !pkt_archive_may_be (head) && pkt_mbox_is_mail (head);
}

/* Whatever its records are, none is Apple's, nor tells of an answer of Apple's. */
static gboolean
is_elsewhere (const PktEarly *e, PktSlice mail)
{
  return !pkt_apple_look_or_links (e->look, mail) && pkt_dsn_is_plain_report (mail);
}

gboolean
pkt_early_take (PktEarly *e, const char *path, int folder)
{
  gsize n = e->records->len < PKT_EARLY_MAX_RECORDS ? read_small (e, path, folder) : 0;
  PktSlice mail = pkt_slice (e->room, n);
  Taken taken = { e->records->len, 0, n, FALSE };
  if (n == 0 || !is_plain_mail (mail))
    return FALSE;
  taken.elsewhere = e->apple_only && is_elsewhere (e, mail);
  if (!taken.elsewhere && pkt_dsn_read (mail, e->look, keep_record, e) != PKT_DSN_READ) {
    g_array_set_size (e->records, taken.first);
    return FALSE;
  }
  taken.n = e->records->len - taken.first;
  g_array_append_val (e->taken, taken);
  g_hash_table_insert (e->paths, g_strdup (path), GUINT_TO_POINTER (e->taken->len));
  return TRUE;
}

gboolean
pkt_early_find (const PktEarly *e, const char *path, PktEarlyMail *out)
{
  guint at = GPOINTER_TO_UINT (g_hash_table_lookup (e->paths, path));
  if (at == 0)
    return FALSE;
  const Taken *taken = &g_array_index (e->taken, Taken, at - 1);
  *out = (PktEarlyMail){ taken->n ? &g_array_index (e->records, PktAttempt, taken->first) : NULL,
                         taken->n, taken->bytes, taken->elsewhere };
  return TRUE;
}
