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
  int64_t numel() const { return checked().numel; }
  int64_t nelement() const { return numel(); }
  int64_t storage_offset() const { return checked().offset; }
  DType dtype() const { return checked().dtype; }
  DType scalar_type() const { return dtype(); }
  Device device() const { return checked().device; }
  /// The device's index; -1 on the CPU.
  int64_t get_device() const { return is_cpu() ? -1 : device().index; }
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
  uint32_t version() const { return checked().storage ? body_->storage->version() : 0; }

  // The data. Pointers are to the first element, in the device's memory; null for meta tensors.
  /// For kernels: writing through it is not noticed.
  void* data() const { return checked().storage ? body_->storage->data() + body_->offset * lazuli::item_size(body_->dtype) : nullptr; }
  /// To be written: counts the version up, so that a backward that needs the old values says so. `data_ptr<const T>()` and `const_data_ptr` are to be read only, and do not.
  /// Throws Error when T is not the dtype.
  template <class T>
  T* data_ptr() const {
    check_dtype(dtype_of<std::remove_const_t<T>>());
    if constexpr (!std::is_const_v<T>) count_version();
    return static_cast<T*>(data());
  }
  void* data_ptr() const {
    count_version();
    return data();
  }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<const std::remove_const_t<T>>();
  }
  const void* const_data_ptr() const { return data(); }
  /// The elements of an N-dimensional tensor on the CPU: `auto a = x.accessor<float, 2>(); a[i][j] += 1;`. Checked like `data_ptr<T>()`, and so is each index.
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_accessor(N);
    return {data_ptr<T>(), sizes().data(), strides().data()};
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;  // it points into the tensor
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
  void retain_grad() const;
  /// Calls `hook(grad)` when the gradient of this tensor is known; what it returns, unless that is nothing or undefined, takes its place.
  template <class F>
  RemovableHandle register_hook(F hook) const;
  /// Lets this leaf have the data of `value` (memory, sizes, dtype, device): every handle on it sees them, graphs that are alive keep the old ones. Throws Error for a tensor with history.
  void set_data(const Tensor& value) const;
  /// The same data without history.
  Tensor detach() const;
  Tensor& detach_() const;

  // ops/shape/copy.h
  Tensor to(Device device) const;
  Tensor to(DType dtype) const;
  Tensor to(Device device, DType dtype, bool copy = false) const;
  Tensor to(Device device, ToOptions options) const;
  template <std::same_as<bool> B>
  Tensor to(Device device, B non_blocking, bool copy = false) const {
    return to(device, ToOptions{.non_blocking = non_blocking, .copy = copy});
  }
  Tensor to(const CreationOptions& options) const;
  /// In the dtype and on the device of `other`.
  Tensor to(const Tensor& other) const { return to(other.device(), other.dtype()); }
  Tensor toType(DType dtype) const { return to(dtype); }
  Tensor type_as(const Tensor& other) const { return to(other); }
  Tensor half() const { return to(kFloat16); }
  Tensor bfloat16() const { return to(kBFloat16); }
  Tensor byte() const { return to(kUInt8); }
  Tensor cfloat() const { return to(kComplex64); }
  Tensor cdouble() const { return to(kComplex128); }
  Tensor cpu() const { return to(kCPU); }
  Tensor cuda() const { return to(Device(DeviceType::CUDA)); }
  Tensor to(MemoryFormat format) const;
  Tensor clone(MemoryFormat format = MemoryFormat::Preserve) const;
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor pin_memory(std::optional<Device> device = {}) const;
  sparse::SparseTensor to_sparse(std::optional<int64_t> sparse_dim = {}) const;
  Tensor& copy_(const Tensor& source) const;
  Tensor& fill_(const Scalar& value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor& zero_() const;

  // ops/shape/creation.h
  Tensor new_empty(const Shape& sizes, const CreationOptions& options = {}) const;
  Tensor new_zeros(const Shape& sizes, const CreationOptions& options = {}) const;
  Tensor new_ones(const Shape& sizes, const CreationOptions& options = {}) const;
  Tensor new_full(const Shape& sizes, const Scalar& value, const CreationOptions& options = {}) const;
  Tensor new_empty_strided(const Shape& sizes, const Shape& strides, const CreationOptions& options = {}) const;
  Tensor& resize_(const Shape& sizes) const;
  Tensor& resize_as_(const Tensor& like) const;
  template <CreationOption... O>
  Tensor new_empty(const Shape& sizes, const O&... options) const {
    return new_empty(sizes, creation_options(options...));
  }
  template <CreationOption... O>
  Tensor new_zeros(const Shape& sizes, const O&... options) const {
    return new_zeros(sizes, creation_options(options...));
  }
  template <CreationOption... O>
  Tensor new_ones(const Shape& sizes, const O&... options) const {
    return new_ones(sizes, creation_options(options...));
  }
  template <CreationOption... O>
  Tensor new_full(const Shape& sizes, const Scalar& value, const O&... options) const {
    return new_full(sizes, value, creation_options(options...));
  }

  // ops/shape/shape.h, ops/base/view.h
  Tensor view(const Shape& sizes) const;
  Tensor reshape(const Shape& sizes) const;
  Tensor view(DType dtype) const;
  Tensor view_as(const Tensor& other) const;
  Tensor reshape_as(const Tensor& other) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor ravel() const;
  Tensor unflatten(int64_t dim, const Shape& sizes) const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor permute(const Shape& dims) const;
  Tensor t() const;
  Tensor T() const;
  Tensor mT() const;
  Tensor H() const;
  Tensor mH() const;
  Tensor adjoint() const;
  Tensor movedim(const Shape& source, const Shape& destination) const;
  Tensor moveaxis(const Shape& source, const Shape& destination) const;
  Tensor swapaxes(int64_t axis0, int64_t axis1) const;
  Tensor swapdims(int64_t dim0, int64_t dim1) const;
  Tensor squeeze(std::optional<Shape> dims = {}) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor expand(const Shape& sizes) const;
  Tensor expand_as(const Tensor& other) const;
  Tensor broadcast_to(const Shape& sizes) const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = {}, std::optional<int64_t> end = {}, int64_t step = 1) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor narrow(int64_t dim, const Tensor& start, int64_t length) const;
  Tensor narrow_copy(int64_t dim, int64_t start, int64_t length) const;
  Tensor diagonal(int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor unfold(int64_t dimension, int64_t size, int64_t step) const;
  Tensor select_scatter(const Tensor& src, int64_t dim, int64_t index) const;
  Tensor slice_scatter(const Tensor& src, int64_t dim = 0, std::optional<int64_t> start = {}, std::optional<int64_t> end = {},
                       int64_t step = 1) const;
  Tensor diagonal_scatter(const Tensor& src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor& squeeze_(std::optional<Shape> dims = {}) const;
  Tensor& unsqueeze_(int64_t dim) const;
  Tensor& transpose_(int64_t dim0, int64_t dim1) const;
  Tensor& swapaxes_(int64_t axis0, int64_t axis1) const;
  Tensor& swapdims_(int64_t dim0, int64_t dim1) const;
  Tensor& t_() const;
  Tensor as_strided(const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset = {}) const;
  Tensor as_strided_scatter(const Tensor& source, const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset = {}) const;

  // ops/shape/split.h
  std::vector<Tensor> unbind(int64_t dim = 0) const;
  std::vector<Tensor> split(int64_t split_size, int64_t dim = 0) const;
  std::vector<Tensor> split(const Shape& split_sizes, int64_t dim = 0) const;
  std::vector<Tensor> split_with_sizes(const Shape& split_sizes, int64_t dim = 0) const;
  std::vector<Tensor> chunk(int64_t chunks, int64_t dim = 0) const;
  std::vector<Tensor> tensor_split(int64_t sections, int64_t dim = 0) const;
  std::vector<Tensor> tensor_split(const Shape& indices, int64_t dim = 0) const;
  std::vector<Tensor> tensor_split(const Tensor& indices_or_sections, int64_t dim = 0) const;
  std::vector<Tensor> hsplit(int64_t sections) const;
  std::vector<Tensor> hsplit(const Shape& indices) const;
  std::vector<Tensor> vsplit(int64_t sections) const;
  std::vector<Tensor> vsplit(const Shape& indices) const;
  std::vector<Tensor> dsplit(int64_t sections) const;
  std::vector<Tensor> dsplit(const Shape& indices) const;

  // ops/shape/rearrange.h
  Tensor flip(const Shape& dims) const;
  Tensor fliplr() const;
  Tensor flipud() const;
  Tensor roll(const Shape& shifts, const Shape& dims = {}) const;
  Tensor rot90(int64_t k = 1, const Shape& dims = {0, 1}) const;
  Tensor repeat(const Shape& repeats) const;
  Tensor tile(const Shape& dims) const;
  Tensor repeat_interleave(int64_t repeats, std::optional<int64_t> dim = {}, std::optional<int64_t> output_size = {}) const;
  Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim = {}, std::optional<int64_t> output_size = {}) const;
  Tensor diag(int64_t diagonal = 0) const;
  Tensor diag_embed(int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) const;
  Tensor diagflat(int64_t offset = 0) const;
  Tensor tril(int64_t diagonal = 0) const;
  Tensor triu(int64_t diagonal = 0) const;
  Tensor& tril_(int64_t diagonal = 0) const;
  Tensor& triu_(int64_t diagonal = 0) const;
  Tensor& fill_diagonal_(const Scalar& fill_value, bool wrap = false) const;
  Tensor trace() const;
  Tensor kron(const Tensor& other) const;

  // ops/index/indexing.h
  /// `x[2]`: select(0, 2). A tensor: index({indices}).
  Tensor operator[](int64_t index) const;
  IndexedTensor operator[](const Tensor& indices) const;
  /// Python's x[...]: integers, slices, None, Ellipsis, bool and integer tensors.
  IndexedTensor index(const std::vector<IndexItem>& items) const;
  Tensor index_put(const std::vector<IndexItem>& items, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(const std::vector<IndexItem>& items, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(const std::vector<IndexItem>& items, const Scalar& value) const;

  // ops/index/gather.h, ops/index/index_functions.h
  Tensor gather(int64_t dim, const Tensor& index) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor scatter_reduce(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor& scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true) const;
  Tensor index_select(int64_t dim, const Tensor& index) const;
  Tensor index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor index_copy(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true) const;
  Tensor& index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor& index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor& index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true) const;
  Tensor take(const Tensor& index) const;
  Tensor take_along_dim(const Tensor& indices, std::optional<int64_t> dim = {}) const;
  Tensor put(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor& put_(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor masked_select(const Tensor& mask) const;
  Tensor masked_scatter(const Tensor& mask, const Tensor& source) const;
  Tensor& masked_scatter_(const Tensor& mask, const Tensor& source) const;
  Tensor nonzero() const;
  Tensor nonzero_static(int64_t size, int64_t fill_value = -1) const;
  Tensor argwhere() const;

  // ops/index/sort.h
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false, bool stable = false) const;
  Tensor argsort(int64_t dim = -1, bool descending = false, bool stable = false) const;
  Tensor msort() const;
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true) const;
  std::tuple<Tensor, Tensor> kthvalue(int64_t k, int64_t dim = -1, bool keepdim = false) const;
  std::tuple<Tensor, Tensor, Tensor> unique(bool sorted = true, bool return_inverse = false, bool return_counts = false,
                                            std::optional<int64_t> dim = {}) const;
  std::tuple<Tensor, Tensor, Tensor> unique_consecutive(bool return_inverse = false, bool return_counts = false,
                                                        std::optional<int64_t> dim = {}) const;
  Tensor bincount(const OptionalTensor& weights = {}, int64_t minlength = 0) const;
  Tensor histc(int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0) const;

  // ops/pointwise/operators.h has + - * / % == != < <= > >= & | ^ ~ << >>.
  Tensor operator-() const;
  Tensor& operator+=(const Tensor& other) const { return add_(other); }
  Tensor& operator+=(const Scalar& other) const { return add_(other); }
  Tensor& operator-=(const Tensor& other) const { return sub_(other); }
  Tensor& operator-=(const Scalar& other) const { return sub_(other); }
  Tensor& operator*=(const Tensor& other) const { return mul_(other); }
  Tensor& operator*=(const Scalar& other) const { return mul_(other); }
  Tensor& operator/=(const Tensor& other) const { return div_(other); }
  Tensor& operator/=(const Scalar& other) const { return div_(other); }
  Tensor& operator%=(const Tensor& other) const { return remainder_(other); }
  Tensor& operator%=(const Scalar& other) const { return remainder_(other); }
  Tensor& operator&=(const Tensor& other) const { return bitwise_and_(other); }
  Tensor& operator&=(const Scalar& other) const { return bitwise_and_(other); }
  Tensor& operator|=(const Tensor& other) const { return bitwise_or_(other); }
  Tensor& operator|=(const Scalar& other) const { return bitwise_or_(other); }
  Tensor& operator^=(const Tensor& other) const { return bitwise_xor_(other); }
  Tensor& operator^=(const Scalar& other) const { return bitwise_xor_(other); }
  Tensor& operator<<=(const Tensor& other) const { return bitwise_left_shift_(other); }
  Tensor& operator<<=(const Scalar& other) const { return bitwise_left_shift_(other); }
  Tensor& operator>>=(const Tensor& other) const { return bitwise_right_shift_(other); }
  Tensor& operator>>=(const Scalar& other) const { return bitwise_right_shift_(other); }

  // ops/pointwise/arithmetic.h
  Tensor add(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor add(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor sub(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor sub(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor mul(const Tensor& other) const;
  Tensor mul(const Scalar& other) const;
  Tensor div(const Tensor& other, std::optional<std::string> rounding_mode = {}) const;
  Tensor div(const Scalar& other, std::optional<std::string> rounding_mode = {}) const;
  Tensor true_divide(const Tensor& other) const;
  Tensor true_divide(const Scalar& other) const;
  Tensor floor_divide(const Tensor& other) const;
  Tensor floor_divide(const Scalar& other) const;
  Tensor remainder(const Tensor& other) const;
  Tensor remainder(const Scalar& other) const;
  Tensor fmod(const Tensor& other) const;
  Tensor fmod(const Scalar& other) const;
  Tensor neg() const;
  Tensor positive() const;
  Tensor& add_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& add_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& mul_(const Tensor& other) const;
  Tensor& mul_(const Scalar& other) const;
  Tensor& div_(const Tensor& other, std::optional<std::string> rounding_mode = {}) const;
  Tensor& div_(const Scalar& other, std::optional<std::string> rounding_mode = {}) const;
  Tensor& true_divide_(const Tensor& other) const;
  Tensor& true_divide_(const Scalar& other) const;
  Tensor& floor_divide_(const Tensor& other) const;
  Tensor& floor_divide_(const Scalar& other) const;
  Tensor& remainder_(const Tensor& other) const;
  Tensor& remainder_(const Scalar& other) const;
  Tensor& fmod_(const Tensor& other) const;
  Tensor& fmod_(const Scalar& other) const;
  Tensor& neg_() const;

  // ops/pointwise/unary.h
  Tensor abs() const;
  Tensor sign() const;
  Tensor sgn() const;
  Tensor signbit() const;
  Tensor square() const;
  Tensor floor() const;
  Tensor ceil() const;
  Tensor round(int64_t decimals = 0) const;
  Tensor trunc() const;
  Tensor fix() const;
  Tensor frac() const;
  std::pair<Tensor, Tensor> frexp() const;
  Tensor nan_to_num(std::optional<double> nan = {}, std::optional<double> posinf = {}, std::optional<double> neginf = {}) const;
  Tensor bitwise_not() const;
  Tensor logical_not() const;
  Tensor reciprocal() const;
  Tensor sqrt() const;
  Tensor rsqrt() const;
  Tensor exp() const;
  Tensor exp2() const;
  Tensor expm1() const;
  Tensor log() const;
  Tensor log2() const;
  Tensor log10() const;
  Tensor log1p() const;
  Tensor sin() const;
  Tensor cos() const;
  Tensor tan() const;
  Tensor asin() const;
  Tensor acos() const;
  Tensor atan() const;
  Tensor sinh() const;
  Tensor cosh() const;
  Tensor tanh() const;
  Tensor asinh() const;
  Tensor acosh() const;
  Tensor atanh() const;
  Tensor deg2rad() const;
  Tensor rad2deg() const;
  Tensor sinc() const;
  Tensor sigmoid() const;
  Tensor& abs_() const;
  Tensor& sign_() const;
  Tensor& sgn_() const;
  Tensor& square_() const;
  Tensor& floor_() const;
  Tensor& ceil_() const;
  Tensor& round_(int64_t decimals = 0) const;
  Tensor& trunc_() const;
  Tensor& fix_() const;
  Tensor& frac_() const;
  Tensor& nan_to_num_(std::optional<double> nan = {}, std::optional<double> posinf = {}, std::optional<double> neginf = {}) const;
  Tensor& bitwise_not_() const;
  Tensor& logical_not_() const;
  Tensor& reciprocal_() const;
  Tensor& sqrt_() const;
  Tensor& rsqrt_() const;
  Tensor& exp_() const;
  Tensor& exp2_() const;
  Tensor& expm1_() const;
  Tensor& log_() const;
  Tensor& log2_() const;
  Tensor& log10_() const;
  Tensor& log1p_() const;
  Tensor& sin_() const;
  Tensor& cos_() const;
  Tensor& tan_() const;
  Tensor& asin_() const;
  Tensor& acos_() const;
  Tensor& atan_() const;
  Tensor& sinh_() const;
  Tensor& cosh_() const;
  Tensor& tanh_() const;
  Tensor& asinh_() const;
  Tensor& acosh_() const;
  Tensor& atanh_() const;
  Tensor& deg2rad_() const;
  Tensor& rad2deg_() const;
  Tensor& sinc_() const;
  Tensor& sigmoid_() const;

  // ops/pointwise/binary.h
  Tensor pow(const Tensor& exponent) const;
  Tensor pow(const Scalar& exponent) const;
  Tensor float_power(const Tensor& exponent) const;
  Tensor float_power(const Scalar& exponent) const;
  Tensor atan2(const Tensor& other) const;
  Tensor maximum(const Tensor& other) const;
  Tensor minimum(const Tensor& other) const;
  Tensor fmax(const Tensor& other) const;
  Tensor fmin(const Tensor& other) const;
  Tensor hypot(const Tensor& other) const;
  Tensor copysign(const Tensor& other) const;
  Tensor copysign(const Scalar& other) const;
  Tensor nextafter(const Tensor& other) const;
  Tensor heaviside(const Tensor& values) const;
  Tensor ldexp(const Tensor& other) const;
  Tensor logaddexp(const Tensor& other) const;
  Tensor logaddexp2(const Tensor& other) const;
  Tensor xlogy(const Tensor& other) const;
  Tensor xlogy(const Scalar& other) const;
  Tensor gcd(const Tensor& other) const;
  Tensor lcm(const Tensor& other) const;
  Tensor bitwise_and(const Tensor& other) const;
  Tensor bitwise_or(const Tensor& other) const;
  Tensor bitwise_xor(const Tensor& other) const;
  Tensor bitwise_left_shift(const Tensor& other) const;
  Tensor bitwise_right_shift(const Tensor& other) const;
  Tensor bitwise_and(const Scalar& other) const;
  Tensor bitwise_or(const Scalar& other) const;
  Tensor bitwise_xor(const Scalar& other) const;
  Tensor bitwise_left_shift(const Scalar& other) const;
  Tensor bitwise_right_shift(const Scalar& other) const;
  Tensor logical_and(const Tensor& other) const;
  Tensor logical_or(const Tensor& other) const;
  Tensor logical_xor(const Tensor& other) const;
  Tensor& pow_(const Tensor& exponent) const;
  Tensor& pow_(const Scalar& exponent) const;
  Tensor& float_power_(const Tensor& exponent) const;
  Tensor& float_power_(const Scalar& exponent) const;
  Tensor& atan2_(const Tensor& other) const;
  Tensor& hypot_(const Tensor& other) const;
  Tensor& copysign_(const Tensor& other) const;
  Tensor& copysign_(const Scalar& other) const;
  Tensor& nextafter_(const Tensor& other) const;
  Tensor& heaviside_(const Tensor& values) const;
  Tensor& ldexp_(const Tensor& other) const;
  Tensor& xlogy_(const Tensor& other) const;
  Tensor& xlogy_(const Scalar& other) const;
  Tensor& gcd_(const Tensor& other) const;
  Tensor& lcm_(const Tensor& other) const;
  Tensor& bitwise_and_(const Tensor& other) const;
  Tensor& bitwise_or_(const Tensor& other) const;
  Tensor& bitwise_xor_(const Tensor& other) const;
  Tensor& bitwise_left_shift_(const Tensor& other) const;
  Tensor& bitwise_right_shift_(const Tensor& other) const;
  Tensor& bitwise_and_(const Scalar& other) const;
  Tensor& bitwise_or_(const Scalar& other) const;
  Tensor& bitwise_xor_(const Scalar& other) const;
  Tensor& bitwise_left_shift_(const Scalar& other) const;
  Tensor& bitwise_right_shift_(const Scalar& other) const;
  Tensor& logical_and_(const Tensor& other) const;
  Tensor& logical_or_(const Tensor& other) const;
  Tensor& logical_xor_(const Tensor& other) const;

  // ops/pointwise/ternary.h
  Tensor clamp(std::optional<Scalar> min, std::optional<Scalar> max = {}) const;
  Tensor clamp(const OptionalTensor& min, const OptionalTensor& max = {}) const;
  Tensor clamp_min(const Scalar& min) const;
  Tensor clamp_min(const Tensor& min) const;
  Tensor clamp_max(const Scalar& max) const;
  Tensor clamp_max(const Tensor& max) const;
  Tensor lerp(const Tensor& end, const Tensor& weight) const;
  Tensor lerp(const Tensor& end, const Scalar& weight) const;
  Tensor addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor masked_fill(const Tensor& mask, const Scalar& value) const;
  Tensor masked_fill(const Tensor& mask, const Tensor& value) const;
  Tensor& clamp_(std::optional<Scalar> min, std::optional<Scalar> max = {}) const;
  Tensor& clamp_(const OptionalTensor& min, const OptionalTensor& max = {}) const;
  Tensor& clamp_min_(const Scalar& min) const;
  Tensor& clamp_min_(const Tensor& min) const;
  Tensor& clamp_max_(const Scalar& max) const;
  Tensor& clamp_max_(const Tensor& max) const;
  Tensor& lerp_(const Tensor& end, const Tensor& weight) const;
  Tensor& lerp_(const Tensor& end, const Scalar& weight) const;
  Tensor& addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& masked_fill_(const Tensor& mask, const Scalar& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Tensor& value) const;
  /// Itself where `condition` is true, else `other`.
  Tensor where(const Tensor& condition, const Tensor& other) const;
  Tensor where(const Tensor& condition, const Scalar& other) const;

  // ops/pointwise/comparison.h
  Tensor eq(const Tensor& other) const;
  Tensor ne(const Tensor& other) const;
  Tensor lt(const Tensor& other) const;
  Tensor le(const Tensor& other) const;
  Tensor gt(const Tensor& other) const;
  Tensor ge(const Tensor& other) const;
  Tensor eq(const Scalar& other) const;
  Tensor ne(const Scalar& other) const;
  Tensor lt(const Scalar& other) const;
  Tensor le(const Scalar& other) const;
  Tensor gt(const Scalar& other) const;
  Tensor ge(const Scalar& other) const;
  Tensor& eq_(const Tensor& other) const;
  Tensor& ne_(const Tensor& other) const;
  Tensor& lt_(const Tensor& other) const;
  Tensor& le_(const Tensor& other) const;
  Tensor& gt_(const Tensor& other) const;
  Tensor& ge_(const Tensor& other) const;
  Tensor& eq_(const Scalar& other) const;
  Tensor& ne_(const Scalar& other) const;
  Tensor& lt_(const Scalar& other) const;
  Tensor& le_(const Scalar& other) const;
  Tensor& gt_(const Scalar& other) const;
  Tensor& ge_(const Scalar& other) const;
  Tensor isnan() const;
  Tensor isinf() const;
  Tensor isfinite() const;
  Tensor isposinf() const;
  Tensor isneginf() const;
  Tensor isreal() const;
  Tensor isclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) const;
  bool allclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) const;
  bool equal(const Tensor& other) const;
  bool is_nonzero() const;

  // ops/pointwise/complex.h, ops/pointwise/activation.h
  Tensor real() const;
  Tensor imag() const;
  Tensor conj() const;
  Tensor conj_physical() const;
  Tensor& conj_physical_() const;
  Tensor resolve_conj() const;
  Tensor resolve_neg() const;
  Tensor angle() const;
  Tensor relu() const;
  Tensor prelu(const Tensor& weight) const;
  Tensor hardshrink(const Scalar& lambda = 0.5) const;
  Tensor& relu_() const;

  // ops/pointwise/special.h
  Tensor erf() const;
  Tensor erfc() const;
  Tensor erfinv() const;
  Tensor lgamma() const;
  Tensor digamma() const;
  Tensor mvlgamma(int64_t p) const;
  Tensor i0() const;
  Tensor logit(std::optional<double> eps = {}) const;
  Tensor igamma(const Tensor& other) const;
  Tensor igammac(const Tensor& other) const;
  Tensor& erf_() const;
  Tensor& erfc_() const;
  Tensor& erfinv_() const;
  Tensor& lgamma_() const;
  Tensor& digamma_() const;
  Tensor& polygamma_(int64_t n) const;
  Tensor& mvlgamma_(int64_t p) const;
  Tensor& i0_() const;
  Tensor& logit_(std::optional<double> eps = {}) const;
  Tensor& igamma_(const Tensor& other) const;
  Tensor& igammac_(const Tensor& other) const;
  Tensor polygamma(int64_t n) const;

  // ops/reduce/reduction.h
  Tensor sum(const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor sum_to_size(const Shape& sizes) const;
  Tensor mean(const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor hash_tensor(const DimList& dims = {}, bool keepdim = false, int64_t mode = 0) const;
  Tensor nansum(const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor nanmean(const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor prod(const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor any(const DimList& dims = {}, bool keepdim = false) const;
  Tensor all(const DimList& dims = {}, bool keepdim = false) const;
  Tensor count_nonzero(const DimList& dims = {}) const;
  Tensor logsumexp(const DimList& dims = {}, bool keepdim = false) const;
  Tensor sum(std::same_as<DType> auto dtype) const { return sum(DimList(), false, dtype); }
  Tensor mean(std::same_as<DType> auto dtype) const { return mean(DimList(), false, dtype); }
  Tensor prod(std::same_as<DType> auto dtype) const { return prod(DimList(), false, dtype); }

  // ops/reduce/extremes.h
  Tensor amax(const DimList& dims = {}, bool keepdim = false) const;
  Tensor amin(const DimList& dims = {}, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> aminmax(std::optional<int64_t> dim = {}, bool keepdim = false) const;
  Tensor max() const;
  Tensor min() const;
  std::tuple<Tensor, Tensor> max(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> min(int64_t dim, bool keepdim = false) const;
  Tensor max(const Tensor& other) const;
  Tensor min(const Tensor& other) const;
  Tensor argmax(std::optional<int64_t> dim = {}, bool keepdim = false) const;
  Tensor argmin(std::optional<int64_t> dim = {}, bool keepdim = false) const;

  // ops/reduce/statistics.h
  Tensor var(const DimList& dims = {}, double correction = 1, bool keepdim = false) const;
  Tensor std(const DimList& dims = {}, double correction = 1, bool keepdim = false) const;
  Tensor median() const;
  Tensor nanmedian() const;
  std::tuple<Tensor, Tensor> median(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> nanmedian(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> mode(int64_t dim = -1, bool keepdim = false) const;
  Tensor quantile(const Tensor& q, std::optional<int64_t> dim = {}, bool keepdim = false, std::string_view interpolation = "linear") const;
  Tensor quantile(double q, std::optional<int64_t> dim = {}, bool keepdim = false, std::string_view interpolation = "linear") const;
  Tensor nanquantile(const Tensor& q, std::optional<int64_t> dim = {}, bool keepdim = false, std::string_view interpolation = "linear") const;
  Tensor nanquantile(double q, std::optional<int64_t> dim = {}, bool keepdim = false, std::string_view interpolation = "linear") const;
  Tensor var(std::same_as<bool> auto unbiased) const { return var(DimList(), unbiased); }
  Tensor std(std::same_as<bool> auto unbiased) const { return std(DimList(), unbiased); }

  // ops/reduce/vector_norm.h, scan.h, softmax.h, histogram.h
  Tensor norm(double p = 2, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) const;
  Tensor dist(const Tensor& other, double p = 2) const;
  Tensor renorm(double p, int64_t dim, double maxnorm) const;
  Tensor& renorm_(double p, int64_t dim, double maxnorm) const;
  Tensor cumsum(int64_t dim, std::optional<DType> dtype = {}) const;
  Tensor cumprod(int64_t dim, std::optional<DType> dtype = {}) const;
  Tensor logcumsumexp(int64_t dim) const;
  std::tuple<Tensor, Tensor> cummax(int64_t dim) const;
  std::tuple<Tensor, Tensor> cummin(int64_t dim) const;
  Tensor diff(int64_t n = 1, int64_t dim = -1, const OptionalTensor& prepend = {}, const OptionalTensor& append = {}) const;
  Tensor& cumsum_(int64_t dim, std::optional<DType> dtype = {}) const;
  Tensor& cumprod_(int64_t dim, std::optional<DType> dtype = {}) const;
  Tensor softmax(int64_t dim, std::optional<DType> dtype = {}) const;
  Tensor log_softmax(int64_t dim, std::optional<DType> dtype = {}) const;
  std::tuple<Tensor, Tensor> histogram(int64_t bins, const std::optional<std::vector<double>>& range = {}, const OptionalTensor& weight = {},
                                       bool density = false) const;
  std::tuple<Tensor, Tensor> histogram(const Tensor& edges, const OptionalTensor& weight = {}, bool density = false) const;

  // ops/linalg/matmul.h, products.h, covariance.h
  Tensor mm(const Tensor& mat2) const;
  Tensor bmm(const Tensor& mat2) const;
  Tensor mv(const Tensor& vec) const;
  Tensor dot(const Tensor& tensor) const;
  Tensor vdot(const Tensor& other) const;
  Tensor matmul(const Tensor& other) const;
  Tensor addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor outer(const Tensor& vec2) const;
  Tensor inner(const Tensor& other) const;
  Tensor cross(const Tensor& other, std::optional<int64_t> dim = {}) const;
  Tensor cov(int64_t correction = 1, const OptionalTensor& fweights = {}, const OptionalTensor& aweights = {}) const;
  Tensor corrcoef() const;

  // ops/linalg/cholesky.h, inverse.h, lu.h, matrix_function.h, qr.h, solve.h, svd.h
  Tensor cholesky(bool upper = false) const;
  Tensor cholesky_inverse(bool upper = false) const;
  Tensor cholesky_solve(const Tensor& L, bool upper = false) const;
  Tensor det() const;
  Tensor logdet() const;
  linalg::SlogdetResult slogdet() const;
  Tensor inverse() const;
  Tensor pinverse(double rcond = 1e-15) const;

  // ops/fft/stft.h
  Tensor stft(int64_t n_fft, const STFTOptions& options) const;
  Tensor istft(int64_t n_fft) const;
  Tensor istft(int64_t n_fft, const ISTFTOptions& options) const;
  Tensor matrix_exp() const;
  Tensor matrix_power(int64_t n) const;
  linalg::GeqrfResult geqrf() const;
  linalg::LuFactorResult lu(bool pivot = true) const;
  Tensor lu_solve(const Tensor& LU_data, const Tensor& LU_pivots) const;
  Tensor orgqr(const Tensor& tau) const;
  Tensor ormqr(const Tensor& tau, const Tensor& other, bool left = true, bool transpose = false) const;
  linalg::QrResult qr(bool some = true) const;
  linalg::SvdVResult svd(bool some = true, bool compute_uv = true) const;
  linalg::TriangularSolveResult triangular_solve(const Tensor& A, bool upper = true, bool transpose = false, bool unitriangular = false) const;

  // ops/random/random.h
  Tensor bernoulli(const std::optional<Generator>& generator = {}) const;
  Tensor bernoulli(double p, const std::optional<Generator>& generator = {}) const;
  Tensor multinomial(int64_t num_samples, bool replacement = false, const std::optional<Generator>& generator = {}) const;
  Tensor& uniform_(double from = 0, double to = 1, const std::optional<Generator>& generator = {}) const;
  Tensor& normal_(double mean = 0, double std = 1, const std::optional<Generator>& generator = {}) const;
  Tensor& bernoulli_(double p = 0.5, const std::optional<Generator>& generator = {}) const;
  Tensor& bernoulli_(const Tensor& p, const std::optional<Generator>& generator = {}) const;
  Tensor& random_(const std::optional<Generator>& generator = {}) const;
  Tensor& random_(int64_t to, const std::optional<Generator>& generator = {}) const;
  Tensor& random_(int64_t from, std::optional<int64_t> to, const std::optional<Generator>& generator = {}) const;
  Tensor& exponential_(double lambd = 1, const std::optional<Generator>& generator = {}) const;
  Tensor& cauchy_(double median = 0, double sigma = 1, const std::optional<Generator>& generator = {}) const;
  Tensor& log_normal_(double mean = 1, double std = 2, const std::optional<Generator>& generator = {}) const;
  Tensor& geometric_(double p, const std::optional<Generator>& generator = {}) const;

  // Other names of the same.
  Tensor absolute() const { return abs(); }
  Tensor& absolute_() const { return abs_(); }
  Tensor arccos() const { return acos(); }
  Tensor& arccos_() const { return acos_(); }
  Tensor arccosh() const { return acosh(); }
  Tensor& arccosh_() const { return acosh_(); }
  Tensor arcsin() const { return asin(); }
  Tensor& arcsin_() const { return asin_(); }
  Tensor arcsinh() const { return asinh(); }
  Tensor& arcsinh_() const { return asinh_(); }
  Tensor arctan() const { return atan(); }
  Tensor& arctan_() const { return atan_(); }
  Tensor arctanh() const { return atanh(); }
  Tensor& arctanh_() const { return atanh_(); }
  Tensor negative() const { return neg(); }
  Tensor& negative_() const { return neg_(); }
  Tensor arctan2(const Tensor& other) const { return atan2(other); }
  Tensor& arctan2_(const Tensor& other) const { return atan2_(other); }
  Tensor multiply(const Tensor& other) const { return mul(other); }
  Tensor& multiply_(const Tensor& other) const { return mul_(other); }
  Tensor multiply(const Scalar& other) const { return mul(other); }
  Tensor& multiply_(const Scalar& other) const { return mul_(other); }
  Tensor greater(const Tensor& other) const { return gt(other); }
  Tensor& greater_(const Tensor& other) const { return gt_(other); }
  Tensor greater(const Scalar& other) const { return gt(other); }
  Tensor& greater_(const Scalar& other) const { return gt_(other); }
  Tensor greater_equal(const Tensor& other) const { return ge(other); }
  Tensor& greater_equal_(const Tensor& other) const { return ge_(other); }
  Tensor greater_equal(const Scalar& other) const { return ge(other); }
  Tensor& greater_equal_(const Scalar& other) const { return ge_(other); }
  Tensor less(const Tensor& other) const { return lt(other); }
  Tensor& less_(const Tensor& other) const { return lt_(other); }
  Tensor less(const Scalar& other) const { return lt(other); }
  Tensor& less_(const Scalar& other) const { return lt_(other); }
  Tensor less_equal(const Tensor& other) const { return le(other); }
  Tensor& less_equal_(const Tensor& other) const { return le_(other); }
  Tensor less_equal(const Scalar& other) const { return le(other); }
  Tensor& less_equal_(const Scalar& other) const { return le_(other); }
  Tensor not_equal(const Tensor& other) const { return ne(other); }
  Tensor& not_equal_(const Tensor& other) const { return ne_(other); }
  Tensor not_equal(const Scalar& other) const { return ne(other); }
  Tensor& not_equal_(const Scalar& other) const { return ne_(other); }
  Tensor subtract(const Tensor& other, const Scalar& alpha = 1) const { return sub(other, alpha); }
  Tensor& subtract_(const Tensor& other, const Scalar& alpha = 1) const { return sub_(other, alpha); }
  Tensor subtract(const Scalar& other, const Scalar& alpha = 1) const { return sub(other, alpha); }
  Tensor& subtract_(const Scalar& other, const Scalar& alpha = 1) const { return sub_(other, alpha); }
  Tensor divide(const Tensor& other, std::optional<std::string> rounding_mode = {}) const { return div(other, std::move(rounding_mode)); }
  Tensor& divide_(const Tensor& other, std::optional<std::string> rounding_mode = {}) const { return div_(other, std::move(rounding_mode)); }
  Tensor divide(const Scalar& other, std::optional<std::string> rounding_mode = {}) const { return div(other, std::move(rounding_mode)); }
  Tensor& divide_(const Scalar& other, std::optional<std::string> rounding_mode = {}) const { return div_(other, std::move(rounding_mode)); }
  Tensor clip(std::optional<Scalar> min, std::optional<Scalar> max = {}) const { return clamp(min, max); }
  Tensor clip(const OptionalTensor& min, const OptionalTensor& max = {}) const { return clamp(min, max); }
  Tensor& clip_(std::optional<Scalar> min, std::optional<Scalar> max = {}) const { return clamp_(min, max); }
  Tensor& clip_(const OptionalTensor& min, const OptionalTensor& max = {}) const { return clamp_(min, max); }
  Tensor ger(const Tensor& vec2) const { return outer(vec2); }

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
  Ref<TensorBody> body_;
};

}  // namespace lazuli

#include "lazuli/core/tensor/indexed_tensor.h"  // IWYU pragma: export
