#pragma once
#include <bit>
#include <limits>

#include "lazuli/backends/cpu/element_types.h"

/// Elements as unsigned keys in the order of sort: NaN last, -0 equal to 0. A key with its position makes an item; all items of a line differ,
/// so that any sort of items is a stable sort of the elements.
namespace lazuli::cpu {

template <class T>
struct KeyType {
  using type = uint32_t;
};
template <class T>
requires(sizeof(T) == 8) struct KeyType<T> {
  using type = uint64_t;
};
template <class T>
using Key = typename KeyType<T>::type;

template <class T>
inline Key<T> key_of(T x) {
  using K = Key<T>;
  constexpr K kSign = K(1) << (sizeof(K) * 8 - 1);
  if constexpr (is_reduced_float<T>) {
    return key_of(float(x));
  } else if constexpr (std::floating_point<T>) {
    if (x != x) return ~K(0);
    const K bits = x == 0 ? K(0) : std::bit_cast<K>(x);
    return bits & kSign ? ~bits : bits | kSign;
  } else if constexpr (std::same_as<T, bool>) {
    return K(x);
  } else {
    return K(std::conditional_t<sizeof(K) == 8, int64_t, int32_t>(x)) ^ kSign;
  }
}

/// A 32-bit key and a position below 2^32 in one word.
struct PackedItem {
  using Count = uint32_t;
  uint64_t bits;
  static constexpr int kKeyBits = 32;
  static PackedItem make(uint32_t key, int64_t position) { return {uint64_t(key) << 32 | uint64_t(position)}; }
  int64_t position() const { return int64_t(bits & 0xffffffffu); }
  uint32_t key() const { return uint32_t(bits >> 32); }
  bool operator<(const PackedItem& other) const { return bits < other.bits; }
};
struct WideItem {
  using Count = int64_t;
  uint64_t bits;
  int64_t at;
  static constexpr int kKeyBits = 64;
  static WideItem make(uint64_t key, int64_t position) { return {key, position}; }
  int64_t position() const { return at; }
  uint64_t key() const { return bits; }
  bool operator<(const WideItem& other) const { return bits != other.bits ? bits < other.bits : at < other.at; }
};

}  // namespace lazuli::cpu
