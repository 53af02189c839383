#include "packet/redact/selftest.h"
#include "cmd/cmd.h"
#include "packet/base/autoptr.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

typedef struct {
  gboolean json, quiet;
} Options;

static guint
count (const char *(*name) (guint))
{
  guint n = 0;
  while (name (n))
    n++;
  return n;
}

static void
append_surfaces (GString *out)
{
  g_string_append (out, "SURFACES\n");
  for (guint s = 0; pkt_selftest_surface (s); s++)
    g_string_append_printf (out, "  %2u  %s\n", s + 1, pkt_selftest_surface (s));
}

static void
append_row (GString *out, const PktSelftest *t, guint encoding)
{
  g_autofree char *name = pkt_text_pad (pkt_selftest_encoding (encoding), 28, FALSE);
  g_string_append (out, name);
  for (guint s = 0; pkt_selftest_surface (s); s++)
    g_string_append (out,
                     pkt_selftest_outcome (t, encoding, s) == PKT_SELFTEST_CAUGHT ? "  +" : "  -");
  g_string_append_c (out, '\n');
}

static char *
as_text (const PktSelftest *t)
{
  GString *out = g_string_new (NULL);
  guint surfaces = count (pkt_selftest_surface), encodings = count (pkt_selftest_encoding);
  append_surfaces (out);
  g_string_append (out, "\nENCODING                    ");
  for (guint s = 0; s < surfaces; s++)
    g_string_append_printf (out, " %2u", s + 1);
  g_string_append_c (out, '\n');
  for (guint e = 0; e < encodings; e++)
    append_row (out, t, e);
  g_string_append (out, "nothing planted             ");
  for (guint s = 0; s < surfaces; s++)
    g_string_append (out, pkt_selftest_control_is_clean (t, s) ? "  ." : "  !");
  g_autofree char *planted = pkt_text_count (surfaces * encodings);
  g_string_append_printf (out,
                          "\n\n%s: %s canaries planted (%u encodings in %u surfaces), %u not "
                          "caught\n",
                          pkt_selftest_missed (t) ? "failed" : "good", planted, encodings, surfaces,
                          pkt_selftest_missed (t));
  return g_string_free (out, FALSE);
}

static char *
as_json (const PktSelftest *t)
{
  json_t *rows = json_array (), *clean = json_array ();
  for (guint s = 0; pkt_selftest_surface (s); s++) {
    json_array_append_new (clean, json_pack ("{s:s, s:b}", "surface", pkt_selftest_surface (s),
                                             "clean", pkt_selftest_control_is_clean (t, s)));
    for (guint e = 0; pkt_selftest_encoding (e); e++)
      json_array_append_new (rows,
                             json_pack ("{s:s, s:s, s:b}", "surface", pkt_selftest_surface (s),
                                        "encoding", pkt_selftest_encoding (e), "caught",
                                        pkt_selftest_outcome (t, e, s) == PKT_SELFTEST_CAUGHT));
  }
  g_autoptr (json_t) root = json_pack (
      "{s:i, s:b, s:i, s:o, s:o}", "version", 1, "good", pkt_selftest_missed (t) == 0, "missed",
      (int)pkt_selftest_missed (t), "canaries", rows, "controls", clean);
  return pkt_json_dump (root);
}

int
cmd_run_selftest (int argc, char **argv, GError **error)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &o.quiet, "Print nothing; the exit status tells", NULL },
    G_OPTION_ENTRY_NULL
  };
  if (!cmd_parse (&argc, &argv, entries, NULL,
                  "Plants a recipient in every surface of a packet, in every encoding, and shows "
                  "that each is caught.",
                  error))
    return 0;
  if (argc != 1) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "takes no operand; see 'postpacket selftest --help'");
    return 0;
  }
  g_autoptr (PktSelftest) t = pkt_selftest_run ();
  g_autofree char *text = o.json ? as_json (t) : as_text (t);
  if (!o.quiet && !pkt_file_print (text, strlen (text), error))
    return 0;
  return pkt_selftest_missed (t) ? PKT_ERROR_PRIVACY : 0;
}
