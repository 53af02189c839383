#include "packet/bounce/look.h"

struct PktAppleLook {
  GPtrArray *names; /* char*, lower case, each with a dot in it */
};

static void
add_list (PktAppleLook *look, const char *const *list)
{
  for (gsize i = 0; list && list[i]; i++)
    if (*list[i])
      g_ptr_array_add (look->names, g_ascii_strdown (list[i], -1));
}

PktAppleLook *
pkt_apple_look_new (const char *const *also_domains, const char *const *also_mx)
{
  /* Parts of them that all forms share: @icloud.com, mx01.mail.icloud.com, @me.com,
   * st11p00im-smtpin005.me.com, @mac.com.akadns.net, smtp1.privaterelay.appleid.com */
  static const char *const names[] = { "icloud.com", "me.com", "mac.com", "appleid.com", NULL };
  PktAppleLook *look = g_new0 (PktAppleLook, 1);
  look->names = g_ptr_array_new_with_free_func (g_free);
  add_list (look, names);
  add_list (look, also_domains);
  add_list (look, also_mx);
  return look;
}

void
pkt_apple_look_free (PktAppleLook *look)
{
  g_ptr_array_unref (look->names);
  g_free (look);
}

/* Does `name` stand around the dot at `dot`? */
static gboolean
is_name_at (const char *name, const char *dot, PktSlice bytes)
{
  gsize n = strlen (name), before = (gsize)(strchr (name, '.') ? strchr (name, '.') - name : 0);
  const char *from = dot - before;
  return (gsize)(dot - bytes.p) >= before && (gsize)(bytes.p + bytes.n - from) >= n
         && pkt_slice_equal_nocase (pkt_slice (from, n), pkt_slice (name, n));
}

static gboolean
is_address_at (const char *dot, PktSlice bytes)
{
  gsize before = (gsize)(dot - bytes.p);
  return before >= 2 && dot[-1] == '7' && dot[-2] == '1'
         && (before == 2 || !g_ascii_isalnum (dot[-3])) && dot + 1 < bytes.p + bytes.n
         && g_ascii_isdigit (dot[1]);
}

gboolean
pkt_apple_look (const PktAppleLook *look, PktSlice bytes)
{
  const char *end = bytes.p + bytes.n;
  for (const char *dot = bytes.p; dot && dot < end; dot++) {
    dot = pkt_find_byte (dot, end, '.');
    if (!dot)
      return FALSE;
    if (is_address_at (dot, bytes))
      return TRUE;
    for (guint i = 0; i < look->names->len; i++)
      if (is_name_at (g_ptr_array_index (look->names, i), dot, bytes))
        return TRUE;
  }
  return FALSE;
}

/* "550 5.7.0 …", "554-5.7.1 …" behind the answer's own code. */
static gboolean
has_inner_reply (PktSlice answer)
{
  for (gsize i = 4; i + 9 <= answer.n; i++) {
    const char *p = answer.p + i;
    if (strchr ("45", p[0]) && p[0] && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2])
        && (p[3] == ' ' || p[3] == '-') && p[4] == p[0] && p[5] == '.' && g_ascii_isdigit (p[6])
        && p[7] == '.' && g_ascii_isdigit (p[8]) && !g_ascii_isalnum (p[-1]) && p[-1] != '.')
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_apple_is_quoted (const PktAppleLook *look, PktSlice answer)
{
  return pkt_slice_find (answer, PKT_SLICE ("support.apple.com/")).p
         || (has_inner_reply (answer) && pkt_apple_look (look, answer));
}
