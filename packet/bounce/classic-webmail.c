/* Bounces of mailbox providers without a delivery status (log-formats.md 20.3). */
#include "packet/bounce/notice.h"

static const PktSlice google_mark = PKT_SLICE ("The response from the remote server was:");

static PktSlice
next_word (PktSlice *text)
{
  *text = pkt_slice_trim (*text);
  gsize n = 0;
  while (n < text->n && !g_ascii_isspace (text->p[n]))
    n++;
  PktSlice word = pkt_slice (text->p, n);
  *text = pkt_slice_skip (*text, n);
  while (word.n && strchr (".,:;>)", word.p[word.n - 1]))
    word.n--;
  while (word.n && strchr ("<(", word.p[0]))
    word = pkt_slice_skip (word, 1);
  return word;
}

/* "Your message wasn't delivered to dana.reader@icloud.com because …" */
static PktSlice
first_address (PktSlice text)
{
  while (text.n) {
    PktSlice word = next_word (&text);
    const char *at = word.n ? memchr (word.p, '@', word.n) : NULL;
    if (at && at > word.p && at + 1 < word.p + word.n)
      return word;
  }
  return pkt_slice (NULL, 0);
}

/* The lines of a paragraph, joined by blanks. */
static PktSlice
take_paragraph (PktDsnNotice *notice, PktSlice text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (PktSlice line; pkt_dsn_next_line (&text, &line) && (line.n || out->len == 0);) {
    line = pkt_slice_trim (line);
    if (out->len && line.n)
      g_string_append_c (out, ' ');
    g_string_append_len (out, line.p ? line.p : "", (gssize)line.n);
  }
  return pkt_dsn_notice_keep (notice, out);
}

static gboolean
has_code (PktSlice s)
{
  return s.n > 3 && strchr ("245", s.p[0]) && g_ascii_isdigit (s.p[1]) && g_ascii_isdigit (s.p[2]);
}

static void
add (PktDsnNotice *notice, PktSlice recipient, PktSlice said, PktOutcome outcome)
{
  PktDsnReason r = { .outcome = outcome };
  if (has_code (said))
    r.reply = said;
  else
    r.words = said;
  pkt_dsn_notice_add (notice, recipient, &r);
}

/* "The response from the remote server was:", "554 5.7.1 …" below it. */
void
pkt_dsn_google_read (PktDsnNotice *notice, PktSlice text)
{
  PktSlice at = pkt_slice_find (text, google_mark);
  PktSlice recipient = first_address (pkt_slice (text.p, text.n - at.n));
  gboolean goes_on = pkt_slice_find (text, PKT_SLICE ("will retry for")).p != NULL;
  if (at.p)
    add (notice, recipient, take_paragraph (notice, pkt_slice_skip (at, google_mark.n)),
         goes_on ? PKT_DEFERRED : PKT_BOUNCED);
}

/* "550: 5.7.1 …" as "550 5.7.1 …". */
static PktSlice
without_colon (PktDsnNotice *notice, PktSlice said)
{
  if (!has_code (said) || said.p[3] != ':')
    return said;
  g_autoptr (GString) out = g_string_new_len (said.p, 3);
  PktSlice rest = pkt_slice_skip (said, 4);
  g_string_append_len (out, rest.p ? rest.p : "", (gssize)rest.n);
  return pkt_dsn_notice_keep (notice, out);
}

/* "<recipient>:", and below it what the other side said, up to an empty line. */
void
pkt_dsn_yahoo_read (PktDsnNotice *notice, PktSlice text)
{
  for (PktSlice line; pkt_dsn_next_line (&text, &line);) {
    PktSlice recipient = pkt_dsn_take_recipient (&line);
    if (recipient.n && pkt_slice_equal (line, PKT_SLICE (":")))
      add (notice, recipient, without_colon (notice, take_paragraph (notice, text)), PKT_BOUNCED);
  }
}
