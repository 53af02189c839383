#include "packet/log/exim-fields.h"
#include <stdlib.h>
#include "packet/log/text-parse.h"

/* What begins right behind an address, at a blank or a colon. */
static gboolean
ends_address (PktSlice s)
{
  static const PktSlice next[] = { PKT_SLICE (" F=<"), PKT_SLICE (" P=<"), PKT_SLICE (" routing "),
                                   PKT_SLICE (" transport "), PKT_SLICE (" defer (") };
  const char second = s.n > 1 ? s.p[1] : '\0', third = s.n > 2 ? s.p[2] : '\0';
  if (s.n == 0 || (s.n == 1 && s.p[0] == ':'))
    return TRUE;
  if (s.p[0] == ':')
    return second == ' ';
  if (second == '<' || second == '('
      || (third == '=' && (second == 'R' || second == 'Q' || second == 'T' || second == 'H')))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (next); i++)
    if (pkt_slice_starts (s, next[i]))
      return TRUE;
  return FALSE;
}

/* "x@domain": a local part may hold anything, unquoted as Exim writes it: "quoted local
 * 340@icloud.com". */
static gboolean
is_whole (PktSlice address)
{
  PktSlice domain = pkt_slice_domain (address);
  if (domain.n == 0)
    return FALSE;
  const char *limit = domain.p + domain.n;
  return pkt_find_either (domain.p, limit, ' ', '>') == NULL
         && pkt_find_either (domain.p, limit, '"', '=') == NULL;
}

static gsize
address_length (PktSlice s)
{
  const char *limit = s.p + s.n, *at = s.p;
  gsize first = 0;
  while (at < limit) {
    const char *hit = pkt_find_either (at + 1, limit, ' ', ':');
    at = hit ? hit : limit;
    gsize n = (gsize)(at - s.p);
    if (!ends_address (pkt_slice_skip (s, n)))
      continue;
    if (is_whole (pkt_slice (s.p, n)))
      return n;
    if (first == 0)
      first = n;
  }
  return first;
}

/* ADDR [(PARENT)…] [<ORIGINAL>]: the original is the same mailbox as it was given, or what was
 * forwarded. */
static PktSlice
take_address (PktSlice *s)
{
  gsize n = address_length (*s);
  PktSlice address = pkt_slice (s->p, n), original;
  *s = pkt_slice_skip (*s, n);
  while (s->n > 2 && s->p[0] == ' ' && s->p[1] == '(') {
    PktSlice end = pkt_slice_find (*s, PKT_SLICE (")"));
    if (end.p == NULL)
      return address;
    *s = pkt_slice_skip (end, 1);
  }
  PktSlice rest = pkt_slice_skip (*s, 1);
  if (s->n < 2 || s->p[0] != ' ' || !pkt_take_bracketed (&rest, &original))
    return address;
  *s = rest;
  return pkt_same_address (address, original) ? original : address;
}

/* ": MESSAGE", " : MESSAGE", with " DT=0.004s" behind it. */
static void
take_message (PktSlice s, PktEximLine *l)
{
  pkt_take (&s, " ");
  if (!pkt_take (&s, ": ") && !pkt_take (&s, ":"))
    return;
  for (gsize i = s.n; i-- > 4 && s.n - i < 24;)
    if (s.p[i] == ' ') {
      PktSlice last = pkt_slice_skip (s, i + 1);
      if (pkt_slice_starts (last, PKT_SLICE ("DT=")) || pkt_slice_starts (last, PKT_SLICE ("QT=")))
        s.n = i;
      else
        break;
    }
  l->message = s;
}

/* "defer (-44)", "defer (111): Connection refused H=…", "routing defer (-52): …". */
static void
deferred_line (PktSlice s, PktEximLine *l)
{
  char number[12];
  pkt_exim_fields (&s, l);
  PktSlice open = pkt_slice_find (s, PKT_SLICE ("defer ("));
  if (open.p == NULL)
    return;
  open = pkt_slice_skip (open, 7);
  PktSlice inside = pkt_slice_until (open, ')');
  g_strlcpy (number, "", sizeof number);
  if (inside.n < sizeof number) {
    memcpy (number, inside.p, inside.n);
    number[inside.n] = '\0';
  }
  l->error = atoi (number);
  s = pkt_slice_skip (open, inside.n + 1);
  PktSlice words = s;
  if (l->error > 0 && pkt_take (&words, ": ")) { /* strerror() and then the fields */
    PktSlice host = pkt_slice_find (words, PKT_SLICE (" H="));
    l->message = words;
    if (host.p == NULL) {
      take_message (s, l);
      return;
    }
    l->message = pkt_slice (words.p, (gsize)(host.p - words.p));
    s = host;
  }
  pkt_exim_fields (&s, l);
  if (s.n)
    take_message (s, l);
}

