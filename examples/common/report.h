#pragma once
#include "lazuli/lazuli.h"
#include "run.h"

namespace examples {

/// Loss and accuracy over a whole set, and each image's predicted class.
struct Evaluation {
  double loss = 0, accuracy = 0;
  lazuli::Tensor predicted;
};
Evaluation evaluate(lazuli::nn::Module& model, const lazuli::Tensor& images, const lazuli::Tensor& labels);

/// Ends an epoch of `batch` images a step that measured "loss" and "correct": a line of what it gave, and a point on each curve.
void end_epoch(Run& run, const Evaluation& test, int64_t epochs, int64_t batch);
/// Draws these curves.
void plot_training(const Run& run, const std::string& path);

/// The accuracy of each class, and a few wrongly read images as text.
void print_report(const Evaluation& evaluation, const lazuli::data::MNIST& test, int64_t examples = 3);

}  // namespace examples
