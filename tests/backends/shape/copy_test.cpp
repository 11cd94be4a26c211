#include <cmath>
#include <complex>
#include <cstring>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

TEST_CASE("copy converts between any two dtypes", "[backends]") {
  cpu::register_kernels();
  const double values[] = {0, 1, 2, 100, 0.5, -1.75};
  for (int f = 0; f < kDTypeCount; f++)
    for (int t = 0; t < kDTypeCount; t++) {
      CAPTURE(f, t);
      const DType from = DType(f), to = DType(t);
      Tensor in = new_tensor({6}, from), out = new_tensor({6}, to), back = new_tensor({6}, kFloat64);
      for (int k = 0; k < 6; k++) store_scalar(static_cast<char*>(in.address()) + k * in.item_size(), from, values[from == kUInt8 ? k % 5 : k]);
      copy_kernel(kCPU, out, in);
      for (int k = 0; k < 6; k++) {
        double x = values[from == kUInt8 ? k % 5 : k];
        if (from == kBool) x = x != 0;
        if (is_integral(from)) x = std::trunc(x);
        double want = to == kBool ? x != 0 : is_integral(to) ? std::trunc(x) : x;
        if (to == kUInt8 && want < 0) want += 256;
        CHECK(load_scalar(static_cast<char*>(out.address()) + k * out.item_size(), to).to<double>() == want);
      }
    }
  // complex to real drops the imaginary part, but not to bool
  Tensor c = make<complex64>({{0, 2}, {3, 4}}), r = new_tensor({2}, kFloat32), b = new_tensor({2}, kBool);
  copy_kernel(kCPU, r, c);
  copy_kernel(kCPU, b, c);
  CHECK(values_of<float>(r) == std::vector<float>{0, 3});
  CHECK(values_of<bool>(b) == std::vector<bool>{1, 1});
}

TEST_CASE("half types round to nearest even", "[backends]") {
  cpu::register_kernels();
  std::vector<float> x;
  for (uint32_t u = 0; u < 0x90000000u; u += 0x1234567u / 5) x.push_back(std::bit_cast<float>(u));
  for (const float v : {1.0f + 0x1p-8f, 1.0f + 0x1p-8f + 0x1p-20f, 65520.0f, 65519.0f, 1e-8f, 0x1p-25f, -0.0f, float(NAN), float(INFINITY)})
    x.push_back(v);
  Tensor in = make<float>(x), half = new_tensor(in.sizes(), kFloat16), bf = new_tensor(in.sizes(), kBFloat16),
         again = new_tensor(in.sizes(), kFloat32);
  copy_kernel(kCPU, half, in);
  copy_kernel(kCPU, bf, in);
  const std::vector<Half> h = values_of<Half>(half);
  const std::vector<BFloat16> b = values_of<BFloat16>(bf);
  for (size_t i = 0; i < x.size(); i++) {
    CAPTURE(x[i]);
    if (std::isnan(x[i])) CHECK((std::isnan(float(h[i])) && std::isnan(float(b[i]))));
    else CHECK((h[i].bits == Half(x[i]).bits && b[i].bits == BFloat16(x[i]).bits));
  }
  copy_kernel(kCPU, again, half);
  const std::vector<float> f = values_of<float>(again);
  for (size_t i = 0; i < x.size(); i++)
    if (!std::isnan(f[i])) CHECK(f[i] == float(h[i]));
}

TEST_CASE("copy transposes, gathers and scatters", "[backends]") {
  cpu::register_kernels();
  for (const DType dtype : {kUInt8, kFloat16, kFloat32, kInt64, kComplex128}) {
    Tensor base = new_tensor({60 * 70 * 5}, dtype), number = new_tensor({60 * 70 * 5}, kInt32);
    arange_kernel(kCPU, number, 0, 1);
    copy_kernel(kCPU, base, number);
    const Tensor views[] = {alias(base, {60, 70}, {1, 60}, 4),
                            alias(base, {5, 60, 70}, {60 * 70, 1, 60}, 0),
                            alias(base, {60, 5, 70}, {1, 60 * 70, 60}, 0),
                            alias(base, {33, 41, 3}, {2, 80, 1}, 1),
                            alias(base, {7, 9}, {1, 8}, 0),
                            alias(base, {3, 5000}, {0, 2}, 0)};
    for (const Tensor& v : views) {
      Tensor dense = new_tensor(v.sizes(), dtype), wide = new_tensor(v.sizes(), kFloat64), from_dense = new_tensor(v.sizes(), kFloat64);
      copy_kernel(kCPU, dense, v);
      copy_kernel(kCPU, wide, v);
      copy_kernel(kCPU, from_dense, dense);
      CHECK(values_of<double>(wide) == values_of<double>(from_dense));
      dispatch(dtype, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (!std::is_same_v<T, bool>) {
          const std::vector<T> a = values_of<T>(v), b = values_of<T>(dense);
          CHECK(std::memcmp(static_cast<const void*>(a.data()), b.data(), a.size() * sizeof(T)) == 0);
        }
      });
    }
  }
}

