#include "lazuli/data/padding.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/data/datasets.h"
#include "lazuli/nn/utils/packed_sequence.h"
#include "lazuli/ops/shape/padding.h"

namespace lazuli::data {
namespace {

Tensor padded(const std::vector<Tensor>& tensors, double value, const PadOptions& options) {
  Tensor all = nn::utils::rnn::pad_sequence(tensors, true, value, options.left ? "left" : "right");
  const int64_t over = all.size(1) % options.multiple_of;
  if (over == 0) return all;
  Shape amounts = Shape::filled(2 * (all.dim() - 1), 0);
  amounts[amounts.size() - (options.left ? 2 : 1)] = options.multiple_of - over;
  return pad(all, amounts, "constant", value);
}

}  // namespace

PaddedBatch pad_collate(const std::vector<Example>& examples, const PadOptions& options) {
  no_grad guard;
  if (options.multiple_of < 1) fail("pad_collate", "multiple_of", "at least 1", std::to_string(options.multiple_of));
  if (examples.empty()) fail("pad_collate", "examples", "at least one", "none");
  std::vector<Tensor> data, targets;
  std::vector<int64_t> lengths;
  bool alike = true;
  for (const Example& e : examples) {
    if (!e.data.defined() || e.data.dim() == 0)
      fail("pad_collate", "examples", "tensors with a first dimension", e.data.defined() ? "a 0-d one" : "an undefined one");
    data.push_back(e.data);
    lengths.push_back(e.data.size(0));
    targets.push_back(e.target);
    alike &= e.target.defined() == examples[0].target.defined() && (!e.target.defined() || e.target.sizes() == examples[0].target.sizes());
  }
  Tensor target;
  if (alike) {
    target = detail::collate_tensors(std::move(targets));
  } else {
    for (const Tensor& t : targets)
      if (!t.defined() || t.dim() == 0) fail("pad_collate", "examples", "targets of like sizes, or each with a first dimension", "others");
    target = padded(targets, options.target_padding_value, options);
  }
  return {padded(data, options.padding_value, options), target, detail::index_tensor(lengths)};
}

PaddedBatch pad_collate(const std::vector<Tensor>& tensors, const PadOptions& options) {
  std::vector<Example> examples;
  for (const Tensor& t : tensors) examples.push_back({t, {}});
  return pad_collate(examples, options);
}

}  // namespace lazuli::data
