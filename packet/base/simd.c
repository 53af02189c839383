#include "packet/base/simd.h"

gboolean
pkt_simd_avx2 (void)
{
#ifdef PKT_AVX2
  static gsize answer; /* 1: no, 2: yes */
  if (g_once_init_enter (&answer)) {
    gboolean has = g_strcmp0 (g_getenv ("POSTPACKET_SIMD"), "none") != 0
                   && __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi")
                   && __builtin_cpu_supports ("popcnt") && __builtin_cpu_supports ("pclmul");
    g_once_init_leave (&answer, has ? 2 : 1);
  }
  return answer == 2;
#else
  return FALSE;
#endif
}
