// Arguments by position in ATen's order, states of the library's optimizers, and other things that programs take from libtorch's headers.
#include <lazuli/torch.h>

#include <cmath>
#include <sstream>
#include <thread>

#include "tests/catch.h"

namespace {

TEST_CASE("libtorch: optional arguments by position are those of the structs", "[torch]") {
  torch::manual_seed(0);
  const auto x = torch::randn({4, 6}), y = torch::rand({4, 6}), w = torch::rand({6});
  const auto target = torch::tensor({0, 1, 2, 5}, torch::kLong);
  CHECK(torch::allclose(at::binary_cross_entropy_with_logits(x, y, {}, w, at::Reduction::Sum),
                        lazuli::binary_cross_entropy_with_logits(x, y, {.pos_weight = w, .reduction = "sum"})));
  CHECK(torch::allclose(at::binary_cross_entropy_with_logits(x, y, w), lazuli::binary_cross_entropy_with_logits(x, y, {.weight = w})));
  CHECK(torch::allclose(at::multi_margin_loss(x, target, 2, 0.5, w, at::Reduction::None),
                        lazuli::multi_margin_loss(x, target, {.p = 2, .margin = 0.5, .weight = w, .reduction = "none"})));
  CHECK(torch::allclose(at::poisson_nll_loss(y, y, false, true, 1e-3, at::Reduction::Sum),
                        lazuli::poisson_nll_loss(y, y, {.log_input = false, .full = true, .eps = 1e-3, .reduction = "sum"})));
  const auto log_probs = torch::randn({8, 2, 4}).log_softmax(-1), labels = torch::tensor({1, 2, 1}), lengths = torch::tensor({8, 8}),
             label_lengths = torch::tensor({2, 1});
  CHECK(torch::allclose(at::ctc_loss(log_probs, labels, lengths, label_lengths, 3, at::Reduction::Sum, true),
                        lazuli::ctc_loss(log_probs, labels, lengths, label_lengths, {.blank = 3, .reduction = "sum", .zero_infinity = true})));
  CHECK(at::ctc_loss(log_probs, labels, at::IntArrayRef({8, 8}), at::IntArrayRef({2, 1}), 0, at::Reduction::None).numel() == 2);

  const auto table = torch::tensor({1.f, 3.f, 5.f});
  CHECK(torch::equal(at::searchsorted(table, torch::tensor({3.f, 4.f}), /*out_int32=*/true, /*right=*/true), torch::tensor({2, 2}, torch::kInt)));
  CHECK(torch::equal(at::searchsorted(table, torch::tensor({3.f}), false, false, "right"), torch::tensor({2})));
  CHECK(at::searchsorted(table, 3, false).item<int64_t>() == 1);
  CHECK(torch::equal(at::quantile(table, 0.3, 0, true, "higher"), torch::tensor({3.f})));
  CHECK(torch::equal(at::nanquantile(table, torch::tensor({0.3f}), 0, false, "lower"), torch::tensor({1.f})));
}

TEST_CASE("libtorch: weights come before indices, and before running statistics", "[torch]") {
  torch::manual_seed(0);
  const auto table = torch::randn({5, 3}).requires_grad_(), indices = torch::tensor({0, 4, 0});
  CHECK(torch::equal(torch::embedding(table, indices), table.index_select(0, indices)));
  torch::embedding(table, indices, /*padding_idx=*/0).sum().backward();
  CHECK(table.grad().abs().sum().item<float>() == 3);
  const auto x = torch::randn({4, 2, 3, 3}), w = torch::rand({2}), b = torch::rand({2}), mean = torch::rand({2}), var = torch::rand({2});
  CHECK(torch::allclose(torch::batch_norm(x, w, b, mean, var, false, 0.1, 1e-5, true), lazuli::batch_norm(x, mean, var, w, b, false, 0.1, 1e-5)));
  CHECK(torch::allclose(torch::batch_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false), lazuli::batch_norm(x, {}, {}, {.training = true})));
  CHECK(torch::allclose(torch::instance_norm(x, w, b, {}, {}, true, 0.1, 1e-5, false), lazuli::instance_norm(x, {.weight = w, .bias = b})));
  CHECK(torch::allclose(torch::group_norm(x, 2, w, b, 1e-5, false), lazuli::group_norm(x, 2, w, b)));
  CHECK(torch::allclose(torch::layer_norm(x, {3}, {}, {}, 1e-3, true), lazuli::layer_norm(x, {3}, {.eps = 1e-3})));
  torch::nn::GRU gru(torch::nn::GRUOptions(2, 3).batch_first(true));
  const auto sequence = torch::randn({2, 4, 2}), h = torch::zeros({1, 2, 3});
  const auto [out, last] = torch::gru(sequence, h, gru->parameters(), true, 1, 0.0, false, false, true);
  CHECK(torch::allclose(out, std::get<0>(gru(sequence, h))));
}

