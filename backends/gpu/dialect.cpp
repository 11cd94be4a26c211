#include "lazuli/backends/gpu/dialect.h"

namespace lazuli::gpu {
namespace {

constexpr const char* kOpenCl = R"gpu(
#pragma OPENCL EXTENSION cl_khr_byte_addressable_store : enable
#define KERNEL(name) __kernel void name
#define DEVICE static inline
#define GLOBAL __global
#define CONSTANT __constant
#define LOCAL_ARRAY(T, name, n) __local T name[n]
#define LOCAL __local
#define GLOBAL_ID ((int64)get_global_id(0))
#define LOCAL_ID ((int)get_local_id(0))
#define GROUP_ID ((int64)get_group_id(0))
#define GROUP_SIZE ((int)get_local_size(0))
#define GROUP_COUNT ((int64)get_num_groups(0))
#define GROUP_Y ((int64)get_group_id(1))
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
typedef long int64; typedef ulong uint64; typedef uint uint32;
#define RSQRT(x) rsqrt(x)
#define FMA(a, b, c) fma(a, b, c)
#define POPCOUNT(x) ((int)popcount(x))
#define MUL_HIGH(a, b) mul_hi((uint)(a), (uint)(b))
#define MUL_HIGH_64(a, b) mul_hi((ulong)(a), (ulong)(b))
#define BITS_FLOAT(u) as_float((uint)(u))
#define FLOAT_BITS(f) as_uint((float)(f))
#define BITS_DOUBLE(u) as_double((ulong)(u))
#define DOUBLE_BITS(f) as_ulong((double)(f))
#define ATOMIC_ADD_INT(p, v) atomic_add(p, v)
#define ATOMIC_MIN_INT(p, v) atomic_min(p, v)
#define ATOMIC_MAX_INT(p, v) atomic_max(p, v)
#define ATOMIC_FIRST(p, v) (atomic_cmpxchg((volatile __global int*)(p), 0, v) == 0)
DEVICE float half_load(GLOBAL const ushort* p, int64 i) { return vload_half(i, (GLOBAL const half*)p); }
DEVICE void half_store(GLOBAL ushort* p, int64 i, float v) { vstore_half_rte(v, i, (GLOBAL half*)p); }
)gpu";

constexpr const char* kCuda = R"gpu(
#define KERNEL(name) extern "C" __global__ void name
#define DEVICE static __device__ __forceinline__
#define GLOBAL
#define CONSTANT __constant__
#define LOCAL_ARRAY(T, name, n) __shared__ T name[n]
#define LOCAL
#define GLOBAL_ID ((int64)blockIdx.x * blockDim.x + threadIdx.x)
#define LOCAL_ID ((int)threadIdx.x)
#define GROUP_ID ((int64)blockIdx.x)
#define GROUP_SIZE ((int)blockDim.x)
#define GROUP_COUNT ((int64)gridDim.x)
#define GROUP_Y ((int64)blockIdx.y)
#define BARRIER() __syncthreads()
typedef long long int64; typedef unsigned long long uint64; typedef unsigned int uint32; typedef unsigned short ushort; typedef unsigned char uchar;
#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#define RSQRT(x) rsqrt(x)
#define FMA(a, b, c) fma(a, b, c)
#define POPCOUNT(x) __popc(x)
#define MUL_HIGH(a, b) __umulhi((unsigned int)(a), (unsigned int)(b))
#define MUL_HIGH_64(a, b) __umul64hi(a, b)
#define BITS_FLOAT(u) __uint_as_float((unsigned int)(u))
#define FLOAT_BITS(f) __float_as_uint((float)(f))
#define BITS_DOUBLE(u) __longlong_as_double((long long)(u))
#define DOUBLE_BITS(f) ((uint64)__double_as_longlong((double)(f)))
#define ATOMIC_ADD_INT(p, v) atomicAdd(p, v)
#define ATOMIC_MIN_INT(p, v) atomicMin(p, v)
#define ATOMIC_MAX_INT(p, v) atomicMax(p, v)
#define ATOMIC_FIRST(p, v) (atomicCAS((int*)(p), 0, v) == 0)
DEVICE float half_load(const ushort* p, int64 i) { float f; asm("cvt.f32.f16 %0, %1;" : "=f"(f) : "h"(p[i])); return f; }
DEVICE void half_store(ushort* p, int64 i, float v) { ushort h; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(v)); p[i] = h; }
)gpu";

