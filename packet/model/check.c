#include "packet/model/check.h"
#include "packet/base/json.h"

PktCheck *
pkt_check_new (const char *kind, const char *rule, PktCheckState state, const char *subject,
               char *found)
{
  PktCheck *c = g_new0 (PktCheck, 1);
  c->kind = g_strdup (kind);
  c->rule = g_strdup (rule);
  c->subject = g_strdup (subject);
  c->found = found;
  c->state = state;
  c->detail = json_object ();
  return c;
}

void
pkt_check_free (PktCheck *c)
{
  g_free (c->kind);
  g_free (c->rule);
  g_free (c->subject);
  g_free (c->found);
  json_decref (c->detail);
  g_free (c);
}

void
pkt_check_set (PktCheck *c, const char *key, const char *text)
{
  json_object_set_new (c->detail, key, pkt_json_string (text));
}

void
pkt_check_set_number (PktCheck *c, const char *key, gint64 number)
{
  json_object_set_new (c->detail, key, json_integer (number));
}

const char *
pkt_check_state_name (PktCheckState state)
{
  static const char *const names[PKT_N_CHECK_STATES] = { "ok", "note", "bad", "unknown" };
  return names[state];
}
