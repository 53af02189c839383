#include "packet/bounce/status.h"
#include "packet/bounce/dsn.h"

G_STATIC_ASSERT (PKT_HEADER_INDEXED == PKT_DSN_MAX_FIELDS);

/* Most lines begin with a letter. */
static inline gboolean
is_blank_line (PktSlice line)
{
  return line.n == 0 || ((guint8)*line.p <= ' ' && pkt_slice_trim (line).n == 0);
}

static void
add_block (PktDsnStatus *status, PktSlice block)
{
  if (status->n < PKT_DSN_FEW)
    status->few[status->n] = block;
  else {
    status->more = status->more ? status->more : g_array_new (FALSE, FALSE, sizeof (PktSlice));
    g_array_append_val (status->more, block);
  }
  status->n++;
}

void
pkt_dsn_status_read (PktSlice bytes, PktDsnStatus *status)
{
  status->n = status->indexed = 0;
  status->more = NULL;
  status->chunk = NULL;
  while (bytes.n && status->n <= PKT_DSN_MAX_RECIPIENTS) {
    PktSlice line = pkt_slice_until (bytes, '\n');
    if (is_blank_line (line)) {
      bytes = pkt_slice_skip (bytes, line.n + 1);
      continue;
    }
    PktSlice block = { bytes.p, 0 };
    while (bytes.n && !is_blank_line (line)) {
      bytes = pkt_slice_skip (bytes, line.n + 1);
      line = pkt_slice_until (bytes, '\n');
    }
    block.n = (gsize)(bytes.p - block.p);
    add_block (status, block);
  }
}

void
pkt_dsn_status_clear (PktDsnStatus *status)
{
  g_clear_pointer (&status->more, g_array_unref);
  g_clear_pointer (&status->chunk, g_string_chunk_free);
}

guint
pkt_dsn_status_size (const PktDsnStatus *status)
{
  return status->n;
}

static gboolean
is_own (PktSlice name, PktSlice suffix)
{
  return name.n >= 2 + suffix.n && pkt_slice_starts_nocase (name, PKT_SLICE ("X-"))
         && pkt_slice_ends_nocase (name, suffix);
}

static const PktHeader *
block_at (PktDsnStatus *status, guint block)
{
  if (block >= status->n)
    return NULL;
  if (status->indexed != block + 1)
    pkt_header_index (block < PKT_DSN_FEW
                          ? status->few[block]
                          : g_array_index (status->more, PktSlice, block - PKT_DSN_FEW),
                      &status->fields);
  status->indexed = block + 1;
  return &status->fields;
}

PktSlice
pkt_dsn_status_own_field (PktDsnStatus *status, const char *suffix)
{
  const PktHeader *fields = block_at (status, 0);
  for (guint i = 0; fields && i < fields->n; i++)
    if (is_own (pkt_header_name_at (fields, i), pkt_slice_str (suffix)))
      return pkt_header_unfold (pkt_header_value_at (fields, i), &status->chunk);
  return pkt_slice (NULL, 0);
}

PktSlice
pkt_dsn_status_field (PktDsnStatus *status, guint block, const char *name)
{
  const PktHeader *fields = block_at (status, block);
  if (fields == NULL)
    return pkt_slice (NULL, 0);
  return pkt_header_unfold (pkt_header_indexed (fields, pkt_slice_str (name)), &status->chunk);
}

PktSlice
pkt_dsn_typed (PktSlice field, PktSlice *type)
{
  *type = pkt_slice (NULL, 0);
  PktSlice before = pkt_slice_until (field, ';');
  if (before.n == field.n)
    return field;
  *type = pkt_slice_trim (before);
  return pkt_slice_trim (pkt_slice_skip (field, before.n + 1));
}

/* "[IPv6:2001:db8::25]" as RFC 5321 4.1.3 writes it. */
static PktSlice
without_family (PktSlice ip)
{
  static const PktSlice family = PKT_SLICE ("IPv6:");
  gboolean there = ip.n > family.n && pkt_slice_equal_nocase (pkt_slice (ip.p, family.n), family);
  return pkt_slice_skip (ip, there ? family.n : 0);
}

static gboolean
is_ip (PktSlice s)
{
  g_autofree char *text = g_strndup (s.p ? s.p : "", s.n);
  return g_hostname_is_ip_address (text);
}

