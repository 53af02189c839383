#pragma once
#include <glib.h>

/* Case folded names, thousands of them, found where a text has the first word of one. */
typedef struct PktNameList PktNameList;

PktNameList *pkt_name_list_new (void);
void pkt_name_list_free (PktNameList *list);
void pkt_name_list_add (PktNameList *list, const char *folded);
void pkt_name_list_drop (PktNameList *list, const char *folded);
gboolean pkt_name_list_is_empty (const PktNameList *list);
/* Bytes of the longest of them that stands at p, where a word begins, without an s behind it
 * ("Quills Garten"); 0: none does. */
gsize pkt_name_list_at (const PktNameList *list, const char *p);
/* Whether a letter goes on behind it: Chinese, Japanese and Korean set no blank between a name and
 * what follows it ("Jane様"). */
gboolean pkt_name_joins (gunichar c);
/* Two characters or more of such scripts and nothing else are a whole name. */
gboolean pkt_name_is_east_asian (const char *name);
/* Casefolded; full-width forms are the letters that they show. Caller frees. */
char *pkt_name_folded_char (const char *p);
