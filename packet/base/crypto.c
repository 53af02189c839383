#include "packet/base/crypto.h"

/* Of the ABI of the headers. */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define LATE_FILES "libcrypto.so.3", "libcrypto.3.dylib"
#define LATE_PACKAGE "libssl3"
#else
#define LATE_FILES "libcrypto.so.1.1", "libcrypto.1.1.dylib"
#define LATE_PACKAGE "libssl1.1"
#endif
#define LATE_TITLE "libcrypto"
#define LATE_TABLE PktCryptoLibrary
#define LATE_FUNCTIONS PKT_CRYPTO_FUNCTIONS
#define LATE_GET pkt_crypto_library
#include "packet/base/late-library.h"
