/* Logs of many damaged lines, read with a glance and without: both say the same (fuzz-glance.c). */
#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define LOGS 5000 /* or as many as the environment's GLANCE_LOGS says */
#define LINES 60  /* of a log */
#define HOSTS 150 /* that write into some logs: more than frames are known of */

/* TIME HOST TAG: TEXT of all that a log holds; mixed anew for each log. */
static const char *const times[] = { "Dec 31 23:59:59",
                                     "Jan  1 00:00:00",
                                     "Jan  1 00:00:01",
                                     "Mar 33 25:00:08",
                                     "Feb 29 12:00:00",
                                     "Dec 31 23:59:59",
                                     "Dec 31 23:59:60",
                                     "2026-12-31T23:59:59.5+01:00",
                                     "2026-12-31T23:59:59.123456+01:00",
                                     "2026-12-31T23:59:59.654321+01:00",
                                     "2027-01-01T00:00:00.000000+01:00",
                                     "2027-01-01T00:00:00Z" };
static const char *const hosts[] = { "mx1",
                                     "mx2",
                                     "mail.example.com",
                                     "192.0.2.1",
                                     "a",
                                     "relay-01.transactional.mail.central.example.com",
                                     "mx1 Jan  1 00:00:01 mx2" }; /* behind a relay of syslog */
static const char *const tags[] = { "postfix/smtp[12]",
                                    "postfix/smtp[1234567]",
                                    "postfix/qmgr[9]",
                                    "postfix/smtpd[77]",
                                    "postfix/cleanup[3]",
                                    "postfix/mta1/smtp[4]",
                                    "postfix-a/smtp[5]",
                                    "postfix/error[6]",
                                    "postfix/submission/smtpd[7]",
                                    "postfix/lmtp[8]",
                                    "sshd[9]",
                                    "sshd[9x]",
                                    "dovecot",
                                    "rspamd[8]",
                                    "sm-mta[5]",
                                    "postfix/smtp",
                                    "postfix/smtpd[",
                                    "postfix/qmgr[1] ",
                                    "" }; /* an export left it out */
static const char *const texts[] = {
  "4gBx2T5r3Zz1k: removed",
  "4gBx2T5r3Zz1k: removed ",
  "ABCDEF0123: from=<news@example.com>, size=1234, nrcpt=1 (queue active)",
  "ABCDEF0123: from=<>, size=1234, nrcpt=1 (queue active)",
  "ABCDEF0123: from=<news@example.com>, status=expired, returned to sender",
  "ABCDEF0123: to=<a@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, "
  "delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)",
  "ABCDEF0123: to=<a@example.net>, orig_to=<b@example.org>, relay=mx.example.net[192.0.2.7]:25, "
  "delay=1, dsn=2.0.0, status=sent (250 ok)",
  "ABCDEF0123: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.152.14]:25, delay=1, "
  "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as X)",
  "ABCDEF0123: to=<a@icloud.com>, relay=mx.example.net[192.0.2.7]:25, delay=1, dsn=2.0.0, "
  "status=sent (250 ok)",
  "ABCDEF0123: to=<a@example.net>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, dsn=2.0.0, "
  "status=sent (250 ok)",
  "ABCDEF0123: to=<a@example.net>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to "
  "mx.example.net[192.0.2.7]:25: Connection refused)",
  "ABCDEF0123: to=<\"a>b\"@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, "
  "dsn=5.0.0, status=bounced (host mx.example.net[192.0.2.7] said: 550 no (in reply to RCPT TO "
  "command))",
  "ABCDEF0123: message-id=<1@example.com>",
  "connect to mx.example.net[192.0.2.7]:25: Connection timed out",
  "Untrusted TLS connection established to mx.example.net[192.0.2.7]:25: TLSv1.3",
  "Trusted TLS: connection established to mx.example.net[192.0.2.7]:25: TLSv1.3",
  "4gBx2T5r3Zz1kLm9: to=<b@example.net>, relay=mx.example.net[IPv6:2001:db8::7]:25, delay=1, "
  "dsn=2.0.0, status=sent (250 2.0.0 ok, status=bounced)",
  "NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 550 5.7.1 no",
  "warning: something",
  "connect from app.example.net[192.0.2.4]"
};

