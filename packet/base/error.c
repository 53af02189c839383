#include "packet/base/error.h"
#include <gio/gio.h>
#include <string.h>

GQuark
pkt_error_quark (void)
{
  return g_quark_from_static_string ("postpacket");
}

/* G_IO_ERROR without a call into GIO, which most commands start without (base/gio.h). */
static GQuark
io_errors (void)
{
  return g_quark_try_string ("g-io-error-quark");
}

static PktErrorCode
code_for (const GError *e)
{
  if (g_error_matches (e, G_FILE_ERROR, G_FILE_ERROR_NOENT)
      || g_error_matches (e, G_FILE_ERROR, G_FILE_ERROR_NOTDIR)
      || g_error_matches (e, io_errors (), G_IO_ERROR_NOT_FOUND))
    return PKT_ERROR_NOINPUT;
  if (g_error_matches (e, G_FILE_ERROR, G_FILE_ERROR_EXIST))
    return PKT_ERROR_EXISTS;
  return PKT_ERROR_IO;
}

GError *
pkt_error_from (GError *error, const char *path)
{
  if (error->domain == PKT_ERROR)
    return error;
  PktErrorCode code = code_for (error);
  GError *ours = path && !strstr (error->message, path)
                     ? g_error_new (PKT_ERROR, code, "%s: %s", path, error->message)
                     : g_error_new_literal (PKT_ERROR, code, error->message);
  g_error_free (error);
  return ours;
}

void
pkt_error_around (GError **error, const char *before, const char *behind)
{
  if (error == NULL || *error == NULL)
    return;
  g_autoptr (GError) why = g_steal_pointer (error);
  g_set_error (error, why->domain, why->code, "%s%s%s", before, why->message, behind);
}
