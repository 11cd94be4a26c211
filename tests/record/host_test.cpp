// What a step does on the host: what is an error while it is recorded, and what is part of it.
#include <sstream>

#include "lazuli/core/slots/step_observer.h"
#include "lazuli/distributions/distributions.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

Tensor some(const Tensor& x) { return (x * 2 + 1).tanh(); }

// What recording `f` says of it.
template <class F>
std::string refused(F f) {
  auto step = record(f);
  try {
    for (int i = 0; i < 3; ++i) step(tensor({3.0f, -1.0f, 2.0f, 0.0f}));
  } catch (const Error& e) {
    CHECK(e.op() == "record");
    CHECK(step.signatures() == 0);
    return e.what();
  }
  return "nothing";
}

bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = a.contiguous(), y = b.contiguous();
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}

// Results of a step on other values each time, recorded and not.
template <class F>
void same_as_eager(F f, const std::function<Tensor(int)>& input) {
  auto step = record(f);
  for (int i = 0; i < 5; ++i) {
    const Tensor x = input(i);
    manual_seed(uint64_t(i));
    const std::vector<Tensor> expected = f(x);
    const Tensor place = rand({1});
    manual_seed(uint64_t(i));
    const std::vector<Tensor> got = step(x);
    CHECK(same_bits(rand({1}), place));
    REQUIRE(got.size() == expected.size());
    for (size_t k = 0; k < got.size(); ++k) CHECK(same_bits(got[k], expected[k]));
  }
  INFO(step.why());
  CHECK(step.replays() == 3);
}
Tensor matrix(int i) { return randn({3, 3}, {.dtype = kFloat64}) + 4 * eye(3, {.dtype = kFloat64}) * (1 + i); }

struct Signs : optim::OptimizerOf<Signs, optim::SGDOptions> {
  static constexpr const char* class_name = "Signs";
  using OptimizerOf::OptimizerOf;
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override {
    Tensor& sum = state.zeros("sum", param);
    sum.add_(grad.sign());
    if (sum.abs().max().item<double>() > 1) sum.mul_(0.5);
    param.sub_(sum * options(group).lr);
  }
  std::vector<StateName> state_names() const override { return {{"sum"}}; }
};

}  // namespace

TEST_CASE("what cannot be recorded is told with the function, where its value comes from, and the line of the program", "[record]") {
  const auto here = Contains(", at ");  // and the line, where there is debugging information
  CHECK_THAT(refused([](const Tensor& x) { return x * some(x).sum().item<float>(); }), Contains("item") && Contains("reduce.Sum") && here);
  CHECK_THAT(refused([](const Tensor& x) { return nonzero(some(x)); }), Contains("count_nonzero") && here);
  CHECK_THAT(refused([](const Tensor& x) { return masked_select(x, some(x) > 0); }), Contains("count_nonzero") && here);
  CHECK_THAT(refused([](const Tensor& x) { return x[some(x) > 0]; }), Contains("count_nonzero") && here);
  CHECK_THAT(refused([](const Tensor& x) { return std::get<0>(unique(some(x))); }), Contains("count_nonzero") && here);
  CHECK_THAT(refused([](const Tensor& x) { return repeat_interleave(x, x.abs().to(kInt64)); }), Contains("item") && here);
  CHECK_THAT(refused([](const Tensor& x) {  // a loop on the host
               Tensor y = some(x);
               while (y.sum().item<double>() > 1) y = y * 0.5;
               return y;
             }),
             Contains("item") && here);
  CHECK_THAT(refused([](const Tensor& x) {
               std::ostringstream text;
               text << some(x);
               return x + 1;
             }),
             Contains("unary.Tanh") && here);
  CHECK_THAT(refused([](const Tensor& x) { return tensor(some(x).to_vector<float>()); }), Contains("unary.Tanh") && here);
  CHECK_THAT(refused([](const Tensor& x) {  // an operator that no slot knows of
               const Tensor y = some(x), out = empty_like(y);
               for (int64_t i = 0; i < y.numel(); ++i) out.data_ptr<float>()[i] = y.const_data_ptr<float>()[i] + 1;
               return out * 2;
             }),
             Contains("data_ptr") && Contains("host_function") && here);
  CHECK_THAT(refused([](const Tensor& x) {
               Tensor w = ones({4}).requires_grad_();
               double largest = 0;
               w.register_hook([&](const Tensor& g) {
                 largest = g.abs().max().item<double>();
                 return g;
               });
               (some(x) * w).sum().backward();
               return w.grad();
             }),
             Contains("item") && here);
}

TEST_CASE("an optimizer that runs the step several times cannot be recorded", "[record]") {
  Tensor w = ones({4}).requires_grad_();
  optim::LBFGS lbfgs({w});
  auto step = record([&](const Tensor& x) {
    return lbfgs.step([&] {
      lbfgs.zero_grad();
      Tensor loss = (x * w).square().sum();
      loss.backward();
      return loss;
    });
  });
  CHECK_THROWS_WITH(step(ones({4})), Contains("record") && Contains("LBFGS"));
  CHECK(step.signatures() == 0);
}

