#pragma once
#include "packet/base/slice.h"

/* What a Cisco Secure Email Gateway (ESA, IronPort) writes behind "RID 0 - " where it was refused
 * or put off: "5.1.0 - Unknown address error ('550', ['5.1.1 user does not exist'])". */
typedef struct {
  PktSlice words;  /* its own, without its code: "Unknown address error" */
  PktSlice reply;  /* "550 5.1.1 user does not exist", lines joined by a blank; its own words where
                      nobody answered. Lives in `room` */
  gboolean remote; /* somebody answered */
} PktCiscoResponse;

void pkt_cisco_response (PktSlice s, GString *room, PktCiscoResponse *out);
