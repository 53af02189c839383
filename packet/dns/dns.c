#include "packet/dns/dns.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"

#define MAX_LABEL 63

struct PktDns {
  GHashTable *answers; /* "TXT example.com" to PktDnsAnswer*; NULL: asked, still open */
  PktDnsSource source;
  gpointer data;
  guint open;
  char *secret; /* lower case; NULL */
};

static void
free_answer (gpointer p)
{
  if (p)
    pkt_dns_answer_free (p);
}

PktDns *
pkt_dns_new (PktDnsSource source, gpointer data)
{
  PktDns *dns = g_new0 (PktDns, 1);
  dns->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_answer);
  dns->source = source;
  dns->data = data;
  return dns;
}

void
pkt_dns_free (PktDns *dns)
{
  g_hash_table_unref (dns->answers);
  g_free (dns->secret);
  g_free (dns);
}

guint
pkt_dns_open (const PktDns *dns)
{
  return dns->open;
}

char *
pkt_dns_name (const char *text)
{
  gsize n = strlen (text), label = 0;
  if (n > 0 && text[n - 1] == '.')
    n--;
  if (n == 0 || n > PKT_DNS_MAX_NAME)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    if (!g_ascii_isprint (text[i]))
      return NULL;
    if (text[i] != '.') {
      if (++label > MAX_LABEL)
        return NULL;
    } else if (label == 0)
      return NULL;
    else
      label = 0;
  }
  return label ? g_ascii_strdown (text, (gssize)n) : NULL;
}

static char *
key_of (const char *name, PktDnsType type)
{
  return g_strdup_printf ("%s %s", pkt_dns_type_name (type), name);
}

static PktDnsAnswer *
refused (const char *name, PktDnsType type, PktDnsStatus status, const char *problem)
{
  PktDnsAnswer *a = pkt_dns_answer_new (name, type, status);
  a->problem = g_strdup (problem);
  return a;
}

static PktDnsAnswer *
ask_source (PktDns *dns, const char *name, const char *written, PktDnsType type)
{
  if (name == NULL)
    return refused (written, type, PKT_DNS_NXDOMAIN, "this is no name that DNS can hold");
  if (g_hash_table_size (dns->answers) >= PKT_DNS_MAX_QUESTIONS)
    return refused (name, type, PKT_DNS_NOT_ASKED, "not asked: too many questions in one run");
  return dns->source (dns->data, name, type);
}

const PktDnsAnswer *
pkt_dns_ask (PktDns *dns, const char *written, PktDnsType type)
{
  g_autofree char *name = pkt_dns_name (written);
  g_autofree char *key = key_of (name ? name : written, type);
  gpointer known = NULL;
  if (g_hash_table_lookup_extended (dns->answers, key, NULL, &known))
    return known;
  PktDnsAnswer *answer = ask_source (dns, name, written, type);
  dns->open += answer == NULL;
  g_hash_table_insert (dns->answers, g_steal_pointer (&key), answer);
  return answer;
}

void
pkt_dns_put (PktDns *dns, PktDnsAnswer *answer)
{
  g_autofree char *key = key_of (answer->name, answer->type);
  gpointer known = NULL;
  gboolean asked = g_hash_table_lookup_extended (dns->answers, key, NULL, &known);
  if (known) {
    pkt_dns_answer_free (answer);
    return;
  }
  dns->open -= asked;
  g_hash_table_insert (dns->answers, g_steal_pointer (&key), answer);
}

void
pkt_dns_hide (PktDns *dns, const char *secret)
{
  g_free (dns->secret);
  dns->secret = secret && *secret ? g_ascii_strdown (secret, -1) : NULL;
}

static char *
without (const char *text, const char *secret)
{
  g_auto (GStrv) parts = g_strsplit (text, secret, -1);
  return g_strjoinv (PKT_DNS_HIDDEN, parts);
}

static void
hide (json_t *entry, const char *secret)
{
  static const char *const keys[] = { "name", "problem" };
  json_t *aliases = json_object_get (entry, "aliases");
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (pkt_json_text (entry, keys[i]))
      pkt_json_set_text (entry, keys[i], without (pkt_json_text (entry, keys[i]), secret));
  for (gsize i = 0; i < json_array_size (aliases); i++) {
    g_autofree char *clean = without (json_string_value (json_array_get (aliases, i)), secret);
    json_array_set_new (aliases, i, json_string (clean));
  }
}

static int
by_question (gconstpointer a, gconstpointer b)
{
  const PktDnsAnswer *x = *(PktDnsAnswer *const *)a, *y = *(PktDnsAnswer *const *)b;
  int names = strcmp (x->name, y->name);
  return names ? names : (int)x->type - (int)y->type;
}

json_t *
pkt_dns_json (const PktDns *dns)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer answer;
  g_hash_table_iter_init (&iter, dns->answers);
  while (g_hash_table_iter_next (&iter, NULL, &answer))
    if (answer && ((PktDnsAnswer *)answer)->status != PKT_DNS_NOT_ASKED)
      g_ptr_array_add (sorted, answer);
  g_ptr_array_sort (sorted, by_question);
  json_t *root = json_object (), *list = json_array ();
  for (guint i = 0; i < sorted->len; i++)
    json_array_append_new (list, pkt_dns_answer_json (sorted->pdata[i]));
  for (gsize i = 0; dns->secret && i < json_array_size (list); i++)
    hide (json_array_get (list, i), dns->secret);
  json_object_set_new (root, "version", json_integer (1));
  json_object_set_new (root, "answers", list);
  return root;
}

static PktDnsAnswer *
not_asked (gpointer problem, const char *name, PktDnsType type)
{
  return refused (name, type, PKT_DNS_NOT_ASKED, problem);
}

/* A run that asks nobody: every answer is PKT_DNS_NOT_ASKED with `problem` (static). */
static PktDns *
offline (const char *problem)
{
  return pkt_dns_new (not_asked, (gpointer)problem);
}

static gboolean
take_entries (PktDns *dns, const char *path, const json_t *list, GError **error)
{
  gsize i;
  json_t *entry;
  json_array_foreach (list, i, entry)
  {
    PktDnsAnswer *a = pkt_dns_answer_from_json (entry);
    if (a == NULL) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                   "%s: $.answers[%" G_GSIZE_FORMAT "]: is no answer: it needs name, type "
                   "(A, AAAA, TXT, MX, PTR, SOA) and status",
                   path, i);
      return FALSE;
    }
    pkt_dns_put (dns, a);
  }
  return TRUE;
}

PktDns *
pkt_dns_replay (const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (path, PKT_DNS_MAX_REPLAY, &n, error);
  if (bytes == NULL)
    return NULL;
  json_error_t where;
  g_autoptr (json_t) root = json_loadb (bytes, n, 0, &where);
  const json_t *list = json_object_get (root, "answers");
  if (root == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s:%d:%d: %s", path, where.line, where.column,
                 where.text);
    return NULL;
  }
  if (!json_is_array (list) || pkt_json_number (root, "version") != 1) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no dns.json of version 1; 'postpacket check --online --dns-save FILE' "
                 "writes one, and 'build --online' puts one into the packet",
                 path);
    return NULL;
  }
  g_autoptr (PktDns) dns = offline ("not in the replayed answers");
  return take_entries (dns, path, list, error) ? g_steal_pointer (&dns) : NULL;
}