TEST_CASE("an optimizer of a program's own runs between the recorded calls", "[record]") {
  const auto trained = [](bool recorded) {
    Tensor w = ones({4}).requires_grad_();
    Signs signs({w}, {.lr = 0.1});
    auto body = [&](const Tensor& x) {
      signs.zero_grad();
      (x * w).tanh().sum().backward();
      signs.step();
    };
    auto step = record(body);
    for (int i = 0; i < 6; ++i) recorded ? step(full({4}, i - 2.0)) : body(full({4}, i - 2.0));
    CHECK(step.replays() == (recorded ? 4 : 0));
    return w.detach();
  };
  CHECK(same_bits(trained(true), trained(false)));
}

TEST_CASE("matrices that are factored are looked at in replays, too", "[record]") {
  same_as_eager(
      [](const Tensor& given) {
        Tensor A = given.clone().requires_grad_();
        const Tensor b = given.select(0, 0), positive = matmul(A, A.mT());
        const Tensor all = linalg::inv(A).sum() + linalg::solve(A, b).sum() + linalg::cholesky(positive).sum() + linalg::det(A) +
                           linalg::slogdet(A).logabsdet + linalg::eigvalsh(positive).sum() + linalg::svdvals(A).sum() +
                           linalg::lu_factor(A).LU.sum() + logdet(positive) + linalg::pinv(A).sum();
        all.backward();
        return std::vector<Tensor>{all.detach(), A.grad()};
      },
      matrix);
  auto inverse = record([](const Tensor& A) { return linalg::inv(A); });
  for (int i = 0; i < 3; ++i) inverse(matrix(i));
  CHECK_THROWS_WITH(inverse(zeros({3, 3}, {.dtype = kFloat64})), Contains("linalg.inv") && Contains("a singular one"));
  CHECK(same_bits(inverse(eye(3, {.dtype = kFloat64})), eye(3, {.dtype = kFloat64})));
  CHECK(inverse.replays() >= 2);
  CHECK_THAT(to_string(inverse), Contains("host: linalg.inv((%"));
}

TEST_CASE("functions that loop on the host are calls of a recorded step", "[record]") {
  const auto positive = [](int i) { return (randn({4, 5}) + i).abs() + 0.1; };
  same_as_eager(
      [](const Tensor& given) {
        Tensor x = given.clone().requires_grad_();
        const auto [mantissa, exponent] = frexp(x * 3);
        const Tensor gamma = distributions::Gamma(x, ones({})).rsample();
        (mantissa.sum() + gamma.sum()).backward();
        return std::vector<Tensor>{
            mantissa.detach(), exponent, hash_tensor(given, {1}), poisson(given * 5), binomial(floor(given * 20), sigmoid(given)), gamma.detach(),
            rand({2}),         x.grad()};
      },
      positive);
  same_as_eager(
      [](const Tensor& given) {
        const linalg::LuResult lu = linalg::lu(given);
        return std::vector<Tensor>{lu.P, lu.L, lu.U};
      },
      matrix);
  auto labels = record([](const Tensor& p, const Tensor& targets) { return ctc_loss(log_softmax(p, 2), targets, Shape{6, 6}, Shape{2, 3}); });
  for (int i = 0; i < 5; ++i) {
    const Tensor p = randn({6, 2, 5}), targets = randint(1, 5, {2, 3});
    CHECK(same_bits(labels(p, targets), ctc_loss(log_softmax(p, 2), targets, Shape{6, 6}, Shape{2, 3})));
  }
  CHECK(labels.replays() == 3);
  CHECK_THROWS_WITH(labels(randn({6, 2, 5}), full({2, 3}, 7, {.dtype = kInt64})), Contains("ctc_loss") && Contains("targets"));
}

TEST_CASE("a program's own loop is a call of a recorded step by host_function", "[record]") {
  const auto twice = [](const Tensor& x) {
    const Tensor out = empty_like(x);
    host_function("twice", {out}, {x}, [](std::span<Tensor> to, std::span<const Tensor> from) {
      for (int64_t i = 0; i < from[0].numel(); ++i) to[0].data_ptr<float>()[i] = 2 * from[0].const_data_ptr<float>()[i];
    });
    return out;
  };
  Tensor kept = zeros({4});
  auto step = record([&](const Tensor& x) {
    const Tensor y = twice(some(x)) + 1;
    kept.copy_(twice(y));
    return twice(y);
  });
  for (int i = 0; i < 5; ++i) {
    const Tensor x = full({4}, i - 2.0), expected = twice(twice(some(x)) + 1);
    CHECK(same_bits(step(x), expected));
    CHECK(same_bits(kept, expected));
  }
  CHECK(step.replays() == 3);
}