void
pkt_exim_arrival (PktSlice s, PktEximLine *l)
{
  PktSlice word = pkt_slice_until (s, ' ');
  l->sender = pkt_exim_sender (word);
  PktSlice rest = pkt_slice_skip (s, word.n), subject = pkt_slice_find (rest, PKT_SLICE (" T=\""));
  PktSlice fields = subject.p ? pkt_slice (rest.p, (gsize)(subject.p - rest.p)) : rest;
  PktSlice size = pkt_word_after (fields, " S="), id = pkt_word_after (fields, " id=");
  if (!pkt_slice_number (size, &l->size))
    l->size = -1;
  l->message_id = id;
}

/* Outgoing connections only: lines about incoming ones begin alike. */
static gboolean
is_host_error (PktSlice message)
{
  static const char *const begins[] = { "SMTP error from remote mail",
                                        "Remote host closed connection",
                                        "SMTP timeout after",
                                        "Connection ",
                                        "Network is ",
                                        "No route to host",
                                        "Operation timed out",
                                        "Host is down" };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (pkt_slice_starts (message, pkt_slice_str (begins[i])))
      return TRUE;
  return FALSE;
}

static void
host_line (PktSlice s, PktEximLine *l)
{
  if (!pkt_exim_host (&s, l))
    return;
  pkt_exim_fields (&s, l);
  pkt_take (&s, ":");
  pkt_take (&s, " ");
  if (!is_host_error (s))
    return;
  l->message = s;
  l->kind = PKT_EXIM_HOST;
}

static void
flagged_line (PktSlice s, PktEximLine *l)
{
  if (pkt_take (&s, "<= ")) {
    l->kind = PKT_EXIM_ARRIVAL;
    pkt_exim_arrival (s, l);
    return;
  }
  if (pkt_take (&s, "=> ") || pkt_take (&s, "-> ") || pkt_take (&s, ">> "))
    l->kind = PKT_EXIM_DELIVERED;
  else if (pkt_take (&s, "** "))
    l->kind = PKT_EXIM_FAILED;
  else if (pkt_take (&s, "== "))
    l->kind = PKT_EXIM_DEFERRED;
  else
    return;
  l->recipient = take_address (&s);
  if (l->kind == PKT_EXIM_DEFERRED) {
    deferred_line (s, l);
    return;
  }
  pkt_exim_fields (&s, l);
  if (l->kind == PKT_EXIM_FAILED)
    take_message (s, l);
}

/* "[1234] " of log_selector +pid. */
static PktSlice
skip_pid (PktSlice s)
{
  gsize i = 1;
  if (s.n < 3 || s.p[0] != '[')
    return s;
  while (i < s.n && g_ascii_isdigit (s.p[i]))
    i++;
  return i > 1 && i + 1 < s.n && s.p[i] == ']' && s.p[i + 1] == ' ' ? pkt_slice_skip (s, i + 2) : s;
}

gboolean
pkt_exim_without_id (PktSlice s)
{
  static const PktSlice begins[] = { PKT_SLICE ("exim "),
                                     PKT_SLICE ("SMTP connection from "),
                                     PKT_SLICE ("cwd="),
                                     PKT_SLICE ("H="),
                                     PKT_SLICE ("Start queue run"),
                                     PKT_SLICE ("End queue run"),
                                     PKT_SLICE ("no host name "),
                                     PKT_SLICE ("TLS error on connection from"),
                                     PKT_SLICE ("SMTP protocol synchronization error"),
                                     PKT_SLICE ("SMTP syntax error"),
                                     PKT_SLICE ("SMTP call from "),
                                     PKT_SLICE ("unexpected disconnection"),
                                     PKT_SLICE ("Connection from "),
                                     PKT_SLICE ("SMTP data timeout"),
                                     PKT_SLICE ("pid "),
                                     PKT_SLICE ("rejected "),
                                     PKT_SLICE ("no IP address found"),
                                     PKT_SLICE ("refused connection"),
                                     PKT_SLICE ("ident connection") };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (s.n && s.p[0] == begins[i].p[0] && pkt_slice_starts (s, begins[i]))
      return TRUE;
  return FALSE;
}

gboolean
pkt_exim_line (PktSlice text, PktEximLine *out)
{
  *out = (PktEximLine){ .size = -1 };
  text = skip_pid (text);
  gsize n = pkt_exim_id_length (text);
  if (n == 0 || n + 1 >= text.n || text.p[n] != ' ')
    return pkt_exim_without_id (text);
  out->id = pkt_slice (text.p, n);
  text = pkt_slice_skip (text, n + 1);
  if (pkt_slice_starts (text, PKT_SLICE ("Completed")))
    out->kind = PKT_EXIM_COMPLETED;
  else if (pkt_slice_starts (text, PKT_SLICE ("H="))) {
    PktSlice from_blank = pkt_slice (text.p - 1, text.n + 1); /* fields begin with one */
    host_line (from_blank, out);
  } else
    flagged_line (text, out);
  return TRUE;
}
