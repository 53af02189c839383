#pragma once
#include <glib.h>

#define PKT_WIRE_MAX_LINE                                                                          \
  8192 /* bytes; RFC 5321 4.5.3.1.5 allows replies of 512, servers send more */

/* A connection to a mail server as its dialogue sees it: lines in, bytes out. Where they come from
 * (libcurl, a test) is behind these functions. */
typedef struct {
  /* Up to n bytes; 0 when the other side closed, -1 with an error. */
  gssize (*read) (gpointer data, char *bytes, gsize n, GError **error);
  /* All of them, or FALSE with an error. */
  gboolean (*write) (gpointer data, const char *bytes, gsize n, GError **error);
  void (*free) (gpointer data);
} PktWireFuncs;

typedef struct PktWire PktWire;

/* Takes `data`. */
PktWire *pkt_wire_new (const PktWireFuncs *funcs, gpointer data);
void pkt_wire_free (PktWire *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktWire, pkt_wire_free)

/* The next line without its CRLF (or LF); caller frees. NULL: closed, too long, a NUL in it, or the
 * error of read. PKT_ERROR_AGAIN, since the other side may do better next time. */
char *pkt_wire_line (PktWire *w, GError **error);
/* Exactly n bytes (an IMAP literal); caller frees; NULL as above. */
char *pkt_wire_bytes (PktWire *w, gsize n, GError **error);
gboolean pkt_wire_write (PktWire *w, const char *bytes, gsize n, GError **error);
