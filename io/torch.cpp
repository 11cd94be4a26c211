#include "lazuli/io/torch.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/io/unpickler.h"
#include "lazuli/io/zip.h"

// The archive: FOLDER/data.pkl, a pickle whose tensors name their storages; FOLDER/data/NAME, the bytes of each storage; FOLDER/byteorder and FOLDER/version.
namespace lazuli {

TorchObject load_torch(const std::string& path) {
  no_grad guard;
  const files::ZipReader zip("load_torch", path);
  const auto corrupt = [&](const std::string& expected, const std::string& got) {
    fail(ErrorKind::File, "load_torch", "path", expected + " in '" + path + "'", got);
  };
  // Checksums are not looked at: PyTorch can be told to write none.
  std::unordered_map<std::string_view, const files::ZipReader::Entry*> by_name;
  std::string folder;
  const files::ZipReader::Entry* pickle = nullptr;
  constexpr std::string_view kPickle = "/data.pkl";
  for (const auto& entry : zip.entries()) {
    by_name[entry.name] = &entry;
    if (!entry.name.ends_with(kPickle) || entry.name.find('/') != entry.name.size() - kPickle.size()) continue;
    if (pickle) corrupt("one data.pkl", "several");
    pickle = &entry;
    folder = entry.name.substr(0, entry.name.size() - kPickle.size() + 1);
  }
  if (!pickle) corrupt("the data.pkl of a PyTorch archive", by_name.empty() ? "no entries" : "other entries");
  if (const auto order = by_name.find(folder + "byteorder"); order != by_name.end()) {
    const auto bytes = zip.read(*order->second, false);
    if (std::string_view(bytes.data, bytes.size) != "little")
      corrupt("little-endian numbers", std::string(bytes.data, std::min<size_t>(bytes.size, 20)));
  }
  std::unordered_map<std::string, Tensor> storages;  // by name: tensors that share one share it here
  const auto storage = [&](const std::string& key, DType dtype, int64_t count) -> Tensor {
    if (const auto there = storages.find(key); there != storages.end()) {
      if (there->second.dtype() != dtype || there->second.numel() != count) corrupt("one dtype and size of storage '" + key + "'", "two");
      return there->second;
    }
    const auto entry = by_name.find(folder + "data/" + key);
    if (entry == by_name.end()) corrupt("the storage '" + key.substr(0, 200) + "'", "none of that name");
    int64_t bytes = 0;
    if (__builtin_mul_overflow(count, int64_t(item_size(dtype)), &bytes) || uint64_t(bytes) > entry->second->size)
      corrupt(std::to_string(count) + " elements of storage '" + key + "'", std::to_string(entry->second->size) + " bytes");
    const auto read = zip.read(*entry->second, false);
    if (dtype == kBool && std::any_of(read.data, read.data + bytes, [](char c) { return c & ~1; }))
      corrupt("only 0 and 1 in storage '" + key + "'", "other bytes");
    Tensor made = bytes ? from_blob(read.data, {count}, dtype, read.owner) : new_tensor({count}, dtype);
    storages.emplace(key, made);
    return made;
  };
  const auto bytes = zip.read(*pickle, false);
  return Unpickler({bytes.data, bytes.size}, "'" + pickle->name + "' of '" + path + "'", storage).run();
}

namespace {

const char* storage_class(DType dtype) {
  switch (dtype) {
    case kBool: return "BoolStorage";
    case kUInt8: return "ByteStorage";
    case kInt8: return "CharStorage";
    case kInt16: return "ShortStorage";
    case kInt32: return "IntStorage";
    case kInt64: return "LongStorage";
    case kFloat16: return "HalfStorage";
    case kBFloat16: return "BFloat16Storage";
    case kFloat32: return "FloatStorage";
    case kFloat64: return "DoubleStorage";
    case kComplex64: return "ComplexFloatStorage";
    case kComplex128: return "ComplexDoubleStorage";
    default: fail(ErrorKind::Type, "save_torch", "object", "a dtype that PyTorch has", name(dtype));
  }
}

/// A pickle of protocol 2, without a memo: no text repeats often enough to be worth one.
class Pickler {
 public:
  explicit Pickler(const TorchObject& object) {
    count(object, 0);
    bytes_ = "\x80\x02";
    write(object);
    bytes_ += '.';
  }
  const std::string& bytes() const { return bytes_; }
  const std::vector<Tensor>& storages() const { return storages_; }

 private:
  using Kind = TorchObject::Kind;
  // How many tensors lie in one storage, of which dtype.
  struct Share {
    int tensors = 0;
    DType dtype = kBool;
    bool one_dtype = true;
    size_t index = 0;
    bool written = false;
  };