/* Rows of exports, and what stands between them. */
static const char *const records[] = {
  ("{\"type\":\"Delivery\",\"id\":\"a1\",\"recipient\":\"a@example.net\",\"peer_address\":{"
   "\"name\":"
   "\"mx.example.net.\",\"addr\":\"192.0.2.7\"},\"timestamp\":1793577600,\"num_attempts\":0}"),
  ("{\"type\":\"Delivery\",\"id\":\"a2\",\"recipient\":\"a@icloud.com\",\"peer_address\":{\"name\":"
   "\"mx01.mail.icloud.com.\",\"addr\":\"17.57.154.33\"},\"timestamp\":1793577601,\"num_attempts\":"
   "0}"),
  ("{\"type\":\"Bounce\",\"id\":\"a3\",\"recipient\":\"b@example.net\",\"response\":{\"code\":550,"
   "\"content\":\"5.1.1 no \\\"b\\\"\"},\"timestamp\":1793577602,\"num_attempts\":null}"),
  ("{\"email\":\"c@example.org\",\"timestamp\":1793577603,\"event\":\"delivered\",\"category\":"
   "[\"a\",\"b]\"],\"sg_event_id\":\"x\"}"),
  ("{\"email\":\"c@example.org\",\"timestamp\":1793577604,\"event\":\"open\",\"category\":[],"
   "\"sg_event_id\":\"x\"}"),
  ("{\"email\":\"c\\u0040example.org\",\"timestamp\":1793577605,\"event\":\"delivered\","
   "\"sg_event_id\":\"x\"}"),
  ("{\"type\":\"Delivery\",\"recipient\":[\"a@example.net\",\"b@icloud.com\"],\"timestamp\":"
   "1793577606,"
   "\"nodeid\":\"n\"}"),
  ("{\"event-data\":{\"event\":\"delivered\",\"recipient\":\"d@example.com\",\"timestamp\":"
   "1793577607.5,"
   "\"id\":\"m\"},\"signature\":{}}"),
  "{",
  "}",
  "[{",
  "]",
  "",
};
static const char *const rows[] = {
  "type,timeLogged,orig,rcpt,dsnDiag,dsnMta",
  "type,rcpt,timeLogged,dsnDiag,dsnMta,orig",
  "d,2026-11-02 00:00:00+0000,b@example.com,a@example.net,smtp;250 ok,mx.example.net (192.0.2.7)",
  ("d,2026-11-02 00:00:01+0000,b@example.com,a@icloud.com,\"smtp;250 ok, "
   "yes\",mx01.mail.icloud.com "
   "(17.57.154.33)"),
  "d,2026-11-02 00:00:01+0000,b@example.com,a@example.org,\"smtp;250 \"\"ok\"\"\",mx.example.org",
  "d,2026-11-02 00:00:02+0000,b@example.com,c@example.org,\"smtp;250",
  "ok\",mx.example.org",
  "b,2026-11-02 00:00:03+0000,b@example.com,c@example.org,smtp;550 5.1.1 no,mx.example.org",
  "r,2026-11-02 00:00:04+0000,b@example.com,c@example.org,,",
  "d,c@example.org,2026-11-02 00:00:05+0000,smtp;250 ok,mx.example.org,b@example.com",
  "type,timeLogged,rcpt",
  "d,2026-11-02 00:00:06+0000,e@example.net",
  "",
};

/* Lines of Exim's mainlog behind time and id. */
#define EXIM_ARRIVAL                                                                               \
  "<= news@example.com H=app.example.net [192.0.2.4] P=esmtps S=1234 id=1@example.com"
#define EXIM_DELIVERY                                                                              \
  "=> c@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] "                       \
  "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok: queued as 46381C4EFB\""
