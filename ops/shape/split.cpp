#include "lazuli/ops/shape/split.h"

#include <algorithm>

#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Pieces [begins[i], ends[i]) along `at`, made by one node.
std::vector<Tensor> pieces(const char* name, const Tensor& self, int64_t at, const std::vector<std::pair<int64_t, int64_t>>& ranges) {
  std::vector<Tensor> out;
  out.reserve(ranges.size());
  Shape sizes = self.sizes();
  for (auto [begin, end] : ranges) {
    sizes[at] = end - begin;
    out.push_back(alias(self, sizes, self.strides(), self.storage_offset() + (sizes[at] ? begin * self.strides()[at] : 0)));
  }
  if (out.empty()) return out;
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [from = self.sizes(), at, ranges, dtype = self.dtype(), device = self.device()](Grads& grads, Needs) {
      // Gaps and overlaps, which tensor_split can ask for, need sums; the usual case is a simple joining.
      std::vector<Tensor> parts;
      int64_t next = 0;
      for (size_t i = 0; i < ranges.size(); ++i) {
        auto [begin, end] = ranges[i];
        if (begin != next) break;
        Shape sizes = from;
        sizes[at] = end - begin;
        parts.push_back(grads[i].defined() ? grads[i] : zeros(sizes, dtype, device));
        next = end;
      }
      if (parts.size() == ranges.size() && next == from[at]) return Grads{cat(parts, at)};
      Tensor sum;
      for (size_t i = 0; i < ranges.size(); ++i) {
        if (!grads[i].defined()) continue;
        Tensor part = slice_scatter(zeros(from, dtype, device), grads[i], at, ranges[i].first, ranges[i].second);
        sum = sum.defined() ? support::add(sum, part) : part;
      }
      return Grads{sum};
    });
  for (Tensor& t : out) track_view(self, t, ViewOrigin::MultipleOutputs);
  return out;
}

// Each piece is a tensor: more of them than this are a mistake, and would take the memory before it shows.
void check_count(const char* name, int64_t count) {
  constexpr int64_t kMost = 1 << 20;
  if (count > kMost) fail(ErrorKind::Memory, name, "self", "at most 2^20 pieces", std::to_string(count));
}

int64_t split_dim(const char* name, const Tensor& self, int64_t dim) {
  if (self.dim() == 0) fail(ErrorKind::Index, name, "self", "a tensor with dimensions", "a 0-d tensor");
  return wrap_dim(dim, self.dim(), name);
}

}  // namespace

std::vector<Tensor> unbind(const Tensor& self, int64_t dim) {
  need_defined("unbind", self);
  int64_t at = split_dim("unbind", self, dim), count = self.sizes()[at], step = self.strides()[at];
  Shape sizes = self.sizes(), strides = self.strides();
  sizes.erase(at);
  strides.erase(at);
  check_count("unbind", count);
  std::vector<Tensor> out;
  out.reserve(size_t(count));
  for (int64_t i = 0; i < count; ++i) out.push_back(alias(self, sizes, strides, self.storage_offset() + i * step));
  if (out.empty()) return out;
  if (auto tape = Tape::recording(self))
    tape.record("unbind", out, [sizes, at, dtype = self.dtype(), device = self.device()](Grads& grads, Needs) {
      std::vector<Tensor> parts;
      for (Tensor& g : grads) parts.push_back(g.defined() ? g : zeros(sizes, dtype, device));
      return Grads{stack(parts, at)};
    });
  for (Tensor& t : out) track_view(self, t, ViewOrigin::MultipleOutputs);
  return out;
}

namespace {
std::vector<Tensor> split_evenly(const char* name, const Tensor& self, int64_t split_size, int64_t at) {
  int64_t size = self.sizes()[at];
  if (split_size > 0) check_count(name, size / split_size);
  std::vector<std::pair<int64_t, int64_t>> ranges;
  if (size == 0) ranges.emplace_back(0, 0);
  for (int64_t begin = 0, length; begin < size; begin += length) {
    length = std::min(split_size, size - begin);
    ranges.emplace_back(begin, begin + length);
  }
  return pieces(name, self, at, ranges);
}
}  // namespace

