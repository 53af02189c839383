#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cmd/review.h"
#include "packet/base/error.h"
#include "packet/base/file.h"

#define NARROW 60
#define WIDE 120
#define USUAL 100

gsize
cmd_review_width (void)
{
  struct winsize size = { 0 };
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return USUAL;
  return CLAMP (size.ws_col, NARROW, WIDE);
}

/* "cat" and "" say that nobody wants a pager; so does a terminal that cannot move its cursor. */
static const char *
pager (void)
{
  const char *own = g_getenv ("PAGER"), *term = g_getenv ("TERM");
  if (!isatty (STDOUT_FILENO) || !isatty (STDIN_FILENO) || term == NULL
      || g_str_equal (term, "dumb"))
    return NULL;
  if (own == NULL)
    return "less";
  return *own == '\0' || g_str_equal (own, "cat") ? NULL : own;
}

void
cmd_yield_begin (CmdYield *y)
{
  struct sigaction ignore = { .sa_handler = SIG_IGN };
  sigaction (SIGINT, &ignore, &y->interrupt);
  sigaction (SIGQUIT, &ignore, &y->quit);
}

void
cmd_yield_end (gpointer y)
{
  sigaction (SIGINT, &((CmdYield *)y)->interrupt, NULL);
  sigaction (SIGQUIT, &((CmdYield *)y)->quit, NULL);
}

/* The pager reads the terminal itself; that it is left early is no error. -R lets colours through,
 * -F ends where all fits, -X keeps what was read on the screen. */
static gboolean
run_pager (const char *command, const char *text)
{
  char *argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), "LESS", "FRX", FALSE);
  GPid pid;
  int in, status;
  CmdYield yield;
  cmd_yield_begin (&yield);
  if (!g_spawn_async_with_pipes (NULL, argv, env, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                 cmd_yield_end, &yield, &pid, &in, NULL, NULL, NULL)) {
    cmd_yield_end (&yield);
    return FALSE;
  }
  struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
  sigaction (SIGPIPE, &ignore, &before);
  pkt_file_write_all (in, text, strlen (text));
  close (in);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  sigaction (SIGPIPE, &before, NULL);
  cmd_yield_end (&yield);
  g_spawn_close_pid (pid);
  return WIFEXITED (status) && WEXITSTATUS (status) != 126 && WEXITSTATUS (status) != 127;
}

gboolean
cmd_review_page (const char *text, GError **error)
{
  const char *command = pager ();
  fflush (stdout);
  return (command && run_pager (command, text)) || pkt_file_print (text, strlen (text), error);
}
