#include "packet/redact/own-id.h"
#include "packet/redact/shifted.h"
#include "packet/redact/redactor.h"
#include "packet/redact/verify.h"

static const char *const own[] = { "example.com", NULL };
static const char *const allowed[] = { "postmaster@example.com", "dana@own-mailbox.example.org",
                                       NULL };
static const PktRedactScope scope = { own, allowed };
static const guint8 key[32] = { 1, 2, 3 };

static PktRedactor *
new_redactor (void)
{
  static const char *const needles[] = { "user@icloud.com",
                                         "Jane.Q_0130@me.com",
                                         "user_0130@icloud.com",
                                         "first-last@mac.com",
                                         "anna+news@mac.com",
                                         "smith@familyname.example.net",
                                         "janeq@quill-family.example.net",
                                         "\"ng quy\"@icloud.com",
                                         "jos?@icloud.com" };
  PktRedactor *r = pkt_redactor_new (key, &scope);
  for (gsize i = 0; i < G_N_ELEMENTS (needles); i++)
    pkt_redactor_add_recipient (r, pkt_slice_str (needles[i]));
  return r;
}

/* The eight characters of a recipient's mark. */
static char *
mark_of (PktRedactor *r, const char *address)
{
  g_autofree char *mark = pkt_redact_recipient (r, pkt_slice_str (address));
  g_assert_true (g_str_has_prefix (mark, "[rcpt-"));
  return g_strndup (mark + 6, 8);
}

static void
test_recipients (void)
{
  static const struct {
    const char *in, *domain; /* NULL: stays */
  } cases[] = {
    { "user@icloud.com", "icloud.com" },
    { "USER@iCloud.com", "icloud.com" },
    { "x@privaterelay.appleid.com", "privaterelay.appleid.com" },
    { "x@private.icloud.com", "private.icloud.com" },
    { "x@me.com", "me.com" },
    { "x@mac.com", "mac.com" },
    { "smith@familyname.example.net", "[custom-1]" },
    { "x@other.example.org", "[custom-2]" },
    { "jo@FamilyName.example.net", "[custom-1]" },
    { "dana@own-mailbox.example.org", NULL },
    { "", NULL },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_recipient (r, pkt_slice_str (cases[i].in));
    if (cases[i].domain == NULL) {
      g_assert_cmpstr (out, ==, cases[i].in);
      continue;
    }
    g_assert_true (g_regex_match_simple ("^\\[rcpt-[a-z2-7]{8}\\]@", out, 0, 0));
    g_assert_cmpstr (strchr (out, '@') + 1, ==, cases[i].domain);
  }
  g_autofree char *a = mark_of (r, "user@icloud.com"), *b = mark_of (r, "User@ICLOUD.com");
  g_autofree char *c = mark_of (r, "user@me.com");
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
}

/* With a tag it is a mailbox to hide; without it is the sender's, and stands in each text. */
static void
test_allowed_tagged (void)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_recipient (r, PKT_SLICE ("dana+test@own-mailbox.example.org"));
  g_autofree char *text = pkt_redact_text (r, PKT_SLICE ("to dana@own-mailbox.example.org")),
                  *tagged = pkt_redact_text (r, PKT_SLICE ("to dana+test@own-mailbox.example.org"));
  g_assert_cmpstr (text, ==, "to dana@own-mailbox.example.org");
  g_assert_null (strstr (tagged, "dana"));
}

/* HMAC-SHA256 with the key 01 02 03 00…, computed by another program. */
static void
test_mark_value (void)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  g_autofree char *mark = mark_of (r, "user@icloud.com");
  g_assert_cmpstr (mark, ==, "deijefd5");
}

