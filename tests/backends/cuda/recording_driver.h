#pragma once
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "lazuli/backends/gpu/driver.h"

namespace lazuli::test {

/// A device that compiles and runs nothing, in plain memory, all zeros: it keeps the texts of the kernels that it is asked for.
class RecordingDriver final : public gpu::Driver {
 public:
  struct Text {
    std::string source;
    bool exact;
    bool operator<(const Text& o) const { return std::tie(exact, source) < std::tie(o.exact, o.source); }
  };
  std::map<Text, DType> texts;  // with the dtype that first needed each
  DType now = kBool;
  std::map<std::string, int> launches;
  bool there = true;  // afterwards no other test sees the device

  std::string_view name() const override { return "recording"; }
  int device_count() const override { return there ? 1 : 0; }
  gpu::Dialect dialect() const override { return gpu::Dialect::Cuda; }
  std::string identity(int) override { return "recording"; }
  bool has_float64(int) override { return true; }
  bool is_cpu(int) override { return false; }
  int64_t max_group_size(int) override { return 1024; }
  std::string compile(const std::string& source, bool exact, int) override {
    texts.emplace(Text{source, exact}, now);
    return "nothing";
  }
  void* load(const std::string&, const char* kernel, int) override { return &launches[kernel]; }
  void launch(void* function, const gpu::Grid&, const gpu::Arguments&, int) override { ++*static_cast<int*>(function); }
  bool takes_matmul(DType, int64_t, int64_t, int64_t, int64_t, int) override { return false; }
  bool matmul(const gpu::MatmulProblem&) override { return false; }

  void* allocate(int64_t bytes, int) override { return std::calloc(size_t(bytes), 1); }
  void release(void* memory, int64_t, int) noexcept override { std::free(memory); }
  void copy_from_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_to_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_within(void* to, int, const void* from, int, int64_t bytes, void*, bool) override { std::memmove(to, from, size_t(bytes)); }
  void synchronize(int) override {}

 protected:
  void read_error_buffer(const void* buffer, int64_t (&words)[8], int) override { std::memcpy(words, buffer, sizeof(words)); }
  void write_error_buffer(void* buffer, const int64_t (&words)[8], int) override { std::memcpy(buffer, words, sizeof(words)); }
};

}  // namespace lazuli::test
