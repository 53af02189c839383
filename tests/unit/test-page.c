/* The page as Apple and the sender see it: outline, hosts, names and merge fields. */
#include "packet/base/charset.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/page/hosts.h"
#include "packet/page/mask.h"
#include "packet/page/page.h"
#include "tests/unit/page-closed.h"

static PktPage *
read_bytes (const char *p, gsize n, const char *charset)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Jo Reader");
  g_autoptr (GError) error = NULL;
  PktPage *page = pkt_page_read ("page.html", pkt_slice (p, n),
                                 &(PktPageWith){ .charset = charset, .names = names }, &error);
  g_assert_no_error (error);
  page_assert_closed (page->clean_html);
  return page;
}

static PktPage *
read_text (const char *html)
{
  return read_bytes (html, strlen (html), NULL);
}

/* With UPDATE_GOLDEN set the file is written instead of compared. */
static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autofree char *html = g_strdup_printf ("%s/samples/page/%s.html", g_getenv ("TOP_SRCDIR"),
                                           name);
  g_autofree char *golden = g_strdup_printf ("%s/tests/golden/page/%s.txt", g_getenv ("TOP_SRCDIR"),
                                             name);
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (html, PKT_PAGE_MAX_BYTES, &n, NULL);
  g_assert_nonnull (bytes);
  g_autoptr (PktPage) page = read_bytes (bytes, n, NULL);
  if (g_getenv ("UPDATE_GOLDEN"))
    g_assert_true (g_file_set_contents (golden, page->outline, -1, NULL));
  g_autofree char *want = pkt_file_read (golden, PKT_PAGE_MAX_BYTES, &n, NULL);
  g_assert_cmpstr (page->outline, ==, want);
}

static void
test_inventory (void)
{
  g_autoptr (PktPage) page = read_text (
      "<title> A \n page </title><a href='https://b.example.com/x'>x</a><a "
      "href='//B.example.com:8443/y'>y</a>"
      "<area href=http://user:pw@c.example.com><form action=https://d.example.com></form>"
      "<img src=https://a.example.com/i.png srcset='https://a.example.com/2.png 2x, "
      "https://e.example.com/3 3x'>"
      "<td background=https://a.example.com/b.png style='background:url( "
      "\"https://f.example.com/q\" )'>"
      "<link rel=stylesheet href=https://g.example.com/s.css><a href=mailto:x@y.example>m</a><a "
      "href='/rel'>r</a>"
      "<meta http-equiv=refresh content='0; URL=https://h.example.com/'><!-- <a "
      "href=\"https://i.example.com/z\"> -->"
      "<style>@import 'https://j.example.com/k'; a{b:url(https://j.example.com/l)}</style>");
  static const struct {
    const char *host;
    guint links, images;
  } want[] = { { "a.example.com", 0, 3 }, { "b.example.com", 2, 0 }, { "c.example.com", 1, 0 },
               { "d.example.com", 1, 0 }, { "e.example.com", 0, 1 }, { "f.example.com", 0, 1 },
               { "g.example.com", 0, 1 }, { "h.example.com", 1, 0 }, { "i.example.com", 1, 0 },
               { "j.example.com", 0, 2 } };
  g_assert_cmpstr (page->title, ==, "A   page");
  g_assert_cmpuint (page->attachments_or_forms, ==, 1);
  g_assert_cmpuint (page->hosts->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < page->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (page->hosts, i);
    g_assert_cmpstr (h->host, ==, want[i].host);
    g_assert_cmpuint (h->links, ==, want[i].links);
    g_assert_cmpuint (h->images, ==, want[i].images);
  }
}

