#pragma once
#include "lazuli/nn/module/options.h"

/// Padding as modules; ops/shape/padding.h has what each mode puts around an image. `padding`: one number for all sides, or {left, right, top, bottom, ..} from the last dimension on.
namespace lazuli::nn {

/// Base of all of them: `rank` dimensions are padded.
class PaddingModule : public TensorModule {
 public:
  template <class M = PaddingModule>
  static constexpr auto arguments() {
    return Members{member("padding", &M::padding)};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Shape padding;

 protected:
  /// Throws Error for another count of numbers.
  PaddingModule(const char* name, int64_t rank, const char* mode, const Shape& padding);
  const char* mode_;
};

/// The edges, in reverse, without the outermost place.
struct ReflectionPad1d : PaddingModule {
  explicit ReflectionPad1d(const Shape& around) : PaddingModule("ReflectionPad1d", 1, "reflect", around) {}
  explicit ReflectionPad1d(const detail::NotA<Shape> auto&) = delete;  // ReflectionPad1d(padding)
};
struct ReflectionPad2d : PaddingModule {
  explicit ReflectionPad2d(const Shape& around) : PaddingModule("ReflectionPad2d", 2, "reflect", around) {}
  explicit ReflectionPad2d(const detail::NotA<Shape> auto&) = delete;  // ReflectionPad2d(padding)
};
struct ReflectionPad3d : PaddingModule {
  explicit ReflectionPad3d(const Shape& around) : PaddingModule("ReflectionPad3d", 3, "reflect", around) {}
  explicit ReflectionPad3d(const detail::NotA<Shape> auto&) = delete;  // ReflectionPad3d(padding)
};
/// The outermost place.
struct ReplicationPad1d : PaddingModule {
  explicit ReplicationPad1d(const Shape& around) : PaddingModule("ReplicationPad1d", 1, "replicate", around) {}
  explicit ReplicationPad1d(const detail::NotA<Shape> auto&) = delete;  // ReplicationPad1d(padding)
};
struct ReplicationPad2d : PaddingModule {
  explicit ReplicationPad2d(const Shape& around) : PaddingModule("ReplicationPad2d", 2, "replicate", around) {}
  explicit ReplicationPad2d(const detail::NotA<Shape> auto&) = delete;  // ReplicationPad2d(padding)
};
struct ReplicationPad3d : PaddingModule {
  explicit ReplicationPad3d(const Shape& around) : PaddingModule("ReplicationPad3d", 3, "replicate", around) {}
  explicit ReplicationPad3d(const detail::NotA<Shape> auto&) = delete;  // ReplicationPad3d(padding)
};
/// The places of the other end.
struct CircularPad1d : PaddingModule {
  explicit CircularPad1d(const Shape& around) : PaddingModule("CircularPad1d", 1, "circular", around) {}
  explicit CircularPad1d(const detail::NotA<Shape> auto&) = delete;  // CircularPad1d(padding)
};
struct CircularPad2d : PaddingModule {
  explicit CircularPad2d(const Shape& around) : PaddingModule("CircularPad2d", 2, "circular", around) {}
  explicit CircularPad2d(const detail::NotA<Shape> auto&) = delete;  // CircularPad2d(padding)
};
struct CircularPad3d : PaddingModule {
  explicit CircularPad3d(const Shape& around) : PaddingModule("CircularPad3d", 3, "circular", around) {}
  explicit CircularPad3d(const detail::NotA<Shape> auto&) = delete;  // CircularPad3d(padding)
};
/// Zeros.
struct ZeroPad1d : PaddingModule {
  explicit ZeroPad1d(const Shape& around) : PaddingModule("ZeroPad1d", 1, "constant", around) {}
  explicit ZeroPad1d(const detail::NotA<Shape> auto&) = delete;  // ZeroPad1d(padding)
};
struct ZeroPad2d : PaddingModule {
  explicit ZeroPad2d(const Shape& around) : PaddingModule("ZeroPad2d", 2, "constant", around) {}
  explicit ZeroPad2d(const detail::NotA<Shape> auto&) = delete;  // ZeroPad2d(padding)
};
struct ZeroPad3d : PaddingModule {
  explicit ZeroPad3d(const Shape& around) : PaddingModule("ZeroPad3d", 3, "constant", around) {}
  explicit ZeroPad3d(const detail::NotA<Shape> auto&) = delete;  // ZeroPad3d(padding)
};
/// A value.
class ConstantPad : public PaddingModule {
 public:
  template <class M = ConstantPad>
  static constexpr auto arguments() {
    return Members{member("padding", &M::padding), member("value", &M::value)};
  }
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double value;

 protected:
  ConstantPad(const char* name, int64_t rank, const Shape& around, double filler) : PaddingModule(name, rank, "constant", around), value(filler) {}
};
struct ConstantPad1d : ConstantPad {
  ConstantPad1d(const Shape& around, double filler) : ConstantPad("ConstantPad1d", 1, around, filler) {}
  explicit ConstantPad1d(...) = delete;  // ConstantPad1d(around, filler)
};
struct ConstantPad2d : ConstantPad {
  ConstantPad2d(const Shape& around, double filler) : ConstantPad("ConstantPad2d", 2, around, filler) {}
  explicit ConstantPad2d(...) = delete;  // ConstantPad2d(around, filler)
};
struct ConstantPad3d : ConstantPad {
  ConstantPad3d(const Shape& around, double filler) : ConstantPad("ConstantPad3d", 3, around, filler) {}
  explicit ConstantPad3d(...) = delete;  // ConstantPad3d(around, filler)
};

}  // namespace lazuli::nn
