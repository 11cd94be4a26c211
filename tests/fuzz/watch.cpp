#include "tests/fuzz/watch.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <thread>

namespace fuzz {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
constexpr double kSecondsAsleep = 300;
constexpr auto kGlance = std::chrono::milliseconds(10);

struct Pages {
  int64_t all = 0, resident = 0;
};
Pages pages_of(pid_t process) {
  Pages pages;
  std::ifstream(fmt::format("/proc/{}/statm", process)) >> pages.all >> pages.resident;
  return pages;
}

double processor_seconds(pid_t process) {
  clockid_t clock;
  timespec spent = {};
  if (clock_getcpuclockid(process, &clock) == 0) clock_gettime(clock, &spent);
  return double(spent.tv_sec) + double(spent.tv_nsec) * 1e-9;
}

// Memory that the library's own limit does not see: then `new` throws std::bad_alloc, which nobody may let out.
void limit_memory(int64_t bytes) {
  if (kSanitized) return;  // its shadow memory takes terabytes of addresses
  constexpr int64_t kStacks = int64_t(1) << 30;
  const rlim_t most = rlim_t(pages_of(getpid()).all * sysconf(_SC_PAGESIZE) + bytes + kStacks);
  const rlimit limit{most, most};
  setrlimit(RLIMIT_AS, &limit);
}

std::string name_of(const std::exception& e) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(typeid(e).name(), nullptr, nullptr, &status), &std::free);
  return text ? text.get() : typeid(e).name();
}

void tell(const Task& task, std::string_view program, const Note& note, std::string_view problem) {
  fmt::print(stderr, "{} at {}\n  {}\n  again: {} --seed {} --start {} --calls 1{}{}\n", problem, note.number(), note.text(), program, task.seed,
             note.number(), task.only.empty() ? "" : " --only ", task.only);
}

}  // namespace

Task parse_task(int argc, char** argv, std::string_view noun) {
  Task task;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--here") {
      task.here = true;
      continue;
    }
    const char* value = i + 1 < argc ? argv[++i] : nullptr;
    auto number = [&] { return std::strtoull(value, nullptr, 10); };
    if (value && option == "--seed") task.seed = number();
    else if (value && option == "--start") task.start = number();
    else if (value && option == "--calls") task.count = number();
    else if (value && option == "--most-wrong") task.most_wrong = number();
    else if (value && option == "--only") task.only = value;
    else {
      fmt::print(stderr, "{} [--calls N] [--seed S] [--start K] [--only {}] [--most-wrong M] [--here]\n", argv[0], noun);
      std::exit(2);
    }
  }
  return task;
}

void Note::begin(uint64_t number) {
  text_[0] = '\0';
  number_ = number;
}
void Note::describe(std::string_view text) {
  const size_t length = std::min(text.size(), sizeof(text_) - 1);
  std::memcpy(text_, text.data(), length);
  text_[length] = '\0';
}

uint64_t watch(const Task& task, std::string_view program, const std::function<std::string(uint64_t, Note&)>& one) {
  void* shared = mmap(nullptr, sizeof(Note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  Note& note = *new (shared) Note;
  const uint64_t end = task.start + task.count;

  auto run_from = [&](uint64_t first) {
    for (uint64_t number = first; number < end && note.wrong_ < task.most_wrong; ++number) {
      note.begin(number);
      std::string problem;
      try {
        problem = one(number, note);
      } catch (const std::exception& e) { problem = "a " + name_of(e) + " came out (" + e.what() + ")"; } catch (...) {
        problem = "something that is no std::exception came out";
      }
      if (problem.empty()) continue;
      ++note.wrong_;
      tell(task, program, note, problem);
    }
  };
  if (task.here) {
    run_from(task.start);
    return note.wrong_;
  }

  for (uint64_t first = task.start; first < end && note.wrong_ < task.most_wrong;) {
    note.begin(first);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) std::abort();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      limit_memory(task.bytes);
      run_from(first);
      std::exit(0);  // where a leak is told of
    }
    uint64_t at = first;
    double spent = 0;
    int64_t resident = -1;
    auto since = std::chrono::steady_clock::now();
    std::string problem;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
      std::this_thread::sleep_for(kGlance);
      const double now = processor_seconds(child);
      const int64_t pages = pages_of(child).resident;
      if (resident < 0) resident = pages;
      if (note.number() != at) {
        at = note.number(), spent = now, since = std::chrono::steady_clock::now();
        continue;
      }
      const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - since;
      if (now - spent > task.seconds) problem = fmt::format("more than {} s of processor time", task.seconds);
      else if (waited.count() > kSecondsAsleep) problem = fmt::format("nothing for {} s", kSecondsAsleep);
      else if ((pages - resident) * sysconf(_SC_PAGESIZE) > task.bytes) problem = fmt::format("more than {} MiB of memory", task.bytes >> 20);
      if (problem.empty()) continue;
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      break;
    }
    if (problem.empty() && WIFSIGNALED(status))
      problem = fmt::format("the process ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    if (problem.empty() && WEXITSTATUS(status) != 0) problem = fmt::format("the process ended with status {}", WEXITSTATUS(status));
    if (problem.empty()) break;
    ++note.wrong_;
    tell(task, program, note, problem);
    first = note.number() + 1;
  }
  return note.wrong_;
}

}  // namespace fuzz
