#include "lazuli/ops/table/schema.h"

#include <cctype>
#include <charconv>
#include <limits>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {

using Base = ArgType::Base;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Schema parse() {
    Schema schema;
    schema.text = std::string(text_);
    schema.name = std::string(word("operator name", true));
    expect('(');
    bool keyword_only = false;
    while (!accept(')')) {
      if (accept_lone_star()) {
        keyword_only = true;
      } else {
        schema.args.push_back(argument(keyword_only));
      }
      if (peek() != ')') expect(',');
    }
    expect('-');
    expect('>');
    results(schema);
    if (peek() != '\0') stop("end of line");
    return schema;
  }

 private:
  [[noreturn]] void stop(std::string_view expected) const {
    fail("parse_schema", "", std::string(expected) + " at '" + std::string(text_.substr(std::min(at_, text_.size()))) + "'",
         "\"" + std::string(text_) + "\"");
  }
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) stop(std::string("'") + c + "'");
  }
  bool accept_lone_star() {
    if (peek() != '*') return false;
    size_t next = text_.find_first_not_of(' ', at_ + 1);
    if (next == text_.npos || text_[next] != ',') return false;
    at_ = next;
    return true;
  }
  std::string_view word(std::string_view what, bool dots = false) {
    peek();
    size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' || (dots && text_[at_] == '.'))) ++at_;
    if (begin == at_) stop(what);
    return text_.substr(begin, at_ - begin);
  }

  ArgType type() {
    static constexpr std::pair<std::string_view, Base> names[] = {
        {"Tensor", Base::Tensor}, {"int", Base::Int},     {"float", Base::Float},      {"bool", Base::Bool},     {"Scalar", Base::Scalar},
        {"str", Base::String},    {"dtype", Base::DType}, {"ScalarType", Base::DType}, {"Device", Base::Device}, {"Generator", Base::Generator},
        {"Any", Base::Any}};
    ArgType result;
    std::string_view name = word("type");
    bool known = false;
    for (auto& [text, base] : names)
      if (text == name) result.base = base, known = true;
    if (!known) {
      at_ -= name.size();
      stop("type");
    }
    if (at_ < text_.size() && text_[at_] == '(') {
      size_t end = text_.find(')', at_);
      if (end == text_.npos) stop("')'");
      result.in_place = text_.substr(at_, end - at_).find('!') != text_.npos;
      at_ = end + 1;
    }
    if (text_.substr(std::min(at_, text_.size())).starts_with("|Scalar")) {
      result.or_number = true;
      at_ += 7;
    }
    if (accept('?')) result.optional = true;
    if (accept('[')) {
      result.list = true;
      result.optional_items = std::exchange(result.optional, false);
      if (peek() != ']') std::from_chars(text_.data() + at_, text_.data() + text_.size(), result.length);
      while (std::isdigit(static_cast<unsigned char>(peek()))) ++at_;
      expect(']');
      if (accept('?')) result.optional = true;
    }
    return result;
  }

  SchemaArg argument(bool keyword_only) {
    SchemaArg arg;
    arg.type = type();
    arg.keyword_only = keyword_only;
    arg.variadic = accept('*');
    arg.name = std::string(word("argument name"));
    if (accept('=')) {
      arg.has_default = true;
      arg.default_value = literal(arg.type);
    }
    return arg;
  }

  Value literal(const ArgType& type, int depth = 0) {
    constexpr int kMostDepth = 64;
    char c = peek();
    if (c == '[') {
      if (depth == kMostDepth) stop("lists of at most " + std::to_string(kMostDepth) + " in each other");
      Value::List items;
      expect('[');
      while (!accept(']')) {
        items.push_back(literal(type, depth + 1));
        if (peek() != ']') expect(',');
      }
      return items;
    }
    if (c == '\'' || c == '"') {
      size_t end = text_.find(c, at_ + 1);
      if (end == text_.npos) stop("closing quote");
      Value text(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return text;
    }
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '.') return number(type);
    std::string_view name = word("default value");
    if (name == "None") return {};
    if (name == "True" || name == "False") return name == "True";
    if (name == "inf" || name == "nan") return name == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    if (type.base == Base::DType) return parse_dtype(name);
    if (type.base == Base::Device) return Device(name);
    if (type.base == Base::String) return name;
    at_ -= name.size();
    stop("default value");
  }

  Value number(const ArgType& type) {
    size_t end = text_.find_first_of(",)] ", at_);
    std::string_view digits = text_.substr(at_, end - at_);
    int64_t integer = 0;
    double real = 0;
    auto [stop_int, error_int] = std::from_chars(digits.begin(), digits.end(), integer);
    bool is_int = error_int == std::errc() && stop_int == digits.end();
    auto [stop_real, error_real] = std::from_chars(digits.begin(), digits.end(), real);
    if (error_real != std::errc() || stop_real != digits.end()) stop("number");
    at_ += digits.size();
    return is_int && type.base != Base::Float ? Value(integer) : Value(real);
  }

  void results(Schema& schema) {
    if (!accept('(')) {
      schema.results.push_back(type());
      return;
    }
    while (!accept(')')) {
      schema.results.push_back(type());
      if (peek() != ',' && peek() != ')') schema.result_names.emplace_back(word("result name"));
      if (peek() != ')') expect(',');
    }
    if (schema.result_names.size() != schema.results.size()) schema.result_names.clear();
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::string to_string(const ArgType& type) {
  static constexpr const char* names[] = {"Tensor", "int", "float", "bool", "Scalar", "str", "dtype", "Device", "Generator", "Any"};
  std::string text = names[int(type.base)];
  if (type.in_place) text += "(a!)";
  if (type.or_number) text += "|Scalar";
  if (type.optional_items) text += "?";
  if (type.list) text += type.length ? "[" + std::to_string(type.length) + "]" : "[]";
  if (type.optional) text += "?";
  return text;
}

Schema parse_schema(std::string_view text) { return Parser(text).parse(); }

std::string_view schema_name(std::string_view text) { return text.substr(0, text.find_first_of("( ")); }

}  // namespace lazuli
