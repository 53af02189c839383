#include "packet/redact/places.h"

static const struct {
  const char *key;
  PktPlace place;
} keys[] = {
  { "stated", PKT_PLACE_STRICT },           { "recipient", PKT_PLACE_RECIPIENT },
  { "recipients", PKT_PLACE_RECIPIENT },    { "rcpt", PKT_PLACE_RECIPIENT },
  { "sender", PKT_PLACE_RETURN_PATH },      { "return_path", PKT_PLACE_RETURN_PATH },
  { "mail_from", PKT_PLACE_RETURN_PATH },   { "reply", PKT_PLACE_TEXT },
  { "error_text", PKT_PLACE_TEXT },         { "recipient_domain", PKT_PLACE_DOMAIN },
  { "rcpt_domain", PKT_PLACE_DOMAIN },      { "recipient_domains", PKT_PLACE_DOMAIN },
  { "message_id", PKT_PLACE_MESSAGE_ID },   { "queue_id", PKT_PLACE_READ_ID },
  { "remote_queue_id", PKT_PLACE_READ_ID }, { "host", PKT_PLACE_READ_NAME },
  { "helo", PKT_PLACE_READ_NAME },          { "note", PKT_PLACE_READ_NAME },
  { "name", PKT_PLACE_READ_NAME },          { "spf_domain", PKT_PLACE_READ_NAME },
  { "dkim_domain", PKT_PLACE_READ_NAME },
};

gboolean
pkt_place_of_key (const char *key, PktPlace *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (key, keys[i].key)) {
      *out = keys[i].place;
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_one_of (PktSlice s, const char *const *words)
{
  for (; *words; words++)
    if (pkt_slice_equal_nocase (s, pkt_slice_str (*words)))
      return TRUE;
  return FALSE;
}

gboolean
pkt_place_apple_domain (PktSlice domain)
{
  static const char *const names[] = {
    "icloud.com", "me.com", "mac.com", "privaterelay.appleid.com", "private.icloud.com", NULL
  };
  return is_one_of (domain, names);
}

gboolean
pkt_place_apple_company (PktSlice domain)
{
  return pkt_slice_equal_nocase (domain, PKT_SLICE ("apple.com"))
         || pkt_slice_ends_nocase (domain, PKT_SLICE (".apple.com"));
}

gboolean
pkt_place_role_everywhere (PktSlice local)
{
  static const char *const names[] = { "postmaster", "abuse", "mailer-daemon", NULL };
  return is_one_of (local, names);
}

gboolean
pkt_place_role_word (PktSlice word)
{
  static const char *const words[] = { "abuse",
                                       "admin",
                                       "auto",
                                       "b",
                                       "billing",
                                       "bnc",
                                       "bounce",
                                       "bounced",
                                       "bounces",
                                       "campaign",
                                       "confirm",
                                       "contact",
                                       "daemon",
                                       "delivery",
                                       "deliveries",
                                       "digest",
                                       "dmarc",
                                       "dsn",
                                       "email",
                                       "envelope",
                                       "errors",
                                       "fbl",
                                       "feedback",
                                       "hello",
                                       "help",
                                       "hostmaster",
                                       "info",
                                       "legal",
                                       "list",
                                       "lists",
                                       "mail",
                                       "mailer",
                                       "mailing",
                                       "marketing",
                                       "mta",
                                       "n",
                                       "ndr",
                                       "news",
                                       "newsletter",
                                       "newsletters",
                                       "no",
                                       "noc",
                                       "noreply",
                                       "not",
                                       "notice",
                                       "notification",
                                       "notifications",
                                       "nl",
                                       "office",
                                       "offers",
                                       "order",
                                       "orders",
                                       "owner",
                                       "postmaster",
                                       "press",
                                       "privacy",
                                       "probe",
                                       "promo",
                                       "receipts",
                                       "reply",
                                       "report",
                                       "reporting",
                                       "reports",
                                       "request",
                                       "return",
                                       "returns",
                                       "rua",
                                       "ruf",
                                       "sales",
                                       "security",
                                       "sender",
                                       "service",
                                       "shop",
                                       "spf",
                                       "stream",
                                       "subscribe",
                                       "support",
                                       "system",
                                       "team",
                                       "test",
                                       "tls",
                                       "tlsrpt",
                                       "transactional",
                                       "undeliverable",
                                       "unsub",
                                       "unsubscribe",
                                       "updates",
                                       "verp",
                                       "webmaster",
                                       "weekly",
                                       "daily",
                                       "donotreply",
                                       "do",
                                       "x",
                                       NULL };
  return is_one_of (word, words);
}

gboolean
pkt_place_role_words (PktSlice local)
{
  gsize start = 0, words = 0;
  for (gsize i = 0; i <= local.n; i++) {
    if (i < local.n && !strchr (".-_+", local.p[i]))
      continue;
    gsize end = i, digits = 0;
    while (end > start && g_ascii_isdigit (local.p[end - 1]) && digits < 2)
      end--, digits++; /* noreply2, news01 */
    if (end > start && !pkt_place_role_word (pkt_slice (local.p + start, end - start)))
      return FALSE;
    words += end > start;
    start = i + 1;
  }
  return words > 0;
}

gsize
pkt_place_key_prefix (PktSlice s)
{
  static const char *const prefixes[] = { "smtp.mailfrom=",
                                          "smtp.mail=",
                                          "smtp.rcptto=",
                                          "smtp.auth=",
                                          "envelope-from=",
                                          "header.i=",
                                          "header.from=",
                                          "header.sender=",
                                          "mailfrom=",
                                          "rcptto=",
                                          "sender=",
                                          "from=",
                                          "to=",
                                          "email=",
                                          "i=",
                                          "p=",
                                          "f=",
                                          "s=",
                                          "ctladdr=",
                                          "orig_to=",
                                          "rcpt=",
                                          "addr=",
                                          "user=",
                                          "mailto=",
                                          NULL };
  for (gsize i = 0; prefixes[i]; i++) {
    PktSlice p = pkt_slice_str (prefixes[i]);
    if (s.n >= p.n && pkt_slice_equal_nocase (pkt_slice (s.p, p.n), p))
      return p.n;
  }
  return 0;
}
