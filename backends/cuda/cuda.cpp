#include "lazuli/backends/cuda/cuda.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "lazuli/backends/cuda/compiler.h"
#include "lazuli/backends/cuda/convolution.h"
#include "lazuli/backends/cuda/graph.h"
#include "lazuli/backends/cuda/library.h"
#include "lazuli/backends/cuda/matmul.h"
#include "lazuli/backends/gpu/driver.h"
#include "lazuli/core/error.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::cuda {
namespace {

// After one of these the driver answers every call of this process for the device with an error.
bool loses_device(CUresult r) {
  switch (r) {
    case CUDA_ERROR_ILLEGAL_ADDRESS:
    case CUDA_ERROR_LAUNCH_TIMEOUT:
    case CUDA_ERROR_CONTEXT_IS_DESTROYED:
    case CUDA_ERROR_ASSERT:
    case CUDA_ERROR_HARDWARE_STACK_ERROR:
    case CUDA_ERROR_ILLEGAL_INSTRUCTION:
    case CUDA_ERROR_MISALIGNED_ADDRESS:
    case CUDA_ERROR_INVALID_ADDRESS_SPACE:
    case CUDA_ERROR_INVALID_PC:
    case CUDA_ERROR_LAUNCH_FAILED:
    case CUDA_ERROR_ECC_UNCORRECTABLE:
    case CUDA_ERROR_NVLINK_UNCORRECTABLE:
    case CUDA_ERROR_DEVICE_UNAVAILABLE:
    case CUDA_ERROR_EXTERNAL_DEVICE:
    case CUDA_ERROR_MPS_CLIENT_TERMINATED:
    case CUDA_ERROR_UNKNOWN: return true;
    default: return int(r) == 226 || int(r) == 721;  // CONTAINED, TENSOR_MEMORY_LEAK: names of newer headers
  }
}
// The binary is not one of this device or driver.
bool refuses_binary(CUresult r) {
  return r == CUDA_ERROR_INVALID_IMAGE || r == CUDA_ERROR_NO_BINARY_FOR_GPU || r == CUDA_ERROR_INVALID_PTX ||
         r == CUDA_ERROR_UNSUPPORTED_PTX_VERSION || r == CUDA_ERROR_INVALID_SOURCE || r == CUDA_ERROR_NOT_FOUND ||
         r == CUDA_ERROR_JIT_COMPILER_NOT_FOUND || r == CUDA_ERROR_INVALID_VALUE;
}

struct CudaDevice {
  CUdevice id = 0;
  int index = 0;
  int capability = 0;  // 90 is 9.0
  int64_t max_group_size = 0;
  std::atomic<CUresult> lost{CUDA_SUCCESS};
  std::mutex capturing;  // of a graph: the driver refuses waits for the whole device meanwhile
  Products products;
  Convolutions convolutions;
  // Made at first use.
  std::once_flag once, compiler_once;
  std::string identity;
  CompileTarget target;
  CUcontext context = nullptr;
  CUstream stream = nullptr;  // the interface's default stream: one of our own, which does not wait for CUDA's legacy stream
};

CUdeviceptr address_of(const void* p) { return reinterpret_cast<CUdeviceptr>(p); }

class Cuda final : public gpu::Driver {
 public:
  explicit Cuda(const DriverApi& api) : cu_(api) {}

  std::string_view name() const override { return "cuda"; }
  int device_count() const override {
    std::call_once(started_, [&] { start(); });
    return int(devices_.size());
  }
  DeviceProperties properties(int index) const override {
    const CudaDevice& d = device(index);
    char text[256] = {};
    cu_.DeviceGetName(text, sizeof(text) - 1, d.id);
    int version = 0;
    cu_.DriverGetVersion(&version);
    size_t bytes = 0;
    cu_.DeviceTotalMem(&bytes, d.id);
    return {.name = text,
            .vendor = "NVIDIA",
            .driver = "CUDA " + std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10),
            .architecture = "sm_" + std::to_string(d.capability),
            .total_memory = int64_t(bytes),
            .compute_units = attribute(d.id, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            .unified_memory = attribute(d.id, CU_DEVICE_ATTRIBUTE_INTEGRATED) != 0,
            .cudnn = Cudnn::get() != nullptr};
  }
  gpu::Dialect dialect() const override { return gpu::Dialect::Cuda; }
  std::string identity(int index) override {
    choose_target(index);
    return device(index).identity;
  }
  bool has_float64(int) override { return true; }
  bool is_cpu(int) override { return false; }
  int64_t max_group_size(int index) override { return device(index).max_group_size; }

