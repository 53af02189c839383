/* Mailboxes of all four kinds, one mail alone, cut and endless ones. */
#include "packet/bounce/mbox.h"

typedef struct {
  const char *bytes;
  gsize n, at, step; /* handed out `step` bytes at a time */
} Source;

static gsize
read_source (gpointer data, char *p, gsize n)
{
  Source *s = data;
  n = MIN (MIN (n, s->step), s->n - s->at);
  memcpy (p, s->bytes + s->at, n);
  s->at += n;
  return n;
}

/* Subjects of the mails, and the lines they begin on, as "one@1 two@9". */
static char *
list_mails (const char *bytes, gsize n, gsize step, gsize max, guint64 *cut)
{
  g_autoptr (PktMbox) m = pkt_mbox_new (max);
  Source s = { bytes, n, 0, step };
  g_autoptr (GString) out = g_string_new (NULL);
  pkt_mbox_start (m, read_source, &s);
  for (PktSlice mail; pkt_mbox_next (m, &mail);) {
    PktSlice subject = pkt_slice_find (mail, PKT_SLICE ("Subject: "));
    subject = pkt_slice_trim (pkt_slice_until (pkt_slice_skip (subject, 9), '\n'));
    g_assert_cmpuint (mail.n, <=, max);
    g_string_append_printf (out, "%s%.*s@%" G_GUINT64_FORMAT, out->len ? " " : "", (int)subject.n,
                            subject.p ? subject.p : "", pkt_mbox_line (m));
  }
  g_assert_cmpuint (pkt_mbox_bytes (m), ==, n);
  if (cut)
    *cut = pkt_mbox_cut (m);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

#define FROM "From a@example.com Thu Dec 31 15:22:55 2026\n"

static const struct {
  const char *name, *text, *mails;
} boxes[] = {
  { "mboxo", FROM "Subject: one\n\n>From me to you\n\n" FROM "Subject: two\n\nbody\n",
    "one@1 two@6" },
  { "mboxrd", FROM "Subject: one\n\n>>From me\n>From x\n\n" FROM "Subject: two\n\nbody\n\n",
    "one@1 two@7" },
  { "mboxcl",
    FROM "Subject: one\nContent-Length: 12\n\n>From x\nend\n\n" FROM
         "Subject: two\nContent-Length: 5\n\nbody\n",
    "one@1 two@8" },
  /* The body holds what looks like the next mail; only its length tells. */
  { "mboxcl2",
    FROM "Subject: one\nContent-Length: 64\n\nx\n\n" FROM "Subject: quoted\n\n\n" FROM
         "Subject: two\nContent-Length: 5\n\nbody\n",
    "one@1 two@11" },
  { "wrong length", FROM "Subject: one\nContent-Length: 3\n\nbody\n\n" FROM "Subject: two\n\nx\n",
    "one@1 two@7" },
  { "huge length",
    FROM "Subject: one\nContent-Length: 999999999999999999\n\nbody\n\n" FROM "Subject: two\n\nx\n",
    "one@1 two@7" },
  { "a sentence",
    FROM "Subject: one\n\nfirst\n\nFrom here on: it is 12:30\n\n" FROM "Subject: two\n\nx\n",
    "one@1 two@8" },
  { "CRLF",
    "From a Thu Dec 31 15:22:55 2026\r\nSubject: one\r\n\r\nx\r\n\r\nFrom a Thu Dec 31 15:22:55 "
    "2026\r\nSubject: two\r\n\r\n",
    "one@1 two@6" },
  { "CR",
    "From a Thu Dec 31 15:22:55 2026\rSubject: one\r\rx\r\rFrom a Thu Dec 31 15:22:55 "
    "2026\rSubject: two\r\r",
    "one@1 two@6" },
  { "one mail", "Subject: alone\n\n" FROM "Subject: two\n\n", "alone@1" },
  { "BOM", "\xef\xbb\xbfSubject: alone\n\n", "alone@1" },
  { "nothing", "", "" },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    for (gsize step = 1; step < 100000; step *= 7) {
      const char *text = boxes[i].text;
      g_autofree char *got = list_mails (text, strlen (text), step, 10000, NULL);
      if (strcmp (got, boxes[i].mails) != 0)
        g_error ("%s, %u at a time: '%s', not '%s'", boxes[i].name, (guint)step, got,
                 boxes[i].mails);
    }
}

/* A mail beyond the bound is cut; the next one is found behind it. */
static void
test_long (void)
{
  g_autoptr (GString) box = g_string_new (FROM "Subject: one\n\n");
  guint64 cut;
  for (guint i = 0; i < 200000; i++)
    g_string_append (box, "Synthetic body.\n");
  g_string_append (box, "\n" FROM "Subject: two\n\nx\n");
  g_autofree char *got = list_mails (box->str, box->len, 65536, 100000, &cut);
  g_assert_cmpstr (got, ==, "one@1 two@200005");
  g_assert_cmpuint (cut, ==, 1);
  g_autofree char *alone = list_mails (box->str + sizeof FROM - 1, box->len - sizeof FROM + 1,
                                       65536, 100000, &cut);
  g_assert_cmpstr (alone, ==, "one@1");
  g_assert_cmpuint (cut, ==, 1);
}

static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    for (gsize n = 0; n < strlen (boxes[i].text); n++) {
      g_autofree char *bytes = g_memdup2 (boxes[i].text, MAX (n, 1));
      g_autofree char *got = list_mails (bytes, n, 65536, 10000, NULL);
      g_assert_true (n < 4 || strchr (got, (int)*"@")); /* a BOM alone is nothing */
    }
}

static void
test_is_mail (void)
{
  static const struct {
    const char *head;
    gboolean mail;
  } heads[] = {
    { "Received: by x\nFrom: a\n", TRUE },
    { "\xef\xbb\xbfSubject: a\r\nTo: b\r\n\r\n", TRUE },
    { "Subject: a\rTo: b\r\r", TRUE },
    { FROM "Subject: a\nTo: b\n", TRUE },
    { "From here on it is a letter\nand no mail\n", FALSE },
    { "Subject: a\n\nTo: b\n", FALSE },
    { "Dec 31 05:26:11 mail1 postfix/smtp[1]: From: x\nDate: y\n", FALSE },
    { "{\"type\":\"Bounce\",\n\"From\":1}\n", FALSE },
    { "=== Trying mx01.mail.icloud.com:25...\nFrom: a\nTo: b\n", FALSE },
    { "", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    if (pkt_mbox_is_mail (pkt_slice_str (heads[i].head)) != heads[i].mail)
      g_error ("%s", heads[i].head);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mbox/kinds", test_kinds);
  g_test_add_func ("/mbox/long", test_long);
  g_test_add_func ("/mbox/cut", test_cut);
  g_test_add_func ("/mbox/is-mail", test_is_mail);
  return g_test_run ();
}
