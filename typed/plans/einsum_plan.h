#pragma once
#include "lazuli/typed/rules/einsum.h"

/// What an equation does to its operands, found by the compiler: diagonals, sums, and for each product the permutes that make it one of matrices or batches of them.
namespace lazuli::typed {

/// The labels of a tensor's dimensions: 0 to 51 for letters, from 52 on the dimensions of `...`, counted from the last.
struct Labels {
  static constexpr int kMost = 16, kDots = 52;
  int at[kMost] = {};
  int count = 0;
  constexpr int find(int label) const {
    for (int i = 0; i < count; ++i)
      if (at[i] == label) return i;
    return -1;
  }
  constexpr bool has(int label) const { return find(label) >= 0; }
  constexpr void push(int label) { at[count++] = label; }
  constexpr void erase(int place) {
    for (int i = place; i + 1 < count; ++i) at[i] = at[i + 1];
    --count;
  }
  constexpr void append(const Labels& more) {
    for (int i = 0; i < more.count; ++i) push(more.at[i]);
  }
  /// In which all of these stand.
  constexpr uint64_t set() const {
    uint64_t bits = 0;
    for (int i = 0; i < count; ++i) bits |= uint64_t(1) << at[i];
    return bits;
  }
};

struct EinsumPlan {
  static constexpr int kOperands = rules::Equation::kOperands;
  struct Operand {
    Labels labels;  // of each dimension
    int diagonals = 0;
    int pairs[Labels::kMost][2] = {};  // dimensions of which the diagonal is taken, one pair after the other
    Labels left;                       // after the diagonals
  };
  struct Factor {
    Labels labels;                                  // as it comes
    int sums = 0, summed[Labels::kMost] = {};       // dimensions to sum over first, one after the other
    int order[Labels::kMost] = {}, ordered = 0;     // the permute after that
    int missing[Labels::kMost] = {}, missings = 0;  // of elementwise products: places of size 1
    bool permutes = false;
  };
  struct Product {
    int first = 0, second = 0;  // places in the list of what is left; the product takes its end
    Factor a, b;
    int batch = 0, left = 0, inner = 0, right = 0;  // how many labels
    Labels out;                                     // batch, left, right
  };
  bool known = false;    // false: extents of 1 broadcast, ranks are not known, or operands are too many
  bool ordered = false;  // false: which order of products is the cheapest depends on sizes that the program says
  Operand operands[kOperands];
  int count = 0;
  Labels result;
  Product products[kOperands];
  Factor last;  // what is left, to the result
};

namespace detail {

constexpr int label_of(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c - 'a' + 26; }
constexpr Labels labels_of(const rules::Equation::Term& term, int dots) {
  Labels labels;
  for (int i = 0; i <= term.count; ++i) {
    for (int k = dots; i == term.ellipsis && k-- > 0;) labels.push(Labels::kDots + k);
    if (i < term.count) labels.push(label_of(term.letters[i]));
  }
  return labels;
}
/// Sums over those labels that are not in `stay`.
constexpr void sum_out(EinsumPlan::Factor& factor, Labels& labels, uint64_t stay) {
  for (int i = 0; i < labels.count;) {
    if (stay >> labels.at[i] & 1) {
      ++i;
    } else {
      factor.summed[factor.sums++] = i;
      labels.erase(i);
    }
  }
}
constexpr void put_in_order(EinsumPlan::Factor& factor, const Labels& labels, const Labels& wanted) {
  for (int i = 0; i < wanted.count; ++i) {
    const int place = labels.find(wanted.at[i]);
    if (place < 0) {
      factor.missing[factor.missings++] = i;
    } else {
      factor.permutes = factor.permutes || place != factor.ordered;
      factor.order[factor.ordered++] = place;
    }
  }
}
constexpr EinsumPlan::Product product_of(Labels a, Labels b, uint64_t kept) {
  EinsumPlan::Product p;
  p.a.labels = a;
  p.b.labels = b;
  const uint64_t in_a = a.set(), in_b = b.set();
  sum_out(p.a, a, kept | in_b);
  sum_out(p.b, b, kept | in_a);
  Labels batch, left, inner, right;
  for (int i = 0; i < a.count; ++i) (!b.has(a.at[i]) ? left : kept >> a.at[i] & 1 ? batch : inner).push(a.at[i]);
  for (int i = 0; i < b.count; ++i)
    if (!a.has(b.at[i])) right.push(b.at[i]);
  p.batch = batch.count;
  p.left = left.count;
  p.inner = inner.count;
  p.right = right.count;
  p.out.append(batch);
  p.out.append(left);
  p.out.append(right);
  Labels x = p.out, y = p.out;
  if (inner.count) {
    x = y = batch;
    x.append(left);
    x.append(inner);
    y.append(inner);
    y.append(right);
  }
  put_in_order(p.a, a, x);
  put_in_order(p.b, b, y);
  return p;
}

/// The order of products that costs least, counted in multiplications, of all orders; for up to six operands.
class CheapestOrder {
 public:
  constexpr CheapestOrder(const Labels* operands, int count, uint64_t wanted, const int64_t* extents) : count_(count) {
    for (int s = 1; s < 1 << count; ++s) {
      uint64_t in = 0, out = wanted;
      for (int i = 0; i < count; ++i) (s >> i & 1 ? in : out) |= operands[i].set();
      left_[s] = (s & (s - 1)) == 0 ? in : in & out;
      if ((s & (s - 1)) == 0) continue;
      cost_[s] = -1;
      for (int part = (s - 1) & s; part > (s ^ part); part = (part - 1) & s) {
        double total = cost_[part] + cost_[s ^ part] + multiplications(left_[part] | left_[s ^ part], extents);
        if (cost_[s] < 0 || total < cost_[s]) {
          cost_[s] = total;
          split_[s] = part;
        }
      }
    }
  }
  /// Pairs of places, each product taking the end of the list.
  constexpr void write(EinsumPlan::Product* products) const {
    int live[8] = {}, lives = count_, next = 0;
    for (int i = 0; i < count_; ++i) live[i] = 1 << i;
    add((1 << count_) - 1, live, lives, products, next);
  }

