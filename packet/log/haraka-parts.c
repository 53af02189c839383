#include "packet/log/haraka-parts.h"
#include "packet/log/haraka-line.h"

#define FINAL G_GUINT64_CONSTANT (1) /* marks: was delivered to, or given up */
#define MAX_UNNAMED 1000 /* recipients of a result whose transaction is not in the log */

/* "UUID.1.2": the transaction "UUID.1" and 2; 0 where it has no such part. */
static guint
split_uuid (PktSlice uuid, PktSlice *transaction)
{
  const char *dot = uuid.n ? memrchr (uuid.p, '.', uuid.n) : NULL;
  gint64 n;
  *transaction = uuid;
  if (dot == NULL || memchr (uuid.p, '.', (gsize)(dot - uuid.p)) == NULL
      || !pkt_slice_number (pkt_slice (dot + 1, (gsize)(uuid.p + uuid.n - dot - 1)), &n)
      || n > G_MAXUINT)
    return 0;
  *transaction = pkt_slice (uuid.p, (gsize)(dot - uuid.p));
  return (guint)n;
}

/* outbound.ini: a mail for each recipient. Remembered beyond the end of a file. */
static PktRemembered *
always_split (const PktHaraka *h)
{
  return pkt_memory_find (h->text.memory, PKT_SLICE ("outbound.ini"), PKT_SLICE ("always_split"));
}

static void
note_always_split (PktHaraka *h)
{
  pkt_memory_take (h->text.memory, PKT_SLICE ("outbound.ini"), PKT_SLICE ("always_split"));
}

/* Of each of a transaction's recipients the part that it is in, from 1: by domain, in the order in
 * which they came. Caller frees. */
static guint *
parts_of (const PktHaraka *h, const PktRemembered *t, guint *n_parts)
{
  guint *parts = g_new0 (guint, t->recipients->len);
  const gboolean splits = always_split (h) != NULL;
  g_autoptr (GHashTable) domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < t->recipients->len; i++) {
    const char *address = g_ptr_array_index (t->recipients, i), *at = strrchr (address, '@');
    char *domain = g_ascii_strdown (at ? at : "", -1);
    guint known = GPOINTER_TO_UINT (g_hash_table_lookup (domains, domain));
    parts[i] = splits ? i + 1 : known ? known : g_hash_table_size (domains) + 1;
    g_hash_table_replace (domains, domain,
                          GUINT_TO_POINTER (known ? known : g_hash_table_size (domains) + 1));
  }
  *n_parts = splits ? t->recipients->len : g_hash_table_size (domains);
  return parts;
}

PktRemembered *
pkt_haraka_part (PktHaraka *h)
{
  return pkt_memory_take (h->text.memory, PKT_SLICE ("part"), h->text.id);
}

static guint64
final_mark (PktSlice recipient)
{
  return pkt_slice_hash (recipient, FINAL);
}

static void
fill (const PktRemembered *t, PktAttempt *a)
{
  if (t == NULL)
    return;
  a->sender = pkt_slice_str (t->sender);
  a->message_id = pkt_slice_str (t->message_id);
  a->size = t->state ? (gint64)t->state : -1;
}

/* This recipient came to an end in an earlier try. */
static gboolean
ended_before (PktHaraka *h, PktSlice recipient, PktOutcome outcome)
{
  PktRemembered *part = pkt_haraka_part (h);
  const guint64 mark = final_mark (recipient);
  if (outcome != PKT_BOUNCED)
    return !pkt_remember_mark (part, mark);
  return pkt_remember_again (part, mark,
                             pkt_stamp_written_second (pkt_text_log_stamp (&h->text.log)));
}

PktRecordKind
pkt_haraka_tell_one (PktHaraka *h, PktRecordKind kind, const PktAttempt *common, PktSlice recipient)
{
  PktTextReader *r = &h->text;
  PktAttempt a = *common;
  PktSlice transaction;
  split_uuid (r->id, &transaction);
  a.recipient = recipient;
  fill (pkt_memory_find (r->memory, r->scope, transaction), &a);
  if (kind == PKT_RECORD_EXPIRED || a.outcome == PKT_BOUNCED || a.outcome == PKT_DELIVERED)
    if (ended_before (h, recipient, kind == PKT_RECORD_EXPIRED ? PKT_NOT_ATTEMPTED : a.outcome))
      a.outcome = PKT_HOST_ERROR;
  if (a.outcome == PKT_HOST_ERROR && kind == PKT_RECORD_EXPIRED)
    return PKT_RECORD_OTHER;
  return pkt_text_reader_tell (r, kind, &a);
}

