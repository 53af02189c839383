/* What the suppression list shows: counts by reason and day. */
#include "packet/base/json.h"
#include "packet/run/facts.h"

#define MAX_ROWS 24     /* reasons by day; more are told by month */
#define MAX_LABEL 21    /* bytes; a column of the table, and a blank behind it */
#define MAX_FIGURES 3   /* "inactive 180 days", 550; longer numbers are a customer's */
#define SHARED_BY 5     /* addresses; a word that so many rows have is no remark about one */
#define OTHER "(other)" /* as the reader of the list calls what it has no room for */

/* What lists are known to say. A reason of other words may be a remark about somebody: "by phone,
 * Mrs Quill, +1 202 555 0143". */
static const char words[]
    = " abuse account address admin at auto bad block blocked blocklist bounce bounced bounces by "
      "click closed complained complainer complaint complaints consent contact day days "
      "deactivated "
      "delayed deleted delivery disabled disengaged do domain dormant dropped duplicate email "
      "engaged engagement erasure error exceeded exist exists expired failed failure fbl feedback "
      "for from full gdpr general global group hard hardbounce imported in inactive inactivity "
      "invalid list local loop mail mailbox manual manually marked months never no nonexistent not "
      "of on one opt opted optout out over permanent permanently policy preference quota "
      "recipient refused reject rejected rejection removed report reported request requested role "
      "soft softbounce spam such sunset suppressed suppression temporary the timeout to transient "
      "trap undeliverable undelivered undetermined unengaged unknown unsub unsubscribe "
      "unsubscribed "
      "unsubscribes unsubscription user with withdrawn ";

static gboolean
is_known_word (const char *word)
{
  if (strspn (word, "0123456789") == strlen (word))
    return strlen (word) <= MAX_FIGURES;
  g_autofree char *whole = g_strdup_printf (" %s ", word);
  return strstr (words, whole) != NULL;
}

static gboolean
has_known_words (const char *reason)
{
  g_auto (GStrv) parts = g_strsplit_set (reason, " -_.:;/()[]", -1);
  for (char **p = parts; *p; p++)
    if (**p && !is_known_word (*p))
      return FALSE;
  return TRUE;
}

/* The number of addresses with this reason; counts come sorted by it. */
static guint
addresses_of (const PktSuppression *s, const char *reason)
{
  guint n = 0;
  for (guint i = 0; i < s->counts->len; i++) {
    const PktSuppressionCount *c = g_ptr_array_index (s->counts, i);
    n += g_str_equal (c->reason, reason) ? c->all : 0;
  }
  return n;
}

/* A label of the list, and no words about one of its people: what is known, or one word of another
 * language that many rows share. */
static gboolean
is_label (const PktSuppression *s, const char *reason)
{
  if (*reason == '\0' || g_str_equal (reason, OTHER))
    return TRUE;
  if (strlen (reason) > MAX_LABEL)
    return FALSE;
  return has_known_words (reason)
         || (!strpbrk (reason, " .,;:@0123456789") && addresses_of (s, reason) >= SHARED_BY);
}

static json_t *
new_row (const char *reason, const char *date)
{
  json_t *row = json_object ();
  json_object_set_new (row, "reason", pkt_json_string (reason));
  json_object_set_new (row, "date", pkt_json_string (date));
  json_object_set_new (row, "all", json_integer (0));
  json_object_set_new (row, "apple", json_integer (0));
  return row;
}

/* The row of the reason and day, among those from `from` on, which are by day. */
static json_t *
row_of (json_t *rows, gsize from, const char *reason, const char *date)
{
  gsize at = json_array_size (rows);
  while (at > from) {
    json_t *before = json_array_get (rows, at - 1);
    int order = g_strcmp0 (pkt_json_text (before, "date"), date);
    if (order == 0 && g_strcmp0 (pkt_json_text (before, "reason"), reason) == 0)
      return before;
    if (order <= 0)
      break;
    at--;
  }
  json_array_insert_new (rows, at, new_row (reason, date));
  return json_array_get (rows, at);
}

static void
add (json_t *row, const char *key, guint n)
{
  json_object_set_new (row, key, json_integer (pkt_json_number (row, key) + n));
}

/* Those with a label, or the others. */
static void
add_rows (const PktSuppression *s, gboolean labels, json_t *rows)
{
  const char *last = NULL; /* its reason */
  gboolean wanted = FALSE;
  gsize from = json_array_size (rows);
  for (guint i = 0; i < s->counts->len; i++) {
    const PktSuppressionCount *c = g_ptr_array_index (s->counts, i);
    if (g_strcmp0 (last, c->reason) != 0) {
      wanted = is_label (s, c->reason) == labels;
      from = labels ? json_array_size (rows) : from;
    }
    last = c->reason;
    if (!wanted)
      continue;
    g_autofree char *day = c->day == G_MININT64 ? NULL : pkt_clock_day_text (c->day);
    if (day && s->counts->len > MAX_ROWS)
      day[strlen ("2026-05")] = '\0';
    json_t *row = row_of (rows, from, labels ? c->reason : OTHER, day);
    add (row, "all", c->all);
    add (row, "apple", c->apple);
  }
}

json_t *
pkt_facts_suppression (const PktEvidence *e)
{
  const PktSuppression *s = e->suppression;
  if (s == NULL)
    return json_null ();
  json_t *rows = json_array (), *o = json_object ();
  guint all = 0, apple = 0;
  for (guint i = 0; i < s->counts->len; i++) {
    const PktSuppressionCount *c = g_ptr_array_index (s->counts, i);
    all += c->all;
    apple += c->apple;
  }
  add_rows (s, TRUE, rows);
  add_rows (s, FALSE, rows);
  json_object_set_new (o, "rows", rows);
  json_object_set_new (o, "all", json_integer (all));
  json_object_set_new (o, "apple", json_integer (apple));
  return o;
}
