#include "packet/log/event-places.h"
#include "packet/log/event-bare.h"
#include "packet/log/event-epoch.h"
#include "packet/log/event-minute.h"
#include "packet/log/event-usual.h"
#include "packet/log/event-value.h"

static gboolean
stamp_of (const PktEventService *s, PktSlice text, PktStamp *out)
{
  if (!pkt_event_time (text, s->dates, out))
    return FALSE;
  if (out->kind == PKT_STAMP_LOCAL && s->has_zone)
    *out = (PktStamp){ out->us - s->zone, PKT_STAMP_UTC };
  return TRUE;
}

static gboolean
is_with_seconds (PktSlice text)
{
  return text.n >= PKT_EVENT_SECOND_BYTES && text.p[4] == '-' && text.p[7] == '-'
         && text.p[13] == ':' && text.p[16] == ':' && pkt_event_seconds_of (text) < 60
         && (text.n == PKT_EVENT_SECOND_BYTES || !g_ascii_isdigit (text.p[PKT_EVENT_SECOND_BYTES]));
}

static void
forget (PktEventTime *memo)
{
  memo->n = 0;
  memo->has_seconds = FALSE; /* no time is of its minute, nor is an empty one */
}

static gboolean
read_stamp (const PktEventService *s, PktSlice text, PktEventTime *memo, PktStamp *out)
{
  forget (memo);
  if (!stamp_of (s, text, out))
    return FALSE;
  if (text.n > sizeof memo->text)
    return TRUE;
  memcpy (memo->text, text.p, text.n);
  memo->n = (guint8)text.n;
  memo->stamp = *out;
  memo->has_seconds = is_with_seconds (text);
  if (memo->has_seconds)
    memo->stamp.us -= pkt_event_seconds_of (text) * PKT_SECOND;
  return TRUE;
}

gboolean
pkt_event_stamp_again (const PktEventService *s, PktSlice text, PktEventTime *memo, PktStamp *out)
{
  if (pkt_event_seconds (text, out))
    return TRUE;
  if (text.n == 0)
    return FALSE;
  if (memo->service != s)
    forget (memo);
  memo->service = s;
  if (pkt_event_is_in_minute (memo, text)) {
    *out = memo->stamp;
    out->us += pkt_event_seconds_of (text) * PKT_SECOND;
    return TRUE;
  }
  if (memo->n == text.n && pkt_bytes_same (text.p, memo->text, text.n)) {
    *out = memo->stamp;
    return TRUE;
  }
  return read_stamp (s, text, memo, out);
}

gboolean
pkt_event_row_time (const PktEventService *s, const PktEventRow *row, PktEventTime *memo,
                    PktStamp *out)
{
  for (guint i = 0; i < s->fields[PKT_FIELD_TIME]->len; i++) {
    int index = g_array_index (s->fields[PKT_FIELD_TIME], PktEventName, i).index;
    if (memo ? pkt_event_stamp_again (s, row->at[index], memo, out)
             : stamp_of (s, row->at[index], out))
      return TRUE;
  }
  return FALSE;
}

/* Bytes before the first of three signs, or all. */
static inline gsize
before_any (PktSlice s, char x, char y, char z)
{
  gsize i = 0;
#ifdef PKT_SSE2
  for (; i + 16 <= s.n; i += 16) {
    const __m128i bytes = _mm_loadu_si128 ((const __m128i *)(s.p + i)),
                  two = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (x)),
                                      _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (y)));
    guint mask = (guint)_mm_movemask_epi8 (
        _mm_or_si128 (two, _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (z))));
    if (mask)
      return i + (gsize)__builtin_ctz (mask);
  }
#endif
  while (i < s.n && s.p[i] != x && s.p[i] != y && s.p[i] != z)
    i++;
  return i;
}

PktSlice
pkt_event_host_part (PktSlice s, PktSlice *inside)
{
  gsize i = s.n && s.p[0] == '['; /* "[2001:db8::1]" begins with one */
  i += before_any (pkt_slice_skip (s, i), ' ', '(', '[');
  PktSlice host = pkt_slice (s.p, i);
  while (i < s.n && (s.p[i] == ' ' || s.p[i] == '(' || s.p[i] == '['))
    i++;
  *inside = pkt_slice_skip (s, i);
  inside->n = before_any (*inside, ')', ']', ')');
  if (host.n && host.p[host.n - 1] == '.')
    host.n--;
  return host;
}

