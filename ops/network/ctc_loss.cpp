#include "lazuli/ops/network/ctc_loss.h"

#include <algorithm>
#include <limits>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/network/loss_support.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr const char* kOp = "ctc_loss";
constexpr double kNever = -1e30;  // log(0), but finite: -inf - -inf would be NaN in the gradient

// Targets with blanks between and around: [n, 2 s + 1], and whether a step may jump over the blank before each.
struct Labels {
  Tensor label, jump;
};
Labels extended_labels(const Tensor& targets, const Shape& lengths, int64_t classes, int64_t blank, DType dtype, Device device) {
  const int64_t n = lengths.size(), width = 2 * *std::max_element(lengths.begin(), lengths.end()) + 1;
  const Shape sizes{n, width};
  const Labels made{new_tensor(sizes, kInt64, device), new_tensor(sizes, dtype, device)};
  host_function(kOp, {made.label, made.jump}, {targets}, [=](std::span<Tensor> out, std::span<const Tensor> in) {
    const std::vector<int64_t> given = in[0].to_vector<int64_t>();
    std::vector<int64_t> label(size_t(n * width), blank), jump(size_t(n * width), 0);
    const bool padded = in[0].dim() == 2;
    int64_t total = 0;
    for (int64_t i = 0; i < n; ++i) {
      int64_t from = padded ? i * in[0].sizes()[1] : total, *row = label.data() + i * width, *may = jump.data() + i * width;
      for (int64_t k = 0; k < lengths[i]; ++k) {
        int64_t c = given[size_t(from + k)];
        if (c < 0 || c >= classes || c == blank)
          fail(ErrorKind::Index, kOp, "targets", "classes in [0, " + std::to_string(classes) + ") other than the blank", std::to_string(c));
        row[2 * k + 1] = c;
        may[2 * k + 1] = k > 0 && c != row[2 * k - 1];
      }
      total += lengths[i];
    }
    out[0].copy_(from_vector(std::move(label), sizes));
    out[1].copy_(from_vector(std::move(jump), sizes));
  });
  return made;
}

