#include <string.h>
#include "cmd/sources.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/trend/compare.h"

/* A side: "2026-05-01..2026-05-07", "stream=news.example.com", "ip=192.0.2.10", "campaign=May", or
 * several of them with commas between. */

#define CAMPAIGN "campaign="

static gboolean
bad_side (const char *side, const char *term, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
               "compare: '%s' in '%s': write FROM..TO (days or RFC 3339, FROM first), stream=, "
               "ip=, domain=, "
               "recipient-domain= or campaign=, several with commas between; or name two logs and "
               "nothing else",
               term, side);
  return FALSE;
}

static gboolean
read_period (const char *term, const char *dots, GTimeZone *zone, PktSumFilter *f)
{
  g_autofree char *from = g_strndup (term, (gsize)(dots - term));
  const char *to = dots + 2;
  if (*from && !pkt_clock_parse_user (from, zone, FALSE, &f->from))
    return FALSE;
  if (*to && !pkt_clock_parse_user (to, zone, TRUE, &f->to))
    return FALSE;
  if (*to)
    f->to++; /* half open */
  return (*from || *to) && (!*from || !*to || f->from < f->to);
}

#define OF_CAMPAIGN PKT_N_BY /* beside the PktBy's */
#define OF_PERIOD (PKT_N_BY + 1)

static guint16 *
place_of (PktSumFilter *f, guint of)
{
  guint16 *const places[PKT_N_BY + 1] = { [PKT_BY_STREAM] = &f->stream,
                                          [PKT_BY_IP] = &f->local_ip,
                                          [PKT_BY_DOMAIN] = &f->from_domain,
                                          [PKT_BY_RCPT_DOMAIN] = &f->rcpt_domain,
                                          [OF_CAMPAIGN] = &f->campaign };
  return places[of];
}

/* One table holds names of all kinds. */
static gboolean
is_there (const PktTally *t, guint id, guint of)
{
  PktSumFilter one = PKT_SUM_ALL;
  *place_of (&one, of) = (guint16)id;
  for (guint i = 0; i < t->cells->len; i++)
    if (pkt_sum_match (&one, &g_array_index (t->cells, PktCell, i)))
      return TRUE;
  return FALSE;
}

/* `t` NULL: how a side is written is all that is looked at, and nothing is set. */
static gboolean
name_id (const PktTally *t, const char *name, guint of, PktSumFilter *f)
{
  for (guint i = 1; t && i < t->names->len; i++)
    if (g_ascii_strcasecmp (pkt_tally_name (t, i), name) == 0 && is_there (t, i, of)) {
      *place_of (f, of) = (guint16)i;
      return TRUE;
    }
  return t == NULL;
}

static gboolean
read_name (const char *side, const char *term, const char *eq, const PktTally *t, PktSumFilter *f,
           guint *of, GError **error)
{
  g_autofree char *key = g_strndup (term, (gsize)(eq - term));
  PktBy by;
  if (!pkt_by_from_name (key, &by) || by == PKT_BY_TAG)
    return bad_side (side, term, error);
  *of = by;
  if (name_id (t, eq + 1, by, f))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "compare: %s: there is none of that name in the sources; 'postpacket trend --by %s' "
               "lists them",
               term, key);
  return FALSE;
}

static gboolean
read_campaign (const char *term, const PktTally *t, PktSumFilter *f, GError **error)
{
  if (name_id (t, term + strlen (CAMPAIGN), OF_CAMPAIGN, f))
    return TRUE;
  g_set_error (
      error, PKT_ERROR, PKT_ERROR_DATA,
      "compare: %s: no mail of that campaign is in the sources; 'postpacket scan --events' "
      "shows which they name",
      term);
  return FALSE;
}

/* At commas, but not at "\\,": a campaign may be called "Spring, part 2". */
static GStrv
split_side (const char *side)
{
  GPtrArray *terms = g_ptr_array_new ();
  GString *term = g_string_new (NULL);
  for (const char *p = side; *p; p++) {
    if (*p == ',') {
      g_ptr_array_add (terms, g_string_free (term, FALSE));
      term = g_string_new (NULL);
      continue;
    }
    p += *p == '\\' && p[1] == ',';
    g_string_append_c (term, *p);
  }
  g_ptr_array_add (terms, g_string_free (term, FALSE));
  g_ptr_array_add (terms, NULL);
  return (GStrv)g_ptr_array_free (terms, FALSE);
}

static gboolean
read_term (const char *side, const char *term, const PktTally *t, GTimeZone *zone, PktSumFilter *f,
           guint *of, GError **error)
{
  const char *eq = strchr (term, '='), *dots = strstr (term, "..");
  *of = g_str_has_prefix (term, CAMPAIGN) ? OF_CAMPAIGN : OF_PERIOD;
  if (*of == OF_CAMPAIGN)
    return read_campaign (term, t, f, error);
  if (eq)
    return read_name (side, term, eq, t, f, of, error);
  return (dots && read_period (term, dots, zone, f)) || bad_side (side, term, error);
}

