#pragma once
#include <atomic>
#include <optional>
#include <string>

#include "lazuli/core/scalar.h"
#include "lazuli/core/shape.h"
#include "lazuli/core/storage.h"

namespace lazuli {

class Tensor;
class Generator;
struct IndexItem;
namespace autograd {
struct BackwardOptions;
}

/// What a room above core attaches to a tensor's body: autograd its history, nn the mark of an uninitialized parameter.
struct TensorExtension {
  virtual ~TensorExtension() = default;
};

/// Owns an extension, which several threads may want to attach at once.
class ExtensionSlot {
 public:
  ExtensionSlot() = default;
  ~ExtensionSlot() { delete get(); }
  TensorExtension* get() const { return extension_.load(std::memory_order_acquire); }
  explicit operator bool() const { return get() != nullptr; }
  /// Attaches `mine` unless another thread was faster; what is there then.
  TensorExtension& attach(std::unique_ptr<TensorExtension> mine) {
    TensorExtension* there = nullptr;
    return extension_.compare_exchange_strong(there, mine.get(), std::memory_order_acq_rel) ? *mine.release() : *there;
  }
  /// For a body that no other thread has yet.
  TensorExtension& attach_first(std::unique_ptr<TensorExtension> mine) {
    extension_.store(mine.get(), std::memory_order_release);
    return *mine.release();
  }

 private:
  std::atomic<TensorExtension*> extension_{nullptr};
};

/// The body that tensor handles share. Rooms below `nn` work on it; users hold Tensor.
struct TensorBody : Counted {
  Ref<Storage> storage;
  Shape sizes, strides;  // in elements
  int64_t offset = 0;    // in elements, into storage
  int64_t numel = 0;
  DType dtype = kFloat32;
  Device device;
  bool contiguous = true;       // row-major and dense
  bool wrapped_number = false;  // a C++ number as 0-d tensor: only its kind takes part in promotion
  bool requires_grad = false;   // a leaf that asked for it, or a result with history
  bool is_view = false;         // autograd follows it back to its base: history may arrive through the base
  bool inference = false;       // made in inference mode
  bool uninitialized = false;   // an UninitializedParameter or UninitializedBuffer: any use is an error until it materializes
  ExtensionSlot autograd;
  std::unique_ptr<TensorExtension> lazy;

  void update_layout();  // numel and contiguous from sizes and strides
  static void destroy(TensorBody* body) noexcept;
  static void* operator new(size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* p, size_t bytes) { pool_free(p, bytes); }
};

/// How a tensor goes to another device.
struct ToOptions {
  /// Returns while the copy is still under way, if the side on the host is in pinned memory: work for the device comes after it by itself, the host waits with
  /// `synchronize(device)`, a Stream or an Event before it reads the result. A result on the CPU is in pinned memory.
  bool non_blocking = false;
  /// A copy even where nothing changes.
  bool copy = false;
};

/// A tensor: a handle to shared data, like PyTorch's. Copying a handle copies no data; `clone()` does.
/// The whole function library is free functions (`lazuli::sum(x)`, see ops/); the members here are what reads better as one.
class Tensor {
 public:
  /// An undefined tensor: no data, and an error to use.
  Tensor() = default;
  explicit Tensor(Ref<TensorBody> body) : body_(std::move(body)) {}

  bool defined() const { return bool(body_); }
  explicit operator bool() const = delete;
  /// The same tensor, not the same values (see `equal`).
  bool is_same(const Tensor& other) const { return body_ == other.body_; }
  TensorBody* body() const { return body_.get(); }

  const Shape& sizes() const { return checked().sizes; }
  const Shape& shape() const { return checked().sizes; }
  const Shape& strides() const { return checked().strides; }
  /// Negative dimensions count from the end.
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  int64_t dim() const { return checked().sizes.size(); }
  int64_t numel() const { return checked().numel; }
  int64_t storage_offset() const { return checked().offset; }
  DType dtype() const { return checked().dtype; }
  Device device() const { return checked().device; }
  int64_t item_size() const { return lazuli::item_size(dtype()); }
  int64_t nbytes() const { return numel() * item_size(); }
  bool is_contiguous() const { return checked().contiguous; }
  bool is_complex() const { return lazuli::is_complex(dtype()); }
  bool is_floating_point() const { return lazuli::is_floating_point(dtype()); }
  const Ref<Storage>& storage() const { return checked().storage; }
  /// Counted up by each in-place operator on this tensor or any view of the same storage.
  uint32_t version() const { return checked().storage ? body_->storage->version() : 0; }

