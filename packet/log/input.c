#include "packet/log/input.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

static gssize
read_some (PktInput *in, void *p, gsize n)
{
  gssize got;
  do
    got = read (in->fd, p, n);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    in->problem = "cannot be read to its end";
  if (got > 0)
    in->raw_bytes += (gsize)got;
  return got;
}

void
pkt_input_start (PktInput *in, int fd)
{
  memset (in, 0, sizeof *in);
  in->fd = fd;
  in->raw = g_malloc (PKT_INPUT_RAW);
  while (in->raw_n < 2) {
    gssize got = read_some (in, in->raw + in->raw_n, PKT_INPUT_RAW - in->raw_n);
    if (got <= 0)
      break;
    in->raw_n += (gsize)got;
  }
  in->gzip = in->raw_n >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b;
  if (!in->gzip)
    return;
  inflateInit2 (&in->z, 15 + 16);
  in->z.next_in = in->raw;
  in->z.avail_in = (uInt)in->raw_n;
}

static gsize
read_plain (PktInput *in, char *p, gsize n)
{
  if (in->raw_at < in->raw_n) { /* what was looked at to tell the kind */
    gsize have = MIN (n, in->raw_n - in->raw_at);
    memcpy (p, in->raw + in->raw_at, have);
    in->raw_at += have;
    return have;
  }
  gssize got = read_some (in, p, n);
  return got > 0 ? (gsize)got : 0;
}

/* Several gzip members follow each other where logs were appended to. */
static gsize
read_gzip (PktInput *in, char *p, gsize n)
{
  in->z.next_out = (Bytef *)p;
  in->z.avail_out = (uInt)n;
  while (in->z.avail_out == n && in->problem == NULL) {
    if (in->z.avail_in == 0) {
      gssize got = read_some (in, in->raw, PKT_INPUT_RAW);
      if (got == 0 && in->z.total_in > 0)
        in->problem = "gzip data ends early";
      if (got <= 0)
        break;
      in->z.next_in = in->raw;
      in->z.avail_in = (uInt)got;
    }
    int rc = inflate (&in->z, Z_NO_FLUSH);
    if (rc == Z_STREAM_END)
      inflateReset (&in->z);
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
      in->problem = "gzip data is damaged";
  }
  return n - in->z.avail_out;
}

gsize
pkt_input_read (PktInput *in, char *p, gsize n)
{
  if (in->problem)
    return 0;
  return in->gzip ? read_gzip (in, p, n) : read_plain (in, p, n);
}

void
pkt_input_end (PktInput *in)
{
  if (in->gzip)
    inflateEnd (&in->z);
  g_free (in->raw);
  close (in->fd);
}
