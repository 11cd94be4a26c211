#include "lazuli/nn/module/summary.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_set>

#include "lazuli/nn/module/dry_run.h"

namespace lazuli::nn {

namespace {

int64_t bytes_of(const Tensor& t) { return t.numel() * item_size(t.dtype()); }

template <class T>
Summary run(Module& model, const T& input) {
  detail::Materializing dry(model);
  dry.call(dry.meta(input));
  Summary s;
  auto names = model.named_modules();
  std::unordered_set<const TensorBody*> counted;
  const auto& seen = dry.seen();
  for (size_t i = 0; i < seen.size(); ++i) {
    const auto& call = seen[i];
    SummaryLine line;
    for (auto& [path, module] : names)
      if (module == call.module) line.path = path;
    line.class_name = call.module->class_name();
    line.depth = call.depth;
    if (!call.outputs.empty()) line.output = call.outputs[0];
    for (const Tensor& p : call.module->parameters(false))
      if (counted.insert(p.body()).second) line.parameters += p.numel();
    bool is_leaf = i + 1 == seen.size() || seen[i + 1].depth <= call.depth;
    if (is_leaf)
      for (const Shape& out : call.outputs) s.output_bytes += out.numel() * item_size(dry.dtype());
    s.lines.push_back(std::move(line));
  }
  for (const Tensor& p : model.parameters()) {
    if (p.body()->uninitialized) continue;  // of a module that was not called
    s.parameters += p.numel();
    if (p.requires_grad()) s.trainable += p.numel();
    s.parameter_bytes += bytes_of(p);
  }
  for (const Tensor& b : model.buffers())
    if (!b.body()->uninitialized) s.buffer_bytes += bytes_of(b);
  return s;
}

std::string grouped(int64_t n) {
  std::string digits = std::to_string(n), text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}
std::string mib(int64_t bytes) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.2f MiB", double(bytes) / (1024 * 1024));
  return buffer;
}

}  // namespace

Summary summarize(Module& model, const Shape& input) { return run(model, input); }
Summary summarize(Module& model, const Tensor& input) { return run(model, input); }
std::string summary(Module& model, const Shape& input) { return to_string(run(model, input)); }
std::string summary(Module& model, const Tensor& input) { return to_string(run(model, input)); }

std::string to_string(const Summary& s) {
  std::vector<std::array<std::string, 3>> rows{{"Layer", "Output shape", "Parameters"}};
  std::vector<std::string> callers;  // paths of the calls that the line is in
  for (const SummaryLine& line : s.lines) {
    callers.resize(size_t(line.depth));
    std::string name = line.path, above = callers.empty() ? "" : callers.back();
    // As the caller sees it: what stands in a list of its has the list's name, too.
    if (!above.empty() && name.starts_with(above + ".")) name = name.substr(above.size() + 1);
    callers.push_back(line.path);
    rows.push_back({std::string(size_t(2 * line.depth), ' ') + (name.empty() ? "" : name + ": ") + line.class_name, to_string(line.output),
                    line.parameters ? grouped(line.parameters) : "-"});
  }
  size_t widths[3] = {};
  for (auto& row : rows)
    for (size_t c = 0; c < 3; ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string rule(widths[0] + widths[1] + widths[2] + 4, '-'), text;
  for (size_t r = 0; r < rows.size(); ++r) {
    auto& [name, shape, count] = rows[r];
    text += name + std::string(widths[0] - name.size() + 2, ' ') + shape + std::string(widths[1] - shape.size() + 2 + widths[2] - count.size(), ' ') +
            count + "\n";
    if (r == 0) text += rule + "\n";
  }
  text += rule + "\n";
  text += "Parameters: " + grouped(s.parameters) + " (" + grouped(s.trainable) + " trainable), " + mib(s.parameter_bytes) + "\n";
  text += "Buffers: " + mib(s.buffer_bytes) + "\n";
  text += "Outputs of one forward: " + mib(s.output_bytes) + "\n";
  return text;
}

}  // namespace lazuli::nn
