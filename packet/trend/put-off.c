#include "packet/trend/put-off.h"

PktPutOff *
pkt_put_off_new (const PktAttempt *attempt)
{
  PktAttempt a = *attempt;
  PktSlice *slices[PKT_ATTEMPT_TEXTS];
  gsize n = 0;
  pkt_attempt_texts (&a, slices);
  for (guint i = 0; i < PKT_PUT_OFF_SLICES; i++)
    n += MIN (slices[i]->n, G_MAXUINT16);
  PktPutOff *p = g_malloc (sizeof *p + n);
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
    p->present |= (guint16)(1 << i);
    p->n[i] = (guint16)MIN (slices[i]->n, G_MAXUINT16);
    memcpy (at, slices[i]->p, p->n[i]);
    at += p->n[i];
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
    if (p->present >> i & 1)
      *slices[i] = pkt_slice (at, p->n[i]);
    at += p->n[i];
  }
}
