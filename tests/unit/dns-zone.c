#include "tests/unit/dns-zone.h"
#include "packet/base/slice.h"

guint dns_zone_questions;

static const json_t *
rows_of (const json_t *zone, const char *name)
{
  const char *key;
  json_t *rows;
  json_object_foreach ((json_t *)zone, key, rows)
  {
    g_autofree char *plain = g_strdup (key);
    gsize n = strlen (plain);
    if (n && plain[n - 1] == '.')
      plain[n - 1] = '\0';
    if (g_ascii_strcasecmp (plain, name) == 0)
      return rows;
  }
  return NULL;
}

static const json_t *
value_of (const json_t *row, PktDnsType type, gboolean has_txt)
{
  const json_t *v = json_object_get (row, pkt_dns_type_name (type));
  if (v == NULL && type == PKT_DNS_TXT && !has_txt)
    v = json_object_get (row, "SPF");
  return g_strcmp0 (json_string_value (v), "NONE") == 0 ? NULL : v;
}

static void
add (PktDnsAnswer *a, const json_t *v)
{
  if (json_is_string (v)) {
    gsize n = json_string_length (v);
    const char *s = json_string_value (v);
    if (a->type != PKT_DNS_TXT && n && s[n - 1] == '.')
      n--;
    g_autofree char *text = a->type == PKT_DNS_TXT ? NULL : g_ascii_strdown (s, (gssize)n);
    pkt_dns_answer_add (a, text ? text : s, n, 0);
    return;
  }
  if (a->type == PKT_DNS_MX) {
    const char *host = json_string_value (json_array_get (v, 1));
    pkt_dns_answer_add (a, host, strlen (host), (guint)json_integer_value (json_array_get (v, 0)));
    return;
  }
  GString *joined = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (v); i++)
    g_string_append (joined, json_string_value (json_array_get (v, i)));
  pkt_dns_answer_add (a, joined->str, joined->len, 0);
  g_string_free (joined, TRUE);
}

static void
fill (PktDnsAnswer *a, const json_t *zone, const char *name, guint depth)
{
  const json_t *rows = rows_of (zone, name), *row;
  gboolean has_txt = FALSE;
  a->status = rows ? PKT_DNS_NODATA : PKT_DNS_NXDOMAIN;
  for (gsize i = 0; i < json_array_size (rows); i++)
    has_txt |= json_object_get (json_array_get (rows, i), "TXT") != NULL;
  for (gsize i = 0; i < json_array_size (rows); i++) {
    row = json_array_get (rows, i);
    const json_t *v = value_of (row, a->type, has_txt);
    const char *alias = json_string_value (json_object_get (row, "CNAME"));
    if (g_strcmp0 (json_string_value (v ? v : row), "TIMEOUT") == 0) {
      if (a->records->len == 0)
        a->status = PKT_DNS_TIMEOUT;
      return;
    }
    if (v) {
      add (a, v);
      a->status = PKT_DNS_FOUND;
    } else if (alias && depth < 8)
      fill (a, zone, alias, depth + 1);
  }
}

static PktDnsAnswer *
answer (gpointer zone, const char *name, PktDnsType type)
{
  PktDnsAnswer *a = pkt_dns_answer_new (name, type, PKT_DNS_NXDOMAIN);
  dns_zone_questions++;
  fill (a, zone, name, 0);
  return a;
}

PktDns *
dns_zone_new (const json_t *zone)
{
  return pkt_dns_new (answer, (gpointer)zone);
}
