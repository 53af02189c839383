/* A log of any bytes, taken line by line, and taken by blocks with what a glance tells of each
 * line: both must hand out the same records, but that an accepted attempt to another receiver may
 * come as ELSEWHERE; with apple_only, the same of what is Apple's. Of Exim's messages both must
 * know the same where it matters: at an attempt, and at the end. */
#include <stdint.h>
#include <stdlib.h>
#include "packet/apple/relay.h"
#include "packet/log/block.h"
#include "packet/log/format.h"
#include "packet/trend/join.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* Records that are another receiver's, one after the other: a run tells no more of them. */
typedef struct {
  guint n;
  guint64 key, fingerprint; /* sums */
  PktStampKind kind;
  gint64 first, last, slot;
  guint16 sort;
  guint8 outcome;
} Elsewhere;

typedef struct {
  GString *out;
  const PktRelay *relay;
  PktJoin *join;        /* of Exim's messages; NULL for other formats */
  gboolean message_ids; /* asked for */
  gboolean apple_only;  /* other records are left out, and lines that nobody could read */
  gboolean sums;        /* of what was not accepted, too */
  gboolean put_offs;    /* no more than that is asked of a recipient who waits */
  Elsewhere elsewhere;
} Told;

static void
tell_slice (GString *out, PktSlice s)
{
  g_string_append_c (out, s.p ? '<' : '-');
  g_string_append_len (out, s.p, (gssize)s.n);
}

static void
end_elsewhere (Told *t)
{
  const Elsewhere *e = &t->elsewhere;
  if (e->n)
    g_string_append_printf (t->out,
                            "%u elsewhere %u %u %" G_GINT64_MODIFIER "x %d %" G_GINT64_FORMAT
                            " %" G_GINT64_FORMAT " %" G_GINT64_MODIFIER "x\n",
                            e->n, e->outcome, e->sort, e->key, (int)e->kind, e->first, e->last,
                            e->fingerprint);
  t->elsewhere.n = 0;
}

static void
add_elsewhere (Told *t, const Elsewhere *more)
{
  Elsewhere *e = &t->elsewhere;
  gint64 slot = more->first / PKT_GLANCE_SLOT - (more->first % PKT_GLANCE_SLOT < 0);
  if (e->n == 0 || e->kind != more->kind || e->slot != slot || e->outcome != more->outcome
      || e->sort != more->sort) {
    end_elsewhere (t);
    *e = *more;
    e->slot = slot;
    return;
  }
  e->n += more->n;
  e->key += more->key;
  e->first = MIN (e->first, more->first);
  e->last = MAX (e->last, more->last);
  e->fingerprint += more->fingerprint;
}

/* A number that stands for the reply. */
static guint16
sort (PktSlice reply)
{
  return (guint16)pkt_slice_hash (reply, 0);
}

static void
tell_elsewhere (Told *t, guint64 key, const PktAttempt *a, guint64 fingerprint)
{
  const Elsewhere one = { .n = 1,
                          .key = key,
                          .fingerprint = fingerprint,
                          .kind = a->stamp.kind,
                          .first = a->stamp.us,
                          .last = a->stamp.us,
                          .outcome = (guint8)a->outcome,
                          .sort = a->outcome == PKT_BOUNCED ? sort (a->reply) : 0 };
  add_elsewhere (t, &one);
}

static gboolean
is_elsewhere (const PktRelay *relay, const PktAttempt *a)
{
  return a->remote_host.n == 0 && a->remote_ip.n == 0
             ? pkt_relay_is_other_domain (relay, a->recipient)
             : pkt_relay_is_elsewhere (relay, a->recipient, a->remote_host, a->remote_ip);
}

/* Its line has something that tells so. */
static gboolean
is_named (const PktRelay *relay, const PktAttempt *a)
{
  return !pkt_relay_is_other_domain (relay, a->recipient)
         || pkt_relay_is_apple_host (relay, a->remote_host)
         || pkt_slice_starts (a->remote_ip, PKT_SLICE ("17."));
}

