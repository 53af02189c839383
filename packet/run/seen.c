#include "packet/run/seen.h"
#include <stdlib.h>
#include "packet/base/digest-set.h"
#include "packet/run/alike.h"
#include "packet/run/copies.h"

struct PktSeen {
  PktDigestSet *attempts;   /* by all that they say */
  PktDigestSet *by_message; /* bounced and put off: by an id of the message, and recipient */
  PktCopies *copies;        /* NULL: there is one log */
  const char *format;       /* of the log being read */
  gboolean merge;
  PktAlike *alike;
};

PktSeen *
pkt_seen_new (void)
{
  PktSeen *s = g_new0 (PktSeen, 1);
  s->attempts = pkt_digest_set_new ();
  s->by_message = pkt_digest_set_new ();
  s->alike = pkt_alike_new ();
  return s;
}

void
pkt_seen_free (PktSeen *s)
{
  pkt_digest_set_free (s->attempts);
  pkt_digest_set_free (s->by_message);
  g_clear_pointer (&s->copies, pkt_copies_free);
  pkt_alike_free (s->alike);
  g_free (s);
}

void
pkt_seen_merge (PktSeen *s)
{
  s->merge = TRUE;
}

void
pkt_seen_copies (PktSeen *s, GTimeZone *zone)
{
  g_clear_pointer (&s->copies, pkt_copies_free);
  s->copies = pkt_copies_new (zone);
}

void
pkt_seen_format (PktSeen *s, const char *format)
{
  s->format = format;
}

#define MAX_ADDRESS 320 /* RFC 5321: an address has 254 bytes */

static guint64
hash_quoted (PktSlice s, guint64 seed)
{
  char lower[MAX_ADDRESS];
  gsize n = 0;
  for (gsize i = 0; i < s.n && n < sizeof lower; i++)
    if (s.p[i] != '\\')
      lower[n++] = pkt_ascii_lower (s.p[i]);
  return pkt_slice_hash (pkt_slice (lower, n), seed);
}

/* Backslashes in a quoted local part are logged by some and doubled by others. */
static guint64
hash_address (PktSlice s, guint64 seed)
{
  char lower[MAX_ADDRESS];
  guint64 w;
  if (s.n < sizeof w || s.n > sizeof lower || pkt_find_byte (s.p, s.p + s.n, '\\'))
    return hash_quoted (s, seed);
  for (gsize i = 0;; i = MIN (i + sizeof w, s.n - sizeof w)) { /* the last ones overlap */
    memcpy (&w, s.p + i, sizeof w);
    w = pkt_ascii_lower_8 (w);
    memcpy (lower + i, &w, sizeof w);
    if (i + sizeof w == s.n)
      break;
  }
  return pkt_slice_hash (pkt_slice (lower, s.n), seed);
}

static guint64
attempt_digest (PktSeenKind kind, const PktAttempt *a)
{
  gint64 second = pkt_stamp_written_second (a->stamp);
  guint64 h = pkt_slice_hash (a->queue_id, (guint64)second * PKT_N_OUTCOMES + a->outcome);
  h = hash_address (a->recipient, h);
  if (a->platform_id.n == 0) /* Amazon tells the host in one of the two ways in which it reports */
    h = pkt_slice_hash (a->remote_ip, h);
  h = pkt_slice_hash (a->platform_id, h);
  if (a->queue_id.n == 0) /* Brevo's events: nothing else tells two mails of a second apart */
    h = pkt_slice_hash (a->message_id, h);
  /* a session may end before anybody is named, and has no queue id; a bounce tells of many hosts */
  if (kind == PKT_SEEN_SESSION || (kind == PKT_SEEN_BOUNCE && a->outcome == PKT_HOST_ERROR))
    h = pkt_slice_hash (a->sender, pkt_slice_hash (a->remote_host, h));
  return pkt_slice_hash (a->reply, h);
}

/* Ids of the message: our queue id, Message-ID, the sending service's own, which it writes into the
 * Message-ID too ("<0102…@eu-west-1.amazonses.com>"), and what OpenSMTPD calls the message. */
#define N_IDS 4
#define SMTPD_ID 8 /* hex digits of OpenSMTPD's message; its envelopes have as many more */
static gboolean
is_smtpd_id (PktSlice id)
{
  for (gsize i = 0; i < id.n; i++)
    if (!g_ascii_isxdigit (id.p[i]) || g_ascii_isupper (id.p[i]))
      return FALSE;
  return id.n == SMTPD_ID || id.n == 2 * SMTPD_ID;
}

