#pragma once
#include <cstddef>
#include <cstdint>

namespace lazuli {

[[noreturn]] void fail_accessor_index(int64_t index, int64_t size);

/// The elements of a tensor on the CPU, by N indices: `auto a = x.accessor<float, 2>(); a[i][j] = 1;`. It points into the tensor, which has to stay.
/// Throws Error (Index) for an index out of range.
template <class T, size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const int64_t* sizes, const int64_t* strides) : data_(data), sizes_(sizes), strides_(strides) {}
  int64_t size(size_t dim) const { return sizes_[dim]; }
  int64_t stride(size_t dim) const { return strides_[dim]; }
  T* data() const { return data_; }
  decltype(auto) operator[](int64_t i) const {
    if (uint64_t(i) >= uint64_t(*sizes_)) [[unlikely]]
      fail_accessor_index(i, *sizes_);
    if constexpr (N == 1) return (data_[i * *strides_]);
    else return TensorAccessor<T, N - 1>(data_ + i * *strides_, sizes_ + 1, strides_ + 1);
  }

 private:
  T* data_;
  const int64_t *sizes_, *strides_;
};

/// An accessor with sizes and strides of its own: only the elements have to stay.
template <class T, size_t N>
class PackedTensorAccessor {
 public:
  PackedTensorAccessor(T* data, const int64_t* sizes, const int64_t* strides) : data_(data) {
    for (size_t d = 0; d < N; ++d) sizes_[d] = sizes[d], strides_[d] = strides[d];
  }
  int64_t size(size_t dim) const { return sizes_[dim]; }
  int64_t stride(size_t dim) const { return strides_[dim]; }
  T* data() const { return data_; }
  decltype(auto) operator[](int64_t i) const& { return TensorAccessor<T, N>(data_, sizes_, strides_)[i]; }
  decltype(auto) operator[](int64_t i) const&& requires(N == 1) { return TensorAccessor<T, N>(data_, sizes_, strides_)[i]; }
  void operator[](int64_t) const&& requires(N > 1) = delete;  // it points into the accessor

 private:
  T* data_;
  int64_t sizes_[N], strides_[N];
};
template <class T>
struct DefaultPtrTraits {
  using PtrType = T*;
};
template <class T>
struct RestrictPtrTraits {
  using PtrType = T* __restrict__;
};

}  // namespace lazuli
