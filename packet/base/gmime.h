#pragma once
/* GMime, loaded when something of it is first called, as base/curl.h: with it, GIO and what these
 * bring the program takes 1.2 ms more to start. Include this and none of its headers; the calls
 * look as ever. What they ask GObject for is GObject's, which cairo.h needs too. */
#include <glib.h>
#include <gmime/gmime.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_GMIME_FUNCTIONS \
  X (g_mime_content_disposition_get_parameters) X (g_mime_content_type_get_mime_type) \
  X (g_mime_content_type_get_parameter) X (g_mime_content_type_get_parameters) \
  X (g_mime_content_type_is_type) X (g_mime_data_wrapper_get_stream) \
  X (g_mime_data_wrapper_new_with_stream) X (g_mime_data_wrapper_write_to_stream) \
  X (g_mime_encoding_flush) X (g_mime_encoding_init_encode) X (g_mime_encoding_outlen) \
  X (g_mime_format_options_free) X (g_mime_format_options_new) \
  X (g_mime_format_options_set_newline_format) X (g_mime_header_get_name) \
  X (g_mime_header_get_offset) X (g_mime_header_get_raw_value) X (g_mime_header_get_value) \
  X (g_mime_header_list_get_count) X (g_mime_header_list_get_header) \
  X (g_mime_header_list_get_header_at) X (g_mime_header_set_raw_value) X (g_mime_init) \
  X (g_mime_message_foreach) X (g_mime_message_get_date) X (g_mime_message_get_from) \
  X (g_mime_message_get_message_id) X (g_mime_message_get_mime_part) X (g_mime_message_get_to) \
  X (g_mime_message_new) X (g_mime_message_part_get_message) X (g_mime_message_part_get_type) \
  X (g_mime_message_set_date) X (g_mime_message_set_mime_part) X (g_mime_message_set_subject) \
  X (g_mime_multipart_add) X (g_mime_multipart_get_count) X (g_mime_multipart_get_epilogue) \
  X (g_mime_multipart_get_part) X (g_mime_multipart_get_prologue) X (g_mime_multipart_get_type) \
  X (g_mime_multipart_new_with_subtype) X (g_mime_multipart_set_boundary) \
  X (g_mime_object_get_content_disposition) X (g_mime_object_get_content_id) \
  X (g_mime_object_get_content_type) X (g_mime_object_get_content_type_parameter) \
  X (g_mime_object_get_disposition) X (g_mime_object_get_header) \
  X (g_mime_object_get_header_list) X (g_mime_object_get_headers) X (g_mime_object_get_type) \
  X (g_mime_object_set_content_type_parameter) X (g_mime_object_set_disposition) \
  X (g_mime_object_set_header) X (g_mime_object_write_to_stream) X (g_mime_param_get_value) \
  X (g_mime_param_list_get_parameter_at) X (g_mime_param_list_length) \
  X (g_mime_parser_construct_message) X (g_mime_parser_new_with_stream) \
  X (g_mime_part_get_content) \
  X (g_mime_part_get_content_location) X (g_mime_part_get_filename) X (g_mime_part_get_type) \
  X (g_mime_part_new_with_type) X (g_mime_part_set_content) X (g_mime_part_set_content_encoding) \
  X (g_mime_part_set_filename) X (g_mime_stream_mem_get_byte_array) \
  X (g_mime_stream_mem_get_type) X (g_mime_stream_mem_new) X (g_mime_stream_mem_new_with_buffer) \
  X (g_mime_stream_mem_set_byte_array) X (g_mime_stream_mem_set_owner) X (g_mime_stream_read) \
  X (g_mime_stream_reset) X (g_mime_text_part_get_text) X (g_mime_text_part_get_type) \
  X (g_mime_utils_header_decode_date) X (g_mime_utils_header_decode_text) \
  X (internet_address_get_name) X (internet_address_get_type) \
  X (internet_address_group_get_members) X (internet_address_group_get_type) \
  X (internet_address_list_add) X (internet_address_list_get_address) \
  X (internet_address_list_length) X (internet_address_list_parse) \
  X (internet_address_mailbox_get_addr) X (internet_address_mailbox_get_type) \
  X (internet_address_mailbox_new) X (internet_address_set_charset)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_GMIME_FUNCTIONS
#undef X
} PktGmimeLibrary;

/* Its functions, begun with g_mime_init(). Where it is not on this machine the process says so and
 * ends with 69. */
const PktGmimeLibrary *pkt_gmime_library (void);

#define g_mime_content_disposition_get_parameters                                                  \
  (pkt_gmime_library ()->g_mime_content_disposition_get_parameters_)
#define g_mime_content_type_get_mime_type (pkt_gmime_library ()->g_mime_content_type_get_mime_type_)
#define g_mime_content_type_get_parameter (pkt_gmime_library ()->g_mime_content_type_get_parameter_)
#define g_mime_content_type_get_parameters                                                         \
  (pkt_gmime_library ()->g_mime_content_type_get_parameters_)
