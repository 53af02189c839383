#pragma once
/* libarchive, loaded when something of it is first called, as base/cairo.h: few commands meet an
 * archive. Include this and none of its headers; the calls look as ever. */
#include <archive.h>
#include <archive_entry.h>
#include <glib.h>

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_ARCHIVE_FUNCTIONS \
  X (archive_entry_filetype) X (archive_entry_free) X (archive_entry_hardlink) \
  X (archive_entry_is_encrypted) X (archive_entry_mtime) X (archive_entry_mtime_is_set) \
  X (archive_entry_new) X (archive_entry_pathname) X (archive_entry_pathname_utf8) \
  X (archive_entry_set_filetype) X (archive_entry_set_mtime) X (archive_entry_set_pathname) \
  X (archive_entry_set_perm) X (archive_entry_set_size) X (archive_entry_size) \
  X (archive_entry_size_is_set) X (archive_error_string) X (archive_read_data) X (archive_read_data_block) \
  X (archive_read_free) X (archive_read_new) X (archive_read_next_header) X (archive_read_open) \
  X (archive_read_open_filename) X (archive_read_support_filter_bzip2) \
  X (archive_read_support_filter_gzip) X (archive_read_support_filter_xz) \
  X (archive_read_support_filter_zstd) \
  X (archive_read_support_format_empty) X (archive_read_support_format_raw) \
  X (archive_read_support_format_tar) X (archive_read_support_format_zip) \
  X (archive_read_support_format_zip_streamable) X (archive_set_error) \
  X (archive_write_add_filter_gzip) X (archive_write_close) X (archive_write_data) \
  X (archive_write_finish_entry) X (archive_write_free) X (archive_write_header) \
  X (archive_write_new) X (archive_write_open) X (archive_write_open_filename) \
  X (archive_write_open_memory) X (archive_write_set_bytes_in_last_block) \
  X (archive_write_set_format_raw) X (archive_write_set_format_ustar) \
  X (archive_write_set_format_zip) X (archive_write_zip_set_compression_store)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_ARCHIVE_FUNCTIONS
#undef X
} PktArchiveLibrary;

/* Its functions. Where it is not on this machine the process says so and ends with 69. */
const PktArchiveLibrary *pkt_archive_library (void);

#define archive_entry_filetype (pkt_archive_library ()->archive_entry_filetype_)
#define archive_entry_free (pkt_archive_library ()->archive_entry_free_)
#define archive_entry_hardlink (pkt_archive_library ()->archive_entry_hardlink_)
#define archive_entry_is_encrypted (pkt_archive_library ()->archive_entry_is_encrypted_)
#define archive_entry_mtime (pkt_archive_library ()->archive_entry_mtime_)
#define archive_entry_mtime_is_set (pkt_archive_library ()->archive_entry_mtime_is_set_)
#define archive_entry_new (pkt_archive_library ()->archive_entry_new_)
#define archive_entry_pathname (pkt_archive_library ()->archive_entry_pathname_)
#define archive_entry_pathname_utf8 (pkt_archive_library ()->archive_entry_pathname_utf8_)
#define archive_entry_set_filetype (pkt_archive_library ()->archive_entry_set_filetype_)
#define archive_entry_set_mtime (pkt_archive_library ()->archive_entry_set_mtime_)
#define archive_entry_set_pathname (pkt_archive_library ()->archive_entry_set_pathname_)
#define archive_entry_set_perm (pkt_archive_library ()->archive_entry_set_perm_)
#define archive_entry_set_size (pkt_archive_library ()->archive_entry_set_size_)
#define archive_entry_size (pkt_archive_library ()->archive_entry_size_)
#define archive_entry_size_is_set (pkt_archive_library ()->archive_entry_size_is_set_)
#define archive_error_string (pkt_archive_library ()->archive_error_string_)
#define archive_read_data (pkt_archive_library ()->archive_read_data_)
#define archive_read_data_block (pkt_archive_library ()->archive_read_data_block_)
#define archive_read_free (pkt_archive_library ()->archive_read_free_)
#define archive_read_new (pkt_archive_library ()->archive_read_new_)
#define archive_read_next_header (pkt_archive_library ()->archive_read_next_header_)
#define archive_read_open (pkt_archive_library ()->archive_read_open_)
#define archive_read_open_filename (pkt_archive_library ()->archive_read_open_filename_)
#define archive_read_support_filter_bzip2                                                          \
  (pkt_archive_library ()->archive_read_support_filter_bzip2_)
#define archive_read_support_filter_gzip (pkt_archive_library ()->archive_read_support_filter_gzip_)
#define archive_read_support_filter_xz (pkt_archive_library ()->archive_read_support_filter_xz_)
#define archive_read_support_filter_zstd (pkt_archive_library ()->archive_read_support_filter_zstd_)
#define archive_read_support_format_empty                                                          \
  (pkt_archive_library ()->archive_read_support_format_empty_)
#define archive_read_support_format_raw (pkt_archive_library ()->archive_read_support_format_raw_)
#define archive_read_support_format_tar (pkt_archive_library ()->archive_read_support_format_tar_)
#define archive_read_support_format_zip (pkt_archive_library ()->archive_read_support_format_zip_)
#define archive_read_support_format_zip_streamable                                                 \
  (pkt_archive_library ()->archive_read_support_format_zip_streamable_)
#define archive_set_error (pkt_archive_library ()->archive_set_error_)
#define archive_write_add_filter_gzip (pkt_archive_library ()->archive_write_add_filter_gzip_)
#define archive_write_close (pkt_archive_library ()->archive_write_close_)
#define archive_write_data (pkt_archive_library ()->archive_write_data_)
#define archive_write_finish_entry (pkt_archive_library ()->archive_write_finish_entry_)
#define archive_write_free (pkt_archive_library ()->archive_write_free_)
#define archive_write_header (pkt_archive_library ()->archive_write_header_)
#define archive_write_new (pkt_archive_library ()->archive_write_new_)
#define archive_write_open (pkt_archive_library ()->archive_write_open_)
#define archive_write_open_filename (pkt_archive_library ()->archive_write_open_filename_)
#define archive_write_open_memory (pkt_archive_library ()->archive_write_open_memory_)
#define archive_write_set_bytes_in_last_block                                                      \
  (pkt_archive_library ()->archive_write_set_bytes_in_last_block_)
#define archive_write_set_format_raw (pkt_archive_library ()->archive_write_set_format_raw_)
#define archive_write_set_format_ustar (pkt_archive_library ()->archive_write_set_format_ustar_)
#define archive_write_set_format_zip (pkt_archive_library ()->archive_write_set_format_zip_)
#define archive_write_zip_set_compression_store                                                    \
  (pkt_archive_library ()->archive_write_zip_set_compression_store_)
