// Every operator of the table, called with the small arguments of the coverage report: its gradients against differences.
#include "tests/conformance/gradients.h"
#include <set>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/ops.h"
#include "lazuli/ops/table/registry.h"
#include "lazuli/registry/probes.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

using registry::detail::ProbeCall;

std::vector<Tensor> tensors_in(const std::vector<Value>& values) {
  std::vector<Tensor> found;
  for (const Value& v : values) {
    if (v.is_tensor()) found.push_back(v.to_tensor());
    if (v.kind() == Value::Kind::List)
      for (const Tensor& t : tensors_in(v.to_list())) found.push_back(t);
  }
  return found;
}
bool is_input(const Tensor& t) { return t.dtype() == kFloat64; }

// The arguments with these in place of the inputs among them.
std::vector<Value> with_inputs(const std::vector<Value>& values, const std::vector<Tensor>& inputs, size_t& next) {
  std::vector<Value> out;
  for (const Value& v : values) {
    if (v.is_tensor() && is_input(v.to_tensor())) out.push_back(inputs.at(next++));
    else if (v.kind() == Value::Kind::List) out.push_back(Value(with_inputs(v.to_list(), inputs, next)));
    else out.push_back(v);
  }
  return out;
}

// What differences cannot show, or are not to.
bool is_exempt(const std::string& op) {
  static const std::set<std::string> exempt = {
      "detach",  // takes the history away: that is what it is for
      "bfloat16",
      "float",
      "half",               // rounds more coarsely than a step
      "ctc_loss",           // PyTorch's gradient is that of log_probs which sum to one
      "normal",             // draws: no gradient goes through the draw
      "as_strided_scatter"  // what is overwritten depends on the memory's layout
  };
  return exempt.count(op) || conformance::has_no_derivative(op);
}
// Away from corners, where elements are equal; zeros stay.
Tensor shaken(const Tensor& t) { return t.detach() + where(t.detach() == 0, zeros_like(t), rand_like(t) * 0.05); }

struct QuietWarnings {
  WarningHandler before = set_warning_handler([](const std::string&) {});
  ~QuietWarnings() { set_warning_handler(before); }
};

// What is wrong with the operator's gradient; `checked`: whether there was one to look at.
std::string complaint_of(const std::string& op, bool& checked) {
  for (const ProbeCall& probe : registry::detail::probe_calls(op, kFloat64)) {
    std::vector<Tensor> inputs;
    for (const Tensor& t : tensors_in(probe.args))
      if (is_input(t)) inputs.push_back(shaken(t));
    if (inputs.empty()) continue;
    const conformance::TensorFunction f = [&](const std::vector<Tensor>& x) {
      std::vector<Tensor> own;  // what an in-place operator writes to is no leaf
      for (const Tensor& t : x) own.push_back(op.ends_with("_") ? t.clone() : t);
      const GeneratorGuard same{Generator(1)};
      size_t next = 0;
      return tensors_in(call(op, with_inputs(probe.args, own, next), probe.kwargs));
    };
    try {
      no_grad guard;
      f(inputs);
    } catch (const Error&) { continue; }
    checked = true;
    return conformance::check_gradients(f, inputs, conformance::step_of(op)).complaint;
  }
  return "";
}

}  // namespace

TEST_CASE("every operator of the table has the gradient that differences show, or refuses to give one", "[registry]") {
  const QuietWarnings quiet;
  const GeneratorGuard noise{Generator(5)};
  size_t checked = 0;
  for (const std::string& op : list_ops()) {
    if (get_op_info(op).family == "user" || is_exempt(op)) continue;
    bool looked_at = false;
    const std::string complaint = complaint_of(op, looked_at);
    checked += looked_at;
    INFO(op);
    CHECK(complaint == "");
  }
  CHECK(checked > list_ops().size() * 3 / 4);
}
