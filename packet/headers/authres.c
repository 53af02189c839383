#include "packet/headers/authres.h"
#include "packet/headers/delivered.h"

#define MAX_DEPTH 20
#define MAX_TOKENS 4000

static const struct {
  const char *id, *method;
  const char *property[2]; /* whose domain the result is about, by preference */
} services[] = {
  { "bimi.icloud.com", "bimi", { "header.d", NULL } },
  { "arc.icloud.com", "arc", { NULL, NULL } },
  { "dmarc.icloud.com", "dmarc", { "header.from", NULL } },
  { "dkim-verifier.icloud.com", "dkim", { "header.d", "header.i" } },
  { "spf.icloud.com", "spf", { "smtp.mailfrom", "smtp.helo" } },
};

typedef struct {
  PktSlice rest;
  guint tokens;
  PktSlice comment; /* the last one */
} Lexer;

static void
skip_comment (Lexer *l)
{
  int depth = 0;
  gsize n = 0;
  for (; n < l->rest.n; n++) {
    char c = l->rest.p[n];
    if (c == '\\')
      n++;
    else if (c == '(' && ++depth > MAX_DEPTH)
      break;
    else if (c == ')' && --depth == 0)
      break;
  }
  n = MIN (n, l->rest.n);
  l->comment = pkt_slice (l->rest.p, n);
  l->rest = pkt_slice_skip (l->rest, n + 1);
}

static void
skip_blanks (Lexer *l)
{
  l->rest = pkt_slice_trim (l->rest);
  while (l->rest.n > 0 && l->rest.p[0] == '(') {
    skip_comment (l);
    l->rest = pkt_slice_trim (l->rest);
  }
}

static char *
quoted (Lexer *l)
{
  GString *out = g_string_new (NULL);
  gsize i = 1;
  for (; i < l->rest.n && l->rest.p[i] != '"'; i++) {
    if (l->rest.p[i] == '\\' && i + 1 < l->rest.n)
      i++;
    g_string_append_c (out, l->rest.p[i]);
  }
  l->rest = pkt_slice_skip (l->rest, i + 1);
  return g_string_free (out, FALSE);
}

/* A word up to one of `stops`; caller frees; NULL where none is. */
static char *
word (Lexer *l, const char *stops)
{
  skip_blanks (l);
  if (l->rest.n == 0 || l->tokens++ > MAX_TOKENS)
    return NULL;
  if (l->rest.p[0] == '"')
    return quoted (l);
  gsize n = 0;
  while (n < l->rest.n && l->rest.p[n] != '\0' && !strchr (stops, l->rest.p[n]))
    n++;
  if (n == 0)
    return NULL;
  char *text = g_strndup (l->rest.p, n);
  l->rest = pkt_slice_skip (l->rest, n);
  return text;
}

/* "smtp.mailfrom", with blanks and comments around its dot (RFC 8601 2.2). Caller frees. */
static char *
property_name (Lexer *l)
{
  char *name = word (l, " \t\r\n=;(");
  skip_blanks (l);
  while (name && l->rest.n > 0 && (l->rest.p[0] == '.' || g_str_has_suffix (name, "."))) {
    g_autofree char *before = name;
    g_autofree char *more = word (l, " \t\r\n=;(");
    name = more ? g_strconcat (before, more, NULL) : NULL;
    skip_blanks (l);
  }
  return name;
}

/* A property's value; `"a b"@example.com` is one (RFC 8601 2.2). Caller frees. */
static char *
property_value (Lexer *l)
{
  char *value = word (l, " \t\r\n;(");
  if (value == NULL || l->rest.n == 0 || l->rest.p[0] != '@')
    return value;
  g_autofree char *local = value;
  g_autofree char *domain = word (l, " \t\r\n;(");
  return g_strconcat (local, domain, NULL);
}

static gboolean
take (Lexer *l, char c)
{
  skip_blanks (l);
  if (l->rest.n == 0 || l->rest.p[0] != c)
    return FALSE;
  l->rest = pkt_slice_skip (l->rest, 1);
  return TRUE;
}

