#include "packet/model/page.h"

void
pkt_page_free (PktPage *p)
{
  g_free (p->source);
  g_free (p->title);
  g_free (p->outline);
  g_free (p->clean_html);
  if (p->hosts)
    g_ptr_array_unref (p->hosts);
  g_free (p);
}
