#pragma once
#include "packet/redact/decode.h"

/* Takes `in`, appends what it makes of it; FALSE when there is nothing of its kind in it. */
typedef gboolean (*PktDecodeText) (PktSlice in, GString *out);

/* decode-web.c: links, pages, scripts */
gboolean pkt_decode_percent (PktSlice in, GString *out);  /* %40, %u0040 */
gboolean pkt_decode_entities (PktSlice in, GString *out); /* &#64; &#x40 &commat; */
gboolean pkt_decode_escapes (PktSlice in, GString *out);  /* \u0040 \u{40} \x40 \100 \/ \n \@ */
gboolean pkt_decode_css (PktSlice in, GString *out);      /* \40 and a blank */
gboolean pkt_decode_tags (PktSlice in, GString *out);     /* user<b></b>@… */
gboolean pkt_decode_unicode (PktSlice in, GString *out);  /* NFKC; without what is not seen */

/* decode-mail.c: MIME and SMTP */
gboolean pkt_decode_qp (PktSlice in, GString *out);
gboolean pkt_decode_xtext (PktSlice in, GString *out); /* RFC 3461: +40 */
gboolean pkt_decode_rfc2047 (PktSlice in, GString *out);
gboolean pkt_decode_rfc2231 (PktSlice in, GString *out); /* continuations joined */
gboolean pkt_decode_unfold (PktSlice in, GString *out);
gboolean pkt_decode_comments (PktSlice in, GString *out); /* RFC 5322: user(x)@(y)example.net */
gboolean pkt_decode_blanks (PktSlice in, GString *out);   /* RFC 5322: user @ example . net */
gboolean pkt_decode_uu (PktSlice in, GString *out);

/* decode-words.c: what people do to an address */
gboolean pkt_decode_rot13 (PktSlice in, GString *out);
gboolean pkt_decode_reversed (PktSlice in, GString *out);
gboolean pkt_decode_hosts (PktSlice in, GString *out);   /* com.example.user */
gboolean pkt_decode_spelled (PktSlice in, GString *out); /* user at example.com */
gboolean pkt_decode_marked (PktSlice in, GString *out);  /* user [at] example dot com */
gboolean pkt_decode_spaced (PktSlice in, GString *out);  /* u s e r @ e x … */

/* decode-bytes.c: bytes that are no text */
gboolean pkt_decode_utf16 (PktSlice in, GString *out);
gboolean pkt_decode_utf7 (PktSlice in, GString *out);
gboolean pkt_decode_inflate (PktSlice in, GString *out);      /* gzip, zlib, bare deflate */
gboolean pkt_decode_codes (PktSlice in, GString *out);        /* 117,115,101 and 0x75,0x73 */
gboolean pkt_decode_icl_info (PktSlice in, GString *out);     /* facts/apple.md 4.4 */
gboolean pkt_decode_icl_out_info (PktSlice in, GString *out); /* the same with the outbound key */
gboolean pkt_decode_mantsh (PktSlice in, GString *out);

/* A run of an alphabet in `in` from *at on; FALSE when there is none left. `start` is its place,
 * `joined` gets its characters without line folds; *at moves behind it. */
typedef gboolean (*PktDecodeNext) (PktSlice in, gsize *at, gsize *start, GString *joined);
/* Decodes a run from its character `shift` on. */
typedef gboolean (*PktDecodeRun) (PktSlice run, guint shift, GString *out);

/* decode-runs.c */
gboolean pkt_decode_base64_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_base64_run (PktSlice run, guint shift, GString *out);
gboolean pkt_decode_hex_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_hex_run (PktSlice run, guint shift, GString *out);
gboolean pkt_decode_base32_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_base32_run (PktSlice run, guint shift, GString *out);
gboolean pkt_decode_base32hex_next (PktSlice in, gsize *at, gsize *start, GString *joined);
gboolean pkt_decode_base32hex_run (PktSlice run, guint shift, GString *out);
