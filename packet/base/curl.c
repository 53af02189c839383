#include "packet/base/curl.h"
#include "packet/base/late.h"

/* The ABI that curl/curl.h was read for has had this number since 2006. */
static const char *const libraries[] = { "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib",
                                         NULL };

static PktCurl curl;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktCurl, name##_) },
static const PktLateName functions[] = { PKT_CURL_FUNCTIONS };
#undef X

static PktLate late = { libraries,  functions, G_N_ELEMENTS (functions), &curl, "libcurl",
                        "libcurl4", 0 };

gboolean
pkt_curl_load (GError **error)
{
  return pkt_late_load (&late, error);
}

const PktCurl *
pkt_curl (void)
{
  pkt_late_need (&late);
  return &curl;
}
