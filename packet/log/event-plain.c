#include "packet/log/event-plain.h"
#include "packet/base/simd.h"
#include "packet/log/event-places.h"
#include "packet/log/event-usual.h"
#include "packet/log/event-value.h"

static const PktEventField fields[PKT_N_PLAIN] = { PKT_FIELD_EVENT,     PKT_FIELD_TIME,
                                                   PKT_FIELD_RECIPIENT, PKT_FIELD_QUEUE_ID,
                                                   PKT_FIELD_REMOTE,    PKT_FIELD_REMOTE_IP };

void
pkt_plain_choose (const PktEventService *s, const gint16 where[PKT_EVENT_MAX_NAMES],
                  PktPlainPlaces *out)
{
  out->others = 0;
  for (guint i = 0; i < PKT_N_PLAIN; i++) {
    out->at[i] = -1;
    for (guint k = 0; k < s->fields[fields[i]]->len; k++) {
      gint16 place = where[g_array_index (s->fields[fields[i]], PktEventName, k).index];
      if (out->at[i] < 0)
        out->at[i] = place;
      else if (place >= 0)
        out->others |= (guint8)(1 << i);
    }
  }
  out->alone = s->remote_behind->len == 0
               && !(out->others & (1 << PKT_PLAIN_QUEUE_ID | 1 << PKT_PLAIN_REMOTE_IP));
}

static void
remember (PktEventMemo *memo, const PktEventService *s, PktSlice word, PktPlainWord kind)
{
  if (memo->service != s)
    memo->n_words = memo->delivered_n = 0;
  memo->service = s;
  if (kind == PKT_PLAIN_DELIVERED && memo->delivered_n == 0) {
    memo->delivered_n = (guint8)word.n;
    memcpy (memo->delivered, word.p, word.n);
  }
  if (memo->n_words == PKT_PLAIN_WORDS)
    return;
  memo->words[memo->n_words].n = (guint8)word.n;
  memo->words[memo->n_words].kind = (guint8)kind;
  memcpy (memo->words[memo->n_words++].text, word.p, word.n);
}

static PktPlainWord
read_word (const PktEventService *s, PktSlice said, PktEventMemo *memo)
{
  char folded[PKT_EVENT_MAX_NAME];
  if (s->fields[PKT_FIELD_EVENT]->len != 1 || said.n == 0 || said.n > PKT_PLAIN_WORD_BYTES
      || !pkt_event_fold (said, folded))
    return PKT_PLAIN_ASK;
  PktEventWord word = (PktEventWord)GPOINTER_TO_INT (g_hash_table_lookup (s->words, folded));
  gboolean plain = word == PKT_WORD_DELIVERED && g_hash_table_size (s->own_codes) == 0
                   && !g_hash_table_contains (pkt_event_map ()->suppressed, folded);
  PktPlainWord kind = plain                    ? PKT_PLAIN_DELIVERED
                      : word == PKT_WORD_OTHER ? PKT_PLAIN_OTHER
                                               : PKT_PLAIN_ASK;
  if (word == PKT_WORD_DEFERRED || word == PKT_WORD_BOUNCED)
    kind = PKT_PLAIN_REFUSED;
  remember (memo, s, said, kind);
  return kind;
}

PktPlainWord
pkt_plain_read_word (const PktEventService *s, PktSlice said, PktEventMemo *memo)
{
  PktPlainWord kind = pkt_usual_word (memo, s, said);
  return kind == PKT_PLAIN_NEW ? read_word (s, said, memo) : kind;
}

static PktGlanceKind
judge (const PktGlanceRule *rule, PktSlice recipient, PktSlice host, PktSlice ip)
{
  gboolean other = host.n + ip.n ? rule->elsewhere (rule->data, recipient, host, ip)
                                 : rule->other_domain (rule->data, recipient);
  if (!other)
    return PKT_GLANCE_PLAIN;
  return host.n + ip.n ? PKT_GLANCE_ELSEWHERE : PKT_GLANCE_ELSEWHERE_SO_FAR;
}

