/* One recorded session of a group: what was said from MAIL on, the message by its size alone. */
#include "packet/base/json.h"
#include "packet/run/facts.h"

const PktEvent *
pkt_facts_recorded (const PktGroup *g)
{
  for (guint i = g->samples->len; i-- > 0;) {
    const PktEvent *e = g_ptr_array_index (g->samples, i);
    if (e->session && e->session->turns->len)
      return e;
  }
  return NULL;
}

/* "DATA", "RSET": of other commands what follows the word stays here. */
static json_t *
command_word (const char *text)
{
  g_autofree char *word = g_strndup (text, strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                         "abcdefghijklmnopqrstuvwxyz"));
  g_autofree char *upper = g_ascii_strup (word, -1);
  return json_string (strlen (upper) > 0 && strlen (upper) < 10 ? upper : "(a command)");
}

static json_t *
turn_json (const PktSession *s, const PktTurn *t)
{
  json_t *o = json_object ();
  switch (t->kind) {
  case PKT_TURN_MAIL:
    json_object_set_new (o, "sent", json_string ("MAIL FROM:"));
    json_object_set_new (o, "sender", pkt_json_string (t->text ? t->text : ""));
    break;
  case PKT_TURN_RCPT:
    json_object_set_new (o, "sent", json_string ("RCPT TO:"));
    json_object_set_new (o, "recipient", pkt_json_string (t->text ? t->text : ""));
    break;
  case PKT_TURN_COMMAND:
    json_object_set_new (o, "sent", command_word (t->text ? t->text : ""));
    break;
  case PKT_TURN_MESSAGE:
    json_object_set_new (o, "bytes", json_integer (s->bytes));
    json_object_set_new (o, "signed", json_boolean (s->signed_));
    break;
  case PKT_TURN_REPLY:
    json_object_set_new (o, "reply", pkt_json_string (t->text ? t->text : ""));
    break;
  }
  return o;
}

json_t *
pkt_facts_session (const PktGroup *g, guint number)
{
  const PktEvent *e = pkt_facts_recorded (g);
  guint at = 0;
  if (e == NULL)
    return json_null ();
  while (g_ptr_array_index (g->samples, at) != e)
    at++;
  json_t *o = json_object (), *turns = json_array ();
  for (guint i = 0; i < e->session->turns->len; i++)
    json_array_append_new (turns, turn_json (e->session, g_ptr_array_index (e->session->turns, i)));
  json_object_set_new (o, "id", json_sprintf ("%u.%u", number, at + 1));
  json_object_set_new (o, "tls", json_boolean (e->session->tls));
  json_object_set_new (o, "turns", turns);
  return o;
}
