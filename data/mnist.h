#pragma once
#include "lazuli/data/dataset.h"

namespace lazuli::data {

/// Images [n, 28, 28] (uint8; other heights and widths are taken as they are) and labels [n] (int64, below 10) from the four IDX files of MNIST's form, plain or .gz, in `folder`.
class MNIST : public TensorDataset {
 public:
  enum class Split { Train, Test };
  /// Throws Error (File) when a file is missing (naming the folder and what is looked for), unreadable, or not of this form.
  explicit MNIST(const std::string& folder, Split split = Split::Train);
  static const std::vector<std::string>& classes();

 protected:
  MNIST(const char* name, const std::string& folder, Split split);

 private:
  MNIST(const char* name, const std::string& folder, const std::string& prefix, const Tensor& images);
};

/// Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017, https://arxiv.org/abs/1708.07747): 60,000 and 10,000 images of ten kinds of clothing.
class FashionMNIST : public MNIST {
 public:
  explicit FashionMNIST(const std::string& folder = default_folder(), Split split = Split::Train);
  /// "T-shirt/top", "Trouser", ...
  static const std::vector<std::string>& classes();
  /// Where Debian's package dataset-fashion-mnist puts the files.
  static std::string default_folder();
};

}  // namespace lazuli::data
