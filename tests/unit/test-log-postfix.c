#include <string.h>
#include "packet/log/block.h"
#include "packet/log/format.h"
#include "packet/log/postfix-glance.h"

/* A text that stands for all the reader hands out of the lines before it:
 * "ATTEMPT outcome recipient host ip stage reply". */
typedef struct {
  GString *out;
  const char *from, *to; /* of the line */
} Seen;

static const char *const kinds[] = {
  [PKT_RECORD_OTHER] = "OTHER",         [PKT_RECORD_FOREIGN] = "FOREIGN",
  [PKT_RECORD_UNKNOWN] = "UNKNOWN",     [PKT_RECORD_ATTEMPT] = "ATTEMPT",
  [PKT_RECORD_ARRIVAL] = "ARRIVAL",     [PKT_RECORD_MESSAGE_ID] = "MESSAGE_ID",
  [PKT_RECORD_EXPIRED] = "EXPIRED",     [PKT_RECORD_REMOVED] = "REMOVED",
  [PKT_RECORD_RESENT_ID] = "RESENT_ID",
};

static void
add (Seen *s, const char *label, PktSlice v)
{
  if (v.p == NULL)
    return;
  g_assert_true (v.n == 0 || (v.p >= s->from && v.p + v.n <= s->to));
  g_string_append_printf (s->out, " %s=%.*s", label, (int)v.n, v.p);
}

static void
sink (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Seen *s = data;
  g_string_append_printf (s->out, "%s%s", s->out->len ? "\n" : "", kinds[kind]);
  if (kind == PKT_RECORD_ATTEMPT)
    g_string_append_printf (s->out, " %s%s", pkt_outcome_name (a->outcome),
                            a->smtp ? "" : " local");
  add (s, "id", a->queue_id);
  add (s, "to", a->recipient);
  add (s, "from", a->sender);
  add (s, "mid", a->message_id);
  add (s, "host", a->remote_host);
  add (s, "ip", a->remote_ip);
  add (s, "lip", a->local_ip);
  add (s, "via", a->transport);
  if (a->stage)
    g_string_append_printf (s->out, " stage=%s", pkt_stage_name (a->stage));
  if (kind == PKT_RECORD_ARRIVAL)
    g_string_append_printf (s->out, " size=%" G_GINT64_FORMAT, a->size);
  add (s, a->reply_is_remote ? "reply" : "own", a->reply);
}

static char *
read_line (const char *text, gsize n, PktRecordKind *kind)
{
  const PktFormat *f = pkt_format_find ("postfix");
  gpointer state = f->begin ();
  g_autofree char *line = g_memdup2 (text, MAX (n, 1)); /* so that reading past it is seen */
  Seen s = { g_string_new (NULL), line, line + n };
  *kind = f->parse (state, pkt_slice (line, n), sink, &s);
  f->end (state);
  return g_string_free (s.out, FALSE);
}

#define MX "mx01.mail.icloud.com[17.57.156.30]"
#define H "host=mx01.mail.icloud.com ip=17.57.156.30"
#define DELAYS "delay=1, delays=0/0/1/0, "

