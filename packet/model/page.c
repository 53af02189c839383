#include "packet/model/page.h"
#include <string.h>

PktLinkHost *
pkt_link_host_new (const char *host)
{
  PktLinkHost *h = g_new0 (PktLinkHost, 1);
  h->host = g_strdup (host);
  h->paths = g_ptr_array_new_with_free_func (g_free);
  return h;
}

void
pkt_link_host_free (PktLinkHost *h)
{
  g_free (h->host);
  g_free (h->domain);
  g_free (h->named);
  g_ptr_array_unref (h->paths);
  g_free (h);
}

PktLinkHost *
pkt_page_host (const GPtrArray *hosts, const char *host)
{
  for (guint low = 0, high = hosts->len; low < high;) {
    guint middle = (low + high) / 2;
    PktLinkHost *h = g_ptr_array_index (hosts, middle);
    int order = strcmp (host, h->host);
    if (order == 0)
      return h;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

PktPage *
pkt_page_new (const char *source)
{
  PktPage *p = g_new0 (PktPage, 1);
  p->source = g_strdup (source);
  return p;
}

void
pkt_page_request_free (PktPageRequest *r)
{
  g_free (r->kind);
  g_free (r->url);
  g_free (r->address);
  g_free (r->result);
  g_free (r);
}

PktPageRequest *
pkt_page_request_copy (const PktPageRequest *r)
{
  PktPageRequest *copy = g_memdup2 (r, sizeof *r);
  copy->kind = g_strdup (r->kind);
  copy->url = g_strdup (r->url);
  copy->address = g_strdup (r->address);
  copy->result = g_strdup (r->result);
  return copy;
}

void
pkt_page_missing_free (PktPageMissing *m)
{
  g_free (m->kind);
  g_free (m->host);
  g_free (m->why);
  g_free (m);
}

void
pkt_page_free (PktPage *p)
{
  g_clear_pointer (&p->names, g_ptr_array_unref);
  g_free (p->source);
  g_free (p->title);
  g_free (p->outline);
  g_free (p->clean_html);
  g_free (p->preheader);
  g_free (p->unsubscribe);
  g_free (p->address);
  if (p->hosts)
    g_ptr_array_unref (p->hosts);
  g_clear_pointer (&p->requests, g_ptr_array_unref);
  g_clear_pointer (&p->missing, g_ptr_array_unref);
  g_free (p);
}
