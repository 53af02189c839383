#include "packet/model/suppression-row.h"
#include "packet/base/clock.h"

#define DAY_BYTES 10      /* of "2026-05-11" */
#define MAIL_DAY_BYTES 25 /* of "Mon, 11 May 2026 10:00:00" */
#define SECONDS_DIGITS 10
#define MILLIS_DIGITS 13

/* Letters and digits alone, the better ones first. SparkPost's type is transactional or not, its
 * source the reason; Postmark says SuppressionReason, Mailgun error. */
static const struct {
  const char *name;
  PktSuppressionColumn column;
} names[] = {
  { "address", PKT_SUPPRESSION_ADDRESS },
  { "email", PKT_SUPPRESSION_ADDRESS },
  { "emailaddress", PKT_SUPPRESSION_ADDRESS },
  { "recipient", PKT_SUPPRESSION_ADDRESS },
  { "recipientaddress", PKT_SUPPRESSION_ADDRESS },
  { "emailadresse", PKT_SUPPRESSION_ADDRESS },
  { "mailadresse", PKT_SUPPRESSION_ADDRESS },
  { "adresse", PKT_SUPPRESSION_ADDRESS },
  { "emailadres", PKT_SUPPRESSION_ADDRESS },
  { "courriel", PKT_SUPPRESSION_ADDRESS },
  { "correo", PKT_SUPPRESSION_ADDRESS },
  { "correoelectrnico", PKT_SUPPRESSION_ADDRESS }, /* its accent is no letter here */
  { "indirizzoemail", PKT_SUPPRESSION_ADDRESS },
  { "indirizzo", PKT_SUPPRESSION_ADDRESS },
  { "reason", PKT_SUPPRESSION_REASON },
  { "suppressionreason", PKT_SUPPRESSION_REASON },
  { "blockedreason", PKT_SUPPRESSION_REASON },
  { "source", PKT_SUPPRESSION_REASON },
  { "error", PKT_SUPPRESSION_REASON },
  { "type", PKT_SUPPRESSION_REASON },
  { "grund", PKT_SUPPRESSION_REASON },
  { "sperrgrund", PKT_SUPPRESSION_REASON },
  { "motif", PKT_SUPPRESSION_REASON },
  { "raison", PKT_SUPPRESSION_REASON },
  { "motivo", PKT_SUPPRESSION_REASON },
  { "reden", PKT_SUPPRESSION_REASON },
  { "date", PKT_SUPPRESSION_DAY },
  { "created", PKT_SUPPRESSION_DAY },
  { "createdat", PKT_SUPPRESSION_DAY },
  { "creationdate", PKT_SUPPRESSION_DAY },
  { "dateadded", PKT_SUPPRESSION_DAY },
  { "addedat", PKT_SUPPRESSION_DAY },
  { "suppressedat", PKT_SUPPRESSION_DAY },
  { "bouncedat", PKT_SUPPRESSION_DAY },
  { "blockeddate", PKT_SUPPRESSION_DAY },
  { "timestamp", PKT_SUPPRESSION_DAY },
  { "lastupdatetime", PKT_SUPPRESSION_DAY },
  { "lastupdated", PKT_SUPPRESSION_DAY },
  { "updated", PKT_SUPPRESSION_DAY },
  { "datum", PKT_SUPPRESSION_DAY },
  { "fecha", PKT_SUPPRESSION_DAY },
};

