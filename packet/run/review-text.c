#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/review.h"

#define MIN_WIDTH 40
#define GAP 2
#define MAX_COLUMNS 4

typedef struct {
  GString *out;
  gsize width;
  gboolean colour;
} Text;

/* What stands in a packet was written by others too: nothing of it moves the cursor. */
static char *
clean (const char *text)
{
  return pkt_text_disarm (g_utf8_make_valid (text ? text : "", -1));
}

static void
paint (Text *t, const char *code, const char *text)
{
  if (t->colour)
    g_string_append_printf (t->out, "\033[%sm%s\033[0m\n", code, text);
  else
    g_string_append_printf (t->out, "%s\n", text);
}

static void
heading (Text *t, const char *text)
{
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_string_append_c (t->out, '\n');
  paint (t, "1", upper);
}

static void
paragraph (Text *t, const char *text, const char *first, const char *indent)
{
  g_autofree char *c = clean (text), *wrapped = pkt_text_wrap (c, t->width, first, indent);
  g_string_append (t->out, wrapped);
}

static json_t *
rows_of (const json_t *view, const char *key)
{
  return json_object_get (json_object_get (view, key), "list");
}

typedef struct {
  const char *key, *title;
  gboolean right;
} Column;

static const char *
cell_of (const json_t *row, const char *key, char room[32])
{
  const json_t *value = json_object_get (row, key);
  if (!json_is_integer (value))
    return json_is_string (value) ? json_string_value (value) : "";
  g_snprintf (room, 32, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
  return room;
}

/* Aligned columns; the last one is wrapped into what is left of the width. */
static void
table (Text *t, json_t *rows, const Column *columns, gsize n)
{
  gsize widths[MAX_COLUMNS] = { 0 }, lead = 2, i, k;
  json_t *row;
  char room[32];
  for (k = 0; k < n; k++) {
    widths[k] = strlen (columns[k].title);
    json_array_foreach (rows, i, row) widths[k] = MAX (
        widths[k], pkt_text_width (cell_of (row, columns[k].key, room)));
    widths[k] = MIN (widths[k], t->width / 2);
    lead += k + 1 < n ? widths[k] + GAP : 0;
  }
  g_autofree char *indent = g_strnfill (MIN (lead, t->width / 2), ' ');
  for (gssize line = -1; line < (gssize)json_array_size (rows); line++) {
    g_autoptr (GString) first = g_string_new ("  ");
    row = line < 0 ? NULL : json_array_get (rows, (gsize)line);
    for (k = 0; k + 1 < n; k++) {
      g_autofree char *text = clean (row ? cell_of (row, columns[k].key, room) : columns[k].title),
                      *padded = pkt_text_pad (text, widths[k], columns[k].right);
      g_string_append_printf (first, "%s%*s", padded, GAP, "");
    }
    paragraph (t, row ? cell_of (row, columns[k].key, room) : columns[k].title, first->str, indent);
  }
}

/* Text as it stands, moved in, so that it cannot be taken for ours. */
static void
verbatim (Text *t, const char *text)
{
  g_autofree char *c = clean (text);
  g_auto (GStrv) lines = g_strsplit (c, "\n", -1);
  for (char **l = lines; *l && (l[1] || **l); l++)
    g_string_append_printf (t->out, "%s%s\n", **l ? "  | " : "  |", *l);
}

static void
bullets (Text *t, const char *title, json_t *rows, const char *const *keys)
{
  gsize i;
  json_t *row;
  if (json_array_size (rows) == 0)
    return;
  g_string_append_printf (t->out, "%s:\n", title);
  json_array_foreach (rows, i, row)
  {
    g_autoptr (GString) line = g_string_new (NULL);
    for (gsize k = 0; keys[k]; k += 2) { /* what stands before a value, and its key */
      const char *text = pkt_json_text (row, keys[k + 1]);
      if (text && *text)
        g_string_append_printf (line, "%s%s", line->len ? keys[k] : "", text);
    }
    paragraph (t, line->str, "  - ", "    ");
  }
}

static void
readiness (Text *t, const json_t *view)
{
  static const char *const finding[] = { "",       "id",        ": ",     "text", " ",
                                         "advice", " Waived: ", "waived", NULL },
                           *const where[] = { "", "kind", ": ", "what", ": ", "where", NULL },
                           *const desk[] = { "",           "name",   ": ", "count", " of ", "of",
                                             " answers. ", "reason", " ",  "link",  NULL },
                           *const fault[] = { "", "text", NULL },
                           *const edited[] = { "", "where", ": ", "text", NULL };
  heading (t, "Readiness");
  if (rows_of (view, "lacking") == NULL)
    g_string_append (t->out, "Nothing that the request needs is lacking.\n");
  bullets (t, "Lacking", rows_of (view, "lacking"), finding);
  if (rows_of (view, "contradicted") == NULL)
    g_string_append (t->out, "Nothing that is stated contradicts the evidence.\n");
  bullets (t, "Contradicted by the evidence", rows_of (view, "contradicted"), where);
  bullets (t, "Why it may not be sent", rows_of (view, "faults"), fault);
  bullets (t, "To be looked at before you accept", rows_of (view, "open"), finding);
  bullets (t, "Written by hand", rows_of (view, "edited"), edited);
  bullets (t, "Missing, and left out of the message", rows_of (view, "missing"), where);
  bullets (t, "Who can fix it", rows_of (view, "desk_lines"), desk);
  static const Column desks[]
      = { { "answer", "ANSWER", FALSE }, { "count", "TIMES", TRUE }, { "name", "DESK", FALSE } },
      requirements[] = { { "number", "NO", TRUE },
                         { "requirement", "REQUIREMENT", FALSE },
                         { "state", "STATE", FALSE },
                         { "where", "WHERE IT COMES FROM", FALSE } };
  if (rows_of (view, "desks"))
    g_string_append (t->out, "Whose each answer is:\n");
  if (rows_of (view, "desks"))
    table (t, rows_of (view, "desks"), desks, G_N_ELEMENTS (desks));
  if (rows_of (view, "requirements") == NULL)
    return;
  const char *line = pkt_json_text (view, "readiness");
  g_autofree char *all = g_strdup_printf ("Requirements of Apple's page: %s.", line ? line : "");
  paragraph (t, all, "", "  ");
  table (t, rows_of (view, "requirements"), requirements, G_N_ELEMENTS (requirements));
}

static void
message (Text *t, const json_t *m)
{
  gsize i;
  json_t *row;
  if (!json_is_object (m))
    return;
  heading (t, "The message, as it will be read");
  json_array_foreach (json_object_get (m, "headers"), i, row)
  {
    g_autofree char *name = g_strdup_printf ("%s:", pkt_json_text (row, "name")),
                    *first = pkt_text_pad (name, 13, FALSE);
    paragraph (t, pkt_json_text (row, "value"), first, "             ");
  }
  g_autofree char *size = g_strdup_printf (
      "%s bytes of at most %s; %s lines of at most %s; %s attachments", pkt_json_text (m, "size"),
      pkt_json_text (m, "max_size"), pkt_json_text (m, "lines"), pkt_json_text (m, "max_lines"),
      pkt_json_text (m, "attachments"));
  paragraph (t, size, "Size:        ", "             ");
  g_string_append_c (t->out, '\n');
  verbatim (t, pkt_json_text (m, "body"));
}

/* A CSV is aligned, whatever it has of columns. */
static void
csv_table (Text *t, const json_t *table)
{
  g_autoptr (GArray) widths = g_array_new (FALSE, TRUE, sizeof (gsize));
  g_autoptr (json_t) lines = json_pack (
      "[o]", json_pack ("{s:O}", "cells", json_object_get (table, "head")));
  json_array_extend (lines, json_object_get (table, "rows"));
  for (int pass = 0; pass < 2; pass++)
    for (gsize i = 0; i < json_array_size (lines); i++) {
      const json_t *cells = json_object_get (json_array_get (lines, i), "cells");
      if (pass)
        g_string_append (t->out, "  |");
      for (gsize k = 0; k < json_array_size (cells); k++) {
        g_autofree char *cell = clean (pkt_json_text (json_array_get (cells, k), "cell"));
        if (k >= widths->len)
          g_array_set_size (widths, (guint)k + 1);
        gsize *width = &g_array_index (widths, gsize, k);
        *width = MAX (*width, pkt_text_width (cell));
        g_autofree char *padded = pkt_text_pad (cell, *width, k > 0);
        if (pass)
          g_string_append_printf (t->out, " %s", padded);
      }
      if (pass)
        g_string_append_c (t->out, '\n');
    }
}

static void
parts (Text *t, const char *title, json_t *rows)
{
  gsize i;
  json_t *row;
  if (json_array_size (rows) == 0)
    return;
  heading (t, title);
  json_array_foreach (rows, i, row)
  {
    g_autofree char *name = clean (pkt_json_text (row, "name"));
    g_string_append_printf (t->out, "%s%s (%s bytes)\n", i ? "\n" : "", name,
                            pkt_json_text (row, "size"));
    if (pkt_json_text (row, "note"))
      paragraph (t, pkt_json_text (row, "note"), "  ! ", "    ");
    if (pkt_json_text (row, "data")) {
      paragraph (t, pkt_json_text (row, "alt"), "  A picture: ", "  ");
      paragraph (t, "Look at it in review.html.", "  ", "  ");
    } else if (json_is_object (json_object_get (row, "table")))
      csv_table (t, json_object_get (row, "table"));
    else
      verbatim (t, pkt_json_text (row, "text"));
  }
}

static void
redactions (Text *t, const json_t *view)
{
  static const char *const removed[] = { "", "name", ": ", "reason", " ", "was", NULL },
                           *const address[] = { "", "address", " may stand in clear: ", "reason",
                                                NULL },
                           *const tightened[] = { "", "what", ": ", "reason", NULL };
  gsize i;
  json_t *row;
  heading (t, "What was replaced or dropped");
  if (rows_of (view, "redacted") == NULL)
    g_string_append (t->out, "Nothing had to be.\n");
  json_array_foreach (rows_of (view, "redacted"), i, row)
  {
    const char *example = pkt_json_text (row, "example");
    g_autofree char *rule = clean (pkt_json_text (row, "rule"));
    g_autofree char *first = g_strdup_printf ("%7s  %-16s ", pkt_json_text (row, "count"), rule);
    paragraph (t, pkt_json_text (row, "what"), first, "                           ");
    g_autofree char *place = example
                                 ? g_strdup_printf ("%s: %s", pkt_json_text (row, "place"), example)
                                 : NULL;
    if (place)
      paragraph (t, place, "                           ", "                             ");
  }
  bullets (t, "Header fields that were removed", rows_of (view, "removed"), removed);
  bullets (t, "Addresses that the case lets stand", rows_of (view, "disclosed"), address);
  bullets (t, "What the case tightens", rows_of (view, "tightened"), tightened);
}

char *
pkt_review_text (const json_t *view, gsize width, gboolean colour)
{
  static const Column claims[] = { { "claim", "SENTENCE", FALSE },
                                   { "state", "STATE", FALSE },
                                   { "where", "WHERE IT COMES FROM", FALSE } },
                      inputs[] = { { "shown", "FILE", FALSE },
                                   { "bytes", "BYTES", TRUE },
                                   { "sha256", "SHA-256", FALSE } };
  Text t = { g_string_new (NULL), MAX (width, MIN_WIDTH), colour };
  g_autofree char *subject = clean (pkt_json_text (view, "subject")),
                  *title = g_strdup_printf ("Review: %s", subject);
  const char *word = pkt_json_text (view, "state_word");
  gsize i;
  json_t *row;
  paint (&t, "1", title);
  paint (&t,
         g_strcmp0 (word, "ready") == 0     ? "32"
         : g_strcmp0 (word, "lacking") == 0 ? "31"
                                            : "33",
         pkt_json_text (view, "state"));
  readiness (&t, view);
  message (&t, json_object_get (view, "message"));
  parts (&t, "Attachments", rows_of (view, "attachments"));
  parts (&t, "Parts that do not go out", rows_of (view, "kept"));
  redactions (&t, view);
  heading (&t, "Claims and their evidence");
  table (&t, rows_of (view, "claims"), claims, G_N_ELEMENTS (claims));
  heading (&t, "Inputs");
  table (&t, rows_of (view, "inputs"), inputs, G_N_ELEMENTS (inputs));
  heading (&t, "Next");
  json_array_foreach (rows_of (view, "next"), i, row)
  {
    g_autofree char *command = clean (pkt_json_text (row, "command"));
    g_string_append_printf (t.out, "  %s\n", command);
    paragraph (&t, pkt_json_text (row, "what"), "      ", "      ");
  }
  return g_string_free (t.out, FALSE);
}
