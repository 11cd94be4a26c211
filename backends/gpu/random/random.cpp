#include <algorithm>
#include <cmath>

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// Philox-4x32-10 and the uniform numbers of core/random/philox.h; log, sine and cosine step by step as in backends/cpu/random/random_normal.h, so that the bits are the CPU's.
constexpr const char* kPhilox = R"gpu(
DEVICE void philox(uint64 seed, uint64 counter, uint32* w) {
  uint32 c0 = (uint32)counter, c1 = (uint32)(counter >> 32), c2 = 0, c3 = 0, k0 = (uint32)seed, k1 = (uint32)(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint32 h0 = MUL_HIGH(0xD2511F53u, c0), l0 = 0xD2511F53u * c0, h1 = MUL_HIGH(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
    c0 = h1 ^ c1 ^ k0; c1 = l1; c2 = h0 ^ c3 ^ k1; c3 = l0;
    k0 += 0x9E3779B9u; k1 += 0xBB67AE85u;
  }
  w[0] = c0; w[1] = c1; w[2] = c2; w[3] = c3;
}
DEVICE uint64 pair_of(const uint32* w, int k) { return w[2 * k] | (uint64)w[2 * k + 1] << 32; }
)gpu";

constexpr const char* kFloatNormal = R"gpu(
typedef float R;
DEVICE R uniform_of(uint32 word) { return (float)(int)(word >> 8) * 5.9604644775390625e-8f; }
DEVICE R log_of(R t) {
  const int bits = (int)FLOAT_BITS(t), e = (bits - 0x3f3504f3) >> 23;
  const R m = BITS_FLOAT((uint32)(bits - e * 8388608)), s = (m - 1.0f) / (m + 1.0f), z = s * s, s2 = s + s;
  R p = z * 0.11111111f + 0.14285715f;
  p = p * z + 0.2f;
  p = p * z + 0.33333334f;
  return (float)e * 0.6931472f + (s2 * z * p + s2);
}
DEVICE void sincos_of(R v, R* sine, R* cosine) {
  const R q = floor(v * 4.0f + 0.5f), x = (v - q * 0.25f) * 6.2831855f, y = x * x;
  R s = y * 2.7557319e-6f + -1.9841270e-4f;
  s = s * y + 8.3333338e-3f;
  s = s * y + -0.16666667f;
  s = s * y * x + x;
  R c = y * -2.7557319e-7f + 2.4801588e-5f;
  c = c * y + -1.3888889e-3f;
  c = c * y + 4.1666668e-2f;
  c = c * y + -0.5f;
  c = c * y + 1.0f;
  const int k = (int)q & 3;
  const R big = (k & 1) ? s : c, small = (k & 1) ? c : s;
  *cosine = (k == 1 || k == 2) ? -big : big;
  *sine = k >= 2 ? -small : small;
}
)gpu";

constexpr const char* kDoubleNormal = R"gpu(
typedef double R;
DEVICE R uniform_of(uint64 pair) { return (double)(int64)(pair >> 11) * 1.1102230246251565e-16; }
DEVICE R log_of(R t) {
  const int64 bits = (int64)DOUBLE_BITS(t), e = (bits - 0x3fe6a09e667f3bcdL) >> 52;
  const R m = BITS_DOUBLE((uint64)(bits - e * 4503599627370496L)), s = (m - 1.0) / (m + 1.0), z = s * s, s2 = s + s;
  R p = z * (1.0 / 23.0) + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  return (double)e * 0.69314718055994530942 + (s2 * z * p + s2);
}
DEVICE void sincos_of(R v, R* sine, R* cosine) {
  const R q = floor(v * 4.0 + 0.5), x = (v - q * 0.25) * 6.28318530717958647693, y = x * x;
  R s = y * (1.0 / 355687428096000.0) + -1.0 / 1307674368000.0;
  s = s * y + 1.0 / 6227020800.0;
  s = s * y + -1.0 / 39916800.0;
  s = s * y + 1.0 / 362880.0;
  s = s * y + -1.0 / 5040.0;
  s = s * y + 1.0 / 120.0;
  s = s * y + -1.0 / 6.0;
  s = s * y * x + x;
  R c = y * (1.0 / 20922789888000.0) + -1.0 / 87178291200.0;
  c = c * y + 1.0 / 479001600.0;
  c = c * y + -1.0 / 3628800.0;
  c = c * y + 1.0 / 40320.0;
  c = c * y + -1.0 / 720.0;
  c = c * y + 1.0 / 24.0;
  c = c * y + -0.5;
  c = c * y + 1.0;
  const int k = (int)q & 3;
  const R big = (k & 1) ? s : c, small = (k & 1) ? c : s;
  *cosine = (k == 1 || k == 2) ? -big : big;
  *sine = k >= 2 ? -small : small;
}
)gpu";

