/* What delivered samples show that the sender should know first. */
#include <string.h>
#include "packet/run/evidence.h"
#include "packet/run/leaving.h"
#include "packet/run/parts.h"
#include "packet/run/verified.h"

/* An IP that the logs have nothing of. */
static gboolean
is_strange_ip (const PktEvidence *e, const char *ip)
{
  gboolean any = FALSE;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->local_ip && g_str_equal (event->local_ip, ip))
      return FALSE;
    any = any || event->local_ip;
  }
  return any;
}

/* Newer mail of the stream shows that it was mended: what was, is no lack. */
static PktFindingWeight
weight_of (const PktEvidence *e, const PktSample *old, gboolean dmarc)
{
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->at_apple && !s->allow_listed && old->received != PKT_NO_TIME
        && s->received > old->received
        && (dmarc ? pkt_sample_passes (s, "dmarc")
                  : pkt_sample_passes (s, "spf") || pkt_sample_passes (s, "dkim")))
      return PKT_FINDING_NOTE;
  }
  return PKT_FINDING_LACKING;
}

/* What Apple saw of the newest mail that proves something is so now. */
static gboolean
is_newest_proof (const PktEvidence *e, const PktSample *s)
{
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *other = g_ptr_array_index (e->samples, i);
    if (other->at_apple && !other->allow_listed && other->received > s->received)
      return FALSE;
  }
  return s->at_apple && !s->allow_listed;
}

static void
check_name (PktEvidence *e, const PktSample *s, const char *name)
{
  if (!s->at_apple || s->client_ip == NULL || s->ptr == NULL || pkt_sample_ptr (s)
      || pkt_verified_reverse (e).state == PKT_PROOF_SHOWN)
    return;
  gboolean now = is_newest_proof (e, s) && !is_strange_ip (e, s->client_ip);
  pkt_evidence_find (e, "sample-no-ptr", now ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
                     g_strdup_printf ("In %s Apple found no name for %s (reverse DNS: unknown)%s.",
                                      name, s->client_ip,
                                      now ? ": a requirement of its page is not met" : ""),
                     "Give the IP a PTR whose name leads back to it; 'build --online' shows that "
                     "it has one.");
}

/* Where it came from, and how it was let in. */
static void
check_way (PktEvidence *e, const PktSample *s, const char *name)
{
  if (!s->at_apple)
    pkt_evidence_find (
        e, "sample-elsewhere", PKT_FINDING_NOTE,
        g_strdup_printf (
            "%s was not delivered by Apple's servers: it proves nothing about Apple, and "
            "its headers are left out.",
            name),
        "Save the source of a mail that arrived in an iCloud mailbox of yours.");
  if (s->at_apple && s->client_ip && is_strange_ip (e, s->client_ip))
    pkt_evidence_find (
        e, "sample-other-ip", PKT_FINDING_NOTE,
        g_strdup_printf ("%s was sent from %s, of which the logs show nothing: it proves nothing "
                         "about the IPs that are refused.",
                         name, s->client_ip),
        "Save the source of a mail that these IPs sent.");
  check_name (e, s, name);
  if (s->broken_line)
    pkt_evidence_find (
        e, "sample-broken", PKT_FINDING_NOTE,
        g_strdup_printf ("%s, line %u is no header field: the fields below it were not read, and "
                         "may seem to be missing.",
                         name, s->broken_line),
        "Save the message's source as a file, not out of a window, and name that.");
  if (s->allow_listed)
    pkt_evidence_find (
        e, "sample-allow-listed", PKT_FINDING_NOTE,
        g_strdup_printf (
            "%s was let in by the reader's own list: it proves nothing about the sender.", name),
        "Use a mailbox that does not know the sender.");
}

