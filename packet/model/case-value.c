#include "packet/model/case-value.h"
#include <string.h>
#include "packet/base/text.h"

#define MAX_HOST 253 /* RFC 1035 2.3.4, without the root's dot */
#define MAX_LABEL 63
#define MAX_EMAIL 254 /* RFC 5321 4.5.3.1.3, without <> */

gboolean
pkt_case_is_todo (const char *text)
{
  PktSlice s = pkt_slice_trim (pkt_slice_str (text));
  return pkt_slice_equal (s, PKT_SLICE ("TODO")) || pkt_slice_starts (s, PKT_SLICE ("TODO:"));
}

gboolean
pkt_case_name_valid (const char *name)
{
  gsize n = strlen (name);
  if (n == 0 || n > 64 || name[0] == '.')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (name[i]) && !strchr ("._-", name[i]))
      return FALSE;
  return TRUE;
}

static gboolean
label_valid (const char *label)
{
  gsize n = strlen (label);
  if (n == 0 || n > MAX_LABEL || label[0] == '-' || label[n - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-' && label[i] != '_')
      return FALSE;
  return TRUE;
}

static gboolean
host_valid (const char *host)
{
  if (strlen (host) > MAX_HOST || !strchr (host, '.'))
    return FALSE;
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);
  for (char **l = labels; *l; l++)
    if (!label_valid (*l))
      return FALSE;
  return TRUE;
}

static const char *
check_host (const PktCaseRow *row, char **text)
{
  (void)row;
  g_autofree char *lower = g_ascii_strdown (*text, -1);
  gsize n = strlen (lower);
  if (n > 1 && lower[n - 1] == '.') /* the root's dot, as DNS tools print it */
    lower[n - 1] = '\0';
  if (strstr (lower, "://"))
    return "is a URL, a host name is needed";
  if (strchr (lower, '@'))
    return "is an address, a host name is needed";
  if (!g_str_is_ascii (lower))
    return "is not ASCII (the xn-- form is needed)";
  if (!host_valid (lower))
    return "is no host name";
  g_free (*text);
  *text = g_steal_pointer (&lower);
  return NULL;
}

/* RFC 5322 3.2.3 atext, and the dot within: what a header of a request takes without quotes. */
static gboolean
local_valid (const char *start, const char *end)
{
  for (const char *p = start; p < end; p++)
    if (!g_ascii_isalnum (*p) && strchr ("!#$%&'*+/=?^_`{|}~.-", *p) == NULL)
      return FALSE;
  return end > start && *start != '.' && end[-1] != '.';
}

static const char *
check_email (const PktCaseRow *row, char **text)
{
  (void)row;
  const char *at = strchr (*text, '@');
  if (!g_str_is_ascii (*text))
    return "is not ASCII";
  if (strpbrk (*text, " <>"))
    return "holds a blank, < or >: only the address is needed";
  if (at == NULL || !local_valid (*text, at) || strchr (at, '_') || strlen (*text) > MAX_EMAIL
      || !host_valid (at + 1))
    return "is no e-mail address";
  return NULL;
}

static const char *
check_ip (const PktCaseRow *row, char **text)
{
  (void)row;
  if (strchr (*text, '/'))
    return "is a network: one address a line is needed";
  char *ip = pkt_text_ip (*text);
  if (ip == NULL)
    return "is no IP address";
  g_free (*text);
  *text = ip;
  return NULL;
}

static const char *
check_choice (const PktCaseRow *row, char **text)
{
  g_auto (GStrv) words = g_strsplit (row->hint, "|", -1);
  return g_strv_contains ((const char *const *)words, *text) ? NULL : "is none of the known words";
}

static const char *
check_name (const PktCaseRow *row, char **text)
{
  (void)row;
  return pkt_case_name_valid (*text) ? NULL : "is no valid name";
}

static const char *
check_url (const PktCaseRow *row, char **text)
{
  (void)row;
  gboolean http = g_ascii_strncasecmp (*text, "http://", 7) == 0
                  || g_ascii_strncasecmp (*text, "https://", 8) == 0;
  return http && !strchr (*text, ' ') ? NULL : "is no http or https URL";
}

static const char *
check_date (const PktCaseRow *row, char **text)
{
  (void)row;
  gint64 us;
  gboolean day = strlen (*text) == 10 && pkt_clock_parse_user (*text, NULL, FALSE, &us);
  return day ? NULL : "is no date of the form YYYY-MM-DD";
}

static const char *
check_zone (const PktCaseRow *row, char **text)
{
  (void)row;
  /* GLib opens a path as a zone file: only names may reach it. */
  gboolean path = (*text)[0] == '/' || (*text)[0] == ':' || strchr (*text, '.');
  g_autoptr (GTimeZone) zone = path ? NULL : pkt_clock_zone (*text);
  return zone ? NULL : "is no known time zone";
}

static const char *
check_story (const PktCaseRow *row, char **text)
{
  (void)row;
  return g_utf8_strlen (*text, -1) >= PKT_CASE_MIN_STORY
             ? NULL
             : "is shorter than " G_STRINGIFY (PKT_CASE_MIN_STORY) " characters";
}

static const char *(*const checks[]) (const PktCaseRow *row, char **text) = {
  [PKT_CASE_STORY] = check_story, [PKT_CASE_NAME] = check_name, [PKT_CASE_CHOICE] = check_choice,
  [PKT_CASE_EMAIL] = check_email, [PKT_CASE_IP] = check_ip,     [PKT_CASE_URL] = check_url,
  [PKT_CASE_DATE] = check_date,   [PKT_CASE_ZONE] = check_zone, [PKT_CASE_HOSTS] = check_host,
  [PKT_CASE_IPS] = check_ip,      [PKT_CASE_LIST] = NULL,
};

/* Line breaks and tabs with the blanks around them become one blank. */
static char *
fold (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  for (char **w = words; *w; w++)
    if (**w)
      g_string_append_printf (out, "%s%s", out->len ? " " : "", *w);
  return g_string_free (out, FALSE);
}

/* Line breaks would end a header, direction marks show a text other than it is. */
static const char *
find_control (const char *text)
{
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
      return "holds a line break";
    if (g_unichar_iscntrl (c))
      return "holds a control character";
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
      return "holds a character that turns the writing direction";
  }
  return NULL;
}

const char *
pkt_case_value (const PktCaseRow *row, const char *text, gsize n, char **out)
{
  if (strlen (text) != n)
    return "holds a NUL character";
  gboolean folds = row->kind == PKT_CASE_PROSE || row->kind == PKT_CASE_STORY;
  g_autofree char *value = folds ? fold (text) : g_strdup (text);
  g_strstrip (value);
  const char *wrong = *value ? find_control (value) : "is empty";
  if (wrong == NULL && checks[row->kind])
    wrong = checks[row->kind](row, &value);
  if (wrong == NULL)
    *out = g_steal_pointer (&value);
  return wrong;
}
