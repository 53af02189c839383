#include "packet/page/mask-forms.h"
#include <string.h>
#include "packet/base/codes.h"

#define DIGITS "0123456789"
#define COLON ":\xef" /* the first byte of "：" */
/* Letters of scripts that set blanks between words: "电话13812345678" is two. */
#define PARTED                                                                                     \
  "\\p{Latin}\\p{Cyrillic}\\p{Greek}\\p{Arabic}\\p{Hebrew}\\p{Armenian}\\p{Georgian}\\p{N}"
#define ALONE "(?<![" PARTED "])"
#define BEFORE "(?<![" PARTED ".,+/_-])"
#define BEHIND "(?![" PARTED "_]|[.,-][0-9])"

/* ---- numbers ---- */

/* "Kundennummer: 471188", "Customer no. A-4711", "N° client 4711": whose it is, one reader's. */
#define WHOSE                                                                                                                 \
  "(?:customer|client|member|subscriber|account|reader|user|login|loyalty|card|order|invoice|"                                \
  "booking|reference|policy|contract|voucher|coupon|donor|tracking|shipment|parcel|passport|"                                 \
  "insurance|tax|kunden|mitglied|abo|benutzer|nutzer|bestell|rechnung|vertrag|gutschein|sendung|"                             \
  "auftrag|buchung|ausweis|versicherung|steuer|cliente|socio|membre|tessera|klant|lid|kund|ordre|"                            \
  "commande|facture|suivi|colis|dossier|pedido|pasaporte|seguimiento|ordine|fattura|"                                         \
  "prenotazione|spedizione|encomenda|rastreio|bestelling|boeking|zending|zamówieni|przesyłk|"                               \
  "klient|objednáv|zásilk|rendelés|ügyfél|comand|sipariş|müşteri|kargo|клиент|заказ|замовлен|"     \
  "поръчк|(?:đơn|khách)(?: hàng)?|đặt chỗ|pesanan|pelanggan|tilaus|asiakas|παραγγελί|πελάτη|"   \
  "顧客|会員|お客様|ご?注文|ご?予約|追跡|伝票|お問い合わせ|订单|訂單|会员|运单|快递|物流|" \
  "주문|예약|고객|회원|운송장|طلب|عميل|حجز|הזמנה|לקוח)"
#define NUMBER                                                                                              \
  "(?:numbers?|no|nr|num|n[°º]\\.?|№|id|code|nummer|name|ending|numarası|番号|编号|編號|单号|" \
  "單號|번호|号|號"                                                                                   \
  "|(?:number|nummer|nr|no\\.) (?:is|ist|är|er))"
#define NUMERO                                                                                                  \
  "(?:(?:n[°ºo]\\.?|num[eé]ro|número|numer|číslo|номер|αριθμός|num[aă]r(?:ul)?|nomor|broj) " \
  "(?:d[eiou] |de la |d'|на )?|(?:رقم|מספר|شماره) (?:ال|ה)?|(?:mã|số) )"
/* "4711-AX", "4711 8800", "4711/22" */
#define VALUE                                                                                      \
  "(?=[A-Za-z0-9/._-]{0,40}[0-9])[A-Za-z0-9](?:[/._-]?[A-Za-z0-9]|-{1,2}[A-Za-z0-9]){3,40}"        \
  "(?:\\h[0-9]{3,8}){0,4}"
#define AND_ITS_SIGN "[\\s.:：#|-]{1,6}"

/* Without any sign between: "pedido 881-22", "Bestellung 47118"; not of 2026, nor 24-7. */
#define THINGS                                                                                                        \
  "(?:order|booking|reservation|reference|invoice|customer|client|member|account|policy|contract|"                    \
  "ticket|case|parcel|shipment|tracking|delivery|bestellung|auftrag|rechnung|buchung|kunde|kundin"                    \
  "|vertrag|sendung|lieferung|commande|facture|réservation|colis|cliente|pedido|factura|reserva|"                    \
  "envío|ordine|fattura|prenotazione|spedizione|encomenda|fatura|reserva|bestelling|factuur|"                        \
  "boeking|zending|klant|beställning|faktura|ordre|bestilling|tilaus|zamówieni[ea]|objednávk[ay]|"                 \
  "rendelés|comand[aă]|sipariş(?:in|iniz)?|rezervasyon|заказ\\p{L}{0,3}|замовлення|поръчка|" \
  "παραγγελία|narudžb[ae]|naročilo|pesanan|đơn hàng|طلبك|الطلب|"                              \
  "הזמנה|ההזמנה)"