std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim) {
  need_defined("split", self);
  int64_t at = split_dim("split", self, dim);
  if (split_size < 0 || (split_size == 0 && self.sizes()[at] != 0)) fail("split", "split_size", "a positive size", std::to_string(split_size));
  return split_evenly("split", self, split_size, at);
}

std::vector<Tensor> split(const Tensor& self, const Shape& split_sizes, int64_t dim) { return split_with_sizes(self, split_sizes, dim); }
std::vector<Tensor> split_with_sizes(const Tensor& self, const Shape& split_sizes, int64_t dim) {
  need_defined("split_with_sizes", self);
  int64_t at = split_dim("split_with_sizes", self, dim), next = 0;
  std::vector<std::pair<int64_t, int64_t>> ranges;
  for (int64_t s : split_sizes) {
    if (s < 0) fail("split_with_sizes", "split_sizes", "sizes that are not negative", to_string(split_sizes));
    int64_t begin = next;
    if (__builtin_add_overflow(next, s, &next)) fail("split_with_sizes", "split_sizes", "sizes whose sum fits 63 bits", to_string(split_sizes));
    ranges.emplace_back(begin, next);
  }
  if (next != self.sizes()[at])
    fail("split_with_sizes", "split_sizes",
         "sizes that add up to " + std::to_string(self.sizes()[at]) + ", the size of dimension " + std::to_string(at), to_string(split_sizes));
  return pieces("split_with_sizes", self, at, ranges);
}

std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  need_defined("chunk", self);
  int64_t at = split_dim("chunk", self, dim), size = self.sizes()[at];
  if (chunks < 1) fail("chunk", "chunks", "a positive number", std::to_string(chunks));
  check_count("chunk", std::min(chunks, size ? size : chunks));
  if (size == 0) return pieces("chunk", self, at, std::vector<std::pair<int64_t, int64_t>>(size_t(chunks), {0, 0}));
  return split_evenly("chunk", self, size / chunks + (size % chunks != 0), at);
}

std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim) {
  need_defined("tensor_split", self);
  int64_t at = split_dim("tensor_split", self, dim), size = self.sizes()[at];
  if (sections < 1) fail("tensor_split", "sections", "a positive number", std::to_string(sections));
  check_count("tensor_split", sections);
  std::vector<std::pair<int64_t, int64_t>> ranges;
  for (int64_t i = 0, begin = 0; i < sections; ++i) {
    int64_t length = size / sections + (i < size % sections);
    ranges.emplace_back(begin, begin + length);
    begin += length;
  }
  return pieces("tensor_split", self, at, ranges);
}

std::vector<Tensor> tensor_split(const Tensor& self, const Shape& indices, int64_t dim) {
  need_defined("tensor_split", self);
  int64_t at = split_dim("tensor_split", self, dim), size = self.sizes()[at];
  std::vector<std::pair<int64_t, int64_t>> ranges;
  auto place = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  for (int64_t i = 0; i <= indices.size(); ++i) {
    int64_t begin = i == 0 ? 0 : place(indices[i - 1]), end = i == indices.size() ? size : place(indices[i]);
    ranges.emplace_back(begin, std::max(begin, end));
  }
  return pieces("tensor_split", self, at, ranges);
}

std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& indices_or_sections, int64_t dim) {
  need_defined("tensor_split", self, "self", indices_or_sections, "tensor_indices_or_sections");
  if (!indices_or_sections.device().is_cpu()) fail("tensor_split", "indices_or_sections", "a CPU tensor", to_string(indices_or_sections.device()));
  if (indices_or_sections.dtype() != kInt64)
    fail(ErrorKind::Type, "tensor_split", "indices_or_sections", "an int64 tensor", name(indices_or_sections.dtype()));
  if (indices_or_sections.dim() > 1) fail("tensor_split", "indices_or_sections", "a 0-d or 1-d tensor", to_string(indices_or_sections.sizes()));
  if (indices_or_sections.dim() == 0) return tensor_split(self, indices_or_sections.item<int64_t>(), dim);
  return tensor_split(self, Shape(indices_or_sections.to_vector<int64_t>()), dim);
}

