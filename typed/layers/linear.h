#pragma once
#include "lazuli/nn/embedding.h"
#include "lazuli/nn/flatten.h"
#include "lazuli/nn/linear.h"
#include "lazuli/typed/layer.h"
#include "lazuli/typed/rules/index.h"
#include "lazuli/typed/rules/matmul.h"
#include "lazuli/typed/rules/shape.h"

/// Linear maps, look-ups and flattening.
namespace lazuli::typed {

template <int64_t in, int64_t out>
class Linear : public Layer<Linear<in, out>, nn::Linear> {
 public:
  explicit Linear(const nn::LinearOptions& options = {}) : Layer<Linear, nn::Linear>(in, out, options) {}
  static nn::Linear made(const nn::LinearOptions& options = {}) { return nn::Linear(in, out, options); }
  Linear remade() const { return Linear(this->options); }
  template <AnyTyped X>
  using Output = Floating<"Linear", &rules::linear, X, Ints<out, in>>;
};
/// In a Sequential that knows its input a Linear of the input's features, elsewhere nn::LazyLinear.
template <int64_t out>
class LazyLinear : public Layer<LazyLinear<out>, nn::LazyLinear> {
 public:
  explicit LazyLinear(const nn::LinearOptions& options = {}) : Layer<LazyLinear, nn::LazyLinear>(out, options) {}
  static nn::LazyLinear made(const nn::LinearOptions& options = {}) { return nn::LazyLinear(out, options); }
  LazyLinear remade() const { return LazyLinear(this->options); }
  template <AnyTyped X>
  using Output = Floating<"LazyLinear", &rules::linear, X, Ints<out, dynamic>>;
  template <AnyTyped X>
  using Sized = Linear<ShapeOfTensor<X>::value[-1], out>;
};

template <int64_t rows, int64_t features>
class Embedding : public Layer<Embedding<rows, features>, nn::Embedding> {
 public:
  explicit Embedding(const nn::EmbeddingOptions& options = {}) : Layer<Embedding, nn::Embedding>(rows, features, options) {}
  static nn::Embedding made(const nn::EmbeddingOptions& options = {}) { return nn::Embedding(rows, features, options); }
  Embedding remade() const { return Embedding(this->options); }
  template <AnyTyped X>
  using Output =
      Result<"Embedding", FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::index>, RuledOf<&rules::embedding, X, Ints<rows, features>>>, float,
             WhereOf<X>>;
};

template <int64_t start = 1, int64_t end = -1>
class Flatten : public Layer<Flatten<start, end>, nn::Flatten> {
 public:
  Flatten() : Layer<Flatten, nn::Flatten>(start, end) {}
  static nn::Flatten made() { return nn::Flatten(start, end); }
  Flatten remade() const { return Flatten(); }
  template <AnyTyped X>
  using Output = Unary<"Flatten", dtype_of_tensor<X>, &rules::flatten, X, Number<start>, Number<end>>;
};
template <int64_t dim, int64_t... sizes>
class Unflatten : public Layer<Unflatten<dim, sizes...>, nn::Unflatten> {
 public:
  Unflatten() : Layer<Unflatten, nn::Unflatten>(dim, lazuli::Shape{sizes...}) {}
  static nn::Unflatten made() { return nn::Unflatten(dim, lazuli::Shape{sizes...}); }
  Unflatten remade() const { return Unflatten(); }
  template <AnyTyped X>
  using Output = Unary<"Unflatten", dtype_of_tensor<X>, &rules::unflatten, X, Number<dim>, Ints<sizes...>>;
};

}  // namespace lazuli::typed