static const struct {
  const char *url, *host;
} urls[] = {
  { "https://www.example.com/", "www.example.com" },
  { "HTTPS://WWW.EXAMPLE.COM", "www.example.com" },
  { "  http://a.example:80?x", "a.example" },
  { "//cdn.example.net#f", "cdn.example.net" },
  { "\\\\cdn.example.net\\x", "cdn.example.net" },
  { "https:\\\\a.example\\x", "a.example" },
  { "ht\ntps://a.exa\tmple/", "a.example" },
  { "https://user:p@ss@a.example/", "a.example" },
  { "https://b.example@a.example/", "a.example" },
  { "https://a.example./", "a.example" },
  { "https://m%61il.example/", "mail.example" },
  { "https://bücher.example/", "xn--bcher-kva.example" },
  { "https://xn--bcher-kva.example/", "xn--bcher-kva.example" },
  { "https://192.0.2.1:8080/", "192.0.2.1" },
  { "https://[2001:DB8::1]:443/", "[2001:db8::1]" },
  { "https:////a.example/", "a.example" },
  { "https://", NULL },
  { "https:///", NULL },
  { "https:a.example", NULL },
  { "https://2130706433/", "127.0.0.1" },
  { "http://0x7f.1/", "127.0.0.1" },
  { "http://0300.0.2.012", "192.0.2.10" },
  { "http://192.0.2.256/", "192.0.2.256" },
  { "https://{{host}}/", NULL },
  { "https://a..example/", NULL },
  { "https://[::1", NULL },
  { "/path", NULL },
  { "a.example/path", NULL },
  { "mailto:a@b.example", NULL },
  { "tel:+15550100", NULL },
  { "cid:part@example.com", NULL },
  { "data:text/html,https://a.example", NULL },
  { "javascript:location='https://a.example'", NULL },
  { "", NULL },
};

static void
test_url (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *host = pkt_hosts_of_url (pkt_slice_str (urls[i].url));
  g_assert_cmpstr (host, ==, urls[i].host);
}

