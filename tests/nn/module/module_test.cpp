#include <sstream>

#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::message;
using nn_test::same;

namespace {

struct Block : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 3, 3};
  nn::Parameter scale{this, "scale", ones({3})};
  nn::Buffer steps{this, "steps", zeros({}, kInt64)};
  nn::Buffer cache{this, "cache", zeros({2}), false};
  int64_t depth = 2;
  static constexpr auto members() { return Members{member("depth", &Block::depth)}; }
  Tensor forward(const Tensor& x) { return fc(x) * scale; }
};
struct Net : nn::Module {
  nn::Child<Block> block{this, "block"};
  nn::Child<nn::BatchNorm1d> bn{this, "bn", 3, {.affine = false}};
  nn::Child<nn::Linear> head{this, "head", 3, 2, {.bias = false}};
  Tensor forward(const Tensor& x) { return head(bn(block(x))); }
};
// A forward of another signature.
struct Attention : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 2, 2};
  std::pair<Tensor, Tensor> forward(const Tensor& a, const Tensor& b, bool swap = false) { return swap ? std::pair(fc(b), a) : std::pair(fc(a), b); }
};
std::vector<std::string> names(const std::vector<StateDict::Entry>& entries) {
  std::vector<std::string> all;
  for (const auto& e : entries) all.push_back(e.first);
  return all;
}
std::vector<std::string> names(const StateDict& dict) { return names(std::vector<StateDict::Entry>(dict.begin(), dict.end())); }
using Strings = std::vector<std::string>;

}  // namespace

static_assert(std::is_move_assignable_v<Block> && std::is_move_assignable_v<nn::Linear>);
static_assert(!std::is_move_assignable_v<nn::Module>, "a part that is known as its base is not replaced by halves");

