#pragma once
#include "lazuli/data/dataset.h"
#include "lazuli/data/image/image.h"
#include "lazuli/data/transform.h"

namespace lazuli::data {

struct ImageFolderOptions {
  ImageReadMode mode = ImageReadMode::RGB;
  /// Changes an image [channels, height, width] of bytes after it was read; random numbers that it draws are the batch's (data/dataset.h).
  std::function<Tensor(const Tensor& image)> transform = {};
  /// Of files that are images, in small letters; others are passed over.
  std::vector<std::string> extensions = {".png", ".jpg", ".jpeg", ".pgm", ".ppm"};
};

/// Images in folders, a folder a class: root/cat/1.png, root/dog/a/2.jpg. Examples are an image and its class (0-d int64), the classes being the folders' names, sorted; images of one class
/// come sorted by path. A file is read when it is asked for.
class ImageFolder : public Dataset<> {
 public:
  /// Throws Error (File) for a folder that cannot be read, has no folders in it, or one of them no image.
  explicit ImageFolder(const std::string& root, ImageFolderOptions options = {});
  int64_t size() const override { return int64_t(samples_.size()); }
  /// Throws Error (Index), and as `read_image` does.
  data::Example get(int64_t index) const override;
  const std::vector<std::string>& classes() const { return classes_; }
  /// Path and class of each image.
  const std::vector<std::pair<std::string, int64_t>>& samples() const { return samples_; }
  /// Throws Error (Index) naming the classes there are.
  int64_t class_to_idx(std::string_view name) const;

 private:
  std::vector<std::string> classes_;
  std::vector<std::pair<std::string, int64_t>> samples_;
  ImageFolderOptions options_;
};

}  // namespace lazuli::data
