#include "packet/outbox/imap.h"
#include <string.h>

/* (\HasNoChildren \Drafts): the attributes of RFC 3501 7.2.2 and RFC 6154. */
static const char *
read_attributes (const char *p, gboolean *out_drafts, gboolean *out_select)
{
  if (*p++ != '(')
    return NULL;
  const char *end = strchr (p, ')');
  if (end == NULL)
    return NULL;
  g_autofree char *all = g_strndup (p, (gsize)(end - p));
  g_auto (GStrv) words = g_strsplit (all, " ", -1);
  for (char **w = words; *w != NULL; w++) {
    *out_drafts = *out_drafts || g_ascii_strcasecmp (*w, "\\Drafts") == 0;
    if (g_ascii_strcasecmp (*w, "\\Noselect") == 0 || g_ascii_strcasecmp (*w, "\\NonExistent") == 0)
      *out_select = FALSE;
  }
  return end + 1;
}

/* "a \"quoted\" string", from behind its first quote; NULL when it has no end. */
static const char *
read_quoted (const char *p, GString *out)
{
  for (; *p != '"'; p++) {
    if (*p == '\\')
      p++;
    if (*p == '\0')
      return NULL;
    g_string_append_c (out, *p);
  }
  return p + 1;
}

/* {5}\nDrafts: a literal; its line end was kept as LF by whoever read it. */
static const char *
read_literal (const char *p, GString *out)
{
  char *end;
  if (!g_ascii_isdigit (*p))
    return NULL;
  guint64 n = g_ascii_strtoull (p, &end, 10);
  if (end[0] != '}' || end[1] != '\n' || n > PKT_IMAP_MAX_LITERAL || strlen (end + 2) < n)
    return NULL;
  g_string_append_len (out, end + 2, (gssize)n);
  return end + 2 + n;
}

static const char *
read_string (const char *p, GString *out)
{
  if (*p == '"')
    return read_quoted (p + 1, out);
  if (*p == '{')
    return read_literal (p + 1, out);
  gsize n = strcspn (p, " ()\"{\\");
  g_string_append_len (out, p, (gssize)n);
  return n > 0 ? p + n : NULL;
}

gboolean
pkt_imap_list_entry (const char *line, gboolean *out_drafts, char **out_name)
{
  gboolean drafts = FALSE, can_select = TRUE;
  if (g_ascii_strncasecmp (line, "* LIST ", 7) != 0)
    return FALSE;
  const char *p = read_attributes (line + 7, &drafts, &can_select);
  g_autoptr (GString) delimiter = g_string_new (NULL), name = g_string_new (NULL);
  if (p == NULL || *p != ' ' || (p = read_string (p + 1, delimiter)) == NULL || *p != ' '
      || read_string (p + 1, name) == NULL || name->len == 0)
    return FALSE;
  *out_drafts = drafts && can_select;
  *out_name = g_strdup (name->str);
  return TRUE;
}
