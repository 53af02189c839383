#include "packet/trend/put-off.h"

PktPutOff *
pkt_put_off_new (const PktAttempt *attempt)
{
  PktAttempt a = *attempt;
  PktSlice *slices[PKT_ATTEMPT_TEXTS];
  gsize n = 0;
  pkt_attempt_texts (&a, slices);
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++)
    if (slices[i]->p)
      n += sizeof (guint16) + MIN (slices[i]->n, G_MAXUINT16);
  PktPutOff *p = g_malloc (MAX (G_STRUCT_OFFSET (PktPutOff, text) + n, sizeof *p));
  memset (p, 0, sizeof *p);
  p->smtp = a.smtp != FALSE;
  p->reply_is_remote = a.reply_is_remote != FALSE;
  p->stamp_kind = (guint8)a.stamp.kind;
  p->us = a.stamp.us;
  p->outcome = (guint8)a.outcome;
  p->stage = (guint8)a.stage;
  p->size = a.size > G_MAXINT32 ? -1 : (gint32)a.size;
  p->queue_key = a.queue_key;
  char *at = p->text;
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++) {
    if (slices[i]->p == NULL)
      continue;
    const guint16 bytes = (guint16)MIN (slices[i]->n, G_MAXUINT16);
    p->present |= (guint16)(1 << i);
    memcpy (at, &bytes, sizeof bytes);
    memcpy (at + sizeof bytes, slices[i]->p, bytes);
    at += sizeof bytes + bytes;
  }
  return p;
}

void
pkt_put_off_attempt (const PktPutOff *p, PktAttempt *out)
{
  PktSlice *slices[PKT_ATTEMPT_TEXTS];
  const char *at = p->text;
  memset (out, 0, sizeof *out);
  out->stamp = (PktStamp){ p->us, (PktStampKind)p->stamp_kind };
  out->outcome = (PktOutcome)p->outcome;
  out->stage = (PktStage)p->stage;
  out->smtp = p->smtp;
  out->reply_is_remote = p->reply_is_remote;
  out->size = p->size;
  out->queue_key = p->queue_key;
  pkt_attempt_texts (out, slices);
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++) {
    guint16 bytes;
    if (!(p->present >> i & 1))
      continue;
    memcpy (&bytes, at, sizeof bytes);
    *slices[i] = pkt_slice (at + sizeof bytes, bytes);
    at += sizeof bytes + bytes;
  }
}
