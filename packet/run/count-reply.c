#include "packet/run/count-reply.h"
#include "packet/apple/classify.h"
#include "packet/apple/reply.h"
#include "packet/run/reply-names.h"

#define N_KNOWN 64
#define KNOWN_BYTES 1024 /* of a reply that is remembered */

typedef struct {
  char *text; /* NULL: none */
  gsize n;
  PktVerdict verdict; /* of `text` */
  struct {
    guint16 id;
    gboolean is_there, is_often;
    guint64 starts; /* of words by which it may name somebody; where it came again */
  } kind[2];        /* of the MTA's own words, of the other side's */
} Known;

struct PktReplies {
  const PktCatalogue *catalogue;
  PktTallyBuild *tally;
  PktReplyNames *names;
  gboolean accepted;
  Known known[N_KNOWN]; /* by hash */
};

PktReplies *
pkt_replies_new (const PktCatalogue *catalogue, PktTallyBuild *tally, gboolean accepted)
{
  PktReplies *r = g_new0 (PktReplies, 1);
  r->catalogue = catalogue;
  r->tally = tally;
  r->names = pkt_reply_names_new (catalogue);
  r->accepted = accepted;
  return r;
}

void
pkt_replies_free (PktReplies *r)
{
  for (guint i = 0; i < N_KNOWN; i++)
    g_free (r->known[i].text);
  pkt_reply_names_free (r->names);
  g_free (r);
}

/* NULL where the reply is too long to be kept. */
static Known *
find (PktReplies *r, PktSlice reply)
{
  if (reply.n == 0 || reply.n > KNOWN_BYTES)
    return NULL;
  Known *k = &r->known[pkt_slice_hash (reply, 0) % N_KNOWN];
  if (k->text && pkt_slice_equal (pkt_slice (k->text, k->n), reply))
    return k;
  g_free (k->text);
  *k = (Known){ .text = g_memdup2 (reply.p, reply.n), .n = reply.n };
  pkt_classify (r->catalogue, pkt_slice (k->text, k->n), &k->verdict);
  return k;
}

/* A code that our own side wrote, as "Diagnostic-Code: x-filter; 550 5.7.1 Blocked" of a bounce,
 * where no host was reached: nobody else's policy. */
static gboolean
is_own_code (const PktAttempt *a, const PktVerdict *v)
{
  return !a->reply_is_remote && v->code && v->rule == NULL && v->category == PKT_CAT_POLICY
         && a->remote_host.n == 0 && a->remote_ip.n == 0;
}

void
pkt_replies_read (PktReplies *r, const PktAttempt *a, PktVerdict *out)
{
  const Known *k = a->outcome != PKT_DELIVERED ? find (r, a->reply) : NULL;
  if (k)
    *out = k->verdict;
  else if (a->outcome != PKT_DELIVERED)
    pkt_classify (r->catalogue, a->reply, out);
  else if (r->accepted)
    pkt_reply_read_accepted (a->reply, out);
  if (is_own_code (a, out)) {
    out->category = PKT_CAT_UNKNOWN;
    out->contactable = FALSE;
  }
  if (a->outcome == PKT_NOT_ATTEMPTED) /* a copy of an earlier answer is no answer */
    out->category = PKT_CAT_UNKNOWN;
}

/* The MTA's own words name hosts and addresses that differ each time: "connect to <host>:
 * Connection refused". */
static char *
own_words (PktSlice reply)
{
  GString *out = g_string_new (NULL);
  g_autofree char *text = pkt_slice_utf8 (reply);
  g_auto (GStrv) words = g_strsplit (text ? text : "", " ", -1);
  for (char **w = words; *w; w++) {
    if (out->len)
      g_string_append_c (out, ' ');
    const char *open = strchr (*w, '[');
    const char *close = open ? strchr (open, ']') : NULL;
    g_string_append (out, !close ? *w : g_str_has_suffix (*w, ":") ? "<host>:" : "<host>");
  }
  g_autofree char *named = g_string_free (out, FALSE);
  return pkt_reply_normalise (pkt_slice_str (named));
}

