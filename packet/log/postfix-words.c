/* Words of a Postfix line that its parser and its glance both read. */
#include "packet/log/postfix-words.h"

#define MAX_QUEUE_ID 32
#define MIN_LONG_ID 10 /* characters of one that is not of hex digits */

PktPostfixDaemon
pkt_postfix_daemon (PktSlice name)
{
  static const struct {
    PktSlice name;
    PktPostfixDaemon daemon;
  } table[] = {
    { PKT_SLICE ("smtp"), PKT_DAEMON_SMTP },       { PKT_SLICE ("qmgr"), PKT_DAEMON_QMGR },
    { PKT_SLICE ("cleanup"), PKT_DAEMON_CLEANUP }, { PKT_SLICE ("nqmgr"), PKT_DAEMON_QMGR },
    { PKT_SLICE ("error"), PKT_DAEMON_ERROR },     { PKT_SLICE ("retry"), PKT_DAEMON_ERROR },
    { PKT_SLICE ("relay"), PKT_DAEMON_SMTP },      { PKT_SLICE ("lmtp"), PKT_DAEMON_LOCAL },
    { PKT_SLICE ("local"), PKT_DAEMON_LOCAL },     { PKT_SLICE ("virtual"), PKT_DAEMON_LOCAL },
    { PKT_SLICE ("pipe"), PKT_DAEMON_LOCAL },      { PKT_SLICE ("discard"), PKT_DAEMON_LOCAL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (name.n == table[i].name.n && pkt_bytes_same (name.p, table[i].name.p, name.n))
      return table[i].daemon;
  return PKT_DAEMON_NONE;
}

gboolean
pkt_postfix_is_tag (PktSlice tag)
{
  static const char *const others[] = {
    "smtpd",     "pickup",   "bounce", "tlsproxy",        "postscreen",     "anvil",   "scache",
    "verify",    "master",   "tlsmgr", "trivial-rewrite", "postfix-script", "postlog", "postqueue",
    "postsuper", "sendmail", "flush",  "proxymap",        "dnsblog",        "showq",   "qmqpd",
    "defer",     "trace"
  };
  const char *slash = tag.n ? memrchr (tag.p, '/', tag.n) : NULL;
  if (slash == NULL)
    return pkt_slice_equal (tag, PKT_SLICE ("postfix"));
  PktSlice last = pkt_slice (slash + 1, (gsize)(tag.p + tag.n - slash - 1));
  if (pkt_postfix_daemon (last) != PKT_DAEMON_NONE)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (pkt_slice_equal (last, pkt_slice_str (others[i])))
      return TRUE;
  return FALSE;
}

/* "4gBx2T5r3Zz1k: " and what follows it; a word that is no id says nothing after it that is asked
 * for, but for these two. */
PktSlice
pkt_postfix_take_id (PktSlice *text)
{
  PktSlice word = pkt_slice_until (*text, ' '); /* with its colon */
  gsize i = word.n - 1;
  if (word.n < 6 || i > MAX_QUEUE_ID || word.n == text->n || word.p[i] != ':')
    return pkt_slice (NULL, 0);
  PktSlice id = pkt_slice (text->p, i);
  *text = pkt_slice_skip (*text, i + 2);
  if (i == 7
      && (pkt_slice_equal (id, PKT_SLICE ("NOQUEUE"))
          || pkt_slice_equal (id, PKT_SLICE ("warning"))))
    return pkt_slice (NULL, 0);
  return id;
}

PktPostfixDaemon
pkt_postfix_daemon_of_text (PktSlice text)
{
  if (pkt_postfix_take_id (&text).n == 0)
    return PKT_DAEMON_NONE;
  return pkt_slice_starts (text, PKT_SLICE ("to=<"))          ? PKT_DAEMON_SMTP
         : pkt_slice_starts (text, PKT_SLICE ("message-id=")) ? PKT_DAEMON_CLEANUP
                                                              : PKT_DAEMON_QMGR;
}

/* The last part of a tag; empty when it has one part only. */
PktSlice
pkt_postfix_last_part (PktSlice tag)
{
  const char *p = tag.p + tag.n; /* it is short: from its end */
  while (p > tag.p && p[-1] != '/')
    p--;
  return p > tag.p ? pkt_slice (p, (gsize)(tag.p + tag.n - p)) : pkt_slice (NULL, 0);
}

void
pkt_postfix_read_transport (PktSlice tag, PktAttempt *a)
{
  PktSlice first = pkt_slice_until (tag, '/');
  const char *last = tag.n ? memrchr (tag.p, '/', tag.n) : NULL; /* a fragment has no tag */
  if (last && last > first.p + first.n)
    a->transport = pkt_slice (first.p + first.n + 1, (gsize)(last - first.p - first.n - 1));
  const char *dash = first.n ? memchr (first.p, '-', first.n) : NULL;
  if (dash == NULL)
    return;
  PktSlice name = pkt_slice (dash + 1, (gsize)(first.p + first.n - dash - 1));
  if (a->transport.n == 0)
    a->transport = name;
  gsize digits = 0;
  while (digits < name.n
         && (g_ascii_isxdigit (name.p[digits]) || name.p[digits] == '.' || name.p[digits] == ':'))
    digits++;
  if (name.n >= 7 && digits == name.n)
    a->local_ip = name;
}

gboolean
pkt_postfix_is_fragment (PktSlice line)
{
  static const struct {
    const char *begin, *has;
  } shapes[] = { { "to=<", ", status=" },
                 { "from=<", ", status=" },
                 { "from=<", " (queue active)" },
                 { "host ", "] said: " },
                 { "host ", "] refused to talk to me: " } };
  if (pkt_postfix_take_id (&line).n == 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (pkt_slice_starts (line, pkt_slice_str (shapes[i].begin))
        && pkt_slice_find (line, pkt_slice_str (shapes[i].has)).p)
      return TRUE;
  return FALSE;
}

/* "2DC5552A34", "4gBx2T5r3Zz1k", and no program's name. */
static gboolean
is_id (PktSlice id)
{
  gsize digits = 0, hex = 0;
  for (gsize i = 0; i < id.n; i++) {
    if (!g_ascii_isalnum (id.p[i]))
      return FALSE;
    digits += g_ascii_isdigit (id.p[i]);
    hex += g_ascii_isxdigit (id.p[i]) && !g_ascii_islower (id.p[i]);
  }
  return hex == id.n ? digits > 0 : digits > 0 && id.n >= MIN_LONG_ID;
}

gboolean
pkt_postfix_lacks_tag (const PktSyslog *f)
{
  return f->pid.n == 0 && is_id (f->tag);
}

PktSlice
pkt_postfix_untagged (PktSlice line, const PktSyslog *f)
{
  if (!pkt_postfix_lacks_tag (f) || f->tag.p < line.p || f->tag.p >= line.p + line.n)
    return pkt_slice (NULL, 0);
  const PktSlice text = pkt_slice_skip (line, (gsize)(f->tag.p - line.p));
  PktSlice rest = text;
  const gboolean told = pkt_postfix_take_id (&rest).n
                        && (pkt_postfix_is_fragment (text)
                            || pkt_slice_equal (rest, PKT_SLICE ("removed"))
                            || pkt_slice_starts (rest, PKT_SLICE ("message-id=")));
  return told ? text : pkt_slice (NULL, 0);
}