static PktSlice
value_of (PktSlice values, const char *key)
{
  return values.n ? pkt_haraka_value (values, key) : values;
}

/* "rcpts=1/0/0" of a mail whose transaction stands in no line, or not all of it: Haraka's own
 * bounces, or a log that begins later. */
static PktRecordKind
tell_unnamed (PktTextReader *r, const PktAttempt *a, PktSlice values)
{
  const PktSlice rcpts = value_of (values, "rcpts");
  gint64 n;
  PktRecordKind kind = PKT_RECORD_OTHER;
  PktAttempt copy = *a;
  if (a->outcome != PKT_DELIVERED || !pkt_slice_number (pkt_slice_until (rcpts, '/'), &n))
    return kind;
  for (gint64 i = 0; i < MIN (n, MAX_UNNAMED); i++)
    kind = pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &copy);
  return kind;
}

static void
keep_waiting (const PktRemembered *part, GPtrArray *recipients)
{
  for (guint i = recipients->len; i-- > 0;)
    if (pkt_remembers_mark (part, final_mark (pkt_slice_str (recipients->pdata[i]))))
      g_ptr_array_remove_index (recipients, i);
}

static void
keep_unsaid (const PktRemembered *part, GPtrArray *recipients)
{
  for (guint i = recipients->len; i-- > 0;)
    if (pkt_remembers_recipient (part, pkt_slice_str (recipients->pdata[i])))
      g_ptr_array_remove_index (recipients, i);
}

/* "rcpts=2/0/0": all who still waited, and nobody was put off. Then those put off were so in an
 * earlier try, whose end the log need not show: at the level of notices it does not. */
static gboolean
took_all (PktSlice values, guint waiting)
{
  PktSlice rcpts = value_of (values, "rcpts");
  const PktSlice taken = pkt_slice_until (rcpts, '/');
  gint64 n;
  return waiting && pkt_slice_number (taken, &n) && n == waiting
         && pkt_slice_starts (pkt_slice_skip (rcpts, taken.n), PKT_SLICE ("/0/"));
}

/* A part is of one domain, which the line may name; one in other letters is written as xn--. */
static gboolean
are_at (const GPtrArray *recipients, PktSlice domain)
{
  const PktSlice first = pkt_slice_domain (
      pkt_slice_str (recipients->len ? g_ptr_array_index (recipients, 0) : NULL));
  return domain.n == 0 || first.n == 0 || pkt_slice_equal_nocase (first, domain)
         || pkt_slice_find (domain, PKT_SLICE ("xn--")).p;
}

/* The sender comes first: without him the log may begin in the midst of the transaction, so that it
 * has more parts than are known. */
static gboolean
knows_all (const PktRemembered *t)
{
  return t->sender && t->recipients->len < PKT_MEMORY_MAX_RECIPIENTS;
}

PktRecordKind
pkt_haraka_tell_rest (PktHaraka *h, PktRecordKind kind, const PktAttempt *a, PktSlice values)
{
  PktTextReader *r = &h->text;
  PktSlice transaction;
  guint part = split_uuid (r->id, &transaction);
  const PktRemembered *t = pkt_memory_find (r->memory, r->scope, transaction);
  if (t == NULL || t->recipients == NULL || part == 0)
    return tell_unnamed (r, a, values);
  guint n_parts;
  g_autofree guint *parts = parts_of (h, t, &n_parts);
  if (part > n_parts && !always_split (h)) {
    if (!knows_all (t))
      return tell_unnamed (r, a, values);
    note_always_split (h);
    g_free (parts);
    parts = parts_of (h, t, &n_parts);
  }
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func (
      g_free); /* telling may forget them */
  for (guint i = 0; i < t->recipients->len; i++)
    if (parts[i] == part)
      g_ptr_array_add (rest, g_strdup (g_ptr_array_index (t->recipients, i)));
  if (!are_at (rest, value_of (values, "domain")))
    return tell_unnamed (r, a, values);
  keep_waiting (pkt_haraka_part (h), rest);
  if (!took_all (values, rest->len))
    keep_unsaid (pkt_haraka_part (h), rest);
  PktRecordKind told = PKT_RECORD_OTHER;
  for (guint i = 0; i < rest->len; i++)
    told = pkt_haraka_tell_one (h, kind, a, pkt_slice_str (g_ptr_array_index (rest, i)));
  return told;
}
