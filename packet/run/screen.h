#pragma once
#include "packet/redact/redactor.h"
#include "packet/redact/verify.h"

#define PKT_SCREEN_NONE "none" /* as a browser's name: none is run */

typedef enum {
  PKT_SCREEN_OWN,     /* the sender's file */
  PKT_SCREEN_BROWSER, /* Chromium's, of the closed page */
  PKT_SCREEN_DRAWN,   /* the text alone, and it says so */
} PktScreenKind;

/* Pictures of the campaign, ready to leave. */
typedef struct {
  PktScreenKind kind;
  GBytes *wide;  /* 600 pixels wide, or the sender's own width */
  GBytes *phone; /* 320 pixels wide; NULL: Chromium's alone */
  char *alt;     /* what it is, in words */
  char *note;    /* why it is drawn, or where it is cut; NULL */
} PktScreen;

void pkt_screen_free (PktScreen *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktScreen, pkt_screen_free)

/* The sender's own picture, unpacked and packed again: pixels pass, nothing else. PKT_ERROR_DATA
 * where it is no PNG, or cannot be made small enough. */
PktScreen *pkt_screen_of_file (const char *name, GBytes *png, GError **error);
/* By the browser where there is one (`browser`: its path, PKT_SCREEN_NONE, or NULL: what
 * POSTPACKET_BROWSER says, else by name) and the verifier finds nothing in the page as the redactor
 * leaves it; else drawn from `outline`, which may leave already. PKT_ERROR_NOINPUT where `browser`
 * is no program. */
PktScreen *pkt_screen_of_page (const char *clean_html, const char *outline, const char *browser,
                               PktRedactor *r, PktVerifier *v, GError **error);
