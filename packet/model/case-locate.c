#include "packet/model/case-locate.h"
#include <jansson.h>
#include "packet/base/json.h"

/* jansson forgets where a value stood once the text is parsed, so the text is read once more. It
 * was valid JSON, which keeps this small; on anything else the scan only stops early. */

static PktSlice
skip_blanks (PktSlice s)
{
  while (s.n && pkt_ascii_is_blank (s.p[0]))
    s = pkt_slice_skip (s, 1);
  return s;
}

/* s begins with '"'; what follows the string. */
static PktSlice
skip_string (PktSlice s)
{
  s = pkt_slice_skip (s, 1);
  while (s.n && s.p[0] != '"')
    s = pkt_slice_skip (s, s.p[0] == '\\' ? 2 : 1);
  return pkt_slice_skip (s, 1);
}

/* What follows the value that s begins with. */
static PktSlice
skip_value (PktSlice s)
{
  gsize depth = 0;
  do {
    s = skip_blanks (s);
    if (s.n == 0)
      return s;
    if (s.p[0] == '"') {
      s = skip_string (s);
      continue;
    }
    if (s.p[0] == '{' || s.p[0] == '[')
      depth++;
    else if ((s.p[0] == '}' || s.p[0] == ']') && depth-- == 0)
      return s; /* the end of what the caller is in */
    else if (s.p[0] == ',' && depth == 0)
      return s;
    s = pkt_slice_skip (s, 1);
    while (s.n && (g_ascii_isalnum (s.p[0]) || strchr ("+-.", s.p[0]))) /* number, true, null */
      s = pkt_slice_skip (s, 1);
  } while (depth > 0);
  return s;
}

/* Keys may be written with escapes ("\u0063ase"): jansson undoes them. */
static gboolean
key_is (PktSlice quoted, const char *key)
{
  g_autoptr (json_t) value = json_loadb (quoted.p, quoted.n, JSON_DECODE_ANY | JSON_ALLOW_NUL,
                                         NULL);
  return json_is_string (value) && g_str_equal (json_string_value (value), key);
}

/* s begins with '{': its member `key`, from the key on; empty when there is none. */
static PktSlice
find_member (PktSlice s, const char *key)
{
  s = skip_blanks (pkt_slice_skip (s, 1));
  while (s.n && s.p[0] == '"') {
    PktSlice after = skip_string (s);
    if (key_is (pkt_slice (s.p, s.n - after.n), key))
      return s;
    s = skip_blanks (skip_value (skip_blanks (pkt_slice_skip (skip_blanks (after), 1))));
    if (s.n && s.p[0] == ',')
      s = skip_blanks (pkt_slice_skip (s, 1));
  }
  return pkt_slice (NULL, 0);
}

/* s begins with '[': its item; empty when there are fewer. */
static PktSlice
find_item (PktSlice s, gsize index)
{
  s = skip_blanks (pkt_slice_skip (s, 1));
  for (; index > 0 && s.n && s.p[0] != ']'; index--) {
    s = skip_blanks (skip_value (s));
    if (s.n && s.p[0] == ',')
      s = skip_blanks (pkt_slice_skip (s, 1));
  }
  return s.n && s.p[0] != ']' ? s : pkt_slice (NULL, 0);
}

static PktSlice
find_step (PktSlice s, const PktCaseStep *step, gboolean at_key)
{
  if (s.n == 0 || s.p[0] != (step->key ? '{' : '['))
    return pkt_slice (NULL, 0);
  if (step->key == NULL)
    return find_item (s, step->index);
  PktSlice member = find_member (s, step->key);
  if (at_key || member.n == 0)
    return member;
  return skip_blanks (pkt_slice_skip (skip_blanks (skip_string (member)), 1));
}

static PktCasePlace
place_of (PktSlice json, const char *p)
{
  PktCasePlace place = { 1, 1 };
  for (const char *q = json.p; q < p; q++) {
    if (*q == '\n')
      place = (PktCasePlace){ place.line + 1, 1 };
    else if (((guint8)*q & 0xc0) != 0x80) /* not the later bytes of a character */
      place.column++;
  }
  return place;
}

PktCasePlace
pkt_case_locate (PktSlice json, const PktCaseStep *steps, guint n, gboolean at_key)
{
  PktSlice s = skip_blanks (json);
  for (guint i = 0; i < n; i++) {
    PktSlice next = find_step (s, &steps[i], at_key && i + 1 == n);
    if (next.n == 0)
      break;
    s = next;
  }
  return place_of (json, s.n ? s.p : json.p);
}
