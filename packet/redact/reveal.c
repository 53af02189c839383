#include "packet/redact/reveal.h"

#define MAX_NUMBER 7 /* digits of [custom-1] */

typedef struct {
  const char *prefix;
  gboolean number; /* digits follow, not base32 */
} Kind;

static const Kind kinds[]
    = { { "rcpt-", FALSE }, { "verp-", FALSE }, { "custom-", TRUE }, { "client-", TRUE } };

static void
revealed_free (gpointer p)
{
  PktRevealed *r = p;
  g_free (r->mark);
  g_free (r);
}

GPtrArray *
pkt_revealed_list_new (void)
{
  return g_ptr_array_new_with_free_func (revealed_free);
}

static gsize
tail_length (PktSlice s, gboolean number)
{
  gsize n = 0;
  while (n < s.n
         && (number ? g_ascii_isdigit (s.p[n])
                    : g_ascii_isalpha (s.p[n]) || (s.p[n] >= '2' && s.p[n] <= '7')))
    n++;
  if (number)
    return n <= MAX_NUMBER ? n : 0;
  return n == 8 || n == 16 ? n : 0;
}

/* The mark that begins at `at`, in lower case with its brackets; *n is its length in the text. */
static char *
mark_at (PktSlice text, gsize at, gsize *n)
{
  gboolean open = text.p[at] == '[';
  PktSlice s = pkt_slice_skip (text, at + open);
  if (!open && at > 0 && g_ascii_isalnum (text.p[at - 1])
      && !(at >= 3 && g_ascii_strncasecmp (text.p + at - 3, "%5B", 3) == 0)) /* [ in a link */
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    gsize head = strlen (kinds[i].prefix), tail;
    if (s.n <= head || g_ascii_strncasecmp (s.p, kinds[i].prefix, head) != 0
        || (tail = tail_length (pkt_slice_skip (s, head), kinds[i].number)) == 0)
      continue;
    PktSlice after = pkt_slice_skip (s, head + tail);
    gboolean closed = after.n && after.p[0] == ']';
    if (open && !closed)
      return NULL;
    *n = open + head + tail + (open && closed);
    g_autofree char *lower = g_ascii_strdown (s.p, (gssize)(head + tail));
    return g_strdup_printf ("[%s]", lower);
  }
  return NULL;
}

static PktRevealed *
note (GPtrArray *found, const char *mark, const char *address)
{
  for (guint i = 0; i < found->len; i++) {
    PktRevealed *r = found->pdata[i];
    if (g_str_equal (r->mark, mark)) {
      r->count++;
      return r;
    }
  }
  PktRevealed *r = g_new0 (PktRevealed, 1);
  r->mark = g_strdup (mark);
  r->address = address;
  r->count = 1;
  g_ptr_array_add (found, r);
  return r;
}

/* "@icloud.com" or "@[custom-1]" behind a recipient's mark says again what the address says. */
static gsize
domain_behind (PktSlice rest, const char *address)
{
  PktSlice domain = pkt_slice_domain (pkt_slice_str (address));
  if (rest.n < 2 || rest.p[0] != '@' || domain.n == 0)
    return 0;
  PktSlice shown = pkt_slice_skip (rest, 1);
  if (shown.n >= domain.n && pkt_slice_equal_nocase (pkt_slice (shown.p, domain.n), domain))
    return domain.n + 1;
  if (shown.n > 7 && g_ascii_strncasecmp (shown.p, "[custom", 7) == 0)
    return MIN (pkt_slice_until (shown, ']').n + 2, rest.n);
  return 0;
}

/* In a local part the address stood as user=domain. */
static void
append_address (GString *out, const char *mark, const char *address)
{
  const char *at = g_str_has_prefix (mark, "[verp-") ? strrchr (address, '@') : NULL;
  if (at)
    g_string_append_printf (out, "%.*s=%s", (int)(at - address), address, at + 1);
  else
    g_string_append (out, address);
}

char *
pkt_reveal_text (const json_t *map, PktSlice text, GPtrArray *found)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < text.n;) {
    gsize n = 0;
    gboolean may = text.p[i] == '[' || strchr ("rRvVcC", text.p[i]);
    g_autofree char *mark = may ? mark_at (text, i, &n) : NULL;
    const char *address = mark ? json_string_value (json_object_get (map, mark)) : NULL;
    if (mark && found && (address || text.p[i] == '['))
      note (found, mark, address);
    if (address == NULL) {
      g_string_append_len (out, text.p + i, (gssize)MAX (n, 1));
      i += MAX (n, 1);
      continue;
    }
    append_address (out, mark, address);
    i += n;
    if (g_str_has_prefix (mark, "[rcpt-"))
      i += domain_behind (pkt_slice_skip (text, i), address);
  }
  return g_string_free (out, FALSE);
}