static const struct {
  const char *text, *masked;
} masks[] = {
  { "Hi Jo Reader,", "Hi [name]," },
  { "Hi JO  READER!", "Hi [name]!" },
  { "Reader, Jo", "[name]" },
  { "jo said, a reader read", "jo said, a reader read" },
  { "Joan and Readers", "Joan and Readers" },
  { "Lieber {{ vorname }}!", "Lieber [field]!" },
  { "{{{raw}}} *|FNAME|* %%name%% [[x]] ${y} {first_name} {% if a %}",
    "[field] [field] [field] [field] [field] [field] [field]" },
  { "50% off, 20% more; a {b c d!} set", "50% off, 20% more; a {b c d!} set" },
  { "Zoë", "[name]" },
  { "زينب، نور; ზებულონ, ab", "[name]، نور; [name], ab" },
  { "Otto, Quist, De otto", "[name], [name], De otto" },
  { "O'Quill, O’Quill or O`Quill, Quill's", "[name], [name] or [name], [name]'s" },
  { "Zoe and ZOE\xcc\x88", "[name] and [name]" },
  { "An Joergen Strasse, Jorgen Straße", "An [name], [name]" },
  { "An Jürgen Müller, Müller", "An [name], [name]" },
  { "jürgen zoe jorgen", "jürgen [name] jorgen" },
  { "Jo.Reader@example.net, Zoe@example.net", "Jo.Reader@example.net, Zoe@example.net" },
  { "ZOËs", "ZOËs" },
  { "Order number | 4711-AX", "Order number | [field]" },
  { "Invoice | 4711", "Invoice | [field]" },
  { "Ditt ordernummer är 55-1029, ordrenr. 4711", "Ditt ordernummer är [field], ordrenr. [field]" },
  { "ご注文番号：123-4567 주문번호: 2026-77812", "ご注文番号：[field] 주문번호: [field]" },
  { "Номер заказа: 77-812, Numer zamówienia: 4711-A, Sipariş no: 4711",
    "Номер заказа: [field], Numer zamówienia: [field], Sipariş no: [field]" },
  { "#471188, AB-471188 and 55471188", "[field], [field] and [field]" },
  { "DE02 4711 8800 0000 4711 88", "[field]" },
  { "4711 8800 1234 5678", "[field]" },
  { "20261231, 202612, 1,299,000, 1234567.50, 12345 Town, our #1",
    "20261231, 202612, 1,299,000, 1234567.50, 12345 Town, our #1" },
  { "+12025550143, +44 20 7946 0018, +49 (0)30 555-0143, 0049 30 5550143 and +34 612 345 678",
    "[phone], [phone], [phone], [phone] and [phone]" },
  { "(202) 555-0143, 202-555-0143, 1 202.555.0143 or (030) 555 01 43",
    "[phone], [phone], [phone] or [phone]" },
  { "555 0143 22, 138 1234 5678, 079 555 01 43, 555 01 43", "[phone], [phone], [phone], [phone]" },
  { "020 7946 0018, 06 55 50 14 33, 030/5550143, 03-5550-0143, 0171 / 555 01 88",
    "[phone], [phone], [phone], [phone], [phone]" },
  { "Tel: 555-0166, call us 5550 166, Tel. 5550-166-2",
    "Tel: [phone], call us [phone], Tel. [phone]" },
  { "123-45-6789", "[phone]" },
  { "+44\xc2\xa0"
    "20\xe2\x80\xaf"
    "7946\xe2\x80\x91"
    "0018, (202)\xc2\xa0"
    "555\xe2\x80\x91"
    "0143",
    "[phone], [phone]" },
  { "+5 000 000, +12 %, (2026) 12-31, 01.02.2027 10:00, 2027-02-01, 08.00-20.00, 08:00 - 20:00",
    "+5 000 000, +12 %, (2026) 12-31, 01.02.2027 10:00, 2027-02-01, 08.00-20.00, 08:00 - 20:00" },
  { "1 299 000, 36 38 40 42, 01 02 03 04, 2024, 2025, 2026, 1 2 3 4 5 6 7 8, 100-200 g, 10.12.2026",
    "1 299 000, 36 38 40 42, 01 02 03 04, 2024, 2025, 2026, 1 2 3 4 5 6 7 8, 100-200 g, "
    "10.12.2026" },
  { "0.12345678, 3.1415926535, 192.0.2.10, 12:30 12:45, we call 24 hours, 2 for 1, 50 x 70 x 100 "
    "cm",
    "0.12345678, 3.1415926535, 192.0.2.10, 12:30 12:45, we call 24 hours, 2 for 1, 50 x 70 x 100 "
    "cm" },
  { "Deliver to:\nA B\n12 Some Lane", "Deliver to:\n[field]" },
  { "Delivery address | A B, 12 Some Lane | paid", "Delivery address | [field]| paid" },
  { "we deliver to your door; our mailing address: 1 Sample Street",
    "we deliver to your door; our mailing address: 1 Sample Street" },
  { "Passenger name: Otto Q", "Passenger name: [name]" },
  { "Name | Otto Q | paid", "Name | [name]| paid" },
  { "Product name: Soup", "Product name: Soup" },
  { "Su pedido 881-22, Ihre Bestellung 47118, votre commande n\xc2\xb0 47-11, ordine 4711-AB",
    "Su pedido [field], Ihre Bestellung [field], votre commande n\xc2\xb0 [field], ordine "
    "[field]" },
  { "Siparişiniz 881-22, Ваш заказ №88122, ご注文 881-22、您的订单 88122，주문 88122, طلبك 88122, "
    "ההזמנה 88122, Mã đơn hàng: 88122",
    "Siparişiniz [field], Ваш заказ №[field], ご注文 [field]、您的订单 [field]，주문 [field], طلبك "
    "[field], ההזמנה [field], Mã đơn hàng: [field]" },
  { "Order 24/7, order 2026-12, Bestellung 2026, order 12 get 2, order before 1200, case 12 "
    "bottles",
    "Order 24/7, order 2026-12, Bestellung 2026, order 12 get 2, order before 1200, case 12 "
    "bottles" },
  { "Teslimat adresi: Atatürk Cad. 12", "Teslimat adresi: [field]" },
  { "Adres dostawy:\nul. Prosta 1\n00-001 Warszawa", "Adres dostawy:\n[field]" },
  { "お届け先：東京都渋谷区1-2-3", "お届け先：[field]" },
  { "عنوان التوصيل: شارع النيل ١٢", "عنوان التوصيل: [field]" },
  { "Delivered to 12 Some Lane, Townsville", "Delivered to [field]" },
  { "We deliver to 30 countries", "We deliver to 30 countries" },
  { "CPF 123.456.789-09, DNI 12345678Z, NIE X1234567L, RSSMRA85T10A562S, QQ 12 34 56 C, "
    "756.1234.5678.97, 900101-1234567, 811228-9874",
    "CPF [field], DNI [field], NIE [field], [field], [field], [field], [field], [field]" },
  { "Card ending in 4242, endet auf 4242, terminada en 4242, Visa 4242, \u2022\u2022\u2022\u2022 "
    "4242, "
    "尾号4242, 4242 ile biten",
    "Card ending in [field], endet auf [field], terminada en [field], Visa [field], [field], "
    "尾号[field], [field] ile biten" },
  { "IBAN ending 3000, IBAN: DE89 3704, DE89 3704 0044, NL91 ABNA 0417 1643 00",
    "IBAN ending [field], IBAN: [field], [field], [field]" },
  { "The offer ends on 2026, the sale ends on 31, ends 20 December, last 4 days, *** 50% ***, AB12 "
    "2026, CS01",
    "The offer ends on 2026, the sale ends on 31, ends 20 December, last 4 days, *** 50% ***, AB12 "
    "2026, CS01" },
  { "Date of birth: 01.02.1980, geboren am 3. Mai 1971, 生年月日：1980年1月2日, birthday: 10% off",
    "Date of birth: [field], geboren am [field], 生年月日：[field], birthday: 10% off" },
  { "Username: jane_q | 用户名：quill", "Username: [name] | 用户名：[name]" },
  { "Prénom : Otto", "Prénom : [name]" },
  { "Customer | Otto Quill", "Customer | [name]" },
  { "Guest: Otto Quill", "Guest: [name]" },
  { "Booked by Otto Quill, booked by all", "Booked by [name], booked by all" },
  { "Our guest list: soup", "Our guest list: soup" },
  { "Zoës Punkte, Jos Suppe, Zoës suppe", "[name]s Punkte, [name]s Suppe, Zoës suppe" },
  { "お名前：山田太郎", "お名前：[name]" },
  { "０９０－１２３４－５６７８, ٠٥٠ ١٢٣ ٤٥٦٧, 98765 43210, 612 345 678",
    "[phone], [phone], [phone], [phone]" },
  { "电话13812345678查询，订单88122已发货", "电话[field]查询，订单[field]已发货" },
  { "612 345 678 €, 2 000 g", "612 345 678 €, 2 000 g" },
  { "Booking reference: QXZRTW, PNR QXZRTW, your booking QXZRTW, BOOKING REFERENCE NUMBER: QXZRTW",
    "Booking reference: [field], PNR [field], your booking [field], BOOKING REFERENCE NUMBER: "
    "[field]" },
  { "YOUR BOOKING STARTS HERE, Your booking ONLINE, use code SPRING20, Ticket: 25 EUR, Sun tan "
    "30SPF, EN 1090-2",
    "YOUR BOOKING STARTS HERE, Your booking ONLINE, use code SPRING20, Ticket: 25 EUR, Sun tan "
    "30SPF, EN 1090-2" },
  { "Your PIN: 4471, your code ZQF-7Q2M-8KLP, passcode Zq7Fe2, with code 4471, 482 913 is your "
    "code, sort code 20-00-00",
    "Your PIN: [field], your code [field], passcode [field], with code [field], [field] is your "
    "code, sort code [field]" },
  { "Ticket number 220-2401234567 | Frequent flyer: EX 9922 0417 33 | Patient ID: 77-1204",
    "Ticket number [field] | Frequent flyer: [field] | Patient ID: [field]" },
  { "Registration: LB07 ZQF, LB07ZQF, Kennzeichen: M-ZQ 4711, VIN WVWZZZ1JZXW000471",
    "Registration: [field], [field], Kennzeichen: [field], VIN [field]" },
  { "Registration 2027, Registration: 1 to 5 May, Reg. 5 May, Registration: 10-12 May, Kennzeichen "
    "4-teilig, Registration: 4711, Registration number: 471, Reg. 1-ABC-123, Kennzeichen: M 4",
    "Registration 2027, Registration: 1 to 5 May, Reg. 5 May, Registration: 10-12 May, Kennzeichen "
    "4-teilig, Registration: [field], Registration number: [field], Reg. [field], Kennzeichen: "
    "[field]" },
  { "YOUR VOUCHER IS HERE, Gift card BALANCE, your coupon EXPIRES, Booking WINTER trips, "
    "CVE-2026-12345, FW26 MEN",
    "YOUR VOUCHER IS HERE, Gift card BALANCE, your coupon EXPIRES, Booking WINTER trips, "
    "CVE-2026-12345, FW26 MEN" },
  { "YOUR VOUCHER IS HEREQX, gift card GIFT-7Q2M-8KLP, voucher XKQJZP, booking WINTRQ, FW26 MXN",
    "YOUR VOUCHER IS [field], gift card [field], voucher [field], booking [field], [field]" },
  { "Upgrade from 3.11.0.2 to 3.12, version from 1.2.3.4 on, 2027 is your year",
    "Upgrade from 3.11.0.2 to 3.12, version from 1.2.3.4 on, 2027 is your year" },
  { "2027 is your code, 4471 is your pass, signing in from 203.0.113.77",
    "[field] is your code, [field] is your pass, signing in from [field]" },
  { "Signed in from 203.0.113.77, IP: 2001:db8:47::9, at 51.50331,-0.11952, 4006 3813 33931",
    "Signed in from [field], IP: [field], at [field], [field]" },
  { "READER2027, @reader_jo, #ReaderDay, a@reader1.example, proofreader",
    "[name], @[name], #[name], a@[name].example, proofreader" },
  { "Frau Zoë\nMusterweg 12\n12345 Musterstadt\nGuten Tag, Zoë", "Frau [name]\n[field]\nGuten "
                                                                 "Tag, [name]" },
  { "Jo Reader, 12 Some Lane, Townsville, AB1 2CD. Example Company, 1 Sample Street",
    "[name], [field]. Example Company, 1 Sample Street" },
  { "Jo Reader\n12 new soups", "[name]\n12 new soups" },
  { "Jo Reader\n12 Some Crescent Apt 5C\n12345 Townsville", "[name]\n[field]" },
  { "Jo Reader\n4 The Old Mill\nAB1 2CD Townsville", "[name]\n[field]" },
  { "Jo Reader\n4 soups to try\nby 12345 readers", "[name]\n4 soups to try\nby 12345 readers" },
  { "Reader Jo, ul. Prosta 1/4, 00-001 Warszawa. Soup.", "[name], [field]. Soup." },
  { "Jo Reader, 12 new soups. St. Anna", "[name], 12 new soups. St. Anna" },
  { "quist otto de\n12 Some Lane\nTownsville", "[name]\n[field]" },
  { "ID 56525445ba8ec9ee, 3f1b6b7e-6f1b-4d6f-8a31-0c0d5b6a7c11, VVVic0ZmhQZkZwd2g0Tk, "
    "kYurSlcHKOhBnI8/4iTkSw==",
    "ID [field], [field], [field], [field]" },
  { "facade, deadbeefcafebabe, 1234abcd, donaudampfschifffahrt2027, SUMMERSALE2027FORALLOFUS, "
    "IPhone17ProMax, 20th",
    "facade, deadbeefcafebabe, 1234abcd, donaudampfschifffahrt2027, SUMMERSALE2027FORALLOFUS, "
    "IPhone17ProMax, 20th" },
};