TEST_CASE("libtorch: reductions, long names and layouts by position, results in tuples", "[torch]") {
  const auto x = torch::arange(24).to(torch::kFloat).view({1, 2, 3, 4});
  CHECK(torch::sum(x, torch::kDouble).dtype() == torch::kDouble);
  CHECK(torch::allclose(torch::std(x, false), lazuli::std(x, {}, 0)));
  CHECK(torch::allclose(std::get<0>(torch::var_mean(x, false)), lazuli::var(x, {}, 0)));
  CHECK(torch::greater_equal(x, 23).sum().item<int>() == 1);
  CHECK(torch::multiply(x, 2).max().item<float>() == 46);
  CHECK(torch::zeros_like(x, x.options(), torch::MemoryFormat::ChannelsLast).stride(1) == 1);
  CHECK(torch::zeros_like(x, x.options().requires_grad(true), torch::MemoryFormat::ChannelsLast).is_leaf());
  CHECK(torch::empty_like(x, torch::MemoryFormat::Contiguous).is_contiguous());
  const auto [values, indices] = torch::adaptive_max_pool2d(x, {1, 1});
  CHECK(values.sum().item<float>() == 34);
  CHECK(indices.flatten()[1].item<int64_t>() == 11);
  CHECK(torch::allclose(torch::fft::fft2(x, {}, {-2, -1}, "ortho"), lazuli::fft::fft2(x, {.norm = "ortho"})));
  CHECK(torch::fft_rfftn(x, {}, {1, 2}).size(2) == 2);
  CHECK(torch::fft::fft2(x, {4, 4}).size(2) == 4);
  CHECK(torch::linalg::norm(x[0][0], "fro", {}, false, {}).dim() == 0);
  CHECK(torch::linalg_norm(x[0][0], torch::Scalar(2)).item<float>() > 0);
  const at::Generator generator = torch::make_generator(3), same = torch::make_generator(3);
  CHECK(torch::equal(torch::randint(0, 9, {5}, generator), torch::randint(0, 9, {5}, same, torch::kLong)));
  CHECK(torch::hamming_window(5, true, 0.5).size(0) == 5);
  CHECK(torch::equal(torch::kaiser_window(5, false, 3.0), lazuli::kaiser_window(5, {.periodic = false, .beta = 3})));
}

