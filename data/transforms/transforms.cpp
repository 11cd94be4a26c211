#include "lazuli/data/transforms/transforms.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/data/transforms/checks.h"
#include "lazuli/ops/ops.h"

namespace lazuli::data::transforms {
namespace {

namespace F = functional;

double uniform(double least, double most) { return least + (most - least) * rand({}, kFloat64).item<double>(); }
int64_t below(int64_t count) { return randint(count, {}).item<int64_t>(); }
bool chance(double p) { return uniform(0, 1) < p; }

double probability(const char* op, double p) {
  if (!(p >= 0 && p <= 1)) fail(op, "p", "a probability in [0, 1]", std::to_string(p));
  return p;
}
void check_interval(const char* op, const char* argument, Interval interval, double least, double most = 1e30) {
  if (!(interval[0] >= least && interval[0] <= interval[1] && interval[1] <= most))
    fail(op, argument, "an interval of numbers of at least " + std::to_string(least),
         std::to_string(interval[0]) + " to " + std::to_string(interval[1]));
}
void check_all(const char* op, const std::vector<ImageTransform>& transforms) {
  for (const ImageTransform& t : transforms)
    if (!t) fail(op, "transforms", "functions", "none");
}

struct Box {
  int64_t height, width;
};
// A rectangle of random area and aspect that is `fits`, in ten attempts.
template <class Fits>
std::optional<Box> random_box(const Tensor& image, Interval scale, Interval ratio, Fits fits) {
  const double area = double(image.size(-1)) * double(image.size(-2));
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double part = area * uniform(scale[0], scale[1]), aspect = std::exp(uniform(std::log(ratio[0]), std::log(ratio[1])));
    if (const Box box = fits(part, aspect); box.height > 0 && box.width > 0) return box;
  }
  return {};
}
int64_t rounded(double x) { return int64_t(std::nearbyint(std::min(x, 1e15))); }

}  // namespace

Compose::Compose(std::vector<ImageTransform> transforms) : transforms_(std::move(transforms)) { check_all("Compose", transforms_); }
Tensor Compose::operator()(const Tensor& image) const {
  Tensor now = image;
  for (const ImageTransform& t : transforms_) now = t(now);
  return now;
}

RandomApply::RandomApply(std::vector<ImageTransform> transforms, double p) : transforms_(std::move(transforms)), p_(probability("RandomApply", p)) {}
Tensor RandomApply::operator()(const Tensor& image) const { return chance(p_) ? transforms_(image) : image; }

RandomChoice::RandomChoice(std::vector<ImageTransform> transforms, std::vector<double> p) : transforms_(std::move(transforms)), p_(std::move(p)) {
  check_all("RandomChoice", transforms_);
  if (transforms_.empty()) fail("RandomChoice", "transforms", "at least one", "none");
  if (p_.empty()) p_.assign(transforms_.size(), 1);
  if (p_.size() != transforms_.size()) fail("RandomChoice", "p", std::to_string(transforms_.size()) + " weights", std::to_string(p_.size()));
  for (double p : p_)
    if (!(p >= 0 && p < 1e30)) fail("RandomChoice", "p", "weights of at least 0", std::to_string(p));
  if (!(std::accumulate(p_.begin(), p_.end(), 0.0) > 0)) fail("RandomChoice", "p", "a weight above 0", "none");
}
Tensor RandomChoice::operator()(const Tensor& image) const {
  double at = uniform(0, std::accumulate(p_.begin(), p_.end(), 0.0));
  size_t chosen = 0;
  for (size_t i = 0; i < p_.size() && at >= 0; at -= p_[i++])
    if (p_[i] > 0) chosen = i;
  return transforms_[chosen](image);
}

Tensor RandomOrder::operator()(const Tensor& image) const {
  Tensor now = image;
  for (int64_t i : randperm(int64_t(transforms_.size())).to_vector<int64_t>()) now = transforms_[size_t(i)](now);
  return now;
}

Resize::Resize(const Shape& size, const Options& options) : size_(size), options_(options) { detail::height_and_width("Resize", "size", size); }
Tensor Resize::operator()(const Tensor& image) const {
  return F::resize(image, size_, options_.interpolation, options_.max_size, options_.antialias);
}

CenterCrop::CenterCrop(const Shape& size) : size_(detail::height_and_width("CenterCrop", "size", size)) {}

Pad::Pad(const Shape& padding, double fill, std::string padding_mode) : padding_(padding), fill_(fill), mode_(std::move(padding_mode)) {
  if (padding.size() != 1 && padding.size() != 2 && padding.size() != 4) fail("Pad", "padding", "one, two or four numbers", to_string(padding));
}

