#include "packet/dns/answer.h"
#include "packet/base/json.h"

static const struct {
  PktDnsType type;
  const char *name;
} types[] = { { PKT_DNS_A, "A" },   { PKT_DNS_AAAA, "AAAA" }, { PKT_DNS_TXT, "TXT" },
              { PKT_DNS_MX, "MX" }, { PKT_DNS_PTR, "PTR" },   { PKT_DNS_SOA, "SOA" } };

static const char *const statuses[PKT_N_DNS_STATUSES]
    = { "found", "nodata", "nxdomain", "timeout", "failed", "malformed", "not-asked" };

const char *
pkt_dns_type_name (PktDnsType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].name;
  return "?";
}

static gboolean
parse_type (const char *name, PktDnsType *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, name) == 0) {
      *out = types[i].type;
      return TRUE;
    }
  return FALSE;
}

const char *
pkt_dns_status_name (PktDnsStatus status)
{
  return statuses[status];
}

static void
record_free (gpointer p)
{
  PktDnsRecord *r = p;
  g_free (r->text);
  g_free (r);
}

PktDnsAnswer *
pkt_dns_answer_new (const char *name, PktDnsType type, PktDnsStatus status)
{
  PktDnsAnswer *a = g_new0 (PktDnsAnswer, 1);
  a->name = g_strdup (name);
  a->type = type;
  a->status = status;
  a->time = PKT_NO_TIME;
  a->aliases = g_ptr_array_new_with_free_func (g_free);
  a->records = g_ptr_array_new_with_free_func (record_free);
  return a;
}

void
pkt_dns_answer_free (PktDnsAnswer *a)
{
  g_free (a->name);
  g_free (a->server);
  g_free (a->problem);
  g_ptr_array_unref (a->aliases);
  g_ptr_array_unref (a->records);
  g_free (a);
}

PktDnsRecord *
pkt_dns_answer_add (PktDnsAnswer *a, const char *text, gsize n, guint preference)
{
  PktDnsRecord *r = g_new0 (PktDnsRecord, 1);
  r->text = g_malloc (n + 1);
  if (n)
    memcpy (r->text, text, n);
  r->text[n] = '\0';
  r->n = n;
  r->preference = preference;
  g_ptr_array_add (a->records, r);
  return r;
}

const PktDnsRecord *
pkt_dns_answer_get (const PktDnsAnswer *a, guint i)
{
  return g_ptr_array_index (a->records, i);
}

gboolean
pkt_dns_answer_is_unknown (const PktDnsAnswer *a)
{
  return a->status >= PKT_DNS_TIMEOUT;
}

char *
pkt_dns_answer_text (const PktDnsAnswer *a)
{
  const char *server = a->server ? a->server : "the resolver";
  switch (a->status) {
  case PKT_DNS_FOUND:
    return g_strdup_printf ("%u %s record%s", a->records->len, pkt_dns_type_name (a->type),
                            a->records->len == 1 ? "" : "s");
  case PKT_DNS_NODATA:
    return g_strdup_printf ("there is no %s record", pkt_dns_type_name (a->type));
  case PKT_DNS_NXDOMAIN:
    return g_strdup ("the name does not exist");
  case PKT_DNS_TIMEOUT:
    return g_strdup_printf ("no answer from %s in time", server);
  case PKT_DNS_NOT_ASKED:
    return g_strdup (a->problem ? a->problem : "not asked");
  default:
    return g_strdup_printf ("%s: %s", server, a->problem ? a->problem : "failed");
  }
}

/* Printable ASCII with \DDD for all else. */
static char *
escape (const char *p, gsize n)
{
  GString *s = g_string_sized_new (n);
  for (gsize i = 0; i < n; i++)
    if (g_ascii_isprint (p[i]) && p[i] != '\\')
      g_string_append_c (s, p[i]);
    else
      g_string_append_printf (s, "\\%03u", (guchar)p[i]);
  return g_string_free (s, FALSE);
}

