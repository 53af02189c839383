#include "packet/bounce/dsn.h"
#include "packet/base/autoptr.h"
#include "packet/bounce/dsn-brief.h"
#include "packet/bounce/dsn-fields.h"
#include "packet/bounce/header.h"
#include "packet/bounce/notice.h"
#include "packet/bounce/parts.h"
#include "packet/bounce/status.h"

typedef struct {
  PktBounceParts *parts;
  const PktHeader *header; /* of the bounce */
  PktDsnStatus *status;
  const PktDsnNotice *notice;
  gboolean from_apple;
  PktAttempt common; /* what all recipients share */
} Reader;

static PktSlice
skip_from_line (PktSlice mail)
{
  if (!pkt_slice_starts (mail, PKT_SLICE ("From ")))
    return mail;
  return pkt_slice_skip (mail, pkt_slice_until (mail, '\n').n + 1);
}

static PktSlice
field (const Reader *reader, const PktHeader *header, PktSlice name)
{
  return pkt_header_unfold (pkt_header_get (header, name), &reader->parts->chunk);
}

static PktSlice
first_address (const Reader *reader, PktSlice value)
{
  return pkt_dsn_first_address (value, &reader->parts->chunk);
}

static gboolean
names_anybody (PktSlice addresses)
{
  return addresses.n
         && (memchr (addresses.p, ' ', addresses.n) || memchr (addresses.p, '"', addresses.n)
             || memchr (addresses.p, '(', addresses.n));
}

/* "Jane Quill <jane@example.com>" and whoever got a copy; an address alone names nobody more. */
static PktSlice
addressed (const Reader *reader, const PktHeader *header)
{
  const PktSlice to = field (reader, header, PKT_SLICE ("To")),
                 cc = field (reader, header, PKT_SLICE ("Cc"));
  if (to.n + cc.n > PKT_DSN_MAX_ADDRESSED || !(names_anybody (to) || names_anybody (cc)))
    return pkt_slice (NULL, 0);
  if (cc.n == 0)
    return to;
  g_autofree char *both = g_strdup_printf ("%.*s, %.*s", (int)to.n, to.p, (int)cc.n, cc.p);
  return pkt_header_keep (&reader->parts->chunk, both, strlen (both));
}

static void
read_returned (const Reader *reader, PktSlice mta, PktAttempt *out)
{
  PktHeader header;
  pkt_header_index (reader->parts->returned, &header);
  PktSlice sender = field (reader, &header, PKT_SLICE ("Return-Path"));
  if (sender.p)
    out->sender = pkt_dsn_without_angles (sender);
  out->message_id = pkt_dsn_without_angles (field (reader, &header, PKT_SLICE ("Message-ID")));
  out->from_domain = pkt_slice_domain (
      first_address (reader, field (reader, &header, PKT_SLICE ("From"))));
  out->addressed = addressed (reader, &header);
  if (!out->queue_id.n)
    out->queue_id = pkt_dsn_queue_id_of_received (field (reader, &header, PKT_SLICE ("Received")),
                                                  mta);
  if (out->stamp.kind == PKT_STAMP_NONE)
    out->stamp = pkt_dsn_stamp_of_date (field (reader, &header, PKT_SLICE ("Date")), out->stamp);
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

static void
read_notice (const Reader *reader, PktAttempt *out)
{
  PktDsnReason reason = pkt_dsn_notice_find (reader->notice, out->recipient);
  out->stage = reason.stage;
  if (!out->remote_host.n)
    out->remote_host = reason.host;
  if (reason.ip.n)
    out->remote_ip = reason.ip;
  if (out->reply.n)
    return;
  out->reply = reason.reply.n ? reason.reply : reason.words;
  out->reply_is_remote = reason.reply.n > 0;
}

static gboolean
read_recipient (const Reader *reader, guint block, PktAttempt *out)
{
  PktDsnStatus *status = reader->status;
  *out = reader->common;
  if (!pkt_dsn_read_recipient (status, block, out))
    return FALSE;
  if (reader->from_apple && !is_apple_name (pkt_slice_domain (out->recipient)))
    return FALSE;
  out->stamp = pkt_dsn_stamp_of_date (pkt_dsn_status_field (status, block, "Last-Attempt-Date"),
                                      out->stamp);
  pkt_dsn_remote_mta (pkt_dsn_status_field (status, block, "Remote-MTA"), out);
  pkt_dsn_diagnostic (pkt_dsn_status_field (status, block, "Diagnostic-Code"),
                      &reader->parts->chunk, out);
  read_notice (reader, out);
  pkt_dsn_correct_outcome (out);
  return TRUE;
}

/* Whom the bounce went to is the envelope sender of what it returns. */
static PktSlice
sender_of_bounce (const Reader *reader)
{
  static const PktSlice names[] = { PKT_SLICE ("X-Original-To"), PKT_SLICE ("To") };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    PktSlice to = first_address (reader, field (reader, reader->header, names[i]));
    if (pkt_slice_domain (to).n)
      return to;
  }
  return pkt_slice (NULL, 0);
}

