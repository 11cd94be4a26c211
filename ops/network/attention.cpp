#include "lazuli/ops/network/attention.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/attention_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/optional_tensor.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/attention_support.h"
#include "lazuli/ops/network/dropout.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

namespace attention {

Tensor causal_mask(int64_t l, int64_t s, Device device, int64_t first_row) {
  CreationOptions integers{.dtype = kInt64, .device = device};
  return arange(0, s, integers).unsqueeze(0) <= arange(first_row, first_row + l, integers).unsqueeze(1);
}

Tensor masked_softmax(const Tensor& scores, const OptionalTensor& mask) {
  if (!mask) return softmax(scores, -1);
  Tensor masked = mask->dtype() == kBool ? where(*mask, scores, Scalar(-INFINITY)) : scores + *mask;
  if (masked.numel() == 0) return softmax(masked, -1);
  Tensor unseen = amax(masked.detach(), -1, true) == Scalar(-INFINITY);
  return masked_fill(softmax(masked_fill(masked, unseen, 0), -1), unseen, 0);  // softmax never sees such a row: it would have no gradient
}

Composite composite(const Tensor& query, const Tensor& key, const Tensor& value, const OptionalTensor& mask, double scale, double dropout_p) {
  Tensor weights = dropout(masked_softmax(matmul(query * Scalar(scale), key.transpose(-2, -1)), mask), dropout_p);
  return {matmul(weights, value), weights};
}

void check_dropout(const char* op, double dropout_p) {
  if (!(dropout_p >= 0 && dropout_p < 1)) fail(op, "dropout_p", "a probability in [0, 1)", std::to_string(dropout_p));
}

}  // namespace attention

namespace {

constexpr const char* kName = "scaled_dot_product_attention";

/// Inputs with one batch dimension: query [n, l, e], key [n, s, e], value [n, s, ev], mask [m, 1 or l, 1 or s]; sample i has the mask mask_of[i], or where that is undefined, i or the only one.
struct Problem {
  Tensor query, key, value, mask, mask_of;
  bool causal = false;
  double scale = 1, dropout = 0;
  PhiloxState random = {};

