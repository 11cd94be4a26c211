#include "lazuli/autograd/gradcheck.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <ostream>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::autograd {

std::ostream& operator<<(std::ostream& out, const GradcheckReport& report) { return out << (report.passed ? std::string("passed") : report.text); }

namespace detail {
namespace {

using Values = std::vector<complex128>;

// Element i in row-major order as a 0-d tensor on the same memory.
Tensor element(const Tensor& t, int64_t i) {
  int64_t offset = t.storage_offset();
  for (int64_t d = t.dim(); d-- > 0; i /= t.sizes()[d]) offset += i % t.sizes()[d] * t.strides()[d];
  return alias(t, {}, {}, offset);
}
void put(const Tensor& t, int64_t i, complex128 value) {
  Tensor at = element(t, i);
  fill_kernel(t.device(), at, t.is_complex() ? Scalar(value) : Scalar(value.re));
}
Values values_of(const Tensor& t) { return t.to_vector<complex128>(); }

void check_inputs(const char* op, const std::vector<Tensor>& inputs) {
  bool any = false;
  for (const Tensor& t : inputs) {
    if (!t.defined() || !t.requires_grad()) continue;
    any = true;
    if (t.dtype() != kFloat64 && t.dtype() != kComplex128)
      fail(ErrorKind::Type, op, "inputs", "float64 or complex128 where gradients are checked", name(t.dtype()));
    for (int64_t d = 0; d < t.dim(); ++d)
      if (t.sizes()[d] > 1 && t.strides()[d] == 0) fail(op, "inputs", "elements with memory of their own", "an expanded tensor");
  }
  if (!any) fail(op, "inputs", "at least one tensor that requires grad", "none");
}

// Of element i in row-major order: "[0, 2]".
std::string place(const Tensor& t, int64_t i) {
  Shape indices = t.sizes();
  for (int64_t d = t.dim(); d-- > 0; i /= t.sizes()[d]) indices[d] = i % t.sizes()[d];
  return to_string(indices);
}

std::string show(complex128 v, bool complex) {
  char text[64];
  if (complex) std::snprintf(text, sizeof text, "%.9g%+.9gj", v.re, v.im);
  else std::snprintf(text, sizeof text, "%.9g", v.re);
  return text;
}

// A number of the outputs: an element, or the imaginary part of one.
struct Part {
  size_t output;
  int64_t element;
  bool imaginary;
};

struct Differences {
  size_t wrong = 0, checked = 0;
  double worst = -1;
  std::string text;  // about the worst
};

// Of the outputs and inputs of what is compared.
struct Names {
  std::function<std::string(size_t)> output = [](size_t i) { return fmt::format("output {}", i); };
  std::function<std::string(size_t)> input = [](size_t i) { return fmt::format("input {}", i); };
};

// What the tape says of a function at one place, and what its values beside that place say.
class Comparison {
 public:
  Comparison(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options)
      : f_(f), inputs_(inputs), options_(options) {
    {
      enable_grad record;
      outputs_ = f(inputs);
    }
    for (size_t o = 0; o < outputs_.size(); ++o) {
      if (!outputs_[o].defined() || !is_differentiable(outputs_[o].dtype())) continue;
      for (int64_t e = 0; e < outputs_[o].numel(); ++e)
        for (int part = 0; part <= int(outputs_[o].is_complex()); ++part) parts_.push_back({o, e, part == 1});
    }
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].defined() && inputs[i].requires_grad()) wanted_.push_back(inputs[i]), which_.push_back(i);
    ask_tape();
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const Values at = values_of(wanted_[i]);
      for (int64_t j = 0; j < wanted_[i].numel(); ++j) compare(i, j, at[size_t(j)]);
    }
  }

  GradcheckReport report(const Names& names) const {
    size_t wrong = 0, checked = 0;
    std::string lines;
    for (const auto& [pair, found] : by_pair_) {
      wrong += found.wrong, checked += found.checked;
      if (found.wrong)
        lines += fmt::format("\n  {} by {} of sizes {}: {} of {}, the worst: {}", names.output(pair.first), names.input(which_[pair.second]),
                             to_string(wanted_[pair.second].sizes()), found.wrong, found.checked, found.text);
    }
    if (!wrong) return {};
    return {false, fmt::format("{} of {} derivatives differ{}", wrong, checked, lines)};
  }

 private:
  void ask_tape() {
    for (const Part& p : parts_) {
      const Tensor& out = outputs_[p.output];
      std::vector<Tensor> grads(wanted_.size());
      if (out.requires_grad()) {
        Tensor seed = support::zeros(out.sizes(), out.dtype(), out.device());
        put(seed, p.element, p.imaginary ? complex128(0, 1) : complex128(1, 0));
        grads = grad({out}, wanted_, {seed}, true, false, true);
      }
      std::vector<Values>& gradients = tape_.emplace_back();
      for (size_t i = 0; i < wanted_.size(); ++i) gradients.push_back(grads[i].defined() ? values_of(grads[i]) : Values(size_t(wanted_[i].numel())));
    }
  }

  // The parts of the outputs for the inputs as they are now.
  std::vector<double> evaluate() const {
    no_grad unrecorded;
    std::vector<Tensor> now = f_(inputs_);
    std::vector<Values> all(now.size());
    for (size_t o = 0; o < now.size(); ++o)
      if (now[o].defined() && is_differentiable(now[o].dtype())) all[o] = values_of(now[o]);
    std::vector<double> values;
    for (const Part& p : parts_) {
      const complex128 v = all[p.output].at(size_t(p.element));
      values.push_back(p.imaginary ? v.im : v.re);
    }
    return values;
  }

  // The slope of each part along element j, or its imaginary part, by central differences.
  std::vector<double> slopes(const Tensor& x, int64_t j, complex128 at, bool imaginary) const {
    complex128 up = at, down = at;
    (imaginary ? up.im : up.re) += options_.eps;
    (imaginary ? down.im : down.re) -= options_.eps;
    put(x, j, up);
    std::vector<double> slope = evaluate();
    put(x, j, down);
    const std::vector<double> below = evaluate();
    put(x, j, at);
    for (size_t p = 0; p < slope.size(); ++p) slope[p] = (slope[p] - below[p]) / (2 * options_.eps);
    return slope;
  }

  // The derivatives of all parts with respect to element j, which is `at`, of wanted input i.
  void compare(size_t i, int64_t j, complex128 at) {
    const Tensor& x = wanted_[i];
    const std::vector<double> real = slopes(x, j, at, false),
                              imaginary = x.is_complex() ? slopes(x, j, at, true) : std::vector<double>(parts_.size());
    for (size_t p = 0; p < parts_.size(); ++p) {
      const complex128 numeric(real[p], imaginary[p]), tape = tape_[p][i].at(size_t(j));
      const double difference = std::hypot(numeric.re - tape.re, numeric.im - tape.im),
                   allowed = options_.atol + options_.rtol * std::hypot(numeric.re, numeric.im);
      Differences& pair = by_pair_[{parts_[p].output, i}];
      ++pair.checked;
      if (difference <= allowed) continue;
      ++pair.wrong;
      const double excess = std::isnan(difference) ? HUGE_VAL : difference / allowed;
      if (excess <= pair.worst) continue;
      pair.worst = excess;
      pair.text = fmt::format("element {}{} by element {}: the tape says {}, numerically it is {}, {:.3g} apart where {:.3g} is allowed",
                              place(outputs_[parts_[p].output], parts_[p].element), parts_[p].imaginary ? " (imaginary part)" : "", place(x, j),
                              show(tape, x.is_complex()), show(numeric, x.is_complex()), difference, allowed);
    }
  }

  const TensorFunction& f_;
  const std::vector<Tensor>& inputs_;
  const GradcheckOptions& options_;
  std::vector<Tensor> outputs_, wanted_;  // wanted: the inputs whose gradients are compared
  std::vector<size_t> which_;             // of the inputs each of them is
  std::vector<Part> parts_;
  std::vector<std::vector<Values>> tape_;                          // of each part: its gradient with respect to each wanted input
  std::map<std::pair<size_t, size_t>, Differences> by_pair_ = {};  // of an output and a wanted input
};

