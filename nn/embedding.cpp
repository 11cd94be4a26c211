#include "lazuli/ops/index/embedding.h"

#include "lazuli/nn/embedding.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/registry.h"

namespace lazuli::nn {

namespace {

const Tensor& table(const char* op, const Tensor& rows) {
  if (rows.dim() != 2) fail(op, "rows", "sizes [num_embeddings, embedding_dim]", to_string(rows.sizes()));
  return rows;
}
void wrap_padding(const char* op, std::optional<int64_t>& padding, int64_t count) {
  if (!padding) return;
  if (*padding < -count || *padding >= count) fail(ErrorKind::Index, op, "padding_idx", "a row of a table of " + written(count), written(*padding));
  if (*padding < 0) *padding += count;
}
void fill(const Tensor& weight, const std::optional<int64_t>& padding) {
  init::normal_(weight, 0, 1, InitStream().generator());
  if (padding) init::zeros_(weight.detach().select(0, *padding));
}

}  // namespace

Embedding::Embedding(int64_t count, int64_t dim, const EmbeddingOptions& o)
    : WithOptions(o), num_embeddings(count), embedding_dim(dim), weight(this, "weight", detail::Factory("Embedding", o).empty({count, dim})) {
  wrap_padding("Embedding", options.padding_idx, count);
  reset_parameters();
}
Embedding::Embedding(const Tensor& rows, const EmbeddingOptions& o)
    : WithOptions(o), num_embeddings(table("Embedding.from_pretrained", rows).size(0)), embedding_dim(rows.size(1)), weight(this, "weight", rows) {
  wrap_padding("Embedding", options.padding_idx, num_embeddings);
}
Embedding Embedding::from_pretrained(const Tensor& rows, bool freeze, const EmbeddingOptions& o) {
  Embedding e(rows, o);
  e.requires_grad_(!freeze);
  return e;
}
void Embedding::reset_parameters() { fill(weight, options.padding_idx); }
Tensor Embedding::forward(const Tensor& input) { return embedding(input, weight, EmbeddingFunctionOptions(options)); }
std::string Embedding::extra_repr() const {
  std::string text = written(num_embeddings) + ", " + written(embedding_dim);
  if (options.padding_idx) text += ", padding_idx=" + written(*options.padding_idx);
  if (options.max_norm) text += ", max_norm=" + written(*options.max_norm);
  if (options.norm_type != 2) text += ", norm_type=" + written(options.norm_type);
  if (options.scale_grad_by_freq) text += ", scale_grad_by_freq=True";
  return text;
}

EmbeddingBag::EmbeddingBag(int64_t count, int64_t dim, const EmbeddingBagOptions& o)
    : WithOptions(o), num_embeddings(count), embedding_dim(dim), weight(this, "weight", detail::Factory("EmbeddingBag", o).empty({count, dim})) {
  wrap_padding("EmbeddingBag", options.padding_idx, count);
  reset_parameters();
}
EmbeddingBag::EmbeddingBag(const Tensor& rows, const EmbeddingBagOptions& o)
    : WithOptions(o), num_embeddings(table("EmbeddingBag.from_pretrained", rows).size(0)), embedding_dim(rows.size(1)), weight(this, "weight", rows) {
  wrap_padding("EmbeddingBag", options.padding_idx, num_embeddings);
}
EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& rows, bool freeze, const EmbeddingBagOptions& o) {
  EmbeddingBag e(rows, o);
  e.requires_grad_(!freeze);
  return e;
}
void EmbeddingBag::reset_parameters() { fill(weight, options.padding_idx); }
Tensor EmbeddingBag::operator()(const Tensor& input, const OptionalTensor& offsets, const OptionalTensor& weights) {
  return call(*this, input, offsets, weights);
}
Tensor EmbeddingBag::forward(const Tensor& input, const OptionalTensor& offsets, const OptionalTensor& weights) {
  return embedding_bag(input, weight,
                       {.offsets = offsets,
                        .max_norm = options.max_norm,
                        .norm_type = options.norm_type,
                        .scale_grad_by_freq = options.scale_grad_by_freq,
                        .mode = options.mode,
                        .per_sample_weights = weights,
                        .include_last_offset = options.include_last_offset,
                        .padding_idx = options.padding_idx});
}
std::string EmbeddingBag::extra_repr() const {
  std::string text = written(num_embeddings) + ", " + written(embedding_dim);
  if (options.max_norm) text += ", max_norm=" + written(*options.max_norm);
  if (options.norm_type != 2) text += ", norm_type=" + written(options.norm_type);
  if (options.scale_grad_by_freq) text += ", scale_grad_by_freq=True";
  text += ", mode='" + options.mode + "'";
  if (options.padding_idx) text += ", padding_idx=" + written(*options.padding_idx);
  return text;
}

void list_embeddings(ModuleTable& table) { table.add<Embedding, EmbeddingBag>(); }

}  // namespace lazuli::nn
