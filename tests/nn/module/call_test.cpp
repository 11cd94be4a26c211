#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Which forwards can be called, and from where.

using namespace lazuli;
using nn_test::message;
using nn_test::same;

namespace {

struct Plain : nn::Module {
  nn::Parameter weight{this, "weight", ones({2})};
  Tensor forward(const Tensor& x) { return x * weight; }
};
struct ByValue : nn::Module {
  Tensor forward(Tensor x) { return x * 2; }
};
struct ByReference : nn::Module {
  Tensor forward(Tensor& x) { return x * 3; }
};
struct WithFlag : nn::Module {
  Tensor forward(const Tensor& x, bool twice = false) { return twice ? x * 2 : x; }
};
// One tensor in, several out: what a virtual forward of the base would collide with.
struct Split : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 2, 2};
  std::tuple<Tensor, Tensor> forward(const Tensor& x) { return {fc(x), x}; }
};
struct Policy {
  Tensor logits;
  std::optional<Tensor> value;
  int step = 0;
  auto tensors() { return std::tie(logits, value); }
};
struct ActorCritic : nn::ModuleOf<ActorCritic> {
  nn::Child<nn::LazyLinear> body{this, "body", 4};
  Policy forward(const Tensor& x, int step = 1) { return {body(x), sum(x, -1), step}; }
};
struct Vae : nn::ModuleOf<Vae> {
  nn::Child<nn::LazyLinear> encoder{this, "encoder", 4};
  nn::Child<nn::LazyLinear> decoder{this, "decoder", 3};
  std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& x) {
    std::vector<Tensor> halves = chunk(encoder(x), 2, -1);
    return {decoder(halves[0]), halves[0], halves[1]};
  }
};
struct Memory {
  Tensor last;
  auto tensors() { return std::tie(last); }
};
struct Remembering : nn::ModuleOf<Remembering> {
  void forward(const Tensor& x, Memory& memory, std::unique_ptr<int> moved) { memory.last = x * *moved; }
};
class Hidden : public nn::Module {
  Tensor forward(const Tensor& x) { return x; }

 public:
  nn::Parameter weight{this, "weight", ones({1})};
};
struct Doubling : nn::Linear {
  Doubling() : Linear(2, 2) {}
  Tensor forward(const Tensor& x) override { return Linear::forward(x) * 2; }
};

}  // namespace

TEST_CASE("net(x) finds the forward of the class, by value, by reference, and with defaults", "[nn][call]") {
  Plain plain;
  Tensor x = tensor({1.0, 2.0}, kFloat32);
  REQUIRE(same(plain(x), x));
  nn::Sequential row{ByValue(), ByReference(), WithFlag(), Plain()};
  REQUIRE(same(row(x), x * 6));
  nn::ModuleDict dict;
  dict.set("a", std::make_shared<ByValue>());
  REQUIRE(same(dict["a"](x), x * 2));
  plain.add_module("flag", std::make_shared<WithFlag>());
  REQUIRE(same(plain.get_submodule("flag")(x), x));
  WithFlag flag;
  REQUIRE(same(nn::call(flag, x, true), x * 2));
}

TEST_CASE("a forward overridden in a class derived from a layer is what everyone calls", "[nn][call]") {
  Doubling layer;
  Tensor x = randn({3, 2}), expected = linear(x, layer.weight, Tensor(layer.bias)) * 2;
  REQUIRE(same(layer(x), expected));
  REQUIRE(same(static_cast<nn::Linear&>(layer)(x), expected));
  REQUIRE(same(static_cast<nn::Module&>(layer)(x), expected));
  nn::Sequential row{std::move(layer)};
  REQUIRE(same(row(x), expected));
}

TEST_CASE("tuples, structs and nothing are results like others, of a Child and of a root that names itself", "[nn][call]") {
  Tensor x = randn({5, 3});
  Vae vae;
  auto [image, mean, log_variance] = vae(x);
  REQUIRE(image.sizes() == Shape{5, 3});
  REQUIRE(log_variance.sizes() == Shape{5, 2});
  ActorCritic net;
  Policy policy = net(x, 7);
  REQUIRE(policy.step == 7);
  REQUIRE(policy.logits.sizes() == Shape{5, 4});
  struct Outer : nn::Module {
    nn::Child<Split> split{this, "split"};
    nn::Child<Remembering> remembering{this, "remembering"};
    Tensor forward(const Tensor& input) {
      auto [a, b] = split(input);
      Memory memory;
      remembering(a, memory, std::make_unique<int>(2));
      return memory.last + b;
    }
  } outer;
  Tensor two = randn({1, 2});
  REQUIRE(same(outer(two), (*outer.split->fc)(two)*2 + two));
}

