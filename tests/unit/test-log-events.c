/* Exports, row by row: what is a record, what is not, and in whose words. */
#include "packet/log/event-value.h"
#include "packet/log/format.h"

typedef struct {
  guint n;
  PktRecordKind kind;
  PktOutcome outcome;
  gboolean remote;
  gint64 us;
  PktStampKind stamp_kind;
  char recipient[128], reply[256], label[128], host[64], ip[64];
} Got;

static void
copy (char *to, gsize size, PktSlice s)
{
  gsize n = MIN (s.n, size - 1);
  if (n)
    memcpy (to, s.p, n);
  to[n] = '\0';
}

static void
keep (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Got *g = data;
  g->n++;
  g->kind = kind;
  g->outcome = a->outcome;
  g->remote = a->reply_is_remote;
  g->us = a->stamp.us;
  g->stamp_kind = a->stamp.kind;
  copy (g->recipient, sizeof g->recipient, a->recipient);
  copy (g->reply, sizeof g->reply, a->reply);
  copy (g->label, sizeof g->label, a->label);
  copy (g->host, sizeof g->host, a->remote_host);
  copy (g->ip, sizeof g->ip, a->remote_ip);
  g_assert_true (a->smtp);
}

static PktRecordKind
feed (const PktFormat *f, gpointer state, const char *text, Got *got)
{
  PktRecordKind kind = PKT_RECORD_OTHER;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++)
    kind = f->parse (state, pkt_slice_str (*l), keep, got);
  return kind;
}

typedef struct {
  const char *name, *format, *text;
  PktRecordKind kind; /* of the last line */
  guint n;            /* records */
  PktOutcome outcome; /* of the last one */
  gboolean remote;
  const char *reply, *label;
} RowCase;

#define HEAD "email,timestamp,event,reason,bounce_type\n"
#define ROW "a@icloud.com,1779112841,"

