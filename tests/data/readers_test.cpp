#include <cmath>
#include <filesystem>
#include <sstream>

#include "lazuli/data/data.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;

namespace {
CsvTable table_of(const TemporaryFolder& folder, const std::string& text, const CsvOptions& options = {}) {
  return read_csv(folder.write("t.csv", text), options);
}
}  // namespace

TEST_CASE("A table's columns get the first type that all their values fit, and missing values are told", "[data]") {
  TemporaryFolder folder;
  const CsvTable t = table_of(folder,
                              "id,price,sold,name,note\r\n"
                              "1,2.5,true,\"a, \"\"b\"\"\",NA\r\n"
                              "2,,false,c,\r\n"
                              "-3,1e3,TRUE,\"two\nlines\",x");
  CHECK(t.rows() == 3);
  CHECK(t.names() == Texts{"id", "price", "sold", "name", "note"});
  CHECK(t.type("id") == CsvType::Int64);
  CHECK(equal(t["id"], tensor({1, 2, -3})));
  CHECK(t.type("price") == CsvType::Float64);
  CHECK(t["price"].to_vector<double>()[2] == 1000);
  CHECK(std::isnan(t["price"].to_vector<double>()[1]));
  CHECK(equal(t.missing("price"), tensor({false, true, false})));
  CHECK(equal(t["sold"], tensor({true, false, true})));
  CHECK(t.texts("name") == Texts{"a, \"b\"", "c", "two\nlines"});
  CHECK(equal(t.missing("note"), tensor({true, true, false})));
  CHECK(t.texts("note") == Texts{"", "", "x"});
  const auto [codes, names] = t.categories("note");
  CHECK(names == Texts{"x"});
  CHECK(equal(codes, tensor({-1, -1, 0})));
  const Tensor all = t.to_tensor({"id", "price"}, kFloat32, 7.0);
  CHECK(equal(all, tensor({{1.f, 2.5f}, {2.f, 7.f}, {-3.f, 1000.f}})));
  CHECK(t.to_tensor().sizes() == Shape{3, 3});
  CHECK(says(error_of([&] { t.to_tensor({"price"}, kInt64); }), "a number for the missing values of 'price'"));
  CHECK(says(error_of([&] { t["name"]; }), "expected a column of numbers, got 'name', which has texts"));
  CHECK(says(error_of([&] { t["nome"]; }), "one of the columns id, price, sold, name, note, got 'nome'"));
}

TEST_CASE("Numbers before a text or a bool make a column of texts, and quoted numbers are texts", "[data]") {
  TemporaryFolder folder;
  const CsvTable t = table_of(folder, "a,b,c,d\n1,1,\"1\",9223372036854775808\ntrue,2.5,2,1\n");
  CHECK(t.type("a") == CsvType::Text);
  CHECK(t.type("b") == CsvType::Float64);
  CHECK(t.type("c") == CsvType::Text);
  CHECK(t.type("d") == CsvType::Float64);
  CHECK(table_of(folder, "a\nNA\nNA").type("a") == CsvType::Float64);
}

TEST_CASE("Delimiters, headers, comments and types of a table may be given", "[data]") {
  TemporaryFolder folder;
  const CsvTable t =
      table_of(folder, "made by hand\n# c\n1;2\n\n3;?\n",
               {.delimiter = ';', .header = false, .skip_rows = 1, .comment = '#', .missing = {"?"}, .types = {{"0", CsvType::Float64}}});
  CHECK(t.names() == Texts{"0", "1"});
  CHECK(t.type("0") == CsvType::Float64);
  CHECK(equal(t["1"], tensor({2, 0})));
  CHECK(equal(t.missing("1"), tensor({false, true})));
  CHECK(table_of(folder, "").columns() == 0);
  CHECK(table_of(folder, "a,b\n").rows() == 0);
}

TEST_CASE("A wrong table is an error that names the line", "[data]") {
  TemporaryFolder folder;
  CHECK(says(error_of([&] { table_of(folder, "a,b\n1,\"x\ny\"\n1,2,3\n"); }), "expected 2 values in line 4"));
  CHECK(says(error_of([&] { table_of(folder, "a,b\n1,\"x\n"); }), "a quote that ends in line 2"));
  CHECK(says(error_of([&] { table_of(folder, "a,b\n1,\"x\"y\n"); }), "a delimiter after a quoted value in line 2"));
  CHECK(says(error_of([&] { table_of(folder, "a,a\n1,2\n"); }), "each column's name once in line 1"));
  CHECK(says(error_of([&] { table_of(folder, "a\n1\nx\n", {.types = {{"a", CsvType::Int64}}}); }), "a value of type Int64 for 'a' in line 3"));
  CHECK(says(error_of([&] { table_of(folder, "a\n1\n", {.types = {{"b", CsvType::Int64}}}); }), "one of the columns a, got 'b'"));
}

