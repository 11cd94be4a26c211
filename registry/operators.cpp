#include "lazuli/registry/operators.h"

#include <cmath>
#include <map>
#include <mutex>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/registry/expression.h"

namespace lazuli::registry {
namespace {

// An elementwise operator of a program, of one or two operands.
struct Elementwise {
  std::string name;
  int operands = 1;
  std::optional<Expression> expression;
  std::vector<std::optional<Expression>> backward;  // one for each operand
  std::function<double(const double*)> function;

  Tensor operator()(const std::vector<Tensor>& given) const;
  Tensor by_function(const std::vector<Tensor>& x) const;
  Grads gradients(const std::vector<Tensor>& x, const Tensor& out, const Tensor& grad, Needs needs) const;
  bool has_gradient() const { return expression || backward[0]; }
};

Tensor Elementwise::by_function(const std::vector<Tensor>& x) const {
  const Device device = x[0].device();
  std::vector<Tensor> in;
  if (!device.is_cpu()) count_host_loop("registered_function", device);
  for (const Tensor& t : x) in.push_back(dense(moved(casted(t, kFloat64), kCPU)));
  Tensor wide = new_tensor(x[0].sizes(), kFloat64);
  double* y = wide.data_ptr<double>();
  const double* a = in[0].const_data_ptr<double>();
  const double* b = in.back().const_data_ptr<double>();
  parallel_for(0, wide.numel(), 4096, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const double values[2] = {a[i], b[i]};
      y[i] = function(values);
    }
  });
  return moved(casted(wide, x[0].dtype()), device);
}

Grads Elementwise::gradients(const std::vector<Tensor>& x, const Tensor& out, const Tensor& grad, Needs needs) const {
  Grads grads = Grads::undefined(x.size());
  if (backward[0]) {
    std::vector<Tensor> values{grad};
    values.insert(values.end(), x.begin(), x.end());
    values.push_back(out);
    for (size_t i = 0; i < x.size(); ++i)
      if (needs[i] && backward[i]) grads[i] = (*backward[i])(values);
    return grads;
  }
  // That of the expression, computed again; where the gradient itself is recorded, from the operands with their history.
  const bool recorded = modes.grad;
  std::vector<Tensor> leaves, wanted;
  for (size_t i = 0; i < x.size(); ++i) {
    leaves.push_back(recorded && x[i].requires_grad() ? x[i] : x[i].detach());
    if (!needs[i]) continue;
    if (!leaves.back().requires_grad()) leaves.back().requires_grad_();
    wanted.push_back(leaves.back());
  }
  enable_grad guard;
  const Tensor again = (*expression)(leaves);
  std::vector<Tensor> found = autograd::grad({again}, wanted, {.grad_outputs = {grad}, .create_graph = recorded, .allow_unused = true});
  size_t next = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (needs[i]) grads[i] = found[next++];
  return grads;
}

Tensor Elementwise::operator()(const std::vector<Tensor>& given) const {
  if (int(given.size()) != operands)
    fail(errors::kernel_signature_mismatch_error, name, "", std::to_string(operands) + " tensors", std::to_string(given.size()));
  std::vector<Tensor> x;
  for (const Tensor& t : given) need_defined(name.c_str(), t);
  for (const Tensor& t : given) refuse_complex(name.c_str(), t);
  const DType dtype = float_type(given.size() == 2 ? result_type(given[0], given[1]) : given[0].dtype());
  const Shape sizes = given.size() == 2 ? broadcast_shapes(given[0].sizes(), given[1].sizes(), name.c_str()) : given[0].sizes();
  const Device device = given.size() == 2 ? common_device(name.c_str(), {&given[0], &given[1]}) : given[0].device();
  for (const Tensor& t : given) x.push_back(t.to(device, dtype).expand(sizes));
  if (device.is_meta()) return new_tensor(sizes, dtype, device);
  const bool host = function && (device.is_cpu() || !expression);
  if (!host && !backward[0]) return (*expression)(x);  // it records itself
  auto tape = Tape::recording(x);
  if (host && tape && !has_gradient())
    fail(errors::autograd_not_registered_error, ErrorKind::NotSupported, name, "",
         "inputs that do not require grad, or an expression or backward at its registration", "one that does");
  Tensor out = [&] {
    no_grad guard;
    return host ? by_function(x) : (*expression)(x);
  }();
  if (tape)
    tape.record(
        "registered", out,
        [self = *this, a = tape.save(x[0]), b = tape.save(x.back()), o = tape.save_output(out), n = x.size()](const Tensor& grad, Needs needs) {
          std::vector<Tensor> operands{a.get()};
          if (n == 2) operands.push_back(b.get());
          return self.gradients(operands, o.get(), grad, needs);
        });
  return out;
}

// Points at which an operator is held against itself; away from 0 and 1, where formulas have corners.
std::vector<Tensor> points(int operands) {
  const std::vector<double> x{0.3, 0.7, 1.4, 2.2, -0.4, -1.3}, y{0.9, 0.25, 1.7, 0.6, 1.1, 0.45};
  std::vector<Tensor> all{from_span<double>(x)};
  if (operands == 2) all.push_back(from_span<double>(y));
  return all;
}

