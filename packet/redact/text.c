#include "packet/base/text.h"
#include "packet/redact/redactor-priv.h"

#define MAX_LOCAL 256
#define MAX_DOMAIN 255

static gboolean
local_char (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80 || (c && strchr ("._+-=%~'!#$*^{|}`", c));
}

static gboolean
domain_char (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || (guint8)c >= 0x80;
}

/* RFC 5321: `"any thing"@domain`. */
static gsize
quoted_start (PktSlice s, gsize at)
{
  for (gsize i = at - 1; i > 0 && at - i < MAX_LOCAL; i--)
    if (s.p[i - 1] == '"')
      return i - 1;
    else if (s.p[i - 1] == '\n')
      break;
  return at;
}

/* "&", "/" and "?" may be part of a local part (RFC 5321 4.1.2; Postfix logs "jos?@…" for a letter
 * that it cannot print), but in links they stand before one: then ':' is before all of it. */
static gsize
rare_start (PktSlice s, gsize at, gsize plain)
{
  gsize i = plain;
  while (i > 0 && at - i < MAX_LOCAL
         && (local_char (s.p[i - 1]) || (s.p[i - 1] && strchr ("&/?", s.p[i - 1]))))
    i--;
  return i == 0 || g_ascii_isspace (s.p[i - 1]) || strchr ("<([\",;", s.p[i - 1]) ? i : plain;
}

static gsize
local_start (PktSlice s, gsize at)
{
  gsize i = at;
  if (at > 1 && s.p[at - 1] == '"')
    return quoted_start (s, at);
  while (i > 0 && at - i < MAX_LOCAL
         && (local_char (s.p[i - 1]) || (s.p[i - 1] == '\\' && s.p[i] == 'x'))) /* "zo\xEB@…" */
    i--;
  i = rare_start (s, at, i);
  while (i < at && ((s.p[i] && strchr ("'.`", s.p[i])) || (s.p[i] & 0xc0) == 0x80))
    i++; /* in a long one it may be the rest of a character */
  return i + pkt_place_key_prefix (pkt_slice (s.p + i, at - i));
}

/* "jane@example.net.1" is a file of hers: no domain ends in a number. */
static gsize
domain_end (PktSlice s, gsize at)
{
  gsize i = at + 1;
  while (i < s.n && i - at <= MAX_DOMAIN && domain_char (s.p[i]))
    i++;
  for (const char *dot; i > at + 1; i = (gsize)(dot - s.p)) {
    while (i > at + 1 && (s.p[i - 1] == '.' || s.p[i - 1] == '-'))
      i--;
    dot = memrchr (s.p + at + 1, '.', i - at - 1);
    if (dot == NULL || !g_ascii_isdigit (dot[1]))
      break;
  }
  return i;
}

static gboolean
is_domain (PktSlice d)
{
  const char *dot = memrchr (d.p, '.', d.n);
  if (dot == NULL || dot == d.p)
    return FALSE;
  gsize tld = d.n - (gsize)(dot + 1 - d.p);
  return tld >= 2 && !g_ascii_isdigit (dot[1]);
}

gboolean
pkt_address_next (PktSlice text, gsize from, PktAddressSpan *out)
{
  const char *at;
  for (gsize i = from; i < text.n && (at = memchr (text.p + i, '@', text.n - i)); i++) {
    i = (gsize)(at - text.p);
    gsize start = MAX (local_start (text, i), from), end = domain_end (text, i);
    if (pkt_text_has_letter (pkt_slice (text.p + start, i - start)) /* "*@icloud.com" is nobody */
        && is_domain (pkt_slice (text.p + i + 1, end - i - 1))) {
      *out = (PktAddressSpan){ start, i, end };
      return TRUE;
    }
  }
  return FALSE;
}

/* "xdana@…", "anna.dana@…": somebody else; not "%20dana@…". Decoders put any sign there. */
static gboolean
goes_on_before (PktSlice s, gsize i, gboolean derived)
{
  const char *p = s.p + i;
  gboolean coded = i > 2 && p[-3] == '%' && g_ascii_isxdigit (p[-2]) && g_ascii_isxdigit (p[-1]);
  return i > 0 && !coded
         && (g_ascii_isalnum (p[-1]) || (!derived && p[-1] && strchr (".-_+", p[-1])));
}

/* A decoder that was wrong may have eaten the first letters of an address. */
static gboolean
is_allowed_loosely (const PktRedactor *r, PktSlice address, gboolean derived)
{
  GHashTableIter it;
  gpointer key;
  gsize at = address.n - pkt_slice_domain (address).n - 1;
  for (gsize i = 0; i < at; i++)
    if (!goes_on_before (address, i, derived)
        && pkt_redactor_is_allowed (r, pkt_slice_skip (address, i)))
      return TRUE;
  for (gsize i = at; derived && i > 0; i--)
    if ((guint8)address.p[i - 1] >= 0x80) {
      address = pkt_slice_skip (address, i);
      break;
    }
  g_hash_table_iter_init (&it, r->allowed);
  while (derived && g_hash_table_iter_next (&it, &key, NULL))
    if (pkt_slice_ends_nocase (pkt_slice_str (key), address))
      return TRUE;
  return FALSE;
}

