#include "packet/page/browser-run.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "packet/base/error.h"

#define NOBODY 65534
#define MAX_FILE (256 * 1024 * 1024) /* bytes that the browser may write into one file */
#define KILL_ROUNDS 100              /* looks for children of children that are left */

static const char *const names[] = { "chromium",      "chromium-browser", "google-chrome-stable",
                                     "google-chrome", "chrome",           NULL };

/* What the child does between fork and exec: nothing here may allocate. */
typedef struct {
  gboolean root, drop;
  char uid_map[64], gid_map[64];
} Setup;

static void
write_file (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  gssize n = write (fd, text, strlen (text));
  (void)n; /* an unmapped user runs the browser as well */
  close (fd);
}

static void
leave_network (const Setup *s)
{
  if (s->root) {
    (void)!unshare (CLONE_NEWNET);
    return;
  }
  if (unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return;
  write_file ("/proc/self/setgroups", "deny");
  write_file ("/proc/self/uid_map", s->uid_map);
  write_file ("/proc/self/gid_map", s->gid_map);
}

static void
child_setup (gpointer data)
{
  const Setup *s = data;
  const struct rlimit file = { MAX_FILE, MAX_FILE }, core = { 0, 0 };
  setsid ();
  leave_network (s);
  setrlimit (RLIMIT_FSIZE, &file);
  setrlimit (RLIMIT_CORE, &core);
  if (s->drop && (setgroups (0, NULL) != 0 || setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
    _exit (127);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

char *
pkt_browser_find (const char *path, GError **error)
{
  char *found = path ? g_find_program_in_path (path) : NULL;
  for (gsize i = 0; path == NULL && found == NULL && names[i]; i++)
    found = g_find_program_in_path (names[i]);
  if (found == NULL && path)
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is no program that can be run", path);
  else if (found == NULL)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                         "no Chromium is installed; install it, or name one by --browser");
  return found;
}

static gboolean
write_page (PktBrowserRun *run, const char *html, gboolean drop, GError **error)
{
  GError *failed = NULL;
  run->folder = g_dir_make_tmp ("postpacket-page-XXXXXX", &failed);
  g_autofree char *page = run->folder ? g_build_filename (run->folder, "page.html", NULL) : NULL;
  gboolean written
      = page && g_file_set_contents_full (page, html, -1, G_FILE_SET_CONTENTS_NONE, 0600, &failed);
  if (written
      && (!drop || (chown (page, NOBODY, NOBODY) == 0 && chown (run->folder, NOBODY, NOBODY) == 0)))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "the page cannot be written for the browser: %s",
               failed ? failed->message : g_strerror (errno));
  g_clear_error (&failed);
  return FALSE;
}

static GPtrArray *
arguments (const char *program, const char *folder, PktBrowserWay way)
{
  static const char *const fixed[] = { "--headless",
                                       "--remote-debugging-pipe",
                                       "--disable-gpu",
                                       "--hide-scrollbars",
                                       "--force-device-scale-factor=1",
                                       "--force-color-profile=srgb",
                                       "--window-size=600,800",
                                       "--no-first-run",
                                       "--no-pings",
                                       "--disable-extensions",
                                       "--disable-sync",
                                       "--disable-background-networking",
                                       "--disable-component-update",
                                       "--disable-default-apps",
                                       "--disable-breakpad",
                                       "--disable-crash-reporter",
                                       "--disable-dev-shm-usage",
                                       "--disable-features=Translate,OptimizationHints,MediaRouter",
                                       "--host-resolver-rules=MAP * ~NOTFOUND",
                                       "--proxy-server=socks5://127.0.0.1:9",
                                       "--proxy-bypass-list=<-loopback>" };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (argv, g_strdup (program));
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (argv, g_strdup (fixed[i]));
  g_ptr_array_add (argv, g_strconcat ("--user-data-dir=", folder, "/profile", NULL));
  if (way != PKT_BROWSER_SANDBOXED)
    g_ptr_array_add (argv, g_strdup ("--no-sandbox"));
  g_ptr_array_add (argv, g_strdup ("about:blank"));
  g_ptr_array_add (argv, NULL);
  return argv;
}

/* Nothing of the user's session: no display, no bus, no proxy. */
static GStrv
environment (const char *folder)
{
  const char *path = g_getenv ("PATH");
  GStrv env = g_environ_setenv (NULL, "HOME", folder, TRUE);
  env = g_environ_setenv (env, "TMPDIR", folder, TRUE);
  env = g_environ_setenv (env, "XDG_CONFIG_HOME", folder, TRUE);
  env = g_environ_setenv (env, "XDG_CACHE_HOME", folder, TRUE);
  env = g_environ_setenv (env, "LANG", "C.UTF-8", TRUE);
  env = g_environ_setenv (env, "DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  return g_environ_setenv (env, "PATH", path ? path : "/usr/bin:/bin", TRUE);
}

static gboolean
is_offline (GPid pid)
{
  g_autofree char *name = g_strdup_printf ("/proc/%d/ns/net", (int)pid);
  g_autofree char *its = g_file_read_link (name, NULL);
  g_autofree char *ours = g_file_read_link ("/proc/self/ns/net", NULL);
  return its && ours && !g_str_equal (its, ours);
}

/* ---- children ---- */

/* The parent in "PID (name) S PARENT …"; the name may hold anything. */
static int
parent_of (const char *pid)
{
  g_autofree char *path = g_strconcat ("/proc/", pid, "/stat", NULL), *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  const char *close = strrchr (text, ')');
  return close && strlen (close) > 4 ? (int)g_ascii_strtoll (close + 4, NULL, 10) : -1;
}

/* GPid of each child that this process has. */
static GArray *
list_children (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (GPid));
  for (const char *name; dir && (name = g_dir_read_name (dir)) != NULL;) {
    GPid pid = (GPid)g_ascii_strtoll (name, NULL, 10);
    if (g_ascii_isdigit (*name) && parent_of (name) == getpid ())
      g_array_append_val (list, pid);
  }
  return list;
}

static gboolean
has_pid (const GArray *list, GPid pid)
{
  for (guint i = 0; i < list->len; i++)
    if (g_array_index (list, GPid, i) == pid)
      return TRUE;
  return FALSE;
}

/* What the browser left behind; TRUE: something was there. */
static gboolean
kill_new_children (const GArray *before)
{
  g_autoptr (GArray) now = list_children ();
  gboolean any = FALSE;
  for (guint i = 0; i < now->len; i++) {
    GPid pid = g_array_index (now, GPid, i);
    if (has_pid (before, pid))
      continue;
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    any = TRUE;
  }
  return any;
}

/* ---- start and end ---- */

gboolean
pkt_browser_start (PktBrowserRun *run, const char *program, const char *html, PktBrowserWay way,
                   GError **error)
{
  Setup setup = { .root = geteuid () == 0 };
  int pair[2];
  *run = (PktBrowserRun){ .socket = -1 };
  setup.drop = setup.root && way != PKT_BROWSER_AS_ROOT;
  g_snprintf (setup.uid_map, sizeof setup.uid_map, "%u %u 1\n", geteuid (), geteuid ());
  g_snprintf (setup.gid_map, sizeof setup.gid_map, "%u %u 1\n", getegid (), getegid ());
  if (!write_page (run, html, setup.drop, error))
    return FALSE;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "no socket for the browser: %s",
                 g_strerror (errno));
    return FALSE;
  }
  run->before = list_children ();
  prctl (PR_SET_CHILD_SUBREAPER, 1); /* what the browser leaves behind becomes our child */
  g_autoptr (GPtrArray) argv = arguments (program, run->folder, way);
  g_auto (GStrv) env = environment (run->folder);
  const int sources[] = { pair[1], pair[1] }, targets[] = { 3, 4 };
  GError *failed = NULL;
  gboolean started = g_spawn_async_with_pipes_and_fds (
      run->folder, (const char *const *)argv->pdata, (const char *const *)env,
      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
      child_setup, &setup, -1, -1, -1, sources, targets, 2, &run->pid, NULL, NULL, NULL, &failed);
  close (pair[1]);
  if (!started) {
    close (pair[0]);
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "%s: %s", program, failed->message);
    g_error_free (failed);
    return FALSE;
  }
  run->socket = pair[0];
  run->offline = is_offline (run->pid);
  return TRUE;
}

static int
remove_one (const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  (void)st, (void)type, (void)ftw;
  return remove (path);
}

void
pkt_browser_stop (PktBrowserRun *run)
{
  if (run->pid > 0) {
    kill (-run->pid, SIGKILL);
    kill (run->pid, SIGKILL);
    waitpid (run->pid, NULL, 0);
    for (int i = 0; i < KILL_ROUNDS && kill_new_children (run->before); i++)
      ;
    prctl (PR_SET_CHILD_SUBREAPER, 0);
  }
  if (run->folder)
    nftw (run->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  g_clear_pointer (&run->folder, g_free);
  g_clear_pointer (&run->before, g_array_unref);
  run->pid = 0;
}