// [n, width] moved right by `step`, with kNever in front.
Tensor shifted(const Tensor& t, int64_t step) {
  int64_t n = t.sizes()[0], width = t.sizes()[1];
  Tensor front = full({n, std::min(step, width)}, kNever, t.dtype(), t.device());
  return step >= width ? front : cat({front, t.narrow(1, 0, width - step)}, 1);
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths, CTCLossOptions options) {
  if (const Casting cast{Cast::Float32, log_probs, targets}) return ctc_loss(cast(log_probs), cast(targets), input_lengths, target_lengths, options);
  need_defined("ctc_loss", log_probs, "log_probs", targets, "targets");
  check_members(kOp, options);
  const auto& [blank, reduction, zero_infinity] = options;
  if (!log_probs.is_floating_point()) fail(ErrorKind::Type, kOp, "log_probs", "a floating point dtype", name(log_probs.dtype()));
  if (log_probs.dim() != 3 && log_probs.dim() != 2) fail(kOp, "log_probs", "[t, n, c] or [t, c]", to_string(log_probs.sizes()));
  if (!is_integral(targets.dtype()) || targets.dtype() == kBool) fail(ErrorKind::Type, kOp, "targets", "integer classes", name(targets.dtype()));
  bool single = log_probs.dim() == 2;
  Tensor p = single ? log_probs.unsqueeze(1) : log_probs;
  int64_t steps = p.sizes()[0], n = p.sizes()[1], classes = p.sizes()[2];
  if (blank < 0 || blank >= classes) fail(ErrorKind::Index, kOp, "blank", "a class in [0, " + std::to_string(classes) + ")", std::to_string(blank));
  if (n == 0) fail(kOp, "log_probs", "at least one sample", to_string(log_probs.sizes()));
  if (input_lengths.size() != n) fail(kOp, "input_lengths", "one length for each of " + std::to_string(n) + " samples", to_string(input_lengths));
  if (target_lengths.size() != n) fail(kOp, "target_lengths", "one length for each of " + std::to_string(n) + " samples", to_string(target_lengths));
  int64_t total = 0, longest = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (input_lengths[i] < 0 || input_lengths[i] > steps)
      fail(kOp, "input_lengths", "lengths of at most " + std::to_string(steps), to_string(input_lengths));
    if (target_lengths[i] < 0) fail(kOp, "target_lengths", "lengths that are not negative", to_string(target_lengths));
    total += target_lengths[i], longest = std::max(longest, target_lengths[i]);
  }
  bool fits = targets.dim() == 2 ? targets.sizes()[0] == n && targets.sizes()[1] >= longest : targets.dim() == 1 && targets.numel() >= total;
  if (!fits) fail(kOp, "targets", "[n, s] or all one after another, for the target lengths " + to_string(target_lengths), to_string(targets.sizes()));
  DType dtype = p.dtype() == kFloat64 ? kFloat64 : kFloat32;
  p = to(p, dtype);
  if (p.device().is_meta())
    return losses::reduced(to(p.select(0, 0).select(1, 0), log_probs.dtype()),
                           single && reduction == Reduction::None ? Reduction::Sum : Reduction(reduction));

  Labels labels = extended_labels(targets, target_lengths, classes, blank, dtype, p.device());
  int64_t width = labels.label.sizes()[1];
  std::vector<int64_t> lengths = input_lengths.vec(), last, before;
  for (int64_t s : target_lengths) last.push_back(2 * s), before.push_back(std::max<int64_t>(2 * s - 1, 0));
  Tensor length = from_vector(std::move(lengths), {n, 1}).to(p.device()), end = from_vector(std::move(last), {n, 1}).to(p.device()),
         before_end = from_vector(std::move(before), {n, 1}).to(p.device());
  Tensor no_jump = labels.jump == Scalar(0), place = arange(width, {.dtype = kInt64, .device = p.device()});
  // alpha[n, s]: log of the probability of all beginnings of the alignment that end at label s
  Tensor alpha = where(place < Scalar(2), Scalar(0), Scalar(kNever)).to(dtype).unsqueeze(0).expand({n, width});
  for (int64_t t = 0; t < steps; ++t) {
    Tensor emitted = reduction::take_along(p.select(0, t), 1, labels.label), next = alpha;
    if (t > 0) next = logsumexp(stack({alpha, shifted(alpha, 1), masked_fill(shifted(alpha, 2), no_jump, Scalar(kNever))}, 0), 0);
    next = clamp_min(next + emitted, Scalar(kNever));
    alpha = where(length > Scalar(t), next, alpha);
  }
  Tensor both = reduction::take_along(alpha, 1, end),
         other = masked_fill(reduction::take_along(alpha, 1, before_end), end == Scalar(0), Scalar(kNever));
  Tensor loss = -logsumexp(stack({both, other}, 0), 0).squeeze(Shape{1});
  Tensor never = loss.detach() > Scalar(-kNever / 2), nothing;
  if (is_grad_enabled() && p.requires_grad()) {
    // Nothing in value. In the gradient it is what log_softmax, which log_probs come from, makes nothing of: PyTorch's gradient has it.
    Tensor inside = arange(steps, {.dtype = kInt64, .device = p.device()}).unsqueeze(1) < length.t();
    nothing = sum(masked_fill(exp(p) - exp(p.detach()), logical_not(inside).unsqueeze(2), Scalar(0)), Shape{0, 2});
    loss = loss + nothing;
  }
  loss = masked_fill(loss, never, Scalar(zero_infinity ? 0.0 : std::numeric_limits<double>::infinity()));
  // An infinite loss has a gradient of NaN, as in PyTorch: 0 times the slope of a square root at 0.
  if (nothing.defined() && !zero_infinity) loss = loss + sqrt(masked_fill(nothing, logical_not(never), Scalar(1))) * Scalar(0);
  if (reduction == Reduction::Mean) {
    std::vector<double> weights;
    for (int64_t s : target_lengths) weights.push_back(double(std::max<int64_t>(s, 1)));
    loss = loss / from_vector(std::move(weights), {n}).to(p.device(), dtype);
  }
  loss = to(loss, log_probs.dtype());
  return single && reduction == Reduction::None ? loss.reshape({}) : losses::reduced(loss, reduction);
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths, CTCLossOptions options) {
  if (const Casting cast{Cast::Float32, log_probs, targets, input_lengths, target_lengths})
    return ctc_loss(cast(log_probs), cast(targets), cast(input_lengths), cast(target_lengths), options);
  need_defined("ctc_loss", log_probs, "log_probs", targets, "targets", input_lengths, "input_lengths", target_lengths, "target_lengths");
  return ctc_loss(log_probs, targets, Shape(input_lengths.to_vector<int64_t>()), Shape(target_lengths.to_vector<int64_t>()), options);
}

void register_ctc_loss(OpTable& table) {
  using ByList = Tensor (*)(const Tensor&, const Tensor&, const Shape&, const Shape&, CTCLossOptions);
  using ByTensor = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, const Tensor&, CTCLossOptions);
  table.add(
      "ctc_loss(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, str reduction='mean', bool "
      "zero_infinity=False) -> Tensor",
      static_cast<ByList>(&ctc_loss));
  table.add(
      "ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank=0, str reduction='mean', bool "
      "zero_infinity=False) -> Tensor",
      static_cast<ByTensor>(&ctc_loss));
}

}  // namespace lazuli
