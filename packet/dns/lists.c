#include "packet/dns/lists.h"
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/dns/dmarc.h"
#include "packet/dns/ip.h"

struct PktLists {
  json_t *root;
  char *key;
};

typedef enum { NOT_LISTED, LISTED, UNKNOWN } Verdict;

typedef struct {
  Verdict verdict;
  char *why; /* the codes' meaning, or why it is unknown */
} Outcome;

static void
outcome_clear (Outcome *o)
{
  g_free (o->why);
  *o = (Outcome){ 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

PktLists *
pkt_lists_new (const char *dqs_key, GError **error)
{
  for (const char *p = dqs_key; p && *p; p++)
    if (!g_ascii_isalnum (*p) && *p != '-') {
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "the DQS key holds more than letters, digits and hyphens");
      return NULL;
    }
  PktSlice data = pkt_data ("lists.json");
  PktLists *l = g_new0 (PktLists, 1);
  l->root = json_loadb (data.p, data.n, 0, NULL);
  l->key = g_strdup (dqs_key);
  g_assert (l->root); /* built in, and tested */
  return l;
}

void
pkt_lists_free (PktLists *l)
{
  json_decref (l->root);
  g_free (l->key);
  g_free (l);
}

/* The name to ask for `left` in a list; caller frees. */
static char *
question (const PktLists *l, const json_t *list, const char *left)
{
  const char *dqs = pkt_json_text (list, "dqs");
  if (l->key == NULL || dqs == NULL)
    return g_strdup_printf ("%s.%s", left, pkt_json_text (list, "zone"));
  return g_strdup_printf ("%s.%s%s", left, l->key, strstr (dqs, "{key}") + strlen ("{key}"));
}

static void
unknown (Outcome *o, char *why_taken)
{
  o->verdict = UNKNOWN;
  g_free (o->why);
  o->why = why_taken;
}

/* What one address means; NULL: nothing known. Caller frees. */
static char *
meaning (const json_t *list, const char *address, const PktIp *ip)
{
  const char *word = pkt_json_text (json_object_get (list, "codes"), address), *bit;
  GString *s = g_string_new (word);
  json_t *name;
  json_object_foreach (json_object_get (list, "mask"), bit, name)
  {
    if (ip->bytes[3] & g_ascii_strtoull (bit, NULL, 10))
      g_string_append_printf (s, "%s%s", s->len ? ", " : "", json_string_value (name));
  }
  return g_string_free (s, s->len == 0);
}

/* An error among the answers makes all of them one. */
static void
read_address (Outcome *o, const json_t *list, const char *address)
{
  PktIp ip;
  const char *error = pkt_json_text (json_object_get (list, "errors"), address);
  if (!pkt_ip_parse (address, &ip) || ip.six || ip.bytes[0] != 127) {
    unknown (o, g_strdup_printf ("the answer %s comes from a resolver that rewrites", address));
    return;
  }
  g_autofree char *word = error ? NULL : meaning (list, address, &ip);
  if (error || word == NULL) {
    unknown (o, error ? g_strdup (error) : g_strdup_printf ("the answer %s is not known", address));
    return;
  }
  if (o->verdict == UNKNOWN)
    return;
  o->verdict = LISTED;
  char *both = o->why ? g_strdup_printf ("%s, %s", o->why, word) : g_strdup (word);
  g_free (o->why);
  o->why = both;
}

/* FALSE: still to come. */
static gboolean
look (const PktLists *l, const json_t *list, PktDns *dns, const char *left, Outcome *out)
{
  g_autofree char *name = question (l, list, left);
  const PktDnsAnswer *a = pkt_dns_ask (dns, name, PKT_DNS_A);
  *out = (Outcome){ NOT_LISTED, NULL };
  if (a == NULL)
    return FALSE;
  if (pkt_dns_answer_is_unknown (a))
    unknown (out, pkt_dns_answer_text (a));
  for (guint i = 0; i < a->records->len; i++)
    read_address (out, list, pkt_dns_answer_get (a, i)->text);
  return TRUE;
}

static char *
left_part (const char *thing)
{
  PktIp ip;
  return pkt_ip_parse (thing, &ip) ? pkt_ip_reversed (&ip) : g_strdup (thing);
}

/* Does the list list what it must, and not what it must not? FALSE: still to come. */
static gboolean
test_list (const PktLists *l, const json_t *list, PktDns *dns, Outcome *out)
{
  const json_t *test = json_object_get (list, "test");
  g_autofree char *must = left_part (pkt_json_text (test, "listed")),
                  *must_not = left_part (pkt_json_text (test, "clear"));
  g_auto (Outcome) yes = { 0 }, no = { 0 };
  gboolean one = look (l, list, dns, must, &yes), two = look (l, list, dns, must_not, &no);
  *out = (Outcome){ NOT_LISTED, NULL };
  if (yes.verdict == UNKNOWN || no.verdict == UNKNOWN)
    unknown (out, g_strdup (yes.verdict == UNKNOWN ? yes.why : no.why));
  else if (yes.verdict == NOT_LISTED)
    unknown (out, g_strdup ("it does not list its own test point through this resolver"));
  else if (no.verdict == LISTED)
    unknown (out, g_strdup ("it lists its own negative test point: it lists everything"));
  return one && two;
}

/* One row; NULL: still to come. */
static PktCheck *
check_one (const PktLists *l, const json_t *list, PktDns *dns, const char *subject,
           const char *left)
{
  g_auto (Outcome) test = { 0 }, o = { 0 };
  gboolean one = test_list (l, list, dns, &test), two = look (l, list, dns, left, &o);
  if (!one || !two)
    return NULL;
  const char *name = pkt_json_text (list, "name");
  if (test.verdict == UNKNOWN)
    unknown (&o, g_steal_pointer (&test.why));
  static const struct {
    const char *rule, *word;
    PktCheckState state;
  } rows[] = { [NOT_LISTED] = { "list-clear", "not listed", PKT_CHECK_OK },
               [LISTED] = { "list-listed", "listed", PKT_CHECK_BAD },
               [UNKNOWN] = { "list-unknown", "unknown", PKT_CHECK_UNKNOWN } };
  PktCheck *c = pkt_check_new (
      "lists", rows[o.verdict].rule, rows[o.verdict].state, subject,
      o.why ? g_strdup_printf ("%s: %s (%s)", name, rows[o.verdict].word, o.why)
            : g_strdup_printf ("%s: %s", name, rows[o.verdict].word));
  pkt_check_set (c, "list", pkt_json_text (list, "id"));
  pkt_check_set (c, "name", name);
  pkt_check_set (c, "asked", left);
  pkt_check_set (c, "result", rows[o.verdict].word);
  pkt_check_set (c, "why", o.why);
  pkt_check_set (c, "link", pkt_json_text (list, "link"));
  return c;
}

/* All lists are asked together. */
static gboolean
check_all (const PktLists *l, PktDns *dns, const char *subject, const PktIp *ip, GPtrArray *rows)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_check_free);
  g_autofree char *whole = ip ? pkt_ip_reversed (ip) : g_ascii_strdown (subject, -1),
                  *registrable = ip ? NULL : pkt_dmarc_list_organizational (whole);
  gboolean complete = TRUE;
  gsize i;
  json_t *list;
  json_array_foreach (json_object_get (l->root, "lists"), i, list)
  {
    gboolean for_ips = g_strcmp0 (pkt_json_text (list, "kind"), "ip") == 0;
    if (for_ips != (ip != NULL)
        || (ip && ip->six && !json_is_true (json_object_get (list, "ipv6"))))
      continue;
    const char *ask = pkt_json_text (list, "ask");
    PktCheck *c = check_one (l, list, dns, subject,
                             registrable && g_strcmp0 (ask, "registrable") == 0 ? registrable
                                                                                : whole);
    complete &= c != NULL;
    if (c)
      g_ptr_array_add (added, c);
  }
  if (!complete)
    return FALSE;
  g_ptr_array_set_free_func (added, NULL);
  for (guint k = 0; k < added->len; k++)
    g_ptr_array_add (rows, added->pdata[k]);
  return TRUE;
}

gboolean
pkt_lists_check_ip (const PktLists *l, PktDns *dns, const char *text, GPtrArray *rows)
{
  PktIp ip;
  return !pkt_ip_parse (text, &ip) || check_all (l, dns, text, &ip, rows);
}

gboolean
pkt_lists_check_host (const PktLists *l, PktDns *dns, const char *host, GPtrArray *rows)
{
  PktIp ip;
  return pkt_ip_parse (host, &ip) ? check_all (l, dns, host, &ip, rows)
                                  : check_all (l, dns, host, NULL, rows);
}
