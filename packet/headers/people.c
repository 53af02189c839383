#include "packet/headers/people.h"
#include "packet/base/encoded-words.h"
#include "packet/base/gmime.h"
#include "packet/base/greeting.h"
#include "packet/base/slice.h"
#include "packet/headers/delivered.h"
#include "packet/headers/icl.h"

#define MAX_GROUP_DEPTH 5
#define MAX_NAMES 200
#define MAX_GREETED 16 /* recipients whose local part is read as a name */

typedef struct {
  PktSample *sample;
  GHashTable *seen; /* lower case; owned */
} People;

char *
pkt_people_text (const char *raw)
{
  g_autofree char *line = g_strdup (raw);
  g_strdelimit (line, "\r\n\t", ' ');
  g_autofree char *joined = pkt_encoded_words_join (line),
                  *decoded = g_mime_utils_header_decode_text (NULL, joined);
  g_autofree char *valid = g_utf8_make_valid (decoded ? decoded : line, -1);
  for (char *p = valid; *p; p++) /* encoded words may hide line ends and controls */
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  return g_strdup (g_strstrip (valid));
}

static void
add_recipient (People *p, PktSlice a)
{
  a = pkt_slice_trim (a);
  if (a.n < 3 || a.n > 320 || !memchr (a.p, '@', a.n)
      || p->sample->recipients->len >= PKT_DELIVERED_MAX_RECIPIENTS)
    return;
  g_autofree char *text = pkt_slice_utf8 (a);
  if (g_hash_table_add (p->seen, g_utf8_strdown (text, -1)))
    g_ptr_array_add (p->sample->recipients, g_steal_pointer (&text));
}

static gboolean
is_atom (char c)
{
  return c != '\0' && (guchar)c > 32 && !strchr ("<>()[]\\,;:\"", c);
}

/* Anything that looks like an address, wherever it stands in the value. */
static void
scan_addresses (People *p, PktSlice s)
{
  for (gsize i = 0; i < s.n; i++) {
    gsize start = i;
    gboolean at = FALSE;
    while (i < s.n && is_atom (s.p[i]))
      at |= s.p[i++] == '@';
    if (at)
      add_recipient (p, pkt_slice (s.p + start, i - start));
  }
}

static void
add_name (GPtrArray *names, const char *raw)
{
  g_autofree char *name = g_strdup (raw ? raw : "");
  g_strdelimit (name, "\"'", ' ');
  g_strstrip (name);
  if (*name == '\0' || strchr (name, '@') || strlen (name) > 200 || names->len >= MAX_NAMES)
    return;
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (g_ptr_array_index (names, i), name))
      return;
  g_ptr_array_add (names, g_utf8_make_valid (name, -1));
}

/* Words that a mailbox may be called by, and nobody is. */
static gboolean
is_nobody (const char *word)
{
  static const char *const words[]
      = { "account", "admin",   "apple",      "billing",   "contact", "message",    "customer",
          "example", "icloud",  "inbox",      "info",      "list",    "hello",      "orders",
          "people",  "person",  "postmaster", "recipient", "service", "shopping",   "subscriber",
          "mail",    "mailbox", "marketing",  "member",    "news",    "newsletter", "office",
          "our",     "probe",   "reader",     "sales",     "sample",  "seed",       "support",
          "team",    "test",    "tester",     "testing",   "the",     "user",       "weekly",
          NULL };
  return strlen (word) < 3 || strspn (word, "abcdefghijklmnopqrstuvwxyz") != strlen (word)
         || g_strv_contains (words, word);
}

/* "jane.quill@…" is written to as Jane Quill, whether To says so or not. */
static void
add_spelled_name (People *p, const char *address)
{
  g_autofree char *lower = g_ascii_strdown (address, (gssize)strcspn (address, "@"));
  g_auto (GStrv) words = g_strsplit_set (lower, "._-", -1);
  GString *name = g_string_new (NULL);
  guint n = g_strv_length (words);
  for (guint i = 0; i < n && n > 1 && n < 4; i++) {
    if (is_nobody (words[i])) {
      g_string_truncate (name, 0);
      break;
    }
    words[i][0] = g_ascii_toupper (words[i][0]);
    g_string_append_printf (name, "%s%s", i ? " " : "", words[i]);
  }
  add_name (p->sample->names, name->str);
  g_string_free (name, TRUE);
}

#define MIN_LOCAL_NAME 5

