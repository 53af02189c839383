#include "packet/base/curl.h"
#include <dlfcn.h>
#include <stdlib.h>
#include "packet/base/error.h"

/* The ABI that curl/curl.h was read for has had this number since 2006. */
static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib" };

static PktCurl curl;

/* Before the names become calls: their texts. */
static gboolean
find_all (void *library)
{
  gboolean all = TRUE;
#define X(name)                                                                                    \
  *(void **)&curl.name##_ = dlsym (library, #name);                                                \
  all = all && curl.name##_ != NULL;
  PKT_CURL_FUNCTIONS
#undef X
  return all;
}

static gboolean
load (void)
{
  void *library = NULL;
  for (gsize i = 0; library == NULL && i < G_N_ELEMENTS (names); i++)
    library = dlopen (names[i], RTLD_LAZY | RTLD_LOCAL);
  return library != NULL && find_all (library);
}

gboolean
pkt_curl_load (GError **error)
{
  static gsize state = 0;
  if (g_once_init_enter (&state))
    g_once_init_leave (&state, load () ? 1 : 2);
  if (state == 2)
    g_set_error (error, PKT_ERROR, PKT_ERROR_UNAVAILABLE,
                 "libcurl cannot be loaded (%s); install it (Debian: libcurl4)", names[0]);
  return state == 1;
}

const PktCurl *
pkt_curl (void)
{
  g_autoptr (GError) error = NULL;
  if (!pkt_curl_load (&error)) {
    g_printerr ("postpacket: %s\n", error->message);
    exit (PKT_ERROR_UNAVAILABLE);
  }
  return &curl;
}
