#include "packet/outbox/wire.h"
#include <string.h>
#include "packet/base/error.h"

#define BLOCK 4096

struct PktWire {
  PktWireFuncs funcs;
  gpointer data;
  GString *in; /* read, not yet handed out */
};

PktWire *
pkt_wire_new (const PktWireFuncs *funcs, gpointer data)
{
  PktWire *w = g_new0 (PktWire, 1);
  w->funcs = *funcs;
  w->data = data;
  w->in = g_string_new (NULL);
  return w;
}

void
pkt_wire_free (PktWire *w)
{
  if (w->funcs.free != NULL)
    w->funcs.free (w->data);
  g_string_free (w->in, TRUE);
  g_free (w);
}

static gboolean
read_more (PktWire *w, GError **error)
{
  char block[BLOCK];
  gssize n = w->funcs.read (w->data, block, sizeof block, error);
  if (n > 0)
    g_string_append_len (w->in, block, n);
  else if (n == 0)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN, "the server closed the connection");
  return n > 0;
}

static char *
take (PktWire *w, gsize n, gsize drop)
{
  char *taken = g_strndup (w->in->str, n);
  g_string_erase (w->in, 0, (gssize)(n + drop));
  return taken;
}

char *
pkt_wire_line (PktWire *w, GError **error)
{
  const char *end;
  while ((end = memchr (w->in->str, '\n', w->in->len)) == NULL && w->in->len <= PKT_WIRE_MAX_LINE)
    if (!read_more (w, error))
      return NULL;
  gsize n = end != NULL ? (gsize)(end - w->in->str) : w->in->len;
  if (n > PKT_WIRE_MAX_LINE || memchr (w->in->str, '\0', n) != NULL) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_AGAIN,
                         "the server's answer is no line of text");
    return NULL;
  }
  gsize bare = n > 0 && w->in->str[n - 1] == '\r' ? n - 1 : n;
  return take (w, bare, n - bare + 1);
}

char *
pkt_wire_bytes (PktWire *w, gsize n, GError **error)
{
  while (w->in->len < n)
    if (!read_more (w, error))
      return NULL;
  return take (w, n, 0);
}

gboolean
pkt_wire_write (PktWire *w, const char *bytes, gsize n, GError **error)
{
  return w->funcs.write (w->data, bytes, n, error);
}
