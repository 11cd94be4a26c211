#!/usr/bin/env bash
# Usage: typed_compile_time.sh [COMPILER [INCLUDE_FOLDER]]. Seconds of processor time that the compiler takes at -O0 for a network of 20 layers and for a ResNet-18, typed and untyped.
set -euo pipefail
compiler=${1:-g++}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ $# -gt 1 ]; then
  include=$2
else
  include=$folder
  ln -s "$(cd "$(dirname "$0")/.." && pwd)" "$folder/lazuli"
fi

layers() {  # typed::X<a, b> or nn::X(a, b), in a list
  for i in $(seq 1 9); do printf '%s' "$1$((i * 10))$2$((i * 10 + 10))$3, $4, "; done
  printf '%s' "$1 100$2 10$3"
}
{
  echo '#include <lazuli/lazuli.h>'
  echo 'using namespace lazuli;'
  echo "Tensor run(const Tensor& x) { nn::Sequential net{$(layers 'nn::Linear(' ', ' ')' 'nn::ReLU()'), nn::Tanh()}; return net(x); }"
} >"$folder/untyped.cpp"
{
  echo '#include <lazuli/lazuli.h>'
  echo '#include <lazuli/typed/typed.h>'
  echo 'using namespace lazuli;'
  echo "Tensor run(const Tensor& x) { typed::Sequential<$(layers 'typed::Linear<' ', ' '>' 'typed::ReLU'), typed::Tanh> net; return net(typed_cast<\"float32[batch, 10]\">(x)); }"
} >"$folder/typed.cpp"

cat >"$folder/resnet_untyped.cpp" <<'END'
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Block : nn::Module {
  nn::Child<nn::Conv2d> conv1, conv2;
  nn::Child<nn::BatchNorm2d> bn1, bn2;
  std::optional<nn::Child<nn::Sequential>> down;
  Block(int64_t in, int64_t out, int64_t stride)
      : conv1(this, "conv1", in, out, 3, nn::ConvOptions{.stride = stride, .padding = 1, .bias = false}),
        conv2(this, "conv2", out, out, 3, nn::ConvOptions{.padding = 1, .bias = false}), bn1(this, "bn1", out), bn2(this, "bn2", out) {
    if (stride != 1) down.emplace(this, "down", nn::Sequential(nn::Conv2d(in, out, 1, nn::ConvOptions{.stride = stride, .bias = false}), nn::BatchNorm2d(out)));
  }
  Tensor forward(const Tensor& x) { return relu(bn2(conv2(relu(bn1(conv1(x))))) + (down ? (*down)(x) : x)); }
};
Tensor run(const Tensor& x) {
  nn::Sequential net{nn::Conv2d(3, 64, 7, nn::ConvOptions{.stride = 2, .padding = 3, .bias = false}), nn::BatchNorm2d(64), nn::ReLU(), nn::MaxPool2d(3, nn::MaxPoolOptions{.stride = 2, .padding = 1}),
                     Block(64, 64, 1), Block(64, 64, 1), Block(64, 128, 2), Block(128, 128, 1), Block(128, 256, 2), Block(256, 256, 1), Block(256, 512, 2), Block(512, 512, 1),
                     nn::AdaptiveAvgPool2d(1), nn::Flatten(), nn::Linear(512, 1000)};
  return net(x);
}
END
cat >"$folder/resnet_typed.cpp" <<'END'
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>
using namespace lazuli;
using typed::Window;
template <int64_t in, int64_t out, int64_t stride>
struct Block : nn::Module {
  typed::Child<typed::Conv2d<in, out, 3, Window{.stride = stride, .padding = 1, .bias = false}>> conv1{this, "conv1"};
  typed::Child<typed::Conv2d<out, out, 3, Window{.padding = 1, .bias = false}>> conv2{this, "conv2"};
  typed::Child<typed::BatchNorm2d<out>> bn1{this, "bn1"}, bn2{this, "bn2"};
  using Down = std::conditional_t<stride == 1, typed::Identity, typed::Sequential<typed::Conv2d<in, out, 1, Window{.stride = stride, .bias = false}>, typed::BatchNorm2d<out>>>;
  typed::Child<Down> down{this, "down"};
  template <class X>
  auto forward(const X& x) {
    return relu(bn2(conv2(relu(bn1(conv1(x))))) + down(x));
  }
};
using Images = TypedOf<"float32[batch, 3, 224, 224]">;
using ResNet = typed::Sequential<typed::Input<Images>, typed::Conv2d<3, 64, 7, Window{.stride = 2, .padding = 3, .bias = false}>, typed::BatchNorm2d<64>, typed::ReLU,
                                 typed::MaxPool2d<3, Window{.stride = 2, .padding = 1}>, Block<64, 64, 1>, Block<64, 64, 1>, Block<64, 128, 2>, Block<128, 128, 1>, Block<128, 256, 2>, Block<256, 256, 1>,
                                 Block<256, 512, 2>, Block<512, 512, 1>, typed::AdaptiveAvgPool2d<1>, typed::Flatten<>, typed::Linear<512, 1000>>;
static_assert(std::is_same_v<ResNet::output_type, TypedOf<"float32[batch, 1000]">>);
Tensor run(const Tensor& x) {
  ResNet net;
  return net(typed_cast<Images>(x));
}
END
for name in untyped typed resnet_untyped resnet_typed; do
  best=
  for _ in 1 2 3; do
    TIMEFORMAT='%U %S'
    seconds=$({ time "$compiler" -std=c++20 -O0 -c "-I$include" "$folder/$name.cpp" -o "$folder/out.o"; } 2>&1 | tail -1 | awk '{ printf "%.2f", $1 + $2 }')
    if [ -z "$best" ] || awk "BEGIN { exit !($seconds < $best) }"; then best=$seconds; fi
  done
  printf '%-16s %s s\n' "$name" "$best"
done