#define g_mime_content_type_is_type (pkt_gmime_library ()->g_mime_content_type_is_type_)
#define g_mime_data_wrapper_get_stream (pkt_gmime_library ()->g_mime_data_wrapper_get_stream_)
#define g_mime_data_wrapper_new_with_stream                                                        \
  (pkt_gmime_library ()->g_mime_data_wrapper_new_with_stream_)
#define g_mime_data_wrapper_write_to_stream                                                        \
  (pkt_gmime_library ()->g_mime_data_wrapper_write_to_stream_)
#define g_mime_encoding_flush (pkt_gmime_library ()->g_mime_encoding_flush_)
#define g_mime_encoding_init_encode (pkt_gmime_library ()->g_mime_encoding_init_encode_)
#define g_mime_encoding_outlen (pkt_gmime_library ()->g_mime_encoding_outlen_)
#define g_mime_format_options_free (pkt_gmime_library ()->g_mime_format_options_free_)
#define g_mime_format_options_new (pkt_gmime_library ()->g_mime_format_options_new_)
#define g_mime_format_options_set_newline_format                                                   \
  (pkt_gmime_library ()->g_mime_format_options_set_newline_format_)
#define g_mime_header_get_name (pkt_gmime_library ()->g_mime_header_get_name_)
#define g_mime_header_get_offset (pkt_gmime_library ()->g_mime_header_get_offset_)
#define g_mime_header_get_raw_value (pkt_gmime_library ()->g_mime_header_get_raw_value_)
#define g_mime_header_get_value (pkt_gmime_library ()->g_mime_header_get_value_)
#define g_mime_header_list_get_count (pkt_gmime_library ()->g_mime_header_list_get_count_)
#define g_mime_header_list_get_header (pkt_gmime_library ()->g_mime_header_list_get_header_)
#define g_mime_header_list_get_header_at (pkt_gmime_library ()->g_mime_header_list_get_header_at_)
#define g_mime_header_set_raw_value (pkt_gmime_library ()->g_mime_header_set_raw_value_)
#define g_mime_message_foreach (pkt_gmime_library ()->g_mime_message_foreach_)
#define g_mime_message_get_date (pkt_gmime_library ()->g_mime_message_get_date_)
#define g_mime_message_get_from (pkt_gmime_library ()->g_mime_message_get_from_)
#define g_mime_message_get_message_id (pkt_gmime_library ()->g_mime_message_get_message_id_)
#define g_mime_message_get_mime_part (pkt_gmime_library ()->g_mime_message_get_mime_part_)
#define g_mime_message_get_to (pkt_gmime_library ()->g_mime_message_get_to_)
#define g_mime_message_new (pkt_gmime_library ()->g_mime_message_new_)
#define g_mime_message_part_get_message (pkt_gmime_library ()->g_mime_message_part_get_message_)
#define g_mime_message_part_get_type (pkt_gmime_library ()->g_mime_message_part_get_type_)
#define g_mime_message_set_date (pkt_gmime_library ()->g_mime_message_set_date_)
#define g_mime_message_set_mime_part (pkt_gmime_library ()->g_mime_message_set_mime_part_)
#define g_mime_message_set_subject (pkt_gmime_library ()->g_mime_message_set_subject_)
#define g_mime_multipart_add (pkt_gmime_library ()->g_mime_multipart_add_)
#define g_mime_multipart_get_count (pkt_gmime_library ()->g_mime_multipart_get_count_)
#define g_mime_multipart_get_epilogue (pkt_gmime_library ()->g_mime_multipart_get_epilogue_)
#define g_mime_multipart_get_part (pkt_gmime_library ()->g_mime_multipart_get_part_)
#define g_mime_multipart_get_prologue (pkt_gmime_library ()->g_mime_multipart_get_prologue_)
#define g_mime_multipart_get_type (pkt_gmime_library ()->g_mime_multipart_get_type_)
#define g_mime_multipart_new_with_subtype (pkt_gmime_library ()->g_mime_multipart_new_with_subtype_)
#define g_mime_multipart_set_boundary (pkt_gmime_library ()->g_mime_multipart_set_boundary_)
#define g_mime_object_get_content_disposition                                                      \
  (pkt_gmime_library ()->g_mime_object_get_content_disposition_)
#define g_mime_object_get_content_id (pkt_gmime_library ()->g_mime_object_get_content_id_)
#define g_mime_object_get_content_type (pkt_gmime_library ()->g_mime_object_get_content_type_)
#define g_mime_object_get_content_type_parameter                                                   \
  (pkt_gmime_library ()->g_mime_object_get_content_type_parameter_)
