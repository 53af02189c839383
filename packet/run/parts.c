#include "packet/run/parts.h"
#include "packet/base/error.h"
#include "packet/redact/aid.h"
#include "packet/redact/headers.h"
#include "packet/redact/publish.h"
#include "packet/request/view.h"
#include "packet/run/campaign.h"
#include "packet/run/follow-up.h"
#include "packet/trend/chart.h"
#include "packet/trend/csv.h"

static const char word_errors[] = "SMTP errors", word_headers[] = "headers of accepted samples",
                  word_trend[] = "Apple-only trend by date", word_screenshot[] = "screenshot",
                  word_campaign[] = "text of the campaign", word_consent[] = "consent",
                  word_new_trend[] = "Apple-only trend";

static void
part_free (gpointer p)
{
  PktPart *part = p;
  pkt_public_part_free (part->part);
  g_free (part->alt);
  g_free (part);
}

PktParts *
pkt_parts_new (void)
{
  PktParts *p = g_new0 (PktParts, 1);
  p->list = g_ptr_array_new_with_free_func (part_free);
  p->removed = json_array ();
  return p;
}

void
pkt_parts_free (PktParts *p)
{
  g_ptr_array_unref (p->list);
  json_decref (p->removed);
  g_free (p->campaign);
  g_free (p);
}

static gboolean
is_marketing (const PktEvidence *e)
{
  return e->stream == NULL || e->stream->mail_type == NULL
         || g_str_equal (e->stream->mail_type, "marketing");
}

static gboolean
has_consent (const PktEvidence *e)
{
  return e->follow_up == NULL && is_marketing (e)
         && ((e->stream && e->stream->consent) || e->the_case->consent || e->suppression);
}

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

/* campaign.txt goes along only where the page is the question. */
static gboolean
shows_page (const PktEvidence *e)
{
  gboolean doubt = is_about_content (e);
  for (guint i = 0; e->page && i < e->page->hosts->len; i++)
    doubt = doubt || is_doubtful (e, g_ptr_array_index (e->page->hosts, i));
  return doubt && e->page;
}

/* A follow-up brings what is new, and not the old attachments again. */
static gboolean
is_first (const PktEvidence *e)
{
  return e->follow_up == NULL;
}

static gboolean
brings_evidence (const PktEvidence *e)
{
  return is_first (e) || e->follow_up->fresh;
}

static gboolean
has_samples (const PktEvidence *e)
{
  return is_first (e) && e->samples->len > 0;
}

static gboolean
has_trend (const PktEvidence *e)
{
  return brings_evidence (e) && pkt_evidence_has_deliveries (e);
}

static gboolean
has_page (const PktEvidence *e)
{
  return is_first (e) && is_marketing (e);
}

static const char *
trend_word (const PktEvidence *e)
{
  return is_first (e) ? word_trend : word_new_trend;
}

const char **
pkt_parts_words (const PktEvidence *e, const PktInputs *in)
{
  const char **words = g_new0 (const char *, 8);
  gsize n = 0;
  if (brings_evidence (e))
    words[n++] = word_errors;
  if (has_samples (e))
    words[n++] = word_headers;
  if (has_trend (e))
    words[n++] = trend_word (e);
  if (in->screenshot && has_page (e))
    words[n++] = word_screenshot;
  if (is_first (e) && shows_page (e))
    words[n++] = word_campaign;
  if (has_consent (e))
    words[n++] = word_consent;
  return words;
}

static gboolean
add (PktParts *p, PktRedactor *r, const char *word, const char *name, const char *type,
     const char *bytes, gsize n, char *alt, GError **error)
{
  PktPublicPart *part = pkt_publish_part (r, name, type, bytes, n, error);
  if (part == NULL) {
    g_free (alt);
    return FALSE;
  }
  PktPart *made = g_new0 (PktPart, 1);
  made->part = part;
  made->word = word;
  made->alt = alt;
  g_ptr_array_add (p->list, made);
  return TRUE;
}

static gboolean
add_text (PktParts *p, PktRedactor *r, const char *word, const char *name, const char *text,
          GError **error)
{
  return add (p, r, word, name, "text/plain", text, strlen (text), NULL, error);
}

static gboolean
add_headers (PktParts *p, const PktEvidence *e, PktRedactor *r, GError **error)
{
  GString *text = g_string_new (
      "Headers of mail that iCloud Mail accepted, from mailboxes of ours. Recipients and\n"
      "reader tokens are replaced, inner hops and unknown fields left out; after that\n"
      "the DKIM signatures cannot be verified any more.\n");
  for (guint i = 0; i < e->samples->len; i++) {
    json_t *removed = NULL;
    g_autofree char *headers = pkt_redact_headers (r, g_ptr_array_index (e->samples, i), &removed);
    g_string_append_printf (text, "\n==== sample %u\n%s", i + 1, headers);
    json_array_extend (p->removed, removed);
    json_decref (removed);
  }
  gboolean ok = add_text (p, r, word_headers, "delivered-headers.txt", text->str, error);
  g_string_free (text, TRUE);
  return ok;
}