#define THINGS_EAST "(?:ご?注文|ご?予約|订单|訂單|주문|예약|คำสั่งซื้อ)"
#define BARE                                                                                       \
  "(?:(?=[A-Z-]{0,20}[0-9])(?=(?:[A-Z-]{0,8}[0-9]){5}|[0-9-]{0,20}[A-Z])(?!(?:19|20)[0-9]{2}-[0-"  \
  "9]{2}(?:-[0-9]{2})?(?![0-9-]))"                                                                 \
  "[A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){1,5}|(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{4,20})"              \
  "(?![" PARTED "_]|[.,-][0-9]|\\h?[%€$£¥])"

/* Without a label, too: "#471188", "AB-471188", "55471188", a card, an IBAN, a UUID, a digest or a
 * token; not 20261231, 202612 or 1,299,000. */
#define IDS                                                                                        \
  "(?:#[0-9]{4,20}|[A-Za-z]{1,5}[-_]?[0-9]{5,20}"                                                  \
  "|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"                                          \
  "|(?=[A-Fa-f]*[0-9])(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{16,128}"                                       \
  "|(?=[A-Za-z]*[0-9])(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])"                                        \
  "(?:[A-Za-z0-9]{20,200}|[A-Za-z0-9+/]{20,200}={1,2})"                                            \
  "|(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])?(?![0-9]))[0-9]{6,20}"               \
  "|[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?|[0-9]{4}(?:[ -][0-9]{4}){2,4})"

/* What states and insurers number their people by: CPF, RUT, NIF, NIE, codice fiscale, national
 * insurance, INSEE, personnummer, CPR, henkilötunnus, AHV, RRN, PAN, CURP, PPS, of China and of
 * Belgium. */
#define PEOPLE                                                                                     \
  "(?:[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}|[0-9]{1,2}\\.[0-9]{3}\\.[0-9]{3}-[0-9Kk]"            \
  "|[XYZ]-?[0-9]{7}-?[A-Z]|[0-9]{8}-?[A-Z]|[0-9]{7}[A-W][A-IW]?"                                   \
  "|[A-Za-z]{6}[0-9]{2}[A-EHLMPRSTa-ehlmprst][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z]"                     \
  "|[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"                                                 \
  "|[12] [0-9]{2} [01][0-9] [0-9]{2} [0-9]{3} [0-9]{3}(?: [0-9]{2})?"                              \
  "|(?:[0-9]{2})?[0-9]{6}[+-][0-9]{4}|[0-9]{6}[-+A][0-9]{3}[0-9A-Z]|[0-9]{6}-[1-8][0-9]{6}"        \
  "|756\\.[0-9]{4}\\.[0-9]{4}\\.[0-9]{2}|[0-9]{17}[0-9Xx]|[A-Z]{5}[0-9]{4}[A-Z]"                   \
  "|[A-Z]{4}[0-9]{6}(?:[HM][A-Z]{5}[A-Z0-9][0-9]|[A-Z0-9]{3})"                                     \
  "|[0-9]{2}\\.[0-9]{2}\\.[0-9]{2}-[0-9]{3}\\.[0-9]{2}|[0-9]{6}/[0-9]{4})"

/* ---- cards and accounts ---- */

/* "card ending in 4242", "endet auf 4242"; not "the offer ends on 2026". */
#define ENDING                                                                                                     \
  "(?:ending|ends|endend|endet|terminad[ao]|termina(?:nt)?|finissant|finit|finalizad[ao]|"                         \
  "acabad[ao]|finale|eindigend|eindigt|slutar|slutter|ender|kończąc[aey]|końcówka|končící|"                 \
  "оканчива\\p{L}{2,8}|заканчива\\p{L}{2,8}|закінчу\\p{L}{2,8}|last (?:4|four)|päättyy|" \
  "berakhiran|kết thúc)"
#define FILLER                                                                                     \
  "(?:\\h(?:in|with|on|at|digits|auf|mit|en|par|con|em|com|op|på|med|na|się|se|cyfry|на|"      \
  "цифры|digit[io]s?|is|are|bằng)){0,3}[\\h:：]{1,3}[*•·●.…xX#-]{0,16}\\h?"
#define LAST_FOUR                                                                                  \
  "(?:末尾|末位|尾号|尾號|尾数|末四位|[后後]四位|下4桁|下四桁|끝자리|뒤 ?4자리|끝 ?4자리)"
