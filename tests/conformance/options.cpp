#include "tests/conformance/options.h"

namespace conformance {

using namespace lazuli;

const Value* Arguments::take(const std::string& name) {
  size_t position = next_++;
  if (position < args_.size()) return &args_[position];
  for (const auto& [key, value] : kwargs_) {
    if (key != name) continue;
    taken_.insert(key);
    return &value;
  }
  return nullptr;
}

void Arguments::done() const {
  if (next_ < args_.size()) throw NotThere(what_ + " with " + std::to_string(args_.size()) + " arguments");
  for (const auto& [key, value] : kwargs_) {
    if (!taken_.count(key)) throw NotThere(what_ + "'s " + key);
  }
}

void Arguments::assign(const Value& v, bool& field) { field = v.to_bool(); }
void Arguments::assign(const Value& v, int64_t& field) { field = v.to_int(); }
void Arguments::assign(const Value& v, double& field) { field = v.is_tensor() ? v.to_tensor().item<double>() : v.to_double(); }
void Arguments::assign(const Value& v, std::string& field) { field = v.to_string(); }
void Arguments::assign(const Value& v, Shape& field) { field = v.kind() == Value::Kind::List ? v.to_shape() : Shape(v.to_int()); }
void Arguments::assign(const Value& v, Tensor& field) { field = v.is_none() ? Tensor() : v.to_tensor(); }
void Arguments::assign(const Value& v, Scalar& field) { field = v.to_scalar(); }
void Arguments::assign(const Value& v, std::vector<double>& field) {
  field.clear();
  for (const Value& item : v.to_list()) field.push_back(item.to_double());
}

}  // namespace conformance
