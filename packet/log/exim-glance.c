/* What a line of Exim's mainlog is, told by as few of its bytes as will do: where the time ends the
 * message's id stands, behind it the flag, and behind recipients of one route the same words. */
#include "packet/log/exim-glance.h"
#include "packet/base/simd.h"
#include "packet/log/exim-line.h"
#include "packet/log/exim-whole.h"
#include "packet/log/text-log.h"

#define N_ROUTES 4   /* remembered */
#define MAX_ROUTE 96 /* bytes of one */
#define WIDE 64      /* bytes looked at together */
#define ID_DASH 6    /* of 1RwtJY-0009RI-E4 */
#define FLAG_BYTES 9 /* behind the id and a blank as many are read: "Completed" */

/* " R=dnslookup T=remote_smtp H=": what stands between recipient and host. */
typedef struct {
  char text[MAX_ROUTE];
  gsize n;
} Route;

typedef struct {
  const PktGlanceRule *rule;
  PktEximClock clock;
  PktEximWhole *whole;
  guint64 no_scope; /* of the key of a message */
  Route routes[N_ROUTES];
  guint guess, next; /* of routes: the one of the line before; to be forgotten next */
} Glancer;

/* Of WIDE bytes. */
typedef struct {
  guint64 blanks, ats, odd; /* odd: '"', ':' to '>', of which an address without quotes has none */
} Marks;

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_new0 (Glancer, 1);
  const PktSlice none = { NULL, 0 };
  g->rule = rule;
  g->whole = pkt_exim_whole_new ();
  g->no_scope = pkt_slice_hash (none, 0);
  return g;
}

static void
end (gpointer state)
{
  Glancer *g = state;
  pkt_exim_whole_free (g->whole);
  g_free (g);
}

static inline guint
digit_at (const char *p)
{
  return (guint)(guchar)(*p - '0');
}

static inline gint64
second_of_day (const char *p)
{
  return (digit_at (p + 11) * 10 + digit_at (p + 12)) * 3600
         + (digit_at (p + 14) * 10 + digit_at (p + 15)) * 60 + digit_at (p + 17) * 10
         + digit_at (p + 18);
}

/* "14:39:57" of the day that is known. */
static gboolean
read_second (PktEximClock *c, const char *p)
{
  const guint h = digit_at (p + 11) * 10 + digit_at (p + 12);
  if (p[13] != ':' || p[16] != ':' || digit_at (p + 12) > 9 || h > 23 || digit_at (p + 14) > 5
      || digit_at (p + 15) > 9 || digit_at (p + 17) > 5 || digit_at (p + 18) > 9)
    return FALSE;
  c->stamp.us = c->day + second_of_day (p) * PKT_SECOND;
  return TRUE;
}

static gboolean
read_time (PktEximClock *c, const char *p)
{
  if (c->stamp.kind != PKT_STAMP_NONE && pkt_bytes_same (p, c->text, 11) && read_second (c, p)) {
    memcpy (c->text, p, PKT_EXIM_TIME);
    return TRUE;
  }
  if (p[4] != '-' || p[10] != ' '
      || pkt_text_stamp (pkt_slice (p, PKT_EXIM_TIME), 0, &c->stamp) != PKT_EXIM_TIME) {
    c->stamp = (PktStamp){ 0, PKT_STAMP_NONE };
    return FALSE;
  }
  memcpy (c->text, p, PKT_EXIM_TIME);
  c->day = c->stamp.us - second_of_day (p) * PKT_SECOND;
  return TRUE;
}

static inline gboolean
has_time (PktEximClock *c, PktSlice line)
{
  return line.n > PKT_EXIM_TIME && line.p[PKT_EXIM_TIME] == ' '
         && ((c->stamp.kind != PKT_STAMP_NONE && pkt_bytes_same (line.p, c->text, PKT_EXIM_TIME))
             || read_time (c, line.p));
}

gboolean
pkt_exim_is_plain (PktEximClock *c, PktSlice line)
{
  return line.n > PKT_EXIM_ID_AT + ID_DASH && line.p[PKT_EXIM_ID_AT + ID_DASH] == '-'
         && has_time (c, line);
}

static inline guint64
eight_bytes (const char *p)
{
  guint64 w;
  memcpy (&w, p, sizeof w);
  return w;
}

