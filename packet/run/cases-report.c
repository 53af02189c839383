/* The list of cases for people and for scripts. */
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/cases.h"

static char *
kind_of (const PktEarlier *p)
{
  if (p->resolved)
    return g_strdup ("thank-you");
  return p->number ? g_strdup_printf ("follow-up %u", p->number) : g_strdup ("request");
}

static const char *
sent_word (PktSentState state)
{
  static const char *const words[] = { "not sent", "refused",  "draft",   "unsure",
                                       "stated",   "answered", "accepted" };
  return words[state];
}

static json_t *
answers_json (const PktEarlier *p)
{
  json_t *out = json_array (), *answer;
  gsize i;
  json_array_foreach (json_object_get (p->manifest, "answers"), i, answer)
  {
    json_t *o = json_object ();
    static const char *const keys[] = { "time", "kind", "automatic" };
    for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
      json_object_set (o, keys[k], json_object_get (answer, keys[k]));
    json_array_append_new (out, o);
  }
  return out;
}

static json_t *
packet_json (const PktCases *c, const PktEarlier *p)
{
  gboolean stated;
  gint64 sent = pkt_case_sent (c, p, &stated);
  json_t *o = json_object ();
  json_object_set_new (o, "packet", pkt_json_string (p->folder));
  json_object_set_new (o, "id", pkt_json_string (p->id));
  pkt_json_set_text (o, "kind", kind_of (p));
  json_object_set_new (o, "made", pkt_json_time (p->made));
  json_object_set_new (o, "state",
                       json_string (sent_word (stated ? PKT_SENT_STATED : p->sent_state)));
  json_object_set_new (o, "sent", pkt_json_time (sent));
  json_object_set_new (o, "answers", answers_json (p));
  return o;
}

static json_t *
thread_json (const PktCases *c, const PktCaseThread *t)
{
  json_t *o = json_object (), *packets = json_array ();
  for (guint i = 0; i < t->packets->len; i++)
    json_array_append_new (packets, packet_json (c, g_ptr_array_index (t->packets, i)));
  json_object_set_new (o, "case", pkt_json_string (t->name));
  json_object_set_new (o, "state", json_string (pkt_case_state_word (t->state)));
  json_object_set_new (o, "sent", pkt_json_time (t->sent));
  json_object_set_new (o, "mails", json_integer (t->mails));
  json_object_set_new (o, "answered", pkt_json_time (t->answered));
  json_object_set_new (o, "answer", pkt_json_string (t->kind));
  json_object_set_new (o, "relieved", pkt_json_time (t->relieved));
  json_object_set_new (o, "silent_fix", json_boolean (t->state == PKT_CASE_SILENT));
  json_object_set_new (o, "closed", json_boolean (t->closed));
  json_object_set_new (o, "retest", json_boolean (t->retest));
  json_object_set_new (o, "follow_up_from", json_null ());
  if (t->next != G_MININT64)
    pkt_json_set_text (o, "follow_up_from", pkt_clock_day_text (t->next));
  json_object_set_new (o, "packets", packets);
  return o;
}

json_t *
pkt_cases_json (const PktCases *c)
{
  json_t *o = json_object (), *cases = json_array (), *problems = json_array ();
  for (guint i = 0; i < c->threads->len; i++)
    json_array_append_new (cases, thread_json (c, g_ptr_array_index (c->threads, i)));
  for (guint i = 0; i < c->problems->len; i++)
    json_array_append_new (problems, pkt_json_string (c->problems->pdata[i]));
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "cases", cases);
  json_object_set_new (o, "problems", problems);
  return o;
}

/* "2026-05-20 16:20", "-" */
static char *
minute (gint64 us)
{
  return us == PKT_NO_TIME ? g_strdup ("-") : pkt_clock_format (us, NULL, "%Y-%m-%d %H:%M");
}

/* "open, follow-up 2026-05-28": in time from that day on */
static char *
state_text (const PktCaseThread *t)
{
  const char *word = pkt_case_state_word (t->state);
  if (t->next != G_MININT64) {
    g_autofree char *day = pkt_clock_day_text (t->next);
    return g_strdup_printf ("%s, follow-up %s", word, day);
  }
  return g_strdup_printf ("%s%s%s", word, t->closed ? ", closed" : "",
                          t->retest                   ? ", re-test open"
                          : t->state == PKT_CASE_OPEN ? ", no further mail"
                                                      : "");
}

