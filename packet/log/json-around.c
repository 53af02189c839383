/* What stands around records: envelopes, lists, forms. */
#include "packet/log/json-around.h"

#define MAX_FORM_NAME 32 /* bytes of "mandrill_events=" */

/* {"Type":"Notification","Message":"{\"eventType\":…}"} and {"Body":"…"}: the record is a text, or
 * the array of them that a webhook got. */
PktSlice
pkt_json_enclosed (const PktEventJson *j)
{
  const GArray *names = pkt_event_map ()->envelopes;
  for (guint i = 0; i < names->len; i++) {
    PktSlice text = pkt_slice_trim (j->row.at[g_array_index (names, int, i)]);
    if (text.n && (text.p[0] == '{' || text.p[0] == '['))
      return text;
  }
  return pkt_slice (NULL, 0);
}

gboolean
pkt_json_is_list_key (PktSlice key)
{
  char folded[PKT_EVENT_MAX_NAME];
  return pkt_event_fold (key, folded) && g_hash_table_contains (pkt_event_map ()->lists, folded);
}

gboolean
pkt_json_is_recipient_key (PktSlice key)
{
  char folded[PKT_EVENT_MAX_NAME];
  int name = pkt_event_fold (key, folded) ? pkt_event_name (pkt_event_map (), folded) : -1;
  return name >= 0 && pkt_event_map ()->recipients[name];
}

/* mandrill_events=%5B%7B%22event%22… : the body of a form. */
PktSlice
pkt_json_without_form (PktSlice line, char **room)
{
  const char *eq = line.n ? memchr (line.p, '=', MIN (line.n, MAX_FORM_NAME)) : NULL;
  if (eq == NULL || line.p + line.n - eq < 4 || eq[1] != '%')
    return line;
  PktSlice value = pkt_slice_until (pkt_slice_skip (line, (gsize)(eq - line.p) + 1), '&');
  g_autofree char *text = g_strndup (value.p, value.n);
  g_strdelimit (text, "+", ' ');
  *room = g_uri_unescape_string (text, NULL);
  return *room ? pkt_slice_str (*room) : line;
}
