#pragma once
#include "lazuli/core/random/generator.h"
#include "lazuli/nn/module/child.h"

/// Modules that find their sizes themselves: from their first input, from a state_dict, or from a dry run (`materialize`).
namespace lazuli::nn {

namespace detail {
class DryRun;
class Materializing;
}  // namespace detail

struct UninitializedOptions {
  bool requires_grad = true;  // of parameters
  std::optional<DType> dtype = {};
  std::optional<Device> device = {};
};

/// A parameter whose sizes are not known yet. Handles on it (an optimizer's, another module's) stay valid when it materializes; until then, using it is an Error that names it.
class UninitializedParameter : public Parameter {
 public:
  explicit UninitializedParameter(const UninitializedOptions& options = {});
  /// `materialize_uninitialized`.
  void materialize(const Shape& sizes, std::optional<Device> device = {}, std::optional<DType> dtype = {}) const;
};
class UninitializedBuffer : public Buffer {
 public:
  explicit UninitializedBuffer(const UninitializedOptions& options = {});
  void materialize(const Shape& sizes, std::optional<Device> device = {}, std::optional<DType> dtype = {}) const;
};
bool is_uninitialized_parameter(const Tensor& t);
bool is_uninitialized_buffer(const Tensor& t);
/// Gives an uninitialized parameter or buffer its sizes, in place; the values are not set. Throws Error (State) for one that is initialized.
void materialize_uninitialized(const Tensor& t, const Shape& sizes, std::optional<Device> device = {}, std::optional<DType> dtype = {});

/// Mixed into a module whose parameters take their sizes from the first input:
///
///   struct LazyScale : nn::Module, nn::LazyModule {
///     nn::Parameter factor{this, "factor", nn::UninitializedParameter()};
///     Tensor forward(const Tensor& x) { ensure_initialized(x); return x * factor; }
///     void initialize_parameters(const Tensor& input) override { nn::materialize_uninitialized(factor, {input.size(-1)}); nn::init::ones_(factor); }
///   };
class LazyModule {
 public:
  virtual ~LazyModule() = default;
  bool is_initialized() const { return initialized_; }
  /// Makes the parameters for inputs of these sizes; called once. Looks at the input's sizes only (it may be on the meta device), and checks them before it changes anything.
  virtual void initialize_parameters(const Tensor& input) = 0;

 protected:
  LazyModule() = default;
  LazyModule(const LazyModule&) = default;
  LazyModule(LazyModule&&) = default;
  LazyModule& operator=(LazyModule&&) = default;
  void ensure_initialized(const Tensor& input) {
    if (!initialized_) [[unlikely]]
      infer(input);
  }
  /// After a state_dict has brought the parameters.
  void set_initialized() { initialized_ = true; }
  /// Undoes what `initialize_parameters` wrote besides the tensors, after a dry run.
  virtual void forget_sizes() {}
  /// For `clone`: what the module keeps for its initialization, such as an InitStream, besides the members that it lists.
  virtual void copy_streams(const LazyModule& /*original*/) {}

 private:
  friend class detail::DryRun;
  friend class detail::Materializing;
  friend class detail::Cloning;
  void copy_lazy_state(const LazyModule& original) {
    initialized_ = original.initialized_;
    copy_streams(original);
  }
  void infer(const Tensor& input);
  bool initialized_ = false;
};

/// A random stream of its own for each parameter, taken from the default generator when the module is constructed, so that a lazy module and the regular one that is constructed at
/// the same place of a program get the same values.
class InitStream {
 public:
  InitStream() : seed_(default_generator().split().initial_seed()) {}
  Generator generator() const { return Generator(seed_); }

 private:
  uint64_t seed_;
};

/// Initializes all lazy modules of `model` for inputs of the given sizes without computing anything: the model runs on the meta device, in evaluation mode; afterwards only what was
/// uninitialized has changed. Inputs are of the dtype of the model's first parameter, or the default one; the forms with tensors use only their sizes and dtypes.
/// Throws Error for sizes that do not fit, and for a forward that needs values.
void materialize(Module& model, const Shape& input);
void materialize(Module& model, const Tensor& input);

namespace detail {
/// A call in a dry run; calls inside it follow with a greater depth.
struct SeenCall {
  Module* module;
  int depth;
  std::vector<Shape> inputs, outputs;
};
class Materializing {
 public:
  explicit Materializing(Module& model);
  ~Materializing();
  Tensor meta(const Shape& sizes) const;
  Tensor meta(const Tensor& t) const;
  void call(const Tensor& input);  // whatever the model's forward returns
  void finish();                   // what was found is done in earnest
  DType dtype() const { return dtype_; }
  const std::vector<SeenCall>& seen() const;

 private:
  Module& model_;
  Owned<DryRun> run_;
  DType dtype_;
};
}  // namespace detail

/// For a forward of several inputs.
template <class M, class... T>
requires(sizeof...(T) > 1 && ((std::is_base_of_v<Tensor, T> || std::is_same_v<Shape, T>)&&...)) void materialize(M& model, const T&... inputs) {
  detail::Materializing run(model);
  call(model, run.meta(inputs)...);
  run.finish();
}

}  // namespace lazuli::nn
