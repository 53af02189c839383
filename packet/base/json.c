#include "packet/base/json.h"
#include <stdlib.h>
#include "packet/base/clock.h"

json_t *
pkt_json_slice (PktSlice s)
{
  g_autofree char *text = pkt_slice_utf8 (s);
  return text ? json_string (text) : json_null ();
}

json_t *
pkt_json_string (const char *s)
{
  return pkt_json_slice (pkt_slice_str (s));
}

json_t *
pkt_json_time (gint64 us)
{
  if (us == PKT_NO_TIME)
    return json_null ();
  g_autofree char *text = pkt_clock_rfc3339 (us);
  return json_string (text);
}

static char *
dump (const json_t *value, size_t flags, const char *tail)
{
  char *raw = json_dumps (value, flags | JSON_ENCODE_ANY);
  char *text = g_strconcat (raw ? raw : "null", tail, NULL);
  free (raw);
  return text;
}

char *
pkt_json_dump (const json_t *value)
{
  return dump (value, JSON_INDENT (2), "\n");
}

char *
pkt_json_line (const json_t *value)
{
  return dump (value, 0, "");
}
