#include "packet/apple/desk.h"

static const struct {
  const char *word, *name, *link, *reason;
} desks[PKT_N_DESKS] = {
  [PKT_DESK_APPLE] = { "apple", "Apple's postmaster", "icloudadmin@apple.com",
                       "Apple's own filter decided this, and only Apple can change it." },
  [PKT_DESK_SPAMHAUS] = { "spamhaus", "Spamhaus", "https://check.spamhaus.org/",
                          "The refusal follows a Spamhaus listing, and only Spamhaus can end it." },
  [PKT_DESK_PROOFPOINT]
  = { "proofpoint", "Proofpoint", "https://ipcheck.proofpoint.com/",
      "The refusal follows Proofpoint's view of the sending IP, which is corrected there." },
  [PKT_DESK_DEVELOPER]
  = { "developer", "Apple's developer portal", "https://developer.apple.com/account/",
      "Private relay takes mail only from senders that are registered in a developer account." },
  [PKT_DESK_SENDER]
  = { "sender", "the sender's own desk", NULL,
      "The cause is in the sender's own DNS, authentication or mail server; Apple cannot fix it." },
  [PKT_DESK_RECIPIENT]
  = { "recipient", "the recipient", NULL,
      "The mailbox, or its domain, is the recipient's; Apple's postmaster does not change it." },
  [PKT_DESK_WAIT] = { "wait", "nobody: slow down and try again", NULL,
                      "The reply is temporary, or there was none; slower retries are the remedy." },
  [PKT_DESK_ESP] = { "esp", "the sending platform", NULL,
                     "The IP pool and the full reply are the platform's; it has to look them up." },
};

const char *
pkt_desk_name (PktDesk desk)
{
  return desks[desk].name;
}

const char *
pkt_desk_word (PktDesk desk)
{
  return desks[desk].word;
}

gboolean
pkt_desk_from_word (const char *word, PktDesk *out)
{
  for (guint i = 0; i < PKT_N_DESKS; i++)
    if (g_strcmp0 (word, desks[i].word) == 0) {
      *out = (PktDesk)i;
      return TRUE;
    }
  return FALSE;
}

const char *
pkt_desk_link (PktDesk desk)
{
  return desks[desk].link;
}

const char *
pkt_desk_reason (PktDesk desk)
{
  return desks[desk].reason;
}

const char *
pkt_desk_reason_by_codes (PktDesk desk)
{
  switch (desk) {
  case PKT_DESK_APPLE:
    return "By its code it is a refusal by policy; its words are not known here.";
  case PKT_DESK_SENDER:
    return "What this answer means is not known here: read it, and find out whose it is.";
  default:
    return desks[desk].reason;
  }
}

PktDesk
pkt_desk_for_category (PktCategory category, gboolean contactable)
{
  if (contactable)
    return PKT_DESK_APPLE;
  switch (category) {
  case PKT_CAT_RATE:
  case PKT_CAT_CONNECTION:
    return PKT_DESK_WAIT;
  case PKT_CAT_MAILBOX_UNKNOWN:
  case PKT_CAT_MAILBOX_FULL:
  case PKT_CAT_RELAY:
    return PKT_DESK_RECIPIENT;
  default:
    return PKT_DESK_SENDER;
  }
}

PktDesk
pkt_desk_for_verdict (const PktVerdict *v)
{
  if (v->rule)
    return v->rule->desk;
  return pkt_enhanced_is_about_sender (v->enhanced)
             ? PKT_DESK_SENDER
             : pkt_desk_for_category (v->category, v->contactable);
}
