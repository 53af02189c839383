#include "packet/outbox/sendmail.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/gio.h"
#include "packet/base/slice.h"
#include "packet/base/text.h"
#include "packet/outbox/stop.h"

#define TICK_US 20000
#define LINGER (G_USEC_PER_SEC / 4) /* for words that are still in the pipe */
#define EX_IOERR 74
#define EX_TEMPFAIL 75
#define EX_PROTOCOL 76

char *
pkt_sendmail_find (const char *path, GError **error)
{
  const char *const known[] = { "/usr/sbin/sendmail", "/usr/lib/sendmail", NULL };
  const char *const one[] = { path, NULL };
  for (const char *const *p = path != NULL ? one : known; *p != NULL; p++)
    if (g_file_test (*p, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (*p, G_FILE_TEST_IS_DIR))
      return g_strdup (*p);
  char *found = g_find_program_in_path (path != NULL ? path : "sendmail");
  if (found == NULL)
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                 "%s: cannot be run; nothing was sent. Name the program by --sendmail=PATH, or use "
                 "--smtp",
                 path != NULL ? path : "sendmail");
  return found;
}

static char *
with_lf (GBytes *message, gsize *out_n)
{
  gsize n;
  const char *p = g_bytes_get_data (message, &n);
  GString *s = g_string_sized_new (n);
  for (gsize i = 0; i < n; i++)
    if (p[i] != '\r' || i + 1 == n || p[i + 1] != '\n')
      g_string_append_c (s, p[i]);
  *out_n = s->len;
  return g_string_free (s, FALSE);
}

/* A file without a name, the message in it, at its beginning; NULL with PKT_ERROR_IO. */
static FILE *
message_file (GBytes *message, GError **error)
{
  gsize n;
  g_autofree char *bytes = with_lf (message, &n);
  FILE *f = tmpfile ();
  if (f != NULL && fwrite (bytes, 1, n, f) == n && fflush (f) == 0 && fseek (f, 0, SEEK_SET) == 0)
    return f;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
               "a temporary file for the message cannot be written: %s. Nothing was sent",
               g_strerror (errno));
  if (f != NULL)
    fclose (f);
  return NULL;
}

/* What the terminal sends goes to its group and not to the program at work. */
static void
apart (gpointer data)
{
  (void)data;
  setpgid (0, 0);
}

static GSubprocess *
start (const char *path, const PktSubmission *s, FILE *in, GError **error)
{
  /* -i: a lone dot ends nothing. No -N for notices: Exim's sendmail takes it for "send nothing". */
  const char *argv[] = { path, "-i", "-f", s->from, "--", s->to, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_take_stdin_fd (launcher, fcntl (fileno (in), F_DUPFD_CLOEXEC, 3));
  g_subprocess_launcher_set_child_setup (launcher, apart, NULL, NULL);
  GError *why = NULL;
  GSubprocess *p = g_subprocess_launcher_spawnv (launcher, argv, &why);
  if (p == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "%s. Nothing was sent", why->message);
    g_error_free (why);
  }
  return p;
}

/* It ended, and what it left behind, a queue's runner, holds its output open. */
static gboolean
is_left_open (GSubprocess *p, gint64 *ended)
{
  if (g_subprocess_get_identifier (p) != NULL)
    return FALSE;
  *ended = *ended ? *ended : g_get_monotonic_time ();
  return g_get_monotonic_time () - *ended > LINGER;
}

/* What it says, up to its end, or to the user's insisting on one: then FALSE. */
static gboolean
collect (GSubprocess *p, GString *said)
{
  gint64 ended = 0;
  GInputStream *pipe = g_subprocess_get_stdout_pipe (p);
  GPollableInputStream *in = G_POLLABLE_INPUT_STREAM (pipe);
  char block[512];
  for (;;) {
    g_autoptr (GError) why = NULL;
    gssize n = g_pollable_input_stream_read_nonblocking (in, block, sizeof block, NULL, &why);
    if (n > 0)
      g_string_append_len (said, block, MIN (n, (gssize)(PKT_SENDMAIL_MAX_OUTPUT - said->len)));
    else if (n == 0 || !g_error_matches (why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
             || is_left_open (p, &ended))
      return TRUE;
    else if (pkt_stop_asked () != 0)
      return FALSE;
    else
      g_usleep (TICK_US);
  }
}

static gboolean
judge (GSubprocess *p, const char *path, PktOutcome *out, GError **error)
{
  gboolean exited = g_subprocess_get_if_exited (p);
  int status = exited ? g_subprocess_get_exit_status (p) : 0;
  const char *said = out->reply != NULL && *out->reply != '\0' ? out->reply : "it says nothing";
  out->code = status;
  if (exited && status == 0) {
    out->state = PKT_OUTCOME_SENT;
    return TRUE;
  }
  if (!exited || status == EX_IOERR || status == EX_PROTOCOL) {
    out->state = PKT_OUTCOME_UNSURE;
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
                 "%s broke off (%s %d: %s). Whether the message was sent is not known; look into "
                 "its log and queue before you send it --again",
                 path, exited ? "exit" : "signal", exited ? status : g_subprocess_get_term_sig (p),
                 said);
    return FALSE;
  }
  g_set_error (error, PKT_ERROR, status == EX_TEMPFAIL ? PKT_ERROR_AGAIN : PKT_ERROR_UNAVAILABLE,
               "%s refused the message (exit %d: %s). Nothing was sent%s", path, status, said,
               status == EX_TEMPFAIL ? "; try again later" : "");
  return FALSE;
}

static gboolean
gave_up (PktOutcome *out, const char *path, GError **error)
{
  out->state = PKT_OUTCOME_UNSURE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
               "%s was still at work when you stopped waiting. Whether the message was sent is not "
               "known; look into its log and queue before you send it --again",
               path);
  return FALSE;
}

gboolean
pkt_sendmail_run (const char *path, const PktSubmission *s, PktOutcome *out, GError **error)
{
  PktBytesNeed need;
  out->state = PKT_OUTCOME_NOT;
  out->stage = "run";
  if (!pkt_smtp_need (s, &need, error))
    return FALSE;
  FILE *in = message_file (s->message, error);
  if (in == NULL)
    return FALSE;
  if (pkt_stop_asked () != 0) {
    fclose (in);
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "interrupted; nothing was sent");
    return FALSE;
  }
  pkt_stop_patient (TRUE);
  g_autoptr (GSubprocess) p = start (path, s, in, error);
  fclose (in);
  g_autoptr (GString) said = g_string_new (NULL);
  gboolean waited = p != NULL && collect (p, said) && g_subprocess_wait (p, NULL, NULL);
  pkt_stop_patient (FALSE);
  g_strchomp (said->str);
  out->reply = pkt_text_quote (pkt_slice_str (g_strdelimit (said->str, "\r\n", ' ')),
                               PKT_SENDMAIL_MAX_OUTPUT);
  if (p == NULL)
    return FALSE;
  return waited ? judge (p, path, out, error) : gave_up (out, path, error);
}
