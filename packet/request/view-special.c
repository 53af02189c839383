#include "packet/request/view-special.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define RATE_FROM 200 /* as in the request's table */

char *
pkt_view_fate (const char *short_name)
{
  const char *open = short_name ? strchr (short_name, '[') : NULL;
  if (short_name == NULL || g_ascii_isalpha (short_name[0]))
    return g_strdup (short_name ? short_name : "no answer");
  return g_strdup_printf ("%s %s", short_name[0] == '4' ? "deferred" : "refused",
                          open ? open : short_name);
}

char *
pkt_view_place (const json_t *transaction)
{
  const char *host = pkt_json_text (transaction, "host"), *ip = pkt_json_text (transaction, "ip");
  if (ip == NULL)
    return g_strdup (host ? host : "iCloud Mail");
  return g_strdup_printf ("%s%s[%s]", host ? host : "", host ? " " : "", ip);
}

/* "  iCloud, Wed 20 May          18,412  7,046   38.3%              11,340" */
static json_t *
tries_row (const json_t *row)
{
  gint64 tries = pkt_json_number (row, "tries"), failed = pkt_json_number (row, "failed");
  g_autofree char *label = pkt_text_pad (pkt_json_text (row, "label"), 26, FALSE),
                  *n_tries = pkt_text_count (tries), *n_failed = pkt_text_count (failed),
                  *n_accepted = pkt_text_count (pkt_json_number (row, "accepted")),
                  *percent = tries >= RATE_FROM ? pkt_text_percent (failed, tries) : g_strdup ("");
  g_autofree char *line = g_strdup_printf ("  %s%8s%10s%8s%12s", label, n_tries, n_failed, percent,
                                           n_accepted);
  return json_pack ("{s:s}", "text", line);
}

static void
set_rows (json_t *view, const json_t *rows)
{
  json_t *out = json_array (), *row;
  gsize i;
  json_array_foreach ((json_t *)rows, i, row) json_array_append_new (out, tries_row (row));
  json_object_set_new (view, "rows", out);
}

/* The answers with what they are: a server's words of ours, or of yours and for now. */
static void
set_replies (json_t *view)
{
  gsize i;
  json_t *r;
  json_array_foreach (json_object_get (view, "replies"), i, r)
  {
    const char *name = pkt_json_text (r, "short");
    gboolean own = name && g_ascii_isalpha (name[0]);
    gint64 n = pkt_json_number (r, "tries");
    g_autofree char *count = pkt_text_count (n);
    g_autofree char *where = g_strdup_printf (
        "%s, %s tr%s", own ? "our own server's words" : "temporary", count, n == 1 ? "y" : "ies");
    pkt_json_set_text (r, "text",
                       g_strdup_printf ("%s\n%*s(%s)", pkt_json_text (r, "reply"), 19, "", where));
    pkt_json_set_text (r, "short_text", g_strdup_printf ("%s (%s)", name ? name : "", where));
    pkt_json_set_text (r, "where", g_steal_pointer (&where));
  }
}

