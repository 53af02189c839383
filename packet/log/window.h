#pragma once
#include <glib.h>

/* A part of a file where the system keeps it, mapped and not copied. Bytes that are cut off while
 * it is open (logrotate's copytruncate) or cannot be read turn to NULs, and the process lives on:
 * see pkt_window_is_cut(). */
typedef struct PktWindow PktWindow;

/* Windows begin at multiples of this, so that the system can map large pages whole, and go on a
 * little into the next one's bytes, for what begins near its end. */
#define PKT_WINDOW_BYTES (2 * 1024 * 1024)
#define PKT_WINDOW_TAIL (128 * 1024)
#define PKT_WINDOWS 256 /* open at a time; 2 MiB of addresses each */

/* The one that holds byte `at` of a file. NULL: it is no regular file, ends too near for a window
 * to be worth it, or too many are open; read it. */
PktWindow *pkt_window_open (int fd, guint64 at);
/* Its bytes from byte `at` of the file on, and how many; NULL when byte `at` is another window's.
 */
const char *pkt_window_bytes (const PktWindow *w, guint64 at, gsize *n);
/* Whether some of it was lost while it was looked at. */
gboolean pkt_window_is_cut (const PktWindow *w);
PktWindow *pkt_window_ref (PktWindow *w);
void pkt_window_unref (PktWindow *w);
