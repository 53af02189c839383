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

gboolean
pkt_frame_has_pid (PktSlice rest)
{
  gsize i = 0;
  while (i < rest.n && g_ascii_isdigit (rest.p[i]))
    i++;
  return i > 0 && rest.n - i >= 3 && memcmp (rest.p + i, "]: ", 3) == 0;
}

/* A frame that an earlier line had: "Dec 29 00:36:09 mail1 postfix/" compared, the rest of the tag
 * scanned. */
const PktFrame *
pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip)
{
  guint8 *guess
      = &s->guess[line.n > MAX (s->guess_at[0], s->guess_at[1]) ? pkt_frames_guess (s, line.p) : 0];
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
    if (f->kind != PKT_FRAME_OURS) {
      *skip = TRUE;
      return p[-1] != '[' || pkt_frame_has_pid (pkt_slice (p, (gsize)(limit - p))) ? f : NULL;
    }
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

/* How many entries of `guess` lines with these frames have, if told apart so; each gets its own. */
static guint
try_guess (PktFrames *s, gsize first, gsize second)
{
  guint n = 0;
  guint8 taken[G_N_ELEMENTS (s->guess)] = { 0 };
  s->guess_at[0] = first;
  s->guess_at[1] = second;
  for (guint i = 0; i < s->n; i++) {
    const PktFrame *f = &s->all[i];
    const guint8 at = pkt_frames_guess_by (f->text[first - f->time_n], f->text[second - f->time_n]);
    s->guess[at] = (guint8)i;
    n += !taken[at];
    taken[at] = TRUE;
  }
  return n;
}

/* Two bytes by which lines are told apart, of those that all frames have. */
static void
choose_guess (PktFrames *s)
{
  gsize from = 0, limit = G_MAXSIZE, best[2];
  for (guint i = 0; i < s->n; i++) {
    from = MAX (from, s->all[i].time_n);
    limit = MIN (limit, s->all[i].time_n + s->all[i].n);
  }
  best[0] = best[1] = from;
  for (guint k = 0; k < G_N_ELEMENTS (best); k++) {
    guint most = 0;
    for (gsize at = from; at < limit; at++) {
      const guint n = k == 0 ? try_guess (s, at, at) : try_guess (s, best[0], at);
      best[k] = n > most ? at : best[k];
      most = MAX (most, n);
    }
  }
  try_guess (s, best[0], best[1]);
}

#define LOST 4096 /* lines: where there are more hosts than places, frames go by turns */

/* One of n bytes behind the time, which ends with them. NULL when the line has another form. */
static PktFrame *
add (PktFrames *s, PktSlice line, const PktSyslog *f, gsize n)
{
  if (f->time.p != line.p || f->host.n == 0 || f->host.p != f->time.p + f->time.n + 1
      || f->tag.p != f->host.p + f->host.n + 1 || n > PKT_FRAME_MAX
      || (f->time.n != 15 && f->time.n < 19))
    return NULL;
  if (s->n == PKT_N_FRAMES && s->lost++ < LOST)
    return NULL;
  s->lost = 0;
  PktFrame *frame = &s->all[s->next];
  s->changes++;
  s->next = (s->next + 1) % PKT_N_FRAMES;
  s->n = MIN (s->n + 1, PKT_N_FRAMES);
  *frame = (PktFrame){ .n = n, .host_n = f->host.n, .time_n = f->time.n + 1 };
  memcpy (frame->text, f->host.p, n);
  frame->shape_mask = pkt_frame_word (f->time.n == 15 ? "\xff\0\0\xff\0\0\xff"
                                                      : "\0\xff\0\0\xff\0\0");
  frame->shape = pkt_frame_word (f->time.n == 15 ? " \0\0 \0\0:" : "\0-\0\0-\0\0");
  choose_guess (s);
  return frame;
}

void
pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f)
{
  const PktSlice first = pkt_slice_until (f->tag, '/');
  const gsize n = f->host.n + 1 + first.n + 1;
  PktFrame *frame = first.n < f->tag.n ? add (s, line, f, n) : NULL;
  if (frame)
    frame->scope_hash = pkt_slice_hash (pkt_slice (frame->text, n - 1), 0);
}

void
pkt_frames_learn_other (PktFrames *s, PktSlice line, const PktSyslog *f, PktFrameKind kind)
{
  const PktSlice rest = pkt_slice_skip (line, (gsize)(f->tag.p + f->tag.n - line.p));
  if (f->tag.n == 0)
    return;
  const gboolean has_pid = rest.n && rest.p[0] == '[';
  if (has_pid ? !pkt_frame_has_pid (pkt_slice_skip (rest, 1))
              : !pkt_slice_starts (rest, PKT_SLICE (": ")))
    return;
  PktFrame *frame = add (s, line, f, f->host.n + 1 + f->tag.n + (has_pid ? 1 : 2));
  if (frame)
    frame->kind = kind;
}