static const struct {
  const char *label, *next, *masked;
} awaited[] = {
  { "Order number", "4711-AX", "[field]" },
  { " Bestellnummer: ", " 4711", " [field]" },
  { "Order #", "4711 of today", "[field] of today" },
  { "Shipping address:", "12 Some Lane", "[field]" },
  { "Telefon:", "555-0177", "[phone]" },
  { "Name", "Otto Quill", "[name]" },
  { "Your name", "Subscribe", "Subscribe" },
  { "Order", "881-22", "[field]" },
  { "Order", "2 soups", "2 soups" },
  { "Delivery address: A B", "12 Some St.", "[field]" },
  { "Delivery address: A B", "Total: 12.00", "Total: 12.00" },
  { "Delivery address: A B, 12 Some Lane", "Soup of the week", "Soup of the week" },
  { "Delivery address: A B", "We shall be there soon.", "We shall be there soon." },
  { "Order number", "is below", "is below" },
  { "The order in which we go", "2026 was", "2026 was" },
  { "What we deliver", "4711 soups", "4711 soups" },
  { "Booking reference", "QXZRTW", "[field]" },
  { "Your PIN", "4711", "[field]" },
  { "Booking number", "of all guests", "of all guests" },
  { "Mr Otto Quill", "12 Some Lane", "[field]" },
  { "Otto Quill", "12 new soups", "12 new soups" },
};

