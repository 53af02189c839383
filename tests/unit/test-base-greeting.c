#include "packet/base/greeting.h"

typedef struct {
  const char *text, *names; /* several with '|' between, "" none */
} Row;

static void
run (const Row *rows, gsize n, void (*find) (const char *, GPtrArray *))
{
  gboolean failed = FALSE;
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    find (rows[i].text, names);
    g_ptr_array_add (names, NULL);
    g_autofree char *got = g_strjoinv ("|", (char **)names->pdata);
    if (!g_str_equal (got, rows[i].names)) {
      g_test_message ("%s: got '%s', wanted '%s'", rows[i].text, got, rows[i].names);
      failed = TRUE;
    }
  }
  g_assert_false (failed);
}

static void
test_lines (void)
{
  static const Row rows[] = {
    { "Hi Zebulon,", "Zebulon" },
    { "Good morning Jo Reader,", "" }, /* of nobody: a reader */
    { "Good morning, Zebulon!", "Zebulon" },
    { "Dear Mr. Z. Quill:", "Z Quill" },
    { "Dear Zebulon Quill\nyour", "Zebulon Quill" },
    { "Hallo Zebulon, sch\xc3\xb6n, dass du da bist", "Zebulon" },
    { "Sehr geehrter Herr Dr. Quill,", "Quill" },
    { "Liebe Frau van der Quill,", "" }, /* begins with a small word */
    { "Liebe Anna van der Quill,", "Anna van der Quill" },
    { "Guten Tag, Frau Quill!", "Quill" },
    { "Guten Morgen, liebe Anna!", "Anna" },
    { "\xc2\xa1Hola Zebulon!", "Zebulon" },
    { "\xc2\xa1Zebulon, tu sopa!", "Zebulon" },
    { "Merci Zebulon\xe2\x80\xaf!", "Zebulon" },
    { "Joyeux anniversaire Zebulon !", "Zebulon" },
    { "\xf0\x9f\x8e\x89 Happy birthday, Zebulon!", "Zebulon" },
    { "\xe2\x9d\xa4\xef\xb8\x8f Zebulon, your soup", "Zebulon" },
    { "\xf0\x9f\x91\x8b\xf0\x9f\x8f\xbd \"Hi Zebulon\"", "Zebulon" },
    { "* Hello Zebulon, *", "Zebulon" },
    { "News! \xf0\x9f\x8e\x81 Dear Zebulon,", "Zebulon" },
    { "[Zebulon, your soup]", "" },
    { "{{Zebulon, your soup}}", "" },
    { "\xe2\x9d\x84 Snow, your way", "" },
    { "Solo para ti, Zebulon", "Zebulon" },
    { "Bonjour Zebulon,", "Zebulon" },
    { "Gentile Sig.ra Quill,", "Quill" },
    { "Gentile Dott.ssa Anna Quill,", "Anna Quill" },
    { "Ch\xc3\xa8re Madame Quill,", "Quill" },
    { "Ol\xc3\xa1, Zebulon!", "Zebulon" },
    { "Estimado Zebulon:", "Zebulon" },
    { "Beste Zebulon,", "Zebulon" },
    { "K\xc3\xa6re Zebulon", "Zebulon" },
    { "Merhaba Zebulon,", "Zebulon" },
    { "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, \xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0!",
      "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0" },
    { "\xe4\xba\xb2\xe7\x88\xb1\xe7\x9a\x84\xe5\xbc\xa0\xe4\xbc\x9f\xef\xbc\x8c",
      "\xe5\xbc\xa0\xe4\xbc\x9f" },
    { "\xe5\xb1\xb1\xe7\x94\xb0\xe6\xa7\x98\xe3\x80\x81\xe3\x81\x93\xe3\x82\x93\xe3\x81\xab",
      "\xe5\xb1\xb1\xe7\x94\xb0" },
    { "\xe3\x81\x8a\xe5\xae\xa2\xe6\xa7\x98", "" },
    { "Hey Zebulon \xf0\x9f\x91\x8b", "Zebulon" },
    { "Hi Zebulon - here is your soup", "Zebulon" },
    { "Welcome back, Zebulon!", "Zebulon" },
    { "Happy birthday, Zebulon!", "Zebulon" },
    { "News of the day. Dear Zebulon, we", "Zebulon" },
    { "  Hi O'Neill-Smith,", "O'Neill-Smith" },
    { "Zebulon, your soup is ready", "Zebulon" },
    { "Zebulon, welcome back!", "Zebulon" },
    { "Welcome back Zebulon", "Zebulon" },
    { "Happy birthday Zebulon.", "Zebulon" },
    { "Hi there Zebulon Quill,", "Zebulon Quill" },
    { "This email was sent to Zebulon Q.", "Zebulon Q" },
    { "Diese E-Mail wurde gesendet an Zebulon Quill.", "Zebulon Quill" },
    { "You are logged in as Zebulon. Not Zebulon? Click", "Zebulon" },
    { "Not Zebulon? Log out", "Zebulon" },
    { "Zebulon's points\nand more", "Zebulon" },
    { "Kính gửi chị Nguyễn Thị Hoa,", "Nguyễn Thị Hoa" },
    { "สวัสดีคุณสมชาย", "สมชาย" },
    { "Prezado Sr. Zebulon,", "Zebulon" },
    { "לכבוד גברת רבקה כהן,", "רבקה כהן" },
    { "प्रिय सुनीता,", "सुनीता" },
    { "Hörmətli Zebulon,", "Zebulon" },
    /* nobody's name */
    { "Father's points, our points\nCompany's rewards\nRome's best soups", "" },
    { "สวัสดีค่ะ", "" },
    { "Kính gửi quý khách,", "" },
    { "Not now, not Summer", "" },
    { "Just for you Garden Days", "" },
    { "Soup, your way", "" },
    { "It was sent to our readers", "" },
    { "It was sent to you, not to Otto", "" },
    { "Hi there,", "" },
    { "Dear reader,", "" },
    { "Dear Readers,", "" },
    { "Dear Customer,", "" },
    { "Dear Valued Customer,", "" },
    { "Sehr geehrte Damen und Herren,", "" },
    { "Liebe Leserinnen und Leser,", "" },
    { "Liebe Gr\xc3\xbc\xc3\x9f"
      "e",
      "" },
    { "Madame, Monsieur,", "" },
    { "Estimados clientes:", "" },
    { "Hello Summer!", "" },
    { "Welcome Offer!", "" },
    { "Welcome Desk is open", "" },
    { "Thank you Zebulon!", "Zebulon" },
    { "Thank you for your order", "" },
    { "Hello from Example Weekly", "" },
    { "Hi {{first_name}},", "" },
    { "Hello example.com", "" },
    { "Hello Soup!\nThe soup of the week", "" },
    { "Dear Friends of the house,", "" },
    { "مرحبا بكم في العيد", "" },
    { "שלום לכם", "" },
    { "안녕하세요 고객님,", "" },
    { "สวัสดีปีใหม่", "" },
    { "亲爱的朋友们，", "" },
    { "नमस्ते दोस्तों,", "" },
    { "Olá Verão,", "" },
    { "Welcome Aboard!\nDear Shareholder,", "" },
    { "مرحبا زيد،", "زيد" },
    { "Himalaya is high", "" },
    { "Good morning,", "" },
    { "", "" },
    { "Hi \xff\xfe", "" },
  };
  run (rows, G_N_ELEMENTS (rows), pkt_greeting_text);
}

