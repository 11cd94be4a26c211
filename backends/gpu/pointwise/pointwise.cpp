#include "lazuli/backends/gpu/pointwise/pointwise.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::gpu {
namespace {

// FOR_EACH walks ITEMS elements per work item: on a processor one, on a GPU several, a group's width apart.
const Source kSource{"pointwise", R"gpu(
#if WIDE
typedef int64 Index;
#else
typedef int Index;
#endif
#if !DENSE
typedef struct { Index size[RANK]; Index stride[COUNT][RANK]; } Geometry;
#endif

KERNEL(pointwise)(BUFFER(O, out)
#if COUNT > 1
    , INPUT(A, in0)
#endif
#if COUNT > 2
    , INPUT(B, in1)
#endif
#if COUNT > 3
    , INPUT(C, in2)
#endif
    , Index n, P_ACCUMULATE p0, P_ACCUMULATE p1
#if !DENSE
    , Geometry g
#endif
#if DIVIDES
    , ERRORS(errors)
#endif
) {
  OPEN(O, out);
#if COUNT > 1
  OPEN_INPUT(A, in0);
#endif
#if COUNT > 2
  OPEN_INPUT(B, in1);
#endif
#if COUNT > 3
  OPEN_INPUT(C, in2);
#endif
  Index i = (Index)(GROUP_ID * GROUP_SIZE * ITEMS + LOCAL_ID);
  for (int turn = 0; turn < ITEMS; ++turn, i += GROUP_SIZE) {
    if (i < n) {
#if DENSE
      const Index at0 = i;
#if COUNT > 1
      const Index at1 = i;
#endif
#if COUNT > 2
      const Index at2 = i;
#endif
#if COUNT > 3
      const Index at3 = i;
#endif
#else
      Index rest = i;
      Index at[COUNT];
      for (int k = 0; k < COUNT; ++k) at[k] = 0;
      for (int d = 0; d < RANK - 1; ++d) {
        const Index next = rest / g.size[d], here = rest - next * g.size[d];
        rest = next;
        for (int k = 0; k < COUNT; ++k) at[k] += here * g.stride[k][d];
      }
      for (int k = 0; k < COUNT; ++k) at[k] += rest * g.stride[k][RANK - 1];
      const Index at0 = at[0];
#if COUNT > 1
      const Index at1 = at[1];
#endif
#if COUNT > 2
      const Index at2 = at[2];
#endif
#if COUNT > 3
      const Index at3 = at[3];
#endif
#endif
#ifdef NUMBER_IS_A
      const A_COMPUTE a = NUMBER, b = A_LOAD(in0, at1);
#elif defined(NUMBER_IS_B)
      const A_COMPUTE a = A_LOAD(in0, at1), b = NUMBER;
#elif defined(NUMBER_BESIDE_C)
      const A_COMPUTE a = A_LOAD(in0, at1);
      const O_COMPUTE b = NUMBER;
      const B_COMPUTE c = B_LOAD(in1, at2);
#elif defined(NUMBER_IS_C)
      const A_COMPUTE a = A_LOAD(in0, at1);
      const B_COMPUTE b = B_LOAD(in1, at2);
      const O_COMPUTE c = NUMBER;
#elif defined(NUMBERS_ARE_B_AND_C)
      const A_COMPUTE a = A_LOAD(in0, at1);
      const O_COMPUTE b = (O_COMPUTE)p0, c = (O_COMPUTE)p1;
#elif COUNT > 1
      const A_COMPUTE a = A_LOAD(in0, at1);
#endif
#if COUNT > 2 && !defined(NUMBER)
      const B_COMPUTE b = B_LOAD(in1, at2);
#endif
#if COUNT > 3
      const C_COMPUTE c = C_LOAD(in2, at3);
#endif
#if DIVIDES
      if (b == 0) {
        REPORT_ZERO_DIVISOR(errors);
        continue;
      }
#endif
      O_STORE(out, at0, EXPRESSION);
    }
  }
}
)gpu"};

constexpr const char* kTypeNames[kMaxOperands] = {"O", "A", "B", "C"};

template <class Index>
void add_geometry(Arguments& args, const Layout& layout) {
  Index words[Layout::kMaxRank * (kMaxOperands + 1)];
  int at = 0;
  for (int d = 0; d < layout.rank; ++d) words[at++] = Index(layout.sizes[d]);
  for (int k = 0; k < layout.count; ++k)
    for (int d = 0; d < layout.rank; ++d) words[at++] = Index(layout.strides[k][d]);
  args.bytes(words, uint32_t(at) * uint32_t(sizeof(Index)));
}

}  // namespace

