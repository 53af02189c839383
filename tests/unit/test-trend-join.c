#include "packet/trend/join.h"

static PktAttempt
record (const char *scope, const char *id)
{
  return (PktAttempt){ .queue_scope = pkt_slice_str (scope),
                       .queue_id = pkt_slice_str (id),
                       .size = -1 };
}

static void
arrival (PktJoin *j, const char *id, const char *sender, gint64 size)
{
  PktAttempt a = record ("mail postfix", id);
  a.sender = pkt_slice_str (sender);
  a.size = size;
  pkt_join_note (j, PKT_RECORD_ARRIVAL, &a);
}

static void
message_id (PktJoin *j, const char *id, const char *mid)
{
  PktAttempt a = record ("mail postfix", id);
  a.message_id = pkt_slice_str (mid);
  pkt_join_note (j, PKT_RECORD_MESSAGE_ID, &a);
}

static void
same (PktSlice got, const char *expected)
{
  g_autofree char *text = got.p ? g_strndup (got.p, got.n) : NULL;
  g_assert_cmpstr (text, ==, expected);
}

/* What is known of an id: sender (NULL: nothing), Message-ID ("" where there is none), size. */
static void
knows (PktJoin *j, const char *scope, const char *id, const char *sender, const char *mid,
       gint64 size)
{
  PktAttempt a = record (scope, id);
  pkt_join_fill (j, &a);
  same (a.sender, sender);
  g_autofree char *text = g_strndup (a.message_id.p ? a.message_id.p : "", a.message_id.n);
  g_assert_cmpstr (text, ==, mid);
  g_assert_cmpint (a.size, ==, size);
}

/* One of some thousand domains, or none. */
static char *
some_sender (GRand *rand, const char *filler)
{
  const gint which = g_rand_int_range (rand, -100, 5000);
  return which < 0 ? g_strdup (filler) : g_strdup_printf ("%s@h%d.example.net", filler, which);
}

/* Of which the table may keep no more than the domain. */
static const char *
kept_of (const char *sender, gboolean domains_only)
{
  const char *at = sender && domains_only ? strrchr (sender, '@') : sender;
  return sender && at == NULL ? "" : at;
}

/* Messages that come, are said again, and go, with senders and ids of any length; what is known of
 * each is kept beside the table too. */
static void
check_random (gboolean domains_only)
{
  enum { MESSAGES = 400 };
  char *senders[MESSAGES] = { NULL }, *ids[MESSAGES] = { NULL };
  GRand *rand = g_rand_new_with_seed (20261121);
  g_autoptr (PktJoin) j = pkt_join_new ();
  if (domains_only)
    pkt_join_domains_only (j);
  for (guint i = 0; i < 60000; i++) {
    guint m = (guint)g_rand_int_range (rand, 0, MESSAGES);
    g_autofree char *queue_id = g_strdup_printf ("Q%u", m);
    g_autofree char *filler = g_strnfill ((gsize)g_rand_int_range (rand, 0, 60), 'x');
    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      if (senders[m]) /* an id after the sender is another message's */
        g_clear_pointer (&senders[m], g_free);
      g_free (ids[m]);
      ids[m] = g_strconcat (filler, "@example.com", NULL);
      message_id (j, queue_id, ids[m]);
      break;
    case 1:
      g_free (senders[m]);
      senders[m] = some_sender (rand, filler);
      arrival (j, queue_id, senders[m], 5);
      break;
    case 2: {
      PktAttempt a = record ("mail postfix", queue_id);
      pkt_join_note (j, PKT_RECORD_REMOVED, &a);
      g_clear_pointer (&senders[m], g_free);
      g_clear_pointer (&ids[m], g_free);
      break;
    }
    default:
      knows (j, "mail postfix", queue_id, kept_of (senders[m], domains_only),
             ids[m] && !domains_only ? ids[m] : "", senders[m] ? 5 : -1);
    }
  }
  for (guint m = 0; m < MESSAGES; m++) {
    g_free (senders[m]);
    g_free (ids[m]);
  }
  g_rand_free (rand);
}

static void
test_random (void)
{
  check_random (FALSE);
}

static void
test_domains_only (void)
{
  check_random (TRUE);
}

/* The newest are known, however many there were. */
static void
test_bound (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  const guint n = PKT_JOIN_MAX_MESSAGES + 5000;
  for (guint i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%X", i);
    arrival (j, id, "s@example.com", 1);
  }
  g_assert_cmpuint (pkt_join_forgotten (j), ==, 5000);
  guint known = 0;
  for (guint i = n - 1000; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%X", i);
    PktAttempt a = record ("mail postfix", id);
    pkt_join_fill (j, &a);
    known += a.sender.p != NULL;
  }
  g_assert_cmpuint (known, ==, 1000);
}

