// A libcuda.so.1 without a GPU: two devices in plain memory that do copies at once, run kernels that the stand-in for NVRTC has compiled (kernels.cpp) and no others, and check what the real
// driver checks: a current context, handles of that context, addresses within one living block, nothing that waits while a stream captures (graph.cpp).
#include <cuda.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "tests/backends/cuda/stand_in/control.h"
#include "tests/backends/cuda/stand_in/driver.h"

#undef cuDeviceTotalMem
#undef cuMemAlloc
#undef cuMemFree
#undef cuMemcpyHtoDAsync
#undef cuMemcpyDtoHAsync
#undef cuMemcpyDtoDAsync
#undef cuStreamDestroy
#undef cuEventDestroy
#undef cuEventElapsedTime

extern "C" {
StandInControl stand_in_control;
}

struct CUevent_st {
  CUcontext context;
  std::chrono::steady_clock::time_point time;
};
CUresult stand_in_keep_kernel(CUstream stream, const CUDA_KERNEL_NODE_PARAMS& call);

namespace {

CUctx_st contexts[2] = {{0}, {1}};
bool retained[2];
thread_local CUcontext current = nullptr;
std::mutex mutex;
struct Block {
  size_t bytes;
  int device;
};
std::map<CUdeviceptr, Block> blocks;
std::map<const char*, size_t> pinned;
CUresult lost[2];
bool started = false;

}  // namespace

CUresult stand_in::enter(CUstream stream) {
  if (!started) return CUDA_ERROR_NOT_INITIALIZED;
  if (!current || !retained[current->device]) return CUDA_ERROR_INVALID_CONTEXT;
  if (lost[current->device] != CUDA_SUCCESS) return lost[current->device];
  return stream && stream->context != current ? CUDA_ERROR_INVALID_HANDLE : CUDA_SUCCESS;
}

namespace {

using stand_in::enter;

CUresult wait(CUstream stream = nullptr) {
  CUresult r = enter();
  if (r == CUDA_SUCCESS) r = stand_in::refuse_while_capturing(stream);
  if (r == CUDA_SUCCESS && stand_in_control.error_at_wait[current->device])
    r = lost[current->device] = CUresult(stand_in_control.error_at_wait[current->device]);
  return r;
}
bool inside(CUdeviceptr p, size_t bytes, int device) {
  std::lock_guard lock(mutex);
  auto it = blocks.upper_bound(p);
  if (it == blocks.begin()) return false;
  --it;
  return it->second.device == device && p + bytes <= it->first + it->second.bytes;
}
CUresult copy(void* to, const void* from, size_t bytes, CUstream stream, bool to_device, bool from_device) {
  if (CUresult r = enter(stream); r != CUDA_SUCCESS) return r;
  if (!stream) return CUDA_ERROR_INVALID_HANDLE;  // Lazuli queues nothing on the legacy stream
  if ((to_device && !inside(CUdeviceptr(to), bytes, current->device)) || (from_device && !inside(CUdeviceptr(from), bytes, current->device)))
    return CUDA_ERROR_INVALID_VALUE;
  if (!stream->graph && to_device && from_device) {
    std::lock_guard lock(mutex);
    ++stand_in_control.copies;
  }
  return stand_in::queue(stream, [=] { std::memmove(to, from, bytes); });
}

}  // namespace

