#include "packet/headers/trace.h"
#include "packet/base/gmime.h"

#define MAX_COMMENT_DEPTH 20

void
pkt_hop_clear (PktHop *hop)
{
  char *const strings[] = { hop->helo, hop->ptr, hop->ip, hop->by, hop->with, hop->id, hop->tls };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  memset (hop, 0, sizeof *hop);
}

/* The next word, or the whole of a comment with its brackets; n is 0 at the end. */
static PktSlice
next_token (PktSlice *rest)
{
  *rest = pkt_slice_trim (*rest);
  gsize n = 0;
  if (rest->n > 0 && rest->p[0] == '(') {
    for (int depth = 0; n < rest->n; n++) {
      depth += rest->p[n] == '(' ? 1 : rest->p[n] == ')' ? -1 : 0;
      if (depth == 0 || depth > MAX_COMMENT_DEPTH)
        break;
    }
    n = MIN (n + 1, rest->n);
  } else {
    while (n < rest->n && rest->p[n] != '\0' && !strchr (" \t\r\n(", rest->p[n]))
      n++;
    n = n == 0 ? MIN (1, rest->n) : n;
  }
  PktSlice token = pkt_slice (rest->p, n);
  *rest = pkt_slice_skip (*rest, n);
  return token;
}

static char *
ip_of (PktSlice bracketed)
{
  bracketed = pkt_slice_until (pkt_slice_skip (bracketed, 1), ']');
  if (bracketed.n > 5 && g_ascii_strncasecmp (bracketed.p, "IPv6:", 5) == 0)
    bracketed = pkt_slice_skip (bracketed, 5);
  g_autofree char *ip = g_strndup (bracketed.p, bracketed.n);
  return g_hostname_is_ip_address (ip) ? g_ascii_strdown (ip, -1) : NULL;
}

/* "(mta1.example.com [192.0.2.10])", "(unknown [IPv6:2001:db8::1])", "([192.0.2.10])"; before the
 * name Sendmail writes who RFC 1413 says it was: "(jane@mta1.example.com [192.0.2.10])". */
static void
take_client (PktHop *hop, PktSlice comment)
{
  PktSlice bracket = pkt_slice_find (comment, PKT_SLICE ("["));
  if (hop->ip || bracket.n == 0)
    return;
  hop->ip = ip_of (bracket);
  PktSlice before = pkt_slice (comment.p + 1, (gsize)(bracket.p - comment.p) - 1);
  before = pkt_slice_trim (before);
  PktSlice host = pkt_slice_domain (before);
  before = host.n ? host : before;
  if (hop->ip && before.n > 0 && !memchr (before.p, ' ', before.n))
    hop->ptr = pkt_slice_utf8 (before);
}

/* "(using TLSv1.3 with cipher …)", "(version=TLS1_3 cipher=…)" */
static void
take_tls (PktHop *hop, PktSlice comment)
{
  PktSlice hit = pkt_slice_find (comment, PKT_SLICE ("TLS"));
  if (hit.n == 0 || hop->tls)
    return;
  hit = pkt_slice_skip (hit, 3);
  if (hit.n > 0 && hit.p[0] == 'v')
    hit = pkt_slice_skip (hit, 1);
  if (hit.n >= 3 && hit.p[0] == '1' && (hit.p[1] == '.' || hit.p[1] == '_')
      && g_ascii_isdigit (hit.p[2]))
    hop->tls = g_strdup_printf ("TLSv1.%c", hit.p[2]);
}

/* The first of each keyword counts: a HELO cannot add a second one before the real. */
static void
take_word (PktHop *hop, PktSlice keyword, PktSlice word)
{
  const struct {
    const char *name;
    char **to;
  } slots[]
      = { { "from", &hop->helo }, { "by", &hop->by }, { "with", &hop->with }, { "id", &hop->id } };
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    if (pkt_slice_equal_nocase (keyword, pkt_slice_str (slots[i].name)) && *slots[i].to == NULL) {
      while (word.n > 0 && word.p[word.n - 1] == ';')
        word.n--;
      *slots[i].to = pkt_slice_utf8 (word);
    }
}

static gint64
time_of (PktSlice date)
{
  g_autofree char *text = g_strndup (date.p, MIN (date.n, 100));
  g_autoptr (GDateTime) t = g_mime_utils_header_decode_date (text);
  return t ? g_date_time_to_unix (t) * PKT_SECOND : PKT_NO_TIME;
}

static gboolean
is_secure (const char *with) /* ESMTPS, ESMTPSA, UTF8SMTPS: RFC 3848, RFC 6531 */
{
  return with
         && (g_str_has_suffix (with, "SMTPS") || g_str_has_suffix (with, "SMTPSA")
             || g_str_has_suffix (with, "LMTPS"));
}