namespace {
int64_t axis_of(const char* name, const Tensor& self, int64_t rank, int64_t axis) {
  if (self.dim() < rank)
    fail(name, "self", "a tensor of at least " + std::to_string(rank) + " dimension" + (rank > 1 ? "s" : ""), to_string(self.sizes()));
  return axis;
}
std::vector<Tensor> equal_split(const char* name, const Tensor& self, int64_t sections, int64_t axis) {
  if (sections < 1 || self.sizes()[axis] % sections)
    fail(name, "sections", "a number that divides " + std::to_string(self.sizes()[axis]) + ", the size of dimension " + std::to_string(axis),
         std::to_string(sections));
  return tensor_split(self, sections, axis);
}
}  // namespace

std::vector<Tensor> hsplit(const Tensor& self, int64_t sections) {
  need_defined("hsplit", self);
  return equal_split("hsplit", self, sections, axis_of("hsplit", self, 1, self.dim() == 1 ? 0 : 1));
}
std::vector<Tensor> hsplit(const Tensor& self, const Shape& indices) {
  need_defined("hsplit", self);
  return tensor_split(self, indices, axis_of("hsplit", self, 1, self.dim() == 1 ? 0 : 1));
}
std::vector<Tensor> vsplit(const Tensor& self, int64_t sections) {
  need_defined("vsplit", self);
  return equal_split("vsplit", self, sections, axis_of("vsplit", self, 2, 0));
}
std::vector<Tensor> vsplit(const Tensor& self, const Shape& indices) {
  need_defined("vsplit", self);
  return tensor_split(self, indices, axis_of("vsplit", self, 2, 0));
}
std::vector<Tensor> dsplit(const Tensor& self, int64_t sections) {
  need_defined("dsplit", self);
  return equal_split("dsplit", self, sections, axis_of("dsplit", self, 3, 2));
}
std::vector<Tensor> dsplit(const Tensor& self, const Shape& indices) {
  need_defined("dsplit", self);
  return tensor_split(self, indices, axis_of("dsplit", self, 3, 2));
}

void register_split(OpTable& table) {
  using Tensors = std::vector<Tensor>;
  table.add("unbind(Tensor self, int dim=0) -> Tensor[]", &unbind);
  table.add("split(Tensor self, int split_size, int dim=0) -> Tensor[]",
            static_cast<std::vector<Tensor> (*)(const Tensor&, int64_t, int64_t)>(&split));
  table.add("split(Tensor self, int[] split_size, int dim=0) -> Tensor[]", [](const Tensor& self, const Shape& sizes, int64_t dim) {
    need_defined("split", self);
    return split_with_sizes(self, sizes, dim);
  });
  table.add("split_with_sizes(Tensor self, int[] split_sizes, int dim=0) -> Tensor[]", &split_with_sizes);
  table.add("chunk(Tensor self, int chunks, int dim=0) -> Tensor[]", &chunk);
  table.add("tensor_split(Tensor self, int sections, int dim=0) -> Tensor[]",
            static_cast<Tensors (*)(const Tensor&, int64_t, int64_t)>(&tensor_split));
  table.add("tensor_split(Tensor self, int[] indices, int dim=0) -> Tensor[]",
            static_cast<Tensors (*)(const Tensor&, const Shape&, int64_t)>(&tensor_split));
  table.add("tensor_split(Tensor self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor[]",
            static_cast<Tensors (*)(const Tensor&, const Tensor&, int64_t)>(&tensor_split));
  table.add("hsplit(Tensor self, int sections) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, int64_t)>(&hsplit));
  table.add("hsplit(Tensor self, int[] indices) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, const Shape&)>(&hsplit));
  table.add("vsplit(Tensor self, int sections) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, int64_t)>(&vsplit));
  table.add("vsplit(Tensor self, int[] indices) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, const Shape&)>(&vsplit));
  table.add("dsplit(Tensor self, int sections) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, int64_t)>(&dsplit));
  table.add("dsplit(Tensor self, int[] indices) -> Tensor[]", static_cast<Tensors (*)(const Tensor&, const Shape&)>(&dsplit));
}

}  // namespace lazuli
