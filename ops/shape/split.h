#pragma once
#include "lazuli/core/factory.h"

/// Several views of one tensor, made together (so none of them may be written in place while gradients are recorded).
namespace lazuli {

/// The entries of dimension `dim`, without it.
std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);
/// Pieces of `split_size` along `dim`, of which the last may be smaller; or of the given sizes.
std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& self, const Shape& split_sizes, int64_t dim = 0);
std::vector<Tensor> split(...) = delete;  // split(x, split_size, [dim]) or split(x, split_sizes, [dim])
/// Pieces of the given sizes. Throws Error unless they add up to the size of `dim`.
std::vector<Tensor> split_with_sizes(const Tensor& self, const Shape& split_sizes, int64_t dim = 0);
/// At most `chunks` pieces of one size; the last may be smaller.
std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
/// Exactly `sections` pieces whose sizes differ by one at most, or pieces that end before each of `indices`.
std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& self, const Shape& indices, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& indices_or_sections, int64_t dim = 0);
std::vector<Tensor> tensor_split(...) = delete;  // tensor_split(x, sections, [dim]) or tensor_split(x, indices, [dim])
/// tensor_split along columns (dimension 1; 0 for 1-d), rows (0) and depth (2). Throw Error when there is no such dimension or `sections` does not divide its size.
std::vector<Tensor> hsplit(const Tensor& self, int64_t sections);
std::vector<Tensor> hsplit(const Tensor& self, const Shape& indices);
std::vector<Tensor> hsplit(...) = delete;  // hsplit(x, sections) or hsplit(x, indices)
std::vector<Tensor> vsplit(const Tensor& self, int64_t sections);
std::vector<Tensor> vsplit(const Tensor& self, const Shape& indices);
std::vector<Tensor> vsplit(...) = delete;  // vsplit(x, sections) or vsplit(x, indices)
std::vector<Tensor> dsplit(const Tensor& self, int64_t sections);
std::vector<Tensor> dsplit(const Tensor& self, const Shape& indices);
std::vector<Tensor> dsplit(...) = delete;  // dsplit(x, sections) or dsplit(x, indices)

}  // namespace lazuli
