// Steps that go on by what the host finds in their middle: one list for each way, and the host's code between.
#include <cstring>

#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"

using namespace lazuli;
using Catch::Matchers::Contains;

namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  const Tensor x = a.contiguous(), y = b.contiguous();
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}

struct Net : nn::Module {
  nn::Child<nn::Linear> in{this, "in", 6, 8};
  nn::Child<nn::BatchNorm1d> norm{this, "norm", 8};
  nn::Child<nn::Dropout> drop{this, "drop", 0.3};
  nn::Child<nn::Linear> out{this, "out", 8, 3};
  Tensor forward(const Tensor& x) { return out(drop(relu(norm(in(x))))); }
};

// A net with its optimizer; `read(t)` tells whether t is true.
template <class Read>
struct Training {
  Net& net;
  Read read;
  optim::AdamW adam{net.parameters(), {.lr = 1e-2}};
  std::vector<int> ways = {};

  Tensor operator()(const Tensor& x, const Tensor& y) {
    adam.zero_grad();
    Tensor loss = cross_entropy(net(x), y);
    if (read(loss > 1.15)) loss = loss + 0.01 * net.out->weight.square().sum();
    loss.backward();
    const Tensor norm = net.in->weight.grad().norm();
    if (read(norm > 0.3)) nn::utils::clip_grad_norm_(net.parameters(), 0.2);
    if (!read(norm > 0.9)) adam.step();
    return loss.detach();
  }
};

// Trains eagerly and recorded for 20 steps; the same after each.
template <class Read>
void same_training(Read read, const RecordOptions& options) {
  manual_seed(11);
  Net a, b;
  b.load_state_dict(a.state_dict());
  Training<Read> eager{a, read}, body{b, read};
  auto recorded = record(body, options);
  std::vector<std::pair<Tensor, Tensor>> data;
  for (int i = 0; i < 20; ++i) data.emplace_back(randn({5, 6}) * (1 + i % 3), randint(3, {5}));
  for (size_t i = 0; i < data.size(); ++i) {
    INFO("step " << i << " " << recorded.why());
    manual_seed(i);
    const Tensor expected = eager(data[i].first, data[i].second);
    const std::string place = default_generator().get_state();
    manual_seed(i);
    REQUIRE(same_bits(recorded(data[i].first, data[i].second), expected));
    CHECK(default_generator().get_state() == place);
    for (size_t k = 0; k < a.parameters().size(); ++k) {
      REQUIRE(same_bits(b.parameters()[k], a.parameters()[k]));
      REQUIRE(same_bits(b.parameters()[k].grad(), a.parameters()[k].grad()));
    }
    for (size_t k = 0; k < a.buffers().size(); ++k) REQUIRE(same_bits(b.buffers()[k], a.buffers()[k]));
  }
  CHECK(recorded.signatures() >= 2);
  CHECK(recorded.replays() >= 8);
  CHECK(recorded.replays() + recorded.recordings() == 20);
}

}  // namespace

TEST_CASE("a step that goes on by values that are read trains as the step itself does", "[record]") {
  const auto item = [](const Tensor& t) { return t.item<bool>(); };
  same_training(item, {.cut_at_reads = true});
  same_training(item, {.cut_at_reads = true, .fuse = false});
  same_training([](const Tensor& t) { return record_cut([t] { return t.item<bool>(); }); }, {});
}

TEST_CASE("a cut that a step goes on by runs once in each call", "[record]") {
  enum class Sign { Minus, Plus };
  int looked = 0;
  Tensor total = zeros({2});
  auto step = record([&](const Tensor& x) {
    total.add_(x);  // is taken back where the step goes another way than it was recorded
    const Sign sign = record_cut([&looked, total] {
      ++looked;
      return total.sum().item<double>() < 0 ? Sign::Minus : Sign::Plus;
    });
    return sign == Sign::Minus ? -total : total * 2;
  });
  double sum = 0;
  int calls = 0;
  for (const double x : {1.0, 2.0, -1.0, -4.0, -1.0, 5.0, -9.0, 1.0, 20.0, -2.0}) {
    sum += x;
    const double expected = sum < 0 ? -sum : sum * 2;
    CHECK(step(full({2}, x)).to_vector<double>() == std::vector<double>(2, expected));
    CHECK(total.to_vector<double>() == std::vector<double>(2, sum));
    CHECK(looked == ++calls);
  }
  CHECK(step.signatures() == 2);
  CHECK(step.replays() == 6);
  CHECK_THAT(to_string(step), Contains("cut = "));
}

