#pragma once
#include <vector>

#include "lazuli/core/slots/codes.h"
#include "lazuli/record/frozen/contracts.h"

/// Who reads and writes which buffer of a list: what passes look at.
namespace lazuli::recording {

/// What may become part of the convolution or the product before it.
bool is_activation(UnaryOp op);

struct Use {
  size_t call;
  bool reads, writes;
};

class Uses {
 public:
  explicit Uses(const StepList& list) : of_(list.buffers.size()), outputs_(list.buffers.size()) {
    for (size_t i = 0; i < list.calls.size(); ++i) {
      const ListedCall& call = list.calls[i];
      for (size_t a = 0; a < call.arguments.size(); ++a)
        for (const BufferView& v : call.arguments[a].views)
          if (v.defined()) {
            const bool output = call.arguments[a].kind == SlotArgument::Kind::Output, only_read = output && only_reads_output(call, a);
            add(v.buffer, i, !output || reads_output(call, a), output && !only_read);
          }
    }
    for (const BufferView& v : list.outputs)
      if (v.defined()) outputs_[size_t(v.buffer)] = true;
  }
  /// In order of the calls, each call once.
  const std::vector<Use>& of(int32_t buffer) const { return of_[size_t(buffer)]; }
  bool is_output(int32_t buffer) const { return outputs_[size_t(buffer)]; }
  /// Whether a call after `first` and before `last` writes it.
  bool written_between(int32_t buffer, size_t first, size_t last) const {
    for (const Use& u : of(buffer))
      if (u.writes && u.call > first && u.call < last) return true;
    return false;
  }
  bool read_after(int32_t buffer, size_t call) const {
    for (const Use& u : of(buffer))
      if (u.reads && u.call > call) return true;
    return is_output(buffer);
  }

 private:
  void add(int32_t buffer, size_t call, bool reads, bool writes) {
    std::vector<Use>& all = of_[size_t(buffer)];
    if (all.empty() || all.back().call != call) all.push_back({call, false, false});
    all.back().reads |= reads;
    all.back().writes |= writes;
  }
  std::vector<std::vector<Use>> of_;
  std::vector<bool> outputs_;
};

}  // namespace lazuli::recording
