#pragma once
#include <jansson.h>

/* Asks on standard error for what init left as TODO; answers are lines of the standard input. */
void cmd_init_ask (json_t *the_case);