  int64_t samples() const { return query.size(0); }
  int64_t rows() const { return query.size(1); }
  int64_t keys() const { return key.size(1); }
  /// Random numbers come four at a time, and each row begins anew: what is dropped does not depend on how the rows are cut into blocks.
  int64_t draws() const { return (keys() + 3) / 4; }
};

/// Some rows of some samples: as much as is worked on at once. Causal rows see no later key than their last one.
struct Block {
  int64_t sample, samples, row, rows, keys;
};

/// Many samples where they are short; some rows of one where it is long.
std::vector<Block> blocks_of(const Problem& p) {
  constexpr int64_t kElements = 1 << 18, kLeastRows = 16;
  const int64_t n = p.samples(), l = p.rows(), s = std::max<int64_t>(p.keys(), 1);
  if (l == 0 || p.value.size(2) == 0) return {};  // no element is asked for
  const int64_t rows = std::min(l, std::max(kLeastRows, kElements / s)), samples = rows < l ? 1 : std::max<int64_t>(1, kElements / (l * s));
  std::vector<Block> blocks;
  for (int64_t i = 0; i < n; i += samples)
    for (int64_t r = 0; r < l; r += rows) {
      Block b{i, std::min(samples, n - i), r, std::min(rows, l - r), p.keys()};
      if (p.causal) b.keys = std::min(p.keys(), b.row + b.rows);
      blocks.push_back(b);
    }
  return blocks;
}

Tensor part(const Tensor& t, int64_t dim, int64_t start, int64_t length) { return t.size(dim) == length ? t : narrow(t, dim, start, length); }
Tensor queries(const Problem& p, const Block& b) { return part(part(p.query, 0, b.sample, b.samples), 1, b.row, b.rows); }
Tensor up_to_keys(const Tensor& t, const Block& b) { return part(part(t, 0, b.sample, b.samples), 1, 0, b.keys); }

/// The mask of a block that is not causal: [1 or samples, 1 or rows, 1 or keys].
OptionalTensor mask_of(const Problem& p, const Block& b) {
  if (!p.mask.defined()) return none;
  Tensor m = p.mask;
  if (m.size(1) != 1) m = part(m, 1, b.row, b.rows);
  if (m.size(0) == 1) return m;
  return p.mask_of.defined() ? index_select(m, 0, part(p.mask_of, 0, b.sample, b.samples)) : part(m, 0, b.sample, b.samples);
}

Tensor weights_of(const Problem& p, const Block& b) {
  if (p.causal) {  // every row sees the first key
    Tensor scores = matmul(queries(p, b) * Scalar(p.scale), up_to_keys(p.key, b).transpose(-2, -1));
    return softmax(where(attention::causal_mask(b.rows, b.keys, scores.device(), b.row), scores, Scalar(-INFINITY)), -1);
  }
  return attention::masked_softmax(matmul(queries(p, b) * Scalar(p.scale), up_to_keys(p.key, b).transpose(-2, -1)), mask_of(p, b));
}

/// 1 / (1 - dropout) for the weights that are kept, 0 for the others: the same each time. Undefined without dropout.
Tensor noise_of(const Problem& p, const Block& b) {
  if (p.dropout == 0) return {};
  const Shape sizes{b.samples, b.rows, 4 * p.draws()};  // rows that follow each other: several samples are whole
  Tensor noise = new_tensor(sizes, p.query.dtype(), p.query.device()), kept = new_tensor(sizes, kBool, p.query.device());
  const uint64_t before = uint64_t((b.sample * p.rows() + b.row) * p.draws());
  if (noise.numel())
    dropout_kernel(noise.device(), noise, kept, ones(sizes, {.dtype = noise.dtype(), .device = noise.device()}), p.dropout,
                   PhiloxState{p.random.seed, p.random.offset + before});
  return part(noise, 2, 0, b.keys);
}
Tensor times(const Tensor& t, const Tensor& noise) { return noise.defined() ? t * noise : t; }

Tensor forward(const Problem& p) {
  Tensor out = new_tensor({p.samples(), p.rows(), p.value.size(2)}, p.query.dtype(), p.query.device());
  for (const Block& b : blocks_of(p))
    part(part(out, 0, b.sample, b.samples), 1, b.row, b.rows).copy_(matmul(times(weights_of(p, b), noise_of(p, b)), up_to_keys(p.value, b)));
  return out;
}

/// Gradients of one block, of what it was made from: with w = softmax(scores) and d the noise,
///   value: (w d)^T g;  scores: w (g value^T d - the row's sum of w (g value^T d));  query: scale * scores' key;  key: scale * scores'^T query;  mask: scores'.
struct BlockGrads {
  Tensor scores, query, key, value;
};
BlockGrads backward(const Problem& p, const Block& b, const Tensor& grad, const Tensor& noise, Needs needs) {
  BlockGrads of;
  Tensor w = weights_of(p, b), g = part(part(grad, 0, b.sample, b.samples), 1, b.row, b.rows);
  if (needs[2]) of.value = matmul(times(w, noise).transpose(-2, -1), g);
  if (!needs[0] && !needs[1] && !needs[3]) return of;
  Tensor weights_grad = times(matmul(g, up_to_keys(p.value, b).transpose(-2, -1)), noise);
  if (modes.grad) {
    of.scores = w * (weights_grad - sum(weights_grad * w, -1, true));
  } else {
    of.scores = new_tensor(w.sizes(), w.dtype(), w.device());
    if (w.numel()) softmax_backward_kernel(w.device(), of.scores, weights_grad, w, 2, false);
  }
  if (needs[0]) of.query = matmul(of.scores, up_to_keys(p.key, b)) * Scalar(p.scale);
  if (needs[1]) of.key = matmul(of.scores.transpose(-2, -1), queries(p, b)) * Scalar(p.scale);
  return of;
}

/// The gradient of a block's scores as one of its mask, all rows, keys and samples in `into`.
void add_mask_grad(Tensor& into, const Problem& p, const Block& b, Tensor scores) {
  for (int64_t dim : {1, 2})
    if (into.size(dim) == 1) scores = sum(scores, dim, true);
  if (into.size(0) == 1) scores = sum(scores, 0, true);
  Tensor rows = into.size(1) == 1 ? into : part(into, 1, b.row, b.rows);
  if (into.size(0) == 1) rows.add_(scores);
  else if (p.mask_of.defined()) rows.index_add_(0, part(p.mask_of, 0, b.sample, b.samples), scores);
  else part(rows, 0, b.sample, b.samples).add_(scores);
}

Grads backward_by_blocks(const Problem& p, const Tensor& grad, Needs needs) {
  auto zeros_where = [](bool needed, const Tensor& t) { return needed ? zeros_like(t) : Tensor(); };
  Tensor query = zeros_where(needs[0], p.query), key = zeros_where(needs[1], p.key), value = zeros_where(needs[2], p.value),
         mask = zeros_where(needs[3], p.mask);
  for (const Block& b : blocks_of(p)) {
    BlockGrads of = backward(p, b, grad, noise_of(p, b), needs);
    if (needs[0]) part(part(query, 0, b.sample, b.samples), 1, b.row, b.rows).copy_(of.query);
    if (needs[1]) up_to_keys(key, b).add_(of.key);
    if (needs[2]) up_to_keys(value, b).add_(of.value);
    if (needs[3]) add_mask_grad(mask, p, b, of.scores);
  }
  return {query, key, value, mask};
}

Block all_of(const Problem& p) { return {0, p.samples(), 0, p.rows(), p.keys()}; }
Tensor whole_noise(const Problem& p) {
  if (p.dropout == 0) return {};
  Tensor noise = zeros({p.samples(), p.rows(), p.keys()}, {.dtype = p.query.dtype(), .device = p.query.device()});
  for (const Block& b : blocks_of(p)) part(part(part(noise, 0, b.sample, b.samples), 1, b.row, b.rows), 2, 0, b.keys).copy_(noise_of(p, b));
  return noise;
}

/// The same for a graph of the backward: all in one block, from differentiable operators.
Grads backward_whole(const Problem& p, const Tensor& grad, Needs needs) {
  BlockGrads of = backward(p, all_of(p), grad, whole_noise(p), needs);
  Tensor mask;
  if (needs[3]) {
    mask = of.scores;
    for (int64_t dim : {1, 2})
      if (p.mask.size(dim) == 1) mask = sum(mask, dim, true);
    if (p.mask.size(0) == 1) mask = sum(mask, 0, true);
    else if (p.mask_of.defined()) mask = index_add(zeros_like(p.mask.detach()), 0, p.mask_of, mask);
  }
  return {of.query, of.key, of.value, mask};
}

/// The tangent of one block: with w and d as above, (w' d) value + (w d) value', where w' = w (scores' - the row's sum of w scores').
Tensor tangent(const Problem& p, const Block& b, const Problem& along, const Tensor& noise) {
  const Tensor w = weights_of(p, b);
  Tensor scores, out;
  if (along.query.defined()) scores = matmul(queries(along, b) * Scalar(p.scale), up_to_keys(p.key, b).transpose(-2, -1));
  if (along.key.defined()) scores = sum_of_tangents(scores, matmul(queries(p, b) * Scalar(p.scale), up_to_keys(along.key, b).transpose(-2, -1)));
  if (along.mask.defined()) {
    const Tensor of_mask = *mask_of(along, b);
    scores = scores.defined() ? scores + of_mask : of_mask.expand(w.sizes());
  }
  if (scores.defined()) {
    Tensor of_weights;
    if (modes.grad) {
      of_weights = w * (scores - sum(scores * w, -1, true));
    } else {
      of_weights = new_tensor(w.sizes(), w.dtype(), w.device());
      if (w.numel()) softmax_backward_kernel(w.device(), of_weights, scores, w, 2, false);
    }
    out = matmul(times(of_weights, noise), up_to_keys(p.value, b));
  }
  return along.value.defined() ? sum_of_tangents(out, matmul(times(w, noise), up_to_keys(along.value, b))) : out;
}

Tensor tangent(const Problem& p, Problem along) {
  along.causal = p.causal, along.mask_of = p.mask_of;
  if (modes.grad || detail::newest_batch_level) return tangent(p, all_of(p), along, whole_noise(p));
  Tensor out = new_tensor({p.samples(), p.rows(), p.value.size(2)}, p.query.dtype(), p.query.device());
  for (const Block& b : blocks_of(p)) part(part(out, 0, b.sample, b.samples), 1, b.row, b.rows).copy_(tangent(p, b, along, noise_of(p, b)));
  return out;
}

Tensor attend(Problem p) {
  Tensor out;
  {
    no_grad unrecorded;
    out = forward(p);
  }
  if (auto tape = Tape::recording(p.query, p.key, p.value, p.mask)) {
    Problem kept = p;
    kept.query = kept.key = kept.value = kept.mask = Tensor();
    tape.record(kName, out,
                [kept, query = tape.save(p.query), key = tape.save(p.key), value = tape.save(p.value), mask = tape.save(p.mask, p.mask.defined())](
                    const Tensor& grad, Needs needs) {
                  Problem again = kept;
                  again.query = query.get(), again.key = key.get(), again.value = value.get();
                  if (mask.defined()) again.mask = mask.get();
                  if (linearizing())
                    return linear_map(grad, needs,
                                      [kept, query = keep(again.query), key = keep(again.key), value = keep(again.value),
                                       mask = keep(again.mask)](const Grads& tangents) {
                                        Problem p = kept, along;
                                        p.query = query.get(), p.key = key.get(), p.value = value.get(), p.mask = mask.get();
                                        along.query = tangents[0], along.key = tangents[1], along.value = tangents[2], along.mask = tangents[3];
                                        return Grads{tangent(p, along)};
                                      });
                  return modes.grad ? backward_whole(again, grad, needs) : backward_by_blocks(again, grad, needs);
                });
  }
  return out;
}

// ---- in one kernel, where the device has it ----

constexpr int64_t kFusedHeads = 8;  // from which on: its backward gives each thread whole heads

bool has_kernel(const Problem& p, const Tensor& query, const Tensor& key, const Tensor& value, const OptionalTensor& mask, const Shape& batch) {
  const Device device = query.device();
  if (device.is_meta() || detail::composing() || !attention_kernel.supports(device, query.dtype())) return false;
  // Samples of a vmap have random numbers of their own, or the same ones: as dropout_kernel gives them.
  if (p.dropout != 0 && (detail::newest_batch_level || !attention_dropout_kernel.supports(device, query.dtype()))) return false;
  if (batch.size() > 2 || batch.numel() < kFusedHeads || (mask && mask->requires_grad() && modes.grad)) return false;
  for (const Tensor* t : {&query, &key, &value})
    if (t->numel() == 0 || t->dtype() != query.dtype() || t->device() != device) return false;
  return !mask || mask->device() == device;
}

/// A new tensor whose dimensions lie in memory in the order of those of `like`, the last innermost.
Tensor laid_out_as(const Tensor& like, const Shape& sizes) {
  int64_t order[] = {0, 1, 2}, step = sizes[3];
  std::stable_sort(order, order + 3, [&](int64_t a, int64_t b) { return like.strides()[a] > like.strides()[b]; });
  Shape strides = sizes;
  strides[3] = 1;
  for (int i = 2; i >= 0; --i) strides[order[i]] = step, step *= sizes[order[i]];
  return new_strided(sizes, strides, like.dtype(), like.device());
}

Tensor joined(const Tensor& t) { return t.reshape({t.size(0) * t.size(1), t.size(2), t.size(3)}); }

/// All of [batch, heads, .., ..].
Tensor attend_fused(const Problem& p, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask) {
  Tensor out = laid_out_as(query, {query.size(0), query.size(1), query.size(2), value.size(3)});
  Tensor log_sum = new_tensor({query.size(0), query.size(1), query.size(2)}, query.dtype(), query.device());
  if (p.dropout == 0) attention_kernel(out.device(), out, log_sum, query, key, value, mask, p.causal, p.scale);
  else attention_dropout_kernel(out.device(), out, log_sum, query, key, value, mask, p.causal, p.scale, p.dropout, p.random);
  if (auto tape = Tape::recording(query, key, value))
    tape.record(kName, out,
                [causal = p.causal, scale = p.scale, dropout = p.dropout, random = p.random, log_sum, query = tape.save(query), key = tape.save(key),
                 value = tape.save(value), mask = tape.save(mask, mask.defined()), out = tape.save_output(out)](const Tensor& grad, Needs needs) {
                  const Tensor q = query.get(), k = key.get(), v = value.get(), m = mask.get();
                  const auto rows = [](const Tensor& t) { return t.defined() ? joined(t) : t; };
                  if (linearizing())
                    return linear_map(
                        grad, needs,
                        [causal, scale, dropout, random, rows, q = keep(q), k = keep(k), v = keep(v), m = keep(m),
                         sizes = grad.sizes()](const Grads& tangents) {
                          Problem p{.query = rows(q.get()), .key = rows(k.get()), .value = rows(v.get()), .mask = rows(m.get()), .mask_of = {}},
                              along;
                          p.causal = causal, p.scale = scale, p.dropout = dropout, p.random = random;
                          along.query = rows(tangents[0]), along.key = rows(tangents[1]), along.value = rows(tangents[2]);
                          return Grads{tangent(p, along).reshape(sizes)};
                        });
                  if (modes.grad) {
                    Problem again{.query = joined(q), .key = joined(k), .value = joined(v), .mask = rows(m), .mask_of = {}};
                    again.causal = causal, again.scale = scale, again.dropout = dropout, again.random = random;
                    Grads whole = backward_whole(again, joined(grad), needs);
                    return Grads{needs[0] ? whole[0].reshape(q.sizes()) : Tensor(), needs[1] ? whole[1].reshape(k.sizes()) : Tensor(),
                                 needs[2] ? whole[2].reshape(v.sizes()) : Tensor()};
                  }
                  Tensor for_query = needs[0] ? laid_out_as(q, q.sizes()) : Tensor(), for_key = needs[1] ? laid_out_as(k, k.sizes()) : Tensor(),
                         for_value = needs[2] ? laid_out_as(v, v.sizes()) : Tensor();
                  if (dropout == 0)
                    attention_backward_kernel(grad.device(), for_query, for_key, for_value, grad, out.get(), log_sum, q, k, v, m, causal, scale);
                  else
                    attention_dropout_backward_kernel(grad.device(), for_query, for_key, for_value, grad, out.get(), log_sum, q, k, v, m, causal,
                                                      scale, dropout, random);
                  return Grads{for_query, for_key, for_value};
                });
  return out;
}

Shape leading(const Tensor& t) { return Shape(t.sizes().data(), t.dim() - 2); }
Shape with(Shape sizes, int64_t a, int64_t b) {
  sizes.push_back(a);
  sizes.push_back(b);
  return sizes;
}

// Heads of keys and values that serve several queries' heads in a row.
Tensor repeat_heads(const char* argument, const Tensor& t, const Tensor& query) {
  int64_t heads = query.size(-3);
  if (t.dim() < 3 || t.size(-3) == 0 || heads % t.size(-3))
    fail(kName, argument, "a number of heads that divides the query's " + std::to_string(heads), "sizes " + to_string(t.sizes()));
  return t.size(-3) == heads ? t : repeat_interleave(t, heads / t.size(-3), -3);
}

void check(const Tensor& query, const Tensor& key, const Tensor& value, const OptionalTensor& mask) {
  std::pair<const Tensor*, const char*> inputs[] = {{&query, "query"}, {&key, "key"}, {&value, "value"}};
  for (auto [t, argument] : inputs) {
    need_floating_point(kName, *t, argument);
    if (t->dim() < 2) fail(kName, argument, "at least two dimensions", "sizes " + to_string(t->sizes()));
    if (t->dtype() != query.dtype())
      fail(ErrorKind::Type, kName, argument, "the query's dtype " + std::string(name(query.dtype())), name(t->dtype()));
  }
  if (key.size(-1) != query.size(-1))
    fail(kName, "key", "the query's " + std::to_string(query.size(-1)) + " features", "sizes " + to_string(key.sizes()));
  if (value.size(-2) != key.size(-2))
    fail(kName, "value", "as many values as keys, " + std::to_string(key.size(-2)), "sizes " + to_string(value.sizes()));
  if (!mask) return;
  if (mask->dtype() != kBool && mask->dtype() != query.dtype())
    fail(ErrorKind::Type, kName, "attn_mask", "bool or the query's dtype " + std::string(name(query.dtype())), name(mask->dtype()));
}

}  // namespace

