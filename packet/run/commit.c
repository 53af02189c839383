#include "packet/run/commit.h"
#include "packet/base/hold.h"
#include "packet/redact/map.h"
#include "packet/run/record.h"

gboolean
pkt_commit_ready (const char *case_name, const PktBuildOptions *o, const char *output,
                  guint8 key[PKT_KEY_BYTES], GError **error)
{
  if (!pkt_key_outside (case_name, o->key_file, output, error)
      || !pkt_folder_free_at (output, o->force, error)
      || !pkt_key_load (case_name, o->key_file, key, error))
    return FALSE;
  g_autofree char *of_map = pkt_map_folder (case_name, error);
  return of_map != NULL;
}

/* The packet last: where it is, its marks can be told and its inputs are known. */
gboolean
pkt_commit (PktFolder *folder, const PktInputs *in, const PktBuildOptions *o, const char *id,
            const json_t *map, const char *output, GError **error)
{
  pkt_hold_begin ();
  gboolean ok = pkt_map_save (in->the_case->name, id, map, error)
                && pkt_record_save (id, in, o, output, error)
                && pkt_folder_write (folder, output, o->force, error);
  pkt_hold_end ();
  return ok;
}
