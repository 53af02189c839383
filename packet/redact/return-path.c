#include "packet/redact/redactor-priv.h"
#include "packet/redact/varied.h"

#define MAX_PLAIN_DIGITS 4 /* more digits name a job and a reader, not a stream */
#define MAX_WORD 14
#define MAX_DOMAIN_ENDS 6

static gboolean
separator (char c)
{
  return c && strchr ("-+._=#", c);
}

/* A word a person chose for a stream: letters with vowels, perhaps a few digits behind. */
static gboolean
constant_word (PktSlice w)
{
  gsize letters = 0, vowels = 0, consonants = 0;
  while (w.n && g_ascii_isdigit (w.p[w.n - 1]))
    w.n--;
  if (w.n == 0 || pkt_place_role_word (w))
    return TRUE;
  for (gsize i = 0; i < w.n; i++) {
    if (!g_ascii_isalpha (w.p[i]))
      return FALSE;
    if (i > 0 && g_ascii_isupper (w.p[i]) && g_ascii_islower (w.p[i - 1]))
      return FALSE; /* case inside a word: a coded token */
    gboolean vowel = strchr ("aeiouyAEIOUY", w.p[i]) != NULL;
    letters++;
    vowels += vowel;
    consonants = vowel ? 0 : consonants + 1;
    if (consonants > 4)
      return FALSE;
  }
  return letters <= 3 || (letters <= MAX_WORD && vowels * 5 >= letters);
}

static gsize
count_digits (PktSlice s)
{
  gsize n = 0;
  for (gsize i = 0; i < s.n; i++)
    n += g_ascii_isdigit (s.p[i]);
  return n;
}

static PktSlice
word_at (PktSlice s, gsize start)
{
  gsize end = start;
  while (end < s.n && !separator (s.p[end]))
    end++;
  return pkt_slice (s.p + start, end - start);
}

typedef gboolean (*Varies) (const PktRedactor *r, PktSlice word, gboolean many_digits);

static gboolean
is_coded (const PktRedactor *r, PktSlice w, gboolean many_digits)
{
  return !constant_word (w) || (many_digits && count_digits (w))
         || (!pkt_place_role_word (w) && pkt_needles_has_local (&r->needles, w));
}

static gboolean
is_coded_or_own (const PktRedactor *r, PktSlice w, gboolean many_digits)
{
  return is_coded (r, w, many_digits) || pkt_redactor_has_own_word (r, w)
         || pkt_redactor_has_name_word (r, w);
}

/* From the first to the last word that varies. */
static gboolean
words_that (Varies varies, const PktRedactor *r, PktSlice local, gsize *start, gsize *end)
{
  gboolean many_digits = count_digits (local) > MAX_PLAIN_DIGITS, found = FALSE;
  for (gsize at = 0; at <= local.n;) {
    PktSlice w = word_at (local, at);
    if (w.n && varies (r, w, many_digits)) {
      *start = found ? *start : at;
      *end = at + w.n;
      found = TRUE;
    }
    at += w.n + 1;
  }
  return found;
}

void
pkt_redactor_add_varied (PktRedactor *r, const char *form)
{
  g_hash_table_add (r->varied, g_strdup (form));
}

static gboolean
has_number (const PktRedactor *r, PktSlice w, gboolean many_digits)
{
  return count_digits (w) > 0 || is_coded_or_own (r, w, many_digits);
}

/* What of a local part without a readable recipient varies. */
static gboolean
variable_part (const PktRedactor *r, PktSlice local, gsize *start, gsize *end)
{
  g_autofree char *form = pkt_varied_form (local);
  if (form && g_hash_table_contains (r->varied, form))
    return words_that (has_number, r, local, start, end);
  if (!words_that (is_coded, r, local, start, end) && pkt_needles_has_local (&r->needles, local)
      && !pkt_place_role_words (local)) {
    *start = 0;
    *end = local.n;
    return TRUE;
  }
  return words_that (is_coded_or_own, r, local, start, end);
}