static void
tell_record (GString *out, PktRecordKind kind, guint64 key, const PktAttempt *a)
{
  const PktSlice all[] = { a->recipient, a->sender, a->remote_host, a->remote_ip,   a->local_ip,
                           a->transport, a->reply,  a->queue_id,    a->queue_scope, a->message_id };
  g_string_append_printf (
      out, "%d %" G_GINT64_MODIFIER "x %d %d %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
      (int)kind, key, (int)a->outcome, (int)a->stage, a->smtp, (int)a->stamp.kind, a->stamp.us,
      a->size);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    tell_slice (out, all[i]);
  g_string_append_c (out, '\n');
}

/* As run/count.c does with a message's lines. TRUE when nothing is told of this one. */
static gboolean
join (Told *t, PktRecordKind kind, PktAttempt *a)
{
  if (kind == PKT_RECORD_RECEIVED && !t->message_ids) {
    a->size = -1;
    a->message_id = pkt_slice (NULL, 0);
  }
  if (kind == PKT_RECORD_RECEIVED || kind == PKT_RECORD_REMOVED)
    pkt_join_note (t->join, kind, a);
  if (kind != PKT_RECORD_ATTEMPT || !a->smtp)
    return kind != PKT_RECORD_EXPIRED;
  pkt_join_fill (t->join, a);
  if (a->message_id.n == 0) /* empty or absent is the same */
    a->message_id.p = NULL;
  end_elsewhere (t);
  g_string_append_printf (t->out, "waits %d\n",
                          pkt_join_waits (t->join, pkt_attempt_queue_key (a)));
  return FALSE;
}

static void
join_after (Told *t, const PktAttempt *a)
{
  if (a->outcome == PKT_DEFERRED || a->outcome == PKT_NOT_ATTEMPTED)
    pkt_join_put_off (t->join, a, FALSE, NULL);
  else
    pkt_join_settle (t->join, a);
}

static void
tell_joined (guint64 key, const PktJoined *message, const PktAttempt *waiting, gboolean apple,
             gboolean offered, gpointer data)
{
  Told *t = data;
  g_string_append_printf (t->out, "known %" G_GINT64_MODIFIER "x %" G_GINT64_FORMAT " %d %d", key,
                          message->size, apple, offered);
  tell_slice (t->out, message->sender);
  tell_slice (t->out, message->message_id);
  tell_slice (t->out, waiting ? waiting->recipient : pkt_slice (NULL, 0));
  g_string_append_c (t->out, '\n');
}

/* Another receiver's own words, by which it counts as 450 does. */
static gboolean
is_put_off (const Told *t, PktRecordKind kind, const PktAttempt *a)
{
  const PktSlice s = a->reply;
  if (!t->put_offs || kind == PKT_RECORD_PUT_OFF)
    return kind == PKT_RECORD_PUT_OFF;
  return kind == PKT_RECORD_ATTEMPT && a->smtp && a->outcome == PKT_DEFERRED
         && a->stamp.kind != PKT_STAMP_NONE && is_elsewhere (t->relay, a) && s.n > 3
         && s.p[0] == '4' && g_ascii_isdigit (s.p[1]) && g_ascii_isdigit (s.p[2])
         && (s.p[3] == ' ' || s.p[3] == '-');
}

static void
tell_put_off (Told *t, const PktAttempt *a)
{
  const guint64 key = pkt_attempt_queue_key (a);
  const PktAttempt brief = { .outcome = PKT_DEFERRED,
                             .smtp = TRUE,
                             .recipient = a->recipient,
                             .reply = PKT_SLICE ("450"),
                             .queue_key = key,
                             .size = -1 };
  end_elsewhere (t);
  g_string_append_printf (
      t->out, "put off %" G_GINT64_MODIFIER "x %d %" G_GINT64_FORMAT " %" G_GINT64_MODIFIER "x ",
      key, (int)a->stamp.kind, a->stamp.us,
      a->fingerprint ? a->fingerprint : pkt_attempt_fingerprint (a->recipient, key, a->stamp));
  tell_slice (t->out, a->recipient);
  g_string_append_c (t->out, '\n');
  if (t->join)
    pkt_join_put_off (t->join, &brief, FALSE, &brief);
}

