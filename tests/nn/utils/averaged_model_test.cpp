#include "lazuli/nn/utils/averaged_model.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"

// Averages of models.
using namespace lazuli;
namespace swa = optim::swa_utils;

namespace {
double weight(const nn::Module& m, const char* name = "weight") { return m.get_parameter(name).reshape({-1})[0].item<double>(); }
void set(const nn::Linear& layer, double value) {
  no_grad guard;
  layer.weight.fill_(value);
}
}  // namespace

TEST_CASE("the average of models is the mean of their parameters", "[nn][swa]") {
  nn::Linear net(1, 1, false);
  swa::AveragedModel<nn::Linear> averaged(net);
  for (double value : {1.0, 2.0, 6.0}) {
    set(net, value);
    averaged.update_parameters(net);
  }
  CHECK(weight(averaged, "module.weight") == Approx(3));
  CHECK(averaged.n_averaged.item<int64_t>() == 3);
  CHECK(averaged(ones({1, 1})).item<double>() == Approx(3));
  CHECK(weight(net) == 6);
  const StateDict state = averaged.state_dict();
  CHECK(state.begin()[0].first == "n_averaged");
  CHECK(state.begin()[1].first == "module.weight");
  swa::AveragedModel<nn::Linear> copy = nn::clone(averaged);
  copy.update_parameters(net);  // the fourth
  CHECK(weight(copy, "module.weight") == Approx(3.75));
  CHECK(weight(averaged, "module.weight") == Approx(3));
  CHECK_THROWS_AS(averaged.update_parameters(nn::Linear(2, 1, false)), Error);
}

TEST_CASE("an exponential moving average begins with the first model", "[nn][swa]") {
  nn::Linear net(1, 1, false);
  swa::AveragedModel<nn::Linear> averaged(net, swa::get_ema_avg_fn(0.9));
  for (double value : {1.0, 2.0, 6.0}) {
    set(net, value);
    averaged.update_parameters(net);
  }
  CHECK(weight(averaged, "module.weight") == Approx(0.9 * (0.9 * 1 + 0.1 * 2) + 0.1 * 6));
  CHECK_THROWS_AS(swa::get_ema_avg_fn(1.5), Error);
}

TEST_CASE("buffers are those of the last model, or averages", "[nn][swa]") {
  for (bool use_buffers : {false, true}) {
    nn::BatchNorm1d net(2);
    swa::AveragedModel<nn::BatchNorm1d> averaged(net, swa::get_swa_avg_fn(), use_buffers);
    for (double value : {1.0, 3.0}) {
      net.running_mean.fill_(value);
      averaged.update_parameters(net);
    }
    CHECK(averaged.module->running_mean[0].item<double>() == (use_buffers ? 2 : 3));
  }
}

TEST_CASE("update_bn gives batch norms the statistics of all batches", "[nn][swa]") {
  nn::Sequential net{nn::Linear(2, 3), nn::BatchNorm1d(3)};
  auto& norm = net.at<nn::BatchNorm1d>(1);
  norm.running_mean.fill_(100);
  const std::vector<Tensor> batches{randn({4, 2}), randn({4, 2}) + 3.0};
  net.eval();
  swa::update_bn(batches, net);
  const Tensor h = net[0](cat(batches));
  CHECK(allclose(norm.running_mean, h.mean(0), 1e-4, 1e-5));
  CHECK(norm.options.momentum == 0.1);
  CHECK_FALSE(net.is_training());
  CHECK_FALSE(norm.is_training());
  const std::vector<std::pair<Tensor, Tensor>> pairs{{batches[0], ones({4})}};
  swa::update_bn(pairs, net);
  CHECK(allclose(norm.running_mean, net[0](batches[0]).mean(0), 1e-4, 1e-5));
}

TEST_CASE("update_bn takes the batches of a loader", "[nn][swa]") {
  nn::Sequential net{nn::BatchNorm1d(2)};
  Tensor rows = randn({8, 2}) * 2 + 1;
  data::DataLoader loader(data::TensorDataset(rows, zeros({8})), {.batch_size = 8});
  optim::swa_utils::update_bn(loader, net);
  CHECK(allclose(static_cast<nn::BatchNorm1d&>(net[0]).running_mean, rows.mean(0), 1e-5, 1e-6));
}
