#include "packet/base/simd.h"

gboolean
pkt_simd_avx2 (void)
{
#ifdef PKT_AVX2
  static gsize answer; /* 1: no, 2: yes */
  if (g_once_init_enter (&answer)) {
    gboolean has = g_strcmp0 (g_getenv ("POSTPACKET_SIMD"), "none") != 0
                   && __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi")
                   && __builtin_cpu_supports ("bmi2") && __builtin_cpu_supports ("popcnt")
                   && __builtin_cpu_supports ("pclmul");
    g_once_init_leave (&answer, has ? 2 : 1);
  }
  return answer == 2;
#else
  return FALSE;
#endif
}

gboolean
pkt_simd_avx512 (void)
{
#ifdef PKT_AVX512
  static gsize answer; /* 1: no, 2: yes */
  if (g_once_init_enter (&answer)) {
    gboolean has = g_strcmp0 (g_getenv ("POSTPACKET_SIMD"), "avx2") != 0 && pkt_simd_avx2 ()
                   && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl");
    g_once_init_leave (&answer, has ? 2 : 1);
  }
  return answer == 2;
#else
  return FALSE;
#endif
}

gboolean
pkt_simd_avx512_vbmi2 (void)
{
#ifdef PKT_AVX512
  static gsize answer; /* 1: no, 2: yes */
  if (g_once_init_enter (&answer))
    g_once_init_leave (&answer, pkt_simd_avx512 () && __builtin_cpu_supports ("avx512vbmi")
                                        && __builtin_cpu_supports ("avx512vbmi2")
                                    ? 2
                                    : 1);
  return answer == 2;
#else
  return FALSE;
#endif
}
