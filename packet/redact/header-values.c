#include "packet/redact/header-values.h"
#include "packet/base/gmime.h"
#include "packet/redact/header-comments.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

#define MAX_ADDRESS_TYPE 8
#define DKIM_PREFIX 8 /* characters of b= (RFC 6008) */

static char *
mark_list (PktRedactor *r, InternetAddressList *list)
{
  GString *out = g_string_new (NULL);
  for (int i = 0; i < internet_address_list_length (list); i++) {
    InternetAddress *ia = internet_address_list_get_address (list, i);
    if (INTERNET_ADDRESS_IS_GROUP (ia)) {
      g_autofree char *members = mark_list (
          r, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (ia)));
      g_string_append_printf (out, "%s%s", out->len && *members ? ", " : "", members);
      continue;
    }
    const char *addr = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (ia));
    g_autofree char *mark = pkt_redact_recipient (r, pkt_slice_str (addr));
    g_string_append_printf (out, "%s<%s>", out->len ? ", " : "", mark);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_header_recipients (PktRedactor *r, const char *value)
{
  PktSlice s = pkt_slice_trim (pkt_slice_str (value));
  gsize type = pkt_slice_until (s, ';').n; /* RFC 3798: "rfc822;", RFC 6533: "utf-8;" */
  if (type < s.n && type <= MAX_ADDRESS_TYPE) {
    g_autofree char *mark = pkt_redact_recipient (r, pkt_slice_skip (s, type + 1));
    return g_strdup_printf (" %.*s;%s", (int)type, s.p, mark);
  }
  if (pkt_slice_equal_nocase (s, PKT_SLICE ("undisclosed-recipients:;")))
    return g_strdup (value);
  g_autofree char *text = g_strndup (s.p, s.n);
  InternetAddressList *list = internet_address_list_parse (NULL, text);
  if (list == NULL)
    return g_strdup (" [removed]");
  g_autofree char *marks = mark_list (r, list);
  g_object_unref (list);
  return g_strconcat (" ", *marks ? marks : "[removed]", NULL);
}

char *
pkt_header_return_path (PktRedactor *r, PktSlice value)
{
  PktSlice s = pkt_slice_trim (value);
  g_autofree char *redacted = pkt_redact_return_path (r, s);
  return g_strdup_printf (" <%s>", redacted);
}

/* `for <x>`, `for x`: whoever x is, a recipient. */
static gboolean
stands_behind_for (PktSlice value, gsize start)
{
  gsize i = start;
  while (i > 0 && strchr ("< \t\n", value.p[i - 1]) && value.p[i - 1])
    i--;
  return i < start && i >= 3 && g_ascii_strncasecmp (value.p + i - 3, "for", 3) == 0
         && (i == 3 || g_ascii_isspace (value.p[i - 4]));
}

static char *
replace_in_text (PktRedactor *r, PktSlice address)
{
  return pkt_redact_text (r, address);
}

static char *
redact_received (PktRedactor *r, PktSlice value)
{
  GString *out = g_string_new (NULL);
  PktAddressSpan span;
  gsize done = 0;
  while (pkt_address_next (value, done, &span)) {
    PktSlice address = pkt_slice (value.p + span.start, span.end - span.start);
    g_autofree char *made = stands_behind_for (value, span.start)
                                ? pkt_redact_recipient (r, address)
                                : replace_in_text (r, address);
    g_string_append_len (out, value.p + done, (gssize)(span.start - done));
    g_string_append (out, made);
    done = span.end;
  }
  g_string_append_len (out, value.p + done, (gssize)(value.n - done));
  return g_string_free (out, FALSE);
}

char *
pkt_header_received (PktRedactor *r, const PktHeaderTable *table, PktSlice value)
{
  const PktCommentRules rules = { replace_in_text, pkt_header_table_list (table, "comment_words"),
                                  NULL };
  g_autofree char *redacted = redact_received (r, value);
  return pkt_header_rewrite (r, pkt_slice_str (redacted), &rules);
}

/* An envelope sender whoever it is: a stranger's local part goes, its domain says which system
 * handed the mail on. */
