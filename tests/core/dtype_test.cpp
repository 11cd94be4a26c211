#include "lazuli/core/dtype.h"

#include <cmath>
#include <limits>

#include "lazuli/core/error.h"
#include "lazuli/core/number.h"
#include "lazuli/core/numeric_limits.h"
#include "lazuli/core/scalar.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("dtypes have PyTorch's names, and are parsed from them", "[core]") {
  for (int i = 0; i < kDTypeCount; ++i) CHECK(parse_dtype(name(DType(i))) == DType(i));
  CHECK(parse_dtype("torch.float32") == kFloat32);
  CHECK(parse_dtype("double") == kFloat64);
  CHECK_THROWS_AS(parse_dtype("float8"), Error);
}

TEST_CASE("promotion keeps the category and the width", "[core]") {
  CHECK(promote_types(kUInt8, kInt8) == kInt16);
  CHECK(promote_types(kInt64, kFloat16) == kFloat16);
  CHECK(promote_types(kFloat16, kBFloat16) == kFloat32);
  CHECK(promote_types(kFloat64, kComplex64) == kComplex128);
  CHECK(promote_types(kBool, kUInt8) == kUInt8);
  for (int a = 0; a < kDTypeCount; ++a)
    for (int b = 0; b < kDTypeCount; ++b) CHECK(promote_types(DType(a), DType(b)) == promote_types(DType(b), DType(a)));
}

TEST_CASE("half rounds to nearest even and keeps infinities, NaN and subnormals", "[core]") {
  CHECK(float(Half(1.0f)) == 1.0f);
  CHECK(float(Half(65504.0f)) == 65504.0f);
  CHECK(std::isinf(float(Half(65520.0f))));
  CHECK(float(Half(65519.0f)) == 65504.0f);
  CHECK(float(Half(5.9604645e-8f)) == 5.9604645e-8f);
  CHECK(float(Half(2.0e-8f)) == 0.0f);
  CHECK(std::isnan(float(Half(NAN))));
  CHECK(float(Half(-2.5f)) == -2.5f);
  CHECK(Half(1.0f + 0x1p-11f).bits == Half(1.0f).bits);  // a tie goes to even
  CHECK(float(Half(1.0f + 0x1.8p-10f)) == 1.0f + 0x1p-9f);
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {  // every half survives the way through float
    Half h;
    h.bits = uint16_t(bits);
    float f = float(h);
    if (std::isnan(f)) continue;
    REQUIRE(Half(f).bits == h.bits);
  }
}

TEST_CASE("bfloat16 rounds to nearest even", "[core]") {
  CHECK(float(BFloat16(1.0f)) == 1.0f);
  CHECK(float(BFloat16(1.0f + 0x1p-8f)) == 1.0f);
  CHECK(float(BFloat16(1.0f + 0x1.8p-7f)) == 1.0f + 0x1p-6f);
  CHECK(std::isnan(float(BFloat16(NAN))));
  CHECK(std::isinf(float(BFloat16(INFINITY))));
}

TEST_CASE("the default dtype is a floating point type", "[core]") {
  CHECK(get_default_dtype() == kFloat32);
  set_default_dtype(kFloat64);
  CHECK(Scalar(1.5).dtype() == kFloat64);
  set_default_dtype(kFloat32);
  CHECK_THROWS_AS(set_default_dtype(kInt64), Error);
}

TEST_CASE("scalars keep their kind and convert by value", "[core]") {
  CHECK(Scalar(true).dtype() == kBool);
  CHECK(Scalar(3).dtype() == kInt64);
  CHECK(Scalar(3).to<double>() == 3.0);
  CHECK(Scalar(2.75).to<int64_t>() == 2);
  CHECK(Scalar(complex128(1, 2)).to<complex64>().im == 2.0f);
  CHECK((-Scalar(3)).to<int>() == -3);
  CHECK(Scalar(int64_t(1) << 62).to<int64_t>() == int64_t(1) << 62);
}

TEST_CASE("finfo and iinfo tell what numbers a dtype has", "[core]") {
  CHECK(finfo(kFloat32).eps == double(std::numeric_limits<float>::epsilon()));
  CHECK(finfo(kFloat16).max == 65504);
  CHECK(finfo(kBFloat16).max == 3.3895313892515355e38);
  CHECK(finfo(kBFloat16).min == -3.3895313892515355e38);
  CHECK(finfo(kFloat64).tiny == std::numeric_limits<double>::min());
  CHECK(finfo(kComplex64).dtype == kFloat32);
  CHECK(finfo().dtype == get_default_dtype());
  CHECK(finfo(kFloat16).bits == 16);
  CHECK(finfo(kFloat16).resolution == 1e-3);
  CHECK(iinfo(kUInt8).max == 255);
  CHECK(iinfo(kUInt8).min == 0);
  CHECK(iinfo(kInt16).min == -32768);
  CHECK(iinfo(kInt64).max == INT64_MAX);
  CHECK(iinfo(kInt64).min == INT64_MIN);
  CHECK_THROWS_AS(finfo(kInt64), Error);
  CHECK_THROWS_AS(iinfo(kBool), Error);
  CHECK_THROWS_AS(iinfo(kFloat32), Error);
}
