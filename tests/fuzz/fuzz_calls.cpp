// fuzz_calls [--calls N] [--seed S] [--start K] [--only OPERATOR] [--most-wrong M] [--here]: makes calls by name of every operator with arguments of every kind, goes backward from
// what comes out, and fails where anything but a result or an Error comes: another exception, a crash, 10 s, 2 GiB, or a change where none may be. `--here` is for a debugger.
#include <fmt/format.h>

#include <cstring>

#include "tests/fuzz/arguments.h"
#include "tests/fuzz/watch.h"

namespace {

using namespace fuzz;

constexpr int64_t kReadable = 1 << 20;  // elements that are read and gone backward from
constexpr int64_t kTensorBytes = int64_t(1) << 30;

struct Line {
  std::string name;
  Schema schema;
  bool writes = false;
};

std::vector<Line> lines_of(const std::string& only) {
  std::vector<Line> lines;
  for (const std::string& name : list_ops()) {
    if (!only.empty() && name != only) continue;
    for (const std::string& text : get_op_info(name).schemas) {
      Line line{name, parse_schema(text)};
      for (const SchemaArg& a : line.schema.args) line.writes |= a.type.in_place || a.name.starts_with("running_") || a.name == "max_norm";
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

bool has_data(const Tensor& t) { return t.defined() && !t.body()->uninitialized && t.is_cpu(); }

// What a tensor is, to be compared with later.
struct Snapshot {
  Tensor tensor, values;
  Shape sizes, strides;
  explicit Snapshot(const Tensor& t) : tensor(t) {
    if (!has_data(t)) return;
    values = t.detach().clone().contiguous(), sizes = t.sizes(), strides = t.strides();
  }
  bool holds() const {
    if (!values.defined()) return true;
    if (tensor.sizes() != sizes || tensor.strides() != strides || tensor.dtype() != values.dtype()) return false;
    const Tensor now = tensor.detach().clone().contiguous();
    return now.nbytes() == 0 || std::memcmp(now.address(), values.address(), size_t(now.nbytes())) == 0;
  }
};

void collect(const Value& value, std::vector<Tensor>& tensors) {
  if (value.is_tensor()) tensors.push_back(value.to_tensor());
  if (value.kind() == Value::Kind::List)
    for (const Value& item : value.to_list()) collect(item, tensors);
}

void go_backward(Random& random, Arguments& arguments, const std::vector<Tensor>& results) {
  std::vector<Tensor> outputs, weights, inputs;
  for (const Tensor& t : results) {
    if (!t.requires_grad() || t.numel() > kReadable || outputs.size() == 8) continue;
    outputs.push_back(t);
    weights.push_back(arguments.gradient(t));
  }
  if (outputs.empty()) return;
  if (random.chance(3)) {
    for (const Tensor& t : arguments.tensors()) {
      if (has_data(t) && random.chance(50)) {
        no_grad guard;
        t.add_(1);
      }
    }
  }
  for (const Tensor& t : arguments.tensors())
    if (t.defined() && !t.body()->uninitialized && t.requires_grad()) inputs.push_back(t);
  if (inputs.empty() || random.chance(50)) return autograd::backward(outputs, {.grad_tensors = weights});
  const bool twice = random.chance(60);
  std::vector<Tensor> first = autograd::grad(outputs, inputs, {.grad_outputs = weights, .create_graph = twice, .allow_unused = true}), again, ones;
  for (const Tensor& g : first) {
    if (!g.defined() || !g.requires_grad() || g.numel() > kReadable) continue;
    again.push_back(g);
    ones.push_back(ones_like(g));
  }
  if (twice && !again.empty()) autograd::backward(again, {.grad_tensors = ones});
}

struct Outcome {
  std::string problem;
  bool try_again = false;
};

Outcome one_call(const Line& line, Random& random, Note& note) {
  note.describe("making arguments for " + line.name);
  Arguments arguments(random, line.schema);
  const bool odd = !arguments.strict();
  std::vector<Value> positional;
  Kwargs named;
  bool by_name = false;
  for (const SchemaArg& argument : line.schema.args) {
    if (argument.has_default && random.chance(60)) {
      by_name = true;
      continue;
    }
    by_name |= argument.keyword_only || random.chance(5);
    Value value = arguments.of(argument);
    if (by_name) named.emplace_back(argument.name, value);
    else positional.push_back(value);
    if (odd && random.chance(1)) named.emplace_back(random.chance(50) ? argument.name : "no_such_argument", value);
  }
  if (odd && !positional.empty() && random.chance(1)) positional.pop_back();
  if (odd && random.chance(1)) positional.push_back(arguments.any());

  std::string text;
  for (const Value& v : positional) text += (text.empty() ? "" : ", ") + text_of(v);
  for (const auto& [name, v] : named) text += (text.empty() ? "" : ", ") + name + "=" + text_of(v);
  text = line.name + "(" + text + ")";
  note.describe(text);

  std::vector<Snapshot> before;
  for (const Tensor& t : arguments.tensors()) before.emplace_back(t);
  std::vector<Tensor> results;
  bool refused = false;
  try {
    for (const Value& v : call(line.name, positional, named)) collect(v, results);
  } catch (const Error&) { refused = true; }
  if (refused || !line.writes)
    for (const Snapshot& s : before)
      if (!s.holds()) return {refused ? "an Error came after something had changed" : "an argument changed that is not written to"};

  if (refused) return {"", !odd};
  note.describe("what came out of " + text);
  try {
    for (const Tensor& t : results)
      if (has_data(t) && t.numel() <= kReadable) to_string(t.detach().clone());
  } catch (const Error& error) { return {std::string("a result that cannot be read: ") + error.what()}; }
  note.describe("backward of " + text);
  try {
    go_backward(random, arguments, results);
  } catch (const Error&) {}
  return {};
}

std::string some_call(const std::vector<Line>& lines, uint64_t seed, uint64_t number, Note& note) {
  Random random(seed, number);
  const Line& line = random.pick(lines);
  for (int attempt = 0;; ++attempt) {
    const Outcome outcome = one_call(line, random, note);
    if (!outcome.try_again || attempt == 3) return outcome.problem;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Task task = fuzz::parse_task(argc, argv, "OPERATOR");
  const std::vector<Line> lines = lines_of(task.only);
  if (lines.empty()) {
    fmt::print(stderr, "no operator '{}'\n", task.only);
    return 2;
  }
  set_memory_limit(kTensorBytes);
  const uint64_t wrong =
      fuzz::watch(task, "fuzz_calls", [&](uint64_t number, fuzz::Note& note) { return some_call(lines, task.seed, number, note); });
  fmt::print("{} calls, seed {}, from {}: {} wrong\n", task.count, task.seed, task.start, wrong);
  return wrong ? 1 : 0;
}
