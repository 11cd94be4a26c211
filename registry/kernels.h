#pragma once
#include <optional>
#include <type_traits>

#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/open/open_calls.h"
#include "lazuli/ops/table/handle.h"

/// Kernels of a program's own, for operators of the library or of its own: they run instead of the library's where dtype, device and predicate say so, also in C++ calls (`a + b`).
/// A kernel that calls its own operator gets the library's. Gradients stay those of the operator.
namespace lazuli::registry {

using KernelHandle = Handle;
using KernelPredicate = std::function<bool(const KernelCall&)>;
using KernelFunction = std::function<void(KernelCall&)>;

struct KernelConfig {
  std::string op;             // "add", "matmul": a name of kernel_ops(), or of a program's own operator
  std::vector<DType> dtypes;  // of its first tensor
  Device device = kCPU;       // any of its type
  KernelFunction function;    // writes call.outputs from call.inputs
  KernelPredicate predicate = {};
  int priority = 0;           // the greatest is asked first, then the latest
  std::string name = {};      // for listings; the operator's unless given
  bool deterministic = true;  // false: refused in deterministic mode (core/settings.h)
};
/// Throws Error: op_not_found_error for an unknown operator (with near names), invalid_config_error without a function or dtypes.
KernelHandle register_kernel(KernelConfig config);
/// For all built-in dtypes.
KernelHandle register_forward(std::string op, Device device, KernelFunction function);

/// What serves an operator for a dtype on a device.
struct KernelInfo {
  std::string op, name;
  std::vector<DType> dtypes;
  Device device;
  bool is_custom = false, has_predicate = false;
  int priority = 0;
};
/// The program's kernel without a predicate, else the library's own for that device. Throws Error (kernel_not_registered_error) where there is neither.
KernelInfo get_kernel(std::string_view op, DType dtype, Device device = kCPU);
bool has_kernel(std::string_view op, DType dtype, Device device = kCPU);
/// What a call with these inputs gets: predicates are asked. None: neither the program nor the library has a kernel there.
std::optional<KernelInfo> find_kernel_with_predicate(std::string_view op, DType dtype, Device device, const std::vector<Tensor>& inputs);

struct ListKernelsOptions {
  std::optional<std::string> op = {};
  std::optional<DType> dtype = {};
  std::optional<Device> device = {};
  bool custom_only = false;
};
std::vector<KernelInfo> list_kernels(const ListKernelsOptions& options = {});

/// Writes a result into a tensor of its sizes, which is resized if it has no elements. Throws Error where they do not agree.
Tensor& apply_out(const Tensor& result, Tensor& out);

namespace detail {
/// Elementwise: `loop` gets dense memory of the outputs' and inputs' elements.
using ElementLoop = std::function<void(int64_t n, void* out, const void* const* in)>;
KernelHandle register_elementwise(std::string op, DType dtype, DType result, int operands, size_t in_size, size_t out_size, ElementLoop loop,
                                  KernelPredicate predicate);
/// Folds n dense elements into one.
using FoldLoop = std::function<void(int64_t n, void* out, const void* in)>;
KernelHandle register_fold(std::string op, DType dtype, size_t size, FoldLoop loop, KernelPredicate predicate);
}  // namespace detail

/// An element function lifted to a kernel on the CPU: T(T), or bool(T) where the operator's result is bool. T is the C++ type of the dtype's elements, or a struct laid out as a registered
/// dtype is. Throws Error: kernel_signature_mismatch_error where the operator takes another number of tensors or T has another size, op_kind_mismatch_error for one that is not elementwise.
template <class T, class F>
KernelHandle register_unary_kernel(std::string op, DType dtype, F f, KernelPredicate predicate = {}) {
  using R = std::invoke_result_t<F, T>;
  return detail::register_elementwise(
      std::move(op), dtype, std::is_same_v<R, bool> ? kBool : dtype, 1, sizeof(T), sizeof(R),
      [f](int64_t n, void* out, const void* const* in) {
        auto* y = static_cast<R*>(out);
        auto* a = static_cast<const T*>(in[0]);
        for (int64_t i = 0; i < n; ++i) y[i] = f(a[i]);
      },
      std::move(predicate));
}
template <class T, class F>
KernelHandle register_binary_kernel(std::string op, DType dtype, F f, KernelPredicate predicate = {}) {
  using R = std::invoke_result_t<F, T, T>;
  return detail::register_elementwise(
      std::move(op), dtype, std::is_same_v<R, bool> ? kBool : dtype, 2, sizeof(T), sizeof(R),
      [f](int64_t n, void* out, const void* const* in) {
        auto* y = static_cast<R*>(out);
        auto* a = static_cast<const T*>(in[0]);
        auto* b = static_cast<const T*>(in[1]);
        for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i]);
      },
      std::move(predicate));
}

/// The same for a reduction ("sum", "amax"): the elements of the reduced dimensions are folded from `start` on, in row-major order, by T(T, T). Throws Error: op_kind_mismatch_error for another kind of
/// operator, kernel_signature_mismatch_error where T has another size.
template <class T, class F>
KernelHandle register_reduction_kernel(std::string op, DType dtype, T start, F f, KernelPredicate predicate = {}) {
  return detail::register_fold(
      std::move(op), dtype, sizeof(T),
      [start, f](int64_t n, void* out, const void* in) {
        auto* a = static_cast<const T*>(in);
        T value = start;
        for (int64_t i = 0; i < n; ++i) value = f(value, a[i]);
        *static_cast<T*>(out) = value;
      },
      std::move(predicate));
}

}  // namespace lazuli::registry
