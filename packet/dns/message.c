#include "packet/dns/message.h"
#include <arpa/inet.h>
#include "packet/base/cares.h"

#define HEADER 12
#define RESPONSE 0x80 /* QR, RFC 1035 4.1.1 */
#define CLASS_IN 1
#define TYPE_NS 2
#define TYPE_CNAME 5

enum { NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED };

typedef struct {
  char *owner;
  guint16 type;
  gsize at, n; /* of its data */
} Row;

typedef struct {
  const guint8 *p;
  gsize n, at;
  GArray *rows; /* Row, of the answer section */
  gboolean soa, referral;
} Message;

static void
row_clear (gpointer p)
{
  g_free (((Row *)p)->owner);
}

static guint16
number (const Message *m, gsize at)
{
  return (guint16)(m->p[at] << 8 | m->p[at + 1]);
}

/* The name at `at`, lower case, without the last dot; NULL where there is none. c-ares bounds the
 * compression pointers, and writes a dot inside a label, and what is not printable, with a
 * backslash. Caller frees. */
static char *
name_at (const Message *m, gsize at, gsize *used)
{
  char *text = NULL;
  long n = 0;
  if (at >= m->n || ares_expand_name (m->p + at, m->p, (int)m->n, &text, &n) != ARES_SUCCESS)
    return NULL;
  char *lower = g_ascii_strdown (text, -1);
  ares_free_string (text);
  gsize length = strlen (lower);
  if (length > 0 && lower[length - 1] == '.')
    lower[length - 1] = '\0';
  if (used)
    *used = (gsize)n;
  return lower;
}

/* The next resource record; FALSE at the end of what can be read. */
static gboolean
next_row (Message *m, Row *row)
{
  gsize used = 0;
  row->owner = name_at (m, m->at, &used);
  if (row->owner == NULL)
    return FALSE;
  gsize fixed = m->at + used;
  if (fixed + 10 > m->n || fixed + 10 + number (m, fixed + 8) > m->n) {
    g_free (row->owner);
    return FALSE;
  }
  row->type = number (m, fixed + 2) == CLASS_IN ? number (m, fixed) : 0;
  row->at = fixed + 10;
  row->n = number (m, fixed + 8);
  m->at = row->at + row->n;
  return TRUE;
}

static gboolean
read_rows (Message *m)
{
  guint answers = number (m, 6), authority = number (m, 8);
  for (guint i = 0; i < answers; i++) {
    Row row;
    if (!next_row (m, &row))
      return FALSE;
    if (m->rows->len < PKT_DNS_MAX_RECORDS + PKT_DNS_MAX_ALIASES)
      g_array_append_val (m->rows, row);
    else
      row_clear (&row);
  }
  for (guint i = 0; i < authority; i++) {
    Row row;
    if (!next_row (m, &row))
      break; /* the answer itself was whole */
    m->soa |= row.type == PKT_DNS_SOA;
    m->referral |= row.type == TYPE_NS;
    row_clear (&row);
  }
  return TRUE;
}

static const Row *
find_row (const Message *m, const char *owner, guint16 type)
{
  for (guint i = 0; i < m->rows->len; i++) {
    const Row *row = &g_array_index (m->rows, Row, i);
    if (row->type == type && g_str_equal (row->owner, owner))
      return row;
  }
  return NULL;
}

static gboolean
add_txt (PktDnsAnswer *a, const guint8 *p, gsize n)
{
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  while (n > 0) {
    gsize length = p[0];
    if (length + 1 > n)
      return FALSE;
    g_byte_array_append (joined, p + 1, (guint)length);
    p += length + 1;
    n -= length + 1;
  }
  pkt_dns_answer_add (a, (const char *)joined->data, joined->len, 0);
  return TRUE;
}

static gboolean
add_host (PktDnsAnswer *a, const Message *m, gsize at, guint preference)
{
  g_autofree char *host = name_at (m, at, NULL);
  if (host == NULL)
    return FALSE;
  pkt_dns_answer_add (a, host, strlen (host), preference);
  return TRUE;
}

