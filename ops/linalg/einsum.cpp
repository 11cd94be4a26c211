#include "lazuli/ops/linalg/einsum.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <optional>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/text_cache.h"
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

[[noreturn]] void refuse(std::string_view equation, std::string_view expected, std::string_view got, size_t place,
                         ErrorCode code = errors::einsum_error_invalid_equation) {
  fail(code, "einsum", "equation", expected, marked(got, equation, place));
}

// The dimensions that one operand's term, or the result's, names.
struct Term {
  std::vector<int> labels;
  std::vector<size_t> places;  // of each in the equation
  size_t begin = 0;
  size_t place_of(int label) const {
    const auto at = std::find(labels.begin(), labels.end(), label);
    return at == labels.end() ? begin : places[size_t(at - labels.begin())];
  }
};
struct Equation {
  std::string text;
  std::vector<Term> terms;
  std::optional<Term> result;
};

TextCache<Equation>& cache() {
  static auto* equations = new TextCache<Equation>;
  return *equations;
}

Term parse_term(std::string_view equation, size_t begin, size_t end) {
  Term term;
  term.begin = begin;
  for (size_t i = begin; i < end; ++i) {
    if (equation[i] == ' ') continue;
    term.places.push_back(i);
    if (equation.substr(i, 3) == "..." && i + 3 <= end) {
      if (std::find(term.labels.begin(), term.labels.end(), kEllipsis) != term.labels.end()) refuse(equation, "one '...' a term", "a second", i);
      term.labels.push_back(kEllipsis);
      i += 2;
    } else if (letter(equation[i]) >= 0) {
      term.labels.push_back(letter(equation[i]));
    } else {
      refuse(equation, "letters, '...', ',' and '->'", "'" + std::string(1, equation[i]) + "'", i);
    }
  }
  return term;
}

