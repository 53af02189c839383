#include "packet/log/haraka-line.h"
#include "packet/log/json-nodes.h"
#include "packet/log/text-parse.h"

/* "[WORD] " at the start of s. */
static gboolean
take_bracket (PktSlice *s, PktSlice *out)
{
  if (s->n < 3 || s->p[0] != '[')
    return FALSE;
  PktSlice inner = pkt_slice_until (pkt_slice_skip (*s, 1), ']');
  if (inner.n + 2 > s->n)
    return FALSE;
  *out = inner;
  *s = pkt_slice_skip (*s, inner.n + 2);
  pkt_take (s, " ");
  return TRUE;
}

static gboolean
is_level (PktSlice word)
{
  static const char *const levels[] = { "NOTICE", "INFO",  "ERROR",    "WARN", "CRIT",     "ALERT",
                                        "EMERG",  "DEBUG", "PROTOCOL", "DATA", "LOGNOTICE" };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (pkt_slice_equal (word, pkt_slice_str (levels[i])))
      return TRUE;
  return FALSE;
}

static gboolean
default_line (PktSlice s, PktHarakaLine *out)
{
  PktSlice level;
  if (!take_bracket (&s, &level) || !is_level (level) || !take_bracket (&s, &out->uuid)
      || !take_bracket (&s, &out->origin))
    return FALSE;
  out->message = pkt_slice_trim (s);
  return TRUE;
}

/* message="…" with \" and \\ in it, and what stands behind it. */
static gboolean
logfmt_line (PktSlice s, PktHarakaLine *out, GString *buffer)
{
  PktSlice at = pkt_slice_find (s, PKT_SLICE (" message="));
  out->uuid = pkt_word_after (s, " uuid=");
  out->origin = pkt_word_after (s, " origin=");
  if (out->origin.p == NULL)
    out->origin = pkt_word_after (s, " source="); /* as Haraka's manual has it */
  if (at.p == NULL || out->uuid.p == NULL)
    return FALSE;
  at = pkt_slice_skip (at, 9);
  g_string_truncate (buffer, 0);
  gsize i = 1;
  if (at.n && at.p[0] == '"') {
    for (; i < at.n && at.p[i] != '"'; i++) {
      if (at.p[i] == '\\' && i + 1 < at.n)
        i++;
      g_string_append_c (buffer, at.p[i]);
    }
    i++;
  } else
    i = 0;
  at = pkt_slice_skip (at, i);
  g_string_append_len (buffer, at.p ? at.p : "", (gssize)at.n);
  out->message = pkt_slice_trim (pkt_slice (buffer->str, buffer->len));
  return TRUE;
}

static PktSlice
json_text (PktJsonNodes *o, const char *key)
{
  const guint32 i = pkt_json_nodes_member (o, 0, pkt_slice_str (key));
  return i && o->all[i].kind == PKT_JSON_STRING ? pkt_json_nodes_text (o, i) : pkt_slice (NULL, 0);
}

static void
append_text (GString *buffer, PktSlice v)
{
  if (v.n)
    g_string_append_len (buffer, v.p, (gssize)v.n);
}

static gboolean
is_whole_number (PktSlice word)
{
  for (gsize i = 0; i < word.n; i++)
    if (!g_ascii_isdigit (word.p[i]) && word.p[i] != '-')
      return FALSE;
  return TRUE;
}

/* A member as the default form writes it: " code=\"OK\"", " delay=3". */
static void
append_member (GString *buffer, PktJsonNodes *o, guint32 i)
{
  static const PktSlice told[] = { PKT_SLICE ("level"), PKT_SLICE ("uuid"), PKT_SLICE ("origin"),
                                   PKT_SLICE ("source"), PKT_SLICE ("message") };
  const PktSlice key = o->all[i].key, text = pkt_json_nodes_text (o, i);
  const gboolean is_string = o->all[i].kind == PKT_JSON_STRING;
  for (gsize k = 0; k < G_N_ELEMENTS (told); k++)
    if (pkt_slice_equal (key, told[k]))
      return;
  if (!is_string && (text.p == NULL || !is_whole_number (text)))
    return;
  g_string_append_c (buffer, ' ');
  append_text (buffer, key);
  g_string_append (buffer, is_string ? "=\"" : "=");
  append_text (buffer, text);
  if (is_string)
    g_string_append_c (buffer, '"');
}

/* The members behind "message" are written as the default form writes them. */
static gboolean
json_line (PktSlice s, PktHarakaLine *out, GString *buffer)
{
  g_auto (PktJsonNodes) o = { 0 };
  if (!pkt_slice_is_utf8 (s) || !pkt_json_nodes_read (&o, s))
    return FALSE;
  PktSlice uuid = json_text (&o, "uuid"), origin = json_text (&o, "origin");
  if (origin.p == NULL)
    origin = json_text (&o, "source");
  if (uuid.p == NULL || origin.p == NULL || json_text (&o, "level").p == NULL)
    return FALSE;
  g_string_truncate (buffer, 0);
  append_text (buffer, uuid);
  append_text (buffer, origin);
  append_text (buffer, json_text (&o, "message"));
  for (guint32 i = 1; i < o.all[0].next; i = o.all[i].next)
    append_member (buffer, &o, i);
  out->uuid = pkt_slice (buffer->str, uuid.n);
  out->origin = pkt_slice (buffer->str + uuid.n, origin.n);
  out->message = pkt_slice_trim (
      pkt_slice (buffer->str + uuid.n + origin.n, buffer->len - uuid.n - origin.n));
  return TRUE;
}

gboolean
pkt_haraka_line (PktSlice text, PktHarakaLine *out, GString *buffer)
{
  *out = (PktHarakaLine){ 0 };
  if (text.n == 0)
    return FALSE;
  if (text.p[0] == '[')
    return default_line (text, out);
  if (pkt_slice_starts (text, PKT_SLICE ("level=")))
    return logfmt_line (text, out, buffer);
  return text.p[0] == '{' && pkt_slice_find (text, PKT_SLICE ("\"uuid\"")).p
         && json_line (text, out, buffer);
}

PktSlice
pkt_haraka_value (PktSlice message, const char *key)
{
  g_autofree char *name = g_strdup_printf (" %s=", key);
  PktSlice at = pkt_slice_find (message, pkt_slice_str (name));
  if (at.p == NULL)
    return at;
  at = pkt_slice_skip (at, strlen (name));
  if (at.n == 0 || at.p[0] != '"')
    return pkt_slice_until (at, ' ');
  at = pkt_slice_skip (at, 1);
  gsize i = 0;
  while (i < at.n
         && !(at.p[i] == '"' && (i + 1 == at.n || at.p[i + 1] == ' '))) /* may hold quotes */
    i++;
  return pkt_slice (at.p, i);
}
