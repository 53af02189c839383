#include "packet/outbox/draft.h"
#define PKT_WITH_GMIME
#include <string.h>
#include "packet/base/autoptr.h"
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/base/mime.h"

/* The next line with its end. */
static gsize
line_length (const char *p, const char *end)
{
  const char *lf = memchr (p, '\n', (gsize)(end - p));
  return (gsize)((lf != NULL ? lf + 1 : end) - p);
}

static gboolean
is_field (const char *line, gsize n, const char *name)
{
  gsize length = strlen (name);
  return n > length && g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':';
}

GBytes *
pkt_draft_dated (GBytes *draft, gint64 now)
{
  gsize n;
  const char *p = g_bytes_get_data (draft, &n), *end = p + n;
  GString *out = g_string_sized_new (n + 64);
  /* RFC 5322 3.3; the process runs in C.UTF-8, so the names of days and months are English. */
  g_autofree char *date = pkt_clock_format (now, NULL, "Date: %a, %d %b %Y %H:%M:%S +0000\r\n");
  g_string_append (out, date);
  gboolean drop = FALSE;
  while (p < end) {
    gsize length = line_length (p, end);
    if (*p == '\r' || *p == '\n')
      break;
    if (*p != ' ' && *p != '\t')
      drop = is_field (p, length, "X-Unsent") || is_field (p, length, "Date");
    if (!drop)
      g_string_append_len (out, p, (gssize)length);
    p += length;
  }
  g_string_append_len (out, p, end - p);
  return g_string_free_to_bytes (out);
}

void
pkt_envelope_free (PktEnvelope *e)
{
  g_free (e->from);
  g_free (e->to);
  g_free (e->message_id);
  g_free (e);
}

/* Blanks and control bytes would end a command. */
static gboolean
is_path (const char *address)
{
  for (const char *p = address; p != NULL && *p != '\0'; p++)
    if ((guchar)*p <= ' ' || *p == 0x7f || *p == '<' || *p == '>')
      return FALSE;
  return address != NULL && strchr (address, '@') != NULL && address[0] != '-';
}

/* The one address of a field; NULL when there is none, or more. */
static char *
only_address (InternetAddressList *list)
{
  if (list == NULL || internet_address_list_length (list) != 1)
    return NULL;
  InternetAddress *a = internet_address_list_get_address (list, 0);
  const char *address = INTERNET_ADDRESS_IS_MAILBOX (a)
                            ? internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (a))
                            : NULL;
  return is_path (address) ? g_strdup (address) : NULL;
}

PktEnvelope *
pkt_envelope_read (GBytes *message, const char *file, GError **error)
{
  gsize n;
  const char *p = g_bytes_get_data (message, &n);
  g_autoptr (GMimeMessage) m = pkt_mime_parse (pkt_slice (p, n));
  g_autoptr (PktEnvelope) e = g_new0 (PktEnvelope, 1);
  if (m != NULL) {
    e->from = only_address (g_mime_message_get_from (m));
    e->to = only_address (g_mime_message_get_to (m));
    e->message_id = g_strdup (g_mime_message_get_message_id (m));
  }
  if (e->from != NULL && e->to != NULL && g_mime_object_get_header (GMIME_OBJECT (m), "Cc") == NULL
      && g_mime_object_get_header (GMIME_OBJECT (m), "Bcc") == NULL)
    return g_steal_pointer (&e);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: has to name one sender and one recipient and nobody else; nothing was sent. "
               "Build the packet again",
               file);
  return NULL;
}