#define FROM_BEHIND "(?:ile biten|végződő|lõppev|lõpuga|で終わる|로 끝나는|으로 끝나는|结尾)"
#define CARDS                                                                                      \
  "(?:visa|master ?card|maestro|amex|american express|diners(?: club)?|jcb|unionpay|iban|"         \
  "girocard|ec-karte|bancontact|postepay|elo|rupay|troy|mir)"
#define HIDDEN "(?:[•●∙·]{2,}\\h?|\\*{2,}(?=[0-9])|(?:\\*{4}\\h){1,4}|[xX]{3,}[\\h-]?)"
#define NO_YEAR "(?!(?:19|20)[0-9]{2}(?![0-9]))"
#define FEW "[0-9]{3,6}(?![0-9])"

/* "IBAN DE89", "DE89 3704 0044", "NL91 ABNA …": an account, or its beginning. */
#define ACCOUNT                                                                                    \
  "(?:[A-Z]{2}[0-9]{2}(?: [0-9*•xX]{4}| [A-Z]{4}(?= [0-9*•xX]{4})){2,8}(?: [A-Z0-9]{1,3})?"    \
  "|[A-Z]{2}(?:[0-9]{2}|[*•xX]{2})(?: ?[*•xX]{4}){1,8}(?: ?[A-Z0-9]{1,4}){0,2})"

/* ---- telephones ---- */

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
/* "202-555-0143", "555 0143 22", "138 1234 5678", "555 01 43", "612 345 678", "98765 43210"; not
 * 1 299 000, 36 38 40 42. */
#define IN_GROUPS                                                                                  \
  "(?:1" BETWEEN ")?[2-9][0-9]{2}" BETWEEN "[2-9][0-9]{2}" BETWEEN "[0-9]{4}"                      \
  "|[0-9]{3}" PLAIN_SIGN "[0-9]{4}" PLAIN_SIGN "[0-9]{2,4}"                                        \
  "|[0-9]{2,4}\\h[0-9]{3}\\h[0-9]{2}\\h[0-9]{2}"                                                   \
  "|[0-9]{3}(" PLAIN_SIGN ")[0-9]{2}\\1[0-9]{2}(?:\\1[0-9]{2})?"                                   \
  "|[0-9]{3}-[0-9]{2}-[0-9]{4}|[6-9][0-9]{4}\\h[0-9]{5}|[49][0-9]{2}\\h[0-9]{2}\\h[0-9]{3}"        \
  "|[5-9][0-9]{2}(?:\\h[0-9]{3}\\h|-[0-9]{3}-)[0-9]{3}(?![\\h.][0-9]{3}|\\h?[€$£%])"            \
  "|8[\\h-][0-9]{3}[\\h-][0-9]{3}[\\h-][0-9]{2}[\\h-][0-9]{2}"
#define PHONES                                                                                                                                          \
  "(?i:(?<!\\p{L})(?:tel|t[ée]l|phone|call|mobile?|m[óo]vil|cell|sms|whatsapp|fon|handy|fax|gsm"                                                      \
  "|natel|tlf|ruf|telefon|tel[ée]fono?|telefoon|puhelin|matkapuhelin|kom[óo]rk\\p{L}|điện thoại"                                                 \
  "|di động|sđt|телефон|тел|моб|τηλ|τηλέφωνο|κινητό|טלפון|נייד|هاتف|الهاتف|جوال|الجوال)" \
  "|电话|電話|手机|手機|携帯|휴대폰|휴대전화|연락처|전화|โทร|มือถือ)\\p{L}{0,10}\\.?"                           \
  "(?i: ?(?:no\\.?|number|nummer|us))?"
#define CALLED "[0-9(+](?:[\\h./()" HYPHENS "]{0,2}[0-9]){5,14}(?![\\p{L}\\p{N}_])"

/* ---- people ---- */

