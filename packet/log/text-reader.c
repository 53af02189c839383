#include "packet/log/text-reader.h"

void
pkt_text_reader_init (PktTextReader *r)
{
  pkt_text_log_begin (&r->log, NULL);
  r->own = r->memory = pkt_memory_new ();
  r->buffer = g_string_new (NULL);
}

void
pkt_text_reader_clear (PktTextReader *r)
{
  pkt_text_log_end (&r->log);
  pkt_memory_free (r->own);
  g_string_free (r->buffer, TRUE);
}

gpointer
pkt_text_reader_begin (void)
{
  PktTextReader *r = g_new0 (PktTextReader, 1);
  pkt_text_reader_init (r);
  return r;
}

void
pkt_text_reader_end (gpointer state)
{
  pkt_text_reader_clear (state);
  g_free (state);
}

void
pkt_text_reader_share (gpointer state, PktMemory *memory)
{
  ((PktTextReader *)state)->memory = memory;
}

PktStamp
pkt_text_reader_last_stamp (gpointer state)
{
  return pkt_text_log_last (&((PktTextReader *)state)->log);
}

void
pkt_text_reader_follow (gpointer state, PktStamp last)
{
  pkt_text_log_follow (&((PktTextReader *)state)->log, last);
}

PktRecordKind
pkt_text_reader_tell (PktTextReader *r, PktRecordKind kind, PktAttempt *record)
{
  record->queue_id = r->id;
  record->queue_scope = r->scope;
  if (kind == PKT_RECORD_ATTEMPT || kind == PKT_RECORD_EXPIRED) {
    record->stamp = pkt_text_log_stamp (&r->log);
    gboolean undated = r->log.time.n == 0 && kind == PKT_RECORD_ATTEMPT;
    if (record->stamp.kind == PKT_STAMP_NONE && !undated)
      return PKT_RECORD_UNKNOWN;
  }
  r->sink (kind, record, r->data);
  return kind;
}

PktRecordKind
pkt_text_reader_arrival (PktTextReader *r, PktSlice message_id, PktSlice sender, gint64 size)
{
  PktAttempt a = { .size = -1 };
  if (message_id.n >= 2 && message_id.p[0] == '<' && message_id.p[message_id.n - 1] == '>')
    message_id = pkt_slice (message_id.p + 1, message_id.n - 2);
  a.message_id = message_id;
  if (message_id.n)
    pkt_text_reader_tell (r, PKT_RECORD_MESSAGE_ID, &a);
  a.message_id = pkt_slice (NULL, 0);
  a.sender = sender;
  a.size = size;
  return pkt_text_reader_tell (r, PKT_RECORD_ARRIVAL, &a);
}
