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
  return g_test_run ();
}