static void
read_remote (PktSlice text, PktAttempt *a)
{
  PktSlice inside, host;
  if (!pkt_usual_split (text, &host, &inside) || !pkt_slice_equal (inside, a->remote_ip)
      || host.p[host.n - 1] == '.')
    host = pkt_event_host_part (text, &inside);
  if (!pkt_slice_equal (inside, a->remote_ip)) /* else it was looked at */
    inside = pkt_event_ip (inside);
  if (inside.n)
    a->remote_ip = inside;
  if (pkt_event_ip (host).n)
    a->remote_ip = pkt_event_ip (host);
  else
    a->remote_host = host;
}

/* Postal: "Permanent SMTP delivery error when sending to mx01.mail.icloud.com (17.57.154.33)", "No
 * SMTP servers were available for example.com. Tried mx01.mail.icloud.com."; Postmark,
 * where it was asked for the bounce mail: "Remote-MTA: dns; mx01.mail.icloud.com". Empty where none
 * of the words is there. */
static PktSlice
behind_words (const PktEventService *s, PktSlice text)
{
  for (guint i = 0; i < s->remote_behind->len; i++) {
    PktSlice words = pkt_slice_str (g_ptr_array_index (s->remote_behind, i)),
             at = pkt_slice_find (text, words);
    if (at.p)
      return pkt_slice_until (pkt_slice_until (pkt_slice_skip (at, words.n), '\n'), '\r');
  }
  return pkt_slice (NULL, 0);
}

/* Postal since its third version: "17.57.154.33:25 (mx01.mail.icloud.com)", of IPv6 too without
 * brackets. FALSE: not so. */
static gboolean
read_turned (PktSlice text, PktAttempt *a)
{
  PktSlice first = pkt_slice_until (text, ' '), name = pkt_slice_skip (text, first.n);
  const char *port = first.n ? memrchr (first.p, ':', first.n) : NULL;
  if (port == NULL || !pkt_slice_starts (name, PKT_SLICE (" (")))
    return FALSE;
  const PktSlice ip = pkt_event_ip (pkt_slice (first.p, (gsize)(port - first.p)));
  name = pkt_slice_until (pkt_slice_skip (name, 2), ')');
  if (ip.n == 0 || pkt_event_ip (name).n)
    return FALSE;
  a->remote_ip = ip;
  a->remote_host = name;
  return TRUE;
}

/* Of several that were tried nobody says which one answered. */
static gboolean
names_several (PktSlice text)
{
  const PktSlice first = pkt_slice_until (text, ' ');
  return (first.n && first.p[first.n - 1] == ',')
         || pkt_slice_starts (pkt_slice_skip (text, first.n), PKT_SLICE (" and "));
}

void
pkt_event_remote (const PktEventService *s, PktSlice text, PktAttempt *a)
{
  if (s->remote_behind->len == 0 || text.n == 0) {
    read_remote (text, a);
    return;
  }
  text = behind_words (s, text);
  if (!names_several (text) && !read_turned (text, a))
    read_remote (text, a);
  if (pkt_slice_equal_nocase (a->remote_host, pkt_slice_domain (a->recipient)))
    a->remote_host = pkt_slice (NULL, 0); /* where it went, no host of it */
}

static PktStage
stage_of (PktSlice command)
{
  static const struct {
    PktSlice word;
    PktStage stage;
  } table[] = {
    { PKT_SLICE ("EHLO"), PKT_STAGE_HELO },         { PKT_SLICE ("HELO"), PKT_STAGE_HELO },
    { PKT_SLICE ("STARTTLS"), PKT_STAGE_STARTTLS }, { PKT_SLICE ("MAIL"), PKT_STAGE_MAIL },
    { PKT_SLICE ("RCPT"), PKT_STAGE_RCPT },         { PKT_SLICE ("DATA"), PKT_STAGE_DATA },
    { PKT_SLICE ("."), PKT_STAGE_END_OF_DATA },
  };
  for (gsize i = 0; command.n && i < G_N_ELEMENTS (table); i++)
    if (pkt_slice_starts_nocase (command, table[i].word))
      return table[i].stage;
  return PKT_STAGE_UNKNOWN;
}

/* A list of one that stands in a table, or in a text: ["weekly"]. */
static PktSlice
without_list (PktSlice text)
{
  if (text.n > 4 && memcmp (text.p, "[\"", 2) == 0 && memcmp (text.p + text.n - 2, "\"]", 2) == 0
      && !pkt_find_byte (text.p + 2, text.p + text.n - 2, '"'))
    return pkt_slice (text.p + 2, text.n - 4);
  return text;
}

