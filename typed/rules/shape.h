#pragma once
#include "lazuli/typed/rules/broadcast.h"

/// Views, joins and splits. Negative dimensions count from the end.
namespace lazuli::typed::rules {

/// `dim` from the front; false if there is none. A 0-d tensor has the dimension 0 for those functions that `scalars` allows it.
constexpr bool wrap(int64_t& dim, int64_t rank, bool scalars = true) {
  const int64_t count = rank == 0 && scalars ? 1 : rank;
  if (dim < -count || dim >= count) return false;
  if (dim < 0) dim += count;
  return true;
}
constexpr Ruling no_dim(Writer& say, int64_t dim, const Extents& a, Mistake mistake = Mistake::dimension_error_out_of_range) {
  say << "dimension " << dim << " is out of range for " << a;
  return mistake;
}
/// The shape as it is, for functions along a dimension.
template <Mistake mistake = Mistake::dimension_error_out_of_range>
constexpr Ruling along(Writer& say, const Extents& a, int64_t dim) {
  return wrap(dim, a.rank) ? Ruling(a) : no_dim(say, dim, a, mistake);
}
constexpr Ruling along_all(Writer& say, const Extents& a, const Extents& dims) {
  Extents seen;
  for (int i = 0; i < dims.rank; ++i) {
    int64_t dim = dims.at[i];
    if (!wrap(dim, a.rank)) return no_dim(say, dims.at[i], a, Mistake::flip_error_dim_out_of_range);
    if (seen.contains(dim)) {
      say << "dimension " << dims.at[i] << " is given twice for " << a;
      return Mistake::flip_error_dim_out_of_range;
    }
    seen.push(dim);
  }
  return a;
}

constexpr Ruling transpose(Writer& say, const Extents& a, int64_t dim0, int64_t dim1) {
  int64_t i = dim0, j = dim1;
  if (!wrap(i, a.rank)) return no_dim(say, dim0, a, Mistake::transpose_dims_error_out_of_range);
  if (!wrap(j, a.rank)) return no_dim(say, dim1, a, Mistake::transpose_dims_error_out_of_range);
  Extents out = a;
  if (a.rank == 0) return out;
  out.at[i] = a.at[j];
  out.at[j] = a.at[i];
  return out;
}
/// t(): of a matrix, or what has fewer dimensions.
constexpr Ruling t(Writer& say, const Extents& a) {
  if (a.rank < 2) return a;
  if (a.rank == 2) return Extents(a.at[1], a.at[0]);
  say << "needs a matrix, got " << a;
  return Mistake::transpose_error_requires_2d_tensor;
}
constexpr Ruling matrix_transpose(Writer& say, const Extents& a) {
  if (a.rank >= 2) return transpose(say, a, -2, -1);
  say << "needs a matrix or a batch of them, got " << a;
  return Mistake::linalg_error_requires_at_least_2d;
}
constexpr Ruling permute(Writer& say, const Extents& a, const Extents& dims) {
  Extents out, seen;
  bool fits = dims.rank == a.rank;
  for (int i = 0; fits && i < dims.rank; ++i) {
    int64_t dim = dims.at[i];
    if (!wrap(dim, a.rank, false)) return no_dim(say, dims.at[i], a);
    fits = !seen.contains(dim);
    seen.push(dim);
    out.push(a.at[dim]);
  }
  if (fits) return out;
  say << "the dimensions " << Listed{dims} << " are not those of " << a << ", each once";
  return Mistake::permute_error_dimension_count_mismatch;
}
/// `dims` [source.., destination..]
constexpr Ruling movedim(Writer& say, const Extents& a, const Extents& source, const Extents& destination) {
  Extents from, to, order;
  if (source.rank != destination.rank) {
    say << "sources " << Listed{source} << " and destinations " << Listed{destination} << " differ in number";
    return Mistake::permute_error_dimension_count_mismatch;
  }
  for (int i = 0; i < source.rank; ++i) {
    int64_t s = source.at[i], d = destination.at[i];
    if (!wrap(s, a.rank)) return no_dim(say, s, a);
    if (!wrap(d, a.rank)) return no_dim(say, d, a);
    from.push(s);
    to.push(d);
  }
  int64_t next = 0;
  for (int64_t place = 0; place < a.rank; ++place) {
    int64_t chosen = -1;
    for (int i = 0; i < to.rank; ++i)
      if (to.at[i] == place) chosen = from.at[i];
    if (chosen < 0) {
      while (from.contains(next)) ++next;
      chosen = next++;
    }
    order.push(chosen);
  }
  return permute(say, a, order);
}

/// The sizes may have one -1: what is left. Names on both sides cancel.
constexpr Ruling reshape(Writer& say, const Extents& a, const Extents& sizes) {
  Extents out = sizes;
  int inferred = -1;
  bool known = true, fits = true;
  int64_t from = 1, to = 1;
  Extents names;
  for (int i = 0; i < a.rank; ++i) {
    if (is_fixed(a.at[i])) from *= a.at[i];
    else if (is_named(a.at[i])) names.push(a.at[i]);
    else known = false;
  }
  for (int i = 0; i < sizes.rank; ++i) {
    if (sizes.at[i] == -1) {
      if (inferred >= 0) {
        say << "only one size may be -1, got " << Listed{sizes};
        return Mistake::reshape_error_incompatible;
      }
      inferred = i;
    } else if (is_named(sizes.at[i])) {
      bool cancelled = false;
      for (int k = 0; k < names.rank && !cancelled; ++k)
        if (names.at[k] == sizes.at[i]) {
          names.remove(k);
          cancelled = true;
        }
      fits = fits && cancelled;  // nothing says what number it is
    } else {
      to *= sizes.at[i];
    }
  }
  if (fits && (!known || from == 0)) {
    if (inferred >= 0) out.at[inferred] = dynamic;
    if (known && inferred < 0) fits = from == to && names.rank == 0;
    if (known && inferred >= 0 && names.rank == 0 && to != 0) out.at[inferred] = 0;
  } else if (fits && inferred >= 0) {
    if (names.rank == 0) {
      fits = to != 0 && from % to == 0;
      if (fits) out.at[inferred] = from / to;
    } else {
      out.at[inferred] = names.rank == 1 && from == to ? names.at[0] : dynamic;
    }
  } else if (fits) {
    fits = names.rank == 0 && from == to;
  }
  if (fits) return out;
  say << a;
  if (a.fixed()) say << " (" << a.numel() << " elements)";
  say << " does not have the elements of [";
  for (int i = 0; i < sizes.rank; ++i) {
    if (i) say << ", ";
    if (sizes.at[i] == -1) say << "-1";
    else write_extent(say, sizes.at[i]);
  }
  say << ']';
  return Mistake::reshape_error_incompatible;
}
constexpr Ruling flatten(Writer& say, const Extents& a, int64_t start, int64_t end) {
  int64_t i = start, j = end;
  if (!wrap(i, a.rank)) return no_dim(say, start, a);
  if (!wrap(j, a.rank)) return no_dim(say, end, a);
  if (i > j) {
    say << "start_dim " << start << " is behind end_dim " << end << " of " << a;
    return Mistake::dimension_error_out_of_range;
  }
  if (a.rank == 0) return Extents(1);
  Extents out = a.first(i);
  int64_t joined = a.at[i];
  for (int64_t k = i + 1; k <= j; ++k) joined = times(joined, a.at[k]);
  out.push(joined);
  for (int64_t k = j + 1; k < a.rank; ++k) out.push(a.at[k]);
  return out;
}
constexpr Ruling unflatten(Writer& say, const Extents& a, int64_t dim, const Extents& sizes) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  const Ruling split = reshape(say, Extents(a.at[d]), sizes);
  if (split.mistake != Mistake::none) return split;
  Extents out = a.first(d);
  for (int i = 0; i < split.shape.rank; ++i) out.push(split.shape.at[i]);
  for (int64_t i = d + 1; i < a.rank; ++i) out.push(a.at[i]);
  return out;
}
/// No dims: all of extent 1. A dynamic extent that might be 1 is refused only by the form without dims, whose rank would not be known.
constexpr Ruling squeeze(Writer& say, const Extents& a, const Extents& dims) {
  Extents wrapped, out;
  for (int i = 0; i < dims.rank; ++i) {
    int64_t dim = dims.at[i];
    if (!wrap(dim, a.rank)) return no_dim(say, dims.at[i], a);
    wrapped.push(dim);
  }
  for (int i = 0; i < a.rank; ++i) {
    if (a.at[i] == dynamic && (dims.rank == 0 || wrapped.contains(i))) {
      say << "whether dimension " << i << " of " << a << " is 1 is not known: name the dimensions, or cast it";
      return Mistake::dimension_error_out_of_range;
    }
    if (a.at[i] != 1 || (dims.rank && !wrapped.contains(i))) out.push(a.at[i]);
  }
  return out;
}
constexpr Ruling unsqueeze(Writer& say, const Extents& a, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank + 1)) {
    say << "dimension " << dim << " is out of range for " << a << " with one more dimension";
    return Mistake::dimension_error_out_of_range;
  }
  Extents out = a;
  return out.insert(d, 1);
}
/// -1 in `sizes`: as it is.
constexpr Ruling expand_as(Writer& say, const Extents& a, const Extents& sizes) {
  Extents out = sizes;
  bool fits = a.rank <= sizes.rank;
  for (int i = 1; fits && i <= sizes.rank; ++i) {
    if (i > a.rank) {
      fits = sizes[-i] != -1;
    } else if (sizes[-i] == -1) {
      out[-i] = a[-i];
    } else {
      fits = a[-i] == 1 || may_equal(a[-i], sizes[-i]);
    }
  }
  if (fits) return out;
  say << a << " does not expand to " << sizes;
  return Mistake::expand_error_incompatible;
}
/// A name in `sizes` is one of a's: nothing else says what number it is.
constexpr Ruling expand(Writer& say, const Extents& a, const Extents& sizes) {
  for (int i = 0; i < sizes.rank; ++i)
    if (is_named(sizes.at[i]) && !a.contains(sizes.at[i])) {
      say << a << " does not say what the names of " << sizes << " are";
      return Mistake::expand_error_incompatible;
    }
  return expand_as(say, a, sizes);
}
constexpr Ruling atleast(Writer&, const Extents& a, int64_t rank) {
  Extents out = a;
  if (rank == 3 && out.rank == 2) return out.push(1);
  if (rank == 3 && out.rank == 1) return out.insert(0, 1).push(1);
  while (out.rank < rank) out.insert(0, 1);
  return out;
}

