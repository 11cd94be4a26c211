#pragma once
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace fuzz {

/// The random choices of one call or file: splitmix64 (Steele, Lea, Flood 2014), begun from a seed and the call's number alone, so that each can be made again by itself.
class Random {
 public:
  Random(uint64_t seed, uint64_t number) : state_(seed * 0x9e3779b97f4a7c15ull ^ (number + 1) * 0xd1342543de82ef95ull) { next(); }
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  /// Of [0, n).
  int64_t below(int64_t n) { return int64_t(next() % uint64_t(n)); }
  /// Of [low, high].
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }
  double unit() { return double(next() >> 11) * 0x1p-53; }
  template <class T>
  T pick(std::initializer_list<T> items) {
    return items.begin()[below(int64_t(items.size()))];
  }
  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[size_t(below(int64_t(items.size())))];
  }

 private:
  uint64_t state_;
};

}  // namespace fuzz
