#pragma once
#include <glib.h>
#include <jansson.h>

/* The map (mark -> address, pkt_redactor_map) beside a case's key, 0600. Marks of addresses are the
 * same in all packets of a key; "[custom-1]" and "[client-1]" count within one packet, so they are
 * kept under that packet's id (packet.json, "id"). */

/* The folder that it goes to, made where it was not there; caller frees. PKT_ERROR_CONFIG when
 * there is no place for it. */
char *pkt_map_folder (const char *case_name, GError **error);
/* Adds to what earlier builds wrote there, so that an answer to an older packet can still be read.
 * PKT_ERROR_CONFIG when there is no place for it, IO. */
gboolean pkt_map_save (const char *case_name, const char *packet_id, const json_t *map,
                       GError **error);
/* The map as this packet's marks have it; new reference. PKT_ERROR_NOINPUT when none was written on
 * this machine, DATA when it is damaged. */
json_t *pkt_map_load (const char *case_name, const char *packet_id, GError **error);
