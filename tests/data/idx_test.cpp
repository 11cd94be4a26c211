#include "lazuli/data/idx.h"

#include <cmath>

#include <sys/stat.h>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::test;
using namespace std::string_literals;

namespace {

/// The error of reading these bytes, which has to be of kind File and name the file.
std::string refused(std::string_view bytes) {
  TemporaryFolder folder;
  std::string path = folder.write("data.idx", bytes);
  try {
    Tensor t = read_idx(path);
    return "no error, but sizes " + to_string(t.sizes());
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::File);
    CHECK(error.op() == "read_idx");
    CHECK_THAT(error.what(), Contains(path));
    return error.what();
  }
}
bool says(const std::string& text, const char* part) {
  if (text.find(part) != std::string::npos) return true;
  UNSCOPED_INFO("the text is: " << text);
  return false;
}

}  // namespace

TEST_CASE("IDX files of every element type, plain and packed", "[data]") {
  TemporaryFolder folder;
  auto both = [&](const std::string& bytes, auto check) {
    check(read_idx(folder.write("plain", bytes)));
    check(read_idx(folder.write("packed.gz", gzip(bytes))));
  };
  both(idx(0x08, {2, 3}, "\x00\x01\x02\xfd\xfe\xff"s), [](const Tensor& t) {
    CHECK(t.dtype() == kUInt8);
    CHECK(t.sizes() == Shape{2, 3});
    CHECK(t.to_vector<int>() == std::vector<int>{0, 1, 2, 253, 254, 255});
  });
  both(idx(0x09, {3}, "\x7f\x80\xff"s), [](const Tensor& t) {
    CHECK(t.dtype() == kInt8);
    CHECK(t.to_vector<int>() == std::vector<int>{127, -128, -1});
  });
  both(idx(0x0b, {2}, "\x01\x02\xff\xfe"s), [](const Tensor& t) {
    CHECK(t.dtype() == kInt16);
    CHECK(t.to_vector<int>() == std::vector<int>{258, -2});
  });
  both(idx(0x0c, {1, 1, 2}, "\x01\x02\x03\x04\xff\xff\xff\xfd"s), [](const Tensor& t) {
    CHECK(t.dtype() == kInt32);
    CHECK(t.sizes() == Shape{1, 1, 2});
    CHECK(t.to_vector<int>() == std::vector<int>{0x01020304, -3});
  });
  both(idx(0x0d, {2}, "\x3f\xc0\x00\x00\x7f\x80\x00\x00"s), [](const Tensor& t) {
    CHECK(t.dtype() == kFloat32);
    CHECK(t.to_vector<float>() == std::vector<float>{1.5f, INFINITY});
  });
  both(idx(0x0e, {1}, "\xc0\x04\x00\x00\x00\x00\x00\x00"s), [](const Tensor& t) {
    CHECK(t.dtype() == kFloat64);
    CHECK(t.to_vector<double>() == std::vector<double>{-2.5});
  });
  both(idx(0x08, {}, "\x07"s), [](const Tensor& t) {
    CHECK(t.dim() == 0);
    CHECK(t.item<int>() == 7);
  });
  both(idx(0x08, {0, 28, 28}, ""), [](const Tensor& t) { CHECK(t.sizes() == Shape{0, 28, 28}); });
}

TEST_CASE("IDX files larger than one read of the unpacker", "[data]") {
  std::string elements(3'000'001, 'x');
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = char(i * 2654435761u >> 13);
  TemporaryFolder folder;
  Tensor plain = read_idx(folder.write("plain", idx(0x08, {3'000'001}, elements))),
         packed = read_idx(folder.write("packed", gzip(idx(0x08, {3'000'001}, elements))));
  CHECK(equal(plain, packed));
  CHECK(plain[2'999'999].item<int>() == uint8_t(elements[2'999'999]));
}

