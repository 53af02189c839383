#include "packet/run/answer.h"
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/page/page.h"
#include "packet/redact/map.h"
#include "packet/redact/places.h"
#include "packet/redact/verify.h"
#include "packet/run/earlier.h"
#include "packet/store/manifest.h"
#include "packet/store/receipt.h"

void
pkt_answer_free (PktAnswer *a)
{
  g_free (a->packet);
  g_free (a->meaning);
  json_decref (a->next);
  json_decref (a->row);
  g_ptr_array_unref (a->notes);
  g_free (a->refused_from);
  g_free (a);
}

static gboolean
refuse (GError **error, const char *file, const char *why)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: %s", file, why);
  return FALSE;
}

/* Who it is from, and when: what would make "you answered" untrue is refused. */
static gboolean
check_mail (const PktAnswerMail *m, const PktEarlier *p, const char *file, GError **error)
{
  gboolean apple = m->from_domain && pkt_place_apple_company (pkt_slice_str (m->from_domain));
  if (p->message_id == NULL)
    return refuse (error, p->folder, "holds no request, so nothing can answer it");
  if (!apple && !m->report)
    return refuse (error, file,
                   "is neither from apple.com nor a returned mail; record Apple's own message");
  if (m->time == PKT_NO_TIME)
    return refuse (error, file, "has no Date that could be read; save the message's source");
  if (p->made != PKT_NO_TIME && m->time < p->made - PKT_HOUR)
    return refuse (error, file, "was written before this packet was made; it answers another one");
  if (m->time > pkt_clock_now () + PKT_DAY)
    return refuse (error, file, "bears a date to come");
  return TRUE;
}

/* By the ids, else by the subject. */
static gboolean
names_request (const PktAnswerMail *m, const PktEarlier *p)
{
  for (guint i = 0; i < m->refers_to->len; i++)
    if (g_str_equal (m->refers_to->pdata[i], p->message_id))
      return TRUE;
  const char *ours = p->subject && g_str_has_prefix (p->subject, "Re: ") ? p->subject + 4
                                                                         : p->subject;
  return m->subject && ours && strstr (m->subject, ours);
}

/* Of a mail in HTML alone its text as a reader sees it. */
static char *
text_of (const PktAnswerMail *m)
{
  const PktPageWith with = { .charset = "utf-8", .own_words = TRUE };
  if (m->text)
    return pkt_answer_own_text (m->text);
  g_autoptr (PktPage) page = m->html
                                 ? pkt_page_read ("answer", pkt_slice_str (m->html), &with, NULL)
                                 : NULL;
  return page ? pkt_answer_own_text (page->outline) : g_strdup ("");
}

static gboolean
is_allowed (const json_t *allowed, const char *address)
{
  for (gsize i = 0; i < json_array_size (allowed); i++) {
    const char *a = json_string_value (json_array_get (allowed, i));
    if (a && g_ascii_strcasecmp (a, address) == 0)
      return TRUE;
  }
  return FALSE;
}

/* An address, or one in the form that return paths and links give it ("user=example.org"). */
#define WORD "[^\\s<>()\\[\\]\"',;:@]+"
#define ADDRESS(at) WORD at WORD

static gboolean
replace_address (const GMatchInfo *match, GString *out, gpointer allowed)
{
  g_autofree char *address = g_match_info_fetch (match, 0);
  const char *at = strrchr (address, '@');
  gboolean apple = at && pkt_place_apple_company (pkt_slice_str (at + 1));
  g_string_append (out, apple || is_allowed (allowed, address) ? address : "[address]");
  return FALSE;
}

/* It is shown on a terminal: nothing that would move the cursor or turn the writing direction. */
static char *
without_controls (const char *text)
{
  GString *s = g_string_new (NULL);
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    GUnicodeType type = g_unichar_type (c);
    if (c == '\n' || (type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT))
      g_string_append_unichar (s, c);
    else
      g_string_append_c (s, ' ');
  }
  return g_string_free (s, FALSE);
}

