#include <glib.h>
#include <locale.h>
#include <time.h>
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/error.h"
#include "packet/request/message-read.h"
#include "packet/request/message.h"

/* Here, and only here, a part is made without redact/: the test links no maker of its own. */
struct PktPublicPart {
  const char *name, *type;
  PktSlice bytes;
};

const char *
pkt_public_part_name (const PktPublicPart *p)
{
  return p->name;
}

const char *
pkt_public_part_type (const PktPublicPart *p)
{
  return p->type;
}

PktSlice
pkt_public_part_bytes (const PktPublicPart *p)
{
  return p->bytes;
}

static const char png[]
    = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n.\r\nFrom here\n\xff\xfe, no picture at all";

static PktPublicPart parts[] = {
  { "apple-smtp-errors.txt", "text/plain",
    PKT_SLICE ("550 5.7.1 [CS02] Message rejected due to local policy.\n") },
  { "apple-bounce-trend-2026-04-20_2026-05-19.csv", "text/csv",
    PKT_SLICE ("day,final,policy\r\n2026-05-18,18412,7046\r\n") },
  { "campaign.png", "image/png", { png, sizeof png - 1 } },
};

static PktMessage
example (GPtrArray *list)
{
  return (PktMessage){
    .from_name = "Dana Sample",
    .from_address = "postmaster@example.com",
    .to_address = "icloudadmin@apple.com",
    .subject = "iCloud Mail delivery issue for example.com",
    .date = G_GINT64_CONSTANT (1779268800) * 1000000,
    .message_id = "0123456789abcdef@mail.example.com",
    .body = "Company:           Example Company\n\nDana Sample\n",
    .parts = list,
    .boundary_seed = "example",
  };
}

static GPtrArray *
all_parts (void)
{
  GPtrArray *list = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_ptr_array_add (list, &parts[i]);
  return list;
}

static GBytes *
render (const PktMessage *m)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = pkt_message_render (m, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  return bytes;
}

static char *
render_text (const PktMessage *m)
{
  g_autoptr (GBytes) bytes = render (m);
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  return g_strndup (p, n);
}

static GMimeMessage *
parse (GBytes *bytes)
{
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (p, n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
  g_assert_nonnull (message);
  return message;
}

/* The decoded content of a part, CRLF as it came. */
static GByteArray *
content (GMimeMessage *message, int index)
{
  GMimeObject *part = g_mime_multipart_get_part (
      GMIME_MULTIPART (g_mime_message_get_mime_part (message)), index);
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_byte_array (bytes);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  g_mime_data_wrapper_write_to_stream (g_mime_part_get_content (GMIME_PART (part)), stream);
  return bytes;
}

static void
expect_text (GMimeMessage *message, int index, const char *want)
{
  g_autoptr (GByteArray) got = content (message, index);
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = g_strndup (got->len > 0 ? (const char *)got->data : "", got->len);
  lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *lf = g_strjoinv ("\n", lines);
  g_assert_cmpstr (lf, ==, want);
}

/* What every message keeps to: CRLF and nothing else, ASCII, header lines up to 78, text up to 76.
 */
static void
expect_form (const char *text)
{
  gboolean header = TRUE;
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_assert_null (strpbrk (lines[i], "\r\n"));
    /* A header line that cannot be folded has no blank but the one after its name. */
    const char *blank = strchr (lines[i], ' ');
    gboolean foldable = !header || (blank != NULL && strchr (blank + 1, ' ') != NULL);
    if (strlen (lines[i]) > (header ? 78 : 76) && foldable)
      g_error ("line %u is too long: %s", i + 1, lines[i]);
    for (const char *p = lines[i]; *p != '\0'; p++)
      g_assert_cmpint ((guchar)*p, <, 0x7f);
    header = lines[i][0] != '\0' && (header || g_str_has_prefix (lines[i], "--=_"));
  }
  g_assert_true (g_str_has_suffix (text, "--\r\n"));
}