/* "SMTP connection from …". "exim" may be the tag of a line of syslog. */
static void
look_without_id (PktSlice text, PktGlance *out)
{
  if (pkt_exim_without_id (text) && pkt_slice_find (text, PKT_SLICE ("exim")).p == NULL)
    out->kind = PKT_GLANCE_NOTHING;
}

/* "bounces@example.com H=app.example.net [192.0.2.1] P=esmtps S=4844 id=1@example.com". */
static void
look_at_arrival (Glancer *g, PktSlice line, PktSlice rest, PktGlance *out)
{
  PktSlice sender = pkt_slice_until (rest, ' ');
  out->kind = PKT_GLANCE_PLAIN;
  if (sender.n > G_MAXUINT8)
    return;
  out->daemon = PKT_EXIM_SEEN_ARRIVAL;
  out->kind = PKT_GLANCE_KNOWN;
  out->scope_n = (guint8)sender.n;
  out->us = -1;
  out->fingerprint = 0;
  if (g->rule->message_ids) {
    PktEximLine l;
    pkt_exim_line (pkt_slice_skip (line, PKT_EXIM_ID_AT), &l);
    out->us = l.size;
    out->fingerprint = l.message_id.p
                           ? pkt_exim_put_id ((gsize)(l.message_id.p - line.p), l.message_id.n)
                           : 0;
  }
}

static PKT_ALWAYS_INLINE Marks
marks (const char *p)
{
  Marks m = { 0, 0, 0 };
#ifdef __SSE2__
  for (guint i = 0; i < WIDE; i += 16) {
    const __m128i v = _mm_loadu_si128 ((const __m128i *)(p + i)),
                  x = _mm_sub_epi8 (v, _mm_set1_epi8 (':')),
                  odd = _mm_or_si128 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('"')),
                                      _mm_cmpeq_epi8 (_mm_min_epu8 (x, _mm_set1_epi8 (4)), x));
    m.blanks |= (guint64)(guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 (' '))) << i;
    m.ats |= (guint64)(guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('@'))) << i;
    m.odd |= (guint64)(guint)_mm_movemask_epi8 (odd) << i;
  }
#else
  for (guint i = 0; i < WIDE; i++) {
    m.blanks |= (guint64)(p[i] == ' ') << i;
    m.ats |= (guint64)(p[i] == '@') << i;
    m.odd |= (guint64)(p[i] == '"' || (p[i] >= ':' && p[i] <= '>')) << i;
  }
#endif
  return m;
}

static const Route *
route_at (Glancer *g, PktSlice s)
{
  for (guint tried = 0, i = g->guess; tried < N_ROUTES; tried++, i = (i + 1) % N_ROUTES) {
    const Route *r = &g->routes[i];
    if (r->n && s.n > r->n && pkt_bytes_same (s.p, r->text, r->n)) {
      g->guess = i;
      return r;
    }
  }
  return NULL;
}

/* Remembers what stands between the recipient and the host of a line that was read whole. */
static void
learn_route (Glancer *g, const PktEximLine *l)
{
  const char *from = l->recipient.p + l->recipient.n;
  const gssize n = l->host.p - from;
  if (n < 8 || n > MAX_ROUTE || from[0] != ' ' || from[1] != 'R' || from[2] != '='
      || memchr (from, '<', (gsize)n) || memchr (from, '"', (gsize)n)
      || pkt_slice_find (pkt_slice (from, (gsize)n), PKT_SLICE (" H=")).n != 3
      || route_at (g, pkt_slice (from, (gsize)n + 1)))
    return;
  g->next = (g->next + 1) % N_ROUTES;
  memcpy (g->routes[g->next].text, from, (gsize)n);
  g->routes[g->next].n = (gsize)n;
}

/* "reader@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …" of a route that is
 * known: FALSE when it is not so plain. */
