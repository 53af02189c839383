#include "packet/log/journal.h"

#define HEAD "\"__REALTIME_TIMESTAMP\":\"1772534705000001\",\"_HOSTNAME\":\"mail\","
#define TAG "\"SYSLOG_IDENTIFIER\":\"postfix/smtp\","

static const struct {
  const char *name, *line, *text; /* NULL: no record */
} objects[] = {
  { "string", "{" HEAD TAG "\"MESSAGE\":\"A1: x\"}", "A1: x" },
  { "bytes", "{" HEAD TAG "\"MESSAGE\":[65,49,58,32,233]}", "A1: \xe9" },
  { "null", "{" HEAD TAG "\"MESSAGE\":null}", NULL },
  { "repeated", "{" HEAD TAG "\"MESSAGE\":[\"first\",\"second\"]}", "first" },
  { "repeated-bytes", "{" HEAD TAG "\"MESSAGE\":[[65,66],[67]]}", "AB" },
  { "escapes", "{" HEAD TAG "\"MESSAGE\":\"caf\\u00e9 \\\"x\\\"\"}", "caf\xc3\xa9 \"x\"" },
  { "no-message", "{" HEAD TAG "\"PRIORITY\":\"6\"}", NULL },
  { "no-tag", "{" HEAD "\"MESSAGE\":\"postfix\"}", NULL },
  { "other-program", "{" HEAD "\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"x\"}", NULL },
  { "cut-short", "{" HEAD TAG "\"MESSAGE\":\"A1", NULL },
  { "odd-bytes", "{" HEAD TAG "\"MESSAGE\":[65,-1,70000,true]}", "A\xffp" },
  { "empty-array", "{" HEAD TAG "\"MESSAGE\":[]}", NULL },
  { "deep", "{" HEAD TAG "\"MESSAGE\":[[[[[[]]]]]]}", NULL },
};

static void
test_object (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  PktJournal *j = pkt_journal_new ();
  PktSyslog s = { 0 };
  PktStamp stamp;
  PktSlice line = pkt_slice_str (objects[i].line);
  g_assert_true (pkt_journal_looks_like (line));
  PktJournalResult result = pkt_journal_line (j, line, &s, &stamp);
  g_assert_cmpint (result == PKT_JOURNAL_RECORD, ==, objects[i].text != NULL);
  if (objects[i].text) {
    g_autofree char *text = g_strndup (s.text.p, s.text.n);
    if (g_str_equal (objects[i].name, "odd-bytes"))
      g_assert_cmpint (text[0], ==, 'A'); /* numbers that are no bytes: anything, no crash */
    else
      g_assert_cmpstr (text, ==, objects[i].text);
    g_assert_true (pkt_slice_equal (s.tag, PKT_SLICE ("postfix/smtp")));
    g_assert_true (pkt_slice_equal (s.host, PKT_SLICE ("mail")));
    g_assert_cmpint (stamp.kind, ==, PKT_STAMP_UTC);
    g_assert_cmpint (stamp.us, ==, G_GINT64_CONSTANT (1772534705000001));
  }
  pkt_journal_free (j);
}

/* Vector's record of an entry has journald's names but for the text's. */
static void
test_shippers (void)
{
  g_assert_false (pkt_journal_looks_like (PKT_SLICE ("{" HEAD TAG "\"message\":\"A1: a=b\"}")));
}

static void
test_export (void)
{
  static const char *const lines[]
      = { "__CURSOR=s=1",   "__REALTIME_TIMESTAMP=1772534705000001",
          "_HOSTNAME=mail", "_SOURCE_REALTIME_TIMESTAMP=1772534704000002",
          "PRIORITY=6",     "SYSLOG_IDENTIFIER=postfix/smtp",
          "MESSAGE=A1: a=b" };
  PktJournal *j = pkt_journal_new ();
  PktSyslog s;
  PktStamp stamp;
  for (int round = 0; round < 2; round++) {
    g_assert_false (pkt_journal_busy (j));
    g_assert_true (pkt_journal_looks_like (pkt_slice_str (lines[0])));
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
      g_assert_cmpint (pkt_journal_line (j, pkt_slice_str (lines[i]), &s, &stamp), ==,
                       PKT_JOURNAL_MORE);
      g_assert_true (pkt_journal_busy (j));
    }
    g_assert_cmpint (pkt_journal_line (j, PKT_SLICE (""), &s, &stamp), ==, PKT_JOURNAL_RECORD);
    g_assert_true (pkt_slice_equal (s.text, PKT_SLICE ("A1: a=b")));
    g_assert_cmpint (stamp.us, ==, G_GINT64_CONSTANT (1772534704000002));
  }
  /* A block without a message is no record, and does not keep the last one's. */
  pkt_journal_line (j, pkt_slice_str (lines[1]), &s, &stamp);
  pkt_journal_line (j, pkt_slice_str (lines[5]), &s, &stamp);
  g_assert_cmpint (pkt_journal_line (j, PKT_SLICE (""), &s, &stamp), ==, PKT_JOURNAL_MORE);
  pkt_journal_free (j);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++) {
    g_autofree char *path = g_strconcat ("/log/journal/", objects[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_object);
  }
  g_test_add_func ("/log/journal-shippers", test_shippers);
  g_test_add_func ("/log/journal-export", test_export);
  return g_test_run ();
}
