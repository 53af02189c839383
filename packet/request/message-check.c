#include "packet/request/message-check.h"
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/base/text.h"

#define MAX_ADDRESS 254                                          /* RFC 5321 4.5.3.1 */
#define MAX_DATE (G_GINT64_CONSTANT (253402300799) * PKT_SECOND) /* the end of year 9999 */
#define MAX_WORD 60 /* bytes of a word in a header that needs encoding */
#define QUOTED 60

static gboolean
fail (GError **error, PktErrorCode code, const char *what, const char *value, const char *why)
{
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (value), QUOTED);
  g_set_error (error, PKT_ERROR, code, "%s \"%s\": %s", what, quoted, why);
  return FALSE;
}

/* A line end in a value would start a header of the attacker's own. */
static gboolean
check_text (const char *what, const char *value, GError **error)
{
  if (value == NULL)
    return TRUE;
  if (strlen (value) > PKT_MESSAGE_MAX_VALUE)
    return fail (error, PKT_ERROR_DATA, what, value, "is too long for a header, shorten it");
  if (!g_utf8_validate (value, -1, NULL))
    return fail (error, PKT_ERROR_DATA, what, value, "is not UTF-8");
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
      return fail (error, PKT_ERROR_DATA, what, value,
                   "holds a control character or a line end, remove it");
  }
  return TRUE;
}

/* Text for people: a name, the subject. GMime writes what is not ASCII as encoded words (RFC 2047),
 * but makes them too long out of long words. */
static gboolean
check_words (const char *what, const char *value, GError **error)
{
  if (value == NULL)
    return TRUE;
  if (!check_text (what, value, error))
    return FALSE;
  if (strstr (value, "=?") != NULL) /* what is read would not be what was checked */
    return fail (error, PKT_ERROR_DATA, what, value,
                 "holds \"=?\", the start of an encoded word; write it in plain UTF-8");
  g_auto (GStrv) words = g_strsplit_set (value, " \t", -1);
  for (guint i = 0; words[i] != NULL && !g_str_is_ascii (value); i++)
    if (strlen (words[i]) > MAX_WORD)
      return fail (error, PKT_ERROR_DATA, what, value, "has a word that is too long, shorten it");
  return TRUE;
}

/* RFC 5322 3.2.3 atext, and the dot. */
static gboolean
is_local (PktSlice s)
{
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isalnum (s.p[i]) && strchr ("!#$%&'*+/=?^_`{|}~.-", s.p[i]) == NULL)
      return FALSE;
  return s.n > 0 && s.p[0] != '.' && s.p[s.n - 1] != '.';
}

static gboolean
is_domain (PktSlice s)
{
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isalnum (s.p[i]) && s.p[i] != '-' && s.p[i] != '.')
      return FALSE;
  return s.n > 0 && g_ascii_isalnum (s.p[0]) && g_ascii_isalnum (s.p[s.n - 1]);
}

static gboolean
check_address (const char *what, const char *value, GError **error)
{
  if (!check_text (what, value, error))
    return FALSE;
  PktSlice s = pkt_slice_trim (pkt_slice_str (value));
  PktSlice local = pkt_slice_until (s, '@');
  PktSlice domain = pkt_slice_skip (s, local.n + 1);
  if (s.n <= MAX_ADDRESS && is_local (local) && is_domain (domain))
    return TRUE;
  return fail (error, PKT_ERROR_DATA, what, value,
               "is no plain mail address; write it as name@example.com, in ASCII");
}

/* RFC 5322 3.6.4, and what mail programs write in its place: no blank, no bracket, one @ or more.
 */
static gboolean
is_id (PktSlice s)
{
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isgraph (s.p[i]) || s.p[i] == '<' || s.p[i] == '>')
      return FALSE;
  PktSlice local = pkt_slice_until (s, '@');
  return local.n > 0 && local.n + 1 < s.n;
}

