#include "packet/base/byte-table.h"
#include "packet/base/text.h"
#include "packet/redact/suspect-priv.h"

#define MAX_SIDE 255   /* bytes of a local part or domain that are read */
#define MAX_FATE 64    /* of the line before an id that stands alone */
#define MAX_DOMAINS 16 /* boundaries tried for the domain … */
#define MAX_LOCALS 64  /* … and for the local part */

/* A local part, and before it the line that tells of a Message-ID, with the folded one. */
G_STATIC_ASSERT (2 * MAX_SIDE + MAX_FATE < PKT_SUSPECT_REACH);

/* Bytes by what they may be part of. */
enum { SIGN = 1, LOCAL = 2, DOMAIN = 4, WORD = 8 };

/* What senders put between a recipient's local part and domain in their own addresses. */
#define IS_SIGN(c)                                                                                 \
  ((c) == '@' || (c) == '=' || (c) == '-' || (c) == '+' || (c) == '#' || (c) == '%' || (c) == '!'  \
   || (c) == '_')
#define IS_LOCAL_SIGN(c)                                                                           \
  ((c) == '.' || (c) == '!' || (c) == '*' || (c) == '+' || (c) == '-' || (c) == '='                \
   || PKT_BYTE_IN (c, '#', '\'') || PKT_BYTE_IN (c, '^', '`') || PKT_BYTE_IN (c, '{', '~')         \
   || (c) == '/' || (c) == '?')
#define CLASS(c)                                                                                   \
  ((IS_SIGN (c) ? SIGN : 0)                                                                        \
   | (PKT_BYTE_IS_ALNUM (c) || PKT_BYTE_IS_HIGH (c) || IS_LOCAL_SIGN (c) ? LOCAL : 0)              \
   | (PKT_BYTE_IS_ALNUM (c) || PKT_BYTE_IS_HIGH (c) || (c) == '-' || (c) == '.' ? DOMAIN : 0)      \
   | (PKT_BYTE_IS_ALNUM (c) ? WORD : 0))

static const guint8 classes[256] = { PKT_BYTE_TABLE (CLASS) };

static inline gboolean
is (char c, guint what)
{
  return (classes[(guint8)c] & what) != 0;
}

/* How far back from `at` a local part may reach; a quoted one to its opening quote. */
static gsize
left_edge (PktSlice t, gsize at)
{
  gsize i = at;
  if (i && t.p[i - 1] == '"') {
    for (i--; i && at - i < MAX_SIDE; i--)
      if (t.p[i - 1] == '"')
        return i - 1;
    return at;
  }
  while (i && at - i < MAX_SIDE && is (t.p[i - 1], LOCAL))
    i--;
  return i;
}

static gsize
right_edge (PktSlice t, gsize at)
{
  gsize i = at + 1;
  while (i < t.n && i - at < MAX_SIDE && is (t.p[i], DOMAIN))
    i++;
  for (gsize label = i;
       label > at + 1;) { /* back over what no name ends in: signs, ".1", ".2027" */
    while (i > at + 1 && strchr (".-", t.p[i - 1]) && t.p[i - 1])
      i--;
    for (label = i; label > at + 1 && t.p[label - 1] != '.';)
      label--;
    if (label == at + 1 || !g_ascii_isdigit (t.p[label]))
      break;
    i = label - 1;
  }
  return i;
}

/* ---- known recipients ---- */

static gboolean
is_known (PktJudge *j, PktSlice local, const char *domain)
{
  char buffer[2 * MAX_SIDE + 8];
  gsize n = strlen (domain);
  if (local.n == 0 || local.n > MAX_SIDE || n > MAX_SIDE)
    return FALSE;
  for (gsize k = 0; k < local.n; k++)
    buffer[k] = pkt_ascii_lower (local.p[k]);
  buffer[local.n] = '@';
  memcpy (buffer + local.n + 1, domain, n);
  PktSlice address = pkt_slice (buffer, local.n + 1 + n);
  j->s->candidates++;
  if (pkt_digests_find (&j->s->known, pkt_slice_hash (address, PKT_OF_ADDRESS), 64, NULL))
    return TRUE;
  for (gsize k = 0; k < local.n; k++) /* "jane-q-icloud-com" is known with "_" */
    if (buffer[k] == '.' || buffer[k] == '-' || buffer[k] == '+')
      buffer[k] = '_';
  return pkt_digests_find (&j->s->known, pkt_slice_hash (address, PKT_OF_ADDRESS), 64, NULL);
}

