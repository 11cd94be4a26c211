// Writes through indices (scatter, index_add, index_put, embedding_backward, as_strided_backward), in index order, so that results are the same each time.
// The indexed positions are the lines; over the rest positions never meet. Where the lines are few or the rest is large, one work item walks the lines for each position
// of the rest. Otherwise the lines are sorted by destination, stably, and one work item for each destination and rest position takes in its values in order.
#include <algorithm>
#include <vector>

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/geometry.h"
#include "lazuli/backends/gpu/index/indexing.h"
#include "lazuli/backends/gpu/index/sort_items.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

constexpr const char* kIndexText = R"gpu(
#define UNCHECKED 9223372036854775807L
#define READ_INDEX(i) (HAS(index) ? (int64)index[i] : 0)
)gpu";

const Source kItems{"indexing_write", R"gpu(
KERNEL(make_items)(BUFFER(Item, items), INPUT(X, index), ERRORS(errors), int64 n, int64 low, int64 size, int64 scale, int64 skipped, Geometry g) {
  OPEN(Item, items);
  OPEN_INPUT(X, index);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  Index at[3];
  place((Index)i, g, at);
  const int64 v = READ_INDEX(at[2]);
  uint64 key = 0xffffffffu;
  if (v < low || v >= size) {
    if (size != UNCHECKED) REPORT_INDEX(errors, v, size);
  } else if (v != skipped) {
    key = (uint64)(at[1] + (v < 0 ? v + size : v) * scale);
  }
  items[i] = make_item(key, i);
}
)gpu"};

const Source kWrite{"indexing_write", R"gpu(
#define AHEAD 8
#define SET 0
#define ADD 1
#define MUL 2
#define AMAX 3
#define AMIN 4
#if OP == SET
typedef int64 Alpha;
#define TAKE_IN(i, j) self[i] = values[j]
#else

#if T_KIND == KIND_COMPLEX
typedef T_REAL Alpha;
#if OP == ADD
#define COMBINE(a, v) complex_add(a, complex_scale(v, alpha))
#else
#define COMBINE(a, v) complex_mul(a, v)
#endif
#else

#if T_KIND == KIND_FLOAT
typedef T_REAL Alpha;
#define SUM(a, v) ((a) + alpha * (v))
#define PRODUCT(a, v) ((a) * (v))
#elif T_KIND == KIND_BOOL
typedef int64 Alpha;
#define SUM(a, v) (T_COMPUTE)((a) || ((v) && alpha))
#define PRODUCT(a, v) (T_COMPUTE)((a) && (v))
#else
typedef int64 Alpha;
#define SUM(a, v) (T_COMPUTE)((uint64)(a) + (uint64)alpha * (uint64)(v))
#define PRODUCT(a, v) (T_COMPUTE)((uint64)(a) * (uint64)(v))
#endif
#if OP == ADD
#define COMBINE(a, v) SUM(a, v)
#elif OP == MUL
#define COMBINE(a, v) PRODUCT(a, v)
#elif OP == AMAX
#define COMBINE(a, v) (T_ISNAN(a) || (a) >= (v) ? (a) : (v))
#else
#define COMBINE(a, v) (T_ISNAN(a) || (a) <= (v) ? (a) : (v))
#endif
#endif
#define TAKE_IN(i, j) do { const T_COMPUTE a_ = T_LOAD(self, i), v_ = T_LOAD(values, j); T_STORE(self, i, COMBINE(a_, v_)); } while (0)
#endif

KERNEL(walk)(BUFFER(T, self), INPUT(T, values), INPUT(X, index), ERRORS(errors), int64 n, int64 count, int64 low, int64 size, int64 scale, int64 skipped, Alpha alpha,
             Geometry rest, Geometry lines) {
  OPEN(T, self);
  OPEN_INPUT(T, values);
  OPEN_INPUT(X, index);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  Index r[3], at[3];
  place((Index)i, rest, r);
  for (int64 line = 0; line < count; ++line) {
    place((Index)line, lines, at);
    const int64 v = READ_INDEX(r[2] + at[2]);
    if (v < low || v >= size) {
      if (size != UNCHECKED) REPORT_INDEX(errors, v, size);
    } else if (v != skipped) {
      TAKE_IN(r[1] + (v < 0 ? v + size : v) * scale, r[0] + at[0]);
    }
  }
}

// Item i of the sorted ones and column i of the rest; the first (Set: the last) item of a destination does its work.
KERNEL(combine)(BUFFER(T, self), INPUT(T, values), INPUT(Item, items), int64 n, int64 columns, Alpha alpha, Geometry rest, Geometry lines) {
  OPEN(T, self);
  OPEN_INPUT(T, values);
  OPEN_INPUT(Item, items);
  const int64 i = GLOBAL_ID;
  if (i >= n * columns) return;
  int64 k = i / columns;
  const uint64 key = items[k] >> 32;
  if (key == 0xffffffffu) return;
  Index r[3], at[3];
  place((Index)(i - k * columns), rest, r);
#if OP == SET
  if (k + 1 < n && items[k + 1] >> 32 == key) return;
  place((Index)item_position(items[k]), lines, at);
  self[(int64)key + r[1]] = values[r[0] + at[0]];
#else
  if (k > 0 && items[k - 1] >> 32 == key) return;
#if BY_FREQUENCY
  int64 count = 0;
  while (k + count < n && items[k + count] >> 32 == key) ++count;
  alpha = (Alpha)1 / (Alpha)count;
#endif
  T_COMPUTE a = T_LOAD(self, (int64)key + r[1]);
  for (; k + AHEAD <= n && items[k + AHEAD - 1] >> 32 == key; k += AHEAD) {  // loads that do not wait for each other, sums in order
    T_COMPUTE v[AHEAD];
    for (int j = 0; j < AHEAD; ++j) {
      place((Index)item_position(items[k + j]), lines, at);
      v[j] = T_LOAD(values, r[0] + at[0]);
    }
    for (int j = 0; j < AHEAD; ++j) a = COMBINE(a, v[j]);
  }
  for (; k < n && items[k] >> 32 == key; ++k) {
    place((Index)item_position(items[k]), lines, at);
    const T_COMPUTE v = T_LOAD(values, r[0] + at[0]);
    a = COMBINE(a, v);
  }
  T_STORE(self, (int64)key + r[1], a);
#endif
}
)gpu"};

