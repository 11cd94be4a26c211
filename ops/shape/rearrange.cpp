#include "lazuli/ops/shape/rearrange.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {
// The result of a view chain, as a copy if it still is one.
Tensor own(const Tensor& view, const Tensor& self) { return view.storage() == self.storage() ? clone(view) : view; }
}  // namespace

Tensor flip(const Tensor& self, const Shape& dims) {
  need_defined("flip", self);
  Shape at = wrap_dims(dims, self.dim(), "flip");
  Tensor out;
  {
    no_grad guard;
    for (int64_t d : at) {
      int64_t n = self.dim() ? self.sizes()[d] : 1;
      if (n > 1) out = index_select(out.defined() ? out : self, d, arange(n - 1, -1, -1, {.dtype = kInt64, .device = self.device()}));
    }
    if (!out.defined()) out = clone(self);
  }
  if (auto tape = Tape::recording(self)) tape.record("flip", out, [at](const Tensor& grad, Needs) { return Grads{flip(grad, at)}; });
  return out;
}
Tensor fliplr(const Tensor& self) {
  need_defined("fliplr", self);
  if (self.dim() < 2) fail("fliplr", "self", "at least 2 dimensions", to_string(self.sizes()));
  return flip(self, {1});
}
Tensor flipud(const Tensor& self) {
  need_defined("flipud", self);
  if (self.dim() < 1) fail("flipud", "self", "at least 1 dimension", to_string(self.sizes()));
  return flip(self, {0});
}

Tensor roll(const Tensor& self, const Shape& shifts, const Shape& dims) {
  need_defined("roll", self);
  if (dims.empty()) {
    if (shifts.size() != 1) fail("roll", "shifts", "one shift where no dims are given", to_string(shifts));
    return reshape(roll(reshape(self, {-1}), shifts, {0}), self.sizes());
  }
  if (shifts.size() != dims.size()) fail("roll", "shifts", "as many as dims " + to_string(dims), to_string(shifts));
  if (self.dim() == 0) fail(ErrorKind::Index, "roll", "dims", "no dimensions for a 0-d tensor", to_string(dims));
  Tensor out = self, from = self;
  Shape back = shifts;
  for (int64_t i = 0; i < dims.size(); ++i) {
    int64_t d = wrap_dim(dims[i], self.dim(), "roll"), n = self.sizes()[d];
    back[i] = -shifts[i];
    int64_t shift = n ? ((shifts[i] % n) + n) % n : 0;
    if (self.numel() == 0 || (shift == 0 && !(i + 1 == dims.size() && out.is_same(self)))) continue;
    out = new_tensor(self.sizes(), self.dtype(), self.device());
    for (auto [to, begin, length] : {std::tuple(shift, int64_t(0), n - shift), std::tuple(int64_t(0), n - shift, shift)}) {
      if (length == 0) continue;
      Shape part = self.sizes();
      part[d] = length;
      Tensor target = alias(out, part, out.strides(), out.storage_offset() + to * out.strides()[d]);
      copy_kernel(self.device(), target, alias(from, part, from.strides(), from.storage_offset() + begin * from.strides()[d]));
    }
    from = out;
  }
  if (out.is_same(self)) out = new_tensor(self.sizes(), self.dtype(), self.device());
  if (auto tape = Tape::recording(self)) tape.record("roll", out, [back, dims](const Tensor& grad, Needs) { return Grads{roll(grad, back, dims)}; });
  return out;
}

Tensor rot90(const Tensor& self, int64_t k, const Shape& dims) {
  need_defined("rot90", self);
  if (dims.size() != 2) fail("rot90", "dims", "two dimensions", to_string(dims));
  if (self.dim() < 2) fail("rot90", "self", "at least 2 dimensions", to_string(self.sizes()));
  Shape d = wrap_dims(dims, self.dim(), "rot90");
  switch (((k % 4) + 4) % 4) {
    case 1: return transpose(flip(self, Shape(d[1])), d[0], d[1]);
    case 2: return flip(self, d);
    case 3: return transpose(flip(self, Shape(d[0])), d[0], d[1]);
    default: return clone(self);
  }
}

