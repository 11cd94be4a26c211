// What the test of scripts/lazuli_gdb.py looks at; compiled with -g.
#include <cstdio>

#include "lazuli/lazuli.h"

using namespace lazuli;

struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 3, 2};
  nn::Parameter scale{this, "scale", ones({1})};
  Tensor forward(const Tensor& x) { return fc1(x) * scale; }
};

[[gnu::noinline]] void look(const Tensor& x, const Shape& sizes, const Net& net) {
  asm volatile("" ::"r"(&x), "r"(&sizes), "r"(&net));  // the breakpoint
}

int main(int count, char**) {
  Tensor x = arange(6).to(kFloat32).view({2, 3}).t(), half = ones({2}, kFloat16) * 1.5, brain = ones({}, kBFloat16) * 2.5;
  Tensor whole = arange(20), flags = tensor({true, false}), z = zeros({1}, kComplex64), nothing, meta = zeros({2, 2}, {.device = kMeta});
  Shape sizes{2, 3, 4}, long_one = Shape::filled(8, 1);
  Net net;
  if (count > 1) std::printf("%s\n", nn::to_string(net).c_str());  // a static library's part that prints modules is linked
  look(x, sizes, net);
  return int(half.numel() + brain.numel() + whole.numel() + flags.numel() + z.numel() + meta.numel() + long_one.size() + nothing.defined());
}
