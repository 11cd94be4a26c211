#pragma once
#include <cstdint>

#include "lazuli/typed/rules/broadcast.h"

/// Einstein's summation, read by the compiler.
namespace lazuli::typed {

/// Ellipsis among the numbers of a sublist.
inline constexpr int64_t ellipsis = INT64_MIN;
/// Subscripts by number, 0 to 51 in place of A to Z and a to z: `einsum<Sublist<0, 1>, Sublist<1, 2>, Sublist<0, 2>>(a, b)`.
template <int64_t... subscripts>
struct Sublist {
  static constexpr int count = int(sizeof...(subscripts));
  static constexpr int64_t list[sizeof...(subscripts) + 1] = {subscripts..., 0};
};

namespace rules {

/// The text with a ^ before the place.
constexpr void point_at(Writer& say, std::string_view text, size_t place) {
  say << '`' << text.substr(0, place) << '^' << text.substr(place < text.size() ? place : text.size()) << '`';
}

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// An equation, read: the letters of each operand and of the result, with their places in the text.
struct Equation {
  static constexpr int kOperands = 8, kLetters = 16;
  struct Term {
    char letters[kLetters] = {};
    size_t places[kLetters] = {};
    int count = 0;
    int ellipsis = -1;  // before which letter
    constexpr bool has(char c) const {
      for (int i = 0; i < count; ++i)
        if (letters[i] == c) return true;
      return false;
    }
  };
  Term operands[kOperands];
  int count = 1;
  Term result;
  bool explicit_result = false;
};

constexpr Ruling bad_equation(Writer& say, std::string_view what, std::string_view text, size_t place) {
  say << what << ": ";
  point_at(say, text, place);
  return Mistake::einsum_error_invalid_equation;
}
constexpr Ruling read_equation(Writer& say, std::string_view text, Equation& equation) {
  Equation::Term* term = &equation.operands[0];
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (is_letter(c)) {
      if (term->count == Equation::kLetters) return bad_equation(say, "too many letters", text, i);
      term->letters[term->count] = c;
      term->places[term->count++] = i;
    } else if (c == ',' && !equation.explicit_result) {
      if (equation.count == Equation::kOperands) return bad_equation(say, "too many operands", text, i);
      term = &equation.operands[equation.count++];
    } else if (c == '-' && i + 1 < text.size() && text[i + 1] == '>' && !equation.explicit_result) {
      equation.explicit_result = true;
      term = &equation.result;
      ++i;
    } else if (text.substr(i, 3) == "..." && term->ellipsis < 0) {
      term->ellipsis = term->count;
      i += 2;
    } else {
      return bad_equation(say, c == '.' ? "`...` stands once in an operand" : "letters, commas, `...` and one `->` are allowed", text, i);
    }
  }
  if (equation.explicit_result) {
    for (int i = 0; i < equation.result.count; ++i) {
      const char c = equation.result.letters[i];
      for (int k = 0; k < i; ++k)
        if (equation.result.letters[k] == c) return bad_equation(say, "an index stands twice in the result", text, equation.result.places[i]);
      bool known = false;
      for (int k = 0; k < equation.count; ++k) known = known || equation.operands[k].has(c);
      if (known) continue;
      say << "index `" << c << "` of the result is in no operand: ";
      point_at(say, text, equation.result.places[i]);
      char nearest = 0;
      for (int k = 0; k < equation.count; ++k)
        for (int m = 0; m < equation.operands[k].count; ++m) {
          const char other = equation.operands[k].letters[m];
          if (equation.result.has(other)) continue;
          if (nearest == 0 || (other > c ? other - c : c - other) < (nearest > c ? nearest - c : c - nearest)) nearest = other;
        }
      if (nearest) say << ", did you mean `" << nearest << "`?";
      return Mistake::einsum_error_unknown_output_index;
    }
    return {};
  }
  // Without "->": the letters that stand once, in alphabetical order, after the ellipsis.
  for (int k = 0; k < equation.count; ++k)
    if (equation.operands[k].ellipsis >= 0) equation.result.ellipsis = 0;
  for (int code = 0; code < 52; ++code) {
    const char c = char(code < 26 ? 'A' + code : 'a' + code - 26);
    int times = 0;
    for (int k = 0; k < equation.count; ++k)
      for (int m = 0; m < equation.operands[k].count; ++m) times += equation.operands[k].letters[m] == c;
    if (times == 1) equation.result.letters[equation.result.count++] = c;
  }
  return {};
}
constexpr Ruling count_operands(Writer& say, std::string_view text, const Equation& equation, int given) {
  if (equation.count == given) return {};
  say << '`' << text << "` is for " << equation.count << (equation.count == 1 ? " operand" : " operands") << ", got " << given;
  return Mistake::einsum_error_operand_count_mismatch;
}
/// What can be said without shapes.
constexpr Ruling einsum_equation(Writer& say, std::string_view text, int operands) {
  Equation equation;
  const Ruling read = read_equation(say, text, equation);
  return read.mistake != Mistake::none ? read : count_operands(say, text, equation, operands);
}
constexpr Ruling einsum_ranks(Writer& say, std::string_view text, Operands operands) {
  Equation equation;
  if (const Ruling read = read_equation(say, text, equation); read.mistake != Mistake::none) return read;
  if (const Ruling counted = count_operands(say, text, equation, operands.count); counted.mistake != Mistake::none) return counted;
  for (int k = 0; k < operands.count; ++k) {
    const Equation::Term& term = equation.operands[k];
    if (term.ellipsis >= 0 ? operands[k].rank >= term.count : operands[k].rank == term.count) continue;
    say << "operand " << k << " of `" << text << "` has " << term.count << (term.count == 1 ? " letter" : " letters")
        << (term.ellipsis >= 0 ? " and `...`" : "") << " for the " << operands[k].rank
        << (operands[k].rank == 1 ? " dimension of " : " dimensions of ") << operands[k];
    return Mistake::einsum_error_subscript_rank_mismatch;
  }
  return {};
}
constexpr Ruling einsum(Writer& say, std::string_view text, Operands operands) {
  if (const Ruling fits = einsum_ranks(say, text, operands); fits.mistake != Mistake::none) return fits;
  Equation equation;
  Writer quiet;
  read_equation(quiet, text, equation);
  int64_t extents[128] = {};
  int owner[128] = {};
  bool seen[128] = {};
  Extents batch;
  for (int k = 0; k < operands.count; ++k) {
    const Equation::Term& term = equation.operands[k];
    const int more = operands[k].rank - term.count;
    Extents dots;
    for (int i = 0; term.ellipsis >= 0 && i < more; ++i) dots.push(operands[k].at[term.ellipsis + i]);
    const Ruling joined = broadcast(say, batch, dots);
    if (joined.mistake != Mistake::none) {
      say << " for `...` of `" << text << '`';
      return Mistake::einsum_error_dimension_mismatch;
    }
    batch = joined.shape;
    for (int i = 0; i < term.count; ++i) {
      const int64_t extent = operands[k].at[term.ellipsis >= 0 && i >= term.ellipsis ? i + more : i];
      const size_t letter = size_t(term.letters[i]);
      int64_t both = extent;
      if (seen[letter] && !broadcast_extent(extents[letter], extent, both)) {
        say << "index `" << term.letters[i] << "` is ";
        write_extent(say, extents[letter]) << " in operand " << owner[letter] << " and ";
        write_extent(say, extent) << " in operand " << k << ": ";
        point_at(say, text, term.places[i]);
        return Mistake::einsum_error_dimension_mismatch;
      }
      if (!seen[letter] || both != extents[letter]) owner[letter] = k;
      extents[letter] = both;
      seen[letter] = true;
    }
  }
  Extents out;
  for (int i = 0; i <= equation.result.count; ++i) {
    if (i == equation.result.ellipsis)
      for (int d = 0; d < batch.rank; ++d) out.push(batch.at[d]);
    if (i < equation.result.count) out.push(extents[size_t(equation.result.letters[i])]);
  }
  return out;
}

/// A sublist as letters, added to an equation.
constexpr Ruling write_sublist(Writer& say, Writer& to, const int64_t* list, int count) {
  for (int i = 0; i < count; ++i) {
    if (list[i] == ellipsis) {
      to << "...";
    } else if (list[i] < 0) {
      say << "an element of a sublist is a number from 0 to 51 or ellipsis, got " << list[i];
      return Mistake::einsum_error_invalid_sublist_element;
    } else if (list[i] > 51) {
      say << "subscripts are 0 to 51, got " << list[i];
      return Mistake::einsum_error_index_out_of_range;
    } else {
      to << char(list[i] < 26 ? 'A' + list[i] : 'a' + list[i] - 26);
    }
  }
  return {};
}
/// The sublists of the operands and then of the result.
struct Sublists {
  const int64_t* const* lists;
  const int* counts;
  int count;
};
constexpr Ruling write_sublists(Writer& say, Writer& to, Sublists all) {
  for (int i = 0; i < all.count; ++i) {
    if (i) to << (i + 1 == all.count ? "->" : ",");
    if (const Ruling written = write_sublist(say, to, all.lists[i], all.counts[i]); written.mistake != Mistake::none) return written;
  }
  return {};
}
constexpr Ruling einsum_sublists(Writer& say, Sublists all, Operands operands) {
  char text[160] = {};
  Writer to(text);
  const Ruling written = write_sublists(say, to, all);
  return written.mistake != Mistake::none ? written : einsum(say, {text, size_t(to.length())}, operands);
}
constexpr Ruling einsum_sublists_alone(Writer& say, Sublists all, int operands) {
  char text[160] = {};
  Writer to(text);
  const Ruling written = write_sublists(say, to, all);
  return written.mistake != Mistake::none ? written : einsum_equation(say, {text, size_t(to.length())}, operands);
}

}  // namespace rules
}  // namespace lazuli::typed
