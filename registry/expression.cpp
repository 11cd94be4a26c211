#include "lazuli/registry/expression.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::registry {

struct Expression::Node {
  enum class Kind { Number, Name, Call } kind = Kind::Number;
  double number = 0;
  size_t name = 0;      // which of the values
  std::string op = {};  // of a call, by its name in the table
  std::vector<std::shared_ptr<const Node>> arguments = {};
};

namespace {

using Node = Expression::Node;
using NodePtr = std::shared_ptr<const Node>;

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& names) : text_(text), names_(names) {}
  NodePtr parse() {
    NodePtr node = comparison();
    skip();
    if (at_ < text_.size()) refuse("an operator or the end", std::string("'") + text_[at_] + "'");
    return node;
  }

 private:
  [[noreturn]] void refuse(std::string_view expected, std::string_view got) const {
    fail(errors::invalid_config_error, "expression", "text", expected, marked(got, text_, at_));
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  static NodePtr call_of(std::string op, std::vector<NodePtr> arguments) {
    Node node{Node::Kind::Call};
    node.op = std::move(op);
    node.arguments = std::move(arguments);
    return std::make_shared<const Node>(std::move(node));
  }

  NodePtr comparison() {
    NodePtr left = sum();
    constexpr std::pair<std::string_view, const char*> tokens[] = {{"<=", "le"}, {">=", "ge"}, {"==", "eq"}, {"!=", "ne"}, {"<", "lt"}, {">", "gt"}};
    for (const auto& [token, op] : tokens)
      if (take(token)) return call_of(op, {left, sum()});
    return left;
  }
  NodePtr sum() {
    NodePtr left = product();
    for (;;) {
      if (take("+")) left = call_of("add", {left, product()});
      else if (take("-")) left = call_of("sub", {left, product()});
      else return left;
    }
  }
  NodePtr product() {
    NodePtr left = sign();
    for (;;) {
      skip();
      if (text_.substr(at_, 2) != "**" && take("*")) left = call_of("mul", {left, sign()});
      else if (take("/")) left = call_of("div", {left, sign()});
      else return left;
    }
  }
  NodePtr sign() {
    if (take("-")) return call_of("neg", {sign()});
    if (take("+")) return sign();
    NodePtr base = atom();
    return take("**") ? call_of("pow", {base, sign()}) : base;
  }
  NodePtr atom() {
    skip();
    if (take("(")) {
      NodePtr inside = comparison();
      if (!take(")")) refuse("')'", rest());
      return inside;
    }
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return number();
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != '_') refuse("a number, a name or '('", rest());
    const size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' || text_[at_] == '.')) ++at_;
    std::string name(text_.substr(begin, at_ - begin));
    if (take("(")) return function(std::move(name), begin);
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      at_ = begin;
      std::string known;
      for (const std::string& n : names_) known += (known.empty() ? "" : ", ") + n;
      refuse("one of the names " + known, "'" + name + "'");
    }
    Node node{Node::Kind::Name};
    node.name = size_t(found - names_.begin());
    return std::make_shared<const Node>(std::move(node));
  }
  NodePtr number() {
    const std::string rest(text_.substr(at_));
    char* end = nullptr;
    Node node;
    node.number = std::strtod(rest.c_str(), &end);
    at_ += size_t(end - rest.c_str());
    if (end == rest.c_str()) refuse("a number", this->rest());
    return std::make_shared<const Node>(std::move(node));
  }
  NodePtr function(std::string name, size_t begin) {
    if (!has_op(name)) {
      at_ = begin;
      get_op_info(name);  // throws, with near names
    }
    std::vector<NodePtr> arguments;
    if (!take(")")) {
      do arguments.push_back(comparison());
      while (take(","));
      if (!take(")")) refuse("',' or ')'", rest());
    }
    return call_of(std::move(name), std::move(arguments));
  }
  std::string rest() const { return at_ < text_.size() ? std::string("'") + text_[at_] + "'" : std::string("the end"); }

  std::string_view text_;
  const std::vector<std::string>& names_;
  size_t at_ = 0;
};

Value evaluate(const Node& node, const std::vector<Tensor>& values) {
  if (node.kind == Node::Kind::Number) return Value(Scalar(node.number));
  if (node.kind == Node::Kind::Name) return Value(values[node.name]);
  std::vector<Value> arguments;
  bool numbers = true;
  for (const NodePtr& argument : node.arguments) {
    arguments.push_back(evaluate(*argument, values));
    numbers &= arguments.back().is_number();
  }
  if (numbers)  // of numbers alone: the operators are those of tensors
    for (Value& argument : arguments) argument = Value(wrapped(argument.to_scalar()));
  return call(node.op, std::move(arguments)).at(0);
}

}  // namespace

Expression::Expression(std::string_view text, const std::vector<std::string>& names) : text_(text), root_(Parser(text_, names).parse()) {}

Tensor Expression::operator()(const std::vector<Tensor>& values) const {
  const Value value = evaluate(*root_, values);
  return value.is_number() ? wrapped(value.to_scalar(), values.empty() ? kCPU : values[0].device()) : value.to_tensor();
}

}  // namespace lazuli::registry