/// How many elements [start, end) with `step` has; the ends may be past the extent, as in Python.
constexpr int64_t slice_length(int64_t size, int64_t start, int64_t end, int64_t step) {
  if (!is_fixed(size)) return start == 0 && end == INT64_MAX && step == 1 ? size : dynamic;
  if (start < 0) start += size;
  if (end < 0) end += size;
  start = start < 0 ? 0 : start > size ? size : start;
  end = end < start ? start : end > size ? size : end;
  return (end - start + step - 1) / step;
}
constexpr Ruling slice(Writer& say, const Extents& a, int64_t dim, int64_t start, int64_t end, int64_t step) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::slice_error_out_of_bounds);
  if (step <= 0) {
    say << "the step of a slice is at least 1, got " << step;
    return Mistake::slice_error_out_of_bounds;
  }
  Extents out = a;
  out.at[d] = slice_length(a.at[d], start, end, step);
  return out;
}
constexpr Ruling select(Writer& say, const Extents& a, int64_t dim, int64_t index) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  if (is_fixed(a.at[d]) && (index >= a.at[d] || index < -a.at[d])) {
    say << "index " << index << " is out of bounds for dimension " << dim << " of " << a;
    return Mistake::select_error_index_out_of_bounds;
  }
  Extents out = a;
  return out.remove(d);
}
/// x.at(i, j, ..): the first dimensions selected.
constexpr Ruling at(Writer& say, const Extents& a, const Extents& indices) {
  Extents out = a;
  for (int i = 0; i < indices.rank; ++i) {
    if (i >= a.rank || (is_fixed(a.at[i]) && (indices.at[i] >= a.at[i] || indices.at[i] < -a.at[i]))) {
      say << "index " << Listed{indices} << " is out of bounds for " << a;
      return Mistake::at_error_index_out_of_bounds;
    }
    out.remove(0);
  }
  return out;
}
constexpr Ruling narrow(Writer& say, const Extents& a, int64_t dim, int64_t start, int64_t length) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  const int64_t size = a.at[d];
  if (is_fixed(size) && (start > size || start < -size)) {
    say << "start " << start << " is out of bounds for dimension " << dim << " of " << a;
    return Mistake::narrow_error_start_out_of_bounds;
  }
  if (length < 0 || (is_fixed(size) && (start < 0 ? start + size : start) + length > size)) {
    say << "start " << start << " and length " << length << " exceed dimension " << dim << " of " << a;
    return Mistake::narrow_error_length_exceeds_bounds;
  }
  Extents out = a;
  out.at[d] = length;
  return out;
}