constexpr int64_t kNoValue = INT64_MIN;
constexpr int64_t kFewLines = 64, kLargeRest = 16384;

struct Write {
  const char* name;
  ScatterOp op;
  Tensor &self, values, index;  // index: undefined where the geometry alone says where to
  // Operands: values, self, index. `all` has the dimensions of both.
  Geometry rest{}, lines{}, all{};
  int64_t low = 0, size = 1, scale = 0, skipped = kNoValue;
  double alpha = 1;
  bool by_frequency = false;

  void run() {
    if (lines.numel() == 0 || rest.numel() == 0) return;
    const bool one_index = !rest.has_stride(2);  // for the whole rest
    const int64_t count = one_index ? lines.numel() : all.numel();
    const bool sortable = count < UINT32_MAX && self_reach() < UINT32_MAX;
    if (!by_frequency && (!sortable || lines.numel() <= kFewLines || (!one_index && rest.numel() >= kLargeRest)))
      return walk(values.address(), self.address());
    if (one_index) combine(lines, rest);
    else combine(all, Geometry());
  }

  /// `from` and `to`: the elements that the geometries count from.
  void walk(const void* from, void* to) {
    Device device = self.device();
    Variant v(kWrite, "walk", device);
    specialise(v);
    const Geometry::Form form = Geometry::describe(v, {&rest, &lines});
    const uint32_t item = uint32_t(self.item_size());
    Arguments args;
    args.buffer(to, item).buffer(from, item).buffer(index);
    driver_of(device).add_error_buffer(args, name, device.index);
    args.value(rest.numel()).value(lines.numel()).value(low).value(size).value(scale).value(skipped);
    add_alpha(args);
    rest.pass(args, form);
    lines.pass(args, form);
    v.run(Grid::items(rest.numel()), args);
  }

