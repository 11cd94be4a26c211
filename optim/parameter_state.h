#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli::optim {

/// What an optimizer keeps for one parameter: tensors and numbers by name, any count of each. They are made when they are first asked for, and stored in that order;
/// references to them stay valid.
class ParameterState {
 public:
  /// Null and 0 where there is none yet.
  const Tensor* find(std::string_view name) const;
  double number(std::string_view name) const;
  /// The tensor of that name, or the number as a 0-d float64 one: `adam.state(weight)["step"].item<int>()`. Throws Error naming what there is.
  Tensor operator[](std::string_view name) const;
  /// The tensor of that name, undefined at first.
  Tensor& tensor(std::string_view name);
  /// The tensor of that name; at first zeros of the sizes of `like`, in float32 where that is float16 or bfloat16 (moments of such gradients need more than their range).
  Tensor& zeros(std::string_view name, const Tensor& like);
  /// The number of that name, 0 at first. Whole ones are exact up to 2^53.
  double& number(std::string_view name);

 private:
  friend class Optimizer;
  template <class T>
  struct Named {
    std::string name;
    T value;
  };
  template <class T>
  using List = std::vector<std::unique_ptr<Named<T>>>;
  List<Tensor> tensors_;
  List<double> numbers_;
  bool loaded_ = false;  // not yet checked against the parameter, which was uninitialized, or since it was changed from outside
};

/// The dtype that state of a parameter has: float32 for float16 and bfloat16, else its own.
DType state_dtype(DType parameter);

}  // namespace lazuli::optim
