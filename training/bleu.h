#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lazuli::training {

struct BLEUOptions {
  int64_t max_n = 4;
  /// Adds one to the counts of two and more tokens (Lin and Och, 2004, https://aclanthology.org/C04-1072), so that a few short texts do not give 0.
  bool smooth = false;
};

/// How much of translations stands in their references, over a whole corpus (Papineni et al., 2002, https://aclanthology.org/P02-1040): the geometric mean of the shares of n-grams, n up
/// to `max_n`, each counted at most as often as in a reference, times exp(1 - reference length / length) where translations are the shorter. Of several references the nearest in length
/// counts, the shorter of two as near. From 0 to 1.
class BLEU {
 public:
  using Tokens = std::vector<std::string>;
  /// Throws Error for max_n below 1.
  explicit BLEU(const BLEUOptions& options = {});
  /// One translation and its references. Throws Error for no reference.
  void update(const Tokens& translation, const std::vector<Tokens>& references);
  /// Texts cut at white space.
  void update(const std::string& translation, const std::vector<std::string>& references);
  double compute() const;
  void reset();

 private:
  BLEUOptions options_;
  std::vector<int64_t> matches_, possible_;
  int64_t length_ = 0, reference_length_ = 0;
};

}  // namespace lazuli::training
