#include "packet/model/session.h"

static void
turn_free (gpointer p)
{
  g_free (((PktTurn *)p)->text);
  g_free (p);
}

PktSession *
pkt_session_new (void)
{
  PktSession *s = g_rc_box_new0 (PktSession);
  s->turns = g_ptr_array_new_with_free_func (turn_free);
  return s;
}

PktSession *
pkt_session_ref (PktSession *s)
{
  return g_rc_box_acquire (s);
}

static void
clear (gpointer p)
{
  g_ptr_array_unref (((PktSession *)p)->turns);
}

void
pkt_session_unref (PktSession *s)
{
  if (s)
    g_rc_box_release_full (s, clear);
}

void
pkt_session_add (PktSession *s, PktTurnKind kind, PktSlice text)
{
  if (s->turns->len >= PKT_SESSION_MAX_TURNS)
    return;
  PktTurn *t = g_new (PktTurn, 1);
  t->kind = kind;
  t->text = pkt_slice_utf8 (text);
  g_ptr_array_add (s->turns, t);
}