TEST_CASE("sizes are inferred through a forward of any result", "[nn][call][lazy]") {
  Vae vae;
  REQUIRE(nn::summarize(vae, {5, 3}).lines.size() == 3);
  nn::materialize(vae, {5, 3});
  REQUIRE(vae.encoder->weight.sizes() == Shape{4, 3});
  nn::Module& base = vae;
  nn::materialize(base, {5, 3});
}

TEST_CASE("hooks see the tensors in structs, and replace them", "[nn][call]") {
  ActorCritic net;
  Tensor x = randn({5, 3}).requires_grad_();
  net(x);
  int seen = 0, gradients = 0;
  auto handle = net.register_forward_hook([&](nn::Module&, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
    seen = int(10 * in.size() + out.size());
    return std::vector<Tensor>{out[0] * 0, out[1]};
  });
  net.register_full_backward_hook(
      [&](nn::Module&, const std::vector<Tensor>& in, const std::vector<Tensor>& out) { gradients = int(10 * in.size() + out.size()); });
  Policy policy = net(x);
  REQUIRE(seen == 12);
  REQUIRE(same(policy.logits, zeros({5, 4})));
  REQUIRE(policy.step == 1);
  sum(policy.value.value() + sum(policy.logits, -1)).backward();
  REQUIRE(gradients == 12);
  handle.remove();

  // An argument that forward changes is changed for the caller, hooks or not.
  Remembering remembering;
  remembering.register_forward_pre_hook([&](nn::Module&, const std::vector<Tensor>& in) { seen = int(in.size()); });
  Memory memory{zeros({2})};
  remembering(ones({2}), memory, std::make_unique<int>(3));
  REQUIRE(same(memory.last, full({2}, 3.0)));
  REQUIRE(seen == 2);

  // The masks of attention are behind query, key and value.
  nn::TransformerEncoderLayer layer(4, 2);
  std::vector<size_t> counts;
  const auto count = [&](nn::Module&, const std::vector<Tensor>& in) { counts.push_back(in.size()); };
  layer.register_forward_pre_hook(count);
  layer.self_attn->register_forward_pre_hook(count);
  layer(x.new_zeros({3, 1, 4}), {.mask = zeros({3, 3}), .src_key_padding_mask = zeros({1, 3})});
  REQUIRE(counts == std::vector<size_t>{3, 5});
}

TEST_CASE("a base that cannot know how to call says what to write", "[nn][call]") {
  Tensor x = ones({2});
  ByValue alone;
  REQUIRE(
      message([&] { alone(x); }) ==
      "ByValue: expected a class that its base knows how to call: `struct ByValue : nn::ModuleOf<ByValue>`, got one that neither registers anything "
      "nor is held by a Child or container; nn::call(module, x) calls it, too\n  in module ByValue");
  REQUIRE(same(nn::call(alone, x), x * 2));
  nn::Sequential row{nn::ReLU(), Split()};
  REQUIRE(
      message([&] { row(x); }) ==
      "Split: expected a public forward that takes a tensor and returns one, got a class with another one, or none; call it through its Child or as "
      "nn::call(module, ...)\n  in module 1 (Split)");
  Hidden hidden;
  REQUIRE(message([&] { hidden(x); }).starts_with("Hidden: expected a public forward"));
  nn::ModuleList list{nn::ReLU()};
  REQUIRE(message([&] { list(x); }).starts_with("ModuleList: expected "));
}

