#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lazuli/ops/table/value.h"

namespace lazuli {

/// A type in a schema line: "Tensor", "int?", "float[]", "Tensor?[]", "int[2]", "Tensor(a!)", "Tensor|Scalar".
struct ArgType {
  enum class Base : uint8_t { Tensor, Int, Float, Bool, Scalar, String, DType, Device, Generator, Any };
  Base base = Base::Tensor;
  bool optional = false;        // "int?", "int[]?"
  bool list = false;            // "int[]"
  bool optional_items = false;  // "Tensor?[]"
  bool in_place = false;        // "Tensor(a!)"
  bool or_number =
      false;       // "Tensor|Scalar": a number becomes a 0-d tensor (only its kind takes part in promotion); some other argument must be a tensor
  int length = 0;  // "int[2]": a single int stands for so many
};
std::string to_string(const ArgType& type);

struct SchemaArg {
  std::string name;
  ArgType type;
  bool has_default = false, keyword_only = false;
  bool variadic = false;  // "Tensor[] *tensors": all further positional arguments, or one list
  Value default_value;
};

/// One overload of an operator, parsed from a line in PyTorch's form:
///   "addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor"
struct Schema {
  std::string text, name;
  std::vector<SchemaArg> args;
  std::vector<ArgType> results;
  std::vector<std::string> result_names;  // empty where the line names none
};

/// Throws Error that shows the place in the text.
Schema parse_schema(std::string_view text);
/// The name at the beginning of a schema line.
std::string_view schema_name(std::string_view text);

/// The arguments in the schema's order, defaults filled in and each converted to its type: int to float or Scalar, int to int[], number to
/// Tensor|Scalar, 0-d tensor without gradient to number (unless `exact`), text to dtype and Device. Throws Error that names operator, argument, expected and given type.
std::vector<Value> bind_arguments(const Schema& schema, const std::vector<Value>& args, const Kwargs& kwargs, bool exact = false);

}  // namespace lazuli
