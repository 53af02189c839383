#include "cmd/dns.h"
#include <stdio.h>
#include "cmd/sources.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/run/check-report.h"

typedef struct {
  CmdSources sources;
  CmdDns dns;
  char *only, *save;
  char **domains, **envelopes, **ips, **selectors;
  GStrv kinds; /* of `only`; NULL: all */
  PktAskOptions ask;
} Options;

static gboolean
usage (GError **error, const char *text)
{
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, text);
  return FALSE;
}

/* "spf,dkim" to a list; FALSE on a kind that is none. */
static gboolean
read_only (Options *o, GError **error)
{
  const char *wrong = o->only && !*o->only ? "''" : NULL;
  o->kinds = o->only ? g_strsplit (o->only, ",", -1) : NULL;
  for (char **k = o->kinds; k && *k && wrong == NULL; k++)
    if (!g_strv_contains (pkt_check_kinds (), g_strstrip (*k)))
      wrong = *k;
  if (wrong == NULL)
    return TRUE;
  g_autofree char *all = g_strjoinv (", ", (char **)pkt_check_kinds ());
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--only %s: it takes %s", wrong, all);
  return FALSE;
}

/* What is wrong with an option is said before logs of a day are read. */
static gboolean
finish_options (Options *o, GError **error)
{
  gboolean bar = !o->sources.quiet && !o->sources.no_progress
                 && (o->sources.progress || cmd_terminal ());
  return read_only (o, error) && cmd_dns_finish (&o->dns, bar, &o->ask, error);
}

/* A URL or an address is no name that DNS has nothing of. */
static gboolean
are_domains (const char *option, char **names, GError **error)
{
  for (char **d = names; d && *d; d++) {
    const char *wrong = strstr (*d, "://")       ? "a URL, write the domain alone"
                        : strchr (*d, '@')       ? "an address, write the domain alone"
                        : !g_str_is_ascii (*d)   ? "not ASCII, write the xn-- form"
                        : strpbrk (*d, " /:,\\") ? "no domain, write one as example.com"
                                                 : NULL;
    if (wrong == NULL)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--%s %s: is %s", option, *d, wrong);
    return FALSE;
  }
  return TRUE;
}

static PktIdentity *
identity_of_options (const Options *o, GError **error)
{
  g_autoptr (PktIdentity) id = pkt_identity_new ();
  if (!are_domains ("domain", o->domains, error) || !are_domains ("envelope", o->envelopes, error))
    return NULL;
  for (char **d = o->domains; d && *d; d++)
    pkt_identity_add_from (id, *d);
  for (char **d = o->envelopes; d && *d; d++)
    pkt_identity_add_envelope (id, *d);
  for (char **ip = o->ips; ip && *ip; ip++)
    pkt_identity_add_ip (id, *ip, NULL);
  for (char **s = o->selectors; s && *s; s++)
    for (guint i = 0; i < id->from->len; i++)
      pkt_identity_add_key (id, *s, id->from->pdata[i]);
  pkt_identity_pair_rest (id);
  if (id->from->len != (o->domains ? g_strv_length (o->domains) : 0)
      || id->ips->len != (o->ips ? g_strv_length (o->ips) : 0)) {
    usage (error, "--domain takes a domain (example.com), --ip an address, each once");
    return NULL;
  }
  return g_steal_pointer (&id);
}

static gboolean
save (const PktChecks *c, const char *path, GError **error)
{
  if (path == NULL || c->dns == NULL)
    return TRUE;
  g_autofree char *text = pkt_json_dump (c->dns);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}

static int
report (const Options *o, const PktChecks *c, const PktIdentity *id, GError **error)
{
  g_autofree char *text = NULL;
  if (o->sources.json) {
    g_autoptr (json_t) object = pkt_checks_json (c);
    text = pkt_json_dump (object);
  } else
    text = pkt_checks_text (c, id);
  if (!pkt_file_print (text, strlen (text), error) || !save (c, o->save, error))
    return -1;
  guint unknown = pkt_checks_count (c, PKT_CHECK_UNKNOWN);
  if (unknown && unknown == c->rows->len) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN,
                         "nothing could be found out: no answer was of use; try again, or name a "
                         "DNS server by --dns-server");
    return -1;
  }
  return pkt_checks_count (c, PKT_CHECK_BAD) ? PKT_ERROR_FINDINGS : 0;
}