static char *
with_mark (PktRedactor *r, PktSlice local, gsize start, gsize end, PktSlice named)
{
  g_autofree char *mark = pkt_redactor_mark (r, named, "verp");
  GString *out = g_string_new_len (local.p, (gssize)start);
  g_string_append (out, mark);
  g_string_append_len (out, local.p + end, (gssize)(local.n - end));
  pkt_redactor_count (r, "return-path");
  return g_string_free (out, FALSE);
}

/* SRS0=hash=tt=domain=user, SRS1=hash=forwarder==hash=tt=domain=user (libsrs2): the user is last.
 * NULL: no SRS. */
static char *
redact_srs (PktRedactor *r, PktSlice local)
{
  if (local.n < 6 || g_ascii_strncasecmp (local.p, "SRS", 3) != 0 || !strchr ("01", local.p[3])
      || !strchr ("=-+", local.p[4]))
    return NULL;
  PktSlice parts[16];
  gsize n = 0, first = 5;
  for (gsize at = first; at <= local.n && n < G_N_ELEMENTS (parts); n++) {
    parts[n] = pkt_slice_until (pkt_slice_skip (local, at), '=');
    at += parts[n].n + 1;
  }
  /* The domain is the first part with a dot after hash and time; what follows it is the user. */
  gsize from = local.p[3] == '1' ? 3 : 2;
  for (gsize i = from; i + 1 < n; i++)
    if (memchr (parts[i].p, '.', parts[i].n)) {
      PktSlice user = pkt_slice (parts[i + 1].p, (gsize)(local.p + local.n - parts[i + 1].p));
      g_autofree char *who = g_strdup_printf ("%.*s@%.*s", (int)user.n, user.p, (int)parts[i].n,
                                              parts[i].p);
      return with_mark (r, local, (gsize)(parts[i].p - local.p), local.n, pkt_slice_str (who));
    }
  return with_mark (r, local, first, local.n, pkt_slice_skip (local, first));
}

/* `b-user=domain`, whoever user is: the domain ends the part, the user begins after the leading
 * words such as "bounce-". */
static gboolean
unknown_verp (PktSlice local, gsize *start, gsize *end, gsize *sign)
{
  const char *eq = memrchr (local.p, '=', local.n);
  if (eq == NULL || eq == local.p)
    return FALSE;
  *sign = (gsize)(eq - local.p);
  gsize i = *sign + 1;
  while (i < local.n && (g_ascii_isalnum (local.p[i]) || local.p[i] == '.' || local.p[i] == '-'))
    i++;
  if (memchr (eq, '.', i - *sign) == NULL)
    return FALSE;
  *end = i;
  *start = 0;
  for (gsize at = 0; at < *sign;) {
    PktSlice w = word_at (local, at);
    if (!pkt_place_role_word (w) || at + w.n >= *sign)
      break;
    at += w.n + 1;
    *start = at;
  }
  return TRUE;
}

static gboolean
is_recipient_domain (const PktRedactor *r, PktSlice domain)
{
  return pkt_place_apple_domain (domain) || pkt_redactor_is_recipient_domain (r, domain);
}

/* The longest domain of recipients that begins at `at`; its length or 0. */
static gsize
domain_at (const PktRedactor *r, PktSlice s, gsize at)
{
  gsize end = at;
  while (end < s.n && (g_ascii_isalnum (s.p[end]) || s.p[end] == '.' || s.p[end] == '-'))
    end++;
  for (guint tries = 0; end > at && tries < MAX_DOMAIN_ENDS; tries++) {
    if (memchr (s.p + at, '.', end - at) && is_recipient_domain (r, pkt_slice (s.p + at, end - at)))
      return end - at;
    do
      end--;
    while (end > at && g_ascii_isalnum (s.p[end]));
  }
  return 0;
}

