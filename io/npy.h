#pragma once
#include <memory>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Reads a NumPy array file (.npy, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), versions 1 to 3. One in Fortran order becomes a transposed view.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated, and for dtypes that Lazuli has not (uint16, texts, objects, ...).
Tensor load_npy(const std::string& path);

/// Such a file of which rows are read when they are asked for: an array may be larger than memory. The file stays open; copies share it, and any number of threads may read.
///
///   struct Rows : data::Dataset<Tensor> {
///     NpyFile file{"x.npy"};
///     int64_t size() const override { return file.sizes()[0]; }
///     Tensor get(int64_t index) const override { return file.read(index, index + 1)[0]; }
///   };
class NpyFile {
 public:
  /// Throws Error (File) as load_npy does, and (NotSupported) for Fortran order and for a number.
  explicit NpyFile(const std::string& path);
  DType dtype() const;
  const Shape& sizes() const;
  /// Rows [begin, end), of the first dimension. Throws Error (Index) for others, and (File) where the file was shortened meanwhile.
  Tensor read(int64_t begin, int64_t end) const;

 private:
  struct Contents;
  std::shared_ptr<const Contents> contents_;
};

/// Writes one, all or nothing; tensors of other devices are copied to the CPU, views made contiguous. Throws Error (Type) for bfloat16, which NumPy has not.
void save_npy(const Tensor& tensor, const std::string& path);

}  // namespace lazuli
