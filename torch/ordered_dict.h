#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lazuli/core/error.h"

namespace torch {

/// Keys and values in the order of their insertion.
template <class Key, class Value>
class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : first(std::move(key)), second(std::move(value)) {}
    const Key& key() const { return first; }
    Value& value() { return second; }
    const Value& value() const { return second; }
    const std::pair<Key, Value> pair() const { return {first, second}; }
    Value& operator*() { return second; }
    Value* operator->() { return &second; }
    const Value& operator*() const { return second; }
    const Value* operator->() const { return &second; }

    Key first;
    Value second;
  };
  OrderedDict() = default;
  /// What errors call a key.
  template <class Text>
  requires std::is_convertible_v<const Text&, std::string>
  explicit OrderedDict(const Text& key_description) : key_description_(key_description) {}
  OrderedDict(std::initializer_list<Item> items) : items_(items) {}
  void insert(Key key, Value value) {
    if (contains(key)) lazuli::fail("OrderedDict", key_description_, "one that is not there", text_of(key));
    items_.emplace_back(std::move(key), std::move(value));
  }
  void update(const OrderedDict& other) {
    for (const Item& item : other) insert(item.key(), item.value());
  }
  void reserve(size_t count) { items_.reserve(count); }
  void clear() { items_.clear(); }
  Item& front() { return items_.front(); }
  const Item& front() const { return items_.front(); }
  Item& back() { return items_.back(); }
  const Item& back() const { return items_.back(); }
  const std::string& key_description() const { return key_description_; }
  const std::vector<Item>& items() const { return items_; }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> all;
    for (const Item& item : items_) all.push_back(item.pair());
    return all;
  }
  /// Throws Error (Index) for a key that is not there.
  void erase(const Key& key) {
    (void)(*this)[key];
    std::erase_if(items_, [&](const Item& item) { return item.key() == key; });
  }
  size_t size() const { return items_.size(); }
  bool is_empty() const { return items_.empty(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  Item& operator[](size_t index) { return items_.at(index); }
  const Item& operator[](size_t index) const { return items_.at(index); }
  Value& operator[](const Key& key) { return const_cast<Value&>(std::as_const(*this)[key]); }
  const Value& operator[](const Key& key) const {
    if (const Value* value = find(key)) return *value;
    lazuli::fail(lazuli::ErrorKind::Index, "OrderedDict", key_description_, "one that is there", text_of(key));
  }
  Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
  const Value* find(const Key& key) const {
    for (const Item& item : items_)
      if (item.key() == key) return &item.value();
    return nullptr;
  }
  bool contains(const Key& key) const { return find(key) != nullptr; }
  std::vector<Key> keys() const {
    std::vector<Key> all;
    for (const Item& item : items_) all.push_back(item.key());
    return all;
  }
  std::vector<Value> values() const {
    std::vector<Value> all;
    for (const Item& item : items_) all.push_back(item.value());
    return all;
  }

 private:
  static std::string text_of(const Key& key) {
    if constexpr (std::is_constructible_v<std::string, const Key&>) return std::string(key);
    else return std::to_string(key);
  }
  std::string key_description_ = "key";
  std::vector<Item> items_;
};

}  // namespace torch