static gboolean
add_record (PktDnsAnswer *a, const Message *m, const Row *row)
{
  char text[INET6_ADDRSTRLEN];
  switch (a->type) {
  case PKT_DNS_A:
  case PKT_DNS_AAAA:
    if (row->n != (a->type == PKT_DNS_A ? 4 : 16))
      return FALSE;
    inet_ntop (a->type == PKT_DNS_A ? AF_INET : AF_INET6, m->p + row->at, text, sizeof text);
    pkt_dns_answer_add (a, text, strlen (text), 0);
    return TRUE;
  case PKT_DNS_TXT:
    return add_txt (a, m->p + row->at, row->n);
  case PKT_DNS_MX:
    return row->n > 2 && add_host (a, m, row->at + 2, number (m, row->at));
  default:
    return row->n > 0 && add_host (a, m, row->at, 0);
  }
}

static gboolean
spoilt (PktDnsAnswer *a, const char *problem)
{
  a->status = PKT_DNS_MALFORMED;
  g_free (a->problem);
  a->problem = g_strdup (problem);
  return FALSE;
}

/* From the name asked for along its CNAMEs, then the records there. */
static gboolean
follow (PktDnsAnswer *a, const Message *m, const char *name)
{
  g_autofree char *current = g_strdup (name);
  for (const Row *row; (row = find_row (m, current, TYPE_CNAME));) {
    if (a->aliases->len >= PKT_DNS_MAX_ALIASES)
      return spoilt (a, "CNAME records that lead in a circle, or too many of them");
    char *target = name_at (m, row->at, NULL);
    if (target == NULL)
      return spoilt (a, "an answer that cannot be read");
    g_ptr_array_add (a->aliases, target);
    g_free (current);
    current = g_strdup (target);
  }
  for (guint i = 0; i < m->rows->len; i++) {
    const Row *row = &g_array_index (m->rows, Row, i);
    if (row->type == a->type && a->records->len < PKT_DNS_MAX_RECORDS
        && g_str_equal (row->owner, current) && !add_record (a, m, row))
      return spoilt (a, "a record that cannot be read");
  }
  return TRUE;
}

static void
set_status (PktDnsAnswer *a, guint rcode, gboolean lame)
{
  static const char *const words[] = { NULL, "format error",    "server failure",
                                       NULL, "not implemented", "refused" };
  if (rcode == NXDOMAIN)
    a->status = PKT_DNS_NXDOMAIN;
  else if (rcode != NOERROR || lame) {
    a->status = PKT_DNS_FAILED;
    a->problem = rcode == NOERROR               ? g_strdup ("knows nothing of it (lame)")
                 : rcode < G_N_ELEMENTS (words) ? g_strdup (words[rcode])
                                                : g_strdup_printf ("response code %u", rcode);
  } else
    a->status = a->records->len ? PKT_DNS_FOUND : PKT_DNS_NODATA;
}

static gboolean
read_message (PktDnsAnswer *a, Message *m)
{
  gsize used = 0;
  if (m->n < HEADER || m->n > 65535)
    return spoilt (a, "an answer that cannot be read");
  if (!(m->p[2] & RESPONSE)) /* something on the way sends back what it gets */
    return spoilt (a, "the question itself in place of an answer");
  guint rcode = m->p[3] & 15;
  gboolean authoritative = m->p[2] & 4, lame = FALSE;
  if (rcode == NOERROR || rcode == NXDOMAIN) {
    g_autofree char *name = number (m, 4) == 1 ? name_at (m, HEADER, &used) : NULL;
    m->at = HEADER + used + 4;
    if (name == NULL || m->at > m->n || !read_rows (m))
      return spoilt (a, "an answer that cannot be read");
    if (!follow (a, m, name))
      return FALSE;
    lame = a->records->len == 0 && a->aliases->len == 0 && !authoritative && m->referral && !m->soa;
  }
  set_status (a, rcode, lame);
  return a->status == PKT_DNS_NODATA && a->aliases->len > 0 && !m->soa;
}

gboolean
pkt_dns_message_read (PktDnsAnswer *a, const guint8 *bytes, gsize n)
{
  Message m = { .p = bytes, .n = n, .rows = g_array_new (FALSE, FALSE, sizeof (Row)) };
  g_array_set_clear_func (m.rows, row_clear);
  gboolean more = read_message (a, &m);
  if (a->status != PKT_DNS_FOUND)
    g_ptr_array_set_size (a->records, 0);
  g_array_unref (m.rows);
  return more;
}