/* The beginning of the text, no address in it but Apple's, ours, and marks. */
static char *
without_addresses (const char *text, const json_t *allowed)
{
  const char *end = text + MIN (strlen (text), PKT_ANSWER_MAX_KEPT), *whole;
  if (!g_utf8_validate (text, end - text, &whole))
    end = whole;
  g_autofree char *begin = g_strndup (text, (gsize)(end - text)), *kept = without_controls (begin);
  g_autoptr (GRegex) plain = g_regex_new (ADDRESS ("@"), 0, 0, NULL),
                     hidden = g_regex_new (ADDRESS ("(?:=|%40|%3d)"), G_REGEX_CASELESS, 0, NULL);
  g_autofree char *without = g_regex_replace_eval (plain, kept, -1, 0, 0, replace_address,
                                                   (gpointer)allowed, NULL);
  return g_regex_replace_literal (hidden, without, -1, 0, "[address]", 0, NULL);
}

static void
add_texts (GPtrArray *out, const json_t *list)
{
  for (gsize i = 0; i < json_array_size (list); i++)
    if (json_is_string (json_array_get (list, i)))
      g_ptr_array_add (out, (gpointer)json_string_value (json_array_get (list, i)));
  g_ptr_array_add (out, NULL);
}

/* Reads what will stand in packet.json, knowing nothing of the lines above; the recipients are
 * those of the map, where this machine has it. */
static gboolean
is_clean (const PktEarlier *p, const json_t *row)
{
  g_autoptr (GPtrArray) allowed = g_ptr_array_new (), own = g_ptr_array_new ();
  add_texts (allowed, json_object_get (p->manifest, "allowed"));
  add_texts (own, json_object_get (p->manifest, "own_domains"));
  const PktRedactScope scope = { (const char *const *)own->pdata,
                                 (const char *const *)allowed->pdata };
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  g_autoptr (json_t) map = pkt_map_load (p->case_name, p->id ? p->id : "", NULL);
  const char *mark;
  json_t *address;
  json_object_foreach (map, mark, address)
  {
    if (json_is_string (address) && strchr (json_string_value (address), '@'))
      pkt_verifier_add_recipient (v, pkt_slice_str (json_string_value (address)));
  }
  g_autofree char *line = pkt_json_line (row);
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "packet.json", "application/json", line,
                                                  strlen (line));
  return leaks->len == 0;
}

static json_t *
row_of (const PktAnswerMail *m, const PktEarlier *p, const json_t *kind, const char *own_text,
        PktSlice bytes)
{
  json_t *row = json_object ();
  gboolean automatic = m->automatic || json_is_true (json_object_get (kind, "automatic"));
  json_object_set_new (row, "time", pkt_json_time (m->time));
  json_object_set_new (row, "from", pkt_json_string (m->report ? NULL : m->from_domain));
  json_object_set (row, "kind", json_object_get (kind, "id"));
  json_object_set_new (row, "automatic", json_boolean (automatic));
  json_object_set_new (row, "names_request", json_boolean (names_request (m, p)));
  json_object_set_new (row, "message_id", pkt_json_string (m->message_id));
  pkt_json_set_text (row, "subject_token", pkt_answer_subject_token (m->subject, p->subject));
  pkt_json_set_text (row, "sha256", pkt_file_sha256 (bytes.p, bytes.n));
  pkt_json_set_text (
      row, "text",
      m->report ? NULL : without_addresses (own_text, json_object_get (p->manifest, "allowed")));
  static const char *const texts[] = { "text", "subject_token", "message_id", "from" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!json_is_string (json_object_get (row, texts[i])))
      json_object_set_new (row, texts[i], json_null ());
  for (gsize i = 0; i < G_N_ELEMENTS (texts) && !is_clean (p, row); i++)
    json_object_set_new (row, texts[i], json_null ());
  return row;
}

static void
note (PktAnswer *a, const char *text)
{
  g_ptr_array_add (a->notes, g_strdup (text));
}

