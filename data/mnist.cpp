#include "lazuli/data/mnist.h"

#include <unistd.h>

#include "lazuli/core/error.h"
#include "lazuli/data/idx.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::data {

namespace {
Tensor read(const char* name, const std::string& folder, const std::string& file) {
  for (const char* suffix : {"", ".gz"})
    if (std::string path = folder + "/" + file + suffix; access(path.c_str(), F_OK) == 0) return read_idx(path);
  fail(ErrorKind::File, name, "folder", "a folder with " + file + " or " + file + ".gz", "'" + folder + "' without");
}
Tensor images(const char* name, const std::string& folder, const std::string& prefix) {
  Tensor t = read(name, folder, prefix + "-images-idx3-ubyte");
  if (t.dim() != 3 || t.dtype() != kUInt8 || t.numel() == 0)
    fail(ErrorKind::File, name, "folder", prefix + " images of bytes in three dimensions in '" + folder + "'",
         std::string(lazuli::name(t.dtype())) + " of sizes " + to_string(t.sizes()));
  return t;
}
Tensor labels(const char* name, const std::string& folder, const std::string& prefix, int64_t count) {
  Tensor t = read(name, folder, prefix + "-labels-idx1-ubyte");
  if (t.dim() != 1 || t.dtype() != kUInt8 || t.size(0) != count)
    fail(ErrorKind::File, name, "folder", std::to_string(count) + ' ' + prefix + " labels of bytes in '" + folder + "', one for each image",
         std::string(lazuli::name(t.dtype())) + " of sizes " + to_string(t.sizes()));
  for (uint8_t label : t.to_vector<uint8_t>())
    if (label > 9) fail(ErrorKind::File, name, "folder", prefix + " labels below 10 in '" + folder + "'", std::to_string(label));
  return to(t, kInt64);
}
std::string prefix(MNIST::Split split) { return split == MNIST::Split::Train ? "train" : "t10k"; }
}  // namespace

MNIST::MNIST(const char* name, const std::string& folder, Split split) : MNIST(name, folder, prefix(split), images(name, folder, prefix(split))) {}
MNIST::MNIST(const char* name, const std::string& folder, const std::string& prefix, const Tensor& images)
    : TensorDataset(images, labels(name, folder, prefix, images.size(0))) {}

MNIST::MNIST(const std::string& folder, Split split) : MNIST("MNIST", folder, split) {}
FashionMNIST::FashionMNIST(const std::string& folder, Split split) : MNIST("FashionMNIST", folder, split) {}
std::string FashionMNIST::default_folder() { return "/usr/share/datasets/fashion-mnist"; }

const std::vector<std::string>& MNIST::classes() {
  static const auto* names = new std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  return *names;
}
const std::vector<std::string>& FashionMNIST::classes() {
  static const auto* names =
      new std::vector<std::string>{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
  return *names;
}

}  // namespace lazuli::data
