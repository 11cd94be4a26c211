#include "lazuli/core/print.h"

#include <sstream>

#include "lazuli/autograd/modes.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {
const double inf = std::numeric_limits<double>::infinity(), nan_value = std::numeric_limits<double>::quiet_NaN();

struct DefaultOptions {
  ~DefaultOptions() { set_printoptions("default"); }
};
}  // namespace

TEST_CASE("tensors print as PyTorch prints them: numbers", "[ops]") {
  CHECK(to_string(tensor(3.5)) == "tensor(3.5000)");
  CHECK(to_string(tensor({{1, -20}, {3, 4}})) == "tensor([[  1, -20],\n        [  3,   4]])");
  CHECK(to_string(tensor({true, false})) == "tensor([ True, False])");
  CHECK(to_string(tensor({{1., 2.5}, {-3.25, 100.}})) == "tensor([[  1.0000,   2.5000],\n        [ -3.2500, 100.0000]])");
  CHECK(to_string(tensor({1., 2., -30.})) == "tensor([  1.,   2., -30.])");
  CHECK(to_string(tensor({1e-5, 1.0})) == "tensor([1.0000e-05, 1.0000e+00])");
  CHECK(to_string(tensor({123456789., 1.})) == "tensor([1.2346e+08, 1.0000e+00])");
  CHECK(to_string(tensor({1e9})) == "tensor([1.0000e+09])");
  CHECK(to_string(tensor({inf, 1.5, nan_value, -inf})) == "tensor([   inf, 1.5000,    nan,   -inf])");
  CHECK(to_string(tensor({inf, 1., nan_value})) == "tensor([inf, 1., nan])");
  CHECK(to_string(tensor({-0.0, 0.0})) == "tensor([-0., 0.])");
  CHECK(to_string(tensor({complex128(1, 2), complex128(-3.5, -1)})) == "tensor([ 1.0000+2.j, -3.5000-1.j])");
  CHECK(to_string(tensor({complex128(0, 1), complex128(1e6, 0)})) == "tensor([      0.+1.j, 1000000.+0.j])");
  CHECK(to_string(tensor({0.1}, kBFloat16)) == "tensor([0.1001], dtype=torch.bfloat16)");
}

TEST_CASE("tensors print as PyTorch prints them: lines and summaries", "[ops]") {
  CHECK(to_string(reshape(arange(8.), {2, 2, 2})) == "tensor([[[0., 1.],\n         [2., 3.]],\n\n        [[4., 5.],\n         [6., 7.]]])");
  CHECK(to_string(arange(30)) ==
        "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])");
  CHECK(to_string(arange(1001)) == "tensor([   0,    1,    2,  ...,  998,  999, 1000])");
  std::string row = "[0., 0., 0.,  ..., 0., 0., 0.]", next = ",\n        ";
  CHECK(to_string(zeros({40, 50})) == "tensor([" + row + next + row + next + row + next + "..." + next + row + next + row + next + row + "])");
}

TEST_CASE("tensors print as PyTorch prints them: what is not the default", "[ops]") {
  CHECK(to_string(Tensor()) == "tensor(undefined)");
  CHECK(to_string(tensor({1.5, 2.}, kFloat64)) == "tensor([1.5000, 2.0000], dtype=torch.float64)");
  CHECK(to_string(tensor({complex128(1, 2)}, kComplex128)) == "tensor([1.+2.j], dtype=torch.complex128)");
  CHECK(to_string(empty(0)) == "tensor([])");
  CHECK(to_string(empty({2, 0, 3})) == "tensor([], size=(2, 0, 3))");
  CHECK(to_string(empty({0}, kInt64)) == "tensor([], dtype=torch.int64)");
  CHECK(to_string(empty({2, 3}, kFloat32, kMeta)) == "tensor(..., device='meta', size=(2, 3))");
  CHECK(to_string(empty({2}, kInt64, kMeta)) == "tensor(..., device='meta', size=(2,), dtype=torch.int64)");
  Tensor x = tensor({1., 2.}, {.requires_grad = true});
  CHECK(to_string(x) == "tensor([1., 2.], requires_grad=True)");
  CHECK(to_string(mul(x, 2)) == "tensor([2., 4.], grad_fn=<MulBackward0>)");
  CHECK(to_string(index(x, {tensor({0})})) == "tensor([1.], grad_fn=<IndexBackward0>)");
  Tensor y = div(arange(10, {.dtype = kFloat64}), 7).requires_grad_();
  CHECK(to_string(y) ==
        "tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429,\n        1.2857], dtype=torch.float64, requires_grad=True)");
}

TEST_CASE("print options", "[ops]") {
  DefaultOptions restore;
  set_printoptions({.precision = 2, .threshold = 3, .edgeitems = 1});
  CHECK(to_string(tensor({1.25, 2., 3., 4.})) == "tensor([1.25,  ..., 4.00])");
  set_printoptions("default");
  set_printoptions({.linewidth = 20, .sci_mode = true});
  CHECK(to_string(tensor({1., 2.})) == "tensor([1.0000e+00,\n        2.0000e+00])");
  CHECK_THROWS(set_printoptions({.precision = -1}));
  set_printoptions("short");
  CHECK(get_printoptions().precision == 2);
  CHECK_FALSE(get_printoptions().sci_mode);
  std::ostringstream out;
  out << tensor({1, 2});
  CHECK(out.str() == "tensor([1, 2])");
}

TEST_CASE("lists of tensors, nodes, options and enums print", "[print]") {
  auto text = [](const auto& value) {
    std::ostringstream out;
    out << value;
    return out.str();
  };
  CHECK(text(std::vector<Tensor>{tensor(1.0), tensor({2, 3})}) == "[tensor(1.), tensor([2, 3])]");
  Tensor x = ones({2}).requires_grad_();
  CHECK(text((x * 2).grad_fn()) == "<MulBackward0>");
  CHECK(text(x.grad_fn()) == "None");
  CHECK(text(TensorOptions(kInt64)) == "TensorOptions(dtype=int64, device=cpu, requires_grad=false)");
  CHECK(text(Reduction::Sum) == "sum");
}