static void
test_subjects (void)
{
  static const Row rows[] = {
    { "Zebulon, your soup is ready", "Zebulon" },
    { "Zebulon, we miss you", "Zebulon" },
    { "Your soup is ready, Zebulon!", "Zebulon" },
    { "Hi Zebulon, it is snowing", "Zebulon" },
    { "Example Weekly: soup, snow, and a slow start", "" },
    { "Soup, snow and bread", "" },
    { "Soup, your way", "" },
    { "Hurry, your basket waits", "" },
    { "Sorry, we closed", "" },
    { "Your guide to Rome, Paris, London", "" },
    { "Zebulon's order has shipped", "Zebulon" },
    { "Zebulon Quill\xe2\x80\x99s trip to Rome", "Zebulon Quill" },
    { "Zebulon, il tuo ordine arriva", "Zebulon" },
    { "Zebulon, o seu pedido foi enviado", "Zebulon" },
    { "Gülşen Karadağ, siparişin yolda", "Gülşen Karadağ" },
    { "王小明，您的订单已发货", "王小明" },
    { "زينب الحسيني، طلبك في الطريق", "زينب الحسيني" },
    { "רבקה כהן, ההזמנה בדרך", "רבקה כהן" },
    { "Ｏｔｉｌｉａ, your soup", "Otilia" },
    { "Sent to: Zebulon Quill, who reads", "Zebulon Quill" },
    { "Hi \u200fOtilia\u200e \u2066Quill\u2069,", "Otilia Quill" },
    { "Nguyễn Thị Hoa ơi, đơn hàng đang giao", "Nguyễn Thị Hoa" },
    { "Bạn ơi, xem ngay", "" },
    { "सुनीता, आपका ऑर्डर", "सुनीता" },
    { "Pani Zofio Krzyżanowska, zamówienie wysłane", "Zofio Krzyżanowska" },
    { "Soup, a recipe, and more", "" },
    { "Rom, il Tevere e noi", "" },
    { "Today's order of soup", "" },
    { "Rome's best soups", "" },
  };
  run (rows, G_N_ELEMENTS (rows), pkt_greeting_subject);
}

