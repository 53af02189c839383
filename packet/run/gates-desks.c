/* Whose desk the refusals are that are not the postmaster's, and what the case
 * states otherwise than it was seen. */
#include <string.h>
#include "packet/apple/desk.h"
#include "packet/base/text.h"
#include "packet/run/evidence.h"

/* Refusals of each desk but Apple's; those that could lead were not traceable, which is said apart.
 */
static void
count_desks (const PktEvidence *e, guint counts[PKT_N_DESKS])
{
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (g->example->rule && !g->temporary)
      counts[g->example->rule->desk] += g->events->len;
  }
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    counts[PKT_DESK_ESP] += event->outcome == PKT_BOUNCED && event->code == 0 && event->label;
  }
  counts[PKT_DESK_APPLE] = 0;
}

/* Takes the desk with the most refusals off; PKT_N_DESKS when none is left. */
static guint
next_desk (guint counts[PKT_N_DESKS], guint *n)
{
  guint best = 0;
  for (guint i = 1; i < PKT_N_DESKS; i++)
    if (counts[i] > counts[best])
      best = i;
  *n = counts[best];
  counts[best] = 0;
  return *n ? best : PKT_N_DESKS;
}

/* Apple refused, in words that the catalogue does not know. FALSE: it did not. */
static gboolean
name_unknown (PktEvidence *e)
{
  guint n = 0;
  const char *tag = NULL;
  int code = 0;
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    if (g->example->rule || g->temporary)
      continue;
    if (n == 0) {
      code = g->example->code;
      tag = g->example->tag;
    }
    n += g->events->len;
  }
  if (n == 0)
    return FALSE;
  g_autofree char *count = pkt_text_count (n);
  pkt_evidence_find (
      e, "unknown-answer", e->anyway ? PKT_FINDING_NOTE : PKT_FINDING_LACKING,
      g_strdup_printf ("%s %s whose meaning is not known here (%d%s%s%s): whose desk it is "
                       "cannot be told.",
                       count, n == 1 ? "refusal has an answer" : "refusals have an answer", code,
                       tag ? " [" : "", tag ? tag : "", tag ? "]" : ""),
      "Read the answer; if it is Apple's policy, --anyway REASON writes the request.");
  return TRUE;
}

/* Apple's desk, but no refusal by policy: "554 … not accepting connections", for good. FALSE: none.
 */
static gboolean
name_unled (PktEvidence *e)
{
  const PktEvent *example = NULL;
  guint n = 0;
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    const PktRule *rule = g->example->rule;
    if (rule == NULL || !rule->contactable || rule->desk != PKT_DESK_APPLE || g->temporary
        || g->example->policy)
      continue;
    example = example ? example : g->example;
    n += g->events->len;
  }
  if (n == 0)
    return FALSE;
  g_autofree char *count = pkt_text_count (n);
  pkt_evidence_find (
      e, "no-policy", PKT_FINDING_LACKING,
      g_strdup_printf ("%s %s Apple's to answer (%d), but say nothing of a policy: by themselves "
                       "they make no request.",
                       count, n == 1 ? "refusal is" : "refusals are", example->code),
      "See 'postpacket explain' with the reply; where it lasts, --anyway REASON writes the "
      "request.");
  return TRUE;
}

/* "12 to the recipient, 5 to Spamhaus", and each desk's reason and address. */
void
pkt_gates_name_desks (PktEvidence *e)
{
  guint counts[PKT_N_DESKS] = { 0 }, n;
  if (name_unled (e))
    return;
  GString *text = g_string_new (NULL), *advice = g_string_new (NULL);
  count_desks (e, counts);
  for (guint d; (d = next_desk (counts, &n)) < PKT_N_DESKS;) {
    const char *link = pkt_desk_link ((PktDesk)d);
    g_autofree char *count = pkt_text_count (n);
    if (text->len)
      g_string_append_printf (text, ", %s to %s", count, pkt_desk_name ((PktDesk)d));
    else
      g_string_append_printf (text, "%s %s to %s", count,
                              n == 1 ? "refusal belongs" : "refusals belong",
                              pkt_desk_name ((PktDesk)d));
    g_string_append_printf (advice, "%s%s%s%s", advice->len ? " " : "",
                            pkt_desk_reason ((PktDesk)d), link ? " " : "", link ? link : "");
  }
  if (text->len)
    pkt_evidence_find (
        e, "other-desk", e->anyway ? PKT_FINDING_NOTE : PKT_FINDING_LACKING,
        g_strdup_printf ("Nothing here is Apple's postmaster's to answer: %s.", text->str),
        advice->str);
  if (!name_unknown (e) && text->len == 0)
    pkt_evidence_find (e, "no-refusals", PKT_FINDING_LACKING,
                       g_strdup ("The logs show no refusal that Apple's postmaster could answer."),
                       "Check that the logs cover the incident (--since, --log-timezone), and that "
                       "it is about Apple at all.");
  g_string_free (text, TRUE);
  g_string_free (advice, TRUE);
}

static gboolean
lists_ip (const PktCase *c, const char *ip)
{
  for (guint i = 0; i < c->sending_ips->len; i++)
    if (g_str_equal (((const PktSendingIp *)g_ptr_array_index (c->sending_ips, i))->address, ip))
      return TRUE;
  return c->sending_ips->len == 0;
}