static void
sink (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Told *t = data;
  const guint64 key = a->queue_key || a->queue_id.n ? pkt_attempt_queue_key (a) : 0;
  gboolean joined = t->join && (kind == PKT_RECORD_RECEIVED || kind == PKT_RECORD_REMOVED);
  if (t->apple_only && !is_named (t->relay, a) && !joined)
    return;
  if (kind == PKT_RECORD_ELSEWHERE) {
    tell_elsewhere (t, a->queue_key, a, a->fingerprint);
    return;
  }
  if (is_put_off (t, kind, a)) {
    tell_put_off (t, a);
    return;
  }
  if (kind == PKT_RECORD_ATTEMPT && a->smtp && (a->outcome == PKT_DELIVERED || t->sums)
      && is_elsewhere (t->relay, a)) {
    if (t->apple_only)
      return;
    const guint64 own = pkt_attempt_queue_key (a);
    tell_elsewhere (t, own, a, pkt_attempt_fingerprint (a->recipient, own, a->stamp));
    return;
  }
  if ((kind == PKT_RECORD_MESSAGE_ID || kind == PKT_RECORD_RESENT_ID) && !t->message_ids)
    return;
  PktAttempt own = *a;
  if (t->join && join (t, kind, &own))
    return;
  end_elsewhere (t);
  if (kind == PKT_RECORD_REMOVED)
    g_string_append_printf (t->out, "removed %" G_GINT64_MODIFIER "x\n", key);
  else if (kind == PKT_RECORD_ARRIVAL) { /* the key says whose */
    g_string_append_printf (t->out, "arrived %" G_GINT64_MODIFIER "x %" G_GINT64_FORMAT, key,
                            a->size);
    tell_slice (t->out, a->sender);
    g_string_append_c (t->out, '\n');
  } else
    tell_record (t->out, kind, key, &own);
  if (t->join && kind == PKT_RECORD_ATTEMPT)
    join_after (t, a);
}

typedef struct {
  const PktFormat *format;
  gpointer state;
  Told told;
  guint lines; /* so far */
  int asked;   /* PktRecordKind of the line at hand, which somebody asks for; -1 */
  gboolean passes;
  gint64 years;
  PktStamp last; /* that the parser does not know of */
} Reading;

/* As packet/run/brief.c: what is told whole does without the parser. */
static gboolean
pass (Reading *r, PktSlice line, const PktGlance *seen)
{
  PktAttempt a = { .queue_key = seen->key, .size = -1 };
  if (r->format->remembers && r->format->remembers (r->state, seen->key))
    return FALSE;
  if (seen->kind == PKT_GLANCE_ARRIVAL) {
    a.sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
    a.size = seen->us;
    sink (PKT_RECORD_ARRIVAL, &a, &r->told);
  } else if (seen->kind == PKT_GLANCE_RECEIVED && seen->fingerprint == 0) {
    a.sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
    a.size = seen->us;
    sink (PKT_RECORD_RECEIVED, &a, &r->told);
  } else if (seen->kind == PKT_GLANCE_REMOVED)
    sink (PKT_RECORD_REMOVED, &a, &r->told);
  else if (seen->kind == PKT_GLANCE_ELSEWHERE || seen->kind == PKT_GLANCE_ELSEWHERE_TO
           || seen->kind == PKT_GLANCE_WHOLE) {
    if (seen->kind == PKT_GLANCE_WHOLE)
      sink (PKT_RECORD_REMOVED, &a, &r->told);
    r->last = (PktStamp){ seen->us, (PktStampKind)seen->stamp_kind };
    r->last.us += r->last.kind == PKT_STAMP_YEARLESS ? r->years : 0;
    a.stamp = r->last;
    if (!r->told.apple_only)
      tell_elsewhere (&r->told, seen->key, &a, seen->fingerprint);
  } else
    return FALSE;
  return TRUE;
}

static void
pause_passing (Reading *r)
{
  if (r->last.kind != PKT_STAMP_NONE)
    r->format->passed (r->state, r->last);
  r->last.kind = PKT_STAMP_NONE;
}

/* Somebody asks what such a line says: a line of another program is asked for where that has a
 * format of its own. */
static gboolean
is_asked_for (PktRecordKind kind, PktSlice line)
{
  return kind == PKT_RECORD_UNKNOWN
         || (kind == PKT_RECORD_FOREIGN && pkt_format_of_line (line) != NULL);
}

