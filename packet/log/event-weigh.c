#include "packet/log/event-weigh.h"

gboolean
pkt_weigher_is_worth_it (PktWeigher *w)
{
  if (w->looked == PKT_WEIGHER_TRIAL && w->spared < PKT_WEIGHER_TRIAL / 2)
    return FALSE;
  w->looked += w->looked < PKT_WEIGHER_TRIAL;
  return TRUE;
}

void
pkt_weigh (PktWeigher *w, const PktEventService *s, const PktEventRow *row, PktGlance *out)
{
  if (!(w->rule->elsewhere && pkt_plain_ask (w->rule, s, row, &w->memo, out))
      && pkt_event_word (s, row, NULL, NULL) == PKT_WORD_OTHER)
    out->kind = PKT_GLANCE_KNOWN; /* NOTHING would do, if no record could be open before it */
  w->spared += w->looked < PKT_WEIGHER_TRIAL && out->kind != PKT_GLANCE_PLAIN;
}

gboolean
pkt_weigh_plain (PktWeigher *w, const PktEventService *s, const PktPlainPlaces *places,
                 const PktSlice values[PKT_N_PLAIN], PktGlance *out)
{
  gboolean told = w->rule->elsewhere && pkt_plain_look (w->rule, s, places, values, &w->memo, out);
  w->spared += told && w->looked < PKT_WEIGHER_TRIAL && out->kind != PKT_GLANCE_PLAIN;
  return told;
}

gboolean
pkt_weigh_is_beside (const PktWeigher *w, PktSlice line, PktGlance *out)
{
  if (!w->rule->apple_only || g_atomic_int_get (&w->rule->read_all)
      || w->rule->may_name (w->rule->data, line))
    return FALSE;
  out->kind = PKT_GLANCE_ELSEWHERE_SO_FAR;
  out->stamp_kind = PKT_STAMP_NONE;
  out->key = 0;
  return TRUE;
}