/* `%s` stands for the mark of `whose`; NULL: nothing is replaced. */
static void
test_return_paths (void)
{
  static const struct {
    const char *in, *out, *whose;
  } cases[] = {
    { "", "", NULL },
    { "<>", "", NULL },
    { "b-user=icloud.com@bounce.example.com", "b-[verp-%s]@bounce.example.com", "user@icloud.com" },
    { "bounce+user=icloud.com@example.com", "bounce+[verp-%s]@example.com", "user@icloud.com" },
    { "bounce-n12-user_0130=icloud.com@bounce.example.com",
      "bounce-n12-[verp-%s]@bounce.example.com", "user_0130@icloud.com" },
    { "bounce-first-last=mac.com@bounce.example.com", "bounce-[verp-%s]@bounce.example.com",
      "first-last@mac.com" },
    { "b-first-last-mac.com@bounce.example.com", "b-[verp-%s]@bounce.example.com",
      "first-last@mac.com" },
    { "SRS0=HHH=TT=icloud.com=user@fwd.example.com", "SRS0=HHH=TT=[verp-%s]@fwd.example.com",
      "user@icloud.com" },
    { "SRS1=HHH=fwd.example.net==HHH=TT=icloud.com=user@example.com",
      "SRS1=HHH=fwd.example.net==HHH=TT=[verp-%s]@example.com", "user@icloud.com" },
    { "prvs=0123456789=user=icloud.com@example.com", "prvs=0123456789=[verp-%s]@example.com",
      "user@icloud.com" },
    { "prvs=0123456789=news@example.com", "prvs=0123456789=news@example.com", NULL },
    { "b-stranger=example.net@bounce.example.com", "b-[verp-%s]@bounce.example.com",
      "stranger@example.net" },
    { "newsletter@bounce.example.com", "newsletter@bounce.example.com", NULL },
    { "news-icloud.com@bounce.example.com", "[verp-%s]@bounce.example.com",
      "news-icloud.com@bounce.example.com" },
    { "b-a=b.example=c@bounce.example.com", "[verp-%s]@bounce.example.com",
      "b-a=b.example=c@bounce.example.com" },
    { "bounce-mc.us1_1234567.1234567-user_0130=icloud.com@example.com",
      "bounce-mc.us1_1234567.1234567-[verp-%s]@example.com", "user_0130@icloud.com" },
    { "bounces+848413-634f-user=icloud.com@example.com",
      "bounces+848413-634f-[verp-%s]@example.com", "user@icloud.com" },
    { "weekly-bounces+user=icloud.com@example.com", "weekly-bounces+[verp-%s]@example.com",
      "user@icloud.com" },
    { "news+caf_=user=icloud.com@example.com", "news+caf_=[verp-%s]@example.com",
      "user@icloud.com" },
    { "SRS0+HHH=TT=icloud.com=user@example.com", "SRS0+HHH=TT=[verp-%s]@example.com",
      "user@icloud.com" },
    { "msprvs1=18472abcd=news@example.com", "msprvs1=18472abcd=news@example.com", NULL },
    { "msprvs1=18472abcd=b-user=icloud.com@example.com",
      "msprvs1=18472abcd=b-[verp-%s]@example.com", "user@icloud.com" },
    { "btv1==abcd1234567==news@example.com", "btv1==abcd1234567==news@example.com", NULL },
    { "prvs=news/0123abcdef@example.com", "prvs=news/0123abcdef@example.com", NULL },
    { "prvs=user=icloud.com/0123abcdef@example.com", "prvs=[verp-%s]/0123abcdef@example.com",
      "user@icloud.com" },
    { "user%icloud.com@example.com", "[verp-%s]@example.com", "user@icloud.com" },
    { "user%40icloud.com@example.com", "[verp-%s]@example.com", "user@icloud.com" },
    { "b-user_at_icloud.com@example.com", "b-[verp-%s]@example.com", "user@icloud.com" },
    { "b-stranger_icloud.com@example.com", "b-[verp-%s]@example.com", "stranger@icloud.com" },
    { "b-stranger_at_mac.com@example.com", "b-[verp-%s]@example.com", "stranger@mac.com" },
    { "b-stranger.at.me.com@example.com", "b-[verp-%s]@example.com", "stranger@me.com" },
    { "n12.first-last.mac.com@example.com", "n12.[verp-%s]@example.com", "first-last@mac.com" },
    { "b-janeq-quill-family-example-net@example.com", "b-[verp-%s]@example.com",
      "janeq@quill-family.example.net" },
    { "b+janeq_quill_family_example_net@example.com", "b+[verp-%s]@example.com",
      "janeq@quill-family.example.net" },
    { "familyname.example.net!smith@example.com", "[verp-%s]@example.com",
      "smith@familyname.example.net" },
    { "bounce-news-2026@bounce.example.com", "bounce-news-2026@bounce.example.com", NULL },
    { "b-probe@bounce.example.com", "b-probe@bounce.example.com", NULL },
    { "b-ng-quy-icloud-com@example.com", "b-[verp-%s]@example.com", "ng-quy@icloud.com" },
    { "user@icloud.com", "[rcpt-%s]@icloud.com", "user@icloud.com" },
    { "dana@own-mailbox.example.org", "dana@own-mailbox.example.org", NULL },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_return_path (r, pkt_slice_str (cases[i].in));
    g_autofree char *mark = cases[i].whose ? mark_of (r, cases[i].whose) : g_strdup ("");
    g_auto (GStrv) parts = g_strsplit (cases[i].out, "%s", 2);
    g_autofree char *want = g_strjoinv (mark, parts);
    g_assert_cmpstr (out, ==, want);
  }
}

