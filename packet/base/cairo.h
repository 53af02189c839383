#pragma once
/* cairo and Pango, loaded when something of them is first called: with them and the 24 libraries
 * that they bring (fonts, X11) each command took 6.4 ms to start and 2.6 MiB more, without 4.6.
 * Include this and none of their headers; the calls look as ever. */
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib.h>
#include <pango/pangocairo.h>

/* What is called of them; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_CAIRO_FUNCTIONS \
  X (cairo_arc) X (cairo_clip) X (cairo_create) X (cairo_destroy) X (cairo_fill) \
  X (cairo_font_options_create) X (cairo_font_options_destroy) X (cairo_font_options_set_antialias) \
  X (cairo_font_options_set_hint_metrics) X (cairo_font_options_set_hint_style) \
  X (cairo_get_source) X (cairo_image_surface_create) \
  X (cairo_image_surface_create_from_png_stream) X (cairo_image_surface_get_data) \
  X (cairo_image_surface_get_format) X (cairo_image_surface_get_height) \
  X (cairo_image_surface_get_stride) X (cairo_image_surface_get_width) X (cairo_line_to) \
  X (cairo_move_to) X (cairo_paint) X (cairo_pattern_set_filter) \
  X (cairo_pdf_surface_create_for_stream) X (cairo_pdf_surface_set_metadata) X (cairo_rectangle) \
  X (cairo_restore) X (cairo_save) X (cairo_scale) X (cairo_set_dash) X (cairo_set_line_join) \
  X (cairo_set_line_width) X (cairo_set_source_rgb) X (cairo_set_source_surface) X (cairo_status) \
  X (cairo_status_to_string) X (cairo_stroke) X (cairo_stroke_preserve) X (cairo_surface_destroy) \
  X (cairo_surface_finish) X (cairo_surface_flush) X (cairo_surface_mark_dirty) \
  X (cairo_surface_status) X (cairo_svg_surface_create_for_stream) \
  X (cairo_svg_surface_set_document_unit) X (pango_cairo_context_set_font_options) \
  X (pango_cairo_context_set_resolution) X (pango_cairo_create_context) \
  X (pango_cairo_create_layout) X (pango_cairo_show_layout) X (pango_context_set_base_dir) \
  X (pango_context_set_language) X (pango_font_description_free) \
  X (pango_font_description_from_string) X (pango_font_description_new) \
  X (pango_font_description_set_absolute_size) X (pango_font_description_set_family) \
  X (pango_font_description_set_weight) X (pango_language_from_string) \
  X (pango_layout_get_pixel_extents) X (pango_layout_get_pixel_size) \
  X (pango_layout_get_unknown_glyphs_count) X (pango_layout_is_ellipsized) X (pango_layout_new) \
  X (pango_layout_set_ellipsize) X (pango_layout_set_font_description) \
  X (pango_layout_set_single_paragraph_mode) X (pango_layout_set_text) X (pango_layout_set_width) \
  X (pango_layout_set_wrap)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_CAIRO_FUNCTIONS
#undef X
} PktCairo;

/* Their functions. Where they are not on this machine the process says so and ends with 69. */
const PktCairo *pkt_cairo (void);
/* Where no font is on this machine, and words would be boxes, it says so and ends with 69, too. */
void pkt_cairo_need_font (cairo_t *cr);

#define cairo_arc (pkt_cairo ()->cairo_arc_)
#define cairo_clip (pkt_cairo ()->cairo_clip_)
#define cairo_create (pkt_cairo ()->cairo_create_)
#define cairo_destroy (pkt_cairo ()->cairo_destroy_)
#define cairo_fill (pkt_cairo ()->cairo_fill_)
#define cairo_font_options_create (pkt_cairo ()->cairo_font_options_create_)
#define cairo_font_options_destroy (pkt_cairo ()->cairo_font_options_destroy_)
#define cairo_font_options_set_antialias (pkt_cairo ()->cairo_font_options_set_antialias_)
#define cairo_font_options_set_hint_metrics (pkt_cairo ()->cairo_font_options_set_hint_metrics_)
#define cairo_font_options_set_hint_style (pkt_cairo ()->cairo_font_options_set_hint_style_)
#define cairo_get_source (pkt_cairo ()->cairo_get_source_)
#define cairo_image_surface_create (pkt_cairo ()->cairo_image_surface_create_)
#define cairo_image_surface_create_from_png_stream                                                 \
  (pkt_cairo ()->cairo_image_surface_create_from_png_stream_)
