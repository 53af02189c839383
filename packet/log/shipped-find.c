/* Where in a record that nobody knows an event of a service stands, as an object or as text: what
 * stores of documents, queues and receivers of webhooks keep. */
#include "packet/log/format.h"
#include "packet/log/json-probe.h"
#include "packet/log/shipped.h"
#include "packet/log/syslog.h"

#define MAX_TRIES 100 /* members of a record that are looked at */

/* The text of a member, or what an object or a list is written as. */
static PktSlice
text_of (PktJsonNodes *nodes, guint32 i)
{
  return nodes->all[i].kind >= PKT_JSON_ARRAY ? nodes->all[i].text
                                              : pkt_slice_trim (pkt_json_nodes_text (nodes, i));
}

/* Of names that mean the same everywhere only what stores of documents are known to hold: else an
 * object with an address and a word is no event yet. */
static gboolean
is_store (PktSlice key)
{
  return pkt_slice_equal (key, PKT_SLICE ("_source"))
         || pkt_slice_equal (key, PKT_SLICE ("jsonPayload"));
}

static gboolean
is_held (PktJsonNodes *nodes, guint32 i)
{
  const PktSlice text = text_of (nodes, i);
  PktSyslog frame;
  if (text.n == 0)
    return FALSE;
  if (text.p[0] == '{' || text.p[0] == '[')
    return pkt_json_is_of_service (text)
           || (is_store (nodes->all[i].key) && pkt_json_probe (text) > 0);
  return nodes->all[i].kind == PKT_JSON_STRING && pkt_syslog_split (text, &frame)
         && pkt_format_of_tag (frame.tag);
}

static gboolean
find_in (PktShipped *s, guint32 object, guint depth, guint *tries)
{
  PktJsonNodes *nodes = &s->nodes;
  for (guint32 i = object + 1; i < nodes->all[object].next && ++*tries < MAX_TRIES;
       i = nodes->all[i].next) {
    const gboolean held = is_held (nodes, i);
    if (held)
      s->depth = depth + 1;
    if (held
        || (nodes->all[i].kind == PKT_JSON_OBJECT && depth + 1 < PKT_SHIPPED_DEPTH
            && find_in (s, i, depth + 1, tries))) {
      s->path[depth] = g_strndup (nodes->all[i].key.p, nodes->all[i].key.n);
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
pkt_shipped_find (PktShipped *s)
{
  guint tries = 0;
  pkt_shipped_forget (s);
  return s->nodes.all[0].kind == PKT_JSON_OBJECT && find_in (s, 0, 0, &tries);
}

PktSlice
pkt_shipped_held (PktShipped *s)
{
  guint32 at = 0;
  for (guint i = 0; i < s->depth; i++) {
    at = pkt_json_nodes_member (&s->nodes, at, pkt_slice_str (s->path[i]));
    if (at == 0)
      return pkt_slice (NULL, 0);
  }
  return text_of (&s->nodes, at);
}

void
pkt_shipped_forget (PktShipped *s)
{
  for (guint i = 0; i < PKT_SHIPPED_DEPTH; i++)
    g_clear_pointer (&s->path[i], g_free);
  s->depth = 0;
}
