#include "packet/trend/contrast.h"
#include "packet/base/text.h"

#define MAX_NAMES 3

static gboolean
overlaps (const PktOnset *o, gint64 from, gint64 to)
{
  return o->found && (to == PKT_NO_TIME || o->rose_at < to)
         && (o->relief == PKT_NO_TIME || o->relief > from);
}

static gint64
final_inside (const PktGroup *g, const PktContrast *c)
{
  gint64 final = 0;
  for (guint i = 0; i < g->days->len; i++) {
    const PktSum *s = &g_array_index (g->days, PktDay, i).apple;
    if (s->last >= c->from && (c->to == PKT_NO_TIME || s->first < c->to))
      final += pkt_sum_final (s);
  }
  return final;
}

static void
judge_side (const PktGroups *groups, const PktContrast *c, PktContrastSide *side)
{
  *side = (PktContrastSide){ .earliest = PKT_NO_TIME, .latest = PKT_NO_TIME };
  side->names = g_ptr_array_new ();
  side->cut = groups->left_out_final >= PKT_CONTRAST_JUDGED;
  for (guint i = 0; i < groups->list->len; i++) {
    const PktGroup *g = g_ptr_array_index (groups->list, i);
    gboolean rose = overlaps (&g->onset, c->from, c->to);
    if (!rose && final_inside (g, c) < PKT_CONTRAST_JUDGED)
      continue;
    side->untold |= g_str_equal (g->name, PKT_GROUP_UNTOLD);
    if (g_str_equal (g->name, PKT_GROUP_UNTOLD))
      continue;
    side->judged++;
    if (!rose)
      continue;
    gint64 at = g->onset.rose_at;
    side->rose++;
    side->earliest = side->earliest == PKT_NO_TIME ? at : MIN (side->earliest, at);
    side->latest = MAX (side->latest, at);
    g_ptr_array_add (side->names, (gpointer)g->name);
  }
}

static gboolean
all_rose (const PktContrastSide *s)
{
  return s->judged > 0 && s->rose == s->judged && !s->cut;
}

/* A rise of others from next to nothing to a little more is none that tells anything of Apple's. */
static gboolean
is_comparable (const PktContrast *c)
{
  double apple = (double)c->apple.policy / (double)pkt_sum_final (&c->apple),
         other = (double)c->other.policy / (double)pkt_sum_final (&c->other);
  return other * PKT_CONTRAST_COMPARABLE >= apple;
}

static PktContrastVerdict
judge (const PktContrast *c)
{
  double apple_lo, apple_hi, other_lo, other_hi;
  gint64 final = pkt_sum_final (&c->other);
  if (c->apple.policy == 0)
    return PKT_CONTRAST_NOTHING;
  if (final < PKT_CONTRAST_FEW)
    return PKT_CONTRAST_NO_OTHERS;
  pkt_wilson (c->apple.policy, pkt_sum_final (&c->apple), &apple_lo, &apple_hi);
  pkt_wilson (c->other.policy, final, &other_lo, &other_hi);
  if (apple_lo > other_hi)
    return c->others_rose && is_comparable (c) ? PKT_CONTRAST_MOST : PKT_CONTRAST_APPLE;
  return c->others_rose || other_lo > apple_hi ? PKT_CONTRAST_EVERYWHERE : PKT_CONTRAST_UNCLEAR;
}

void
pkt_contrast_make (const PktTally *t, const PktSumFilter *f, const PktOnset *onset,
                   const PktGroups *streams, const PktGroups *ips, PktContrast *out)
{
  *out = (PktContrast){ .from = onset->found ? onset->rose_at : t->first,
                        .to = onset->found ? onset->relief : PKT_NO_TIME,
                        .incident = onset->found };
  PktSumFilter apple = *f, other = *f;
  PktOnset others;
  apple.apple = 1;
  other.apple = 0;
  other.rcpt_domain = 0;
  other.replies = NULL;
  pkt_onset_find (t, &other, &others);
  out->others_rose = overlaps (&others, out->from, out->to);
  apple.from = other.from = pkt_sum_quarter (out->from);
  apple.to = other.to = pkt_sum_quarter (out->to);
  pkt_sum (t, &apple, &out->apple);
  pkt_sum (t, &other, &out->other);
  out->verdict = judge (out);
  judge_side (streams, out, &out->streams);
  judge_side (ips, out, &out->ips);
  out->all_at_once = out->incident && all_rose (&out->streams) && all_rose (&out->ips)
                     && out->streams.judged > 1 && !out->streams.untold
                     && MAX (out->streams.latest, out->ips.latest)
                                - MIN (out->streams.earliest, out->ips.earliest)
                            <= PKT_HOUR;
}

void
pkt_contrast_clear (PktContrast *c)
{
  g_clear_pointer (&c->streams.names, g_ptr_array_unref);
  g_clear_pointer (&c->ips.names, g_ptr_array_unref);
}

const char *
pkt_contrast_word (PktContrastVerdict v)
{
  static const char *const words[] = { "nothing-refused", "no-others",  "only-apple",
                                       "most-at-apple",   "everywhere", "unclear" };
  return words[v];
}

