#include "packet/request/view.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/view-errors.h"
#include "packet/request/view-follow-up.h"
#include "packet/request/view-head.h"
#include "packet/request/view-special.h"
#include "packet/request/view-stated.h"

#define MINOR_REPLY 20 /* under a twentieth of the first it is told in the attachment only */
#define RATE_FROM 200  /* final answers; a percentage of fewer would look like more than it is */

static json_t *
more_than (const json_t *list, gsize n)
{
  gsize size = json_array_size (list);
  return size > n ? json_integer ((json_int_t)(size - n)) : json_null ();
}

/* Right-aligned at `edge`, one blank at least behind what stands there: what a figure of millions
 * takes of the next column that one gives back. Columns and bytes are the same behind the label. */
static void
put_figure (GString *line, gsize label, gsize edge, const char *figure)
{
  const gsize at = line->len - label, n = strlen (figure);
  const gsize blanks = edge > at + n ? edge - at - n : *figure ? 1 : 0;
  g_string_append_printf (line, "%*s%s", (int)blanks, "", figure);
}

/* "  iCloud, Mon 18 May          18,412  7,046   38.3%         26    11,340" */
static json_t *
row_view (const json_t *row)
{
  static const gsize edges[] = { 36, 43, 51, 62, 72 }; /* of the table's head */
  gint64 final = pkt_json_number (row, "final"), refused = pkt_json_number (row, "refused");
  const char *label = pkt_json_text (row, "label");
  g_autofree char *n_final = pkt_text_count (final), *n_refused = pkt_text_count (refused),
                  *n_other = pkt_text_count (pkt_json_number (row, "other")),
                  *n_accepted = pkt_text_count (pkt_json_number (row, "accepted")),
                  *percent = final >= RATE_FROM ? pkt_text_percent (refused, final) : g_strdup ("");
  const char *const figures[] = { n_final, n_refused, percent, n_other, n_accepted };
  GString *line = g_string_new ("  ");
  g_string_append (line, label);
  const gsize wide = strlen (label) - pkt_text_width (label); /* bytes that take no column */
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    put_figure (line, wide, edges[i], figures[i]);
  json_t *o = json_object ();
  pkt_json_set_text (o, "text", g_string_free (line, FALSE));
  return o;
}

static json_t *
rows_view (const json_t *rows)
{
  json_t *out = json_array (), *row;
  gsize i;
  json_array_foreach ((json_t *)rows, i, row) json_array_append_new (out, row_view (row));
  return out;
}

/* "Other: 12 by a 5xx, 4 given up after a 4xx, 50 without an answer in our logs."; null where all
 * are by a 5xx, as the head of the column then says. Other receivers' stand in that column, too. */
static void
set_other_ends (json_t *view, const json_t *ends)
{
  static const struct {
    const char *key, *words;
  } kinds[] = { { "answered", "by a 5xx" },
                { "given_up", "given up after a 4xx" },
                { "unanswered", "without an answer in our logs" } };
  const gboolean elsewhere = pkt_json_number (ends, "elsewhere") > 0,
                 apart = pkt_json_number (ends, "given_up") + pkt_json_number (ends, "unanswered")
                         > 0,
                 plain = !apart && pkt_json_number (ends, "given_up_elsewhere") == 0;
  GString *s = g_string_new (elsewhere ? "Other at iCloud:" : "Other:");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    gint64 n = pkt_json_number (ends, kinds[i].key);
    g_autofree char *count = pkt_text_count (n);
    if (n)
      g_string_append_printf (s, "%s %s %s", s->str[s->len - 1] == ':' ? "" : ",", count,
                              kinds[i].words);
  }
  g_string_append_c (s, '.');
  json_object_set_new (view, "other_head", json_string (plain ? "other 5xx" : "    other"));
  json_object_set_new (view, "other_line", apart ? json_string (s->str) : json_null ());
  g_string_free (s, TRUE);
}

/* Replies that stand in the body: the most frequent, and those that are a good part of it. */
static gsize
shown_replies (const json_t *replies)
{
  gsize n = 0;
  gint64 most = pkt_json_number (json_array_get (replies, 0), "count");
  while (n < MIN (json_array_size (replies), PKT_BODY_REPLIES)
         && pkt_json_number (json_array_get (replies, n), "count") * MINOR_REPLY >= most)
    n++;
  return n;
}

