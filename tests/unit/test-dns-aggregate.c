/* DMARC aggregate reports, as receivers send them and as they should not. */
#include <glib.h>
#include <glib/gstdio.h>
#include "packet/base/archive.h"
#include "packet/base/error.h"
#include "packet/dns/aggregate.h"

#define RECORD(ip, count, dkim, spf, from)                                                         \
  "<record><row><source_ip>" ip "</source_ip><count>" count "</count><policy_evaluated>"           \
  "<disposition>none</disposition><dkim>" dkim "</dkim><spf>" spf "</spf></policy_evaluated>"      \
  "</row><identifiers><header_from>" from "</header_from></identifiers></record>\n"
#define REPORT(id, records)                                                                        \
  "<?xml version=\"1.0\"?>\n<feedback "                                                            \
  "xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><report_metadata>"                                   \
  "<org_name>Receiver</org_name><report_id>" id                                                    \
  "</report_id><date_range><begin>1778976000</begin>"                                              \
  "<end>1779062399</end></date_range></report_metadata><policy_published>"                         \
  "<domain>example.com</domain><p>none</p></policy_published>" records "</feedback>\n"

static const char first[] = REPORT (
    "1", RECORD ("192.0.2.10", "900", "pass", "fail", "Example.com")
             RECORD ("192.0.2.10", "80", "fail", "pass", "example.com")
                 RECORD ("192.0.2.10", "20", "fail", "fail", "example.com")
                     RECORD ("2001:DB8::25", "7", "pass", "pass", "example.com")
                         RECORD ("198.51.100.7", "5000", "fail", "fail", "example.com"));
static const char second[] = REPORT ("2",
                                     RECORD ("192.0.2.10", "100", "pass", "pass", "example.com"));

static const PktAggregateRow *
row (const PktAggregate *a, const char *ip)
{
  for (guint i = 0; i < a->rows->len; i++) {
    const PktAggregateRow *r = g_ptr_array_index (a->rows, i);
    if (g_str_equal (r->ip, ip))
      return r;
  }
  return NULL;
}

static void
test_sums (void)
{
  g_autoptr (PktAggregate) a = pkt_aggregate_new ();
  pkt_aggregate_parse (a, "1.xml", first, strlen (first));
  pkt_aggregate_parse (a, "again.xml", first, strlen (first)); /* the same report twice */
  pkt_aggregate_parse (a, "2.xml", second, strlen (second));
  pkt_aggregate_sort (a);
  g_assert_cmpuint (a->reports, ==, 2);
  g_assert_cmpuint (a->doubled, ==, 1);
  g_assert_cmpuint (a->broken, ==, 0);
  g_assert_cmpuint (a->rows->len, ==, 3);
  const PktAggregateRow *r = row (a, "192.0.2.10");
  g_assert_cmpstr (r->domain, ==, "example.com");
  g_assert_cmpint (r->count, ==, 1100);
  g_assert_cmpint (r->passed, ==, 1080);
  g_assert_cmpint (r->dkim, ==, 1000);
  g_assert_cmpint (r->spf, ==, 180);
  g_assert_nonnull (row (a, "2001:db8::25"));
  g_assert_cmpint (a->begin, ==, 1778976000 * PKT_SECOND);
  g_assert_cmpint (a->end, ==, 1779062399 * PKT_SECOND);
  g_assert_cmpstr (((PktAggregateRow *)a->rows->pdata[0])->ip, ==, "198.51.100.7");
}

static const struct {
  const char *xml, *why;
} bad[] = {
  { "", "f: it is empty" },
  { "no xml", "f: it is no XML" },
  { "<feedback>", "f: it is no XML" },
  { "<html/>", "f: it is no DMARC report" },
  { "<feedback/>", "f: it has no record" },
  { REPORT ("3", RECORD ("192.0.2.300", "1", "pass", "pass", "example.com")),
    "f: a record without address, count or From" },
  { REPORT ("4", RECORD ("192.0.2.1", "-5", "pass", "pass", "example.com")),
    "f: a record without address, count or From" },
  { REPORT ("5", RECORD ("192.0.2.1", "99999999999", "pass", "pass", "example.com")),
    "f: a record without address, count or From" },
  { "<!DOCTYPE feedback [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
    "<feedback><record><row><source_ip>&b;</source_ip></row></record></feedback>",
    "f: a record without address, count or From" },
  { "<!DOCTYPE feedback SYSTEM \"file:///etc/passwd\"><feedback/>", "f: it has no record" },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (PktAggregate) a = pkt_aggregate_new ();
    pkt_aggregate_parse (a, "f", bad[i].xml, strlen (bad[i].xml));
    g_assert_cmpuint (a->broken, ==, 1);
    g_assert_cmpuint (a->rows->len, ==, 0);
    g_assert_cmpstr (a->first_broken, ==, bad[i].why);
  }
}

