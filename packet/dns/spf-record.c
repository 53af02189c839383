#include "packet/dns/spf-record.h"
#include "packet/base/text.h"
#include "packet/dns/spf-macro.h"

static const struct {
  const char *name;
  PktSpfKind kind;
} mechanisms[] = {
  { "all", PKT_SPF_ALL },    { "include", PKT_SPF_INCLUDE }, { "a", PKT_SPF_MECH_A },
  { "mx", PKT_SPF_MECH_MX }, { "ptr", PKT_SPF_MECH_PTR },    { "ip4", PKT_SPF_IP4 },
  { "ip6", PKT_SPF_IP6 },    { "exists", PKT_SPF_EXISTS },
};

static void
term_free (gpointer p)
{
  PktSpfTerm *t = p;
  if (t == NULL)
    return;
  g_free (t->text);
  g_free (t->domain);
  g_free (t);
}

void
pkt_spf_record_free (PktSpfRecord *r)
{
  g_ptr_array_unref (r->terms);
  term_free (r->redirect);
  term_free (r->exp);
  g_free (r);
}

gboolean
pkt_spf_is_record (PktSlice text)
{
  return text.n >= 6 && g_ascii_strncasecmp (text.p, "v=spf1", 6) == 0
         && (text.n == 6 || text.p[6] == ' ');
}