constexpr Ruling cat(Writer& say, Operands all, int64_t dim) {
  Extents out = all[0];
  int64_t d = dim;
  if (!wrap(d, out.rank, false)) return no_dim(say, dim, out);
  for (int i = 1; i < all.count; ++i) {
    const Extents& next = all[i];
    bool fits = next.rank == out.rank;
    for (int k = 0; fits && k < out.rank; ++k)
      if (k != d) {
        fits = may_equal(out.at[k], next.at[k]);
        out.at[k] = either(out.at[k], next.at[k]);
      }
    if (!fits) {
      say << "operand " << i << " " << next << " differs from " << all[0] << " beyond dimension " << dim;
      return Mistake::shape_error_mismatch;
    }
    out.at[d] = plus(out.at[d], next.at[d]);
  }
  return out;
}
constexpr Ruling stack(Writer& say, Operands all, int64_t dim) {
  Ruling out = all[0];
  for (int i = 1; i < all.count && out.mistake == Mistake::none; ++i) out = alike(say, out.shape, all[i]);
  if (out.mistake != Mistake::none) return out;
  out = unsqueeze(say, out.shape, dim);
  if (out.mistake == Mistake::none) out.shape.at[dim < 0 ? dim + out.shape.rank : dim] = all.count;
  return out;
}
/// hstack, vstack, dstack, column_stack as cat after what they do to each operand: `rank` at least, along `dim`.
constexpr Ruling stack_at_least(Writer& say, Operands all, int64_t rank, int64_t dim) {
  Extents raised[16];
  for (int i = 0; i < all.count; ++i) raised[i] = atleast(say, all[i], rank).shape;
  return cat(say, {raised, all.count}, rank == 1 && raised[0].rank == 1 ? 0 : dim);
}
constexpr Ruling column_stack(Writer& say, Operands all) {
  Extents raised[16];
  for (int i = 0; i < all.count; ++i) {
    raised[i] = all[i];
    while (raised[i].rank < 2) raised[i].push(1);
  }
  return cat(say, {raised, all.count}, 1);
}

