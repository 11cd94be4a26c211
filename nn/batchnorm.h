#pragma once
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/options.h"

namespace lazuli::nn {

struct BatchNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  // none: the running statistics are the mean of all batches so far
  bool affine = true;
  bool track_running_stats = true;
  bool bias = true;  // with affine
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = BatchNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("momentum", &O::momentum), member("affine", &O::affine),
                   member("track_running_stats", &O::track_running_stats), member("bias", &O::bias)};
  }
};

/// What batch and instance norms share: parameters and running statistics of one value per feature.
class FeatureNorm : public TensorModule {
 public:
  using Options = BatchNormOptions;
  template <class M = FeatureNorm>
  static constexpr auto arguments() {
    return Members{member("num_features", &M::num_features, {.least = 0})};
  }
  /// Back to ones and zeros.
  void reset_parameters();
  void reset_running_stats();
  std::string extra_repr() const override;

  int64_t num_features;
  BatchNormOptions options;
  Parameter weight, bias;
  Buffer running_mean, running_var, num_batches_tracked;

 protected:
  struct Lazy {};
  FeatureNorm(int64_t num_features, const BatchNormOptions& options);
  FeatureNorm(Lazy, const BatchNormOptions& options);
  /// Throws Error for a wrong rank.
  virtual void check_rank(const Tensor& input) const = 0;
  virtual int64_t features_of(const Tensor& input) const { return input.size(1); }
  void check_rank(const Tensor& input, int64_t least, int64_t most) const;
  void check_features(const Tensor& input, int64_t dim) const;
  void initialize(const Tensor& input);
  /// From tensors that were loaded; whether all are there.
  bool adopt_sizes();
};

/// y = (x - mean) / sqrt(var + eps) * weight + bias for each feature (dimension 1). In training mean and (biased) variance are those of the batch, and the running ones become
/// (1 - momentum) * running + momentum * batch, with the unbiased variance; in evaluation the running ones are used.
/// Base of BatchNorm1d, 2d and 3d.
class BatchNorm : public FeatureNorm {
 public:
  /// Throws Error for a wrong rank or number of features, and for a single value per feature in training.
  Tensor forward(const Tensor& input) override;
  bool synchronized = false;  // in training the statistics are those of all processes' batches, which may be of different sizes (SyncBatchNorm)

 protected:
  using FeatureNorm::FeatureNorm;
  Tensor relu_of(const Tensor& input, const Tensor& residual);

 private:
  template <class Function>
  Tensor run(const Tensor& input, Function function);
  Tensor run_over_ranks(const Tensor& input);
};

/// Of [batch, features] or [batch, features, length].
class BatchNorm1d : public BatchNorm {
 public:
  explicit BatchNorm1d(int64_t num_features, const BatchNormOptions& options = {}) : BatchNorm(num_features, options) {}
  template <class... A>
  requires detail::ByPosition<BatchNormOptions, A...>
  explicit BatchNorm1d(int64_t num_features, const A&... options) : BatchNorm1d(num_features, detail::positional<BatchNormOptions>(options...)) {}
  explicit BatchNorm1d(...) = delete;  // BatchNorm1d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})

 protected:
  using BatchNorm::BatchNorm;
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, 2, 3); }
};
/// Of [batch, features, height, width].
class BatchNorm2d : public BatchNorm {
 public:
  explicit BatchNorm2d(int64_t num_features, const BatchNormOptions& options = {}) : BatchNorm(num_features, options) {}
  template <class... A>
  requires detail::ByPosition<BatchNormOptions, A...>
  explicit BatchNorm2d(int64_t num_features, const A&... options) : BatchNorm2d(num_features, detail::positional<BatchNormOptions>(options...)) {}
  explicit BatchNorm2d(...) = delete;  // BatchNorm2d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})

 protected:
  using BatchNorm::BatchNorm;
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, 4, 4); }
};
/// Of [batch, features, depth, height, width].
class BatchNorm3d : public BatchNorm {
 public:
  explicit BatchNorm3d(int64_t num_features, const BatchNormOptions& options = {}) : BatchNorm(num_features, options) {}
  template <class... A>
  requires detail::ByPosition<BatchNormOptions, A...>
  explicit BatchNorm3d(int64_t num_features, const A&... options) : BatchNorm3d(num_features, detail::positional<BatchNormOptions>(options...)) {}
  explicit BatchNorm3d(...) = delete;  // BatchNorm3d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})

