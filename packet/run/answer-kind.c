/* What kind of answer it is: templates/answers.json says by which words. */
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/run/answer.h"

#define MAX_TOKEN 64

static char *
fold (const char *text)
{
  GString *s = g_string_new (NULL);
  for (const char *p = text; *p; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (s, *p);
    else if (s->len && s->str[s->len - 1] != ' ')
      g_string_append_c (s, ' ');
  return g_string_free (s, FALSE);
}

static gboolean
says (const json_t *entry, const char *folded, GError **error)
{
  const json_t *patterns = json_object_get (entry, "patterns");
  for (gsize i = 0; i < json_array_size (patterns); i++) {
    GError *e = NULL;
    g_autoptr (GRegex) regex = g_regex_new (json_string_value (json_array_get (patterns, i)),
                                            G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &e);
    if (regex == NULL) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "templates/answers.json: %s: %s",
                   pkt_json_text (entry, "id"), e->message);
      g_error_free (e);
      return FALSE;
    }
    if (g_regex_match (regex, folded, 0, NULL))
      return TRUE;
  }
  return FALSE;
}

json_t *
pkt_answer_kind (const PktAnswerMail *m, const char *own_text, GError **error)
{
  PktSlice data = pkt_data ("answers.json");
  g_autoptr (json_t) table = json_loadb (data.p, data.n, 0, NULL);
  g_autofree char *folded = fold (own_text);
  GError *broken = NULL;
  gsize i;
  json_t *entry, *found = NULL;
  if (m->report)
    return json_incref (json_object_get (table, m->returned ? "returned" : "notice"));
  json_array_foreach (json_object_get (table, "answers"), i, entry)
  {
    if (says (entry, folded, &broken)) {
      found = entry;
      break;
    }
    if (broken)
      break;
  }
  if (broken) {
    g_propagate_error (error, broken);
    return NULL;
  }
  return json_incref (found ? found : json_object_get (table, "other"));
}

/* Behind "Re: ", "AW: ", "Fwd: ", however many of them. */
static const char *
behind_prefixes (const char *subject)
{
  for (;;) {
    while (*subject == ' ')
      subject++;
    gsize n = 0;
    while (g_ascii_isalpha (subject[n]))
      n++;
    if (n < 1 || n > 3 || subject[n] != ':')
      return subject;
    subject += n + 1;
  }
}

static gboolean
is_token (const char *s)
{
  gsize n = strlen (s);
  gboolean any = FALSE;
  for (gsize i = 0; i < n; i++) {
    if (s[i] < ' ' || s[i] > '~' || s[i] == '@')
      return FALSE;
    any = any || g_ascii_isdigit (s[i]);
  }
  return any && n <= MAX_TOKEN;
}

char *
pkt_answer_subject_token (const char *theirs, const char *ours)
{
  if (theirs == NULL || ours == NULL)
    return NULL;
  const char *their = behind_prefixes (theirs), *our = behind_prefixes (ours),
             *at = strstr (their, our);
  if (at == NULL || *our == '\0')
    return NULL;
  g_autofree char *before = g_strndup (their, (gsize)(at - their)),
                  *behind = g_strdup (at + strlen (our));
  g_strstrip (before);
  g_strstrip (behind);
  const char *token = *before ? before : behind;
  return (*before && *behind) || !is_token (token) ? NULL : g_strdup (token);
}
