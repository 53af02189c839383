#include "packet/log/syslog.h"

/* Lines and what stands where in them (facts: log-formats 2.1); NULL time: no frame. */
static const struct {
  const char *name, *line, *time, *host, *tag, *text;
} frames[] = {
  { "3164", "Mar  3 10:45:35 mail postfix/smtp[10]: ABC: x", "Mar  3 10:45:35", "mail",
    "postfix/smtp", "ABC: x" },
  { "zero-padded", "Mar 03 10:45:35 mail postfix/smtp[10]: ABC", "Mar 03 10:45:35", "mail",
    "postfix/smtp", "ABC" },
  { "fraction", "Mar 03 10:45:35.250001 mail postfix/smtp[10]: A", "Mar 03 10:45:35.250001", "mail",
    "postfix/smtp", "A" },
  { "3339", "2026-03-03T10:45:35.473746+00:00 mail postfix/qmgr[9]: x",
    "2026-03-03T10:45:35.473746+00:00", "mail", "postfix/qmgr", "x" },
  { "short-iso", "2026-01-02T03:04:05+0000 mail postfix/smtp[1]: x", "2026-01-02T03:04:05+0000",
    "mail", "postfix/smtp", "x" },
  { "5424", "<22>1 2026-03-03T10:45:35Z mail postfix/smtp 10 - - text", "2026-03-03T10:45:35Z",
    "mail", "postfix/smtp", "text" },
  { "5424-data", "<22>1 2026-03-03T10:45:35Z mail postfix 10 ID7 [a@1 b=\"c\"][d@1] text",
    "2026-03-03T10:45:35Z", "mail", "postfix", "text" },
  { "5424-bom", "<22>1 2026-03-03T10:45:35Z mail postfix 10 - - \xef\xbb\xbftext",
    "2026-03-03T10:45:35Z", "mail", "postfix", "text" },
  { "5424-no-time", "<22>1 - mail postfix 10 - - text", NULL, NULL, NULL, NULL },
  { "pri", "<22>Mar  3 10:45:35 mail postfix/smtp[1]: x", "Mar  3 10:45:35", "mail", "postfix/smtp",
    "x" },
  { "compose", "postfix-1  | Mar  3 10:45:35 mail postfix/smtp[1]: x", "Mar  3 10:45:35", "mail",
    "postfix/smtp", "x" },
  { "cri", "2026-03-03T10:45:36.123456789Z stdout F Mar  3 10:45:35 mail postfix/smtp[1]: x",
    "Mar  3 10:45:35", "mail", "postfix/smtp", "x" },
  { "cri-alone", "2026-03-03T10:45:36.123456789Z stderr F postfix/smtp[1]: x",
    "2026-03-03T10:45:36.123456789Z", "", "postfix/smtp", "x" },
  { "bar-behind-pod", "[pod/a/b] Mar  3 10:45:35 mail postfix/smtp[1]: x | y", "Mar  3 10:45:35",
    "mail", "postfix/smtp", "x | y" },
  { "bar-in-text", "Mar  3 10:45:35 mail postfix/smtp[1]: x | y", "Mar  3 10:45:35", "mail",
    "postfix/smtp", "x | y" },
  { "level", "2020-08-05T20:51:20.055277+00:00 INFO    postfix/smtpd[142]: x",
    "2020-08-05T20:51:20.055277+00:00", "", "postfix/smtpd", "x" },
  { "no-host", "Mar  3 10:45:35 postfix/smtp[1]: x", "Mar  3 10:45:35", "", "postfix/smtp", "x" },
  { "no-pid", "Mar  3 10:45:35 mail kernel: x: y", "Mar  3 10:45:35", "mail", "kernel", "x: y" },
  { "empty-text", "Mar  3 10:45:35 mail postfix/smtp[1]:", "Mar  3 10:45:35", "mail",
    "postfix/smtp", "" },
  { "no-tag", "Mar  3 10:45:35 mail", NULL, NULL, NULL, NULL },
  { "no-colon", "Mar  3 10:45:35 mail last message repeated 2 times", NULL, NULL, NULL, NULL },
  { "no-time", "mail postfix/smtp[1]: x", NULL, NULL, NULL, NULL },
  { "no-such-day", "Feb 30 10:45:35 mail postfix/smtp[1]: x", NULL, NULL, NULL, NULL },
  { "no-such-hour", "Mar  3 24:45:35 mail postfix/smtp[1]: x", NULL, NULL, NULL, NULL },
  { "empty", "", NULL, NULL, NULL, NULL },
};

