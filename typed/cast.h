#pragma once
#include <string>

#include "lazuli/core/error.h"
#include "lazuli/typed/refusal.h"
#include "lazuli/typed/tensor.h"

/// The border between tensors and typed tensors.
namespace lazuli {
namespace typed::detail {

inline std::string written(const Extents& extents) {
  Writer count;
  count << extents;
  std::string text(size_t(count.length()), ' ');
  Writer to(text.data());
  to << extents;
  return text;
}
inline std::string written_extent(int64_t extent) {
  char text[24] = {};
  Writer to(text);
  write_extent(to, extent);
  return text;
}
/// The numbers that names stand for.
struct NamedSizes {
  int64_t names[16] = {}, sizes[16] = {};
  int count = 0;
};
[[noreturn]] inline void fail_cast(const Tensor& tensor, const Extents& wanted, const std::string& what) {
  fail(ErrorKind::Argument, "typed_cast", "tensor", "sizes " + written(wanted), to_string(tensor.sizes()) + what);
}
inline void check_cast(const Tensor& tensor, const Extents& wanted, DType dtype, int device, NamedSizes& known) {
  if (tensor.dtype() != dtype)
    fail(ErrorKind::Type, "typed_cast", "tensor", "dtype " + std::string(kDTypes[int(dtype)].name), std::string(kDTypes[int(tensor.dtype())].name));
  if (device != kAnyDevice && int(tensor.device().type) != device)
    fail(ErrorKind::Argument, "typed_cast", "tensor", "a tensor on " + to_string(Device(DeviceType(device))), "one on " + to_string(tensor.device()));
  if (tensor.dim() != wanted.rank) fail_cast(tensor, wanted, "");
  for (int i = 0; i < wanted.rank; ++i) {
    const int64_t size = tensor.sizes().data()[i], extent = wanted.at[i];
    if (is_fixed(extent) && size != extent)
      fail_cast(tensor, wanted, ": dimension " + std::to_string(i) + " is " + std::to_string(size) + " instead of " + std::to_string(extent));
    if (!is_named(extent)) continue;
    int k = 0;
    while (k < known.count && known.names[k] != extent) ++k;
    if (k == known.count && k < 16) {
      known.names[k] = extent;
      known.sizes[k] = size;
      ++known.count;
    } else if (k < known.count && known.sizes[k] != size) {
      fail_cast(tensor, wanted,
                ": dimension " + std::to_string(i) + " is " + std::to_string(size) + ", and '" + written_extent(extent) + "' is " +
                    std::to_string(known.sizes[k]) + " elsewhere");
    }
  }
}
template <AnyTyped X>
X cast(const Tensor& tensor, NamedSizes& names) {
  check_cast(tensor, X::shape_type::value, dtype_of_tensor<X>, device_code<WhereOf<X>>, names);
  return X(Unchecked(), tensor);
}

/// "float32[batch, 784]", and "int64[?, 3] cpu": dtype, extents, device.
struct Spelled {
  DType dtype = kFloat32;
  Extents extents;
  int device = kAnyDevice;
};
void a_typed_tensor_is_spelled_like_this_float32_batch_784_or_int64_question_mark_3_cpu();  // no definition, as in extents.h
consteval Spelled spelled(std::string_view text) {
  Spelled s;
  const size_t open = text.find('['), close = text.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    a_typed_tensor_is_spelled_like_this_float32_batch_784_or_int64_question_mark_3_cpu();
  bool known = false;
  for (const DTypeProperties& p : kDTypes)
    if (p.name == text.substr(0, open) || (!p.alias.empty() && p.alias == text.substr(0, open))) {
      s.dtype = p.dtype;
      known = true;
    }
  std::string_view inside = text.substr(open + 1, close - open - 1);
  while (!inside.empty()) {
    size_t end = 0;
    while (end < inside.size() && inside[end] != ',' && inside[end] != ' ') ++end;
    const std::string_view word = inside.substr(0, end);
    if (word == "?") {
      s.extents.push(dynamic);
    } else if (!word.empty() && word[0] >= '0' && word[0] <= '9') {
      int64_t number = 0;
      for (char c : word) number = number * 10 + (c - '0');
      s.extents.push(number);
    } else if (!word.empty()) {
      s.extents.push(dim(word));
    }
    inside = end < inside.size() ? inside.substr(end + 1) : std::string_view();
  }
  std::string_view device = text.substr(close + 1);
  while (!device.empty() && device[0] == ' ') device = device.substr(1);
  constexpr std::string_view names[] = {"cpu", "meta", "cuda", "opencl"};
  for (int i = 0; i < 4; ++i)
    if (device == names[i]) s.device = i;
  if (!known || (!device.empty() && s.device == kAnyDevice)) a_typed_tensor_is_spelled_like_this_float32_batch_784_or_int64_question_mark_3_cpu();
  return s;
}
template <int code>
struct WhereOfCode {
  using type = On<DeviceType(code)>;
};
template <>
struct WhereOfCode<kAnyDevice> {
  using type = Anywhere;
};
template <Text text>
struct SpelledType {
  static constexpr Spelled value = spelled(text.view());
  template <size_t... i>
  static auto make(std::index_sequence<i...>)
      -> Typed<lazuli::typed::Element<value.dtype>, Dims<value.extents.at[i]...>, typename WhereOfCode<value.device>::type>;
  using type = decltype(make(std::make_index_sequence<size_t(value.extents.rank)>()));
};

}  // namespace typed::detail

/// The short form: TypedOf<"float32[batch, 784]">, TypedOf<"int64[?] cpu">.
template <typed::Text text>
using TypedOf = typename typed::detail::SpelledType<text>::type;

/// The tensor as what it is said to be. Throws Error naming the first extent that differs, or the dtype or the device. Equal names are one number: in this tensor, and in all that are cast
/// together: `auto [x, y] = typed_cast<Images, Labels>(batch.data, batch.target)`.
template <typed::AnyTyped X>
X typed_cast(const Tensor& tensor) {
  typed::detail::NamedSizes names;
  return typed::detail::cast<X>(tensor, names);
}
template <typed::AnyTyped X, typed::AnyTyped... More, std::convertible_to<const Tensor&>... Rest>
requires(sizeof...(More) > 0 && sizeof...(More) == sizeof...(Rest)) std::tuple<X, More...> typed_cast(const Tensor& first, const Rest&... more) {
  typed::detail::NamedSizes names;
  return {typed::detail::cast<X>(first, names), typed::detail::cast<More>(more, names)...};
}
template <typed::Text text>
TypedOf<text> typed_cast(const Tensor& tensor) {
  return typed_cast<TypedOf<text>>(tensor);
}
template <typed::AnyTyped X, typed::AnyTyped... More, class... A>
requires(sizeof...(A) != 1 + sizeof...(More) || !(std::is_convertible_v<A, const Tensor&> && ...)) auto typed_cast(A&&...)
    -> decltype(typed::Refused<"typed_cast", "typed_cast<Typed<..>..>(tensor..)", typed::Given<>, A...>::make());
LAZULI_TYPED_REFUSED_PATTERN(typed_cast, "typed_cast<Typed<..>..>(tensor..) or typed_cast<\"float32[n, 3]\">(tensor)");

}  // namespace lazuli