static void
feed (Reading *r, PktSlice line, const PktGlance *seen)
{
  if (seen && r->passes && pass (r, line, seen))
    return;
  pause_passing (r);
  PktRecordKind kind = seen ? r->format->parse_known (r->state, line, seen, sink, &r->told)
                            : r->format->parse (r->state, line, sink, &r->told);
  r->passes = r->format->passes && r->format->passes (r->state, &r->years);
  if (!r->told.apple_only && is_asked_for (kind, line))
    r->asked = (int)kind;
}

/* Told once, whether a line comes whole or record by record. */
static void
end_line (Reading *r)
{
  if (r->asked < 0)
    return;
  end_elsewhere (&r->told);
  g_string_append_printf (r->told.out, "kind %d\n", r->asked);
  r->asked = -1;
}

static guint64
sum_of_keys (const PktGlance *run, const guint64 *keys)
{
  const PktAttempt none = { 0 };
  guint64 sum = 0;
  guint n = 0;
  if (!run->keyed)
    return pkt_attempt_queue_key (&none) * run->records;
  for (; *keys != PKT_GLANCE_NO_KEYS; keys++) {
    sum += *keys == PKT_GLANCE_NO_KEY ? 0 : *keys;
    n += *keys != PKT_GLANCE_NO_KEY;
  }
  if (n != run->records)
    abort ();
  return sum;
}

static guint
feed_run (Reading *r, PktSlice text, const PktGlance *run, const guint64 *keys)
{
  guint lines = 0;
  gboolean taken = r->format->parse_run (r->state, run);
  const Elsewhere sum = { .n = run->records,
                          .key = r->told.apple_only ? 0 : sum_of_keys (run, keys),
                          .fingerprint = run->fingerprint,
                          .kind = (PktStampKind)run->stamp_kind,
                          .first = run->us,
                          .last = run->last_us,
                          .outcome = run->outcome,
                          .sort = run->sort };
  if (taken && run->records && !r->told.apple_only)
    add_elsewhere (&r->told, &sum);
  for (gboolean more = TRUE; more; lines++) {
    PktSlice line = pkt_slice_until (text, '\n');
    more = line.n < text.n;
    text = pkt_slice_skip (text, line.n + 1);
    line.n -= line.n && line.p[line.n - 1] == '\r';
    if (taken)
      continue;
    feed (r, line, NULL);
    if (more)
      end_line (r);
  }
  return lines;
}

/* Lines are counted on, so that none is lost in a run. */
static void
feed_block (Reading *r, const PktBlock *b)
{
  for (guint i = 0; i < b->n_lines; i++) {
    const PktBlockLine *l = &b->lines[i];
    PktSlice text = pkt_slice (b->raw.bytes + l->at, l->n);
    guint n = 1;
    if (l->number != r->lines)
      end_line (r);
    if (l->seen.kind == PKT_GLANCE_RUN)
      n = feed_run (r, text, &l->seen, b->keys + l->seen.keys_at);
    else
      feed (r, text, l->seen.kind > PKT_GLANCE_PLAIN ? &l->seen : NULL);
    if (n > 1 || l->number != r->lines) /* else a further record of the line */
      r->lines += n;
    if (l->number < r->lines || (l->seen.kind == PKT_GLANCE_RUN && l->number != r->lines))
      abort ();
    r->lines = l->number;
  }
}

/* Where the next lines end that are read in one step. */
static gsize
step (const PktBlock *b, guint lines, gsize n)
{
  gsize at = b->at;
  for (guint i = 0; i < lines && at < n; i++) {
    const char *lf = memchr (b->raw.bytes + at, '\n', n - at);
    at = lf ? (gsize)(lf - b->raw.bytes) + 1 : n;
  }
  return at;
}

