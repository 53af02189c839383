#include "packet/headers/answer.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/mime.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/headers/people.h"
#include "packet/headers/source.h"

#define MAX_ID 250

void
pkt_answer_mail_free (PktAnswerMail *m)
{
  g_free (m->from_domain);
  g_free (m->subject);
  g_free (m->message_id);
  g_ptr_array_unref (m->refers_to);
  g_free (m->text);
  g_free (m->html);
  g_free (m);
}

gboolean
pkt_answer_is_id (PktSlice id)
{
  gsize at = 0;
  for (gsize i = 0; i < id.n; i++) {
    if (id.p[i] <= ' ' || id.p[i] >= 0x7f || strchr ("<>()[]\\,;:\"", id.p[i]))
      return FALSE;
    at += id.p[i] == '@';
  }
  return id.n > 2 && id.n <= MAX_ID && at == 1 && id.p[0] != '@' && id.p[id.n - 1] != '@';
}

/* A part that holds a part that holds a part …: counted before anything unfolds it. */
static gboolean
has_many_boundaries (const GString *source)
{
  static const char word[] = "boundary";
  guint n = 0;
  for (gsize i = 0; i + sizeof word - 1 < source->len && n <= PKT_ANSWER_MAX_PARTS; i++)
    if ((source->str[i] | 0x20) == 'b'
        && g_ascii_strncasecmp (source->str + i, word, sizeof word - 1) == 0)
      n++;
  return n > PKT_ANSWER_MAX_PARTS;
}

/* A text that is all blanks stands for one that is in HTML alone. NULL for such a one. */
static char *
text_of (GMimePart *part, gboolean html)
{
  char *text = pkt_mime_text (part, PKT_ANSWER_MAX_TEXT, html);
  if (text && pkt_slice_trim (pkt_slice_str (text)).n == 0)
    g_clear_pointer (&text, g_free);
  return text;
}

static void
take_part (PktAnswerMail *m, GMimePart *part)
{
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (part));
  const char *disposition = g_mime_object_get_disposition (GMIME_OBJECT (part));
  if (disposition && g_ascii_strcasecmp (disposition, "attachment") == 0)
    return;
  if (m->text == NULL && g_mime_content_type_is_type (type, "text", "plain"))
    m->text = text_of (part, FALSE);
  else if (m->html == NULL && g_mime_content_type_is_type (type, "text", "html"))
    m->html = text_of (part, TRUE);
}

static void
take_ids (PktAnswerMail *m, const char *value)
{
  PktSlice rest = pkt_slice_str (value ? value : "");
  while (m->refers_to->len < PKT_ANSWER_MAX_IDS) {
    rest = pkt_slice_find (rest, PKT_SLICE ("<"));
    if (rest.n == 0)
      return;
    rest = pkt_slice_skip (rest, 1);
    PktSlice id = pkt_slice_until (rest, '>');
    if (id.n < rest.n && pkt_answer_is_id (id))
      g_ptr_array_add (m->refers_to, g_strndup (id.p, id.n));
  }
}

static const char *
raw (GMimeMessage *message, const char *name)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
  GMimeHeader *h = g_mime_header_list_get_header (list, name);
  return h ? g_mime_header_get_raw_value (h) : NULL;
}

/* "Action: failed" of RFC 3464 2.3.3. A notice of delay, which send asks for, returns nothing: the
 * mail is still on its way. */
static void
take_status (PktAnswerMail *m, const char *text)
{
  guint actions = 0, failed = 0;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++) {
    if (g_ascii_strncasecmp (*l, "Action:", 7) != 0)
      continue;
    actions++;
    failed += g_ascii_strcasecmp (g_strstrip (*l + 7), "failed") == 0;
  }
  if (actions > 0 && failed == 0)
    m->returned = FALSE;
}

/* What the returned mail was, in a part of its header alone. */
static void
take_returned_header (PktAnswerMail *m, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++)
    if (g_ascii_strncasecmp (*l, "Message-ID:", 11) == 0)
      take_ids (m, strchr (*l, '<') || l[1] == NULL ? *l : l[1]); /* folded */
}

