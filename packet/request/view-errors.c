#include "packet/request/view-errors.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/view-special.h"
#include "packet/request/view.h"

#define SOURCE_IPS 4

/* "05-18 14:00:41" of "2026-05-18 14:00:41". */
static const char *
without_year (const char *time)
{
  return time && strlen (time) > 5 ? time + 5 : "";
}

/* "accepted 14:07:12, queued as 5C1D73C00A12", the day too where it is another one. */
static char *
later_text (const json_t *s)
{
  const json_t *later = json_object_get (s, "later");
  const char *time = pkt_json_text (later, "time"), *before = pkt_json_text (s, "time"),
             *queue = pkt_json_text (later, "remote_queue_id");
  if (time == NULL)
    return g_strdup ("");
  if (before && strlen (time) > 11 && strncmp (time, before, 11) == 0)
    time += 11;
  if (json_is_true (json_object_get (later, "gave_up"))) /* nobody answered then */
    return g_strdup_printf ("given up by us %s", time);
  if (!json_is_true (json_object_get (later, "accepted")))
    return g_strdup_printf ("refused %s, %s", time, pkt_json_text (later, "short"));
  return g_strdup_printf ("accepted %s%s%s", time, queue ? ", queued as " : "", queue ? queue : "");
}

static json_t *
sample_view (const json_t *s)
{
  json_t *o = json_deep_copy (s);
  const char *helo = pkt_json_text (s, "helo"), *local = pkt_json_text (s, "local_ip"),
             *ip = pkt_json_text (s, "ip");
  g_autofree char *id = pkt_text_pad (pkt_json_text (s, "id"), 5, FALSE),
                  *place = pkt_view_place (s);
  pkt_json_set_text (o, "head",
                     g_strdup_printf ("%s%s%s%s", id, pkt_json_text (s, "time"),
                                      pkt_json_text (s, "note") ? "   " : "",
                                      pkt_json_text (s, "note") ? pkt_json_text (s, "note") : ""));
  GString *way = g_string_new (local ? local : "our server");
  if (helo)
    g_string_append_printf (way, " (%s)", helo);
  g_string_append_printf (way, " > %s%s", place, ip ? ":25" : "");
  pkt_json_set_text (o, "way", g_string_free (way, FALSE));
  GString *tail = g_string_new (NULL);
  if (json_is_integer (json_object_get (s, "size"))) {
    g_autofree char *size = pkt_text_count (pkt_json_number (s, "size"));
    g_string_append_printf (tail, "Size        %s", size);
  }
  if (pkt_json_text (s, "queue_id"))
    g_string_append_printf (tail, "%sour queue id %s", tail->len ? "    " : "",
                            pkt_json_text (s, "queue_id"));
  const char *client = pkt_json_text (s, "recorded");
  if (client)
    g_string_append_printf (tail, "%s%s%s%ssession below", tail->len ? "    " : "",
                            *client ? "sent with " : "", client, *client ? ", " : "");
  pkt_json_set_text (o, "tail", g_string_free (tail, FALSE));
  pkt_json_set_text (o, "later_text", later_text (s));
  json_object_set_new (o, "has_recipient", json_boolean (pkt_json_text (s, "recipient") != NULL));
  json_object_set_new (o, "has_sender", json_boolean (pkt_json_text (s, "sender") != NULL));
  return o;
}

static json_t *
samples_view (const json_t *samples)
{
  json_t *out = json_array (), *s;
  gsize i;
  json_array_foreach ((json_t *)samples, i, s) json_array_append_new (out, sample_view (s));
  return out;
}

static char *
txn_text (const json_t *g)
{
  gint64 n = pkt_json_number (g, "with_txn"), of = pkt_json_number (g, "count");
  g_autofree char *count = pkt_text_count (n), *all = pkt_text_count (of);
  if (n == 0)
    return g_strdup ("none in these answers");
  if (of == 1)
    return g_strdup ("in the one answer");
  return n == of ? g_strdup_printf ("in all %s answers", all)
                 : g_strdup_printf ("in %s of %s answers", count, all);
}

/* "end of DATA, all 9,262; permanent; never sent again by us" */
static char *
stage_text (const json_t *g)
{
  gint64 n = pkt_json_number (g, "count");
  g_autofree char *count = pkt_text_count (n);
  GString *s = g_string_new (pkt_json_text (g, "stage"));
  if (n > 1)
    g_string_append_printf (s, ", all %s", count);
  g_string_append (s,
                   json_is_true (json_object_get (g, "temporary")) ? "; temporary" : "; permanent");
  if (json_is_true (json_object_get (g, "never_again")))
    g_string_append (s, "; never sent again by us");
  return g_string_free (s, FALSE);
}

