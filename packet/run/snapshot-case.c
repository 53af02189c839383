#include "packet/run/snapshot-case.h"
#include "packet/base/file.h"
#include "packet/headers/delivered.h"
#include "packet/run/snapshot.h"

static gboolean
read_samples (PktSnapshotCase *s, GError **error)
{
  GStrv list = s->the_case->evidence.delivered;
  for (gsize i = 0; list && list[i]; i++) {
    gsize n;
    g_autofree char *path = pkt_case_path (s->the_case, list[i]);
    g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, error);
    PktSample *sample = bytes ? pkt_delivered_read (path, pkt_slice (bytes, n), error) : NULL;
    if (sample == NULL)
      return FALSE;
    g_ptr_array_add (s->samples, sample);
    g_autoptr (GPtrArray) names = pkt_snapshot_names (sample);
    g_ptr_array_extend (s->names, names, NULL, NULL);
    g_ptr_array_extend (s->recipients, sample->recipients, NULL, NULL);
  }
  return TRUE;
}

static gboolean
read_suppression (PktSnapshotCase *s, GError **error)
{
  if (s->the_case->evidence.suppression == NULL)
    return TRUE;
  g_autofree char *path = pkt_case_path (s->the_case, s->the_case->evidence.suppression);
  s->suppression = pkt_suppression_load (path, NULL, error);
  return s->suppression != NULL;
}

static char *
operand_of (const PktSnapshotCase *s)
{
  const PktCase *c = s->the_case;
  const PktSample *first = s->samples->len ? g_ptr_array_index (s->samples, 0) : NULL;
  if (c->evidence.page_html)
    return pkt_case_path (c, c->evidence.page_html);
  return g_strdup (first && first->html ? first->path : c->evidence.page_url);
}

PktSnapshotCase *
pkt_snapshot_case_read (const char *path, GError **error)
{
  PktCase *c = pkt_case_load (path, error);
  if (c == NULL)
    return NULL;
  g_autoptr (PktSnapshotCase) s = g_new0 (PktSnapshotCase, 1);
  s->the_case = c;
  s->samples = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_sample_free);
  s->names = g_ptr_array_new ();
  s->recipients = g_ptr_array_new ();
  if (!read_samples (s, error) || !read_suppression (s, error))
    return NULL;
  s->operand = operand_of (s);
  return g_steal_pointer (&s);
}

void
pkt_snapshot_case_recipients (const PktSnapshotCase *s,
                              void (*take) (gpointer taker, PktSlice address), gpointer taker)
{
  for (guint i = 0; i < s->samples->len; i++) {
    const GPtrArray *list = ((PktSample *)s->samples->pdata[i])->recipients;
    for (guint k = 0; k < list->len; k++)
      take (taker, pkt_slice_str (list->pdata[k]));
  }
  for (guint i = 0; s->suppression && i < s->suppression->addresses->len; i++)
    take (taker, pkt_slice_str (s->suppression->addresses->pdata[i]));
}

void
pkt_snapshot_case_free (PktSnapshotCase *s)
{
  pkt_case_free (s->the_case);
  g_ptr_array_unref (s->samples);
  g_ptr_array_unref (s->names);
  g_ptr_array_unref (s->recipients);
  g_clear_pointer (&s->suppression, pkt_suppression_free);
  g_free (s->operand);
  g_free (s);
}
