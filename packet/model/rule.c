#include "packet/model/rule.h"

static const struct {
  const char *name, *group;
} categories[PKT_N_CATEGORIES] = {
  [PKT_CAT_UNKNOWN] = { "unknown", "unknown" },
  [PKT_CAT_POLICY] = { "policy", "policy" },
  [PKT_CAT_CONTENT] = { "content", "content" },
  [PKT_CAT_AUTH] = { "auth", "auth" },
  [PKT_CAT_DMARC] = { "dmarc", "auth" },
  [PKT_CAT_BLOCKLIST] = { "blocklist", "blocklist" },
  [PKT_CAT_RATE] = { "rate", "connection" },
  [PKT_CAT_PROTOCOL] = { "protocol", "connection" },
  [PKT_CAT_CONNECTION] = { "connection", "connection" },
  [PKT_CAT_MAILBOX_UNKNOWN] = { "mailbox-unknown", "recipient" },
  [PKT_CAT_MAILBOX_FULL] = { "mailbox-full", "recipient" },
  [PKT_CAT_RELAY] = { "relay", "recipient" },
};

const char *
pkt_category_name (PktCategory c)
{
  return categories[c].name;
}

const char *
pkt_category_group (PktCategory c)
{
  return categories[c].group;
}

gboolean
pkt_category_from_name (const char *name, PktCategory *out)
{
  for (guint i = 0; i < PKT_N_CATEGORIES; i++)
    if (g_strcmp0 (name, categories[i].name) == 0) {
      *out = (PktCategory)i;
      return TRUE;
    }
  return FALSE;
}

gboolean
pkt_verdict_is_policy (const PktVerdict *v)
{
  return v->category == PKT_CAT_POLICY || v->category == PKT_CAT_CONTENT
         || (v->category == PKT_CAT_AUTH && v->contactable);
}

gboolean
pkt_enhanced_is_about_sender (PktSlice enhanced)
{
  return pkt_slice_equal (enhanced, PKT_SLICE ("5.1.7"))
         || pkt_slice_equal (enhanced, PKT_SLICE ("5.1.8"));
}