static void
take_notes (PktAnswer *a, const PktAnswerMail *m, const char *own_text)
{
  if (!json_is_true (json_object_get (a->row, "names_request")))
    note (a, "It names neither this request's Message-ID nor its subject; see that it answers this "
             "one.");
  if (!m->report && *own_text && !json_is_string (json_object_get (a->row, "text")))
    note (a, "Its text is not kept: something in it looks private.");
  if (!m->report && *own_text == '\0')
    note (a, "No text of its own was found in it.");
}

/* Already there, by the bytes of the file. */
static const json_t *
find_known (const json_t *answers, const char *sha256)
{
  for (gsize i = 0; i < json_array_size (answers); i++) {
    const json_t *row = json_array_get (answers, i);
    if (g_strcmp0 (pkt_json_text (row, "sha256"), sha256) == 0)
      return row;
  }
  return NULL;
}

static gboolean
write_down (PktAnswer *a, const PktEarlier *p, GError **error)
{
  json_t *manifest = p->manifest, *answers = json_object_get (manifest, "answers");
  if (!json_is_array (answers)) {
    answers = json_array ();
    json_object_set_new (manifest, "answers", answers);
  }
  if (json_array_size (answers) >= PKT_ANSWER_MAX_RECORDED)
    return refuse (error, p->folder, "has 50 answers already");
  json_array_append (answers, a->row);
  if (!json_is_true (json_object_get (a->row, "automatic"))) {
    gint64 before = pkt_manifest_time (manifest, "answered"),
           time = pkt_manifest_time (a->row, "time");
    json_object_set_new (manifest, "answered", pkt_json_time (MAX (before, time)));
  }
  if (a->retest) {
    json_t *retest = json_object ();
    json_object_set_new (retest, "opened", pkt_json_time (pkt_clock_now ()));
    json_object_set (retest, "after", json_object_get (a->row, "time"));
    json_object_set_new (manifest, "retest", retest);
  }
  return pkt_manifest_put (p->folder, manifest, error);
}

static PktAnswer *
answer_of (const PktEarlier *p, const json_t *kind)
{
  PktAnswer *a = g_new0 (PktAnswer, 1);
  a->packet = g_strdup (p->folder);
  a->notes = g_ptr_array_new_with_free_func (g_free);
  a->meaning = g_strdup (pkt_json_text (kind, "meaning"));
  a->next = json_incref (json_object_get (kind, "next"));
  a->retest = json_is_true (json_object_get (kind, "retest"));
  a->refused = pkt_json_number (p->figures, "refused_recipients");
  a->suppressed = json_is_integer (json_object_get (p->figures, "suppressed"))
                      ? pkt_json_number (p->figures, "suppressed")
                      : -1;
  a->refused_from = g_strdup (pkt_json_text (p->figures, "from"));
  return a;
}

/* With the packet held, so that no receipt is written meanwhile. */
static PktAnswer *
record (const char *packet, const char *file, GError **error)
{
  gsize n;
  g_autoptr (PktEarlier) p = pkt_earlier_read (packet, error);
  g_autofree char *bytes = p ? pkt_file_read (file, PKT_ANSWER_MAX_BYTES, &n, error) : NULL;
  g_autoptr (PktAnswerMail) m = bytes ? pkt_answer_read (file, pkt_slice (bytes, n), error) : NULL;
  if (m == NULL || !check_mail (m, p, file, error))
    return NULL;
  g_autofree char *own_text = text_of (m);
  g_autoptr (json_t) kind = pkt_answer_kind (m, own_text, error);
  if (kind == NULL)
    return NULL;
  g_autoptr (PktAnswer) a = answer_of (p, kind);
  a->row = row_of (m, p, kind, own_text, pkt_slice (bytes, n));
  const json_t *known = find_known (json_object_get (p->manifest, "answers"),
                                    pkt_json_text (a->row, "sha256"));
  a->known = known != NULL;
  take_notes (a, m, own_text);
  if (known == NULL && !write_down (a, p, error))
    return NULL;
  return g_steal_pointer (&a);
}

PktAnswer *
pkt_answer_record (const char *packet, const char *file, GError **error)
{
  int lock = pkt_receipt_lock (packet, error);
  if (lock < 0)
    return NULL;
  PktAnswer *a = record (packet, file, error);
  close (lock);
  return a;
}