/* "quill" as a word of the text; not of an address or a link. */
static gboolean
stands_small (const char *text, const char *word)
{
  gsize n = strlen (word);
  for (const char *p = text; p && (p = strstr (p, word)); p += n) {
    char before = p > text ? p[-1] : ' ';
    if (!g_ascii_isalnum (before) && !strchr ("@._-/=+", before) && !g_ascii_isalnum (p[n])
        && !(p[n] && strchr ("@_-/=+", p[n])))
      return TRUE;
  }
  return FALSE;
}

static void
add_greeted (PktSample *s, const char *word)
{
  if (!g_ptr_array_find_with_equal_func (s->greeted, word, g_str_equal, NULL))
    g_ptr_array_add (s->greeted, g_strdup (word));
}

static void
take_name (PktSample *s, char *word)
{
  const char *const texts[] = { s->subject, s->text, s->html };
  gboolean small = FALSE, spoken = FALSE;
  if (strlen (word) < MIN_LOCAL_NAME || is_nobody (word))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    small |= stands_small (texts[i], word);
    spoken |= texts[i] && pkt_greeting_speaks_to (texts[i], word);
  }
  if (small && !spoken)
    return;
  word[0] = g_ascii_toupper (word[0]);
  add_greeted (s, word);
}

/* "quillz77" is what a forum calls its reader, as it is; "user0049" names nobody. */
static gboolean
take_handle (PktSample *s, const char *word)
{
  g_autofree char *letters = g_strdup (word);
  g_strcanon (letters, "abcdefghijklmnopqrstuvwxyz", ' ');
  g_auto (GStrv) parts = g_strsplit (letters, " ", -1);
  gboolean digits = strpbrk (word, "0123456789") != NULL, any = FALSE;
  for (char **p = parts; *p; p++) {
    if (strlen (*p) >= 3 && (is_nobody (*p) || pkt_greeting_is_nobody (*p)))
      return FALSE;
    any |= **p != '\0';
  }
  const gboolean telling = digits && any && strlen (word) >= MIN_LOCAL_NAME;
  if (telling)
    add_greeted (s, word);
  return telling;
}

static void
take_local (PktSample *s, const char *address)
{
  g_autofree char *local = g_ascii_strdown (address, (gssize)strcspn (address, "@")),
                  *letters = g_strdup (local), *whole = g_strdup (local);
  gboolean telling = FALSE;
  g_strcanon (letters, "abcdefghijklmnopqrstuvwxyz", ' ');
  g_strcanon (local, "abcdefghijklmnopqrstuvwxyz0123456789", ' ');
  g_auto (GStrv) names = g_strsplit (letters, " ", -1), handles = g_strsplit (local, " ", -1);
  for (char **w = names; *w; w++)
    take_name (s, *w);
  for (char **w = handles; *w; w++)
    telling |= take_handle (s, *w);
  if (telling && strchr (whole, '.')) /* "Signed in as jane.quillz77" */
    add_greeted (s, whole);
}

void
pkt_people_take_locals (PktSample *s)
{
  for (guint i = 0; i < MIN (s->recipients->len, MAX_GREETED); i++)
    take_local (s, g_ptr_array_index (s->recipients, i));
}

static void
add_list_names (GPtrArray *names, InternetAddressList *list, int depth)
{
  int n = list && depth < MAX_GROUP_DEPTH ? internet_address_list_length (list) : 0;
  for (int i = 0; i < n; i++) {
    InternetAddress *a = internet_address_list_get_address (list, i);
    if (INTERNET_ADDRESS_IS_GROUP (a))
      add_list_names (names, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (a)),
                      depth + 1);
    else
      add_name (names, internet_address_get_name (a));
  }
}

static InternetAddressList *
list_of (const char *value)
{
  g_autofree char *line = pkt_encoded_words_join (value);
  g_strdelimit (line, "\r\n", ' ');
  return internet_address_list_parse (NULL, line);
}

void
pkt_people_add_names (GPtrArray *names, const char *addresses)
{
  InternetAddressList *list = list_of (addresses);
  add_list_names (names, list, 0);
  if (list)
    g_object_unref (list);
}

static void
read_list (People *p, InternetAddressList *list, int depth)
{
  int n = list && depth < MAX_GROUP_DEPTH ? internet_address_list_length (list) : 0;
  for (int i = 0; i < n; i++) {
    InternetAddress *a = internet_address_list_get_address (list, i);
    if (INTERNET_ADDRESS_IS_GROUP (a)) {
      read_list (p, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (a)), depth + 1);
      continue;
    }
    const char *addr = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (a));
    add_recipient (p, pkt_slice_str (addr));
    add_name (p->sample->names, internet_address_get_name (a));
  }
}

