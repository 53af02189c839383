#pragma once
/* libpng, loaded when something of it is first called, as base/gmime.h. Include this and none of
 * its headers; the calls look as ever. */
#include <glib.h>
#include <png.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_PNG_FUNCTIONS \
  X (png_create_info_struct) X (png_create_write_struct) X (png_destroy_write_struct) \
  X (png_get_io_ptr) X (png_set_IHDR) X (png_set_PLTE) X (png_set_compression_level) \
  X (png_set_filter) X (png_set_longjmp_fn) X (png_set_write_fn) X (png_write_end) \
  X (png_write_info) X (png_write_row)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_PNG_FUNCTIONS
#undef X
} PktPngLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktPngLibrary *pkt_png_library (void);

#define png_create_info_struct (pkt_png_library ()->png_create_info_struct_)
#define png_create_write_struct (pkt_png_library ()->png_create_write_struct_)
#define png_destroy_write_struct (pkt_png_library ()->png_destroy_write_struct_)
#define png_get_io_ptr (pkt_png_library ()->png_get_io_ptr_)
#define png_set_IHDR (pkt_png_library ()->png_set_IHDR_)
#define png_set_PLTE (pkt_png_library ()->png_set_PLTE_)
#define png_set_compression_level (pkt_png_library ()->png_set_compression_level_)
#define png_set_filter (pkt_png_library ()->png_set_filter_)
#define png_set_longjmp_fn (pkt_png_library ()->png_set_longjmp_fn_)
#define png_set_write_fn (pkt_png_library ()->png_set_write_fn_)
#define png_write_end (pkt_png_library ()->png_write_end_)
#define png_write_info (pkt_png_library ()->png_write_info_)
#define png_write_row (pkt_png_library ()->png_write_row_)