TEST_CASE("fill, arange and triangle", "[backends]") {
  cpu::register_kernels();
  Tensor t = new_tensor({4, 6}, kInt16), part = alias(t, {4, 3}, {6, 2}, 1);
  fill_kernel(kCPU, t, 7);
  fill_kernel(kCPU, part, -2.9);
  CHECK(values_of<int16_t>(alias(t, {6}, {1}, 6)) == std::vector<int16_t>{7, -2, 7, -2, 7, -2});
  Tensor c = new_tensor({2}, kComplex128);
  fill_kernel(kCPU, c, complex128(1, -2));
  CHECK(values_of<complex128>(c)[1] == complex128(1, -2));

  Tensor a = new_tensor({5}, kFloat32), i = new_tensor({3}, kInt64);
  arange_kernel(kCPU, a, 1.0, 0.5);
  CHECK(values_of<float>(a) == std::vector<float>{1, 1.5, 2, 2.5, 3});
  arange_kernel(kCPU, i, int64_t(1) << 60, -1);
  CHECK(values_of<int64_t>(i)[2] == (int64_t(1) << 60) - 2);

  Tensor m = new_tensor({2, 3, 4}, kFloat64), out = new_tensor({2, 3, 4}, kFloat64), turned = new_strided({2, 3, 4}, {12, 1, 3}, kFloat64);
  for (int k = 0; k < 24; k++) static_cast<double*>(m.address())[k] = k + 1;
  for (const bool upper : {false, true})
    for (int64_t diagonal = -4; diagonal <= 5; diagonal++) {
      triangle_kernel(kCPU, out, m, diagonal, upper);
      triangle_kernel(kCPU, turned, m, diagonal, upper);
      const std::vector<double> got = values_of<double>(out);
      CHECK(values_of<double>(turned) == got);
      for (int64_t k = 0; k < 24; k++) {
        const int64_t row = k / 4 % 3, column = k % 4;
        CHECK(got[size_t(k)] == ((upper ? column - row >= diagonal : column - row <= diagonal) ? double(k + 1) : 0.0));
      }
    }
}

TEST_CASE("a large image of few channels is copied to channels last", "[backends]") {
  cpu::register_kernels();
  for (int64_t channels : {1, 2, 3, 4}) {
    Tensor image = new_tensor({2, channels, 160, 130}, kFloat32),
           last = new_strided(image.sizes(), {channels * 20800, 1, channels * 130, channels}, kFloat32), back = new_tensor(image.sizes(), kFloat32);
    for (int64_t i = 0; i < image.numel(); i++) static_cast<float*>(image.address())[i] = float(i);
    copy_kernel(kCPU, last, image);
    CHECK(static_cast<float*>(last.address())[channels + channels - 1] == static_cast<float*>(image.address())[(channels - 1) * 20800 + 1]);
    copy_kernel(kCPU, back, last);
    CHECK(std::memcmp(back.address(), image.address(), size_t(image.nbytes())) == 0);
  }
}

TEST_CASE("copy reads strides of any sign, in rows short and long", "[backends]") {
  cpu::register_kernels();
  for (const DType dtype : {kUInt8, kBFloat16, kFloat32, kFloat64, kComplex128}) {
    Tensor base = new_tensor({90 * 80}, dtype), number = new_tensor({90 * 80}, kInt32);
    arange_kernel(kCPU, number, 0, 1);
    copy_kernel(kCPU, base, number);
    const std::pair<Shape, Shape> views[] = {
        {{90, 80}, {80, -1}},       {{90, 80}, {-80, 1}},       {{7200}, {-1}},       {{1000}, {-7}}, {{2000, 2}, {1, 0}}, {{300, 3, 2}, {4, 1, 0}},
        {{40, 30, 3}, {3, 120, 1}}, {{50, 2, 30}, {60, 30, 1}}, {{20, 90}, {-90, -1}}};
    for (const auto& [sizes, strides] : views) {
      int64_t offset = 0;
      for (int64_t d = 0; d < sizes.size(); d++) offset += strides[d] < 0 ? -strides[d] * (sizes[d] - 1) : 0;
      const Tensor view = alias(base, sizes, strides, offset);
      for (const bool turned : {false, true}) {  // into a result that lies otherwise, too
        Shape back = sizes, steps = contiguous_strides(sizes);
        if (turned && sizes.size() > 1) std::swap(back[0], back[1]);
        Shape lies = contiguous_strides(back);
        if (turned && sizes.size() > 1) std::swap(lies[0], lies[1]);
        Tensor out = alias(new_tensor(back, dtype), sizes, lies, 0);
        copy_kernel(kCPU, out, view);
        int64_t wrong = 0;
        for (int64_t i = 0; i < sizes.numel(); i++) {
          int64_t from = offset, to = 0;
          for (int64_t d = 0; d < sizes.size(); d++) {
            const int64_t index = i / steps[d] % sizes[d];
            from += index * strides[d];
            to += index * lies[d];
          }
          wrong += std::memcmp(static_cast<char*>(out.address()) + to * out.item_size(), static_cast<char*>(base.address()) + from * base.item_size(),
                               size_t(base.item_size())) != 0;
        }
        CHECK(wrong == 0);
      }
    }
  }
}
