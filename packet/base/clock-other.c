/* Time stamps that are neither of RFC 3339 nor of syslog as RFC 3164 has it: of journalctl in full
 * and in other languages, of BSD's and BusyBox' tools, and of a log that lost a blank on its way
 * through a page. */
#include "packet/base/clock.h"
#include <string.h>

#define MAX_WORD 12   /* bytes of a weekday's or a month's name */
#define DATE_BYTES 10 /* of "2026-12-29" */
#define MAX_LEAD 40   /* bytes in front of "10:45:36" */
#define EPOCH_SECONDS 10
#define EPOCH_BYTES 17

/* Abbreviations of glibc's locales, and of RFC 5322. */
static const char *const month_names[12] = {
  "jan janv jän gen ene янв sty led oca ",
  "feb févr fev фев lut úno şub Şub febr ",
  "mar mär mars mrt мар bře márc ",
  "apr avril abr апр kwi dub nis april ápr ",
  "may mai mag mei maj май kvě máj ",
  "jun juin giu июн cze čen haz juni jún ",
  "jul juil lug июл lip čec tem juli júl ",
  "aug août ago авг sie srp ağu ",
  "sep sept set сен wrz zář eyl szept ",
  "oct okt ott out окт paź říj eki ",
  "nov ноя lis kas ",
  "dec dez déc dic дек gru pro ara des ",
};

static const struct {
  const char *name;
  gint8 hours;
} zone_names[] = {
  { "UTC", 0 },  { "GMT", 0 },  { "WET", 0 },  { "WEST", 1 }, { "CET", 1 },  { "CEST", 2 },
  { "EET", 2 },  { "EEST", 3 }, { "MSK", 3 },  { "JST", 9 },  { "EDT", -4 }, { "EST", -5 },
  { "CDT", -5 }, { "MDT", -6 }, { "MST", -7 }, { "PDT", -7 }, { "PST", -8 }, /* CST, IST, BST: of
                                                                                more than one */
};

/* The word at s, without the dot that ends an abbreviation; *n: its bytes and the blanks behind. */
static PktSlice
take_word (PktSlice s, gsize *n)
{
  PktSlice word = pkt_slice_until (pkt_slice (s.p, MIN (s.n, MAX_WORD + 1)), ' ');
  *n = word.n;
  while (*n < s.n && s.p[*n] == ' ')
    ++*n;
  if (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ','))
    word.n--;
  return word;
}

/* 1 to 12; 0: it is none. */
static int
month_of (PktSlice word)
{
  char name[MAX_WORD + 2];
  if (word.n < 3 || word.n > MAX_WORD)
    return 0;
  for (gsize i = 0; i < word.n; i++)
    name[i] = g_ascii_tolower (word.p[i]);
  name[word.n] = ' ';
  name[word.n + 1] = '\0';
  for (int m = 0; m < 12; m++) {
    const char *at = strstr (month_names[m], name);
    if (at && (at == month_names[m] || at[-1] == ' '))
      return m + 1;
  }
  return 0;
}

/* What writes a month's name behind it does so in English. */
static gboolean
is_weekday (PktSlice word)
{
  static const char *const names = "Mon Tue Wed Thu Fri Sat Sun";
  for (gsize i = 0; word.n == 3 && i < strlen (names); i += 4)
    if (memcmp (names + i, word.p, 3) == 0)
      return TRUE;
  return FALSE;
}

/* "Di", "周二": of letters alone. Behind "exim[8]:" a program may write a date of its own. */
static gboolean
may_be_weekday (PktSlice word)
{
  for (gsize i = 0; i < word.n; i++)
    if (!g_ascii_isalpha (word.p[i]) && !(word.p[i] & 0x80))
      return FALSE;
  return word.n <= MAX_WORD;
}

/* "2026": a year at s, with nothing but a blank behind it; 0: none. */
static int
year_at (PktSlice s)
{
  gint64 year;
  return s.n >= 4 && (s.n == 4 || s.p[4] == ' ') && pkt_slice_number (pkt_slice (s.p, 4), &year)
                 && year >= 1970
             ? (int)year
             : 0;
}

