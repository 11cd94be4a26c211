#include "lazuli/backends/cuda/library.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "lazuli/backends/cuda/cudnn.h"
#include "lazuli/core/file.h"

namespace lazuli::cuda {
namespace {

// cuda.h maps cuMemAlloc to cuMemAlloc_v2 and so on by macros: only through a macro is the name that dlsym gets the one whose type the header gives.
#define LAZULI_TEXT(x) #x
#define LAZULI_FIND(member, function) o.find(l.member, LAZULI_TEXT(function))

bool load(DriverApi& l) {
  files::SharedObject o({"libcuda.so.1"});
  return o.there() && LAZULI_FIND(Init, cuInit) && LAZULI_FIND(DriverGetVersion, cuDriverGetVersion) && LAZULI_FIND(GetErrorName, cuGetErrorName) &&
         LAZULI_FIND(GetErrorString, cuGetErrorString) && LAZULI_FIND(DeviceGetCount, cuDeviceGetCount) && LAZULI_FIND(DeviceGet, cuDeviceGet) &&
         LAZULI_FIND(DeviceGetName, cuDeviceGetName) && LAZULI_FIND(DeviceGetAttribute, cuDeviceGetAttribute) &&
         LAZULI_FIND(DeviceTotalMem, cuDeviceTotalMem) && LAZULI_FIND(DevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain) &&
         LAZULI_FIND(CtxGetCurrent, cuCtxGetCurrent) && LAZULI_FIND(CtxSetCurrent, cuCtxSetCurrent) &&
         LAZULI_FIND(CtxSynchronize, cuCtxSynchronize) && LAZULI_FIND(MemAlloc, cuMemAlloc) && LAZULI_FIND(MemFree, cuMemFree) &&
         LAZULI_FIND(MemHostAlloc, cuMemHostAlloc) && LAZULI_FIND(MemFreeHost, cuMemFreeHost) && LAZULI_FIND(MemcpyHtoDAsync, cuMemcpyHtoDAsync) &&
         LAZULI_FIND(MemcpyDtoHAsync, cuMemcpyDtoHAsync) && LAZULI_FIND(MemcpyDtoDAsync, cuMemcpyDtoDAsync) &&
         LAZULI_FIND(MemcpyPeerAsync, cuMemcpyPeerAsync) && LAZULI_FIND(StreamCreate, cuStreamCreate) &&
         LAZULI_FIND(StreamDestroy, cuStreamDestroy) && LAZULI_FIND(StreamSynchronize, cuStreamSynchronize) &&
         LAZULI_FIND(StreamWaitEvent, cuStreamWaitEvent) && LAZULI_FIND(EventCreate, cuEventCreate) && LAZULI_FIND(EventDestroy, cuEventDestroy) &&
         LAZULI_FIND(EventRecord, cuEventRecord) && LAZULI_FIND(EventQuery, cuEventQuery) && LAZULI_FIND(EventSynchronize, cuEventSynchronize) &&
         LAZULI_FIND(ModuleLoadData, cuModuleLoadData) && LAZULI_FIND(ModuleUnload, cuModuleUnload) &&
         LAZULI_FIND(ModuleGetFunction, cuModuleGetFunction) && LAZULI_FIND(LaunchKernel, cuLaunchKernel) &&
         // The second version, to which CUDA 13's header maps it, is missing in drivers before 12.8; the first has the same type and is in all.
         o.find(l.EventElapsedTime, "cuEventElapsedTime");
}

bool load(GraphApi& l) {
  files::SharedObject o({"libcuda.so.1"});
  return o.there() && LAZULI_FIND(StreamBeginCapture, cuStreamBeginCapture) && LAZULI_FIND(StreamEndCapture, cuStreamEndCapture) &&
         LAZULI_FIND(GraphInstantiateWithFlags, cuGraphInstantiateWithFlags) && LAZULI_FIND(GraphGetNodes, cuGraphGetNodes) &&
         LAZULI_FIND(GraphExecKernelNodeSetParams, cuGraphExecKernelNodeSetParams) && LAZULI_FIND(GraphLaunch, cuGraphLaunch) &&
         LAZULI_FIND(GraphExecDestroy, cuGraphExecDestroy) && LAZULI_FIND(GraphDestroy, cuGraphDestroy) &&
         o.find(l.StreamGetCaptureInfo, "cuStreamGetCaptureInfo_v2");
}

// The majors in the order of trying: what the driver's own version brought loads surely, older ones too, newer ones mostly.
std::vector<int> toolkit_majors() {
  std::vector<int> majors{13, 12, 11};
  const DriverApi* driver = DriverApi::get();
  int version = 0;
  if (!driver || driver->DriverGetVersion(&version) != CUDA_SUCCESS || version < 11000) return majors;
  std::stable_partition(majors.begin(), majors.end(), [&](int m) { return m <= version / 1000; });
  return majors;
}

// By the loader's own search first, then in the toolkit's usual folders.
std::vector<std::string> candidates(const std::string& library, const std::vector<std::string>& versions) {
  std::vector<std::string> folders{""};
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH"})
    if (const char* root = std::getenv(variable); root && *root) folders.push_back(std::string(root) + "/lib64/");
  folders.push_back("/usr/local/cuda/lib64/");
  std::vector<std::string> names;
  for (const std::string& version : versions)
    for (const std::string& folder : folders) names.push_back(folder + library + ".so." + version);
  return names;
}
std::vector<std::string> candidates(const std::string& library, const char* suffix_of_11) {
  std::vector<std::string> versions;
  for (int major : toolkit_majors()) versions.push_back(major == 11 ? suffix_of_11 : std::to_string(major));
  return candidates(library, versions);
}

bool load(Nvrtc& l) {
  files::SharedObject o(candidates("libnvrtc", "11.2"));  // CUDA 11.2 and later kept this name
  return o.there() && LAZULI_FIND(Version, nvrtcVersion) && LAZULI_FIND(GetErrorString, nvrtcGetErrorString) &&
         LAZULI_FIND(GetNumSupportedArchs, nvrtcGetNumSupportedArchs) && LAZULI_FIND(GetSupportedArchs, nvrtcGetSupportedArchs) &&
         LAZULI_FIND(CreateProgram, nvrtcCreateProgram) && LAZULI_FIND(DestroyProgram, nvrtcDestroyProgram) &&
         LAZULI_FIND(CompileProgram, nvrtcCompileProgram) && LAZULI_FIND(GetPTXSize, nvrtcGetPTXSize) && LAZULI_FIND(GetPTX, nvrtcGetPTX) &&
         LAZULI_FIND(GetCUBINSize, nvrtcGetCUBINSize) && LAZULI_FIND(GetCUBIN, nvrtcGetCUBIN) &&
         LAZULI_FIND(GetProgramLogSize, nvrtcGetProgramLogSize) && LAZULI_FIND(GetProgramLog, nvrtcGetProgramLog);
}

bool load(BlasLt& l) {
  files::SharedObject o(candidates("libcublasLt", "11"));
  return o.there() && LAZULI_FIND(Create, cublasLtCreate) && LAZULI_FIND(Matmul, cublasLtMatmul) &&
         LAZULI_FIND(MatmulDescCreate, cublasLtMatmulDescCreate) && LAZULI_FIND(MatmulDescDestroy, cublasLtMatmulDescDestroy) &&
         LAZULI_FIND(MatmulDescSetAttribute, cublasLtMatmulDescSetAttribute) && LAZULI_FIND(MatrixLayoutCreate, cublasLtMatrixLayoutCreate) &&
         LAZULI_FIND(MatrixLayoutDestroy, cublasLtMatrixLayoutDestroy) && LAZULI_FIND(MatrixLayoutSetAttribute, cublasLtMatrixLayoutSetAttribute) &&
         LAZULI_FIND(MatmulPreferenceCreate, cublasLtMatmulPreferenceCreate) &&
         LAZULI_FIND(MatmulPreferenceDestroy, cublasLtMatmulPreferenceDestroy) &&
         LAZULI_FIND(MatmulPreferenceSetAttribute, cublasLtMatmulPreferenceSetAttribute) &&
         LAZULI_FIND(MatmulAlgoGetHeuristic, cublasLtMatmulAlgoGetHeuristic);
}

bool load(Cudnn& l) {
  files::SharedObject o(candidates("libcudnn", std::vector<std::string>{"9", "8"}));
  const auto direction = [&](Cudnn::Direction& d, const std::string& name, int algorithms) {
    d.algorithms = algorithms;
    const std::string convolution = "Convolution" + name;
    return o.find(d.GetAlgorithm, ("cudnnGet" + convolution + "Algorithm_v7").c_str()) &&
           o.find(d.GetWorkspaceSize, ("cudnnGet" + convolution + "WorkspaceSize").c_str()) && o.find(d.Convolve, ("cudnn" + convolution).c_str());
  };
  return o.there() && o.find(l.GetErrorString, "cudnnGetErrorString") && o.find(l.Create, "cudnnCreate") && o.find(l.SetStream, "cudnnSetStream") &&
         o.find(l.CreateTensorDescriptor, "cudnnCreateTensorDescriptor") && o.find(l.SetTensorNdDescriptor, "cudnnSetTensorNdDescriptor") &&
         o.find(l.DestroyTensorDescriptor, "cudnnDestroyTensorDescriptor") && o.find(l.CreateFilterDescriptor, "cudnnCreateFilterDescriptor") &&
         o.find(l.SetFilterNdDescriptor, "cudnnSetFilterNdDescriptor") && o.find(l.DestroyFilterDescriptor, "cudnnDestroyFilterDescriptor") &&
         o.find(l.CreateConvolutionDescriptor, "cudnnCreateConvolutionDescriptor") &&
         o.find(l.SetConvolutionNdDescriptor, "cudnnSetConvolutionNdDescriptor") &&
         o.find(l.SetConvolutionGroupCount, "cudnnSetConvolutionGroupCount") && o.find(l.SetConvolutionMathType, "cudnnSetConvolutionMathType") &&
         o.find(l.DestroyConvolutionDescriptor, "cudnnDestroyConvolutionDescriptor") && direction(l.forward, "Forward", 8) &&
         direction(l.backward_data, "BackwardData", 6) && direction(l.backward_filter, "BackwardFilter", 7);
}

template <class L>
const L* loaded_once() {
  static const L* found = [] {
    auto l = std::make_unique<L>();
    return load(*l) ? l.release() : nullptr;
  }();
  return found;
}

}  // namespace

const DriverApi* DriverApi::get() { return loaded_once<DriverApi>(); }
const GraphApi* GraphApi::get() { return loaded_once<GraphApi>(); }
const Nvrtc* Nvrtc::get() { return loaded_once<Nvrtc>(); }
const BlasLt* BlasLt::get() { return loaded_once<BlasLt>(); }
const Cudnn* Cudnn::get() { return loaded_once<Cudnn>(); }

std::string error_text(const DriverApi& driver, CUresult result) {
  const char *name = nullptr, *words = nullptr;
  if (driver.GetErrorName(result, &name) != CUDA_SUCCESS || !name) return "CUDA error " + std::to_string(int(result));
  std::string text = name;
  if (driver.GetErrorString(result, &words) == CUDA_SUCCESS && words) text += std::string(" (") + words + ")";
  return text;
}

std::string status_name(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR: return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "cuBLAS status " + std::to_string(int(status));
  }
}

}  // namespace lazuli::cuda
