/* The first questions to a row: whose is it, what happened? */
#include "packet/log/event-fields.h"

gboolean
pkt_event_fold (PktSlice name, char out[PKT_EVENT_MAX_NAME])
{
  gsize n = 0;
  for (gsize i = 0; i < name.n; i++) {
    if (!g_ascii_isalnum (name.p[i]))
      continue;
    if (n + 1 >= PKT_EVENT_MAX_NAME)
      return FALSE;
    out[n++] = pkt_ascii_lower (name.p[i]);
  }
  out[n] = '\0';
  return TRUE;
}

int
pkt_event_name (const PktEventMap *map, const char *folded_name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (map->names, folded_name)) - 1;
}

static gboolean
has_field (const PktEventService *s, const PktEventRow *row, PktEventField field)
{
  for (guint i = 0; i < s->fields[field]->len; i++)
    if (row->at[g_array_index (s->fields[field], PktEventName, i).index].p)
      return TRUE;
  return FALSE;
}

static gboolean
has_mark (const GArray *mark, const PktEventRow *row)
{
  for (guint i = 0; i < mark->len; i++)
    if (row->at[g_array_index (mark, int, i)].p)
      return TRUE;
  return FALSE;
}

static gboolean
fits (const PktEventService *s, const PktEventRow *row)
{
  for (guint i = 0; i < s->marks->len; i++)
    if (!has_mark (g_ptr_array_index (s->marks, i), row))
      return FALSE;
  if (s->each->len) /* the recipients stand in a list that was not looked into */
    return TRUE;
  return has_field (s, row, PKT_FIELD_RECIPIENT)
         && (has_field (s, row, PKT_FIELD_EVENT) || has_field (s, row, PKT_FIELD_REPLY));
}

const PktEventService *
pkt_event_service (const PktEventMap *map, const PktEventRow *row)
{
  for (guint i = 0; i < map->services->len; i++) {
    const PktEventService *s = g_ptr_array_index (map->services, i);
    if (fits (s, row))
      return s;
  }
  return NULL;
}

static gpointer
look_up (GHashTable *table, PktSlice text)
{
  char buf[PKT_EVENT_MAX_NAME];
  return text.n && pkt_event_fold (text, buf) ? g_hash_table_lookup (table, buf) : NULL;
}

gpointer
pkt_event_ask (PktEventAsked asked[PKT_EVENT_ASKED], GHashTable *table, PktSlice text)
{
  if (text.n == 0)
    return NULL;
  if (asked == NULL || text.n > PKT_EVENT_ASKED_BYTES)
    return look_up (table, text);
  gsize hash = text.n * 7 + (guchar)text.p[0] + (guchar)text.p[text.n / 2] + (gsize)table / 16;
  PktEventAsked *a = &asked[hash % PKT_EVENT_ASKED];
  if (a->table == table && a->n == text.n && pkt_bytes_same (a->text, text.p, text.n))
    return a->said;
  a->table = table;
  a->said = look_up (table, text);
  a->n = (guint8)text.n;
  memcpy (a->text, text.p, text.n);
  return a->said;
}

PktEventWord
pkt_event_word (const PktEventService *s, const PktEventRow *row,
                PktEventAsked asked[PKT_EVENT_ASKED], int *name)
{
  int from = -1;
  PktEventWord word = PKT_WORD_UNKNOWN;
  for (guint i = 0; i < s->fields[PKT_FIELD_EVENT]->len && word == PKT_WORD_UNKNOWN; i++) {
    from = g_array_index (s->fields[PKT_FIELD_EVENT], PktEventName, i).index;
    word = (PktEventWord)GPOINTER_TO_INT (pkt_event_ask (asked, s->words, row->at[from]));
  }
  if (name)
    *name = word == PKT_WORD_UNKNOWN ? -1 : from;
  return word;
}
