#include "lazuli/ops/table/registry.h"

#include <algorithm>
#include <tuple>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/table/schema.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

Tensor number(double value) {
  Tensor t = wrapped(value);
  t.body()->wrapped_number = false;
  return t;
}
template <class F>
std::string error_text(F f) {
  try {
    f();
  } catch (const Error& error) { return error.what(); }
  return "no error";
}

Tensor first(const Tensor& a, const std::optional<Tensor>& b, const Shape& sizes, std::optional<double> scale) {
  return number(a.item<double>() + (b ? b->item<double>() : 0) + double(sizes.size()) + scale.value_or(0));
}

double sum_scaled(const std::vector<double>& values, const Scalar& scale, bool negate, std::string_view mode, DType dtype,
                  std::optional<int64_t> extra) {
  double total = mode == "zero" ? 0 : 100;
  for (double v : values) total += v * scale.to<double>();
  return (negate ? -total : total) + (dtype == kFloat64 ? 0.5 : 0) + double(extra.value_or(0));
}

std::tuple<Tensor, int64_t> pair_of(const Tensor& a) { return {a, 7}; }
Tensor& keep(Tensor& a, const std::vector<Tensor>& others) {
  (void)others;
  return a;
}

// The names that tests add stay in the table, so each is added once for the program.
void add_test_ops() {
  static bool done = false;
  if (std::exchange(done, true)) return;
  register_function("test.first(Tensor self, Tensor? other=None, int[2] sizes=0, *, float? scale=None) -> Tensor", &first);
  register_function("test.number(Tensor|Scalar self, Tensor|Scalar other=2) -> Tensor",
                    [](const Tensor& a, const Tensor& b) { return number(2 * a.item<double>() + b.item<double>()); });
  register_function("test.sum(float[] values, Scalar scale=1, bool negate=False, *, str mode='zero', dtype dtype=float32, int? extra=None) -> float",
                    &sum_scaled);
  OpTable overloads;
  overloads.add("test.either(Scalar self) -> int", [](const Scalar&) { return int64_t(1); });
  overloads.add("test.either(Tensor self) -> int", [](const Tensor&) { return int64_t(2); });
  register_function("test.pair(Tensor self) -> (Tensor values, int count)", &pair_of);
  register_function("test.keep_(Tensor(a!) self, Tensor[] *others) -> Tensor(a!)", &keep);
  register_function("test.lambda(Tensor[] tensors, Any item) -> int",
                    [](const std::vector<Tensor>& tensors, const Value& item) { return int64_t(tensors.size()) + item.is_none(); });
}

}  // namespace

TEST_CASE("schema lines parse", "[ops]") {
  Schema s = parse_schema(
      "addmm(Tensor self, Tensor? mat=None, *, Scalar beta=1, float eps=1, int[2] stride=[1, -2], str mode='a b', bool flag=True, dtype? d=None) -> "
      "(Tensor values, Tensor[] rest)");
  CHECK(s.name == "addmm");
  REQUIRE(s.args.size() == 8);
  CHECK(to_string(s.args[1].type) == "Tensor?");
  CHECK(to_string(parse_schema("f(Tensor|Scalar? x=None) -> Tensor").args[0].type) == "Tensor|Scalar?");
  CHECK_FALSE(s.args[1].keyword_only);
  CHECK(s.args[2].keyword_only);
  CHECK(s.args[3].default_value.kind() == Value::Kind::Float);
  CHECK(to_string(s.args[4].type) == "int[2]");
  CHECK(s.args[4].default_value.to_shape() == Shape{1, -2});
  CHECK(s.args[5].default_value.to_string() == "a b");
  CHECK(s.args[6].default_value.to_bool());
  CHECK(s.args[7].default_value.is_none());
  CHECK(s.result_names == std::vector<std::string>{"values", "rest"});
  CHECK(to_string(s.results[1]) == "Tensor[]");
  CHECK(parse_schema("f(Tensor?[] indices) -> ()").args[0].type.optional_items);
  CHECK(parse_schema("f(Tensor(a!) self) -> Tensor(a!)").args[0].type.in_place);
  for (const char* bad :
       {"", "f", "f(", "f(Tensor)", "f(Tensr x) -> Tensor", "f(int x=) -> int", "f(int x=zz) -> int", "f(int x) Tensor", "f(int x) -",
        "f(int x) -> Tensor junk", "f(str s='a) -> int", "f(int x=1.2.3) -> int", "f(Tensor(a! x) -> int", "f(int[ x) -> int"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_schema(bad), Error);
  }
  CHECK_THROWS_AS(parse_schema("f(int[] x=" + std::string(100000, '[')), Error);
}

TEST_CASE("every operator's schema agrees with its function", "[ops]") { CHECK(check_op_table() == std::vector<std::string>{}); }

