#pragma once
#include <glib.h>

#define PKT_KEY_BYTES 32

/* The pseudonym key of a case: $XDG_STATE_HOME/postpacket/NAME/key (64 hex digits), else under
 * HOME/.local/state, else under the passwd entry's home; made on first use from the system's
 * randomness (file 0600, folders 0700). With `key_file` that file is read instead, and must be
 * there. PKT_ERROR_CONFIG with advice when there is no place for it, the
 * file is malformed, or it lies in a packet folder. */
gboolean pkt_key_load (const char *case_name, const char *key_file /* or NULL */,
                       guint8 out[PKT_KEY_BYTES], GError **error);
/* The state folder of a case, without making it; caller frees. PKT_ERROR_CONFIG as above. */
char *pkt_key_folder (const char *case_name, GError **error);
/* Makes it, 0700. PKT_ERROR_CONFIG where it cannot be made or written to. */
gboolean pkt_key_make_folder (const char *folder, GError **error);
/* FALSE with PKT_ERROR_CONFIG when key or map would lie in the packet folder `output`, which need
 * not be there yet. */
gboolean pkt_key_outside (const char *case_name, const char *key_file, const char *output,
                          GError **error);
