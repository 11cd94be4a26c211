// Attention in float32 by blocks of rows whose scores stay in the cache: products of our own kernels, the exponentials in between.
// Forward: each block by itself. Backward: each head by itself, its blocks in order, from the last one, whose rows see most keys, so that sums do not depend on the threads.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/backends/cpu/network/attention_kernels.h"
#include "lazuli/backends/cpu/random/random.h"
#include "lazuli/core/slots/attention_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kScores = 48 * 1024;          // of a block
constexpr int64_t kLeastRows = 12, kRows = 48;  // of a block: whole register tiles of the products

bool has_dense_rows(const Tensor& t) { return t.stride(-1) == 1 || t.size(-1) == 1; }
Tensor with_dense_rows(const Tensor& t) { return has_dense_rows(t) ? t : dense(t); }

/// An output: itself where its rows are dense, otherwise a temporary that `commit` copies over.
class Written {
 public:
  explicit Written(Tensor& target)
      : target_(target), tensor_(!target.defined() || has_dense_rows(target) ? target : new_tensor(target.sizes(), target.dtype())) {}
  const Tensor& tensor() const { return tensor_; }
  void commit() {
    if (target_.defined() && !tensor_.is_same(target_)) copy_kernel(kCPU, target_, tensor_);
  }

 private:
  Tensor& target_;
  Tensor tensor_;
};

/// The matrices of [batch, heads, rows, columns], dense along their rows.
struct Matrices {
  float* data = nullptr;
  int64_t heads = 1, batch_step = 0, head_step = 0, row = 0;

  Matrices() = default;
  explicit Matrices(const Tensor& t) {
    if (!t.defined()) return;
    data = static_cast<float*>(t.address());
    heads = t.size(1), batch_step = t.stride(0), head_step = t.stride(1), row = t.stride(2);
  }
  /// The first element of row `i` of head `item`, counted through all batches.
  float* at(int64_t item, int64_t i = 0) const { return data + item / heads * batch_step + item % heads * head_step + i * row; }
};

struct Product {
  int64_t m, n, k;
  const float* a;
  int64_t a_row, a_col;
  const float* b;
  int64_t b_row;
};
void multiply(const Product& p, float* c, int64_t c_row, double alpha, float beta) {
  small_gemm_f32({.m = p.m,
                  .n = p.n,
                  .k = p.k,
                  .a = p.a,
                  .a_row = p.a_row,
                  .a_col = p.a_col,
                  .b = p.b,
                  .b_row = p.b_row,
                  .b_col = 1,
                  .c = c,
                  .c_row = c_row,
                  .bias = nullptr,
                  .bias_per_row = false,
                  .alpha = float(alpha),
                  .beta = beta,
                  .way = GemmWay::Choose});
}

/// What is dropped in each row.
struct Dropout {
  double p = 0;
  PhiloxState random = {};
};

struct Problem {
  const AttentionLoops& loops = attention_loops();
  int64_t heads, rows, keys, features, values, block;
  int64_t padded;  // keys in rows of the transposed matrices and of scores; not a power of two, whose multiples collide in the cache
  Tensor held_query, held_key, held_value, mask;
  Matrices query, key, value;
  bool causal;
  double scale;
  Dropout dropout;

  Problem(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& m, bool is_causal, double factor, const Dropout& dropped)
      : heads(q.size(0) * q.size(1)),
        rows(q.size(2)),
        keys(k.size(2)),
        features(q.size(3)),
        values(v.size(3)),
        block(std::clamp<int64_t>(kScores / keys / kLeastRows * kLeastRows, kLeastRows, kRows)),
        padded((keys + 15) / 16 * 16 + 16),
        held_query(with_dense_rows(q)),
        held_key(with_dense_rows(k)),
        held_value(with_dense_rows(v)),
        mask(m),
        query(held_query),
        key(held_key),
        value(held_value),
        causal(is_causal),
        scale(factor),
        dropout(dropped) {}

  int64_t blocks() const { return (rows + block - 1) / block; }
  /// Keys that row i sees.
  int64_t seen(int64_t i) const { return causal ? std::min(keys, i + 1) : keys; }

  void transpose(float* out, const Matrices& t, int64_t item, int64_t columns) const { transpose_f32(out, padded, t.at(item), t.row, keys, columns); }