Tensor repeat(const Tensor& self, const Shape& repeats) {
  need_defined("repeat", self);
  int64_t lead = repeats.size() - self.dim();
  if (lead < 0) fail("repeat", "repeats", "at least one number for each of the " + std::to_string(self.dim()) + " dimensions", to_string(repeats));
  Shape split, wide, sizes;
  for (int64_t i = 0; i < repeats.size(); ++i) {
    if (repeats[i] < 0) fail("repeat", "repeats", "numbers that are not negative", to_string(repeats));
    int64_t size = i < lead ? 1 : self.sizes()[i - lead];
    sizes.push_back(size_product(repeats[i], size, "repeat"));
    if (repeats[i] != 1) split.push_back(1), wide.push_back(repeats[i]);
    split.push_back(size);
    wide.push_back(size);
  }
  return own(reshape(expand(reshape(self, split), wide), sizes), self);
}
Tensor tile(const Tensor& self, const Shape& dims) {
  need_defined("tile", self);
  Shape repeats = Shape::filled(std::max<int64_t>(self.dim() - dims.size(), 0), 1);
  for (int64_t d : dims) repeats.push_back(d);
  return repeat(self, repeats);
}

Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) {
  need_defined("repeat_interleave", self);
  if (!dim) return repeat_interleave(reshape(self, {-1}), repeats, 0, output_size);
  if (repeats < 0) fail("repeat_interleave", "repeats", "a number that is not negative", std::to_string(repeats));
  Tensor from = self.dim() ? self : reshape(self, {1});
  int64_t at = wrap_dim(*dim, from.dim(), "repeat_interleave");
  Shape sizes = from.sizes();
  sizes[at] = size_product(sizes[at], repeats, "repeat_interleave");
  if (output_size && *output_size != sizes[at]) fail("repeat_interleave", "output_size", std::to_string(sizes[at]), std::to_string(*output_size));
  Shape wide = from.sizes();
  wide.insert(at + 1, repeats);
  return own(reshape(expand(unsqueeze(from, at + 1), wide), sizes), self);
}
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  need_defined("repeat_interleave", repeats, "repeats");
  if (repeats.dim() != 1) fail("repeat_interleave", "repeats", "a 1-d tensor", to_string(repeats.sizes()));
  if (repeats.dtype() != kInt64 && repeats.dtype() != kInt32)
    fail(ErrorKind::Type, "repeat_interleave", "repeats", "an int64 or int32 tensor", name(repeats.dtype()));
  if (repeats.device().is_meta() && output_size) return zeros({*output_size}, repeats.dtype(), kMeta);
  // Place j belongs to the first entry whose sum with all before it is above j.
  const int64_t n = repeats.numel();
  const Device device = repeats.device();
  int64_t count = 0;
  Tensor ends = new_tensor({n}, kInt64, device), least = new_tensor({1}, repeats.dtype(), device), unused;
  if (n) {
    scan_kernel(device, ScanOp::Sum, ends, unused, casted(repeats, kInt64), 0);
    reduce_kernel(device, ReduceOp::Amin, least, repeats);
    if (int64_t low = least.item<int64_t>(); low < 0) fail("repeat_interleave", "repeats", "numbers that are not negative", std::to_string(low));
    count = alias(ends, Shape(), Shape(), n - 1).item<int64_t>();
  }
  if (output_size && *output_size != count) fail("repeat_interleave", "output_size", std::to_string(count), std::to_string(*output_size));
  Tensor place = new_tensor({count}, kInt64, device), out = new_tensor({count}, kInt64, device);
  if (count) {
    arange_kernel(device, place, 0, 1);
    searchsorted_kernel(device, out, ends, place, true);
  }
  return casted(out, repeats.dtype());
}
Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) {
  need_defined("repeat_interleave", self, "self", repeats, "repeats");
  Tensor from = dim ? (self.dim() ? self : reshape(self, {1})) : reshape(self, {-1}), numbers = repeats;
  int64_t at = wrap_dim(dim.value_or(0), from.dim(), "repeat_interleave"), size = from.sizes()[at];
  if (repeats.dim() == 0 || (repeats.dim() == 1 && repeats.numel() == 1)) numbers = expand(reshape(repeats, {1}), {size});
  else if (repeats.dim() != 1) fail("repeat_interleave", "repeats", "a 0-d or 1-d tensor", to_string(repeats.sizes()));
  if (numbers.numel() != size)
    fail("repeat_interleave", "repeats", "one number for each of the " + std::to_string(size) + " entries of the dimension",
         to_string(repeats.sizes()));
  return index_select(from, at, repeat_interleave(numbers, output_size));
}

