#include "packet/dns/dmarc-record.h"
#include "packet/base/tags.h"
#include "packet/base/text.h"

#define MAX_SHOWN 1000

void
pkt_dmarc_record_free (gpointer p)
{
  PktDmarcRecord *r = p;
  char *const strings[] = { r->domain, r->text, r->p, r->sp, r->np, r->problem, r->slip };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_ptr_array_unref (r->rua);
  g_free (r);
}

/* "v", blanks, "=", blanks, "DMARC1", then ';' or the end. */
static gboolean
is_record (const PktDnsRecord *r)
{
  PktSlice first = pkt_slice_until (pkt_slice (r->text, r->n), ';');
  PktSlice name = pkt_slice_trim (pkt_slice_until (first, '='));
  PktSlice value = pkt_slice_trim (pkt_slice_skip (first, pkt_slice_until (first, '=').n + 1));
  return pkt_slice_equal (name, PKT_SLICE ("v")) && pkt_slice_equal (value, PKT_SLICE ("DMARC1"));
}

static gboolean
looks_like_one (const PktDnsRecord *r)
{
  g_autofree char *lower = g_ascii_strdown (r->text, -1);
  return strstr (lower, "dmarc") != NULL || strstr (lower, "p=") != NULL;
}

/* The first one of its kind. */
static void
complain (char **slot, const char *format, const char *value)
{
  if (*slot)
    return;
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (value), 60);
  *slot = g_strdup_printf (format, quoted);
}

static char *
policy (PktDmarcRecord *r, const PktTags *t, const char *tag)
{
  static const char *const words[] = { "none", "quarantine", "reject" };
  const char *value = pkt_tags_get (t, tag);
  for (gsize i = 0; value && i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (value, words[i]) == 0)
      return g_strdup (words[i]);
  if (value) {
    g_autofree char *both = g_strdup_printf ("%s=%s", tag, value);
    complain (&r->problem, "'%s' is none of none, quarantine, reject", both);
  }
  return NULL;
}

/* Printable, and a host behind the '@' that can be asked for. */
static gboolean
is_mailto (const char *uri)
{
  const char *at = strrchr (uri, '@');
  g_autofree char *host = at ? pkt_dns_name (at + 1) : NULL;
  for (const char *p = uri; *p; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;
  return g_ascii_strncasecmp (uri, "mailto:", 7) == 0 && host && at > uri + 7;
}

/* "mailto:a@example.com!10m, mailto:b@example.net" (RFC 9989 4.7) */
static void
take_uris (PktDmarcRecord *r, const char *list)
{
  g_auto (GStrv) uris = g_strsplit (list ? list : "", ",", PKT_DMARC_MAX_URIS);
  for (char **u = uris; *u; u++) {
    char *uri = g_strstrip (*u), *size = strrchr (uri, '!');
    if (*uri == '\0')
      continue;
    if (size && size > strchr (uri, ':'))
      *size = '\0';
    if (is_mailto (uri))
      g_ptr_array_add (r->rua, g_strdup (uri + 7));
    else
      complain (&r->slip, "rua: '%s' is no mailto: address", uri);
  }
}

static gboolean
is_strict (PktDmarcRecord *r, const PktTags *t, const char *tag)
{
  const char *value = pkt_tags_get (t, tag);
  if (value && g_ascii_strcasecmp (value, "s") && g_ascii_strcasecmp (value, "r"))
    complain (&r->slip, "the alignment '%s' is neither r nor s", value);
  return value && g_ascii_strcasecmp (value, "s") == 0;
}

/* One that is no percentage is as if it were not there. */
static guint
percent_of (const PktTags *t)
{
  gint64 n;
  return pkt_slice_number (pkt_slice_str (pkt_tags_get (t, "pct")), &n) && n <= 100 ? (guint)n
                                                                                    : 100;
}

static void
take_tags (PktDmarcRecord *r, const PktTags *t)
{
  const char *psd = pkt_tags_get (t, "psd"), *testing = pkt_tags_get (t, "t");
  r->p = policy (r, t, "p");
  r->sp = policy (r, t, "sp");
  r->np = policy (r, t, "np");
  r->strict_dkim = is_strict (r, t, "adkim");
  r->strict_spf = is_strict (r, t, "aspf");
  r->testing = testing && g_ascii_strcasecmp (testing, "y") == 0;
  r->percent = percent_of (t);
  r->psd = psd && g_ascii_strcasecmp (psd, "y") == 0   ? 'y'
           : psd && g_ascii_strcasecmp (psd, "n") == 0 ? 'n'
                                                       : 'u';
  take_uris (r, pkt_tags_get (t, "rua"));
  if (r->p == NULL)
    complain (&r->problem, "%s", "there is no p=");
  if (r->p == NULL && r->rua->len > 0) /* RFC 9989 4.7: then as if it were none */
    r->p = g_strdup ("none");
}

static PktDmarcRecord *
parse (const PktDnsRecord *text, const char *domain)
{
  PktDmarcRecord *r = g_new0 (PktDmarcRecord, 1);
  g_autoptr (PktTags) t = pkt_tags_parse (pkt_slice (text->text, text->n));
  r->domain = g_strdup (domain);
  r->text = pkt_text_quote (pkt_slice (text->text, text->n), MAX_SHOWN);
  r->rua = g_ptr_array_new_with_free_func (g_free);
  r->percent = 100;
  r->psd = 'u';
  if (t)
    take_tags (r, t);
  else
    r->problem = g_strdup ("it is no list of tag=value, or has a tag twice");
  return r;
}

PktDmarcRecord *
pkt_dmarc_record_pick (const PktDnsAnswer *a, const char *domain, gboolean *out_several,
                       char **out_stray)
{
  const PktDnsRecord *found = NULL;
  *out_several = FALSE;
  *out_stray = NULL;
  for (guint i = 0; i < a->records->len; i++) {
    const PktDnsRecord *r = pkt_dns_answer_get (a, i);
    if (is_record (r)) {
      *out_several |= found != NULL;
      found = r;
    } else if (*out_stray == NULL && looks_like_one (r))
      *out_stray = pkt_text_quote (pkt_slice (r->text, r->n), MAX_SHOWN);
  }
  return found && !*out_several ? parse (found, domain) : NULL;
}
