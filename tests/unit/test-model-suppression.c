#include <glib.h>
#include <glib/gstdio.h>
#include "packet/base/error.h"
#include "packet/model/suppression-read.h"
#include "tests/unit/cpu-time.h"

static gssize
read_slice (gpointer source, char *buf, gsize n, GError **error)
{
  PktSlice *s = source;
  (void)error;
  n = MIN (n, s->n);
  if (n)
    memcpy (buf, s->p, n);
  *s = pkt_slice_skip (*s, n);
  return (gssize)n;
}

static PktSuppression *
read_text (PktSlice s, GError **error)
{
  return pkt_suppression_read ("list.csv", read_slice, &s, NULL, error);
}

/* "reason day all/apple, …" */
static char *
counts_text (const PktSuppression *list)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < list->counts->len; i++) {
    const PktSuppressionCount *c = g_ptr_array_index (list->counts, i);
    g_autofree char *day = c->day == G_MININT64 ? g_strdup ("-") : pkt_clock_day_text (c->day);
    g_string_append_printf (out, "%s%s %s %u/%u", i ? ", " : "", c->reason, day, c->all, c->apple);
  }
  return g_string_free (out, FALSE);
}

static char *
addresses_text (const PktSuppression *list)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < list->addresses->len; i++)
    g_string_append_printf (out, "%s%s", i ? " " : "",
                            (char *)g_ptr_array_index (list->addresses, i));
  return g_string_free (out, FALSE);
}

#define ROWS "a@icloud.com,inactive,2026-05-11\nb@example.org,inactive,2026-05-11\n"
#define ROWS_COUNTS "inactive 2026-05-11 2/1"

