#pragma once
#include <jansson.h>
#include "packet/headers/answer.h"

/* Apple's answer, recorded with the packet that it answers: packet.json, "answers" [{time, from,
 * kind, automatic, message_id, subject_token, sha256, text}], "answered" (the newest time of one
 * that a person wrote) and "retest" {opened, after}. */

#define PKT_ANSWER_MAX_KEPT 4000   /* bytes of its text that are kept */
#define PKT_ANSWER_MAX_RECORDED 50 /* answers to one packet */

typedef struct {
  char *packet;               /* folder */
  char *meaning;              /* one sentence */
  json_t *next;               /* steps, [texts] */
  json_t *row;                /* as it stands in packet.json */
  GPtrArray *notes;           /* char*: what the sender should know, whole sentences */
  gboolean retest;            /* it was opened */
  gboolean known;             /* was recorded before; nothing was written */
  gint64 refused, suppressed; /* recipients that policy refused in the packet's time, and those of
                                 them on the suppression list (-1: there was none) */
  char *refused_from;         /* the packet's time, "2026-05-18 14:00:41"; NULL */
} PktAnswer;

/* Reads, recognises, records. Nothing of it names a recipient: addresses in its text are left out,
 * and where the verifier still finds something, so is the text. PKT_ERROR_NOINPUT for a file or a
 * packet that is not there; DATA for one that is no answer to it. */
PktAnswer *pkt_answer_record (const char *packet, const char *file, GError **error);
void pkt_answer_free (PktAnswer *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAnswer, pkt_answer_free)

/* The entry of templates/answers.json that the mail belongs to, by its author's own words. New
 * reference; PKT_ERROR_BUG where the table itself is broken. */
json_t *pkt_answer_kind (const PktAnswerMail *m, const char *own_text, GError **error);
/* What its subject has beside ours: the other side's number; NULL. Caller frees. */
char *pkt_answer_subject_token (const char *theirs, const char *ours);
