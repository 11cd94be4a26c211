#include <cmath>

#include "lazuli/lazuli.h"
#include "lazuli/training/training.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using namespace lazuli::training;

TEST_CASE("accuracy counts classes from scores, from probabilities and as they are", "[training]") {
  Accuracy accuracy;
  CHECK(std::isnan(accuracy.compute()));
  accuracy.update(tensor({{0.1, 0.9}, {0.8, 0.2}, {0.3, 0.7}}), tensor({1, 0, 0}));
  accuracy.update(tensor({{0.1, 0.9}}), tensor({1}));
  CHECK(accuracy.compute() == Approx(0.75));
  accuracy.reset();
  accuracy.update(tensor({0.2, 0.7, 0.9}), tensor({0, 1, 0}));
  CHECK(accuracy.compute() == Approx(2.0 / 3));
  accuracy.reset();
  accuracy.update(tensor({2, 1}), tensor({2, 0}));
  CHECK(accuracy.compute() == Approx(0.5));
  Accuracy pixels;
  pixels.update(tensor({{{0.0, 1.0, 0.0}, {1.0, 0.0, 1.0}}}), tensor({{1, 0, 0}}));  // [1, 2 classes, 3]
  CHECK(pixels.compute() == Approx(2.0 / 3));
  CHECK(says(error_of([&] { pixels.update(zeros({2, 3}), tensor({1})); }), "Accuracy: argument 'predictions'"));
}

TEST_CASE("top-k, perplexity and a running mean", "[training]") {
  TopK top(2);
  top.update(tensor({{0.1, 0.5, 0.4}, {0.6, 0.3, 0.1}}), tensor({2, 2}));
  CHECK(top.compute() == Approx(0.5));
  CHECK(says(error_of([] { TopK none(0); }), "TopK: argument 'k'"));

  Perplexity perplexity;
  perplexity.update(zeros({1, 3, 8}), tensor({{1, 2, -100}}));  // eight that are equally likely, one place that does not count
  CHECK(perplexity.compute() == Approx(8));

  RunningMean mean;
  CHECK(std::isnan(mean.compute()));
  mean.update(1.0, 3);
  mean.update(full({}, 5.0), 1);
  CHECK(mean.compute() == Approx(2));
}

TEST_CASE("a confusion matrix, and precision, recall and F1 from it", "[training]") {
  const Tensor said = tensor({0, 1, 1, 2, 0, 1}), truth = tensor({0, 1, 0, 2, 0, 2});
  ConfusionMatrix matrix(3);
  matrix.update(said, truth);
  CHECK(equal(matrix.compute(), tensor({{2, 1, 0}, {0, 1, 0}, {0, 1, 1}})));
  CHECK(allclose(matrix.precision(), tensor({1.0, 1.0 / 3, 1.0}, kFloat64)));
  CHECK(allclose(matrix.recall(), tensor({2.0 / 3, 1.0, 0.5}, kFloat64)));
  CHECK(allclose(matrix.f1(), tensor({0.8, 0.5, 2.0 / 3}, kFloat64)));
  CHECK(says(error_of([&] { matrix.update(tensor({3}), tensor({0})); }), "classes below 3"));

  Precision macro(3);
  F1Score weighted(3, Average::Weighted), micro(3, Average::Micro);
  for (Meter* meter : std::vector<Meter*>{&macro, &weighted, &micro}) meter->update(said, truth);
  CHECK(macro.compute() == Approx(7.0 / 9));
  CHECK(weighted.compute() == Approx((0.8 * 3 + 0.5 + 2.0 / 3 * 2) / 6));
  CHECK(micro.compute() == Approx(4.0 / 6));
  Recall binary(2, Average::Binary);
  binary.update(tensor({0.9, 0.2, 0.6}), tensor({1, 1, 0}));
  CHECK(binary.compute() == Approx(0.5));
  CHECK(says(error_of([] { Recall wrong(3, Average::Binary); }), "more than two classes"));
}

TEST_CASE("the area under the ROC curve counts ties half", "[training]") {
  AUROC area;
  area.update(tensor({0.1, 0.4}), tensor({0, 0}));
  area.update(tensor({0.35, 0.8}), tensor({1, 1}));
  CHECK(area.compute() == Approx(0.75));
  AUROC ties;
  ties.update(tensor({0.5, 0.5, 0.5, 0.9}), tensor({0, 1, 0, 1}));
  CHECK(ties.compute() == Approx(0.75));
  AUROC classes;
  classes.update(tensor({{0.8, 0.1, 0.1}, {0.2, 0.7, 0.1}, {0.1, 0.2, 0.7}, {0.6, 0.3, 0.1}}), tensor({0, 1, 2, 1}));
  CHECK(classes.compute() == Approx(1.0));
  AUROC one;
  one.update(tensor({0.5}), tensor({1}));
  CHECK(says(error_of([&] { one.compute(); }), "AUROC"));
}

TEST_CASE("BLEU of a corpus", "[training]") {
  BLEU bleu;
  bleu.update("the cat is on the mat", {"the cat is on the mat"});
  CHECK(bleu.compute() == Approx(1));
  bleu.reset();
  // 5 of 6, 3 of 5, 1 of 4 n-grams and none of three of length four.
  bleu.update("the cat sat on the mat", {"the cat is on the mat"});
  CHECK(bleu.compute() == 0);
  BLEU three({.max_n = 3});
  three.update("the cat sat on the mat", {"the cat is on the mat"});
  CHECK(three.compute() == Approx(std::cbrt(5.0 / 6 * 3.0 / 5 * 1.0 / 4)));
  BLEU brief({.max_n = 1});
  brief.update("the the the", {"the cat is here now", "the dog the end"});  // at most twice in a reference; the nearest has four words
  CHECK(brief.compute() == Approx(std::exp(1 - 4.0 / 3) * 2 / 3));
  BLEU smooth({.max_n = 2, .smooth = true});
  smooth.update("a b", {"a c"});
  CHECK(smooth.compute() == Approx(std::sqrt(0.5 * 1.0 / 2)));
}

TEST_CASE("early stopping waits for its patience", "[training]") {
  EarlyStopping stopping({.patience = 2, .min_delta = 0.1});
  CHECK_FALSE(stopping.update(1.0));
  CHECK(stopping.improved());
  CHECK_FALSE(stopping.update(0.95));  // not by enough
  CHECK_FALSE(stopping.improved());
  CHECK_FALSE(stopping.update(0.5));
  CHECK_FALSE(stopping.update(0.6));
  CHECK(stopping.update(std::nan("")));
  CHECK(stopping.best() == 0.5);
  EarlyStopping more({.patience = 1, .maximize = true});
  CHECK_FALSE(more.update(0.5));
  CHECK_FALSE(more.update(0.6));
  CHECK(more.update(0.6));
  CHECK(says(error_of([] { EarlyStopping wrong({.patience = -1}); }), "patience"));
}
