#include "lazuli/data/transforms/transforms.h"

#include <cmath>

#include "lazuli/core/random/generator_guard.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using namespace lazuli::data::transforms;
namespace F = lazuli::data::transforms::functional;

namespace {

using Mode = InterpolationMode;
using Pair = std::array<double, 2>;

Tensor bytes() {
  const Tensor i = arange(3 * 9 * 13);
  return ((i * i * 7 + i * 29) % 256).to(kUInt8).view({3, 9, 13});
}
Tensor floats() { return bytes().to(kFloat32) / 255; }
// One number that a wrong or moved pixel changes.
double checksum(const Tensor& t) {
  const Tensor v = t.to(kFloat64).flatten();
  return (v * (arange(v.numel()) % 17 + 1).to(kFloat64)).sum().item<double>();
}

struct Case {
  const char* name;
  Tensor (*run)(const Tensor& image);
  Shape sizes;
  double of_bytes, of_floats;  // the checksums of torchvision 0.29's outputs
};

}  // namespace

TEST_CASE("Images are cut, moved, resized and coloured as torchvision does it", "[data]") {
  const Case cases[] = {
      {"center_crop even",
       [](const Tensor& x) {
         return F::center_crop(x, {4, 6});
       },
       {3, 4, 6},
       82158,
       322.1882},
      {"center_crop large",
       [](const Tensor& x) {
         return F::center_crop(x, {12, 14});
       },
       {3, 12, 14},
       417534,
       1637.388},
      {"crop over", [](const Tensor& x) { return F::crop(x, -2, 3, 6, 20); }, {3, 6, 20}, 144322, 565.9686},
      {"pad constant",
       [](const Tensor& x) {
         return F::pad(x, {1, 2, 3, 4}, x.is_floating_point() ? 0.5 : 9);
       },
       {3, 15, 17},
       399155,
       3459.92},
      {"pad edge",
       [](const Tensor& x) {
         return F::pad(x, {1, 2, 3, 4}, 0, "edge");
       },
       {3, 15, 17},
       878260,
       3444.157},
      {"pad reflect",
       [](const Tensor& x) {
         return F::pad(x, {1, 2, 3, 4}, 0, "reflect");
       },
       {3, 15, 17},
       868550,
       3406.079},
      {"pad symmetric",
       [](const Tensor& x) {
         return F::pad(x, {1, 2, 3, 4}, 0, "symmetric");
       },
       {3, 15, 17},
       870468,
       3413.6},
      {"resize 5", [](const Tensor& x) { return F::resize(x, 5); }, {3, 5, 7}, 121181, 475.1695},
      {"resize 20 30",
       [](const Tensor& x) {
         return F::resize(x, {20, 30});
       },
       {3, 20, 30},
       2078674,
       8151.084},
      {"resize cubic",
       [](const Tensor& x) {
         return F::resize(x, {6, 7}, Mode::Bicubic);
       },
       {3, 6, 7},
       140618,
       551.318},
      {"resize nearest",
       [](const Tensor& x) {
         return F::resize(x, {6, 7}, Mode::Nearest);
       },
       {3, 6, 7},
       140248,
       549.9922},
      {"resize exact",
       [](const Tensor& x) {
         return F::resize(x, {6, 7}, Mode::NearestExact);
       },
       {3, 6, 7},
       138466,
       543.0039},
      {"resize max", [](const Tensor& x) { return F::resize(x, 7, Mode::Bilinear, 9); }, {3, 6, 9}, 181769, 712.8817},
      {"resize hard", [](const Tensor& x) { return F::resize(x, 5, Mode::Bilinear, {}, false); }, {3, 5, 7}, 122697, 481.2684},
      {"rotate 30", [](const Tensor& x) { return F::rotate(x, 30); }, {3, 9, 13}, 333962, 1309.655},
      {"rotate -50 expand", [](const Tensor& x) { return F::rotate(x, -50, Mode::Bilinear, true); }, {3, 17, 17}, 410485, 1609.655},
      {"rotate fill",
       [](const Tensor& x) {
         return F::rotate(x, 77, Mode::Bilinear, false, Pair{2, 3}, x.is_floating_point() ? 0.4 : 100);
       },
       {3, 9, 13},
       334697,
       1328.052},
      {"rotate 90 expand", [](const Tensor& x) { return F::rotate(x, 90, Mode::Nearest, true, {}, 1); }, {3, 13, 9}, 396632, 1555.42},
      {"affine",
       [](const Tensor& x) {
         return F::affine(x, 20, {2, -1}, 1.3, {10, 5});
       },
       {3, 9, 13},
       389994,
       1529.388},
      {"affine smooth",
       [](const Tensor& x) {
         return F::affine(x, -35, {-2, 1}, 0.7, {0, 15}, Mode::Bilinear, x.is_floating_point() ? 0.25 : 3);
       },
       {3, 9, 13},
       163732,
       1063.708},
      {"brightness", [](const Tensor& x) { return F::adjust_brightness(x, 1.4); }, {3, 9, 13}, 513292, 2016.459},
      {"contrast", [](const Tensor& x) { return F::adjust_contrast(x, 0.6); }, {3, 9, 13}, 393764, 1552.214},
      {"contrast up", [](const Tensor& x) { return F::adjust_contrast(x, 1.7); }, {3, 9, 13}, 404072, 1585.62},
      {"saturation", [](const Tensor& x) { return F::adjust_saturation(x, 0.3); }, {3, 9, 13}, 388438, 1533.72},
      {"saturation up", [](const Tensor& x) { return F::adjust_saturation(x, 2.5); }, {3, 9, 13}, 406283, 1589.907},
      {"hue", [](const Tensor& x) { return F::adjust_hue(x, 0.2); }, {3, 9, 13}, 400007, 1568.673},
      {"hue back", [](const Tensor& x) { return F::adjust_hue(x, -0.4); }, {3, 9, 13}, 394589, 1547.468},
      {"gray", [](const Tensor& x) { return F::rgb_to_grayscale(x); }, {1, 9, 13}, 127129, 500.6767},
      {"invert", [](const Tensor& x) { return F::invert(x); }, {3, 9, 13}, 397116, 1557.318},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const Tensor of_bytes = c.run(bytes()), of_floats = c.run(floats());
    CHECK(of_bytes.sizes() == c.sizes);
    CHECK(of_floats.sizes() == c.sizes);
    CHECK(of_bytes.dtype() == kUInt8);
    CHECK(std::abs(checksum(of_bytes) - c.of_bytes) <= 34);  // two pixels by one
    CHECK(std::abs(checksum(of_floats) - c.of_floats) <= 2e-6 * c.of_floats);
    const Tensor batch = c.run(stack({floats(), floats().flip(0)}));
    CHECK(allclose(batch[0], of_floats, 1e-5, 1e-6));
  }
  CHECK(std::abs(checksum(F::normalize(floats(), {.5, .4, .3}, {.2, .3, .4})) - 857.4412) < 0.01);
  CHECK(checksum(F::convert_image_dtype(floats() * 0.999, kUInt8)) == 400014);
  CHECK(checksum(F::convert_image_dtype(bytes(), kInt16)) == Approx(51201790).epsilon(1e-6));
  CHECK(equal(F::convert_image_dtype(bytes()), floats()));
  CHECK(equal(F::convert_image_dtype(floats(), kUInt8), bytes()));
}

