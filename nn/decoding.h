#pragma once
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

/// Texts that are made one position after the other: what an attention has seen is kept, so that a further position costs one row of each product.
namespace lazuli::nn {

/// The keys and values of the positions so far.
class KeyValueCache {
 public:
  /// Adds key [n, heads, t, e] and value [n, heads, t, ev] of t further positions, and gives those of all, [n, heads, length, ..]: views, until the next call. Throws Error for other sizes
  /// than before, and where a gradient is wanted, which does not reach what is kept.
  std::pair<Tensor, Tensor> append(const Tensor& key, const Tensor& value);
  /// Those of all so far; undefined before the first `append`.
  std::pair<Tensor, Tensor> all() const;
  int64_t length() const { return length_; }
  /// Goes on with these samples, int64 [any number], of what is kept: for a search with several candidates.
  void select(const Tensor& samples);
  void clear() { *this = KeyValueCache(); }

 private:
  Tensor key_, value_;  // with room for more
  int64_t length_ = 0;
};

/// What TransformerDecoder::decode_next keeps, for each layer: of the positions decoded, and of `memory`, which is looked at the first time only.
struct DecoderCache {
  struct Layer {
    KeyValueCache self, memory;
  };
  std::vector<Layer> layers;
  /// Positions so far.
  int64_t length() const;
  void select(const Tensor& samples);
  void clear();
};

}  // namespace lazuli::nn
