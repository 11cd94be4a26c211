#include "lazuli/backends/cuda/convolution.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/core/warning.h"

namespace lazuli::cuda {
namespace {

using gpu::ConvolutionProblem;
using Written = ConvolutionProblem::Written;

constexpr size_t kMaxPlans = 1024;
constexpr size_t kMaxWorkspace = size_t(256) << 20;  // algorithms that want more, Winograd's and Fourier's of large images, are not taken
constexpr int kNotSupported = -1;                    // a status of ours

Cudnn::DataType type_of(DType t) {
  switch (t) {
    case kFloat16: return Cudnn::Half;
    case kBFloat16: return Cudnn::BFloat16;
    case kFloat64: return Cudnn::Double;
    default: return Cudnn::Float;
  }
}
// What the descriptor asks for. Halves are summed in float32 by tensor cores; float32 is rounded only where matrix products may be.
Cudnn::Math math_of(DType t) {
  if (item_size(t) == 2) return Cudnn::TensorOp;
  return t == kFloat32 && float32_matmul_precision() == MatmulPrecision::Highest ? Cudnn::Fma : Cudnn::Default;
}

// cuDNN counts in 32 bits.
bool fits(const Shape& sizes) {
  int64_t numel = 1;
  for (int64_t size : sizes) {
    if (size > INT32_MAX) return false;
    numel *= size;
    if (numel > INT32_MAX) return false;
  }
  return true;
}
bool fits_each(const Shape& shape) {
  for (int64_t v : shape)
    if (v > INT32_MAX) return false;
  return true;
}
std::vector<int> ints(const Shape& shape) { return {shape.begin(), shape.end()}; }

const Cudnn::Direction& direction(const Cudnn& library, Written written) {
  return written == Written::Output ? library.forward : written == Written::Input ? library.backward_data : library.backward_filter;
}
// The two operands that are read, in the order in which cuDNN wants them, and the one that is written.
template <class T>
struct Roles {
  T first, second, result;
};
template <class T>
Roles<T> roles(Written written, T input, T weight, T output) {
  if (written == Written::Output) return {input, weight, output};
  return written == Written::Input ? Roles<T>{weight, output, input} : Roles<T>{input, output, weight};
}

}  // namespace

// Of a cuDNN that does not start, a part of it missing or of another version, nothing is asked again.
bool Convolutions::start() {
  if (std::exchange(started_, true)) return handle_;
  library_ = Cudnn::get();
  if (!library_) return false;
  if (const Cudnn::Status status = library_->Create(&handle_); status != 0) {
    handle_ = nullptr;
    warn_once(std::string("cuDNN is there but does not start, and convolutions do without it: ") + library_->GetErrorString(status));
  }
  return handle_;
}

void Convolutions::destroy(Plan& plan) {
  if (plan.convolution) library_->DestroyConvolutionDescriptor(plan.convolution);
  if (plan.output) library_->DestroyTensorDescriptor(plan.output);
  if (plan.weight) library_->DestroyFilterDescriptor(plan.weight);
  if (plan.input) library_->DestroyTensorDescriptor(plan.input);
  plan = {};
}

Cudnn::Status Convolutions::make(Plan& plan, const ConvolutionProblem& p, Cudnn::Math math, bool deterministic) {
  const Cudnn& l = *library_;
  const Cudnn::DataType type = type_of(p.dtype);
  const int rank = int(p.input.size());
  Cudnn::Status status = 0;
  auto also = [&](auto&& call) {
    if (status == 0) status = call();
  };
  auto images = [&](Cudnn::Descriptor& made, const Shape& sizes) {
    also([&] { return l.CreateTensorDescriptor(&made); });
    const Shape strides = p.channels_last ? channels_last_strides(sizes) : contiguous_strides(sizes);
    also([&] { return l.SetTensorNdDescriptor(made, type, rank, ints(sizes).data(), ints(strides).data()); });
  };
  images(plan.input, p.input);
  images(plan.output, p.output);
  also([&] { return l.CreateFilterDescriptor(&plan.weight); });
  also([&] {
    return l.SetFilterNdDescriptor(plan.weight, type, p.channels_last ? Cudnn::ChannelsLast : Cudnn::RowMajor, rank, ints(p.weight).data());
  });
  also([&] { return l.CreateConvolutionDescriptor(&plan.convolution); });
  also([&] {
    return l.SetConvolutionNdDescriptor(plan.convolution, rank - 2, ints(p.padding).data(), ints(p.stride).data(), ints(p.dilation).data(),
                                        Cudnn::CrossCorrelation, type == Cudnn::Double ? Cudnn::Double : Cudnn::Float);
  });
  also([&] { return l.SetConvolutionGroupCount(plan.convolution, int(p.groups)); });
  also([&] { return l.SetConvolutionMathType(plan.convolution, math); });

  const Cudnn::Direction& d = direction(l, p.written);
  const auto [first, second, result] = roles(p.written, plan.input, plan.weight, plan.output);
  constexpr int kMost = 8;
  Cudnn::Algorithm found[kMost] = {};
  int count = 0;
  also([&] { return d.GetAlgorithm(handle_, first, second, plan.convolution, result, d.algorithms, &count, found); });
  if (status != 0) return status;
  for (int i = 0; i < std::min(count, kMost); ++i) {  // the fastest first
    const Cudnn::Algorithm& a = found[i];
    if (a.status != 0 || a.memory > kMaxWorkspace || (deterministic && a.determinism != Cudnn::Deterministic)) continue;
    // With the arithmetic that it was found for, but float32 stays what was asked for: no conversion, and no rounding where that is not wanted.
    if (math != Cudnn::Fma && (a.math == Cudnn::Conversion || l.SetConvolutionMathType(plan.convolution, a.math) != 0)) continue;
    if (d.GetWorkspaceSize(handle_, first, second, plan.convolution, result, a.algorithm, &plan.workspace) != 0 || plan.workspace > kMaxWorkspace)
      continue;
    plan.algorithm = a.algorithm;
    return 0;
  }
  return kNotSupported;
}

// Null where there is none. The mutex is held.
Convolutions::Plan* Convolutions::plan_of(const ConvolutionProblem& p) {
  if (!start()) return nullptr;
  const Cudnn::Math math = math_of(p.dtype);
  const bool deterministic = are_deterministic_algorithms_enabled();
  Key key{};
  size_t used = 0;
  for (int64_t word : {int64_t(p.written) | int64_t(p.channels_last) << 4 | int64_t(deterministic) << 5 | int64_t(math) << 8 |
                           int64_t(p.dtype) << 16 | int64_t(p.input.size()) << 32,
                       p.groups, p.input[0], p.input[1], p.output[1]})
    key[used++] = word;
  for (const Shape* sizes : {&p.input, &p.weight, &p.output})
    for (int64_t d = 2; d < sizes->size(); ++d) key[used++] = (*sizes)[d];
  for (const Shape* shape : {&p.stride, &p.padding, &p.dilation})
    for (int64_t v : *shape) key[used++] = v;
  auto place = plans_.find(key);
  if (place == plans_.end()) {
    if (plans_.size() >= kMaxPlans) {
      for (auto& [k, plan] : plans_) destroy(plan);
      plans_.clear();
    }
    Plan plan;
    const bool small = fits(p.input) && fits(p.weight) && fits(p.output) && fits_each(p.stride) && fits_each(p.padding) && fits_each(p.dilation);
    if (!small || make(plan, p, math, deterministic) != 0) destroy(plan);
    place = plans_.emplace(key, plan).first;
  }
  return place->second.convolution ? &place->second : nullptr;
}

bool Convolutions::takes(const ConvolutionProblem& p) {
  std::lock_guard lock(mutex_);
  return plan_of(p);
}

bool Convolutions::run(const ConvolutionProblem& p, void* input, void* weight, void* output, CUstream stream, const Tensor& workspace) {
  std::unique_lock lock(mutex_);
  Plan* plan = plan_of(p);
  if (!plan) return false;
  if (const auto needed = int64_t(plan->workspace); needed > (workspace.defined() ? workspace.numel() : 0)) {
    lock.unlock();  // memory may have to wait for a thread that captures a graph, and that one for the lock
    Tensor memory;
    try {
      // Stream-ordered: the caching allocator may give it to the next call on this stream at once.
      memory = new_tensor({needed}, kUInt8, Device(DeviceType::CUDA, p.index));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Memory) throw;
      return false;
    }
    return run(p, input, weight, output, stream, memory);
  }
  const float one = 1, zero = 0;
  const double wide_one = 1, wide_zero = 0;
  const bool wide = p.dtype == kFloat64;
  const auto [first, second, result] = roles(p.written, plan->input, plan->weight, plan->output);
  const auto at = roles(p.written, input, weight, output);
  Cudnn::Status status = library_->SetStream(handle_, stream);
  if (status == 0)
    status = direction(*library_, p.written)
                 .Convolve(handle_, wide ? static_cast<const void*>(&wide_one) : &one, first, at.first, second, at.second, plan->convolution,
                           plan->algorithm, workspace.defined() ? workspace.address() : nullptr, plan->workspace,
                           wide ? static_cast<const void*>(&wide_zero) : &zero, result, at.result);
  if (status == 0) return true;
  destroy(*plan);
  return false;
}

}  // namespace lazuli::cuda
