#include "packet/run/leaving.h"
#include "packet/page/notes.h"
#include "packet/run/snapshot.h"

static gboolean
html_leaves (const PktSample *s)
{
  static const PktSnapshotOptions nobody_is_asked = { 0 };
  g_autoptr (PktPage) page = pkt_snapshot_sample (s, &nobody_is_asked, NULL);
  return page && page->unsubscribe;
}

const PktSample *
pkt_leaving_sample (const PktEvidence *e)
{
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->at_apple
        && ((s->html && html_leaves (s)) || (s->text && pkt_notes_text_leaves (s->text))))
      return s;
  }
  return NULL;
}
