#include "lazuli/ops/shape/einops.h"

#include <algorithm>
#include <optional>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/einops_pattern.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using einops::kEllipsis, einops::Pattern, einops::Purpose;
using Op = einops::ReduceOp;

// f(axis, k) for each elementary dimension of a side in order; of the ellipsis one for each of its dimensions k.
template <class F>
void for_elements(const einops::Side& side, const einops::Sizes& sizes, F&& f) {
  for (const einops::Group& group : side.groups)
    for (int axis : group.axes)
      for (int64_t k = 0; k < (axis == kEllipsis ? sizes.ellipsis.size() : 1); ++k) f(axis, k);
}

Tensor reduced(const Tensor& t, Op op, const Shape& dims) {
  if (dims.empty()) return t;
  switch (op) {
    case Op::sum: return sum(t, DimList(dims));
    case Op::mean: return mean(t, DimList(dims));
    case Op::max: return amax(t, DimList(dims));
    case Op::min: return amin(t, DimList(dims));
    case Op::prod: return prod(t, DimList(dims));
    case Op::any: return any(t, DimList(dims));
    case Op::all: return all(t, DimList(dims));
  }
  return t;
}

Tensor transformed(Purpose purpose, const Tensor& self, std::string_view text, const einops::Axes& axes, Op op) {
  const char* name = einops::name_of(purpose);
  need_defined(name, self);
  const std::shared_ptr<const Pattern> pattern = einops::pattern_of(purpose, text);
  const einops::Sizes sizes = einops::sizes_of(purpose, *pattern, self.sizes(), axes);
  if (purpose == Purpose::Reduce && op == Op::mean && !is_differentiable(self.dtype()))
    fail(ErrorKind::Type, name, "self", "floating point or complex numbers for a mean", lazuli::name(self.dtype()));

  // Every axis a dimension, those that go reduced.
  struct Element {
    int axis;
    int64_t k;
    bool operator==(const Element&) const = default;
  };
  const auto size_of = [&](int axis, int64_t k) { return axis == kEllipsis ? sizes.ellipsis[k] : sizes.axes[size_t(axis)]; };
  Shape elementary, going;
  std::vector<Element> there;
  for_elements(pattern->left, sizes, [&](int axis, int64_t k) {
    if (pattern->right.has(axis)) there.push_back({axis, k});
    else going.push_back(elementary.size());
    elementary.push_back(size_of(axis, k));
  });
  Tensor t = reduced(self.reshape(elementary), op, going);

  // In the order of the right side, new axes with stride 0, then joined.
  Shape order, expanded, result;
  std::vector<int64_t> added;
  for_elements(pattern->right, sizes, [&](int axis, int64_t k) {
    const auto at = std::find(there.begin(), there.end(), Element{axis, k});
    if (at == there.end()) added.push_back(expanded.size());
    else order.push_back(at - there.begin());
    expanded.push_back(size_of(axis, k));
  });
  t = t.permute(order);
  for (int64_t d : added) t = t.unsqueeze(d);
  if (!added.empty()) t = t.expand(expanded);
  for (const einops::Group& group : pattern->right.groups) {
    if (group.axes.size() == 1 && group.axes[0] == kEllipsis && pattern->text[group.place] != '(') {
      for (int64_t n : sizes.ellipsis) result.push_back(n);
      continue;
    }
    int64_t size = 1;
    for (int axis : group.axes)
      for (int64_t k = 0; k < (axis == kEllipsis ? sizes.ellipsis.size() : 1); ++k) size = size_product(size, size_of(axis, k), name);
    result.push_back(size);
  }
  return t.reshape(result);
}

Op reduce_op(std::string_view name) {
  constexpr std::pair<const char*, Op> known[] = {{"sum", Op::sum},   {"mean", Op::mean}, {"max", Op::max}, {"min", Op::min},
                                                  {"prod", Op::prod}, {"any", Op::any},   {"all", Op::all}};
  std::list<std::string> names;
  for (const auto& [text, op] : known) {
    if (name == text) return op;
    names.push_back(text);
  }
  fail("reduce", "op", "'sum', 'mean', 'max', 'min', 'prod', 'any' or 'all'" + nearest_hint(name, names), "'" + std::string(name) + "'");
}

