#include "tests/conformance/replay.h"

#include <fmt/format.h>

#include "lazuli/autograd/autograd.h"

namespace conformance {

using namespace lazuli;

namespace {

std::vector<Tensor> decode_all(const Json& list, Decoder& decoder) {
  std::vector<Tensor> tensors;
  for (const Json& j : list) tensors.push_back(j.is_null() ? Tensor() : decoder.tensor(j));
  return tensors;
}

std::string nothing_or_zeros(const Tensor& expected, const Tensor& got, Tolerance tolerance) {
  if (expected.defined() && got.defined()) return difference(expected, got, tolerance);
  const Tensor& there = expected.defined() ? expected : got;
  if (!there.defined() || all_zero(there)) return "";
  return got.defined() ? "a gradient, expected none" : "no gradient, expected one";
}

// The first-order gradients that depend on the inputs, with what is fed to each. One of zeros may be recorded as depending on nothing.
std::string match_second(const Json& c, const std::vector<Tensor>& first, const std::vector<Tensor>& given, std::vector<Tensor>& outputs,
                         std::vector<Tensor>& grads) {
  std::vector<size_t> depending, present, nonzero;
  for (size_t i = 0; i < first.size(); ++i) {
    if (!c["grads"][i].is_null()) present.push_back(i);
    if (!first[i].defined() || !first[i].requires_grad()) continue;
    depending.push_back(i);
    if (!all_zero(first[i])) nonzero.push_back(i);
  }
  const std::vector<size_t>& counted = depending.size() == given.size() ? depending : nonzero.size() == given.size() ? nonzero : present;
  if (counted.size() != given.size()) return fmt::format("{} of the gradients depend on the inputs, expected {}", depending.size(), given.size());
  for (size_t k = 0; k < counted.size(); ++k) {
    const Tensor& gradient = first[counted[k]];
    if (!gradient.defined() || !gradient.requires_grad()) continue;
    outputs.push_back(gradient);
    grads.push_back(given[k]);
  }
  return "";
}

}  // namespace

Tolerance tolerance_of(const Json& c, Tolerance otherwise) {
  if (!c.contains("tol")) return otherwise;
  return {c["tol"][0].get<double>(), c["tol"][1].get<double>()};
}

std::vector<Tensor> flatten(const std::vector<Value>& results) {
  std::vector<Tensor> tensors;
  for (const Value& v : results) {
    if (v.is_tensor()) {
      tensors.push_back(v.to_tensor());
    } else if (v.kind() == Value::Kind::List) {
      std::vector<Tensor> inner = flatten(v.to_list());
      tensors.insert(tensors.end(), inner.begin(), inner.end());
    }
  }
  return tensors;
}

std::string gradient_difference(const Json& c, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const Json& expected,
                                Decoder& decoder, Tolerance tolerance) {
  std::vector<Tensor> fed_outputs, grad_outputs = decode_all(c["grad_out"], decoder);
  for (const Json& j : c["grad_out"]) {
    auto of = size_t(j.value("of", 0));
    if (of >= outputs.size()) return fmt::format("output {} is missing", of);
    fed_outputs.push_back(outputs[of]);
  }
  const bool second = c.contains("grads2");
  if (second) {
    for (Tensor& g : grad_outputs) g.requires_grad_();
  }
  std::vector<Tensor> first = autograd::grad(fed_outputs, inputs, grad_outputs, second, second, true);
  for (size_t i = 0; i < expected.size(); ++i) {
    Tensor wanted = expected[i].is_null() ? Tensor() : decoder.tensor(expected[i]);
    std::string complaint = difference(wanted, first[i], tolerance);
    if (!complaint.empty()) return fmt::format("gradient {}: {}", i, complaint);
  }
  if (!second) return "";

  std::vector<Tensor> given = decode_all(c["grad2_in"], decoder), depending, grads;
  std::string complaint = match_second(c, first, given, depending, grads);
  if (!complaint.empty()) return complaint;
  std::vector<Tensor> sources = inputs;
  sources.insert(sources.end(), grad_outputs.begin(), grad_outputs.end());
  std::vector<Tensor> got(sources.size());
  if (!depending.empty()) got = autograd::grad(depending, sources, grads, false, false, true);
  for (size_t i = 0; i < c["grads2"].size(); ++i) {
    Tensor wanted = c["grads2"][i].is_null() ? Tensor() : decoder.tensor(c["grads2"][i]);
    complaint = nothing_or_zeros(wanted, got[i], tolerance);
    if (!complaint.empty()) return fmt::format("second-order gradient {}: {}", i, complaint);
  }
  return "";
}

}  // namespace conformance