TEST_CASE("libtorch: what Adam keeps is seen, changed and moved to another parameter", "[torch]") {
  auto w = torch::tensor({1.f, 2.f, 3.f, 4.f}, torch::requires_grad());
  torch::optim::Adam adam({w}, torch::optim::AdamOptions(0.1));
  CHECK(adam.state().empty());
  const auto step = [&](torch::Tensor& p) {
    adam.zero_grad();
    p.square().sum().backward();
    adam.step();
  };
  step(w);
  auto& state = static_cast<torch::optim::AdamParamState&>(*adam.state().at(w.unsafeGetTensorImpl()));
  CHECK(state.step() == 1);
  CHECK(torch::allclose(state.exp_avg(), torch::tensor({0.2f, 0.4f, 0.6f, 0.8f})));
  CHECK_FALSE(state.max_exp_avg_sq().defined());
  step(w);
  CHECK(state.step() == 2);  // the same object tells of the steps since

  // As a program prunes: two of four elements go, with what is kept for them.
  const auto keep = torch::tensor({0, 2});
  auto kept = std::make_unique<torch::optim::AdamParamState>(state);
  kept->exp_avg(kept->exp_avg().index_select(0, keep));
  kept->exp_avg_sq(kept->exp_avg_sq().index_select(0, keep));
  adam.state().erase(w.unsafeGetTensorImpl());
  auto reference = w.detach().clone();
  adam.param_groups()[0].params()[0] = w.index_select(0, keep).detach().requires_grad_(true);
  auto pruned = adam.param_groups()[0].params()[0];
  adam.state()[pruned.unsafeGetTensorImpl()] = std::move(kept);
  step(pruned);
  step(w);
  CHECK(w.equal(reference));  // it is no longer the optimizer's

  auto whole = torch::tensor({1.f, 2.f, 3.f, 4.f}, torch::requires_grad());
  torch::optim::Adam other({whole}, torch::optim::AdamOptions(0.1));
  for (int i = 0; i < 4; ++i) {
    other.zero_grad();
    whole.square().sum().backward();
    other.step();
    if (i == 2) CHECK(torch::allclose(whole.detach().index_select(0, keep), pruned.detach()));
  }
  // The state goes to files as it was left.
  static_cast<torch::optim::AdamParamState&>(*adam.state()[pruned.unsafeGetTensorImpl()]).step(40);
  std::stringstream file;
  torch::save(adam, file);
  torch::optim::Adam back({pruned}, torch::optim::AdamOptions(0.5));
  torch::load(back, file);
  std::stringstream archived;
  torch::serialize::OutputArchive out, inner;
  adam.save(inner);
  out.write("optimizer", inner);
  out.save_to(archived);
  torch::serialize::InputArchive in, nested;
  in.load_from(archived);
  CHECK_FALSE(in.try_read("other", nested));
  CHECK(in.try_read("optimizer", nested));
  torch::optim::Adam third({pruned});
  third.load(nested);
  CHECK(third.lr() == 0.1);
  CHECK(torch::equal(torch::pickle_load(torch::pickle_save(torch::IValue(w.detach()))).toTensor(), w.detach()));
  CHECK(static_cast<torch::optim::AdamParamState&>(*back.state()[pruned.unsafeGetTensorImpl()]).step() == 40);
  adam.param_groups()[0].params().push_back(w);
  CHECK_THROWS_AS(adam.step(), c10::Error);
}

TEST_CASE("libtorch: a state that is shown counts all steps, and is checked; options that a program keeps go on being the group's", "[torch]") {
  auto w = torch::tensor({1.f, 2.f}, torch::requires_grad());
  torch::optim::Adam adam({w}, torch::optim::AdamOptions(0.1));
  w.square().sum().backward();
  adam.step();
  auto& state = static_cast<torch::optim::AdamParamState&>(*adam.state().at(w.unsafeGetTensorImpl()));
  lazuli::optim::Optimizer& library = adam;  // as a GradScaler has it
  library.step();
  CHECK(state.step() == 2);
  adam.state();
  CHECK(adam.state_dict().at("state.0.step").item<double>() == 2);

  auto& options = static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options());
  adam.add_param_group(torch::optim::OptimizerParamGroup(std::vector<torch::Tensor>{torch::ones({3}, torch::requires_grad())}));
  options.lr(0.25);
  CHECK(adam.lr(0) == 0.25);
  adam.load_state_dict(adam.state_dict());
  options.lr(0.5);
  CHECK(adam.lr(0) == 0.5);

  auto wider = torch::ones({4}, torch::requires_grad());
  adam.param_groups()[0].params()[0] = wider;
  wider.sum().backward();
  adam.zero_grad();
  CHECK_FALSE(wider.grad().defined());
  auto kept = std::move(adam.state()[w.unsafeGetTensorImpl()]);
  adam.state()[wider.unsafeGetTensorImpl()] = std::move(kept);
  wider.sum().backward();
  CHECK_THROWS_AS(adam.step(), c10::Error);  // what is kept is of another size
  adam.state().erase(wider.unsafeGetTensorImpl());
  CHECK_NOTHROW(adam.step());
}

