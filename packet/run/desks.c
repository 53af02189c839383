#include "packet/run/desks.h"
#include "packet/apple/desk.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/facts.h"
#include "packet/run/verified.h"

#define MANY_REFUSALS 50
#define STATUS_PAGE "https://www.apple.com/support/systemstatus/"

typedef struct {
  PktDesk desk;
  const char *reason, *link; /* NULL: the desk's own */
} Choice;

static gboolean
is_shared (const PktEvidence *e)
{
  const PktCase *c = e->the_case;
  if (g_strcmp0 (c->company.role, "platform") == 0) /* its own pool is its own to ask about */
    return FALSE;
  if (c->platform.pool && g_str_equal (c->platform.pool, "shared"))
    return TRUE;
  for (guint i = 0; i < c->sending_ips->len; i++)
    if (g_strcmp0 (((const PktSendingIp *)c->sending_ips->pdata[i])->pool, "shared") == 0)
      return TRUE;
  return FALSE;
}

static gboolean
names_our_ip (const PktEvidence *e, const PktGroup *g)
{
  for (guint i = 0; g->example->reply && i < e->ips->len; i++)
    if (pkt_text_has_ip (g->example->reply, e->ips->pdata[i]))
      return TRUE;
  return FALSE;
}

/* The case says that a list took us off within a day. */
static gboolean
is_fresh_off_a_list (const PktEvidence *e)
{
  for (guint i = 0; i < e->the_case->incident.remediation->len; i++) {
    const PktDated *d = g_ptr_array_index (e->the_case->incident.remediation, i);
    g_autofree char *what = g_ascii_strdown (d->what ? d->what : "", -1);
    gint64 time;
    if (strstr (what, "delist") && d->date && pkt_clock_parse_user (d->date, NULL, TRUE, &time)
        && e->now - time < PKT_DAY)
      return TRUE;
  }
  return FALSE;
}

/* Apple takes nothing, from any stream of ours, since less than a day: an incident of its own looks
 * like that (facts: close to 100 % for a time). */
static gboolean
looks_like_an_incident (const PktEvidence *e)
{
  guint refused = 0;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (e->started == PKT_NO_TIME || event->time < e->started)
      continue;
    if (event->outcome == PKT_DELIVERED)
      return FALSE;
    refused += event->outcome == PKT_BOUNCED || event->outcome == PKT_DEFERRED;
  }
  return refused >= MANY_REFUSALS && e->latest != PKT_NO_TIME && e->latest - e->started < PKT_DAY;
}

/* As the reply alone says it. */
static PktDesk
own_desk (const PktGroup *g)
{
  return g->temporary       ? PKT_DESK_WAIT
         : g->example->rule ? g->example->rule->desk
                            : pkt_desk_for_category (g->example->category, FALSE);
}

/* Whose turn it is for all that Apple's postmaster would answer: Apple's, where nothing else comes
 * first. */
static Choice
choose_for_apple (const PktEvidence *e)
{
  if (looks_like_an_incident (e))
    return (Choice){ PKT_DESK_WAIT,
                     "Apple takes nothing from any of your streams: look at its status page first.",
                     STATUS_PAGE };
  if (pkt_verified_lists (e).state == PKT_PROOF_BROKEN)
    return (Choice){ PKT_DESK_SPAMHAUS,
                     "Spamhaus lists one of the IPs, domains or link hosts, and Apple asks it.",
                     NULL };
  if (is_fresh_off_a_list (e))
    return (Choice){ PKT_DESK_WAIT, "A delisting needs 24 hours to be seen everywhere.", NULL };
  return (Choice){ PKT_DESK_APPLE, NULL, NULL };
}

static Choice
choose (const PktEvidence *e, const PktGroup *g, const Choice *apple)
{
  PktDesk own = own_desk (g);
  if (own != PKT_DESK_APPLE)
    return (Choice){ own, g->temporary || g->example->rule ? NULL : pkt_desk_reason_by_codes (own),
                     NULL };
  if (apple->desk == PKT_DESK_APPLE && is_shared (e) && names_our_ip (e, g))
    return (Choice){ PKT_DESK_ESP,
                     "The reply names the IP, which others send from as well: its pool is the "
                     "platform's.",
                     NULL };
  return *apple;
}

/* The first answer that leads and is another desk's for now; FALSE where one is Apple's, or none
 * leads. */
static gboolean
is_elsewhere (const PktEvidence *e, Choice *out)
{
  const Choice apple = choose_for_apple (e);
  gboolean found = FALSE;
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (!g->leads || own_desk (g) != PKT_DESK_APPLE)
      continue;
    Choice c = choose (e, g, &apple);
    if (c.desk == PKT_DESK_APPLE)
      return FALSE;
    if (!found)
      *out = c;
    found = TRUE;
  }
  return found;
}

void
pkt_desks_find_elsewhere (PktEvidence *e)
{
  Choice c;
  if (!is_elsewhere (e, &c) || c.desk == PKT_DESK_SPAMHAUS) /* a listing is a finding itself */
    return;
  if (c.link && g_str_equal (c.link, STATUS_PAGE)) { /* it looks like that, and may be a block */
    pkt_evidence_find (e, "apple-incident", PKT_FINDING_NOTE,
                       g_strdup ("Apple takes nothing from any of your streams, since less than a "
                                 "day: an incident of its own looks like that, too."),
                       "Look at its status page (" STATUS_PAGE ") before you send.");
    return;
  }
  const char *link = c.link ? c.link : pkt_desk_link (c.desk);
  g_autofree char *text = g_strdup_printf ("Nothing here is for Apple's postmaster now. %s",
                                           c.reason ? c.reason : pkt_desk_reason (c.desk)),
                  *advice = g_strdup_printf (
                      "%s%s%s%s%s.",
                      c.desk == PKT_DESK_WAIT  ? "Build again when that is over"
                      : c.desk == PKT_DESK_ESP ? "Send the ticket to the sending platform"
                                               : "Ask there first",
                      link ? " (" : "", link ? link : "", link ? ")" : "",
                      e->anyway ? "" : "; --anyway REASON writes the request all the same");
  pkt_evidence_find (e, "other-desk", e->anyway ? PKT_FINDING_NOTE : PKT_FINDING_LACKING,
                     g_steal_pointer (&text), advice);
}

json_t *
pkt_desks_json (const PktEvidence *e)
{
  const Choice apple = choose_for_apple (e);
  json_t *list = json_array ();
  for (guint i = 0; i < MIN (e->groups->len, PKT_MAX_GROUPS); i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    Choice c = choose (e, g, &apple);
    const char *link = c.link ? c.link : pkt_desk_link (c.desk);
    json_t *o = json_object ();
    pkt_json_set_text (o, "answer", pkt_facts_short (g->example));
    json_object_set_new (o, "count", json_integer (g->events->len));
    json_object_set_new (o, "desk", json_string (pkt_desk_word (c.desk)));
    json_object_set_new (o, "name", json_string (pkt_desk_name (c.desk)));
    json_object_set_new (o, "reason", json_string (c.reason ? c.reason : pkt_desk_reason (c.desk)));
    json_object_set_new (o, "link", pkt_json_string (link));
    json_array_append_new (list, o);
  }
  return list;
}
