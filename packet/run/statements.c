/* A sentence of the case that states what was looked up and found otherwise. "DMARC is published",
 * "DKIM, SPF and DMARC verified": a subject, a word that affirms, and no word that denies or
 * promises. */
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/verified.h"

static const char *const affirmations[] = {
  "verified",  "publish",  "pass",      "valid",      "correct",       "in place",    "set up",
  "enabled",   "configur", "aligned",   "checked",    "exists",        "works",       "in order",
  " ok",       "signed",   "fixed",     "p=",         "complete",      "clean",       "added",
  "we have",   "has a",    "there is",  "are there",  "authenticated", "protected",   "complian",
  "comply",    "enforce",  "is active", "is present", "is live",       "implemented", "deployed",
  "is set to", ": yes",    NULL
};
static const char *const denials[] = { "no ",     "not ",   " none ", "neither", " nor ", "without",
                                       "missing", "never",  "n't",    "lack",    "fail",  "will",
                                       "plan",    "soon",   "until",  "broken",  "wrong", "remove",
                                       "unless",  "should", "would",  "to be ",  "yet",   NULL };

static const struct {
  const char *const words[6];
  PktProof (*proof) (const PktEvidence *e);
  const char *const sample_rule; /* Apple's own result that contradicts it as well; NULL */
} subjects[] = {
  { { "spf", NULL }, pkt_verified_spf, "sample-auth" },
  { { "dkim", NULL }, pkt_verified_dkim, "sample-auth" },
  { { "dmarc", NULL }, pkt_verified_dmarc, "sample-dmarc" },
  { { "reverse dns", "rdns", "ptr", NULL }, pkt_verified_reverse, NULL },
};
static const char *const list_words[] = { "spamhaus", "blocklist", "blacklist", "block list",
                                          NULL };
static const char *const clear_words[] = { "not listed", "no listing", "delisted", "not on",
                                           "no block",   "clean",      "on no",    NULL };

static gboolean
is_word_at (const char *text, const char *at, gsize n)
{
  return (at == text || !g_ascii_isalnum (at[-1])) && !g_ascii_isalnum (at[n]);
}

/* Any of them; whole words where `whole`. */
static gboolean
has_any (const char *text, const char *const *words, gboolean whole)
{
  for (; *words; words++)
    for (const char *at = strstr (text, *words); at; at = strstr (at + 1, *words))
      if (!whole || is_word_at (text, at, strlen (*words)))
        return TRUE;
  return FALSE;
}

static const PktCheck *
sample_row (const PktEvidence *e, const char *rule)
{
  for (guint i = 0; rule && e->checks && i < e->checks->rows->len; i++) {
    const PktCheck *c = g_ptr_array_index (e->checks->rows, i);
    if (g_str_equal (c->rule, rule))
      return c;
  }
  return NULL;
}

/* What contradicts one sentence; NULL. */
static const PktCheck *
contradiction (const PktEvidence *e, const char *sentence)
{
  g_autofree char *text = g_ascii_strdown (sentence, -1);
  if (has_any (text, list_words, FALSE) && has_any (text, clear_words, FALSE)) {
    PktProof p = pkt_verified_lists (e);
    return p.state == PKT_PROOF_BROKEN ? p.row : NULL;
  }
  if (!has_any (text, affirmations, FALSE) || has_any (text, denials, FALSE))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++) {
    if (!has_any (text, subjects[i].words, TRUE))
      continue;
    PktProof p = subjects[i].proof (e);
    if (p.state == PKT_PROOF_BROKEN)
      return p.row;
    const PktCheck *row = p.state == PKT_PROOF_NONE ? sample_row (e, subjects[i].sample_rule)
                                                    : NULL;
    if (row)
      return row;
  }
  return NULL;
}

static char *
source_of (const PktEvidence *e)
{
  if (e->checks->at == PKT_NO_TIME)
    return g_strdup ("");
  return pkt_clock_format (e->checks->at, NULL, " (asked %Y-%m-%d %H:%M UTC)");
}

static gboolean
check_sentence (const PktEvidence *e, const char *place, PktSlice sentence, GError **error)
{
  g_autofree char *text = g_strndup (sentence.p, sentence.n);
  const PktCheck *c = contradiction (e, text);
  if (c == NULL)
    return TRUE;
  g_autofree char *said = pkt_text_quote (sentence, 100), *when = source_of (e);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: %s says \"%s\", but %s: %s%s; mend that, or take the sentence out",
               e->the_case->path, place, said, c->subject, c->found, when);
  return FALSE;
}

/* Sentences end with a mark before a blank: "example.com" goes on. */
static gboolean
check_text (const PktEvidence *e, const char *place, const char *text, GError **error)
{
  PktSlice rest = pkt_slice_str (text);
  while (rest.n > 0) {
    gsize n = 0;
    while (n < rest.n
           && !(strchr (".;!?\n", rest.p[n]) && (n + 1 == rest.n || rest.p[n + 1] == ' ')))
      n++;
    if (!check_sentence (e, place, pkt_slice_trim (pkt_slice (rest.p, n)), error))
      return FALSE;
    rest = pkt_slice_skip (rest, n + 1);
  }
  return TRUE;
}

static gboolean
check_dated (const PktEvidence *e, const char *name, const GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++) {
    g_autofree char *place = g_strdup_printf ("$.incident.%s[%u].what", name, i);
    if (!check_text (e, place, ((const PktDated *)list->pdata[i])->what, error))
      return FALSE;
  }
  return TRUE;
}

/* prefix: "$." or "$.streams[2]." */
static gboolean
check_consent (const PktEvidence *e, const char *prefix, const PktConsent *consent, GError **error)
{
  if (consent == NULL)
    return TRUE;
  const struct {
    const char *name, *text;
  } texts[] = { { "source", consent->source },
                { "policy", consent->policy },
                { "unsubscribe", consent->unsubscribe },
                { "suppression_policy", consent->suppression_policy } };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *place = g_strconcat (prefix, "consent.", texts[i].name, NULL);
    if (!check_text (e, place, texts[i].text, error))
      return FALSE;
  }
  return TRUE;
}

/* What the case says of the stream that the request is about. */
static gboolean
check_stream (const PktEvidence *e, GError **error)
{
  guint at = 0;
  if (e->stream == NULL || !g_ptr_array_find (e->the_case->streams, e->stream, &at))
    return TRUE;
  g_autofree char *prefix = g_strdup_printf ("$.streams[%u].", at),
                  *impact = g_strconcat (prefix, "impact", NULL);
  return check_text (e, impact, e->stream->impact, error)
         && check_consent (e, prefix, e->stream->consent, error);
}

static gboolean
check_further (const PktEvidence *e, GError **error)
{
  const PktCase *c = e->the_case;
  for (guint i = 0; c->follow_up.found && c->follow_up.found[i]; i++) {
    g_autofree char *place = g_strdup_printf ("$.follow_up.found[%u]", i);
    if (!check_text (e, place, c->follow_up.found[i], error))
      return FALSE;
  }
  return check_text (e, "$.follow_up.plan", c->follow_up.plan, error);
}

gboolean
pkt_verified_statements (const PktEvidence *e, GError **error)
{
  const PktCase *c = e->the_case;
  if (e->checks == NULL)
    return TRUE;
  return check_text (e, "$.incident.description", c->incident.description, error)
         && check_dated (e, "changes", c->incident.changes, error)
         && check_dated (e, "remediation", c->incident.remediation, error)
         && check_consent (e, "$.", c->consent, error) && check_stream (e, error)
         && check_further (e, error);
}
