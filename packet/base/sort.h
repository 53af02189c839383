#pragma once
#include <glib.h>

/* Orders for g_ptr_array_sort(), g_array_sort() and qsort(): each is handed pointers to two
 * elements. */

/* Of char *, by their bytes. */
int pkt_sort_by_text (gconstpointer a, gconstpointer b);
/* Of gint64, the least first. */
int pkt_sort_by_number (gconstpointer a, gconstpointer b);