  /// The first element's address in the device's memory; null for meta tensors.
  void* data() const { return checked().storage ? body_->storage->data() + body_->offset * lazuli::item_size(body_->dtype) : nullptr; }
  /// The same, typed. Throws Error when T is not the dtype.
  template <class T>
  T* data_ptr() const {
    check_dtype(dtype_of<std::remove_const_t<T>>());
    return static_cast<T*>(data());
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

  // Autograd (autograd/autograd.h tells the rules).
  bool requires_grad() const;
  /// Throws Error for a non-leaf being switched off, or a dtype without gradients.
  Tensor& requires_grad_(bool requires_grad = true);
  bool is_leaf() const;
  /// The accumulated gradient; undefined before the first backward.
  Tensor grad() const;
  void set_grad(const Tensor& grad);
  /// Computes the gradients of the leaves of this tensor's graph and adds them to their `grad()`.
  void backward(const Tensor& gradient = {}, bool retain_graph = false, bool create_graph = false) const;
  /// The same with its options, e.g. `loss.backward({.retain_graph = true})` (autograd/autograd.h).
  void backward(const autograd::BackwardOptions& options) const;
  void retain_grad();
  /// The same data without history.
  Tensor detach() const;
  Tensor& detach_();

  // Shape. All but `contiguous` and, where strides do not allow it, `reshape` and `flatten` are views.
  Tensor view(const Shape& sizes) const;
  Tensor reshape(const Shape& sizes) const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor t() const;
  Tensor permute(const Shape& dims) const;
  Tensor squeeze(std::optional<Shape> dims = {}) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor expand(const Shape& sizes) const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor slice(int64_t dim, std::optional<int64_t> start = {}, std::optional<int64_t> end = {}, int64_t step = 1) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor contiguous() const;
  std::vector<Tensor> split(int64_t split_size, int64_t dim = 0) const;
  std::vector<Tensor> chunk(int64_t chunks, int64_t dim = 0) const;
  std::vector<Tensor> unbind(int64_t dim = 0) const;
  /// `x[2]`: select(0, 2).
  Tensor operator[](int64_t index) const;
  /// Python's x[...]: integers, slices, None, Ellipsis, bool and integer tensors (see ops/index/indexing.h).
  Tensor index(const std::vector<IndexItem>& items) const;
  Tensor& index_put_(const std::vector<IndexItem>& items, const Tensor& value, bool accumulate = false);

  // Copies and casts.
  Tensor to(Device device) const;
  Tensor to(DType dtype) const;
  Tensor to(Device device, DType dtype) const;
  Tensor to(Device device, ToOptions options) const;
  Tensor cpu() const { return to(kCPU); }
  Tensor clone() const;
  Tensor& copy_(const Tensor& source);
  /// The same values in memory of the host that a device copies without the host's help (see ops/shape/copy.h).
  Tensor pin_memory() const;
  bool is_pinned() const;

  // Arithmetic; operators + - * / % == ... are in ops/pointwise/operators.h.
  Tensor& add_(const Tensor& other, const Scalar& alpha = 1);
  Tensor& sub_(const Tensor& other, const Scalar& alpha = 1);
  Tensor& mul_(const Tensor& other);
  Tensor& div_(const Tensor& other);
  Tensor& fill_(const Scalar& value);
  Tensor& zero_();
  Tensor& operator+=(const Tensor& other) { return add_(other); }
  Tensor& operator-=(const Tensor& other) { return sub_(other); }
  Tensor& operator*=(const Tensor& other) { return mul_(other); }
  Tensor& operator/=(const Tensor& other) { return div_(other); }
  Tensor operator-() const;
  Tensor matmul(const Tensor& other) const;
  Tensor mm(const Tensor& other) const;
  Tensor exp() const;
  Tensor log() const;
  Tensor sqrt() const;
  Tensor abs() const;
  Tensor square() const;
  Tensor pow(const Scalar& exponent) const;
  Tensor relu() const;
  Tensor tanh() const;
  Tensor sigmoid() const;
  Tensor softmax(int64_t dim) const;
  Tensor sum(std::optional<Shape> dims = {}, bool keepdim = false) const;
  Tensor mean(std::optional<Shape> dims = {}, bool keepdim = false) const;
  Tensor argmax(std::optional<int64_t> dim = {}, bool keepdim = false) const;
  Tensor amax(std::optional<Shape> dims = {}, bool keepdim = false) const;
  Tensor eq(const Tensor& other) const;

 private:
  TensorBody& checked() const {
    if (!body_ || body_->uninitialized) [[unlikely]]
      fail_unusable();
    return *body_;
  }
  [[noreturn]] void fail_unusable() const;
  void check_dtype(DType wanted) const;
  Ref<TensorBody> body_;
};

/// Either there or not; `none` reads well in calls.
using OptionalTensor = std::optional<Tensor>;
inline constexpr std::nullopt_t none = std::nullopt;

}  // namespace lazuli
