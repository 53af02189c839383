#include "packet/run/scan-warnings.h"
#include "packet/base/text.h"
#include "packet/log/format.h"
#include "packet/run/apple-named.h"

static void
warn (PktScan *scan, char *taken)
{
  g_ptr_array_add (scan->warnings, taken);
}

#define NAMES_BYTES (64 * 1024 * 1024) /* of logs, looked through for a mailbox of Apple's */
#define SHOWN 3 /* sources of which one thing is said; the others are counted */

typedef enum {
  NOTE_UNREAD,
  NOTE_PROBLEM,
  NOTE_ZONE,
  NOTE_YEAR,
  NOTE_FILE_TIME,
  NOTE_UNDATED,
  NOTE_LONG_LINES,
  NOTE_NOTHING_KNOWN,
  NOTE_UNKNOWN,
  N_NOTES,
} Note;

static const char *const of_more[N_NOTES] = {
  [NOTE_UNREAD] = "%u more cannot be read",
  [NOTE_PROBLEM] = "%u more files were read only in part",
  [NOTE_ZONE] = "%u more logs write no time zone; their times are taken as UTC, too",
  [NOTE_YEAR] = "%u more logs would end in days to come, too; they are taken as of the year before",
  [NOTE_FILE_TIME] = "%u more files hold a session that shows no time; that of the file is taken",
  [NOTE_UNDATED] = "%u more files hold attempts on lines without a time: they are not counted",
  [NOTE_LONG_LINES] = "%u more files have lines over 64 KiB, which were cut",
  [NOTE_NOTHING_KNOWN] = "in %u more files nothing was recognised",
  [NOTE_UNKNOWN] = "%u more files have lines of no form that is known",
};

typedef struct {
  PktScan *scan;
  guint n[N_NOTES];
  char *next[N_NOTES]; /* the first that is not shown */
} Notes;

/* Takes what is said of a source. */
static void
note (Notes *notes, Note about, char *taken)
{
  const guint before = notes->n[about]++;
  if (before < SHOWN)
    warn (notes->scan, taken);
  else if (before == SHOWN)
    notes->next[about] = taken;
  else
    g_free (taken);
}

/* "line 7: …": of a file that is else known one wants to find them. */
static void
append_unknown (GString *out, const PktScanSource *s, guint i)
{
  if (s->format && s->unknown_lines[i])
    g_string_append_printf (out, "line %" G_GUINT64_FORMAT ": ", s->unknown_lines[i]);
  g_string_append (out, s->unknown[i]);
}

/* Mails have a sentence of their own. */
static void
note_unknown (Notes *notes, const PktScanSource *s)
{
  if (s->unknown[0] == NULL || s->mail)
    return;
  g_autoptr (GString) lines = g_string_new (NULL);
  for (guint i = 0; i < PKT_SCAN_SHOWN && s->unknown[i]; i++) {
    g_string_append (lines, i ? " | " : "");
    append_unknown (lines, s, i);
  }
  if (s->format == NULL && s->advice)
    note (notes, NOTE_NOTHING_KNOWN,
          g_strdup_printf ("%s: nothing in it was recognised; %s", s->path, s->advice));
  else if (s->format == NULL)
    note (notes, NOTE_NOTHING_KNOWN,
          g_strdup_printf ("%s: nothing in it was recognised; it begins: %s", s->path, lines->str));
  else
    note (notes, NOTE_UNKNOWN,
          g_strdup_printf ("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                           " line%s %s of no form that is known: %s",
                           s->path, s->unrecognised, s->lines, s->lines == 1 ? "" : "s",
                           s->unrecognised == 1 ? "is" : "are", lines->str));
}

