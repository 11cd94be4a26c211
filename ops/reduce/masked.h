#pragma once
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Reductions and scans of the elements that a mask lets through.
namespace lazuli {

struct MaskedOptions {
  bool keepdim = false;
  std::optional<DType> dtype = {};  // of the result, to which self is cast first
  OptionalTensor mask = {};         // true where an element counts; broadcasts to self. None: all count
  template <class O = MaskedOptions>
  static constexpr auto members() {
    return Members{member("keepdim", &O::keepdim), member("dtype", &O::dtype), member("mask", &O::mask)};
  }
};

/// `dims` as in reduction.h. Where nothing counts, a result is what the reduction gives for no elements: 0, 1, an infinity, NaN. All throw Error for a mask that does not broadcast.
namespace masked {

Tensor sum(const Tensor& self, const DimList& dims = {}, MaskedOptions options = {});
Tensor prod(const Tensor& self, const DimList& dims = {}, MaskedOptions options = {});
Tensor amax(const Tensor& self, const DimList& dims = {}, MaskedOptions options = {});
Tensor amin(const Tensor& self, const DimList& dims = {}, MaskedOptions options = {});
Tensor mean(const Tensor& self, const DimList& dims = {}, MaskedOptions options = {});
Tensor logsumexp(const Tensor& self, const DimList& dims, MaskedOptions options = {});
/// The index, in self, of the first extreme; without a dim in the flattened self.
Tensor argmax(const Tensor& self, std::optional<int64_t> dim = {}, MaskedOptions options = {});
Tensor argmin(const Tensor& self, std::optional<int64_t> dim = {}, MaskedOptions options = {});
/// The lower of two middle ones.
Tensor median(const Tensor& self, int64_t dim = -1, MaskedOptions options = {});
Tensor norm(const Tensor& self, double ord = 2, const DimList& dims = {}, MaskedOptions options = {});
/// The sum of squared distances from the mean over max(0, count - correction).
Tensor var(const Tensor& self, const DimList& dims = {}, double correction = 1, MaskedOptions options = {});
Tensor std(const Tensor& self, const DimList& dims = {}, double correction = 1, MaskedOptions options = {});

/// These keep the sizes; elements that do not count are passed over.
Tensor cumsum(const Tensor& self, int64_t dim, MaskedOptions options = {});
Tensor cumprod(const Tensor& self, int64_t dim, MaskedOptions options = {});
Tensor softmax(const Tensor& self, int64_t dim, MaskedOptions options = {});
Tensor log_softmax(const Tensor& self, int64_t dim, MaskedOptions options = {});
Tensor softmin(const Tensor& self, int64_t dim, MaskedOptions options = {});
/// self over its norm along dim, which counts as at least eps.
Tensor normalize(const Tensor& self, double ord, int64_t dim, double eps = 1e-12, MaskedOptions options = {});
/// log(exp(self) + exp(other)), either left out where its mask is false.
Tensor logaddexp(const Tensor& self, const Tensor& other, const OptionalTensor& input_mask = {}, const OptionalTensor& other_mask = {});

}  // namespace masked
}  // namespace lazuli
