#include "packet/base/text.h"
#include <arpa/inet.h>
#include <stdlib.h>

char *
pkt_text_quote (PktSlice s, gsize max)
{
  g_autofree char *utf8 = g_utf8_make_valid (s.p ? s.p : "", (gssize)s.n);
  GString *out = g_string_new (NULL);
  gsize n = 0;
  for (const char *p = utf8; *p; p = g_utf8_next_char (p)) {
    if (n++ == max) {
      g_string_append (out, "…");
      break;
    }
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
      g_string_append_c (out, '?');
    else
      g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_text_disarm (char *text)
{
  for (char *p = text; *p; p++)
    if ((guint8)*p < ' ' ? *p != '\t' && *p != '\n' : *p == 0x7f)
      *p = '?';
    else if ((guint8)*p == 0xc2 && (guint8)p[1] >= 0x80 && (guint8)p[1] < 0xa0)
      p[0] = p[1] = '?';
  return text;
}

/* What may stand in a local part; quoted ones are masked from their last quote on back. */
static gboolean
is_local_part (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) || (c && strchr (".!#$%&'*+-/=?^_`{|}~", c));
}

/* "icloud.com": what follows an at-sign that is written out; "=400.12" of a delay is none. */
static gboolean
begins_domain (const char *p)
{
  const char *dot = NULL;
  for (; g_ascii_isalnum (*p) || *p == '-' || (*p == '.' && g_ascii_isalnum (p[-1])); p++)
    dot = *p == '.' ? p : dot;
  return dot && g_ascii_isalpha (dot[1]);
}

/* Bytes of the at-sign here, as it is or as links, JSON, mail and pages write it; 0: none. */
static gsize
at_sign (const char *p)
{
  static const char *const written[] = { "%40",   "%2540",  "=40",      "\\u0040",
                                         "&#64;", "&#x40;", "&commat;", "\357\274\240" };
  if (*p == '@')
    return 1;
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++) {
    const gsize n = strlen (written[i]);
    if (g_ascii_strncasecmp (p, written[i], n) == 0 && begins_domain (p + n))
      return n;
  }
  return 0;
}

/* Takes the local part from the end of what was written. */
static void
drop_local_part (GString *out)
{
  gsize n = out->len;
  if (out->str[n - 1] == '"') {
    for (n--; n > 0 && out->str[n - 1] != '"';)
      n--;
    n -= n > 0;
  } else
    while (n > 0 && is_local_part (out->str[n - 1]))
      n--;
  g_string_truncate (out, n);
}

char *
pkt_text_mask_addresses (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p; p++) {
    const gsize n = out->len && (is_local_part (p[-1]) || p[-1] == '"') ? at_sign (p) : 0;
    if (n == 0) {
      g_string_append_c (out, *p);
      continue;
    }
    drop_local_part (out);
    g_string_append (out, "…@");
    p += n - 1;
  }
  return g_string_free (out, FALSE);
}

char *
pkt_text_count (gint64 n)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, ABS (n));
  gsize len = strlen (digits);
  GString *out = g_string_new (n < 0 ? "-" : "");
  for (gsize i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0)
      g_string_append_c (out, ',');
    g_string_append_c (out, digits[i]);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_text_percent (gint64 part, gint64 whole)
{
  if (part <= 0 || whole <= 0)
    return g_strdup ("");
  double p = 100.0 * (double)part / (double)whole;
  if (p < 0.005)
    return g_strdup ("<0.01%");
  if (p >= 99.95 && part < whole)
    return g_strdup (">99.9%");
  return g_strdup_printf (p < 0.095 ? "%.2f%%" : "%.1f%%", p);
}

gsize
pkt_text_width (const char *utf8)
{
  gsize n = 0;
  for (const char *p = utf8; *p;) {
    gunichar c = (*p & 0x80) ? g_utf8_get_char_validated (p, -1) : (gunichar)*p;
    gboolean broken = c >= (gunichar)-2; /* of a file name; its length would lead over the end */
    n += !broken && g_unichar_iszerowidth (c) ? 0 : !broken && g_unichar_iswide (c) ? 2 : 1;
    p = broken ? p + 1 : g_utf8_next_char (p);
  }
  return n;
}

char *
pkt_text_pad (const char *text, gsize width, gboolean align_right)
{
  gsize have = pkt_text_width (text);
  g_autofree char *fill = g_strnfill (width > have ? width - have : 0, ' ');
  return align_right ? g_strconcat (fill, text, NULL) : g_strconcat (text, fill, NULL);
}

