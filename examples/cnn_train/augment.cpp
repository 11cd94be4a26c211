#include "augment.h"

using namespace lazuli;

data::Transform augment(int64_t shift, double background) {
  return [=](data::Example batch, const Generator& random) {
    const int64_t n = batch.data.size(0), h = batch.data.size(2), w = batch.data.size(3);
    const Device device = batch.data.device();
    Tensor padded = pad(batch.data.squeeze(1), {shift, shift, shift, shift}, "constant", background);  // [n, h + 2 shift, w + 2 shift]
    // Pixel (r, c) of the result is the padded one's (r + down, c + right), or its mirror image's.
    auto moves = [&] { return randint(0, 2 * shift + 1, {n, 1, 1}, {.device = device}, random); };
    Tensor rows = arange(h, {.device = device}).view({1, h, 1}) + moves();
    Tensor columns = arange(w, {.device = device}).view({1, 1, w});
    Tensor mirrored = randint(0, 2, {n, 1, 1}, {.device = device}, random).to(kBool);
    columns = where(mirrored, w - 1 - columns, columns) + moves();
    batch.data = padded.index({arange(n, {.device = device}).view({n, 1, 1}), rows, columns}).unsqueeze(1);
    return batch;
  };
}
