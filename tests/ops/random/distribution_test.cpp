#include "tests/distribution.h"

#include <cmath>

#include "lazuli/ops/random/random.h"

// Every random function against the distribution that it promises, in every dtype it has, at fixed seeds.
using namespace lazuli;
using namespace lazuli::test;

namespace {
constexpr int64_t kCount = 20000;
constexpr DType kReal[] = {kFloat16, kBFloat16, kFloat32, kFloat64}, kComplex[] = {kComplex64, kComplex128},
                kWhole[] = {kUInt8, kInt8, kInt16, kInt32, kInt64};

double least(const Tensor& t) { return amin(t.to(kFloat64)).item<double>(); }
double greatest(const Tensor& t) { return amax(t.to(kFloat64)).item<double>(); }
bool all_are(const Tensor& t, double value) { return least(t) == value && greatest(t) == value; }

// P(k) of a number of events of a rate.
double poisson_probability(double rate, double k) { return std::exp(k * std::log(rate) - rate - std::lgamma(k + 1)); }
auto half_each = [](double) { return 0.5; };
}  // namespace

TEST_CASE("the tests of distributions see what is wrong", "[ops][distribution]") {
  Generator g(1);
  Tensor u = rand({kCount}, {}, g);
  CHECK(numbers_fit(u, uniform_below(0, 1)));
  CHECK_FALSE(numbers_fit(u * 0.97, uniform_below(0, 1)));
  CHECK_FALSE(numbers_fit(u * u, uniform_below(0, 1)));
  CHECK(neighbours_fit(u, uniform_below(0, 1)));
  CHECK_FALSE(neighbours_fit(u.repeat_interleave(2), uniform_below(0, 1)));
  CHECK(whole_numbers_fit(floor(u * 6), 0, 5, [](double) { return 1.0 / 6; }));
  CHECK_FALSE(whole_numbers_fit(floor(u * u * 6), 0, 5, [](double) { return 1.0 / 6; }));
  CHECK_FALSE(whole_numbers_fit(floor(u * 6.01), 0, 5, [](double) { return 1.0 / 6; }));
  CHECK(chi_square_tail(18.307, 10) == Approx(0.05).epsilon(1e-3));
  CHECK(chi_square_tail(3.841, 1) == Approx(0.05).epsilon(1e-3));
  CHECK(kolmogorov_tail(1.358 / 1000, 1e6) == Approx(0.05).epsilon(1e-2));
}

TEST_CASE("uniform numbers", "[ops][distribution]") {
  Generator g(2);
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor x = rand({kCount}, {.dtype = dtype}, g);
    CHECK(numbers_fit(x, uniform_below(0, 1)));
    CHECK(neighbours_fit(x, uniform_below(0, 1)));
    CHECK(least(x) >= 0);
    CHECK(greatest(x) < 1);
    CHECK(numbers_fit(rand_like(x, {}, g), uniform_below(0, 1)));
    Tensor y = zeros({kCount}, dtype), strided = zeros({kCount, 3}, dtype).select(1, 1);
    uniform_(y, -3, 5, g);
    CHECK(numbers_fit(y, uniform_below(-3, 5)));
    CHECK(least(y) >= -3);
    CHECK(greatest(y) <= 5);
    CHECK(numbers_fit(uniform_(strided, -3, 5, g), uniform_below(-3, 5)));
    CHECK(all_are(uniform_(y, 2, 2, g), 2));
  }
  for (DType dtype : kComplex) {
    INFO(dtype);
    const Tensor x = rand({kCount}, {.dtype = dtype}, g);
    for (const Tensor& part : {real(x), imag(x)}) CHECK(numbers_fit(part, uniform_below(0, 1)));
    CHECK(neighbours_fit(view_as_real(x).reshape({-1}), uniform_below(0, 1)));
  }
}

