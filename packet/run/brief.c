#include "packet/run/brief.h"

#define LINES_AHEAD 16 /* another thread's, mostly: fetched before they are asked for */

static gboolean
count_elsewhere (PktBrief *b, PktCountSource *s, const PktGlance *seen)
{
  PktStamp stamp = { seen->us, (PktStampKind)seen->stamp_kind };
  if (stamp.kind == PKT_STAMP_YEARLESS)
    stamp.us += b->years;
  b->last = stamp;
  if (!s->counter->options->apple_only)
    pkt_count_elsewhere (s, stamp, seen->fingerprint);
  return TRUE;
}

/* Kinds that may be counted here; those of others need have no key. */
#define BRIEF_KINDS                                                                                \
  (1u << PKT_GLANCE_REMOVED | 1u << PKT_GLANCE_ARRIVAL | 1u << PKT_GLANCE_RECEIVED                 \
   | 1u << PKT_GLANCE_WHOLE | 1u << PKT_GLANCE_ELSEWHERE_TO | 1u << PKT_GLANCE_ELSEWHERE)

static gboolean
count_line (PktBrief *b, PktCountSource *s, const PktBlockLine *line, const char *bytes)
{
  const PktGlance *seen = &line->seen;
  const PktSlice name = { bytes + line->at + seen->text_at, seen->tag_n };
  if (b->remembers && (BRIEF_KINDS >> seen->kind & 1) && b->format->remembers (b->state, seen->key))
    return FALSE;
  switch ((PktGlanceKind)seen->kind) {
  case PKT_GLANCE_REMOVED:
    pkt_join_remove (s->join, seen->key);
    return TRUE;
  case PKT_GLANCE_ARRIVAL:
    pkt_join_arrive (s->join, seen->key, name, seen->us);
    return TRUE;
  case PKT_GLANCE_RECEIVED:
    if (seen->fingerprint)
      return FALSE;
    pkt_join_receive (s->join, seen->key, name, pkt_slice (NULL, 0), seen->us);
    return TRUE;
  case PKT_GLANCE_WHOLE:
    pkt_join_remove (s->join, seen->key);
    return count_elsewhere (b, s, seen);
  case PKT_GLANCE_ELSEWHERE_TO: /* for somebody who was put off before? */
    if (pkt_join_waits (s->join, seen->key) && !s->counter->options->apple_only)
      pkt_join_settle_one (s->join, seen->key, name);
    return count_elsewhere (b, s, seen);
  case PKT_GLANCE_ELSEWHERE:
    return !pkt_join_waits (s->join, seen->key) && count_elsewhere (b, s, seen);
  case PKT_GLANCE_NOTHING:
  case PKT_GLANCE_PLAIN:
  case PKT_GLANCE_KNOWN:
  case PKT_GLANCE_ELSEWHERE_SO_FAR:
  case PKT_GLANCE_RUN:
  case PKT_GLANCE_PUT_OFF:
  case PKT_GLANCE_SIDE:
    break;
  }
  return FALSE;
}

guint
pkt_brief_count (PktBrief *b, PktCountSource *s, const PktBlockLine *lines, guint n,
                 const char *bytes)
{
  guint i = 0;
  if (!b->passes || s->join == NULL)
    return 0;
  for (; i < n && count_line (b, s, &lines[i], bytes); i++)
    __builtin_prefetch (&lines[i + LINES_AHEAD]);
  return i;
}
