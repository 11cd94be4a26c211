#pragma once
#include <functional>

#include "lazuli/core/in_braces.h"
#include "lazuli/data/transform.h"
#include "lazuli/data/transforms/functional.h"
#include "lazuli/data/transforms/mix.h"

/// Transforms of an image [.., channels, height, width], with torchvision's names and defaults. Each is a value that is called with an image. Random ones draw from the default generator; in a
/// dataset that a loader reads, that is the batch's own stream, the same for any number of workers. A batch of images is changed alike; `each` draws for every image of a batch anew.
///
///   using namespace data::transforms;
///   data::ImageFolder set("train", {.transform = Compose{RandomResizedCrop(224), RandomHorizontalFlip(), ConvertImageDtype(), Normalize({0.485, 0.456, 0.406}, {0.229, 0.224, 0.225})}});
///
/// Options out of range are an Error when the transform is made; errors of an image are those of the functions (functional.h).
namespace lazuli::data::transforms {

using ImageTransform = std::function<Tensor(const Tensor& image)>;
/// The least and the most of a number that is drawn evenly.
using Interval = std::array<double, 2>;

/// One after the other.
class Compose {
 public:
  Compose(std::initializer_list<ImageTransform> transforms) : Compose(std::vector<ImageTransform>(transforms)) {}
  explicit Compose(std::vector<ImageTransform> transforms);
  Tensor operator()(const Tensor& image) const;

 private:
  std::vector<ImageTransform> transforms_;
};
/// All of them with probability p, or none.
class RandomApply {
 public:
  explicit RandomApply(std::vector<ImageTransform> transforms, double p = 0.5);
  Tensor operator()(const Tensor& image) const;

 private:
  Compose transforms_;
  double p_;
};
/// One of them, chosen with the given weights, or evenly.
class RandomChoice {
 public:
  explicit RandomChoice(std::vector<ImageTransform> transforms, std::vector<double> p = {});
  Tensor operator()(const Tensor& image) const;

 private:
  std::vector<ImageTransform> transforms_;
  std::vector<double> p_;
};
/// All of them, in random order.
class RandomOrder {
 public:
  explicit RandomOrder(std::vector<ImageTransform> transforms) : transforms_(std::move(transforms)) {}
  Tensor operator()(const Tensor& image) const;

 private:
  std::vector<ImageTransform> transforms_;
};

struct Resize {
  struct Options {
    InterpolationMode interpolation = InterpolationMode::Bilinear;
    std::optional<int64_t> max_size = {};
    bool antialias = true;
  };
  explicit Resize(const Shape& size, const Options& options);
  explicit Resize(const Shape& size) : Resize(size, Options()) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Shape size_;
  Options options_;
};
struct CenterCrop {
  explicit CenterCrop(const Shape& size);
  Tensor operator()(const Tensor& image) const { return functional::center_crop(image, size_); }

 private:
  Shape size_;
};
struct Pad {
  explicit Pad(const Shape& padding, double fill = 0, std::string padding_mode = "constant");
  Tensor operator()(const Tensor& image) const { return functional::pad(image, padding_, fill_, mode_); }

 private:
  Shape padding_;
  double fill_;
  std::string mode_;
};

/// A part of the given size from anywhere, after padding. Throws Error for an image that is too small, unless pad_if_needed.
struct RandomCrop {
  struct Options {
    int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
    Shape padding = {};
    bool pad_if_needed = false;
    double fill = 0;
    std::string padding_mode = "constant";
  };
  explicit RandomCrop(const Shape& size, const Options& options);
  explicit RandomCrop(const Shape& size) : RandomCrop(size, Options()) {}
  template <size_t N>
  explicit RandomCrop(const int64_t (&size)[N]) : RandomCrop(Shape(size)) {}
  /// `RandomCrop(32, 4)` pads by so much, as `RandomCrop({32, 32}, {4, 4})` does.
  RandomCrop(const Shape& size, SizeNumber auto padding) : RandomCrop(size, Options{.padding = padding}) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Shape size_;
  Options options_;
};
/// A part of an area between `scale` times the image's and of an aspect between `ratio` (even in its logarithm), resized.
struct RandomResizedCrop {
  struct Options {
    Interval scale = {0.08, 1.0}, ratio = {3.0 / 4.0, 4.0 / 3.0};
    InterpolationMode interpolation = InterpolationMode::Bilinear;
    bool antialias = true;
  };
  explicit RandomResizedCrop(const Shape& size, const Options& options);
  explicit RandomResizedCrop(const Shape& size) : RandomResizedCrop(size, Options()) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Shape size_;
  Options options_;
};
struct RandomHorizontalFlip {
  explicit RandomHorizontalFlip(double p = 0.5);
  Tensor operator()(const Tensor& image) const;

