// A libcudnn.so.9 whose convolutions are plain loops over memory of the host, for the stand-in driver. It checks what cuDNN checks: that descriptors agree with each other, the workspace,
// the stream, and where operands lie.
#include "lazuli/backends/cuda/cudnn.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "lazuli/core/number.h"
#include "tests/backends/cuda/stand_in/control.h"
#include "tests/backends/cuda/stand_in/queue.h"

using lazuli::cuda::Cudnn;
using Status = Cudnn::Status;

extern "C" {
StandInCudnn stand_in_cudnn{0, 0, 4096, 0, 0, 0, {}};
}

namespace lazuli::cuda {
struct CudnnContext {
  CUstream stream;
};
}  // namespace lazuli::cuda

namespace {

constexpr Status kBadParam = 2000, kNotSupported = 3000, kExecutionFailed = 5000;  // cuDNN 9's
constexpr uint64_t kTooMuch = uint64_t(1) << 40;

using Sizes = std::array<int, 5>;
struct Images {
  Cudnn::DataType type;
  int rank = 0;
  Sizes sizes, strides;
};
struct Filter {
  Cudnn::DataType type;
  Cudnn::Format format;
  int rank = 0;
  Sizes sizes;
};
struct Convolution {
  int rank = 0;
  std::array<int, 3> padding, stride, dilation;
  Cudnn::DataType sums;
  int groups = 1;
  Cudnn::Math math = Cudnn::Default;
};
struct Operands {
  const Images* x;
  const Filter* w;
  const Images* y;
  const Convolution* c;
};

Sizes dense_strides(const Sizes& sizes, int rank, bool channels_last) {
  Sizes strides{};
  int step = 1;
  if (channels_last) strides[1] = 1, step = sizes[1];
  for (int d = rank - 1; d >= 0; --d)
    if (d != 1 || !channels_last) strides[size_t(d)] = step, step *= sizes[size_t(d)];
  return strides;
}
int numel(const Sizes& sizes, int rank) {
  int n = 1;
  for (int d = 0; d < rank; ++d) n *= sizes[size_t(d)];
  return n;
}

Status check(const Operands& o) {
  const int rank = o.x->rank;
  if ((rank != 4 && rank != 5) || o.y->rank != rank || o.w->rank != rank || o.c->rank != rank - 2) return kBadParam;
  if (o.x->type != o.y->type || o.x->type != o.w->type || (o.c->sums == Cudnn::Double) != (o.x->type == Cudnn::Double)) return kBadParam;
  if (o.y->sizes[0] != o.x->sizes[0] || o.y->sizes[1] != o.w->sizes[0] || o.x->sizes[1] != o.w->sizes[1] * o.c->groups || o.w->sizes[0] % o.c->groups)
    return kBadParam;
  for (size_t d = 0; d < size_t(rank - 2); ++d) {
    const int room = o.x->sizes[d + 2] + 2 * o.c->padding[d] - (o.w->sizes[d + 2] - 1) * o.c->dilation[d] - 1;
    if (room < 0 || o.y->sizes[d + 2] != room / o.c->stride[d] + 1) return kBadParam;
  }
  const bool channels_last = o.w->format == Cudnn::ChannelsLast;
  for (const Images* i : {o.x, o.y})
    if (i->strides != dense_strides(i->sizes, rank, channels_last)) return kNotSupported;
  return channels_last && o.x->type == Cudnn::Double ? kNotSupported : 0;
}

// which: 0 writes y, 1 writes x, 2 writes w.
template <class T, class Sum>
void loops(int which, const Operands& o, void* x, void* w, void* y) {
  const int rank = o.x->rank;
  // Two spatial dimensions are three, the first of one place.
  const auto three = [&](const auto& all, size_t from, int filler) {
    std::array<int, 3> v{filler, filler, filler};
    for (size_t d = 0; d < size_t(rank - 2); ++d) v[d + size_t(5 - rank)] = all[d + from];
    return v;
  };
  const Sizes w_strides = dense_strides(o.w->sizes, rank, o.w->format == Cudnn::ChannelsLast);
  const auto size_x = three(o.x->sizes, 2, 1), size_w = three(o.w->sizes, 2, 1), size_y = three(o.y->sizes, 2, 1), step_x = three(o.x->strides, 2, 0),
             step_w = three(w_strides, 2, 0), step_y = three(o.y->strides, 2, 0), padding = three(o.c->padding, 0, 0),
             stride = three(o.c->stride, 0, 1), dilation = three(o.c->dilation, 0, 1);
  T *xs = static_cast<T*>(x), *ws = static_cast<T*>(w), *ys = static_cast<T*>(y);
  T* result = which == 0 ? ys : which == 1 ? xs : ws;
  std::vector<Sum> sums(size_t(which == 0 ? numel(o.y->sizes, rank) : which == 1 ? numel(o.x->sizes, rank) : numel(o.w->sizes, rank)));
  const int outputs = o.w->sizes[0] / o.c->groups, inputs = o.w->sizes[1];
  std::array<int, 3> a, k, at;
  for (int n = 0; n < o.x->sizes[0]; ++n)
    for (int out = 0; out < o.w->sizes[0]; ++out)
      for (int in = 0; in < inputs; ++in)
        for (a[0] = 0; a[0] < size_y[0]; ++a[0])
          for (a[1] = 0; a[1] < size_y[1]; ++a[1])
            for (a[2] = 0; a[2] < size_y[2]; ++a[2])
              for (k[0] = 0; k[0] < size_w[0]; ++k[0])
                for (k[1] = 0; k[1] < size_w[1]; ++k[1])
                  for (k[2] = 0; k[2] < size_w[2]; ++k[2]) {
                    int of_x = n * o.x->strides[0] + (out / outputs * inputs + in) * o.x->strides[1];
                    int of_w = out * w_strides[0] + in * w_strides[1], of_y = n * o.y->strides[0] + out * o.y->strides[1];
                    bool inside = true;
                    for (size_t d = 0; d < 3; ++d) {
                      at[d] = a[d] * stride[d] - padding[d] + k[d] * dilation[d];
                      inside &= at[d] >= 0 && at[d] < size_x[d];
                      of_x += at[d] * step_x[d], of_w += k[d] * step_w[d], of_y += a[d] * step_y[d];
                    }
                    if (!inside) continue;
                    if (which == 0) sums[size_t(of_y)] += Sum(xs[of_x]) * Sum(ws[of_w]);
                    else if (which == 1) sums[size_t(of_x)] += Sum(ys[of_y]) * Sum(ws[of_w]);
                    else sums[size_t(of_w)] += Sum(ys[of_y]) * Sum(xs[of_x]);
                  }
  for (size_t i = 0; i < sums.size(); ++i) result[i] = T(sums[i]);
}

Status search(Cudnn::Handle handle, int which, const Operands& o, int wanted, int* count, Cudnn::Algorithm* results) {
  ++stand_in_cudnn.searches;
  *count = 0;
  if (!handle || wanted < 1) return kBadParam;
  if (const Status status = check(o); status != 0) return status;
  if (stand_in_cudnn.refusals > 0) {
    --stand_in_cudnn.refusals;
    return kNotSupported;
  }
  // Ones that do not do it, that want too much and that convert, before those that may be taken; gradients have a faster one that is not deterministic.
  const bool converts = o.x->type == Cudnn::Float && o.c->math != Cudnn::Fma;
  const Cudnn::Math math = o.c->math == Cudnn::Default && converts ? Cudnn::TensorOp : o.c->math;
  const Cudnn::Algorithm all[] = {{5, kNotSupported, -1, 0, 1, math, {}},
                                  {4, 0, 1, kTooMuch, 1, math, {}},
                                  {3, 0, 2, stand_in_cudnn.workspace, 1, converts ? Cudnn::Conversion : math, {}},
                                  {0, 0, 3, stand_in_cudnn.workspace, which == 0, math, {}},
                                  {1, 0, 4, stand_in_cudnn.workspace, 1, math, {}}};
  for (const Cudnn::Algorithm& a : all)
    if (*count < wanted && (a.algorithm != 3 || converts)) results[(*count)++] = a;
  return 0;
}
Status workspace_size(const Operands& o, int algorithm, size_t* bytes) {
  *bytes = algorithm == 4 ? kTooMuch : stand_in_cudnn.workspace;
  return check(o);
}
Status convolve(Cudnn::Handle handle, int which, const Operands& o, const void* alpha, void* x, void* w, void* y, int algorithm, void* workspace,
                size_t bytes, const void* beta) {
  if (!handle || !handle->stream || (algorithm != 0 && algorithm != 1) || bytes < stand_in_cudnn.workspace || (bytes > 0 && !workspace))
    return kBadParam;
  for (const void* p : {x, w, y})
    if (!p || reinterpret_cast<uintptr_t>(p) % 16) return kBadParam;
  if (const Status status = check(o); status != 0) return status;
  const bool wide = o.x->type == Cudnn::Double;
  const double factors[] = {wide ? *static_cast<const double*>(alpha) : *static_cast<const float*>(alpha),
                            wide ? *static_cast<const double*>(beta) : *static_cast<const float*>(beta)};
  if (factors[0] != 1 || factors[1] != 0) return kBadParam;
  if (stand_in_cudnn.failures > 0) {
    --stand_in_cudnn.failures;
    *static_cast<char*>(which == 0 ? y : which == 1 ? x : w) = char(-1);
    return kExecutionFailed;
  }
  auto& last = stand_in_cudnn.last;
  ++last.calls[which];
  last.algorithm = algorithm, last.math = o.c->math, last.groups = o.c->groups, last.rank = o.c->rank;
  last.channels_last = o.w->format == Cudnn::ChannelsLast;
  last.stream = handle->stream;
  const auto work = [=, dx = *o.x, dw = *o.w, dy = *o.y, dc = *o.c]() mutable {
    std::fill_n(static_cast<char*>(workspace), bytes, char(-1));
    const Operands own{&dx, &dw, &dy, &dc};
    switch (dx.type) {
      case Cudnn::Double: return loops<double, double>(which, own, x, w, y);
      case Cudnn::Half: return loops<lazuli::Half, float>(which, own, x, w, y);
      case Cudnn::BFloat16: return loops<lazuli::BFloat16, float>(which, own, x, w, y);
      default: return loops<float, float>(which, own, x, w, y);
    }
  };
  return stand_in::queue(handle->stream, work) ? 0 : kExecutionFailed;
}

template <class T>
Status create(void** made) {
  *made = new T;
  ++stand_in_cudnn.descriptors;
  return 0;
}
template <class T>
Status destroy(void* made) {
  delete static_cast<T*>(made);
  --stand_in_cudnn.descriptors;
  return 0;
}
Operands operands(void* x, void* w, void* y, void* c) {
  return {static_cast<Images*>(x), static_cast<Filter*>(w), static_cast<Images*>(y), static_cast<Convolution*>(c)};
}
void* writable(const void* p) { return const_cast<void*>(p); }

}  // namespace

