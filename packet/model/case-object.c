#include "packet/model/case-schema.h"

static void
init_value (const PktCaseRow *row, gpointer value)
{
  switch (row->kind) {
  case PKT_CASE_TIME:
    *(gint64 *)value = PKT_NO_TIME;
    break;
  case PKT_CASE_FLAG:
  case PKT_CASE_DAYS:
    *(int *)value = -1;
    break;
  case PKT_CASE_TEXTS:
  case PKT_CASE_HOSTS:
  case PKT_CASE_IPS:
    *(GStrv *)value = g_new0 (char *, 1);
    break;
  case PKT_CASE_LIST:
    *(GPtrArray **)value = g_ptr_array_new ();
    break;
  default: /* NULL and 0 mean absent */
    break;
  }
}

void
pkt_case_object_init (const PktCaseObject *object, gpointer base)
{
  for (const PktCaseRow *row = object->rows; row->key; row++)
    if (row->kind == PKT_CASE_INSIDE)
      pkt_case_object_init (row->object, base);
    else
      init_value (row, (char *)base + row->offset);
}

static void
free_owned (const PktCaseObject *object, gpointer owned)
{
  if (owned == NULL)
    return;
  pkt_case_object_clear (object, owned);
  g_free (owned);
}

static void
free_list (const PktCaseObject *object, GPtrArray *list)
{
  if (list == NULL)
    return;
  for (guint i = 0; i < list->len; i++)
    free_owned (object, g_ptr_array_index (list, i));
  g_ptr_array_unref (list);
}

static void
clear_value (const PktCaseRow *row, gpointer value)
{
  switch (row->kind) {
  case PKT_CASE_TIME:
  case PKT_CASE_FLAG:
  case PKT_CASE_DAYS:
  case PKT_CASE_YEAR:
  case PKT_CASE_INSIDE:
    break;
  case PKT_CASE_TEXTS:
  case PKT_CASE_HOSTS:
  case PKT_CASE_IPS:
    g_strfreev (*(GStrv *)value);
    break;
  case PKT_CASE_OWNED:
    free_owned (row->object, *(gpointer *)value);
    break;
  case PKT_CASE_LIST:
    free_list (row->object, *(GPtrArray **)value);
    break;
  default: /* the kinds that are one string */
    g_free (*(char **)value);
    break;
  }
}

void
pkt_case_object_clear (const PktCaseObject *object, gpointer base)
{
  for (const PktCaseRow *row = object->rows; row->key; row++)
    if (row->kind == PKT_CASE_INSIDE)
      pkt_case_object_clear (row->object, base);
    else
      clear_value (row, (char *)base + row->offset);
}
