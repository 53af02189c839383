#include "packet/request/lint.h"
#include <arpa/inet.h>
#include <string.h>
#include "packet/base/text.h"
#include "packet/request/lint-text.h"

#define QUOTED 60

/* Apple's list of what a sender has to give, in its order (facts: support.apple.com/102322). */
static const char *const items[]
    = { "Company:", "Sending domain:", "Sending IPs:", "Error:", "Started:" };

typedef struct {
  const char *body;
  const PktLintOptions *options;
  GStrv lines;  /* of the body */
  char *folded; /* the body as one line, without what is quoted verbatim */
  GPtrArray *findings;
} Lint;

static void G_GNUC_PRINTF (5, 6) add (GPtrArray *findings, const char *id, PktFindingWeight weight,
                                      const char *advice, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (findings, pkt_finding_new (id, weight, g_strdup_vprintf (format, args), advice));
  va_end (args);
}

static void
check_lines (Lint *l)
{
  guint n = g_strv_length (l->lines);
  if (n > PKT_LINT_MAX_LINES)
    add (l->findings, "body-lines", PKT_FINDING_LACKING, "Shorten what you state in the case file.",
         "The body has %u lines, %d are the most that a postmaster reads.", n, PKT_LINT_MAX_LINES);
}

/* "  <0123…@AS8PR04MB1234.eurprd04.prod.outlook.com>": a line that nobody can break, since Apple
 * looks the id up as it stands. */
static gboolean
is_an_id (const char *line)
{
  line += strspn (line, " ");
  return *line == '<' && strchr (line, ' ') == NULL && g_str_has_suffix (line, ">");
}

static void
check_columns (Lint *l)
{
  for (guint i = 0; l->lines[i] != NULL; i++) {
    gsize width = pkt_text_width (l->lines[i]);
    if (width > PKT_LINT_MAX_COLUMNS && !is_an_id (l->lines[i])
        && !pkt_lint_is_quoted (l->lines[i], l->options->verbatim))
      add (l->findings, "body-columns", PKT_FINDING_NOTE,
           "Break the line, or shorten the long word in it.",
           "Line %u of the body has %" G_GSIZE_FORMAT " columns, more than %d.", i + 1, width,
           PKT_LINT_MAX_COLUMNS);
  }
}

/* The first line that begins with `item`, from line `from` on; -1 when there is none. */
static int
find_item (const Lint *l, const char *item, int from)
{
  for (int i = from; l->lines[i] != NULL; i++)
    if (g_str_has_prefix (l->lines[i], item))
      return i;
  return -1;
}

static void
check_items (Lint *l)
{
  int last = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++) {
    int line = find_item (l, items[i], 0);
    const char *value = line < 0 ? "" : l->lines[line] + strlen (items[i]);
    if (value[strspn (value, " \t")] == '\0') {
      add (l->findings, "item-missing", PKT_FINDING_LACKING,
           "Apple asks for it; give it in the case file.", "The body does not say \"%s\".",
           items[i]);
      continue;
    }
    if (line < last || (i == 0 && line > 0))
      add (l->findings, "item-order", PKT_FINDING_LACKING,
           "Apple's five items come first and in Apple's order; correct the template.",
           "\"%s\" is not in its place.", items[i]);
    if (find_item (l, items[i], line + 1) >= 0)
      add (l->findings, "item-twice", PKT_FINDING_LACKING, "Correct the template.",
           "The body says \"%s\" twice.", items[i]);
    last = MAX (last, line);
  }
}

static gboolean
has_any_ip (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n,;()[]<>", -1);
  guchar address[sizeof (struct in6_addr)];
  for (guint i = 0; words[i] != NULL; i++)
    if (inet_pton (AF_INET, words[i], address) == 1 || inet_pton (AF_INET6, words[i], address) == 1)
      return TRUE;
  return FALSE;
}

