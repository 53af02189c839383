#include "packet/store/seal.h"
#include <glib/gstdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/store/folder.h"
#include "packet/store/manifest.h"
#include "packet/store/receipt.h"

#define MAX_MESSAGE (32 * 1024 * 1024)
#define QUOTED 200

static void
fault_free (gpointer p)
{
  PktSealFault *f = p;
  g_free (f->text);
  g_free (f);
}

void
pkt_sealed_free (PktSealed *s)
{
  g_free (s->packet);
  json_decref (s->manifest);
  json_decref (s->seal);
  g_clear_pointer (&s->request, g_bytes_unref);
  g_clear_pointer (&s->draft, g_bytes_unref);
  g_ptr_array_unref (s->faults);
  g_free (s);
}

static void G_GNUC_PRINTF (3, 4) add (PktSealed *s, PktSealKind kind, const char *format, ...)
{
  if (s->faults->len >= PKT_SEAL_MAX_FAULTS)
    return;
  va_list args;
  va_start (args, format);
  PktSealFault *f = g_new0 (PktSealFault, 1);
  f->kind = kind;
  f->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (s->faults, f);
}

json_t *
pkt_seal_read_manifest (const char *packet, GError **error)
{
  g_autofree char *path = g_build_filename (packet, PKT_FOLDER_MANIFEST, NULL);
  gsize n = 0;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    pkt_manifest_is_missing (packet, error);
    return NULL;
  }
  g_autofree char *text = pkt_file_read_regular (path, PKT_FOLDER_MAX_MANIFEST, &n, error);
  json_t *root = text ? json_loadb (text, n, 0, NULL) : NULL;
  if (text && (pkt_json_text (root, "case") == NULL || pkt_json_text (root, "id") == NULL)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no packet manifest; build the packet again", path);
    g_clear_pointer (&root, json_decref);
  }
  return root;
}

/* An absent file is NULL without a word. */
static GBytes *
read_message (const char *packet, const char *name)
{
  g_autofree char *path = g_build_filename (packet, name, NULL);
  gsize n = 0;
  char *bytes = pkt_file_read_regular (path, MAX_MESSAGE, &n, NULL);
  return bytes ? g_bytes_new_take (bytes, n) : NULL;
}

static void
read_seal (PktSealed *s)
{
  g_autofree char *path = g_build_filename (s->packet, PKT_SEAL_FILE, NULL);
  gsize n = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
    if (s->request)
      add (s, PKT_SEAL_NONE,
           "There is no seal: read it with 'postpacket review %s', then accept it with "
           "'postpacket review --accept %s'.",
           s->packet, s->packet);
    else
      add (s, PKT_SEAL_NONE,
           "There is no seal, and no request in this packet: 'postpacket review %s' says what is "
           "lacking.",
           s->packet);
    return;
  }
  g_autofree char *text = pkt_file_read_regular (path, PKT_SEAL_MAX_BYTES, &n, NULL);
  s->seal = text ? json_loadb (text, n, 0, NULL) : NULL;
  if (pkt_json_number (s->seal, "version") == 1 && pkt_json_text (s->seal, "sealed")
      && json_is_object (json_object_get (s->seal, "request"))
      && json_is_object (json_object_get (s->seal, "draft"))
      && json_is_array (json_object_get (s->seal, "inputs")))
    return;
  g_clear_pointer (&s->seal, json_decref);
  add (s, PKT_SEAL_BROKEN,
       "The seal cannot be read: %s is damaged; accept the packet again with 'postpacket review "
       "--accept %s'.",
       PKT_SEAL_FILE, s->packet);
}

static void
check_message (PktSealed *s, const char *key, const char *name, GBytes *bytes, PktSealKind kind)
{
  const char *want = pkt_json_text (json_object_get (s->seal, key), "sha256");
  gsize n = 0;
  const char *p = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  g_autofree char *is = bytes ? pkt_file_sha256 (p ? p : "", n) : NULL;
  if (bytes == NULL)
    add (s, kind, "%s is not there any more: build the packet again.", name);
  else if (g_strcmp0 (is, want) != 0)
    add (s, kind,
         "%s is not what was sealed: its bytes changed; edit with 'postpacket review --edit %s', "
         "or build again, then accept it anew.",
         name, s->packet);
}

