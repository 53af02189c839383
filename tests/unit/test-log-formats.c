/* What holds for each format of the table and its samples. */
#include "packet/log/event-user.h"
#include "packet/log/format.h"

typedef struct {
  const PktFormat *format;
  char *path;
} Sample;

static void
count (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  guint *n = data;
  *n += kind == PKT_RECORD_ATTEMPT && a->stamp.kind != PKT_STAMP_NONE;
}

static char *
sample_text (const Sample *s, gsize *n)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (s->path, &text, n, NULL));
  return text;
}

/* What the user says of a log (--map-file) stands beside it; of others nothing is said. */
static void
use_map (const Sample *s)
{
  g_autofree char *stem = g_strndup (s->path, strlen (s->path) - strlen (".log")),
                  *path = g_strconcat (stem, ".map", NULL), *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize n = 0;
  if (!g_file_get_contents (path, &text, &n, NULL))
    text = g_strdup ("{\"extends\": \"powermta\"}");
  pkt_event_user_load (path, pkt_slice_str (text), &error);
  g_assert_no_error (error);
}

/* A file's own lines are told from all other formats'. */
static void
test_probe (gconstpointer data)
{
  const Sample *s = data;
  gsize n;
  g_autofree char *text = sample_text (s, &n);
  PktProbe probe = { 0 };
  use_map (s);
  for (PktSlice rest = pkt_slice (text, n); rest.n && probe.lines < PKT_PROBE_LINES;) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    pkt_probe_line (&probe, line);
  }
  const PktFormat *best = pkt_probe_best (&probe);
  g_assert_cmpstr (best ? best->name : NULL, ==, s->format->name);
}

/* The file cut anywhere in a line, each line cut anywhere: nothing is read beyond, nothing crashes.
 */
static void
test_cut (gconstpointer data)
{
  const Sample *s = data;
  gsize n;
  guint attempts = 0;
  g_autofree char *text = sample_text (s, &n);
  use_map (s);
  gpointer state = s->format->begin ();
  for (PktSlice rest = pkt_slice (text, n); rest.n;) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    for (gsize cut = 0; cut <= line.n; cut += 1 + line.n / 400) {
      g_autofree char *exact = g_memdup2 (line.p, MAX (cut, 1));
      s->format->parse (state, pkt_slice (exact, cut), count, &attempts);
    }
    s->format->parse (state, line, count, &attempts);
  }
  s->format->last_stamp (state);
  s->format->end (state);
}

static void
add_samples (const PktFormat *f, GPtrArray *samples)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "../samples/log", f->name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint found = 0;
  while (dir && (name = g_dir_read_name (dir))) {
    found++;
    if (!g_str_has_suffix (name, ".log"))
      continue;
    Sample *s = g_new0 (Sample, 1);
    s->format = f;
    s->path = g_build_filename (folder, name, NULL);
    g_ptr_array_add (samples, s);
    g_autofree char *probe = g_strdup_printf ("/formats/probe/%s/%s", f->name, name);
    g_autofree char *cut = g_strdup_printf ("/formats/cut/%s/%s", f->name, name);
    g_test_add_data_func (probe, s, test_probe);
    g_test_add_data_func (cut, s, test_cut);
  }
  if (found == 0)
    g_error ("%s has no samples", f->name);
}

static void
sample_free (gpointer p)
{
  Sample *s = p;
  g_free (s->path);
  g_free (s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GPtrArray) samples = g_ptr_array_new_with_free_func (sample_free);
  for (gsize i = 0; pkt_formats[i]; i++)
    add_samples (pkt_formats[i], samples);
  return g_test_run ();
}
