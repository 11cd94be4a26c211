#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/scalar.h"
#include "lazuli/core/tensor/accessor.h"
#include "lazuli/core/tensor/tensor_body.h"
#include "lazuli/core/tensor/tensor_options.h"

namespace lazuli {

class Tensor;
class Node;
class IndexedTensor;
class RemovableHandle;
class Value;
struct IndexItem;
struct AminmaxResult;  // core/tensor/results.h
struct FrexpResult;
struct HistogramResult;
struct ValuesIndices;
class NestedNumbers;  // ops/shape/creation.h
struct STFTOptions;
struct ISTFTOptions;
namespace autograd {
struct BackwardOptions;
}
namespace linalg {  // ops/linalg/results.h
struct GeqrfResult;
struct LuFactorResult;
struct QrResult;
struct SlogdetResult;
struct SvdVResult;
struct TriangularSolveResult;
}  // namespace linalg
namespace sparse {
class SparseTensor;  // ops/sparse/sparse.h
}

/// Either there or not; `none` reads well in calls.
using OptionalTensor = std::optional<Tensor>;
inline constexpr std::nullopt_t none = std::nullopt;

/// How a tensor goes to another device.
struct ToOptions {
  /// Returns while the copy is still under way, if the side on the host is in pinned memory: work for the device comes after it by itself, the host waits with
  /// `synchronize(device)`, a Stream or an Event before it reads the result. A result on the CPU is in pinned memory.
  bool non_blocking = false;
  /// A copy even where nothing changes.
  bool copy = false;
  MemoryFormat memory_format = MemoryFormat::Preserve;
};

/// A tensor: a handle to shared data, like PyTorch's. Copying a handle copies no data; `clone()` does.
/// Every function of the library is a free function (`lazuli::sum(x)`, see ops/), and those that PyTorch has as methods are members too, documented where the free
/// function is. Those that end in _ write into the tensor and return it; since they change what the handle leads to and not the handle, a const one has them as well.
///
/// Members of several forms end with one of dots that is deleted: what fits no form is then one message, which shows how it is called.
///
/// Assigning to a variable lets it lead to another tensor, as in C++ and Python alike. Assigning to what a call returned writes into it:
///   x = y;   x[0] = y;   x.index({Slice(2, 4), mask}) = 0;   x.select(1, 3) += 0.5;
class Tensor {
 public:
  /// An undefined tensor: no data, and an error to use.
  Tensor() = default;
  explicit Tensor(Ref<TensorBody> body) : body_(std::move(body)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  ~Tensor() = default;
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  Tensor& operator=(const Tensor& source) && { return copy_(source); }
  Tensor& operator=(const Scalar& value) && { return fill_(value); }

  bool defined() const { return bool(body_); }
  explicit operator bool() const = delete;
  /// The same tensor, not the same values (see `equal`).
  bool is_same(const Tensor& other) const { return body_ == other.body_; }
  TensorBody* body() const { return body_.get(); }
  /// What is one for all handles of a tensor, for keys of a map; and how many handles there are.
  TensorBody* unsafeGetTensorImpl() const { return body(); }
  size_t use_count() const;
  /// Leads to no tensor any more.
  void reset() { body_ = {}; }
  // Kinds that are no tensors here.
  bool is_alias_of(const Tensor& other) const { return checked().storage && body_->storage.get() == other.checked().storage.get(); }
  bool is_sparse() const { return false; }
  bool is_quantized() const { return false; }

  const Shape& sizes() const { return checked().sizes; }
  const Shape& shape() const { return checked().sizes; }
  const Shape& size() const { return checked().sizes; }
  const Shape& strides() const { return checked().strides; }
  const Shape& stride() const { return checked().strides; }
  /// Negative dimensions count from the end.
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  int64_t dim() const { return checked().sizes.size(); }
  int64_t ndimension() const { return dim(); }
  int64_t ndim() const { return dim(); }
  int64_t numel() const { return checked().numel; }
  int64_t nelement() const { return numel(); }
  int64_t storage_offset() const { return checked().offset; }
  DType dtype() const { return checked().dtype; }
  DType scalar_type() const { return dtype(); }
  Device device() const { return checked().device; }
  /// The device's index; -1 on the CPU.
  int64_t get_device() const { return is_cpu() ? -1 : device().index(); }
  /// dtype and device, for new tensors of the same kind.
  TensorOptions options() const { return TensorOptions(dtype()).device(device()); }
  Layout layout() const { return Layout::Strided; }
  int64_t item_size() const { return lazuli::item_size(dtype()); }
  int64_t element_size() const { return item_size(); }
  int64_t itemsize() const { return item_size(); }
  int64_t nbytes() const { return numel() * item_size(); }
  bool is_contiguous() const { return checked().contiguous; }
  /// Whether the elements lie in that order; an image of one channel, or of one pixel, lies in both.
  bool is_contiguous(MemoryFormat format) const;
  /// ChannelsLast or ChannelsLast3d where the elements lie so and not row-major, else Contiguous.
  MemoryFormat suggest_memory_format() const;
  bool is_complex() const { return lazuli::is_complex(dtype()); }
  bool is_floating_point() const { return lazuli::is_floating_point(dtype()); }
  bool is_signed() const;
  bool is_conj() const;
  bool is_neg() const;
  bool is_cpu() const { return device().is_cpu(); }
  bool is_cuda() const { return device().type == DeviceType::CUDA; }
  bool is_meta() const { return device().is_meta(); }
  bool is_pinned() const;
  bool is_same_size(const Tensor& other) const;
  /// The same elements of the same memory, in the same geometry.
  bool is_set_to(const Tensor& other) const;
  const Ref<Storage>& storage() const { return checked().storage; }
  /// Counted up by whatever writes into this tensor or any view of the same storage: in-place operators and `data_ptr`.
  int64_t _version() const { return version(); }
  uint32_t version() const { return checked().storage ? body_->storage->version() : 0; }

  // The data. Pointers are to the first element, in the device's memory; null for meta tensors.
  /// For kernels: writing through it is not noticed.
  void* address() const { return checked().storage ? body_->storage->data() + body_->offset * lazuli::item_size(body_->dtype) : nullptr; }
  /// To be written: counts the version up, so that a backward that needs the old values says so. `data_ptr<const T>()` and `const_data_ptr` are to be read only, and do not.
  /// Throws Error when T is not the dtype.
  template <class T>
  T* data_ptr() const {
    check_dtype(dtype_of<std::remove_const_t<T>>());
    if constexpr (!std::is_const_v<T>) count_version();
    return static_cast<T*>(address());
  }
  void* data_ptr() const {
    count_version();
    return address();
  }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<const std::remove_const_t<T>>();
  }
  const void* const_data_ptr() const { return address(); }
  /// The elements of an N-dimensional tensor on the CPU: `auto a = x.accessor<float, 2>(); a[i][j] += 1;`. Checked like `data_ptr<T>()`, and so is each index.
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_accessor(N);
    return {data_ptr<T>(), sizes().data(), strides().data()};
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;  // it points into the tensor
  /// The same with sizes and strides of its own, under the names that kernels for GPUs have for it.
  template <class T, size_t N, template <class> class = DefaultPtrTraits>
  PackedTensorAccessor<T, N> packed_accessor64() const {
    check_accessor(N);
    return {data_ptr<T>(), sizes().data(), strides().data()};
  }
  template <class T, size_t N, template <class> class = DefaultPtrTraits>
  PackedTensorAccessor<T, N> packed_accessor32() const {
    return packed_accessor64<T, N>();
  }
  /// The single element. Throws Error unless there is exactly one.
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }
  /// The elements in row-major order, converted to T.
  template <class T>
  std::vector<T> to_vector() const;

