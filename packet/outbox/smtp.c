#include "packet/outbox/smtp.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/outbox/secret.h"
#include "packet/outbox/stop.h"

#define BLOCK (16 * 1024)

/* One submission under way. */
typedef struct {
  PktWire *wire;
  const PktSubmission *what;
  PktBytesNeed need;
  PktOutcome *out;
  gboolean size, dsn; /* offered */
} Smtp;

static PktSmtpReply *
hear (Smtp *s, GError **error)
{
  PktSmtpReply *r = pkt_smtp_reply_read (s->wire, error);
  if (r != NULL) {
    g_free (s->out->reply);
    s->out->reply = pkt_secret_scrub (r->text, s->what->secrets);
    s->out->code = r->code;
  }
  return r;
}

static gboolean
refused (Smtp *s, const char *command, GError **error)
{
  int code = s->out->code;
  gboolean login = code == 530 || code == 538; /* RFC 4954 section 6 */
  g_set_error (error, PKT_ERROR,
               code < 500 ? PKT_ERROR_AGAIN
               : login    ? PKT_ERROR_CONFIG
                          : PKT_ERROR_UNAVAILABLE,
               "the server refused %s: %s. Nothing was sent%s", command, s->out->reply,
               code < 500 ? "; try again later"
               : login    ? "; log in by --user and --password-command, --token-command or "
                            "--netrc-file"
                          : "");
  return FALSE;
}

/* What is said next has no answer yet. */
static void
begin_stage (Smtp *s, const char *stage)
{
  s->out->stage = stage;
  s->out->code = 0;
  g_clear_pointer (&s->out->reply, g_free);
}

static gboolean
lost (GError **error)
{
  pkt_error_around (error, "nothing was sent: ", "; try again later");
  return FALSE;
}

/* One command and its reply, which has to begin with `want` (2 or 3). */
static gboolean
say (Smtp *s, const char *stage, int want, const char *line, PktSmtpReply **out_reply,
     GError **error)
{
  begin_stage (s, stage);
  g_autofree char *wire = g_strconcat (line, "\r\n", NULL);
  if (!pkt_wire_write (s->wire, wire, strlen (wire), error))
    return lost (error);
  g_autoptr (PktSmtpReply) r = hear (s, error);
  if (r == NULL)
    return lost (error);
  if (r->code / 100 != want)
    return refused (s, line, error);
  if (out_reply != NULL)
    *out_reply = g_steal_pointer (&r);
  return TRUE;
}

static gboolean
lacks (GError **error, const char *extension, const char *why)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
               "the server offers no %s, %s. Nothing was sent; use another server", extension, why);
  return FALSE;
}

/* RFC 1870: SIZE without a number, or 0, names no limit. */
static gboolean
fits (Smtp *s, const char *limit, GError **error)
{
  guint64 most = limit != NULL ? g_ascii_strtoull (limit, NULL, 10) : 0;
  gsize n = g_bytes_get_size (s->what->message);
  if (most == 0 || n <= most)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
               "the server takes messages of %" G_GUINT64_FORMAT
               " bytes at most, %s has %" G_GSIZE_FORMAT
               ". Nothing was sent; use another server, or build with fewer attachments",
               most, s->what->file, n);
  return FALSE;
}

static gboolean
greet (Smtp *s, GError **error)
{
  g_autofree char *line = g_strconcat ("EHLO ", s->what->helo, NULL);
  g_autoptr (PktSmtpReply) offer = NULL;
  if (!say (s, "ehlo", 2, line, &offer, error))
    return FALSE;
  const char *size = pkt_smtp_reply_offers (offer, "SIZE");
  s->size = size != NULL;
  s->dsn = s->out->dsn = pkt_smtp_reply_offers (offer, "DSN") != NULL;
  if (s->need.utf8_header && pkt_smtp_reply_offers (offer, "SMTPUTF8") == NULL)
    return lacks (error, "SMTPUTF8", "which an address or a header field needs");
  if (s->need.eight_bit && pkt_smtp_reply_offers (offer, "8BITMIME") == NULL)
    return lacks (error, "8BITMIME", "which the message needs");
  return fits (s, size, error);
}

/* Without the queue's own id no reply of RFC 3461 could be told apart; the Message-ID does that. */
static char *
mail_line (const Smtp *s)
{
  GString *line = g_string_new (NULL);
  g_string_append_printf (line, "MAIL FROM:<%s>", s->what->from);
  if (s->size)
    g_string_append_printf (line, " SIZE=%" G_GSIZE_FORMAT, g_bytes_get_size (s->what->message));
  if (s->need.eight_bit)
    g_string_append (line, " BODY=8BITMIME");
  if (s->need.utf8_header)
    g_string_append (line, " SMTPUTF8");
  if (s->dsn)
    g_string_append (line, " RET=HDRS");
  return g_string_free (line, FALSE);
}

