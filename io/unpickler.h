#pragma once
#include <functional>
#include <span>
#include <unordered_map>

#include "lazuli/io/torch_object.h"

namespace lazuli {

/// Python's pickles (https://docs.python.org/3/library/pickletools.html, protocols 0 to 5) as torch.save writes them, into TorchObjects. It knows the names that weights need and calls nothing:
/// whatever else a pickle asks for is an Error with its place. Classes and functions on the stack are texts with a mark, storages tensors in one dimension.
class Unpickler {
 public:
  /// The storage of that name as `count` elements in one dimension, or Error.
  using Storage = std::function<Tensor(const std::string& key, DType dtype, int64_t count)>;
  /// `where` is what an Error calls the file.
  Unpickler(std::span<const char> bytes, std::string where, Storage storage);
  ~Unpickler();
  Unpickler(const Unpickler&) = delete;
  Unpickler& operator=(const Unpickler&) = delete;
  TorchObject run();

 private:
  using Items = TorchObject::Items;
  [[noreturn]] void refuse(const std::string& expected, const std::string& got) const;
  void step(uint8_t opcode);
  bool step_value(uint8_t opcode);
  bool step_container(uint8_t opcode);
  bool step_memo(uint8_t opcode);
  bool step_global(uint8_t opcode);

  std::string_view take(uint64_t count);
  std::string_view line();
  uint64_t number(int bytes);
  int64_t signed_number(std::string_view little_endian) const;
  std::string text_line();
  TorchObject pop();
  Items pop_to_mark();
  TorchObject& top();
  TorchObject container(TorchObject made);
  void append(Items items);
  void set_items(Items pairs);

  TorchObject global(std::string name) const;
  bool is_global(const TorchObject& object) const;
  TorchObject reduced(const std::string& function, const Items& arguments);
  TorchObject rebuilt_tensor(const Items& arguments, const DType* dtype);
  TorchObject persistent(const TorchObject& id);
  TorchObject finished(TorchObject result);

  std::span<const char> bytes_;
  std::string where_;
  Storage storage_;
  uint64_t at_ = 0, begin_ = 0;
  bool done_ = false;
  Items stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, TorchObject> memo_;
  Items containers_;  // every list, tuple and dict, so that they can be taken apart
};

}  // namespace lazuli