std::vector<Tensor> meshgrid(const std::vector<Tensor>& tensors, std::string_view indexing) {
  need_defined("meshgrid", tensors, "tensors");
  if (tensors.empty()) fail("meshgrid", "tensors", "at least one tensor", "none");
  if (indexing != "ij" && indexing != "xy") fail("meshgrid", "indexing", "'ij' or 'xy'", "'" + std::string(indexing) + "'");
  bool swap = indexing == "xy" && tensors.size() > 1;
  Shape sizes;
  for (const Tensor& t : tensors) {
    if (t.dim() > 1) fail("meshgrid", "tensors", "0-d or 1-d tensors", to_string(t.sizes()));
    if (t.dtype() != tensors[0].dtype())
      fail(ErrorKind::Type, "meshgrid", "tensors", "tensors of one dtype, " + std::string(name(tensors[0].dtype())), name(t.dtype()));
    if (!(t.device() == tensors[0].device()))
      fail("meshgrid", "tensors", "tensors on one device, " + to_string(tensors[0].device()), to_string(t.device()));
    sizes.push_back(t.numel());
  }
  if (swap) std::swap(sizes[0], sizes[1]);
  std::vector<Tensor> out;
  for (int64_t i = 0; i < sizes.size(); ++i) {
    Shape one = Shape::filled(sizes.size(), 1);
    int64_t at = swap && i < 2 ? 1 - i : i;
    one[at] = sizes[at];
    out.push_back(expand(reshape(tensors[size_t(i)], one), sizes));
  }
  return out;
}

Tensor diag(const Tensor& self, int64_t diagonal) {
  need_defined("diag", self);
  if (self.dim() != 1 && self.dim() != 2) fail("diag", "self", "a 1-d or 2-d tensor", to_string(self.sizes()));
  return self.dim() == 1 ? diag_embed(self, diagonal) : clone(lazuli::diagonal(self, diagonal));
}

Tensor with_options::diag_embed(const Tensor& self, DiagEmbedOptions options) {
  need_defined("diag_embed", self);
  if (self.dim() < 1) fail("diag_embed", "self", "at least 1 dimension", to_string(self.sizes()));
  const int64_t offset = options.offset, rank = self.dim() + 1;
  const int64_t a = wrap_dim(options.dim1, rank, "diag_embed"), b = wrap_dim(options.dim2, rank, "diag_embed");
  if (a == b) fail("diag_embed", "dim2", "a dimension other than dim1", std::to_string(options.dim2));
  if (offset == INT64_MIN) fail("diag_embed", "offset", "an offset that fits 63 bits", std::to_string(offset));
  int64_t n = size_sum(self.sizes().back(), std::abs(offset), "diag_embed");
  Shape sizes = self.sizes();
  sizes.erase(sizes.size() - 1);
  sizes.insert(std::min(a, b), n);
  sizes.insert(std::max(a, b), n);
  Tensor out = zeros(sizes, self.dtype(), self.device());
  if (self.numel()) {
    no_grad guard;
    Tensor part = diagonal(out, offset, a, b);
    copy_kernel(self.device(), part, self);
  }
  if (auto tape = Tape::recording(self))
    tape.record("diag_embed", out, [offset, a, b](const Tensor& grad, Needs) { return Grads{diagonal(grad, offset, a, b)}; });
  return out;
}
Tensor diagflat(const Tensor& self, int64_t offset) {
  need_defined("diagflat", self);
  return diag_embed(reshape(self, {-1}), offset);
}