double difference(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) == std::isnan(b) ? 0 : 1;  // both outside of where it is defined
  return std::fabs(a - b) / std::max(1.0, std::max(std::fabs(a), std::fabs(b)));
}

void check(const Elementwise& op) {
  const std::vector<Tensor> x = points(op.operands);
  const auto values = [](const Tensor& t) { return t.detach().expand({6}).to_vector<double>(); };
  if (op.expression && op.function) {
    const std::vector<double> a = values((*op.expression)(x)), b = values(op.by_function(x));
    for (size_t i = 0; i < a.size(); ++i)
      if (difference(a[i], b[i]) > 1e-5)
        fail(errors::registration_failed_error, op.name, "function",
             "the expression's " + std::to_string(a[i]) + " at x = " + std::to_string(values(x[0])[i]), std::to_string(b[i]));
  }
  if (!op.backward[0]) return;
  const auto forward = [&](const std::vector<Tensor>& at) { return values(op.function ? op.by_function(at) : (*op.expression)(at)); };
  constexpr double step = 1e-6;
  const std::vector<double> out = forward(x);
  for (int k = 0; k < op.operands; ++k) {
    if (!op.backward[size_t(k)]) continue;
    std::vector<Tensor> up = x, down = x, given{from_span<double>(std::vector<double>(6, 1.0))};
    up[size_t(k)] = x[size_t(k)] + step, down[size_t(k)] = x[size_t(k)] - step;
    given.insert(given.end(), x.begin(), x.end());
    given.push_back(from_span<double>(out));
    const std::vector<double> said = values((*op.backward[size_t(k)])(given)), a = forward(up), b = forward(down);
    for (size_t i = 0; i < said.size(); ++i)
      if (difference(said[i], (a[i] - b[i]) / (2 * step)) > 1e-3)
        fail(errors::autograd_gradient_mismatch_error, op.name, "backward",
             "about " + std::to_string((a[i] - b[i]) / (2 * step)) + " at x = " + std::to_string(values(x[0])[i]), std::to_string(said[i]));
  }
}

FunctionHandle add(Elementwise op, bool checked, bool replace) {
  const char* function = op.operands == 1 ? "register_unary_op" : "register_binary_op";
  if (!op.expression && !op.function) fail(errors::invalid_config_error, function, "expression", "an expression or a function", "neither");
  if (has_op(op.name) && get_op_info(op.name).family != "user") {
    const OpKind kind = get_op_kind(op.name);
    if (replace && kind != (op.operands == 1 ? OpKind::Unary : OpKind::Binary))
      fail(errors::op_kind_mismatch_error, function, "name", "an operator of " + std::to_string(op.operands) + " tensors",
           std::string(name_of(kind)) + " '" + op.name + "'");
  }
  if (checked) check(op);
  const std::string schema = op.name + (op.operands == 1 ? "(Tensor self) -> Tensor" : "(Tensor|Scalar self, Tensor|Scalar other) -> Tensor");
  return lazuli::register_function(
      schema,
      [op = std::move(op)](std::vector<Value>& args) {
        std::vector<Tensor> operands;
        for (const Value& arg : args) operands.push_back(arg.to_tensor());
        return std::vector<Value>{Value(op(operands))};
      },
      replace);
}

std::optional<Expression> parsed(const std::string& text, const std::vector<std::string>& names) {
  return text.empty() ? std::nullopt : std::optional<Expression>(Expression(text, names));
}

}  // namespace

FunctionHandle register_unary_op(UnaryOpConfig config) {
  Elementwise op{config.name, 1, parsed(config.expression, {"x"}), {parsed(config.backward, {"grad", "x", "out"})}, {}};
  if (config.function) op.function = [f = std::move(config.function)](const double* x) { return f(x[0]); };
  return add(std::move(op), config.check, config.replace);
}

FunctionHandle register_binary_op(BinaryOpConfig config) {
  const std::vector<std::string> names{"grad", "x", "y", "out"};
  if (config.backward_x.empty() != config.backward_y.empty())
    fail(errors::invalid_config_error, "register_binary_op", config.backward_x.empty() ? "backward_x" : "backward_y",
         "a formula for each operand, or for none", "one");
  Elementwise op{config.name, 2, parsed(config.expression, {"x", "y"}), {parsed(config.backward_x, names), parsed(config.backward_y, names)}, {}};
  if (config.function) op.function = [f = std::move(config.function)](const double* x) { return f(x[0], x[1]); };
  return add(std::move(op), config.check, config.replace);
}

Tensor apply(std::string_view op, const std::vector<Tensor>& operands) {
  return call(op, std::vector<Value>(operands.begin(), operands.end())).at(0).to_tensor();
}

OpKind get_op_kind(std::string_view name) { return get_op_info(name).kind; }

}  // namespace lazuli::registry
