#include "lazuli/nn/utils/packed_sequence.h"

#include <algorithm>
#include <numeric>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::nn::utils::rnn {

namespace {

using Numbers = std::vector<int64_t>;

Tensor as_tensor(const Numbers& numbers, Device device = kCPU) {
  Tensor t = filled_by_host(empty({int64_t(numbers.size())}, {.dtype = kInt64}));
  std::copy(numbers.begin(), numbers.end(), static_cast<int64_t*>(t.address()));
  return device == kCPU ? t : lazuli::to(t, device);
}
Numbers numbers_of(const char* op, const char* argument, const Tensor& t) {
  need_integral(op, t, argument);
  if (t.dim() != 1) fail(op, argument, "one dimension", "sizes " + to_string(t.sizes()));
  return t.to_vector<int64_t>();
}
Tensor time_first(const char* op, const Tensor& t, bool batch_first) {
  need_defined(op, t, "input");
  if (t.dim() < 2) fail(op, "input", batch_first ? "sizes [n, t, ..]" : "sizes [t, n, ..]", "sizes " + to_string(t.sizes()));
  return batch_first ? t.transpose(0, 1) : t;
}
void check_lengths(const char* op, const Numbers& lengths, int64_t t, int64_t n) {
  if (int64_t(lengths.size()) != n) fail(op, "lengths", std::to_string(n) + " numbers, one for each sequence", std::to_string(lengths.size()));
  for (int64_t l : lengths)
    if (l < 1 || l > t) fail(op, "lengths", "numbers from 1 to the input's " + std::to_string(t) + " steps", std::to_string(l));
}
// Sizes [t, n, ..] as [t * n, ..].
Shape flat(const Shape& sizes) {
  Shape s = sizes;
  s[1] = s[0] * s[1];
  s.erase(0);
  return s;
}
// Which rows of a flat [t * n, ..] are packed: step after step, sequences 0 .. sizes[t] - 1.
Numbers packed_rows(const Numbers& sizes, int64_t n) {
  Numbers rows;
  for (size_t t = 0; t < sizes.size(); ++t)
    for (int64_t i = 0; i < sizes[t]; ++i) rows.push_back(int64_t(t) * n + i);
  return rows;
}

PackedSequence pack(const Tensor& given, Numbers lengths, bool batch_first, bool enforce_sorted) {
  constexpr const char* op = "pack_padded_sequence";
  Tensor input = time_first(op, given, batch_first);
  const int64_t n = input.size(1);
  check_lengths(op, lengths, input.size(0), n);
  if (n == 0) fail(op, "input", "at least one sequence", "sizes " + to_string(given.sizes()));
  PackedSequence packed;
  if (!enforce_sorted) {
    Numbers order(size_t(n), 0), back(size_t(n), 0);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return lengths[size_t(a)] > lengths[size_t(b)]; });
    for (size_t i = 0; i < order.size(); ++i) back[size_t(order[i])] = int64_t(i);
    packed.sorted_indices = as_tensor(order, input.device());
    packed.unsorted_indices = as_tensor(back, input.device());
    input = index_select(input, 1, packed.sorted_indices);
    std::sort(lengths.rbegin(), lengths.rend());
  } else if (!std::is_sorted(lengths.rbegin(), lengths.rend())) {
    fail(op, "lengths", "numbers that do not grow (or enforce_sorted = false)", "others");
  }
  Numbers sizes;
  for (int64_t t = 0; t < lengths[0]; ++t) sizes.push_back(std::count_if(lengths.begin(), lengths.end(), [t](int64_t l) { return l > t; }));
  packed.batch_sizes = as_tensor(sizes);
  packed.data = index_select(input.reshape(flat(input.sizes())), 0, as_tensor(packed_rows(sizes, n), input.device()));
  return packed;
}

std::vector<Tensor> unpad(const Tensor& padded, const Numbers& lengths, bool batch_first) {
  Tensor input = time_first("unpad_sequence", padded, batch_first);
  check_lengths("unpad_sequence", lengths, input.size(0), input.size(1));
  std::vector<Tensor> sequences;
  for (size_t i = 0; i < lengths.size(); ++i) sequences.push_back(input.select(1, int64_t(i)).narrow(0, 0, lengths[i]));
  return sequences;
}

}  // namespace

PackedSequence PackedSequence::to(Device device) const {
  auto moved = [&](const Tensor& t) { return t.defined() ? lazuli::to(t, device) : t; };
  return {moved(data), batch_sizes, moved(sorted_indices), moved(unsorted_indices)};
}
PackedSequence PackedSequence::to(DType dtype) const { return {lazuli::to(data, dtype), batch_sizes, sorted_indices, unsorted_indices}; }

