#include "packet/outbox/smtp.h"
#include <string.h>
#include "packet/base/error.h"

#define MAX_LINE 998

static gboolean
unfit (const PktSubmission *s, guint line, const char *why, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s:%u: %s, which SMTP cannot carry unchanged; nothing was sent. Build the packet "
               "again",
               s->file, line, why);
  return FALSE;
}

static gboolean
has_high (const char *p, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if ((guchar)p[i] >= 0x80)
      return TRUE;
  return FALSE;
}

static const char *
line_fault (const char *line, gsize n, gboolean ended)
{
  return !ended                           ? "a line that does not end with CR LF"
         : n > MAX_LINE                   ? "a line of over 998 bytes"
         : memchr (line, '\r', n) != NULL ? "a CR within a line"
         : memchr (line, '\0', n) != NULL ? "a NUL"
                                          : NULL;
}

gboolean
pkt_smtp_need (const PktSubmission *s, PktBytesNeed *out, GError **error)
{
  gsize n;
  const char *p = g_bytes_get_data (s->message, &n);
  gboolean header = TRUE;
  *out = (PktBytesNeed){ FALSE,
                         has_high (s->from, strlen (s->from)) || has_high (s->to, strlen (s->to)) };
  if (n == 0)
    return unfit (s, 1, "no message", error);
  const char *end = p + n;
  for (guint line = 1; p < end; line++) {
    const char *lf = memchr (p, '\n', (gsize)(end - p)), *next = lf != NULL ? lf + 1 : end;
    gboolean ended = lf != NULL && lf > p && lf[-1] == '\r';
    gsize length = (gsize)(next - p) - (ended ? 2 : 0);
    const char *fault = line_fault (p, length, ended);
    if (fault != NULL)
      return unfit (s, line, fault, error);
    header = header && length > 0;
    if (has_high (p, length)) {
      out->eight_bit = TRUE;
      out->utf8_header = out->utf8_header || header;
    }
    p = next;
  }
  return TRUE;
}

GString *
pkt_smtp_stuffed (GBytes *message)
{
  gsize n;
  const char *p = g_bytes_get_data (message, &n), *end = p + n;
  GString *out = g_string_sized_new (n + 64);
  while (p < end) {
    const char *lf = memchr (p, '\n', (gsize)(end - p)), *next = lf != NULL ? lf + 1 : end;
    if (*p == '.')
      g_string_append_c (out, '.');
    g_string_append_len (out, p, next - p);
    p = next;
  }
  return out;
}