  void combine(const Geometry& sorted, const Geometry& columns) {
    Device device = self.device();
    Tensor items = new_items(sorted.numel(), false, device);
    {
      Variant v(kItems, "make_items", device);
      v.type("X", index.defined() ? index.dtype() : kInt64).code(kIndexText);
      const Geometry::Form form = Geometry::describe(define_items(v, false), {&sorted});
      Arguments args;
      args.buffer(items).buffer(index);
      driver_of(device).add_error_buffer(args, name, device.index);
      args.value(sorted.numel()).value(low).value(size).value(scale).value(skipped);
      sorted.pass(args, form);
      v.run(Grid::items(sorted.numel()), args);
    }
    items = sort_items(items, 1, sorted.numel(), false);
    Variant v(kWrite, "combine", device);
    specialise(v);
    const Geometry::Form form = Geometry::describe(v, {&columns, &sorted});
    Arguments args;
    args.buffer(self).buffer(values).buffer(items).value(sorted.numel()).value(columns.numel());
    add_alpha(args);
    columns.pass(args, form);
    sorted.pass(args, form);
    v.run(Grid::items(sorted.numel() * columns.numel()), args);
  }

 private:
  int64_t self_reach() const { return all.reach(1) + (size == INT64_MAX ? self_extent() : scale * size); }
  int64_t self_extent() const {
    int64_t far = 1;
    for (int64_t d = 0; d < self.dim(); ++d) far += self.strides()[d] * std::max<int64_t>(self.sizes()[d] - 1, 0);
    return far;
  }
  void specialise(Variant& v) const {
    if (op == ScatterOp::Set) v.define("T", moved_type(self.item_size()));
    else v.type("T", self.dtype());
    v.type("X", index.defined() ? index.dtype() : kInt64).define("OP", int64_t(op)).define("BY_FREQUENCY", by_frequency).code(kIndexText);
    define_items(v, false);
  }
  void add_alpha(Arguments& args) const {
    const DType t = self.dtype();
    if (op == ScatterOp::Set) args.value(int64_t(0));
    else if (is_integral(t)) args.value(t == kBool ? int64_t(alpha != 0) : int64_t(alpha));
    else args.number(t, alpha);
  }
};

bool ordered(ScatterOp op, DType t) { return !is_complex(t) || (op != ScatterOp::Amax && op != ScatterOp::Amin); }

void index_add(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha) {
  if (!ordered(op, self.dtype())) return index_add_kernel.without_kernel(self.device(), op, self, dim, index, source, alpha);
  const int64_t rank = self.dim(), step = index.dim() ? index.strides()[0] : 0;
  Write w{"index_add", op, self, source, index};
  for (int64_t d = 0; d < source.dim(); ++d) {
    const int64_t n = source.sizes()[d], from = source.strides()[d];
    if (d == dim) w.lines.add(n, {from, 0, step}), w.all.add(n, {from, 0, step});
    else w.rest.add(n, {from, self.strides()[d], 0}), w.all.add(n, {from, self.strides()[d], 0});
  }
  w.size = rank ? self.sizes()[dim] : 1;
  w.scale = rank ? self.strides()[dim] : 0;
  w.alpha = alpha;
  w.run();
}

void scatter(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  if (!ordered(op, self.dtype())) return scatter_kernel.without_kernel(self.device(), op, self, dim, index, source);
  const int64_t rank = self.dim();
  Write w{"scatter", op, self, source, index};
  for (int64_t d = 0; d < index.dim() && d < rank; ++d) {
    const int64_t n = index.sizes()[d], from = source.strides()[d], step = index.strides()[d], to = d == dim ? 0 : self.strides()[d];
    (d == dim ? w.lines : w.rest).add(n, {from, to, step});
    w.all.add(n, {from, to, step});
  }
  w.size = rank ? self.sizes()[dim] : 1;
  w.scale = rank ? self.strides()[dim] : 0;
  w.run();
}

void index_put(Tensor& self, std::span<const Tensor> indices, const Tensor& values, bool accumulate) {
  if (values.numel() == 0) return;
  const IndexedPlaces places = indexed_places("index_put", self, indices);
  const int64_t indexed = indices[0].dim(), shift = int64_t(indices.size()) - indexed;
  Write w{"index_put", accumulate ? ScatterOp::Add : ScatterOp::Set, self, values, places.index};
  for (int64_t d = 0; d < values.dim(); ++d) {
    const int64_t n = values.sizes()[d], from = values.strides()[d];
    const std::array<int64_t, 3> strides =
        d < indexed ? std::array<int64_t, 3>{from, 0, places.index.strides()[d]} : std::array<int64_t, 3>{from, self.strides()[d + shift], 0};
    (d < indexed ? w.lines : w.rest).add(n, strides);
    w.all.add(n, strides);
  }
  w.low = places.low;
  w.size = places.size;
  w.scale = places.scale;
  w.run();
}

