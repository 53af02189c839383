#pragma once
#include "packet/outbox/server.h"
#include "packet/run/send.h"

/* FALSE with PKT_ERROR_USAGE, naming the options that do not go together. */
gboolean pkt_send_check_options (const PktSendOptions *o, GError **error);
/* The server of --smtp or --draft, without its secrets. PKT_ERROR_USAGE. */
PktServer *pkt_send_server (const PktSendOptions *o, GError **error);
/* Asks the commands for password or token, looks at the netrc file. PKT_ERROR_CONFIG, NOINPUT. */
gboolean pkt_send_login (PktServer *s, const PktSendOptions *o, GError **error);
/* How it would log in, as lines of a dialogue; caller frees. */
char *pkt_send_login_text (const PktServer *s, const PktSendOptions *o);
