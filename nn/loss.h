#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/ops/network/ctc_loss.h"
#include "lazuli/ops/network/loss.h"

/// Losses as modules: `loss(input, target)`; ops/network/loss.h has the formulas. nn/margin_loss.h has those that ask for margins.
namespace lazuli::nn {

// Those of the functions.
using lazuli::LossOptions, lazuli::CrossEntropyLossOptions, lazuli::NLLLossOptions, lazuli::BCELossOptions, lazuli::BCEWithLogitsLossOptions,
    lazuli::SmoothL1LossOptions, lazuli::HuberLossOptions, lazuli::KLDivLossOptions, lazuli::PoissonNLLLossOptions, lazuli::GaussianNLLLossOptions,
    lazuli::CTCLossOptions;

/// Base of losses that have no other option.
class PlainLoss : public BinaryModule {
 public:
  using Options = LossOptions;
  explicit PlainLoss(Reduction reduction = Reduction::Mean) : options{reduction} {}
  explicit PlainLoss(const LossOptions& o) : options(o) {}
  LossOptions options;
};
class MSELoss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  template <class = void>
  explicit MSELoss(...) = delete;  // MSELoss([reduction]) or MSELoss({.reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
};
class L1Loss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  template <class = void>
  explicit L1Loss(...) = delete;  // L1Loss([reduction]) or L1Loss({.reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

class CrossEntropyLoss : public BinaryModule {
 public:
  using Options = CrossEntropyLossOptions;
  explicit CrossEntropyLoss(const CrossEntropyLossOptions& options = {});
  template <class = void>
  explicit CrossEntropyLoss(...) = delete;  // CrossEntropyLoss({.weight, .ignore_index, .label_smoothing, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  CrossEntropyLossOptions options;
  Buffer weight;
};

class NLLLoss : public BinaryModule {
 public:
  using Options = NLLLossOptions;
  explicit NLLLoss(const NLLLossOptions& options = {});
  template <class = void>
  explicit NLLLoss(...) = delete;  // NLLLoss({.weight, .ignore_index, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  NLLLossOptions options;
  Buffer weight;
};

class BCELoss : public BinaryModule {
 public:
  using Options = BCELossOptions;
  explicit BCELoss(const BCELossOptions& options = {});
  template <class = void>
  explicit BCELoss(...) = delete;  // BCELoss({.weight, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  BCELossOptions options;
  Buffer weight;
};
class BCEWithLogitsLoss : public BinaryModule {
 public:
  using Options = BCEWithLogitsLossOptions;
  explicit BCEWithLogitsLoss(const BCEWithLogitsLossOptions& options = {});
  template <class = void>
  explicit BCEWithLogitsLoss(...) = delete;  // BCEWithLogitsLoss({.weight, .pos_weight, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  BCEWithLogitsLossOptions options;
  Buffer weight, pos_weight;
};

class SmoothL1Loss : public BinaryModule {
 public:
  using Options = SmoothL1LossOptions;
  explicit SmoothL1Loss(const SmoothL1LossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit SmoothL1Loss(...) = delete;  // SmoothL1Loss({.reduction, .beta})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  SmoothL1LossOptions options;
};
class HuberLoss : public BinaryModule {
 public:
  using Options = HuberLossOptions;
  explicit HuberLoss(const HuberLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit HuberLoss(...) = delete;  // HuberLoss({.reduction, .delta})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  HuberLossOptions options;
};
class KLDivLoss : public BinaryModule {
 public:
  using Options = KLDivLossOptions;
  explicit KLDivLoss(const KLDivLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit KLDivLoss(...) = delete;  // KLDivLoss({.reduction, .log_target})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  KLDivLossOptions options;
};
class PoissonNLLLoss : public BinaryModule {
 public:
  using Options = PoissonNLLLossOptions;
  explicit PoissonNLLLoss(const PoissonNLLLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit PoissonNLLLoss(...) = delete;  // PoissonNLLLoss({.log_input, .full, .eps, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  PoissonNLLLossOptions options;
};
/// loss(input, target, var)
class GaussianNLLLoss : public TernaryModule {
 public:
  using Options = GaussianNLLLossOptions;
  explicit GaussianNLLLoss(const GaussianNLLLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit GaussianNLLLoss(...) = delete;  // GaussianNLLLoss({.full, .eps, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var) override;
  using TernaryModule::operator();
  /// With one variance for all.
  Tensor operator()(const Tensor& input, const Tensor& target, double var);
  GaussianNLLLossOptions options;
};

/// Connectionist temporal classification: log_probs [t, n, c] (or [t, c]), targets [n, s] or all one after another, and the lengths of both (ops/network/ctc_loss.h).
class CTCLoss : public ModuleOf<CTCLoss> {
 public:
  using Options = CTCLossOptions;
  explicit CTCLoss(const CTCLossOptions& options = {});
  template <class = void>
  explicit CTCLoss(...) = delete;  // CTCLoss({.blank, .reduction, .zero_infinity})
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths);
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths);
  CTCLossOptions options;
};

}  // namespace lazuli::nn
