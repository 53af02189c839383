#include "packet/headers/receiver.h"
#include "packet/headers/authres.h"
#include "packet/headers/trace.h"

/* How a receiver names itself, and how it writes its results. */
typedef struct {
  const char *name;
  const char *by;      /* ending of the host in Received */
  const char *service; /* ending of the authserv-id; NULL: it writes none */
  gboolean below;      /* its results stand below the Received line, one field of them */
} Profile;

static const Profile profiles[] = {
  { "gmail", "mx.google.com", "mx.google.com", TRUE },
  { "microsoft", ".outlook.com", NULL, FALSE },
  { "yahoo", ".yahoo.com", ".yahoo.com", FALSE },
  { "fastmail", ".messagingengine.com", ".messagingengine.com", FALSE },
};

typedef struct {
  const Profile *profile; /* NULL: of a name of its own */
  char *host;             /* of the Received line */
  guint hop;              /* index of the line that took the mail from outside */
} Receiver;

static gboolean
ends (const char *text, const char *suffix)
{
  return pkt_slice_ends_nocase (pkt_slice_str (text), pkt_slice_str (suffix))
         || (suffix[0] == '.' && g_ascii_strcasecmp (text, suffix + 1) == 0);
}

static const Profile *
profile_of (const char *host)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (ends (host, profiles[i].by))
      return &profiles[i];
  return NULL;
}

/* The receiver's own machines: "by 2002:a05:…" without a from, "by mailmx.nyi.internal", "by
 * sloti36n20 (Cyrus)". */
static gboolean
is_internal (const PktHop *hop)
{
  if (hop->by == NULL || g_hostname_is_ip_address (hop->by))
    return hop->helo == NULL || hop->by == NULL;
  return strchr (hop->by, '.') == NULL || ends (hop->by, ".internal");
}

/* Yahoo's line names an address of its own net: its results above it tell. */
static const Profile *
profile_above (const PktSample *s, guint hop)
{
  for (guint i = 0; i < hop; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "Authentication-Results") != 0)
      continue;
    g_autofree char *id = g_strndup (f->value, strcspn (f->value, ";"));
    for (gsize k = 0; k < G_N_ELEMENTS (profiles); k++)
      if (profiles[k].service && !profiles[k].below && ends (g_strstrip (id), profiles[k].service))
        return &profiles[k];
  }
  return NULL;
}

static gboolean
take_hop (const PktSample *s, guint i, Receiver *r)
{
  const PktHeaderField *f = g_ptr_array_index (s->fields, i);
  g_auto (PktHop) hop = { 0 };
  pkt_hop_parse (&hop, f->value);
  if (r->host == NULL && is_internal (&hop))
    return TRUE;
  if (hop.by == NULL)
    return FALSE;
  gboolean address = g_hostname_is_ip_address (hop.by);
  const Profile *profile = address ? profile_above (s, i) : profile_of (hop.by);
  gboolean again = r->host && ((profile && profile == r->profile) || g_str_equal (hop.by, r->host));
  if (r->host && !again)
    return FALSE;
  r->profile = profile;
  r->hop = i;
  if (r->host == NULL)
    r->host = g_ascii_strdown (hop.by, -1);
  return TRUE;
}

/* The lines from the top that one receiver wrote. */
static void
find_receiver (const PktSample *s, Receiver *r)
{
  static const char *const senders[] = { "From", "To", "Subject", "Date", "DKIM-Signature", NULL };
  for (guint i = 0; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    for (gsize k = 0; senders[k]; k++)
      if (g_ascii_strcasecmp (f->name, senders[k]) == 0)
        return;
    if (g_ascii_strcasecmp (f->name, "Received") == 0 && !take_hop (s, i, r))
      return;
  }
}

static gboolean
is_its_own (const Receiver *r, const char *service)
{
  if (r->profile && r->profile->service == NULL)
    return service == NULL;
  if (service == NULL)
    return FALSE;
  return r->profile ? ends (service, r->profile->service)
                    : g_ascii_strcasecmp (service, r->host) == 0;
}

static void
take_results (PktSample *s, const Receiver *r)
{
  gboolean below = r->profile && r->profile->below;
  guint from = below ? r->hop + 1 : 0, to = below ? s->fields->len : r->hop;
  for (guint i = from; i < to; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (below
        && (g_ascii_strcasecmp (f->name, "Received") == 0
            || g_ascii_strcasecmp (f->name, "From") == 0))
      return;
    if (g_ascii_strcasecmp (f->name, "Authentication-Results") != 0)
      continue;
    guint before = s->reported->len;
    g_autofree char *service = pkt_authres_parse (f->value, s->reported);
    if (!is_its_own (r, service))
      g_ptr_array_set_size (s->reported, (gint)before);
    else if (below)
      return; /* a second one may be the sender's */
  }
}

void
pkt_receiver_collect (PktSample *s)
{
  Receiver r = { NULL, NULL, 0 };
  if (s->at_apple)
    return;
  find_receiver (s, &r);
  if (r.host == NULL)
    return;
  s->receiver = g_strdup (r.profile ? r.profile->name : r.host);
  take_results (s, &r);
  g_free (r.host);
}
