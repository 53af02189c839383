#include "packet/base/text.h"
#include "packet/redact/aid.h"
#include "packet/run/campaign.h"
#include "packet/run/parts.h"

/* A group of that category leads. */
static gboolean
is_about_content (const PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  return g && g->leads && g->example->category == PKT_CAT_CONTENT;
}

/* A link host that a blocklist names, or whose name says nothing of who stands behind it. */
static gboolean
is_doubtful (const PktEvidence *e, const PktLinkHost *h)
{
  const guint kinds = PKT_HOST_ADDRESS | PKT_HOST_SHORTENER | PKT_HOST_WILDCARD;
  if (h->links == 0)
    return FALSE;
  for (guint i = 0; e->checks && i < e->checks->rows->len; i++) {
    const PktCheck *row = g_ptr_array_index (e->checks->rows, i);
    if (row->state == PKT_CHECK_BAD && g_str_equal (row->kind, "lists")
        && g_strcmp0 (row->subject, h->host) == 0)
      return TRUE;
  }
  return h->kinds & kinds;
}

gboolean
pkt_parts_page_asked (const PktEvidence *e)
{
  gboolean doubt = is_about_content (e);
  for (guint i = 0; e->page && i < e->page->hosts->len; i++)
    doubt = doubt || is_doubtful (e, g_ptr_array_index (e->page->hosts, i));
  return doubt && e->page;
}

static void
add_names (GPtrArray *list, GStrv names)
{
  for (gsize i = 0; names && names[i]; i++)
    g_ptr_array_add (list, names[i]);
}

/* Who sends: the case, the request's stream and its samples say it. */
static void
list_senders (const PktInputs *in, const PktEvidence *e, GPtrArray *from, GPtrArray *paths)
{
  const PktCase *c = in->the_case;
  add_names (from, c->domains.from);
  add_names (paths, c->domains.return_path);
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    if (e->stream && e->stream != s)
      continue;
    add_names (from, s->from_domain);
    add_names (paths, s->return_path_domain);
  }
  for (guint i = 0; i < in->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (in->samples, i);
    if (s->from_domain)
      g_ptr_array_add (from, s->from_domain);
    if (s->return_path_domain)
      g_ptr_array_add (paths, s->return_path_domain);
  }
  g_ptr_array_add (from, NULL);
  g_ptr_array_add (paths, NULL);
}

/* The sender's own picture, else one of the page. */
static PktScreen *
screen_of (const PktCampaign *c, const PktInputs *in, const char *browser, PktRedactor *r,
           PktVerifier *v, GError **error)
{
  const char *file = in->the_case->evidence.page_screenshot;
  g_autofree char *path = file ? pkt_case_path (in->the_case, file) : NULL;
  if (in->screenshot)
    return pkt_screen_of_file (path, in->screenshot, error);
  g_autofree char *outline = pkt_campaign_outline (c, r);
  PktScreen *s = pkt_screen_of_page (c->page->clean_html, outline, browser, r, v, error);
  if (s && s->note)
    g_ptr_array_add (in->scan->warnings,
                     g_strdup_printf ("campaign.png: %s%s",
                                      s->kind == PKT_SCREEN_DRAWN
                                          ? "is drawn from the page's text and says so: "
                                          : "",
                                      s->note));
  return s;
}

/* ---- for the sender ---- */

static void
append_count (GString *out, const char *name, gint64 n)
{
  g_autofree char *count = pkt_text_count (n);
  g_string_append_printf (out, "%-34s %8s\n", name, count);
}

static void
append_tracking (GString *out, const PktEvidence *e, PktRedactor *r)
{
  for (guint i = 0; e->tracking && i < e->tracking->len; i++) {
    const PktTracking *t = g_ptr_array_index (e->tracking, i);
    g_autofree char *host = pkt_campaign_host (r, t->host);
    PktTracking shown = *t;
    shown.host = host;
    g_autofree char *line = pkt_tracking_text (&shown),
                    *wrapped = pkt_text_wrap (line, 76, "  ", "    ");
    if (pkt_tracking_is (t))
      g_string_append (out, wrapped);
  }
}

/* Figures that say nothing to Apple, and read like tuning against a filter. */
static char *
own_view (const PktParts *p, const PktEvidence *e, PktRedactor *r)
{
  const PktPage *page = e->page;
  guint links = 0, hosts = 0;
  for (guint i = 0; i < page->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (page->hosts, i);
    links += h->links;
    hosts += h->links > 0;
  }
  GString *out = g_string_new ("The campaign page, for you alone.\n\n");
  append_count (out, "words that a reader sees", page->words);
  append_count (out, "pictures", page->images);
  if (page->words)
    g_string_append_printf (out, "%-34s %8.1f\n", "pictures for 100 words",
                            100.0 * page->images / page->words);
  append_count (out, "links", links);
  append_count (out, "hosts that they lead to", hosts);
  append_count (out, "elements, attributes left out", page->dropped);
  if (p->screen)
    g_string_append_printf (out, "\ncampaign.png: %s\n%s%s%s", p->screen->alt,
                            p->screen->note ? "  " : "", p->screen->note ? p->screen->note : "",
                            p->screen->note ? "\n" : "");
  g_string_append (out,
                   "\nHosts that count clicks or end a subscription, as delivered mail shows:\n");
  append_tracking (out, e, r);
  g_autofree char *text = g_string_free (out, FALSE);
  return pkt_redact_text (r, pkt_slice_str (text));
}

/* ---- all of it ---- */

gboolean
pkt_parts_page (PktParts *p, const PktEvidence *e, const PktInputs *in, const char *browser,
                PktRedactor *r, PktVerifier *v, GError **error)
{
  gboolean picture = pkt_parts_page_shown (e) && (in->screenshot || e->page);
  g_autoptr (GPtrArray) from = g_ptr_array_new (), paths = g_ptr_array_new ();
  g_autoptr (PktPrivacyScope) scope = pkt_privacy_scope_new (in);
  const PktSample *first = in->samples->len ? g_ptr_array_index (in->samples, 0) : NULL;
  list_senders (in, e, from, paths);
  const PktCampaign c = { .page = e->page,
                          .sample = first,
                          .delivered = in->delivered,
                          .from_sample = first && first->html
                                         && in->the_case->evidence.page_html == NULL,
                          .from = (const char *const *)from->pdata,
                          .paths = (const char *const *)paths->pdata,
                          .own = scope->scope.own_domains };
  if (e->page && e->follow_up == NULL && !scope->people) {
    p->campaign = pkt_campaign_text (&c, r);
    pkt_redactor_note_example (r, "campaign.txt", p->campaign);
  }
  p->screen = picture ? screen_of (&c, in, browser, r, v, error) : NULL;
  if (p->campaign && (!picture || p->screen))
    p->own = own_view (p, e, r);
  return !picture || p->screen;
}
