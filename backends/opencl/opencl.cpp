#include "lazuli/backends/opencl/opencl.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "lazuli/backends/gpu/driver.h"
#include "lazuli/backends/opencl/buffers.h"
#include "lazuli/backends/opencl/library.h"
#include "lazuli/backends/opencl/matmul.h"
#include "lazuli/core/error.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::opencl {
namespace {

std::string device_text(const Library& cl, cl_device_id device, cl_device_info what) {
  size_t bytes = 0;
  if (cl.GetDeviceInfo(device, what, 0, nullptr, &bytes) != CL_SUCCESS || bytes == 0) return {};
  std::string text(bytes, '\0');
  cl.GetDeviceInfo(device, what, bytes, text.data(), nullptr);
  text.resize(bytes - 1);
  return text;
}
template <class T>
T device_number(const Library& cl, cl_device_id device, cl_device_info what) {
  T value{};
  cl.GetDeviceInfo(device, what, sizeof(value), &value, nullptr);
  return value;
}

void check(int status, const char* what) {
  if (status == CL_SUCCESS) return;
  fail(status == CL_MEM_OBJECT_ALLOCATION_FAILURE || status == CL_OUT_OF_RESOURCES ? ErrorKind::Memory : ErrorKind::State, "opencl", "",
       std::string(what) + " to succeed", status_name(status));
}

struct OpenClDevice {
  cl_device_id id;
  cl_device_type kind;
  std::string name, extensions, identity, options;
  bool float64;
  // PoCL makes a binary by compiling each of its kernels for groups of every size, and a launch compiles the kernel again for its own. It keeps what it compiled in a folder itself.
  bool text_is_binary;
  // Made at first use.
  std::once_flag once;
  cl_context context = nullptr;
  cl_command_queue queue = nullptr;
  std::mutex launching;  // a kernel's arguments are set one by one
  std::mutex streams_mutex;
  std::vector<cl_command_queue> streams;
};

// An event of the interface is made before it is recorded, OpenCL's by recording.
struct Mark {
  cl_event event = nullptr;
};

class OpenCl final : public gpu::Driver {
 public:
  explicit OpenCl(const Library& library) : cl_(library) {}

  std::string_view name() const override { return "opencl"; }
  int device_count() const override { return int(devices().size()); }
  DeviceProperties properties(int index) const override {
    const OpenClDevice& d = *devices()[size_t(index)];
    return {.name = d.name,
            .vendor = device_text(cl_, d.id, CL_DEVICE_VENDOR),
            .driver = device_text(cl_, d.id, CL_DEVICE_VERSION) + ", " + device_text(cl_, d.id, CL_DRIVER_VERSION),
            .total_memory = int64_t(device_number<cl_ulong>(cl_, d.id, CL_DEVICE_GLOBAL_MEM_SIZE)),
            .compute_units = int(device_number<cl_uint>(cl_, d.id, CL_DEVICE_MAX_COMPUTE_UNITS)),
            .float16 = false,
            .bfloat16 = false,
            .float64 = d.float64,
            .unified_memory = device_number<cl_bool>(cl_, d.id, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0};
  }
  gpu::Dialect dialect() const override { return gpu::Dialect::OpenCl; }
  std::string identity(int index) override { return devices()[size_t(index)]->identity; }
  bool has_float64(int index) override { return devices()[size_t(index)]->float64; }
  bool is_cpu(int index) override { return devices()[size_t(index)]->kind & CL_DEVICE_TYPE_CPU; }
  int64_t max_group_size(int index) override {
    return int64_t(device_number<size_t>(cl_, devices()[size_t(index)]->id, CL_DEVICE_MAX_WORK_GROUP_SIZE));
  }

  void* allocate(int64_t bytes, int index) override {
    OpenClDevice& d = ready(index);
    int status = 0;
    cl_mem memory = cl_.CreateBuffer(d.context, CL_MEM_READ_WRITE, size_t(bytes), nullptr, &status);
    if (!memory) return nullptr;
    void* address = buffers_.add(memory);
    if (!address) cl_.ReleaseMemObject(memory);
    return address;
  }
  void release(void* address, int64_t, int) noexcept override { cl_.ReleaseMemObject(buffers_.remove(address)); }

  void copy_from_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    Place p = buffers_.find(to);
    check(cl_.EnqueueWriteBuffer(queue_of(stream, index), p.memory, blocking, p.offset, size_t(bytes), from, 0, nullptr, nullptr),
          "a copy from the host");
  }
  void copy_to_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    Place p = buffers_.find(from);
    check(cl_.EnqueueReadBuffer(queue_of(stream, index), p.memory, blocking, p.offset, size_t(bytes), to, 0, nullptr, nullptr), "a copy to the host");
    if (blocking) check_errors(index);
  }
  void copy_within(void* to, int to_index, const void* from, int from_index, int64_t bytes, void* stream, bool blocking) override {
    if (to_index != from_index) {  // devices of different platforms share nothing
      std::string staging(size_t(bytes), '\0');
      copy_to_host(staging.data(), from, bytes, from_index, nullptr, true);
      return copy_from_host(to, staging.data(), bytes, to_index, stream, true);
    }
    Place t = buffers_.find(to), f = buffers_.find(from);
    cl_command_queue queue = queue_of(stream, to_index);
    check(cl_.EnqueueCopyBuffer(queue, f.memory, t.memory, f.offset, t.offset, size_t(bytes), 0, nullptr, nullptr), "a copy on the device");
    if (blocking) check(cl_.Finish(queue), "a copy on the device");
  }

