// What the compiler says of shapes and dtypes, against what PyTorch recorded. Written by scripts/typed_shapes.py; not by hand.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include "tests/typed/recorded_shapes.h"

// clang-format off
namespace {

using namespace lazuli;
template <class E, int64_t... extents>
using Of = Typed<E, typed::Dims<extents...>>;
template <class A, class B>
concept same = std::is_same_v<A, B>;

static_assert(same<decltype(H(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(H(Of<double, 10, 20>())), Of<double, 20, 10>>);
static_assert(same<decltype(H(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(H(Of<float, 10, 20>())), Of<float, 20, 10>>);
static_assert(same<decltype(H(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(H(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(H(Of<int64_t, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(H(Of<int32_t, 10, 10>())), Of<int32_t, 10, 10>>);
static_assert(same<decltype(H(Of<uint8_t, 10, 10>())), Of<uint8_t, 10, 10>>);
static_assert(same<decltype(H(Of<bool, 10, 10>())), Of<bool, 10, 10>>);
static_assert(same<decltype(T(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(T(Of<double, 10, 20>())), Of<double, 20, 10>>);
static_assert(same<decltype(T(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(T(Of<float, 10, 20>())), Of<float, 20, 10>>);
static_assert(same<decltype(T(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(T(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(T(Of<int64_t, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(T(Of<int32_t, 10, 10>())), Of<int32_t, 10, 10>>);
static_assert(same<decltype(T(Of<uint8_t, 10, 10>())), Of<uint8_t, 10, 10>>);
static_assert(same<decltype(T(Of<bool, 10, 10>())), Of<bool, 10, 10>>);
static_assert(same<decltype(abs(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(abs(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(abs(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(abs(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(abs(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(abs(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(abs(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(abs(Of<Complex<double>, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(abs(Of<Complex<float>, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(acos(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(acos(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(acos(Of<double>())), Of<double>>);
static_assert(same<decltype(acos(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(acos(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(acos(Of<float>())), Of<float>>);
static_assert(same<decltype(acos(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(acos(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(acos(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(acos(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(acosh(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(acosh(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(acosh(Of<double>())), Of<double>>);
static_assert(same<decltype(acosh(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(acosh(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(acosh(Of<float>())), Of<float>>);
static_assert(same<decltype(acosh(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(acosh(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(acosh(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(acosh(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(adaptive_avg_pool1d<typed::Sizes{5}>(Of<double, 0, 8, 8>())), Of<double, 0, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<5>(Of<double, 3, 8, 8>())), Of<double, 3, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<1>(Of<double, 3, 8, 8>())), Of<double, 3, 8, 1>>);
static_assert(same<decltype(adaptive_avg_pool1d<typed::Sizes{5}>(Of<float, 0, 8, 8>())), Of<float, 0, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<5>(Of<float, 3, 8, 8>())), Of<float, 3, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<typed::Sizes{5}>(Of<BFloat16, 0, 8, 8>())), Of<BFloat16, 0, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<5>(Of<BFloat16, 3, 8, 8>())), Of<BFloat16, 3, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool1d<typed::Sizes{5}>(Of<Half, 0, 8, 8>())), Of<Half, 0, 8, 5>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{5, 7}>(Of<double, 1, 8, 8, 8>())), Of<double, 1, 8, 5, 7>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{-1, 7}>(Of<double, 2, 8, 8, 8>())), Of<double, 2, 8, 8, 7>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{5, -1}>(Of<double, 1, 8, 4, 3>())), Of<double, 1, 8, 5, 3>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{-1, -1}>(Of<double, 1, 8, 4, 3>())), Of<double, 1, 8, 4, 3>>);
static_assert(same<decltype(adaptive_avg_pool2d<5>(Of<double, 1, 8, 4, 3>())), Of<double, 1, 8, 5, 5>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{5, 7}>(Of<float, 1, 8, 8, 8>())), Of<float, 1, 8, 5, 7>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{-1, 7}>(Of<float, 2, 8, 8, 8>())), Of<float, 2, 8, 8, 7>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{-1, -1}>(Of<float, 1, 8, 4, 3>())), Of<float, 1, 8, 4, 3>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{5, 7}>(Of<BFloat16, 1, 8, 8, 8>())), Of<BFloat16, 1, 8, 5, 7>>);
static_assert(same<decltype(adaptive_avg_pool2d<typed::Sizes{5, -1}>(Of<BFloat16, 1, 8, 4, 3>())), Of<BFloat16, 1, 8, 5, 3>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, 7, 4}>(Of<double, 0, 8, 8, 8, 8>())), Of<double, 0, 8, 5, 7, 4>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{-1, -1, -1}>(Of<double, 1, 8, 4, 3, 7>())), Of<double, 1, 8, 4, 3, 7>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{1, 1, 1}>(Of<double, 1, 8, 4, 3, 7>())), Of<double, 1, 8, 1, 1, 1>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, 7, -1}>(Of<double, 3, 3, 8, 8, 6>())), Of<double, 3, 3, 5, 7, 6>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, -1, 2}>(Of<double, 1, 3, 8, 8, 6>())), Of<double, 1, 3, 5, 8, 2>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{-1, 3, 2}>(Of<double, 3, 3, 8, 8, 6>())), Of<double, 3, 3, 8, 3, 2>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, 7, 4}>(Of<float, 0, 8, 8, 8, 8>())), Of<float, 0, 8, 5, 7, 4>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, -1, 2}>(Of<float, 1, 3, 8, 8, 6>())), Of<float, 1, 3, 5, 8, 2>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, 7, 4}>(Of<BFloat16, 0, 8, 8, 8, 8>())), Of<BFloat16, 0, 8, 5, 7, 4>>);
static_assert(same<decltype(adaptive_avg_pool3d<typed::Sizes{5, 7, -1}>(Of<BFloat16, 3, 3, 8, 8, 6>())), Of<BFloat16, 3, 3, 5, 7, 6>>);
static_assert(same<decltype(adaptive_max_pool1d<3>(Of<double, 3, 4, 4>())), Of<double, 3, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool1d<1>(Of<double, 3, 4, 4>())), Of<double, 3, 4, 1>>);
static_assert(same<decltype(adaptive_max_pool1d<4>(Of<double, 2, 3, 7>())), Of<double, 2, 3, 4>>);
static_assert(same<decltype(adaptive_max_pool1d<3>(Of<float, 3, 4, 4>())), Of<float, 3, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool1d<1>(Of<float, 3, 4, 4>())), Of<float, 3, 4, 1>>);
static_assert(same<decltype(adaptive_max_pool1d<3>(Of<BFloat16, 3, 4, 4>())), Of<BFloat16, 3, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool1d<3>(Of<Half, 3, 4, 4>())), Of<Half, 3, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{2, 3}>(Of<double, 1, 4, 4, 4>())), Of<double, 1, 4, 2, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{-1, 3}>(Of<double, 2, 4, 4, 4>())), Of<double, 2, 4, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{1, 1}>(Of<double, 2, 4, 4, 4>())), Of<double, 2, 4, 1, 1>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{3, -1}>(Of<double, 1, 4, 4, 3>())), Of<double, 1, 4, 3, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{-1, -1}>(Of<double, 1, 4, 4, 3>())), Of<double, 1, 4, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<3>(Of<double, 1, 4, 4, 3>())), Of<double, 1, 4, 3, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{2, 3}>(Of<float, 1, 4, 4, 4>())), Of<float, 1, 4, 2, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<3>(Of<float, 1, 4, 4, 3>())), Of<float, 1, 4, 3, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{2, 3}>(Of<BFloat16, 1, 4, 4, 4>())), Of<BFloat16, 1, 4, 2, 3>>);
static_assert(same<decltype(adaptive_max_pool2d<typed::Sizes{-1, -1}>(Of<BFloat16, 1, 4, 4, 3>())), Of<BFloat16, 1, 4, 4, 3>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{-1, -1, -1}>(Of<double, 1, 4, 4, 3, 5>())), Of<double, 1, 4, 4, 3, 5>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{1, 1, 1}>(Of<double, 1, 4, 4, 3, 5>())), Of<double, 1, 4, 1, 1, 1>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{2, 3, -1}>(Of<double, 3, 3, 4, 4, 6>())), Of<double, 3, 3, 2, 3, 6>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{3, -1, 2}>(Of<double, 1, 3, 4, 4, 6>())), Of<double, 1, 3, 3, 4, 2>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{-1, 3, 2}>(Of<double, 3, 3, 4, 4, 6>())), Of<double, 3, 3, 4, 3, 2>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{-1, -1, -1}>(Of<float, 1, 4, 4, 3, 5>())), Of<float, 1, 4, 4, 3, 5>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{1, 1, 1}>(Of<float, 1, 4, 4, 3, 5>())), Of<float, 1, 4, 1, 1, 1>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{3, -1, 2}>(Of<float, 1, 3, 4, 4, 6>())), Of<float, 1, 3, 3, 4, 2>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{-1, -1, -1}>(Of<BFloat16, 1, 4, 4, 3, 5>())), Of<BFloat16, 1, 4, 4, 3, 5>>);
static_assert(same<decltype(adaptive_max_pool3d<typed::Sizes{2, 3, -1}>(Of<BFloat16, 3, 3, 4, 4, 6>())), Of<BFloat16, 3, 3, 2, 3, 6>>);
static_assert(same<decltype(add(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(add(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(add(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(add(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(add(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(add(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(add(Of<float, 5, 10, 5>(), Of<float, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(add(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(add(Of<BFloat16, 10, 1, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 10, 10, 5>>);
static_assert(same<decltype(add(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(addbmm(Of<double, 5, 10>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addbmm(Of<double>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addbmm(Of<double, 0, 10>(), Of<double, 5, 0, 5>(), Of<double, 5, 5, 10>())), Of<double, 0, 10>>);
static_assert(same<decltype(addbmm(Of<double, 5, 10>(), Of<double, 5, 5, 0>(), Of<double, 5, 0, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addbmm(Of<float, 5, 10>(), Of<float, 5, 5, 5>(), Of<float, 5, 5, 10>())), Of<float, 5, 10>>);
static_assert(same<decltype(addbmm(Of<BFloat16, 5, 10>(), Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 5, 5, 10>())), Of<BFloat16, 5, 10>>);
static_assert(same<decltype(addbmm(Of<Half, 5, 10>(), Of<Half, 5, 5, 5>(), Of<Half, 5, 5, 10>())), Of<Half, 5, 10>>);
static_assert(same<decltype(addbmm(Of<int64_t, 5, 10>(), Of<int64_t, 5, 5, 5>(), Of<int64_t, 5, 5, 10>())), Of<int64_t, 5, 10>>);
static_assert(same<decltype(addbmm(Of<int32_t, 5, 10>(), Of<int32_t, 5, 5, 5>(), Of<int32_t, 5, 5, 10>())), Of<int32_t, 5, 10>>);
static_assert(same<decltype(addbmm(Of<uint8_t, 5, 10>(), Of<uint8_t, 5, 5, 5>(), Of<uint8_t, 5, 5, 10>())), Of<uint8_t, 5, 10>>);
static_assert(same<decltype(addcdiv(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<double, 5, 5>(), Of<double, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<double, 1>(), Of<double, 5, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<double>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(addcdiv(Of<double, 5, 5>(), Of<double>(), Of<double>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<double>(), Of<double, 5, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<float, 1>(), Of<float, 5, 5, 1>(), Of<float, 1, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(addcdiv(Of<BFloat16>(), Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(addcmul(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcmul(Of<double, 5, 5>(), Of<double, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcmul(Of<double, 1>(), Of<double, 5, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(addcmul(Of<double>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(addcmul(Of<double, 5, 5>(), Of<double>(), Of<double>())), Of<double, 5, 5>>);
static_assert(same<decltype(addcmul(Of<double>(), Of<double, 5, 5, 1>(), Of<double, 1, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(addcmul(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(addcmul(Of<float, 1>(), Of<float, 5, 5, 1>(), Of<float, 1, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(addcmul(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(addcmul(Of<BFloat16>(), Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(addmm(Of<double, 2, 3>(), Of<double, 2, 2>(), Of<double, 2, 3>())), Of<double, 2, 3>>);
static_assert(same<decltype(addmm(Of<double, 1>(), Of<double, 2, 2>(), Of<double, 2, 3>())), Of<double, 2, 3>>);
static_assert(same<decltype(addmm(Of<double, 5, 10>(), Of<double, 5, 0>(), Of<double, 0, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addmm(Of<float, 2, 3>(), Of<float, 2, 2>(), Of<float, 2, 3>())), Of<float, 2, 3>>);
static_assert(same<decltype(addmm(Of<float, 1>(), Of<float, 2, 2>(), Of<float, 2, 3>())), Of<float, 2, 3>>);
static_assert(same<decltype(addmm(Of<BFloat16, 2, 3>(), Of<BFloat16, 2, 2>(), Of<BFloat16, 2, 3>())), Of<BFloat16, 2, 3>>);
static_assert(same<decltype(addmm(Of<Half, 2, 3>(), Of<Half, 2, 2>(), Of<Half, 2, 3>())), Of<Half, 2, 3>>);
static_assert(same<decltype(addmm(Of<int64_t, 2, 3>(), Of<int64_t, 2, 2>(), Of<int64_t, 2, 3>())), Of<int64_t, 2, 3>>);
static_assert(same<decltype(addmm(Of<int32_t, 2, 3>(), Of<int32_t, 2, 2>(), Of<int32_t, 2, 3>())), Of<int32_t, 2, 3>>);
static_assert(same<decltype(addmm(Of<uint8_t, 2, 3>(), Of<uint8_t, 2, 2>(), Of<uint8_t, 2, 3>())), Of<uint8_t, 2, 3>>);
static_assert(same<decltype(addmv(Of<double, 5>(), Of<double, 5, 10>(), Of<double, 10>())), Of<double, 5>>);
static_assert(same<decltype(addmv(Of<double, 1>(), Of<double, 5, 10>(), Of<double, 10>())), Of<double, 5>>);
static_assert(same<decltype(addmv(Of<double>(), Of<double, 5, 10>(), Of<double, 10>())), Of<double, 5>>);
static_assert(same<decltype(addmv(Of<float, 5>(), Of<float, 5, 10>(), Of<float, 10>())), Of<float, 5>>);
static_assert(same<decltype(addmv(Of<float, 1>(), Of<float, 5, 10>(), Of<float, 10>())), Of<float, 5>>);
static_assert(same<decltype(addmv(Of<BFloat16, 5>(), Of<BFloat16, 5, 10>(), Of<BFloat16, 10>())), Of<BFloat16, 5>>);
static_assert(same<decltype(addmv(Of<Half, 5>(), Of<Half, 5, 10>(), Of<Half, 10>())), Of<Half, 5>>);
static_assert(same<decltype(addmv(Of<int64_t, 5>(), Of<int64_t, 5, 10>(), Of<int64_t, 10>())), Of<int64_t, 5>>);
static_assert(same<decltype(addmv(Of<int32_t, 5>(), Of<int32_t, 5, 10>(), Of<int32_t, 10>())), Of<int32_t, 5>>);
static_assert(same<decltype(addmv(Of<uint8_t, 5>(), Of<uint8_t, 5, 10>(), Of<uint8_t, 10>())), Of<uint8_t, 5>>);
static_assert(same<decltype(addr(Of<double, 5, 10>(), Of<double, 5>(), Of<double, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addr(Of<double>(), Of<double, 5>(), Of<double, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(addr(Of<float, 5, 10>(), Of<float, 5>(), Of<float, 10>())), Of<float, 5, 10>>);
static_assert(same<decltype(addr(Of<float, 1, 1>(), Of<float, 1>(), Of<float, 1>())), Of<float, 1, 1>>);
static_assert(same<decltype(addr(Of<BFloat16, 5, 10>(), Of<BFloat16, 5>(), Of<BFloat16, 10>())), Of<BFloat16, 5, 10>>);
static_assert(same<decltype(addr(Of<Half, 5, 10>(), Of<Half, 5>(), Of<Half, 10>())), Of<Half, 5, 10>>);
static_assert(same<decltype(addr(Of<int64_t, 5, 10>(), Of<int64_t, 5>(), Of<int64_t, 10>())), Of<int64_t, 5, 10>>);
static_assert(same<decltype(addr(Of<int32_t, 5, 10>(), Of<int32_t, 5>(), Of<int32_t, 10>())), Of<int32_t, 5, 10>>);
static_assert(same<decltype(addr(Of<uint8_t, 5, 10>(), Of<uint8_t, 5>(), Of<uint8_t, 10>())), Of<uint8_t, 5, 10>>);
static_assert(same<decltype(addr(Of<bool, 5, 10>(), Of<bool, 5>(), Of<bool, 10>())), Of<bool, 5, 10>>);

static_assert(same<decltype(all<>(Of<double>())), Of<bool>>);
static_assert(same<decltype(all<-1>(Of<double>())), Of<bool>>);
static_assert(same<decltype(all<>(Of<double, 2>())), Of<bool>>);
static_assert(same<decltype(all<-1>(Of<double, 2>())), Of<bool>>);
static_assert(same<decltype(all<>(Of<double, 3, 5>())), Of<bool>>);
static_assert(same<decltype(all<-1>(Of<double, 3, 5>())), Of<bool, 3>>);
static_assert(same<decltype(all<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<bool, 1, 1>>);
static_assert(same<decltype(all<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 1, 2, 1, 2>>);
static_assert(same<decltype(all<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 3, 2, 1, 2>>);
static_assert(same<decltype(all<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 1, 2, 1, 1>>);
static_assert(same<decltype(amax<>(Of<double>())), Of<double>>);
static_assert(same<decltype(amax<-1>(Of<double>())), Of<double>>);
static_assert(same<decltype(amax<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(amax<-1>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(amax<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(amax<-1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(amax<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(amax<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(amax<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(amax<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(amin<>(Of<double>())), Of<double>>);
static_assert(same<decltype(amin<-1>(Of<double>())), Of<double>>);
static_assert(same<decltype(amin<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(amin<-1>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(amin<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(amin<-1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(amin<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(amin<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(amin<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(amin<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(aminmax<>(Of<double, 5, 5, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(aminmax<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(aminmax<>(Of<double>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(aminmax<0>(Of<double, 5, 0, 5>())), std::tuple<Of<double, 0, 5>, Of<double, 0, 5>>>);
static_assert(same<decltype(aminmax<>(Of<float, 5, 5, 5>())), std::tuple<Of<float>, Of<float>>>);
static_assert(same<decltype(aminmax<1>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 5, 1, 5>, Of<float, 5, 1, 5>>>);
static_assert(same<decltype(aminmax<>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16>, Of<BFloat16>>>);
static_assert(same<decltype(aminmax<>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half>, Of<Half>>>);
static_assert(same<decltype(aminmax<>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t>, Of<int64_t>>>);
static_assert(same<decltype(aminmax<>(Of<int32_t, 5, 5, 5>())), std::tuple<Of<int32_t>, Of<int32_t>>>);
static_assert(same<decltype(angle(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(angle(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(angle(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(angle(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(angle(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(angle(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(angle(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(angle(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(angle(Of<Complex<double>, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(angle(Of<Complex<float>, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(any<>(Of<double>())), Of<bool>>);
static_assert(same<decltype(any<-1>(Of<double>())), Of<bool>>);
static_assert(same<decltype(any<>(Of<double, 2>())), Of<bool>>);
static_assert(same<decltype(any<-1>(Of<double, 2>())), Of<bool>>);
static_assert(same<decltype(any<>(Of<double, 3, 5>())), Of<bool>>);
static_assert(same<decltype(any<-1>(Of<double, 3, 5>())), Of<bool, 3>>);
static_assert(same<decltype(any<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<bool, 1, 1>>);
static_assert(same<decltype(any<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 1, 2, 1, 2>>);
static_assert(same<decltype(any<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 3, 2, 1, 2>>);
static_assert(same<decltype(any<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<bool, 1, 2, 1, 1>>);
static_assert(same<decltype(argmax<-1>(Of<double>())), Of<int64_t>>);
static_assert(same<decltype(argmax<0>(Of<double, 2>(), typed::keepdim)), Of<int64_t, 1>>);
static_assert(same<decltype(argmax<-1>(Of<double, 3, 5>())), Of<int64_t, 3>>);
static_assert(same<decltype(argmax<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<int64_t, 1, 2, 1, 2>>);
static_assert(same<decltype(argmax<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<int64_t, 3, 2, 1, 2>>);
static_assert(same<decltype(argmax<0>(Of<float, 2>(), typed::keepdim)), Of<int64_t, 1>>);
static_assert(same<decltype(argmin<-1>(Of<double>())), Of<int64_t>>);
static_assert(same<decltype(argmin<0>(Of<double, 2>(), typed::keepdim)), Of<int64_t, 1>>);
static_assert(same<decltype(argmin<-1>(Of<double, 3, 5>())), Of<int64_t, 3>>);
static_assert(same<decltype(argmin<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<int64_t, 1, 2, 1, 2>>);
static_assert(same<decltype(argmin<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<int64_t, 3, 2, 1, 2>>);
static_assert(same<decltype(argmin<0>(Of<float, 2>(), typed::keepdim)), Of<int64_t, 1>>);
static_assert(same<decltype(argsort<-1>(Of<double, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<double, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(argsort<-1>(Of<float, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<BFloat16, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<Half, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<int64_t, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<int32_t, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<uint8_t, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(argsort<-1>(Of<bool, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(as_strided<1>(Of<double, 1>(), Shape())), Of<double, 1>>);
static_assert(same<decltype(as_strided<2, 2>(Of<double, 3, 3>(), Shape())), Of<double, 2, 2>>);
static_assert(same<decltype(as_strided<2, 1, 1, 2>(Of<double, 16>(), Shape())), Of<double, 2, 1, 1, 2>>);
static_assert(same<decltype(as_strided<1>(Of<float, 1>(), Shape())), Of<float, 1>>);
static_assert(same<decltype(as_strided<2, 2>(Of<float, 3, 3>(), Shape())), Of<float, 2, 2>>);
static_assert(same<decltype(as_strided<2, 1, 1, 2>(Of<float, 16>(), Shape())), Of<float, 2, 1, 1, 2>>);
static_assert(same<decltype(as_strided<1>(Of<BFloat16, 1>(), Shape())), Of<BFloat16, 1>>);
static_assert(same<decltype(as_strided<2, 2>(Of<BFloat16, 3, 3>(), Shape())), Of<BFloat16, 2, 2>>);
static_assert(same<decltype(as_strided<1>(Of<Half, 1>(), Shape())), Of<Half, 1>>);
static_assert(same<decltype(as_strided<1>(Of<int64_t, 1>(), Shape())), Of<int64_t, 1>>);
static_assert(same<decltype(asin(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(asin(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asin(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(asin(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(asin(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asin(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asin(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asin(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asin(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(asin(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(asinh(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(asinh(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asinh(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(asinh(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(asinh(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asinh(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asinh(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asinh(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(asinh(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(asinh(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(atan(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(atan(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atan(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(atan(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(atan(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atan(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atan(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atan(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atan(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(atan(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(atan2(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(atan2(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(atan2(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(atan2(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(atan2(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(atan2(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(atan2(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(atan2(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(atan2(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(atan2(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(atanh(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(atanh(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atanh(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(atanh(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(atanh(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atanh(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atanh(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atanh(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(atanh(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(atanh(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(atleast_1d(Of<double, 5, 5, 5, 5>())), Of<double, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(atleast_1d(Of<float, 5, 5, 5, 5>())), Of<float, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<float>())), Of<float, 1>>);
static_assert(same<decltype(atleast_1d(Of<BFloat16, 5, 5, 5, 5>())), Of<BFloat16, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<Half, 5, 5, 5, 5>())), Of<Half, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_1d(Of<int64_t, 5, 5, 5, 5>())), Of<int64_t, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<double, 5, 5, 5, 5>())), Of<double, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<double>())), Of<double, 1, 1>>);
static_assert(same<decltype(atleast_2d(Of<float, 5, 5, 5, 5>())), Of<float, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<BFloat16, 5, 5, 5, 5>())), Of<BFloat16, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<Half, 5, 5, 5, 5>())), Of<Half, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<int64_t, 5, 5, 5, 5>())), Of<int64_t, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_2d(Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<double, 5, 5, 5, 5>())), Of<double, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<double, 5, 5>())), Of<double, 5, 5, 1>>);
static_assert(same<decltype(atleast_3d(Of<double>())), Of<double, 1, 1, 1>>);
static_assert(same<decltype(atleast_3d(Of<float, 5, 5, 5, 5>())), Of<float, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<float, 5, 5>())), Of<float, 5, 5, 1>>);
static_assert(same<decltype(atleast_3d(Of<BFloat16, 5, 5, 5, 5>())), Of<BFloat16, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5, 1>>);
static_assert(same<decltype(atleast_3d(Of<Half, 5, 5, 5, 5>())), Of<Half, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<int64_t, 5, 5, 5, 5>())), Of<int64_t, 5, 5, 5, 5>>);
static_assert(same<decltype(atleast_3d(Of<int64_t, 5, 5>())), Of<int64_t, 5, 5, 1>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{3}, typed::Window{}>(Of<double, 2, 3, 9>())), Of<double, 2, 3, 3>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{6}, typed::Window{.stride = {3}, .padding = {2}, .ceil_mode = true, .count_include_pad = true}>(Of<double, 1, 3, 9>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{6}, typed::Window{.stride = {3}, .padding = {2}, .ceil_mode = false, .count_include_pad = true}>(Of<double, 0, 3, 9>())), Of<double, 0, 3, 3>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{7}, typed::Window{.stride = {3}, .padding = {3}, .ceil_mode = true}>(Of<double, 1, 2, 9>())), Of<double, 1, 2, 4>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{7}, typed::Window{.stride = {3}, .ceil_mode = true}>(Of<double, 1, 2, 9>())), Of<double, 1, 2, 2>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{3}, typed::Window{}>(Of<float, 2, 3, 9>())), Of<float, 2, 3, 3>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{6}, typed::Window{.stride = {3}, .padding = {2}, .ceil_mode = true, .count_include_pad = true}>(Of<float, 1, 3, 9>())), Of<float, 1, 3, 4>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{7}, typed::Window{.stride = {3}, .padding = {3}, .ceil_mode = true}>(Of<float, 1, 2, 9>())), Of<float, 1, 2, 4>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{3}, typed::Window{}>(Of<BFloat16, 2, 3, 9>())), Of<BFloat16, 2, 3, 3>>);
static_assert(same<decltype(avg_pool1d<typed::Sizes{6}, typed::Window{.stride = {3}, .padding = {2}, .ceil_mode = false, .count_include_pad = true}>(Of<BFloat16, 0, 3, 9>())), Of<BFloat16, 0, 3, 3>>);
static_assert(same<decltype(avg_pool2d<3, typed::Window{.stride = 1, .padding = 1, .ceil_mode = true, .count_include_pad = false}>(Of<double, 1, 3, 9, 9>())), Of<double, 1, 3, 9, 9>>);
static_assert(same<decltype(avg_pool2d<typed::Sizes{6, 6}, typed::Window{.stride = {3, 3}, .padding = {2, 3}, .ceil_mode = true, .count_include_pad = true}>(Of<double, 1, 3, 9, 9>())), Of<double, 1, 3, 4, 4>>);
static_assert(same<decltype(avg_pool2d<typed::Sizes{2, 2}, typed::Window{.padding = {0}, .ceil_mode = false, .count_include_pad = true}>(Of<double, 1, 1, 4, 4>())), Of<double, 1, 1, 2, 2>>);
static_assert(same<decltype(avg_pool2d<3, typed::Window{.stride = 3}>(Of<double, 1, 3, 9, 9>())), Of<double, 1, 3, 3, 3>>);
static_assert(same<decltype(avg_pool2d<3, typed::Window{.stride = 1, .padding = 1, .ceil_mode = true, .count_include_pad = false}>(Of<float, 1, 3, 9, 9>())), Of<float, 1, 3, 9, 9>>);
static_assert(same<decltype(avg_pool2d<typed::Sizes{6, 6}, typed::Window{.stride = {3, 3}, .padding = {2, 3}, .ceil_mode = true, .count_include_pad = true}>(Of<float, 1, 3, 9, 9>())), Of<float, 1, 3, 4, 4>>);
static_assert(same<decltype(avg_pool2d<typed::Sizes{2, 2}, typed::Window{.padding = {0}, .ceil_mode = false, .count_include_pad = true}>(Of<float, 1, 1, 4, 4>())), Of<float, 1, 1, 2, 2>>);
static_assert(same<decltype(avg_pool2d<3, typed::Window{.stride = 1, .padding = 1, .ceil_mode = true, .count_include_pad = false}>(Of<BFloat16, 1, 3, 9, 9>())), Of<BFloat16, 1, 3, 9, 9>>);
static_assert(same<decltype(avg_pool2d<typed::Sizes{2, 2}, typed::Window{.padding = {0}, .ceil_mode = false, .count_include_pad = true}>(Of<BFloat16, 1, 1, 4, 4>())), Of<BFloat16, 1, 1, 2, 2>>);
static_assert(same<decltype(avg_pool2d<3, typed::Window{.stride = 1, .padding = 1, .ceil_mode = true, .count_include_pad = false}>(Of<Half, 1, 3, 9, 9>())), Of<Half, 1, 3, 9, 9>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{2, 2, 2}, typed::Window{}>(Of<double, 2, 3, 3, 4, 4>())), Of<double, 2, 3, 1, 2, 2>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{2, 3, 4}, typed::Window{.stride = {1, 2, 2}, .padding = {0, 1, 2}, .ceil_mode = true, .count_include_pad = true}>(Of<double, 1, 2, 5, 5, 5>())), Of<double, 1, 2, 4, 3, 4>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{6, 3, 4}, typed::Window{.stride = {2, 3, 2}, .padding = {3, 1, 0}, .ceil_mode = false, .count_include_pad = false}>(Of<double, 1, 1, 7, 5, 7>())), Of<double, 1, 1, 4, 2, 2>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{4, 5, 6}, typed::Window{.stride = {2, 3, 2}, .padding = 2, .ceil_mode = true, .count_include_pad = true}>(Of<double, 1, 1, 6, 5, 6>())), Of<double, 1, 1, 4, 3, 3>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{2, 2, 2}, typed::Window{}>(Of<float, 2, 3, 3, 4, 4>())), Of<float, 2, 3, 1, 2, 2>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{2, 3, 4}, typed::Window{.stride = {1, 2, 2}, .padding = {0, 1, 2}, .ceil_mode = true, .count_include_pad = true}>(Of<float, 1, 2, 5, 5, 5>())), Of<float, 1, 2, 4, 3, 4>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{6, 3, 4}, typed::Window{.stride = {2, 3, 2}, .padding = {3, 1, 0}, .ceil_mode = false, .count_include_pad = false}>(Of<float, 1, 1, 7, 5, 7>())), Of<float, 1, 1, 4, 2, 2>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{2, 2, 2}, typed::Window{}>(Of<int64_t, 2, 3, 3, 4, 4>())), Of<int64_t, 2, 3, 1, 2, 2>>);
static_assert(same<decltype(avg_pool3d<typed::Sizes{6, 3, 4}, typed::Window{.stride = {2, 3, 2}, .padding = {3, 1, 0}, .ceil_mode = false, .count_include_pad = false}>(Of<int64_t, 1, 1, 7, 5, 7>())), Of<int64_t, 1, 1, 4, 2, 2>>);
static_assert(same<decltype(baddbmm(Of<double, 5, 5, 10>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 10>())), Of<double, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<double>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 10>())), Of<double, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<double>(), Of<double, 0, 5, 5>(), Of<double, 0, 5, 10>())), Of<double, 0, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<float, 5, 5, 10>(), Of<float, 5, 5, 5>(), Of<float, 5, 5, 10>())), Of<float, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<float>(), Of<float, 5, 5, 5>(), Of<float, 5, 5, 10>())), Of<float, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<BFloat16, 5, 5, 10>(), Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 5, 5, 10>())), Of<BFloat16, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<Half, 5, 5, 10>(), Of<Half, 5, 5, 5>(), Of<Half, 5, 5, 10>())), Of<Half, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<int64_t, 5, 5, 10>(), Of<int64_t, 5, 5, 5>(), Of<int64_t, 5, 5, 10>())), Of<int64_t, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<int32_t, 5, 5, 10>(), Of<int32_t, 5, 5, 5>(), Of<int32_t, 5, 5, 10>())), Of<int32_t, 5, 5, 10>>);
static_assert(same<decltype(baddbmm(Of<uint8_t, 5, 5, 10>(), Of<uint8_t, 5, 5, 5>(), Of<uint8_t, 5, 5, 10>())), Of<uint8_t, 5, 5, 10>>);
static_assert(same<decltype(batch_norm(Of<double, 5, 5, 5>(), Tensor(), Tensor())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(batch_norm(Of<double, 3, 1>(), Tensor(), Tensor())), Of<double, 3, 1>>);
static_assert(same<decltype(batch_norm(Of<double, 0>(), Tensor(), Tensor())), Of<double, 0>>);
static_assert(same<decltype(batch_norm(Of<double, 3, 2, 3, 4>(), Tensor(), Tensor())), Of<double, 3, 2, 3, 4>>);
static_assert(same<decltype(batch_norm(Of<double, 2, 1>(), Tensor(), Tensor())), Of<double, 2, 1>>);
static_assert(same<decltype(batch_norm(Of<float, 5, 5, 5>(), Tensor(), Tensor())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(batch_norm(Of<float, 0>(), Tensor(), Tensor())), Of<float, 0>>);
static_assert(same<decltype(batch_norm(Of<float, 2, 1>(), Tensor(), Tensor())), Of<float, 2, 1>>);
static_assert(same<decltype(batch_norm(Of<BFloat16, 5, 5, 5>(), Tensor(), Tensor())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(batch_norm(Of<BFloat16, 3, 2, 3, 4>(), Tensor(), Tensor())), Of<BFloat16, 3, 2, 3, 4>>);
static_assert(same<decltype(bilinear(Of<double, 3>(), Of<double, 4>(), Of<double, 5, 3, 4>())), Of<double, 5>>);
static_assert(same<decltype(bilinear(Of<double, 8, 3>(), Of<double, 8, 4>(), Of<double, 5, 3, 4>())), Of<double, 8, 5>>);
static_assert(same<decltype(bilinear(Of<double, 8>(), Of<double, 8>(), Of<double, 8, 8, 8>())), Of<double, 8>>);
static_assert(same<decltype(bilinear(Of<double, 8, 8>(), Of<double, 8, 8>(), Of<double, 8, 8, 8>())), Of<double, 8, 8>>);
static_assert(same<decltype(bilinear(Of<float, 3>(), Of<float, 4>(), Of<float, 5, 3, 4>())), Of<float, 5>>);
static_assert(same<decltype(bilinear(Of<float, 8, 3>(), Of<float, 8, 4>(), Of<float, 5, 3, 4>())), Of<float, 8, 5>>);
static_assert(same<decltype(bilinear(Of<BFloat16, 3>(), Of<BFloat16, 4>(), Of<BFloat16, 5, 3, 4>())), Of<BFloat16, 5>>);
static_assert(same<decltype(bilinear(Of<Half, 3>(), Of<Half, 4>(), Of<Half, 5, 3, 4>())), Of<Half, 5>>);
static_assert(same<decltype(bilinear(Of<int64_t, 3>(), Of<int64_t, 4>(), Of<int64_t, 5, 3, 4>())), Of<int64_t, 5>>);
static_assert(same<decltype(bilinear(Of<int32_t, 3>(), Of<int32_t, 4>(), Of<int32_t, 5, 3, 4>())), Of<int32_t, 5>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Sum>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::None>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Sum>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(binary_cross_entropy<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Sum>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(binary_cross_entropy_with_logits<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(bitwise_and(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_and(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(bitwise_and(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(bitwise_and(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(bitwise_and(Of<bool>(), Of<bool>())), Of<bool>>);
static_assert(same<decltype(bitwise_and(Of<bool, 5, 10, 5>(), Of<bool, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(bitwise_left_shift(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_left_shift(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(bitwise_left_shift(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(bitwise_left_shift(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(bitwise_not(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(bitwise_not(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_not(Of<int32_t, 20>())), Of<int32_t, 20>>);
static_assert(same<decltype(bitwise_not(Of<uint8_t, 20>())), Of<uint8_t, 20>>);
static_assert(same<decltype(bitwise_not(Of<bool, 20>())), Of<bool, 20>>);
static_assert(same<decltype(bitwise_not(Of<bool>())), Of<bool>>);
static_assert(same<decltype(bitwise_or(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_or(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(bitwise_or(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(bitwise_or(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(bitwise_or(Of<bool>(), Of<bool>())), Of<bool>>);
static_assert(same<decltype(bitwise_or(Of<bool, 5, 10, 5>(), Of<bool, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(bitwise_right_shift(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_right_shift(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(bitwise_right_shift(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(bitwise_right_shift(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(bitwise_xor(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(bitwise_xor(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(bitwise_xor(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(bitwise_xor(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(bitwise_xor(Of<bool>(), Of<bool>())), Of<bool>>);
static_assert(same<decltype(bitwise_xor(Of<bool, 5, 10, 5>(), Of<bool, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(block_diag(Of<double, 1, 5>(), Of<double, 2, 5>(), Of<double, 3, 5>())), Of<double, 6, 15>>);
static_assert(same<decltype(block_diag(Of<double, 5, 1>(), Of<double, 5, 2>(), Of<double, 5, 3>())), Of<double, 15, 6>>);
static_assert(same<decltype(block_diag(Of<double, 1>(), Of<double, 2>(), Of<double, 3>())), Of<double, 3, 6>>);
static_assert(same<decltype(block_diag(Of<double, 2, 5>(), Of<double, 5>())), Of<double, 3, 10>>);
static_assert(same<decltype(block_diag(Of<float, 1, 5>(), Of<float, 2, 5>(), Of<float, 3, 5>())), Of<float, 6, 15>>);
static_assert(same<decltype(block_diag(Of<BFloat16, 1, 5>(), Of<BFloat16, 2, 5>(), Of<BFloat16, 3, 5>())), Of<BFloat16, 6, 15>>);
static_assert(same<decltype(block_diag(Of<Half, 1, 5>(), Of<Half, 2, 5>(), Of<Half, 3, 5>())), Of<Half, 6, 15>>);
static_assert(same<decltype(block_diag(Of<int64_t, 1, 5>(), Of<int64_t, 2, 5>(), Of<int64_t, 3, 5>())), Of<int64_t, 6, 15>>);
static_assert(same<decltype(block_diag(Of<int32_t, 1, 5>(), Of<int32_t, 2, 5>(), Of<int32_t, 3, 5>())), Of<int32_t, 6, 15>>);
static_assert(same<decltype(block_diag(Of<uint8_t, 1, 5>(), Of<uint8_t, 2, 5>(), Of<uint8_t, 3, 5>())), Of<uint8_t, 6, 15>>);
static_assert(same<decltype(bmm(Of<double, 10, 5, 10>(), Of<double, 10, 10, 5>())), Of<double, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<float, 10, 5, 10>(), Of<float, 10, 10, 5>())), Of<float, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<BFloat16, 10, 5, 10>(), Of<BFloat16, 10, 10, 5>())), Of<BFloat16, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<Half, 10, 5, 10>(), Of<Half, 10, 10, 5>())), Of<Half, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<int64_t, 10, 5, 10>(), Of<int64_t, 10, 10, 5>())), Of<int64_t, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<int32_t, 10, 5, 10>(), Of<int32_t, 10, 10, 5>())), Of<int32_t, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<uint8_t, 10, 5, 10>(), Of<uint8_t, 10, 10, 5>())), Of<uint8_t, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<Complex<double>, 10, 5, 10>(), Of<Complex<double>, 10, 10, 5>())), Of<Complex<double>, 10, 5, 5>>);
static_assert(same<decltype(bmm(Of<Complex<float>, 10, 5, 10>(), Of<Complex<float>, 10, 10, 5>())), Of<Complex<float>, 10, 5, 5>>);
static_assert(same<decltype(broadcast_tensors(Of<double, 3>(), Of<double, 1, 2, 1>(), Of<double, 1, 1>(), Of<double, 5, 1, 1>())), std::tuple<Of<double, 5, 2, 3>, Of<double, 5, 2, 3>, Of<double, 5, 2, 3>, Of<double, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<float, 3>(), Of<float, 1, 2, 1>(), Of<float, 1, 1>(), Of<float, 5, 1, 1>())), std::tuple<Of<float, 5, 2, 3>, Of<float, 5, 2, 3>, Of<float, 5, 2, 3>, Of<float, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<BFloat16, 3>(), Of<BFloat16, 1, 2, 1>(), Of<BFloat16, 1, 1>(), Of<BFloat16, 5, 1, 1>())), std::tuple<Of<BFloat16, 5, 2, 3>, Of<BFloat16, 5, 2, 3>, Of<BFloat16, 5, 2, 3>, Of<BFloat16, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<Half, 3>(), Of<Half, 1, 2, 1>(), Of<Half, 1, 1>(), Of<Half, 5, 1, 1>())), std::tuple<Of<Half, 5, 2, 3>, Of<Half, 5, 2, 3>, Of<Half, 5, 2, 3>, Of<Half, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<int64_t, 3>(), Of<int64_t, 1, 2, 1>(), Of<int64_t, 1, 1>(), Of<int64_t, 5, 1, 1>())), std::tuple<Of<int64_t, 5, 2, 3>, Of<int64_t, 5, 2, 3>, Of<int64_t, 5, 2, 3>, Of<int64_t, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<int32_t, 3>(), Of<int32_t, 1, 2, 1>(), Of<int32_t, 1, 1>(), Of<int32_t, 5, 1, 1>())), std::tuple<Of<int32_t, 5, 2, 3>, Of<int32_t, 5, 2, 3>, Of<int32_t, 5, 2, 3>, Of<int32_t, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<uint8_t, 3>(), Of<uint8_t, 1, 2, 1>(), Of<uint8_t, 1, 1>(), Of<uint8_t, 5, 1, 1>())), std::tuple<Of<uint8_t, 5, 2, 3>, Of<uint8_t, 5, 2, 3>, Of<uint8_t, 5, 2, 3>, Of<uint8_t, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<bool, 3>(), Of<bool, 1, 2, 1>(), Of<bool, 1, 1>(), Of<bool, 5, 1, 1>())), std::tuple<Of<bool, 5, 2, 3>, Of<bool, 5, 2, 3>, Of<bool, 5, 2, 3>, Of<bool, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<Complex<double>, 3>(), Of<Complex<double>, 1, 2, 1>(), Of<Complex<double>, 1, 1>(), Of<Complex<double>, 5, 1, 1>())), std::tuple<Of<Complex<double>, 5, 2, 3>, Of<Complex<double>, 5, 2, 3>, Of<Complex<double>, 5, 2, 3>, Of<Complex<double>, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_tensors(Of<Complex<float>, 3>(), Of<Complex<float>, 1, 2, 1>(), Of<Complex<float>, 1, 1>(), Of<Complex<float>, 5, 1, 1>())), std::tuple<Of<Complex<float>, 5, 2, 3>, Of<Complex<float>, 5, 2, 3>, Of<Complex<float>, 5, 2, 3>, Of<Complex<float>, 5, 2, 3>>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<double, 5, 1, 1>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<double, 5, 1>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<1, 1, 5>(Of<double, 1, 5>())), Of<double, 1, 1, 5>>);
static_assert(same<decltype(broadcast_to<1, 3, 2>(Of<double>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<float, 5, 1, 1>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<BFloat16, 5, 1, 1>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<Half, 5, 1, 1>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<int64_t, 5, 1, 1>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<int32_t, 5, 1, 1>())), Of<int32_t, 5, 5, 5>>);
static_assert(same<decltype(broadcast_to<5, 5, 5>(Of<uint8_t, 5, 1, 1>())), Of<uint8_t, 5, 5, 5>>);
static_assert(same<decltype(bucketize(Of<double>(), Of<double, 5>())), Of<int64_t>>);
static_assert(same<decltype(bucketize(Of<double, 5>(), Of<double, 5>())), Of<int64_t, 5>>);
static_assert(same<decltype(bucketize(Of<double, 5, 5>(), Of<double, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(bucketize(Of<double, 5, 5, 5>(), Of<double, 5>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(bucketize(Of<double, 5, 1, 5>(), Of<double, 5>())), Of<int64_t, 5, 1, 5>>);
static_assert(same<decltype(bucketize(Of<float>(), Of<float, 5>())), Of<int64_t>>);
static_assert(same<decltype(bucketize(Of<BFloat16>(), Of<BFloat16, 5>())), Of<int64_t>>);
static_assert(same<decltype(bucketize(Of<Half>(), Of<Half, 5>())), Of<int64_t>>);
static_assert(same<decltype(bucketize(Of<int64_t>(), Of<int64_t, 5>())), Of<int64_t>>);
static_assert(same<decltype(bucketize(Of<int32_t>(), Of<int32_t, 5>())), Of<int64_t>>);
static_assert(same<decltype(cartesian_prod(Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(cartesian_prod(Of<double, 1>(), Of<double, 2>())), Of<double, 2, 2>>);
static_assert(same<decltype(cartesian_prod(Of<double, 1>(), Of<double, 2>(), Of<double, 4>())), Of<double, 8, 3>>);
static_assert(same<decltype(cartesian_prod(Of<float, 1>())), Of<float, 1>>);
static_assert(same<decltype(cartesian_prod(Of<float, 1>(), Of<float, 2>())), Of<float, 2, 2>>);
static_assert(same<decltype(cartesian_prod(Of<float, 1>(), Of<float, 2>(), Of<float, 4>())), Of<float, 8, 3>>);
static_assert(same<decltype(cartesian_prod(Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(cartesian_prod(Of<BFloat16, 1>(), Of<BFloat16, 2>(), Of<BFloat16, 4>())), Of<BFloat16, 8, 3>>);
static_assert(same<decltype(cartesian_prod(Of<Half, 1>())), Of<Half, 1>>);
static_assert(same<decltype(cartesian_prod(Of<int64_t, 1>())), Of<int64_t, 1>>);
static_assert(same<decltype(cat<-1>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 10>>);
static_assert(same<decltype(cat<0>(Of<double, 10, 5>(), Of<double, 5, 5>())), Of<double, 15, 5>>);
static_assert(same<decltype(cat<0>(Of<double, 0, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(cat<1>(Of<double, 2, 2, 2, 2>())), Of<double, 2, 2, 2, 2>>);
static_assert(same<decltype(cat<-1>(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 10>>);
static_assert(same<decltype(cat<0>(Of<float, 10, 5>(), Of<float, 5, 5>())), Of<float, 15, 5>>);
static_assert(same<decltype(cat<-1>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 10>>);
static_assert(same<decltype(cat<-1>(Of<Half, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 5, 10>>);
static_assert(same<decltype(cat<-1>(Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 10>>);
static_assert(same<decltype(cat<-1>(Of<int32_t, 5, 5>(), Of<int32_t, 5, 5>())), Of<int32_t, 5, 10>>);
static_assert(same<decltype(cdist(Of<double, 5, 5, 2>(), Of<double, 5, 6, 2>())), Of<double, 5, 5, 6>>);
static_assert(same<decltype(cdist(Of<double, 1, 4, 5>(), Of<double, 0, 3, 5>())), Of<double, 0, 4, 3>>);
static_assert(same<decltype(cdist(Of<double, 4, 5>(), Of<double, 0, 3, 5>())), Of<double, 0, 4, 3>>);
static_assert(same<decltype(cdist(Of<double, 4, 5>(), Of<double, 0, 5>())), Of<double, 4, 0>>);
static_assert(same<decltype(cdist(Of<double, 1, 1>(), Of<double, 5, 1>())), Of<double, 1, 5>>);
static_assert(same<decltype(cdist(Of<float, 5, 5, 2>(), Of<float, 5, 6, 2>())), Of<float, 5, 5, 6>>);
static_assert(same<decltype(ceil(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(ceil(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(ceil(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(ceil(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(ceil(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(ceil(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(ceil(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(celu(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(celu(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(celu(Of<double>())), Of<double>>);
static_assert(same<decltype(celu(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(celu(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(celu(Of<float>())), Of<float>>);
static_assert(same<decltype(celu(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(celu(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(celu(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(channel_shuffle<2>(Of<double, 1, 4, 10, 10>())), Of<double, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<3>(Of<double, 2, 6, 8, 8>())), Of<double, 2, 6, 8, 8>>);
static_assert(same<decltype(channel_shuffle<4>(Of<double, 2, 8, 5, 5>())), Of<double, 2, 8, 5, 5>>);
static_assert(same<decltype(channel_shuffle<2>(Of<float, 1, 4, 10, 10>())), Of<float, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<3>(Of<float, 2, 6, 8, 8>())), Of<float, 2, 6, 8, 8>>);
static_assert(same<decltype(channel_shuffle<2>(Of<BFloat16, 1, 4, 10, 10>())), Of<BFloat16, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<2>(Of<Half, 1, 4, 10, 10>())), Of<Half, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<2>(Of<int64_t, 1, 4, 10, 10>())), Of<int64_t, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<2>(Of<int32_t, 1, 4, 10, 10>())), Of<int32_t, 1, 4, 10, 10>>);
static_assert(same<decltype(channel_shuffle<2>(Of<uint8_t, 1, 4, 10, 10>())), Of<uint8_t, 1, 4, 10, 10>>);
static_assert(same<decltype(cholesky_inverse(Of<double, 0, 0>())), Of<double, 0, 0>>);
static_assert(same<decltype(cholesky_inverse(Of<double, 0, 2, 2>())), Of<double, 0, 2, 2>>);
static_assert(same<decltype(cholesky_inverse(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(cholesky_inverse(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(cholesky_inverse(Of<float, 0, 0>())), Of<float, 0, 0>>);
static_assert(same<decltype(cholesky_inverse(Of<float, 0, 2, 2>())), Of<float, 0, 2, 2>>);
static_assert(same<decltype(cholesky_inverse(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(cholesky_inverse(Of<Complex<double>, 0, 0>())), Of<Complex<double>, 0, 0>>);
static_assert(same<decltype(cholesky_inverse(Of<Complex<float>, 0, 0>())), Of<Complex<float>, 0, 0>>);
static_assert(same<decltype(cholesky_solve(Of<double, 0, 0>(), Of<double, 0, 0>())), Of<double, 0, 0>>);
static_assert(same<decltype(cholesky_solve(Of<double, 0, 2, 2>(), Of<double, 0, 2, 2>())), Of<double, 0, 2, 2>>);
static_assert(same<decltype(cholesky_solve(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(cholesky_solve(Of<double, 2, 5, 5>(), Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(cholesky_solve(Of<float, 0, 0>(), Of<float, 0, 0>())), Of<float, 0, 0>>);
static_assert(same<decltype(cholesky_solve(Of<float, 0, 2, 2>(), Of<float, 0, 2, 2>())), Of<float, 0, 2, 2>>);
static_assert(same<decltype(cholesky_solve(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(cholesky_solve(Of<Complex<double>, 0, 0>(), Of<Complex<double>, 0, 0>())), Of<Complex<double>, 0, 0>>);
static_assert(same<decltype(cholesky_solve(Of<Complex<float>, 0, 0>(), Of<Complex<float>, 0, 0>())), Of<Complex<float>, 0, 0>>);
static_assert(same<decltype(chunk<2, 0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 3, 5, 5>, Of<double, 2, 5, 5>>>);
static_assert(same<decltype(chunk<5, 1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 1, 5>, Of<double, 5, 1, 5>, Of<double, 5, 1, 5>, Of<double, 5, 1, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(chunk<5, -1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 1>, Of<double, 5, 5, 1>, Of<double, 5, 5, 1>, Of<double, 5, 5, 1>, Of<double, 5, 5, 1>>>);
static_assert(same<decltype(chunk<2, 0>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 3, 5, 5>, Of<float, 2, 5, 5>>>);
static_assert(same<decltype(chunk<5, 1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 1, 5>, Of<float, 5, 1, 5>, Of<float, 5, 1, 5>, Of<float, 5, 1, 5>, Of<float, 5, 1, 5>>>);
static_assert(same<decltype(chunk<5, -1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 1>, Of<float, 5, 5, 1>, Of<float, 5, 5, 1>, Of<float, 5, 5, 1>, Of<float, 5, 5, 1>>>);
static_assert(same<decltype(chunk<2, 0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 3, 5, 5>, Of<BFloat16, 2, 5, 5>>>);
static_assert(same<decltype(chunk<5, -1>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5, 1>, Of<BFloat16, 5, 5, 1>, Of<BFloat16, 5, 5, 1>, Of<BFloat16, 5, 5, 1>, Of<BFloat16, 5, 5, 1>>>);
static_assert(same<decltype(chunk<2, 0>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 3, 5, 5>, Of<Half, 2, 5, 5>>>);
static_assert(same<decltype(chunk<2, 0>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 3, 5, 5>, Of<int64_t, 2, 5, 5>>>);
static_assert(same<decltype(clamp(Of<double, 5, 10, 5>(), Of<double, 5, 10, 5>(), Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<double, 5, 10, 5>(), Of<double, 5, 10, 5>(), Of<int32_t, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<float, 5, 10, 5>(), Of<float, 5, 10, 5>(), Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<Half, 5, 10, 5>(), Of<Half, 5, 10, 5>(), Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<int64_t, 5, 10, 5>(), Of<int64_t, 5, 10, 5>(), Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<int32_t, 5, 10, 5>(), Of<int32_t, 5, 10, 5>(), Of<int32_t, 5, 10, 5>())), Of<int32_t, 5, 10, 5>>);
static_assert(same<decltype(clamp(Of<uint8_t, 5, 10, 5>(), Of<uint8_t, 5, 10, 5>(), Of<uint8_t, 5, 10, 5>())), Of<uint8_t, 5, 10, 5>>);
static_assert(same<decltype(clamp_max(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(clamp_max(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(clamp_max(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(clamp_max(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(clamp_max(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(clamp_max(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(clamp_max(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(clamp_max(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(clamp_max(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(clamp_max(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(clamp_min(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(clamp_min(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(clamp_min(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(clamp_min(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(clamp_min(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(clamp_min(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(clamp_min(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(clamp_min(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(clamp_min(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(clamp_min(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<double>())), Of<double>>);
static_assert(same<decltype(clone(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<float>())), Of<float>>);
static_assert(same<decltype(clone(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(clone(Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(clone(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(clone(Of<int32_t, 5, 10, 5>())), Of<int32_t, 5, 10, 5>>);
static_assert(same<decltype(column_stack(Of<double, 5, 2, 1>(), Of<double, 5, 3, 1>())), Of<double, 5, 5, 1>>);
static_assert(same<decltype(column_stack(Of<double, 5>(), Of<double, 5, 5>())), Of<double, 5, 6>>);
static_assert(same<decltype(column_stack(Of<double>(), Of<double, 1, 5>())), Of<double, 1, 6>>);
static_assert(same<decltype(column_stack(Of<float, 5, 2, 1>(), Of<float, 5, 3, 1>())), Of<float, 5, 5, 1>>);
static_assert(same<decltype(column_stack(Of<float, 5>(), Of<float, 5, 5>())), Of<float, 5, 6>>);
static_assert(same<decltype(column_stack(Of<BFloat16, 5, 2, 1>(), Of<BFloat16, 5, 3, 1>())), Of<BFloat16, 5, 5, 1>>);
static_assert(same<decltype(column_stack(Of<BFloat16>(), Of<BFloat16, 1, 5>())), Of<BFloat16, 1, 6>>);
static_assert(same<decltype(column_stack(Of<Half, 5, 2, 1>(), Of<Half, 5, 3, 1>())), Of<Half, 5, 5, 1>>);
static_assert(same<decltype(column_stack(Of<int64_t, 5, 2, 1>(), Of<int64_t, 5, 3, 1>())), Of<int64_t, 5, 5, 1>>);
static_assert(same<decltype(column_stack(Of<int64_t>(), Of<int64_t, 1, 5>())), Of<int64_t, 1, 6>>);
static_assert(same<decltype(combinations<1, false>(Of<double, 1>())), Of<double, 1, 1>>);
static_assert(same<decltype(combinations<2, false>(Of<double, 1>())), Of<double, 0, 2>>);
static_assert(same<decltype(combinations<4, false>(Of<double, 1>())), Of<double, 0, 4>>);
static_assert(same<decltype(combinations<1, false>(Of<double, 2>())), Of<double, 2, 1>>);
static_assert(same<decltype(combinations<2, false>(Of<double, 2>())), Of<double, 1, 2>>);
static_assert(same<decltype(combinations<1, false>(Of<float, 1>())), Of<float, 1, 1>>);
static_assert(same<decltype(combinations<1, false>(Of<BFloat16, 1>())), Of<BFloat16, 1, 1>>);
static_assert(same<decltype(combinations<1, false>(Of<Half, 1>())), Of<Half, 1, 1>>);
static_assert(same<decltype(combinations<1, false>(Of<int64_t, 1>())), Of<int64_t, 1, 1>>);
static_assert(same<decltype(combinations<1, false>(Of<int32_t, 1>())), Of<int32_t, 1, 1>>);
static_assert(same<decltype(complex(Of<double>(), Of<double>())), Of<Complex<double>>>);
static_assert(same<decltype(complex(Of<double, 5, 1>(), Of<double, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(complex(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<Complex<double>, 5, 10, 5>>);
static_assert(same<decltype(complex(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<Complex<double>, 10, 10, 5>>);
static_assert(same<decltype(complex(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<Complex<double>, 0, 10, 3>>);
static_assert(same<decltype(complex(Of<float>(), Of<float>())), Of<Complex<float>>>);
static_assert(same<decltype(complex(Of<float, 5, 1>(), Of<float, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(conj(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(conj(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(conj(Of<double>())), Of<double>>);
static_assert(same<decltype(conj(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(conj(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(conj(Of<float>())), Of<float>>);
static_assert(same<decltype(conj(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(conj(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(conj(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(conj(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(conj_physical(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(conj_physical(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(constant_pad_nd<2, 2>(Of<double, 1, 3, 3>())), Of<double, 1, 3, 7>>);
static_assert(same<decltype(constant_pad_nd<0, 1>(Of<double, 1, 3>())), Of<double, 1, 4>>);
static_assert(same<decltype(constant_pad_nd<0, 1>(Of<double, 0, 3, 3>())), Of<double, 0, 3, 4>>);
static_assert(same<decltype(constant_pad_nd<0, 1>(Of<double, 1, 3, 3>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(constant_pad_nd<0, 1>(Of<double, 0, 3, 3, 3>())), Of<double, 0, 3, 3, 4>>);
static_assert(same<decltype(constant_pad_nd<0, 1>(Of<double, 1, 3, 3, 3, 3>())), Of<double, 1, 3, 3, 3, 4>>);
static_assert(same<decltype(constant_pad_nd<0, 2, 0, 1>(Of<double, 1, 3>())), Of<double, 2, 5>>);
static_assert(same<decltype(constant_pad_nd<0, 2, 0, 1>(Of<double, 0, 3, 3>())), Of<double, 0, 4, 5>>);
static_assert(same<decltype(constant_pad_nd<0, 2, 0, 1>(Of<double, 0, 3, 3, 3>())), Of<double, 0, 3, 4, 5>>);
static_assert(same<decltype(constant_pad_nd<0, 2, 0, 1>(Of<double, 1, 3, 3, 3, 3>())), Of<double, 1, 3, 3, 4, 5>>);
static_assert(same<decltype(contiguous(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(contiguous(Of<double>())), Of<double>>);
static_assert(same<decltype(contiguous(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(contiguous(Of<float>())), Of<float>>);
static_assert(same<decltype(contiguous(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(contiguous(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(contiguous(Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(contiguous(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(contiguous(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(contiguous(Of<int32_t, 5, 10, 5>())), Of<int32_t, 5, 10, 5>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {2}, .padding = 2, .groups = 1}>(Of<double, 1, 3, 4>(), Of<double, 3, 3, 3>())), Of<double, 1, 3, 3>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = 3, .padding = 1, .dilation = 2, .groups = 2}>(Of<double, 2, 4, 8>(), Of<double, 2, 2, 3>())), Of<double, 2, 2, 2>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {2}, .padding = "valid"}>(Of<double, 1, 4, 5>(), Of<double, 1, 4, 3>())), Of<double, 1, 1, 2>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {1}, .padding = "same", .dilation = {2}, .groups = 2}>(Of<double, 2, 2, 4>(), Of<double, 2, 1, 4>())), Of<double, 2, 2, 4>>);
static_assert(same<decltype(conv1d<typed::Window{}>(Of<double, 1, 4, 5>(), Of<double, 3, 4, 3>())), Of<double, 1, 3, 3>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {2}, .padding = 2, .groups = 1}>(Of<float, 1, 3, 4>(), Of<float, 3, 3, 3>())), Of<float, 1, 3, 3>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = 3, .padding = 1, .dilation = 2, .groups = 2}>(Of<float, 2, 4, 8>(), Of<float, 2, 2, 3>())), Of<float, 2, 2, 2>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {1}, .padding = "same", .dilation = {2}, .groups = 2}>(Of<float, 2, 2, 4>(), Of<float, 2, 1, 4>())), Of<float, 2, 2, 4>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {2}, .padding = 2, .groups = 1}>(Of<BFloat16, 1, 3, 4>(), Of<BFloat16, 3, 3, 3>())), Of<BFloat16, 1, 3, 3>>);
static_assert(same<decltype(conv1d<typed::Window{.stride = {2}, .padding = "valid"}>(Of<BFloat16, 1, 4, 5>(), Of<BFloat16, 1, 4, 3>())), Of<BFloat16, 1, 1, 2>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = {2, 2}, .padding = 2, .groups = 1}>(Of<double, 1, 3, 4, 4>(), Of<double, 3, 3, 3, 3>())), Of<double, 1, 3, 3, 3>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = {3, 2}, .padding = {2, 1}, .dilation = {4, 4}, .groups = 2}>(Of<double, 2, 4, 8, 8>(), Of<double, 2, 2, 3, 3>())), Of<double, 2, 2, 2, 1>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = 2, .padding = 1, .dilation = {2, 3}, .groups = 1}>(Of<double, 1, 4, 5, 5>(), Of<double, 1, 4, 2, 3>())), Of<double, 1, 1, 3, 1>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = 2, .padding = 1, .groups = 1}>(Of<double, 1, 2, 4, 3>(), Of<double, 4, 2, 3, 4>())), Of<double, 1, 4, 2, 1>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = 2, .padding = "valid"}>(Of<double, 1, 4, 5, 5>(), Of<double, 1, 4, 2, 3>())), Of<double, 1, 1, 2, 2>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = 1, .padding = "same", .dilation = 3}>(Of<double, 1, 4, 5, 5>(), Of<double, 1, 4, 2, 3>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(conv2d<typed::Window{.groups = 4}>(Of<double, 2, 4, 6, 6>(), Of<double, 4, 1, 3, 3>())), Of<double, 2, 4, 4, 4>>);
static_assert(same<decltype(conv2d<typed::Window{.stride = {3, 2}, .groups = 4}>(Of<double, 2, 4, 6, 6>(), Of<double, 4, 1, 3, 3>())), Of<double, 2, 4, 2, 2>>);
static_assert(same<decltype(conv2d<typed::Window{.padding = {1, 1}, .groups = 4}>(Of<double, 2, 4, 6, 6>(), Of<double, 4, 1, 3, 3>())), Of<double, 2, 4, 6, 6>>);
static_assert(same<decltype(conv2d<typed::Window{.dilation = {2, 2}, .groups = 4}>(Of<double, 2, 4, 5, 5>(), Of<double, 4, 1, 2, 2>())), Of<double, 2, 4, 3, 3>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "same"}>(Of<double, 1, 1, 4, 4, 4>(), Of<double, 1, 1, 1, 1, 1>())), Of<double, 1, 1, 4, 4, 4>>);
static_assert(same<decltype(conv3d<typed::Window{.stride = {2, 2, 2}}>(Of<double, 1, 1, 4, 4, 4>(), Of<double, 1, 1, 4, 4, 4>())), Of<double, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(conv3d<typed::Window{.dilation = 2}>(Of<double, 1, 1, 5, 5, 5>(), Of<double, 1, 1, 3, 3, 3>())), Of<double, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "valid"}>(Of<double, 1, 1, 1, 1, 10>(), Of<double, 1, 1, 1, 1, 4>())), Of<double, 1, 1, 1, 1, 7>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "same"}>(Of<double, 1, 1, 10, 11, 12>(), Of<double, 1, 1, 1, 2, 5>())), Of<double, 1, 1, 10, 11, 12>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "same", .dilation = 2}>(Of<double, 1, 1, 10, 11, 12>(), Of<double, 1, 1, 1, 2, 5>())), Of<double, 1, 1, 10, 11, 12>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "same", .dilation = 3}>(Of<double, 1, 1, 10, 11, 12>(), Of<double, 1, 1, 4, 4, 4>())), Of<double, 1, 1, 10, 11, 12>>);
static_assert(same<decltype(conv3d<typed::Window{.groups = 3}>(Of<double, 3, 9, 3, 1, 9>(), Of<double, 3, 3, 3, 1, 9>())), Of<double, 3, 3, 1, 1, 1>>);
static_assert(same<decltype(conv3d<typed::Window{.stride = {2, 2, 2}, .dilation = 1, .groups = 3}>(Of<double, 3, 9, 3, 1, 9>(), Of<double, 3, 3, 3, 1, 9>())), Of<double, 3, 3, 1, 1, 1>>);
static_assert(same<decltype(conv3d<typed::Window{.padding = "same"}>(Of<float, 1, 1, 4, 4, 4>(), Of<float, 1, 1, 1, 1, 1>())), Of<float, 1, 1, 4, 4, 4>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = {2}, .padding = 2, .output_padding = {1}, .groups = 1}>(Of<double, 1, 3, 4>(), Of<double, 3, 3, 3>())), Of<double, 1, 3, 6>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = {3}, .padding = {1}, .dilation = {4}, .output_padding = {2}, .groups = 2}>(Of<double, 2, 2, 4>(), Of<double, 2, 2, 4>())), Of<double, 2, 4, 22>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = 2, .padding = 1, .dilation = {2}, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4>(), Of<double, 1, 1, 4>())), Of<double, 1, 1, 12>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = 2, .padding = 1, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4>(), Of<double, 1, 2, 3>())), Of<double, 1, 2, 8>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{}>(Of<double, 1, 4, 5>(), Of<double, 4, 8, 3>())), Of<double, 1, 8, 7>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = {2}, .padding = 2, .output_padding = {1}, .groups = 1}>(Of<float, 1, 3, 4>(), Of<float, 3, 3, 3>())), Of<float, 1, 3, 6>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = {3}, .padding = {1}, .dilation = {4}, .output_padding = {2}, .groups = 2}>(Of<float, 2, 2, 4>(), Of<float, 2, 2, 4>())), Of<float, 2, 4, 22>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = 2, .padding = 1, .output_padding = 1, .groups = 1}>(Of<float, 1, 1, 4>(), Of<float, 1, 2, 3>())), Of<float, 1, 2, 8>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = {2}, .padding = 2, .output_padding = {1}, .groups = 1}>(Of<BFloat16, 1, 3, 4>(), Of<BFloat16, 3, 3, 3>())), Of<BFloat16, 1, 3, 6>>);
static_assert(same<decltype(conv_transpose1d<typed::Window{.stride = 2, .padding = 1, .dilation = {2}, .output_padding = 1, .groups = 1}>(Of<BFloat16, 1, 1, 4>(), Of<BFloat16, 1, 1, 4>())), Of<BFloat16, 1, 1, 12>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = {2, 2}, .padding = 2, .output_padding = {1, 1}, .groups = 1}>(Of<double, 1, 3, 4, 4>(), Of<double, 3, 3, 3, 3>())), Of<double, 1, 3, 6, 6>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = {3, 2}, .padding = {1, 2}, .dilation = {4, 4}, .output_padding = {2, 3}, .groups = 2}>(Of<double, 2, 2, 4, 4>(), Of<double, 2, 2, 4, 5>())), Of<double, 2, 4, 22, 22>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = 2, .padding = 1, .dilation = {2, 3}, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4, 5>(), Of<double, 1, 1, 4, 3>())), Of<double, 1, 1, 12, 14>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = 2, .padding = 1, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4, 3>(), Of<double, 1, 2, 3, 4>())), Of<double, 1, 2, 8, 7>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.groups = 4}>(Of<double, 2, 4, 4, 4>(), Of<double, 4, 1, 3, 3>())), Of<double, 2, 4, 6, 6>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{}>(Of<double, 1, 2, 5, 5>(), Of<double, 2, 4, 3, 3>())), Of<double, 1, 4, 7, 7>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = {2, 2}, .padding = 2, .output_padding = {1, 1}, .groups = 1}>(Of<float, 1, 3, 4, 4>(), Of<float, 3, 3, 3, 3>())), Of<float, 1, 3, 6, 6>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = 2, .padding = 1, .dilation = {2, 3}, .output_padding = 1, .groups = 1}>(Of<float, 1, 1, 4, 5>(), Of<float, 1, 1, 4, 3>())), Of<float, 1, 1, 12, 14>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.groups = 4}>(Of<float, 2, 4, 4, 4>(), Of<float, 4, 1, 3, 3>())), Of<float, 2, 4, 6, 6>>);
static_assert(same<decltype(conv_transpose2d<typed::Window{.stride = {2, 2}, .padding = 2, .output_padding = {1, 1}, .groups = 1}>(Of<BFloat16, 1, 3, 4, 4>(), Of<BFloat16, 3, 3, 3, 3>())), Of<BFloat16, 1, 3, 6, 6>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = {2, 2, 2}, .padding = 2, .output_padding = {1, 1, 1}, .groups = 1}>(Of<double, 1, 3, 4, 4, 4>(), Of<double, 3, 3, 3, 3, 3>())), Of<double, 1, 3, 6, 6, 6>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = 2, .padding = 1, .dilation = {2, 3, 2}, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4, 5, 2>(), Of<double, 1, 1, 4, 3, 1>())), Of<double, 1, 1, 12, 14, 2>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = 2, .padding = 1, .output_padding = 1, .groups = 1}>(Of<double, 1, 1, 4, 3, 4>(), Of<double, 1, 2, 3, 4, 5>())), Of<double, 1, 2, 8, 7, 10>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{}>(Of<double, 1, 4, 5, 5, 5>(), Of<double, 4, 8, 3, 3, 3>())), Of<double, 1, 8, 7, 7, 7>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = {2, 2, 2}, .padding = 2, .output_padding = {1, 1, 1}, .groups = 1}>(Of<float, 1, 3, 4, 4, 4>(), Of<float, 3, 3, 3, 3, 3>())), Of<float, 1, 3, 6, 6, 6>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = 2, .padding = 1, .output_padding = 1, .groups = 1}>(Of<float, 1, 1, 4, 3, 4>(), Of<float, 1, 2, 3, 4, 5>())), Of<float, 1, 2, 8, 7, 10>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = {2, 2, 2}, .padding = 2, .output_padding = {1, 1, 1}, .groups = 1}>(Of<BFloat16, 1, 3, 4, 4, 4>(), Of<BFloat16, 3, 3, 3, 3, 3>())), Of<BFloat16, 1, 3, 6, 6, 6>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = 2, .padding = 1, .dilation = {2, 3, 2}, .output_padding = 1, .groups = 1}>(Of<BFloat16, 1, 1, 4, 5, 2>(), Of<BFloat16, 1, 1, 4, 3, 1>())), Of<BFloat16, 1, 1, 12, 14, 2>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = {2, 2, 2}, .padding = 2, .output_padding = {1, 1, 1}, .groups = 1}>(Of<Half, 1, 3, 4, 4, 4>(), Of<Half, 3, 3, 3, 3, 3>())), Of<Half, 1, 3, 6, 6, 6>>);
static_assert(same<decltype(conv_transpose3d<typed::Window{.stride = {2, 2, 2}, .padding = 2, .output_padding = {1, 1, 1}, .groups = 1}>(Of<int64_t, 1, 3, 4, 4, 4>(), Of<int64_t, 3, 3, 3, 3, 3>())), Of<int64_t, 1, 3, 6, 6, 6>>);
static_assert(same<decltype(copysign(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(copysign(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(copysign(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(copysign(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(copysign(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(copysign(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(copysign(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(copysign(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(copysign(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(copysign(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(corrcoef(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(corrcoef(Of<double, 1, 2>())), Of<double>>);
static_assert(same<decltype(corrcoef(Of<double, 3, 2>())), Of<double, 3, 3>>);
static_assert(same<decltype(corrcoef(Of<double, 2, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(corrcoef(Of<float, 2>())), Of<float>>);
static_assert(same<decltype(corrcoef(Of<float, 3, 2>())), Of<float, 3, 3>>);
static_assert(same<decltype(corrcoef(Of<BFloat16, 2>())), Of<BFloat16>>);
static_assert(same<decltype(corrcoef(Of<BFloat16, 3, 2>())), Of<BFloat16, 3, 3>>);
static_assert(same<decltype(corrcoef(Of<Half, 2>())), Of<Half>>);
static_assert(same<decltype(corrcoef(Of<int64_t, 2>())), Of<float>>);
static_assert(same<decltype(cos(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(cos(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(cos(Of<double>())), Of<double>>);
static_assert(same<decltype(cos(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(cos(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(cos(Of<float>())), Of<float>>);
static_assert(same<decltype(cos(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(cos(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(cos(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(cos(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(cosh(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(cosh(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(cosh(Of<double>())), Of<double>>);
static_assert(same<decltype(cosh(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(cosh(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(cosh(Of<float>())), Of<float>>);
static_assert(same<decltype(cosh(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(cosh(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(cosh(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(cosh(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::None>(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::Sum>(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::Mean>(Of<double, 5>(), Of<double, 5>(), Of<double>())), Of<double>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::None>(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::Sum>(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::Mean>(Of<float, 5>(), Of<float, 5>(), Of<float>())), Of<float>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::None>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::Sum>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(cosine_embedding_loss<Reduction::None>(Of<Half, 5, 5>(), Of<Half, 5, 5>(), Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(cosine_similarity<1>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(cosine_similarity<0>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(cosine_similarity<2>(Of<double, 5, 5, 10>(), Of<double, 5, 5, 10>())), Of<double, 5, 5>>);
static_assert(same<decltype(cosine_similarity<-1>(Of<double, 1, 2, 3>(), Of<double, 2, 1, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(cosine_similarity<-1>(Of<double, 2, 3>(), Of<double, 2, 1, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(cosine_similarity<1>(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(cosine_similarity<0>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(cosine_similarity<-1>(Of<float, 1, 2, 3>(), Of<float, 2, 1, 3>())), Of<float, 2, 2>>);
static_assert(same<decltype(cosine_similarity<1>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(cosine_similarity<2>(Of<BFloat16, 5, 5, 10>(), Of<BFloat16, 5, 5, 10>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(count_nonzero<>(Of<double>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<-1>(Of<double>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<>(Of<double, 2>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<-1>(Of<double, 2>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<>(Of<double, 3, 5>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<-1>(Of<double, 3, 5>())), Of<int64_t, 3>>);
static_assert(same<decltype(count_nonzero<0, -1>(Of<double, 3, 5>())), Of<int64_t>>);
static_assert(same<decltype(count_nonzero<0>(Of<double, 3, 2, 1, 2>())), Of<int64_t, 2, 1, 2>>);
static_assert(same<decltype(count_nonzero<2>(Of<double, 3, 2, 1, 2>())), Of<int64_t, 3, 2, 2>>);
static_assert(same<decltype(count_nonzero<0, -1>(Of<double, 3, 2, 1, 2>())), Of<int64_t, 2, 1>>);
static_assert(same<decltype(cov(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(cov(Of<double, 1, 2>())), Of<double>>);
static_assert(same<decltype(cov(Of<double, 2, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(cov(Of<float, 2>())), Of<float>>);
static_assert(same<decltype(cov(Of<BFloat16, 2>())), Of<BFloat16>>);
static_assert(same<decltype(cov(Of<Half, 2>())), Of<Half>>);
static_assert(same<decltype(cov(Of<int64_t, 2>())), Of<float>>);
static_assert(same<decltype(cov(Of<int32_t, 2>())), Of<float>>);
static_assert(same<decltype(cov(Of<uint8_t, 2>())), Of<float>>);
static_assert(same<decltype(cov(Of<Complex<double>, 2>())), Of<Complex<double>>>);
static_assert(same<decltype(cross<1>(Of<double, 5, 3, 5>(), Of<double, 5, 3, 5>())), Of<double, 5, 3, 5>>);
static_assert(same<decltype(cross<-1>(Of<double, 1, 3>(), Of<double, 5, 3>())), Of<double, 5, 3>>);
static_assert(same<decltype(cross<1>(Of<float, 5, 3, 5>(), Of<float, 5, 3, 5>())), Of<float, 5, 3, 5>>);
static_assert(same<decltype(cross<-1>(Of<float, 1, 3>(), Of<float, 5, 3>())), Of<float, 5, 3>>);
static_assert(same<decltype(cross<-1>(Of<BFloat16, 1, 3>(), Of<BFloat16, 5, 3>())), Of<BFloat16, 5, 3>>);
static_assert(same<decltype(cross<-1>(Of<int64_t, 1, 3>(), Of<int64_t, 5, 3>())), Of<int64_t, 5, 3>>);
static_assert(same<decltype(cross<1>(Of<Complex<double>, 5, 3, 5>(), Of<Complex<double>, 5, 3, 5>())), Of<Complex<double>, 5, 3, 5>>);
static_assert(same<decltype(cross<-1>(Of<Complex<double>, 1, 3>(), Of<Complex<double>, 5, 3>())), Of<Complex<double>, 5, 3>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<double, 2, 3>(), Of<int64_t, 2>())), Of<double>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<double, 2, 3, 1>(), Of<int64_t, 2, 1>())), Of<double>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<double, 2, 3, 1, 2>(), Of<int64_t, 2, 1, 2>())), Of<double>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<double, 2, 3, 1, 2, 3>(), Of<int64_t, 2, 1, 2, 3>())), Of<double>>);
static_assert(same<decltype(cross_entropy<Reduction::Sum>(Of<double, 2, 3>(), Of<int64_t, 2>())), Of<double>>);
static_assert(same<decltype(cross_entropy<Reduction::None>(Of<double, 2, 3>(), Of<int64_t, 2>())), Of<double, 2>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<float, 2, 3>(), Of<int64_t, 2>())), Of<float>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<BFloat16, 2, 3>(), Of<int64_t, 2>())), Of<BFloat16>>);
static_assert(same<decltype(cross_entropy<Reduction::Sum>(Of<BFloat16, 2, 3>(), Of<int64_t, 2>())), Of<BFloat16>>);
static_assert(same<decltype(cross_entropy<Reduction::Mean>(Of<Half, 2, 3>(), Of<int64_t, 2>())), Of<Half>>);
static_assert(same<decltype(cummax<0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(cummax<0>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(cummax<0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<0>(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int64_t>>>);
static_assert(same<decltype(cummax<0>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummax<0>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(cummin<0>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(cummin<0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<0>(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int64_t>>>);
static_assert(same<decltype(cummin<0>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cummin<0>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(cumprod<0>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(cumprod<2>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(cumprod<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(cumprod<0>(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<int64_t, 5, 5, 5>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(cumprod<0>(Of<int64_t, 1>())), Of<int64_t, 1>>);
static_assert(same<decltype(cumsum<0>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(cumsum<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(cumsum<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(cumsum<0>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(cumsum<1>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(cumsum<0>(Of<float>())), Of<float>>);
static_assert(same<decltype(cumsum<0>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(cumsum<0>(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(cumsum<0>(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(cumsum<0>(Of<int64_t, 5, 5, 5>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<double, 2, 3>(), Of<double, 2, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<double, 6>(), Of<double, 6>())), Of<double, 5>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<double, 2, 3>(), Of<double, 1, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(cumulative_trapezoid<-2>(Of<double, 3, 3>(), Of<double, 3, 3>())), Of<double, 2, 3>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<double, 2, 2>())), Of<double, 2, 1>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<float, 2, 3>(), Of<float, 2, 3>())), Of<float, 2, 2>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<float, 6>(), Of<float, 6>())), Of<float, 5>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<BFloat16, 2, 3>(), Of<BFloat16, 2, 3>())), Of<BFloat16, 2, 2>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<Half, 2, 3>(), Of<Half, 2, 3>())), Of<Half, 2, 2>>);
static_assert(same<decltype(cumulative_trapezoid<-1>(Of<int64_t, 2, 3>(), Of<int64_t, 2, 3>())), Of<float, 2, 2>>);
static_assert(same<decltype(deg2rad(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(deg2rad(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(diag<0>(Of<double, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(diag<2>(Of<double, 10, 10>())), Of<double, 8>>);
static_assert(same<decltype(diag<1>(Of<double, 10, 10>())), Of<double, 9>>);
static_assert(same<decltype(diag<0>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(diag<-2>(Of<double, 3, 5>())), Of<double, 1>>);
static_assert(same<decltype(diag<0>(Of<float, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(diag<1>(Of<float, 10, 10>())), Of<float, 9>>);
static_assert(same<decltype(diag<0>(Of<BFloat16, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(diag<-2>(Of<BFloat16, 3, 5>())), Of<BFloat16, 1>>);
static_assert(same<decltype(diag<0>(Of<Half, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<double, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(diag_embed<2, -2, -1>(Of<double, 5, 5>())), Of<double, 5, 7, 7>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<double, 3, 5>())), Of<double, 3, 5, 5>>);
static_assert(same<decltype(diag_embed<2, -2, -1>(Of<double, 3, 5>())), Of<double, 3, 7, 7>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<double, 5, 3>())), Of<double, 5, 3, 3>>);
static_assert(same<decltype(diag_embed<1, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 6, 6, 5>>);
static_assert(same<decltype(diag_embed<-2, 0, 1>(Of<double, 5, 5, 5>())), Of<double, 7, 7, 5, 5>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<float, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(diag_embed<0, -2, -1>(Of<Half, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(diagflat<0>(Of<double>())), Of<double, 1, 1>>);
static_assert(same<decltype(diagflat<0>(Of<double, 2, 2>())), Of<double, 4, 4>>);
static_assert(same<decltype(diagflat<-1>(Of<double, 2>())), Of<double, 3, 3>>);
static_assert(same<decltype(diagflat<0>(Of<float>())), Of<float, 1, 1>>);
static_assert(same<decltype(diagflat<0>(Of<float, 2, 2>())), Of<float, 4, 4>>);
static_assert(same<decltype(diagflat<-1>(Of<float, 2>())), Of<float, 3, 3>>);
static_assert(same<decltype(diagflat<0>(Of<BFloat16>())), Of<BFloat16, 1, 1>>);
static_assert(same<decltype(diagflat<0>(Of<Half>())), Of<Half, 1, 1>>);
static_assert(same<decltype(diagflat<0>(Of<int64_t>())), Of<int64_t, 1, 1>>);
static_assert(same<decltype(diagflat<0>(Of<int32_t>())), Of<int32_t, 1, 1>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(diagonal<2, 0, 1>(Of<double, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<2, 0, 1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<double, 5, 3>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<1, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 4>>);
static_assert(same<decltype(diagonal<-2, 0, 1>(Of<double, 5, 5, 5>())), Of<double, 5, 3>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<BFloat16, 5, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(diagonal<0, 0, 1>(Of<Half, 5, 5>())), Of<Half, 5>>);
static_assert(same<decltype(diagonal_scatter<0, 0, 1>(Of<double, 10, 10>(), Of<double, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(diagonal_scatter<-2, 0, 1>(Of<double, 10, 10>(), Of<double, 8>())), Of<double, 10, 10>>);
static_assert(same<decltype(diagonal_scatter<0, 0, 1>(Of<double, 3, 5>(), Of<double, 3>())), Of<double, 3, 5>>);
static_assert(same<decltype(diagonal_scatter<-2, 0, 1>(Of<double, 3, 5>(), Of<double, 1>())), Of<double, 3, 5>>);
static_assert(same<decltype(diagonal_scatter<0, 0, 1>(Of<double, 5, 3>(), Of<double, 3>())), Of<double, 5, 3>>);
static_assert(same<decltype(diagonal_scatter<1, 1, 2>(Of<double, 10, 10, 10>(), Of<double, 10, 9>())), Of<double, 10, 10, 10>>);
static_assert(same<decltype(diagonal_scatter<-2, 0, 1>(Of<double, 10, 10, 10>(), Of<double, 10, 8>())), Of<double, 10, 10, 10>>);
static_assert(same<decltype(diagonal_scatter<0, 0, 1>(Of<float, 10, 10>(), Of<float, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(diagonal_scatter<-2, 0, 1>(Of<float, 5, 3>(), Of<float, 3>())), Of<float, 5, 3>>);
static_assert(same<decltype(diagonal_scatter<0, 0, 1>(Of<BFloat16, 10, 10>(), Of<BFloat16, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(diff<0, 0>(Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(diff<3, 0>(Of<double, 5>())), Of<double, 2>>);
static_assert(same<decltype(diff<2, 0>(Of<double, 5, 1>())), Of<double, 3, 1>>);
static_assert(same<decltype(diff<0, 0>(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(diff<1, 1>(Of<double, 5, 5>())), Of<double, 5, 4>>);
static_assert(same<decltype(diff<0, 2>(Of<double, 3, 3, 3>())), Of<double, 3, 3, 3>>);
static_assert(same<decltype(diff<0, 0>(Of<float, 1>())), Of<float, 1>>);
static_assert(same<decltype(diff<3, 1>(Of<float, 5, 5>())), Of<float, 5, 2>>);
static_assert(same<decltype(diff<2, 2>(Of<float, 3, 3, 3>())), Of<float, 3, 3, 1>>);
static_assert(same<decltype(diff<0, 0>(Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(digamma(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(digamma(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(digamma(Of<double>())), Of<double>>);
static_assert(same<decltype(digamma(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(digamma(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(digamma(Of<float>())), Of<float>>);
static_assert(same<decltype(digamma(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(digamma(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(digamma(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(digamma(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(dist(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5, 5, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5, 5, 5>(), Of<double>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5>(), Of<double, 5, 1, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5>(), Of<double>())), Of<double>>);
static_assert(same<decltype(dist(Of<double, 5, 1, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double>(), Of<double, 5, 1, 5>())), Of<double>>);
static_assert(same<decltype(dist(Of<double>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(div(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(div(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(div(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(div(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(div(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(div(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(div(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(div(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(div(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(div(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(dot(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(dot(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(dot(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(dot(Of<Half, 5>(), Of<Half, 5>())), Of<Half>>);
static_assert(same<decltype(dot(Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t>>);
static_assert(same<decltype(dot(Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t>>);
static_assert(same<decltype(dot(Of<uint8_t, 5>(), Of<uint8_t, 5>())), Of<uint8_t>>);
static_assert(same<decltype(dot(Of<Complex<double>, 5>(), Of<Complex<double>, 5>())), Of<Complex<double>>>);
static_assert(same<decltype(dot(Of<Complex<float>, 5>(), Of<Complex<float>, 5>())), Of<Complex<float>>>);
static_assert(same<decltype(dsplit<2>(Of<double, 5, 5, 6>())), std::tuple<Of<double, 5, 5, 3>, Of<double, 5, 5, 3>>>);
static_assert(same<decltype(dsplit<2>(Of<float, 5, 5, 6>())), std::tuple<Of<float, 5, 5, 3>, Of<float, 5, 5, 3>>>);
static_assert(same<decltype(dsplit<2>(Of<BFloat16, 5, 5, 6>())), std::tuple<Of<BFloat16, 5, 5, 3>, Of<BFloat16, 5, 5, 3>>>);
static_assert(same<decltype(dsplit<2>(Of<int64_t, 5, 5, 6>())), std::tuple<Of<int64_t, 5, 5, 3>, Of<int64_t, 5, 5, 3>>>);
static_assert(same<decltype(dsplit<2>(Of<bool, 5, 5, 6>())), std::tuple<Of<bool, 5, 5, 3>, Of<bool, 5, 5, 3>>>);
static_assert(same<decltype(dsplit<2>(Of<Complex<double>, 5, 5, 6>())), std::tuple<Of<Complex<double>, 5, 5, 3>, Of<Complex<double>, 5, 5, 3>>>);
static_assert(same<decltype(dstack(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5, 3>>);
static_assert(same<decltype(dstack(Of<float, 5>(), Of<float, 5>(), Of<float, 5>())), Of<float, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5, 3>>);
static_assert(same<decltype(dstack(Of<BFloat16, 5>(), Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<Half, 5>(), Of<Half, 5>(), Of<Half, 5>())), Of<Half, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<int64_t, 5>(), Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<int32_t, 5>(), Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<uint8_t, 5>(), Of<uint8_t, 5>(), Of<uint8_t, 5>())), Of<uint8_t, 1, 5, 3>>);
static_assert(same<decltype(dstack(Of<bool, 5>(), Of<bool, 5>(), Of<bool, 5>())), Of<bool, 1, 5, 3>>);
static_assert(same<decltype(einsum<"i->">(Of<double, 3>())), Of<double>>);
static_assert(same<decltype(einsum<"ij->i">(Of<double, 2, 3>())), Of<double, 2>>);
static_assert(same<decltype(einsum<"ij,Ab->ijAb">(Of<double, 2, 3>(), Of<double, 4, 4>())), Of<double, 2, 3, 4, 4>>);
static_assert(same<decltype(einsum<"aij,jk->aik">(Of<double, 1, 3, 4>(), Of<double, 4, 4>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(einsum<"iji->j">(Of<double, 1, 3, 1>())), Of<double, 3>>);
static_assert(same<decltype(einsum<"...ik, ...j -> ij">(Of<double, 1, 2, 3>(), Of<double, 3>())), Of<double, 2, 3>>);
static_assert(same<decltype(einsum<"i->">(Of<float, 3>())), Of<float>>);
static_assert(same<decltype(einsum<"ij,Ab->ijAb">(Of<float, 2, 3>(), Of<float, 4, 4>())), Of<float, 2, 3, 4, 4>>);
static_assert(same<decltype(einsum<"iji->j">(Of<float, 1, 3, 1>())), Of<float, 3>>);
static_assert(same<decltype(einsum<"i->">(Of<BFloat16, 3>())), Of<BFloat16>>);
static_assert(same<decltype(elu(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(elu(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(elu(Of<double>())), Of<double>>);
static_assert(same<decltype(elu(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(elu(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(elu(Of<float>())), Of<float>>);
static_assert(same<decltype(elu(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(elu(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(elu(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(embedding(Of<int64_t>(), Of<double, 10, 5>())), Of<double, 5>>);
static_assert(same<decltype(embedding(Of<int64_t, 5>(), Of<double, 10, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(embedding(Of<int64_t, 5, 5>(), Of<double, 10, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(embedding(Of<int64_t>(), Of<float, 10, 5>())), Of<float, 5>>);
static_assert(same<decltype(embedding(Of<int64_t, 5, 5>(), Of<float, 10, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(embedding(Of<int64_t>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(embedding(Of<int64_t, 2, 2>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 2, 2, 5>>);
static_assert(same<decltype(embedding(Of<int64_t>(), Of<Half, 10, 5>())), Of<Half, 5>>);
static_assert(same<decltype(embedding_bag(Of<int64_t, 5, 5>(), Of<double, 10, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(embedding_bag(Of<int64_t, 3, 3>(), Of<double, 5, 5>())), Of<double, 3, 5>>);
static_assert(same<decltype(embedding_bag(Of<int64_t, 5, 5>(), Of<float, 10, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(embedding_bag(Of<int64_t, 3, 3>(), Of<float, 5, 5>())), Of<float, 3, 5>>);
static_assert(same<decltype(eq(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(eq(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(eq(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(eq(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(eq(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(eq(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(eq(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(eq(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(eq(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(eq(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(erf(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(erf(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erf(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(erf(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(erf(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erf(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erf(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erf(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erfc(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(erfc(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(erfc(Of<double>())), Of<double>>);
static_assert(same<decltype(erfc(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(erfc(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(erfc(Of<float>())), Of<float>>);
static_assert(same<decltype(erfc(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(erfc(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(erfc(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(erfc(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(erfinv(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(erfinv(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erfinv(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(erfinv(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(erfinv(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erfinv(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erfinv(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(erfinv(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(exp(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(exp(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(exp(Of<double>())), Of<double>>);
static_assert(same<decltype(exp(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(exp(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(exp(Of<float>())), Of<float>>);
static_assert(same<decltype(exp(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(exp(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(exp(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(exp(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(exp2(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(exp2(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(exp2(Of<double>())), Of<double>>);
static_assert(same<decltype(exp2(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(exp2(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(exp2(Of<float>())), Of<float>>);
static_assert(same<decltype(exp2(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(exp2(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(exp2(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(exp2(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<double, 5, 1, 1>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(expand<-1, 5, -1>(Of<double, 5, 1, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<double, 5, 1>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(expand<1, 1, 5>(Of<double, 1, 5>())), Of<double, 1, 1, 5>>);
static_assert(same<decltype(expand<1, 3, 2>(Of<double>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<float, 5, 1, 1>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(expand<-1, 5, -1>(Of<float, 5, 1, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<BFloat16, 5, 1, 1>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<Half, 5, 1, 1>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(expand<5, 5, 5>(Of<int64_t, 5, 1, 1>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(expand_as(Of<double, 5, 1, 1>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(expand_as(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(expand_as(Of<double>(), Of<double, 1, 1>())), Of<double, 1, 1>>);
static_assert(same<decltype(expand_as(Of<float, 5, 1, 1>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(expand_as(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(expand_as(Of<float>(), Of<float, 1, 1>())), Of<float, 1, 1>>);
static_assert(same<decltype(expand_as(Of<BFloat16, 5, 1, 1>(), Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(expand_as(Of<BFloat16>(), Of<BFloat16, 1, 1>())), Of<BFloat16, 1, 1>>);
static_assert(same<decltype(expand_as(Of<Half, 5, 1, 1>(), Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(expand_as(Of<int64_t, 5, 1, 1>(), Of<int64_t, 5, 5, 5>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(expm1(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(expm1(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(expm1(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(expm1(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(expm1(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(expm1(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(expm1(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(expm1(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(expm1(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(expm1(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(fft::fft<10, 1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 10, 7>>);
static_assert(same<decltype(fft::fft<7, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fft<0, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fft<0, -3>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fft<0, -1>(Of<double, 0, 1>())), Of<Complex<double>, 0, 1>>);
static_assert(same<decltype(fft::fft<10, 1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::fft<7, -1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::fft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::fft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::fft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 8>>);
static_assert(same<decltype(fft::fft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<Complex<double>, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 8>>);
static_assert(same<decltype(fft::fftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::fftn<typed::Ints<>, typed::Ints<>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::fftshift<>(Of<double, 9, 10>())), Of<double, 9, 10>>);
static_assert(same<decltype(fft::fftshift<1>(Of<double, 5, 11>())), Of<double, 5, 11>>);
static_assert(same<decltype(fft::fftshift<0, 2>(Of<double, 5, 6, 2>())), Of<double, 5, 6, 2>>);
static_assert(same<decltype(fft::fftshift<>(Of<float, 9, 10>())), Of<float, 9, 10>>);
static_assert(same<decltype(fft::fftshift<1>(Of<float, 5, 11>())), Of<float, 5, 11>>);
static_assert(same<decltype(fft::fftshift<0, 2>(Of<float, 5, 6, 2>())), Of<float, 5, 6, 2>>);
static_assert(same<decltype(fft::fftshift<>(Of<BFloat16, 9, 10>())), Of<BFloat16, 9, 10>>);
static_assert(same<decltype(fft::fftshift<1>(Of<BFloat16, 5, 11>())), Of<BFloat16, 5, 11>>);
static_assert(same<decltype(fft::fftshift<>(Of<Half, 9, 10>())), Of<Half, 9, 10>>);
static_assert(same<decltype(fft::fftshift<>(Of<int64_t, 9, 10>())), Of<int64_t, 9, 10>>);
static_assert(same<decltype(fft::hfft<10, 1>(Of<double, 5, 6, 7>())), Of<double, 5, 10, 7>>);
static_assert(same<decltype(fft::hfft<7, -1>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 7>>);
static_assert(same<decltype(fft::hfft<0, -1>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::hfft<0, -3>(Of<double, 5, 6, 7>())), Of<double, 8, 6, 7>>);
static_assert(same<decltype(fft::hfft<0, -1>(Of<double, 0, 2>())), Of<double, 0, 2>>);
static_assert(same<decltype(fft::hfft<10, 1>(Of<float, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::hfft<7, -1>(Of<float, 5, 6, 7>())), Of<float, 5, 6, 7>>);
static_assert(same<decltype(fft::hfft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::hfft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::hfft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 8>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 2, 2>())), Of<double, 2, 2>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<Complex<double>, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 8>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<double, 8, 6, 7>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<>, typed::Ints<>>(Of<double, 2, 2>())), Of<double, 2, 2>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::hfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft<10, 1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 10, 7>>);
static_assert(same<decltype(fft::ifft<7, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifft<0, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifft<0, -3>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifft<0, -1>(Of<double, 0, 1>())), Of<Complex<double>, 0, 1>>);
static_assert(same<decltype(fft::ifft<10, 1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::ifft<7, -1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::ifft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::ifft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 10, 7>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 8>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<Complex<double>, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 8>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<>, typed::Ints<>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 10>>);
static_assert(same<decltype(fft::ifftshift<>(Of<double, 9, 10>())), Of<double, 9, 10>>);
static_assert(same<decltype(fft::ifftshift<1>(Of<double, 5, 11>())), Of<double, 5, 11>>);
static_assert(same<decltype(fft::ifftshift<0, 2>(Of<double, 5, 6, 2>())), Of<double, 5, 6, 2>>);
static_assert(same<decltype(fft::ifftshift<>(Of<float, 9, 10>())), Of<float, 9, 10>>);
static_assert(same<decltype(fft::ifftshift<1>(Of<float, 5, 11>())), Of<float, 5, 11>>);
static_assert(same<decltype(fft::ifftshift<0, 2>(Of<float, 5, 6, 2>())), Of<float, 5, 6, 2>>);
static_assert(same<decltype(fft::ifftshift<>(Of<BFloat16, 9, 10>())), Of<BFloat16, 9, 10>>);
static_assert(same<decltype(fft::ifftshift<1>(Of<BFloat16, 5, 11>())), Of<BFloat16, 5, 11>>);
static_assert(same<decltype(fft::ifftshift<>(Of<Half, 9, 10>())), Of<Half, 9, 10>>);
static_assert(same<decltype(fft::ifftshift<>(Of<int64_t, 9, 10>())), Of<int64_t, 9, 10>>);
static_assert(same<decltype(fft::ihfft<10, 1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::ihfft<7, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::ihfft<0, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::ihfft<0, -3>(Of<double, 5, 6, 7>())), Of<Complex<double>, 3, 6, 7>>);
static_assert(same<decltype(fft::ihfft<0, -1>(Of<double, 0, 1, 1>())), Of<Complex<double>, 0, 1, 1>>);
static_assert(same<decltype(fft::ihfft<10, 1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::ihfft<7, -1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 4>>);
static_assert(same<decltype(fft::ihfft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::ihfft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::ihfft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 5>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 5>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 3, 6, 7>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<>, typed::Ints<>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::ihfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::irfft<10, 1>(Of<double, 5, 6, 7>())), Of<double, 5, 10, 7>>);
static_assert(same<decltype(fft::irfft<7, -1>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 7>>);
static_assert(same<decltype(fft::irfft<0, -1>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::irfft<0, -3>(Of<double, 5, 6, 7>())), Of<double, 8, 6, 7>>);
static_assert(same<decltype(fft::irfft<0, -1>(Of<double, 0, 1, 2>())), Of<double, 0, 1, 2>>);
static_assert(same<decltype(fft::irfft<10, 1>(Of<float, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::irfft<7, -1>(Of<float, 5, 6, 7>())), Of<float, 5, 6, 7>>);
static_assert(same<decltype(fft::irfft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::irfft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::irfft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 10, 7>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 8>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 1, 2>())), Of<double, 1, 2>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<Complex<double>, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<double, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 8>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<double, 5, 6, 12>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<double, 8, 6, 7>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<>, typed::Ints<>>(Of<double, 1, 2>())), Of<double, 1, 2>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::irfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<float, 5, 3, 10>>);
static_assert(same<decltype(fft::rfft<10, 1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 7>>);
static_assert(same<decltype(fft::rfft<7, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::rfft<0, -1>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::rfft<0, -3>(Of<double, 5, 6, 7>())), Of<Complex<double>, 3, 6, 7>>);
static_assert(same<decltype(fft::rfft<0, -1>(Of<double, 0, 1>())), Of<Complex<double>, 0, 1>>);
static_assert(same<decltype(fft::rfft<10, 1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::rfft<7, -1>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 6, 4>>);
static_assert(same<decltype(fft::rfft<10, 1>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::rfft<10, 1>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::rfft<10, 1>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 6, 7>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<6, 8>, typed::Ints<-2, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 5>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<>, typed::Ints<0, -1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<>, typed::Ints<-2, -1>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfft2<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<8>, typed::Ints<>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 5>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<>, typed::Ints<-1>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 5, 6, 4>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<>, typed::Ints<-3>>(Of<double, 5, 6, 7>())), Of<Complex<double>, 3, 6, 7>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<>, typed::Ints<>>(Of<double, 1, 1>())), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<float, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int64_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<int32_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<uint8_t, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fft::rfftn<typed::Ints<3, 10>, typed::Ints<1, 2>>(Of<bool, 5, 6, 7>())), Of<Complex<float>, 5, 3, 6>>);
static_assert(same<decltype(fill(Of<double, 20>(), 1)), Of<double, 20>>);
static_assert(same<decltype(fill(Of<double, 1, 0, 3>(), 1)), Of<double, 1, 0, 3>>);
static_assert(same<decltype(fill(Of<double>(), 1)), Of<double>>);
static_assert(same<decltype(fill(Of<float, 20>(), 1)), Of<float, 20>>);
static_assert(same<decltype(fill(Of<float, 1, 0, 3>(), 1)), Of<float, 1, 0, 3>>);
static_assert(same<decltype(fill(Of<float>(), 1)), Of<float>>);
static_assert(same<decltype(fill(Of<BFloat16, 20>(), 1)), Of<BFloat16, 20>>);
static_assert(same<decltype(fill(Of<BFloat16>(), 1)), Of<BFloat16>>);
static_assert(same<decltype(fill(Of<Half, 20>(), 1)), Of<Half, 20>>);
static_assert(same<decltype(fill(Of<int64_t, 20>(), 1)), Of<int64_t, 20>>);
static_assert(same<decltype(flatten<0, -1>(Of<double, 5, 5, 5>())), Of<double, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<double, 5, 5>())), Of<double, 25>>);
static_assert(same<decltype(flatten<0, -1>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(flatten<0, -1>(Of<float, 5, 5, 5>())), Of<float, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<float, 5, 5>())), Of<float, 25>>);
static_assert(same<decltype(flatten<0, -1>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<Half, 5, 5, 5>())), Of<Half, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<int64_t, 5, 5, 5>())), Of<int64_t, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<int32_t, 5, 5, 5>())), Of<int32_t, 125>>);
static_assert(same<decltype(flatten<0, -1>(Of<uint8_t, 5, 5, 5>())), Of<uint8_t, 125>>);
static_assert(same<decltype(flip<0, 1, 2>(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(flip<0, 2>(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(flip<0>(Of<double, 5, 0, 10>())), Of<double, 5, 0, 10>>);
static_assert(same<decltype(flip<-1>(Of<double, 5, 0, 10>())), Of<double, 5, 0, 10>>);
static_assert(same<decltype(flip<0, 1, 2>(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(flip<0, 2>(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(flip<0>(Of<float, 5, 0, 10>())), Of<float, 5, 0, 10>>);
static_assert(same<decltype(flip<0, 1, 2>(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(flip<0, 1, 2>(Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(flip<0, 1, 2>(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<double, 5, 0, 10>())), Of<double, 5, 0, 10>>);
static_assert(same<decltype(fliplr(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<float, 5, 0, 10>())), Of<float, 5, 0, 10>>);
static_assert(same<decltype(fliplr(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<int32_t, 5, 10, 5>())), Of<int32_t, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<uint8_t, 5, 10, 5>())), Of<uint8_t, 5, 10, 5>>);
static_assert(same<decltype(fliplr(Of<bool, 5, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<double, 5, 0, 10>())), Of<double, 5, 0, 10>>);
static_assert(same<decltype(flipud(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<float, 5, 0, 10>())), Of<float, 5, 0, 10>>);
static_assert(same<decltype(flipud(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<Half, 5, 10, 5>())), Of<Half, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<int32_t, 5, 10, 5>())), Of<int32_t, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<uint8_t, 5, 10, 5>())), Of<uint8_t, 5, 10, 5>>);
static_assert(same<decltype(flipud(Of<bool, 5, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(float_power(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(float_power(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(float_power(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(float_power(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(float_power(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(float_power(Of<float>(), Of<float>())), Of<double>>);
static_assert(same<decltype(float_power(Of<BFloat16>(), Of<BFloat16>())), Of<double>>);
static_assert(same<decltype(float_power(Of<Half>(), Of<Half>())), Of<double>>);
static_assert(same<decltype(float_power(Of<int64_t>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(float_power(Of<int32_t>(), Of<int32_t>())), Of<double>>);
static_assert(same<decltype(floor(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(floor(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(floor(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(floor(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(floor(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(floor(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(floor(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(floor_divide(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(floor_divide(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(floor_divide(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(floor_divide(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(floor_divide(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(floor_divide(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(floor_divide(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(floor_divide(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(floor_divide(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(floor_divide(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(fmax(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(fmax(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(fmax(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(fmax(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(fmax(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(fmax(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(fmax(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(fmax(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(fmax(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(fmax(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(fmin(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(fmin(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(fmin(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(fmin(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(fmin(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(fmin(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(fmin(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(fmin(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(fmin(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(fmin(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(fmod(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(fmod(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(fmod(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(fmod(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(fmod(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(fmod(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(fmod(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(fmod(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(fmod(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(fmod(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(frac(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(frac(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(frac(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(frac(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(frexp(Of<double, 20>())), std::tuple<Of<double, 20>, Of<int32_t, 20>>>);
static_assert(same<decltype(frexp(Of<double, 1, 0, 3>())), std::tuple<Of<double, 1, 0, 3>, Of<int32_t, 1, 0, 3>>>);
static_assert(same<decltype(frexp(Of<double>())), std::tuple<Of<double>, Of<int32_t>>>);
static_assert(same<decltype(frexp(Of<float, 20>())), std::tuple<Of<float, 20>, Of<int32_t, 20>>>);
static_assert(same<decltype(frexp(Of<float>())), std::tuple<Of<float>, Of<int32_t>>>);
static_assert(same<decltype(frexp(Of<BFloat16, 20>())), std::tuple<Of<BFloat16, 20>, Of<int32_t, 20>>>);
static_assert(same<decltype(frexp(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int32_t>>>);
static_assert(same<decltype(frexp(Of<Half, 20>())), std::tuple<Of<Half, 20>, Of<int32_t, 20>>>);
static_assert(same<decltype(full_like(Of<double>(), 1)), Of<double>>);
static_assert(same<decltype(full_like(Of<double, 0, 5, 0>(), 1)), Of<double, 0, 5, 0>>);
static_assert(same<decltype(full_like(Of<float>(), 1)), Of<float>>);
static_assert(same<decltype(full_like(Of<float, 0, 5, 0>(), 1)), Of<float, 0, 5, 0>>);
static_assert(same<decltype(full_like(Of<BFloat16>(), 1)), Of<BFloat16>>);
static_assert(same<decltype(full_like(Of<Half>(), 1)), Of<Half>>);
static_assert(same<decltype(full_like(Of<int64_t>(), 1)), Of<int64_t>>);
static_assert(same<decltype(full_like(Of<int32_t>(), 1)), Of<int32_t>>);
static_assert(same<decltype(full_like(Of<uint8_t>(), 1)), Of<uint8_t>>);
static_assert(same<decltype(full_like(Of<bool>(), 1)), Of<bool>>);
static_assert(same<decltype(gather<0>(Of<double, 10, 5>(), Of<int64_t, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(gather<1>(Of<double, 10, 5>(), Of<int64_t, 10, 2>())), Of<double, 10, 2>>);
static_assert(same<decltype(gather<0>(Of<double>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(gather<0>(Of<float, 10, 5>(), Of<int64_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(gather<1>(Of<float, 10, 5>(), Of<int64_t, 10, 2>())), Of<float, 10, 2>>);
static_assert(same<decltype(gather<0>(Of<BFloat16, 10, 5>(), Of<int64_t, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(gather<0>(Of<Half, 10, 5>(), Of<int64_t, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(gather<0>(Of<int64_t, 10, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(gather<0>(Of<int32_t, 10, 5>(), Of<int64_t, 5, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(gather<0>(Of<uint8_t, 10, 5>(), Of<int64_t, 5, 5>())), Of<uint8_t, 5, 5>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::None>(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::None>(Of<double, 5>(), Of<double, 1>(), Of<double>())), Of<double, 5>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::Mean>(Of<double, 5>(), Of<double, 5>(), Of<double>())), Of<double>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::Mean>(Of<double, 5>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 1>(), Of<double>())), Of<double>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::None>(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 1>())), Of<double, 5, 5>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::None>(Of<double, 5, 5>(), Of<double, 5>(), Of<double, 5, 1>())), Of<double, 5, 5>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 1>(), Of<double, 5, 1>())), Of<double>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::Sum>(Of<double, 5, 5>(), Of<double, 5>(), Of<double, 5, 1>())), Of<double>>);
static_assert(same<decltype(gaussian_nll_loss<Reduction::None>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 1>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(gcd(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(gcd(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(gcd(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(gcd(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(ge(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(ge(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(ge(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(ge(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(ge(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(ge(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(ge(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(ge(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(ge(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(ge(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(gelu(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(gelu(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(gelu(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(gelu(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(geqrf(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5>>>);
static_assert(same<decltype(geqrf(Of<double, 5, 0>())), std::tuple<Of<double, 5, 0>, Of<double, 0>>>);
static_assert(same<decltype(geqrf(Of<double, 2, 2>())), std::tuple<Of<double, 2, 2>, Of<double, 2>>>);
static_assert(same<decltype(geqrf(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<double, 0>>>);
static_assert(same<decltype(geqrf(Of<double, 0, 5, 2>())), std::tuple<Of<double, 0, 5, 2>, Of<double, 0, 2>>>);
static_assert(same<decltype(geqrf(Of<double, 1, 1, 5, 2>())), std::tuple<Of<double, 1, 1, 5, 2>, Of<double, 1, 1, 2>>>);
static_assert(same<decltype(geqrf(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5>>>);
static_assert(same<decltype(geqrf(Of<float, 0, 2, 5>())), std::tuple<Of<float, 0, 2, 5>, Of<float, 0, 2>>>);
static_assert(same<decltype(geqrf(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<Complex<double>, 5>>>);
static_assert(same<decltype(geqrf(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<Complex<float>, 5>>>);
static_assert(same<decltype(glu<0>(Of<double, 2>())), Of<double, 1>>);
static_assert(same<decltype(glu<0>(Of<double, 8, 2>())), Of<double, 4, 2>>);
static_assert(same<decltype(glu<0>(Of<double, 2, 4>())), Of<double, 1, 4>>);
static_assert(same<decltype(glu<1>(Of<double, 0, 2, 4>())), Of<double, 0, 1, 4>>);
static_assert(same<decltype(glu<2>(Of<double, 8, 2, 4>())), Of<double, 8, 2, 2>>);
static_assert(same<decltype(glu<2>(Of<double, 0, 3, 6, 8>())), Of<double, 0, 3, 3, 8>>);
static_assert(same<decltype(glu<2>(Of<double, 0, 1, 4, 6, 7>())), Of<double, 0, 1, 2, 6, 7>>);
static_assert(same<decltype(glu<0>(Of<float, 2>())), Of<float, 1>>);
static_assert(same<decltype(glu<2>(Of<float, 2, 3, 2, 4>())), Of<float, 2, 3, 1, 4>>);
static_assert(same<decltype(glu<0>(Of<BFloat16, 2>())), Of<BFloat16, 1>>);
static_assert(same<decltype(gradient<>(Of<double, 5>())), std::tuple<Of<double, 5>>>);
static_assert(same<decltype(gradient<>(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(gradient<0, 1>(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(gradient<0, -1>(Of<double, 3, 3, 3>())), std::tuple<Of<double, 3, 3, 3>, Of<double, 3, 3, 3>>>);
static_assert(same<decltype(gradient<>(Of<float, 5>())), std::tuple<Of<float, 5>>>);
static_assert(same<decltype(gradient<>(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(gradient<0, 1>(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(gradient<>(Of<BFloat16, 5>())), std::tuple<Of<BFloat16, 5>>>);
static_assert(same<decltype(gradient<0, 1>(Of<BFloat16, 5, 5>())), std::tuple<Of<BFloat16, 5, 5>, Of<BFloat16, 5, 5>>>);
static_assert(same<decltype(gradient<>(Of<Half, 5>())), std::tuple<Of<Half, 5>>>);
static_assert(same<decltype(grid_sample(Of<double, 2, 3, 5, 5>(), Of<double, 2, 5, 5, 2>())), Of<double, 2, 3, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<double, 2, 3, 5, 5, 5>(), Of<double, 2, 5, 5, 5, 3>())), Of<double, 2, 3, 5, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<float, 2, 3, 5, 5>(), Of<float, 2, 5, 5, 2>())), Of<float, 2, 3, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<float, 2, 3, 5, 5, 5>(), Of<float, 2, 5, 5, 5, 3>())), Of<float, 2, 3, 5, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<BFloat16, 2, 3, 5, 5>(), Of<BFloat16, 2, 5, 5, 2>())), Of<BFloat16, 2, 3, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<BFloat16, 2, 3, 5, 5, 5>(), Of<BFloat16, 2, 5, 5, 5, 3>())), Of<BFloat16, 2, 3, 5, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<Half, 2, 3, 5, 5>(), Of<Half, 2, 5, 5, 2>())), Of<Half, 2, 3, 5, 5>>);
static_assert(same<decltype(grid_sample(Of<double, 2, 3, 5, 20>(), Of<double, 2, 13, 10, 2>())), Of<double, 2, 3, 13, 10>>);
static_assert(same<decltype(grid_sample(Of<float, 2, 3, 5, 20>(), Of<float, 2, 13, 10, 2>())), Of<float, 2, 3, 13, 10>>);
static_assert(same<decltype(grid_sample(Of<BFloat16, 2, 3, 5, 20>(), Of<BFloat16, 2, 13, 10, 2>())), Of<BFloat16, 2, 3, 13, 10>>);
static_assert(same<decltype(grid_sample(Of<Half, 2, 3, 5, 20>(), Of<Half, 2, 13, 10, 2>())), Of<Half, 2, 3, 13, 10>>);
static_assert(same<decltype(grid_sample(Of<double, 1, 1, 2, 2, 2>(), Of<double, 1, 1, 1, 1, 3>())), Of<double, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(grid_sample(Of<float, 1, 1, 2, 2, 2>(), Of<float, 1, 1, 1, 1, 3>())), Of<float, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(grid_sample(Of<BFloat16, 1, 1, 2, 2, 2>(), Of<BFloat16, 1, 1, 1, 1, 3>())), Of<BFloat16, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(grid_sample(Of<Half, 1, 1, 2, 2, 2>(), Of<Half, 1, 1, 1, 1, 3>())), Of<Half, 1, 1, 1, 1, 1>>);
static_assert(same<decltype(group_norm<2>(Of<double, 1, 6, 3>())), Of<double, 1, 6, 3>>);
static_assert(same<decltype(group_norm<2>(Of<double, 2, 6, 3>())), Of<double, 2, 6, 3>>);
static_assert(same<decltype(group_norm<1>(Of<double, 1, 3>())), Of<double, 1, 3>>);
static_assert(same<decltype(group_norm<1>(Of<double, 0, 2>())), Of<double, 0, 2>>);
static_assert(same<decltype(group_norm<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(group_norm<2>(Of<double, 2, 6, 5, 3>())), Of<double, 2, 6, 5, 3>>);
static_assert(same<decltype(group_norm<2>(Of<float, 1, 6, 3>())), Of<float, 1, 6, 3>>);
static_assert(same<decltype(group_norm<1>(Of<float, 1, 3>())), Of<float, 1, 3>>);
static_assert(same<decltype(group_norm<2>(Of<BFloat16, 1, 6, 3>())), Of<BFloat16, 1, 6, 3>>);
static_assert(same<decltype(group_norm<1>(Of<BFloat16, 0, 2>())), Of<BFloat16, 0, 2>>);
static_assert(same<decltype(gt(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(gt(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(gt(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(gt(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(gt(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(gt(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(gt(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(gt(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(gt(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(gt(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(hardshrink(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(hardshrink(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(hardshrink(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(hardshrink(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(hardshrink(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(hardshrink(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(hardsigmoid(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(hardsigmoid(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(hardsigmoid(Of<double>())), Of<double>>);
static_assert(same<decltype(hardsigmoid(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(hardsigmoid(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(hardsigmoid(Of<float>())), Of<float>>);
static_assert(same<decltype(hardsigmoid(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(hardsigmoid(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(hardsigmoid(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(hardswish(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(hardswish(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(hardswish(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(hardswish(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(hardtanh(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(hardtanh(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(hardtanh(Of<double>())), Of<double>>);
static_assert(same<decltype(hardtanh(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(hardtanh(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(hardtanh(Of<float>())), Of<float>>);
static_assert(same<decltype(hardtanh(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(hardtanh(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(hardtanh(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(hardtanh(Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(heaviside(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(heaviside(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(heaviside(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(heaviside(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(heaviside(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(heaviside(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(heaviside(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(heaviside(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(heaviside(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(heaviside(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::None>(Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::None>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::Sum>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::None>(Of<float, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::None>(Of<float, 5, 5, 5>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::None>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(hinge_embedding_loss<Reduction::Mean>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(histc<100>(Of<double>())), Of<double, 100>>);
static_assert(same<decltype(histc<3>(Of<double>())), Of<double, 3>>);
static_assert(same<decltype(histc<100>(Of<double, 5>())), Of<double, 100>>);
static_assert(same<decltype(histc<3>(Of<double, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(histc<100>(Of<double, 5, 5, 5>())), Of<double, 100>>);
static_assert(same<decltype(histc<3>(Of<double, 5, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(histc<100>(Of<float>())), Of<float, 100>>);
static_assert(same<decltype(histc<100>(Of<BFloat16>())), Of<BFloat16, 100>>);
static_assert(same<decltype(histc<100>(Of<Half>())), Of<Half, 100>>);
static_assert(same<decltype(histogram<1>(Of<double>())), std::tuple<Of<double, 1>, Of<double, 2>>>);
static_assert(same<decltype(histogram<2>(Of<double>())), std::tuple<Of<double, 2>, Of<double, 3>>>);
static_assert(same<decltype(histogram<4>(Of<double>())), std::tuple<Of<double, 4>, Of<double, 5>>>);
static_assert(same<decltype(histogram<2>(Of<double, 5>())), std::tuple<Of<double, 2>, Of<double, 3>>>);
static_assert(same<decltype(histogram<3>(Of<double, 5>())), std::tuple<Of<double, 3>, Of<double, 4>>>);
static_assert(same<decltype(histogram<1>(Of<double, 5, 5>())), std::tuple<Of<double, 1>, Of<double, 2>>>);
static_assert(same<decltype(histogram<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 1>, Of<double, 2>>>);
static_assert(same<decltype(histogram<1>(Of<float>())), std::tuple<Of<float, 1>, Of<float, 2>>>);
static_assert(same<decltype(hsplit<2>(Of<double, 6>())), std::tuple<Of<double, 3>, Of<double, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<float, 6>())), std::tuple<Of<float, 3>, Of<float, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<BFloat16, 6>())), std::tuple<Of<BFloat16, 3>, Of<BFloat16, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<Half, 6>())), std::tuple<Of<Half, 3>, Of<Half, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<int64_t, 6>())), std::tuple<Of<int64_t, 3>, Of<int64_t, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<int32_t, 6>())), std::tuple<Of<int32_t, 3>, Of<int32_t, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<uint8_t, 6>())), std::tuple<Of<uint8_t, 3>, Of<uint8_t, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<bool, 6>())), std::tuple<Of<bool, 3>, Of<bool, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<Complex<double>, 6>())), std::tuple<Of<Complex<double>, 3>, Of<Complex<double>, 3>>>);
static_assert(same<decltype(hsplit<2>(Of<Complex<float>, 6>())), std::tuple<Of<Complex<float>, 3>, Of<Complex<float>, 3>>>);
static_assert(same<decltype(hstack(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double, 15>>);
static_assert(same<decltype(hstack(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 15>>);
static_assert(same<decltype(hstack(Of<float, 5>(), Of<float, 5>(), Of<float, 5>())), Of<float, 15>>);
static_assert(same<decltype(hstack(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 15>>);
static_assert(same<decltype(hstack(Of<BFloat16, 5>(), Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 15>>);
static_assert(same<decltype(hstack(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 15>>);
static_assert(same<decltype(hstack(Of<Half, 5>(), Of<Half, 5>(), Of<Half, 5>())), Of<Half, 15>>);
static_assert(same<decltype(hstack(Of<int64_t, 5>(), Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t, 15>>);
static_assert(same<decltype(hstack(Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 15>>);
static_assert(same<decltype(hstack(Of<int32_t, 5>(), Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t, 15>>);
static_assert(same<decltype(huber_loss<Reduction::None>(Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(huber_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(huber_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(huber_loss<Reduction::None>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(huber_loss<Reduction::Sum>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(huber_loss<Reduction::None>(Of<float, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(huber_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(huber_loss<Reduction::None>(Of<float, 5, 5, 5>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(huber_loss<Reduction::None>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(huber_loss<Reduction::Mean>(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(hypot(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(hypot(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(hypot(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(hypot(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(hypot(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(hypot(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(hypot(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(hypot(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(hypot(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(hypot(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(i0(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(i0(Of<double>())), Of<double>>);
static_assert(same<decltype(i0(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(i0(Of<float>())), Of<float>>);
static_assert(same<decltype(i0(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(i0(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(i0(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(i0(Of<int64_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(i0(Of<int32_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(i0(Of<uint8_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(igamma(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(igamma(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(igamma(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(igamma(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(igamma(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(igamma(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(igamma(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(igamma(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(igamma(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(igamma(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(igammac(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(igammac(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(igammac(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(igammac(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(igammac(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(igammac(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(igammac(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(igammac(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(igammac(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(igammac(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(imag(Of<Complex<double>, 20>())), Of<double, 20>>);
static_assert(same<decltype(imag(Of<Complex<double>, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(imag(Of<Complex<double>>())), Of<double>>);
static_assert(same<decltype(imag(Of<Complex<float>, 20>())), Of<float, 20>>);
static_assert(same<decltype(index_add<0>(Of<double>(), Of<int64_t, 1>(), Of<double>())), Of<double>>);
static_assert(same<decltype(index_add<0>(Of<double, 1>(), Of<int64_t, 1>(), Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(index_add<-1>(Of<double, 5, 5>(), Of<int64_t, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(index_add<0>(Of<float>(), Of<int64_t, 1>(), Of<float>())), Of<float>>);
static_assert(same<decltype(index_add<-1>(Of<float, 5, 5>(), Of<int64_t, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(index_add<0>(Of<BFloat16>(), Of<int64_t, 1>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(index_add<0>(Of<BFloat16, 1>(), Of<int64_t, 1>(), Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(index_add<0>(Of<Half>(), Of<int64_t, 1>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(index_add<0>(Of<int64_t>(), Of<int64_t, 1>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(index_add<0>(Of<int64_t, 1>(), Of<int64_t, 1>(), Of<int64_t, 1>())), Of<int64_t, 1>>);
static_assert(same<decltype(index_fill<0>(Of<double>(), Of<int64_t, 1>(), 0)), Of<double>>);
static_assert(same<decltype(index_fill<0>(Of<double, 1>(), Of<int64_t, 1>(), 0)), Of<double, 1>>);
static_assert(same<decltype(index_fill<-1>(Of<double, 5, 5>(), Of<int64_t, 5>(), 0)), Of<double, 5, 5>>);
static_assert(same<decltype(index_fill<0>(Of<float>(), Of<int64_t, 1>(), 0)), Of<float>>);
static_assert(same<decltype(index_fill<0>(Of<float, 1>(), Of<int64_t, 1>(), 0)), Of<float, 1>>);
static_assert(same<decltype(index_fill<-1>(Of<float, 5, 5>(), Of<int64_t, 5>(), 0)), Of<float, 5, 5>>);
static_assert(same<decltype(index_fill<0>(Of<BFloat16>(), Of<int64_t, 1>(), 0)), Of<BFloat16>>);
static_assert(same<decltype(index_fill<0>(Of<BFloat16, 1>(), Of<int64_t, 1>(), 0)), Of<BFloat16, 1>>);
static_assert(same<decltype(index_fill<0>(Of<Half>(), Of<int64_t, 1>(), 0)), Of<Half>>);
static_assert(same<decltype(index_fill<0>(Of<int64_t>(), Of<int64_t, 1>(), 0)), Of<int64_t>>);
static_assert(same<decltype(index_reduce<0>(Of<double>(), Of<int64_t, 1>(), Of<double>(), "mean")), Of<double>>);
static_assert(same<decltype(index_reduce<0>(Of<double, 1>(), Of<int64_t, 1>(), Of<double, 1>(), "mean")), Of<double, 1>>);
static_assert(same<decltype(index_reduce<1>(Of<double, 5, 5>(), Of<int64_t, 10>(), Of<double, 5, 10>(), "mean")), Of<double, 5, 5>>);
static_assert(same<decltype(index_reduce<1>(Of<double, 5, 5, 5>(), Of<int64_t, 10>(), Of<double, 5, 10, 5>(), "mean")), Of<double, 5, 5, 5>>);
static_assert(same<decltype(index_reduce<0>(Of<float>(), Of<int64_t, 1>(), Of<float>(), "mean")), Of<float>>);
static_assert(same<decltype(index_reduce<0>(Of<float, 1>(), Of<int64_t, 1>(), Of<float, 1>(), "mean")), Of<float, 1>>);
static_assert(same<decltype(index_reduce<1>(Of<float, 5, 5>(), Of<int64_t, 10>(), Of<float, 5, 10>(), "mean")), Of<float, 5, 5>>);
static_assert(same<decltype(index_reduce<0>(Of<BFloat16>(), Of<int64_t, 1>(), Of<BFloat16>(), "mean")), Of<BFloat16>>);
static_assert(same<decltype(index_reduce<1>(Of<BFloat16, 5, 5>(), Of<int64_t, 10>(), Of<BFloat16, 5, 10>(), "mean")), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(index_reduce<0>(Of<Half>(), Of<int64_t, 1>(), Of<Half>(), "mean")), Of<Half>>);
static_assert(same<decltype(index_select<0>(Of<double>(), Of<int64_t, 1>())), Of<double>>);
static_assert(same<decltype(index_select<0>(Of<double, 1>(), Of<int64_t, 1>())), Of<double, 1>>);
static_assert(same<decltype(index_select<-1>(Of<double, 5, 5>(), Of<int64_t, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(index_select<0>(Of<float>(), Of<int64_t, 1>())), Of<float>>);
static_assert(same<decltype(index_select<0>(Of<float, 1>(), Of<int64_t, 1>())), Of<float, 1>>);
static_assert(same<decltype(index_select<-1>(Of<float, 5, 5>(), Of<int64_t, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(index_select<0>(Of<BFloat16>(), Of<int64_t, 1>())), Of<BFloat16>>);
static_assert(same<decltype(index_select<-1>(Of<BFloat16, 5, 5>(), Of<int64_t, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(index_select<0>(Of<Half>(), Of<int64_t, 1>())), Of<Half>>);
static_assert(same<decltype(index_select<0>(Of<int64_t>(), Of<int64_t, 1>())), Of<int64_t>>);
static_assert(same<decltype(inner(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(inner(Of<double>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(inner(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(inner(Of<float>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(inner(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(inner(Of<BFloat16>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(inner(Of<Half, 5>(), Of<Half, 5>())), Of<Half>>);
static_assert(same<decltype(inner(Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t>>);
static_assert(same<decltype(inner(Of<int64_t>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(inner(Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t>>);
static_assert(same<decltype(instance_norm(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(instance_norm(Of<double, 3, 2, 4>())), Of<double, 3, 2, 4>>);
static_assert(same<decltype(instance_norm(Of<double, 3, 2, 3, 4>())), Of<double, 3, 2, 3, 4>>);
static_assert(same<decltype(instance_norm(Of<double, 1, 2, 3>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(instance_norm(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(instance_norm(Of<float, 3, 2, 3, 4>())), Of<float, 3, 2, 3, 4>>);
static_assert(same<decltype(instance_norm(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(instance_norm(Of<BFloat16, 3, 2, 3, 4>())), Of<BFloat16, 3, 2, 3, 4>>);
static_assert(same<decltype(instance_norm(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(interpolate<typed::Sizes{3}>(Of<double, 2, 3, 4>())), Of<double, 2, 3, 3>>);
static_assert(same<decltype(interpolate<typed::Sizes{3, 3}>(Of<double, 2, 3, 4, 4>())), Of<double, 2, 3, 3, 3>>);
static_assert(same<decltype(interpolate<typed::Sizes{3, 4}>(Of<double, 2, 3, 4, 5>())), Of<double, 2, 3, 3, 4>>);
static_assert(same<decltype(interpolate<typed::Sizes{3, 3, 3}>(Of<double, 2, 3, 4, 4, 4>())), Of<double, 2, 3, 3, 3, 3>>);
static_assert(same<decltype(interpolate<typed::Sizes{5, 6, 7}>(Of<double, 2, 2, 5, 2, 3>())), Of<double, 2, 2, 5, 6, 7>>);
static_assert(same<decltype(interpolate<typed::Sizes{3}>(Of<float, 2, 3, 4>())), Of<float, 2, 3, 3>>);
static_assert(same<decltype(interpolate<typed::Sizes{3, 4}>(Of<float, 2, 3, 4, 5>())), Of<float, 2, 3, 3, 4>>);
static_assert(same<decltype(interpolate<typed::Sizes{5, 6, 7}>(Of<float, 2, 2, 5, 2, 3>())), Of<float, 2, 2, 5, 6, 7>>);
static_assert(same<decltype(interpolate<typed::Sizes{3}>(Of<BFloat16, 2, 3, 4>())), Of<BFloat16, 2, 3, 3>>);
static_assert(same<decltype(interpolate<typed::Sizes{3}>(Of<Half, 2, 3, 4>())), Of<Half, 2, 3, 3>>);

static_assert(same<decltype(isclose(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(isclose(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(isclose(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(isclose(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(isclose(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(isclose(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(isclose(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(isclose(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(isclose(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(isclose(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(isfinite(Of<double, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<double, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(isfinite(Of<double>())), Of<bool>>);
static_assert(same<decltype(isfinite(Of<float, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<float, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(isfinite(Of<BFloat16, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<Half, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<int64_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<int32_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isfinite(Of<uint8_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<double, 20>(), Of<double, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<double, 5>(), Of<double, 20>())), Of<bool, 5>>);
static_assert(same<decltype(isin(Of<float, 20>(), Of<float, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<float, 5>(), Of<float, 20>())), Of<bool, 5>>);
static_assert(same<decltype(isin(Of<BFloat16, 20>(), Of<BFloat16, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<Half, 20>(), Of<Half, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<int64_t, 20>(), Of<int64_t, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<int32_t, 20>(), Of<int32_t, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isin(Of<uint8_t, 20>(), Of<uint8_t, 5>())), Of<bool, 20>>);
static_assert(same<decltype(isinf(Of<double, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<float, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<BFloat16, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<Half, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<int64_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<int32_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<uint8_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<Complex<double>, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isinf(Of<Complex<float>, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<double, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<float, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<BFloat16, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<Half, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<int64_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<int32_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<uint8_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<Complex<double>, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isnan(Of<Complex<float>, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<double, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<float, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<BFloat16, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<Half, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<int64_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<int32_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<uint8_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isneginf(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<double, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<float, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<BFloat16, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<Half, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<int64_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<int32_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<uint8_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isposinf(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(isreal(Of<double, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<double, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(isreal(Of<double>())), Of<bool>>);
static_assert(same<decltype(isreal(Of<float, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<float, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(isreal(Of<BFloat16, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<Half, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<int64_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<int32_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(isreal(Of<uint8_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<double, 2>(), Of<double, 2>())), Of<double, 2>>);
static_assert(same<decltype(kl_div<Reduction::Mean>(Of<double, 2>(), Of<double, 2>())), Of<double>>);
static_assert(same<decltype(kl_div<Reduction::Sum>(Of<double, 2>(), Of<double, 2>())), Of<double>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<double, 2, 3>(), Of<double, 2, 3>())), Of<double, 2, 3>>);
static_assert(same<decltype(kl_div<Reduction::Mean>(Of<double, 2, 3>(), Of<double, 2, 3>())), Of<double>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<float, 2>(), Of<float, 2>())), Of<float, 2>>);
static_assert(same<decltype(kl_div<Reduction::Mean>(Of<float, 2, 3>(), Of<float, 2, 3>())), Of<float>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<BFloat16, 2>(), Of<BFloat16, 2>())), Of<BFloat16, 2>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<BFloat16, 2, 3>(), Of<BFloat16, 2, 3>())), Of<BFloat16, 2, 3>>);
static_assert(same<decltype(kl_div<Reduction::None>(Of<Half, 2>(), Of<Half, 2>())), Of<Half, 2>>);
static_assert(same<decltype(kron(Of<double, 5, 5>(), Of<double, 10, 20>())), Of<double, 50, 100>>);
static_assert(same<decltype(kron(Of<float, 5, 5>(), Of<float, 10, 20>())), Of<float, 50, 100>>);
static_assert(same<decltype(kron(Of<BFloat16, 5, 5>(), Of<BFloat16, 10, 20>())), Of<BFloat16, 50, 100>>);
static_assert(same<decltype(kron(Of<Half, 5, 5>(), Of<Half, 10, 20>())), Of<Half, 50, 100>>);
static_assert(same<decltype(kron(Of<int64_t, 5, 5>(), Of<int64_t, 10, 20>())), Of<int64_t, 50, 100>>);
static_assert(same<decltype(kron(Of<int32_t, 5, 5>(), Of<int32_t, 10, 20>())), Of<int32_t, 50, 100>>);
static_assert(same<decltype(kron(Of<uint8_t, 5, 5>(), Of<uint8_t, 10, 20>())), Of<uint8_t, 50, 100>>);
static_assert(same<decltype(kron(Of<bool, 5, 5>(), Of<bool, 10, 20>())), Of<bool, 50, 100>>);
static_assert(same<decltype(kron(Of<Complex<double>, 5, 5>(), Of<Complex<double>, 10, 20>())), Of<Complex<double>, 50, 100>>);
static_assert(same<decltype(kron(Of<Complex<float>, 5, 5>(), Of<Complex<float>, 10, 20>())), Of<Complex<float>, 50, 100>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 5, 1>, Of<int64_t, 5, 5, 1>>>);
static_assert(same<decltype(kthvalue<2, 0>(Of<double, 5>(), typed::keepdim)), std::tuple<Of<double, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(kthvalue<1, 0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(kthvalue<2, 0>(Of<float, 5>(), typed::keepdim)), std::tuple<Of<float, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<BFloat16, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<BFloat16, 5, 5, 1>, Of<int64_t, 5, 5, 1>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(kthvalue<2, -1>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(l1_loss<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(l1_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(l1_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(l1_loss<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(l1_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(l1_loss<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(l1_loss<Reduction::Sum>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(l1_loss<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(layer_norm<1, 2, 3>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(layer_norm<1>(Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(layer_norm<1>(Of<double, 0, 1>())), Of<double, 0, 1>>);
static_assert(same<decltype(layer_norm<1, 2, 3>(Of<float, 1, 2, 3>())), Of<float, 1, 2, 3>>);
static_assert(same<decltype(layer_norm<1>(Of<float, 1>())), Of<float, 1>>);
static_assert(same<decltype(layer_norm<1>(Of<float, 0, 1>())), Of<float, 0, 1>>);
static_assert(same<decltype(layer_norm<1, 2, 3>(Of<BFloat16, 1, 2, 3>())), Of<BFloat16, 1, 2, 3>>);
static_assert(same<decltype(layer_norm<1>(Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(layer_norm<1, 2, 3>(Of<Half, 1, 2, 3>())), Of<Half, 1, 2, 3>>);
static_assert(same<decltype(lcm(Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(lcm(Of<int64_t, 5, 10, 5>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(lcm(Of<int32_t>(), Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(lcm(Of<uint8_t>(), Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(ldexp(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(ldexp(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(ldexp(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(ldexp(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(ldexp(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(ldexp(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(ldexp(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(ldexp(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(ldexp(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(ldexp(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(le(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(le(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(le(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(le(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(le(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(le(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(le(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(le(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(le(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(le(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(leaky_relu(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(leaky_relu(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(leaky_relu(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(leaky_relu(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(lerp(Of<double, 5, 5>(), Of<double, 5, 5>(), 0.5)), Of<double, 5, 5>>);
static_assert(same<decltype(lerp(Of<double>(), Of<double>(), 0.5)), Of<double>>);
static_assert(same<decltype(lerp(Of<double, 5>(), Of<double, 5, 5>(), 0.5)), Of<double, 5, 5>>);
static_assert(same<decltype(lerp(Of<double, 5, 1>(), Of<double, 5, 5>(), 0.5)), Of<double, 5, 5>>);
static_assert(same<decltype(lerp(Of<float, 5, 5>(), Of<float, 5, 5>(), 0.5)), Of<float, 5, 5>>);
static_assert(same<decltype(lerp(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>(), 0.5)), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(lerp(Of<Half, 5, 5>(), Of<Half, 5, 5>(), 0.5)), Of<Half, 5, 5>>);
static_assert(same<decltype(lerp(Of<Complex<double>, 5, 5>(), Of<Complex<double>, 5, 5>(), 0.5)), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(lerp(Of<Complex<float>, 5, 5>(), Of<Complex<float>, 5, 5>(), 0.5)), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(lgamma(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(lgamma(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(lgamma(Of<double>())), Of<double>>);
static_assert(same<decltype(lgamma(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(lgamma(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(lgamma(Of<float>())), Of<float>>);
static_assert(same<decltype(lgamma(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(lgamma(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(lgamma(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(lgamma(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 0, 0>())), Of<double, 0, 0>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 0, 5, 5>())), Of<double, 0, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 0, 0, 0>())), Of<double, 0, 0, 0>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<float, 0, 5, 5>())), Of<float, 0, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(linalg::cholesky(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<int32_t>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 0, 5, 5>())), std::tuple<Of<double, 0, 5, 5>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 0, 0, 0>())), std::tuple<Of<double, 0, 0, 0>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 2, 5, 5>())), std::tuple<Of<double, 2, 5, 5>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<double, 1, 1, 5, 5>())), std::tuple<Of<double, 1, 1, 5, 5>, Of<int32_t, 1, 1>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<float, 0, 5, 5>())), std::tuple<Of<float, 0, 5, 5>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::cholesky_ex(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::cond(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(linalg::cond(Of<double, 2, 5, 5>())), Of<double, 2>>);
static_assert(same<decltype(linalg::cond(Of<double, 2, 1, 5, 5>())), Of<double, 2, 1>>);
static_assert(same<decltype(linalg::cond(Of<float, 5, 5>())), Of<float>>);
static_assert(same<decltype(linalg::cond(Of<float, 2, 5, 5>())), Of<float, 2>>);
static_assert(same<decltype(linalg::cond(Of<float, 2, 1, 5, 5>())), Of<float, 2, 1>>);
static_assert(same<decltype(linalg::cond(Of<Complex<double>, 5, 5>())), Of<double>>);
static_assert(same<decltype(linalg::cond(Of<Complex<float>, 5, 5>())), Of<float>>);
static_assert(same<decltype(linalg::cross<-1>(Of<double, 5, 3>(), Of<double, 5, 3>())), Of<double, 5, 3>>);
static_assert(same<decltype(linalg::cross<1>(Of<double, 5, 3, 5>(), Of<double, 5, 3, 5>())), Of<double, 5, 3, 5>>);
static_assert(same<decltype(linalg::cross<-1>(Of<double, 1, 3>(), Of<double, 5, 3>())), Of<double, 5, 3>>);
static_assert(same<decltype(linalg::cross<-1>(Of<float, 5, 3>(), Of<float, 5, 3>())), Of<float, 5, 3>>);
static_assert(same<decltype(linalg::cross<1>(Of<float, 5, 3, 5>(), Of<float, 5, 3, 5>())), Of<float, 5, 3, 5>>);
static_assert(same<decltype(linalg::cross<-1>(Of<BFloat16, 5, 3>(), Of<BFloat16, 5, 3>())), Of<BFloat16, 5, 3>>);
static_assert(same<decltype(linalg::cross<-1>(Of<Half, 5, 3>(), Of<Half, 5, 3>())), Of<Half, 5, 3>>);
static_assert(same<decltype(linalg::cross<-1>(Of<int64_t, 5, 3>(), Of<int64_t, 5, 3>())), Of<int64_t, 5, 3>>);
static_assert(same<decltype(linalg::cross<-1>(Of<int32_t, 5, 3>(), Of<int32_t, 5, 3>())), Of<int32_t, 5, 3>>);
static_assert(same<decltype(linalg::cross<-1>(Of<uint8_t, 5, 3>(), Of<uint8_t, 5, 3>())), Of<uint8_t, 5, 3>>);
static_assert(same<decltype(linalg::det(Of<double, 0, 0>())), Of<double>>);
static_assert(same<decltype(linalg::det(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(linalg::det(Of<double, 0, 1, 1>())), Of<double, 0>>);
static_assert(same<decltype(linalg::det(Of<double, 3, 0, 0>())), Of<double, 3>>);
static_assert(same<decltype(linalg::det(Of<double, 3, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(linalg::det(Of<float, 0, 0>())), Of<float>>);
static_assert(same<decltype(linalg::det(Of<float, 3, 0, 0>())), Of<float, 3>>);
static_assert(same<decltype(linalg::det(Of<Complex<double>, 0, 0>())), Of<Complex<double>>>);
static_assert(same<decltype(linalg::det(Of<Complex<float>, 0, 0>())), Of<Complex<float>>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(diagonal<2, -2, -1>(Of<double, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<2, -2, -1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<double, 5, 3>())), Of<double, 3>>);
static_assert(same<decltype(diagonal<1, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 4>>);
static_assert(same<decltype(diagonal<-2, 0, 1>(Of<double, 5, 5, 5>())), Of<double, 5, 3>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<BFloat16, 5, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(diagonal<0, -2, -1>(Of<Half, 5, 5>())), Of<Half, 5>>);
static_assert(same<decltype(linalg::eig(Of<double, 5, 5>())), std::tuple<Of<Complex<double>, 5>, Of<Complex<double>, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<double, 0, 5, 5>())), std::tuple<Of<Complex<double>, 0, 5>, Of<Complex<double>, 0, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<double, 2, 5, 5>())), std::tuple<Of<Complex<double>, 2, 5>, Of<Complex<double>, 2, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<double, 1, 1, 5, 5>())), std::tuple<Of<Complex<double>, 1, 1, 5>, Of<Complex<double>, 1, 1, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<float, 5, 5>())), std::tuple<Of<Complex<float>, 5>, Of<Complex<float>, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5>, Of<Complex<double>, 5, 5>>>);
static_assert(same<decltype(linalg::eig(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5>, Of<Complex<float>, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<double, 5, 5>())), std::tuple<Of<double, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<double, 0, 5, 5>())), std::tuple<Of<double, 0, 5>, Of<double, 0, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<double, 2, 5, 5>())), std::tuple<Of<double, 2, 5>, Of<double, 2, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<double, 1, 1, 5, 5>())), std::tuple<Of<double, 1, 1, 5>, Of<double, 1, 1, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<float, 5, 5>())), std::tuple<Of<float, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<float, 0, 5, 5>())), std::tuple<Of<float, 0, 5>, Of<float, 0, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<Complex<double>, 5, 5>())), std::tuple<Of<double, 5>, Of<Complex<double>, 5, 5>>>);
static_assert(same<decltype(linalg::eigh(Of<Complex<float>, 5, 5>())), std::tuple<Of<float, 5>, Of<Complex<float>, 5, 5>>>);
static_assert(same<decltype(linalg::eigvals(Of<double, 5, 5>())), Of<Complex<double>, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<double, 0, 5, 5>())), Of<Complex<double>, 0, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<double, 2, 5, 5>())), Of<Complex<double>, 2, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<double, 1, 1, 5, 5>())), Of<Complex<double>, 1, 1, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<float, 5, 5>())), Of<Complex<float>, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5>>);
static_assert(same<decltype(linalg::eigvals(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<double, 0, 5, 5>())), Of<double, 0, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<double, 2, 5, 5>())), Of<double, 2, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<float, 0, 5, 5>())), Of<float, 0, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<Complex<double>, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(linalg::eigvalsh(Of<Complex<float>, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<double, 5, 5>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<double, 2, 1, 5, 5>(), Of<double, 2, 1, 5>())), Of<double, 2, 1, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<double, 0, 0>(), Of<double, 0>())), Of<double, 0, 0>>);
static_assert(same<decltype(linalg::householder_product(Of<double, 5, 5>(), Of<double, 3>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<double, 33, 3>(), Of<double, 2>())), Of<double, 33, 3>>);
static_assert(same<decltype(linalg::householder_product(Of<float, 5, 5>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<float, 2, 1, 5, 5>(), Of<float, 2, 1, 5>())), Of<float, 2, 1, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<Complex<double>, 5, 5>(), Of<Complex<double>, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(linalg::householder_product(Of<Complex<float>, 5, 5>(), Of<Complex<float>, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<double, 0, 5, 5>())), Of<double, 0, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<float, 0, 5, 5>())), Of<float, 0, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(linalg::inv(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(linalg::inv_ex(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::inv_ex(Of<double, 0, 5, 5>())), std::tuple<Of<double, 0, 5, 5>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::inv_ex(Of<double, 2, 5, 5>())), std::tuple<Of<double, 2, 5, 5>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::inv_ex(Of<double, 1, 1, 5, 5>())), std::tuple<Of<double, 1, 1, 5, 5>, Of<int32_t, 1, 1>>>);
static_assert(same<decltype(linalg::inv_ex(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::inv_ex(Of<float, 0, 5, 5>())), std::tuple<Of<float, 0, 5, 5>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::inv_ex(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::inv_ex(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<double, 2, 5, 5>())), std::tuple<Of<double, 2, 5, 5>, Of<int32_t, 2, 5>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<double, 0, 2, 2>())), std::tuple<Of<double, 0, 2, 2>, Of<int32_t, 0, 2>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<float, 2, 5, 5>())), std::tuple<Of<float, 2, 5, 5>, Of<int32_t, 2, 5>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::ldl_factor(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<double, 2, 5, 5>())), std::tuple<Of<double, 2, 5, 5>, Of<int32_t, 2, 5>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<int32_t, 0>, Of<int32_t>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<double, 0, 2, 2>())), std::tuple<Of<double, 0, 2, 2>, Of<int32_t, 0, 2>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<float, 2, 5, 5>())), std::tuple<Of<float, 2, 5, 5>, Of<int32_t, 2, 5>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::ldl_factor_ex(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::lu(Of<double, 3, 5>())), std::tuple<Of<double, 3, 3>, Of<double, 3, 3>, Of<double, 3, 5>>>);
static_assert(same<decltype(linalg::lu(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(linalg::lu(Of<double, 7, 5>())), std::tuple<Of<double, 7, 7>, Of<double, 7, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(linalg::lu(Of<double, 3, 4, 5>())), std::tuple<Of<double, 3, 4, 4>, Of<double, 3, 4, 4>, Of<double, 3, 4, 5>>>);
static_assert(same<decltype(linalg::lu(Of<double, 3, 6, 5>())), std::tuple<Of<double, 3, 6, 6>, Of<double, 3, 6, 5>, Of<double, 3, 5, 5>>>);
static_assert(same<decltype(linalg::lu(Of<double, 3, 3, 3, 5>())), std::tuple<Of<double, 3, 3, 3, 3>, Of<double, 3, 3, 3, 3>, Of<double, 3, 3, 3, 5>>>);
static_assert(same<decltype(linalg::lu(Of<float, 3, 5>())), std::tuple<Of<float, 3, 3>, Of<float, 3, 3>, Of<float, 3, 5>>>);
static_assert(same<decltype(linalg::lu(Of<float, 3, 4, 5>())), std::tuple<Of<float, 3, 4, 4>, Of<float, 3, 4, 4>, Of<float, 3, 4, 5>>>);
static_assert(same<decltype(linalg::lu(Of<float, 3, 3, 5, 5>())), std::tuple<Of<float, 3, 3, 5, 5>, Of<float, 3, 3, 5, 5>, Of<float, 3, 3, 5, 5>>>);
static_assert(same<decltype(linalg::lu(Of<Complex<double>, 3, 5>())), std::tuple<Of<Complex<double>, 3, 3>, Of<Complex<double>, 3, 3>, Of<Complex<double>, 3, 5>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 3, 5>())), std::tuple<Of<double, 3, 5>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 7, 5>())), std::tuple<Of<double, 7, 5>, Of<int32_t, 5>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 3, 4, 5>())), std::tuple<Of<double, 3, 4, 5>, Of<int32_t, 3, 4>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 3, 6, 5>())), std::tuple<Of<double, 3, 6, 5>, Of<int32_t, 3, 5>>>);
static_assert(same<decltype(linalg::lu_factor(Of<double, 3, 3, 3, 5>())), std::tuple<Of<double, 3, 3, 3, 5>, Of<int32_t, 3, 3, 3>>>);
static_assert(same<decltype(linalg::lu_factor(Of<float, 3, 5>())), std::tuple<Of<float, 3, 5>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor(Of<float, 3, 4, 5>())), std::tuple<Of<float, 3, 4, 5>, Of<int32_t, 3, 4>>>);
static_assert(same<decltype(linalg::lu_factor(Of<float, 3, 3, 5, 5>())), std::tuple<Of<float, 3, 3, 5, 5>, Of<int32_t, 3, 3, 5>>>);
static_assert(same<decltype(linalg::lu_factor(Of<Complex<double>, 3, 5>())), std::tuple<Of<Complex<double>, 3, 5>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 3, 5>())), std::tuple<Of<double, 3, 5>, Of<int32_t, 3>, Of<int32_t>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 7, 5>())), std::tuple<Of<double, 7, 5>, Of<int32_t, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 3, 4, 5>())), std::tuple<Of<double, 3, 4, 5>, Of<int32_t, 3, 4>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 3, 6, 5>())), std::tuple<Of<double, 3, 6, 5>, Of<int32_t, 3, 5>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<double, 3, 3, 3, 5>())), std::tuple<Of<double, 3, 3, 3, 5>, Of<int32_t, 3, 3, 3>, Of<int32_t, 3, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<float, 3, 5>())), std::tuple<Of<float, 3, 5>, Of<int32_t, 3>, Of<int32_t>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<float, 3, 4, 5>())), std::tuple<Of<float, 3, 4, 5>, Of<int32_t, 3, 4>, Of<int32_t, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<float, 3, 3, 5, 5>())), std::tuple<Of<float, 3, 3, 5, 5>, Of<int32_t, 3, 3, 5>, Of<int32_t, 3, 3>>>);
static_assert(same<decltype(linalg::lu_factor_ex(Of<Complex<double>, 3, 5>())), std::tuple<Of<Complex<double>, 3, 5>, Of<int32_t, 3>, Of<int32_t>>>);

static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<double, 2, 2>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-1, 0>(Of<double, 2, 2>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<double, 2, 3, 2>(), typed::keepdim)), Of<double, 2, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-1, 0>(Of<double, 2, 3, 2>(), typed::keepdim)), Of<double, 1, 3, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<float, 2, 2>(), typed::keepdim)), Of<float, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-1, 0>(Of<float, 2, 3, 2>(), typed::keepdim)), Of<float, 1, 3, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<BFloat16, 2, 2>(), typed::keepdim)), Of<BFloat16, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<BFloat16, 2, 3, 2>(), typed::keepdim)), Of<BFloat16, 2, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<Half, 2, 2>(), typed::keepdim)), Of<Half, 1, 1>>);
static_assert(same<decltype(linalg::matrix_norm<-2, -1>(Of<Complex<double>, 2, 2>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::matrix_power(Of<double, 1, 1>(), 2)), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::matrix_power(Of<double, 0, 2, 2>(), 2)), Of<double, 0, 2, 2>>);
static_assert(same<decltype(linalg::matrix_power(Of<double, 2, 2, 2>(), 2)), Of<double, 2, 2, 2>>);
static_assert(same<decltype(linalg::matrix_power(Of<float, 1, 1>(), 2)), Of<float, 1, 1>>);
static_assert(same<decltype(linalg::matrix_power(Of<float, 0, 2, 2>(), 2)), Of<float, 0, 2, 2>>);
static_assert(same<decltype(linalg::matrix_power(Of<Complex<double>, 1, 1>(), 2)), Of<Complex<double>, 1, 1>>);
static_assert(same<decltype(linalg::matrix_power(Of<Complex<float>, 1, 1>(), 2)), Of<Complex<float>, 1, 1>>);
static_assert(same<decltype(linalg::matrix_rank(Of<double, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(linalg::matrix_rank(Of<double, 2, 5, 5>())), Of<int64_t, 2>>);
static_assert(same<decltype(linalg::matrix_rank(Of<double, 0, 5, 5>())), Of<int64_t, 0>>);
static_assert(same<decltype(linalg::matrix_rank(Of<double, 1, 1, 5, 5>())), Of<int64_t, 1, 1>>);
static_assert(same<decltype(linalg::matrix_rank(Of<float, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(linalg::matrix_rank(Of<Complex<double>, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(linalg::matrix_rank(Of<Complex<float>, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(linalg::matrix_rank(Of<float, 0, 5, 5>())), Of<int64_t, 0>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<double, 0, 5, 5>())), Of<double, 0, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<float, 0, 5, 5>())), Of<float, 0, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(linalg::matrix_sqrth(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(linalg::multi_dot(Of<double, 1, 2>(), Of<double, 2, 1>())), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::multi_dot(Of<double, 0, 2>(), Of<double, 2, 2>())), Of<double, 0, 2>>);
static_assert(same<decltype(linalg::multi_dot(Of<double, 2, 3>(), Of<double, 3, 4>(), Of<double, 4, 5>())), Of<double, 2, 5>>);
static_assert(same<decltype(linalg::multi_dot(Of<double, 2, 4>(), Of<double, 4, 3>(), Of<double, 3, 5>(), Of<double, 5, 3>(), Of<double, 3, 2>())), Of<double, 2, 2>>);
static_assert(same<decltype(linalg::multi_dot(Of<float, 1, 2>(), Of<float, 2, 1>())), Of<float, 1, 1>>);
static_assert(same<decltype(linalg::multi_dot(Of<float, 2, 3>(), Of<float, 3, 4>(), Of<float, 4, 5>())), Of<float, 2, 5>>);
static_assert(same<decltype(linalg::multi_dot(Of<BFloat16, 1, 2>(), Of<BFloat16, 2, 1>())), Of<BFloat16, 1, 1>>);
static_assert(same<decltype(linalg::multi_dot(Of<BFloat16, 2, 3>(), Of<BFloat16, 3, 4>(), Of<BFloat16, 4, 5>())), Of<BFloat16, 2, 5>>);
static_assert(same<decltype(linalg::multi_dot(Of<Half, 1, 2>(), Of<Half, 2, 1>())), Of<Half, 1, 1>>);
static_assert(same<decltype(linalg::multi_dot(Of<int64_t, 1, 2>(), Of<int64_t, 2, 1>())), Of<int64_t, 1, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 5>())), Of<double>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 5>(), typed::keepdim)), Of<double, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 0>())), Of<double>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 0>(), typed::keepdim)), Of<double, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(linalg::norm<>(Of<double, 5, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<float, 5>())), Of<float>>);
static_assert(same<decltype(linalg::norm<>(Of<float, 0>(), typed::keepdim)), Of<float, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<float, 0, 0>(), typed::keepdim)), Of<float, 1, 1>>);
static_assert(same<decltype(linalg::norm<>(Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(linalg::pinv(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<double, 0, 0>())), Of<double, 0, 0>>);
static_assert(same<decltype(linalg::pinv(Of<double, 0, 5, 5>())), Of<double, 0, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<double, 0, 0, 0>())), Of<double, 0, 0, 0>>);
static_assert(same<decltype(linalg::pinv(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<float, 2, 0, 0>())), Of<float, 2, 0, 0>>);
static_assert(same<decltype(linalg::pinv(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(linalg::pinv(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(linalg::polar(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(linalg::polar(Of<double, 2, 2>())), std::tuple<Of<double, 2, 2>, Of<double, 2, 2>>>);
static_assert(same<decltype(linalg::polar(Of<double, 2, 5, 3>())), std::tuple<Of<double, 2, 5, 3>, Of<double, 2, 3, 3>>>);
static_assert(same<decltype(linalg::polar(Of<double, 1, 1, 5, 5>())), std::tuple<Of<double, 1, 1, 5, 5>, Of<double, 1, 1, 5, 5>>>);
static_assert(same<decltype(linalg::polar(Of<double, 1, 1, 2, 2>())), std::tuple<Of<double, 1, 1, 2, 2>, Of<double, 1, 1, 2, 2>>>);
static_assert(same<decltype(linalg::polar(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(linalg::polar(Of<float, 1, 1, 5, 5>())), std::tuple<Of<float, 1, 1, 5, 5>, Of<float, 1, 1, 5, 5>>>);
static_assert(same<decltype(linalg::polar(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<Complex<double>, 5, 5>>>);
static_assert(same<decltype(linalg::polar(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<Complex<float>, 5, 5>>>);
static_assert(same<decltype(linalg::qr(Of<double, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(linalg::qr(Of<double, 5, 0>())), std::tuple<Of<double, 5, 0>, Of<double, 0, 0>>>);
static_assert(same<decltype(linalg::qr(Of<double, 2, 2>())), std::tuple<Of<double, 2, 2>, Of<double, 2, 2>>>);
static_assert(same<decltype(linalg::qr(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<double, 0, 0>>>);
static_assert(same<decltype(linalg::qr(Of<double, 0, 5, 2>())), std::tuple<Of<double, 0, 5, 2>, Of<double, 0, 2, 2>>>);
static_assert(same<decltype(linalg::qr(Of<double, 1, 1, 5, 2>())), std::tuple<Of<double, 1, 1, 5, 2>, Of<double, 1, 1, 2, 2>>>);
static_assert(same<decltype(linalg::qr(Of<float, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(linalg::qr(Of<float, 0, 2, 5>())), std::tuple<Of<float, 0, 2, 2>, Of<float, 0, 2, 5>>>);
static_assert(same<decltype(linalg::qr(Of<Complex<double>, 5, 5>())), std::tuple<Of<Complex<double>, 5, 5>, Of<Complex<double>, 5, 5>>>);
static_assert(same<decltype(linalg::qr(Of<Complex<float>, 5, 5>())), std::tuple<Of<Complex<float>, 5, 5>, Of<Complex<float>, 5, 5>>>);
static_assert(same<decltype(linalg::slogdet(Of<double, 0, 0>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(linalg::slogdet(Of<double, 5, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(linalg::slogdet(Of<double, 0, 1, 1>())), std::tuple<Of<double, 0>, Of<double, 0>>>);
static_assert(same<decltype(linalg::slogdet(Of<double, 3, 0, 0>())), std::tuple<Of<double, 3>, Of<double, 3>>>);
static_assert(same<decltype(linalg::slogdet(Of<double, 3, 5, 5>())), std::tuple<Of<double, 3>, Of<double, 3>>>);
static_assert(same<decltype(linalg::slogdet(Of<float, 0, 0>())), std::tuple<Of<float>, Of<float>>>);
static_assert(same<decltype(linalg::slogdet(Of<float, 3, 0, 0>())), std::tuple<Of<float, 3>, Of<float, 3>>>);
static_assert(same<decltype(linalg::slogdet(Of<Complex<double>, 0, 0>())), std::tuple<Of<Complex<double>>, Of<double>>>);
static_assert(same<decltype(linalg::slogdet(Of<Complex<float>, 0, 0>())), std::tuple<Of<Complex<float>>, Of<float>>>);
static_assert(same<decltype(linalg::solve(Of<double, 5, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(linalg::solve(Of<double, 5, 5>(), Of<double, 5, 3>())), Of<double, 5, 3>>);
static_assert(same<decltype(linalg::solve(Of<double, 0, 5, 5>(), Of<double, 0, 5, 1>())), Of<double, 0, 5, 1>>);
static_assert(same<decltype(linalg::solve(Of<double, 2, 5, 5>(), Of<double, 2, 5>())), Of<double, 2, 5>>);
static_assert(same<decltype(linalg::solve(Of<double, 2, 5, 5>(), Of<double, 2, 5, 3>())), Of<double, 2, 5, 3>>);
static_assert(same<decltype(linalg::solve(Of<double, 2, 2, 5, 5>(), Of<double, 2, 2, 5, 1>())), Of<double, 2, 2, 5, 1>>);
static_assert(same<decltype(linalg::solve(Of<float, 5, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(linalg::solve(Of<float, 2, 5, 5>(), Of<float, 2, 5, 3>())), Of<float, 2, 5, 3>>);
static_assert(same<decltype(linalg::solve(Of<Complex<double>, 5, 5>(), Of<Complex<double>, 5>())), Of<Complex<double>, 5>>);
static_assert(same<decltype(linalg::solve(Of<Complex<float>, 5, 5>(), Of<Complex<float>, 5>())), Of<Complex<float>, 5>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 5, 5>(), Of<double, 5>())), std::tuple<Of<double, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 5, 5>(), Of<double, 5, 3>())), std::tuple<Of<double, 5, 3>, Of<int32_t>>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 0, 5, 5>(), Of<double, 0, 5, 1>())), std::tuple<Of<double, 0, 5, 1>, Of<int32_t, 0>>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 2, 5, 5>(), Of<double, 2, 5>())), std::tuple<Of<double, 2, 5>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 2, 5, 5>(), Of<double, 2, 5, 3>())), std::tuple<Of<double, 2, 5, 3>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::solve_ex(Of<double, 2, 2, 5, 5>(), Of<double, 2, 2, 5, 1>())), std::tuple<Of<double, 2, 2, 5, 1>, Of<int32_t, 2, 2>>>);
static_assert(same<decltype(linalg::solve_ex(Of<float, 5, 5>(), Of<float, 5>())), std::tuple<Of<float, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::solve_ex(Of<float, 2, 5, 5>(), Of<float, 2, 5, 3>())), std::tuple<Of<float, 2, 5, 3>, Of<int32_t, 2>>>);
static_assert(same<decltype(linalg::solve_ex(Of<Complex<double>, 5, 5>(), Of<Complex<double>, 5>())), std::tuple<Of<Complex<double>, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::solve_ex(Of<Complex<float>, 5, 5>(), Of<Complex<float>, 5>())), std::tuple<Of<Complex<float>, 5>, Of<int32_t>>>);
static_assert(same<decltype(linalg::solve_triangular(Of<double, 3, 3>(), Of<double, 3, 1>(), true)), Of<double, 3, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<double, 0, 0>(), Of<double, 0, 1>(), true)), Of<double, 0, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<double, 2, 3, 3>(), Of<double, 2, 3, 1>(), true)), Of<double, 2, 3, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<double, 2, 0, 0>(), Of<double, 2, 0, 1>(), true)), Of<double, 2, 0, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<double, 0, 3, 3>(), Of<double, 0, 3, 1>(), true)), Of<double, 0, 3, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<float, 3, 3>(), Of<float, 3, 1>(), true)), Of<float, 3, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<float, 2, 16, 16>(), Of<float, 2, 16, 1>(), true)), Of<float, 2, 16, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<Complex<double>, 3, 3>(), Of<Complex<double>, 3, 1>(), true)), Of<Complex<double>, 3, 1>>);
static_assert(same<decltype(linalg::solve_triangular(Of<Complex<float>, 3, 3>(), Of<Complex<float>, 3, 1>(), true)), Of<Complex<float>, 3, 1>>);
static_assert(same<decltype(linalg::svd<true>(Of<double, 0, 0>())), std::tuple<Of<double, 0, 0>, Of<double, 0>, Of<double, 0, 0>>>);
static_assert(same<decltype(linalg::svd<false>(Of<double, 0, 3>())), std::tuple<Of<double, 0, 0>, Of<double, 0>, Of<double, 0, 3>>>);
static_assert(same<decltype(linalg::svd<false>(Of<double, 3, 0>())), std::tuple<Of<double, 3, 0>, Of<double, 0>, Of<double, 0, 0>>>);
static_assert(same<decltype(linalg::svd<false>(Of<double, 3, 5>())), std::tuple<Of<double, 3, 3>, Of<double, 3>, Of<double, 3, 5>>>);
static_assert(same<decltype(linalg::svd<false>(Of<double, 5, 3>())), std::tuple<Of<double, 5, 3>, Of<double, 3>, Of<double, 3, 3>>>);
static_assert(same<decltype(linalg::svd<false>(Of<double, 0, 0, 0>())), std::tuple<Of<double, 0, 0, 0>, Of<double, 0, 0>, Of<double, 0, 0, 0>>>);
static_assert(same<decltype(linalg::svd<true>(Of<double, 0, 5, 0>())), std::tuple<Of<double, 0, 5, 5>, Of<double, 0, 0>, Of<double, 0, 0, 0>>>);
static_assert(same<decltype(linalg::svd<true>(Of<float, 0, 0>())), std::tuple<Of<float, 0, 0>, Of<float, 0>, Of<float, 0, 0>>>);
static_assert(same<decltype(linalg::svd<true>(Of<float, 0, 0, 0>())), std::tuple<Of<float, 0, 0, 0>, Of<float, 0, 0>, Of<float, 0, 0, 0>>>);
static_assert(same<decltype(linalg::svd<true>(Of<Complex<double>, 0, 0>())), std::tuple<Of<Complex<double>, 0, 0>, Of<double, 0>, Of<Complex<double>, 0, 0>>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 5, 0>())), Of<double, 0>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 2, 2>())), Of<double, 2>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 0, 5>())), Of<double, 0>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 0, 5, 2>())), Of<double, 0, 2>>);
static_assert(same<decltype(linalg::svdvals(Of<double, 1, 1, 5, 2>())), Of<double, 1, 1, 2>>);
static_assert(same<decltype(linalg::svdvals(Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(linalg::svdvals(Of<float, 0, 2, 5>())), Of<float, 0, 2>>);
static_assert(same<decltype(linalg::svdvals(Of<Complex<double>, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(linalg::svdvals(Of<Complex<float>, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(linalg::tensorinv<3>(Of<double, 2, 2, 3, 12, 1>())), Of<double, 12, 1, 2, 2, 3>>);
static_assert(same<decltype(linalg::tensorinv<2>(Of<double, 4, 3, 6, 1, 2>())), Of<double, 6, 1, 2, 4, 3>>);
static_assert(same<decltype(linalg::tensorinv<3>(Of<float, 2, 2, 3, 12, 1>())), Of<float, 12, 1, 2, 2, 3>>);
static_assert(same<decltype(linalg::tensorinv<2>(Of<float, 4, 3, 6, 1, 2>())), Of<float, 6, 1, 2, 4, 3>>);
static_assert(same<decltype(linalg::tensorinv<3>(Of<Complex<double>, 2, 2, 3, 12, 1>())), Of<Complex<double>, 12, 1, 2, 2, 3>>);
static_assert(same<decltype(linalg::tensorinv<3>(Of<Complex<float>, 2, 2, 3, 12, 1>())), Of<Complex<float>, 12, 1, 2, 2, 3>>);
static_assert(same<decltype(linalg::tensorsolve(Of<double, 2, 3, 6>(), Of<double, 2, 3>())), Of<double, 6>>);
static_assert(same<decltype(linalg::tensorsolve(Of<double, 3, 4, 4, 3>(), Of<double, 3, 4>())), Of<double, 4, 3>>);
static_assert(same<decltype(linalg::tensorsolve(Of<float, 2, 3, 6>(), Of<float, 2, 3>())), Of<float, 6>>);
static_assert(same<decltype(linalg::tensorsolve(Of<float, 3, 4, 4, 3>(), Of<float, 3, 4>())), Of<float, 4, 3>>);
static_assert(same<decltype(linalg::tensorsolve(Of<Complex<double>, 2, 3, 6>(), Of<Complex<double>, 2, 3>())), Of<Complex<double>, 6>>);
static_assert(same<decltype(linalg::tensorsolve(Of<Complex<float>, 2, 3, 6>(), Of<Complex<float>, 2, 3>())), Of<Complex<float>, 6>>);
static_assert(same<decltype(linalg::vander<2>(Of<double>())), Of<double, 1, 2>>);
static_assert(same<decltype(linalg::vander<-1>(Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::vander<5>(Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(linalg::vander<-1>(Of<double, 2, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::vander<5>(Of<double, 2, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(linalg::vander<2>(Of<float>())), Of<float, 1, 2>>);
static_assert(same<decltype(linalg::vander<-1>(Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(linalg::vander<-1>(Of<float, 2, 5>())), Of<float, 2, 5, 5>>);
static_assert(same<decltype(linalg::vander<2>(Of<int64_t>())), Of<int64_t, 1, 2>>);
static_assert(same<decltype(linalg::vander<2>(Of<int32_t>())), Of<int64_t, 1, 2>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<double, 0>(), Of<double, 0>())), Of<double>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<double, 1>(), Of<double, 1>())), Of<double>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<double, 0, 0>(), Of<double, 0, 0>())), Of<double, 0>>);
static_assert(same<decltype(linalg::vecdot<0>(Of<double, 0, 1>(), Of<double, 0, 1>())), Of<double, 1>>);
static_assert(same<decltype(linalg::vecdot<1>(Of<double, 1, 0>(), Of<double, 1, 0>())), Of<double, 1>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<float, 0>(), Of<float, 0>())), Of<float>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<float, 0, 3>(), Of<float, 0, 3>())), Of<float, 0>>);
static_assert(same<decltype(linalg::vecdot<1>(Of<float, 1, 3>(), Of<float, 1, 3>())), Of<float, 1>>);
static_assert(same<decltype(linalg::vecdot<-1>(Of<BFloat16, 0>(), Of<BFloat16, 0>())), Of<BFloat16>>);
static_assert(same<decltype(linalg::vector_norm<>(Of<double>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<0>(Of<double>(), typed::keepdim)), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<-1>(Of<double>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<0>(Of<double, 2>(), typed::keepdim)), Of<double, 1>>);
static_assert(same<decltype(linalg::vector_norm<0>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<-1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(linalg::vector_norm<0, 1>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(linalg::vector_norm<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(linear(Of<double, 3>(), Of<double, 4, 3>(), Of<double, 4>())), Of<double, 4>>);
static_assert(same<decltype(linear(Of<double, 8, 3>(), Of<double, 4, 3>(), Of<double, 4>())), Of<double, 8, 4>>);
static_assert(same<decltype(linear(Of<double, 8>(), Of<double, 8, 8>(), Of<double, 8>())), Of<double, 8>>);
static_assert(same<decltype(linear(Of<double, 8, 8>(), Of<double, 8, 8>(), Of<double, 8>())), Of<double, 8, 8>>);
static_assert(same<decltype(linear(Of<double, 3>(), Of<double, 4, 3>())), Of<double, 4>>);
static_assert(same<decltype(linear(Of<double, 8, 3>(), Of<double, 4, 3>())), Of<double, 8, 4>>);
static_assert(same<decltype(linear(Of<double, 2, 1, 2, 1, 2>(), Of<double, 4, 2>())), Of<double, 2, 1, 2, 1, 4>>);
static_assert(same<decltype(linear(Of<double, 3, 4, 0>(), Of<double, 5, 0>())), Of<double, 3, 4, 5>>);
static_assert(same<decltype(linear(Of<double, 8, 3>(), Of<double, 3>())), Of<double, 8>>);
static_assert(same<decltype(linear(Of<double, 2, 1, 2, 1, 2>(), Of<double, 2>())), Of<double, 2, 1, 2, 1>>);
static_assert(same<decltype(local_response_norm(Of<double, 1, 6, 3>(), 2)), Of<double, 1, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<double, 2, 6, 3>(), 2)), Of<double, 2, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<double, 0, 1, 2>(), 2)), Of<double, 0, 1, 2>>);
static_assert(same<decltype(local_response_norm(Of<float, 1, 6, 3>(), 2)), Of<float, 1, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<float, 2, 6, 3>(), 2)), Of<float, 2, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<BFloat16, 1, 6, 3>(), 2)), Of<BFloat16, 1, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<Half, 1, 6, 3>(), 2)), Of<Half, 1, 6, 3>>);
static_assert(same<decltype(local_response_norm(Of<int64_t, 1, 6, 3>(), 2)), Of<float, 1, 6, 3>>);
static_assert(same<decltype(log(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(log(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(log(Of<double>())), Of<double>>);
static_assert(same<decltype(log(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(log(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(log(Of<float>())), Of<float>>);
static_assert(same<decltype(log(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(log(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(log(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(log(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(log10(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(log10(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(log10(Of<double>())), Of<double>>);
static_assert(same<decltype(log10(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(log10(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(log10(Of<float>())), Of<float>>);
static_assert(same<decltype(log10(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(log10(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(log10(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(log10(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(log1p(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(log1p(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(log1p(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(log1p(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(log1p(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(log1p(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(log1p(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(log1p(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(log1p(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(log1p(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(log2(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(log2(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(log2(Of<double>())), Of<double>>);
static_assert(same<decltype(log2(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(log2(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(log2(Of<float>())), Of<float>>);
static_assert(same<decltype(log2(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(log2(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(log2(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(log2(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(log_softmax<0>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(log_softmax<1>(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(log_softmax<2>(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(log_softmax<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(log_softmax<0>(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(log_softmax<1>(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(log_softmax<2>(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(log_softmax<0>(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(log_softmax<2>(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(log_softmax<0>(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(logaddexp(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(logaddexp(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(logaddexp(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(logaddexp(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(logaddexp(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(logaddexp(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(logaddexp(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(logaddexp(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(logaddexp(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(logaddexp(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(logaddexp2(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(logaddexp2(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(logaddexp2(Of<BFloat16, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(logaddexp2(Of<Half, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(logcumsumexp<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<float>())), Of<float>>);
static_assert(same<decltype(logcumsumexp<0>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(logcumsumexp<0>(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<Complex<double>, 5, 5, 5>())), Of<Complex<double>, 5, 5, 5>>);
static_assert(same<decltype(logcumsumexp<0>(Of<Complex<double>>())), Of<Complex<double>>>);
static_assert(same<decltype(logdet(Of<double, 0, 0>())), Of<double>>);
static_assert(same<decltype(logdet(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(logdet(Of<double, 0, 1, 1>())), Of<double, 0>>);
static_assert(same<decltype(logdet(Of<double, 3, 0, 0>())), Of<double, 3>>);
static_assert(same<decltype(logdet(Of<double, 3, 5, 5>())), Of<double, 3>>);
static_assert(same<decltype(logdet(Of<float, 0, 0>())), Of<float>>);
static_assert(same<decltype(logdet(Of<float, 3, 0, 0>())), Of<float, 3>>);
static_assert(same<decltype(logdet(Of<Complex<double>, 0, 0>())), Of<Complex<double>>>);
static_assert(same<decltype(logdet(Of<Complex<float>, 0, 0>())), Of<Complex<float>>>);
static_assert(same<decltype(logical_and(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(logical_and(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(logical_and(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(logical_and(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(logical_and(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(logical_and(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(logical_and(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(logical_and(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(logical_and(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(logical_and(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(logical_not(Of<double, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<double, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(logical_not(Of<double>())), Of<bool>>);
static_assert(same<decltype(logical_not(Of<float, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<float, 1, 0, 3>())), Of<bool, 1, 0, 3>>);
static_assert(same<decltype(logical_not(Of<BFloat16, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<Half, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<int64_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<int32_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_not(Of<uint8_t, 20>())), Of<bool, 20>>);
static_assert(same<decltype(logical_or(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(logical_or(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(logical_or(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(logical_or(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(logical_or(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(logical_or(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(logical_or(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(logical_or(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(logical_or(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(logical_or(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(logical_xor(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(logical_xor(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(logical_xor(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(logical_xor(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(logical_xor(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(logit(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<double>())), Of<double>>);
static_assert(same<decltype(logit(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<float>())), Of<float>>);
static_assert(same<decltype(logit(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(logit(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<int64_t, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<int32_t, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(logit(Of<uint8_t, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(logsigmoid(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(logsigmoid(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(logsigmoid(Of<double>())), Of<double>>);
static_assert(same<decltype(logsigmoid(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(logsigmoid(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(logsigmoid(Of<float>())), Of<float>>);
static_assert(same<decltype(logsigmoid(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(logsigmoid(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(logsigmoid(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(logsumexp<0>(Of<double>(), typed::keepdim)), Of<double>>);
static_assert(same<decltype(logsumexp<1>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(logsumexp<0, 1>(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(logsumexp<1>(Of<double, 5, 5>(), typed::keepdim)), Of<double, 5, 1>>);
static_assert(same<decltype(logsumexp<-2>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(logsumexp<0>(Of<float>(), typed::keepdim)), Of<float>>);
static_assert(same<decltype(logsumexp<0, 1>(Of<float, 5, 5>())), Of<float>>);
static_assert(same<decltype(logsumexp<0>(Of<BFloat16>(), typed::keepdim)), Of<BFloat16>>);
static_assert(same<decltype(logsumexp<1>(Of<BFloat16, 5, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(logsumexp<0>(Of<Half>(), typed::keepdim)), Of<Half>>);
static_assert(same<decltype(lt(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(lt(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(lt(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(lt(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(lt(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(lt(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(lt(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(lt(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(lt(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(lt(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(mH(Of<double, 1, 2, 3>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(mH(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(mH(Of<double, 10, 5, 10, 5>())), Of<double, 10, 5, 5, 10>>);
static_assert(same<decltype(mH(Of<float, 1, 2, 3>())), Of<float, 1, 3, 2>>);
static_assert(same<decltype(mH(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(mH(Of<float, 10, 5, 10, 5>())), Of<float, 10, 5, 5, 10>>);
static_assert(same<decltype(mH(Of<BFloat16, 1, 2, 3>())), Of<BFloat16, 1, 3, 2>>);
static_assert(same<decltype(mH(Of<Half, 1, 2, 3>())), Of<Half, 1, 3, 2>>);
static_assert(same<decltype(mH(Of<int64_t, 1, 2, 3>())), Of<int64_t, 1, 3, 2>>);
static_assert(same<decltype(mH(Of<int32_t, 1, 2, 3>())), Of<int32_t, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<double, 1, 2, 3>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(mT(Of<double, 10, 5, 10, 5>())), Of<double, 10, 5, 5, 10>>);
static_assert(same<decltype(mT(Of<float, 1, 2, 3>())), Of<float, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(mT(Of<float, 10, 5, 10, 5>())), Of<float, 10, 5, 5, 10>>);
static_assert(same<decltype(mT(Of<BFloat16, 1, 2, 3>())), Of<BFloat16, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<Half, 1, 2, 3>())), Of<Half, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<int64_t, 1, 2, 3>())), Of<int64_t, 1, 3, 2>>);
static_assert(same<decltype(mT(Of<int32_t, 1, 2, 3>())), Of<int32_t, 1, 3, 2>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Sum>(Of<double>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::None>(Of<double>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Mean>(Of<double>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::None>(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Sum>(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::None>(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Sum>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::None>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(margin_ranking_loss<Reduction::Sum>(Of<float>(), Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(masked_fill(Of<double, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<double, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<double, 5, 5>(), Of<bool, 5>(), 0)), Of<double, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<float, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<float, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<float, 5, 5>(), Of<bool, 5>(), 0)), Of<float, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<BFloat16, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<Half, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<Half, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<int64_t, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<int64_t, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<int32_t, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<int32_t, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<uint8_t, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<uint8_t, 5, 5>>);
static_assert(same<decltype(masked_fill(Of<bool, 5, 5>(), Of<bool, 5, 5>(), 0)), Of<bool, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<double, 5, 5>(), Of<bool, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<double, 5, 5>(), Of<bool, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<double, 5, 5>(), Of<bool>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<double, 5>(), Of<bool, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<float, 5, 5>(), Of<bool, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<BFloat16, 5, 5>(), Of<bool, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<Half, 5, 5>(), Of<bool, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<int64_t, 5, 5>(), Of<bool, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<int32_t, 5, 5>(), Of<bool, 5, 5>(), Of<int32_t, 5, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(masked_scatter(Of<uint8_t, 5, 5>(), Of<bool, 5, 5>(), Of<uint8_t, 5, 5>())), Of<uint8_t, 5, 5>>);
static_assert(same<decltype(matmul(Of<double, 20>(), Of<double, 20>())), Of<double>>);
static_assert(same<decltype(matmul(Of<double, 10>(), Of<double, 10, 5>())), Of<double, 5>>);
static_assert(same<decltype(matmul(Of<double, 5, 0>(), Of<double, 0, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(matmul(Of<double, 5, 5, 10>(), Of<double, 10, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(matmul(Of<double, 10>(), Of<double, 5, 10, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(matmul(Of<double, 0, 0>(), Of<double, 5, 0, 0>())), Of<double, 5, 0, 0>>);
static_assert(same<decltype(matmul(Of<double, 5, 5, 10, 10>(), Of<double, 10>())), Of<double, 5, 5, 10>>);
static_assert(same<decltype(matmul(Of<double, 5, 5, 5>(), Of<double, 1, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(matmul(Of<float, 20>(), Of<float, 20>())), Of<float>>);
static_assert(same<decltype(matmul(Of<float, 5, 0>(), Of<float, 0, 10>())), Of<float, 5, 10>>);
static_assert(same<decltype(matrix_exp(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(matrix_exp(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(max<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(max<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(max<0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(max<0>(Of<double>(), typed::keepdim)), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(max<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(max<1>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(max<0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(max<1>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(max<0>(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int64_t>>>);
static_assert(same<decltype(max<1>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.stride = 2, .padding = 0, .dilation = 1, .ceil_mode = true}>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 1>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.stride = {2}, .padding = 0, .dilation = 1, .ceil_mode = false}>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 1>>);
static_assert(same<decltype(max_pool1d<typed::Sizes{3}, typed::Window{.stride = {2}, .padding = 0, .dilation = {1}, .ceil_mode = true}>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 1>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 1, 2, 6>())), Of<double, 1, 2, 2>>);
static_assert(same<decltype(max_pool1d<typed::Sizes{3}, typed::Window{.padding = 1, .dilation = {1}, .ceil_mode = true}>(Of<double, 1, 2, 6>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.stride = 2, .padding = {1}, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 2, 3>())), Of<double, 2, 2, 2>>);
static_assert(same<decltype(max_pool1d<typed::Sizes{3}, typed::Window{.stride = 2, .padding = {1}, .dilation = {1}, .ceil_mode = true}>(Of<double, 2, 2, 3>())), Of<double, 2, 2, 2>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 3>())), Of<double, 2, 1>>);
static_assert(same<decltype(max_pool1d<typed::Sizes{3}, typed::Window{.padding = 1, .dilation = {1}, .ceil_mode = true}>(Of<double, 2, 3>())), Of<double, 2, 2>>);
static_assert(same<decltype(max_pool1d<3, typed::Window{.stride = 2, .padding = {1}, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 6>())), Of<double, 2, 3>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.stride = 2, .padding = 0, .dilation = 1, .ceil_mode = true}>(Of<double, 1, 2, 3, 6>())), Of<double, 1, 2, 1, 3>>);
static_assert(same<decltype(max_pool2d<typed::Sizes{3, 2}, typed::Window{.padding = 1, .dilation = {1, 2}, .ceil_mode = true}>(Of<double, 1, 2, 3, 6>())), Of<double, 1, 2, 2, 4>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.stride = {2, 1}, .padding = 0, .dilation = 1, .ceil_mode = false}>(Of<double, 1, 2, 3, 6>())), Of<double, 1, 2, 1, 4>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.stride = 2, .padding = {1, 1}, .dilation = 1, .ceil_mode = false}>(Of<double, 1, 2, 6, 6>())), Of<double, 1, 2, 3, 3>>);
static_assert(same<decltype(max_pool2d<typed::Sizes{3, 2}, typed::Window{.stride = {2, 1}, .padding = 0, .dilation = {1, 2}, .ceil_mode = true}>(Of<double, 1, 2, 6, 6>())), Of<double, 1, 2, 3, 4>>);
static_assert(same<decltype(max_pool2d<typed::Sizes{3, 2}, typed::Window{.stride = 2, .padding = {1, 1}, .dilation = {1, 2}, .ceil_mode = true}>(Of<double, 1, 2, 6, 6>())), Of<double, 1, 2, 4, 4>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 2, 3, 6>())), Of<double, 2, 2, 1, 2>>);
static_assert(same<decltype(max_pool2d<typed::Sizes{3, 2}, typed::Window{.stride = 2, .padding = {1, 1}, .dilation = {1, 2}, .ceil_mode = true}>(Of<double, 2, 3, 6>())), Of<double, 2, 2, 4>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 6, 6>())), Of<double, 2, 2, 2>>);
static_assert(same<decltype(max_pool2d<3, typed::Window{.stride = 2, .padding = 0, .dilation = 1, .ceil_mode = true}>(Of<float, 1, 2, 3, 6>())), Of<float, 1, 2, 1, 3>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.stride = 2, .padding = 0, .dilation = 1, .ceil_mode = true}>(Of<double, 1, 2, 3, 6, 5>())), Of<double, 1, 2, 1, 3, 2>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.stride = {2, 1, 2}, .padding = 0, .dilation = 1, .ceil_mode = false}>(Of<double, 1, 2, 3, 6, 5>())), Of<double, 1, 2, 1, 4, 2>>);
static_assert(same<decltype(max_pool3d<typed::Sizes{3, 2, 3}, typed::Window{.stride = {2, 1, 2}, .padding = 0, .dilation = {1, 2, 1}, .ceil_mode = true}>(Of<double, 1, 2, 3, 6, 5>())), Of<double, 1, 2, 1, 4, 2>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.padding = 0, .dilation = {1, 2, 1}, .ceil_mode = false}>(Of<double, 1, 2, 6, 6, 5>())), Of<double, 1, 2, 2, 1, 1>>);
static_assert(same<decltype(max_pool3d<typed::Sizes{3, 2, 3}, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = true}>(Of<double, 1, 2, 6, 6, 5>())), Of<double, 1, 2, 3, 4, 2>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.stride = 2, .padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 2, 3, 6, 5>())), Of<double, 2, 2, 2, 3, 3>>);
static_assert(same<decltype(max_pool3d<typed::Sizes{3, 2, 3}, typed::Window{.stride = 2, .padding = 1, .dilation = {1, 2, 1}, .ceil_mode = true}>(Of<double, 2, 2, 3, 6, 5>())), Of<double, 2, 2, 2, 4, 3>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.padding = 0, .dilation = {1, 2, 1}, .ceil_mode = false}>(Of<double, 2, 3, 6, 5>())), Of<double, 2, 1, 1, 1>>);
static_assert(same<decltype(max_pool3d<typed::Sizes{3, 2, 3}, typed::Window{.padding = 1, .dilation = 1, .ceil_mode = true}>(Of<double, 2, 3, 6, 5>())), Of<double, 2, 2, 4, 2>>);
static_assert(same<decltype(max_pool3d<3, typed::Window{.stride = 2, .padding = 1, .dilation = 1, .ceil_mode = false}>(Of<double, 2, 6, 6, 5>())), Of<double, 2, 3, 3, 3>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3}>(Of<double, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<typed::Sizes{3}, typed::Window{.stride = 2, .padding = {1}}, typed::Sizes{3}>(Of<double, 1, 2, 2>(), Of<int64_t, 1, 2, 2>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<typed::Sizes{3}, typed::Window{.stride = {2}, .padding = 0}, typed::Sizes{3}>(Of<double, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = 2, .padding = 1}, typed::Sizes{6}>(Of<double, 1, 2, 3>(), Of<int64_t, 1, 2, 3>())), Of<double, 1, 2, 6>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = {2}, .padding = {1}}, typed::Sizes{6}>(Of<double, 1, 2, 4>(), Of<int64_t, 1, 2, 4>())), Of<double, 1, 2, 6>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3}>(Of<float, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<float, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = {2}, .padding = 0}, typed::Sizes{6}>(Of<float, 1, 2, 3>(), Of<int64_t, 1, 2, 3>())), Of<float, 1, 2, 6>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3}>(Of<BFloat16, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<BFloat16, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3}>(Of<Half, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<Half, 1, 2, 3>>);
static_assert(same<decltype(max_unpool1d<3, typed::Window{.stride = {2}, .padding = 0}, typed::Sizes{3}>(Of<double, 1, 2, 1>(), Of<int64_t, 1, 2, 1>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6}>(Of<double, 1, 2, 1, 3>(), Of<int64_t, 1, 2, 1, 3>())), Of<double, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<typed::Sizes{3, 2}, typed::Window{.stride = 2, .padding = {1, 1}}, typed::Sizes{3, 6}>(Of<double, 1, 2, 2, 4>(), Of<int64_t, 1, 2, 2, 4>())), Of<double, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = 2, .padding = 1}, typed::Sizes{3, 6}>(Of<double, 1, 2, 2, 3>(), Of<int64_t, 1, 2, 2, 3>())), Of<double, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<typed::Sizes{3, 2}, typed::Window{.stride = {2, 1}, .padding = 0}, typed::Sizes{6, 6}>(Of<double, 1, 2, 3, 5>(), Of<int64_t, 1, 2, 3, 5>())), Of<double, 1, 2, 6, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = {2, 1}, .padding = {1, 1}}, typed::Sizes{6, 6}>(Of<double, 1, 2, 4, 6>(), Of<int64_t, 1, 2, 4, 6>())), Of<double, 1, 2, 6, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6}>(Of<float, 1, 2, 1, 3>(), Of<int64_t, 1, 2, 1, 3>())), Of<float, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = {2, 1}, .padding = 0}, typed::Sizes{3, 6}>(Of<float, 2, 2, 1, 4>(), Of<int64_t, 2, 2, 1, 4>())), Of<float, 2, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6}>(Of<BFloat16, 1, 2, 1, 3>(), Of<int64_t, 1, 2, 1, 3>())), Of<BFloat16, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6}>(Of<Half, 1, 2, 1, 3>(), Of<int64_t, 1, 2, 1, 3>())), Of<Half, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool2d<typed::Sizes{3, 2}, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6}>(Of<double, 1, 2, 1, 3>(), Of<int64_t, 1, 2, 1, 3>())), Of<double, 1, 2, 3, 6>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<double, 1, 2, 1, 3, 2>(), Of<int64_t, 1, 2, 1, 3, 2>())), Of<double, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(max_unpool3d<typed::Sizes{3, 2, 3}, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<double, 1, 2, 1, 3, 2>(), Of<int64_t, 1, 2, 1, 3, 2>())), Of<double, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(max_unpool3d<typed::Sizes{3, 2, 3}, typed::Window{.stride = {2, 1, 2}, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<double, 1, 2, 1, 5, 2>(), Of<int64_t, 1, 2, 1, 5, 2>())), Of<double, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{6, 6, 5}>(Of<double, 1, 2, 2, 2, 2>(), Of<int64_t, 1, 2, 2, 2, 2>())), Of<double, 1, 2, 6, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = {2, 1, 2}, .padding = 0}, typed::Sizes{6, 6, 5}>(Of<double, 1, 2, 2, 4, 2>(), Of<int64_t, 1, 2, 2, 4, 2>())), Of<double, 1, 2, 6, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<float, 1, 2, 1, 3, 2>(), Of<int64_t, 1, 2, 1, 3, 2>())), Of<float, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = {2, 1, 2}, .padding = 0}, typed::Sizes{6, 6, 5}>(Of<float, 1, 2, 3, 4, 2>(), Of<int64_t, 1, 2, 3, 4, 2>())), Of<float, 1, 2, 6, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<BFloat16, 1, 2, 1, 3, 2>(), Of<int64_t, 1, 2, 1, 3, 2>())), Of<BFloat16, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(max_unpool3d<3, typed::Window{.stride = 2, .padding = 0}, typed::Sizes{3, 6, 5}>(Of<Half, 1, 2, 1, 3, 2>(), Of<int64_t, 1, 2, 1, 3, 2>())), Of<Half, 1, 2, 3, 6, 5>>);
static_assert(same<decltype(maximum(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(maximum(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(maximum(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(maximum(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(maximum(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(maximum(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(maximum(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(maximum(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(maximum(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(maximum(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(mean<>(Of<double>())), Of<double>>);
static_assert(same<decltype(mean<-1>(Of<double>())), Of<double>>);
static_assert(same<decltype(mean<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(mean<-1>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(mean<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(mean<-1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(mean<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(mean<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(mean<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(mean<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(median<-1>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(median<0>(Of<double, 2>(), typed::keepdim)), std::tuple<Of<double, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(median<-1>(Of<double, 3, 5>())), std::tuple<Of<double, 3>, Of<int64_t, 3>>>);
static_assert(same<decltype(median<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), std::tuple<Of<double, 1, 2, 1, 2>, Of<int64_t, 1, 2, 1, 2>>>);
static_assert(same<decltype(median<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), std::tuple<Of<double, 3, 2, 1, 2>, Of<int64_t, 3, 2, 1, 2>>>);
static_assert(same<decltype(median<0>(Of<float, 2>(), typed::keepdim)), std::tuple<Of<float, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(median<-1>(Of<float, 3, 5>())), std::tuple<Of<float, 3>, Of<int64_t, 3>>>);
static_assert(same<decltype(meshgrid<false>(Of<double>())), std::tuple<Of<double, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<double, 3>())), std::tuple<Of<double, 3>>>);
static_assert(same<decltype(meshgrid<false>(Of<double, 3>(), Of<double>())), std::tuple<Of<double, 3, 1>, Of<double, 3, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<double, 3>(), Of<double>(), Of<double, 3>())), std::tuple<Of<double, 3, 1, 3>, Of<double, 3, 1, 3>, Of<double, 3, 1, 3>>>);
static_assert(same<decltype(meshgrid<false>(Of<double, 3>(), Of<double>(), Of<double, 3>(), Of<double>())), std::tuple<Of<double, 3, 1, 3, 1>, Of<double, 3, 1, 3, 1>, Of<double, 3, 1, 3, 1>, Of<double, 3, 1, 3, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<float>())), std::tuple<Of<float, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<float, 3>(), Of<float>(), Of<float, 3>())), std::tuple<Of<float, 3, 1, 3>, Of<float, 3, 1, 3>, Of<float, 3, 1, 3>>>);
static_assert(same<decltype(meshgrid<false>(Of<BFloat16>())), std::tuple<Of<BFloat16, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<BFloat16, 3>(), Of<BFloat16>())), std::tuple<Of<BFloat16, 3, 1>, Of<BFloat16, 3, 1>>>);
static_assert(same<decltype(meshgrid<false>(Of<Half>())), std::tuple<Of<Half, 1>>>);
static_assert(same<decltype(min<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(min<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(min<0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(min<0>(Of<double>(), typed::keepdim)), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(min<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(min<1>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(min<0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(min<1>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(min<0>(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int64_t>>>);
static_assert(same<decltype(min<1>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 5, 5>, Of<int64_t, 5, 5>>>);
static_assert(same<decltype(minimum(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(minimum(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(minimum(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(minimum(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(minimum(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(minimum(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(minimum(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(minimum(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(minimum(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(minimum(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(mish(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(mish(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(mish(Of<double>())), Of<double>>);
static_assert(same<decltype(mish(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(mish(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(mish(Of<float>())), Of<float>>);
static_assert(same<decltype(mish(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(mish(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(mish(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(mm(Of<double, 5, 10>(), Of<double, 10, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(mm(Of<double, 0, 5>(), Of<double, 5, 10>())), Of<double, 0, 10>>);
static_assert(same<decltype(mm(Of<double, 5, 0>(), Of<double, 0, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(mm(Of<float, 5, 10>(), Of<float, 10, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(mm(Of<float, 0, 5>(), Of<float, 5, 10>())), Of<float, 0, 10>>);
static_assert(same<decltype(mm(Of<BFloat16, 5, 10>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(mm(Of<Half, 5, 10>(), Of<Half, 10, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(mm(Of<int64_t, 5, 10>(), Of<int64_t, 10, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(mm(Of<int32_t, 5, 10>(), Of<int32_t, 10, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(mm(Of<uint8_t, 5, 10>(), Of<uint8_t, 10, 5>())), Of<uint8_t, 5, 5>>);
static_assert(same<decltype(mode<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(mode<0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(mode<1>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 5, 1, 5>, Of<int64_t, 5, 1, 5>>>);
static_assert(same<decltype(mode<0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(mode<0>(Of<BFloat16>())), std::tuple<Of<BFloat16>, Of<int64_t>>>);
static_assert(same<decltype(mode<0>(Of<int64_t>())), std::tuple<Of<int64_t>, Of<int64_t>>>);
static_assert(same<decltype(mode<0>(Of<bool>())), std::tuple<Of<bool>, Of<int64_t>>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<double, 4, 3, 2, 1>())), Of<double, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, -1, -2, -3>, typed::Ints<-3, -2, -1, 0>>(Of<double, 4, 3, 2, 1>())), Of<double, 3, 4, 1, 2>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<float, 4, 3, 2, 1>())), Of<float, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, -1, -2, -3>, typed::Ints<-3, -2, -1, 0>>(Of<float, 4, 3, 2, 1>())), Of<float, 3, 4, 1, 2>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<BFloat16, 4, 3, 2, 1>())), Of<BFloat16, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<Half, 4, 3, 2, 1>())), Of<Half, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<int64_t, 4, 3, 2, 1>())), Of<int64_t, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<int32_t, 4, 3, 2, 1>())), Of<int32_t, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<uint8_t, 4, 3, 2, 1>())), Of<uint8_t, 1, 2, 3, 4>>);
static_assert(same<decltype(movedim<typed::Ints<0, 1, 2, 3>, typed::Ints<3, 2, 1, 0>>(Of<bool, 4, 3, 2, 1>())), Of<bool, 1, 2, 3, 4>>);
static_assert(same<decltype(mse_loss<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(mse_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(mse_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(mse_loss<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(mse_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(mse_loss<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(mse_loss<Reduction::Sum>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(mse_loss<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(msort(Of<double, 8000>())), Of<double, 8000>>);
static_assert(same<decltype(msort(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(msort(Of<float, 8000>())), Of<float, 8000>>);
static_assert(same<decltype(msort(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(msort(Of<BFloat16, 8000>())), Of<BFloat16, 8000>>);
static_assert(same<decltype(msort(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(msort(Of<Half, 8000>())), Of<Half, 8000>>);
static_assert(same<decltype(msort(Of<int64_t, 8000>())), Of<int64_t, 8000>>);
static_assert(same<decltype(msort(Of<int64_t, 5, 10, 5>())), Of<int64_t, 5, 10, 5>>);
static_assert(same<decltype(msort(Of<int32_t, 8000>())), Of<int32_t, 8000>>);
static_assert(same<decltype(mul(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(mul(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(mul(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(mul(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(mul(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(mul(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(mul(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(mul(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(mul(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(mul(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(multi_margin_loss<Reduction::Mean>(Of<double>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(multi_margin_loss<Reduction::Mean>(Of<double, 5>(), Of<int64_t, 1>())), Of<double>>);
static_assert(same<decltype(multi_margin_loss<Reduction::Mean>(Of<double, 5, 10>(), Of<int64_t, 5>())), Of<double>>);
static_assert(same<decltype(multi_margin_loss<Reduction::Mean>(Of<double, 10, 5>(), Of<int64_t, 10>())), Of<double>>);
static_assert(same<decltype(multi_margin_loss<Reduction::Mean>(Of<float>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(multilabel_margin_loss<Reduction::Mean>(Of<double>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(multilabel_margin_loss<Reduction::Mean>(Of<double, 10, 5>(), Of<int64_t, 10, 5>())), Of<double>>);
static_assert(same<decltype(multilabel_margin_loss<Reduction::Mean>(Of<double, 5>(), Of<int64_t, 5>())), Of<double>>);
static_assert(same<decltype(multilabel_margin_loss<Reduction::Mean>(Of<float>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(multilabel_margin_loss<Reduction::Mean>(Of<float, 10, 5>(), Of<int64_t, 10, 5>())), Of<float>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(multilabel_soft_margin_loss<Reduction::Mean>(Of<Half, 5>(), Of<Half, 5>())), Of<Half>>);
static_assert(same<decltype(mv(Of<double, 5, 10>(), Of<double, 10>())), Of<double, 5>>);
static_assert(same<decltype(mv(Of<float, 5, 10>(), Of<float, 10>())), Of<float, 5>>);
static_assert(same<decltype(mv(Of<BFloat16, 5, 10>(), Of<BFloat16, 10>())), Of<BFloat16, 5>>);
static_assert(same<decltype(mv(Of<Half, 5, 10>(), Of<Half, 10>())), Of<Half, 5>>);
static_assert(same<decltype(mv(Of<int64_t, 5, 10>(), Of<int64_t, 10>())), Of<int64_t, 5>>);
static_assert(same<decltype(mv(Of<int32_t, 5, 10>(), Of<int32_t, 10>())), Of<int32_t, 5>>);
static_assert(same<decltype(mv(Of<uint8_t, 5, 10>(), Of<uint8_t, 10>())), Of<uint8_t, 5>>);
static_assert(same<decltype(mv(Of<Complex<double>, 5, 10>(), Of<Complex<double>, 10>())), Of<Complex<double>, 5>>);
static_assert(same<decltype(mv(Of<Complex<float>, 5, 10>(), Of<Complex<float>, 10>())), Of<Complex<float>, 5>>);
static_assert(same<decltype(mvlgamma(Of<double, 5, 5>(), 1)), Of<double, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<double>(), 1)), Of<double>>);
static_assert(same<decltype(mvlgamma(Of<float, 5, 5>(), 1)), Of<float, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<float>(), 1)), Of<float>>);
static_assert(same<decltype(mvlgamma(Of<BFloat16, 5, 5>(), 1)), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<Half, 5, 5>(), 1)), Of<Half, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<int64_t, 5, 5>(), 1)), Of<float, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<int32_t, 5, 5>(), 1)), Of<float, 5, 5>>);
static_assert(same<decltype(mvlgamma(Of<uint8_t, 5, 5>(), 1)), Of<float, 5, 5>>);
static_assert(same<decltype(nan_to_num(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(nan_to_num(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(nan_to_num(Of<double>())), Of<double>>);
static_assert(same<decltype(nan_to_num(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(nan_to_num(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(nan_to_num(Of<float>())), Of<float>>);
static_assert(same<decltype(nan_to_num(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(nan_to_num(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(nan_to_num(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(nan_to_num(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(nanmean<>(Of<double>())), Of<double>>);
static_assert(same<decltype(nanmean<0>(Of<double>(), typed::keepdim)), Of<double>>);
static_assert(same<decltype(nanmean<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(nanmean<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(nanmean<0>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 5>>);
static_assert(same<decltype(nanmean<0, 1>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(nanmean<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(nanmean<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(nanmean<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(nanmean<0>(Of<double, 3>())), Of<double>>);
static_assert(same<decltype(nanmedian<-1>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(nanmedian<0>(Of<double, 2>(), typed::keepdim)), std::tuple<Of<double, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(nanmedian<-1>(Of<double, 3, 5>())), std::tuple<Of<double, 3>, Of<int64_t, 3>>>);
static_assert(same<decltype(nanmedian<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), std::tuple<Of<double, 1, 2, 1, 2>, Of<int64_t, 1, 2, 1, 2>>>);
static_assert(same<decltype(nanmedian<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), std::tuple<Of<double, 3, 2, 1, 2>, Of<int64_t, 3, 2, 1, 2>>>);
static_assert(same<decltype(nanmedian<0>(Of<float, 2>(), typed::keepdim)), std::tuple<Of<float, 1>, Of<int64_t, 1>>>);
static_assert(same<decltype(nanmedian<-1>(Of<float, 3, 5>())), std::tuple<Of<float, 3>, Of<int64_t, 3>>>);
static_assert(same<decltype(nanquantile<>(Of<double>(), 0.5)), Of<double>>);
static_assert(same<decltype(nanquantile<0>(Of<double>(), 0.5, typed::keepdim)), Of<double>>);
static_assert(same<decltype(nanquantile<0>(Of<double, 2>(), 0.5)), Of<double>>);
static_assert(same<decltype(nanquantile<-1>(Of<double, 2>(), 0.5)), Of<double>>);
static_assert(same<decltype(nanquantile<0>(Of<double, 3, 5>(), 0.5)), Of<double, 5>>);
static_assert(same<decltype(nanquantile<-1>(Of<double, 3, 5>(), 0.5)), Of<double, 3>>);
static_assert(same<decltype(nanquantile<0>(Of<double, 3, 2, 1, 2>(), 0.5, typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(nanquantile<>(Of<float>(), 0.5)), Of<float>>);
static_assert(same<decltype(nanquantile<-1>(Of<float, 3, 5>(), 0.5)), Of<float, 3>>);
static_assert(same<decltype(nansum<>(Of<double>())), Of<double>>);
static_assert(same<decltype(nansum<0>(Of<double>(), typed::keepdim)), Of<double>>);
static_assert(same<decltype(nansum<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(nansum<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(nansum<0>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 5>>);
static_assert(same<decltype(nansum<0, 1>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(nansum<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(nansum<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(nansum<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(nansum<0>(Of<double, 3>())), Of<double>>);
static_assert(same<decltype(narrow<1, 2, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 2, 5>>);
static_assert(same<decltype(narrow<-1, 2, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 2>>);
static_assert(same<decltype(narrow<1, 0, 0>(Of<double, 5, 5, 5>())), Of<double, 5, 0, 5>>);
static_assert(same<decltype(narrow<-1, 0, 0>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 0>>);
static_assert(same<decltype(narrow<2, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 2>>);
static_assert(same<decltype(narrow<1, 2, 2>(Of<float, 5, 5, 5>())), Of<float, 5, 2, 5>>);
static_assert(same<decltype(narrow<-1, 2, 2>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 2>>);
static_assert(same<decltype(narrow<1, 2, 2>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 2, 5>>);
static_assert(same<decltype(narrow<1, 2, 2>(Of<Half, 5, 5, 5>())), Of<Half, 5, 2, 5>>);
static_assert(same<decltype(narrow<1, 2, 2>(Of<int64_t, 5, 5, 5>())), Of<int64_t, 5, 2, 5>>);
static_assert(same<decltype(ne(Of<double>(), Of<double>())), Of<bool>>);
static_assert(same<decltype(ne(Of<double, 5, 1>(), Of<double, 5>())), Of<bool, 5, 5>>);
static_assert(same<decltype(ne(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<bool, 5, 10, 5>>);
static_assert(same<decltype(ne(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<bool, 10, 10, 5>>);
static_assert(same<decltype(ne(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<bool, 0, 10, 3>>);
static_assert(same<decltype(ne(Of<float>(), Of<float>())), Of<bool>>);
static_assert(same<decltype(ne(Of<BFloat16>(), Of<BFloat16>())), Of<bool>>);
static_assert(same<decltype(ne(Of<Half>(), Of<Half>())), Of<bool>>);
static_assert(same<decltype(ne(Of<int64_t>(), Of<int64_t>())), Of<bool>>);
static_assert(same<decltype(ne(Of<int32_t>(), Of<int32_t>())), Of<bool>>);
static_assert(same<decltype(neg(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(neg(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(neg(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(neg(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(neg(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(neg(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(neg(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(neg(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(neg(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(nextafter(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(nextafter(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(nextafter(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(nextafter(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(nextafter(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(nextafter(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(nextafter(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(nextafter(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(nextafter(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(nextafter(Of<BFloat16, 10, 1, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 10, 10, 5>>);
static_assert(same<decltype(nll_loss<Reduction::None>(Of<double, 2, 3>(), Of<int64_t, 2>())), Of<double, 2>>);
static_assert(same<decltype(nll_loss<Reduction::Sum>(Of<double, 3>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(nll_loss<Reduction::None>(Of<float, 2, 3>(), Of<int64_t, 2>())), Of<float, 2>>);
static_assert(same<decltype(nll_loss<Reduction::None>(Of<float, 2, 3, 2, 2>(), Of<int64_t, 2, 2, 2>())), Of<float, 2, 2, 2>>);
static_assert(same<decltype(nll_loss<Reduction::None>(Of<BFloat16, 2, 3>(), Of<int64_t, 2>())), Of<BFloat16, 2>>);
static_assert(same<decltype(nll_loss<Reduction::None>(Of<Half, 2, 3>(), Of<int64_t, 2>())), Of<Half, 2>>);
static_assert(same<decltype(norm<>(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(norm<1>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(norm<1>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 5, 1, 5>>);
static_assert(same<decltype(norm<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(norm<-1>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(norm<-1>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(norm<-1>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 5, 5, 1>>);
static_assert(same<decltype(norm<0>(Of<double>(), typed::keepdim)), Of<double>>);
static_assert(same<decltype(norm<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(norm<>(Of<float, 5, 5>())), Of<float>>);
static_assert(same<decltype(normalize<2>(Of<double, 2, 1, 4, 5>())), Of<double, 2, 1, 4, 5>>);
static_assert(same<decltype(normalize<0>(Of<double, 1, 2, 4, 5>())), Of<double, 1, 2, 4, 5>>);
static_assert(same<decltype(normalize<-1>(Of<double, 1, 3, 4, 5>())), Of<double, 1, 3, 4, 5>>);
static_assert(same<decltype(normalize<1>(Of<double, 2, 3, 4, 5>())), Of<double, 2, 3, 4, 5>>);
static_assert(same<decltype(normalize<2>(Of<float, 2, 1, 4, 5>())), Of<float, 2, 1, 4, 5>>);
static_assert(same<decltype(normalize<-1>(Of<float, 1, 3, 4, 5>())), Of<float, 1, 3, 4, 5>>);
static_assert(same<decltype(normalize<2>(Of<BFloat16, 2, 1, 4, 5>())), Of<BFloat16, 2, 1, 4, 5>>);
static_assert(same<decltype(normalize<-1>(Of<BFloat16, 1, 3, 4, 5>())), Of<BFloat16, 1, 3, 4, 5>>);
static_assert(same<decltype(normalize<2>(Of<Half, 2, 1, 4, 5>())), Of<Half, 2, 1, 4, 5>>);
static_assert(same<decltype(normalize<2>(Of<Complex<double>, 2, 1, 4, 5>())), Of<Complex<double>, 2, 1, 4, 5>>);

static_assert(same<decltype(ones_like(Of<double>())), Of<double>>);
static_assert(same<decltype(ones_like(Of<double, 0, 5, 0>())), Of<double, 0, 5, 0>>);
static_assert(same<decltype(ones_like(Of<float>())), Of<float>>);
static_assert(same<decltype(ones_like(Of<float, 0, 5, 0>())), Of<float, 0, 5, 0>>);
static_assert(same<decltype(ones_like(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(ones_like(Of<Half>())), Of<Half>>);
static_assert(same<decltype(ones_like(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(ones_like(Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(ones_like(Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(ones_like(Of<bool>())), Of<bool>>);
static_assert(same<decltype(outer(Of<double, 5>(), Of<double, 10>())), Of<double, 5, 10>>);
static_assert(same<decltype(outer(Of<float, 5>(), Of<float, 10>())), Of<float, 5, 10>>);
static_assert(same<decltype(outer(Of<BFloat16, 5>(), Of<BFloat16, 10>())), Of<BFloat16, 5, 10>>);
static_assert(same<decltype(outer(Of<Half, 5>(), Of<Half, 10>())), Of<Half, 5, 10>>);
static_assert(same<decltype(outer(Of<int64_t, 5>(), Of<int64_t, 10>())), Of<int64_t, 5, 10>>);
static_assert(same<decltype(outer(Of<int32_t, 5>(), Of<int32_t, 10>())), Of<int32_t, 5, 10>>);
static_assert(same<decltype(outer(Of<uint8_t, 5>(), Of<uint8_t, 10>())), Of<uint8_t, 5, 10>>);
static_assert(same<decltype(outer(Of<bool, 5>(), Of<bool, 10>())), Of<bool, 5, 10>>);
static_assert(same<decltype(outer(Of<Complex<double>, 5>(), Of<Complex<double>, 10>())), Of<Complex<double>, 5, 10>>);
static_assert(same<decltype(outer(Of<Complex<float>, 5>(), Of<Complex<float>, 10>())), Of<Complex<float>, 5, 10>>);
static_assert(same<decltype(pad<2, 2>(Of<double, 1, 3, 3>())), Of<double, 1, 3, 7>>);
static_assert(same<decltype(pad<0, 1>(Of<double, 1, 3>())), Of<double, 1, 4>>);
static_assert(same<decltype(pad<0, 1>(Of<double, 0, 3, 3>())), Of<double, 0, 3, 4>>);
static_assert(same<decltype(pad<0, 1>(Of<double, 1, 3, 3>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(pad<0, 1>(Of<double, 0, 3, 3, 3>())), Of<double, 0, 3, 3, 4>>);
static_assert(same<decltype(pad<0, 1>(Of<double, 1, 3, 3, 3, 3>())), Of<double, 1, 3, 3, 3, 4>>);
static_assert(same<decltype(pad<0, 2, 0, 1>(Of<double, 1, 3>())), Of<double, 2, 5>>);
static_assert(same<decltype(pad<0, 2, 0, 1>(Of<double, 0, 3, 3>())), Of<double, 0, 4, 5>>);
static_assert(same<decltype(pad<0, 2, 0, 1>(Of<double, 0, 3, 3, 3>())), Of<double, 0, 3, 4, 5>>);
static_assert(same<decltype(pad<0, 2, 0, 1>(Of<double, 1, 3, 3, 3, 3>())), Of<double, 1, 3, 3, 4, 5>>);
static_assert(same<decltype(pairwise_distance(Of<double, 3>(), Of<double, 3>())), Of<double>>);
static_assert(same<decltype(pairwise_distance(Of<float, 3>(), Of<float, 3>())), Of<float>>);
static_assert(same<decltype(pairwise_distance(Of<BFloat16, 3>(), Of<BFloat16, 3>())), Of<BFloat16>>);
static_assert(same<decltype(pairwise_distance(Of<Half, 3>(), Of<Half, 3>())), Of<Half>>);
static_assert(same<decltype(pairwise_distance(Of<int64_t, 3>(), Of<int64_t, 3>())), Of<float>>);
static_assert(same<decltype(pairwise_distance(Of<int32_t, 3>(), Of<int32_t, 3>())), Of<float>>);
static_assert(same<decltype(pairwise_distance(Of<uint8_t, 3>(), Of<uint8_t, 3>())), Of<float>>);
static_assert(same<decltype(pairwise_distance(Of<Complex<double>, 3>(), Of<Complex<double>, 3>())), Of<double>>);
static_assert(same<decltype(pairwise_distance(Of<Complex<float>, 3>(), Of<Complex<float>, 3>())), Of<float>>);
static_assert(same<decltype(pdist(Of<double, 1, 1>())), Of<double, 0>>);
static_assert(same<decltype(pdist(Of<double, 5, 1>())), Of<double, 10>>);
static_assert(same<decltype(pdist(Of<double, 5, 5>())), Of<double, 10>>);
static_assert(same<decltype(pdist(Of<float, 1, 1>())), Of<float, 0>>);
static_assert(same<decltype(pdist(Of<float, 5, 1>())), Of<float, 10>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<double, 1, 2, 3, 4>())), Of<double, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, -2, -1, 1>(Of<double, 1, 2, 3, 4>())), Of<double, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<2, 1, 3, 0>(Of<double, 1, 2, 3, 4>())), Of<double, 3, 2, 4, 1>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<float, 1, 2, 3, 4>())), Of<float, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, -2, -1, 1>(Of<float, 1, 2, 3, 4>())), Of<float, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<BFloat16, 1, 2, 3, 4>())), Of<BFloat16, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<Half, 1, 2, 3, 4>())), Of<Half, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<int64_t, 1, 2, 3, 4>())), Of<int64_t, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<int32_t, 1, 2, 3, 4>())), Of<int32_t, 1, 3, 4, 2>>);
static_assert(same<decltype(permute<0, 2, 3, 1>(Of<uint8_t, 1, 2, 3, 4>())), Of<uint8_t, 1, 3, 4, 2>>);
static_assert(same<decltype(pinverse(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(pinverse(Of<double, 0, 5, 5>())), Of<double, 0, 5, 5>>);
static_assert(same<decltype(pinverse(Of<double, 2, 5, 5>())), Of<double, 2, 5, 5>>);
static_assert(same<decltype(pinverse(Of<double, 1, 1, 5, 5>())), Of<double, 1, 1, 5, 5>>);
static_assert(same<decltype(pinverse(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(pinverse(Of<float, 0, 5, 5>())), Of<float, 0, 5, 5>>);
static_assert(same<decltype(pinverse(Of<Complex<double>, 5, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(pinverse(Of<Complex<float>, 5, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<double, 1, 9, 2, 2>())), Of<double, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<double, 1, 0, 1, 1>())), Of<double, 1, 0, 1, 1>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<double, 1, 1, 1, 0>())), Of<double, 1, 1, 1, 0>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<float, 1, 9, 2, 2>())), Of<float, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<float, 1, 0, 1, 1>())), Of<float, 1, 0, 1, 1>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<BFloat16, 1, 9, 2, 2>())), Of<BFloat16, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<Half, 1, 9, 2, 2>())), Of<Half, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<int64_t, 1, 9, 2, 2>())), Of<int64_t, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<int32_t, 1, 9, 2, 2>())), Of<int32_t, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_shuffle<1>(Of<uint8_t, 1, 9, 2, 2>())), Of<uint8_t, 1, 9, 2, 2>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<double, 1, 1, 6, 6>())), Of<double, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<double, 1, 0, 1, 1>())), Of<double, 1, 0, 1, 1>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<double, 1, 1, 1, 0>())), Of<double, 1, 1, 1, 0>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<float, 1, 1, 6, 6>())), Of<float, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<float, 1, 0, 1, 1>())), Of<float, 1, 0, 1, 1>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<BFloat16, 1, 1, 6, 6>())), Of<BFloat16, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<Half, 1, 1, 6, 6>())), Of<Half, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<int64_t, 1, 1, 6, 6>())), Of<int64_t, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<int32_t, 1, 1, 6, 6>())), Of<int32_t, 1, 1, 6, 6>>);
static_assert(same<decltype(pixel_unshuffle<1>(Of<uint8_t, 1, 1, 6, 6>())), Of<uint8_t, 1, 1, 6, 6>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::Mean>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::Mean>(Of<double, 5, 5, 5>(), Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<float, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(poisson_nll_loss<Reduction::None>(Of<float, 5, 5, 5>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(polar(Of<double>(), Of<double>())), Of<Complex<double>>>);
static_assert(same<decltype(polar(Of<double, 5, 1>(), Of<double, 5>())), Of<Complex<double>, 5, 5>>);
static_assert(same<decltype(polar(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<Complex<double>, 5, 10, 5>>);
static_assert(same<decltype(polar(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<Complex<double>, 10, 10, 5>>);
static_assert(same<decltype(polar(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<Complex<double>, 0, 10, 3>>);
static_assert(same<decltype(polar(Of<float>(), Of<float>())), Of<Complex<float>>>);
static_assert(same<decltype(polar(Of<float, 5, 1>(), Of<float, 5>())), Of<Complex<float>, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<double>())), Of<double>>);
static_assert(same<decltype(polygamma(1, Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<float>())), Of<float>>);
static_assert(same<decltype(polygamma(1, Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<int64_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<int32_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<uint8_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<bool, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(positive(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(positive(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(positive(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(positive(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(positive(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(positive(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(positive(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(positive(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(positive(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(pow(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(pow(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(pow(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(pow(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(pow(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(pow(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(pow(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(pow(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(pow(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(pow(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(prelu(Of<double, 20>(), Of<double>())), Of<double, 20>>);
static_assert(same<decltype(prelu(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(prelu(Of<double, 5>(), Of<double>())), Of<double, 5>>);
static_assert(same<decltype(prelu(Of<double, 5>(), Of<double, 1>())), Of<double, 5>>);
static_assert(same<decltype(prelu(Of<double, 5, 5>(), Of<double>())), Of<double, 5, 5>>);
static_assert(same<decltype(prelu(Of<double, 5, 10, 5>(), Of<double>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(prelu(Of<double, 5, 10, 5>(), Of<double, 10>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(prelu(Of<double, 5, 5>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(prelu(Of<float, 20>(), Of<float>())), Of<float, 20>>);
static_assert(same<decltype(prelu(Of<float, 5, 5>(), Of<float>())), Of<float, 5, 5>>);
static_assert(same<decltype(prod<>(Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(prod<>(Of<double, 1>())), Of<double>>);
static_assert(same<decltype(prod<>(Of<double, 0>())), Of<double>>);
static_assert(same<decltype(prod<0>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 1, 5, 5>>);
static_assert(same<decltype(prod<2>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 5, 5, 1>>);
static_assert(same<decltype(prod<0>(Of<double, 1>(), typed::keepdim)), Of<double, 1>>);
static_assert(same<decltype(prod<>(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(prod<1>(Of<double, 3, 0>(), typed::keepdim)), Of<double, 3, 1>>);
static_assert(same<decltype(prod<>(Of<double>())), Of<double>>);
static_assert(same<decltype(prod<>(Of<float, 5, 5, 5>())), Of<float>>);
static_assert(same<decltype(put(Of<double, 3, 3>(), Of<int64_t, 3>(), Of<double, 3>())), Of<double, 3, 3>>);
static_assert(same<decltype(put(Of<double>(), Of<int64_t>(), Of<double>())), Of<double>>);
static_assert(same<decltype(put(Of<double>(), Of<int64_t>(), Of<double, 1>())), Of<double>>);
static_assert(same<decltype(put(Of<double>(), Of<int64_t, 1>(), Of<double>())), Of<double>>);
static_assert(same<decltype(put(Of<double>(), Of<int64_t, 1>(), Of<double, 1>())), Of<double>>);
static_assert(same<decltype(put(Of<double, 1>(), Of<int64_t>(), Of<double>())), Of<double, 1>>);
static_assert(same<decltype(put(Of<double, 1>(), Of<int64_t>(), Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(put(Of<double, 1>(), Of<int64_t, 1>(), Of<double>())), Of<double, 1>>);
static_assert(same<decltype(put(Of<double, 1>(), Of<int64_t, 1>(), Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(put(Of<float, 3, 3>(), Of<int64_t, 3>(), Of<float, 3>())), Of<float, 3, 3>>);
static_assert(same<decltype(quantile<>(Of<double>(), 0.5)), Of<double>>);
static_assert(same<decltype(quantile<0>(Of<double>(), 0.5, typed::keepdim)), Of<double>>);
static_assert(same<decltype(quantile<0>(Of<double, 2>(), 0.5)), Of<double>>);
static_assert(same<decltype(quantile<-1>(Of<double, 2>(), 0.5)), Of<double>>);
static_assert(same<decltype(quantile<0>(Of<double, 3, 5>(), 0.5)), Of<double, 5>>);
static_assert(same<decltype(quantile<-1>(Of<double, 3, 5>(), 0.5)), Of<double, 3>>);
static_assert(same<decltype(quantile<0>(Of<double, 3, 2, 1, 2>(), 0.5, typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(quantile<>(Of<float>(), 0.5)), Of<float>>);
static_assert(same<decltype(quantile<-1>(Of<float, 3, 5>(), 0.5)), Of<float, 3>>);
static_assert(same<decltype(rad2deg(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(rad2deg(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(ravel(Of<double, 5, 5, 5>())), Of<double, 125>>);
static_assert(same<decltype(ravel(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(ravel(Of<float, 5, 5, 5>())), Of<float, 125>>);
static_assert(same<decltype(ravel(Of<float>())), Of<float, 1>>);
static_assert(same<decltype(ravel(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 125>>);
static_assert(same<decltype(ravel(Of<Half, 5, 5, 5>())), Of<Half, 125>>);
static_assert(same<decltype(ravel(Of<int64_t, 5, 5, 5>())), Of<int64_t, 125>>);
static_assert(same<decltype(ravel(Of<int32_t, 5, 5, 5>())), Of<int32_t, 125>>);
static_assert(same<decltype(ravel(Of<uint8_t, 5, 5, 5>())), Of<uint8_t, 125>>);
static_assert(same<decltype(ravel(Of<bool, 5, 5, 5>())), Of<bool, 125>>);
static_assert(same<decltype(real(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(real(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(real(Of<double>())), Of<double>>);
static_assert(same<decltype(real(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(real(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(real(Of<float>())), Of<float>>);
static_assert(same<decltype(real(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(real(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(real(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(real(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(reciprocal(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(reciprocal(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(reciprocal(Of<double>())), Of<double>>);
static_assert(same<decltype(reciprocal(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(reciprocal(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(reciprocal(Of<float>())), Of<float>>);
static_assert(same<decltype(reciprocal(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(reciprocal(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(reciprocal(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(reciprocal(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(relu(Of<double>())), Of<double>>);
static_assert(same<decltype(relu(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(relu(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(relu(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(relu(Of<float>())), Of<float>>);
static_assert(same<decltype(relu(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(relu(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(relu(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(relu(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(relu(Of<Half>())), Of<Half>>);
static_assert(same<decltype(relu6(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(relu6(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(relu6(Of<double>())), Of<double>>);
static_assert(same<decltype(relu6(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(relu6(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(relu6(Of<float>())), Of<float>>);
static_assert(same<decltype(relu6(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(relu6(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(relu6(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(relu6(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(remainder(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(remainder(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(remainder(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(remainder(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(remainder(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(remainder(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(remainder(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(remainder(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(remainder(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(remainder(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(renorm<1>(Of<double, 5, 5, 5>(), 2, 1)), Of<double, 5, 5, 5>>);
static_assert(same<decltype(renorm<-1>(Of<double, 5, 5, 5>(), 2, 1)), Of<double, 5, 5, 5>>);
static_assert(same<decltype(renorm<2>(Of<double, 5, 5, 5>(), 2, 1)), Of<double, 5, 5, 5>>);
static_assert(same<decltype(renorm<1>(Of<float, 5, 5, 5>(), 2, 1)), Of<float, 5, 5, 5>>);
static_assert(same<decltype(renorm<-1>(Of<float, 5, 5, 5>(), 2, 1)), Of<float, 5, 5, 5>>);
static_assert(same<decltype(renorm<1>(Of<BFloat16, 5, 5, 5>(), 2, 1)), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(renorm<1>(Of<Half, 5, 5, 5>(), 2, 1)), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(renorm<1>(Of<Complex<double>, 5, 5, 5>(), 2, 1)), Of<Complex<double>, 5, 5, 5>>);
static_assert(same<decltype(renorm<-1>(Of<Complex<double>, 5, 5, 5>(), 2, 1)), Of<Complex<double>, 5, 5, 5>>);
static_assert(same<decltype(renorm<1>(Of<Complex<float>, 5, 5, 5>(), 2, 1)), Of<Complex<float>, 5, 5, 5>>);
static_assert(same<decltype(repeat<0>(Of<double, 0>())), Of<double, 0>>);
static_assert(same<decltype(repeat<0, 2>(Of<double>())), Of<double, 0, 2>>);
static_assert(same<decltype(repeat<0, 2>(Of<double, 2>())), Of<double, 0, 4>>);
static_assert(same<decltype(repeat<1, 1>(Of<double>())), Of<double, 1, 1>>);
static_assert(same<decltype(repeat<1, 1>(Of<double, 2>())), Of<double, 1, 2>>);
static_assert(same<decltype(repeat<1, 3, 2>(Of<double>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(repeat<1, 3, 2>(Of<double, 2>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(repeat<1, 1>(Of<float>())), Of<float, 1, 1>>);
static_assert(same<decltype(repeat<2, 3, 2>(Of<float, 3, 2>())), Of<float, 2, 9, 4>>);
static_assert(same<decltype(repeat<2, 3>(Of<BFloat16, 3, 0>())), Of<BFloat16, 6, 0>>);
static_assert(same<decltype(repeat_interleave<2>(Of<double>())), Of<double, 2>>);
static_assert(same<decltype(repeat_interleave<2, 1>(Of<double, 2, 3, 4>())), Of<double, 2, 6, 4>>);
static_assert(same<decltype(repeat_interleave<2>(Of<float>())), Of<float, 2>>);
static_assert(same<decltype(repeat_interleave<2, 1>(Of<float, 2, 3, 4>())), Of<float, 2, 6, 4>>);
static_assert(same<decltype(repeat_interleave<2>(Of<BFloat16>())), Of<BFloat16, 2>>);
static_assert(same<decltype(repeat_interleave<2, 1>(Of<BFloat16, 2, 3, 4>())), Of<BFloat16, 2, 6, 4>>);
static_assert(same<decltype(repeat_interleave<2>(Of<Half>())), Of<Half, 2>>);
static_assert(same<decltype(repeat_interleave<2>(Of<int64_t>())), Of<int64_t, 2>>);
static_assert(same<decltype(repeat_interleave<2, 1>(Of<int64_t, 2, 3, 4>())), Of<int64_t, 2, 6, 4>>);
static_assert(same<decltype(repeat_interleave<2>(Of<int32_t>())), Of<int32_t, 2>>);
static_assert(same<decltype(reshape<25, 5>(Of<double, 5, 5, 5>())), Of<double, 25, 5>>);
static_assert(same<decltype(reshape<5, -1, 5>(Of<double, 25, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(reshape<5>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(reshape<1>(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(reshape<25, 5>(Of<float, 5, 5, 5>())), Of<float, 25, 5>>);
static_assert(same<decltype(reshape<5, -1, 5>(Of<float, 25, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(reshape<5>(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(reshape<25, 5>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 25, 5>>);
static_assert(same<decltype(reshape<5>(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(reshape<25, 5>(Of<Half, 5, 5, 5>())), Of<Half, 25, 5>>);
static_assert(same<decltype(reshape_as(Of<double, 5, 5, 5>(), Of<double, 25, 5>())), Of<double, 25, 5>>);
static_assert(same<decltype(reshape_as(Of<double, 25, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(reshape_as(Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(reshape_as(Of<double>(), Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(reshape_as(Of<float, 5, 5, 5>(), Of<float, 25, 5>())), Of<float, 25, 5>>);
static_assert(same<decltype(reshape_as(Of<float, 25, 5>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(reshape_as(Of<float, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(reshape_as(Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 25, 5>())), Of<BFloat16, 25, 5>>);
static_assert(same<decltype(reshape_as(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(reshape_as(Of<Half, 5, 5, 5>(), Of<Half, 25, 5>())), Of<Half, 25, 5>>);
static_assert(same<decltype(resolve_conj(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(resolve_conj(Of<double>())), Of<double>>);
static_assert(same<decltype(resolve_conj(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(resolve_conj(Of<float>())), Of<float>>);
static_assert(same<decltype(resolve_conj(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(resolve_conj(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(resolve_conj(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(resolve_conj(Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(resolve_conj(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(resolve_conj(Of<int32_t, 5, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<double>())), Of<double>>);
static_assert(same<decltype(resolve_neg(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<float>())), Of<float>>);
static_assert(same<decltype(resolve_neg(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(resolve_neg(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(resolve_neg(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(resolve_neg(Of<int32_t, 5, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(rms_norm<1, 2, 3>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(rms_norm<1>(Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(rms_norm<1>(Of<double, 0, 1>())), Of<double, 0, 1>>);
static_assert(same<decltype(rms_norm<1, 2, 3>(Of<float, 1, 2, 3>())), Of<float, 1, 2, 3>>);
static_assert(same<decltype(rms_norm<1>(Of<float, 1>())), Of<float, 1>>);
static_assert(same<decltype(rms_norm<1>(Of<float, 0, 1>())), Of<float, 0, 1>>);
static_assert(same<decltype(rms_norm<1, 2, 3>(Of<BFloat16, 1, 2, 3>())), Of<BFloat16, 1, 2, 3>>);
static_assert(same<decltype(rms_norm<1>(Of<BFloat16, 1>())), Of<BFloat16, 1>>);
static_assert(same<decltype(rms_norm<1, 2, 3>(Of<Half, 1, 2, 3>())), Of<Half, 1, 2, 3>>);
static_assert(same<decltype(rms_norm<1, 2, 3>(Of<Complex<double>, 1, 2, 3>())), Of<Complex<double>, 1, 2, 3>>);
static_assert(same<decltype(roll<0>(Of<double, 0, 0, 0>(), 1)), Of<double, 0, 0, 0>>);
static_assert(same<decltype(roll<2>(Of<double, 0, 0, 0>(), 1)), Of<double, 0, 0, 0>>);
static_assert(same<decltype(roll<1>(Of<double, 0, 0, 0>(), 1)), Of<double, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<float, 0, 0, 0>(), 1)), Of<float, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<BFloat16, 0, 0, 0>(), 1)), Of<BFloat16, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<Half, 0, 0, 0>(), 1)), Of<Half, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<int64_t, 0, 0, 0>(), 1)), Of<int64_t, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<int32_t, 0, 0, 0>(), 1)), Of<int32_t, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<uint8_t, 0, 0, 0>(), 1)), Of<uint8_t, 0, 0, 0>>);
static_assert(same<decltype(roll<0>(Of<bool, 0, 0, 0>(), 1)), Of<bool, 0, 0, 0>>);
static_assert(same<decltype(rot90<1, 0, 1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<-5, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<-4, 0, 1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<-4, 1, -1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<-3, 1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<0, 1, -1>(Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(rot90<1, 0, 1>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(rot90<-2, 0, 1>(Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(rot90<1, 0, 1>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(rot90<1, 0, 1>(Of<Half, 5, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(round(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(round(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(round(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(round(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(round(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(round(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(round(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(round(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(round(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(round(Of<double>())), Of<double>>);
static_assert(same<decltype(rsqrt(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(rsqrt(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(rsqrt(Of<double>())), Of<double>>);
static_assert(same<decltype(rsqrt(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(rsqrt(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(rsqrt(Of<float>())), Of<float>>);
static_assert(same<decltype(rsqrt(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(rsqrt(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(rsqrt(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(rsqrt(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(rsub(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(rsub(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(rsub(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(rsub(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(rsub(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(rsub(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(rsub(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(rsub(Of<float, 5, 10, 5>(), Of<float, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(rsub(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(rsub(Of<BFloat16, 10, 1, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 10, 10, 5>>);
static_assert(same<decltype(scaled_dot_product_attention(Of<double, 4, 4, 3, 8>(), Of<double, 4, 4, 6, 8>(), Of<double, 4, 4, 6, 8>())), Of<double, 4, 4, 3, 8>>);
static_assert(same<decltype(scatter<0>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter<1>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<double, 10, 5>(), Of<int64_t, 10, 2>(), Of<double, 10, 2>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter<-1>(Of<double, 10, 5>(), Of<int64_t, 10, 2>(), Of<double, 10, 2>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<float, 10, 5>(), Of<int64_t, 5, 5>(), Of<float, 5, 5>())), Of<float, 10, 5>>);
static_assert(same<decltype(scatter<-1>(Of<float, 10, 5>(), Of<int64_t, 10, 2>(), Of<float, 10, 2>())), Of<float, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<BFloat16, 10, 5>(), Of<int64_t, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<Half, 10, 5>(), Of<int64_t, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<int64_t, 10, 5>(), Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 10, 5>>);
static_assert(same<decltype(scatter<0>(Of<int32_t, 10, 5>(), Of<int64_t, 5, 5>(), Of<int32_t, 5, 5>())), Of<int32_t, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_add<-1>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_add<1>(Of<double, 10, 5>(), Of<int64_t, 10, 2>(), Of<double, 10, 2>())), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<double>(), Of<int64_t>(), Of<double>())), Of<double>>);
static_assert(same<decltype(scatter_add<0>(Of<float, 10, 5>(), Of<int64_t, 5, 5>(), Of<float, 5, 5>())), Of<float, 10, 5>>);
static_assert(same<decltype(scatter_add<-1>(Of<float, 10, 5>(), Of<int64_t, 5, 5>(), Of<float, 5, 5>())), Of<float, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<BFloat16, 10, 5>(), Of<int64_t, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<Half, 10, 5>(), Of<int64_t, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<int64_t, 10, 5>(), Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 10, 5>>);
static_assert(same<decltype(scatter_add<0>(Of<int32_t, 10, 5>(), Of<int64_t, 5, 5>(), Of<int32_t, 5, 5>())), Of<int32_t, 10, 5>>);
static_assert(same<decltype(scatter_reduce<0>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>(), "sum")), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_reduce<1>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>(), "sum")), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_reduce<-1>(Of<double, 10, 5>(), Of<int64_t, 5, 5>(), Of<double, 5, 5>(), "sum")), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_reduce<0>(Of<double, 10, 5>(), Of<int64_t, 10, 2>(), Of<double, 10, 2>(), "sum")), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_reduce<1>(Of<double, 10, 5>(), Of<int64_t, 10, 2>(), Of<double, 10, 2>(), "sum")), Of<double, 10, 5>>);
static_assert(same<decltype(scatter_reduce<0>(Of<double>(), Of<int64_t>(), Of<double>(), "sum")), Of<double>>);
static_assert(same<decltype(scatter_reduce<0>(Of<float, 10, 5>(), Of<int64_t, 5, 5>(), Of<float, 5, 5>(), "sum")), Of<float, 10, 5>>);
static_assert(same<decltype(scatter_reduce<-1>(Of<float, 10, 5>(), Of<int64_t, 5, 5>(), Of<float, 5, 5>(), "sum")), Of<float, 10, 5>>);
static_assert(same<decltype(scatter_reduce<0>(Of<BFloat16, 10, 5>(), Of<int64_t, 5, 5>(), Of<BFloat16, 5, 5>(), "sum")), Of<BFloat16, 10, 5>>);
static_assert(same<decltype(scatter_reduce<0>(Of<Half, 10, 5>(), Of<int64_t, 5, 5>(), Of<Half, 5, 5>(), "sum")), Of<Half, 10, 5>>);
static_assert(same<decltype(searchsorted(Of<double, 0>(), Of<double, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(searchsorted(Of<double, 10>(), Of<double, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(searchsorted(Of<double, 10>(), Of<double>())), Of<int64_t>>);
static_assert(same<decltype(searchsorted(Of<double, 0, 0>(), Of<double, 0, 0>())), Of<int64_t, 0, 0>>);
static_assert(same<decltype(searchsorted(Of<double, 10, 10>(), Of<double, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(searchsorted(Of<double, 10, 10, 10>(), Of<double, 10, 10, 10>())), Of<int64_t, 10, 10, 10>>);
static_assert(same<decltype(searchsorted(Of<float, 0>(), Of<float, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(searchsorted(Of<BFloat16, 0>(), Of<BFloat16, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(searchsorted(Of<Half, 0>(), Of<Half, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(searchsorted(Of<int64_t, 0>(), Of<int64_t, 0>())), Of<int64_t, 0>>);
static_assert(same<decltype(select<1, 2>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(select<-1, -1>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(select<-1, 2>(Of<double, 5, 5>())), Of<double, 5>>);
static_assert(same<decltype(select<1, 2>(Of<float, 5, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(select<-1, -1>(Of<float, 5, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(select<-1, 2>(Of<float, 5, 5>())), Of<float, 5>>);
static_assert(same<decltype(select<1, 2>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(select<-1, -1>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(select<1, 2>(Of<Half, 5, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(select<1, 2>(Of<int64_t, 5, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(select_scatter<1, 2>(Of<double, 5, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<-1, -1>(Of<double, 5, 5, 5>(), Of<double, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<0, 2>(Of<double, 5>(), Of<double>())), Of<double, 5>>);
static_assert(same<decltype(select_scatter<1, 2>(Of<float, 5, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<-1, -1>(Of<float, 5, 5, 5>(), Of<float, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<0, 2>(Of<float, 5>(), Of<float>())), Of<float, 5>>);
static_assert(same<decltype(select_scatter<1, 2>(Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<-1, -1>(Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<1, 2>(Of<Half, 5, 5, 5>(), Of<Half, 5, 5>())), Of<Half, 5, 5, 5>>);
static_assert(same<decltype(select_scatter<1, 2>(Of<int64_t, 5, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 5, 5>>);
static_assert(same<decltype(selu(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(selu(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(selu(Of<double>())), Of<double>>);
static_assert(same<decltype(selu(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(selu(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(selu(Of<float>())), Of<float>>);
static_assert(same<decltype(selu(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(selu(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(selu(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(sgn(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(sgn(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sgn(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(sgn(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(sgn(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(sgn(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(sgn(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(sgn(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(sgn(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(sgn(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(sigmoid(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(sigmoid(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(sigmoid(Of<double>())), Of<double>>);
static_assert(same<decltype(sigmoid(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(sigmoid(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(sigmoid(Of<float>())), Of<float>>);
static_assert(same<decltype(sigmoid(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(sigmoid(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(sigmoid(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(sigmoid(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(sign(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(sign(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sign(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(sign(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(sign(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(sign(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(sign(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(sign(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<double, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<float, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<BFloat16, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<Half, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<int64_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<int32_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<uint8_t, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(signbit(Of<bool, 20, 20>())), Of<bool, 20, 20>>);
static_assert(same<decltype(silu(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(silu(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(silu(Of<double>())), Of<double>>);
static_assert(same<decltype(silu(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(silu(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(silu(Of<float>())), Of<float>>);
static_assert(same<decltype(silu(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(silu(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(silu(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(silu(Of<Complex<double>, 20>())), Of<Complex<double>, 20>>);
static_assert(same<decltype(sin(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(sin(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sin(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(sin(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(sin(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sin(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sin(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sin(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sin(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(sin(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(sinc(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(sinc(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(sinc(Of<double>())), Of<double>>);
static_assert(same<decltype(sinc(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(sinc(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(sinc(Of<float>())), Of<float>>);
static_assert(same<decltype(sinc(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(sinc(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(sinc(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(sinc(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(sinh(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(sinh(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sinh(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(sinh(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(sinh(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sinh(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sinh(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sinh(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sinh(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(sinh(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(slice<0>(Of<double, 3>())), Of<double, 3>>);
static_assert(same<decltype(slice<0>(Of<float, 3>())), Of<float, 3>>);
static_assert(same<decltype(slice<0>(Of<BFloat16, 3>())), Of<BFloat16, 3>>);
static_assert(same<decltype(slice<0>(Of<Half, 3>())), Of<Half, 3>>);
static_assert(same<decltype(slice<0>(Of<int64_t, 3>())), Of<int64_t, 3>>);
static_assert(same<decltype(slice<0>(Of<int32_t, 3>())), Of<int32_t, 3>>);
static_assert(same<decltype(slice<0>(Of<uint8_t, 3>())), Of<uint8_t, 3>>);
static_assert(same<decltype(slice<0>(Of<bool, 3>())), Of<bool, 3>>);
static_assert(same<decltype(slice<0>(Of<Complex<double>, 3>())), Of<Complex<double>, 3>>);
static_assert(same<decltype(slice<0>(Of<Complex<float>, 3>())), Of<Complex<float>, 3>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(smooth_l1_loss<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Mean>(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Sum>(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Mean>(Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Mean>(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Sum>(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Mean>(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Sum>(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(soft_margin_loss<Reduction::Mean>(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(softmax<0>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(softmax<1>(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(softmax<2>(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(softmax<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(softmax<0>(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(softmax<1>(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(softmax<2>(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(softmax<0>(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(softmax<2>(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(softmax<0>(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(softmin<0>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(softmin<1>(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(softmin<2>(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(softmin<0>(Of<double>())), Of<double>>);
static_assert(same<decltype(softmin<0>(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(softmin<1>(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(softmin<2>(Of<float, 5, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(softmin<0>(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(softmin<2>(Of<BFloat16, 5, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(softmin<0>(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(softplus(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(softplus(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(softplus(Of<double>())), Of<double>>);
static_assert(same<decltype(softplus(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(softplus(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(softplus(Of<float>())), Of<float>>);
static_assert(same<decltype(softplus(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(softplus(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(softplus(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(softshrink(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(softshrink(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(softshrink(Of<double>())), Of<double>>);
static_assert(same<decltype(softshrink(Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(softshrink(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(softshrink(Of<float>())), Of<float>>);
static_assert(same<decltype(softshrink(Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(softshrink(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(softshrink(Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(softsign(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(softsign(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(softsign(Of<double>())), Of<double>>);
static_assert(same<decltype(softsign(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(softsign(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(softsign(Of<float>())), Of<float>>);
static_assert(same<decltype(softsign(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(softsign(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(softsign(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(softsign(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(sort<-3>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<-2>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<-1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<2>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<-1>(Of<double, 0>())), std::tuple<Of<double, 0>, Of<int64_t, 0>>>);
static_assert(same<decltype(sort<-1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(sort<0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5, 5>, Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(special::airy_ai(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::airy_ai(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::airy_ai(Of<double>())), Of<double>>);
static_assert(same<decltype(special::airy_ai(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::airy_ai(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::airy_ai(Of<float>())), Of<float>>);
static_assert(same<decltype(special::airy_ai(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::airy_ai(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::airy_ai(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::airy_ai(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_j0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::bessel_j0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_j0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::bessel_j0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_j1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::bessel_j1(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_j1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::bessel_j1(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_j1(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_y0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::bessel_y0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_y0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::bessel_y0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_y1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::bessel_y1(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::bessel_y1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::bessel_y1(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::bessel_y1(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_t(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_u(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_v(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::chebyshev_polynomial_w(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::entr(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::entr(Of<double>())), Of<double>>);
static_assert(same<decltype(special::entr(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::entr(Of<float>())), Of<float>>);
static_assert(same<decltype(special::entr(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(special::entr(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::entr(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(special::entr(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::entr(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::entr(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::erfcx(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::erfcx(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::erfcx(Of<double>())), Of<double>>);
static_assert(same<decltype(special::erfcx(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::erfcx(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::erfcx(Of<float>())), Of<float>>);
static_assert(same<decltype(special::erfcx(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::erfcx(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::erfcx(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::erfcx(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::hermite_polynomial_h(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::hermite_polynomial_he(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::i0e(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(special::i0e(Of<double>())), Of<double>>);
static_assert(same<decltype(special::i0e(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i0e(Of<float>())), Of<float>>);
static_assert(same<decltype(special::i0e(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(special::i0e(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::i0e(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(special::i0e(Of<int64_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i0e(Of<int32_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i0e(Of<uint8_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(special::i1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::i1(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::i1(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(special::i1(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::i1(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(special::i1(Of<int64_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1(Of<int32_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1(Of<uint8_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1e(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(special::i1e(Of<double>())), Of<double>>);
static_assert(same<decltype(special::i1e(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1e(Of<float>())), Of<float>>);
static_assert(same<decltype(special::i1e(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(special::i1e(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::i1e(Of<Half, 5>())), Of<Half, 5>>);
static_assert(same<decltype(special::i1e(Of<int64_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1e(Of<int32_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::i1e(Of<uint8_t, 5>())), Of<float, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::laguerre_polynomial_l(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::legendre_polynomial_p(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::log_ndtr(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::log_ndtr(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::log_ndtr(Of<double>())), Of<double>>);
static_assert(same<decltype(special::log_ndtr(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::log_ndtr(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::log_ndtr(Of<float>())), Of<float>>);
static_assert(same<decltype(special::log_ndtr(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::log_ndtr(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::log_ndtr(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::log_ndtr(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_i1(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::modified_bessel_k1(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtr(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::ndtr(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::ndtr(Of<double>())), Of<double>>);
static_assert(same<decltype(special::ndtr(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtr(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::ndtr(Of<float>())), Of<float>>);
static_assert(same<decltype(special::ndtr(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(special::ndtr(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::ndtr(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(special::ndtr(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtri(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::ndtri(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::ndtri(Of<double>())), Of<double>>);
static_assert(same<decltype(special::ndtri(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtri(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::ndtri(Of<float>())), Of<float>>);
static_assert(same<decltype(special::ndtri(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtri(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtri(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::ndtri(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(polygamma(1, Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<double>())), Of<double>>);
static_assert(same<decltype(polygamma(1, Of<float, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<float>())), Of<float>>);
static_assert(same<decltype(polygamma(1, Of<BFloat16, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<Half, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<int64_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<int32_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<uint8_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(polygamma(1, Of<bool, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<double>())), Of<double>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<float>())), Of<float>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::scaled_modified_bessel_k1(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_t(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_u(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_v(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::shifted_chebyshev_polynomial_w(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<double>())), Of<double>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<float>())), Of<float>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<int32_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<uint8_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::spherical_bessel_j0(Of<bool, 20>())), Of<float, 20>>);
static_assert(same<decltype(special::xlog1py(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::xlog1py(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::xlog1py(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::xlog1py(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::xlog1py(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::xlog1py(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::xlog1py(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::xlog1py(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::xlog1py(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(special::xlog1py(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(special::zeta(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(special::zeta(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(special::zeta(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(special::zeta(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(special::zeta(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(special::zeta(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(special::zeta(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(special::zeta(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(special::zeta(Of<int64_t>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(special::zeta(Of<int32_t>(), Of<int32_t>())), Of<float>>);
static_assert(same<decltype(split<2, 0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 2, 5, 5>, Of<double, 2, 5, 5>, Of<double, 1, 5, 5>>>);
static_assert(same<decltype(split<5, 1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 5>>>);
static_assert(same<decltype(split<2, 0>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 2, 5, 5>, Of<float, 2, 5, 5>, Of<float, 1, 5, 5>>>);
static_assert(same<decltype(split<5, 1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5, 5>>>);
static_assert(same<decltype(split<2, 0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 2, 5, 5>, Of<BFloat16, 2, 5, 5>, Of<BFloat16, 1, 5, 5>>>);
static_assert(same<decltype(split<5, 1>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 5, 5, 5>>>);
static_assert(same<decltype(split<2, 0>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 2, 5, 5>, Of<Half, 2, 5, 5>, Of<Half, 1, 5, 5>>>);
static_assert(same<decltype(split<2, 0>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 2, 5, 5>, Of<int64_t, 2, 5, 5>, Of<int64_t, 1, 5, 5>>>);
static_assert(same<decltype(split<5, 1>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 5, 5, 5>>>);
static_assert(same<decltype(split<2, 0>(Of<int32_t, 5, 5, 5>())), std::tuple<Of<int32_t, 2, 5, 5>, Of<int32_t, 2, 5, 5>, Of<int32_t, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 1, 5, 5>, Of<double, 3, 5, 5>, Of<double, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 4, 0>, 0>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 1, 5, 5>, Of<double, 4, 5, 5>, Of<double, 0, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 2>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5, 1>, Of<double, 5, 5, 3>, Of<double, 5, 5, 1>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, -2>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 1, 5>, Of<double, 5, 3, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 1, 5, 5>, Of<float, 3, 5, 5>, Of<float, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16, 1, 5, 5>, Of<BFloat16, 3, 5, 5>, Of<BFloat16, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half, 1, 5, 5>, Of<Half, 3, 5, 5>, Of<Half, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<int64_t, 5, 5, 5>())), std::tuple<Of<int64_t, 1, 5, 5>, Of<int64_t, 3, 5, 5>, Of<int64_t, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<int32_t, 5, 5, 5>())), std::tuple<Of<int32_t, 1, 5, 5>, Of<int32_t, 3, 5, 5>, Of<int32_t, 1, 5, 5>>>);
static_assert(same<decltype(split_with_sizes<typed::Ints<1, 3, 1>, 0>(Of<uint8_t, 5, 5, 5>())), std::tuple<Of<uint8_t, 1, 5, 5>, Of<uint8_t, 3, 5, 5>, Of<uint8_t, 1, 5, 5>>>);
static_assert(same<decltype(sqrt(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(sqrt(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sqrt(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(sqrt(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(sqrt(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sqrt(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sqrt(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sqrt(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(sqrt(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(sqrt(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(square(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(square(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(square(Of<double>())), Of<double>>);
static_assert(same<decltype(square(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(square(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(square(Of<float>())), Of<float>>);
static_assert(same<decltype(square(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(square(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(square(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(square(Of<int64_t, 20>())), Of<int64_t, 20>>);
static_assert(same<decltype(squeeze<>(Of<double, 5, 1, 5, 1>())), Of<double, 5, 5>>);
static_assert(same<decltype(squeeze<0>(Of<double, 1, 1, 1, 1>())), Of<double, 1, 1, 1>>);
static_assert(same<decltype(squeeze<-1>(Of<double, 5, 1, 5, 1>())), Of<double, 5, 1, 5>>);
static_assert(same<decltype(squeeze<-2>(Of<double, 5, 1, 5, 1>())), Of<double, 5, 1, 5, 1>>);
static_assert(same<decltype(squeeze<>(Of<float, 5, 1, 5, 1>())), Of<float, 5, 5>>);
static_assert(same<decltype(squeeze<0>(Of<float, 1, 1, 1, 1>())), Of<float, 1, 1, 1>>);
static_assert(same<decltype(squeeze<-1>(Of<float, 5, 1, 5, 1>())), Of<float, 5, 1, 5>>);
static_assert(same<decltype(squeeze<>(Of<BFloat16, 5, 1, 5, 1>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(squeeze<-1>(Of<BFloat16, 5, 1, 5, 1>())), Of<BFloat16, 5, 1, 5>>);
static_assert(same<decltype(squeeze<>(Of<Half, 5, 1, 5, 1>())), Of<Half, 5, 5>>);
static_assert(same<decltype(stack<-1>(Of<double, 3, 4>())), Of<double, 3, 4, 1>>);
static_assert(same<decltype(stack<-1>(Of<double, 1, 2, 1, 4>(), Of<double, 1, 2, 1, 4>(), Of<double, 1, 2, 1, 4>())), Of<double, 1, 2, 1, 4, 3>>);
static_assert(same<decltype(stack<1>(Of<double, 1, 2, 1, 4>(), Of<double, 1, 2, 1, 4>(), Of<double, 1, 2, 1, 4>())), Of<double, 1, 3, 2, 1, 4>>);
static_assert(same<decltype(stack<-1>(Of<double, 0, 1, 0>(), Of<double, 0, 1, 0>())), Of<double, 0, 1, 0, 2>>);
static_assert(same<decltype(stack<1>(Of<double, 0, 1, 0>(), Of<double, 0, 1, 0>())), Of<double, 0, 2, 1, 0>>);
static_assert(same<decltype(stack<-1>(Of<float, 3, 4>())), Of<float, 3, 4, 1>>);
static_assert(same<decltype(stack<-1>(Of<float, 1, 2, 1, 4>(), Of<float, 1, 2, 1, 4>(), Of<float, 1, 2, 1, 4>())), Of<float, 1, 2, 1, 4, 3>>);
static_assert(same<decltype(stack<-1>(Of<float, 0, 1, 0>(), Of<float, 0, 1, 0>())), Of<float, 0, 1, 0, 2>>);
static_assert(same<decltype(stack<-1>(Of<BFloat16, 3, 4>())), Of<BFloat16, 3, 4, 1>>);
static_assert(same<decltype(stack<1>(Of<BFloat16, 1, 2, 1, 4>(), Of<BFloat16, 1, 2, 1, 4>(), Of<BFloat16, 1, 2, 1, 4>())), Of<BFloat16, 1, 3, 2, 1, 4>>);
static_assert(same<decltype(lazuli::std<>(Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(lazuli::std<1>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 5, 1, 5>>);
static_assert(same<decltype(lazuli::std<0>(Of<double, 5>())), Of<double>>);
static_assert(same<decltype(lazuli::std<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(lazuli::std<>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 1, 1, 1>>);
static_assert(same<decltype(lazuli::std<>(Of<float, 5, 5, 5>())), Of<float>>);
static_assert(same<decltype(lazuli::std<1>(Of<float, 5, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(lazuli::std<>(Of<float, 5, 5, 5>(), typed::keepdim)), Of<float, 1, 1, 1>>);
static_assert(same<decltype(lazuli::std<>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(lazuli::std<>(Of<Half, 5, 5, 5>())), Of<Half>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<double, 5, 5, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(lazuli::std_mean<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(lazuli::std_mean<0>(Of<double, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(lazuli::std_mean<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 1, 1, 1>, Of<double, 1, 1, 1>>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<float, 5, 5, 5>())), std::tuple<Of<float>, Of<float>>>);
static_assert(same<decltype(lazuli::std_mean<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 1, 1, 1>, Of<float, 1, 1, 1>>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16>, Of<BFloat16>>>);
static_assert(same<decltype(lazuli::std_mean<>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half>, Of<Half>>>);
static_assert(same<decltype(sub(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(sub(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(sub(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(sub(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(sub(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(sub(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(sub(Of<float, 5, 10, 5>(), Of<float, 10, 5>())), Of<float, 5, 10, 5>>);
static_assert(same<decltype(sub(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(sub(Of<BFloat16, 10, 1, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 10, 10, 5>>);
static_assert(same<decltype(sub(Of<Half>(), Of<Half>())), Of<Half>>);
static_assert(same<decltype(sum<>(Of<double>())), Of<double>>);
static_assert(same<decltype(sum<-1>(Of<double>())), Of<double>>);
static_assert(same<decltype(sum<>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(sum<-1>(Of<double, 2>())), Of<double>>);
static_assert(same<decltype(sum<>(Of<double, 3, 5>())), Of<double>>);
static_assert(same<decltype(sum<-1>(Of<double, 3, 5>())), Of<double, 3>>);
static_assert(same<decltype(sum<0, -1>(Of<double, 3, 5>(), typed::keepdim)), Of<double, 1, 1>>);
static_assert(same<decltype(sum<0>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 2>>);
static_assert(same<decltype(sum<2>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 3, 2, 1, 2>>);
static_assert(same<decltype(sum<0, -1>(Of<double, 3, 2, 1, 2>(), typed::keepdim)), Of<double, 1, 2, 1, 1>>);
static_assert(same<decltype(sum_to_size<>(Of<double>())), Of<double>>);
static_assert(same<decltype(sum_to_size<1>(Of<double, 5>())), Of<double, 1>>);
static_assert(same<decltype(sum_to_size<1, 1>(Of<double, 5, 5>())), Of<double, 1, 1>>);
static_assert(same<decltype(sum_to_size<1, 5>(Of<double, 5, 5>())), Of<double, 1, 5>>);
static_assert(same<decltype(sum_to_size<5, 5>(Of<double, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(sum_to_size<5, 1, 5>(Of<double, 5, 5, 5>())), Of<double, 5, 1, 5>>);
static_assert(same<decltype(sum_to_size<>(Of<float>())), Of<float>>);
static_assert(same<decltype(sum_to_size<1, 1>(Of<float, 5, 5>())), Of<float, 1, 1>>);
static_assert(same<decltype(sum_to_size<>(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(sum_to_size<1, 5>(Of<BFloat16, 5, 5>())), Of<BFloat16, 1, 5>>);

static_assert(same<decltype(t(Of<double, 1, 2>())), Of<double, 2, 1>>);
static_assert(same<decltype(t(Of<double, 2>())), Of<double, 2>>);
static_assert(same<decltype(t(Of<double>())), Of<double>>);
static_assert(same<decltype(t(Of<float, 1, 2>())), Of<float, 2, 1>>);
static_assert(same<decltype(t(Of<float, 2>())), Of<float, 2>>);
static_assert(same<decltype(t(Of<float>())), Of<float>>);
static_assert(same<decltype(t(Of<BFloat16, 1, 2>())), Of<BFloat16, 2, 1>>);
static_assert(same<decltype(t(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(t(Of<Half, 1, 2>())), Of<Half, 2, 1>>);
static_assert(same<decltype(t(Of<int64_t, 1, 2>())), Of<int64_t, 2, 1>>);
static_assert(same<decltype(take(Of<double, 3, 3>(), Of<int64_t, 3>())), Of<double, 3>>);
static_assert(same<decltype(take(Of<double>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(take(Of<double, 1>(), Of<int64_t>())), Of<double>>);
static_assert(same<decltype(take(Of<double, 0>(), Of<int64_t, 0>())), Of<double, 0>>);
static_assert(same<decltype(take(Of<double, 1>(), Of<int64_t, 0>())), Of<double, 0>>);
static_assert(same<decltype(take(Of<float, 3, 3>(), Of<int64_t, 3>())), Of<float, 3>>);
static_assert(same<decltype(take(Of<float>(), Of<int64_t>())), Of<float>>);
static_assert(same<decltype(take(Of<BFloat16, 3, 3>(), Of<int64_t, 3>())), Of<BFloat16, 3>>);
static_assert(same<decltype(take(Of<BFloat16, 1>(), Of<int64_t>())), Of<BFloat16>>);
static_assert(same<decltype(take(Of<Half, 3, 3>(), Of<int64_t, 3>())), Of<Half, 3>>);
static_assert(same<decltype(take_along_dim<0>(Of<double, 5, 5>(), Of<int64_t, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(take_along_dim<1>(Of<double, 1, 5>(), Of<int64_t, 5, 2>())), Of<double, 5, 2>>);
static_assert(same<decltype(take_along_dim<1>(Of<double, 5, 5>(), Of<int64_t, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(take_along_dim<0>(Of<float, 5, 5>(), Of<int64_t, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(take_along_dim<1>(Of<float, 1, 5>(), Of<int64_t, 5, 2>())), Of<float, 5, 2>>);
static_assert(same<decltype(take_along_dim<0>(Of<BFloat16, 5, 5>(), Of<int64_t, 5, 5>())), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(take_along_dim<0>(Of<Half, 5, 5>(), Of<int64_t, 5, 5>())), Of<Half, 5, 5>>);
static_assert(same<decltype(take_along_dim<0>(Of<int64_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int64_t, 5, 5>>);
static_assert(same<decltype(take_along_dim<0>(Of<int32_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<int32_t, 5, 5>>);
static_assert(same<decltype(take_along_dim<0>(Of<uint8_t, 5, 5>(), Of<int64_t, 5, 5>())), Of<uint8_t, 5, 5>>);
static_assert(same<decltype(tan(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(tan(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tan(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(tan(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(tan(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tan(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tan(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tan(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tan(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(tan(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(tanh(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(tanh(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tanh(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(tanh(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(tanh(Of<int64_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tanh(Of<int32_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tanh(Of<uint8_t, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tanh(Of<bool, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(tanh(Of<Complex<double>, 20, 20>())), Of<Complex<double>, 20, 20>>);
static_assert(same<decltype(tanh(Of<Complex<float>, 20, 20>())), Of<Complex<float>, 20, 20>>);
static_assert(same<decltype(tanhshrink(Of<double, 20>())), Of<double, 20>>);
static_assert(same<decltype(tanhshrink(Of<double, 1, 0, 3>())), Of<double, 1, 0, 3>>);
static_assert(same<decltype(tanhshrink(Of<double>())), Of<double>>);
static_assert(same<decltype(tanhshrink(Of<float, 20>())), Of<float, 20>>);
static_assert(same<decltype(tanhshrink(Of<float, 1, 0, 3>())), Of<float, 1, 0, 3>>);
static_assert(same<decltype(tanhshrink(Of<float>())), Of<float>>);
static_assert(same<decltype(tanhshrink(Of<BFloat16, 20>())), Of<BFloat16, 20>>);
static_assert(same<decltype(tanhshrink(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(tanhshrink(Of<Half, 20>())), Of<Half, 20>>);
static_assert(same<decltype(tanhshrink(Of<int64_t, 20>())), Of<float, 20>>);
static_assert(same<decltype(tensor_split<3, 1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 2, 5>, Of<double, 5, 2, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(tensordot<2>(Of<double, 2, 2, 2>(), Of<double, 2, 2, 2>())), Of<double, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<float, 2, 2, 2>(), Of<float, 2, 2, 2>())), Of<float, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<BFloat16, 2, 2, 2>(), Of<BFloat16, 2, 2, 2>())), Of<BFloat16, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<Half, 2, 2, 2>(), Of<Half, 2, 2, 2>())), Of<Half, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<int64_t, 2, 2, 2>(), Of<int64_t, 2, 2, 2>())), Of<int64_t, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<int32_t, 2, 2, 2>(), Of<int32_t, 2, 2, 2>())), Of<int32_t, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<uint8_t, 2, 2, 2>(), Of<uint8_t, 2, 2, 2>())), Of<uint8_t, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<Complex<double>, 2, 2, 2>(), Of<Complex<double>, 2, 2, 2>())), Of<Complex<double>, 2, 2>>);
static_assert(same<decltype(tensordot<2>(Of<Complex<float>, 2, 2, 2>(), Of<Complex<float>, 2, 2, 2>())), Of<Complex<float>, 2, 2>>);
static_assert(same<decltype(threshold(Of<double>(), 0, 1)), Of<double>>);
static_assert(same<decltype(threshold(Of<double, 5>(), 0, 1)), Of<double, 5>>);
static_assert(same<decltype(threshold(Of<double, 5, 5>(), 0, 1)), Of<double, 5, 5>>);
static_assert(same<decltype(threshold(Of<double, 5, 5, 5>(), 0, 1)), Of<double, 5, 5, 5>>);
static_assert(same<decltype(threshold(Of<float>(), 0, 1)), Of<float>>);
static_assert(same<decltype(threshold(Of<float, 5>(), 0, 1)), Of<float, 5>>);
static_assert(same<decltype(threshold(Of<float, 5, 5>(), 0, 1)), Of<float, 5, 5>>);
static_assert(same<decltype(threshold(Of<BFloat16>(), 0, 1)), Of<BFloat16>>);
static_assert(same<decltype(threshold(Of<BFloat16, 5, 5>(), 0, 1)), Of<BFloat16, 5, 5>>);
static_assert(same<decltype(threshold(Of<Half>(), 0, 1)), Of<Half>>);
static_assert(same<decltype(tile<0>(Of<double>())), Of<double, 0>>);
static_assert(same<decltype(tile<0>(Of<double, 2>())), Of<double, 0>>);
static_assert(same<decltype(tile<0, 2>(Of<double>())), Of<double, 0, 2>>);
static_assert(same<decltype(tile<0, 2>(Of<double, 2>())), Of<double, 0, 4>>);
static_assert(same<decltype(tile<1, 1>(Of<double>())), Of<double, 1, 1>>);
static_assert(same<decltype(tile<1, 3, 2>(Of<double>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(tile<1, 3, 2>(Of<double, 2>())), Of<double, 1, 3, 4>>);
static_assert(same<decltype(tile<0, 2>(Of<float>())), Of<float, 0, 2>>);
static_assert(same<decltype(tile<2, 3, 2>(Of<float>())), Of<float, 2, 3, 2>>);
static_assert(same<decltype(tile<1, 1>(Of<BFloat16, 2>())), Of<BFloat16, 1, 2>>);
static_assert(same<decltype(topk<3, -1>(Of<double, 5, 10, 5>())), std::tuple<Of<double, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<3, -2>(Of<double, 5, 10, 5>())), std::tuple<Of<double, 5, 3, 5>, Of<int64_t, 5, 3, 5>>>);
static_assert(same<decltype(topk<1, 0>(Of<double>())), std::tuple<Of<double>, Of<int64_t>>>);
static_assert(same<decltype(topk<3, -1>(Of<float, 5, 10, 5>())), std::tuple<Of<float, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<1, 0>(Of<float>())), std::tuple<Of<float>, Of<int64_t>>>);
static_assert(same<decltype(topk<3, -1>(Of<BFloat16, 5, 10, 5>())), std::tuple<Of<BFloat16, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<3, -1>(Of<Half, 5, 10, 5>())), std::tuple<Of<Half, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<3, -1>(Of<int64_t, 5, 10, 5>())), std::tuple<Of<int64_t, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<3, -1>(Of<int32_t, 5, 10, 5>())), std::tuple<Of<int32_t, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(topk<3, -1>(Of<uint8_t, 5, 10, 5>())), std::tuple<Of<uint8_t, 5, 10, 3>, Of<int64_t, 5, 10, 3>>>);
static_assert(same<decltype(trace(Of<double, 5, 5>())), Of<double>>);
static_assert(same<decltype(trace(Of<double, 5, 7>())), Of<double>>);
static_assert(same<decltype(trace(Of<double, 5, 1>())), Of<double>>);
static_assert(same<decltype(trace(Of<float, 5, 5>())), Of<float>>);
static_assert(same<decltype(trace(Of<float, 5, 7>())), Of<float>>);
static_assert(same<decltype(trace(Of<BFloat16, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(trace(Of<Half, 5, 5>())), Of<Half>>);
static_assert(same<decltype(trace(Of<int64_t, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(trace(Of<int32_t, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(trace(Of<uint8_t, 5, 5>())), Of<int64_t>>);
static_assert(same<decltype(transpose<-1, -2>(Of<double, 1, 2, 3>())), Of<double, 1, 3, 2>>);
static_assert(same<decltype(transpose<1, -2>(Of<double, 1, 2, 3>())), Of<double, 1, 2, 3>>);
static_assert(same<decltype(transpose<0, 0>(Of<double>())), Of<double>>);
static_assert(same<decltype(transpose<0, 1>(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(transpose<-1, -2>(Of<float, 1, 2, 3>())), Of<float, 1, 3, 2>>);
static_assert(same<decltype(transpose<1, -2>(Of<float, 1, 2, 3>())), Of<float, 1, 2, 3>>);
static_assert(same<decltype(transpose<0, 0>(Of<float>())), Of<float>>);
static_assert(same<decltype(transpose<-1, -2>(Of<BFloat16, 1, 2, 3>())), Of<BFloat16, 1, 3, 2>>);
static_assert(same<decltype(transpose<0, 0>(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(transpose<-1, -2>(Of<Half, 1, 2, 3>())), Of<Half, 1, 3, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 3>(), Of<double, 2, 3>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 6>(), Of<double, 6>())), Of<double>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 3>(), Of<double, 1, 3>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-2>(Of<double, 3, 3>(), Of<double, 3, 3>())), Of<double, 3>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 2>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<float, 2, 3>(), Of<float, 2, 3>())), Of<float, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<float, 6>(), Of<float, 6>())), Of<float>>);
static_assert(same<decltype(trapezoid<-1>(Of<BFloat16, 2, 3>(), Of<BFloat16, 2, 3>())), Of<BFloat16, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<Half, 2, 3>(), Of<Half, 2, 3>())), Of<Half, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<int64_t, 2, 3>(), Of<int64_t, 2, 3>())), Of<float, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 3>(), Of<double, 2, 3>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 6>(), Of<double, 6>())), Of<double>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 3>(), Of<double, 1, 3>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-2>(Of<double, 3, 3>(), Of<double, 3, 3>())), Of<double, 3>>);
static_assert(same<decltype(trapezoid<-1>(Of<double, 2, 2>())), Of<double, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<float, 2, 3>(), Of<float, 2, 3>())), Of<float, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<float, 6>(), Of<float, 6>())), Of<float>>);
static_assert(same<decltype(trapezoid<-1>(Of<BFloat16, 2, 3>(), Of<BFloat16, 2, 3>())), Of<BFloat16, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<Half, 2, 3>(), Of<Half, 2, 3>())), Of<Half, 2>>);
static_assert(same<decltype(trapezoid<-1>(Of<int64_t, 2, 3>(), Of<int64_t, 2, 3>())), Of<float, 2>>);
static_assert(same<decltype(tril(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(tril(Of<double, 10, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(tril(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(tril(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(tril(Of<float, 10, 5>())), Of<float, 10, 5>>);
static_assert(same<decltype(tril(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(tril(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(tril(Of<int64_t, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(tril(Of<int32_t, 10, 10>())), Of<int32_t, 10, 10>>);
static_assert(same<decltype(tril(Of<uint8_t, 10, 10>())), Of<uint8_t, 10, 10>>);
static_assert(same<decltype(triplet_margin_loss<Reduction::Mean>(Of<double, 5, 10>(), Of<double, 5, 10>(), Of<double, 5, 10>())), Of<double>>);
static_assert(same<decltype(triplet_margin_loss<Reduction::None>(Of<double, 5, 10>(), Of<double, 5, 10>(), Of<double, 5, 10>())), Of<double, 5>>);
static_assert(same<decltype(triplet_margin_loss<Reduction::Mean>(Of<float, 5, 10>(), Of<float, 5, 10>(), Of<float, 5, 10>())), Of<float>>);
static_assert(same<decltype(triplet_margin_loss<Reduction::Mean>(Of<BFloat16, 5, 10>(), Of<BFloat16, 5, 10>(), Of<BFloat16, 5, 10>())), Of<BFloat16>>);
static_assert(same<decltype(triplet_margin_loss<Reduction::Mean>(Of<Half, 5, 10>(), Of<Half, 5, 10>(), Of<Half, 5, 10>())), Of<Half>>);
static_assert(same<decltype(triu(Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(triu(Of<double, 10, 5>())), Of<double, 10, 5>>);
static_assert(same<decltype(triu(Of<double, 5, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(triu(Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(triu(Of<float, 10, 5>())), Of<float, 10, 5>>);
static_assert(same<decltype(triu(Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(triu(Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(triu(Of<int64_t, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(triu(Of<int32_t, 10, 10>())), Of<int32_t, 10, 10>>);
static_assert(same<decltype(triu(Of<uint8_t, 10, 10>())), Of<uint8_t, 10, 10>>);
static_assert(same<decltype(true_divide(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(true_divide(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(true_divide(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(true_divide(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(true_divide(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(true_divide(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(true_divide(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(true_divide(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(true_divide(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(true_divide(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(trunc(Of<double, 20, 20>())), Of<double, 20, 20>>);
static_assert(same<decltype(trunc(Of<float, 20, 20>())), Of<float, 20, 20>>);
static_assert(same<decltype(trunc(Of<BFloat16, 20, 20>())), Of<BFloat16, 20, 20>>);
static_assert(same<decltype(trunc(Of<Half, 20, 20>())), Of<Half, 20, 20>>);
static_assert(same<decltype(trunc(Of<int64_t, 20, 20>())), Of<int64_t, 20, 20>>);
static_assert(same<decltype(trunc(Of<int32_t, 20, 20>())), Of<int32_t, 20, 20>>);
static_assert(same<decltype(trunc(Of<uint8_t, 20, 20>())), Of<uint8_t, 20, 20>>);
static_assert(same<decltype(unbind<0>(Of<double, 5>())), std::tuple<Of<double>, Of<double>, Of<double>, Of<double>, Of<double>>>);
static_assert(same<decltype(unbind<1>(Of<double, 5, 5>())), std::tuple<Of<double, 5>, Of<double, 5>, Of<double, 5>, Of<double, 5>, Of<double, 5>>>);
static_assert(same<decltype(unbind<0>(Of<double, 5, 0, 5>())), std::tuple<Of<double, 0, 5>, Of<double, 0, 5>, Of<double, 0, 5>, Of<double, 0, 5>, Of<double, 0, 5>>>);
static_assert(same<decltype(unbind<0>(Of<float, 5>())), std::tuple<Of<float>, Of<float>, Of<float>, Of<float>, Of<float>>>);
static_assert(same<decltype(unbind<1>(Of<float, 5, 5>())), std::tuple<Of<float, 5>, Of<float, 5>, Of<float, 5>, Of<float, 5>, Of<float, 5>>>);
static_assert(same<decltype(unbind<0>(Of<float, 5, 0, 5>())), std::tuple<Of<float, 0, 5>, Of<float, 0, 5>, Of<float, 0, 5>, Of<float, 0, 5>, Of<float, 0, 5>>>);
static_assert(same<decltype(unbind<0>(Of<BFloat16, 5>())), std::tuple<Of<BFloat16>, Of<BFloat16>, Of<BFloat16>, Of<BFloat16>, Of<BFloat16>>>);
static_assert(same<decltype(unbind<1>(Of<BFloat16, 5, 5>())), std::tuple<Of<BFloat16, 5>, Of<BFloat16, 5>, Of<BFloat16, 5>, Of<BFloat16, 5>, Of<BFloat16, 5>>>);
static_assert(same<decltype(unbind<0>(Of<Half, 5>())), std::tuple<Of<Half>, Of<Half>, Of<Half>, Of<Half>, Of<Half>>>);
static_assert(same<decltype(unbind<0>(Of<int64_t, 5>())), std::tuple<Of<int64_t>, Of<int64_t>, Of<int64_t>, Of<int64_t>, Of<int64_t>>>);
static_assert(same<decltype(unflatten<0, 8>(Of<double, 8>())), Of<double, 8>>);
static_assert(same<decltype(unflatten<-1, 2, 2, 2>(Of<double, 8>())), Of<double, 2, 2, 2>>);
static_assert(same<decltype(unflatten<1, 2, 3>(Of<double, 3, 6, 2>())), Of<double, 3, 2, 3, 2>>);
static_assert(same<decltype(unflatten<-2, -1, 3>(Of<double, 3, 6, 2>())), Of<double, 3, 2, 3, 2>>);
static_assert(same<decltype(unflatten<0, 2, 2>(Of<double, 4, 0>())), Of<double, 2, 2, 0>>);
static_assert(same<decltype(unflatten<0, 8>(Of<float, 8>())), Of<float, 8>>);
static_assert(same<decltype(unflatten<-1, 2, 2, 2>(Of<float, 8>())), Of<float, 2, 2, 2>>);
static_assert(same<decltype(unflatten<-2, -1, 3>(Of<float, 3, 6, 2>())), Of<float, 3, 2, 3, 2>>);
static_assert(same<decltype(unflatten<0, 8>(Of<BFloat16, 8>())), Of<BFloat16, 8>>);
static_assert(same<decltype(unflatten<1, 2, 3>(Of<BFloat16, 3, 6, 2>())), Of<BFloat16, 3, 2, 3, 2>>);
static_assert(same<decltype(unfold<0, 1, 1>(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(unfold<1, 3, 1>(Of<double, 5, 5, 5, 5>())), Of<double, 5, 3, 5, 5, 3>>);
static_assert(same<decltype(unfold<3, 3, 1>(Of<double, 5, 5, 5, 5>())), Of<double, 5, 5, 5, 3, 3>>);
static_assert(same<decltype(unfold<1, 3, 2>(Of<double, 5, 5, 5, 5>())), Of<double, 5, 2, 5, 5, 3>>);
static_assert(same<decltype(unfold<3, 3, 2>(Of<double, 5, 5, 5, 5>())), Of<double, 5, 5, 5, 2, 3>>);
static_assert(same<decltype(unfold<0, 3, 2>(Of<double, 10>())), Of<double, 4, 3>>);
static_assert(same<decltype(unfold<0, 1, 2>(Of<double, 10, 10>())), Of<double, 5, 10, 1>>);
static_assert(same<decltype(unfold<0, 1, 1>(Of<float>())), Of<float, 1>>);
static_assert(same<decltype(unfold<1, 3, 2>(Of<float, 5, 5, 5, 5>())), Of<float, 5, 2, 5, 5, 3>>);
static_assert(same<decltype(unfold<0, 3, 2>(Of<float, 10>())), Of<float, 4, 3>>);
static_assert(same<decltype(unravel_index<4, 5>(Of<int64_t, 2, 3>())), std::tuple<Of<int64_t, 2, 3>, Of<int64_t, 2, 3>>>);
static_assert(same<decltype(unravel_index<5, 8>(Of<int64_t, 2, 6>())), std::tuple<Of<int64_t, 2, 6>, Of<int64_t, 2, 6>>>);
static_assert(same<decltype(unravel_index<4, 5>(Of<int32_t, 2, 3>())), std::tuple<Of<int64_t, 2, 3>, Of<int64_t, 2, 3>>>);
static_assert(same<decltype(unravel_index<4, 5>(Of<uint8_t, 2, 3>())), std::tuple<Of<int64_t, 2, 3>, Of<int64_t, 2, 3>>>);
static_assert(same<decltype(unsqueeze<0>(Of<double, 3, 4, 5>())), Of<double, 1, 3, 4, 5>>);
static_assert(same<decltype(unsqueeze<3>(Of<double, 3, 4, 5>())), Of<double, 3, 4, 5, 1>>);
static_assert(same<decltype(unsqueeze<-3>(Of<double, 3, 4, 5>())), Of<double, 3, 1, 4, 5>>);
static_assert(same<decltype(unsqueeze<-1>(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(unsqueeze<-1>(Of<double, 1>())), Of<double, 1, 1>>);
static_assert(same<decltype(unsqueeze<0>(Of<float, 3, 4, 5>())), Of<float, 1, 3, 4, 5>>);
static_assert(same<decltype(unsqueeze<-1>(Of<float>())), Of<float, 1>>);
static_assert(same<decltype(unsqueeze<0>(Of<BFloat16, 3, 4, 5>())), Of<BFloat16, 1, 3, 4, 5>>);
static_assert(same<decltype(unsqueeze<-3>(Of<BFloat16, 3, 4, 5>())), Of<BFloat16, 3, 1, 4, 5>>);
static_assert(same<decltype(unsqueeze<0>(Of<Half, 3, 4, 5>())), Of<Half, 1, 3, 4, 5>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{3, 3}>(Of<double, 2, 3, 4, 4>())), Of<double, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{5, 5}>(Of<double, 2, 3, 4, 4>())), Of<double, 2, 3, 5, 5>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{3, 3}>(Of<float, 2, 3, 4, 4>())), Of<float, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{5, 5}>(Of<float, 2, 3, 4, 4>())), Of<float, 2, 3, 5, 5>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{3, 3}>(Of<BFloat16, 2, 3, 4, 4>())), Of<BFloat16, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{3, 3}>(Of<Half, 2, 3, 4, 4>())), Of<Half, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_bilinear<typed::Sizes{3, 3}>(Of<uint8_t, 2, 3, 4, 4>())), Of<uint8_t, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3}>(Of<double, 2, 3, 4>())), Of<double, 2, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3, 3}>(Of<double, 2, 3, 4, 4>())), Of<double, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3, 3, 3}>(Of<double, 2, 3, 4, 4, 4>())), Of<double, 2, 3, 3, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3}>(Of<float, 2, 3, 4>())), Of<float, 2, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3, 3}>(Of<float, 2, 3, 4, 4>())), Of<float, 2, 3, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3, 3, 3}>(Of<float, 2, 3, 4, 4, 4>())), Of<float, 2, 3, 3, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3}>(Of<BFloat16, 2, 3, 4>())), Of<BFloat16, 2, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3}>(Of<Half, 2, 3, 4>())), Of<Half, 2, 3, 3>>);
static_assert(same<decltype(upsample_nearest<typed::Sizes{3}>(Of<uint8_t, 2, 3, 4>())), Of<uint8_t, 2, 3, 3>>);
static_assert(same<decltype(lazuli::var<>(Of<double, 5, 5, 5>())), Of<double>>);
static_assert(same<decltype(lazuli::var<1>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 5, 1, 5>>);
static_assert(same<decltype(lazuli::var<0>(Of<double, 5>())), Of<double>>);
static_assert(same<decltype(lazuli::var<1>(Of<double, 5, 5, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(lazuli::var<>(Of<double, 5, 5, 5>(), typed::keepdim)), Of<double, 1, 1, 1>>);
static_assert(same<decltype(lazuli::var<>(Of<float, 5, 5, 5>())), Of<float>>);
static_assert(same<decltype(lazuli::var<1>(Of<float, 5, 5, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(lazuli::var<>(Of<float, 5, 5, 5>(), typed::keepdim)), Of<float, 1, 1, 1>>);
static_assert(same<decltype(lazuli::var<>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16>>);
static_assert(same<decltype(lazuli::var<>(Of<Half, 5, 5, 5>())), Of<Half>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<double, 5, 5, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(lazuli::var_mean<1>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 5, 1, 5>, Of<double, 5, 1, 5>>>);
static_assert(same<decltype(lazuli::var_mean<0>(Of<double, 5>())), std::tuple<Of<double>, Of<double>>>);
static_assert(same<decltype(lazuli::var_mean<1>(Of<double, 5, 5, 5>())), std::tuple<Of<double, 5, 5>, Of<double, 5, 5>>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<double, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<double, 1, 1, 1>, Of<double, 1, 1, 1>>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<float, 5, 5, 5>())), std::tuple<Of<float>, Of<float>>>);
static_assert(same<decltype(lazuli::var_mean<1>(Of<float, 5, 5, 5>())), std::tuple<Of<float, 5, 5>, Of<float, 5, 5>>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<float, 5, 5, 5>(), typed::keepdim)), std::tuple<Of<float, 1, 1, 1>, Of<float, 1, 1, 1>>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<BFloat16, 5, 5, 5>())), std::tuple<Of<BFloat16>, Of<BFloat16>>>);
static_assert(same<decltype(lazuli::var_mean<>(Of<Half, 5, 5, 5>())), std::tuple<Of<Half>, Of<Half>>>);
static_assert(same<decltype(vdot(Of<double, 5>(), Of<double, 5>())), Of<double>>);
static_assert(same<decltype(vdot(Of<float, 5>(), Of<float, 5>())), Of<float>>);
static_assert(same<decltype(vdot(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16>>);
static_assert(same<decltype(vdot(Of<Half, 5>(), Of<Half, 5>())), Of<Half>>);
static_assert(same<decltype(vdot(Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t>>);
static_assert(same<decltype(vdot(Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t>>);
static_assert(same<decltype(vdot(Of<uint8_t, 5>(), Of<uint8_t, 5>())), Of<uint8_t>>);
static_assert(same<decltype(vdot(Of<Complex<double>, 5>(), Of<Complex<double>, 5>())), Of<Complex<double>>>);
static_assert(same<decltype(vdot(Of<Complex<float>, 5>(), Of<Complex<float>, 5>())), Of<Complex<float>>>);
static_assert(same<decltype(view<25, 5>(Of<double, 5, 5, 5>())), Of<double, 25, 5>>);
static_assert(same<decltype(view<5, -1, 5>(Of<double, 25, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(view<5>(Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(view<1>(Of<double>())), Of<double, 1>>);
static_assert(same<decltype(view<25, 5>(Of<float, 5, 5, 5>())), Of<float, 25, 5>>);
static_assert(same<decltype(view<5, -1, 5>(Of<float, 25, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(view<5>(Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(view<25, 5>(Of<BFloat16, 5, 5, 5>())), Of<BFloat16, 25, 5>>);
static_assert(same<decltype(view<5>(Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(view<25, 5>(Of<Half, 5, 5, 5>())), Of<Half, 25, 5>>);
static_assert(same<decltype(view_as(Of<double, 5, 5, 5>(), Of<double, 25, 5>())), Of<double, 25, 5>>);
static_assert(same<decltype(view_as(Of<double, 25, 5>(), Of<double, 5, 5, 5>())), Of<double, 5, 5, 5>>);
static_assert(same<decltype(view_as(Of<double, 5>(), Of<double, 5>())), Of<double, 5>>);
static_assert(same<decltype(view_as(Of<double>(), Of<double, 1>())), Of<double, 1>>);
static_assert(same<decltype(view_as(Of<float, 5, 5, 5>(), Of<float, 25, 5>())), Of<float, 25, 5>>);
static_assert(same<decltype(view_as(Of<float, 25, 5>(), Of<float, 5, 5, 5>())), Of<float, 5, 5, 5>>);
static_assert(same<decltype(view_as(Of<float, 5>(), Of<float, 5>())), Of<float, 5>>);
static_assert(same<decltype(view_as(Of<BFloat16, 5, 5, 5>(), Of<BFloat16, 25, 5>())), Of<BFloat16, 25, 5>>);
static_assert(same<decltype(view_as(Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 5>>);
static_assert(same<decltype(view_as(Of<Half, 5, 5, 5>(), Of<Half, 25, 5>())), Of<Half, 25, 5>>);
static_assert(same<decltype(view_as_complex(Of<double, 5, 2>())), Of<Complex<double>, 5>>);
static_assert(same<decltype(view_as_complex(Of<float, 5, 2>())), Of<Complex<float>, 5>>);
static_assert(same<decltype(view_as_real(Of<Complex<double>, 5, 5>())), Of<double, 5, 5, 2>>);
static_assert(same<decltype(view_as_real(Of<Complex<double>>())), Of<double, 2>>);
static_assert(same<decltype(view_as_real(Of<Complex<float>, 5, 5>())), Of<float, 5, 5, 2>>);
static_assert(same<decltype(vsplit<2>(Of<double, 6, 5>())), std::tuple<Of<double, 3, 5>, Of<double, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<float, 6, 5>())), std::tuple<Of<float, 3, 5>, Of<float, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<BFloat16, 6, 5>())), std::tuple<Of<BFloat16, 3, 5>, Of<BFloat16, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<Half, 6, 5>())), std::tuple<Of<Half, 3, 5>, Of<Half, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<int64_t, 6, 5>())), std::tuple<Of<int64_t, 3, 5>, Of<int64_t, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<int32_t, 6, 5>())), std::tuple<Of<int32_t, 3, 5>, Of<int32_t, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<uint8_t, 6, 5>())), std::tuple<Of<uint8_t, 3, 5>, Of<uint8_t, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<bool, 6, 5>())), std::tuple<Of<bool, 3, 5>, Of<bool, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<Complex<double>, 6, 5>())), std::tuple<Of<Complex<double>, 3, 5>, Of<Complex<double>, 3, 5>>>);
static_assert(same<decltype(vsplit<2>(Of<Complex<float>, 6, 5>())), std::tuple<Of<Complex<float>, 3, 5>, Of<Complex<float>, 3, 5>>>);
static_assert(same<decltype(vstack(Of<double, 5>(), Of<double, 5>(), Of<double, 5>())), Of<double, 3, 5>>);
static_assert(same<decltype(vstack(Of<double, 5, 5>(), Of<double, 5, 5>(), Of<double, 5, 5>())), Of<double, 15, 5>>);
static_assert(same<decltype(vstack(Of<float, 5>(), Of<float, 5>(), Of<float, 5>())), Of<float, 3, 5>>);
static_assert(same<decltype(vstack(Of<float, 5, 5>(), Of<float, 5, 5>(), Of<float, 5, 5>())), Of<float, 15, 5>>);
static_assert(same<decltype(vstack(Of<BFloat16, 5>(), Of<BFloat16, 5>(), Of<BFloat16, 5>())), Of<BFloat16, 3, 5>>);
static_assert(same<decltype(vstack(Of<Half, 5>(), Of<Half, 5>(), Of<Half, 5>())), Of<Half, 3, 5>>);
static_assert(same<decltype(vstack(Of<int64_t, 5>(), Of<int64_t, 5>(), Of<int64_t, 5>())), Of<int64_t, 3, 5>>);
static_assert(same<decltype(vstack(Of<int32_t, 5>(), Of<int32_t, 5>(), Of<int32_t, 5>())), Of<int32_t, 3, 5>>);
static_assert(same<decltype(vstack(Of<uint8_t, 5>(), Of<uint8_t, 5>(), Of<uint8_t, 5>())), Of<uint8_t, 3, 5>>);
static_assert(same<decltype(vstack(Of<bool, 5>(), Of<bool, 5>(), Of<bool, 5>())), Of<bool, 3, 5>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<double, 10, 10>(), Of<double, 10, 10>())), Of<double, 10, 10>>);
static_assert(same<decltype(where(Of<bool>(), Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<double>(), Of<double>())), Of<double, 10, 10>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<float, 10, 10>(), Of<float, 10, 10>())), Of<float, 10, 10>>);
static_assert(same<decltype(where(Of<bool>(), Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<BFloat16, 10, 10>(), Of<BFloat16, 10, 10>())), Of<BFloat16, 10, 10>>);
static_assert(same<decltype(where(Of<bool>(), Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<Half, 10, 10>(), Of<Half, 10, 10>())), Of<Half, 10, 10>>);
static_assert(same<decltype(where(Of<bool, 10, 10>(), Of<int64_t, 10, 10>(), Of<int64_t, 10, 10>())), Of<int64_t, 10, 10>>);
static_assert(same<decltype(where(Of<bool>(), Of<int64_t>(), Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(xlogy(Of<double>(), Of<double>())), Of<double>>);
static_assert(same<decltype(xlogy(Of<double, 5, 1>(), Of<double, 5>())), Of<double, 5, 5>>);
static_assert(same<decltype(xlogy(Of<double, 5, 10, 5>(), Of<double, 10, 5>())), Of<double, 5, 10, 5>>);
static_assert(same<decltype(xlogy(Of<double, 10, 1, 5>(), Of<double, 10, 5>())), Of<double, 10, 10, 5>>);
static_assert(same<decltype(xlogy(Of<double, 0, 1, 3>(), Of<double, 0, 10, 3>())), Of<double, 0, 10, 3>>);
static_assert(same<decltype(xlogy(Of<float>(), Of<float>())), Of<float>>);
static_assert(same<decltype(xlogy(Of<float, 5, 1>(), Of<float, 5>())), Of<float, 5, 5>>);
static_assert(same<decltype(xlogy(Of<float, 10, 1, 5>(), Of<float, 10, 5>())), Of<float, 10, 10, 5>>);
static_assert(same<decltype(xlogy(Of<BFloat16>(), Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(xlogy(Of<BFloat16, 5, 10, 5>(), Of<BFloat16, 10, 5>())), Of<BFloat16, 5, 10, 5>>);
static_assert(same<decltype(zeros_like(Of<double>())), Of<double>>);
static_assert(same<decltype(zeros_like(Of<double, 0, 5, 0>())), Of<double, 0, 5, 0>>);
static_assert(same<decltype(zeros_like(Of<float>())), Of<float>>);
static_assert(same<decltype(zeros_like(Of<float, 0, 5, 0>())), Of<float, 0, 5, 0>>);
static_assert(same<decltype(zeros_like(Of<BFloat16>())), Of<BFloat16>>);
static_assert(same<decltype(zeros_like(Of<Half>())), Of<Half>>);
static_assert(same<decltype(zeros_like(Of<int64_t>())), Of<int64_t>>);
static_assert(same<decltype(zeros_like(Of<int32_t>())), Of<int32_t>>);
static_assert(same<decltype(zeros_like(Of<uint8_t>())), Of<uint8_t>>);
static_assert(same<decltype(zeros_like(Of<bool>())), Of<bool>>);

}  // namespace

// How many samples each function is held against.
std::vector<std::pair<std::string, int>> recorded_shapes() {
  return {
    {"H", 10},
    {"T", 10},
    {"abs", 9},
    {"acos", 10},
    {"acosh", 10},
    {"adaptive_avg_pool1d", 8},
    {"adaptive_avg_pool2d", 10},
    {"adaptive_avg_pool3d", 10},
    {"adaptive_max_pool1d", 7},
    {"adaptive_max_pool2d", 10},
    {"adaptive_max_pool3d", 10},
    {"add", 10},
    {"addbmm", 10},
    {"addcdiv", 10},
    {"addcmul", 10},
    {"addmm", 10},
    {"addmv", 10},
    {"addr", 10},
    {"adjoint", 0},
    {"all", 10},
    {"amax", 10},
    {"amin", 10},
    {"aminmax", 10},
    {"angle", 10},
    {"any", 10},
    {"argmax", 6},
    {"argmin", 6},
    {"argsort", 9},
    {"as_strided", 10},
    {"asin", 10},
    {"asinh", 10},
    {"atan", 10},
    {"atan2", 10},
    {"atanh", 10},
    {"atleast_1d", 10},
    {"atleast_2d", 10},
    {"atleast_3d", 10},
    {"avg_pool1d", 10},
    {"avg_pool2d", 10},
    {"avg_pool3d", 9},
    {"baddbmm", 10},
    {"batch_norm", 10},
    {"bilinear", 10},
    {"binary_cross_entropy", 10},
    {"binary_cross_entropy_with_logits", 7},
    {"bitwise_and", 6},
    {"bitwise_left_shift", 4},
    {"bitwise_not", 6},
    {"bitwise_or", 6},
    {"bitwise_right_shift", 4},
    {"bitwise_xor", 6},
    {"block_diag", 10},
    {"bmm", 9},
    {"broadcast_tensors", 10},
    {"broadcast_to", 10},
    {"bucketize", 10},
    {"cartesian_prod", 10},
    {"cat", 10},
    {"cdist", 6},
    {"ceil", 7},
    {"celu", 9},
    {"channel_shuffle", 10},
    {"cholesky_inverse", 9},
    {"cholesky_solve", 9},
    {"chunk", 10},
    {"clamp", 8},
    {"clamp_max", 10},
    {"clamp_min", 10},
    {"clone", 10},
    {"column_stack", 10},
    {"combinations", 10},
    {"complex", 7},
    {"conj", 10},
    {"conj_physical", 10},
    {"constant_pad_nd", 10},
    {"contiguous", 10},
    {"conv1d", 10},
    {"conv2d", 10},
    {"conv3d", 10},
    {"conv_transpose1d", 10},
    {"conv_transpose2d", 10},
    {"conv_transpose3d", 10},
    {"copysign", 10},
    {"corrcoef", 10},
    {"cos", 10},
    {"cosh", 10},
    {"cosine_embedding_loss", 9},
    {"cosine_similarity", 10},
    {"count_nonzero", 10},
    {"cov", 10},
    {"cross", 8},
    {"cross_entropy", 10},
    {"cummax", 10},
    {"cummin", 10},
    {"cumprod", 10},
    {"cumsum", 10},
    {"cumulative_trapezoid", 10},
    {"deg2rad", 8},
    {"diag", 10},
    {"diag_embed", 10},
    {"diagflat", 10},
    {"diagonal", 10},
    {"diagonal_scatter", 10},
    {"diff", 10},
    {"digamma", 10},
    {"dist", 10},
    {"div", 10},
    {"dot", 9},
    {"dsplit", 6},
    {"dstack", 10},
    {"einsum", 10},
    {"elu", 9},
    {"embedding", 8},
    {"embedding_bag", 4},
    {"eq", 10},
    {"erf", 8},
    {"erfc", 10},
    {"erfinv", 8},
    {"exp", 10},
    {"exp2", 10},
    {"expand", 10},
    {"expand_as", 10},
    {"expm1", 10},
    {"fft.fft", 10},
    {"fft.fft2", 10},
    {"fft.fftn", 10},
    {"fft.fftshift", 10},
    {"fft.hfft", 10},
    {"fft.hfft2", 10},
    {"fft.hfftn", 10},
    {"fft.ifft", 10},
    {"fft.ifft2", 10},
    {"fft.ifftn", 10},
    {"fft.ifftshift", 10},
    {"fft.ihfft", 10},
    {"fft.ihfft2", 9},
    {"fft.ihfftn", 10},
    {"fft.irfft", 10},
    {"fft.irfft2", 10},
    {"fft.irfftn", 10},
    {"fft.rfft", 10},
    {"fft.rfft2", 9},
    {"fft.rfftn", 10},
    {"fill", 10},
    {"flatten", 10},
    {"flip", 10},
    {"fliplr", 10},
    {"flipud", 10},
    {"float_power", 10},
    {"floor", 7},
    {"floor_divide", 10},
    {"fmax", 10},
    {"fmin", 10},
    {"fmod", 10},
    {"frac", 4},
    {"frexp", 8},
    {"full_like", 10},
    {"gather", 10},
    {"gaussian_nll_loss", 10},
    {"gcd", 4},
    {"ge", 10},
    {"gelu", 4},
    {"geqrf", 10},
    {"glu", 10},
    {"gradient", 10},
    {"grid_sample", 7},
    {"grid_sampler_2d", 4},
    {"grid_sampler_3d", 4},
    {"group_norm", 10},
    {"gt", 10},
    {"hardshrink", 6},
    {"hardsigmoid", 9},
    {"hardswish", 4},
    {"hardtanh", 10},
    {"heaviside", 10},
    {"hinge_embedding_loss", 10},
    {"histc", 9},
    {"histogram", 8},
    {"hsplit", 10},
    {"hstack", 10},
    {"huber_loss", 10},
    {"hypot", 10},
    {"i0", 10},
    {"igamma", 10},
    {"igammac", 10},
    {"imag", 4},
    {"index_add", 10},
    {"index_fill", 10},
    {"index_reduce", 10},
    {"index_select", 10},
    {"inner", 10},
    {"instance_norm", 9},
    {"interpolate", 10},
    {"inverse", 0},
    {"isclose", 10},
    {"isfinite", 10},
    {"isin", 9},
    {"isinf", 10},
    {"isnan", 10},
    {"isneginf", 8},
    {"isposinf", 8},
    {"isreal", 10},
    {"kl_div", 10},
    {"kron", 10},
    {"kthvalue", 10},
    {"l1_loss", 8},
    {"layer_norm", 9},
    {"lcm", 4},
    {"ldexp", 10},
    {"le", 10},
    {"leaky_relu", 4},
    {"lerp", 9},
    {"lgamma", 10},
    {"linalg.cholesky", 10},
    {"linalg.cholesky_ex", 10},
    {"linalg.cond", 8},
    {"linalg.cross", 10},
    {"linalg.det", 9},
    {"linalg.diagonal", 10},
    {"linalg.eig", 7},
    {"linalg.eigh", 8},
    {"linalg.eigvals", 7},
    {"linalg.eigvalsh", 8},
    {"linalg.householder_product", 9},
    {"linalg.inv", 8},
    {"linalg.inv_ex", 8},
    {"linalg.ldl_factor", 8},
    {"linalg.ldl_factor_ex", 8},
    {"linalg.lu", 10},
    {"linalg.lu_factor", 10},
    {"linalg.lu_factor_ex", 10},
    {"linalg.matrix_exp", 0},
    {"linalg.matrix_norm", 10},
    {"linalg.matrix_power", 7},
    {"linalg.matrix_rank", 8},
    {"linalg.matrix_sqrth", 8},
    {"linalg.multi_dot", 10},
    {"linalg.norm", 10},
    {"linalg.pinv", 10},
    {"linalg.polar", 9},
    {"linalg.qr", 10},
    {"linalg.slogdet", 9},
    {"linalg.solve", 10},
    {"linalg.solve_ex", 10},
    {"linalg.solve_triangular", 9},
    {"linalg.svd", 10},
    {"linalg.svdvals", 10},
    {"linalg.tensorinv", 6},
    {"linalg.tensorsolve", 6},
    {"linalg.vander", 10},
    {"linalg.vecdot", 10},
    {"linalg.vector_norm", 10},
    {"linear", 10},
    {"local_response_norm", 8},
    {"log", 10},
    {"log10", 10},
    {"log1p", 10},
    {"log2", 10},
    {"log_softmax", 10},
    {"logaddexp", 10},
    {"logaddexp2", 4},
    {"logcumsumexp", 10},
    {"logdet", 9},
    {"logical_and", 10},
    {"logical_not", 10},
    {"logical_or", 10},
    {"logical_xor", 10},
    {"logit", 10},
    {"logsigmoid", 9},
    {"logsumexp", 10},
    {"lt", 10},
    {"mH", 10},
    {"mT", 10},
    {"margin_ranking_loss", 10},
    {"masked_fill", 10},
    {"masked_scatter", 10},
    {"matmul", 10},
    {"matrix_exp", 9},
    {"max", 10},
    {"max_pool1d", 10},
    {"max_pool2d", 10},
    {"max_pool3d", 10},
    {"max_unpool1d", 10},
    {"max_unpool2d", 10},
    {"max_unpool3d", 9},
    {"maximum", 10},
    {"mean", 10},
    {"median", 7},
    {"meshgrid", 10},
    {"min", 10},
    {"minimum", 10},
    {"mish", 9},
    {"mm", 10},
    {"mode", 7},
    {"movedim", 10},
    {"mse_loss", 8},
    {"msort", 10},
    {"mul", 10},
    {"multi_margin_loss", 5},
    {"multilabel_margin_loss", 5},
    {"multilabel_soft_margin_loss", 6},
    {"mv", 9},
    {"mvlgamma", 9},
    {"nan_to_num", 10},
    {"nanmean", 10},
    {"nanmedian", 7},
    {"nanquantile", 9},
    {"nansum", 10},
    {"narrow", 10},
    {"ne", 10},
    {"neg", 9},
    {"nextafter", 10},
    {"nll_loss", 6},
    {"norm", 10},
    {"normalize", 10},
    {"one_hot", 0},
    {"ones_like", 10},
    {"outer", 10},
    {"pad", 10},
    {"pairwise_distance", 9},
    {"pdist", 5},
    {"permute", 10},
    {"pinverse", 8},
    {"pixel_shuffle", 10},
    {"pixel_unshuffle", 10},
    {"poisson_nll_loss", 10},
    {"polar", 7},
    {"polygamma", 10},
    {"positive", 9},
    {"pow", 10},
    {"prelu", 10},
    {"prod", 10},
    {"put", 10},
    {"quantile", 9},
    {"rad2deg", 8},
    {"ravel", 10},
    {"real", 10},
    {"reciprocal", 10},
    {"relu", 10},
    {"relu6", 10},
    {"remainder", 10},
    {"renorm", 10},
    {"repeat", 10},
    {"repeat_interleave", 10},
    {"reshape", 10},
    {"reshape_as", 10},
    {"resolve_conj", 10},
    {"resolve_neg", 10},
    {"rms_norm", 10},
    {"roll", 10},
    {"rot90", 10},
    {"round", 10},
    {"rsqrt", 10},
    {"rsub", 10},
    {"scaled_dot_product_attention", 1},
    {"scatter", 10},
    {"scatter_add", 10},
    {"scatter_reduce", 10},
    {"searchsorted", 10},
    {"select", 10},
    {"select_scatter", 10},
    {"selu", 9},
    {"sgn", 10},
    {"sigmoid", 10},
    {"sign", 8},
    {"signbit", 8},
    {"silu", 10},
    {"sin", 10},
    {"sinc", 10},
    {"sinh", 10},
    {"slice", 10},
    {"smooth_l1_loss", 7},
    {"soft_margin_loss", 8},
    {"softmax", 10},
    {"softmin", 10},
    {"softplus", 9},
    {"softshrink", 9},
    {"softsign", 10},
    {"sort", 10},
    {"special.airy_ai", 10},
    {"special.bessel_j0", 10},
    {"special.bessel_j1", 10},
    {"special.bessel_y0", 10},
    {"special.bessel_y1", 10},
    {"special.chebyshev_polynomial_t", 10},
    {"special.chebyshev_polynomial_u", 10},
    {"special.chebyshev_polynomial_v", 10},
    {"special.chebyshev_polynomial_w", 10},
    {"special.entr", 10},
    {"special.erfcx", 10},
    {"special.hermite_polynomial_h", 10},
    {"special.hermite_polynomial_he", 10},
    {"special.i0e", 10},
    {"special.i1", 10},
    {"special.i1e", 10},
    {"special.laguerre_polynomial_l", 10},
    {"special.legendre_polynomial_p", 10},
    {"special.log_ndtr", 10},
    {"special.modified_bessel_i0", 10},
    {"special.modified_bessel_i1", 10},
    {"special.modified_bessel_k0", 10},
    {"special.modified_bessel_k1", 10},
    {"special.ndtr", 10},
    {"special.ndtri", 10},
    {"special.polygamma", 10},
    {"special.scaled_modified_bessel_k0", 10},
    {"special.scaled_modified_bessel_k1", 10},
    {"special.shifted_chebyshev_polynomial_t", 10},
    {"special.shifted_chebyshev_polynomial_u", 10},
    {"special.shifted_chebyshev_polynomial_v", 10},
    {"special.shifted_chebyshev_polynomial_w", 10},
    {"special.spherical_bessel_j0", 10},
    {"special.xlog1py", 10},
    {"special.zeta", 10},
    {"split", 10},
    {"split_with_sizes", 10},
    {"sqrt", 10},
    {"square", 10},
    {"squeeze", 10},
    {"stack", 10},
    {"std", 10},
    {"std_mean", 10},
    {"sub", 10},
    {"sum", 10},
    {"sum_to_size", 10},
    {"swapaxes", 0},
    {"t", 10},
    {"take", 10},
    {"take_along_dim", 10},
    {"tan", 10},
    {"tanh", 10},
    {"tanhshrink", 10},
    {"tensor_split", 1},
    {"tensordot", 9},
    {"threshold", 10},
    {"tile", 10},
    {"topk", 10},
    {"trace", 10},
    {"transpose", 10},
    {"trapezoid", 10},
    {"trapz", 10},
    {"tril", 10},
    {"triplet_margin_loss", 5},
    {"triu", 10},
    {"true_divide", 10},
    {"trunc", 7},
    {"unbind", 10},
    {"unflatten", 10},
    {"unfold", 10},
    {"unravel_index", 4},
    {"unsqueeze", 10},
    {"upsample_bilinear", 7},
    {"upsample_nearest", 9},
    {"var", 10},
    {"var_mean", 10},
    {"vdot", 9},
    {"view", 10},
    {"view_as", 10},
    {"view_as_complex", 2},
    {"view_as_real", 3},
    {"vsplit", 10},
    {"vstack", 10},
    {"where", 10},
    {"xlogy", 10},
    {"zeros_like", 10},
  };
}
