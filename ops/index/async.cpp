#include "lazuli/ops/index/async.h"

#include <chrono>
#include <future>

#include "lazuli/autograd/modes.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

struct TensorFuture::State {
  std::shared_future<Tensor> future;
};

bool TensorFuture::ready() const { return state_->future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
void TensorFuture::wait() const { state_->future.wait(); }
Tensor TensorFuture::get() const { return state_->future.get(); }

namespace {
template <class F>
TensorFuture started(F f) {
  auto run = [f = std::move(f), grad = modes.grad] {
    GradMode mode(grad);
    return f();
  };
  return TensorFuture(std::make_shared<TensorFuture::State>(TensorFuture::State{std::async(std::launch::async, std::move(run)).share()}));
}
}  // namespace

TensorFuture masked_select_async(const Tensor& self, const Tensor& mask) {
  need_defined("masked_select_async", self, "self", mask, "mask");
  return started([self, mask] { return masked_select(self, mask); });
}
TensorFuture multinomial_async(const Tensor& self, int64_t num_samples, bool replacement, const std::optional<Generator>& generator) {
  need_defined("multinomial_async", self);
  const Generator& drawn = generator ? *generator : default_generator();
  const Generator own = drawn.split();
  return started([=] { return multinomial(self, num_samples, replacement, own); });
}

void register_async(OpTable& table) {
  table.add("masked_select_async(Tensor self, Tensor mask) -> Tensor",
            [](const Tensor& self, const Tensor& mask) { return masked_select_async(self, mask).get(); });
  table.add("multinomial_async(Tensor self, int num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor",
            [](const Tensor& self, int64_t n, bool replacement, const std::optional<Generator>& g) {
              return multinomial_async(self, n, replacement, g).get();
            });
}

}  // namespace lazuli
