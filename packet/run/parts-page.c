#include "packet/base/error.h"
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

/* Who sends: the case, its streams and the samples say it. */
static void
list_senders (const PktInputs *in, GPtrArray *from, GPtrArray *paths)
{
  const PktCase *c = in->the_case;
  add_names (from, c->domains.from);
  add_names (paths, c->domains.return_path);
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
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

gboolean
pkt_parts_page (PktParts *p, const PktEvidence *e, const PktInputs *in, const char *browser,
                PktRedactor *r, PktVerifier *v, GError **error)
{
  gboolean picture = pkt_parts_page_shown (e) && (in->screenshot || e->page);
  g_autoptr (GPtrArray) from = g_ptr_array_new (), paths = g_ptr_array_new ();
  g_autoptr (PktPrivacyScope) scope = pkt_privacy_scope_new (in);
  list_senders (in, from, paths);
  const PktCampaign c = { .page = e->page,
                          .sample = in->samples->len ? g_ptr_array_index (in->samples, 0) : NULL,
                          .from_sample = in->the_case->evidence.page_html == NULL,
                          .from = (const char *const *)from->pdata,
                          .paths = (const char *const *)paths->pdata,
                          .own = scope->scope.own_domains };
  if (e->page && e->follow_up == NULL) {
    p->campaign = pkt_campaign_text (&c, r);
    pkt_redactor_note_example (r, "campaign.txt", p->campaign);
  }
  p->screen = picture ? screen_of (&c, in, browser, r, v, error) : NULL;
  return !picture || p->screen;
}