static void
test_fill (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  message_id (j, "A1", "m1@example.com");
  knows (j, "mail postfix", "A1", NULL, "m1@example.com", -1);
  arrival (j, "A1", "s@example.com", 700);
  arrival (j, "A1", "s@example.com", 700); /* on every retry */
  knows (j, "mail postfix", "A1", "s@example.com", "m1@example.com", 700);
  knows (j, "mail2 postfix", "A1", NULL, "", -1);
  knows (j, "mail postfix-out", "A1", NULL, "", -1);
  knows (j, "mail postfix", "", NULL, "", -1);
  PktAttempt own = record ("mail postfix", "A1"); /* what the line says stays */
  own.sender = PKT_SLICE ("other@example.com");
  own.size = 5;
  pkt_join_fill (j, &own);
  same (own.sender, "other@example.com");
  g_assert_cmpint (own.size, ==, 5);
}

static void
test_null_sender (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  arrival (j, "A1", "", 0);
  PktAttempt a = record ("mail postfix", "A1");
  pkt_join_fill (j, &a);
  g_assert_nonnull (a.sender.p);
  g_assert_cmpuint (a.sender.n, ==, 0);
  g_assert_cmpint (a.size, ==, 0);
}

static void
test_reuse (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  message_id (j, "A1", "old@example.com");
  arrival (j, "A1", "old@example.com", 1);
  message_id (j, "A1", "new@example.com"); /* `removed` was not seen */
  knows (j, "mail postfix", "A1", NULL, "new@example.com", -1);
  arrival (j, "A1", "new@example.com", 2);
  knows (j, "mail postfix", "A1", "new@example.com", "new@example.com", 2);
  PktAttempt a = record ("mail postfix", "A1");
  pkt_join_note (j, PKT_RECORD_REMOVED, &a);
  knows (j, "mail postfix", "A1", NULL, "", -1);
  pkt_join_note (j, PKT_RECORD_REMOVED, &a);
}

/* Texts of all lengths around what fits without a block of its own, in either order. */
static void
test_lengths (void)
{
  for (gsize mid_n = 0; mid_n < 200; mid_n += 13)
    for (gsize from_n = 1; from_n < 200; from_n += 17)
      for (int order = 0; order < 3; order++) {
        g_autoptr (PktJoin) j = pkt_join_new ();
        g_autofree char *mid = g_strnfill (mid_n, 'm'), *from = g_strnfill (from_n, 's');
        if (order == 1)
          arrival (j, "A1", "somebody-else@example.com", 9);
        if (order != 2)
          message_id (j, "A1", mid);
        arrival (j, "A1", from, 9);
        knows (j, "mail postfix", "A1", from, order == 2 ? "" : mid, 9);
      }
}

/* Many at a time, removed in another order: what stays is still found. */
static void
test_many (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  const guint n = 20000;
  for (guint i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%06X", i), *mid = g_strdup_printf ("%u@x", i);
    message_id (j, id, mid);
  }
  for (guint i = 0; i < n; i++) {
    if (i * 7919 % n % 3 == 0)
      continue;
    g_autofree char *id = g_strdup_printf ("%06X", i * 7919 % n);
    PktAttempt a = record ("mail postfix", id);
    pkt_join_note (j, PKT_RECORD_REMOVED, &a);
  }
  for (guint i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%06X", i), *mid = g_strdup_printf ("%u@x", i);
    knows (j, "mail postfix", id, NULL, i % 3 == 0 ? mid : "", -1);
  }
  g_assert_cmpuint (pkt_join_forgotten (j), ==, 0);
}

static void
test_forgets (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  for (guint i = 0; i < PKT_JOIN_MAX_MESSAGES + 1000; i++) {
    g_autofree char *id = g_strdup_printf ("%06X", i);
    message_id (j, id, "m@x");
  }
  g_assert_cmpuint (pkt_join_forgotten (j), ==, 1000);
  g_autofree char *last = g_strdup_printf ("%06X", PKT_JOIN_MAX_MESSAGES + 999);
  knows (j, "mail postfix", last, NULL, "m@x", -1);
}

static PktAttempt
put_off (const char *to, PktOutcome outcome, const char *reply)
{
  PktAttempt a = record ("mail postfix", "A1");
  a.recipient = pkt_slice_str (to);
  a.outcome = outcome;
  a.stage = PKT_STAGE_RCPT;
  a.reply = pkt_slice_str (reply);
  a.reply_is_remote = g_ascii_isdigit (reply[0]);
  return a;
}