static char *
rcpt_line (const Smtp *s)
{
  return g_strconcat ("RCPT TO:<", s->what->to, ">", s->dsn ? " NOTIFY=FAILURE,DELAY" : "", NULL);
}

/* A server may refuse in the middle and close: what it said is worth more than a broken pipe. */
static gboolean
cut_short (Smtp *s, GError **error)
{
  g_autoptr (PktSmtpReply) r = hear (s, NULL);
  if (r == NULL || r->code < 400)
    return lost (error);
  g_clear_error (error);
  return refused (s, "the message", error);
}

static gboolean
write_message (Smtp *s, GError **error)
{
  g_autoptr (GString) bytes = pkt_smtp_stuffed (s->what->message);
  for (gsize at = 0; at < bytes->len; at += BLOCK)
    if (!pkt_wire_write (s->wire, bytes->str + at, MIN (BLOCK, bytes->len - at), error))
      return cut_short (s, error);
  if (pkt_stop_asked () == 0)
    return TRUE;
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "interrupted");
  return lost (error);
}

static gboolean
unsure (Smtp *s, GError **error)
{
  g_autoptr (GError) why = NULL;
  if (error != NULL)
    why = g_steal_pointer (error);
  s->out->state = PKT_OUTCOME_UNSURE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
               "the whole message was given to the server, and then no answer came: %s. Whether it "
               "was sent is not known; ask the server's operator, or look into its log for <%s>, "
               "before you send it --again",
               why != NULL ? why->message : s->out->reply, s->what->to);
  return FALSE;
}

/* From the lone dot on the message may be the server's (RFC 5321 4.2.5); until its answer is there
 * nobody knows, and whoever leaves now would not learn it. */
static gboolean
end_message (Smtp *s, GError **error)
{
  begin_stage (s, "end-of-data");
  pkt_stop_patient (TRUE);
  gboolean wrote = pkt_wire_write (s->wire, ".\r\n", 3, error);
  g_autoptr (PktSmtpReply) r = hear (s,
                                     wrote ? error : NULL); /* it may have refused before the dot */
  pkt_stop_patient (FALSE);
  if (r != NULL)
    g_clear_error (error);
  if (r == NULL || r->code / 100 == 3)
    return unsure (s, error);
  if (r->code / 100 != 2)
    return refused (s, "the message", error);
  s->out->state = PKT_OUTCOME_SENT;
  s->out->queue_id = pkt_smtp_reply_queue_id (r);
  return TRUE;
}

static gboolean
converse (Smtp *s, GError **error)
{
  if (!greet (s, error))
    return FALSE;
  g_autofree char *mail = mail_line (s), *rcpt = rcpt_line (s);
  return say (s, "mail", 2, mail, NULL, error) && say (s, "rcpt", 2, rcpt, NULL, error)
         && say (s, "data", 3, "DATA", NULL, error) && write_message (s, error)
         && end_message (s, error);
}

gboolean
pkt_smtp_submit (PktWire *w, const PktSubmission *what, PktOutcome *out, GError **error)
{
  Smtp s = { .wire = w, .what = what, .out = out };
  out->state = PKT_OUTCOME_NOT;
  if (!pkt_smtp_need (what, &s.need, error))
    return FALSE;
  gboolean ok = converse (&s, error);
  /* In the middle of a message QUIT would be a line of it. */
  if (ok || (!g_str_equal (out->stage, "data") && out->state == PKT_OUTCOME_NOT))
    pkt_wire_write (w, "QUIT\r\n", 6, NULL);
  return ok;
}

char *
pkt_smtp_dialogue (const PktSubmission *what, const char *login, GError **error)
{
  PktOutcome none = { 0 };
  Smtp s = { .what = what, .out = &none, .size = TRUE, .dsn = TRUE };
  if (!pkt_smtp_need (what, &s.need, error))
    return NULL;
  g_autofree char *mail = mail_line (&s), *rcpt = rcpt_line (&s),
                  *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, what->message);
  return g_strdup_printf ("C: EHLO %s\n%sC: EHLO %s\nC: %s\nC: %s\nC: DATA\n"
                          "C: (%" G_GSIZE_FORMAT " bytes of %s, SHA-256 %s)\nC: .\nC: QUIT\n",
                          what->helo, login, what->helo, mail, rcpt,
                          g_bytes_get_size (what->message), what->file, digest);
}