static void
note_source (Notes *notes, const PktScanSource *s)
{
  if (s->unread)
    note (notes, NOTE_UNREAD, g_strdup_printf ("%s: cannot be read: %s", s->path, s->problem));
  else if (s->problem)
    note (notes, NOTE_PROBLEM, g_strdup_printf ("%s: read only in part: %s", s->path, s->problem));
  if (s->zone_guessed && s->apple)
    note (notes, NOTE_ZONE,
          g_strdup_printf ("%s: the log writes no time zone; its times are taken as UTC. Say "
                           "--log-timezone if they are not",
                           s->path));
  if (s->year_before)
    note (notes, NOTE_YEAR,
          g_strdup_printf ("%s: in the year given it would end in days to come; it is taken as of "
                           "the year before. Read it alone if it is not",
                           s->path));
  if (s->file_time)
    note (
        notes, NOTE_FILE_TIME,
        g_strdup_printf ("%s: a session in it shows no time; that of the file is taken", s->path));
  if (s->undated)
    note (notes, NOTE_UNDATED,
          s->undated == 1
              ? g_strdup_printf (
                  "%s: an attempt stands on a line without a time: it is not counted", s->path)
              : g_strdup_printf ("%s: %" G_GUINT64_FORMAT
                                 " attempts stand on lines without a time: they are not counted",
                                 s->path, s->undated));
  if (s->long_lines)
    note (notes, NOTE_LONG_LINES,
          g_strdup_printf ("%s: %" G_GUINT64_FORMAT " line%s over 64 KiB %s cut", s->path,
                           s->long_lines, s->long_lines == 1 ? "" : "s",
                           s->long_lines == 1 ? "was" : "were"));
  note_unknown (notes, s);
}

static void
warn_about_sources (PktScan *scan)
{
  Notes notes = { .scan = scan };
  for (guint i = 0; i < scan->sources->len; i++)
    note_source (&notes, g_ptr_array_index (scan->sources, i));
  for (guint i = 0; i < N_NOTES; i++)
    if (notes.n[i] == SHOWN + 1)
      warn (scan, notes.next[i]);
    else if (notes.n[i] > SHOWN) {
      warn (scan, g_strdup_printf (of_more[i], notes.n[i] - SHOWN));
      g_free (notes.next[i]);
    }
}

/* What the logs cannot tell, whoever wrote them. */
static void
warn_about_blind_spots (PktScan *scan, const PktCounter *counter)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (pkt_formats[i]->blind && g_hash_table_contains (counter->formats, pkt_formats[i]->name))
      warn (scan, g_strdup_printf ("%s logs %s", pkt_formats[i]->name, pkt_formats[i]->blind));
}

/* One sentence for all: a folder may hold thousands. */
static void
warn_about_mails (PktScan *scan)
{
  const PktScanSource *first = NULL;
  guint64 n = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->mail && s->unrecognised) {
      n += s->unrecognised;
      first = first ? first : s;
    }
  }
  if (n)
    warn (scan, g_strdup_printf ("%s: %" G_GUINT64_FORMAT " mail%s of a form that is known",
                                 first->path, n,
                                 n == 1                    ? " is no bounce"
                                 : n > first->unrecognised ? "s in it and after are no bounces"
                                                           : "s are no bounces"));
}

/* A log's blind spot may be why nothing of Apple's is in it. */
static gboolean
is_blind (const PktScanSource *s)
{
  return s->blind && (s->apple || s->service == NULL);
}

/* What was read cannot tell, once for all sources of one kind. */
static void
warn_about_services (PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    gboolean again = !is_blind (s);
    for (guint k = 0; k < i && !again; k++) {
      const PktScanSource *other = g_ptr_array_index (scan->sources, k);
      again = is_blind (other) && other->blind == s->blind;
    }
    if (!again)
      warn (scan, g_strdup_printf (s->service ? "%s events %s" : "%s logs %s",
                                   s->service ? s->service : s->format, s->blind));
  }
}

gboolean
pkt_scan_holds_few_tries (const PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    const PktFormat *format = s->format ? pkt_format_find (s->format) : NULL;
    if (s->apple && (s->few_tries || (format && format->few_tries)))
      return TRUE;
  }
  return FALSE;
}