/* What stands between user and domain before `at`: "%", "_", ".", "#", "_at_", "%40", "=40". */
static gsize
separator_before (PktSlice s, gsize at)
{
  static const char *const words[] = { "_at_", "-at-", ".at.", "%40", "=40", "+40" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize n = strlen (words[i]);
    if (at > n && g_ascii_strncasecmp (s.p + at - n, words[i], n) == 0)
      return n;
  }
  return at > 1 && strchr ("%_.#-+=", s.p[at - 1]) && s.p[at - 1] ? 1 : 0;
}

/* Behind the leading words such as "bounce-" and the numbers of a stream. */
static gsize
user_start (const PktRedactor *r, PktSlice local, gsize end, PktSlice domain)
{
  gsize start = 0;
  for (gsize at = 0; at < end;) {
    g_autofree char *whole = g_strdup_printf ("%.*s@%.*s", (int)(end - at), local.p + at,
                                              (int)domain.n, domain.p);
    if (pkt_needles_has (&r->needles, pkt_slice_str (whole)))
      return at;
    PktSlice w = word_at (local, at);
    if (start == at && pkt_place_role_word (w) && at + w.n < end)
      start = at + w.n + 1;
    at += w.n + 1;
  }
  return start;
}

/* `user%domain`, `user_at_domain`, `domain!user`, where the domain is one of recipients;
 * "news-icloud.com" names a stream. */
static gboolean
spelled_out (const PktRedactor *r, PktSlice local, gsize *start, gsize *end, char **who)
{
  for (gsize at = 0; at < local.n; at++) {
    if (at > 0 && g_ascii_isalnum (local.p[at - 1]) && separator_before (local, at) == 0)
      continue; /* but "%40icloud.com" */
    gsize n = domain_at (r, local, at), sign = n ? separator_before (local, at) : 0;
    PktSlice domain = pkt_slice (local.p + at, n), user;
    if (n && at + n < local.n && local.p[at + n] == '!') {
      user = pkt_slice_skip (local, at + n + 1);
      *start = at;
      *end = local.n;
    } else if (sign) {
      *start = user_start (r, local, at - sign, domain);
      *end = at + n;
      user = pkt_slice (local.p + *start, at - sign - *start);
    } else
      continue;
    *who = g_strdup_printf ("%.*s@%.*s", (int)user.n, user.p, (int)domain.n, domain.p);
    if (user.n
        && (pkt_needles_has (&r->needles, pkt_slice_str (*who)) || !pkt_place_role_words (user)))
      return TRUE;
    g_clear_pointer (who, g_free);
  }
  return FALSE;
}

gboolean
pkt_redactor_is_spelled_out (const PktRedactor *r, PktSlice text)
{
  gsize start, end;
  g_autofree char *who = NULL;
  return spelled_out (r, text, &start, &end, &who);
}

/* The tag in front holds a day and a hash of the sender's own address, so it is kept: prvs=TAG=user
 * (BATV), msprvs1=TAG=user (SparkPost), btv1==TAG==user (Barracuda). The length of it all. */
static gsize
batv_prefix (PktSlice local)
{
  static const char *const names[] = { "prvs=", "msprvs1=", "btv1==" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    gsize n = strlen (names[i]);
    if (local.n <= n || g_ascii_strncasecmp (local.p, names[i], n) != 0)
      continue;
    const char *eq = memchr (local.p + n, '=', local.n - n);
    if (eq == NULL)
      return 0;
    gsize end = (gsize)(eq + 1 - local.p);
    return end < local.n && local.p[end] == '=' ? end + 1 : end;
  }
  return 0;
}

/* prvs=user/TAG, as Exim wrote it before 4.7: where "/TAG" begins; else the end. */
static gsize
batv_suffix (PktSlice local)
{
  const char *slash = local.n ? memrchr (local.p, '/', local.n) : NULL;
  if (slash == NULL || g_ascii_strncasecmp (local.p, "prvs=", MIN (local.n, 5)) != 0)
    return local.n;
  for (const char *p = slash + 1; p < local.p + local.n; p++)
    if (!g_ascii_isxdigit (*p))
      return local.n;
  return (gsize)(slash - local.p);
}