/* Where an order goes. A sender's own is the "mailing address" or stands without a label. */
#define ADDRESS                                                                                                                                                         \
  "(?:(?<!\\p{L})(?i:(?:delivery|shipping|billing|invoice|home|recipient(?:['’]s)?|your) "                                                                            \
  "address|(?:billing|shipping|delivery) (?:info|details|information)"                                                                                                  \
  "|(?:deliver(?:y|ed|s|ing)?|ship(?:s|ped|ping)?|bill(?:ed|ing)?|sold|dispatched) ?-?to"                                                                               \
  "|(?:liefer|rechnungs|versand|zustell|empfänger|kunden)(?:adresse|anschrift)"                                                                                        \
  "|(?:lieferung|versand|geliefert|versendet|liefern) (?:an|nach)|(?:ihre|deine) "                                                                                      \
  "(?:adresse|anschrift)"                                                                                                                                               \
  "|adresse d(?:e |')(?:livraison|facturation|expédition)|(?:livré|expédié)e? à|livraison à"                                                                      \
  "|(?:direcci[oó]n|domicilio) de (?:env[ií]o|entrega|facturaci[oó]n)|enviado a|entregado en"                                                                        \
  "|indirizzo di (?:spedizione|fatturazione|consegna)|(?:spedito|consegnato) a"                                                                                         \
  "|(?:endere[cç]o|morada) de (?:entrega|envio|cobran[cç]a|fatura[cç][aã]o|faturamento)"                                                                            \
  "|adre[cç]a de (?:lliurament|enviament|facturació)|adres[aă] de (?:livrare|facturare)"                                                                             \
  "|(?:bezorg|aflever|factuur|lever|verzend)adres|(?:bezorgen|bezorgd) (?:bij|op)"                                                                                      \
  "|leveransadress|leveringsadresse|faktura(?:adress|adresse)|faktureringsadresse?"                                                                                     \
  "|levering til|leverans till|(?:toimitus|laskutus)osoite|tarneaadress|piegādes adrese"                                                                               \
  "|pristatymo adresas|adres (?:dostawy|wysyłki|rozliczeniowy|do faktury)"                                                                                             \
  "|(?:dodací|doručovací|fakturační|dodacia|fakturačná) adresa"                                                                                                  \
  "|(?:szállítási|számlázási|kézbesítési) cím|adresa (?:za )?(?:dostav[eu]|isporuke|doručení)"                                                              \
  "|naslov (?:za )?dostav[eo]|(?:teslimat|fatura|gönderim|sevkiyat) adresi"                                                                                            \
  "|адреса? (?:доставки|получателя|(?:за|на) доставка)|διεύθυνση (?:αποστολής|παράδοσης|χρέωσης)" \
  "|alamat (?:pengiriman|penghantaran|penagihan)|địa chỉ (?:giao|nhận|thanh toán)(?: hàng)?"                                                                   \
  "|عنوان (?:التوصيل|الشحن|التسليم|الفاتورة|الفوترة)|(?:آدرس|نشانی) (?:تحویل|ارسال)"                          \
  "|כתובת (?:ל?משלוח|המשלוח|ל?חיוב|למשלוח))"                                                                                                \
  "|(?:(?:お?届け?|配送|送付|発送|ご?請求)先|ご?住所)(?:ご?住所)?"                                                                                   \
  "|(?:收货|送货|配送|收件|寄送|账单|收貨|送貨|寄件|帳單)地址"                                                                                    \
  "|배송지|배송 ?주소|받는 ?주소|청구 ?주소|ที่อยู่(?:ใน)?(?:การ)?จัดส่ง(?:สินค้า)?"                     \
  "|(?:डिलीवरी|डिलिवरी|वितरण|शिपिंग) (?:का )?पता)"
#define ADDRESS_FOLLOWS "(?:\\s?[:：]\\s*|\\s*\\n\\s*| \\| )"
/* "delivered to 12 Some Lane, Townsville" */
#define STREET                                                                                      \
  "[0-9]{1,5}[A-Za-z]?,? [\\p{L}\\h.'’-]{2,40}?(?i:street|st|road|rd|lane|ln|avenue|ave|drive|dr" \
  "|way|court|ct|place|close|terrace|crescent|boulevard|blvd|gardens|square|grove|hill)"            \
  "(?!\\p{L})[^|\\n]{0,120}"

