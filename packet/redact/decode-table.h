#pragma once
#include "packet/redact/decode.h"

/* Takes `in`, appends what it makes of it; FALSE when there is nothing of its kind in it. */
typedef gboolean (*PktDecodeText) (PktSlice in, GString *out);

gboolean pkt_decode_percent (PktSlice in, GString *out);
gboolean pkt_decode_qp (PktSlice in, GString *out);
gboolean pkt_decode_entities (PktSlice in, GString *out);
gboolean pkt_decode_escapes (PktSlice in, GString *out); /* \u0040 \x40 \100 \/ */
gboolean pkt_decode_xtext (PktSlice in, GString *out);   /* RFC 3461: +40 */
gboolean pkt_decode_rfc2047 (PktSlice in, GString *out);
gboolean pkt_decode_rfc2231 (PktSlice in, GString *out); /* continuations joined */
gboolean pkt_decode_unfold (PktSlice in, GString *out);
gboolean pkt_decode_rot13 (PktSlice in, GString *out);
gboolean pkt_decode_reversed (PktSlice in, GString *out);
gboolean pkt_decode_spelled (PktSlice in, GString *out); /* user at example dot com */
gboolean pkt_decode_utf16 (PktSlice in, GString *out);
gboolean pkt_decode_inflate (PktSlice in, GString *out);
gboolean pkt_decode_icl_info (PktSlice in, GString *out);     /* facts/apple.md 4.4 */
gboolean pkt_decode_icl_out_info (PktSlice in, GString *out); /* the same with the outbound key */
gboolean pkt_decode_mantsh (PktSlice in, GString *out);

/* A run of an alphabet in `in` from *at on; FALSE when there is none left. `start` is its place,
 * `joined` gets its characters without line folds; *at moves behind it. */
typedef gboolean (*PktDecodeNext) (PktSlice in, gsize *at, gsize *start, GString *joined);
/* Decodes a run from its character `shift` on. */
typedef gboolean (*PktDecodeRun) (PktSlice run, guint shift, GString *out);

gboolean pkt_decode_base64_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_base64_run (PktSlice run, guint shift, GString *out);
gboolean pkt_decode_hex_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_hex_run (PktSlice run, guint shift, GString *out);
gboolean pkt_decode_base32_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_base32_run (PktSlice run, guint shift, GString *out);
