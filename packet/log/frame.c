#include "packet/log/frame.h"

gboolean
pkt_frames_check_time (PktFrames *s, PktSlice time)
{
  s->time_n = 0;
  if (time.n > sizeof s->time || pkt_syslog_stamp (time, 0, &s->stamp) != time.n)
    return FALSE;
  memcpy (s->time, time.p, time.n);
  s->time_n = (guint8)time.n;
  return TRUE;
}

/* A frame that an earlier line had: "Dec 29 00:36:09 mail1 postfix/" compared, the rest of the tag
 * scanned. */
const PktFrame *
pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip)
{
  guint8 *guess = &s->guess[line.n > s->guess_at ? (guint8)line.p[s->guess_at] % 32 : 0];
  guint i = *guess;
  for (guint tried = 0; tried < s->n; tried++, i = i + 1 < s->n ? i + 1 : 0) {
    const PktFrame *f = &s->all[i];
    if (!pkt_frame_fits (f, line))
      continue;
    if (!pkt_frames_is_time (s, pkt_slice (line.p, f->time_n - 1)))
      return NULL;
    const char *limit = line.p + line.n, *p = line.p + f->time_n + f->n, *end = p;
    *guess = (guint8)i;
    out->time = pkt_slice (line.p, f->time_n - 1);
    gboolean smtpd = limit - p > 6 && pkt_bytes_same (p, "smtpd[", 6);
    if (limit - p > 4 && p[4] == '[') /* smtp, qmgr: most of what is left */
      p += 4;
    while (p < limit && *p != '[' && *p != ':' && *p != ' ')
      p++;
    end = pkt_find_byte (p, limit, ']');
    if (end == NULL || limit - end < 3 || end[1] != ':' || end[2] != ' '
        || memchr (p, ' ', (gsize)(end - p)))
      return NULL;
    *skip = smtpd; /* two lines of five, nothing for us */
    out->host = pkt_slice (line.p + f->time_n, f->host_n);
    out->tag = pkt_slice (out->host.p + f->host_n + 1, (gsize)(p - out->host.p) - f->host_n - 1);
    out->text = pkt_slice (end + 3, (gsize)(limit - end) - 3);
    return f;
  }
  return NULL;
}

void
pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f)
{
  PktSlice first = pkt_slice_until (f->tag, '/');
  gsize n = f->host.n + 1 + first.n + 1;
  if (f->time.p != line.p || f->host.n == 0 || f->host.p != f->time.p + f->time.n + 1
      || f->tag.p != f->host.p + f->host.n + 1 || first.n == f->tag.n || n > PKT_FRAME_MAX
      || (f->time.n != 15 && f->time.n < 19))
    return;
  PktFrame *frame = &s->all[s->next];
  s->changes++;
  s->next = (s->next + 1) % PKT_N_FRAMES;
  s->n = MIN (s->n + 1, PKT_N_FRAMES);
  *frame = (PktFrame){ .n = n, .host_n = f->host.n, .time_n = f->time.n + 1 };
  memcpy (frame->text, f->host.p, n);
  frame->shape_mask = pkt_frame_word (f->time.n == 15 ? "\xff\0\0\xff\0\0\xff"
                                                      : "\0\xff\0\0\xff\0\0");
  frame->shape = pkt_frame_word (f->time.n == 15 ? " \0\0 \0\0:" : "\0-\0\0-\0\0");
  gsize same = 0;
  while (same < MIN (n, s->all[0].n) && frame->text[same] == s->all[0].text[same])
    same++;
  if (frame != s->all)
    s->guess_at = frame->time_n + same;
  frame->scope_hash = pkt_slice_hash (pkt_slice (frame->text, n - 1), 0);
}
