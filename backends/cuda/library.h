#pragma once
#include <cublasLt.h>
#include <cuda.h>
#include <nvrtc.h>

#include <string>

/// NVIDIA's libraries, found at run time, so that a program starts without any of them; only their headers are needed to build.
namespace lazuli::cuda {

/// The CUDA driver, libcuda.so.1. Members are named as the functions are, without "cu".
struct DriverApi {
  decltype(&cuInit) Init;
  decltype(&cuDriverGetVersion) DriverGetVersion;
  decltype(&cuGetErrorName) GetErrorName;
  decltype(&cuGetErrorString) GetErrorString;
  decltype(&cuDeviceGetCount) DeviceGetCount;
  decltype(&cuDeviceGet) DeviceGet;
  decltype(&cuDeviceGetName) DeviceGetName;
  decltype(&cuDeviceGetAttribute) DeviceGetAttribute;
  decltype(&cuDeviceTotalMem) DeviceTotalMem;
  decltype(&cuDevicePrimaryCtxRetain) DevicePrimaryCtxRetain;
  decltype(&cuCtxGetCurrent) CtxGetCurrent;
  decltype(&cuCtxSetCurrent) CtxSetCurrent;
  decltype(&cuCtxSynchronize) CtxSynchronize;
  decltype(&cuMemAlloc) MemAlloc;
  decltype(&cuMemFree) MemFree;
  decltype(&cuMemHostAlloc) MemHostAlloc;
  decltype(&cuMemFreeHost) MemFreeHost;
  decltype(&cuMemcpyHtoDAsync) MemcpyHtoDAsync;
  decltype(&cuMemcpyDtoHAsync) MemcpyDtoHAsync;
  decltype(&cuMemcpyDtoDAsync) MemcpyDtoDAsync;
  decltype(&cuMemcpyPeerAsync) MemcpyPeerAsync;
  decltype(&cuStreamCreate) StreamCreate;
  decltype(&cuStreamDestroy) StreamDestroy;
  decltype(&cuStreamSynchronize) StreamSynchronize;
  decltype(&cuStreamWaitEvent) StreamWaitEvent;
  decltype(&cuEventCreate) EventCreate;
  decltype(&cuEventDestroy) EventDestroy;
  decltype(&cuEventRecord) EventRecord;
  decltype(&cuEventQuery) EventQuery;
  decltype(&cuEventSynchronize) EventSynchronize;
  decltype(&cuEventElapsedTime) EventElapsedTime;
  decltype(&cuModuleLoadData) ModuleLoadData;
  decltype(&cuModuleUnload) ModuleUnload;
  decltype(&cuModuleGetFunction) ModuleGetFunction;
  decltype(&cuLaunchKernel) LaunchKernel;

  /// Null where the system has no CUDA driver.
  static const DriverApi* get();
};

/// The driver's graphs: all of them since CUDA 12.0.
struct GraphApi {
  decltype(&cuStreamBeginCapture) StreamBeginCapture;
  decltype(&cuStreamEndCapture) StreamEndCapture;
  // The third version, to which CUDA 13's header maps it, is missing in drivers before 12.3; the second is in all.
  CUresult (*StreamGetCaptureInfo)(CUstream, CUstreamCaptureStatus*, cuuint64_t*, CUgraph*, const CUgraphNode**, size_t*);
  decltype(&cuGraphInstantiateWithFlags) GraphInstantiateWithFlags;
  decltype(&cuGraphGetNodes) GraphGetNodes;
  decltype(&cuGraphExecKernelNodeSetParams) GraphExecKernelNodeSetParams;
  decltype(&cuGraphLaunch) GraphLaunch;
  decltype(&cuGraphExecDestroy) GraphExecDestroy;
  decltype(&cuGraphDestroy) GraphDestroy;

  /// Null where the driver lacks one of them.
  static const GraphApi* get();
};

/// The run-time compiler, libnvrtc. It needs no device.
struct Nvrtc {
  decltype(&nvrtcVersion) Version;
  decltype(&nvrtcGetErrorString) GetErrorString;
  decltype(&nvrtcGetNumSupportedArchs) GetNumSupportedArchs;
  decltype(&nvrtcGetSupportedArchs) GetSupportedArchs;
  decltype(&nvrtcCreateProgram) CreateProgram;
  decltype(&nvrtcDestroyProgram) DestroyProgram;
  decltype(&nvrtcCompileProgram) CompileProgram;
  decltype(&nvrtcGetPTXSize) GetPTXSize;
  decltype(&nvrtcGetPTX) GetPTX;
  decltype(&nvrtcGetCUBINSize) GetCUBINSize;
  decltype(&nvrtcGetCUBIN) GetCUBIN;
  decltype(&nvrtcGetProgramLogSize) GetProgramLogSize;
  decltype(&nvrtcGetProgramLog) GetProgramLog;

  /// Null where the system has none, or one older than CUDA 11.2.
  static const Nvrtc* get();
};

/// The products of matrices, libcublasLt.
struct BlasLt {
  decltype(&cublasLtCreate) Create;
  decltype(&cublasLtMatmul) Matmul;
  decltype(&cublasLtMatmulDescCreate) MatmulDescCreate;
  decltype(&cublasLtMatmulDescDestroy) MatmulDescDestroy;
  decltype(&cublasLtMatmulDescSetAttribute) MatmulDescSetAttribute;
  decltype(&cublasLtMatrixLayoutCreate) MatrixLayoutCreate;
  decltype(&cublasLtMatrixLayoutDestroy) MatrixLayoutDestroy;
  decltype(&cublasLtMatrixLayoutSetAttribute) MatrixLayoutSetAttribute;
  decltype(&cublasLtMatmulPreferenceCreate) MatmulPreferenceCreate;
  decltype(&cublasLtMatmulPreferenceDestroy) MatmulPreferenceDestroy;
  decltype(&cublasLtMatmulPreferenceSetAttribute) MatmulPreferenceSetAttribute;
  decltype(&cublasLtMatmulAlgoGetHeuristic) MatmulAlgoGetHeuristic;

  /// Null where the system has no cuBLASLt.
  static const BlasLt* get();
};

/// "CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was encountered)".
std::string error_text(const DriverApi& driver, CUresult result);
/// "CUBLAS_STATUS_NOT_SUPPORTED".
std::string status_name(cublasStatus_t status);

}  // namespace lazuli::cuda
