// A fused program over tensors: its loops run over pieces of all elements that fit into the cache, in threads' shares. Inputs and outputs that are dense along the way are read and written
// where they lie; others go through registers.
#include "lazuli/backends/cpu/pointwise/fused.h"

#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/pointwise/staging.h"
#include "lazuli/backends/cpu/pointwise/stream.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kMemory = 160 << 10;  // bytes of a thread's registers, at most
constexpr int64_t kCached = 48 << 10;   // what they take where pieces can be chosen
constexpr int64_t kLeastPiece = 32, kMostPiece = 2048;
constexpr int64_t kGathered = 512;  // where rows are short: a repeated one is laid out that often

// Reading along one dimension and writing along another misses the cache at each element.
bool reads_across(const FusedPlan& plan, int k) {
  constexpr int64_t kLarge = 1 << 16;
  return plan.numel >= kLarge && plan.operand[k].stride[0] != 0 && transposed_along(plan, k) != 0;
}

}  // namespace

FusedRun::FusedRun(const FusedCode& code, std::span<Tensor* const> outputs, std::span<const Tensor> inputs) : code_(code) {
  const Tensor* all[kFusedOperands];
  int count = 0;
  const bool reduces = !code.reductions.empty();
  bool dense = true;
  const Shape* sizes = nullptr;
  Tensor row_major;
  if (reduces) {
    row_major = alias(inputs[0], inputs[0].sizes(), contiguous_strides(inputs[0].sizes()), 0);  // gives the order, and is not looked at
    all[count++] = &row_major;
  }
  first_output_ = count;
  for (size_t k = 0; k < outputs.size(); ++k) {
    const bool reduced = std::any_of(code.reductions.begin(), code.reductions.end(), [&](const auto& r) { return r.output == k; });
    if (reduced) continue;
    operand_[count].place = code.output_place[k];
    all[count++] = outputs[k];
  }
  first_input_ = count;
  for (size_t i = 0; i < inputs.size(); ++i) {
    operand_[count].place = uint8_t(i);
    all[count++] = &inputs[i];
  }
  count_ = count;
  sizes = &all[0]->sizes();
  numel_ = all[0]->numel();
  for (int k = 0; k < count; ++k) dense &= all[k]->is_contiguous();
  if (!dense) plan(all, *sizes);
  place_operands(all);
}

void FusedRun::plan(const Tensor** all, const Shape& sizes) {
  plan_.emplace(*all[0], all + 1, count_ - 1);
  for (int k = first_input_; k < count_; ++k) {
    if (!reads_across(*plan_, k)) continue;
    turned_.push_back(new_strided(sizes, all[0]->strides(), all[k]->dtype()));
    copy_kernel(kCPU, turned_.back(), *all[k]);
  }
  if (turned_.empty()) return;
  for (int k = first_input_, turned = 0; k < count_; ++k)
    if (reads_across(*plan_, k)) all[k] = &turned_[size_t(turned++)];
  plan_.emplace(*all[0], all + 1, count_ - 1);
}

void FusedRun::place_operands(const Tensor* const* all) {
  by_rows_ = !plan_ || plan_->size[0] >= kShortRow || plan_->rank == 1;
  int registers = code_.registers;
  // What a reduction adds up in one go depends on the size of pieces, and that on registers: not on threads then.
  const int64_t each = code_.reductions.empty() ? numel_ / std::max(1, get_num_threads()) : numel_;
  for (int k = first_output_; k < count_; ++k) {
    Operand& o = operand_[k];
    o.item = all[k]->item_size();
    o.data = static_cast<char*>(all[k]->address());
    o.direct = !plan_ || plan_->operand[k].dense || (by_rows_ && plan_->operand[k].stride[0] == o.item);
    if (k >= first_input_) {
      if (plan_ && !o.direct) {
        o.constant = plan_->operand[k].scalar || !by_rows_;
        for (int d = 1; d < plan_->rank; ++d) o.constant &= plan_->operand[k].stride[d] == 0;
      }
    } else if (o.direct) {
      // In place it is written at the end, where a later call still reads what was there.
      bool in_place = false;
      for (int i = first_input_; i < count_; ++i) {
        if (all[i]->address() != o.data) continue;
        in_place = true;
        if (code_.places[operand_[i].place].last > code_.places[o.place].first) o.at_end = true;
      }
      o.streamed = !in_place && each * o.item >= kStreamedBytes;
    }
    if (!o.direct || o.at_end || o.streamed) o.reg = int8_t(registers++);
  }
  const int64_t fit = kCached / (std::max(registers, 1) * code_.max_item);
  piece_ = std::clamp(fit / 64 * 64, kLeastPiece, kMostPiece);
  if (registers == 0) piece_ = kMostPiece;
  if (!by_rows_) {
    const int64_t row = plan_->size[0];
    piece_ = std::min(piece_, kGathered) / row * row;
    if (piece_ == 0) piece_ = row;  // of less than kShortRow
  }
  register_bytes_ = (std::min(piece_, std::max<int64_t>(numel_, 1)) * code_.max_item + 63) / 64 * 64;
}

namespace {

// One thread's share.
class Worker {
 public:
  Worker(const FusedRun& run, char* memory) : run_(run), code_(run.code_), plan_(run.plan_ ? &*run.plan_ : nullptr), memory_(memory) {
    for (size_t p = 0; p < code_.places.size(); ++p)
      if (code_.places[p].reg >= 0) place_[p] = reg(code_.places[p].reg);
    const int64_t most = std::min(run.piece_, run.numel_);
    for (const FusedCode::Number& n : code_.numbers) {
      const DType dtype = code_.places[n.place].dtype;
      store_scalar(place_[n.place], dtype, n.value);
      spread(place_[n.place], item_size(dtype), most);
    }
  }

