#include "lazuli/data/dataset.h"

#include <unistd.h>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/io/idx.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"

namespace lazuli::data {

Example Dataset::get_batch(const Tensor& indices) const {
  no_grad guard;
  std::vector<Tensor> data, target;
  for (int64_t i : indices.to_vector<int64_t>()) {
    Example e = get(i);
    data.push_back(e.data);
    if (e.target.defined()) target.push_back(e.target);
    if (!target.empty() && target.size() != data.size())
      fail("Dataset", "target", "a target for each example of a batch or for none", "one without at index " + std::to_string(i));
  }
  return {stack(data), target.empty() ? Tensor() : stack(target)};
}

TensorDataset::TensorDataset(Tensor data, Tensor target) : data_(std::move(data)), target_(std::move(target)) {
  if (data_.dim() == 0) fail("TensorDataset", "data", "a tensor with a first dimension", "a 0-d tensor");
  if (target_.defined() && (target_.dim() == 0 || target_.size(0) != data_.size(0)))
    fail("TensorDataset", "target", std::to_string(data_.size(0)) + " rows, as many as data", to_string(target_.sizes()));
}

int64_t TensorDataset::size() const { return data_.size(0); }
Example TensorDataset::get(int64_t index) const { return {data_[index], target_.defined() ? target_[index] : Tensor()}; }
Example TensorDataset::get_batch(const Tensor& indices) const {
  no_grad guard;
  auto rows = [&](const Tensor& t) { return index_select(t, 0, t.device() == indices.device() ? indices : indices.to(t.device())); };
  return {rows(data_), target_.defined() ? rows(target_) : Tensor()};
}

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
