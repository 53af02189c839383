#pragma once
#include <glib.h>

/* A browser that was started for one page, in a folder of its own, without a network where the
 * kernel lets; else its resolver finds nothing and its proxy is nobody. Always pkt_browser_stop ()
 * it: it and all that it started are killed, and the folder is removed. */
typedef struct {
  GPid pid;
  int socket;       /* of the DevTools protocol; the caller closes it */
  char *folder;     /* holds page.html */
  GArray *before;   /* GPid: children that we had before */
  gboolean offline; /* in a network namespace of its own */
} PktBrowserRun;

/* How much the browser is let do; a start that fails is tried again with the next. */
typedef enum {
  PKT_BROWSER_SANDBOXED,   /* its own sandbox; root becomes nobody first */
  PKT_BROWSER_UNSANDBOXED, /* where the kernel has none for it */
  PKT_BROWSER_AS_ROOT,     /* where nobody may not run it */
  PKT_BROWSER_N_WAYS
} PktBrowserWay;

/* The program's path, by name or as given; NULL with PKT_ERROR_NOINPUT where `path`
 * is none, PKT_ERROR_UNAVAILABLE where none is installed. Caller frees. */
char *pkt_browser_find (const char *path, GError **error);
gboolean pkt_browser_start (PktBrowserRun *run, const char *program, const char *html,
                            PktBrowserWay way, GError **error);
void pkt_browser_stop (PktBrowserRun *run);
