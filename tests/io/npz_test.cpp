#include "lazuli/io/npz.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;

namespace {
StateDict arrays() {
  manual_seed(1);
  return {{"weight", randn({3, 5})},
          {"layer/0", arange(4)},
          {"empty", zeros({0, 2})},
          {"number", full({}, 2.5, kFloat64)},
          {"flag", ones({2}).to(kBool)}};
}
}  // namespace

TEST_CASE("Archives of NumPy arrays come back as they were saved", "[io]") {
  TemporaryFolder folder;
  for (bool compressed : {false, true}) {
    save_npz(arrays(), folder.file("a.npz"), compressed);
    const StateDict read = load_npz(folder.file("a.npz"));
    const StateDict expected = arrays();
    REQUIRE(read.size() == expected.size());
    auto it = read.begin();
    for (const auto& [name, t] : expected) {
      CHECK(it->first == name);  // in their order
      CHECK(it->second.dtype() == t.dtype());
      CHECK(equal(it->second, t));
      ++it;
    }
  }
  save_npz({{"zeros", zeros({100000})}}, folder.file("small.npz"), true);
  CHECK(test::read_bytes(folder.file("small.npz")).size() < 5000);
  CHECK(load_npz(folder.file("small.npz")).at("zeros").sum().item<double>() == 0);
  save_npz({}, folder.file("none.npz"));
  CHECK(load_npz(folder.file("none.npz")).empty());
}

TEST_CASE("An archive that cannot be is not written", "[io]") {
  TemporaryFolder folder;
  const Tensor t = ones({2});
  CHECK(says(error_of([&] { save_npz(StateDict(std::vector<StateDict::Entry>{{"a", t}, {"a", t}}), folder.file("a")); }), "'a' twice"));
  CHECK(says(error_of([&] { save_npz({{std::string("a\0b", 3), t}}, folder.file("a")); }), "zero bytes"));
  CHECK(says(error_of([&] { save_npz({{"a", t.to(kBFloat16)}}, folder.file("a")); }), "NumPy has"));
  CHECK(says(error_of([&] { save_npz({{"a", t}}, folder.file("no/where")); }), "No such file"));
  CHECK(folder.count() == 0);
}

TEST_CASE("An archive that is wrong is told of", "[io]") {
  TemporaryFolder folder;
  save_npz({{"a", arange(100)}}, folder.file("stored"));
  save_npz({{"a", arange(100)}}, folder.file("packed"), true);
  const std::string stored = test::read_bytes(folder.file("stored")), packed = test::read_bytes(folder.file("packed"));
  const auto told = [&](const std::string& bytes) {
    const std::string path = folder.write("a.npz", bytes);
    return error_of([&] { load_npz(path); });
  };
  const auto changed = [&](std::string bytes, size_t at, std::string_view to) {
    bytes.replace(at, to.size(), to);
    return told(bytes);
  };
  const size_t directory = stored.rfind("PK\1\2"), end = stored.rfind("PK\5\6"), packed_directory = packed.rfind("PK\1\2");
  CHECK(told(stored) == "no error");
  CHECK(told(packed) == "no error");
  CHECK(told(stored + std::string("\0", 0)) == "no error");
  CHECK(says(told(""), "a ZIP archive"));
  CHECK(says(told(stored.substr(0, stored.size() - 1)), "without its end record"));
  CHECK(says(told(std::string(100000, 'x')), "without its end record"));
  CHECK(says(changed(stored, directory - 1, "\x7f"), "the checksum of 'a.npy'"));
  CHECK(says(changed(packed, 60, "\xff\xff\xff\xff"), "a.npy"));
  CHECK(says(changed(stored, end + 10, "\x09"), "at most 1 entries"));
  CHECK(says(changed(stored, end + 16, "\xff\xff\xff\x7f"), "a directory within"));
  CHECK(says(changed(stored, end + 16, "\xff\xff\xff\xff"), "64-bit end record"));
  CHECK(says(changed(stored, directory + 8, "\1"), "not encrypted"));
  CHECK(says(changed(stored, directory + 10, "\x0c"), "by method 12"));
  CHECK(says(changed(stored, directory + 20, "\xff\xff\xff\x7f"), "the data of 'a.npy' within"));
  CHECK(says(changed(stored, directory + 42, "\x07"), "other bytes"));
  CHECK(says(changed(packed, packed_directory + 24, "\xff\xff\xff\x7f"), "than its data can make"));
  CHECK(says(changed(packed, packed_directory + 24, std::string_view("\x10\0\0\0", 4)), "16 bytes of 'a.npy'"));
  // A small file that would be any amount of memory: entries with the same bytes.
  save_npz({{"a", arange(100)}, {"b", arange(100)}}, folder.file("two"));
  const std::string two = test::read_bytes(folder.file("two"));
  CHECK(says(changed(two, two.rfind("PK\1\2") + 42, std::string_view("\0\0\0\0", 4)), "each byte in one entry"));
}
