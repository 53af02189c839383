#include "packet/run/check-report.h"
#include "packet/apple/relay.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define WIDTH 100
#define MAX_SUBJECT 44

guint
pkt_checks_count (const PktChecks *c, PktCheckState state)
{
  guint n = 0;
  for (guint i = 0; i < c->rows->len; i++)
    n += ((const PktCheck *)c->rows->pdata[i])->state == state;
  return n;
}

static json_t *
row_json (const PktCheck *c)
{
  static const char *const advice[] = { "why", "mend", "verify" };
  json_t *o = json_object ();
  json_object_set_new (o, "kind", json_string (c->kind));
  json_object_set_new (o, "rule", json_string (c->rule));
  json_object_set_new (o, "state", json_string (pkt_check_state_name (c->state)));
  json_object_set_new (o, "subject", pkt_json_string (c->subject));
  json_object_set_new (o, "found", pkt_json_string (c->found));
  for (gsize i = 0; i < G_N_ELEMENTS (advice); i++)
    json_object_set_new (o, advice[i], pkt_json_string (pkt_check_advice (c->rule, advice[i])));
  json_object_update_missing (o, c->detail);
  return o;
}

json_t *
pkt_checks_json (const PktChecks *c)
{
  json_t *o = json_object (), *rows = json_array ();
  for (guint i = 0; i < c->rows->len; i++)
    json_array_append_new (rows, row_json (c->rows->pdata[i]));
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "asked_at", pkt_json_time (c->at));
  json_object_set_new (o, "questions", json_integer (c->questions));
  json_object_set_new (o, "findings", json_integer (pkt_checks_count (c, PKT_CHECK_BAD)));
  json_object_set_new (o, "checks", rows);
  return o;
}

static void
append_wrapped (GString *s, const char *head, const char *text)
{
  if (text == NULL)
    return;
  g_autofree char *wrapped = pkt_text_wrap (text, WIDTH, head, "           ");
  g_string_append (s, wrapped);
}

/* One rule: all that it was found on, then the advice once. */
static void
append_rule (GString *s, const PktChecks *c, const PktCheck *first)
{
  for (guint i = 0; i < c->rows->len; i++) {
    const PktCheck *row = g_ptr_array_index (c->rows, i);
    if (!g_str_equal (row->rule, first->rule) || row->state != first->state)
      continue;
    g_autofree char *line = g_strdup_printf ("%s: %s.", row->subject, row->found);
    append_wrapped (s, "  ", line);
  }
  append_wrapped (s, "    why    ", pkt_check_advice (first->rule, "why"));
  append_wrapped (s, "    mend   ", pkt_check_advice (first->rule, "mend"));
  append_wrapped (s, "    verify ", pkt_check_advice (first->rule, "verify"));
}

static gboolean
is_first_of_rule (const PktChecks *c, guint at)
{
  const PktCheck *row = g_ptr_array_index (c->rows, at);
  for (guint i = 0; i < at; i++) {
    const PktCheck *before = g_ptr_array_index (c->rows, i);
    if (before->state == row->state && g_str_equal (before->rule, row->rule))
      return FALSE;
  }
  return TRUE;
}

static void
append_state (GString *s, const PktChecks *c, PktCheckState state, const char *heading)
{
  if (pkt_checks_count (c, state) == 0)
    return;
  g_string_append_printf (s, "%s\n", heading);
  for (guint i = 0; i < c->rows->len; i++) {
    const PktCheck *row = g_ptr_array_index (c->rows, i);
    if (row->state != state || !is_first_of_rule (c, i))
      continue;
    g_string_append_printf (s, "\n%s\n", row->rule);
    append_rule (s, c, row);
  }
  g_string_append_c (s, '\n');
}

/* Not listed, by how many lists in turn: they share one line. */
static guint
clear_lists (const PktChecks *c, guint at, char **out_found)
{
  const PktCheck *first = g_ptr_array_index (c->rows, at);
  GString *names = g_string_new (NULL);
  guint n = 0;
  for (; at + n < c->rows->len; n++) {
    const PktCheck *row = g_ptr_array_index (c->rows, at + n);
    if (!g_str_equal (row->rule, "list-clear") || !g_str_equal (row->subject, first->subject))
      break;
    g_string_append_printf (names, "%s%s", n ? ", " : "", pkt_json_text (row->detail, "name"));
  }
  g_string_append (names, ": not listed");
  *out_found = g_string_free (names, FALSE);
  return n;
}

