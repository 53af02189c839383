#include <glib.h>
#include <stdint.h>
#include <string.h>
#include "packet/outbox/imap.h"
#include "packet/outbox/smtp.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

/* What a server says, from its first answer on. */
typedef struct {
  const char *p;
  gsize left;
  gboolean dot; /* the whole message was given */
  const char *last;
} Says;

static gssize
says_read (gpointer data, char *bytes, gsize n, GError **error)
{
  (void)error;
  Says *s = data;
  gsize got = MIN (MIN (n, s->left), 100);
  memcpy (bytes, s->p, got);
  s->p += got;
  s->left -= got;
  return (gssize)got;
}

static gboolean
says_write (gpointer data, const char *bytes, gsize n, GError **error)
{
  (void)error;
  Says *s = data;
  s->dot = s->dot || (n == strlen (s->last) && memcmp (bytes, s->last, n) == 0);
  return TRUE;
}

/* Whatever is said: what was not given whole is never sent or unsure, and an end without an error
 * is only one with an answer. */
static void
hold (const PktOutcome *out, gboolean ok, gboolean whole, const GError *error)
{
  g_assert_true (ok == (error == NULL));
  g_assert_true (ok == (out->state == PKT_OUTCOME_SENT));
  g_assert_true (whole || out->state == PKT_OUTCOME_NOT);
  g_assert_true (!ok || out->reply != NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const PktWireFuncs funcs = { says_read, says_write, NULL };
  g_autoptr (GBytes) message = g_bytes_new_static ("A: b\r\n\r\n.c\r\n", 12);
  for (int imap = 0; imap < 2; imap++) {
    Says s = { (const char *)bytes, n, FALSE, imap ? "\r\n" : ".\r\n" };
    g_autoptr (PktWire) w = pkt_wire_new (&funcs, &s);
    g_autoptr (GError) error = NULL;
    g_auto (PktOutcome) out = { 0 };
    PktSubmission what = { "a@example.com", "b@example.net", "x", NULL, message, "request.eml" };
    PktDraftUpload draft = { NULL, NULL, message };
    gboolean ok = imap ? pkt_imap_append (w, &draft, &out, &error)
                       : pkt_smtp_submit (w, &what, &out, &error);
    hold (&out, ok, s.dot, error);
  }
  return 0;
}
