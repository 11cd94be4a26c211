#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/ops/shape/creation.h"

/// Random numbers. Each function takes them from `generator`, or from the default one (`manual_seed`); the same seed gives the same numbers on every device and
/// for any number of threads.
namespace lazuli {

/// Uniform in [0, 1).
Tensor rand(const Shape& sizes, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor rand(const Shape& sizes, const O&... options) {
  return rand(sizes, creation_options(options...));
}
Tensor rand(...) = delete;  // rand(sizes, {.dtype, .device, .requires_grad}) or rand(sizes, dtype, device)
/// Standard normal; complex: variance 1 in all, half of it in each part.
Tensor randn(const Shape& sizes, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor randn(const Shape& sizes, const O&... options) {
  return randn(sizes, creation_options(options...));
}
Tensor randn(...) = delete;  // randn(sizes, {.dtype, .device, .requires_grad}) or randn(sizes, dtype, device)
/// Integers of [low, high), int64 unless told otherwise. Throws Error for an empty range.
Tensor randint(int64_t low, int64_t high, const Shape& sizes, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
Tensor randint(int64_t high, const Shape& sizes, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor randint(int64_t low, int64_t high, const Shape& sizes, const O&... options) {
  return randint(low, high, sizes, creation_options(options...));
}
template <CreationOption... O>
Tensor randint(int64_t high, const Shape& sizes, const O&... options) {
  return randint(high, sizes, creation_options(options...));
}
Tensor randint(...) = delete;  // randint([low], high, sizes, {.dtype, .device, .requires_grad}) or randint([low], high, sizes, dtype, device)
/// 0 .. n-1 in random order, int64 unless told otherwise.
Tensor randperm(int64_t n, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor randperm(int64_t n, const O&... options) {
  return randperm(n, creation_options(options...));
}
Tensor randperm(...) = delete;  // randperm(n, {.dtype, .device, .requires_grad}) or randperm(n, dtype, device)
Tensor rand_like(const Tensor& self, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor rand_like(const Tensor& self, const O&... options) {
  return rand_like(self, creation_options(options...));
}
Tensor rand_like(...) = delete;  // rand_like(x, {.dtype, .device, .requires_grad}) or rand_like(x, dtype, device)
Tensor randn_like(const Tensor& self, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor randn_like(const Tensor& self, const O&... options) {
  return randn_like(self, creation_options(options...));
}
Tensor randn_like(...) = delete;  // randn_like(x, {.dtype, .device, .requires_grad}) or randn_like(x, dtype, device)
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const CreationOptions& options = {},
                    const std::optional<Generator>& generator = {});
Tensor randint_like(const Tensor& self, int64_t high, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const O&... options) {
  return randint_like(self, low, high, creation_options(options...));
}
template <CreationOption... O>
Tensor randint_like(const Tensor& self, int64_t high, const O&... options) {
  return randint_like(self, high, creation_options(options...));
}
Tensor randint_like(...) = delete;  // randint_like(x, [low], high, {.dtype, .device, .requires_grad}) or randint_like(x, [low], high, dtype, device)

/// Normal with a mean and a standard deviation for each element (broadcast). Throws Error for a negative standard deviation.
Tensor normal(const Tensor& mean, const Tensor& std, const std::optional<Generator>& generator = {});
Tensor normal(const Tensor& mean, double std = 1, const std::optional<Generator>& generator = {});
Tensor normal(double mean, const Tensor& std, const std::optional<Generator>& generator = {});
Tensor normal(double mean, double std, const Shape& sizes, const CreationOptions& options = {}, const std::optional<Generator>& generator = {});
template <CreationOption... O>
Tensor normal(double mean, double std, const Shape& sizes, const O&... options) {
  return normal(mean, std, sizes, creation_options(options...));
}
Tensor normal(...) = delete;  // (tensor or number mean, tensor or number std) or (mean, std, sizes, {.dtype, .device, .requires_grad})
/// 1 with the probability that `self` gives (second form: `p`) for each element, else 0. Throws Error for a probability outside [0, 1].
Tensor bernoulli(const Tensor& self, const std::optional<Generator>& generator = {});
Tensor bernoulli(const Tensor& self, double p, const std::optional<Generator>& generator = {});
Tensor bernoulli(...) = delete;  // bernoulli(x, [p], [generator])
/// Numbers of events with the rate that `self` gives, in the dtype of `self`.
Tensor poisson(const Tensor& self, const std::optional<Generator>& generator = {});
/// For each row of weights (1-d or 2-d, not negative), `num_samples` indices drawn with these weights, int64.
/// Throws Error for weights that are negative, not finite or all zero, and for more samples than there are positive weights when they are not put back.
Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement = false, const std::optional<Generator>& generator = {});

/// In-place fills. Throw Error for a dtype or parameters for which the distribution does not exist.
struct UniformOptions {
  double from = 0, to = 1;
  std::optional<Generator> generator = {};
  template <class O = UniformOptions>
  static constexpr auto members() {
    return Members{member("from", &O::from), member("to", &O::to), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor& uniform_(const Tensor& self, UniformOptions options);
}
template <class From = UniformOptions>
Tensor& uniform_(const Tensor& self, From from = {}, double to = 1, const std::optional<Generator>& generator = {}) {
  return with_options::uniform_(self, by_position<UniformOptions>(std::move(from), to, generator));
}
struct NormalOptions {
  double mean = 0, std = 1;
  std::optional<Generator> generator = {};
  template <class O = NormalOptions>
  static constexpr auto members() {
    return Members{member("mean", &O::mean), member("std", &O::std, {.least = 0}), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor& normal_(const Tensor& self, NormalOptions options);
}
template <class Mean = NormalOptions>
Tensor& normal_(const Tensor& self, Mean mean = {}, double std = 1, const std::optional<Generator>& generator = {}) {
  return with_options::normal_(self, by_position<NormalOptions>(std::move(mean), std, generator));
}
Tensor& bernoulli_(const Tensor& self, double p = 0.5, const std::optional<Generator>& generator = {});
Tensor& bernoulli_(const Tensor& self, const Tensor& p, const std::optional<Generator>& generator = {});
Tensor& bernoulli_(...) = delete;  // bernoulli_(x, [tensor or number p], [generator])
/// Integers of [from, to); without `to`, up to the largest that the dtype holds exactly.
Tensor& random_(const Tensor& self, int64_t from, std::optional<int64_t> to, const std::optional<Generator>& generator = {});
inline Tensor& random_(const Tensor& self, int64_t to, const std::optional<Generator>& generator = {}) { return random_(self, 0, to, generator); }
inline Tensor& random_(const Tensor& self, const std::optional<Generator>& generator = {}) { return random_(self, 0, std::nullopt, generator); }
Tensor& random_(...) = delete;  // random_(x, [from], [to], [generator])
Tensor& exponential_(const Tensor& self, double lambd = 1, const std::optional<Generator>& generator = {});
struct CauchyOptions {
  double median = 0, sigma = 1;
  std::optional<Generator> generator = {};
  template <class O = CauchyOptions>
  static constexpr auto members() {
    return Members{member("median", &O::median), member("sigma", &O::sigma, {.above = 0}), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor& cauchy_(const Tensor& self, CauchyOptions options);
}
template <class Median = CauchyOptions>
Tensor& cauchy_(const Tensor& self, Median median = {}, double sigma = 1, const std::optional<Generator>& generator = {}) {
  return with_options::cauchy_(self, by_position<CauchyOptions>(std::move(median), sigma, generator));
}
struct LogNormalOptions {
  double mean = 1, std = 2;
  std::optional<Generator> generator = {};
  template <class O = LogNormalOptions>
  static constexpr auto members() {
    return Members{member("mean", &O::mean), member("std", &O::std, {.above = 0}), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor& log_normal_(const Tensor& self, LogNormalOptions options);
}
template <class Mean = LogNormalOptions>
Tensor& log_normal_(const Tensor& self, Mean mean = {}, double std = 2, const std::optional<Generator>& generator = {}) {
  return with_options::log_normal_(self, by_position<LogNormalOptions>(std::move(mean), std, generator));
}
Tensor& geometric_(const Tensor& self, double p, const std::optional<Generator>& generator = {});

/// New tensors of the sizes and dtype of self.
Tensor uniform(const Tensor& self, UniformOptions options = {});
Tensor exponential(const Tensor& self, double lambd = 1, const std::optional<Generator>& generator = {});
Tensor cauchy(const Tensor& self, CauchyOptions options = {});
Tensor log_normal(const Tensor& self, LogNormalOptions options = {});
Tensor geometric(const Tensor& self, double p, const std::optional<Generator>& generator = {});
/// Numbers of successes in `count` trials of probability `prob` each (broadcast), in the dtype of count. Throws Error for negative counts and for probabilities outside [0, 1].
Tensor binomial(const Tensor& count, const Tensor& prob, const std::optional<Generator>& generator = {});

}  // namespace lazuli