static void
check_time (PktSealed *s, gint64 now)
{
  PktStamp at;
  const char *text = pkt_json_text (s->seal, "sealed");
  gboolean known = pkt_clock_parse_rfc3339 (pkt_slice_str (text), &at) > 0;
  if (!known || now - at.us > PKT_SEAL_DAYS * PKT_DAY)
    add (s, PKT_SEAL_EXPIRED,
         "The seal has expired: it is of %s and holds %d days; read the packet again and accept it "
         "anew.",
         text, PKT_SEAL_DAYS);
  else if (at.us - now > PKT_DAY)
    add (s, PKT_SEAL_EXPIRED, "The seal is of %s, which is to come: set the clock, or accept anew.",
         text);
}

static void
check_inputs (PktSealed *s)
{
  gsize i;
  json_t *input;
  json_array_foreach (json_object_get (s->seal, "inputs"), i, input)
  {
    g_autofree char *fault = pkt_seal_input_fault (input);
    if (fault)
      add (s, PKT_SEAL_STALE, "The seal is stale: %s; build the packet again.", fault);
  }
}

const char *
pkt_seal_waiver (const json_t *seal, const char *id)
{
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (seal, "waived"), i, row)
  {
    const char *reason = pkt_json_text (row, "reason");
    if (g_strcmp0 (pkt_json_text (row, "id"), id) == 0 && reason && *reason)
      return reason;
  }
  return NULL;
}

static void
check_findings (PktSealed *s)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (s->manifest, "findings"), i, row)
  {
    const char *id = pkt_json_text (row, "id"), *text = pkt_json_text (row, "text");
    if (id == NULL || pkt_seal_waiver (s->seal, id) || !g_hash_table_add (seen, (gpointer)id))
      continue;
    g_autofree char *quoted = pkt_text_quote (pkt_slice_str (text ? text : ""), QUOTED);
    add (s, PKT_SEAL_FINDING,
         "The finding '%s' is open: %s Mend it, or accept with --waive '%s=REASON'.", id, quoted,
         id);
  }
}

static void
check_age (PktSealed *s, gint64 now)
{
  PktStamp last;
  const char *text = pkt_json_text (json_object_get (s->manifest, "evidence"), "last");
  if (text == NULL || pkt_seal_waiver (s->seal, PKT_SEAL_ID_OLD_FIGURES)
      || pkt_clock_parse_rfc3339 (pkt_slice_str (text), &last) == 0
      || now - last.us <= PKT_SEAL_FIGURE_HOURS * PKT_HOUR)
    return;
  add (s, PKT_SEAL_OLD_FIGURES,
       "The figures are old: the newest record is of %s, more than %d hours ago; build again on "
       "newer logs, or accept with --waive " PKT_SEAL_ID_OLD_FIGURES "=REASON.",
       text, PKT_SEAL_FIGURE_HOURS);
}

/* "2027-01-02T10:00:00Z" of the newest sending to Apple, also one that may have been; NULL: it
 * never went there. */
static const char *
sent_to_apple (const json_t *manifest)
{
  const json_t *row = pkt_receipt_open (manifest);
  const char *time = pkt_json_text (row, "time");
  return row == NULL ? NULL : time ? time : "an unknown time";
}

/* What was sent already; a draft may have been, from the mail client. */
static void
check_sent (PktSealed *s)
{
  const json_t *row = pkt_receipt_open (s->manifest);
  const char *state = pkt_json_text (row, "state"), *time = sent_to_apple (s->manifest);
  if (time == NULL || pkt_seal_waiver (s->seal, PKT_SEAL_ID_SECOND))
    return;
  if (g_strcmp0 (state, "draft") == 0)
    add (s, PKT_SEAL_SENT,
         "This packet lies as a draft in your mail client since %s and may have been sent from "
         "there; 'postpacket send --again' all the same sends it, or stores it, once more.",
         time);
  else if (g_strcmp0 (state, "unsure") == 0)
    add (s, PKT_SEAL_SENT,
         "This packet may have gone to Apple, at %s: it was given to the server, and no answer "
         "came. Ask the server's operator; if it did not go, 'postpacket send --again'.",
         time);
  else
    add (s, PKT_SEAL_SENT,
         "This packet went to Apple already, at %s; what is new goes into a follow-up: "
         "'postpacket build --follow-up %s'.",
         time, s->packet);
}

