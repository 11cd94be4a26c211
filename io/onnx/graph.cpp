#include "lazuli/io/onnx/graph.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/shape/copy.h"

// The numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
namespace lazuli::onnx {
namespace {

using protobuf::Message;

int64_t type_of(DType dtype) {
  switch (dtype) {
    case kFloat32: return 1;
    case kUInt8: return 2;
    case kInt8: return 3;
    case kInt16: return 5;
    case kInt32: return 6;
    case kInt64: return 7;
    case kBool: return 9;
    case kFloat16: return 10;
    case kFloat64: return 11;
    case kBFloat16: return 16;
    default: fail(ErrorKind::NotSupported, "export_onnx", "model", "real tensors", name(dtype));
  }
}

Message value_info(const std::string& name, const Tensor& like, bool dynamic_batch) {
  Message shape;
  for (int64_t d = 0; d < like.dim(); ++d) {
    Message dimension;
    if (d == 0 && dynamic_batch) dimension.text(2, "batch");
    else dimension.integer(1, like.size(d));
    shape.message(1, dimension);
  }
  return Message().text(1, name).message(2, Message().message(1, Message().integer(1, type_of(like.dtype())).message(2, shape)));
}

}  // namespace

std::string Graph::node(const char* op, const std::vector<std::string>& inputs, const std::vector<Attribute>& attributes) {
  return nodes(op, inputs, attributes, 1)[0];
}

std::vector<std::string> Graph::nodes(const char* op, const std::vector<std::string>& inputs, const std::vector<Attribute>& attributes,
                                      int64_t results) {
  Message node;
  for (const std::string& input : inputs) node.text(1, input);
  std::vector<std::string> names;
  for (int64_t r = 0; r < results; ++r) {
    names.push_back("value_" + std::to_string(count_++));
    node.text(2, names.back());
  }
  node.text(3, std::string(op) + "_" + std::to_string(count_)).text(4, op);
  for (const auto& [name, value] : attributes) {
    Message attribute;
    attribute.text(1, name);
    if (const auto* whole = std::get_if<int64_t>(&value)) attribute.integer(3, *whole).integer(20, 2);
    else if (const auto* number = std::get_if<float>(&value)) attribute.real(2, *number).integer(20, 1);
    else if (const auto* text = std::get_if<std::string>(&value)) attribute.text(4, *text).integer(20, 3);
    else if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
      for (const std::string& one : *texts) attribute.text(9, one);
      attribute.integer(20, 8);
    } else {
      for (int64_t one : std::get<std::vector<int64_t>>(value)) attribute.integer(8, one);
      attribute.integer(20, 7);
    }
    node.message(5, attribute);
  }
  nodes_.message(1, node);
  return names;
}

std::string Graph::initializer(const std::string& name, const Tensor& tensor) {
  no_grad guard;
  if (!initializers_.insert(name).second) return name;
  const Tensor t = tensor.detach().to(kCPU).contiguous();
  Message message;
  for (int64_t d : t.sizes()) message.integer(1, d);
  message.integer(2, type_of(t.dtype())).text(8, name).text(9, {static_cast<const char*>(t.address()), size_t(t.nbytes())});
  initializer_fields_.message(5, message);
  return name;
}
std::string Graph::constant(const Tensor& tensor) { return initializer("constant_" + std::to_string(count_++), tensor); }

std::string Graph::model(const std::string& input_name, const Tensor& input, const std::string& output, const std::string& output_name,
                         const Tensor& result, bool dynamic_batch) const {
  Message last;
  last.text(1, output).text(2, output_name).text(4, "Identity");
  Message graph;
  graph.message(1, last).text(2, "lazuli");
  graph.message(11, value_info(input_name, input, dynamic_batch)).message(12, value_info(output_name, result, dynamic_batch));
  Message head, opset;
  head.integer(1, 9).text(2, "Lazuli");
  opset.integer(2, 20);
  // Fields that may come more than once lie one behind the other, so the graph's parts are joined as bytes: nodes in their order, the last one behind them.
  return head.text(7, nodes_.bytes() + initializer_fields_.bytes() + graph.bytes()).message(8, opset).bytes();
}

}  // namespace lazuli::onnx