  /// Scores of `count` rows from `first` on against the first `seen_keys` keys; beyond what a row sees, anything.
  void scores(float* out, int64_t item, int64_t first, int64_t count, int64_t seen_keys, const float* transposed_key) const {
    multiply({count, seen_keys, features, query.at(item, first), query.row, 1, transposed_key, padded}, out, padded, scale, 0);
    if (!mask.defined()) return;
    const int64_t step = mask.stride(3);
    for (int64_t r = 0; r < count; ++r, out += padded) {
      const int64_t at = item / mask.size(1) * mask.stride(0) + item % mask.size(1) * mask.stride(1) + (first + r) * mask.stride(2),
                    n = seen(first + r);
      if (mask.dtype() == kBool) {
        const bool* m = static_cast<const bool*>(mask.address()) + at;
        for (int64_t j = 0; j < n; ++j)
          if (!m[j * step]) out[j] = -std::numeric_limits<float>::infinity();
      } else {
        const float* m = static_cast<const float*>(mask.address()) + at;
        for (int64_t j = 0; j < n; ++j) out[j] += m[j * step];
      }
    }
  }
};

std::unique_ptr<float[]> room(int64_t n) { return std::unique_ptr<float[]>(new float[size_t(n)]); }

/// 1 / (1 - p) for what is kept of a row, 0 for what is dropped; nothing without dropout.
class Noise {
 public:
  explicit Noise(const Problem& p) : p_(p) {
    if (p.dropout.p == 0) return;
    const int64_t words = (p.keys + kWordBatch - 1) / kWordBatch * kWordBatch;
    words_.reset(new uint32_t[size_t(words)]);
    kept_.reset(new bool[size_t(words)]);
    noise_ = room(words);
    ones_ = room(words);
    std::fill_n(ones_.get(), words, 1.0f);
  }
  /// Of row i of head `item`, up to its first `keys` keys.
  void draw(int64_t item, int64_t i, int64_t keys) {
    if (!noise_) return;
    const RandomLoops& loops = random_loops();
    const uint64_t before = uint64_t((item * p_.rows + i) * ((p_.keys + 3) / 4));
    loops.words(p_.dropout.random.seed, p_.dropout.random.offset + before, words_.get(), (keys + kWordBatch - 1) / kWordBatch * kWordBatch);
    loops.dropout(words_.get(), ones_.get(), noise_.get(), kept_.get(), keys, uint32_t(std::ceil(p_.dropout.p * 0x1p24)),
                  float(1 / (1 - p_.dropout.p)));
  }
  void drop(float* row, int64_t keys) const {
    if (noise_)
      for (int64_t j = 0; j < keys; ++j) row[j] *= noise_[size_t(j)];
  }

 private:
  const Problem& p_;
  std::unique_ptr<uint32_t[]> words_;
  std::unique_ptr<bool[]> kept_;
  std::unique_ptr<float[]> noise_, ones_;
};

void forward(Tensor& out, Tensor& log_sum, const Problem& p) {
  Written result(out);
  DenseOut sums(log_sum);
  const Matrices to(result.tensor());
  float* logs = pointer<float>(sums.tensor());
  const int64_t blocks = p.blocks();
  parallel_for(0, p.heads * blocks, 1, [&](int64_t from, int64_t end) {
    const auto transposed = room(p.features * p.padded), scores = room(p.block * p.padded);
    Noise noise(p);
    int64_t ready = -1;
    for (int64_t i = from; i < end; ++i) {
      const int64_t item = i / blocks, first = i % blocks * p.block, count = std::min(p.block, p.rows - first), keys = p.seen(first + count - 1);
      if (item != ready) p.transpose(transposed.get(), p.key, ready = item, p.features);
      p.scores(scores.get(), item, first, count, keys, transposed.get());
      float factors[kRows];
      for (int64_t r = 0; r < count; ++r) {
        float* row = scores.get() + r * p.padded;
        const int64_t seen = p.seen(first + r);
        const AttentionLoops::Row e = p.loops.exponentials(row, seen);
        noise.draw(item, first + r, seen);
        noise.drop(row, seen);
        std::fill(row + seen, row + keys, 0.0f);
        factors[r] = e.sum == 0 ? 0 : float(1 / e.sum);
        logs[item * p.rows + first + r] = e.sum == 0 ? std::numeric_limits<float>::infinity() : float(double(e.max) + std::log(e.sum));
      }
      multiply({count, p.values, keys, scores.get(), p.padded, 1, p.value.at(item), p.value.row}, to.at(item, first), to.row, 1, 0);
      for (int64_t r = 0; r < count; ++r) p.loops.scale(to.at(item, first + r), p.values, factors[r]);
    }
  });
  result.commit();
  sums.commit();
}