void embedding_backward(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency) {
  Device device = grad_weight.device();
  if (is_integral(grad_weight.dtype()) || index.dim() > 1 ||
      (scale_by_frequency && (index.numel() >= UINT32_MAX || grad_weight.numel() >= UINT32_MAX)))
    return embedding_backward_kernel.without_kernel(device, grad_weight, grad, index, padding_index, scale_by_frequency);
  auto converted = [](const Tensor& t, DType dtype) {
    if (t.dtype() == dtype) return t;
    Tensor copy = new_tensor(t.sizes(), dtype, t.device());
    copy_kernel(t.device(), copy, t);
    return copy;
  };
  fill_kernel(device, grad_weight, 0);
  const Tensor values = converted(grad, grad_weight.dtype());
  Write w{"embedding_backward", ScatterOp::Add, grad_weight, values, index};
  for (Geometry* g : {&w.lines, &w.all}) g->add(index.numel(), {values.strides()[0], 0, index.dim() ? index.strides()[0] : 0});
  for (Geometry* g : {&w.rest, &w.all}) g->add(grad_weight.sizes()[1], {values.strides()[1], grad_weight.strides()[1], 0});
  w.size = grad_weight.sizes()[0];
  w.scale = grad_weight.strides()[0];
  if (padding_index >= 0) w.skipped = padding_index;
  w.by_frequency = scale_by_frequency;
  w.run();
}

// The view's dimensions of which the positions never meet are the rest, the others the lines. A few lines are added one launch after the other.
void as_strided_backward(Tensor& out, const Tensor& grad, const Shape& strides, int64_t offset) {
  std::vector<int64_t> dims;
  for (int64_t d = 0; d < grad.dim(); ++d)
    if (grad.sizes()[d] != 1) dims.push_back(d);
  std::stable_sort(dims.begin(), dims.end(), [&](int64_t a, int64_t b) { return strides[a] < strides[b]; });
  std::vector<bool> apart(size_t(grad.dim()), false);
  int64_t reach = 0;
  for (int64_t d : dims)
    if (strides[d] > reach) apart[size_t(d)] = true, reach += strides[d] * (grad.sizes()[d] - 1);
  Write w{"as_strided_backward", ScatterOp::Add, out, grad, Tensor()};
  Geometry lines;
  for (int64_t d = 0; d < grad.dim(); ++d) {
    const std::array<int64_t, 3> step{grad.strides()[d], strides[d], 0};
    (apart[size_t(d)] ? w.rest : lines).add(grad.sizes()[d], step);
    w.all.add(grad.sizes()[d], step);
  }
  if (w.all.numel() == 0) return;
  char* to = static_cast<char*>(out.address()) + offset * out.item_size();
  const char* from = static_cast<const char*>(grad.address());
  if (lines.numel() > kFewLines && w.all.numel() < UINT32_MAX && out.numel() < UINT32_MAX) {
    Tensor view = alias(out, {out.numel() - offset}, {1}, out.storage_offset() + offset);
    Write sorted{"as_strided_backward", ScatterOp::Add, view, grad, Tensor()};
    return sorted.combine(w.all, Geometry());
  }
  std::vector<int64_t> place(size_t(grad.dim()), 0);
  for (int64_t line = 0; line < lines.numel(); ++line) {
    int64_t at = 0, here = 0;
    for (int64_t d = 0; d < grad.dim(); ++d) at += place[size_t(d)] * grad.strides()[d], here += place[size_t(d)] * strides[d];
    w.walk(from + at * out.item_size(), to + here * out.item_size());
    for (int64_t d = grad.dim() - 1; d >= 0; --d) {
      if (apart[size_t(d)]) continue;
      if (++place[size_t(d)] < grad.sizes()[d]) break;
      place[size_t(d)] = 0;
    }
  }
}

}  // namespace

void register_indexing_write(DeviceType type) {
  index_add_kernel.set(type, &index_add);
  scatter_kernel.set(type, &scatter);
  index_put_kernel.set(type, &index_put);
  embedding_backward_kernel.set(type, &embedding_backward);
  as_strided_backward_kernel.set(type, &as_strided_backward);
}

}  // namespace lazuli::gpu