gboolean
pkt_suppression_column (PktSlice name, PktSuppressionColumn *out, guint *rank)
{
  char plain[32];
  gsize n = 0;
  for (gsize i = 0; i < name.n && n < sizeof plain; i++)
    if (g_ascii_isalnum (name.p[i]))
      plain[n++] = g_ascii_tolower (name.p[i]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (pkt_slice_equal (pkt_slice (plain, n), pkt_slice_str (names[i].name))) {
      *out = names[i].column;
      *rank = i;
      return TRUE;
    }
  return FALSE;
}

/* "1793959200", "1793959200000". */
static gboolean
parse_epoch (PktSlice s, gint64 *day)
{
  gint64 n;
  if ((s.n != SECONDS_DIGITS && s.n != MILLIS_DIGITS) || !pkt_slice_number (s, &n))
    return FALSE;
  *day = pkt_clock_day (s.n == MILLIS_DIGITS ? n * 1000 : n * PKT_SECOND, NULL);
  return TRUE;
}

/* With any zone behind it, or none. */
static gboolean
parse_mail_day (PktSlice s, gint64 *day)
{
  PktStamp stamp;
  const gsize n = s.n > 6 && s.p[6] == ' ' ? MAIL_DAY_BYTES - 1 : MAIL_DAY_BYTES;
  if (s.n < n)
    return FALSE;
  g_autofree char *text = g_strdup_printf ("%.*s +0000", (int)n, s.p);
  if (pkt_clock_parse_mail (pkt_slice_str (text), &stamp) == 0)
    return FALSE;
  *day = pkt_clock_day (stamp.us, NULL);
  return TRUE;
}

gboolean
pkt_suppression_day (PktSlice s, gint64 *out)
{
  char text[DAY_BYTES + 1] = "";
  gint64 us;
  *out = G_MININT64;
  if (s.n == 0 || parse_epoch (s, out) || parse_mail_day (s, out))
    return TRUE;
  if (s.n < DAY_BYTES || (s.n > DAY_BYTES && s.p[DAY_BYTES] != 'T' && s.p[DAY_BYTES] != ' '))
    return FALSE;
  memcpy (text, s.p, DAY_BYTES);
  if (!pkt_clock_parse_user (text, NULL, FALSE, &us))
    return FALSE;
  *out = pkt_clock_day (us, NULL);
  return TRUE;
}

char *
pkt_suppression_reason (PktSlice s, gsize max)
{
  g_autofree char *utf8 = g_utf8_make_valid (s.p ? s.p : "", (gssize)s.n);
  g_autofree char *lower = g_utf8_strdown (utf8, -1);
  GString *out = g_string_new (NULL);
  gsize n = 0;
  for (const char *p = lower; *p && n < max; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    gboolean blank = g_unichar_isspace (c) || g_unichar_iscntrl (c);
    if (blank && (out->len == 0 || out->str[out->len - 1] == ' '))
      continue;
    g_string_append_unichar (out, blank ? ' ' : c);
    n++;
  }
  return g_strchomp (g_string_free (out, FALSE));
}

/* "5.1.1" at s, as RFC 3463 writes it: its bytes. */
static gsize
enhanced_length (PktSlice s)
{
  gsize i = 1;
  if (s.n < 5 || (s.p[0] != '4' && s.p[0] != '5'))
    return 0;
  for (int part = 0; part < 2; part++) {
    gsize digits = 0;
    if (i >= s.n || s.p[i++] != '.')
      return 0;
    while (i < s.n && digits < 3 && g_ascii_isdigit (s.p[i]))
      i++, digits++;
    if (digits == 0)
      return 0;
  }
  return i;
}

/* "550 5.1.1 <…>: user does not exist", "smtp; 554 5.7.1 …". "hard-bounce 5.1.1" is a label. */
char *
pkt_suppression_label (const char *reason)
{
  static const PktSlice type = PKT_SLICE ("smtp;");
  PktSlice at = pkt_slice_str (reason);
  if (pkt_slice_starts (at, type))
    at = pkt_slice_skip_blanks (pkt_slice_skip (at, type.n));
  const gboolean code = at.n > 3 && (at.p[0] == '4' || at.p[0] == '5') && g_ascii_isdigit (at.p[1])
                        && g_ascii_isdigit (at.p[2]) && (at.p[3] == ' ' || at.p[3] == '-');
  const PktSlice status = code ? pkt_slice_skip (at, 4) : at;
  const gsize n = enhanced_length (status);
  if (n)
    return g_strdup_printf ("bounced %.*s", (int)n, status.p);
  return code ? g_strdup_printf ("bounced %.3s", at.p) : g_strdup (reason);
}
