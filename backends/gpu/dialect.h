#pragma once
#include <string>

#include "lazuli/backends/gpu/driver.h"

namespace lazuli::gpu {

/// The small C dialect of the kernels' texts: C99 as OpenCL C 1.2 and CUDA C++ share it, with these words for what differs.
///
///   KERNEL(name)(parameters) { ... }     a kernel; DEVICE: a helper function
///   BUFFER(T, x), INPUT(T, x)            a parameter: memory to write, or to read; OPEN(T, x), OPEN_INPUT(T, x) first thing in the body make it the pointer x.
///                                        HAS(x): not an undefined tensor
///   GLOBAL                               address space of pointers into buffers;  LOCAL_ARRAY(T, name, n): memory of the group, at the top of the kernel
///   GLOBAL_ID, LOCAL_ID, GROUP_ID, GROUP_SIZE, GROUP_Y; BARRIER()
///   int64, uint64, int, uint32, short, ushort, signed char, uchar: integers of 64, 32, 16 and 8 bits (int8, uint16, ... are vectors in OpenCL C)
///   RSQRT, FMA, POPCOUNT(uint32), MUL_HIGH(uint32, uint32), MUL_HIGH_64(uint64, uint64), BITS_FLOAT(uint32), FLOAT_BITS(float), BITS_DOUBLE, DOUBLE_BITS
///   ERRORS(x)                            parameter for Driver::error_buffer; REPORT_INDEX(x, value, size): the index `value` is out of range for `size`; REPORT_ZERO_DIVISOR(x)
///   ATOMIC_ADD_INT(p, v), ATOMIC_MIN_INT, ATOMIC_MAX_INT on GLOBAL int*
/// and for each type parameter T of a Variant:
///   T            storage type (half precision: 16-bit bits; bool: uchar; complex: struct {re, im})
///   T_COMPUTE    what is computed with: float for half precision, uchar for bool; T_ACCUMULATE: float, double, or int64 for integers and bool
///   T_LOAD(p, i) T_COMPUTE from element i; T_STORE(p, i, v)
///   T_KIND       KIND_BOOL, KIND_UNSIGNED, KIND_SIGNED, KIND_FLOAT or KIND_COMPLEX, for #if; T_LOWEST, T_HIGHEST: -inf and inf, or the integer range
///   T_REAL       complex: its part's type. T_ISNAN(v): false for integers; T_DOUBLE: 1 when it is float64 or complex128
/// REAL is the floating-point type that most is computed with (double where a type is float64 or complex128), NUM(0.5) a literal of it; in a program with a complex type, its parts'.
/// Complex programs (one complex type each) have complex_add, complex_mul, complex_exp, ... on COMPLEX and REAL (dialect_complex.cpp).
std::string prelude(Dialect dialect, bool float64);

/// The lines for type parameter `name` of dtype `t`.
std::string type_lines(const std::string& name, DType t);

/// Complex functions, for programs with a complex type of which each part is `real`.
std::string complex_prelude(DType complex);

}  // namespace lazuli::gpu
