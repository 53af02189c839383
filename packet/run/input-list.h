#pragma once
#include <jansson.h>

#define PKT_INPUTS_APART 200 /* files of one folder that are listed one by one */

/* What a packet tells of the files it was made from: [{path, bytes, sha256}], `path` without its
 * folder. `files` is [{path, bytes, sha256, file, grows}] as in store/seal.h. A folder of more
 * bounces than a person reads is one row, {path, files, bytes, sha256}, with the SHA-256 of what
 * `sha256sum` prints of these, by name: "<digest>  <name>\n" each. New reference. */
json_t *pkt_input_list (const json_t *files);