namespace {
Tensor triangle(Target target, const char* op, const Tensor& self, int64_t diagonal, bool upper) {
  if (self.dim() < 2) fail(op, "self", "a matrix or a batch of matrices", to_string(self.sizes()));
  Tensor out = target.output_like(self, self.dtype(), {.in_step = {&self}});
  diagonal = std::clamp(diagonal, -self.size(-2), self.size(-1));  // beyond these nothing changes
  if (out.numel()) triangle_kernel(self.device(), out, self, diagonal, upper);
  if (auto tape = Tape::recording(self))
    tape.record(op, out, [op, diagonal, upper](const Tensor& grad, Needs) { return Grads{triangle(Target(), op, grad, diagonal, upper)}; });
  return out;
}
}  // namespace
Tensor tril(const Tensor& self, int64_t diagonal) {
  need_defined("tril", self);
  return triangle(Target(), "tril", self, diagonal, false);
}
Tensor triu(const Tensor& self, int64_t diagonal) {
  need_defined("triu", self);
  return triangle(Target(), "triu", self, diagonal, true);
}
Tensor& tril_(const Tensor& self, int64_t diagonal) {
  return in_place("tril_", self, {}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return triangle(target, "tril", old, diagonal, false); });
}
Tensor& triu_(const Tensor& self, int64_t diagonal) {
  return in_place("triu_", self, {}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return triangle(target, "triu", old, diagonal, true); });
}
Tensor& fill_diagonal_(const Tensor& self, const Scalar& fill_value, bool wrap) {
  need_defined("fill_diagonal_", self);
  if (self.dim() < 2) fail("fill_diagonal_", "self", "at least 2 dimensions", to_string(self.sizes()));
  const Shape& sizes = self.sizes();
  int64_t step = 0, least = sizes[0];
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (self.dim() > 2 && sizes[i] != sizes[0])
      fail("fill_diagonal_", "self", "dimensions of one size where there are more than 2", to_string(sizes));
    step += self.strides()[i];
    least = std::min(least, sizes[i]);
  }
  const int64_t period = sizes[1] + 1;
  if (wrap && self.dim() == 2 && sizes[0] > period) {  // a diagonal in each `period` rows, and one in what is left
    fill_(as_strided(self, {sizes[0] / period, sizes[1]}, {period * self.strides()[0], step}), fill_value);
    fill_(diagonal(slice(self, 0, sizes[0] / period * period)), fill_value);
  } else {
    fill_(as_strided(self, {least}, {step}), fill_value);
  }
  return const_cast<Tensor&>(self);
}
Tensor trace(const Tensor& self) {
  if (const Casting cast{Cast::Float32, self}) return trace(cast(self));
  need_defined("trace", self);
  if (self.dim() != 2) fail("trace", "self", "a matrix", to_string(self.sizes()));
  return sum(diagonal(self));
}

Tensor block_diag(const std::vector<Tensor>& tensors) {
  need_defined("block_diag", tensors, "tensors");
  std::vector<Tensor> blocks;
  Shape sizes = {0, 0};
  for (const Tensor& t : tensors) {
    if (t.dim() > 2) fail("block_diag", "tensors", "tensors of at most 2 dimensions", to_string(t.sizes()));
    if (!(t.device() == tensors[0].device()))
      fail("block_diag", "tensors", "tensors on one device, " + to_string(tensors[0].device()), to_string(t.device()));
    blocks.push_back(atleast_2d(t));
    sizes[0] += blocks.back().sizes()[0];
    sizes[1] += blocks.back().sizes()[1];
  }
  if (tensors.empty()) return empty({1, 0});
  Tensor out = zeros(sizes, result_type(tensors), tensors[0].device());
  std::vector<Shape> places;
  int64_t row = 0, column = 0;
  for (const Tensor& t : blocks) {
    places.push_back(t.sizes());
    Tensor part = alias(out, t.sizes(), out.strides(), row * sizes[1] + column);
    if (t.numel()) copy_kernel(out.device(), part, t);
    row += t.sizes()[0];
    column += t.sizes()[1];
  }
  if (auto tape = Tape::recording(blocks))
    tape.record("block_diag", out, [places](const Tensor& grad, Needs needs) {
      Grads grads;
      int64_t row = 0, column = 0;
      for (size_t i = 0; i < places.size(); ++i) {
        const Shape& s = places[i];
        grads.push_back(needs[i] ? slice(slice(grad, 0, row, row + s[0]), 1, column, column + s[1]) : Tensor());
        row += s[0];
        column += s[1];
      }
      return grads;
    });
  return out;
}