 protected:
  using BatchNorm::BatchNorm;
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, 5, 5); }
};

/// relu(batch norm of the input), or with a residual of the same sizes relu(batch norm of the input + residual), in one pass over memory, forward and backward: what networks of
/// residual blocks do after each convolution. Parameters, options and state are those of the batch norm.
template <class Norm>
class BatchNormReLU : public Norm {
 public:
  using Norm::Norm;
  Tensor forward(const Tensor& input) override { return this->relu_of(input, Tensor()); }
  Tensor forward(const Tensor& input, const Tensor& residual) { return this->relu_of(input, residual); }
};
class BatchNormReLU1d : public ModuleOf<BatchNormReLU1d, BatchNormReLU<BatchNorm1d>> {
 public:
  using ModuleOf::ModuleOf;
};
class BatchNormReLU2d : public ModuleOf<BatchNormReLU2d, BatchNormReLU<BatchNorm2d>> {
 public:
  using ModuleOf::ModuleOf;
};
class BatchNormReLU3d : public ModuleOf<BatchNormReLU3d, BatchNormReLU<BatchNorm3d>> {
 public:
  using ModuleOf::ModuleOf;
};

namespace detail {
/// The sum over all processes that train together, with gradients; null in one process. distributed/ sets it.
extern Tensor (*sum_over_ranks)(const Tensor& own);
}

/// Of [batch, features, ..], of any rank from 2 on. In training it takes the statistics of the batches of all processes; in one process it is BatchNorm.
class SyncBatchNorm : public BatchNorm {
 public:
  explicit SyncBatchNorm(int64_t num_features, const BatchNormOptions& options = {}) : BatchNorm(num_features, options) { synchronized = true; }
  explicit SyncBatchNorm(...) = delete;  // SyncBatchNorm(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})
  /// Lets all batch norms in `module`, lazy ones too, take the statistics of all processes; `module` itself.
  static Module& convert_sync_batchnorm(Module& module);

 protected:
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, 2, 64); }
};

/// What the lazy norms share: num_features is that of the first input. From then on they are their Base, bit for bit, and are printed as such.
/// For layers whose sizes only data tells: exploratory work, networks built on the fly, less boilerplate and bookkeeping. The first forward pays for making the parameters.
template <class Base, class LazyOptions = typename Base::Options>
class LazyFeatureNorm : public Base, public LazyModule {
 public:
  using Options = LazyOptions;
  explicit LazyFeatureNorm(const LazyOptions& options = {}) : Base(typename Base::Lazy(), options) {}
  static constexpr Members<> arguments() { return {}; }
  template <class M = Base>
  static constexpr auto members() {
    return Members{member("num_features", &M::num_features)};
  }
  Tensor forward(const Tensor& input) override;
  void initialize_parameters(const Tensor& input) override;
  std::string class_name() const override;

 protected:
  void forget_sizes() override { this->num_features = 0; }
  void state_loaded() override;
  std::string expected_sizes(std::string_view, const Shape& sizes) const override { return sizes.size() == 1 ? "" : "[num_features]"; }
};
class LazyBatchNorm1d : public LazyFeatureNorm<BatchNorm1d> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyBatchNorm1d(...) = delete;  // LazyBatchNorm1d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyBatchNorm1d remade() const { return LazyBatchNorm1d(options); }
};
class LazyBatchNorm2d : public LazyFeatureNorm<BatchNorm2d> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyBatchNorm2d(...) = delete;  // LazyBatchNorm2d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyBatchNorm2d remade() const { return LazyBatchNorm2d(options); }
};
class LazyBatchNorm3d : public LazyFeatureNorm<BatchNorm3d> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyBatchNorm3d(...) = delete;  // LazyBatchNorm3d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyBatchNorm3d remade() const { return LazyBatchNorm3d(options); }
};
extern template class LazyFeatureNorm<BatchNorm1d>;
extern template class LazyFeatureNorm<BatchNorm2d>;
extern template class LazyFeatureNorm<BatchNorm3d>;

}  // namespace lazuli::nn
