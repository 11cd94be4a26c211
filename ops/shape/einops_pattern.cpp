#include "lazuli/ops/shape/einops_pattern.h"

#include <algorithm>
#include <cctype>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/shape/einops.h"

namespace lazuli::einops {
namespace {

TextCache<Pattern>& cache() {
  static auto* patterns = new TextCache<Pattern>;
  return *patterns;
}

// Reads one pattern from left to right.
class Reader {
 public:
  Reader(Purpose purpose, std::string_view text) : purpose_(purpose) { pattern_.text = text; }

  Pattern read() {
    const std::string& text = pattern_.text;
    const size_t arrow = text.find("->");
    if (arrow == std::string::npos) refuse("'->' between two sides", "none", text.size());
    if (size_t second = text.find("->", arrow + 2); second != std::string::npos) refuse("one '->'", "a second", second);
    read_side(pattern_.left, 0, arrow, true);
    read_side(pattern_.right, arrow + 2, text.size(), false);
    check();
    return std::move(pattern_);
  }

 private:
  [[noreturn]] void refuse(std::string_view expected, std::string_view got, size_t place,
                           ErrorCode code = errors::einops_error_invalid_pattern) const {
    fail(code, name_of(purpose_), "pattern", expected, marked(got, pattern_.text, place));
  }

  void read_side(Side& side, size_t at, size_t end, bool left) {
    const std::string& text = pattern_.text;
    bool inside = false;
    while (at < end) {
      const char c = text[at];
      const size_t place = at;
      if (c == ' ') {
        ++at;
      } else if (c == '(') {
        if (inside) refuse("no parentheses inside parentheses", "'('", place);
        inside = true;
        side.groups.push_back({{}, place});
        ++at;
      } else if (c == ')') {
        if (!inside) refuse("'(' before ')'", "')'", place);
        inside = false;
        ++at;
      } else {
        if (!inside) side.groups.push_back({{}, place});
        std::vector<int>& axes = side.groups.back().axes;
        if (text.compare(at, 3, "...") == 0) {
          if (side.has(kEllipsis)) refuse("one '...' a side", "a second", place);
          if (left && inside) refuse("'...' outside parentheses on the left side", "it inside", place);
          axes.push_back(kEllipsis);
          at += 3;
        } else if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
          while (at < end && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_')) ++at;
          add_axis(side, text.substr(place, at - place), place, left);
        } else {
          refuse("names, numbers, parentheses and '...'", "'" + std::string(1, c) + "'", place);
        }
      }
    }
    if (inside) refuse("')'", "the end of the side", end);
  }

  void add_axis(Side& side, const std::string& name, size_t place, bool left) {
    std::vector<int>& axes = side.groups.back().axes;
    if (std::isdigit(static_cast<unsigned char>(name[0]))) {
      const bool number = name.size() <= 18 && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
      const int64_t size = number ? std::stoll(name) : 0;
      if (size < 1) refuse("a name, or a number of at least 1", "'" + name + "'", place);
      if (size == 1) return;
      if (purpose_ == Purpose::Rearrange || left != (purpose_ == Purpose::Reduce))
        refuse(purpose_ == Purpose::Reduce   ? "numbers other than 1 on the left side only"
               : purpose_ == Purpose::Repeat ? "numbers other than 1 on the right side only"
                                             : "no number but 1",
               "'" + name + "'", place, left ? errors::einops_error_invalid_pattern : errors::einops_error_anonymous_in_output);
      axes.push_back(int(pattern_.axes.size()));
      pattern_.axes.push_back({"", size, place});
      return;
    }
    if (name.front() == '_' || name.back() == '_') refuse("names that neither begin nor end with '_'", "'" + name + "'", place);
    int axis = 0;
    while (axis < int(pattern_.axes.size()) && pattern_.axes[size_t(axis)].name != name) ++axis;
    if (axis < int(pattern_.axes.size()) && side.has(axis)) refuse("each name once a side", "'" + name + "' again", place);
    if (axis == int(pattern_.axes.size())) {
      if (!left && purpose_ != Purpose::Repeat) {
        std::list<std::string> unused, known;
        for (int i = 0; i < axis; ++i) (side.has(i) ? known : unused).push_back(pattern_.axes[size_t(i)].name);
        unused.splice(unused.end(), known);
        refuse("names of the left side on the right" + nearest_hint(name, unused), "'" + name + "'", place,
               purpose_ == Purpose::Reduce ? errors::einops_error_reduce_undefined_output : errors::einops_error_undefined_axis);
      }
      pattern_.axes.push_back({name, -1, place});
    }
    axes.push_back(axis);
  }

