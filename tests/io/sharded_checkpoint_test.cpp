#include "lazuli/io/sharded_checkpoint.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;

namespace {

/// Threads of this process as the processes of a job.
class Threads {
 public:
  explicit Threads(int size) : texts_(size_t(size)) {}
  std::vector<std::string> errors_of(const std::function<void(const Ranks&)>& f) {
    std::vector<std::string> errors(texts_.size());
    std::vector<std::thread> threads;
    for (int r = 0; r < int(texts_.size()); ++r)
      threads.emplace_back([&, r] {
        errors[size_t(r)] = error_of([&] { f({r, int(texts_.size()), [this, r](const std::string& own) { return exchange(r, own); }}); });
      });
    for (std::thread& t : threads) t.join();
    return errors;
  }

 private:
  std::vector<std::string> exchange(int rank, const std::string& own) {
    std::unique_lock lock(mutex_);
    texts_[size_t(rank)] = own;
    const int round = round_;
    if (++arrived_ == int(texts_.size())) {
      all_ = texts_;
      arrived_ = 0;
      ++round_;
      changed_.notify_all();
    } else {
      changed_.wait(lock, [&] { return round_ != round; });
    }
    return all_;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_, all_;
  int arrived_ = 0, round_ = 0;
};

StateDict some(double scale) {
  return {{"a", arange(60000).to(kFloat32).view({200, 300}) * scale}, {"b", full({}, 7, kInt64)}, {"c", ones({3}, kBool)}, {"none", zeros({0, 4})}};
}
bool same(const StateDict& a, const StateDict& b) {
  bool all = a.size() == b.size();
  for (const auto& [name, t] : a) all = all && b.contains(name) && equal(t, b.at(name)) && t.dtype() == b.at(name).dtype();
  return all;
}
int files_in(const std::string& folder) {
  return int(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("what three processes write together any process reads, whole and in parts", "[io]") {
  TemporaryFolder folder;
  const StateDict state = some(1);
  Threads job(3);
  for (double scale : {1.0, 2.0}) {  // the second takes the first one's place
    const StateDict now = some(scale);
    for (const std::string& error : job.errors_of([&](const Ranks& r) {
           save_sharded(shared_out(now, r.rank, r.size), folder.file("run"), r, {{"step", "12"}});
         }))
      REQUIRE(error == "no error");
    const ShardedCheckpoint saved(folder.file("run"));
    REQUIRE(same(saved.state_dict(), now));
    REQUIRE(saved.metadata().at("step") == "12");
    REQUIRE(equal(saved.read("a", 19990, 40010), now.at("a").flatten().slice(0, 19990, 40010)));
    REQUIRE(saved.read("a", 5, 5).numel() == 0);
    REQUIRE(files_in(folder.file("run")) == 4);  // three files and the index
  }
  // One process is no other case.
  save_sharded(shared_out(state, 0, 1), folder.file("run"));
  REQUIRE(same(ShardedCheckpoint(folder.file("run")).state_dict(), state));
  REQUIRE(files_in(folder.file("run")) == 2);
  REQUIRE(ShardedCheckpoint::exists(folder.file("run")));
  REQUIRE_FALSE(ShardedCheckpoint::exists(folder.file("run"), "other"));
}

TEST_CASE("where one process cannot write, all have the Error and the former checkpoint stays", "[io]") {
  TemporaryFolder folder;
  const StateDict before = some(1);
  Threads job(3);
  job.errors_of([&](const Ranks& r) { save_sharded(shared_out(before, r.rank, r.size), folder.path(), r); });
  const int files = files_in(folder.path());
  auto refused = [&](const std::function<ShardedState(const Ranks&)>& parts, const std::string& expected) {
    for (const std::string& error : job.errors_of([&](const Ranks& r) { save_sharded(parts(r), folder.path(), r); })) REQUIRE(says(error, expected));
    REQUIRE(same(ShardedCheckpoint(folder.path()).state_dict(), before));
    REQUIRE(files_in(folder.path()) == files);
  };
  refused(
      [&](const Ranks& r) {
        ShardedState parts = shared_out(some(3), r.rank, r.size);
        if (r.rank == 1) parts.add("mine", zeros({2}, kComplex128));
        return parts;
      },
      "(rank 1)");
  refused(
      [&](const Ranks& r) {
        ShardedState parts;
        parts.add("gap", {{30}, 10 * r.rank, zeros({r.rank == 1 ? 9 : 10})});
        return parts;
      },
      "every element of 'gap' once");
  refused(
      [&](const Ranks&) {
        ShardedState parts;
        parts.add("twice", zeros({4}));
        return parts;
      },
      "every element of 'twice' once");
  refused(
      [&](const Ranks& r) {
        ShardedState parts;
        parts.add("form", {{30}, 10 * r.rank, zeros({10}, r.rank == 2 ? kFloat64 : kFloat32)});
        return parts;
      },
      "'form' of one form");
}

TEST_CASE("a sharded checkpoint that is none, or was changed, is an Error with the file's name", "[io]") {
  TemporaryFolder folder;
  REQUIRE(says(error_of([&] { ShardedCheckpoint none(folder.path()); }), "model.sharded.json"));
  auto index = [&](const std::string& text) {
    folder.write("model.sharded.json", text);
    return error_of([&] { ShardedCheckpoint(folder.path()).state_dict(); });
  };
  REQUIRE(says(index("nothing"), "text that is no JSON"));
  REQUIRE(says(index(R"({"more": [[[[[[1]]]]]], "tensors": []})"), "at most 6 levels"));
  REQUIRE(index(R"({"more": [[[[[1]]]]], "text": "[[[[[\"[[[[[\\", "tensors": []})") == "no error");  // brackets in texts are no levels
  REQUIRE(says(index(R"({"tensors": [{"name": "a"}]})"), "a name, sizes and pieces"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [-1], "pieces": []}]})"), "a number for a size"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [4294967296, 4294967296], "pieces": []}]})"), "sizes that fit memory"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [2], "pieces": []}]})"), "2 elements of 'a'"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [2], "pieces": [{"file": "../x", "begin": 0, "end": 2}]}]})"), "files beside the index"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [2], "pieces": [{"file": "x", "begin": 1, "end": 2}]}]})"), "pieces without gaps"));
  save_safetensors({{"a", ones({3})}}, folder.file("x"));
  REQUIRE(says(index(R"({"tensors": [{"name": "a", "sizes": [2], "pieces": [{"file": "x", "begin": 0, "end": 2}]}]})"), "2 elements of 'a'"));
  REQUIRE(says(index(R"({"tensors": [{"name": "b", "sizes": [2], "pieces": [{"file": "x", "begin": 0, "end": 2}]}]})"), "got none"));
  REQUIRE(index(R"({"tensors": [{"name": "a", "sizes": [3], "pieces": [{"file": "x", "begin": 0, "end": 3}]}]})") == "no error");
  const ShardedCheckpoint good(folder.path());
  REQUIRE(says(error_of([&] { good.read("z"); }), "'z'"));
  REQUIRE(says(error_of([&] { good.read("a", 1, 4); }), "[1, 4)"));
  ShardedState parts;
  REQUIRE(says(error_of([&] { parts.add("a", {{2}, 1, zeros({2})}); }), "ShardedState.add"));
}
