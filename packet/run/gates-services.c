/* IPs whose names say that they are a sending service's. */
#include "packet/base/domain.h"
#include "packet/run/evidence.h"
#include "packet/run/verified.h"

/* Domains of the names that services give to the IPs by which they send for anybody. */
static const struct {
  const char *domain, *service;
} services[] = {
  { "outlook.com", "Microsoft 365" },
  { "google.com", "Google Workspace" },
  { "amazonses.com", "Amazon SES" },
  { "sendgrid.net", "SendGrid" },
  { "mailgun.net", "Mailgun" },
  { "mailgun.org", "Mailgun" },
  { "mtasv.net", "Postmark" },
  { "sparkpostmail.com", "SparkPost" },
  { "mailjet.com", "Mailjet" },
  { "mailin.fr", "Brevo" },
  { "sender-sib.com", "Brevo" },
  { "mandrillapp.com", "Mailchimp Transactional" },
  { "mcsv.net", "Mailchimp" },
  { "mcdlv.net", "Mailchimp" },
  { "rsgsv.net", "Mailchimp" },
  { "exacttarget.com", "Salesforce Marketing Cloud" },
  { "hubspotemail.net", "HubSpot" },
  { "cmail19.com", "Campaign Monitor" },
  { "cmail20.com", "Campaign Monitor" },
  { "constantcontact.com", "Constant Contact" },
  { "mailchannels.net", "MailChannels" },
  { "pphosted.com", "Proofpoint" },
  { "mimecast.com", "Mimecast" },
  { "messagingengine.com", "Fastmail" },
  { "zoho.com", "Zoho" },
  { "protonmail.ch", "Proton Mail" },
};

static const char *
service_of (const char *name)
{
  g_autofree char *low = name ? g_ascii_strdown (name, -1) : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (pkt_domain_within (low, services[i].domain))
      return services[i].service;
  return NULL;
}

/* As DNS has it, else as Apple saw it. */
static const char *
name_of (const PktEvidence *e, const char *ip)
{
  const char *name = pkt_verified_ptr (e, ip);
  for (guint i = 0; i < e->samples->len && name == NULL; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->at_apple && g_strcmp0 (s->client_ip, ip) == 0)
      name = pkt_sample_ptr (s);
  }
  return name;
}

static gboolean
says_whose (const PktCase *c)
{
  gboolean said = c->platform.name || c->platform.pool
                  || g_strcmp0 (c->company.role, "platform") == 0;
  for (guint i = 0; i < c->sending_ips->len && !said; i++)
    said = ((const PktSendingIp *)c->sending_ips->pdata[i])->pool != NULL;
  return said;
}

void
pkt_gates_check_services (PktEvidence *e)
{
  if (says_whose (e->the_case))
    return;
  for (guint i = 0; i < e->ips->len; i++) {
    const char *ip = e->ips->pdata[i], *name = name_of (e, ip), *service = service_of (name);
    if (service == NULL)
      continue;
    pkt_evidence_find (
        e, "service-ip", PKT_FINDING_NOTE,
        g_strdup_printf ("%s is called %s: that is an IP of %s, by which others may send, too; "
                         "the request speaks of it as yours.",
                         ip, name, service),
        "Name the service in $.platform, and say in its pool whether the IP is yours alone "
        "(dedicated) or not (shared): then its desk is asked as well.");
    return;
  }
}
