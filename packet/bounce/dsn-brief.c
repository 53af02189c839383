#include "packet/bounce/dsn-brief.h"
#include "packet/bounce/dsn-fields.h"
#include "packet/bounce/header.h"
#include "packet/bounce/status.h"

#define MAX_RECIPIENTS 8 /* of more the report is read whole */

gboolean
pkt_dsn_is_plain (const PktBounceParts *parts)
{
  return parts->report && parts->status.p && !parts->hidden && !parts->nested;
}

PktSlice
pkt_dsn_counts (const PktBounceParts *parts)
{
  const char *end = parts->status.p + parts->status.n;
  if (parts->text.n)
    end = MAX (end, parts->text.p + parts->text.n);
  return pkt_slice (parts->header.p, (gsize)(end - parts->header.p));
}

gboolean
pkt_dsn_may_name_pod (PktSlice bytes)
{
  static const PktSlice pod = PKT_SLICE ("-iscream-smtp-");
  const char *p = bytes.p, *limit = bytes.p + bytes.n;
  for (; (p = pkt_find_byte (p, limit, '-')) && (gsize)(limit - p) >= pod.n; p++)
    if ((p[1] | 0x20) == 'i' && pkt_bytes_same_nocase (p, pod.p, pod.n))
      return TRUE;
  return FALSE;
}

/* The text may tell that the other host was a filter or a socket here, which the status does not:
 * "host localhost[127.0.0.1] said", "host mail1[/run/lmtp] said". */
static gboolean
may_tell_hop (PktSlice text)
{
  static const PktSlice marks[] = { PKT_SLICE ("127."), PKT_SLICE ("::1"), PKT_SLICE ("[/") };
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (pkt_slice_find (text, marks[i]).p)
      return TRUE;
  return FALSE;
}

/* FALSE: the report does not say it without the text for people. */
static gboolean
read_reply (PktBounceParts *parts, PktDsnStatus *status, guint block, PktAttempt *out)
{
  pkt_dsn_remote_mta (pkt_dsn_status_field (status, block, "Remote-MTA"), out);
  pkt_dsn_diagnostic (pkt_dsn_status_field (status, block, "Diagnostic-Code"), &parts->chunk, out);
  return out->remote_host.n && out->reply.n && out->reply_is_remote;
}

/* *there: whether it is of a failed or delayed recipient. `out` comes with what all share. */
static gboolean
read_block (PktBounceParts *parts, PktDsnStatus *status, guint block, PktAttempt *out,
            gboolean *there)
{
  *there = FALSE;
  if (!pkt_dsn_read_recipient (status, block, out))
    return TRUE;
  out->stamp = pkt_dsn_stamp_of_date (pkt_dsn_status_field (status, block, "Last-Attempt-Date"),
                                      out->stamp);
  if (!read_reply (parts, status, block, out))
    return FALSE;
  pkt_dsn_correct_outcome (out);
  *there = TRUE;
  return TRUE;
}

static PktSlice
field (PktBounceParts *parts, PktSlice header, PktSlice name)
{
  return pkt_header_unfold (pkt_header_find (header, name), &parts->chunk);
}

/* What all recipients share. */
static PktAttempt
read_common (PktBounceParts *parts, PktDsnStatus *status)
{
  static const PktStamp none = { 0, PKT_STAMP_NONE };
  PktSlice type;
  PktAttempt common = { .smtp = TRUE, .size = -1 };
  common.stamp = pkt_dsn_stamp_of_date (field (parts, parts->header, PKT_SLICE ("Date")), none);
  common.queue_id = pkt_dsn_status_own_field (status, "-Queue-ID");
  if (!common.queue_id.n) {
    const PktSlice mta = pkt_dsn_typed (pkt_dsn_status_field (status, 0, "Reporting-MTA"), &type);
    common.queue_id = pkt_dsn_queue_id_of_received (
        field (parts, parts->returned, PKT_SLICE ("Received")), pkt_slice_until (mta, ' '));
  }
  if (common.stamp.kind == PKT_STAMP_NONE)
    common.stamp = pkt_dsn_stamp_of_date (field (parts, parts->returned, PKT_SLICE ("Date")), none);
  return common;
}

gboolean
pkt_dsn_read_brief (PktBounceParts *parts, PktDsnBrief brief, gpointer data)
{
  PktAttempt records[MAX_RECIPIENTS];
  guint n = 0;
  gboolean told = TRUE;
  if (may_tell_hop (parts->text))
    return FALSE;
  g_auto (PktDsnStatus) status;
  pkt_dsn_status_read (parts->status, &status);
  const guint blocks = pkt_dsn_status_size (&status);
  if (blocks > MAX_RECIPIENTS)
    return FALSE;
  const PktAttempt common = read_common (parts, &status);
  for (guint i = 0; i < blocks && told; i++) {
    gboolean there;
    records[n] = common;
    told = read_block (parts, &status, i, &records[n], &there);
    n += there;
  }
  return told && brief (records, n, data);
}
