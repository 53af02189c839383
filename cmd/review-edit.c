#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>
#include "cmd/build.h"
#include "cmd/review.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/message-read.h"
#include "packet/run/edits.h"
#include "packet/run/record.h"
#include "packet/run/seal.h"
#include "packet/store/receipt.h"

#define COLUMNS 100
#define MAX_MESSAGE (32 * 1024 * 1024)
#define MAX_TEXT (1024 * 1024)

typedef struct {
  char *packet; /* absolute */
  json_t *manifest, *record;
  char *body;          /* as it stands in request.eml */
  char *folder, *file; /* of the editor's copy */
  gboolean keep;       /* the copy holds what was not taken */
} Edit;

static void
edit_clear (Edit *e)
{
  if (e->file && !e->keep)
    g_unlink (e->file);
  if (e->folder && !e->keep)
    g_rmdir (e->folder);
  json_decref (e->manifest);
  json_decref (e->record);
  g_free (e->packet);
  g_free (e->body);
  g_free (e->folder);
  g_free (e->file);
}

static gboolean
read_body (Edit *e, GError **error)
{
  g_autofree char *path = g_build_filename (e->packet, "request.eml", NULL);
  gsize n = 0;
  if (!json_is_true (json_object_get (e->manifest, "ready"))) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_FINDINGS,
                 "%s: there is no request in this packet to edit; 'postpacket review' says what is "
                 "lacking, edit the case and build again",
                 e->packet);
    return FALSE;
  }
  char *bytes = pkt_file_read_regular (path, MAX_MESSAGE, &n, error);
  if (bytes == NULL)
    return FALSE;
  g_autoptr (GBytes) all = g_bytes_new_take (bytes, n);
  g_autoptr (PktReadMessage) m = pkt_message_read (all, error);
  if (m == NULL) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  e->body = g_strdup (m->body);
  return TRUE;
}

static gboolean
edit_open (Edit *e, const char *packet, GError **error)
{
  e->packet = g_canonicalize_filename (packet, NULL);
  e->manifest = pkt_seal_read_manifest (packet, error);
  if (e->manifest && pkt_receipt_open (e->manifest)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_SEAL,
                 "%s: went out already and stays as it is; what is new goes into a follow-up: "
                 "'postpacket build --follow-up'",
                 packet);
    return FALSE;
  }
  if (e->manifest == NULL || !read_body (e, error))
    return FALSE;
  e->record = pkt_record_load (e->manifest, error);
  return e->record != NULL;
}

/* As git has it: $VISUAL, $EDITOR; vi where there is a terminal; else what was edited by hand is
 * taken without one. */
static const char *
editor (void)
{
  const char *visual = g_getenv ("VISUAL"), *plain = g_getenv ("EDITOR");
  if (visual && *visual)
    return visual;
  if (plain && *plain)
    return plain;
  return isatty (STDIN_FILENO) && isatty (STDOUT_FILENO) ? "vi" : NULL;
}

static gboolean
run_editor (const Edit *e, const char *command, GError **error)
{
  g_autofree char *script = g_strconcat (command, " \"$@\"", NULL);
  char *argv[] = { (char *)"sh", (char *)"-c", script, (char *)command, e->file, NULL };
  int status;
  g_autoptr (GError) failed = NULL;
  CmdYield yield;
  fflush (stdout);
  cmd_yield_begin (&yield);
  gboolean ran = g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
                               cmd_yield_end, &yield, NULL, NULL, &status, &failed);
  cmd_yield_end (&yield);
  if (ran && g_spawn_check_wait_status (status, &failed))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
               "the editor '%s' did not end well (%s); nothing was changed", command,
               failed->message);
  return FALSE;
}

/* Opens the text once more, or takes it as it is. */
static gboolean
edit_text (Edit *e, PktEdits *edits, GError **error)
{
  const char *command = editor ();
  if (command == NULL)
    return pkt_edits_set_body (edits, e->body, strlen (e->body), error);
  if (e->folder == NULL) {
    e->folder = g_dir_make_tmp ("postpacket-XXXXXX", NULL);
    e->file = e->folder ? g_build_filename (e->folder, "request.txt", NULL) : NULL;
    if (e->file == NULL) {
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_IO,
                           "no temporary folder can be made for the editor; set TMPDIR");
      return FALSE;
    }
    if (!pkt_file_write (e->file, e->body, strlen (e->body), 0600, error))
      return FALSE;
  }
  gsize n = 0;
  if (!run_editor (e, command, error))
    return FALSE;
  g_autofree char *text = pkt_file_read (e->file, MAX_TEXT, &n, error);
  return text && pkt_edits_set_body (edits, text, n, error);
}

static void
print_findings (const PktBuildResult *r)
{
  for (guint i = 0; i < r->findings->len; i++) {
    const PktFinding *f = r->findings->pdata[i];
    g_autofree char *line = g_strdup_printf (
        "%s%s (%s)%s%s", f->weight == PKT_FINDING_LACKING ? "LACKING: " : "", f->text, f->id,
        f->advice ? " " : "", f->advice ? f->advice : "");
    g_autofree char *wrapped = pkt_text_wrap (line, COLUMNS, "  - ", "    ");
    fputs (wrapped, stdout);
  }
}

/* One try: the editor, and all checks. -1 with `error` set, else the exit status. */
static int
try (Edit *e, const char *shown, GError **error)
{
  g_autoptr (PktEdits) edits = pkt_edits_new ();
  edits->inputs = json_object_get (e->record, "inputs");
  if (!pkt_edits_read_parts (edits, e->packet, e->manifest, error) || !edit_text (e, edits, error))
    return -1;
  if (!pkt_edits_are_new (edits, e->packet, e->manifest, e->body)) {
    printf ("%s: nothing was changed.\n", shown);
    return 0;
  }
  g_autoptr (PktBuildResult) result = cmd_build_again (e->record, e->packet, edits, error);
  if (result == NULL)
    return -1;
  e->keep = !result->written && e->file;
  if (!result->written)
    printf ("%s: stays as it was, since the request would lack:\n", shown);
  else
    printf ("%s: written anew, with %s; read it and accept it again: postpacket review %s\n", shown,
            result->findings->len ? "these findings" : "no finding", shown);
  print_findings (result);
  if (e->keep)
    printf ("Your text is kept in %s.\n", e->file);
  return result->written && result->findings->len == 0 ? 0 : PKT_ERROR_FINDINGS;
}

static gboolean
again (const GError *error)
{
  char answer[16] = "";
  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO) || editor () == NULL)
    return FALSE;
  if (error)
    fprintf (stderr, "postpacket: %s\n", error->message);
  fputs ("Edit again? [Y/n] ", stderr);
  return fgets (answer, sizeof answer, stdin) && g_ascii_tolower (answer[0]) != 'n';
}

int
cmd_review_edit (const char *packet, GError **error)
{
  Edit e = { 0 };
  int status = -1;
  gboolean more = edit_open (&e, packet, error);
  while (more) {
    g_clear_error (error);
    e.keep = FALSE;
    status = try (&e, packet, error);
    more = (status < 0 || e.keep) && again (*error);
  }
  edit_clear (&e);
  return status;
}
