/* packet.json, as far as it does not follow from the finished files. */
#include "packet/run/write.h"
#include "packet/base/json.h"
#include "packet/dns/dmarc.h"
#include "packet/redact/aid.h"
#include "packet/run/desks.h"
#include "packet/run/facts.h"
#include "packet/run/follow-up.h"
#include "packet/run/requests.h"
#include "packet/run/requirements.h"
#include "packet/run/variant.h"

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static json_t *
findings_json (const PktEvidence *e)
{
  json_t *a = json_array ();
  for (guint i = 0; i < e->findings->len; i++) {
    const PktFinding *f = g_ptr_array_index (e->findings, i);
    json_t *o = json_object ();
    json_object_set_new (o, "id", pkt_json_string (f->id));
    json_object_set_new (o, "lacking", json_boolean (f->weight == PKT_FINDING_LACKING));
    json_object_set_new (o, "text", pkt_json_string (f->text));
    json_object_set_new (o, "advice", pkt_json_string (f->advice));
    json_array_append_new (a, o);
  }
  return a;
}

/* What the case itself says of privacy. A private word is not printed. */
static json_t *
allowed_json (const PktCase *c)
{
  json_t *a = json_array ();
  for (guint i = 0; i < c->disclosed->len; i++) {
    const PktDisclosed *d = g_ptr_array_index (c->disclosed, i);
    json_array_append_new (a, json_pack ("{s:s, s:s}", "address", d->address, "reason", d->reason));
  }
  return a;
}

static json_t *
tightened_json (const PktCase *c)
{
  json_t *a = json_array ();
  for (guint i = 0; i < c->tighten->len; i++) {
    const PktTighten *t = g_ptr_array_index (c->tighten, i);
    gboolean class_only = g_strcmp0 (t->to, "class") == 0;
    g_autofree char *what = t->header ? g_strdup_printf ("header field %s: %s", t->header,
                                                         class_only ? "length and class only"
                                                                    : "left out")
                                      : g_strdup ("a word: [private]");
    json_array_append_new (a, json_pack ("{s:s, s:s}", "what", what, "reason", t->reason));
  }
  return a;
}

/* What goes along, and how the body calls it. */
static json_t *
parts_json (const PktPacketParts *p)
{
  json_t *a = json_array ();
  for (guint i = 0; i < p->parts->list->len; i++) {
    const PktPart *part = g_ptr_array_index (p->parts->list, i);
    json_t *o = json_object ();
    json_object_set_new (o, "name", pkt_json_string (pkt_public_part_name (part->part)));
    json_object_set_new (o, "type", pkt_json_string (pkt_public_part_type (part->part)));
    json_object_set_new (o, "word", pkt_json_string (part->word));
    json_object_set_new (o, "alt", pkt_json_string (part->alt));
    json_array_append_new (a, o);
  }
  return a;
}

/* When the figures begin and end. */
static json_t *
evidence_json (const PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  return json_pack ("{s:o, s:o}", "first", pkt_json_time (t->first), "last",
                    pkt_json_time (t->last));
}

/* What tells one request from another: two open ones about the same are one too many. */
static json_t *
about_json (const PktEvidence *e)
{
  json_t *ips = json_array ();
  const char *domain = pkt_facts_from_domain (e);
  g_autofree char *organisation = domain ? pkt_dmarc_list_organizational (domain) : NULL;
  for (guint i = 0; i < e->ips->len; i++)
    json_array_append_new (ips, pkt_json_string (g_ptr_array_index (e->ips, i)));
  return json_pack ("{s:o, s:o, s:o}", "ips", ips, "domain", pkt_json_string (domain),
                    "organisation", pkt_json_string (organisation));
}

static json_t *
strings_json (const char *const *list)
{
  json_t *a = json_array ();
  for (gsize i = 0; list[i]; i++)
    json_array_append_new (a, json_string (list[i]));
  return a;
}