  void count(const TorchObject& object, int depth) {
    if (depth > 1000) fail(ErrorKind::State, "save_torch", "object", "values at most 1000 deep", "deeper ones, or one that holds itself");
    if (object.kind() == Kind::Tensor) {
      const Tensor& t = object.to_tensor();
      if (!t.device().is_cpu() || t.numel() == 0) return;
      Share& share = shares_[t.storage()->data()];
      share.one_dtype &= share.tensors == 0 || share.dtype == t.dtype();
      share.dtype = t.dtype();
      ++share.tensors;
    } else if (object.kind() == Kind::List || object.kind() == Kind::Tuple) {
      for (const TorchObject& item : object.items()) count(item, depth + 1);
    } else if (object.kind() == Kind::Dict) {
      for (const auto& entry : object.entries()) count(entry.second, depth + 1);
    }
  }
  void number(uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_ += char(value >> (8 * i));
  }
  void text(std::string_view value) {
    bytes_ += 'X';
    number(value.size(), 4);
    bytes_ += value;
  }
  void whole(int64_t value) {
    if (value >= 0 && value < 256) {
      bytes_ += 'K';
      number(uint64_t(value), 1);
    } else if (value == int32_t(value)) {
      bytes_ += 'J';
      number(uint64_t(value), 4);
    } else {
      bytes_ += "\x8a\x08";
      number(uint64_t(value), 8);
    }
  }
  void sizes(const Shape& shape) {
    bytes_ += '(';
    for (int64_t s : shape) whole(s);
    bytes_ += 't';
  }
  void tensor(const Tensor& given) {
    Tensor t = given.detach(), whole_storage;
    size_t index = storages_.size();
    const auto share = t.device().is_cpu() && t.numel() ? shares_.find(t.storage()->data()) : shares_.end();
    const bool shared = share != shares_.end() && share->second.tensors > 1 && share->second.one_dtype;
    if (shared) {
      const int64_t elements = int64_t(t.storage()->bytes()) / item_size(t.dtype());
      whole_storage = t.as_strided({elements}, {1}, 0);
      if (share->second.written) index = share->second.index;
      else share->second.index = index, share->second.written = true;
    } else {
      t = t.to(kCPU).contiguous();
      whole_storage = t.flatten();
    }
    if (index == storages_.size()) storages_.push_back(whole_storage);
    bytes_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
    text("storage");
    bytes_ += std::string("ctorch\n") + storage_class(t.dtype()) + "\n";
    text(std::to_string(index));
    text("cpu");
    whole(whole_storage.numel());
    bytes_ += "tQ";
    whole(shared ? t.storage_offset() : 0);
    sizes(t.sizes());
    sizes(t.strides());
    bytes_ +=
        "\x89"
        "ccollections\nOrderedDict\n)RtR";
  }
  void write(const TorchObject& object) {
    switch (object.kind()) {
      case Kind::None: bytes_ += 'N'; return;
      case Kind::Bool: bytes_ += object.to_bool() ? '\x88' : '\x89'; return;
      case Kind::Int: whole(object.to_int()); return;
      case Kind::Float: {
        uint64_t bits;
        const double value = object.to_double();
        std::memcpy(&bits, &value, 8);
        bytes_ += 'G';
        for (int i = 7; i >= 0; --i) bytes_ += char(bits >> (8 * i));
        return;
      }
      case Kind::String: text(object.to_string()); return;
      case Kind::Tensor: tensor(object.to_tensor()); return;
      case Kind::List:
        bytes_ += "](";
        for (const TorchObject& item : object.items()) write(item);
        bytes_ += 'e';
        return;
      case Kind::Tuple:
        bytes_ += '(';
        for (const TorchObject& item : object.items()) write(item);
        bytes_ += 't';
        return;
      case Kind::Dict:
        bytes_ += "}(";
        for (const auto& entry : object.entries()) {
          write(entry.first);
          write(entry.second);
        }
        bytes_ += 'u';
        return;
    }
  }

  std::string bytes_;
  std::vector<Tensor> storages_;
  std::unordered_map<const void*, Share> shares_;
};

}  // namespace

void save_torch(const TorchObject& object, const std::string& path) {
  no_grad guard;
  const Pickler pickler(object);
  const std::string_view pickle = pickler.bytes(), order = "little", version = "3\n";
  const auto part = [](std::string name, std::string_view data) {
    return files::ZipPart{"archive/" + std::move(name), {{data.data(), data.size()}}};
  };
  std::vector<files::ZipPart> parts{part("data.pkl", pickle), part("byteorder", order)};
  for (size_t k = 0; k < pickler.storages().size(); ++k) {
    const Tensor& storage = pickler.storages()[k];
    const size_t bytes = size_t(storage.nbytes());
    parts.push_back(
        part("data/" + std::to_string(k), bytes ? std::string_view(static_cast<const char*>(storage.address()), bytes) : std::string_view()));
  }
  parts.push_back(part("version", version));
  files::write_zip("save_torch", path, parts);
}

}  // namespace lazuli
