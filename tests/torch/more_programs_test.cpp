// Further programs as people write them for libtorch: what the first ones left out.
#include <lazuli/torch.h>

#include <algorithm>
#include <sstream>

#include "tests/catch.h"
#include "tests/errors.h"

namespace {

// ---- weights that a function sets, whatever the layer ----
void weights_init(torch::nn::Module& module) {
  torch::NoGradGuard guard;
  if (module.name().find("Conv") != std::string::npos)
    for (auto& p : module.named_parameters()) torch::nn::init::normal_(p.value(), 0.0, 0.02);
  if (auto* norm = module.as<torch::nn::BatchNorm2d>()) norm->bias.fill_(0.5);
  if (module.as<torch::nn::Dropout>()) module.eval();
}
struct EncoderImpl : torch::nn::Module {
  EncoderImpl() { register_module("layers", layers); }
  torch::Tensor forward(torch::Tensor x) { return layers->forward(x); }
  torch::nn::Sequential layers{torch::nn::Conv2d(1, 2, 3), torch::nn::BatchNorm2d(2), torch::nn::Dropout(0.5)};
};
TORCH_MODULE(Encoder);

TEST_CASE("libtorch: a function of torch::nn::Module& is applied to the library's layers", "[torch]") {
  Encoder net;
  net->apply(weights_init);
  CHECK(net->layers->at<torch::nn::Conv2dImpl>(0).weight.abs().max().item<float>() < 0.2);
  CHECK(torch::equal(net->layers->ptr<torch::nn::BatchNorm2dImpl>(1)->bias, torch::full({2}, 0.5)));
  CHECK_FALSE(net->layers[2]->is_training());
  CHECK(net->layers[1]->is_training());
  int convolutions = 0;
  for (auto& module : net->modules()) convolutions += module->as<torch::nn::Conv2d>() != nullptr;
  CHECK(convolutions == 1);
  CHECK(net->layers[0]->name() == "Conv2d");
  CHECK_FALSE(net->layers->is_empty());
}

// ---- a translator, its masks by position ----
TEST_CASE("libtorch: Transformer and its parts take masks by position", "[torch]") {
  torch::manual_seed(0);
  torch::nn::Transformer net(torch::nn::TransformerOptions(8, 2, 1, 1).dim_feedforward(16).dropout(0.0));
  net->eval();
  const auto src = torch::randn({5, 2, 8}), tgt = torch::randn({4, 2, 8});
  const auto causal = torch::nn::TransformerImpl::generate_square_subsequent_mask(4);
  auto hidden = torch::zeros({2, 5}, torch::kBool);
  hidden.index_put_({1, torch::indexing::Slice(3, torch::indexing::None)}, true);
  const auto out = net->forward(src, tgt, {}, causal, {}, hidden, {}, hidden);
  CHECK(torch::allclose(out, net->forward(src, tgt, {.tgt_mask = causal, .src_key_padding_mask = hidden, .memory_key_padding_mask = hidden})));
  CHECK_FALSE(torch::allclose(out, net(src, tgt)));

  torch::nn::TransformerDecoderLayer layer(torch::nn::TransformerDecoderLayerOptions(8, 2).dim_feedforward(16).dropout(0.0));
  torch::nn::TransformerDecoder decoder(torch::nn::TransformerDecoderOptions(layer, 1).norm(torch::nn::LayerNorm(torch::nn::LayerNormOptions({8}))));
  layer->eval();
  decoder->eval();
  const auto once = layer->forward(tgt, src, causal, {}, {}, hidden);
  CHECK(torch::allclose(decoder->forward(tgt, src, causal, {}, {}, hidden), torch::layer_norm(once, {8}), 1e-4, 1e-5));
  CHECK_FALSE(torch::allclose(once, layer(tgt, src)));
}

// ---- any optimizer, by its base ----
void decay(torch::optim::Optimizer& optimizer, double factor) {
  for (auto& group : optimizer.param_groups()) group.options().set_lr(group.options().get_lr() * factor);
}
TEST_CASE("libtorch: a function of torch::optim::Optimizer& goes over the groups", "[torch]") {
  torch::nn::Linear fc(2, 1);
  torch::optim::Adam adam(fc->parameters(), 1e-2);
  torch::optim::SGD sgd(fc->parameters(), 0.5);
  for (torch::optim::Optimizer* optimizer : {static_cast<torch::optim::Optimizer*>(&adam), static_cast<torch::optim::Optimizer*>(&sgd)}) {
    optimizer->zero_grad();
    fc(torch::ones({1, 2})).sum().backward();
    optimizer->step();
    decay(*optimizer, 0.5);
  }
  CHECK(adam.lr() == 5e-3);
  CHECK(sgd.param_groups()[0].options().get_lr() == 0.25);
  CHECK(sgd.size() == 2);
  sgd.defaults().lr(0.125);
  sgd.add_param_group(torch::optim::OptimizerParamGroup({torch::ones(2).requires_grad_()}));
  CHECK(sgd.lr(1) == 0.125);
  torch::optim::Optimizer& any = adam;
  torch::optim::StepLR steps(any, /*step_size=*/1, /*gamma=*/0.1);
  steps.step();
  CHECK(adam.lr() == Approx(5e-4));
  torch::optim::ReduceLROnPlateauScheduler plateau(sgd, torch::optim::ReduceLROnPlateauScheduler::max, /*factor=*/0.5, /*patience=*/0);
  plateau.step(1.0);
  plateau.step(0.5);
  CHECK(sgd.lr() == 0.125);
}

TEST_CASE("libtorch: tensors of strided memory, modes, dtypes that are dispatched", "[torch]") {
  std::vector<int32_t> memory{1, 2, 3, 4, 5, 6};
  auto columns = torch::from_blob(memory.data(), {3, 2}, {1, 3}, torch::kInt);
  CHECK(columns[0][1].item<int>() == 4);
  columns[2][1] = 9;
  CHECK(memory[5] == 9);
  auto x = torch::ones({2, 2}, torch::TensorOptions().dtype(torch::kDouble).layout(torch::kStrided).device(torch::kCPU, 0));
  CHECK(x.layout() == torch::kStrided);
  torch::GradMode::set_enabled(false);
  CHECK_FALSE(torch::GradMode::is_enabled());
  torch::GradMode::set_enabled(true);
  CHECK(torch::GradMode::is_enabled());
  const auto bytes = [](const torch::Tensor& t) { return AT_DISPATCH_ALL_TYPES(t.scalar_type(), "bytes", [&] { return sizeof(scalar_t); }); };
  CHECK(bytes(x) == 8);
  CHECK(bytes(columns) == 4);
  CHECK(error_of([&] { AT_DISPATCH_FLOATING_TYPES(columns.scalar_type(), "halved", [&] { return sizeof(scalar_t); }); }) ==
        "halved: argument 'dtype': expected one that it is implemented for, got int32");
  CHECK(torch::elementSize(torch::kHalf) == 2);
  CHECK(torch::isIntegralType(torch::kBool, true));
  CHECK_FALSE(torch::isIntegralType(torch::kBool, false));
  auto [distinct, inverse, counts] = torch::_unique2(torch::tensor({3, 1, 3}), true, true, true);
  CHECK(torch::equal(counts, torch::tensor({1, 2})));
  CHECK(torch::equal(distinct.index({inverse}), torch::tensor({3, 1, 3})));
  std::vector<int> seen(10);
  at::parallel_for(0, 10, 3, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) ++seen[size_t(i)];
  });
  CHECK(seen == std::vector<int>(10, 1));
  auto generator = at::detail::createCPUGenerator(3), same = at::detail::createCPUGenerator(3);
  CHECK(torch::equal(torch::randn({2}, {}, generator), torch::randn({2}, {}, same)));
  torch::autograd::DetectAnomalyGuard anomaly;
  CHECK(torch::autograd::is_anomaly_enabled());
}

