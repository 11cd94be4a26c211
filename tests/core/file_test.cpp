#include "lazuli/core/file.h"

#include <filesystem>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

std::string bytes_of(const files::File& file, size_t offset, size_t count) {
  std::string bytes(count, '\0');
  file.read(offset, bytes);
  return bytes;
}

}  // namespace

TEST_CASE("A file is read in pieces, from any place", "[core]") {
  TemporaryFolder folder;
  std::string all;
  for (int i = 0; all.size() < 9'000'000; ++i) all += std::to_string(i);  // more than one thread's piece
  const files::File file("test", folder.write("f", all)), copy = file;
  CHECK(file.size() == all.size());
  CHECK(bytes_of(file, 0, all.size()) == all);
  CHECK(bytes_of(copy, 12'345, 678) == all.substr(12'345, 678));
  CHECK(bytes_of(file, all.size(), 0).empty());
  CHECK(files::read_file("test", file.path()).text() == all);
  CHECK(files::read_file("test", folder.write("empty", "")).size == 0);
  CHECK(says(error_of([&] { bytes_of(file, all.size() - 1, 2); }), "expected 2 bytes at "));
  CHECK(says(error_of([&] { files::File("test", folder.path()); }), "expected a regular file"));
  CHECK(says(error_of([&] { files::File("test", folder.file("none")); }), "No such file"));
}

TEST_CASE("A file that is shortened after it was opened is an Error, small or large", "[core]") {
  TemporaryFolder folder;
  for (const size_t size : {size_t(100), size_t(6) << 20}) {
    const std::string path = folder.write("f", std::string(size, 'x'));
    const files::File file("test", path);
    std::filesystem::resize_file(path, size / 2);
    CHECK(bytes_of(file, 0, size / 2) == std::string(size / 2, 'x'));
    const std::string text = error_of([&] { bytes_of(file, 10, size - 10); });
    CHECK(says(text, "test"));
    CHECK(says(text, "the " + std::to_string(size) + " bytes that '" + path + "' had when it was opened"));
    CHECK(says(text, "got " + std::to_string(size / 2) + " bytes: it was shortened meanwhile"));
  }
}

TEST_CASE("Readers that keep a file open say so when it is shortened", "[core]") {
  TemporaryFolder folder;
  const auto halve = [](const std::string& path) { std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2); };
  const std::string tensors = folder.file("f.safetensors"), lines = folder.write("lines", std::string(2'000'000, 'a') + "\nlast\n");
  save_safetensors({{"a", zeros({500'000})}, {"b", ones({500'000})}}, tensors);
  const SafetensorsFile file(tensors);
  const data::TextLines text(lines);
  halve(tensors), halve(lines);
  CHECK(file.read("a", 0, 3).to_vector<float>() == std::vector<float>(3));
  CHECK(says(error_of([&] { file.read("b"); }), "it was shortened meanwhile"));
  CHECK(says(error_of([&] { text.get(1); }), "it was shortened meanwhile"));
}