static const struct {
  const char *name, *csv, *counts, *addresses, *broken;
} cases[] = {
  { "header", "address,reason,date\n" ROWS, ROWS_COUNTS, "a@icloud.com b@example.org", NULL },
  { "no header", ROWS, ROWS_COUNTS, "a@icloud.com b@example.org", NULL },
  { "mark and CRLF",
    "\xef\xbb\xbf"
    "Address,Reason,Date\r\na@me.com,Bounce,2026-01-02\r\n",
    "bounce 2026-01-02 1/1", "a@me.com", NULL },
  { "German heads", "Kunde;E-Mail;Grund;Datum\n7;c@mac.com;Abmeldung;2026-05-11\n",
    "abmeldung 2026-05-11 1/1", "c@mac.com", NULL },
  { "Spanish ones", "Motivo,Fecha,Correo electr\xc3\xb3nico\nbaja,2026-05-11,c@mac.com\n",
    "baja 2026-05-11 1/1", "c@mac.com", NULL },
  { "semicolons, other order, other columns",
    "id;Date;\"Reason\";Email\n7;2026-05-11;a,b;c@mac.com\n", "a,b 2026-05-11 1/1", "c@mac.com",
    NULL },
  { "recipient alone", "recipient\na@privaterelay.appleid.com\nb@private.icloud.com\n", " - 2/2",
    "a@privaterelay.appleid.com b@private.icloud.com", NULL },
  { "no line feed at the end", "a@icloud.com,x", "x - 1/1", "a@icloud.com", NULL },
  { "quotes", "\"a@icloud.com\" , \"said \"\"no\"\", twice\" ,\"2026-05-11\"\n",
    "said \"no\", twice 2026-05-11 1/1", "a@icloud.com", NULL },
  { "quoted local parts", "\"\"\"ng quy\"\"@iCloud.com\",x\n\"\"\"a,b\"\"@me.com\",x\n", "x - 2/2",
    "\"ng quy\"@icloud.com \"a,b\"@me.com", NULL },
  { "line break in quotes", "a@icloud.com,\"one\r\n two\",2026-05-11\nb@me.com,x,\n",
    "one two 2026-05-11 1/1, x - 1/1", "a@icloud.com b@me.com", NULL },
  { "times, case, brackets",
    "<A@iCloud.com>,Hard Bounce,2026-05-11T23:30:00-05:00\na@ICLOUD.com,Hard Bounce,2026-05-12 "
    "00:10\n",
    "hard bounce 2026-05-11 1/1, hard bounce 2026-05-12 1/1", "a@icloud.com", NULL },
  { "a row that stands twice", ROWS ROWS, ROWS_COUNTS, "a@icloud.com b@example.org", NULL },
  { "sorted", "a@me.com,z,2026-01-01\nb@me.com,y,2026-01-02\nc@me.com,y,2026-01-01\n",
    "y 2026-01-01 1/1, y 2026-01-02 1/1, z 2026-01-01 1/1", "a@me.com b@me.com c@me.com", NULL },
  { "not Apple's", "a@icloud.com.example,x\nb@icloud.test,x\nc@mail.me.com,x\n", "x - 3/0",
    "a@icloud.com.example b@icloud.test c@mail.me.com", NULL },
  { "tabs", "a@me.com\tx; y\t2026-05-11\n", "x; y 2026-05-11 1/1", "a@me.com", NULL },
  { "bars", "email|reason\na@me.com|x\n", "x - 1/1", "a@me.com", NULL },
  { "SendGrid's bounces",
    "status,reason,email,created\n5.1.1,\"550 5.1.1 <a@me.com>: user does not exist, "
    "b\",a@me.com,1778493600\n,550 no,c@me.com,1778493600\n",
    "bounced 5.1.1 2026-05-11 1/1, bounced 550 2026-05-11 1/1", "a@me.com c@me.com", NULL },
  { "Mailgun's bounces",
    "address,code,error,created_at\na@me.com,550,smtp; 554-5.7.1 [CS01],\"Mon, 11 May 2026 "
    "10:00:00 "
    "UTC\"\nb@me.com,550,,\"Sun, 3 May 2026 10:00:00 GMT\"\n",
    " 2026-05-03 1/1, bounced 5.7.1 2026-05-11 1/1", "a@me.com b@me.com", NULL },
  { "SparkPost's, and milliseconds",
    "recipient,type,source,Last Updated\na@me.com,transactional,Spam Complaint,1778493600000\n",
    "spam complaint 2026-05-11 1/1", "a@me.com", NULL },
  { "a date of which nobody knows the order, in a column that promises none",
    "Email Address,Reason,Created\na@me.com,x,05/11/2026\n", "x - 1/1", "a@me.com", NULL },
  { "a reason that names a column", "a@me.com,Email,2026-05-11\n", "email 2026-05-11 1/1",
    "a@me.com", NULL },
  { "empty lines", "\n\r\n" ROWS "\n,,\n", ROWS_COUNTS, "a@icloud.com b@example.org", NULL },
  { "no address", "address,reason\nnobody,x\na@me.com,x\n", "x - 1/1", "a@me.com",
    "1: list.csv:2: there is no address where one is needed" },
  { "header we do not know", "mail,why\na@me.com,x\n", "x - 1/1", "a@me.com",
    "1: list.csv:1: there is no address where one is needed" },
  { "date of another form", "a@me.com,x,11.05.2026\nb@me.com,x,2026-02-30\nc@me.com,x,\n",
    "x - 1/1", "a@me.com b@me.com c@me.com",
    "2: list.csv:1: the date is not of the form YYYY-MM-DD" },
  { "text behind a quote", "a@me.com,\"x\"y\nb@me.com,x\n", "x - 1/1", "a@me.com b@me.com",
    "1: list.csv:1: text follows a closing quote" },
  { "quote left open", "a@me.com,x\nb@me.com,\"x\nc@me.com,x\nd@me.com,x", "x - 3/3",
    "a@me.com b@me.com c@me.com d@me.com", "1: list.csv:2: a quote is opened and not closed" },
  { "two stray quotes swallow no needle", "a@me.com,\"x\nb@me.com,y\nc@me.com,\"\nd@me.com,x\n",
    "x - 1/1, x b@me.com,y c@me.com, - 1/1", "a@me.com b@me.com c@me.com d@me.com", NULL },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSuppression) list = read_text (pkt_slice_str (cases[i].csv), &error);
  g_assert_no_error (error);
  g_autofree char *counts = counts_text (list), *addresses = addresses_text (list);
  g_autofree char *broken = list->broken
                                ? g_strdup_printf ("%u: %s", list->broken, list->first_broken)
                                : NULL;
  g_assert_cmpstr (counts, ==, cases[i].counts);
  g_assert_cmpstr (addresses, ==, cases[i].addresses);
  g_assert_cmpstr (broken, ==, cases[i].broken);
}