/* "@icloud.com", "*@icloud.com", "<user>@icloud.com": at the beginning of a line it would, taken
 * together with the word before, be an address. */
static gboolean
is_mailbox_of_nobody (const char *word)
{
  return strchr (word, '@') && !g_unichar_isalnum (g_utf8_get_char_validated (word, -1));
}

/* Columns of such a one behind the word at w. */
static gsize
width_kept_behind (char **w)
{
  char **next = w + 1;
  while (*next && **next == '\0')
    next++;
  return *next && is_mailbox_of_nobody (*next) ? 1 + pkt_text_width (*next) : 0;
}

char *
pkt_text_wrap (const char *text, gsize width, const char *first, const char *indent)
{
  GString *out = g_string_new (first);
  gsize column = pkt_text_width (first);
  gboolean empty = TRUE;
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  for (char **w = words; *w; w++) {
    if (**w == '\0')
      continue;
    gsize n = pkt_text_width (*w);
    if (!empty && column + 1 + n + width_kept_behind (w) > width && !is_mailbox_of_nobody (*w)) {
      g_string_append_printf (out, "\n%s", indent);
      column = pkt_text_width (indent);
    } else if (!empty) {
      g_string_append_c (out, ' ');
      column++;
    }
    g_string_append (out, *w);
    column += n;
    empty = FALSE;
  }
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

gboolean
pkt_text_has_letter (PktSlice s)
{
  for (gsize i = 0; i < s.n;) {
    const gunichar c = g_utf8_get_char_validated (s.p + i, (gssize)(s.n - i));
    if (c >= (gunichar)-2 || g_unichar_isalnum (c))
      return TRUE;
    i += (gsize)g_unichar_to_utf8 (c, NULL);
  }
  return FALSE;
}

/* Letters or digits up to the next sign. */
static PktSlice
subtag_of (PktSlice s)
{
  gsize n = 0;
  while (n < s.n && g_ascii_isalnum (s.p[n]))
    n++;
  return pkt_slice (s.p, n);
}

gboolean
pkt_text_is_language (PktSlice s)
{
  PktSlice tag = subtag_of (s);
  if (tag.n < 2 || tag.n > 3)
    return FALSE;
  for (PktSlice rest = pkt_slice_skip (s, tag.n); rest.n; rest = pkt_slice_skip (rest, tag.n)) {
    const gboolean parted = *rest.p == '-' || *rest.p == '_';
    rest = pkt_slice_skip (rest, 1);
    tag = subtag_of (rest);
    if (!parted || tag.n < 2 || tag.n > 4) /* a region, or a script */
      return FALSE;
  }
  return s.n <= sizeof "zh-Hant-TW" - 1;
}

char *
pkt_text_csv_cell (const char *value)
{
  GString *cell = g_string_new (NULL);
  gboolean formula = *value && strchr ("=+-@\t\r", *value);
  gboolean quoted = formula || strpbrk (value, ",;\"\r\n") != NULL;
  if (quoted)
    g_string_append_c (cell, '"');
  if (formula)
    g_string_append_c (cell, '\'');
  for (const char *c = value; *c; c++)
    g_string_append_printf (cell, *c == '"' ? "\"\"" : "%c", *c);
  if (quoted)
    g_string_append_c (cell, '"');
  return g_string_free (cell, FALSE);
}

char *
pkt_text_ip (const char *text)
{
  static const int families[] = { AF_INET, AF_INET6 };
  struct in6_addr address;
  char out[INET6_ADDRSTRLEN];
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (inet_pton (families[i], text, &address) == 1)
      return g_strdup (inet_ntop (families[i], &address, out, sizeof out));
  return NULL;
}

/* "0" of "192.0.2.10" and ".1" of "192.0.2.1.1", but no colon or full stop behind an address. */
static gboolean
goes_on (const char *p)
{
  return g_ascii_isxdigit (*p)
         || (*p && strchr (".:", *p) && (g_ascii_isxdigit (p[1]) || p[1] == ':'));
}

gboolean
pkt_text_has_ip (const char *text, const char *ip)
{
  for (const char *p = text; (p = strstr (p, ip)); p++)
    if ((p == text || !(g_ascii_isxdigit (p[-1]) || p[-1] == '.')) && !goes_on (p + strlen (ip)))
      return TRUE;
  return FALSE;
}
