#include "packet/redact/redactor-priv.h"

/* Mail providers of everybody: they name nobody. */
static gboolean
is_provider (const char *domain)
{
  static const char *const names[]
      = { "gmail.com",   "googlemail.com", "outlook.com",  "hotmail.com", "live.com",
          "msn.com",     "yahoo.com",      "aol.com",      "gmx.de",      "gmx.net",
          "gmx.com",     "web.de",         "fastmail.com", "proton.me",   "protonmail.com",
          "t-online.de", "mail.ru",        "qq.com",       "163.com",     "naver.com",
          NULL };
  return g_strv_contains (names, domain);
}

static void
add (PktRedactor *r, const char *domain)
{
  if (domain && strchr (domain, '.') && !is_provider (domain)
      && !pkt_place_apple_company (pkt_slice_str (domain))
      && !pkt_place_apple_domain (pkt_slice_str (domain))
      && !pkt_redactor_is_own (r, pkt_slice_str (domain)))
    g_hash_table_add (r->custom_domains, g_strdup (domain));
}

void
pkt_redactor_add_custom (PktRedactor *r, PktSlice recipient)
{
  PktSlice domain = pkt_slice_domain (recipient);
  if (domain.n < 4 || domain.n > 253 || pkt_place_apple_domain (domain))
    return;
  g_autofree char *lower = g_ascii_strdown (domain.p, (gssize)domain.n);
  if (g_hash_table_contains (r->custom_domains, lower))
    return;
  add (r, lower);
  g_autofree char *ascii = g_hostname_to_ascii (lower), *unicode = g_hostname_to_unicode (lower);
  add (r, ascii);
  add (r, unicode);
}

static gboolean
domain_char (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || (guint8)c >= 0x80;
}

#define MAX_ENDS 8    /* labels behind the domain that are tried … */
#define MAX_STARTS 16 /* … and labels of the domain with what stands before it */

static gboolean
is_sign (char c)
{
  return c == '.' || c == '-';
}

/* Does a known domain end at `end` of the run? The longest one counts. */
static gboolean
ends_at (const PktRedactor *r, PktSlice run, gsize end, gsize *from)
{
  gboolean found = FALSE;
  guint starts = 0;
  for (gsize i = end; i > 0 && starts < MAX_STARTS; i--) {
    if (i > 1 && !is_sign (run.p[i - 2]))
      continue;
    starts++;
    g_autofree char *lower = g_ascii_strdown (run.p + i - 1, (gssize)(end - i + 1));
    if (g_hash_table_contains (r->custom_domains, lower)) {
      *from = i - 1;
      found = TRUE;
    }
  }
  return found;
}

/* The known domain that stands in a run of such bytes, between its signs or its ends. */
static gboolean
domain_in (const PktRedactor *r, PktSlice run, gsize *from, gsize *to)
{
  guint ends = 0;
  for (gsize end = run.n; end > 3 && ends < MAX_ENDS; end--) {
    if (end < run.n && !is_sign (run.p[end]))
      continue;
    ends++;
    if (ends_at (r, run, end, from)) {
      *to = end;
      return TRUE;
    }
  }
  return FALSE;
}

/* The next run with a dot in it from *at on. */
static PktSlice
next_run (PktSlice s, gsize *at)
{
  for (gsize i = *at; i < s.n; i++) {
    gsize start = i;
    while (i < s.n && domain_char (s.p[i]) && i - start < PKT_CUSTOM_MAX_RUN)
      i++;
    *at = i;
    if (i > start + 3 && memchr (s.p + start, '.', i - start))
      return pkt_slice (s.p + start, i - start);
    i -= i > start && i - start == PKT_CUSTOM_MAX_RUN;
  }
  *at = s.n;
  return pkt_slice (NULL, 0);
}

gboolean
pkt_redactor_find_custom (const PktRedactor *r, PktSlice text, gsize *start, gsize *end)
{
  for (gsize at = 0; g_hash_table_size (r->custom_domains);) {
    PktSlice run = next_run (text, &at);
    if (run.n == 0)
      break;
    if (domain_in (r, run, start, end)) {
      *start += (gsize)(run.p - text.p);
      *end += (gsize)(run.p - text.p);
      return TRUE;
    }
  }
  return FALSE;
}

char *
pkt_redact_custom (PktRedactor *r, const char *utf8)
{
  PktSlice rest = pkt_slice_str (utf8);
  gsize start, end;
  GString *out = NULL;
  while (pkt_redactor_find_custom (r, rest, &start, &end)) {
    g_autofree char *mark = pkt_redact_domain (r, pkt_slice (rest.p + start, end - start));
    out = out ? out : g_string_new (NULL);
    g_string_append_len (out, rest.p, (gssize)start);
    g_string_append (out, mark);
    rest = pkt_slice_skip (rest, end);
  }
  if (out == NULL)
    return NULL;
  g_string_append_len (out, rest.p, (gssize)rest.n);
  return g_string_free (out, FALSE);
}
