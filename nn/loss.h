#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/ops/network/loss.h"

namespace lazuli {
constexpr auto names_of(Reduction) {
  return std::array{std::pair{Reduction::None, "none"}, std::pair{Reduction::Mean, "mean"}, std::pair{Reduction::Sum, "sum"},
                    std::pair{Reduction::BatchMean, "batchmean"}};
}
}  // namespace lazuli

/// Losses as modules: `loss(input, target)`; ops/network/loss.h has the formulas. nn/margin_loss.h has those that ask for margins.
namespace lazuli::nn {

struct LossOptions {
  Reduction reduction = Reduction::Mean;
  static constexpr auto members() { return std::tuple{member("reduction", &LossOptions::reduction)}; }
};
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
  Tensor forward(const Tensor& input, const Tensor& target) override;
};
class L1Loss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

struct CrossEntropyLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  Reduction reduction = Reduction::Mean;
  double label_smoothing = 0;
  static constexpr auto members() {
    return std::tuple{member("weight", &CrossEntropyLossOptions::weight), member("ignore_index", &CrossEntropyLossOptions::ignore_index),
                      member("reduction", &CrossEntropyLossOptions::reduction), member("label_smoothing", &CrossEntropyLossOptions::label_smoothing)};
  }
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
  static constexpr auto members() {
    return std::tuple{member("weight", &NLLLossOptions::weight), member("ignore_index", &NLLLossOptions::ignore_index),
                      member("reduction", &NLLLossOptions::reduction)};
  }
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
  static constexpr auto members() { return std::tuple{member("weight", &BCELossOptions::weight), member("reduction", &BCELossOptions::reduction)}; }
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
  static constexpr auto members() {
    return std::tuple{member("weight", &BCEWithLogitsLossOptions::weight), member("reduction", &BCEWithLogitsLossOptions::reduction),
                      member("pos_weight", &BCEWithLogitsLossOptions::pos_weight)};
  }
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
  static constexpr auto members() {
    return std::tuple{member("reduction", &SmoothL1LossOptions::reduction), member("beta", &SmoothL1LossOptions::beta)};
  }
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
  static constexpr auto members() { return std::tuple{member("reduction", &HuberLossOptions::reduction), member("delta", &HuberLossOptions::delta)}; }
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
  static constexpr auto members() {
    return std::tuple{member("reduction", &KLDivLossOptions::reduction), member("log_target", &KLDivLossOptions::log_target)};
  }
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
  static constexpr auto members() {
    return std::tuple{member("log_input", &PoissonNLLLossOptions::log_input), member("full", &PoissonNLLLossOptions::full),
                      member("eps", &PoissonNLLLossOptions::eps), member("reduction", &PoissonNLLLossOptions::reduction)};
  }
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
  static constexpr auto members() {
    return std::tuple{member("full", &GaussianNLLLossOptions::full), member("eps", &GaussianNLLLossOptions::eps),
                      member("reduction", &GaussianNLLLossOptions::reduction)};
  }
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