// One work item for each block of the generator: four elements of 32-bit draws, or two of 64-bit ones.
const Source kRandom{"random", R"gpu(
#define UNIFORM 0
#define NORMAL 1
#define BERNOULLI 2
#define INTEGERS 3
#define EXPONENTIAL 4
#define CAUCHY 5
#define LOG_NORMAL 6
#define GEOMETRIC 7
#define PER (WIDE ? 2 : 4)

KERNEL(random_numbers)(BUFFER(T, out), int64 n, uint64 seed, uint64 offset, PARAMETER p0, PARAMETER p1) {
  const int64 block = GLOBAL_ID, first = block * PER;
  if (first >= n) return;
  OPEN(T, out);
  uint32 w[4];
  philox(seed, offset + (uint64)block, w);
  for (int k = 0; k < PER && first + k < n; ++k) {
#if WIDE
    const uint64 u = pair_of(w, k);
#else
    const uint32 u = w[k];
#endif
#if OP == UNIFORM
    T_STORE(out, first + k, p0 + p1 * uniform_of(u & KEEP));
#elif OP == NORMAL || OP == LOG_NORMAL
    R radius, sine, cosine;
#if WIDE
    radius = sqrt(log_of((R)1 - uniform_of(pair_of(w, 0))) * -(R)2) * p1;
    sincos_of(uniform_of(pair_of(w, 1)), &sine, &cosine);
#else
    radius = sqrt(log_of((R)1 - uniform_of(w[k & 2])) * -(R)2) * p1;
    sincos_of(uniform_of(w[(k & 2) + 1]), &sine, &cosine);
#endif
    const R normal = radius * (k & 1 ? sine : cosine) + p0;
    T_STORE(out, first + k, OP == NORMAL ? normal : exp(normal));
#elif OP == EXPONENTIAL
    T_STORE(out, first + k, -log_of((R)1 - uniform_of(u)) / p0);
#elif OP == CAUCHY
    const R pi = (R)3.14159265358979323846, x = uniform_of(u) - (R)0.5, far = (R)0.5 - fabs(x);
    const R t = fabs(x) <= (R)0.25 ? tan(pi * x) : (x < 0 ? -(R)1 : (R)1) / tan(pi * far);
    T_STORE(out, first + k, p0 + p1 * t);
#elif OP == GEOMETRIC
    T_STORE(out, first + k, (T_COMPUTE)fmax((D)1, ceil(log1p(-(D)uniform_of(u)) / (D)p0)));
#elif OP == BERNOULLI
    T_STORE(out, first + k, (T_COMPUTE)((int64)(u >> (WIDE ? 11 : 8)) < p0));
#elif OP == INTEGERS
#if WIDE
    T_STORE(out, first + k, (T_COMPUTE)(int64)((uint64)p0 + (p1 == 0 ? u : MUL_HIGH_64(u, (uint64)p1))));
#else
    T_STORE(out, first + k, (T_COMPUTE)(p0 + (int64)((uint64)u * (uint64)p1 >> 32)));
#endif
#endif
  }
}
)gpu",
                     true};

const Source kDropout{"dropout", R"gpu(
KERNEL(dropout)(BUFFER(T, out), BUFFER(uchar, mask), INPUT(T, in), int64 n, uint64 seed, uint64 offset, uint32 threshold, T_REAL scale) {
  const int64 first = GLOBAL_ID * 4;
  if (first >= n) return;
  OPEN(T, out);
  OPEN(uchar, mask);
  OPEN_INPUT(T, in);
  uint32 w[4];
  philox(seed, offset + (uint64)GLOBAL_ID, w);
  for (int k = 0; k < 4 && first + k < n; ++k) {
    const int keep = (w[k] >> 8) >= threshold;
    const T_REAL factor = keep ? scale : (T_REAL)0;
    mask[first + k] = (uchar)keep;
#if T_KIND == KIND_COMPLEX
    T_STORE(out, first + k, complex_scale(T_LOAD(in, first + k), factor));
#else
    T_STORE(out, first + k, T_LOAD(in, first + k) * factor);
#endif
  }
}
)gpu",
                      true};

