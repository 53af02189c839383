#include "packet/log/exchange-session.h"

enum { GREETED = 1, IN_DATA = 2, LOST = 4 };

#define ACCEPTED '=' /* else a command's stage: 'a' and so on */

void
pkt_exchange_command_free (gpointer p)
{
  PktExchangeCommand *c = p;
  g_free (c->recipient);
  g_free (c);
}

PktExchangeSession *
pkt_exchange_session_new (void)
{
  PktExchangeSession *s = g_new0 (PktExchangeSession, 1);
  g_queue_init (&s->commands);
  s->accepted = g_ptr_array_new_with_free_func (g_free);
  s->reply = g_string_new (NULL);
  return s;
}

void
pkt_exchange_session_free (gpointer p)
{
  PktExchangeSession *s = p;
  g_queue_clear_full (&s->commands, pkt_exchange_command_free);
  g_ptr_array_unref (s->accepted);
  g_string_free (s->reply, TRUE);
  g_free (s->sender);
  g_free (s->message_id);
  g_free (s->helo);
  g_free (s->local);
  g_free (s);
}

void
pkt_exchange_set_text (char **field, PktSlice v)
{
  g_free (*field);
  *field = g_strndup (v.p ? v.p : "", MIN (v.n, PKT_EXCHANGE_MAX_TEXT));
}

void
pkt_exchange_push (PktExchangeSession *s, PktStage stage, PktSlice recipient)
{
  if (s->commands.length >= PKT_EXCHANGE_MAX_COMMANDS)
    return;
  PktExchangeCommand *c = g_new0 (PktExchangeCommand, 1);
  c->stage = stage;
  if (recipient.n)
    c->recipient = g_strndup (recipient.p, MIN (recipient.n, PKT_EXCHANGE_MAX_TEXT));
  g_queue_push_tail (&s->commands, c);
}

/* "7gdana.reader@icloud.com": its place, as addresses may come again and memories drop those; what
 * it is of; the address. */
static void
keep_item (PktRemembered *r, guint *place, char kind, const char *recipient)
{
  g_autofree char *item = g_strdup_printf ("%u%c%s", (*place)++, kind, recipient ? recipient : "");
  pkt_remember_recipient (r, pkt_slice_str (item));
}

void
pkt_exchange_session_keep (const PktExchangeSession *s, const char *id, PktMemory *memory)
{
  guint place = 0;
  PktRemembered *r = pkt_memory_take (memory, pkt_slice_str (s->local), pkt_slice_str (id));
  pkt_remember (r, &r->sender, pkt_slice_str (s->sender));
  pkt_remember (r, &r->message_id, pkt_slice_str (s->message_id));
  pkt_remember (r, &r->host, pkt_slice_str (s->helo));
  pkt_remember (r, &r->reply, pkt_slice (s->reply->str, s->reply->len));
  pkt_forget_recipients (r);
  for (guint i = 0; i < s->accepted->len; i++)
    keep_item (r, &place, ACCEPTED, g_ptr_array_index (s->accepted, i));
  for (const GList *l = s->commands.head; l; l = l->next) {
    const PktExchangeCommand *c = l->data;
    keep_item (r, &place, (char)('a' + c->stage), c->recipient);
  }
  r->state = (s->greeted ? GREETED : 0) | (s->in_data ? IN_DATA : 0) | (s->lost ? LOST : 0);
}

static void
take_item (PktExchangeSession *s, PktSlice item)
{
  while (item.n && g_ascii_isdigit (item.p[0]))
    item = pkt_slice_skip (item, 1);
  if (item.n == 0)
    return;
  const PktSlice recipient = pkt_slice_skip (item, 1);
  if (item.p[0] == ACCEPTED)
    g_ptr_array_add (s->accepted, g_strndup (recipient.p, recipient.n));
  else
    pkt_exchange_push (s, (PktStage)CLAMP (item.p[0] - 'a', 0, PKT_STAGE_END_OF_DATA), recipient);
}

PktExchangeSession *
pkt_exchange_session_take (PktMemory *memory, PktSlice local, PktSlice id)
{
  const PktRemembered *r = pkt_memory_find (memory, local, id);
  if (r == NULL)
    return NULL;
  PktExchangeSession *s = pkt_exchange_session_new ();
  s->sender = g_strdup (r->sender);
  s->message_id = g_strdup (r->message_id);
  s->helo = g_strdup (r->host);
  g_string_assign (s->reply, r->reply ? r->reply : "");
  for (guint i = 0; r->recipients && i < r->recipients->len; i++)
    take_item (s, pkt_slice_str (g_ptr_array_index (r->recipients, i)));
  s->greeted = (r->state & GREETED) != 0;
  s->in_data = (r->state & IN_DATA) != 0;
  s->lost = (r->state & LOST) != 0;
  pkt_memory_drop (memory, local, id);
  return s;
}
