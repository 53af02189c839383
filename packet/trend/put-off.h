#pragma once
#include "packet/model/attempt.h"

/* A recipient that waits, with his last attempt: small, since after an outage a million of them do.
 * Used by join.c alone. */
#define PKT_PUT_OFF_SLICES (PKT_ATTEMPT_TEXTS - 1)

typedef struct PktPutOff PktPutOff;
struct PktPutOff {
  PktPutOff *next, *prev; /* of one message */
  guint64 id;             /* hash of message and recipient */
  gint32 size;            /* bytes, -1 unknown */
  guint8 apple : 1, real : 1, offered : 1;
  /* the attempt, without time, queue key, platform_id and fingerprint */
  guint8 smtp : 1, reply_is_remote : 1;
  guint8 outcome : 4, stage : 4;
  guint16 present; /* which texts there are */
  char text[];     /* of each its bytes, as a guint16, and itself */
};

/* Fills what stands for the attempt; caller sets the rest, and frees with g_free(). */
PktPutOff *pkt_put_off_new (const PktAttempt *attempt);
/* The attempt again; slices borrow from p. */
void pkt_put_off_attempt (const PktPutOff *p, guint64 queue_key, PktAttempt *out);

/* All who wait, by their id: a message may have 50,000 recipients. Of zeros to begin with; borrows
 * them. */
typedef struct {
  PktPutOff **slots; /* two thirds full at the most, probed one after the other */
  guint32 mask, used;
} PktPutOffs;

PktPutOff *pkt_put_offs_find (const PktPutOffs *all, guint64 id);
/* Its id must not be there. */
void pkt_put_offs_add (PktPutOffs *all, PktPutOff *p);
/* Its id must be there. */
void pkt_put_offs_remove (PktPutOffs *all, const PktPutOff *p);
void pkt_put_offs_clear (PktPutOffs *all);