/* To the next ';' outside quotes and comments, or the end. */
static void
skip_statement (Lexer *l)
{
  while (l->rest.n > 0 && !take (l, ';')) {
    g_autofree char *w = word (l, " \t\r\n;(\"");
    if (w == NULL)
      l->rest = pkt_slice_skip (l->rest, 1);
  }
}

/* "(2048-bit key)" */
static int
key_bits (PktSlice comment)
{
  PktSlice hit = pkt_slice_find (comment, PKT_SLICE ("-bit"));
  if (hit.n == 0)
    return 0;
  const char *p = hit.p;
  while (p > comment.p && g_ascii_isdigit (p[-1]))
    p--;
  gint64 n = 0;
  return pkt_slice_number (pkt_slice (p, (gsize)(hit.p - p)), &n) && n <= 65536 ? (int)n : 0;
}

static char *
domain_of (const char *value)
{
  PktSlice v = pkt_slice_trim (pkt_slice_str (value));
  if (memchr (v.p, '@', v.n))
    v = pkt_slice_domain (v);
  while (v.n > 0 && (v.p[v.n - 1] == '>' || v.p[v.n - 1] == '.'))
    v.n--;
  if (v.n == 0 || v.n > 253 || v.p[0] == '<')
    return NULL;
  g_autofree char *utf8 = pkt_slice_utf8 (v);
  return g_utf8_strdown (utf8, -1);
}

/* `method[/version] = result *( ptype.property = value )`; FALSE when it is none. */
static gboolean
statement (PktSample *s, Lexer *l, gsize service)
{
  l->comment = pkt_slice (NULL, 0);
  g_autofree char *method = word (l, " \t\r\n=/;(");
  if (method == NULL || g_ascii_strcasecmp (method, services[service].method) != 0)
    return FALSE;
  if (take (l, '/'))
    g_free (word (l, " \t\r\n=;("));
  g_autofree char *result = take (l, '=') ? word (l, " \t\r\n;(") : NULL;
  if (result == NULL)
    return FALSE;
  g_autofree char *first = NULL, *second = NULL;
  char **const found[] = { &first, &second };
  int bits = 0;
  for (;;) {
    skip_blanks (l);
    bits = bits ? bits : key_bits (l->comment);
    g_autofree char *name = property_name (l);
    if (name == NULL || !take (l, '='))
      break;
    g_autofree char *value = property_value (l);
    for (int i = 0; i < 2 && value; i++)
      if (services[service].property[i] && *found[i] == NULL
          && g_ascii_strcasecmp (name, services[service].property[i]) == 0)
        *found[i] = domain_of (value);
  }
  g_autofree char *lower = g_ascii_strdown (result, (gssize)MIN (strlen (result), 40));
  g_autofree char *valid = g_utf8_make_valid (lower, -1);
  pkt_sample_add_auth (s, services[service].method, valid, first ? first : second, bits);
  return TRUE;
}

const char *
pkt_authres_read (PktSample *s, const char *value)
{
  Lexer l = { .rest = pkt_slice_str (value) };
  g_autofree char *id = word (&l, " \t\r\n;(");
  gsize service = 0;
  while (service < G_N_ELEMENTS (services)
         && (id == NULL || g_ascii_strcasecmp (id, services[service].id) != 0))
    service++;
  if (service == G_N_ELEMENTS (services))
    return NULL;
  gboolean any = FALSE;
  skip_statement (&l); /* a version may follow the id */
  while (l.rest.n > 0 && s->auth->len < PKT_DELIVERED_MAX_RESULTS) {
    any |= statement (s, &l, service);
    skip_statement (&l);
  }
  return any ? services[service].method : NULL;
}