gboolean
pkt_address_may_stand (const PktRedactor *r, PktSlice address, PktForm form, gboolean derived)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  if (is_allowed_loosely (r, address, derived) || pkt_place_role_everywhere (local)
      || pkt_place_apple_company (domain))
    return TRUE;
  if (!pkt_redactor_is_own (r, domain))
    return FALSE;
  if (form == PKT_FORM_ROLE && !derived)
    return pkt_place_role_words (local);
  const char *eq = memrchr (local.p, '=', local.n);
  return eq == NULL || memchr (eq, '.', (gsize)(local.p + local.n - eq)) == NULL;
}

typedef struct {
  PktRedactor *r;
  PktForm form;
  gboolean names;
  const char *rule;
  gboolean spelled; /* shown by taking words together, and nothing else decoded */
} Judge;

/* In a view where chance writes addresses, one at Apple's mailbox domains is still meant. */
static gboolean
holds_mailbox (const Judge *j, const PktView *view)
{
  PktAddressSpan span = { 0 };
  while (pkt_address_next (view->bytes, span.end, &span)) {
    PktSlice address = pkt_slice (view->bytes.p + span.start, span.end - span.start);
    if (j->form == PKT_FORM_OWN && pkt_address_is_message_id (view->bytes, &span)
        && pkt_redact_message_id_is_safe (j->r, address))
      continue; /* Apple's own, of mail that its users send */
    if (pkt_place_apple_domain (pkt_slice_domain (address))
        && !pkt_address_may_stand (j->r, address, j->form, TRUE))
      return TRUE;
  }
  return FALSE;
}

static const char *
broken_private (const PktRedactor *r, PktSlice text, gboolean identifiers)
{
  if (pkt_privates_empty (&r->privates))
    return NULL;
  g_autofree char *valid = g_utf8_make_valid (text.p ? text.p : "", (gssize)text.n);
  const char *mark = pkt_privates_find (&r->privates, valid, identifiers);
  return mark == NULL ? NULL : g_str_equal (mark, "[private]") ? "private-word" : "client";
}

typedef struct {
  const PktRedactor *r;
  const char *rule;
} Look;

static void
look_at_view (const PktView *view, gpointer data)
{
  Look *look = data;
  if (look->rule == NULL && !view->needles_only)
    look->rule = broken_private (look->r, view->bytes, FALSE);
}

const char *
pkt_redactor_private_in (const PktRedactor *r, PktSlice bytes)
{
  Look look = { r, NULL };
  if (!pkt_privates_empty (&r->privates)) /* what cannot be decoded is the verifier's finding */
    (void)pkt_decode_walk (bytes, look_at_view, &look, NULL);
  return look.rule;
}

static void
judge_view (const PktView *view, gpointer data)
{
  Judge *j = data;
  PktAddressSpan span = { 0 };
  if (j->rule)
    return;
  j->rule = pkt_needles_scan (&j->r->needles, view);
  if (!j->rule && pkt_decode_is_packed (view->bytes))
    j->rule = "packed";
  if (j->rule)
    return;
  if (view->needles_only) {
    if (view->mailboxes && holds_mailbox (j, view))
      j->rule = "address";
    return;
  }
  j->rule = broken_private (j->r, view->bytes, j->form != PKT_FORM_OWN);
  while (!j->rule && pkt_address_next (view->bytes, span.end, &span))
    if (j->form == PKT_FORM_OWN && pkt_address_is_message_id (view->bytes, &span)
        && pkt_redact_message_id_is_safe (
            j->r, pkt_slice (view->bytes.p + span.start, span.end - span.start)))
      continue;
    else if (!pkt_address_may_stand (j->r,
                                     pkt_slice (view->bytes.p + span.start, span.end - span.start),
                                     j->form, view->depth > 0))
      j->rule = "address";
  if (!j->rule && j->names && pkt_redactor_names_reader (j->r, view->bytes))
    j->rule = "name";
}

static void
judge_spelling (const PktView *view, gpointer data)
{
  static const char *const joining[] = { "",       "spelled", "blanks", "spaced",   "comments",
                                         "marked", "unicode", "tags",   "entities", NULL };
  Judge *j = data;
  if (j->rule)
    return;
  judge_view (view, data);
  g_auto (GStrv) path = g_strsplit (view->path, ", ", -1);
  j->spelled = j->rule != NULL;
  for (char **p = path; *p; p++)
    j->spelled &= g_strv_contains (joining, *p);
}

gboolean
pkt_redact_breaks_spelled (PktRedactor *r, PktSlice text, gboolean *spelled)
{
  Judge j = { r, PKT_FORM_ROLE, FALSE, NULL, FALSE };
  gboolean complete = pkt_decode_walk (text, judge_spelling, &j, NULL);
  *spelled = complete && j.spelled;
  return !complete || j.rule != NULL;
}

