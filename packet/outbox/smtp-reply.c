#include "packet/outbox/smtp-reply.h"
#include <string.h>
#include "packet/base/error.h"

#define MAX_ID 100 /* bytes; Exchange's are the longest */

void
pkt_smtp_reply_free (PktSmtpReply *r)
{
  g_ptr_array_unref (r->lines);
  g_free (r->text);
  g_free (r);
}

/* "250-text", "250 text", "250": RFC 5321 4.2. */
static int
code_of (const char *line)
{
  for (int i = 0; i < 3; i++)
    if (!g_ascii_isdigit (line[i]))
      return 0;
  int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  return code >= 200 && code < 600 && strchr ("- ", line[3]) != NULL ? code : 0;
}

static gboolean
no_reply (const char *line, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_AGAIN, "the server answers '%.80s', which is no SMTP",
               line);
  return FALSE;
}

/* FALSE on an error; *out_more is cleared at the last line. */
static gboolean
read_line (PktSmtpReply *r, PktWire *w, gboolean *out_more, GError **error)
{
  g_autofree char *line = pkt_wire_line (w, error);
  if (line == NULL)
    return FALSE;
  int code = code_of (line);
  if (code == 0 || (r->code != 0 && code != r->code) || r->lines->len >= PKT_SMTP_REPLY_MAX_LINES)
    return no_reply (line, error);
  r->code = code;
  *out_more = line[3] == '-';
  g_ptr_array_add (r->lines, g_strdup (line[3] != '\0' ? line + 4 : ""));
  return TRUE;
}

static char *
joined (const PktSmtpReply *r)
{
  GString *s = g_string_new (NULL);
  g_string_append_printf (s, "%d", r->code);
  for (guint i = 0; i < r->lines->len; i++)
    g_string_append_printf (s, " %s", (const char *)g_ptr_array_index (r->lines, i));
  return g_strchomp (g_string_free (s, FALSE));
}

PktSmtpReply *
pkt_smtp_reply_read (PktWire *w, GError **error)
{
  g_autoptr (PktSmtpReply) r = g_new0 (PktSmtpReply, 1);
  r->lines = g_ptr_array_new_with_free_func (g_free);
  gboolean more = TRUE;
  while (more)
    if (!read_line (r, w, &more, error))
      return NULL;
  r->text = joined (r);
  return g_steal_pointer (&r);
}

const char *
pkt_smtp_reply_offers (const PktSmtpReply *r, const char *keyword)
{
  gsize n = strlen (keyword);
  for (guint i = 1; i < r->lines->len; i++) { /* the first line is the server's name */
    const char *line = g_ptr_array_index (r->lines, i);
    if (g_ascii_strncasecmp (line, keyword, n) == 0 && (line[n] == '\0' || line[n] == ' '))
      return line[n] == ' ' ? line + n + 1 : "";
  }
  return NULL;
}

static gsize
id_length (const char *p)
{
  gsize n = 0;
  while (g_ascii_isalnum (p[n]) || (p[n] != '\0' && strchr ("-_.", p[n]) != NULL))
    n++;
  while (n > 0 && p[n - 1] == '.')
    n--;
  return n;
}

static char *
id_after (const char *text, const char *word)
{
  const char *p = g_strstr_len (text, -1, word);
  gsize n = p != NULL ? id_length (p + strlen (word)) : 0;
  return n > 0 && n <= MAX_ID ? g_strndup (p + strlen (word), n) : NULL;
}

/* "250 2.0.0 4aLk Message accepted for delivery": Sendmail and OpenSMTPD. */
static char *
id_before (const char *text, const char *words)
{
  const char *end = g_strstr_len (text, -1, words);
  if (end == NULL)
    return NULL;
  const char *p = end;
  while (p > text && p[-1] != ' ')
    p--;
  gsize n = id_length (p);
  return n > 0 && p + n == end && n <= MAX_ID ? g_strndup (p, n) : NULL;
}

char *
pkt_smtp_reply_queue_id (const PktSmtpReply *r)
{
  static const char *const words[] = { "queued as ", "Queued as ", " id=", " qp " };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    char *id = id_after (r->text, words[i]);
    if (id != NULL)
      return id;
  }
  return id_before (r->text, " Message accepted for delivery");
}
