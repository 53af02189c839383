#include "packet/bounce/notice.h"
#include "packet/bounce/dsn.h"

typedef struct {
  PktSlice recipient;
  PktDsnReason reason;
} Entry;

struct PktDsnNotice {
  const char *writer;
  PktSlice returned;
  GArray *entries;          /* Entry; NULL: none */
  GArray *others;           /* PktDsnReason; NULL: none */
  GHashTable *by_recipient; /* lower-cased address -> index + 1; only when there are many */
  GStringChunk *chunk;      /* NULL: nothing is kept */
};

#define MANY 8 /* entries are looked through one by one up to here */

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
  PktDsnReason out = { .stage = PKT_STAGE_UNKNOWN, .outcome = PKT_BOUNCED };
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

PktSlice
pkt_dsn_take_recipient (PktSlice *s)
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

gboolean
pkt_dsn_next_line (PktSlice *text, PktSlice *line)
{
  if (text->n == 0)
    return FALSE;
  *line = pkt_slice_until (*text, '\n');
  *text = pkt_slice_skip (*text, line->n + 1);
  while (line->n && g_ascii_isspace (line->p[line->n - 1]))
    line->n--;
  return TRUE;
}

static char *
key_of (PktSlice recipient)
{
  return g_ascii_strdown (recipient.p ? recipient.p : "", (gssize)recipient.n);
}

static const Entry *
entry (const PktDsnNotice *notice, guint i)
{
  return &g_array_index (notice->entries, Entry, i);
}

static void
index_entry (PktDsnNotice *notice, guint i)
{
  char *key = key_of (entry (notice, i)->recipient);
  if (g_hash_table_contains (notice->by_recipient, key))
    g_free (key);
  else
    g_hash_table_insert (notice->by_recipient, key, GUINT_TO_POINTER (i + 1));
}

void
pkt_dsn_notice_add (PktDsnNotice *notice, PktSlice recipient, const PktDsnReason *reason)
{
  Entry e = { recipient, *reason };
  if (recipient.n == 0 || pkt_dsn_notice_size (notice) >= PKT_DSN_MAX_RECIPIENTS)
    return;
  if (notice->entries == NULL)
    notice->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_append_val (notice->entries, e);
  if (notice->by_recipient)
    index_entry (notice, notice->entries->len - 1);
  else if (notice->entries->len > MANY) {
    notice->by_recipient = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < notice->entries->len; i++)
      index_entry (notice, i);
  }
}

void
pkt_dsn_notice_add_other (PktDsnNotice *notice, const PktDsnReason *reason)
{
  if (notice->others == NULL)
    notice->others = g_array_new (FALSE, FALSE, sizeof (PktDsnReason));
  if (notice->others->len < PKT_DSN_MAX_OTHERS)
    g_array_append_val (notice->others, *reason);
}

guint
pkt_dsn_notice_others (const PktDsnNotice *notice)
{
  return notice->others ? notice->others->len : 0;
}

PktDsnReason
pkt_dsn_notice_other (const PktDsnNotice *notice, guint i)
{
  return g_array_index (notice->others, PktDsnReason, i);
}

PktSlice
pkt_dsn_notice_keep (PktDsnNotice *notice, const GString *text)
{
  if (notice->chunk == NULL)
    notice->chunk = g_string_chunk_new (1024);
  return pkt_slice (g_string_chunk_insert_len (notice->chunk, text->str, (gssize)text->len),
                    text->len);
}

/* Postfix: a paragraph for each recipient. */
static void
add_paragraph (PktDsnNotice *notice, const GString *text)
{
  PktSlice paragraph = pkt_slice (text->str, text->len);
  if (pkt_dsn_take_recipient (&paragraph).n == 0)
    return;
  PktSlice kept = pkt_dsn_notice_keep (notice, text);
  PktSlice recipient = pkt_dsn_take_recipient (&kept);
  if (take (&kept, " (expanded from <")) { /* an alias: "…>): reason" */
    kept = pkt_slice_find (kept, PKT_SLICE (">): "));
    if (!take (&kept, ">): "))
      return;
  } else if (!take (&kept, ": "))
    return;
  PktDsnReason reason = pkt_dsn_reason_parse (kept);
  if (reason.reply.n == 0)
    reason.words = kept;
  pkt_dsn_notice_add (notice, recipient, &reason);
}

