#include "packet/log/event-plain.h"
#include "packet/log/event-places.h"
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
}

static inline PktPlainWord
word_of (const PktEventMemo *memo, const PktEventService *s, PktSlice said)
{
  for (guint i = 0; memo->service == s && i < memo->n_words; i++)
    if (memo->words[i].n == said.n && pkt_bytes_same (said.p, memo->words[i].text, said.n))
      return (PktPlainWord)memo->words[i].kind;
  return PKT_PLAIN_NEW;
}

static void
remember (PktEventMemo *memo, const PktEventService *s, PktSlice word, PktPlainWord kind)
{
  if (memo->service != s)
    memo->n_words = memo->time_n = 0;
  memo->service = s;
  if (memo->n_words == PKT_PLAIN_WORDS)
    return;
  memo->words[memo->n_words].n = (guint8)word.n;
  memo->words[memo->n_words].kind = (guint8)kind;
  memcpy (memo->words[memo->n_words++].text, word.p, word.n);
}

/* What the event column says, where it is the service's only one. */
static PktPlainWord
read_word (const PktEventService *s, const PktEventRow *row, PktEventMemo *memo)
{
  char folded[PKT_EVENT_MAX_NAME];
  PktSlice said = pkt_event_value (s, row, PKT_FIELD_EVENT, -1);
  PktPlainWord kind = word_of (memo, s, said);
  if (kind != PKT_PLAIN_NEW)
    return kind;
  if (s->fields[PKT_FIELD_EVENT]->len != 1 || said.n == 0 || said.n > PKT_PLAIN_WORD_BYTES
      || !pkt_event_fold (said, folded))
    return PKT_PLAIN_ASK;
  PktEventWord word = pkt_event_word (s, row, NULL, NULL);
  gboolean plain = word == PKT_WORD_DELIVERED && g_hash_table_size (s->own_codes) == 0
                   && !g_hash_table_contains (pkt_event_map ()->suppressed, folded);
  kind = plain ? PKT_PLAIN_DELIVERED : word == PKT_WORD_OTHER ? PKT_PLAIN_OTHER : PKT_PLAIN_ASK;
  remember (memo, s, said, kind);
  return kind;
}

/* Many rows share a second. */
static gboolean
stamp_of (const PktEventService *s, PktSlice text, PktEventMemo *memo, PktStamp *out)
{
  gboolean fits = text.n > 0 && text.n <= sizeof memo->time;
  if (fits && memo->time_n == text.n && pkt_bytes_same (text.p, memo->time, text.n)) {
    *out = memo->stamp;
    return TRUE;
  }
  memo->time_n = 0;
  if (!pkt_event_stamp (s, text, out))
    return FALSE;
  if (fits) {
    memcpy (memo->time, text.p, text.n);
    memo->time_n = (guint8)text.n;
    memo->stamp = *out;
  }
  return TRUE;
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

/* "127.0.0.1", "::1", a socket: where the name of the host is not all that counts. */
static inline gboolean
may_be_local (PktSlice ip)
{
  return ip.n && ((guchar)(ip.p[0] - '0') > 9 || pkt_slice_starts (ip, PKT_SLICE ("127.")));
}

/* The host's name, when nothing else can change whose the row is. */
static inline PktSlice
name_of_host (PktSlice remote, PktSlice ip)
{
  PktSlice inside, host = pkt_event_host_part (remote, &inside);
  return host.n && g_ascii_isalpha (host.p[0]) && pkt_find_byte (host.p, host.p + host.n, '.')
                 && !may_be_local (inside) && !may_be_local (ip)
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

/* Most mail goes to a few hosts. */
static inline HostVerdict
verdict_of (const PktGlanceRule *rule, PktEventMemo *memo, PktSlice remote)
{
  guint64 tail;
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

static void
tell (PktGlance *out, PktGlanceKind kind, PktSlice recipient, PktSlice queue_id, PktStamp stamp)
{
  const PktAttempt a = { .queue_id = queue_id };
  out->kind = kind;
  out->stamp_kind = (guint8)stamp.kind;
  out->us = stamp.us;
  out->key = pkt_attempt_queue_key (&a);
  out->fingerprint = pkt_attempt_fingerprint (recipient, out->key, stamp);
}

/* Empty ones may stand elsewhere, and blanks have to be taken off. */
static gboolean
are_as_told (const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN])
{
  for (guint i = 0; i < PKT_N_PLAIN; i++) {
    PktSlice v = values[i];
    if (v.n == 0 ? places->others >> i & 1 : (guchar)v.p[0] <= ' ' || (guchar)v.p[v.n - 1] <= ' ')
      return FALSE;
  }
  return TRUE;
}

gboolean
pkt_plain_look (const PktGlanceRule *rule, const PktEventService *s, const PktPlainPlaces *places,
                const PktSlice values[PKT_N_PLAIN], PktEventMemo *memo, PktGlance *out)
{
  PktSlice word = values[PKT_PLAIN_WORD], recipient = values[PKT_PLAIN_RECIPIENT];
  PktStamp stamp;
  PktPlainWord kind_of_word = word_of (memo, s, word);
  if (kind_of_word == PKT_PLAIN_OTHER || kind_of_word == PKT_PLAIN_ASK) {
    out->kind = kind_of_word == PKT_PLAIN_OTHER ? PKT_GLANCE_KNOWN : PKT_GLANCE_PLAIN;
    return TRUE;
  }
  if (kind_of_word == PKT_PLAIN_NEW || s->remote_behind->len || !are_as_told (places, values)
      || !pkt_event_is_bare_address (recipient)
      || !stamp_of (s, values[PKT_PLAIN_TIME], memo, &stamp))
    return FALSE;
  PktSlice remote = values[PKT_PLAIN_REMOTE], ip = values[PKT_PLAIN_REMOTE_IP];
  PktGlanceKind kind = remote.n ? PKT_GLANCE_ELSEWHERE : PKT_GLANCE_ELSEWHERE_SO_FAR;
  HostVerdict verdict = remote.n ? verdict_of (rule, memo, remote) : HOST_ELSEWHERE;
  if (verdict == HOST_UNKNOWN || (remote.n == 0 && ip.n) || may_be_local (ip))
    return FALSE;
  if (verdict == HOST_MAYBE || !rule->other_domain (rule->data, recipient))
    out->kind = PKT_GLANCE_PLAIN;
  else
    tell (out, kind, recipient, values[PKT_PLAIN_QUEUE_ID], stamp);
  return TRUE;
}

gboolean
pkt_plain_ask (const PktGlanceRule *rule, const PktEventService *s, const PktEventRow *row,
               PktEventMemo *memo, PktGlance *out)
{
  PktStamp stamp;
  PktSlice recipient = pkt_event_address (pkt_event_value (s, row, PKT_FIELD_RECIPIENT, -1));
  if (read_word (s, row, memo) != PKT_PLAIN_DELIVERED || !pkt_event_is_address (recipient)
      || !pkt_event_row_time (s, row, &stamp))
    return FALSE;
  PktAttempt a = { .recipient = recipient,
                   .remote_ip = pkt_event_ip (pkt_event_value (s, row, PKT_FIELD_REMOTE_IP, -1)) };
  pkt_event_remote (s, row, &a);
  PktGlanceKind kind = judge (rule, recipient, a.remote_host, a.remote_ip);
  if (kind != PKT_GLANCE_PLAIN)
    tell (out, kind, recipient, pkt_event_value (s, row, PKT_FIELD_QUEUE_ID, -1), stamp);
  return kind != PKT_GLANCE_PLAIN;
}
