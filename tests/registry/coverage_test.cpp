#include "lazuli/registry/coverage.h"

#include "lazuli/core/kernel.h"
#include "lazuli/ops/ops.h"
#include "lazuli/ops/table/registry.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("the coverage report says what works in which dtype, and how far gradients go", "[registry]") {
  const auto report = registry::coverage_report({.ops = {"sin", "add", "matmul", "sort", "nextafter", "logical_not", "softmax"}});
  const auto at = [&](const char* op, DType dtype) { return *report.find(op, dtype); };
  CHECK(at("sin", kFloat32).forward == registry::Served::Kernel);
  CHECK(at("sin", kFloat32).second_order);
  CHECK(at("matmul", kBool).forward == registry::Served::None);
  CHECK(at("matmul", kFloat64).backward);
  CHECK(at("sort", kInt64).forward == registry::Served::Kernel);
  CHECK_FALSE(at("sort", kInt64).backward);
  CHECK(at("sort", kFloat32).backward);
  CHECK_FALSE(at("logical_not", kFloat32).backward);
  CHECK(at("softmax", kFloat64).second_order);
  CHECK(report.find("sin", kFloat32, kMeta) == nullptr);
  CHECK(report.by_dtype().size() == size_t(kDTypeCount));
  CHECK(report.summary().find("complex128") != std::string::npos);
}

TEST_CASE("the whole table can be called for the report, which leaves the random generator alone", "[registry]") {
  manual_seed(3);
  const double first = rand({1}).item<double>();
  manual_seed(3);
  const auto report = registry::coverage_report({.dtypes = {kFloat32}});
  CHECK(rand({1}).item<double>() == first);
  const auto others = registry::coverage_report({.ops = report.not_called, .dtypes = {kInt64, kFloat64, kComplex64}});
  for (const std::string& op : others.not_called) {
    INFO(op);
    CHECK(get_op_info(op).family == "user");
  }
}
