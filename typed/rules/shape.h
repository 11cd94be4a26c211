#pragma once
#include "lazuli/typed/rules/dims.h"

/// Views of other shapes.
namespace lazuli::typed::rules {

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

/// All dimensions the other way round.
constexpr Ruling reversed(Writer&, const Extents& a) {
  Extents out = a;
  for (int i = 0; i < a.rank; ++i) out.at[i] = a[-1 - i];
  return out;
}
/// Summed down to `sizes`, to which a would broadcast the other way.
constexpr Ruling sum_to_size(Writer& say, const Extents& a, const Extents& sizes) {
  const Ruling back = broadcast_to(say, sizes, a);
  return back.mistake != Mistake::none ? back : Ruling(sizes);
}
/// Real and imaginary part as a last dimension, and back.
constexpr Ruling view_as_real(Writer&, const Extents& a) {
  Extents out = a;
  return out.push(2);
}
constexpr Ruling view_as_complex(Writer& say, const Extents& a) {
  if (a.rank && may_equal(a[-1], 2)) return a.first(a.rank - 1);
  say << "needs a last dimension of 2, got " << a;
  return Mistake::shape_error_mismatch;
}
constexpr Ruling given(Writer&, const Extents&, const Extents& sizes) { return sizes; }
/// Two dimensions fewer, the diagonal between them last.
constexpr Ruling diagonal(Writer& say, const Extents& a, int64_t offset, int64_t dim1, int64_t dim2) {
  int64_t i = dim1, j = dim2;
  if (!wrap(i, a.rank, false)) return no_dim(say, dim1, a);
  if (!wrap(j, a.rank, false) || i == j) return no_dim(say, dim2, a);
  int64_t rows = a.at[i], columns = a.at[j], length = rows == columns && offset == 0 ? rows : dynamic;
  if (is_fixed(rows) && is_fixed(columns)) {
    (offset < 0 ? rows : columns) -= offset < 0 ? -offset : offset;
    length = rows < columns ? rows : columns;
    if (length < 0) length = 0;
  }
  Extents out;
  for (int d = 0; d < a.rank; ++d)
    if (d != i && d != j) out.push(a.at[d]);
  return out.push(length);
}

}  // namespace lazuli::typed::rules