/* What takes the parser's time and memory is not given to it. */
static void
test_hostile (void)
{
  static const struct {
    const char *before, *each, *behind;
    guint times;
  } floods[] = { { "<feedback>", "<a/>", "</feedback>", 3000000 },
                 { "<feedback x='>'", " a=''", "></feedback>", 300000 } };
  for (gsize i = 0; i < G_N_ELEMENTS (floods); i++) {
    g_autoptr (PktAggregate) a = pkt_aggregate_new ();
    g_autoptr (GString) xml = g_string_new (floods[i].before);
    for (guint k = 0; k < floods[i].times; k++)
      g_string_append (xml, floods[i].each);
    g_string_append (xml, floods[i].behind);
    pkt_aggregate_parse (a, "f", xml->str, xml->len);
    g_assert_cmpstr (a->first_broken, ==, "f: it has more elements or attributes than a report");
  }
}

/* libarchive knows programs that unpack what it cannot; a mail of anybody's starts none. */
static void
test_programs (void)
{
  g_autofree char *dir = g_dir_make_tmp ("dmarc-XXXXXX", NULL),
                  *program = g_build_filename (dir, "lrzip", NULL),
                  *report = g_build_filename (dir, "1.xml.lrz", NULL),
                  *trace = g_build_filename (dir, "trace", NULL),
                  *script = g_strdup_printf ("#!/bin/sh\n: >'%s'\n", trace),
                  *path = g_strconcat (dir, ":", g_getenv ("PATH"), NULL);
  g_autoptr (PktAggregate) a = pkt_aggregate_new ();
  g_assert_true (
      g_file_set_contents_full (program, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_assert_true (g_file_set_contents (report, "LRZI\0\6 no report", 16, NULL));
  g_setenv ("PATH", path, TRUE);
  g_assert_true (pkt_aggregate_read (a, report, NULL));
  g_setenv ("PATH", path + strlen (dir) + 1, TRUE);
  g_assert_false (g_file_test (trace, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (a->broken, ==, 1);
  g_unlink (trace);
  g_unlink (program);
  g_unlink (report);
  g_rmdir (dir);
}

static void
write_archive (const char *path, gboolean zip)
{
  struct archive *w = archive_write_new ();
  const char *const files[] = { first, second };
  if (zip)
    archive_write_set_format_zip (w);
  else {
    archive_write_add_filter_gzip (w);
    archive_write_set_format_raw (w);
  }
  g_assert_cmpint (archive_write_open_filename (w, path), ==, ARCHIVE_OK);
  for (guint i = 0; i < (zip ? 2 : 1); i++) {
    struct archive_entry *e = archive_entry_new ();
    archive_entry_set_pathname (e, i ? "b.xml" : "a.xml");
    archive_entry_set_filetype (e, AE_IFREG);
    archive_entry_set_perm (e, 0644);
    archive_entry_set_size (e, (la_int64_t)strlen (files[i]));
    g_assert_cmpint (archive_write_header (w, e), ==, ARCHIVE_OK);
    archive_write_data (w, files[i], strlen (files[i]));
    archive_entry_free (e);
  }
  archive_write_free (w);
}

/* As it is, packed, as zip of two, cut short, and a folder of them. */
static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("dmarc-XXXXXX", NULL),
                  *plain = g_build_filename (dir, "1.xml", NULL),
                  *packed = g_build_filename (dir, "2.xml.gz", NULL),
                  *zip = g_build_filename (dir, "3.zip", NULL),
                  *cut = g_build_filename (dir, "4.xml.gz", NULL), *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_set_contents (plain, first, -1, NULL));
  write_archive (packed, FALSE);
  write_archive (zip, TRUE);
  g_assert_true (g_file_get_contents (packed, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (cut, bytes, (gssize)n / 2, NULL));
  const struct {
    const char *path;
    guint reports, doubled, broken;
  } cases[] = {
    { plain, 1, 0, 0 }, { packed, 1, 0, 0 }, { zip, 2, 0, 0 }, { cut, 0, 0, 1 }, { dir, 2, 2, 1 }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktAggregate) a = pkt_aggregate_new ();
    g_autoptr (GError) error = NULL;
    g_assert_true (pkt_aggregate_read (a, cases[i].path, &error));
    g_assert_no_error (error);
    g_test_message ("%s", cases[i].path);
    g_assert_cmpuint (a->reports, ==, cases[i].reports);
    g_assert_cmpuint (a->doubled, ==, cases[i].doubled);
    g_assert_cmpuint (a->broken, ==, cases[i].broken);
  }
  const char *const all[] = { plain, packed, zip, cut };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_unlink (all[i]);
  g_rmdir (dir);
  g_autoptr (PktAggregate) a = pkt_aggregate_new ();
  g_autoptr (GError) error = NULL;
  g_assert_false (pkt_aggregate_read (a, plain, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/aggregate/sums", test_sums);
  g_test_add_func ("/dns/aggregate/bad", test_bad);
  g_test_add_func ("/dns/aggregate/files", test_files);
  g_test_add_func ("/dns/aggregate/hostile", test_hostile);
  g_test_add_func ("/dns/aggregate/programs", test_programs);
  return g_test_run ();
}