static const RowCase rows[] = {
  { "answer", "events-csv", HEAD ROW "bounce,550 5.7.1 [CS01] no,block", PKT_RECORD_ATTEMPT, 1,
    PKT_BOUNCED, TRUE, "550 5.7.1 [CS01] no", "block" },
  { "label-only", "events-csv", HEAD ROW "bounce,,Block bounce", PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED,
    FALSE, "", "Block bounce" },
  { "bare-code-is-no-answer", "events-csv", HEAD ROW "bounce,5.7.1,Block bounce",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "Block bounce" },
  { "prose-is-the-label", "events-csv", HEAD ROW "bounce,spam related,", PKT_RECORD_ATTEMPT, 1,
    PKT_BOUNCED, FALSE, "", "spam related" },
  { "own-words", "events-csv", HEAD ROW "hard_bounce,,", PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE,
    "", "hard_bounce" },
  { "suppressed-label", "events-csv", HEAD ROW "bounce,,Suppressed", PKT_RECORD_ATTEMPT, 1,
    PKT_NOT_ATTEMPTED, FALSE, "", "Suppressed" },
  { "dropped", "events-csv", HEAD ROW "dropped,550 5.1.1 old answer,", PKT_RECORD_ATTEMPT, 1,
    PKT_NOT_ATTEMPTED, TRUE, "550 5.1.1 old answer", "" },
  { "blocked-and-answered", "events-csv", HEAD ROW "blocked,554 5.7.1 no,", PKT_RECORD_ATTEMPT, 1,
    PKT_BOUNCED, TRUE, "554 5.7.1 no", "" },
  { "blocked-before", "events-csv", HEAD ROW "blocked,,", PKT_RECORD_ATTEMPT, 1, PKT_NOT_ATTEMPTED,
    FALSE, "", "blocked" },
  { "sent-says-nothing", "events-csv", HEAD ROW "sent,,", PKT_RECORD_OTHER, 0, 0, FALSE, "", "" },
  { "open", "events-csv", HEAD ROW "open,,", PKT_RECORD_OTHER, 0, 0, FALSE, "", "" },
  { "no-recipient", "events-csv", HEAD "nobody,1779112841,bounce,,", PKT_RECORD_UNKNOWN, 0, 0,
    FALSE, "", "" },
  { "no-time", "events-csv", HEAD "a@icloud.com,soon,bounce,,", PKT_RECORD_UNKNOWN, 0, 0, FALSE, "",
    "" },
  { "too-few-columns", "events-csv", HEAD ROW "bounce", PKT_RECORD_UNKNOWN, 0, 0, FALSE, "", "" },
  { "too-many-columns", "events-csv", HEAD ROW "bounce,a,b,c", PKT_RECORD_UNKNOWN, 0, 0, FALSE, "",
    "" },
  { "separator-line", "events-csv", "sep=;", PKT_RECORD_OTHER, 0, 0, FALSE, "", "" },
  { "before-the-header", "events-csv", ROW "bounce,,", PKT_RECORD_UNKNOWN, 0, 0, FALSE, "", "" },
  { "two-lines", "events-csv", HEAD ROW "bounce,\"550-5.7.1 one\n550 5.7.1 \"\"two\"\"\",x",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, TRUE, "550-5.7.1 one 550 5.7.1 \"two\"", "x" },
  { "unclosed-quote", "events-csv", HEAD ROW "bounce,\"550 5.7.1 lost,x\n" ROW "bounce,550 kept,y",
    PKT_RECORD_UNKNOWN, 1, PKT_BOUNCED, TRUE, "550 kept", "y" },
  { "text-behind-a-quote", "events-csv", HEAD ROW "bounce,\"a\" b,", PKT_RECORD_UNKNOWN, 0, 0,
    FALSE, "", "" },
  { "header-again", "events-csv", HEAD "email,event,timestamp\na@icloud.com,delivered,1779112841",
    PKT_RECORD_ATTEMPT, 1, PKT_DELIVERED, FALSE, "", "" },
  { "reply-decides", "events-csv",
    "to;date;response\na@me.com;2026-05-18T14:00:41Z;421 4.7.1 later", PKT_RECORD_ATTEMPT, 1,
    PKT_DEFERRED, TRUE, "421 4.7.1 later", "" },
  { "another-header-forgets", "events-csv",
    HEAD ROW "bounce,550 5.7.1 first,x\nemail,event,timestamp\na@icloud.com,bounce,1779112841",
    PKT_RECORD_ATTEMPT, 2, PKT_BOUNCED, FALSE, "", "bounce" },
  { "no-event-no-answer", "events-csv",
    "address,reason,date\na@me.com,inactive,2026-05-18 00:00:00", PKT_RECORD_OTHER, 0, 0, FALSE, "",
    "" },
  { "json", "events-json",
    "{\"email\":\"a@icloud.com\",\"timestamp\":1779112841,\"event\":\"bounce\",\"reason\":\"550 "
    "5.7.1 \\\"no\\\"\\r\\nmore\"}",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, TRUE, "550 5.7.1 \"no\" more", "" },
  { "json-null-is-absent", "events-json",
    "{\"email\":\"a@icloud.com\",\"timestamp\":1779112841,\"event\":\"bounce\",\"reason\":null,"
    "\"classification\":\"Reputation\"}",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "Reputation" },
  { "json-inner-names-stay-inside", "events-json",
    "{\"user\":{\"email\":\"b@icloud.com\",\"reason\":\"550 no\"},\"email\":\"a@icloud.com\","
    "\"timestamp\":1779112841,\"event\":\"bounce\"}",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-cut", "events-json", "{\"email\":\"a@icloud.com\",\"timestamp\":1779112841,\"event\":\"b",
    PKT_RECORD_UNKNOWN, 0, 0, FALSE, "", "" },
  { "json-bad-escape", "events-json",
    "{\"email\":\"a@icloud.com\",\"timestamp\":1779112841,\"event\":\"bounce\",\"reason\":\"\\q\"}",
    PKT_RECORD_UNKNOWN, 0, 0, FALSE, "", "" },
  { "json-two-on-a-line", "events-json",
    "[{\"email\":\"a@icloud.com\",\"timestamp\":1779112841,\"event\":\"delivered\"},"
    "{\"email\":\"b@icloud.com\",\"timestamp\":1779112841,\"event\":\"deferred\"}]",
    PKT_RECORD_ATTEMPT, 2, PKT_DEFERRED, FALSE, "", "deferred" },
#define EV(who) "{\"email\":\"" who "@icloud.com\",\"timestamp\":1779112841,\"event\":\"bounce\"}"
  { "json-pretty", "events-json",
    "[\n  {\n    \"email\": \"a@icloud.com\",\n    \"timestamp\": 1779112841,\n    \"inner\": "
    "{\n \"x\": [1,\n true, null]\n},\n    \"event\": \"bounce\",\n    \"reason\": \"550 no "
    "\\\"{[\"\n"
    "  }\n]",
    PKT_RECORD_OTHER, 1, PKT_BOUNCED, TRUE, "550 no \"{[", "" },
  { "json-list-inside", "events-json",
    "{\"total\":2,\"next\":{\"event\":\"x\"},\"items\":[" EV ("a") "," EV (
        "b") "],\"paging\":{\"a\":1}}",
    PKT_RECORD_ATTEMPT, 2, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-list-inside-on-lines", "events-json",
    "{\n\"items\":\n[\n" EV ("a") ",\n" EV ("b") "\n],\n\"paging\":\n{\"a\":1},\n\"n\": null\n}",
    PKT_RECORD_OTHER, 2, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-lines-then-array", "events-json", EV ("a") "\n[" EV ("b") "]", PKT_RECORD_ATTEMPT, 2,
    PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-cut-in-a-string", "events-json", "{\"email\":\"a@icl\n" EV ("b"), PKT_RECORD_ATTEMPT, 1,
    PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-cut-behind-a-comma", "events-json", "{\"email\":\"a@icloud.com\",\n" EV ("b"),
    PKT_RECORD_UNKNOWN, 1, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-cut-behind-a-colon", "events-json", "{\"email\":\n" EV ("b"), PKT_RECORD_UNKNOWN, 1,
    PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-missing-comma", "events-json",
    "{\"email\":\"a@icloud.com\" \"timestamp\":1779112841,\"event\":\"bounce\"}\n" EV ("b"),
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-escaped-address", "events-json",
    "{\"email\":\"a\\u0040\\u0069cloud.com\",\"timestamp\":1779112841,\"event\":\"bounce\"}",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-form", "events-json",
    "mandrill_events=%5B%7B%22email%22%3A%22a%40icloud.com%22%2C%22timestamp%22%3A1779112841%2C"
    "%22event%22%3A%22bounce%22%7D%5D&x=1",
    PKT_RECORD_ATTEMPT, 1, PKT_BOUNCED, FALSE, "", "bounce" },
  { "json-no-event", "events-json", "{\"name\":\"x\"}", PKT_RECORD_UNKNOWN, 0, 0, FALSE, "", "" },
};

static void
test_row (gconstpointer data)
{
  const RowCase *c = data;
  const PktFormat *f = pkt_format_find (c->format);
  gpointer state = f->begin ();
  Got got = { 0 };
  g_assert_cmpint (feed (f, state, c->text, &got), ==, c->kind);
  g_assert_cmpuint (got.n, ==, c->n);
  if (c->n) {
    g_assert_cmpint (got.outcome, ==, c->outcome);
    g_assert_cmpint (got.remote, ==, c->remote);
    g_assert_cmpstr (got.reply, ==, c->reply);
    g_assert_cmpstr (got.label, ==, c->label);
    g_assert_cmpint (f->last_stamp (state).us, ==, got.us);
  } else
    g_assert_cmpint (f->last_stamp (state).kind, ==, PKT_STAMP_NONE);
  f->end (state);
}

typedef struct {
  const char *text;
  PktEventDates dates;
  PktStampKind kind; /* NONE: no time */
  const char *utc;
} TimeCase;

static const TimeCase times[] = {
  { "1779112841", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41Z" },
  { "1779112841.25", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41.250Z" },
  { "1779112841250", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41.250Z" },
  { "1779112841250000", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41.250Z" },
  { "20260518", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "20260518140041", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "2026-05-18T16:00:41+02:00", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41Z" },
  { "2026-05-18 16:00:41+0200", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41Z" },
  { " 2026-05-18 16:00:41.5 +0200 ", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41.500Z" },
  { "2026-05-18 14:00:41 UTC", PKT_DATES_NEITHER, PKT_STAMP_UTC, "2026-05-18T14:00:41Z" },
  { "2026-05-18 14:00:41", PKT_DATES_NEITHER, PKT_STAMP_LOCAL, "2026-05-18T14:00:41Z" },
  { "2026-05-18 14:00:41 CDT", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "2026-02-30 14:00:41", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "5/18/2026 2:00:41 PM", PKT_DATES_MONTH_FIRST, PKT_STAMP_LOCAL, "2026-05-18T14:00:41Z" },
  { "5/18/2026 12:00:41 AM", PKT_DATES_MONTH_FIRST, PKT_STAMP_LOCAL, "2026-05-18T00:00:41Z" },
  { "5/18/2026 2:00:41 PM", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "18/5/2026 14:00:41", PKT_DATES_MONTH_FIRST, PKT_STAMP_NONE, NULL },
  { "", PKT_DATES_MONTH_FIRST, PKT_STAMP_NONE, NULL },
  { "18/5/2026 14:00:41", PKT_DATES_DAY_FIRST, PKT_STAMP_LOCAL, "2026-05-18T14:00:41Z" },
  { "05/06/2026 14:00", PKT_DATES_DAY_FIRST, PKT_STAMP_LOCAL, "2026-06-05T14:00:00Z" },
  { "05/06/2026 14:00", PKT_DATES_MONTH_FIRST, PKT_STAMP_LOCAL, "2026-05-06T14:00:00Z" },
  { "05-06-2026 14:00:41.5", PKT_DATES_DAY_FIRST, PKT_STAMP_LOCAL, "2026-06-05T14:00:41.500Z" },
  { "05-06-2026T14:00:41+02:00", PKT_DATES_DAY_FIRST, PKT_STAMP_UTC, "2026-06-05T12:00:41Z" },
  { "05-06-2026 14:00:41", PKT_DATES_NEITHER, PKT_STAMP_NONE, NULL },
  { "5/18/2026 14:00:41", PKT_DATES_DAY_FIRST, PKT_STAMP_NONE, NULL },
  { "2026-05-06 14:00:41", PKT_DATES_DAY_FIRST, PKT_STAMP_LOCAL, "2026-05-06T14:00:41Z" },
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    PktStamp stamp = { 0 };
    gboolean ok = pkt_event_time (pkt_slice_str (times[i].text), times[i].dates, &stamp);
    g_test_message ("'%s'", times[i].text);
    g_assert_cmpint (ok, ==, times[i].kind != PKT_STAMP_NONE);
    if (!ok)
      continue;
    g_autofree char *utc = pkt_clock_rfc3339 (stamp.us);
    g_assert_cmpint (stamp.kind, ==, times[i].kind);
    g_assert_cmpstr (utc, ==, times[i].utc);
  }
}

typedef struct {
  const char *line;
  guint csv, json;
} ProbeCase;

static const ProbeCase probes[] = {
  { "email,timestamp,event,reason", 90, 0 },
  { "\xef\xbb\xbf\"Email Address\";\"Event Time\";\"Status\"", 90, 0 },
  { "type,timeLogged,orig,rcpt,dsnDiag", 90, 0 },
  { "name,price,status", 0, 0 },
  { "email,name,city", 0, 0 },
  { "a@icloud.com,1779112841,bounce,550 no", 0, 0 },
  { "To: email, event, reason", 0, 0 },
  { "<p>email,event,reason</p>", 0, 0 },
  { "Dec 29 00:36:09 mail1 postfix/smtp[7]: 4Xb1: to=<a@icloud.com>, status=sent (250 ok)", 0, 0 },
  { "{\"email\":\"a@icloud.com\",\"event\":\"bounce\",\"timestamp\":1}", 0, 90 },
  { "[{\"email\":\"a@icloud.com\",\"event\":\"open\"},", 0, 90 },
  { "{\"email\":\"a@icloud.com\",\"type\":\"user\"}", 0, 0 },
  { "{\"name\":\"x\",\"event\":\"bounce\"}", 0, 0 },
  { "{\"MESSAGE\":\"to=<a@icloud.com>\",\"__REALTIME_TIMESTAMP\":\"1\"}", 0, 0 },
  { "{\"email\":\"a@icloud.com\",\"event\":\"bounce\"", 0, 0 },
  { "  \"email\": \"a@icloud.com\",", 0, 20 },
  { "  \"email\": \"a\\u0040icloud.com\",", 0, 20 },
  { "  \"contact\": \"a@icloud.com\",", 0, 0 },
  { "{\"items\":[{\"email\":\"a@icloud.com\",\"event\":\"bounce\"},", 0, 90 },
  { "", 0, 0 },
};

static void
test_probe (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++) {
    PktSlice line = pkt_slice_str (probes[i].line);
    g_test_message ("%s", probes[i].line);
    g_assert_cmpuint (pkt_format_find ("events-csv")->probe (line), ==, probes[i].csv);
    g_assert_cmpuint (pkt_format_find ("events-json")->probe (line), ==, probes[i].json);
  }
}

/* Brackets in brackets: given up at the bound, and the next line is read again. */
static void
test_nest (void)
{
  const PktFormat *f = pkt_format_find ("events-json");
  static const char *const deep[] = { "{\"a\":", "[", "{\"a\":[", "{\"a\":1,\"b\":{" };
  for (gsize i = 0; i < G_N_ELEMENTS (deep); i++) {
    g_autoptr (GString) text = g_string_new ("{\"x\":");
    for (int k = 0; k < 3000; k++)
      g_string_append (text, deep[i]);
    gpointer state = f->begin ();
    Got got = { 0 };
    g_assert_cmpint (feed (f, state, text->str, &got), ==, PKT_RECORD_UNKNOWN);
    g_assert_cmpuint (got.n, ==, 0);
    feed (f, state, "\n" EV ("a") "\n" EV ("b"), &got);
    g_assert_cmpuint (got.n, ==, i == 2 ? 1 : 2); /* in an array, an object may follow */
    g_assert_cmpint (f->finish (state, keep, &got), ==, PKT_RECORD_OTHER);
    feed (f, state, "{\"a\":1,", &got);
    g_assert_cmpint (f->finish (state, keep, &got), ==, PKT_RECORD_UNKNOWN);
    f->end (state);
  }
}

/* The open row is given up at its bound; the next line is read again. */
static void
test_bound (void)
{
  const PktFormat *f = pkt_format_find ("events-csv");
  gpointer state = f->begin ();
  Got got = { 0 };
  guint bad = 0;
  feed (f, state, HEAD ROW "bounce,\"never closed", &got);
  for (guint i = 0; i < 200; i++)
    bad += feed (f, state, "some text", &got) == PKT_RECORD_UNKNOWN;
  g_assert_cmpuint (bad, >, 100);
  g_assert_cmpint (feed (f, state, ROW "delivered,,", &got), ==, PKT_RECORD_ATTEMPT);
  g_assert_cmpuint (got.n, ==, 1);
  f->end (state);
}

static void
test_remote (void)
{
  static const char *const cases[][3] = {
    { "mx01.mail.icloud.com (17.57.154.33)", "mx01.mail.icloud.com", "17.57.154.33" },
    { "mx01.mail.icloud.com[17.57.154.33]", "mx01.mail.icloud.com", "17.57.154.33" },
    { "mx01.mail.icloud.com.", "mx01.mail.icloud.com", "" },
    { "17.57.154.33", "", "17.57.154.33" },
    { "[2001:db8::1]", "", "2001:db8::1" },
    { "(", "", "" },
  };
  const PktFormat *f = pkt_format_find ("events-csv");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gpointer state = f->begin ();
    Got got = { 0 };
    g_autofree char *text = g_strconcat ("email,timestamp,event,mx\n" ROW "delivered,", cases[i][0],
                                         NULL);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpint (feed (f, state, text, &got), ==, PKT_RECORD_ATTEMPT);
    g_assert_cmpstr (got.host, ==, cases[i][1]);
    g_assert_cmpstr (got.ip, ==, cases[i][2]);
    f->end (state);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/log/events/row/", rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/log/events/times", test_times);
  g_test_add_func ("/log/events/probe", test_probe);
  g_test_add_func ("/log/events/bound", test_bound);
  g_test_add_func ("/log/events/nest", test_nest);
  g_test_add_func ("/log/events/remote", test_remote);
  return g_test_run ();
}