TEST_CASE("libtorch: states of SGD, RMSprop and Adagrad, options that a group is given", "[torch]") {
  auto p = torch::ones({2}, torch::requires_grad());
  torch::optim::SGD sgd({p}, torch::optim::SGDOptions(0.1).momentum(0.9));
  torch::optim::RMSprop rms({p}, torch::optim::RMSpropOptions(0.1));
  torch::optim::Adagrad adagrad({p}, torch::optim::AdagradOptions(0.1));
  p.sum().backward();
  sgd.step(), rms.step(), adagrad.step();
  CHECK(torch::equal(static_cast<torch::optim::SGDParamState&>(*sgd.state()[p.unsafeGetTensorImpl()]).momentum_buffer(), torch::ones(2)));
  CHECK(static_cast<torch::optim::RMSpropParamState&>(*rms.state()[p.unsafeGetTensorImpl()]).square_avg().defined());
  CHECK(static_cast<torch::optim::AdagradParamState&>(*adagrad.state()[p.unsafeGetTensorImpl()]).sum().sum().item<float>() == 2);
  sgd.state().clear();
  sgd.step();
  CHECK(torch::equal(static_cast<torch::optim::SGDParamState&>(*sgd.state()[p.unsafeGetTensorImpl()]).momentum_buffer(), torch::ones(2)));
  sgd.param_groups()[0].set_options(std::make_unique<torch::optim::SGDOptions>(0.5));
  CHECK(sgd.param_groups()[0].options().get_lr() == 0.5);
  CHECK(sgd.lr() == 0.5);
  CHECK(torch::optim::AdamOptions(0.1) == torch::optim::AdamOptions(0.1));
  CHECK_FALSE(torch::optim::AdamOptions(0.1) == torch::optim::AdamOptions(0.1).eps(1));
  sgd.state()[p.unsafeGetTensorImpl()] = std::make_unique<torch::optim::AdamParamState>();
  CHECK_THROWS_AS(sgd.step(), c10::Error);
}

TEST_CASE("libtorch: packed accessors, transfers that do not block, aliases, what a tensor tells of the tape", "[torch]") {
  auto x = torch::arange(6).to(torch::kFloat).view({2, 3});
  auto packed = x.t().packed_accessor32<float, 2, torch::RestrictPtrTraits>();
  packed[2][1] += 10;
  CHECK(x[1][2].item<float>() == 15);
  CHECK(packed.size(0) == 3);
  CHECK(packed.stride(0) == 1);
  CHECK(x.flatten().packed_accessor64<float, 1>()[5] == 15);
  CHECK_THROWS_AS((x.packed_accessor64<float, 1>()), c10::Error);
  CHECK(x.to(torch::kDouble, /*non_blocking=*/true).dtype() == torch::kDouble);
  CHECK_FALSE(x.to(torch::kFloat, false, /*copy=*/true).is_same(x));
  CHECK(x.to(torch::zeros({1}, torch::kInt), true).dtype() == torch::kInt);
  auto y = torch::zeros({2, 3});
  y.copy_(x, /*non_blocking=*/true);
  CHECK(torch::equal(x, y));
  CHECK(x.is_alias_of(x.view(-1)));
  CHECK_FALSE(x.is_alias_of(y));
  CHECK(x._version() == x.version());

  auto leaf = torch::ones({4}, torch::requires_grad());
  const auto parts = leaf.mul(2).chunk(2);
  CHECK(parts[1].output_nr() == 1);
  CHECK(leaf.output_nr() == 0);
  CHECK_FALSE(parts[0].retains_grad());
  parts[0].retain_grad();
  CHECK(parts[0].retains_grad());
  {
    const torch::InferenceMode guard;
    CHECK(torch::InferenceMode::is_enabled());
    CHECK(torch::ones(1).is_inference());
  }
  CHECK_FALSE(torch::InferenceMode::is_enabled());
  CHECK_FALSE(leaf.is_inference());
}

