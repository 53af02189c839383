#include "packet/redact/subject.h"
#include <string.h>
#include "packet/base/codes.h"

/* Of one reader: what a number behind it belongs to. */
#define WHOSE                                                                                      \
  "(?:order|booking|reservation|reference|ref|invoice|receipt|ticket|case|claim|policy|contract"   \
  "|customer|client|member(?:ship)?|account|card|tracking|shipment|parcel|package|delivery|return" \
  "|refund|quote|estimate|subscription|appointment|confirmation|application|request|loan|donation" \
  "|bestell\\p{L}{0,12}|auftrag\\p{L}{0,8}|rechnung\\p{L}{0,8}|buchung\\p{L}{0,8}"                 \
  "|kunden\\p{L}{0,8}|lieferung|sendung\\p{L}{0,8}|vertrag\\p{L}{0,8}|gutschrift|commande|facture" \
  "|r[ée]servation|dossier|pedido|factura|reserva|recibo|ordine|fattura|prenotazione|encomenda"   \
  "|fatura|bestelling|factuur|boeking|best[äa]llning\\p{L}{0,8}|ordre\\p{L}{0,8}|faktura"         \
  "|zam[óo]wieni[ea]|objedn[áa]vk[ay]|tilaus|заказ\\p{L}{0,4}|счет|счёт|订单|訂單|注文|予約)"
/* The same in scripts and languages that set no blank before it, or bend it. */
#define WHOSE_ELSEWHERE                                                                                                                                   \
  "(?:ご?注文|ご?予約|订单|訂單|주문|예약|คำสั่งซื้อ|đơn hàng|طلبك|الطلب|ה?הזמנה|sipariş\\p{L}{0,6}" \
  "|rendelés\\p{L}{0,4}|παραγγελί\\p{L}{0,3}|замовлення|поръчка|pesanan\\p{L}{0,3})"
#define NUMBER                                                                                     \
  "(?:numbers?|nummer|num[ée]ro|número|numer|no|nr|num|id|code|n\\.?[°ºo]|номер|番号|号)"
/* "24h", "25GB", "3x2", "100% off": how much, not which. */
#define AMOUNT                                                                                     \
  "(?![0-9]{1,2}[hkMgm](?![\\p{L}\\p{N}-])|[0-9]{1,3}\\h?[%€$£]"                                \
  "|[0-9]{1,3}(?:hrs|min|[GMT]B|[xX][0-9]{1,2}|for[0-9]|[kmc]m|kg|ml)(?![\\p{L}\\p{N}-]))"
/* With a digit, and no year, month or day. */
#define VALUE                                                                                      \
  AMOUNT "(?!(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2}(?![\\p{L}\\p{N}-]))(?=[A-Za-z0-9-]{0,30}[0-9])"   \
         "[A-Za-z0-9][A-Za-z0-9-]{2,30}(?![\\p{L}\\p{N}])"

/* Each repeat is bounded, so that no subject makes the matcher run long. */
static const struct {
  const char *pattern, *with;
} rules[] = {
  { "(?<![\\p{L}\\p{N}])((?i:" WHOSE "(?:[ -]?" NUMBER ")?\\.?(?: is)?[\\s:：#№-]{1,4}))" VALUE,
    "\\1[number]" },
  { "((?i:" WHOSE_ELSEWHERE
    ")[\\s:：#№-]{0,4})(?=[A-Za-z-]{0,30}[0-9])[A-Za-z0-9][A-Za-z0-9-]{2,30}"
    "(?![A-Za-z0-9-])",
    "\\1[number]" },
  { "((?i:" NUMBER ") (?:de |of )?(?i:" WHOSE ")[\\s:：#№-]{1,4})" VALUE, "\\1[number]" },
  { "(?<![\\p{L}\\p{N}.,+/_-])(?:(?:\\+|00)[1-9](?:[\\h./()-]{0,3}[0-9]){6,14}"
    "|\\([0-9]{2,5}\\)[\\h-]?[0-9]{3,4}[\\h-]?[0-9]{3,4}"
    "|[0-9]{3}[\\h.-][0-9]{3}[\\h.-][0-9]{4})(?![\\p{L}\\p{N}])",
    "[phone]" },
};

static const GRegex *
regex_of (guint i)
{
  static GRegex *kept[G_N_ELEMENTS (rules)];
  static gsize once;
  if (g_once_init_enter (&once)) {
    for (guint k = 0; k < G_N_ELEMENTS (rules); k++)
      kept[k] = g_regex_new (rules[k].pattern, G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (&once, 1);
  }
  return kept[i];
}

char *
pkt_subject_mask (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  g_autofree char *masked = g_strdup (text);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    char *next = g_regex_replace (regex_of (i), masked, -1, 0, rules[i].with, 0, NULL);
    g_free (masked);
    masked = next ? next : g_strdup ("[text left out]"); /* what the matcher gives up on */
  }
  g_autofree char *codes = pkt_codes_mask (masked, "[number]");
  return g_str_equal (codes, text) ? NULL : g_steal_pointer (&codes);
}
