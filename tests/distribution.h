#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "lazuli/lazuli.h"
#include "tests/catch.h"

/// Whether numbers are distributed as they are said to be. Seeds are fixed, so a test passes always or never; kSignificance is how seldom a right generator would fail one.
namespace lazuli::test {

inline constexpr double kSignificance = 1e-6;

/// The chance that a chi-square number of `freedom` degrees is above `x`: Q(1/2, x/2) or Q(1, x/2), and Q(a + 1, h) = Q(a, h) + h^a e^-h / Gamma(a + 1).
inline double chi_square_tail(double x, int64_t freedom) {
  const double h = x / 2;
  double a = freedom % 2 ? 0.5 : 1, q = freedom % 2 ? std::erfc(std::sqrt(h)) : std::exp(-h);
  for (; a < double(freedom) / 2; a += 1) q += std::exp(a * std::log(h) - h - std::lgamma(a + 1));
  return q;
}

/// The chance that n numbers are as far as `distance` from their distribution function (Kolmogorov 1933, with Stephens' correction for small n).
inline double kolmogorov_tail(double distance, double n) {
  const double l = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
  if (l < 0.2) return 1;
  double q = 0;
  for (int j = 1; j <= 100; ++j) q += (j % 2 ? 2 : -2) * std::exp(-2.0 * j * j * l * l);
  return q;
}

/// Counts against the probabilities of the same cells, Pearson's test. Cells of which fewer than five are expected count as one; a count where the probability is 0 fails.
inline bool counts_fit(const std::vector<double>& counts, const std::vector<double>& probabilities) {
  double n = 0, x = 0, rare_count = 0, rare_expected = 0;
  int64_t cells = 0;
  for (double c : counts) n += c;
  auto add = [&](double count, double expected) { x += (count - expected) * (count - expected) / expected, ++cells; };
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = n * probabilities[i];
    if (expected >= 5) add(counts[i], expected);
    else rare_count += counts[i], rare_expected += expected;
    if (probabilities[i] == 0 && counts[i] > 0) {
      UNSCOPED_INFO("cell " << i << " was counted " << counts[i] << " times and has no probability");
      return false;
    }
  }
  if (rare_expected >= 1) add(rare_count, rare_expected);
  if (cells < 2) return n > 0;
  const double p = chi_square_tail(x, cells - 1);
  if (p >= kSignificance) return true;
  UNSCOPED_INFO("chi-square " << x << " over " << cells << " cells of " << n << " numbers: p = " << p);
  for (size_t i = 0; i < std::min<size_t>(counts.size(), 12); ++i)
    UNSCOPED_INFO("cell " << i << ": " << counts[i] << ", expected " << n * probabilities[i]);
  return false;
}

/// Whole numbers against their probabilities: `probability(k)` for first <= k <= last, and what is outside counts as one more cell with the rest.
inline bool whole_numbers_fit(const Tensor& numbers, int64_t first, int64_t last, const std::function<double(double)>& probability) {
  std::vector<double> counts(size_t(last - first + 2)), probabilities(counts.size());
  double rest = 1;
  for (int64_t k = first; k <= last; ++k) rest -= probabilities[size_t(k - first)] = probability(double(k));
  probabilities.back() = rest < 1e-12 ? 0 : rest;
  for (double v : numbers.to_vector<double>()) {
    if (v != std::floor(v)) {
      UNSCOPED_INFO("not a whole number: " << v);
      return false;
    }
    ++(v >= double(first) && v <= double(last) ? counts[size_t(v - double(first))] : counts.back());
  }
  return counts_fit(counts, probabilities);
}

/// Real numbers against their distribution function, the test of Kolmogorov and Smirnov.
inline bool numbers_fit(const Tensor& numbers, const std::function<double(double)>& below) {
  std::vector<double> v = numbers.to_vector<double>();
  std::sort(v.begin(), v.end());
  const double n = double(v.size());
  double distance = 0, where = 0;
  for (size_t i = 0; i < v.size();) {  // equal ones, of which dtypes of few digits have many, are one step
    size_t end = i;
    while (end < v.size() && v[end] == v[i]) ++end;
    const double f = below(v[i]), d = std::max(f - double(i) / n, double(end) / n - f);
    if (d > distance || std::isnan(d)) distance = d, where = v[i];
    i = end;
  }
  const double p = kolmogorov_tail(distance, n);
  if (p >= kSignificance) return true;
  UNSCOPED_INFO("distance " << distance << " at " << where << " of " << n << " numbers: p = " << p);
  return false;
}

/// Pairs of neighbours of numbers that `below` maps to uniform ones, in a square of 8 x 8 cells: that one does not tell of the next.
inline bool neighbours_fit(const Tensor& numbers, const std::function<double(double)>& below) {
  constexpr int kCells = 8;
  const std::vector<double> v = numbers.to_vector<double>();
  std::vector<double> counts(kCells * kCells), probabilities(counts.size(), 1.0 / (kCells * kCells));
  auto cell = [&](double x) { return std::clamp(int(below(x) * kCells), 0, kCells - 1); };
  for (size_t i = 0; i + 1 < v.size(); i += 2) ++counts[size_t(cell(v[i]) * kCells + cell(v[i + 1]))];
  return counts_fit(counts, probabilities);
}

inline double normal_below(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

/// The distribution function of the uniform numbers of [low, high).
inline auto uniform_below(double low, double high) {
  return [=](double x) { return std::clamp((x - low) / (high - low), 0.0, 1.0); };
}

}  // namespace lazuli::test