static GString *
unescape (const char *p)
{
  GString *s = g_string_new (NULL);
  for (; *p; p++)
    if (*p == '\\' && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]) && g_ascii_isdigit (p[3])) {
      g_string_append_c (s, (char)((p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0')));
      p += 3;
    } else
      g_string_append_c (s, *p);
  return s;
}

json_t *
pkt_dns_answer_json (const PktDnsAnswer *a)
{
  json_t *o = json_object (), *aliases = json_array (), *records = json_array ();
  for (guint i = 0; i < a->aliases->len; i++)
    json_array_append_new (aliases, pkt_json_string (a->aliases->pdata[i]));
  for (guint i = 0; i < a->records->len; i++) {
    const PktDnsRecord *r = pkt_dns_answer_get (a, i);
    g_autofree char *text = escape (r->text, r->n);
    json_array_append_new (records, a->type == PKT_DNS_MX
                                        ? json_sprintf ("%u %s", r->preference, text)
                                        : json_string (text));
  }
  g_autofree char *name = escape (a->name, strlen (a->name));
  json_object_set_new (o, "name", json_string (name));
  json_object_set_new (o, "type", json_string (pkt_dns_type_name (a->type)));
  json_object_set_new (o, "status", json_string (pkt_dns_status_name (a->status)));
  json_object_set_new (o, "server", pkt_json_string (a->server));
  json_object_set_new (o, "time", pkt_json_time (a->time));
  json_object_set_new (o, "aliases", aliases);
  json_object_set_new (o, "records", records);
  json_object_set_new (o, "problem", pkt_json_string (a->problem));
  return o;
}

static gboolean
parse_status (const char *text, PktDnsStatus *out)
{
  for (int i = 0; i < PKT_N_DNS_STATUSES; i++)
    if (g_strcmp0 (text, statuses[i]) == 0) {
      *out = (PktDnsStatus)i;
      return TRUE;
    }
  return FALSE;
}

static void
add_from_json (PktDnsAnswer *a, const char *text)
{
  guint64 preference = 0;
  if (a->type == PKT_DNS_MX) {
    char *end;
    preference = g_ascii_strtoull (text, &end, 10);
    text = *end == ' ' ? end + 1 : end;
  }
  GString *s = unescape (text);
  pkt_dns_answer_add (a, s->str, s->len, (guint)MIN (preference, 65535));
  g_string_free (s, TRUE);
}

PktDnsAnswer *
pkt_dns_answer_from_json (const json_t *entry)
{
  const char *name = pkt_json_text (entry, "name"), *time = pkt_json_text (entry, "time");
  PktDnsType type;
  PktDnsStatus status;
  if (name == NULL || !parse_type (pkt_json_text (entry, "type"), &type)
      || !parse_status (pkt_json_text (entry, "status"), &status))
    return NULL;
  GString *plain = unescape (name);
  PktDnsAnswer *a = pkt_dns_answer_new (plain->str, type, status);
  g_string_free (plain, TRUE);
  PktStamp stamp;
  if (time && pkt_clock_parse_rfc3339 (pkt_slice_str (time), &stamp))
    a->time = stamp.us;
  a->server = g_strdup (pkt_json_text (entry, "server"));
  a->problem = g_strdup (pkt_json_text (entry, "problem"));
  gsize i;
  json_t *v;
  json_array_foreach (json_object_get (entry, "aliases"), i, v) if (json_is_string (v))
      g_ptr_array_add (a->aliases, g_strdup (json_string_value (v)));
  json_array_foreach (json_object_get (entry, "records"), i, v)
  {
    if (json_is_string (v) && i < PKT_DNS_MAX_RECORDS)
      add_from_json (a, json_string_value (v));
  }
  if (a->status == PKT_DNS_FOUND && a->records->len == 0)
    a->status = PKT_DNS_NODATA;
  return a;
}