TEST_CASE("normal numbers", "[ops][distribution]") {
  Generator g(3);
  auto below = [](double mean, double std) { return [=](double x) { return normal_below((x - mean) / std); }; };
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor x = randn({kCount}, {.dtype = dtype}, g);
    CHECK(numbers_fit(x, normal_below));
    CHECK(neighbours_fit(x, normal_below));
    CHECK(numbers_fit(randn_like(x, {}, g), normal_below));
    CHECK(numbers_fit(normal(2.0, 0.5, {kCount}, {.dtype = dtype}, g), below(2, 0.5)));
    const Tensor mean = full({kCount}, -1, dtype), std = full({kCount}, 3, dtype);
    CHECK(numbers_fit(normal(mean, std, g), below(-1, 3)));
    CHECK(numbers_fit(normal(mean, 3, g), below(-1, 3)));
    CHECK(numbers_fit(normal(-1.0, std, g), below(-1, 3)));
    Tensor y = zeros({kCount}, dtype);
    CHECK(numbers_fit(normal_(y, -1, 3, g), below(-1, 3)));
    CHECK(all_are(normal_(y, 1.5, 0, g), 1.5));
    CHECK(all_are(normal(mean, zeros_like(std), g), -1));
    y.zero_();
    CHECK(numbers_fit(log(log_normal_(y, 0.25, 0.5, g).to(kFloat64)), below(0.25, 0.5)));
  }
  for (DType dtype : kComplex) {
    INFO(dtype);
    const Tensor x = randn({kCount}, {.dtype = dtype}, g);
    for (const Tensor& part : {real(x), imag(x)}) CHECK(numbers_fit(part, below(0, std::sqrt(0.5))));
    CHECK(neighbours_fit(view_as_real(x).reshape({-1}), below(0, std::sqrt(0.5))));
  }
}

TEST_CASE("each element has the mean and the standard deviation that stand in its place", "[ops][distribution]") {
  Generator g(4);
  const Tensor mean = tensor({-5., 0., 7.}), std = tensor({1., 0., 4.}), x = normal(mean.expand({kCount, 3}), std, g);
  for (int64_t i : {0, 2}) {
    const double m = mean[i].item<double>(), s = std[i].item<double>();
    CHECK(numbers_fit(x.select(1, i), [=](double v) { return normal_below((v - m) / s); }));
  }
  CHECK(all_are(x.select(1, 1), 0));
}

TEST_CASE("whole numbers between two bounds", "[ops][distribution]") {
  Generator g(5);
  auto each = [](double n) { return [n](double) { return 1 / n; }; };
  for (DType dtype : {kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64}) {
    INFO(dtype);
    const int64_t low = dtype == kUInt8 ? 3 : -3;
    const Tensor x = randint(low, low + 7, {kCount}, {.dtype = dtype}, g);
    CHECK(x.dtype() == dtype);
    CHECK(whole_numbers_fit(x, low, low + 6, each(7)));
    CHECK(neighbours_fit(x - low, [](double v) { return v < 4 ? v / 8 + 0.01 : 1; }) == false);  // seven values fill no eight cells
    CHECK(whole_numbers_fit(randint(5, {kCount}, {.dtype = dtype}, g), 0, 4, each(5)));
    CHECK(whole_numbers_fit(randint_like(x, low, low + 7, {}, g), low, low + 6, each(7)));
    CHECK(whole_numbers_fit(randint_like(x, 5, {}, g), 0, 4, each(5)));
    Tensor y = zeros({kCount}, dtype);
    CHECK(whole_numbers_fit(random_(y, low, low + 7, g), low, low + 6, each(7)));
    CHECK(whole_numbers_fit(random_(y, 5, g), 0, 4, each(5)));
    CHECK(all_are(random_(y, low, low + 1, g), double(low)));
  }
  CHECK(whole_numbers_fit(randint(2, {kCount}, {.dtype = kBool}, g), 0, 1, half_each));
  Tensor truth = zeros({kCount}, kBool);
  CHECK(whole_numbers_fit(random_(truth, g), 0, 1, half_each));
  CHECK(whole_numbers_fit(randint(0, 256, {kCount}, {.dtype = kUInt8}, g), 0, 255, each(256)));
  CHECK(whole_numbers_fit(randint(-128, 128, {kCount}, {.dtype = kInt8}, g), -128, 127, each(256)));
}

TEST_CASE("whole numbers without an upper bound go up to what the dtype holds exactly", "[ops][distribution]") {
  Generator g(6);
  constexpr std::pair<DType, double> kMost[] = {{kUInt8, 255},    {kInt8, 127},     {kInt16, 32767},    {kInt32, 0x1p31 - 1}, {kInt64, 0x1p63},
                                                {kFloat16, 2048}, {kBFloat16, 256}, {kFloat32, 0x1p24}, {kFloat64, 0x1p53}};
  for (const auto& [dtype, most] : kMost) {
    INFO(dtype);
    Tensor x = zeros({kCount}, dtype);
    random_(x, g);
    CHECK(numbers_fit(x, [m = most](double v) { return (v + 1) / (m + 1); }));
    CHECK(least(x) >= 0);
    CHECK(greatest(x) <= most);
  }
}