// Dimensions before and after the *.
struct PackPattern {
  int64_t before = 0, after = 0;
};
PackPattern pack_pattern(const char* op, std::string_view text) {
  PackPattern out;
  bool star = false;
  std::vector<std::string_view> names;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const size_t place = at;
    while (at < text.size() && text[at] != ' ') ++at;
    const std::string_view name = text.substr(place, at - place);
    if (name == "*") {
      if (star) fail(op, "pattern", "one '*'", marked("a second", text, place));
      star = true;
      continue;
    }
    const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
    if (!std::all_of(name.begin(), name.end(), fits) || std::isdigit(static_cast<unsigned char>(name[0])))
      fail(op, "pattern", "names and one '*'", marked("'" + std::string(name) + "'", text, place));
    if (std::find(names.begin(), names.end(), name) != names.end())
      fail(op, "pattern", "each name once", marked("'" + std::string(name) + "' again", text, place));
    names.push_back(name);
    ++(star ? out.after : out.before);
  }
  if (!star) fail(op, "pattern", "a '*'", marked("none", text, text.size()));
  return out;
}

einops::Axes axes_of(const char* op, const std::vector<std::string>& names, const Shape& sizes) {
  if (int64_t(names.size()) != sizes.size())
    fail(op, "sizes", "a size for each of " + std::to_string(names.size()) + " axes", std::to_string(sizes.size()));
  einops::Axes axes;
  for (size_t i = 0; i < names.size(); ++i) axes.emplace_back(names[i], sizes[int64_t(i)]);
  return axes;
}

}  // namespace

Tensor rearrange(const Tensor& self, std::string_view pattern, const einops::Axes& axes) {
  return transformed(Purpose::Rearrange, self, pattern, axes, Op::sum);
}
Tensor rearrange(const std::vector<Tensor>& tensors, std::string_view pattern, const einops::Axes& axes) {
  need_defined("rearrange", tensors, "tensors");
  if (tensors.empty()) fail("rearrange", "tensors", "at least one tensor", "none");
  return rearrange(stack(tensors), pattern, axes);
}
Tensor reduce(const Tensor& self, std::string_view pattern, einops::ReduceOp op, const einops::Axes& axes) {
  return transformed(Purpose::Reduce, self, pattern, axes, op);
}
Tensor reduce(const Tensor& self, std::string_view pattern, std::string_view op, const einops::Axes& axes) {
  return reduce(self, pattern, reduce_op(op), axes);
}
Tensor repeat(const Tensor& self, std::string_view pattern, const einops::Axes& axes) {
  return transformed(Purpose::Repeat, self, pattern, axes, Op::sum);
}

std::tuple<Tensor, std::vector<Shape>> pack(const std::vector<Tensor>& tensors, std::string_view pattern) {
  need_defined("pack", tensors, "tensors");
  const auto [before, after] = pack_pattern("pack", pattern);
  if (tensors.empty()) fail("pack", "tensors", "at least one tensor", "none");
  std::vector<Shape> shapes;
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) {
    if (t.dim() < before + after)
      fail("pack", "tensors", "at least " + std::to_string(before + after) + " dimensions for '" + std::string(pattern) + "'",
           "sizes " + to_string(t.sizes()));
    Shape inner(t.sizes().data() + before, t.dim() - before - after), sizes(t.sizes().data(), before);
    sizes.push_back(inner.numel());
    for (int64_t d = t.dim() - after; d < t.dim(); ++d) sizes.push_back(t.sizes()[d]);
    parts.push_back(t.reshape(sizes));
    shapes.push_back(inner);
  }
  return {cat(parts, before), shapes};
}