static json_t *
replies_view (const json_t *replies)
{
  json_t *out = json_array ();
  for (gsize i = 0; i < shown_replies (replies); i++) {
    const json_t *r = json_array_get (replies, i);
    json_t *o = json_object ();
    g_autofree char *count = pkt_text_count (pkt_json_number (r, "count"));
    json_object_set_new (o, "first", json_boolean (i == 0));
    json_object_set (o, "reply", json_object_get (r, "reply"));
    json_object_set (o, "short", json_object_get (r, "short"));
    json_object_set (o, "tries", json_object_get (r, "count"));
    const char *stage = pkt_json_text (r, "stage"), *short_name = pkt_json_text (r, "short");
    g_autofree char *where = g_strdup_printf (
        "%s%s%s%s %s", stage ? "at " : "", stage ? stage : "", stage ? ", " : "", count,
        pkt_json_number (r, "count") == 1 ? "recipient" : "recipients");
    pkt_json_set_text (o, "text",
                       g_strdup_printf ("%s\n%*s%s", pkt_json_text (r, "reply"), 19, "", where));
    pkt_json_set_text (o, "short_text",
                       g_strdup_printf ("%s %s", short_name ? short_name : "", where));
    pkt_json_set_text (o, "where", g_steal_pointer (&where));
    json_array_append_new (out, o);
  }
  return out;
}

/* An id that has no room behind the answer stands on a line of its own, where none breaks it off:
 * those of Microsoft 365 have 80 columns and more. */
static void
append_id (GString *line, const char *mid)
{
  const gsize indent = 2, width = indent + line->len + strlen ("   <>") + pkt_text_width (mid);
  g_string_append_printf (line, "%s<%s>", width > PKT_TEXT_COLUMNS ? "\n  " : "   ", mid);
}

static json_t *
lookup_view (const json_t *l)
{
  json_t *o = json_deep_copy (l);
  const char *ip = pkt_json_text (l, "local_ip"), *short_name = pkt_json_text (l, "short");
  g_autofree char *place = pkt_view_place (l);
  pkt_json_set_text (o, "head",
                     g_strdup_printf ("%" G_GINT64_FORMAT " %s%s%s > %s",
                                      pkt_json_number (l, "number"), pkt_json_text (l, "time"),
                                      ip ? " " : "", ip ? ip : "", place));
  gboolean accepted = json_is_true (json_object_get (l, "accepted"));
  const char *txn = pkt_json_text (l, "txn_id"), *queue = pkt_json_text (l, "remote_queue_id"),
             *mid = pkt_json_text (l, "message_id"), *note = pkt_json_text (l, "note");
  GString *line = g_string_new (NULL);
  if (accepted)
    g_string_append_printf (line, "accepted%s%s", note ? ", " : "", note ? note : "");
  else {
    g_autofree char *fate = pkt_view_fate (short_name);
    g_string_append (line, fate);
  }
  if (txn)
    g_string_append_printf (line, "   Txn ID %s", txn);
  else if (accepted && queue)
    g_string_append_printf (line, ", your queue id %s", queue);
  else if (mid)
    append_id (line, mid);
  pkt_json_set_text (o, "answer", g_string_free (line, FALSE));
  gboolean own = note && json_is_true (json_object_get (l, "own"));
  pkt_json_set_text (o, "remark",
                     g_strdup_printf ("%s%s%s", accepted || note == NULL ? "" : note,
                                      own && !accepted ? " " : "",
                                      own && !accepted ? pkt_json_text (l, "recipient") : ""));
  return o;
}

static json_t *
lookups_view (const json_t *lookups)
{
  json_t *out = json_array (), *l;
  gsize i;
  json_array_foreach ((json_t *)lookups, i, l) json_array_append_new (out, lookup_view (l));
  return json_array_size (out) ? json_pack ("{so}", "list", out)
                               : (json_decref (out), json_null ());
}

/* "2026-05-18 14:00:41" without its seconds. */
static json_t *
minute (const char *time)
{
  return time ? json_stringn (time, MIN (strlen (time), 16)) : json_null ();
}

