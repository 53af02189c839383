/* Records that are read as the ones before were written, held against each one read by itself. */
#include "packet/log/format.h"

typedef struct {
  GString *said; /* what a record told */
} Told;

static void
tell (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Told *told = data;
  PktAttempt copy = *a;
  PktSlice *texts[PKT_ATTEMPT_TEXTS];
  pkt_attempt_texts (&copy, texts);
  g_string_append_printf (told->said, "%d %d %d %d %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT,
                          (int)kind, (int)a->outcome, (int)a->stage, a->reply_is_remote,
                          a->stamp.us, (int)a->stamp.kind, a->size);
  for (guint i = 0; i < PKT_ATTEMPT_TEXTS; i++) {
    g_string_append_c (told->said, '|');
    g_string_append_len (told->said, texts[i]->p ? texts[i]->p : "-",
                         texts[i]->p ? (gssize)texts[i]->n : 1);
  }
  g_string_append_c (told->said, '\n');
}

static void
parse (const PktFormat *f, gpointer state, const char *line, Told *told)
{
  g_string_truncate (told->said, 0);
  const PktRecordKind kind = f->parse (state, pkt_slice_str (line), tell, told);
  g_string_append_printf (told->said, "%d", (int)kind);
}

static const char *
any_of (const char *const *all, guint n)
{
  return all[g_test_rand_int_range (0, (gint32)n)];
}
#define ANY(...)                                                                                   \
  any_of ((const char *const[]){ __VA_ARGS__ },                                                    \
          G_N_ELEMENTS (((const char *const[]){ __VA_ARGS__ })))

/* Some are no strings: half a pair of surrogates, an escape that there is not, a tab. */
static const char *
odd (void)
{
  if (g_test_rand_int_range (0, 8))
    return "";
  return ANY ("", "", "", "", "", "", "", "", "", "\\/", "\\\"", "\\\\", "\\u00fc", "\\u0041",
              "\\n", "\\ud83d\\ude00", "\\\\\\\"", "\xc3\xbc\\/", "\\ud83d", "\\q", "\t\\/",
              "\\u0000");
}

static const char *
category (void)
{
  if (g_test_rand_int_range (0, 20))
    return ANY ("[\"a\",\"b\"]", "[\"a\",\"b\"]", "[\"a\"]", "[\"a\\/b\"]");
  return ANY ("[\"a\",\"b\"]", "[\"a\",\"b\"]", "[\"a\",\"b\"]", "[\"a\"]", "[]", "\"z\"", "null",
              "{\"a\":\"b\"}", "[\"a\\/b\"]", "[\"a\\q\"]", "[\"a\",\"b\\/\"]", "7");
}

static char *
sendgrid (guint i)
{
  return g_strdup_printf (
      "{\"email\":\"dana.%u%s@icloud.com\",\"timestamp\":%u,\"smtp-id\":\"<%u%s@example.net>\","
      "\"event\":\"%s%s\",\"category\":%s,\"sg_message_id\":\"m%u%s\",\"reason\":\"550 5.7.1 "
      "no%s\","
      "\"url\":\"https://example.com%s%s/%u\",\"data\":%s,\"from\":\"news%s@example.org\"}",
      i % 100, odd (), 1793577600 + i, i, odd (), ANY ("bounce", "delivered"), i % 50 ? "" : odd (),
      category (), i, odd (), odd (), odd (), odd (), i, category (), odd ());
}

static const char *
sender (void)
{
  return g_test_rand_int_range (0, 4) ? "news@example.org" : ANY ("", "<>", " ", "<a@example.com>");
}

static char *
kumo (guint i)
{
  const gboolean taken = g_test_rand_int_range (0, 2);
  return g_strdup_printf (
      "{\"type\":\"%s\",\"id\":\"%08u%s\",\"sender\":\"%s%s\",\"recipient\":\"dana.%u%s"
      "@icloud.com\",\"size\":%u,\"response\":{\"code\":%s,\"enhanced_code\":{\"class\":%s,"
      "\"subject\":0,\"detail\":0},\"content\":\"said%s%s\",\"command\":%s},"
      "\"peer_address\":{\"name\":\"mx01.mail.icloud.com.%s\",\"addr\":\"17.57.154.33\"},"
      "\"timestamp\":%u,\"num_attempts\":%u,\"meta\":%s,\"headers\":{\"Subject\":\"a%s%u\"}}",
      taken ? "Delivery" : ANY ("Bounce", "TransientFailure"), i, odd (), sender (), odd (),
      i % 100, odd (), i, taken ? "250" : "550", taken ? "2" : "5", odd (), odd (), category (),
      odd (), 1793577600 + i, i % 3, category (), odd (), i);
}

/* More ways to write one than are kept, some met often and some hardly ever. */
static char *
mixed (guint i)
{
  const guint keys = g_test_rand_int_range (0, 4) ? i % 7 : (guint)g_test_rand_int_range (0, 128);
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (line,
                          "{\"email\":\"dana.%u@icloud.com\",\"timestamp\":%u,\"event\":\"%s\","
                          "\"sg_event_id\":\"e%u\"",
                          i % 100, 1793577600 + i, ANY ("bounce", "delivered", "open"), i);
  for (guint key = 0; key < 7; key++)
    if (keys >> key & 1)
      g_string_append_printf (line, ",\"%s\":\"%s%u\"",
                              ((const char *const[]){ "response", "reason", "ip", "from", "url",
                                                      "useragent", "sg_message_id" })[key],
                              ANY ("a", "250 2.0.0 ok ", "x\\/"), i);
  g_string_append_c (line, '}');
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
test_alike (gconstpointer data)
{
  char *(*const make) (guint) = *(char *(*const *)(guint))data;
  const PktFormat *f = pkt_format_find ("events-json");
  Told told = { g_string_new (NULL) }, alone = { g_string_new (NULL) };
  gpointer state = f->begin ();
  for (guint i = 0; i < 6000; i++) {
    g_autofree char *line = make (i);
    gpointer fresh = f->begin ();
    parse (f, fresh, line, &alone);
    f->end (fresh);
    parse (f, state, line, &told);
    g_test_message ("%s", line);
    g_assert_cmpstr (told.said->str, ==, alone.said->str);
  }
  f->end (state);
  g_string_free (told.said, TRUE);
  g_string_free (alone.said, TRUE);
}

int
main (int argc, char **argv)
{
  static char *(*const sendgrids) (guint) = sendgrid, *(*const kumos) (guint) = kumo,
                                  *(*const mixes) (guint) = mixed;
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/log/alike/sendgrid", &sendgrids, test_alike);
  g_test_add_data_func ("/log/alike/kumo", &kumos, test_alike);
  g_test_add_data_func ("/log/alike/mixed", &mixes, test_alike);
  return g_test_run ();
}
