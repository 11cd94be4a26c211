#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/ops/network/loss.h"

/// Losses as modules: `loss(input, target)`; ops/network/loss.h has the formulas. nn/margin_loss.h has those that ask for margins.
namespace lazuli::nn {

/// Base of losses that have no other option.
class PlainLoss : public BinaryModule {
 public:
  Reduction reduction;

 protected:
  explicit PlainLoss(Reduction how) : reduction(how) {}
};
class MSELoss : public PlainLoss {
 public:
  explicit MSELoss(Reduction reduction = Reduction::Mean) : PlainLoss(reduction) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
};
class L1Loss : public PlainLoss {
 public:
  explicit L1Loss(Reduction reduction = Reduction::Mean) : PlainLoss(reduction) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

struct CrossEntropyLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  Reduction reduction = Reduction::Mean;
  double label_smoothing = 0;
};
class CrossEntropyLoss : public BinaryModule {
 public:
  using Options = CrossEntropyLossOptions;
  explicit CrossEntropyLoss(const CrossEntropyLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  CrossEntropyLossOptions options;
  Buffer weight;
};

struct NLLLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  Reduction reduction = Reduction::Mean;
};
class NLLLoss : public BinaryModule {
 public:
  using Options = NLLLossOptions;
  explicit NLLLoss(const NLLLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  NLLLossOptions options;
  Buffer weight;
};

struct BCELossOptions {
  OptionalTensor weight = {};
  Reduction reduction = Reduction::Mean;
};
class BCELoss : public BinaryModule {
 public:
  using Options = BCELossOptions;
  explicit BCELoss(const BCELossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  BCELossOptions options;
  Buffer weight;
};
struct BCEWithLogitsLossOptions {
  OptionalTensor weight = {};
  Reduction reduction = Reduction::Mean;
  OptionalTensor pos_weight = {};
};
class BCEWithLogitsLoss : public BinaryModule {
 public:
  using Options = BCEWithLogitsLossOptions;
  explicit BCEWithLogitsLoss(const BCEWithLogitsLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  BCEWithLogitsLossOptions options;
  Buffer weight, pos_weight;
};

struct SmoothL1LossOptions {
  Reduction reduction = Reduction::Mean;
  double beta = 1;
};
class SmoothL1Loss : public BinaryModule {
 public:
  using Options = SmoothL1LossOptions;
  explicit SmoothL1Loss(const SmoothL1LossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
  SmoothL1LossOptions options;
};
struct HuberLossOptions {
  Reduction reduction = Reduction::Mean;
  double delta = 1;
};
class HuberLoss : public BinaryModule {
 public:
  using Options = HuberLossOptions;
  explicit HuberLoss(const HuberLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
  HuberLossOptions options;
};
struct KLDivLossOptions {
  Reduction reduction = Reduction::Mean;
  bool log_target = false;
};
class KLDivLoss : public BinaryModule {
 public:
  using Options = KLDivLossOptions;
  explicit KLDivLoss(const KLDivLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
  KLDivLossOptions options;
};
struct PoissonNLLLossOptions {
  bool log_input = true;
  bool full = false;
  double eps = 1e-8;
  Reduction reduction = Reduction::Mean;
};
class PoissonNLLLoss : public BinaryModule {
 public:
  using Options = PoissonNLLLossOptions;
  explicit PoissonNLLLoss(const PoissonNLLLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
  PoissonNLLLossOptions options;
};
struct GaussianNLLLossOptions {
  bool full = false;
  double eps = 1e-6;
  Reduction reduction = Reduction::Mean;
};
/// loss(input, target, var)
class GaussianNLLLoss : public TernaryModule {
 public:
  using Options = GaussianNLLLossOptions;
  explicit GaussianNLLLoss(const GaussianNLLLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var) override;
  GaussianNLLLossOptions options;
};

}  // namespace lazuli::nn
