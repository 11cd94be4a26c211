// Each named mistake, made by a call of the public interface.
#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include <functional>

#include "tests/catch.h"

using namespace lazuli;

namespace {

struct Mistake {
  ErrorCode code;
  std::function<void()> make;
};

const Tensor x = ones({2, 3}), m = ones({3, 3});

std::vector<Value> none_of(std::vector<Value>& args) { return args; }

std::vector<Mistake> of_shapes() {
  return {
      {errors::at_error_index_out_of_bounds,
       [] {
         x.index({0, 0, 0});
       }},
      {errors::batch_dimensions_do_not_match_error,
       [] {
         bmm(ones({2, 3, 4}), ones({3, 4, 5}));
       }},
      {errors::broadcast_error_incompatible_dimensions, [] { x + ones({4}); }},
      {errors::chunk_error_dim_out_of_range, [] { chunk(x, 2, 5); }},
      {errors::dimension_error_out_of_range, [] { sum(x, {7}); }},
      {errors::einops_error_ambiguous_decomposition, [] { rearrange(x, "(a b) c -> a b c"); }},
      {errors::einops_error_anonymous_in_output, [] { rearrange(x, "a b -> a b 2"); }},
      {errors::einops_error_dimension_mismatch, [] { rearrange(x, "a b c -> a b c"); }},
      {errors::einops_error_dimension_mismatch,
       [] {
         rearrange(x, "(a b) c -> a b c", {{"a", 4}});
       }},
      {errors::einops_error_invalid_pattern, [] { rearrange(x, "a b"); }},
      {errors::einops_error_reduce_undefined_output, [] { reduce(x, "a b -> c", "sum"); }},
      {errors::einops_error_repeat_missing_size, [] { repeat(x, "a b -> a b c"); }},
      {errors::einops_error_undefined_axis, [] { rearrange(x, "a b -> a c"); }},
      {errors::einsum_error_dimension_mismatch,
       [] {
         einsum("ij,jk->ik", {x, x});
       }},
      {errors::einsum_error_index_out_of_range,
       [] {
         einsum({{x, {0, 60}}});
       }},
      {errors::einsum_error_invalid_equation, [] { einsum("i?->i", {x}); }},
      {errors::einsum_error_invalid_sublist_element,
       [] {
         einsum({{x, {0, -1}}});
       }},
      {errors::einsum_error_operand_count_mismatch, [] { einsum("ij,jk->ik", {x}); }},
      {errors::einsum_error_subscript_rank_mismatch, [] { einsum("ijk->i", {x}); }},
      {errors::einsum_error_unknown_output_index, [] { einsum("ij->k", {x}); }},
      {errors::embedding_bag_error_requires_2d_input,
       [] {
         embedding_bag(zeros({1, 1, 1}, kInt64), x);
       }},
      {errors::expand_error_incompatible,
       [] {
         x.expand({4, 3});
       }},
      {errors::flip_error_dim_out_of_range, [] { flip(x, {4}); }},
      {errors::gather_error_dim_out_of_range,
       [] {
         gather(x, 4, zeros({2, 3}, kInt64));
       }},
      {errors::index_select_error_dim_out_of_range, [] { index_select(x, 4, zeros({1}, kInt64)); }},
      {errors::item_error_not_scalar, [] { x.item(); }},
      {errors::linalg_error_not_square_matrix, [] { linalg::inv(x); }},
      {errors::linalg_error_requires_2d, [] { mm(ones({3}), m); }},
      {errors::linalg_error_requires_at_least_2d, [] { linalg::inv(ones({3})); }},
      {errors::matmul_error_inner_dimensions_do_not_match, [] { matmul(x, x); }},
      {errors::narrow_error_length_exceeds_bounds, [] { narrow(x, 0, 1, 5); }},
      {errors::narrow_error_start_out_of_bounds, [] { narrow(x, 0, 9, 1); }},
      {errors::permute_error_dimension_count_mismatch, [] { permute(x, {0}); }},
      {errors::scatter_error_dim_out_of_range,
       [] {
         scatter(x, 4, zeros({2, 3}, kInt64), x);
       }},
      {errors::select_error_index_out_of_bounds, [] { select(x, 0, 2); }},
      {errors::slice_error_out_of_bounds, [] { slice(x, 0, 0, 2, 0); }},
      {errors::softmax_error_dim_out_of_range, [] { softmax(x, 4); }},
      {errors::split_error_dim_out_of_range, [] { split(x, 1, 4); }},
      {errors::transpose_dims_error_out_of_range, [] { transpose(x, 0, 4); }},
      {errors::transpose_error_requires_2d_tensor,
       [] {
         t(ones({2, 2, 2}));
       }},
      {errors::unbind_error_dim_out_of_range, [] { unbind(x, 4); }},
      {errors::device_error_requires, [] { zeros({1}, {.device = kMeta}).item(); }},
  };
}

std::vector<Mistake> of_the_registry() {
  using namespace registry;
  return {
      {errors::autograd_gradient_mismatch_error, [] { register_unary_op({.name = "test_code", .expression = "x * x", .backward = "grad * 3 * x"}); }},
      {errors::autograd_not_registered_error, [] { autograd::get_autograd("relu"); }},
      {errors::dtype_already_registered_error,
       [] {
         register_dtype({.name = "float32", .components = {{"a", kInt8}}});
       }},
      {errors::dtype_components_mismatch_error, [] { from_components(kFloat32, {x}); }},
      {errors::dtype_not_found_error, [] { get_dtype("float7"); }},
      {errors::function_already_registered_error,
       [] { lazuli::register_function("relu(Tensor self) -> Tensor", [](const Tensor& t) { return t; }); }},
      {errors::invalid_config_error,
       [] {
         register_dtype({.name = "9", .components = {{"a", kInt8}}});
       }},
      {errors::invalid_config_error, [] { lazuli::register_function("no schema", &none_of); }},
      {errors::kernel_not_registered_error, [] { get_kernel("sin", kBool); }},
      {errors::kernel_signature_mismatch_error, [] { register_unary_kernel<float>("add", kFloat32, [](float a) { return a; }); }},
      {errors::kernel_signature_mismatch_error,
       [] { lazuli::register_function("test_code(Tensor a, Tensor b) -> Tensor", [](const Tensor& t) { return t; }); }},
      {errors::method_already_registered_error,
       [] {
         MethodHandle first = register_method("test_code", [](const Tensor& t, std::vector<Value>&) { return t; });
         const auto again = [] { register_method("test_code", [](const Tensor& t, std::vector<Value>&) { return t; }); };
         try {
           again();
         } catch (...) {
           first.unregister();
           throw;
         }
       }},
      {errors::method_dtype_not_supported_error,
       [] {
         MethodHandle method = register_method("test_code", [](const Tensor& t, std::vector<Value>&) { return t; }, {kInt32});
         try {
           x.call("test_code");
         } catch (...) {
           method.unregister();
           throw;
         }
       }},
      {errors::op_kind_mismatch_error, [] { register_unary_op({.name = "add", .expression = "x", .replace = true}); }},
      {errors::op_not_found_error, [] { call("rleu", {x}); }},
      {errors::registration_failed_error, [] { register_device({.name = "cpu"}); }},
      {errors::registration_failed_error,
       [] { register_unary_op({.name = "test_code", .expression = "x * x", .function = [](double a) { return a; }}); }},
  };
}

void check_all(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.code.name());
    try {
      mistake.make();
      FAIL_CHECK("no error");
    } catch (const Error& error) {
      INFO(error.what());
      CHECK(error.code().name() == mistake.code.name());
    }
  }
}

}  // namespace

TEST_CASE("mistakes of shapes, indices and patterns have codes", "[registry]") { check_all(of_shapes()); }

TEST_CASE("mistakes of registration and lookup have codes", "[registry]") {
  check_all(of_the_registry());
  CHECK_FALSE(has_op("test_code"));
}

TEST_CASE("every code is made by a test here", "[registry]") {
  std::vector<std::string_view> made;
  for (const auto& list : {of_shapes(), of_the_registry()})
    for (const Mistake& mistake : list) made.push_back(mistake.code.name());
  for (int place = 1; place < detail::kErrorCodeCount; ++place) {
    INFO(ErrorCode(place).name());
    CHECK(std::find(made.begin(), made.end(), ErrorCode(place).name()) != made.end());
  }
}

TEST_CASE("a code compares with names and is none for other errors", "[registry]") {
  try {
    select(x, 0, 5);
  } catch (const ShapeError& error) {
    CHECK(error.code() == errors::select_error_index_out_of_bounds);
    CHECK(error.code() == "select_error_index_out_of_bounds");
    CHECK(ErrorCode::named("select_error_index_out_of_bounds") == error.code());
  }
  try {
    set_float32_matmul_precision("exact");
  } catch (const Error& error) { CHECK_FALSE(error.code()); }
}
