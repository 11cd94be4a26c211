#include "lazuli/lazuli.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 6, 40};
  nn::Child<nn::LayerNorm> norm{this, "norm", 40};
  nn::Child<nn::Dropout> drop{this, "drop", 0.3};
  nn::Child<nn::Linear> fc2{this, "fc2", 40, 40};
  nn::Child<nn::Linear> fc3{this, "fc3", 40, 3};
  Tensor forward(const Tensor& x) {
    const Tensor h = drop(gelu(norm(fc1(x))));
    return fc3(h + silu(fc2(h)) * 0.5);
  }
};

// Four steps of training, eagerly or recorded: the losses and then the parameters.
template <class O>
std::vector<Tensor> trained(const RecordOptions* options, int64_t* fused_calls = nullptr) {
  manual_seed(3);
  Net net;
  O optimizer(net.parameters(), {.lr = 0.05});
  auto step = [&](const Tensor& x, const Tensor& y) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net(x), y) + 0.01 * square(net.fc1->weight).sum();
    loss.backward();
    nn::utils::clip_grad_norm_(net.parameters(), 1.0);
    optimizer.step();
    return loss.detach();
  };
  std::vector<Tensor> seen;
  std::optional<decltype(record(step, RecordOptions()))> recorded;
  if (options) recorded.emplace(record(step, *options));
  for (int i = 0; i < 4; ++i) {
    manual_seed(uint64_t(50 + i));
    const Tensor x = randn({7, 6}), y = randn({7, 3});
    seen.push_back(recorded ? (*recorded)(x, y) : step(x, y));
  }
  if (recorded) {
    CHECK(recorded->replays() >= 2);
    if (fused_calls) {
      const std::string text = to_string(*recorded);
      for (size_t at = text.find(" fused("); at != text.npos; at = text.find(" fused(", at + 1)) ++*fused_calls;
    }
  }
  for (const Tensor& p : net.parameters()) seen.push_back(p.detach());
  return seen;
}

}  // namespace

TEST_CASE("recorded steps with fused calls train as eager ones", "[record]") {
  for (const bool reductions : {false, true}) {
    const RecordOptions options = reductions ? RecordOptions{.passes = recording::fusion_passes()} : RecordOptions();
    optim::for_each_optimizer([&]<class O>() {
      if constexpr (!std::is_same_v<O, optim::LBFGS> && !std::is_same_v<O, optim::Muon>) {
        INFO(O::class_name << (reductions ? " with" : " without") << " reductions");
        int64_t fused_calls = 0;
        const std::vector<Tensor> eager = trained<O>(nullptr), recorded = trained<O>(&options, &fused_calls);
        CHECK(fused_calls > 0);
        for (size_t i = 0; i < eager.size(); ++i) CHECK((reductions ? allclose(recorded[i], eager[i], 1e-4, 1e-5) : equal(recorded[i], eager[i])));
      }
    });
  }
}

TEST_CASE("a dump tells what a fused call does, and calls stay apart where that is asked for", "[record]") {
  const auto body = [](const Tensor& x) { return (x * 2).tanh() + x; };
  const Tensor x = randn({4, 5});
  auto fused = record(body), apart = record(body, {.fuse = false});
  for (int i = 0; i < 3; ++i) CHECK(equal(fused(x), apart(x)));
  const std::string text = to_string(fused);
  INFO(text << "\n" << apart);
  CHECK(text.find("{v1 = Mul(v0, 2) float32; v2 = Tanh(v1) float32; v3 = Add(v2, v0) float32; out v3}") != text.npos);
  CHECK(text.find("none") == text.npos);
  CHECK(to_string(apart).find("fused") == std::string::npos);
}

