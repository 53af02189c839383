#include "packet/bounce/status.h"
#include "packet/bounce/dsn.h"

typedef struct {
  char *name;
  GString *value;
} Field;

struct PktDsnStatus {
  GPtrArray *blocks; /* GArray* of Field */
};

static void
field_clear (gpointer data)
{
  Field *f = data;
  g_free (f->name);
  g_string_free (f->value, TRUE);
}

static GArray *
block_new (void)
{
  GArray *block = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (block, field_clear);
  return block;
}

static void
add_line (GArray *block, PktSlice line)
{
  if (g_ascii_isspace (*line.p)) { /* folded: one blank for the line end */
    if (block->len == 0)
      return;
    PktSlice more = pkt_slice_trim (line);
    GString *value = g_array_index (block, Field, block->len - 1).value;
    if (value->len)
      g_string_append_c (value, ' ');
    g_string_append_len (value, more.p, (gssize)more.n);
    return;
  }
  PktSlice name = pkt_slice_until (line, ':');
  if (name.n == line.n || block->len >= PKT_DSN_MAX_FIELDS)
    return;
  PktSlice value = pkt_slice_trim (pkt_slice_skip (line, name.n + 1));
  name = pkt_slice_trim (name);
  Field f = { g_strndup (name.p, name.n), g_string_new_len (value.p, (gssize)value.n) };
  g_array_append_val (block, f);
}

PktDsnStatus *
pkt_dsn_status_parse (PktSlice bytes)
{
  PktDsnStatus *status = g_new0 (PktDsnStatus, 1);
  status->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  GArray *block = NULL;
  while (bytes.n) {
    PktSlice line = pkt_slice_until (bytes, '\n');
    bytes = pkt_slice_skip (bytes, line.n + 1);
    if (pkt_slice_trim (line).n == 0) {
      block = NULL;
      continue;
    }
    if (!block) {
      if (status->blocks->len > PKT_DSN_MAX_RECIPIENTS) /* the first is the message's own */
        break;
      block = block_new ();
      g_ptr_array_add (status->blocks, block);
    }
    add_line (block, line);
  }
  return status;
}

void
pkt_dsn_status_free (PktDsnStatus *status)
{
  if (!status)
    return;
  g_ptr_array_unref (status->blocks);
  g_free (status);
}

guint
pkt_dsn_status_size (const PktDsnStatus *status)
{
  return status->blocks->len;
}

PktSlice
pkt_dsn_status_field_like (const PktDsnStatus *status, guint block, const char *prefix,
                           const char *suffix)
{
  if (block >= status->blocks->len)
    return pkt_slice (NULL, 0);
  const GArray *fields = g_ptr_array_index (status->blocks, block);
  gsize p = strlen (prefix), s = strlen (suffix);
  for (guint i = 0; i < fields->len; i++) {
    const Field *f = &g_array_index (fields, Field, i);
    gsize n = strlen (f->name);
    if (n >= p + s && g_ascii_strncasecmp (f->name, prefix, p) == 0
        && g_ascii_strcasecmp (f->name + n - s, suffix) == 0)
      return pkt_slice (f->value->str, f->value->len);
  }
  return pkt_slice (NULL, 0);
}

PktSlice
pkt_dsn_status_field (const PktDsnStatus *status, guint block, const char *name)
{
  if (block >= status->blocks->len)
    return pkt_slice (NULL, 0);
  const GArray *fields = g_ptr_array_index (status->blocks, block);
  for (guint i = 0; i < fields->len; i++) {
    const Field *f = &g_array_index (fields, Field, i);
    if (g_ascii_strcasecmp (f->name, name) == 0)
      return pkt_slice (f->value->str, f->value->len);
  }
  return pkt_slice (NULL, 0);
}

PktSlice
pkt_dsn_typed (PktSlice field, PktSlice *type)
{
  *type = pkt_slice (NULL, 0);
  PktSlice before = pkt_slice_until (field, ';');
  if (before.n == field.n)
    return field;
  *type = pkt_slice_trim (before);
  return pkt_slice_trim (pkt_slice_skip (field, before.n + 1));
}
