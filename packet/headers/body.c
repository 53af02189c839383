#include "packet/headers/body.h"
#include "packet/base/mime.h"
#include "packet/headers/delivered.h"
#include "packet/headers/pictures.h"

/* RFC 2046 5.1: letters and a few marks; what else stands there is no type. */
static void
add_attachment (PktSample *s, GMimeContentType *type)
{
  g_autofree char *name = g_mime_content_type_get_mime_type (type);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  gboolean plain = strlen (lower) <= 100
                   && strspn (lower, "abcdefghijklmnopqrstuvwxyz0123456789/.+-_") == strlen (lower);
  g_ptr_array_add (s->attachments, g_strdup (plain ? lower : "a type that is none"));
}

static void
take_part (PktSample *s, GMimePart *part)
{
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (part));
  const char *disposition = g_mime_object_get_disposition (GMIME_OBJECT (part));
  gboolean shown = g_mime_content_type_is_type (type, "image", "*")
                   && g_mime_object_get_content_id (GMIME_OBJECT (part));
  if (disposition && g_ascii_strcasecmp (disposition, "attachment") == 0) {
    add_attachment (s, type);
    return;
  }
  if (!shown && !g_mime_content_type_is_type (type, "text", "html")
      && !g_mime_content_type_is_type (type, "text", "plain"))
    add_attachment (s, type);
  if (s->html == NULL && g_mime_content_type_is_type (type, "text", "html"))
    s->html = pkt_mime_text (part, PKT_DELIVERED_MAX_TEXT, TRUE);
  else if (s->text == NULL && g_mime_content_type_is_type (type, "text", "plain"))
    s->text = pkt_mime_text (part, PKT_DELIVERED_MAX_TEXT, FALSE);
}

static void
walk (PktSample *s, GMimeObject *part, guint *parts, int depth)
{
  if (part == NULL || depth > PKT_DELIVERED_MAX_DEPTH || ++*parts > PKT_DELIVERED_MAX_PARTS)
    return;
  if (GMIME_IS_MULTIPART (part)) {
    int n = g_mime_multipart_get_count (GMIME_MULTIPART (part));
    for (int i = 0; i < n && *parts <= PKT_DELIVERED_MAX_PARTS; i++)
      walk (s, g_mime_multipart_get_part (GMIME_MULTIPART (part), i), parts, depth + 1);
  } else if (GMIME_IS_PART (part)) {
    take_part (s, GMIME_PART (part));
    pkt_pictures_take (s, GMIME_PART (part));
  } else if (GMIME_IS_MESSAGE_PART (part)) {
    add_attachment (s, g_mime_object_get_content_type (part));
  }
}

void
pkt_body_collect (PktSample *s, struct _GMimeMessage *message)
{
  guint parts = 0;
  walk (s, g_mime_message_get_mime_part (message), &parts, 0);
}