/* Opaque parts: something varies, and only that goes. */
static void
test_opaque_return_paths (void)
{
  static const struct {
    const char *in, *pattern;
  } cases[] = {
    { "bounce-8372651@bounce.example.com",
      "^bounce-\\[verp-[a-z2-7]{8}\\]@bounce\\.example\\.com$" },
    { "bounces+848413-634f-xyz@em.example.com", "^bounces\\+\\[verp-[a-z2-7]{8}\\]" },
    { "0102018f3c5d7e21-9a8b7c@example.com", "^\\[verp-[a-z2-7]{8}\\]@example\\.com$" },
    { "b-dXNlckBpY2xvdWQuY29t@bounce.example.com", "^b-\\[verp-" },
    { "b-anna@bounce.example.com", "^b-\\[verp-" }, /* a recipient's local part */
    { "anna.keller@family.example.net", "^\\[verp-[a-z2-7]{8}\\]@family\\.example\\.net$" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_return_path (r, pkt_slice_str (cases[i].in));
    if (!g_regex_match_simple (cases[i].pattern, out, 0, 0))
      g_test_message ("%s gave %s", cases[i].in, out);
    g_assert_true (g_regex_match_simple (cases[i].pattern, out, 0, 0));
  }
}

static void
test_texts (void)
{
  static const struct {
    const char *in, *gone, *kept;
  } cases[] = {
    { "550 5.1.1 <user@icloud.com>: user unknown", "user@", "550 5.1.1 <[rcpt-" },
    { "550 5.1.1 <stranger@mac.com>: no such user", "stranger", "]@mac.com>: no such user" },
    { "550 5.7.1 [CS01] Message rejected due to local policy. Please visit "
      "https://support.apple.com/en-us/HT204137. Txn ID 5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b20",
      NULL, "HT204137. Txn ID 5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b20" },
    { "sender <b-user=icloud.com@bounce.example.com> rejected by [17.57.156.30]",
      "user=", "<b-[verp-" },
    { "id=user%40icloud.com&x=1 refused", "user%40", "[removed] refused" },
    { "token dXNlckBpY2xvdWQuY29t, ip 192.0.2.10", "dXNlck", "token [removed], ip 192.0.2.10" },
    { "write to postmaster@icloud.com or abuse@example.net", NULL,
      "write to postmaster@icloud.com or abuse@example.net" },
    { "250 2.0.0 Ok: queued as 4F6B93C0008B", NULL, "250 2.0.0 Ok: queued as 4F6B93C0008B" },
    { "relay for jane.q_0130 denied", "0130", "relay for [removed] denied" },
    { "kept in stranger@mac.com.2027.1 here", "stranger", "]@mac.com.2027.1 here" },
    { "smtp.mailfrom=user@icloud.com;", "user@", "smtp.mailfrom=[rcpt-" },
    { "to=<\"odd <x> name\"@mac.com>", "odd", "]@mac.com>" },
    { "=?utf-8?Q?user=40?= =?utf-8?Q?icloud.com?=", "user", "[removed]" },
    { "550 5.1.1 <jos?@icloud.com>: user unknown", "jos", "550 5.1.1 <[rcpt-" },
    { "550 <someone@b\xc3\xbc"
      "cher.example>: unknown",
      "someone", "550 <[rcpt-" },
    { "550 <anna.dana@own-mailbox.example.org>: unknown", "anna", "550 <[rcpt-" },
    { "refused for ?yv?nd/b&co@mac.com.", "yv", "refused for [rcpt-" },
    { "see https://www.example.com/a?b=1&c=x@mac.com", "x@", "www.example.com/a?b=1&[rcpt-" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_text (r, pkt_slice_str (cases[i].in));
    if (strstr (out, cases[i].kept) == NULL)
      g_test_message ("%s gave %s", cases[i].in, out);
    g_assert_nonnull (strstr (out, cases[i].kept));
    g_assert_true (cases[i].gone == NULL || strstr (out, cases[i].gone) == NULL);
  }
}

/* No address is cut within a character, however long it is. */
static void
test_long_local (void)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < 200; i++)
    g_string_append (text, "\303\274");
  g_string_append (text, "x@example.org said no");
  g_autofree char *out = pkt_redact_text (r, pkt_slice (text->str, text->len));
  g_assert_true (g_utf8_validate (out, -1, NULL));
  g_assert_true (strstr (out, "x@") == NULL);
  g_string_free (text, TRUE);
}