static void
test_awaited (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Otto Quill");
  g_autoptr (PktMask) mask = pkt_mask_new (names);
  PktMaskPlace place = { PKT_MASK_NOTHING, FALSE, 0 };
  g_free (pkt_mask_next (mask, &place, awaited[i].label));
  pkt_mask_end_line (&place);
  g_autofree char *text = pkt_mask_next (mask, &place, awaited[i].next);
  g_assert_cmpstr (text, ==, awaited[i].masked);
}

/* Rows of a table: an address has its end, and another one its own. */
static void
test_addresses (void)
{
  static const struct {
    const char *text, *masked;
  } rows[] = {
    { "Otto Quill", "[name]" },        { "Calle Sol 9, 3º", "[field]" },
    { "31039 Townsville", "[field]" }, { "Soup of the week", "[field]" }, /* or a country */
    { "Read on", "Read on" },          { "Otto Quill", "[name]" },
    { "12 Some Lane", "[field]" },     { "Otto Quill", "[name]" },
    { "13 Some Lane", "[field]" },     { "Townsville", "[field]" },
  };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Otto Quill");
  g_autoptr (PktMask) mask = pkt_mask_new (names);
  PktMaskPlace place = { PKT_MASK_NOTHING, FALSE, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = pkt_mask_next (mask, &place, rows[i].text);
    g_assert_cmpstr (text, ==, rows[i].masked);
    pkt_mask_end_line (&place);
  }
}