/* "Passenger name | Jane Quill", "Name: Jane"; not "Product name: Soup". */
#define HOLDERS                                                                                                                         \
  "(?i:(?:(?:customer|client|member|subscriber|passenger|guest|travell?er|patient|student|donor|"                                       \
  "recipient|reader|account holder|card ?holder|full|your|first|last|given|family|attendee)"                                            \
  "(?:'s|’s)?[ -]?name|(?:kunden|vor|nach)name|passenger|attendee|account ?holder|card ?holder|"                                      \
  "(?:karten|konto)inhaber(?:in)?|empfänger(?:in)?|destinataire|destinatari[oa]|destinatário|"                                        \
  "ontvanger|mottagare|mottaker|modtager|odbiorca|címzett|alıcı|получатель|пассажир|titulaire|"                    \
  "intestatario|passager|pasajero|passeggero|passageiro|fahrgast|"                                                                      \
  "(?<![\\p{L}] )(?:customer|client|guest|travell?er|patient|kunde|kundin|gast|teilnehmer|"                                             \
  "besteller|cliente|klant|kund|клиент|name|prénom|nom|nombre|apellidos?|nome|cognome|sobrenome|"                                \
  "apelido|naam|voornaam|achternaam|namn|förnamn|efternamn|navn|fornavn|etternavn|nimi|etunimi|"                                       \
  "sukunimi|imię|nazwisko|jméno|příjmení|név|nume|prenume|имя|фамилия|фио|ім['’]я|прізвище|όνομα|" \
  "επώνυμο|ad[ıi]? soyad[ıi]?|soyad[ıi]?|họ (?:và )?tên|tên|nama|الاسم|שם|שם מלא)))"
#define HOLDERS_EAST                                                                               \
  "(?:お名前|ご?氏名|宛名|姓名|收件人|收货人|收貨人|성함|이름|성명|받는 ?분|수령인|ชื่อ)"
#define TWO_WORDS "[\\p{Lu}\\p{Lo}][\\p{L}.'’-]{0,24}(?: [\\p{Lu}\\p{Lo}][\\p{L}.'’-]{0,24}){1,3}"
#define BY_WHOM                                                                                    \
  "(?i:booked|ordered|purchased|reserved|bestellt|gebucht|commandée?|prenotato|ordinato)"         \
  " (?:by|von|par|da) "
/* "Username: jane_q" */
#define LOGINS                                                                                        \
  "(?i:user ?name|user ?id|login(?: name| id)?|benutzername|nom d['’]utilisateur|identifiant|"      \
  "nombre de usuario|usuario|nome utente|nome de usuário|gebruikersnaam|användarnamn|brukernavn|"   \
  "brugernavn|käyttäjätunnus|nazwa użytkownika|uživatelské jméno|kullanıcı adı|логин|" \
  "имя пользователя)|ユーザー(?:名|ID)|用户名|用戶名|아이디"
#define BORN                                                                                                                    \
  "(?:(?i:(?<!\\p{L})(?:date of birth|birth(?:day| ?date)|d\\.?o\\.?b\\.?|born(?: on)?"                                         \
  "|geburts(?:datum|tag)|geboren(?: am| op)?|date de naissance|née?(?: le)?|fecha de nacimiento"                               \
  "|nacid[oa] el|data di nascita|nat[oa] il|data de nascimento|geboortedatum|født|född|syntynyt"                              \
  "|syntymäaika|fødselsdato|födelsedatum|data urodzenia|datum narození|születési dátum"                                  \
  "|data nașterii|doğum tarihi|дата рождения|дата народження|ημερομηνία γέννησης" \
  "|ngày sinh|tanggal lahir|تاريخ الميلاد|תאריך לידה))|生年月日|誕生日|出生日期|생년월일)"

/* ---- the rules, in the order in which they are tried ---- */

