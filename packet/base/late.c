#include "packet/base/late.h"
#include <dlfcn.h>
#include <stdlib.h>
#include "packet/base/error.h"

static gboolean
load (const PktLate *late)
{
  void *library = NULL;
  for (const char *const *name = late->libraries; library == NULL && *name; name++)
    library = dlopen (*name, RTLD_LAZY | RTLD_LOCAL);
  for (gsize i = 0; library && i < late->n_functions; i++) {
    void *function = dlsym (library, late->functions[i].name);
    if (function == NULL)
      return FALSE;
    *(void **)((char *)late->table + late->functions[i].at) = function;
  }
  if (library && late->begin)
    late->begin ();
  return library != NULL;
}

gboolean
pkt_late_load (PktLate *late, GError **error)
{
  if (g_once_init_enter (&late->state))
    g_once_init_leave (&late->state, load (late) ? 1 : 2);
  if (late->state == 2)
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                 "%s cannot be loaded (%s); install it (Debian: %s)", late->title,
                 late->libraries[0], late->package);
  return late->state == 1;
}

void
pkt_late_need (PktLate *late)
{
  g_autoptr (GError) error = NULL;
  if (late->state == 1 || pkt_late_load (late, &error))
    return;
  g_printerr ("postpacket: %s\n", error->message);
  exit (PKT_ERROR_UNAVAILABLE);
}
