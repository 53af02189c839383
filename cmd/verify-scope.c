#include "cmd/verify.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/mime.h"

#define MAX_LIST_BYTES (512 * 1024 * 1024) /* of --recipients: a million addresses are 30 MB */

static void
add_strings (GPtrArray *to, char **from)
{
  for (gsize i = 0; from && from[i]; i++)
    g_ptr_array_add (to, g_strdup (from[i]));
}

static void
add_json_strings (GPtrArray *to, const json_t *array)
{
  for (gsize i = 0; i < json_array_size (array); i++) {
    const char *s = json_string_value (json_array_get (array, i));
    if (s)
      g_ptr_array_add (to, g_strdup (s));
  }
}

gboolean
verify_read_manifest (VerifyCheck *c, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "packet.json", NULL);
  gsize n = 0;
  json_error_t where;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *text = pkt_file_read_regular (path, PKT_VERIFY_MAX_BYTES, &n, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (json_t) root = json_loadb (text, n, 0, &where);
  if (!json_is_object (root)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s:%d: is no packet manifest; build the packet again", path, where.line);
    return FALSE;
  }
  add_json_strings (c->allowed, json_object_get (root, "allowed"));
  add_json_strings (c->own, json_object_get (root, "own_domains"));
  return TRUE;
}

gboolean
verify_read_sender (VerifyCheck *c, const char *path, const char *bytes, gsize n, GError **error)
{
  g_autoptr (GMimeMessage) message = pkt_mime_parse (pkt_slice (bytes, n));
  GMimeHeaderList *headers = message ? g_mime_object_get_header_list (GMIME_OBJECT (message))
                                     : NULL;
  if (headers == NULL || g_mime_header_list_get_count (headers) == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no mail; give a packet folder or an .eml file", path);
    return FALSE;
  }
  InternetAddressList *from = g_mime_message_get_from (message);
  for (int i = 0; from && i < internet_address_list_length (from); i++) {
    InternetAddress *ia = internet_address_list_get_address (from, i);
    if (!INTERNET_ADDRESS_IS_MAILBOX (ia))
      continue;
    PktSlice address = pkt_slice_str (
        internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (ia)));
    PktSlice domain = pkt_slice_domain (address);
    if (domain.n) {
      g_ptr_array_add (c->allowed, g_strndup (address.p, address.n));
      g_ptr_array_add (c->own, g_strndup (domain.p, domain.n));
    }
  }
  return TRUE;
}

/* One address a line, or the first column of a CSV with ',' or ';'. */
static gboolean
read_recipients (VerifyCheck *c, const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *text = pkt_file_read (path, MAX_LIST_BYTES, &n, error);
  if (text == NULL)
    return FALSE;
  PktSlice rest = pkt_slice_skip_mark (pkt_slice (text, n));
  guint addresses = 0;
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    line = pkt_slice_until (pkt_slice_until (line, ','), ';');
    line = pkt_slice_trim (line);
    if (line.n >= 2 && line.p[0] == '"' && line.p[line.n - 1] == '"')
      line = pkt_slice (line.p + 1, line.n - 2);
    if (pkt_slice_domain (line).n == 0)
      continue;
    pkt_verifier_add_recipient (c->verifier, line);
    addresses++;
  }
  if (addresses)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: holds no address; give one a line, or a CSV with addresses first", path);
  return FALSE;
}

gboolean
verify_make_verifier (VerifyCheck *c, const VerifyOptions *o, GError **error)
{
  add_strings (c->allowed, o->allow);
  add_strings (c->own, o->own);
  g_ptr_array_add (c->allowed, NULL);
  g_ptr_array_add (c->own, NULL);
  PktRedactScope scope = { (const char *const *)c->own->pdata,
                           (const char *const *)c->allowed->pdata };
  c->verifier = pkt_verifier_new (&scope);
  return o->recipients == NULL || read_recipients (c, o->recipients, error);
}
