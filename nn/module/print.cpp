#include "lazuli/nn/module/print.h"

#include <charconv>
#include <cmath>
#include <ostream>

#include "lazuli/nn/module/child.h"
#include "lazuli/nn/module/containers.h"
#include "lazuli/nn/utils/parametrize.h"

namespace lazuli::nn {

namespace detail {

std::string py(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  double magnitude = std::abs(value);
  bool scientific = value != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, scientific ? std::chars_format::scientific : std::chars_format::fixed).ptr;
  std::string text(buffer, end);
  if (!scientific && text.find('.') == std::string::npos) text += ".0";
  return text;
}
std::string py(std::optional<double> value) { return value ? py(*value) : "None"; }
std::string py(const Shape& value) {
  std::string text = "(";
  for (int64_t i = 0; i < value.size(); ++i) text += (i ? ", " : "") + std::to_string(value[i]);
  return text + (value.size() == 1 ? ",)" : ")");
}

}  // namespace detail

namespace {

std::string indented(const std::string& text) {
  std::string out;
  for (char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

std::string to_string(const Module& module) {
  const auto* own = dynamic_cast<const PrintsItself*>(&module);
  return own ? own->printed() : printed_by_parts(module);
}

std::string printed_by_parts(const Module& module) {
  std::string extra = module.extra_repr();
  std::vector<std::string> lines;
  auto children = module.child_entries();
  // Runs of equal entries of a list are written once, as "(0-2): 3 x Linear(...)".
  bool is_list = dynamic_cast<const ModuleList*>(&module);
  for (size_t i = 0; i < children.size();) {
    std::string text = to_string(*children[i].second);
    size_t end = i + 1;
    while (is_list && end < children.size() && to_string(*children[end].second) == text) ++end;
    if (end - i > 1)
      lines.push_back("(" + children[i].first + "-" + children[end - 1].first + "): " + std::to_string(end - i) + " x " + indented(text));
    else lines.push_back("(" + children[i].first + "): " + indented(text));
    i = end;
  }
  std::string text = (utils::parametrize::is_parametrized(module) ? "Parametrized" : "") + module.class_name() + "(";
  if (lines.empty() && extra.find('\n') == std::string::npos) return text + extra + ")";
  if (!extra.empty()) text += "\n  " + indented(extra);
  for (const std::string& line : lines) text += "\n  " + line;
  return text + "\n)";
}

std::ostream& operator<<(std::ostream& out, const Module& module) { return out << to_string(module); }
std::ostream& operator<<(std::ostream& out, const LoadReport& report) { return out << to_string(report); }

}  // namespace lazuli::nn

// For debuggers (scripts/lazuli_gdb.py), where the library has no debug information: the text lives until the next call.
extern "C" [[gnu::used, gnu::retain, gnu::visibility("default")]] const char* lazuli_describe_module(const void* module) noexcept;
const char* lazuli_describe_module(const void* module) noexcept {
  static std::string* text = new std::string;
  try {
    *text = lazuli::nn::to_string(*static_cast<const lazuli::nn::Module*>(module));
  } catch (const std::exception& error) { *text = error.what(); }
  return text->c_str();
}
