// Loaders: 10,000 PNG files with augmentation, and tensors in memory. bench/torch_loaders.py reads the same files with PyTorch's.
#include <cstdlib>
#include <filesystem>

#include "lazuli/bench/bench.h"
#include "lazuli/data/transforms/transforms.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

namespace {

constexpr int kImages = 10000, kClasses = 10, kSide = 96;

// Smooth pictures with a little noise, which PNG makes as much smaller as it does photographs. They stay for the next run, and for the peer's.
std::string folder_of_images() {
  namespace fs = std::filesystem;
  const char* given = std::getenv("BENCH_IMAGES");
  const fs::path root = given ? fs::path(given) : fs::temp_directory_path() / "bench_images";
  const fs::path complete = root.string() + ".complete";  // beside the classes it would be one
  if (fs::exists(complete)) return root.string();
  for (int i = 0; i < kImages; ++i) {
    const fs::path folder = root / ("class" + std::to_string(i % kClasses));
    fs::create_directories(folder);
    const Tensor smooth = interpolate(rand({1, 3, 6, 6}), {.size = {kSide, kSide}, .mode = "bilinear"})[0];
    write_png((smooth * 240 + rand({3, kSide, kSide}) * 12).to(kUInt8), (folder / (std::to_string(i) + ".png")).string());
  }
  fs::create_directory(complete);
  return root.string();
}

// Examples in a second, the median over BENCH_REPEATS epochs after a first one.
template <class Loader>
void examples_per_second(const Options& options, const std::string& metric, Loader& loader, int64_t examples) {
  std::vector<double> rates;
  for (int epoch = 0; epoch <= int(environment("BENCH_REPEATS", 5)); ++epoch) {
    const double begin = now();
    int64_t seen = 0;
    for (auto& batch : loader) seen += batch.data.size(0);
    if (seen != examples) fail("loaders", "loader", std::to_string(examples) + " examples", std::to_string(seen));
    if (epoch > 0) rates.push_back(double(examples) / (now() - begin));
  }
  emit(options, metric, median(rates), "samples/s");
}

}  // namespace

void loaders(const Options& options) {
  using namespace data::transforms;
  data::ImageFolder images(folder_of_images(), {.transform = Compose{RandomResizedCrop(64), RandomHorizontalFlip(), ConvertImageDtype(),
                                                                     Normalize({0.485, 0.456, 0.406}, {0.229, 0.224, 0.225})}});
  data::DataLoader from_files(std::move(images), {.batch_size = 64, .shuffle = true, .workers = options.threads});
  examples_per_second(options, "png_folder", from_files, kImages);

  const int64_t rows = 60000;
  data::TensorDataset rows_of(randn({rows, 784}), randint(10, {rows}));
  data::DataLoader in_memory(std::move(rows_of), {.batch_size = 64, .shuffle = true});
  examples_per_second(options, "tensors", in_memory, rows);
}

}  // namespace bench