 private:
  static constexpr double multiplications(uint64_t labels, const int64_t* extents) {
    double n = 1;
    for (int i = 0; labels; ++i, labels >>= 1)
      if (labels & 1) n *= double(extents[i]);
    return n;
  }
  constexpr void add(int s, int* live, int& lives, EinsumPlan::Product* products, int& next) const {
    if ((s & (s - 1)) == 0) return;
    add(split_[s], live, lives, products, next);
    add(s ^ split_[s], live, lives, products, next);
    int a = place(live, lives, split_[s]), b = place(live, lives, s ^ split_[s]);
    if (a > b) {
      const int swapped = a;
      a = b;
      b = swapped;
    }
    products[next].first = a;
    products[next++].second = b;
    for (int gone : {b, a}) {
      for (int i = gone; i + 1 < lives; ++i) live[i] = live[i + 1];
      --lives;
    }
    live[lives++] = s;
  }
  static constexpr int place(const int* live, int lives, int s) {
    int i = 0;
    while (i < lives && live[i] != s) ++i;
    return i;
  }
  int count_;
  uint64_t left_[64] = {};
  double cost_[64] = {};
  int split_[64] = {};
};

/// The products in the order that is the cheapest for those sizes of the labels, for up to six operands.
constexpr void order_products(EinsumPlan& plan, const int64_t* extents) {
  Labels live[EinsumPlan::kOperands];
  for (int k = 0; k < plan.count; ++k) live[k] = plan.operands[k].left;
  CheapestOrder(live, plan.count, plan.result.set(), extents).write(plan.products);
  for (int p = 0, lives = plan.count; p + 1 < plan.count; ++p) {
    const int first = plan.products[p].first, second = plan.products[p].second;
    const Labels a = live[first], b = live[second];
    for (int gone : {second, first}) {
      for (int i = gone; i + 1 < lives; ++i) live[i] = live[i + 1];
      --lives;
    }
    uint64_t kept = plan.result.set();
    for (int i = 0; i < lives; ++i) kept |= live[i].set();
    EinsumPlan::Product& product = plan.products[p] = product_of(a, b, kept);
    product.first = first;
    product.second = second;
    live[lives++] = product.out;
  }
  plan.last.labels = live[0];
  sum_out(plan.last, live[0], plan.result.set());
  put_in_order(plan.last, live[0], plan.result);
  plan.ordered = true;
}

}  // namespace detail

/// For an equation and operands that the rule allows.
constexpr EinsumPlan einsum_plan(std::string_view text, Operands operands) {
  EinsumPlan plan;
  rules::Equation equation;
  Writer quiet;
  rules::read_equation(quiet, text, equation);
  plan.count = operands.count;
  int64_t extents[64] = {};
  bool seen[64] = {}, fixed = true;
  int dots = 0;
  for (int k = 0; k < operands.count; ++k) {
    const rules::Equation::Term& term = equation.operands[k];
    const int more = operands[k].rank - term.count;
    if (term.ellipsis >= 0 && more > dots) dots = more;
    EinsumPlan::Operand& operand = plan.operands[k];
    operand.labels = operand.left = detail::labels_of(term, term.ellipsis >= 0 ? more : 0);
    for (int i = 0; i < operand.labels.count; ++i) {
      const int label = operand.labels.at[i];
      const int64_t extent = operands[k].at[i];
      if (seen[label] && is_fixed(extents[label]) && is_fixed(extent) && extents[label] != extent) return plan;  // an extent of 1 broadcasts
      if (!seen[label] || is_fixed(extent)) extents[label] = extent;
      seen[label] = true;
    }
    Labels& labels = operand.left;
    for (int i = 0; i < labels.count;) {  // a letter twice: the diagonal, which becomes the last dimension
      int j = i + 1;
      while (j < labels.count && labels.at[j] != labels.at[i]) ++j;
      if (j == labels.count) {
        ++i;
        continue;
      }
      operand.pairs[operand.diagonals][0] = i;
      operand.pairs[operand.diagonals++][1] = j;
      const int label = labels.at[i];
      labels.erase(j);
      labels.erase(i);
      labels.push(label);
    }
  }
  for (int label = 0; label < 64; ++label) fixed = fixed && (!seen[label] || is_fixed(extents[label]));
  plan.result = detail::labels_of(equation.result, equation.result.ellipsis >= 0 ? dots : 0);
  plan.known = operands.count <= 6;
  if (plan.known && (fixed || operands.count <= 2)) detail::order_products(plan, extents);
  return plan;
}

}  // namespace lazuli::typed