TEST_CASE("libtorch: lists and dicts of parameters", "[torch]") {
  torch::nn::ParameterList list(torch::ones(2), torch::full({2}, 2.0));
  auto sum = torch::zeros(2);
  for (auto& item : *list) sum = sum + item.value();
  CHECK(torch::equal(sum, torch::full({2}, 3.0)));
  CHECK(list[1].requires_grad());
  torch::nn::ParameterDict dict;
  dict->insert("scale", torch::ones(3));
  CHECK(dict->contains("scale"));
  for (auto& [name, value] : *dict) CHECK((name == "scale" && value.numel() == 3));
  CHECK(dict["scale"].requires_grad());
}

TEST_CASE("libtorch: samplers of many processes share the examples", "[torch]") {
  namespace samplers = torch::data::samplers;
  std::vector<size_t> all;
  for (size_t rank = 0; rank < 3; ++rank) {
    samplers::DistributedRandomSampler sampler(10, 3, rank);
    sampler.set_epoch(4);
    const std::vector<size_t> share = sampler.next(10).value();
    all.insert(all.end(), share.begin(), share.end());
    CHECK_FALSE(sampler.next(1));
  }
  CHECK(all.size() == 12);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  CHECK(all.size() == 10);
  samplers::DistributedSequentialSampler share(10, 3, 1, /*allow_duplicates=*/false);
  CHECK(*share.next(10) == std::vector<size_t>{1, 4, 7});
  samplers::RandomSampler random(5);
  random.next(3);
  CHECK(random.index() == 3);
  CHECK(says(error_of([] { samplers::DistributedRandomSampler(10, 2, 2); }), "rank"));
}

