#pragma once
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

/// Dense row-major stand-ins for tensors of any strides, for kernels whose loops want them.
namespace lazuli::cpu {

/// `t` itself where it is contiguous and of `dtype`, a converted copy otherwise.
inline Tensor dense(const Tensor& t, DType dtype) {
  if (t.is_contiguous() && t.dtype() == dtype) return t;
  Tensor copy = new_tensor(t.sizes(), dtype);
  copy_kernel(kCPU, copy, t);
  return copy;
}
inline Tensor dense(const Tensor& t) { return t.defined() ? dense(t, t.dtype()) : t; }

/// An output as a dense tensor of `dtype`: itself where it is one, otherwise a temporary that `commit` copies over.
class DenseOut {
 public:
  DenseOut(Tensor& out, DType dtype) : out_(out), tensor_(out.is_contiguous() && out.dtype() == dtype ? out : new_tensor(out.sizes(), dtype)) {}
  explicit DenseOut(Tensor& out) : out_(out) {
    if (out.defined()) tensor_ = out.is_contiguous() ? out : new_tensor(out.sizes(), out.dtype());
  }
  Tensor& tensor() { return tensor_; }
  void commit() {
    if (tensor_.defined() && !tensor_.is_same(out_)) copy_kernel(kCPU, out_, tensor_);
  }

 private:
  Tensor& out_;
  Tensor tensor_;
};

template <class T>
T* pointer(const Tensor& t) {
  return t.defined() ? static_cast<T*>(t.address()) : nullptr;
}

}  // namespace lazuli::cpu
