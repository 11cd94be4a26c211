#pragma once
#include <cuda.h>

#include <cstddef>

namespace lazuli::cuda {

/// cuDNN 9 or 8: of its ABI what convolutions need and both have, so that its headers are not needed to build (where they are, tests/backends/cuda/cudnn_test.cpp compares). Members are
/// named as the functions are, without "cudnn".
struct Cudnn {
  using Status = int;  // 0: success; failures have other numbers in each version
  using Handle = struct CudnnContext*;
  using Descriptor = void*;  // of a tensor, a filter or a convolution
  enum DataType : int { Float = 0, Double = 1, Half = 2, BFloat16 = 9 };
  enum Format : int { RowMajor = 0, ChannelsLast = 1 };
  /// Of float32, Default may round factors to TensorFloat32 and Fma may not; TensorOp and Conversion (of float32 to halves) are those of tensor cores.
  enum Math : int { Default = 0, TensorOp = 1, Conversion = 2, Fma = 3 };
  enum Mode : int { CrossCorrelation = 1 };
  enum Determinism : int { Deterministic = 1 };
  /// What the heuristics say of an algorithm.
  struct Algorithm {
    int algorithm;
    Status status;
    float time;
    size_t memory;
    int determinism;
    Math math;
    int reserved[3];
  };
  /// The functions of a direction, all of one form: `first` and `second` are the operands that are read in the order of their letters (w, x, y for weight, input and output; x comes
  /// before w where y is written).
  struct Direction {
    int algorithms;  // that there are
    Status (*GetAlgorithm)(Handle, Descriptor first, Descriptor second, Descriptor convolution, Descriptor result, int wanted, int* count,
                           Algorithm*);
    Status (*GetWorkspaceSize)(Handle, Descriptor first, Descriptor second, Descriptor convolution, Descriptor result, int algorithm, size_t* bytes);
    Status (*Convolve)(Handle, const void* alpha, Descriptor first, const void*, Descriptor second, const void*, Descriptor convolution,
                       int algorithm, void* workspace, size_t bytes, const void* beta, Descriptor result, void*);
  };

  const char* (*GetErrorString)(Status);
  Status (*Create)(Handle*);
  Status (*SetStream)(Handle, CUstream);
  Status (*CreateTensorDescriptor)(Descriptor*);
  Status (*SetTensorNdDescriptor)(Descriptor, DataType, int rank, const int* sizes, const int* strides);
  Status (*DestroyTensorDescriptor)(Descriptor);
  Status (*CreateFilterDescriptor)(Descriptor*);
  Status (*SetFilterNdDescriptor)(Descriptor, DataType, Format, int rank, const int* sizes);
  Status (*DestroyFilterDescriptor)(Descriptor);
  Status (*CreateConvolutionDescriptor)(Descriptor*);
  Status (*SetConvolutionNdDescriptor)(Descriptor, int rank, const int* padding, const int* stride, const int* dilation, Mode, DataType sums);
  Status (*SetConvolutionGroupCount)(Descriptor, int);
  Status (*SetConvolutionMathType)(Descriptor, Math);
  Status (*DestroyConvolutionDescriptor)(Descriptor);
  Direction forward, backward_data, backward_filter;

  /// Null where the system has no cuDNN.
  static const Cudnn* get();
};

}  // namespace lazuli::cuda
