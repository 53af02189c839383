/* A walk over brackets, strings and commas that remembers where it is between two lines. What is
 * inside a record is read by others. */
#include "packet/log/json-records.h"
#include "packet/log/event-escapes.h"

typedef enum {
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* behind '[' */
  EXPECT_KEY,
  EXPECT_KEY_OR_END, /* behind '{' */
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
} Expect;

struct PktJsonRecords {
  const PktJsonRecordUse *use;
  GString *open; /* a record that is not at its end, from earlier lines */
  char nest[PKT_JSON_RECORD_NEST];
  guint depth; /* inside the record; 0: between records */
  Expect expect;
  gboolean ignored;  /* this object is none: "paging":{…} */
  gboolean known;    /* a key of it shows that it is one */
  gboolean list_key; /* the key before was one of a list of records */
  gboolean in_list;  /* between records: inside an array or an object around them */
  gboolean behind_colon;
  /* the line at hand */
  PktSlice text;
  gsize at, begin;  /* of the record */
  gsize line_begin; /* of this line, behind the earlier ones of an open record */
  gpointer data;
};

PktJsonRecords *
pkt_json_records_new (const PktJsonRecordUse *use)
{
  PktJsonRecords *r = g_new0 (PktJsonRecords, 1);
  r->use = use;
  r->open = g_string_new (NULL);
  return r;
}

void
pkt_json_records_free (PktJsonRecords *r)
{
  g_string_free (r->open, TRUE);
  g_free (r);
}

gboolean
pkt_json_records_idle (const PktJsonRecords *r)
{
  return r->depth == 0 && !r->behind_colon;
}

gboolean
pkt_json_records_open (const PktJsonRecords *r)
{
  return r->depth > 0;
}

static void
give_up (PktJsonRecords *r)
{
  r->depth = 0;
  r->behind_colon = FALSE;
}

/* A string at r->at; FALSE when the line ends in it. */
static gboolean
pass_string (PktJsonRecords *r, PktSlice *out)
{
  const char *begin = r->text.p + r->at + 1,
             *end = pkt_escapes_string_end (begin, r->text.p + r->text.n);
  if (end == NULL)
    return FALSE;
  *out = pkt_slice (begin, (gsize)(end - begin));
  r->at = (gsize)(end + 1 - r->text.p);
  return TRUE;
}

/* Numbers, true, false, null: not looked into here. */
static gboolean
pass_word (PktJsonRecords *r)
{
  gsize from = r->at;
  while (r->at < r->text.n
         && (g_ascii_isalnum (r->text.p[r->at]) || memchr ("+-.", r->text.p[r->at], 3)))
    r->at++;
  return r->at > from;
}

static void
begin_record (PktJsonRecords *r)
{
  r->ignored = r->behind_colon;
  r->behind_colon = r->known = FALSE;
  r->begin = r->at++;
  r->depth = 1;
  r->nest[0] = '{';
  r->expect = EXPECT_KEY_OR_END;
}

/* One step between records: brackets and keys around them are passed. */
static gboolean
step_between (PktJsonRecords *r)
{
  PktSlice string;
  char c = r->text.p[r->at];
  if (c == '{') {
    begin_record (r);
    return TRUE;
  }
  r->behind_colon = c == ':';
  if (c == '[')
    r->in_list = TRUE;
  if (memchr ("[]},:", c, 5)) {
    r->at++;
    return TRUE;
  }
  if (!r->in_list)
    return FALSE;
  return c == '"' ? pass_string (r, &string) : pass_word (r);
}

static void
end_value (PktJsonRecords *r)
{
  r->expect = EXPECT_COMMA_OR_END;
}

/* {"a":1,"b": and then a line that begins with an object: the end of the first line is lost. */
static gboolean
is_behind_a_cut (const PktJsonRecords *r)
{
  return r->at == r->line_begin && r->line_begin > 0 && r->expect == EXPECT_VALUE
         && r->nest[r->depth - 1] == '{' && r->text.p[r->at] == '{';
}