static void
check_authentication (PktEvidence *e, const PktSample *s, const char *name)
{
  const PktAuthResult *spf = pkt_sample_auth (s, "spf"), *dkim = pkt_sample_auth (s, "dkim");
  gboolean spf_bad = spf && strcmp (spf->result, "pass") != 0,
           dkim_bad = dkim && strcmp (dkim->result, "pass") != 0;
  if (spf_bad && dkim_bad)
    pkt_evidence_find (e, "auth-fails", weight_of (e, s, FALSE),
                       g_strdup_printf ("In %s Apple saw neither SPF nor DKIM pass%s.", name,
                                        weight_of (e, s, FALSE) == PKT_FINDING_LACKING
                                            ? ": a requirement of its page is not met"
                                            : ", in newer mail it did"),
                       "Mend SPF or DKIM of this stream first; the postmaster cannot.");
  if (s->at_apple && s->auth->len == 0)
    pkt_evidence_find (e, "sample-no-results", PKT_FINDING_NOTE,
                       g_strdup_printf ("In %s no result of Apple's stands: it does not show that "
                                        "SPF, DKIM or DMARC pass.",
                                        name),
                       "Save the whole source of an accepted mail, Apple's Authentication-Results "
                       "at its top with it.");
}

static void
check_dmarc (PktEvidence *e, const PktSample *s, const char *name)
{
  const PktAuthResult *dmarc = pkt_sample_auth (s, "dmarc");
  if (dmarc && g_str_equal (dmarc->result, "fail") && e->variant == PKT_VARIANT_FORWARDED)
    pkt_evidence_find (e, "dmarc-fails", PKT_FINDING_NOTE,
                       g_strdup_printf ("In %s Apple saw the author's DMARC fail.", name),
                       "Forward without changing what the author signed, and seal with ARC.");
  else if (dmarc && g_str_equal (dmarc->result, "fail"))
    pkt_evidence_find (e, "dmarc-fails", weight_of (e, s, TRUE),
                       g_strdup_printf ("In %s Apple saw DMARC fail%s.", name,
                                        weight_of (e, s, TRUE) == PKT_FINDING_LACKING
                                            ? ""
                                            : ", in newer mail it passes"),
                       "Align SPF or DKIM with the From domain first.");
}

/* Apple found no policy of the From domain, and DNS shows none since. */
static void
check_policy (PktEvidence *e, const PktSample *s, const char *name)
{
  if (!pkt_verified_lacks_policy (e, s) || pkt_verified_dmarc (e).state != PKT_PROOF_NONE)
    return;
  pkt_evidence_find (e, "sample-no-dmarc", PKT_FINDING_LACKING,
                     g_strdup_printf ("In %s Apple found no DMARC policy of %s (dmarc=none): a "
                                      "requirement of its page is not met.",
                                      name, s->from_domain),
                     "Publish TXT at _dmarc.DOMAIN: v=DMARC1; p=none; rua=mailto: and an address "
                     "of yours; 'build --online' shows that it is there.");
}

/* Forwarded mail wants ARC; all mail one From, Date and Message-ID. */
static void
check_form (PktEvidence *e, const PktSample *s, const char *name)
{
  if (e->variant == PKT_VARIANT_FORWARDED && !pkt_sample_count_fields (s, "ARC-Seal"))
    pkt_evidence_find (e, "sample-no-arc", PKT_FINDING_LACKING,
                       g_strdup_printf ("%s was forwarded without ARC: a requirement of Apple's "
                                        "page is not met.",
                                        name),
                       "Let the forwarder seal with ARC (RFC 8617), and save a newer mail.");
  if (pkt_sample_form (s) < 0)
    pkt_evidence_find (e, "sample-form", PKT_FINDING_LACKING,
                       g_strdup_printf ("%s has From, Date or Message-ID more than once: a "
                                        "requirement of Apple's page (RFC 5322) is not met.",
                                        name),
                       "Mend what writes the mail, and save a newer one.");
}

