#pragma once
#include <initializer_list>

namespace lazuli::optim {

/// PyTorch's pair, for options in braces: `{.betas = {0.9, 0.95}}` is `{.beta1 = 0.9, .beta2 = 0.95}`. Only these two are read and changed later, so there is no assignment of a pair.
class Betas {
 public:
  constexpr Betas(double first, double second) : first_(first), second_(second) {}
  Betas& operator=(std::initializer_list<double>) = delete;  // options.beta1 = .., options.beta2 = ..
  constexpr double first() const { return first_; }
  constexpr double second() const { return second_; }

 private:
  double first_, second_;
};

}  // namespace lazuli::optim