static void
read_common (Reader *reader)
{
  static const PktStamp none = { 0, PKT_STAMP_NONE };
  PktSlice type, sender, mta;
  PktAttempt *common = &reader->common;
  *common = (PktAttempt){ .smtp = TRUE, .size = -1 };
  common->stamp = pkt_dsn_stamp_of_date (field (reader, reader->header, PKT_SLICE ("Date")), none);
  sender = pkt_dsn_status_own_field (reader->status, "-Sender");
  if (sender.p)
    common->sender = pkt_dsn_without_angles (pkt_dsn_typed (sender, &type));
  common->queue_id = pkt_dsn_status_own_field (reader->status, "-Queue-ID");
  mta = pkt_dsn_typed (pkt_dsn_status_field (reader->status, 0, "Reporting-MTA"), &type);
  mta = pkt_slice_until (mta, ' ');
  read_returned (reader, mta, common);
  if (!common->message_id.n) /* Google */
    common->message_id = pkt_dsn_without_angles (
        pkt_dsn_status_field (reader->status, 0, "X-Original-Message-ID"));
  if (!common->sender.p)
    common->sender = sender_of_bounce (reader);
  reader->from_apple = is_apple_name (mta);
  if (reader->from_apple)
    common->label = PKT_SLICE (PKT_DSN_OUT_OF_BAND);
}

/* Hosts that were asked before the one that decided: each of them answered, too. `last` is of a
 * recipient. */
static void
hand_out_others (const Reader *reader, const PktAttempt *last, PktDsnSink sink, gpointer data)
{
  for (guint i = 0; i < pkt_dsn_notice_others (reader->notice); i++) {
    PktDsnReason other = pkt_dsn_notice_other (reader->notice, i);
    PktAttempt record = reader->common;
    record.stamp = last->stamp;
    record.outcome = PKT_HOST_ERROR;
    record.remote_host = other.host;
    record.stage = other.stage;
    record.reply = other.reply;
    record.reply_is_remote = TRUE;
    sink (&record, data);
  }
}

static void
hand_out_status (const Reader *reader, PktDsnSink sink, gpointer data)
{
  PktAttempt last, record;
  gboolean any = FALSE;
  for (guint i = 0; i < pkt_dsn_status_size (reader->status); i++)
    if (read_recipient (reader, i, &record)) {
      sink (&record, data);
      last = record;
      any = TRUE;
    }
  if (any)
    hand_out_others (reader, &last, sink, data);
}

/* Bounces without a delivery status: what the text for people says. */
static void
hand_out_notice (const Reader *reader, PktDsnSink sink, gpointer data)
{
  for (guint i = 0; i < pkt_dsn_notice_size (reader->notice); i++) {
    PktAttempt record = reader->common;
    record.recipient = pkt_dsn_notice_recipient (reader->notice, i);
    record.outcome = pkt_dsn_notice_find (reader->notice, record.recipient).outcome;
    read_notice (reader, &record);
    pkt_dsn_correct_outcome (&record);
    sink (&record, data);
  }
  hand_out_others (reader, &reader->common, sink, data);
}

/* Written by a mail server? People forward bounces too, and quote them. */
static gboolean
is_automatic (const Reader *reader)
{
  const PktHeader *header = reader->header;
  PktSlice from = field (reader, header, PKT_SLICE ("From"));
  PktSlice path = field (reader, header, PKT_SLICE ("Return-Path"));
  PktSlice automatic = field (reader, header, PKT_SLICE ("Auto-Submitted"));
  PktSlice local = pkt_slice_until (first_address (reader, from), '@');
  return (path.p && pkt_dsn_without_angles (path).n == 0)
         || (automatic.n && !pkt_slice_equal_nocase (automatic, PKT_SLICE ("no")))
         || pkt_slice_equal_nocase (local, PKT_SLICE ("mailer-daemon"))
         || pkt_slice_equal_nocase (local, PKT_SLICE ("postmaster"))
         || pkt_slice_starts (from, PKT_SLICE ("MAILER-DAEMON"))
         || pkt_header_get (header, PKT_SLICE ("X-Failed-Recipients")).p;
}

