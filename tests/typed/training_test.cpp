// Typed networks compute what their untyped twins do, bit for bit, forward and backward.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include "tests/catch.h"

using namespace lazuli;

namespace {

constexpr int64_t N = typed::dim("batch");
template <int64_t... extents>
using F = Typed<float, typed::Dims<extents...>>;
template <int64_t... extents>
using I = Typed<int64_t, typed::Dims<extents...>>;

// Makes the model from seed 1 and trains it for some steps; the losses, then all state.
template <class Model, class X, class Y>
std::vector<Tensor> trained(const X& x, const Y& y) {
  manual_seed(1);
  Model model;
  model.forward(x);  // lazy ones get their sizes
  optim::Adam optimizer(model.parameters(), {.lr = 1e-2});
  std::vector<Tensor> result;
  for (int step = 0; step < 3; ++step) {
    optimizer.zero_grad();
    auto loss = cross_entropy(model(x), y);
    loss.backward();
    optimizer.step();
    result.push_back(loss.detach());
  }
  for (auto& [name, tensor] : model.state_dict()) result.push_back(tensor);
  return result;
}
void check_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(equal(a[i], b[i]));
}

struct PlainMlp : nn::Sequential {
  PlainMlp() : nn::Sequential{nn::Linear(12, 16), nn::ReLU(), nn::Linear(16, 5)} {}
};
using TypedMlp = typed::Sequential<typed::Linear<12, 16>, typed::ReLU, typed::Linear<16, 5>>;

struct PlainImages : nn::Sequential {
  PlainImages()
      : nn::Sequential{nn::LazyConv2d(8, 3, nn::ConvOptions{.padding = 1, .bias = false}),
                       nn::LazyBatchNorm2d(),
                       nn::ReLU(),
                       nn::MaxPool2d(2),
                       nn::Flatten(),
                       nn::LazyLinear(5)} {}
};
using Images = F<N, 3, 8, 8>;
using TypedImages = typed::Sequential<typed::Input<Images>, typed::LazyConv2d<8, 3, typed::Window{.padding = 1, .bias = false}>,
                                      typed::LazyBatchNorm2d, typed::ReLU, typed::MaxPool2d<2>, typed::Flatten<>, typed::LazyLinear<5>>;
static_assert(std::is_same_v<TypedImages::output_type, F<N, 5>>);

// A pre-norm block of attention and a feed-forward layer, written once for both kinds of modules and tensors.
template <template <class> class Held, class Norm, class Linear1, class Linear2, class Attention>
struct BlockOf : nn::Module {
  Held<Norm> norm1, norm2;
  Held<Attention> attention;
  Held<Linear1> up;
  Held<Linear2> down;
  template <class... A>
  BlockOf(A... sizes)
      : norm1(this, "norm1", sizes...), norm2(this, "norm2", sizes...), attention(this, "attention"), up(this, "up"), down(this, "down") {}
  template <class X>
  auto forward(const X& x) {
    auto h = norm1(x);
    auto attended = attention(h, h, h);
    auto y = x + std::get<0>(attended);
    return y + down(gelu(up(norm2(y))));
  }
};
constexpr nn::MultiheadAttentionOptions kBatchFirst{.batch_first = true};
struct PlainAttention : nn::MultiheadAttention {
  PlainAttention() : nn::MultiheadAttention(16, 4, kBatchFirst) {}
};
struct TypedAttention : typed::MultiheadAttention<16, 4> {
  TypedAttention() : typed::MultiheadAttention<16, 4>(kBatchFirst) {}
};
struct Up : nn::Linear {
  Up() : nn::Linear(16, 32) {}
};
struct Down : nn::Linear {
  Down() : nn::Linear(32, 16) {}
};
struct PlainNorm : nn::LayerNorm {
  PlainNorm() : nn::LayerNorm(Shape{16}) {}
};
using PlainBlock = BlockOf<nn::Child, PlainNorm, Up, Down, PlainAttention>;
using TypedBlock = BlockOf<typed::Child, typed::LayerNorm<16>, typed::Linear<16, 32>, typed::Linear<32, 16>, TypedAttention>;