TEST_CASE("what has several makers is one fused call with them", "[record]") {
  const auto calls = [](const std::string& text) {
    std::pair<int, int> all;  // lines of the dump, and fused ones among them
    for (size_t at = text.find(" fused("); at != text.npos; at = text.find(" fused(", at + 1)) ++all.second;
    for (const char* slot : {" unary(", " binary(", " binary_number("})
      for (size_t at = text.find(slot); at != text.npos; at = text.find(slot, at + 1)) ++all.first;
    return all;
  };
  const auto compare = [&](auto body, std::pair<int, int> expected) {
    const std::vector<Tensor> given{randn({4, 5}), randn({4, 5}), randn({4, 5}), randn({4, 5})};
    std::vector<Tensor> eager_given = given, recorded_given = given;
    auto step = record(body);
    for (int i = 0; i < 4; ++i) {
      for (size_t k = 0; k < given.size(); ++k) eager_given[k] = given[k] + i, recorded_given[k] = given[k] + i;
      CHECK(equal(step(recorded_given[0], recorded_given[1], recorded_given[2], recorded_given[3]),
                  body(eager_given[0], eager_given[1], eager_given[2], eager_given[3])));
      for (size_t k = 0; k < given.size(); ++k) CHECK(equal(recorded_given[k], eager_given[k]));
    }
    INFO(step);
    CHECK(calls(to_string(step)) == expected);
  };
  using T = const Tensor&;
  compare([](T a, T b, T c, T d) { return a * b + c * d; }, {0, 1});
  compare([](T a, T b, T c, T) { return sqrt(square(a) + square(b) + square(c)); }, {0, 1});
  compare(
      [](T a, T b, T c, T d) {
        const Tensor left = exp(a) * b, right = sin(c) * d;
        return left / (abs(right) + 1.0);
      },
      {0, 1});
  // What a maker reads is written, or what it makes is read, before the call that it would go to.
  compare(
      [](T a, T b, T c, T d) {
        const Tensor left = exp(a) * b;
        a.add_(1.0);
        return mm(left, c.t()).sum() + left + c * d;
      },
      {0, 2});
}

namespace {
// ReLUs behind batch norms: of rows, of images, in place, with a residual whose gradient is the ReLU's too, and without a gradient of the input.
struct Normed : nn::Module {
  nn::Child<nn::BatchNorm2d> first{this, "first", 3};
  nn::Child<nn::Conv2d> conv{this, "conv", 3, 8, 3};
  nn::Child<nn::BatchNorm2d> second{this, "second", 8};
  nn::Child<nn::BatchNorm2d> third{this, "third", 8};
  nn::Child<nn::Linear> fc{this, "fc", 8, 5};
  nn::Child<nn::BatchNorm1d> last{this, "last", 5};
  Tensor forward(const Tensor& x) {
    const Tensor y = relu(second(conv(relu(first(x)))));
    Tensor z = third(y);
    relu_(z);
    return relu(last(fc((relu(y + z) + y).mean({2, 3}))));
  }
};
}  // namespace

TEST_CASE("batch norms and the ReLUs behind them are one call with the same bits", "[record]") {
  for (const bool last : {false, true})
    for (const DType dtype : {kFloat32, kFloat64, kBFloat16}) {
      const auto trained = [&](bool fuse) {
        manual_seed(5);
        Normed net;
        net.to(dtype);
        optim::SGD sgd(net.parameters(), 0.1);
        auto step = record(
            [&](const Tensor& x) {
              sgd.zero_grad();
              const Tensor loss = net(x).square().sum();
              loss.backward();
              sgd.step();
              return loss.detach();
            },
            {.fuse = fuse});
        std::vector<Tensor> seen;
        for (int i = 0; i < 4; ++i) {
          const Tensor x = randn({6, 3, 8, 8}).to(dtype);
          seen.push_back(step(last ? contiguous(x, MemoryFormat::ChannelsLast) : x));
        }
        const std::string text = to_string(step);
        INFO(text);
        CHECK((text.find(" batch_norm(") == text.npos) == fuse);
        CHECK((text.find(" batch_norm_relu_backward(") != text.npos) == fuse);  // where the gradient lies as the numbers do
        for (const Tensor& p : net.parameters()) seen.push_back(p.detach());
        for (const Tensor& b : net.buffers()) seen.push_back(b);
        return seen;
      };
      const std::vector<Tensor> fused = trained(true), apart = trained(false);
      for (size_t i = 0; i < fused.size(); ++i) CHECK(equal(fused[i], apart[i]));
    }
}

TEST_CASE("a replay steps many elements side by side as eager code does", "[record]") {
  const auto trained = [](bool is_recorded) {
    manual_seed(1);
    std::vector<Tensor> params;
    for (const int64_t n : {40000, 7, 30000}) params.push_back(randn({n}).requires_grad_());
    optim::Adam adam(params, {.lr = 0.1});
    optim::SGD sgd({params[2]}, {.lr = 0.1, .momentum = 0.9});  // after Adam on the same: these two wait for each other
    auto step = [&](const Tensor& x) {
      adam.zero_grad();
      for (const Tensor& p : params) (p * p * x).sum().backward();
      adam.step();
      sgd.step();
    };
    auto recorded = record(step);
    for (int i = 0; i < 4; ++i) {
      const Tensor x = full({1}, 0.5 + i);
      if (is_recorded) recorded(x);
      else step(x);
    }
    if (is_recorded) CHECK(recorded.replays() >= 2);
    return params;
  };
  const std::vector<Tensor> eager = trained(false), recorded = trained(true);
  for (size_t i = 0; i < eager.size(); ++i) CHECK(equal(eager[i], recorded[i]));
}
