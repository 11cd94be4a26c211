#include "lazuli/io/safetensors_index.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;

TEST_CASE("A model in several files comes back by its index", "[io]") {
  TemporaryFolder folder;
  manual_seed(1);
  const StateDict state{{"a", randn({10})}, {"b", randn({100})}, {"c", randn({5})}, {"d", randn({5})}};
  save_sharded_safetensors(state, folder.path(), 60);
  CHECK(folder.count() == 4);  // a, b, and c with d; and the index
  const StateDict read = load_sharded_safetensors(folder.file("model.safetensors.index.json"));
  REQUIRE(read.size() == 4);
  auto it = read.begin();
  for (const auto& [name, t] : state) {
    CHECK(it->first == name);
    CHECK(equal(it->second, t));
    ++it;
  }
  CHECK(load_safetensors(folder.file("model-00003-of-00003.safetensors")).size() == 2);
  TemporaryFolder one;
  save_sharded_safetensors(state, one.path());
  CHECK(one.count() == 1);
  CHECK(load_safetensors(one.file("model.safetensors")).size() == 4);
}

TEST_CASE("An index that is wrong is told of", "[io]") {
  TemporaryFolder folder;
  save_safetensors({{"a", ones({2})}}, folder.file("s.safetensors"));
  const auto told = [&](const std::string& text) {
    const std::string path = folder.write("index.json", text);
    return error_of([&] { load_sharded_safetensors(path); });
  };
  CHECK(told(R"({"weight_map": {"a": "s.safetensors"}})") == "no error");
  CHECK(says(told(R"({"weight_map": {"b": "s.safetensors"}})"), "'b' in 's.safetensors'"));
  CHECK(says(told(R"({"weight_map": {"a": "../s.safetensors"}})"), "files beside the index"));
  CHECK(says(told(R"({"weight_map": {"a": "none"}})"), "No such file"));
  CHECK(says(told(R"({"weight_map": {"a": 3}})"), "a file for 'a'"));
  CHECK(says(told(R"({"weight_map": 3})"), "weight_map"));
  CHECK(says(told("nonsense"), "no JSON"));
  CHECK(says(told(""), "no JSON"));
  CHECK(says(told(std::string(100000, '[')), "at most 4 levels in '" + folder.file("index.json")));
}