/* TAG and text of a line, and what must come of it. */
static const struct {
  const char *tag, *text, *expected;
} lines[] = {
  { "postfix/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS "dsn=2.0.0, status=sent (250 Ok)",
    "ATTEMPT delivered id=A12345 to=a@icloud.com " H " stage=end-of-data reply=250 Ok" },
  { "postfix/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS "dsn=5.7.1, status=bounced (host " MX
    " said: 550 5.7.1 no (in reply to end of DATA command))",
    "ATTEMPT bounced id=A12345 to=a@icloud.com " H " stage=end-of-data reply=550 5.7.1 no" },
  { "postfix/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS "dsn=5.7.1, status=SOFTBOUNCE (host " MX
    " said: 550 5.7.1 no (in reply to RCPT TO command))",
    "ATTEMPT deferred id=A12345 to=a@icloud.com " H " stage=rcpt reply=550 5.7.1 no" },
  { "postfix/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS
    "dsn=5.1.1, status=undeliverable (host " MX " said: 550 no (in reply to RCPT TO command))",
    "" },
  { "postfix/smtp",
    "A12345: to=<a@icloud.com>, relay=none, " DELAYS "dsn=4.4.1, status=deferred (connect to " MX
    ":25: Connection timed out)",
    "ATTEMPT deferred id=A12345 to=a@icloud.com " H " stage=connect own=connect to " MX
    ":25: Connection timed out" },
  { "postfix/error",
    "A12345: to=<a@icloud.com>, relay=none, " DELAYS
    "dsn=4.7.1, status=deferred (delivery temporarily suspended: host " MX
    " refused to talk to me: 421 later)",
    "ATTEMPT not_attempted id=A12345 to=a@icloud.com " H " stage=banner reply=421 later" },
  { "postfix/lmtp",
    "A12345: to=<a@icloud.com>, relay=mail[/run/lmtp], " DELAYS "dsn=2.0.0, status=sent (250 Ok)",
    "ATTEMPT delivered local id=A12345 to=a@icloud.com host=mail ip=/run/lmtp stage=end-of-data "
    "reply=250 Ok" },
  { "postfix/smtp", "A12345: host " MX " said: 450 later (in reply to RCPT TO command)",
    "ATTEMPT host_error id=A12345 " H " stage=rcpt reply=450 later" },
  { "postfix/smtp", "connect to " MX ":25: Connection refused",
    "ATTEMPT host_error " H " stage=connect own=connect to " MX ":25: Connection refused" },
  { "postfix/mta1/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS "dsn=2.0.0, status=sent (250 Ok)",
    "ATTEMPT delivered id=A12345 to=a@icloud.com " H " via=mta1 stage=end-of-data reply=250 Ok" },
  { "postfix-192.0.2.9/smtp",
    "A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS "dsn=2.0.0, status=sent (250 Ok)",
    "ATTEMPT delivered id=A12345 to=a@icloud.com " H
    " lip=192.0.2.9 via=192.0.2.9 stage=end-of-data reply=250 Ok" },
  { "postfix/cleanup", "A12345: message-id=<x@example.com>",
    "MESSAGE_ID id=A12345 mid=x@example.com" },
  { "postfix/cleanup", "A12345: message-id=<>", "MESSAGE_ID id=A12345 mid=" },
  { "postfix/qmgr", "A12345: from=<s@example.com>, size=700, nrcpt=2 (queue active)",
    "ARRIVAL id=A12345 from=s@example.com size=700" },
  { "postfix/nqmgr", "A12345: from=<>, size=700, nrcpt=2 (queue active)",
    "ARRIVAL id=A12345 from= size=700" },
  { "postfix/qmgr", "A12345: from=<>, status=expired, returned to sender",
    "EXPIRED id=A12345 from=" },
  { "postfix/qmgr", "A12345: from=<s@example.com>, status=force-expired, returned to sender",
    "EXPIRED id=A12345 from=s@example.com" },
  { "postfix/qmgr", "A12345: removed", "REMOVED id=A12345" },
  { "postfix/smtpd", "NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 5.7.1 no", "" },
  { "postfix/smtp", "warning: something", "" },
  { "postfix/smtp", "NOQUEUE: to=<a@icloud.com>, relay=none, status=sent (x)", "" },
  { "opendkim", "A12345: to=<a@icloud.com>, relay=none, " DELAYS "dsn=2.0.0, status=sent (x)", "" },
};

static void
test_line (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  PktRecordKind kind;
  g_autofree char *line = g_strdup_printf ("Mar  3 10:00:00 mail %s[7]: %s", lines[i].tag,
                                           lines[i].text),
                  *got = read_line (line, strlen (line), &kind);
  g_assert_cmpstr (got, ==, lines[i].expected);
  g_assert_cmpint (kind == PKT_RECORD_OTHER || kind == PKT_RECORD_FOREIGN, ==,
                   *lines[i].expected == '\0');
}

/* Each line cut at each byte: nothing is read past its end, nothing handed out lies outside. */
static void
test_truncated (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *line = g_strdup_printf ("Mar  3 10:00:00 mail %s[7]: %s", lines[i].tag,
                                             lines[i].text);
    for (gsize n = strlen (line); n-- > 0;) {
      PktRecordKind kind;
      g_free (read_line (line, n, &kind));
    }
  }
}

static guint
probe (const char *line)
{
  return pkt_format_find ("postfix")->probe (pkt_slice_str (line));
}

static void
test_probe (void)
{
  g_assert_cmpuint (probe ("Mar  3 10:00:00 mail postfix/smtp[7]: A12345: to=<a@b>, status=sent"),
                    ==, 100);
  g_assert_cmpuint (probe ("Mar  3 10:00:00 mail postfix/anvil[7]: statistics: x"), >, 0);
  g_assert_cmpuint (probe ("Mar  3 10:00:00 mail sm-mta[7]: A12345: to=<a@b>, stat=Sent"), ==, 0);
  g_assert_cmpuint (probe ("Mar  3 10:00:00 mail dovecot: postfix/smtp"), ==, 0);
  g_assert_cmpuint (probe (""), ==, 0);
  PktProbe p = { 0 };
  pkt_probe_line (&p, PKT_SLICE ("hello"));
  g_assert_null (pkt_probe_best (&p));
  pkt_probe_line (&p, PKT_SLICE ("Mar  3 10:00:00 mail postfix/qmgr[7]: A12345: removed"));
  g_assert_true (pkt_probe_best (&p) == pkt_format_find ("postfix"));
  g_assert_cmpuint (p.lines, ==, 2);
  g_assert_cmpuint (pkt_probe_hits (&p, pkt_format_find ("postfix")), ==, 1);
  g_assert_null (pkt_format_find ("no-such"));
}

/* Year index of the last of these stamps: a step of more than a day back is a new year. */
static const struct {
  const char *name, *first, *second;
  int year;
} turns[] = {
  { "same-day", "Dec 31 10:00:00", "Dec 31 10:00:01", 0 },
  { "new-year", "Dec 31 23:59:59", "Jan  1 00:00:00", 1 },
  { "clock-back-an-hour", "Oct 25 02:59:59", "Oct 25 02:00:00", 0 },
  { "over-midnight-and-back", "Jan  1 00:00:01", "Jan  1 00:00:00", 0 },
  { "months-later", "Jul  1 10:00:00", "Feb  1 10:00:00", 1 },
};

static void
test_turn (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const PktFormat *f = pkt_format_find ("postfix");
  gpointer state = f->begin ();
  const char *const stamps[] = { turns[i].first, turns[i].second };
  g_assert_cmpint (f->last_stamp (state).kind, ==, PKT_STAMP_NONE);
  for (gsize k = 0; k < 2; k++) {
    g_autofree char *line = g_strdup_printf (
        "%s mail postfix/smtp[7]: A12345: to=<a@icloud.com>, relay=" MX ":25, " DELAYS
        "dsn=2.0.0, status=sent (250 Ok)",
        stamps[k]);
    Seen s = { g_string_new (NULL), line, line + strlen (line) };
    f->parse (state, pkt_slice_str (line), sink, &s);
    g_string_free (s.out, TRUE);
  }
  PktStamp last = f->last_stamp (state);
  g_assert_cmpint (last.kind, ==, PKT_STAMP_YEARLESS);
  g_assert_cmpint (pkt_stamp_year_index (last), ==, turns[i].year);
  f->end (state);
}

/* The REASON grammar alone: stage, host and the words of the other side. */
static const struct {
  const char *reason, *host;
  PktStage stage;
  const char *reply;
  gboolean remote, suspended;
} reasons[] = {
  { "host " MX " said: 550 no (in reply to MAIL FROM command)", "mx01.mail.icloud.com",
    PKT_STAGE_MAIL, "550 no", TRUE, FALSE },
  { "host " MX " said: 550", "mx01.mail.icloud.com", PKT_STAGE_UNKNOWN, "550", TRUE, FALSE },
  { "host " MX " refused to talk to me: 554 go", "mx01.mail.icloud.com", PKT_STAGE_BANNER, "554 go",
    TRUE, FALSE },
  { "host mx[2001:db8::1] said: 450 x (in reply to DATA command)", "mx", PKT_STAGE_DATA, "450 x",
    TRUE, FALSE },
  { "lost connection with " MX " while sending end of data -- message may be sent more than once",
    "mx01.mail.icloud.com", PKT_STAGE_END_OF_DATA,
    "lost connection with " MX " while sending end of data -- message may be sent more than once",
    FALSE, FALSE },
  { "conversation with " MX " timed out while performing the HELO handshake",
    "mx01.mail.icloud.com", PKT_STAGE_HELO,
    "conversation with " MX " timed out while performing the HELO handshake", FALSE, FALSE },
  { "delivery temporarily suspended: connect to " MX ":25: Connection refused",
    "mx01.mail.icloud.com", PKT_STAGE_CONNECT, "connect to " MX ":25: Connection refused", FALSE,
    TRUE },
  { "host name lookup failed", NULL, PKT_STAGE_UNKNOWN, "host name lookup failed", FALSE, FALSE },
  { "host ", NULL, PKT_STAGE_UNKNOWN, "host ", FALSE, FALSE },
  { "host a[", NULL, PKT_STAGE_UNKNOWN, "host a[", FALSE, FALSE },
  { "", NULL, PKT_STAGE_UNKNOWN, "", FALSE, FALSE },
};

static void
test_reasons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++) {
    PktAttempt a = { .outcome = PKT_DEFERRED };
    pkt_postfix_reason (pkt_slice_str (reasons[i].reason), &a);
    g_autofree char *host = g_strndup (a.remote_host.p ? a.remote_host.p : "", a.remote_host.n),
                    *reply = g_strndup (a.reply.p ? a.reply.p : "", a.reply.n);
    g_assert_cmpstr (host, ==, reasons[i].host ? reasons[i].host : "");
    g_assert_cmpstr (reply, ==, reasons[i].reply);
    g_assert_cmpint (a.stage, ==, reasons[i].stage);
    g_assert_cmpint (a.reply_is_remote, ==, reasons[i].remote);
    g_assert_cmpint (a.outcome == PKT_NOT_ATTEMPTED, ==, reasons[i].suspended);
  }
}

