#include "lazuli/core/print.h"

#include <cxxabi.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <ostream>

#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/open/user_dtype.h"
#include "lazuli/core/tensor/uninitialized.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"

// The layout is that of PyTorch's repr: one width for all elements, chosen from the finite ones that are shown.
namespace lazuli {
namespace {

struct Settings {
  int precision = 4;
  int64_t threshold = 1000, edgeitems = 3, linewidth = 80;
  std::optional<bool> sci_mode;
};
std::mutex& settings_mutex() {
  static std::mutex* m = new std::mutex;
  return *m;
}
Settings& settings() {
  static Settings* s = new Settings;
  return *s;
}
Settings current_settings() {
  std::lock_guard lock(settings_mutex());
  return settings();
}

std::string number(double value, int precision, char form) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char text[400];
  std::snprintf(text, sizeof(text), form == 'e' ? "%.*e" : "%.*f", precision, value);
  return text;
}

class FloatFormat {
 public:
  FloatFormat(const std::vector<double>& values, const Settings& s) : precision_(s.precision) {
    double least = HUGE_VAL, most = 0;
    for (double v : values) {
      if (!std::isfinite(v) || v == 0) continue;
      least = std::min(least, std::fabs(v));
      most = std::max(most, std::fabs(v));
      if (v != std::ceil(v)) integers_ = false;
    }
    if (most == 0) {
      integers_ = true;
    } else {
      scientific_ = s.sci_mode.value_or(most / least > 1000 || most > 1e8 || least < 1e-4);
      for (double v : values)
        if (std::isfinite(v) && v != 0)
          width_ = std::max(width_, scientific_ ? number(v, precision_, 'e').size()
                                    : integers_ ? number(v, 0, 'f').size() + 1
                                                : number(v, precision_, 'f').size());
    }
  }
  std::string operator()(double v) const {
    std::string text;
    if (scientific_) text = number(v, precision_, 'e');
    else if (integers_) text = number(v, 0, 'f') + (std::isfinite(v) ? "." : "");
    else text = number(v, precision_, 'f');
    return text.size() < width_ ? std::string(width_ - text.size(), ' ') + text : text;
  }
  size_t width() const { return width_; }

 private:
  int precision_;
  bool integers_ = true, scientific_ = false;
  size_t width_ = 1;
};

struct Elements {
  std::vector<std::string> texts;
  size_t width = 1;
};

Elements elements_of(const Tensor& shown, const Settings& s) {
  Elements e;
  if (is_user_dtype(shown.dtype())) {
    const UserDType& type = user_dtype(shown.dtype());
    const Tensor host = dense(moved(shown, kCPU));
    for (int64_t i = 0; i < host.numel(); ++i) {
      e.texts.push_back(type.format(static_cast<const char*>(host.address()) + i * host.item_size()));
      e.width = std::max(e.width, e.texts.back().size());
    }
    for (std::string& t : e.texts) t.insert(0, e.width - t.size(), ' ');
  } else if (shown.is_complex()) {
    std::vector<double> re, im;
    for (const complex128& c : shown.to_vector<complex128>()) re.push_back(c.re), im.push_back(c.im);
    FloatFormat real(re, s), imag(im, s);
    for (size_t i = 0; i < re.size(); ++i) {
      std::string j = imag(im[i]) + "j";
      j.erase(0, j.find_first_not_of(' '));
      e.texts.push_back(real(re[i]) + (j[0] == '-' || j[0] == '+' ? "" : "+") + j);
    }
    e.width = real.width() + imag.width() + 1;
  } else if (shown.is_floating_point()) {
    std::vector<double> values = shown.to_vector<double>();
    FloatFormat format(values, s);
    for (double v : values) e.texts.push_back(format(v));
    e.width = format.width();
  } else {
    for (int64_t v : shown.to_vector<int64_t>()) {
      e.texts.push_back(shown.dtype() == kBool ? (v ? "True" : "False") : std::to_string(v));
      e.width = std::max(e.width, e.texts.back().size());
    }
    for (std::string& t : e.texts) t.insert(0, e.width - t.size(), ' ');
  }
  return e;
}

// The dimension `dim` of sizes, of which those in `cut` show only `edge` entries at each end.
std::string block(const Elements& e, const Shape& sizes, const std::vector<bool>& cut, const Settings& s, int64_t dim, int64_t first,
                  int64_t indent) {
  int64_t n = sizes[dim], inner = 1;
  for (int64_t d = dim + 1; d < sizes.size(); ++d) inner *= sizes[d];
  bool is_row = dim + 1 == sizes.size();
  std::vector<std::string> parts;
  for (int64_t i = 0; i < n; ++i) {
    if (cut[size_t(dim)] && i == s.edgeitems) parts.push_back(is_row ? " ..." : "...");
    parts.push_back(is_row ? e.texts[size_t(first + i)] : block(e, sizes, cut, s, dim + 1, first + i * inner, indent + 1));
  }
  if (cut[size_t(dim)] && s.edgeitems == 0) parts.push_back("...");
  std::string pad(size_t(indent) + 1, ' '), text = "[", between = is_row ? ", " : "," + std::string(size_t(sizes.size() - dim - 1), '\n') + pad;
  size_t per_line = is_row ? size_t(std::max<int64_t>(1, (s.linewidth - indent) / int64_t(e.width + 2))) : parts.size() + 1;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i) text += i % per_line == 0 ? ",\n" + pad : between;
    text += parts[i];
  }
  return text + "]";
}