#define g_mime_object_get_disposition (pkt_gmime_library ()->g_mime_object_get_disposition_)
#define g_mime_object_get_header (pkt_gmime_library ()->g_mime_object_get_header_)
#define g_mime_object_get_header_list (pkt_gmime_library ()->g_mime_object_get_header_list_)
#define g_mime_object_get_headers (pkt_gmime_library ()->g_mime_object_get_headers_)
#define g_mime_object_get_type (pkt_gmime_library ()->g_mime_object_get_type_)
#define g_mime_object_set_content_type_parameter                                                   \
  (pkt_gmime_library ()->g_mime_object_set_content_type_parameter_)
#define g_mime_object_set_disposition (pkt_gmime_library ()->g_mime_object_set_disposition_)
#define g_mime_object_set_header (pkt_gmime_library ()->g_mime_object_set_header_)
#define g_mime_object_write_to_stream (pkt_gmime_library ()->g_mime_object_write_to_stream_)
#define g_mime_param_get_value (pkt_gmime_library ()->g_mime_param_get_value_)
#define g_mime_param_list_get_parameter_at                                                         \
  (pkt_gmime_library ()->g_mime_param_list_get_parameter_at_)
#define g_mime_param_list_length (pkt_gmime_library ()->g_mime_param_list_length_)
#define g_mime_parser_construct_message (pkt_gmime_library ()->g_mime_parser_construct_message_)
#define g_mime_parser_new_with_stream (pkt_gmime_library ()->g_mime_parser_new_with_stream_)
#define g_mime_part_get_content (pkt_gmime_library ()->g_mime_part_get_content_)
#define g_mime_part_get_content_location (pkt_gmime_library ()->g_mime_part_get_content_location_)
#define g_mime_part_get_filename (pkt_gmime_library ()->g_mime_part_get_filename_)
#define g_mime_part_get_type (pkt_gmime_library ()->g_mime_part_get_type_)
#define g_mime_part_new_with_type (pkt_gmime_library ()->g_mime_part_new_with_type_)
#define g_mime_part_set_content (pkt_gmime_library ()->g_mime_part_set_content_)
#define g_mime_part_set_content_encoding (pkt_gmime_library ()->g_mime_part_set_content_encoding_)
#define g_mime_part_set_filename (pkt_gmime_library ()->g_mime_part_set_filename_)
#define g_mime_stream_mem_get_byte_array (pkt_gmime_library ()->g_mime_stream_mem_get_byte_array_)
#define g_mime_stream_mem_get_type (pkt_gmime_library ()->g_mime_stream_mem_get_type_)
#define g_mime_stream_mem_new (pkt_gmime_library ()->g_mime_stream_mem_new_)
#define g_mime_stream_mem_new_with_buffer (pkt_gmime_library ()->g_mime_stream_mem_new_with_buffer_)
#define g_mime_stream_mem_set_byte_array (pkt_gmime_library ()->g_mime_stream_mem_set_byte_array_)
#define g_mime_stream_mem_set_owner (pkt_gmime_library ()->g_mime_stream_mem_set_owner_)
#define g_mime_stream_read (pkt_gmime_library ()->g_mime_stream_read_)
#define g_mime_stream_reset (pkt_gmime_library ()->g_mime_stream_reset_)
#define g_mime_text_part_get_text (pkt_gmime_library ()->g_mime_text_part_get_text_)
#define g_mime_text_part_get_type (pkt_gmime_library ()->g_mime_text_part_get_type_)
#define g_mime_utils_header_decode_date (pkt_gmime_library ()->g_mime_utils_header_decode_date_)
#define g_mime_utils_header_decode_text (pkt_gmime_library ()->g_mime_utils_header_decode_text_)
#define internet_address_get_name (pkt_gmime_library ()->internet_address_get_name_)
#define internet_address_get_type (pkt_gmime_library ()->internet_address_get_type_)
#define internet_address_group_get_members                                                         \
  (pkt_gmime_library ()->internet_address_group_get_members_)
#define internet_address_group_get_type (pkt_gmime_library ()->internet_address_group_get_type_)
#define internet_address_list_add (pkt_gmime_library ()->internet_address_list_add_)
#define internet_address_list_get_address (pkt_gmime_library ()->internet_address_list_get_address_)
#define internet_address_list_length (pkt_gmime_library ()->internet_address_list_length_)
#define internet_address_list_parse (pkt_gmime_library ()->internet_address_list_parse_)
#define internet_address_mailbox_get_addr (pkt_gmime_library ()->internet_address_mailbox_get_addr_)
#define internet_address_mailbox_get_type (pkt_gmime_library ()->internet_address_mailbox_get_type_)
#define internet_address_mailbox_new (pkt_gmime_library ()->internet_address_mailbox_new_)
#define internet_address_set_charset (pkt_gmime_library ()->internet_address_set_charset_)
