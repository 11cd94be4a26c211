// Runs a frozen network (a .lzl file, which examples/freeze.cpp and lazuli::freeze write) with the small library alone: no autograd, no modules, no data.
//   run_frozen MODEL.lzl [--input NUMBERS.f32].. [--repeat N] [--threads N] [--calls]
// An input is a file of the elements, float32 in row-major order; those that are not given are 0, 1/n, 2/n ... of their n elements. Prints the sizes and first elements of each output, and when the first was there.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/record/frozen/frozen.h"

namespace {
using namespace lazuli;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

Tensor converted(const Tensor& t, DType dtype) {
  if (t.dtype() == dtype) return t;
  Tensor out = new_tensor(t.sizes(), dtype);
  copy_kernel(kCPU, out, t);
  return out;
}

Tensor made_up(const Frozen::Signature& wanted) {
  Tensor t = new_tensor(wanted.sizes, kFloat32);
  float* p = t.data_ptr<float>();
  for (int64_t i = 0; i < t.numel(); ++i) p[i] = float(double(i) / double(t.numel()));
  return converted(t, wanted.dtype);
}

Tensor from_file(const std::string& path, const Frozen::Signature& wanted) {
  const files::FileBytes file = files::read_file("run_frozen", path);
  if (int64_t(file.size) != wanted.sizes.numel() * int64_t(sizeof(float)))
    fail(ErrorKind::File, "run_frozen", "input", std::to_string(wanted.sizes.numel()) + " float32 numbers in '" + path + "'",
         std::to_string(file.size) + " bytes");
  return converted(from_blob(file.data, wanted.sizes, kFloat32, file.owner), wanted.dtype);
}

void print(const Tensor& t) {
  std::printf("%s %s:", std::string(name(t.dtype())).c_str(), to_string(t.sizes()).c_str());
  Tensor dense = new_tensor(t.sizes(), t.dtype());
  copy_kernel(kCPU, dense, t);
  const Tensor numbers = converted(dense, kFloat64);
  const double* p = numbers.data_ptr<const double>();
  for (int64_t i = 0; i < std::min<int64_t>(numbers.numel(), 8); ++i) std::printf(" %.6g", p[i]);
  std::printf("%s\n", numbers.numel() > 8 ? " .." : "");
}
}  // namespace

int main(int argc, char** argv) {
  const Clock::time_point begin = Clock::now();
  std::string model;
  std::vector<std::string> inputs;
  int repeat = 0;
  bool calls = false;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (!std::strcmp(argv[i], "--input") && more) inputs.push_back(argv[++i]);
    else if (!std::strcmp(argv[i], "--repeat") && more) repeat = std::atoi(argv[++i]);
    else if (!std::strcmp(argv[i], "--threads") && more) set_num_threads(std::max(1, std::atoi(argv[++i])));
    else if (!std::strcmp(argv[i], "--calls")) calls = true;
    else if (model.empty() && argv[i][0] != '-') model = argv[i];
    else model.clear(), i = argc;
  }
  if (model.empty()) {
    std::fprintf(stderr, "usage: run_frozen MODEL.lzl [--input NUMBERS.f32].. [--repeat N] [--threads N] [--calls]\n");
    return 2;
  }
  try {
    const Frozen frozen = load_frozen(model);
    if (calls) std::printf("%s\n", to_string(frozen).c_str());
    std::vector<Tensor> given;
    for (size_t i = 0; i < frozen.inputs().size(); ++i)
      given.push_back(i < inputs.size() ? from_file(inputs[i], frozen.inputs()[i]) : made_up(frozen.inputs()[i]));
    const std::vector<Tensor> outputs = frozen.run(given);
    const double first = milliseconds_since(begin);
    for (const Tensor& t : outputs) print(t);
    std::printf("first result after %.1f ms\n", first);
    if (repeat > 0) {
      const Clock::time_point start = Clock::now();
      for (int i = 0; i < repeat; ++i) frozen.run(given);
      std::printf("%.4f ms each\n", milliseconds_since(start) / repeat);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "run_frozen: %s\n", error.what());
    return 1;
  }
}
