#include "packet/run/review.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/lint.h"
#include "packet/request/message-read.h"
#include "packet/run/review-parts.h"
#include "packet/run/seal.h"

#define MAX_FILE (32 * 1024 * 1024)

static void
set_count (json_t *o, const char *key, gint64 n)
{
  pkt_json_set_text (o, key, pkt_text_count (n));
}

/* A list under its own name, or null: a heading without rows is left out. */
static void
set_list (json_t *view, const char *key, json_t *list_taken)
{
  json_object_set_new (view, key,
                       json_array_size (list_taken) ? json_pack ("{s:O}", "list", list_taken)
                                                    : json_null ());
  json_decref (list_taken);
}

static json_t *
list_of (const json_t *manifest, const char *key)
{
  json_t *list = json_object_get (manifest, key);
  return json_is_array (list) ? json_incref (list) : json_array ();
}

static void
add_row (json_t *list, const json_t *row, const char *name, const char *kind)
{
  json_array_append_new (list, json_pack ("{s:o, s:s, s:o}", "what",
                                          pkt_json_string (pkt_json_text (row, name)), "kind", kind,
                                          "where", pkt_json_string (pkt_json_text (row, "where"))));
}

/* Rows of claims and requirements in this state. */
static json_t *
in_state (const json_t *manifest, const char *of_claims, const char *of_requirements)
{
  json_t *list = json_array (), *row;
  gsize i;
  json_array_foreach (json_object_get (manifest, "claims"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "state"), of_claims) == 0)
      add_row (list, row, "claim", "Sentence");
  }
  json_array_foreach (json_object_get (manifest, "requirements"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "state"), of_requirements) == 0)
      add_row (list, row, "requirement", "Requirement");
  }
  return list;
}

/* What is lacking apart from what the sender should know; each says whether it was waived. */
static void
set_findings (json_t *view, const json_t *manifest, const PktSealed *sealed)
{
  json_t *lacking = json_array (), *open = json_array (), *row;
  gsize i;
  json_array_foreach (json_object_get (manifest, "findings"), i, row)
  {
    json_t *o = json_copy (row);
    const char *id = pkt_json_text (row, "id");
    json_object_set_new (
        o, "waived", pkt_json_string (sealed && id ? pkt_seal_waiver (sealed->seal, id) : NULL));
    json_array_append_new (json_is_true (json_object_get (row, "lacking")) ? lacking : open, o);
  }
  set_list (view, "lacking", lacking);
  set_list (view, "open", open);
}

/* One line a desk and a reason why it is that one's: how many answers are. */
static json_t *
desk_lines (const json_t *manifest)
{
  json_t *list = json_array (), *row;
  gint64 all = 0;
  gsize i, k;
  json_array_foreach (json_object_get (manifest, "desks"), i, row)
  {
    json_t *found = NULL, *each;
    json_array_foreach (list, k, each)
    {
      if (g_strcmp0 (pkt_json_text (each, "name"), pkt_json_text (row, "name")) == 0
          && g_strcmp0 (pkt_json_text (each, "reason"), pkt_json_text (row, "reason")) == 0)
        found = each;
    }
    gint64 n = pkt_json_number (row, "count");
    all += n;
    if (found == NULL) {
      found = json_pack ("{s:o, s:o, s:o, s:I}", "name",
                         pkt_json_string (pkt_json_text (row, "name")), "reason",
                         pkt_json_string (pkt_json_text (row, "reason")), "link",
                         pkt_json_string (pkt_json_text (row, "link")), "n", (json_int_t)0);
      json_array_append_new (list, found);
    }
    json_object_set_new (found, "n", json_integer (pkt_json_number (found, "n") + n));
  }
  json_array_foreach (list, i, row)
  {
    set_count (row, "count", pkt_json_number (row, "n"));
    set_count (row, "of", all);
    json_object_del (row, "n");
  }
  return list;
}

static guint
count_lines (const char *text)
{
  guint n = 0;
  for (const char *p = text; *p; p++)
    n += *p == '\n' || p[1] == '\0';
  return n;
}