Tensor invert_permutation(const Tensor& permutation) {
  Numbers order = numbers_of("invert_permutation", "permutation", permutation), back(order.size(), -1);
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] < 0 || order[i] >= int64_t(order.size()) || back[size_t(order[i])] >= 0)
      fail("invert_permutation", "permutation", "each of 0 to " + std::to_string(int64_t(order.size()) - 1) + " once", std::to_string(order[i]));
    back[size_t(order[i])] = int64_t(i);
  }
  return as_tensor(back, permutation.device());
}

PackedSequence pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first, bool enforce_sorted) {
  return pack(input, numbers_of("pack_padded_sequence", "lengths", lengths), batch_first, enforce_sorted);
}
PackedSequence pack_padded_sequence(const Tensor& input, const Shape& lengths, bool batch_first, bool enforce_sorted) {
  return pack(input, lengths.vec(), batch_first, enforce_sorted);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first, double padding_value,
                                               std::optional<int64_t> total_length) {
  constexpr const char* op = "pad_packed_sequence";
  need_defined(op, sequence.data, "sequence");
  Numbers sizes = numbers_of(op, "sequence", sequence.batch_sizes);
  const int64_t steps = int64_t(sizes.size()), t = total_length.value_or(steps);
  if (sizes.empty()) fail(op, "sequence", "at least one step", "none");
  if (t < steps) fail(op, "total_length", "at least the longest sequence's " + std::to_string(steps), std::to_string(t));
  const int64_t n = sizes[0];
  Shape whole = sequence.data.sizes();
  whole[0] = n;
  whole.insert(0, t);
  const Device device = sequence.data.device();
  Tensor padding = full(flat(whole), padding_value, {.dtype = sequence.data.dtype(), .device = device});
  Tensor padded = index_copy(padding, 0, as_tensor(packed_rows(sizes, n), device), sequence.data).reshape(whole);
  Numbers lengths(size_t(n), 0);
  for (int64_t size : sizes)
    for (int64_t i = 0; i < size; ++i) ++lengths[size_t(i)];
  Tensor of_each = as_tensor(lengths);
  if (sequence.unsorted_indices.defined()) {
    padded = index_select(padded, 1, sequence.unsorted_indices);
    of_each = index_select(of_each, 0, lazuli::to(sequence.unsorted_indices, kCPU));
  }
  return {batch_first ? padded.transpose(0, 1) : padded, of_each};
}

Tensor pad_sequence(const std::vector<Tensor>& sequences, bool batch_first, double padding_value, std::string_view padding_side) {
  constexpr const char* op = "pad_sequence";
  if (sequences.empty()) fail(op, "sequences", "at least one", "none");
  if (padding_side != "right" && padding_side != "left") fail(op, "padding_side", "'right' or 'left'", "'" + std::string(padding_side) + "'");
  int64_t longest = 0;
  for (const Tensor& s : sequences) {
    need_defined(op, s, "sequences");
    if (s.dim() == 0) fail(op, "sequences", "tensors of sizes [length, ..]", "one without dimensions");
    longest = std::max(longest, s.size(0));
  }
  std::vector<Tensor> padded;
  for (const Tensor& s : sequences) {
    Shape sizes = s.sizes();
    sizes[0] = longest - s.size(0);
    if (sizes[0] == 0) {
      padded.push_back(s);
      continue;
    }
    Tensor padding = full(sizes, padding_value, {.dtype = s.dtype(), .device = s.device()});
    padded.push_back(padding_side == "left" ? cat({padding, s}, 0) : cat({s, padding}, 0));
  }
  return stack(padded, batch_first ? 0 : 1);
}

std::vector<Tensor> unpad_sequence(const Tensor& padded, const Tensor& lengths, bool batch_first) {
  return unpad(padded, numbers_of("unpad_sequence", "lengths", lengths), batch_first);
}
std::vector<Tensor> unpad_sequence(const Tensor& padded, const Shape& lengths, bool batch_first) { return unpad(padded, lengths.vec(), batch_first); }

PackedSequence pack_sequence(const std::vector<Tensor>& sequences, bool enforce_sorted) {
  Numbers lengths;
  for (const Tensor& s : sequences) {
    need_defined("pack_sequence", s, "sequences");
    if (s.dim()) lengths.push_back(s.size(0));
  }
  return pack(pad_sequence(sequences), std::move(lengths), false, enforce_sorted);
}
std::vector<Tensor> unpack_sequence(const PackedSequence& sequence) {
  auto [padded, lengths] = pad_packed_sequence(sequence);
  return unpad_sequence(padded, lengths);
}

}  // namespace lazuli::nn::utils::rnn
