#include <algorithm>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/pointwise/fused_text.h"
#include "lazuli/backends/gpu/pointwise/layout.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// Texts are kept for as long as the program runs, one for all equal ones: they are what Variants are known by.
const Source& kept_source(std::string text) {
  struct Kept {
    std::string text;
    Source source{"fused", nullptr, true};  // no contraction across what were separate calls
  };
  static auto* all = new std::unordered_map<std::string, std::unique_ptr<Kept>>;
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::unique_ptr<Kept>& kept = (*all)[text];
  if (!kept) {
    kept = std::make_unique<Kept>();
    kept->text = std::move(text);
    kept->source.text = kept->text.c_str();
  }
  return kept->source;
}

// A program as it runs here: its pointwise part, whose outputs are those that are not reduced and then what is reduced, by the reduce slot.
struct Prepared {
  struct Reduction {
    ReduceOp op;
    int output, from;  // of the slot, of the pointwise part
  };
  FusedProgram pointwise;
  std::vector<int> outputs;  // of the slot, for the first of the pointwise part
  std::vector<Reduction> reductions;
  std::vector<DType> dtypes;  // that its text has
  const Source* source = nullptr;

  explicit Prepared(const FusedProgram& program) {
    std::vector<int> moved;  // the numbers that values have without the reductions
    for (int i = 0; i < program.input_count(); ++i) moved.push_back(pointwise.input(program.dtype_of(i)));
    std::vector<int> reduced;
    for (int i = 0; i < program.step_count(); ++i)
      moved.push_back(program.step(i).kind == FusedStep::Kind::Reduce ? -1 : pointwise.repeat(program.step(i), moved));
    const auto kept = [&](int value) {
      for (int k = 0; k < pointwise.output_count(); ++k)
        if (pointwise.output_value(k) == value) return k;
      return pointwise.output(value);
    };
    for (int k = 0; k < program.output_count(); ++k)
      if (const int v = program.output_value(k); !program.reduces(v)) {
        pointwise.output(moved[size_t(v)]);
        outputs.push_back(k);
      }
    for (int k = 0; k < program.output_count(); ++k) {
      const int v = program.output_value(k);
      if (!program.reduces(v)) continue;
      const FusedStep& step = program.step(v - program.input_count());
      int from = moved[step.operand[0]];
      if (from < pointwise.input_count()) return;  // an input as it is: nothing to fuse
      reductions.push_back({ReduceOp(step.code), k, kept(from)});
    }
    for (int v = 0; v < pointwise.value_count(); ++v)
      if (const DType t = pointwise.dtype_of(v); std::find(dtypes.begin(), dtypes.end(), t) == dtypes.end()) dtypes.push_back(t);
    if (std::string text = fused_text(pointwise); !text.empty()) source = &kept_source(std::move(text));
  }

  static std::shared_ptr<const Prepared> of(const FusedProgram& program) {
    static auto* all = new std::unordered_map<uint64_t, std::shared_ptr<const Prepared>>;
    static std::mutex mutex;
    constexpr size_t kMost = 1024;
    std::lock_guard lock(mutex);
    if (const auto there = all->find(program.id()); there != all->end()) return there->second;
    if (all->size() >= kMost) all->clear();
    return (*all)[program.id()] = std::make_shared<const Prepared>(program);
  }
};

bool run(const Prepared& prepared, const std::vector<const Tensor*>& operands) {
  const Layout layout(operands);
  if (!layout.fits()) return false;
  const Device device = operands[0]->device();
  const int items = driver_of(device).is_cpu(device.index) ? 1 : 4;
  Variant v(*prepared.source, "fused", device);
  layout.describe(v);
  v.define("ITEMS", items);
  for (const DType t : prepared.dtypes) v.type(fused_type(t), t);
  Arguments arguments;
  for (const Tensor* t : operands) arguments.buffer(*t);
  layout.pass_count(arguments);
  layout.pass_geometry(arguments);
  v.run({(layout.numel() + 128 * items - 1) / (128 * items), 128}, arguments);
  return true;
}

void fused(Tensor& out0, Tensor& out1, Tensor& out2, Tensor& out3, Tensor& out4, Tensor& out5, Tensor& out6, Tensor& out7,
           std::span<const Tensor> inputs, const FusedProgram& program) {
  Tensor* const outputs[] = {&out0, &out1, &out2, &out3, &out4, &out5, &out6, &out7};
  const Tensor& like = inputs.empty() ? out0 : inputs[0];
  const std::shared_ptr<const Prepared> prepared = Prepared::of(program);
  const auto separately = [&] { fused_kernel.without_kernel(like.device(), out0, out1, out2, out3, out4, out5, out6, out7, inputs, program); };
  if (!prepared->source || like.numel() == 0) return separately();
  std::vector<const Tensor*> operands;
  for (const int k : prepared->outputs) operands.push_back(outputs[k]);
  std::vector<Tensor> reduced;
  for (int k = int(operands.size()); k < prepared->pointwise.output_count(); ++k)
    reduced.push_back(new_tensor(like.sizes(), prepared->pointwise.dtype_of(prepared->pointwise.output_value(k)), like.device()));
  for (const Tensor& t : reduced) operands.push_back(&t);
  for (const Tensor& t : inputs) operands.push_back(&t);
  if (!run(*prepared, operands)) return separately();
  for (const Prepared::Reduction& r : prepared->reductions) reduce_kernel(like.device(), r.op, *outputs[r.output], *operands[size_t(r.from)]);
}

}  // namespace

void register_fused(DeviceType type) { fused_kernel.set(type, &fused); }

}  // namespace lazuli::gpu