static void
test_plain (void)
{
  g_autoptr (GPtrArray) list = all_parts ();
  PktMessage m = example (list);
  g_autofree char *text = render_text (&m);
  expect_form (text);
  static const char head[] = "From: Dana Sample <postmaster@example.com>\r\n"
                             "To: icloudadmin@apple.com\r\n"
                             "Subject: iCloud Mail delivery issue for example.com\r\n"
                             "Date: Wed, 20 May 2026 09:20:00 +0000\r\n"
                             "Message-ID: <0123456789abcdef@mail.example.com>\r\n"
                             "MIME-Version: 1.0\r\n"
                             "Content-Type: multipart/mixed;";
  g_assert_cmpmem (text, sizeof head - 1, head, sizeof head - 1);
  g_assert_null (strcasestr (text, "user-agent"));
  g_assert_null (strcasestr (text, "x-mailer"));
  g_assert_null (strcasestr (text, "x-unsent"));
  g_assert_null (strcasestr (text, "postpacket"));
  g_assert_null (strcasestr (text, "gmime"));
  g_assert_nonnull (strstr (text, "Content-Type: text/plain; charset=us-ascii\r\n"
                                  "Content-Transfer-Encoding: 7bit\r\n\r\nCompany:"));

  g_autoptr (GBytes) bytes = render (&m);
  g_autoptr (GMimeMessage) message = parse (bytes);
  expect_text (message, 0, m.body);
  expect_text (message, 1, parts[0].bytes.p);
  expect_text (message, 2, "day,final,policy\n2026-05-18,18412,7046\n");
  g_autoptr (GByteArray) picture = content (message, 3);
  g_assert_cmpmem (picture->data, picture->len, png, sizeof png - 1);
  for (int i = 1; i <= 3; i++) {
    GMimeObject *part = g_mime_multipart_get_part (
        GMIME_MULTIPART (g_mime_message_get_mime_part (message)), i);
    g_assert_cmpstr (g_mime_part_get_filename (GMIME_PART (part)), ==, parts[i - 1].name);
    g_assert_cmpstr (g_mime_object_get_disposition (part), ==, "attachment");
  }
}

static void
test_draft (void)
{
  PktMessage m = example (NULL);
  m.draft = TRUE;
  m.message_id = NULL;
  g_autofree char *text = render_text (&m);
  expect_form (text);
  g_assert_nonnull (strstr (text, "\r\nX-Unsent: 1\r\n"));
  g_assert_null (strcasestr (text, "\r\nDate:"));
  g_assert_null (strcasestr (text, "\r\nMessage-ID:"));
}

static void
test_bodies (void)
{
  static const char *const bodies[] = {
    "",
    "no line end",
    "From the start\nFrom \n",
    ".\n..\n.x\n\n.\n",
    "trailing blank \ntab\t\n\n",
    "caf\xc3\xa9 \xe2\x82\xac\n",
    "=20=\n=\n",
    "--=_0123\n--\n",
    "a control \x1b[31m byte and \x7f\n",
    "From xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1\n"
    "From xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx12\n"
    "From xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1\n",
    "554 5.7.1 [CS01] Message rejected due to local policy. Please visit "
    "https://support.apple.com/en-us/HT204137aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++) {
    PktMessage m = example (NULL);
    m.body = bodies[i];
    g_autofree char *text = render_text (&m);
    expect_form (text);
    g_assert_null (strstr (text, "\r\nFrom "));
    g_assert_null (strstr (text, "\r\n.\r\n"));
    g_assert_null (strstr (text, " \r\n"));
    g_autoptr (GBytes) bytes = render (&m);
    g_autoptr (GMimeMessage) message = parse (bytes);
    expect_text (message, 0, bodies[i]);
  }
}

typedef struct {
  const char *name, *subject;
} Words;

