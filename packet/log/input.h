#pragma once
#include <glib.h>
#include <zlib.h>

/* A file's bytes, unpacked where they are gzip. */
typedef struct {
  int fd;
  gboolean gzip, started;
  z_stream z;
  guint8 *raw; /* as read */
  gsize raw_at, raw_n;
  guint64 raw_bytes;   /* read so far */
  const char *problem; /* set when it ends early */
} PktInput;

#define PKT_INPUT_RAW (64 * 1024)

void pkt_input_start (PktInput *in, int fd);
/* Up to n bytes; 0 at the end. */
gsize pkt_input_read (PktInput *in, char *p, gsize n);
void pkt_input_end (PktInput *in);