static char *
replace_envelope (PktRedactor *r, PktSlice address)
{
  PktSlice domain = pkt_slice_domain (address);
  PktSlice local = pkt_slice (address.p, address.n - domain.n - 1);
  if (pkt_redactor_is_own (r, domain))
    return pkt_redact_return_path (r, address);
  if (pkt_place_apple_domain (domain) || pkt_place_role_everywhere (local)
      || pkt_redactor_is_allowed (r, address) || pkt_redactor_is_recipient_domain (r, domain))
    return pkt_redact_text (r, address);
  g_autofree char *mark = pkt_redactor_mark (r, address, "verp");
  pkt_redactor_count (r, "return-path");
  return g_strdup_printf ("%s@%.*s", mark, (int)domain.n, domain.p);
}

char *
pkt_header_auth (PktRedactor *r, const PktHeaderTable *table, PktSlice value)
{
  const PktCommentRules rules = { replace_envelope, pkt_header_table_list (table, "comment_words"),
                                  pkt_header_table_list (table, "properties") };
  return pkt_header_rewrite (r, value, &rules);
}

/* "i=user@d": the sender's user, whose local part may name a reader. */
static void
append_identity (GString *out, PktRedactor *r, PktSlice tag, gsize eq)
{
  PktSlice identity = pkt_slice_trim (pkt_slice_skip (tag, eq + 1));
  g_string_append_len (out, tag.p, (gssize)eq + 1);
  g_autofree char *text = g_strndup (identity.p, identity.n);
  GString *decoded = g_string_new (NULL);
  if (strchr (text, '=') && !strchr (text, '@')) /* RFC 6376: quoted-printable */
    g_string_append (decoded, "[removed]");
  else if (text[0] == '@')
    g_string_append (decoded, text);
  else {
    g_autofree char *made = pkt_redact_return_path (r, pkt_slice_str (text));
    g_string_append (decoded, made);
  }
  g_string_append (out, decoded->str);
  g_string_free (decoded, TRUE);
}

static void
append_signature (GString *out, PktSlice tag, gsize eq)
{
  guint n = 0;
  g_string_append_len (out, tag.p, (gssize)eq + 1);
  for (gsize i = eq + 1; i < tag.n && n < DKIM_PREFIX; i++)
    if (!g_ascii_isspace (tag.p[i])) {
      g_string_append_c (out, tag.p[i]);
      n++;
    }
}

static gboolean
append_tag (GString *out, PktRedactor *r, PktSlice tag)
{
  static const char *const kept[] = { "v", "a", "c", "d",  "s",  "h", "q",
                                      "t", "x", "l", "bh", "cv", NULL };
  PktSlice name = pkt_slice_trim (pkt_slice_until (tag, '='));
  gsize eq = pkt_slice_until (tag, '=').n;
  if (eq == tag.n)
    return FALSE;
  if (pkt_slice_equal (name, PKT_SLICE ("b"))) {
    append_signature (out, tag, eq);
    return TRUE;
  }
  if (pkt_slice_equal (name, PKT_SLICE ("i"))) {
    append_identity (out, r, tag, eq);
    return TRUE;
  }
  for (gsize i = 0; kept[i]; i++)
    if (pkt_slice_equal (name, pkt_slice_str (kept[i]))) {
      g_string_append_len (out, tag.p, (gssize)tag.n);
      return TRUE;
    }
  return FALSE;
}