TEST_CASE("CIFAR's records become images and labels", "[data]") {
  TemporaryFolder folder;
  const auto record = [](int label, char first) { return std::string(1, char(label)) + std::string(1, first) + std::string(3071, '\x07'); };
  for (int b = 1; b <= 5; ++b) folder.write("data_batch_" + std::to_string(b) + ".bin", record(b, char(b)) + record(9, char(10 * b)));
  const data::CIFAR10 train(folder.path());
  CHECK(train.size() == 10);
  CHECK(train.data().sizes() == Shape{10, 3, 32, 32});
  CHECK(train.data()[2][0][0][0].item<int>() == 2);
  CHECK(train.data()[3][0][0][0].item<int>() == 20);
  CHECK(train.data()[3][2][31][31].item<int>() == 7);
  CHECK(train.target().to_vector<int64_t>() == std::vector<int64_t>{1, 9, 2, 9, 3, 9, 4, 9, 5, 9});
  CHECK(data::CIFAR10::classes()[3] == "cat");
  CHECK(says(error_of([&] { data::CIFAR10(folder.path(), data::CIFAR10::Split::Test); }), "a folder with test_batch.bin"));
  folder.write("test_batch.bin", record(10, 0));
  CHECK(says(error_of([&] { data::CIFAR10(folder.path(), data::CIFAR10::Split::Test); }), "labels below 10"));
  folder.write("test_batch.bin", record(1, 0) + "x");
  CHECK(says(error_of([&] { data::CIFAR10(folder.path(), data::CIFAR10::Split::Test); }), "records of 3073 bytes"));
  std::filesystem::create_directory(folder.file("cifar-100-binary"));
  folder.write("cifar-100-binary/train.bin", "\x03" + record(99, 1) + "\x13" + record(0, 2));
  using data::CIFAR100;
  CHECK(CIFAR100(folder.path()).target().to_vector<int64_t>() == std::vector<int64_t>{99, 0});
  CHECK(CIFAR100(folder.path(), CIFAR100::Split::Train, CIFAR100::Labels::Coarse).target().to_vector<int64_t>() == std::vector<int64_t>{3, 19});
}

TEST_CASE("Lines of a text are examples", "[data]") {
  TemporaryFolder folder;
  const std::string path = folder.write("t.txt", "one\r\n\ntwo \xc3\xa9\nlast");
  CHECK(data::read_lines(path) == Texts{"one", "", "two \xc3\xa9", "last"});
  const data::TextLines lines(path, true);
  CHECK(lines.size() == 3);
  CHECK(lines.get(1) == "two \xc3\xa9");
  CHECK(says(error_of([&] { lines.get(3); }), "a line in [0, 3), got 3"));
  std::vector<Texts> batches;
  for (Texts& batch : data::DataLoader(lines, {.batch_size = 2})) batches.push_back(batch);
  CHECK(batches == std::vector<Texts>{{"one", "two \xc3\xa9"}, {"last"}});
  CHECK(data::read_lines(folder.write("e.txt", "")).empty());
}

TEST_CASE("Images in folders are examples, a folder a class", "[data]") {
  TemporaryFolder folder;
  for (const char* name : {"dog", "cat", "cat/more"}) std::filesystem::create_directory(folder.file(name));
  const auto gray = [](int value) { return "P5 2 1 255\n" + std::string(2, char(value)); };
  folder.write("dog/b.pgm", gray(3));
  folder.write("dog/a.PGM", gray(2));
  folder.write("cat/more/z.pgm", gray(1));
  folder.write("cat/notes.txt", "no image");
  data::ImageFolder set(folder.path(), {.transform = [](const Tensor& image) { return image.to(kFloat32) * 2; }});
  CHECK(set.classes() == Texts{"cat", "dog"});
  CHECK(set.class_to_idx("dog") == 1);
  CHECK(set.size() == 3);
  for (auto& [image, label] : data::DataLoader(set, {.batch_size = 3, .workers = 2})) {
    CHECK(image.sizes() == Shape{3, 3, 1, 2});
    CHECK(image.select(1, 2).select(2, 0).flatten().to_vector<float>() == std::vector<float>{2, 4, 6});
    CHECK(equal(label, tensor({0, 1, 1})));
  }
  folder.write("dog/b.pgm", "P5 2 2 255\n" + std::string(3, 'x'));
  CHECK(says(error_of([&] { set.get(2); }), "dog/b.pgm"));
  std::filesystem::create_directory(folder.file("empty"));
  CHECK(says(error_of([&] { data::ImageFolder(folder.path()); }), "empty', got none"));
  CHECK(says(error_of([&] { data::ImageFolder(folder.file("nowhere")); }), "to read"));
}

TEST_CASE("a table prints its columns", "[data]") {
  TemporaryFolder folder;
  std::ostringstream text;
  text << table_of(folder, "a,b\n1,x\n,y\n");
  CHECK(text.str() == "CsvTable(rows=2\n  a: Int64, 1 missing\n  b: Text\n)");
}
