#include "lazuli/ops/random/random.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::bernoulli(const std::optional<Generator>& generator) const { return lazuli::bernoulli(*this, generator); }
Tensor Tensor::bernoulli(double p, const std::optional<Generator>& generator) const { return lazuli::bernoulli(*this, p, generator); }
Tensor Tensor::multinomial(int64_t num_samples, bool replacement, const std::optional<Generator>& generator) const {
  return lazuli::multinomial(*this, num_samples, replacement, generator);
}
Tensor& Tensor::uniform_(double from, double to, const std::optional<Generator>& generator) const {
  return lazuli::uniform_(self(), from, to, generator);
}
Tensor& Tensor::normal_(double mean, double std, const std::optional<Generator>& generator) const {
  return lazuli::normal_(self(), mean, std, generator);
}
Tensor& Tensor::bernoulli_(double p, const std::optional<Generator>& generator) const { return lazuli::bernoulli_(self(), p, generator); }
Tensor& Tensor::bernoulli_(const Tensor& p, const std::optional<Generator>& generator) const { return lazuli::bernoulli_(self(), p, generator); }
Tensor& Tensor::exponential_(double lambd, const std::optional<Generator>& generator) const { return lazuli::exponential_(self(), lambd, generator); }
Tensor& Tensor::cauchy_(double median, double sigma, const std::optional<Generator>& generator) const {
  return lazuli::cauchy_(self(), median, sigma, generator);
}
Tensor& Tensor::log_normal_(double mean, double std, const std::optional<Generator>& generator) const {
  return lazuli::log_normal_(self(), mean, std, generator);
}
Tensor& Tensor::geometric_(double p, const std::optional<Generator>& generator) const { return lazuli::geometric_(self(), p, generator); }

Tensor& Tensor::random_(const std::optional<Generator>& generator) const { return lazuli::random_(self(), generator); }
Tensor& Tensor::random_(int64_t to, const std::optional<Generator>& generator) const { return lazuli::random_(self(), to, generator); }
Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to, const std::optional<Generator>& generator) const {
  return lazuli::random_(self(), from, to, generator);
}

}  // namespace lazuli
