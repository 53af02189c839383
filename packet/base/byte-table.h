#pragma once
#include <glib.h>

/* The 256 values of a table by byte, each made by the macro F of the byte: what a byte is, is then
 * one load and no call. */
#define PKT_BYTE_TABLE_16(F, b)                                                                    \
  F ((b)), F ((b) + 1), F ((b) + 2), F ((b) + 3), F ((b) + 4), F ((b) + 5), F ((b) + 6),           \
      F ((b) + 7), F ((b) + 8), F ((b) + 9), F ((b) + 10), F ((b) + 11), F ((b) + 12),             \
      F ((b) + 13), F ((b) + 14), F ((b) + 15)
#define PKT_BYTE_TABLE_64(F, b)                                                                    \
  PKT_BYTE_TABLE_16 (F, b), PKT_BYTE_TABLE_16 (F, (b) + 16), PKT_BYTE_TABLE_16 (F, (b) + 32),      \
      PKT_BYTE_TABLE_16 (F, (b) + 48)
#define PKT_BYTE_TABLE(F)                                                                          \
  PKT_BYTE_TABLE_64 (F, 0), PKT_BYTE_TABLE_64 (F, 64), PKT_BYTE_TABLE_64 (F, 128),                 \
      PKT_BYTE_TABLE_64 (F, 192)

/* Of a byte as a number: constant where it is. */
#define PKT_BYTE_IN(c, from, to) ((c) >= (from) && (c) <= (to))
#define PKT_BYTE_IS_DIGIT(c) PKT_BYTE_IN (c, '0', '9')
#define PKT_BYTE_IS_UPPER(c) PKT_BYTE_IN (c, 'A', 'Z')
#define PKT_BYTE_IS_LOWER(c) PKT_BYTE_IN (c, 'a', 'z')
#define PKT_BYTE_IS_ALNUM(c)                                                                       \
  (PKT_BYTE_IS_DIGIT (c) || PKT_BYTE_IS_UPPER (c) || PKT_BYTE_IS_LOWER (c))
#define PKT_BYTE_IS_XDIGIT(c)                                                                      \
  (PKT_BYTE_IS_DIGIT (c) || PKT_BYTE_IN (c, 'A', 'F') || PKT_BYTE_IN (c, 'a', 'f'))
#define PKT_BYTE_IS_HIGH(c) ((c) >= 0x80)
