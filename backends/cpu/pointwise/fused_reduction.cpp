// Fused programs that end in reductions. As rows and columns of the row-major elements, either the columns are reduced (dimensions behind, or all) or the rows (dimensions in front). Units of
// work are chosen by the sizes alone, each with accumulators of its own that are combined in order, so that results do not depend on threads.
#include <algorithm>
#include <memory>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/pointwise/fused.h"
#include "lazuli/backends/cpu/reduce/float_reduction.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kUnitElements = 32768, kMostParts = 32, kMostColumns = 16384;

struct Folded {
  ReduceOp op;
  const ReduceKernel* kernel;
  uint8_t place;
  int64_t item;
};

// How a program's elements fold into those of a reduced output: [rows, columns], of which one is reduced.
struct Split {
  int64_t rows = 1, columns = 1;
  bool over_columns = true;
  bool operator==(const Split&) const = default;
};
std::optional<Split> split_of(const Shape& sizes, const Shape& reduced) {
  Split s;
  int64_t d = 0;
  const int64_t rank = sizes.size();
  const auto kept = [&](int64_t i) { return reduced[i] == sizes[i]; };
  for (; d < rank && sizes[d] == 1; ++d) {}
  if (d == rank) return Split{};
  s.over_columns = kept(d);
  for (; d < rank && (sizes[d] == 1 || kept(d) == s.over_columns); ++d) s.rows *= sizes[d];
  for (; d < rank; ++d) {
    if (sizes[d] != 1 && kept(d) == s.over_columns) return {};
    s.columns *= sizes[d];
  }
  if (!s.over_columns && s.columns == 1) return Split{1, s.rows, true};  // all of it
  if (s.over_columns && s.columns == 1) return {};                       // nothing is reduced
  return s;
}

// What a unit of work folds: pieces come in order, cut anywhere.
class Unit {
 public:
  Unit(std::span<const Folded> folds, const Split& split, int64_t first, int64_t count, double* accumulators)
      : folds_(folds), split_(split), first_(first), count_(count), accumulators_(accumulators) {
    for (size_t f = 0; f < folds.size(); ++f) folds[f].kernel->init(of(f), count);
  }
  // Of fold f: `count` accumulators, from the row `first` on where columns are reduced, else of all columns.
  double* of(size_t f) const { return accumulators_ + int64_t(f) * count_; }

  void take(int64_t position, int64_t n, char* const* places) const {
    for (size_t f = 0; f < folds_.size(); ++f) {
      const Folded& fold = folds_[f];
      const char* from = places[fold.place];
      for (int64_t done = 0; done < n;) {
        const int64_t row = (position + done) / split_.columns, column = (position + done) % split_.columns, left = n - done;
        const int64_t whole = column == 0 ? left / split_.columns : 0;
        const int64_t length = whole > 0 ? whole * split_.columns : std::min(left, split_.columns - column);
        const char* at = from + done * fold.item;
        if (split_.over_columns) {
          if (whole > 0) fold.kernel->rows(of(f) + row - first_, at, whole, split_.columns, split_.columns);
          else fold.kernel->rows(of(f) + row - first_, at, 1, 0, length);
        } else if (whole > 0 && split_.columns <= kMaxTile) {
          fold.kernel->columns(of(f), at, whole, split_.columns, split_.columns);
        } else {
          for (int64_t i = 0; i < length;) {
            const int64_t here = (column + i) % split_.columns, tile = std::min({kMaxTile, length - i, split_.columns - here});
            fold.kernel->columns(of(f) + here, at + i * fold.item, 1, tile, tile);
            i += tile;
          }
        }
        done += length;
      }
    }
  }

 private:
  const std::span<const Folded> folds_;
  const Split& split_;
  const int64_t first_, count_;
  double* const accumulators_;
};

struct Reducer {
  const FusedRun& run;
  std::span<const Folded> folds;
  const Split& split;

  void unit(const Unit& to, int64_t begin, int64_t end) const {
    const FusedRun::Sink sink = [&](int64_t position, int64_t n, char* const* places) { to.take(position, n, places); };
    run.run(begin, end, &sink);
  }

