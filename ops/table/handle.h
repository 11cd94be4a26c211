#pragma once
#include <memory>
#include <string>

namespace lazuli {

/// What a registration gives back: takes it back when asked to, and not by itself. Copies are the same registration.
class Handle {
 public:
  Handle() = default;
  template <class F>
  Handle(std::string name, F undo) : entry_(std::make_shared<EntryOf<F>>(std::move(name), std::move(undo))) {}
  /// What is registered.
  const std::string& name() const { return entry_ ? entry_->name : nothing(); }
  bool is_registered() const { return entry_ && entry_->there; }
  /// Nothing happens the second time.
  void unregister() {
    if (!is_registered()) return;
    entry_->there = false;
    entry_->undo();
  }
  void remove() { unregister(); }

 private:
  struct Entry {
    std::string name;
    bool there = true;
    explicit Entry(std::string n) : name(std::move(n)) {}
    virtual ~Entry() = default;
    virtual void undo() = 0;
  };
  template <class F>
  struct EntryOf final : Entry {
    F take_back;
    EntryOf(std::string n, F f) : Entry(std::move(n)), take_back(std::move(f)) {}
    void undo() override { take_back(); }
  };
  static const std::string& nothing() {
    static const std::string* none = new std::string;
    return *none;
  }
  std::shared_ptr<Entry> entry_;
};

using FunctionHandle = Handle;

}  // namespace lazuli
