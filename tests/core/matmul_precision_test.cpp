#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("float32 matmul precision: highest until set, and only the three words", "[core]") {
  CHECK(get_float32_matmul_precision() == "highest");
  set_float32_matmul_precision("medium");
  CHECK(float32_matmul_precision() == MatmulPrecision::Medium);
  CHECK_THROWS_AS(set_float32_matmul_precision("low"), Error);
  CHECK(get_float32_matmul_precision() == "medium");
  set_float32_matmul_precision("highest");
  CHECK(float32_matmul_precision() == MatmulPrecision::Highest);
}
