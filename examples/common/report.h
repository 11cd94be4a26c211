#pragma once
#include "lazuli/lazuli.h"

namespace examples {

/// Loss and accuracy over a whole set, and each image's predicted class.
struct Evaluation {
  double loss = 0, accuracy = 0;
  lazuli::Tensor predicted;
};
Evaluation evaluate(lazuli::nn::Module& model, const lazuli::Tensor& images, const lazuli::Tensor& labels);

/// The accuracy of each class, and a few wrongly read images as text.
void print_report(const Evaluation& evaluation, const lazuli::data::MNIST& test, int64_t examples = 3);

}  // namespace examples
