/* What readers of text logs share: stamps, wrappings, docker's records, small pieces, memory. */
#include "packet/log/docker-json.h"
#include "packet/log/memory.h"
#include "packet/log/text-log.h"
#include "packet/log/text-parse.h"

static void
test_stamps (void)
{
  static const struct {
    const char *text;
    gsize n;
    gint64 second; /* UTC */
    PktStampKind kind;
  } stamps[] = { { "2026-02-28 23:59:50.418 -0800 [1]", 29, 1772351990, PKT_STAMP_UTC },
                 { "2026-02-28 23:59:50 +0100", 25, 1772319590, PKT_STAMP_UTC },
                 { "2026-02-28 23:59:50 +01000", 19, 1772323190, PKT_STAMP_LOCAL },
                 { "2026-02-28 23:59:50 1vw7kN", 19, 1772323190, PKT_STAMP_LOCAL },
                 { "@40000000419f13a508f3214c delivery", 25, 1100944283, PKT_STAMP_UTC },
                 { "@40000000419f13a5ffffffff x", 0, 0, PKT_STAMP_NONE },
                 { "@40000000419f13a508f3214", 0, 0, PKT_STAMP_NONE },
                 { "@3fffffff419f13a508f3214c x", 0, 0, PKT_STAMP_NONE },
                 { "yesterday", 0, 0, PKT_STAMP_NONE } };
  for (gsize i = 0; i < G_N_ELEMENTS (stamps); i++) {
    PktStamp stamp = { 0, PKT_STAMP_NONE };
    g_assert_cmpuint (pkt_text_stamp (pkt_slice_str (stamps[i].text), 0, &stamp), ==, stamps[i].n);
    if (stamps[i].n == 0)
      continue;
    g_assert_cmpint (stamp.kind, ==, stamps[i].kind);
    g_assert_cmpint (stamp.us / PKT_SECOND, ==, stamps[i].second);
  }
}

static void
is (PktSlice got, const char *wanted)
{
  g_autofree char *text = g_strndup (got.p ? got.p : "", got.n);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_unwrap (void)
{
  is (pkt_wrap_skip_name (PKT_SLICE ("haraka-1  | level=INFO")), "level=INFO");
  is (pkt_wrap_skip_name (PKT_SLICE ("\x1b[36mstalwart |\x1b[0m INFO x")), "INFO x");
  is (pkt_wrap_skip_name (PKT_SLICE ("[pod/a/b] 2026-01-02T03:04:05Z Mar  3 10:45:35 h x: y")),
      "Mar  3 10:45:35 h x: y");
  is (pkt_wrap_skip_name (PKT_SLICE ("2026-01-02T03:04:05Z level=INFO")),
      "2026-01-02T03:04:05Z level=INFO"); /* the only time that there is */
  is (pkt_wrap_skip_name (PKT_SLICE ("two words | x")), "two words | x");
}

static void
test_docker (void)
{
  PktDockerJson d = { 0 };
  PktSlice line = PKT_SLICE (
      "{\"log\":\"a \\u00e4\\ud83d\\ude00\\ud83d \\\"q\\\" \\/\\n\",\"stream\":"
      "\"stdout\",\"time\":\"2026-03-03T10:45:29.1Z\"}");
  g_assert_true (pkt_docker_json_line (&d, &line));
  is (line, "2026-03-03T10:45:29.1Z a ä😀\xef\xbf\xbd \"q\" /");
  line = PKT_SLICE ("{\"log\":\"first \",\"stream\":\"stderr\",\"time\":\"2026-03-03T10:45:29Z\"}");
  g_assert_false (pkt_docker_json_line (&d, &line));
  line = PKT_SLICE (
      "{\"log\":\"second\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-03T10:45:30Z\"}");
  g_assert_true (pkt_docker_json_line (&d, &line));
  is (line, "2026-03-03T10:45:30Z first second");
  line = PKT_SLICE ("{\"log\":\"cut \\u00");
  g_assert_true (pkt_docker_json_line (&d, &line)); /* no such record: as it was */
  is (line, "{\"log\":\"cut \\u00");
  pkt_docker_json_clear (&d);
}

static void
test_host_ip (void)
{
  static const struct {
    const char *text, *host, *ip, *rest;
  } hosts[] = { { "mx01.mail.icloud.com [17.57.156.30]:25 x", "mx01.mail.icloud.com",
                  "17.57.156.30", " x" },
                { "mx01.mail.icloud.com. [IPv6:2001:db8::1], dsn", "mx01.mail.icloud.com",
                  "2001:db8::1", ", dsn" },
                { "mx[1.2.3.4]: said", "mx", "1.2.3.4", ": said" },
                { "[127.0.0.1] [127.0.0.1]", "127.0.0.1", "127.0.0.1", " [127.0.0.1]" } };
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++) {
    PktSlice s = pkt_slice_str (hosts[i].text), host, ip;
    g_assert_true (pkt_take_host_ip (&s, &host, &ip));
    is (host, hosts[i].host);
    is (ip, hosts[i].ip);
    is (s, hosts[i].rest);
  }
  PktSlice s = PKT_SLICE ("mx01.mail.icloud.com., dsn"), host, ip;
  g_assert_false (pkt_take_host_ip (&s, &host, &ip));
  g_assert_true (pkt_same_address (PKT_SLICE ("quoted local@Icloud.com"),
                                   PKT_SLICE ("\"quoted local\"@icloud.com")));
  g_assert_false (pkt_same_address (PKT_SLICE ("a@icloud.com"), PKT_SLICE ("ab@icloud.com")));
}

