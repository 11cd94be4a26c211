#include "lazuli/training/bleu.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>

#include "lazuli/core/error.h"

namespace lazuli::training {

namespace {

using Counts = std::map<BLEU::Tokens, int64_t>;

Counts n_grams(const BLEU::Tokens& tokens, size_t n) {
  Counts counts;
  for (size_t i = 0; i + n <= tokens.size(); ++i) ++counts[BLEU::Tokens(tokens.begin() + long(i), tokens.begin() + long(i + n))];
  return counts;
}

BLEU::Tokens words(const std::string& text) {
  std::istringstream in(text);
  BLEU::Tokens tokens;
  for (std::string word; in >> word;) tokens.push_back(word);
  return tokens;
}

}  // namespace

BLEU::BLEU(const BLEUOptions& options) : options_(options) {
  if (options.max_n < 1) fail("BLEU", "max_n", "at least 1", std::to_string(options.max_n));
  reset();
}

void BLEU::reset() {
  matches_.assign(size_t(options_.max_n), 0);
  possible_.assign(size_t(options_.max_n), 0);
  length_ = reference_length_ = 0;
}

void BLEU::update(const Tokens& translation, const std::vector<Tokens>& references) {
  if (references.empty()) fail("BLEU", "references", "at least one", "none");
  const int64_t length = int64_t(translation.size());
  int64_t nearest = -1;
  for (const Tokens& reference : references) {
    const int64_t other = int64_t(reference.size()), far = std::abs(other - length), best = std::abs(nearest - length);
    if (nearest < 0 || far < best || (far == best && other < nearest)) nearest = other;
  }
  length_ += length;
  reference_length_ += nearest;
  for (size_t n = 1; n <= matches_.size(); ++n) {
    Counts most;
    for (const Tokens& reference : references)
      for (const auto& [gram, count] : n_grams(reference, n)) most[gram] = std::max(most[gram], count);
    for (const auto& [gram, count] : n_grams(translation, n)) {
      const auto found = most.find(gram);
      if (found != most.end()) matches_[n - 1] += std::min(count, found->second);
      possible_[n - 1] += count;
    }
  }
}

void BLEU::update(const std::string& translation, const std::vector<std::string>& references) {
  std::vector<Tokens> cut;
  for (const std::string& reference : references) cut.push_back(words(reference));
  update(words(translation), cut);
}

double BLEU::compute() const {
  double sum = 0;
  for (size_t i = 0; i < matches_.size(); ++i) {
    const int64_t more = options_.smooth && i > 0;
    if (matches_[i] + more == 0 || possible_[i] + more == 0) return 0;
    sum += std::log(double(matches_[i] + more) / double(possible_[i] + more));
  }
  const double brevity = length_ >= reference_length_ ? 0 : 1 - double(reference_length_) / double(length_);
  return std::exp(brevity + sum / double(matches_.size()));
}

}  // namespace lazuli::training