void
pkt_authres_collect (PktSample *s, const PktAppleBlock *block)
{
  gboolean spf_written = FALSE;
  for (guint i = block->after; i < block->end; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    spf_written |= g_ascii_strcasecmp (f->name, "Received-SPF") == 0;
    if (g_ascii_strcasecmp (f->name, "Authentication-Results") != 0)
      continue;
    g_autoptr (PktSample) one = pkt_sample_new ();
    const char *method = pkt_authres_read (one, f->value);
    gboolean dkim = method && g_str_equal (method, "dkim");
    if (method == NULL || (dkim ? spf_written : pkt_sample_auth (s, method) != NULL))
      continue;
    for (guint k = 0; k < one->auth->len && s->auth->len < PKT_DELIVERED_MAX_RESULTS; k++) {
      const PktAuthResult *a = g_ptr_array_index (one->auth, k);
      pkt_sample_add_auth (s, a->method, a->result, a->domain, a->key_bits);
    }
  }
}

/* ---- results of any receiver ---- */

typedef struct {
  char *domain, *fallback, *selector;
} Properties;

static void
take_property (Properties *p, const char *name, const char *value)
{
  static const char *const first[] = { "smtp.mailfrom", "smtp.mail", "header.d", "header.from",
                                       NULL };
  static const char *const second[] = { "smtp.helo", "header.i", "policy.iprev", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);
  if (g_strv_contains (first, lower) && p->domain == NULL)
    p->domain = domain_of (value);
  else if (g_strv_contains (second, lower) && p->fallback == NULL)
    p->fallback = domain_of (value);
  else if (g_str_equal (lower, "header.s") && p->selector == NULL)
    p->selector = g_utf8_make_valid (value, -1);
}

/* One statement behind its method's name; NULL where it is none. */
static PktAuthResult *
any_statement (Lexer *l, const char *method)
{
  if (take (l, '/'))
    g_free (word (l, " \t\r\n=;("));
  g_autofree char *result = take (l, '=') ? word (l, " \t\r\n;(") : NULL;
  if (result == NULL)
    return NULL;
  Properties p = { NULL, NULL, NULL };
  int bits = 0;
  l->comment = pkt_slice (NULL, 0);
  for (;;) {
    skip_blanks (l);
    bits = bits ? bits : key_bits (l->comment);
    g_autofree char *name = property_name (l);
    if (name == NULL || !take (l, '='))
      break;
    g_autofree char *value = property_value (l);
    if (value)
      take_property (&p, name, value);
  }
  PktAuthResult *a = g_new0 (PktAuthResult, 1);
  g_autofree char *lower = g_ascii_strdown (method, -1),
                  *word_of = g_ascii_strdown (result, (gssize)MIN (strlen (result), 40));
  a->method = g_utf8_make_valid (lower, -1);
  a->result = g_utf8_make_valid (word_of, -1);
  a->domain = p.domain ? p.domain : g_strdup (p.fallback);
  a->selector = p.selector;
  a->key_bits = bits;
  g_free (p.fallback);
  return a;
}

char *
pkt_authres_parse (const char *value, GPtrArray *out)
{
  Lexer l = { .rest = pkt_slice_str (value) };
  g_autofree char *method = word (&l, " \t\r\n=/;("), *service = NULL;
  skip_blanks (&l);
  if (method && (l.rest.n == 0 || (l.rest.p[0] != '=' && l.rest.p[0] != '/'))) {
    g_autofree char *valid = g_utf8_make_valid (method, -1);
    service = g_utf8_strdown (valid, -1);
    skip_statement (&l); /* a version may follow the id */
    g_clear_pointer (&method, g_free);
  }
  while (out->len < PKT_DELIVERED_MAX_RESULTS && (method || l.rest.n > 0)) {
    g_autofree char *name = method ? g_steal_pointer (&method) : word (&l, " \t\r\n=/;(");
    PktAuthResult *a = name ? any_statement (&l, name) : NULL;
    if (a)
      g_ptr_array_add (out, a);
    skip_statement (&l);
  }
  return g_steal_pointer (&service);
}
