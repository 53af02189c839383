#include "packet/request/view-head.h"
#include <glib.h>
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/lint.h"
#include "packet/request/view.h"

#define NAME_COLUMNS 16
#define KEY "                   " /* as wide as "Sending IPs:       " */

/* Lines that the value behind a key takes. */
static gsize
lines_of (const char *text)
{
  g_autofree char *wrapped = pkt_text_wrap (text, PKT_TEXT_COLUMNS, KEY, KEY);
  gsize n = 0;
  for (const char *p = wrapped; (p = strchr (p, '\n')); p++)
    n++;
  return n;
}

/* "192.0.2.10       HELO and PTR mta1.example.com": short names are padded so that notes stand
 * below each other. */
static char *
entry_text (const json_t *item, const char *name_key)
{
  const char *note = pkt_json_text (item, "note"), *name = pkt_json_text (item, name_key);
  gboolean bracket = note && *note == '('; /* "bounce.example.com (return-path)" reads on */
  g_autofree char *padded = pkt_text_pad (name, note && !bracket ? NAME_COLUMNS : 0, FALSE);
  return g_strdup_printf ("%s%s%s", padded, note ? " " : "", note ? note : "");
}

static gsize
lines_of_list (const json_t *list, const char *name_key, gsize n)
{
  gsize lines = 0;
  for (gsize i = 0; i < MIN (n, json_array_size (list)); i++) {
    g_autofree char *text = entry_text (json_array_get (list, i), name_key);
    lines += lines_of (text);
  }
  return lines;
}

/* What company and domains leave of the lines that the IPs have to stand in. */
static gsize
room_of (const json_t *facts)
{
  const json_t *stated = json_object_get (facts, "stated"),
               *domains = json_object_get (facts, "domains");
  const char *company = pkt_json_text (stated, "company"), *brand = pkt_json_text (stated, "brand");
  g_autofree char *text = g_strdup_printf ("%s%s%s%s", company ? company : "",
                                           brand ? " (brand in the inbox: " : "",
                                           brand ? brand : "", brand ? ")" : "");
  gsize above = lines_of (text) + lines_of_list (domains, "name", json_array_size (domains));
  return above < PKT_LINT_IP_LINES ? PKT_LINT_IP_LINES - above : 1;
}

gsize
pkt_view_ips_shown (const json_t *facts)
{
  gsize n = json_array_size (json_object_get (facts, "ips"));
  return MIN (n, MIN (room_of (facts), PKT_BODY_IPS));
}

/* "first" on the first entry. names_alone: of an entry that would take two lines. */
static json_t *
keyed_list (const json_t *list, const char *name_key, gsize n, gboolean names_alone)
{
  json_t *out = json_array ();
  for (gsize i = 0; i < MIN (n, json_array_size (list)); i++) {
    const json_t *item = json_array_get (list, i);
    g_autofree char *text = entry_text (item, name_key);
    const char *name = pkt_json_text (item, name_key);
    json_t *o = json_object ();
    json_object_set_new (o, "first", json_boolean (i == 0));
    json_object_set_new (o, "name", pkt_json_string (name));
    json_object_set_new (o, "note", pkt_json_string (pkt_json_text (item, "note")));
    json_object_set_new (o, "text",
                         pkt_json_string (names_alone && lines_of (text) > 1 ? name : text));
    json_array_append_new (out, o);
  }
  return out;
}

void
pkt_view_head (json_t *view, const json_t *facts)
{
  const json_t *domains = json_object_get (facts, "domains"), *ips = json_object_get (facts, "ips");
  gsize shown = pkt_view_ips_shown (facts), all = json_array_size (ips);
  gboolean crowded = lines_of_list (ips, "ip", shown) > room_of (facts);
  json_object_set_new (view, "domains",
                       keyed_list (domains, "name", json_array_size (domains), FALSE));
  json_object_set_new (view, "ips", keyed_list (ips, "ip", shown, crowded));
  json_object_set_new (view, "more_ips",
                       all > shown ? json_integer ((json_int_t)(all - shown)) : json_null ());
}
