#include "packet/redact/our-words.h"
#include "packet/base/data.h"
#include "packet/redact/digests.h"

#define MAX_WORD 64 /* bytes: longer ones are not asked for */
#define MAX_PARTS 8 /* "a.b-c_d": more than the verifier takes together */

/* What packets say beside the templates: Apple's names, MIME, files, marks, JSON, columns. */
static const char *const said[] = {
  "icloud.com private.icloud.com mx01.mail.icloud.com mx02.mail.icloud.com",
  "apple.com privaterelay.appleid.com "
  "icloud-mail-production.svc.kube.us-west-2a.k8s.cloud.apple.com",
  "apple-only other-host double-opt-in opt-in opted-in hard-bounce soft-bounce list-unsubscribe",
  "mime-version content-type content-transfer-encoding content-disposition message-id x-unsent",
  "in-reply-to multipart-mixed text-plain text-csv image-png us-ascii utf-8 quoted-printable",
  "case.json dmarc-reports campaign-own.txt draft.eml request.eml review.html packet.json",
  "privacy-report.txt campaign.png campaign.txt apple-smtp-errors.txt apple-bounce-trend.csv",
  "apple-bounce-trend.png delivered-headers.txt consent-and-suppression.txt ticket.md ticket.json",
  "header-removed header-rewritten recipient-domain return-path local-part private-word "
  "reversed-host",
  "file-name reader-page sent-again bounce-trend delivered-headers",
  "icl-info icl-out-info",
  "all_others_refused_policy_percent deferred_tries refused_policy_percent refused_other",
  "dkim_bits dkim_domain spf_domain sent_from mail_type page_url no_changes changes_since",
  "full_mailboxes unknown_users given_up_elsewhere other_ends other_stream one_per_message",
  "is_neutral url_is_neutral own_domains local_ip remote_queue_id message_id queue_id",
  "recipient_answers refused_recipients settled_by started_day or_earlier near_hour never_again",
  "zone_proof zone_stated last_engagement_days suppression_policy double_opt_in by_domain",
  "evidence.page.url incident.changes incident.description incident.remediation",
  "consent.source consent.suppression_policy sending_ips",
};

static gboolean
is_mark (char c)
{
  return c == '.' || c == '-' || c == '+' || c == '_';
}

/* In lower case, and with one sign for any: so both who ask look them up. */
static void
fold (char *word, gsize n)
{
  for (gsize i = 0; i < n; i++)
    word[i] = is_mark (word[i]) || word[i] == ' ' ? '_' : pkt_ascii_lower (word[i]);
}

static guint64
hash_of (PktSlice word)
{
  char form[MAX_WORD];
  const gsize n = MIN (word.n, sizeof form);
  memcpy (form, word.p, n);
  fold (form, n);
  return pkt_slice_hash (pkt_slice (form, n), 0);
}

static void
add_from (PktDigests *words, PktSlice text)
{
  gsize parts = 0;
  for (gsize n = 0; n < text.n && (g_ascii_isalnum (text.p[n]) || is_mark (text.p[n]));) {
    n++;
    if (n < text.n && g_ascii_isalnum (text.p[n]))
      continue;
    if (++parts > MAX_PARTS)
      return;
    if (n <= MAX_WORD)
      pkt_digests_add (words, hash_of (pkt_slice (text.p, n)));
  }
}

/* Each word, and what lies between the signs in it. */
static void
add_text (PktDigests *words, PktSlice text)
{
  for (gsize i = 0; i < text.n; i++)
    if (g_ascii_isalnum (text.p[i]) && (i == 0 || !g_ascii_isalnum (text.p[i - 1])))
      add_from (words, pkt_slice_skip (text, i));
}

static const PktDigests *
our_words (void)
{
  static PktDigests words;
  static gsize done = 0;
  if (g_once_init_enter (&done)) {
    for (const PktData *d = pkt_data_table; d->name; d++)
      add_text (&words, pkt_slice (d->bytes, d->n));
    for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
      add_text (&words, pkt_slice_str (said[i]));
    g_once_init_leave (&done, 1);
  }
  return &words;
}

static gboolean
has (const char *folded, gsize n)
{
  return pkt_digests_find (our_words (), pkt_slice_hash (pkt_slice (folded, n), 0), 64, NULL);
}

/* "[custom-1]" */
static gboolean
is_numbered_mark (const char *folded, gsize n)
{
  const gsize kind = strlen ("custom_"); /* and "client_" */
  gsize digits = 0;
  if (n <= kind || (memcmp (folded, "custom_", kind) != 0 && memcmp (folded, "client_", kind) != 0))
    return FALSE;
  while (kind + digits < n && g_ascii_isdigit (folded[kind + digits]))
    digits++;
  return kind + digits == n;
}

static void
turn_round (char *word, gsize n)
{
  for (gsize i = 0; i < n / 2; i++) {
    const char c = word[i];
    word[i] = word[n - 1 - i];
    word[n - 1 - i] = c;
  }
}

static void
rotate (char *word, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_islower (word[i]))
      word[i] = (char)('a' + (word[i] - 'a' + 13) % 26);
}

gboolean
pkt_our_words_have (PktSlice local)
{
  char form[MAX_WORD];
  if (local.n == 0 || local.n > sizeof form)
    return FALSE;
  memcpy (form, local.p, local.n);
  fold (form, local.n);
  if (has (form, local.n) || is_numbered_mark (form, local.n))
    return TRUE;
  turn_round (form, local.n); /* texts are searched backwards and rotated, too: "moc.duolci" … */
  if (has (form, local.n))
    return TRUE;
  turn_round (form, local.n);
  rotate (form, local.n); /* … "vpybhq.pbz" */
  return has (form, local.n);
}