/* "spf=pass (bounce.example.com), dkim=pass (example.com, 2048 bit), dmarc=pass" */
static json_t *
results_view (const json_t *checked)
{
  GString *s = g_string_new (NULL);
  const char *spf = pkt_json_text (checked, "spf"), *dkim = pkt_json_text (checked, "dkim"),
             *dmarc = pkt_json_text (checked, "dmarc");
  if (spf)
    g_string_append_printf (
        s, "spf=%s%s%s%s", spf, pkt_json_text (checked, "spf_domain") ? " (" : "",
        pkt_json_text (checked, "spf_domain") ? pkt_json_text (checked, "spf_domain") : "",
        pkt_json_text (checked, "spf_domain") ? ")" : "");
  if (dkim) {
    g_string_append_printf (s, "%sdkim=%s", s->len ? ", " : "", dkim);
    if (pkt_json_text (checked, "dkim_domain"))
      g_string_append_printf (s, " (%s", pkt_json_text (checked, "dkim_domain"));
    if (pkt_json_text (checked, "dkim_domain") && pkt_json_number (checked, "dkim_bits"))
      g_string_append_printf (s, ", %" G_GINT64_FORMAT " bit",
                              pkt_json_number (checked, "dkim_bits"));
    if (pkt_json_text (checked, "dkim_domain"))
      g_string_append_c (s, ')');
  }
  if (dmarc)
    g_string_append_printf (s, "%sdmarc=%s", s->len ? ", " : "", dmarc);
  json_t *v = s->len ? json_string (s->str) : json_null ();
  g_string_free (s, TRUE);
  return v;
}

gboolean
pkt_view_checked_nothing (const json_t *checked)
{
  return !pkt_json_text (checked, "results") && !pkt_json_text (checked, "dns")
         && !json_is_true (json_object_get (checked, "one_click"))
         && !json_is_true (json_object_get (checked, "unsubscribe"));
}

static json_t *
checked_view (const json_t *checked)
{
  if (!json_is_object (checked))
    return json_null ();
  json_t *o = json_deep_copy (checked);
  const char *day = pkt_json_text (checked, "of_day");
  json_object_set_new (o, "of_day", pkt_json_string (day));
  json_object_set_new (o, "results", results_view (checked));
  if (!pkt_view_checked_nothing (o))
    return o;
  json_decref (o);
  return json_null ();
}

/* "SMTP errors, headers of accepted samples, …" */
static json_t *
attached_view (const char *const *attached)
{
  GString *s = g_string_new (NULL);
  for (gsize i = 0; attached && attached[i]; i++)
    g_string_append_printf (s, "%s%s", i ? ", " : "", attached[i]);
  json_t *v = s->len ? json_string (s->str) : json_null ();
  g_string_free (s, TRUE);
  return v;
}

/* "order" as "Order mail", "receipts" as "Our receipts"; "Receipts by email" stays. */
static char *
stream_words (const char *name)
{
  if (name == NULL || *name == '\0')
    return g_strdup ("Our other mail");
  if (!strstr (name, "mail") && g_str_has_suffix (name, "s"))
    return g_strdup_printf ("Our %s", name);
  char *words = strstr (name, "mail") ? g_strdup (name) : g_strdup_printf ("%s mail", name);
  words[0] = g_ascii_toupper (words[0]);
  return words;
}

static json_t *
other_stream_view (const json_t *other)
{
  if (!json_is_object (other))
    return json_null ();
  json_t *o = json_deep_copy (other);
  gint64 refused = pkt_json_number (other, "refused");
  pkt_json_set_text (o, "final", pkt_text_count (pkt_json_number (other, "final")));
  json_object_set_new (o, "one", json_boolean (pkt_json_number (other, "final") == 1));
  g_autofree char *count = pkt_text_count (refused);
  pkt_json_set_text (o, "refused", refused ? g_strdup (count) : g_strdup ("none"));
  pkt_json_set_text (o, "name", stream_words (pkt_json_text (other, "name")));
  return o;
}

