#include "packet/run/early.h"
#include <fcntl.h>
#include "packet/bounce/dsn.h"
#include "packet/bounce/mbox.h"
#include "packet/log/archive.h"
#include "packet/run/ahead.h"

#define HEAD_BYTES 4096             /* that tell a mail */
#define MAX_KEPT_BYTES (512u << 20) /* and one mail's more */

typedef struct {
  gsize at; /* of its records in `kept` */
  guint n;
  guint64 bytes;
  gboolean elsewhere;
} Taken;

/* A record as it is kept: what a bounce fills, and behind it each text that is there, with its
 * length before it. As PktAttempt they would take three times the room. */
typedef struct {
  PktStamp stamp;
  gint64 size;
  guint8 outcome, stage, smtp, reply_is_remote;
  guint32 texts; /* a bit each, in the order of pkt_attempt_texts(); set: there, maybe empty */
} Kept;

struct PktEarly {
  const PktAppleLook *look;
  gboolean apple_only;
  char *room;
  GByteArray *kept;
  guint n_kept;
  GArray *taken;     /* Taken */
  GHashTable *paths; /* the pointer -> index in `taken` + 1 */
  GArray *found;     /* PktAttempt, unpacked last */
};

PktEarly *
pkt_early_new (const PktAppleLook *look, gboolean apple_only)
{
  PktEarly *e = g_new0 (PktEarly, 1);
  e->look = look;
  e->apple_only = apple_only;
  e->room = g_malloc (PKT_AHEAD_ROOM);
  e->kept = g_byte_array_new ();
  e->taken = g_array_new (FALSE, FALSE, sizeof (Taken));
  e->paths = g_hash_table_new (NULL, NULL);
  e->found = g_array_new (FALSE, FALSE, sizeof (PktAttempt));
  return e;
}

void
pkt_early_free (PktEarly *e)
{
  g_free (e->room);
  g_byte_array_unref (e->kept);
  g_array_unref (e->taken);
  g_hash_table_unref (e->paths);
  g_array_unref (e->found);
  g_free (e);
}

static char *
put (char *p, gconstpointer bytes, gsize n)
{
  if (n)
    memcpy (p, bytes, n);
  return p + n;
}

static void
keep_record (const PktAttempt *record, gpointer data)
{
  PktEarly *e = data;
  PktAttempt a = *record;
  PktSlice *all[PKT_ATTEMPT_TEXTS];
  Kept kept = {
    a.stamp, a.size, (guint8)a.outcome, (guint8)a.stage, (guint8)a.smtp, (guint8)a.reply_is_remote,
    0
  };
  gsize room = sizeof kept;
  pkt_attempt_texts (&a, all);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i]->p) {
      kept.texts |= 1u << i;
      room += sizeof (guint32) + all[i]->n;
    }
  const guint at = e->kept->len;
  g_byte_array_set_size (e->kept, at + (guint)room);
  char *p = put ((char *)e->kept->data + at, &kept, sizeof kept);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i]->p) {
      const guint32 n = (guint32)all[i]->n;
      p = put (put (p, &n, sizeof n), all[i]->p, n);
    }
  e->n_kept++;
}

/* The record at p; what follows it. */
static const char *
unpack_record (const char *p, PktAttempt *out)
{
  Kept kept;
  guint32 n;
  PktSlice *all[PKT_ATTEMPT_TEXTS];
  memcpy (&kept, p, sizeof kept);
  p += sizeof kept;
  *out = (PktAttempt){ .stamp = kept.stamp,
                       .outcome = (PktOutcome)kept.outcome,
                       .stage = (PktStage)kept.stage,
                       .smtp = kept.smtp,
                       .reply_is_remote = kept.reply_is_remote,
                       .size = kept.size };
  pkt_attempt_texts (out, all);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (kept.texts >> i & 1) {
      memcpy (&n, p, sizeof n);
      *all[i] = pkt_slice (p + sizeof n, n);
      p += sizeof n + n;
    }
  return p;
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
pkt_early_take_file (PktEarly *e, const char *path)
{
  return pkt_early_take (e, path, pkt_slice (e->room, pkt_ahead_read (AT_FDCWD, path, e->room)));
}

gboolean
pkt_early_take (PktEarly *e, const char *path, PktSlice mail)
{
  const guint n_before = e->n_kept;
  Taken taken = { e->kept->len, 0, mail.n, FALSE };
  if (mail.n == 0 || e->n_kept >= PKT_EARLY_MAX_RECORDS || e->kept->len >= MAX_KEPT_BYTES
      || !is_plain_mail (mail))
    return FALSE;
  taken.elsewhere = e->apple_only && is_elsewhere (e, mail);
  if (!taken.elsewhere && pkt_dsn_read (mail, e->look, keep_record, e) != PKT_DSN_READ) {
    g_byte_array_set_size (e->kept, (guint)taken.at);
    e->n_kept = n_before;
    return FALSE;
  }
  taken.n = e->n_kept - n_before;
  g_array_append_val (e->taken, taken);
  g_hash_table_insert (e->paths, (gpointer)path, GUINT_TO_POINTER (e->taken->len));
  return TRUE;
}

gboolean
pkt_early_has (const PktEarly *e, const char *path)
{
  return g_hash_table_contains (e->paths, path);
}

gboolean
pkt_early_find (PktEarly *e, const char *path, PktEarlyMail *out)
{
  guint at = GPOINTER_TO_UINT (g_hash_table_lookup (e->paths, path));
  if (at == 0)
    return FALSE;
  const Taken *taken = &g_array_index (e->taken, Taken, at - 1);
  const char *p = taken->n ? (const char *)e->kept->data + taken->at : NULL;
  g_array_set_size (e->found, taken->n);
  for (guint i = 0; i < taken->n; i++)
    p = unpack_record (p, &g_array_index (e->found, PktAttempt, i));
  *out = (PktEarlyMail){ (const PktAttempt *)(gpointer)e->found->data, taken->n, taken->bytes,
                         taken->elsewhere };
  return TRUE;
}
