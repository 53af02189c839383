#include "packet/run/stream-match.h"
#include "packet/base/domain.h"

PktMatched
pkt_matched_cell (const PktTally *t, const PktCellKey *key)
{
  return (PktMatched){ pkt_tally_name (t, key->stream), pkt_tally_name (t, key->from_domain),
                       pkt_tally_name (t, key->local_ip), pkt_tally_name (t, key->campaign) };
}

PktMatched
pkt_matched_event (const PktEvent *event)
{
  const char *sender = event->return_path_domain ? event->return_path_domain
                       : event->sender           ? "<>"
                                                 : event->from_domain;
  return (PktMatched){ sender, event->from_domain, event->local_ip, event->campaign };
}

static gboolean
is_told (const char *value)
{
  return value && *value;
}

static gboolean
listed (GStrv list, const char *value)
{
  for (gsize i = 0; list && list[i]; i++)
    if (g_ascii_strcasecmp (list[i], value) == 0)
      return TRUE;
  return FALSE;
}

static PktMatch
match_value (GStrv list, const char *value)
{
  if (list == NULL || list[0] == NULL || !is_told (value))
    return PKT_MATCH_UNTOLD;
  return listed (list, value) ? PKT_MATCH_IN : PKT_MATCH_OUT;
}

/* A sender that is the From domain as well may stand for it, where there is no return path. */
static PktMatch
match_return_path (const PktStream *s, const PktMatched *mail)
{
  const PktMatch match = match_value (s->return_path_domain, mail->sender);
  const gboolean unsure = is_told (mail->from)
                          && g_ascii_strcasecmp (mail->from, mail->sender) == 0;
  return match == PKT_MATCH_OUT && unsure ? PKT_MATCH_UNTOLD : match;
}

static gboolean
sample_joins (const PktStream *s, const GPtrArray *samples, const char *return_path)
{
  for (guint i = 0; samples && i < samples->len; i++) {
    const PktSample *sample = g_ptr_array_index (samples, i);
    if (sample->from_domain && sample->return_path_domain
        && listed (s->from_domain, sample->from_domain)
        && g_ascii_strcasecmp (sample->return_path_domain, return_path) == 0)
      return TRUE;
  }
  return FALSE;
}

static PktMatch
match_from (const PktStream *s, const GPtrArray *samples, const PktMatched *mail)
{
  if (is_told (mail->from) || !is_told (mail->sender))
    return match_value (s->from_domain, mail->from);
  return listed (s->from_domain, mail->sender) || sample_joins (s, samples, mail->sender)
             ? PKT_MATCH_IN
             : PKT_MATCH_UNTOLD;
}

PktMatch
pkt_stream_match (const PktStream *s, const GPtrArray *samples, const PktMatched *mail)
{
  const PktMatch all[] = { match_return_path (s, mail), match_from (s, samples, mail),
                           match_value (s->sending_ip, mail->ip),
                           match_value (s->campaign, mail->campaign) };
  gboolean in = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    if (all[i] == PKT_MATCH_OUT)
      return PKT_MATCH_OUT;
    in = in || all[i] == PKT_MATCH_IN;
  }
  return in ? PKT_MATCH_IN : PKT_MATCH_UNTOLD;
}

gboolean
pkt_streams_ask_campaign (const GPtrArray *streams)
{
  for (guint i = 0; i < streams->len; i++)
    if (((const PktStream *)g_ptr_array_index (streams, i))->campaign[0])
      return TRUE;
  return FALSE;
}

gboolean
pkt_stream_asks (const PktStream *s)
{
  return s->return_path_domain[0] || s->from_domain[0] || s->sending_ip[0] || s->campaign[0];
}

static gboolean
same_owner (GStrv list, const char *domain)
{
  for (gsize i = 0; list[i]; i++)
    if (pkt_domain_same (list[i], domain))
      return TRUE;
  return FALSE;
}

gboolean
pkt_stream_has_sample (const PktStream *s, const PktCase *c, const PktSample *sample)
{
  const char *type = s && s->mail_type ? s->mail_type : c->request.template_name;
  if (g_strcmp0 (type, "forwarded") == 0) /* From is its author's */
    return TRUE;
  if (s && s->from_domain[0] && sample->from_domain)
    return listed (s->from_domain, sample->from_domain);
  if (s && s->return_path_domain[0] && sample->return_path_domain)
    return listed (s->return_path_domain, sample->return_path_domain);
  if (s && s->sending_ip[0] && sample->client_ip)
    return listed (s->sending_ip, sample->client_ip);
  return c->domains.from[0] == NULL || sample->from_domain == NULL
         || same_owner (c->domains.from, sample->from_domain);
}
