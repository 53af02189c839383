#include "packet/model/case-schema.h"

#define CASE(member) offsetof (PktCase, member)
#define STREAM(member) offsetof (PktStream, member)
#define CONSENT(member) offsetof (PktConsent, member)
#define IP(member) offsetof (PktSendingIp, member)
#define MUST TRUE
#define MAY FALSE
#define VALUE(key, kind, must, offset, hint)                                                       \
  {                                                                                                \
    key, PKT_CASE_##kind, must, offset, hint, NULL                                                 \
  }
#define OBJECT(key, kind, must, offset, hint, object)                                              \
  {                                                                                                \
    key, PKT_CASE_##kind, must, offset, hint, &object                                              \
  }

#define ZONE_HINT "a time zone, e.g. UTC, Europe/Berlin or +02:00"
#define HOSTS_HINT "host names, e.g. [\"news.example.com\"]"
#define FILES_HINT "paths, e.g. [\"mail.log\"]; they are relative to the case file"

static const PktCaseRow company[] = {
  VALUE ("name", TEXT, MUST, CASE (company.name), "the name of the company that sends"),
  VALUE ("brand", TEXT, MAY, CASE (company.brand), "the name that readers see in From"),
  VALUE ("role", CHOICE, MAY, CASE (company.role), "sender|platform|agency"),
  { 0 },
};

static const PktCaseRow contact[] = {
  VALUE ("name", TEXT, MUST, CASE (contact.name), "the name of the person who answers Apple"),
  VALUE ("email", EMAIL, MUST, CASE (contact.email),
         "an address that a person reads, e.g. postmaster@example.com"),
  VALUE ("phone", TEXT, MAY, CASE (contact.phone), "a number with country code"),
  VALUE ("hours", TEXT, MAY, CASE (contact.hours), "when the person can be reached"),
  { 0 },
};

static const PktCaseRow platform[] = {
  VALUE ("name", TEXT, MAY, CASE (platform.name), "the service that sends for you"),
  VALUE ("pool", CHOICE, MAY, CASE (platform.pool), "dedicated|shared"),
  VALUE ("ticket", TEXT, MAY, CASE (platform.ticket), "your ticket number there"),
  { 0 },
};

static const PktCaseRow consent[] = {
  VALUE ("source", PROSE, MAY, CONSENT (source), "how and where readers sign up"),
  VALUE ("double_opt_in", FLAG, MAY, CONSENT (double_opt_in), "true or false"),
  VALUE ("policy", PROSE, MAY, CONSENT (policy), "what you never do, e.g. use bought lists"),
  VALUE ("unsubscribe", PROSE, MAY, CONSENT (unsubscribe), "how a reader leaves"),
  VALUE ("suppression_policy", PROSE, MAY, CONSENT (suppression_policy),
         "when an address is taken off the list"),
  VALUE ("last_engagement_days", DAYS, MAY, CONSENT (last_engagement_days),
         "the days without click, order or sign-in after which mail stops, e.g. 180"),
  { 0 },
};
static const PktCaseObject consent_object = { consent, sizeof (PktConsent), 0, NULL };

static const PktCaseRow match[] = {
  VALUE ("from_domain", HOSTS, MAY, STREAM (from_domain), HOSTS_HINT),
  VALUE ("return_path_domain", HOSTS, MAY, STREAM (return_path_domain), HOSTS_HINT),
  VALUE ("sending_ip", IPS, MAY, STREAM (sending_ip), "addresses"),
  VALUE ("dkim", HOSTS, MAY, STREAM (dkim), "d= of the DKIM signatures"),
  VALUE ("campaign", TEXTS, MAY, STREAM (campaign), "campaigns as the log names them"),
  { 0 },
};
static const PktCaseObject match_object = { match, 0, 0, NULL };

static const PktCaseRow stream[] = {
  VALUE ("name", TEXT, MUST, STREAM (name), "a short name of the stream"),
  VALUE ("mail_type", CHOICE, MAY, STREAM (mail_type),
         "marketing|transactional|personal|forwarded"),
  VALUE ("brand", TEXT, MAY, STREAM (brand), "the name that readers see in From"),
  OBJECT ("match", INSIDE, MAY, 0, "an object: what tells this stream", match_object),
  OBJECT ("consent", OWNED, MAY, STREAM (consent), "an object", consent_object),
  VALUE ("impact", PROSE, MAY, STREAM (impact), "what the refusals keep from people"),
  { 0 },
};

