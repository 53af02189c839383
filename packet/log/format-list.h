/* The formats, a row each; pkt_format_NAME is defined in format-NAME.c. Of two that fit a file
 * equally well the first is taken. */
PKT_FORMAT (postfix)
PKT_FORMAT (exim)
PKT_FORMAT (sendmail)
PKT_FORMAT (opensmtpd)
PKT_FORMAT (haraka)
PKT_FORMAT (courier)
PKT_FORMAT (dma)
PKT_FORMAT (nullmailer)
PKT_FORMAT (msmtp)
PKT_FORMAT (events_csv)
PKT_FORMAT (events_json)