 private:
  double p_;
};
struct RandomVerticalFlip {
  explicit RandomVerticalFlip(double p = 0.5);
  Tensor operator()(const Tensor& image) const;

 private:
  double p_;
};

/// By an angle from -degrees to degrees, or within an interval.
struct RandomRotation {
  struct Options {
    InterpolationMode interpolation = InterpolationMode::Nearest;
    bool expand = false;
    std::optional<std::array<double, 2>> center = {};
    double fill = 0;
  };
  RandomRotation(Interval degrees, const Options& options);
  explicit RandomRotation(Interval degrees) : RandomRotation(degrees, Options()) {}
  explicit RandomRotation(double degrees) : RandomRotation(degrees, Options()) {}
  RandomRotation(double degrees, const Options& options) : RandomRotation(Interval{-degrees, degrees}, options) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Interval degrees_;
  Options options_;
};
struct RandomAffine {
  struct Options {
    /// At most these parts of width and height.
    std::array<double, 2> translate = {0, 0};
    Interval scale = {1, 1};
    /// In degrees, along x and along y.
    Interval shear_x = {0, 0}, shear_y = {0, 0};
    InterpolationMode interpolation = InterpolationMode::Nearest;
    double fill = 0;
    std::optional<std::array<double, 2>> center = {};
  };
  RandomAffine(Interval degrees, const Options& options);
  explicit RandomAffine(Interval degrees) : RandomAffine(degrees, Options()) {}
  explicit RandomAffine(double degrees) : RandomAffine(degrees, Options()) {}
  RandomAffine(double degrees, const Options& options) : RandomAffine(Interval{-degrees, degrees}, options) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Interval degrees_;
  Options options_;
};

struct ColorJitter {
  /// A number b stands for factors from max(0, 1 - b) to 1 + b; of hue, for turns from -b to b.
  struct Options {
    double brightness = 0, contrast = 0, saturation = 0, hue = 0;
  };
  explicit ColorJitter(const Options& options);
  explicit ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
      : ColorJitter(Options{brightness, contrast, saturation, hue}) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Options options_;
};
struct Grayscale {
  explicit Grayscale(int64_t num_output_channels = 1);
  Tensor operator()(const Tensor& image) const { return functional::rgb_to_grayscale(image, channels_); }

 private:
  int64_t channels_;
};
/// In gray with probability p, with as many channels.
struct RandomGrayscale {
  explicit RandomGrayscale(double p = 0.1);
  Tensor operator()(const Tensor& image) const;

 private:
  double p_;
};

struct Normalize {
  Normalize(std::vector<double> mean, std::vector<double> std);
  Tensor operator()(const Tensor& image) const { return functional::normalize(image, mean_, std_); }

 private:
  std::vector<double> mean_, std_;
};
struct ConvertImageDtype {
  explicit ConvertImageDtype(DType dtype = kFloat32) : dtype_(dtype) {}
  Tensor operator()(const Tensor& image) const { return functional::convert_image_dtype(image, dtype_); }

 private:
  DType dtype_;
};

/// A rectangle of an area between `scale` times the image's and of an aspect between `ratio` set to `value`, or to normal random numbers.
struct RandomErasing {
  struct Options {
    double p = 0.5;
    Interval scale = {0.02, 0.33}, ratio = {0.3, 3.3};
    /// One number, or one for each channel.
    std::vector<double> value = {0};
    bool random = false;
  };
  explicit RandomErasing(const Options& options);
  RandomErasing() : RandomErasing(Options()) {}
  Tensor operator()(const Tensor& image) const;

 private:
  Options options_;
};

/// For a loader's `.transform`: each image of a batch by itself, with random numbers of its own.
data::Transform each(ImageTransform transform);

}  // namespace lazuli::data::transforms
