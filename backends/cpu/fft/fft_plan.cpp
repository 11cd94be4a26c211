#include "lazuli/backends/cpu/fft/fft_plan.h"

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>
#include <numbers>

#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kLargestRadix = 61, kGrain = 16384, kKeptPlans = 64;

// exp(-2 pi i k / n), 0 <= k < n, from an angle in the first eighth of the circle.
template <class T>
void put_root(Roots<T>& roots, int64_t k, int64_t n) {
  const int64_t eighth = 8 * k / n;
  const auto angle = [&](int64_t quarter) { return std::numbers::pi * double(4 * k - quarter * n) / double(2 * n); };  // 2 pi (k / n - quarter / 4)
  double c, s;                                                                                                         // of 2 pi k / n
  switch (eighth) {
    case 0: c = std::cos(angle(0)), s = std::sin(angle(0)); break;
    case 1:
    case 2: c = -std::sin(angle(1)), s = std::cos(angle(1)); break;
    case 3:
    case 4: c = -std::cos(angle(2)), s = -std::sin(angle(2)); break;
    case 5:
    case 6: c = std::sin(angle(3)), s = -std::cos(angle(3)); break;
    default: c = std::cos(angle(4)), s = std::sin(angle(4)); break;
  }
  roots.re.push_back(T(c));
  roots.im.push_back(T(-s));
}

// Fours first, large primes last, when many neighbours share their loops.
std::vector<int64_t> radices_of(int64_t n) {
  std::vector<int64_t> radices;
  for (int64_t r : {4, 2, 3, 5})
    for (; n % r == 0; n /= r) radices.push_back(r);
  for (int64_t r = 7; r * r <= n; r += 2)
    for (; n % r == 0; n /= r) radices.push_back(r);
  if (n > 1) radices.push_back(n);
  return radices;
}
double cost_of(const std::vector<int64_t>& radices) {
  double cost = 1;
  for (int64_t r : radices) cost += r <= 5 ? 1 : 0.5 * double(r);
  return cost;
}
// The least number from n on without other primes than 2, 3 and 5 that is not dearer than a power of two.
int64_t convenient(int64_t n) {
  int64_t best = 1;
  while (best < n) best *= 2;
  for (int64_t five = 1; five < best; five *= 5)
    for (int64_t m = five; m < best; m *= 3) {
      int64_t with_two = m;
      while (with_two < n) with_two *= 2;
      best = std::min(best, with_two);
    }
  return best;
}

template <class T>
void add_stages(FftPlan<T>& plan, const std::vector<int64_t>& radices) {
  int64_t span = plan.n;
  for (int64_t r : radices) {
    FftStage<T> stage{r, span / r, {}, {}};
    stage.turn.re.reserve(size_t(stage.rest * (r - 1)));
    stage.turn.im.reserve(size_t(stage.rest * (r - 1)));
    for (int64_t p = 0; p < stage.rest; ++p)
      for (int64_t j = 1; j < r; ++j) put_root(stage.turn, p * j, span);
    for (int64_t j = 0; j < r; ++j) put_root(stage.unit, j, r);
    plan.stages.push_back(std::move(stage));
    span /= r;
  }
}

template <class T>
void add_convolution(FftPlan<T>& plan, int64_t width) {
  plan.wide = fft_plan<T>(width);
  const int64_t n = plan.n;
  Split<T> filter{}, spare{};
  std::vector<T> memory(size_t(4 * width));
  filter = {memory.data(), memory.data() + width}, spare = {memory.data() + 2 * width, memory.data() + 3 * width};
  int64_t square = 0;  // j^2 mod 2n
  for (int64_t j = 0; j < n; ++j) {
    put_root(plan.chirp, square, 2 * n);
    for (int64_t at : {j, (width - j) % width}) filter.re[at] = plan.chirp.re[size_t(j)], filter.im[at] = -plan.chirp.im[size_t(j)];
    square = (square + 2 * j + 1) % (2 * n);
  }
  const Split<T> result = transform(*plan.wide, filter, spare, 1);
  plan.filter.re.assign(result.re, result.re + width);
  plan.filter.im.assign(result.im, result.im + width);
}