/* A mailbox called like the sender, as testers' often are: the sender's name stays where it stands
 * in its hosts. */
static void
test_senders_name (void)
{
  static const char *const domains[] = { "fine-news.example", NULL };
  static const PktRedactScope named = { domains, NULL };
  static const char *const locals[] = { "fine-news", "fine.news", "fine_news", "fine-news.example",
                                        "m.fine-news.example" };
  for (gsize i = 0; i < G_N_ELEMENTS (locals); i++) {
    static const char text[] = "rejected: mta1.fine-news.example";
    g_autoptr (PktRedactor) r = pkt_redactor_new (key, &named);
    g_autofree char *address = g_strconcat (locals[i], "@icloud.com", NULL);
    pkt_redactor_add_recipient (r, pkt_slice_str (address));
    g_autofree char *out = pkt_redact_text (r, PKT_SLICE (text));
    g_autofree char *whole = pkt_redact_text (r, pkt_slice_str (address));
    g_assert_cmpstr (out, ==, text);
    g_assert_true (g_str_has_prefix (whole, "[rcpt-"));
  }
}

/* … but "anna.lee" is nobody's name within joanna-lee.example. */
static void
test_within_senders_name (void)
{
  static const char *const domains[] = { "joanna-lee.example", NULL };
  static const PktRedactScope named = { domains, NULL };
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &named);
  pkt_redactor_add_recipient (r, PKT_SLICE ("anna.lee@icloud.com"));
  g_autofree char *out = pkt_redact_text (r, PKT_SLICE ("anna.lee is full at joanna-lee.example"));
  g_assert_cmpstr (out, ==, "[removed] is full at joanna-lee.example");
}