constexpr const char* kShared = R"gpu(
#define BUFFER(T, x) GLOBAL T* x##_base, int64 x##_offset
#define INPUT(T, x) GLOBAL const T* x##_base, int64 x##_offset
#define OPEN(T, x) GLOBAL T* x = x##_base + x##_offset
#define OPEN_INPUT(T, x) GLOBAL const T* x = x##_base + x##_offset
#define HAS(x) (x##_offset >= 0)
#define ERRORS(x) GLOBAL int64* x##_base, int64 x##_offset, int64 x##_operator
#define REPORT_INDEX(x, value, size) do { GLOBAL int64* report_ = x##_base + x##_offset; if (ATOMIC_FIRST(report_, 1)) { report_[1] = (value); report_[2] = (size); report_[3] = x##_operator; } } while (0)
#define REPORT_ZERO_DIVISOR(x) REPORT_INDEX(x, 0, -1)
#define KIND_BOOL 0
#define KIND_UNSIGNED 1
#define KIND_SIGNED 2
#define KIND_FLOAT 3
#define KIND_COMPLEX 4
#define PLAIN_LOAD(p, i) ((p)[i])
#define PLAIN_STORE(p, i, v) ((p)[i] = (v))
#define BOOL_STORE(p, i, v) ((p)[i] = (v) != 0)
DEVICE float bfloat_load(GLOBAL const ushort* p, int64 i) { return BITS_FLOAT((uint32)p[i] << 16); }
DEVICE void bfloat_store(GLOBAL ushort* p, int64 i, float v) {
  uint32 u = FLOAT_BITS(v);
  p[i] = (u & 0x7fffffffu) > 0x7f800000u ? (ushort)0x7fc0 : (ushort)((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}
typedef struct { float re, im; } complex64;
)gpu";

struct TypeText {
  const char *storage, *compute, *accumulate, *load, *store, *kind, *lowest, *highest, *real;
};
const TypeText& text_of(DType t) {
  static constexpr TypeText texts[kDTypeCount] = {
      {"uchar", "uchar", "int64", "PLAIN_LOAD", "BOOL_STORE", "KIND_BOOL", "0", "1", "float"},
      {"uchar", "uchar", "int64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_UNSIGNED", "0", "255", "float"},
      {"signed char", "signed char", "int64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_SIGNED", "(-128)", "127", "float"},
      {"short", "short", "int64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_SIGNED", "(-32768)", "32767", "float"},
      {"int", "int", "int64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_SIGNED", "(-2147483647 - 1)", "2147483647", "float"},
      {"int64", "int64", "int64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_SIGNED", "(-9223372036854775807L - 1)", "9223372036854775807L", "float"},
      {"ushort", "float", "float", "half_load", "half_store", "KIND_FLOAT", "(-INFINITY)", "INFINITY", "float"},
      {"ushort", "float", "float", "bfloat_load", "bfloat_store", "KIND_FLOAT", "(-INFINITY)", "INFINITY", "float"},
      {"float", "float", "float", "PLAIN_LOAD", "PLAIN_STORE", "KIND_FLOAT", "(-INFINITY)", "INFINITY", "float"},
      {"double", "double", "double", "PLAIN_LOAD", "PLAIN_STORE", "KIND_FLOAT", "((double)-INFINITY)", "((double)INFINITY)", "double"},
      {"complex64", "complex64", "complex64", "PLAIN_LOAD", "PLAIN_STORE", "KIND_COMPLEX", "0", "0", "float"},
      {"complex128", "complex128", "complex128", "PLAIN_LOAD", "PLAIN_STORE", "KIND_COMPLEX", "0", "0", "double"},
  };
  return texts[int(t)];
}

}  // namespace

std::string prelude(Dialect dialect, bool float64) {
  std::string text = float64 && dialect == Dialect::OpenCl ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : "";
  text += dialect == Dialect::OpenCl ? kOpenCl : kCuda;
  text += kShared;
  if (float64) text += "typedef struct { double re, im; } complex128;\n#define REAL double\n#define NUM(x) x\n";
  else text += "#define REAL float\n#define NUM(x) x##f\n";
  return text;
}

std::string type_lines(const std::string& name, DType t) {
  const TypeText& x = text_of(t);
  std::string text;
  auto line = [&](const char* suffix, const std::string& value) { text += "#define " + name + suffix + " " + value + "\n"; };
  line("", x.storage);
  line("_COMPUTE", x.compute);
  line("_ACCUMULATE", x.accumulate);
  line("_LOAD", x.load);
  line("_STORE", x.store);
  line("_KIND", x.kind);
  line("_LOWEST", x.lowest);
  line("_HIGHEST", x.highest);
  line("_REAL", x.real);
  line("_DOUBLE", real_dtype(t) == kFloat64 ? "1" : "0");
  line("_ISNAN(v)", is_floating_point(t) ? "((v) != (v))" : is_complex(t) ? "((v).re != (v).re || (v).im != (v).im)" : "0");
  return text;
}

}  // namespace lazuli::gpu
