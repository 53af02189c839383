/* Files that people have at hand and that are neither a log nor a mail: what to do with them. */
#include "packet/run/source.h"
#include "packet/base/text.h"

static const struct {
  PktSlice begins;
  const char *advice;
} kinds[] = {
  { PKT_SLICE ("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "it is a file of Outlook (.msg) or of an old Office: save the mail as .eml (Outlook on the web "
    "and the new Outlook: Save as, or Download), a table as CSV" },
  { PKT_SLICE ("!BDN"), "it is a data file of Outlook (.pst): save the bounces in it as .eml" },
  { PKT_SLICE ("%PDF"), "it is a PDF: save the mail itself as .eml, a table as CSV" },
  { PKT_SLICE ("\x89PNG"), "it is a picture: save the mail itself as .eml, or the log as text" },
  { PKT_SLICE ("\xff\xd8\xff"),
    "it is a picture: save the mail itself as .eml, or the log as text" },
  { PKT_SLICE ("{\\rtf"),
    "it is a text document (RTF): save the mail itself as .eml, a log as text" },
  { PKT_SLICE ("<!doctype html"),
    "it is a web page: save the mail itself as .eml, a table as CSV" },
  { PKT_SLICE ("<?xml"),
    "it is XML: save a table of Excel (.xlsx) as CSV; reports of DMARC go into "
    "evidence.dmarc_reports of the case" },
  { PKT_SLICE ("<html"), "it is a web page: save the mail itself as .eml, a table as CSV" },
};

/* What mail servers tell whoever wrote, in the text alone. */
static const char *const told[] = {
  "couldn't be delivered",
  "could not be delivered",
  "wasn't delivered",
  "wasn\xe2\x80\x99t delivered",
  "couldn\xe2\x80\x99t be delivered",
  "delivery has failed",
  "undeliverable",
  "this is the mail system at host",
  "rejected your message",
  "delivery status notification",
  "message not delivered",
};

/* "Email Address,First Name,Last Name,Bounce Type": whom a service gave up, not what was answered.
 */
static gboolean
heads_addresses (const char *low)
{
  static const char *const answers[] = { "reason", "respon", "smtp",  "diag",
                                         "reply",  "error",  "detail" };
  if ((strstr (low, "email") == NULL && strstr (low, "e-mail") == NULL) || strchr (low, '@')
      || strpbrk (low, ",;\t") == NULL || strpbrk (low, "{<"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    if (strstr (low, answers[i]))
      return FALSE;
  return TRUE;
}

/* "[   12.345678] mta1 postfix/smtp[1]: …" */
static gboolean
counts_from_boot (PktSlice line)
{
  PktSlice seconds = pkt_slice_until (pkt_slice_skip_blanks (pkt_slice_skip (line, 1)), ']');
  gint64 whole, fraction;
  const PktSlice before = pkt_slice_until (seconds, '.');
  return pkt_slice_starts (line, PKT_SLICE ("[")) && pkt_slice_number (before, &whole)
         && seconds.n == before.n + 7
         && pkt_slice_number (pkt_slice_skip (seconds, before.n + 1), &fraction);
}

/* Forms of journalctl that tell no time of the line, or spread it over many. */
static const char *
journal_advice (PktSlice line, const char *low)
{
  if (counts_from_boot (line))
    return "its times count from the machine's start: take 'journalctl -o short-iso' or '-o json'";
  return strstr (low, " [s=") && strstr (low, ";i=") && strstr (low, ";b=")
             ? "it is journalctl's verbose form: take 'journalctl -o short-iso' or '-o json'"
             : NULL;
}

const char *
pkt_source_advice (PktSlice line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (line.n >= kinds[i].begins.n
        && pkt_slice_equal_nocase (pkt_slice (line.p, kinds[i].begins.n), kinds[i].begins))
      return kinds[i].advice;
  g_autofree char *low = g_ascii_strdown (line.p, (gssize)MIN (line.n, 1000));
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    if (strstr (low, told[i]))
      return "it looks like the text of a bounce: that has lost its header and the time of the "
             "answer; save the mail itself as .eml";
  const char *journal = journal_advice (line, low);
  if (journal)
    return journal;
  if (heads_addresses (low))
    return "it is a list of addresses, without Apple's answers: ask your sending service for these "
           "word for word, with time, sending IP and Message-ID of each, or send a test to a "
           "mailbox of your own at Apple and give its bounce";
  return NULL;
}