extern "C" {

const char* cudnnGetErrorString(Status) { return "CUDNN_STATUS_IN_OTHER_WORDS"; }
Status cudnnCreate(Cudnn::Handle* handle) {
  *handle = new lazuli::cuda::CudnnContext{nullptr};
  ++stand_in_cudnn.handles;
  return 0;
}
Status cudnnSetStream(Cudnn::Handle handle, CUstream stream) {
  handle->stream = stream;
  return 0;
}

Status cudnnCreateTensorDescriptor(void** d) { return create<Images>(d); }
Status cudnnDestroyTensorDescriptor(void* d) { return destroy<Images>(d); }
Status cudnnSetTensorNdDescriptor(void* d, Cudnn::DataType type, int rank, const int* sizes, const int* strides) {
  if (rank < 4 || rank > 5) return kBadParam;
  auto& images = *static_cast<Images*>(d);
  images.type = type, images.rank = rank, images.sizes = {}, images.strides = {};
  std::copy_n(sizes, rank, images.sizes.begin());
  std::copy_n(strides, rank, images.strides.begin());
  return std::all_of(sizes, sizes + rank, [](int size) { return size > 0; }) ? 0 : kBadParam;
}
Status cudnnCreateFilterDescriptor(void** d) { return create<Filter>(d); }
Status cudnnDestroyFilterDescriptor(void* d) { return destroy<Filter>(d); }
Status cudnnSetFilterNdDescriptor(void* d, Cudnn::DataType type, Cudnn::Format format, int rank, const int* sizes) {
  if (rank < 4 || rank > 5) return kBadParam;
  auto& filter = *static_cast<Filter*>(d);
  filter.type = type, filter.format = format, filter.rank = rank, filter.sizes = {};
  std::copy_n(sizes, rank, filter.sizes.begin());
  return 0;
}
Status cudnnCreateConvolutionDescriptor(void** d) { return create<Convolution>(d); }
Status cudnnDestroyConvolutionDescriptor(void* d) { return destroy<Convolution>(d); }
Status cudnnSetConvolutionNdDescriptor(void* d, int rank, const int* padding, const int* stride, const int* dilation, Cudnn::Mode mode,
                                       Cudnn::DataType sums) {
  if (rank < 2 || rank > 3 || mode != Cudnn::CrossCorrelation) return kBadParam;
  auto& c = *static_cast<Convolution*>(d);
  c.rank = rank, c.sums = sums;
  std::copy_n(padding, rank, c.padding.begin());
  std::copy_n(stride, rank, c.stride.begin());
  std::copy_n(dilation, rank, c.dilation.begin());
  return 0;
}
Status cudnnSetConvolutionGroupCount(void* d, int groups) {
  static_cast<Convolution*>(d)->groups = groups;
  return groups > 0 ? 0 : kBadParam;
}
Status cudnnSetConvolutionMathType(void* d, Cudnn::Math math) {
  static_cast<Convolution*>(d)->math = math;
  return 0;
}

Status cudnnGetConvolutionForwardAlgorithm_v7(Cudnn::Handle handle, void* x, void* w, void* c, void* y, int wanted, int* count,
                                              Cudnn::Algorithm* results) {
  return search(handle, 0, operands(x, w, y, c), wanted, count, results);
}
Status cudnnGetConvolutionBackwardDataAlgorithm_v7(Cudnn::Handle handle, void* w, void* y, void* c, void* x, int wanted, int* count,
                                                   Cudnn::Algorithm* results) {
  return search(handle, 1, operands(x, w, y, c), wanted, count, results);
}
Status cudnnGetConvolutionBackwardFilterAlgorithm_v7(Cudnn::Handle handle, void* x, void* y, void* c, void* w, int wanted, int* count,
                                                     Cudnn::Algorithm* results) {
  return search(handle, 2, operands(x, w, y, c), wanted, count, results);
}
Status cudnnGetConvolutionForwardWorkspaceSize(Cudnn::Handle, void* x, void* w, void* c, void* y, int algorithm, size_t* bytes) {
  return workspace_size(operands(x, w, y, c), algorithm, bytes);
}
Status cudnnGetConvolutionBackwardDataWorkspaceSize(Cudnn::Handle, void* w, void* y, void* c, void* x, int algorithm, size_t* bytes) {
  return workspace_size(operands(x, w, y, c), algorithm, bytes);
}
Status cudnnGetConvolutionBackwardFilterWorkspaceSize(Cudnn::Handle, void* x, void* y, void* c, void* w, int algorithm, size_t* bytes) {
  return workspace_size(operands(x, w, y, c), algorithm, bytes);
}
Status cudnnConvolutionForward(Cudnn::Handle handle, const void* alpha, void* dx, const void* x, void* dw, const void* w, void* c, int algorithm,
                               void* workspace, size_t bytes, const void* beta, void* dy, void* y) {
  return convolve(handle, 0, operands(dx, dw, dy, c), alpha, writable(x), writable(w), y, algorithm, workspace, bytes, beta);
}
Status cudnnConvolutionBackwardData(Cudnn::Handle handle, const void* alpha, void* dw, const void* w, void* dy, const void* y, void* c, int algorithm,
                                    void* workspace, size_t bytes, const void* beta, void* dx, void* x) {
  return convolve(handle, 1, operands(dx, dw, dy, c), alpha, x, writable(w), writable(y), algorithm, workspace, bytes, beta);
}
Status cudnnConvolutionBackwardFilter(Cudnn::Handle handle, const void* alpha, void* dx, const void* x, void* dy, const void* y, void* c,
                                      int algorithm, void* workspace, size_t bytes, const void* beta, void* dw, void* w) {
  return convolve(handle, 2, operands(dx, dw, dy, c), alpha, writable(x), w, writable(y), algorithm, workspace, bytes, beta);
}

}  // extern "C"
