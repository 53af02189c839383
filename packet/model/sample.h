#pragma once
#include <glib.h>
#include "packet/base/clock.h"

/* A header field as it stands in the message, order kept. */
typedef struct {
  char *name;
  char *value; /* raw bytes after "name:", folding kept, without the last line end */
} PktHeaderField;

/* One result of an Authentication-Results header that Apple wrote (facts/apple.md 4.1: exact
 * service ids only). */
typedef struct {
  char *method;   /* spf, dkim, dmarc, arc, bimi */
  char *result;   /* pass, fail, none, … */
  char *domain;   /* smtp.mailfrom's domain, header.d, header.from; NULL when absent */
  char *selector; /* header.s; NULL when absent */
  int key_bits;   /* of "(2048-bit key)"; 0 when absent */
} PktAuthResult;

typedef struct {
  char *domain, *selector; /* d=, s= of a DKIM-Signature */
} PktDkimSignature;

/* A mail that Apple accepted, as fetched from a mailbox: raw, with all it holds. */
typedef struct {
  char *path;
  GBytes *raw;           /* as read from the file; signatures are verified on it */
  GPtrArray *fields;     /* PktHeaderField* */
  GPtrArray *auth;       /* PktAuthResult*, first of each method and service id */
  char *receiver;        /* who took a mail that Apple did not: gmail, microsoft, yahoo, fastmail,
                            else its host; NULL */
  GPtrArray *reported;   /* PktAuthResult*: that receiver's results; they prove nothing of Apple */
  GPtrArray *dkim;       /* PktDkimSignature* */
  GPtrArray *recipients; /* char*: every address in a recipient's place (To, Cc, Delivered-To, for
                            <…>, decoded X-ICL-INFO …) */
  GPtrArray *names;      /* char*: display names of those */
  GPtrArray *greeted; /* char*: how subject and text speak to the reader: "Jane", "jane.quill77" */
  char *from_address, *from_name, *from_domain, *return_path, *return_path_domain, *subject;
  char *policy_domain; /* whose DMARC policy Apple used, when the From domain lies in it; NULL */
  GPtrArray *report_addresses;  /* char*: rua, ruf of that policy */
  char *message_id;             /* without <> */
  char *client_ip, *helo, *ptr; /* as Apple's own Received line shows them */
  char *apple_host;             /* "st43p00im-….me.com" */
  char *apple_queue_id;         /* "EC1AC39C0207" of that line */
  gint64 received;              /* of that line, microseconds UTC; PKT_NO_TIME */
  char *tls;                    /* "TLSv1.3" or "yes" (ESMTPS); NULL: plain or not said */
  char *folder;                 /* X-Apple-MoveToFolder, trimmed */
  guint broken_line;            /* of the file, where the header broke off; 0: it did not */
  gboolean at_apple;            /* an Apple Received line is there */
  gboolean allow_listed;        /* the reader's own list let it in: proves nothing */
  gboolean has_unsubscribe;     /* List-Unsubscribe */
  gboolean one_click; /* with https, List-Unsubscribe-Post, and a signature over both (RFC 8058) */
  gboolean one_click_unsigned; /* all but the signature */
  char *html;                  /* the HTML part, UTF-8; NULL */
  char *text;                  /* the first text/plain part, UTF-8; NULL */
  GPtrArray *attachments; /* char*: media type of each part beside text and the page's pictures */
  GHashTable *pictures;   /* Content-ID without <>, or Content-Location -> GBytes* */
} PktSample;

PktSample *pkt_sample_new (void);
void pkt_sample_free (PktSample *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSample, pkt_sample_free)
void pkt_sample_add_auth (PktSample *s, const char *method, const char *result, const char *domain,
                          int key_bits);
/* The first; of DKIM results one that passes before others, and of these one of the From domain.
 * NULL when there is no such result. */
const PktAuthResult *pkt_sample_auth (const PktSample *s, const char *method);
/* That result is a pass; of no sample (NULL) nothing is. */
gboolean pkt_sample_passes (const PktSample *s, const char *method);

/* Value of the first field of that name, in any case, as it stands; NULL: there is none. */
const char *pkt_sample_field (const PktSample *s, const char *name);
/* The same of fields first to end - 1, counted from the top. */
const char *pkt_sample_field_in (const PktSample *s, guint first, guint end, const char *name);
guint pkt_sample_count_fields (const PktSample *s, const char *name);
/* RFC 5322 3.6, From, Date and Message-ID: 1 one of each, 0 one is missing, as where a mail was not
 * saved whole, -1 one stands more than once. */
int pkt_sample_form (const PktSample *s);

/* "INBOX", "MOVE_TO_FOLDER/Junk": folders that everybody has. NULL for these; any other is the
 * reader's own, and what he calls it is his affair: "MOVE_TO_FOLDER/[folder]". Caller frees. */
char *pkt_sample_mask_folder (const char *value);
/* Somebody else's server sent it on to Apple, as its return-path (SRS, Gmail) or X-Forwarded-To
 * tells: the IP that Apple saw is that server's. */
gboolean pkt_sample_sent_on (const PktSample *s);
/* The name that Apple saw of the sending IP; NULL where it saw none, "unknown". */
const char *pkt_sample_ptr (const PktSample *s);
