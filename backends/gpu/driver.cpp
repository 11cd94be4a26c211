#include "lazuli/backends/gpu/driver.h"

#include <mutex>
#include <vector>

#include "lazuli/core/error.h"

namespace lazuli::gpu {
namespace {

Driver* drivers[kMaxDeviceTypes];

std::mutex error_mutex;
std::vector<const char*> operators;  // by the number that kernels report

int64_t number_of(const char* op) {
  for (size_t i = 0; i < operators.size(); ++i)
    if (operators[i] == op) return int64_t(i);
  operators.push_back(op);
  return int64_t(operators.size()) - 1;
}

}  // namespace

Driver& driver_of(Device device) { return *drivers[int(device.type)]; }
void set_driver(DeviceType type, Driver& driver) { drivers[int(type)] = &driver; }

thread_local constinit int64_t Driver::error_buffers_given_ = 0;

void Driver::expect_errors(int index) {
  std::lock_guard lock(error_mutex);
  errors_pending_[index] = true;
}

void Driver::add_error_buffer(Arguments& arguments, const char* op, int index) {
  std::lock_guard lock(error_mutex);
  if (!error_buffers_[index]) {
    void* memory = allocate(64, index);
    if (!memory) fail(ErrorKind::Memory, op, "", "64 bytes of device memory for its errors", "none");
    int64_t zeros[8] = {};
    write_error_buffer(memory, zeros, index);
    error_buffers_[index] = memory;
  }
  errors_pending_[index] = true;
  ++error_buffers_given_;
  arguments.buffer(error_buffers_[index], 8).value(number_of(op));
}

void Driver::check_errors(int index) {
  int64_t words[8];
  {
    std::lock_guard lock(error_mutex);
    if (!errors_pending_[index]) return;
    errors_pending_[index] = false;
    read_error_buffer(error_buffers_[index], words, index);
    if ((words[0] & 0xffffffff) == 0) return;
    int64_t zeros[8] = {};
    write_error_buffer(error_buffers_[index], zeros, index);
  }
  const char* op = words[3] >= 0 && words[3] < int64_t(operators.size()) ? operators[size_t(words[3])] : "kernel";
  if (words[2] < 0) fail(ErrorKind::Argument, op, "other", "no zero among integer divisors", "a zero (ZeroDivisionError)");
  fail(ErrorKind::Index, op, "index", "values in [" + std::to_string(-words[2]) + ", " + std::to_string(words[2]) + ")", std::to_string(words[1]));
}

}  // namespace lazuli::gpu
