#include "packet/base/clock.h"

static const struct {
  const char *text, *as; /* RFC 3339 of the stamp read as UTC; NULL: none */
  gsize n;
  PktStampKind kind;
} rfc3339[] = {
  { "2026-05-18T14:00:41Z", "2026-05-18T14:00:41Z", 20, PKT_STAMP_UTC },
  { "2026-05-18t14:00:41z x", "2026-05-18T14:00:41Z", 20, PKT_STAMP_UTC },
  { "2026-05-18T14:00:41.25+02:00", "2026-05-18T12:00:41.250Z", 28, PKT_STAMP_UTC },
  { "2026-05-18T14:00:41-0530", "2026-05-18T19:30:41Z", 24, PKT_STAMP_UTC },
  { "2026-05-18 14:00:41", "2026-05-18T14:00:41Z", 19, PKT_STAMP_LOCAL },
  { "2026-05-18T14:00:41.1234567Z", "2026-05-18T14:00:41.123456Z", 28, PKT_STAMP_UTC },
  { "2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z", 20, PKT_STAMP_UTC },
  { "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", 20, PKT_STAMP_UTC },
  { "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z", 20, PKT_STAMP_UTC },
  { "2026-02-29T00:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-13-01T00:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-00-01T00:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-05-00T00:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-05-18T24:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-05-18T14:60:00Z", NULL, 0, PKT_STAMP_NONE },
  { "2026-05-18T14:00", NULL, 0, PKT_STAMP_NONE },
  { "2026/05/18T14:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "20a6-05-18T14:00:00Z", NULL, 0, PKT_STAMP_NONE },
  { "", NULL, 0, PKT_STAMP_NONE },
};

static const struct {
  const char *text, *as; /* with year index 0 being 2026 */
  gsize n;
  PktStampKind kind;
} others[] = {
  { "Mar 3 10:45:36 mail", "2026-03-03T10:45:36Z", 14, PKT_STAMP_YEARLESS },
  { "M\xc3\xa4r 03 10:45:36 mail", "2026-03-03T10:45:36Z", 16, PKT_STAMP_YEARLESS },
  { "d\xc3\xa9"
    "c. 31 10:45:36 mail",
    "2026-12-31T10:45:36Z", 17, PKT_STAMP_YEARLESS },
  { "Mar  3 2026 10:45:36 mail", "2026-03-03T10:45:36Z", 20, PKT_STAMP_LOCAL },
  { "2026 Mar  3 10:45:36.5 mail", "2026-03-03T10:45:36.500Z", 22, PKT_STAMP_LOCAL },
  { "Tue Mar  3 10:45:36 2026 mail.info", "2026-03-03T10:45:36Z", 24, PKT_STAMP_LOCAL },
  { "Tue Mar  3 10:45:36 mail", "2026-03-03T10:45:36Z", 19, PKT_STAMP_YEARLESS },
  { "Tue 2026-03-03 10:45:36 UTC mail", "2026-03-03T10:45:36Z", 27, PKT_STAMP_UTC },
  { "Di 2026-03-03 10:45:36 CET mail", "2026-03-03T09:45:36Z", 26, PKT_STAMP_UTC },
  { "Tue 2026-03-03 10:45:36 -03 mail", "2026-03-03T13:45:36Z", 27, PKT_STAMP_UTC },
  { "Tue 2026-03-03 10:45:36 +0545 mail", "2026-03-03T05:00:36Z", 29, PKT_STAMP_UTC },
  { "Tue 2026-03-03 10:45:36 CST mail", "2026-03-03T10:45:36Z", 27, PKT_STAMP_LOCAL },
  { "2026/03/03 10:45:36 mail", "2026-03-03T10:45:36Z", 19, PKT_STAMP_LOCAL },
  { "INFO 2026-03-03 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "2026/02/30 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "mail Mar  3 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "Mar 32 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "Mar 3 25:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "Mer  3 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "Mar 3 10:45", NULL, 0, PKT_STAMP_NONE },
  { " Mar  3 10:45:36 mail", NULL, 0, PKT_STAMP_NONE },
  { "Mar              ", NULL, 0, PKT_STAMP_NONE },
};

static void
test_other (void)
{
  const PktStampRule rule = { .first_year = 2026 };
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    PktStamp stamp = { 0, PKT_STAMP_NONE };
    g_test_message ("%s", others[i].text);
    g_assert_cmpuint (pkt_clock_parse_other (pkt_slice_str (others[i].text), 0, &stamp), ==,
                      others[i].n);
    if (others[i].as == NULL)
      continue;
    g_autofree char *text = pkt_clock_rfc3339 (pkt_stamp_resolve (stamp, &rule));
    g_assert_cmpstr (text, ==, others[i].as);
    g_assert_cmpint (stamp.kind, ==, others[i].kind);
  }
}

