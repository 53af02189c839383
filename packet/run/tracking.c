#include "packet/run/tracking.h"
#include <string.h>
#include "packet/base/domain.h"
#include "packet/page/url.h"
#include "packet/redact/redactor.h"

#define MAX_HOSTS 500 /* of all samples */

static void
tracking_free (gpointer p)
{
  PktTracking *t = p;
  g_free (t->host);
  g_free (t);
}

GPtrArray *
pkt_tracking_new (void)
{
  return g_ptr_array_new_with_free_func (tracking_free);
}

/* NULL where the list is full. */
static PktTracking *
entry_of (GPtrArray *list, const char *host, const PktSample *s)
{
  PktTracking *t = NULL;
  for (guint i = 0; i < list->len && t == NULL; i++) {
    PktTracking *known = g_ptr_array_index (list, i);
    t = g_str_equal (known->host, host) ? known : NULL;
  }
  if (t == NULL && list->len < MAX_HOSTS) {
    t = g_new0 (PktTracking, 1);
    t->host = g_strdup (host);
    g_ptr_array_add (list, t);
  }
  if (t) {
    t->from |= pkt_domain_same (host, s->from_domain);
    t->path |= pkt_domain_same (host, s->return_path_domain);
  }
  return t;
}

gboolean
pkt_tracking_personal (const PktLinkHost *h)
{
  for (guint i = 0; i < h->paths->len; i++) {
    g_autofree char *url = g_strconcat ("https://x", g_ptr_array_index (h->paths, i), NULL);
    if (!pkt_redact_link_is_neutral (pkt_slice_str (url)))
      return TRUE;
  }
  return FALSE;
}

/* RFC 2369: addresses in angle brackets. */
static void
add_unsubscribe (GPtrArray *list, const PktSample *s)
{
  for (guint i = 0; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "List-Unsubscribe") != 0)
      continue;
    for (const char *p = f->value; (p = strchr (p, '<')) != NULL; p++) {
      g_auto (PktUrl) url = { 0 };
      PktTracking *t = pkt_url_read (pkt_slice_until (pkt_slice_str (p + 1), '>'), &url)
                           ? entry_of (list, url.host, s)
                           : NULL;
      if (t)
        t->unsubscribe = TRUE;
    }
  }
}

void
pkt_tracking_add (GPtrArray *list, const PktSample *s, const PktPage *page)
{
  for (guint i = 0; page && i < page->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (page->hosts, i);
    PktTracking *t = h->links ? entry_of (list, h->host, s) : NULL;
    if (t)
      t->personal |= pkt_tracking_personal (h);
  }
  add_unsubscribe (list, s);
}

gboolean
pkt_tracking_is (const PktTracking *t)
{
  return t->personal || t->unsubscribe;
}

char *
pkt_tracking_text (const PktTracking *t)
{
  const char *why = t->personal && t->unsubscribe ? "addresses differ by reader, List-Unsubscribe"
                    : t->personal                 ? "addresses differ by reader"
                    : t->unsubscribe              ? "List-Unsubscribe"
                                                  : "the same addresses for all readers";
  const char *whose = t->from && t->path ? "the domain of From and return-path"
                      : t->from          ? "the domain of From"
                      : t->path          ? "the domain of the return-path"
                                         : "not the domain of From or return-path";
  return g_strdup_printf ("%s: %s; %s", t->host, why, whose);
}
