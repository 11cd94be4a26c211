#include "lazuli/io/npy.h"

#include <filesystem>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;

namespace {

// A file as NumPy writes it: `dict` padded to a multiple of 64, then the elements.
std::string npy(std::string dict, std::string_view elements, int version = 1) {
  const size_t before = version == 1 ? 10 : 12;
  dict.append(63 - (before + dict.size()) % 64, ' ');
  dict += '\n';
  std::string file = "\x93NUMPY";
  file += char(version);
  file += '\0';
  for (size_t i = 0; i < before - 8; ++i) file += char(dict.size() >> (8 * i));
  return file + dict + std::string(elements);
}
template <class T>
std::string raw(std::vector<T> values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

}  // namespace

TEST_CASE("NumPy arrays of every dtype come back as they were saved", "[io]") {
  TemporaryFolder folder;
  manual_seed(1);
  for (DType d : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kFloat32, kFloat64, kComplex64, kComplex128})
    for (Shape sizes : {Shape{}, Shape{3}, Shape{2, 0, 4}, Shape{2, 3, 4}}) {
      const Tensor t = is_complex(d) ? complex(randn(sizes, kFloat64), randn(sizes, kFloat64)).to(d) : randint(2, sizes).to(d);
      save_npy(t, folder.file("a.npy"));
      const Tensor read = load_npy(folder.file("a.npy"));
      CHECK(read.dtype() == d);
      CHECK(read.sizes() == sizes);
      CHECK(equal(read, t));
    }
  save_npy(arange(6).view({2, 3}).t(), folder.file("t.npy"));
  CHECK(load_npy(folder.file("t.npy")).to_vector<int64_t>() == std::vector<int64_t>{0, 3, 1, 4, 2, 5});
  CHECK(error_of([&] { save_npy(ones({2}).to(kBFloat16), folder.file("b.npy")); }) ==
        "save_npy: argument 'tensor': expected a dtype that NumPy has, got bfloat16");
  CHECK(folder.count() == 2);
}

TEST_CASE("What is written is byte for byte what NumPy writes", "[io]") {
  TemporaryFolder folder;
  save_npy(arange(4).to(kFloat32).view({2, 2}), folder.file("a.npy"));
  CHECK(test::read_bytes(folder.file("a.npy")) == npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", raw<float>({0, 1, 2, 3})));
  save_npy(ones({3}).to(kBool), folder.file("b.npy"));
  CHECK(test::read_bytes(folder.file("b.npy")) == npy("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", "\1\1\1"));
}

TEST_CASE("Fortran order, the other byte order and later versions are read", "[io]") {
  TemporaryFolder folder;
  const auto load = [&](const std::string& bytes) { return load_npy(folder.write("a.npy", bytes)); };
  const Tensor fortran = load(npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }", raw<int32_t>({0, 3, 1, 4, 2, 5})));
  CHECK(fortran.sizes() == Shape{2, 3});
  CHECK(fortran.to_vector<int32_t>() == std::vector<int32_t>{0, 1, 2, 3, 4, 5});
  CHECK(load(npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", std::string("\1\2\3\4", 4))).to_vector<int16_t>() ==
        std::vector<int16_t>{0x0102, 0x0304});
  CHECK(load(npy("{'shape': (), 'fortran_order': False, 'descr': '<f8'}", raw<double>({2.5}), 2)).item<double>() == 2.5);
  CHECK(load(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1L,), }", raw<double>({2.5}), 3)).sizes() == Shape{1});
  Tensor loaded = load(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", raw<float>({1, 2})));
  loaded.fill_(7);  // memory only
  CHECK(load_npy(folder.file("a.npy")).to_vector<float>() == std::vector<float>{1, 2});
}

TEST_CASE("Rows of a NumPy file are read when they are asked for", "[io]") {
  TemporaryFolder folder;
  const Tensor x = arange(12).to(kInt16).view({4, 3});
  save_npy(x, folder.file("x.npy"));
  const NpyFile file(folder.file("x.npy"));
  CHECK(file.dtype() == kInt16);
  CHECK(file.sizes() == Shape{4, 3});
  CHECK(equal(file.read(1, 3), x.narrow(0, 1, 2)));
  CHECK(file.read(4, 4).sizes() == Shape{0, 3});
  const NpyFile swapped(folder.write("s.npy", npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", std::string("\1\2\3\4", 4))));
  CHECK(swapped.read(1, 2).item<int>() == 0x0304);
  for (auto [begin, end] : {std::pair(-1, 2), std::pair(3, 2), std::pair(0, 5)})
    CHECK(says(error_of([&] { file.read(begin, end); }), "a range within the 4 rows"));
  CHECK(says(error_of([&] { NpyFile(folder.write("f.npy", npy("{'descr': '<i2', 'fortran_order': True, 'shape': (1, 1), }", "ab"))); }),
             "Fortran order"));
  CHECK(says(error_of([&] { NpyFile(folder.write("n.npy", npy("{'descr': '<i2', 'fortran_order': False, 'shape': (), }", "ab"))); }), "a number"));
  std::filesystem::resize_file(folder.file("x.npy"), std::filesystem::file_size(folder.file("x.npy")) - 1);
  CHECK(says(error_of([&] { file.read(3, 4); }), "it was shortened meanwhile"));
  CHECK(says(error_of([&] { NpyFile(folder.file("x.npy")); }), "24 bytes for the shape"));
}

TEST_CASE("A NumPy file that is wrong is told of before anything is allocated", "[io]") {
  TemporaryFolder folder;
  const auto told = [&](const std::string& bytes) {
    const std::string path = folder.write("a.npy", bytes);
    return error_of([&] { load_npy(path); });
  };
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", two = raw<float>({1, 2});
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string dict = good;
    dict.replace(dict.find(from), from.size(), to);
    return told(npy(dict, two));
  };
  CHECK(told(npy(good, two)) == "no error");
  CHECK(says(told(""), "a NumPy array"));
  CHECK(says(told("hello world"), "a NumPy array"));
  CHECK(says(told(npy(good, two, 9)), "version"));
  CHECK(says(told(npy(good, two).substr(0, 60)), "a header within 60 bytes"));
  CHECK(says(told(npy(good, two.substr(1))), "8 bytes for the shape [2] in '"));
  CHECK(says(told(npy(good, two + "x")), "8 bytes"));
  CHECK(says(with("(2,)", "(999999999999,)"), "bytes for the shape"));
  CHECK(says(with("(2,)", "(9999999999, 9999999999)"), "fit memory"));
  CHECK(says(with("(2,)", "(99999999999999999999,)"), "64 bits"));
  CHECK(says(with("(2,)", "(-2,)"), "a size"));
  CHECK(says(with("(2,)", "2"), "'('"));
  CHECK(says(with("'<f4'", "'|O'"), "never unpickled"));
  CHECK(says(with("'<f4'", "'<u2'"), "a dtype that Lazuli has"));
  CHECK(says(with("'<f4'", "[('a', '<f4')]"), "records"));
  CHECK(says(with("'<f4'", "''"), "a dtype"));
  CHECK(says(with("False", "false"), "False"));
  CHECK(says(with("'descr': '<f4'", "'shape': (2,)"), "once each"));
  CHECK(says(with(", }", ", 'more': 1}"), "once each"));
  CHECK(says(told(npy("{'descr': '<f4', 'shape': (2,), }", two)), "descr, fortran_order and shape"));
  CHECK(says(told(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", "\1\2")), "only 0 and 1"));
  CHECK(says(error_of([&] { load_npy(folder.file("none")); }), "No such file"));
}
