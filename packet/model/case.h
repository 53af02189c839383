#pragma once
#include <glib.h>
#include "packet/base/clock.h"

#define PKT_CASE_MAX_BYTES (1024 * 1024)
#define PKT_CASE_MAX_DISCLOSED 3

typedef struct {
  char *source, *policy, *unsubscribe, *suppression_policy;
  int double_opt_in;        /* 1 yes, 0 no, -1 not said */
  int last_engagement_days; /* -1 not said */
} PktConsent;

typedef struct {
  char *date; /* "2026-05-11", as stated */
  char *what;
} PktDated;

typedef struct {
  char *name;
  char *mail_type; /* marketing, transactional, personal, forwarded; NULL: not said */
  char *brand, *impact;
  GStrv from_domain, return_path_domain, sending_ip, dkim,
      campaign;        /* match{}; never NULL, may be empty */
  PktConsent *consent; /* NULL: the case's own */
} PktStream;

typedef struct {
  char *address, *helo, *pool;
  GStrv streams;
} PktSendingIp;

typedef struct {
  char *address, *reason;
} PktDisclosed;

/* One of header and word. */
typedef struct {
  char *header; /* a field's name, perhaps with * at its end */
  char *to;     /* drop or class; NULL is drop */
  char *word;
  char *reason;
} PktTighten;

/* The case file (design section 5). Strings are UTF-8 without control characters, absent is NULL;
 * lists are never NULL. Paths are as written; resolve with pkt_case_path(). */
typedef struct {
  char *path, *dir; /* of the case file */
  char *name;       /* case */
  struct {
    char *name, *brand, *role;
  } company;
  struct {
    char *name, *email, *phone, *hours;
  } contact;
  struct {
    char *name, *pool, *ticket;
  } platform;
  GPtrArray *streams; /* PktStream* */
  struct {
    gint64 started; /* microseconds UTC; PKT_NO_TIME: from the evidence */
    char *description;
    gboolean changes_stated;          /* "changes": [] was written: none known */
    GPtrArray *changes, *remediation; /* PktDated* */
  } incident;
  struct {
    GStrv logs, bounces, transcripts, delivered, dmarc_reports;
    char *page_html, *page_url, *page_screenshot;
    GStrv page_hosts;
    char *suppression;
  } evidence;
  PktConsent *consent; /* NULL: none given */
  struct {
    GStrv from, return_path, tracking, dkim;
  } domains;
  GPtrArray *sending_ips; /* PktSendingIp* */
  GPtrArray *disclosed;   /* PktDisclosed* */
  GPtrArray *tighten;     /* PktTighten* */
  struct {
    char *from, *template_name, *subject_token;
  } request;
  struct {
    GStrv found;           /* what was found out since the mail before */
    char *question, *plan; /* instead of the general one; what happens next */
    char *stream;          /* that the mail before was about, by its packet; NULL: there is none */
  } follow_up;
  struct {
    char *timezone, *log_timezone;
    int year; /* 0: not given */
  } options;
} PktCase;

/* Reads and checks a case file. PKT_ERROR_NOINPUT, or PKT_ERROR_DATA with "FILE:LINE:COLUMN:
 * $.json.path: what is wrong and what to do": syntax, unknown or doubled key, wrong type, bad
 * value, TODO left. */
PktCase *pkt_case_load (const char *path, GError **error);
void pkt_case_free (PktCase *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCase, pkt_case_free)
/* A path of the case relative to the case file; caller frees. */
char *pkt_case_path (const PktCase *c, const char *path);
/* `case` and `--output` names: only [A-Za-z0-9._-], no leading dot, 64 bytes at the most. */
gboolean pkt_case_name_valid (const char *name);