  // Units of whole rows, each of which has its result in one of them.
  void whole_rows(const std::function<void(size_t fold, int64_t first, const double*, int64_t n)>& finish) const {
    const int64_t step = std::max<int64_t>(1, kUnitElements / split.columns), units = (split.rows + step - 1) / step;
    parallel_for(0, units, 1, [&](int64_t from, int64_t to) {
      const std::unique_ptr<double[]> accumulators(new double[size_t(step) * folds.size()]);
      for (int64_t u = from; u < to; ++u) {
        const int64_t first = u * step, count = std::min(step, split.rows - first);
        const Unit unit_of(folds, split, first, count, accumulators.get());
        unit(unit_of, first * split.columns, (first + count) * split.columns);
        for (size_t f = 0; f < folds.size(); ++f) finish(f, first, unit_of.of(f), count);
      }
    });
  }

  // Each of `outer` ranges of `size` elements, which have `count` accumulators, in parts.
  void parts(int64_t outer, int64_t size, int64_t unit_size, int64_t count,
             const std::function<void(size_t fold, int64_t first, const double*, int64_t n)>& finish) const {
    const int64_t lines = size / unit_size;  // that no part cuts
    int64_t n = std::clamp<int64_t>(size / (2 * kUnitElements), 1, std::min(lines, kMostParts));
    const int64_t step = (lines + n - 1) / n;
    n = (lines + step - 1) / step;
    const int64_t each = count * int64_t(folds.size());
    const std::unique_ptr<double[]> partial(new double[size_t(outer * n * each)]);
    parallel_for(0, outer * n, 1, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        const int64_t begin = i / n * size + i % n * step * unit_size, end = std::min(begin + step * unit_size, (i / n + 1) * size);
        unit(Unit(folds, split, i / n, count, partial.get() + i * each), begin, end);
      }
    });
    for (int64_t o = 0; o < outer; ++o)
      for (size_t f = 0; f < folds.size(); ++f) {
        double* first = partial.get() + o * n * each + int64_t(f) * count;
        for (int64_t i = 1; i < n; ++i) folds[f].kernel->combine(first, first + i * each, count);
        finish(f, o, first, count);
      }
  }
};

}  // namespace

bool run_fused_reduction(const FusedCode& code, std::span<Tensor* const> outputs, std::span<const Tensor> inputs) {
  if (inputs.empty() || inputs[0].numel() == 0) return false;
  const Shape& sizes = inputs[0].sizes();
  std::vector<Folded> folds;
  std::optional<Split> split;
  for (const FusedCode::Reduction& r : code.reductions) {
    const DType dtype = code.places[r.place].dtype;
    const std::optional<Split> here = split_of(sizes, outputs[r.output]->sizes());
    if (r.op == ReduceOp::LogSumExp || !is_floating_point(dtype) || !here || (split && !(*split == *here))) return false;
    split = here;
    folds.push_back({r.op, &float_reduce_kernel(fold_of(r.op), dtype), r.place, item_size(dtype)});
  }
  if (!split->over_columns && split->columns > kMostColumns) return false;
  const int64_t reduced = split->over_columns ? split->columns : split->rows;
  std::vector<DenseOut> results;
  for (const FusedCode::Reduction& r : code.reductions) results.emplace_back(*outputs[r.output], outputs[r.output]->dtype());
  const FusedRun run(code, outputs, inputs);
  const Reducer reducer{run, folds, *split};
  const auto finish = [&](size_t f, int64_t first, const double* accumulators, int64_t n) {
    write_folded(folds[f].op, reduced, results[f].tensor(), first, accumulators, n);
  };
  if (!split->over_columns) reducer.parts(1, run.numel(), split->columns, split->columns, finish);
  else if (split->columns >= 4 * kUnitElements && split->rows < kMostParts) reducer.parts(split->rows, split->columns, 1, 1, finish);
  else reducer.whole_rows(finish);
  for (DenseOut& out : results) out.commit();
  return true;
}

}  // namespace lazuli::cpu