TEST_CASE("a module that is a plain member is found at its first call", "[nn][call]") {
  struct Forgetful : nn::Module {
    nn::Child<nn::Linear> fc{this, "fc", 2, 2};
    nn::Linear head{2, 2};
    Tensor forward(const Tensor& x) { return head(fc(x)); }
  } net;
  REQUIRE(
      message([&] {
        net(ones({1, 2}));
      }) ==
      "Forgetful: expected modules that are registered, as in `nn::Child<Linear> name{this, \"name\", ...}`, got a Linear that is a plain member\n"
      "  in module Forgetful");
  struct Loose : nn::ModuleOf<Loose> {
    std::optional<nn::ReLU> relu{false};
    Tensor forward(const Tensor& x, int) { return (*relu)(x); }
  } loose;
  REQUIRE(message([&] { loose(ones({2}), 1); }).find("a ReLU that is a plain member") != std::string::npos);
  // Others' modules, and those on the stack, may be called.
  nn::Linear shared(2, 2);
  struct Borrowing : nn::ModuleOf<Borrowing> {
    Tensor forward(const Tensor& x, nn::Linear& by) { return nn::ReLU()(by(x)); }
  } borrowing;
  REQUIRE(borrowing(ones({1, 2}), shared).sizes() == Shape{1, 2});
}

TEST_CASE("what was moved from throws", "[nn][call]") {
  Plain a;
  Plain b = std::move(a);
  REQUIRE(message([&] { a(ones({2})); }) == "Plain: expected a module that holds something, got one that was moved from");
  nn::Sequential row{nn::ReLU()}, other = std::move(row);
  for (auto use : std::vector<std::function<void()>>{[&] { row(ones({2})); }, [&] { row.state_dict(); }, [&] { row.parameters(); },
                                                     [&] { row.push_back(nn::ReLU()); }, [&] { row.train(); }, [&] { to_string(row); },
                                                     [&] { row.to(kFloat64); }, [&] { (void)nn::clone(row); }, [&] { nn::summary(row, {2}); }})
    REQUIRE(message(use).find("one that was moved from") != std::string::npos);
  row = nn::Sequential{nn::ReLU()};
  REQUIRE(same(row(ones({2})), ones({2})));

  Split split, taken = std::move(split);
  REQUIRE(message([&] { split.fc(ones({1, 2})); }) == "Child<Linear>: expected a Child that holds a module, got one that was moved from");
  REQUIRE_THROWS_AS(split.fc->weight.sizes(), Error);
  REQUIRE_THROWS_AS(*split.fc, Error);
  REQUIRE(split.fc.get() == nullptr);
}

namespace {
struct Attending : nn::ModuleOf<Attending> {
  nn::Child<nn::MultiheadAttention> attention{this, "attention", 4, 2};
  nn::Child<nn::LSTM> lstm{this, "lstm", 4, 3};
  Tensor forward(const Tensor& x, bool states = false) {
    const Tensor attended = std::get<0>(attention(x, x, x, {.need_weights = false}));
    return states ? std::get<0>(lstm(attended, {zeros({1, 2, 3}), zeros({1, 2, 3})})) : attended;
  }
};
}  // namespace

TEST_CASE("the last argument of a call may stand in braces", "[nn][call]") {
  const Tensor x = ones({5, 2, 4}), h = zeros({1, 2, 3});
  nn::MultiheadAttention attention(4, 2);
  CHECK_FALSE(std::get<1>(attention(x, x, x, {.need_weights = false})).defined());
  const nn::MultiheadAttnOptions options{.need_weights = false};
  CHECK_FALSE(std::get<1>(attention(x, x, x, options)).defined());
  CHECK(std::get<1>(attention(x, x, x)).defined());
  nn::LSTM lstm(4, 3);
  const auto [out, state] = lstm(x, {h, h});
  const Tensor again = std::get<0>(lstm(x, state));
  CHECK(same(out, std::get<0>(lstm(x))));
  CHECK(again.sizes() == out.sizes());
  nn::LSTMCell cell(4, 3);
  CHECK(same(std::get<0>(cell(x[0], {h[0], h[0]})), std::get<0>(cell(x[0]))));
  Attending net;
  bool states = true;
  CHECK(net(x, true).sizes() == Shape{5, 2, 3});
  CHECK(net(x, states).sizes() == Shape{5, 2, 3});
  CHECK(net(x, {}).sizes() == Shape{5, 2, 4});
  CHECK(net(x).sizes() == Shape{5, 2, 4});
}

TEST_CASE("half and bfloat16 cast a module", "[nn][module]") {
  nn::Linear fc(2, 2);
  fc.half();
  CHECK(fc.weight.dtype() == kFloat16);
  fc.bfloat16();
  CHECK(fc.weight.dtype() == kBFloat16);
}