static void
test_words (void)
{
  static const Words cases[] = {
    { "D\xc3\xa4n\xc3\xa4 S\xc3\xa4mple", "iCloud Mail delivery issue for ex\xc3\xa4mple.com" },
    { "\xe2\x82\xac \"quoted\\\" <a@example.org>, b", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
    { "Sample, Dana", "a b" },
    { "A name of sixty-four bytes, with a comma, which fills the line..",
      "iCloud Mail delivery issue for "
      "a-domain-name-of-many-letters.a-domain-name-of-many-letters.a-domain-name-of-many-letters."
      "a-domain-name-of-many-letters.example.com" },
    { "",
      "a subject with many words that goes on and on until it needs to be folded at least once, "
      "and then once more, since it does not end where one would think that it ends" },
    { "D\xc3\xa4 012345678901234567890123456789012345678901234567890123456789",
      "\xe2\x82\xac, 012345678901234567890123456789012345678901234567890123456789" },
    { "Dana",
      "01234567890123456789012345678901234567890123456789012345678901234567890123456789 long" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    PktMessage m = example (NULL);
    m.from_name = cases[i].name;
    m.subject = cases[i].subject;
    g_autofree char *text = render_text (&m);
    expect_form (text);
    g_assert_null (strstr (text, "iso-8859"));
    g_autoptr (GBytes) bytes = render (&m);
    g_autoptr (GMimeMessage) message = parse (bytes);
    g_assert_cmpstr (g_mime_message_get_subject (message), ==, cases[i].subject);
    InternetAddressList *from = g_mime_message_get_from (message);
    g_assert_cmpint (internet_address_list_length (from), ==, 1);
    InternetAddress *a = internet_address_list_get_address (from, 0);
    g_assert_cmpstr (internet_address_get_name (a) ? internet_address_get_name (a) : "", ==,
                     cases[i].name);
    g_assert_cmpstr (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (a)), ==,
                     m.from_address);
  }
}

static void
test_threads (void)
{
  PktMessage m = example (NULL);
  m.in_reply_to = "first@mail.example.com";
  m.references
      = "<an-id-that-is-not-so-short-0123456789012345@mail.example.com> first@mail.example.com "
        "<another-id-that-is-not-so-short-0123456789@mail.example.com>";
  g_autofree char *text = render_text (&m);
  expect_form (text);
  g_assert_nonnull (strstr (text, "\r\nIn-Reply-To: <first@mail.example.com>\r\n"));
  g_assert_nonnull (strstr (text, "\r\nReferences: <an-id-that"));
  g_assert_nonnull (strstr (text, " <first@mail.example.com>"));
}

typedef void (*Change) (PktMessage *m, const char *value);
#define CHANGE(field)                                                                              \
  static void change_##field (PktMessage *m, const char *value)                                    \
  {                                                                                                \
    m->field = value;                                                                              \
  }
CHANGE (from_name)
CHANGE (from_address)
CHANGE (to_address)
CHANGE (subject)
CHANGE (message_id)
CHANGE (in_reply_to)
CHANGE (references)

static void
expect_refused (const PktMessage *m, PktErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pkt_message_render (m, &error);
  g_assert_null (bytes);
  g_assert_error (error, PKT_ERROR, (int)code);
  g_assert_null (strpbrk (error->message, "\r\n\x1b"));
}

static void
test_injection (void)
{
  static const Change changes[] = { change_from_name, change_from_address, change_to_address,
                                    change_subject,   change_message_id,   change_in_reply_to,
                                    change_references };
  static const char *const values[] = { "a@example.com\r\nBcc: x@example.net",
                                        "a@example.com\nBcc: x@example.net",
                                        "a@example.com\rBcc: x",
                                        "a@example.com\r\n\r\nbody",
                                        "a@example.com\x1b[2J",
                                        "a@example.com\x7f",
                                        "a@example.com\xc2\x85x",
                                        "a@example.com\xe2\x80\xa8x",
                                        "a@example.com\xff",
                                        "\n" };
  PktMessage long_name = example (NULL);
  long_name.from_name = "A name of sixty-five bytes, with a comma, which is over the line.";
  expect_refused (&long_name, PKT_ERROR_DATA);
  PktMessage word = example (NULL);
  word.subject = "=?utf-8?q?hidden?=";
  expect_refused (&word, PKT_ERROR_DATA);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (values); k++) {
      PktMessage m = example (NULL);
      changes[i](&m, values[k]);
      expect_refused (&m, PKT_ERROR_DATA);
    }
}

static void
test_addresses (void)
{
  static const char *const values[] = { "",
                                        "postmaster",
                                        "@example.com",
                                        "a@",
                                        "a b@example.com",
                                        "a@b@example.com",
                                        "<a@example.com>",
                                        "a@example.com, b@example.com",
                                        "a@ex\xc3\xa4mple.com",
                                        "\"a b\"@example.com",
                                        ".a@example.com",
                                        "a@-example.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    PktMessage m = example (NULL);
    m.from_address = values[i];
    expect_refused (&m, PKT_ERROR_DATA);
    m = example (NULL);
    m.to_address = values[i];
    expect_refused (&m, PKT_ERROR_DATA);
  }
}

