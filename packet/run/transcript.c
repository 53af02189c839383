/* One source: recorded SMTP sessions, read whole. */
#include "packet/bounce/session.h"
#include "packet/log/input.h"
#include "packet/run/source.h"

#define HEAD_BYTES (64 * 1024)

gboolean
pkt_source_is_transcript (const char *path)
{
  if (strcmp (path, "-") == 0)
    return FALSE;
  g_autofree char *head = g_malloc (HEAD_BYTES);
  return pkt_session_is (pkt_slice (head, pkt_input_head (path, head, HEAD_BYTES)));
}

static void
session_record (const PktAttempt *record, PktSession *session, guint64 line, gpointer data)
{
  PktCountSource *count = data;
  count->line = line;
  count->session = session;
  pkt_count_record (PKT_RECORD_ATTEMPT, record, count);
  count->session = NULL;
}

guint
pkt_source_take_notice (PktCountSource *count, PktSlice mail)
{
  guint64 line = count->line;
  guint n = pkt_session_read_mail (mail, session_record, count);
  count->line = line;
  return n;
}

static guint
take_sessions (PktCountSource *count, PktSlice text, PktStamp when)
{
  return pkt_session_read (text, when, session_record, count);
}

gboolean
pkt_source_read_transcript (PktCountSource *count, const char *path, GError **error)
{
  PktScanSource *source = count->source;
  const PktStampRule rule = { count->counter->options->log_zone, 1970 };
  struct stat st;
  PktInput in;
  gsize n = 0;
  const char *problem;
  if (!pkt_input_open (&in, path, &st, error))
    return FALSE;
  pkt_input_end (&in);
  g_autofree char *text = pkt_input_load (path, PKT_SESSION_MAX_BYTES, &n, &problem, error);
  if (text == NULL)
    return FALSE;
  gint64 when = st.st_mtime ? st.st_mtime * PKT_SECOND : pkt_clock_now ();
  PktStamp file_time = { when, PKT_STAMP_UTC };
  source->format = "transcript";
  source->bytes = n;
  source->problem = g_strdup (problem);
  source->lines = take_sessions (count, pkt_slice (text, n), file_time);
  if (source->lines == 0) {
    source->format = NULL;
    pkt_source_note_unknown (source, pkt_slice_until (pkt_slice (text, n), '\n'));
  }
  pkt_count_end_source (count, &rule);
  source->file_time = source->apple && source->first <= when && source->last >= when;
  return TRUE;
}
