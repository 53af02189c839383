#pragma once
#include <jansson.h>
#include "packet/base/clock.h"

/* The seal of a packet: seal.json (0600) in its folder says who stands behind which bytes. It is a
 * file of its own, since packet.json is written anew by whoever records what became of the packet
 * (receipts, answers), and the seal must stay as it was made.
 *
 * {"version": 1, "sealed": RFC 3339, "by": "…",
 *  "request": {"bytes", "sha256"}, "draft": {…},
 *  "inputs": [{"path": name, "file": absolute path, "bytes", "sha256", "grows"}],
 *  "waived": [{"id", "reason"}]}
 *
 * Of packet.json it reads "findings" [{id, text}], "evidence" {last}, "about" {ips[],
 * organisation}, "follow_up" (anything but null: the packet follows up an earlier one) and what the
 * sender writes: "receipts" (store/receipt.h), and "answered" (anything but null) or "answers" [one
 * at least]. */

#define PKT_SEAL_FILE "seal.json"
#define PKT_SEAL_DAYS 7          /* a seal holds so long */
#define PKT_SEAL_FIGURE_HOURS 48 /* and figures so long after the newest record of the logs */
#define PKT_SEAL_MAX_BYTES (32 * 1024 * 1024) /* some 100,000 inputs */
#define PKT_SEAL_MAX_FAULTS 100
#define PKT_SEAL_MAX_REASON 500 /* bytes */

/* What keeps a packet from being sent. OLD_FIGURES and SECOND can be waived as a finding can, under
 * the ids below. */
typedef enum {
  PKT_SEAL_NONE,        /* never accepted, or not ready to be */
  PKT_SEAL_BROKEN,      /* seal.json cannot be read */
  PKT_SEAL_REQUEST,     /* request.eml is missing or holds other bytes */
  PKT_SEAL_DRAFT,       /* draft.eml, likewise */
  PKT_SEAL_EXPIRED,     /* made more than PKT_SEAL_DAYS ago, or in the future */
  PKT_SEAL_STALE,       /* an input is missing or changed; a log that only grew is no change */
  PKT_SEAL_FINDING,     /* one for each kind of finding that is open */
  PKT_SEAL_OLD_FIGURES, /* see PKT_SEAL_FIGURE_HOURS */
  PKT_SEAL_SENT,        /* it went out already, or may have: `send --again` passes this one */
  PKT_SEAL_SECOND,      /* an open request for the same IPs or organisational domain */
} PktSealKind;

#define PKT_SEAL_ID_OLD_FIGURES "figures-old"
#define PKT_SEAL_ID_SECOND "second-request"

typedef struct {
  PktSealKind kind;
  char *text; /* a whole sentence: what is, and what to do */
} PktSealFault;

/* A packet with its seal looked at. `request` and `draft` are the bytes that were compared: what is
 * sent has to be these, not what is in the file a moment later. */
typedef struct {
  char *packet;
  json_t *manifest;
  json_t *seal;            /* NULL: none, or unreadable */
  GBytes *request, *draft; /* NULL: not there */
  GPtrArray *faults;       /* PktSealFault*, in the order of the kinds; empty: may be sent */
} PktSealed;

/* packet.json of a folder. PKT_ERROR_NOINPUT where there is none, DATA where it is none of ours. */
json_t *pkt_seal_read_manifest (const char *packet, GError **error);

/* Reads folder and seal, and holds one against the other. `others`: folders of other packets, NULL-
 * ended or NULL; those that cannot be read are left out. `now` in microseconds UTC. */
PktSealed *pkt_seal_check (const char *packet, const char *const *others, gint64 now,
                           GError **error);
/* FALSE with PKT_ERROR_SEAL and all sentences where there is a fault. */
gboolean pkt_seal_require (const PktSealed *s, GError **error);
void pkt_sealed_free (PktSealed *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSealed, pkt_sealed_free)

/* Makes seal.json, replacing an earlier one. `inputs` as above; `waived` [{id, reason}]. The
 * packet's files must be as packet.json lists them and the inputs as they were read:
 * PKT_ERROR_SEAL names the first that is not; FINDINGS where there is no request in the packet;
 * USAGE for an id that nothing has, or an empty reason; IO. */
gboolean pkt_seal_make (const char *packet, const char *by, const json_t *inputs,
                        const json_t *waived, gint64 now, GError **error);

/* The reason that a seal waives a finding with; NULL: it does not, or there is no seal. */
const char *pkt_seal_waiver (const json_t *seal, const char *id);
/* NULL when the file is as `input` says, else a sentence; caller frees. */
char *pkt_seal_input_fault (const json_t *input);
