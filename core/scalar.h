#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <type_traits>

#include "lazuli/core/number.h"

namespace lazuli {

/// One number of a C++ kind: bool, integer, floating point or complex. It takes part in type promotion by its kind only.
class Scalar {
 public:
  enum class Kind : uint8_t { Bool, Int, Float, Complex };
  Scalar() : Scalar(int64_t(0)) {}
  template <class T>
  requires std::is_arithmetic_v<T> Scalar(T value) {
    if constexpr (std::is_same_v<T, bool>) kind_ = Kind::Bool, int_ = value;
    else if constexpr (std::is_integral_v<T>) kind_ = Kind::Int, int_ = int64_t(value);
    else kind_ = Kind::Float, re_ = double(value);
  }
  Scalar(Half value) : Scalar(double(float(value))) {}
  Scalar(BFloat16 value) : Scalar(double(float(value))) {}
  template <class C>
  requires requires(const C& c) {
    double(c.real());
    double(c.imag());
  }
  Scalar(const C& value) : kind_(Kind::Complex), re_(double(value.real())), im_(double(value.imag())) {}

  Kind kind() const { return kind_; }
  bool is_complex() const { return kind_ == Kind::Complex; }
  bool is_floating_point() const { return kind_ == Kind::Float; }
  bool is_integral() const { return kind_ <= Kind::Int; }
  /// The dtype of a 0-d tensor made of it: bool, int64, the default dtype, or its complex counterpart.
  DType dtype() const;

  /// The value as T. Complex to real drops the imaginary part.
  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, bool>) return is_integral() ? int_ != 0 : re_ != 0 || im_ != 0;
    else if constexpr (std::is_arithmetic_v<T>) return is_integral() ? T(int_) : T(re_);
    else if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) return T(float(to<double>()));
    else
      return T(typename std::remove_cvref_t<decltype(T().real())>(to<double>()),
               typename std::remove_cvref_t<decltype(T().real())>(is_complex() ? im_ : 0.0));
  }
  /// libtorch's names of the same.
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int toInt() const { return to<int>(); }
  int64_t toLong() const { return to<int64_t>(); }
  bool toBool() const { return to<bool>(); }
  bool isFloatingPoint() const { return is_floating_point(); }
  bool isComplex() const { return is_complex(); }
  bool isBoolean() const { return kind_ == Kind::Bool; }
  bool isIntegral(bool include_bool = false) const { return is_integral() && (include_bool || !isBoolean()); }
  DType type() const { return dtype(); }
  /// Equal as numbers, whatever the kind.
  bool equal(double value) const { return to<double>() == value && (!is_complex() || im_ == 0); }
  Scalar operator-() const;
  /// As `to_string` has it: "true", "3", "0.5", "1+2i".
  friend std::ostream& operator<<(std::ostream& stream, const Scalar& value);

 private:
  Kind kind_ = Kind::Int;
  union {
    int64_t int_;
    double re_;
  };
  double im_ = 0;
};

std::string to_string(const Scalar& value);

}  // namespace lazuli
