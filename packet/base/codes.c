#include "packet/base/codes.h"
#include <string.h>

#define ALONE "(?<![\\p{L}\\p{N}])"
#define BEHIND "(?![\\p{L}\\p{N}])"
#define IS "(?: is| ist| lautet| est| es| è)?"
#define SIGN "[\\s:：#|-]{1,4}"
#define NO_YEAR "(?!(?:19|20)[0-9]{2}(?![0-9]))"
#define NUMBER "(?:numbers?|nummer|num|no\\.?|nr\\.?|id)"

/* Six letters, perhaps without a digit, of who books. */
#define BOOKINGS                                                                                   \
  "(?:(?:booking|reservation|confirmation|trip|travel)(?: (?:reference|ref|code|number|id)){1,2}"  \
  "|record locator|pnr|(?:buchungs|reservierungs)(?:code|nummer|referenz)"                         \
  "|(?:code|numéro|référence) de (?:réservation|confirmation)|localizador"                     \
  "|c[óo]digo de (?:la )?reserva|codice (?:di )?prenotazione|boekings(?:code|nummer)"             \
  "|bokningsnummer|booking ?nummer)"
/* A label that says less; in small letters, since "YOUR BOOKING STARTS HERE" has none behind it. */
#define BOOKED                                                                                     \
  "(?:[Bb]ooking|[Rr]eservation|Buchung|[Rr]éservation|[Rr]eserva|[Pp]renotazione|[Bb]oeking)"
#define ORDINARY                                                                                   \
  "(?!(?:UPDATE|ONLINE|OPENED|CLOSED|SYSTEM|COUPON|OFFERS|PERIOD|STARTS|RABATT|WINTER|SUMMER"      \
  "|SPRING|AUTUMN|SOMMER|VERANO|ESTATE)\\b)"
/* "YOUR VOUCHER IS HERE", "GIFT CARDS INSIDE": of the sentence, whoever reads it. */
#define SAID                                                                                       \
  "(?!(?:HERE|INSIDE|WAITING|READY|BELOW|AVAILABLE|ACTIVE|EXPIRES|EXPIRED|EXPIRING|ENDS|ENDING"    \
  "|BALANCE|TODAY|TONIGHT|TOMORROW|ONLY|WITH|FROM|YOUR|THIS|THAT|THEY|WHEN|WORTH|VALUE|VALID"      \
  "|OFFER|OFFERS|CODE|CODES|SALE|DEAL|DEALS|GIFT|GIFTS|BONUS|REWARD|REWARDS|FREE|SHOP|STORE"       \
  "|INCLUDED|ATTACHED|ONLINE|UPDATE|HIER|HEUTE|NOCH|JETZT|WARTET|GESCHENKT|GRATIS|SICHERN)"        \
  "(?![\\p{L}\\p{N}-]))"
#define LETTERS "[A-Z0-9]{5,8}(?![A-Za-z0-9])"
/* What is handed out to one: "your code", not "the code". */
#define GIVEN                                                                                      \
  "(?:(?:your|ihr|dein|votre|ton|tu|su|il tuo)(?: \\p{L}{2,12}){0,2} (?:code|código|codice)"      \
  "|(?:voucher|coupon|gift ?card|e-?gift|referral|gutschein)[ -]?(?:code|nummer|number)?"          \
  "|(?:code|código) (?:promo|personnel|personal))"
#define SECRETS                                                                                    \
  "(?:(?-i:PIN|TAN|OTP)|pin(?=[:：])|your pin|passcode|password|passwort|kennwort|mot de "        \
  "passe|contraseña"                                                                              \
  "|(?:code|key|token)(?=:? [0-9])|(?:qr|bar)[ -]?code|strichcode"                                 \
  "|(?:verification|security|access|log-?in|sign-?in|reset|confirmation|activation|pick-?up"       \
  "|collection|locker|door|entry|personal|one-time) ?(?:code|pin|password)"                        \
  "|(?:bestätigungs|sicherheits|zugangs|einmal|abhol|aktivierungs)code"                           \
  "|code de (?:vérification|sécurité|confirmation|retrait)"                                     \
  "|código de (?:verificación|seguridad|acceso|recogida)|codice di (?:verifica|sicurezza))"
#define SECRET                                                                                     \
  "(?:(?=[A-Za-z]{0,12}[0-9])[A-Za-z0-9]{3,12}(?:[ -][0-9]{2,4}){0,4}|[0-9]{2}(?:[ "               \
  "-][0-9]{2}){1,3})"
