#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/factory.h"

/// Element types that a program adds (registry/dtypes.h): made of components of built-in ones, laid out as a C++ struct of them is, in elements of 1, 2, 4, 8 or 16 bytes.
namespace lazuli {

struct DTypeComponent {
  std::string name;
  DType dtype = kFloat32;
};

struct UserDType {
  std::string name;
  std::vector<DTypeComponent> components;
  std::vector<int64_t> offsets = {};                           // of the components, in bytes
  int size = 0;                                                // bytes of an element
  std::function<std::string(const void*)> format = {};         // the text of an element
  std::function<Scalar(const void*)> to_scalar = {};           // its value as a number; none: it has none
  std::function<void(void*, const Scalar&)> from_scalar = {};  // a number as an element; none: there is no such element
};

/// Adds it; everything is checked by the caller but that there is room for one more. What is added is never destroyed.
DType add_user_dtype(UserDType type);
/// Its name is free again; tensors of it stay what they are.
void retire_user_dtype(DType t);
const UserDType& user_dtype(DType t);
/// Those in force, in the order of their registration.
std::vector<DType> user_dtypes();
/// The built-in dtype in whose elements those of `t` are moved, copied and compared for being the same.
DType carrier_of(DType t);
/// The same memory as a tensor of the carrier; a tensor of a built-in dtype itself.
Tensor carried(const Tensor& t);

}  // namespace lazuli