TEST_CASE("a cut that a step goes on by runs once in calls that run as they are, too", "[record]") {
  int looked = 0, calls = 0;
  double factor = 4;
  auto step = record(
      [&](const Tensor& x) {
        const bool usual = record_cut([&looked, sum = x.sum()] {
          ++looked;
          return sum.item<double>() > 0;
        });
        return usual ? x * 2 : x * ++factor;  // a number that is another one each time
      },
      {.or_eager = true, .signatures = 4});
  for (int i = 0; i < 24; ++i) {
    const double x = i < 4 || i % 5 == 0 ? 1.0 : -1.0;
    const Tensor got = step(full({2}, x));
    CHECK(got.to_vector<double>() == std::vector<double>(2, x * (x > 0 ? 2 : factor)));
    CHECK(looked == ++calls);
  }
  CHECK(step.eager_calls() > 5);
  CHECK(step.replays() >= 4);
}

TEST_CASE("cuts see the arguments of the call that they run in", "[record]") {
  std::vector<double> seen;
  const auto sum_of = [](const Tensor& t) { return t.sum().item<double>(); };
  auto step = record([&](const Tensor& x, const Tensor& y) {
    const bool plus = record_cut([x, sum_of] { return sum_of(x) > 0; });
    record_cut([part = y.narrow(0, 1, 2), &seen, sum_of] { seen.push_back(sum_of(part)); });
    return std::vector<Tensor>{plus ? x * 2 : x * 3, y};
  });
  std::vector<std::vector<Tensor>> all;
  std::vector<double> expected;
  for (int i = 0; i < 16; ++i) {
    const double sign = i < 4 || i % 3 == 0 ? 1 : -1;
    const Tensor memory = arange(1, 20), x = (memory * sign).narrow(0, i % 5, 3),
                 y = (memory + i).narrow(0, 7 - i % 7, 4);  // anywhere in their memory
    all.push_back(step(x, y));
    CHECK(all.back()[0].to_vector<double>() == (x * (sign > 0 ? 2 : 3)).to_vector<double>());
    expected.push_back(sum_of(y.narrow(0, 1, 2)));
    CHECK(seen == expected);
  }
  for (int i = 0; i < 16; ++i) CHECK(all[size_t(i)][1].to_vector<double>() == (arange(1, 20) + i).narrow(0, 7 - i % 7, 4).to_vector<double>());
  CHECK(step.signatures() == 2);
  CHECK(step.recordings() == 4);
}

TEST_CASE("a cut that holds a leaf among the arguments is recorded again for another one", "[record]") {
  double seen = 0;
  auto step = record([&](const Tensor& w, const Tensor& x) {
    const Tensor loss = (w * x).sum();
    record_cut([w, &seen] { seen = w.sum().item<double>(); });
    return autograd::grad({loss}, {w})[0];
  });
  const Tensor a = ones({3}).requires_grad_(), b = full({3}, 2.0).requires_grad_(), x = rand({3});
  for (const Tensor* w : {&a, &a, &a, &a, &b, &b, &b, &a, &b}) {
    CHECK(same_bits(step(*w, x), x));
    CHECK(seen == w->sum().item<double>());
  }
  CHECK(step.replays() >= 3);
  auto other = record([](const Tensor& w) {
    const Tensor loss = (w * w).sum();
    record_cut([s = loss.detach()] { s.item<double>(); });
    return autograd::grad({loss}, {w})[0];
  });
  for (int i = 0; i < 6; ++i) other(rand({3}).requires_grad_());
  CHECK(other.replays() == 4);  // nobody holds it
}

