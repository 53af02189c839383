#pragma once
#include <glib.h>

/* A subject (UTF-8) without what stands for one reader's business: "order 1234", "Rechnung Nr.
 * 2026-4711", a telephone number. Caller frees; NULL: nothing of it is in it. */
char *pkt_subject_mask (const char *text);
