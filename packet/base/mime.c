#include "packet/base/mime.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/charset.h"

GMimeMessage *
pkt_mime_parse (PktSlice bytes)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes.p ? bytes.p : "",
                                                                      bytes.n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  return g_mime_parser_construct_message (parser, NULL);
}

GByteArray *
pkt_mime_content (GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  if (content == NULL)
    return NULL;
  g_autoptr (GMimeStream) memory = g_mime_stream_mem_new ();
  g_mime_data_wrapper_write_to_stream (content, memory);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (memory), FALSE); /* the bytes are the caller's */
  return g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (memory));
}

char *
pkt_mime_text (GMimePart *part, gsize max, gboolean html)
{
  g_autoptr (GByteArray) bytes = pkt_mime_content (part);
  const char *charset = g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "charset");
  return bytes ? pkt_charset_utf8 (pkt_slice ((const char *)bytes->data, MIN (bytes->len, max)),
                                   charset, html)
               : NULL;
}