RandomCrop::RandomCrop(const Shape& size, const Options& options) : size_(detail::height_and_width("RandomCrop", "size", size)), options_(options) {
  take_braces(options_, &Options::padding);
}
Tensor RandomCrop::operator()(const Tensor& image) const {
  detail::check_image("RandomCrop", image);
  Tensor whole = options_.padding.empty() ? image : F::pad(image, options_.padding, options_.fill, options_.padding_mode);
  const auto lacking = [&](int64_t dim) { return std::max<int64_t>(0, size_[dim] - whole.size(dim)); };
  if (options_.pad_if_needed && lacking(-1)) whole = F::pad(whole, {lacking(-1), 0}, options_.fill, options_.padding_mode);
  if (options_.pad_if_needed && lacking(-2)) whole = F::pad(whole, {0, lacking(-2)}, options_.fill, options_.padding_mode);
  if (lacking(-1) || lacking(-2))
    fail("RandomCrop", "image", "at least " + std::to_string(size_[0]) + " by " + std::to_string(size_[1]) + " pixels",
         "sizes " + to_string(whole.sizes()));
  const int64_t top = below(whole.size(-2) - size_[0] + 1), left = below(whole.size(-1) - size_[1] + 1);
  return F::crop(whole, top, left, size_[0], size_[1]);
}

RandomResizedCrop::RandomResizedCrop(const Shape& size, const Options& options)
    : size_(detail::height_and_width("RandomResizedCrop", "size", size)), options_(options) {
  check_interval("RandomResizedCrop", "scale", options.scale, 0);
  check_interval("RandomResizedCrop", "ratio", options.ratio, 1e-6);
}
Tensor RandomResizedCrop::operator()(const Tensor& image) const {
  detail::check_image("RandomResizedCrop", image);
  const int64_t height = image.size(-2), width = image.size(-1);
  const auto box = random_box(image, options_.scale, options_.ratio, [&](double area, double aspect) {
    const Box b{rounded(std::sqrt(area / aspect)), rounded(std::sqrt(area * aspect))};
    return b.height <= height && b.width <= width ? b : Box{0, 0};
  });
  const auto resized = [&](int64_t top, int64_t left, Box b) {
    return F::resized_crop(image, top, left, b.height, b.width, size_, options_.interpolation, options_.antialias);
  };
  if (box) {
    const int64_t top = below(height - box->height + 1), left = below(width - box->width + 1);
    return resized(top, left, *box);
  }
  // None fitted: the largest of the nearest aspect, from the middle.
  const double aspect = double(width) / double(height);
  Box b{height, width};
  if (aspect < options_.ratio[0]) b.height = std::max<int64_t>(1, rounded(double(width) / options_.ratio[0]));
  else if (aspect > options_.ratio[1]) b.width = std::max<int64_t>(1, rounded(double(height) * options_.ratio[1]));
  return resized((height - b.height) / 2, (width - b.width) / 2, b);
}

RandomHorizontalFlip::RandomHorizontalFlip(double p) : p_(probability("RandomHorizontalFlip", p)) {}
Tensor RandomHorizontalFlip::operator()(const Tensor& image) const { return chance(p_) ? F::hflip(image) : image; }
RandomVerticalFlip::RandomVerticalFlip(double p) : p_(probability("RandomVerticalFlip", p)) {}
Tensor RandomVerticalFlip::operator()(const Tensor& image) const { return chance(p_) ? F::vflip(image) : image; }

RandomRotation::RandomRotation(Interval degrees, const Options& options) : degrees_(degrees), options_(options) {
  check_interval("RandomRotation", "degrees", degrees, -1e6, 1e6);
}
Tensor RandomRotation::operator()(const Tensor& image) const {
  return F::rotate(image, uniform(degrees_[0], degrees_[1]), options_.interpolation, options_.expand, options_.center, options_.fill);
}

RandomAffine::RandomAffine(Interval degrees, const Options& options) : degrees_(degrees), options_(options) {
  check_interval("RandomAffine", "degrees", degrees, -1e6, 1e6);
  for (double part : options.translate)
    if (!(part >= 0 && part <= 1)) fail("RandomAffine", "translate", "parts in [0, 1]", std::to_string(part));
  check_interval("RandomAffine", "scale", options.scale, 1e-6);
  check_interval("RandomAffine", "shear_x", options.shear_x, -90, 90);
  check_interval("RandomAffine", "shear_y", options.shear_y, -90, 90);
}
Tensor RandomAffine::operator()(const Tensor& image) const {
  detail::check_image("RandomAffine", image);
  const double angle = uniform(degrees_[0], degrees_[1]);
  std::array<double, 2> move, shear;
  for (int k = 0; k < 2; ++k) {
    const double most = options_.translate[size_t(k)] * double(image.size(k ? -2 : -1));
    move[size_t(k)] = std::nearbyint(uniform(-most, most));
  }
  const double scale = uniform(options_.scale[0], options_.scale[1]);
  shear[0] = uniform(options_.shear_x[0], options_.shear_x[1]);
  shear[1] = uniform(options_.shear_y[0], options_.shear_y[1]);
  return F::affine(image, angle, move, scale, shear, options_.interpolation, options_.fill, options_.center);
}

