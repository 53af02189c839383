/* What base/curl.c and the like are made of: included by each once, behind
 *   LATE_FILES      names for dlopen(), the first that is there
 *   LATE_TITLE      of the library, for people, and LATE_PACKAGE, Debian's name of it
 *   LATE_TABLE      the structure of its functions, and LATE_FUNCTIONS, the list of them
 *   LATE_GET        what this makes: a function that returns the table, loaded
 *   LATE_BEGIN      a function that is called once behind that, with the table alone; may be left
 * out. */
#include "packet/base/late.h"

static const char *const files[] = { LATE_FILES, NULL };

static LATE_TABLE table;

/* Their texts: here the names are no calls. */
#define X(name) { #name, G_STRUCT_OFFSET (LATE_TABLE, name##_) },
static const PktLateName functions[] = { LATE_FUNCTIONS };
#undef X

#ifdef LATE_BEGIN
static void LATE_BEGIN (const LATE_TABLE *loaded);

static void
begin_library (void)
{
  LATE_BEGIN (&table);
}
#define LATE_FIRST begin_library
#else
#define LATE_FIRST NULL
#endif

static PktLate late = {
  .libraries = files,
  .functions = functions,
  .n_functions = G_N_ELEMENTS (functions),
  .table = &table,
  .begin = LATE_FIRST,
  .title = LATE_TITLE,
  .package = LATE_PACKAGE,
};

const LATE_TABLE *
LATE_GET (void)
{
  pkt_late_need (&late);
  return &table;
}
