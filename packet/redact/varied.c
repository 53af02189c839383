#include "packet/redact/varied.h"

#define MAX_DIGITS 4 /* of a number; a longer one is no stream's, and goes wherever it stands */
#define MAX_RUNS 3
#define MAX_LETTERS 24 /* of what stays: ids of letters and digits have forms without end */

char *
pkt_varied_form (PktSlice local)
{
  guint runs = 0, letters = 0;
  g_autoptr (GString) form = g_string_new (NULL);
  for (gsize i = 0; i < local.n; i++) {
    gsize digits = 0;
    while (i + digits < local.n && g_ascii_isdigit (local.p[i + digits]))
      digits++;
    letters += digits == 0;
    runs += digits > 0;
    if (digits > MAX_DIGITS || runs > MAX_RUNS || letters > MAX_LETTERS)
      return NULL;
    g_string_append_c (form, digits ? '#' : g_ascii_tolower (local.p[i]));
    i += digits ? digits - 1 : 0;
  }
  return runs ? g_strdup (form->str) : NULL;
}