void
pkt_event_place_values (const PktEventService *s, const PktSlice values[PKT_N_FIELDS],
                        PktEventIps *known, PktAttempt *a)
{
  const PktSlice mid = values[PKT_FIELD_MESSAGE_ID],
                 sender = pkt_event_unbracket (values[PKT_FIELD_SENDER]);
  a->platform_id = values[PKT_FIELD_PLATFORM_ID];
  if (mid.n && pkt_find_byte (mid.p, mid.p + mid.n, '@'))
    a->message_id = pkt_event_unbracket (mid);
  if (a->platform_id.n && a->platform_id.p == mid.p && a->message_id.n)
    a->platform_id = pkt_slice (NULL, 0); /* one column for either: "message_id" */
  a->queue_id = values[PKT_FIELD_QUEUE_ID];
  a->campaign = without_list (values[PKT_FIELD_CAMPAIGN]);
  a->local_ip = pkt_event_ip_again (values[PKT_FIELD_LOCAL_IP], known);
  a->transport = values[PKT_FIELD_TRANSPORT];
  a->remote_ip = pkt_event_ip_again (values[PKT_FIELD_REMOTE_IP], known);
  pkt_event_remote (s, values[PKT_FIELD_REMOTE], a);
  if (values[PKT_FIELD_FROM].n)
    a->from_domain = pkt_slice_domain (pkt_event_address (values[PKT_FIELD_FROM]));
  if (pkt_event_is_bare (sender) || pkt_event_is_address (sender) || (sender.p && sender.n == 0))
    a->sender = sender;
  a->stage = stage_of (values[PKT_FIELD_STAGE]);
  if (!pkt_slice_number (values[PKT_FIELD_SIZE], &a->size))
    a->size = -1;
}

void
pkt_event_places (const PktEventService *s, const PktEventRow *row, PktEventIps *known,
                  PktAttempt *a)
{
  static const guint8 fields[] = { PKT_FIELD_STAGE,    PKT_FIELD_PLATFORM_ID, PKT_FIELD_QUEUE_ID,
                                   PKT_FIELD_CAMPAIGN, PKT_FIELD_LOCAL_IP,    PKT_FIELD_TRANSPORT,
                                   PKT_FIELD_REMOTE,   PKT_FIELD_REMOTE_IP,   PKT_FIELD_MESSAGE_ID,
                                   PKT_FIELD_FROM,     PKT_FIELD_SENDER,      PKT_FIELD_SIZE };
  PktSlice values[PKT_N_FIELDS];
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    values[fields[i]] = pkt_event_value (s, row, (PktEventField)fields[i], -1);
  pkt_event_place_values (s, values, known, a);
}

/* "eu-west-1": the first label of "eu-west-1.amazonses.com". */
static gboolean
is_region (PktSlice label)
{
  return label.n && g_ascii_isdigit (label.p[label.n - 1])
         && pkt_slice_find (label, PKT_SLICE ("-")).n;
}

/* "eu-west-1" and "amazonses.com" of "dns; a27-23.smtp-out.eu-west-1.amazonses.com" and of
 * "arn:aws:ses:eu-west-1:…"; the first region of all is called "email" there. FALSE: neither. */
static gboolean
amazon_host (PktSlice told, PktSlice *region, PktSlice *domain)
{
  const PktSlice host = pkt_slice_skip (pkt_slice_find (told, PKT_SLICE (".smtp-out.")), 10);
  if (pkt_slice_starts (told, PKT_SLICE ("arn:aws"))) {
    PktSlice rest = pkt_slice_skip (pkt_slice_find (told, PKT_SLICE (":ses:")), 5);
    *region = pkt_slice_until (rest, ':');
    *domain = PKT_SLICE ("amazonses.com");
    if (pkt_slice_equal (*region, PKT_SLICE ("us-east-1")))
      *region = PKT_SLICE ("email");
    return region->n > 0;
  }
  *region = pkt_slice_until (host, '.');
  *domain = pkt_slice_skip (host, region->n + 1);
  if (!is_region (*region)) {
    *region = PKT_SLICE ("email");
    *domain = host;
  }
  return domain->n > 0;
}

void
pkt_event_own_id (const PktEventService *s, const PktEventRow *row, PktEventOut *out, PktAttempt *a)
{
  PktSlice region, domain;
  if (s->fields[PKT_FIELD_MESSAGE_ID_HOST]->len == 0)
    return;
  const PktSlice id = pkt_event_value (s, row, PKT_FIELD_MESSAGE_ID, -1);
  a->message_id = pkt_slice (NULL, 0);
  if (id.n == 0 || pkt_find_byte (id.p, id.p + id.n, '@')
      || !amazon_host (pkt_event_value (s, row, PKT_FIELD_MESSAGE_ID_HOST, -1), &region, &domain)
      || id.n + region.n + domain.n + 3 > sizeof out->id)
    return;
  const PktSlice parts[] = { id, PKT_SLICE ("@"), region, PKT_SLICE ("."), domain };
  gsize n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); n += parts[i++].n)
    memcpy (out->id + n, parts[i].p, parts[i].n);
  a->message_id = pkt_slice (out->id, n);
}
