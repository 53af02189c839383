#include "packet/redact/selftest-priv.h"

/* Ways in which people, log writers and mailers write an address: text for text. */

static char *
join (const char *with)
{
  return g_strdup_printf ("janeq%sicloud.com", with);
}

/* A canary that is a constant, or the canary with something else for its '@'. */
#define WRITTEN(name, text)                                                                        \
  static char *name (void)                                                                         \
  {                                                                                                \
    return g_strdup (text);                                                                        \
  }
#define JOINED(name, with)                                                                         \
  static char *name (void)                                                                         \
  {                                                                                                \
    return join (with);                                                                            \
  }

WRITTEN (plain, PKT_CANARY)
WRITTEN (upper, "JANEQ@ICLOUD.COM")
WRITTEN (lower, "janeq@icloud.com")
WRITTEN (stranger, PKT_CANARY_STRANGER)
WRITTEN (quoted, "\"janeq\"@icloud.com")
WRITTEN (tag, PKT_CANARY_TAGGED)
WRITTEN (untagged, "sam@icloud.com")
WRITTEN (odd_local, "id-" PKT_CANARY_ODD "-x")
WRITTEN (idn, PKT_CANARY_IDN)
WRITTEN (idn_ascii, "rita@xn--bcher-kva.example")
WRITTEN (name, PKT_CANARY_NAME)
WRITTEN (name_turned, "QUAINT-CANARY, Janine")

JOINED (verp_equals, "=")
WRITTEN (verp_address, "bounce-n12-janeq=icloud.com@bounce.example.com")
WRITTEN (verp_minus, "b-janeq-icloud.com@bounce.example.com")
WRITTEN (verp_other, "b+janeq#icloud.com@bounce.example.com")
WRITTEN (verp_dots, "b-janeq_icloud_com@bounce.example.com")
WRITTEN (verp_turned, "b-icloud.com=janeq@bounce.example.com")
WRITTEN (srs, "SRS0=Ab3x=7K=icloud.com=janeq@example.com")
WRITTEN (prvs, "prvs=1234abcdef=janeq@icloud.com")
JOINED (xtext, "+40")

JOINED (percent, "%40")
JOINED (percent_twice, "%2540")
JOINED (percent_wide, "%u0040")
WRITTEN (percent_all, "%6a%61%6E%65%71%40%69%63%6C%6f%75%64%2e%63%6f%6d")
JOINED (entity, "&#64;")
JOINED (entity_bare, "&#64")
JOINED (entity_hex, "&#x40;")
JOINED (entity_name, "&commat;")
JOINED (entity_twice, "&amp;#64;")
JOINED (json_escape, "\\u0040")
JOINED (pattern_escape, "\\@")
JOINED (script_escape, "\\x40")
JOINED (octal, "\\100")
JOINED (css, "\\40 ")
JOINED (json_in_json, "\\\\u0040")
WRITTEN (tags, "janeq<b></b>@<!-- x -->icloud<wbr>.com")
WRITTEN (zero_width, "jan\xe2\x80\x8b"
                     "eq@icloud\xe2\x81\xa0.com")
WRITTEN (soft_hyphen, "ja\xc2\xadneq@icl\xc2\xadoud.com")
JOINED (fullwidth, "\xef\xbc\xa0")

JOINED (qp, "=40")
JOINED (qp_soft, "=\r\n@=\r\n")
WRITTEN (word_q, "=?utf-8?Q?janeq=40icloud=2Ecom?=")
WRITTEN (word_b, "=?utf-8?B?amFuZXFAaWNsb3VkLmNvbQ==?=")
WRITTEN (word_cut, "=?utf-8?B?amFuZXFAa?= =?utf-8?B?WNsb3VkLmNvbQ==?=")
WRITTEN (continued, "x; filename*0=\"janeq@icl\"; filename*1=\"oud.com\"")
WRITTEN (continued_coded, "x; filename*0*=utf-8''jan%65; filename*1*=q%40icl; filename*2=oud.com")
WRITTEN (folded, "jan\r\n eq@icl\r\n oud.com")
WRITTEN (folded_at, "janeq@\r\n icloud.com")
WRITTEN (comment, "janeq(hello)@(there)icloud.com")
WRITTEN (blanks, "janeq @ icloud . com")
WRITTEN (utf7, "janeq+AEA-icloud.com")

WRITTEN (spelled, "janeq at icloud.com")
WRITTEN (marked, "janeq [at] icloud [dot] com")
WRITTEN (marked_stranger, "someone [at] stranger [dot] example")
WRITTEN (mailbox_stranger, "some.one at icloud.com")
WRITTEN (mailbox_upper, "someone AT icloud.com")
WRITTEN (mailbox_blanks, "some.one @ icloud.com")
WRITTEN (dotted_stranger, "someone at stranger dot example")
WRITTEN (glued, "janeqATicloudDOTcom")
WRITTEN (spaced, "j a n e q @ i c l o u d . c o m")
WRITTEN (reversed, "moc.duolci@qenaj")
WRITTEN (reversed_host, "com.icloud.janeq")
WRITTEN (rot13, "wnard=vpybhq.pbz")

const PktEncoding pkt_selftest_plain[] = {
  { "plain", plain },
  { "upper case", upper },
  { "lower case", lower },
  { "by its form alone", stranger },
  { "quoted local part", quoted },
  { "with +tag", tag },
  { "without its +tag", untagged },
  { "odd local part alone", odd_local },
  { "international domain", idn },
  { "international domain, xn--", idn_ascii },
  { "full name", name },
  { "full name, turned", name_turned },
  { "user=domain", verp_equals },
  { "VERP =", verp_address },
  { "VERP -", verp_minus },
  { "VERP #", verp_other },
  { "VERP, no dots", verp_dots },
  { "VERP, turned", verp_turned },
  { "SRS", srs },
  { "BATV", prvs },
  { "xtext", xtext },
  { "percent", percent },
  { "percent, twice", percent_twice },
  { "percent, %u", percent_wide },
  { "percent, all", percent_all },
  { "entity", entity },
  { "entity without ;", entity_bare },
  { "entity, hex", entity_hex },
  { "entity, named", entity_name },
  { "entity, twice", entity_twice },
  { "JSON escape", json_escape },
  { "escape of a pattern", pattern_escape },
  { "JSON in JSON", json_in_json },
  { "script escape", script_escape },
  { "octal escape", octal },
  { "CSS escape", css },
  { "split by tags", tags },
  { "zero-width characters", zero_width },
  { "soft hyphens", soft_hyphen },
  { "full-width @", fullwidth },
  { "quoted-printable", qp },
  { "soft line breaks", qp_soft },
  { "encoded word, Q", word_q },
  { "encoded word, B", word_b },
  { "encoded words, cut", word_cut },
  { "RFC 2231", continued },
  { "RFC 2231, percent", continued_coded },
  { "folded", folded },
  { "folded behind @", folded_at },
  { "comments", comment },
  { "blanks", blanks },
  { "UTF-7", utf7 },
  { "user at domain", spelled },
  { "user [at] domain", marked },
  { "[at], by its form", marked_stranger },
  { "at … dot, by its form", dotted_stranger },
  { "at Apple's domain, by its form", mailbox_stranger },
  { "AT Apple's domain, by its form", mailbox_upper },
  { "@ with blanks, by its form", mailbox_blanks },
  { "userATdomain", glued },
  { "s p a c e d", spaced },
  { "reversed", reversed },
  { "reversed host", reversed_host },
  { "rot13", rot13 },
  { NULL, NULL },
};
