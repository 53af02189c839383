/* What single fields of a bounce say. */
#include "packet/bounce/dsn-fields.h"
#include "packet/base/gmime.h"
#include "packet/bounce/header.h"
#include "packet/bounce/parts.h"

PktSlice
pkt_dsn_without_angles (PktSlice s)
{
  s = pkt_slice_trim (s);
  if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
    return pkt_slice (s.p + 1, s.n - 2);
  return s;
}

PktStamp
pkt_dsn_stamp_of_date (PktSlice date, PktStamp fallback)
{
  char text[128];
  if (date.n == 0 || date.n >= sizeof text)
    return fallback;
  PktStamp stamp;
  if (pkt_clock_parse_mail (date, &stamp))
    return stamp;
  memcpy (text, date.p, date.n);
  text[date.n] = '\0';
  g_autoptr (GDateTime) time = g_mime_utils_header_decode_date (text);
  return time ? (PktStamp){ g_date_time_to_unix (time) * PKT_SECOND, PKT_STAMP_UTC } : fallback;
}

/* "user+tag@example.com" and nothing else. */
static gboolean
is_plain_address (PktSlice s)
{
  const char *at = memchr (s.p, '@', s.n);
  gsize local = at ? (gsize)(at - s.p) : 0;
  for (gsize i = 0; i < s.n; i++) {
    char c = s.p[i];
    gboolean inside = i > 0 && i + 1 < s.n && i + 1 != local
                      && i != local + 1; /* no end of a part */
    if (i != local && !g_ascii_isalnum (c) && !(inside && (c == '.' || c == '-' || c == '_'))
        && !(i < local && (c == '+' || c == '=' || c == '_')))
      return FALSE;
  }
  return local > 0 && local + 1 < s.n;
}

PktSlice
pkt_dsn_first_address (PktSlice value, GStringChunk **chunk)
{
  PktSlice open = pkt_slice_until (value, '<'), out;
  if (value.n == 0 || value.n > 1000)
    return pkt_slice (NULL, 0);
  if (open.n < value.n && !memchr (value.p, ',', value.n) && !memchr (value.p, '(', value.n)
      && value.p[value.n - 1] == '>' && !memchr (open.p, '"', open.n))
    return pkt_slice (value.p + open.n + 1, value.n - open.n - 2); /* `Lab <lab@example.com>` */
  if (is_plain_address (value))
    return value;
  g_autofree char *text = g_strndup (value.p, value.n);
  InternetAddressList *list = internet_address_list_parse (NULL, text);
  out = pkt_slice (NULL, 0);
  int n = list ? MIN (internet_address_list_length (list), 10) : 0;
  for (int i = 0; i < n && !out.n; i++) {
    InternetAddress *one = internet_address_list_get_address (list, i);
    if (!INTERNET_ADDRESS_IS_MAILBOX (one))
      continue;
    PktSlice s = pkt_slice_str (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one)));
    if (s.n)
      out = pkt_header_keep (chunk, s.p, s.n);
  }
  g_clear_object (&list);
  return out;
}

/* "15.20.8158.21": Exchange writes its version there, the same for all mails. */
static gboolean
is_a_version (PktSlice id)
{
  guint dots = 0;
  for (gsize i = 0; i < id.n; i++)
    if (id.p[i] == '.')
      dots++;
    else if (!g_ascii_isdigit (id.p[i]))
      return FALSE;
  return dots >= 2;
}

/* "by mail1.example.com (Exim 4.96) … id 1vw7kR-0004v5-0M": our queue id, where the reporting host
 * itself wrote the line. */
PktSlice
pkt_dsn_queue_id_of_received (PktSlice received, PktSlice mta)
{
  PktSlice rest = received, word, before = { NULL, 0 }, by = { NULL, 0 }, id = { NULL, 0 };
  while (rest.n && !(id.n && by.n)) {
    rest = pkt_slice_trim (rest);
    word = pkt_slice_until (rest, ' ');
    rest = pkt_slice_skip (rest, word.n + 1);
    if (by.n == 0 && pkt_slice_equal_nocase (before, PKT_SLICE ("by")))
      by = word;
    else if (id.n == 0 && pkt_slice_equal_nocase (before, PKT_SLICE ("id")))
      id = pkt_slice_until (word, ';');
    before = word;
  }
  return by.n && !is_a_version (id) && (mta.n == 0 || pkt_slice_equal_nocase (by, mta))
             ? id
             : pkt_slice (NULL, 0);
}