  /// Calls a method that a program registered (registry/functions.h), or else the operator of that name, with this tensor before the arguments; one result for each that it has.
  std::vector<Value> call(std::string_view method, std::vector<Value> args) const;
  std::vector<Value> call(std::string_view method) const;

  // Autograd (autograd/autograd.h tells the rules).
  bool requires_grad() const;
  /// Throws Error for a non-leaf being switched off, or a dtype without gradients.
  Tensor& requires_grad_(bool requires_grad = true) const;
  Tensor& set_requires_grad(bool requires_grad) const { return requires_grad_(requires_grad); }
  bool is_leaf() const;
  /// The node that recorded this tensor (autograd/graph.h); null for leaves.
  Ref<Node> grad_fn() const;
  /// The accumulated gradient; undefined before the first backward.
  Tensor grad() const;
  void set_grad(const Tensor& grad) const;
  /// `grad()` itself, to be assigned: what is written there is not checked, as `set_grad` would.
  Tensor& mutable_grad() const;
  /// Computes the gradients of the leaves of this tensor's graph and adds them to their `grad()`.
  void backward(const Tensor& gradient = {}, bool retain_graph = false, bool create_graph = false) const;
  /// The same with its options, e.g. `loss.backward({.retain_graph = true})` (autograd/autograd.h).
  void backward(const autograd::BackwardOptions& options) const;
  template <class = void>
  void backward(...) const = delete;  // backward({.retain_graph, .create_graph, .inputs, ..}) or backward([gradient], [retain_graph], [create_graph])
  void retain_grad() const;
  /// Whether `retain_grad` was called on it, which leaves do without.
  bool retains_grad() const;
  /// Which of its node's outputs it is, 0 for leaves.
  int64_t output_nr() const;
  /// Whether it was made in inference mode.
  bool is_inference() const { return body_ && body_->inference; }
  /// Calls `hook(grad)` when the gradient of this tensor is known; what it returns, unless that is nothing or undefined, takes its place.
  template <class F>
  RemovableHandle register_hook(F hook) const;
  /// Takes a hook of this tensor away again, as `handle.remove()` does.
  void remove_hook(RemovableHandle handle) const;
  /// Calls `hook(*this)` after each gradient that is accumulated in this leaf (autograd/hooks.h).
  template <class F>
  RemovableHandle register_post_accumulate_grad_hook(F hook) const;
  /// Lets this leaf have the data of `value` (memory, sizes, dtype, device): every handle on it sees them, graphs that are alive keep the old ones. Throws Error for a tensor with history.
  void set_data(const Tensor& value) const;
  /// The same data without history.
  Tensor detach() const;
  /// The same as `detach`, as libtorch's programs name it: `p.data().zero_()`. The address of the elements is `data_ptr`, or `address` in kernels.
  Tensor data() const { return detach(); }
  Tensor& detach_() const;

