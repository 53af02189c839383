#include "packet/run/early.h"
#include <fcntl.h>
#include "packet/bounce/dsn.h"
#include "packet/bounce/mbox.h"
#include "packet/log/archive.h"
#include "packet/run/ahead.h"
#include "packet/run/count-reply.h"

#define HEAD_BYTES PKT_AHEAD_BEGIN  /* that tell a mail */
#define MAX_KEPT_BYTES (512u << 20) /* and one mail's more */

typedef struct {
  const char *path;
  gsize at; /* of its records in `kept`, or in `others` */
  guint n;
  gboolean elsewhere;
  guint64 bytes;
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
  const PktRelay *relay;
  PktEarlyWant want;
  char *room;
  GByteArray *kept;
  guint n_kept;
  GArray *others;        /* PktGlance */
  GArray *taken;         /* Taken */
  guint has_at, find_at; /* those mostly asked for next: in the order in which they were taken */
  GHashTable *paths;     /* the pointer -> index in `taken` + 1; NULL: not needed yet */
  GArray *found;         /* PktAttempt, unpacked last */
};

PktEarly *
pkt_early_new (const PktAppleLook *look, const PktRelay *relay, PktEarlyWant want)
{
  PktEarly *e = g_new0 (PktEarly, 1);
  e->look = look;
  e->relay = relay;
  e->want = want;
  e->room = g_malloc (PKT_AHEAD_ROOM);
  e->kept = g_byte_array_new ();
  e->taken = g_array_new (FALSE, FALSE, sizeof (Taken));
  e->others = g_array_new (FALSE, FALSE, sizeof (PktGlance));
  e->found = g_array_new (FALSE, FALSE, sizeof (PktAttempt));
  return e;
}

void
pkt_early_free (PktEarly *e)
{
  g_free (e->room);
  g_byte_array_unref (e->kept);
  g_array_unref (e->taken);
  g_array_unref (e->others);
  g_clear_pointer (&e->paths, g_hash_table_unref);
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

/* As on_attempt() of run/count.c counts another receiver's. */
static gboolean
keep_others (const PktAttempt *records, guint n, gpointer data)
{
  PktEarly *e = data;
  for (guint i = 0; i < n; i++)
    if (!pkt_relay_is_elsewhere (e->relay, records[i].recipient, records[i].remote_host,
                                 records[i].remote_ip))
      return FALSE;
  for (guint i = 0; i < n; i++) {
    const PktAttempt *a = &records[i];
    PktGlance run = { .kind = PKT_GLANCE_RUN, .records = 1 };
    run.stamp_kind = (guint8)(a->stamp.kind & 7);
    run.outcome = (guint8)(a->outcome & 7);
    run.sort = a->outcome == PKT_BOUNCED ? pkt_reply_sort (a->reply) : 0;
    run.us = run.last_us = a->stamp.us;
    run.fingerprint = pkt_attempt_fingerprint (a->recipient, pkt_attempt_queue_key (a), a->stamp);
    if (a->stamp.kind != PKT_STAMP_NONE)
      g_array_append_val (e->others, run);
  }
  return TRUE;
}

static PktDsnResult
read_bounce (PktEarly *e, PktSlice mail)
{
  if (e->want == PKT_EARLY_ALL)
    return pkt_dsn_read (mail, e->look, keep_record, e);
  return pkt_dsn_read_unless_elsewhere (
      mail, e->look, e->want == PKT_EARLY_COUNT ? keep_others : NULL, keep_record, e);
}

static gboolean
has_room (const PktEarly *e)
{
  return e->n_kept + e->others->len < PKT_EARLY_MAX_RECORDS && e->kept->len < MAX_KEPT_BYTES;
}

gboolean
pkt_early_take_begin (PktEarly *e, const char *path, PktSlice begin, guint64 bytes)
{
  const guint before = e->others->len;
  if (e->want == PKT_EARLY_ALL || begin.n == 0 || !has_room (e) || !is_plain_mail (begin)
      || !pkt_dsn_begins_elsewhere (begin, e->look, e->want == PKT_EARLY_COUNT ? keep_others : NULL,
                                    e))
    return FALSE;
  const Taken taken = { path, before, e->others->len - before, TRUE, bytes };
  g_array_append_val (e->taken, taken);
  return TRUE;
}

gboolean
pkt_early_take_file (PktEarly *e, const char *path)
{
  return pkt_early_take (e, path, pkt_slice (e->room, pkt_ahead_read (AT_FDCWD, path, e->room)));
}

gboolean
pkt_early_take (PktEarly *e, const char *path, PktSlice mail)
{
  const guint n_before = e->n_kept, others_before = e->others->len;
  Taken taken = { path, e->kept->len, 0, FALSE, mail.n };
  if (mail.n == 0 || !has_room (e) || !is_plain_mail (mail))
    return FALSE;
  const PktDsnResult result = read_bounce (e, mail);
  if (result == PKT_DSN_ELSEWHERE) {
    taken.elsewhere = TRUE;
    taken.at = others_before;
    taken.n = e->others->len - others_before;
  } else if (result == PKT_DSN_READ)
    taken.n = e->n_kept - n_before;
  else {
    g_byte_array_set_size (e->kept, (guint)taken.at);
    e->n_kept = n_before;
    return FALSE;
  }
  g_array_append_val (e->taken, taken);
  return TRUE;
}

static void
note_paths (PktEarly *e)
{
  e->paths = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < e->taken->len; i++)
    g_hash_table_insert (e->paths, (gpointer)g_array_index (e->taken, Taken, i).path,
                         GUINT_TO_POINTER (i + 1));
}

/* NULL: not taken. */
static const Taken *
taken_of (PktEarly *e, const char *path, guint *next)
{
  if (e->taken->len == 0)
    return NULL;
  if (*next < e->taken->len && g_array_index (e->taken, Taken, *next).path == path)
    return &g_array_index (e->taken, Taken, (*next)++);
  if (e->paths == NULL)
    note_paths (e);
  const guint at = GPOINTER_TO_UINT (g_hash_table_lookup (e->paths, path));
  return at ? &g_array_index (e->taken, Taken, at - 1) : NULL;
}

gboolean
pkt_early_has (PktEarly *e, const char *path)
{
  return taken_of (e, path, &e->has_at) != NULL;
}

gboolean
pkt_early_find (PktEarly *e, const char *path, PktEarlyMail *out)
{
  const Taken *taken = taken_of (e, path, &e->find_at);
  if (taken == NULL)
    return FALSE;
  *out = (PktEarlyMail){ .bytes = taken->bytes,
                         .unread = taken->elsewhere && e->want == PKT_EARLY_APPLE_ONLY };
  if (taken->elsewhere) {
    out->others = taken->n ? &g_array_index (e->others, PktGlance, taken->at) : NULL;
    out->n_others = taken->n;
    return TRUE;
  }
  const char *p = taken->n ? (const char *)e->kept->data + taken->at : NULL;
  g_array_set_size (e->found, taken->n);
  for (guint i = 0; i < taken->n; i++)
    p = unpack_record (p, &g_array_index (e->found, PktAttempt, i));
  out->records = (const PktAttempt *)(gpointer)e->found->data;
  out->n = taken->n;
  return TRUE;
}
