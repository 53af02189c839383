#include "packet/log/cisco-response.h"
#include "packet/log/text-parse.h"

/* "5.1.0 - " of its own table of errors, which says nothing of the other side's. */
static PktSlice
without_code (PktSlice s)
{
  gsize i = 0;
  while (i < s.n && (g_ascii_isdigit (s.p[i]) || s.p[i] == '.'))
    i++;
  PktSlice rest = pkt_slice_skip (s, i);
  return i && pkt_take (&rest, " - ") ? rest : s;
}

/* 'it\'s' or "it's" at the start of s, which moves behind it: appended without quotes. FALSE: no
 * string begins there. */
static gboolean
take_string (PktSlice *s, GString *out)
{
  const char quote = s->n ? s->p[0] : 0;
  if (quote != '\'' && quote != '"')
    return FALSE;
  gsize i = 1;
  for (; i < s->n && s->p[i] != quote; i++) {
    i += s->p[i] == '\\' && i + 1 < s->n;
    g_string_append_c (out, s->p[i]);
  }
  *s = pkt_slice_skip (*s, i + 1);
  return TRUE;
}

/* "['…', '…'])": its strings with a blank between them. */
static void
append_lines (PktSlice s, GString *out)
{
  if (!pkt_take (&s, "["))
    return;
  while (take_string (&s, out))
    if (pkt_take (&s, ", "))
      g_string_append_c (out, ' ');
}

void
pkt_cisco_response (PktSlice s, GString *room, PktCiscoResponse *out)
{
  g_string_truncate (room, 0);
  pkt_take (&s, "Bounced by destination server with response: ");
  s = without_code (s);
  PktSlice answer = pkt_slice_find (s, PKT_SLICE (" ('"));
  out->words = pkt_slice_trim (answer.p ? pkt_slice (s.p, (gsize)(answer.p - s.p)) : s);
  answer = pkt_slice_skip (answer, 3);
  out->remote = answer.n > 3 && answer.p[3] == '\'' && pkt_is_reply (pkt_slice (answer.p, 3));
  if (out->remote)
    g_string_append_len (room, answer.p, 3);
  else
    g_string_append_len (room, out->words.p, (gssize)out->words.n);
  gsize before = room->len;
  g_string_append (room, out->remote ? " " : ": ");
  gsize begun = room->len;
  if (answer.n > 5 && (out->remote || pkt_slice_starts (answer, PKT_SLICE ("000"))))
    append_lines (pkt_slice_trim (pkt_slice_skip (answer, 5)), room);
  if (room->len == begun)
    g_string_truncate (room, before);
  out->reply = pkt_slice_trim (pkt_slice (room->str, room->len));
}