static void
check_sample (PktEvidence *e, const PktSample *s)
{
  g_autofree char *name = g_path_get_basename (s->path);
  check_way (e, s, name);
  check_authentication (e, s, name);
  check_dmarc (e, s, name);
  if (!is_newest_proof (e, s))
    return;
  check_policy (e, s, name);
  check_form (e, s, name);
}

/* What mail of another stream shows is not this one's. */
static void
check_other_samples (PktEvidence *e)
{
  for (guint i = 0; i < e->all_samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->all_samples, i);
    if (g_ptr_array_find (e->samples, s, NULL))
      continue;
    g_autofree char *name = g_path_get_basename (s->path);
    pkt_evidence_find (
        e, "sample-other-stream", PKT_FINDING_NOTE,
        g_strdup_printf ("%s is not of the stream that the request is about (%s): it is left out.",
                         name, e->stream_name),
        "Save the source of an accepted mail of this stream, or correct $.streams[].match.");
  }
}

static void
check_number (PktEvidence *e)
{
  guint n = 0;
  for (guint i = 0; i < e->samples->len; i++)
    n += ((const PktSample *)e->samples->pdata[i])->at_apple;
  if (n > PKT_PARTS_SAMPLES)
    pkt_evidence_find (
        e, "samples-left-out", PKT_FINDING_NOTE,
        g_strdup_printf ("Of %u delivered samples the headers of the first %d go out: what all of "
                         "them show is told, and nobody reads more.",
                         n, PKT_PARTS_SAMPLES),
        "List those first in $.evidence.delivered that show it best, the newest among them.");
}

gboolean
pkt_gates_is_marketing (const PktEvidence *e)
{
  return e->variant == PKT_VARIANT_MARKETING && e->stream
         && g_strcmp0 (e->stream->mail_type, "marketing") == 0;
}

/* Apple's page asks for a link that works at once, wherever it stands. */
static void
check_no_header (PktEvidence *e)
{
  const gboolean on_page = e->page && e->page->unsubscribe,
                 in_text = !on_page && pkt_leaving_sample (e);
  if (e->page && !on_page && !in_text)
    pkt_evidence_find (e, "no-unsubscribe", PKT_FINDING_LACKING,
                       g_strdup ("The marketing sample has no List-Unsubscribe, and its page no "
                                 "link for it: a requirement of Apple's page is known to fail."),
                       "Add List-Unsubscribe and List-Unsubscribe-Post to the stream.");
  else
    pkt_evidence_find (e, "no-unsubscribe-header", PKT_FINDING_NOTE,
                       g_strdup_printf ("The marketing sample has no List-Unsubscribe%s.",
                                        on_page   ? ", only a link on its page"
                                        : in_text ? ", only a link in its text"
                                                  : ""),
                       "Add List-Unsubscribe and List-Unsubscribe-Post to the stream: mail "
                       "clients show them as a button.");
}

void
pkt_gates_check_samples (PktEvidence *e)
{
  gboolean unsubscribe = FALSE;
  check_other_samples (e);
  check_number (e);
  if (e->samples->len == 0)
    pkt_evidence_find (
        e, "no-sample", PKT_FINDING_NOTE,
        g_strdup (
            "There is no delivered sample: nothing shows that authentication passes at Apple."),
        "Save the source of an accepted mail from a mailbox of yours and list it in "
        "$.evidence.delivered.");
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    check_sample (e, s);
    unsubscribe = unsubscribe || s->has_unsubscribe;
  }
  if (pkt_gates_is_marketing (e) && e->samples->len && !unsubscribe)
    check_no_header (e);
  if (pkt_gates_is_marketing (e) && e->the_case->consent == NULL && e->stream->consent == NULL)
    pkt_evidence_find (
        e, "no-consent", PKT_FINDING_NOTE,
        g_strdup ("Nothing is said of consent, which a marketing sender should show."),
        "Write $.consent: source, double_opt_in, unsubscribe, suppression_policy.");
}