static const PktCaseRow dated[] = {
  VALUE ("date", DATE, MUST, offsetof (PktDated, date), "a day, e.g. 2026-05-18"),
  VALUE ("what", PROSE, MUST, offsetof (PktDated, what), "what was done"),
  { 0 },
};
static const PktCaseObject dated_object = { dated, sizeof (PktDated), 0, NULL };

static const PktCaseRow incident[] = {
  VALUE ("started", TIME, MAY, CASE (incident.started),
         "when it began (RFC 3339, e.g. 2026-05-18T14:00:00Z)"),
  VALUE ("description", STORY, MUST, CASE (incident.description),
         "in your own words what you see: which mail is refused, since when, how much"),
  OBJECT ("changes", LIST, MAY, CASE (incident.changes),
          "[{date, what}]: what changed before it began; [] when nothing did", dated_object),
  OBJECT ("remediation", LIST, MAY, CASE (incident.remediation),
          "[{date, what}]: what was done since", dated_object),
  { 0 },
};

static const PktCaseRow page[] = {
  VALUE ("html", TEXT, MAY, CASE (evidence.page_html), "the path of the page"),
  VALUE ("url", URL, MAY, CASE (evidence.page_url), "the view-in-browser URL"),
  VALUE ("screenshot", TEXT, MAY, CASE (evidence.page_screenshot), "a PNG's path"),
  VALUE ("hosts", HOSTS, MAY, CASE (evidence.page_hosts), HOSTS_HINT),
  { 0 },
};
static const PktCaseObject page_object = { page, 0, 0, NULL };

static const PktCaseRow evidence[] = {
  VALUE ("logs", TEXTS, MAY, CASE (evidence.logs), FILES_HINT),
  VALUE ("bounces", TEXTS, MAY, CASE (evidence.bounces), FILES_HINT),
  VALUE ("transcripts", TEXTS, MAY, CASE (evidence.transcripts), FILES_HINT),
  VALUE ("delivered", TEXTS, MAY, CASE (evidence.delivered), FILES_HINT),
  OBJECT ("page", INSIDE, MAY, 0, "an object: the campaign page", page_object),
  VALUE ("suppression", TEXT, MAY, CASE (evidence.suppression), "a CSV file's path"),
  VALUE ("dmarc_reports", TEXTS, MAY, CASE (evidence.dmarc_reports), FILES_HINT),
  { 0 },
};

static const PktCaseRow domains[] = {
  VALUE ("from", HOSTS, MAY, CASE (domains.from), HOSTS_HINT),
  VALUE ("return_path", HOSTS, MAY, CASE (domains.return_path), HOSTS_HINT),
  VALUE ("tracking", HOSTS, MAY, CASE (domains.tracking), HOSTS_HINT),
  VALUE ("dkim", HOSTS, MAY, CASE (domains.dkim), HOSTS_HINT),
  { 0 },
};

static const PktCaseRow sending_ip[] = {
  VALUE ("ip", IP, MUST, IP (address), "an address, e.g. 192.0.2.10"),
  VALUE ("helo", TEXT, MAY, IP (helo), "the name in HELO, e.g. mta1.example.com"),
  VALUE ("pool", CHOICE, MAY, IP (pool), "dedicated|shared"),
  VALUE ("streams", TEXTS, MAY, IP (streams), "names of streams[]"),
  { 0 },
};
static const PktCaseObject sending_ip_object = { sending_ip, sizeof (PktSendingIp), 0, "ip" };

static const PktCaseRow disclosed[] = {
  VALUE ("address", EMAIL, MUST, offsetof (PktDisclosed, address), "a test mailbox of your own"),
  VALUE ("reason", TEXT, MUST, offsetof (PktDisclosed, reason), "why it may stay in clear"),
  { 0 },
};
static const PktCaseObject disclosed_object = { disclosed, sizeof (PktDisclosed),
                                                PKT_CASE_MAX_DISCLOSED, NULL };

