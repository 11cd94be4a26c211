#include "lazuli/ops/linalg/einsum.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Letters are 0..51; the dimensions that "..." stands for follow, counted from the last.
constexpr int kLetters = 52, kMost = 120;
constexpr int kEllipsis = -1;

int letter(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : -2; }

[[noreturn]] void refuse(std::string_view equation, std::string_view expected, std::string_view got) {
  fail("einsum", "equation", expected, std::string(got) + " in '" + std::string(equation) + "'");
}

std::vector<int> parse_term(std::string_view equation, std::string_view term) {
  std::vector<int> labels;
  for (size_t i = 0; i < term.size(); ++i) {
    if (term[i] == ' ') continue;
    if (term.substr(i, 3) == "...") {
      if (std::find(labels.begin(), labels.end(), kEllipsis) != labels.end()) refuse(equation, "one '...' a term", "two");
      labels.push_back(kEllipsis);
      i += 2;
    } else if (letter(term[i]) >= 0) {
      labels.push_back(letter(term[i]));
    } else {
      refuse(equation, "letters, '...', ',' and '->'", std::string(1, term[i]));
    }
  }
  return labels;
}

// One operand with its dimensions by name, each once.
struct Operand {
  Tensor tensor;
  std::vector<int> labels;
  int64_t place(int label) const {
    auto at = std::find(labels.begin(), labels.end(), label);
    return at == labels.end() ? -1 : at - labels.begin();
  }
  bool has(int label) const { return place(label) >= 0; }
  int64_t size(int label) const { return tensor.sizes()[place(label)]; }
  void sum_out(int label) {
    int64_t d = place(label);
    tensor = sum(tensor, d);
    labels.erase(labels.begin() + d);
  }
  // The dimensions in the order of `wanted`, which may name some that are not there: they get size 1.
  Tensor in_order(const std::vector<int>& wanted) const {
    Shape order;
    for (int label : wanted)
      if (has(label)) order.push_back(place(label));
    Tensor t = tensor.permute(order);
    for (size_t i = 0; i < wanted.size(); ++i)
      if (!has(wanted[i])) t = t.unsqueeze(int64_t(i));
    return t;
  }
};

Operand read_operand(std::string_view equation, const Tensor& t, const std::vector<int>& term, int64_t& ellipsis_rank) {
  int64_t named = 0;
  bool ellipsis = false;
  for (int label : term) (label == kEllipsis ? ellipsis = true : (++named, false));
  int64_t rest = t.dim() - named;
  if (rest < 0 || (rest > 0 && !ellipsis))
    refuse(equation, "as many letters as the operand of sizes " + to_string(t.sizes()) + " has dimensions", std::to_string(named));
  if (ellipsis) ellipsis_rank = std::max(ellipsis_rank, rest);
  std::vector<int> all;
  for (int label : term) {
    if (label != kEllipsis) all.push_back(label);
    else
      for (int64_t i = 0; i < rest; ++i) all.push_back(kLetters + int(rest - 1 - i));
  }
  Operand op{t, all};
  for (size_t i = 0; i < op.labels.size(); ++i) {  // repeated letters: the diagonal
    for (size_t j = i + 1; j < op.labels.size();) {
      if (op.labels[j] != op.labels[i]) {
        ++j;
        continue;
      }
      if (op.tensor.sizes()[int64_t(i)] != op.tensor.sizes()[int64_t(j)]) refuse(equation, "equal sizes for a repeated letter", to_string(t.sizes()));
      int label = op.labels[i];
      op.tensor = diagonal(op.tensor, 0, int64_t(i), int64_t(j));  // becomes the last
      op.labels.erase(op.labels.begin() + std::ptrdiff_t(j));
      op.labels.erase(op.labels.begin() + std::ptrdiff_t(i));
      op.labels.push_back(label);
      j = i + 1;
      if (i >= op.labels.size()) break;
    }
  }
  return op;
}