static void
read_addresses (People *p, const char *value)
{
  InternetAddressList *list = list_of (value);
  read_list (p, list, 0);
  if (list)
    g_object_unref (list);
  scan_addresses (p, pkt_slice_str (value));
}

/* `for <user@icloud.com>`: nothing else of the line is a recipient's place. */
static void
read_received (People *p, const char *value)
{
  PktSlice rest = pkt_slice_str (value);
  while ((rest = pkt_slice_find (rest, PKT_SLICE ("for"))).n > 0) {
    gboolean word = rest.p == value || strchr (" \t\n", rest.p[-1]);
    rest = pkt_slice_skip (rest, 3);
    PktSlice next = pkt_slice_trim (rest);
    if (word && next.n > 0 && next.p[0] == '<')
      add_recipient (p, pkt_slice_until (pkt_slice_skip (next, 1), '>'));
    else if (word)
      scan_addresses (p, pkt_slice_until (pkt_slice_until (next, ';'), ' '));
  }
}

/* `p=alias@icloud.com; d=; f=owner@example.net; r=to; s=noreply@example.com`: alias and owner; s is
 * the sender. */
static void
read_alias (People *p, const char *value)
{
  g_auto (GStrv) fields = g_strsplit (value, ";", 50);
  for (char **f = fields; *f; f++) {
    PktSlice field = pkt_slice_trim (pkt_slice_str (*f));
    if (pkt_slice_starts (field, PKT_SLICE ("p=")) || pkt_slice_starts (field, PKT_SLICE ("f=")))
      scan_addresses (p, pkt_slice_skip (field, 2));
  }
}

static void
read_icl (People *p, const char *value)
{
  g_autofree char *clear = pkt_icl_decode (value);
  g_autofree char *rc = clear ? pkt_icl_field (clear, "rc") : NULL;
  if (rc)
    scan_addresses (p, pkt_slice_str (rc));
}

static const struct {
  const char *name;
  void (*read) (People *p, const char *value);
} places[] = {
  { "To", read_addresses },
  { "Cc", read_addresses },
  { "Bcc", read_addresses },
  { "Delivered-To", read_addresses },
  { "X-Delivered-To", read_addresses },
  { "X-Original-To", read_addresses },
  { "Original-Recipient", read_addresses },
  { "X-Original-Recipient", read_addresses },
  { "Envelope-To", read_addresses },
  { "X-Envelope-To", read_addresses },
  { "X-Forwarded-To", read_addresses },
  { "X-Forwarded-For", read_addresses },
  { "X-Rcpt-To", read_addresses },
  { "X-Apparently-To", read_addresses },
  { "Apparently-To", read_addresses },
  { "X-GitHub-Recipient-Address", read_addresses },
  { "Require-Recipient-Valid-Since", read_addresses },
  { "Resent-To", read_addresses },
  { "Resent-Cc", read_addresses },
  { "Resent-Bcc", read_addresses },
  { "Resent-From", read_addresses },
  { "Resent-Sender", read_addresses },
  { "Received", read_received },
  { "X-ICLOUD-HME", read_alias },
  { "X-ICL-INFO", read_icl },
  { "X-ICL-Out-Info", read_icl },
};

/* "Anna Weber" of anna.weber@…, anna@weber.example, shop@annaweber.example. */
static gboolean
is_spelled_by (const char *from_address, const char *name)
{
  g_autofree char *address = g_utf8_strdown (from_address, -1), *lower = g_utf8_strdown (name, -1);
  g_auto (GStrv) from = g_strsplit_set (address, ".@-_+", -1),
                 words = g_strsplit_set (lower, " .,;-", -1);
  g_autofree char *joined = g_strjoinv ("", words);
  gboolean all = TRUE;
  for (char **w = words; *w && all; w++)
    all = **w == '\0' || g_strv_contains ((const char *const *)from, *w);
  return *joined && (all || g_strv_contains ((const char *const *)from, joined));
}

void
pkt_people_drop_sender (const PktSample *s, GPtrArray *names)
{
  for (guint i = names->len; s->from_address && i-- > 0;)
    if (is_spelled_by (s->from_address, names->pdata[i]))
      g_ptr_array_remove_index (names, i);
}

void
pkt_people_collect (PktSample *s)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  People people = { s, seen };
  for (guint i = 0; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    for (gsize k = 0; k < G_N_ELEMENTS (places); k++)
      if (g_ascii_strcasecmp (f->name, places[k].name) == 0)
        places[k].read (&people, f->value);
  }
  for (guint i = 0; i < s->recipients->len; i++)
    add_spelled_name (&people, g_ptr_array_index (s->recipients, i));
  pkt_people_drop_sender (s, s->names);
}