TEST_CASE("libtorch: attention and recurrent layers by position", "[torch]") {
  torch::manual_seed(3);
  torch::nn::MultiheadAttention attention(torch::nn::MultiheadAttentionOptions(8, 2));
  auto q = torch::randn({3, 2, 8});
  auto mask = torch::ones({3, 3}, torch::kBool).triu(1);
  auto [out, weights] = attention(q, q, q, /*key_padding_mask=*/torch::Tensor(), /*need_weights=*/true, mask);
  CHECK(weights[0][0][2].item<float>() == 0);
  torch::nn::TransformerEncoderLayer layer(torch::nn::TransformerEncoderLayerOptions(8, 2).dropout(0));
  torch::nn::TransformerEncoder encoder(torch::nn::TransformerEncoderOptions(layer, 2).norm(torch::nn::LayerNorm(torch::nn::LayerNormOptions({8}))));
  CHECK(encoder(q).sizes() == q.sizes());
  CHECK(encoder->named_parameters().contains("norm.weight"));
  torch::nn::GRU gru(torch::nn::GRUOptions(8, 4));
  auto packed = torch::nn::utils::rnn::pack_padded_sequence(q, torch::tensor({3, 2}));
  auto [steps, last] = gru->forward_with_packed_input(packed);
  CHECK(last.sizes() == torch::IntArrayRef({1, 2, 4}));
}

TEST_CASE("libtorch: functions with their FuncOptions", "[torch]") {
  namespace F = torch::nn::functional;
  torch::manual_seed(4);
  auto x = torch::randn({2, 4, 6, 6});
  auto [pooled, indices] = F::max_pool2d_with_indices(x, F::MaxPool2dFuncOptions(2));
  CHECK(torch::equal(F::max_pool2d(F::max_unpool2d(pooled, indices, F::MaxUnpool2dFuncOptions(2)).relu(), 2), pooled.relu()));
  CHECK(torch::equal(F::group_norm(x, F::GroupNormFuncOptions(2).eps(1e-3)), torch::group_norm(x, 2, {.eps = 1e-3})));
  CHECK(F::instance_norm(x, F::InstanceNormFuncOptions().eps(1e-3)).mean().abs().item<float>() < 1e-5);
  CHECK(torch::equal(F::layer_norm(x, F::LayerNormFuncOptions({6})), torch::layer_norm(x, {6})));
  auto grid = F::affine_grid(torch::tensor({{{1.f, 0.f, 0.f}, {0.f, 1.f, 0.f}}}).expand({2, 2, 3}), {2, 4, 6, 6}, true);
  CHECK(torch::allclose(F::grid_sample(x, grid, F::GridSampleFuncOptions().mode(torch::kBilinear).align_corners(true)), x, 1e-4, 1e-5));
  CHECK(torch::equal(F::pixel_unshuffle(F::pixel_shuffle(x, F::PixelShuffleFuncOptions(2)), F::PixelUnshuffleFuncOptions(2)), x));
  auto windows = F::unfold(x, F::UnfoldFuncOptions({2, 2}).stride(2));
  CHECK(torch::equal(F::fold(windows, F::FoldFuncOptions({6, 6}, {2, 2}).stride(2)), x));
  CHECK(F::gumbel_softmax(x, F::GumbelSoftmaxFuncOptions().hard(true).dim(1)).sum().item<float>() == Approx(72));
  auto a = torch::randn({3, 5});
  CHECK(F::triplet_margin_loss(a, a, a, F::TripletMarginLossFuncOptions().margin(0.25)).item<float>() == Approx(0.25).epsilon(1e-4));
  CHECK(F::cosine_similarity(a, a, F::CosineSimilarityFuncOptions().dim(1)).sum().item<float>() == Approx(3));
  auto log_probs = torch::randn({6, 2, 5}).log_softmax(2);
  auto targets = torch::tensor({{1, 2}, {3, 4}}), steps = torch::tensor({6, 6}), lengths = torch::tensor({2, 2});
  CHECK(torch::equal(F::ctc_loss(log_probs, targets, steps, lengths, F::CTCLossFuncOptions().reduction(torch::kSum)),
                     torch::ctc_loss(log_probs, targets, steps, lengths, {.reduction = torch::Reduction::Sum})));
}

TEST_CASE("libtorch: result_type of two tensors, tensors of vectors of vectors", "[torch]") {
  auto whole = torch::ones({2}, torch::kInt), half = torch::ones({2}, torch::kHalf);
  CHECK(torch::result_type(whole, half) == torch::kHalf);
  CHECK(torch::tensor(std::vector<std::vector<float>>{{1, 2}, {3, 4}}).sizes() == torch::IntArrayRef({2, 2}));
}

