#pragma once
#include <glib.h>
#include <jansson.h>
#include "packet/base/slice.h"
#include "packet/redact/audience.h"

#define PKT_REDACT_MAX_TEXT (16 * 1024 * 1024) /* longer texts become "[removed]" whole */

/* What may stand in clear. Borrowed while the redactor or verifier is made, then copied. */
typedef struct {
  const char *const *own_domains; /* NULL-ended: From, return-path, tracking, contact; their
                                     subdomains are ours too */
  const char *const *allowed;     /* NULL-ended addresses: contact.email, request.from, disclosed,
                                     icloudadmin@apple.com */
} PktRedactScope;

/* Turns raw evidence into what may leave (design section 7). Results are UTF-8, owned by the
 * caller. The same address gives the same mark under the same key. */
typedef struct PktRedactor PktRedactor;

PktRedactor *pkt_redactor_new (const guint8 key[32], const PktRedactScope *scope);
/* Apple otherwise. `platform` is the sending service's name, for PKT_AUDIENCE_ESP; NULL: not known.
 */
void pkt_redactor_set_audience (PktRedactor *r, PktAudience audience, const char *platform);
/* The mail is what people write to people, or what was forwarded to them: senders become marks as
 * recipients do, and subjects stay here. */
void pkt_redactor_set_people (PktRedactor *r);
void pkt_redactor_free (PktRedactor *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktRedactor, pkt_redactor_free)

/* A needle: any recipient of logs, bounces, samples, suppression list. An allowed address and what
 * is no address never is one. About 60 bytes each are kept, so a million is cheap. */
void pkt_redactor_add_recipient (PktRedactor *r, PktSlice address);
/* A recipient at Apple under a domain of his own: the domain alone, as replies quote it, names him
 * too. Apple's, the sender's and large providers' do not count. */
void pkt_redactor_add_custom (PktRedactor *r, PktSlice recipient);
/* A recipient's display name; full names and words of 5 characters or more count. */
void pkt_redactor_add_name (PktRedactor *r, const char *display_name);
/* Of somebody of whom nothing but his name is at hand, and who may be one of many: the whole name
 * alone counts, in two words or more. */
void pkt_redactor_add_full_name (PktRedactor *r, const char *display_name);
/* What a reply calls its recipient by without an address: a local part, a word of his name, a label
 * of his domain. It goes from replies. */
void pkt_redactor_add_reply_word (PktRedactor *r, const char *word);
/* What a sender's address or a Message-ID calls its own recipient by: a word of letters and digits,
 * lower case. It goes from senders' addresses, and no Message-ID with it is safe. */
void pkt_redactor_add_own_word (PktRedactor *r, const char *word);
/* A form of senders' local parts, "bounce-#", whose number is one reader's (redact/varied.h). */
void pkt_redactor_add_varied (PktRedactor *r, const char *form);
/* How a letter greets its reader: one word alone is searched for only where letters speak, in
 * subject and display names, since a text of the sender's may well say "Jane". */
void pkt_redactor_add_greeted (PktRedactor *r, const char *name);
/* The field's value of a sample: what looks like an id in it names this reader wherever else it
 * stands, save what was said before to be common. */
void pkt_redactor_add_unsubscribe (PktRedactor *r, const char *list_unsubscribe);
/* Such a token in lower case that stands in many readers' mails: a campaign's. */
void pkt_redactor_common_token (PktRedactor *r, const char *lower);
/* Calls f for each such token. */
void pkt_redactor_each_token (const char *list_unsubscribe,
                              void (*f) (const char *lower, gpointer data), gpointer data);
/* Who wrote a mail that people write: an address or a name, whose words make a Message-ID unfit;
 * NULL: nobody. */
void pkt_redactor_add_writer (PktRedactor *r, const char *who);
/* A name that may stand although a recipient bears it: the contact's, the company's. */
void pkt_redactor_allow_name (PktRedactor *r, const char *name);

/* A name, domain or id of another client: "[client-3]", the same for all that belong to number 3.
 */
void pkt_redactor_add_client (PktRedactor *r, guint number, const char *text);
/* A label of its domain, which may be an ordinary word: only within host names, paths, ids. */
void pkt_redactor_add_client_label (PktRedactor *r, guint number, const char *label);
/* What the case makes private: "[private]". */
void pkt_redactor_add_private (PktRedactor *r, const char *text);

/* Whatever the table of headers says, a field of this name (perhaps with * at its end) goes, or
 * leaves length and class only. */
void pkt_redactor_tighten_header (PktRedactor *r, const char *name, gboolean class_only,
                                  const char *reason);

/* "[rcpt-k7m2q4xd]@icloud.com", for other domains "[rcpt-k7m2q4xd]@[custom-1]" (numbered by first
 * use); an allowed address stays; empty stays empty. */
char *pkt_redact_recipient (PktRedactor *r, PktSlice address);
/* Keeps the constant part and the domain: "b-[verp-k7m2q4xd]@bounce.example.com"; reads VERP
 * (`user=domain`), SRS0/SRS1, and BATV prvs=. The null sender ("" or "<>") gives "". */
char *pkt_redact_return_path (PktRedactor *r, PktSlice address);
/* Log text such as an SMTP reply or a header value: addresses become marks, encoded recipients
 * "[removed]"; IPs, hosts, tags, Txn and queue ids stay. postmaster@, abuse@ and Apple's own stay.
 */
char *pkt_redact_text (PktRedactor *r, PktSlice text);
/* The same for a server's reply, which names a mailbox by its local part alone: "User [removed]
 * unknown". */
char *pkt_redact_reply (PktRedactor *r, PktSlice reply);
/* The same for a page's text: links in it keep what packet/redact/token.h keeps of a URL. */
char *pkt_redact_page (PktRedactor *r, PktSlice outline);
/* A closed page (packet/page/clean.h), its texts and what stands in alt and its like redacted as
 * above; the markup, which was written anew and holds nothing else, is copied. */
char *pkt_redact_closed_page (PktRedactor *r, PktSlice html);
/* FALSE: something behind the host looks like an id, so the link may be one reader's own. */
gboolean pkt_redact_link_is_neutral (PktSlice url);
/* FALSE: the Message-ID (with or without <>) holds a recipient in some decoding; take another
 * sample. */
gboolean pkt_redact_message_id_is_safe (PktRedactor *r, PktSlice message_id);
/* Apple's own recipient domains as they are, any other "[custom-1]"; what has no dot (a count's
 * name such as "custom") stays. */
char *pkt_redact_domain (PktRedactor *r, PktSlice rcpt_domain);

/* Does a first and a last name in text make a recipient's local part, "Jane Quill" jane.quill,
 * quill_jane77, j.quill? Such a pair may be a thing as well: no text is refused for it. */
gboolean pkt_redactor_names_mailbox (const PktRedactor *r, const char *utf8);

/* "Mrs Quill", where one word alone would be many a thing. */
gboolean pkt_redactor_names_titled (const PktRedactor *r, const char *utf8);

/* Replaces other clients and private words by their marks. NULL when there was none; else caller
 * frees. */
char *pkt_redact_privates (PktRedactor *r, const char *utf8);
/* Finished bytes: the rule that another client or a private word in some decoding of them breaks;
 * NULL when there is none. */
const char *pkt_redactor_private_in (const PktRedactor *r, PktSlice bytes);

/* {rule: count}, sorted: for privacy-report.txt and packet.json. New reference. */
json_t *pkt_redactor_report (const PktRedactor *r);
/* {mark: address} of the marks handed out, sorted. For the state folder only. New reference. */
json_t *pkt_redactor_map (const PktRedactor *r);