static void
check_ips (Lint *l)
{
  g_autoptr (GString) top = g_string_new (NULL);
  for (guint i = 0; l->lines[i] != NULL && i < PKT_LINT_IP_LINES; i++)
    g_string_append_printf (top, "%s\n", l->lines[i]);
  const char *const *ips = l->options->sending_ips;
  if (ips == NULL && !has_any_ip (top->str))
    add (l->findings, "body-ips", PKT_FINDING_LACKING, "Give sending_ips in the case file.",
         "No sending IP is within the first %d lines of the body.", PKT_LINT_IP_LINES);
  for (guint i = 0; ips != NULL && ips[i] != NULL; i++)
    if (!pkt_lint_has_word (top->str, ips[i], "0123456789abcdefABCDEF:"))
      add (l->findings, "body-ips", PKT_FINDING_LACKING, "Correct the template.",
           "The sending IP %s is not within the first %d lines of the body.", ips[i],
           PKT_LINT_IP_LINES);
}

static void
check_demands (Lint *l)
{
  for (const PktLintDemand *d = pkt_lint_demands; d->phrase != NULL; d++)
    if (pkt_lint_has_word (l->folded, d->phrase, PKT_LINT_LETTERS))
      add (l->findings, "body-demand", d->weight,
           "Ask for the cause, not for an exception; reword it in the case file.",
           "The body says \"%s\", which reads as a demand.", d->phrase);
}

static void
check_arguments (Lint *l)
{
  for (const PktLintDemand *a = pkt_lint_arguments; a->phrase != NULL; a++)
    if (pkt_lint_has_word (l->folded, a->phrase, PKT_LINT_LETTERS))
      add (l->findings, "body-argument", a->weight,
           "Leave it out: it is no evidence to Apple, and reads as tuning or as blame.",
           "The body argues with \"%s\".", a->phrase);
  if (pkt_lint_is_loud (l->folded))
    add (l->findings, "body-loud", PKT_FINDING_NOTE, "Say it in a quiet voice.",
         "The body shouts: words of capitals in a row, or several exclamation marks.");
  if (pkt_lint_has_word (l->folded, "postpacket", PKT_LINT_LETTERS))
    add (l->findings, "tool-name", PKT_FINDING_LACKING,
         "Leave it out; a person writes to a person.",
         "The body names the program that made the message.");
}

static gboolean
is_allowed (PktSlice link, const char *const *links)
{
  if (pkt_slice_starts (link, PKT_SLICE ("hxxp"))) /* defanged */
    return TRUE;
  for (guint i = 0; links != NULL && links[i] != NULL; i++)
    if (pkt_slice_equal (link, pkt_slice_str (links[i])))
      return TRUE;
  return FALSE;
}

static void
check_links (Lint *l)
{
  gsize n;
  const char *link;
  for (const char *at = l->folded; (link = pkt_lint_next_link (at, &n)) != NULL; at = link + n) {
    if (is_allowed (pkt_slice (link, n), l->options->links))
      continue;
    g_autofree char *quoted = pkt_text_quote (pkt_slice (link, n), QUOTED);
    add (l->findings, "body-link", PKT_FINDING_LACKING,
         "Write it as hxxps://www[.]example[.]com/, or leave it out.",
         "The link %s stands in clear; filters follow such links.", quoted);
  }
  for (const char *at = l->folded; (link = pkt_lint_next_bare_link (at, &n)) != NULL;
       at = link + n) {
    g_autofree char *quoted = pkt_text_quote (pkt_slice (link, n), QUOTED);
    add (l->findings, "body-link", PKT_FINDING_LACKING,
         "Write it as www[.]example[.]com/, or leave out what stands behind the ?.",
         "The link %s stands in clear, with values that may name a reader.", quoted);
  }
}

static void
check_attachment (Lint *l, const PktLintAttachment *a, const char *sentence)
{
  gboolean mentioned = pkt_lint_has_word (sentence, a->word, PKT_LINT_LETTERS);
  g_autofree char *name = pkt_text_quote (pkt_slice_str (a->name), QUOTED);
  if (!g_str_is_ascii (a->name) || strpbrk (a->name, " \t\r\n\"\\/") != NULL)
    add (l->findings, "attachment-name", PKT_FINDING_LACKING,
         "Rename it, in ASCII, without blanks.",
         "The attachment name %s will not look the same everywhere.", name);
  if (a->there && !mentioned)
    add (l->findings, "attachment-not-mentioned", PKT_FINDING_LACKING, "Correct the template.",
         "%s is attached, but the body does not mention it (\"%s\").", name, a->word);
  if (!a->there && mentioned)
    add (l->findings, "attachment-not-there", PKT_FINDING_LACKING, "Correct the template.",
         "The body mentions \"%s\", but %s is not attached.", a->word, name);
}

