#include "packet/run/build.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/redact/headers.h"
#include "packet/redact/key.h"
#include "packet/redact/publish.h"
#include "packet/request/body.h"
#include "packet/request/lint.h"
#include "packet/request/view.h"
#include "packet/run/build-message.h"
#include "packet/run/commit.h"
#include "packet/run/edits.h"
#include "packet/run/facts.h"
#include "packet/run/follow-up.h"
#include "packet/run/requirements.h"
#include "packet/run/write.h"

#define PACKET_ID_CHARS 16

void
pkt_build_result_free (PktBuildResult *r)
{
  g_free (r->output);
  g_ptr_array_unref (r->findings);
  g_ptr_array_unref (r->warnings);
  json_decref (r->requirements);
  g_free (r);
}

static json_t *
reasons_json (const GPtrArray *list, gsize offset)
{
  json_t *a = json_array ();
  for (guint i = 0; i < list->len; i++)
    json_array_append_new (
        a, json_pack ("{s:s}", "reason", G_STRUCT_MEMBER (char *, list->pdata[i], offset)));
  return a;
}

/* What goes out or is shown beside the facts: words of the subject, names of files in the manifest,
 * reasons in the review, the case's name in the ticket's; and the brand, also where the request
 * leaves it out. */
static gboolean
check_names (const PktEvidence *e, const PktInputs *in, PktRedactor *r, GError **error)
{
  json_t *inputs = json_array (), *row;
  gsize i;
  json_array_foreach (in->digests, i, row)
      json_array_append (inputs, json_object_get (row, "path"));
  const char *token = e->subject_token;
  const char *brand = e->stream && e->stream->brand ? e->stream->brand : e->the_case->company.brand;
  g_autoptr (json_t) names = json_pack (
      "{s:{s:s,s:s?,s:s?,s:s?,s:s?,s:o,s:o,s:o}}", "stated", "case", e->the_case->name, "anyway",
      e->anyway, "neutral", e->neutral, "subject_token", token, "brand", brand, "inputs", inputs,
      "disclosed", reasons_json (e->the_case->disclosed, G_STRUCT_OFFSET (PktDisclosed, reason)),
      "tighten", reasons_json (e->the_case->tighten, G_STRUCT_OFFSET (PktTighten, reason)));
  g_autoptr (PktPublic) clean = pkt_publish_facts (r, names, error);
  return clean != NULL;
}

/* Tells one build from another; the same inputs at the same time give the same. */
static char *
packet_id (const PktEvidence *e, const PktInputs *in, const PktPublic *facts)
{
  g_autofree char *all = pkt_json_line (pkt_public_facts (facts)),
                  *inputs = pkt_json_line (in->digests);
  g_autofree char *seed = g_strdup_printf ("%s %s %" G_GINT64_FORMAT, all, inputs, e->now);
  char *id = pkt_file_sha256 (seed, strlen (seed));
  id[PACKET_ID_CHARS] = '\0';
  return id;
}

/* Attachments that a person took out, before they are: the text may not mention them. A word that
 * another attachment has as well may stand. */
static GPtrArray *
removed_parts (const PktEdits *edits, const PktParts *parts)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; edits && i < parts->list->len; i++) {
    const PktPart *p = g_ptr_array_index (parts->list, i);
    gboolean shared = FALSE;
    const char *name = pkt_edits_removed (edits, pkt_public_part_name (p->part));
    if (name == NULL)
      continue;
    for (guint k = 0; k < parts->list->len; k++) {
      const PktPart *other = g_ptr_array_index (parts->list, k);
      shared = shared
               || (other->word == p->word
                   && !pkt_edits_removed (edits, pkt_public_part_name (other->part)));
    }
    const PktLintAttachment a = { name, p->word, FALSE };
    if (!shared)
      g_ptr_array_add (list, g_memdup2 (&a, sizeof a));
  }
  return list;
}

static gboolean
take_edits (PktEdits *edits, PktEvidence *e, PktRedactor *r, const PktPublic *facts,
            PktParts *parts, char **body, GError **error)
{
  const json_t *f = pkt_public_facts (facts);
  g_autofree char *made = g_strdup (*body);
  return edits == NULL
         || (pkt_edits_take_body (edits, body, parts, e, r, f, error)
             && pkt_edits_take_parts (edits, parts, e, r, f, made, error));
}

/* A finding may quote a host name of the sample or of the case. */
static void
hide_privates (const GPtrArray *findings, PktRedactor *r)
{
  for (guint i = 0; i < findings->len; i++) {
    PktFinding *f = g_ptr_array_index (findings, i);
    char *text = pkt_redact_privates (r, f->text);
    char *advice = f->advice ? pkt_redact_privates (r, f->advice) : NULL;
    if (text) {
      g_free (f->text);
      f->text = text;
    }
    if (advice) {
      g_free (f->advice);
      f->advice = advice;
    }
  }
}