static void
gave_up (const PktAttempt *last, gboolean apple, gpointer data)
{
  g_string_append_printf (data, "%.*s %s %s%.*s at %" G_GINT64_FORMAT "\n", (int)last->recipient.n,
                          last->recipient.p, pkt_outcome_name (last->outcome),
                          apple ? "apple " : "", (int)last->reply.n,
                          last->reply.p ? last->reply.p : "", last->stamp.us);
}

static char *
expire (PktJoin *j)
{
  GString *out = g_string_new (NULL);
  PktAttempt a = record ("mail postfix", "A1");
  a.stamp = (PktStamp){ 77, PKT_STAMP_UTC };
  pkt_join_expire (j, &a, gave_up, out);
  return g_string_free (out, FALSE);
}

static void
test_expire (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  PktAttempt first = put_off ("a@icloud.com", PKT_DEFERRED, "451 one"),
             second = put_off ("a@icloud.com", PKT_DEFERRED, "451 two"),
             copy = put_off ("a@icloud.com", PKT_NOT_ATTEMPTED, "connect to x"),
             other = put_off ("b@example.net", PKT_DEFERRED, "452 full"),
             done = put_off ("c@icloud.com", PKT_DEFERRED, "452 full"),
             never = put_off ("d@icloud.com", PKT_NOT_ATTEMPTED, "421 a copy"),
             unheard = put_off ("e@icloud.com", PKT_DEFERRED,
                                "lost connection with x while sending RCPT TO");
  pkt_join_put_off (j, &first, TRUE, NULL);
  pkt_join_put_off (j, &other, FALSE, NULL);
  pkt_join_put_off (j, &second, TRUE, NULL);
  pkt_join_put_off (j, &copy, TRUE, NULL);
  pkt_join_put_off (j, &done, TRUE, NULL);
  pkt_join_put_off (j, &never, TRUE, NULL);
  pkt_join_put_off (j, &unheard, TRUE, NULL);
  pkt_join_settle (j, &done);
  g_autofree char *got = expire (j), *again = expire (j);
  g_assert_cmpstr (got, ==,
                   "b@example.net bounced 452 full at 77\n"
                   "a@icloud.com bounced apple 451 two at 77\n"
                   "d@icloud.com bounced apple  at 77\n"
                   "e@icloud.com not_attempted apple lost connection with x while sending RCPT TO "
                   "at 77\n");
  g_assert_cmpstr (again, ==, ""); /* told once */
}

static void
test_removed_is_no_expiry (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  PktAttempt a = put_off ("a@icloud.com", PKT_DEFERRED, "451 one"),
             removed = record ("mail postfix", "A1");
  pkt_join_put_off (j, &a, TRUE, NULL);
  pkt_join_note (j, PKT_RECORD_REMOVED, &removed);
  g_autofree char *got = expire (j);
  g_assert_cmpstr (got, ==, "");
}

/* A message that begins is none that was known by its id; who waited before its sender was told is
 * its own. */
static void
test_received (void)
{
  g_autoptr (PktJoin) j = pkt_join_new ();
  PktAttempt a = put_off ("a@icloud.com", PKT_DEFERRED, "451 one"),
             received = record ("mail postfix", "A1");
  received.sender = PKT_SLICE ("news@example.com");
  received.message_id = PKT_SLICE ("1@example.com");
  received.size = 7;
  pkt_join_put_off (j, &a, TRUE, NULL);
  pkt_join_note (j, PKT_RECORD_RECEIVED, &received);
  knows (j, "mail postfix", "A1", "news@example.com", "1@example.com", 7);
  g_assert_true (pkt_join_waits (j, pkt_attempt_queue_key (&received)));
  received.sender = PKT_SLICE ("");
  received.message_id = pkt_slice (NULL, 0);
  received.size = -1;
  pkt_join_note (j, PKT_RECORD_RECEIVED, &received);
  knows (j, "mail postfix", "A1", "", "", -1);
  g_assert_false (pkt_join_waits (j, pkt_attempt_queue_key (&received)));
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/trend/join/fill", test_fill },         { "/trend/join/random", test_random },
  { "/trend/join/bound", test_bound },       { "/trend/join/null-sender", test_null_sender },
  { "/trend/join/reuse", test_reuse },       { "/trend/join/lengths", test_lengths },
  { "/trend/join/many", test_many },         { "/trend/join/forgets", test_forgets },
  { "/trend/join/expire", test_expire },     { "/trend/join/removed", test_removed_is_no_expiry },
  { "/trend/join/received", test_received }, { "/trend/join/domains-only", test_domains_only },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  return g_test_run ();
}
