#include "packet/base/curl.h"

/* The ABI that curl/curl.h was read for has had this number since 2006. */
#define LATE_FILES "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"
#define LATE_PACKAGE "libcurl4"
#define LATE_TITLE "libcurl"
#define LATE_TABLE PktCurl
#define LATE_FUNCTIONS PKT_CURL_FUNCTIONS
#define LATE_GET pkt_curl
#include "packet/base/late-library.h"

gboolean
pkt_curl_load (GError **error)
{
  return pkt_late_load (&late, error);
}
