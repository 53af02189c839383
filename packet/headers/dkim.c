#include "packet/headers/dkim.h"
#include "packet/base/crypto.h"
#include "packet/base/domain.h"
#include "packet/base/tags.h"
#include "packet/headers/dkim-canon.h"

#define MAX_SIGNED_FIELDS 500 /* names in h= */
#define SHA256_BYTES 32

typedef struct {
  PktSlice name, value; /* the value with folding, without the last line end */
} Field;

typedef struct {
  PktDkimSigned shown;
  PktTags *tags;
  const Field *field;
  gboolean relaxed_header, relaxed_body, ed25519;
  gint64 length; /* l=; -1: all */
} Signature;

struct PktDkimMessage {
  GArray *fields; /* Field */
  PktSlice body;
  GPtrArray *signatures; /* Signature* */
};

static void
signature_free (gpointer p)
{
  Signature *s = p;
  g_free (s->shown.domain);
  g_free (s->shown.selector);
  g_free (s->shown.algorithm);
  g_free (s->shown.problem);
  g_clear_pointer (&s->tags, pkt_tags_free);
  g_free (s);
}

/* ---- the message ---- */

/* The end of the line at `at`, behind its LF. */
static gsize
line_end (PktSlice raw, gsize at)
{
  const char *lf = at < raw.n ? memchr (raw.p + at, '\n', raw.n - at) : NULL;
  return lf ? (gsize)(lf - raw.p) + 1 : raw.n;
}

static gboolean
is_empty_line (PktSlice raw, gsize at)
{
  return raw.p[at] == '\n' || (raw.p[at] == '\r' && at + 1 < raw.n && raw.p[at + 1] == '\n');
}

