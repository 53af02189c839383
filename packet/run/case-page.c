#include "packet/run/case-page.h"
#include "packet/page/page.h"

static GPtrArray *
names_of (const PktInputs *in)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < in->all_samples->len; i++) {
    g_autoptr (GPtrArray) own = pkt_snapshot_names (in->all_samples->pdata[i]);
    g_ptr_array_extend (names, own, NULL, NULL);
  }
  return names;
}

static GPtrArray *
recipients_of (const PktInputs *in)
{
  GPtrArray *all = g_ptr_array_new ();
  for (guint i = 0; i < in->all_samples->len; i++)
    g_ptr_array_extend (all, ((PktSample *)in->all_samples->pdata[i])->recipients, NULL, NULL);
  return all;
}

static gboolean
read_file (PktInputs *in, const char *named, const PktSnapshotOptions *o, GError **error)
{
  gsize n;
  g_autofree char *path = NULL;
  g_autofree char *bytes = pkt_inputs_file (in, named, PKT_PAGE_MAX_BYTES, &n, &path, error);
  in->page = bytes ? pkt_snapshot_file (path, pkt_slice (bytes, n), o, error) : NULL;
  return in->page != NULL;
}

/* What the network does not give is no fault of the case. */
static void
read_url (PktInputs *in, const char *url, const PktSnapshotOptions *o)
{
  g_autoptr (GError) failed = NULL;
  in->page = pkt_snapshot_url (url, o, &failed);
  if (in->page == NULL)
    in->page_trouble = g_strdup (failed->message);
}

static gboolean
read_one (PktInputs *in, const PktSnapshotOptions *o, GError **error)
{
  const PktCase *c = in->the_case;
  const PktSample *first = in->samples->len ? g_ptr_array_index (in->samples, 0) : NULL;
  if (c->evidence.page_html)
    return read_file (in, c->evidence.page_html, o, error);
  if (first && first->html)
    return (in->page = pkt_snapshot_sample (first, o, error)) != NULL;
  if (c->evidence.page_url && o->online)
    read_url (in, c->evidence.page_url, o);
  return TRUE;
}

gboolean
pkt_case_page_read (PktInputs *in, const PktPageAsk *ask, GError **error)
{
  static const PktPageAsk nothing = { 0 };
  const PktCase *c = in->the_case;
  ask = ask ? ask : &nothing;
  g_autoptr (GPtrArray) names = names_of (in), recipients = recipients_of (in);
  g_autoptr (PktPrivacyScope) scope = ask->online ? pkt_privacy_scope_new (in) : NULL;
  g_autoptr (PktVerifier) verifier = scope ? pkt_verifier_new (&scope->scope) : NULL;
  if (verifier)
    pkt_inputs_teach_verifier (in, verifier);
  const PktSnapshotOptions o = { .online = ask->online,
                                 .allow_address = ask->allow_address,
                                 .neutral = ask->neutral,
                                 .hosts = (const char *const *)c->evidence.page_hosts,
                                 .url = c->evidence.page_url,
                                 .names = names,
                                 .recipients = recipients,
                                 .verifier = verifier };
  const PktSnapshotOptions doubting = { 0 };
  in->neutral = ask->neutral;
  if (c->evidence.page_url)
    in->page_doubt = pkt_snapshot_personal (c->evidence.page_url, &doubting);
  return read_one (in, &o, error);
}
