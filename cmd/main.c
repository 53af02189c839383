#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/near.h"
#include "packet/base/text.h"

static const CmdEntry commands[] = {
  { "scan", "What Apple answered: counts, replies, IPs, domains, days", cmd_run_scan },
  { "trend", "The dated Apple-only bounce trend as table, CSV, JSON, PNG", cmd_run_trend },
  { "compare", "Two periods, streams or experiments: did Apple's rate move?", cmd_run_compare },
  { "headers", "A delivered sample: redacted headers and what they prove", cmd_run_headers },
  { "snapshot", "The campaign page: clean text and link hosts", cmd_run_snapshot },
  { "check", "What can be verified: SPF, DKIM, DMARC, reverse DNS, blocklists", cmd_run_check },
  { "explain", "What a reply means, what to do first, whose desk it is", cmd_run_explain },
  { "formats", "Formats known; which one a file is, and why", cmd_run_formats },
  { "init", "Read logs, write a case file; what they cannot tell says TODO", cmd_run_init },
  { "build", "The packet folder: a request that is ready to review", cmd_run_build },
  { "ticket", "The same case for a support desk: text, HTML, JSON, archive", cmd_run_ticket },
  { "review", "What a packet says, and whether it may be sent; accept it", cmd_run_review },
  { "verify", "The privacy check alone, on a packet or a mail", cmd_run_verify },
  { "send", "The sealed packet on its way: SMTP, sendmail, or a draft", cmd_run_send },
  { "reveal", "Apple's answer with the addresses behind the marks, locally", cmd_run_reveal },
  { "suppressed", "Who at Apple fell to policy replies, and how to reach them again",
    cmd_run_suppressed },
  { "answer", "Records Apple's answer, says what it is, opens the re-test", cmd_run_answer },
  { "cases", "What was sent when, answered, relieved", cmd_run_cases },
  { "selftest", "Plants a recipient everywhere, shows that each is caught", cmd_run_selftest },
  { NULL, NULL, NULL },
};

static void
print_usage (FILE *out)
{
  fputs ("Usage: postpacket COMMAND [OPTION...] [OPERAND...]\n\n"
         "Builds the evidence packet that Apple's postmaster team can act on.\n\nCommands:\n",
         out);
  for (const CmdEntry *c = commands; c->name; c++)
    fprintf (out, "  %-10s %s\n", c->name, c->summary);
  fputs ("\n'postpacket COMMAND --help' shows the options of one; the manual is postpacket(1).\n",
         out);
}

static int
report (GError *error)
{
  g_autofree char *text = pkt_text_quote (pkt_slice_str (error->message), 4000);
  g_autofree char *masked = cmd_terminal () ? pkt_text_mask_addresses (text) : NULL;
  fprintf (stderr, "postpacket: %s\n", masked ? masked : text);
  int status = error->domain == PKT_ERROR ? error->code : PKT_ERROR_BUG;
  g_error_free (error);
  return status;
}

static int
dispatch (int argc, char **argv)
{
  for (const CmdEntry *c = commands; c->name; c++)
    if (g_str_equal (argv[1], c->name)) {
      GError *error = NULL;
      int status = c->run (argc - 1, argv + 1, &error);
      return error ? report (error) : status;
    }
  g_autofree char *shown = pkt_text_quote (pkt_slice_str (argv[1]), 100);
  PktNear near = { .word = argv[1] };
  for (const CmdEntry *c = commands; c->name; c++)
    pkt_near_offer (&near, c->name);
  fprintf (stderr, "postpacket: there is no command '%s'; %s%s%s'postpacket --help' lists them\n",
           shown, near.best ? "did you mean '" : "", near.best ? near.best : "",
           near.best ? "'? " : "");
  return PKT_ERROR_USAGE;
}

static int
finish (int status)
{
  if ((fflush (stdout) == 0 && !ferror (stdout)) || status == PKT_ERROR_IO) /* said already */
    return status;
  pkt_file_pipe_ended ();
  perror ("postpacket: standard output");
  return PKT_ERROR_IO;
}

/* Where one of the three is closed the next file would get its number, and what is printed.
 * Standard input and output stay closed for what they are for: to use them is an error still. */
static void
take_places (void)
{
  static const int modes[] = { O_WRONLY, O_RDONLY, O_RDWR };
  for (int fd = 0; fd < 3; fd++)
    while (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", modes[fd]) >= 0)
      continue;
}

/* The limit of ulimit -f is an error like a full disk, and no end. */
static void
on_file_limit (int signal)
{
  (void)signal;
}

int
main (int argc, char **argv)
{
  take_places ();
  pkt_file_pipe_ends ();
  signal (SIGXFSZ, on_file_limit);
  setlocale (LC_CTYPE,
             "C.UTF-8"); /* numbers, sorting and messages never follow the user's locale */
  if (argc < 2) {
    print_usage (stderr);
    return PKT_ERROR_USAGE;
  }
  if (argc > 2 && g_str_equal (argv[1], "help")) {
    char option[] = "--help", *asked[] = { argv[0], argv[2], option, NULL };
    return finish (dispatch (3, asked));
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")
      || g_str_equal (argv[1], "help"))
    print_usage (stdout);
  else if (g_str_equal (argv[1], "--version"))
    puts (PACKAGE_STRING);
  else if (g_str_equal (argv[1], "--commands")) /* for completions and tests */
    for (const CmdEntry *c = commands; c->name; c++)
      puts (c->name);
  else
    return finish (dispatch (argc, argv));
  return finish (0);
}