#define TIGHTEN(member) offsetof (PktTighten, member)
static const PktCaseRow tighten[] = {
  VALUE ("header", TEXT, MAY, TIGHTEN (header), "the name of a header field, e.g. X-Mailer"),
  VALUE ("to", CHOICE, MAY, TIGHTEN (to), "drop|class"),
  VALUE ("word", TEXT, MAY, TIGHTEN (word), "a name or word that must not leave"),
  VALUE ("reason", TEXT, MUST, TIGHTEN (reason), "why it must not leave"),
  { 0 },
};
static const PktCaseObject tighten_object = { tighten, sizeof (PktTighten), 0, NULL };

static const PktCaseRow request[] = {
  VALUE ("from", EMAIL, MAY, CASE (request.from), "the address that the request is sent from"),
  VALUE ("template", CHOICE, MAY, CASE (request.template_name),
         "auto|marketing|transactional|personal|forwarded|connection|deferral"),
  VALUE ("subject_token", TEXT, MAY, CASE (request.subject_token), "your own case number"),
  { 0 },
};

static const PktCaseRow follow_up[] = {
  VALUE ("found", TEXTS, MAY, CASE (follow_up.found),
         "what was found out since the mail before, a sentence or two each"),
  VALUE ("question", PROSE, MAY, CASE (follow_up.question),
         "one question, narrower than the first"),
  VALUE ("plan", PROSE, MAY, CASE (follow_up.plan), "what happens to the mail meanwhile"),
  { 0 },
};

static const PktCaseRow options[] = {
  VALUE ("timezone", ZONE, MAY, CASE (options.timezone), ZONE_HINT),
  VALUE ("log_timezone", ZONE, MAY, CASE (options.log_timezone), ZONE_HINT),
  VALUE ("year", YEAR, MAY, CASE (options.year), "the year of the last record"),
  { 0 },
};

static const PktCaseObject company_object = { company, 0, 0, NULL };
static const PktCaseObject contact_object = { contact, 0, 0, NULL };
static const PktCaseObject platform_object = { platform, 0, 0, NULL };
static const PktCaseObject stream_object = { stream, sizeof (PktStream), 0, NULL };
static const PktCaseObject incident_object = { incident, 0, 0, NULL };
static const PktCaseObject evidence_object = { evidence, 0, 0, NULL };
static const PktCaseObject domains_object = { domains, 0, 0, NULL };
static const PktCaseObject request_object = { request, 0, 0, NULL };
static const PktCaseObject follow_up_object = { follow_up, 0, 0, NULL };
static const PktCaseObject options_object = { options, 0, 0, NULL };

static const PktCaseRow root[] = {
  VALUE ("case", NAME, MUST, CASE (name),
         "a name of at most 64 letters, digits, '.', '_' or '-', not beginning with '.'"),
  OBJECT ("company", INSIDE, MUST, 0, "an object: who sends the mail", company_object),
  OBJECT ("contact", INSIDE, MUST, 0, "an object: who answers Apple", contact_object),
  OBJECT ("platform", INSIDE, MAY, 0, "an object: who sends for you", platform_object),
  OBJECT ("streams", LIST, MAY, CASE (streams), "[{name, mail_type, match}]: kinds of mail",
          stream_object),
  OBJECT ("incident", INSIDE, MUST, 0, "an object: what happened", incident_object),
  OBJECT ("evidence", INSIDE, MAY, 0, "an object: where the files are", evidence_object),
  OBJECT ("consent", OWNED, MAY, CASE (consent), "an object", consent_object),
  OBJECT ("domains", INSIDE, MAY, 0, "an object: your domains", domains_object),
  OBJECT ("sending_ips", LIST, MAY, CASE (sending_ips), "[addresses], e.g. [\"192.0.2.10\"]",
          sending_ip_object),
  OBJECT ("disclosed", LIST, MAY, CASE (disclosed), "[{address, reason}], three at most",
          disclosed_object),
  OBJECT ("tighten", LIST, MAY, CASE (tighten), "[{header or word, reason}]: what must not leave",
          tighten_object),
  OBJECT ("request", INSIDE, MAY, 0, "an object: about the mail to Apple", request_object),
  OBJECT ("follow_up", INSIDE, MAY, 0, "an object: for build --follow-up", follow_up_object),
  OBJECT ("options", INSIDE, MAY, 0, "an object: zones and year", options_object),
  { 0 },
};
const PktCaseObject pkt_case_schema = { root, sizeof (PktCase), 0, NULL };
