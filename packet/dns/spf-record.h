#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/dns/ip.h"

typedef enum {
  PKT_SPF_ALL,
  PKT_SPF_INCLUDE,
  PKT_SPF_MECH_A,
  PKT_SPF_MECH_MX,
  PKT_SPF_MECH_PTR,
  PKT_SPF_IP4,
  PKT_SPF_IP6,
  PKT_SPF_EXISTS,
  PKT_SPF_REDIRECT, /* modifiers from here on */
  PKT_SPF_EXP,
  PKT_SPF_UNKNOWN_MODIFIER,
} PktSpfKind;

typedef struct {
  PktSpfKind kind;
  char qualifier;     /* + - ? ~ of a mechanism */
  char *text;         /* as written, for a person */
  char *domain;       /* domain-spec, macros not expanded; NULL: the domain that is checked */
  PktIp network;      /* ip4, ip6 */
  guint bits4, bits6; /* prefix lengths; 32 and 128 where none is written */
} PktSpfTerm;

typedef struct {
  GPtrArray *terms;           /* PktSpfTerm* of the mechanisms, in order */
  PktSpfTerm *redirect, *exp; /* may be NULL */
} PktSpfRecord;

/* Is it meant as SPF: "v=spf1", then a blank or the end (RFC 7208 4.5)? Upper case counts too. */
gboolean pkt_spf_is_record (PktSlice text);
/* The whole grammar of RFC 7208 section 12, before anything is evaluated (4.6). NULL where it is
 * broken, with the reason and the term in `out_problem` (caller frees). */
PktSpfRecord *pkt_spf_record_parse (PktSlice text, char **out_problem);
void pkt_spf_record_free (PktSpfRecord *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSpfRecord, pkt_spf_record_free)
