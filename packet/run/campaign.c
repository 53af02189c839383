#include "packet/run/campaign.h"
#include <string.h>
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/page/mask.h"
#include "packet/page/url.h"
#include "packet/redact/token.h"
#include "packet/run/tracking.h"

#define LABEL 19 /* columns of the facts' names */
#define WIDTH 76
#define MAX_SUBJECT 300

/* ---- pieces as they may leave ---- */

/* What stands on the page itself: names of its readers are taken out. */
static char *
public_text (const PktCampaign *c, PktRedactor *r, const char *text)
{
  if (text == NULL || *text == '\0')
    return NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  if (c->sample) {
    g_ptr_array_extend (names, c->sample->greeted, NULL, NULL);
    g_ptr_array_extend (names, c->sample->names, NULL, NULL);
  }
  g_ptr_array_extend (names, c->page->names, NULL, NULL);
  g_autoptr (PktMask) mask = pkt_mask_new (names);
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (text), MAX_SUBJECT);
  g_autofree char *masked = pkt_mask_text (mask, quoted);
  return pkt_redact_text (r, pkt_slice_str (masked));
}

/* A line of the mail: what looks like an id goes too. */
static char *
public_line (const PktCampaign *c, PktRedactor *r, const char *text)
{
  g_autofree char *masked = public_text (c, r, text);
  if (masked == NULL)
    return NULL;
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, pkt_slice_str (masked));
  return g_string_free (out, FALSE);
}

static char *
public_from (const PktCampaign *c, PktRedactor *r)
{
  const PktSample *s = c->sample;
  if (s == NULL || s->from_address == NULL)
    return NULL;
  g_autofree char *address = public_text (c, r, s->from_address);
  if (*address == '[') /* a mark: his name is not shown, either */
    return g_steal_pointer (&address);
  g_autofree char *all = s->from_name ? g_strdup_printf ("%s <%s>", s->from_name, s->from_address)
                                      : g_strdup (s->from_address);
  return public_line (c, r, all);
}

/* The addresses of List-Unsubscribe, without what tells readers apart: "https (click.example.com)",
 * "mailto (example.com)". char*, caller unrefs. */
static GPtrArray *
unsubscribe_ways (const PktCampaign *c, const PktRedactor *r)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func (g_free);
  const char *value = c->sample ? pkt_sample_field (c->sample, "List-Unsubscribe") : NULL;
  for (const char *p = value; p && (p = strchr (p, '<')) != NULL && ways->len < 4; p++) {
    PktSlice url = pkt_slice_until (pkt_slice_str (p + 1), '>');
    g_auto (PktUrl) read = { 0 };
    if (pkt_url_read (url, &read)) {
      g_autofree char *host = pkt_campaign_host (r, read.host);
      g_ptr_array_add (ways, g_strdup_printf ("%s (%s)", read.tls ? "https" : "http", host));
    } else if (url.n > 7 && g_ascii_strncasecmp (url.p, "mailto:", 7) == 0) {
      g_autofree char *address = g_strndup (url.p + 7, url.n - 7);
      address[strcspn (address, "?")] = '\0';
      const char *at = strrchr (address, '@');
      g_autofree char *host = at ? pkt_campaign_host (r, at + 1) : g_strdup ("no domain");
      g_ptr_array_add (ways, g_strdup_printf ("mailto (%s)", host));
    }
  }
  return ways;
}

/* "application/pdf, 2 image/png" */
static char *
attachments_of (const PktSample *s)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < s->attachments->len; i++) {
    const char *type = g_ptr_array_index (s->attachments, i);
    guint first, n = 0;
    g_ptr_array_find_with_equal_func (s->attachments, type, g_str_equal, &first);
    for (guint k = i; k < s->attachments->len; k++)
      n += g_str_equal (g_ptr_array_index (s->attachments, k), type);
    if (first < i)
      continue;
    g_string_append (out, out->len ? ", " : "");
    if (n > 1)
      g_string_append_printf (out, "%u ", n);
    g_string_append (out, type);
  }
  return g_string_free (out, FALSE);
}

/* ---- the text ---- */

static void
append_field (const PktCampaign *c, GString *out, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_autofree char *safe = pkt_campaign_defang (value, c->own);
  g_autofree char *first = pkt_text_pad (name, LABEL, FALSE), *indent = g_strnfill (LABEL, ' ');
  g_autofree char *lines = pkt_text_wrap (safe, WIDTH, first, indent);
  g_string_append (out, lines);
}

