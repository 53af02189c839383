#include "packet/log/exim-parts.h"

#define MAX_ENTRY (64 * 1024) /* bytes; what is more is left out */

void
pkt_exim_parts_start (PktEximParts *s)
{
  for (guint i = 0; i < PKT_EXIM_PARTS; i++) {
    s->entries[i].text = g_string_new (NULL);
    s->entries[i].pid = g_string_new (NULL);
  }
}

void
pkt_exim_parts_clear (PktEximParts *s)
{
  for (guint i = 0; i < PKT_EXIM_PARTS; i++) {
    g_string_free (s->entries[i].text, TRUE);
    g_string_free (s->entries[i].pid, TRUE);
  }
}

static PktEximEntry *
entry_of (PktEximParts *s, PktSlice pid, gboolean first)
{
  for (guint i = 0; i < PKT_EXIM_PARTS; i++)
    if (s->entries[i].pid->len == pid.n && memcmp (s->entries[i].pid->str, pid.p, pid.n) == 0)
      return &s->entries[i];
  if (!first)
    return NULL;
  PktEximEntry *p = &s->entries[s->next];
  s->next = (s->next + 1) % PKT_EXIM_PARTS;
  g_string_append_len (g_string_truncate (p->pid, 0), pid.p, (gssize)pid.n);
  return p;
}

gboolean
pkt_exim_parts_join (PktEximParts *s, PktSlice pid, PktSlice *text, gboolean *complete)
{
  guint at = 0, of = 0;
  gsize i = 1;
  if (text->n < 6 || text->p[0] != '[' || pid.n == 0)
    return FALSE;
  for (; i < text->n && g_ascii_isdigit (text->p[i]) && at < 1000; i++)
    at = at * 10 + (guint)(text->p[i] - '0');
  if (i == 1 || i >= text->n || (text->p[i] != '/' && text->p[i] != '\\'))
    return FALSE;
  for (i++; i < text->n && g_ascii_isdigit (text->p[i]) && of < 1000; i++)
    of = of * 10 + (guint)(text->p[i] - '0');
  if (i + 1 >= text->n || text->p[i] != ']' || text->p[i + 1] != ' ' || at < 1 || of < at)
    return FALSE;
  PktEximEntry *p = entry_of (s, pid, at == 1);
  if (p == NULL) /* its beginning is not in this log */
    return TRUE;
  if (at == 1)
    g_string_truncate (p->text, 0);
  PktSlice part = pkt_slice_skip (*text, i + 2);
  if (p->text->len + part.n <= MAX_ENTRY)
    g_string_append_len (p->text, part.p, (gssize)part.n);
  *complete = at == of;
  *text = pkt_slice (p->text->str, p->text->len);
  if (*complete)
    g_string_truncate (p->pid, 0);
  return TRUE;
}
