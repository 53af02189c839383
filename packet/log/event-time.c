/* Times of exports as spreadsheets and web pages write them: what is neither seconds since 1970 nor
 * RFC 3339. Of "03/04/2026" only the service's own habit tells which is the month. */
#include "packet/log/event-time.h"

#define MAX_TIME 64                 /* bytes of one */
#define NARROW_BLANK "\xe2\x80\xaf" /* U+202F, in front of AM and PM: browsers put it there */

/* What was read of a time so far; 0: not yet, but for hours. */
typedef struct {
  gint64 year, month, day, hour, minute;
  PktSlice seconds; /* "33.25"; empty where there are none */
  char half;        /* 'a', 'p' of AM and PM */
  char zone[8];     /* as RFC 3339 has it; empty: none */
  gboolean timed;
} Parts;

static const char month_names[12][10] = { "january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december" };
static const char day_names[7][10] = { "monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday" };

/* "Mar", "sept.", "March" of "march": the place in the list, from 1; 0: none. */
static gint64
name_of (PktSlice word, const char (*names)[10], guint n)
{
  if (word.n && word.p[word.n - 1] == '.')
    word.n--;
  for (guint i = 0; word.n >= 3 && i < n; i++)
    if (word.n <= strlen (names[i]) && pkt_slice_equal_nocase (word, pkt_slice (names[i], word.n)))
      return i + 1;
  return 0;
}

/* "22:45", "10:45:33.25", "10:45PM". */
static gboolean
take_clock (PktSlice word, Parts *t)
{
  const PktSlice hour = pkt_slice_until (word, ':');
  PktSlice rest = pkt_slice_skip (word, hour.n + 1);
  if (t->timed || hour.n > 2 || !pkt_slice_number (hour, &t->hour)
      || !pkt_slice_number (pkt_slice (rest.p, MIN (rest.n, 2)), &t->minute))
    return FALSE;
  t->timed = TRUE;
  rest = pkt_slice_skip (rest, 2);
  const char last = rest.n ? rest.p[rest.n - 1] | 0x20 : 0;
  if (rest.n >= 2 && last == 'm') {
    t->half = rest.p[rest.n - 2] | 0x20;
    rest.n -= 2;
  }
  if (rest.n == 0)
    return TRUE;
  t->seconds = pkt_slice_skip (rest, 1);
  return rest.p[0] == ':' && t->seconds.n >= 2;
}

/* "+01", "+0100", "-03:30", "UTC", "Z". */
static gboolean
take_zone (PktSlice word, Parts *t)
{
  const gboolean utc = pkt_slice_equal (word, PKT_SLICE ("UTC"))
                       || pkt_slice_equal (word, PKT_SLICE ("GMT"))
                       || pkt_slice_equal (word, PKT_SLICE ("Z"));
  if (*t->zone || (!utc && (word.n < 3 || word.n > 6)))
    return FALSE;
  if (utc)
    strcpy (t->zone, "Z");
  else {
    memcpy (t->zone, word.p, word.n);
    strcpy (t->zone + word.n, word.n == 3 ? ":00" : "");
  }
  return TRUE;
}

static gboolean
take_year (PktSlice word, Parts *t)
{
  if (!pkt_slice_number (word, &t->year) || (word.n != 4 && word.n != 2))
    return FALSE;
  t->year += word.n == 2 ? 2000 : 0;
  return TRUE;
}

/* "2026-03-14", "2026/03/14", "14.03.2026", "14-Mar-2026", and by `dates` "3/14/2026", "14-3-2026".
 */
static gboolean
take_date (PktSlice word, PktEventDates dates, Parts *t)
{
  const char sign = word.p[strcspn (word.p, "-/.")];
  const PktSlice a = pkt_slice_until (word, sign);
  const PktSlice b = pkt_slice_until (pkt_slice_skip (word, a.n + 1), sign);
  const PktSlice c = pkt_slice_skip (word, a.n + b.n + 2);
  if (a.n == 0 || b.n == 0 || c.n == 0 || t->day)
    return FALSE;
  if (a.n == 4)
    return take_year (a, t) && pkt_slice_number (b, &t->month) && pkt_slice_number (c, &t->day);
  if (sign == '.' || (sign == '-' && b.n == 3)) {
    t->month = name_of (b, month_names, 12);
    return (t->month || pkt_slice_number (b, &t->month)) && pkt_slice_number (a, &t->day)
           && c.n == 4 && take_year (c, t);
  }
  const gboolean day_first = dates == PKT_DATES_DAY_FIRST;
  return dates != PKT_DATES_NEITHER && pkt_slice_number (day_first ? a : b, &t->day)
         && pkt_slice_number (day_first ? b : a, &t->month) && take_year (c, t);
}