#define MUCH 2 /* one in so many of those that lead */

/* What fails authentication is the sender's to mend, whatever else is refused beside it. */
static void
check_auth (PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  const guint n = pkt_groups_count_auth (e);
  if (n == 0 || !g->leads || e->anyway)
    return;
  g_autofree char *count = pkt_text_count (n);
  pkt_evidence_find (
      e, "auth-refused", n * MUCH >= g->events->len ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
      g_strdup_printf (
          "%s refusal%s of the same mail say%s that DMARC, or SPF and DKIM both, failed.", count,
          n == 1 ? "" : "s", n == 1 ? "s" : ""),
      "Mend these first, on each server that sends it; the postmaster cannot. What is refused then "
      "is what to ask about.");
}

/* Told by Apple's answers alone. */
static gboolean
is_named_only (const PktEvidence *e, const char *ip)
{
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (g_strcmp0 (event->local_ip, ip) == 0
        && !(event->reply && pkt_text_has_ip (event->reply, ip)))
      return FALSE;
  }
  return TRUE;
}

static void
check_ips (PktEvidence *e)
{
  for (guint i = 0; i < e->ips->len; i++) {
    const char *ip = g_ptr_array_index (e->ips, i);
    if (lists_ip (e->the_case, ip))
      continue;
    const gboolean named = is_named_only (e, ip);
    pkt_evidence_find (
        e, "ip-not-listed", PKT_FINDING_NOTE,
        g_strdup_printf (named ? "Apple's answers name %s, and $.sending_ips does not list it."
                               : "%s sends in the logs, and $.sending_ips does not list it.",
                         ip),
        named ? "It is what Apple saw, as the request says; find out whose it is: a relay's, a "
                "translator's, or one more of yours."
              : "The request names the IPs of the logs; correct the case, or --map.");
  }
}

static void
check_helo (PktEvidence *e, const PktSample *s)
{
  for (guint i = 0; i < e->the_case->sending_ips->len; i++) {
    const PktSendingIp *ip = g_ptr_array_index (e->the_case->sending_ips, i);
    if (s->at_apple && s->helo && ip->helo && g_strcmp0 (s->client_ip, ip->address) == 0
        && g_ascii_strcasecmp (s->helo, ip->helo) != 0)
      pkt_evidence_find (e, "helo-differs", PKT_FINDING_NOTE,
                         g_strdup_printf ("%s says HELO %s where Apple took mail, and the case %s.",
                                          ip->address, s->helo, ip->helo),
                         "The request has what Apple saw; correct $.sending_ips.");
  }
}

/* Names of accepted samples that have one: all, and those that bear it or are a part of it. */
static guint
bear_name (const PktEvidence *e, const char *name, guint *out_all)
{
  g_autofree char *wanted = g_utf8_casefold (name, -1);
  guint n = *out_all = 0;
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->from_name == NULL || *s->from_name == '\0')
      continue;
    g_autofree char *shown = g_utf8_casefold (s->from_name, -1);
    ++*out_all;
    n += strstr (shown, wanted) || strstr (wanted, shown);
  }
  return n;
}

gboolean
pkt_gates_brand_differs (const PktEvidence *e)
{
  const char *brand = e->stream && e->stream->brand ? e->stream->brand : e->the_case->company.brand;
  guint all;
  if (brand == NULL || e->variant == PKT_VARIANT_FORWARDED || e->variant == PKT_VARIANT_PERSONAL)
    return FALSE;
  return bear_name (e, brand, &all) == 0 && all;
}

/* "Done since, on 30 June" on 29 May, of logs that end before. */
static void
check_dates (PktEvidence *e, const char *name, const GPtrArray *list)
{
  const gint64 last = e->scan->tally->last, known = MAX (e->now, last);
  for (guint i = 0; i < list->len; i++) {
    const PktDated *d = g_ptr_array_index (list, i);
    gint64 time;
    if (d->date && pkt_clock_parse_user (d->date, e->zone, FALSE, &time) && time > known + PKT_DAY)
      pkt_evidence_find (
          e, "date-to-come", PKT_FINDING_NOTE,
          g_strdup_printf ("$.incident.%s[%u] is of %s, which is to come; the request tells it as "
                           "something that was done.",
                           name, i, d->date),
          "Correct the date; what is planned goes into $.incident.description.");
  }
}

void
pkt_gates_check_stated (PktEvidence *e)
{
  guint all;
  check_auth (e);
  check_ips (e);
  check_dates (e, "changes", e->the_case->incident.changes);
  check_dates (e, "remediation", e->the_case->incident.remediation);
  for (guint i = 0; i < e->samples->len; i++)
    check_helo (e, g_ptr_array_index (e->samples, i));
  if (pkt_gates_brand_differs (e) && !bear_name (e, e->the_case->company.name, &all))
    pkt_evidence_find (e, "brand-differs", PKT_FINDING_NOTE,
                       g_strdup ("The delivered sample's From has another name than the brand that "
                                 "the case states: the request leaves the brand out."),
                       "Correct $.company.brand, or the stream's.");
}