  void synchronize(int index) override {
    OpenClDevice& d = ready(index);
    check(cl_.Finish(d.queue), "the device's work");
    std::lock_guard lock(d.streams_mutex);
    for (cl_command_queue queue : d.streams) check(cl_.Finish(queue), "the device's work");
    check_errors(index);
  }
  void* create_stream(int index) override {
    OpenClDevice& d = ready(index);
    int status = 0;
    cl_command_queue queue = cl_.CreateCommandQueue(d.context, d.id, CL_QUEUE_PROFILING_ENABLE, &status);
    check(status, "a queue");
    std::lock_guard lock(d.streams_mutex);
    d.streams.push_back(queue);
    return queue;
  }
  void destroy_stream(void* stream, int index) noexcept override {
    OpenClDevice& d = *devices()[size_t(index)];
    std::lock_guard lock(d.streams_mutex);
    std::erase(d.streams, static_cast<cl_command_queue>(stream));
    cl_.ReleaseCommandQueue(static_cast<cl_command_queue>(stream));
  }
  void synchronize_stream(void* stream, int index) override {
    check(cl_.Finish(queue_of(stream, index)), "the stream's work");
    check_errors(index);
  }
  void stream_wait_event(void* stream, void* event, int index) override {
    auto& e = static_cast<Mark*>(event)->event;
    if (e) check(cl_.EnqueueBarrierWithWaitList(queue_of(stream, index), 1, &e, nullptr), "a wait for an event");
  }

  void* create_event(int) override { return new Mark; }
  void record_event(void* event, void* stream, int index) override {
    cl_event marker = nullptr;
    cl_command_queue queue = queue_of(stream, index);
    check(cl_.EnqueueMarkerWithWaitList(queue, 0, nullptr, &marker), "an event");
    cl_.Flush(queue);
    auto& e = static_cast<Mark*>(event)->event;
    if (e) cl_.ReleaseEvent(e);
    e = marker;
  }
  bool event_done(void* event, int) override {
    auto& e = static_cast<Mark*>(event)->event;
    cl_int status = CL_COMPLETE;
    if (e) cl_.GetEventInfo(e, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof(status), &status, nullptr);
    return status <= CL_COMPLETE;
  }
  void synchronize_event(void* event, int) override {
    auto& e = static_cast<Mark*>(event)->event;
    if (e) check(cl_.WaitForEvents(1, &e), "the work before an event");
  }
  double elapsed_milliseconds(void* start, void* end, int) override {
    cl_ulong from = 0, to = 0;
    check(cl_.GetEventProfilingInfo(static_cast<Mark*>(start)->event, CL_PROFILING_COMMAND_END, sizeof(from), &from, nullptr), "an event's time");
    check(cl_.GetEventProfilingInfo(static_cast<Mark*>(end)->event, CL_PROFILING_COMMAND_END, sizeof(to), &to, nullptr), "an event's time");
    return double(int64_t(to - from)) * 1e-6;
  }
  void destroy_event(void* event, int) noexcept override {
    auto* mark = static_cast<Mark*>(event);
    if (mark->event) cl_.ReleaseEvent(mark->event);
    delete mark;
  }