static void
test_parts_refused (void)
{
  static PktPublicPart bad[] = {
    { "page.html", "text/html", PKT_SLICE ("<p>") },
    { "chart.svg", "image/svg+xml", PKT_SLICE ("<svg/>") },
    { "a.zip", "application/zip", PKT_SLICE ("PK") },
    { "r\xc3\xa9sum\xc3\xa9.txt", "text/plain", PKT_SLICE ("x") },
    { "../x.txt", "text/plain", PKT_SLICE ("x") },
    { ".x.txt", "text/plain", PKT_SLICE ("x") },
    { "a\r\nb.txt", "text/plain", PKT_SLICE ("x") },
    { "", "text/plain", PKT_SLICE ("x") },
    { "x.txt", "text/plain", PKT_SLICE ("\xff\xfe") },
    { "x.txt", "text/plain", PKT_SLICE ("a\0b") },
    { "x.png", "image/png", PKT_SLICE ("<svg/>") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GPtrArray) list = g_ptr_array_new ();
    g_ptr_array_add (list, &bad[i]);
    PktMessage m = example (list);
    expect_refused (&m, PKT_ERROR_BUG);
  }
  g_autoptr (GPtrArray) twice = g_ptr_array_new ();
  g_ptr_array_add (twice, &parts[0]);
  g_ptr_array_add (twice, &parts[0]);
  PktMessage m = example (twice);
  expect_refused (&m, PKT_ERROR_BUG);
  m = example (NULL);
  m.message_id = NULL;
  expect_refused (&m, PKT_ERROR_BUG);
}

static void
test_sizes (void)
{
  gsize n = PKT_MESSAGE_MAX_BYTES * 4 / 5;
  g_autofree char *bytes = g_malloc0 (n);
  memcpy (bytes, png, 8);
  PktPublicPart large = { "campaign.png", "image/png", { bytes, n } };
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_ptr_array_add (list, &large);
  PktMessage m = example (list);
  expect_refused (&m, PKT_ERROR_DATA); /* base64 takes it over */
  large.bytes.n = n / 2;
  g_autoptr (GBytes) fits = render (&m);
  g_assert_cmpuint (g_bytes_get_size (fits), <=, PKT_MESSAGE_MAX_BYTES);
}

static void
test_same_bytes (void)
{
  g_autoptr (GPtrArray) list = all_parts ();
  PktMessage m = example (list);
  m.from_name = "D\xc3\xa4na";
  m.body = "\xe2\x82\xac\n";
  g_autoptr (GBytes) a = render (&m);
  g_autofree char *zone = g_strdup (g_getenv ("TZ"));
  g_autofree char *locale = g_strdup (setlocale (LC_ALL, NULL));
  g_setenv ("TZ", "Asia/Kolkata", TRUE);
  tzset ();
  setlocale (LC_ALL, "");
  g_autoptr (GBytes) b = render (&m);
  g_assert_true (g_bytes_equal (a, b));
  setlocale (LC_ALL, locale);
  if (zone != NULL)
    g_setenv ("TZ", zone, TRUE);
  else
    g_unsetenv ("TZ");
  tzset ();
  m.boundary_seed = "another";
  g_autoptr (GBytes) c = render (&m);
  g_assert_false (g_bytes_equal (a, c));
}

static void
test_ids (void)
{
  g_autofree char *a = pkt_message_id_new ("seed", "mail.example.com");
  g_autofree char *b = pkt_message_id_new ("seed", "mail.example.com");
  g_autofree char *c = pkt_message_id_new ("seed2", "mail.example.com");
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
  g_assert_true (g_str_has_suffix (a, "@mail.example.com"));
  PktMessage m = example (NULL);
  m.message_id = a;
  g_autofree char *text = render_text (&m);
  g_assert_nonnull (strstr (text, a));
}

