#pragma once
#include <glib.h>

#define PKT_READ_MAX_PARTS 64
#define PKT_READ_MAX_HEADERS 64

/* A message as its reader gets it: decoded, by GMime, from the bytes that go out. */
typedef struct {
  char *name, *value; /* UTF-8, unfolded, decoded */
} PktReadHeader;

typedef struct {
  char *name, *type; /* file name; media type without parameters */
  GBytes *bytes;     /* decoded; text with LF */
  gboolean text;
} PktReadPart;

typedef struct {
  GPtrArray *headers; /* PktReadHeader*, of the message itself, in order */
  char *body;         /* the first text/plain that is no attachment; UTF-8, LF; "" without one */
  GPtrArray *parts;   /* PktReadPart*: all others, in order */
} PktReadMessage;

/* PKT_ERROR_DATA where it is no mail, or has more parts than the bound above. */
PktReadMessage *pkt_message_read (GBytes *bytes, GError **error);
void pkt_message_read_free (PktReadMessage *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReadMessage, pkt_message_read_free)
/* The decoded value of the first such header; NULL. */
const char *pkt_message_read_header (const PktReadMessage *m, const char *name);