Equation parse(std::string_view text) {
  Equation out;
  out.text = text;
  const size_t arrow = text.find("->"), end = std::min(arrow, text.size());
  for (size_t from = 0;;) {
    const size_t comma = std::min(text.find(',', from), end);
    out.terms.push_back(parse_term(text, from, comma));
    if (comma >= end) break;
    from = comma + 1;
  }
  if (arrow == std::string_view::npos) return out;
  out.result = parse_term(text, arrow + 2, text.size());
  for (size_t i = 0; i < out.result->labels.size(); ++i) {
    const int label = out.result->labels[i];
    const size_t place = out.result->places[i];
    if (label == kEllipsis) continue;
    if (out.result->place_of(label) != place) refuse(text, "each letter of the result once", std::string("'") + text[place] + "' again", place);
    std::list<std::string> known;
    bool there = false;
    for (const Term& term : out.terms)
      for (size_t k = 0; k < term.labels.size(); ++k) {
        there |= term.labels[k] == label;
        if (term.labels[k] != kEllipsis) known.emplace_back(1, text[term.places[k]]);
      }
    if (!there)
      refuse(text, "letters of the operands in the result" + nearest_hint(std::string(1, text[place]), known), std::string("'") + text[place] + "'",
             place, errors::einsum_error_unknown_output_index);
  }
  return out;
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

Operand read_operand(std::string_view equation, const Tensor& t, const Term& term, int64_t& ellipsis_rank) {
  int64_t named = 0;
  bool ellipsis = false;
  for (int label : term.labels) (label == kEllipsis ? ellipsis = true : (++named, false));
  int64_t rest = t.dim() - named;
  if (rest < 0 || (rest > 0 && !ellipsis))
    refuse(equation, "as many letters as the operand of sizes " + to_string(t.sizes()) + " has dimensions", std::to_string(named), term.begin,
           errors::einsum_error_subscript_rank_mismatch);
  if (ellipsis) ellipsis_rank = std::max(ellipsis_rank, rest);
  std::vector<int> all;
  for (int label : term.labels) {
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
      if (op.tensor.sizes()[int64_t(i)] != op.tensor.sizes()[int64_t(j)])
        refuse(equation, "equal sizes for a repeated letter", "sizes " + to_string(t.sizes()), term.place_of(op.labels[i]),
               errors::einsum_error_dimension_mismatch);
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

// The order in which products cost least, counted in multiplications: the best of all for a few operands (over their subsets), else the pair that is cheapest at each step.
class Order {
 public:
  using Labels = std::bitset<size_t(kMost)>;
  Order(const std::vector<Operand>& ops, const std::vector<bool>& wanted, const std::vector<int64_t>& sizes) : sizes_(sizes) {
    for (int label = 0; label < kMost; ++label) wanted_[size_t(label)] = wanted[size_t(label)];
    for (const Operand& op : ops) {
      Labels all;
      for (int label : op.labels) all.set(size_t(label));
      labels_.push_back(all);
    }
  }
  // Pairs of positions to multiply, the product taking the end of the list.
  std::vector<std::pair<size_t, size_t>> pairs() const {
    if (labels_.size() == 2) return {{0, 1}};
    return labels_.size() <= 7 ? best() : greedy();
  }

 private:
  double count(const Labels& labels) const {
    double n = 1;
    for (size_t i = 0; i < labels.size(); ++i)
      if (labels[i]) n *= double(sizes_[i]);
    return n;
  }

  std::vector<std::pair<size_t, size_t>> best() const {
    const size_t n = labels_.size(), all = (size_t(1) << n) - 1;
    std::vector<Labels> left(all + 1);  // what is left of each subset's product
    std::vector<double> cost(all + 1, 0);
    std::vector<size_t> split(all + 1, 0);
    for (size_t s = 1; s <= all; ++s) {
      Labels in, out = wanted_;
      for (size_t i = 0; i < n; ++i) (s >> i & 1 ? in : out) |= labels_[i];
      left[s] = in & out;
    }
    for (size_t i = 0; i < n; ++i) left[size_t(1) << i] = labels_[i];
    for (size_t s = 1; s <= all; ++s) {
      if ((s & (s - 1)) == 0) continue;
      cost[s] = INFINITY;
      for (size_t part = (s - 1) & s; part > (s ^ part); part = (part - 1) & s) {
        const double total = cost[part] + cost[s ^ part] + count(left[part] | left[s ^ part]);
        if (total < cost[s]) cost[s] = total, split[s] = part;
      }
      if (!split[s]) split[s] = s & (s - 1);  // all of them beyond counting
    }
    std::vector<std::pair<size_t, size_t>> pairs;
    std::vector<size_t> live;  // subsets by their position in the list
    for (size_t i = 0; i < n; ++i) live.push_back(size_t(1) << i);
    add_pairs(all, split, live, pairs);
    return pairs;
  }
  static void add_pairs(size_t s, const std::vector<size_t>& split, std::vector<size_t>& live, std::vector<std::pair<size_t, size_t>>& pairs) {
    if (!split[s]) return;
    add_pairs(split[s], split, live, pairs);
    add_pairs(s ^ split[s], split, live, pairs);
    size_t a = size_t(std::find(live.begin(), live.end(), split[s]) - live.begin());
    size_t b = size_t(std::find(live.begin(), live.end(), s ^ split[s]) - live.begin());
    if (a > b) std::swap(a, b);
    pairs.emplace_back(a, b);
    live.erase(live.begin() + std::ptrdiff_t(b));
    live.erase(live.begin() + std::ptrdiff_t(a));
    live.push_back(s);
  }

  std::vector<std::pair<size_t, size_t>> greedy() const {
    std::vector<Labels> live = labels_;
    std::vector<std::pair<size_t, size_t>> pairs;
    while (live.size() > 1) {
      std::pair<size_t, size_t> chosen{0, 1};
      double least = INFINITY;
      for (size_t i = 0; i < live.size(); ++i)
        for (size_t j = i + 1; j < live.size(); ++j)
          if (double c = count(live[i] | live[j]); c < least) least = c, chosen = {i, j};
      const auto [a, b] = chosen;
      Labels product = live[a] | live[b], out = wanted_;
      live.erase(live.begin() + std::ptrdiff_t(b));
      live.erase(live.begin() + std::ptrdiff_t(a));
      for (const Labels& other : live) out |= other;
      live.push_back(product & out);
      pairs.push_back(chosen);
    }
    return pairs;
  }

  std::vector<Labels> labels_;
  Labels wanted_;
  const std::vector<int64_t>& sizes_;
};

}  // namespace

Tensor einsum(std::string_view given, const std::vector<Tensor>& operands) {
  if (const Casting cast{Cast::LowerOnGpu, operands}) return einsum(given, cast(operands));
  need_defined("einsum", operands, "operands");
  if (operands.empty()) fail(errors::einsum_error_operand_count_mismatch, "einsum", "operands", "at least one tensor", "none");
  const std::shared_ptr<const Equation> read = cache().get(given, parse);
  const std::vector<Term>& terms = read->terms;
  const std::string& equation = read->text;
  if (terms.size() != operands.size())
    refuse(equation, "a term for each of " + std::to_string(operands.size()) + " operands", std::to_string(terms.size()),
           terms.size() > operands.size() ? terms[operands.size()].begin : std::min(equation.find("->"), equation.size()),
           errors::einsum_error_operand_count_mismatch);

  int64_t ellipsis_rank = 0;
  std::vector<Operand> ops;
  for (size_t i = 0; i < operands.size(); ++i) ops.push_back(read_operand(equation, operands[i], terms[i], ellipsis_rank));
  std::vector<int> occurrences(kMost);
  std::vector<int64_t> sizes(kMost, 1);
  for (const Term& term : terms)
    for (int label : term.labels)
      if (label != kEllipsis) ++occurrences[size_t(label)];
  for (size_t i = 0; i < ops.size(); ++i)
    for (int label : ops[i].labels) {
      int64_t n = ops[i].size(label), &known = sizes[size_t(label)];
      if (known == 1) known = n;
      else if (n != 1 && n != known)
        refuse(equation, "one size for a letter, or 1", std::to_string(known) + " and " + std::to_string(n),
               terms[i].place_of(label < kLetters ? label : kEllipsis), errors::einsum_error_dimension_mismatch);
    }

  std::vector<int> result;
  const auto add_ellipsis = [&] {
    for (int64_t i = ellipsis_rank; i-- > 0;) result.push_back(kLetters + int(i));
  };
  if (read->result) {
    for (int label : read->result->labels)
      if (label == kEllipsis) add_ellipsis();
      else result.push_back(label);
  } else {
    add_ellipsis();
    for (int label = 0; label < kLetters; ++label)
      if (occurrences[size_t(label)] == 1) result.push_back(label);
  }
  std::vector<bool> wanted(kMost);
  for (int label : result) wanted[size_t(label)] = true;

  if (ops.size() > 1)
    for (const std::pair<size_t, size_t>& pair : Order(ops, wanted, sizes).pairs()) {
      Operand a = std::move(ops[pair.first]), b = std::move(ops[pair.second]);
      ops.erase(ops.begin() + std::ptrdiff_t(pair.second));
      ops.erase(ops.begin() + std::ptrdiff_t(pair.first));
      std::vector<bool> kept = wanted;
      for (const Operand& other : ops)
        for (int label : other.labels) kept[size_t(label)] = true;
      ops.push_back(multiply(std::move(a), std::move(b), kept));
    }
  Operand& out = ops[0];
  for (std::vector<int> labels = out.labels; int label : labels)
    if (!wanted[size_t(label)]) out.sum_out(label);
  return out.in_order(result);
}

Tensor einsum(const std::vector<EinsumOperand>& operands) { return einsum(operands, std::nullopt); }
Tensor einsum(const std::vector<EinsumOperand>& operands, const std::optional<std::vector<Subscript>>& result) {
  std::string equation;
  std::vector<Tensor> tensors;
  const auto add = [&](const std::vector<Subscript>& subscripts) {
    for (const Subscript& s : subscripts) {
      if (s.is_ellipsis) {
        equation += "...";
        continue;
      }
      if (s.index < 0)
        fail(errors::einsum_error_invalid_sublist_element, ErrorKind::Index, "einsum", "operands", "subscripts that are not negative, or Ellipsis",
             std::to_string(s.index));
      if (s.index >= kLetters)
        fail(errors::einsum_error_index_out_of_range, ErrorKind::Index, "einsum", "operands", "subscripts from 0 to " + std::to_string(kLetters - 1),
             std::to_string(s.index));
      equation += char(s.index < 26 ? 'A' + s.index : 'a' + s.index - 26);
    }
  };
  for (const EinsumOperand& operand : operands) {
    if (!tensors.empty()) equation += ',';
    tensors.push_back(operand.tensor);
    add(operand.subscripts);
  }
  if (result) {
    equation += "->";
    add(*result);
  }
  return einsum(equation, tensors);
}

namespace einsum_cache {
void clear() { cache().clear(); }
size_t size() { return cache().size(); }
}  // namespace einsum_cache

void register_einsum(OpTable& table) {
  table.add("einsum(str equation, Tensor[] *operands) -> Tensor", static_cast<Tensor (*)(std::string_view, const std::vector<Tensor>&)>(&einsum));
  table.add(
      "einsum(Tensor[] operands, str equation) -> Tensor",
      +[](const std::vector<Tensor>& operands, std::string_view equation) { return einsum(equation, operands); });
}

}  // namespace lazuli
