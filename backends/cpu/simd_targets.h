#pragma once

/// Which instruction sets SIMD files are compiled for; included before hwy/foreach_target.h. On x86: the baseline, AVX2 and AVX-512; on AArch64: NEON.
/// What lies between is old and rare, what lies above gains nothing here, and each set costs compile time and size.
#include "hwy/detect_targets.h"

#ifdef HWY_AVX3_ZEN4
#define LAZULI_NEW_X86_TARGETS (HWY_AVX3_ZEN4 | HWY_AVX3_SPR)
#else
#define LAZULI_NEW_X86_TARGETS 0
#endif
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | LAZULI_NEW_X86_TARGETS | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
