#include "packet/bounce/notice.h"
#include "packet/bounce/dsn.h"

struct PktDsnNotice {
  GHashTable *by_recipient; /* lower-cased address -> unfolded reason */
};

static gboolean
take (PktSlice *s, const char *prefix)
{
  gsize n = strlen (prefix);
  if (!pkt_slice_starts (*s, pkt_slice (prefix, n)))
    return FALSE;
  *s = pkt_slice_skip (*s, n);
  return TRUE;
}

/* "mx01.mail.icloud.com[17.57.154.6]" at the start of s. */
static gboolean
take_host (PktSlice *s, PktDsnReason *out)
{
  PktSlice host = pkt_slice_until (*s, '[');
  if (host.n == 0 || host.n == s->n || memchr (host.p, ' ', host.n))
    return FALSE;
  PktSlice rest = pkt_slice_skip (*s, host.n + 1), ip = pkt_slice_until (rest, ']');
  if (ip.n == 0 || ip.n == rest.n)
    return FALSE;
  out->host = host;
  out->ip = ip;
  *s = pkt_slice_skip (rest, ip.n + 1);
  return TRUE;
}

/* The last one: a reply may hold those words itself. */
static void
split_stage (PktSlice said, PktDsnReason *out)
{
  static const char words[] = "(in reply to ";
  out->reply = said;
  const char *at = said.n ? g_strrstr_len (said.p, (gssize)said.n, words) : NULL;
  if (!at)
    return;
  out->stage = pkt_stage_from_words (
      pkt_slice_skip (said, (gsize)(at - said.p) + sizeof words - 1));
  out->reply = pkt_slice_trim (pkt_slice (said.p, (gsize)(at - said.p)));
}

static PktStage
stage_of_while (PktSlice s)
{
  PktSlice rest = pkt_slice_find (s, PKT_SLICE (" while "));
  if (!take (&rest, " while "))
    return PKT_STAGE_UNKNOWN;
  if (!take (&rest, "sending ") && take (&rest, "receiving "))
    take (&rest, "the ");
  else if (take (&rest, "performing "))
    take (&rest, "the ");
  return pkt_stage_from_words (rest);
}

PktDsnReason
pkt_dsn_reason_parse (PktSlice s)
{
  PktDsnReason out = { .stage = PKT_STAGE_UNKNOWN };
  take (&s, "delivery temporarily suspended: ");
  if (take (&s, "host ")) {
    if (!take_host (&s, &out))
      return out;
    if (take (&s, " said: "))
      split_stage (s, &out);
    else if (take (&s, " refused to talk to me: ")) {
      out.stage = PKT_STAGE_BANNER;
      out.reply = s;
    }
  } else if (take (&s, "lost connection with ") || take (&s, "conversation with ")) {
    if (take_host (&s, &out))
      out.stage = stage_of_while (s);
  } else if (take (&s, "connect to "))
    out.stage = PKT_STAGE_CONNECT; /* no host was reached */
  return out;
}

/* `<user@icloud.com>`, also `<"angle<x>79"@mac.com>`: the address, and s behind it. */
static PktSlice
take_recipient (PktSlice *s)
{
  gsize i = 1;
  if (s->n < 2 || s->p[0] != '<')
    return pkt_slice (NULL, 0);
  if (s->p[1] == '"')
    for (i = 2; i < s->n && s->p[i] != '"'; i++)
      if (s->p[i] == '\\')
        i++;
  while (i < s->n && s->p[i] != '>')
    i++;
  if (i >= s->n)
    return pkt_slice (NULL, 0);
  PktSlice address = pkt_slice (s->p + 1, i - 1);
  *s = pkt_slice_skip (*s, i + 1);
  return address;
}

static char *
key_of (PktSlice recipient)
{
  return g_ascii_strdown (recipient.p ? recipient.p : "", (gssize)recipient.n);
}

static void
add_paragraph (PktDsnNotice *notice, PktSlice paragraph)
{
  PktSlice recipient = take_recipient (&paragraph);
  if (recipient.n == 0 || g_hash_table_size (notice->by_recipient) >= PKT_DSN_MAX_RECIPIENTS)
    return;
  if (take (&paragraph, " (expanded from <")) { /* an alias: "…>): reason" */
    paragraph = pkt_slice_find (paragraph, PKT_SLICE (">): "));
    if (!take (&paragraph, ">): "))
      return;
  } else if (!take (&paragraph, ": "))
    return;
  char *key = key_of (recipient);
  if (g_hash_table_contains (notice->by_recipient, key))
    g_free (key);
  else
    g_hash_table_insert (notice->by_recipient, key, g_strndup (paragraph.p, paragraph.n));
}

PktDsnNotice *
pkt_dsn_notice_parse (PktSlice text)
{
  PktDsnNotice *notice = g_new0 (PktDsnNotice, 1);
  notice->by_recipient = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) paragraph = g_string_new (NULL);
  while (text.n || paragraph->len) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    line = pkt_slice_trim (line);
    if (line.n == 0) {
      add_paragraph (notice, pkt_slice (paragraph->str, paragraph->len));
      g_string_truncate (paragraph, 0);
      continue;
    }
    if (paragraph->len)
      g_string_append_c (paragraph, ' ');
    g_string_append_len (paragraph, line.p, (gssize)line.n);
  }
  return notice;
}

void
pkt_dsn_notice_free (PktDsnNotice *notice)
{
  if (!notice)
    return;
  g_hash_table_unref (notice->by_recipient);
  g_free (notice);
}

PktDsnReason
pkt_dsn_notice_find (const PktDsnNotice *notice, PktSlice recipient)
{
  g_autofree char *key = key_of (recipient);
  return pkt_dsn_reason_parse (pkt_slice_str (g_hash_table_lookup (notice->by_recipient, key)));
}
