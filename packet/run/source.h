#pragma once
#include "packet/run/count.h"

/* TRUE when the file's first bytes are those of a mail. */
gboolean pkt_source_is_mail (const char *path);
/* Reads it whole into the counter; fills count->source. What cannot be opened is an error, what is
 * damaged a `problem`. */
gboolean pkt_source_read_log (PktCountSource *count, const char *path, GError **error);
gboolean pkt_source_read_mail (PktCountSource *count, const char *path, GError **error);
/* Sorts paths of logs by the time they begin with, those that tell none last and as given. */
void pkt_source_order (GPtrArray *paths);
