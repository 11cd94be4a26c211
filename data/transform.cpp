#include "lazuli/data/transform.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::data {

Transform compose(Transform first, Transform second) { return compose<Example>(std::move(first), std::move(second)); }

Transform normalize(double mean, double std, bool flatten_images, DType dtype) {
  if (!(std > 0)) fail("normalize", "std", "above 0", std::to_string(std));
  if (!is_floating_point(dtype)) fail(ErrorKind::Type, "normalize", "dtype", "a floating point dtype", name(dtype));
  return [=](Example batch, const Generator&) {
    no_grad guard;
    DType wide = dtype == kFloat64 ? kFloat64 : kFloat32;
    Tensor x = batch.data.dtype() == wide ? batch.data.clone() : to(batch.data, wide);  // never the dataset's own memory
    x.mul_(wrapped(1 / (255 * std)));
    x.sub_(wrapped(mean / std));
    x = to(x, dtype);
    batch.data = flatten_images ? flatten(x, 1) : x;
    return batch;
  };
}

}  // namespace lazuli::data