/* Each repeat is bounded, so that no text makes the matcher run long. */
static const struct {
  const char *pattern, *with;
  const char *needs; /* a text has one of these, or nothing matches; NULL: any text */
} rules[] = {
  { "\\{\\{[^{}]{1,200}\\}\\}|\\{\\{\\{[^{}]{1,200}\\}\\}\\}|\\{%[^{}%]{1,200}%\\}"
    "|\\$\\{[^{}]{1,100}\\}|\\{[A-Za-z_][A-Za-z0-9_. -]{1,60}\\}"
    "|%%[A-Za-z0-9_=@.: \\[\\]()-]{1,100}%%|\\*\\|[^|]{1,200}\\|\\*|\\[\\[[^\\[\\]]{1,100}\\]\\]"
    "|<%[^%<>]{1,200}%>",
    "[field]", "{%*[$<" },
  { "(" ADDRESS ADDRESS_FOLLOWS ")[^|]{1,600}", "\\1[field]", COLON "|\n" },
  { "(" ADDRESS "(?i: (?:is|lautet|est|es|è|är|er|to))? )" STREET, "\\1[field]", DIGITS },
  { "((?i:(?:deliver|ship|dispatch|sen[dt]|bill)\\p{L}{0,4} to ))" STREET, "\\1[field]", DIGITS },
  { "(" ALONE "(?:" HOLDERS "|" HOLDERS_EAST
    ")\\s?(?:[:：]|\\| )\\s?)[\\p{Lu}\\p{Lo}][^|\\n]{1,80}",
    "\\1[name]", COLON "|" },
  { "(" ALONE BY_WHOM ")" TWO_WORDS, "\\1[name]", " " },
  { "(" ALONE "(?:" LOGINS ")\\s?(?:[:：]|\\| )\\s?)[\\p{L}\\p{N}][^\\s|]{1,60}", "\\1[name]",
    COLON "|" },
  { "(" BORN
    "[\\s:：|]{1,4})[0-9]{1,4}[^|\\n]{1,3}(?:[0-9]{1,2}|\\p{L}{3,12})[^|\\n]{1,3}[0-9]{1,4}"
    "\\p{Lo}?",
    "\\1[field]", DIGITS },
  { "(" ALONE "(?i:" WHOSE "\\p{L}{0,12}[ -]?" NUMBER "(?: is)?" AND_ITS_SIGN "|" WHOSE
    "\\p{L}{0,12}\\s?[:：#|]\\s?#?|" NUMERO WHOSE "\\p{L}{0,12}\\s{0,2}[:#|]?\\s?))" VALUE,
    "\\1[field]", DIGITS },
  { "((?:(?<!\\p{L})(?i:" THINGS ")|" THINGS_EAST ")\\h{0,2}[#№]?\\h?)" BARE, "\\1[field]",
    DIGITS },
  { "(" ALONE "(?i:" ENDING ")" FILLER ")" NO_YEAR FEW, "\\1[field]", DIGITS },
  { "(" LAST_FOUR "[^0-9\\n]{0,6})" FEW, "\\1[field]", DIGITS },
  { ALONE FEW "(?=[-'’]?\\p{L}{0,3} ?" FROM_BEHIND ")", "[field]", DIGITS },
  { "(" ALONE "(?i:" CARDS ")\\h?(?i:card|karte|kort|kaart)?[\\h:：(,*•·●.…xX#-]{1,16})" FEW,
    "\\1[field]", DIGITS },
  { ALONE HIDDEN FEW, "[field]", DIGITS },
  { "((?i:" ALONE "iban)[\\s:：]{1,3})[A-Z]{2}[A-Z0-9*•xX ]{2,40}", "\\1[field]", NULL },
  { ALONE ACCOUNT "(?![\\p{L}\\p{N}_])", "[field]", DIGITS },
  { BEFORE PEOPLE BEHIND, "[field]", DIGITS },
  { BEFORE "(?:" ABROAD "|" WITH_AREA "|" AT_HOME "|" IN_GROUPS ")" BEHIND, "[phone]", DIGITS },
  { "(" PHONES "[\\s:：.|-]{1,4})" CALLED, "\\1[phone]", DIGITS },
  { BEFORE IDS BEHIND, "[field]", DIGITS },
};

/* Of what stands apart from its label: "Order number", "Bestellnummer:", "Order #". */
typedef enum {
  NUMBER_LABEL,
  ADDRESS_LABEL,
  ADDRESS_BEGUN,
  PHONE_LABEL,
  NAME_LABEL,
  THING_LABEL,
  VALUE_ALONE,
  PHONE_ALONE,
  NAME_ALONE,
  THING_ALONE,
  N_APART
} Apart;

static const char *const apart[N_APART] = {
  [NAME_LABEL] = "^\\s*(?:(?i:your )?(?:" HOLDERS "|" HOLDERS_EAST "))\\s?[:：]?\\s*$",
  [THING_LABEL] = "^\\s*(?i:(?:your |ihre |votre |su |tu )?" THINGS ")\\s?[:：#]?\\s*$",
  [NAME_ALONE] = "^(\\s*)" TWO_WORDS "(?=\\s*$)",
  [THING_ALONE] = "^(\\s*#?)" BARE,
  [NUMBER_LABEL] = ALONE "(?i:" WHOSE "\\p{L}{0,12}(?:[ -]?" NUMBER "|\\s?#)|" NUMERO WHOSE
                         "\\p{L}{0,12})[\\s.:：#-]{0,6}$",
  [ADDRESS_LABEL] = ADDRESS "\\s*[:：]?\\s*$",
  [ADDRESS_BEGUN] = ADDRESS ADDRESS_FOLLOWS "[^|]{1,600}$",
  [PHONE_LABEL] = PHONES "\\s{0,2}[:：.]?\\s{0,4}$",
  [VALUE_ALONE] = "^(\\s*#?\\s?)" VALUE,
  [PHONE_ALONE] = "^(\\s*)" CALLED,
};