static void
ids_of (const PktAttempt *a, PktSlice ids[N_IDS])
{
  ids[0] = a->queue_id;
  ids[1] = a->message_id;
  ids[3] = is_smtpd_id (a->queue_id) ? pkt_slice (a->queue_id.p, SMTPD_ID) : pkt_slice (NULL, 0);
  ids[2] = a->platform_id.n ? a->platform_id : pkt_slice_until (a->message_id, '@');
}

static guint64
message_digest (const PktAttempt *a, PktSlice id, guint which)
{
  return hash_address (a->recipient, pkt_slice_hash (id, which * 2 + (a->outcome == PKT_BOUNCED)));
}

/* TRUE when one of its ids was there. */
static gboolean
note_message (PktSeen *s, const PktAttempt *a)
{
  PktSlice ids[N_IDS];
  gboolean before = FALSE;
  ids_of (a, ids);
  for (guint i = 0; i < N_IDS; i++)
    if (ids[i].n && !pkt_digest_set_add (s->by_message, message_digest (a, ids[i], i)))
      before = TRUE;
  return before;
}

static guint
code_of (const PktAttempt *a)
{
  return a->reply_is_remote && a->reply.n >= 3 ? (guint)strtoul (a->reply.p, NULL, 10) % 1000 : 0;
}

/* What others know of an attempt: that a recipient bounced; what a recipient, or a sender before
 * anybody was named, was answered. 0: not told. */
static void
alike_digests (const PktAttempt *a, guint64 out[PKT_N_ALIKE])
{
  guint code = code_of (a);
  out[0] = a->recipient.n && a->outcome == PKT_BOUNCED ? hash_address (a->recipient, 1) : 0;
  out[1] = a->recipient.n && code ? hash_address (a->recipient, 1000 + code) : 0;
  out[2] = a->sender.p && code ? hash_address (a->sender, 2000 + code) : 0;
}

static PktAlikeTold
as_told (PktSeenKind kind, const PktAttempt *a)
{
  const PktStampRule utc = { NULL, 1970 };
  return (PktAlikeTold){ kind, a->message_id.n > 0, pkt_stamp_resolve (a->stamp, &utc) };
}

static void
note_alike (PktSeen *s, PktSeenKind kind, const PktAttempt *a)
{
  const PktAlikeTold told = as_told (kind, a);
  guint64 digests[PKT_N_ALIKE];
  alike_digests (a, digests);
  pkt_alike_note (s->alike, &told, a->stamp, digests);
}

/* Does another source tell of it, without an id in common? */
static gboolean
told_alike (PktSeen *s, PktSeenKind kind, const PktAttempt *a)
{
  const PktAlikeTold told = as_told (kind, a);
  guint64 digests[PKT_N_ALIKE];
  alike_digests (a, digests);
  return (kind == PKT_SEEN_BOUNCE && pkt_alike_again (s->alike, &told, digests[0]))
         || pkt_alike_again (s->alike, &told, digests[a->recipient.n ? 1 : 2]);
}

#define COPY_TEXT 64        /* bytes of a reply: some syslogd cut lines */
#define NAMELESS 0x6e616d65 /* apart from the hashes of what has an id */

/* A mail server's log beside an export of the same mail: the format differs, and what is the same
 * is the id that the mail has everywhere, who it was for, when, and what it came to. */
static gboolean
told_by_other_format (PktSeen *s, const PktAttempt *a)
{
  const PktSlice ids[] = { a->message_id, a->platform_id };
  gboolean told = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i].n && a->recipient.n) {
      const guint64 h = hash_address (
          a->recipient, pkt_slice_hash (ids[i], (guint64)a->outcome * G_N_ELEMENTS (ids) + i + 1));
      told |= pkt_copies_told_elsewhere (s->copies, h, a->stamp, s->format);
    }
  return told;
}

/* What a service exports of whom it shuts off names no mail: beside its events, which do, it is
 * known by whom was refused, when, and with which code. */
