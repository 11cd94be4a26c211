#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fuzz {

/// What a program of this folder is asked for on its command line.
struct Task {
  uint64_t seed = 1, start = 0, count = 1000;
  std::string only = {};     // of the operators or formats
  bool here = false;         // in this process, for a debugger
  uint64_t most_wrong = 20;  // stops after so many
  // What each may take: of processor time, and more than there was at the beginning.
  double seconds = 10;
  int64_t bytes = int64_t(2) << 30;
};
/// Reads `--seed S --start K --NOUN N --only NAME --here --most-wrong M`; ends the program with a line of help for anything else.
Task parse_task(int argc, char** argv, std::string_view noun);

/// What the watched process writes where the watching one reads it: the number it is at and what that is, as text.
class Note {
 public:
  void begin(uint64_t number);
  void describe(std::string_view text);
  uint64_t number() const { return number_.load(); }
  const char* text() const { return text_; }

 private:
  friend uint64_t watch(const Task&, std::string_view, const std::function<std::string(uint64_t, Note&)>&);
  std::atomic<uint64_t> number_{0}, wrong_{0};
  char text_[8192] = {};
};

/// Calls `one(number, note)` for every number of the task in a process of its own, and in another one for the rest where that ends. Tells on stderr of each number at which it
/// returns a text (what is wrong), throws anything, ends the process, takes more than it may, or does nothing for five minutes. Returns how many there were.
uint64_t watch(const Task& task, std::string_view program, const std::function<std::string(uint64_t, Note&)>& one);

}  // namespace fuzz
