#pragma once
#include <glib.h>
#include "packet/redact/audience.h"

/* A command: one row in main.c's table, one file. `run` takes argv with its own name at [0], prints
 * its result on stdout, and returns the exit status; where it fails it sets the error, whose code
 * is the exit status (packet/base/error.h). */
typedef struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv, GError **error);
} CmdEntry;

int cmd_run_scan (int argc, char **argv, GError **error);
int cmd_run_trend (int argc, char **argv, GError **error);
int cmd_run_compare (int argc, char **argv, GError **error);
int cmd_run_headers (int argc, char **argv, GError **error);
int cmd_run_snapshot (int argc, char **argv, GError **error);
int cmd_run_explain (int argc, char **argv, GError **error);
int cmd_run_formats (int argc, char **argv, GError **error);
int cmd_run_init (int argc, char **argv, GError **error);
int cmd_run_build (int argc, char **argv, GError **error);
int cmd_run_ticket (int argc, char **argv, GError **error);
int cmd_run_check (int argc, char **argv, GError **error);
int cmd_run_review (int argc, char **argv, GError **error);
int cmd_run_suppressed (int argc, char **argv, GError **error);
int cmd_run_verify (int argc, char **argv, GError **error);
int cmd_run_cases (int argc, char **argv, GError **error);
int cmd_run_answer (int argc, char **argv, GError **error);
int cmd_run_reveal (int argc, char **argv, GError **error);
int cmd_run_send (int argc, char **argv, GError **error);
int cmd_run_selftest (int argc, char **argv, GError **error);

/* Parses argv by GLib's options; `operands` is "SOURCE..." and so on. --help prints on stdout and
 * ends the process with 0; anything wrong is PKT_ERROR_USAGE. What is left in argv from [1] are the
 * operands; *argc counts them. */
gboolean cmd_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *operands,
                    const char *about, GError **error);
/* The word of --audience; NULL is Apple. PKT_ERROR_USAGE for an unknown one. */
gboolean cmd_audience (const char *word, PktAudience *out, GError **error);
/* TRUE when stderr (progress) or stdout (colour) is a terminal that wants it; honours NO_COLOR and
 * TERM=dumb. */
gboolean cmd_colour (void);
gboolean cmd_terminal (void);
/* Of stdout or stderr (their descriptors), where it is a terminal, from `least` to `most`; else
 * `usual`. */
guint cmd_columns (int fd, guint usual, guint least, guint most);
