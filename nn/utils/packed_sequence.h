#pragma once
#include <tuple>

#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Sequences of different lengths in one tensor, for recurrent modules that then do no work for padding.
namespace lazuli::nn::utils::rnn {

/// The steps of sequences one after another, step t of all that have one: `data` [sum of batch_sizes, ..], longest sequence first. Made by pack_padded_sequence and pack_sequence.
struct PackedSequence {
  Tensor data;
  Tensor batch_sizes;                       // int64 [t], on the CPU: how many sequences have a step t
  Tensor sorted_indices, unsorted_indices;  // int64 [n]: where each packed sequence was, and back; undefined: they came longest first
  static constexpr auto members() {
    return Members{member("data", &PackedSequence::data), member("batch_sizes", &PackedSequence::batch_sizes),
                   member("sorted_indices", &PackedSequence::sorted_indices), member("unsorted_indices", &PackedSequence::unsorted_indices)};
  }
  PackedSequence to(Device device) const;
  PackedSequence to(DType dtype) const;
};

/// The inverse of a permutation [n].
Tensor invert_permutation(const Tensor& permutation);

struct PackPaddedOptions {
  bool batch_first = false, enforce_sorted = true;
};
/// Packs input [t, n, ..] (or [n, t, ..]) of which sequence i has lengths[i] steps. `enforce_sorted`: the lengths must not grow; otherwise they are sorted here.
/// Throws Error for lengths below 1, beyond the input, or of another number than n.
PackedSequence pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first = false, bool enforce_sorted = true);
PackedSequence pack_padded_sequence(const Tensor& input, const Shape& lengths, bool batch_first = false, bool enforce_sorted = true);
/// By name: `pack_padded_sequence(x, lengths, {.batch_first = true, .enforce_sorted = false})`.
inline PackedSequence pack_padded_sequence(const Tensor& input, const Tensor& lengths, PackPaddedOptions options) {
  return pack_padded_sequence(input, lengths, options.batch_first, options.enforce_sorted);
}
inline PackedSequence pack_padded_sequence(const Tensor& input, const Shape& lengths, PackPaddedOptions options) {
  return pack_padded_sequence(input, lengths, options.batch_first, options.enforce_sorted);
}
struct PadPackedOptions {
  bool batch_first = false;
  double padding_value = 0;
  std::optional<int64_t> total_length = {};
};
/// Back: [t, n, ..] (or [n, t, ..]) with `padding_value` after each sequence's end, and the lengths, in the order in which the sequences came. t is that of the longest, or
/// `total_length`. Throws Error for a total_length below that.
std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first = false, double padding_value = 0,
                                               std::optional<int64_t> total_length = {});
inline std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, PadPackedOptions options) {
  return pad_packed_sequence(sequence, options.batch_first, options.padding_value, options.total_length);
}

/// Sequences [length, ..] as one tensor [longest, n, ..] (or [n, longest, ..]), with `padding_value` after their ends, or with padding_side "left" before their beginnings.
Tensor pad_sequence(const std::vector<Tensor>& sequences, bool batch_first = false, double padding_value = 0,
                    std::string_view padding_side = "right");
/// Back, given the lengths. Throws Error for lengths beyond the input.
std::vector<Tensor> unpad_sequence(const Tensor& padded, const Tensor& lengths, bool batch_first = false);
std::vector<Tensor> unpad_sequence(const Tensor& padded, const Shape& lengths, bool batch_first = false);
PackedSequence pack_sequence(const std::vector<Tensor>& sequences, bool enforce_sorted = true);
std::vector<Tensor> unpack_sequence(const PackedSequence& sequence);

}  // namespace lazuli::nn::utils::rnn

namespace lazuli::nn {
using utils::rnn::PackedSequence;
}
