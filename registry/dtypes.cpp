#include "lazuli/registry/dtypes.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <limits>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/ops/base/pointwise.h"

namespace lazuli::registry {
namespace {

constexpr int64_t kMostBytes = 16;

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

// Offsets as a C++ struct has them (a complex component at a multiple of its whole size, so that it can be viewed), and the size of an element: the least power of two that holds them.
void lay_out(UserDType& type) {
  int64_t end = 0;
  for (const DTypeComponent& c : type.components) {
    const int64_t alignment = item_size(c.dtype);
    end = (end + alignment - 1) / alignment * alignment;
    type.offsets.push_back(end);
    end += item_size(c.dtype);
  }
  int64_t size = 1;
  while (size < end) size *= 2;
  type.size = int(size);
}

void check(const DTypeConfig& config) {
  const char* op = "register_dtype";
  const auto refuse = [&](const char* what, const std::string& expected, const std::string& got) {
    fail(errors::invalid_config_error, op, what, expected, got);
  };
  if (!is_identifier(config.name)) refuse("name", "an identifier", "'" + config.name + "'");
  if (has_dtype(config.name)) fail(errors::dtype_already_registered_error, op, "name", "a name that is not taken", "'" + config.name + "'");
  if (config.components.empty()) refuse("components", "at least one component", "none");
  for (size_t i = 0; i < config.components.size(); ++i) {
    const DTypeComponent& c = config.components[i];
    if (!is_identifier(c.name)) refuse("components", "components named by identifiers", "'" + c.name + "'");
    if (is_user_dtype(c.dtype)) refuse("components", "components of built-in dtypes", std::string(name(c.dtype)));
    for (size_t j = 0; j < i; ++j)
      if (config.components[j].name == c.name) refuse("components", "each name once", "'" + c.name + "' twice");
  }
}

std::string default_text(const UserDType& type, const void* element) {
  std::string text;
  for (size_t i = 0; i < type.components.size(); ++i)
    text += (i ? ", " : "") + to_string(load_scalar(static_cast<const char*>(element) + type.offsets[i], type.components[i].dtype));
  return type.components.size() == 1 ? text : "(" + text + ")";
}

[[noreturn]] void refuse_component(const char* op, const Tensor& t, const std::string& got) {
  std::string known;
  for (const DTypeComponent& c : user_dtype(t.dtype()).components) known += (known.empty() ? "" : ", ") + c.name;
  fail(errors::dtype_components_mismatch_error, op, "component", "one of " + known + " of " + std::string(name(t.dtype())), got);
}

void need_user_dtype(const char* op, DType t) {
  if (!is_user_dtype(t))
    fail(errors::dtype_components_mismatch_error, ErrorKind::Type, op, "dtype", "a registered dtype, which has components", name(t));
}

}  // namespace

DTypeHandle register_dtype(DTypeConfig config) {
  check(config);
  UserDType type{std::move(config.name), std::move(config.components)};
  lay_out(type);
  if (type.size > kMostBytes)
    fail(errors::invalid_config_error, "register_dtype", "components", "elements of at most 16 bytes", std::to_string(type.size) + " bytes");
  type.format = config.format ? std::move(config.format) : [type](const void* element) { return default_text(type, element); };
  if (config.is_number) {
    const DType first = type.components[0].dtype;
    type.to_scalar = config.to_scalar ? std::move(config.to_scalar) : [first](const void* element) { return load_scalar(element, first); };
    type.from_scalar = config.from_scalar ? std::move(config.from_scalar) : [first, size = type.size](void* element, const Scalar& value) {
      std::memset(element, 0, size_t(size));
      store_scalar(element, first, value);
    };
  }
  const std::string name = type.name;
  const DType dtype = add_user_dtype(std::move(type));
  return DTypeHandle(Handle(name, [dtype] { retire_user_dtype(dtype); }), dtype);
}

DType get_dtype(std::string_view name) { return parse_dtype(name); }

bool has_dtype(std::string_view name) {
  try {
    parse_dtype(name);
    return true;
  } catch (const Error&) { return false; }
}
void validate_dtype(std::string_view name) { parse_dtype(name); }

std::vector<std::string> list_dtypes() {
  std::vector<std::string> names;
  for (const DTypeProperties& p : kDTypes) names.emplace_back(p.name);
  for (std::string& name : list_custom_dtypes()) names.push_back(std::move(name));
  return names;
}
std::vector<std::string> list_custom_dtypes() {
  std::vector<std::string> names;
  for (DType t : user_dtypes()) names.emplace_back(name(t));
  return names;
}

DTypeInfo get_dtype_info(DType dtype) {
  DTypeInfo info{std::string(name(dtype)), dtype, item_size(dtype), kind_of(dtype), is_user_dtype(dtype)};
  info.bits = int(8 * info.item_size);
  if (info.is_custom) {
    info.components = user_dtype(dtype).components;
    return info;
  }
  const DType real = real_dtype(dtype);
  if (real == kFloat16) info.eps = 0x1p-10, info.max = 65504, info.tiny = 0x1p-14;
  else if (real == kBFloat16) info.eps = 0x1p-7, info.max = 0x1.fep127, info.tiny = 0x1p-126;
  else
    lazuli::dispatch(real, [&](auto zero) {
      using T = decltype(zero);
      using Limits = std::numeric_limits<T>;
      if constexpr (std::is_floating_point_v<T>) info.eps = double(Limits::epsilon()), info.tiny = double(Limits::min());
      if constexpr (std::is_arithmetic_v<T>) info.max = double(Limits::max()), info.min = double(Limits::lowest());
    });
  if (is_floating_point(real)) info.min = -info.max;
  return info;
}

Tensor component(const Tensor& t, int64_t index) {
  need_user_dtype("component", t.dtype());
  const UserDType& type = user_dtype(t.dtype());
  if (index < 0 || index >= int64_t(type.components.size())) refuse_component("component", t, std::to_string(index));
  const DType part = type.components[size_t(index)].dtype;
  const int64_t step = item_size(part);
  Shape strides = t.strides();
  for (int64_t& s : strides) s = s * type.size / step;
  return alias(t, part, t.sizes(), strides, (t.storage_offset() * type.size + type.offsets[size_t(index)]) / step, "component");
}
Tensor component(const Tensor& t, std::string_view name) {
  need_user_dtype("component", t.dtype());
  const DTypeComponents& all = user_dtype(t.dtype()).components;
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return component(t, int64_t(i));
  refuse_component("component", t, "'" + std::string(name) + "'");
}
std::vector<Tensor> components(const Tensor& t) {
  need_user_dtype("components", t.dtype());
  std::vector<Tensor> all;
  for (size_t i = 0; i < user_dtype(t.dtype()).components.size(); ++i) all.push_back(component(t, int64_t(i)));
  return all;
}

Tensor from_components(DType dtype, const std::vector<Tensor>& parts) {
  const char* op = "from_components";
  need_user_dtype(op, dtype);
  const UserDType& type = user_dtype(dtype);
  if (parts.size() != type.components.size())
    fail(errors::dtype_components_mismatch_error, op, "components", std::to_string(type.components.size()) + " tensors for " + type.name,
         std::to_string(parts.size()));
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].defined()) fail_undefined(op, "components");
    if (parts[i].dtype() != type.components[i].dtype || !(parts[i].sizes() == parts[0].sizes()) || !(parts[i].device() == parts[0].device()))
      fail(errors::dtype_components_mismatch_error, op, "components",
           "'" + type.components[i].name + "' as " + std::string(name(type.components[i].dtype)) + " " + to_string(parts[0].sizes()) +
               ", all on one device",
           std::string(name(parts[i].dtype())) + " " + to_string(parts[i].sizes()));
  }
  Tensor out = new_tensor(parts[0].sizes(), dtype, parts[0].device());
  fill_kernel(out.device(), out, 0);
  for (size_t i = 0; i < parts.size(); ++i) {
    Tensor part = component(out, int64_t(i));
    copy_kernel(out.device(), part, parts[i]);
  }
  return out;
}

namespace {
void check_size(const char* op, DType dtype, size_t size) {
  if (size != size_t(item_size(dtype)))
    fail(errors::dtype_components_mismatch_error, op, "T",
         "elements of " + std::to_string(item_size(dtype)) + " bytes, as " + std::string(name(dtype)) + " has", std::to_string(size));
}
}  // namespace

Tensor detail::from_memory(DType dtype, const void* data, int64_t count, size_t size, const Shape& sizes) {
  check_size("from_elements", dtype, size);
  Tensor out = new_tensor(sizes, dtype);
  if (out.numel() != count) fail("from_elements", "sizes", "sizes of " + std::to_string(count) + " elements", to_string(sizes));
  if (count) std::memcpy(out.address(), data, size_t(count) * size);
  return out;
}
void detail::to_memory(const Tensor& t, void* data, size_t size) {
  check_size("to_elements", t.dtype(), size);
  const Tensor host = dense(moved(t, kCPU));
  if (host.numel()) std::memcpy(data, host.address(), size_t(host.numel()) * size);
}

}  // namespace lazuli::registry