static guint16
make_kind (PktTallyBuild *tally, const PktAttempt *a, const PktVerdict *v)
{
  g_autofree char *text = a->reply_is_remote ? pkt_reply_normalise (a->reply)
                                             : own_words (a->reply);
  g_autofree char *tag = pkt_slice_utf8 (v->tag), *enhanced = pkt_slice_utf8 (v->enhanced);
  const PktReplyKind kind = { .rule = v->rule ? (char *)v->rule->id : NULL,
                              .tag = tag,
                              .enhanced = enhanced,
                              .text = text,
                              .code = v->code,
                              .category = v->category,
                              .contactable = v->contactable,
                              .policy = pkt_verdict_is_policy (v) };
  return pkt_tally_replies_id (pkt_tally_build_replies (tally), &kind);
}

/* Whom the kind's text names, he is named in it no more. */
static guint16
name_nobody (PktReplies *r, guint16 id, const PktAttempt *a)
{
  PktTallyReplies *kinds = pkt_tally_build_replies (r->tally);
  id = pkt_tally_replies_settled (kinds, id);
  const char *text = pkt_tally_replies_text (kinds, id);
  g_autofree char *masked = text ? pkt_reply_names_mask (r->names, text, a, NULL) : NULL;
  return masked ? pkt_tally_replies_show (kinds, id, masked) : id;
}

static guint16
known_kind (PktReplies *r, Known *k, const PktAttempt *a)
{
  PktTallyReplies *kinds = pkt_tally_build_replies (r->tally);
  const gboolean remote = a->reply_is_remote != FALSE;
  if (!k->kind[remote].is_often) {
    const char *text = pkt_tally_replies_text (kinds, k->kind[remote].id);
    k->kind[remote].starts = text ? pkt_reply_names_starts (r->names, text) : 0;
    k->kind[remote].is_often = TRUE;
  }
  if (pkt_reply_names_may (k->kind[remote].starts, a))
    k->kind[remote].id = name_nobody (r, k->kind[remote].id, a);
  return k->kind[remote].id;
}

guint16
pkt_replies_kind (PktReplies *r, const PktAttempt *a, const PktVerdict *v)
{
  const gboolean remote = a->reply_is_remote != FALSE;
  if (a->outcome == PKT_DELIVERED || a->outcome == PKT_NOT_ATTEMPTED)
    return 0;
  Known *k = find (r, a->reply);
  if (k && k->kind[remote].is_there)
    return known_kind (r, k, a);
  const guint16 id = name_nobody (r, make_kind (r->tally, a, v), a);
  if (k) {
    k->kind[remote].is_there = TRUE;
    k->kind[remote].id = id;
  }
  return id;
}

/* "550 5.7.1 …", "550-5.1.1 …", "450 …" as nearly all receivers write it; what else there is takes
 * the long way. */
static void
classify_other (PktSlice reply, PktVerdict *v)
{
  const char *p = reply.p;
  if (reply.n > 3 && p[0] == '4' && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2])
      && (p[3] == ' ' || p[3] == '-')) {
    v->category = PKT_CAT_RATE;
    return;
  }
  if (reply.n < 10 || p[0] != '5' || !g_ascii_isdigit (p[1]) || !g_ascii_isdigit (p[2])
      || (p[3] != ' ' && p[3] != '-') || p[4] != '5' || p[5] != '.' || !g_ascii_isdigit (p[6])
      || p[7] != '.' || !g_ascii_isdigit (p[8])) {
    pkt_classify_other (reply, v);
    return;
  }
  if (p[6] == '1')
    v->category = PKT_CAT_MAILBOX_UNKNOWN;
  else if (p[6] == '2')
    v->category = PKT_CAT_MAILBOX_FULL;
  else if (p[6] == '7' && p[8] == '1' && !g_ascii_isdigit (p[9]))
    v->category = PKT_CAT_POLICY;
}

guint16
pkt_reply_sort (PktSlice reply)
{
  PktVerdict v = { 0 };
  classify_other (reply, &v);
  return (guint16)((guint8)v.category | (pkt_verdict_is_policy (&v) != 0) << 8);
}
