#include "lazuli/data/dataset.h"

#include <filesystem>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

void write_set(const TemporaryFolder& folder, const std::string& prefix, uint32_t count, bool packed = false) {
  std::string pixels(count * 28 * 28, '\0'), labels;
  for (uint32_t i = 0; i < count; ++i) {
    pixels[i * 784] = char(i);
    labels += char(i % 10);
  }
  std::string images = idx(8, {count, 28, 28}, pixels), classes = idx(8, {count}, labels);
  folder.write(prefix + "-images-idx3-ubyte" + (packed ? ".gz" : ""), packed ? gzip(images) : images);
  folder.write(prefix + "-labels-idx1-ubyte" + (packed ? ".gz" : ""), packed ? gzip(classes) : classes);
}

struct Squares : data::Dataset<> {
  int64_t size() const override { return 5; }
  data::Example get(int64_t i) const override { return {ones({2}) * double(i * i), i == 4 ? Tensor() : zeros({}) + double(i)}; }
};

}  // namespace

TEST_CASE("TensorDataset gives rows and batches", "[data]") {
  data::TensorDataset set(arange(12).view({4, 3}), arange(4));
  CHECK(set.size() == 4);
  CHECK(set.get(2).data.to_vector<int>() == std::vector<int>{6, 7, 8});
  CHECK(set.get(2).target.item<int>() == 2);
  data::Example batch = set.get_batch(tensor({3, 0}));
  CHECK(batch.data.to_vector<int>() == std::vector<int>{9, 10, 11, 0, 1, 2});
  CHECK(batch.target.to_vector<int>() == std::vector<int>{3, 0});
  CHECK(!data::TensorDataset(arange(3)).get(0).target.defined());
  CHECK_THROWS_AS(set.get(4), Error);
  CHECK_THROWS_AS(set.get_batch(tensor({4})), Error);
  CHECK(says(error_of([] { data::TensorDataset(zeros({})); }), "a first dimension"));
  CHECK(says(error_of([] { data::TensorDataset(zeros({3}), zeros({2})); }), "3 rows"));
}

TEST_CASE("A dataset of single examples is stacked", "[data]") {
  Squares set;
  data::Example batch = set.get_batch(tensor({3, 1}));
  CHECK(batch.data.to_vector<int>() == std::vector<int>{9, 9, 1, 1});
  CHECK(batch.target.to_vector<int>() == std::vector<int>{3, 1});
  CHECK(says(error_of([&] { set.get_batch(tensor({3, 4})); }), "in each example of a batch or in none"));
}

TEST_CASE("MNIST's files, plain and packed", "[data]") {
  for (bool packed : {false, true}) {
    TemporaryFolder folder;
    write_set(folder, "train", 12, packed);
    write_set(folder, "t10k", 3, packed);
    data::MNIST train(folder.path()), test(folder.path(), data::MNIST::Split::Test);
    CHECK(train.data().sizes() == Shape{12, 28, 28});
    CHECK(train.data().dtype() == kUInt8);
    CHECK(train.target().dtype() == kInt64);
    CHECK(train.target()[11].item<int>() == 1);
    CHECK(test.size() == 3);
    CHECK(data::FashionMNIST(folder.path()).size() == 12);
  }
  CHECK(data::FashionMNIST::classes().size() == 10);
  CHECK(data::MNIST::classes()[7] == "7");
}

TEST_CASE("MNIST's files that are missing or of another form", "[data]") {
  TemporaryFolder folder;
  auto message = [&] { return error_of([&] { data::MNIST set(folder.path()); }); };
  CHECK(says(message(), "train-images-idx3-ubyte"));
  CHECK(says(message(), folder.path()));
  CHECK(says(error_of([&] { data::FashionMNIST(folder.file("none")); }), "FashionMNIST"));
  write_set(folder, "train", 4);
  std::filesystem::remove(folder.file("train-labels-idx1-ubyte"));
  CHECK(says(message(), "train-labels-idx1-ubyte"));
  folder.write("train-labels-idx1-ubyte", idx(8, {3}, "\1\1\1"));
  CHECK(says(message(), "4 train labels"));
  folder.write("train-labels-idx1-ubyte", idx(8, {4}, "\1\1\1\12"));
  CHECK(says(message(), "labels below 10"));
  folder.write("train-labels-idx1-ubyte", idx(8, {4, 1}, "\1\1\1\1"));
  CHECK(says(message(), "4 train labels"));
  folder.write("train-images-idx3-ubyte", idx(8, {4, 784}, std::string(4 * 784, 'x')));
  CHECK(says(message(), "three dimensions"));
  folder.write("train-images-idx3-ubyte", idx(8, {0, 28, 28}, ""));
  CHECK(says(message(), "three dimensions"));
  folder.write("train-images-idx3-ubyte", idx(8, {4, 28, 28}, "x"));
  CHECK(says(message(), "bytes of elements"));
}

TEST_CASE("The real Fashion-MNIST, where it is installed", "[data]") {
  if (!std::filesystem::exists(data::FashionMNIST::default_folder())) {
    WARN("skipped: no data set installed");
    return;
  }
  data::FashionMNIST test(data::FashionMNIST::default_folder(), data::MNIST::Split::Test);
  CHECK(test.data().sizes() == Shape{10000, 28, 28});
  CHECK(bincount(test.target()).to_vector<int>() == std::vector<int>(10, 1000));
  CHECK(test.target()[0].item<int>() == 9);
}

namespace {
struct Elsewhere : data::TensorDataset {
  using data::TensorDataset::TensorDataset;
  Device index_device() const override { return kMeta; }
  data::Example get_batch(const Tensor& indices) const override {
    CHECK(indices.device().is_meta());
    return {indices, {}};
  }
};
}  // namespace

TEST_CASE("a loader takes the indices to where the dataset wants them", "[data]") {
  CHECK(data::TensorDataset(ones({2})).index_device() == kCPU);
  data::DataLoader loader(Elsewhere(ones({7, 2})), {.batch_size = 3});
  int batches = 0;
  for (auto& [x, y] : loader) {
    CHECK(x.device().is_meta());
    ++batches;
  }
  CHECK(batches == 3);
}