/* "newsletter, From example.com, DKIM d=example.com s=nl25"; the groups after it refer to it. What
 * is forwarded is From its authors. */
static char *
stream_text (const json_t *f, gint64 group)
{
  const char *name = pkt_json_text (json_object_get (f, "stated"), "stream"),
             *dkim = pkt_json_text (f, "dkim"), *domain = pkt_json_text (f, "domain"),
             *by = g_strcmp0 (pkt_json_text (f, "variant"), "forwarded") == 0 ? ", forwarded by "
                                                                              : ", From ";
  if (group > 1)
    return g_strdup_printf ("Stream    %s, as group 1", name);
  g_autofree char *text = g_strdup_printf ("%s%s%s%s%s", name, domain ? by : "",
                                           domain ? domain : "", dkim ? ", DKIM " : "",
                                           dkim ? dkim : ""),
                  *indent = g_strnfill (PKT_VIEW_KEY, ' ');
  return g_strchomp (pkt_text_wrap (text, PKT_TEXT_COLUMNS, "Stream    ", indent));
}

/* "-> RCPT TO:<…>", "<- 250 2.1.5 Ok", "-> (48,102 bytes, DKIM-signed, then the final dot)" */
static char *
turn_text (const json_t *t)
{
  const char *sent = pkt_json_text (t, "sent"), *reply = pkt_json_text (t, "reply"),
             *sender = pkt_json_text (t, "sender"), *to = pkt_json_text (t, "recipient");
  if (reply)
    return g_strdup_printf ("  <- %s", reply);
  if (sender || to)
    return g_strdup_printf ("  -> %s<%s>", sent, sender ? sender : to);
  if (sent)
    return g_strdup_printf ("  -> %s", sent);
  gint64 bytes = pkt_json_number (t, "bytes");
  g_autofree char *count = pkt_text_count (bytes),
                  *size = bytes ? g_strdup_printf ("%s bytes, ", count)
                                : g_strdup ("the message, ");
  return g_strdup_printf ("  -> (%s%sthen the final dot)", size,
                          json_is_true (json_object_get (t, "signed")) ? "DKIM-signed, " : "");
}

static json_t *
session_view (const json_t *s)
{
  if (!json_is_object (s))
    return json_null ();
  json_t *o = json_object (), *lines = json_array (), *t;
  gsize i;
  json_array_foreach (json_object_get (s, "turns"), i, t)
  {
    json_t *line = json_object ();
    pkt_json_set_text (line, "text", turn_text (t));
    json_array_append_new (lines, line);
  }
  pkt_json_set_text (
      o, "title",
      g_strdup_printf (
          "Session of %s as recorded (%sEHLO list and text left out):", pkt_json_text (s, "id"),
          json_is_true (json_object_get (s, "tls")) ? "after STARTTLS; " : ""));
  json_object_set_new (o, "lines", lines);
  return o;
}

static json_t *
group_view (const json_t *f, const json_t *g)
{
  json_t *o = json_deep_copy (g);
  gint64 n = pkt_json_number (g, "number");
  g_autofree char *count = pkt_text_count (pkt_json_number (g, "count"));
  g_autofree char *name = json_is_true (json_object_get (g, "temporary"))
                              ? g_strdup_printf ("%s (temporary)", pkt_json_text (g, "short"))
                              : g_strdup (pkt_json_text (g, "short"));
  g_autofree char *padded = pkt_text_pad (name, 28, FALSE);
  pkt_json_set_text (o, "line",
                     g_strdup_printf ("%-7d%s%-17s%-14s%9s", (int)n, padded,
                                      without_year (pkt_json_text (g, "first")),
                                      without_year (pkt_json_text (g, "last")), count));
  g_autofree char *rule = g_strnfill (76 - 8 - strlen (n < 10 ? "1" : "10"), '=');
  pkt_json_set_text (o, "title", g_strdup_printf ("====  %d  %s", (int)n, rule));
  if (pkt_json_text (g, "stage"))
    pkt_json_set_text (o, "stage", stage_text (g));
  pkt_json_set_text (o, "stream", stream_text (f, n));
  pkt_json_set_text (o, "by_ip", pkt_view_counts ("By IP", json_object_get (g, "by_ip")));
  pkt_json_set_text (o, "by_domain",
                     pkt_view_counts ("By domain", json_object_get (g, "by_domain")));
  pkt_view_days (o, g);
  pkt_json_set_text (o, "txn", txn_text (g));
  json_object_set_new (o, "samples", samples_view (json_object_get (g, "samples")));
  const json_t *neighbour = json_object_get (g, "neighbour");
  json_object_set_new (o, "neighbour",
                       json_is_object (neighbour) ? sample_view (neighbour) : json_null ());
  gboolean leads = json_is_true (json_object_get (g, "leads")),
           temporary = json_is_true (json_object_get (g, "temporary"));
  json_object_set_new (o, "aside", json_boolean (temporary && !leads));
  json_object_set_new (o, "tells_txn", json_boolean (!temporary));
  json_object_set_new (o, "session", session_view (json_object_get (g, "session")));
  return o;
}

