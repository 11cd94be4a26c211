#include "lazuli/data/cifar.h"

#include <unistd.h>

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"

namespace lazuli::data {
namespace {

constexpr int64_t kImage = 3 * 32 * 32;

struct Form {
  const char* name;
  const char* folder;          // that the archive unpacks to
  int64_t label_bytes, label;  // of a record, and which of them counts
  int classes;
};

std::string path_of(const Form& form, const std::string& folder, const std::string& file) {
  for (const std::string& path : {folder + "/" + file, folder + "/" + form.folder + "/" + file})
    if (access(path.c_str(), F_OK) == 0) return path;
  fail(ErrorKind::File, form.name, "folder", "a folder with " + file, "'" + folder + "' without");
}

Example read(const Form& form, const std::string& folder, const std::vector<std::string>& names) {
  const int64_t record = form.label_bytes + kImage;
  std::vector<files::File> parts;
  int64_t count = 0;
  for (const std::string& file : names) {
    const std::string path = path_of(form, folder, file);
    parts.emplace_back(form.name, path);
    const int64_t size = int64_t(parts.back().size());
    if (size == 0 || size % record)
      fail(ErrorKind::File, form.name, "folder", "records of " + std::to_string(record) + " bytes in '" + path + "'",
           std::to_string(size) + " bytes");
    count += size / record;
  }
  Example all{new_tensor({count, 3, 32, 32}, kUInt8), new_tensor({count}, kInt64)};
  char* image = static_cast<char*>(all.data.address());
  auto* label = static_cast<int64_t*>(all.target.address());
  for (const files::File& part : parts) {
    const files::FileBytes records = files::read_bytes(part, 0, part.size());
    for (const char* at = records.data; at < records.data + records.size; at += record, image += kImage) {
      *label = uint8_t(at[form.label]);
      if (*label >= form.classes)
        fail(ErrorKind::File, form.name, "folder", "labels below " + std::to_string(form.classes) + " in '" + folder + "'", std::to_string(*label));
      ++label;
      std::memcpy(image, at + form.label_bytes, size_t(kImage));
    }
  }
  return all;
}

struct Loaded : Example {
  Loaded(Example e) : Example(std::move(e)) {}
  operator TensorDataset() && { return TensorDataset(std::move(data), std::move(target)); }
};

Loaded cifar10(const std::string& folder, bool train) {
  std::vector<std::string> names{"test_batch.bin"};
  if (train) names = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"};
  return read({"CIFAR10", "cifar-10-batches-bin", 1, 0, 10}, folder, names);
}
Loaded cifar100(const std::string& folder, bool train, bool fine) {
  return read({"CIFAR100", "cifar-100-binary", 2, fine ? 1 : 0, fine ? 100 : 20}, folder, {train ? "train.bin" : "test.bin"});
}

}  // namespace

CIFAR10::CIFAR10(const std::string& folder, Split split) : TensorDataset(cifar10(folder, split == Split::Train)) {}
CIFAR100::CIFAR100(const std::string& folder, Split split, Labels labels)
    : TensorDataset(cifar100(folder, split == Split::Train, labels == Labels::Fine)) {}

const std::vector<std::string>& CIFAR10::classes() {
  static const auto* names = new std::vector<std::string>{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
  return *names;
}

}  // namespace lazuli::data