/* "Both", "2 of 3", "None" … samples, as a sentence begins with it. */
static char *
of_samples (gint64 n, gint64 of)
{
  if (of == 1)
    return g_strdup ("The forwarded sample that you accepted");
  if (n == of)
    return of == 2 ? g_strdup ("Both forwarded samples that you accepted")
                   : g_strdup_printf (
                       "All %" G_GINT64_FORMAT " forwarded samples that you accepted", of);
  return g_strdup_printf (
      "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " forwarded samples that you accepted", n, of);
}

static void
set_forwarded (json_t *o, const json_t *special)
{
  gint64 of = pkt_json_number (special, "samples"), arc = pkt_json_number (special, "arc"),
         dkim = pkt_json_number (special, "dkim");
  json_object_set_new (o, "arc_text", json_null ());
  json_object_set_new (o, "dkim_text", json_null ());
  if (arc) {
    g_autofree char *who = of_samples (arc, of);
    pkt_json_set_text (
        o, "arc_text",
        g_strdup_printf ("%s bear%s an ARC seal.", who, arc == 1 || of == 1 ? "s" : ""));
  }
  if (dkim) {
    g_autofree char *who = of_samples (dkim, of);
    pkt_json_set_text (
        o, "dkim_text",
        g_strdup_printf ("%s still pass%s DKIM at your side: the author's signature survives.", who,
                         dkim == 1 || of == 1 ? "es" : ""));
  }
}

/* "20 May" of "2026-05-20 00:00:00" */
static char *
day_of (const char *time)
{
  PktStamp stamp;
  if (time == NULL || !pkt_clock_parse_rfc3339 (pkt_slice_str (time), &stamp))
    return g_strdup ("");
  return pkt_clock_format (stamp.us, NULL, "%-d %B");
}

static void
set_connection (json_t *view, json_t *o, const json_t *special, const json_t *facts)
{
  json_t *hosts = json_array (), *h;
  gsize i;
  gboolean own = TRUE;
  GString *hours = g_string_new (NULL);
  json_array_foreach (json_object_get (special, "by_host"), i, h)
  {
    const char *ip = pkt_json_text (h, "ip"), *host = pkt_json_text (h, "host");
    g_autofree char *name = g_strdup_printf ("%s%s%s%s", host ? host : "(host not known)",
                                             ip ? " [" : "", ip ? ip : "", ip ? "]" : ""),
                    *padded = pkt_text_pad (name, 46, FALSE),
                    *count = pkt_text_count (pkt_json_number (h, "failed"));
    g_autofree char *line = g_strdup_printf ("%s%8s", padded, count);
    json_array_append_new (hosts, json_pack ("{s:b, s:s}", "first", i == 0, "text", line));
  }
  const char *day = "";
  json_array_foreach (json_object_get (special, "by_hour"), i, h)
  {
    const char *hour = pkt_json_text (h, "hour");
    g_autofree char *count = pkt_text_count (pkt_json_number (h, "failed"));
    gboolean same = strncmp (day, hour, 10) == 0;
    g_autofree char *date = day_of (hour);
    g_string_append_printf (hours, "%s%s%s%.2sh:%s",
                            same   ? ""
                            : *day ? "; "
                                   : "",
                            same ? "" : date, " ", hour + 11, count);
    day = hour;
  }
  json_array_foreach (json_object_get (facts, "replies"), i, h)
  {
    const char *name = pkt_json_text (h, "short");
    own = own && name && g_ascii_isalpha (name[0]);
  }
  json_object_set_new (o, "hosts", hosts);
  json_object_set_new (o, "hours", hours->len ? json_string (hours->str) : json_null ());
  json_object_set (o, "hours_cut", json_object_get (special, "hours_cut"));
  json_object_set_new (view, "own_words", json_boolean (own));
  g_string_free (hours, TRUE);
}

static void
set_deferral (json_t *o, const json_t *special)
{
  const json_t *slower = json_object_get (special, "slower");
  json_object_set_new (o, "slower", json_null ());
  json_object_set_new (o, "waits",
                       json_boolean (json_is_true (json_object_get (special, "waits"))));
  if (!json_is_object (slower))
    return;
  g_autofree char *first = day_of (pkt_json_text (slower, "first")),
                  *last = day_of (pkt_json_text (slower, "last")),
                  *before = pkt_text_count (pkt_json_number (slower, "before")),
                  *now = pkt_text_count (pkt_json_number (slower, "now"));
  pkt_json_set_text (
      o, "slower",
      g_strdup_printf ("We slowed down: %s tries on %s, %s on %s.", before, first, now, last));
}

/* "Since then 9 of 9 messages to iCloud were refused; in our logs before that 0 of 14." A message
 * to three readers is three deliveries. */
static void
set_personal (json_t *o, const json_t *special)
{
  gint64 final = pkt_json_number (special, "final"), before = pkt_json_number (special, "before");
  const char *what = json_is_false (json_object_get (special, "messages")) ? "deliveries"
                                                                           : "messages";
  g_autofree char *n = pkt_text_count (final),
                  *k = pkt_text_count (pkt_json_number (special, "refused")),
                  *n_before = pkt_text_count (before),
                  *k_before = pkt_text_count (pkt_json_number (special, "refused_before"));
  json_object_set_new (o, "sum", json_null ());
  if (final > 0)
    pkt_json_set_text (
        o, "sum",
        before ? g_strdup_printf ("Since then %s of %s %s to iCloud were refused; in "
                                  "our logs before that %s of %s.",
                                  k, n, what, k_before, n_before)
               : g_strdup_printf ("Since then %s of %s %s to iCloud were refused.", k, n, what));
}

void
pkt_view_special (json_t *view, const json_t *facts)
{
  const char *variant = pkt_json_text (facts, "variant");
  const json_t *special = json_object_get (facts, "special"),
               *other = json_object_get (facts, "other_stream");
  json_object_set_new (view, "special", json_null ());
  json_object_set_new (view, "own_words", json_false ());
  json_object_set_new (view, "put_off", json_boolean (g_strcmp0 (variant, "deferral") == 0));
  json_object_set_new (view, "unreached", json_boolean (g_strcmp0 (variant, "connection") == 0));
  if (variant == NULL)
    return;
  json_t *o = json_object ();
  const char *where = pkt_json_text (other, "where");
  json_object_set_new (o, "shared",
                       json_boolean (where && g_str_has_prefix (where, "the same IP")));
  if (g_str_equal (variant, "forwarded"))
    set_forwarded (o, special);
  else if (g_str_equal (variant, "personal"))
    set_personal (o, special);
  else if (g_str_equal (variant, "connection"))
    set_connection (view, o, special, facts);
  else if (g_str_equal (variant, "deferral"))
    set_deferral (o, special);
  if (g_str_equal (variant, "connection") || g_str_equal (variant, "deferral")) {
    set_rows (view, json_object_get (facts, "rows"));
    set_replies (view);
  }
  json_object_set_new (view, "special", o);
}