Tensor cartesian_prod(const std::vector<Tensor>& tensors) {
  need_defined("cartesian_prod", tensors, "tensors");
  if (tensors.empty()) fail("cartesian_prod", "tensors", "at least one tensor", "none");
  for (const Tensor& t : tensors)
    if (t.dim() != 1) fail("cartesian_prod", "tensors", "1-d tensors", to_string(t.sizes()));
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns;
  for (const Tensor& t : meshgrid(tensors)) columns.push_back(reshape(t, {-1}));
  return stack(columns, 1);
}

namespace {
// How many there are, and so how long the host is at it, is known beforehand: n choose r, or n + r - 1 choose r.
void check_combinations(int64_t n, int64_t r, bool with_replacement) {
  constexpr double kMost = 1 << 27;
  double top = with_replacement ? double(n) + double(r) - 1 : double(n), smaller = std::min(double(r), top - double(r)), count = 1;
  for (double i = 1; i <= smaller && count * double(r) <= kMost; ++i) count *= (top - smaller + i) / i;
  if (count * double(r) > kMost)
    fail(ErrorKind::Memory, "combinations", "r", "at most 2^27 elements in all combinations",
         std::to_string(r) + " of " + std::to_string(n) + " elements");
}
}  // namespace
Tensor combinations(const Tensor& self, int64_t r, bool with_replacement) {
  need_defined("combinations", self);
  if (self.dim() != 1) fail("combinations", "self", "a 1-d tensor", to_string(self.sizes()));
  if (r < 0) fail("combinations", "r", "a number that is not negative", std::to_string(r));
  if (r == 0) return empty({0}, self.dtype(), self.device());
  int64_t n = self.numel();
  if (n == 0 || (!with_replacement && r > n)) return reshape(index_select(self, 0, empty({0}, kInt64, self.device())), {0, r});
  check_combinations(n, r, with_replacement);
  std::vector<int64_t> chosen(size_t(r), 0), all;
  for (int64_t i = 0; i < r; ++i) chosen[size_t(i)] = with_replacement ? 0 : i;
  for (;;) {
    all.insert(all.end(), chosen.begin(), chosen.end());
    int64_t i = r - 1;  // the last one that can still go up
    while (i >= 0 && chosen[size_t(i)] == (with_replacement ? n - 1 : n - r + i)) --i;
    if (i < 0) break;
    ++chosen[size_t(i)];
    for (int64_t j = i + 1; j < r; ++j) chosen[size_t(j)] = chosen[size_t(j - 1)] + (with_replacement ? 0 : 1);
  }
  int64_t count = int64_t(all.size());
  return reshape(index_select(self, 0, moved(from_vector(std::move(all), {count}), self.device())), {count / r, r});
}

Tensor kron(const Tensor& self, const Tensor& other) {
  need_defined("kron", self, "self", other, "other");
  int64_t rank = std::max(self.dim(), other.dim());
  Shape a, b, sizes;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t x = i - (rank - self.dim()), y = i - (rank - other.dim());
    int64_t m = x < 0 ? 1 : self.sizes()[x], n = y < 0 ? 1 : other.sizes()[y];
    a.push_back(m), a.push_back(1);
    b.push_back(1), b.push_back(n);
    sizes.push_back(size_product(m, n, "kron"));
  }
  return reshape(mul(reshape(self, a), reshape(other, b)), sizes);
}

Tensor vander(const Tensor& x, std::optional<int64_t> N, bool increasing) {
  need_defined("vander", x, "x");
  if (x.dim() != 1) fail("vander", "x", "a 1-d tensor", to_string(x.sizes()));
  if (N && *N < 0) fail("vander", "N", "a number that is not negative", std::to_string(*N));
  int64_t n = N.value_or(x.numel());
  Tensor exponents = arange(0, n, 1, {.dtype = kInt64, .device = x.device()}), powers = pow(unsqueeze(x, 1), exponents);
  return increasing ? powers : flip(powers, {1});
}

