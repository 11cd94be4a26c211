#pragma once
#include "lazuli/ops/index/indexing.h"
#include "lazuli/typed/names/shapes.h"

/// The rules that an operator declares for its shape, and what an index may be.
namespace lazuli::typed {

struct SameShapeRule {
  template <class A>
  using of = A;
};
struct BroadcastShapeRule {
  template <class A, class B>
  using of = BroadcastShape<A, B>;
};
struct ReductionShapeRule {
  template <class A, bool keep = false, int64_t... dims>
  using of = ReductionShape<A, keep, dims...>;
};
struct MatmulShapeRule {
  template <class A, class B>
  using of = MatmulShape<A, B>;
};
struct MMShapeRule {
  template <class A, class B>
  using of = Matmul2DShape<A, B>;
};
struct MVShapeRule {
  template <class A, class B>
  using of = MvShape<A, B>;
};
struct DotShapeRule {
  template <class A, class B>
  using of = DotShape<A, B>;
};
template <class R>
concept ShapeRule = requires {
  typename R::template of<Dims<2>>;
}
|| requires { typename R::template of<Dims<2, 2>, Dims<2, 2>>; };

using IndexSpec = IndexItem;
using SliceSpec = Slice;
using RangeSpec = Slice;
using MaskSpec = Tensor;     // of bool
using IndicesSpec = Tensor;  // of integers
/// An extent of a shape.
template <class A, int64_t dim>
inline constexpr int64_t At = A::value[dim];
using SublistElement = Subscript;
using SubscriptIndex = int64_t;
using AxesRecord = Axes;
using ReduceOperation = einops::ReduceOp;
using lazuli::Ellipsis;

}  // namespace lazuli::typed