/* Of an interval, in percent: "0.013", "13", "99.99"; %g alone has an exponent at both ends. */
static const char *
bound_text (double share, char room[G_ASCII_DTOSTR_BUF_SIZE])
{
  const double percent = 100 * share;
  const char *format = percent >= 99.5 ? "%.2f" : percent > 0 && percent < 0.0001 ? "%.6f" : "%.2g";
  return g_ascii_formatd (room, G_ASCII_DTOSTR_BUF_SIZE, format, percent);
}

/* "42 of 305 (13.8%; 95 %: 10-18%)" */
static char *
share_text (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  double lo, hi;
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  pkt_wilson (s->policy, final, &lo, &hi);
  g_autofree char *k = pkt_text_count (s->policy), *n = pkt_text_count (final);
  g_autofree char *percent = s->policy ? pkt_text_percent (s->policy, final) : g_strdup ("0%");
  return g_strdup_printf ("%s of %s (%s; 95 %%: %s-%s%%)", k, n, percent, bound_text (lo, low),
                          hi > 0.995 ? "100" : bound_text (hi, high));
}

static const char *
verdict_words (PktContrastVerdict v)
{
  switch (v) {
  case PKT_CONTRAST_APPLE:
    return "only Apple";
  case PKT_CONTRAST_MOST:
    return "everywhere, and most at Apple";
  case PKT_CONTRAST_EVERYWHERE:
    return "everywhere, not only Apple";
  case PKT_CONTRAST_UNCLEAR:
    return "the intervals overlap, too few answers to tell Apple from the rest";
  case PKT_CONTRAST_NO_OTHERS:
  case PKT_CONTRAST_NOTHING:
    break;
  }
  return "too little mail to others to compare with";
}

static void
add_names (GString *out, const GPtrArray *names)
{
  for (guint i = 0; i < names->len && i < MAX_NAMES; i++) {
    g_autofree char *name = pkt_text_quote (pkt_slice_str (g_ptr_array_index (names, i)),
                                            PKT_GROUP_NAME_CHARS);
    g_string_append_printf (out, "%s%s", i ? ", " : "", name);
  }
  if (names->len > MAX_NAMES)
    g_string_append_printf (out, " and %u more", names->len - MAX_NAMES);
}

/* "one stream is in these logs, and it rose", "2 of 3 streams rose: a, b", "all 3 sending IPs rose"
 */
static void
add_side (GString *out, const PktContrastSide *s, const char *word)
{
  if (s->judged == 0)
    return;
  const char *named = s->cut ? " with the most refusals" : s->untold ? " that the logs name" : "";
  if (all_rose (s) && s->judged == 1)
    g_string_append_printf (out,
                            s->untold ? "the one %s that the logs name rose"
                                      : "one %s is in these logs, and it rose",
                            word);
  else if (all_rose (s) && s->judged == 2)
    g_string_append_printf (out, "both %ss%s rose", word, named);
  else if (all_rose (s))
    g_string_append_printf (out, "all %u %ss%s rose", s->judged, word, named);
  else if (s->rose == 0 && s->judged == 1)
    g_string_append_printf (out, "the one %s%s did not rise by itself", word,
                            s->untold ? " that the logs name" : " in these logs");
  else if (s->rose == 0)
    g_string_append_printf (out, "none of %u %ss%s rose by itself", s->judged, word, named);
  else {
    g_string_append_printf (out, "%u of %u %ss%s rose: ", s->rose, s->judged, word, named);
    add_names (out, s->names);
  }
}

static const char *
advice (const PktContrast *c)
{
  if (c->verdict == PKT_CONTRAST_EVERYWHERE || c->verdict == PKT_CONTRAST_MOST)
    return "Look at your own mail, DNS and lists first: Apple cannot mend what others refuse too.";
  if (c->all_at_once)
    return "All of it within the same hour: an incident at Apple is likely; look at "
           "https://www.apple.com/support/systemstatus/ before you write.";
  if (c->streams.rose > 0 && c->streams.rose < c->streams.judged)
    return "Look at what these streams have of their own: content, links, list, consent.";
  if (c->ips.rose > 0 && c->ips.rose < c->ips.judged)
    return "Look at what these IPs have of their own: name, neighbours, volume.";
  if (c->streams.judged > 1 && all_rose (&c->streams))
    return "Look at what all streams share: IPs, sending domain, authentication.";
  return "";
}

char *
pkt_contrast_text (const PktContrast *c, guint width)
{
  if (c->verdict == PKT_CONTRAST_NOTHING)
    return g_strdup ("");
  g_autofree char *apple = share_text (&c->apple), *other = share_text (&c->other);
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "%s Apple refused %s by policy",
                          c->incident ? "From onset on" : "In this period", apple);
  if (c->incident && c->to != PKT_NO_TIME) {
    g_string_truncate (out, 0);
    g_string_append_printf (out, "From onset to relief Apple refused %s by policy", apple);
  }
  if (pkt_sum_final (&c->other) > 0)
    g_string_append_printf (out, ", all others %s", other);
  g_string_append_printf (out, ": %s", verdict_words (c->verdict));
  if (c->incident) {
    g_string_append (out, c->streams.judged ? "; " : "");
    add_side (out, &c->streams, "stream");
    g_string_append (out, c->ips.judged ? "; " : "");
    add_side (out, &c->ips, "sending IP");
    g_string_append_printf (out, ". %s", advice (c));
  } else
    g_string_append (out, ".");
  char *wrapped = pkt_text_wrap (out->str, width, "", "");
  g_string_free (out, TRUE);
  return wrapped;
}
