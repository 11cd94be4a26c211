#include <bit>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/onednn_primitive.h"

namespace lazuli::cpu {
namespace {

using dnnl::memory;

BoundPrimitive make(const MatmulProblem& p) {
  const auto type = onednn_type(p.dtype);
  const bool batched = p.batch > 1;
  auto desc = [&](int64_t rows, int64_t columns, int64_t batch, int64_t row, int64_t column) {
    if (!batched) return memory::desc({rows, columns}, type, memory::dims{row, column});
    // A matrix that all share is a batch of one.
    return memory::desc({batch ? p.batch : 1, rows, columns}, type, memory::dims{batch ? batch : rows * columns, row, column});
  };
  const memory::desc a = desc(p.m, p.k, p.a_batch, p.a_row, p.a_col), b = desc(p.k, p.n, p.b_batch, p.b_row, p.b_col);
  const memory::desc out = desc(p.m, p.n, p.out_batch, p.out_row, p.out_col);

  dnnl::primitive_attr attributes = user_scratchpad();
  dnnl::post_ops post;
  memory::desc bias;
  if (p.bias) bias = batched ? memory::desc({1, 1, p.n}, type, memory::dims{p.n, p.n, 1}) : memory::desc({1, p.n}, type, memory::dims{p.n, 1});
  if (p.alpha != 1) post.append_eltwise(dnnl::algorithm::eltwise_linear, float(p.alpha), 0.0f);
  if (p.beta != 0) post.append_sum(float(p.beta));
  attributes.set_post_ops(post);

  BoundPrimitive bound;
  dnnl::matmul::primitive_desc pd;
  try {
    const auto& engine = onednn_engine();
    pd = p.bias ? dnnl::matmul::primitive_desc(engine, a, b, bias, out, attributes, true)
                : dnnl::matmul::primitive_desc(engine, a, b, out, attributes, true);
    if (!pd.get(true) || is_reference(pd.impl_info_str())) return bound;
    bound.primitive = dnnl::matmul(pd);
  } catch (const dnnl::error&) { return BoundPrimitive(); }
  bound.add(DNNL_ARG_SRC, a);
  bound.add(DNNL_ARG_WEIGHTS, b);
  bound.add(DNNL_ARG_DST, out);
  if (p.bias) bound.add(DNNL_ARG_BIAS, bias);
  bound.set_scratchpad(pd.scratchpad_desc());
  return bound;
}

PrimitiveKey key_of(const MatmulProblem& p, int threads) {
  constexpr int64_t kTag = 0x6d6d;
  return {kTag,
          int64_t(p.dtype) | (p.bias ? 256 : 0),
          threads,
          p.batch,
          p.m,
          p.n,
          p.k,
          p.a_row,
          p.a_col,
          p.a_batch,
          p.b_row,
          p.b_col,
          p.b_batch,
          p.out_row,
          p.out_batch,
          std::bit_cast<int64_t>(p.alpha),
          std::bit_cast<int64_t>(p.beta)};
}

bool supported(const MatmulProblem& p) {
  const OneDnnThreads threads;
  return bool(*PrimitiveLease(key_of(p, threads.count()), [&] { return make(p); }));
}

}  // namespace

bool matmul_onednn(const MatmulProblem& p) {
  if (p.bias && (p.bias_per_row || p.alpha != 1)) {
    // oneDNN's bias is per column and comes before any factor, and its binary post-operation crashes on bfloat16 in 3.2: out starts as the bias.
    MatmulProblem sum = p;
    sum.bias = nullptr;
    sum.beta = 1;
    if (!supported(sum)) return false;
    scale_and_bias(p);
    return matmul_onednn(sum);
  }
  const OneDnnThreads threads;
  const PrimitiveLease lease(key_of(p, threads.count()), [&] { return make(p); });
  if (!*lease) return false;
  if (p.bias) lease->run({p.a, p.b, p.out, p.bias});
  else lease->run({p.a, p.b, p.out});
  return true;
}

}  // namespace lazuli::cpu
