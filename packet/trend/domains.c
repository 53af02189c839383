#include "packet/trend/domains.h"

struct PktDomain {
  char *text; /* NULL: free */
  union {
    guint32 n;         /* bytes of it */
    guint32 next_free; /* number + 1; 0: none */
  };
  guint32 messages;
  guint64 hash;
};

#define FIRST_ROOM 64
G_STATIC_ASSERT (PKT_DOMAINS_RECENT == 64); /* six bits */

static PktSlice
text_of (const PktDomain *domain)
{
  return pkt_slice (domain->text, domain->n);
}

PktSlice
pkt_domains_text (const PktDomains *d, guint32 i)
{
  return text_of (&d->all[i]);
}

static gboolean
is_same (const PktDomain *domain, PktSlice text)
{
  return domain->n == text.n && pkt_bytes_same (domain->text, text.p, text.n);
}

static guint32 *
slot_of (const PktDomains *d, PktSlice text, guint64 hash)
{
  guint64 i = hash & d->mask;
  while (d->slots[i]
         && (d->all[d->slots[i] - 1].hash != hash || !is_same (&d->all[d->slots[i] - 1], text)))
    i = (i + 1) & d->mask;
  return &d->slots[i];
}

static void
place_all (PktDomains *d)
{
  memset (d->slots, 0, (d->mask + 1) * sizeof *d->slots);
  for (guint32 i = 0; i < d->n; i++)
    if (d->all[i].text)
      *slot_of (d, text_of (&d->all[i]), d->all[i].hash) = i + 1;
}

/* Of domains that no message has any more; how many are left. */
static guint32
free_unused (PktDomains *d)
{
  guint32 used = 0;
  for (guint32 i = 0; i < d->n; i++) {
    PktDomain *domain = &d->all[i];
    if (domain->text && domain->messages == 0) {
      g_clear_pointer (&domain->text, g_free);
      domain->next_free = d->free;
      d->free = i + 1;
    }
    used += domain->text != NULL;
  }
  memset (d->recent, 0, sizeof d->recent);
  return used;
}

static void
make_room (PktDomains *d)
{
  const guint32 used = free_unused (d);
  if (used * 2 >= d->room) { /* else there is room again for a while */
    d->room = d->room ? d->room * 2 : FIRST_ROOM;
    d->mask = d->room * 2 - 1;
    d->slots = g_renew (guint32, d->slots, d->mask + 1);
    d->all = g_renew (PktDomain, d->all, d->room);
  }
  place_all (d);
}

static guint32
add (PktDomains *d, PktSlice text, guint64 hash)
{
  if (d->free == 0 && d->n == d->room)
    make_room (d);
  const guint32 i = d->free ? d->free - 1 : d->n++;
  if (d->free)
    d->free = d->all[i].next_free;
  d->all[i] = (PktDomain){
    .text = g_strndup (text.p, text.n), .n = (guint32)text.n, .messages = 1, .hash = hash
  };
  *slot_of (d, text, hash) = i + 1;
  return i;
}

/* By the last sixteen bytes: mostly a domain's own, while its last eight are many's. */
static guint32 *
recent_of (PktDomains *d, PktSlice address)
{
  guint64 w[2] = { 0, 0 };
  if (address.n >= sizeof w)
    memcpy (w, address.p + address.n - sizeof w, sizeof w);
  return &d->recent[((w[0] * 31 + w[1]) * 0x9e3779b97f4a7c15u) >> 58];
}

guint32
pkt_domains_take (PktDomains *d, PktSlice address)
{
  guint32 *recent = recent_of (d, address);
  if (*recent) {
    PktDomain *domain = &d->all[*recent - 1];
    if (domain->n && domain->n <= address.n
        && pkt_bytes_same (domain->text, address.p + address.n - domain->n, domain->n)) {
      domain->messages++;
      return *recent - 1;
    }
  }
  PktSlice text = pkt_slice_domain (address);
  text = text.p ? pkt_slice (text.p - 1, text.n + 1) : pkt_slice ("", 0);
  const guint64 hash = pkt_slice_hash (text, 0);
  guint32 i = d->slots ? *slot_of (d, text, hash) : 0;
  if (i)
    d->all[i - 1].messages++;
  else
    i = add (d, text, hash) + 1;
  *recent_of (d, address) = i;
  return i - 1;
}

void
pkt_domains_drop (PktDomains *d, guint32 i)
{
  d->all[i].messages--;
}

void
pkt_domains_clear (PktDomains *d)
{
  for (guint32 i = 0; i < d->n; i++)
    g_free (d->all[i].text);
  g_free (d->all);
  g_free (d->slots);
  memset (d, 0, sizeof *d);
}