Tensor with_options::scaled_dot_product_attention(const Tensor& query, const Tensor& given_key, const Tensor& given_value,
                                                  ScaledDotProductAttentionOptions options) {
  undefined_is_none(options.attn_mask);
  const auto& [attn_mask, dropout_p, is_causal, scale, enable_gqa, generator] = options;
  if (const Casting cast{Cast::Lower, query, given_key, given_value, attn_mask}) {
    options.attn_mask = cast(attn_mask);
    return scaled_dot_product_attention(cast(query), cast(given_key), cast(given_value), std::move(options));
  }
  check(query, given_key, given_value, attn_mask);
  attention::check_dropout(kName, dropout_p);
  if (attn_mask && is_causal) fail(kName, "attn_mask", "none with is_causal", "a mask");
  if (enable_gqa && query.dim() < 3) fail(kName, "query", "heads in dimension -3, with enable_gqa", "sizes " + to_string(query.sizes()));
  Tensor key = enable_gqa ? repeat_heads("key", given_key, query) : given_key,
         value = enable_gqa ? repeat_heads("value", given_value, query) : given_value;

  Shape batch = broadcast_shapes(broadcast_shapes(leading(query), leading(key), kName), leading(value), kName);
  const int64_t n = batch.numel(), l = query.size(-2), s = key.size(-2);
  DType compute = query.dtype() == kFloat16 || query.dtype() == kBFloat16 ? kFloat32 : query.dtype();
  Problem p;
  p.causal = is_causal;
  p.scale = scale.value_or(query.size(-1) ? 1 / std::sqrt(double(query.size(-1))) : 1);
  p.dropout = dropout_p;
  auto widened = [&](const Tensor& t) {
    Tensor wide = to(t, compute);
    Shape sizes = with(batch, t.size(-2), t.size(-1));
    return wide.sizes() == sizes ? wide : wide.expand(sizes);
  };
  auto four = [&](const Tensor& t) { return batch.size() == 2 ? t : batch.size() == 1 ? t.unsqueeze(1) : t.unsqueeze(0).unsqueeze(0); };

  OptionalTensor whole_mask;
  if (attn_mask) {
    Tensor mask = *attn_mask;
    while (mask.dim() < batch.size() + 2) mask = mask.unsqueeze(0);
    Shape whole = with(batch, l, s);
    if (mask.dim() > whole.size() || !(broadcast_shapes(mask.sizes(), whole, kName) == whole))
      fail(kName, "attn_mask", "sizes that broadcast to " + to_string(whole), to_string(attn_mask->sizes()));
    Shape masks = leading(mask);
    const int64_t m = masks.numel();
    if (mask.dtype() != kBool) mask = to(mask, compute);
    whole_mask = mask;
    p.mask = mask.reshape({m, mask.size(-2), mask.size(-1)});
    if (m != 1 && m != n) p.mask_of = arange(0, m, {.dtype = kInt64, .device = mask.device()}).reshape(masks).expand(batch).reshape({n});
  }
  p.query = widened(query), p.key = widened(key), p.value = widened(value);
  if (dropout_p != 0) p.random = (generator ? *generator : default_generator()).take(uint64_t(n * l * ((s + 3) / 4)));
  if (has_kernel(p, p.query, p.key, p.value, whole_mask, batch)) {
    Tensor out = attend_fused(p, four(p.query), four(p.key), four(p.value), whole_mask ? four(whole_mask->expand(with(batch, l, s))) : Tensor());
    return to(out, query.dtype()).reshape(with(batch, l, value.size(-1)));
  }
  for (Tensor* t : {&p.query, &p.key, &p.value}) *t = t->reshape({n, t->size(-2), t->size(-1)});
  return to(attend(std::move(p)), query.dtype()).reshape(with(batch, l, value.size(-1)));
}

void register_attention(OpTable& table) {
  table.add(
      "scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, "
      "float? scale=None, bool enable_gqa=False, Generator? generator=None) -> Tensor",
      &with_options::scaled_dot_product_attention);
}

}  // namespace lazuli