TEST_CASE("whole numbers of wide ranges", "[ops][distribution]") {
  Generator g(7);
  for (int64_t width : {int64_t(1) << 28, (int64_t(1) << 28) + 1, int64_t(1) << 40, int64_t(3) << 60}) {
    INFO(width);
    CHECK(numbers_fit(randint(-5, width - 5, {kCount}, {}, g), uniform_below(-5, double(width - 5))));
  }
  CHECK(numbers_fit(randint(INT64_MIN, INT64_MAX, {kCount}, {}, g), uniform_below(-0x1p63, 0x1p63)));
  // Few of them, where no double is near.
  const int64_t far = (int64_t(1) << 62) + 1;
  CHECK(whole_numbers_fit(randint(far, far + 3, {kCount}, {}, g) - far, 0, 2, [](double) { return 1.0 / 3; }));
  Tensor x = zeros({kCount}, kInt64);
  CHECK(whole_numbers_fit(random_(x, -far - 2, -far + 1, g) + (far + 2), 0, 2, [](double) { return 1.0 / 3; }));
  CHECK(whole_numbers_fit(random_(x, INT64_MAX - 2, INT64_MAX, g) - (INT64_MAX - 2), 0, 1, half_each));
  CHECK(whole_numbers_fit(random_(x, INT64_MAX - 2, none, g) - (INT64_MAX - 2), 0, 2, [](double) { return 1.0 / 3; }));
}

TEST_CASE("exponential, Cauchy and geometric numbers", "[ops][distribution]") {
  Generator g(8);
  for (DType dtype : kReal) {
    INFO(dtype);
    Tensor x = zeros({kCount}, dtype);
    for (double rate : {0.5, 3.0}) {
      auto below = [=](double v) { return v < 0 ? 0 : -std::expm1(-rate * v); };
      CHECK(numbers_fit(exponential_(x, rate, g), below));
      CHECK(neighbours_fit(x, below));
      CHECK(least(x) >= 0);
    }
    CHECK(numbers_fit(cauchy_(x, -2, 0.5, g), [](double v) { return 0.5 + std::atan((v + 2) / 0.5) / std::numbers::pi; }));
  }
  for (DType dtype : {kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64}) {
    INFO(dtype);
    Tensor x = zeros({kCount}, dtype);
    for (double p : {0.3, 0.5, 0.95}) CHECK(whole_numbers_fit(geometric_(x, p, g), 1, 40, [=](double k) { return p * std::pow(1 - p, k - 1); }));
  }
  Tensor x = zeros({kCount}, kFloat64);
  CHECK(numbers_fit(geometric_(x, 1e-4, g), [](double k) { return -std::expm1(k * std::log1p(-1e-4)); }));
}

TEST_CASE("draws of yes and no", "[ops][distribution]") {
  Generator g(9);
  auto chance = [](double p) { return [p](double k) { return k == 1 ? p : 1 - p; }; };
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor p = full({kCount}, 0.25, dtype);
    CHECK(whole_numbers_fit(bernoulli(p, g), 0, 1, chance(0.25)));
    CHECK(bernoulli(p, g).dtype() == dtype);
    CHECK(all_are(bernoulli(zeros_like(p), g), 0));
    CHECK(all_are(bernoulli(ones_like(p), g), 1));
  }
  for (DType dtype : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64}) {
    INFO(dtype);
    Tensor x = zeros({kCount}, dtype);
    CHECK(whole_numbers_fit(bernoulli_(x, 0.125, g), 0, 1, chance(0.125)));
    CHECK(neighbours_fit(x, [](double v) { return v; }) == false);  // two values fill no eight cells
    CHECK(whole_numbers_fit(bernoulli_(x, full({kCount}, 0.75), g), 0, 1, chance(0.75)));
    CHECK(whole_numbers_fit(bernoulli(x, 0.5, g), 0, 1, chance(0.5)));
    CHECK(all_are(bernoulli_(x, 1, g), 1));
    CHECK(all_are(bernoulli_(x, 0, g), 0));
  }
  // Neighbours: how many of each eight.
  Tensor x = zeros({kCount}, kFloat32);
  CHECK(whole_numbers_fit(bernoulli_(x, 0.5, g).reshape({-1, 8}).sum(1), 0, 8,
                          [](double k) { return std::exp(std::lgamma(9) - std::lgamma(k + 1) - std::lgamma(9 - k)) / 256; }));
  // Each has the chance that stands in its place.
  const Tensor rows = bernoulli(tensor({0.0, 0.1, 0.9, 1.0}).expand({kCount, 4}), g);
  for (int64_t i = 0; i < 4; ++i) CHECK(whole_numbers_fit(rows.select(1, i), 0, 1, chance(i == 0 ? 0 : i == 1 ? 0.1 : i == 2 ? 0.9 : 1)));
}

