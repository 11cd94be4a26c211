#include "lazuli/core/settings.h"

#include <thread>

#include "lazuli/core/print.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("the default device is the thread's, and new tensors are made there", "[core]") {
  CHECK(get_default_device() == kCPU);
  {
    const DefaultDeviceGuard guard(kMeta);
    CHECK(zeros({2}).is_meta());
    CHECK(rand({2}).is_meta());
    CHECK(arange(3).is_meta());
    CHECK(randint(0, 5, {2}).is_meta());
    CHECK(hann_window(4).is_meta());
    CHECK(zeros_like(zeros({2}, {.device = kCPU})).is_cpu());
    CHECK(zeros({2}, {.device = kCPU}).is_cpu());
    bool elsewhere = true;
    std::thread([&] { elsewhere = zeros({2}).is_cpu(); }).join();
    CHECK(elsewhere);
  }
  CHECK(zeros({2}).is_cpu());
  CHECK_THROWS_AS(set_default_device(Device(DeviceType(9))), Error);
}

TEST_CASE("the default dtype is set by dtype, type name or guard", "[core]") {
  {
    const DefaultDTypeGuard guard(kFloat64);
    CHECK(ones({1}).dtype() == kFloat64);
    CHECK(tensor({1.5}).dtype() == kFloat64);
  }
  CHECK(ones({1}).dtype() == kFloat32);
  set_default_tensor_type("torch.DoubleTensor");
  CHECK(get_default_dtype() == kFloat64);
  set_default_tensor_type(kFloat32);
  CHECK(get_default_dtype() == kFloat32);
  CHECK_THROWS_AS(set_default_tensor_type("torch.IntTensor"), Error);
}

TEST_CASE("deterministic mode by its functions, by word and by number", "[core]") {
  CHECK(get_deterministic_debug_mode() == 0);
  {
    const DeterministicGuard guard;
    CHECK(are_deterministic_algorithms_enabled());
    CHECK_FALSE(is_deterministic_algorithms_warn_only_enabled());
    CHECK(get_deterministic_debug_mode() == 2);
    set_deterministic_debug_mode("warn");
    CHECK(is_deterministic_algorithms_warn_only_enabled());
    CHECK(get_deterministic_debug_mode() == 1);
  }
  CHECK_FALSE(are_deterministic_algorithms_enabled());
  CHECK_THROWS_AS(set_deterministic_debug_mode("often"), Error);
  CHECK_THROWS_AS(set_deterministic_debug_mode(3), Error);
  CHECK_FALSE(deterministic_changes().empty());
}

TEST_CASE("deterministic mode fills memory that has no values", "[core]") {
  const DeterministicGuard guard;
  CHECK(isnan(empty({3})).all().item<bool>());
  CHECK(empty({2}, kInt8).to_vector<int8_t>() == std::vector<int8_t>{127, 127});
  CHECK(empty({1}, kInt64).item<int64_t>() == std::numeric_limits<int64_t>::max());
  CHECK(empty({1}, kUInt8).item<int64_t>() == 255);
  CHECK(empty({1}, kBool).item<bool>());
  CHECK(isnan(empty_like(ones({2}))).all().item<bool>());
  set_fill_uninitialized_memory(false);
  CHECK_FALSE(fills_uninitialized_memory());
  set_fill_uninitialized_memory(true);
}

TEST_CASE("what is not deterministic is refused or warned of", "[core]") {
  alert_not_deterministic("f");  // off: nothing
  std::vector<std::string> told;
  const WarningHandler before = set_warning_handler([&](const std::string& text) { told.push_back(text); });
  {
    const DeterministicGuard guard(true, /*warn_only=*/true);
    alert_not_deterministic("settings_test");
    CHECK(told.size() == 1);
    const WarnAlwaysGuard always(true);
    alert_not_deterministic("settings_test");
    alert_not_deterministic("settings_test");
    CHECK(told.size() == 3);
  }
  set_warning_handler(before);
  const DeterministicGuard guard;
  CHECK(says(error_of([] { alert_not_deterministic("f"); }), "use_deterministic_algorithms"));
}

TEST_CASE("options of printing and of products hold for a block", "[core]") {
  const Tensor x = tensor({1.23456});
  {
    const PrintOptionsGuard guard({.precision = 2});
    CHECK(to_string(x) == "tensor([1.23])");
    set_printoptions({.edgeitems = 1, .profile = "short"});
    CHECK(get_printoptions().edgeitems == 1);
    CHECK(get_printoptions().precision == 2);
  }
  CHECK(to_string(x) == "tensor([1.2346])");
  {
    const MatmulPrecisionGuard guard("high");
    CHECK(get_float32_matmul_precision() == "high");
  }
  CHECK(get_float32_matmul_precision() == "highest");
}

TEST_CASE("the number of operators at a time is kept", "[core]") {
  CHECK(get_num_interop_threads() >= 1);
  set_num_interop_threads(3);
  CHECK(get_num_interop_threads() == 3);
  CHECK_THROWS_AS(set_num_interop_threads(0), Error);
}
