#include "packet/base/crypto.h"
#include "packet/base/late.h"

static const char *const libraries[] = { "libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib",
                                         NULL };

static PktCryptoLibrary crypto;

/* Before the names become calls: their texts. */
#define X(name) { #name, G_STRUCT_OFFSET (PktCryptoLibrary, name##_) },
static const PktLateName functions[] = { PKT_CRYPTO_FUNCTIONS };
#undef X

static PktLate late = { libraries, functions, G_N_ELEMENTS (functions), &crypto, "libcrypto",
                        "libssl3", 0 };

const PktCryptoLibrary *
pkt_crypto_library (void)
{
  pkt_late_need (&late);
  return &crypto;
}