static PKT_ALWAYS_INLINE gboolean
take_delivery (Glancer *g, PktSlice s, PktEximLine *l)
{
  if (s.n < WIDE)
    return FALSE;
  const Marks m = marks (s.p);
  if (m.blanks == 0)
    return FALSE;
  const guint n = (guint)__builtin_ctzll (m.blanks);
  const guint64 before = ((guint64)1 << n) - 1, ats = m.ats & before;
  if (ats == 0 || (m.odd & before) || s.p[n - 1] == '@')
    return FALSE;
  l->recipient = pkt_slice (s.p, n);
  s = pkt_slice_skip (s, n);
  const Route *r = route_at (g, s);
  if (r == NULL || s.n < r->n + WIDE)
    return FALSE;
  s = pkt_slice_skip (s, r->n);
  const guint64 blanks = pkt_mask_64 (s.p, ' '), closed = pkt_mask_64 (s.p, ']');
  const guint host_n = blanks ? (guint)__builtin_ctzll (blanks) : 0;
  const guint64 ends = host_n && host_n < WIDE - 4 ? closed >> (host_n + 2) : 0;
  if (ends == 0 || s.p[host_n + 1] != '[' || s.p[host_n + 2] == 'I') /* "IPv6:" */
    return FALSE;
  l->host = pkt_slice (s.p, host_n);
  l->ip = pkt_slice (s.p + host_n + 2, (gsize)__builtin_ctzll (ends));
  return l->ip.n > 0;
}

static inline void
set_stamp (const Glancer *g, PktGlance *out)
{
  out->stamp_kind = (guint8)g->clock.stamp.kind;
  out->us = g->clock.stamp.us;
}

/* text: of the whole line, from the id on; rest: behind the flag. */
static PKT_ALWAYS_INLINE void
look_at_delivery (Glancer *g, PktSlice text, PktSlice rest, PktGlance *out)
{
  PktEximLine l;
  const PktGlanceRule *rule = g->rule;
  if (rule->elsewhere == NULL)
    return;
  if (!take_delivery (g, rest, &l)) {
    pkt_exim_line (text, &l);
    if (l.host.n == 0) {
      out->kind = PKT_GLANCE_KNOWN;
      out->daemon = PKT_EXIM_SEEN_DELIVERED;
      set_stamp (g, out);
      return;
    }
    learn_route (g, &l);
  }
  if (!rule->elsewhere (rule->data, l.recipient, l.host, l.ip))
    return;
  out->kind = PKT_GLANCE_ELSEWHERE;
  set_stamp (g, out);
  out->fingerprint = pkt_attempt_fingerprint (l.recipient, out->key, g->clock.stamp);
}

/* Behind an id; other flags than these are for the parser, other words for nobody. */
static void
look_at_other (PktSlice text, PktSlice rest, PktGlance *out)
{
  PktEximLine l;
  if ((rest.p[0] == '*' && rest.p[1] == '*') || (rest.p[0] == '=' && rest.p[1] == '='))
    return;
  if (pkt_exim_line (text, &l) && l.kind == PKT_EXIM_OTHER)
    out->kind = PKT_GLANCE_NOTHING;
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  out->kind = PKT_GLANCE_PLAIN;
  out->daemon = PKT_EXIM_SEEN_STRANGE;
  out->key = 0;
  if (!has_time (&g->clock, line))
    return;
  PktSlice text = pkt_slice_skip (line, PKT_EXIM_ID_AT);
  const gsize n = pkt_exim_id_length (text);
  if (n == 0) {
    look_without_id (text, out);
    return;
  }
  PktSlice rest = pkt_slice_skip (text, n + 1);
  if (rest.n < FLAG_BYTES || text.p[n] != ' ')
    return;
  const char *p = rest.p;
  out->key = pkt_queue_key (pkt_slice (text.p, n), g->no_scope);
  out->id_n = (guint8)n;
  out->daemon = PKT_EXIM_SEEN_MESSAGE;
  if (p[1] == '>' && p[2] == ' ' && (p[0] == '=' || p[0] == '-' || p[0] == '>'))
    look_at_delivery (g, text, pkt_slice_skip (rest, 3), out);
  else if (p[0] == '<' && p[1] == '=' && p[2] == ' ')
    look_at_arrival (g, line, pkt_slice_skip (rest, 3), out);
  else if (eight_bytes (p) == eight_bytes ("Complete") && p[8] == 'd')
    out->kind = PKT_GLANCE_REMOVED;
  else
    look_at_other (text, rest, out);
}

static void
settle (gpointer state, PktBlock *b)
{
  b->n_lines = pkt_exim_whole_find (((Glancer *)state)->whole, b->lines, b->n_lines);
}

const PktGlancer pkt_exim_glancer = { begin, look, end, .settle = settle };
