#pragma once
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

/// Dense row-major stand-ins for tensors of any strides, for kernels that want them.
namespace lazuli::gpu {

/// `t` itself where it is contiguous and of `dtype` (or undefined), a converted copy otherwise.
inline Tensor dense(const Tensor& t, DType dtype) {
  if (!t.defined() || (t.is_contiguous() && t.dtype() == dtype)) return t;
  Tensor copy = new_tensor(t.sizes(), dtype, t.device());
  copy_kernel(t.device(), copy, t);
  return copy;
}
inline Tensor dense(const Tensor& t) { return t.defined() ? dense(t, t.dtype()) : t; }

/// An output as a dense tensor of `dtype`: itself where it is one (or undefined), otherwise a temporary that `commit` copies over.
class DenseOut {
 public:
  DenseOut(Tensor& out, DType dtype)
      : out_(out), tensor_(!out.defined() || (out.is_contiguous() && out.dtype() == dtype) ? out : new_tensor(out.sizes(), dtype, out.device())) {}
  explicit DenseOut(Tensor& out) : DenseOut(out, out.defined() ? out.dtype() : kFloat32) {}
  Tensor& tensor() { return tensor_; }
  void commit() {
    if (tensor_.defined() && !tensor_.is_same(out_)) copy_kernel(out_.device(), out_, tensor_);
  }

 private:
  Tensor& out_;
  Tensor tensor_;
};

}  // namespace lazuli::gpu
