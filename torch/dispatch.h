#pragma once
#include "lazuli/torch/check.h"

// Code for each dtype, in which `scalar_t` is the type of its elements: AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "name", [&] { ... }).
// The names tell the dtypes: those of a group, and as many more as the number behind AND says, which come first: AT_DISPATCH_ALL_TYPES_AND2(kHalf, kBool, x.scalar_type(), "name", [&] { ... }).

namespace c10 {
/// The dtype of a C++ type, and back.
template <class T>
struct CppTypeToScalarType : std::integral_constant<lazuli::DType, lazuli::dtype_of<T>()> {};
namespace impl {
template <lazuli::DType dtype>
struct ScalarTypeToCPPType;
#define LAZULI_TORCH_TYPE(dtype, T)                  \
  template <>                                        \
  struct ScalarTypeToCPPType<lazuli::DType::dtype> { \
    using type = T;                                  \
  };
LAZULI_TORCH_TYPE(Bool, bool)
LAZULI_TORCH_TYPE(UInt8, uint8_t)
LAZULI_TORCH_TYPE(Int8, int8_t)
LAZULI_TORCH_TYPE(Int16, int16_t)
LAZULI_TORCH_TYPE(Int32, int32_t)
LAZULI_TORCH_TYPE(Int64, int64_t)
LAZULI_TORCH_TYPE(Float16, lazuli::Half)
LAZULI_TORCH_TYPE(BFloat16, lazuli::BFloat16)
LAZULI_TORCH_TYPE(Float32, float)
LAZULI_TORCH_TYPE(Float64, double)
LAZULI_TORCH_TYPE(Complex64, std::complex<float>)
LAZULI_TORCH_TYPE(Complex128, std::complex<double>)
#undef LAZULI_TORCH_TYPE
template <lazuli::DType dtype>
using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<dtype>::type;
}  // namespace impl
}  // namespace c10

#define LAZULI_TORCH_CASE(name, dtype, ...)                                                 \
  case dtype: {                                                                             \
    using name [[maybe_unused]] = ::c10::impl::ScalarTypeToCPPTypeT<::torch::Dtype(dtype)>; \
    return __VA_ARGS__();                                                                   \
  }
#define AT_DISPATCH_CASE(dtype, ...) LAZULI_TORCH_CASE(scalar_t, dtype, __VA_ARGS__)
#define AT_DISPATCH_SWITCH(dtype, NAME, ...)                                                                                                         \
  [&] {                                                                                                                                              \
    switch (const ::torch::Dtype dispatched_dtype = dtype) {                                                                                         \
      __VA_ARGS__                                                                                                                                    \
      default: ::lazuli::fail(::lazuli::ErrorKind::NotSupported, NAME, "dtype", "one that it is implemented for", ::lazuli::name(dispatched_dtype)); \
    }                                                                                                                                                \
  }()

#define AT_DISPATCH_CASE_FLOATING_TYPES(...)        \
  AT_DISPATCH_CASE(::lazuli::kFloat32, __VA_ARGS__) \
  AT_DISPATCH_CASE(::lazuli::kFloat64, __VA_ARGS__)
#define AT_DISPATCH_CASE_COMPLEX_TYPES(...)           \
  AT_DISPATCH_CASE(::lazuli::kComplex64, __VA_ARGS__) \
  AT_DISPATCH_CASE(::lazuli::kComplex128, __VA_ARGS__)
#define AT_DISPATCH_CASE_REDUCED_FLOATING_TYPES(...) \
  AT_DISPATCH_CASE(::lazuli::kFloat16, __VA_ARGS__)  \
  AT_DISPATCH_CASE(::lazuli::kBFloat16, __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES(...)      \
  AT_DISPATCH_CASE(::lazuli::kUInt8, __VA_ARGS__) \
  AT_DISPATCH_CASE(::lazuli::kInt8, __VA_ARGS__)  \
  AT_DISPATCH_CASE(::lazuli::kInt16, __VA_ARGS__) \
  AT_DISPATCH_CASE(::lazuli::kInt32, __VA_ARGS__) \
  AT_DISPATCH_CASE(::lazuli::kInt64, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES(...)        \
  AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) \
  AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES(...) \
  AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)           \
  AT_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX(...) \
  AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__)           \
  AT_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__)

