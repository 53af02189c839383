/* A log of any bytes, taken line by line, and taken by blocks with what a glance tells of each
 * line: both must hand out the same records, but that an accepted attempt to another receiver may
 * come as ELSEWHERE; with apple_only, the same of what is Apple's. Of Exim's messages both must
 * know the same where it matters: at an attempt, and at the end. */
#include <stdint.h>
#include <stdlib.h>
#include "packet/log/block.h"
#include "tests/fuzz/glance-told.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

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
    told_sink (PKT_RECORD_ARRIVAL, &a, &r->told);
  } else if (seen->kind == PKT_GLANCE_RECEIVED && seen->fingerprint == 0) {
    a.sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
    a.size = seen->us;
    told_sink (PKT_RECORD_RECEIVED, &a, &r->told);
  } else if (seen->kind == PKT_GLANCE_REMOVED)
    told_sink (PKT_RECORD_REMOVED, &a, &r->told);
  else if (seen->kind == PKT_GLANCE_ELSEWHERE || seen->kind == PKT_GLANCE_ELSEWHERE_TO
           || seen->kind == PKT_GLANCE_WHOLE) {
    if (seen->kind == PKT_GLANCE_WHOLE)
      told_sink (PKT_RECORD_REMOVED, &a, &r->told);
    r->last = (PktStamp){ seen->us, (PktStampKind)seen->stamp_kind };
    r->last.us += r->last.kind == PKT_STAMP_YEARLESS ? r->years : 0;
    a.stamp = r->last;
    if (!r->told.apple_only)
      told_elsewhere (&r->told, seen->key, &a, seen->fingerprint);
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
  PktRecordKind kind = seen ? r->format->parse_known (r->state, line, seen, told_sink, &r->told)
                            : r->format->parse (r->state, line, told_sink, &r->told);
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
  told_end_elsewhere (&r->told);
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
    told_add_elsewhere (&r->told, &sum);
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
  told_end_elsewhere (&r.told);
  if (messages)
    pkt_join_each (messages, told_joined, &r.told);
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
      rule.sort = g_str_equal (names[i], "events-csv") ? told_sort : NULL;
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