// ---- a module that says itself how it is printed ----
struct GateImpl : torch::nn::Module {
  void pretty_print(std::ostream& out) const override { out << "Gate(open)"; }
};
TORCH_MODULE(Gate);
TEST_CASE("libtorch: a module is printed by its pretty_print", "[torch]") {
  Gate gate;
  std::ostringstream text;
  text << gate << ", " << *gate << ", " << Encoder();
  CHECK(text.str().starts_with("Gate(open), Gate(open), EncoderImpl(\n  (layers): Sequential("));
}

// ---- a checkpoint of any optimizer, with texts ----
void checkpoint(const torch::optim::Optimizer& optimizer, const std::string& name, std::ostream& stream) {
  torch::serialize::OutputArchive archive, state, notes;
  optimizer.save(state);
  notes.write("name", torch::IValue(name));
  notes.write("sizes", torch::IValue(std::vector<int64_t>{3, 2}));
  archive.write("optimizer", state);
  archive.write("notes", notes);
  archive.save_to(stream);
}
TEST_CASE("libtorch: an optimizer of any class is saved and loaded, texts and lists beside it", "[torch]") {
  torch::manual_seed(0);
  torch::nn::Linear layer(3, 2);
  auto step = [&](torch::optim::Optimizer& optimizer) {
    optimizer.zero_grad();
    layer(torch::ones({2, 3})).pow(2).mean().backward();
    optimizer.step();
    return layer->weight.clone();
  };
  const std::unique_ptr<torch::optim::Optimizer> adam = std::make_unique<torch::optim::Adam>(layer->parameters(), 0.1);
  step(*adam);
  CHECK(adam->parameters().size() == 2);
  CHECK(adam->size() == 2);
  std::stringstream file, archived;
  torch::save(*adam, file);
  checkpoint(*adam, "first", archived);
  const auto weight = layer->weight.clone(), bias = layer->bias.clone();
  const auto after = step(*adam);

  torch::serialize::InputArchive archive, state, notes;
  archive.load_from(archived);
  archive.read("optimizer", state);
  archive.read("notes", notes);
  for (const bool from_archive : {false, true}) {
    layer->weight.data().copy_(weight);
    layer->bias.data().copy_(bias);
    torch::optim::Adam fresh(layer->parameters(), 0.1);
    torch::optim::Optimizer& any = fresh;
    if (from_archive) any.load(state);
    else torch::load(any, file);
    CHECK(torch::equal(step(any), after));
    CHECK(any.parameters()[0].is_same(layer->weight));
  }
  torch::IValue value;
  notes.read("name", value);
  CHECK(value.toStringRef() == "first");
  CHECK(value.isString());
  CHECK_THROWS_AS(value.toIntVector(), c10::Error);
  notes.read("sizes", value);
  CHECK(value.toIntVector() == std::vector<int64_t>{3, 2});
}

TEST_CASE("libtorch: irange, ExpandingArray, warnings, special functions, parts of a transformer", "[torch]") {
  int64_t sum = 0;
  for (const auto i : c10::irange(4)) sum += i;
  for (const auto i : c10::irange(1, int64_t(3))) sum += 10 * i;
  for (const auto i : c10::irange(-2)) sum += 1000 + i;
  CHECK(sum == 36);
  CHECK(torch::ExpandingArray<2>(3) == torch::IntArrayRef({3, 3}));
  CHECK(torch::nn::Conv2dOptions(1, 2, torch::ExpandingArray<2>({1, 3})).kernel_size() == torch::IntArrayRef({1, 3}));
  CHECK_THROWS_AS((torch::ExpandingArray<2>({1, 2, 3})), c10::Error);
  CHECK(torch::special::expit(torch::zeros({1})).item<float>() == 0.5f);
  CHECK(torch::toString(torch::kFloat) + c10::toString(torch::kLong) + torch::toString(torch::kComplexDouble) == "FloatLongComplexDouble");
  std::string warned;
  const auto handler = lazuli::set_warning_handler([&](const std::string& text) { warned = text; });
  TORCH_WARN("sum is ", sum);
  lazuli::set_warning_handler(handler);
  CHECK(warned.find("sum is 36") != std::string::npos);

  torch::manual_seed(0);
  torch::nn::Transformer net(torch::nn::TransformerOptions(8, 2, 1, 1).dim_feedforward(16).dropout(0.0));
  net->eval();
  const auto src = torch::randn({5, 2, 8}), tgt = torch::randn({4, 2, 8});
  const auto mask = torch::nn::TransformerImpl::generate_square_subsequent_mask(4);
  const auto memory = net->encoder.forward<torch::Tensor>(src);
  CHECK(torch::allclose(net->decoder.forward(tgt, memory, mask), net->forward(src, tgt, {}, mask), 1e-4, 1e-5));
  const auto copy = std::dynamic_pointer_cast<torch::nn::TransformerImpl>(net->clone());
  CHECK(copy->encoder.get() != net->encoder.get());
}

}  // namespace