void random(RandomOp op, Tensor& out, double p0, double p1, const PhiloxState& state) {
  const DType dtype = out.dtype();
  const Device device = out.device();
  const bool whole = op == RandomOp::Integers || op == RandomOp::Bernoulli || op == RandomOp::Geometric;
  if (!whole && is_integral(dtype)) fail(ErrorKind::Type, "random", "input", "a dtype that random supports", name(dtype));
  if (whole && is_complex(dtype)) return random_kernel.without_kernel(device, op, out, p0, p1, state);
  if (out.numel() == 0) return;

  // A complex element is two real ones; a complex normal number has the variance std^2 in all.
  const DType real = real_dtype(dtype);
  const int64_t count = out.numel() * (is_complex(dtype) ? 2 : 1);
  if (is_complex(dtype) && op == RandomOp::Normal) p1 *= 0.70710678118654752440;
  const double width = p1 - p0;
  const bool wide = op == RandomOp::Integers ? width > 0x1p28 : real == kFloat64;

  Arguments args;
  args.buffer(out.address(), uint32_t(item_size(real))).value(count).value(state.seed).value(state.offset);
  if (op == RandomOp::Integers) args.value(p0 <= -0x1p63 ? INT64_MIN : int64_t(p0)).value(width >= 0x1p64 ? uint64_t(0) : uint64_t(width));
  else if (op == RandomOp::Bernoulli) args.value(int64_t(std::ceil(std::clamp(p0, 0.0, 1.0) * (wide ? 0x1p53 : 0x1p24)))).value(int64_t(0));
  else
    args.number(wide ? kFloat64 : kFloat32, op == RandomOp::Geometric ? std::log1p(-p0) : p0)
        .number(wide ? kFloat64 : kFloat32, op == RandomOp::Uniform ? width : p1);

  const bool integers = op == RandomOp::Integers || op == RandomOp::Bernoulli;
  const bool doubles = wide && op != RandomOp::Integers,
             doubles_for_geometric = op == RandomOp::Geometric && driver_of(device).has_float64(device.index);
  Variant v(kRandom, "random_numbers", device);
  v.type("T", real).define("OP", int64_t(op)).define("WIDE", wide).define("PARAMETER", integers ? "int64" : wide ? "double" : "float");
  v.define("KEEP", wide ? "~0ul" : dtype == kFloat16 ? "0xffe00000u" : dtype == kBFloat16 ? "0xff000000u" : "~0u");
  if (op == RandomOp::Geometric) v.type("D", doubles_for_geometric ? kFloat64 : kFloat32);
  v.code(kPhilox);
  if (!integers) v.code(doubles ? kDoubleNormal : kFloatNormal);
  const int per_item = wide ? 2 : 4;
  v.run(Grid::items((count + per_item - 1) / per_item), args);
}

void dropout(Tensor& out, Tensor& mask, const Tensor& in, double p, const PhiloxState& state) {
  const DType dtype = out.dtype();
  if (is_integral(dtype)) fail(ErrorKind::Type, "dropout", "input", "a dtype that dropout supports", name(dtype));
  if (out.numel() == 0) return;
  Arguments args;
  args.buffer(out).buffer(mask).buffer(in).value(out.numel()).value(state.seed).value(state.offset).value(uint32_t(std::ceil(p * 0x1p24)));
  args.number(real_dtype(dtype), p < 1 ? 1 / (1 - p) : 0.0);
  Variant(kDropout, "dropout", out.device()).type("T", dtype).code(kPhilox).run(Grid::items((out.numel() + 3) / 4), args);
}

}  // namespace

void register_random(DeviceType type) {
  random_kernel.set(type, &random);
  dropout_kernel.set(type, &dropout);
}

}  // namespace lazuli::gpu
