/* Where in a document the records stand that hold lines of a log: the first value that can be one,
 * and does. */
#include "packet/log/json-page.h"
#include "packet/log/json-probe.h"
#include "packet/log/json-steps.h"
#include "packet/log/shipped.h"

#define MAX_LINES 8   /* objects that are lines of their own: then all are */
#define MAX_TRIES 400 /* values that can be a record, and are none */

typedef struct {
  PktJsonSteps steps;
  PktSlice head;
  gsize at, begin[PKT_JSON_STEPS_DEPTH + 2]; /* of the values that were begun, by depth */
  PktSlice about[PKT_JSON_STEPS_DEPTH + 2];  /* labels or columns of the object at that depth */
  guint64 about_path[PKT_JSON_STEPS_DEPTH + 2];
  PktShipped shipped;
  PktPageRow row;
  GString *text;
  guint lines, tries;
  PktShippedWeight best;
  PktJsonPage *out;
} Finder;

static void
note (Finder *f, PktShippedWeight weight, PktPageKind kind, guint64 about)
{
  if (weight <= f->best)
    return;
  f->best = weight;
  *f->out = (PktJsonPage){ kind, f->steps.path, about };
}

/* What is no object is no line as it stands, so a service's event in it is looked for, too. */
static void
try_made (Finder *f, PktPageKind kind, PktSlice record, guint64 about)
{
  g_string_truncate (f->text, 0);
  if (!pkt_page_row_write (&f->row, kind, record, f->text))
    return;
  const PktSlice made = pkt_slice (f->text->str, f->text->len);
  PktShippedWeight weight = pkt_shipped_weigh (&f->shipped, made);
  if (weight != PKT_SHIPPED_SURE && pkt_json_probe (made))
    weight = PKT_SHIPPED_SURE;
  note (f, weight, kind, about);
}

static void
try_list (Finder *f, PktSlice record)
{
  const guint in = f->steps.depth - 1;
  pkt_page_row_about (&f->row, f->about[in]);
  try_made (f, PKT_PAGE_FIELDS, record, 0);
  try_made (f, PKT_PAGE_ROWS, record, f->about_path[in]);
  try_made (f, PKT_PAGE_PAIRS, record, f->about_path[in]);
}

/* "stream", "columns" and the like of an object: they stand in front of its list. */
static void
keep_about (Finder *f, PktSlice value)
{
  static const PktSlice names[] = { PKT_SLICE ("stream"), PKT_SLICE ("labels"),
                                    PKT_SLICE ("columns"), PKT_SLICE ("fields") };
  const guint depth = f->steps.depth;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (f->steps.path == pkt_json_steps_path (f->steps.nest[depth - 1].path, names[i])) {
      f->about[depth] = value;
      f->about_path[depth] = f->steps.path;
    }
}

static void
end_value (Finder *f)
{
  const guint depth = f->steps.depth;
  const PktSlice value = pkt_slice (f->head.p + f->begin[depth], f->at - f->begin[depth]);
  const char kind = f->steps.kind, in = depth ? f->steps.nest[depth - 1].kind : 0;
  if (in == '{') {
    if (kind != '"')
      keep_about (f, value);
    return;
  }
  if (kind == '{' && depth == 0 && !pkt_find_byte (value.p, value.p + value.n, '\n')) {
    f->lines++;
    return;
  }
  if (kind != '{' && depth == 0)
    return;
  f->tries++;
  if (kind == '{')
    note (f, pkt_shipped_weigh (&f->shipped, value), PKT_PAGE_OBJECTS, 0);
  else if (kind == '[' && depth >= 2)
    try_list (f, value);
  else if (kind == '"' && (depth == 1 || f->steps.nest[depth - 2].kind == '{'))
    try_made (f, PKT_PAGE_STRINGS, value, 0);
}

gboolean
pkt_json_page_find (PktSlice head, PktJsonPage *out)
{
  Finder f = { .head = head, .out = out, .text = g_string_new (NULL) };
  PktJsonStep step;
  while (f.best < PKT_SHIPPED_SURE && f.lines < MAX_LINES && f.tries < MAX_TRIES
         && (step = pkt_json_steps_next (&f.steps, head, &f.at)) != PKT_JSON_STEP_MORE) {
    const guint depth = f.steps.depth;
    if (step == PKT_JSON_STEP_END)
      end_value (&f);
    else {
      f.begin[depth] = f.at;
      if (f.steps.kind == '{')
        f.about[depth + 1] = pkt_slice (NULL, f.about_path[depth + 1] = 0);
    }
  }
  pkt_shipped_clear (&f.shipped);
  pkt_page_row_clear (&f.row);
  g_string_free (f.text, TRUE);
  return f.best > PKT_SHIPPED_NOTHING;
}