static gboolean
take_word (PktSlice word, PktEventDates dates, Parts *t)
{
  gint64 number;
  const gint64 month = name_of (word, month_names, 12);
  if (month && t->month == 0) {
    t->month = month;
    return TRUE;
  }
  if (name_of (word, day_names, 7) || pkt_slice_equal (word, PKT_SLICE ("at"))
      || pkt_slice_equal (word, PKT_SLICE ("@")))
    return TRUE;
  if (pkt_slice_equal_nocase (word, PKT_SLICE ("am"))
      || pkt_slice_equal_nocase (word, PKT_SLICE ("pm"))) {
    t->half = word.p[0] | 0x20;
    return t->timed;
  }
  if (t->timed && (word.p[0] == '+' || word.p[0] == '-' || g_ascii_isupper (word.p[0])))
    return take_zone (word, t);
  if (memchr (word.p, ':', word.n))
    return take_clock (word, t);
  if (!pkt_slice_number (word, &number))
    return take_date (word, dates, t);
  if (word.n == 4)
    return t->year == 0 && take_year (word, t);
  t->day = t->day ? -1 : number;
  return word.n <= 2;
}

static gboolean
make_stamp (const Parts *t, PktStamp *out)
{
  char iso[2 * MAX_TIME];
  gint64 hour = t->hour;
  if (!t->timed || (t->half && (hour < 1 || hour > 12 || !strchr ("ap", t->half))))
    return FALSE;
  if (t->half)
    hour = hour % 12 + (t->half == 'p' ? 12 : 0);
  const int n = g_snprintf (iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%.*s%s", (int)t->year,
                            (int)t->month, (int)t->day, (int)hour, (int)t->minute,
                            t->seconds.n ? (int)t->seconds.n : 2,
                            t->seconds.n ? t->seconds.p : "00", t->zone);
  return pkt_clock_parse_rfc3339 (pkt_slice (iso, (gsize)n), out) == (gsize)n;
}

/* "2026-03-14T22:45+01:00": a zone may be joined to the time. */
static gsize
clock_length (PktSlice word)
{
  gsize i = 0;
  while (i < word.n && (g_ascii_isdigit (word.p[i]) || word.p[i] == ':' || word.p[i] == '.'))
    i++;
  return memchr (word.p, ':', i) && i < word.n && strchr ("+-Z", word.p[i]) ? i : word.n;
}

gboolean
pkt_event_written_time (PktSlice s, PktEventDates dates, PktStamp *out)
{
  char text[MAX_TIME];
  Parts t = { 0 };
  if (s.n < strlen ("3/4/26 1:05") || s.n >= sizeof text)
    return FALSE;
  memcpy (text, s.p, s.n);
  text[s.n] = '\0';
  for (char *blank = text; (blank = strstr (blank, NARROW_BLANK)) != NULL;)
    memset (blank, ' ', strlen (NARROW_BLANK));
  if (s.n > 11 && s.p[10] == 'T' && g_ascii_isdigit (s.p[9]) && g_ascii_isdigit (s.p[11]))
    text[10] = ' ';
  for (gsize i = 0; i < s.n;) {
    const gsize n = strcspn (text + i, " ,");
    if (n == 0) {
      i++;
      continue;
    }
    const gsize part = clock_length (pkt_slice (text + i, n));
    const char after = text[i + part];
    text[i + part] = '\0'; /* take_date() looks for its sign in the word */
    const gboolean taken = take_word (pkt_slice (text + i, part), dates, &t);
    text[i + part] = after;
    if (!taken)
      return FALSE;
    i += part;
  }
  return make_stamp (&t, out);
}
