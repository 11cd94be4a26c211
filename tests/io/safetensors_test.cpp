#include "lazuli/io/safetensors.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::test;
using namespace std::string_literals;

namespace {

std::string refused(std::string_view bytes) {
  TemporaryFolder folder;
  std::string path = folder.write("data.safetensors", bytes);
  try {
    load_safetensors(path);
    return "no error";
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::File);
    CHECK_THAT(error.what(), Contains(path));
    return error.what();
  }
}
std::string refused(std::string_view header, std::string_view data) { return refused(safetensors(header, data)); }

}  // namespace

TEST_CASE("safetensors: every dtype and shape comes back as it was", "[io]") {
  manual_seed(3);
  TemporaryFolder folder;
  StateDict saved;
  Tensor values = randn({3, 5}) * 10;
  for (DType d : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64})
    saved.set("x." + std::string(name(d)), (d == kUInt8 ? values.abs() : values).to(d));
  saved.set("scalar", zeros({}) + 2.5);
  saved.set("empty", zeros({0, 4}));
  saved.set("strided", values.transpose(0, 1));
  saved.set("name with \"quotes\" and \xc3\xa9", zeros({1}));
  Metadata metadata{{"format", "pt"}, {"note", "a\nb \xe2\x82\xac"}}, read;
  save_safetensors(saved, folder.file("f"), metadata);
  StateDict loaded = load_safetensors(folder.file("f"), &read);
  CHECK(loaded.size() == saved.size());
  CHECK(read == metadata);
  for (const auto& [key, t] : saved) {
    INFO(key);
    const Tensor& other = loaded.at(key);
    CHECK(other.dtype() == t.dtype());
    CHECK(other.sizes() == t.sizes());
    CHECK(equal(other, t));
  }
  // Special values keep their bits.
  Tensor special = tensor({NAN, -INFINITY, -0.0, 5e-324}, kFloat64);
  save_safetensors({{"s", special}}, folder.file("g"));
  std::vector<double> back = load_safetensors(folder.file("g")).at("s").to_vector<double>();
  CHECK(std::isnan(back[0]));
  CHECK(back[1] == -INFINITY);
  CHECK(std::signbit(back[2]));
  CHECK(back[3] == 5e-324);
  save_safetensors({}, folder.file("h"));
  CHECK(load_safetensors(folder.file("h")).empty());
}

TEST_CASE("safetensors: the layout of the file", "[io]") {
  TemporaryFolder folder;
  save_safetensors({{"b", tensor({1, 2, 3}).to(kUInt8)}, {"a", tensor({1.0, 2.0}, kFloat64)}}, folder.file("f"));
  std::string bytes = read_bytes(folder.file("f"));
  size_t header = 0;
  for (int i = 0; i < 8; ++i) header |= size_t(uint8_t(bytes[size_t(i)])) << (8 * i);
  CHECK(header % 8 == 0);
  auto json = nlohmann::json::parse(bytes.substr(8, header));
  // The widest elements come first, so that all lie aligned.
  CHECK(json["a"]["data_offsets"] == std::vector<int>{0, 16});
  CHECK(json["a"]["dtype"] == "F64");
  CHECK(json["b"]["data_offsets"] == std::vector<int>{16, 19});
  CHECK(json["b"]["shape"] == std::vector<int>{3});
  CHECK(bytes.size() == 8 + header + 19);
}

TEST_CASE("safetensors: loaded tensors are private, and stay when the file goes", "[io]") {
  TemporaryFolder folder;
  std::string path = folder.file("f");
  save_safetensors({{"x", ones({4})}}, path);
  std::string before = read_bytes(path);
  StateDict loaded = load_safetensors(path);
  Tensor x = loaded.at("x");
  x += ones({});
  CHECK(read_bytes(path) == before);
  save_safetensors({{"x", zeros({100})}}, path);
  std::filesystem::remove(path);
  CHECK(x.to_vector<float>() == std::vector<float>(4, 2));
  // A file may be saved over itself.
  save_safetensors({{"x", x}}, path);
  save_safetensors(load_safetensors(path), path);
  StateDict again = load_safetensors(path);
  CHECK(again.at("x").to_vector<float>() == std::vector<float>(4, 2));
  std::filesystem::resize_file(path, 8);  // by another program
  CHECK(again.at("x").to_vector<float>() == std::vector<float>(4, 2));
}

