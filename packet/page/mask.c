#include "packet/page/mask.h"
#include <string.h>
#include "packet/base/name-list.h"
#include "packet/page/page.h"

#define MAX_WORDS 8 /* of one name */

/* What is masked whoever reads. */
typedef struct {
  GRegex *fields, *numbers, *ids, *phones, *phone_labels, *addresses, *holders;
  GRegex *number_label, *address_label, *value; /* of what stands apart from its label */
} Always;

struct PktMask {
  const Always *always;
  PktNameList *whole, *words;
};

/* Each repeat is bounded, so that no text makes the matcher run long. */
static const char field_pattern[] = "\\{\\{[^{}]{1,200}\\}\\}|\\{\\{\\{[^{}]{1,200}\\}\\}\\}"
                                    "|\\{%[^{}%]{1,200}%\\}|\\$\\{[^{}]{1,100}\\}"
                                    "|\\{[A-Za-z_][A-Za-z0-9_. -]{1,60}\\}"
                                    "|%%[A-Za-z0-9_=@.: \\[\\]()-]{1,100}%%"
                                    "|\\*\\|[^|]{1,200}\\|\\*|\\[\\[[^\\[\\]]{1,100}\\]\\]"
                                    "|<%[^%<>]{1,200}%>";

/* "Kundennummer: 471188", "Customer no. A-4711", "N° client 4711": whose it is, one reader's. */
#define WHOSE                                                                                            \
  "(?:customer|client|member|subscriber|account|reader|user|login|loyalty|card|order|invoice|"           \
  "booking|reference|policy|contract|voucher|coupon|donor|kunden|mitglied|abo|benutzer|nutzer|"          \
  "bestell|rechnung|vertrag|gutschein|cliente|socio|membre|tessera|klant|lid|kund|ordre|commande|"       \
  "facture|pedido|ordine|fattura|encomenda|zamówieni|klient|objednáv|sipariş|müşteri|клиент|" \
  "заказ|"                                                                                          \
  "顧客|会員|お客様|ご?注文|ご?予約|订单|訂單|주문|예약|고객)"
#define NUMBER                                                                                     \
  "(?:numbers?|no|nr|num|id|code|nummer|name|ending|numarası|番号|编号|編號|번호|号|號" \
  "|(?:number|nummer|nr|no\\.) (?:is|ist|är|er))"
#define NUMERO "(?:n[°ºo]\\.?|num[eé]ro|número|numer|číslo|номер) (?:d[eiou] |de la |d')?"
#define VALUE "(?=[A-Za-z0-9-]{0,40}[0-9])[A-Za-z0-9][A-Za-z0-9-]{3,40}"
static const char number_pattern[] = "(?<![\\p{L}\\p{N}])((?i:" WHOSE "\\p{L}{0,12}[ -]?" NUMBER
                                     "(?: is)?[\\s.:：#|-]{1,6}|" WHOSE
                                     "\\p{L}{0,12}\\s?[:：#|]\\s?#?|" NUMERO WHOSE
                                     "\\p{L}{0,12}\\s{0,2}[:#|]?\\s?))" VALUE;

/* "Order number", "Bestellnummer:", "Order #": the value is in the next cell. */
static const char number_label_pattern[] = "(?<![\\p{L}\\p{N}])(?i:" WHOSE
                                           "\\p{L}{0,12}(?:[ -]?" NUMBER "|\\s?#)|" NUMERO WHOSE
                                           "\\p{L}{0,12})[\\s.:：#-]{0,6}$";
static const char value_pattern[] = "^(\\s*#?\\s?)" VALUE;

/* Without a label, too: "#471188", "AB-471188", "55471188", a card, an IBAN; not 20261231, 202612
 * or 1,299,000. */
static const char id_pattern[]
    = "(?<![\\p{L}\\p{N}.,+/_-])(?:#[0-9]{4,20}|[A-Za-z]{1,5}[-_]?[0-9]{5,20}"
      "|(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])?(?![0-9]))[0-9]{6,20}"
      "|[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?|[0-9]{4}(?:[ -][0-9]{4}){2,4})"
      "(?![\\p{L}\\p{N}_]|[.,-][0-9])";

/* Whose telephone it is nobody can tell: a reader's may stand where the shop's would. */
#define HYPHENS "\\x{2010}-\\x{2013}-" /* within a class, last */
#define ANY_SIGN "[\\h./()" HYPHENS "]"
#define BETWEEN "[\\h." HYPHENS "]"
#define PLAIN_SIGN "[\\h" HYPHENS "]"
/* "+44 20 7946 0018", "0049 30 5550143"; not "+5 000 000". */
#define ABROAD                                                                                     \
  "(?!\\+[0-9]{1,3}(?:[\\h.][0-9]{3}){1,2}(?![\\h.]?[0-9]))"                                       \
  "(?:\\+|00)\\h?[1-9](?:" ANY_SIGN "{0,3}[0-9]){6,14}"
