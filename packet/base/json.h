#pragma once
#include <glib.h>
#include <jansson.h>
#include "packet/base/slice.h"

/* A JSON string of bytes: invalid UTF-8 becomes U+FFFD; null for the absent slice. New reference.
 */
json_t *pkt_json_slice (PktSlice s);
/* The same for a C string, NULL gives null. */
json_t *pkt_json_string (const char *s);
/* RFC 3339 text of microseconds UTC, null for PKT_NO_TIME. */
json_t *pkt_json_time (gint64 us);
/* Indented by two, keys in insertion order, a line feed at the end; caller frees with g_free. */
char *pkt_json_dump (const json_t *value);
/* The same without the line feed, as it stands that many levels deep: for what is too large to be
 * made whole first. */
void pkt_json_append (GString *out, const json_t *value, guint depth);
/* g_string_append_len(), mostly without the call. */
static inline void
pkt_json_append_text (GString *out, PktSlice s)
{
  if (out->len + s.n >= out->allocated_len) {
    g_string_append_len (out, s.p, (gssize)s.n);
    return;
  }
  if (s.n)
    memcpy (out->str + out->len, s.p, s.n);
  out->len += s.n;
  out->str[out->len] = '\0';
}

/* The same of one value without making it first: what pkt_json_string(), json_integer() and
 * pkt_json_time() stand for. */
void pkt_json_append_string (GString *out, const char *s);
void pkt_json_append_integer (GString *out, gint64 value);
void pkt_json_append_time (GString *out, gint64 us);
/* One line, keys in insertion order, no line feed; caller frees with g_free. */
char *pkt_json_line (const json_t *value);
/* templates/NAME, read when it is first asked for, from any thread; *kept, NULL to begin with:
 * where it stays. It is our bug when that is no JSON (aborts). */
const json_t *pkt_json_table (const json_t **kept, const char *name);
/* The member's whole number, 0 when it is none or absent. */
static inline gint64
pkt_json_number (const json_t *o, const char *key)
{
  return json_integer_value (json_object_get (o, key));
}

/* The member's text, the object's own; NULL when it is none or absent. */
static inline const char *
pkt_json_text (const json_t *o, const char *key)
{
  return json_string_value (json_object_get (o, key));
}

/* Sets a member to a text that it takes and frees with g_free (). */
static inline void
pkt_json_set_text (json_t *o, const char *key, char *taken)
{
  json_object_set_new (o, key, json_string (taken));
  g_free (taken);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)
