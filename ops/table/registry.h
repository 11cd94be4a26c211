#pragma once
#include <concepts>

#include "lazuli/ops/table/bind.h"
#include "lazuli/ops/table/handle.h"

/// Every operator by name: calling with boxed values, listing, describing, adding one's own at run time.
///
///   Tensor y = call("addmm", {bias, x, weight}, {{"beta", 0.5}})[0].to_tensor();
namespace lazuli {

/// The overloads that one room or program adds. Each operator family fills it in `void register_<family>(OpTable& table)` (see ops/table/families.h).
class OpTable {
 public:
  /// Binds a schema line to a function pointer, or to a lambda without captures; a cast picks one of several overloads. Lines of one name are tried in the order added.
  /// Where a number may stand for a tensor, the line says `Tensor|Scalar`: "add(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor".
  ///   table.add("addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &addmm);
  /// `schema` must outlive the program: a literal.
  template <class F>
  void add(const char* schema, F function) {
    if constexpr (std::is_pointer_v<F>) add_erased(schema, bind::erase(function));
    else add_erased(schema, bind::erase(+function));
  }
  /// Finds the public one among overloads that otherwise start with a Target.
  template <class Result, class... Rest>
  void add(const char* schema, Result (*function)(const Tensor&, Rest...)) {
    add_erased(schema, bind::erase(function));
  }
  /// Finds the one that takes a struct of options; the line has the struct's members as its last arguments, under their names and in their order.
  template <class R, Described O>
  void add(const char* schema, R (*function)(const Tensor&, O)) {
    add_erased(schema, bind::erase(function));
  }
  template <class R, class A, Described O>
  void add(const char* schema, R (*function)(const Tensor&, A, O)) {
    add_erased(schema, bind::erase(function));
  }
  template <class R, class A, class B, Described O>
  void add(const char* schema, R (*function)(const Tensor&, A, B, O)) {
    add_erased(schema, bind::erase(function));
  }
  /// A second name for all overloads that `name` has so far.
  void alias(const char* new_name, const char* name);

  /// What the following lines belong to.
  void set_family(const char* family) { family_ = family; }

 private:
  void add_erased(const char* schema, const bind::Erased& function);
  const char* family_ = "user";
};

/// Calls an operator. The overloads are tried in order; the first to which the arguments convert is called (see bind_arguments for what converts), one that takes
/// 0-d tensors as numbers only if there is no other.
/// One result for each member of a tuple, none for void. Throws Error for an unknown name (with near names), or arguments that fit no overload (with the schemas).
std::vector<Value> call(std::string_view name, std::vector<Value> args, const Kwargs& kwargs = {});

/// What an operator does with its tensors.
enum class OpKind : uint8_t { Unary, Binary, Ternary, Reduction, Creation, Shape, Other };
constexpr auto names_of(OpKind) {
  return enum_names<OpKind>({{OpKind::Unary, "unary"},
                             {OpKind::Binary, "binary"},
                             {OpKind::Ternary, "ternary"},
                             {OpKind::Reduction, "reduction"},
                             {OpKind::Creation, "creation"},
                             {OpKind::Shape, "shape"},
                             {OpKind::Other, "other"}});
}

struct OpInfo {
  std::string name, family;
  std::vector<std::string> schemas;  // one for each overload
  OpKind kind = OpKind::Other;
};
/// All names, sorted.
std::vector<std::string> list_ops();
/// Those of a kind, or of a family ("user": what programs have registered).
std::vector<std::string> list_ops(OpKind kind);
std::vector<std::string> list_ops(std::string_view family);
bool has_op(std::string_view name);
/// Throws Error for an unknown name, with near names.
OpInfo get_op_info(std::string_view name);

/// A function of boxed values, with whatever state it carries.
struct BoxedFunction {
  virtual ~BoxedFunction() = default;
  virtual std::vector<Value> operator()(std::vector<Value>& args) const = 0;
};

/// Adds a user's operator to the same table, from then on to be called and listed like any other. Throws Error (function_already_registered_error) when an operator of that name
/// exists (`replace`: takes its place instead, until the handle takes it back), when the schema does not parse, or when it does not agree with the function's parameters.
/// `function`: a function pointer, a lambda without captures, or any callable from std::vector<Value>& (the arguments in schema order) to std::vector<Value>.
template <class F>
FunctionHandle register_function(std::string_view schema, F function, bool replace = false);

namespace detail {
FunctionHandle register_boxed(std::string_view schema, std::shared_ptr<const BoxedFunction> function, bool replace);
FunctionHandle register_erased(std::string_view schema, const bind::Erased& function, bool replace);

template <class F>
struct BoxedHolder : BoxedFunction {
  F function;
  explicit BoxedHolder(F f) : function(std::move(f)) {}
  std::vector<Value> operator()(std::vector<Value>& args) const override { return function(args); }
};
}  // namespace detail

template <class F>
FunctionHandle register_function(std::string_view schema, F function, bool replace) {
  if constexpr (requires(std::vector<Value> & args) {
                  { function(args) } -> std::same_as<std::vector<Value>>;
                }) {
    return detail::register_boxed(schema, std::make_shared<const detail::BoxedHolder<F>>(std::move(function)), replace);
  } else if constexpr (std::is_pointer_v<F>) {
    return detail::register_erased(schema, bind::erase(function), replace);
  } else {
    return detail::register_erased(schema, bind::erase(+function), replace);
  }
}

/// Parses every line and compares it with its function's parameters; the mistakes found. For tests.
std::vector<std::string> check_op_table();

/// The fewest single-character edits that turn one text into the other.
int levenshtein_distance(std::string_view a, std::string_view b);

}  // namespace lazuli