TEST_CASE("Nothing that a transform does reaches the image it was given", "[data]") {
  const Tensor image = floats(), before = image.clone();
  F::adjust_hue(image, 0.3);
  F::adjust_brightness(image, 2);
  F::erase(image, 0, 0, 3, 3, zeros({}));
  RandomErasing({.p = 1})(image);
  CHECK(equal(image, before));
  const Tensor wide = image.to(kFloat64), kept = wide.clone();
  F::adjust_hue(wide, 0.3);
  CHECK(equal(wide, kept));
}

TEST_CASE("Wrong images and options of transforms are errors that name them", "[data]") {
  CHECK(says(error_of([] { F::resize(ones({3}), 2); }), "resize: argument 'image': expected an image [.., height, width], got sizes [3]"));
  CHECK(says(error_of([] { F::adjust_hue(ones({2, 4, 4}), 0.1); }), "1 or 3 channels"));
  CHECK(says(error_of([] { F::adjust_hue(ones({3, 4, 4}), 0.7); }), "a number in [-0.5, 0.5]"));
  CHECK(says(error_of([] { F::normalize(bytes(), {0.5}, {0.5}); }), "convert_image_dtype makes it"));
  CHECK(says(error_of([] { F::pad(ones({3, 4, 4}), 4, 0, "reflect"); }), "from 0 to 3 at an edge of 4"));
  CHECK(says(error_of([] { F::pad(ones({3, 4, 4}), 1, 0, "mirror"); }), "constant, edge, reflect or symmetric, got 'mirror'"));
  CHECK(says(error_of([] { RandomCrop(6)(ones({3, 4, 8})); }), "at least 6 by 6 pixels"));
  CHECK(says(error_of([] { RandomCrop(0); }), "sizes of at least 1"));
  CHECK(says(error_of([] { RandomHorizontalFlip(1.5); }), "a probability in [0, 1], got 1.5"));
  CHECK(says(error_of([] { ColorJitter(0, 0, 0, 0.6); }), "'hue'"));
  CHECK(says(error_of([] { RandomResizedCrop(4, {.scale = {0.5, 0.2}}); }), "'scale'"));
  CHECK(says(error_of([] { RandomErasing({.p = 1, .value = {1, 2}})(ones({3, 4, 4})); }), "'value'"));
  CHECK(says(error_of([] { MixUp(10)({ones({2, 3, 4, 4}), tensor({1})}); }), "a label for each of 2 images"));
  CHECK(says(error_of([] { MixUp()({ones({2, 3, 4, 4}), tensor({1, 0})}); }), "'num_classes'"));
}

