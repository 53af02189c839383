#pragma once
#include <signal.h>
#include "cmd/cmd.h"

typedef struct {
  gboolean accept, diff, edit, json, quiet;
  char *by, **waive;
} CmdReview;

/* The text in an editor, or what was edited by hand in parts/, checked and made into the message.
 * The exit status; -1 with the error. */
int cmd_review_edit (const char *packet, GError **error);
/* While a pager or an editor has the terminal, ^C and ^\ are for it, as system (3) has it: else it
 * would be left behind, reading the terminal along with the shell. The end is also the child's
 * setup. */
typedef struct {
  struct sigaction interrupt, quit;
} CmdYield;
void cmd_yield_begin (CmdYield *y);
void cmd_yield_end (gpointer y);
/* Columns to write in: the terminal's, 60 to 120; 100 where there is none. */
gsize cmd_review_width (void);
/* On a terminal through $PAGER (less), elsewhere as it is. PKT_ERROR_IO. */
gboolean cmd_review_page (const char *text, GError **error);