static void
read_paragraphs (PktDsnNotice *notice, PktSlice text)
{
  g_autoptr (GString) paragraph = g_string_new (NULL);
  PktSlice line;
  while (pkt_dsn_next_line (&text, &line)) {
    line = pkt_slice_trim (line);
    if (line.n == 0) {
      add_paragraph (notice, paragraph);
      g_string_truncate (paragraph, 0);
      continue;
    }
    if (paragraph->len)
      g_string_append_c (paragraph, ' ');
    g_string_append_len (paragraph, line.p, (gssize)line.n);
  }
  add_paragraph (notice, paragraph);
}

/* Does a line begin as one of these marks does? Nearly no notice has one. */
static gboolean
may_hold_mark (PktSlice text)
{
  static const PktSlice begins[] = { PKT_SLICE ("---"), PKT_SLICE ("Message headers"),
                                     PKT_SLICE ("Original message"), PKT_SLICE ("   -----") };
  while (text.n) {
    for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
      if (pkt_slice_starts (text, begins[i]))
        return TRUE;
    text = pkt_slice_skip (text, pkt_slice_until (text, '\n').n + 1);
  }
  return FALSE;
}

/* What stands between the notice and the returned message where there is no MIME. */
static PktSlice
cut_returned (PktSlice *text)
{
  static const char *const marks[] = {
    "\n--- Below this line is a copy of the message.", /* qmail */
    "\nMessage headers follow.",                       /* dma */
    "\nOriginal message follows.",                     /* dma */
    "\n------ This is a copy of ",                     /* Exim: "the message, including all …" */
    "\n   ----- Original message follows -----",       /* Sendmail */
    "\n   ----- Unsent message follows -----",
    "\n   ----- Message header follows -----",
    "\n----- Original message -----", /* Google */
    "\nOriginal message headers:",    /* Exchange */
  };
  if (!may_hold_mark (*text))
    return pkt_slice (NULL, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++) {
    PktSlice at = pkt_slice_find (*text, pkt_slice_str (marks[i])), line;
    if (!at.p)
      continue;
    text->n = (gsize)(at.p - text->p);
    at = pkt_slice_skip (at, 1);
    pkt_dsn_next_line (&at, &line);
    while (at.n && (*at.p == '\r' || *at.p == '\n'))
      at = pkt_slice_skip (at, 1);
    return at;
  }
  return pkt_slice (NULL, 0);
}

PktDsnNotice *
pkt_dsn_notice_parse (PktSlice text)
{
  PktDsnNotice *notice = g_new0 (PktDsnNotice, 1);
  notice->returned = cut_returned (&text);
  notice->writer = pkt_dsn_classic_read (notice, text);
  if (notice->writer)
    return notice;
  read_paragraphs (notice, text);
  if (pkt_slice_find (text, PKT_SLICE ("This is the mail system at host ")).p
      || pkt_slice_find (text, PKT_SLICE ("This is the Postfix program at host ")).p)
    notice->writer = "postfix";
  return notice;
}

void
pkt_dsn_notice_free (PktDsnNotice *notice)
{
  if (!notice)
    return;
  g_clear_pointer (&notice->entries, g_array_unref);
  g_clear_pointer (&notice->others, g_array_unref);
  g_clear_pointer (&notice->by_recipient, g_hash_table_unref);
  g_clear_pointer (&notice->chunk, g_string_chunk_free);
  g_free (notice);
}

PktDsnReason
pkt_dsn_notice_find (const PktDsnNotice *notice, PktSlice recipient)
{
  const PktDsnReason none = { .stage = PKT_STAGE_UNKNOWN, .outcome = PKT_BOUNCED };
  if (notice->by_recipient) {
    g_autofree char *key = key_of (recipient);
    guint found = GPOINTER_TO_UINT (g_hash_table_lookup (notice->by_recipient, key));
    return found ? entry (notice, found - 1)->reason : none;
  }
  for (guint i = 0; i < pkt_dsn_notice_size (notice); i++)
    if (pkt_slice_equal_nocase (entry (notice, i)->recipient, recipient))
      return entry (notice, i)->reason;
  return none;
}

const char *
pkt_dsn_notice_writer (const PktDsnNotice *notice)
{
  return notice->writer;
}

guint
pkt_dsn_notice_size (const PktDsnNotice *notice)
{
  return notice->entries ? notice->entries->len : 0;
}

PktSlice
pkt_dsn_notice_recipient (const PktDsnNotice *notice, guint i)
{
  return entry (notice, i)->recipient;
}

PktSlice
pkt_dsn_notice_returned (const PktDsnNotice *notice)
{
  return notice->returned;
}
