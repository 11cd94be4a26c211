#include "task.h"

using namespace lazuli;

Pairs draw(const Task& task, int64_t n, const Generator& random) {
  const int64_t width = task.width();
  Tensor digits = randint(0, 10, {n, width}, {}, random), length = randint(task.shortest, task.longest + 1, {n, 1}, {}, random);
  Tensor place = arange(width).expand({n, width});
  auto ended = [&](const Tensor& row) { return row.masked_fill(place.eq(length), kEnd).masked_fill(place > length, kPadding); };
  Tensor source = ended(digits);
  if (task.sort) return {source, std::get<0>(sort(source, 1))};  // the end and the padding are above all digits
  return {source, ended(digits.gather(1, clamp(length - 1 - place, 0)))};
}

std::string written(const Tensor& row) {
  std::string text;
  for (int64_t token : row.to_vector<int64_t>()) {
    if (token >= kBegin) break;
    text += char('0' + token);
  }
  return text;
}
