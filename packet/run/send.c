#include "packet/run/send.h"
#include <string.h>
#include <unistd.h>
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/outbox/draft.h"
#include "packet/outbox/imap.h"
#include "packet/outbox/sendmail.h"
#include "packet/outbox/stop.h"
#include "packet/run/seal.h"
#include "packet/run/send-server.h"
#include "packet/store/receipt.h"

/* One packet under way. */
typedef struct {
  const PktSendOptions *o;
  PktServer *server; /* NULL: sendmail */
  char *sendmail;
  PktSealed *sealed;
  PktEnvelope *envelope;
  GBytes *message; /* what goes */
  PktSubmission what;
  PktOutcome outcome;
} Send;

static void
send_clear (Send *s)
{
  g_clear_pointer (&s->server, pkt_server_free);
  g_clear_pointer (&s->sealed, pkt_sealed_free);
  g_clear_pointer (&s->envelope, pkt_envelope_free);
  g_clear_pointer (&s->message, g_bytes_unref);
  g_free (s->sendmail);
  pkt_outcome_clear (&s->outcome);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Send, send_clear)

void
pkt_send_clear (PktSendResult *r)
{
  json_decref (r->receipt);
  g_free (r->dialogue);
}

/* A receipt says when it was, whatever SOURCE_DATE_EPOCH says. */
static gint64
true_now (void)
{
  return g_get_real_time () / PKT_SECOND * PKT_SECOND;
}

static const char *
state_word (const Send *s)
{
  return s->o->to_self                          ? "self"
         : s->outcome.state == PKT_OUTCOME_NOT  ? "refused"
         : s->o->way == PKT_SEND_DRAFT          ? "draft"
         : s->outcome.state == PKT_OUTCOME_SENT ? "accepted"
                                                : "unsure";
}

static json_t *
receipt_of (const Send *s)
{
  static const char *const ways[] = { "smtp", "sendmail", "draft" };
  const PktOutcome *out = &s->outcome;
  json_t *row = json_object ();
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, s->message);
  json_object_set_new (row, "time", pkt_json_time (true_now ()));
  json_object_set_new (row, "state", json_string (state_word (s)));
  json_object_set_new (row, "sure", json_boolean (out->state != PKT_OUTCOME_UNSURE));
  json_object_set_new (row, "way", json_string (ways[s->o->way]));
  json_object_set_new (row, "server", pkt_json_string (s->server ? s->server->name : s->sendmail));
  json_object_set_new (row, "address", pkt_json_string (out->address));
  json_object_set_new (row, "from", pkt_json_string (s->what.from));
  json_object_set_new (row, "to", pkt_json_string (s->what.to));
  json_object_set_new (row, "stage", pkt_json_string (out->stage));
  json_object_set_new (row, "reply", pkt_json_string (out->reply));
  json_object_set_new (row, "queue_id", pkt_json_string (out->queue_id));
  json_object_set_new (row, "mailbox", pkt_json_string (out->mailbox));
  json_object_set_new (row, "notices", json_boolean (out->dsn));
  json_object_set_new (row, "message_id", pkt_json_string (s->envelope->message_id));
  json_object_set_new (row, "bytes", json_integer ((json_int_t)g_bytes_get_size (s->message)));
  json_object_set_new (row, "sha256", json_string (digest));
  return row;
}

/* Once more may be asked for, and one's own mailbox is none of Apple's. */
static void
pass_sent (const Send *s)
{
  GPtrArray *faults = s->sealed->faults;
  for (guint i = faults->len; i > 0; i--) {
    const PktSealFault *f = g_ptr_array_index (faults, i - 1);
    if (f->kind == PKT_SEAL_SENT && (s->o->again || s->o->to_self))
      g_ptr_array_remove_index (faults, i - 1);
  }
}

static gboolean
check_seal (Send *s, GError **error)
{
  s->sealed = pkt_seal_load (s->o->packet, error);
  if (s->sealed == NULL)
    return FALSE;
  pass_sent (s);
  return pkt_seal_require (s->sealed, error);
}

static gboolean
load (Send *s, GError **error)
{
  if (!check_seal (s, error))
    return FALSE;
  gboolean draft = s->o->way == PKT_SEND_DRAFT;
  const char *file = draft ? "draft.eml" : "request.eml";
  s->message = draft ? pkt_draft_dated (s->sealed->draft, true_now ())
                     : g_bytes_ref (s->sealed->request);
  s->envelope = pkt_envelope_read (s->message, file, error);
  if (s->envelope == NULL)
    return FALSE;
  s->what = (PktSubmission){ .from = s->envelope->from,
                             .to = s->o->to_self ? s->envelope->from : s->envelope->to,
                             .helo = s->server ? s->server->helo : "",
                             .message = s->message,
                             .file = file };
  return TRUE;
}

static gboolean
ask_way (Send *s, GError **error)
{
  if (check_seal (s, error))
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "send: %s may be sent; say how: by one of --smtp smtp(s)://HOST, --sendmail and "
                 "--draft imap(s)://HOST",
                 s->o->packet);
  return FALSE;
}

