/* Names of machines and ids, as they were read: a reader may have a host, a bounce an id of its
 * own. */
#include "packet/redact/redactor-priv.h"

static gboolean
breaks (PktRedactor *r, const char *text, gsize n)
{
  return pkt_redact_breaks_stated (r, pkt_slice (text, n), PKT_FORM_ROLE) != NULL;
}

/* "[removed].news.example.com": the labels from the right on that name nobody. */
static void
append_host (PktRedactor *r, PktSlice host, GString *out)
{
  gsize from = host.n;
  for (gsize i = host.n; i-- > 0;)
    if (i == 0 || host.p[i - 1] == '.') {
      if (breaks (r, host.p + i, host.n - i))
        break;
      from = i;
    }
  if (from == 0) {
    g_string_append_len (out, host.p, (gssize)host.n);
    return;
  }
  g_string_append (out, from < host.n ? "[removed]." : "[removed]");
  g_string_append_len (out, host.p + from, (gssize)(host.n - from));
}

char *
pkt_redact_read_name (PktRedactor *r, PktSlice text)
{
  if (!breaks (r, text.p, text.n))
    return NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  for (gsize i = 0; i < text.n;) {
    const gsize start = i;
    while (i < text.n && text.p[i] != ' ' && text.p[i] != ',')
      i++;
    append_host (r, pkt_slice (text.p + start, i - start), out);
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == ','))
      g_string_append_c (out, text.p[i++]);
  }
  return g_strdup (breaks (r, out->str, out->len) ? "[removed]" : out->str);
}
