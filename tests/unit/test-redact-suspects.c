#include "packet/redact/verify.h"

/* Whom the verifier takes for a known recipient without their whole address, and whom it does not.
 * What it finds by form: test-redact-verify.c. */

static const char *const own[] = { "example.com", "fine-news.example", NULL };
static const PktRedactScope scope = { own, NULL };

static PktVerifier *
verifier_for (const char *address)
{
  PktVerifier *v = pkt_verifier_new (&scope);
  pkt_verifier_add_recipient (v, pkt_slice_str (address));
  return v;
}

/* The rule that the text breaks first, or "". */
static char *
rule_of (PktVerifier *v, const char *text)
{
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", text, strlen (text));
  return g_strdup (leaks->len ? ((PktLeak *)leaks->pdata[0])->rule : "");
}

typedef struct {
  const char *who, *text, *rule;
} Case;

static void
check_cases (const Case *cases, gsize n, gboolean names)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (PktVerifier) v = verifier_for (names ? "reader@icloud.com" : cases[i].who);
    if (names)
      pkt_verifier_add_name (v, cases[i].who);
    g_autofree char *rule = rule_of (v, cases[i].text);
    if (!g_str_equal (rule, cases[i].rule)) {
      g_test_message ("%s in \"%s\": \"%s\"", cases[i].who, cases[i].text, rule);
      g_test_fail ();
    }
  }
}

/* A local part by itself names somebody where no other text would hold it. */
static void
test_alone (void)
{
  static const Case cases[] = {
    { "anna.quist@icloud.com", "for anna.quist, again", "local-part" },
    { "anna.quist@icloud.com", "ANNA.QUIST", "local-part" },
    { "anna.quist@icloud.com", "/reader/anna-quist/", "local-part" },
    { "anna.quist@icloud.com", "anna_quist.csv", "local-part" },
    { "anna-quist@icloud.com", "anna+quist", "local-part" },
    { "anna.quist@icloud.com", "w53-anna.quist-7", "local-part" },
    { "anna.quist@icloud.com", "johanna.quist, anna.quister", "" },
    { "anna.quist@icloud.com", "anna quist", "" },
    { "annaquist@icloud.com", "annaquist", "" },              /* a word like any other */
    { "fine-news@icloud.com", "mta1.fine-news.example", "" }, /* the sender's own name */
    { "fine.news@icloud.com", "mta1.fine-news.example", "" },
    { "fine_news@icloud.com", "postmaster@fine-news.example", "" },
    { "ine-news@icloud.com", "for ine-news, again", "local-part" }, /* within a word of it */
    { "fine-new@icloud.com", "for fine-new, again", "local-part" },
    { "t.example.comic@icloud.com", "for t.example.comic, again", "local-part" },
    { "a.quist@icloud.com", "see a-quist", "" },
    { "0049170123456@icloud.com", "user 0049170123456 unknown", "local-part" },
    { "49170123@icloud.com", "49170123 attempts", "" }, /* a figure as likely */
    { "example.com@icloud.com", "mta1.example.com", "" },
    { "news.example.com@icloud.com", "From: news.example.com", "" },
    { "apple.com@shops.example.net", "mx01.mail.icloud.com, www.apple.com",
      "" }, /* each packet's */
    { "apple.com@shops.example.net", "for apple.com@shops.example.net", "recipient" },
    { "moc.duolci@icloud.com", "mx01.mail.icloud.com", "" },
    { "apple.come@icloud.com", "for apple.come, again", "local-part" },
    { "year_end@icloud.com", "our year-end mail", "" }, /* its parts say too little */
    { "2026-12-31@icloud.com", "2026-12-31,1,2", "" },  /* and no letter at all */
    { "2026-12-31-0049@icloud.com", "2026-12-31-0049", "local-part" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), FALSE);
}

/* What stands between local part and domain in addresses of senders' own, or the two turned. */
static void
test_signs (void)
{
  static const char *const forms[] = { "b-anna=icloud.com",  "b-anna-icloud.com", "anna+icloud.com",
                                       "anna#icloud.com",    "anna%icloud.com",   "anna!icloud.com",
                                       "b_anna_icloud.com",  "anna--icloud.com",  "icloud.com=anna",
                                       "b-icloud.com!anna-7" };
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *path = g_strconcat ("<", forms[i], ">", NULL);
    check_cases (&(Case){ "<Anna@icloud.com>", path, "recipient" }, 1, FALSE);
  }
  static const Case cases[] = {
    { "anna@quist-family.example", "<b-anna-quist-family-example@example.com>", "recipient" },
    { "anna@quist-family.example", "<b_anna_quist_family_example@example.com>", "recipient" },
    { "anna@quist-family.example", "<b-anna-quistfamily-example@example.com>", "" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), FALSE);
}

/* Before the sign stands nobody. */
static void
test_nobody (void)
{
  static const Case cases[] = {
    { "anna@icloud.com",
      "all of *@icloud.com, \xe2\x80\xa6@me.com, \xe2\x80\x9c@mac.com\xe2\x80\x9d", "" },
    { "anna@icloud.com", "======\n@icloud.com is ours", "" },
    { "_@icloud.com", "for _@icloud.com", "recipient" },
    { "anna@icloud.com", "\xe7\x8e\x8b@icloud.com", "address" },
    { "anna@icloud.com", "*x*@icloud.com", "address" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), FALSE);
}