static void
test_html (void)
{
  static const Row rows[] = {
    { "<td>News</td><td>Hi <b>Zebulon</b>,</td><p>text", "Zebulon" },
    { "<p>Hi&nbsp;Ren&eacute;e,</p>", "Ren\xc3\xa9"
                                      "e" },
    { "<p>Hi &#90;ebulon!</p>", "Zebulon" },
    { "<style>Hi Zebulon,</style><script>Hi Anna,</script><!-- Hi Otto, --><p>x", "" },
    { "<h1>Good morning\r\n Zebulon,</h1>", "Zebulon" },
    { "<p>Hi <", "" },
    { "<img src=\"a.png\" alt=\"Hi Zebulon, this is for you\"> x", "Zebulon" },
    { "<style>", "" },
    { "<script type=\"application/ld+json\">{\"@type\": \"Order\", \"seller\": {\"name\": "
      "\"Example\"},"
      " \"customer\": {\"name\": \"Zebulon Quill\", \"email\": \"z@example.net\"}}</script>",
      "Zebulon Quill" },
    { "<script type=application/ld+json>[{\"reservations\": [{\"underName\": \"Otto\"}]}]</script>",
      "Otto" },
    { "<script type=\"application/ld+json\">{\"customer\": {\"name\": 7}, \"recipient\": </script>",
      "" },
    { "<div itemprop=\"underName\" itemscope><meta itemprop='name' content='Zebulon Quill'/></div>"
      "<span itemprop=\"provider\"><b itemprop=\"brand\">Example</b></span>",
      "Zebulon Quill" },
    { "<span itemprop=\"customer\"> Otto Quill </span>", "Otto Quill" },
    { "<p itemscope><b itemprop=\"name\">Soup</b> <b itemprop=", "" },
  };
  run (rows, G_N_ELEMENTS (rows), pkt_greeting_html);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/greeting/lines", test_lines);
  g_test_add_func ("/base/greeting/subjects", test_subjects);
  g_test_add_func ("/base/greeting/html", test_html);
  return g_test_run ();
}