TEST_CASE("a cut sees what the step returns, which is the caller's", "[record]") {
  std::vector<double> seen;
  std::vector<Tensor> results;
  auto step = record([&](const Tensor& x) {
    Tensor total = x.sum();
    record_cut([total, &seen] { seen.push_back(total.item<double>()); });
    return total;
  });
  for (int i = 0; i < 6; ++i) results.push_back(step(full({4}, double(i))));
  CHECK(seen == std::vector<double>{0, 4, 8, 12, 16, 20});
  for (int i = 0; i < 6; ++i) CHECK(results[size_t(i)].item<double>() == 4.0 * i);
  CHECK(step.replays() == 4);
}

TEST_CASE("an argument that becomes a gradient is an error that names it", "[record]") {
  Tensor w = ones({3}).requires_grad_();
  auto step = record([&](const Tensor& g) { w.set_grad(g); });
  CHECK_THROWS_WITH(step(ones({3})), Contains("set_grad") && Contains("clone() it"));
  auto copied = record([&](const Tensor& g) { w.set_grad(g.clone()); });
  for (int i = 0; i < 5; ++i) {
    copied(full({3}, double(i)));
    CHECK(w.grad().to_vector<double>() == std::vector<double>(3, i));
  }
  CHECK(copied.replays() >= 1);
}

TEST_CASE("sizes that depend on data are one recording each", "[record]") {
  auto step = record([](const Tensor& x) { return x.masked_select(x > 0).sum() + nonzero(x).sum(); }, {.cut_at_reads = true});
  for (int i = 0; i < 12; ++i) {
    Tensor x = -ones({6});
    x.narrow(0, 0, 2 + i % 3).fill_(double(i + 1));
    CHECK(step(x).item<double>() == (2.0 + i % 3) * (i + 1) + 15);
  }
  CHECK(step.signatures() == 3);
  CHECK(step.replays() == 6);
}

TEST_CASE("a step goes on by gradients that are there, and leaves them where it stops", "[record]") {
  Tensor a = ones({3}).requires_grad_(), b = ones({3}).requires_grad_();
  const auto step_of = [](Tensor w) {
    return [w](const Tensor& x) {
      const Tensor loss = (w * x).sum();
      if ((loss.detach() > 10).item<bool>()) return loss.detach();  // a batch that is left out
      loss.backward();
      return loss.detach();
    };
  };
  auto eager = step_of(a);
  auto recorded = record(step_of(b), {.cut_at_reads = true});
  for (int i = 0; i < 16; ++i) {
    const Tensor x = full({3}, i % 4 == 3 ? 5.0 : 0.5 * i / 16);
    CHECK(same_bits(recorded(x), eager(x)));
    CHECK(same_bits(b.grad(), a.grad()));
  }
  CHECK(recorded.replays() >= 10);
}

TEST_CASE("what a step cannot go on by is an error", "[record]") {
  const Tensor x = ones({2});
  auto numbers = record([](const Tensor& t) { return t * t.sum().item<double>(); }, {.cut_at_reads = true, .signatures = 4});
  CHECK_THROWS_WITH(
      [&] {
        for (int i = 0; i < 9; ++i) numbers(full({2}, double(i)));
      }(),
      Contains("item = 4") && Contains("item = 6") && Contains("same from step to step"));
  auto behind = record([](const Tensor& t) {
    record_cut([t] { t.sum(); });
    return record_cut([t] { return t.sum().item<double>() > 0; }) ? t : -t;
  });
  CHECK_THROWS_WITH(behind(x), Contains("decides how the step goes on, behind 'cut'"));
  CHECK_THROWS_WITH(record([](const Tensor& t) { return t * double(t.to_vector<float>()[1]); }, {.cut_at_reads = true})(x), Contains("item"));
  auto checked = record([](const Tensor& t) { return (t > 0).all().item<bool>() ? t : -t; }, {.cut_at_reads = true, .check = true});
  CHECK_THROWS_WITH(
      [&] {
        for (int i = 0; i < 3; ++i) checked(x);
      }(),
      Contains("without cuts"));
}