/* "550 5.1.1 unknown user 11, 552 5.2.2 over quota 23: handled by us,"; without these words where
 * unknown users got mail again. */
static json_t *
recipient_line (const json_t *f)
{
  const json_t *answers = json_object_get (f, "recipient_answers"), *a;
  GString *s = g_string_new (NULL);
  gsize i;
  json_array_foreach ((json_t *)answers, i, a)
  {
    g_autofree char *count = pkt_text_count (pkt_json_number (a, "count"));
    g_string_append_printf (s, "%s%s %s %s", i ? ", " : "", pkt_json_text (a, "short"),
                            pkt_json_text (a, "what"), count);
  }
  g_string_append (s, json_is_true (json_object_get (f, "recipients_again")) ? ","
                                                                             : ": handled by us,");
  g_autofree char *line = g_strchomp (
      pkt_text_wrap (s->str, PKT_TEXT_COLUMNS, "       ", "       "));
  g_string_free (s, TRUE);
  return i ? json_string (line) : json_null ();
}

/* "mta1.example.com (192.0.2.10)" of each IP that is listed, and those that the counts hold beside
 * them. char *. */
static GPtrArray *
source_hosts (const json_t *f)
{
  const json_t *ips = json_object_get (f, "ips"),
               *others = json_object_get (json_object_get (f, "other_ips"), "ips");
  GPtrArray *hosts = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < json_array_size (ips); i++) {
    const json_t *ip = json_array_get (ips, i);
    const char *helo = pkt_json_text (ip, "helo"), *address = pkt_json_text (ip, "ip");
    g_ptr_array_add (hosts, helo ? g_strdup_printf ("%s (%s)", helo, address) : g_strdup (address));
  }
  for (gsize i = 0; i < json_array_size (others); i++)
    g_ptr_array_add (hosts, g_strdup (json_string_value (json_array_get (others, i))));
  return hosts;
}

/* Some answer came to an IP that is known; else bounces and exports need not be of those listed,
 * which a sample may have shown. */
static gboolean
names_an_ip (const json_t *f)
{
  const json_t *group, *ip;
  gsize i, k;
  json_array_foreach (json_object_get (f, "errors"), i, group) json_array_foreach (
      json_object_get (group, "by_ip"), k,
      ip) if (g_hostname_is_ip_address (pkt_json_text (ip, "name"))) return TRUE;
  return FALSE;
}

/* "Postfix logs of mta1.example.com (192.0.2.10) and mta2.example.com (192.0.2.11)" */
static char *
source_text (const json_t *f)
{
  g_autoptr (GPtrArray) hosts = source_hosts (f);
  const json_t *source = json_object_get (f, "source");
  const char *formats = pkt_json_text (source, "formats");
  const gboolean unnamed = (formats == NULL || strstr (formats, " logs") == NULL)
                           && !names_an_ip (f);
  const guint n = unnamed ? 0 : MIN (hosts->len, SOURCE_IPS), more = unnamed ? 0 : hosts->len - n;
  GString *s = g_string_new (formats && *formats ? formats : "our mail logs");
  g_string_append (s, n ? " of " : "");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (s, "%s%s",
                            i == 0                ? ""
                            : i + 1 == n && !more ? " and "
                                                  : ", ",
                            (const char *)g_ptr_array_index (hosts, i));
  if (more)
    g_string_append_printf (s, " and %u more", more);
  if (pkt_json_text (source, "first"))
    g_string_append_printf (s, ", from %.10s on", pkt_json_text (source, "first"));
  g_autofree char *indent = g_strnfill (PKT_VIEW_KEY, ' '),
                  *text = pkt_text_wrap (s->str, PKT_TEXT_COLUMNS, "Source    ", indent);
  g_string_free (s, TRUE);
  return g_strchomp (g_steal_pointer (&text));
}

