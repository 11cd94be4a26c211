#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "lazuli/core/error_code.h"

namespace lazuli {

/// What kind of mistake an Error reports; PyTorch's exception class of the same meaning is in brackets.
enum class ErrorKind {
  Argument /*ValueError, RuntimeError*/,
  Index /*IndexError*/,
  Type /*TypeError, dtype mismatches*/,
  State /*RuntimeError*/,
  NotSupported /*NotImplementedError*/,
  Memory /*OutOfMemoryError*/,
  File /*OSError and bad contents*/
};

/// Everything that goes wrong in Lazuli. Thrown before anything has changed. The text has one layout,
///   <op>: argument '<argument>': expected <expected>, got <got>
/// and one further line for each context added on the way up (module path, backward of which operator).
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string op, std::string argument, std::string expected, std::string got);
  const char* what() const noexcept override { return text_.c_str(); }
  /// The same, as libtorch has it.
  const std::string& msg() const { return text_; }
  const char* what_without_backtrace() const noexcept { return what(); }
  std::string backtrace() const { return {}; }
  ErrorKind kind() const { return kind_; }
  /// Which of the named mistakes it is; none for most (error_code.h).
  ErrorCode code() const { return code_; }
  Error& set_code(ErrorCode code) {
    code_ = code;
    return *this;
  }
  const std::string& op() const { return op_; }
  const std::string& argument() const { return argument_; }
  const std::string& expected() const { return expected_; }
  const std::string& got() const { return got_; }
  /// Adds a line such as "in module encoder.fc1 (Linear)"; the innermost comes first.
  void add_context(std::string_view line);

 private:
  ErrorKind kind_;
  ErrorCode code_;
  std::string op_, argument_, expected_, got_, text_;
};

/// Errors of one kind, for a handler that takes no others: `catch (const IndexError& error)`. Whatever the library throws of a kind that is here is one of these, or a LinAlgError.
template <ErrorKind kind>
class ErrorOf : public Error {
 public:
  explicit ErrorOf(Error error) : Error(std::move(error)) {}
};
using ValueError = ErrorOf<ErrorKind::Argument>;
using IndexError = ErrorOf<ErrorKind::Index>;
using TypeError = ErrorOf<ErrorKind::Type>;
using NotImplementedError = ErrorOf<ErrorKind::NotSupported>;
using OutOfMemoryError = ErrorOf<ErrorKind::Memory>;
/// A matrix whose values a decomposition or a solver cannot take (ErrorKind::Argument).
class LinAlgError : public Error {
 public:
  explicit LinAlgError(Error error) : Error(std::move(error)) {}
};

/// Throws an Error. `argument` may be empty (no single argument is to blame), and so may `got`.
[[noreturn]] void fail(ErrorKind kind, std::string_view op, std::string_view argument, std::string_view expected, std::string_view got = {});
/// ErrorKind::Argument, by far the most common.
[[noreturn]] void fail(std::string_view op, std::string_view argument, std::string_view expected, std::string_view got = {});

/// The same with the name of the mistake.
[[noreturn]] void fail(ErrorCode code, ErrorKind kind, std::string_view op, std::string_view argument, std::string_view expected,
                       std::string_view got = {});
[[noreturn]] void fail(ErrorCode code, std::string_view op, std::string_view argument, std::string_view expected, std::string_view got = {});

/// What PyTorch-like libraries call an Error of a shape, of the registry and of a device; `code()` says which.
using ShapeError = Error;
using RegistryError = Error;
using DeviceError = Error;

/// An undefined tensor where an operator wants one (ErrorKind::Argument).
[[noreturn]] void fail_undefined(std::string_view op, std::string_view argument, std::string_view got = "an undefined one");

}  // namespace lazuli
