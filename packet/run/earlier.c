#include "packet/run/earlier.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/headers/delivered.h"
#include "packet/store/folder.h"
#include "packet/store/manifest.h"
#include "packet/store/seal.h"

#define REQUEST "request.eml"

void
pkt_earlier_free (PktEarlier *p)
{
  g_free (p->folder);
  json_decref (p->manifest);
  g_free (p->message_id);
  g_free (p->references);
  g_free (p);
}

static char *
unfolded (const char *value)
{
  return g_strstrip (g_strdelimit (g_strdup (value), "\r\n\t", ' '));
}

/* The request itself says under which Message-ID it went out. */
static gboolean
read_request (PktEarlier *p, GError **error)
{
  gsize n;
  g_autofree char *path = g_build_filename (p->folder, REQUEST, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *bytes = pkt_file_read_regular (path, PKT_DELIVERED_MAX_BYTES, &n, error);
  g_autoptr (PktSample) mail = bytes ? pkt_delivered_read (path, pkt_slice (bytes, n), error)
                                     : NULL;
  if (mail == NULL)
    return FALSE;
  p->message_id = g_strdup (mail->message_id);
  for (guint i = 0; i < mail->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (mail->fields, i);
    if (p->references == NULL && g_ascii_strcasecmp (f->name, "References") == 0)
      p->references = unfolded (f->value);
  }
  return TRUE;
}

static PktSentState
state_of (const json_t *receipt)
{
  static const struct {
    const char *word;
    PktSentState state;
  } states[] = { { "accepted", PKT_SENT_YES },
                 { "unsure", PKT_SENT_UNSURE },
                 { "draft", PKT_SENT_DRAFT },
                 { "refused", PKT_SENT_REFUSED } };
  const char *word = pkt_json_text (receipt, "state");
  for (gsize i = 0; word && i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (word, states[i].word))
      return states[i].state;
  return PKT_SENT_NO; /* "self": to a mailbox of the sender's own */
}

/* A draft is given a Message-ID of its own where it is put. */
static void
take_id (PktEarlier *p, const char *id)
{
  gsize n = id ? strlen (id) : 0;
  if (n == 0)
    return;
  g_free (p->message_id);
  p->message_id = id[0] == '<' && id[n - 1] == '>' ? g_strndup (id + 1, n - 2) : g_strdup (id);
}

/* The best state of all tries; of several the first time, which is when Apple got it. */
static void
take_receipts (PktEarlier *p)
{
  gsize i;
  json_t *receipt;
  json_array_foreach (json_object_get (p->manifest, "receipts"), i, receipt)
  {
    PktSentState state = state_of (receipt);
    if (state <= p->sent_state)
      continue;
    p->sent_state = state;
    p->sent = pkt_manifest_time (receipt, "time");
    take_id (p, pkt_json_text (receipt, "message_id"));
    if (p->sent == PKT_NO_TIME)
      p->sent = p->made;
  }
}

static void
take_answers (PktEarlier *p)
{
  gsize i;
  json_t *answer;
  gint64 returned = PKT_NO_TIME;
  json_array_foreach (json_object_get (p->manifest, "answers"), i, answer)
  {
    gint64 time = pkt_manifest_time (answer, "time");
    if (g_strcmp0 (pkt_json_text (answer, "kind"), "returned") == 0)
      returned = MAX (returned, time);
    if (json_is_true (json_object_get (answer, "automatic")) || time == PKT_NO_TIME)
      continue;
    if (p->answer == NULL || time >= pkt_earlier_answered (p))
      p->answer = answer;
  }
  if (p->answer && p->sent_state < PKT_SENT_ANSWERED)
    p->sent_state = PKT_SENT_ANSWERED;
  else if (p->answer == NULL && returned != PKT_NO_TIME && returned >= p->sent)
    p->sent_state = PKT_SENT_REFUSED; /* taken by a server, and returned by the next */
}

gint64
pkt_earlier_answered (const PktEarlier *p)
{
  return p->answer ? pkt_manifest_time (p->answer, "time") : PKT_NO_TIME;
}

PktEarlier *
pkt_earlier_read (const char *folder, GError **error)
{
  json_t *manifest = pkt_seal_read_manifest (folder, error);
  if (manifest == NULL)
    return NULL;
  g_autoptr (PktEarlier) p = g_new0 (PktEarlier, 1);
  p->folder = g_strdup (folder);
  p->manifest = manifest;
  p->id = pkt_json_text (manifest, "id");
  p->case_name = pkt_json_text (manifest, "case");
  p->subject = pkt_json_text (manifest, "subject");
  p->figures = json_object_get (manifest, "figures");
  p->made = pkt_manifest_time (manifest, "made");
  p->sent = PKT_NO_TIME;
  const json_t *follow_up = json_object_get (manifest, "follow_up");
  gint64 number = pkt_json_number (follow_up, "number");
  p->number = number > 0 && number < PKT_EARLIER_MAX_PACKETS ? (guint)number : 0;
  p->resolved = g_strcmp0 (pkt_json_text (follow_up, "kind"), "resolved") == 0;
  if (!read_request (p, error))
    return NULL;
  take_receipts (p);
  take_answers (p);
  return g_steal_pointer (&p);
}

char *
pkt_earlier_stream (const char *folder)
{
  g_autoptr (json_t) manifest = folder ? pkt_seal_read_manifest (folder, NULL) : NULL;
  return g_strdup (pkt_json_text (json_object_get (manifest, "figures"), "stream"));
}

/* In the order of their names: which are read, where there are too many, does not depend on the
 * disk. */
static GPtrArray *
folders_in (const char *place)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (place, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (place, name, NULL);
    struct stat st;
    if (name[0] != '.' && lstat (path, &st) == 0 && S_ISDIR (st.st_mode))
      g_ptr_array_add (paths, g_steal_pointer (&path));
  }
  g_ptr_array_sort (paths, pkt_sort_by_text);
  return paths;
}

static void
find_below (const char *place, guint depth, GPtrArray *found, GPtrArray *problems)
{
  g_autofree char *manifest = g_build_filename (place, PKT_FOLDER_MANIFEST, NULL);
  if (g_file_test (manifest, G_FILE_TEST_EXISTS)) {
    g_autoptr (GError) error = NULL;
    PktEarlier *p = pkt_earlier_read (place, &error);
    if (p)
      g_ptr_array_add (found, p);
    else if (problems)
      g_ptr_array_add (problems, g_strdup (error->message));
    return;
  }
  if (depth == 0)
    return;
  g_autoptr (GPtrArray) folders = folders_in (place);
  for (guint i = 0; i < folders->len && found->len < PKT_EARLIER_MAX_PACKETS; i++)
    find_below (g_ptr_array_index (folders, i), depth - 1, found, problems);
}

int
pkt_earlier_compare (gconstpointer a, gconstpointer b)
{
  const PktEarlier *x = *(PktEarlier *const *)a, *y = *(PktEarlier *const *)b;
  int by_case = strcmp (x->case_name, y->case_name);
  if (by_case)
    return by_case;
  return x->made != y->made ? (x->made < y->made ? -1 : 1) : strcmp (x->folder, y->folder);
}

GPtrArray *
pkt_earlier_find (const char *place, guint depth, GPtrArray *problems)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_earlier_free);
  find_below (place, depth, found, problems);
  g_ptr_array_sort (found, pkt_earlier_compare);
  return found;
}
