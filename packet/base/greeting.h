#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* The names by which a letter speaks to its reader: "Hi Jane,", "Liebe Frau Quill,", "Jane, your
 * order". Who is written to by such a name need not have it in To. The words are templates/
 * greetings.json; what no list knows for sure is no name. Each function adds char* (caller frees)
 * to `names`, each once; a word that the text also has in small letters is no name. UTF-8 in. */

/* A word, in lower case, by which letters speak to anybody: "reader", "friends", "dr". */
gboolean pkt_greeting_is_nobody (const char *lower);
/* A word, in lower case, that stands before a name: "mrs", "frau". */
gboolean pkt_greeting_is_title (const char *lower);
/* Is somebody spoken to by a word that stands in small letters, "hi janequill,"? Text or HTML. */
gboolean pkt_greeting_speaks_to (const char *utf8, const char *lower);
/* "jane.quill77", whose words are no names by it: a page that says it means the mailbox. */
gboolean pkt_greeting_is_local_part (const char *name);
/* Lines of plain text. */
void pkt_greeting_text (const char *text, GPtrArray *names);
/* A subject: besides greetings, a name before or behind words to the reader. */
void pkt_greeting_subject (const char *subject, GPtrArray *names);
/* HTML, its tags taken for what they part: no parser, since only lines matter; and whom its marks
 * for programs name. */
void pkt_greeting_html (const char *html, GPtrArray *names);
/* These alone: underName, customer and the like of schema.org, in JSON-LD or attributes. */
void pkt_greeting_marked (PktSlice html, GPtrArray *names);
