#include "cmd/cmd.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/near.h"
#include "packet/base/text.h"

#define WIDE 1000 /* no line of a help is longer: as it is where no terminal is */
#define NARROW 60

/* Bytes in front of a line's text: of "  --jobs=N    Threads …" all up to the T. */
static gsize
before_text (const char *line)
{
  const char *p = g_str_has_prefix (line, "  ") ? strstr (line + 2, "  ") : NULL;
  return p ? (gsize)(p - line) + strspn (p, " ") : 0;
}

/* For the terminal that it is shown on, the text below itself. Caller frees. */
static char *
wrap_help (const char *help)
{
  const guint columns = cmd_columns (STDOUT_FILENO, WIDE, NARROW, WIDE);
  g_auto (GStrv) lines = g_strsplit (help, "\n", -1);
  GString *out = g_string_new (NULL);
  for (char **line = lines; *line; line++) {
    const gsize n = before_text (*line);
    g_autofree char *first = g_strndup (*line, n), *indent = g_strnfill (n, ' '),
                    *wrapped = pkt_text_wrap (*line + n, columns, first, indent);
    g_string_append (out, **line ? wrapped : line[1] ? "\n" : "");
  }
  return g_string_free (out, FALSE);
}

static gboolean
print_help (GOptionContext *context, GError **error)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  /* GLib starts with "Usage:", an empty-looking line and the name; one line reads better. */
  char *rest = strstr (help, "Usage:\n  ");
  GString *text = g_string_new ("Usage: ");
  g_string_append (text, rest ? rest + strlen ("Usage:\n  ") : help);
  g_autofree char *wrapped = wrap_help (text->str);
  gboolean ok = pkt_file_print (wrapped, strlen (wrapped), error);
  g_string_free (text, TRUE);
  return ok;
}

/* "--aple-only": the option that somebody may have meant; NULL. */
static const char *
near_option (const GOptionEntry *entries, int argc, char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++) {
    g_autofree char *name = g_str_has_prefix (argv[i], "--")
                                ? g_strndup (argv[i] + 2, strcspn (argv[i] + 2, "="))
                                : NULL;
    PktNear near = { .word = name };
    for (const GOptionEntry *e = entries; name && e->long_name; e++)
      pkt_near_offer (&near, e->long_name);
    if (near.best && near.steps > 0)
      return near.best;
  }
  return NULL;
}

gboolean
cmd_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *operands,
           const char *about, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (operands);
  g_autofree char *name = g_strdup_printf ("postpacket %s", (*argv)[0]);
  gboolean help = FALSE;
  const GOptionEntry help_entry[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL }, G_OPTION_ENTRY_NULL
  };
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, about);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, help_entry, NULL);
  g_set_prgname (name);
  GError *e = NULL;
  if (!g_option_context_parse (context, argc, argv, &e)) {
    const gboolean unknown = g_error_matches (e, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION);
    const char *near = unknown ? near_option (entries, *argc, *argv) : NULL;
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "%s; %s%s%ssee '%s --help'", e->message,
                 near ? "did you mean --" : "", near ? near : "", near ? "? " : "", name);
    g_error_free (e);
    return FALSE;
  }
  if (help) {
    GError *io = NULL;
    if (print_help (context, &io))
      exit (0);
    g_propagate_error (error, io);
    return FALSE;
  }
  if (*argc > 1 && g_str_equal ((*argv)[1], "--")) { /* GLib leaves it where operands follow */
    memmove (*argv + 1, *argv + 2, (gsize)(*argc - 1) * sizeof (char *));
    (*argc)--;
  }
  return TRUE;
}

gboolean
cmd_audience (const char *word, PktAudience *out, GError **error)
{
  *out = PKT_AUDIENCE_APPLE;
  if (word == NULL || pkt_audience_parse (word, out))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
               "--audience %s: there are apple, esp (the sending service) and public", word);
  return FALSE;
}

static gboolean
plain_terminal (void)
{
  const char *term = g_getenv ("TERM");
  return term == NULL || *term == '\0' || g_str_equal (term, "dumb");
}

gboolean
cmd_colour (void)
{
  const char *no = g_getenv ("NO_COLOR");
  return isatty (STDOUT_FILENO) && !plain_terminal () && (no == NULL || *no == '\0');
}

gboolean
cmd_terminal (void)
{
  return isatty (STDERR_FILENO) && !plain_terminal ();
}

guint
cmd_columns (int fd, guint usual, guint least, guint most)
{
  struct winsize size;
  if (!isatty (fd) || ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return usual;
  return CLAMP (size.ws_col, least, most);
}
