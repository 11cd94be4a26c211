#include "lazuli/optim/step.h"

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/pointwise/complex.h"

namespace lazuli::optim {

Tensor real_view(const Tensor& t) { return t.defined() && is_complex(t.dtype()) ? view_as_real(t) : t; }

void in_each_step(const char* optimizer, std::vector<double*> numbers, std::function<void()> f) {
  if (StepObserver* observer = lazuli::detail::step_observer) observer->numbers(optimizer, f, lazuli::detail::saving(std::move(numbers)));
  f();
}

void elementwise_step(StepRule rule, const Tensor& param, const Tensor& grad, std::initializer_list<Tensor*> state,
                      const EachStep<StepOptions>& options) {
  Tensor p = real_view(param), kept[3];
  size_t k = 0;
  for (Tensor* tensor : state) {
    if (tensor) kept[k] = real_view(*tensor);
    ++k;
  }
  optimizer_step_kernel(p.device(), rule, p, real_view(grad), kept[0], kept[1], kept[2], options.value);
}

Tensor number_of_step(DType dtype, Device device, std::function<double()> number) {
  const EachStep<Scalar> value([number = std::move(number)] { return Scalar(number()); });
  Tensor t = new_tensor(Shape(), dtype, device);
  fill_kernel(device, t, value.value);
  return t;
}

}  // namespace lazuli::optim
