/* Feeds files to a fuzz target where no fuzzer is linked in: `make check` replays each corpus this
 * way. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_autoptr (GError) error = NULL;
    if (!g_file_get_contents (argv[i], &bytes, &n, &error)) {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
    LLVMFuzzerTestOneInput ((const uint8_t *)bytes, n);
  }
  return 0;
}
