#include "packet/bounce/mbox.h"
#include "packet/bounce/header.h"

#define CHUNK (64 * 1024)
#define MAX_FROM_LINE 1000
#define MAX_DIGITS 12
#define MAX_FIELDS 100 /* that may stand before the ones which each mail has */
#define MIN_HEAD 2000  /* bytes that tell a mailbox, and its line ends */

struct PktMbox {
  PktMboxRead read;
  gpointer data;
  char *buf;
  gsize at, n, room; /* the mail begins at `at` */
  gsize max_mail;
  gsize handed_out; /* bytes from `at` on */
  guint64 line, next_line, bytes, cut;
  gboolean mailbox, ended, skipping;
  gboolean mac; /* CR alone ends lines */
};

PktMbox *
pkt_mbox_new (gsize max_mail)
{
  PktMbox *m = g_new0 (PktMbox, 1);
  m->max_mail = max_mail;
  m->room = 2 * CHUNK;
  m->buf = g_malloc (m->room);
  return m;
}

void
pkt_mbox_free (PktMbox *m)
{
  g_free (m->buf);
  g_free (m);
}

static PktSlice
rest_of (const PktMbox *m)
{
  return pkt_slice (m->buf + m->at, m->n - m->at);
}

/* Old Mac mailers end lines with CR alone; who saved it may have put an end of his own behind it.
 */
static gboolean
has_mac_ends (PktSlice s)
{
  if (s.n && s.p[s.n - 1] == '\n')
    s.n -= s.n > 1 && s.p[s.n - 2] == '\r' ? 2 : 1;
  return s.n && !memchr (s.p, '\n', s.n) && memchr (s.p, '\r', s.n);
}

static void
mend_line_ends (char *p, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (p[i] == '\r')
      p[i] = '\n';
}

/* One chunk more behind what is there; FALSE at the end. */
static gboolean
read_more (PktMbox *m)
{
  if (m->ended)
    return FALSE;
  if (m->at && m->at >= m->n / 2) {
    memmove (m->buf, m->buf + m->at, m->n - m->at);
    m->n -= m->at;
    m->at = 0;
  }
  if (m->room - m->n < CHUNK) {
    m->room *= 2;
    m->buf = g_realloc (m->buf, m->room);
  }
  gsize got = m->read (m->data, m->buf + m->n, CHUNK);
  if (m->mac)
    mend_line_ends (m->buf + m->n, got);
  m->n += got;
  m->bytes += got;
  m->ended = got == 0;
  return got > 0;
}

/* Apple Mail's own files (.emlx) begin with a line that tells the bytes of the mail. */
static gsize
count_line (PktSlice s)
{
  gsize n = 0, digits;
  while (n < s.n && g_ascii_isdigit (s.p[n]))
    n++;
  digits = n;
  while (n < s.n && s.p[n] == ' ')
    n++;
  return digits && digits <= MAX_DIGITS && n < s.n && s.p[n] == '\n' ? n + 1 : 0;
}

void
pkt_mbox_start (PktMbox *m, PktMboxRead read, gpointer data)
{
  m->read = read;
  m->data = data;
  m->at = m->n = 0;
  m->bytes = m->cut = 0;
  m->next_line = 1;
  m->handed_out = 0;
  m->ended = m->skipping = m->mac = FALSE;
  while (m->n < MIN_HEAD && read_more (m))
    ;
  m->mac = has_mac_ends (rest_of (m));
  if (m->mac)
    mend_line_ends (m->buf, m->n);
  if (pkt_slice_starts (rest_of (m), PKT_SLICE (PKT_UTF8_MARK)))
    m->at = PKT_UTF8_MARK_BYTES;
  const gsize count = count_line (rest_of (m));
  m->at += count;
  m->next_line += count > 0;
  m->mailbox = pkt_slice_starts (rest_of (m), PKT_SLICE ("From "));
}

/* "From bounce@example.com Thu Dec 31 15:22:55 2026", and a field on the next line. A sentence that
 * begins so has no time of day, or no header after it. */
static gboolean
is_from_line (PktSlice s)
{
  PktSlice line = pkt_slice_until (s, '\n');
  gboolean time = FALSE;
  if (line.n == s.n || line.n > MAX_FROM_LINE || !pkt_slice_starts (line, PKT_SLICE ("From ")))
    return FALSE;
  for (gsize i = 2; i + 2 < line.n && !time; i++)
    time = line.p[i] == ':' && g_ascii_isdigit (line.p[i - 1]) && g_ascii_isdigit (line.p[i + 1])
           && g_ascii_isdigit (line.p[i + 2]);
  PktSlice next = pkt_slice_skip (s, line.n + 1);
  return time && (pkt_header_begins (next) || pkt_slice_starts (next, PKT_SLICE (">From ")));
}