static void
set_message (json_t *view, const PktReadMessage *m, GBytes *request)
{
  static const char *const shown[] = { "From", "To",          "Cc",         "Subject",
                                       "Date", "In-Reply-To", "References", "Message-ID" };
  json_t *headers = json_array (), *o = json_object ();
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++) {
    const char *value = pkt_message_read_header (m, shown[i]);
    if (value)
      json_array_append_new (
          headers, json_pack ("{s:s, s:o}", "name", shown[i], "value", pkt_json_string (value)));
  }
  json_object_set_new (o, "headers", headers);
  json_object_set_new (o, "body", pkt_json_string (m->body));
  set_count (o, "lines", count_lines (m->body));
  set_count (o, "max_lines", PKT_LINT_MAX_LINES);
  set_count (o, "size", (gint64)g_bytes_get_size (request));
  set_count (o, "max_size", PKT_LINT_MAX_MESSAGE);
  set_count (o, "attachments", m->parts->len);
  json_object_set_new (view, "message", o);
}

/* The commands for the next step; PACKET stands for the folder where it is not known. */
static void
add_next (json_t *list, const char *command, const char *packet, const char *what)
{
  g_autofree char *text = g_strdup_printf ("postpacket %s%s%s", command, *command ? " " : "",
                                           packet);
  json_array_append_new (list,
                         json_pack ("{s:o, s:s}", "command", pkt_json_string (text), "what", what));
}

static char *
accept_command (const json_t *manifest)
{
  GString *s = g_string_new ("review --accept");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "findings"), i, row)
  {
    const char *id = pkt_json_text (row, "id");
    if (id && g_hash_table_add (seen, (gpointer)id))
      g_string_append_printf (s, " --waive '%s=WHY'", id);
  }
  return g_string_free (s, FALSE);
}

static json_t *
next_steps (const json_t *manifest, gboolean message, const PktSealed *sealed)
{
  json_t *list = json_array ();
  const char *packet = sealed ? sealed->packet : "PACKET";
  g_autofree char *accept = accept_command (manifest);
  if (message && sealed && sealed->faults->len == 0)
    add_next (list, "send --dry-run --smtp smtp://HOST", packet,
              "what would be said to the mail server, then send");
  else if (message) {
    add_next (list, "review --diff", packet, "what was replaced, before and after; terminal only");
    add_next (list, "review --edit", packet, "change the text; it is checked again");
    add_next (list, accept, packet, "stand behind it; WHY is why a finding is no obstacle");
    add_next (list, "send --dry-run --smtp smtp://HOST", packet,
              "after that: what would be said to the mail server");
  } else {
    add_next (list, "ticket", packet, "the same case for the desk that is named above");
    add_next (list, "build --force", "CASE", "once the case file holds what is lacking");
  }
  add_next (list, "verify", packet, "the privacy check alone");
  return list;
}

static gboolean
has_fault (const PktSealed *sealed, PktSealKind kind)
{
  for (guint i = 0; sealed && i < sealed->faults->len; i++)
    if (((const PktSealFault *)sealed->faults->pdata[i])->kind == kind)
      return TRUE;
  return FALSE;
}

static void
set_state (json_t *view, const json_t *manifest, gboolean message, const PktSealed *sealed)
{
  const char *audience = pkt_json_text (manifest, "audience"), *state, *word;
  if (audience && !g_str_equal (audience, "apple")) {
    word = "other";
    state = g_str_equal (audience, "esp")
                ? "For the sending service: the ticket and the attachments. There is no request "
                  "to Apple in this packet."
                : "For everybody: the ticket and the attachments. There is no request to Apple in "
                  "this packet.";
  } else if (!message) {
    word = "lacking";
    state = "Not ready: no request was written.";
  } else if (has_fault (sealed, PKT_SEAL_SENT)) {
    word = "ready";
    state = "It went to Apple.";
  } else if (sealed && sealed->faults->len == 0) {
    word = "ready";
    state = "Accepted: it may be sent.";
  } else if (sealed && sealed->seal) {
    word = "open";
    state = "Accepted, but it may not be sent as it is.";
  } else {
    word = "open";
    state = "Ready to be read, then accepted.";
  }
  json_object_set_new (view, "state", json_string (state));
  json_object_set_new (view, "state_word", json_string (word));
}