/* " +03", " -0330": of a zone whose abbreviation is its offset. */
static gsize
add_offset (PktSlice s, PktStamp *stamp)
{
  gint64 hours, minutes = 0;
  const gsize n = pkt_slice_until (pkt_slice (s.p + 2, MIN (s.n - 2, 5)), ' ').n;
  if ((n != 2 && n != 4) || !pkt_slice_number (pkt_slice (s.p + 2, 2), &hours)
      || (n == 4 && !pkt_slice_number (pkt_slice (s.p + 4, 2), &minutes)) || hours > 14
      || minutes > 59)
    return 0;
  const gint64 offset = hours * PKT_HOUR + minutes * PKT_MINUTE;
  stamp->us -= s.p[1] == '-' ? -offset : offset;
  stamp->kind = PKT_STAMP_UTC;
  return n + 2;
}

/* " CET", " +0100" behind a time: the bytes; *stamp becomes UTC where the zone is known. */
static gsize
add_zone (PktSlice s, PktStamp *stamp)
{
  gsize n = 1;
  if (s.n < 4 || s.p[0] != ' ')
    return 0;
  if (s.p[1] == '+' || s.p[1] == '-')
    return add_offset (s, stamp);
  while (n < s.n && g_ascii_isupper (s.p[n]))
    n++;
  if (n < 4 || n > 5 || (n < s.n && s.p[n] != ' '))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (zone_names); i++)
    if (pkt_slice_equal (pkt_slice (s.p + 1, n - 1), pkt_slice_str (zone_names[i].name))) {
      stamp->us -= zone_names[i].hours * PKT_HOUR;
      stamp->kind = PKT_STAMP_UTC;
    }
  return n;
}

/* A time whose date is written out anew as RFC 3339 has it: "10:45:36.123 CET" behind it at s. The
 * bytes of s; 0: it is none. */
static gsize
parse_dated (int year, int month, int day, PktSlice s, PktStamp *out)
{
  char text[40];
  const gsize n = MIN (s.n, 20);
  g_snprintf (text, sizeof text, "%04d-%02d-%02dT%.*s", year, month, day, (int)n, s.p);
  const gsize read = pkt_clock_parse_rfc3339 (pkt_slice_str (text), out);
  return read ? read - (DATE_BYTES + 1) : 0;
}

/* "3 10:45:36", "03 2026 10:45:36", "3 10:45:36 2026" behind a month: where it ends; NULL: it is
 * none. */
static const char *
parse_day (PktSlice s, int month, int year, int year_index, PktStamp *out)
{
  static const char *const names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const gsize digits = s.n > 1 && g_ascii_isdigit (s.p[1]) ? 2 : 1;
  gint64 day;
  if (s.n < digits + 9 || s.p[digits] != ' ' || !pkt_slice_number (pkt_slice (s.p, digits), &day)
      || day < 1 || day > 31)
    return NULL;
  PktSlice rest = pkt_slice_skip (s, digits + 1);
  if (year == 0 && (year = year_at (rest)))
    rest = pkt_slice_skip (rest, 5);
  if (year == 0 && rest.n >= 13)
    year = rest.p[8] == ' ' ? year_at (pkt_slice_skip (rest, 9)) : 0;
  if (year) {
    const gboolean behind = rest.p + 9 < s.p + s.n && rest.p[8] == ' '
                            && year_at (pkt_slice_skip (rest, 9)) == year;
    gsize n = parse_dated (year, month, (int)day, rest, out);
    if (n == 0)
      return NULL;
    return rest.p + n + (behind ? strlen (" 2026") : 0);
  }
  char text[40];
  g_snprintf (text, sizeof text, "%.3s %2d %.*s", names + 3 * (month - 1), (int)day,
              (int)MIN (rest.n, 20), rest.p);
  const gsize n = pkt_clock_parse_syslog (pkt_slice_str (text), year_index, out);
  return n ? rest.p + n - 7 : NULL;
}