/* Where a mail of `length` bytes of body would end, if another one, or nothing, follows there. */
static gsize
end_by_length (PktMbox *m)
{
  PktSlice body, header = pkt_header_split (rest_of (m), &body);
  gint64 length;
  while (body.n == 0 && m->n - m->at < CHUNK && read_more (m))
    header = pkt_header_split (rest_of (m), &body);
  PktSlice value = pkt_header_find (header, PKT_SLICE ("Content-Length"));
  if (!value.p || !pkt_slice_number (pkt_slice_trim (value), &length)
      || (gsize)length > m->max_mail)
    return 0;
  gsize end = (gsize)(body.p - (m->buf + m->at)) + (gsize)length;
  while (m->n - m->at < end + MAX_FROM_LINE && read_more (m))
    ;
  if (m->n - m->at < end)
    return 0;
  PktSlice behind = pkt_slice_skip (rest_of (m), end);
  gsize blank = 0;
  while (blank < behind.n && blank < 4 && (behind.p[blank] == '\n' || behind.p[blank] == '\r'))
    blank++;
  behind = pkt_slice_skip (behind, blank);
  return behind.n == 0 || is_from_line (behind) ? end + blank : 0;
}

static gboolean
is_after_blank (PktSlice s, gsize where)
{
  return where > 0
         && (s.p[where - 1] == '\n'
             || (where > 1 && s.p[where - 1] == '\r' && s.p[where - 2] == '\n'));
}

/* Bytes up to the next "From " line after an empty one, or to the file's end; *whole is FALSE when
 * the mail is longer than is allowed. */
static gsize
end_by_from_line (PktMbox *m, gboolean *whole)
{
  gsize seen = 0;
  *whole = TRUE;
  for (;;) {
    PktSlice rest = rest_of (m), at;
    /* Hits behind `safe` wait until the line after them is there. */
    gsize safe = m->ended ? rest.n : rest.n - MIN (rest.n, 2 * MAX_FROM_LINE);
    while ((at = pkt_slice_find (pkt_slice_skip (rest, seen), PKT_SLICE ("\nFrom "))).p) {
      gsize where = (gsize)(at.p - rest.p);
      if (where >= safe)
        break;
      if (is_after_blank (rest, where) && is_from_line (pkt_slice_skip (at, 1)))
        return where + 1;
      seen = where + 1;
    }
    seen = MAX (seen, safe);
    *whole = rest.n <= m->max_mail;
    if (m->ended || !*whole)
      return rest.n;
    read_more (m);
  }
}

static void
consume (PktMbox *m, gsize n)
{
  const char *p = m->buf + m->at, *end = p + n;
  m->at += n;
  while (m->mailbox && (p = pkt_find_byte (p, end, '\n')) != NULL) {
    m->next_line++;
    p++;
  }
}

gboolean
pkt_mbox_next (PktMbox *m, PktSlice *mail)
{
  gboolean whole = TRUE;
  consume (m, m->handed_out);
  m->handed_out = 0;
  while (m->skipping && !m->mailbox) {
    consume (m, m->n - m->at);
    m->skipping = read_more (m);
  }
  while (m->skipping) {
    gsize rest = end_by_from_line (m, &whole);
    consume (m, rest);
    m->skipping = !whole;
  }
  if (m->at == m->n && !read_more (m))
    return FALSE;
  gsize end = m->mailbox ? end_by_length (m) : 0;
  if (end == 0 && m->mailbox)
    end = end_by_from_line (m, &whole);
  else if (end == 0) { /* one mail */
    while (m->n - m->at <= m->max_mail && read_more (m))
      ;
    end = m->n - m->at;
    whole = end <= m->max_mail;
  }
  m->skipping = !whole;
  m->cut += !whole;
  m->handed_out = end;
  m->line = m->next_line;
  *mail = pkt_slice (m->buf + m->at, MIN (end, m->max_mail));
  return TRUE;
}

guint64
pkt_mbox_line (const PktMbox *m)
{
  return m->line;
}

guint64
pkt_mbox_bytes (const PktMbox *m)
{
  return m->bytes;
}

guint64
pkt_mbox_cut (const PktMbox *m)
{
  return m->cut;
}

/* Two fields such as each mail has. */
static gboolean
has_mail_fields (PktSlice head)
{
  static const PktSlice known[] = { PKT_SLICE ("Received"),   PKT_SLICE ("From"),
                                    PKT_SLICE ("Subject"),    PKT_SLICE ("Date"),
                                    PKT_SLICE ("To"),         PKT_SLICE ("Return-Path"),
                                    PKT_SLICE ("Message-ID"), PKT_SLICE ("MIME-Version") };
  guint hits = 0;
  PktSlice name, value;
  head = pkt_slice_skip_mark (head);
  head = pkt_slice_skip (head, count_line (head));
  if (pkt_slice_starts (head, PKT_SLICE ("From ")))
    head = pkt_slice_skip (head, pkt_slice_until (head, '\n').n + 1);
  else if (!pkt_header_begins (head))
    return FALSE;
  for (guint i = 0; i < MAX_FIELDS && hits < 2 && pkt_header_step (&head, &name, &value); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
      hits += name.n == known[k].n && pkt_slice_equal_nocase (name, known[k]);
  return hits >= 2;
}

gboolean
pkt_mbox_is_mail (PktSlice head)
{
  if (!has_mac_ends (head))
    return has_mail_fields (head);
  g_autofree char *mended = g_memdup2 (head.p, head.n);
  mend_line_ends (mended, head.n);
  return has_mail_fields (pkt_slice (mended, head.n));
}