static void
take_report_part (PktAnswerMail *m, GMimeObject *part)
{
  if (GMIME_IS_MESSAGE_PART (part)) {
    GMimeMessage *returned = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
    take_ids (m, returned ? raw (returned, "Message-ID") : NULL);
    return;
  }
  GMimeContentType *type = g_mime_object_get_content_type (part);
  gboolean status = g_mime_content_type_is_type (type, "message", "delivery-status")
                    || g_mime_content_type_is_type (type, "message", "global-delivery-status"),
           header = g_mime_content_type_is_type (type, "text", "rfc822-headers");
  g_autofree char *text = GMIME_IS_PART (part) && (status || header)
                              ? pkt_mime_text (GMIME_PART (part), PKT_ANSWER_MAX_TEXT, FALSE)
                              : NULL;
  if (text && status)
    take_status (m, text);
  else if (text)
    take_returned_header (m, text);
}

/* FALSE over the bounds. Mails within it are not entered: they are somebody else's words. */
static gboolean
walk (PktAnswerMail *m, GMimeObject *part, guint *parts, int depth)
{
  if (part == NULL)
    return TRUE;
  if (depth > PKT_ANSWER_MAX_DEPTH || ++*parts > PKT_ANSWER_MAX_PARTS)
    return FALSE;
  if (GMIME_IS_PART (part))
    take_part (m, GMIME_PART (part));
  if (m->report)
    take_report_part (m, part);
  int n = GMIME_IS_MULTIPART (part) ? g_mime_multipart_get_count (GMIME_MULTIPART (part)) : 0;
  for (int i = 0; i < n; i++)
    if (!walk (m, g_mime_multipart_get_part (GMIME_MULTIPART (part), i), parts, depth + 1))
      return FALSE;
  return TRUE;
}

/* Decoded, on one line, cut where no mail program of good will would end. */
static char *
header_text (GMimeMessage *message, const char *name)
{
  const char *value = raw (message, name);
  if (value == NULL)
    return NULL;
  g_autofree char *cut = g_strndup (value, PKT_ANSWER_MAX_LINE), *text = pkt_people_text (cut);
  char *clean = pkt_text_quote (pkt_slice_str (text), PKT_ANSWER_MAX_LINE);
  g_strstrip (clean);
  if (*clean)
    return clean;
  g_free (clean);
  return NULL;
}

static void
take_from (PktAnswerMail *m, GMimeMessage *message)
{
  InternetAddressList *list = g_mime_message_get_from (message);
  InternetAddress *a = list && internet_address_list_length (list)
                           ? internet_address_list_get_address (list, 0)
                           : NULL;
  const char *address = a && INTERNET_ADDRESS_IS_MAILBOX (a)
                            ? internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (a))
                            : NULL,
             *at = address ? strrchr (address, '@') : NULL;
  if (at == NULL || at[1] == '\0')
    return;
  g_autofree char *domain = pkt_text_quote (pkt_slice_str (at + 1), MAX_ID);
  m->from_domain = g_ascii_strdown (domain, -1);
}

