#pragma once
#include "packet/base/slice.h"

/* Domains of senders, each kept once with how many messages have it: millions of messages come from
 * a few, and a flood of invented ones leaves nothing behind. Of zeros to begin with. */
#define PKT_DOMAINS_RECENT 64

typedef struct PktDomain PktDomain;
typedef struct {
  PktDomain *all;
  guint32 n, room, free; /* free: number + 1 of the first that is */
  guint32 *slots;        /* index + 1, by hash; 0: free */
  guint32 mask;
  guint32 recent[PKT_DOMAINS_RECENT]; /* index + 1, by the last bytes of the address */
} PktDomains;

/* The number of the domain of an address, which has one message more. */
guint32 pkt_domains_take (PktDomains *d, PktSlice address);
/* It has one fewer. */
void pkt_domains_drop (PktDomains *d, guint32 i);
/* "@example.org", empty where the address had no domain; until another address is taken. */
PktSlice pkt_domains_text (const PktDomains *d, guint32 i);
void pkt_domains_clear (PktDomains *d);