/* The host's name, when nothing else can change whose the row is. */
static inline PktSlice
name_of_host (PktSlice remote, PktSlice ip)
{
  PktSlice inside, host = pkt_event_host_part (remote, &inside);
  return host.n && g_ascii_isalpha (host.p[0]) && pkt_find_byte (host.p, host.p + host.n, '.')
                 && !pkt_usual_may_be_local (inside) && !pkt_usual_may_be_local (ip)
             ? host
             : pkt_slice (NULL, 0);
}

typedef enum {
  HOST_UNKNOWN, /* the row must be asked */
  HOST_MAYBE,   /* Apple's, perhaps */
  HOST_ELSEWHERE,
} HostVerdict;

/* Whoever the recipient is. */
static HostVerdict
judge_host (const PktGlanceRule *rule, PktSlice remote)
{
  const PktSlice none = { NULL, 0 };
  PktSlice host = name_of_host (remote, none);
  if (host.n == 0)
    return HOST_UNKNOWN;
  return rule->elsewhere (rule->data, none, host, none) ? HOST_ELSEWHERE : HOST_MAYBE;
}

/* The last bracket that opens, where an IPv4 address and ")" stand behind it. */
static inline const char *
last_bracket (PktSlice remote)
{
  const char *limit = remote.p + remote.n;
  if (remote.n > 16) {
    const guint mask = pkt_mask_16 (limit - 17, '(');
    if (mask)
      return limit - 17 + 31 - __builtin_clz (mask);
  }
  return memrchr (remote.p, '(', remote.n);
}

/* "mx.example.net" of "mx.example.net (192.0.2.7)", where the address says nothing more; else all
 * of it. */
static inline PktSlice
without_address (PktSlice remote)
{
  const char *limit = remote.p + remote.n, *open = limit[-1] == ')' ? last_bracket (remote) : NULL;
  if (open && open - remote.p > 1 && open[-1] == ' '
      && !pkt_usual_may_be_local (pkt_slice (open + 1, (gsize)(limit - open) - 1)))
    remote.n = (gsize)(open - remote.p) - 1;
  return remote;
}

/* Most mail goes to a few hosts. */
static inline HostVerdict
verdict_of (const PktGlanceRule *rule, PktEventMemo *memo, PktSlice remote)
{
  guint64 tail;
  remote = without_address (remote);
  if (remote.n < sizeof tail || remote.n > PKT_PLAIN_HOST_BYTES || remote.p[remote.n - 1] == ')')
    return judge_host (rule, remote);
  memcpy (&tail, remote.p + remote.n - sizeof tail, sizeof tail);
  tail = (tail ^ (guchar)remote.p[0] ^ ((guint64)(guchar)remote.p[2] << 8) ^ (remote.n << 16))
         * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint i = (guint)(tail >> 32) % PKT_PLAIN_HOSTS;
  if (memo->hosts[i].n == remote.n && pkt_bytes_same (memo->hosts[i].text, remote.p, remote.n))
    return (HostVerdict)memo->hosts[i].elsewhere;
  memo->hosts[i].n = (guint8)remote.n;
  memo->hosts[i].elsewhere = (guint8)judge_host (rule, remote);
  memcpy (memo->hosts[i].text, remote.p, remote.n);
  return (HostVerdict)memo->hosts[i].elsewhere;
}

/* Empty ones may stand elsewhere. */
static gboolean
may_lack (const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN])
{
  for (guint bits = places->others; bits; bits &= bits - 1)
    if (values[__builtin_ctz (bits)].n == 0)
      return TRUE;
  return FALSE;
}

/* Blanks would have to be taken off; what was met before has none, and an address is looked at. */
static inline gboolean
are_as_told (const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN])
{
  return !(places->others && may_lack (places, values))
         && !pkt_usual_has_blank_ends (values[PKT_PLAIN_TIME])
         && !pkt_usual_has_blank_ends (values[PKT_PLAIN_QUEUE_ID])
         && !pkt_usual_has_blank_ends (values[PKT_PLAIN_REMOTE])
         && !pkt_usual_has_blank_ends (values[PKT_PLAIN_REMOTE_IP]);
}

