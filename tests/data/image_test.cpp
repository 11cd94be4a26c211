#include "lazuli/data/image/image.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;

namespace {
Tensor some_image(int64_t channels) { return randint(256, {channels, 5, 7}, {}, Generator(3)).to(kUInt8); }
Tensor decoded(std::string_view bytes, ImageReadMode mode = ImageReadMode::Unchanged) { return decode_image({bytes.data(), bytes.size()}, mode); }
std::string bytes_of(const Tensor& t) { return {static_cast<const char*>(t.address()), size_t(t.numel())}; }
bool has(const char* what) {
  const std::string text = error_of([&] { what[0] == 'p' ? encode_png(some_image(1)) : encode_jpeg(some_image(1)); });
  return text == "no error";
}
}  // namespace

TEST_CASE("A PNG image comes back bit for bit, in the channels asked for", "[data]") {
  if (!has("png")) return;
  TemporaryFolder folder;
  for (int64_t channels : {1, 2, 3, 4}) {
    const Tensor image = some_image(channels);
    write_png(image, folder.file("a.png"));
    CHECK(equal(read_image(folder.file("a.png")), image));
  }
  const Tensor rgb = some_image(3);
  const std::string bytes = bytes_of(encode_png(rgb));
  CHECK(decoded(bytes, ImageReadMode::RGBA).sizes() == Shape{4, 5, 7});
  CHECK(equal(decoded(bytes, ImageReadMode::RGBA).narrow(0, 0, 3), rgb));
  CHECK(decoded(bytes, ImageReadMode::RGBA)[3].min().item<int>() == 255);
  const Tensor weights = tensor({0.299, 0.587, 0.114}).view({3, 1, 1});
  CHECK(equal(decoded(bytes, ImageReadMode::Gray), round((rgb.to(kFloat64) * weights).sum({0}, true)).to(kUInt8)));
  const Tensor gray = some_image(1);
  CHECK(equal(decoded(bytes_of(encode_png(gray)), ImageReadMode::RGB), gray.expand({3, 5, 7})));
  CHECK(equal(decoded(bytes_of(encode_png(some_image(4))), ImageReadMode::RGB), some_image(4).narrow(0, 0, 3)));
}

TEST_CASE("A spoilt PNG image is an error", "[data]") {
  if (!has("png")) return;
  const std::string bytes = bytes_of(encode_png(some_image(3)));
  CHECK(says(error_of([&] { decoded(bytes.substr(0, 60)); }), "a whole PNG image"));
  std::string wrong = bytes;
  wrong[50] = char(wrong[50] ^ 4);
  CHECK(says(error_of([&] { decoded(wrong); }), "a whole PNG image"));
  CHECK(says(error_of([&] { decoded("GIF89a"); }), "a PNG, JPEG, PGM or PPM image"));
  CHECK(says(error_of([&] { decoded(""); }), "no bytes"));
  CHECK(says(error_of([&] { encode_png(zeros({3, 2, 2})); }), "uint8 of sizes [1 to 4, height, width], got float32"));
}

TEST_CASE("A JPEG image comes back nearly, and a spoilt one is an error", "[data]") {
  if (!has("jpeg")) return;
  TemporaryFolder folder;
  const Tensor ramp = (arange(32).view({1, 1, 32}) * 8).expand({3, 24, 32}).to(kUInt8);
  write_jpeg(ramp, folder.file("a.jpg"), 95);
  const Tensor back = read_image(folder.file("a.jpg"));
  CHECK(back.sizes() == ramp.sizes());
  CHECK((back.to(kFloat32) - ramp.to(kFloat32)).abs().max().item<double>() < 12);
  CHECK(read_image(folder.file("a.jpg"), ImageReadMode::Gray).sizes() == Shape{1, 24, 32});
  CHECK(decoded(bytes_of(encode_jpeg(some_image(1)))).sizes() == Shape{1, 5, 7});
  const std::string bytes = test::read_bytes(folder.file("a.jpg"));
  CHECK(says(error_of([&] { decoded(bytes.substr(0, bytes.size() / 2)); }), "a whole JPEG image"));
  CHECK(says(error_of([&] { encode_jpeg(ramp, 0); }), "a number from 1 to 100"));
}

TEST_CASE("A PNM image of impossible sizes is refused before anything of its size is allocated", "[data]") {
  CHECK(decoded("P6\n# made by hand\n1 1\n255\nabc").flatten().to_vector<int>() == std::vector<int>{97, 98, 99});
  CHECK(says(error_of([] { decoded("P6 99999999 99999999 255 "); }), "99999999 by 99999999"));
  CHECK(says(error_of([] { decoded("P6 0 1 255 "); }), "pixels, got 0 by 1"));
  CHECK(says(error_of([] { decoded("P6 1 1 65535 abcdef"); }), "255 as its most"));
}