#define COLUMNS 5

typedef struct {
  char *cells[COLUMNS];
} Row;

static void
row_clear (gpointer p)
{
  for (gsize i = 0; i < COLUMNS; i++)
    g_free (((Row *)p)->cells[i]);
}

static void
add_row (GArray *rows, char *a, char *b, char *c, char *d, char *e)
{
  const Row row = { { a, b, c, d, e } };
  g_array_append_val (rows, row);
}

static void
add_packet (GArray *rows, const PktCases *c, const PktEarlier *p)
{
  gboolean stated;
  gint64 sent = pkt_case_sent (c, p, &stated);
  g_autofree char *kind = kind_of (p), *folder = g_path_get_basename (p->folder),
                  *quoted = pkt_text_quote (pkt_slice_str (folder), 40), *at = minute (sent);
  const char *word = sent_word (stated ? PKT_SENT_STATED : p->sent_state);
  gboolean plain = p->sent_state == PKT_SENT_YES || p->sent_state == PKT_SENT_ANSWERED;
  add_row (rows, g_strdup_printf ("  %s (%s)", quoted, kind),
           sent == PKT_NO_TIME ? g_strdup (word)
           : plain && !stated  ? g_strdup (at)
                               : g_strdup_printf ("%s (%s)", at, word),
           p->answer ? minute (pkt_earlier_answered (p)) : g_strdup (""), g_strdup (""),
           g_strdup (p->answer ? pkt_json_text (p->answer, "kind") : ""));
}

static void
add_thread (GArray *rows, const PktCases *c, const PktCaseThread *t)
{
  add_row (rows, pkt_text_quote (pkt_slice_str (t->name), 40), minute (t->sent),
           minute (t->answered), minute (t->relieved), state_text (t));
  for (guint i = 0; i < t->packets->len; i++)
    add_packet (rows, c, g_ptr_array_index (t->packets, i));
}

static void
append_row (GString *s, const Row *row, const gsize *widths)
{
  gsize begin = s->len;
  for (gsize i = 0; i < COLUMNS; i++) {
    g_autofree char *cell = pkt_text_pad (row->cells[i] ? row->cells[i] : "", widths[i], FALSE);
    g_string_append_printf (s, "%s%s", i ? "  " : "", cell);
  }
  while (s->len > begin && s->str[s->len - 1] == ' ')
    g_string_truncate (s, s->len - 1);
  g_string_append_c (s, '\n');
}

/* "2 requests sent: 1 relieved, 1 open. 1 not sent." */
static void
append_sum (GString *s, const PktCases *c)
{
  guint counts[PKT_CASE_SILENT + 1] = { 0 }, sent = 0;
  for (guint i = 0; i < c->threads->len; i++) {
    const PktCaseThread *t = g_ptr_array_index (c->threads, i);
    counts[t->state]++;
    sent += t->mails > 0;
  }
  g_string_append_printf (s, "\n%u request%s sent", sent, sent == 1 ? "" : "s");
  guint said = 0;
  for (guint i = PKT_CASE_OPEN; i <= PKT_CASE_SILENT; i++)
    if (counts[i])
      g_string_append_printf (s, "%s%u %s", said++ ? ", " : ": ", counts[i],
                              pkt_case_state_word (i));
  for (guint i = 0; i < PKT_CASE_OPEN; i++)
    if (counts[i])
      g_string_append_printf (s, "; %u %s", counts[i], pkt_case_state_word (i));
  g_string_append (s, ".\n");
}

char *
pkt_cases_table (const PktCases *c)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (rows, row_clear);
  gsize widths[COLUMNS] = { 0 };
  add_row (rows, g_strdup ("CASE"), g_strdup ("SENT (UTC)"), g_strdup ("ANSWERED"),
           g_strdup ("RELIEVED"), g_strdup ("STATE"));
  for (guint i = 0; i < c->threads->len; i++)
    add_thread (rows, c, g_ptr_array_index (c->threads, i));
  for (guint i = 0; i < rows->len; i++)
    for (gsize k = 0; k + 1 < COLUMNS; k++)
      widths[k] = MAX (widths[k], pkt_text_width (g_array_index (rows, Row, i).cells[k]));
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++)
    append_row (s, &g_array_index (rows, Row, i), widths);
  append_sum (s, c);
  return g_string_free (s, FALSE);
}
