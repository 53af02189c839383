#include "packet/model/finding.h"
#include "packet/base/text.h"

PktFinding *
pkt_finding_new (const char *id, PktFindingWeight weight, char *text_taken, const char *advice)
{
  PktFinding *f = g_new0 (PktFinding, 1);
  f->id = g_strdup (id);
  f->weight = weight;
  f->text = pkt_text_disarm (text_taken);
  f->advice = g_strdup (advice);
  return f;
}

void
pkt_finding_free (PktFinding *f)
{
  g_free (f->id);
  g_free (f->text);
  g_free (f->advice);
  g_free (f);
}