/* "192.0.2.12", "192.0.2.12 and 3 more" */
static json_t *
other_ips_view (const json_t *other)
{
  if (!json_is_object (other))
    return json_null ();
  json_t *o = json_deep_copy (other);
  const json_t *ips = json_object_get (other, "ips");
  const gsize more = json_array_size (ips) - 1;
  const gint64 refused = pkt_json_number (other, "refused"),
               final = pkt_json_number (other, "final");
  g_autofree char *count = pkt_text_count (refused);
  g_autofree char *rest = more ? g_strdup_printf (" and %" G_GSIZE_FORMAT " more", more)
                               : g_strdup ("");
  pkt_json_set_text (o, "where",
                     g_strdup_printf ("%s%s", json_string_value (json_array_get (ips, 0)), rest));
  pkt_json_set_text (o, "final", pkt_text_count (final));
  json_object_set_new (o, "one", json_boolean (final == 1));
  pkt_json_set_text (o, "refused", g_strdup (refused ? count : "none"));
  return o;
}

/* "inactive              2026-05-11      3,120      2,866" */
static char *
suppression_row (const char *reason, const char *date, gint64 all, gint64 apple)
{
  g_autofree char *name = pkt_text_pad (*reason ? reason : "no reason", 22, FALSE),
                  *day = pkt_text_pad (date, 12, FALSE), *n = pkt_text_count (all),
                  *at_apple = pkt_text_count (apple);
  return g_strdup_printf ("%s%s%9s%11s", name, day, n, at_apple);
}

static json_t *
suppression_view (const json_t *list)
{
  if (!json_is_object (list))
    return json_null ();
  json_t *o = json_object (), *rows = json_array (), *row;
  gsize i;
  json_array_foreach (json_object_get (list, "rows"), i, row)
  {
    json_t *r = json_object ();
    pkt_json_set_text (
        r, "text",
        suppression_row (pkt_json_text (row, "reason"),
                         pkt_json_text (row, "date") ? pkt_json_text (row, "date") : "no date",
                         pkt_json_number (row, "all"), pkt_json_number (row, "apple")));
    json_array_append_new (rows, r);
  }
  json_object_set_new (o, "rows", rows);
  pkt_json_set_text (
      o, "total",
      suppression_row ("all", "", pkt_json_number (list, "all"), pkt_json_number (list, "apple")));
  return o;
}

json_t *
pkt_view_make (const PktPublic *p, const char *const *attached)
{
  const json_t *f = pkt_public_facts (p);
  json_t *view = json_copy ((json_t *)f);
  const json_t *lead = json_array_get (json_object_get (f, "errors"), 0),
               *ends = json_object_get (f, "other_ends");
  const char *lead_short = pkt_json_text (lead, "short");
  json_t *started = json_object_get (f, "started");
  pkt_view_stated (view, f);
  if (pkt_json_text (f, "affected") && json_is_true (json_object_get (f, "alike")))
    pkt_json_set_text (view, "affected",
                       g_strdup_printf ("%s (alike)", pkt_json_text (f, "affected")));
  pkt_view_head (view, f);
  json_object_set_new (view, "replies", replies_view (json_object_get (f, "replies")));
  json_object_set_new (
      view, "more_replies",
      more_than (json_object_get (f, "replies"), shown_replies (json_object_get (f, "replies"))));
  json_object_set_new (view, "started", minute (json_string_value (started)));
  json_object_set_new (
      view, "refused_head",
      json_string (lead_short && strstr (lead_short, "5.7.1")
                           && !json_is_false (json_object_get (ends, "refused_571"))
                       ? "refused 5.7.1"
                       : "    by policy"));
  set_other_ends (view, ends);
  json_object_set_new (view, "has_rows",
                       json_boolean (json_array_size (json_object_get (f, "rows")) > 0));
  json_object_set_new (view, "rows", rows_view (json_object_get (f, "rows")));
  json_object_set_new (view, "other_stream",
                       other_stream_view (json_object_get (f, "other_stream")));
  json_object_set_new (view, "other_ips", other_ips_view (json_object_get (f, "other_ips")));
  json_object_set_new (view, "lookups", lookups_view (json_object_get (f, "lookups")));
  json_object_set_new (view, "checked", checked_view (json_object_get (f, "checked")));
  json_object_set_new (view, "suppression_view",
                       suppression_view (json_object_get (f, "suppression")));
  json_object_set_new (view, "attached", attached_view (attached));
  pkt_view_errors (view, f);
  pkt_view_follow_up (view, f);
  pkt_view_special (view, f);
  return view;
}