TEST_CASE("safetensors: single tensors and parts of them are read from an open file", "[io]") {
  TemporaryFolder folder;
  const std::string path = folder.file("f");
  const Tensor x = arange(12).to(kInt16).view({3, 4}), flags = tensor({1, 0, 1}).to(kBool);
  save_safetensors({{"flags", flags}, {"none", zeros({0, 2})}, {"x", x}}, path, {{"format", "pt"}});
  const SafetensorsFile file(path);
  CHECK(file.names().size() == 3);
  CHECK(file.contains("x"));
  CHECK_FALSE(file.contains("y"));
  CHECK(file.metadata().at("format") == "pt");
  CHECK(file.dtype("x") == kInt16);
  CHECK(file.sizes("x") == Shape{3, 4});
  CHECK(equal(file.read("x"), x));
  CHECK(equal(file.read("flags"), flags));
  CHECK(file.read("none").sizes() == Shape{0, 2});
  CHECK(equal(file.read("x", 4, 8), x[1]));
  CHECK(file.read("x", 12, 12).sizes() == Shape{0});
  CHECK(file.state_dict().size() == 3);
  const auto text = [&](int64_t begin, int64_t end) { return error_of([&] { file.read("x", begin, end); }); };
  for (const auto& told : {text(-1, 2), text(3, 2), text(0, 13)}) CHECK(says(told, "a range within the 12 elements of 'x'"));
  CHECK(says(error_of([&] { file.read("y"); }), "one of the 3 names in '" + path + "', got 'y'"));
  CHECK(says(error_of([&] { SafetensorsFile{folder.write("bad", "12345678")}; }), "SafetensorsFile"));
}

TEST_CASE("safetensors: data that lies unaligned is copied", "[io]") {
  std::string one("\x00\x00\x80\x3f", 4);
  std::string header =
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},"c":{"dtype":"C64","shape":[1],"data_offsets":[9,17]}})";
  TemporaryFolder folder;
  StateDict d = load_safetensors(folder.write("f", safetensors(header, "\x07" + one + one + one + one)));
  CHECK(d.at("a").item<int>() == 7);
  CHECK(d.at("b").to_vector<float>() == std::vector<float>{1, 1});
  CHECK(reinterpret_cast<uintptr_t>(d.at("b").address()) % 4 == 0);
  CHECK(d.at("c").dtype() == kComplex64);
}

TEST_CASE("safetensors: files that are cut short or corrupt are refused", "[io]") {
  std::string header = R"({"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", good = safetensors(header, "abcdefgh");
  TemporaryFolder folder;
  REQUIRE(load_safetensors(folder.write("good", good)).size() == 1);
  for (size_t n = 0; n < good.size(); ++n) CHECK(says(refused(good.substr(0, n)), "expected"));
  CHECK(says(refused(good + "x"), "8 bytes of data"));
  for (size_t at = 8; at < 8 + header.size(); ++at) {  // whatever one byte of the header becomes: an error or a dict, never a crash
    for (char c : {'\0', '"', '9', '-', '{', ']', '\xff'}) {
      std::string bad = good;
      bad[at] = c;
      error_of([&] { load_safetensors(folder.write("bad", bad)); });
    }
  }
}