template <class T>
std::shared_ptr<const FftPlan<T>> make_plan(int64_t n) {
  auto plan = std::make_shared<FftPlan<T>>();
  plan->n = n;
  const std::vector<int64_t> radices = radices_of(n);
  if (radices.empty()) return plan;
  const int64_t width = convenient(2 * n - 1);
  const double convolution = double(width) / double(n) * (2 * cost_of(radices_of(width)) + 2);
  if (*std::max_element(radices.begin(), radices.end()) <= kLargestRadix && cost_of(radices) < convolution) add_stages(*plan, radices);
  else add_convolution(*plan, width);
  return plan;
}

template <class T>
std::shared_ptr<const Roots<T>> make_quarter_turn(int64_t n) {
  auto roots = std::make_shared<Roots<T>>();
  for (int64_t k = 0; k <= n / 4; ++k) put_root(*roots, k, n);
  return roots;
}

// Those of the lengths used last.
template <class Made>
class Kept {
 public:
  template <class Make>
  std::shared_ptr<const Made> get(int64_t n, Make&& make) {
    {
      std::lock_guard lock(mutex_);
      for (auto at = list_.begin(); at != list_.end(); ++at)
        if (at->first == n) {
          list_.splice(list_.begin(), list_, at);
          return at->second;
        }
    }
    std::shared_ptr<const Made> made = make(n);  // without the lock: it may want plans of other lengths
    std::lock_guard lock(mutex_);
    list_.emplace_front(n, made);
    if (int64_t(list_.size()) > kKeptPlans) list_.pop_back();
    return made;
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<int64_t, std::shared_ptr<const Made>>> list_;
};
template <class Made>
Kept<Made>& kept() {
  static auto* all = new Kept<Made>;  // never destroyed: a program's static tensors may be transformed after main
  return *all;
}

}  // namespace

template <class T>
std::shared_ptr<const FftPlan<T>> fft_plan(int64_t n) {
  return kept<FftPlan<T>>().get(n, make_plan<T>);
}
template <class T>
std::shared_ptr<const Roots<T>> fft_quarter_turn(int64_t n) {
  return kept<Roots<T>>().get(n, make_quarter_turn<T>);
}

template <class T>
Split<T> transform(const FftPlan<T>& plan, Split<T> data, Split<T> spare, int64_t lines) {
  if (plan.wide) {
    const int64_t n = plan.n, width = plan.wide->n, rows = std::max<int64_t>(1, kGrain / lines);
    const auto multiply = [&](Split<T> values, const Roots<T>& by, T scale, int64_t count) {
      parallel_for(0, count, rows, [&](int64_t from, int64_t to) { fft_multiply(values, by, scale, lines, from, to); });
    };
    multiply(data, plan.chirp, T(1), n);
    std::fill(data.re + n * lines, data.re + width * lines, T(0));
    std::fill(data.im + n * lines, data.im + width * lines, T(0));
    const Split<T> product = transform(*plan.wide, data, spare, lines);
    multiply(product, plan.filter, T(1) / T(width), width);
    const Split<T> other = product.re == data.re ? spare : data;
    const Split<T> result = transform(*plan.wide, product.swapped(), other.swapped(), lines).swapped();
    multiply(result, plan.chirp, T(1), n);
    return result;
  }
  int64_t side = lines;
  for (const FftStage<T>& stage : plan.stages) {
    const bool by_row = stage.rest >= side;
    const int64_t units = by_row ? stage.rest : side, each = plan.n * lines / units;
    parallel_for(0, units, std::max<int64_t>(1, kGrain / each),
                 [&](int64_t from, int64_t to) { fft_stage(stage, side, data, spare, by_row, from, to); });
    std::swap(data, spare);
    side *= stage.radix;
  }
  return data;
}

template std::shared_ptr<const FftPlan<float>> fft_plan(int64_t);
template std::shared_ptr<const FftPlan<double>> fft_plan(int64_t);
template std::shared_ptr<const Roots<float>> fft_quarter_turn(int64_t);
template std::shared_ptr<const Roots<double>> fft_quarter_turn(int64_t);
template Split<float> transform(const FftPlan<float>&, Split<float>, Split<float>, int64_t);
template Split<double> transform(const FftPlan<double>&, Split<double>, Split<double>, int64_t);

}  // namespace lazuli::cpu