/* However much is to be remembered, it stays within its bounds, and the oldest goes first. */
static void
test_memory (void)
{
  g_autoptr (PktMemory) m = pkt_memory_new ();
  g_autofree char *long_text = g_strnfill (PKT_MEMORY_MAX_TEXT * 2, 'x');
  gsize peak = 0;
  for (guint i = 0; i < 80000; i++) {
    char id[16];
    g_snprintf (id, sizeof id, "%u", i);
    PktRemembered *r = pkt_memory_take (m, PKT_SLICE ("host"), pkt_slice_str (id));
    pkt_remember (r, &r->reply, pkt_slice_str (long_text));
    g_assert_cmpuint (strlen (r->reply), ==, PKT_MEMORY_MAX_TEXT);
    peak = MAX (peak, *r->bytes);
  }
  g_assert_cmpuint (peak, <=, PKT_MEMORY_MAX_BYTES + 2 * PKT_MEMORY_MAX_TEXT);
  g_assert_null (pkt_memory_find (m, PKT_SLICE ("host"), PKT_SLICE ("0")));
  PktRemembered *r = pkt_memory_find (m, PKT_SLICE ("host"), PKT_SLICE ("79999"));
  g_assert_nonnull (r);
  pkt_remember_recipient (r, PKT_SLICE ("A@icloud.com"));
  pkt_remember_recipient (r, PKT_SLICE ("a@icloud.com"));
  g_assert_cmpuint (r->recipients->len, ==, 1);
  g_assert_true (pkt_remembers_recipient (r, PKT_SLICE ("a@ICLOUD.com")));
  g_assert_true (pkt_remember_mark (r, 7));
  g_assert_false (pkt_remember_mark (r, 7));
  pkt_memory_drop (m, PKT_SLICE ("host"), PKT_SLICE ("79999"));
  g_assert_null (pkt_memory_find (m, PKT_SLICE ("host"), PKT_SLICE ("79999")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-text/stamps", test_stamps);
  g_test_add_func ("/log-text/unwrap", test_unwrap);
  g_test_add_func ("/log-text/docker", test_docker);
  g_test_add_func ("/log-text/host-ip", test_host_ip);
  g_test_add_func ("/log-text/memory", test_memory);
  return g_test_run ();
}
