// Every name of the reference's type level (docs/typed.md) says what it should. Nothing here is for the program to run: it compiles, or it does not.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

namespace {
namespace names {

using namespace lazuli::typed;
using lazuli::kBool, lazuli::kFloat32, lazuli::kFloat64, lazuli::Typed, lazuli::Tensor;
constexpr int64_t n = dim("n"), m = dim("m");
template <class A, class B>
concept same = std::is_same_v<A, B>;
template <int64_t... e>
using D = Dims<e...>;
template <class X>
using Tf = Typed<float, X>;

// Shapes.
static_assert(same<Shape<2, 3>, D<2, 3>> && same<IdentityShape<D<2>>, D<2>> && same<DynamicShape<2>, D<dynamic, dynamic>>);
static_assert(same<BroadcastShape<D<n, 1>, D<5>>, D<n, 5>> && IsShapeError<BroadcastShape<D<n>, D<m>>> && IsShapeError<BroadcastShape<D<n>, D<3>>>);
static_assert(same<BroadcastShape<D<dynamic>, D<3>>, D<3>> && same<BroadcastShape<D<dynamic>, D<n>>, D<dynamic>>);
static_assert(same<MatmulShape<D<4, 2, 3>, D<3, 5>>, D<4, 2, 5>> && same<MatmulShape<D<3>, D<3>>, D<>> && same<MatmulShape<D<n, 3>, D<3>>, D<n>>);
static_assert(same<Matmul2DShape<D<2, 3>, D<3, 4>>, D<2, 4>> && IsShapeError<Matmul2DShape<D<2>, D<2, 3>>> && same<OuterShape<D<2>, D<n>>, D<2, n>>);
static_assert(same<CatShape<1, D<2, 3>, D<2, 4>>, D<2, 7>> && same<CatShape<0, D<n, 3>, D<n, 3>>, D<dynamic, 3>> &&
              same<StackShape<-1, D<2, 3>, D<2, 3>>, D<2, 3, 2>>);
static_assert(same<ReshapeShape<D<n, 3, 4>, n, -1>, D<n, 12>> && same<ReshapeShape<D<n, 3, 4>, -1, 12>, D<n, 12>> &&
              same<ReshapeShape<D<6, 4>, 3, -1>, D<3, 8>>);
static_assert(IsShapeError<ReshapeShape<D<6, 4>, 5, -1>> && IsShapeError<ReshapeShape<D<n, 4>, m, 4>> && same<FlattenShape<D<n, 3, 4>, 1>, D<n, 12>>);
static_assert(same<PermuteShape<D<2, 3, 4>, 2, 0, 1>, D<4, 2, 3>> && same<TransposeShape<D<2, n>>, D<n, 2>> &&
              same<MatrixTransposeShape<D<5, 2, 3>>, D<5, 3, 2>>);
static_assert(same<TransposeDimsShape<D<2, 3, 4>, 0, -1>, D<4, 3, 2>> && IsShapeError<TransposeDimsShapeChecked<D<2, 3>, 0, 2>>);
static_assert(same<SqueezeShape<D<1, 2, 1>>, D<2>> && same<SqueezeShape<D<1, 2, 1>, 0>, D<2, 1>> && same<UnsqueezeShape<D<2>, -1>, D<2, 1>>);
static_assert(same<ExpandShape<D<1, 3>, 4, 2, 3>, D<4, 2, 3>> && same<ExpandShape<D<1, 3>, 2, -1>, D<2, 3>> &&
              IsShapeError<SafeExpandShape<D<2>, 3>>);
static_assert(same<SliceShape<D<10>, 0, 2, -1, 3>, D<3>> && same<SelectShape<D<2, n>, 0, 1>, D<n>> && same<NarrowShape<D<2, 9>, 1, 3, 4>, D<2, 4>>);
static_assert(same<AtShape<D<2, 3, 4>, 1, 2>, D<4>> && IsShapeError<AtShape<D<2>, 2>> && same<FlipShape<D<2, 3>, 0>, D<2, 3>> &&
              same<TileShape<D<2, 3>, 2>, D<2, 6>>);
static_assert(same<DiagShape<D<3>, 1>, D<4, 4>> && same<DiagShape<D<3, 5>, -1>, D<2>> && same<CumShape<D<2, n>, 1>, D<2, n>> &&
              IsShapeError<SoftmaxShape<D<2>, 1>>);
static_assert(same<GatherShape<D<5, 3>, 0, D<2, 3>>, D<2, 3>> && same<ScatterShape<D<5, 3>, 0, D<2, 3>>, D<5, 3>> &&
              same<IndexSelectShape<D<5, 3>, 1, D<7>>, D<5, 7>>);
static_assert(same<CholeskyShape<D<n, 3, 3>>, D<n, 3, 3>> && same<InverseShape<D<3, 3>>, D<3, 3>> && same<DetShape<D<n, 3, 3>>, D<n>> &&
              same<TraceShape<D<2, 3>>, D<>>);
static_assert(same<EigShape<D<3, 3>>, std::tuple<D<3>, D<3, 3>>> && same<LUShape<D<4, 3>>, std::tuple<D<4, 4>, D<4, 3>, D<3, 3>>>);
static_assert(same<SVDShape<D<n, 5, 3>>, std::tuple<D<n, 5, 5>, D<n, 3>, D<n, 3, 3>>> && IsShapeError<SVDShape<D<3>>>);
static_assert(same<Conv1dShape<D<n, 3, 10>, D<8, 3, 3>>, D<n, 8, 8>> &&
              same<Conv2dShape<D<n, 3, 9, 9>, D<8, 3, 3, 3>, Window{.stride = 2, .padding = 1}>, D<n, 8, 5, 5>>);
static_assert(same<Conv3dShape<D<3, 4, 4, 4>, D<8, 3, 2, 2, 2>>, D<8, 3, 3, 3>> &&
              same<ConvTranspose2dShape<D<n, 8, 4, 4>, D<8, 3, 2, 2>, Window{.stride = 2}>, D<n, 3, 8, 8>>);
static_assert(same<Pool1dShape<D<n, 3, 9>, 2>, D<n, 3, 4>> && same<Pool2dShape<D<3, 9, 9>, 2, Window{.ceil_mode = true}>, D<3, 5, 5>> &&
              same<Pool3dShape<D<n, 3, 4, 4, 4>, 4>, D<n, 3, 1, 1, 1>>);
static_assert(same<AdaptivePool1dShape<D<n, 3, 9>, 2>, D<n, 3, 2>> && same<AdaptivePool2dShape<D<n, 3, 9, m>, Sizes{7, -1}>, D<n, 3, 7, m>>);
static_assert(same<EinsumOutputShape<"bij,bjk->bik", D<n, 2, 3>, D<n, 3, 4>>, D<n, 2, 4>> && IsShapeError<ValidatedEinsumShape<"ij->k", D<2, 3>>>);
static_assert(same<EinsumOutputShape<"...ij,...jk", D<7, 1, 2, 3>, D<5, 3, 4>>, D<7, 5, 2, 4>> && same<EinsumOutputShape<"ii", D<3, 3>>, D<>>);
static_assert(same<RearrangeShape<D<n, 4, 6>, "b (h p) w -> (b h) (p w)", "p=2">, D<dynamic, 12>> &&
              IsShapeError<ValidatedRearrangeShape<D<2>, "a b -> b a">>);
static_assert(same<RearrangeShape<D<n, 4, 6>, "b ... -> b (...)">, D<n, 24>> && same<RearrangeShape<D<n, 4>, "b c -> b c 1 ()">, D<n, 4, 1, 1>>);
static_assert(same<ReduceShape<D<n, 4, 6>, "b (h 2) w -> b h">, D<n, 2>> && IsShapeError<ValidatedReduceShape<D<2, 3>, "a b -> c">>);
static_assert(same<RepeatShape<D<4>, "h -> h (2 w)", "w=3">, D<4, 6>> && IsShapeError<ValidatedRepeatShape<D<4>, "h -> h w">>);
static_assert(same<PackShape<"b * c", D<n, 2, 5>, D<n, 3, 4, 5>>, D<n, 14, 5>> &&
              same<UnpackShape<D<n, 14, 5>, "b * c", 1, D<2>, D<3, 4>>, D<n, 3, 4, 5>>);

// Dim arithmetic.
static_assert(Rank<D<2, 3>> == 2 && NegativeDim<D<2, 3>, -1> == 1 && Double<4> == 8 && Half<4> == 2 && Triple<4> == 12 && MultiplyBy<4, 5> == 20);
static_assert(same<InsertDim<D<2, 3>, 1, 5>, D<2, 5, 3>> && same<RemoveDim<D<2, 3>, -1>, D<2>> && same<ReplaceDim<D<2, 3>, 0, n>, D<n, 3>>);
static_assert(same<DoubleDim<D<2, 3>, 1>, D<2, 6>> && same<HalfDim<D<2, 6>, -1>, D<2, 3>> && same<ScaleDim<D<2, 3>, 0, 4>, D<8, 3>>);
static_assert(Is2D<D<2, 3>> && !Is2D<D<2>> && IsAtLeast1D<D<2>> && !IsAtLeast1D<D<>> && same<TupleOfLength<int, 3>, std::array<int, 3>> &&
              At<D<2, n>, 1> == n);

// Checks and errors.
using Refused = MatmulShape<D<2, 3>, D<4, 5>>;
static_assert(IsShapeError<Refused> && HasShapeError<Refused> && !AssertNoShapeError<Refused> && !AssertNotError<Refused> && AssertNotError<D<2>> &&
              !IsShapeError<Tf<D<2>>>);
static_assert(ShapeErrorMessage<Refused> == "matmul: inner dimensions do not match: [2, 3] x [4, 5]");
static_assert(same<CheckShapeError<Refused, int>, Refused> && same<CheckShapeError<D<2>, int>, int>);
static_assert(IsRegistryError<lazuli::Error> && !IsRegistryError<Refused>);
static_assert(ValidateSquareMatrix<D<3, 3>> && !ValidateSquareMatrix<D<2, 3, 3>> && ValidateBatchedSquareMatrix<D<2, 3, 3>> &&
              !ValidateBatchedSquareMatrix<D<2, 3>>);
static_assert(ValidateChunkDim<D<2, 3>, -1> && !ValidateChunkDim<D<2, 3>, 2> && ValidateSplitDim<D<2>, 0> && !ValidateSplitDim<D<2>, 1> &&
              ValidateUnbindDim<D<2>, 0> && !ValidateUnbindDim<D<2>, -2>);
static_assert(ValidateScalar<D<1, 1>> && !ValidateScalar<D<2>> && ValidateEinsum<"ij,jk->ik"> && !ValidateEinsum<"ij->k"> &&
              ValidateOperandCount<"ij,jk", 2> && !ValidateOperandCount<"ij,jk", 1>);
static_assert(ValidateRanks<"ij,j", D<2, 3>, D<3>> && !ValidateRanks<"ij,j", D<2>, D<3>> && ValidateDevice<OnCPU> && !ValidateDevice<Anywhere>);

// Results.
using Here = Typed<float, D<2>, OnCPU>;
using There = Typed<float, D<2>, OnCUDA>;
static_assert(same<ShapedTensor<float, D<2>>, Tf<D<2>>> && same<ShapeCheckedResult<float, MatmulShape<D<2, 3>, D<3, 4>>>, Tf<D<2, 4>>> &&
              same<ShapeCheckedResult<float, Refused>, Refused>);
static_assert(same<DeviceCheckedResult<Here, OnCPU>, Here> && IsShapeError<DeviceCheckedResult<There, OnCPU>> && same<CPUOnlyResult<Here>, Here> &&
              IsShapeError<CPUOnlyResult<There>>);
static_assert(same<WebGPUOnlyResult<There>, There> && IsShapeError<WebGPUOnlyResult<Here>>);
static_assert(same<BinaryBroadcastResult<Tf<D<2, 1>>, Typed<double, D<3>>>, Typed<double, D<2, 3>>> && same<ItemResult<Tf<D<1>>>, float> &&
              IsShapeError<ItemResult<Tf<D<2>>>>);
static_assert(TensorLike<Tensor> && TensorLike<Tf<D<2>>> && !TensorLike<int> && TensorMeta<Here>::dtype == kFloat32 &&
              TensorMeta<Here>::shape[0] == 2 && TensorMeta<Here>::device == 0);
constexpr auto make = [] { return zeros<Tf<D<2>>>(); };
static_assert(TensorCreator<decltype(make), Tf<D<2>>>);
static_assert(same<TypedArray<float>, std::span<float>> && same<TypedArrayFor<kFloat64>, std::span<double>> &&
              same<TypedStorage<bool>, std::span<bool>>);
static_assert(same<decltype(elements(Here())), std::span<float>> && same<CumExtremeResult<Tf<D<2>>, 0>, std::tuple<Tf<D<2>>, Typed<int64_t, D<2>>>>);
static_assert(same<decltype(createCumExtremeResult(Tf<D<2>>(), Typed<int64_t, D<2>>())), CumExtremeResult<Tf<D<2>>, 0>> &&
              same<HistogramResult<float, 4>, std::tuple<Tf<D<4>>, Tf<D<5>>>>);

// Rules that operators declare.
static_assert(DTypeRule<SameDTypeRule> && DTypeRule<FloatDTypeRule> && DTypeRule<BooleanDTypeRule> && DTypeRule<PromoteDTypeRule> &&
              !DTypeRule<SameShapeRule>);
static_assert(same<UnaryDType<FloatDTypeRule, int64_t>, float> && same<UnaryDType<SameDTypeRule, bool>, bool> &&
              same<UnaryDType<BooleanDTypeRule, float>, bool>);
static_assert(same<BinaryDType<PromoteDTypeRule, int64_t, float>, float> && same<BinaryDType<PromoteDTypeRule, uint8_t, int8_t>, int16_t> &&
              same<BinaryDType<FloatDTypeRule, bool, int>, float>);
static_assert(ShapeRule<SameShapeRule> && ShapeRule<BroadcastShapeRule> && ShapeRule<MatmulShapeRule> && ShapeRule<MMShapeRule> &&
              ShapeRule<MVShapeRule> && ShapeRule<DotShapeRule>);
static_assert(ShapeRule<ReductionShapeRule> && same<ReductionShapeRule::of<D<2, 3>, true, 1>, D<2, 1>> && same<SameShapeRule::of<D<2>>, D<2>> &&
              same<MVShapeRule::of<D<2, 3>, D<3>>, D<2>>);
static_assert(same<DotShapeRule::of<D<3>, D<3>>, D<>> && same<MMShapeRule::of<D<2, 3>, D<3, 4>>, D<2, 4>> &&
              same<BroadcastShapeRule::of<D<2>, D<1>>, D<2>>);

// Indices.
static_assert(same<IndexSpec, lazuli::IndexItem> && same<SliceSpec, lazuli::Slice> && same<RangeSpec, lazuli::Slice> && same<MaskSpec, Tensor> &&
              same<IndicesSpec, Tensor>);
static_assert(Sublist<0, 1>::count == 2 && same<SublistElement, lazuli::Subscript> && same<SubscriptIndex, int64_t> && same<AxesRecord, Axes> &&
              same<ReduceOperation, lazuli::einops::ReduceOp>);
static_assert(same<std::remove_cvref_t<decltype(Ellipsis)>, lazuli::EllipsisType> && sizeof(Tf<D<2>>) == sizeof(Tensor));

}  // namespace names
}  // namespace
