#include "cmd/bar.h"
#include <stdio.h>
#include <unistd.h>
#include "cmd/cmd.h"
#include "packet/base/text.h"

#define EVERY (G_USEC_PER_SEC / 10)
#define SETTLED (G_USEC_PER_SEC / 2) /* a rate of less tells nothing of what is to come */
#define USUAL_COLUMNS 80             /* where --progress writes into a file */
#define MOST_COLUMNS 200
#define HASHES 14
#define LEAST_NAME 8 /* columns, of a name worth to be shown */
#define MANY 100     /* seconds, minutes: above it the next unit says it as well */

static void
add_left (GString *line, guint64 seconds)
{
  if (seconds < MANY)
    g_string_append_printf (line, "  %" G_GUINT64_FORMAT " s left", seconds);
  else if (seconds < MANY * 60)
    g_string_append_printf (line, "  %" G_GUINT64_FORMAT " min left", seconds / 60 + 1);
  else
    g_string_append_printf (line, "  %" G_GUINT64_FORMAT " h left", seconds / 3600 + 1);
}

/* "34%  1,340 MB  2,310 MB/s  2 s left  found 71,325", "34%  reading the suppression list" */
static GString *
figures (const PktProgress *now, guint64 elapsed)
{
  GString *line = g_string_new (NULL);
  const guint64 rate = now->done * G_USEC_PER_SEC / MAX (elapsed, 1);
  if (now->total)
    g_string_append_printf (line, "%3" G_GUINT64_FORMAT "%%  ",
                            MIN (now->done, now->total) * 100 / now->total);
  if (now->doing)
    return g_string_append (line, now->doing);
  g_autofree char *done = pkt_text_count ((gint64)(now->done / 1000000)),
                  *speed = pkt_text_count ((gint64)(rate / 1000000)),
                  *found = pkt_text_count ((gint64)now->found);
  g_string_append_printf (line, "%s MB  %s MB/s", done, speed);
  if (now->total > now->done && rate && elapsed > SETTLED)
    add_left (line, (now->total - now->done) / rate + 1);
  g_string_append_printf (line, "  found %s", found);
  return line;
}

/* A bar before it and the name behind it, where there is room: a line that is wrapped cannot be
 * taken away again. */
static void
put_around (GString *line, const PktProgress *now, gsize columns)
{
  if (now->total && line->len + HASHES + 4 <= columns) {
    g_autofree char *filled = g_strnfill (MIN (now->done, now->total) * HASHES / now->total, '#'),
                    *bar = g_strdup_printf ("[%-*s]  ", HASHES, filled);
    g_string_prepend (line, bar);
  }
  if (now->path == NULL || line->len + LEAST_NAME + 2 > columns)
    return;
  g_autofree char *name = g_path_get_basename (now->path),
                  *shown = pkt_text_quote (pkt_slice_str (name), columns - line->len - 3);
  if (pkt_text_width (shown) + 2 + line->len <= columns)
    g_string_append_printf (line, "  %s", shown);
}

void
cmd_bar_show (const PktProgress *now, gpointer data)
{
  CmdBar *bar = data;
  const gint64 time = g_get_monotonic_time ();
  if (bar->started == 0)
    bar->started = bar->last = time;
  if (time - bar->last < EVERY)
    return;
  bar->last = time;
  bar->shown = TRUE;
  const gsize columns = cmd_columns (STDERR_FILENO, USUAL_COLUMNS, 1, MOST_COLUMNS) - 1;
  GString *line = figures (now, (guint64)(time - bar->started));
  g_string_truncate (line, MIN (line->len, columns));
  put_around (line, now, columns);
  fprintf (stderr, "\r\033[K%s", line->str);
  fflush (stderr);
  g_string_free (line, TRUE);
}

void
cmd_bar_clear (CmdBar *bar)
{
  if (bar->shown)
    fputs ("\r\033[K", stderr);
  *bar = (CmdBar){ 0 };
}
