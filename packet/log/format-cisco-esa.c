/* Cisco Secure Email Gateway (ESA, IronPort): its text mail logs and bounce logs, as files or
 * pushed by syslog. A message (MID) has numbered recipients (RID); a connection that delivers
 * (DCID) is told once, with the addresses at both ends. */
#include "packet/log/cisco-esa.h"
#include "packet/log/text-parse.h"

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("mail_logs"))
         || pkt_slice_equal (tag, PKT_SLICE ("bounce_logs"));
}

static gboolean
is_level (PktSlice s)
{
  static const char *const levels[] = { "Info", "Warning", "Critical", "Debug", "Trace" };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (pkt_slice_equal (s, pkt_slice_str (levels[i])))
      return TRUE;
  return FALSE;
}

/* "Mon Nov  2 06:00:00 2026 Info: TEXT" of a file; "mail_logs: Info: TEXT" of syslog, under any
 * name that the user gave the log. FALSE: no such frame. */
static gboolean
text_of (const PktSyslog *f, PktSlice *out)
{
  const PktSlice level = pkt_slice_until (f->text, ':');
  *out = f->text;
  if (is_level (f->tag) && f->host.n == 0)
    return TRUE;
  if (!is_level (level))
    return FALSE;
  *out = pkt_slice_trim (pkt_slice_skip (f->text, level.n + 1));
  return TRUE;
}

static gboolean
is_own_line (PktSlice s)
{
  static const char *const begins[] = { "MID ",
                                        "ICID ",
                                        "DCID ",
                                        "Start MID ",
                                        "New SMTP ICID",
                                        "New SMTP DCID",
                                        "Delivery start ",
                                        "Message done DCID ",
                                        "Message finished MID ",
                                        "Bounced: ",
                                        "Delayed: " };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++) {
    PktSlice rest = s;
    if (pkt_take (&rest, begins[i]))
      return pkt_slice_find (s, PKT_SLICE ("ID ")).p != NULL;
  }
  return FALSE;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktSlice text;
  return pkt_syslog_split (line, &f) && text_of (&f, &text) && is_own_line (text) ? 95 : 0;
}

/* "New SMTP DCID 8 interface 192.0.2.10 address 17.57.154.33 port 25". */
static PktRecordKind
connection (PktTextReader *r, PktSlice s)
{
  const PktSlice name = pkt_cisco_connection (s);
  PktSlice rest = pkt_slice_skip (s, name.n);
  if (!pkt_take (&rest, " interface "))
    return PKT_RECORD_OTHER;
  const PktSlice local = pkt_slice_until (rest, ' ');
  rest = pkt_slice_skip (rest, local.n);
  pkt_memory_drop (r->memory, r->scope, name);
  PktRemembered *d = pkt_memory_take (r->memory, r->scope, name);
  if (pkt_take (&rest, " address "))
    pkt_remember (d, &d->ip, pkt_slice_until (rest, ' '));
  pkt_remember (d, &d->local_ip, local);
  return PKT_RECORD_OTHER;
}

/* A filter or a policy makes a message of another: it keeps its sender and Message-ID, and where it
 * was rewritten whole, its recipients. */
static PktRecordKind
made_of (PktTextReader *r, PktSlice s, gboolean whole)
{
  PktRemembered *m = pkt_cisco_message (r);
  g_autofree char *sender = g_strdup (m->sender), *mid = g_strdup (m->message_id);
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; whole && m->recipients && i < m->recipients->len; i++)
    g_ptr_array_add (recipients, g_strdup (g_ptr_array_index (m->recipients, i)));
  pkt_take (&s, "MID ");
  r->id = pkt_cisco_number (&s);
  if (r->id.n == 0)
    return PKT_RECORD_OTHER;
  m = pkt_cisco_message (r);
  for (guint i = 0; i < recipients->len; i++)
    pkt_remember_recipient (m, pkt_slice_str (g_ptr_array_index (recipients, i)));
  pkt_remember (m, &m->sender, sender ? pkt_slice_str (sender) : pkt_slice (NULL, 0));
  pkt_remember (m, &m->message_id, mid ? pkt_slice_str (mid) : pkt_slice (NULL, 0));
  return pkt_text_reader_arrival (r, pkt_slice_str (mid),
                                  sender ? pkt_slice_str (sender) : pkt_slice (NULL, 0), -1);
}

/* "From: <s>", "RID 0 To: <a>" behind "MID 6 ICID 5 ". */
static PktRecordKind
envelope (PktTextReader *r, PktSlice s)
{
  PktRemembered *m = pkt_cisco_message (r);
  PktSlice address;
  pkt_cisco_number (&s);
  if (pkt_take (&s, " From: ") && pkt_take_bracketed (&s, &address))
    pkt_remember (m, &m->sender, address);
  if (!pkt_take (&s, " RID "))
    return PKT_RECORD_OTHER;
  const PktSlice rid = pkt_cisco_number (&s);
  if (!pkt_take (&s, " To: ") || !pkt_take_bracketed (&s, &address))
    return PKT_RECORD_OTHER;
  g_string_printf (r->buffer, "%.*s %.*s", (int)rid.n, rid.p, (int)address.n, address.p);
  pkt_remember_recipient (m, pkt_slice (r->buffer->str, r->buffer->len));
  return PKT_RECORD_OTHER;
}

