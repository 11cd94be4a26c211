#include <cstring>

#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/shape/copy.h"

namespace lazuli::cpu {
namespace {

template <class To, class From>
void convert_loop(void* out, const void* const* in, int64_t n, const Params&) {
  To* to = static_cast<To*>(out);
  const From* from = static_cast<const From*>(in[0]);
  if constexpr (std::same_as<To, From>) {
    std::memcpy(static_cast<void*>(to), from, n * sizeof(To));
  } else if constexpr (std::same_as<From, bool>) {
    // Memory that others have written may hold bytes that are no bool.
    const uint8_t* bytes = static_cast<const uint8_t*>(in[0]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] = convert<To>(bytes[i] != 0);
  } else {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] = convert<To>(from[i]);
  }
}

struct ConversionTable {
  Loop loops[kDTypeCount][kDTypeCount];  // [from][to]
  ConversionTable() {
    for (int from = 0; from < kDTypeCount; from++)
      for (int to = 0; to < kDTypeCount; to++)
        dispatch(DType(from), [&](auto f) { dispatch(DType(to), [&](auto t) { loops[from][to] = &convert_loop<decltype(t), decltype(f)>; }); });
    fill_vector_conversions(loops);
  }
};

}  // namespace

Loop conversion(DType from, DType to) {
  static const ConversionTable table;
  return table.loops[int(from)][int(to)];
}

}  // namespace lazuli::cpu
