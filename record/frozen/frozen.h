#pragma once
#include <memory>
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli {

namespace recording {
struct StepList;
}

/// A network without its program: the list of kernel calls that one pass forward through it makes, for inputs of fixed sizes. `freeze` (record/freeze.h) makes one, a `.lzl` file
/// keeps one, and it runs with the small library lazuli::runtime alone, without autograd, modules and data. On the CPU.
///
/// Any number of threads may run one at a time: each has memory of its own for what lies between the inputs and the outputs. Copies share everything.
class Frozen {
 public:
  /// What an input has to be, or an output is.
  struct Signature {
    Shape sizes;
    DType dtype = kFloat32;
  };

  /// Of a list without host actions and arguments that change from run to run, on the CPU. Throws Error (NotSupported) for another one.
  explicit Frozen(recording::StepList list);

  /// The outputs for these inputs, in new memory. No gradients are recorded. Throws Error for another number of inputs, and for other sizes, dtypes or devices.
  std::vector<Tensor> run(const std::vector<Tensor>& inputs) const;
  /// The only output. Throws Error where there are more.
  template <class... T>
  requires(std::is_convertible_v<const T&, Tensor>&&...) Tensor operator()(const T&... inputs) const { return only(run({inputs...})); }

  const std::vector<Signature>& inputs() const;
  const std::vector<Signature>& outputs() const;
  const recording::StepList& list() const;

  /// Writes it as a `.lzl` file with all its weights, all or nothing. Throws Error (File) when the file cannot be written, and (NotSupported) for a call of a slot that files do
  /// not have: those that networks use forward are there, random numbers and decompositions are not.
  void save(const std::string& path) const;

 private:
  struct State;
  static Tensor only(std::vector<Tensor> outputs);
  std::shared_ptr<State> state_;
};
/// Its calls, a line each, with what they read and write.
std::string to_string(const Frozen& frozen);

/// Reads what `save` wrote. Throws Error (File) for a file that is cut short, corrupt, hostile
/// or of a later version, before anything of its size is allocated and before anything has run: no list that is accepted reads or writes beyond its tensors.
Frozen load_frozen(const std::string& path);

}  // namespace lazuli
