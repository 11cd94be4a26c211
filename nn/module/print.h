#pragma once
#include <optional>
#include <string>

#include "lazuli/core/shape.h"

/// Values as Python writes them, for `extra_repr`.
namespace lazuli::nn::detail {

/// "1e-05", "0.1", "2.0".
std::string py(double value);
std::string py(std::optional<double> value);  // "None"
inline std::string py(bool value) { return value ? "True" : "False"; }
inline std::string py(int64_t value) { return std::to_string(value); }
/// "(2, 3)", "(4,)".
std::string py(const Shape& value);

}  // namespace lazuli::nn::detail

namespace lazuli::nn {

class Module;
/// What a module derives from besides, to be printed in its own way, inside others too.
class PrintsItself {
 public:
  virtual std::string printed() const = 0;

 protected:
  ~PrintsItself() = default;
};
/// The class, what extra_repr says, and the children: what `to_string(module)` is for others.
std::string printed_by_parts(const Module& module);

}  // namespace lazuli::nn
