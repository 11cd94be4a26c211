#include "lazuli/distributed/module_state.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed::detail {
namespace {

constexpr int64_t kTogether = 1 << 18;  // bytes of a tensor: a larger one is a message of its own, without a copy

std::string text_of(const std::vector<StateDict::Entry>& entries) {
  std::string text;
  for (const auto& [entry, t] : entries) text += entry + " " + std::string(name(t.dtype())) + " " + to_string(t.sizes()) + "\n";
  return text;
}

}  // namespace

void check_same_parameters(const char* op, const std::vector<StateDict::Entry>& parameters, const ProcessGroup& group) {
  const std::vector<std::string> all = all_gather_text(text_of(parameters), group);
  const std::string& first = all[0];
  size_t other = 0;
  while (other < all.size() && all[other] == first) ++other;
  if (other == all.size()) return;
  const std::string& theirs = all[other];
  size_t line = 0;
  for (size_t at = 0; at < theirs.size() && at < first.size() && theirs[at] == first[at]; ++at)
    if (theirs[at] == '\n') line = at + 1;
  auto rest = [&](const std::string& text) {
    return line < text.size() ? text.substr(line, text.find('\n', line) - line) : std::string("nothing more");
  };
  fail(ErrorKind::State, op, "module", "the same parameters on every rank, as rank 0's " + rest(first),
       rest(theirs) + " on rank " + std::to_string(other));
}

void broadcast_from_first(const std::vector<Tensor>& tensors, const ProcessGroup& group) {
  no_grad guard;
  struct Together {
    std::vector<Tensor> tensors, flat;
    Tensor message;
  };
  std::vector<Together> groups;
  std::vector<Work> works;
  for (const Tensor& t : tensors) {
    if (t.numel() == 0) continue;
    if (t.nbytes() > kTogether) {
      works.push_back(broadcast_async(t, 0, group));
      continue;
    }
    auto at = groups.begin();
    while (at != groups.end() && !(at->tensors[0].dtype() == t.dtype() && at->tensors[0].device() == t.device())) ++at;
    if (at == groups.end()) at = groups.insert(at, Together());
    at->tensors.push_back(t);
    at->flat.push_back(alias(t).reshape({-1}));
  }
  for (Together& g : groups) {
    g.message = cat(g.flat);
    works.push_back(broadcast_async(g.message, 0, group));
  }
  for (Work& w : works) w.wait();
  if (get_rank(group) == 0) return;
  for (const Together& g : groups) {
    int64_t place = 0;
    for (const Tensor& t : g.tensors) {
      alias(t).copy_(g.message.slice(0, place, place + t.numel()).view(t.sizes()));
      place += t.numel();
    }
  }
}

}  // namespace lazuli::distributed::detail
