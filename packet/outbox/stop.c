#include "packet/outbox/stop.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
static struct sigaction before[G_N_ELEMENTS (signals)];
static volatile sig_atomic_t patient, got, insisted;

/* Nothing but write (2) may be called in here. */
static void
on_signal (int signal)
{
  static const char text[]
      = "postpacket: it is on its way; waiting for the answer. Once more, and whether it "
        "arrived stays unknown\n";
  int e = errno;
  if (got != 0)
    insisted = 1;
  else if (patient && write (STDERR_FILENO, text, sizeof text - 1) < 0)
    insisted = 0;
  got = signal;
  errno = e;
}

void
pkt_stop_begin (void)
{
  patient = got = insisted = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
    struct sigaction action;
    memset (&action, 0, sizeof action); /* without SA_RESTART: waits end */
    sigemptyset (&action.sa_mask);
    action.sa_handler = signals[i] == SIGPIPE ? SIG_IGN : on_signal;
    sigaction (signals[i], NULL, &before[i]);
    if (signals[i] == SIGPIPE || before[i].sa_handler != SIG_IGN) /* nohup stays as it is */
      sigaction (signals[i], &action, NULL);
  }
}

void
pkt_stop_end (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &before[i], NULL);
}

void
pkt_stop_patient (gboolean on)
{
  patient = on;
  if (!on)
    insisted = 0;
}

int
pkt_stop_asked (void)
{
  return patient && !insisted ? 0 : got;
}