char *
pkt_message_ids (const char *ids)
{
  if (ids == NULL)
    return NULL;
  g_auto (GStrv) words = g_strsplit_set (ids, " \t", -1);
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    PktSlice id = pkt_slice_str (words[i]);
    if (id.n == 0)
      continue;
    if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
      id = pkt_slice (id.p + 1, id.n - 2);
    if (!is_id (id) || ++n > PKT_MESSAGE_MAX_REFERENCES)
      return NULL;
    g_string_append_printf (out, "%s<%.*s>", out->len > 0 ? " " : "", (int)id.n, id.p);
  }
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static gboolean
check_ids (const char *what, const char *value, GError **error)
{
  if (value == NULL)
    return TRUE;
  if (!check_text (what, value, error))
    return FALSE;
  g_autofree char *ids = pkt_message_ids (value);
  if (ids != NULL)
    return TRUE;
  return fail (error, PKT_ERROR_DATA, what, value, "is no Message-ID; write it as id@host");
}

static gboolean
check_body (const PktMessage *m, GError **error)
{
  if (strlen (m->body) > PKT_MESSAGE_MAX_BODY) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "the request's text is over %d KiB; shorten what the case file states",
                 PKT_MESSAGE_MAX_BODY / 1024);
    return FALSE;
  }
  if (!g_utf8_validate (m->body, -1, NULL))
    return fail (error, PKT_ERROR_BUG, "body", "", "is not UTF-8");
  return TRUE;
}

static gboolean
is_file_name (const char *name)
{
  gsize n = strlen (name);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("._-", name[i]) == NULL)
      return FALSE;
  return n > 0 && n <= PKT_MESSAGE_MAX_FILE_NAME && name[0] != '.';
}

static gboolean
check_part (const PktPublicPart *part, GError **error)
{
  const char *name = pkt_public_part_name (part);
  const char *type = pkt_public_part_type (part);
  PktSlice bytes = pkt_public_part_bytes (part);
  if (!is_file_name (name))
    return fail (error, PKT_ERROR_BUG, "attachment", name, "its name is not [A-Za-z0-9._-]");
  if (g_str_equal (type, "image/png"))
    return pkt_slice_starts (bytes, PKT_SLICE ("\x89PNG\r\n\x1a\n"))
           || fail (error, PKT_ERROR_BUG, "attachment", name, "is no PNG picture");
  if (!g_str_equal (type, "text/plain") && !g_str_equal (type, "text/csv"))
    return fail (error, PKT_ERROR_BUG, "attachment", name,
                 "only text/plain, text/csv and image/png leave in a request");
  if (bytes.n > 0 && !g_utf8_validate (bytes.p, (gssize)bytes.n, NULL))
    return fail (error, PKT_ERROR_BUG, "attachment", name, "is not UTF-8 text");
  return TRUE;
}

static gboolean
check_parts (const PktMessage *m, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 sum = 0;
  for (guint i = 0; m->parts != NULL && i < m->parts->len; i++) {
    const PktPublicPart *part = g_ptr_array_index (m->parts, i);
    if (!check_part (part, error))
      return FALSE;
    const char *name = pkt_public_part_name (part);
    if (!g_hash_table_add (names, (gpointer)name))
      return fail (error, PKT_ERROR_BUG, "attachment", name, "is there twice");
    sum += pkt_public_part_bytes (part).n;
    if (sum > PKT_MESSAGE_MAX_BYTES)
      return fail (error, PKT_ERROR_DATA, "attachment", name,
                   "makes the message larger than 10 MB; use a smaller picture or period");
  }
  return TRUE;
}

gboolean
pkt_message_check (const PktMessage *m, GError **error)
{
  if (m->from_address == NULL || m->to_address == NULL || m->subject == NULL || *m->subject == '\0'
      || m->body == NULL || m->boundary_seed == NULL || (m->message_id == NULL && !m->draft))
    return fail (error, PKT_ERROR_BUG, "message", "", "a value that it needs is missing");
  if (!m->draft && (m->date < 0 || m->date > MAX_DATE))
    return fail (error, PKT_ERROR_BUG, "message", "", "its date is no date");
  if (m->from_name != NULL && strlen (m->from_name) > PKT_MESSAGE_MAX_NAME)
    return fail (error, PKT_ERROR_DATA, "From name", m->from_name, "is too long, shorten it");
  return check_words ("From name", m->from_name, error)
         && check_address ("From address", m->from_address, error)
         && check_address ("To address", m->to_address, error)
         && check_words ("Subject", m->subject, error)
         && check_ids ("Message-ID", m->message_id, error)
         && check_ids ("In-Reply-To", m->in_reply_to, error)
         && check_ids ("References", m->references, error) && check_body (m, error)
         && check_parts (m, error);
}
