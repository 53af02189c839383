/* Whether a log's times go back from line to line. */
#include "packet/log/format-mailcow.h"
#include "packet/log/journal.h"
#include "packet/log/shipped.h"
#include "packet/log/text-log.h"
#include "packet/log/turn.h"

#define MIN_BACK 5  /* times earlier than the one before, … */
#define MAX_FORTH 8 /* … and so many times more of them than of later ones */
#define HALF_YEAR (183 * PKT_DAY)

/* "__REALTIME_TIMESTAMP" : "1772534730000000" */
static gboolean
journal_time (PktSlice line, gint64 *out)
{
  static const PktSlice key = PKT_SLICE ("\"__REALTIME_TIMESTAMP\"");
  PktSlice at = pkt_slice_skip (pkt_slice_find (line, key), key.n);
  while (at.n && !g_ascii_isdigit (*at.p))
    at = pkt_slice_skip (at, 1);
  return at.n && pkt_slice_number (pkt_slice_until (at, '"'), out);
}

static gboolean
text_time (PktSlice line, gint64 *out)
{
  PktStamp stamp;
  if (!pkt_text_line_stamp (line, &stamp))
    return FALSE;
  *out = stamp.us;
  return TRUE;
}

/* Its times are of the browser's language, which no other table has. */
static gboolean
mailcow_time (PktSlice line, gint64 *out)
{
  char time[PKT_MAILCOW_TIME];
  if (!pkt_mailcow_row (line, time))
    return FALSE;
  g_autofree char *text = g_strconcat (time, " mailcow postfix: ", NULL);
  return text_time (pkt_slice_str (text), out);
}

typedef struct {
  PktShipped shipped;
  gint64 last; /* PKT_NO_TIME: none yet */
  guint back, forth, timed, untimed;
  gboolean rows;
} Times;

/* Of a year that nobody wrote December comes before January. */
static void
add_time (Times *t, gint64 time)
{
  gint64 step = t->last == PKT_NO_TIME ? 0 : time - t->last;
  if (step > HALF_YEAR || step < -HALF_YEAR)
    step = -step;
  t->timed++;
  t->back += step < 0;
  t->forth += step > 0;
  t->last = time;
}

/* FALSE: this is no text log. */
static gboolean
add_line (Times *t, PktSlice line)
{
  PktSlice text = line;
  gint64 time;
  if (text_time (line, &time)) {
    add_time (t, time);
    return TRUE;
  }
  if (line.n && line.p[0] == '{' && pkt_journal_looks_like (line)) {
    if (journal_time (line, &time))
      add_time (t, time);
    t->rows = TRUE;
    return TRUE;
  }
  if (mailcow_time (line, &time)) {
    add_time (t, time);
    t->rows = TRUE;
    return TRUE;
  }
  pkt_shipped_line (&t->shipped, &text);
  t->rows = t->rows || text.p != line.p;
  if (text.n && text.p[0] == '{')
    return FALSE;
  if (text_time (text, &time))
    add_time (t, time);
  else
    t->untimed++;
  return t->untimed <= t->timed + 2;
}

PktTurn
pkt_turn_look (PktSlice head, gboolean *rows, gsize *header)
{
  const char *begin = head.p, *second = memchr (head.p, '\n', head.n);
  Times t = { .last = PKT_NO_TIME };
  gboolean ok = TRUE;
  for (const char *lf; ok && head.n && (lf = memchr (head.p, '\n', head.n));) {
    PktSlice line = pkt_slice (head.p, (gsize)(lf - head.p));
    head = pkt_slice_skip (head, line.n + 1);
    line.n -= line.n && line.p[line.n - 1] == '\r';
    ok = add_line (&t, line) && (t.back || t.forth < MAX_FORTH);
  }
  *header = t.shipped.table && second ? (gsize)(second + 1 - begin) : 0;
  pkt_shipped_clear (&t.shipped);
  *rows = t.rows;
  if (!ok || t.forth > t.back)
    return PKT_TURN_NO;
  return t.back >= MIN_BACK && t.back >= MAX_FORTH * t.forth ? PKT_TURN_YES : PKT_TURN_UNSURE;
}