static gboolean
is_toplabel (PktSlice s)
{
  gboolean letter_or_dash = FALSE;
  for (gsize i = 0; i < s.n; i++) {
    if (!g_ascii_isalnum (s.p[i]) && s.p[i] != '-')
      return FALSE;
    letter_or_dash |= !g_ascii_isdigit (s.p[i]);
  }
  return s.n > 0 && letter_or_dash && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

/* domain-spec: a macro-string that ends in a macro, or in a dot and a top label. */
static gboolean
is_domain_spec (PktSlice s)
{
  if (s.n == 0 || !pkt_spf_macro_valid (s, FALSE))
    return FALSE;
  if (s.p[s.n - 1] == '}') { /* "%{d}", and no "%%{d}" */
    gsize i = s.n - 1;
    while (i > 0 && s.p[i] != '{')
      i--;
    gsize percents = 0;
    while (i > percents && s.p[i - 1 - percents] == '%')
      percents++;
    if (percents % 2 == 1)
      return TRUE;
  }
  if (s.p[s.n - 1] == '.')
    s.n--;
  gsize label = s.n;
  while (label > 0 && s.p[label - 1] != '.')
    label--;
  return label > 0 && is_toplabel (pkt_slice_skip (s, label));
}

/* "24": no leading zero. */
static gboolean
read_length (PktSlice digits, guint most, guint *out)
{
  gint64 n = 0;
  if (digits.n > 3 || (digits.n > 1 && digits.p[0] == '0') || !pkt_slice_number (digits, &n)
      || n > most)
    return FALSE;
  *out = (guint)n;
  return TRUE;
}

/* Takes "/24", "//64" or "/24//64" off the end; FALSE where it is none such. */
static gboolean
take_cidr (PktSlice *s, PktSpfTerm *t)
{
  gsize slash = s->n;
  for (int round = 0; round < 2; round++) {
    gsize i = slash;
    while (i > 0 && g_ascii_isdigit (s->p[i - 1]))
      i--;
    if (i == 0 || s->p[i - 1] != '/' || (i == slash && slash != s->n))
      break;
    gboolean six = i >= 2 && s->p[i - 2] == '/';
    if ((round == 1 && six)
        || !read_length (pkt_slice (s->p + i, slash - i), six ? 128 : 32,
                         six ? &t->bits6 : &t->bits4))
      return FALSE;
    slash = i - (six ? 2 : 1);
    if (!six)
      break;
  }
  s->n = slash;
  return TRUE;
}

/* "192.0.2.0/24", "2001:db8::/32" */
static gboolean
read_network (PktSlice s, PktSpfTerm *t)
{
  PktSlice address = pkt_slice_until (s, '/');
  gboolean six = t->kind == PKT_SPF_IP6;
  if (address.n < s.n
      && !read_length (pkt_slice_skip (s, address.n + 1), six ? 128 : 32,
                       six ? &t->bits6 : &t->bits4))
    return FALSE;
  g_autofree char *text = g_strndup (address.p, address.n);
  return memchr (text, ':', address.n) ? six && pkt_ip_parse (text, &t->network)
                                       : !six && pkt_ip_parse (text, &t->network);
}

/* What follows the mechanism's name: nothing, or ":…", or "/…". */
static gboolean
read_argument (PktSlice rest, PktSpfTerm *t)
{
  gboolean colon = rest.n > 0 && rest.p[0] == ':';
  PktSlice argument = colon ? pkt_slice_skip (rest, 1) : rest;
  if (t->kind == PKT_SPF_ALL)
    return rest.n == 0;
  if (t->kind == PKT_SPF_IP4 || t->kind == PKT_SPF_IP6)
    return colon && read_network (argument, t);
  if ((t->kind == PKT_SPF_MECH_A || t->kind == PKT_SPF_MECH_MX) && !take_cidr (&argument, t))
    return FALSE;
  if (!colon)
    return argument.n == 0 && t->kind != PKT_SPF_INCLUDE && t->kind != PKT_SPF_EXISTS;
  t->domain = g_strndup (argument.p, argument.n);
  return is_domain_spec (argument);
}

static gsize
name_length (PktSlice s)
{
  gsize n = 0;
  while (n < s.n
         && (g_ascii_isalpha (s.p[n])
             || (n > 0 && (g_ascii_isdigit (s.p[n]) || strchr ("-_.", s.p[n])))))
    n++;
  return n;
}

static PktSpfTerm *
term_new (PktSlice word)
{
  PktSpfTerm *t = g_new0 (PktSpfTerm, 1);
  t->text = pkt_text_quote (word, 200);
  t->qualifier = '+';
  t->bits4 = 32;
  t->bits6 = 128;
  return t;
}

static gboolean
add_modifier (PktSpfRecord *r, PktSlice word, gsize name, char **out_problem)
{
  PktSlice key = pkt_slice (word.p, name), value = pkt_slice_skip (word, name + 1);
  gboolean redirect = pkt_slice_equal_nocase (key, PKT_SLICE ("redirect")),
           exp = pkt_slice_equal_nocase (key, PKT_SLICE ("exp"));
  PktSpfTerm **slot = redirect ? &r->redirect : &r->exp;
  if (!redirect && !exp)
    return pkt_spf_macro_valid (value, FALSE);
  if (*slot) {
    *out_problem = g_strdup_printf ("%s= stands there twice", redirect ? "redirect" : "exp");
    return FALSE;
  }
  *slot = term_new (word);
  (*slot)->kind = redirect ? PKT_SPF_REDIRECT : PKT_SPF_EXP;
  (*slot)->domain = g_strndup (value.p, value.n);
  return is_domain_spec (value);
}

static gboolean
add_mechanism (PktSpfRecord *r, PktSlice word)
{
  PktSpfTerm *t = term_new (word);
  g_ptr_array_add (r->terms, t);
  if (strchr ("+-?~", word.p[0])) {
    t->qualifier = word.p[0];
    word = pkt_slice_skip (word, 1);
  }
  gsize name = name_length (word);
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (pkt_slice_equal_nocase (pkt_slice (word.p, name), pkt_slice_str (mechanisms[i].name))) {
      t->kind = mechanisms[i].kind;
      return read_argument (pkt_slice_skip (word, name), t);
    }
  return FALSE;
}

static gboolean
add_term (PktSpfRecord *r, PktSlice word, char **out_problem)
{
  gsize name = name_length (word);
  if (name > 0 && name < word.n && word.p[name] == '=')
    return add_modifier (r, word, name, out_problem);
  return add_mechanism (r, word);
}

PktSpfRecord *
pkt_spf_record_parse (PktSlice text, char **out_problem)
{
  g_autoptr (PktSpfRecord) r = g_new0 (PktSpfRecord, 1);
  r->terms = g_ptr_array_new_with_free_func (term_free);
  *out_problem = NULL;
  PktSlice rest = pkt_slice_skip (text, 6);
  while (rest.n > 0) {
    while (rest.n > 0 && rest.p[0] == ' ')
      rest = pkt_slice_skip (rest, 1);
    if (rest.n == 0)
      break;
    PktSlice word = pkt_slice_until (rest, ' ');
    if (!add_term (r, word, out_problem)) {
      if (*out_problem == NULL) {
        g_autofree char *quoted = pkt_text_quote (word, 80);
        *out_problem = g_strdup_printf ("'%s' is not understood", quoted);
      }
      return NULL;
    }
    rest = pkt_slice_skip (rest, word.n);
  }
  return g_steal_pointer (&r);
}
