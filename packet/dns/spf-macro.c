#include "packet/dns/spf-macro.h"
#include "packet/base/clock.h"
#include "packet/dns/answer.h"

#define DELIMITERS ".-+,/_="
#define MAX_EXPANDED 65536

typedef struct {
  char letter; /* as written: upper case is URL-encoded */
  guint keep;  /* labels from the right; 0: all */
  gboolean reverse;
  char delimiters[8]; /* "" means "." */
} Macro;

/* "{d1r-}" behind the percent sign; what it took, 0 where it is none. */
static gsize
read_macro (PktSlice s, gboolean explanation, Macro *out)
{
  const char *letters = explanation ? "slodiphcrtv" : "slodiphv";
  gsize i = 2, d = 0;
  guint64 keep = 0;
  memset (out, 0, sizeof *out);
  if (s.n < 3 || s.p[0] != '{' || !g_ascii_isalpha (s.p[1])
      || !strchr (letters, g_ascii_tolower (s.p[1])))
    return 0;
  out->letter = s.p[1];
  for (; i < s.n && g_ascii_isdigit (s.p[i]); i++)
    keep = MIN (keep * 10 + (guint64)(s.p[i] - '0'), 100000);
  if (i > 2 && keep == 0)
    return 0;
  out->keep = (guint)keep;
  if (i < s.n && g_ascii_tolower (s.p[i]) == 'r') {
    out->reverse = TRUE;
    i++;
  }
  for (; i < s.n && s.p[i] && strchr (DELIMITERS, s.p[i]); i++)
    if (d + 1 < sizeof out->delimiters && !strchr (out->delimiters, s.p[i]))
      out->delimiters[d++] = s.p[i];
  return i < s.n && s.p[i] == '}' ? i + 1 : 0;
}

gboolean
pkt_spf_macro_valid (PktSlice s, gboolean explanation)
{
  for (gsize i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == ' ' && explanation)
      continue;
    if (c < 0x21 || c > 0x7e)
      return FALSE;
    if (c != '%')
      continue;
    if (i + 1 < s.n && strchr ("%_-", s.p[i + 1])) {
      i++;
      continue;
    }
    Macro macro;
    gsize used = read_macro (pkt_slice_skip (s, i + 1), explanation, &macro);
    if (used == 0)
      return FALSE;
    i += used;
  }
  return TRUE;
}

gboolean
pkt_spf_macro_needs (const char *text, char letter)
{
  for (const char *p = strstr (text, "%"); p; p = strstr (p, "%")) {
    if (p[1] == '{' && g_ascii_tolower (p[2]) == letter)
      return TRUE;
    p += p[1] ? 2 : 1;
  }
  return FALSE;
}

/* What stands for a letter; `buffer` is for numbers. */
static const char *
value_of (char letter, const PktSpfMacros *v, char buffer[24])
{
  const struct {
    char letter;
    const char *value;
  } table[] = { { 's', v->sender },  { 'l', v->local_part }, { 'o', v->sender_domain },
                { 'd', v->domain },  { 'i', v->dotted_ip },  { 'p', v->validated },
                { 'v', v->family },  { 'h', v->helo },       { 'c', v->client_ip },
                { 'r', v->receiver } };
  if (letter == 't') {
    g_snprintf (buffer, 24, "%" G_GINT64_FORMAT, v->now / PKT_SECOND);
    return buffer;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].letter == letter)
      return table[i].value ? table[i].value : "unknown";
  return "";
}

/* Split at the delimiters, turned round, the last `keep` labels, joined by dots. */
static char *
transform (const char *value, const Macro *m)
{
  const char *delimiters = *m->delimiters ? m->delimiters : ".";
  if (!m->reverse && m->keep == 0 && *m->delimiters == '\0')
    return g_strdup (value);
  g_auto (GStrv) labels = g_strsplit_set (value, delimiters, -1);
  guint n = g_strv_length (labels), from = m->keep && m->keep < n ? n - m->keep : 0;
  if (m->reverse)
    for (guint i = 0; i < n / 2; i++) {
      char *swap = labels[i];
      labels[i] = labels[n - 1 - i];
      labels[n - 1 - i] = swap;
    }
  return g_strjoinv (".", labels + from);
}

static void
append_macro (GString *out, const Macro *m, const PktSpfMacros *values)
{
  char buffer[24];
  g_autofree char *text = transform (value_of (g_ascii_tolower (m->letter), values, buffer), m);
  if (!g_ascii_isupper (m->letter)) {
    g_string_append (out, text);
    return;
  }
  for (const char *p = text; *p; p++) /* unreserved characters of RFC 3986 2.3 stay */
    if (g_ascii_isalnum (*p) || strchr ("-._~", *p))
      g_string_append_c (out, *p);
    else
      g_string_append_printf (out, "%%%02X", (guchar)*p);
}

char *
pkt_spf_macro_expand (const char *text, const PktSpfMacros *values)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p && out->len < MAX_EXPANDED; p++) {
    Macro macro;
    if (*p != '%')
      g_string_append_c (out, *p);
    else if (p[1] == '{') {
      gsize used = read_macro (pkt_slice_str (p + 1), TRUE, &macro);
      if (used)
        append_macro (out, &macro, values);
      p += used;
    } else if (p[1]) {
      g_string_append (out, p[1] == '_' ? " " : p[1] == '-' ? "%20" : "%");
      p++;
    }
  }
  return g_string_free (out, FALSE);
}

char *
pkt_spf_macro_domain (const char *text, const PktSpfMacros *values)
{
  g_autofree char *name = pkt_spf_macro_expand (text, values);
  const char *p = name;
  gsize n = strlen (name);
  if (n > 0 && name[n - 1] == '.')
    name[--n] = '\0';
  while (strlen (p) > PKT_DNS_MAX_NAME && strchr (p, '.'))
    p = strchr (p, '.') + 1;
  return g_strdup (p);
}
