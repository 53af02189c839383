/* Rows of `check` out of DMARC aggregate reports: the pass rate of each of our IPs for each From
 * domain, and one row for all others that use the name. */
#include "packet/base/text.h"
#include "packet/run/check-sample.h"
#include "packet/run/identity.h"
#include "packet/run/verified.h"

static gboolean
is_ours (const PktIdentity *id, const char *ip)
{
  for (guint i = 0; i < id->ips->len; i++)
    if (g_str_equal (((const PktIdentityIp *)id->ips->pdata[i])->ip, ip))
      return TRUE;
  return FALSE;
}

static char *
sum_text (gint64 passed, gint64 count, const char *of)
{
  g_autofree char *p = pkt_text_count (passed), *n = pkt_text_count (count),
                  *rate = pkt_text_percent (passed, count);
  return g_strdup_printf ("DMARC reports: %s of %s messages%s pass%s%s%s", p, n, of,
                          *rate ? " (" : "", rate, *rate ? ")" : "");
}

static void
add_ours (GPtrArray *rows, const PktAggregateRow *r)
{
  gboolean good = r->count > 0 && r->passed * 100 >= r->count * PKT_REPORTS_GOOD;
  g_autofree char *subject = g_strdup_printf ("%s from %s", r->domain, r->ip);
  PktCheck *c = pkt_check_new ("dmarc", good ? "dmarc-rate" : "dmarc-rate-low",
                               good ? PKT_CHECK_OK : PKT_CHECK_BAD, subject,
                               sum_text (r->passed, r->count, ""));
  pkt_check_set (c, "from", r->domain);
  pkt_check_set (c, "ip", r->ip);
  pkt_check_set_number (c, "messages", r->count);
  pkt_check_set_number (c, "passed", r->passed);
  pkt_check_set_number (c, "spf_aligned", r->spf);
  pkt_check_set_number (c, "dkim_aligned", r->dkim);
  g_ptr_array_add (rows, c);
}

void
pkt_check_aggregate (const PktAggregate *a, const PktIdentity *id, GPtrArray *rows)
{
  guint others = 0;
  gint64 count = 0, passed = 0;
  for (guint i = 0; i < a->rows->len; i++) {
    const PktAggregateRow *r = g_ptr_array_index (a->rows, i);
    if (!g_ptr_array_find_with_equal_func (id->from, r->domain, g_str_equal, NULL))
      continue;
    if (is_ours (id, r->ip)) {
      add_ours (rows, r);
      continue;
    }
    others++;
    count += r->count;
    passed += r->passed;
  }
  if (others == 0)
    return;
  g_autofree char *of = g_strdup_printf (" from %u other IP%s", others, others == 1 ? "" : "s");
  PktCheck *c = pkt_check_new ("dmarc", "dmarc-others", PKT_CHECK_NOTE, "other sources",
                               sum_text (passed, count, of));
  pkt_check_set_number (c, "ips", others);
  pkt_check_set_number (c, "messages", count);
  pkt_check_set_number (c, "passed", passed);
  g_ptr_array_add (rows, c);
}
