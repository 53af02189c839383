/* Message-IDs in our own texts: known by their place. */
#include "packet/redact/redactor-priv.h"

#define MAX_LINE 256 /* bytes of it before an id */

/* "Message-ID  <…>", "refused [CS02]   <…>": what Apple looks a message up by. Its left part is
 * tested by itself, whatever its domain. */
gboolean
pkt_address_is_message_id (PktSlice text, const PktAddressSpan *span)
{
  gsize i = span->start, end = span->end;
  if (i == 0 || text.p[i - 1] != '<' || end >= text.n || text.p[end] != '>')
    return FALSE;
  gsize line = i;
  while (line > 0 && text.p[line - 1] != '\n' && i - line < MAX_LINE)
    line--;
  PktSlice head = pkt_slice_trim (pkt_slice (text.p + line, i - 1 - line));
  if (head.n == 0 && line > 0) /* folded behind the header's name */
    head = pkt_slice_trim (pkt_slice (text.p, line));
  return pkt_slice_ends_nocase (head, PKT_SLICE ("Message-ID"))
         || pkt_slice_ends_nocase (head, PKT_SLICE ("Message-ID:"))
         || pkt_slice_find (head, PKT_SLICE ("refused")).p
         || pkt_slice_find (head, PKT_SLICE ("accepted")).p;
}

/* Each is looked at for itself, in all its decodings. With the text around it a part of it would be
 * the address of somebody: "<CAF0=9C4A@mail.gmail.com>" holds a byte of quoted-printable. */
char *
pkt_redact_without_ids (PktRedactor *r, PktSlice text)
{
  GString *out = NULL;
  PktAddressSpan span = { 0 };
  gsize done = 0;
  if (text.n > PKT_REDACT_MAX_TEXT)
    return NULL;
  while (pkt_address_next (text, span.end, &span)) {
    if (!pkt_address_is_message_id (text, &span)
        || !pkt_redact_message_id_is_safe (r,
                                           pkt_slice (text.p + span.start, span.end - span.start)))
      continue;
    out = out ? out : g_string_new (NULL);
    g_string_append_len (out, text.p + done, (gssize)(span.start - done));
    done = span.end;
  }
  if (out)
    g_string_append_len (out, text.p + done, (gssize)(text.n - done));
  return out ? g_string_free (out, FALSE) : NULL;
}
