/* The parts of a bounce by GMime: encoded, nested, forwarded. */
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/mime.h"
#include "packet/bounce/dsn.h"
#include "packet/bounce/header.h"
#include "packet/bounce/parts.h"

/* More boundaries than any mail of people or servers has: each level costs GMime a stack frame and
 * a look at each line below. */
#define MAX_BOUNDARIES 200

static gboolean
is_type (GMimeObject *object, const char *type, const char *subtype)
{
  return g_mime_content_type_is_type (g_mime_object_get_content_type (object), type, subtype);
}

static PktSlice
own (PktBounceParts *parts, GByteArray *taken)
{
  if (!parts->owned)
    parts->owned = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  g_ptr_array_add (parts->owned, taken);
  g_byte_array_append (taken, (const guint8 *)"", 1); /* never NULL */
  return pkt_slice ((const char *)taken->data, MIN (taken->len - 1, PKT_DSN_MAX_PART_BYTES));
}

/* Decoded content of a leaf; {NULL, 0} when it has none. */
static PktSlice
leaf_bytes (GMimeObject *leaf, PktBounceParts *parts)
{
  GByteArray *content = leaf && GMIME_IS_PART (leaf) ? pkt_mime_content (GMIME_PART (leaf)) : NULL;
  return content ? own (parts, content) : pkt_slice (NULL, 0);
}

/* Text as UTF-8; as it is when its charset is unknown. */
static PktSlice
text_bytes (GMimeObject *leaf, PktBounceParts *parts)
{
  const char *charset = g_mime_object_get_content_type_parameter (leaf, "charset");
  if (charset && g_ascii_strcasecmp (charset, "utf-8") != 0
      && g_ascii_strcasecmp (charset, "us-ascii") != 0 && GMIME_IS_TEXT_PART (leaf)) {
    g_autofree char *text = g_mime_text_part_get_text (GMIME_TEXT_PART (leaf));
    GByteArray *bytes = text ? g_byte_array_new () : NULL;
    if (bytes)
      return own (parts, g_byte_array_append (bytes, (const guint8 *)text, (guint)strlen (text)));
  }
  return leaf_bytes (leaf, parts);
}

static PktSlice
header_bytes (GMimeObject *object, PktBounceParts *parts)
{
  char *text = g_mime_object_get_headers (object, NULL);
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *)(text ? text : ""), text ? (guint)strlen (text) : 0);
  g_free (text);
  return own (parts, bytes);
}

static void
take_returned (GMimeObject *part, PktBounceParts *out)
{
  PktSlice rest;
  if (GMIME_IS_MESSAGE_PART (part)) {
    GMimeMessage *message = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
    if (message)
      out->returned = header_bytes (GMIME_OBJECT (message), out);
  } else
    out->returned = pkt_header_split (leaf_bytes (part, out), &rest);
}

static gboolean
is_status (GMimeObject *part)
{
  return is_type (part, "message", "delivery-status")
         || is_type (part, "message", "global-delivery-status");
}

static gboolean
is_returned (GMimeObject *part)
{
  return is_type (part, "message", "rfc822") || is_type (part, "text", "rfc822-headers")
         || is_type (part, "message", "global") || is_type (part, "message", "global-headers");
}

static gboolean
has_status (GMimeMultipart *multipart)
{
  int n = MIN (g_mime_multipart_get_count (multipart), PKT_DSN_MAX_PARTS);
  for (int i = 0; i < n; i++)
    if (is_status (g_mime_multipart_get_part (multipart, i)))
      return TRUE;
  return FALSE;
}

/* The text for people is the first leaf of the first child. */
static GMimeObject *
first_text (GMimeObject *object)
{
  for (guint depth = 0; object && depth < PKT_DSN_MAX_DEPTH; depth++) {
    if (!GMIME_IS_MULTIPART (object))
      return is_type (object, "text", "plain") ? object : NULL;
    GMimeMultipart *multipart = GMIME_MULTIPART (object);
    object = g_mime_multipart_get_count (multipart) ? g_mime_multipart_get_part (multipart, 0)
                                                    : NULL;
  }
  return NULL;
}

static void
take_multipart (GMimeMultipart *multipart, PktBounceParts *out)
{
  int n = MIN (g_mime_multipart_get_count (multipart), PKT_DSN_MAX_PARTS);
  for (int i = 0; i < n; i++) {
    GMimeObject *part = g_mime_multipart_get_part (multipart, i);
    GMimeObject *text = out->text.p ? NULL : first_text (part);
    if (is_status (part)) {
      if (!out->status.p)
        out->status = leaf_bytes (part, out);
    } else if (is_returned (part)) {
      if (!out->returned.p)
        take_returned (part, out);
    } else if (text)
      out->text = text_bytes (text, out);
  }
}

/* A report deeper down: some gateways wrap it with a footer of theirs. */
static gboolean
find_report (GMimeObject *object, guint depth, PktBounceParts *out)
{
  if (depth >= PKT_DSN_MAX_DEPTH || !object || !GMIME_IS_MULTIPART (object))
    return FALSE;
  GMimeMultipart *multipart = GMIME_MULTIPART (object);
  if (has_status (multipart)) {
    out->report = is_type (object, "multipart", "report");
    take_multipart (multipart, out);
    return TRUE;
  }
  int n = MIN (g_mime_multipart_get_count (multipart), PKT_DSN_MAX_PARTS);
  for (int i = 0; i < n; i++)
    if (find_report (g_mime_multipart_get_part (multipart, i), depth + 1, out))
      return TRUE;
  return FALSE;
}

static gboolean
has_more_boundaries (PktSlice mail, guint limit)
{
  guint n = 0;
  for (PktSlice at = mail; (at = pkt_slice_find (at, PKT_SLICE ("oundary"))).p; n++)
    at = pkt_slice_skip (at, 7);
  return n > limit;
}

gboolean
pkt_bounce_message (PktSlice mail, guint max_boundaries, GMimeMessage **out)
{
  *out = NULL;
  if (has_more_boundaries (mail, max_boundaries))
    return FALSE;
  *out = pkt_mime_parse (mail);
  return TRUE;
}

gboolean
pkt_bounce_parts_parse (PktSlice mail, PktBounceParts *out)
{
  g_autoptr (GMimeMessage) message = NULL;
  *out = (PktBounceParts){ 0 };
  if (!pkt_bounce_message (mail, MAX_BOUNDARIES, &message))
    return FALSE;
  if (!message)
    return TRUE;
  GMimeObject *top = g_mime_message_get_mime_part (message);
  out->header = header_bytes (GMIME_OBJECT (message), out);
  if (find_report (top, 0, out))
    return TRUE;
  if (top && GMIME_IS_MULTIPART (top))
    take_multipart (GMIME_MULTIPART (top), out);
  else if (top && first_text (top))
    out->text = text_bytes (top, out);
  return TRUE;
}