  std::string compile(const std::string& source, bool exact, int index) override {
    OpenClDevice& d = ready(index);
    const std::string text = exact ? "#pragma OPENCL FP_CONTRACT OFF\n" + source : source;
    if (d.text_is_binary) return text;
    Program program = built_of_text(text, d);
    size_t bytes = 0;
    check(cl_.GetProgramInfo(program.get(), CL_PROGRAM_BINARY_SIZES, sizeof(bytes), &bytes, nullptr), "a program's binary");
    std::string binary(bytes, '\0');
    unsigned char* to = reinterpret_cast<unsigned char*>(binary.data());
    check(cl_.GetProgramInfo(program.get(), CL_PROGRAM_BINARIES, sizeof(to), &to, nullptr), "a program's binary");
    return binary;
  }

  void* load(const std::string& binary, const char* kernel, int index) override {
    OpenClDevice& d = ready(index);
    Program program = d.text_is_binary ? built_of_text(binary, d) : built_of_binary(binary, d);
    int status = 0;
    return program ? cl_.CreateKernel(program.get(), kernel, &status) : nullptr;  // a kernel holds its program
  }

  void launch(void* function, const gpu::Grid& grid, const gpu::Arguments& arguments, int index) override {
    OpenClDevice& d = ready(index);
    auto k = static_cast<cl_kernel>(function);
    std::lock_guard lock(d.launching);
    cl_uint at = 0;
    int status = CL_SUCCESS;
    auto set = [&](size_t bytes, const void* value) {
      int s = cl_.SetKernelArg(k, at++, bytes, value);
      if (s != CL_SUCCESS) status = s;
    };
    for (const auto& a : arguments.items()) {
      if (a.element == 0) {
        set(a.bytes, a.data);
        continue;
      }
      Place p = a.data ? buffers_.find(a.data) : Place{};
      cl_long offset = a.data ? cl_long(p.offset / a.element) : -1;
      set(sizeof(cl_mem), &p.memory);
      set(sizeof(offset), &offset);
    }
    check(status, "a kernel's arguments");
    size_t local[2] = {size_t(grid.group_size), 1}, global[2] = {size_t(grid.groups) * local[0], size_t(grid.groups_y)};
    check(cl_.EnqueueNDRangeKernel(queue_of(current_stream_handle(Device(DeviceType::OpenCL, index)), index), k, grid.groups_y > 1 ? 2 : 1, nullptr,
                                   global, local, 0, nullptr, nullptr),
          "a kernel's call");
  }

  bool takes_matmul(DType dtype, int64_t, int64_t m, int64_t n, int64_t k, int) override {
    constexpr int64_t kSmall = 1 << 18;  // below, calling CLBlast takes longer than a plain tiled kernel
    return (dtype == kFloat32 || dtype == kFloat64) && m * n * k >= kSmall && Blas::get();
  }
  bool matmul(const gpu::MatmulProblem& problem) override {
    return opencl::matmul(problem, buffers_, queue_of(current_stream_handle(Device(DeviceType::OpenCL, problem.index)), problem.index));
  }

 protected:
  void read_error_buffer(const void* buffer, int64_t (&words)[8], int index) override {
    Place p = buffers_.find(buffer);
    check(cl_.EnqueueReadBuffer(ready(index).queue, p.memory, CL_TRUE, p.offset, sizeof(words), words, 0, nullptr, nullptr), "a copy to the host");
  }
  void write_error_buffer(void* buffer, const int64_t (&words)[8], int index) override {
    copy_from_host(buffer, words, sizeof(words), index, nullptr, true);
  }

 private:
  using Program = std::unique_ptr<_cl_program, decltype(Library::ReleaseProgram)>;
  Program built_of_text(const std::string& text, const OpenClDevice& d) const {
    const char* start = text.c_str();
    int status = 0;
    Program program(cl_.CreateProgramWithSource(d.context, 1, &start, nullptr, &status), cl_.ReleaseProgram);
    check(status, "a program's text");
    status = cl_.BuildProgram(program.get(), 1, &d.id, d.options.c_str(), nullptr, nullptr);
    if (status == CL_SUCCESS) return program;
    size_t bytes = 0;
    cl_.GetProgramBuildInfo(program.get(), d.id, CL_PROGRAM_BUILD_LOG, 0, nullptr, &bytes);
    std::string log(bytes, '\0');
    cl_.GetProgramBuildInfo(program.get(), d.id, CL_PROGRAM_BUILD_LOG, bytes, log.data(), nullptr);
    fail(ErrorKind::State, "opencl", "", "a kernel that compiles on " + d.name, status_name(status) + "\n" + log);
  }
  // None where the device does not take it.
  Program built_of_binary(const std::string& binary, const OpenClDevice& d) const {
    size_t bytes = binary.size();
    auto* data = reinterpret_cast<const unsigned char*>(binary.data());
    int status = 0, of_device = 0;
    Program program(cl_.CreateProgramWithBinary(d.context, 1, &d.id, &bytes, &data, &of_device, &status), cl_.ReleaseProgram);
    if (!program || of_device != CL_SUCCESS || cl_.BuildProgram(program.get(), 1, &d.id, d.options.c_str(), nullptr, nullptr) != CL_SUCCESS)
      program.reset();
    return program;
  }