  // The functions of the families, declared for each folder of ops/ and documented there.
#include "lazuli/core/tensor/members/fft.def"
#include "lazuli/core/tensor/members/index.def"
#include "lazuli/core/tensor/members/linalg.def"
#include "lazuli/core/tensor/members/other_names.def"
#include "lazuli/core/tensor/members/pointwise.def"
#include "lazuli/core/tensor/members/random.def"
#include "lazuli/core/tensor/members/reduce.def"
#include "lazuli/core/tensor/members/shape.def"

 private:
  TensorBody& checked() const {
    if (!body_ || body_->uninitialized) [[unlikely]]
      fail_unusable();
    return *body_;
  }
  // The body is what in-place functions write to; that they take the handle as one that is not const says nothing about it.
  Tensor& self() const { return const_cast<Tensor&>(*this); }
  void count_version() const {
    if (checked().storage) body_->storage->bump_version();
  }
  [[noreturn]] void fail_unusable() const;
  void check_dtype(DType wanted) const;
  void check_accessor(size_t rank) const;
  Ref<TensorBody> body_;  // one tensor: modules of several results derive from nn::ModuleOf, or nn::call(module, x) calls them
};

}  // namespace lazuli

#include "lazuli/core/tensor/indexed_tensor.h"  // IWYU pragma: export
#include "lazuli/core/tensor/results.h"         // IWYU pragma: export