// With w = exp(scores - log_sum), d the noise, g the gradient of a row of out and delta = g . out of that row:
//   value: (w d)^T g;  of the scores: s = w (d (g value^T) - delta);  query: scale s key;  key: scale s^T query
void backward(Tensor& grad_query, Tensor& grad_key, Tensor& grad_value, const Tensor& grad, const Tensor& out, const Tensor& log_sum,
              const Problem& p) {
  const Tensor held_grad = with_dense_rows(grad), held_out = with_dense_rows(out), sums = dense(log_sum);
  const Matrices from_grad(held_grad), from_out(held_out);
  Written to_query(grad_query), to_key(grad_key), to_value(grad_value);
  const Matrices for_query(to_query.tensor()), for_key(to_key.tensor()), for_value(to_value.tensor());
  const float* logs = pointer<const float>(sums);
  const bool need_scores = for_query.data || for_key.data;
  parallel_for(0, p.heads, 1, [&](int64_t begin, int64_t end) {
    const auto transposed_key = room(p.features * p.padded), transposed_value = room(p.values * p.padded), weights = room(p.block * p.padded),
               scores = room(p.block * p.padded);
    Noise noise(p);
    for (int64_t item = begin; item < end; ++item) {
      p.transpose(transposed_key.get(), p.key, item, p.features);
      p.transpose(transposed_value.get(), p.value, item, p.values);
      for (int64_t j = p.rows ? p.seen(p.rows - 1) : 0; j < p.keys; ++j) {
        if (for_key.data) std::fill_n(for_key.at(item, j), p.features, 0.0f);
        if (for_value.data) std::fill_n(for_value.at(item, j), p.values, 0.0f);
      }
      for (int64_t block = p.blocks(); block-- > 0;) {
        const int64_t first = block * p.block, count = std::min(p.block, p.rows - first), keys = p.seen(first + count - 1);
        const float beta = first + count == p.rows ? 0.0f : 1.0f;  // of the sums over blocks
        const float* g = from_grad.at(item, first);
        float deltas[kRows];
        for (int64_t r = 0; r < count; ++r) deltas[r] = float(p.loops.dot(from_grad.at(item, first + r), from_out.at(item, first + r), p.values));
        p.scores(weights.get(), item, first, count, keys, transposed_key.get());
        multiply({count, keys, p.values, g, from_grad.row, 1, transposed_value.get(), p.padded}, scores.get(), p.padded, 1, 0);
        for (int64_t r = 0; r < count; ++r) {
          const int64_t seen = p.seen(first + r);
          float *w = weights.get() + r * p.padded, *s = scores.get() + r * p.padded;
          noise.draw(item, first + r, seen);
          noise.drop(s, seen);
          p.loops.gradients(w, s, seen, logs[item * p.rows + first + r], deltas[r]);
          noise.drop(w, seen);
          std::fill(w + seen, w + keys, 0.0f);
          std::fill(s + seen, s + keys, 0.0f);
        }
        if (for_value.data)
          multiply({keys, p.values, count, weights.get(), 1, p.padded, g, from_grad.row}, for_value.at(item), for_value.row, 1, beta);
        if (!need_scores) continue;
        if (for_query.data)
          multiply({count, p.features, keys, scores.get(), p.padded, 1, p.key.at(item), p.key.row}, for_query.at(item, first), for_query.row, p.scale,
                   0);
        if (for_key.data)
          multiply({keys, p.features, count, scores.get(), 1, p.padded, p.query.at(item, first), p.query.row}, for_key.at(item), for_key.row, p.scale,
                   beta);
      }
    }
  });
  to_query.commit();
  to_key.commit();
  to_value.commit();
}

void attention(Tensor& out, Tensor& log_sum, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal,
               double scale) {
  forward(out, log_sum, Problem(query, key, value, mask, causal, scale, {}));
}
void attention_backward(Tensor& grad_query, Tensor& grad_key, Tensor& grad_value, const Tensor& grad, const Tensor& out, const Tensor& log_sum,
                        const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal, double scale) {
  backward(grad_query, grad_key, grad_value, grad, out, log_sum, Problem(query, key, value, mask, causal, scale, {}));
}
void attention_dropout(Tensor& out, Tensor& log_sum, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal,
                       double scale, double dropout, const PhiloxState& random) {
  forward(out, log_sum, Problem(query, key, value, mask, causal, scale, {dropout, random}));
}
void attention_dropout_backward(Tensor& grad_query, Tensor& grad_key, Tensor& grad_value, const Tensor& grad, const Tensor& out,
                                const Tensor& log_sum, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal,
                                double scale, double dropout, const PhiloxState& random) {
  backward(grad_query, grad_key, grad_value, grad, out, log_sum, Problem(query, key, value, mask, causal, scale, {dropout, random}));
}

}  // namespace

void register_attention() {
  const DTypeSet types{kFloat32, kBool};
  attention_kernel.set(DeviceType::CPU, attention, types);
  attention_backward_kernel.set(DeviceType::CPU, attention_backward, types);
  attention_dropout_kernel.set(DeviceType::CPU, attention_dropout, types);
  attention_dropout_backward_kernel.set(DeviceType::CPU, attention_dropout_backward, types);
}

}  // namespace lazuli::cpu
