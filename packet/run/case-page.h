#pragma once
#include "packet/run/inputs.h"

/* Reads the page of a case into in->page: page.html, else the HTML part of the first delivered
 * mail, else, where `ask` is online, page.url. Pictures and style sheets of page.hosts are asked
 * for only online. A page that cannot be fetched is told in in->page_trouble and is no error. Sets
 * in->page_doubt where page.url looks like one reader's. `ask` may be NULL: nothing is asked. */
gboolean pkt_case_page_read (PktInputs *in, const PktPageAsk *ask, GError **error);
