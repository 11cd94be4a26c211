#pragma once
#include "lazuli/nn/module/lazy.h"

namespace lazuli::nn {

/// One line of a summary: a call of a module.
struct SummaryLine {
  std::string path, class_name;
  int depth = 0;
  Shape output;            // of the first output
  int64_t parameters = 0;  // of this module alone; 0 where they were counted in an earlier line
};
struct Summary {
  std::vector<SummaryLine> lines;
  int64_t parameters = 0, trainable = 0, parameter_bytes = 0, buffer_bytes = 0, output_bytes = 0;  // output_bytes: of all leaf modules' outputs
};
/// What a forward with inputs of these sizes would do, found out on the meta device, in evaluation mode: nothing is computed and nothing changes; lazy modules stay uninitialized.
Summary summarize(Module& model, const Shape& input);
Summary summarize(Module& model, const Tensor& input);
/// The same as a table: layer, output shape, parameters; totals, MiB.
std::string summary(Module& model, const Shape& input);
std::string summary(Module& model, const Tensor& input);
std::string to_string(const Summary& summary);

}  // namespace lazuli::nn
