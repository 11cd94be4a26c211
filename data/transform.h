#pragma once
#include <functional>

#include "lazuli/core/random/generator.h"
#include "lazuli/data/example.h"

namespace lazuli::data {

/// Changes a batch after it was read, in the worker that read it. `random` is the batch's own stream, so augmentation does not depend on the workers either.
template <class Batch>
using BatchTransform = std::function<Batch(Batch batch, const Generator& random)>;
using Transform = BatchTransform<Example>;

/// Images in bytes to (x / 255 - mean) / std, in float32 (or `dtype`, rounded once), each flattened to one row where `flatten`. Throws Error for a dtype that is no floating point one.
Transform normalize(double mean, double std, bool flatten = false, DType dtype = kFloat32);

/// First `first`, then `second`.
template <class Batch>
BatchTransform<Batch> compose(BatchTransform<Batch> first, BatchTransform<Batch> second) {
  return [first = std::move(first), second = std::move(second)](Batch batch, const Generator& random) {
    Generator of_first = random.split(), of_second = random.split();
    return second(first(std::move(batch), of_first), of_second);
  };
}
Transform compose(Transform first, Transform second);

}  // namespace lazuli::data
