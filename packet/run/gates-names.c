/* Somebody whom the sender's own sentences may name. */
#include "packet/base/json.h"
#include "packet/run/evidence.h"
#include "packet/run/facts.h"

static void
look_at (PktEvidence *e, const char *place, const json_t *value)
{
  const char *key;
  json_t *inner;
  gsize i;
  json_object_foreach ((json_t *)value, key, inner) look_at (e, place, inner);
  json_array_foreach (value, i, inner) look_at (e, place, inner);
  if (!json_is_string (value)
      || !pkt_redactor_names_mailbox (e->redactor, json_string_value (value)))
    return;
  pkt_evidence_find (
      e, "stated-name", PKT_FINDING_NOTE,
      g_strdup_printf ("%s has two words that make a recipient's address, as a first "
                       "and a last name do.",
                       place),
      "If that person is meant, take the name out. If it is a thing, it may stay.");
}

void
pkt_gates_check_names (PktEvidence *e)
{
  static const struct {
    const char *key, *place;
  } texts[] = { { "description", "$.incident.description" },
                { "changes", "$.incident.changes" },
                { "remediation", "$.incident.remediation" },
                { "impact", "The impact of the stream" },
                { "consent", "The consent of the stream" } };
  json_t *stated = pkt_facts_stated (e);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    look_at (e, texts[i].place, json_object_get (stated, texts[i].key));
  json_decref (stated);
}
