#pragma once
/* c-ares, loaded when something of it is first called, as base/gmime.h. Include this and none of
 * its headers; the calls look as ever. */
#include <ares.h>
#include <glib.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_CARES_FUNCTIONS \
  X (ares_destroy) X (ares_expand_name) X (ares_free_data) X (ares_free_string) \
  X (ares_get_servers_ports) X (ares_init) X (ares_init_options) X (ares_library_init) \
  X (ares_process_fd) X (ares_query) X (ares_set_servers_ports_csv) X (ares_strerror) \
  X (ares_timeout)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_CARES_FUNCTIONS
#undef X
} PktCaresLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktCaresLibrary *pkt_cares_library (void);

#define ares_destroy (pkt_cares_library ()->ares_destroy_)
#define ares_expand_name (pkt_cares_library ()->ares_expand_name_)
#define ares_free_data (pkt_cares_library ()->ares_free_data_)
#define ares_free_string (pkt_cares_library ()->ares_free_string_)
#define ares_get_servers_ports (pkt_cares_library ()->ares_get_servers_ports_)
#define ares_init (pkt_cares_library ()->ares_init_)
#define ares_init_options (pkt_cares_library ()->ares_init_options_)
#define ares_library_init (pkt_cares_library ()->ares_library_init_)
#define ares_process_fd (pkt_cares_library ()->ares_process_fd_)
#define ares_query (pkt_cares_library ()->ares_query_)
#define ares_set_servers_ports_csv (pkt_cares_library ()->ares_set_servers_ports_csv_)
#define ares_strerror (pkt_cares_library ()->ares_strerror_)
#define ares_timeout (pkt_cares_library ()->ares_timeout_)