/* "delivery temporarily suspended: " as often as a line holds it: no deep recursion matters. */
static void
test_nested (void)
{
  g_autoptr (GString) reason = g_string_new (NULL);
  for (int i = 0; i < 2000; i++)
    g_string_append (reason, "delivery temporarily suspended: ");
  PktAttempt a = { 0 };
  pkt_postfix_reason (pkt_slice (reason->str, reason->len), &a);
  g_assert_cmpint (a.outcome, ==, PKT_NOT_ATTEMPTED);
}

static gboolean
is_elsewhere (gconstpointer unused, PktSlice recipient, PktSlice host, PktSlice ip)
{
  (void)unused;
  return recipient.n > 0 && host.n > 0 && ip.n > 0;
}

/* Kinds of the lines that a glance leaves of a block, a letter each: "w" for a message told whole.
 */
static char *
glance_at (const char *log)
{
  PktGlanceRule rule = { .elsewhere = is_elsewhere };
  const gpointer state = pkt_postfix_glancer.begin (&rule);
  PktBlock block = { 0 };
  block.raw.n = strlen (log);
  block.raw.bytes = block.raw.room = g_malloc0 (block.raw.n + PKT_BLOCK_PADDING);
  memcpy (block.raw.room, log, block.raw.n);
  block.lines = g_new (PktBlockLine, PKT_BLOCK_LINES);
  pkt_block_start (&block);
  g_assert_true (pkt_block_split (&block, &pkt_postfix_glancer, state));
  GString *kinds = g_string_new (NULL);
  for (guint i = 0; i < block.n_lines; i++)
    g_string_append_c (kinds, block.lines[i].seen.kind == PKT_GLANCE_WHOLE     ? 'w'
                              : block.lines[i].seen.kind == PKT_GLANCE_ARRIVAL ? 'a'
                              : block.lines[i].seen.kind == PKT_GLANCE_REMOVED ? 'r'
                              : block.lines[i].seen.kind == PKT_GLANCE_KNOWN   ? 'k'
                              : block.lines[i].seen.kind == PKT_GLANCE_PLAIN   ? 'p'
                                                                               : 'e');
  pkt_postfix_glancer.end (state);
  g_free (block.lines);
  g_free (block.raw.room);
  return g_string_free (kinds, FALSE);
}