/* NULL: nothing in it names anybody. */
static char *
redact_plain_local (PktRedactor *r, PktSlice local)
{
  gsize start = 0, end = 0, sign = 0;
  g_autofree char *known = pkt_needles_find_verp (&r->needles, local, &start, &end);
  if (known)
    return with_mark (r, local, start, end, pkt_slice_str (known));
  g_autofree char *spelled = NULL;
  if (spelled_out (r, local, &start, &end, &spelled))
    return with_mark (r, local, start, end, pkt_slice_str (spelled));
  if (unknown_verp (local, &start, &end, &sign)) {
    g_autofree char *who = g_strndup (local.p + start, end - start);
    who[sign - start] = '@';
    return with_mark (r, local, start, end, pkt_slice_str (who));
  }
  if (variable_part (r, local, &start, &end) || pkt_redactor_find_custom (r, local, &start, &end))
    return with_mark (r, local, start, end, pkt_slice (local.p + start, end - start));
  return NULL;
}

static char *
redact_local (PktRedactor *r, PktSlice local)
{
  char *srs = redact_srs (r, local);
  if (srs)
    return srs;
  gsize tail = batv_suffix (local), head = tail < local.n ? 5 : batv_prefix (local);
  g_autofree char *redacted = redact_plain_local (r, pkt_slice (local.p + head, tail - head));
  if (redacted == NULL)
    return NULL;
  return g_strdup_printf ("%.*s%s%.*s", (int)head, local.p, redacted, (int)(local.n - tail),
                          local.p + tail);
}

void
pkt_redactor_set_people (PktRedactor *r)
{
  r->people = TRUE;
}

/* A stranger's address, or that of a user of ours who writes himself: all of it says who. */
static gboolean
is_somebody (const PktRedactor *r, PktSlice local, PktSlice domain)
{
  gboolean srs = local.n > 5 && g_ascii_strncasecmp (local.p, "SRS", 3) == 0;
  if (domain.n == 0 || pkt_place_role_everywhere (local) || pkt_place_apple_company (domain))
    return FALSE;
  return !pkt_redactor_is_own (r, domain) || (r->people && !srs && !pkt_place_role_words (local));
}

char *
pkt_redact_return_path (PktRedactor *r, PktSlice address)
{
  address = pkt_slice_trim (address);
  if (address.n >= 2 && address.p[0] == '<' && address.p[address.n - 1] == '>')
    address = pkt_slice (address.p + 1, address.n - 2);
  if (address.n == 0)
    return g_strdup ("");
  g_autofree char *valid = g_utf8_make_valid (address.p, (gssize)address.n);
  PktSlice whole = pkt_slice_str (valid), domain = pkt_slice_domain (whole);
  if (pkt_redactor_is_allowed (r, whole))
    return g_steal_pointer (&valid);
  PktSlice local = domain.p ? pkt_slice (whole.p, whole.n - domain.n - 1) : whole;
  g_autofree char *shown_domain = pkt_needles_has (&r->needles, whole)
                                      ? pkt_redact_domain (r, domain)
                                      : g_strndup (domain.p ? domain.p : "", domain.n);
  if (pkt_needles_has (&r->needles, whole)) /* a recipient who sends: forwarding, a test */
    return pkt_redactor_mark_at (r, whole, shown_domain);
  g_autofree char *redacted = is_somebody (r, local, domain)
                                  ? with_mark (r, local, 0, local.n, whole)
                                  : redact_local (r, local);
  const char *mark = redacted ? strrchr (redacted, ']') : NULL;
  const PktSlice left = redacted ? pkt_slice_str (redacted) : local,
                 seen = mark ? pkt_slice_str (mark + 1) : left; /* as an address */
  if (pkt_redactor_names_another (seen) || pkt_redact_breaks (r, left, PKT_FORM_OWN)) {
    g_free (redacted); /* encoded somehow */
    redacted = with_mark (r, local, 0, local.n, whole);
  }
  if (redacted == NULL)
    return g_steal_pointer (&valid);
  return domain.p ? g_strconcat (redacted, "@", shown_domain, NULL) : g_steal_pointer (&redacted);
}