static void
add_field (PktDkimMessage *m, PktSlice line)
{
  while (line.n > 0 && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
    line.n--;
  PktSlice name = pkt_slice_until (line, ':');
  if (name.n == line.n || m->fields->len >= PKT_DKIM_MAX_FIELDS) /* "From user Thu …" of an mbox */
    return;
  const Field f = { name, pkt_slice_skip (line, name.n + 1) };
  g_array_append_val (m->fields, f);
}

static void
split (PktDkimMessage *m, PktSlice raw)
{
  gsize at = 0;
  while (at < raw.n && !is_empty_line (raw, at)) {
    gsize end = line_end (raw, at);
    while (end < raw.n && (raw.p[end] == ' ' || raw.p[end] == '\t'))
      end = line_end (raw, end);
    add_field (m, pkt_slice (raw.p + at, end - at));
    at = end;
  }
  m->body = at < raw.n ? pkt_slice_skip (raw, line_end (raw, at)) : pkt_slice (raw.p, 0);
}

static gboolean
is_field (const Field *f, const char *name)
{
  return pkt_slice_equal_nocase (pkt_slice_trim (f->name), pkt_slice_str (name));
}

/* ---- signatures ---- */

/* i= must be d= or under it (3.5). */
static gboolean
agent_fits (const PktTags *t, const char *domain, gboolean strict)
{
  g_autofree char *agent = pkt_tags_get_folded (t, "i");
  const char *at = agent ? strrchr (agent, '@') : NULL;
  if (agent == NULL)
    return TRUE;
  return at
         && (strict ? g_ascii_strcasecmp (at + 1, domain) == 0
                    : pkt_domain_within (at + 1, domain));
}

/* c=header/body; the body's is simple where it is left out (3.5). */
static gboolean
read_forms (Signature *s)
{
  g_autofree char *c = pkt_tags_get_folded (s->tags, "c");
  if (c == NULL)
    return TRUE;
  char *body = strchr (c, '/');
  if (body)
    *body++ = '\0';
  s->relaxed_header = g_ascii_strcasecmp (c, "relaxed") == 0;
  s->relaxed_body = body && g_ascii_strcasecmp (body, "relaxed") == 0;
  return (s->relaxed_header || g_ascii_strcasecmp (c, "simple") == 0)
         && (body == NULL || s->relaxed_body || g_ascii_strcasecmp (body, "simple") == 0);
}

static const char *
problem_of (Signature *s)
{
  static const char *const needed[] = { "v", "a", "b", "bh", "d", "h", "s" };
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (pkt_tags_get (s->tags, needed[i]) == NULL)
      return "a tag that is required is missing";
  g_autofree char *fields = pkt_tags_get_folded (s->tags, "h");
  const char *length = pkt_tags_get (s->tags, "l");
  s->ed25519 = g_ascii_strcasecmp (s->shown.algorithm, "ed25519-sha256") == 0;
  s->length = -1;
  s->shown.part = length != NULL;
  if (!g_str_equal (pkt_tags_get (s->tags, "v"), "1"))
    return "v= is not 1";
  if (!s->ed25519 && g_ascii_strcasecmp (s->shown.algorithm, "rsa-sha256") != 0)
    return "a= is neither rsa-sha256 nor ed25519-sha256";
  if (!read_forms (s))
    return "c= is not known";
  if (length && !pkt_slice_number (pkt_slice_str (length), &s->length))
    return "l= is no number";
  g_auto (GStrv) names = g_strsplit (fields, ":", -1);
  gboolean from = FALSE;
  for (char **n = names; *n; n++)
    from = from || g_ascii_strcasecmp (*n, "from") == 0;
  if (!from || g_strv_length (names) > MAX_SIGNED_FIELDS)
    return "From is not signed";
  return agent_fits (s->tags, s->shown.domain, FALSE) ? NULL : "i= is not under d=";
}

static void
add_signature (PktDkimMessage *m, const Field *f)
{
  if (m->signatures->len >= PKT_DKIM_MAX_SIGNATURES)
    return;
  Signature *s = g_new0 (Signature, 1);
  g_ptr_array_add (m->signatures, s);
  s->field = f;
  s->tags = pkt_tags_parse (f->value);
  if (s->tags == NULL) {
    s->shown.problem = g_strdup ("it is no list of tag=value");
    return;
  }
  s->shown.domain = pkt_tags_get_folded (s->tags, "d");
  s->shown.selector = pkt_tags_get_folded (s->tags, "s");
  s->shown.algorithm = pkt_tags_get_folded (s->tags, "a");
  s->shown.problem = g_strdup (problem_of (s));
}

PktDkimMessage *
pkt_dkim_message_new (PktSlice raw)
{
  PktDkimMessage *m = g_new0 (PktDkimMessage, 1);
  m->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  m->signatures = g_ptr_array_new_with_free_func (signature_free);
  split (m, raw);
  for (guint i = 0; i < m->fields->len; i++)
    if (is_field (&g_array_index (m->fields, Field, i), "DKIM-Signature"))
      add_signature (m, &g_array_index (m->fields, Field, i));
  return m;
}

void
pkt_dkim_message_free (PktDkimMessage *m)
{
  g_array_unref (m->fields);
  g_ptr_array_unref (m->signatures);
  g_free (m);
}

guint
pkt_dkim_count (const PktDkimMessage *m)
{
  return m->signatures->len;
}

const PktDkimSigned *
pkt_dkim_signed (const PktDkimMessage *m, guint i)
{
  return &((const Signature *)g_ptr_array_index (m->signatures, i))->shown;
}

/* ---- verification ---- */

/* The named fields, each name taking the lowest one not yet taken (5.4.2), then the signature
 * itself without b= and without its line end. */
static GString *
signed_header (const PktDkimMessage *m, const Signature *s)
{
  GString *out = g_string_new (NULL);
  g_autofree gboolean *taken = g_new0 (gboolean, m->fields->len + 1);
  g_autofree char *list = pkt_tags_get_folded (s->tags, "h");
  g_auto (GStrv) names = g_strsplit (list, ":", -1);
  for (char **n = names; *n; n++)
    for (guint i = m->fields->len; i > 0; i--) {
      const Field *f = &g_array_index (m->fields, Field, i - 1);
      if (taken[i] || !is_field (f, *n))
        continue;
      taken[i] = TRUE;
      pkt_dkim_canon_field (out, f->name, f->value, s->relaxed_header);
      break;
    }
  gsize length;
  g_autofree char *bare = pkt_dkim_canon_unsigned (s->field->value, &length);
  pkt_dkim_canon_field (out, s->field->name, pkt_slice (bare, length), s->relaxed_header);
  g_string_truncate (out, out->len - 2);
  return out;
}

static void
sha256 (const char *p, gsize n, guint8 out[SHA256_BYTES])
{
  gsize size = SHA256_BYTES;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *)p, (gssize)n);
  g_checksum_get_digest (sum, out, &size);
}