TEST_CASE("Random transforms keep within their options and depend on the generator alone", "[data]") {
  const Tensor image = bytes();
  const ImageTransform all[] = {RandomCrop({5, 6}, {.padding = 2}),
                                RandomResizedCrop({5, 6}),
                                RandomHorizontalFlip(),
                                RandomVerticalFlip(),
                                RandomRotation(30),
                                RandomAffine(20, {.translate = {0.2, 0.1}, .scale = {0.8, 1.2}, .shear_x = {-5, 5}}),
                                ColorJitter(0.4, 0.4, 0.4, 0.1),
                                RandomGrayscale(0.5),
                                RandomErasing({.p = 0.9}),
                                RandomApply({Grayscale(3)}, 0.5),
                                RandomChoice({CenterCrop({5, 6}), Resize({5, 6})}),
                                RandomOrder({RandomHorizontalFlip(1), ColorJitter(0.5)})};
  for (const ImageTransform& transform : all) {
    const auto run = [&](uint64_t seed) {
      GeneratorGuard guard((Generator(seed)));
      std::vector<Tensor> made;
      for (int k = 0; k < 12; ++k) made.push_back(transform(image));
      return stack(made);
    };
    CHECK(equal(run(1), run(1)));
    CHECK(!equal(run(1), run(2)));
    CHECK(run(1).dtype() == kUInt8);
  }
  GeneratorGuard guard(Generator(9));
  const RandomCrop crop({5, 6});
  std::vector<bool> top(5), left(8);
  for (int k = 0; k < 200; ++k) {
    const int64_t code = crop(arange(9 * 13).view({1, 9, 13}))[0][0][0].item<int64_t>();
    top.at(size_t(code / 13)) = left.at(size_t(code % 13)) = true;
  }
  CHECK(std::count(top.begin(), top.end(), true) == 5);
  CHECK(std::count(left.begin(), left.end(), true) == 8);
  CHECK(RandomCrop({20, 20}, {.pad_if_needed = true})(image).sizes() == Shape{3, 20, 20});
  int flipped = 0;
  for (int k = 0; k < 200; ++k) flipped += !equal(RandomHorizontalFlip(0.25)(image), image);
  CHECK(flipped > 25);
  CHECK(flipped < 80);
  CHECK(equal(RandomHorizontalFlip(1)(image), image.flip(-1)));
  const Tensor erased = RandomErasing({.p = 1, .scale = {0.1, 0.1}, .value = {-1, -2, -3}})(ones({3, 40, 40}));
  CHECK(std::abs((erased[2] == -3).sum().item<int>() - 160) < 40);
  CHECK((erased[0] == -1).sum().item<int>() == (erased[2] == -3).sum().item<int>());
  CHECK(Compose{Resize(8), CenterCrop(6), ConvertImageDtype(), Normalize({0.5}, {0.5})}(image).sizes() == Shape{3, 6, 6});
}

TEST_CASE("Batches are mixed with themselves, and so are their labels", "[data]") {
  const Tensor images = (arange(4).view({4, 1, 1, 1}).to(kFloat32)).expand({4, 3, 8, 10}).contiguous(), labels = tensor({0, 1, 2, 0});
  double sum = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const data::Example mixed = MixUp(3)({images, labels}, Generator(seed));
    REQUIRE(mixed.target.sizes() == Shape{4, 3});
    const double share = mixed.target[1][1].item<double>();  // the second: 1 and, before it, 0
    CHECK(mixed.target[1][0].item<double>() == Approx(1 - share).margin(1e-6));
    CHECK(mixed.data[1][0][0][0].item<double>() == Approx(share).margin(1e-6));
    CHECK(mixed.data[0][0][0][0].item<double>() == Approx(3 * (1 - share)).margin(1e-5));
    sum += share;
    const data::Example cut = CutMix(3)({images, labels}, Generator(seed));
    const double own = (cut.data[2][0] == 2).to(kFloat64).mean().item<double>();
    CHECK(cut.target[2][2].item<double>() == Approx(own).margin(1e-6));
    CHECK(((cut.data[2] == 2) | (cut.data[2] == 1)).all().item<bool>());
  }
  CHECK(sum / 200 == Approx(0.5).margin(0.07));
}

TEST_CASE("Augmentation in a loader is the same for any number of workers", "[data]") {
  struct Images : data::Dataset<> {
    int64_t size() const override { return 16; }
    data::Example get(int64_t i) const override { return {augment(bytes()), tensor(i)}; }
    Compose augment{RandomResizedCrop(8), RandomHorizontalFlip(), ColorJitter(0.2, 0.2, 0.2, 0.05), ConvertImageDtype()};
  };
  const auto run = [](int workers, bool in_batches) {
    std::vector<float> all;
    data::DataLoaderOptions<> options{.batch_size = 4, .seed = 3, .workers = workers};
    if (in_batches) options.transform = data::compose(each(RandomErasing({.p = 0.8})), data::Transform(CutMix(16)));
    for (auto& [x, y] : data::DataLoader(Images(), options))
      for (float v : x.to_vector<float>()) all.push_back(v);
    return all;
  };
  for (bool in_batches : {false, true}) {
    CHECK(run(0, in_batches) == run(3, in_batches));
    CHECK(run(0, in_batches).size() == 16 * 3 * 64);
  }
}
