/* One source: recorded SMTP sessions, read whole. */
#include "packet/bounce/session.h"
#include "packet/log/input.h"
#include "packet/run/source.h"

#define HEAD_BYTES (64 * 1024)

gboolean
pkt_source_is_transcript (const char *path)
{
  g_autofree char *head = g_malloc (HEAD_BYTES);
  gsize n = pkt_source_head (path, head, HEAD_BYTES);
  return n && pkt_session_is (pkt_slice (head, n), n < HEAD_BYTES);
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

/* The text, cut where it is larger than any session that people record. */
static GByteArray *
read_text (PktInput *in, PktScanSource *source)
{
  GByteArray *text = g_byte_array_new ();
  char room[16 * 1024];
  for (gsize got;
       text->len <= PKT_SESSION_MAX_BYTES && (got = pkt_input_read (in, room, sizeof room)) > 0;)
    g_byte_array_append (text, (const guint8 *)room, (guint)got);
  source->problem = g_strdup (in->problem);
  if (text->len > PKT_SESSION_MAX_BYTES && source->problem == NULL)
    source->problem = g_strdup_printf ("of recorded sessions the first %d MiB are read",
                                       PKT_SESSION_MAX_BYTES >> 20);
  return text;
}

/* Of Postfix's smtp -v: its lines have times, mostly without year and zone. */
static void
end_source (PktCountSource *count, gint64 when)
{
  const PktScanOptions *o = count->counter->options;
  PktScanSource *source = count->source;
  PktStampRule rule = { o->log_zone, 1970 };
  PktStamp yearless = count->last[PKT_STAMP_YEARLESS];
  gboolean local = count->last[PKT_STAMP_LOCAL].kind != PKT_STAMP_NONE;
  source->year_inferred = yearless.kind != PKT_STAMP_NONE;
  source->zone_guessed = o->log_zone == NULL && (local || source->year_inferred);
  if (source->year_inferred)
    rule.first_year = pkt_source_first_year (count, yearless, when / PKT_SECOND);
  pkt_count_end_source (count, &rule);
}

gboolean
pkt_source_read_transcript (PktCountSource *count, const char *path, GError **error)
{
  PktScanSource *source = count->source;
  struct stat st;
  PktInput in;
  if (!pkt_input_open (&in, path, &st, error))
    return FALSE;
  g_autoptr (GByteArray) bytes = read_text (&in, source);
  pkt_input_end (&in);
  PktSlice text = pkt_slice ((const char *)bytes->data, bytes->len);
  gint64 when = st.st_mtime ? st.st_mtime * PKT_SECOND : pkt_clock_now ();
  source->format = "transcript";
  source->bytes = text.n;
  source->lines = take_sessions (count, text, (PktStamp){ when, PKT_STAMP_UTC });
  if (source->lines == 0) {
    source->format = NULL;
    pkt_source_note_unknown (source, pkt_slice_until (text, '\n'), 1);
  }
  end_source (count, when);
  source->file_time = source->apple && source->first <= when && source->last >= when;
  return TRUE;
}
