#include "packet/outbox/imap.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/outbox/secret.h"
#include "packet/outbox/stop.h"

#define BLOCK (16 * 1024)
#define NOTHING "no draft was stored: "
#define LATER "; try again later"

/* One upload under way. */
typedef struct {
  PktWire *wire;
  const PktDraftUpload *what;
  PktOutcome *out;
  guint tag;
  gboolean list_extended, special_use;
  guint64 limit; /* APPENDLIMIT; 0: none told */
} Imap;

typedef void (*Untagged) (Imap *s, const char *line);

static gboolean
lost (GError **error)
{
  pkt_error_around (error, NOTHING, LATER);
  return FALSE;
}

/* A line ends with {n} when a literal of n bytes and more of the line follow (RFC 3501 4.3). */
static gboolean
literal_size (const char *line, guint64 *out)
{
  const char *open = strrchr (line, '{');
  char *end;
  if (open == NULL || !g_ascii_isdigit (open[1]))
    return FALSE;
  *out = g_ascii_strtoull (open + 1, &end, 10);
  return g_str_equal (end, "}");
}

/* One answer with its literals, each after a LF; caller frees. */
static char *
read_answer (Imap *s, GError **error)
{
  g_autofree char *first = pkt_wire_line (s->wire, error);
  if (first == NULL)
    return NULL;
  g_autoptr (GString) all = g_string_new (first);
  guint64 n;
  while (literal_size (all->str, &n)) {
    if (n > PKT_IMAP_MAX_LITERAL || n + all->len > PKT_IMAP_MAX_LITERAL) {
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "the server's answer has no end");
      return NULL;
    }
    g_autofree char *literal = pkt_wire_bytes (s->wire, (gsize)n, error);
    g_autofree char *rest = literal != NULL ? pkt_wire_line (s->wire, error) : NULL;
    if (rest == NULL)
      return NULL;
    g_string_append_printf (all, "\n%s", literal);
    g_string_append (all, rest);
    if (!literal_size (rest, &n))
      break;
  }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

/* The reason in brackets that is for now only, RFC 5530 section 3. */
static gboolean
for_now (const char *reply)
{
  return g_strstr_len (reply, -1, "[UNAVAILABLE]") != NULL
         || g_strstr_len (reply, -1, "[INUSE]") != NULL
         || g_strstr_len (reply, -1, "[SERVERBUG]") != NULL;
}

static gboolean
refused (Imap *s, const char *command, GError **error)
{
  gboolean again = for_now (s->out->reply);
  g_set_error (error, PKT_ERROR, again ? PKT_ERROR_AGAIN : PKT_ERROR_UNAVAILABLE,
               "the server refused %s: %s. No draft was stored%s", command, s->out->reply,
               again ? "; try again later" : "");
  return FALSE;
}

static void
keep_reply (Imap *s, const char *text)
{
  g_free (s->out->reply);
  s->out->reply = pkt_secret_scrub (text, s->what->secrets);
}

/* Reads up to the answer that has our tag; '+' ends it too where `go_on` is set. */
static gboolean
hear (Imap *s, const char *command, gboolean go_on, Untagged each, GError **error)
{
  g_autofree char *tag = g_strdup_printf ("P%u ", s->tag);
  for (guint n = 0; n < PKT_IMAP_MAX_LINES; n++) {
    g_autofree char *line = read_answer (s, error);
    if (line == NULL)
      return lost (error);
    if (go_on && line[0] == '+')
      return TRUE;
    if (g_str_has_prefix (line, tag)) {
      keep_reply (s, line + strlen (tag));
      return (g_ascii_strncasecmp (line + strlen (tag), "OK", 2) == 0 && !go_on)
             || refused (s, command, error);
    }
    if (g_ascii_strncasecmp (line, "* BYE", 5) == 0)
      keep_reply (s, line + 2);
    if (each != NULL)
      each (s, line);
  }
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "the server's answer has no end");
  return lost (error);
}

static gboolean
say (Imap *s, const char *stage, const char *command, gboolean go_on, Untagged each, GError **error)
{
  s->out->stage = stage;
  g_clear_pointer (&s->out->reply, g_free); /* of the command before */
  g_autofree char *line = g_strdup_printf ("P%u %s\r\n", ++s->tag, command);
  const char *word = g_str_has_prefix (command, "APPEND") ? "the draft" : command;
  if (!pkt_wire_write (s->wire, line, strlen (line), error))
    return lost (error);
  return hear (s, word, go_on, each, error);
}

static void
read_capability (Imap *s, const char *line)
{
  if (g_ascii_strncasecmp (line, "* CAPABILITY ", 13) != 0)
    return;
  g_auto (GStrv) words = g_strsplit (line + 13, " ", -1);
  for (char **w = words; *w != NULL; w++) {
    s->list_extended = s->list_extended || g_ascii_strcasecmp (*w, "LIST-EXTENDED") == 0;
    s->special_use = s->special_use || g_ascii_strcasecmp (*w, "SPECIAL-USE") == 0;
    if (g_ascii_strncasecmp (*w, "APPENDLIMIT=", 12) == 0)
      s->limit = g_ascii_strtoull (*w + 12, NULL, 10);
  }
}