static void
same (PktSlice got, const char *expected)
{
  g_autofree char *text = g_strndup (got.p ? got.p : "", got.n);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_frame (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  PktSyslog s;
  gboolean split = pkt_syslog_split (pkt_slice_str (frames[i].line), &s);
  g_assert_cmpint (split, ==, frames[i].time != NULL);
  if (!split)
    return;
  same (s.time, frames[i].time);
  same (s.host, frames[i].host);
  same (s.tag, frames[i].tag);
  same (s.text, frames[i].text);
}

/* However short a line is cut, what is handed out lies inside it. */
static void
test_truncated (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    for (gsize n = strlen (frames[i].line); n-- > 0;) {
      g_autofree char *cut = g_memdup2 (frames[i].line, MAX (n, 1)); /* ends where the block ends */
      PktSyslog s = { 0 };
      if (!pkt_syslog_split (pkt_slice (cut, n), &s))
        continue;
      const PktSlice parts[] = { s.time, s.host, s.tag, s.text };
      for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
        g_assert_true (parts[k].n == 0
                       || (parts[k].p >= cut && parts[k].p + parts[k].n <= cut + n));
    }
}

static void
test_leading_nuls (void)
{
  static const char line[] = "\0\0\0Mar  3 10:45:35 mail postfix/smtp[1]: x";
  PktSyslog s;
  g_assert_true (pkt_syslog_split (pkt_slice (line, sizeof line - 1), &s));
  same (s.time, "Mar  3 10:45:35");
}

/* What stands before a line, each so that another's beginning is near; a line of its own follows.
 */
static const char *const wraps[] = {
  "<22>",
  "<20>",
  "<22>1",
  " ",
  "mail-1  | ",
  "mail-12 | ",
  "mail-1 | ",
  "mail-1  |",
  "mail-1  | \x1b[0m",
  "\x1b[36mmail-1  | \x1b[0m",
  "1 | ",
  "Mar | ",
  "[pod/mail-0/postfix] ",
  "[pod/mail-0/postfix] 2026-03-03T10:45:35.1Z ",
  "2026-03-03T10:45:35.123456789Z ",
  "2026-03-03T10:45:35.12345Z ",
  "2026-03-03T10:45:36Z ",
  "2026-03-03T10:45:36.Z ",
  "2026-03-03T10:45:36.5 ",
  "2026-03-03T10:45:36.5",
  "2026-03-03 10:45:36.5 ",
  "2026-03-03T24:45:36.5Z ",
  "2026-03-03T10:45:35.1+01:00 stdout F ",
  "2026-03-03T10:45:35.1+0100 stderr F ",
  "2026-03-03T10:45:35.1Z stdout P ",
  "mail-1  | 2026-03-03T10:45:35.123456789Z ",
  "2026-03-03T10:45:35.1Z [pod/x] ",
  "/var/log/mail.log:",
  "/var/log/mail.log:12:",
  "12-",
  "mail-0 postfix ",
  "mail-0 \xe2\x80\xba postfix ",
  "2026-03-03T10:45:35.1Z mail.1.x7k2@node1    | ",
  "2026-03-03T10:45:35.1Z mail/stream-1 ",
};

/* The same where the line's own time is one that follows, or it is of RFC 5424. */
static const char *const inner[] = { "Mar  3 10:45:35 mail postfix/smtp[1]: x|Mar  3 10:45:35",
                                     "2026-03-03T10:45:35Z mail postfix/smtp[1]: x",
                                     "1 2026-03-03T10:45:35Z mail postfix/smtp 10 - - x",
                                     "mail postfix/smtp[1]: x" };

#define N_INNER G_N_ELEMENTS (inner)

/* Whichever was learnt: where a known frame could begin, the line itself does. */
static void
test_wraps (void)
{
  guint known = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (wraps) * N_INNER; i++) {
    PktWraps learnt = { 0 };
    g_autofree char *from = g_strconcat (wraps[i / N_INNER], inner[i % N_INNER], NULL);
    pkt_wraps_learn (&learnt, pkt_slice_str (from));
    for (gsize k = 0; k < G_N_ELEMENTS (wraps) * N_INNER; k++) {
      char line[512] = { 0 };
      g_strlcat (line, wraps[k / N_INNER], sizeof line);
      g_strlcat (line, inner[k % N_INNER], sizeof line);
      const gsize n = pkt_wraps_match (&learnt, line, pkt_same_64);
      const char *own = pkt_wrap_skip (pkt_slice_str (line)).p;
      PktSyslog s;
      known += i == k && n > 0;
      if (n > 0 && pkt_syslog_split_inner (pkt_slice_str (line + n), &s))
        g_assert_cmpint (own - line, ==, n);
    }
  }
  g_assert_cmpuint (known, >, 40);
}

/* They are told apart, also where more are met than there are places. */
static void
test_many_wraps (void)
{
  PktWraps learnt = { 0 };
  guint known = 0;
  for (guint i = 0; i < 2 * PKT_N_WRAPS; i++) {
    char line[512];
    g_snprintf (line, sizeof line, "mail-%02u | %s", i, inner[0]);
    pkt_wraps_learn (&learnt, pkt_slice_str (line));
  }
  for (guint i = 0; i < 2 * PKT_N_WRAPS; i++) {
    char line[512] = { 0 };
    g_snprintf (line, sizeof line, "mail-%02u | %s", i, inner[0]);
    const gsize n = pkt_wraps_match (&learnt, line, pkt_same_64);
    g_assert_true (n == 0 || n == strlen ("mail-00 | "));
    known += n > 0;
  }
  g_assert_cmpuint (known, ==, PKT_N_WRAPS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++) {
    g_autofree char *path = g_strconcat ("/log/syslog/", frames[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_frame);
  }
  g_test_add_func ("/log/syslog-truncated", test_truncated);
  g_test_add_func ("/log/syslog-leading-nuls", test_leading_nuls);
  g_test_add_func ("/log/wraps", test_wraps);
  g_test_add_func ("/log/many-wraps", test_many_wraps);
  return g_test_run ();
}