  // Looked for when first asked for: a driver may bring a whole compiler with it, which a program that stays on the CPU need not load.
  const std::vector<std::unique_ptr<OpenClDevice>>& devices() const {
    std::call_once(found_, [this] {
      cl_uint platform_count = 0;
      if (cl_.GetPlatformIDs(0, nullptr, &platform_count) != CL_SUCCESS) return;
      std::vector<cl_platform_id> platforms(platform_count);
      cl_.GetPlatformIDs(platform_count, platforms.data(), nullptr);
      for (cl_platform_id platform : platforms) {
        cl_uint count = 0;
        if (cl_.GetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, nullptr, &count) != CL_SUCCESS) continue;
        std::vector<cl_device_id> ids(count);
        cl_.GetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, count, ids.data(), nullptr);
        for (cl_device_id id : ids)
          if (device_number<cl_bool>(cl_, id, CL_DEVICE_AVAILABLE) && device_number<cl_bool>(cl_, id, CL_DEVICE_COMPILER_AVAILABLE)) add(id);
      }
      std::stable_sort(devices_.begin(), devices_.end(),
                       [](const auto& a, const auto& b) { return (a->kind & CL_DEVICE_TYPE_GPU) > (b->kind & CL_DEVICE_TYPE_GPU); });
    });
    return devices_;
  }
  void add(cl_device_id id) const {
    auto d = std::make_unique<OpenClDevice>();
    d->id = id;
    d->kind = device_number<cl_device_type>(cl_, id, CL_DEVICE_TYPE);
    d->name = device_text(cl_, id, CL_DEVICE_NAME);
    d->extensions = device_text(cl_, id, CL_DEVICE_EXTENSIONS);
    d->float64 = d->extensions.find("cl_khr_fp64") != std::string::npos;
    d->options = "-cl-std=CL1.2";
    if (device_number<cl_device_fp_config>(cl_, id, CL_DEVICE_SINGLE_FP_CONFIG) & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT)
      d->options += " -cl-fp32-correctly-rounded-divide-sqrt";
    const std::string version = device_text(cl_, id, CL_DEVICE_VERSION);
    d->text_is_binary = version.find("pocl") != std::string::npos || version.find("PoCL") != std::string::npos;
    d->identity = "opencl\n" + d->name + "\n" + version + "\n" + device_text(cl_, id, CL_DRIVER_VERSION) + "\n" + d->options +
                  (d->text_is_binary ? "\ntext" : "");
    devices_.push_back(std::move(d));
  }
  OpenClDevice& ready(int index) {
    OpenClDevice& d = *devices()[size_t(index)];
    std::call_once(d.once, [&] {
      int status = 0;
      d.context = cl_.CreateContext(nullptr, 1, &d.id, nullptr, nullptr, &status);
      check(status, "a context");
      d.queue = cl_.CreateCommandQueue(d.context, d.id, CL_QUEUE_PROFILING_ENABLE, &status);
      check(status, "a queue");
    });
    return d;
  }

  cl_command_queue queue_of(void* stream, int index) {
    OpenClDevice& d = ready(index);
    return stream ? static_cast<cl_command_queue>(stream) : d.queue;
  }

  const Library& cl_;
  mutable std::once_flag found_;
  mutable std::vector<std::unique_ptr<OpenClDevice>> devices_;
  Buffers buffers_;
};

}  // namespace

void register_opencl() {
  const Library* library = Library::get();
  if (!library) return set_missing_reason(DeviceType::OpenCL, "this system has no OpenCL loader, libOpenCL.so.1, or too old a one");
  OpenCl* driver = new OpenCl(*library);
  DeviceType type = register_backend(*driver);
  gpu::set_driver(type, *driver);
  gpu::register_kernels(type);
}

}  // namespace lazuli::opencl
