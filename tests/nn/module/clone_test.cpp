#include "lazuli/nn/module/registry.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Copies: none by accident, deep ones by clone.

using namespace lazuli;
using nn_test::message;
using nn_test::same;

namespace {

struct Block : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 3, 3};
  nn::Parameter scale{this, "scale", ones({3})};
  int64_t depth = 2;
  Tensor table = zeros({2});
  static constexpr auto members() { return Members{member("depth", &Block::depth), member("table", &Block::table)}; }
  Tensor forward(const Tensor& x) { return fc(x) * scale; }
};
struct Net : nn::Module {
  nn::Child<Block> block{this, "block"};
  nn::Child<nn::BatchNorm1d> bn{this, "bn", 3, {.affine = false}};
  nn::Child<nn::Linear> head{this, "head", 3, 2, {.bias = false}};
  Tensor forward(const Tensor& x) { return head(bn(block(x))); }
};
// Neither a default constructor nor a line that says how to make it again.
struct Sized : nn::Module {
  nn::Parameter weight;
  std::vector<int> sizes;
  Sized(int64_t n, std::vector<int> other) : weight(this, "weight", ones({n})), sizes(std::move(other)) {}
  Tensor forward(const Tensor& x) { return x * weight; }
};
struct Saying : nn::Module {
  nn::Parameter weight;
  explicit Saying(int64_t n) : weight(this, "weight", ones({n})) {}
  Saying remade() const { return Saying(weight.numel()); }
};
struct Stack : nn::Module {
  nn::Child<nn::ModuleList> layers{this, "layers"};
  explicit Stack(int64_t n = 1) {
    for (int64_t i = 0; i < n; ++i) layers->emplace<Sized>(i + 1, std::vector<int>{1});
  }
};
// The old handle of a plain Tensor must see the clone's values.
struct PlainHandle : nn::Module {
  Tensor weight = register_parameter("weight", ones({2}));
  nn::Parameter other{this, "other", ones({2})};
  Tensor forward(const Tensor& x) { return x * weight + other; }
};

}  // namespace

TEST_CASE("modules are not copyable", "[nn][clone]") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Net>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<nn::Linear>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<nn::Sequential>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Net>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Net>);
}

TEST_CASE("clone is deep and keeps the classes, the modes and listed members", "[nn][clone]") {
  Net net;
  net.block->depth = 7;
  net.block->table = ones({2});
  net.head->weight.set_grad(ones({2, 3}));
  net.head->requires_grad_(false);
  net.bn->eval();
  net.block->fc->register_forward_hook([](nn::Module&, const Tensor&, const Tensor&) { FAIL("hooks are not copied"); });
  std::string random = default_generator().get_state();
  Net copy = nn::clone(net);
  REQUIRE(default_generator().get_state() == random);
  REQUIRE(copy.block->depth == 7);
  REQUIRE(same(copy.block->table, ones({2})));
  REQUIRE_FALSE(copy.block->table.is_same(net.block->table));
  REQUIRE_FALSE(copy.block->fc->weight.is_same(net.block->fc->weight));
  REQUIRE(same(copy.block->fc->weight, net.block->fc->weight));
  REQUIRE(copy.get_parameter("block.fc.weight").is_same(copy.block->fc->weight));
  REQUIRE(&copy.get_submodule("block") == copy.block.get());
  REQUIRE_FALSE(copy.head->weight.grad().defined());
  REQUIRE_FALSE(copy.head->weight.requires_grad());
  REQUIRE(copy.block->scale.requires_grad());
  REQUIRE_FALSE(copy.bn->is_training());
  REQUIRE_FALSE(copy.bn->weight.defined());
  {
    no_grad guard;
    copy.block->scale.fill_(5);
  }
  REQUIRE(same(net.block->scale, ones({3})));
  (void)copy(randn({4, 3}));
  std::shared_ptr<nn::Module> part = net.get_submodule("block").clone();
  REQUIRE(part->class_name() == "Block");
  REQUIRE(dynamic_cast<Block&>(*part).depth == 7);
}

