#include "packet/run/case-ips.h"
#include <string.h>

#define MAX_SHOWN 4

struct PktCaseIps {
  const GPtrArray *listed; /* PktSendingIp* */
  GHashTable *hosts;       /* host -> address; NULL: the only one is everybody's */
  GHashTable *used;        /* of these addresses, those that a host was found for */
};

static const PktSendingIp *
ip_at (const GPtrArray *listed, guint i)
{
  return g_ptr_array_index (listed, i);
}

/* FALSE: another IP has it. */
static gboolean
add_name (GHashTable *hosts, char *name_taken, const PktSendingIp *ip)
{
  const char *other = g_hash_table_lookup (hosts, name_taken);
  if (other == NULL) {
    g_hash_table_insert (hosts, name_taken, ip->address);
    return TRUE;
  }
  g_free (name_taken);
  return g_str_equal (other, ip->address);
}

/* NULL where one has no HELO, or the same as another. */
static GHashTable *
hosts_of (const GPtrArray *listed)
{
  g_autoptr (GHashTable) hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < listed->len; i++) {
    const PktSendingIp *ip = ip_at (listed, i);
    if (ip->helo == NULL || *ip->helo == '\0')
      return NULL;
    char *whole = g_ascii_strdown (ip->helo, -1), *label = g_strndup (whole, strcspn (whole, "."));
    const gboolean own = add_name (hosts, whole, ip);
    if (!add_name (hosts, label, ip) || !own)
      return NULL;
  }
  return g_steal_pointer (&hosts);
}

PktCaseIps *
pkt_case_ips_new (const PktCase *c, const PktScanOptions *given)
{
  const guint n = c->sending_ips->len;
  const gboolean mapped = given->map && g_hash_table_size (given->map) > 0;
  if (n == 0 || given->sending_ip || (n > 1 && mapped))
    return NULL;
  GHashTable *hosts = n > 1 ? hosts_of (c->sending_ips) : NULL;
  if (n > 1 && hosts == NULL)
    return NULL;
  PktCaseIps *ips = g_new0 (PktCaseIps, 1);
  ips->listed = c->sending_ips;
  ips->hosts = hosts;
  ips->used = g_hash_table_new (g_str_hash, g_str_equal);
  return ips;
}

void
pkt_case_ips_free (PktCaseIps *ips)
{
  g_clear_pointer (&ips->hosts, g_hash_table_unref);
  g_hash_table_unref (ips->used);
  g_free (ips);
}

void
pkt_case_ips_tell (const PktCaseIps *ips, PktScanOptions *o)
{
  if (ips && ips->hosts) {
    o->map = ips->hosts;
    o->map_used = ips->used;
  } else if (ips)
    o->sending_ip = ip_at (ips->listed, 0)->address;
}

static gboolean
is_listed (const PktCaseIps *ips, const char *address)
{
  for (guint i = 0; i < ips->listed->len; i++)
    if (g_str_equal (ip_at (ips->listed, i)->address, address))
      return TRUE;
  return FALSE;
}

gboolean
pkt_case_ips_hold (const PktCaseIps *ips, const PktScan *scan)
{
  if (ips == NULL || (ips->hosts && g_hash_table_size (ips->used) == 0)) /* it changed nothing */
    return TRUE;
  if (ips->hosts && g_hash_table_size (ips->used) < ips->listed->len)
    return FALSE;
  for (guint i = 0; i < scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (scan->events, i);
    if (event->local_ip && !is_listed (ips, event->local_ip))
      return FALSE;
  }
  return TRUE;
}

void
pkt_case_ips_warn (const PktCaseIps *ips, PktScan *scan)
{
  if (ips == NULL || g_hash_table_size (ips->used) == 0)
    return;
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < MIN (ips->listed->len, MAX_SHOWN); i++) {
    const PktSendingIp *ip = ip_at (ips->listed, i);
    g_string_append_printf (list, "%s%s by %s", i ? ", " : "", ip->helo, ip->address);
  }
  g_autofree char *shown = g_string_free (list, FALSE);
  g_ptr_array_add (scan->warnings,
                   g_strdup_printf ("the logs' hosts are taken for those that $.sending_ips has as "
                                    "HELO (%s%s); --map NAME=ADDRESS says otherwise",
                                    shown, ips->listed->len > MAX_SHOWN ? ", ..." : ""));
}
