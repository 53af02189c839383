/* What base/curl.c and the like are made of: included by each once, behind
 *   LATE_FILES      names for dlopen(), the first that is there
 *   LATE_TITLE      of the library, for people, and LATE_PACKAGE, Debian's name of it
 *   LATE_TABLE      the structure of its functions, and LATE_FUNCTIONS, the list of them
 *   LATE_GET        what this makes: a function that returns the table, loaded. */
#include "packet/base/late.h"

static const char *const files[] = { LATE_FILES, NULL };

static LATE_TABLE table;

/* Their texts: here the names are no calls. */
#define X(name) { #name, G_STRUCT_OFFSET (LATE_TABLE, name##_) },
static const PktLateName functions[] = { LATE_FUNCTIONS };
#undef X

static PktLate late = {
  .libraries = files,
  .functions = functions,
  .n_functions = G_N_ELEMENTS (functions),
  .table = &table,
  .title = LATE_TITLE,
  .package = LATE_PACKAGE,
};

const LATE_TABLE *
LATE_GET (void)
{
  pkt_late_need (&late);
  return &table;
}
