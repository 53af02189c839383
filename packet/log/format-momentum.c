/* Momentum (Ecelerity): mainlog and bouncelog, fields with '@' between them, the last one free text
 * (facts: log-formats section 9):
 * "EPOCH@ID@BATCH@CONNECTION@T@example.com@0@group@binding@15@0@18.53@192.0.2.1@421 later". */
#include "packet/log/event-value.h"
#include "packet/log/format.h"

#define MAX_FIELDS 16
#define MIN_EPOCH G_GINT64_CONSTANT (100000000)
#define MAX_EPOCH G_GINT64_CONSTANT (4102444800) /* 2100 */

typedef struct {
  PktStamp last;
  PktMemory *own, *memory; /* of messages: sender, recipient */
  GString *room;           /* fields without their backslashes, recipient, sender */
  PktSink sink;
  gpointer data;
} Momentum;

/* From the left; of the reply, '@' are a part. */
typedef struct {
  PktSlice field[MAX_FIELDS];
  guint n;
} Fields;

enum { AT_TIME, AT_ID, AT_BATCH, AT_CONNECTION, AT_KIND, AT_REST };

static gpointer
begin (void)
{
  Momentum *m = g_new0 (Momentum, 1);
  m->own = m->memory = pkt_memory_new ();
  m->room = g_string_new (NULL);
  return m;
}

static void
end (gpointer state)
{
  Momentum *m = state;
  pkt_memory_free (m->own);
  g_string_free (m->room, TRUE);
  g_free (m);
}

static void
share (gpointer state, PktMemory *memory)
{
  ((Momentum *)state)->memory = memory;
}

static PktStamp
last_stamp (gpointer state)
{
  return ((Momentum *)state)->last;
}

/* At most `max` fields; '@' and '\' inside one have a backslash before them. */
static void
split (PktSlice line, guint max, Fields *out)
{
  gsize from = 0;
  out->n = 0;
  for (gsize i = 0; i < line.n && out->n + 1 < max; i++) {
    if (line.p[i] == '\\')
      i++;
    else if (line.p[i] == '@') {
      out->field[out->n++] = pkt_slice (line.p + from, i - from);
      from = i + 1;
    }
  }
  out->field[out->n++] = pkt_slice_skip (line, from);
}

static gboolean
is_record (PktSlice line, Fields *f)
{
  gint64 epoch;
  split (line, AT_REST + 1, f);
  return f->n > AT_KIND && pkt_slice_number (f->field[AT_TIME], &epoch) && epoch >= MIN_EPOCH
         && epoch < MAX_EPOCH && f->field[AT_KIND].n > 0 && f->field[AT_KIND].n <= 2
         && g_ascii_isupper (f->field[AT_KIND].p[0]);
}

static guint
probe (PktSlice line)
{
  Fields f;
  if (!is_record (line, &f))
    return 0;
  if (f.field[AT_ID].n == 0) /* EPOCH@@@@M1 */
    return 50;
  return memchr (f.field[AT_ID].p, '/', f.field[AT_ID].n) && f.field[AT_KIND].n == 1 ? 100 : 0;
}

static void
append_plain (GString *out, PktSlice s)
{
  for (gsize i = 0; i < s.n; i++) {
    if (s.p[i] == '\\' && i + 1 < s.n)
      i++;
    g_string_append_c (out, s.p[i]);
  }
}

/* Local part and domain, which the separator joins. Borrows from m->room, which has place. */
static PktSlice
address (Momentum *m, PktSlice local, PktSlice domain)
{
  gsize from = m->room->len;
  append_plain (m->room, local);
  if (domain.n == 0)
    return pkt_slice (m->room->str + from, 0);
  g_string_append_c (m->room, '@');
  append_plain (m->room, domain);
  return pkt_slice (m->room->str + from, m->room->len - from);
}

static PktRecordKind
hand_out (Momentum *m, const Fields *f, PktAttempt *a)
{
  gint64 epoch = 0;
  pkt_slice_number (f->field[AT_TIME], &epoch);
  a->stamp = m->last = (PktStamp){ epoch * PKT_SECOND, PKT_STAMP_UTC };
  a->smtp = TRUE;
  a->queue_id = f->field[AT_ID];
  m->sink (PKT_RECORD_ATTEMPT, a, m->data);
  return PKT_RECORD_ATTEMPT;
}

/* R@rcpt local@rcpt domain@sender local@sender domain@source@size@proto@group@binding */
static PktRecordKind
reception (Momentum *m, PktSlice line)
{
  Fields f;
  split (line, MAX_FIELDS, &f);
  if (f.n < 9)
    return PKT_RECORD_UNKNOWN;
  PktRemembered *r = pkt_memory_take (m->memory, pkt_slice (NULL, 0), f.field[AT_ID]);
  PktSlice to = address (m, f.field[5], f.field[6]), from = address (m, f.field[7], f.field[8]);
  pkt_remember_recipient (r, to);
  pkt_remember (r, &r->sender, from);
  return PKT_RECORD_OTHER;
}

