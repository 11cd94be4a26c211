#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/device.h"
#include "lazuli/core/dtype.h"

namespace lazuli {

struct KernelBase;
class WorkGraph;

/// Counts the changes of this header, kernel.h and slots.h that a compiled backend would notice; a plugin is refused when its number differs (plugin.h).
inline constexpr int kBackendInterfaceVersion = 3;

/// Devices of one type have indices below this.
inline constexpr int kMaxDeviceIndex = 16;

/// What a device is and can do.
struct DeviceProperties {
  std::string name = {}, vendor = {}, driver = {};       // "NVIDIA H100 80GB HBM3", "NVIDIA", "CUDA 13.0"
  std::string architecture = {};                         // what kernels are compiled for, "sm_90"; empty where that says nothing
  int64_t total_memory = 0;                              // bytes
  int compute_units = 0;                                 // cores of a CPU, multiprocessors of a GPU
  bool float16 = true, bfloat16 = true, float64 = true;  // arithmetic in these dtypes
  bool unified_memory = false;                           // shares its memory with the host
  bool cudnn = false;                                    // convolutions are cuDNN's
};

/// What a device must offer besides kernels (kernel.h): memory, copies, streams and events. One object per device type, registered once and never destroyed.
///
/// Only the pure functions are needed. The defaults of the others suit a device whose work is done when a call returns, and are right, though slow, for one that
/// only queues its work: they wait for the whole device. Any function that is not noexcept may throw Error, and nothing is lost when it does.
/// Several threads call at once.
///
/// Streams and events are the backend's own handles; the null handle is the default stream, which every device has. A kernel (and every copy) is queued on the calling
/// thread's current stream, `current_stream_handle(device)` in stream.h. Work on one stream runs in order, and a stream of the backend's making does not wait for the default one.
///
/// Random numbers ask nothing of a backend but the kernels: a generator's state lives on the host, and each call of a random slot carries the PhiloxState where its
/// numbers begin (slots.h).
class Backend {
 public:
  virtual ~Backend() = default;
  /// The word before the colon in "cuda:1".
  virtual std::string_view name() const = 0;
  virtual int device_count() const = 0;
  virtual DeviceProperties properties(int index) const;
  /// Whether the device's own function serves this slot for tensors of `dtype`. By default what was said to the slot's `set`.
  virtual bool supports(const KernelBase& slot, DType dtype, int index) const;

  /// Raw memory, aligned to 64 bytes; null when there is no more. The address need not be one that the host can use, but any offset into the block may be added to it
  /// before a kernel or a copy gets it. The caching allocator above calls it seldom.
  virtual void* allocate(int64_t bytes, int index) = 0;
  /// No work that was queued uses the memory any more.
  virtual void release(void* memory, int64_t bytes, int index) noexcept = 0;
  /// Memory of the host that the device copies from and to without the host's help; null when there is no more. Plain memory by default.
  virtual void* allocate_pinned(int64_t bytes, int index);
  virtual void release_pinned(void* memory, int64_t bytes, int index) noexcept;

  /// Copies are queued on `stream`. With `blocking` they are done on return; without, the caller keeps both sides alive and unchanged until the stream has passed, and host
  /// memory is from allocate_pinned.
  virtual void copy_from_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) = 0;
  virtual void copy_to_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) = 0;
  /// Within one device, or between two of this type; then `stream` is one of to_index, what was queued for `from` is done, and `blocking` is set.
  virtual void copy_within(void* to, int to_index, const void* from, int from_index, int64_t bytes, void* stream, bool blocking) = 0;

  /// Waits for all work given to the device, on all streams.
  virtual void synchronize(int index) = 0;

  virtual void* create_stream(int index);
  /// Called only for a stream that was never used: Stream (stream.h) keeps the others for the next who wants one.
  virtual void destroy_stream(void* stream, int index) noexcept;
  virtual void synchronize_stream(void* stream, int index);
  /// Work queued on the stream from now on waits for the event, one of the same device.
  virtual void stream_wait_event(void* stream, void* event, int index);

  /// Events mark a place in a stream. The defaults keep the host's time. A backend overrides all six or none.
  virtual void* create_event(int index);
  virtual void record_event(void* event, void* stream, int index);
  virtual bool event_done(void* event, int index);
  virtual void synchronize_event(void* event, int index);
  /// Between two events that are done.
  virtual double elapsed_milliseconds(void* start, void* end, int index);
  virtual void destroy_event(void* event, int index) noexcept;

  /// Queued work that is launched as a whole (work_graph.h), which recorded steps then are; null, the default, where the device or its driver has nothing of the kind.
  virtual std::unique_ptr<WorkGraph> new_work_graph(int index);
};

/// Adds a backend under the built-in type of its name ("cuda", "opencl") or, for another name, the next free one; returns the type. Throws Error when the name is taken.
DeviceType register_backend(Backend& backend);
/// The backend of a device. Throws Error when none is registered or the index is out of range.
Backend& backend_of(Device device);
bool has_backend(DeviceType type);
/// Why a built-in type has no backend, for the Error of who asks for a device of it: "this build of Lazuli is without CUDA".
void set_missing_reason(DeviceType type, std::string reason);
/// "cpu", "meta" and all registered ones, with a line for each index.
std::vector<Device> list_devices();
/// Throws Error for a device that does not exist, and for "meta".
DeviceProperties device_properties(Device device);
/// Waits for all work given to the device.
void synchronize(Device device);
/// Whether the device serves this slot for tensors of `dtype` itself, neither by a composite nor on the CPU.
bool supports(const KernelBase& slot, DType dtype, Device device);

/// Fills the slots of the built-in CPU backend; called once before the first use, from anywhere.
void initialize_backends();

}  // namespace lazuli
