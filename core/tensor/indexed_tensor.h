#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// What `x.index(...)` returns: a view, or, where tensors pick the elements, a copy that knows where it came from. Assigning to the call writes there:
///   x.index({mask}) = 0;   x.index({rows, 2}) += y;
/// Under a name of its own (`auto y = x.index({rows});`) it is a tensor like any other.
class IndexedTensor : public Tensor {
 public:
  explicit IndexedTensor(Tensor view) : Tensor(std::move(view)) {}
  /// `source` holds the elements at `items`.
  IndexedTensor(Tensor copy, const Tensor& source, const std::vector<IndexItem>& items);

  IndexedTensor(const IndexedTensor&) = default;
  IndexedTensor(IndexedTensor&&) noexcept = default;
  ~IndexedTensor() = default;
  IndexedTensor& operator=(const IndexedTensor& other) & = default;
  IndexedTensor& operator=(IndexedTensor&& other) & noexcept = default;
  IndexedTensor& operator=(const Tensor& other) & { return *this = IndexedTensor(other); }
  void operator=(const IndexedTensor& value) && { write(value); }
  void operator=(const Tensor& value) && { write(value); }
  void operator=(const Scalar& value) && { write(value); }
  template <class T>
  void operator+=(const T& other) && {
    Tensor::operator+=(other), put_back();
  }
  template <class T>
  Tensor& operator+=(const T& other) const& {
    return Tensor::operator+=(other);
  }
  template <class T>
  void operator-=(const T& other) && {
    Tensor::operator-=(other), put_back();
  }
  template <class T>
  Tensor& operator-=(const T& other) const& {
    return Tensor::operator-=(other);
  }
  template <class T>
  void operator*=(const T& other) && {
    Tensor::operator*=(other), put_back();
  }
  template <class T>
  Tensor& operator*=(const T& other) const& {
    return Tensor::operator*=(other);
  }
  template <class T>
  void operator/=(const T& other) && {
    Tensor::operator/=(other), put_back();
  }
  template <class T>
  Tensor& operator/=(const T& other) const& {
    return Tensor::operator/=(other);
  }
  template <class T>
  void operator%=(const T& other) && {
    Tensor::operator%=(other), put_back();
  }
  template <class T>
  Tensor& operator%=(const T& other) const& {
    return Tensor::operator%=(other);
  }
  template <class T>
  void operator&=(const T& other) && {
    Tensor::operator&=(other), put_back();
  }
  template <class T>
  Tensor& operator&=(const T& other) const& {
    return Tensor::operator&=(other);
  }
  template <class T>
  void operator|=(const T& other) && {
    Tensor::operator|=(other), put_back();
  }
  template <class T>
  Tensor& operator|=(const T& other) const& {
    return Tensor::operator|=(other);
  }
  template <class T>
  void operator^=(const T& other) && {
    Tensor::operator^=(other), put_back();
  }
  template <class T>
  Tensor& operator^=(const T& other) const& {
    return Tensor::operator^=(other);
  }

 private:
  struct Place;
  void write(const Tensor& value) const;
  void write(const Scalar& value) const;
  void put_back() const;
  std::shared_ptr<const Place> place_;
};

}  // namespace lazuli