static const struct {
  const char *name;
  GTestFunc test;
} tests[] = {
  { "plain", test_plain },
  { "draft", test_draft },
  { "bodies", test_bodies },
  { "words", test_words },
  { "threads", test_threads },
  { "injection", test_injection },
  { "addresses", test_addresses },
  { "parts-refused", test_parts_refused },
  { "sizes", test_sizes },
  { "same-bytes", test_same_bytes },
  { "ids", test_ids },
};

/* With a file name: writes one message with everything hard in it there (t0310 reads it with
 * another parser). */
static int
write_sample (const char *path)
{
  g_autoptr (GPtrArray) list = all_parts ();
  PktMessage m = example (list);
  m.from_name = "D\xc3\xa4na \"S\\ample\", Ltd";
  m.subject
      = "iCloud Mail delivery issue for ex\xc3\xa4mple.com and a few words more than one line";
  m.references = "<a-rather-long-id-0123456789012345678901234567890123456789@mail.example.com> "
                 "<b@mail.example.com>";
  m.in_reply_to = "b@mail.example.com";
  m.body
      = "From here\n.\ntrailing \ncaf\xc3\xa9 \xe2\x82\xac\n"
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234\n";
  g_autoptr (GBytes) bytes = render (&m);
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  return g_file_set_contents (path, p, (gssize)n, NULL) ? 0 : 1;
}

/* What was made is read back as it was given. */
static void
test_read_back (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_ptr_array_add (list, &parts[i]);
  PktMessage m = example (list);
  m.from_name = "Dana Größe";
  m.body = "Company:   Größe GmbH\n\nFrom here on\n.\ntrailing \n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pkt_message_render (&m, &error);
  g_assert_no_error (error);
  g_autoptr (PktReadMessage) got = pkt_message_read (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got->body, ==, m.body);
  g_assert_cmpstr (pkt_message_read_header (got, "from"), ==,
                   "Dana Größe <postmaster@example.com>");
  g_assert_cmpstr (pkt_message_read_header (got, "Subject"), ==, m.subject);
  g_assert_null (pkt_message_read_header (got, "X-Unsent"));
  g_assert_cmpuint (got->parts->len, ==, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    const PktReadPart *part = got->parts->pdata[i];
    g_assert_cmpstr (part->name, ==, parts[i].name);
    g_assert_cmpstr (part->type, ==, parts[i].type);
    g_autofree char *want = g_memdup2 (parts[i].bytes.p, parts[i].bytes.n + 1); /* a NUL follows */
    gsize n = parts[i].bytes.n;
    if (part->text) { /* line ends of text are LF */
      g_auto (GStrv) lines = g_strsplit (want, "\r\n", -1);
      g_free (want);
      want = g_strjoinv ("\n", lines);
      n = strlen (want);
    }
    gsize got_n;
    const char *p = g_bytes_get_data (part->bytes, &got_n);
    g_assert_cmpmem (p, got_n, want, n);
  }
}

static void
test_read_others (void)
{
  static const struct {
    const char *text, *body;
  } rows[] = {
    { "", NULL },
    { "\r\n\r\n", NULL },
    { "Subject: x\n\nplain\n", "plain\n" },
    { "Subject: x\nContent-Type: text/html\n\n<p>\n", "" },
    { "Subject: =?utf-8?Q?=FF?=\nContent-Transfer-Encoding: base64\n\n/w==\n", "\xef\xbf\xbd" },
    { "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\n\ntwo\n--a--\n",
      "one" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (rows[i].text, strlen (rows[i].text));
    g_autoptr (GError) error = NULL;
    g_autoptr (PktReadMessage) got = pkt_message_read (bytes, &error);
    g_assert_cmpstr (got ? got->body : NULL, ==, rows[i].body);
    if (rows[i].body == NULL)
      g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  }
  GString *many = g_string_new ("Subject: x\nContent-Type: multipart/mixed; boundary=a\n");
  for (int i = 0; i < PKT_READ_MAX_PARTS + 2; i++)
    g_string_append (many, "\n--a\n\nx");
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (many);
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_message_read (bytes, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && argv[1][0] != '-')
    return write_sample (argv[1]);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/request/message/", tests[i].name, NULL);
    g_test_add_func (path, tests[i].test);
  }
  g_test_add_func ("/request/message/read-back", test_read_back);
  g_test_add_func ("/request/message/read-others", test_read_others);
  return g_test_run ();
}