GradcheckReport compare(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options, const Names& names = {}) {
  return Comparison(f, inputs, options).report(names);
}

// The gradients of `f` for given gradients of its outputs, as a function of both.
struct GradientFunction final : TensorFunction {
  const TensorFunction& f;
  size_t inputs;
  std::vector<size_t> outputs;  // those that are differentiable
  GradientFunction(const TensorFunction& function, size_t count, std::vector<size_t> which) : f(function), inputs(count), outputs(std::move(which)) {}
  std::vector<Tensor> operator()(const std::vector<Tensor>& all) const override {
    enable_grad record;
    std::vector<Tensor> x(all.begin(), all.begin() + std::ptrdiff_t(inputs)), results = f(x), outs, wanted;
    for (size_t o : outputs) outs.push_back(results.at(o));
    for (const Tensor& t : x)
      if (t.defined() && t.requires_grad()) wanted.push_back(t);
    std::vector<Tensor> grads = grad(outs, wanted, {all.begin() + std::ptrdiff_t(inputs), all.end()}, true, true, true);
    for (size_t i = 0; i < grads.size(); ++i)
      if (!grads[i].defined()) grads[i] = support::zeros(wanted[i].sizes(), wanted[i].dtype(), wanted[i].device());
    return grads;
  }
};

}  // namespace

