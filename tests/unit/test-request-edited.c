#include <glib.h>
#include "packet/request/edited.h"

static const char made[] = "Sending IPs:       192.0.2.10, 192.0.2.11\n"
                           "Since the morning your servers refuse about a third,\n"
                           "934 of 9,262 messages. We do not see the cause.\n"
                           "  iCloud, Thu 31 Dec    61     23    3    35\n"
                           "  iCloud, Fri 1 Jan     50     15    1    34\n"
                           "Shown: dkim=pass (2048 bit). Spamhaus was checked.\n";

static void
assert_ids (const char *text, const char *want)
{
  static const char *const evidence[] = { "Group 1: 36 recipients, first 2026-12-31\n", NULL };
  const PktEdited e = { "the text", text, made, evidence };
  g_autoptr (GPtrArray) found = pkt_edited_check (&e);
  g_autoptr (GString) ids = g_string_new (NULL);
  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (ids, "%s%s", i ? " " : "",
                            ((const PktFinding *)found->pdata[i])->id + strlen ("edited-"));
  if (g_strcmp0 (ids->str, want) != 0)
    g_test_message ("%s", text);
  g_assert_cmpstr (ids->str, ==, want);
}

static void
test_rows (void)
{
  static const struct {
    const char *was, *is, *ids;
  } rows[] = {
    { "", "", "" },
    { "about a third", "some", "" },
    /* wrapped in another way */
    { "third,\n934 of 9,262 messages. We", "third, 934 of\n9,262 messages.\nWe", "" },
    { "messages. We do not see the cause.", "messages.\nThe cause is not\nseen by us.", "" },
    /* another figure in a line that is the same */
    { "192.0.2.11", "192.0.2.12", "number" },
    { "61     23", "61     24", "number" },
    { "61     23", "23     61", "number" },
    { "934 of 9,262", "9,262 of 934", "number" },
    { "934 of 9,262 messages. We", "9262 of 934 messages.\nWe", "number number" },
    { "2048 bit", "1024 bit", "number" },
    /* the rows of the table change places: each is still one that was made */
    { "61     23    3    35\n  iCloud, Fri 1 Jan     50",
      "61     23    3    35\n  iCloud, Fri 1 Jan     50", "" },
    { "Thu 31 Dec    61     23    3    35", "Thu 31 Dec    50     15    1    34", "number" },
    /* a figure from elsewhere in the evidence, in its own words and in others */
    { "We do not", "36 recipients. We do not", "" },
    { "We do not", "Some 36 people. We do not", "number" },
    { "We do not", "Ticket 4711. We do not", "number" },
    { "a third", "three in ten (30%)", "number number number" },
    { "a third", "half", "number" },
    { "We do not", "Sixty-eight people. We do not", "number" },
    { "We do not", "Twenty-one, or a dozen. We do not", "number number" },
    { "We do not", "One of us does. We do not", "" },
    { "a third", "\xd9\xa3\xd9\xa6 of all", "number" }, /* Arabic digits */
    /* what was made may say that something was checked; a person may not add it */
    { "Spamhaus was checked.", "DMARC was checked, too.", "claim" },
    { "cause.", "cause. All was VERIFIED.", "claim" },
    { "cause.", "cause. Our IPs are on no blocklist.", "claim" },
    { "cause.", "cause. DMARC is published.", "claim" },
    { "Shown: dkim=pass (2048 bit). Spamhaus was\x20"
      "checked.",
      "Shown:\ndkim=pass (2048 bit). Spamhaus\nwas checked.", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GString) text = g_string_new (made);
    if (*rows[i].was)
      g_assert_cmpuint (g_string_replace (text, rows[i].was, rows[i].is, 1), ==, 1);
    assert_ids (text->str, rows[i].ids);
  }
}

static void
test_bounds (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  for (int i = 0; i < 1000; i++)
    g_string_append_printf (many, "new %d words%d\n", i + 5000, i);
  const PktEdited e = { "the text", many->str, "", NULL };
  g_autoptr (GPtrArray) found = pkt_edited_check (&e);
  g_assert_cmpuint (found->len, ==, PKT_EDITED_MAX_FINDINGS);
  assert_ids ("", "");
  assert_ids (" \n\n", "");
}

/* The answers of a year, each of which somebody put a mark before. */
static void
test_long (void)
{
  g_autoptr (GString) was = g_string_new (NULL), is = g_string_new (NULL);
  for (int i = 0; i < 8000; i++) {
    g_string_append_printf (was, "answer %d of %d, relay m%d.mx, to the reader r%d\n", i, i, i, i);
    g_string_append_printf (is, "> answer %d of %d, relay m%d.mx, to the reader r%d\n", i, i, i, i);
  }
  const PktEdited e = { "the text", is->str, was->str, NULL };
  g_test_timer_start ();
  g_autoptr (GPtrArray) found = pkt_edited_check (&e);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 10);
}

static void
test_lines (void)
{
  g_autoptr (GPtrArray) lines = pkt_edited_lines ("a  b\nc\n\n d\n", "a b\n\nd\n");
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (lines->pdata[0], ==, "c");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/edited/rows", test_rows);
  g_test_add_func ("/request/edited/bounds", test_bounds);
  g_test_add_func ("/request/edited/long", test_long);
  g_test_add_func ("/request/edited/lines", test_lines);
  return g_test_run ();
}
