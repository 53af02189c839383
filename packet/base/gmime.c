#include "packet/base/gmime.h"

#define LATE_FILES "libgmime-3.0.so.0", "libgmime-3.0.0.dylib"
#define LATE_PACKAGE "libgmime-3.0-0"
#define LATE_TITLE "GMime"
#define LATE_TABLE PktGmimeLibrary
#define LATE_FUNCTIONS PKT_GMIME_FUNCTIONS
#define LATE_GET pkt_gmime_library
#define LATE_BEGIN begin
#include "packet/base/late-library.h"

static void
begin (const PktGmimeLibrary *gmime)
{
  gmime->g_mime_init_ ();
}
