#pragma once
#include "packet/log/docker-json.h"

/* Several records in a line, [{…},{…}] or {…},{…}: what stands around them. */

static inline gsize
pkt_json_pass_blanks (PktSlice line, gsize at)
{
  while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t'))
    at++;
  return at;
}

/* Where the first may begin: behind the bracket of a list, and the blanks behind that. */
static inline gsize
pkt_json_list_first (PktSlice line)
{
  return line.n && line.p[0] == '[' ? pkt_json_pass_blanks (line, 1) : 0;
}

/* Where the next may begin when one ended at `end`: behind a comma and blanks; there where it would
 * be taken for a container's if its line began with it. */
static inline gsize
pkt_json_list_next (PktSlice line, gsize end)
{
  gsize at = pkt_json_pass_blanks (line, end);
  if (at < line.n && line.p[at] == ',')
    at = pkt_json_pass_blanks (line, at + 1);
  return pkt_docker_json_looks_like (pkt_slice_skip (line, at)) ? end : at;
}

/* One begins there. */
static inline gboolean
pkt_json_list_has (PktSlice line, gsize at)
{
  return at < line.n && line.p[at] == '{'
         && !pkt_docker_json_looks_like (pkt_slice_skip (line, at));
}

/* Nothing but a comma and blanks follow the first n bytes of the line, a record's. */
static inline gboolean
pkt_json_is_rest (PktSlice line, gsize n)
{
  return pkt_json_pass_blanks (line, n + (n < line.n && line.p[n] == ',')) == line.n;
}
