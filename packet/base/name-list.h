#pragma once
#include <glib.h>

/* Case folded names, thousands of them, found where a text has the first word of one. */
typedef struct PktNameList PktNameList;

PktNameList *pkt_name_list_new (void);
void pkt_name_list_free (PktNameList *list);
void pkt_name_list_add (PktNameList *list, const char *folded);
void pkt_name_list_drop (PktNameList *list, const char *folded);
gboolean pkt_name_list_is_empty (const PktNameList *list);
/* Bytes of the longest of them that stands at p, where a word begins; `possessive`: also with an s
 * behind it, which is left out ("Quills Garten"). 0: none does. */
gsize pkt_name_list_at (const PktNameList *list, const char *p, gboolean possessive);
/* UTF-8 with "[name]" for what `at` finds: its bytes where a word begins, or 0. NULL: it found
 * nothing. Caller frees. */
typedef gsize (*PktNameAt) (const char *p, gconstpointer data);
char *pkt_name_replace (const char *text, PktNameAt at, gconstpointer data);
/* Two characters or more of Chinese, Japanese, Korean or Thai, and nothing else, are a whole name.
 */
gboolean pkt_name_is_east_asian (const char *name);
/* "jürgen" as who lacks the letter writes it: "jurgen", `letters` 2 "juergen"; for case folded
 * names. NULL: it has no such letter. Caller frees. */
char *pkt_name_plain (const char *folded, guint letters);
/* May a word that begins with it be somebody's name by itself? A capital, or a letter of a script
 * that has none in its texts. */
gboolean pkt_name_may_begin (gunichar c);
/* With one sign for the apostrophes: "O'Quill" of O’Quill. Caller frees. */
char *pkt_name_apostrophes (const char *utf8);
/* Is it of no width, so that a name reads the same with it between its letters? Fillers of
 * preheaders are, too. */
gboolean pkt_name_letter_unseen (gunichar c);
/* The text without them; NULL: it has none. Caller frees. */
char *pkt_name_seen (const char *utf8);