static void
append_title (GString *out, const char *title)
{
  g_autofree char *start = g_strdup_printf ("\n==== %s ", title);
  g_autofree char *line = g_strnfill (WIDTH + 1 - strlen (start), '=');
  g_string_append_printf (out, "%s%s\n", start, line);
}

static void
append_head (const PktCampaign *c, PktRedactor *r, GString *out)
{
  g_autofree char *subject = c->sample ? public_line (c, r, c->sample->subject) : NULL,
                  *from = public_from (c, r), *title = public_line (c, r, c->page->title),
                  *preheader = public_line (c, r, c->page->preheader);
  append_field (c, out, "Subject", subject);
  append_field (c, out, "From", from);
  append_field (c, out, "Preheader", preheader);
  if (g_strcmp0 (title, subject) != 0)
    append_field (c, out, "Title", title);
  append_field (c, out, "Source",
                c->from_sample ? "the HTML part of a delivered mail"
                               : "the page as its sender keeps it");
  append_field (c, out, "Marks",
                "[1] is the host that a link leads to, see below. [name] and [field] stand for "
                "what differs by reader, * for a part of an address that may. Addresses are "
                "written so that nothing follows them.");
}

static void
append_facts (const PktCampaign *c, PktRedactor *r, GString *out)
{
  const PktPage *p = c->page;
  g_autofree char *text = p->unsubscribe ? public_line (c, r, p->unsubscribe) : NULL;
  g_autofree char *link = p->unsubscribe
                              ? g_strdup_printf ("%s%s%s[%u]", text ? "\"" : "",
                                                 text ? text : "by its address", text ? "\" " : " ",
                                                 p->unsubscribe_number)
                              : g_strdup ("none found");
  append_field (c, out, "Unsubscribe link", link);
  if (c->sample) {
    g_autoptr (GPtrArray) ways = unsubscribe_ways (c, r);
    g_ptr_array_add (ways, NULL);
    g_autofree char *list = g_strjoinv (", ", (char **)ways->pdata);
    g_autofree char *attached = attachments_of (c->sample);
    append_field (c, out, "List-Unsubscribe", *list ? list : "none");
    append_field (c, out, "One-click",
                  c->sample->one_click            ? "yes (RFC 8058)"
                  : c->sample->one_click_unsigned ? "no: no DKIM signature covers it (RFC 8058)"
                                                  : "no");
    append_field (c, out, "Attachments", *attached ? attached : "none");
  } else {
    append_field (c, out, "List-Unsubscribe", "not known: no delivered mail is at hand");
  }
  g_autofree char *address = public_text (c, r, p->address);
  append_field (c, out, "Postal address", address ? address : "none found");
  g_autofree char *forms = g_strdup_printf ("%u", p->attachments_or_forms);
  append_field (c, out, "Forms, frames", p->attachments_or_forms ? forms : "none");
  g_autofree char *others = g_strdup_printf ("mailto %u, tel %u, other %u", p->mailto, p->tel,
                                             p->other);
  append_field (c, out, "Other links", p->mailto + p->tel + p->other ? others : "none");
}

static void
count_hosts (const PktPage *p, gboolean links, guint *out_all, guint *out_hosts)
{
  *out_all = *out_hosts = 0;
  for (guint i = 0; i < p->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (p->hosts, i);
    guint n = links ? h->links : h->images;
    *out_all += n;
    *out_hosts += n > 0;
  }
}

static void
append_counted (GString *out, const PktPage *p, const char *what, gboolean links)
{
  guint n, hosts;
  count_hosts (p, links, &n, &hosts);
  g_autofree char *count = pkt_text_count (n);
  g_autofree char *title = g_strdup_printf ("%s: %s %s %u host%s, by registered domain", what,
                                            count, links ? "to" : "from", hosts,
                                            hosts == 1 ? "" : "s");
  append_title (out, title);
}

char *
pkt_campaign_outline (const PktCampaign *c, PktRedactor *r)
{
  g_autofree char *outline = pkt_redact_page (r, pkt_slice_str (c->page->outline));
  return pkt_campaign_defang (outline, c->own);
}