TEST_CASE("safetensors: hostile headers are refused", "[io]") {
  SECTION("length of the header") {
    for (uint64_t n : {uint64_t(9), uint64_t(100'000'001), uint64_t(1) << 40, uint64_t(INT64_MAX), ~uint64_t(0), ~uint64_t(0) - 7}) {
      std::string bytes(reinterpret_cast<const char*>(&n), 8);
      CHECK(says(refused(bytes + "{}"), "a header within"));
    }
    CHECK(says(refused(std::string(8, '\0')), "a JSON object"));
  }
  SECTION("no JSON object") {
    for (const char* text : {"", "[]", "7", "null", "\"x\"", "{", "{\"a\":}", "{} {}", "{\"a\":1e999}", "{\"a\":{\"dtype\":\"F32\"", "{\"\xff\":1}"})
      CHECK(says(refused(text, ""), "a JSON object"));
  }
  SECTION("entries") {
    CHECK(says(refused(R"({"x":7})", ""), "an object for 'x'"));
    CHECK(says(refused(R"({"x":{}})", ""), "dtype of 'x'"));
    CHECK(says(refused(R"({"x":{"dtype":"F32","data_offsets":[0,4]}})", "abcd"), "shape of 'x'"));
    CHECK(says(refused(R"({"x":{"dtype":"F32","shape":[1]}})", "abcd"), "data_offsets of 'x'"));
    for (const char* dtype : {R"("F31")", R"("f32")", R"("")", "7", "null", "[]", R"("F8_E4M3")"})
      CHECK(says(refused(std::string(R"({"x":{"dtype":)") + dtype + R"(,"shape":[1],"data_offsets":[0,4]}})", "abcd"), "a dtype that Lazuli knows"));
  }
  SECTION("shapes") {
    auto with_shape = [](const std::string& shape) {
      return refused(R"({"x":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,4]}})", "abcd");
    };
    for (const char* s : {"[-1]", "[1.0]", "[\"1\"]", "[null]", "[true]"}) CHECK(says(with_shape(s), "an integer of at least 0"));
    for (const char* s : {"[9223372036854775807]", "[4294967296,4294967296]", "[18446744073709551615]", "[0,9223372036854775807,9223372036854775807]",
                          "[9223372036854775807,0,2]", "[4611686018427387905,2]"})
      CHECK(says(with_shape(s), "a shape whose bytes fit memory"));
    for (const char* s : {"[2]", "[0]", "[1000000]"}) CHECK(says(with_shape(s), "bytes for 'x'"));
    CHECK(says(with_shape("1"), "a shape of at most 64 dimensions"));
    std::string many = "[1";
    for (int i = 0; i < 64; ++i) many += ",1";
    CHECK(says(with_shape(many + "]"), "a shape of at most 64 dimensions"));
  }
  SECTION("offsets") {
    auto with_offsets = [](const char* offsets) {
      return refused(std::string(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":)") + offsets + "}}", "abcd");
    };
    for (const char* o : {"[4,0]", "[0,5]", "[0,18446744073709551615]", "[18446744073709551615,3]", "[4,8]"})
      CHECK(says(with_offsets(o), "offsets within the 4 bytes"));
    for (const char* o : {"[0]", "[0,4,4]", "4", "{}", "[]"}) CHECK(says(with_offsets(o), "two data_offsets"));
    for (const char* o : {"[-4,0]", "[0,4.0]", "[\"0\",\"4\"]"}) CHECK(says(with_offsets(o), "an integer of at least 0"));
    CHECK(says(with_offsets("[1,4]"), "4 bytes for 'x'"));
  }
  SECTION("overlaps and gaps") {
    auto two = [](const char* a, const char* b, const char* data) {
      return refused(
          std::string(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":)") + a + R"(},"y":{"dtype":"U8","shape":[2],"data_offsets":)" + b + "}}",
          data);
    };
    CHECK(says(two("[0,2]", "[1,3]", "abc"), "without gaps or overlaps"));
    CHECK(says(two("[0,2]", "[0,2]", "ab"), "without gaps or overlaps"));
    CHECK(says(two("[0,2]", "[3,5]", "abcde"), "without gaps or overlaps"));
    CHECK(says(two("[1,3]", "[3,5]", "abcde"), "without gaps or overlaps"));
    CHECK(says(two("[2,4]", "[0,2]", "abcdef"), "4 bytes of data"));
  }
  SECTION("names twice") {
    std::string x = R"("x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
    CHECK(says(refused("{" + x + "," + x + "}", "a"), "'x' twice"));
    CHECK(says(refused(R"({"x":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "a"), "'dtype' twice"));
    CHECK(says(refused(R"({"__metadata__":{"a":"b","a":"c"}})", ""), "'a' twice"));
  }
  SECTION("metadata") {
    CHECK(says(refused(R"({"__metadata__":7})", ""), "an object"));
    CHECK(says(refused(R"({"__metadata__":{"a":7}})", ""), "texts as metadata"));
  }
  SECTION("deep nesting") {
    CHECK(says(refused(std::string(5'000'000, '['), ""), "three levels"));
    CHECK(says(refused(R"({"x":{"dtype":)" + std::string(100'000, '[') + "}}", ""), "three levels"));
  }
  SECTION("truth values other than 0 and 1") {
    CHECK(says(refused(R"({"x":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}})", "\x00\x01\x02"s), "only 0 and 1"));
  }
}

TEST_CASE("safetensors: many tensors are read in time that grows with their number", "[io]") {
  std::string header = "{";
  for (int i = 0; i < 20'000; ++i)
    header += (i ? ",\"t" : "\"t") + std::to_string(i) + R"(":{"dtype":"U8","shape":[1],"data_offsets":[)" + std::to_string(i) + "," +
              std::to_string(i + 1) + "]}";
  TemporaryFolder folder;
  CHECK(load_safetensors(folder.write("f", safetensors(header + "}", std::string(20'000, 'a')))).size() == 20'000);
}

TEST_CASE("safetensors: what cannot be saved", "[io]") {
  TemporaryFolder folder;
  std::string path = folder.file("f");
  CHECK(says(error_of([&] { save_safetensors({{"x", zeros({1}).to(kComplex128)}}, path); }), "a dtype that the format has"));
  CHECK(says(error_of([&] { save_safetensors({{"x", Tensor()}}, path); }), "undefined"));
  CHECK(says(error_of([&] { save_safetensors({{"__metadata__", zeros({1})}}, path); }), "__metadata__"));
  CHECK(says(error_of([&] { save_safetensors({{"x", zeros({1})}, {"x", zeros({1})}}, path); }), "'x' twice"));
  CHECK(says(error_of([&] { save_safetensors({}, path, {{"a", "b"}, {"a", "c"}}); }), "'a' twice"));
  CHECK(says(error_of([&] { save_safetensors({{"\xff", zeros({1})}}, path); }), "UTF-8"));
  nn::LazyLinear lazy(3);
  CHECK(says(error_of([&] { save_safetensors(lazy.state_dict(), path); }), "nitialized"));
  CHECK(folder.count() == 0);
}

TEST_CASE("safetensors: a failed save leaves the old file and nothing else", "[io]") {
  TemporaryFolder folder;
  std::string path = folder.file("f");
  save_safetensors({{"x", ones({3})}}, path);
  std::string before = read_bytes(path);
  SECTION("full disk") {
    int status = run_with_file_limit(
        100'000,
        [](const std::string& to) {
          ThreadLimit one(1);  // OpenMP's team does not survive the fork
          try {
            save_safetensors({{"x", zeros({100'000})}}, to);
          } catch (const Error& error) {
            return error.kind() == ErrorKind::File && std::string(error.what()).find("File too large") != std::string::npos ? 7 : 8;
          }
          return 9;
        },
        path);
    CHECK(status == 7);
  }
  SECTION("no space left") {
    if (access("/dev/full", W_OK) == 0) CHECK(says(error_of([&] { save_safetensors({}, "/dev/full"); }), "a regular file"));
  }
  SECTION("path") {
    CHECK(says(error_of([&] { save_safetensors({}, folder.file("none/f")); }), "No such file"));
    CHECK(says(error_of([&] { save_safetensors({}, folder.path()); }), "a regular file"));
    CHECK(says(error_of([&] { save_safetensors({}, ""); }), "expected"));
    CHECK(says(error_of([&] { load_safetensors(folder.file("none")); }), "No such file"));
    CHECK(says(error_of([&] { load_safetensors(folder.path()); }), "a regular file"));
  }
  CHECK(read_bytes(path) == before);
  CHECK(folder.count() == 1);
}

TEST_CASE("safetensors: saving through a link keeps the link, and new files have the usual rights", "[io]") {
  TemporaryFolder folder;
  save_safetensors({{"x", ones({3})}}, folder.file("real"));
  std::filesystem::create_symlink("real", folder.file("link"));
  save_safetensors({{"x", zeros({3})}}, folder.file("link"));
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(load_safetensors(folder.file("real")).at("x").sum().item<float>() == 0);
  mode_t mask = umask(027);
  save_safetensors({}, folder.file("new"));
  umask(mask);
  struct stat status;
  REQUIRE(stat(folder.file("new").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("safetensors: a file written by another program", "[io]") {
  std::filesystem::path folder = std::filesystem::path(LAZULI_SOURCE_DIR) / "../shared/conformance/interop";
  if (!std::filesystem::exists(folder / "model.safetensors")) {
    WARN("skipped: no recorded files beside the source");
    return;
  }
  StateDict model = load_safetensors(folder / "model.safetensors");
  auto expected = nlohmann::json::parse(read_bytes(folder / "expected.json"));
  CHECK(!model.empty());
  TemporaryFolder mine;
  save_safetensors(model, mine.file("again"));
  StateDict again = load_safetensors(mine.file("again"));
  for (const auto& [key, t] : model) CHECK(equal(again.at(key), t));
}

TEST_CASE("metadata is reached by name", "[io]") {
  Metadata texts{{"a", "1"}};
  texts["b"] = "2";
  CHECK(texts.contains("b"));
  CHECK(!texts.contains("c"));
  CHECK(texts.at("a") == "1");
  CHECK(texts["c"].empty());
  CHECK(texts.size() == 3);
  CHECK(says(error_of([&] { texts.at("d"); }), "one of the names a, b, c, got 'd'"));
  CHECK(error_of([] { Metadata().at("d"); }) != "no error");
}

TEST_CASE("a cloned state dict does not change with its model", "[io]") {
  nn::Linear linear(2, 1);
  StateDict live = linear.state_dict(), kept = live.clone();
  {
    no_grad guard;
    linear.weight.fill_(7);
  }
  CHECK(live.at("weight")[0][0].item<double>() == 7);
  CHECK(kept.at("weight")[0][0].item<double>() != 7);
  CHECK(!kept.at("weight").requires_grad());
  CHECK(nn::LazyLinear(3).state_dict().clone().empty());
}
