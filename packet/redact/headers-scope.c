/* Who sends, by what a sample shows. */
#include "packet/redact/header-table.h"
#include "packet/redact/headers.h"
#include "packet/redact/places.h"
#include "packet/redact/token.h"

static void
add_once (GPtrArray *list, const char *s)
{
  if (s && *s && !g_ptr_array_find_with_equal_func (list, s, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (s));
}

static gboolean
is_recipient (const PktSample *s, const char *address)
{
  for (guint i = 0; i < s->recipients->len; i++)
    if (g_ascii_strcasecmp (s->recipients->pdata[i], address) == 0)
      return TRUE;
  return pkt_place_apple_domain (pkt_slice_domain (pkt_slice_str (address)));
}

/* b-jane=icloud.com@…, notification+kjdm2345@…: made for one reader, so it is nobody's address. */
static gboolean
is_made_for_one (const char *address)
{
  for (gsize at = 0; address[at] && address[at] != '@';) {
    gsize n = strcspn (address + at, "-._+=@");
    if (pkt_token_like (pkt_slice (address + at, n)) || strchr ("+=", address[at + n]))
      return TRUE;
    at += n + (address[at + n] != '@');
  }
  return FALSE;
}

gboolean
pkt_headers_know_platform (const char *name)
{
  g_autoptr (PktHeaderTable) table = pkt_header_table_new ();
  return pkt_header_table_for (table, PKT_AUDIENCE_ESP, name);
}

void
pkt_headers_scope (const PktSample *s, gboolean forwarded, GPtrArray *own_domains,
                   GPtrArray *allowed)
{
  for (guint i = 0; i < s->report_addresses->len; i++)
    if (!is_recipient (s, s->report_addresses->pdata[i]))
      add_once (allowed, s->report_addresses->pdata[i]);
  if (s->from_domain == NULL || forwarded)
    return;
  add_once (own_domains, s->from_domain);
  add_once (own_domains, s->return_path_domain);
  add_once (own_domains, s->policy_domain);
  if (!is_recipient (s, s->from_address) && !is_made_for_one (s->from_address))
    add_once (allowed, s->from_address);
}