/* RFC 5322 4.4: blanks around signs and dots, which no new mail has, and every parser takes. */
static void
test_blanks (void)
{
  static const Case cases[] = {
    { "anna.quist@icloud.com", "see anna . quist @ icloud . com there", "recipient (blanks)" },
    { "anna.quist@icloud.com", "see anna. quist @icloud.com there", "recipient (blanks)" },
    { "anna.quist@icloud.com", "anna .quist @ icloud .com", "recipient (blanks)" },
    { "quist@icloud.com", "ask anna. Quist @ icloud.com", "recipient (blanks)" },
    { "anna.quist@icloud.com", "see anna quist @ example.com there", "" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), FALSE);
}

/* RFC 6531, RFC 5891: letters in another composition, a domain in its other form. */
static void
test_unicode (void)
{
  static const Case cases[] = {
    { "zo\xc3\xab@b\xc3\xbc"
      "cher.example",
      "zo\xc3\xab=xn--bcher-kva.example", "recipient" },
    { "zo\xc3\xab@xn--bcher-kva.example",
      "zo\xc3\xab=b\xc3\xbc"
      "cher.example",
      "recipient" },
    { "jane@xn--bcher-kva.example",
      "jane=b\xc3\xbc"
      "cher.example",
      "recipient" },
    { "zoe\xcc\x88@icloud.com", "zo\xc3\xab=icloud.com", "recipient" },
    { "ZO\xc3\x8b@icloud.com", "zo\xc3\xab=icloud.com", "recipient" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), FALSE);
}

/* However To and the text write one name; what names nobody is nobody's. */
static void
test_names (void)
{
  static const Case cases[] = {
    { "Quill, Zo\xc3\xab", "for Zo\xc3\xab Quill, a", "name" },
    { "Quill, Zo\xc3\xab", "for zoe-quill a", "name" },
    { "Zoe\xcc\x88 Quill", "for QUILL/ZOE a", "name" },
    { "Quill, Zo\xc3\xab", "for Zoe and Quill", "" },
    { "王芳", "亲爱的王芳女士", "name" },
    { "王 芳", "x王芳", "name" },
    { "王芳", "王 芳", "" },
    { "お客様", "お客様へ", "" },
    { "iCloud Test", "sent to our iCloud test", "" },
    { "Customer Service", "our customer service", "" },
    { "Example Com", "www.example.com", "" },
    { "Content Type", "Content-Type: text/plain", "" }, /* as an address may spell it */
    { "Moc Duolci", "mx01.mail.icloud.com", "" },
  };
  check_cases (cases, G_N_ELEMENTS (cases), TRUE);
}

/* The sender's name stands in its texts, whoever has the same in To. */
static void
test_senders_name (void)
{
  g_autoptr (PktVerifier) v = verifier_for ("reader@icloud.com");
  pkt_verifier_allow_name (v, "Anna Weber Consulting");
  pkt_verifier_add_name (v, "Anna Weber");
  pkt_verifier_add_name (v, "Anna Quist");
  g_autofree char *sender = rule_of (v, "Anna Weber, postmaster");
  g_autofree char *reader = rule_of (v, "Anna Quist, a reader");
  g_assert_cmpstr (sender, ==, "");
  g_assert_cmpstr (reader, ==, "name");
}

/* What was clean is not looked at again: until somebody more is known. What was not is found in
 * each file that holds it. */
static void
test_again (void)
{
  static const char text[] = "for anna.quist", greeting[] = "for Zoe Quill";
  g_autoptr (PktVerifier) v = verifier_for ("reader@icloud.com");
  g_autofree char *unknown = rule_of (v, text), *nobody = rule_of (v, greeting);
  pkt_verifier_add_recipient (v, PKT_SLICE ("anna.quist@icloud.com"));
  g_autofree char *known = rule_of (v, text), *known_again = rule_of (v, text);
  pkt_verifier_add_name (v, "Zoe Quill");
  g_autofree char *named = rule_of (v, greeting), *named_again = rule_of (v, greeting);
  g_assert_cmpstr (unknown, ==, "");
  g_assert_cmpstr (nobody, ==, "");
  g_assert_cmpstr (known, ==, "local-part");
  g_assert_cmpstr (known_again, ==, "local-part");
  g_assert_cmpstr (named, ==, "name");
  g_assert_cmpstr (named_again, ==, "name");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/suspects/alone", test_alone);
  g_test_add_func ("/redact/suspects/signs", test_signs);
  g_test_add_func ("/redact/suspects/nobody", test_nobody);
  g_test_add_func ("/redact/suspects/blanks", test_blanks);
  g_test_add_func ("/redact/suspects/unicode", test_unicode);
  g_test_add_func ("/redact/suspects/names", test_names);
  g_test_add_func ("/redact/suspects/senders-name", test_senders_name);
  g_test_add_func ("/redact/suspects/again", test_again);
  return g_test_run ();
}
