#include <string.h>
#include "packet/run/suppressed.h"

static const char *const names[PKT_N_FALLEN] = { "complained",   "unsubscribed", "unreadable",
                                                 "unknown-user", "inactive",     "other",
                                                 "hidden",       "reached",      "policy" };

/* Parts of a reason's words, the careful groups first: "spam block" counts as a complaint, since a
 * wrong guess must keep somebody out, not in. */
static const struct {
  const char *part;
  PktFallenGroup group;
} reasons[] = {
  { "complain", PKT_FALLEN_COMPLAINED },
  { "spam", PKT_FALLEN_COMPLAINED },
  { "abuse", PKT_FALLEN_COMPLAINED },
  { "fbl", PKT_FALLEN_COMPLAINED },
  { "feedback", PKT_FALLEN_COMPLAINED },
  { "junk", PKT_FALLEN_COMPLAINED },
  { "plainte", PKT_FALLEN_COMPLAINED },
  { "beschwerde", PKT_FALLEN_COMPLAINED },
  { "queja", PKT_FALLEN_COMPLAINED },
  { "denuncia", PKT_FALLEN_COMPLAINED },
  { "unsub", PKT_FALLEN_UNSUBSCRIBED },
  { "opt-out", PKT_FALLEN_UNSUBSCRIBED },
  { "opt out", PKT_FALLEN_UNSUBSCRIBED },
  { "optout", PKT_FALLEN_UNSUBSCRIBED },
  { "opted", PKT_FALLEN_UNSUBSCRIBED },
  { "opt_out", PKT_FALLEN_UNSUBSCRIBED },
  { "erasure", PKT_FALLEN_UNSUBSCRIBED },
  { "gdpr", PKT_FALLEN_UNSUBSCRIBED },
  { "contact", PKT_FALLEN_UNSUBSCRIBED },
  { "withdr", PKT_FALLEN_UNSUBSCRIBED },
  { "consent", PKT_FALLEN_UNSUBSCRIBED },
  { "signed off", PKT_FALLEN_UNSUBSCRIBED },
  { "do not", PKT_FALLEN_UNSUBSCRIBED },
  { "do-not", PKT_FALLEN_UNSUBSCRIBED },
  { "dnc", PKT_FALLEN_UNSUBSCRIBED },
  { "by user", PKT_FALLEN_UNSUBSCRIBED },
  { "by the user", PKT_FALLEN_UNSUBSCRIBED },
  { "by subscriber", PKT_FALLEN_UNSUBSCRIBED },
  { "by recipient", PKT_FALLEN_UNSUBSCRIBED },
  { "by the recipient", PKT_FALLEN_UNSUBSCRIBED },
  { "revok", PKT_FALLEN_UNSUBSCRIBED },
  { "cancel", PKT_FALLEN_UNSUBSCRIBED },
  { "abmeld", PKT_FALLEN_UNSUBSCRIBED },
  { "abgemeld", PKT_FALLEN_UNSUBSCRIBED },
  { "ausgetragen", PKT_FALLEN_UNSUBSCRIBED },
  { "désabo", PKT_FALLEN_UNSUBSCRIBED },
  { "desabo", PKT_FALLEN_UNSUBSCRIBED },
  { "désins", PKT_FALLEN_UNSUBSCRIBED },
  { "desins", PKT_FALLEN_UNSUBSCRIBED },
  { "disiscr", PKT_FALLEN_UNSUBSCRIBED },
  { "uitgeschreven", PKT_FALLEN_UNSUBSCRIBED },
  { "unknown", PKT_FALLEN_UNKNOWN_USER },
  { "invalid", PKT_FALLEN_UNKNOWN_USER },
  { "not exist", PKT_FALLEN_UNKNOWN_USER },
  { "no such", PKT_FALLEN_UNKNOWN_USER },
  { "nonexist", PKT_FALLEN_UNKNOWN_USER },
  { "5.1.", PKT_FALLEN_UNKNOWN_USER },
  { "bad-mailbox", PKT_FALLEN_UNKNOWN_USER },
  { "bad mailbox", PKT_FALLEN_UNKNOWN_USER },
  { "bad address", PKT_FALLEN_UNKNOWN_USER },
  { "inactive", PKT_FALLEN_INACTIVE },
  { "engag", PKT_FALLEN_INACTIVE },
  { "sunset", PKT_FALLEN_INACTIVE },
  { "dormant", PKT_FALLEN_INACTIVE },
  { "bounc", PKT_FALLEN_POLICY },
  { "block", PKT_FALLEN_POLICY },
  { "soft", PKT_FALLEN_POLICY },
  { "hard", PKT_FALLEN_POLICY },
  { "policy", PKT_FALLEN_POLICY },
  { "reject", PKT_FALLEN_POLICY },
  { "refus", PKT_FALLEN_POLICY },
  { "undeliver", PKT_FALLEN_POLICY },
  { "5.7.", PKT_FALLEN_POLICY },
};

const char *
pkt_fallen_name (PktFallenGroup g)
{
  return names[g];
}

PktFallenGroup
pkt_fallen_of_reason (const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strstr (reason, reasons[i].part))
      return reasons[i].group;
  return PKT_FALLEN_OTHER;
}
