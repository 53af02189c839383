#include "packet/model/case-schema.h"

#define CASE(member) offsetof (PktCase, member)
#define STREAM(member) offsetof (PktStream, member)
#define CONSENT(member) offsetof (PktConsent, member)
#define IP(member) offsetof (PktSendingIp, member)
#define NEEDED TRUE
#define END                                                                                        \
  {                                                                                                \
    NULL, PKT_CASE_TEXT, FALSE, 0, NULL, NULL                                                      \
  }

#define ZONE_HINT "a time zone, e.g. UTC, Europe/Berlin or +02:00"
#define HOSTS_HINT "host names, e.g. [\"news.example.com\"]"
#define FILES_HINT "paths, e.g. [\"mail.log\"]; they are relative to the case file"

static const PktCaseRow company[] = {
  { "name", PKT_CASE_TEXT, NEEDED, CASE (company.name), "the name of the company that sends",
    NULL },
  { "brand", PKT_CASE_TEXT, FALSE, CASE (company.brand), "the name that readers see in From",
    NULL },
  { "role", PKT_CASE_CHOICE, FALSE, CASE (company.role), "sender|platform|agency", NULL },
  END,
};

static const PktCaseRow contact[] = {
  { "name", PKT_CASE_TEXT, NEEDED, CASE (contact.name), "the name of the person who answers Apple",
    NULL },
  { "email", PKT_CASE_EMAIL, NEEDED, CASE (contact.email),
    "an address that a person reads, e.g. postmaster@example.com", NULL },
  { "phone", PKT_CASE_TEXT, FALSE, CASE (contact.phone), "a number with country code", NULL },
  { "hours", PKT_CASE_TEXT, FALSE, CASE (contact.hours), "when the person can be reached", NULL },
  END,
};

static const PktCaseRow platform[] = {
  { "name", PKT_CASE_TEXT, FALSE, CASE (platform.name), "the service that sends for you", NULL },
  { "pool", PKT_CASE_CHOICE, FALSE, CASE (platform.pool), "dedicated|shared", NULL },
  { "ticket", PKT_CASE_TEXT, FALSE, CASE (platform.ticket), "your ticket number there", NULL },
  END,
};

static const PktCaseRow consent[] = {
  { "source", PKT_CASE_PROSE, FALSE, CONSENT (source), "how and where readers sign up", NULL },
  { "double_opt_in", PKT_CASE_FLAG, FALSE, CONSENT (double_opt_in), "true or false", NULL },
  { "policy", PKT_CASE_PROSE, FALSE, CONSENT (policy), "what you never do (bought lists)", NULL },
  { "unsubscribe", PKT_CASE_PROSE, FALSE, CONSENT (unsubscribe), "how a reader leaves", NULL },
  { "suppression_policy", PKT_CASE_PROSE, FALSE, CONSENT (suppression_policy),
    "when an address is taken off the list", NULL },
  { "last_engagement_days", PKT_CASE_DAYS, FALSE, CONSENT (last_engagement_days),
    "the days without click, order or sign-in after which mail stops, e.g. 180", NULL },
  END,
};
static const PktCaseObject consent_object = { consent, sizeof (PktConsent), 0, NULL };

static const PktCaseRow match[] = {
  { "from_domain", PKT_CASE_HOSTS, FALSE, STREAM (from_domain), HOSTS_HINT, NULL },
  { "return_path_domain", PKT_CASE_HOSTS, FALSE, STREAM (return_path_domain), HOSTS_HINT, NULL },
  { "sending_ip", PKT_CASE_IPS, FALSE, STREAM (sending_ip), "addresses", NULL },
  { "dkim", PKT_CASE_HOSTS, FALSE, STREAM (dkim), "d= of the DKIM signatures", NULL },
  { "campaign", PKT_CASE_TEXTS, FALSE, STREAM (campaign), "campaigns as the log names them", NULL },
  END,
};
static const PktCaseObject match_object = { match, 0, 0, NULL };

static const PktCaseRow stream[] = {
  { "name", PKT_CASE_TEXT, NEEDED, STREAM (name), "a short name of the stream", NULL },
  { "mail_type", PKT_CASE_CHOICE, FALSE, STREAM (mail_type),
    "marketing|transactional|personal|forwarded", NULL },
  { "brand", PKT_CASE_TEXT, FALSE, STREAM (brand), "the name that readers see in From", NULL },
  { "match", PKT_CASE_INSIDE, FALSE, 0, "an object: what tells this stream", &match_object },
  { "consent", PKT_CASE_OWNED, FALSE, STREAM (consent), "an object", &consent_object },
  { "impact", PKT_CASE_PROSE, FALSE, STREAM (impact), "what the refusals keep from people", NULL },
  END,
};

static const PktCaseRow dated[] = {
  { "date", PKT_CASE_DATE, NEEDED, offsetof (PktDated, date), "a day, e.g. 2026-05-18", NULL },
  { "what", PKT_CASE_PROSE, NEEDED, offsetof (PktDated, what), "what was done", NULL },
  END,
};
static const PktCaseObject dated_object = { dated, sizeof (PktDated), 0, NULL };