GradcheckReport gradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options) {
  check_inputs("gradcheck", inputs);
  return compare(f, inputs, options);
}

GradcheckReport gradgradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options) {
  check_inputs("gradgradcheck", inputs);
  std::vector<Tensor> all = inputs;
  std::vector<size_t> which;
  {
    enable_grad record;
    std::vector<Tensor> outputs = f(inputs);
    uint64_t state = options.seed * 0x9e3779b97f4a7c15u + 1;
    auto next = [&] {  // around 0.5, of either sign
      state = state * 6364136223846793005u + 1442695040888963407u;
      return (state >> 63 ? -0.5 : 0.5) + (state >> 62 & 1 ? -1.0 : 1.0) * double(state >> 12 & 0xffffffff) / 4294967296.0 * 0.25;
    };
    for (size_t o = 0; o < outputs.size(); ++o) {
      if (!outputs[o].defined() || !outputs[o].requires_grad()) continue;
      Tensor g = support::zeros(outputs[o].sizes(), outputs[o].dtype(), outputs[o].device());
      for (int64_t e = 0; e < g.numel(); ++e) {
        double re = next();
        put(g, e, complex128(re, g.is_complex() ? next() : 0));
      }
      g.requires_grad_();
      all.push_back(g);
      which.push_back(o);
    }
  }
  if (which.empty()) fail("gradgradcheck", "f", "at least one output that requires grad", "none");
  std::vector<size_t> wanted;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined() && inputs[i].requires_grad()) wanted.push_back(i);
  const Names names{[&](size_t i) { return fmt::format("the gradient of input {}", wanted[i]); },
                    [&](size_t i) {
                      return i < inputs.size() ? fmt::format("input {}", i)
                                               : fmt::format("the gradient given to output {}", which[i - inputs.size()]);
                    }};
  GradcheckReport report = compare(GradientFunction(f, inputs.size(), which), all, options, names);
  if (!report.passed) report.text = "second derivatives: " + report.text;
  return report;
}

}  // namespace detail
}  // namespace lazuli::autograd