char *
pkt_campaign_text (const PktCampaign *c, PktRedactor *r)
{
  GString *out = g_string_new (NULL), *tables = g_string_new (NULL);
  append_head (c, r, out);
  append_title (out, "Text as a reader sees it");
  g_autofree char *outline = pkt_redact_page (r, pkt_slice_str (c->page->outline));
  g_string_append (out, outline);
  append_counted (tables, c->page, "Links", TRUE);
  pkt_campaign_append_hosts (c, r, c->page, TRUE, TRUE, tables);
  if (c->delivered) {
    append_counted (tables, c->delivered, "Links of a delivered mail", TRUE);
    pkt_campaign_append_hosts (c, r, c->delivered, TRUE, FALSE, tables);
  }
  append_counted (tables, c->page, "Images", FALSE);
  pkt_campaign_append_hosts (c, r, c->page, FALSE, TRUE, tables);
  g_autofree char *safe = pkt_redact_text (r, pkt_slice_str (tables->str));
  g_string_append (out, safe);
  append_title (out, "What else is there");
  append_facts (c, r, out);
  char *text = pkt_campaign_defang (out->str, c->own);
  char *without = pkt_redact_privates (r, text); /* hosts of what else is there */
  g_string_free (out, TRUE);
  g_string_free (tables, TRUE);
  if (without == NULL)
    return text;
  g_free (text);
  return without;
}

/* ---- the same for scripts ---- */

static void
set_text (json_t *o, const char *key, char *taken)
{
  json_object_set_new (o, key, pkt_json_string (taken));
  g_free (taken);
}

static json_t *
strings_json (GPtrArray *taken)
{
  json_t *a = json_array ();
  for (guint i = 0; i < taken->len; i++)
    json_array_append_new (a, pkt_json_string (g_ptr_array_index (taken, i)));
  g_ptr_array_unref (taken);
  return a;
}

static json_t *
hosts_json (const PktCampaign *c, const PktRedactor *r)
{
  json_t *hosts = json_array ();
  for (guint i = 0; i < c->page->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (c->page->hosts, i);
    json_t *row = json_object ();
    set_text (row, "host", pkt_campaign_host (r, h->host));
    set_text (row, "domain", pkt_campaign_host (r, h->domain));
    json_object_set_new (row, "number", h->number ? json_integer (h->number) : json_null ());
    json_object_set_new (row, "links", json_integer (h->links));
    json_object_set_new (row, "images", json_integer (h->images));
    json_object_set_new (row, "http", json_integer (h->plain));
    json_object_set_new (row, "tracking", json_boolean (pkt_tracking_personal (h)));
    json_object_set_new (row, "kinds", strings_json (pkt_campaign_kinds (c, r, h)));
    json_object_set_new (row, "paths", strings_json (pkt_campaign_shapes (c, r, h)));
    json_array_append_new (hosts, row);
  }
  return hosts;
}

json_t *
pkt_campaign_json (const PktCampaign *c, PktRedactor *r)
{
  const PktPage *p = c->page;
  const PktSample *s = c->sample;
  json_t *o = json_object ();
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "source", pkt_json_string (p->source));
  set_text (o, "from", public_from (c, r));
  set_text (o, "subject", s ? public_line (c, r, s->subject) : NULL);
  set_text (o, "preheader", public_line (c, r, p->preheader));
  set_text (o, "title", public_line (c, r, p->title));
  set_text (o, "outline", pkt_redact_page (r, pkt_slice_str (p->outline)));
  json_object_set_new (o, "hosts", hosts_json (c, r));
  set_text (o, "unsubscribe", p->unsubscribe ? public_line (c, r, p->unsubscribe) : NULL);
  json_object_set_new (o, "list_unsubscribe",
                       s ? strings_json (unsubscribe_ways (c, r)) : json_null ());
  json_object_set_new (o, "one_click", s ? json_boolean (s->one_click) : json_null ());
  set_text (o, "postal_address", public_text (c, r, p->address));
  set_text (o, "attachments", s ? attachments_of (s) : NULL);
  json_object_set_new (o, "words", json_integer (p->words));
  json_object_set_new (o, "images", json_integer (p->images));
  json_object_set_new (o, "dropped", json_integer (p->dropped));
  json_object_set_new (o, "forms", json_integer (p->attachments_or_forms));
  return o;
}
