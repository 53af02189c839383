#pragma once
#include "packet/model/sample.h"

struct _GMimeMessage;

/* Fills s->html and s->text with the first part of each kind that is no attachment, as UTF-8, and
 * s->pictures (headers/pictures.h).
 * Attached messages are not entered. */
void pkt_body_collect (PktSample *s, struct _GMimeMessage *message);