static void
append_table (GString *s, const PktChecks *c)
{
  gsize width = 8;
  for (guint i = 0; i < c->rows->len; i++) {
    gsize own = pkt_text_width (((const PktCheck *)c->rows->pdata[i])->subject);
    width = MAX (width, MIN (own, MAX_SUBJECT));
  }
  g_autofree char *head = pkt_text_pad ("OF", width, FALSE);
  g_string_append_printf (s, "STATE    CHECK    %s  FOUND\n", head);
  for (guint i = 0, n = 1; i < c->rows->len; i += MAX (n, 1)) {
    const PktCheck *row = g_ptr_array_index (c->rows, i);
    g_autofree char *subject = pkt_text_pad (row->subject, width, FALSE), *lists = NULL;
    n = clear_lists (c, i, &lists);
    g_string_append_printf (s, "%-7s  %-7s  %s  %s\n", pkt_check_state_name (row->state), row->kind,
                            subject, n ? lists : row->found);
  }
}

static void
append_totals (GString *s, const PktChecks *c, const PktIdentity *id)
{
  guint bad = pkt_checks_count (c, PKT_CHECK_BAD),
        unknown = pkt_checks_count (c, PKT_CHECK_UNKNOWN);
  g_string_append_printf (s, "\n%u IP%s, %u From domain%s, %u DKIM key%s: %u finding%s",
                          id->ips->len, id->ips->len == 1 ? "" : "s", id->from->len,
                          id->from->len == 1 ? "" : "s", id->keys->len,
                          id->keys->len == 1 ? "" : "s", bad, bad == 1 ? "" : "s");
  if (unknown)
    g_string_append_printf (s, ", %u could not be found out", unknown);
  if (c->dns) {
    g_autofree char *at = c->at == PKT_NO_TIME
                              ? g_strdup ("")
                              : pkt_clock_format (c->at, NULL,
                                                  ", the last answer %Y-%m-%d %H:%M:%S "
                                                  "UTC");
    g_string_append_printf (s, "; %u question%s to DNS%s.\n", c->questions,
                            c->questions == 1 ? "" : "s", at);
  } else
    g_string_append (s, "; nobody was asked: --online asks DNS.\n");
  if (id->cut)
    g_string_append_printf (s, "More than %d of a kind: the rest was left out.\n",
                            PKT_IDENTITY_MAX);
}

char *
pkt_checks_text (const PktChecks *c, const PktIdentity *id)
{
  GString *s = g_string_new (NULL);
  append_state (s, c, PKT_CHECK_BAD, "TO MEND");
  append_state (s, c, PKT_CHECK_NOTE, "TO KNOW");
  append_state (s, c, PKT_CHECK_UNKNOWN, "NOT FOUND OUT");
  if (c->rows->len)
    append_table (s, c);
  append_totals (s, c, id);
  return g_string_free (s, FALSE);
}

static gboolean
is_address_byte (char c)
{
  return g_ascii_isalnum (c) || strchr (".!#$%&'*+-/=?^_`{|}~", c) != NULL;
}

static void
take_addresses (const char *text, GPtrArray *out)
{
  for (const char *at = strchr (text, '@'); at; at = strchr (at + 1, '@')) {
    const char *from = at, *to = at + 1;
    while (from > text && is_address_byte (from[-1]) && from[-1] != '=')
      from--;
    while (g_ascii_isalnum (*to) || *to == '-' || *to == '.')
      to++;
    while (to > at + 1 && to[-1] == '.')
      to--;
    PktSlice domain = pkt_slice (at + 1, (gsize)(to - at) - 1);
    if (from < at && domain.n > 0 && g_str_equal (pkt_relay_domain_class (domain), "custom"))
      g_ptr_array_add (out, g_strndup (from, (gsize)(to - from)));
  }
}

void
pkt_checks_addresses (const PktChecks *c, GPtrArray *out)
{
  gsize i, k;
  json_t *answer, *record;
  json_array_foreach (json_object_get (c->dns, "answers"), i, answer)
      json_array_foreach (json_object_get (answer, "records"), k, record)
          take_addresses (json_string_value (record), out);
}