/* A quote that is never closed costs its row; what follows is read. */
static void
test_open_quotes (void)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  for (guint i = 0; i < 200000; i++)
    g_string_append_printf (csv, i % 1000 ? "r%u@me.com,x\n" : "r%u@me.com,\"\"\"x\n", i);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSuppression) list = read_text (pkt_slice (csv->str, csv->len), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->addresses->len, ==, 200000);
}

/* Each line opens a quote that the next one closes and opens again: the worst for a reader that
 * starts over. */
static void
test_worst (void)
{
  g_autoptr (GString) csv = g_string_new ("a@me.com,x\n");
  while (csv->len < 8 * 1024 * 1024)
    g_string_append (csv, "x\"y,\"z\n,\"\"\",\"\n");
  double begin = cpu_time ();
  g_autoptr (PktSuppression) list = read_text (pkt_slice (csv->str, csv->len), NULL);
  g_assert_nonnull (list);
  g_assert_cmpuint (list->broken, >, 100000);
  g_assert_cmpfloat (cpu_time () - begin, <, 20);
}

static void
test_long (void)
{
  g_autofree char *field = g_strnfill (PKT_CSV_MAX_FIELD + 1, 'x');
  g_autofree char *row = g_strnfill (3 * PKT_CSV_MAX_ROW, ',');
  g_autofree char *huge = g_strnfill (6 * PKT_CSV_MAX_ROW, 'y');
  g_autofree char *csv = g_strdup_printf ("a@me.com,x\nb@me.com,%s\nc@me.com,\"%s\"\n%s\nd@me.com,"
                                          "x\n%s\ne@me.com,x\n\"%s\nf@me.com,x",
                                          field, field, row, huge, huge);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSuppression) list = read_text (pkt_slice_str (csv), &error);
  g_assert_no_error (error);
  g_autofree char *counts = counts_text (list);
  g_assert_cmpstr (counts, ==, "x - 4/4");
  g_assert_cmpuint (list->broken, ==, 5);
  g_assert_cmpuint (list->rows, ==, 9);
  g_assert_cmpstr (list->first_broken, ==, "list.csv:2: a field is too long");
}

static void
test_many_reasons (void)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  for (guint i = 0; i < PKT_SUPPRESSION_MAX_COUNTS + 50; i++)
    g_string_append_printf (csv, "a@me.com,r%u\n", i);
  g_autoptr (PktSuppression) list = read_text (pkt_slice (csv->str, csv->len), NULL);
  g_assert_cmpuint (list->counts->len, ==, PKT_SUPPRESSION_MAX_COUNTS + 1);
  const PktSuppressionCount *other = g_ptr_array_index (list->counts, 0);
  g_assert_cmpstr (other->reason, ==, "(other)");
  g_assert_cmpuint (other->all, ==, 50);
  g_assert_cmpuint (list->addresses->len, ==, 1);
}

