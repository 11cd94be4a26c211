#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include "lazuli/backends/cuda/compiler.h"
#include "lazuli/backends/gpu/disk_cache.h"
#include "lazuli/core/kernel.h"
#include "tests/backends/cuda/every_slot.h"
#include "tests/backends/cuda/recording_driver.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

constexpr DType kAll[] = {kFloat32, kBFloat16, kFloat64, kFloat16, kInt64, kInt32, kInt16, kInt8, kUInt8, kBool, kComplex64, kComplex128};

// Where binaries are kept, while it lives; "": nowhere.
class CacheFolder {
 public:
  explicit CacheFolder(const char* folder) {
    if (const char* before = std::getenv("LAZULI_CACHE_DIR")) before_ = before;
    setenv("LAZULI_CACHE_DIR", folder, 1);
  }
  ~CacheFolder() {
    if (before_) setenv("LAZULI_CACHE_DIR", before_->c_str(), 1);
    else unsetenv("LAZULI_CACHE_DIR");
  }

 private:
  std::optional<std::string> before_;
};

// The texts of all kernels of backends/gpu, got by calling every slot with every dtype on a device that only keeps them.
const RecordingDriver& recorded() {
  static RecordingDriver* driver = [] {
    auto* d = new RecordingDriver;
    DeviceType type = register_backend(*d);
    gpu::set_driver(type, *d);
    gpu::register_kernels(type);
    const CacheFolder none("");
    set_missing_kernel_policy(MissingKernel::Throw);
    for (DType t : kAll) {
      d->now = t;
      call_every_slot(t, Device(type, 0));
    }
    set_missing_kernel_policy(MissingKernel::FallBackToCpu);
    d->there = false;
    return d;
  }();
  return *driver;
}

struct Job {
  const RecordingDriver::Text* text;
  int architecture;
};

}  // namespace

TEST_CASE("cuda: every kernel compiles to machine code", "[backends][cuda]") {
  const cuda::Nvrtc* nvrtc = cuda::Nvrtc::get();
  if (!nvrtc) {
    WARN("there is no NVRTC");
    return;
  }
  // All texts for sm_90; those that float32 is the first to need for sm_80, and bfloat16 for sm_100 too: the architectures differ in what becomes of the code, hardly in what is valid.
  std::vector<Job> jobs;
  for (int architecture : {80, 90, 100}) {
    if (!cuda::target_of(*nvrtc, architecture).machine_code) {
      WARN(cuda::compiler_name(*nvrtc) << " does not know sm_" << architecture);
      continue;
    }
    for (const auto& [text, dtype] : recorded().texts)
      if (architecture == 90 || dtype == (architecture == 80 ? kFloat32 : kBFloat16)) jobs.push_back({&text, architecture});
  }
  REQUIRE(recorded().texts.size() > 100);

  const CacheFolder folder(LAZULI_BINARY_DIR "/nvrtc_checked");  // what this compiler took before is not compiled again
  // About 3,000 texts, three minutes of one core the first time; a busy machine does the rest the next time.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(150);
  std::atomic<size_t> next{0}, left{0};
  std::vector<std::string> errors(jobs.size());
  auto work = [&] {
    for (size_t i; (i = next++) < jobs.size();) try {
        const Job& job = jobs[i];
        const gpu::DiskCache::Key key("sm_" + std::to_string(job.architecture) + (job.text->exact ? " exact " : " ") + cuda::compiler_name(*nvrtc) +
                                      job.text->source);
        if (gpu::DiskCache::read(key)) continue;
        if (std::chrono::steady_clock::now() > end) {
          ++left;
          continue;
        }
        std::string binary = cuda::compile(*nvrtc, job.text->source, {job.architecture, true}, job.text->exact);
        if (!binary.starts_with("\x7f"
                                "ELF"))
          errors[i] = "no machine code";
        else gpu::DiskCache::write(key, "compiles");
      } catch (const Error& error) { errors[i] = error.what(); }
  };
  std::thread other(work);
  work();
  other.join();
  if (left > 0) WARN(left.load() << " of " << jobs.size() << " texts were not compiled: out of time, the next run goes on");
  int failed = 0;
  for (size_t i = 0; i < jobs.size(); ++i) {
    if (errors[i].empty()) continue;
    if (++failed > 20) continue;  // one mistake shows in many dtypes
    UNSCOPED_INFO(errors[i] << "\nof\n" << jobs[i].text->source);
    CHECK(errors[i].empty());
  }
  CHECK(failed == 0);
}

TEST_CASE("cuda: a text that does not compile is an Error with the compiler's log", "[backends][cuda]") {
  const cuda::Nvrtc* nvrtc = cuda::Nvrtc::get();
  if (!nvrtc) return;
  const std::string text =
      error_of([&] { cuda::compile(*nvrtc, "extern \"C\" __global__ void f() { undeclared = 1; }", cuda::target_of(*nvrtc, 90), false); });
  CHECK(says(text, "undeclared"));
  CHECK(says(text, "sm_90"));
}

TEST_CASE("cuda: a device newer than the compiler gets PTX, an older one nothing", "[backends][cuda]") {
  const cuda::Nvrtc* nvrtc = cuda::Nvrtc::get();
  if (!nvrtc) return;
  const cuda::CompileTarget newer = cuda::target_of(*nvrtc, 999);
  CHECK_FALSE(newer.machine_code);
  CHECK(says(cuda::compile(*nvrtc, "extern \"C\" __global__ void f() {}", newer, true), ".target sm_" + std::to_string(newer.architecture)));
  CHECK(cuda::target_of(*nvrtc, 10).architecture == 0);
}

TEST_CASE("cuda: exact kernels do not contract a * b + c", "[backends][cuda]") {
  const cuda::Nvrtc* nvrtc = cuda::Nvrtc::get();
  if (!nvrtc) return;
  cuda::CompileTarget ptx = cuda::target_of(*nvrtc, 90);
  ptx.machine_code = false;
  const std::string text = "extern \"C\" __global__ void f(float* x) { x[0] = x[1] * x[2] + x[3]; }";
  CHECK(says(cuda::compile(*nvrtc, text, ptx, false), "fma.rn.f32"));
  CHECK_FALSE(cuda::compile(*nvrtc, text, ptx, true).find("fma.rn.f32") != std::string::npos);
}
