#include "lazuli/ops/table/bind.h"

#include "lazuli/core/error.h"

namespace lazuli::bind {
namespace {

template <class T, class Get>
std::vector<T> each(const Value& value, Get get) {
  std::vector<T> items;
  for (const Value& item : value.to_list()) items.push_back(get(item));
  return items;
}

template <class T, class Get>
std::optional<T> maybe(const Value& value, Get get) {
  if (value.is_none()) return std::nullopt;
  return std::optional<T>(get(value));
}

std::string text(const Value& v) { return v.to_string(); }
Scalar scalar(const Value& v) { return v.to_scalar(); }
int64_t integer(const Value& v) { return v.to_int(); }
double real(const Value& v) { return v.to_double(); }
bool boolean(const Value& v) { return v.to_bool(); }
std::vector<double> reals(const Value& v) { return each<double>(v, real); }

}  // namespace

void fail_unnamed(const char* argument, const std::string& choices, const std::string& got) {
  fail("call", argument, "one of " + choices, "'" + got + "'");
}

Tensor& Unbox<Tensor&>::get(Value& v) {
  thread_local Tensor undefined;  // for None, which only a direct call passes
  return v.is_none() ? undefined : v.to_tensor();
}
Tensor Unbox<Tensor>::get(Value& v) { return v.is_none() ? Tensor() : v.to_tensor(); }
std::optional<Tensor> Unbox<std::optional<Tensor>>::get(Value& v) { return v.is_none() ? std::nullopt : std::optional<Tensor>(v.to_tensor()); }
std::vector<Tensor> Unbox<std::vector<Tensor>>::get(Value& v) {
  return each<Tensor>(v, [](const Value& item) { return item.is_none() ? Tensor() : item.to_tensor(); });
}
std::vector<std::optional<Tensor>> Unbox<std::vector<std::optional<Tensor>>>::get(Value& v) {
  return each<std::optional<Tensor>>(v, [](const Value& item) { return item.is_none() ? std::nullopt : std::optional<Tensor>(item.to_tensor()); });
}
Scalar Unbox<Scalar>::get(Value& v) { return v.to_scalar(); }
std::optional<Scalar> Unbox<std::optional<Scalar>>::get(Value& v) { return maybe<Scalar>(v, scalar); }
std::vector<Scalar> Unbox<std::vector<Scalar>>::get(Value& v) { return each<Scalar>(v, scalar); }
int64_t Unbox<int64_t>::get(Value& v) { return v.to_int(); }
std::optional<int64_t> Unbox<std::optional<int64_t>>::get(Value& v) { return maybe<int64_t>(v, integer); }
Shape Unbox<Shape>::get(Value& v) { return v.to_shape(); }
std::vector<int64_t> Unbox<std::vector<int64_t>>::get(Value& v) { return each<int64_t>(v, integer); }
std::optional<Shape> Unbox<std::optional<Shape>>::get(Value& v) { return v.is_none() ? std::nullopt : std::optional<Shape>(v.to_shape()); }
OptionalShape Unbox<OptionalShape>::get(Value& v) { return Unbox<std::optional<Shape>>::get(v); }
double Unbox<double>::get(Value& v) { return v.to_double(); }
std::optional<double> Unbox<std::optional<double>>::get(Value& v) { return maybe<double>(v, real); }
std::vector<double> Unbox<std::vector<double>>::get(Value& v) { return reals(v); }
std::optional<std::vector<double>> Unbox<std::optional<std::vector<double>>>::get(Value& v) { return maybe<std::vector<double>>(v, reals); }
bool Unbox<bool>::get(Value& v) { return v.to_bool(); }
std::optional<bool> Unbox<std::optional<bool>>::get(Value& v) { return maybe<bool>(v, boolean); }
std::vector<bool> Unbox<std::vector<bool>>::get(Value& v) { return each<bool>(v, boolean); }
std::string Unbox<std::string>::get(Value& v) { return v.to_string(); }
std::string_view Unbox<std::string_view>::get(Value& v) { return v.to_string(); }
std::optional<std::string> Unbox<std::optional<std::string>>::get(Value& v) { return maybe<std::string>(v, text); }
std::optional<std::string_view> Unbox<std::optional<std::string_view>>::get(Value& v) {
  return maybe<std::string_view>(v, [](const Value& s) { return std::string_view(s.to_string()); });
}
std::vector<std::string> Unbox<std::vector<std::string>>::get(Value& v) { return each<std::string>(v, text); }
DType Unbox<DType>::get(Value& v) { return v.to_dtype(); }
std::optional<DType> Unbox<std::optional<DType>>::get(Value& v) { return v.is_none() ? std::nullopt : std::optional<DType>(v.to_dtype()); }
Device Unbox<Device>::get(Value& v) { return v.to_device(); }
std::optional<Device> Unbox<std::optional<Device>>::get(Value& v) { return v.is_none() ? std::nullopt : std::optional<Device>(v.to_device()); }
std::optional<Generator> Unbox<std::optional<Generator>>::get(Value& v) {
  return v.is_none() ? std::nullopt : std::optional<Generator>(v.to_generator());
}
Value Unbox<Value>::get(Value& v) { return v; }
std::vector<Value> Unbox<std::vector<Value>>::get(Value& v) { return v.to_list(); }

}  // namespace lazuli::bind