static void
test_mask (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_add (names, "Jo Reader");
  g_ptr_array_add (names, "Zoë");
  g_ptr_array_add (names, "Jørgen Straße");
  g_ptr_array_add (names, "Juergen Mueller"); /* as an address spells it */
  g_ptr_array_add (names, "زينب الحسيني");
  g_ptr_array_add (names, "ზებულონ");
  g_ptr_array_add (names, "otto de quist"); /* as many write themselves */
  g_ptr_array_add (names, "Uma O’Quill");
  g_ptr_array_add (names, ".*+?(){}[]\\");
  g_autoptr (PktMask) mask = pkt_mask_new (names);
  PktMaskPlace place = { PKT_MASK_NOTHING, FALSE, 0 };
  g_autofree char *text = pkt_mask_next (mask, &place, masks[i].text);
  g_assert_cmpstr (text, ==, masks[i].masked);
}

static const struct {
  const char *bytes;
  gsize n;
  const char *charset;
  const char *want; /* in the outline */
} charsets[] = {
#define BYTES(s) (s), sizeof (s) - 1
  { BYTES ("<p>caf\xc3\xa9"), NULL, "café" },
  { BYTES ("<p>caf\xe9"), NULL, "café" },
  { BYTES ("<p>\x93quoted\x94"), "iso-8859-1", "“quoted”" },
  { BYTES ("<meta charset=windows-1252><p>\x80 5"), NULL, "€ 5" },
  { BYTES ("<meta http-equiv=c content='text/html; charset=\"koi8-r\"'><p>\xcd\xc9\xd2"), NULL,
    "мир" },
  { BYTES ("<p>caf\xc3\xa9"), "us-ascii", "café" },
  { BYTES ("<p>caf\xe9 \xe0 la"), "utf-8", "café à la" },
  { BYTES ("\xef\xbb\xbf<meta charset=koi8-r><p>caf\xc3\xa9"), NULL, "café" },
  { BYTES ("\xff\xfe<\0p\0>\0h\0\xe9\0"), NULL, "hé" },
  { BYTES ("\xfe\xff\0<\0p\0>\0h\0\xe9"), NULL, "hé" },
  { BYTES ("<p>a\0b\0c"), NULL, "abc" },
  { BYTES ("<p>caf\xc3\xa9"), "no-such//TRANSLIT", "café" },
  { BYTES ("<meta charset=utf-16><p>caf\xc3\xa9"), NULL, "café" },
};

