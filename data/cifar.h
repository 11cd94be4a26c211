#pragma once
#include "lazuli/data/dataset.h"

/// The binary form of CIFAR (https://www.cs.toronto.edu/~kriz/cifar.html): records of one or two label bytes and 3072 bytes of an image, its red, green and blue planes of 32 by 32.
namespace lazuli::data {

/// Images [n, 3, 32, 32] (uint8) and labels [n] (int64) of CIFAR-10: data_batch_1.bin to data_batch_5.bin, or test_batch.bin, in `folder` or in its "cifar-10-batches-bin".
class CIFAR10 : public TensorDataset {
 public:
  enum class Split { Train, Test };
  /// Throws Error (File) when a file is missing, is no whole number of records, or has a label above 9.
  explicit CIFAR10(const std::string& folder, Split split = Split::Train);
  /// "airplane", "automobile", ...
  static const std::vector<std::string>& classes();
};

/// The same for CIFAR-100: train.bin or test.bin in `folder` or in its "cifar-100-binary", with the hundred fine labels or the twenty coarse ones.
class CIFAR100 : public TensorDataset {
 public:
  enum class Split { Train, Test };
  enum class Labels { Fine, Coarse };
  explicit CIFAR100(const std::string& folder, Split split = Split::Train, Labels labels = Labels::Fine);
};

}  // namespace lazuli::data