static const char *const exim[] = {
  EXIM_ARRIVAL,
  EXIM_DELIVERY,
  "=> a@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] C=\"250 ok\"",
  "-> b@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] C=\"250 \\\"ok\\\"\"",
  "=> a@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] C=\"250 ok\"",
  "=> a@icloud.com R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7]:25* C=\"250 ok\"",
  "=> local <local@example.com> R=local T=mail_spool",
  ("=> d@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.7]:25* "
   "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 H=mx01.mail.icloud.com "
   "[17.57.154.33]\""),
  "=> k@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7",
  ("=> j@ R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] x@icloud.com R=dnslookup "
   "T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] CV=yes C=\"250 2.0.0 Ok\""),
  ("-> e@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] "
   "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok: queued as 46381C4EFB\""),
  ("=> f@example.net R=dnslookup: T=remote_smtp H=mx.example.net [192.0.2.7] "
   "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok: queued as 46381C4EFB\""),
  ("=> g@example.net> R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] x@icloud.com "
   "R=dnslookup "
   "T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] CV=yes C=\"250 2.0.0 Ok\""),
  ("=> h@example.net R=other T=remote_smtp H=mx.example.net H=mx.example.net [192.0.2.7] "
   "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes H=mx01.mail.icloud.com [17.57.154.33] C=\"250\""),
  ("=> i@example.net <I@example.net> F=<news@example.com> R=other T=remote_smtp H=mx.example.net "
   "DS "
   "[2001:db8::7] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C=\"250 2.0.0 Ok\""),
  "<= <> R=1RwtJY-0009RI-E4 U=mail P=local S=2048 T=\"Mail delivery failed S=1 id=2\"",
  "== a@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.7]: SMTP error "
  "from remote mail server after RCPT TO:<a@example.net>: 450 4.2.2 later",
  "== a@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.7]: SMTP error "
  "from remote mail server after pipelined RCPT TO:<a@example.net>: 450-4.2.2 later",
  "== a@example.net R=dnslookup T=remote_smtp defer (-45) H=mx.example.net [192.0.2.7]: SMTP error "
  "from remote mail server after MAIL FROM:<x: 450 4@example.com> SIZE=9: 550 450 4.2.2",
  "== a@icloud.com R=dnslookup T=remote_smtp defer (110): Connection timed out",
  "H=mx01.mail.icloud.com [17.57.154.33]: Connection timed out",
  "H=mx.example.net [192.0.2.7]: SMTP error from remote mail server after initial connection: 421 "
  "no",
  "** a@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7]: SMTP error from remote "
  "mail server after end of data: 550 no",
  "** a@example.net: retry timeout exceeded",
  "Completed",
  "Completed QT=2s",
  "Frozen",
  "Message is frozen",
  "H=app.example.net [192.0.2.4] incomplete transaction (QUIT) from <news@example.com>",
  "",
};
/* The same behind time alone. */
static const char *const exim_bare[] = {
  "SMTP connection from app.example.net [192.0.2.4] closed by QUIT",
  "exim 4.97 daemon started: pid=7",
  "rejected exim[7]: 1RwtJY-0009RI-E4 ** a@example.net R=dnslookup T=remote_smtp: SMTP no",
  "[77] 1RwtJY-0009RI-E4 Completed",
  ("[77] 10HmaX-000000005vi-0000 == a@icloud.com R=dnslookup T=remote_smtp defer (110): Connection "
   "timed out"),
  "H=app.example.net [192.0.2.4] rejected connection",
  "Start queue run: pid=9",
  "something else",
};
/* Of one message, in this order. */
static const char *const exim_life[] = { EXIM_ARRIVAL, EXIM_DELIVERY, "Completed" };
static const char *const exim_ids[] = { "1RwtJY-0009RI-E4", "10HmaX-000000005vi-0000",
                                        "1RwtJY-0009RI",    "1RwtJZ-0009RI-E4",
                                        "1RwtJYx0009RI-E4", "1RwtJY-0009RIxE4" };
/* What stands in front of most lines of a log. */
static const char *const exim_fronts[] = {
  "2026-02-13 23:59:59",
  "2026-02-13 23:59:58",
  "2026-02-13 23:59:58.250",
  "2026-02-13 23:59:58 [7]",
  "2026-02-13 23:59:58 +0100",
  "2026-02-13 23:59:59.007 -0330 [1234]",
  "Feb 13 23:59:58 mail1 exim[812]:",
  "2026-02-13T23:59:58.25+01:00 mail1 exim[812]:",
  "Feb 13 23:59:58 mail2 exim[7]: 2026-02-13 23:59:58",
};
static const char *const exim_times[] = {
  "2026-02-13 23:59:59",
  "2026-02-13 23:59:58",
  "2026-02-13 23:59:60",
  "2026-02-14 00:00:00",
  "2026-02-30 25:00:00",
  "2026-02-13 24:00:00",
  "2026-02-13 14:39:57 +0100",
  "2026-02-13 14:39:57.123",
  "2026-02-13 23:59:57 [7",
  "2026-02-13 23:59:57",
  "2026-02-13 23:59:57 +2500",
  "2026-02-13 23:59:57.12 [8]",
  "Feb 13 23:59:59 mail1 exim[8]:",
  "Feb 13 23:59:58 mail2 exim[9]:",
  "Mar  1 00:00:00 mail1 exim[8]:",
  "Jan  1 00:00:00 mail1 exim[8]:",
  "Dec 31 23:59:59 mail1 exim[8]:",
  "Mar  1 00:00:0< mail1 exim[8]:",
  "<22>Mar  1 00:00:00 mail1 exim[8]:",
  "Feb 13 23:59:58 mail1 exim[8]: [1/2]",
  "Feb 13 23:59:58 mail1 dovecot[8]:",
  "Feb 13 23:59:58 mail1 exim:",
  "Feb 13 23:59:58 INFO exim[8]:",
  "2026-02-13T23:59:58Z mail1 exim[8]:",
  "2026-02-13 23:59:57 [x]",
  "2026-02-13 23:59:57 []",
  "2026-02-13 23:59:57.123+0100",
};