/* Compiled once: to do it takes longer than most texts that they are matched against. */
typedef struct {
  GRegex *rules[G_N_ELEMENTS (rules)], *apart[N_APART];
} Compiled;

static GRegex *
compile (const char *pattern)
{
  return g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
}

static const Compiled *
compiled (void)
{
  static Compiled all;
  static gsize done;
  if (g_once_init_enter (&done)) {
    for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
      all.rules[i] = compile (rules[i].pattern);
    for (gsize i = 0; i < N_APART; i++)
      all.apart[i] = compile (apart[i]);
    g_once_init_leave (&done, 1);
  }
  return &all;
}

/* A text that the matcher gives up on is not passed on unread. */
static char *
replace (const GRegex *regex, const char *text, const char *with)
{
  char *masked = g_regex_replace (regex, text, -1, 0, with, 0, NULL);
  return masked ? masked : g_strdup ("[text left out]");
}

/* Digits of other scripts as 0 to 9, and the hyphen that is as wide: "０９０－１２３４" */
static char *
plain_digits (const char *utf8)
{
  GString *out = g_string_new (NULL);
  for (const char *p = utf8; *p; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);
    const int digit = c >= 0x80 && g_unichar_type (c) == G_UNICODE_DECIMAL_NUMBER
                          ? g_unichar_digit_value (c)
                          : -1;
    if (digit >= 0)
      g_string_append_c (out, (char)('0' + digit));
    else if (c == 0xff0d || c == 0x2212)
      g_string_append_c (out, '-');
    else
      g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_mask_forms (const char *utf8)
{
  char *text = plain_digits (utf8);
  gboolean numbers = strpbrk (text, DIGITS) != NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    const char *needs = rules[i].needs;
    if (needs && !(g_str_equal (needs, DIGITS) ? numbers : strpbrk (text, needs) != NULL))
      continue;
    g_autofree char *before = text;
    text = replace (compiled ()->rules[i], before, rules[i].with);
  }
  g_autofree char *labelled = text;
  return pkt_codes_mask (labelled, "[field]");
}

#define MIN_LABEL 3 /* bytes: "tel", "nom" */

PktMaskLabel
pkt_mask_forms_label (const char *utf8)
{
  static const struct {
    Apart apart;
    PktMaskLabel label;
  } labels[] = { { ADDRESS_LABEL, PKT_MASK_ADDRESS }, { ADDRESS_BEGUN, PKT_MASK_IN_ADDRESS },
                 { NUMBER_LABEL, PKT_MASK_NUMBER },   { PHONE_LABEL, PKT_MASK_PHONE },
                 { NAME_LABEL, PKT_MASK_NAME },       { THING_LABEL, PKT_MASK_THING } };
  const gboolean long_enough = strlen (utf8) >= MIN_LABEL;
  if (long_enough && pkt_codes_announced (utf8))
    return PKT_MASK_CODE;
  for (gsize i = 0; i < G_N_ELEMENTS (labels) && long_enough; i++)
    if (g_regex_match (compiled ()->apart[labels[i].apart], utf8, 0, NULL))
      return labels[i].label;
  return PKT_MASK_NOTHING;
}

char *
pkt_mask_forms_labelled (PktMaskLabel label, const char *utf8)
{
  static const struct {
    PktMaskLabel label;
    Apart apart;
    const char *with;
  } values[] = { { PKT_MASK_NUMBER, VALUE_ALONE, "\\1[field]" },
                 { PKT_MASK_THING, THING_ALONE, "\\1[field]" },
                 { PKT_MASK_PHONE, PHONE_ALONE, "\\1[phone]" },
                 { PKT_MASK_NAME, NAME_ALONE, "\\1[name]" } };
  g_autofree char *plain = plain_digits (utf8);
  if (label == PKT_MASK_CODE)
    return pkt_codes_mask_announced (plain, "[field]");
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i].label == label)
      return replace (compiled ()->apart[values[i].apart], plain, values[i].with);
  return g_strdup (utf8);
}
