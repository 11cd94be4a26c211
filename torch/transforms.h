#pragma once
#include "lazuli/torch/base.h"

/// Examples, and what may be made of them and of batches of them.
namespace torch::data {

template <class Data = Tensor, class Target = Tensor>
struct Example {
  using DataType = Data;
  using TargetType = Target;
  Example() = default;
  Example(Data d, Target t) : data(std::move(d)), target(std::move(t)) {}
  Data data;
  Target target;
};
namespace example {
struct NoTarget {};
}  // namespace example
template <class Data>
struct Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;
  Example() = default;
  Example(Data d) : data(std::move(d)) {}
  operator Data&() { return data; }
  operator const Data&() const { return data; }
  Data data;
};
using TensorExample = Example<Tensor, example::NoTarget>;

namespace transforms {

/// Makes something else of a batch.
template <class Input, class Output>
class BatchTransform {
 public:
  using InputBatchType = Input;
  using OutputBatchType = Output;
  virtual ~BatchTransform() = default;
  virtual Output apply_batch(Input input) = 0;
};
/// A batch made of examples, by a class that overrides `apply_batch`.
template <class Output, class Input = std::vector<Output>>
using Collation = BatchTransform<Input, Output>;
/// Makes something else of each example.
template <class Input, class Output>
class Transform : public BatchTransform<std::vector<Input>, std::vector<Output>> {
 public:
  using InputType = Input;
  using OutputType = Output;
  virtual Output apply(Input input) = 0;
  std::vector<Output> apply_batch(std::vector<Input> inputs) override {
    std::vector<Output> outputs;
    for (Input& input : inputs) outputs.push_back(apply(std::move(input)));
    return outputs;
  }
};
template <class Input, class Output = Input>
class BatchLambda : public BatchTransform<Input, Output> {
 public:
  explicit BatchLambda(std::function<Output(Input)> function) : function_(std::move(function)) {}
  Output apply_batch(Input input) override { return function_(std::move(input)); }

 private:
  std::function<Output(Input)> function_;
};
/// The same by a function.
template <class Output, class Input = std::vector<Output>>
using Collate = BatchLambda<Input, Output>;
template <class Input, class Output = Input>
class Lambda : public Transform<Input, Output> {
 public:
  explicit Lambda(std::function<Output(Input)> function) : function_(std::move(function)) {}
  Output apply(Input input) override { return function_(std::move(input)); }

 private:
  std::function<Output(Input)> function_;
};
/// Makes another tensor of each example's data.
template <class Target = Tensor>
class TensorTransform : public Transform<Example<Tensor, Target>, Example<Tensor, Target>> {
 public:
  using E = Example<Tensor, Target>;
  virtual Tensor operator()(Tensor input) = 0;
  E apply(E input) override {
    input.data = (*this)(std::move(input.data));
    return input;
  }
};
template <class Target = Tensor>
class TensorLambda : public TensorTransform<Target> {
 public:
  explicit TensorLambda(std::function<Tensor(Tensor)> function) : function_(std::move(function)) {}
  Tensor operator()(Tensor input) override { return function_(std::move(input)); }

 private:
  std::function<Tensor(Tensor)> function_;
};
/// (x - mean) / stddev, one of each or one for each channel (the first dimension).
template <class Target = Tensor>
class Normalize : public TensorTransform<Target> {
 public:
  Normalize(const std::vector<double>& mean, const std::vector<double>& stddev) : mean_(column(mean)), stddev_(column(stddev)) {}
  Normalize(double mean, double stddev) : Normalize(std::vector<double>{mean}, std::vector<double>{stddev}) {}
  Tensor operator()(Tensor input) override { return (input - mean_) / stddev_; }

 private:
  static Tensor column(const std::vector<double>& values) { return lazuli::tensor(values).to(lazuli::kFloat32).view({-1, 1, 1}); }
  Tensor mean_, stddev_;
};
/// A batch of examples as one example of stacked tensors.
template <class E = Example<>>
class Stack : public BatchTransform<std::vector<E>, E> {
 public:
  E apply_batch(std::vector<E> examples) override {
    std::vector<Tensor> data, targets;
    for (E& e : examples) {
      data.push_back(std::move(e.data));
      if constexpr (requires { e.target; }) targets.push_back(std::move(e.target));
    }
    if constexpr (requires(E & e) { e.target; }) return E(lazuli::stack(data), lazuli::stack(targets));
    else return E(lazuli::stack(data));
  }
};

}  // namespace transforms

}  // namespace torch::data
