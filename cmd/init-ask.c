/* The questions of init --ask. */
#include "cmd/init-ask.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "packet/base/json.h"
#include "packet/run/init.h"

#define MIN_DESCRIPTION 60 /* characters, as in the case file */

/* Why an answer will not do; NULL: it will. */
typedef const char *(*Objection) (const char *answer);

/* One line of standard input without blanks around it; NULL at the end of it. */
static char *
read_line (void)
{
  char *line = NULL;
  size_t room = 0;
  char *answer = getline (&line, &room, stdin) < 0 ? NULL : g_strdup (g_strstrip (line));
  free (line);
  return answer;
}

/* Asks until the answer will do. NULL: the TODO stays; *ended: nobody is there to answer. */
static char *
put (const char *question, Objection objection, gboolean *ended)
{
  while (!*ended) {
    fprintf (stderr, "%s: ", question);
    fflush (stderr);
    char *answer = read_line ();
    const char *why = answer && *answer && objection ? objection (answer) : NULL;
    *ended = answer == NULL;
    if (answer && *answer && why == NULL)
      return answer;
    if (why)
      fprintf (stderr, "  %s\n", why);
    g_free (answer);
    if (why == NULL)
      break;
  }
  return NULL;
}

static const char *
too_short (const char *answer)
{
  return g_utf8_strlen (answer, -1) < MIN_DESCRIPTION
             ? "That is shorter than 60 characters; an empty answer leaves it for later."
             : NULL;
}

/* The word, or its first letters; NULL: none of them. */
static const char *
mail_type_of (const char *answer)
{
  static const char *const types[] = { "marketing", "transactional", "personal", "forwarded" };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strncasecmp (types[i], answer, strlen (answer)) == 0)
      return types[i];
  return NULL;
}

static const char *
no_mail_type (const char *answer)
{
  return mail_type_of (answer) ? NULL
                               : "It is one of marketing, transactional, personal and forwarded; "
                                 "an empty answer leaves it for later.";
}

static gboolean
is_day (const char *text)
{
  return strlen (text) >= 10 && strspn (text, "0123456789-") >= 10 && text[4] == '-'
         && text[7] == '-';
}

static const char *
no_change (const char *answer)
{
  return g_ascii_strcasecmp (answer, "nothing") == 0 || (is_day (answer) && answer[10] == ' ')
             ? NULL
             : "Write the day in front, as 2026-05-18, or 'nothing'; an empty answer leaves it for "
               "later.";
}

static const char *
no_file (const char *answer)
{
  return g_file_test (answer, G_FILE_TEST_IS_REGULAR)
             ? NULL
             : "There is no such file; an empty answer leaves it for later.";
}

static void
ask_streams (json_t *the_case, gboolean *ended)
{
  json_t *stream;
  gsize i;
  json_array_foreach (json_object_get (the_case, "streams"), i, stream)
  {
    g_autofree char *question = g_strdup_printf (
        "Mail of %s (marketing, transactional, personal, forwarded)",
        json_string_value (json_object_get (stream, "name")));
    g_autofree char *answer = put (question, no_mail_type, ended);
    if (answer)
      json_object_set_new (stream, "mail_type", json_string (mail_type_of (answer)));
  }
}

static void
ask_changes (json_t *the_case, gboolean *ended)
{
  g_autofree char *answer = put ("What changed before it began, as '2026-05-18 new template', or "
                                 "'nothing'",
                                 no_change, ended);
  if (answer == NULL)
    return;
  g_autofree char *day = g_strndup (answer, 10);
  json_object_set_new (json_object_get (the_case, "incident"), "changes",
                       is_day (answer) ? json_pack ("[{s:s, s:o}]", "date", day, "what",
                                                    pkt_json_string (answer + 11))
                                       : json_array ());
}

static void
ask_sample (json_t *the_case, gboolean *ended)
{
  g_autofree char *answer = put ("A mail that Apple accepted, saved from a mailbox of yours (path "
                                 "of the .eml)",
                                 no_file, ended);
  g_autofree char *path = answer ? g_canonicalize_filename (answer, NULL) : NULL;
  if (path)
    json_array_append_new (json_object_get (json_object_get (the_case, "evidence"), "delivered"),
                           pkt_json_string (path));
}

/* A list that says TODO; a sample shows it as well. */
static void
ask_list (json_t *object, const char *key, const char *question, gboolean sampled, gboolean *ended)
{
  const char *said = json_string_value (json_array_get (json_object_get (object, key), 0));
  if (said == NULL || !g_str_has_prefix (said, "TODO"))
    return;
  g_autofree char *answer = put (question, NULL, ended);
  if (answer == NULL && sampled)
    json_object_del (object, key);
  if (answer == NULL)
    return;
  json_t *list = json_array ();
  g_auto (GStrv) words = g_strsplit_set (answer, ", ;", -1);
  for (char **w = words; *w; w++)
    if (**w)
      json_array_append_new (list, pkt_json_string (*w));
  json_object_set_new (object, key, list);
}

void
cmd_init_ask (json_t *the_case)
{
  gboolean ended = FALSE;
  for (const PktInitQuestion *q = pkt_init_questions; q->path; q++) {
    const gboolean described = g_str_equal (q->path, "incident.description");
    g_autofree char *answer = put (q->question, described ? too_short : NULL, &ended);
    if (answer)
      pkt_init_answer (the_case, q->path, answer);
  }
  ask_streams (the_case, &ended);
  ask_changes (the_case, &ended);
  ask_sample (the_case, &ended);
  const gboolean sampled
      = json_array_size (json_object_get (json_object_get (the_case, "evidence"), "delivered")) > 0;
  ask_list (json_object_get (the_case, "domains"), "from",
            "Domain of your From address, or several with commas", sampled, &ended);
  ask_list (the_case, "sending_ips", "Sending IP, or several with commas", sampled, &ended);
}