extern "C" {

CUresult cuInit(unsigned flags) {
  started = flags == 0;
  return started ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuDriverGetVersion(int* version) {
  *version = 13000;
  return CUDA_SUCCESS;
}
CUresult cuGetErrorName(CUresult error, const char** text) {
  *text = error == CUDA_ERROR_ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS"
          : error == CUDA_ERROR_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY"
                                              : "CUDA_ERROR_OTHER";
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult, const char** text) {
  *text = "in other words";
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int* count) {
  *count = 2;
  return started ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}
CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  *device = ordinal;
  return ordinal < 2 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}
CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
  std::strncpy(name, device ? "Stand-in 1" : "Stand-in 0", size_t(length));
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute what, CUdevice) {
  *value = what == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR ? 9
           : what == CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK  ? 1024
           : what == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT   ? 132
                                                                : 0;
  return CUDA_SUCCESS;
}
CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice) {
  *bytes = size_t(1) << 30;
  return CUDA_SUCCESS;
}
CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
  retained[device] = true;
  ++stand_in_control.contexts;
  *context = &contexts[device];
  return CUDA_SUCCESS;
}
CUresult cuCtxGetCurrent(CUcontext* context) {
  *context = current;
  return CUDA_SUCCESS;
}
CUresult cuCtxSetCurrent(CUcontext context) {
  current = context;
  return CUDA_SUCCESS;
}
CUresult cuCtxSynchronize() {
  if (CUresult r = stand_in::refuse_while_any_captures(); r != CUDA_SUCCESS) return r;
  return wait();
}

CUresult cuMemAlloc_v2(CUdeviceptr* p, size_t bytes) {
  if (CUresult r = enter(); r != CUDA_SUCCESS) return r;
  if (CUresult r = stand_in::refuse_while_capturing(); r != CUDA_SUCCESS) return r;
  if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  std::lock_guard lock(mutex);
  int64_t& left = stand_in_control.free_bytes[current->device];
  if (int64_t(bytes) > left) return CUDA_ERROR_OUT_OF_MEMORY;
  void* memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  if (!memory) return CUDA_ERROR_OUT_OF_MEMORY;
  left -= int64_t(bytes);
  *p = CUdeviceptr(memory);
  blocks[*p] = {bytes, current->device};
  ++stand_in_control.blocks;
  return CUDA_SUCCESS;
}
CUresult cuMemFree_v2(CUdeviceptr p) {
  if (CUresult r = stand_in::refuse_while_any_captures(); r != CUDA_SUCCESS) return r;
  if (CUresult r = wait(); r != CUDA_SUCCESS) return r;
  std::lock_guard lock(mutex);
  auto it = blocks.find(p);
  if (it == blocks.end() || it->second.device != current->device) return CUDA_ERROR_INVALID_VALUE;
  stand_in_control.free_bytes[current->device] += int64_t(it->second.bytes);
  blocks.erase(it);
  --stand_in_control.blocks;
  std::free(reinterpret_cast<void*>(p));
  return CUDA_SUCCESS;
}
CUresult cuMemHostAlloc(void** p, size_t bytes, unsigned flags) {
  if (CUresult r = enter(); r != CUDA_SUCCESS) return r;
  if (CUresult r = stand_in::refuse_while_capturing(); r != CUDA_SUCCESS) return r;
  if (flags != CU_MEMHOSTALLOC_PORTABLE) return CUDA_ERROR_INVALID_VALUE;
  *p = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  return *p ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}
CUresult cuMemFreeHost(void* p) {
  std::free(p);
  return enter();
}
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream) {
  return copy(reinterpret_cast<void*>(to), from, bytes, stream, true, false);
}
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return copy(to, reinterpret_cast<const void*>(from), bytes, stream, false, true);
}
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return copy(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), bytes, stream, true, true);
}
CUresult cuMemcpyPeerAsync(CUdeviceptr to, CUcontext to_context, CUdeviceptr from, CUcontext from_context, size_t bytes, CUstream stream) {
  if (CUresult r = enter(stream); r != CUDA_SUCCESS) return r;
  if (!inside(to, bytes, to_context->device) || !inside(from, bytes, from_context->device)) return CUDA_ERROR_INVALID_VALUE;
  std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), bytes);
  return CUDA_SUCCESS;
}