/* Parts that are for the reader of the review only. */
static json_t *
kept_json (const PktPacketParts *p)
{
  json_t *a = json_array ();
  if (p->parts->campaign)
    json_array_append_new (a, json_string ("campaign.txt"));
  if (p->parts->own)
    json_array_append_new (a, json_string ("campaign-own.txt"));
  if (p->parts->screen && p->parts->screen->phone)
    json_array_append_new (a, json_string ("campaign-320.png"));
  return a;
}

/* What a person changed; the lists of names keep it so when the packet is edited again. */
static void
set_edited (json_t *o, const PktEdits *edits)
{
  json_t *edited = json_array (), *removed = json_array ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (edits->parts), by_name);
  for (const GList *n = names; n; n = n->next)
    json_array_append_new (pkt_edits_removed (edits, n->data) ? removed : edited,
                           json_string (n->data));
  json_object_set (o, "edited", edits->shown);
  json_object_set_new (o, "edited_parts", edited);
  json_object_set_new (o, "removed_parts", removed);
}

/* Hosts of the page and what is claimed of them may bear another client's name. */
static json_t *
without_privates (PktRedactor *r, json_t *taken)
{
  const char *key;
  json_t *value;
  gsize i;
  g_autofree char *clean = json_is_string (taken)
                               ? pkt_redact_privates (r, json_string_value (taken))
                               : NULL;
  if (clean)
    json_string_set (taken, clean);
  json_array_foreach (taken, i, value) without_privates (r, value);
  json_object_foreach (taken, key, value) without_privates (r, value);
  return taken;
}

json_t *
pkt_packet_json (const PktPacketParts *p)
{
  json_t *o = json_object (), *requirements = pkt_requirements_json (p->evidence);
  const PktEvidence *e = p->evidence;
  const PktCase *c = e->the_case;
  g_autoptr (PktPrivacyScope) scope = pkt_privacy_scope_new (p->inputs);
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "case", pkt_json_string (c->name));
  json_object_set_new (o, "id", json_string (p->id));
  json_object_set_new (o, "made", pkt_json_time (e->now));
  json_object_set_new (o, "audience", json_string (pkt_audience_word (p->audience)));
  json_object_set_new (o, "ready", json_boolean (p->request != NULL));
  json_object_set_new (o, "subject", pkt_json_string (p->subject));
  json_object_set_new (o, "figures", pkt_figures_json (e, pkt_public_facts (p->facts)));
  json_object_set_new (o, "template", json_string (pkt_variant_word (e->variant)));
  if (e->follow_up)
    json_object_set_new (o, "follow_up", pkt_follow_up_json (e->follow_up));
  json_object_set_new (o, "findings", findings_json (e));
  if (e->anyway)
    json_object_set_new (o, "anyway", pkt_json_string (e->anyway));
  json_object_set_new (o, "claims", without_privates (p->redactor, pkt_claims_json (e, p->view)));
  json_object_set_new (o, "desks", pkt_desks_json (e));
  pkt_json_set_text (o, "readiness", pkt_requirements_line (requirements));
  json_object_set_new (o, "requirements", requirements);
  json_object_set_new (o, "parts", parts_json (p));
  json_object_set_new (o, "kept", kept_json (p));
  if (p->edits)
    set_edited (o, p->edits);
  json_object_set_new (o, "redacted", pkt_redactor_rules (p->redactor));
  json_object_set (o, "removed", p->parts->removed);
  json_object_set_new (o, "disclosed", allowed_json (c));
  json_object_set_new (o, "tightened", tightened_json (c));
  json_object_set_new (
      o, "counting",
      json_string (
          "an attempt is one recipient in one delivery try; delivered and bounced are final; "
          "deferred counts tries; "
          "a message given up after deferrals adds one bounced; a record read twice counts once"));
  json_object_set_new (o, "allowed", strings_json (scope->scope.allowed));
  json_object_set_new (o, "own_domains", strings_json (scope->scope.own_domains));
  json_object_set_new (o, "evidence", evidence_json (e));
  json_object_set_new (o, "about", about_json (e));
  json_object_set (o, "inputs", p->inputs->digests);
  if (p->inputs->page)
    json_object_set_new (
        o, "page",
        without_privates (p->redactor, pkt_requests_page (p->inputs->page, p->inputs->neutral)));
  return o;
}