static gboolean
body_fits (const PktDkimMessage *m, const Signature *s)
{
  guint8 digest[SHA256_BYTES];
  gsize n = 0;
  GString *body = g_string_sized_new (m->body.n + 2);
  pkt_dkim_canon_body (body, m->body, s->relaxed_body);
  gsize length = s->length < 0 ? body->len : (gsize)s->length;
  gboolean whole = length <= body->len;
  sha256 (body->str, MIN (length, body->len), digest);
  g_string_free (body, TRUE);
  g_autofree char *text = pkt_tags_get_folded (s->tags, "bh");
  g_autofree guint8 *stated = g_base64_decode (text, &n);
  return whole && n == SHA256_BYTES && memcmp (stated, digest, n) == 0;
}

static EVP_PKEY *
key_of (const PktDkimKey *k)
{
  gsize n = 0;
  const guint8 *p = g_bytes_get_data (k->key, &n);
  return k->ed25519 ? EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, p, n)
                    : d2i_PUBKEY (NULL, &p, (long)n);
}

/* Ed25519 signs the SHA-256 of the header (RFC 8463 section 3). */
static gboolean
header_fits (const PktDkimMessage *m, const Signature *s, const PktDkimKey *k)
{
  gsize n = 0;
  guint8 digest[SHA256_BYTES];
  g_autofree char *text = pkt_tags_get_folded (s->tags, "b");
  g_autofree guint8 *signature = g_base64_decode (text, &n);
  GString *header = signed_header (m, s);
  EVP_PKEY *key = key_of (k);
  EVP_MD_CTX *ctx = EVP_MD_CTX_new ();
  sha256 (header->str, header->len, digest);
  const guint8 *data = s->ed25519 ? digest : (const guint8 *)header->str;
  gsize length = s->ed25519 ? sizeof digest : header->len;
  gboolean fits = key
                  && EVP_DigestVerifyInit (ctx, NULL, s->ed25519 ? NULL : EVP_sha256 (), NULL, key)
                         == 1
                  && EVP_DigestVerify (ctx, signature, n, data, length) == 1;
  EVP_MD_CTX_free (ctx);
  EVP_PKEY_free (key);
  g_string_free (header, TRUE);
  return fits;
}

static const char *
key_problem (const Signature *s, const PktDkimKey *k)
{
  if (k->state != PKT_DKIM_KEY_GOOD)
    return k->problem ? k->problem : "the key is revoked";
  if (k->ed25519 != s->ed25519)
    return "the key is of another kind than the signature";
  if (k->no_sha256 || k->no_email)
    return "the key's record does not allow this use";
  if (k->strict && !agent_fits (s->tags, s->shown.domain, TRUE))
    return "i= is not d=, as t=s of the key demands";
  return NULL;
}

PktDkimResult
pkt_dkim_verify (const PktDkimMessage *m, guint i, const PktDkimKey *key, char **out_why)
{
  const Signature *s = g_ptr_array_index (m->signatures, i);
  *out_why = NULL;
  const char *problem = s->shown.problem ? s->shown.problem : key_problem (s, key);
  if (problem) {
    *out_why = g_strdup (problem);
    return s->shown.problem == NULL && key->state == PKT_DKIM_KEY_UNKNOWN ? PKT_DKIM_TEMPERROR
                                                                          : PKT_DKIM_PERMERROR;
  }
  if (!body_fits (m, s))
    *out_why = g_strdup ("the body was changed after it was signed");
  else if (!header_fits (m, s, key))
    *out_why = g_strdup ("a signed header field was changed, or the key is another");
  return *out_why ? PKT_DKIM_FAIL : PKT_DKIM_PASS;
}

const char *
pkt_dkim_result_name (PktDkimResult result)
{
  static const char *const names[] = { "pass", "fail", "permerror", "temperror" };
  return names[result];
}