// A group, alone or with one to four dtypes more.
#define LAZULI_TORCH_WITH0(GROUP, dtype, name, ...) AT_DISPATCH_SWITCH(dtype, name, AT_DISPATCH_CASE_##GROUP(__VA_ARGS__))
#define LAZULI_TORCH_WITH1(GROUP, a, dtype, name, ...) \
  AT_DISPATCH_SWITCH(dtype, name, AT_DISPATCH_CASE_##GROUP(__VA_ARGS__) AT_DISPATCH_CASE(a, __VA_ARGS__))
#define LAZULI_TORCH_WITH2(GROUP, a, b, dtype, name, ...) \
  AT_DISPATCH_SWITCH(dtype, name, AT_DISPATCH_CASE_##GROUP(__VA_ARGS__) AT_DISPATCH_CASE(a, __VA_ARGS__) AT_DISPATCH_CASE(b, __VA_ARGS__))
#define LAZULI_TORCH_WITH3(GROUP, a, b, c, dtype, name, ...)                                                                 \
  AT_DISPATCH_SWITCH(dtype, name,                                                                                            \
                     AT_DISPATCH_CASE_##GROUP(__VA_ARGS__) AT_DISPATCH_CASE(a, __VA_ARGS__) AT_DISPATCH_CASE(b, __VA_ARGS__) \
                         AT_DISPATCH_CASE(c, __VA_ARGS__))
#define LAZULI_TORCH_WITH4(GROUP, a, b, c, d, dtype, name, ...)                                                              \
  AT_DISPATCH_SWITCH(dtype, name,                                                                                            \
                     AT_DISPATCH_CASE_##GROUP(__VA_ARGS__) AT_DISPATCH_CASE(a, __VA_ARGS__) AT_DISPATCH_CASE(b, __VA_ARGS__) \
                         AT_DISPATCH_CASE(c, __VA_ARGS__) AT_DISPATCH_CASE(d, __VA_ARGS__))

#define AT_DISPATCH_FLOATING_TYPES(...) LAZULI_TORCH_WITH0(FLOATING_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(...) LAZULI_TORCH_WITH1(FLOATING_TYPES, ::lazuli::kFloat16, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND(...) LAZULI_TORCH_WITH1(FLOATING_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND2(...) LAZULI_TORCH_WITH2(FLOATING_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND3(...) LAZULI_TORCH_WITH3(FLOATING_TYPES, __VA_ARGS__)
#define AT_DISPATCH_REDUCED_FLOATING_TYPES(...) LAZULI_TORCH_WITH0(REDUCED_FLOATING_TYPES, __VA_ARGS__)
#define AT_DISPATCH_COMPLEX_TYPES(...) LAZULI_TORCH_WITH0(COMPLEX_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES(...) LAZULI_TORCH_WITH0(FLOATING_AND_COMPLEX_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND1(...) LAZULI_TORCH_WITH1(FLOATING_AND_COMPLEX_TYPES, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND2(...) LAZULI_TORCH_WITH2(FLOATING_AND_COMPLEX_TYPES, __VA_ARGS__)
#define AT_DISPATCH_INTEGRAL_TYPES(...) LAZULI_TORCH_WITH0(INTEGRAL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_INTEGRAL_TYPES_AND(...) LAZULI_TORCH_WITH1(INTEGRAL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES(...) LAZULI_TORCH_WITH0(ALL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND(...) LAZULI_TORCH_WITH1(ALL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND2(...) LAZULI_TORCH_WITH2(ALL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND3(...) LAZULI_TORCH_WITH3(ALL_TYPES, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX(...) LAZULI_TORCH_WITH0(ALL_TYPES_AND_COMPLEX, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND(...) LAZULI_TORCH_WITH1(ALL_TYPES_AND_COMPLEX, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND2(...) LAZULI_TORCH_WITH2(ALL_TYPES_AND_COMPLEX, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND3(...) LAZULI_TORCH_WITH3(ALL_TYPES_AND_COMPLEX, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND4(...) LAZULI_TORCH_WITH4(ALL_TYPES_AND_COMPLEX, __VA_ARGS__)
/// The type is named `index_t`.
#define AT_DISPATCH_INDEX_TYPES(dtype, name, ...) \
  AT_DISPATCH_SWITCH(dtype, name, LAZULI_TORCH_CASE(index_t, ::lazuli::kInt32, __VA_ARGS__) LAZULI_TORCH_CASE(index_t, ::lazuli::kInt64, __VA_ARGS__))
