#include "packet/log/json-page.h"
#include "packet/log/json-records.h"
#include "packet/log/json-steps.h"

typedef struct {
  PktFeed base;
  PktFeed *below;
  PktJsonPage page;
  PktJsonSteps steps;
  PktPageRow row;
  GString *record, *about; /* as far as they came */
  GString *kept;           /* what `row` read its labels or columns in */
  GString *open;           /* which of them is read now; NULL */
  GString *out;
  PktPageOrder *order; /* of pairs; NULL */
  gsize out_at;
  gboolean ended;
  char in[PKT_FEED_RAW];
} Page;

/* What is longer is no line. */
static void
add (GString *to, const char *p, gsize n)
{
  const gsize room = PKT_JSON_RECORD_MAX - MIN (to->len, PKT_JSON_RECORD_MAX);
  g_string_append_len (to, p, (gssize)MIN (n, room));
}

/* On one line, without the blanks that lines begin with. */
static void
squeeze (GString *s)
{
  gsize n = 0;
  if (pkt_find_either (s->str, s->str + s->len, '\n', '\r') == NULL)
    return;
  for (gsize i = 0; i < s->len; i++) {
    if (s->str[i] != '\n' && s->str[i] != '\r') {
      s->str[n++] = s->str[i];
      continue;
    }
    while (i + 1 < s->len && (s->str[i + 1] == ' ' || s->str[i + 1] == '\t'))
      i++;
  }
  g_string_truncate (s, n);
}

static void
end_record (Page *s)
{
  const gsize from = s->out->len;
  squeeze (s->record);
  const PktSlice record = pkt_slice (s->record->str, s->record->len);
  if (s->page.kind == PKT_PAGE_OBJECTS
      || !pkt_page_row_write (&s->row, s->page.kind, record, s->out))
    g_string_append_len (s->out, record.p, (gssize)record.n);
  g_string_append_c (s->out, '\n');
  if (s->order)
    pkt_page_order_add (s->order, s->row.time, from, s->out);
}

static void
end_about (Page *s)
{
  GString *free_one = s->kept;
  s->kept = s->about;
  s->about = free_one;
  pkt_page_row_about (&s->row, pkt_slice (s->kept->str, s->kept->len));
}

static void
begin_value (Page *s)
{
  const PktJsonSteps *w = &s->steps;
  s->open = w->path == s->page.record                   ? s->record
            : s->page.about && w->path == s->page.about ? s->about
                                                        : NULL;
  if (s->open == NULL)
    return;
  g_string_truncate (s->open, 0);
  s->steps.quiet = w->depth + 1;
}

static void
end_value (Page *s)
{
  if (s->open == NULL)
    return;
  if (s->open == s->record)
    end_record (s);
  else
    end_about (s);
  s->open = NULL;
  s->steps.quiet = 0;
}

static void
take (Page *s, PktSlice p)
{
  gsize at = 0, from;
  PktJsonStep step;
  do {
    from = at;
    step = pkt_json_steps_next (&s->steps, p, &at);
    if (s->open)
      add (s->open, p.p + from, at - from);
    if (step == PKT_JSON_STEP_BEGIN)
      begin_value (s);
    else if (step == PKT_JSON_STEP_END)
      end_value (s);
  } while (step != PKT_JSON_STEP_MORE);
}

/* A record that was begun is told, and that there should be more. */
static void
end_document (Page *s)
{
  s->ended = TRUE;
  if (s->order)
    pkt_page_order_end (s->order, s->out);
  if (s->open == s->record) {
    squeeze (s->record);
    g_string_append_len (s->out, s->record->str, (gssize)s->record->len);
    g_string_append_c (s->out, '\n');
  }
}

static gsize
read_page (PktFeed *f, void *p, gsize n)
{
  Page *s = (Page *)f;
  while (s->out_at == s->out->len) {
    g_string_truncate (s->out, 0);
    s->out_at = 0;
    if (s->ended) {
      s->base.problem = s->below->problem ? s->below->problem
                        : s->steps.depth  ? "its JSON ends early"
                                          : NULL;
      return 0;
    }
    const gsize got = pkt_feed_read (s->below, s->in, sizeof s->in);
    if (got)
      take (s, pkt_slice (s->in, got));
    else
      end_document (s);
  }
  n = MIN (n, s->out->len - s->out_at);
  memcpy (p, s->out->str + s->out_at, n);
  s->out_at += n;
  return n;
}

static void
close_page (PktFeed *f)
{
  Page *s = (Page *)f;
  pkt_feed_close (s->below);
  pkt_page_row_clear (&s->row);
  g_clear_pointer (&s->order, pkt_page_order_free);
  GString *all[] = { s->record, s->about, s->kept, s->out };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_string_free (all[i], TRUE);
  g_free (s);
}

static gboolean
begins_as_json (const guint8 *head, gsize n)
{
  gsize i = 0;
  while (i < n && memchr (" \t\r\n", head[i], 4))
    i++;
  return i < n && (head[i] == '{' || head[i] == '[');
}

PktFeed *
pkt_json_page (PktFeed *below)
{
  gsize n;
  PktJsonPage page;
  const guint8 *head = pkt_feed_peek (below, 64, &n);
  if (!begins_as_json (head, n))
    return below;
  head = pkt_feed_peek (below, PKT_PAGE_HEAD, &n);
  if (!pkt_json_page_find (pkt_slice ((const char *)head, n), &page))
    return below;
  Page *s = g_new0 (Page, 1);
  s->base.read = read_page;
  s->base.close = close_page;
  s->below = below;
  s->page = page;
  s->order = page.kind == PKT_PAGE_PAIRS ? pkt_page_order_new () : NULL;
  s->record = g_string_new (NULL);
  s->about = g_string_new (NULL);
  s->kept = g_string_new (NULL);
  s->out = g_string_new (NULL);
  return &s->base;
}