/* The domain of a recipient that these bytes are, also with '_' or '-' for the dots; NULL. */
static char *
domain_of (const PktJudge *j, PktSlice s)
{
  g_autofree char *domain = g_ascii_strdown (s.p, (gssize)s.n);
  if (!g_hash_table_contains (j->s->domains, domain) && strchr (domain, '.') == NULL)
    g_strdelimit (domain, "_-", '.');
  return g_strdup (g_hash_table_lookup (j->s->domains, domain));
}

/* The local part ends at `end`; it may begin wherever a word does. */
static gboolean
known_before (PktJudge *j, gsize left, gsize end, const char *domain)
{
  gsize starts = 0;
  while (end > left + 1 && is (j->text.p[end - 1], SIGN)) /* "user--example.net" */
    end--;
  for (gsize i = end; i > left && starts < MAX_LOCALS; i--) {
    if (i - 1 > left && is (j->text.p[i - 2], WORD))
      continue;
    starts++;
    if (is_known (j, pkt_slice (j->text.p + i - 1, end - i + 1), domain))
      return TRUE;
  }
  return FALSE;
}

/* Is the sign at `at` between a recipient's local part and domain? The domain is tried from its
 * longest reading down. */
static gboolean
known_around (PktJudge *j, gsize at)
{
  if (!pkt_beginnings_has (&j->s->domain_starts, j->text, at + 1))
    return FALSE;
  gsize left = left_edge (j->text, at), right = at + 1, tries = 0;
  while (right < j->text.n && right - at < MAX_SIDE
         && (is (j->text.p[right], DOMAIN) || j->text.p[right] == '_'))
    right++;
  for (gsize end = right; left < at && end > at + 1 && tries < MAX_DOMAINS; end--) {
    if (end < right && is (j->text.p[end], WORD))
      continue;
    tries++;
    g_autofree char *domain = domain_of (j, pkt_slice (j->text.p + at + 1, end - at - 1));
    if (domain && known_before (j, left, at, domain))
      return TRUE;
  }
  return FALSE;
}

/* "example.net=user", "example.net!user": the domain ends at `at`. */
static gboolean
known_turned (PktJudge *j, gsize at)
{
  gsize left = at, tries = 0;
  while (left && at - left < MAX_SIDE && is (j->text.p[left - 1], DOMAIN))
    left--;
  gsize right = at + 1;
  while (right < j->text.n && right - at < MAX_SIDE && is (j->text.p[right], LOCAL))
    right++;
  for (gsize i = left; i < at && tries < MAX_DOMAINS; i++) {
    if ((i > left && is (j->text.p[i - 1], WORD))
        || !pkt_beginnings_has (&j->s->domain_starts, j->text, i))
      continue;
    tries++;
    g_autofree char *domain = domain_of (j, pkt_slice (j->text.p + i, at - i));
    for (gsize end = right, ends = 0; domain && end > at + 1 && ends < MAX_LOCALS; end--) {
      if (end < right && is (j->text.p[end], WORD))
        continue;
      ends++;
      if (is_known (j, pkt_slice (j->text.p + at + 1, end - at - 1), domain))
        return TRUE;
    }
  }
  return FALSE;
}

/* ---- by form ---- */

static gboolean
looks_like_domain (PktSlice d)
{
  const char *dot = d.n ? memrchr (d.p, '.', d.n) : NULL;
  gsize tld = dot ? d.n - (gsize)(dot + 1 - d.p) : 0;
  return dot > d.p && tld >= 2 && !g_ascii_isdigit (dot[1]);
}

/* "refused [CS02]", "deferred 421 4.7.1", "accepted, same stream", "no answer": what became of a
 * transaction, and nothing behind it. */
static gboolean
tells_fate (const char *head)
{
  static const char *const fates[] = { "refused", "deferred", "accepted" }, *const whose[] = {
    ", same edition", ", same stream"
  };
  const char *rest = g_str_equal (head, "no answer") ? "" : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (fates); i++)
    if (g_str_has_prefix (head, fates[i]))
      rest = head + strlen (fates[i]);
  for (gsize i = 0; rest && i < G_N_ELEMENTS (whose); i++)
    if (g_str_equal (rest, whose[i]))
      return TRUE;
  if (rest == NULL)
    return FALSE;
  rest += strspn (rest, " .0123456789");
  if (*rest == '[' && strchr (rest, ']'))
    rest = strchr (rest, ']') + 1;
  return *rest == '\0';
}

/* "Message-ID", or one of the above: what our texts write before the id of a message. */
static gboolean
announces_message_id (const char *head)
{
  return g_str_has_suffix (head, "message-id") || g_str_has_suffix (head, "message-id:")
         || g_str_has_suffix (head, "\"message_id\":") || tells_fate (head);
}

/* The bytes of what stands before an id that is enclosed, as in a text, on a page, in JSON; 0: it
 * is not. */