static const PktCaseRow incident[] = {
  { "started", PKT_CASE_TIME, FALSE, CASE (incident.started),
    "when it began (RFC 3339, e.g. 2026-05-18T14:00:00Z)", NULL },
  { "description", PKT_CASE_STORY, NEEDED, CASE (incident.description),
    "in your own words what you see: which mail is refused, since when, how much", NULL },
  { "changes", PKT_CASE_LIST, FALSE, CASE (incident.changes),
    "a list of {date, what}: what changed before it began; [] when nothing did", &dated_object },
  { "remediation", PKT_CASE_LIST, FALSE, CASE (incident.remediation),
    "a list of {date, what}: what was done since", &dated_object },
  END,
};

static const PktCaseRow page[] = {
  { "html", PKT_CASE_TEXT, FALSE, CASE (evidence.page_html), "the path of the page", NULL },
  { "url", PKT_CASE_URL, FALSE, CASE (evidence.page_url), "the view-in-browser URL", NULL },
  { "screenshot", PKT_CASE_TEXT, FALSE, CASE (evidence.page_screenshot), "a PNG's path", NULL },
  { "hosts", PKT_CASE_HOSTS, FALSE, CASE (evidence.page_hosts), HOSTS_HINT, NULL },
  END,
};
static const PktCaseObject page_object = { page, 0, 0, NULL };

static const PktCaseRow evidence[] = {
  { "logs", PKT_CASE_TEXTS, FALSE, CASE (evidence.logs), FILES_HINT, NULL },
  { "bounces", PKT_CASE_TEXTS, FALSE, CASE (evidence.bounces), FILES_HINT, NULL },
  { "transcripts", PKT_CASE_TEXTS, FALSE, CASE (evidence.transcripts), FILES_HINT, NULL },
  { "delivered", PKT_CASE_TEXTS, FALSE, CASE (evidence.delivered), FILES_HINT, NULL },
  { "page", PKT_CASE_INSIDE, FALSE, 0, "an object: the campaign page", &page_object },
  { "suppression", PKT_CASE_TEXT, FALSE, CASE (evidence.suppression), "a CSV file's path", NULL },
  { "dmarc_reports", PKT_CASE_TEXTS, FALSE, CASE (evidence.dmarc_reports), FILES_HINT, NULL },
  END,
};

static const PktCaseRow domains[] = {
  { "from", PKT_CASE_HOSTS, FALSE, CASE (domains.from), HOSTS_HINT, NULL },
  { "return_path", PKT_CASE_HOSTS, FALSE, CASE (domains.return_path), HOSTS_HINT, NULL },
  { "tracking", PKT_CASE_HOSTS, FALSE, CASE (domains.tracking), HOSTS_HINT, NULL },
  { "dkim", PKT_CASE_HOSTS, FALSE, CASE (domains.dkim), HOSTS_HINT, NULL },
  END,
};

static const PktCaseRow sending_ip[] = {
  { "ip", PKT_CASE_IP, NEEDED, IP (address), "an address, e.g. 192.0.2.10", NULL },
  { "helo", PKT_CASE_TEXT, FALSE, IP (helo), "the name in HELO, e.g. mta1.example.com", NULL },
  { "pool", PKT_CASE_CHOICE, FALSE, IP (pool), "dedicated|shared", NULL },
  { "streams", PKT_CASE_TEXTS, FALSE, IP (streams), "names of streams[]", NULL },
  END,
};
static const PktCaseObject sending_ip_object = { sending_ip, sizeof (PktSendingIp), 0, "ip" };

static const PktCaseRow disclosed[] = {
  { "address", PKT_CASE_EMAIL, NEEDED, offsetof (PktDisclosed, address),
    "a test mailbox of your own", NULL },
  { "reason", PKT_CASE_PROSE, NEEDED, offsetof (PktDisclosed, reason), "why it may stay in clear",
    NULL },
  END,
};
static const PktCaseObject disclosed_object = { disclosed, sizeof (PktDisclosed),
                                                PKT_CASE_MAX_DISCLOSED, NULL };

static const PktCaseRow request[] = {
  { "from", PKT_CASE_EMAIL, FALSE, CASE (request.from), "the address that the request is sent from",
    NULL },
  { "template", PKT_CASE_CHOICE, FALSE, CASE (request.template_name),
    "auto|marketing|transactional|personal|forwarded|connection|deferral", NULL },
  { "subject_token", PKT_CASE_TEXT, FALSE, CASE (request.subject_token), "your own case number",
    NULL },
  END,
};

static const PktCaseRow options[] = {
  { "timezone", PKT_CASE_ZONE, FALSE, CASE (options.timezone), ZONE_HINT, NULL },
  { "log_timezone", PKT_CASE_ZONE, FALSE, CASE (options.log_timezone), ZONE_HINT, NULL },
  { "year", PKT_CASE_YEAR, FALSE, CASE (options.year), "the year of the last record", NULL },
  END,
};

