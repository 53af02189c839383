/* What a follow-up says of what changed: each sentence by the facts that it is true of. */
#include <glib.h>
#include <jansson.h>
#include "packet/base/json.h"
#include "packet/request/view-follow-up.h"

typedef struct {
  const char *name;
  const char *follow_up; /* facts beside kind, fresh and left */
  const char *kind, *ips;
  const char *verdict; /* NULL: none */
} Case;

#define ONE "[{'ip': '192.0.2.10'}]"
#define THREE "[{'ip': '192.0.2.10'}, {'ip': '192.0.2.11'}, {'ip': '192.0.2.12'}]"

static const Case cases[] = {
  { "as before", "", "no-answer", ONE, "Refusals go on." },
  { "fewer", "'moved': 'lower', 'counts_agree': true", "no-answer", ONE,
    "Refusals go on, fewer than before." },
  { "a lower rate of more mail", "'moved': 'lower', 'counts_agree': false", "reminder", ONE,
    "Refusals go on, at a lower rate than before." },
  { "more", "'moved': 'higher', 'counts_agree': true", "reminder", ONE,
    "Refusals go on, more than before." },
  { "a higher rate of less mail", "'moved': 'higher', 'counts_agree': false", "reminder", ONE,
    "Refusals go on, at a higher rate than before." },
  { "answered, and as it was", "'moved': 'same'", "answered", ONE,
    "So it is as it was. What is left comes with [CS01] from 192.0.2.10." },
  { "answered, too little mail to tell", "", "answered",
    "[{'ip': '192.0.2.10'}, {'ip': '192.0.2.11'}]",
    "What is left comes with [CS01] from both IPs." },
  { "answered, better", "'moved': 'lower', 'counts_agree': true", "answered", THREE,
    "So it is better, not over. What is left comes with [CS01] from 3 IPs." },
  { "answered, worse", "'moved': 'higher', 'counts_agree': true", "answered", "[]",
    "So it is not over, and there is more of it than before. What is left comes with [CS01]." },
  { "answered, a higher rate", "'moved': 'higher', 'counts_agree': false", "answered", "[]",
    "So it is not over, and its rate is higher than before. What is left comes with [CS01]." },
  { "another answer",
    "'new': [{'short': '550 5.7.1 [CS02]', 'count': 1203, 'first': '2026-06-01 08:00'}]",
    "reminder", ONE,
    "Refusals go on. New is [CS02]: 1,203 recipients since 2026-06-01 08:00 UTC." },
  { "one recipient of it",
    "'new': [{'short': '450 4.2.2', 'count': 1, 'first': '2026-06-01 08:00'}]", "reminder", ONE,
    "Refusals go on. New is 450 4.2.2: 1 recipient since 2026-06-01 08:00 UTC." },
  { "one that came no more",
    "'vanished': [{'short': '554 5.7.1 [HM08]', 'last': '2026-05-30 08:00'}]", "reminder", ONE,
    "Refusals go on. No [HM08] since 2026-05-30 08:00 UTC." },
  { "another IP, beside those of before", "'new_ips': ['192.0.2.12']", "reminder", THREE,
    "Refusals go on. Now from 192.0.2.12 as well." },
  { "other IPs alone", "'new_ips': ['192.0.2.10', '192.0.2.11', '192.0.2.12']", "reminder", THREE,
    "Refusals go on. Now from 192.0.2.10, 192.0.2.11 and 192.0.2.12." },
  { "more IPs than are named", "'new_ips': ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']",
    "reminder", ONE, "Refusals go on. Now from a, b, c, d, e, f, g, h and 2 more." },
  { "logs that end where those of before did", "'fresh': false", "reminder", ONE, NULL },
  { "nothing is refused any more", "'left': []", "reminder", ONE, NULL },
};

/* JSON written with ' for its quotes. */
static json_t *
facts_of (const Case *c)
{
  g_autofree char *more = c->follow_up && *c->follow_up ? g_strconcat (", ", c->follow_up, NULL)
                                                        : g_strdup ("");
  g_autofree char *text = g_strdup_printf (
      "{'ips': %s, 'domain': 'news.example.com', 'stated': {'stream': 'newsletter'}, 'follow_up': "
      "{'kind': '%s', 'fresh': true, 'left': [{'short': '554 5.7.1 [CS01]'}]%s}}",
      c->ips, c->kind, more);
  g_strdelimit (text, "'", '"');
  json_error_t e;
  json_t *facts = json_loads (text, 0, &e); /* a key again: the last one counts */
  g_assert_nonnull (facts);
  return facts;
}

static void
test_verdict (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (json_t) facts = facts_of (c), view = json_object ();
  pkt_view_follow_up (view, facts);
  const json_t *f = json_object_get (view, "follow_up");
  g_assert_cmpstr (pkt_json_text (f, "verdict"), ==, c->verdict);
  g_assert_cmpstr (pkt_json_text (f, "what"), ==, "news.example.com newsletter mail");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = g_strdelimit (g_strdup (cases[i].name), " ,", '-'),
                    *path = g_strconcat ("/request/follow-up/", words, NULL);
    g_test_add_data_func (path, &cases[i], test_verdict);
  }
  return g_test_run ();
}