TEST_CASE("what is shared inside is shared in the clone", "[nn][clone]") {
  nn::Sequential tied{nn::Linear(2, 2), nn::Linear(2, 2)};
  tied.at<nn::Linear>(1).weight = tied.at<nn::Linear>(0).weight;
  auto twice = std::make_shared<nn::ReLU>();
  tied.push_back(twice).push_back(twice);
  nn::Sequential copy = nn::clone(tied);
  REQUIRE(copy.at<nn::Linear>(1).weight.is_same(copy.at<nn::Linear>(0).weight));
  REQUIRE_FALSE(copy.at<nn::Linear>(0).weight.is_same(tied.at<nn::Linear>(0).weight));
  REQUIRE(copy.at(2) == copy.at(3));
  REQUIRE(copy.at(2) != tied.at(2));

  struct Sharing : nn::Module {
    nn::Child<nn::Linear> encoder;
    explicit Sharing(std::shared_ptr<nn::Linear> e = std::make_shared<nn::Linear>(2, 2)) : encoder(this, "encoder", e) {}
  };
  struct Both : nn::Module {
    nn::Child<nn::Linear> encoder{this, "encoder", 2, 2};
    nn::Child<Sharing> a{this, "a", encoder.shared()}, b{this, "b", encoder.shared()};
  } both;
  Both other = nn::clone(both);
  REQUIRE(other.a->encoder.get() == other.encoder.get());
  REQUIRE(other.b->encoder.get() == other.encoder.get());
  REQUIRE(other.encoder.get() != both.encoder.get());
  REQUIRE(&other.get_submodule("b.encoder") == other.encoder.get());
}

TEST_CASE("classes are made again by their arguments, kept or said", "[nn][clone]") {
  struct Outer : nn::Module {
    nn::Child<Sized> sized{this, "sized", 4, std::vector<int>{1, 2}};
    nn::Child<Saying> saying{this, "saying", 5};
  } outer;
  Outer copy = nn::clone(outer);
  REQUIRE(copy.sized->sizes == std::vector<int>{1, 2});
  REQUIRE(copy.sized->weight.sizes() == Shape{4});
  REQUIRE(copy.saying->weight.sizes() == Shape{5});
  Outer third = nn::clone(copy);  // the arguments went along
  REQUIRE(third.sized->sizes.size() == 2);
  Stack stack(3);
  Stack same_depth = nn::clone(stack);
  REQUIRE(same_depth.layers->size() == 3);
  REQUIRE(same_depth.get_parameter("layers.2.weight").sizes() == Shape{3});

  nn::Sequential row;
  row.push_back(Sized(2, {}));
  REQUIRE(message([&] { (void)nn::clone(row); }).starts_with("clone: argument 'module': expected a module that can be made again"));
  nn::LazyLinear lazy(3);
  REQUIRE_THROWS_AS(nn::clone(static_cast<nn::Linear&>(lazy)), Error);
}

TEST_CASE("a plain handle on a registered tensor is the clone's, too", "[nn][clone]") {
  PlainHandle net;
  {
    no_grad guard;
    net.weight.fill_(3);
  }
  PlainHandle copy = nn::clone(net);
  REQUIRE(same(copy(ones({2})), full({2}, 4.0)));
  REQUIRE(copy.weight.is_same(copy.get_parameter("weight")));
  REQUIRE_FALSE(copy.weight.is_same(net.weight));
}

TEST_CASE("a tensor among a Child's arguments is copied, also for a member that is not registered", "[nn][clone]") {
  struct Keeping : nn::Module {
    Tensor table;
    OptionalTensor maybe;
    std::vector<Tensor> many;
    Keeping(const Tensor& t, const OptionalTensor& m, std::vector<Tensor> list) : table(t), maybe(m), many(std::move(list)) {}
  };
  struct Outer : nn::Module {
    nn::Parameter weight{this, "weight", ones({2})};
    nn::Child<Keeping> keeping{this, "keeping", full({2}, 3.0), OptionalTensor(ones({1})), std::vector<Tensor>{zeros({2}), weight}};
  } outer;
  Outer copy = nn::clone(outer);
  REQUIRE(same(copy.keeping->table, full({2}, 3.0)));
  REQUIRE_FALSE(copy.keeping->table.is_same(outer.keeping->table));
  copy.keeping->table.fill_(9);
  copy.keeping->maybe->fill_(9);
  copy.keeping->many[0].fill_(9);
  REQUIRE(same(outer.keeping->table, full({2}, 3.0)));
  REQUIRE(same(*outer.keeping->maybe, ones({1})));
  REQUIRE(same(outer.keeping->many[0], zeros({2})));
  std::shared_ptr<nn::Module> part = outer.keeping->clone();
  dynamic_cast<Keeping&>(*part).table.fill_(8);
  REQUIRE(same(outer.keeping->table, full({2}, 3.0)));
}

