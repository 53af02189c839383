#pragma once
/* GIO, loaded when something of it is first called, as base/gmime.h. Include this and none of its
 * headers; the calls look as ever. */
#include <gio/gio.h>
#include <glib.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_GIO_FUNCTIONS \
  X (g_io_error_quark) X (g_pollable_input_stream_get_type) \
  X (g_pollable_input_stream_read_nonblocking) X (g_subprocess_get_exit_status) \
  X (g_subprocess_get_identifier) X (g_subprocess_get_if_exited) \
  X (g_subprocess_get_stdout_pipe) X (g_subprocess_get_term_sig) \
  X (g_subprocess_launcher_new) X (g_subprocess_launcher_set_child_setup) \
  X (g_subprocess_launcher_spawnv) X (g_subprocess_launcher_take_stdin_fd) X (g_subprocess_wait)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_GIO_FUNCTIONS
#undef X
} PktGioLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktGioLibrary *pkt_gio_library (void);

#define g_io_error_quark (pkt_gio_library ()->g_io_error_quark_)
#define g_pollable_input_stream_get_type (pkt_gio_library ()->g_pollable_input_stream_get_type_)
#define g_pollable_input_stream_read_nonblocking                                                   \
  (pkt_gio_library ()->g_pollable_input_stream_read_nonblocking_)
#define g_subprocess_get_exit_status (pkt_gio_library ()->g_subprocess_get_exit_status_)
#define g_subprocess_get_identifier (pkt_gio_library ()->g_subprocess_get_identifier_)
#define g_subprocess_get_if_exited (pkt_gio_library ()->g_subprocess_get_if_exited_)
#define g_subprocess_get_stdout_pipe (pkt_gio_library ()->g_subprocess_get_stdout_pipe_)
#define g_subprocess_get_term_sig (pkt_gio_library ()->g_subprocess_get_term_sig_)
#define g_subprocess_launcher_new (pkt_gio_library ()->g_subprocess_launcher_new_)
#define g_subprocess_launcher_set_child_setup                                                      \
  (pkt_gio_library ()->g_subprocess_launcher_set_child_setup_)
#define g_subprocess_launcher_spawnv (pkt_gio_library ()->g_subprocess_launcher_spawnv_)
#define g_subprocess_launcher_take_stdin_fd                                                        \
  (pkt_gio_library ()->g_subprocess_launcher_take_stdin_fd_)
#define g_subprocess_wait (pkt_gio_library ()->g_subprocess_wait_)