/* What other daemons say between the lines of a message does not keep it from being told whole;
 * what one says of the message does. */
static void
test_whole (void)
{
#define AT "Dec 29 00:36:09 mx1 postfix/"
#define ARRIVAL                                                                                    \
  AT "qmgr[9]: 4A5F3B2C1D: from=<news@example.com>, size=1234, nrcpt=1 (queue active)\n"
#define SENT                                                                                       \
  AT "smtp[8]: 4A5F3B2C1D: to=<a@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, "      \
     "delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n"
#define REMOVED AT "qmgr[9]: 4A5F3B2C1D: removed\n"
  static const struct {
    const char *between, *kinds;
  } rows[] = {
    { "", "pw" },
    { AT "anvil[7]: statistics: max cache size 4 at Dec 29 00:33:00\n", "pw" },
    { AT "bounce[7]: 5B6F3B2C1D: sender non-delivery notification: 6B6F3B2C1D\n", "pw" },
    { AT "error[7]: 5B6F3B2C1D: to=<b@example.net>, relay=none, delay=9, delays=9/0/0/0, "
         "dsn=5.4.4, status=bounced (no route)\n",
      "pkw" },
    { AT "error[7]: 4A5F3B2C1D: to=<b@example.net>, relay=none, delay=9, delays=9/0/0/0, "
         "dsn=5.4.4, status=bounced (no route)\n",
      "paker" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GString) log = g_string_new (NULL);
    for (guint k = 0; k < PKT_BLOCK_BATCH; k++) /* by the first of which lines are known */
      g_string_append (log, AT "smtpd[6]: connect from a.example.net[192.0.2.9]\n");
    g_string_append_printf (log, "%s%s%s%s", ARRIVAL, rows[i].between, SENT, REMOVED);
    g_autofree char *seen = glance_at (log->str);
    g_assert_cmpstr (seen, ==, rows[i].kinds);
  }
#undef AT
#undef ARRIVAL
#undef SENT
#undef REMOVED
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *path = g_strdup_printf ("/log/postfix/%02" G_GSIZE_FORMAT, i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_line);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (turns); i++) {
    g_autofree char *path = g_strconcat ("/log/postfix-year/", turns[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_turn);
  }
  g_test_add_func ("/log/postfix-truncated", test_truncated);
  g_test_add_func ("/log/postfix-probe", test_probe);
  g_test_add_func ("/log/postfix-reasons", test_reasons);
  g_test_add_func ("/log/postfix-nested", test_nested);
  g_test_add_func ("/log/postfix-whole", test_whole);
  return g_test_run ();
}