  void* allocate(int64_t bytes, int index) override {
    refuse_in_graph(index, "an allocation");
    CudaDevice& d = ready(index);
    CUdeviceptr p = 0;
    CUresult r = cu_.MemAlloc(&p, size_t(bytes));
    if (r == CUDA_ERROR_OUT_OF_MEMORY) return nullptr;
    check(d, r, "an allocation");
    return reinterpret_cast<void*>(p);
  }
  // The driver waits for the device before it takes memory of this kind back.
  void release(void* memory, int64_t, int index) noexcept override {
    if (!enter(index)) return;
    std::unique_lock<std::mutex> waits;
    if (!Graph::open(index)) waits = std::unique_lock(device(index).capturing);
    cu_.MemFree(address_of(memory));
  }
  void* allocate_pinned(int64_t bytes, int index) override {
    refuse_in_graph(index, "an allocation");
    CudaDevice& d = ready(index);
    void* p = nullptr;
    CUresult r = cu_.MemHostAlloc(&p, size_t(bytes), CU_MEMHOSTALLOC_PORTABLE);
    if (r == CUDA_ERROR_OUT_OF_MEMORY) return nullptr;
    check(d, r, "an allocation of pinned memory");
    return p;
  }
  void release_pinned(void* memory, int64_t, int index) noexcept override {
    if (enter(index)) cu_.MemFreeHost(memory);
  }

