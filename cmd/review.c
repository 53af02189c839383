#include "cmd/review.h"
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/review-diff.h"
#include "packet/run/review.h"
#include "packet/run/seal.h"

#define COLUMNS 100
#define MAX_QUOTED 4096 /* characters of a path, or of what a packet of anybody's says */

static char *
quote (const char *text)
{
  return pkt_text_quote (pkt_slice_str (text), MAX_QUOTED);
}

static char *
seal_text (const PktSealed *s)
{
  GString *out = g_string_new (NULL);
  const char *sealed = pkt_json_text (s->seal, "sealed"), *by = pkt_json_text (s->seal, "by");
  g_autofree char *packet = quote (s->packet), *who = quote (by ? by : "nobody");
  g_autofree char *when = quote (sealed ? sealed : "");
  if (sealed)
    g_string_append_printf (out, "%s: accepted by %s at %s; the seal holds %d days.\n", packet, who,
                            when, PKT_SEAL_DAYS);
  if (!json_is_true (json_object_get (s->manifest, "ready"))) {
    g_string_append (out, "There is no request in this packet that could be accepted.\n");
    return g_string_free (out, FALSE);
  }
  if (s->faults->len == 0)
    g_string_append_printf (out, "It may be sent: postpacket send %s\n", packet);
  else
    g_string_append (out, "It may not be sent yet:\n");
  for (guint i = 0; i < s->faults->len; i++) {
    const PktSealFault *f = s->faults->pdata[i];
    g_autofree char *text = quote (f->text);
    g_autofree char *wrapped = pkt_text_wrap (text, COLUMNS, "  - ", "    ");
    g_string_append (out, wrapped);
  }
  return g_string_free (out, FALSE);
}

/* After --accept the seal alone, else all of it. */
static gboolean
print (const CmdReview *r, const PktSealed *s, const json_t *view, GError **error)
{
  g_autofree char *text = NULL;
  if (r->json) {
    g_autoptr (json_t) object = pkt_review_json (view, s);
    text = pkt_json_dump (object);
  } else if (r->accept)
    text = seal_text (s);
  else {
    g_autofree char *all = pkt_review_text (view, cmd_review_width (), cmd_colour ()),
                    *seal = seal_text (s);
    text = g_strconcat (all, "\n", seal, NULL);
    return cmd_review_page (text, error);
  }
  return pkt_file_print (text, strlen (text), error);
}

/* That nobody accepted it yet is what a review is for. */
static gboolean
is_well (const CmdReview *r, const PktSealed *s)
{
  guint faults = s->faults->len;
  if (!r->accept && faults && ((const PktSealFault *)s->faults->pdata[0])->kind == PKT_SEAL_NONE)
    faults--;
  return faults == 0 && json_is_true (json_object_get (s->manifest, "ready"));
}

static int
review (const CmdReview *r, const char *packet, GError **error)
{
  const char *const *waive = (const char *const *)r->waive;
  g_autoptr (PktSealed) accepted = r->accept ? pkt_seal_accept (packet, r->by, waive, error) : NULL;
  g_autoptr (json_t) view = NULL;
  if (r->accept && accepted == NULL)
    return -1;
  g_autoptr (PktSealed) s = pkt_review_load (packet, &view, error);
  if (s == NULL || !print (r, s, view, error))
    return -1;
  return is_well (r, s) ? 0 : PKT_ERROR_FINDINGS;
}

/* What is raw is for the eyes of who sits there, and goes into no file and no pipe. */
static int
diff (char **operands, GError **error)
{
  gboolean terminal = isatty (STDOUT_FILENO);
  g_autofree char *text = pkt_review_diff (operands[0], (const char *const *)operands + 1, terminal,
                                           cmd_colour (), error);
  return text && cmd_review_page (text, error) ? 0 : -1;
}

static gboolean
check (const CmdReview *r, int argc, GError **error)
{
  if (argc < 2 || (argc > 2 && !r->diff))
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, "review: name one packet folder");
  else if (!r->accept && (r->by || r->waive))
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "review: --by and --waive go with --accept");
  else if (r->edit + r->diff + r->accept > 1 || (r->json && (r->edit || r->diff)))
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "review: --diff, --edit and --accept go one at a time, --json with the "
                         "last alone");
  else
    return TRUE;
  return FALSE;
}

int
cmd_run_review (int argc, char **argv, GError **error)
{
  CmdReview r = { 0 };
  const GOptionEntry entries[] = {
    { "accept", 0, 0, G_OPTION_ARG_NONE, &r.accept,
      "Seal it: somebody read it and stands behind it", NULL },
    { "by", 0, 0, G_OPTION_ARG_STRING, &r.by, "Who that is (the user's own name)", "NAME" },
    { "waive", 0, 0, G_OPTION_ARG_STRING_ARRAY, &r.waive,
      "With --accept: this finding is known, and why it is no obstacle", "ID=REASON" },
    { "diff", 0, 0, G_OPTION_ARG_NONE, &r.diff,
      "What was replaced, before and after; the side before on a terminal only", NULL },
    { "edit", 0, 0, G_OPTION_ARG_NONE, &r.edit,
      "The text in your editor, and what was edited in parts/; checked again", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &r.json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &r.quiet, "Only errors on the standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "PACKET [PART...]",
                 "What a packet says, and whether it may be sent; --accept seals it.", error)
      && check (&r, argc, error))
    status = r.edit   ? cmd_review_edit (argv[1], error)
             : r.diff ? diff (argv + 1, error)
                      : review (&r, argv[1], error);
  g_free (r.by);
  g_strfreev (r.waive);
  return status;
}