std::string contents(const Tensor& t, const Settings& s, int64_t indent) {
  Tensor shown = t;
  std::vector<bool> cut(size_t(t.dim()), false);
  if (t.numel() > s.threshold) {
    for (int64_t d = 0; d < t.dim(); ++d) {
      int64_t n = t.sizes()[d];
      if (n <= 2 * s.edgeitems) continue;
      cut[size_t(d)] = true;
      shown = cat({slice(shown, d, 0, s.edgeitems), slice(shown, d, n - s.edgeitems, n)}, d);
    }
  }
  Elements e = elements_of(shown, s);
  return t.dim() == 0 ? e.texts[0] : block(e, shown.sizes(), cut, s, 0, 0, indent);
}

std::string tuple_text(const Shape& sizes) {
  std::string text = "(";
  for (int64_t i = 0; i < sizes.size(); ++i) text += (i ? ", " : "") + std::to_string(sizes[i]);
  return text + (sizes.size() == 1 ? ",)" : ")");
}

// "index_put_" to "IndexPutBackward0".
std::string node_text(std::string_view name) {
  std::string text;
  bool upper = true;
  for (char c : name) {
    if (c == '_' || c == '.') upper = true;
    else text += upper ? char(std::toupper(static_cast<unsigned char>(c))) : c, upper = false;
  }
  return text + "Backward0";
}

}  // namespace

namespace {
Settings of_profile(std::string_view profile) {
  Settings s;
  if (profile == "short") s.precision = 2, s.edgeitems = 2;
  else if (profile == "full") s.threshold = std::numeric_limits<int64_t>::max();
  else if (profile != "default") fail("set_printoptions", "profile", "'default', 'short' or 'full'", "'" + std::string(profile) + "'");
  return s;
}
}  // namespace

void set_printoptions(const PrintOptions& o) {
  if (o.precision && (*o.precision < 0 || *o.precision > 300))
    fail("set_printoptions", "precision", "a number in [0, 300]", std::to_string(*o.precision));
  if (o.edgeitems && *o.edgeitems < 0) fail("set_printoptions", "edgeitems", "a number that is not negative", std::to_string(*o.edgeitems));
  const Settings profile = o.profile ? of_profile(*o.profile) : Settings();
  std::lock_guard lock(settings_mutex());
  Settings& s = settings();
  if (o.profile) s = profile;
  s.precision = o.precision.value_or(s.precision);
  s.threshold = o.threshold.value_or(s.threshold);
  s.edgeitems = o.edgeitems.value_or(s.edgeitems);
  s.linewidth = o.linewidth.value_or(s.linewidth);
  if (o.sci_mode) s.sci_mode = o.sci_mode;
}
PrintOptionsGuard::PrintOptionsGuard(const PrintOptions& options) : before_(get_printoptions()) { set_printoptions(options); }
PrintOptionsGuard::~PrintOptionsGuard() {
  before_.profile = "default";
  set_printoptions(before_);
}
void set_printoptions(std::string_view profile) { set_printoptions(PrintOptions{.profile = std::string(profile)}); }
PrintOptions get_printoptions() {
  Settings s = current_settings();
  return {s.precision, s.threshold, s.edgeitems, s.linewidth, s.sci_mode, {}};
}