/* "Groups 1 and 2 count", "group 3 counts"; empty when there is none of the kind. */
static char *
groups_that_count (const json_t *groups, gboolean temporary)
{
  GString *s = g_string_new (NULL);
  json_int_t numbers[100];
  gsize n = 0;
  for (gsize i = 0; i < json_array_size (groups) && n < G_N_ELEMENTS (numbers); i++)
    if (json_is_true (json_object_get (json_array_get (groups, i), "temporary")) == temporary)
      numbers[n++] = pkt_json_number (json_array_get (groups, i), "number");
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (s, "%s%" JSON_INTEGER_FORMAT,
                            i == 0       ? (n > 1 ? "groups " : "group ")
                            : i + 1 == n ? " and "
                                         : ", ",
                            numbers[i]);
  if (n)
    g_string_append (s, n > 1 ? " count" : " counts");
  return g_string_free (s, FALSE);
}

static char *
counts_text (const json_t *f)
{
  const json_t *groups = json_object_get (f, "errors");
  g_autofree char *final = groups_that_count (groups, FALSE),
                  *tries = groups_that_count (groups, TRUE);
  GString *s = g_string_new ("recipients");
  if (json_is_true (json_object_get (f, "one_per_message")))
    g_string_append (s, "; here each recipient is one message, one transaction");
  g_string_append (s, ". G"); /* "group" or "groups" begins the sentence */
  if (*final)
    g_string_append_printf (s, "%s final answers", final + 1);
  if (*tries)
    g_string_append_printf (s, "%s%s tries", *final ? ", " : "", *final ? tries : tries + 1);
  if (*tries && json_is_true (json_object_get (json_object_get (f, "source"), "few_tries")))
    g_string_append (s, ", of which the source may not hold all");
  g_string_append_c (s, '.');
  char *line = pkt_view_wrapped ("Counts", s->str);
  g_string_free (s, TRUE);
  return line;
}

/* "1.A" where the sample that proves the clock stands in the text. */
static char *
zone_sample (const json_t *f)
{
  const char *proof = pkt_json_text (json_object_get (f, "source"), "zone_proof");
  gsize i;
  json_t *g;
  json_array_foreach (json_object_get (f, "errors"), i, g)
  {
    const json_t *neighbour = json_object_get (g, "neighbour");
    if (proof && g_strcmp0 (pkt_json_text (neighbour, "remote_queue_id"), proof) == 0)
      return g_strdup (pkt_json_text (neighbour, "id"));
  }
  return g_strdup ("an accepted sample");
}

/* Where the figures begin: at the start, with the logs where these begin later. */
static const char *
since_text (const json_t *f)
{
  const char *from = pkt_json_text (f, "counted_from"), *started = pkt_json_text (f, "started"),
             *first = pkt_json_text (json_object_get (f, "source"), "first");
  if (from)
    return from;
  return first && g_strcmp0 (started, first) < 0 ? first : started;
}

void
pkt_view_errors (json_t *view, const json_t *f)
{
  json_t *groups = json_array (), *g;
  gsize i;
  json_array_foreach (json_object_get (f, "errors"), i, g)
      json_array_append_new (groups, group_view (f, g));
  const char *variant = pkt_json_text (f, "variant");
  json_object_set_new (
      view, "people",
      json_boolean (g_strcmp0 (variant, "personal") == 0 || g_strcmp0 (variant, "forwarded") == 0));
  json_object_set_new (view, "groups", groups);
  pkt_json_set_text (view, "source_line", source_text (f));
  pkt_json_set_text (view, "counts_line", counts_text (f));
  pkt_json_set_text (view, "zone_sample", zone_sample (f));
  pkt_json_set_text (view, "since", g_strdup (since_text (f)));
  g_autofree char *accepted = pkt_text_count (pkt_json_number (f, "accepted"));
  json_object_set_new (view, "accepted_line",
                       json_is_integer (json_object_get (f, "accepted")) ? json_sprintf (
                           "       %-28s%40s", "accepted in the same period", accepted)
                                                                         : json_null ());
  json_object_set_new (view, "recipient_line", recipient_line (f));
}
