#include "packet/bounce/dsn.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/bounce/notice.h"
#include "packet/bounce/status.h"

/* What a report is made of; absent parts are NULL. */
typedef struct {
  GMimeObject *text, *status; /* borrowed from the mail */
  GMimeMessage *returned;     /* owned */
} Report;

typedef struct {
  const PktDsnStatus *status;
  const PktDsnNotice *notice;
  gboolean from_apple;
  PktAttempt common; /* what all recipients share */
} Reader;

static void
init_gmime (void)
{
  static gsize once;
  if (g_once_init_enter (&once)) {
    g_mime_init ();
    g_once_init_leave (&once, 1);
  }
}

static PktSlice
skip_from_line (PktSlice mail)
{
  if (!pkt_slice_starts (mail, PKT_SLICE ("From ")))
    return mail;
  return pkt_slice_skip (mail, pkt_slice_until (mail, '\n').n + 1);
}

/* RFC 5322 3.6.8: a field's name is printable ASCII without ":". */
static gboolean
begins_with_field (PktSlice mail)
{
  gsize n = 0;
  while (n < mail.n && mail.p[n] > ' ' && mail.p[n] < 0x7f && mail.p[n] != ':')
    n++;
  return n > 0 && n < mail.n && mail.p[n] == ':';
}

static GMimeMessage *
parse_mail (PktSlice mail)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (mail.p, mail.n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  return g_mime_parser_construct_message (parser, NULL);
}

/* Decoded content of a leaf; NULL when it has none. */
static GByteArray *
leaf_bytes (GMimeObject *leaf)
{
  GMimeDataWrapper *content = leaf && GMIME_IS_PART (leaf)
                                  ? g_mime_part_get_content (GMIME_PART (leaf))
                                  : NULL;
  if (!content)
    return NULL;
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new ();
  if (g_mime_data_wrapper_write_to_stream (content, stream) < 0)
    return NULL;
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE); /* the bytes are ours now */
  return g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
}

static PktSlice
bytes_slice (const GByteArray *bytes)
{
  return bytes ? pkt_slice ((const char *)bytes->data, MIN (bytes->len, PKT_DSN_MAX_PART_BYTES))
               : pkt_slice (NULL, 0);
}

static gboolean
is_type (GMimeObject *object, const char *type, const char *subtype)
{
  return g_mime_content_type_is_type (g_mime_object_get_content_type (object), type, subtype);
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

static GMimeMessage *
returned_message (GMimeObject *part)
{
  if (GMIME_IS_MESSAGE_PART (part)) {
    GMimeMessage *message = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
    return message ? g_object_ref (message) : NULL;
  }
  g_autoptr (GByteArray) bytes = leaf_bytes (part);
  return bytes ? parse_mail (bytes_slice (bytes)) : NULL;
}

static gboolean
is_returned (GMimeObject *part)
{
  return is_type (part, "message", "rfc822") || is_type (part, "text", "rfc822-headers")
         || is_type (part, "message", "global") || is_type (part, "message", "global-headers");
}

static gboolean
find_parts (GMimeObject *top, Report *out)
{
  if (!top || !GMIME_IS_MULTIPART (top) || !is_type (top, "multipart", "report"))
    return FALSE;
  GMimeMultipart *report = GMIME_MULTIPART (top);
  int n = MIN (g_mime_multipart_get_count (report), PKT_DSN_MAX_PARTS);
  for (int i = 0; i < n; i++) {
    GMimeObject *part = g_mime_multipart_get_part (report, i);
    if (is_type (part, "message", "delivery-status")
        || is_type (part, "message", "global-delivery-status"))
      out->status = out->status ? out->status : part;
    else if (is_returned (part))
      out->returned = out->returned ? out->returned : returned_message (part);
    else if (!out->text)
      out->text = first_text (part);
  }
  return out->status != NULL;
}

static PktSlice
without_angles (PktSlice s)
{
  s = pkt_slice_trim (s);
  if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
    return pkt_slice (s.p + 1, s.n - 2);
  return s;
}

static PktStamp
stamp_of (GDateTime *time)
{
  if (!time)
    return (PktStamp){ 0, PKT_STAMP_NONE };
  return (PktStamp){ g_date_time_to_unix (time) * PKT_SECOND, PKT_STAMP_UTC };
}

static PktStamp
stamp_of_field (PktSlice field, PktStamp fallback)
{
  if (field.n == 0)
    return fallback;
  g_autofree char *text = g_strndup (field.p, field.n);
  g_autoptr (GDateTime) time = g_mime_utils_header_decode_date (text);
  return time ? stamp_of (time) : fallback;
}

static PktSlice
from_domain (GMimeMessage *message)
{
  InternetAddressList *list = g_mime_message_get_from (message);
  int n = list ? MIN (internet_address_list_length (list), 10) : 0;
  for (int i = 0; i < n; i++) {
    InternetAddress *one = internet_address_list_get_address (list, i);
    if (INTERNET_ADDRESS_IS_MAILBOX (one))
      return pkt_slice_domain (
          pkt_slice_str (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one))));
  }
  return pkt_slice (NULL, 0);
}