static int
look (Options *o, const PktIdentity *id, GError **error)
{
  g_autoptr (PktChecks) c = pkt_checks_new ();
  gboolean asked = pkt_checks_ask (c, id, (const char *const *)o->kinds, &o->ask, error);
  cmd_dns_done (&o->dns);
  return asked ? report (o, c, id, error) : -1;
}

static int
check_case (Options *o, const char *path, GError **error)
{
  PktScanOptions scan;
  if (!cmd_sources_finish (&o->sources, &scan, error))
    return -1;
  g_autoptr (PktInputs) in = pkt_inputs_read (path, &scan, NULL, NULL, NULL, error);
  cmd_sources_report (&o->sources, in ? in->scan : NULL);
  if (in == NULL)
    return -1;
  g_autoptr (PktIdentity) id = pkt_identity_of (in);
  return look (o, id, error);
}

static int
check_named (Options *o, GError **error)
{
  if (o->domains == NULL && o->ips == NULL && o->envelopes == NULL) {
    usage (error, "check: name a case file, or --domain and --ip");
    return -1;
  }
  if (!o->dns.online && o->dns.replay == NULL) {
    usage (error, "check: without a case file all is asked of DNS: say --online (or --dns-replay "
                  "FILE)");
    return -1;
  }
  g_autoptr (PktIdentity) id = identity_of_options (o, error);
  return id ? look (o, id, error) : -1;
}

static void
clear (Options *o)
{
  cmd_sources_clear (&o->sources);
  cmd_dns_clear (&o->dns);
  g_free (o->only);
  g_free (o->save);
  g_strfreev (o->domains);
  g_strfreev (o->envelopes);
  g_strfreev (o->ips);
  g_strfreev (o->selectors);
  g_strfreev (o->kinds);
}

int
cmd_run_check (int argc, char **argv, GError **error)
{
  Options o = { .sources = CMD_SOURCES_INIT };
  GOptionEntry own[] = {
    { "domain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.domains, "A From domain, without a case",
      "DOMAIN" },
    { "envelope", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.envelopes,
      "A return-path domain, where it is another", "DOMAIN" },
    { "ip", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.ips, "A sending IP, without a case", "ADDRESS" },
    { "selector", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.selectors,
      "A DKIM selector of the From domains", "NAME" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &o.only,
      "Only these: spf,dkim,dmarc,rdns,domain,lists,headers", "KINDS" },
    { "dns-save", 0, 0, G_OPTION_ARG_FILENAME, &o.save, "Keep all answers here, for --dns-replay",
      "FILE" },
    G_OPTION_ENTRY_NULL,
    G_OPTION_ENTRY_NULL,
    G_OPTION_ENTRY_NULL,
    G_OPTION_ENTRY_NULL,
    G_OPTION_ENTRY_NULL,
    G_OPTION_ENTRY_NULL,
  };
  cmd_dns_entries (&o.dns, own + 6);
  G_STATIC_ASSERT (G_N_ELEMENTS (own) == 6 + CMD_DNS_ENTRIES + 1);
  g_autofree GOptionEntry *entries = cmd_sources_entries (&o.sources, own);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "[CASE]",
                 "What can be verified of who sends: SPF, DKIM keys, DMARC, reverse DNS, "
                 "blocklists.",
                 error)) {
    gboolean named = o.domains || o.ips || o.envelopes || o.selectors;
    if (argc > 2 || (argc == 2 && named))
      usage (error, "check: name one case file, or --domain and --ip, not both");
    else if (o.save && !o.dns.online && o.dns.replay == NULL)
      usage (error, "check: --dns-save keeps answers, and nobody is asked without --online");
    else if (finish_options (&o, error))
      status = argc == 2 ? check_case (&o, argv[1], error) : check_named (&o, error);
  }
  clear (&o);
  return status;
}