/* Who it was for was told when the message came. */
static void
fill (Momentum *m, const Fields *f, PktAttempt *a)
{
  PktRemembered *r = pkt_memory_find (m->memory, pkt_slice (NULL, 0), f->field[AT_ID]);
  if (r == NULL)
    return;
  if (r->recipients && r->recipients->len)
    a->recipient = pkt_slice_str (g_ptr_array_index (r->recipients, 0));
  if (r->sender)
    a->sender = pkt_slice_str (r->sender);
}

static void
take_reply (PktAttempt *a, PktSlice reply)
{
  a->reply = pkt_slice_trim (reply);
  PktSlice own = pkt_slice_find (a->reply, PKT_SLICE ("[internal]"));
  if (own.p) /* its own codes are nobody's answer */
    a->reply = own;
  a->reply_is_remote = own.p == NULL && pkt_event_is_code (a->reply);
}

static void
take_size (PktAttempt *a, PktSlice size)
{
  if (!pkt_slice_number (size, &a->size))
    a->size = -1;
}

/* D@domain@size@group@binding@retries@seconds@ip */
static PktRecordKind
delivery (Momentum *m, PktSlice line)
{
  Fields f;
  split (line, MAX_FIELDS, &f);
  if (f.n < 12)
    return PKT_RECORD_UNKNOWN;
  PktAttempt a = { .outcome = PKT_DELIVERED,
                   .transport = f.field[8],
                   .remote_ip = pkt_event_ip (f.field[11]) };
  take_size (&a, f.field[6]);
  fill (m, &f, &a);
  return hand_out (m, &f, &a);
}

/* T and P: domain@bytes@group@binding@stage@retries@seconds@ip@reply */
static PktRecordKind
failure (Momentum *m, PktSlice line, PktOutcome outcome)
{
  Fields f;
  split (line, 14, &f);
  if (f.n < 14)
    return PKT_RECORD_UNKNOWN;
  PktAttempt a = {
    .outcome = outcome, .transport = f.field[8], .remote_ip = pkt_event_ip (f.field[12]), .size = -1
  };
  take_reply (&a, f.field[13]);
  fill (m, &f, &a);
  return hand_out (m, &f, &a);
}

/* rcpt local@rcpt domain@sender local@sender domain@group@binding@stage@class@size@ip@reply */
static PktRecordKind
bounce (Momentum *m, PktSlice line, PktOutcome outcome)
{
  Fields f;
  split (line, 16, &f);
  if (f.n < 16)
    return PKT_RECORD_UNKNOWN;
  PktAttempt a = { .outcome = outcome,
                   .recipient = address (m, f.field[5], f.field[6]),
                   .sender = address (m, f.field[7], f.field[8]),
                   .transport = f.field[10],
                   .label = f.field[12],
                   .remote_ip = pkt_event_ip (f.field[14]) };
  take_size (&a, f.field[13]);
  take_reply (&a, f.field[15]);
  return hand_out (m, &f, &a);
}

/* A bouncelog writes T too, with an address where a mainlog has domain and bytes. */
static gboolean
is_of_bouncelog (PktSlice line)
{
  Fields f;
  gint64 bytes;
  split (line, 10, &f);
  return f.n > 8 && !pkt_slice_number (f.field[6], &bytes);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Momentum *m = state;
  Fields f;
  m->sink = sink;
  m->data = data;
  if (line.n == 0)
    return PKT_RECORD_OTHER;
  if (!is_record (line, &f))
    return PKT_RECORD_UNKNOWN;
  g_string_set_size (m->room, line.n + 4);
  g_string_truncate (m->room, 0);
  if (f.field[AT_KIND].n > 1)
    return PKT_RECORD_OTHER;
  switch (f.field[AT_KIND].p[0]) {
  case 'R':
    return reception (m, line);
  case 'D':
    return delivery (m, line);
  case 'P':
    return failure (m, line, PKT_BOUNCED);
  case 'T':
    return is_of_bouncelog (line) ? bounce (m, line, PKT_DEFERRED)
                                  : failure (m, line, PKT_DEFERRED);
  case 'B':
    return bounce (m, line, PKT_BOUNCED);
  default:
    return PKT_RECORD_OTHER;
  }
}

const PktFormat pkt_format_momentum = {
  .name = "momentum",
  .summary = "Momentum (Ecelerity): mainlog and bouncelog",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
  .share = share,
  .blind = "tell no accepting reply and no MX name; a delivery without the line of its reception "
           "has no recipient",
};