/* NULL with error: something private stands where it may not. */
static PktPublic *
publish (PktEvidence *e, const PktInputs *in, PktRedactor *r, PktAudience audience, GError **error)
{
  GError *failed = NULL;
  g_autoptr (json_t) raw = pkt_facts_make (e);
  if (audience == PKT_AUDIENCE_PUBLIC)
    pkt_facts_hide_contact (raw);
  PktPublic *facts = check_names (e, in, r, &failed) ? pkt_publish_facts (r, raw, &failed) : NULL;
  if (facts == NULL) {
    pkt_facts_name_place (e, failed);
    g_propagate_error (error, failed);
  }
  return facts;
}

/* The request's text, as a person may have changed it; what it lacks becomes a finding. */
static char *
make_body (PktEvidence *e, PktRedactor *r, const PktPublic *facts, PktParts *parts,
           const json_t *view, PktEdits *edits, GError **error)
{
  g_autofree char *body = e->follow_up ? pkt_follow_up_render (view, error)
                                       : pkt_body_render (view, error);
  if (body == NULL)
    return NULL;
  g_autoptr (GPtrArray) removed = removed_parts (edits, parts);
  if (!take_edits (edits, e, r, facts, parts, &body, error))
    return NULL;
  pkt_build_lint (e, body, pkt_public_facts (facts), parts, removed);
  return g_steal_pointer (&body);
}

/* The message to send and the one to open; what they lack becomes a finding. */
static gboolean
make_messages (PktEvidence *e, const PktPublic *facts, const PktParts *parts, const char *subject,
               const char *body, GBytes **request, GBytes **draft, GError **error)
{
  g_autofree char *all = pkt_json_line (pkt_public_facts (facts)),
                  *seed = g_strdup_printf ("%s %" G_GINT64_FORMAT, all, e->now);
  *request = pkt_build_message (e, parts, subject, body, seed, FALSE, error);
  *draft = *request ? pkt_build_message (e, parts, subject, body, seed, TRUE, error) : NULL;
  if (*draft == NULL)
    return FALSE;
  g_autoptr (GPtrArray) found = pkt_lint_message (*request);
  pkt_build_take_findings (e, found);
  return TRUE;
}

/* All that is needed after the inputs were read, in the order in which it must go. */
static gboolean
assemble (PktEvidence *e, const PktInputs *in, PktRedactor *r, PktVerifier *v, PktFolder *folder,
          const PktBuildOptions *o, char **out_id, GError **error)
{
  g_autoptr (PktPublic) facts = publish (e, in, r, o->audience, error);
  if (facts == NULL)
    return FALSE;
  *out_id = packet_id (e, in, facts);
  g_autoptr (PktParts) parts = pkt_parts_new ();
  if (!pkt_parts_page (parts, e, in, o->browser, r, v, error))
    return FALSE;
  g_autofree const char **words = pkt_parts_words (parts, e);
  g_autoptr (json_t) view = pkt_view_make (facts, words);
  g_autofree char *body = NULL, *subject = pkt_build_subject (e, pkt_public_facts (facts));
  g_autoptr (GBytes) request = NULL, draft = NULL;
  if (!pkt_parts_make (parts, e, r, facts, view, error))
    return FALSE;
  if (pkt_evidence_ready (e) && !(body = make_body (e, r, facts, parts, view, o->edits, error)))
    return FALSE;
  if (pkt_evidence_ready (e)
      && !make_messages (e, facts, parts, subject, body, &request, &draft, error))
    return FALSE;
  hide_privates (e->findings, r);
  const gboolean ready = pkt_evidence_ready (e), /* what the message itself lacks counts too */
      goes_out = ready && o->audience == PKT_AUDIENCE_APPLE;
  const PktPacketParts p = { e,
                             in,
                             parts,
                             facts,
                             view,
                             goes_out ? request : NULL,
                             goes_out ? draft : NULL,
                             goes_out ? body : NULL,
                             subject,
                             *out_id,
                             ready,
                             o->audience,
                             r,
                             v,
                             o->edits };
  return pkt_packet_fill (folder, &p, error);
}

/* The service finds a message by its own ids alone. */
static void
warn_of_platform (const PktInputs *in, PktAudience audience)
{
  const char *name = in->the_case->platform.name;
  if (audience != PKT_AUDIENCE_ESP || pkt_headers_know_platform (name))
    return;
  g_ptr_array_add (in->scan->warnings,
                   name
                       ? g_strdup_printf ("%s: the header fields of this service are not known, so "
                                          "none of its own ids is kept",
                                          name)
                       : g_strdup ("the case does not say $.platform.name, so no id of the sending "
                                   "service is kept in the headers"));
}

/* What the answer's subject bore beside ours is its number there (run/answer.h). */
static const char *
subject_token (const PktBuildOptions *o, const PktCase *c, const PktFollowUp *f)
{
  const json_t *answer = f ? f->earlier->answer : NULL;
  if (o->subject_token)
    return o->subject_token;
  return c->request.subject_token ? c->request.subject_token
                                  : pkt_json_text (answer, "subject_token");
}