/* What shows only over several words takes its line along, or both where it stands in two. */
static void
test_spelled_lines (void)
{
  static const struct {
    const char *in, *out;
  } cases[] = {
    { "Roses\n\nAsk info (at) example.net.\n\nThey\n bloom.\n",
      "Roses\n\n[removed]\n\nThey\n bloom.\n" },
    { "Meet us at roses dot com\nAnd here", "[removed]\nAnd here" },
    { "One\nTwo\nThree\nuser (at)\nicloud dot com\nFour\n", "One\nTwo\nThree\n[removed]\nFour\n" },
    { "user (at)\nexample dot net", "[removed]" },
    { "a (at) example dot net, b\nc\nd\n\n e (at) example dot org",
      "[removed]\nc\nd\n\n [removed]" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_text (r, pkt_slice_str (cases[i].in));
    g_assert_cmpstr (out, ==, cases[i].out);
  }
  g_autoptr (GString) many = g_string_new (NULL);
  for (guint i = 0; i < 8000; i++)
    g_string_append (many, "jane (at) example dot net\n"); /* and no time is lost */
  g_autofree char *none = pkt_redact_text (r, pkt_slice (many->str, many->len));
  g_assert_cmpstr (none, ==, "[removed]");
}

static void
test_pages (void)
{
  static const struct {
    const char *in, *out;
  } cases[] = {
    { "See https://www.example.com/weekly/2026-12-31, or call.",
      "See https://www.example.com/weekly/2026-12-31, or call." },
    { "See (https://x.example.net/r/7fQ2mX9kd0?id=77#a) now",
      "See (https://x.example.net/r/[token:10,base64url]?id=[token:2,digits]#[token:1,letters]) "
      "now" },
    { "Write to mailto:leave+8f7a@example.com?subject=8f7a.",
      "Write to mailto:leave+[token:4,base64url]@example.com?subject=[token:4,base64url]." },
    { "https://x7f2q9mx0.example.com/a https://mta1.example.com/ https://img2.click.example.com/",
      "https://[token:9,base64url].example.com/a https://mta1.example.com/ "
      "https://img2.click.example.com/" },
    { "www.example.com/weekly, https://www.example.com/ https://quentin.example.com/",
      "www.example.com/weekly, https://www.example.com/ https://[token:7,letters].example.com/" },
    { "http:// https mailto: shttp://x.example.com/7fQ2mX9kd0",
      "http:// https mailto: shttp://x.example.com/7fQ2mX9kd0" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_recipient (r, PKT_SLICE ("www@icloud.com"));
  pkt_redactor_add_recipient (r, PKT_SLICE ("quentin@icloud.com"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_page (r, pkt_slice_str (cases[i].in));
    g_assert_cmpstr (out, ==, cases[i].out);
  }
}

static void
test_neutral_links (void)
{
  static const struct {
    const char *url;
    gboolean neutral;
  } cases[] = {
    { "https://www.example.com/weekly/2026-12-31", TRUE },
    { "https://www.example.com/view/20260518-weekly-edition.html?lang=en", TRUE },
    { "https://www.example.com", TRUE },
    { "https://u8372651.example.com/", TRUE },
    { "https://www.example.com/view?s=8372651", FALSE },
    { "https://www.example.com/v/7fQ2mX9kd0", FALSE },
    { "https://www.example.com/v#b1946ac92492d2347c6235b4d2611184", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pkt_redact_link_is_neutral (pkt_slice_str (cases[i].url)), ==,
                     cases[i].neutral);
}

static void
test_message_ids (void)
{
  static const struct {
    const char *id;
    gboolean safe;
  } cases[] = {
    { "<260518140012.77120@mta1.example.com>", TRUE },
    { "0102018f3c5d7e21-9a8b7c6d-000000@eu-west-1.amazonses.example", TRUE },
    { "<123.user=icloud.com@mta1.example.com>", FALSE },
    { "<dXNlckBpY2xvdWQuY29t.17@mta1.example.com>", FALSE },
    { "<c3RyYW5nZXJAZXhhbXBsZS5uZXQ=@mta1.example.com>", FALSE },
    { "<jane.q_0130.17@mta1.example.com>", FALSE },
    { "<7.user_icloud.com.9@mta1.example.com>", FALSE },
    { "<7.jane_q_0130_icloud_com.9@mta1.example.com>", FALSE },
    { "<jane-q-0130-icloud-com@mta1.example.com>", FALSE },
    { "<4711vgriv=dhiil.example@mta1.example.com>", FALSE },
    { "<4711=a.b=c.7@mta1.example.com>", TRUE },
    { "<news-icloud.com.7@mta1.example.com>", FALSE },
    { "<news.icloud.company.7@mta1.example.com>", TRUE },
    { "<7.J\xc3\xb6rg@mta1.example.com>", FALSE },
    { "user@icloud.com", FALSE },
    { "", FALSE },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_recipient (r, PKT_SLICE ("jane.q_0130@icloud.com"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    if (pkt_redact_message_id_is_safe (r, pkt_slice_str (cases[i].id)) != cases[i].safe)
      g_test_message ("%s", cases[i].id);
    g_assert_cmpint (pkt_redact_message_id_is_safe (r, pkt_slice_str (cases[i].id)), ==,
                     cases[i].safe);
  }
}

static void
test_own_words (void)
{
  static const struct {
    const char *in, *out;
  } cases[] = {
    { "b-n12-zquill@example.com", "b-n12-[verp-x]@example.com" },
    { "b#zebulon_zquill@example.com", "b#zebulon_[verp-x]@example.com" },
    { "b-n12-quillpen@example.com", "b-n12-quillpen@example.com" },
    { "b-weekly@example.com", "b-weekly@example.com" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_own_word (r, "zquill");
  pkt_redactor_add_own_word (r, "weekly"); /* a role is nobody's */
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *out = pkt_redact_return_path (r, pkt_slice_str (cases[i].in));
    g_autoptr (GRegex) mark = g_regex_new ("\\[verp-[a-z2-7]{8}\\]", 0, 0, NULL);
    g_autofree char *plain = g_regex_replace_literal (mark, out, -1, 0, "[verp-x]", 0, NULL);
    g_assert_cmpstr (plain, ==, cases[i].out);
  }
  g_assert_false (pkt_redact_message_id_is_safe (r, PKT_SLICE ("<zquill.4711@mta1.example.com>")));
  g_assert_true (pkt_redact_message_id_is_safe (r, PKT_SLICE ("<4711.m@zquill.example.com>")));
}

/* Of zebulon.quill@icloud.com, or of his local part. */
static void
test_own_ids (void)
{
  static const char recipient[] = "Zebulon.Quill@icloud.com";
  static const struct {
    const char *id;
    gboolean tells;
  } cases[] = {
    { "<346595398ce20897d4bcdbd1d0d01853.7@mta1.example.com>", TRUE }, /* MD5 of the local part */
    { "<cea53e8bc0689b300946a2e54980f425fca977303f6d3582dcfbafc2.7@mta1.example.com>",
      TRUE },                                                          /* SHA-224 */
    { "<80C94CBD1B65AB79B611130A8492E68F.7@mta1.example.com>", TRUE }, /* SHA-384 */
    { "<b8f0303387baf8d5aa58abc3d3ece9a690ce2a19112cdbef125df999ee6e7844.7@mta1.example.com>",
      TRUE }, /* SHA3-256 */
    { "<V0jmhb2Ec-pYgWqBRmwecRY0bKrnAhP2f266aO_HQug.7@mta1.example.com>",
      TRUE },                                                           /* SHA-256 as base64 */
    { "<XJDZCTHZIYGSSFUQ4UTGHMN2CGHWFDS3.7@mta1.example.com>", TRUE },  /* SHA-1 as base32 */
    { "<CAAtjHixeR1mk6shsqGvEKwStANeJujBr.7@mta1.example.com>", TRUE }, /* base58 */
    { "<BCHhg9gXMrvB3kVkmR.7@mta1.example.com>", TRUE }, /* base58 of the local part */
    { "<dSzmDY;SHZadl~IYy.7@mta1.example.com>", TRUE },  /* base85 */
    { "<DsZMdy&shzADL#iyY.7@mta1.example.com>", TRUE },  /* Z85 */
    { "<H=^Q.Ci=2DEHPu3C].7@mta1.example.com>", TRUE },  /* Ascii85 */
    { "<260518140012.77120.4f00db12aa7@mta1.example.com>", FALSE },
    { "<m1@mta1.example.com>", FALSE },
    { "", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean tells = pkt_own_id_tells (pkt_slice_str (cases[i].id), PKT_SLICE (recipient));
    if (tells != cases[i].tells)
      g_test_message ("%s", cases[i].id);
    g_assert_cmpint (tells, ==, cases[i].tells);
    g_assert_false (pkt_own_id_tells (pkt_slice_str (cases[i].id), PKT_SLICE ("jo@icloud.com")));
  }
}

/* However short and plain it is. */
static void
test_named_ids (void)
{
  static const struct {
    const char *id, *recipient;
    gboolean names;
  } cases[] = {
    { "<7.nino@mta1.example.com>", "Nino@icloud.com", TRUE },
    { "NINO-7@mta1.example.com", "nino+shop@icloud.com", TRUE },
    { "<7.471188930.1@mta1.example.com>", "471188930@me.com", TRUE },
    { "<7.nino4@mta1.example.com>", "nino@icloud.com", FALSE },
    { "<7@nino.example.com>", "nino@icloud.com", FALSE },
    { "<7.jo@mta1.example.com>", "jo@icloud.com", FALSE },
    { "<news.7@mta1.example.com>", "news@icloud.com", FALSE },
    { "", "nino@icloud.com", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (
        pkt_own_id_names (pkt_slice_str (cases[i].id), pkt_slice_str (cases[i].recipient)), ==,
        cases[i].names);
}

/* In another alphabet. */
static void
test_shifted (void)
{
  static const char address[] = "Zebulon.Quill@icloud.com";
  static const struct {
    const char *id;
    gboolean tells;
  } cases[] = {
    { "4711mrohyba.7", TRUE }, /* rot13 */
    { "Afcvmpo7", TRUE },      /* one on */
    { "7.avyfolm", TRUE },     /* a as z */
    { "7nolubez", TRUE },      /* backwards */
    { "7abyhorm7", TRUE },     /* and rot13 */
    { "7-rvjmm-7", TRUE },     /* Quill, one on */
    { "zebulon.quill", FALSE },
    { "mrohybz.dhiil", FALSE },
    { "4f00db12aa7.7120.abcdef", FALSE },
    { "", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gboolean tells = pkt_shifted_tells (pkt_slice_str (cases[i].id), PKT_SLICE (address));
    if (tells != cases[i].tells)
      g_test_message ("%s", cases[i].id);
    g_assert_cmpint (tells, ==, cases[i].tells);
  }
  g_assert_true (pkt_shifted_tells (PKT_SLICE ("7wb-xvz7"), PKT_SLICE ("jo.kim@icloud.com")));
  g_assert_false (pkt_shifted_tells (PKT_SLICE ("7wb7xvz7"), PKT_SLICE ("jo.kim@icloud.com")));
  g_assert_false (pkt_shifted_tells (PKT_SLICE ("7xvz7"), PKT_SLICE ("kim@icloud.com")));
}

static void
test_custom (void)
{
  static const struct {
    const char *in, *out;
  } cases[] = {
    { "mail for Smith-Family.example.net, x", "mail for [custom-1], x" },
    { "host mx1.smith-family.example.net[192.0.2.1]", "host mx1.[custom-1][192.0.2.1]" },
    { "d=smith-family.example.net;", "d=[custom-1];" },
    { "at xn--mller-kva.example.net", "at [custom-1]" },
    { "at m\xc3\xbcller.example.net.", "at [custom-1]." },
    { "goldsmith-family.example.net smith-family.example.network example.net", NULL },
    { "icloud.com gmail.com news.example.com", NULL },
  };
  static const char *const who[] = { "a@smith-family.example.net", "b@m\xc3\xbcller.example.net",
                                     "c@icloud.com", "@gmail.com", "e@news.example.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktRedactor) r = new_redactor ();
    for (gsize k = 0; k < G_N_ELEMENTS (who); k++)
      pkt_redactor_add_custom (r, pkt_slice_str (who[k]));
    g_autofree char *out = pkt_redact_text (r, pkt_slice_str (cases[i].in));
    g_assert_cmpstr (out, ==, cases[i].out ? cases[i].out : cases[i].in);
  }
}

/* Two addresses whose HMACs share their first 40 bits under the key of this test. */
static void
test_collision (void)
{
  static const char *const twins[] = { "twin960760@icloud.com", "twin2651586@icloud.com" };
  for (guint late = 0; late < 2; late++) {
    g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
    pkt_redactor_add_recipient (r, pkt_slice_str (twins[0]));
    if (!late)
      pkt_redactor_add_recipient (r, pkt_slice_str (twins[1]));
    g_autofree char *a = pkt_redact_recipient (r, pkt_slice_str (twins[0]));
    g_autofree char *b = pkt_redact_recipient (r, pkt_slice_str (twins[1]));
    g_autofree char *again = pkt_redact_recipient (r, pkt_slice_str (twins[1]));
    g_assert_cmpuint (strcspn (a, "]"), ==, late ? 14 : 22);
    g_assert_cmpuint (strcspn (b, "]"), ==, 22);
    g_assert_cmpint (strncmp (a + 6, b + 6, 8), ==, 0);
    g_assert_cmpstr (a, !=, b);
    g_assert_cmpstr (again, ==, b);
  }
}

static void
test_name_forms (void)
{
  static const struct {
    const char *text, *wanted;
  } cases[] = {
    { "550 for Zo\xc3\xab Quill, a", "550 for [name], a" },
    { "550 for Zoe\xcc\x88 Quill, a", "550 for [name], a" },
    { "550 for Bjo\xcc\x88rn Quills mail", "550 for [name]s mail" },
    { "550 for zoe-quill a", "550 for [name] a" },
    { "550 for Joerg Weiss, Jorg Weiss", "550 for [name], [name]" },
    { "550 for \xc3\x9cte M\xc3\xbcller", "550 for [name]" }, /* known as uete.mueller@ */
    { "550 for \xc3\x98ystein Lund", "550 for [name]" },
    { "550 for QUILL/ZOE a", "550 for [name] a" },
    { "550 for Zoe and Quill", "550 for Zoe and Quill" },
    { "550 for \xe7\x8e\x8b\xe8\x8a\xb3\xe6\xa7\x98", "550 for [name]\xe6\xa7\x98" },
    { "550 for O'Neill Kate", "550 for [name]" },
    { "550 for Karla Karlasson", "550 for [name]" },
    { "550 Dana Sample asks", "550 Dana Sample asks" }, /* the contact */
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_full_name (r, "Quill, Zo\xc3\xab");
  pkt_redactor_add_full_name (r, "Bjo\xcc\x88rn Quill");
  pkt_redactor_add_full_name (r, "J\xc3\xb6rg Wei\xc3\x9f");
  pkt_redactor_add_full_name (r, "Uete Mueller");
  pkt_redactor_add_full_name (r, "Oystein Lund");
  pkt_redactor_add_full_name (r, "\xe7\x8e\x8b \xe8\x8a\xb3");
  pkt_redactor_add_full_name (r, "Kate O'Neill");
  pkt_redactor_add_full_name (r, "Marlene"); /* one word alone is anybody's */
  pkt_redactor_allow_name (r, "Dana Sample");
  pkt_redactor_add_full_name (r, "Dana Sample");
  for (guint i = 0; i < 20000; i++) { /* what a folder of bounces holds, and no time is lost */
    g_autofree char *name = g_strdup_printf ("Karla%c%c%c Karlasson", 'a' + i % 26,
                                             'a' + i / 26 % 26, 'a' + i / 676);
    pkt_redactor_add_full_name (r, name);
  }
  pkt_redactor_add_full_name (r, "Karla Karlasson");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *got = pkt_redact_reply (r, pkt_slice_str (cases[i].text));
    g_assert_cmpstr (got, ==, cases[i].wanted);
  }
}

static void
test_reply_words (void)
{
  static const struct {
    const char *text, *wanted;
  } cases[] = {
    { "550 marlene: no", "550 [removed]: no" },
    { "550 /var/mail/Marlene no", "550 /var/mail/[removed] no" },
    { "550 marlenes no", "550 marlenes no" },
    { "550 Jane Quill, jane_quill, jane.quill.x", "550 [removed], [removed], [removed].x" },
    { "550 jane, quill", "550 jane, quill" },
    { "550 zed@icloud,com and zed@mail1: no", "550 [removed],com and [removed]: no" },
    { "550 user unknown: mailbox anna is gone", "550 user unknown: mailbox [removed] is gone" },
    { "550 @ 5.7.1, a @b", "550 @ 5.7.1, a @b" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  pkt_redactor_add_reply_word (r, "Marlene");
  pkt_redactor_add_reply_word (r, "jane.quill");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *got = pkt_redact_reply (r, pkt_slice_str (cases[i].text)),
                    *page = pkt_redact_text (r, pkt_slice_str (cases[i].text));
    g_assert_cmpstr (got, ==, cases[i].wanted);
    if (!strchr (cases[i].text, '@'))
      g_assert_cmpstr (page, ==, cases[i].text); /* elsewhere it is a word */
  }
}

/* The contact's own test mailbox bears the contact's name. */
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/recipients", test_recipients);
  g_test_add_func ("/redact/allowed-tagged", test_allowed_tagged);
  g_test_add_func ("/redact/mark-value", test_mark_value);
  g_test_add_func ("/redact/return-paths", test_return_paths);
  g_test_add_func ("/redact/opaque-return-paths", test_opaque_return_paths);
  g_test_add_func ("/redact/own-words", test_own_words);
  g_test_add_func ("/redact/own-ids", test_own_ids);
  g_test_add_func ("/redact/named-ids", test_named_ids);
  g_test_add_func ("/redact/shifted", test_shifted);
  g_test_add_func ("/redact/texts", test_texts);
  g_test_add_func ("/redact/senders-name", test_senders_name);
  g_test_add_func ("/redact/long-local", test_long_local);
  g_test_add_func ("/redact/within-senders-name", test_within_senders_name);
  g_test_add_func ("/redact/spelled-lines", test_spelled_lines);
  g_test_add_func ("/redact/pages", test_pages);
  g_test_add_func ("/redact/neutral-links", test_neutral_links);
  g_test_add_func ("/redact/message-ids", test_message_ids);
  g_test_add_func ("/redact/collision", test_collision);
  g_test_add_func ("/redact/name-forms", test_name_forms);
  g_test_add_func ("/redact/reply-words", test_reply_words);
  g_test_add_func ("/redact/redactor/custom", test_custom);
  return g_test_run ();
}
