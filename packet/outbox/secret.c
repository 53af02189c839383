#include "packet/outbox/secret.h"
#include <string.h>
#include <sys/wait.h>
#include "packet/base/error.h"

#define MIN_FORM 4 /* bytes: a shorter one stands in any reply by chance */

void
pkt_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static char *
first_line (const char *text)
{
  gsize n = strcspn (text, "\r\n");
  return n > 0 && n <= PKT_SECRET_MAX ? g_strndup (text, n) : NULL;
}

char *
pkt_secret_ask (const char *command, const char *option, GError **error)
{
  char *argv[] = { "/bin/sh", "-c", (char *)command, NULL };
  char *text = NULL, *line = NULL;
  int status = 0;
  GError *why = NULL;
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, &text, NULL,
                     &status, &why)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG, "%s: %s", option, why->message);
    g_error_free (why);
    return NULL;
  }
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG,
                 "%s: the command ended with %d; nothing was sent. Run it by hand to see why",
                 option, WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
  else if ((line = first_line (text)) == NULL)
    g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG,
                 "%s: the first line that the command prints is %s; nothing was sent", option,
                 strcspn (text, "\r\n") == 0 ? "empty" : "too long");
  pkt_secret_free (text);
  return line;
}

static void
add_form (GPtrArray *forms, const char *bytes, gsize n)
{
  if (n < MIN_FORM)
    return;
  g_ptr_array_add (forms, g_strndup (bytes, n));
  g_ptr_array_add (forms, g_base64_encode ((const guchar *)bytes, n));
}

/* RFC 4616: NUL user NUL password. */
static void
add_plain (GPtrArray *forms, const char *user, const char *secret)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_string_append_c (plain, '\0');
  g_string_append (plain, user);
  g_string_append_c (plain, '\0');
  g_string_append (plain, secret);
  g_ptr_array_add (forms, g_base64_encode ((const guchar *)plain->str, plain->len));
  explicit_bzero (plain->str, plain->len);
}

/* RFC 7628 and Google's XOAUTH2: the whole is base64, and the token stands in the middle. */
static void
add_bearer (GPtrArray *forms, const char *user, const char *token)
{
  g_autofree char *x = g_strdup_printf ("user=%s\1auth=Bearer %s\1\1", user, token);
  g_ptr_array_add (forms, g_base64_encode ((const guchar *)x, strlen (x)));
  explicit_bzero (x, strlen (x));
}

/* Any user's password: which of them libcurl takes is its own business. */
static void
add_netrc (GPtrArray *forms, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  const char *before = "", *login = NULL;
  for (char **w = words; *w != NULL; w++) {
    if (**w == '\0')
      continue;
    if (g_str_equal (before, "login"))
      login = *w;
    if (g_str_equal (before, "password")) {
      gsize n = strlen (*w), quoted = n > 2 && **w == '"' && (*w)[n - 1] == '"';
      g_autofree char *secret = g_strndup (*w + quoted, n - 2 * quoted);
      add_form (forms, secret, strlen (secret));
      if (login != NULL)
        add_plain (forms, login, secret);
    }
    before = *w;
  }
}

static int
longest_first (gconstpointer a, gconstpointer b)
{
  gsize x = strlen (*(char *const *)a), y = strlen (*(char *const *)b);
  return x < y ? 1 : x > y ? -1 : 0;
}

char **
pkt_secret_forms (const char *user, const char *secret, const char *netrc_text)
{
  GPtrArray *forms = g_ptr_array_new ();
  if (secret != NULL) {
    add_form (forms, secret, strlen (secret));
    add_plain (forms, user != NULL ? user : "", secret);
    add_bearer (forms, user != NULL ? user : "", secret);
  }
  if (netrc_text != NULL)
    add_netrc (forms, netrc_text);
  g_ptr_array_sort (forms, longest_first);
  g_ptr_array_add (forms, NULL);
  return (char **)g_ptr_array_free (forms, FALSE);
}

void
pkt_secret_forms_free (char **forms)
{
  for (char **f = forms; f != NULL && *f != NULL; f++)
    pkt_secret_free (*f);
  g_free (forms);
}

char *
pkt_secret_scrub (const char *text, const char *const *forms)
{
  g_autoptr (GString) s = g_string_new (text);
  for (const char *const *f = forms; f != NULL && *f != NULL; f++)
    g_string_replace (s, *f, "[removed]", 0);
  return g_string_free (g_steal_pointer (&s), FALSE);
}
