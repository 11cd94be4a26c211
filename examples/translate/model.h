#pragma once
#include "task.h"

struct TranslatorOptions {
  int64_t layers, heads, features;
  int64_t width;  // of source and target
};

/// An encoder-decoder Transformer (Vaswani and others 2017, https://arxiv.org/abs/1706.03762) over tokens.
struct Translator : lazuli::nn::ModuleOf<Translator> {
  lazuli::nn::Child<lazuli::nn::Embedding> tokens, positions;
  lazuli::nn::Child<lazuli::nn::Transformer> transformer;
  lazuli::nn::Child<lazuli::nn::Linear> classifier;

  explicit Translator(const TranslatorOptions& options);
  /// source [n, s], and the target as far as it is known, after kBegin [n, t] -> scores [n, t, kTokens] of what comes next at each place.
  lazuli::Tensor forward(const lazuli::Tensor& source, const lazuli::Tensor& known);

  /// The likeliest token at each place, one after the other: [n, count].
  lazuli::Tensor translate(const lazuli::Tensor& source, int64_t count);

 private:
  /// Of tokens whose first has place `first`.
  lazuli::Tensor embed(const lazuli::Tensor& text, int64_t first = 0) const;
};
