#pragma once
/* libcurl, loaded when something of it is first called: with it and the 20 libraries that it brings
 * the program takes 12.1 ms to start, without 7.9 (the quickest of 250, one after the other in
 * turns). Include this and not curl/curl.h; the calls look as ever. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <glib.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo

/* What is called of it; one more needs a row here and a #define below. */
/* clang-format off */
#define PKT_CURL_FUNCTIONS \
  X (curl_easy_init) X (curl_easy_cleanup) X (curl_easy_setopt) X (curl_easy_getinfo) \
  X (curl_easy_perform) X (curl_easy_recv) X (curl_easy_send) X (curl_easy_strerror) \
  X (curl_free) X (curl_global_init) X (curl_multi_init) X (curl_multi_cleanup) \
  X (curl_multi_add_handle) X (curl_multi_remove_handle) X (curl_multi_perform) X (curl_multi_poll) \
  X (curl_multi_info_read) X (curl_slist_append) X (curl_slist_free_all) X (curl_url) \
  X (curl_url_cleanup) X (curl_url_dup) X (curl_url_get) X (curl_url_set)
/* clang-format on */

typedef struct {
#define X(name) __typeof__ (name) *name##_;
  PKT_CURL_FUNCTIONS
#undef X
} PktCurl;

/* FALSE with PKT_ERROR_UNAVAILABLE where libcurl is not on this machine. */
gboolean pkt_curl_load (GError **error);
/* Its functions. Where it is not on this machine the process says so and ends with 69, so load it
 * first where an error can be handed up. */
const PktCurl *pkt_curl (void);

#define curl_easy_init (pkt_curl ()->curl_easy_init_)
#define curl_easy_cleanup (pkt_curl ()->curl_easy_cleanup_)
#define curl_easy_setopt (pkt_curl ()->curl_easy_setopt_)
#define curl_easy_getinfo (pkt_curl ()->curl_easy_getinfo_)
#define curl_easy_perform (pkt_curl ()->curl_easy_perform_)
#define curl_easy_recv (pkt_curl ()->curl_easy_recv_)
#define curl_easy_send (pkt_curl ()->curl_easy_send_)
#define curl_easy_strerror (pkt_curl ()->curl_easy_strerror_)
#define curl_free (pkt_curl ()->curl_free_)
#define curl_global_init (pkt_curl ()->curl_global_init_)
#define curl_multi_init (pkt_curl ()->curl_multi_init_)
#define curl_multi_cleanup (pkt_curl ()->curl_multi_cleanup_)
#define curl_multi_add_handle (pkt_curl ()->curl_multi_add_handle_)
#define curl_multi_remove_handle (pkt_curl ()->curl_multi_remove_handle_)
#define curl_multi_perform (pkt_curl ()->curl_multi_perform_)
#define curl_multi_poll (pkt_curl ()->curl_multi_poll_)
#define curl_multi_info_read (pkt_curl ()->curl_multi_info_read_)
#define curl_slist_append (pkt_curl ()->curl_slist_append_)
#define curl_slist_free_all (pkt_curl ()->curl_slist_free_all_)
#define curl_url (pkt_curl ()->curl_url_)
#define curl_url_cleanup (pkt_curl ()->curl_url_cleanup_)
#define curl_url_dup (pkt_curl ()->curl_url_dup_)
#define curl_url_get (pkt_curl ()->curl_url_get_)
#define curl_url_set (pkt_curl ()->curl_url_set_)
