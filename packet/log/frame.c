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

/* "smtp[812]: …", behind the slash: where the tag ends; NULL when it is no such line. */
static const char *
split_usual (const char *p, const char *limit, PktSlice *text)
{
  const char *open = pkt_find_either (p, limit, '[', ' '), *end;
  if (open == NULL || *open == ' ' || (end = pkt_find_either (open, limit, ']', ' ')) == NULL
      || limit - end < 3 || memcmp (end, "]: ", 3) != 0)
    return NULL;
  *text = pkt_slice (end + 3, (gsize)(limit - end) - 3);
  return text->n && (*text->p == ' ' || *text->p == '\t') ? NULL : open;
}

/* "smtp 812 - - …". */
static const char *
split_5424 (const char *p, const char *limit, PktSlice *text)
{
  PktSyslog f;
  const PktSlice rest = pkt_slice (p, (gsize)(limit - p));
  const gsize n = pkt_slice_until (rest, ' ').n;
  pkt_syslog_take_app (rest, &f);
  *text = f.text;
  return n < rest.n ? p + n : NULL;
}

/* A frame that an earlier line had: "Dec 29 00:36:09 mail1 postfix/" compared, the rest of the tag
 * scanned. */
const PktFrame *
pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip)
{
  PktGuess *g = &s->guess;
  guint8 *guess = &g->first[line.n > MAX (g->at[0], g->at[1]) ? pkt_guess_place (g, line.p) : 0];
  guint i = *guess;
  for (guint tried = 0; tried < s->n; tried++, i = i + 1 < s->n ? i + 1 : 0) {
    const PktFrame *f = &s->all[i];
    if (!pkt_frame_fits (f, line))
      continue;
    out->time = pkt_frame_time (f, line.p);
    if (!pkt_frame_takes_time (f, out->time) || !pkt_frames_is_time (s, out->time))
      return NULL;
    const char *limit = line.p + line.n, *p = line.p + f->time_n + f->n;
    *guess = (guint8)i;
    if (f->kind != PKT_FRAME_OURS) {
      *skip = TRUE;
      return p[-1] != '[' || pkt_frame_has_pid (pkt_slice (p, (gsize)(limit - p))) ? f : NULL;
    }
    const char *tag = line.p + f->time_n + f->tag_at,
               *end = f->lead ? split_5424 (f->is_app ? tag : p, limit, &out->text)
                              : split_usual (p, limit, &out->text);
    if (end == NULL)
      return NULL;
    *skip = end - p == 5 && pkt_bytes_same (p, "smtpd", 5); /* two lines of five, nothing for us */
    out->host = pkt_slice (line.p + f->time_n, f->host_n);
    out->tag = pkt_slice (tag, (gsize)(end - tag));
    return f;
  }
  return NULL;
}

static void
choose_guess (PktFrames *s)
{
  PktGuessText texts[PKT_N_FRAMES];
  gsize from = 0, limit = G_MAXSIZE;
  for (guint i = 0; i < s->n; i++) {
    const PktFrame *f = &s->all[i];
    texts[i] = (PktGuessText){ f->text, f->time_n, (guint8)i };
    from = MAX (from, f->time_n);
    limit = MIN (limit, f->time_n + f->n);
  }
  pkt_guess_choose (&s->guess, texts, s->n, from, limit, 0);
}

#define LOST 4096 /* lines: where there are more hosts than places, frames go by turns */

/* Which bytes of the line are looked at before the rest is. */
static void
set_shape (PktFrame *f)
{
  const gsize stamp_n = f->time_n - 1 - f->lead;
  f->shape_at = f->lead ? 0 : 3;
  f->shape_mask = pkt_frame_word (f->lead         ? "\xff\xff\0\0\0\0\xff"
                                  : stamp_n == 15 ? "\xff\0\0\xff\0\0\xff"
                                                  : "\0\xff\0\0\xff\0\0");
  f->shape = pkt_frame_word (f->lead         ? "1 \0\0\0\0-"
                             : stamp_n == 15 ? " \0\0 \0\0:"
                                             : "\0-\0\0-\0\0");
}

/* "[ID 197553 mail.info] " stands before it: behind a frame comes the text. */
static gboolean
has_message_id (PktSlice text)
{
  return text.n && text.p[-1] == ' ' && text.p[-2] == ']';
}

