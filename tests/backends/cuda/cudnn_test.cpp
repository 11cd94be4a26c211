// Lazuli's own declarations of cuDNN against its header, and what is set with them against the library itself as far as that goes without a device; each where it is there.
#include "lazuli/backends/cuda/cudnn.h"

#include "tests/catch.h"

#if __has_include(<cudnn.h>)
#include <cudnn.h>
#include <dlfcn.h>

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

using lazuli::cuda::Cudnn;

namespace {

static_assert(Cudnn::Float == int(CUDNN_DATA_FLOAT) && Cudnn::Double == int(CUDNN_DATA_DOUBLE) && Cudnn::Half == int(CUDNN_DATA_HALF) &&
              Cudnn::BFloat16 == int(CUDNN_DATA_BFLOAT16));
static_assert(Cudnn::RowMajor == int(CUDNN_TENSOR_NCHW) && Cudnn::ChannelsLast == int(CUDNN_TENSOR_NHWC));
static_assert(Cudnn::Default == int(CUDNN_DEFAULT_MATH) && Cudnn::TensorOp == int(CUDNN_TENSOR_OP_MATH) &&
              Cudnn::Conversion == int(CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION) && Cudnn::Fma == int(CUDNN_FMA_MATH));
static_assert(Cudnn::CrossCorrelation == int(CUDNN_CROSS_CORRELATION) && Cudnn::Deterministic == int(CUDNN_DETERMINISTIC) &&
              CUDNN_STATUS_SUCCESS == 0);

template <class Performance>
constexpr bool is_algorithm() {
  return sizeof(Performance) == sizeof(Cudnn::Algorithm) && offsetof(Performance, algo) == offsetof(Cudnn::Algorithm, algorithm) &&
         offsetof(Performance, status) == offsetof(Cudnn::Algorithm, status) && offsetof(Performance, memory) == offsetof(Cudnn::Algorithm, memory) &&
         offsetof(Performance, determinism) == offsetof(Cudnn::Algorithm, determinism) &&
         offsetof(Performance, mathType) == offsetof(Cudnn::Algorithm, math);
}
static_assert(is_algorithm<cudnnConvolutionFwdAlgoPerf_t>() && is_algorithm<cudnnConvolutionBwdDataAlgoPerf_t>() &&
              is_algorithm<cudnnConvolutionBwdFilterAlgoPerf_t>());

// Whether a call passes the same registers: pointers are alike, and numbers of one size.
template <class A, class B>
constexpr bool alike = std::is_pointer_v<A> ? std::is_pointer_v<B> : !std::is_pointer_v<B> && sizeof(A) == sizeof(B) && !std::is_floating_point_v<B>;
template <class Own, class Theirs>
constexpr bool same_form = false;
template <class R, class... A, class S, class... B>
requires(sizeof...(A) == sizeof...(B)) constexpr bool same_form<R (*)(A...), S (*)(B...)> = alike<R, S> && (alike<A, B> && ...);

#define LAZULI_SAME(member, function) static_assert(same_form<decltype(Cudnn::member), decltype(&function)>)
LAZULI_SAME(GetErrorString, cudnnGetErrorString);
LAZULI_SAME(Create, cudnnCreate);
LAZULI_SAME(SetStream, cudnnSetStream);
LAZULI_SAME(CreateTensorDescriptor, cudnnCreateTensorDescriptor);
LAZULI_SAME(SetTensorNdDescriptor, cudnnSetTensorNdDescriptor);
LAZULI_SAME(DestroyTensorDescriptor, cudnnDestroyTensorDescriptor);
LAZULI_SAME(CreateFilterDescriptor, cudnnCreateFilterDescriptor);
LAZULI_SAME(SetFilterNdDescriptor, cudnnSetFilterNdDescriptor);
LAZULI_SAME(DestroyFilterDescriptor, cudnnDestroyFilterDescriptor);
LAZULI_SAME(CreateConvolutionDescriptor, cudnnCreateConvolutionDescriptor);
LAZULI_SAME(SetConvolutionNdDescriptor, cudnnSetConvolutionNdDescriptor);
LAZULI_SAME(SetConvolutionGroupCount, cudnnSetConvolutionGroupCount);
LAZULI_SAME(SetConvolutionMathType, cudnnSetConvolutionMathType);
LAZULI_SAME(DestroyConvolutionDescriptor, cudnnDestroyConvolutionDescriptor);
using Direction = Cudnn::Direction;
static_assert(same_form<decltype(Direction::GetAlgorithm), decltype(&cudnnGetConvolutionForwardAlgorithm_v7)> &&
              same_form<decltype(Direction::GetAlgorithm), decltype(&cudnnGetConvolutionBackwardDataAlgorithm_v7)> &&
              same_form<decltype(Direction::GetAlgorithm), decltype(&cudnnGetConvolutionBackwardFilterAlgorithm_v7)>);
static_assert(same_form<decltype(Direction::GetWorkspaceSize), decltype(&cudnnGetConvolutionForwardWorkspaceSize)> &&
              same_form<decltype(Direction::GetWorkspaceSize), decltype(&cudnnGetConvolutionBackwardDataWorkspaceSize)> &&
              same_form<decltype(Direction::GetWorkspaceSize), decltype(&cudnnGetConvolutionBackwardFilterWorkspaceSize)>);
static_assert(same_form<decltype(Direction::Convolve), decltype(&cudnnConvolutionForward)> &&
              same_form<decltype(Direction::Convolve), decltype(&cudnnConvolutionBackwardData)> &&
              same_form<decltype(Direction::Convolve), decltype(&cudnnConvolutionBackwardFilter)>);

using Ints = std::vector<int>;

}  // namespace

