// sort and topk: the lines along `dim` become items (sort_items.h), whose positions then pick the elements.
#include "lazuli/backends/gpu/index/sort_items.h"

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/geometry.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// Keys are unsigned numbers in the order of sort: NaN last, -0 equal to 0; all their bits are turned round for a descending order.
const Source kSource{"sort", R"gpu(
#if T_KIND == KIND_FLOAT && T_DOUBLE
DEVICE uint64 key_of(double x) {
  const uint64 sign = (uint64)1 << 63, bits = x == 0 ? 0 : DOUBLE_BITS(x);
  return x != x ? ~(uint64)0 : bits & sign ? ~bits : bits | sign;
}
#elif T_KIND == KIND_FLOAT
DEVICE uint64 key_of(float x) {
  const uint32 bits = x == 0 ? 0 : FLOAT_BITS(x);
  return x != x ? 0xffffffffu : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
#elif KEY_64
DEVICE uint64 key_of(int64 x) { return (uint64)x ^ (uint64)1 << 63; }
#else
DEVICE uint64 key_of(int x) { return (uint32)x ^ 0x80000000u; }
#endif

// Operand 0: in, with the lines' dimension last.
KERNEL(make_items)(BUFFER(Item, items), INPUT(T, in), int64 count, int64 n, int descending, Geometry g) {
  OPEN(Item, items);
  OPEN_INPUT(T, in);
  const int64 i = GLOBAL_ID;
  if (i >= count) return;
  Index at[3];
  place((Index)i, g, at);
  uint64 key = key_of(T_LOAD(in, at[0]));
  if (descending) key = KEY_64 ? ~key : key ^ 0xffffffffu;
  items[i] = make_item(key, i % n);
}

// Operands: values, indices, in; the first k items of each line of n, `step` of in apart.
KERNEL(pick)(BUFFER(T, values), BUFFER(int64, indices), INPUT(T, in), INPUT(Item, items), int64 count, int64 k, int64 n, int64 step, Geometry g) {
  OPEN(T, values);
  OPEN(int64, indices);
  OPEN_INPUT(T, in);
  OPEN_INPUT(Item, items);
  const int64 i = GLOBAL_ID;
  if (i >= count) return;
  Index at[3];
  place((Index)i, g, at);
  const int64 line = i / k, from = item_position(items[line * n + i - line * k]);
  values[at[0]] = in[at[2] + from * step];
  indices[at[1]] = from;
}
)gpu"};

void first_of_lines(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool descending) {
  const int64_t rank = in.dim(), n = rank ? in.sizes()[dim] : 1, k = rank ? values.sizes()[dim] : 1;
  if (values.numel() == 0) return;
  Device device = in.device();
  const int64_t lines = in.numel() / n, step = rank ? in.strides()[dim] : 0;
  const bool wide = in.item_size() == 8 || n >= UINT32_MAX;
  Geometry read, write;
  for (int64_t d = 0; d < rank; ++d) {
    if (d == dim) continue;
    read.add(in.sizes()[d], {in.strides()[d], 0, 0});
    write.add(in.sizes()[d], {values.strides()[d], indices.strides()[d], in.strides()[d]});
  }
  read.add(n, {step, 0, 0});
  write.add(k, {rank ? values.strides()[dim] : 0, rank ? indices.strides()[dim] : 0, 0});
  auto variant = [&](const char* kernel) {
    Variant v(kSource, kernel, device);
    v.type("T", in.dtype()).define("KEY_64", in.item_size() == 8);
    define_items(v, wide);
    return v;
  };
  Tensor items = new_items(lines * n, wide, device);
  {
    Variant v = variant("make_items");
    const Geometry::Form form = Geometry::describe(v, {&read});
    Arguments args;
    args.buffer(items.address(), item_bytes(wide)).buffer(in).value(lines * n).value(n).value(int32_t(descending));
    read.pass(args, form);
    v.run(Grid::items(lines * n), args);
  }
  int64_t left = n;
  items = k < n ? first_items(items, lines, n, k, wide, left) : sort_items(items, lines, n, wide);
  Variant v = variant("pick");
  const Geometry::Form form = Geometry::describe(v, {&write});
  Arguments args;
  args.buffer(values).buffer(indices).buffer(in).buffer(items.address(), item_bytes(wide)).value(lines * k).value(k).value(left).value(step);
  write.pass(args, form);
  v.run(Grid::items(lines * k), args);
}

}  // namespace

void register_sort(DeviceType type) {
  const DTypeSet ordered{kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64};
  sort_kernel.set(type, &first_of_lines, ordered);
  topk_kernel.set(type, &first_of_lines, ordered);
}

}  // namespace lazuli::gpu