static void
read_list (Imap *s, const char *line)
{
  gboolean drafts;
  g_autofree char *name = NULL;
  if (s->out->mailbox == NULL && pkt_imap_list_entry (line, &drafts, &name) && drafts)
    s->out->mailbox = g_steal_pointer (&name);
}

static gboolean
find_drafts (Imap *s, GError **error)
{
  s->out->mailbox = g_strdup (s->what->mailbox);
  if (s->out->mailbox != NULL)
    return TRUE;
  /* Without LIST-EXTENDED a server may still show the attribute unasked (RFC 6154 section 2). */
  const char *list = s->special_use && s->list_extended ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
                                                        : "LIST \"\" \"*\"";
  if (!say (s, "list", list, FALSE, read_list, error))
    return FALSE;
  if (s->out->mailbox != NULL)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
               "the server names no mailbox for drafts (%s). No draft was stored; name one by "
               "--mailbox",
               s->special_use ? "none is marked \\Drafts" : "it offers no SPECIAL-USE");
  return FALSE;
}

/* "Drafts" in quotes; a name that quotes cannot hold is none that a server made. */
static char *
quoted (const char *name)
{
  GString *q = g_string_new ("\"");
  for (const char *p = name; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c (q, '\\');
    g_string_append_c (q, *p);
  }
  g_string_append_c (q, '"');
  return g_string_free (q, FALSE);
}

static gboolean
write_message (Imap *s, GError **error)
{
  gsize n;
  const char *p = g_bytes_get_data (s->what->message, &n);
  for (gsize at = 0; at < n; at += BLOCK)
    if (!pkt_wire_write (s->wire, p + at, MIN (BLOCK, n - at), error))
      return lost (error);
  if (pkt_stop_asked () == 0)
    return TRUE;
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "interrupted");
  return lost (error);
}

static gboolean
unsure (Imap *s, GError **error)
{
  s->out->state = PKT_OUTCOME_UNSURE;
  g_autofree char *why = g_strdup (error != NULL && *error != NULL ? (*error)->message : "");
  g_clear_error (error);
  if (g_str_has_suffix (why, LATER))
    why[strlen (why) - strlen (LATER)] = '\0';
  const char *bare = g_str_has_prefix (why, NOTHING) ? why + strlen (NOTHING) : why;
  g_set_error (
      error, PKT_ERROR, PKT_ERROR_IO,
      "the whole draft was given to the server, and then no answer came: %s. Look into the "
      "mailbox %s before you store it --again",
      bare, s->out->mailbox);
  return FALSE;
}

/* "OK [APPENDUID 1 42] …": RFC 4315 section 3. */
static void
keep_uid (PktOutcome *out)
{
  const char *p = g_strstr_len (out->reply, -1, "[APPENDUID ");
  g_auto (GStrv) words = p != NULL ? g_strsplit_set (p + 11, " ]", 3) : NULL;
  if (words != NULL && g_strv_length (words) == 3)
    out->queue_id = g_strdup (words[1]);
}

/* The CRLF behind the literal ends the command; from there on the draft may be there. */
static gboolean
end_message (Imap *s, GError **error)
{
  GError *why = NULL;
  pkt_stop_patient (TRUE);
  gboolean ok = pkt_wire_write (s->wire, "\r\n", 2, &why)
                && hear (s, "the draft", FALSE, NULL, &why);
  pkt_stop_patient (FALSE);
  if (ok) {
    s->out->state = PKT_OUTCOME_SENT;
    keep_uid (s->out);
    return TRUE;
  }
  gboolean answered = s->out->reply != NULL && g_ascii_strncasecmp (s->out->reply, "BYE", 3) != 0;
  g_propagate_error (error, why);
  return answered ? FALSE : unsure (s, error);
}

static gboolean
append (Imap *s, GError **error)
{
  gsize n = g_bytes_get_size (s->what->message);
  if (s->limit > 0 && n > s->limit) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                 "the server takes messages of %" G_GUINT64_FORMAT
                 " bytes at most, the draft has %" G_GSIZE_FORMAT ". No draft was stored",
                 s->limit, n);
    return FALSE;
  }
  g_autofree char *name = quoted (s->out->mailbox);
  g_autofree char *line = g_strdup_printf ("APPEND %s (\\Draft \\Seen) {%" G_GSIZE_FORMAT "}", name,
                                           n);
  if (!say (s, "append", line, TRUE, NULL, error) || !write_message (s, error))
    return FALSE;
  g_clear_pointer (&s->out->reply, g_free);
  return end_message (s, error);
}

gboolean
pkt_imap_append (PktWire *w, const PktDraftUpload *d, PktOutcome *out, GError **error)
{
  Imap s = { .wire = w, .what = d, .out = out };
  out->state = PKT_OUTCOME_NOT;
  if (!say (&s, "list", "CAPABILITY", FALSE, read_capability, error) || !find_drafts (&s, error)
      || !append (&s, error))
    return FALSE;
  pkt_wire_write (w, "P0 LOGOUT\r\n", 11, NULL);
  return TRUE;
}
