#pragma once
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/index/embedding.h"

namespace lazuli::nn {

struct EmbeddingOptions {
  std::optional<int64_t> padding_idx = {};  // as of the function (ops/index/embedding.h)
  std::optional<double> max_norm = {};
  double norm_type = 2;
  bool scale_grad_by_freq = false;
  bool sparse = false;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  operator EmbeddingFunctionOptions() const { return {padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse}; }
  template <class O = EmbeddingOptions>
  static constexpr auto members() {
    return Members{member("padding_idx", &O::padding_idx), member("max_norm", &O::max_norm), member("norm_type", &O::norm_type),
                   member("scale_grad_by_freq", &O::scale_grad_by_freq)};
  }
};

/// Rows of a table: indices [..] (int64 or int32) -> [.., embedding_dim]. The rows begin standard normal.
class Embedding : public WithOptions<EmbeddingOptions> {
 public:
  template <class M = Embedding>
  static constexpr auto arguments() {
    return Members{member("num_embeddings", &M::num_embeddings, {.least = 0}), member("embedding_dim", &M::embedding_dim, {.least = 0})};
  }
  /// Throws Error for a padding_idx that is not in the table.
  Embedding(int64_t num_embeddings, int64_t embedding_dim, const EmbeddingOptions& options = {});
  template <class... A>
  requires detail::ByPosition<EmbeddingOptions, A...> Embedding(int64_t num_embeddings, int64_t embedding_dim, const A&... options)
      : Embedding(num_embeddings, embedding_dim, detail::positional<EmbeddingOptions>(options...)) {}
  explicit Embedding(...) = delete;  // Embedding(num_embeddings, embedding_dim, {.padding_idx, .max_norm, .norm_type, .scale_grad_by_freq})
  /// With given rows [num_embeddings, embedding_dim], trained only when not frozen.
  static Embedding from_pretrained(const Tensor& rows, bool freeze = true, const EmbeddingOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t num_embeddings, embedding_dim;
  Parameter weight;

 private:
  Embedding(const Tensor& rows, const EmbeddingOptions& options);
};

struct EmbeddingBagOptions {
  std::string mode = "mean";  // or "sum", "max"
  std::optional<double> max_norm = {};
  double norm_type = 2;
  bool scale_grad_by_freq = false;
  bool include_last_offset = false;
  std::optional<int64_t> padding_idx = {};
  bool sparse = false;  // as in EmbeddingOptions: the gradient is dense
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = EmbeddingBagOptions>
  static constexpr auto members() {
    return Members{member("max_norm", &O::max_norm),
                   member("norm_type", &O::norm_type),
                   member("scale_grad_by_freq", &O::scale_grad_by_freq),
                   member("mode", &O::mode),
                   member("include_last_offset", &O::include_last_offset),
                   member("padding_idx", &O::padding_idx)};
  }
};
/// Sums, means or maxima of rows of a table over bags of indices (ops/index/embedding.h).
class EmbeddingBag : public WithOptions<EmbeddingBagOptions> {
 public:
  template <class M = EmbeddingBag>
  static constexpr auto arguments() {
    return Members{member("num_embeddings", &M::num_embeddings, {.least = 0}), member("embedding_dim", &M::embedding_dim, {.least = 0})};
  }
  EmbeddingBag(int64_t num_embeddings, int64_t embedding_dim, const EmbeddingBagOptions& options = {});
  explicit EmbeddingBag(...) = delete;  // EmbeddingBag(num_embeddings, embedding_dim, {.max_norm, .norm_type, .scale_grad_by_freq, .mode, ..})
  static EmbeddingBag from_pretrained(const Tensor& rows, bool freeze = true, const EmbeddingBagOptions& options = {});
  Tensor forward(const Tensor& input) override { return forward(input, none); }
  Tensor forward(const Tensor& input, const OptionalTensor& offsets, const OptionalTensor& per_sample_weights = {});
  using Module::operator();
  Tensor operator()(const Tensor& input, const OptionalTensor& offsets, const OptionalTensor& per_sample_weights = {});
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t num_embeddings, embedding_dim;
  Parameter weight;

 private:
  EmbeddingBag(const Tensor& rows, const EmbeddingBagOptions& options);
};

}  // namespace lazuli::nn