static gboolean
told_without_ids (PktSeen *s, const PktAttempt *a)
{
  const gboolean has_id = a->queue_id.n || a->message_id.n || a->platform_id.n;
  if (a->outcome != PKT_BOUNCED || a->recipient.n == 0 || code_of (a) == 0)
    return FALSE;
  const guint64 h = hash_address (a->recipient, NAMELESS + code_of (a));
  return pkt_copies_told_apart (s->copies, h + has_id, h + !has_id, a->stamp);
}

static gboolean
is_answered (const PktAttempt *a)
{
  return a->outcome <= PKT_BOUNCED; /* else formats tell it each in their way */
}

/* What others did in that quarter of an hour is told again, too, though their fingerprints, which
 * journald's records make of less, may not show it. */
static void
note_copy (PktSeen *s, const PktAttempt *a, gboolean told)
{
  if (s->copies && a->stamp.kind != PKT_STAMP_NONE && is_answered (a))
    pkt_copies_note (s->copies, a->stamp, told);
}

static gboolean
told_by_copy (PktSeen *s, const PktAttempt *a)
{
  if (s->copies == NULL || a->stamp.kind == PKT_STAMP_NONE)
    return FALSE;
  gboolean told = is_answered (a) && (told_by_other_format (s, a) | told_without_ids (s, a));
  if (!told && a->queue_id.n) {
    guint64 h = hash_address (a->recipient, pkt_slice_hash (a->queue_id, (guint64)a->outcome));
    h = pkt_slice_hash (a->remote_ip, h);
    h = pkt_slice_hash (pkt_slice (a->reply.p, MIN (a->reply.n, COPY_TEXT)), h);
    told = pkt_copies_told (s->copies, h, a->stamp);
  }
  note_copy (s, a, told);
  return told;
}

gboolean
pkt_seen_is_copy (PktStamp slot, gpointer seen)
{
  const PktSeen *s = seen;
  return s->copies && pkt_copies_is_copy (s->copies, slot);
}

gboolean
pkt_seen_before (PktSeen *s, PktSeenKind kind, const PktAttempt *a)
{
  gboolean final = a->outcome == PKT_BOUNCED || a->outcome == PKT_DEFERRED;
  if (!pkt_digest_set_add (s->attempts, attempt_digest (kind, a))) {
    if (kind == PKT_SEEN_LOG)
      note_copy (s, a, TRUE);
    return TRUE;
  }
  if (kind == PKT_SEEN_LOG) {
    if (told_by_copy (s, a))
      return TRUE;
    if (final && s->merge) /* else nobody will ask */
      note_message (s, a);
  } else if (kind == PKT_SEEN_BOUNCE && a->outcome == PKT_HOST_ERROR) {
    return FALSE; /* nobody else tells of these */
  } else if ((kind == PKT_SEEN_BOUNCE && note_message (s, a)) || told_alike (s, kind, a))
    return TRUE;
  if (s->merge && a->outcome != PKT_DELIVERED)
    note_alike (s, kind, a);
  return FALSE;
}

gboolean
pkt_seen_given_up_before (PktSeen *s, const PktAttempt *a)
{
  const guint64 second = (guint64)pkt_stamp_written_second (a->stamp),
                h = pkt_slice_hash (a->queue_id, ~second);
  return a->queue_id.n && !pkt_digest_set_add (s->attempts, hash_address (a->recipient, h));
}

gboolean
pkt_seen_other_before (PktSeen *s, PktSeenKind kind, const PktAttempt *a)
{
  if (kind != PKT_SEEN_LOG || a->outcome == PKT_BOUNCED)
    return pkt_seen_before (s, kind, a);
  note_message (s, a);
  return FALSE;
}

gboolean
pkt_seen_is_by_digest (const PktSeen *s, PktSeenKind kind, const PktAttempt *a, guint64 *digest)
{
  if (kind != PKT_SEEN_LOG || a->outcome != PKT_DELIVERED || s->copies)
    return FALSE;
  *digest = attempt_digest (kind, a);
  pkt_digest_set_fetch (s->attempts, *digest);
  return TRUE;
}

gboolean
pkt_seen_digest_before (PktSeen *s, guint64 digest)
{
  return !pkt_digest_set_add (s->attempts, digest);
}

void
pkt_seen_end_source (PktSeen *s, const PktStampRule *rule)
{
  pkt_alike_end_source (s->alike, rule);
  if (s->copies)
    pkt_copies_end_source (s->copies);
}