static const PktCaseObject company_object = { company, 0, 0, NULL };
static const PktCaseObject contact_object = { contact, 0, 0, NULL };
static const PktCaseObject platform_object = { platform, 0, 0, NULL };
static const PktCaseObject stream_object = { stream, sizeof (PktStream), 0, NULL };
static const PktCaseObject incident_object = { incident, 0, 0, NULL };
static const PktCaseObject evidence_object = { evidence, 0, 0, NULL };
static const PktCaseObject domains_object = { domains, 0, 0, NULL };
static const PktCaseObject request_object = { request, 0, 0, NULL };
static const PktCaseObject options_object = { options, 0, 0, NULL };

static const PktCaseRow root[] = {
  { "case", PKT_CASE_NAME, NEEDED, CASE (name),
    "a name of at most 64 letters, digits, '.', '_' or '-', not beginning with '.'", NULL },
  { "company", PKT_CASE_INSIDE, NEEDED, 0, "an object: who sends the mail", &company_object },
  { "contact", PKT_CASE_INSIDE, NEEDED, 0, "an object: who answers Apple", &contact_object },
  { "platform", PKT_CASE_INSIDE, FALSE, 0, "an object: who sends for you", &platform_object },
  { "streams", PKT_CASE_LIST, FALSE, CASE (streams), "a list of objects", &stream_object },
  { "incident", PKT_CASE_INSIDE, NEEDED, 0, "an object: what happened", &incident_object },
  { "evidence", PKT_CASE_INSIDE, FALSE, 0, "an object: where the files are", &evidence_object },
  { "consent", PKT_CASE_OWNED, FALSE, CASE (consent), "an object", &consent_object },
  { "domains", PKT_CASE_INSIDE, FALSE, 0, "an object: your domains", &domains_object },
  { "sending_ips", PKT_CASE_LIST, FALSE, CASE (sending_ips),
    "a list of addresses, e.g. [\"192.0.2.10\"]", &sending_ip_object },
  { "disclosed", PKT_CASE_LIST, FALSE, CASE (disclosed),
    "a list of {address, reason}, three at most", &disclosed_object },
  { "request", PKT_CASE_INSIDE, FALSE, 0, "an object: about the mail to Apple", &request_object },
  { "options", PKT_CASE_INSIDE, FALSE, 0, "an object: zones and year", &options_object },
  END,
};
const PktCaseObject pkt_case_schema = { root, sizeof (PktCase), 0, NULL };

static void
init_value (const PktCaseRow *row, gpointer value)
{
  switch (row->kind) {
  case PKT_CASE_TIME:
    *(gint64 *)value = PKT_NO_TIME;
    break;
  case PKT_CASE_FLAG:
  case PKT_CASE_DAYS:
    *(int *)value = -1;
    break;
  case PKT_CASE_TEXTS:
  case PKT_CASE_HOSTS:
  case PKT_CASE_IPS:
    *(GStrv *)value = g_new0 (char *, 1);
    break;
  case PKT_CASE_LIST:
    *(GPtrArray **)value = g_ptr_array_new ();
    break;
  default: /* NULL and 0 mean absent */
    break;
  }
}

void
pkt_case_object_init (const PktCaseObject *object, gpointer base)
{
  for (const PktCaseRow *row = object->rows; row->key; row++)
    if (row->kind == PKT_CASE_INSIDE)
      pkt_case_object_init (row->object, base);
    else
      init_value (row, (char *)base + row->offset);
}

static void
free_owned (const PktCaseObject *object, gpointer owned)
{
  if (owned == NULL)
    return;
  pkt_case_object_clear (object, owned);
  g_free (owned);
}

static void
free_list (const PktCaseObject *object, GPtrArray *list)
{
  if (list == NULL)
    return;
  for (guint i = 0; i < list->len; i++)
    free_owned (object, g_ptr_array_index (list, i));
  g_ptr_array_unref (list);
}

static void
clear_value (const PktCaseRow *row, gpointer value)
{
  switch (row->kind) {
  case PKT_CASE_TIME:
  case PKT_CASE_FLAG:
  case PKT_CASE_DAYS:
  case PKT_CASE_YEAR:
  case PKT_CASE_INSIDE:
    break;
  case PKT_CASE_TEXTS:
  case PKT_CASE_HOSTS:
  case PKT_CASE_IPS:
    g_strfreev (*(GStrv *)value);
    break;
  case PKT_CASE_OWNED:
    free_owned (row->object, *(gpointer *)value);
    break;
  case PKT_CASE_LIST:
    free_list (row->object, *(GPtrArray **)value);
    break;
  default: /* the kinds that are one string */
    g_free (*(char **)value);
    break;
  }
}

void
pkt_case_object_clear (const PktCaseObject *object, gpointer base)
{
  for (const PktCaseRow *row = object->rows; row->key; row++)
    if (row->kind == PKT_CASE_INSIDE)
      pkt_case_object_clear (row->object, base);
    else
      clear_value (row, (char *)base + row->offset);
}
