#pragma once
#include "packet/model/sample.h"

/* A mail that another receiver took: fills `receiver` and `reported` of a sample that is not at
 * Apple. Whose word a line is follows from its place: results stand above the Received line with
 * which the receiver took the mail from outside (Gmail writes its one below it), and bear the
 * receiver's authserv-id (Microsoft writes none). What is lower is the sender's. */
void pkt_receiver_collect (PktSample *s);
