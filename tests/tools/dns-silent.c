/* A name server that writes down what it is asked, one "TYPE NAME" a line, and never answers:
 * dns-silent FILE. Prints its address; ends when its standard input does. */
#include <stdio.h>
#include <unistd.h>
#include "tests/unit/dns-server.h"

static FILE *out;

static gboolean
write_down (DnsQuery *q)
{
  fprintf (out, "%u %s\n", q->type, q->name);
  fflush (out);
  return FALSE;
}

int
main (int argc, char **argv)
{
  char end;
  out = argc == 2 ? fopen (argv[1], "w") : NULL;
  if (out == NULL)
    return 1;
  DnsServer *s = dns_server_new (write_down);
  puts (dns_server_address (s));
  fflush (stdout);
  while (read (0, &end, 1) > 0)
    ;
  dns_server_free (s);
  return fclose (out);
}