TEST_CASE("IDX files that are cut short, corrupt or hostile are refused", "[data]") {
  std::string good = idx(0x08, {2, 3}, "abcdef");
  SECTION("cut at every length") {
    for (size_t n = 0; n < good.size(); ++n) CHECK(says(refused(good.substr(0, n)), "expected"));
  }
  SECTION("left-over bytes") { CHECK(says(refused(good + "x"), "6 bytes of elements")); }
  SECTION("not of this format") {
    CHECK(says(refused("\x01\x00\x08\x01"s + big_endian(1) + "x"), "two zero bytes"));
    CHECK(says(refused("hello, world"), "two zero bytes"));
  }
  SECTION("element type") {
    for (int code : {0x00, 0x07, 0x0a, 0x0f, 0xff}) CHECK(says(refused(idx(uint8_t(code), {1}, "x")), ("code " + std::to_string(code)).c_str()));
  }
  SECTION("sizes beyond the file, before memory for them is taken") {
    reset_peak_memory_stats();
    int64_t before = memory_stats().peak_allocated;
    CHECK(says(refused(idx(0x08, {0xffffffff}, "abc")), "4294967295 bytes of elements"));
    CHECK(says(refused(idx(0x0e, {0xffffffff, 0xffffffff}, "abc")), "sizes whose product fits memory"));
    CHECK(says(refused(idx(0x08, {0xffffffff, 0xffffffff, 0xffffffff, 0}, "abc")), "sizes whose product fits memory"));
    CHECK(says(refused(idx(0x08, {0, 0xffffffff, 0xffffffff, 0xffffffff}, "")), "sizes whose product fits memory"));
    CHECK(says(refused(idx(0x08, std::vector<uint32_t>(255, 2), "abc")), "sizes whose product fits memory"));
    CHECK(says(refused("\x00\x00\x08\xff"s), "255 sizes"));
    CHECK(memory_stats().peak_allocated - before < 1 << 20);
  }
}

TEST_CASE("Packed IDX files that are cut short, corrupt or hostile are refused", "[data]") {
  std::string elements;
  for (int i = 0; i < 6000; ++i) elements += char(i * i >> 3);
  std::string good = gzip(idx(0x08, {6000}, elements));
  SECTION("cut at many lengths") {
    for (size_t n = 2; n < good.size(); n += n < 40 || n + 20 > good.size() ? 1 : 97) {
      INFO(n << " of " << good.size());
      CHECK(says(refused(good.substr(0, n)), "expected"));
    }
  }
  SECTION("a wrong byte in the data or the check sum") {
    for (size_t at : {good.size() / 2, good.size() - 8, good.size() - 2}) {
      std::string bad = good;
      bad[at] = char(bad[at] ^ 0x55);
      CHECK(says(refused(bad), "expected"));
    }
  }
  SECTION("header of the packing") {
    std::string bad = good;
    bad[2] = 9;  // no known method
    CHECK(says(refused(bad), "expected"));
  }
  SECTION("more inside than the sizes say") {
    CHECK(says(refused(gzip(idx(0x08, {5}, "abcdef"))), "at most 13 bytes"));
    CHECK(says(refused(gzip(idx(0x08, {7}, "abcdef"))), "7 bytes of elements"));
  }
  SECTION("sizes that packed data of this length cannot have") {
    reset_peak_memory_stats();
    int64_t before = memory_stats().peak_allocated;
    CHECK(says(refused(gzip(idx(0x08, {0xffffffff}, "abc"))), "at most"));
    CHECK(memory_stats().peak_allocated - before < 1 << 20);
  }
  SECTION("a bomb: far more data than its sizes say") {
    CHECK(says(refused(gzip(idx(0x08, {10}, std::string(50'000'000, 'x')))), "at most 18 bytes"));
  }
  SECTION("nothing inside") { CHECK(says(refused(gzip("")), "an IDX header")); }
}

TEST_CASE("IDX paths that are no files", "[data]") {
  TemporaryFolder folder;
  auto message = [](const std::string& path) -> std::string {
    try {
      read_idx(path);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::File);
      return error.what();
    }
    return "no error";
  };
  CHECK(says(message(folder.file("none")), "No such file"));
  CHECK(says(message(folder.path()), "a regular file"));
  std::string pipe = folder.file("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(says(message(pipe), "a regular file"));
  CHECK(says(message("/dev/zero"), "a regular file"));
}
