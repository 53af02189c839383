#include "packet/page/cdp.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/hold.h"
#include "packet/base/json.h"

#define CHUNK (256 * 1024)

struct PktCdp {
  int socket;
  gint64 deadline;
  GByteArray *buffer;
  gsize searched; /* bytes of the buffer without a NUL */
  GHashTable *events;
  json_int_t last_id;
};

PktCdp *
pkt_cdp_new (int socket, gint64 deadline)
{
  PktCdp *c = g_new0 (PktCdp, 1);
  c->socket = socket;
  c->deadline = deadline;
  c->buffer = g_byte_array_new ();
  c->events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return c;
}

void
pkt_cdp_free (PktCdp *c)
{
  close (c->socket);
  g_byte_array_unref (c->buffer);
  g_hash_table_unref (c->events);
  g_free (c);
}

static gboolean
fail (const char *why, GError **error)
{
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, why);
  return FALSE;
}

/* FALSE at the deadline, and where a signal waits. */
static gboolean
ready (PktCdp *c, short events, GError **error)
{
  while (TRUE) {
    gint64 left = (c->deadline - g_get_monotonic_time ()) / 1000;
    struct pollfd p = { .fd = c->socket, .events = events };
    if (pkt_hold_asked ())
      return fail ("the browser was stopped", error);
    int n = left > 0 ? poll (&p, 1, (int)left) : 0;
    if (n > 0)
      return TRUE;
    if (n == 0)
      return fail ("the browser did not answer in time", error);
    if (errno != EINTR)
      return fail ("the browser cannot be reached", error);
  }
}

static gboolean
send_all (PktCdp *c, const char *bytes, gsize n, GError **error)
{
  while (n > 0) {
    if (!ready (c, POLLOUT, error))
      return FALSE;
    gssize sent = send (c->socket, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return fail ("the browser ended before it was done", error);
    bytes += MAX (sent, 0);
    n -= (gsize)MAX (sent, 0);
  }
  return TRUE;
}

/* One more piece into the buffer. */
static gboolean
receive (PktCdp *c, GError **error)
{
  if (!ready (c, POLLIN, error))
    return FALSE;
  gsize before = c->buffer->len;
  if (before + CHUNK > PKT_CDP_MAX_MESSAGE)
    return fail ("the browser says more than a picture needs", error);
  g_byte_array_set_size (c->buffer, (guint)(before + CHUNK));
  gssize n = recv (c->socket, c->buffer->data + before, CHUNK, MSG_DONTWAIT);
  g_byte_array_set_size (c->buffer, (guint)(before + (gsize)MAX (n, 0)));
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    return fail ("the browser ended before it was done", error);
  return TRUE;
}

/* The next message; a new reference. */
static json_t *
next_message (PktCdp *c, GError **error)
{
  while (TRUE) {
    const guint8 *start = c->buffer->data;
    const guint8 *end = c->buffer->len > c->searched
                            ? memchr (start + c->searched, 0, c->buffer->len - c->searched)
                            : NULL;
    if (end) {
      gsize n = (gsize)(end - start);
      json_t *message = json_loadb ((const char *)start, n, 0, NULL);
      g_byte_array_remove_range (c->buffer, 0, (guint)n + 1);
      c->searched = 0;
      if (message == NULL)
        fail ("the browser does not speak the DevTools protocol", error);
      return message;
    }
    c->searched = c->buffer->len;
    if (!receive (c, error))
      return NULL;
  }
}

/* Events are remembered by name; FALSE where the browser is gone. `out` is set to an answer. */
static gboolean
pump (PktCdp *c, json_t **out, GError **error)
{
  g_autoptr (json_t) message = next_message (c, error);
  if (message == NULL)
    return FALSE;
  const char *event = pkt_json_text (message, "method");
  if (event)
    g_hash_table_add (c->events, g_strdup (event));
  else if (out)
    *out = json_incref (message);
  return TRUE;
}

json_t *
pkt_cdp_call (PktCdp *c, const char *session, const char *method, json_t *params, GError **error)
{
  json_int_t id = ++c->last_id;
  g_autoptr (json_t) o = json_pack ("{s:I, s:s}", "id", id, "method", method);
  json_object_set_new (o, "params", params ? params : json_object ());
  if (session)
    json_object_set_new (o, "sessionId", json_string (session));
  g_autofree char *line = pkt_json_line (o);
  if (!send_all (c, line, strlen (line) + 1, error))
    return NULL;
  while (TRUE) {
    g_autoptr (json_t) answer = NULL;
    if (!pump (c, &answer, error))
      return NULL;
    if (answer == NULL || json_integer_value (json_object_get (answer, "id")) != id)
      continue;
    json_t *result = json_object_get (answer, "result");
    if (result)
      return json_incref (result);
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE, "the browser refuses %s", method);
    return NULL;
  }
}

gboolean
pkt_cdp_wait (PktCdp *c, const char *event, GError **error)
{
  while (!g_hash_table_contains (c->events, event))
    if (!pump (c, NULL, error))
      return FALSE;
  return TRUE;
}

void
pkt_cdp_forget (PktCdp *c)
{
  g_hash_table_remove_all (c->events);
}