static void
check_attachments (Lint *l)
{
  g_autofree char *sentence = pkt_lint_sentence (l->body, "Attached:");
  for (gsize i = 0; i < l->options->n_attachments; i++)
    check_attachment (l, &l->options->attachments[i], sentence);
}

/* The lines without the empty one after the last line feed. */
static GStrv
split_lines (const char *body)
{
  GStrv lines = g_strsplit (body, "\n", -1);
  guint n = g_strv_length (lines);
  if (n > 0 && lines[n - 1][0] == '\0')
    g_clear_pointer (&lines[n - 1], g_free);
  return lines;
}

GPtrArray *
pkt_lint_body (const char *body, const PktLintOptions *options)
{
  g_auto (GStrv) lines = split_lines (body);
  g_autofree char *folded = pkt_lint_fold (body, options->verbatim);
  Lint l = { .body = body, .options = options, .lines = lines, .folded = folded };
  l.findings = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_finding_free);
  check_lines (&l);
  check_columns (&l);
  if (!options->short_follow_up) {
    check_items (&l);
    check_ips (&l);
  }
  check_demands (&l);
  check_arguments (&l);
  check_links (&l);
  check_attachments (&l);
  return l.findings;
}

/* A header line of more than 78 that could have been folded, or of more than 998. */
static gboolean
is_too_long (PktSlice line)
{
  if (line.n <= 78)
    return FALSE;
  const char *blank = memchr (line.p, ' ', line.n);
  gsize after = blank == NULL ? line.n : (gsize)(blank - line.p) + 1;
  return line.n > 998 || memchr (line.p + after, ' ', line.n - after) != NULL;
}

static gboolean
names_a_tool (PktSlice line)
{
  static const char *const headers[] = { "User-Agent:", "X-Mailer:", "X-Generator:" };
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++) {
    gsize n = strlen (headers[i]);
    if (line.n >= n && g_ascii_strncasecmp (line.p, headers[i], n) == 0)
      return TRUE;
  }
  return FALSE;
}

/* TRUE when the line ends with CRLF or is the unfinished last. */
static gboolean
check_line (GPtrArray *findings, PktSlice line, gboolean header)
{
  gboolean crlf = line.n > 0 && line.p[line.n - 1] == '\r';
  line.n -= crlf;
  if (header && is_too_long (line))
    add (findings, "header-line", PKT_FINDING_LACKING, "Shorten the subject or the name.",
         "A header line has %" G_GSIZE_FORMAT " bytes.", line.n);
  if (header && names_a_tool (line))
    add (findings, "tool-name", PKT_FINDING_LACKING, "This is our bug, please report it.",
         "A header names the program that made the message.");
  return crlf && memchr (line.p, '\r', line.n) == NULL;
}

GPtrArray *
pkt_lint_message (GBytes *message)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_finding_free);
  gsize size;
  const char *p = g_bytes_get_data (message, &size);
  if (size > PKT_LINT_MAX_MESSAGE)
    add (findings, "message-size", PKT_FINDING_NOTE,
         "Use a smaller screenshot or a shorter period.",
         "The message has %" G_GSIZE_FORMAT " bytes, more than %d.", size, PKT_LINT_MAX_MESSAGE);
  gboolean header = TRUE, crlf = TRUE;
  for (PktSlice left = { p, size }; left.n > 0;) {
    PktSlice line = pkt_slice_until (left, '\n');
    crlf = check_line (findings, line, header) && crlf;
    header = header && line.n > 1;
    left = pkt_slice_skip (left, line.n + 1);
  }
  if (!crlf)
    add (findings, "bare-line-end", PKT_FINDING_LACKING, "This is our bug, please report it.",
         "A line of the message does not end with CRLF.");
  return findings;
}
