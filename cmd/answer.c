#include <stdio.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/answer.h"

#define COLUMNS 100

static char *
as_json (const PktAnswer *a)
{
  g_autoptr (json_t) o = json_object ();
  json_t *notes = json_array ();
  for (guint i = 0; i < a->notes->len; i++)
    json_array_append_new (notes, pkt_json_string (a->notes->pdata[i]));
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "packet", pkt_json_string (a->packet));
  json_object_set_new (o, "recorded", json_boolean (!a->known));
  json_object_set (o, "answer", a->row);
  json_object_set_new (o, "meaning", pkt_json_string (a->meaning));
  json_object_set (o, "next", a->next);
  json_object_set_new (o, "retest", json_boolean (a->retest));
  json_object_set_new (o, "refused_recipients", json_integer (a->refused));
  json_object_set_new (o, "suppressed",
                       a->suppressed < 0 ? json_null () : json_integer (a->suppressed));
  json_object_set_new (o, "notes", notes);
  return pkt_json_dump (o);
}

static void
append_wrapped (GString *s, const char *text, const char *first, const char *indent)
{
  g_autofree char *wrapped = pkt_text_wrap (text, COLUMNS, first, indent);
  g_string_append (s, wrapped);
}

/* After an answer all who fell to policy are told of: their addresses may be switched off. */
static void
append_refused (GString *s, const PktAnswer *a)
{
  if (!a->retest || a->refused == 0)
    return;
  g_autofree char *refused = pkt_text_count (a->refused), *listed = pkt_text_count (a->suppressed);
  g_autofree char *known = a->suppressed < 0
                               ? g_strdup ("")
                               : g_strdup_printf (" %s of them %s on your suppression list.",
                                                  listed, a->suppressed == 1 ? "is" : "are");
  g_autofree char *line = g_strdup_printf (
      "%s recipient%s refused by policy since %s UTC.%s Your own software or your platform may "
      "have switched them off as bounced: postpacket suppressed lists them, apart from unknown "
      "users.",
      refused, a->refused == 1 ? " was" : "s were", a->refused_from ? a->refused_from : "the start",
      known);
  append_wrapped (s, line, "  - ", "    ");
}

static char *
as_text (const PktAnswer *a)
{
  const char *time = pkt_json_text (a->row, "time"), *text = pkt_json_text (a->row, "text"),
             *token = pkt_json_text (a->row, "subject_token");
  GString *s = g_string_new (NULL);
  g_autofree char *head = g_strdup_printf ("%.10s %.5s UTC: %s", time, time + 11, a->meaning);
  append_wrapped (s, head, "", "");
  if (text && *text) {
    g_string_append_c (s, '\n');
    append_wrapped (s, text, "  ", "  ");
  }
  if (token)
    g_string_append_printf (s, "\nTheir number, for the next subject: %s\n", token);
  g_string_append_printf (s, "\n%s in %s/packet.json.%s\n\nNext:\n",
                          a->known ? "Recorded before" : "Recorded", a->packet,
                          a->retest ? " The re-test is open." : "");
  append_refused (s, a);
  gsize i;
  json_t *step;
  json_array_foreach (a->next, i, step)
      append_wrapped (s, json_string_value (step), "  - ", "    ");
  for (guint k = 0; k < a->notes->len; k++)
    append_wrapped (s, a->notes->pdata[k], "\nSee to this: ", "  ");
  return g_string_free (s, FALSE);
}

int
cmd_run_answer (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  if (!cmd_parse (&argc, &argv, entries, "PACKET FILE.eml",
                  "Records Apple's answer to a packet, says what it is, opens the re-test.", error))
    return -1;
  if (argc != 3) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "answer: give a packet folder, and Apple's message as a file");
    return -1;
  }
  g_autoptr (PktAnswer) a = pkt_answer_record (argv[1], argv[2], error);
  if (a == NULL)
    return -1;
  g_autofree char *text = json ? as_json (a) : as_text (a);
  if (!pkt_file_print (text, strlen (text), error))
    return -1;
  return a->notes->len ? PKT_ERROR_FINDINGS : 0;
}
