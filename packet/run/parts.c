#include "packet/run/parts.h"
#include "packet/base/error.h"
#include "packet/redact/aid.h"
#include "packet/redact/headers.h"
#include "packet/redact/publish.h"
#include "packet/request/view.h"
#include "packet/run/follow-up.h"
#include "packet/trend/chart.h"
#include "packet/trend/csv.h"

static const char word_errors[] = "SMTP errors", word_headers[] = "headers of accepted samples",
                  word_trend[] = "Apple-only trend by date", word_screenshot[] = "screenshot",
                  word_campaign[] = "text of the campaign", word_consent[] = "consent",
                  word_new_trend[] = "Apple-only trend",
                  word_drawn[] = "picture of the campaign's text";

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
  g_free (p->own);
  g_clear_pointer (&p->screen, pkt_screen_free);
  g_free (p);
}

static gboolean
is_marketing (const PktEvidence *e)
{
  return e->variant == PKT_VARIANT_MARKETING;
}

static gboolean
has_consent (const PktEvidence *e)
{
  return e->follow_up == NULL && is_marketing (e)
         && ((e->stream && e->stream->consent) || e->the_case->consent || e->suppression);
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
  gboolean any = FALSE; /* what another receiver took is no mail that Apple accepted */
  for (guint i = 0; i < e->samples->len; i++)
    any = any || ((const PktSample *)g_ptr_array_index (e->samples, i))->at_apple;
  return is_first (e) && any;
}

static gboolean
has_trend (const PktEvidence *e)
{
  return brings_evidence (e) && pkt_evidence_has_deliveries (e);
}

gboolean
pkt_parts_page_shown (const PktEvidence *e)
{
  return is_first (e) && is_marketing (e);
}

static const char *
screen_word (const PktParts *p)
{
  return p->screen->kind == PKT_SCREEN_DRAWN ? word_drawn : word_screenshot;
}

static const char *
trend_word (const PktEvidence *e)
{
  return is_first (e) ? word_trend : word_new_trend;
}

const char **
pkt_parts_words (const PktParts *p, const PktEvidence *e)
{
  const char **words = g_new0 (const char *, 8);
  gsize n = 0;
  if (brings_evidence (e))
    words[n++] = word_errors;
  if (has_samples (e))
    words[n++] = word_headers;
  if (has_trend (e))
    words[n++] = trend_word (e);
  if (p->screen)
    words[n++] = screen_word (p);
  if (is_first (e) && p->campaign && pkt_parts_page_asked (e))
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

GPtrArray *
pkt_parts_samples (const GPtrArray *samples)
{
  GPtrArray *shown = g_ptr_array_new ();
  for (guint i = 0; i < samples->len && shown->len < PKT_PARTS_SAMPLES; i++)
    if (((const PktSample *)samples->pdata[i])->at_apple)
      g_ptr_array_add (shown, samples->pdata[i]);
  return shown;
}

static gboolean
add_headers (PktParts *p, const PktEvidence *e, PktRedactor *r, GError **error)
{
  GString *text = g_string_new (
      "Headers of mail that iCloud Mail accepted, from mailboxes of ours. Recipients and\n"
      "reader tokens are replaced, inner hops and unknown fields left out; after that\n"
      "the DKIM signatures cannot be verified any more.\n");
  g_autoptr (GPtrArray) shown = pkt_parts_samples (e->samples);
  for (guint i = 0; i < shown->len; i++) {
    json_t *removed = NULL;
    g_autofree char *headers = pkt_redact_headers (r, g_ptr_array_index (shown, i), &removed);
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
  PktTally *only = pkt_evidence_part (e, TRUE);
  GArray *days = pkt_sum_days (only, &PKT_SUM_ALL, NULL);
  pkt_evidence_part_free (only);
  return days;
}

/* What the mark at the start says: a rise that the logs show, or no more than they do. */
static const char *
start_words (const PktEvidence *e)
{
  if (e->variant == PKT_VARIANT_DEFERRAL)
    return "put off since";
  if (e->variant == PKT_VARIANT_CONNECTION)
    return "connections fail since";
  if (e->onset.found && e->started == e->onset.rose_at)
    return NULL;
  return e->started == e->onset.first ? "first refusal" : "start";
}

static const char *
latest_words (const PktEvidence *e)
{
  return e->variant == PKT_VARIANT_DEFERRAL     ? "Latest deferral"
         : e->variant == PKT_VARIANT_CONNECTION ? "Latest failed connection"
                                                : NULL;
}

static gboolean
add_trend (PktParts *p, const PktEvidence *e, PktRedactor *r, const PktPublic *facts,
           GError **error)
{
  g_autoptr (GArray) days = stream_days (e);
  const char *domain = json_string_value (json_object_get (pkt_public_facts (facts), "domain"));
  g_autofree char *label = g_strdup_printf ("%s%s%s", e->stream_name,
                                            domain == NULL ? ""
                                            : e->variant == PKT_VARIANT_FORWARDED
                                                ? ", forwarded by "
                                                : ", From ",
                                            domain ? domain : "");
  const PktChartLabels labels = { .stream = label,
                                  .zone_name = "UTC",
                                  .onset = e->started,
                                  .or_earlier = e->or_earlier,
                                  .relief = e->onset.over ? e->onset.relief : PKT_NO_TIME,
                                  .newest = e->latest,
                                  .start = start_words (e),
                                  .latest = latest_words (e) };
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

static gboolean
add_page (PktParts *p, const PktEvidence *e, PktRedactor *r, GError **error)
{
  if (!is_first (e))
    return TRUE;
  if (p->screen) {
    gsize n;
    const char *bytes = g_bytes_get_data (p->screen->wide, &n);
    if (!add (p, r, screen_word (p), "campaign.png", "image/png", bytes, n,
              g_strdup (p->screen->alt), error))
      return FALSE;
  }
  return p->campaign == NULL || !pkt_parts_page_asked (e)
         || add_text (p, r, word_campaign, "campaign.txt", p->campaign, error);
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
pkt_parts_make (PktParts *p, const PktEvidence *e, PktRedactor *r, const PktPublic *facts,
                const json_t *view, GError **error)
{
  if (brings_evidence (e) && has_errors (facts) && !add_errors (p, r, view, error))
    return FALSE;
  if (has_samples (e) && !add_headers (p, e, r, error))
    return FALSE;
  if (has_trend (e) && !add_trend (p, e, r, facts, error))
    return FALSE; /* refusals alone make no rate */
  if (!add_page (p, e, r, error))
    return FALSE;
  if (!has_consent (e))
    return TRUE;
  g_autofree char *consent = pkt_text_render ("consent.txt", view, TRUE, error);
  return consent && add_text (p, r, word_consent, "consent-and-suppression.txt", consent, error);
}