Tensor linalg::vander(const Tensor& x, std::optional<int64_t> N) {
  need_defined("linalg.vander", x, "x");
  if (x.dtype() == kBool) fail(ErrorKind::NotSupported, "linalg.vander", "x", "numbers", name(x.dtype()));
  if (x.dim() < 1 && !N) fail("linalg.vander", "N", "a number for a 0-d tensor", "none");
  int64_t n = N ? *N : x.sizes().back();
  if (n <= 1) fail("linalg.vander", "N", "a number greater than 1", std::to_string(n));
  Tensor from = atleast_1d(is_integral(x.dtype()) ? to(x, kInt64) : x);
  Shape sizes = from.sizes(), one = from.sizes();
  sizes.push_back(n - 1);
  one.push_back(1);
  Tensor factors = cat({ones(one, from.dtype(), from.device()), expand(unsqueeze(from, -1), sizes)}, -1);
  return n == 2 ? factors : cumprod(factors, -1);
}

std::vector<Tensor> unravel_index(const Tensor& indices, const Shape& shape) {
  need_defined("unravel_index", indices, "indices");
  if (!is_integral(indices.dtype()) || indices.dtype() == kBool)
    fail(ErrorKind::Type, "unravel_index", "indices", "an integer tensor", name(indices.dtype()));
  std::vector<Tensor> out(static_cast<size_t>(shape.size()));
  Tensor rest = to(indices, kInt64);
  for (int64_t s : shape)
    if (s < 0) fail("unravel_index", "shape", "sizes that are not negative", to_string(shape));
  for (int64_t i = shape.size(); i-- > 0;) {
    out[size_t(i)] = rest % Scalar(shape[i]);
    rest = div(rest, Scalar(shape[i]), "floor");
  }
  return out;
}

void register_rearrange(OpTable& table) {
  using OInt = std::optional<int64_t>;
  table.add("flip(Tensor self, int[] dims) -> Tensor", &flip);
  table.add("fliplr(Tensor self) -> Tensor", &fliplr);
  table.add("flipud(Tensor self) -> Tensor", &flipud);
  table.add("roll(Tensor self, int[] shifts, int[] dims=[]) -> Tensor", &roll);
  table.add("rot90(Tensor self, int k=1, int[] dims=[0,1]) -> Tensor", &rot90);
  table.add("repeat(Tensor self, int[] repeats) -> Tensor", &repeat);
  table.add("tile(Tensor self, int[] dims) -> Tensor", &tile);
  table.add("repeat_interleave(Tensor self, int repeats, int? dim=None, *, int? output_size=None) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, OInt, OInt)>(&repeat_interleave));
  table.add("repeat_interleave(Tensor self, Tensor repeats, int? dim=None, *, int? output_size=None) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Tensor&, OInt, OInt)>(&repeat_interleave));
  table.add("repeat_interleave(Tensor repeats, *, int? output_size=None) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, OInt)>(&repeat_interleave));
  table.add("meshgrid(Tensor[] *tensors, str indexing='ij') -> Tensor[]", &meshgrid);
  table.add("diag(Tensor self, int diagonal=0) -> Tensor", &diag);
  table.add("diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", &with_options::diag_embed);
  table.add("diagflat(Tensor self, int offset=0) -> Tensor", &diagflat);
  table.add("tril(Tensor self, int diagonal=0) -> Tensor", &tril);
  table.add("triu(Tensor self, int diagonal=0) -> Tensor", &triu);
  table.add("tril_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)", &tril_);
  table.add("triu_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)", &triu_);
  table.add("fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)", &fill_diagonal_);
  table.add("trace(Tensor self) -> Tensor", &trace);
  table.add("block_diag(Tensor[] *tensors) -> Tensor", &block_diag);
  table.add("cartesian_prod(Tensor[] *tensors) -> Tensor", &cartesian_prod);
  table.add("combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor", &combinations);
  table.add("kron(Tensor self, Tensor other) -> Tensor", &kron);
  table.add("vander(Tensor x, int? N=None, bool increasing=False) -> Tensor", &vander);
  table.add("linalg.vander(Tensor x, *, int? N=None) -> Tensor", &linalg::vander);
  table.add("unravel_index(Tensor indices, int[] shape) -> Tensor[]", &unravel_index);
}

}  // namespace lazuli