#define THINGS                                                                                     \
  "(?:e-?ticket|ticket|patient|student|pupil|passenger|vehicle|licen[cs]e|driver|frequent flyer"   \
  "|flyer|meeting|webinar|device|serial|meter|claim|nhs|medicare|loyalty|barcode|sort code"        \
  "|patienten|schüler|zähler|fahrschein|bahncard|fahrgestell)"
#define VALUE                                                                                      \
  "(?![0-9.]{1,9} ?(?:EUR|USD|GBP|CHF)\\b)(?=[A-Z0-9 ./-]{0,24}[0-9])(?:[A-Z]{1,4} "               \
  ")?[A-Z0-9](?:[ ./-]?[A-Z0-9]){3,24}(?![a-z])"
#define PLATES                                                                                     \
  "(?:registration|reg\\.?|(?:number|licen[cs]e) plate|mot due|(?:kfz-)?kennzeichen"               \
  "|immatriculation|matrícula|targa|kenteken)(?: (?:number|no\\.?|plate))?"
/* With a letter and a digit, or in some digits alone; not "Registration 2027", "Reg. 5 May". */
#define NO_DAYS "(?![0-9]{1,2}-[0-9]{1,2} \\p{Lu}\\p{Ll})"
#define PLATE                                                                                      \
  NO_YEAR NO_DAYS "(?=[A-ZÄÖÜ -]{0,8}[0-9])"                                                    \
                  "(?=[0-9 -]{0,8}[A-ZÄÖÜ](?!\\p{Ll})|[0-9]{1,4}[ -]?[0-9]{2,4}(?![0-9]))"      \
                  "[A-ZÄÖÜ0-9]{1,4}(?:[ -][A-ZÄÖÜ0-9]{1,4}){0,3}"

/* "From 3.11.0.2 to 3.12" is of a program. */
#define NO_RELEASE "(?<![Uu]pgrade |[Uu]pdate |[Uu]pgrading |[Uu]pdating |[Vv]ersion |[Rr]elease )"

/* Whence somebody signed in, IPv4 or IPv6, and where he is. A bare number may be anything. */
#define FROM                                                                                       \
  "(?:(?:adresse |indirizzo |direcci[óo]n |endereço )?ip(?:[ -]?(?:addr(?:ess)?|adresse?n?))?"   \
  "|from|von|depuis|desde)"
#define SIX                                                                                        \
  "[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}(?:(?::[0-9a-fA-F]{1,4}){0,4}::(?:[0-9a-fA-F]{1,4}"            \
  "(?::[0-9a-fA-F]{1,4}){0,4})?|(?::[0-9a-fA-F]{1,4}){6})(?![0-9a-fA-F:])"
#define WHERE                                                                                      \
  "(?:at|in|near|location|coordinates?|gps|geo|position|lat(?:itude)?(?:[ ,/]+lon\\p{L}*)?)"

#define SEASON "(?:SS|AW|FW|HW|FS)[0-9]{2} (?:MEN|KID|BAG)\\b" /* of fashion */
#define IS_YOURS "is your|ist (?:ihr|dein)|est votre|es (?:tu|su)"
/* "2027 is your year"; not "2019 is your code". */
#define OF_YEAR                                                                                    \
  "(?:19|20)[0-9]{2} (?i:" IS_YOURS ") (?:\\p{L}{2,12} ){0,2}(?i:year|time|chance|jahr|année|año)"
#define YEARS "(?:19|20)[0-9]{2}(?:[ -](?:19|20)[0-9]{2}){2,4}(?![ -]?[0-9])"

/* Each repeat is bounded, so that no text makes the matcher run long. `kept`: the mark stands
 * behind what the first group found. */
