#include "lazuli/distributed/compression.h"

#include <map>

#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {

CommunicationHook cast_hook(DType dtype) {
  return [dtype](const GradBucket& bucket) {
    const Tensor small = bucket.buffer.to(dtype);
    return BucketWork{all_reduce_async(small, ReduceOp::Mean, bucket.process_group),
                      [small, buffer = bucket.buffer] { Tensor(buffer).copy_(small); }};
  };
}

// What earlier steps did not send, by bucket; buckets are put together anew once, after the first backward.
Tensor& left_of(std::map<size_t, Tensor>& left, const GradBucket& bucket) {
  Tensor& t = left[bucket.index];
  if (!t.defined() || t.numel() != bucket.buffer.numel()) t = zeros_like(bucket.buffer);
  return t;
}

}  // namespace

CommunicationHook bf16_compress_hook() { return cast_hook(kBFloat16); }
CommunicationHook fp16_compress_hook() { return cast_hook(kFloat16); }

CommunicationHook top_k_hook(double ratio) {
  if (!(ratio > 0 && ratio <= 1)) fail("top_k_hook", "ratio", "a value in (0, 1]", std::to_string(ratio));
  auto left = std::make_shared<std::map<size_t, Tensor>>();
  return [ratio, left](const GradBucket& bucket) {
    Tensor& rest = left_of(*left, bucket);
    rest.add_(bucket.buffer);
    const int64_t k = std::max(int64_t(1), int64_t(ratio * double(rest.numel())));
    const Tensor places = std::get<1>(topk(abs(rest), k));
    const Tensor values = rest.index_select(0, places);
    rest.index_fill_(0, places, 0);
    const int64_t ranks = get_world_size(bucket.process_group);
    const Tensor all_places = zeros({ranks, k}, {.dtype = kInt64}), all_values = zeros({ranks, k}, {.dtype = values.dtype()});
    const Work first = all_gather_into_tensor_async(all_places, places, bucket.process_group);
    const Work second = all_gather_into_tensor_async(all_values, values, bucket.process_group);
    return BucketWork{first, [=, buffer = bucket.buffer]() mutable {
                        Work(second).wait();
                        buffer.zero_();
                        for (int64_t r = 0; r < ranks; ++r)
                          buffer.index_add_(0, all_places[r].to(buffer.device()), all_values[r].to(buffer.device()));
                        buffer.div_(double(ranks));
                      }};
  };
}

CommunicationHook power_sgd_hook(const PowerSgdOptions& options) {
  check_members("power_sgd_hook", options);
  struct Matrix {
    Tensor gradient, m, p, q;  // the gradient's place in the bucket, itself with what was left, and the two factors
  };
  struct State {
    std::map<size_t, Tensor> left;
    std::map<std::pair<size_t, size_t>, Tensor> q;
    int64_t calls = 0;
  };
  auto state = std::make_shared<State>();
  return [options, state](const GradBucket& bucket) -> BucketWork {
    const bool early = state->calls < options.start_powerSGD_iter;
    if (bucket.is_last) ++state->calls;
    if (early) return {all_reduce_async(bucket.buffer, ReduceOp::Mean, bucket.process_group)};
    Tensor& left = left_of(state->left, bucket);
    Tensor buffer = bucket.buffer;
    buffer.add_(left);
    auto matrices = std::make_shared<std::vector<Matrix>>();
    auto whole = std::make_shared<std::vector<Tensor>>();
    std::vector<Work> works;
    const Generator generator(options.seed);
    for (size_t i = 0; i < bucket.gradients.size(); ++i) {
      const Tensor& g = bucket.gradients[i];
      const int64_t rows = g.dim() > 1 ? g.size(0) : 1, columns = g.dim() > 1 ? g.numel() / rows : 0, rank = options.matrix_approximation_rank;
      if (columns == 0 || (rows + columns) * rank >= rows * columns) {  // nothing to win
        whole->push_back(g);
        works.push_back(all_reduce_async(g, ReduceOp::Mean, bucket.process_group));
        continue;
      }
      Matrix matrix{g, g.reshape({rows, columns}).clone(), {}, state->q[{bucket.index, i}]};
      if (!matrix.q.defined() || matrix.q.size(0) != columns) matrix.q = randn({columns, rank}, {.dtype = g.dtype()}, generator).to(g.device());
      matrix.p = matmul(matrix.m, matrix.q);
      works.push_back(all_reduce_async(matrix.p, ReduceOp::Mean, bucket.process_group));
      matrices->push_back(matrix);
      state->q[{bucket.index, i}] = matrix.q;
    }
    Tensor before = buffer.clone();
    return {Work(), [=, group = bucket.process_group, gradients = bucket.gradients, index = bucket.index]() mutable {
              for (Work& w : works) w.wait();
              std::vector<Work> second;
              for (Matrix& x : *matrices) {
                x.p = linalg::qr(x.p).Q;
                x.q = matmul(x.m.t(), x.p);
                second.push_back(all_reduce_async(x.q, ReduceOp::Mean, group));
              }
              for (Work& w : second) w.wait();
              for (Matrix& x : *matrices) Tensor(x.gradient).copy_(matmul(x.p, x.q.t()).view(x.gradient.sizes()));
              // What this rank had and the approximation lacks; nothing of those that went whole.
              Tensor& rest = state->left[index];
              rest.copy_(before - buffer);
              int64_t place = 0;
              for (size_t i = 0, m = 0; i < gradients.size(); ++i) {
                const bool approximated = m < matrices->size() && (*matrices)[m].gradient.is_same(gradients[i]);
                if (approximated) state->q[{index, i}] = (*matrices)[m++].q;
                else rest.slice(0, place, place + gradients[i].numel()).zero_();
                place += gradients[i].numel();
              }
            }};
  };
}

}  // namespace lazuli::distributed