/* Days of the stream alone for Apple, and of the same stream to all others. */
static GArray *
stream_days (const PktEvidence *e)
{
  PktTally only = *e->scan->tally;
  only.cells = g_array_new (FALSE, FALSE, sizeof (PktCell));
  for (guint i = 0; i < e->scan->tally->cells->len; i++) {
    const PktCell *c = &g_array_index (e->scan->tally->cells, PktCell, i);
    gboolean mine = e->stream_ids->len == 0;
    for (guint k = 0; k < e->stream_ids->len; k++)
      mine = mine || g_array_index (e->stream_ids, guint16, k) == c->key.stream;
    if (mine)
      g_array_append_vals (only.cells, c, 1);
  }
  GArray *days = pkt_sum_days (&only, &PKT_SUM_ALL, NULL);
  g_array_unref (only.cells);
  return days;
}

static gboolean
add_trend (PktParts *p, const PktEvidence *e, PktRedactor *r, const PktPublic *facts,
           GError **error)
{
  g_autoptr (GArray) days = stream_days (e);
  const char *domain = json_string_value (json_object_get (pkt_public_facts (facts), "domain"));
  g_autofree char *label = g_strdup_printf ("%s%s%s", e->stream_name, domain ? ", From " : "",
                                            domain ? domain : "");
  const PktChartLabels labels = { .stream = label,
                                  .zone_name = "UTC",
                                  .onset = e->started,
                                  .or_earlier = e->or_earlier,
                                  .relief = e->onset.over ? e->onset.relief : PKT_NO_TIME,
                                  .newest = e->latest };
  g_autofree char *csv = pkt_trend_csv (days), *csv_name = pkt_trend_name (days, ".csv"),
                  *png_name = pkt_trend_name (days, ".png");
  g_autoptr (GBytes) png = pkt_trend_png (days, &labels, error);
  if (png == NULL
      || !add (p, r, trend_word (e), csv_name, "text/csv", csv, strlen (csv), NULL, error))
    return FALSE;
  gsize n;
  const char *bytes = g_bytes_get_data (png, &n);
  return add (p, r, trend_word (e), png_name, "image/png", bytes, n, pkt_trend_alt (days, &labels),
              error);
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

static char *
campaign_text (const PktEvidence *e, const PktInputs *in, PktRedactor *r)
{
  g_autoptr (GPtrArray) from = g_ptr_array_new (), paths = g_ptr_array_new ();
  g_autoptr (PktPrivacyScope) scope = pkt_privacy_scope_new (in);
  list_senders (in, from, paths);
  const PktSample *sample = in->samples->len ? g_ptr_array_index (in->samples, 0) : NULL;
  const PktCampaign c = { .page = e->page,
                          .sample = sample,
                          .from_sample = in->the_case->evidence.page_html == NULL,
                          .from = (const char *const *)from->pdata,
                          .paths = (const char *const *)paths->pdata,
                          .own = scope->scope.own_domains };
  return pkt_campaign_text (&c, r);
}

static gboolean
add_page (PktParts *p, const PktEvidence *e, const PktInputs *in, PktRedactor *r, GError **error)
{
  if (!is_first (e))
    return TRUE;
  if (in->screenshot && is_marketing (e)) {
    gsize n;
    const char *bytes = g_bytes_get_data (in->screenshot, &n);
    if (!add (p, r, word_screenshot, "campaign.png", "image/png", bytes, n,
              g_strdup ("the sender's own screenshot of the campaign"), error))
      return FALSE;
  }
  if (in->page == NULL)
    return TRUE;
  p->campaign = campaign_text (e, in, r);
  pkt_redactor_note_example (r, "campaign.txt", p->campaign);
  return !shows_page (e) || add_text (p, r, word_campaign, "campaign.txt", p->campaign, error);
}

static gboolean
has_errors (const PktPublic *facts)
{
  return json_array_size (json_object_get (pkt_public_facts (facts), "errors")) > 0;
}

static gboolean
add_errors (PktParts *p, PktRedactor *r, const json_t *view, GError **error)
{
  g_autofree char *text = pkt_text_render ("smtp-errors.txt", view, FALSE, error);
  return text && add_text (p, r, word_errors, "apple-smtp-errors.txt", text, error);
}

gboolean
pkt_parts_make (PktParts *p, const PktEvidence *e, const PktInputs *in, PktRedactor *r,
                const PktPublic *facts, const json_t *view, GError **error)
{
  if (brings_evidence (e) && has_errors (facts) && !add_errors (p, r, view, error))
    return FALSE;
  if (has_samples (e) && !add_headers (p, e, r, error))
    return FALSE;
  if (has_trend (e) && !add_trend (p, e, r, facts, error))
    return FALSE; /* refusals alone make no rate */
  if (!add_page (p, e, in, r, error))
    return FALSE;
  if (!has_consent (e))
    return TRUE;
  g_autofree char *consent = pkt_text_render ("consent.txt", view, TRUE, error);
  return consent && add_text (p, r, word_consent, "consent-and-suppression.txt", consent, error);
}