static gboolean
is_automatic (GMimeMessage *message)
{
  static const char *const marks[] = { "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress",
                                       "Feedback-Type" };
  g_autofree char *submitted = header_text (message, "Auto-Submitted"),
                  *precedence = header_text (message, "Precedence");
  if (submitted && g_ascii_strncasecmp (submitted, "no", 2) != 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (i != 2 && raw (message, marks[i])) /* the third one only asks others for silence */
      return TRUE;
  return precedence && g_ascii_strcasecmp (precedence, "auto_reply") == 0;
}

/* A receipt of reading (RFC 8098) is a report, too. */
static gboolean
tells_of_reading (GMimeObject *top)
{
  const char *type = g_mime_object_get_content_type_parameter (top, "report-type");
  return type && g_ascii_strcasecmp (type, "disposition-notification") == 0;
}

static void
take_headers (PktAnswerMail *m, GMimeMessage *message)
{
  GDateTime *date = g_mime_message_get_date (message);
  const char *id = raw (message, "Message-ID");
  m->time = date ? g_date_time_to_unix (date) * PKT_SECOND : PKT_NO_TIME;
  m->subject = header_text (message, "Subject");
  PktSlice open = pkt_slice_find (pkt_slice_str (id ? id : ""), PKT_SLICE ("<"));
  PktSlice value = open.n ? pkt_slice_until (pkt_slice_skip (open, 1), '>') : open;
  if (pkt_answer_is_id (value))
    m->message_id = g_strndup (value.p, value.n);
  take_ids (m, raw (message, "In-Reply-To"));
  take_ids (m, raw (message, "References"));
  take_from (m, message);
  GMimeObject *top = g_mime_message_get_mime_part (message);
  m->report = top
              && g_mime_content_type_is_type (g_mime_object_get_content_type (top), "multipart",
                                              "report");
  m->returned = m->report && !tells_of_reading (top);
  m->automatic = m->report || is_automatic (message);
}

static PktAnswerMail *
fail (GError **error, const char *path, const char *why)
{
  g_autofree char *name = pkt_text_quote (pkt_slice_str (path), 300);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: %s", name, why);
  return NULL;
}

PktAnswerMail *
pkt_answer_read (const char *path, PktSlice mail, GError **error)
{
  if (mail.n > PKT_ANSWER_MAX_BYTES)
    return fail (error, path,
                 "is longer than the 4 MiB an answer may have; save one message alone, without its "
                 "attachments");
  GString *source = pkt_source_read (mail, NULL);
  if (source == NULL)
    return fail (error, path, "is no mail: no header fields; save the message's source");
  gboolean bomb = has_many_boundaries (source);
  g_autoptr (GMimeMessage) message = bomb ? NULL
                                          : pkt_mime_parse (pkt_slice (source->str, source->len));
  g_autoptr (PktAnswerMail) m = g_new0 (PktAnswerMail, 1);
  m->refers_to = g_ptr_array_new_with_free_func (g_free);
  m->time = PKT_NO_TIME;
  guint parts = 0;
  if (message) {
    take_headers (m, message);
    bomb = !walk (m, g_mime_message_get_mime_part (message), &parts, 0);
  }
  g_string_free (source, TRUE);
  if (bomb)
    return fail (error, path,
                 "has parts within parts, more than any answer of a person; nothing was recorded");
  if (message == NULL)
    return fail (error, path, "is no mail that could be read; save the message's source");
  if (m->text)
    g_clear_pointer (&m->html, g_free);
  return g_steal_pointer (&m);
}

/* Outlook's and others': the quoted mail's header fields, a line each. */
static gboolean
are_fields (PktSlice line, PktSlice next)
{
  static const char *const seconds[] = { "Sent:", "Date:", "To:", "Subject:" };
  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    if (pkt_slice_starts (next, pkt_slice_str (seconds[i])))
      return pkt_slice_starts (line, PKT_SLICE ("From: "));
  return FALSE;
}

/* "On 29 May 2026, at 10:00, Dana Sample wrote:", in two lines at the most; "-----Original
 * Message-----"; Outlook's line of underscores. */
static gboolean
begins_quotation (PktSlice line, PktSlice next)
{
  static const char *const starts[] = { "-----Original Message", "-----Begin forwarded",
                                        "Begin forwarded message:", "________________________" };
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (pkt_slice_starts (line, pkt_slice_str (starts[i])))
      return TRUE;
  return are_fields (line, next)
         || (pkt_slice_starts (line, PKT_SLICE ("On "))
             && (pkt_slice_ends_nocase (line, PKT_SLICE ("wrote:"))
                 || pkt_slice_ends_nocase (next, PKT_SLICE ("wrote:"))));
}

char *
pkt_answer_own_text (const char *text)
{
  GString *out = g_string_new (NULL);
  PktSlice rest = pkt_slice_str (text);
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    PktSlice trimmed = pkt_slice_trim (line), next = pkt_slice_trim (pkt_slice_until (rest, '\n'));
    if (begins_quotation (trimmed, next))
      break;
    if (trimmed.n && trimmed.p[0] == '>')
      continue;
    while (line.n && g_ascii_isspace (line.p[line.n - 1]))
      line.n--;
    g_string_append_len (out, line.p, (gssize)line.n);
    g_string_append_c (out, '\n');
  }
  char *own = g_string_free (out, FALSE);
  return g_strstrip (own);
}