/* Host and tag stand where a frame has them. */
static gboolean
is_framed (PktSlice line, const PktSyslog *f)
{
  const char *time_end = f->time.p + f->time.n;
  const gboolean has_lead = f->time.p == line.p + PKT_FRAME_LEAD;
  if ((f->time.p != line.p && !has_lead) || *time_end != ' '
      || (has_lead ? f->time.n < 19 : f->time.n != 15 && (f->time.n < 19 || f->time.p[4] != '-'))
      || (!has_lead && has_message_id (f->text)))
    return FALSE;
  if (f->host.n == 0)
    return !has_lead && f->tag.p > time_end;
  return f->host.p == time_end + 1 && f->tag.p == f->host.p + f->host.n + 1;
}

static gboolean
is_known (const PktFrames *s, PktSlice text, gsize time_n)
{
  for (guint i = 0; i < s->n; i++)
    if (s->all[i].time_n == time_n
        && pkt_slice_equal (pkt_slice (s->all[i].text, s->all[i].n), text))
      return TRUE;
  return FALSE;
}

/* One that ends where the line has `end`. NULL when the line has another form. */
static PktFrame *
add (PktFrames *s, PktSlice line, const PktSyslog *f, const char *end)
{
  if (!is_framed (line, f))
    return NULL;
  const char *begin = f->time.p + f->time.n + 1;
  const gsize n = (gsize)(end - begin), time_n = (gsize)(begin - line.p);
  if (n > PKT_FRAME_MAX || is_known (s, pkt_slice (begin, n), time_n))
    return NULL;
  if (s->n == PKT_N_FRAMES && s->lost++ < LOST)
    return NULL;
  s->lost = 0;
  PktFrame *frame = &s->all[s->next];
  s->changes++;
  s->next = (s->next + 1) % PKT_N_FRAMES;
  s->n = MIN (s->n + 1, PKT_N_FRAMES);
  *frame = (PktFrame){ .n = n,
                       .host_n = f->host.n,
                       .time_n = time_n,
                       .lead = (gsize)(f->time.p - line.p),
                       .tag_at = (gsize)(f->tag.p - begin),
                       .scope_at = f->host.n ? 0 : (gsize)(f->tag.p - begin) };
  memcpy (frame->text, begin, n);
  set_shape (frame);
  choose_guess (s);
  return frame;
}

/* " - - ", " - " before structured data, "]: ". */
static void
set_tail (PktFrame *frame, const PktSyslog *f)
{
  PktSlice tail = PKT_SLICE ("]: ");
  if (frame->lead) {
    const char *behind = f->pid.p + f->pid.n;
    tail = pkt_slice (behind, (gsize)(f->text.p - behind));
    frame->has_data = pkt_slice_starts (tail, PKT_SLICE (" - ["));
    if (frame->has_data)
      tail.n = strlen (" - ");
    if (tail.n > sizeof frame->tail || pkt_find_byte (behind, behind + tail.n, '['))
      return;
  }
  frame->tail_n = tail.n;
  memcpy (frame->tail, tail.p, tail.n);
}

void
pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f)
{
  const PktSlice first = pkt_slice_until (f->tag, '/');
  const char *end = first.p + first.n + 1;
  const gboolean is_app = first.n == f->tag.n && f->time.p != line.p && f->pid.p == end;
  PktFrame *frame = first.n < f->tag.n || is_app ? add (s, line, f, end) : NULL;
  if (frame == NULL)
    return;
  frame->is_app = is_app;
  frame->scope_hash = pkt_slice_hash (pkt_frame_scope (frame, line.p), 0);
  set_tail (frame, f);
}

void
pkt_frames_learn_other (PktFrames *s, PktSlice line, const PktSyslog *f, gconstpointer side)
{
  const PktSlice rest = pkt_slice_skip (line, (gsize)(f->tag.p + f->tag.n - line.p));
  if (f->tag.n == 0)
    return;
  const gboolean has_pid = rest.n && rest.p[0] == '[' && f->time.p == line.p;
  if (f->time.p != line.p) { /* RFC 5424: whatever follows the tag */
    if (rest.n == 0 || rest.p[0] != ' ')
      return;
  } else if (has_pid ? !pkt_frame_has_pid (pkt_slice_skip (rest, 1))
                     : !pkt_slice_starts (rest, PKT_SLICE (": ")))
    return;
  PktFrame *frame = add (s, line, f,
                         f->tag.p + f->tag.n + (has_pid || f->time.p != line.p ? 1 : 2));
  if (frame == NULL)
    return;
  frame->kind = side ? PKT_FRAME_SIDE : PKT_FRAME_FOREIGN;
  frame->side = side;
}