void
pkt_hop_parse (PktHop *hop, const char *value)
{
  memset (hop, 0, sizeof *hop);
  PktSlice rest = pkt_slice_str (value);
  const char *semicolon = strrchr (value, ';');
  hop->time = semicolon ? time_of (pkt_slice_str (semicolon + 1)) : PKT_NO_TIME;
  if (semicolon)
    rest.n = (gsize)(semicolon - value);
  PktSlice keyword = { NULL, 0 };
  gboolean in_from = FALSE;
  for (PktSlice t = next_token (&rest); t.n > 0; t = next_token (&rest)) {
    if (t.p[0] == '(') {
      if (in_from)
        take_client (hop, t);
      take_tls (hop, t);
      continue;
    }
    take_word (hop, keyword, t);
    in_from = pkt_slice_equal_nocase (keyword, PKT_SLICE ("from")) && hop->by == NULL;
    keyword = keyword.n > 0 ? pkt_slice (NULL, 0) : t;
  }
  if (hop->tls == NULL && is_secure (hop->with))
    hop->tls = g_strdup ("yes");
}

static gboolean
digits_at (const char *s, gsize at, gsize n)
{
  for (gsize i = at; i < at + n; i++)
    if (!g_ascii_isdigit (s[i]))
      return FALSE;
  return TRUE;
}

gboolean
pkt_trace_apple_host (const char *host)
{
  static const char *const suffixes[] = { ".me.com", ".mac.com", ".icloud.com", ".apple.com" };
  if (host == NULL)
    return FALSE;
  g_autofree char *h = g_ascii_strdown (host, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (h, suffixes[i]))
      return TRUE;
  gsize n = strlen (h);
  if (strchr (h, '.')) /* anybody may have p00-icloudmta-smtpin.example.com */
    return FALSE;
  if (n > 4 && h[0] == 'p' && digits_at (h, 1, 2) && h[3] == '-') /* p00-icloudmta-smtpin-… */
    return g_str_has_prefix (h + 4, "icloudmta-") || g_str_has_prefix (h + 4, "mailgateway-");
  return n > 10 && g_str_has_prefix (h, "st") && digits_at (h, 2, 2) && h[4] == 'p'
         && digits_at (h, 5, 2) && g_str_has_prefix (h + 7, "im"); /* st43p00im-qukt… */
}

/* A hop inside Apple: the gateway's line shows no address, others Apple's own. The HELO alone is
 * the client's word. */
static gboolean
is_internal (const PktHop *hop)
{
  if (hop->ip == NULL)
    return pkt_trace_apple_host (hop->helo);
  return g_str_has_prefix (hop->ip, "17.") || g_str_has_prefix (hop->ip, "10.")
         || g_str_has_prefix (hop->ip, "127.");
}

static gboolean
one_of (const char *name, const char *const *list, gboolean prefix)
{
  for (; *list; list++)
    if (prefix ? g_ascii_strncasecmp (name, *list, strlen (*list)) == 0
               : g_ascii_strcasecmp (name, *list) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_results (const PktHeaderField *f)
{
  return g_ascii_strcasecmp (f->name, "Authentication-Results") == 0;
}

/* What Apple writes into its block, facts/apple.md 4.1; results of another service are not its. */
static gboolean
is_apples (const PktHeaderField *f)
{
  static const char *const names[] = { "Return-Path", "Original-Recipient", "Delivered-To",
                                       "X-ARC-Info", NULL };
  static const char *const prefixes[] = { "X-ICL-",   "X-ICLOUD-", "X-Apple-",
                                          "X-DMARC-", "X-CLX-",    NULL };
  if (is_results (f)) {
    PktSlice id = pkt_slice_trim (pkt_slice_until (pkt_slice_str (f->value), ';'));
    return pkt_slice_ends_nocase (id, PKT_SLICE (".icloud.com"));
  }
  if (g_ascii_strcasecmp (f->name, "Received-SPF") == 0)
    return strstr (f->value, "receiver=spf.icloud.com") != NULL;
  return one_of (f->name, names, FALSE) || one_of (f->name, prefixes, TRUE);
}

/* Above the first Received line mail programs add fields of their own, a sender cannot. */
static gboolean
is_senders_surely (const PktHeaderField *f)
{
  static const char *const names[] = {
    "From", "To", "Subject", "Date", "Message-ID", "DKIM-Signature", "Authentication-Results", NULL
  };
  return one_of (f->name, names, FALSE);
}

typedef struct {
  PktAppleBlock block;
  gboolean outside; /* block.hop took the mail from outside */
  gboolean results; /* Authentication-Results were seen: no hop of Apple's follows */
} Walk;

static gboolean
take_received (Walk *w, guint i, const char *value)
{
  g_auto (PktHop) hop = { 0 };
  pkt_hop_parse (&hop, value);
  if (w->outside || w->results || !pkt_trace_apple_host (hop.by))
    return FALSE;
  if (!w->block.at_apple)
    w->block.after = i + 1;
  w->block.at_apple = TRUE;
  w->block.hop = i;
  w->outside = !is_internal (&hop);
  return TRUE;
}

PktAppleBlock
pkt_trace_block (const PktSample *s)
{
  Walk w = { 0 };
  guint i = 0;
  for (; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "Received") == 0) {
      if (!take_received (&w, i, f->value))
        break;
    } else if (w.block.at_apple ? !is_apples (f) : is_senders_surely (f)) {
      break;
    }
    w.results |= w.block.at_apple && is_results (f);
  }
  w.block.end = w.block.at_apple ? i : 0;
  return w.block;
}