std::string detail::class_name(const std::type_info& type) {
  int status = 0;
  char* plain = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? plain : type.name();
  std::free(plain);
  const size_t end = name.find('<'), colon = name.rfind("::", end);
  return colon == std::string::npos ? name : name.substr(colon + 2);
}

std::string to_string(const Tensor& tensor) {
  if (!tensor.defined()) return "tensor(undefined)";
  if (tensor.body()->uninitialized) {
    auto& mark = static_cast<const UninitializedMark&>(*tensor.body()->lazy);
    return std::string(mark.is_parameter ? "UninitializedParameter(" : "UninitializedBuffer(") + (mark.path.empty() ? "" : "'" + mark.path + "', ") +
           std::string(name(tensor.body()->dtype)) + ", " + to_string(tensor.body()->device) + ")";
  }
  no_grad guard;
  Settings s = current_settings();
  constexpr std::string_view prefix = "tensor(";
  std::string text = std::string(prefix);
  std::vector<std::string> suffixes;
  DType t = tensor.dtype();
  std::string dtype = (is_user_dtype(t) ? "dtype=" : "dtype=torch.") + std::string(name(t));
  if (!tensor.device().is_cpu()) suffixes.push_back("device='" + to_string(tensor.device()) + "'");
  if (tensor.device().is_meta() || tensor.numel() == 0) {
    if (tensor.device().is_meta() || tensor.dim() != 1) suffixes.push_back("size=" + tuple_text(tensor.sizes()));
    if (t != get_default_dtype()) suffixes.push_back(dtype);
    text += tensor.device().is_meta() ? "..." : "[]";
  } else {
    if (t != get_default_dtype() && t != complex_dtype(get_default_dtype()) && t != kInt64 && t != kBool) suffixes.push_back(dtype);
    text += contents(tensor.detach(), s, int64_t(prefix.size()));
  }
  if (Ref<Node> node = grad_fn(tensor)) suffixes.push_back("grad_fn=<" + node_text(node->name()) + ">");
  else if (tensor.requires_grad()) suffixes.push_back("requires_grad=True");
  size_t newline = text.rfind('\n');
  int64_t length = int64_t(text.size()) - (newline == text.npos ? -1 : int64_t(newline)) + 1;
  for (const std::string& suffix : suffixes) {
    if (length + int64_t(suffix.size()) + 2 > s.linewidth) {
      text += ",\n" + std::string(prefix.size(), ' ') + suffix;
      length = int64_t(prefix.size() + suffix.size());
    } else {
      text += ", " + suffix;
      length += int64_t(suffix.size()) + 2;
    }
  }
  return text + ")";
}

std::ostream& operator<<(std::ostream& stream, const Tensor& tensor) { return stream << to_string(tensor); }

std::string to_string(const StateDict& state) {
  std::string text = "{";
  for (const auto& [name, tensor] : state) text += "\n  '" + name + "': " + to_string(tensor) + ",";
  return text + (state.empty() ? "}" : "\n}");
}
std::ostream& operator<<(std::ostream& stream, const StateDict& state) { return stream << to_string(state); }

std::ostream& operator<<(std::ostream& stream, const std::vector<Tensor>& tensors) {
  stream << "[";
  for (size_t i = 0; i < tensors.size(); ++i) stream << (i ? ", " : "") << tensors[i];
  return stream << "]";
}
std::ostream& operator<<(std::ostream& stream, const Ref<Node>& grad_fn) {
  return stream << (grad_fn ? "<" + node_text(grad_fn->name()) + ">" : "None");
}
std::ostream& operator<<(std::ostream& stream, DeviceType type) { return stream << Device(type).str(); }
std::ostream& operator<<(std::ostream& stream, Layout) { return stream << "Strided"; }
std::ostream& operator<<(std::ostream& stream, const TensorOptions& options) {
  return stream << "TensorOptions(dtype=" << options.dtype() << ", device=" << options.device()
                << ", requires_grad=" << (options.requires_grad() ? "true" : "false") << ")";
}
}  // namespace lazuli