static const struct {
  const char *pattern;
  gboolean kept;
} rules[] = {
  { "(" ALONE "(?i:" BOOKINGS ")(?i:" IS ")" SIGN ")" NO_YEAR LETTERS, TRUE },
  { "(" ALONE BOOKED " )" ORDINARY "[A-Z0-9]{6}(?![A-Za-z0-9])", TRUE },
  { "(" ALONE "(?i:" GIVEN ")(?i:" IS ")" SIGN ")" NO_YEAR SAID
    "[A-Z0-9]{4,20}(?:-[A-Z0-9]{2,12}){0,5}(?![a-z])",
    TRUE },
  { "(" ALONE "(?i:" SECRETS ")(?i:" IS ")" SIGN ")" NO_YEAR SECRET BEHIND, TRUE },
  { ALONE "(?!" OF_YEAR ")[0-9]{2,4}(?:[ -]?[0-9]{2,4}){1,3}(?= (?i:" IS_YOURS ") )", FALSE },
  { "(" ALONE "(?i:" THINGS "(?: ?" NUMBER "|(?=[:：#|])| \\|)[\\s.:：#|-]{1,5}))" VALUE, TRUE },
  { "(" ALONE "(?i:id|uid)[\\s.:：#|-]{1,3})[0-9]{2,6}(?:[ -]?[0-9]{2,6}){1,4}" BEHIND, TRUE },
  { "(" ALONE "(?i:" PLATES ")[\\s:：|]{1,4})" PLATE BEHIND, TRUE },
  { "(" ALONE
    "(?i:sort code|bankleitzahl|blz)[\\s:：|]{1,4})[0-9]{2,3}[ -]?[0-9]{2,3}[ -]?[0-9]{2}" BEHIND,
    TRUE },
  { ALONE "(?!" SEASON
          ")[A-Z]{2}[0-9]{2} ?(?!OFF|EUR|USD|GBP|CHF|AND|FOR|THE|NEW|NOW)[A-Z]{3}" BEHIND,
    FALSE }, /* LB07 ABC */
  { ALONE "(?=[A-Z]{0,16}[0-9])(?=[0-9]{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}" BEHIND,
    FALSE }, /* of a car */
  { ALONE "(?=[A-Z-]{0,24}[0-9])(?=[0-9-]{0,24}[A-Z])(?!CVE-[0-9]{4}-)[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,"
          "6}){2,5}" BEHIND,
    FALSE },
  { "(" ALONE NO_RELEASE "(?i:" FROM
    ")[\\s:：|]{1,3})(?:(?:[0-9]{1,3}\\.){3}[0-9]{1,3}(?![0-9])|" SIX ")",
    TRUE },
  { "(" ALONE "(?i:" WHERE
    ")[\\s:：|]{1,3})-?[0-9]{1,2}\\.[0-9]{4,12}, ?-?[0-9]{1,3}\\.[0-9]{4,12}",
    TRUE },
  { ALONE "(?!" YEARS ")[0-9]{4,6}(?:[ -][0-9]{4,6}){2,4}" BEHIND, FALSE },
};

#define LABEL                                                                                      \
  "^\\s*(?i:(?:your |ihr |ihre |votre |tu |su )?(?:" BOOKINGS "|" GIVEN "|" SECRETS "|" PLATES     \
  "|" THINGS " ?" NUMBER "))\\s?[:：#]?\\s*$"
#define ANNOUNCED "^(\\s*#?\\s?)" NO_YEAR "(?:" LETTERS "|" SECRET "|" VALUE "|" PLATE ")(?=\\s*$)"

enum { LABEL_RULE = G_N_ELEMENTS (rules), ANNOUNCED_RULE, N_RULES };

static const GRegex *
regex_of (guint i)
{
  static GRegex *kept[N_RULES];
  static gsize once;
  if (g_once_init_enter (&once)) {
    for (guint k = 0; k < G_N_ELEMENTS (rules); k++)
      kept[k] = g_regex_new (rules[k].pattern, G_REGEX_OPTIMIZE, 0, NULL);
    kept[LABEL_RULE] = g_regex_new (LABEL, G_REGEX_OPTIMIZE, 0, NULL);
    kept[ANNOUNCED_RULE] = g_regex_new (ANNOUNCED, G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (&once, 1);
  }
  return kept[i];
}

gboolean
pkt_codes_announced (const char *label)
{
  return g_regex_match (regex_of (LABEL_RULE), label, 0, NULL);
}

char *
pkt_codes_mask_announced (const char *utf8, const char *mark)
{
  g_autofree char *with = g_strconcat ("\\1", mark, NULL);
  char *made = g_regex_replace (regex_of (ANNOUNCED_RULE), utf8, -1, 0, with, 0, NULL);
  return made ? made : g_strdup (mark);
}

/* A code in letters alone has no digit. */
static gboolean
may_hold (const char *utf8)
{
  gsize capitals = 0;
  for (const char *p = utf8; *p; p++) {
    capitals = g_ascii_isupper (*p) ? capitals + 1 : 0;
    if (g_ascii_isdigit (*p) || capitals >= 4)
      return TRUE;
  }
  return FALSE;
}

char *
pkt_codes_mask (const char *utf8, const char *mark)
{
  char *text = g_strdup (utf8);
  g_autofree char *behind = g_strconcat ("\\1", mark, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rules) && may_hold (utf8); i++) {
    g_autofree char *before = text;
    char *made = g_regex_replace (regex_of (i), before, -1, 0, rules[i].kept ? behind : mark, 0,
                                  NULL);
    text = made ? made : g_strdup ("[text left out]"); /* what the matcher gives up on */
  }
  return text;
}