/* "2026-03-03 10:45:36 CET" behind a weekday. */
static gsize
parse_full (PktSlice s, PktStamp *out)
{
  const gsize n = s.p[DATE_BYTES] == ' ' ? pkt_clock_parse_rfc3339 (s, out) : 0,
              zone = n && out->kind == PKT_STAMP_LOCAL ? add_zone (pkt_slice_skip (s, n), out) : 0;
  return zone ? n + zone : 0;
}

/* "2026/03/03 10:45:36". */
static gsize
parse_slashed (PktSlice s, PktStamp *out)
{
  gint64 year, month, day;
  if (s.n < 19 || s.p[7] != '/' || s.p[10] != ' ' || !pkt_slice_number (pkt_slice (s.p, 4), &year)
      || !pkt_slice_number (pkt_slice (s.p + 5, 2), &month)
      || !pkt_slice_number (pkt_slice (s.p + 8, 2), &day))
    return 0;
  const gsize n = parse_dated ((int)year, (int)month, (int)day, pkt_slice_skip (s, 11), out);
  return n ? 11 + n : 0;
}

/* "10:45:36" stands near the beginning: most lines that are asked about here begin with no time,
 * and names of months are looked for in vain. */
static gboolean
has_hours (PktSlice s)
{
  const char *limit = s.p + MIN (s.n, MAX_LEAD + 8);
  for (const char *p = s.p + 1; limit - p >= 6 && (p = memchr (p, ':', (gsize)(limit - p - 5)));
       p++)
    if (p[3] == ':' && g_ascii_isdigit (p[-1]) && g_ascii_isdigit (p[1]))
      return TRUE;
  return FALSE;
}

/* "1054194593.322896": journalctl's in seconds, and splogger's where no syslog put a header in
 * front of it. */
static gsize
parse_epoch (PktSlice s, PktStamp *out)
{
  gint64 seconds, fraction;
  if (s.n < EPOCH_BYTES || s.p[EPOCH_SECONDS] != '.'
      || (s.n > EPOCH_BYTES && s.p[EPOCH_BYTES] != ' ')
      || !pkt_slice_number (pkt_slice (s.p, EPOCH_SECONDS), &seconds)
      || !pkt_slice_number (pkt_slice (s.p + EPOCH_SECONDS + 1, 6), &fraction))
    return 0;
  *out = (PktStamp){ seconds * PKT_SECOND + fraction, PKT_STAMP_UTC };
  return EPOCH_BYTES;
}

gsize
pkt_clock_parse_other (PktSlice s, int year_index, PktStamp *out)
{
  gsize n, behind;
  const gsize epoch = parse_epoch (s, out);
  if (epoch)
    return epoch;
  if (s.n < 14 || !has_hours (s))
    return 0;
  if (s.p[4] == '/' && g_ascii_isdigit (s.p[0]))
    return parse_slashed (s, out);
  int year = year_at (s);
  PktSlice rest = pkt_slice_skip (s, year ? 5 : 0);
  if (rest.n == 0 || (!g_ascii_isalpha (rest.p[0]) && !(rest.p[0] & 0x80)))
    return 0;
  PktSlice word = take_word (rest, &n);
  int month = month_of (word);
  const PktSlice second = pkt_slice_skip (rest, n);
  if (year == 0 && second.n > DATE_BYTES && second.p[4] == '-' && g_ascii_isdigit (second.p[0])) {
    const gsize full = may_be_weekday (word) ? parse_full (second, out) : 0;
    return full ? (gsize)(second.p - s.p) + full : 0;
  }
  if (year == 0 && is_weekday (word)) { /* "Tue Mar  3 …" */
    word = take_word (second, &behind);
    month = month_of (word);
    n += behind;
  }
  const char *end = month ? parse_day (pkt_slice_skip (rest, n), month, year, year_index, out)
                          : NULL;
  return end ? (gsize)(end - s.p) : 0;
}