static void
read_returned (GMimeMessage *message, PktAttempt *out)
{
  if (!message)
    return;
  GMimeObject *object = GMIME_OBJECT (message);
  PktSlice sender = pkt_slice_str (g_mime_object_get_header (object, "Return-Path"));
  if (sender.p)
    out->sender = without_angles (sender);
  out->message_id = without_angles (
      pkt_slice_str (g_mime_object_get_header (object, "Message-ID")));
  out->from_domain = from_domain (message);
}

static gboolean
in_domains (PktSlice host, const char *const *domains)
{
  while (host.n && host.p[host.n - 1] == '.')
    host.n--;
  for (; *domains; domains++) {
    PktSlice domain = pkt_slice_str (*domains);
    if (pkt_slice_equal_nocase (host, domain)
        || (pkt_slice_ends_nocase (host, domain) && host.p[host.n - domain.n - 1] == '.'))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_apple_name (PktSlice name)
{
  static const char *const domains[] = { "icloud.com", "me.com", "mac.com",
                                         "privaterelay.appleid.com", NULL };
  return in_domains (name, domains);
}

static gboolean
is_ip (PktSlice s)
{
  g_autofree char *text = g_strndup (s.p ? s.p : "", s.n);
  return g_hostname_is_ip_address (text);
}

/* "dns; mx.example.net (192.0.2.135)", "dns; mx01.mail.icloud.com [17.57.155.25]". */
static void
read_remote_mta (PktSlice field, PktAttempt *out)
{
  if (field.n == 0)
    return;
  PktSlice type, name = pkt_dsn_typed (field, &type);
  out->remote_host = pkt_slice_until (pkt_slice_until (name, ' '), '[');
  for (const char *open = "[("; *open; open++) {
    PktSlice before = pkt_slice_until (name, *open);
    PktSlice inside = pkt_slice_skip (name, before.n + 1);
    PktSlice ip = pkt_slice_until (inside, *open == '[' ? ']' : ')');
    if (before.n < name.n && ip.n && ip.n < inside.n)
      out->remote_ip = ip;
  }
  if (is_ip (out->remote_host)) { /* Haraka: "dns; 17.57.152.5" */
    out->remote_ip = out->remote_host;
    out->remote_host = pkt_slice (NULL, 0);
  }
}

static void
read_reply (PktSlice field, PktAttempt *out)
{
  PktSlice type, text = pkt_dsn_typed (field, &type);
  out->reply = type.n ? text : field;
  out->reply_is_remote = pkt_slice_equal_nocase (type, PKT_SLICE ("smtp")) && text.n
                         && g_ascii_isdigit (*text.p);
}

static void
read_notice (const Reader *reader, PktAttempt *out)
{
  PktDsnReason reason = pkt_dsn_notice_find (reader->notice, out->recipient);
  out->stage = reason.stage;
  if (!out->remote_host.n)
    out->remote_host = reason.host;
  if (reason.ip.n)
    out->remote_ip = reason.ip;
  if (!out->reply.n) {
    out->reply = reason.reply;
    out->reply_is_remote = reason.reply.n > 0;
  }
}

static gboolean
read_outcome (PktSlice action, PktOutcome *out)
{
  action = pkt_slice_until (action, ' '); /* "failed (bad-mailbox)" */
  if (pkt_slice_equal_nocase (action, PKT_SLICE ("failed")))
    *out = PKT_BOUNCED;
  else if (pkt_slice_equal_nocase (action, PKT_SLICE ("delayed")))
    *out = PKT_DEFERRED;
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_recipient (const Reader *reader, guint block, PktAttempt *out)
{
  const PktDsnStatus *status = reader->status;
  PktSlice type;
  *out = reader->common;
  out->recipient = without_angles (
      pkt_dsn_typed (pkt_dsn_status_field (status, block, "Final-Recipient"), &type));
  if (out->recipient.n == 0
      || !read_outcome (pkt_dsn_status_field (status, block, "Action"), &out->outcome))
    return FALSE;
  if (reader->from_apple && !is_apple_name (pkt_slice_domain (out->recipient)))
    return FALSE;
  out->stamp = stamp_of_field (pkt_dsn_status_field (status, block, "Last-Attempt-Date"),
                               out->stamp);
  read_remote_mta (pkt_dsn_status_field (status, block, "Remote-MTA"), out);
  read_reply (pkt_dsn_status_field (status, block, "Diagnostic-Code"), out);
  read_notice (reader, out);
  return TRUE;
}

static void
read_common (GMimeMessage *mail, const Report *report, Reader *reader)
{
  PktSlice type, sender;
  PktAttempt *common = &reader->common;
  *common = (PktAttempt){ .smtp = TRUE, .size = -1 };
  common->stamp = stamp_of (g_mime_message_get_date (mail));
  sender = pkt_dsn_status_field_like (reader->status, 0, "X-", "-Sender");
  if (sender.p)
    common->sender = without_angles (pkt_dsn_typed (sender, &type));
  common->queue_id = pkt_dsn_status_field_like (reader->status, 0, "X-", "-Queue-ID");
  read_returned (report->returned, common);
  PktSlice mta = pkt_dsn_typed (pkt_dsn_status_field (reader->status, 0, "Reporting-MTA"), &type);
  reader->from_apple = is_apple_name (pkt_slice_until (mta, ' '));
}

static void
read_report (GMimeMessage *mail, const Report *report, PktDsnSink sink, gpointer data)
{
  g_autoptr (GByteArray) status_bytes = leaf_bytes (report->status);
  g_autoptr (GByteArray) text_bytes = leaf_bytes (report->text);
  g_autoptr (PktDsnStatus) status = pkt_dsn_status_parse (bytes_slice (status_bytes));
  g_autoptr (PktDsnNotice) notice = pkt_dsn_notice_parse (bytes_slice (text_bytes));
  Reader reader = { .status = status, .notice = notice };
  read_common (mail, report, &reader);
  for (guint i = 0; i < pkt_dsn_status_size (status); i++) {
    PktAttempt record;
    if (read_recipient (&reader, i, &record))
      sink (&record, data);
  }
}

PktDsnResult
pkt_dsn_read (PktSlice mail, PktDsnSink sink, gpointer data)
{
  mail = skip_from_line (mail);
  if (!begins_with_field (mail))
    return PKT_DSN_NOT_MAIL;
  init_gmime ();
  g_autoptr (GMimeMessage) message = parse_mail (mail);
  Report report = { NULL, NULL, NULL };
  gboolean found = message && find_parts (g_mime_message_get_mime_part (message), &report);
  if (found)
    read_report (message, &report, sink, data);
  g_clear_object (&report.returned);
  return found ? PKT_DSN_READ : PKT_DSN_NOT_A_BOUNCE;
}
