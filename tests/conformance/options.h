#pragma once
#include <set>

#include "tests/conformance/pack.h"

namespace conformance {

/// Something in a case that Lazuli does not have yet.
struct NotThere : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Constructor arguments by position or name, read one by one into C++ options. `done` tells of those that nobody asked for.
class Arguments {
 public:
  Arguments(std::string what, std::vector<lazuli::Value> args, lazuli::Kwargs kwargs)
      : what_(std::move(what)), args_(std::move(args)), kwargs_(std::move(kwargs)) {}

  /// The argument of that name, which is also the next position; null when it was not given.
  const lazuli::Value* take(const std::string& name);
  /// Into a field of one of the types below, left alone when not given.
  template <class T>
  Arguments& read(const std::string& name, T& field) {
    if (const lazuli::Value* v = take(name)) assign(*v, field);
    return *this;
  }
  /// Accepted and of no meaning here (device, dtype, foreach, ...).
  Arguments& ignore(const std::string& name) {
    take(name);
    return *this;
  }
  /// Throws NotThere for arguments that were not read.
  void done() const;

  static void assign(const lazuli::Value& v, bool& field);
  static void assign(const lazuli::Value& v, int64_t& field);
  static void assign(const lazuli::Value& v, double& field);
  static void assign(const lazuli::Value& v, std::string& field);
  static void assign(const lazuli::Value& v, lazuli::Shape& field);
  static void assign(const lazuli::Value& v, lazuli::Tensor& field);
  static void assign(const lazuli::Value& v, lazuli::Scalar& field);
  static void assign(const lazuli::Value& v, std::vector<double>& field);
  template <class T>
  static void assign(const lazuli::Value& v, std::optional<T>& field) {
    if (v.is_none()) {
      field.reset();
    } else {
      T inner{};
      assign(v, inner);
      field = inner;
    }
  }

 private:
  std::string what_;
  std::vector<lazuli::Value> args_;
  lazuli::Kwargs kwargs_;
  size_t next_ = 0;
  std::set<std::string> taken_;
};

}  // namespace conformance