/* "'<m1@example.com>'" behind "MID 6 Message-ID ". */
static PktRecordKind
message_id (PktTextReader *r, PktSlice s)
{
  PktRemembered *m = pkt_cisco_message (r);
  PktAttempt a = { .size = -1 };
  if (!pkt_take (&s, "'"))
    return PKT_RECORD_OTHER;
  s = pkt_slice_until (s, '\'');
  if (pkt_take (&s, "<"))
    s = pkt_slice_until (s, '>');
  a.message_id = s;
  pkt_remember (m, &m->message_id, s);
  return s.n ? pkt_text_reader_tell (r, PKT_RECORD_MESSAGE_ID, &a) : PKT_RECORD_OTHER;
}

/* "100 bytes from <s>" behind "MID 6 ready ". */
static PktRecordKind
ready (PktTextReader *r, PktSlice s)
{
  PktSlice sender;
  gint64 size;
  if (!pkt_slice_number (pkt_cisco_number (&s), &size) || !pkt_take (&s, " bytes from ")
      || !pkt_take_bracketed (&s, &sender))
    return PKT_RECORD_OTHER;
  return pkt_text_reader_arrival (r, pkt_slice (NULL, 0), sender, size);
}

/* What follows "MID ". */
static PktRecordKind
of_message (PktTextReader *r, PktSlice s)
{
  r->id = pkt_cisco_number (&s);
  if (r->id.n == 0)
    return PKT_RECORD_OTHER;
  if (pkt_take (&s, " ICID "))
    return envelope (r, s);
  if (pkt_take (&s, " RID "))
    return pkt_cisco_accepted (r, s);
  if (pkt_take (&s, " Message-ID "))
    return message_id (r, s);
  if (pkt_take (&s, " ready "))
    return ready (r, s);
  if (pkt_take (&s, " rewritten to "))
    return made_of (r, s, TRUE);
  if (pkt_take (&s, " was split creating "))
    return made_of (r, s, FALSE);
  if (pkt_take (&s, " matched ") && pkt_slice_find (s, PKT_SLICE (" in the inbound table")).p)
    pkt_cisco_message (r)->state |= PKT_CISCO_INBOUND;
  return PKT_RECORD_OTHER;
}

static PktRecordKind
finished (PktTextReader *r, PktSlice s)
{
  PktAttempt a = { .size = -1 };
  r->id = pkt_cisco_number (&s);
  pkt_cisco_end_waiting (r, pkt_memory_find (r->memory, r->scope, r->id));
  pkt_memory_drop (r->memory, r->scope, r->id);
  return pkt_text_reader_tell (r, PKT_RECORD_REMOVED, &a);
}

/* "6 ICID 5" behind "Start MID ": numbers begin anew some day. */
static PktRecordKind
started (PktTextReader *r, PktSlice s)
{
  r->id = pkt_cisco_number (&s);
  pkt_cisco_end_waiting (r, pkt_memory_find (r->memory, r->scope, r->id));
  pkt_memory_drop (r->memory, r->scope, r->id);
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_text (PktTextReader *r, PktSlice s)
{
  if (pkt_take (&s, "MID "))
    return of_message (r, s);
  if (pkt_take (&s, "Message done ")) {
    const PktSlice name = pkt_cisco_connection (s);
    s = pkt_slice_skip (s, name.n);
    return pkt_take (&s, " MID ") ? pkt_cisco_done (r, name, s) : PKT_RECORD_OTHER;
  }
  if (pkt_take (&s, "New SMTP DCID "))
    return connection (r, pkt_slice (s.p - strlen ("DCID "), s.n + strlen ("DCID ")));
  if (pkt_take (&s, "Bounced: "))
    return pkt_cisco_refused (r, s, PKT_BOUNCED);
  if (pkt_take (&s, "Delayed: "))
    return pkt_cisco_refused (r, s, PKT_DEFERRED);
  if (pkt_take (&s, "Message finished MID ") || pkt_take (&s, "Message aborted MID "))
    return finished (r, s);
  return pkt_take (&s, "Start MID ") ? started (r, s) : PKT_RECORD_OTHER;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktSlice text;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind != PKT_TEXT_LINE)
    return kind == PKT_TEXT_MORE ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  if (!text_of (&f, &text))
    return owns_tag (f.tag) ? PKT_RECORD_OTHER : PKT_RECORD_FOREIGN;
  r->sink = sink;
  r->data = data;
  r->scope = f.host;
  return parse_text (r, text);
}

static void
end_one (guint64 key, const PktRemembered *m, gpointer data)
{
  (void)key;
  pkt_cisco_end_waiting (data, (PktRemembered *)m);
}

static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  r->sink = sink;
  r->data = data;
  pkt_memory_each (r->memory, end_one, r);
  return PKT_RECORD_OTHER;
}

const PktFormat pkt_format_cisco_esa = {
  .name = "cisco-esa",
  .summary
  = "Cisco Secure Email Gateway (ESA, IronPort): mail_logs and bounce_logs, also by syslog",
  .probe = probe,
  .parse = parse,
  .finish = finish,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind = "name no mail server, only its address, and no stage of the session",
};
