#pragma once
#include <concepts>

#include "lazuli/nn/module/module.h"

/// Pruning: parameters of which parts are held at zero by a mask.
///
///   nn::utils::prune::l1_unstructured(layer, "weight", 0.3);   // the 30 % of least magnitude
///
/// The module's parameter is then weight_orig, its buffer weight_mask, and `layer.weight` their product, computed anew before each forward. Pruning again prunes of what is left, and
/// joins the masks. `remove` makes the product the parameter. State, names and counts are PyTorch's.
namespace lazuli::nn::utils::prune {

/// A share from 0 to 1 of the elements (or channels), which is rounded to the nearest number, ties to even, or a number of them.
class Amount {
 public:
  Amount(double share) : share_(share) {}
  Amount(std::integral auto count) : is_count_(true), count_(int64_t(count)) {}
  /// Of `size`. Throws Error for what is out of range; a number above `size` too.
  int64_t of(const char* op, int64_t size) const;
  /// Throws Error for a share outside [0, 1] and a negative number.
  void check(const char* op) const;

 private:
  bool is_count_ = false;
  int64_t count_ = 0;
  double share_ = 0;
};

/// Has the parameter pruned of nothing: adds names and mask.
void identity(Module& module, std::string_view name);
/// Elements at random.
void random_unstructured(Module& module, std::string_view name, const Amount& amount);
/// Elements of least magnitude, or of the least importance, where `importance_scores` of the parameter's sizes tell.
void l1_unstructured(Module& module, std::string_view name, const Amount& amount, const Tensor& importance_scores = {});
/// Slices along `dim`, at random. Throws Error for a parameter of one dimension.
void random_structured(Module& module, std::string_view name, const Amount& amount, int64_t dim);
/// Slices along `dim` of least n-norm.
void ln_structured(Module& module, std::string_view name, const Amount& amount, double n, int64_t dim, const Tensor& importance_scores = {});
/// Elements where `mask` is zero. Throws Error for other sizes.
void custom_from_mask(Module& module, std::string_view name, const Tensor& mask);

enum class Method : uint8_t { L1Unstructured, RandomUnstructured };
struct ModuleParameter {
  Module& module;
  std::string name;
};
/// Of all these parameters taken as one vector.
void global_unstructured(const std::vector<ModuleParameter>& parameters, Method method, const Amount& amount);

/// Makes what is left the parameter, under its own name and as the same tensor that was trained. Throws Error for a parameter that is not pruned.
void remove(Module& module, std::string_view name);
/// Whether any parameter of the module, or of those below it, is pruned.
bool is_pruned(const Module& module);

}  // namespace lazuli::nn::utils::prune