/* Of journalctl -o export; in a file of lines each begins a record that has no end. Among Exim's
 * lines the glance leaves out what would end it. */
static const char *const journal[] = {
  "__CURSOR=s=1",
  "__REALTIME_TIMESTAMP=1771027198000000",
  "_HOSTNAME=mail1",
  "SYSLOG_IDENTIFIER=exim",
  "SYSLOG_IDENTIFIER=postfix/smtp",
  "SYSLOG_PID=8",
  "MESSAGE=1RwtJY-0009RI-E4 " EXIM_DELIVERY,
  ("MESSAGE=ABCDEF0123: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.152.14]:25, delay=1, "
   "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as X)"),
  "",
};

#define PICK(rand, list) (list)[g_rand_int_range (rand, 0, G_N_ELEMENTS (list))]

/* What most records of an export are like: a few forms whose values differ. */
static const char *const alike[] = {
  "{\"email\":\"r%u@example.%s\",\"timestamp\":179357%04u,\"event\":\"delivered\",\"tls\":%s,"
  "\"category\":[\"%s\"],\"sg_event_id\":\"x\",\"sg_message_id\":\"m%u\"}",
  "{\"type\":\"Delivery\",\"id\":\"i%u\",\"recipient\":\"r@%s\",\"peer_address\":{\"name\":"
  "\"mx.example.net.\",\"addr\":\"192.0.2.7\"},\"timestamp\":179357%04u,\"num_attempts\":%s,"
  "\"meta\":{\"k\":\"%s\"},\"nodeid\":\"%u\"}",
  "{\"email\":\"r%u@example.%s\",\"timestamp\":179357%04u,\"event\":\"open\",\"tls\":%s,"
  "\"category\":\"%s\",\"sg_event_id\":\"x%u\"}",
  "{\"type\":\"Delivery\",\"id\":\"%08u\",\"recipient\":\"reader@example.%s\",\"timestamp\":"
  "179357%04u,\"num_attempts\":%s,\"site\":\"%s, and as much as fills more than one step of the "
  "longest that any machine may take\",\"node\":\"%08u\"}",
};
static const char *const alike_row
    = "d,2026-11-02 00:%02u:00+0000,%s@example.com,r%u@example.net,%s,mx%u.example.net (192.0.2.7)";

static void
add_alike (GRand *rand, GString *log, guint kind, guint form)
{
  static const char odd[] = "\"\\,:{}[]0a\n @";
  static const char *const words[] = { "a", "org", "icloud.com", "example.net", "b\\u0040c" },
                           *const numbers[] = { "1", "1", "1", "0", "null" },
                           *const texts_of_rows[] = { "smtp;250 ok", "\"smtp;250 ok, yes\"", "" };
  guint a = (guint)g_rand_int_range (rand, 0, 30), b = (guint)g_rand_int_range (rand, 0, 3);
  gsize at = log->len;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (kind == 1)
    g_string_append_printf (log,
                            alike[g_rand_int_range (rand, 0, 8) ? (form + (at > 3000)) % 4 : b], a,
                            words[g_rand_int_range (rand, 0, 16) ? 1 : a % 5], a, numbers[a % 5],
                            words[g_rand_int_range (rand, 0, 16) ? 0 : a % 5], b);
  else
    g_string_append_printf (log, alike_row, a, words[a % 2], b, texts_of_rows[b], b);
#pragma GCC diagnostic pop
  gsize from = g_rand_boolean (rand) ? at : log->len - 3; /* also how it ends */
  if (g_rand_int_range (rand, 0, 16) == 0)
    log->str[from + (gsize)g_rand_int_range (rand, 0, (gint32)(log->len - from))]
        = g_rand_boolean (rand) ? odd[g_rand_int_range (rand, 0, sizeof odd - 1)]
                                : (char)g_rand_int_range (rand, 0, 256);
  g_string_append_c (log, '\n');
}

