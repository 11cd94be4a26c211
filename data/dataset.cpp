#include "lazuli/data/dataset.h"

#include <cxxabi.h>

#include <cstdlib>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"

namespace lazuli::data {

template class Dataset<>;

namespace detail {

Tensor collate_tensors(std::vector<Tensor> tensors) {
  no_grad guard;
  size_t defined = 0;
  for (const Tensor& t : tensors) defined += t.defined();
  if (defined == 0) return {};
  if (defined != tensors.size())
    fail("collate", "examples", "a tensor defined in each example of a batch or in none",
         "one defined in " + std::to_string(defined) + " of " + std::to_string(tensors.size()));
  return stack(tensors);
}
Tensor new_column(int64_t count, DType dtype) { return new_tensor({count}, dtype); }
void fail_lengths(size_t first, size_t other) {
  fail("collate", "examples", "vectors of one length, " + std::to_string(first), "one of length " + std::to_string(other));
}
void fail_names(const std::string& name) {
  fail("collate", "examples", "maps of the same names", "'" + name + "' in some examples and not in others");
}
void fail_collate() { fail(ErrorKind::NotSupported, "Dataset.collate", "", "an override that makes the batches of this dataset", "none"); }

std::vector<int64_t> positions(const Tensor& indices) { return indices.to_vector<int64_t>(); }

namespace {
// Still an Error, with the first exception inside (std::rethrow_if_nested).
struct ForeignError : Error, std::nested_exception {
  using Error::Error;
};
// The class of the exception being handled, as C++ writes it.
std::string class_of_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (!type) return "an exception";
  int status = 0;
  char* text = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string name = text ? text : type->name();
  std::free(text);
  return name;
}
}  // namespace

void rethrow_with_index(int64_t index) {
  const std::string which = "in example " + std::to_string(index);
  try {
    throw;
  } catch (Error& error) {
    error.add_context(which);
    throw;
  } catch (const std::exception& error) {
    throw ForeignError(ErrorKind::State, "Dataset.get", "index", "an example at " + std::to_string(index),
                       class_of_exception() + ": " + error.what());
  } catch (...) {
    throw ForeignError(ErrorKind::State, "Dataset.get", "index", "an example at " + std::to_string(index),
                       "an exception of class " + class_of_exception());
  }
}

}  // namespace detail

TensorDataset::TensorDataset(Tensor data, Tensor target) : data_(std::move(data)), target_(std::move(target)) {
  if (data_.dim() == 0) fail("TensorDataset", "data", "a tensor with a first dimension", "a 0-d tensor");
  if (target_.defined() && (target_.dim() == 0 || target_.size(0) != data_.size(0)))
    fail("TensorDataset", "target", std::to_string(data_.size(0)) + " rows, as many as data", to_string(target_.sizes()));
}

int64_t TensorDataset::size() const { return data_.size(0); }
data::Example TensorDataset::get(int64_t index) const { return {data_[index], target_.defined() ? target_[index] : Tensor()}; }
data::Example TensorDataset::get_batch(const Tensor& indices) const {
  no_grad guard;
  auto rows = [&](const Tensor& t) { return index_select(t, 0, t.device() == indices.device() ? indices : indices.to(t.device())); };
  return {rows(data_), target_.defined() ? rows(target_) : Tensor()};
}

}  // namespace lazuli::data
