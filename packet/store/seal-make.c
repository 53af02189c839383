#include <errno.h>
#include <glib/gstdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/store/folder.h"
#include "packet/store/manifest.h"
#include "packet/store/seal.h"

#define MAX_ROTATED 64 /* files beside a log that may be its older self */

/* Do the first bytes of the file have this digest? */
static gboolean
has_digest (const char *file, guint64 bytes, const char *want, gboolean grows)
{
  GStatBuf st;
  if (g_stat (file, &st) != 0 || !S_ISREG (st.st_mode) || (guint64)st.st_size < bytes
      || (!grows && (guint64)st.st_size != bytes))
    return FALSE;
  guint64 got = 0;
  g_autofree char *digest = pkt_digest_first (file, bytes, &got, NULL);
  return digest && got == bytes && g_strcmp0 (digest, want) == 0;
}

/* maillog became maillog.1 or maillog-20270103 over night: it is the same log. */
static gboolean
was_rotated (const char *file, guint64 bytes, const char *want)
{
  g_autofree char *folder = g_path_get_dirname (file), *name = g_path_get_basename (file);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gsize n = strlen (name);
  guint tried = 0;
  for (const char *entry; dir && tried < MAX_ROTATED && (entry = g_dir_read_name (dir));) {
    if (strncmp (entry, name, n) != 0 || (entry[n] != '.' && entry[n] != '-'))
      continue;
    g_autofree char *path = g_build_filename (folder, entry, NULL);
    tried++;
    if (has_digest (path, bytes, want, TRUE))
      return TRUE;
  }
  return FALSE;
}

char *
pkt_seal_input_fault (const json_t *input)
{
  const char *file = pkt_json_text (input, "file"), *want = pkt_json_text (input, "sha256");
  gint64 bytes = pkt_json_number (input, "bytes");
  gboolean grows = json_is_true (json_object_get (input, "grows"));
  if (file == NULL || want == NULL || bytes < 0)
    return g_strdup ("an input is not told in full");
  if (has_digest (file, (guint64)bytes, want, grows)
      || (grows && was_rotated (file, (guint64)bytes, want)))
    return NULL;
  gboolean there = g_file_test (file, G_FILE_TEST_EXISTS);
  return g_strdup_printf ("%s %s", file,
                          there ? "is not what it was when the packet was built"
                                : "is not there any more");
}

/* NULL where it cannot be read, and where it is no file of a packet: packet.json may be anybody's,
 * and a pipe or "../../dev/zero" would be read without end. */
static char *
digest_in (const char *packet, const char *name)
{
  g_autofree char *path = g_build_filename (packet, name, NULL);
  GStatBuf st;
  if (!pkt_folder_is_path (name) || g_lstat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return NULL;
  return pkt_digest_file (path, NULL, NULL);
}

/* Each file as packet.json lists it. */
static gboolean
check_files (const char *packet, const json_t *manifest, GError **error)
{
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "files"), i, row)
  {
    const char *name = pkt_json_text (row, "path"), *want = pkt_json_text (row, "sha256");
    if (name == NULL || want == NULL)
      continue;
    g_autofree char *path = g_build_filename (packet, name, NULL);
    g_autofree char *digest = digest_in (packet, name);
    if (g_strcmp0 (digest, want) == 0)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_SEAL,
                 "%s/%s %s; 'postpacket review --edit %s' takes what was edited by hand and checks "
                 "it, nothing was sealed",
                 packet, name,
                 digest                                   ? "is not what the packet was built with"
                 : g_file_test (path, G_FILE_TEST_EXISTS) ? "cannot be read"
                                                          : "is missing",
                 packet);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_inputs (const json_t *inputs, GError **error)
{
  gsize i;
  json_t *input;
  json_array_foreach (inputs, i, input)
  {
    g_autofree char *fault = pkt_seal_input_fault (input);
    if (fault == NULL)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_SEAL, "%s; build the packet again, nothing was sealed",
                 fault);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_known (const json_t *manifest, const char *id)
{
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "findings"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "id"), id) == 0)
      return TRUE;
  }
  return g_str_equal (id, PKT_SEAL_ID_OLD_FIGURES) || g_str_equal (id, PKT_SEAL_ID_SECOND);
}

static gboolean
check_waivers (const json_t *manifest, const json_t *waived, GError **error)
{
  gsize i;
  json_t *row;
  json_array_foreach (waived, i, row)
  {
    const char *id = pkt_json_text (row, "id"), *reason = pkt_json_text (row, "reason");
    g_autofree char *quoted = pkt_text_quote (pkt_slice_str (id ? id : ""), 60);
    if (id == NULL || !is_known (manifest, id)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--waive %s: no finding of this packet has that id; 'postpacket review' lists "
                   "them",
                   quoted);
      return FALSE;
    }
    if (reason == NULL || reason[strspn (reason, " \t")] == '\0'
        || strlen (reason) > PKT_SEAL_MAX_REASON) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--waive %s: needs a reason of at most %d bytes: --waive '%s=REASON'", quoted,
                   PKT_SEAL_MAX_REASON, quoted);
      return FALSE;
    }
  }
  return TRUE;
}

static json_t *
digest_of (const char *packet, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (packet, name, NULL);
  guint64 bytes = 0;
  g_autofree char *digest = pkt_digest_file (path, &bytes, error);
  return digest ? json_pack ("{s:I, s:s}", "bytes", (json_int_t)bytes, "sha256", digest) : NULL;
}

static gboolean
write_seal (const char *packet, const json_t *seal, GError **error)
{
  g_autofree char *path = g_build_filename (packet, PKT_SEAL_FILE, NULL);
  g_autofree char *text = pkt_json_dump (seal);
  if (strlen (text) <= PKT_SEAL_MAX_BYTES)
    return pkt_file_write (path, text, strlen (text), 0600, error);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: %" G_GSIZE_FORMAT " inputs are more than a seal holds; put the bounces into an "
               "mbox or an archive, and build again",
               packet, json_array_size (json_object_get (seal, "inputs")));
  return FALSE;
}

gboolean
pkt_seal_make (const char *packet, const char *by, const json_t *inputs, const json_t *waived,
               gint64 now, GError **error)
{
  g_autoptr (json_t) manifest = pkt_seal_read_manifest (packet, error);
  if (manifest == NULL)
    return FALSE;
  if (!json_is_true (json_object_get (manifest, "ready"))) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_FINDINGS,
                 "%s: there is no request in this packet to accept; 'postpacket review %s' says "
                 "what is lacking",
                 packet, packet);
    return FALSE;
  }
  if (!check_waivers (manifest, waived, error) || !check_files (packet, manifest, error)
      || !check_inputs (inputs, error))
    return FALSE;
  json_t *request = digest_of (packet, "request.eml", error),
         *draft = request ? digest_of (packet, "draft.eml", error) : NULL;
  g_autoptr (json_t) seal = json_object ();
  json_object_set_new (seal, "version", json_integer (1));
  json_object_set_new (seal, "sealed", pkt_json_time (now));
  json_object_set_new (seal, "by", pkt_json_string (by));
  json_object_set_new (seal, "request", request);
  json_object_set_new (seal, "draft", draft);
  json_object_set (seal, "inputs", (json_t *)inputs);
  json_object_set (seal, "waived", (json_t *)waived);
  return draft && write_seal (packet, seal, error);
}
