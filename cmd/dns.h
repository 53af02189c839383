#pragma once
#include "cmd/cmd.h"
#include "packet/run/check.h"

/* Options of every command that may ask DNS. Nothing is asked without --online. */
typedef struct {
  gboolean online;
  char **servers;
  double timeout; /* seconds; 0: the default */
  char *replay, *dqs_key;
  gboolean bar_shown;
} CmdDns;

#define CMD_DNS_ENTRIES 5
/* Fills that many entries. */
void cmd_dns_entries (CmdDns *d, GOptionEntry *out);
/* Checks the values and fills `options`, which borrows from `d`. `bar`: show how far it is. */
gboolean cmd_dns_finish (CmdDns *d, gboolean bar, PktAskOptions *options, GError **error);
/* Takes the bar away. */
void cmd_dns_done (CmdDns *d);
void cmd_dns_clear (CmdDns *d);
