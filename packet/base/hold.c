#include "packet/base/hold.h"
#include <glib.h>
#include <signal.h>
#include <string.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[G_N_ELEMENTS (signals)];
static volatile sig_atomic_t got;
static guint depth;

static void
on_signal (int signal)
{
  got = signal;
}

void
pkt_hold_begin (void)
{
  struct sigaction action;
  if (depth++ > 0)
    return;
  got = 0;
  memset (&action, 0, sizeof action);
  sigemptyset (&action.sa_mask);
  action.sa_handler = on_signal;
  action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
    sigaction (signals[i], NULL, &before[i]);
    if (before[i].sa_handler != SIG_IGN) /* nohup stays as it is */
      sigaction (signals[i], &action, NULL);
  }
}

gboolean
pkt_hold_asked (void)
{
  return depth > 0 && got != 0;
}

void
pkt_hold_end (void)
{
  if (--depth > 0)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &before[i], NULL);
  if (got != 0)
    raise (got);
}