static void
warn_about_bounces (PktScan *scan)
{
  guint64 out_of_band = 0, quoted = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    out_of_band += s->out_of_band;
    quoted += s->quoted;
  }
  if (out_of_band)
    warn (scan,
          g_strdup_printf ("%" G_GUINT64_FORMAT
                           " bounce%s written by Apple after it had accepted the mail: counted as "
                           "bounced beside the delivery",
                           out_of_band, out_of_band == 1 ? " was" : "s were"));
  if (quoted)
    warn (scan,
          g_strdup_printf (
              "%" G_GUINT64_FORMAT " answer%s one of Apple's: not counted; whoever runs %s was "
              "refused",
              quoted, quoted == 1 ? " of another server quotes" : "s of other servers quote",
              quoted == 1 ? "it" : "them"));
}

static gboolean
some_without_ip (const PktTally *t)
{
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCellKey *k = &g_array_index (t->cells, PktCell, i).key;
    if (k->apple && k->local_ip == 0 && (k->outcome == PKT_DELIVERED || k->outcome == PKT_BOUNCED))
      return TRUE;
  }
  return FALSE;
}

static gboolean
only_mails (const PktScan *scan)
{
  guint64 mails = 0;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->apple && g_strcmp0 (s->format, "dsn") != 0)
      return FALSE;
    mails += s->apple;
  }
  return mails > 0;
}

static gboolean
nothing_of_apple (const PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++)
    if (((const PktScanSource *)g_ptr_array_index (scan->sources, i))->apple)
      return FALSE;
  return TRUE;
}

/* A line that tells of no delivery may be one that nobody understood. */
static void
warn_of_no_mail (PktScan *scan)
{
  gint64 budget = NAMES_BYTES;
  guint64 line;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if (s->mail || s->unread || !pkt_source_names_apple (s->path, &budget, &line))
      continue;
    warn (scan,
          g_strdup_printf (
              "no mail to Apple was found, but %s, line %" G_GUINT64_FORMAT
              ", names a mailbox of Apple's: if it tells of a delivery, its form is not known; "
              "'postpacket formats --probe' tells what the file is taken for",
              s->path, line));
    return;
  }
  warn (scan,
        g_strdup ("no mail to Apple is in what was read; a recipient's own domain is known as "
                  "Apple's by --also-domain"));
}

static void
warn_of_left_out (PktScan *scan)
{
  const guint64 accepted = pkt_event_store_accepted_left_out (scan->store),
                others = pkt_event_store_others_left_out (scan->store);
  if (accepted)
    warn (scan, g_strdup_printf ("%" G_GUINT64_FORMAT " older attempts that Apple accepted are "
                                 "counted, but not kept one by one",
                                 accepted));
  if (others)
    warn (scan, g_strdup_printf ("%" G_GUINT64_FORMAT " attempts that Apple refused or put off are "
                                 "counted, but not kept one by one; give fewer sources",
                                 others));
}

void
pkt_scan_warn (PktScan *scan, const PktCounter *counter)
{
  warn_about_sources (scan);
  warn_about_blind_spots (scan, counter);
  warn_about_services (scan);
  warn_about_mails (scan);
  warn_about_bounces (scan);
  if (only_mails (scan))
    warn (scan, g_strdup ("bounces tell nothing of mail that was accepted: counts of it and rates "
                          "need the logs"));
  if (scan->tally->relayed)
    warn (scan,
          g_strdup_printf ("%" G_GINT64_FORMAT " Apple recipient%s handed to a host that is "
                           "not Apple's (filter, smarthost): not counted;"
                           " read that host's log too",
                           scan->tally->relayed, scan->tally->relayed == 1 ? " was" : "s were"));
  else if (counter->options->state == NULL && nothing_of_apple (scan))
    warn_of_no_mail (scan);
  if (some_without_ip (scan->tally))
    warn (scan,
          g_strdup ("the logs do not tell each sending IP; say --sending-ip ADDRESS, or --map "
                    "NAME=ADDRESS for each transport or host that they name"));
  if (counter->forgotten)
    warn (scan,
          g_strdup_printf ("%" G_GUINT64_FORMAT " message%s stayed longer in the queue than could "
                           "be followed: sender or end may be missing",
                           counter->forgotten, counter->forgotten == 1 ? "" : "s"));
  warn_of_left_out (scan);
}