/* "(202) 555-0143"; not "(2026) 12-31". */
#define WITH_AREA                                                                                  \
  "\\((?!(?:19|20)[0-9]{2}\\))0?[1-9][0-9]{1,4}\\)" PLAIN_SIGN "?[0-9]{2,4}(?:" BETWEEN            \
  "?[0-9]{2,4}){1,3}"
/* "020 7946 0018", "06 12 34 56 78", "030/5550143"; not 01.02.2027, 08.00-20.00, 01 02 03 04. */
#define AT_HOME                                                                                    \
  "(?!0[1-9][./-][0-9]{1,2}[./-](?:19|20)[0-9]{2})(?!0[1-9]\\h[01][0-9]\\h(?:19|20)[0-9]{2})"      \
  "(?![0-2][0-9][.:][0-5][0-9]\\s?[/" HYPHENS "]\\s?[0-2]?[0-9][.:])"                              \
  "(?!0[0-9](?:\\h[0-9]{2}){3}(?!\\h?[0-9]))"                                                      \
  "(?=0(?:" ANY_SIGN "{0,3}[0-9]){7,12}(?![\\h./-]?[0-9]))"                                        \
  "0\\h?[1-9][0-9]{0,4}(?:[\\h/." HYPHENS "]{1,3}[0-9]{2,8}){1,5}"
/* "202-555-0143", "555 0143 22", "138 1234 5678", "555 01 43"; not 1 299 000, 36 38 40 42. */
#define IN_GROUPS                                                                                  \
  "(?:1" BETWEEN ")?[2-9][0-9]{2}" BETWEEN "[2-9][0-9]{2}" BETWEEN "[0-9]{4}"                      \
  "|[0-9]{3}" PLAIN_SIGN "[0-9]{4}" PLAIN_SIGN "[0-9]{2,4}"                                        \
  "|[0-9]{2,4}\\h[0-9]{3}\\h[0-9]{2}\\h[0-9]{2}"                                                   \
  "|[0-9]{3}(" PLAIN_SIGN ")[0-9]{2}\\1[0-9]{2}(?:\\1[0-9]{2})?"                                   \
  "|[0-9]{3}-[0-9]{2}-[0-9]{4}"
static const char phone_pattern[] = "(?<![\\p{L}\\p{N}.,+/_-])(?:" ABROAD "|" WITH_AREA "|" AT_HOME
                                    "|" IN_GROUPS ")(?![\\p{L}\\p{N}_]|[.,-][0-9])";
/* "Tel: 555-0166" */
static const char phone_label_pattern[]
    = "((?<!\\p{L})(?i:tel|t[ée]l|phone|call|mobile?|m[óo]vil|cell|sms|whatsapp|fon|handy|fax"
      "|ruf|telefon|tel[ée]fono?|telefoon|puhelin|телефон|тел|电话|電話|전화)\\p{L}{0,10}\\.?"
      "(?i: ?(?:no\\.?|number|nummer|us))?[\\s:：.-]{1,4})[0-9(](?:[\\h./()" HYPHENS
      "]{0,2}[0-9]){5,14}(?![\\p{L}\\p{N}_])";

/* "Passenger name | Jane Quill", "Name: Jane"; not "Product name: Soup". */
static const char holder_pattern[]
    = "((?<![\\p{L}\\p{N}])(?i:(?:(?:customer|client|member|subscriber|passenger|guest|travell?er|"
      "patient|student|donor|recipient|reader|account holder|card "
      "?holder|full|your|first|last|given"
      "|family)(?:'s|’s)?[ -]?name|(?:kunden|vor|nach)name|(?<![\\p{L}] )name))"
      "\\s?(?:[:：]|\\| )\\s?)[\\p{Lu}\\p{Lo}][^|\\n]{1,80}";

/* Where an order goes. A sender's own is the "mailing address" or stands without a label. */
#define ADDRESS                                                                                    \
  "(?<!\\p{L})(?i:(?:delivery|shipping|billing|invoice|home) address"                              \
  "|(?:deliver(?:y|ed|s)?|ship(?:s|ped|ping)?|bill(?:ed|ing)?|sold|dispatched) to"                 \
  "|(?:liefer|rechnungs|versand)(?:adresse|anschrift)|lieferung an"                                \
  "|adresse de (?:livraison|facturation)|direcci[oó]n de (?:env[ií]o|entrega|facturaci[oó]n)"   \
  "|indirizzo di (?:spedizione|fatturazione|consegna)|endere[cç]o de (?:entrega|envio)"           \
  "|(?:bezorg|aflever|factuur)adres|leveransadress|leveringsadresse|adres dostawy"                 \
  "|адрес доставки|お届け先|收货地址|送货地址)"
static const char address_pattern[] = "(" ADDRESS "(?:\\s?[:：]\\s*|\\s*\\n\\s*| \\| ))[^|]{1,600}";
static const char address_label_pattern[] = ADDRESS "\\s*[:：]?\\s*$";

static gboolean
worth_hiding (const char *word) /* alone: "Jo", "山田", not "J." or "van" */
{
  gunichar first = g_utf8_get_char (word);
  return g_utf8_strlen (word, -1) >= 2 && g_unichar_isalpha (first) && !g_unichar_islower (first)
         && !g_str_has_suffix (word, ".");
}

