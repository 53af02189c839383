/* GreenArrow's processed-logfile (facts: log-formats section 10): TAB separated, no escapes; epoch,
 * channel, status, is_retry, message. What follows differs by version, so addresses, reply and IP
 * are known by their form: the first address is the recipient, the second the sender. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

#define MAX_COLUMNS 32
#define N_FIXED 5

static guint
split (PktSlice line, PktSlice *columns)
{
  guint n = 0;
  while (n < MAX_COLUMNS) {
    columns[n] = pkt_slice_until (line, '\t');
    gsize used = columns[n++].n;
    if (used == line.n)
      break;
    line = pkt_slice_skip (line, used + 1);
  }
  return n;
}

static gboolean
read_status (PktSlice word, PktOutcome *outcome)
{
  static const struct {
    const char *word;
    PktOutcome outcome;
  } words[] = { { "success", PKT_DELIVERED },
                { "failure", PKT_BOUNCED },
                { "failure_toolong", PKT_BOUNCED },
                { "deferral", PKT_DEFERRED },
                { "connmaxout", PKT_NOT_ATTEMPTED } };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_equal (word, pkt_slice_str (words[i].word))) {
      *outcome = words[i].outcome;
      return TRUE;
    }
  return FALSE;
}

/* Ten digits and, it may be, a fraction. */
static PktStamp
read_epoch (PktSlice s)
{
  gint64 seconds;
  PktSlice whole = pkt_slice_until (s, '.');
  if (whole.n != 10 || !pkt_slice_number (whole, &seconds))
    return (PktStamp){ 0, PKT_STAMP_NONE };
  return (PktStamp){ seconds * PKT_SECOND, PKT_STAMP_UTC };
}

static gboolean
is_own_row (const PktSlice *columns, guint n, PktOutcome *outcome)
{
  return n > N_FIXED && read_epoch (columns[0]).kind == PKT_STAMP_UTC
         && (pkt_slice_equal (columns[1], PKT_SLICE ("remote"))
             || pkt_slice_equal (columns[1], PKT_SLICE ("local")))
         && read_status (columns[2], outcome);
}

static guint
probe (PktSlice line)
{
  PktSlice columns[MAX_COLUMNS];
  PktOutcome outcome;
  return line.n && g_ascii_isdigit (line.p[0])
                 && is_own_row (columns, split (line, columns), &outcome)
             ? 100
             : 0;
}

static gboolean
is_ipv4 (PktSlice s)
{
  guint dots = 0;
  for (gsize i = 0; i < s.n; i++) {
    if (s.p[i] != '.' && !g_ascii_isdigit (s.p[i]))
      return FALSE;
    dots += s.p[i] == '.';
  }
  return dots == 3 && s.n >= 7 && s.n <= 15;
}

static gboolean
is_address (PktSlice s)
{
  PktSlice domain = pkt_slice_domain (s);
  return domain.n && domain.n < s.n - 1 && memchr (domain.p, ' ', domain.n) == NULL
         && memchr (domain.p, '.', domain.n) && memchr (s.p, ' ', s.n) == NULL;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSlice columns[MAX_COLUMNS];
  PktAttempt a = { .size = -1 };
  guint n = split (line, columns);
  if (!is_own_row (columns, n, &a.outcome))
    return PKT_RECORD_UNKNOWN;
  a.smtp = pkt_slice_equal (columns[1], PKT_SLICE ("remote"));
  for (guint i = N_FIXED; i < n; i++) {
    PktSlice v = columns[i];
    if (is_address (v)) {
      if (a.recipient.n == 0)
        a.recipient = v;
      else if (a.sender.p == NULL)
        a.sender = v;
    } else if (is_ipv4 (v) && a.local_ip.n == 0)
      a.local_ip = v;
    else if (a.reply.n == 0 && v.n > 3 && pkt_is_reply (v) && v.p[3] != '\0')
      a.reply = v;
  }
  if (a.recipient.n == 0)
    return PKT_RECORD_OTHER;
  a.reply_is_remote = a.reply.n > 0;
  a.queue_id = columns[4];
  a.stamp = r->log.last = read_epoch (columns[0]);
  sink (PKT_RECORD_ATTEMPT, &a, data);
  return PKT_RECORD_ATTEMPT;
}

const PktFormat pkt_format_greenarrow = {
  .name = "greenarrow",
  .summary = "GreenArrow: delivery events (hvmail_report --processed-logfile)",
  .probe = probe,
  .parse = parse,
  PKT_TEXT_READER,
  .blind
  = "are read by the form of their columns: the first address as the recipient, the second as "
    "the sender; they name no mail server",
};
