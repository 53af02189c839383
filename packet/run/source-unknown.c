/* Lines that nothing recognised: what is said of them, and whether an attempt is lost with one. */
#include "packet/run/source.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define QUOTE_CHARS 100
#define MASKED_CHARS 2000 /* more than addresses can fill */
#define MAX_LOOKED 1000   /* lines that are read as JSON to see whether they are broken */

/* Empty lines, "-- Boot 5f1c… --" of journalctl, "… last message repeated 3 times" of syslogd. */
static gboolean
is_filler (PktSlice line)
{
  return pkt_slice_trim (line).n == 0 || pkt_slice_starts (line, PKT_SLICE ("-- "))
         || pkt_slice_find (line, PKT_SLICE (" last message repeated ")).p;
}

/* It goes to cron's mail and into JSON; an address that the end cuts is masked before. */
static char *
quote_unknown (PktSlice line)
{
  g_autofree char *quoted = pkt_text_quote (line, MASKED_CHARS);
  g_autofree char *masked = pkt_text_mask_addresses (quoted);
  return pkt_text_quote (pkt_slice_str (masked), QUOTE_CHARS);
}

void
pkt_source_note_unknown (PktScanSource *source, PktSlice line, guint64 number)
{
  if (is_filler (line))
    return;
  if (source->unrecognised < PKT_SCAN_SHOWN) {
    source->unknown[source->unrecognised] = quote_unknown (line);
    source->unknown_lines[source->unrecognised] = number;
    if (source->advice == NULL)
      source->advice = pkt_source_advice (line);
  }
  source->unrecognised++;
}

gboolean
pkt_source_is_lost (PktExport kind, PktSlice line, guint *looked)
{
  line = pkt_slice_trim (line);
  if (kind != PKT_EXPORT_JSON || line.n == 0)
    return kind == PKT_EXPORT_TABLE && line.n > 0;
  if ((line.p[0] != '{' && line.p[0] != '[') || (*looked)++ >= MAX_LOOKED)
    return FALSE;
  json_t *value = json_loadb (line.p, line.n, 0, NULL);
  json_decref (value);
  return value == NULL;
}
