/* The words of an entry: whose they are, at which command, and whether anybody was asked. */
#include "packet/log/exim-line.h"
#include "packet/log/text-parse.h"

/* CMD behind "after ": what stands in brackets is an address and may hold anything. */
static gsize
command_length (PktSlice s)
{
  gsize i = 0;
  PktSlice address;
  while (i < s.n && s.p[i] != ':' && s.p[i] != '<')
    i++;
  if (i + 1 < s.n && s.p[i] == ':' && s.p[i + 1] == '<') {
    PktSlice rest = pkt_slice_skip (s, i + 1);
    if (pkt_take_bracketed (&rest, &address))
      i = s.n - rest.n;
  }
  while (i < s.n && s.p[i] != ':') /* " SIZE=3298" */
    i++;
  return i;
}

static void
smtp_error (PktSlice s, PktAttempt *out)
{
  PktSlice after = pkt_slice_find (s, PKT_SLICE (" after "));
  if (after.p == NULL)
    return;
  after = pkt_slice_skip (after, 7);
  pkt_take (&after, "pipelined ");
  out->stage = pkt_stage_from_words (after);
  PktSlice rest = pkt_slice_skip (after, command_length (after));
  pkt_take (&rest, ":");
  pkt_take (&rest, " ");
  PktSlice quoted = rest, host, ip; /* "host mx2.me.com.akadns.net [192.0.2.17]: 550 …" */
  if (pkt_take (&quoted, "host ") && pkt_take_host_ip (&quoted, &host, &ip)) {
    if (out->remote_host.n == 0) {
      out->remote_host = host;
      out->remote_ip = ip;
    }
    rest = quoted;
    pkt_take (&rest, ":");
    pkt_take (&rest, " ");
  }
  out->reply = pkt_without_given_up (rest);
  out->reply_is_remote = pkt_is_reply (rest);
}

void
pkt_exim_message (PktSlice s, PktAttempt *out)
{
  static const char *const behind[] = { " in response to ", " timeout after ", " after " };
  out->reply = s;
  out->reply_is_remote = FALSE;
  if (pkt_slice_starts (s, PKT_SLICE ("SMTP error from remote mail"))) {
    smtp_error (s, out);
    return;
  }
  out->stage = pkt_stage_of_own_words (s);
  for (gsize i = 0; out->stage == PKT_STAGE_UNKNOWN && i < G_N_ELEMENTS (behind); i++) {
    PktSlice at = pkt_slice_find (s, pkt_slice_str (behind[i]));
    at = pkt_slice_skip (at, strlen (behind[i]));
    pkt_take (&at, "pipelined ");
    out->stage = pkt_take (&at, "sending data block") ? PKT_STAGE_DATA : pkt_stage_from_words (at);
  }
}

gboolean
pkt_exim_is_put_off (PktSlice s)
{
  if (!pkt_take (&s, "SMTP error from remote mail server after "))
    return FALSE;
  pkt_take (&s, "pipelined ");
  s = pkt_slice_skip (s, command_length (s));
  return pkt_take (&s, ": ") && s.n >= 5 && s.p[0] == '4' && g_ascii_isdigit (s.p[1])
         && g_ascii_isdigit (s.p[2]) && (s.p[3] == ' ' || s.p[3] == '-')
         && g_ascii_isdigit (s.p[4]);
}

gboolean
pkt_exim_was_tried (const PktEximLine *l)
{
  if (l->host.n)
    return TRUE;
  return pkt_slice_find (l->message, PKT_SLICE ("retry time not reached")).p == NULL
         && (l->error > 0 || l->error == 0 || l->error >= -48) && l->transport.n > 0;
}

gboolean
pkt_exim_is_smtp (const PktEximLine *l)
{
  static const char *const words[] = { "SMTP", "smtp", "for any host", "all hosts for",
                                       "Unrouteable address" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_find (l->message, pkt_slice_str (words[i])).p
        || pkt_slice_find (l->transport, pkt_slice_str (words[i])).p)
      return TRUE;
  return l->kind == PKT_EXIM_DEFERRED && l->transport.n == 0; /* "routing defer (-52)" */
}

/* The byte of "\303" at s, 0 when it is none above 127. */
static guint8
octal_byte (PktSlice s)
{
  if (s.n < 4 || s.p[1] < '2' || s.p[1] > '3' || s.p[2] < '0' || s.p[2] > '7' || s.p[3] < '0'
      || s.p[3] > '7')
    return 0;
  return (guint8)((s.p[1] - '0') << 6 | (s.p[2] - '0') << 3 | (s.p[3] - '0'));
}

PktSlice
pkt_exim_unescape (PktSlice reply, gboolean quoted, GString *buffer)
{
  if (reply.n == 0 || memchr (reply.p, '\\', reply.n) == NULL)
    return reply;
  g_string_truncate (buffer, 0);
  for (gsize i = 0; i < reply.n; i++) {
    PktSlice rest = pkt_slice_skip (reply, i);
    guint8 byte = rest.p[0] == '\\' ? octal_byte (rest) : 0;
    if (rest.p[0] != '\\' || rest.n < 2)
      g_string_append_c (buffer, rest.p[0]);
    else if (rest.p[1] == 'n' && (rest.n == 2 || pkt_is_reply (pkt_slice_skip (rest, 2)))) {
      g_string_append_c (buffer, ' ');
      i++;
    } else if (byte) {
      g_string_append_c (buffer, (char)byte);
      i += 3;
    } else if (quoted && (rest.p[1] == '"' || rest.p[1] == '\\')) {
      g_string_append_c (buffer, rest.p[1]);
      i++;
    } else
      g_string_append_c (buffer, '\\');
  }
  return pkt_slice (buffer->str, buffer->len);
}
