#include "lazuli/backends/gpu/program.h"

#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;
using gpu::Arguments;
using gpu::Grid;
using gpu::Source;
using gpu::Variant;

namespace {

const Source kScale{"scale", R"gpu(
KERNEL(scale)(BUFFER(T, x), int64 n, T_ACCUMULATE by) {
  OPEN(T, x);
  const int64 i = GLOBAL_ID;
  if (i < n) T_STORE(x, i, T_LOAD(x, i) * by + PLUS);
}
)gpu"};

const Source kBroken{"broken", "KERNEL(broken)(BUFFER(T, x)) { this is no C; }\n"};

void scale(Tensor& x, double by, int64_t plus) {
  Arguments args;
  args.buffer(x).value(x.numel()).number(x.dtype(), by);
  Variant(kScale, "scale", x.device()).type("T", x.dtype()).define("PLUS", plus).run(Grid::items(x.numel()), args);
}

}  // namespace

TEST_CASE("gpu: a kernel is specialised by types and numbers", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64})) {
      INFO(name(t));
      Tensor host = arange(100).to(t), x = host.to(d);
      scale(x, 2, 1);
      require_same(x, host * 2 + 1);
      scale(x, 1, -1);
      require_same(x, host * 2);
      Tensor part = x.slice(0, 7, 20);  // a buffer that begins inside another
      scale(part, 0, 5);
      require_same(x.slice(0, 7, 20).contiguous(), full({13}, 5).to(t));
      require_same(x.slice(0, 20).contiguous(), (host * 2).slice(0, 20).contiguous());
    }
}

TEST_CASE("gpu: a text that does not compile is an Error with the compiler's words", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = ones({4}, {.device = d});
    Arguments args;
    args.buffer(x);
    for (int turn = 0; turn < 2; ++turn) {  // the second time as well
      std::string text = error_of([&] { Variant(kBroken, "broken", d).type("T", kFloat32).run(Grid::items(4), args); });
      CHECK(says(text, "compile"));
      CHECK(says(text, "error"));
    }
    CHECK(sum(x).item<double>() == 4);
  }
}

TEST_CASE("gpu: PoCL, which keeps what it compiled itself, takes a kernel's text for its binary: no kernel is compiled twice", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    gpu::Driver& driver = gpu::driver_of(d);
    const std::string about = driver.properties(d.index).driver;
    if (about.find("pocl") == std::string::npos && about.find("PoCL") == std::string::npos) continue;
    const std::string text = "__kernel void nothing() {}\n", binary = driver.compile(text, false, d.index);
    CHECK(binary == text);
    CHECK(driver.load(binary, "nothing", d.index));
    CHECK(says(error_of([&] { driver.load("this is no C", "nothing", d.index); }), "compile"));
  }
}

TEST_CASE("gpu: an index that is out of range inside a kernel is an Error at the next wait, and the work goes on", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = arange(10).to(kFloat32).to(d), bad = tensor(std::vector<int64_t>{3, 10}).to(d), good = tensor(std::vector<int64_t>{3, 9}).to(d);
    std::string text = error_of([&] { index_select(x, 0, bad).cpu(); });
    CHECK(says(text, "index_select"));
    CHECK(says(text, "10"));
    CHECK(index_select(x, 0, good).to_vector<float>() == std::vector<float>{3, 9});
    synchronize(d);
  }
}
