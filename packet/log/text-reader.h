#pragma once
#include "packet/log/format.h"
#include "packet/log/text-log.h"

/* The state that most readers of text logs need, and the functions of PktFormat over it. A format
 * that needs more has it as its first member. */
typedef struct {
  PktTextLog log;
  PktMemory *own, *memory; /* memory: what it was given, or its own */
  GString *buffer;         /* for a text that is put together */
  PktSlice scope, id;      /* queue id of the line being read, and what it is unique in */
  PktSink sink;
  gpointer data;
} PktTextReader;

gpointer pkt_text_reader_begin (void);
void pkt_text_reader_end (gpointer state);
void pkt_text_reader_share (gpointer state, PktMemory *memory);
PktStamp pkt_text_reader_last_stamp (gpointer state);
void pkt_text_reader_follow (gpointer state, PktStamp last);

/* Functions of a format whose state is a PktTextReader and no more. */
#define PKT_TEXT_READER                                                                            \
  .begin = pkt_text_reader_begin, .end = pkt_text_reader_end, .share = pkt_text_reader_share,      \
  .last_stamp = pkt_text_reader_last_stamp, .follow = pkt_text_reader_follow

/* For states that begin with one. */
void pkt_text_reader_init (PktTextReader *r);
void pkt_text_reader_clear (PktTextReader *r);

/* Hands a record on with the queue id, and, where it is an attempt or an end, with the line's time;
 * UNKNOWN when that cannot be read, or an end has none. */
PktRecordKind pkt_text_reader_tell (PktTextReader *r, PktRecordKind kind, PktAttempt *record);
/* Message-ID (without <>), then sender and size, as ARRIVAL wants them. */
PktRecordKind pkt_text_reader_arrival (PktTextReader *r, PktSlice message_id, PktSlice sender,
                                       gint64 size);