Layout::Layout(std::initializer_list<const Tensor*> operands) {
  const Tensor& out = **operands.begin();
  count = int(operands.size());
  numel = out.numel();
  bool all_contiguous = true;
  for (const Tensor* t : operands) all_contiguous &= t->is_contiguous();
  wide = numel > INT32_MAX - 65536;
  auto single = [this](int64_t size) {
    rank = 1;
    sizes[0] = size;
    for (int k = 0; k < count; ++k) strides[k][0] = 1;
  };
  if (all_contiguous) {
    single(numel);
    return;
  }

  std::vector<int64_t> dims;
  for (int64_t d = out.dim() - 1; d >= 0; --d)
    if (out.sizes()[d] != 1) dims.push_back(d);
  std::stable_sort(dims.begin(), dims.end(), [&](int64_t x, int64_t y) { return out.strides()[x] < out.strides()[y]; });
  for (int64_t d : dims) {
    bool merges = rank > 0;
    int k = 0;
    for (const Tensor* t : operands) merges = merges && t->strides()[d] == strides[k++][rank - 1] * sizes[rank - 1];
    if (merges) {
      sizes[rank - 1] *= out.sizes()[d];
      continue;
    }
    if (rank == kMaxRank)
      fail(ErrorKind::NotSupported, "pointwise", "self",
           "at most " + std::to_string(kMaxRank) + " dimensions that do not merge on " + to_string(out.device()), to_string(out.sizes()));
    sizes[rank] = out.sizes()[d];
    k = 0;
    for (const Tensor* t : operands) strides[k++][rank] = t->strides()[d];
    ++rank;
  }
  if (rank == 0) single(1);
  // One kernel for ranks 3 and 4, and so on: each is compiled for itself.
  for (const int whole = int(std::bit_ceil(unsigned(rank))); rank < whole; ++rank) {
    sizes[rank] = 1;
    for (int k = 0; k < count; ++k) strides[k][rank] = 0;
  }
  dense = rank == 1;
  for (int k = 0; k < count; ++k) {
    dense &= strides[k][0] == 1;
    int64_t reach = 0;
    for (int d = 0; d < rank; ++d) reach += std::abs(strides[k][d]) * (sizes[d] - 1);
    wide |= reach > INT32_MAX;
  }
}

void pointwise(const Operation& operation, Tensor& out, std::initializer_list<const Tensor*> inputs, const Scalar& p0, const Scalar& p1,
               DType parameters, NumberOperand number) {
  if (out.numel() == 0) return;
  const Tensor* all[kMaxOperands] = {&out};
  std::copy(inputs.begin(), inputs.end(), all + 1);
  const Layout layout = inputs.size() == 0   ? Layout({all[0]})
                        : inputs.size() == 1 ? Layout({all[0], all[1]})
                        : inputs.size() == 2 ? Layout({all[0], all[1], all[2]})
                                             : Layout({all[0], all[1], all[2], all[3]});
  Device device = out.device();
  Driver& driver = driver_of(device);
  const int items = driver.is_cpu(device.index) ? 1 : 4;
  if (operation.in_double && driver.has_float64(device.index)) parameters = kFloat64;  // a program with a float64 type has REAL as double
  Variant v(kSource, "pointwise", device);
  v.define("EXPRESSION", operation.expression).define("COUNT", layout.count).define("DENSE", layout.dense).define("WIDE", layout.wide);
  v.define("RANK", layout.rank).define("ITEMS", items).define("DIVIDES", operation.divides).type("P", parameters);
  if (number != NumberOperand::None) {
    const bool of_two = number == NumberOperand::A || (number == NumberOperand::B && inputs.size() == 1);
    static constexpr const char* names[] = {"", "NUMBER_IS_A", "NUMBER_BESIDE_C", "NUMBER_IS_C", "NUMBERS_ARE_B_AND_C"};
    v.define(of_two && number == NumberOperand::B ? "NUMBER_IS_B" : names[int(number)], 1);
    const bool complex = is_complex(of_two ? inputs.begin()[0]->dtype() : out.dtype());
    v.define("NUMBER", complex ? "complex_of(p0, p1)" : of_two ? "(A_COMPUTE)p0" : "(O_COMPUTE)p0");
  }
  for (const char* function : operation.functions)
    if (function) v.code(function);
  Arguments args;
  for (int k = 0; k < layout.count; ++k) {
    v.type(kTypeNames[k], all[k]->dtype());
    args.buffer(*all[k]);
  }
  if (layout.wide) args.value(layout.numel);
  else args.value(int32_t(layout.numel));
  args.number(parameters, p0).number(parameters, p1);
  if (!layout.dense) {
    if (layout.wide) add_geometry<int64_t>(args, layout);
    else add_geometry<int32_t>(args, layout);
  }
  if (operation.divides) driver.add_error_buffer(args, "div", device.index);
  v.run({(layout.numel + 128 * items - 1) / (128 * items), 128}, args);
}

}  // namespace lazuli::gpu