/* Two messages, their lines one between the other, and perhaps another line. */
static void
add_exim_life (GRand *rand, GString *log, guint common)
{
  gsize at[2] = { 0, 0 };
  while (at[0] + at[1] < 2 * G_N_ELEMENTS (exim_life)) {
    gsize which = (gsize)g_rand_int_range (rand, 0, 2);
    if (at[which] == G_N_ELEMENTS (exim_life))
      continue;
    g_string_append_printf (log, "%s %s %s%s\n", exim_fronts[common % G_N_ELEMENTS (exim_fronts)],
                            exim_ids[which], exim_life[at[which]++],
                            g_rand_int_range (rand, 0, 16) ? "" : "\r");
    if (g_rand_int_range (rand, 0, 16) == 0)
      g_string_append_printf (log, "%s %s\n", exim_fronts[common % G_N_ELEMENTS (exim_fronts)],
                              PICK (rand, exim_bare));
    if (g_rand_int_range (rand, 0, 16) == 0)
      g_string_append_printf (log, "%s %s %s%s\n", exim_fronts[common % G_N_ELEMENTS (exim_fronts)],
                              PICK (rand, exim_ids), PICK (rand, exim),
                              g_rand_boolean (rand) ? "" : "\r");
  }
}

/* `kind`: a mail server's line, a record, a row; one of Exim's. */
static void
add_line (GRand *rand, GString *log, guint common, guint kind)
{
  gsize at = log->len;
  gboolean usual = g_rand_int_range (rand, 0, 4) > 0;
  const char *tag = PICK (rand, tags);
  if (kind == 0 && g_rand_int_range (rand, 0, 100) == 0)
    g_string_append_printf (log, "%s\n", PICK (rand, journal));
  else if (kind == 3 && g_rand_int_range (rand, 0, 3) == 0)
    add_exim_life (rand, log, common);
  else if (kind == 3 && g_rand_int_range (rand, 0, 30) == 0)
    g_string_append_printf (log, "%s %s\n", exim_fronts[common % G_N_ELEMENTS (exim_fronts)],
                            PICK (rand, exim_bare));
  else if (kind == 3)
    g_string_append_printf (log, "%s %s %s\n",
                            usual ? exim_fronts[common % G_N_ELEMENTS (exim_fronts)]
                                  : PICK (rand, exim_times),
                            usual ? exim_ids[0] : PICK (rand, exim_ids), PICK (rand, exim));
  else if (kind > 0)
    g_string_append_printf (log, "%s\n", kind == 1 ? PICK (rand, records) : PICK (rand, rows));
  else if (common % 4 == 3)
    g_string_append_printf (log, "%s h%d %s%s%s\n", times[common],
                            g_rand_int_range (rand, 0, HOSTS), tag, *tag ? ": " : "",
                            PICK (rand, texts));
  else
    g_string_append_printf (log, "%s %s %s%s%s\n", usual ? times[common] : PICK (rand, times),
                            usual ? hosts[common % 2] : PICK (rand, hosts), tag, *tag ? ": " : "",
                            PICK (rand, texts));
  if (kind > 0 && g_rand_int_range (rand, 0, 4) > 0) /* most of them whole */
    return;
  if (g_rand_int_range (rand, 0, 3) > 0)
    return;
  gsize n = log->len - at;
  gsize where = at + (gsize)g_rand_int_range (rand, 0, (gint32)n);
  if (g_rand_boolean (rand))
    log->str[where] = (char)g_rand_int_range (rand, 0, 256);
  else
    g_string_erase (log, (gssize)where, g_rand_int_range (rand, 0, (gint32)(at + n - where) + 1));
}

static void
test_damaged (void)
{
  const char *wanted = g_getenv ("GLANCE_LOGS");
  const guint64 n = wanted ? g_ascii_strtoull (wanted, NULL, 10) : LOGS;
  GRand *rand = g_rand_new_with_seed (20270101);
  for (guint64 i = 0; i < n; i++) {
    g_autoptr (GString) log = g_string_new (NULL);
    guint common = (guint)g_rand_int_range (rand, 0, G_N_ELEMENTS (times));
    if (i % 3 == 2)
      g_string_append_printf (log, "%s\n", rows[0]);
    const int lines = i % 42 == 0 ? 5 * LINES : LINES;
    for (int k = 0; k < lines; k++)
      if (i % 7 == 0)
        add_line (rand, log, common, 3);
      else if (i % 3 && i % 2)
        add_alike (rand, log, (guint)(i % 3), (guint)(i / 6));
      else
        add_line (rand, log, common, (guint)(i % 3));
    LLVMFuzzerTestOneInput ((const uint8_t *)log->str, log->len);
  }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/glance-damaged", test_damaged);
  return g_test_run ();
}
