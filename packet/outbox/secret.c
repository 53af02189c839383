#include "packet/outbox/secret.h"
#include <string.h>
#include <sys/wait.h>
#include "packet/base/error.h"

#define MIN_FORM 4 /* bytes: a shorter one stands in any reply by chance */
#define REMOVED "[removed]"

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
  if (n >= MIN_FORM)
    g_ptr_array_add (forms, g_strndup (bytes, n));
}

/* The next word as libcurl reads a netrc: "in quotes" it may hold blanks, and a backslash escapes.
 * NULL at the end, else what is behind it. */
static const char *
netrc_word (const char *p, GString *out)
{
  static const char letters[] = "nrt", means[] = "\n\r\t";
  g_string_truncate (out, 0);
  p += strspn (p, " \t\r\n");
  if (*p == '\0')
    return NULL;
  if (*p != '"') {
    gsize n = strcspn (p, " \t\r\n");
    g_string_append_len (out, p, (gssize)n);
    return p + n;
  }
  for (p++; *p != '\0' && *p != '"'; p++) {
    const gboolean escaped = *p == '\\' && p[1] != '\0';
    p += escaped;
    const char *letter = escaped ? strchr (letters, *p) : NULL;
    g_string_append_c (out, letter != NULL ? means[letter - letters] : *p);
  }
  return *p == '"' ? p + 1 : p;
}

/* Any user's password: which of them libcurl takes is its own business. */
static void
add_netrc (GPtrArray *forms, const char *text)
{
  GString *word = g_string_new (NULL);
  gboolean password = FALSE;
  for (const char *p = text; (p = netrc_word (p, word)) != NULL;) {
    if (password)
      add_form (forms, word->str, word->len);
    password = !password && g_str_equal (word->str, "password");
  }
  explicit_bzero (word->str, word->len);
  g_string_free (word, TRUE);
}

static int
longest_first (gconstpointer a, gconstpointer b)
{
  gsize x = strlen (*(char *const *)a), y = strlen (*(char *const *)b);
  return x < y ? 1 : x > y ? -1 : 0;
}

char **
pkt_secret_forms (const char *secret, const char *netrc_text)
{
  GPtrArray *forms = g_ptr_array_new ();
  if (secret != NULL)
    add_form (forms, secret, strlen (secret));
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

/* PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER all send base64, the secret somewhere in it. */
static gboolean
hides (const char *run, gsize n, const char *const *forms)
{
  gsize length = 0;
  g_autofree char *padded = g_strndup (run, n);
  g_autofree guchar *plain = g_base64_decode (padded, &length);
  gboolean found = FALSE;
  for (const char *const *f = forms; !found && *f != NULL; f++)
    found = memmem (plain, length, *f, strlen (*f)) != NULL;
  explicit_bzero (plain, length);
  return found;
}

static gsize
run_length (const char *p)
{
  gsize n = 0;
  while (g_ascii_isalnum (p[n]) || (p[n] != '\0' && strchr ("+/=", p[n]) != NULL))
    n++;
  return n;
}

char *
pkt_secret_scrub (const char *text, const char *const *forms)
{
  if (forms == NULL || *forms == NULL)
    return g_strdup (text);
  g_autoptr (GString) in = g_string_new (text);
  for (const char *const *f = forms; *f != NULL; f++)
    g_string_replace (in, *f, REMOVED, 0);
  GString *out = g_string_new (NULL);
  for (const char *p = in->str; *p != '\0';) {
    gsize n = run_length (p), copy = n > 0 ? n : 1;
    if (n > MIN_FORM && hides (p, n, forms))
      g_string_append (out, REMOVED);
    else
      g_string_append_len (out, p, (gssize)copy);
    p += copy;
  }
  return g_string_free (out, FALSE);
}