ColorJitter::ColorJitter(const Options& options) : options_(options) {
  const auto check = [](const char* argument, double value, double most) {
    if (!(value >= 0 && value <= most)) fail("ColorJitter", argument, "a number from 0 to " + std::to_string(most), std::to_string(value));
  };
  check("brightness", options.brightness, 1e6);
  check("contrast", options.contrast, 1e6);
  check("saturation", options.saturation, 1e6);
  check("hue", options.hue, 0.5);
}
Tensor ColorJitter::operator()(const Tensor& image) const {
  Tensor now = image;
  const auto factor = [](double amount) { return uniform(std::max(0.0, 1 - amount), 1 + amount); };
  for (int64_t which : randperm(4).to_vector<int64_t>()) {
    if (which == 0 && options_.brightness > 0) now = F::adjust_brightness(now, factor(options_.brightness));
    if (which == 1 && options_.contrast > 0) now = F::adjust_contrast(now, factor(options_.contrast));
    if (which == 2 && options_.saturation > 0) now = F::adjust_saturation(now, factor(options_.saturation));
    if (which == 3 && options_.hue > 0) now = F::adjust_hue(now, uniform(-options_.hue, options_.hue));
  }
  return now;
}

Grayscale::Grayscale(int64_t num_output_channels) : channels_(num_output_channels) {
  if (channels_ != 1 && channels_ != 3) fail("Grayscale", "num_output_channels", "1 or 3", std::to_string(channels_));
}
RandomGrayscale::RandomGrayscale(double p) : p_(probability("RandomGrayscale", p)) {}
Tensor RandomGrayscale::operator()(const Tensor& image) const {
  detail::check_image("RandomGrayscale", image, 3);
  return chance(p_) ? F::rgb_to_grayscale(image, image.size(-3)) : image;
}

Normalize::Normalize(std::vector<double> mean, std::vector<double> std) : mean_(std::move(mean)), std_(std::move(std)) {
  for (double s : std_)
    if (!(std::abs(s) > 0)) fail("Normalize", "std", "numbers other than 0", std::to_string(s));
}

RandomErasing::RandomErasing(const Options& options) : options_(options) {
  probability("RandomErasing", options.p);
  check_interval("RandomErasing", "scale", options.scale, 0, 1);
  check_interval("RandomErasing", "ratio", options.ratio, 1e-6);
  if (options.value.empty()) fail("RandomErasing", "value", "one number, or one for each channel", "none");
}
Tensor RandomErasing::operator()(const Tensor& image) const {
  no_grad guard;
  detail::check_image("RandomErasing", image, 3);
  const int64_t channels = image.size(-3), height = image.size(-2), width = image.size(-1);
  if (options_.value.size() != 1 && int64_t(options_.value.size()) != channels)
    fail("RandomErasing", "value", "one number, or one for each of " + std::to_string(channels) + " channels", std::to_string(options_.value.size()));
  if (!chance(options_.p)) return image;
  const auto box = random_box(image, options_.scale, options_.ratio, [&](double area, double aspect) {
    const Box b{rounded(std::sqrt(area * aspect)), rounded(std::sqrt(area / aspect))};
    return b.height < height && b.width < width ? b : Box{0, 0};
  });
  if (!box) return image;
  const Tensor value = options_.random ? randn({channels, box->height, box->width}) : tensor(options_.value, kFloat64).view({-1, 1, 1});
  const int64_t top = below(height - box->height + 1), left = below(width - box->width + 1);
  return F::erase(image, top, left, box->height, box->width, value.to(image.dtype()).to(image.device()));
}

data::Transform each(ImageTransform transform) {
  check_all("each", {transform});
  return [transform = std::move(transform)](Example batch, const Generator& random) {
    no_grad guard;
    GeneratorGuard own(random.split());
    std::vector<Tensor> images;
    for (int64_t i = 0; i < batch.data.size(0); ++i) images.push_back(transform(batch.data[i]));
    batch.data = images.empty() ? batch.data : stack(images);
    return batch;
  };
}

}  // namespace lazuli::data::transforms
