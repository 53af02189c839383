/* Records that are lists, made into objects that a shipper might have written. */
#include "packet/log/json-page.h"
#include "packet/base/simd.h"

#define MAX_ABOUT (16 * 1024) /* bytes of labels or columns: each record is written with them */
#define MIN_EPOCH 10          /* digits of seconds since 1970 */
#define INSIGHTS_N 23         /* bytes of "2026-11-02 06:00:00.123", UTC */

void
pkt_page_row_about (PktPageRow *r, PktSlice about)
{
  r->has_about = about.n && about.n <= MAX_ABOUT && pkt_slice_is_utf8 (about)
                 && pkt_json_nodes_read (&r->about, about);
}

static gboolean
is_plain_key (PktSlice key)
{
  for (gsize i = 0; i < key.n; i++)
    if ((guchar)key.p[i] < ' ' || key.p[i] == '"' || key.p[i] == '\\')
      return FALSE;
  return key.n > 0;
}

/* `"key":value,` of a string or a word as it was written. */
static void
write_member (GString *out, PktSlice key, const PktJsonNode *value)
{
  const gboolean quoted = value->kind == PKT_JSON_STRING;
  if (!is_plain_key (key) || (!quoted && value->kind != PKT_JSON_WORD))
    return;
  g_string_append_c (out, '"');
  g_string_append_len (out, key.p, (gssize)key.n);
  g_string_append (out, quoted ? "\":\"" : "\":");
  g_string_append_len (out, value->text.p, (gssize)value->text.n);
  g_string_append (out, quoted ? "\"," : ",");
}

static void
write_members (GString *out, const PktJsonNodes *nodes, guint32 i)
{
  for (guint32 k = i + 1; nodes->all[i].kind == PKT_JSON_OBJECT && k < nodes->all[i].next;
       k = nodes->all[k].next)
    write_member (out, nodes->all[k].key, &nodes->all[k]);
}

/* The element `which` of an array; 0: it has fewer. */
static guint32
element (const PktJsonNodes *nodes, guint which)
{
  guint32 k = 1;
  for (; k < nodes->all[0].next && which; k = nodes->all[k].next)
    which--;
  return k < nodes->all[0].next ? k : 0;
}

static gboolean
is_epoch (const PktJsonNode *n)
{
  for (gsize i = 0; i < n->text.n; i++)
    if (!g_ascii_isdigit (n->text.p[i]))
      return FALSE;
  return n->kind >= PKT_JSON_WORD && n->kind <= PKT_JSON_STRING && n->text.n >= MIN_EPOCH;
}

/* The labels may have any name: what is written last is what counts. */
static gboolean
write_pair (PktPageRow *r, GString *out)
{
  const guint32 time = element (&r->row, 0), text = element (&r->row, 1),
                more = element (&r->row, 2);
  if (text == 0 || !is_epoch (&r->row.all[time]) || r->row.all[text].kind != PKT_JSON_STRING)
    return FALSE;
  r->time = g_ascii_strtoll (r->row.all[time].text.p, NULL, 10);
  if (r->has_about)
    write_members (out, &r->about, 0);
  if (more)
    write_members (out, &r->row, more);
  write_member (out, PKT_SLICE ("@timestamp"), &r->row.all[time]);
  write_member (out, PKT_SLICE ("message"), &r->row.all[text]);
  return TRUE;
}

/* Insights' own time says no zone, and is UTC. */
static void
write_field (GString *out, PktSlice key, const PktJsonNode *value)
{
  if (pkt_slice_equal (key, PKT_SLICE ("@message")))
    key = PKT_SLICE ("message");
  write_member (out, key, value);
  if (pkt_slice_equal (key, PKT_SLICE ("@timestamp")) && value->kind == PKT_JSON_STRING
      && value->text.n == INSIGHTS_N)
    g_string_insert_c (out, (gssize)out->len - 2, 'Z');
}

static gboolean
write_fields (PktPageRow *r, GString *out)
{
  for (guint32 k = 1; k < r->row.all[0].next; k = r->row.all[k].next) {
    const guint32 name = pkt_json_nodes_member (&r->row, k, PKT_SLICE ("field")),
                  value = pkt_json_nodes_member (&r->row, k, PKT_SLICE ("value"));
    if (name == 0 || value == 0 || r->row.all[name].kind != PKT_JSON_STRING)
      return FALSE;
    write_field (out, r->row.all[name].text, &r->row.all[value]);
  }
  return TRUE;
}

/* "Computer" of "Computer" and of {"name":"Computer","type":"string"}. */
static PktSlice
column_name (const PktJsonNodes *about, guint32 i)
{
  const guint32 name = about->all[i].kind == PKT_JSON_OBJECT
                           ? pkt_json_nodes_member (about, i, PKT_SLICE ("name"))
                           : i;
  return name && about->all[name].kind == PKT_JSON_STRING ? about->all[name].text
                                                          : pkt_slice (NULL, 0);
}

static gboolean
write_row (PktPageRow *r, GString *out)
{
  const PktJsonNodes *about = &r->about, *row = &r->row;
  if (!r->has_about || about->all[0].kind != PKT_JSON_ARRAY)
    return FALSE;
  guint32 column = 1, value = 1;
  while (column < about->all[0].next && value < row->all[0].next) {
    write_member (out, column_name (about, column), &row->all[value]);
    column = about->all[column].next;
    value = row->all[value].next;
  }
  return column == about->all[0].next && value == row->all[0].next;
}

static gboolean
write_list (PktPageRow *r, PktPageKind kind, PktSlice record, GString *out)
{
  if (!pkt_slice_is_utf8 (record) || !pkt_json_nodes_read (&r->row, record)
      || r->row.all[0].kind != PKT_JSON_ARRAY || r->row.n < 2)
    return FALSE;
  return kind == PKT_PAGE_PAIRS    ? write_pair (r, out)
         : kind == PKT_PAGE_FIELDS ? write_fields (r, out)
                                   : write_row (r, out);
}

gboolean
pkt_page_row_write (PktPageRow *r, PktPageKind kind, PktSlice record, GString *out)
{
  const gsize begin = out->len;
  gboolean ok = kind == PKT_PAGE_STRINGS;
  g_string_append_c (out, '{');
  if (ok) {
    g_string_append (out, "\"message\":");
    g_string_append_len (out, record.p, (gssize)record.n);
    g_string_append_c (out, ',');
  } else
    ok = write_list (r, kind, record, out);
  ok = ok && out->str[out->len - 1] == ',';
  if (ok)
    out->str[out->len - 1] = '}';
  else
    g_string_truncate (out, begin);
  return ok;
}

void
pkt_page_row_clear (PktPageRow *r)
{
  pkt_json_nodes_clear (&r->row);
  pkt_json_nodes_clear (&r->about);
}
