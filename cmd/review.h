#pragma once
#include "cmd/cmd.h"

typedef struct {
  gboolean accept, diff, edit, json, quiet;
  char *by, **waive;
} CmdReview;

/* The text in an editor, or what was edited by hand in parts/, checked and made into the message.
 * The exit status; -1 with the error. */
int cmd_review_edit (const char *packet, GError **error);
/* Columns to write in: the terminal's, 60 to 120; 100 where there is none. */
gsize cmd_review_width (void);
/* On a terminal through $PAGER (less), elsewhere as it is. PKT_ERROR_IO. */
gboolean cmd_review_page (const char *text, GError **error);
