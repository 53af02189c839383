/* What a line of Exim's mainlog is, for lines that are told by a few of their bytes, and those that
 * are not. */
#include "packet/log/exim-glance.h"
#include "packet/log/syslog.h"

static gpointer
begin (const PktGlanceRule *rule)
{
  PktEximGlancer *g = g_new0 (PktEximGlancer, 1);
  const PktSlice none = { NULL, 0 };
  g->rule = rule;
  pkt_exim_clock_start (&g->clock);
  pkt_exim_shape_start (&g->shape);
  g->clock.hosts = &g->hosts;
  g->put_offs.deferred = TRUE;
  g->no_scope = pkt_slice_hash (none, 0);
  return g;
}

/* The first word or the second begins so. */
static gboolean
may_have_tag (PktSlice text)
{
  static const PktSlice tag = PKT_SLICE ("exim");
  const gsize n = pkt_slice_until (text, ' ').n;
  PktSlice second = pkt_slice_skip (text, n);
  while (second.n && (second.p[0] == ' ' || second.p[0] == '\t'))
    second = pkt_slice_skip (second, 1);
  return pkt_slice_starts (text, tag) || pkt_slice_starts (second, tag);
}

gboolean
pkt_exim_tells_nothing (PktSlice line, PktSlice text)
{
  PktSyslog f;
  return pkt_exim_without_id (text)
         && (!may_have_tag (text) || !pkt_syslog_split (line, &f) || !pkt_exim_owns_tag (f.tag));
}

void
pkt_exim_tell_arrival (const PktEximGlancer *g, PktSlice line, PktSlice rest, PktGlance *out)
{
  const PktSlice sender = pkt_exim_sender (pkt_slice_until (rest, ' '));
  PktEximLine l;
  if (sender.n > G_MAXUINT8 || (g->rule->message_ids && !pkt_exim_begins_plain (line)))
    return; /* a Message-ID wants its host */
  out->kind = PKT_GLANCE_RECEIVED;
  out->text_at = (guint8)(sender.p - line.p);
  out->tag_n = (guint8)sender.n;
  out->us = -1;
  out->fingerprint = 0;
  if (g->rule->message_ids) {
    pkt_exim_arrival (rest, &l);
    out->us = l.size;
    out->fingerprint = l.message_id.p
                           ? pkt_exim_put_id ((gsize)(l.message_id.p - line.p), l.message_id.n)
                           : 0;
  }
}

/* rest: of the line, behind the flag. */
static void
look_at_delivery (PktEximGlancer *g, PktSlice line, PktSlice rest, PktGlance *out)
{
  PktEximLine l;
  const PktGlanceRule *rule = g->rule;
  if (rule->elsewhere == NULL)
    return;
  if (!pkt_exim_take_delivery (&g->routes, rest, &l, pkt_exim_marks, pkt_mask_64)) {
    pkt_exim_line (pkt_slice_skip (line, g->clock.front), &l);
    if (l.host.n == 0) {
      out->kind = PKT_GLANCE_KNOWN;
      out->daemon = PKT_EXIM_SEEN_DELIVERED;
      out->stamp_kind = (guint8)g->clock.now.stamp.kind;
      out->us = g->clock.now.stamp.us;
      return;
    }
    pkt_exim_learn_route (&g->routes, &l);
  }
  if (rule->elsewhere (rule->data, l.recipient, l.host, l.ip))
    pkt_exim_tell_elsewhere (g, line, l.recipient, out->key, &g->clock.now, out);
}

/* The same; most of those that name no host were not tried. */
static void
look_at_deferral (PktEximGlancer *g, PktSlice line, PktSlice rest, PktGlance *out)
{
  PktEximLine l;
  const PktGlanceRule *rule = g->rule;
  if (rule->elsewhere == NULL || !rule->put_offs)
    return;
  if (!pkt_exim_take_put_off (&g->put_offs, rest, &l, pkt_exim_marks, pkt_mask_64)) {
    if (pkt_slice_find (rest, PKT_SLICE ("]: SMTP error from remote mail ")).p == NULL)
      return;
    pkt_exim_line (pkt_slice_skip (line, g->clock.front), &l);
    if (l.host.n == 0 || l.error > 0 || !pkt_exim_is_put_off (l.message))
      return;
    pkt_exim_learn_route (&g->put_offs, &l);
  }
  if (rule->elsewhere (rule->data, l.recipient, l.host, l.ip)
      && !pkt_exim_tell_put_off (g, line, l.recipient, out->key, &g->clock.now, out)) {
    out->kind = PKT_GLANCE_PLAIN;
    out->daemon = PKT_EXIM_SEEN_MESSAGE;
  }
}

/* Behind an id; other flags than these are for the parser, other words for nobody. */
static void
look_at_other (PktSlice text, PktSlice rest, PktGlance *out)
{
  PktEximLine l;
  if (rest.p[0] == '*' && rest.p[1] == '*')
    return;
  if (pkt_exim_line (text, &l) && l.kind == PKT_EXIM_OTHER)
    out->kind = PKT_GLANCE_NOTHING;
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  PktEximGlancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  out->daemon = PKT_EXIM_SEEN_STRANGE;
  if (!pkt_exim_has_time (&g->clock, line))
    return;
  PktSlice text = pkt_slice_skip (line, g->clock.front);
  const gsize n = pkt_exim_id_length (text);
  if (n == 0) {
    if (pkt_exim_tells_nothing (line, text))
      out->kind = PKT_GLANCE_NOTHING;
    return;
  }
  PktSlice rest = pkt_slice_skip (text, n + 1);
  if (rest.n < PKT_EXIM_FLAG_BYTES || text.p[n] != ' ')
    return;
  const char *p = rest.p;
  out->key = pkt_queue_key (pkt_slice (text.p, n), g->clock.scope);
  out->id_n = (guint8)n;
  out->daemon = PKT_EXIM_SEEN_MESSAGE;
  if (p[1] == '>' && p[2] == ' ' && (p[0] == '=' || p[0] == '-' || p[0] == '>'))
    look_at_delivery (g, line, pkt_slice_skip (rest, 3), out);
  else if (p[0] == '<' && p[1] == '=' && p[2] == ' ')
    pkt_exim_tell_arrival (g, line, pkt_slice_skip (rest, 3), out);
  else if (memcmp (p, "Completed", PKT_EXIM_FLAG_BYTES) == 0)
    out->kind = PKT_GLANCE_REMOVED;
  else if (p[0] == '=' && p[1] == '=' && p[2] == ' ')
    look_at_deferral (g, line, pkt_slice_skip (rest, 3), out);
  else
    look_at_other (text, rest, out);
}

const PktGlancer pkt_exim_glancer = { begin, look, g_free, .split = pkt_exim_split };
