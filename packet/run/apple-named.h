#pragma once
#include <glib.h>

/* Whether a log names a mailbox of Apple's as one that mail goes to (not behind "from=<"), in
 * whatever form: then "no mail to Apple" may be said of lines that nobody understood. Reads the
 * file again, no more than *budget bytes, which become less; line: the number of the first such
 * line. FALSE for standard input and what cannot be read. */
gboolean pkt_source_names_apple (const char *path, gint64 *budget, guint64 *line);