static void
add_forms (PktNameList *list, const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC),
                  *folded = g_utf8_casefold (composed, -1), *one = pkt_name_plain (folded, 1),
                  *two = pkt_name_plain (folded, 2);
  pkt_name_list_add (list, folded);
  pkt_name_list_add (list, one ? one : folded);
  pkt_name_list_add (list, two ? two : folded);
}

static void
add_name (PktMask *m, const char *name)
{
  g_auto (GStrv) words = g_strsplit_set (name, " \t\r\n,;()", -1);
  g_autoptr (GString) whole = g_string_new (NULL);
  guint n = 0;
  for (char **w = words; *w && n < MAX_WORDS; w++) {
    if (**w == '\0')
      continue;
    g_string_append_printf (whole, "%s%s", n++ > 0 ? " " : "", *w);
    if (worth_hiding (*w))
      add_forms (m->words, *w);
  }
  if (n > 1 || g_utf8_strlen (whole->str, -1) >= 3)
    add_forms (m->whole, whole->str);
}

static GRegex *
compile (const char *pattern)
{
  return g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
}

/* Compiled once: to do it takes longer than most texts that they are matched against. */
static const Always *
always (void)
{
  static Always all;
  static gsize done;
  if (g_once_init_enter (&done)) {
    all = (Always){ .fields = compile (field_pattern),
                    .numbers = compile (number_pattern),
                    .ids = compile (id_pattern),
                    .phones = compile (phone_pattern),
                    .phone_labels = compile (phone_label_pattern),
                    .addresses = compile (address_pattern),
                    .holders = compile (holder_pattern),
                    .number_label = compile (number_label_pattern),
                    .address_label = compile (address_label_pattern),
                    .value = compile (value_pattern) };
    g_once_init_leave (&done, 1);
  }
  return &all;
}

PktMask *
pkt_mask_new (const GPtrArray *names)
{
  PktMask *m = g_new0 (PktMask, 1);
  m->always = always ();
  m->whole = pkt_name_list_new ();
  m->words = pkt_name_list_new ();
  for (guint i = 0; names && i < MIN (names->len, PKT_PAGE_MAX_NAMES); i++) {
    g_autofree char *name = g_utf8_make_valid (g_ptr_array_index (names, i), -1);
    if (strlen (name) <= 200)
      add_name (m, name);
  }
  return m;
}

void
pkt_mask_free (PktMask *m)
{
  pkt_name_list_free (m->whole);
  pkt_name_list_free (m->words);
  g_free (m);
}

/* A text that the matcher gives up on is not passed on unread. */
static char *
replace (const GRegex *regex, char *taken, const char *with)
{
  g_autofree char *text = taken;
  char *masked = g_regex_replace (regex, text, -1, 0, with, 0, NULL);
  return masked ? masked : g_strdup ("[text left out]");
}

/* A word of a name alone is one where it is not written small. An address is the redactor's. */
static gsize
name_at (const char *p, gconstpointer data)
{
  const PktMask *m = data;
  gsize n = pkt_name_list_at (m->whole, p, FALSE);
  if (n == 0 && !g_unichar_islower (g_utf8_get_char (p)))
    n = pkt_name_list_at (m->words, p, FALSE);
  return p[n] == '@' ? 0 : n;
}

char *
pkt_mask_text (const PktMask *m, const char *utf8)
{
  char *text = g_strdup (utf8);
  if (strpbrk (text, "{%*[$<"))
    text = replace (m->always->fields, text, "[field]");
  text = replace (m->always->addresses, text, "\\1[field]");
  text = replace (m->always->holders, text, "\\1[name]");
  if (strpbrk (text, "0123456789")) {
    text = replace (m->always->numbers, text, "\\1[field]");
    text = replace (m->always->phones, text, "[phone]");
    text = replace (m->always->phone_labels, text, "\\1[phone]");
    text = replace (m->always->ids, text, "[field]");
  }
  char *named = pkt_name_list_is_empty (m->whole) && pkt_name_list_is_empty (m->words)
                    ? NULL
                    : pkt_name_replace (text, name_at, m);
  if (named)
    g_free (text);
  return named ? named : text;
}

PktMaskAwaits
pkt_mask_awaits (const PktMask *m, const char *utf8)
{
  if (g_regex_match (m->always->address_label, utf8, 0, NULL))
    return PKT_MASK_ADDRESS;
  return g_regex_match (m->always->number_label, utf8, 0, NULL) ? PKT_MASK_NUMBER
                                                                : PKT_MASK_NOTHING;
}

char *
pkt_mask_awaited (const PktMask *m, PktMaskAwaits what, const char *utf8)
{
  if (what == PKT_MASK_ADDRESS)
    return g_strdup ("[field]");
  char *text = g_strdup (utf8);
  if (what == PKT_MASK_NUMBER)
    text = replace (m->always->value, text, "\\1[field]");
  g_autofree char *taken = text;
  return pkt_mask_text (m, taken);
}
