#include "packet/headers/source.h"
#include "packet/headers/delivered.h"

typedef struct {
  GString *out;
  guint fields;
  gsize field_bytes; /* of the current field */
  gboolean keep;     /* the current field is within bounds */
  gboolean ended;    /* by a line that is none of it */
  gboolean known;    /* a field that tells a mail from other "name: value" text was seen */
} Reader;

static PktSlice
take_line (PktSlice *rest)
{
  PktSlice line = pkt_slice_until (*rest, '\n');
  *rest = pkt_slice_skip (*rest, line.n + 1);
  if (line.n > 0 && line.p[line.n - 1] == '\r')
    line.n--;
  return line;
}

/* RFC 5322 3.6.8, blanks before the colon as in 4.5 allowed. 0 when it is no field. */
static gsize
name_length (PktSlice line)
{
  gsize n = 0;
  while (n < line.n && line.p[n] > 32 && line.p[n] < 127 && line.p[n] != ':')
    n++;
  gsize colon = n;
  while (colon < line.n && (line.p[colon] == ' ' || line.p[colon] == '\t'))
    colon++;
  return n > 0 && n <= 100 && colon < line.n && line.p[colon] == ':' ? n : 0;
}

static gboolean
is_known (PktSlice name)
{
  static const char *const names[]
      = { "from",    "received",     "return-path",  "message-id",
          "subject", "mime-version", "delivered-to", "dkim-signature" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (pkt_slice_equal_nocase (name, pkt_slice_str (names[i])))
      return TRUE;
  return FALSE;
}

static void
append (Reader *r, PktSlice s)
{
  gsize start = r->out->len;
  s.n = MIN (s.n,
             PKT_DELIVERED_MAX_FIELD_BYTES - MIN (r->field_bytes, PKT_DELIVERED_MAX_FIELD_BYTES));
  r->field_bytes += s.n;
  if (s.n == 0)
    return;
  g_string_append_len (r->out, s.p, (gssize)s.n);
  for (gsize i = start; i < r->out->len; i++)
    if (r->out->str[i] == '\0' || r->out->str[i] == '\r')
      r->out->str[i] = ' ';
  g_string_append_c (r->out, '\n');
}

static void
start_field (Reader *r, PktSlice line, gsize name)
{
  r->known |= is_known (pkt_slice (line.p, name));
  r->fields++;
  r->field_bytes = 0;
  r->keep = r->fields <= PKT_DELIVERED_MAX_FIELDS && r->out->len < PKT_DELIVERED_MAX_HEADER_BYTES;
  if (!r->keep)
    return;
  PktSlice value = pkt_slice_skip (pkt_slice_find (line, PKT_SLICE (":")), 1);
  g_string_append_len (r->out, line.p, (gssize)name);
  g_string_append_c (r->out, ':');
  if (value.n == 0)
    g_string_append_c (r->out, '\n');
  append (r, value);
}

static gboolean
is_from_line (PktSlice line)
{
  return pkt_slice_starts (line, PKT_SLICE ("From "))
         || pkt_slice_starts (line, PKT_SLICE (">From "));
}

/* A line that is neither field nor continuation ends the header, as if an empty one stood before
 * it. */
static void
read_header (Reader *r, PktSlice *rest)
{
  while (rest->n > 0) {
    PktSlice before = *rest;
    PktSlice line = take_line (rest);
    gsize name = name_length (line);
    if (line.n == 0)
      return;
    if (name > 0) {
      start_field (r, line, name);
    } else if (line.p[0] == ' ' || line.p[0] == '\t') {
      if (r->keep && pkt_slice_trim (line).n > 0)
        append (r, line);
    } else if (!is_from_line (line)) {
      *rest = before;
      r->ended = TRUE;
      return;
    }
  }
}

/* The line at `rest` ended the header, and one of the lines up to the next empty one is a field. */
static gboolean
is_broken_off (PktSlice rest)
{
  PktSlice first = take_line (&rest), line = first;
  if (first.n == 0)
    return FALSE;
  while (rest.n > 0 && line.n > 0 && !is_known (pkt_slice (line.p, name_length (line))))
    line = take_line (&rest);
  return is_known (pkt_slice (line.p, name_length (line)));
}

static guint
count_lines (const char *p, const char *end)
{
  guint n = 1;
  while ((p = memchr (p, '\n', (gsize)(end - p))) != NULL) {
    n++;
    p++;
  }
  return n;
}

static void
append_body (GString *out, PktSlice rest)
{
  while (rest.n > 0) {
    PktSlice line = take_line (&rest);
    g_string_append_len (out, line.p, (gssize)line.n);
    g_string_append_c (out, '\n');
  }
}

/* .emlx: the first line is the number of bytes of the mail; a property list follows it. */
static PktSlice
without_emlx (PktSlice s)
{
  PktSlice rest = s;
  gint64 n = 0;
  if (pkt_slice_number (pkt_slice_trim (take_line (&rest)), &n) && n > 0)
    return pkt_slice (rest.p, MIN (rest.n, (gsize)n));
  return s;
}

static PktSlice
without_wrapping (PktSlice s)
{
  s = pkt_slice_skip_mark (s);
  for (int i = 0; i < PKT_DELIVERED_PROBE_LINES && s.n > 0; i++) {
    PktSlice rest = s;
    PktSlice line = take_line (&rest);
    if (pkt_slice_trim (line).n > 0)
      break;
    s = rest;
  }
  s = without_emlx (s);
  PktSlice rest = s;
  return is_from_line (take_line (&rest)) ? rest : s;
}

/* Windows editors save "Unicode" as UTF-16. */
static char *
from_utf16 (PktSlice s, gsize *n)
{
  gboolean little = pkt_slice_starts (s, PKT_SLICE ("\xff\xfe"));
  if (!little && !pkt_slice_starts (s, PKT_SLICE ("\xfe\xff")))
    return NULL;
  return g_convert (s.p + 2, (gssize)((s.n - 2) & ~(gsize)1), "UTF-8",
                    little ? "UTF-16LE" : "UTF-16BE", NULL, n, NULL);
}

GString *
pkt_source_read (PktSlice file, guint *broken)
{
  gsize n = 0;
  g_autofree char *narrow = file.n >= 2 ? from_utf16 (file, &n) : NULL;
  const PktSlice whole = narrow ? pkt_slice (narrow, n) : file;
  PktSlice rest = without_wrapping (whole);
  Reader r = { .out = g_string_sized_new (rest.n + 16) };
  read_header (&r, &rest);
  if (!r.known) {
    g_string_free (r.out, TRUE);
    return NULL;
  }
  if (broken)
    *broken = r.ended && is_broken_off (rest) ? count_lines (whole.p, rest.p) : 0;
  g_string_append_c (r.out, '\n');
  append_body (r.out, rest);
  return r.out;
}