/* All terms of a side have to hold: a second one of a kind would only take the first one's place.
 */
static gboolean
read_side (const char *side, const PktTally *t, GTimeZone *zone, PktSumFilter *f, GError **error)
{
  g_auto (GStrv) terms = split_side (side);
  guint met = 0, of;
  *f = PKT_SUM_APPLE;
  for (char **term = terms; *term; term++, met |= 1u << of) {
    if (!read_term (side, *term, t, zone, f, &of, error))
      return FALSE;
    if ((met & 1u << of) == 0)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "compare: '%s' in '%s': a side has one of a kind, and all of them have to hold; "
                 "write FROM..TO, or one name, once",
                 *term, side);
    return FALSE;
  }
  return TRUE;
}

static gboolean
tell (const CmdSources *s, PktCompareSide sides[2], GError **error)
{
  g_autofree char *text = NULL;
  if (s->json) {
    g_autoptr (json_t) object = pkt_compare_json (&sides[0], &sides[1]);
    text = pkt_json_dump (object);
  } else
    text = pkt_compare_text (&sides[0], &sides[1]);
  return pkt_file_print (text, strlen (text), error);
}

/* Sides of one scan. */
static int
compare_parts (CmdSources *s, const PktCatalogue *catalogue, const PktScanOptions *options,
               char **argv, PktCompareSide sides[2], GError **error)
{
  PktSumFilter f[2];
  for (guint i = 0; i < 2; i++)
    if (!read_side (argv[i], NULL, s->zone, &f[i], error))
      return -1;
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)argv + 2, options,
                                           error);
  cmd_sources_report (s, scan);
  if (scan == NULL)
    return -1;
  for (guint i = 0; i < 2; i++) {
    if (!read_side (argv[i], scan->tally, s->zone, &f[i], error))
      return -1;
    pkt_compare_side (scan->tally, &f[i], argv[i], &sides[i]);
  }
  pkt_compare_shared (scan->tally, &f[0], &f[1], &sides[1]);
  return scan->partial ? PKT_ERROR_FINDINGS : 0;
}

/* Each side is a source. */
static int
compare_sources (CmdSources *s, const PktCatalogue *catalogue, const PktScanOptions *options,
                 char **argv, PktCompareSide sides[2], GError **error)
{
  int status = 0;
  for (guint i = 0; i < 2; i++) {
    const char *const one[] = { argv[i], NULL };
    g_autoptr (PktScan) scan = pkt_scan_run (catalogue, one, options, error);
    cmd_sources_report (s, scan);
    if (scan == NULL)
      return -1;
    pkt_compare_side (scan->tally, &PKT_SUM_APPLE, argv[i], &sides[i]);
    status = scan->partial ? PKT_ERROR_FINDINGS : status;
  }
  return status;
}

/* Two sides, and the logs forgotten. */
static gboolean
lacks_logs (char **argv)
{
  gboolean both = TRUE;
  for (guint i = 0; i < 2; i++)
    both = both && (strstr (argv[i], "..") || strchr (argv[i], '='))
           && !g_file_test (argv[i], G_FILE_TEST_EXISTS);
  return both;
}

static int
scan_and_tell (CmdSources *s, int n, char **argv, GError **error)
{
  PktScanOptions options;
  PktCompareSide sides[2];
  memset (sides, 0, sizeof sides);
  if (!cmd_sources_finish (s, &options, error))
    return -1;
  options.streams_of_others = options.campaigns = TRUE;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  int status = n == 2 ? compare_sources (s, catalogue, &options, argv, sides, error)
                      : compare_parts (s, catalogue, &options, argv, sides, error);
  if (status >= 0 && !tell (s, sides, error))
    status = -1;
  for (guint i = 0; i < 2; i++)
    pkt_compare_side_clear (&sides[i]);
  return status;
}

int
cmd_run_compare (int argc, char **argv, GError **error)
{
  CmdSources sources = CMD_SOURCES_INIT;
  g_autofree GOptionEntry *entries = cmd_sources_entries (&sources, NULL);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "A B [SOURCE...]",
                 "Two periods, streams, IPs or experiments: did Apple's rate move?", error)) {
    if (argc > 2 && !(argc == 3 && lacks_logs (argv + 1)))
      status = scan_and_tell (&sources, argc - 1, argv + 1, error);
    else
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "compare: name two logs, or two sides and the logs, as "
                           "'2026-05-01..2026-05-07' '2026-05-08..' mail.log");
  }
  cmd_sources_clear (&sources);
  return status;
}
