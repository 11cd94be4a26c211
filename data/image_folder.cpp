#include "lazuli/data/image_folder.h"

#include <algorithm>
#include <filesystem>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::data {
namespace {

namespace fs = std::filesystem;

bool is_image(const fs::path& path, const std::vector<std::string>& extensions) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace

ImageFolder::ImageFolder(const std::string& root, ImageFolderOptions options) : options_(std::move(options)) {
  const auto fail_folder = [](const std::string& expected, const std::string& got) { fail(ErrorKind::File, "ImageFolder", "root", expected, got); };
  try {
    for (const auto& entry : fs::directory_iterator(root))
      if (entry.is_directory()) classes_.push_back(entry.path().filename().string());
    if (classes_.empty()) fail_folder("a folder with a folder for each class", "'" + root + "' without");
    std::sort(classes_.begin(), classes_.end());
    for (size_t c = 0; c < classes_.size(); ++c) {
      std::vector<std::string> paths;
      for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / classes_[c]))
        if (entry.is_regular_file() && is_image(entry.path(), options_.extensions)) paths.push_back(entry.path().string());
      if (paths.empty()) fail_folder("images in '" + root + "/" + classes_[c] + "'", "none");
      std::sort(paths.begin(), paths.end());
      for (std::string& path : paths) samples_.emplace_back(std::move(path), int64_t(c));
    }
  } catch (const fs::filesystem_error& error) { fail_folder("to read '" + root + "'", error.code().message()); }
}

data::Example ImageFolder::get(int64_t index) const {
  if (index < 0 || index >= size())
    fail(ErrorKind::Index, "ImageFolder.get", "index", "an image in [0, " + std::to_string(size()) + ")", std::to_string(index));
  const auto& [path, label] = samples_[size_t(index)];
  Tensor image = read_image(path, options_.mode);
  if (options_.transform) {
    try {
      image = options_.transform(image);
    } catch (Error& error) {
      error.add_context("in the transform of '" + path + "'");
      throw;
    }
  }
  return {image, number_tensor(label, kInt64)};
}

int64_t ImageFolder::class_to_idx(std::string_view name) const {
  std::string known;
  for (size_t c = 0; c < classes_.size(); ++c) {
    if (classes_[c] == name) return int64_t(c);
    if (known.size() < 500) known += (known.empty() ? "" : ", ") + classes_[c];
  }
  fail(ErrorKind::Index, "ImageFolder.class_to_idx", "name", "one of the classes " + known, "'" + std::string(name) + "'");
}

}  // namespace lazuli::data
