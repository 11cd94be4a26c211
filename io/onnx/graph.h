#pragma once
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "lazuli/core/tensor.h"
#include "lazuli/io/protobuf.h"

namespace lazuli::onnx {

/// An attribute of a node: a whole number, a number, a text, a list of whole numbers or of texts.
using Attribute = std::pair<const char*, std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<std::string>>>;

/// A graph that grows node by node. Values are known by their names.
class Graph {
 public:
  /// The name of the node's result.
  std::string node(const char* op, const std::vector<std::string>& inputs, const std::vector<Attribute>& attributes = {});
  /// The same for a node of several results.
  std::vector<std::string> nodes(const char* op, const std::vector<std::string>& inputs, const std::vector<Attribute>& attributes, int64_t results);
  /// A tensor that is there from the beginning; a name that was given before is that tensor.
  std::string initializer(const std::string& name, const Tensor& tensor);
  /// Numbers under a name that nobody else has.
  std::string constant(const Tensor& tensor);
  /// The whole file.
  std::string model(const std::string& input_name, const Tensor& input, const std::string& output, const std::string& output_name,
                    const Tensor& result, bool dynamic_batch) const;

 private:
  protobuf::Message nodes_;  // fields of the graph, in order
  std::unordered_set<std::string> initializers_;
  protobuf::Message initializer_fields_;
  int64_t count_ = 0;
};

}  // namespace lazuli::onnx