static gsize
bracket_before (PktSlice t, gsize left, gsize right)
{
  static const struct {
    const char *open, *close;
  } brackets[] = { { "<", ">" }, { "&lt;", "&gt;" }, { "\"", "\"" } };
  for (gsize i = 0; i < G_N_ELEMENTS (brackets); i++) {
    gsize n = strlen (brackets[i].open);
    if (left >= n && memcmp (t.p + left - n, brackets[i].open, n) == 0
        && pkt_slice_starts (pkt_slice_skip (t, right), pkt_slice_str (brackets[i].close)))
      return n;
  }
  return 0;
}

/* What stands on the line that ends before `at`, in lower case and without blanks around it. */
static char *
line_before (PktSlice t, gsize at)
{
  gsize end = at - 1, i = end;
  while (i && t.p[i - 1] != '\n' && end - i < MAX_FATE)
    i--;
  return g_strstrip (g_ascii_strdown (t.p + i, (gssize)(end - i)));
}

/* Where the id begins that ends with what was found at `left`, in a decoded view: there a byte that
 * is in no address may stand in an id, as of "=9C" in "<CAF0=9C4A@mail.gmail.com>". */
static gsize
id_begin (PktSlice t, gsize left, gsize right)
{
  while (left && right - left < MAX_SIDE && !g_ascii_isspace (t.p[left - 1])
         && !strchr ("<>\"&;@", t.p[left - 1]))
    left--;
  return left;
}

/* Between `<` and `>`, on a line that says what it is (design section 7: known by their place). */
static gboolean
at_message_id (const PktJudge *j, gsize left, gsize right)
{
  PktSlice t = j->text;
  if (j->surface == PKT_SURFACE_MESSAGE_ID && j->view->depth == 0)
    return TRUE;
  if (j->view->depth > 0)
    left = id_begin (t, left, right);
  gsize bracket = bracket_before (t, left, right);
  if (bracket == 0)
    return FALSE;
  gsize i = left - bracket, end = i;
  while (i && t.p[i - 1] != '\n' && left - i < MAX_SIDE)
    i--;
  g_autofree char *line = g_ascii_strdown (t.p + i, (gssize)(end - i));
  g_strstrip (line);
  if (*line == '\0' && i > 0) { /* folded: what names it ends the line before */
    g_free (line);
    line = line_before (t, i);
  }
  return announces_message_id (line);
}

/* "*@icloud.com" and "====@icloud.com" are nobody's; nor is "=E2=80=A6@icloud.com" in what is
 * decoded besides. */
static gboolean
names_somebody (const PktJudge *j, PktSlice local)
{
  while (j->surface == PKT_SURFACE_RAW && local.n >= 3 && local.p[0] == '='
         && g_ascii_isxdigit (local.p[1]) && g_ascii_isxdigit (local.p[2]))
    local = pkt_slice_skip (local, 3);
  return pkt_text_has_letter (local);
}

static void
judge_form (PktJudge *j, gsize at)
{
  gsize left = left_edge (j->text, at), right = right_edge (j->text, at);
  if (!names_somebody (j, pkt_slice (j->text.p + left, at - left))
      || !looks_like_domain (pkt_slice (j->text.p + at + 1, right - at - 1)))
    return;
  g_autofree char *address = g_ascii_strdown (j->text.p + left, (gssize)(right - left));
  if (j->view->needles_only
      && !(j->view->mailboxes && pkt_suspect_is_mailbox_domain (strrchr (address, '@') + 1)))
    return;
  j->s->candidates++;
  if (j->text.p[at - 1] != '"' && j->surface != PKT_SURFACE_RAW
      && pkt_suspect_names_another (address) && !pkt_suspect_ends_in_allowed (j, address, FALSE)) {
    gsize skip = strcspn (address, "="); /* "smtp.mailfrom=news@…" names no other domain */
    pkt_judge_found (j, "verp", left + skip);
    return;
  }
  if (!at_message_id (j, left, right) && !pkt_suspect_is_fine (j, address))
    pkt_judge_found (j, "address", left);
}

void
pkt_judge_addresses (PktJudge *j)
{
  gboolean any = g_hash_table_size (j->s->domains) > 0;
  const PktSlice t = j->text;
  for (gsize i = MAX (j->from, 1); i < j->to && i + 1 < t.n; i++) {
    char c = t.p[i];
    if (!is (c, SIGN))
      continue;
    if (any && (known_around (j, i) || ((c == '=' || c == '!') && known_turned (j, i))))
      pkt_judge_found (j, "recipient", left_edge (t, i));
    else if (c == '@')
      judge_form (j, i);
  }
}