  void run(int64_t begin, int64_t end, const FusedRun::Sink* sink) {
    if (!plan_) {
      for (int64_t position = begin; position < end; position += run_.piece_) {
        const int64_t n = std::min(run_.piece_, end - position);
        for (int k = run_.first_output_; k < run_.count_; ++k) {
          const FusedRun::Operand& o = run_.operand_[k];
          place_[o.place] = o.reg >= 0 ? reg(o.reg) : o.data + position * o.item;
        }
        compute(n);
        for (int k = run_.first_output_; k < run_.first_input_; ++k)
          if (const FusedRun::Operand& o = run_.operand_[k]; o.reg >= 0) write_dense(o, o.data + position * o.item, n);
        if (sink) (*sink)(position, n, place_);
      }
    } else {
      run_planned(begin, end, sink);
    }
    for (int k = run_.first_output_; k < run_.first_input_; ++k)
      if (run_.operand_[k].streamed) return end_stream();
  }

 private:
  char* reg(int number) const { return memory_ + number * run_.register_bytes_; }

  void compute(int64_t n) {
    for (const FusedCode::Call& c : code_.calls) {
      const void* in[3] = {place_[c.in[0]], place_[c.in[1]], place_[c.in[2]]};
      c.run(place_[c.out], in, n, c.params);
    }
  }

  void write_dense(const FusedRun::Operand& o, char* to, int64_t n) const {
    if (o.streamed) stream_copy(to, place_[o.place], n * o.item);
    else std::memcpy(to, place_[o.place], size_t(n * o.item));
  }

  void run_planned(int64_t begin, int64_t end, const FusedRun::Sink* sink) {
    FusedCursor at(*plan_, begin);
    for (int k = run_.first_input_; k < run_.count_; ++k)
      if (run_.operand_[k].constant) gather(k, at, std::min(end - begin, run_.piece_));
    for (int64_t position = begin; position < end;) {
      int64_t n = std::min(end - position, run_.piece_);
      if (run_.by_rows_) n = std::min(n, plan_->size[0] - at.index[0]);
      for (int k = run_.first_output_; k < run_.count_; ++k) {
        const FusedRun::Operand& o = run_.operand_[k];
        if (o.reg >= 0) {
          if (k >= run_.first_input_ && !o.constant) gather(k, at, n);
          else place_[o.place] = reg(o.reg);
        } else {
          place_[o.place] = where(k, at, position);
        }
      }
      compute(n);
      for (int k = run_.first_output_; k < run_.first_input_; ++k) {
        const FusedRun::Operand& o = run_.operand_[k];
        if (o.reg < 0) continue;
        if (o.direct) write_dense(o, where(k, at, position), n);
        else scatter(k, at, n);
      }
      if (sink) (*sink)(position, n, place_);
      position += n;
      if (run_.by_rows_) at.advance(n);
      else
        for (int64_t left = n; left > 0;) {
          const int64_t step = std::min(left, plan_->size[0] - at.index[0]);
          at.advance(step);
          left -= step;
        }
    }
  }

  // Where a direct operand's next elements lie.
  char* where(int k, const FusedCursor& at, int64_t position) const {
    const PlannedOperand& o = plan_->operand[k];
    return o.dense ? o.data + position * o.item : o.data + at.offset[k] + at.index[0] * o.item;
  }
  void gather(int k, const FusedCursor& at, int64_t n) {
    const FusedRun::Operand& o = run_.operand_[k];
    char* to = place_[o.place] = reg(o.reg);
    with_item_type(o.item, [&](auto u) {
      using U = decltype(u);
      for_each_row_piece(at, k, n, [&](const char* from, int64_t stride, int64_t done, int64_t length) {
        load_strided(reinterpret_cast<U*>(to) + done, from, stride, length);
      });
    });
  }
  void scatter(int k, const FusedCursor& at, int64_t n) const {
    const FusedRun::Operand& o = run_.operand_[k];
    const char* from = place_[o.place];
    with_item_type(o.item, [&](auto u) {
      using U = decltype(u);
      for_each_row_piece(at, k, n, [&](char* to, int64_t stride, int64_t done, int64_t length) {
        store_strided(to, stride, reinterpret_cast<const U*>(from) + done, length);
      });
    });
  }

  const FusedRun& run_;
  const FusedCode& code_;
  const FusedPlan* plan_;
  char* memory_;
  char* place_[256];
};

}  // namespace

void FusedRun::run(int64_t begin, int64_t end, const Sink* sink) const {
  alignas(64) char memory[kMemory];
  Worker(*this, memory).run(begin, end, sink);
}

namespace {

void fused(Tensor& out0, Tensor& out1, Tensor& out2, Tensor& out3, Tensor& out4, Tensor& out5, Tensor& out6, Tensor& out7,
           std::span<const Tensor> inputs, const FusedProgram& program) {
  Tensor* const outputs[] = {&out0, &out1, &out2, &out3, &out4, &out5, &out6, &out7};
  const std::span<Tensor* const> used(outputs, size_t(program.output_count()));
  const FusedCode& code = FusedCode::of(program);
  if (!code.reductions.empty()) {
    if (!run_fused_reduction(code, used, inputs)) fused_kernel.without_kernel(kCPU, out0, out1, out2, out3, out4, out5, out6, out7, inputs, program);
    return;
  }
  if (used.empty() || out0.numel() == 0) return;
  const FusedRun run(code, used, inputs);
  parallel_for(0, run.numel(), code.grain, [&](int64_t begin, int64_t end) { run.run(begin, end, nullptr); });
}

}  // namespace

void register_fused() { fused_kernel.set(DeviceType::CPU, &fused); }

}  // namespace lazuli::cpu
