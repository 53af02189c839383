#pragma once
#include "packet/redact/mark.h"
#include "packet/base/name-list.h"
#include "packet/redact/needles.h"
#include "packet/redact/places.h"
#include "packet/redact/privates.h"
#include "packet/redact/redactor.h"

typedef struct {
  char *name; /* perhaps with * at its end */
  char *reason;
  gboolean class_only;
} PktTightenedHeader;

struct PktRedactor {
  PktAudience audience;
  char *platform;  /* NULL: not named */
  gboolean people; /* who sends are people, too */
  PktMarks marks;
  PktNeedles needles;
  GHashTable *allowed;                /* lower-case addresses */
  GPtrArray *own_domains;             /* char*, lower case */
  PktNameList *names;                 /* full names */
  PktNameList *words;                 /* words of them */
  GHashTable *reply_words;            /* of whom a reply names; lower case, '_' for any sign */
  GHashTable *own_words;              /* of senders' addresses and ids, that name a recipient */
  GHashTable *varied;                 /* forms of senders' local parts, by reader */
  GHashTable *every_word;             /* the same, also short ones */
  GHashTable *allowed_names;          /* case folded names and their words */
  GHashTable *writers;                /* lower-case words of who writes, in people's mail */
  GHashTable *custom_domains;         /* lower case: recipients' own domains at Apple */
  GHashTable *tokens, *common_tokens; /* lower case: of one reader; of all */
  PktPrivates privates;
  GPtrArray *tightened; /* PktTightenedHeader* */
  GHashTable *examples; /* rule -> json_t {place, text} */
  GHashTable *custom;   /* domain -> its number */
  GHashTable *map;      /* mark -> address */
  GHashTable *counts;   /* rule -> number */
};

/* How addresses by form are judged. */
typedef enum {
  PKT_FORM_OWN,  /* ours are fine unless they hold a recipient */
  PKT_FORM_ROLE, /* of ours only roles are */
} PktForm;

/* The place of an address in text: [start, end), '@' at `at`. */
typedef struct {
  gsize start, at, end;
} PktAddressSpan;

void pkt_redactor_count (PktRedactor *r, const char *rule);
gboolean pkt_redactor_is_allowed (const PktRedactor *r, PktSlice address);
gboolean pkt_redactor_is_own (const PktRedactor *r, PktSlice domain);
/* The same, and nothing below one of them. */
gboolean pkt_redactor_names_own (const PktRedactor *r, PktSlice host);
/* Says this one word who somebody is: a recipient's local part, or a word of a recipient's name? */
gboolean pkt_redactor_is_person (const PktRedactor *r, PktSlice word);
gboolean pkt_redactor_is_recipient_domain (const PktRedactor *r, PktSlice domain);
/* "k7m2q4xd" for an address in any case, remembered in the map. */
char *pkt_redactor_mark (PktRedactor *r, PktSlice address, const char *kind);
/* The mark of a recipient with the domain as given. */
char *pkt_redactor_mark_at (PktRedactor *r, PktSlice address, const char *domain);

/* The next address by form from `from` on. */
gboolean pkt_address_next (PktSlice text, gsize from, PktAddressSpan *out);
/* May this address (as found in text, perhaps with letters of the text before it) stand? */
gboolean pkt_address_may_stand (const PktRedactor *r, PktSlice address, PktForm form,
                                gboolean derived);
/* "Message-ID  <…>", "refused [CS02]   <…>": is it what Apple looks a message up by? */
gboolean pkt_address_is_message_id (PktSlice text, const PktAddressSpan *span);
/* The text without such ids that are safe; NULL: it has none. */
char *pkt_redact_without_ids (PktRedactor *r, PktSlice text);
/* Host names with "[removed]" for the labels that name a reader; NULL: nothing is to be taken out.
 */
char *pkt_redact_read_name (PktRedactor *r, PktSlice text);
/* The rule that text breaks in some decoding, NULL when it is clean. */
const char *pkt_redact_breaks (PktRedactor *r, PktSlice text, PktForm form);
/* The same and full names of recipients. */
const char *pkt_redact_breaks_stated (PktRedactor *r, PktSlice text, PktForm form);
/* Does text such as a local part hold `user_at_domain`, whose domain is one of recipients? */
gboolean pkt_redactor_is_spelled_out (const PktRedactor *r, PktSlice text);
/* Has a local part or the left part of an id the form of another address in it, "b-user=domain",
 * "news-icloud.com", whoever that is? The verifier lets neither pass. */
gboolean pkt_redactor_names_another (PktSlice local);
/* What the case says of a header field; NULL: nothing. */
const PktTightenedHeader *pkt_redactor_tightened (const PktRedactor *r, const char *name);
/* A word of a recipient's name, where words are few: the left part of a Message-ID. */
gboolean pkt_redactor_has_name_word (const PktRedactor *r, PktSlice text);
/* A word by which senders' addresses or ids name their own recipient. */
gboolean pkt_redactor_has_own_word (const PktRedactor *r, PktSlice text);
/* A full name of a recipient. */
gboolean pkt_redactor_names_reader (const PktRedactor *r, PktSlice text);
gboolean pkt_redactor_names_writer (const PktRedactor *r, PktSlice text);
#define PKT_CUSTOM_MAX_RUN 512
/* A recipient's own domain at Apple, or a name below it, in text: the place of the domain. */
gboolean pkt_redactor_find_custom (const PktRedactor *r, PktSlice text, gsize *start, gsize *end);
/* Replaces these by their numbers. NULL when there was none. */
char *pkt_redact_custom (PktRedactor *r, const char *utf8);
/* Holds the text a token of a sample's List-Unsubscribe? */
gboolean pkt_redactor_has_token (const PktRedactor *r, PktSlice text);
/* Replaces these by their length and class. NULL when there was none. */
char *pkt_redact_tokens (PktRedactor *r, const char *utf8);
/* The same for PKT_FORM_ROLE, and whether no more is needed to see it than to take words together.
 */
gboolean pkt_redact_breaks_spelled (PktRedactor *r, PktSlice text, gboolean *spelled);
/* A text in which pkt_redact_breaks finds something, with "[removed]" for the words that hold it,
 * else for the lines, else for all. */
char *pkt_redact_without_encoded (PktRedactor *r, PktSlice text);
/* Replaces names of recipients by "[name]"; `words`: single words of names too. NULL when there was
 * none. */
char *pkt_redact_names (PktRedactor *r, const char *utf8, gboolean words);
