#include <stdio.h>
#include <unistd.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/run/ticket.h"

typedef struct {
  char *format, *as, *output;
  gboolean quiet;
} Options;

static gboolean
choose (const Options *o, PktTicketFormat *out, GError **error)
{
  const char *word = o->format ? o->format : o->as ? o->as : "md";
  if (o->format && o->as && !g_str_equal (o->format, o->as)) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "ticket: --format and --as are the same option; give one");
    return FALSE;
  }
  if (!pkt_ticket_format_parse (word, out)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "--format %s: there are md, json, html-fragment, zip and tar", word);
    return FALSE;
  }
  if (o->output == NULL && *out >= PKT_TICKET_ZIP && isatty (STDOUT_FILENO)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "ticket: an archive is not for a terminal; write --output FILE.%s", word);
    return FALSE;
  }
  return TRUE;
}

static gboolean
put (const Options *o, GBytes *bytes, GError **error)
{
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  if (o->output == NULL)
    return pkt_file_print (p, n, error);
  return pkt_file_create (o->output, p, n, 0600, error);
}

static int
make (const Options *o, const char *packet, PktTicketFormat format, GError **error)
{
  g_autoptr (PktTicket) t = pkt_ticket_run (packet, format, error);
  if (t == NULL || !put (o, t->bytes, error))
    return -1;
  for (guint i = 0; i < t->findings->len; i++)
    fprintf (stderr, "postpacket: %s\n", (char *)g_ptr_array_index (t->findings, i));
  for (guint i = 0; !o->quiet && format >= PKT_TICKET_ZIP && i < t->notes->len; i++)
    fprintf (stderr, "postpacket: %s\n", (char *)g_ptr_array_index (t->notes, i));
  return t->findings->len ? PKT_ERROR_FINDINGS : 0;
}

int
cmd_run_ticket (int argc, char **argv, GError **error)
{
  Options o = { 0 };
  PktTicketFormat format;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.format,
      "md (as it is without), json, html-fragment, or zip or tar with all of it", "FORMAT" },
    { "as", 0, 0, G_OPTION_ARG_STRING, &o.as, "The same as --format", "FORMAT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, "The file to make (standard output)",
      "FILE" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &o.quiet, "No notes on the standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "PACKET",
                 "The same case for a support desk: your sending service, or your own.", error)) {
    if (argc != 2)
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                           "ticket: name one packet folder; see 'postpacket ticket --help'");
    else if (choose (&o, &format, error))
      status = make (&o, argv[1], format, error);
  }
  g_free (o.format);
  g_free (o.as);
  g_free (o.output);
  return status;
}
