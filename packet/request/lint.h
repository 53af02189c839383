#pragma once
#include <glib.h>
#include "packet/model/finding.h"

#define PKT_LINT_MAX_LINES 60 /* of the body (design section 6) */
#define PKT_LINT_MAX_COLUMNS 76
#define PKT_LINT_IP_LINES 15 /* the sending IPs are within so many lines */
#define PKT_LINT_MAX_MESSAGE (500 * 1000)

/* An attachment that the body may speak of. */
typedef struct {
  const char *name; /* file name */
  const char *word; /* how the body's "Attached:" sentence calls it: "SMTP errors" */
  gboolean there;   /* it is attached */
} PktLintAttachment;

/* All borrowed; lists end with NULL and may be NULL. */
typedef struct {
  const char *const *verbatim;          /* replies that are quoted: their words are not ours */
  const char *const *sending_ips;       /* those that the body has to show; NULL: any IP will do */
  const char *const *links;             /* URLs that may stay in clear */
  const PktLintAttachment *attachments; /* those there, and those that are known but left out */
  gsize n_attachments;
  gboolean short_follow_up; /* Apple has the five items and the IPs already */
} PktLintOptions;

/* The form of a finished body: PktFinding*, in a fixed order, none when all is well; caller frees
 * the array, which frees them. Ids: body-lines, body-columns (note), item-missing, item-order,
 * item-twice, body-ips, body-demand, body-argument, body-loud (note), tool-name, body-link,
 * attachment-name, attachment-not-mentioned, attachment-not-there. */
GPtrArray *pkt_lint_body (const char *body, const PktLintOptions *options);

/* The form of the finished message: message-size (note), header-line, bare-line-end, tool-name. */
GPtrArray *pkt_lint_message (GBytes *message);