std::vector<Tensor> unpack(const Tensor& self, const std::vector<Shape>& packed_shapes, std::string_view pattern) {
  need_defined("unpack", self);
  const auto [before, after] = pack_pattern("unpack", pattern);
  if (self.dim() != before + 1 + after)
    fail("unpack", "self", std::to_string(before + 1 + after) + " dimensions for '" + std::string(pattern) + "'", "sizes " + to_string(self.sizes()));
  const int64_t whole = self.sizes()[before];
  int64_t open = -1, known = 0;
  std::vector<int64_t> lengths;
  for (size_t i = 0; i < packed_shapes.size(); ++i) {
    int64_t length = 1, unknown = 0;
    for (int64_t n : packed_shapes[i]) {
      if (n < -1) fail("unpack", "packed_shapes", "sizes that are not negative, or one -1", to_string(packed_shapes[i]));
      if (n == -1) ++unknown;
      else length = size_product(length, n, "unpack");
    }
    if (unknown > 1 || (unknown && open >= 0)) fail("unpack", "packed_shapes", "one -1 at most", "several");
    if (unknown) open = int64_t(i);
    else known = size_sum(known, length, "unpack");
    lengths.push_back(length);
  }
  std::vector<Shape> shapes = packed_shapes;
  if (open >= 0) {
    const int64_t rest = whole - known, unit = lengths[size_t(open)];
    if (rest < 0 || unit == 0 || rest % unit != 0)
      fail("unpack", "packed_shapes", "sizes that fit " + std::to_string(whole) + " along the packed dimension",
           to_string(packed_shapes[size_t(open)]));
    for (int64_t& n : shapes[size_t(open)])
      if (n == -1) n = rest / unit;
    lengths[size_t(open)] = rest;
  } else if (known != whole) {
    fail("unpack", "packed_shapes", "sizes of " + std::to_string(whole) + " elements along the packed dimension", std::to_string(known));
  }
  std::vector<Tensor> out;
  int64_t at = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    Shape sizes(self.sizes().data(), before);
    for (int64_t n : shapes[i]) sizes.push_back(n);
    for (int64_t d = before + 1; d < self.dim(); ++d) sizes.push_back(self.sizes()[d]);
    out.push_back(self.narrow(before, at, lengths[i]).reshape(sizes));
    at += lengths[i];
  }
  return out;
}

void register_einops(OpTable& table) {
  using Names = std::vector<std::string>;
  table.add(
      "rearrange(Tensor self, str pattern, str[] axes=[], int[] sizes=[]) -> Tensor",
      [](const Tensor& t, std::string_view p, const Names& axes, const Shape& sizes) { return rearrange(t, p, axes_of("rearrange", axes, sizes)); });
  table.add("rearrange(Tensor[] tensors, str pattern, str[] axes=[], int[] sizes=[]) -> Tensor",
            [](const std::vector<Tensor>& t, std::string_view p, const Names& axes, const Shape& sizes) {
              return rearrange(t, p, axes_of("rearrange", axes, sizes));
            });
  table.add("reduce(Tensor self, str pattern, str reduction, str[] axes=[], int[] sizes=[]) -> Tensor",
            [](const Tensor& t, std::string_view p, std::string_view op, const Names& axes, const Shape& sizes) {
              return reduce(t, p, op, axes_of("reduce", axes, sizes));
            });
  table.add("repeat(Tensor self, str pattern, str[] axes=[], int[] sizes=[]) -> Tensor",
            [](const Tensor& t, std::string_view p, const Names& axes, const Shape& sizes) { return repeat(t, p, axes_of("repeat", axes, sizes)); });
  table.add("pack(Tensor[] tensors, str pattern) -> (Tensor packed, Any packed_shapes)", [](const std::vector<Tensor>& tensors, std::string_view p) {
    const auto [packed, shapes] = pack(tensors, p);
    return std::tuple<Tensor, Value>(packed, Value(Value::List(shapes.begin(), shapes.end())));
  });
  table.add("unpack(Tensor self, Any packed_shapes, str pattern) -> Tensor[]", [](const Tensor& t, const Value& shapes, std::string_view p) {
    need_defined("unpack", t);
    std::vector<Shape> packed;
    for (const Value& shape : shapes.to_list()) packed.push_back(shape.to_shape());
    return unpack(t, packed, p);
  });
}

}  // namespace lazuli