/* "failed (bad-mailbox)", "delayed"; FALSE for "delivered", "relayed" and "expanded". Haraka leaves
 * the field out where a message's recipients failed together. */
static gboolean
read_action (PktSlice action, PktSlice status, PktOutcome *out)
{
  action = pkt_header_token (action);
  if (action.n == 0)
    *out = pkt_slice_starts (status, PKT_SLICE ("4")) ? PKT_DEFERRED : PKT_BOUNCED;
  else if (pkt_slice_equal_nocase (action, PKT_SLICE ("failed")))
    *out = PKT_BOUNCED;
  else if (pkt_slice_equal_nocase (action, PKT_SLICE ("delayed")))
    *out = PKT_DEFERRED;
  else
    return FALSE;
  return !pkt_slice_starts (status, PKT_SLICE ("2"));
}

/* What the words tell besides. OpenSMTPD calls it delayed when it gives up ("Envelope expired");
 * Postfix calls it failed when the session ended before this recipient's turn, because of another
 * one's answer: Apple never heard of it. */
void
pkt_dsn_correct_outcome (PktAttempt *a)
{
  if (a->outcome == PKT_DEFERRED && pkt_slice_equal (a->reply, PKT_SLICE ("Envelope expired")))
    a->outcome = PKT_BOUNCED;
  else if (a->outcome == PKT_BOUNCED && a->stage == PKT_STAGE_RCPT && !a->reply_is_remote
           && pkt_slice_starts (a->reply, PKT_SLICE ("lost connection with ")))
    a->outcome = PKT_NOT_ATTEMPTED;
}

/* "j\x{F6}rg@example.com" of an address that is no ASCII (RFC 6533 3, utf-8-addr-xtext). */
static PktSlice
without_escapes (PktSlice s, GStringChunk **chunk)
{
  if (!pkt_slice_find (s, PKT_SLICE ("\\x{")).p)
    return s;
  g_autoptr (GString) out = g_string_new (NULL);
  for (gsize i = 0; i < s.n;) {
    const PktSlice rest = pkt_slice_skip (s, i);
    const gsize n = pkt_slice_until (rest, '}').n;
    gunichar c = 0;
    if (pkt_slice_starts (rest, PKT_SLICE ("\\x{")) && n > 3 && n <= 9 && n < rest.n)
      for (gsize k = 3; k < n; k++)
        c = g_ascii_isxdigit (rest.p[k]) ? c << 4 | (gunichar)g_ascii_xdigit_value (rest.p[k])
                                         : G_MAXUINT32;
    if (c >= ' ' && g_unichar_validate (c)) {
      g_string_append_unichar (out, c);
      i += n + 1;
    } else
      g_string_append_c (out, s.p[i++]);
  }
  return pkt_header_keep (chunk, out->str, out->len);
}

/* "rfc822; a@example.com", "utf-8; …". */
static PktSlice
address_of (PktDsnStatus *status, guint block, const char *field)
{
  PktSlice type, text = pkt_dsn_without_angles (
                     pkt_dsn_typed (pkt_dsn_status_field (status, block, field), &type));
  return pkt_slice_equal_nocase (type, PKT_SLICE ("utf-8")) ? without_escapes (text, &status->chunk)
                                                            : text;
}

gboolean
pkt_dsn_read_recipient (PktDsnStatus *status, guint block, PktAttempt *out)
{
  const PktSlice action = pkt_dsn_status_field (status, block, "Action");
  out->recipient = address_of (status, block, "Final-Recipient");
  if (out->recipient.n == 0 && action.n) /* some gateways leave it out */
    out->recipient = address_of (status, block, "Original-Recipient");
  return out->recipient.n > 0
         && read_action (action, pkt_dsn_status_field (status, block, "Status"), &out->outcome);
}