TEST_CASE("every module of the library is cloned with its options", "[nn][clone]") {
  auto module = [](const std::string& name) {
    Kwargs k;
    auto sizes = [&](std::initializer_list<const char*> names) {
      for (const char* n : names) k.emplace_back(n, 2);
    };
    if (name == "Linear") sizes({"in_features", "out_features"});
    else if (name == "LazyLinear") sizes({"out_features"});
    else if (name == "Bilinear") sizes({"in1_features", "in2_features", "out_features"});
    else if (name == "Threshold") sizes({"threshold", "value"});
    else if (name.find("Norm") != std::string::npos && name.find("Lazy") == std::string::npos) {
      if (name == "GroupNorm") sizes({"num_groups", "num_channels"});
      else if (name == "LocalResponseNorm") sizes({"size"});
      else if (name == "LayerNorm" || name == "RMSNorm") sizes({"normalized_shape"});
      else sizes({"num_features"});
    } else if (name.starts_with("Embedding")) sizes({"num_embeddings", "embedding_dim"});
    else if (name.find("Conv") != std::string::npos) {
      if (!name.starts_with("Lazy")) sizes({"in_channels"});
      sizes({"out_channels", "kernel_size"});
    } else if (name.starts_with("Adaptive") && name.find("Pool") != std::string::npos) sizes({"output_size"});
    else if (name.find("ool") != std::string::npos) {
      sizes({"kernel_size"});
      if (name.starts_with("LP")) sizes({"norm_type"});
      if (name.starts_with("Fractional")) sizes({"output_size"});
    } else if (name.find("Pad") != std::string::npos) {
      sizes({"padding"});
      if (name.starts_with("Constant")) sizes({"value"});
    } else if (name == "Fold") sizes({"output_size", "kernel_size"});
    else if (name == "Unfold") sizes({"kernel_size"});
    else if (name == "PixelShuffle") sizes({"upscale_factor"});
    else if (name == "PixelUnshuffle") sizes({"downscale_factor"});
    else if (name == "ChannelShuffle") sizes({"groups"});
    else if (name.starts_with("Upsampl")) sizes({"size"});
    else if (name == "Unflatten") sizes({"dim", "unflattened_size"});
    else if (name == "MultiheadAttention") k = {{"embed_dim", 4}, {"num_heads", 2}, {"add_bias_kv", true}};
    else if (name.starts_with("Transformer") && name.ends_with("Layer")) k = {{"d_model", 4}, {"nhead", 2}, {"dim_feedforward", 8}};
    else if (name == "Transformer") k = {{"d_model", 4}, {"nhead", 2}, {"num_encoder_layers", 1}, {"num_decoder_layers", 1}, {"dim_feedforward", 8}};
    else if (name == "RNN" || name == "LSTM" || name == "GRU")
      k = {{"input_size", 2}, {"hidden_size", 3}, {"num_layers", 2}, {"bidirectional", true}};
    else if (name.ends_with("Cell")) k = {{"input_size", 2}, {"hidden_size", 3}, {"bias", false}};
    else if (name == "LinearCrossEntropyLoss") sizes({"in_features", "num_classes"});
    else if (name == "AdaptiveLogSoftmaxWithLoss") k = {{"in_features", 4}, {"n_classes", 6}, {"cutoffs", Shape{2, 3}}};
    if (name.find("Dropout") != std::string::npos) k = {{"p", 0.25}, {"inplace", true}};
    if (name.find("InstanceNorm") != std::string::npos) k.emplace_back("eps", 0.5), k.emplace_back("affine", true);
    if (name == "TransformerEncoder" || name == "TransformerDecoder") {
      auto layer = nn::make_module(name + "Layer", {4, 2}, {{"dim_feedforward", 8}});
      const char* argument = name == "TransformerEncoder" ? "encoder_layer" : "decoder_layer";
      return nn::make_module(name, {2}, {}, {{argument, layer}, {"norm", nn::make_module("LayerNorm", {4})}});
    }
    return nn::make_module(name, {}, k);
  };
  for (const std::string& name : nn::list_modules()) {
    INFO(name);
    nn::Sequential holder;
    std::shared_ptr<nn::Module> original = module(name);
    std::shared_ptr<nn::Module> copy = original->clone();
    REQUIRE(copy->class_name() == name);
    REQUIRE(to_string(*copy) == to_string(*original));
    StateDict a = original->state_dict(), b = copy->state_dict();
    REQUIRE(a.size() == b.size());
    for (const auto& [key, t] : a)
      if (!nn::is_uninitialized_parameter(t) && !nn::is_uninitialized_buffer(t)) REQUIRE(same(t, b.at(key)));
  }
}