TEST_CASE("libtorch: parallel regions, borrowed values, switches and operators from many threads", "[torch]") {
  CHECK_FALSE(at::in_parallel_region());
  const std::string text = "kept";
  const auto borrowed = c10::MaybeOwned<std::string>::borrowed(text), owned = c10::MaybeOwned<std::string>::owned("own");
  CHECK(&*borrowed == &text);
  CHECK(*owned == "own");
  CHECK(owned->size() == 3);
  at::globalContext().setAllowTF32CuBLAS(true);
  CHECK(lazuli::get_float32_matmul_precision() == "high");
  at::globalContext().setAllowTF32CuDNN(false);
  CHECK_FALSE(at::globalContext().allowTF32CuBLAS());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 50; ++i) {
        torch::Library library("threads_" + std::to_string(t), torch::detail::CatchAll);
        library.def("op" + std::to_string(i) + "(int n) -> int", [i](int64_t n) { return n + i; });
        const auto op = c10::Dispatcher::singleton().findSchemaOrThrow("threads_" + std::to_string(t) + "::op" + std::to_string(i));
        if (op.typed<int64_t(int64_t)>().call(1) != i + 1) std::abort();
      }
    });
  for (auto& thread : threads) thread.join();
  const std::vector<torch::Tensor> list{torch::ones(1), torch::ones(1)};
  std::ostringstream out;
  out << list;
  CHECK(out.str().size() > 4);
  const int numbers[] = {1, 2, 3};
  CHECK(torch::tensor(at::ArrayRef<int>(numbers)).sum().item<int>() == 6);
  CHECK(toString(torch::kFloat) == std::string("Float"));
}

TEST_CASE("libtorch: options tell what they were given; reductions, distances and defaults of forwards", "[torch]") {
  CHECK(torch::nn::EmbeddingOptions(5, 3).sparse(false).num_embeddings() == 5);
  CHECK(torch::nn::LSTMOptions(4, 7).hidden_size() == 7);
  CHECK(torch::nn::BatchNorm2dOptions(3).num_features() == 3);
  CHECK(torch::nn::LayerNormOptions({3, 2}).normalized_shape().size() == 2);
  const auto x = torch::tensor({{1.f, 2.f}}), y = torch::tensor({{3.f, 5.f}});
  CHECK(torch::nn::HuberLoss(torch::nn::HuberLossOptions(torch::kSum))(x, y).item<float>() == 4);
  torch::nn::AnyModule any;
  any = torch::nn::Linear(2, 3);
  CHECK(any.type_info() == typeid(torch::nn::LinearImpl));
  CHECK(any.forward(x).size(1) == 3);
  const double scale = 2;
  torch::nn::TripletMarginWithDistanceLoss loss(
      torch::nn::TripletMarginWithDistanceLossOptions()
          .distance_function([&](const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().sum(1) * scale; })
          .margin(1));
  CHECK(loss(x, y, x).item<float>() == 11);
  torch::autograd::IValue whole(torch::Scalar(3)), flag(torch::Scalar(true));
  CHECK(whole.toScalar().isIntegral(false));
  CHECK(flag.toScalar().isBoolean());
  torch::nn::AnyValue value(3), copy(value);
  CHECK(copy.get<int>() == 3);
}

TEST_CASE("libtorch: the functions of a gradient scaler", "[torch]") {
  std::vector<torch::Tensor> grads{torch::full({2}, 8.f)};
  auto found = torch::zeros({1}), scale = torch::full({1}, 4.f), tracker = torch::zeros({1}, torch::kInt);
  at::_amp_foreach_non_finite_check_and_unscale_(grads, found, scale.reciprocal());
  CHECK(grads[0][0].item<float>() == 2);
  CHECK(found.item<float>() == 0);
  at::_amp_update_scale_(scale, tracker, found, 2, 0.5, 1);
  CHECK(scale.item<float>() == 8);
  grads[0][1] = std::numeric_limits<float>::infinity();
  at::_amp_foreach_non_finite_check_and_unscale_(grads, found, scale.reciprocal());
  at::_amp_update_scale_(scale, tracker, found, 2, 0.5, 1);
  CHECK(scale.item<float>() == 4);
  std::vector<torch::Tensor> halves{torch::full({2}, 1024.f, torch::kHalf)};
  at::_amp_foreach_non_finite_check_and_unscale_(halves, found, torch::full({1}, std::ldexp(1.f, -26)));  // less than float16 has
  CHECK(halves[0][0].item<float>() == std::ldexp(1.f, -16));
  scale.fill_(3e38), found.fill_(0);
  at::_amp_update_scale_(scale, tracker, found, 2, 0.5, 1);
  CHECK(scale.item<float>() == 3e38f);
}

}  // namespace
