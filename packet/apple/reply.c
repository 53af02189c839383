#include "packet/apple/reply.h"
#include <arpa/inet.h>
#include "packet/apple/fold.h"
#include "packet/base/text.h"

/* Yahoo's, although of Apple's form (facts/apple.md, section 0). */
static const char *const foreign_tags[] = { "PH01", "TSS04", "BL21" };

static PktSlice
word_of (PktSlice s, const char *extra)
{
  gsize n = 0;
  while (n < s.n && s.p[n] && (g_ascii_isalnum (s.p[n]) || strchr (extra, s.p[n])))
    n++;
  return pkt_slice (s.p, n);
}

/* "[CS02]" of [A-Z]{2,4}[0-9]{1,2}. */
static PktSlice
read_tag (PktSlice s)
{
  gsize letters = 0, figures = 0;
  if (s.n == 0 || s.p[0] != '[')
    return pkt_slice (NULL, 0);
  s = pkt_slice_skip (s, 1);
  while (letters < s.n && letters < 5 && g_ascii_isupper (s.p[letters]))
    letters++;
  while (letters + figures < s.n && figures < 3 && g_ascii_isdigit (s.p[letters + figures]))
    figures++;
  gsize n = letters + figures;
  if (letters < 2 || letters > 4 || figures < 1 || figures > 2 || n >= s.n || s.p[n] != ']')
    return pkt_slice (NULL, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (foreign_tags); i++)
    if (pkt_slice_equal (pkt_slice (s.p, n), pkt_slice_str (foreign_tags[i])))
      return pkt_slice (NULL, 0);
  return pkt_slice (s.p, n);
}

/* Postfix: "250 2.0.0 Ok: queued as D04B3C0008B"; Apple until about 2016: "Ok, envelope id …". */
static PktSlice
read_queue_id (PktSlice text)
{
  PktSlice rest = pkt_fold_after (text, "queued as ");
  if (!rest.p)
    rest = pkt_fold_after (text, "envelope id ");
  PktSlice id = word_of (rest, "-_.@");
  while (id.n && id.p[id.n - 1] == '.')
    id.n--;
  return id.n ? id : pkt_slice (NULL, 0);
}

static gboolean
is_ip (PktSlice s)
{
  char text[INET6_ADDRSTRLEN] = "";
  guchar address[16];
  if (s.n == 0 || s.n >= sizeof text)
    return FALSE;
  memcpy (text, s.p, s.n);
  return inet_pton (AF_INET, text, address) == 1 || inet_pton (AF_INET6, text, address) == 1;
}

static PktSlice
read_ip (PktSlice text)
{
  static const char *const before[] = { "Mail from IP ", "Your mail from ",
                                        "?ip=", "?0ip=" /* links get damaged on their way */ };
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++) {
    PktSlice ip = word_of (pkt_fold_after (text, before[i]), ".:");
    while (ip.n && (ip.p[ip.n - 1] == '.' || ip.p[ip.n - 1] == ':'))
      ip.n--;
    if (is_ip (ip))
      return ip;
  }
  return pkt_slice (NULL, 0);
}

/* "was rejected due to example.com's DMARC policy"; some copies lack the 's. */
static PktSlice
read_dmarc_domain (PktSlice text)
{
  PktSlice rest = pkt_fold_after (text, "rejected due to ");
  PktSlice domain = word_of (rest, "-._");
  if (domain.n == 0 || !memchr (domain.p, '.', domain.n))
    return pkt_slice (NULL, 0);
  PktSlice next = pkt_slice_skip (rest, domain.n);
  if (pkt_slice_starts (next, PKT_SLICE ("'s")))
    next = pkt_slice_skip (next, 2);
  if (next.n < 13 || g_ascii_strncasecmp (next.p, " DMARC policy", 13) != 0)
    return pkt_slice (NULL, 0);
  return domain;
}

static PktSlice
read_txn_id (PktSlice text)
{
  PktSlice rest = pkt_fold_after (text, "Txn ID ");
  gsize n = pkt_fold_uuid (rest);
  return n ? pkt_slice (rest.p, n) : pkt_slice (NULL, 0);
}

/* A word that was found in the folded copy, in the reply itself: no word holds a blank, so it
 * stands there as it is. */
static PktSlice
in_reply (PktSlice reply, PktSlice word)
{
  PktSlice at = word.n ? pkt_slice_find (reply, word) : pkt_slice (NULL, 0);
  return at.p ? pkt_slice (at.p, word.n) : pkt_slice (NULL, 0);
}

void
pkt_reply_read_accepted (PktSlice reply, PktVerdict *out)
{
  pkt_reply_read (reply, out);
  if (out->code == 0) /* Sendmail and Haraka log "Ok: queued as D04B3C0008B" */
    out->remote_queue_id = read_queue_id (reply);
}

void
pkt_reply_read (PktSlice reply, PktVerdict *out)
{
  *out = (PktVerdict){ .category = PKT_CAT_UNKNOWN };
  PktSlice inner = pkt_reply_inner (pkt_reply_unwrap (reply));
  PktReplyHead head = pkt_reply_head (inner);
  out->code = head.code;
  out->enhanced = head.enhanced;
  if (head.code / 100 == 2) { /* millions of these: no copy */
    out->remote_queue_id = read_queue_id (head.rest);
    return;
  }
  out->tag = read_tag (head.rest); /* Azure hands the text on without its codes: "[HM08] …" */
  g_autoptr (GString) folded = pkt_reply_fold (inner, PKT_FOLD_MATCH);
  PktSlice text = pkt_slice (folded->str, folded->len);
  out->txn_id = in_reply (inner, read_txn_id (text));
  out->named_ip = in_reply (inner, read_ip (text));
  out->named_domain = in_reply (inner, read_dmarc_domain (text));
}

/* Txn IDs differ with every message: they are kept as a field, not in the kind. */
static void
lift_txn_id (GString *text)
{
  PktSlice rest = pkt_fold_after (pkt_slice (text->str, text->len), "Txn ID ");
  gsize n = pkt_fold_uuid (rest);
  if (n == 0)
    return;
  gssize at = rest.p - text->str;
  g_string_erase (text, at, (gssize)n);
  g_string_insert (text, at, "<id>");
}

/* "451 4.3.0 Temporary lookup failure 3FDC2AA61B8" ends with a queue id of the other side. */
static void
lift_queue_id (GString *text)
{
  gsize n = 0, figures = 0;
  while (n < text->len) {
    char c = text->str[text->len - 1 - n];
    if (!g_ascii_isdigit (c) && !(c >= 'A' && c <= 'F'))
      break;
    figures += g_ascii_isdigit (c) ? 1 : 0;
    n++;
  }
  if (n < 9 || n > 20 || figures == 0 || n == text->len || text->str[text->len - 1 - n] != ' ')
    return;
  g_string_truncate (text, text->len - n);
  g_string_append (text, "<id>");
}

char *
pkt_reply_normalise (PktSlice reply)
{
  GString *text = pkt_reply_fold (pkt_reply_unwrap (reply), PKT_FOLD_PUBLIC);
  lift_txn_id (text);
  lift_queue_id (text);
  char *bytes = g_string_free (text, FALSE);
  char *utf8 = g_utf8_make_valid (bytes, -1);
  g_free (bytes);
  return pkt_text_disarm (utf8);
}

void
pkt_reply_lift_txn (char *line)
{
  char *txn = strstr (line, " Txn ID <id>");
  if (txn)
    *txn = '\0';
  if (g_str_has_suffix (line, "."))
    line[strlen (line) - 1] = '\0';
}