/* In "[…]" or "(…)", maybe with a remark behind a comma; empty when there is none. */
static PktSlice
ip_in (PktSlice name, char open, char close)
{
  PktSlice inside = pkt_slice_skip (name, pkt_slice_until (name, open).n + 1),
           whole = pkt_slice_until (inside, close),
           ip = without_family (pkt_slice_until (whole, ','));
  return ip.n && whole.n < inside.n && is_ip (ip) ? ip : pkt_slice (NULL, 0);
}

void
pkt_dsn_remote_mta (PktSlice field, PktAttempt *out)
{
  PktSlice type, name = pkt_dsn_typed (field, &type), ip = ip_in (name, '[', ']');
  PktSlice host = pkt_slice_until (pkt_slice_until (name, ' '), '[');
  if (field.n == 0)
    return;
  if (!ip.n)
    ip = ip_in (name, '(', ')');
  if (is_ip (host)) { /* Haraka: "dns; 17.57.152.5" */
    ip = host;
    host = pkt_slice (NULL, 0);
  }
  while (host.n && host.p[host.n - 1] == '.')
    host.n--;
  out->remote_host = host;
  if (ip.n)
    out->remote_ip = ip;
}

/* "… 550-'5.7.1 …' (delivery attempts: 0)" as "550 5.7.1 …"; empty when it is no such text. */
static PktSlice
quoted_reply (PktSlice text, GStringChunk **chunk)
{
  for (PktSlice at = text; (at = pkt_slice_find (at, PKT_SLICE ("-'"))).p; at.p++, at.n--) {
    if (at.p - text.p < 4 || at.p[-4] != ' ' || !strchr ("45", at.p[-3])
        || !g_ascii_isdigit (at.p[-2]) || !g_ascii_isdigit (at.p[-1]))
      continue;
    const char *end = memrchr (at.p + 2, '\'', at.n - 2);
    if (end == NULL)
      break;
    g_autofree char *reply = g_strdup_printf ("%.3s %.*s", at.p - 3, (int)(end - at.p) - 2,
                                              at.p + 2);
    return pkt_header_keep (chunk, reply, strlen (reply));
  }
  return pkt_slice (NULL, 0);
}

/* Of the blank at `at`: is it where the recipient's address was folded? */
static gboolean
parts_address (PktSlice text, gsize at, PktSlice recipient)
{
  const PktSlice behind = pkt_slice_skip (text, at + 1);
  for (gsize n = 1; n < recipient.n && n <= at; n++)
    if (behind.n >= recipient.n - n
        && pkt_ascii_lower (text.p[at - 1]) == pkt_ascii_lower (recipient.p[n - 1])
        && pkt_slice_equal_nocase (pkt_slice (text.p + at - n, n), pkt_slice (recipient.p, n))
        && pkt_slice_equal_nocase (pkt_slice (behind.p, recipient.n - n),
                                   pkt_slice_skip (recipient, n)))
      return TRUE;
  return FALSE;
}

/* A server may fold the line inside of the address, which unfolds with a blank: "<xaver.
 * quill@icloud.com>". */
static PktSlice
with_whole_address (PktSlice text, PktSlice recipient, GStringChunk **chunk)
{
  if (recipient.n == 0 || pkt_slice_find (text, PKT_SLICE ("@")).p == NULL)
    return text;
  for (gsize at = 1; at + 1 < text.n; at++)
    if (text.p[at] == ' ' && parts_address (text, at, recipient)) {
      g_autoptr (GString) whole = g_string_new_len (text.p, (gssize)text.n);
      g_string_erase (whole, (gssize)at, 1);
      return pkt_header_keep (chunk, whole->str, whole->len);
    }
  return text;
}

void
pkt_dsn_diagnostic (PktSlice field, GStringChunk **chunk, PktAttempt *out)
{
  PktSlice type, text = pkt_dsn_typed (field, &type);
  out->reply = type.n ? text : field;
  out->reply_is_remote = pkt_slice_equal_nocase (type, PKT_SLICE ("smtp")) && text.n
                         && g_ascii_isdigit (*text.p);
  gboolean code = text.n > 3 && g_ascii_isdigit (text.p[1]) && g_ascii_isdigit (text.p[2]);
  PktSlice quoted = out->reply_is_remote && !code ? quoted_reply (text, chunk)
                                                  : pkt_slice (NULL, 0);
  out->reply = with_whole_address (quoted.n ? quoted : out->reply, out->recipient, chunk);
  out->reply = pkt_without_given_up (out->reply);
  if (out->reply_is_remote && pkt_take_own_status (&out->reply))
    out->reply_is_remote = FALSE;
}