// The product of two, summed over the labels that are not `kept`.
Operand multiply(Operand a, Operand b, const std::vector<bool>& kept) {
  for (Operand* op : {&a, &b})
    for (std::vector<int> labels = op->labels; int label : labels) {
      const Operand& other = op == &a ? b : a;
      if (!kept[size_t(label)] && (!other.has(label) || (other.size(label) == 1 && op->size(label) != 1))) op->sum_out(label);
    }
  std::vector<int> batch, left, right, inner;
  for (int label : a.labels) {
    if (!b.has(label)) left.push_back(label);
    else if (kept[size_t(label)]) batch.push_back(label);
    else inner.push_back(label);
  }
  for (int label : b.labels)
    if (!a.has(label)) right.push_back(label);
  auto joined = [](std::vector<int> x, const std::vector<int>& y, const std::vector<int>& z) {
    x.insert(x.end(), y.begin(), y.end());
    x.insert(x.end(), z.begin(), z.end());
    return x;
  };
  Operand out;
  out.labels = joined(batch, left, right);
  if (inner.empty()) {
    out.tensor = mul(a.in_order(out.labels), b.in_order(out.labels));
    return out;
  }
  Shape sizes;
  int64_t count = 1, rows = 1, columns = 1, k = 1;
  Tensor x = a.in_order(joined(batch, left, inner)), y = b.in_order(joined(batch, inner, right));
  Shape x_sizes = x.sizes(), y_sizes = y.sizes();
  for (size_t i = 0; i < batch.size(); ++i) {
    int64_t n = a.size(batch[i]) == 1 ? b.size(batch[i]) : a.size(batch[i]);
    x_sizes[int64_t(i)] = y_sizes[int64_t(i)] = n;
    sizes.push_back(n);
    count *= n;
  }
  for (int label : left) sizes.push_back(a.size(label)), rows *= a.size(label);
  for (int label : inner) k *= a.size(label);
  for (int label : right) sizes.push_back(b.size(label)), columns *= b.size(label);
  out.tensor = bmm(x.expand(x_sizes).reshape({count, rows, k}), y.expand(y_sizes).reshape({count, k, columns})).reshape(sizes);
  return out;
}

}  // namespace

Tensor einsum(std::string_view equation, const std::vector<Tensor>& operands) {
  need_defined("einsum", operands, "operands");
  if (operands.empty()) fail("einsum", "operands", "at least one tensor", "none");
  size_t arrow = equation.find("->");
  std::string_view inputs = equation.substr(0, arrow);
  std::vector<std::vector<int>> terms;
  for (size_t from = 0;;) {
    size_t comma = inputs.find(',', from);
    terms.push_back(parse_term(equation, inputs.substr(from, comma == std::string_view::npos ? comma : comma - from)));
    if (comma == std::string_view::npos) break;
    from = comma + 1;
  }
  if (terms.size() != operands.size())
    refuse(equation, "a term for each of " + std::to_string(operands.size()) + " operands", std::to_string(terms.size()));

  int64_t ellipsis_rank = 0;
  std::vector<Operand> ops;
  for (size_t i = 0; i < operands.size(); ++i) ops.push_back(read_operand(equation, operands[i], terms[i], ellipsis_rank));
  std::vector<int> occurrences(kMost), last(kMost, -1);
  std::vector<int64_t> sizes(kMost, 1);
  for (const std::vector<int>& term : terms)
    for (int label : term)
      if (label != kEllipsis) ++occurrences[size_t(label)];
  for (size_t i = 0; i < ops.size(); ++i)
    for (int label : ops[i].labels) {
      int64_t n = ops[i].size(label), &known = sizes[size_t(label)];
      if (known == 1) known = n;
      else if (n != 1 && n != known) refuse(equation, "one size for a letter, or 1", std::to_string(known) + " and " + std::to_string(n));
      last[size_t(label)] = int(i);
    }

  std::vector<int> result;
  if (arrow != std::string_view::npos) {
    for (int label : parse_term(equation, equation.substr(arrow + 2))) {
      if (label == kEllipsis) {
        for (int64_t i = ellipsis_rank; i-- > 0;) result.push_back(kLetters + int(i));
        continue;
      }
      if (std::find(result.begin(), result.end(), label) != result.end()) refuse(equation, "each letter of the result once", "one twice");
      if (last[size_t(label)] < 0) refuse(equation, "letters of the operands in the result", "another one");
      result.push_back(label);
    }
  } else {
    for (int64_t i = ellipsis_rank; i-- > 0;) result.push_back(kLetters + int(i));
    for (int label = 0; label < kLetters; ++label)
      if (occurrences[size_t(label)] == 1) result.push_back(label);
  }
  std::vector<bool> wanted(kMost);
  for (int label : result) wanted[size_t(label)] = true;

  Operand out = ops[0];
  for (size_t i = 1; i < ops.size(); ++i) {
    std::vector<bool> kept = wanted;
    for (int label = 0; label < kMost; ++label)
      if (last[size_t(label)] > int(i)) kept[size_t(label)] = true;
    out = multiply(std::move(out), std::move(ops[i]), kept);
  }
  for (std::vector<int> labels = out.labels; int label : labels)
    if (!wanted[size_t(label)]) out.sum_out(label);
  return out.in_order(result);
}

void register_einsum(OpTable& table) {
  table.add("einsum(str equation, Tensor[] *operands) -> Tensor", &einsum);
  table.add(
      "einsum(Tensor[] operands, str equation) -> Tensor",
      +[](const std::vector<Tensor>& operands, std::string_view equation) { return einsum(equation, operands); });
}

}  // namespace lazuli
