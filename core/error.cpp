#include "lazuli/core/error.h"

namespace lazuli {

namespace {

[[noreturn]] void raise(Error error) {
  switch (error.kind()) {
    case ErrorKind::Argument: throw ValueError(std::move(error));
    case ErrorKind::Index: throw IndexError(std::move(error));
    case ErrorKind::Type: throw TypeError(std::move(error));
    case ErrorKind::NotSupported: throw NotImplementedError(std::move(error));
    case ErrorKind::Memory: throw OutOfMemoryError(std::move(error));
    case ErrorKind::State:
    case ErrorKind::File: break;
  }
  throw error;
}

}  // namespace

Error::Error(ErrorKind kind, std::string op, std::string argument, std::string expected, std::string got)
    : std::runtime_error(""), kind_(kind), op_(std::move(op)), argument_(std::move(argument)), expected_(std::move(expected)), got_(std::move(got)) {
  text_ = op_;
  if (!argument_.empty()) text_ += ": argument '" + argument_ + "'";
  if (!expected_.empty()) text_ += ": expected " + expected_;
  if (!got_.empty()) text_ += ", got " + got_;
}

void Error::add_context(std::string_view line) { text_.append("\n  ").append(line); }

void fail(ErrorKind kind, std::string_view op, std::string_view argument, std::string_view expected, std::string_view got) {
  raise(Error(kind, std::string(op), std::string(argument), std::string(expected), std::string(got)));
}
void fail(ErrorCode code, ErrorKind kind, std::string_view op, std::string_view argument, std::string_view expected, std::string_view got) {
  Error error(kind, std::string(op), std::string(argument), std::string(expected), std::string(got));
  error.set_code(code);
  raise(std::move(error));
}
void fail(ErrorCode code, std::string_view op, std::string_view argument, std::string_view expected, std::string_view got) {
  fail(code, ErrorKind::Argument, op, argument, expected, got);
}
void fail_undefined(std::string_view op, std::string_view argument, std::string_view got) {
  fail(op, argument, "a defined tensor", std::string(got) + " (if it is a grad(): that tensor has no gradient yet)");
}
void fail(std::string_view op, std::string_view argument, std::string_view expected, std::string_view got) {
  fail(ErrorKind::Argument, op, argument, expected, got);
}

}  // namespace lazuli
