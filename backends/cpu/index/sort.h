#pragma once
#include "lazuli/core/slots.h"

/// The slots that register_sort fills.
namespace lazuli::cpu {

void sort(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool descending);
void topk(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool largest);
void median(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool pass_nan);
void searchsorted(Tensor& out, const Tensor& sorted, const Tensor& values, bool right);
void bincount(Tensor& out, const Tensor& in, const Tensor& weights);

}  // namespace lazuli::cpu