char *
pkt_header_dkim (PktRedactor *r, PktSlice value)
{
  GString *out = g_string_new (NULL);
  while (value.n) {
    PktSlice tag = pkt_slice_until (value, ';');
    gboolean more = tag.n < value.n;
    if (append_tag (out, r, tag) && more)
      g_string_append_c (out, ';');
    value = pkt_slice_skip (value, tag.n + 1);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_header_skeleton (PktRedactor *r, PktSlice value)
{
  GString *out = g_string_new (NULL);
  while (value.n) {
    PktSlice before = pkt_slice_until (value, '<');
    value = pkt_slice_skip (value, before.n + 1);
    PktSlice url = pkt_slice_until (value, '>');
    if (url.n == value.n)
      break;
    g_string_append (out, out->len ? ",\n <" : " <");
    pkt_token_append_url (r, out, url);
    g_string_append_c (out, '>');
    value = pkt_slice_skip (value, url.n + 1);
  }
  if (out->len == 0)
    g_string_append (out, " [removed]");
  return g_string_free (out, FALSE);
}

char *
pkt_header_class (PktSlice value)
{
  GString *out = g_string_new (" ");
  pkt_token_append (out, value);
  return g_string_free (out, FALSE);
}

/* "2026-53:weekly:news:example": campaign, customer, kind, sender. */
char *
pkt_header_fields (PktRedactor *r, PktSlice value)
{
  GString *out = g_string_new (" ");
  pkt_token_append_words (r, out, pkt_slice_trim (value), ":");
  return g_string_free (out, FALSE);
}

static gboolean
all_addresses (PktRedactor *r, const char *value, gboolean roles_only)
{
  PktAddressSpan span = { 0 };
  PktSlice s = pkt_slice_str (value);
  guint n = 0;
  for (; pkt_address_next (s, span.end, &span); n++) {
    PktSlice address = pkt_slice (s.p + span.start, span.end - span.start);
    PktSlice local = pkt_slice (s.p + span.start, span.at - span.start);
    gboolean own = pkt_redactor_is_own (r, pkt_slice_domain (address));
    if (!pkt_redactor_is_allowed (r, address)
        && (!own || (roles_only && !pkt_place_role_words (local))))
      return FALSE;
  }
  return n > 0;
}

#define MIN_NAME 5 /* letters: "list-anna@" may be the sender's own Anna */

/* "ng.quy" of weekly+ng.quy@, one of the recipients'; "shop" alone is a word. */
static gboolean
is_mailbox (const PktRedactor *r, PktSlice local)
{
  gsize letters = 0;
  for (gsize i = 0; i < local.n; i++)
    letters += g_ascii_isalpha (local.p[i]) != 0;
  return letters < local.n && !pkt_place_role_words (local)
         && pkt_needles_has_local (&r->needles, local);
}

/* notification+kjdm2345@…, news-quill@…: who answers writes to an address of this one reader. Each
 * such word becomes a mark. */
static void
append_sender (GString *out, PktRedactor *r, PktSlice local)
{
  gboolean tag = FALSE; /* behind '+' or '=' */
  for (gsize at = 0; at < local.n;) {
    gsize n = 0;
    while (at + n < local.n && !strchr ("-._+=", local.p[at + n]))
      n++;
    const gboolean mailbox = at && is_mailbox (r, pkt_slice_skip (local, at));
    n = mailbox ? local.n - at : n;
    PktSlice word = pkt_slice (local.p + at, n);
    if (mailbox || pkt_token_like (word) || (tag && word.n && !pkt_token_plain (r, word))
        || (n < local.n && word.n >= MIN_NAME && pkt_redactor_is_person (r, word))) {
      g_autofree char *mark = pkt_redactor_mark (r, word, "verp");
      pkt_redactor_count (r, "return-path");
      g_string_append (out, mark);
    } else
      g_string_append_len (out, word.p, (gssize)word.n);
    at += n;
    if (at < local.n) {
      tag |= local.p[at] == '+' || local.p[at] == '=';
      g_string_append_c (out, local.p[at++]);
    }
  }
}

/* Without the names. */
static char *
senders_alone (PktRedactor *r, const char *value)
{
  PktSlice s = pkt_slice_str (value);
  PktAddressSpan span = { 0 };
  GString *out = g_string_new (NULL);
  while (pkt_address_next (s, span.end, &span)) {
    g_autofree char *made = pkt_redact_return_path (
        r, pkt_slice (s.p + span.start, span.end - span.start));
    g_string_append_printf (out, "%s <%s>", out->len ? "," : "", made);
  }
  if (out->len == 0)
    g_string_append (out, " [removed]");
  return g_string_free (out, FALSE);
}

/* What stands beside the addresses: "Example Weekly for Jo", "Example 9Qk2Lr7VtXe4". */
static void
append_phrase (GString *out, PktRedactor *r, PktSlice phrase)
{
  g_autofree char *text = g_strndup (phrase.p, phrase.n), *shown = pkt_header_subject (r, text);
  g_string_append (out, shown + (shown[0] == ' ' && text[0] != ' '));
}

char *
pkt_header_from (PktRedactor *r, const char *value)
{
  PktSlice s = pkt_slice_str (value);
  PktAddressSpan span = { 0 };
  gsize done = 0;
  if (r->people)
    return senders_alone (r, value);
  if (!all_addresses (r, value, FALSE))
    return pkt_header_recipients (r, value);
  GString *out = g_string_new (NULL);
  while (pkt_address_next (s, done, &span)) {
    append_phrase (out, r, pkt_slice (s.p + done, span.start - done));
    PktSlice address = pkt_slice (s.p + span.start, span.end - span.start);
    if (memchr (address.p, '=', span.at - span.start)) {
      g_autofree char *path = pkt_redact_return_path (r, address);
      g_string_append (out, path);
    } else {
      append_sender (out, r, pkt_slice (address.p, span.at - span.start));
      g_string_append_len (out, s.p + span.at, (gssize)(span.end - span.at));
    }
    done = span.end;
  }
  append_phrase (out, r, pkt_slice_skip (s, done));
  return g_string_free (out, FALSE);
}

char *
pkt_header_reply_to (PktRedactor *r, const char *value)
{
  if (r->people)
    return senders_alone (r, value);
  if (all_addresses (r, value, TRUE))
    return pkt_header_from (r, value); /* "Ticket 4711 <support@…>": what stands beside it */
  if (!all_addresses (r, value, FALSE))
    return pkt_header_recipients (r, value);
  PktSlice s = pkt_slice_str (value);
  GString *out = g_string_new (NULL);
  PktAddressSpan span = { 0 };
  while (pkt_address_next (s, span.end, &span)) {
    PktSlice address = pkt_slice (s.p + span.start, span.end - span.start);
    g_autofree char *mark = pkt_redactor_mark (r, address, "verp");
    pkt_redactor_count (r, "return-path");
    g_string_append_printf (out, "%s <%s%.*s>", out->len ? "," : "", mark,
                            (int)(span.end - span.at), s.p + span.at);
  }
  return g_string_free (out, FALSE);
}

/* "… by st43p00im-qukt05021701.me.com (Postfix) with …", "by p44-mailgateway-smtp-778464bd6-glqrh
 * (mailgateway 2403B92)", "by p00-icloudmta-smtpin-us-west-2a-100-percent-35" (facts/apple.md 4.1)
 */
gboolean
pkt_header_is_apple_hop (PktSlice value)
{
  static const char *const suffixes[] = { ".me.com", ".icloud.com", ".apple.com", ".mac.com" };
  for (gsize i = 0; i + 3 < value.n; i++) {
    if (!(i == 0 || g_ascii_isspace (value.p[i - 1]))
        || g_ascii_strncasecmp (value.p + i, "by", 2) != 0 || !g_ascii_isspace (value.p[i + 2]))
      continue;
    PktSlice rest = pkt_slice_trim (pkt_slice_skip (value, i + 3));
    gsize n = 0;
    while (n < rest.n && !g_ascii_isspace (rest.p[n]) && !strchr (";(", rest.p[n]))
      n++;
    PktSlice host = pkt_slice (rest.p, n);
    for (gsize k = 0; k < G_N_ELEMENTS (suffixes); k++)
      if (pkt_slice_ends_nocase (host, pkt_slice_str (suffixes[k])))
        return TRUE;
    return host.n > 3 && host.p[0] == 'p' && g_ascii_isdigit (host.p[1])
           && (pkt_slice_find (host, PKT_SLICE ("-mailgateway-")).p
               || pkt_slice_find (host, PKT_SLICE ("-icloudmta-")).p);
  }
  return FALSE;
}
