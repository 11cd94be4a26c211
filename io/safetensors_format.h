#pragma once
#include "lazuli/core/open/user_dtype.h"

/// What the writer and the reader of safetensors files share.
namespace lazuli::safetensors {

inline constexpr std::pair<DType, const char*> kNames[] = {{kBool, "BOOL"},   {kUInt8, "U8"},    {kInt8, "I8"},      {kInt16, "I16"},
                                                           {kInt32, "I32"},   {kInt64, "I64"},   {kFloat16, "F16"},  {kBFloat16, "BF16"},
                                                           {kFloat32, "F32"}, {kFloat64, "F64"}, {kComplex64, "C64"}};

/// A program's dtype is not in the format: its elements are stored as their bytes, a last dimension of U8, and a text of this prefix beside them says what they are.
inline constexpr const char* kDTypeText = "lazuli.dtype.";
std::string described(const UserDType& type);

}  // namespace lazuli::safetensors