static void
test_rfc3339 (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc3339); i++) {
    PktStamp stamp = { 0, PKT_STAMP_NONE };
    g_assert_cmpuint (pkt_clock_parse_rfc3339 (pkt_slice_str (rfc3339[i].text), &stamp), ==,
                      rfc3339[i].n);
    if (rfc3339[i].as == NULL)
      continue;
    g_autofree char *text = pkt_clock_rfc3339 (stamp.us);
    g_assert_cmpstr (text, ==, rfc3339[i].as);
    g_assert_cmpint (stamp.kind, ==, rfc3339[i].kind);
  }
}

/* Dates of mail; what is none of the usual form is left to GMime. */
static const struct {
  const char *text, *as;
} mail[] = {
  { "Mon, 02 Nov 2026 16:00:01 +0000", "2026-11-02T16:00:01Z" },
  { "Mon, 2 Nov 2026 16:00:01 +0100", "2026-11-02T15:00:01Z" },
  { "29 Feb 2028 00:00:00 -0530", "2028-02-29T05:30:00Z" },
  { "Thu, 31 Dec 1998 23:59:59 -0000", "1998-12-31T23:59:59Z" },
  { "Thu, 31 Dec 1998 23:59:60 +0000", NULL },
  { "29 Feb 2026 00:00:00 +0000", NULL },
  { "Mon, 02 nov 2026 16:00:01 +0000", NULL },
  { "Mon, 02 Nov 26 16:00:01 +0000", NULL },
  { "Mon, 02 Nov 2026 16:00 +0000", NULL },
  { "Mon, 02 Nov 2026 16:00:01.5 +0000", NULL },
  { "Mon, 02 Nov 2026 16:00:01 GMT", NULL },
  { "Mon, 02 Nov 2026 16:00:01 +0000 (UTC)", NULL },
  { "Mon, 02 Nov 2026 16:00:01 +01:00", NULL },
  { "Mon, 02 Nov 2026 16:00:01", NULL },
  { "Mon, 02 Nov", NULL },
  { "", NULL },
};

static void
test_mail (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mail); i++) {
    PktStamp stamp;
    PktSlice s = pkt_slice_str (mail[i].text);
    gsize n = pkt_clock_parse_mail (s, &stamp);
    g_assert_cmpuint (n, ==, mail[i].as ? s.n : 0);
    g_autofree char *text = n ? pkt_clock_rfc3339 (stamp.us) : NULL;
    g_assert_cmpstr (text, ==, mail[i].as);
  }
}

static const struct {
  const char *text;
  int first_year;
  const char *as;
} syslog[] = {
  { "Dec 29 00:36:09", 2026, "2026-12-29T00:36:09Z" },
  { "Jan  1 00:00:00", 2026, "2026-01-01T00:00:00Z" },
  { "Jan 01 00:00:00.5", 2026, "2026-01-01T00:00:00.500Z" },
  { "Feb 29 12:00:00", 2024, "2024-02-29T12:00:00Z" },
  { "Feb 29 12:00:00", 2026, "2026-03-01T12:00:00Z" },
  { "Mar  1 12:00:00", 2024, "2024-03-01T12:00:00Z" },
  { "Mar  1 12:00:00", 2026, "2026-03-01T12:00:00Z" },
  { "Dec 31 23:59:59", 2026, "2026-12-31T23:59:59Z" },
  { "Feb 30 12:00:00", 0, NULL },
  { "Apr 31 12:00:00", 0, NULL },
  { "Jan  0 12:00:00", 0, NULL },
  { "Jan 32 12:00:00", 0, NULL },
  { "jan  1 12:00:00", 0, NULL },
  { "Jan 1 12:00:00 ", 0, NULL },
  { "Foo  1 12:00:00", 0, NULL },
  { "Jan  1 12:00", 0, NULL },
};