TEST_CASE("parameters, buffers and modules are listed in the order of registration", "[nn]") {
  Net net;
  REQUIRE(names(net.named_parameters()) == Strings{"block.scale", "block.fc.weight", "block.fc.bias", "head.weight"});
  REQUIRE(names(net.named_buffers()) == Strings{"block.steps", "block.cache", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked"});
  REQUIRE(names(net.state_dict()) == Strings{"block.scale", "block.steps", "block.fc.weight", "block.fc.bias", "bn.running_mean", "bn.running_var",
                                             "bn.num_batches_tracked", "head.weight"});
  Strings modules, children;
  for (auto& [name, m] : net.named_modules()) modules.push_back(name + ":" + m->class_name());
  REQUIRE(modules == Strings{":Net", "block:Block", "block.fc:Linear", "bn:BatchNorm1d", "head:Linear"});
  for (auto& [name, m] : net.named_children()) children.push_back(name);
  REQUIRE(children == Strings{"block", "bn", "head"});
  REQUIRE(net.num_parameters() == 3 + 9 + 3 + 6);
  REQUIRE(net.parameters(false).empty());
  Strings applied;
  net.apply([&](nn::Module& m) { applied.push_back(m.class_name()); });
  REQUIRE(applied == Strings{"Linear", "Block", "BatchNorm1d", "Linear", "Net"});
}

TEST_CASE("parts are found by path", "[nn]") {
  Net net;
  REQUIRE(&net.get_submodule("block.fc") == net.block->fc.get());
  REQUIRE(&net.get_submodule("") == &net);
  REQUIRE(net.get_parameter("block.fc.weight").is_same(net.block->fc->weight));
  REQUIRE(net.get_buffer("block.steps").is_same(net.block->steps));
  REQUIRE(message([&] { net.get_submodule("block.nope.x"); }) ==
          "get_submodule: argument 'path': expected the path of a module, got 'block.nope.x': Block has no module 'nope'");
  REQUIRE(message([&] { net.get_parameter("bn.weight"); }) ==
          "get_parameter: argument 'path': expected the path of a parameter, got 'bn.weight': BatchNorm1d has no parameter 'weight'");
}

TEST_CASE("registering refuses bad names, cycles and nothing", "[nn]") {
  Block block;
  REQUIRE(message([&] { block.register_parameter("scale", ones({1})); }) ==
          "register_parameter: argument 'name': expected a name that the module does not have yet, got 'scale'");
  REQUIRE_THROWS_AS(block.register_buffer("a.b", ones({1})), Error);
  REQUIRE_THROWS_AS(block.add_module("", std::make_shared<nn::ReLU>()), Error);
  REQUIRE_THROWS_AS(block.add_module("m", nullptr), Error);
  auto outer = std::make_shared<nn::ModuleList>(), inner = std::make_shared<nn::ModuleList>();
  outer->push_back(inner);
  REQUIRE_THROWS_AS(inner->push_back(outer), Error);
}

TEST_CASE("a module survives being moved, and so do handles on its parts", "[nn]") {
  Net first;
  Tensor weight = first.head->weight, x = randn({4, 3});
  Block* block = first.block.get();
  first.eval();
  Tensor y = first(x);
  Net second = std::move(first);
  REQUIRE(same(second(x), y));
  REQUIRE(weight.is_same(second.head->weight));
  REQUIRE(block == second.block.get());
  std::vector<Net> nets;
  nets.push_back(std::move(second));
  nets.emplace_back();
  nets.emplace_back();
  REQUIRE(same(nets[0](x), y));
  REQUIRE(nets[0].parameters().size() == 4);
  Net third;
  third = std::move(nets[0]);
  REQUIRE(same(third(x), y));
  *third.head = nn::Linear(3, 5, false);
  REQUIRE(third(x).sizes() == Shape{4, 5});
  REQUIRE(third.get_parameter("head.weight").sizes() == Shape{5, 3});
}

TEST_CASE("assigning a Parameter registers the new tensor", "[nn]") {
  nn::Linear a(3, 3), b(3, 3);
  b.weight = a.weight;
  REQUIRE(b.get_parameter("weight").is_same(a.weight));
  b.bias = zeros({3});
  REQUIRE(b.get_parameter("bias").is_same(b.bias));
  REQUIRE(b.bias.requires_grad());
  nn::ModuleList both;
  both.push_back(std::move(a));
  both.push_back(std::move(b));
  REQUIRE(names(both.named_parameters()) == Strings{"0.weight", "0.bias", "1.bias"});
  REQUIRE(both.state_dict().size() == 4);
}

TEST_CASE("state_dict goes round", "[nn]") {
  manual_seed(1);
  Net a, b;
  Tensor x = randn({4, 3});
  a(x);
  REQUIRE(b.load_state_dict(a.state_dict()).ok());
  a.eval();
  b.eval();
  REQUIRE(same(a(x), b(x)));
  REQUIRE_FALSE(a.state_dict().at("head.weight").requires_grad());
  REQUIRE(a.state_dict().at("head.weight").address() == a.head->weight.address());
}

TEST_CASE("load_state_dict reports, and throws before anything has changed", "[nn]") {
  Net net;
  StateDict dict = net.state_dict(), wrong;
  for (const auto& [name, t] : dict)
    if (name != "bn.running_var") wrong.set(name, name == "head.weight" ? ones({2, 4}) : ones(t.sizes(), t.is_floating_point() ? kFloat64 : kInt64));
  wrong.set("extra", ones({1}));
  Tensor before = net.block->scale.detach().clone();
  {
    no_grad guard;
    net.block->fc->bias.fill_(9);
  }
  REQUIRE(
      message([&] { net.load_state_dict(wrong); }) ==
      "load_state_dict: argument 'dict': expected the state of a Net, got missing bn.running_var; unexpected extra; other sizes head.weight (has [2, "
      "3], dict [2, 4]); "
      "other dtypes block.scale (has float32, dict float64), block.fc.weight (has float32, dict float64), block.fc.bias (has float32, dict float64), "
      "bn.running_mean (has float32, dict float64)");
  REQUIRE(same(net.block->fc->bias, full({3}, 9.0)));
  nn::LoadReport report = net.load_state_dict(wrong, false);
  REQUIRE(report.missing == Strings{"bn.running_var"});
  REQUIRE(report.unexpected == Strings{"extra"});
  REQUIRE(report.missing_keys() == report.missing);
  REQUIRE(report.unexpected_keys() == report.unexpected);
  REQUIRE(report.shapes.size() == 1);
  REQUIRE(report.dtypes.size() == 4);
  REQUIRE_FALSE(report.ok());
  REQUIRE(same(net.block->fc->bias, ones({3})));
  REQUIRE(net.block->fc->bias.dtype() == kFloat32);
  REQUIRE(net.head->weight.sizes() == Shape{2, 3});
}

TEST_CASE("a tensor that several names share is loaded under any of them", "[nn]") {
  nn::Sequential tied{nn::Linear(2, 2), nn::Linear(2, 2)};
  tied.at<nn::Linear>(1).weight = tied.at<nn::Linear>(0).weight;
  StateDict dict;
  for (const auto& [name, t] : tied.state_dict())
    if (name != "0.weight") dict.set(name, ones(t.sizes()));
  nn::LoadReport report = tied.load_state_dict(dict);
  REQUIRE(report.ok());
  REQUIRE(report.tied == Strings{"0.weight"});
  REQUIRE(to_string(report) == "loaded under another name 0.weight");
  std::ostringstream printed;
  printed << report;
  REQUIRE(printed.str() == to_string(report));
  REQUIRE(same(tied.at<nn::Linear>(0).weight, ones({2, 2})));
}

TEST_CASE("to converts in place", "[nn]") {
  Net net;
  Tensor weight = net.head->weight;
  weight.set_grad(ones({2, 3}));
  net.to(kFloat64);
  REQUIRE(weight.dtype() == kFloat64);
  REQUIRE(weight.grad().dtype() == kFloat64);
  REQUIRE(net.bn->num_batches_tracked.dtype() == kInt64);
  REQUIRE(net(randn({4, 3}, kFloat64)).dtype() == kFloat64);
  net.to(kMeta);
  REQUIRE(weight.device() == kMeta);
  REQUIRE(net(new_tensor({4, 3}, kFloat64, kMeta)).sizes() == Shape{4, 2});
  REQUIRE_THROWS_AS(net.to(kInt64), Error);
}

TEST_CASE("modes, zero_grad and requires_grad reach the whole tree", "[nn]") {
  Net net;
  net.eval();
  REQUIRE_FALSE(net.block->fc->is_training());
  net.train();
  REQUIRE(net.bn->is_training());
  sum(net(randn({4, 3}))).backward();
  REQUIRE(net.block->scale.grad().defined());
  net.zero_grad(false);
  REQUIRE(same(net.block->scale.grad(), zeros({3})));
  net.zero_grad();
  REQUIRE_FALSE(net.block->scale.grad().defined());
  net.requires_grad_(false);
  REQUIRE_FALSE(net(randn({4, 3})).requires_grad());
  REQUIRE(net.num_parameters(true) == 0);
}

TEST_CASE("errors name the module", "[nn]") {
  Net net;
  REQUIRE(message([&] { net(randn({4, 5})); }).ends_with("\n  in module block.fc (Linear)"));
  REQUIRE(message([&] { (*net.block)(randn({4, 5})); }).ends_with("\n  in module fc (Linear)"));
  nn::Linear alone(2, 3);
  REQUIRE(message([&] { alone(randn({4, 5})); }).ends_with("\n  in module Linear"));
  Block block;
  nn::Sequential outer;
  outer.push_back(std::move(block));
  REQUIRE(message([&] { outer(randn({4, 5})); }).ends_with("\n  in module 0.fc (Linear)"));
}

TEST_CASE("a forward of another signature is called through call and Child", "[nn]") {
  struct Outer : nn::Module {
    nn::Child<Attention> attention{this, "attention"};
  } outer;
  Tensor a = randn({1, 2}), b = randn({1, 2});
  auto [x, y] = outer.attention(a, b, true);
  REQUIRE(same(y, a));
  REQUIRE(same(nn::call(*outer.attention, b, a).first, x));
  int seen = 0;
  outer.attention->register_forward_hook([&](nn::Module&, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
    seen = int(10 * in.size() + out.size());
    return std::vector<Tensor>{out[1], out[0]};
  });
  REQUIRE(same(outer.attention(a, b).first, b));
  REQUIRE(seen == 22);
  REQUIRE(message([&] { outer(a); }).starts_with("Outer: expected a public forward that takes a tensor and returns one, got "));
}

TEST_CASE("modules print as PyTorch prints them", "[nn]") {
  Net net;
  REQUIRE(to_string(net) ==
          "Net(\n"
          "  (block): Block(\n"
          "    (fc): Linear(in_features=3, out_features=3, bias=True)\n"
          "  )\n"
          "  (bn): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=True)\n"
          "  (head): Linear(in_features=3, out_features=2, bias=False)\n"
          ")");
  nn::Sequential seq{nn::Flatten(),         nn::named("act", nn::LeakyReLU(0.2, true)), nn::Dropout(), nn::Softmax(1),
                     nn::LayerNorm({3, 4}), nn::Embedding(5, 2, {.padding_idx = -1})};
  REQUIRE(to_string(seq) ==
          "Sequential(\n"
          "  (0): Flatten(start_dim=1, end_dim=-1)\n"
          "  (act): LeakyReLU(negative_slope=0.2, inplace=True)\n"
          "  (2): Dropout(p=0.5, inplace=False)\n"
          "  (3): Softmax(dim=1)\n"
          "  (4): LayerNorm((3, 4), eps=1e-05, elementwise_affine=True)\n"
          "  (5): Embedding(5, 2, padding_idx=4)\n"
          ")");
  nn::ModuleList list{nn::Linear(2, 2), nn::Linear(2, 2), nn::ReLU()};
  REQUIRE(to_string(list) == "ModuleList(\n  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)\n  (2): ReLU()\n)");
  REQUIRE(to_string(nn::ParameterList({ones({2, 3})})) == "ParameterList(  (0): Parameter containing: [float32 of size 2x3])");
  REQUIRE(to_string(nn::Sequential()) == "Sequential()");
}

TEST_CASE("a Child takes options in braces after any arguments, and a kernel in braces before them", "[nn]") {
  struct Net : nn::Module {
    nn::Child<nn::Conv2d> a{this, "a", 3, 4, 3, {.padding = 1, .bias = false}}, b{this, "b", 4, 4, {3, 1}, {.stride = 2}}, c{this, "c", 4, 4, {1, 3}};
    nn::Child<nn::ConvTranspose2d> up{this, "up", 4, 2, 2, {.stride = 2}};
    nn::Child<nn::Bilinear> pair{this, "pair", 2, 2, 3, {.bias = false}};
    Tensor forward(const Tensor& x) { return up(c(b(a(x)))); }
  };
  Net net;
  CHECK_FALSE(net.a->bias.defined());
  CHECK(net.b->kernel_size == Shape{3, 1});
  CHECK(net.c->kernel_size == Shape{1, 3});
  CHECK_FALSE(net.pair->bias.defined());
  CHECK(net(randn({1, 3, 8, 8})).sizes() == Shape{1, 2, 6, 4});
}