static gboolean
is_null (const json_t *manifest, const char *key)
{
  const json_t *value = json_object_get (manifest, key);
  return value == NULL || json_is_null (value);
}

static gboolean
is_answered (const json_t *manifest)
{
  return !is_null (manifest, "answered")
         || json_array_size (json_object_get (manifest, "answers")) > 0;
}

/* Of another packet only what left counts. */
static gboolean
is_draft (const json_t *manifest)
{
  return g_strcmp0 (pkt_json_text (pkt_receipt_open (manifest), "state"), "draft") == 0;
}

/* What two packets have in common: "the same IPs", "the same domain example.com"; NULL. */
static char *
in_common (const json_t *a, const json_t *b)
{
  const json_t *x = json_object_get (a, "about"), *y = json_object_get (b, "about");
  const char *domain = pkt_json_text (x, "organisation");
  if (domain && g_strcmp0 (domain, pkt_json_text (y, "organisation")) == 0)
    return g_strdup_printf ("the same domain %s", domain);
  const json_t *ips = json_object_get (x, "ips");
  if (json_array_size (ips) && json_equal (ips, json_object_get (y, "ips")))
    return g_strdup ("the same sending IPs");
  return NULL;
}

/* A copy, or the same case built again to the byte, has the same id and is another packet. */
static gboolean
is_same_folder (const char *a, const char *b)
{
  GStatBuf x, y;
  return g_stat (a, &x) == 0 && g_stat (b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void
check_second (PktSealed *s, const char *const *others)
{
  if (pkt_seal_waiver (s->seal, PKT_SEAL_ID_SECOND))
    return;
  for (gsize i = 0; others && others[i] && is_null (s->manifest, "follow_up"); i++) {
    g_autoptr (json_t) other = pkt_seal_read_manifest (others[i], NULL);
    const char *when = sent_to_apple (other);
    if (when == NULL || is_draft (other) || is_answered (other)
        || is_same_folder (s->packet, others[i]))
      continue;
    g_autofree char *common = in_common (s->manifest, other);
    if (common)
      add (s, PKT_SEAL_SECOND,
           "%s is an open request for %s, sent at %s: follow it up with 'postpacket build "
           "--follow-up', or accept with --waive " PKT_SEAL_ID_SECOND "=REASON.",
           others[i], common, when);
  }
}

PktSealed *
pkt_seal_check (const char *packet, const char *const *others, gint64 now, GError **error)
{
  json_t *manifest = pkt_seal_read_manifest (packet, error);
  if (manifest == NULL)
    return NULL;
  PktSealed *s = g_new0 (PktSealed, 1);
  s->packet = g_strdup (packet);
  s->manifest = manifest;
  s->faults = g_ptr_array_new_with_free_func (fault_free);
  s->request = read_message (packet, "request.eml");
  s->draft = read_message (packet, "draft.eml");
  read_seal (s);
  if (s->seal) {
    check_message (s, "request", "request.eml", s->request, PKT_SEAL_REQUEST);
    check_message (s, "draft", "draft.eml", s->draft, PKT_SEAL_DRAFT);
    check_time (s, now);
    check_inputs (s);
  }
  check_findings (s);
  check_age (s, now);
  check_sent (s);
  check_second (s, others);
  return s;
}

gboolean
pkt_seal_require (const PktSealed *s, GError **error)
{
  if (s->faults->len == 0)
    return TRUE;
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < s->faults->len; i++)
    g_string_append_printf (all, "%s%s", i ? " " : "",
                            ((const PktSealFault *)s->faults->pdata[i])->text);
  g_set_error (error, PKT_ERROR, PKT_ERROR_SEAL, "%s: %s", s->packet, all->str);
  return FALSE;
}
