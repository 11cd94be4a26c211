#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli::data {

/// One example, or a batch of them with the batch as first dimension: what goes in and what should come out (undefined where there is none).
struct Example {
  Tensor data, target;
};

/// Examples by number. Loaders call it from several threads at once.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual Example get(int64_t index) const = 0;
  /// The examples at the given positions (int64, 1-d), stacked. The general form calls `get` for each.
  virtual Example get_batch(const Tensor& indices) const;
  /// Where get_batch wants its indices; a loader moves those of an epoch there at once, so that no batch waits for a device.
  virtual Device index_device() const { return kCPU; }
};

/// The rows of tensors that agree in their first dimension.
class TensorDataset : public Dataset {
 public:
  /// Throws Error when the first sizes differ.
  explicit TensorDataset(Tensor data, Tensor target = {});
  int64_t size() const override;
  Example get(int64_t index) const override;
  Example get_batch(const Tensor& indices) const override;
  Device index_device() const override { return data_.device(); }
  const Tensor& data() const { return data_; }
  const Tensor& target() const { return target_; }

 private:
  Tensor data_, target_;
};

/// Images [n, 28, 28] (uint8; other heights and widths are taken as they are) and labels [n] (int64, below 10) from the four IDX files of MNIST's form, plain or .gz, in `folder`.
class MNIST : public TensorDataset {
 public:
  enum class Split { Train, Test };
  /// Throws Error (File) when a file is missing (naming the folder and what is looked for), unreadable, or not of this form.
  explicit MNIST(const std::string& folder, Split split = Split::Train) : MNIST("MNIST", folder, split) {}
  static const std::vector<std::string>& classes();

 protected:
  MNIST(const char* name, const std::string& folder, Split split);

 private:
  MNIST(const char* name, const std::string& folder, const std::string& prefix, const Tensor& images);
};

/// Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017, https://arxiv.org/abs/1708.07747): 60,000 and 10,000 images of ten kinds of clothing.
class FashionMNIST : public MNIST {
 public:
  explicit FashionMNIST(const std::string& folder = default_folder(), Split split = Split::Train) : MNIST("FashionMNIST", folder, split) {}
  /// "T-shirt/top", "Trouser", ...
  static const std::vector<std::string>& classes();
  /// Where Debian's package dataset-fashion-mnist puts the files.
  static std::string default_folder() { return "/usr/share/datasets/fashion-mnist"; }
};

}  // namespace lazuli::data