static const struct {
  const char *bytes;
  PktErrorCode code;
} files[] = {
  { NULL, PKT_ERROR_NOINPUT },
  { "", PKT_ERROR_NOINPUT },
  { "address,reason,date\n", PKT_ERROR_DATA },
  { "zebra\nzebra, zebra\n", PKT_ERROR_DATA },
  { "\xff\xfe"
    "a",
    PKT_ERROR_DATA },
};

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (dir, "list.csv", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    if (files[i].bytes)
      g_file_set_contents (path, files[i].bytes, -1, NULL);
    g_assert_null (pkt_suppression_load (path, NULL, &error));
    g_assert_error (error, PKT_ERROR, (int)files[i].code);
    g_assert_nonnull (strstr (error->message, path));
    g_assert_null (strstr (error->message, "zebra"));
  }
  g_file_set_contents (path, ROWS, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PktSuppression) list = pkt_suppression_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->rows, ==, 2);
  g_unlink (path);
  g_assert_null (pkt_suppression_load (dir, NULL, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_rmdir (dir);
}

static gboolean
is_mailed (const char *address, gpointer data)
{
  return g_str_equal (address, data);
}

/* Of a longer list than is kept it keeps whom somebody asks for, and counts all rows. */
static void
test_whole_list (void)
{
  static const char csv[] = "a@me.com,x,2026-05-11\nb@me.com,x,2026-05-11\n"
                            "C@me.com,x,2026-05-11\nd@me.com,x,2026-05-11\n"
                            "a@me.com,x,2026-05-12\nc@me.com,x,2026-05-13\n";
  const PktSuppressionHooks hooks = { .wants = is_mailed, .data = (gpointer) "c@me.com", .max = 2 };
  g_autoptr (GError) error = NULL;
  PktSlice s = pkt_slice_str (csv);
  g_autoptr (PktSuppression) list = pkt_suppression_read ("list.csv", read_slice, &s, &hooks,
                                                          &error);
  g_assert_no_error (error);
  g_autofree char *counts = counts_text (list), *addresses = addresses_text (list);
  g_assert_cmpstr (addresses, ==, "a@me.com b@me.com c@me.com");
  g_assert_cmpstr (counts, ==, "x 2026-05-11 4/4, x 2026-05-12 1/1, x 2026-05-13 1/1");
  g_assert_cmpint (g_array_index (list->days, gint64, 2) - g_array_index (list->days, gint64, 1),
                   ==, 2);
  g_assert_cmpuint (list->unkept, ==, 1);
}

/* As programs of services give lists out. */
static const struct {
  const char *json, *counts, *addresses;
} lists[] = {
  { "{\"SuppressedDestinationSummaries\": [{\"EmailAddress\": \"A@icloud.com\", \"Reason\": "
    "\"BOUNCE\", \"LastUpdateTime\": \"2026-05-11T10:00:00+00:00\"}], \"NextToken\": "
    "\"x@example.com\"}",
    "bounce 2026-05-11 1/1", "a@icloud.com" },
  { "[{\"created\": 1778493600, \"email\": \"a@me.com\", \"reason\": \"550 5.1.1 "
    "\\\"a,b\\\"\\nno\", "
    "\"status\": \"5.1.1\"},\n {\"created\": 1778493600.25, \"email\": \"b@example.org\", "
    "\"reason\": \"\"}]",
    " 2026-05-11 1/0, bounced 5.1.1 2026-05-11 1/1", "a@me.com b@example.org" },
  { "\xef\xbb\xbf {\"Email\": \"a@me.com\", \"SuppressionReason\": \"HardBounce\", \"CreatedAt\": "
    "\"soon\"}\n{\"Email\": \"b@me.com\", \"SuppressionReason\": \"SpamComplaint\"}\n",
    "hardbounce - 1/1, spamcomplaint - 1/1", "a@me.com b@me.com" },
  { "[{\"email\": \"a@me.com\", \"reason\": 1e19, \"created\": -1e300}]",
    "10000000000000000000 - 1/1", "a@me.com" },
};

static void
test_json (void)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (dir, "list.json", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    g_file_set_contents (path, lists[i].json, -1, NULL);
    g_autoptr (PktSuppression) list = pkt_suppression_load (path, NULL, &error);
    g_assert_no_error (error);
    g_autofree char *counts = counts_text (list), *addresses = addresses_text (list);
    g_assert_cmpstr (counts, ==, lists[i].counts);
    g_assert_cmpstr (addresses, ==, lists[i].addresses);
    g_assert_cmpuint (list->broken, ==, 0);
  }
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *test = g_strconcat ("/model/suppression/", cases[i].name, NULL);
    g_test_add_data_func (test, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/model/suppression/open-quotes", test_open_quotes);
  g_test_add_func ("/model/suppression/worst", test_worst);
  g_test_add_func ("/model/suppression/long", test_long);
  g_test_add_func ("/model/suppression/many-reasons", test_many_reasons);
  g_test_add_func ("/model/suppression/json", test_json);
  g_test_add_func ("/model/suppression/files", test_files);
  g_test_add_func ("/model/suppression/whole-list", test_whole_list);
  return g_test_run ();
}