TEST_CASE("cudnn: the library itself takes the descriptors of convolutions and counts their windows alike", "[backends][cuda]") {
  const Cudnn* l = Cudnn::get();
  void* library = l ? dlopen("libcudnn.so.9", RTLD_NOW | RTLD_NOLOAD) : nullptr;
  if (!library || !dlsym(library, "cudnnGetVersion")) return;  // none, one of version 8, or the stand-in
  CHECK(l->forward.algorithms == CUDNN_CONVOLUTION_FWD_ALGO_COUNT);
  CHECK(l->backward_data.algorithms == CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT);
  CHECK(l->backward_filter.algorithms == CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT);
  auto output_sizes = reinterpret_cast<decltype(&cudnnGetConvolutionNdForwardOutputDim)>(dlsym(library, "cudnnGetConvolutionNdForwardOutputDim"));
  auto tensor = reinterpret_cast<decltype(&cudnnGetTensorNdDescriptor)>(dlsym(library, "cudnnGetTensorNdDescriptor"));
  auto filter = reinterpret_cast<decltype(&cudnnGetFilterNdDescriptor)>(dlsym(library, "cudnnGetFilterNdDescriptor"));
  REQUIRE((output_sizes && tensor && filter));
  struct Case {
    Ints input, weight, stride, padding, dilation, output;
    int groups;
  };
  const Case cases[] = {{{2, 3, 7, 6}, {4, 3, 3, 2}, {1, 1}, {0, 0}, {1, 1}, {2, 4, 5, 5}, 1},
                        {{1, 4, 9, 8}, {6, 2, 3, 3}, {2, 3}, {1, 2}, {1, 1}, {1, 6, 5, 4}, 2},
                        {{2, 3, 1, 9}, {4, 3, 1, 3}, {1, 2}, {0, 1}, {1, 2}, {2, 4, 1, 4}, 1},
                        {{1, 2, 5, 8}, {2, 2, 4, 4}, {2, 5}, {0, 0}, {1, 1}, {1, 2, 1, 1}, 1},
                        {{2, 2, 5, 4, 6}, {4, 1, 2, 3, 2}, {1, 2, 1}, {1, 0, 1}, {1, 1, 2}, {2, 4, 6, 1, 6}, 2}};
  for (const Case& c : cases)
    for (Cudnn::DataType type : {Cudnn::Float, Cudnn::Double, Cudnn::Half, Cudnn::BFloat16})
      for (Cudnn::Format format : {Cudnn::RowMajor, Cudnn::ChannelsLast}) {
        const int rank = int(c.input.size());
        Ints strides(c.input.size());
        int step = 1;
        if (format == Cudnn::ChannelsLast) strides[1] = 1, step = c.input[1];
        for (int d = rank - 1; d >= 0; --d)
          if (d != 1 || format == Cudnn::RowMajor) strides[size_t(d)] = step, step *= c.input[size_t(d)];
        Cudnn::Descriptor x = nullptr, w = nullptr, convolution = nullptr;
        REQUIRE(l->CreateTensorDescriptor(&x) == 0);
        REQUIRE(l->SetTensorNdDescriptor(x, type, rank, c.input.data(), strides.data()) == 0);
        REQUIRE(l->CreateFilterDescriptor(&w) == 0);
        REQUIRE(l->SetFilterNdDescriptor(w, type, format, rank, c.weight.data()) == 0);
        REQUIRE(l->CreateConvolutionDescriptor(&convolution) == 0);
        REQUIRE(l->SetConvolutionNdDescriptor(convolution, rank - 2, c.padding.data(), c.stride.data(), c.dilation.data(), Cudnn::CrossCorrelation,
                                              type == Cudnn::Double ? Cudnn::Double : Cudnn::Float) == 0);
        REQUIRE(l->SetConvolutionGroupCount(convolution, c.groups) == 0);
        for (Cudnn::Math math : {Cudnn::Default, Cudnn::TensorOp, Cudnn::Fma}) REQUIRE(l->SetConvolutionMathType(convolution, math) == 0);
        std::array<int, 5> sizes{}, steps{};
        cudnnDataType_t read_type{};
        cudnnTensorFormat_t read_format{};
        int read_rank = 0;
        REQUIRE(tensor(static_cast<cudnnTensorDescriptor_t>(x), 5, &read_type, &read_rank, sizes.data(), steps.data()) == CUDNN_STATUS_SUCCESS);
        CHECK((int(read_type) == type && read_rank == rank));
        CHECK(Ints(sizes.begin(), sizes.begin() + rank) == c.input);
        CHECK(Ints(steps.begin(), steps.begin() + rank) == strides);
        REQUIRE(filter(static_cast<cudnnFilterDescriptor_t>(w), 5, &read_type, &read_format, &read_rank, sizes.data()) == CUDNN_STATUS_SUCCESS);
        CHECK((int(read_type) == type && int(read_format) == format && read_rank == rank));
        CHECK(Ints(sizes.begin(), sizes.begin() + rank) == c.weight);
        REQUIRE(output_sizes(static_cast<cudnnConvolutionDescriptor_t>(convolution), static_cast<cudnnTensorDescriptor_t>(x),
                             static_cast<cudnnFilterDescriptor_t>(w), rank, sizes.data()) == CUDNN_STATUS_SUCCESS);
        CHECK(Ints(sizes.begin(), sizes.begin() + rank) == c.output);
        CHECK(l->DestroyConvolutionDescriptor(convolution) == 0);
        CHECK(l->DestroyFilterDescriptor(w) == 0);
        CHECK(l->DestroyTensorDescriptor(x) == 0);
      }
}
#endif