static void
test_syslog (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (syslog); i++) {
    PktStamp stamp;
    gsize n = pkt_clock_parse_syslog (pkt_slice_str (syslog[i].text), 0, &stamp);
    g_assert_cmpuint (n, ==, syslog[i].as ? strlen (syslog[i].text) : 0);
    if (n == 0)
      continue;
    PktStampRule rule = { NULL, syslog[i].first_year };
    g_autofree char *text = pkt_clock_rfc3339 (pkt_stamp_resolve (stamp, &rule));
    g_assert_cmpstr (text, ==, syslog[i].as);
    g_assert_cmpint (pkt_stamp_year_index (stamp), ==, 0);
    pkt_clock_parse_syslog (pkt_slice_str (syslog[i].text), 3, &stamp);
    g_assert_cmpint (pkt_stamp_year_index (stamp), ==, 3);
  }
}

/* Wall clock to UTC: gap and fold of a DST change; the repeated hour is the earlier one. */
static const struct {
  const char *zone, *wall, *utc;
} walls[] = {
  { "Europe/Berlin", "2026-07-01T12:00:00", "2026-07-01T10:00:00Z" },
  { "Europe/Berlin", "2026-01-01T12:00:00", "2026-01-01T11:00:00Z" },
  { "Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z" },
  { "Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z" },
  { "Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z" },
  { "Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z" },
  { "Europe/Dublin", "2026-07-01T12:00:00", "2026-07-01T11:00:00Z" },
  { "Europe/Dublin", "2026-10-25T00:59:59", "2026-10-24T23:59:59Z" },
  { "Europe/Dublin", "2026-10-25T01:30:00", "2026-10-25T00:30:00Z" }, /* its winter is the DST */
  { "Europe/Dublin", "2026-10-25T02:00:00", "2026-10-25T02:00:00Z" },
  { "Europe/Dublin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z" },
  { "Europe/Moscow", "2014-10-26T01:30:00", "2014-10-25T21:30:00Z" }, /* neither was DST */
  { "Europe/Moscow", "2014-10-26T02:00:00", "2014-10-25T23:00:00Z" },
  { "America/Los_Angeles", "2026-11-01T01:30:00", "2026-11-01T08:30:00Z" },
  { "+05:30", "2026-11-01T01:30:00", "2026-10-31T20:00:00Z" },
  { "UTC", "2026-11-01T01:30:00", "2026-11-01T01:30:00Z" },
};

static void
test_walls (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (walls); i++) {
    g_autoptr (GTimeZone) zone = pkt_clock_zone (walls[i].zone);
    g_assert_nonnull (zone);
    PktStamp stamp;
    g_assert_cmpuint (pkt_clock_parse_rfc3339 (pkt_slice_str (walls[i].wall), &stamp), >, 0);
    PktStampRule rule = { zone, 1970 };
    g_autofree char *text = pkt_clock_rfc3339 (pkt_stamp_resolve (stamp, &rule));
    g_assert_cmpstr (text, ==, walls[i].utc);
  }
  g_autoptr (GTimeZone) berlin = pkt_clock_zone ("Europe/Berlin");
  const gint64 change = G_GINT64_CONSTANT (1792890000) * PKT_SECOND; /* 2026-10-25T01:00:00Z */
  g_assert_cmpint (pkt_clock_again (change - PKT_HOUR - 1, berlin), ==, 0);
  g_assert_cmpint (pkt_clock_again (change - PKT_HOUR, berlin), ==, PKT_HOUR);
  g_assert_cmpint (pkt_clock_again (change - 1, berlin), ==, PKT_HOUR);
  g_assert_cmpint (pkt_clock_again (change, berlin), ==, 0);
  g_assert_cmpint (pkt_clock_again (change - 1, NULL), ==, 0);
  g_assert_null (pkt_clock_zone ("Mars/Base"));
  g_assert_null (pkt_clock_zone (""));
}

