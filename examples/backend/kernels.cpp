#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include "island.h"
#include "lazuli/core/slots/dispatch.h"

using namespace lazuli;

namespace island {
namespace {

constexpr DTypeSet kStored{kBool, kUInt8, kInt32, kInt64, kFloat32, kFloat64};  // what fill and copy take
constexpr DTypeSet kComputed{kFloat32, kInt64, kBool};                          // what the others take; the result of a comparison is bool

// Calls f with the C++ type of a dtype of kStored.
template <class F>
void with_type(DType dtype, F f) {
  dispatch(dtype, [&](auto zero) {
    if constexpr (std::is_arithmetic_v<decltype(zero)>) f(zero);
  });
}

// Calls f with the offsets of each place of `sizes`, in row-major order, in tensors of the given strides.
template <size_t N, class F>
void walk(const Shape& sizes, const std::array<const Shape*, N>& strides, F f) {
  Shape at = Shape::filled(sizes.size(), 0);
  std::array<int64_t, N> offset{};
  for (int64_t left = sizes.numel(); left > 0; --left) {
    f(offset);
    for (int64_t d = sizes.size() - 1; d >= 0; --d) {
      for (size_t k = 0; k < N; ++k) offset[k] += (*strides[k])[d];
      if (++at[d] < sizes[d]) break;
      for (size_t k = 0; k < N; ++k) offset[k] -= (*strides[k])[d] * sizes[d];
      at[d] = 0;
    }
  }
}

void fill(Tensor& out, const Scalar& value) {
  with_type(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* to = host_address<T>(out.address());
    walk<1>(out.sizes(), {&out.strides()}, [&, v = value.to<T>()](auto at) { to[at[0]] = v; });
  });
}

void copy(Tensor& out, const Tensor& in) {
  with_type(out.dtype(), [&](auto to_zero) {
    with_type(in.dtype(), [&](auto from_zero) {
      auto* to = host_address<decltype(to_zero)>(out.address());
      auto* from = host_address<decltype(from_zero)>(in.address());
      walk<2>(out.sizes(), {&out.strides(), &in.strides()}, [&](auto at) { to[at[0]] = static_cast<decltype(to_zero)>(from[at[1]]); });
    });
  });
}

template <class F>
void map(Tensor& out, const Tensor& a, F f) {
  float* to = host_address<float>(out.address());
  const float* x = host_address<float>(a.address());
  walk<2>(out.sizes(), {&out.strides(), &a.strides()}, [&](auto at) { to[at[0]] = f(x[at[1]]); });
}

void unary(UnaryOp op, Tensor& out, const Tensor& a, Params p) {
  if (a.dtype() == kFloat32 && out.dtype() == kFloat32) switch (op) {
      case UnaryOp::Neg: return map(out, a, [](float x) { return -x; });
      case UnaryOp::Square: return map(out, a, [](float x) { return x * x; });
      case UnaryOp::Sqrt: return map(out, a, [](float x) { return std::sqrt(x); });
      case UnaryOp::Rsqrt: return map(out, a, [](float x) { return 1 / std::sqrt(x); });
      case UnaryOp::Exp: return map(out, a, [](float x) { return std::exp(x); });
      case UnaryOp::Log: return map(out, a, [](float x) { return std::log(x); });
      case UnaryOp::Relu: return map(out, a, [](float x) { return x < 0 ? 0 : x; });
      default: break;
    }
  unary_kernel.without_kernel(out.device(), op, out, a, p);
}

template <class R, class T, class F>
void map(Tensor& out, const Tensor& a, const Tensor& b, F f) {
  R* to = host_address<R>(out.address());
  const T *x = host_address<T>(a.address()), *y = host_address<T>(b.address());
  walk<3>(out.sizes(), {&out.strides(), &a.strides(), &b.strides()}, [&](auto at) { to[at[0]] = f(x[at[1]], y[at[2]]); });
}

// Whether the operator is one of ours.
template <class T>
bool combine(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b) {
  switch (op) {
    case BinaryOp::Add: return map<T, T>(out, a, b, [](T x, T y) { return T(x + y); }), true;
    case BinaryOp::Sub: return map<T, T>(out, a, b, [](T x, T y) { return T(x - y); }), true;
    case BinaryOp::Mul: return map<T, T>(out, a, b, [](T x, T y) { return T(x * y); }), true;
    case BinaryOp::Maximum: return map<T, T>(out, a, b, [](T x, T y) { return x != x || x > y ? x : y; }), true;
    case BinaryOp::Eq: return map<bool, T>(out, a, b, [](T x, T y) { return x == y; }), true;
    case BinaryOp::Lt: return map<bool, T>(out, a, b, [](T x, T y) { return x < y; }), true;
    case BinaryOp::Div:
      if constexpr (std::is_floating_point_v<T>) return map<T, T>(out, a, b, [](T x, T y) { return x / y; }), true;
      return false;
    case BinaryOp::ReluGrad:
      if constexpr (std::is_floating_point_v<T>) return map<T, T>(out, a, b, [](T grad, T result) { return result > 0 ? grad : 0; }), true;
      return false;
    default: return false;
  }
}

void binary(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
  if (a.dtype() == kFloat32 && combine<float>(op, out, a, b)) return;
  if (a.dtype() == kInt64 && combine<int64_t>(op, out, a, b)) return;
  binary_kernel.without_kernel(out.device(), op, out, a, b, p);
}

// Sums and greatest elements; the mean, log-sum-exp and so on are made of these by their composite.
void reduce(ReduceOp op, Tensor& out, const Tensor& in) {
  const bool sum = op == ReduceOp::Sum;
  if (in.dtype() != kFloat32 || out.dtype() != kFloat32 || !(sum || op == ReduceOp::Amax))
    return reduce_kernel.without_kernel(out.device(), op, out, in);
  fill(out, sum ? 0.0 : -std::numeric_limits<double>::infinity());
  Shape into = out.strides();  // a reduced dimension stays at its place
  for (int64_t d = 0; d < into.size(); ++d)
    if (out.sizes()[d] == 1) into[d] = 0;
  float* to = host_address<float>(out.address());
  const float* from = host_address<float>(in.address());
  walk<2>(in.sizes(), {&into, &in.strides()}, [&](auto at) {
    float &so_far = to[at[0]], x = from[at[1]];
    if (sum) so_far += x;
    else if (so_far == so_far && !(x <= so_far)) so_far = x;  // a NaN wins
  });
}

// out = beta out + alpha a @ b + bias
void matmul(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const int64_t rank = out.dim(), batches = rank == 3 ? out.sizes()[0] : 1, rows = out.sizes()[rank - 2], columns = out.sizes()[rank - 1],
                inner = a.sizes()[rank - 1];
  if (out.dtype() != kFloat32) return matmul_kernel.without_kernel(out.device(), out, a, b, bias, beta, alpha);
  const auto at = [rank](const Tensor& t, int64_t batch, int64_t i, int64_t j) -> float& {
    const Shape& strides = t.strides();
    return host_address<float>(t.address())[(rank == 3 ? batch * strides[0] : 0) + i * strides[rank - 2] + j * strides[rank - 1]];
  };
  for (int64_t batch = 0; batch < batches; ++batch)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        float total = 0;
        for (int64_t k = 0; k < inner; ++k) total += at(a, batch, i, k) * at(b, batch, k, j);
        total = float(alpha) * total + (bias.defined() ? host_address<float>(bias.address())[j * bias.strides()[0]] : 0);
        float& place = at(out, batch, i, j);
        place = beta == 0 ? total : float(beta) * place + total;  // what was there may be NaN
      }
}

}  // namespace

void register_kernels(DeviceType type) {
  fill_kernel.set(type, fill, kStored);
  copy_kernel.set(type, copy, kStored);
  unary_kernel.set(type, unary, kComputed);
  binary_kernel.set(type, binary, kComputed);
  reduce_kernel.set(type, reduce, kComputed);
  matmul_kernel.set(type, matmul, kComputed);
}

}  // namespace island
