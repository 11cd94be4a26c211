#include "lazuli/autograd/transforms/vmap.h"

#include "lazuli/autograd/levels.h"
#include "lazuli/autograd/support.h"

namespace lazuli {

VmapRandomness::VmapRandomness(const std::string& name) {
  if (name == "error") mode = batching::Randomness::Error;
  else if (name == "same") mode = batching::Randomness::Same;
  else if (name == "different") mode = batching::Randomness::Different;
  else fail("vmap", "randomness", "\"error\", \"same\" or \"different\"", "\"" + name + "\"");
}

namespace detail {

void fail_vmap_dims(const char* argument, size_t expected, size_t got) {
  fail("vmap", argument, "one for all, or one for each of " + std::to_string(expected), std::to_string(got));
}
void check_vmap_dims(const char* argument, const VmapDim& dim, size_t tensors) {
  if (dim.of_each && dim.dims.size() != tensors) fail_vmap_dims(argument, tensors, dim.dims.size());
}

int64_t vmap_size(const std::vector<VmapInput>& inputs) {
  int64_t size = -1;
  for (const VmapInput& in : inputs) {
    if (!in.tensor.defined() || !in.dim) continue;
    const Tensor& t = in.tensor;
    if (t.dim() == 0) fail("vmap", "inputs", "tensors with a dimension of samples", "a 0-d tensor; its in_dims entry has to be none");
    const int64_t own = t.sizes()[wrap_dim(*in.dim, t.dim(), "vmap")];
    if (size >= 0 && own != size)
      fail("vmap", "inputs", "as many samples in all batches, " + std::to_string(size), std::to_string(own) + " in sizes " + to_string(t.sizes()));
    size = own;
  }
  if (size < 0) fail("vmap", "in_dims", "a dimension of samples in at least one argument", "none");
  if (size == 0) fail("vmap", "inputs", "at least one sample", "a batch of none");
  return size;
}

Tensor vmap_enter(const VmapInput& input, uint64_t level, int64_t from, int64_t to) {
  if (!input.tensor.defined() || !input.dim) return input.tensor;
  Tensor t = input.tensor;
  const int64_t dim = wrap_dim(*input.dim, t.dim(), "vmap");
  if (to - from != t.sizes()[dim]) t = t.narrow(dim, from, to - from);
  return hide_level(dim == 0 ? t : t.movedim(dim, 0), level);
}

Tensor vmap_leave(const Tensor& result, uint64_t level, int64_t size, const std::optional<int64_t>& dim) {
  if (!result.defined()) return result;
  if (!dim) {
    if (batching::find_level(result, level)) fail("vmap", "out_dims", "a dimension for a result that differs between samples", "none");
    return result;
  }
  const Tensor all = show_level(result, level, size);
  const int64_t to = wrap_dim(*dim, all.dim(), "vmap");
  return to == 0 ? all : all.movedim(0, to);
}

Tensor vmap_join(const std::vector<Tensor>& chunks, const std::optional<int64_t>& dim) {
  if (!dim || !chunks[0].defined()) return chunks[0];
  const int64_t at = wrap_dim(*dim, chunks[0].dim(), "vmap");
  if (at == 0) return support::cat(chunks);
  std::vector<Tensor> moved;
  for (const Tensor& t : chunks) moved.push_back(t.movedim(at, 0));
  return support::cat(moved).movedim(0, at);
}

}  // namespace detail
}  // namespace lazuli