static const struct {
  const char *text, *zone, *from, *to; /* as --since and as --until */
} user[] = {
  { "2026-05-18", "UTC", "2026-05-18T00:00:00Z", "2026-05-18T23:59:59.999999Z" },
  { "2026-05-18", "+02:00", "2026-05-17T22:00:00Z", "2026-05-18T21:59:59.999999Z" },
  { "2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999999Z" },
  { " 2026-05-18T14:00:00Z ", "+02:00", "2026-05-18T14:00:00Z", "2026-05-18T14:00:00Z" },
  { "2026-05-18 14:00 UTC", "+02:00", "2026-05-18T14:00:00Z", "2026-05-18T14:00:00Z" },
  { "2026-05-18T14:00:00", "+02:00", "2026-05-18T12:00:00Z", "2026-05-18T12:00:00Z" },
  { "2026-05-18T14:00:00+05:00", "UTC", "2026-05-18T09:00:00Z", "2026-05-18T09:00:00Z" },
  { "2026-05-32", "UTC", NULL, NULL },
  { "yesterday", "UTC", NULL, NULL },
  { "18.05.2026", "UTC", NULL, NULL },
  { "2026-05-18T14:00:00Z and more", "UTC", NULL, NULL },
};

static void
test_user_empty (void)
{
  gint64 us;
  if (pkt_clock_parse_user ("", NULL, FALSE, &us) || pkt_clock_parse_user (" ", NULL, FALSE, &us))
    g_test_incomplete ("an empty text is taken for a time");
}

static void
test_user (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (user); i++) {
    g_autoptr (GTimeZone) zone = pkt_clock_zone (user[i].zone);
    gint64 us;
    const char *const expected[] = { user[i].from, user[i].to };
    for (int end = 0; end < 2; end++) {
      gboolean ok = pkt_clock_parse_user (user[i].text, zone, end, &us);
      g_assert_cmpint (ok, ==, expected[end] != NULL);
      g_autofree char *text = ok ? pkt_clock_rfc3339 (us) : NULL;
      g_assert_cmpstr (text, ==, expected[end]);
    }
  }
}

static void
test_days (void)
{
  g_autoptr (GTimeZone) berlin = pkt_clock_zone ("Europe/Berlin");
  gint64 us;
  g_assert_true (pkt_clock_parse_user ("2026-03-28T23:00:00Z", NULL, FALSE, &us));
  g_autofree char *utc = pkt_clock_day_text (pkt_clock_day (us, NULL)),
                  *local = pkt_clock_day_text (pkt_clock_day (us, berlin)),
                  *before = pkt_clock_day_text (pkt_clock_day (us - 1, berlin));
  g_assert_cmpstr (utc, ==, "2026-03-28");
  g_assert_cmpstr (local, ==, "2026-03-29");
  g_assert_cmpstr (before, ==, "2026-03-28");
  g_assert_cmpint (pkt_clock_day_start (pkt_clock_day (us, berlin), berlin), ==, us);
  /* That day has 23 hours. */
  gint64 day = pkt_clock_day (us, berlin);
  g_assert_cmpint (pkt_clock_day_start (day + 1, berlin) - us, ==, 23 * PKT_HOUR);
  g_assert_cmpint (pkt_clock_day (-1, NULL), ==, -1);
}

/* One moment as UTC, as the wall clock of a zone, and without a year. */
static void
test_wall_second (void)
{
  g_autoptr (GTimeZone) berlin = pkt_clock_zone ("Europe/Berlin");
  for (gint64 day = 0; day < 5 * 366; day++) {
    const PktStamp utc = {
      G_GINT64_CONSTANT (1704063661) * PKT_SECOND + day * (PKT_DAY + PKT_MINUTE), PKT_STAMP_UTC
    };
    g_autofree char *iso = pkt_clock_format (utc.us, berlin, "%Y-%m-%dT%H:%M:%S"),
                    *syslog = pkt_clock_format (utc.us, berlin, "%b %d %H:%M:%S");
    PktStamp local, yearless;
    g_assert_cmpuint (pkt_clock_parse_rfc3339 (pkt_slice_str (iso), &local), ==, strlen (iso));
    g_assert_cmpint (local.kind, ==, PKT_STAMP_LOCAL);
    g_assert_cmpuint (pkt_clock_parse_syslog (pkt_slice_str (syslog), 3, &yearless), ==,
                      strlen (syslog));
    const gint64 second = pkt_stamp_wall_second (utc, berlin);
    g_assert_cmpint (pkt_stamp_wall_second (local, berlin), ==, second);
    g_assert_cmpint (pkt_stamp_wall_second (yearless, berlin), ==, second);
  }
  const PktStamp leap_day = { G_GINT64_CONSTANT (1709164800) * PKT_SECOND, PKT_STAMP_UTC };
  g_assert_cmpint (pkt_stamp_wall_second (leap_day, NULL), ==, (31 + 28) * 86400);
}