static gboolean
prepare (Send *s, GError **error)
{
  if (s->o->way == PKT_SEND_ASK)
    return ask_way (s, error);
  if (!pkt_send_check_options (s->o, error))
    return FALSE;
  if (s->o->way == PKT_SEND_SENDMAIL)
    s->sendmail = pkt_sendmail_find (s->o->target, error);
  else
    s->server = pkt_send_server (s->o, error);
  return s->sendmail != NULL || s->server != NULL;
}

static char *
dialogue (const Send *s, GError **error)
{
  gsize n = g_bytes_get_size (s->message);
  PktBytesNeed need;
  if (!pkt_smtp_need (&s->what, &need, error))
    return NULL;
  if (s->server == NULL)
    return g_strdup_printf ("%s -i -f %s -- %s\n   (%" G_GSIZE_FORMAT
                            " bytes of %s on its standard input, lines ended by LF)\n",
                            s->sendmail, s->what.from, s->what.to, n, s->what.file);
  g_autofree char *login = pkt_send_login_text (s->server, s->o);
  g_autofree char *said = s->o->way == PKT_SEND_SMTP
                              ? pkt_smtp_dialogue (&s->what, login, error)
                              : g_strdup_printf (
                                  "%sC: P1 CAPABILITY\n%sC: P2 APPEND %s (\\Draft \\Seen) "
                                  "{%" G_GSIZE_FORMAT "}\n   (%" G_GSIZE_FORMAT
                                  " bytes of draft.eml, with a Date and without X-Unsent)\n"
                                  "C: P0 LOGOUT\n",
                                  login, s->o->mailbox ? "" : "C: LIST \"\" \"*\"\n",
                                  s->o->mailbox ? s->o->mailbox : "(the mailbox marked \\Drafts)",
                                  n, n);
  return said ? g_strdup_printf ("   (to %s)\n%s", s->server->name, said) : NULL;
}

static gboolean
deliver (Send *s, PktWire *wire, GError **error)
{
  PktDraftUpload draft = { s->o->mailbox, s->what.secrets, s->message };
  return s->o->way == PKT_SEND_SMTP ? pkt_smtp_submit (wire, &s->what, &s->outcome, error)
         : s->o->way == PKT_SEND_DRAFT
             ? pkt_imap_append (wire, &draft, &s->outcome, error)
             : pkt_sendmail_run (s->sendmail, &s->what, &s->outcome, error);
}

/* The row that stands while the message is under way: given up now, it would be unsure. */
static gboolean
begin_receipt (Send *s, GError **error)
{
  s->outcome.state = PKT_OUTCOME_UNSURE;
  g_autoptr (json_t) row = receipt_of (s);
  s->outcome.state = PKT_OUTCOME_NOT;
  if (s->o->to_self || pkt_receipt_put (s->o->packet, row, FALSE, error))
    return TRUE;
  g_prefix_error (error, "nothing was sent, since the receipt cannot be written: ");
  return FALSE;
}

/* What happened is said in any case, also where it can no longer be written down. */
static gboolean
end_receipt (Send *s, PktSendResult *out, GError **error)
{
  g_autoptr (GError) why = NULL;
  out->receipt = receipt_of (s);
  if (s->o->to_self && s->outcome.state == PKT_OUTCOME_NOT)
    return TRUE;
  if (pkt_receipt_put (s->o->packet, out->receipt, !s->o->to_self, &why))
    return TRUE;
  if (error != NULL && *error != NULL)
    return FALSE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
               "it was sent, but the receipt cannot be written (%s): packet.json says that it is "
               "unsure. The server said: %s",
               why->message, s->outcome.reply ? s->outcome.reply : "nothing");
  return FALSE;
}

static gboolean
hand_over (Send *s, PktSendResult *out, GError **error)
{
  if (s->server != NULL && !pkt_send_login (s->server, s->o, error))
    return FALSE;
  s->what.secrets = s->server ? (const char *const *)s->server->secrets : NULL;
  g_autoptr (PktWire) wire = NULL;
  if (s->server != NULL && (wire = pkt_server_connect (s->server, &s->outcome, error)) == NULL) {
    g_prefix_error (error, "%s: ", s->server->name);
    return FALSE;
  }
  if (!begin_receipt (s, error))
    return FALSE;
  gboolean ok = deliver (s, wire, error);
  if (!ok && s->server != NULL)
    g_prefix_error (error, "%s: ", s->server->name);
  return end_receipt (s, out, error) && ok;
}

static gboolean
locked (Send *s, PktSendResult *out, GError **error)
{
  int lock = pkt_receipt_lock (s->o->packet, error);
  if (lock < 0)
    return FALSE;
  pkt_stop_begin ();
  gboolean ok = load (s, error) && hand_over (s, out, error);
  if (!ok && s->outcome.state == PKT_OUTCOME_NOT)
    out->signal = pkt_stop_asked ();
  pkt_stop_end ();
  close (lock);
  return ok;
}

gboolean
pkt_send_run (const PktSendOptions *o, PktSendResult *out, GError **error)
{
  g_auto (Send) s = { .o = o };
  if (!prepare (&s, error))
    return FALSE;
  if (!o->dry_run)
    return locked (&s, out, error);
  out->dialogue = load (&s, error) ? dialogue (&s, error) : NULL;
  return out->dialogue != NULL;
}
