#pragma once
#include "lazuli/core/described.h"
#include "lazuli/optim/lr_scheduler/scheduler.h"

/// The learning rate for weight averaging; the averages themselves, of modules alone, are in nn/utils/averaged_model.h.
namespace lazuli::optim::swa_utils {

enum class Anneal : uint8_t { Cos, Linear };
constexpr auto names_of(Anneal) { return enum_names<Anneal>({{Anneal::Cos, "cos"}, {Anneal::Linear, "linear"}}); }
struct SWALROptions {
  std::optional<double> swa_lr = {};  // has to be given
  int64_t anneal_epochs = 10;
  Choice<Anneal> anneal_strategy = Anneal::Cos;
};
/// From each group's rate to `swa_lr` within `anneal_epochs` steps, then constant. Where another scheduler has set the rate meanwhile, it goes on from that.
class SWALR : public LRScheduler {
 public:
  /// Throws Error for negative anneal_epochs.
  SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs = 10, Choice<Anneal> anneal_strategy = Anneal::Cos);
  SWALR(Optimizer& optimizer, const SWALROptions& o)
      : SWALR(optimizer, optim::detail::option_given("SWALR", "swa_lr", o.swa_lr), o.anneal_epochs, o.anneal_strategy) {}
  explicit SWALR(...) = delete;  // SWALR(optimizer, swa_lr, [anneal_epochs], [anneal_strategy])
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;

 private:
  double share_at(int64_t step) const;
  double swa_lr_;
  int64_t anneal_epochs_;
  Anneal anneal_;
};

}  // namespace lazuli::optim::swa_utils
