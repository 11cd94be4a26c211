#pragma once
#include <bit>
#include <vector>

#include "lazuli/core/scalar.h"

namespace lazuli::recording {

/// Of one kind and value; a NaN is the same as itself.
inline bool same_number(const Scalar& a, const Scalar& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is_integral()) return a.to<int64_t>() == b.to<int64_t>();
  const auto bits = [](double v) { return std::bit_cast<uint64_t>(v); };
  if (!a.is_complex()) return bits(a.to<double>()) == bits(b.to<double>());
  const auto x = a.to<complex128>(), y = b.to<complex128>();
  return bits(x.real()) == bits(y.real()) && bits(x.imag()) == bits(y.imag());
}

/// What one call of a step has found at the places where the host decides how it goes on. A call that begins again, for it had gone another way than it should, is told the same.
class Decisions {
 public:
  void new_call() {
    found_.clear();
    next_ = 0;
  }
  void begin_again() { next_ = 0; }
  /// What this call has found at its next place; `find()` where it has not been there.
  template <class F>
  Scalar next(F&& find) {
    if (next_ == found_.size()) found_.push_back(find());
    return found_[next_++];
  }
  const std::vector<Scalar>& found() const { return found_; }

 private:
  std::vector<Scalar> found_;
  size_t next_ = 0;
};

/// Thrown in a replay that finds something else at such a place than the recording did.
struct GoesElsewhere {};

}  // namespace lazuli::recording
