#include "packet/base/data.h"

PktSlice
pkt_data (const char *name)
{
  for (const PktData *d = pkt_data_table; d->name; d++)
    if (strcmp (d->name, name) == 0)
      return pkt_slice (d->bytes, d->n);
  g_error ("templates/%s is not built in", name);
}