TEST_CASE("numbers of events", "[ops][distribution]") {
  Generator g(10);
  for (DType dtype : kReal) {
    INFO(dtype);
    for (double rate : {0.0, 0.5, 3.0, 9.75, 10.0, 11.0, 50.0, 200.0}) {  // the algorithm changes at 10
      INFO(rate);
      if (dtype == kBFloat16 && rate > 50) continue;  // it has no odd numbers above 256
      const Tensor x = poisson(full({kCount}, rate, dtype), g);
      CHECK(x.dtype() == dtype);
      CHECK(whole_numbers_fit(x, 0, 256, [=](double k) { return rate == 0 ? double(k == 0) : poisson_probability(rate, k); }));
    }
  }
}

TEST_CASE("draws by weight, put back", "[ops][distribution]") {
  Generator g(11);
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor weights = tensor({2., 0., 1., 4., 1.}).to(dtype);
    auto share = [](double k) { return k == 0 ? 0.25 : k == 1 ? 0 : k == 3 ? 0.5 : 0.125; };
    const Tensor one_row = multinomial(weights, kCount, true, g), many_rows = multinomial(weights.expand({kCount, 5}), 2, true, g);
    CHECK(whole_numbers_fit(one_row, 0, 4, share));
    CHECK(many_rows.sizes() == Shape{kCount, 2});
    CHECK(whole_numbers_fit(many_rows.select(1, 0) * 5 + many_rows.select(1, 1), 0, 24,
                            [&](double k) { return share(std::floor(k / 5)) * share(std::fmod(k, 5)); }));
  }
  CHECK(all_are(multinomial(tensor({0., 0., 3.}), 100, true, g), 2));
  CHECK(all_are(multinomial(tensor({0.5}), 100, true, g), 0));
}

TEST_CASE("draws by weight, not put back", "[ops][distribution]") {
  Generator g(12);
  const double weights[] = {2, 0, 1, 4, 1}, total = 8;
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor rows = tensor({2., 0., 1., 4., 1.}).to(dtype).expand({kCount, 5});
    // The first by its share, the second by its share of what is left, the third likewise.
    const Tensor x = multinomial(rows, 3, false, g);
    auto share = [&](double code) {
      const int a = int(code) / 25, b = int(code) / 5 % 5, c = int(code) % 5;
      if (a == b || b == c || a == c) return 0.0;
      return weights[a] / total * weights[b] / (total - weights[a]) * weights[c] / std::max(1e-9, total - weights[a] - weights[b]);
    };
    CHECK(whole_numbers_fit(x.select(1, 0) * 25 + x.select(1, 1) * 5 + x.select(1, 2), 0, 124, share));
    const Tensor all = multinomial(rows.slice(0, 0, 50), 4, false, g);  // as many as there are
    CHECK(equal(std::get<0>(sort(all)), tensor({0, 2, 3, 4}).expand({50, 4})));
  }
}

TEST_CASE("permutations", "[ops][distribution]") {
  Generator g(13);
  std::vector<double> counts(24);
  for (int i = 0; i < 5000; ++i) {
    const std::vector<int64_t> p = randperm(4, {}, g).to_vector<int64_t>();
    int rank = 0;  // among all in order, by the inversions of each place
    for (int a = 0; a < 4; ++a) {
      int smaller = 0;
      for (int b = a + 1; b < 4; ++b) smaller += p[size_t(b)] < p[size_t(a)];
      rank = rank * (4 - a) + smaller;
    }
    ++counts[size_t(rank)];
  }
  CHECK(counts_fit(counts, std::vector<double>(24, 1.0 / 24)));
  for (DType dtype : {kInt16, kInt32, kInt64, kFloat32, kFloat64}) {
    INFO(dtype);
    const Tensor p = randperm(kCount, {.dtype = dtype}, g);
    CHECK(p.dtype() == dtype);
    CHECK(equal(std::get<0>(sort(p)), arange(kCount, dtype)));
    CHECK(neighbours_fit(p, [](double v) { return (v + 0.5) / double(kCount); }));
  }
  CHECK(randperm(0, {}, g).numel() == 0);
  CHECK(randperm(1, {}, g).item<int64_t>() == 0);
}

