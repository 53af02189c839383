/* A row of an export as a record. What it does not say is left empty: no host, no code and no reply
 * is ever made up from the service's own label. */
#include "packet/log/event-places.h"
#include "packet/log/event-value.h"
#include "packet/log/text-parse.h"

static void
append_folded (GString *out, PktSlice s)
{
  const char *p = s.p, *limit = p + s.n;
  for (const char *end; (end = pkt_find_either (p, limit, '\r', '\n')); p = end + 1) {
    g_string_append_len (out, p, end - p);
    if (out->len && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  }
  g_string_append_len (out, p, limit - p);
}

static inline gboolean
is_in (PktEventOut *out, GHashTable *set, PktSlice s)
{
  return pkt_event_ask (out->asked, set, s) != NULL;
}

static void
append_number (GString *out, PktSlice number, char behind)
{
  g_string_append_len (out, number.p, (gssize)MIN (number.n, 3));
  g_string_append_c (out, behind);
}

/* KumoMTA keeps code, enhanced code and text apart: the reply is the three in their order. */
static void
append_codes (const PktEventService *s, const PktEventRow *row, PktSlice text, PktEventOut *to)
{
  GString *out = to->text;
  PktSlice code = pkt_event_value (s, row, PKT_FIELD_CODE, -1),
           enhanced = pkt_event_value (s, row, PKT_FIELD_ENHANCED, -1);
  if (code.n != 3 || !pkt_event_is_code (code) || is_in (to, s->own_codes, code))
    return;
  append_number (out, code, ' ');
  if (pkt_event_enhanced (enhanced) && !pkt_event_enhanced (text)) {
    g_string_append_len (out, enhanced.p, (gssize)pkt_event_enhanced (enhanced));
    g_string_append_c (out, ' ');
  }
  PktSlice c = pkt_event_value (s, row, PKT_FIELD_ENHANCED_CLASS, -1),
           u = pkt_event_value (s, row, PKT_FIELD_ENHANCED_SUBJECT, -1),
           d = pkt_event_value (s, row, PKT_FIELD_ENHANCED_DETAIL, -1);
  gint64 n;
  if (!pkt_slice_number (c, &n) || !pkt_slice_number (u, &n) || !pkt_slice_number (d, &n))
    return;
  append_number (out, c, '.');
  append_number (out, u, '.');
  append_number (out, d, ' ');
}

/* Bytes of the noise that the text begins with; 0: it does not. */
static gsize
noise_at (PktSlice text, PktSlice noise)
{
  PktSlice before = pkt_slice_until (noise, '*'), behind = pkt_slice_skip (noise, before.n + 1);
  if (!pkt_slice_starts (text, before))
    return 0;
  PktSlice at = behind.n ? pkt_slice_find (text, behind) : before;
  return behind.n == 0 ? before.n : (at.p ? (gsize)(at.p - text.p) + behind.n : 0);
}

/* Brevo: "550 RecipientError: 550 5.1.1 …"; Mailjet: "sent (250 2.0.0 OK)"; Sweego: "REJECTED[spam]
 * (554 5.7.1 …)". */
static PktSlice
without_noise (const PktEventService *s, PktSlice text)
{
  for (guint i = 0; i < s->noise->len; i++) {
    PktSlice noise = pkt_slice_str (g_ptr_array_index (s->noise, i)), rest = text;
    if (pkt_event_is_code (rest) && rest.n > 4)
      rest = pkt_slice_skip (rest, 4);
    gsize n = noise_at (rest, noise);
    if (n == 0)
      continue;
    text = pkt_slice_trim (pkt_slice_skip (rest, n));
    if (noise.p[noise.n - 1] == '(' && text.n && text.p[text.n - 1] == ')')
      text.n--;
  }
  return text;
}

/* Mandrill: behind the answer, the boundary of the bounce mail that it stood in. */
static PktSlice
without_boundary (PktSlice text)
{
  const PktSlice at = pkt_slice_find (text, PKT_SLICE ("\n\n--"));
  return at.p ? pkt_slice (text.p, (gsize)(at.p - text.p)) : text;
}

/* The text of the reply on one line; empty when there is none. TRUE: a remote host's. */
static gboolean
read_reply (const PktEventService *s, const PktEventRow *row, PktEventOut *to, PktSlice *out)
{
  GString *room = to->text;
  PktSlice text = pkt_event_value (s, row, PKT_FIELD_REPLY, -1);
  if (pkt_slice_starts_nocase (text, PKT_SLICE ("smtp;")))
    text = pkt_slice_trim (pkt_slice_skip (text, 5));
  text = without_boundary (without_noise (s, text));
  *out = pkt_event_is_bare_code (text) ? pkt_slice (NULL, 0) : text;
  if (out->n == 0)
    return FALSE;
  g_string_truncate (room, 0);
  if (s->fields[PKT_FIELD_CODE]->len && !pkt_event_is_code (text))
    append_codes (s, row, text, to);
  if (room->len || memchr (text.p, '\n', text.n) || memchr (text.p, '\r', text.n)) {
    append_folded (room, text);
    *out = pkt_slice_trim (pkt_slice (room->str, room->len));
  }
  return pkt_event_is_answer (*out);
}

static gboolean
names_a_bounce (PktSlice s)
{
  for (gsize i = 0; i + 6 <= s.n; i++)
    if ((s.p[i] | 0x20) == 'b'
        && pkt_slice_equal_nocase (pkt_slice (s.p + i, 6), PKT_SLICE ("bounce")))
      return TRUE;
  return FALSE;
}

/* What the event column says. "General bounce (soft)" there is the service's own label: of several
 * columns the one that names a bounce. */
static PktSlice
said_of (const PktEventService *s, const PktEventRow *row)
{
  for (guint i = 0; i < s->fields[PKT_FIELD_EVENT]->len; i++) {
    PktSlice v = row->at[g_array_index (s->fields[PKT_FIELD_EVENT], PktEventName, i).index];
    if (names_a_bounce (v))
      return pkt_slice_trim (v);
  }
  return pkt_event_value (s, row, PKT_FIELD_EVENT, -1);
}

static PktEventWord
word_of_reply (PktSlice reply, gboolean answered)
{
  char c = answered ? pkt_event_class (reply) : 0;
  if (!answered)
    return PKT_WORD_OTHER;
  return c == '2' ? PKT_WORD_DELIVERED : (c == '4' ? PKT_WORD_DEFERRED : PKT_WORD_BOUNCED);
}

static PktEventWord
settle_word (PktEventWord word, gboolean answered)
{
  if (word == PKT_WORD_BOUNCED_IF_ANSWERED)
    return answered ? PKT_WORD_BOUNCED : PKT_WORD_NOT_ATTEMPTED;
  if (word == PKT_WORD_DELIVERED_IF_ANSWERED)
    return answered ? PKT_WORD_DELIVERED : PKT_WORD_OTHER;
  return word;
}

/* The service's own server says why it could not reach anybody. Its codes are left out: a 5.7.1 of
 * its own is no policy of the receiver. */
static PktEventWord
own_word (const PktEventService *s, PktEventWord word, PktSlice *reply)
{
  for (guint i = 0; i < s->own_words->len; i++) {
    const PktEventOwn *own = &g_array_index (s->own_words, PktEventOwn, i);
    PktSlice at = pkt_slice_find (*reply, pkt_slice_str (own->text));
    if (at.p == NULL)
      continue;
    *reply = at;
    return own->came_to == PKT_WORD_BOUNCED ? word : own->came_to;
  }
  return PKT_WORD_UNKNOWN;
}

static PktOutcome
outcome_of (PktEventWord word)
{
  switch (word) {
  case PKT_WORD_DELIVERED:
    return PKT_DELIVERED;
  case PKT_WORD_DEFERRED:
    return PKT_DEFERRED;
  case PKT_WORD_NOT_ATTEMPTED:
    return PKT_NOT_ATTEMPTED;
  default:
    return PKT_BOUNCED;
  }
}

/* A word that no list holds: a remote host's answer tells what it came to. */
static PktEventWord
guess_word (const PktEventService *s, PktSlice said, const PktAttempt *a)
{
  if (s->otherwise != PKT_WORD_UNKNOWN && s->otherwise != PKT_WORD_UNREAD)
    return s->otherwise;
  if (names_a_bounce (said))
    return PKT_WORD_BOUNCED;
  if (s->otherwise == PKT_WORD_UNREAD && said.n && !a->reply_is_remote)
    return PKT_WORD_UNREAD;
  return word_of_reply (a->reply, a->reply_is_remote);
}

/* Texts that no remote host wrote are kept apart from replies. */
static PktEventWord
read_own_words (const PktEventService *s, PktEventWord word, PktAttempt *a)
{
  if (word == PKT_WORD_DELIVERED)
    return word;
  if (a->reply.n == 0) { /* Postal's stand in its label alone */
    PktSlice label = a->label;
    const PktEventWord own = own_word (s, word, &label);
    return own != PKT_WORD_UNKNOWN ? own : word;
  }
  if (pkt_take_own_status (&a->reply)) {
    a->reply_is_remote = FALSE;
    return word;
  }
  PktEventWord own = own_word (s, word, &a->reply);
  if (own != PKT_WORD_UNKNOWN) {
    a->reply_is_remote = FALSE;
    return own;
  }
  if (!a->reply_is_remote && s->prose_is_label && a->label.n == 0) {
    a->label = a->reply;
    a->reply = pkt_slice (NULL, 0);
  }
  return word;
}

/* What happened, and in whose words: fills reply and label. OTHER: nothing to count. */
static PktEventWord
read_event (const PktEventService *s, const PktEventRow *row, PktEventOut *out, PktAttempt *a)
{
  int from;
  GHashTable *suppressed = pkt_event_map ()->suppressed;
  PktEventWord word = pkt_event_word (s, row, out->asked, &from);
  PktSlice said = said_of (s, row);
  if (from >= 0 && !names_a_bounce (said))
    said = pkt_slice_trim (row->at[from]);
  if (word == PKT_WORD_OTHER)
    return word;
  if (word != PKT_WORD_DELIVERED)
    a->label = pkt_event_value (s, row, PKT_FIELD_LABEL, from);
  if (is_in (out, s->no_label, a->label))
    a->label = pkt_slice (NULL, 0);
  a->reply_is_remote = read_reply (s, row, out, &a->reply);
  if (word == PKT_WORD_UNKNOWN)
    word = guess_word (s, said, a);
  if (is_in (out, suppressed, a->label) || is_in (out, suppressed, said)
      || is_in (out, s->own_codes, pkt_event_value (s, row, PKT_FIELD_CODE, -1)))
    word = PKT_WORD_NOT_ATTEMPTED;
  word = settle_word (word, a->reply_is_remote);
  if (word == PKT_WORD_OTHER || word == PKT_WORD_UNREAD)
    return word;
  word = read_own_words (s, word, a);
  if (word != PKT_WORD_DELIVERED && a->reply.n == 0 && a->label.n == 0)
    a->label = said;
  return word;
}

gboolean
pkt_event_came_to (const PktEventService *s, const PktEventRow *row, PktEventOut *out,
                   PktAttempt *a, gboolean *expired)
{
  PktEventWord word = read_event (s, row, out, a);
  a->outcome = outcome_of (word);
  *expired = word == PKT_WORD_EXPIRED;
  return word != PKT_WORD_OTHER && word != PKT_WORD_UNREAD;
}

gboolean
pkt_event_looks_whole (const PktEventService *s, const PktEventRow *row)
{
  PktStamp stamp;
  return pkt_event_is_address (
             pkt_event_address (pkt_event_value (s, row, PKT_FIELD_RECIPIENT, -1)))
         && pkt_event_row_time (s, row, NULL, &stamp);
}

PktRecordKind
pkt_event_emit (const PktEventService *s, const PktEventRow *row, PktEventOut *out)
{
  PktAttempt a = { .smtp = TRUE };
  PktEventWord word = read_event (s, row, out, &a);
  if (word == PKT_WORD_OTHER || word == PKT_WORD_UNREAD)
    return word == PKT_WORD_OTHER ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  a.outcome = outcome_of (word);
  a.recipient = pkt_event_address (pkt_event_value (s, row, PKT_FIELD_RECIPIENT, -1));
  if (!pkt_event_is_address (a.recipient) || !pkt_event_row_time (s, row, &out->time, &a.stamp))
    return PKT_RECORD_UNKNOWN;
  pkt_event_places (s, row, &out->ips, &a);
  pkt_event_own_id (s, row, out, &a);
  PktRecordKind kind = PKT_RECORD_ATTEMPT;
  if (word == PKT_WORD_EXPIRED && a.queue_id.n)
    kind = PKT_RECORD_EXPIRED;
  out->last = a.stamp;
  out->service = out->service ? out->service : s;
  out->sink (kind, &a, out->data);
  return kind;
}