static void
test_charset (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktPage) page = read_bytes (charsets[i].bytes, charsets[i].n, charsets[i].charset);
  g_autofree char *want = g_strconcat (charsets[i].want, "\n", NULL);
  g_assert_cmpstr (page->outline, ==, want);
}

/* Elements that a style sheet sets apart, with no blank between: a name or a number ends there. */
static const struct {
  const char *html, *want;
} parts[] = {
  { "<p><b>Hello</b><span>Reader</span><span>Order</span>", "Hello[name]Order" },
  { "<p>Jo <b>Rea</b>der", "[name]" },
  { "<p><span>Order number</span><span>471188</span><span>x</span>", "Order number[field]x" },
  { "<p>Order 47<b>11</b>88-<i>77</i>", "Order [field]" },
  { "<p><b>Call</b><i>+12025550143</i><u>now</u>", "Call[phone]now" },
  { "<p>S<b>ou</b>p and <i>snow</i>s", "Soup and snows" },
  { "<details><summary>Reader</summary>d</details>", "[name]\n\nd" },
  { "<fieldset><legend>Jo</legend>d</fieldset>", "[name]\n\nd" },
};

static void
test_parts (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (PktPage) page = read_bytes (parts[i].html, strlen (parts[i].html), "utf-8");
  g_autofree char *want = g_strconcat (parts[i].want, "\n", NULL);
  g_assert_cmpstr (page->outline, ==, want);
}

static const char *const refused[] = { "", "  \n\t" };

static void
test_refused (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (pkt_page_read ("x.html", pkt_slice_str (data), NULL, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, "x.html: "));
}

static void
add_tests (const char *group, gsize n, GTestDataFunc test)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("/page/%s/%" G_GSIZE_FORMAT, group, i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/page/golden/newsletter", "newsletter", test_golden);
  g_test_add_data_func ("/page/golden/hidden", "hidden", test_golden);
  g_test_add_func ("/page/inventory", test_inventory);
  g_test_add_func ("/page/addresses", test_addresses);
  add_tests ("url", G_N_ELEMENTS (urls), test_url);
  add_tests ("mask", G_N_ELEMENTS (masks), test_mask);
  add_tests ("awaited", G_N_ELEMENTS (awaited), test_awaited);
  add_tests ("charset", G_N_ELEMENTS (charsets), test_charset);
  add_tests ("parts", G_N_ELEMENTS (parts), test_parts);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *name = g_strdup_printf ("/page/refused/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (name, refused[i], test_refused);
  }
  return g_test_run ();
}