/* A packet for another case is no use to this one. */
static PktFollowUp *
take_follow_up (const PktBuildOptions *o, const PktCase *c, GError **error)
{
  g_autoptr (PktFollowUp) f = pkt_follow_up_new (o->follow_up, o->resolved, o->assume_sent, error);
  if (f == NULL || g_strcmp0 (f->earlier->case_name, c->name) == 0)
    return g_steal_pointer (&f);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: is a packet of the case %s, not of %s",
               o->follow_up, f->earlier->case_name, c->name);
  return NULL;
}

/* "./outage-packet", "./outage-follow-up-1-packet", "./outage-resolved-packet" */
static char *
output_of (const PktBuildOptions *o, const PktCase *c, const PktFollowUp *f)
{
  if (o->output)
    return g_strdup (o->output);
  if (f && f->kind == PKT_FOLLOW_UP_RESOLVED)
    return g_strdup_printf ("%s-resolved-packet", c->name);
  return f ? g_strdup_printf ("%s-follow-up-%u-packet", c->name, f->number)
           : g_strdup_printf ("%s-packet", c->name);
}

static PktEvidence *
gather (const PktInputs *in, const PktBuildOptions *o, const PktChecks *checks,
        PktFollowUp *follow_up, PktRedactor *r, GError **error)
{
  g_autoptr (PktEvidence) e = pkt_evidence_new (in->the_case, in->scan, r);
  e->samples = in->samples;
  e->all_samples = in->all_samples;
  e->checks = checks;
  e->aggregate = in->aggregate;
  e->anyway = o->anyway;
  e->page = in->page;
  e->page_trouble = in->page_trouble;
  e->page_doubt = in->page_doubt;
  e->neutral = in->neutral;
  e->tracking = in->tracking;
  e->suppression = in->suppression;
  e->zone = in->zone;
  e->zone_name = in->zone_name;
  e->now = pkt_clock_now ();
  e->follow_up = follow_up;
  e->subject_token = subject_token (o, in->the_case, follow_up);
  return pkt_evidence_gather (e, error) ? g_steal_pointer (&e) : NULL;
}

static PktBuildResult *
result_of (PktEvidence *e, const PktInputs *in, char *output_taken)
{
  PktBuildResult *result = g_new0 (PktBuildResult, 1);
  result->output = output_taken;
  result->ready = pkt_evidence_ready (e);
  result->findings = g_ptr_array_ref (e->findings);
  result->warnings = g_ptr_array_ref (in->scan->warnings);
  result->requirements = pkt_requirements_json (e);
  return result;
}

/* Who sends is asked about before anything is written about it. */
static PktChecks *
look (PktInputs *in, const PktAskOptions *ask, GError **error)
{
  g_autoptr (PktIdentity) id = pkt_identity_of_client (in);
  g_autoptr (PktChecks) checks = pkt_checks_new ();
  if (!pkt_checks_ask (checks, id, NULL, ask, error))
    return NULL;
  pkt_checks_addresses (checks, in->published);
  return g_steal_pointer (&checks);
}

PktBuildResult *
pkt_build_run (const PktBuildOptions *options, GError **error)
{
  guint8 key[PKT_KEY_BYTES];
  g_autofree char *stream = pkt_earlier_stream (options->follow_up);
  g_autoptr (PktInputs) in = pkt_inputs_read (options->case_path, &options->scan, &options->page,
                                              options->edits ? options->edits->inputs : NULL,
                                              stream, error);
  if (in == NULL)
    return NULL;
  g_autoptr (PktFollowUp) follow_up = NULL;
  if (options->follow_up && (follow_up = take_follow_up (options, in->the_case, error)) == NULL)
    return NULL;
  g_autofree char *output = output_of (options, in->the_case, follow_up);
  g_autofree char *id = NULL;
  if (!pkt_commit_ready (in->the_case->name, options, output, key, error))
    return NULL;
  g_autoptr (PktChecks) checks = look (in, &options->ask, error);
  if (checks == NULL)
    return NULL;
  g_autoptr (PktPrivacyScope) scope = pkt_privacy_scope_new (in);
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope->scope);
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope->scope);
  pkt_redactor_set_audience (r, options->audience, in->the_case->platform.name);
  if (scope->people)
    pkt_redactor_set_people (r);
  pkt_inputs_teach (in, scope, &options->scan, r, v);
  warn_of_platform (in, options->audience);
  g_autoptr (PktEvidence) e = gather (in, options, checks, follow_up, r, error);
  g_autoptr (PktFolder) folder = pkt_folder_new ();
  if (e == NULL || !assemble (e, in, r, v, folder, options, &id, error))
    return NULL;
  g_autoptr (json_t) map = pkt_redactor_map (r);
  gboolean write = options->edits == NULL || pkt_evidence_ready (e);
  if (write && !pkt_commit (folder, in, options, id, map, output, error))
    return NULL;
  PktBuildResult *result = result_of (e, in, g_steal_pointer (&output));
  result->audience = options->audience;
  result->written = write;
  return result;
}