/// Parts of `size` along `dim`; the last one may be smaller.
template <Mistake mistake = Mistake::split_error_dim_out_of_range>
constexpr Ruling split(Writer& say, const Extents& a, int64_t size, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, mistake);
  if (!is_fixed(a.at[d]) || size <= 0) {
    say << "the parts of " << size << " along dimension " << dim << " of " << a << " cannot be counted";
    return mistake;
  }
  Ruling out = a;
  out.count = int((a.at[d] + size - 1) / size);
  if (out.count == 0) out.count = 1;
  out.second = a;
  out.second.at[d] = a.at[d] - (out.count - 1) * size;
  out.shape.at[d] = out.count == 1 ? a.at[d] : size;
  return out;
}
constexpr Ruling chunk(Writer& say, const Extents& a, int64_t chunks, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::chunk_error_dim_out_of_range);
  if (chunks <= 0) {
    say << "at least one chunk, got " << chunks;
    return Mistake::chunk_error_dim_out_of_range;
  }
  const int64_t size = a.at[d] > chunks ? (a.at[d] + chunks - 1) / chunks : 1;
  return split<Mistake::chunk_error_dim_out_of_range>(say, a, size, dim);
}
constexpr Ruling unbind(Writer& say, const Extents& a, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::unbind_error_dim_out_of_range);
  if (!is_fixed(a.at[d])) {
    say << "the parts along dimension " << dim << " of " << a << " cannot be counted";
    return Mistake::unbind_error_dim_out_of_range;
  }
  Ruling out = a;
  out.shape.remove(d);
  out.second = out.shape;
  out.count = int(a.at[d]);
  return out;
}