  void copy_from_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    refuse_in_graph(index, "a copy from the host");
    CudaDevice& d = ready(index);
    check(d, cu_.MemcpyHtoDAsync(address_of(to), from, size_t(bytes), stream_of(d, stream)), "a copy from the host");
    if (blocking) check(d, cu_.StreamSynchronize(stream_of(d, stream)), "a copy from the host");
  }
  void copy_to_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    refuse_in_graph(index, "a copy to the host");
    CudaDevice& d = ready(index);
    check(d, cu_.MemcpyDtoHAsync(to, address_of(from), size_t(bytes), stream_of(d, stream)), "a copy to the host");
    if (!blocking) return;
    check(d, cu_.StreamSynchronize(stream_of(d, stream)), "a copy to the host");
    check_errors(index);
  }
  void copy_within(void* to, int to_index, const void* from, int from_index, int64_t bytes, void* stream, bool blocking) override {
    Graph* const graph = Graph::open(to_index);
    if (graph && from_index == to_index) graph->refuse_if_changing("a copy");
    else refuse_in_graph(to_index, "a copy from another device");
    CudaDevice& source = ready(from_index);
    CudaDevice& d = ready(to_index);
    CUresult r = to_index == from_index
                     ? cu_.MemcpyDtoDAsync(address_of(to), address_of(from), size_t(bytes), stream_of(d, stream))
                     : cu_.MemcpyPeerAsync(address_of(to), d.context, address_of(from), source.context, size_t(bytes), stream_of(d, stream));
    check(d, r, "a copy on the device");
    if (blocking && !graph) check(d, cu_.StreamSynchronize(stream_of(d, stream)), "a copy on the device");
  }

  void synchronize(int index) override {
    refuse_in_graph(index, "a wait for the device");
    CudaDevice& d = ready(index);
    {
      const std::lock_guard waits(d.capturing);
      check(d, cu_.CtxSynchronize(), "the device's work");
    }
    check_errors(index);
  }
  void* create_stream(int index) override {
    CudaDevice& d = ready(index);
    CUstream stream = nullptr;
    check(d, cu_.StreamCreate(&stream, CU_STREAM_NON_BLOCKING), "a stream");
    return stream;
  }
  void destroy_stream(void* stream, int index) noexcept override {
    if (enter(index)) cu_.StreamDestroy(static_cast<CUstream>(stream));
  }
  void synchronize_stream(void* stream, int index) override {
    refuse_in_graph(index, "a wait for a stream");
    CudaDevice& d = ready(index);
    check(d, cu_.StreamSynchronize(stream_of(d, stream)), "the stream's work");
    check_errors(index);
  }
  void stream_wait_event(void* stream, void* event, int index) override {
    refuse_in_graph(index, "a wait for an event");
    CudaDevice& d = ready(index);
    check(d, cu_.StreamWaitEvent(stream_of(d, stream), static_cast<CUevent>(event), CU_EVENT_WAIT_DEFAULT), "a wait for an event");
  }

  void* create_event(int index) override {
    CudaDevice& d = ready(index);
    CUevent event = nullptr;
    check(d, cu_.EventCreate(&event, CU_EVENT_DEFAULT), "an event");
    return event;
  }
  void record_event(void* event, void* stream, int index) override {
    refuse_in_graph(index, "an event");
    CudaDevice& d = ready(index);
    check(d, cu_.EventRecord(static_cast<CUevent>(event), stream_of(d, stream)), "an event");
  }
  bool event_done(void* event, int index) override {
    refuse_in_graph(index, "a look at an event");
    CudaDevice& d = ready(index);
    CUresult r = cu_.EventQuery(static_cast<CUevent>(event));
    if (r == CUDA_ERROR_NOT_READY) return false;
    check(d, r, "the work before an event");
    return true;
  }
  void synchronize_event(void* event, int index) override {
    refuse_in_graph(index, "a wait for an event");
    CudaDevice& d = ready(index);
    check(d, cu_.EventSynchronize(static_cast<CUevent>(event)), "the work before an event");
  }
  double elapsed_milliseconds(void* start, void* end, int index) override {
    CudaDevice& d = ready(index);
    float milliseconds = 0;
    check(d, cu_.EventElapsedTime(&milliseconds, static_cast<CUevent>(start), static_cast<CUevent>(end)), "the time between two events");
    return double(milliseconds);
  }
  void destroy_event(void* event, int index) noexcept override {
    if (enter(index)) cu_.EventDestroy(static_cast<CUevent>(event));
  }

  std::string compile(const std::string& source, bool exact, int index) override {
    choose_target(index);
    return cuda::compile(*Nvrtc::get(), source, device(index).target, exact);
  }
  void* load(const std::string& binary, const char* kernel, int index) override {
    refuse_in_graph(index, "a new kernel");
    CudaDevice& d = ready(index);
    CUmodule module = nullptr;
    CUresult r = cu_.ModuleLoadData(&module, binary.c_str());
    if (refuses_binary(r)) return nullptr;
    check(d, r, "a program");
    CUfunction function = nullptr;
    r = cu_.ModuleGetFunction(&function, module, kernel);
    if (r == CUDA_SUCCESS) return function;
    cu_.ModuleUnload(module);
    if (refuses_binary(r)) return nullptr;
    check(d, r, "a kernel");
    return nullptr;
  }

  void launch(void* function, const gpu::Grid& grid, const gpu::Arguments& arguments, int index) override {
    CudaDevice& d = ready(index);
    if (grid.groups > INT32_MAX || grid.groups_y > 65535)
      fail(ErrorKind::NotSupported, "cuda", "", "at most 2147483647 x 65535 groups in a kernel's call",
           std::to_string(grid.groups) + " x " + std::to_string(grid.groups_y));
    static const int64_t there = 0, absent = -1;
    void* parameters[64];
    unsigned count = 0;
    for (const gpu::Arguments::Item& a : arguments.items()) {
      if (a.element == 0) {
        parameters[count++] = const_cast<void*>(a.data);
        continue;
      }
      parameters[count++] = const_cast<const void**>(&a.data);  // the pointer itself is the value
      parameters[count++] = const_cast<int64_t*>(a.data ? &there : &absent);
    }
    CUDA_KERNEL_NODE_PARAMS call{};
    call.func = static_cast<CUfunction>(function);
    call.gridDimX = unsigned(grid.groups), call.gridDimY = unsigned(grid.groups_y), call.gridDimZ = 1;
    call.blockDimX = unsigned(grid.group_size), call.blockDimY = call.blockDimZ = 1;
    call.kernelParams = parameters;
    if (Graph* graph = Graph::open(index)) [[unlikely]]
      return graph->kernel(call, current(d));
    check(d,
          cu_.LaunchKernel(call.func, call.gridDimX, call.gridDimY, call.gridDimZ, call.blockDimX, call.blockDimY, call.blockDimZ, 0, current(d),
                           parameters, nullptr),
          "a kernel's call");
  }

  bool takes_matmul(DType dtype, int64_t, int64_t, int64_t, int64_t, int) override { return is_differentiable(dtype) && BlasLt::get(); }
  bool matmul(const gpu::MatmulProblem& problem) override {
    if (const Graph* graph = Graph::open(problem.index)) graph->refuse_if_changing("a library's product");
    CudaDevice& d = ready(problem.index);
    cublasStatus_t status = d.products.run(problem, current(d));
    if (status == CUBLAS_STATUS_SUCCESS) return true;
    if (status == CUBLAS_STATUS_NOT_SUPPORTED || status == CUBLAS_STATUS_INVALID_VALUE || status == CUBLAS_STATUS_ARCH_MISMATCH) return false;
    check(d, cu_.StreamSynchronize(current(d)), "a matrix product");  // names the driver's error, where it is one of the device
    fail(status == CUBLAS_STATUS_ALLOC_FAILED ? ErrorKind::Memory : ErrorKind::State, "matmul", "", "cuBLASLt's product to succeed",
         status_name(status));
  }

  DTypeSet convolution_dtypes() const override { return {kFloat32, kFloat16, kBFloat16, kFloat64}; }
  bool takes_convolution(const gpu::ConvolutionProblem& problem) override { return ready(problem.index).convolutions.takes(problem); }
  bool convolution(const gpu::ConvolutionProblem& problem, void* input, void* weight, void* output) override {
    if (const Graph* graph = Graph::open(problem.index)) graph->refuse_if_changing("a library's convolution");
    CudaDevice& d = ready(problem.index);
    if (d.convolutions.run(problem, input, weight, output, current(d))) return true;
    check(d, cu_.StreamSynchronize(current(d)), "a convolution");  // names the driver's error, where it is one of the device
    return false;
  }

  std::unique_ptr<WorkGraph> new_work_graph(int index) override {
    const GraphApi* api = GraphApi::get();
    if (!api) return nullptr;
    CudaDevice& d = ready(index);
    return std::make_unique<Graph>(
        *api, Graph::Owner{cu_, index, d.capturing, [this, index](void* stream) { return stream_of(ready(index), stream); },
                           [this, index] { return enter(index); }, [this, &d](CUresult r, const char* what) { check(d, r, what); },
                           [] { return error_buffers_given(); }, [this, index] { expect_errors(index); }});
  }

 protected:
  void read_error_buffer(const void* buffer, int64_t (&words)[8], int index) override {
    CudaDevice& d = ready(index);
    check(d, cu_.MemcpyDtoHAsync(words, address_of(buffer), sizeof(words), d.stream), "a copy to the host");
    check(d, cu_.StreamSynchronize(d.stream), "a copy to the host");
  }
  void write_error_buffer(void* buffer, const int64_t (&words)[8], int index) override {
    copy_from_host(buffer, words, sizeof(words), index, nullptr, true);
  }

 private:
  void start() const {
    int count = 0;
    if (cu_.Init(0) != CUDA_SUCCESS || cu_.DeviceGetCount(&count) != CUDA_SUCCESS) return;  // a driver without a device says so here
    for (int i = 0; i < std::min(count, kMaxDeviceIndex); ++i) {
      auto d = std::make_unique<CudaDevice>();
      if (cu_.DeviceGet(&d->id, i) != CUDA_SUCCESS) return;
      d->index = i;
      d->capability =
          attribute(d->id, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) * 10 + attribute(d->id, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
      d->max_group_size = attribute(d->id, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
      devices_.push_back(std::move(d));
    }
  }
  int attribute(CUdevice id, CUdevice_attribute what) const {
    int value = 0;
    cu_.DeviceGetAttribute(&value, what, id);
    return value;
  }
  CudaDevice& device(int index) const {
    const int count = device_count();
    if (index < 0 || index >= count) fail(ErrorKind::Index, "cuda", "device", "an index below " + std::to_string(count), std::to_string(index));
    return *devices_[size_t(index)];
  }

  void check(CudaDevice& d, CUresult r, const char* what) const {
    if (r == CUDA_SUCCESS) [[likely]]
      return;
    std::string text = error_text(cu_, r);
    if (loses_device(r)) {
      CUresult none = CUDA_SUCCESS;
      d.lost.compare_exchange_strong(none, r);
      fail_lost(d);
    }
    fail(r == CUDA_ERROR_OUT_OF_MEMORY ? ErrorKind::Memory : ErrorKind::State, "cuda", "", std::string(what) + " to succeed", text);
  }
  [[noreturn]] void fail_lost(const CudaDevice& d) const {
    fail(
        ErrorKind::State, "cuda", "", "a device that works",
        "cuda:" + std::to_string(d.index) + ", which is lost with all its tensors until the program starts again: " + error_text(cu_, d.lost.load()));
  }

  static void refuse_in_graph(int index, const char* what) {
    if (Graph::open(index)) [[unlikely]]
      Graph::refuse(what);
  }

  bool make_current(const CudaDevice& d) const noexcept {
    CUcontext now = nullptr;
    return (cu_.CtxGetCurrent(&now) == CUDA_SUCCESS && now == d.context) || cu_.CtxSetCurrent(d.context) == CUDA_SUCCESS;
  }
  // The device with its context current in this thread.
  CudaDevice& ready(int index) const {
    CudaDevice& d = device(index);
    if (d.lost.load(std::memory_order_relaxed) != CUDA_SUCCESS) [[unlikely]]
      fail_lost(d);
    std::call_once(d.once, [&] {
      CUcontext context = nullptr;
      check(d, cu_.DevicePrimaryCtxRetain(&context, d.id), "a context");
      check(d, cu_.CtxSetCurrent(context), "a context");
      check(d, cu_.StreamCreate(&d.stream, CU_STREAM_NON_BLOCKING), "a stream");
      d.context = context;
    });
    if (!make_current(d)) check(d, cu_.CtxSetCurrent(d.context), "a context");
    return d;
  }
  // For functions that must not throw: false when the device is lost or was never used.
  bool enter(int index) const noexcept {
    const CudaDevice& d = *devices_[size_t(index)];
    return d.lost.load(std::memory_order_relaxed) == CUDA_SUCCESS && d.context && make_current(d);
  }
  CUstream stream_of(const CudaDevice& d, void* stream) const { return stream ? static_cast<CUstream>(stream) : d.stream; }
  CUstream current(const CudaDevice& d) const { return stream_of(d, current_stream_handle(Device(DeviceType::CUDA, d.index))); }

  void choose_target(int index) const {
    CudaDevice& d = device(index);
    std::call_once(d.compiler_once, [&] {
      const Nvrtc* nvrtc = Nvrtc::get();
      if (!nvrtc)
        fail(ErrorKind::NotSupported, "cuda", "",
             "libnvrtc of CUDA 11.2 or later, which compiles the kernels, where the system finds libraries (LD_LIBRARY_PATH)", "none");
      d.target = target_of(*nvrtc, d.capability);
      if (d.target.architecture == 0)
        fail(ErrorKind::NotSupported, "cuda", "", "a device that " + compiler_name(*nvrtc) + " compiles for",
             "one of architecture sm_" + std::to_string(d.capability));
      d.identity = "cuda\n" + compiler_name(*nvrtc) + "\n" + d.target.option();
    });
  }

  const DriverApi& cu_;
  mutable std::once_flag started_;
  mutable std::vector<std::unique_ptr<CudaDevice>> devices_;
};

}  // namespace

void register_cuda() {
  const DriverApi* api = DriverApi::get();
  if (!api) return set_missing_reason(DeviceType::CUDA, "this system has no CUDA driver, libcuda.so.1, or too old a one");
  Cuda* driver = new Cuda(*api);
  DeviceType type = register_backend(*driver);
  gpu::set_driver(type, *driver);
  gpu::register_kernels(type);
}

}  // namespace lazuli::cuda