TEST_CASE("calls by name fill defaults and convert", "[ops]") {
  add_test_ops();
  auto result = [](std::string_view name, std::vector<Value> args, const Kwargs& kwargs = {}) { return call(name, std::move(args), kwargs)[0]; };
  CHECK(result("test.first", {number(1)}).to_tensor().item<double>() == 3);                           // int[2] of a single int
  CHECK(result("test.number", {2, number(3)}).to_tensor().item<double>() == 7);                       // a number beside a tensor
  CHECK(result("test.first", {number(1), none, 4}, {{"scale", 1}}).to_tensor().item<double>() == 4);  // int to float?
  CHECK(result("test.first", {}, {{"sizes", Value::List{5}}, {"self", number(1)}}).to_tensor().item<double>() == 3);
  CHECK(result("test.sum", {Value::List{1, 2.5}, number(2)}).to_double() == 7);  // 0-d tensor as Scalar
  CHECK(result("test.sum", {4.0, 1, true}, {{"mode", "x"}, {"dtype", "float64"}, {"extra", 1}}).to_double() == -102.5);
  CHECK(result("test.either", {2}).to_int() == 1);
  CHECK(result("test.either", {number(2)}).to_int() == 2);
  CHECK_THROWS_AS(call("test.sum", {Value::List{1.0}, number(2).requires_grad_()}), Error);
  std::vector<Value> pair = call("test.pair", {number(1)});
  REQUIRE(pair.size() == 2);
  CHECK(pair[1].to_int() == 7);
  CHECK(result("test.lambda", {Value::List{number(1), number(2)}, none}).to_int() == 3);
}

TEST_CASE("in-place arguments are the caller's tensor, and further ones gather", "[ops]") {
  add_test_ops();
  Tensor a = number(1);
  CHECK(call("test.keep_", {a})[0].to_tensor().is_same(a));
  CHECK(call("test.keep_", {a, a, a})[0].to_tensor().is_same(a));
  CHECK(call("test.keep_", {a, Value::List{a}})[0].to_tensor().is_same(a));
  CHECK_THROWS_AS(call("test.keep_", {1}), Error);
}

TEST_CASE("arguments that do not fit are named with both types and the schema", "[ops]") {
  add_test_ops();
  auto text = [](std::string_view name, std::vector<Value> args, const Kwargs& kwargs = {}) {
    return error_text([&] { call(name, std::move(args), kwargs); });
  };
  CHECK_THAT(text("test.first", {"x"}), Contains("test.first: argument 'self': expected Tensor, got str 'x'") && Contains("schema: test.first("));
  CHECK_THAT(text("test.first", {number(1), none, 1.5}), Contains("argument 'sizes': expected int[2], got float 1.5"));
  CHECK_THAT(text("test.first", {number(1), none, true}), Contains("got bool"));
  CHECK_THAT(text("test.first", {}), Contains("argument 'self': expected Tensor, got nothing"));
  CHECK_THAT(text("test.first", {number(1), none, 1, 2}), Contains("expected 1 to 3 positional arguments, got 4"));
  CHECK_THAT(text("test.first", {number(1)}, {{"self", number(2)}}), Contains("argument 'self'"));
  CHECK_THAT(text("test.first", {number(1)}, {{"colour", 2}}), Contains("argument 'colour'"));
  CHECK_THAT(text("test.number", {1, 2}), Contains("expected a Tensor in at least one place"));
  CHECK_THAT(text("test.first", {1}), Contains("argument 'self': expected Tensor, got int 1"));
  CHECK_THAT(text("test.sum", {1.0, complex128(1, 2)}, {{"dtype", "float99"}}), Contains("float99"));
}

TEST_CASE("an unknown operator proposes near names", "[ops]") {
  add_test_ops();
  CHECK_THAT(error_text([] { call("test.frist", {}); }), Contains("test.first") && Contains("'test.frist'"));
  CHECK_THAT(error_text([] { call("pair", {}); }), Contains("test.pair"));
  CHECK_THROWS_AS(get_op_info("no_such_operator_at_all"), Error);
  CHECK(levenshtein_distance("kitten", "sitting") == 3);
  CHECK(levenshtein_distance("", "ab") == 2);
}

TEST_CASE("users add operators, once each", "[ops]") {
  add_test_ops();
  int calls = 0;
  register_function("test.boxed(int x, *, int y=2) -> int", [&calls](std::vector<Value>& args) {
    ++calls;
    return std::vector<Value>{args[0].to_int() * args[1].to_int()};
  });
  CHECK(call("test.boxed", {4})[0].to_int() == 8);
  CHECK(calls == 1);
  CHECK_THAT(error_text([] { register_function("test.pair(Tensor x) -> Tensor", [](const Tensor& x) { return x; }); }), Contains("test.pair"));
  register_function(
      "test.boxed(Tensor x) -> Tensor", [](const Tensor& x) { return x; }, true);
  CHECK(call("test.boxed", {number(4)})[0].to_tensor().item<double>() == 4);
  CHECK_THROWS_AS(register_function("test.bad(Tensor x, int y) -> Tensor", [](const Tensor& x) { return x; }), Error);
  CHECK_THROWS_AS(register_function("test.bad(int x) -> Tensor", [](const Tensor& x) { return x; }), Error);
  CHECK_FALSE(has_op("test.bad"));
  CHECK(has_op("test.pair"));
  OpInfo info = get_op_info("test.pair");
  CHECK(info.family == "user");
  CHECK(info.schemas == std::vector<std::string>{"test.pair(Tensor self) -> (Tensor values, int count)"});
  std::vector<std::string> ops = list_ops();
  CHECK(std::count(ops.begin(), ops.end(), "test.pair") == 1);
}