template <template <class> class Held, class Embedding, class Block, class Head>
struct GptOf : nn::ModuleOf<GptOf<Held, Embedding, Block, Head>> {
  Held<Embedding> tokens{this, "tokens"};
  Held<Block> first{this, "first"}, second{this, "second"};
  Held<Head> head{this, "head"};
  template <class X>
  auto forward(const X& x) {
    auto scores = head(second(first(tokens(x))));
    if constexpr (typed::AnyTyped<decltype(scores)>) return rearrange<"b t c -> b c t">(scores);
    else return scores.permute({0, 2, 1});
  }
};
struct PlainTokens : nn::Embedding {
  PlainTokens() : nn::Embedding(20, 16) {}
};
struct PlainHead : nn::Linear {
  PlainHead() : nn::Linear(16, 20) {}
};
using PlainGpt = GptOf<nn::Child, PlainTokens, PlainBlock, PlainHead>;
using TypedGpt = GptOf<typed::Child, typed::Embedding<20, 16>, TypedBlock, typed::Linear<16, 20>>;

struct PlainEncoder : nn::Sequential {
  PlainEncoder()
      : nn::Sequential{nn::TransformerEncoderLayer(16, 4, {.dim_feedforward = 32, .dropout = 0, .batch_first = true}), nn::Flatten(),
                       nn::Linear(80, 5)} {}
};
struct TypedEncoderLayer : typed::TransformerEncoderLayer<16, 4> {
  TypedEncoderLayer() : typed::TransformerEncoderLayer<16, 4>({.dim_feedforward = 32, .dropout = 0, .batch_first = true}) {}
};
using TypedEncoder = typed::Sequential<TypedEncoderLayer, typed::Flatten<>, typed::Linear<80, 5>>;

}  // namespace

TEST_CASE("a typed multi-layer perceptron trains as its untyped twin", "[typed]") {
  const Tensor x = randn({6, 12}), y = randint(0, 5, {6});
  const auto [typed_x, typed_y] = typed_cast<F<N, 12>, I<N>>(x, y);
  check_same(trained<PlainMlp>(x, y), trained<TypedMlp>(typed_x, typed_y));
}

TEST_CASE("a typed convolutional network that infers its sizes trains as the lazy one", "[typed]") {
  const Tensor x = randn({4, 3, 8, 8}), y = randint(0, 5, {4});
  const auto [typed_x, typed_y] = typed_cast<Images, I<N>>(x, y);
  check_same(trained<PlainImages>(x, y), trained<TypedImages>(typed_x, typed_y));
}

TEST_CASE("typed transformer layers and a small GPT train as their untyped twins", "[typed]") {
  const Tensor x = randn({3, 5, 16}), y = randint(0, 5, {3});
  const auto [typed_x, typed_y] = typed_cast<F<N, 5, 16>, I<N>>(x, y);
  check_same(trained<PlainEncoder>(x, y), trained<TypedEncoder>(typed_x, typed_y));

  const Tensor text = randint(0, 20, {3, 7}), next = randint(0, 20, {3, 7});
  const auto [typed_text, typed_next] = typed_cast<I<N, 7>, I<N, 7>>(text, next);
  check_same(trained<PlainGpt>(text, next), trained<TypedGpt>(typed_text, typed_next));
}

TEST_CASE("typed modules keep the names, prints and files of their untyped twins, and are cloned", "[typed]") {
  TypedMlp net;
  PlainMlp plain;
  for (auto& [name, tensor] : net.state_dict()) CHECK(plain.state_dict().at(name).sizes() == tensor.sizes());
  net.load_state_dict(plain.state_dict());
  const Tensor x = randn({2, 12});
  CHECK(equal(net(x), plain(x)));
  CHECK(nn::to_string(net) == nn::to_string(nn::Sequential(nn::Linear(12, 16), nn::ReLU(), nn::Linear(16, 5))));
  auto copy = net.clone();
  CHECK(equal((*copy)(x), plain(x)));
  int calls = 0;
  net.get<0>().register_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) { ++calls; });
  const auto out = net(typed_cast<F<N, 12>>(x));
  CHECK(equal(out, plain(x)));
  CHECK(calls == 1);
}