static json_t *
faults_of (const PktSealed *sealed)
{
  json_t *list = json_array ();
  for (guint i = 0; sealed && sealed->seal && i < sealed->faults->len; i++)
    json_array_append_new (
        list, json_pack ("{s:o}", "text",
                         pkt_json_string (((const PktSealFault *)sealed->faults->pdata[i])->text)));
  return list;
}

static json_t *
with_counts (json_t *list_taken, const char *key)
{
  json_t *out = json_array (), *row;
  gsize i;
  json_array_foreach (list_taken, i, row)
  {
    json_t *o = json_copy (row);
    set_count (o, key, pkt_json_number (row, key));
    json_array_append_new (out, o);
  }
  json_decref (list_taken);
  return out;
}

/* "bounces (10,000 files)" */
static json_t *
inputs_of (const json_t *manifest)
{
  json_t *list = with_counts (list_of (manifest, "inputs"), "bytes"), *row;
  gsize i;
  json_array_foreach (list, i, row)
  {
    const json_int_t files = (json_int_t)pkt_json_number (row, "files");
    g_autofree char *n = pkt_text_count (files);
    const char *path = pkt_json_text (row, "path");
    g_autofree char *shown = files ? g_strdup_printf ("%s (%s files)", path, n) : g_strdup (path);
    json_object_set_new (row, "shown", pkt_json_string (shown));
  }
  return list;
}

json_t *
pkt_review_view (const json_t *manifest, PktReviewFile file, gpointer data, const PktSealed *sealed)
{
  json_t *v = json_object ();
  g_autoptr (GBytes) request = file ("request.eml", data);
  g_autoptr (PktReadMessage) m = request ? pkt_message_read (request, NULL) : NULL;
  json_object_set_new (v, "subject", pkt_json_string (pkt_json_text (manifest, "subject")));
  json_object_set_new (v, "case", pkt_json_string (pkt_json_text (manifest, "case")));
  json_object_set_new (v, "made", pkt_json_string (pkt_json_text (manifest, "made")));
  json_object_set_new (v, "readiness", pkt_json_string (pkt_json_text (manifest, "readiness")));
  json_object_set_new (v, "counting", pkt_json_string (pkt_json_text (manifest, "counting")));
  set_state (v, manifest, m != NULL, sealed);
  set_list (v, "faults", faults_of (sealed));
  set_findings (v, manifest, sealed);
  set_list (v, "contradicted", in_state (manifest, "contradicted", "contradicted"));
  set_list (v, "missing", in_state (manifest, "missing", "unknown"));
  set_list (v, "desk_lines", desk_lines (manifest));
  set_list (v, "desks", with_counts (list_of (manifest, "desks"), "count"));
  json_object_set_new (v, "message", json_null ());
  if (m)
    set_message (v, m, request);
  set_list (v, "attachments", pkt_review_attachments (manifest, m, file, data));
  set_list (v, "kept", pkt_review_kept (manifest, m, file, data));
  set_list (v, "edited", list_of (manifest, "edited"));
  set_list (v, "claims", list_of (manifest, "claims"));
  set_list (v, "requirements", list_of (manifest, "requirements"));
  set_list (v, "redacted", with_counts (list_of (manifest, "redacted"), "count"));
  set_list (v, "removed", list_of (manifest, "removed"));
  set_list (v, "disclosed", list_of (manifest, "disclosed"));
  set_list (v, "tightened", list_of (manifest, "tightened"));
  set_list (v, "inputs", inputs_of (manifest));
  set_list (v, "next", next_steps (manifest, m != NULL, sealed));
  return v;
}

static GBytes *
file_on_disk (const char *path, gpointer packet)
{
  g_autofree char *full = g_build_filename (packet, path, NULL);
  gsize n = 0;
  char *bytes = strstr (path, "..") ? NULL : pkt_file_read_regular (full, MAX_FILE, &n, NULL);
  return bytes ? g_bytes_new_take (bytes, n) : NULL;
}

PktSealed *
pkt_review_load (const char *packet, json_t **out_view, GError **error)
{
  PktSealed *sealed = pkt_seal_load (packet, error);
  *out_view = sealed ? pkt_review_view (sealed->manifest, file_on_disk, (gpointer)packet, sealed)
                     : NULL;
  return sealed;
}