/* Splits as blocks are split; a rule of NULL: no glances. */
static char *
read_log (const PktFormat *f, PktBlock *b, const PktGlanceRule *asked, PktGlanceRule *rule)
{
  g_autoptr (PktJoin) messages = g_str_equal (f->name, "exim") ? pkt_join_new () : NULL;
  Reading r = { f,
                f->begin (),
                { g_string_new (NULL),
                  asked->data,
                  messages,
                  asked->message_ids,
                  asked->apple_only,
                  asked->sort != NULL,
                  asked->put_offs,
                  { 0 } },
                0,
                -1,
                FALSE,
                0,
                { 0 } };
  const PktGlancer *glancer = NULL;
  gpointer state = NULL;
  pkt_block_start (b);
  const gsize whole = b->raw.n;
  /* A table's header is read before the glances begin, of which they must know; then in steps of as
   * many lines as the bytes say, so that a step knows of lines in those before, or in one. */
  const guint lines = 2 + (guint)pkt_slice_hash (pkt_slice (b->raw.bytes, whole), 0) % 62;
  b->raw.n = step (b, g_str_equal (f->name, "events-csv") ? 2 : 0, whole);
  for (gboolean more = TRUE; more; b->raw.n = step (b, lines, whole)) {
    while (pkt_block_split (b, glancer, state))
      feed_block (&r, b);
    more = b->at < whole;
    if (rule && glancer == NULL) {
      rule->state = r.state;
      glancer = f->glancer;
      state = glancer->begin (rule);
    }
  }
  end_line (&r);
  pause_passing (&r);
  end_elsewhere (&r.told);
  if (messages)
    pkt_join_each (messages, tell_joined, &r.told);
  PktStamp last = f->last_stamp (r.state);
  if (asked->apple_only)
    last.kind = PKT_STAMP_NONE;
  g_string_append_printf (r.told.out, "last %d %" G_GINT64_FORMAT " lines %u long %u\n",
                          (int)last.kind, last.kind == PKT_STAMP_YEARLESS ? last.us : 0, b->counted,
                          b->long_lines);
  f->end (r.state);
  if (state)
    f->glancer->end (state);
  return g_string_free (r.told.out, FALSE);
}

static void
compare (const PktFormat *f, PktBlock *b, PktGlanceRule *rule)
{
  g_autofree char *plain = read_log (f, b, rule, NULL);
  g_autofree char *glanced = read_log (f, b, rule, rule);
  if (strcmp (plain, glanced) == 0)
    return;
  g_printerr ("%s, line by line:\n%s\nwith a glance:\n%s", f->name, plain, glanced);
  abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char *const names[] = { "postfix", "events-json", "events-csv", "exim" };
  g_autoptr (PktRelay) relay = pkt_relay_new (NULL, NULL);
  PktGlanceRule rule = { .message_ids = TRUE,
                         .elsewhere = pkt_relay_is_elsewhere,
                         .other_domain = pkt_relay_is_other_domain,
                         .may_name = pkt_relay_may_name,
                         .next_name = pkt_relay_next_name,
                         .data = relay };
  PktBlock block = { 0 };
  block.raw.n = MIN (n, PKT_BLOCK_BYTES);
  block.raw.bytes = block.raw.room = g_malloc0 (block.raw.n
                                                + PKT_BLOCK_PADDING); /* reading past it is seen */
  memcpy (block.raw.room, bytes, block.raw.n);
  for (gsize i = 0; i < PKT_BLOCK_PADDING && block.raw.n; i++) /* what a block before may leave */
    block.raw.room[block.raw.n + i] = (char)bytes[(block.raw.n / 2 + i) % block.raw.n];
  block.raw.open = TRUE;
  block.lines = g_new (PktBlockLine, PKT_BLOCK_LINES);
  block.keys = g_new (guint64, PKT_BLOCK_KEYS);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const PktFormat *f = pkt_format_find (names[i]);
    /* Postfix's lines that are left out tell of the year, in logs whose time goes back */
    const int ways = strcmp (names[i], "postfix") ? 3 : 2;
    for (int asked = 0; asked < ways; asked++) {
      rule.message_ids = asked == 1;
      rule.sort = g_str_equal (names[i], "events-csv") ? sort : NULL;
      rule.apple_only = asked == 2;
      rule.put_offs = asked == 0 && (i == 0 || i == 3);
      compare (f, &block, &rule);
    }
  }
  g_free (block.raw.room);
  g_free (block.lines);
  g_free (block.keys);
  return 0;
}
