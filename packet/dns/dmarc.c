#include "packet/dns/dmarc.h"
#include "packet/base/domain.h"
#include "packet/dns/dmarc-record.h"

typedef struct {
  char *domain;
  PktDmarcRecord *record; /* NULL: none */
} Step;

/* The names of one walk, from the domain upwards. */
typedef struct {
  Step steps[PKT_DMARC_MAX_WALK];
  guint n;
  gboolean several; /* at the domain itself */
  char *stray;
  char *unknown; /* an answer that did not come, before the walk could stop; NULL */
} Walk;

static void
walk_clear (Walk *w)
{
  for (guint i = 0; i < w->n; i++) {
    g_free (w->steps[i].domain);
    if (w->steps[i].record)
      pkt_dmarc_record_free (w->steps[i].record);
  }
  g_free (w->stray);
  g_free (w->unknown);
  memset (w, 0, sizeof *w);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static guint
labels_of (const char *domain)
{
  guint n = 1;
  for (const char *p = domain; *p; p++)
    n += *p == '.';
  return n;
}

/* The domain, then what is left of it without its left labels; of eight labels and more seven are
 * next (RFC 9989 4.10). */
static void
list_names (Walk *w, const char *domain)
{
  guint labels = labels_of (domain);
  const char *p = domain;
  for (w->n = 0; p && w->n < PKT_DMARC_MAX_WALK;) {
    w->steps[w->n++].domain = g_strdup (p);
    guint drop = w->n == 1 && labels >= PKT_DMARC_MAX_WALK ? labels - (PKT_DMARC_MAX_WALK - 1) : 1;
    for (; drop > 0 && p; drop--) {
      p = strchr (p, '.');
      p = p ? p + 1 : NULL;
    }
  }
}

static const PktDnsAnswer *
ask (PktDns *dns, const char *domain)
{
  g_autofree char *name = g_strconcat ("_dmarc.", domain, NULL);
  return pkt_dns_ask (dns, name, PKT_DNS_TXT);
}

/* Asks for all names together; FALSE: still to come. Stops where psd= says so. */
static gboolean
walk (PktDns *dns, const char *domain, Walk *w)
{
  gboolean complete = TRUE;
  list_names (w, domain);
  for (guint i = 0; i < w->n; i++)
    complete &= ask (dns, w->steps[i].domain) != NULL;
  for (guint i = 0; complete && i < w->n; i++) {
    const PktDnsAnswer *a = ask (dns, w->steps[i].domain);
    gboolean several;
    g_autofree char *stray = NULL;
    w->steps[i].record = pkt_dmarc_record_pick (a, w->steps[i].domain, &several, &stray);
    if (i == 0) {
      w->several = several;
      w->stray = g_steal_pointer (&stray);
    }
    if (pkt_dns_answer_is_unknown (a) && w->unknown == NULL) {
      g_autofree char *text = pkt_dns_answer_text (a);
      w->unknown = g_strdup_printf ("_dmarc.%s: %s", w->steps[i].domain, text);
    }
    if (w->steps[i].record && w->steps[i].record->psd != 'u')
      break;
  }
  return complete;
}

/* RFC 9989 4.10.2 */
static const char *
organizational_of (const Walk *w)
{
  const char *shortest = NULL;
  for (guint i = 0; i < w->n; i++) {
    const PktDmarcRecord *r = w->steps[i].record;
    if (r && r->psd == 'n')
      return w->steps[i].domain;
    if (r && r->psd == 'y' && i > 0)
      return w->steps[i - 1].domain;
    if (r)
      shortest = w->steps[i].domain;
  }
  return shortest ? shortest : w->steps[0].domain;
}

gboolean
pkt_dmarc_walk_organizational (PktDns *dns, const char *domain, char **out, gboolean *out_unknown)
{
  g_auto (Walk) w = { 0 };
  gboolean complete = walk (dns, domain, &w);
  *out = complete ? g_strdup (organizational_of (&w)) : NULL;
  *out_unknown |= complete && w.unknown;
  return complete;
}

char *
pkt_dmarc_list_organizational (const char *domain)
{
  return pkt_domain_registered (domain);
}

gboolean
pkt_dmarc_aligned (PktDns *dns, const char *from, const char *other, gboolean strict,
                   gboolean *out_walk, gboolean *out_list, gboolean *out_unknown)
{
  *out_walk = *out_list = g_ascii_strcasecmp (from, other) == 0;
  *out_unknown = FALSE;
  if (strict || *out_walk)
    return TRUE;
  g_autofree char *a = pkt_dmarc_list_organizational (from),
                  *b = pkt_dmarc_list_organizational (other), *x = NULL, *y = NULL;
  gboolean one = pkt_dmarc_walk_organizational (dns, from, &x, out_unknown),
           two = pkt_dmarc_walk_organizational (dns, other, &y, out_unknown);
  *out_list = g_ascii_strcasecmp (a, b) == 0;
  *out_walk = one && two && g_ascii_strcasecmp (x, y) == 0;
  return one && two;
}

void
pkt_dmarc_clear (PktDmarc *d)
{
  g_free (d->walk.organizational);
  g_free (d->list.organizational);
  g_free (d->problem);
  if (d->records)
    g_ptr_array_unref (d->records);
  memset (d, 0, sizeof *d);
}

/* p for the domain itself; else sp, and np before it where the domain does not exist. */
static void
apply (PktDmarcVerdict *v, const PktDmarcRecord *r, const char *domain, gboolean exists,
       gboolean with_np)
{
  const struct {
    const char *value, *tag;
  } order[] = { { with_np && !exists ? r->np : NULL, "np" }, { r->sp, "sp" }, { r->p, "p" } };
  gboolean own = g_ascii_strcasecmp (r->domain, domain) == 0;
  for (gsize i = own ? 2 : 0; i < G_N_ELEMENTS (order) && v->policy == NULL; i++)
    if (order[i].value) {
      v->policy = order[i].value;
      v->tag = order[i].tag;
      v->record = r;
    }
}

/* Takes the record out of the walk, once. */
static const PktDmarcRecord *
keep (PktDmarc *d, Step *step)
{
  PktDmarcRecord *r = g_steal_pointer (&step->record);
  if (r)
    g_ptr_array_add (d->records, r);
  return r;
}

static const PktDmarcRecord *
kept_of (const PktDmarc *d, const char *domain)
{
  for (guint i = 0; i < d->records->len; i++) {
    const PktDmarcRecord *r = g_ptr_array_index (d->records, i);
    if (g_ascii_strcasecmp (r->domain, domain) == 0)
      return r;
  }
  return NULL;
}

/* RFC 9989 4.10.1: the domain's own record, else the organizational domain's, else the public
 * suffix's where it says psd=y. */
static const PktDmarcRecord *
policy_record (const PktDmarc *d, const char *domain)
{
  const PktDmarcRecord *own = kept_of (d, domain), *org = kept_of (d, d->walk.organizational);
  if (own || org)
    return own ? own : org;
  for (guint i = 0; i < d->records->len; i++) {
    const PktDmarcRecord *r = g_ptr_array_index (d->records, i);
    if (r->psd == 'y')
      return r;
  }
  return NULL;
}

/* The record of the domain that RFC 7489 6.6.3 asks next, which the walk may not have met. */
static gboolean
fetch_list_record (PktDns *dns, PktDmarc *d, char **unknown)
{
  const PktDnsAnswer *a = ask (dns, d->list.organizational);
  gboolean several;
  g_autofree char *stray = NULL;
  if (a == NULL)
    return FALSE;
  if (pkt_dns_answer_is_unknown (a) && *unknown == NULL) {
    g_autofree char *text = pkt_dns_answer_text (a);
    *unknown = g_strdup_printf ("_dmarc.%s: %s", d->list.organizational, text);
  }
  PktDmarcRecord *r = kept_of (d, d->list.organizational)
                          ? NULL
                          : pkt_dmarc_record_pick (a, d->list.organizational, &several, &stray);
  if (r)
    g_ptr_array_add (d->records, r);
  return TRUE;
}

static void
tell_problem (PktDmarc *d, Walk *w, const char *domain)
{
  const PktDmarcRecord *own = kept_of (d, domain);
  const PktDmarcRecord *applies = d->walk.record ? d->walk.record : d->list.record;
  const char *fault = own ? own->problem : applies ? applies->problem : NULL;
  d->several = w->several;
  d->broken = !w->several && (fault || (own == NULL && w->stray));
  if (d->unknown)
    d->problem = g_steal_pointer (&w->unknown);
  else if (d->several)
    d->problem = g_strdup ("more than one record begins with v=DMARC1, so none counts");
  else if (fault)
    d->problem = own ? g_strdup (fault) : g_strdup_printf ("%s of %s", fault, applies->domain);
  else if (d->broken)
    d->problem = g_strdup_printf ("'%s' does not begin with v=DMARC1;", w->stray);
}

static void
decide (PktDmarc *d, const char *domain, gboolean exists)
{
  const PktDmarcRecord *by_walk = policy_record (d, domain), *own = kept_of (d, domain),
                       *by_list = own ? own : kept_of (d, d->list.organizational);
  if (by_walk)
    apply (&d->walk, by_walk, domain, exists, TRUE);
  if (by_list)
    apply (&d->list, by_list, domain, exists, FALSE);
}

gboolean
pkt_dmarc_discover (PktDns *dns, const char *domain, PktDmarc *out)
{
  g_auto (Walk) w = { 0 };
  memset (out, 0, sizeof *out);
  out->records = g_ptr_array_new_with_free_func (pkt_dmarc_record_free);
  out->list.organizational = pkt_dmarc_list_organizational (domain);
  gboolean complete = walk (dns, domain, &w);
  const PktDnsAnswer *exists = pkt_dns_ask (dns, domain, PKT_DNS_A);
  if (complete)
    out->walk.organizational = g_strdup (organizational_of (&w));
  for (guint i = 0; complete && i < w.n; i++)
    keep (out, &w.steps[i]);
  complete &= fetch_list_record (dns, out, &w.unknown);
  if (!complete || exists == NULL) {
    pkt_dmarc_clear (out);
    return FALSE;
  }
  decide (out, domain, exists->status != PKT_DNS_NXDOMAIN);
  out->unknown = w.unknown && kept_of (out, domain) == NULL;
  tell_problem (out, &w, domain);
  return TRUE;
}