TEST_CASE("dropped elements and channels", "[ops][distribution]") {
  Generator g(14);
  auto kept = [](double p) { return [p](double k) { return k == 0 ? p : 1 - p; }; };
  for (DType dtype : {kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128}) {
    INFO(dtype);
    const Tensor ones_in = ones({kCount}, dtype);
    for (double p : {0.25, 0.875}) {
      Tensor x = ones_in.clone();
      dropout_(x, p, true, g);
      for (const Tensor& out : {dropout(ones_in, p, true, g), x}) {
        const Tensor there = (out != 0).to(kFloat64);
        CHECK(whole_numbers_fit(there, 0, 1, kept(p)));
        CHECK(allclose(real(out).to(kFloat64), there / (1 - p), 0.01, 0));
      }
    }
    CHECK(count_nonzero(dropout(ones_in, 1, true, g)).item<int64_t>() == 0);
    CHECK(equal(dropout(ones_in, 0, true, g), ones_in));
  }
  const Tensor mask = dropout(ones({kCount}), 0.5, true, g) / 2;
  CHECK(whole_numbers_fit(mask.reshape({-1, 8}).sum(1), 0, 8,
                          [](double k) { return std::exp(std::lgamma(9) - std::lgamma(k + 1) - std::lgamma(9 - k)) / 256; }));
  const std::pair<Tensor, int64_t> channels[] = {{dropout1d(ones({100, 50, 3}), 0.25, true, g), 3},
                                                 {dropout2d(ones({100, 50, 2, 3}), 0.25, true, g), 6},
                                                 {dropout3d(ones({100, 50, 2, 1, 2}), 0.25, true, g), 4}};
  for (const auto& [out, elements] : channels) {
    const Tensor rows = out.reshape({-1, elements}) * 0.75;
    CHECK(equal(rows, rows.select(1, 0).unsqueeze(1).expand(rows.sizes())));
    CHECK(whole_numbers_fit(rows.select(1, 0), 0, 1, kept(0.25)));
  }
}

TEST_CASE("dropping for SELU keeps mean and variance", "[ops][distribution]") {
  Generator g(15);
  constexpr double kLimit = -1.7580993408473766, p = 0.25;
  const double a = 1 / std::sqrt((kLimit * kLimit * p + 1) * (1 - p)), b = -kLimit * a * p;
  for (DType dtype : {kFloat32, kFloat64}) {
    INFO(dtype);
    const Tensor x = randn({kCount}, {.dtype = dtype}, g), y = alpha_dropout(x, p, true, g).to(kFloat64), dropped = abs(y - (a * kLimit + b)) < 1e-5;
    CHECK(whole_numbers_fit(dropped, 0, 1, [](double k) { return k == 1 ? p : 1 - p; }));
    CHECK(allclose(y, where(dropped, a * kLimit + b, x.to(kFloat64) * a + b), 1e-5, 1e-5));
    CHECK(mean(y).item<double>() == Approx(0).margin(0.03));
    CHECK(var(y).item<double>() == Approx(1).margin(0.05));
  }
  const Tensor channels = feature_alpha_dropout(ones({100, 50, 6}), p, true, g).reshape({-1, 6});
  CHECK(equal(channels, channels.select(1, 0).unsqueeze(1).expand(channels.sizes())));
  CHECK(whole_numbers_fit(channels.select(1, 0) < 0, 0, 1, [](double k) { return k == 1 ? p : 1 - p; }));
}

TEST_CASE("random slopes", "[ops][distribution]") {
  Generator g(16);
  for (DType dtype : kReal) {
    INFO(dtype);
    Tensor x = full({kCount}, -1, dtype);
    CHECK(numbers_fit(-rrelu(x, 0.125, 0.5, true, g), uniform_below(0.125, 0.5)));
    CHECK(numbers_fit(-rrelu_(x, 0.125, 0.5, true, g), uniform_below(0.125, 0.5)));
    CHECK(all_are(rrelu(full({100}, 3, dtype), 0.125, 0.5, true, g), 3));
  }
}

TEST_CASE("Gumbel noise makes softmax draw by its shares", "[ops][distribution]") {
  Generator g(17);
  const double shares[] = {0.5, 0.125, 0.25, 0.125};
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor logits = log(tensor({0.5, 0.125, 0.25, 0.125})).to(dtype).expand({kCount, 4});
    for (bool hard : {true, false}) {
      const Tensor out = gumbel_softmax(logits, 0.7, hard, 1, g);
      CHECK(whole_numbers_fit(argmax(out, 1), 0, 3, [&](double k) { return shares[int(k)]; }));
      if (hard) CHECK(equal(out.sum(1), ones({kCount}, dtype)));
      else CHECK(allclose(out.sum(1).to(kFloat64), ones({kCount}, kFloat64), 0.02, 0.02));
    }
  }
}