static gboolean
open_bracket (PktJsonRecords *r, char c)
{
  if ((r->expect != EXPECT_VALUE && r->expect != EXPECT_VALUE_OR_END) || is_behind_a_cut (r))
    return FALSE;
  if (c == '[' && !r->known && !r->ignored && r->nest[r->depth - 1] == '{' && r->list_key) {
    r->depth = 0; /* what was taken for a record is around them */
    r->in_list = TRUE;
    r->at++;
    return TRUE;
  }
  if (r->depth == PKT_JSON_RECORD_NEST)
    return FALSE;
  r->nest[r->depth++] = c;
  r->expect = c == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
  r->at++;
  return TRUE;
}

static gboolean
close_bracket (PktJsonRecords *r, char c)
{
  gboolean object = c == '}';
  if (r->nest[r->depth - 1] != (object ? '{' : '[')
      || (r->expect != EXPECT_COMMA_OR_END
          && r->expect != (object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END)))
    return FALSE;
  r->at++;
  end_value (r);
  if (--r->depth == 0 && !r->ignored)
    r->use->sink (pkt_slice (r->text.p + r->begin, r->at - r->begin), r->data);
  return TRUE;
}

static gboolean
take_string (PktJsonRecords *r)
{
  PktSlice string;
  gboolean key = r->expect == EXPECT_KEY || r->expect == EXPECT_KEY_OR_END;
  if ((!key && r->expect != EXPECT_VALUE && r->expect != EXPECT_VALUE_OR_END)
      || !pass_string (r, &string))
    return FALSE;
  if (key) {
    r->list_key = r->use->is_list (string);
    r->known = r->known || r->use->is_record (string);
    r->expect = EXPECT_COLON;
  } else
    end_value (r);
  return TRUE;
}

/* One step inside a record. */
static gboolean
step_inside (PktJsonRecords *r)
{
  char c = r->text.p[r->at];
  switch (c) {
  case '{':
  case '[':
    return open_bracket (r, c);
  case '}':
  case ']':
    return close_bracket (r, c);
  case '"':
    return take_string (r);
  case ':':
    r->at++;
    if (r->expect != EXPECT_COLON)
      return FALSE;
    r->expect = EXPECT_VALUE;
    return TRUE;
  case ',':
    r->at++;
    if (r->expect != EXPECT_COMMA_OR_END)
      return FALSE;
    r->expect = r->nest[r->depth - 1] == '{' ? EXPECT_KEY : EXPECT_VALUE;
    return TRUE;
  default:
    if ((r->expect != EXPECT_VALUE && r->expect != EXPECT_VALUE_OR_END) || !pass_word (r))
      return FALSE;
    end_value (r);
    return TRUE;
  }
}

/* What a step could not take: a record is given up, and begun again by the next '{'. A line that
 * was cut may stand in front of it. */
static void
recover (PktJsonRecords *r)
{
  give_up (r);
  gsize from = MAX (r->line_begin, r->begin + 1);
  r->at = MAX (r->at, from);
  const char *next = r->at < r->text.n
                         ? pkt_find_byte (r->text.p + r->at, r->text.p + r->text.n, '{')
                         : NULL;
  r->at = next ? (gsize)(next - r->text.p) : r->text.n;
}

/* The part of a record that this line ends in goes on in the next. */
static void
keep_open (PktJsonRecords *r)
{
  if (r->depth == 0 || r->ignored) {
    g_string_truncate (r->open, 0);
  } else if (r->text.p == r->open->str) {
    g_string_erase (r->open, 0, (gssize)r->begin);
  } else {
    g_string_truncate (r->open, 0);
    g_string_append_len (r->open, r->text.p + r->begin, (gssize)(r->text.n - r->begin));
  }
}

gboolean
pkt_json_records_feed (PktJsonRecords *r, PktSlice line, gpointer data)
{
  gboolean ok = TRUE;
  r->data = data;
  r->text = line;
  r->at = r->begin = r->line_begin = 0;
  if (r->open->len) {
    g_string_append_c (r->open, ' ');
    r->line_begin = r->at = r->open->len;
    g_string_append_len (r->open, line.p, (gssize)line.n);
    r->text = pkt_slice (r->open->str, r->open->len);
  }
  while (r->at < r->text.n) {
    char c = r->text.p[r->at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      r->at++;
      continue;
    }
    if (r->depth ? step_inside (r) : step_between (r))
      continue;
    ok = FALSE;
    recover (r);
  }
  if (r->depth && r->text.n - r->begin > PKT_JSON_RECORD_MAX) {
    ok = FALSE;
    give_up (r);
  }
  keep_open (r);
  return ok;
}
