#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* What syslog puts in front of a line of Exim's: "Nov  2 00:00:00 mail1 exim[812]: ". Nearly every
 * line has a host that an earlier line had, so it is compared, not parsed. */
#define PKT_EXIM_HOSTS 64 /* by hash; a power of two */
#define PKT_EXIM_HOST_MAX 64

typedef struct {
  struct {
    char text[PKT_EXIM_HOST_MAX];
    gsize n;       /* 0: none */
    guint64 scope; /* pkt_slice_hash(), seed 0 */
  } all[PKT_EXIM_HOSTS];
  char time[40]; /* as the last line wrote it */
  gsize time_n;
  PktStamp stamp; /* which it is, in the first year where it writes none */
} PktEximHosts;

/* Bytes in front of Exim's own text, with *stamp and what ids are unique in; 0: there is nothing of
 * that kind, or it needs another look. */
gsize pkt_exim_syslog_front (PktEximHosts *hosts, PktSlice line, PktStamp *stamp, guint64 *scope);