PktPlainWord
pkt_plain_word (const PktEventMemo *memo, const PktEventService *s, PktSlice said)
{
  return pkt_usual_word (memo, s, said);
}

static PKT_ALWAYS_INLINE gboolean
tell_whose (const PktGlanceRule *rule, const PktEventService *s, const PktPlainPlaces *places,
            const PktSlice values[PKT_N_PLAIN], PktEventMemo *memo, PktGlance *out)
{
  PktSlice recipient = values[PKT_PLAIN_RECIPIENT], remote = values[PKT_PLAIN_REMOTE],
           ip = values[PKT_PLAIN_REMOTE_IP];
  PktStamp stamp;
  if (pkt_usual_tell_row (rule, s, places, values, memo, pkt_usual_split, pkt_event_is_bare, out))
    return TRUE;
  if (s->remote_behind->len || !are_as_told (places, values) || !pkt_event_is_bare (recipient)
      || !pkt_event_stamp_again (s, values[PKT_PLAIN_TIME], &memo->time, &stamp))
    return FALSE;
  PktGlanceKind kind = remote.n ? PKT_GLANCE_ELSEWHERE : PKT_GLANCE_ELSEWHERE_SO_FAR;
  HostVerdict verdict = remote.n ? verdict_of (rule, memo, remote) : HOST_ELSEWHERE;
  if (verdict == HOST_UNKNOWN || (remote.n == 0 && ip.n) || pkt_usual_may_be_local (ip))
    return FALSE;
  if (verdict == HOST_MAYBE || !rule->other_domain (rule->data, recipient))
    out->kind = PKT_GLANCE_PLAIN;
  else
    pkt_usual_tell (out, kind, recipient, pkt_usual_key (memo, values[PKT_PLAIN_QUEUE_ID]), stamp);
  return TRUE;
}

gboolean
pkt_plain_whose (const PktGlanceRule *rule, const PktEventService *s, const PktPlainPlaces *places,
                 const PktSlice values[PKT_N_PLAIN], PktEventMemo *memo, PktGlance *out)
{
  return tell_whose (rule, s, places, values, memo, out);
}

gboolean
pkt_plain_look (const PktGlanceRule *rule, const PktEventService *s, const PktPlainPlaces *places,
                const PktSlice values[PKT_N_PLAIN], PktEventMemo *memo, PktGlance *out)
{
  PktPlainWord word = pkt_usual_word (memo, s, values[PKT_PLAIN_WORD]);
  if (word == PKT_PLAIN_DELIVERED)
    return tell_whose (rule, s, places, values, memo, out);
  out->kind = word == PKT_PLAIN_OTHER ? PKT_GLANCE_KNOWN : PKT_GLANCE_PLAIN;
  return word != PKT_PLAIN_NEW;
}

gboolean
pkt_plain_ask (const PktGlanceRule *rule, const PktEventService *s, const PktEventRow *row,
               PktEventMemo *memo, PktGlance *out)
{
  PktStamp stamp;
  PktSlice recipient = pkt_event_address (pkt_event_value (s, row, PKT_FIELD_RECIPIENT, -1));
  if (pkt_plain_read_word (s, pkt_event_value (s, row, PKT_FIELD_EVENT, -1), memo)
          != PKT_PLAIN_DELIVERED
      || !pkt_event_is_address (recipient) || !pkt_event_row_time (s, row, &memo->time, &stamp))
    return FALSE;
  PktAttempt a = { .recipient = recipient,
                   .remote_ip = pkt_event_ip (pkt_event_value (s, row, PKT_FIELD_REMOTE_IP, -1)) };
  pkt_event_remote (s, pkt_event_value (s, row, PKT_FIELD_REMOTE, -1), &a);
  PktGlanceKind kind = judge (rule, recipient, a.remote_host, a.remote_ip);
  if (kind != PKT_GLANCE_PLAIN)
    pkt_usual_tell (out, kind, recipient,
                    pkt_usual_key (memo, pkt_event_value (s, row, PKT_FIELD_QUEUE_ID, -1)), stamp);
  return kind != PKT_GLANCE_PLAIN;
}
