#pragma once
#include <string>
#include <vector>

#include "lazuli/lazuli.h"
#include "lazuli/ops/table/schema.h"
#include "tests/fuzz/random.h"

namespace fuzz {

using namespace lazuli;

/// Makes the arguments of one call by their types and names in the schema: mostly such as belong together (one shape, its broadcasts and transposes, one dtype), some at every
/// border, some of which nothing can be made.
class Arguments {
 public:
  Arguments(Random& random, const Schema& schema);
  /// Whether nothing is odd on purpose, so that the call has a good chance to be carried out.
  bool strict() const { return strict_; }
  Value of(const SchemaArg& argument);
  /// Of any kind, whatever is asked for.
  Value any(int depth = 0);
  /// A gradient for a result, mostly of its sizes and dtype.
  Tensor gradient(const Tensor& result);
  /// All tensors so far.
  const std::vector<Tensor>& tensors() const { return tensors_; }

 private:
  Value one(const ArgType& type, const std::string& name);
  Value list(const ArgType& type, const std::string& name);
  Value text(const std::string& name);
  Value index_item();
  Tensor tensor(const std::string& name, bool written = false);
  Tensor special_tensor();
  Tensor laid_out(const Shape& sizes, DType dtype, const std::string& name);
  Tensor filled(const Shape& sizes, DType dtype, const std::string& name);
  Tensor related();
  Shape related_sizes(const std::string& name);
  Shape small_sizes();
  int64_t integer(const std::string& name);
  double real();
  DType dtype();
  bool oddly(int percent);  // never in a strict call

  Random& random_;
  const bool strict_;  // nothing that cannot be meant
  Shape theme_;        // the sizes that most tensors of the call are related to
  DType theme_dtype_;
  Device device_;
  bool counts_ = false;  // its input is one of indices
  std::vector<Tensor> tensors_;
};

/// For reading: kind, values where they are few, and of a tensor its sizes, layout and history.
std::string text_of(const Value& value);

}  // namespace fuzz
