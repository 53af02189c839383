#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* Docker's json-file logs: {"log":"…\n","stream":"stdout","time":"…Z"}, a line cut at 16 KiB into
 * several records (facts: log-formats 16). */
typedef struct {
  GString *text;    /* of the line, with its time in front where it has none of its own */
  gboolean goes_on; /* the record before was a part */
} PktDockerJson;

#define PKT_DOCKER_JSON_MAX (64 * 1024) /* bytes of a line that is put together */

/* Told by its first bytes. */
static inline gboolean
pkt_docker_json_looks_like (PktSlice line)
{
  return line.n > 8 && memcmp (line.p, "{\"log\":\"", 8) == 0;
}

/* TRUE: *line is the container's line, good until the next call; or it was no such record and is as
 * it was. FALSE: the line goes on in the next record. */
gboolean pkt_docker_json_line (PktDockerJson *d, PktSlice *line);
void pkt_docker_json_clear (PktDockerJson *d);