#define cairo_image_surface_get_data (pkt_cairo ()->cairo_image_surface_get_data_)
#define cairo_image_surface_get_format (pkt_cairo ()->cairo_image_surface_get_format_)
#define cairo_image_surface_get_height (pkt_cairo ()->cairo_image_surface_get_height_)
#define cairo_image_surface_get_stride (pkt_cairo ()->cairo_image_surface_get_stride_)
#define cairo_image_surface_get_width (pkt_cairo ()->cairo_image_surface_get_width_)
#define cairo_line_to (pkt_cairo ()->cairo_line_to_)
#define cairo_move_to (pkt_cairo ()->cairo_move_to_)
#define cairo_paint (pkt_cairo ()->cairo_paint_)
#define cairo_pattern_set_filter (pkt_cairo ()->cairo_pattern_set_filter_)
#define cairo_pdf_surface_create_for_stream (pkt_cairo ()->cairo_pdf_surface_create_for_stream_)
#define cairo_pdf_surface_set_metadata (pkt_cairo ()->cairo_pdf_surface_set_metadata_)
#define cairo_rectangle (pkt_cairo ()->cairo_rectangle_)
#define cairo_restore (pkt_cairo ()->cairo_restore_)
#define cairo_save (pkt_cairo ()->cairo_save_)
#define cairo_scale (pkt_cairo ()->cairo_scale_)
#define cairo_set_dash (pkt_cairo ()->cairo_set_dash_)
#define cairo_set_line_join (pkt_cairo ()->cairo_set_line_join_)
#define cairo_set_line_width (pkt_cairo ()->cairo_set_line_width_)
#define cairo_set_source_rgb (pkt_cairo ()->cairo_set_source_rgb_)
#define cairo_set_source_surface (pkt_cairo ()->cairo_set_source_surface_)
#define cairo_status (pkt_cairo ()->cairo_status_)
#define cairo_status_to_string (pkt_cairo ()->cairo_status_to_string_)
#define cairo_stroke (pkt_cairo ()->cairo_stroke_)
#define cairo_stroke_preserve (pkt_cairo ()->cairo_stroke_preserve_)
#define cairo_surface_destroy (pkt_cairo ()->cairo_surface_destroy_)
#define cairo_surface_finish (pkt_cairo ()->cairo_surface_finish_)
#define cairo_surface_flush (pkt_cairo ()->cairo_surface_flush_)
#define cairo_surface_mark_dirty (pkt_cairo ()->cairo_surface_mark_dirty_)
#define cairo_surface_status (pkt_cairo ()->cairo_surface_status_)
#define cairo_svg_surface_create_for_stream (pkt_cairo ()->cairo_svg_surface_create_for_stream_)
#define cairo_svg_surface_set_document_unit (pkt_cairo ()->cairo_svg_surface_set_document_unit_)
#define pango_cairo_context_set_font_options (pkt_cairo ()->pango_cairo_context_set_font_options_)
#define pango_cairo_context_set_resolution (pkt_cairo ()->pango_cairo_context_set_resolution_)
#define pango_cairo_create_context (pkt_cairo ()->pango_cairo_create_context_)
#define pango_cairo_create_layout (pkt_cairo ()->pango_cairo_create_layout_)
#define pango_cairo_show_layout (pkt_cairo ()->pango_cairo_show_layout_)
#define pango_context_set_base_dir (pkt_cairo ()->pango_context_set_base_dir_)
#define pango_context_set_language (pkt_cairo ()->pango_context_set_language_)
#define pango_font_description_free (pkt_cairo ()->pango_font_description_free_)
#define pango_font_description_from_string (pkt_cairo ()->pango_font_description_from_string_)
#define pango_font_description_new (pkt_cairo ()->pango_font_description_new_)
#define pango_font_description_set_absolute_size                                                   \
  (pkt_cairo ()->pango_font_description_set_absolute_size_)
#define pango_font_description_set_family (pkt_cairo ()->pango_font_description_set_family_)
#define pango_font_description_set_weight (pkt_cairo ()->pango_font_description_set_weight_)
#define pango_language_from_string (pkt_cairo ()->pango_language_from_string_)
#define pango_layout_get_pixel_extents (pkt_cairo ()->pango_layout_get_pixel_extents_)
#define pango_layout_get_pixel_size (pkt_cairo ()->pango_layout_get_pixel_size_)
#define pango_layout_get_unknown_glyphs_count (pkt_cairo ()->pango_layout_get_unknown_glyphs_count_)
#define pango_layout_is_ellipsized (pkt_cairo ()->pango_layout_is_ellipsized_)
#define pango_layout_new (pkt_cairo ()->pango_layout_new_)
#define pango_layout_set_ellipsize (pkt_cairo ()->pango_layout_set_ellipsize_)
#define pango_layout_set_font_description (pkt_cairo ()->pango_layout_set_font_description_)
#define pango_layout_set_single_paragraph_mode                                                     \
  (pkt_cairo ()->pango_layout_set_single_paragraph_mode_)
#define pango_layout_set_text (pkt_cairo ()->pango_layout_set_text_)
#define pango_layout_set_width (pkt_cairo ()->pango_layout_set_width_)
#define pango_layout_set_wrap (pkt_cairo ()->pango_layout_set_wrap_)