static gboolean
read_parts (PktBounceParts *parts, PktDsnSink sink, gpointer data)
{
  PktSlice text = parts->text, rest;
  if (text.n > PKT_DSN_MAX_PART_BYTES)
    text.n = PKT_DSN_MAX_PART_BYTES;
  g_autoptr (PktDsnNotice) notice = pkt_dsn_notice_parse (text);
  if (!parts->status.p && (!pkt_dsn_notice_writer (notice) || !pkt_dsn_notice_size (notice)))
    return FALSE;
  if (!parts->returned.n)
    parts->returned = pkt_header_split (pkt_dsn_notice_returned (notice), &rest);
  PktHeader header;
  g_auto (PktDsnStatus) status;
  pkt_header_index (parts->header, &header);
  pkt_dsn_status_read (parts->status, &status);
  Reader reader = { .parts = parts, .header = &header, .status = &status, .notice = notice };
  if (!parts->report && !is_automatic (&reader))
    return FALSE;
  read_common (&reader);
  if (parts->status.p)
    hand_out_status (&reader, sink, data);
  else
    hand_out_notice (&reader, sink, data);
  return TRUE;
}

/* Is there more in it than a look at the bytes shows? */
static gboolean
needs_mime (const PktBounceParts *parts, PktSlice mail, const PktAppleLook *look)
{
  static const PktSlice reply = PKT_SLICE ("iagnostic-Code:"); /* "Diagnostic-", "diagnostic-" */
  if (parts->hidden)
    return TRUE;
  if (!parts->nested
      || (!parts->encoded && parts->status.p && pkt_slice_find (parts->status, reply).p))
    return FALSE; /* an encoded text may tell address and stage */
  return !look || pkt_apple_look (look, mail);
}

static PktDsnResult
read_looked_at (PktBounceParts *parts, PktSlice mail, const PktAppleLook *look, PktDsnSink sink,
                gpointer data)
{
  if (needs_mime (parts, mail, look)) {
    pkt_bounce_parts_clear (parts);
    pkt_bounce_parts_parse (mail, parts);
  }
  return read_parts (parts, sink, data) ? PKT_DSN_READ : PKT_DSN_NOT_A_BOUNCE;
}

/* brief NULL: nobody will ask who the hosts are. */
static gboolean
hand_out_brief (PktBounceParts *parts, PktDsnBrief brief, gpointer data)
{
  return brief ? pkt_dsn_read_brief (parts, brief, data)
               : !pkt_dsn_may_name_pod (pkt_dsn_counts (parts));
}

gboolean
pkt_dsn_begins_elsewhere (PktSlice begin, const PktAppleLook *look, PktDsnBrief brief,
                          gpointer data)
{
  static const char empty_line[] = "\r\n";
  PktBounceParts parts;
  if (pkt_apple_look_or_links (look, begin) || !pkt_header_begins (begin))
    return FALSE;
  pkt_bounce_parts_look (begin, &parts);
  const char *end = parts.returned.n ? parts.returned.p + parts.returned.n : NULL;
  const gboolean elsewhere = end && end + strlen (empty_line) <= begin.p + begin.n
                             && pkt_dsn_is_plain (&parts) && hand_out_brief (&parts, brief, data);
  pkt_bounce_parts_clear (&parts);
  return elsewhere;
}

PktDsnResult
pkt_dsn_read_unless_elsewhere (PktSlice mail, const PktAppleLook *look, PktDsnBrief brief,
                               PktDsnSink sink, gpointer data)
{
  PktBounceParts parts;
  mail = skip_from_line (mail);
  if (!pkt_header_begins (mail))
    return PKT_DSN_NOT_MAIL;
  pkt_bounce_parts_look (mail, &parts);
  const gboolean elsewhere = pkt_dsn_is_plain (&parts)
                             && !pkt_apple_look_or_links (look, pkt_dsn_counts (&parts))
                             && hand_out_brief (&parts, brief, data);
  const PktDsnResult result = elsewhere ? PKT_DSN_ELSEWHERE
                                        : read_looked_at (&parts, mail, look, sink, data);
  pkt_bounce_parts_clear (&parts);
  return result;
}

PktDsnResult
pkt_dsn_read (PktSlice mail, const PktAppleLook *look, PktDsnSink sink, gpointer data)
{
  PktBounceParts parts;
  mail = skip_from_line (mail);
  if (!pkt_header_begins (mail))
    return PKT_DSN_NOT_MAIL;
  pkt_bounce_parts_look (mail, &parts);
  const PktDsnResult result = read_looked_at (&parts, mail, look, sink, data);
  pkt_bounce_parts_clear (&parts);
  return result;
}
