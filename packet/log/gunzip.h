#pragma once
#include <glib.h>

/* One gzip member after the other (RFC 1952), by ISA-L where the build has it, else by zlib. */
typedef struct PktGunzip PktGunzip;

typedef enum {
  PKT_GUNZIP_MORE,    /* more input or room is needed */
  PKT_GUNZIP_END,     /* a member ended; what follows is another one */
  PKT_GUNZIP_DAMAGED, /* also by its checksum */
} PktGunzipState;

PktGunzip *pkt_gunzip_new (void);
void pkt_gunzip_free (PktGunzip *g);
/* Takes bytes from *in and puts bytes to *out; moves both and counts down what is left of them. */
PktGunzipState pkt_gunzip_step (PktGunzip *g, const guint8 **in, gsize *in_n, guint8 **out,
                                gsize *out_n);
