#include "packet/store/receipt.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/store/folder.h"

int
pkt_receipt_lock (const char *packet, GError **error)
{
  int fd = g_open (packet, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: %s; give the folder that 'postpacket build' made", packet,
                 g_strerror (errno));
    return -1;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  g_set_error (error, PKT_ERROR, errno == EWOULDBLOCK ? PKT_ERROR_AGAIN : PKT_ERROR_IO,
               errno == EWOULDBLOCK ? "%s: is being sent by another process; nothing was sent here"
                                    : "%s: cannot be locked; nothing was sent",
               packet);
  close (fd);
  return -1;
}

static gboolean
is_state (const json_t *row, const char *state)
{
  return g_strcmp0 (pkt_json_text (row, "state"), state) == 0;
}

const json_t *
pkt_receipt_open (const json_t *manifest)
{
  const json_t *rows = json_object_get (manifest, "receipts");
  for (gsize i = json_array_size (rows); i > 0; i--) {
    const json_t *row = json_array_get (rows, i - 1);
    if (!is_state (row, "refused") && !is_state (row, "self"))
      return row;
  }
  return NULL;
}

static json_t *
read_manifest (const char *path, GError **error)
{
  gsize n;
  g_autofree char *text = pkt_file_read_regular (path, PKT_FOLDER_MAX_MANIFEST, &n, error);
  json_t *root = text != NULL ? json_loadb (text, n, 0, NULL) : NULL;
  if (text != NULL && !json_is_object (root)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no packet manifest; build the packet again", path);
    g_clear_pointer (&root, json_decref);
  }
  return root;
}

/* Only refusals may be forgotten. */
static void
forget (json_t *rows)
{
  for (gsize i = 0; json_array_size (rows) > PKT_RECEIPT_MAX && i < json_array_size (rows) - 1;)
    if (is_state (json_array_get (rows, i), "refused"))
      json_array_remove (rows, i);
    else
      i++;
}

gboolean
pkt_receipt_put (const char *packet, json_t *row, gboolean replace, GError **error)
{
  g_autofree char *path = g_build_filename (packet, PKT_FOLDER_MANIFEST, NULL);
  g_autoptr (json_t) root = read_manifest (path, error);
  if (root == NULL)
    return FALSE;
  json_t *rows = json_object_get (root, "receipts");
  if (!json_is_array (rows)) {
    rows = json_array ();
    json_object_set_new (root, "receipts", rows);
  }
  gsize n = json_array_size (rows);
  if (replace && n > 0)
    json_array_set (rows, n - 1, row);
  else
    json_array_append (rows, row);
  forget (rows);
  g_autofree char *text = pkt_json_dump (root);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}