/// Tensor.repeat: the repeats of leading dimensions that are new come first.
constexpr Ruling repeated(Writer& say, const Extents& a, const Extents& repeats) {
  if (repeats.rank < a.rank) {
    say << "repeats " << Listed{repeats} << " are fewer than the dimensions of " << a;
    return Mistake::expand_error_incompatible;
  }
  Extents out = repeats;
  for (int i = 1; i <= a.rank; ++i) out[-i] = times(a[-i], repeats[-i]);
  return out;
}
constexpr Ruling tile(Writer&, const Extents& a, const Extents& repeats) {
  Extents out = a.rank > repeats.rank ? a : repeats;
  for (int i = 1; i <= out.rank; ++i) out[-i] = times(i <= a.rank ? a[-i] : 1, i <= repeats.rank ? repeats[-i] : 1);
  return out;
}
/// pad: amounts from the last dimension on, before and behind.
constexpr Ruling pad(Writer& say, const Extents& a, const Extents& amounts) {
  Extents out = a;
  if (amounts.rank % 2 || amounts.rank / 2 > a.rank) {
    say << "the amounts " << Listed{amounts} << " are not pairs for the last dimensions of " << a;
    return Mistake::dimension_error_out_of_range;
  }
  for (int i = 0; i < amounts.rank / 2; ++i) {
    const int64_t more = amounts.at[2 * i] + amounts.at[2 * i + 1];
    int64_t& size = out[-1 - i];
    size = is_fixed(size) ? size + more : more == 0 ? size : dynamic;
    if (is_fixed(a[-1 - i]) && size < 0) {
      say << "the amounts " << Listed{amounts} << " take more than there is of " << a;
      return Mistake::dimension_error_out_of_range;
    }
  }
  return out;
}
/// Of a vector the matrix with it on a diagonal, of a matrix a diagonal.
constexpr Ruling diag(Writer& say, const Extents& a, int64_t offset) {
  const int64_t beside = offset < 0 ? -offset : offset;
  if (a.rank == 1) return Extents(plus(a.at[0], beside), plus(a.at[0], beside));
  if (a.rank != 2) {
    say << "needs a vector or a matrix, got " << a;
    return Mistake::linalg_error_requires_2d;
  }
  int64_t rows = a.at[0], columns = a.at[1];
  if (!is_fixed(rows) || !is_fixed(columns)) return Extents(rows == columns && offset == 0 ? rows : dynamic);
  (offset < 0 ? rows : columns) -= beside;
  const int64_t length = rows < columns ? rows : columns;
  return Extents(length < 0 ? 0 : length);
}

}  // namespace lazuli::typed::rules
