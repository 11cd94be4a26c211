// The library and its typed part with both namespaces in sight.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include "tests/catch.h"

using namespace lazuli;
using namespace lazuli::typed;

namespace {

constexpr int64_t N = dim("n");
using Pixels = Typed<float, Dims<N, 784>>;
static_assert(std::is_same_v<Pixels, TypedOf<"float32[n, 784]">> && std::is_same_v<lazuli::Dims<N>, lazuli::typed::Dims<N>>);

Typed<float, Dims<N, 10>> scores(const Pixels& x, const Typed<float, Dims<784, 10>>& w) { return softmax<1>(matmul(x, w)); }

}  // namespace

TEST_CASE("names of both namespaces are used side by side", "[typed]") {
  const auto x = randn<Pixels>(3);
  const auto w = randn<Typed<float, Dims<784, 10>>>();
  CHECK(equal(scores(x, w), lazuli::softmax(lazuli::matmul(x.untyped(), w.untyped()), 1)));
  CHECK(allclose(sum<0, 1>(x), sum(x.untyped(), {0, 1})));
}
