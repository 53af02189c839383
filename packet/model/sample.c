#include "packet/model/sample.h"
#include "packet/base/domain.h"

static void
field_free (gpointer p)
{
  PktHeaderField *f = p;
  g_free (f->name);
  g_free (f->value);
  g_free (f);
}

static void
auth_free (gpointer p)
{
  PktAuthResult *a = p;
  g_free (a->method);
  g_free (a->result);
  g_free (a->domain);
  g_free (a->selector);
  g_free (a);
}

static void
dkim_free (gpointer p)
{
  PktDkimSignature *d = p;
  g_free (d->domain);
  g_free (d->selector);
  g_free (d);
}

PktSample *
pkt_sample_new (void)
{
  PktSample *s = g_new0 (PktSample, 1);
  s->fields = g_ptr_array_new_with_free_func (field_free);
  s->auth = g_ptr_array_new_with_free_func (auth_free);
  s->reported = g_ptr_array_new_with_free_func (auth_free);
  s->dkim = g_ptr_array_new_with_free_func (dkim_free);
  s->recipients = g_ptr_array_new_with_free_func (g_free);
  s->names = g_ptr_array_new_with_free_func (g_free);
  s->greeted = g_ptr_array_new_with_free_func (g_free);
  s->report_addresses = g_ptr_array_new_with_free_func (g_free);
  s->attachments = g_ptr_array_new_with_free_func (g_free);
  s->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)g_bytes_unref);
  s->received = PKT_NO_TIME;
  return s;
}

void
pkt_sample_free (PktSample *s)
{
  if (s->raw)
    g_bytes_unref (s->raw);
  g_ptr_array_unref (s->fields);
  g_ptr_array_unref (s->auth);
  g_ptr_array_unref (s->reported);
  g_ptr_array_unref (s->dkim);
  g_ptr_array_unref (s->recipients);
  g_ptr_array_unref (s->names);
  g_ptr_array_unref (s->greeted);
  g_ptr_array_unref (s->report_addresses);
  g_ptr_array_unref (s->attachments);
  g_hash_table_unref (s->pictures);
  g_free (s->policy_domain);
  char *const strings[] = { s->path,           s->from_address, s->from_name,
                            s->from_domain,    s->return_path,  s->return_path_domain,
                            s->subject,        s->message_id,   s->client_ip,
                            s->helo,           s->ptr,          s->apple_host,
                            s->apple_queue_id, s->tls,          s->folder,
                            s->html,           s->text,         s->receiver };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_free (s);
}

void
pkt_sample_add_auth (PktSample *s, const char *method, const char *result, const char *domain,
                     int key_bits)
{
  PktAuthResult *a = g_new0 (PktAuthResult, 1);
  a->method = g_strdup (method);
  a->result = g_strdup (result);
  a->domain = g_strdup (domain);
  a->key_bits = key_bits;
  g_ptr_array_add (s->auth, a);
}

/* Of several signatures one that passes is enough (RFC 7489 6.6.2), best one of the From domain. */
static int
rank_of (const PktSample *s, const PktAuthResult *a)
{
  if (!g_str_equal (a->method, "dkim") || !g_str_equal (a->result, "pass"))
    return 1;
  return pkt_domain_same (a->domain, s->from_domain) ? 3 : 2;
}

const PktAuthResult *
pkt_sample_auth (const PktSample *s, const char *method)
{
  const PktAuthResult *best = NULL;
  int most = 0;
  for (guint i = 0; i < s->auth->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->auth, i);
    int rank = g_str_equal (a->method, method) ? rank_of (s, a) : 0;
    if (rank > most) {
      most = rank;
      best = a;
    }
  }
  return best;
}

gboolean
pkt_sample_passes (const PktSample *s, const char *method)
{
  const PktAuthResult *a = s ? pkt_sample_auth (s, method) : NULL;
  return a && g_str_equal (a->result, "pass");
}

const char *
pkt_sample_field_in (const PktSample *s, guint first, guint end, const char *name)
{
  for (guint i = first; i < end; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, name) == 0)
      return f->value;
  }
  return NULL;
}

const char *
pkt_sample_field (const PktSample *s, const char *name)
{
  return pkt_sample_field_in (s, 0, s->fields->len, name);
}

guint
pkt_sample_count_fields (const PktSample *s, const char *name)
{
  guint n = 0;
  for (guint i = 0; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    n += g_ascii_strcasecmp (f->name, name) == 0;
  }
  return n;
}

int
pkt_sample_form (const PktSample *s)
{
  static const char *const names[] = { "From", "Date", "Message-ID" };
  int form = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (names) && form >= 0; i++) {
    guint n = pkt_sample_count_fields (s, names[i]);
    form = n > 1 ? -1 : n == 0 ? 0 : form;
  }
  return form;
}

static gboolean
is_everybodys (PktSlice folder)
{
  static const char *const names[]
      = { "INBOX",         "Junk",    "Spam",  "Trash",         "Deleted Messages",
          "Deleted Items", "Sent",    "Notes", "Sent Messages", "Sent Items",
          "Drafts",        "Archive", "VIP",   "Bulk",          "Promotions",
          "Notifications", NULL };
  for (const char *const *n = names; *n; n++)
    if (pkt_slice_equal_nocase (folder, pkt_slice_str (*n)))
      return TRUE;
  return folder.n == 0;
}

/* "MOVE_TO_FOLDER" of MOVE_TO_FOLDER/INBOX, with its slash. */
static gsize
verb_length (PktSlice s)
{
  gsize n = 0;
  while (n < s.n && (g_ascii_isupper (s.p[n]) || g_ascii_isdigit (s.p[n]) || s.p[n] == '_'))
    n++;
  return n < s.n && s.p[n] == '/' ? n + 1 : 0;
}

char *
pkt_sample_mask_folder (const char *value)
{
  const PktSlice s = pkt_slice_trim (pkt_slice_str (value));
  const gsize verb = verb_length (s);
  if (is_everybodys (pkt_slice_skip (s, verb)))
    return NULL;
  return g_strdup_printf ("%.*s[folder]", (int)verb, s.p);
}

gboolean
pkt_sample_sent_on (const PktSample *s)
{
  const char *path = s->return_path ? s->return_path : "";
  const char *to = pkt_sample_field (s, "X-Forwarded-To");
  gboolean srs = g_ascii_strncasecmp (path, "SRS0", 4) == 0
                 || g_ascii_strncasecmp (path, "SRS1", 4) == 0;
  return (srs && path[4] && strchr ("=+-", path[4])) || strstr (path, "+caf_=")
         || (to && strchr (to, '@'));
}

const char *
pkt_sample_ptr (const PktSample *s)
{
  return s->ptr && g_ascii_strcasecmp (s->ptr, "unknown") != 0 ? s->ptr : NULL;
}