  // What must be on both sides.
  void check() const {
    const auto place_of = [&](const Side& side, int axis) {
      for (const Group& group : side.groups)
        if (std::find(group.axes.begin(), group.axes.end(), axis) != group.axes.end())
          return axis >= 0 ? pattern_.axes[size_t(axis)].place : group.place;
      return pattern_.text.size();
    };
    if (pattern_.right.has(kEllipsis) && !pattern_.left.has(kEllipsis))
      refuse("'...' on the left side too", "it on the right side only", place_of(pattern_.right, kEllipsis));
    if (purpose_ == Purpose::Reduce) return;
    if (pattern_.left.has(kEllipsis) && !pattern_.right.has(kEllipsis))
      refuse("'...' on both sides", "it on the left side only", place_of(pattern_.left, kEllipsis));
    for (int axis = 0; axis < int(pattern_.axes.size()); ++axis)
      if (pattern_.left.has(axis) && !pattern_.right.has(axis))
        refuse("the names of the left side on the right too", "'" + pattern_.axes[size_t(axis)].name + "' on the left side only",
               pattern_.axes[size_t(axis)].place, errors::einops_error_undefined_axis);
  }

  Purpose purpose_;
  Pattern pattern_;
};

}  // namespace

bool Side::has(int axis) const {
  for (const Group& group : groups)
    if (std::find(group.axes.begin(), group.axes.end(), axis) != group.axes.end()) return true;
  return false;
}

const char* name_of(Purpose purpose) { return purpose == Purpose::Rearrange ? "rearrange" : purpose == Purpose::Reduce ? "reduce" : "repeat"; }

std::shared_ptr<const Pattern> pattern_of(Purpose purpose, std::string_view text) {
  const std::string key = name_of(purpose) + std::string(":") + std::string(text);
  return cache().get(key, [&](std::string_view) { return Reader(purpose, text).read(); });
}
void clear_cache() { cache().clear(); }
size_t cache_size() { return cache().size(); }

Sizes sizes_of(Purpose purpose, const Pattern& pattern, const Shape& sizes, const std::vector<std::pair<std::string, int64_t>>& given) {
  const char* op = name_of(purpose);
  Sizes out;
  for (const Axis& axis : pattern.axes) out.axes.push_back(axis.size);
  for (const auto& [name, size] : given) {
    int axis = -1;
    std::list<std::string> names;
    for (size_t i = 0; i < pattern.axes.size(); ++i) {
      if (pattern.axes[i].name == name && !name.empty()) axis = int(i);
      if (!pattern.axes[i].name.empty()) names.push_back(pattern.axes[i].name);
    }
    if (axis < 0) fail(op, "axes", "sizes for names of the pattern" + nearest_hint(name, names), "'" + name + "' for '" + pattern.text + "'");
    if (size < 1) fail(op, "axes", "a size of at least 1 for '" + name + "'", std::to_string(size));
    if (out.axes[size_t(axis)] != -1) fail(op, "axes", "one size for '" + name + "'", "two");
    out.axes[size_t(axis)] = size;
  }

  const std::vector<Group>& groups = pattern.left.groups;
  const bool ellipsis = pattern.left.has(kEllipsis);
  const int64_t more = sizes.size() - int64_t(groups.size()) + ellipsis;
  if (ellipsis ? more < 0 : more != 0)
    fail(errors::einops_error_dimension_mismatch, op, "self",
         (ellipsis ? "at least " : "") + std::to_string(int64_t(groups.size()) - ellipsis) + " dimensions for '" + pattern.text + "'",
         "sizes " + to_string(sizes));
  int64_t d = 0;
  for (const Group& group : groups) {
    if (!group.axes.empty() && group.axes[0] == kEllipsis) {
      for (int64_t i = 0; i < more; ++i) out.ellipsis.push_back(sizes[d++]);
      continue;
    }
    const int64_t size = sizes[d++];
    int64_t known = 1;
    int open = -1;
    for (int axis : group.axes) {
      if (int64_t n = out.axes[size_t(axis)]; n >= 0) {
        known = size_product(known, n, op);
        continue;
      }
      if (open >= 0)
        fail(errors::einops_error_ambiguous_decomposition, op, "axes",
             "a size for '" + pattern.axes[size_t(open)].name + "' or '" + pattern.axes[size_t(axis)].name + "'",
             marked("neither", pattern.text, group.place));
      open = axis;
    }
    if (open >= 0 ? size % known != 0 : size != known)
      fail(errors::einops_error_dimension_mismatch, op, "self",
           open >= 0 ? "a size that " + std::to_string(known) + " divides" : "a size of " + std::to_string(known),
           marked(std::to_string(size) + " in sizes " + to_string(sizes), pattern.text, group.place));
    if (open >= 0) out.axes[size_t(open)] = size / known;
  }
  for (size_t i = 0; i < out.axes.size(); ++i)
    if (out.axes[i] < 0)
      fail(errors::einops_error_repeat_missing_size, op, "axes", "a size for '" + pattern.axes[i].name + "'",
           marked("none", pattern.text, pattern.axes[i].place));
  return out;
}

}  // namespace lazuli::einops