static void
test_now (void)
{
  g_setenv ("SOURCE_DATE_EPOCH", "1798830000", TRUE);
  g_assert_cmpint (pkt_clock_now (), ==, G_GINT64_CONSTANT (1798830000) * PKT_SECOND);
  g_setenv ("SOURCE_DATE_EPOCH", "soon", TRUE);
  g_assert_cmpint (pkt_clock_now (), >, 0);
  g_unsetenv ("SOURCE_DATE_EPOCH");
}

static void
test_none (void)
{
  PktStampRule rule = { NULL, 2026 };
  PktStamp none = { 5, PKT_STAMP_NONE };
  g_assert_cmpint (pkt_stamp_resolve (none, &rule), ==, PKT_NO_TIME);
}

/* Lines of logs without a year, each with the year it is of, the first one's 0. */
static void
test_years (void)
{
  static const struct {
    const char *time;
    int year; /* -1: another log begins */
  } lines[] = {
    { "Dec 31 23:59:59", 0 },
    { "Jan  1 00:00:00", 1 },
    { "Dec 31 23:59:59", 0 },
    { "Jan  1 00:00:01", 1 },
    { "Jun  1 12:00:00", 1 },
    { "Dec 31 23:59:59", 1 },
    { "Jan  1 00:00:00", 2 },
    { "", -1 },
    /* a clock that is not set, for some lines; and once more */
    { "Nov  2 10:00:00", 0 },
    { "Jan  1 00:00:07", 1 },
    { "Jan  1 00:00:09", 1 },
    { "Nov  2 10:00:01", 0 },
    { "Jan  1 00:00:07", 1 },
    { "Nov  3 10:00:00", 0 },
    { "Nov  9 10:00:00", 0 },
    { "Jan  2 10:00:00", 1 },
    { "Mar  2 10:00:00", 1 },
    { "", -1 },
    /* a line that is damaged */
    { "Nov  2 10:00:00", 0 },
    { "Aug 15 10:00:00", 1 },
    { "Nov  2 10:00:03", 0 },
    { "", -1 },
    /* a year that passes, with and without a pause of months */
    { "Nov  2 10:00:00", 0 },
    { "Jan  1 00:00:07", 1 },
    { "Jan  4 00:00:09", 1 },
    { "Nov  2 10:00:00", 1 },
    { "", -1 },
    { "Nov  2 10:00:00", 0 },
    { "Jan  1 00:00:07", 1 },
    { "Sep  2 10:00:00", 1 },
    { "Nov  2 10:00:00", 1 },
  };
  PktYears years = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    PktStamp stamp;
    if (lines[i].year < 0) {
      years = (PktYears){ 0 };
      continue;
    }
    const int index = years.last.kind ? pkt_stamp_year_index (years.last) : 0;
    g_assert_cmpuint (pkt_clock_parse_syslog (pkt_slice_str (lines[i].time), index, &stamp), >, 0);
    pkt_stamp_follow (&years, &stamp);
    g_test_message ("%s", lines[i].time);
    g_assert_cmpint (pkt_stamp_year_index (stamp), ==, lines[i].year);
  }
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/base/clock/rfc3339", test_rfc3339 }, { "/base/clock/mail", test_mail },
  { "/base/clock/syslog", test_syslog },   { "/base/clock/walls", test_walls },
  { "/base/clock/user", test_user },       { "/base/clock/user-empty", test_user_empty },
  { "/base/clock/days", test_days },       { "/base/clock/wall-second", test_wall_second },
  { "/base/clock/now", test_now },         { "/base/clock/none", test_none },
  { "/base/clock/years", test_years },     { "/base/clock/other", test_other },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  return g_test_run ();
}
