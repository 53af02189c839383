#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/suppressed.h"

static const char *const words[PKT_N_FALLEN] = {
  [PKT_FALLEN_COMPLAINED] = "complained: never again",
  [PKT_FALLEN_UNSUBSCRIBED] = "unsubscribed: never again",
  [PKT_FALLEN_UNREADABLE] = "in a row of the list that cannot be read",
  [PKT_FALLEN_UNKNOWN_USER] = "unknown user (5.1.x), by Apple's answer or by the list",
  [PKT_FALLEN_INACTIVE] = "suppressed as inactive",
  [PKT_FALLEN_OTHER] = "suppressed for another reason, or for none that is written",
  [PKT_FALLEN_HIDDEN] = "refused with the reason hidden by an export: ask the service",
  [PKT_FALLEN_REACHED] = "not suppressed: mail was accepted since",
  [PKT_FALLEN_POLICY] = "fell to policy replies",
};

static char *
time_text (gint64 us)
{
  return us == PKT_NO_TIME ? g_strdup ("") : pkt_clock_format (us, NULL, "%Y-%m-%dT%H:%M:%SZ");
}

static void
append_count (GString *out, guint n, const char *what)
{
  g_autofree char *count = pkt_text_count (n);
  if (n)
    g_string_append_printf (out, "  %8s  %s\n", count, what);
}

/* {tag or code: how many} of the group policy, most first, then by name. */
typedef struct {
  const char *name;
  guint n;
} Answers;

static int
compare_answers (gconstpointer a, gconstpointer b)
{
  const Answers *x = a, *y = b;
  return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp (x->name, y->name);
}

static GArray *
answers_of (const PktSuppressed *s)
{
  GArray *list = g_array_new (FALSE, TRUE, sizeof (Answers));
  for (guint i = 0; i < s->fallen->len; i++) {
    const PktFallen *f = g_ptr_array_index (s->fallen, i);
    const char *name = f->answer->tag    ? f->answer->tag
                       : f->answer->rule ? f->answer->rule->id
                                         : "(untagged)";
    guint k = 0;
    if (f->group != PKT_FALLEN_POLICY)
      continue;
    while (k < list->len && !g_str_equal (g_array_index (list, Answers, k).name, name))
      k++;
    if (k == list->len)
      g_array_append_vals (list, &(Answers){ name, 0 }, 1);
    g_array_index (list, Answers, k).n++;
  }
  g_array_sort (list, compare_answers);
  return list;
}

static void
append_answers (GString *out, const PktSuppressed *s)
{
  g_autoptr (GArray) list = answers_of (s);
  for (guint i = 0; i < list->len; i++) {
    const Answers *a = &g_array_index (list, Answers, i);
    g_autofree char *n = pkt_text_count (a->n);
    g_string_append_printf (out, "%s%s %s", i ? ", " : "            their last answer: ", n,
                            a->name);
  }
  if (list->len)
    g_string_append_c (out, '\n');
}

/* " (the newest of 2 incidents that the sources show)" */
static char *
window_words (const PktSuppressed *s)
{
  if (s->window_given)
    return g_strdup ("");
  return s->incidents > 1
             ? g_strdup_printf (" (the newest of %u incidents that the sources show)", s->incidents)
             : g_strdup (s->incidents ? " (the incident that the sources show)"
                                      : " (all that the sources show)");
}

char *
pkt_suppressed_table (const PktSuppressed *s)
{
  GString *out = g_string_new (NULL);
  if (s->from == PKT_NO_TIME) {
    g_string_append (out, "No refusal by policy is in these sources.\n");
    return g_string_free (out, FALSE);
  }
  g_autofree char *from = time_text (s->from), *to = time_text (s->to), *which = window_words (s);
  g_string_append_printf (out, "Recipients at Apple refused %s to %s%s\n\n", from, to, which);
  append_count (out, s->counts[PKT_FALLEN_POLICY], words[PKT_FALLEN_POLICY]);
  if (s->counts[PKT_FALLEN_POLICY] == 0)
    g_string_append (out, "         0  fell to policy replies\n");
  append_answers (out, s);
  g_string_append (out, "\nApart from them\n");
  for (guint g = 0; g < PKT_FALLEN_POLICY; g++)
    append_count (out, s->counts[g], words[g]);
  append_count (out, s->only_unknown, "refused with 5.1.x alone");
  append_count (out, s->outside, "refused by policy at other times; see --since and --until");
  append_count (out, s->listed_only, "on the list as bounced, with no answer in these sources");
  if (s->rows == 0)
    g_string_append (out, "\nWithout --list nobody knows here who unsubscribed or complained.\n");
  g_string_append (out, "\n--csv or --output FILE names those that fell to policy replies: raw "
                        "addresses, for you alone.\n");
  return g_string_free (out, FALSE);
}

char *
pkt_suppressed_csv (const PktSuppressed *s)
{
  GString *csv = g_string_new (
      "address,refused,first,last,code,enhanced,tag,accepted,listed,reason,"
      "listed_on\r\n");
  for (guint i = 0; i < s->fallen->len; i++) {
    const PktFallen *f = g_ptr_array_index (s->fallen, i);
    if (f->group != PKT_FALLEN_POLICY)
      continue;
    g_autofree char *address = pkt_text_csv_cell (f->address), *first = time_text (f->first),
                    *last = time_text (f->last), *reached = time_text (f->reached),
                    *reason = pkt_text_csv_cell (f->reason ? f->reason : ""),
                    *day = f->day == G_MININT64 ? g_strdup ("") : pkt_clock_day_text (f->day);
    g_string_append_printf (
        csv, "%s,%u,%s,%s,%d,%s,%s,%s,%s,%s,%s\r\n", address, f->refusals, first, last,
        f->answer->code, f->answer->enhanced ? f->answer->enhanced : "",
        f->answer->tag ? f->answer->tag : "", reached, f->listed ? "yes" : "no", reason, day);
  }
  return g_string_free (csv, FALSE);
}

static json_t *
fallen_json (const PktFallen *f)
{
  json_t *o = json_object ();
  json_object_set_new (o, "address", pkt_json_string (f->address));
  json_object_set_new (o, "group", json_string (pkt_fallen_name (f->group)));
  json_object_set_new (o, "refused", json_integer (f->refusals));
  json_object_set_new (o, "first", pkt_json_time (f->first));
  json_object_set_new (o, "last", pkt_json_time (f->last));
  json_object_set_new (o, "tag", pkt_json_string (f->answer->tag));
  json_object_set_new (o, "accepted", pkt_json_time (f->reached));
  json_object_set_new (o, "listed", json_boolean (f->listed));
  json_object_set_new (o, "reason", pkt_json_string (f->reason));
  return o;
}

json_t *
pkt_suppressed_json (const PktSuppressed *s)
{
  json_t *o = json_object (), *counts = json_object (), *list = json_array ();
  for (guint g = 0; g < PKT_N_FALLEN; g++)
    json_object_set_new (counts, pkt_fallen_name (g), json_integer (s->counts[g]));
  json_object_set_new (counts, "only_unknown_user", json_integer (s->only_unknown));
  json_object_set_new (counts, "outside", json_integer (s->outside));
  json_object_set_new (counts, "listed_only", json_integer (s->listed_only));
  for (guint i = 0; i < s->fallen->len; i++)
    json_array_append_new (list, fallen_json (g_ptr_array_index (s->fallen, i)));
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "from", pkt_json_time (s->from));
  json_object_set_new (o, "to", pkt_json_time (s->to));
  json_object_set_new (o, "counts", counts);
  json_object_set_new (o, "recipients", list);
  return o;
}
