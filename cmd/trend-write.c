#include "cmd/trend.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/trend/chart.h"
#include "packet/trend/csv.h"

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define MAX_FILES 16

/* Everything is made before the first byte is written, so that nothing is half there. */
typedef struct {
  char *paths[MAX_FILES];
  GBytes *bytes[MAX_FILES];
  guint n;
} Files;

static void
files_clear (Files *f)
{
  for (guint i = 0; i < f->n; i++) {
    g_free (f->paths[i]);
    g_bytes_unref (f->bytes[i]);
  }
}

static void
add_bytes (Files *f, const CmdTrend *o, const PktTrend *trend, const char *suffix, GBytes *taken)
{
  g_autofree char *name = pkt_trend_name (trend->days, suffix);
  f->paths[f->n] = g_build_filename (o->output, name, NULL);
  f->bytes[f->n++] = taken;
}

static void
add_text (Files *f, const CmdTrend *o, const PktTrend *trend, const char *suffix, char *taken)
{
  add_bytes (f, o, trend, suffix, g_bytes_new_take (taken, strlen (taken)));
}

/* Plain rules above, without a word of bands. */
static char *
apples_csv (const CmdTrend *o, const PktTrend *trend)
{
  g_autofree char *csv = pkt_trend_csv (trend->days);
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (pkt_trend_plain_rules (), "\n", -1);
  for (char **l = lines; o->comments && *l && **l; l++)
    g_string_append_printf (out, "# %s\r\n", *l);
  g_string_append (out, csv);
  return g_string_free (out, FALSE);
}

/* own: the sender's view, else Apple's copy. */
static PktChartLabels
labels_of (const CmdTrend *o, const PktTrend *trend, gboolean own)
{
  const PktOnset *onset = &trend->onset;
  return (PktChartLabels){ .stream = trend->options.stream,
                           .zone_name = trend->options.zone_name,
                           .zone = trend->options.zone,
                           .onset = onset->rose_at,
                           .or_earlier = onset->log_begins_inside,
                           .relief = onset->relief,
                           .newest = onset->last,
                           .bands = own ? &trend->options.bands : NULL,
                           .marks = (const PktChartMark *)o->marks->data,
                           .n_marks = o->marks->len };
}

static gboolean
add_pictures (const CmdTrend *o, const PktTrend *trend, Files *f, GError **error)
{
  static const struct {
    const char *suffix;
    PktChartFormat format;
    gboolean own;
  } pictures[] = { { ".png", PKT_CHART_PNG, FALSE },
                   { "-own.png", PKT_CHART_PNG, TRUE },
                   { "-own.svg", PKT_CHART_SVG, TRUE },
                   { "-own.pdf", PKT_CHART_PDF, TRUE } };
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
    const PktChartLabels labels = labels_of (o, trend, pictures[i].own);
    GBytes *bytes = pkt_trend_chart (trend->days, &labels, pictures[i].format, error);
    if (bytes == NULL)
      return FALSE;
    add_bytes (f, o, trend, pictures[i].suffix, bytes);
  }
  const PktChartLabels labels = labels_of (o, trend, FALSE);
  add_text (f, o, trend, "-alt.txt", pkt_trend_alt (trend->days, &labels));
  return TRUE;
}

static char *
text_of (const CmdTrend *o, const PktTrend *trend, guint width)
{
  return o->by == PKT_N_BY ? pkt_trend_text (trend, width)
                           : pkt_trend_group_text (trend, o->by, width);
}

static gboolean
make_files (const CmdTrend *o, const PktTrend *trend, Files *f, GError **error)
{
  g_autoptr (json_t) json = pkt_trend_json (trend);
  if (!add_pictures (o, trend, f, error))
    return FALSE;
  add_text (f, o, trend, ".csv", apples_csv (o, trend));
  add_text (f, o, trend, "-own.csv", pkt_trend_own_csv (trend, o->by, o->comments));
  add_text (f, o, trend, "-own.json", pkt_json_dump (json));
  add_text (f, o, trend, "-own.txt", text_of (o, trend, PKT_TREND_COLUMNS));
  return TRUE;
}

static gboolean
none_exists (const CmdTrend *o, const Files *f, GError **error)
{
  for (guint i = 0; !o->force && i < f->n; i++)
    if (g_file_test (f->paths[i], G_FILE_TEST_EXISTS)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
                   "%s is there already; --force replaces it, --output names another folder",
                   f->paths[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_files (const CmdTrend *o, const Files *f, GError **error)
{
  if (!none_exists (o, f, error))
    return FALSE;
  const gboolean there = g_file_test (o->output, G_FILE_TEST_EXISTS);
  if (g_mkdir_with_parents (o->output, FOLDER_MODE) != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: the folder cannot be made: %s", o->output,
                 g_strerror (errno));
    return FALSE;
  }
  PktFileOut out[MAX_FILES];
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < f->n; i++) {
    gsize n;
    const char *bytes = g_bytes_get_data (f->bytes[i], &n);
    out[i] = (PktFileOut){ f->paths[i], pkt_slice (bytes, n) };
    g_string_append_printf (names, "%s\n", f->paths[i]);
  }
  if (pkt_file_write_set (out, f->n, FILE_MODE, o->force, error))
    return pkt_file_print (names->str, names->len, error);
  if (!there)
    g_rmdir (o->output); /* none of the set was written */
  return FALSE;
}

gboolean
cmd_trend_write (const CmdTrend *o, const PktTrend *trend, GError **error)
{
  Files files = { .n = 0 };
  gboolean ok = make_files (o, trend, &files, error) && write_files (o, &files, error);
  files_clear (&files);
  return ok;
}

gboolean
cmd_trend_print (const CmdTrend *o, const PktTrend *trend, GError **error)
{
  g_autofree char *text = NULL;
  if (o->sources.json) {
    g_autoptr (json_t) object = pkt_trend_json (trend);
    text = pkt_json_dump (object);
  } else if (o->csv && (o->by != PKT_N_BY || o->hours))
    text = pkt_trend_own_csv (trend, o->by, o->comments);
  else if (o->csv)
    text = apples_csv (o, trend);
  else
    text = text_of (
        o, trend,
        cmd_columns (STDOUT_FILENO, PKT_TREND_COLUMNS, PKT_TREND_LEAST_COLUMNS, PKT_TREND_COLUMNS));
  return pkt_file_print (text, strlen (text), error);
}