CUresult cuStreamCreate(CUstream* stream, unsigned flags) {
  if (CUresult r = enter(); r != CUDA_SUCCESS) return r;
  if (flags != CU_STREAM_NON_BLOCKING) return CUDA_ERROR_INVALID_VALUE;
  *stream = new CUstream_st{current};
  ++stand_in_control.streams;
  return CUDA_SUCCESS;
}
CUresult cuStreamDestroy_v2(CUstream stream) {
  delete stream;
  --stand_in_control.streams;
  return CUDA_SUCCESS;
}
CUresult cuStreamSynchronize(CUstream stream) {
  if (CUresult r = enter(stream); r != CUDA_SUCCESS) return r;
  return wait(stream);
}
CUresult cuStreamWaitEvent(CUstream stream, CUevent, unsigned flags) { return flags == 0 ? enter(stream) : CUDA_ERROR_INVALID_VALUE; }
CUresult cuEventCreate(CUevent* event, unsigned flags) {
  if (CUresult r = enter(); r != CUDA_SUCCESS) return r;
  if (flags != CU_EVENT_DEFAULT) return CUDA_ERROR_INVALID_VALUE;
  *event = new CUevent_st{current, {}};
  ++stand_in_control.events;
  return CUDA_SUCCESS;
}
CUresult cuEventDestroy_v2(CUevent event) {
  delete event;
  --stand_in_control.events;
  return CUDA_SUCCESS;
}
CUresult cuEventRecord(CUevent event, CUstream stream) {
  if (CUresult r = enter(stream); r != CUDA_SUCCESS) return r;
  if (event->context != current) return CUDA_ERROR_INVALID_HANDLE;
  event->time = std::chrono::steady_clock::now();
  return CUDA_SUCCESS;
}
CUresult cuEventQuery(CUevent) { return wait(); }
CUresult cuEventSynchronize(CUevent) { return wait(); }
CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return enter();
}

CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  if (CUresult r = enter(); r != CUDA_SUCCESS) return r;
  if (CUresult r = stand_in::refuse_while_capturing(); r != CUDA_SUCCESS) return r;
  if (std::memcmp(image,
                  "\x7f"
                  "ELF",
                  4) != 0)
    return CUDA_ERROR_INVALID_IMAGE;
  *module = new CUmod_st;
  constexpr size_t kMagic = sizeof(stand_in::kMagic) - 1;
  if (std::memcmp(image, stand_in::kMagic, kMagic) == 0) (*module)->text = static_cast<const char*>(image) + kMagic;
  ++stand_in_control.modules;
  return CUDA_SUCCESS;
}
CUresult cuModuleUnload(CUmodule module) {
  for (CUfunction f : module->functions) delete f;
  delete module;
  --stand_in_control.modules;
  return CUDA_SUCCESS;
}
CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
  *function = new CUfunc_st{name, module};
  module->functions.push_back(*function);
  return stand_in::compile(*function) ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
// NVRTC looks for this one where there is a driver.
CUresult cuGetExportTable(const void**, const CUuuid*) { return CUDA_ERROR_NOT_FOUND; }

CUresult cuLaunchKernel(CUfunction function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, CUstream stream,
                        void** parameters, void** extra) {
  if (CUresult r = enter(stream); r != CUDA_SUCCESS) return r;
  if (!stream || extra || gx == 0 || gy == 0 || gy > 65535 || gz != 1 || bx == 0 || bx > 1024 || by != 1 || bz != 1) return CUDA_ERROR_INVALID_VALUE;
  CUDA_KERNEL_NODE_PARAMS call{};
  call.func = function;
  call.gridDimX = gx, call.gridDimY = gy, call.gridDimZ = gz, call.blockDimX = bx, call.blockDimY = by, call.blockDimZ = bz;
  call.kernelParams = parameters;
  if (stream->graph) return stand_in_keep_kernel(stream, call);
  std::lock_guard lock(mutex);
  stand_in_control.launch = {stand_in_control.launch.calls + 1, current->device, stream, {gx, gy, gz}, {bx, by, bz}};
  stand_in::run(call);
  return CUDA_SUCCESS;
}

// For the stand-ins of libraries: `work` is theirs no longer.
bool stand_in_queue(CUstream stream, std::function<void()>* work) {
  const bool done = enter(stream) == CUDA_SUCCESS && stand_in::queue(stream, std::move(*work)) == CUDA_SUCCESS;
  delete work;
  return done;
}

}  // extern "C"