static const char *
judge (PktRedactor *r, PktSlice text, PktForm form, gboolean names)
{
  Judge j = { r, form, names, NULL, FALSE };
  g_autofree char *rest = form == PKT_FORM_OWN ? pkt_redact_without_ids (r, text) : NULL;
  if (rest)
    text = pkt_slice_str (rest);
  if (text.n > PKT_REDACT_MAX_TEXT || !pkt_decode_walk (text, judge_view, &j, NULL))
    return j.rule ? j.rule : "too-much-encoding";
  return j.rule;
}

const char *
pkt_redact_breaks (PktRedactor *r, PktSlice text, PktForm form)
{
  return judge (r, text, form, FALSE);
}

const char *
pkt_redact_breaks_stated (PktRedactor *r, PktSlice text, PktForm form)
{
  return judge (r, text, form, TRUE);
}

/* In log text: role and Apple's stay, a bounce address of ours keeps its constant part. */
static char *
replace_address (PktRedactor *r, PktSlice address)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  if (pkt_redactor_is_allowed (r, address)
      || (!pkt_needles_has (&r->needles, address)
          && (pkt_place_role_everywhere (local) || pkt_place_apple_company (domain))))
    return g_strndup (address.p, address.n);
  if (!pkt_redactor_is_own (r, domain) || pkt_needles_has (&r->needles, address))
    return pkt_redact_recipient (r, address);
  g_autofree char *path = pkt_redact_return_path (r, address);
  if (strchr (path, '[') || pkt_place_role_words (local))
    return g_steal_pointer (&path);
  g_autofree char *own = g_ascii_strdown (domain.p, (gssize)domain.n);
  return pkt_redactor_mark_at (r, address, own);
}

static GString *
replace_addresses (PktRedactor *r, PktSlice text)
{
  GString *out = g_string_new (NULL);
  PktAddressSpan span = { 0 };
  gsize done = 0;
  while (pkt_address_next (text, done, &span)) {
    g_autofree char *mark = replace_address (
        r, pkt_slice (text.p + span.start, span.end - span.start));
    g_string_append_len (out, text.p + done, (gssize)(span.start - done));
    g_string_append (out, mark);
    done = span.end;
  }
  g_string_append_len (out, text.p + done, (gssize)(text.n - done));
  return out;
}

char *
pkt_redact_text (PktRedactor *r, PktSlice text)
{
  if (text.p == NULL || text.n == 0)
    return g_strdup ("");
  if (text.n > PKT_REDACT_MAX_TEXT) {
    pkt_redactor_count (r, "encoded");
    return g_strdup ("[removed]");
  }
  g_autofree char *valid = g_utf8_make_valid (text.p, (gssize)text.n);
  GString *out = replace_addresses (r, pkt_slice_str (valid));
  g_autofree char *named = pkt_redact_names (r, out->str, FALSE);
  if (named) {
    pkt_redactor_count (r, "name");
    g_string_assign (out, named);
  }
  g_autofree char *custom = pkt_redact_custom (r, out->str);
  if (custom)
    g_string_assign (out, custom);
  g_autofree char *tokens = pkt_redact_tokens (r, out->str);
  if (tokens)
    g_string_assign (out, tokens);
  g_autofree char *without = pkt_redact_privates (r, out->str);
  if (without)
    g_string_assign (out, without);
  if (pkt_redact_breaks (r, pkt_slice (out->str, out->len), PKT_FORM_ROLE)) {
    g_autofree char *held = g_string_free (out, FALSE);
    return pkt_redact_without_encoded (r, pkt_slice_str (held));
  }
  return g_string_free (out, FALSE);
}

/* A machine writes no other; a name may stand there. */
static gboolean
is_ascii (PktSlice id)
{
  for (gsize i = 0; i < id.n; i++)
    if ((guint8)id.p[i] >= 0x80)
      return FALSE;
  return TRUE;
}

gboolean
pkt_redact_message_id_is_safe (PktRedactor *r, PktSlice id)
{
  id = pkt_slice_trim (id);
  if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
    id = pkt_slice (id.p + 1, id.n - 2);
  if (id.n == 0 || id.n > 998 || pkt_needles_has (&r->needles, id) || !is_ascii (id))
    return FALSE;
  PktSlice right = pkt_slice_domain (id);
  PktSlice left = right.p ? pkt_slice (id.p, id.n - right.n - 1) : id;
  gsize start, end;
  g_autofree char *verp = pkt_needles_find_verp (&r->needles, id, &start, &end);
  return verp == NULL && !pkt_redactor_is_spelled_out (r, left)
         && !pkt_redactor_names_another (left) && !pkt_redactor_has_token (r, id)
         && !pkt_redactor_has_own_word (r, left)
         && !pkt_redactor_names_writer (r, pkt_redactor_is_own (r, right) ? left : id)
         && !pkt_redactor_find_custom (r, id, &start, &end)
         && pkt_redact_breaks_stated (r, left, PKT_FORM_ROLE) == NULL
         && (right.n == 0 || pkt_redact_breaks (r, right, PKT_FORM_ROLE) == NULL);
}
