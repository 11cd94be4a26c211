#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "tests/examples/program.h"

namespace lazuli::test {

Program::Program(std::string name, std::vector<std::pair<std::string, std::string>> usual) : name_(std::move(name)), usual_(std::move(usual)) {
  usual_.emplace_back("--threads", "1");
}

pid_t Program::start(const Strings& options, long file_limit) const {
  const std::string path = LAZULI_BINARY_DIR "/examples/" + name_;
  Strings all = launcher_;
  all.push_back(path);
  for (auto& [name, value] : usual_)
    if (std::find(options.begin(), options.end(), name) == options.end()) all.insert(all.end(), {name, value});
  all.insert(all.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (std::string& o : all) arguments.push_back(o.data());
  arguments.push_back(nullptr);
  std::string out = file("out"), err = file("err");
  pid_t child = fork();
  if (child) return child;
  dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
  if (file_limit) {
    signal(SIGXFSZ, SIG_IGN);
    rlimit most{rlim_t(file_limit), rlim_t(file_limit)};
    setrlimit(RLIMIT_FSIZE, &most);
  }
  execvp(arguments[0], arguments.data());
  _exit(126);
}

Outcome Program::finish(pid_t child) const {
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_bytes(file("out")), read_bytes(file("err"))};
}

void Program::check_refused(const Outcome& o, const std::string& part) const {
  CHECK(o.code == 1);
  CHECK(has(o.err, part));
  CHECK(has(o.err.substr(0, name_.size() + 2), name_ + ": "));
  CHECK(std::count(o.err.begin(), o.err.end(), '\n') == 1);
}

void Program::check_refusals(const std::vector<Strings>& options) const {
  for (const Strings& o : options) {
    INFO(o[0] << ' ' << o.back());
    check_refused(run(o));
  }
  for (const Strings& o : std::vector<Strings>{{"--device", "nowhere"},
                                               {"--backend", "/none/there.so"},
                                               {"--print-losses", "-1"},
                                               {"--threads", "-1"},
                                               {"--lr", "-1"},
                                               {"--epochs", "0"},
                                               {"--unknown"},
                                               {"stray"},
                                               {"--save", "/none/there/c"},
                                               {"--plot", "/none/there/p.png"},
                                               {"--resume", file("none")}}) {
    INFO(o[0] << ' ' << o.back());
    check_refused(run(o));
  }
  const Outcome help = run({"--help"});
  CHECK(help.code == 0);
  CHECK(has(help.out, "--resume"));
}

void Program::check_resumes(const Strings& options, int stop_after) const {
  auto with = [&](Strings more) {
    more.insert(more.end(), options.begin(), options.end());
    return run(more);
  };
  INFO("stopped at step " << stop_after << " of a run with " << options[0] << ' ' << options[1] << " ... " << options.back());
  const Outcome whole = with({"--save", file("whole")});
  INFO(whole.err);
  REQUIRE(whole.code == 0);
  const Outcome stopped = with({"--save", file("part"), "--stop-after", std::to_string(stop_after)});
  CHECK(stopped.code == 130);
  CHECK(has(stopped.err, "stopped at step " + std::to_string(stop_after) + ", saved to "));
  const Outcome resumed = with({"--resume", file("part"), "--save", file("rest")});
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(has(resumed.out, ", step " + std::to_string(stop_after) + "\n"));
  const bool same = read_bytes(file("whole")) == read_bytes(file("rest"));
  CHECK(same);
  Strings other = options;
  other.insert(other.end(), {"--resume", file("part"), "--lr", "0.125"});
  check_refused(run(other), "lr 0.125");
}

ImageFiles::ImageFiles(uint32_t train, uint32_t test) {
  auto write = [&](const std::string& prefix, uint32_t count, uint32_t noise) {
    std::string pixels, labels;
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t c = i * 7 % 10;
      labels += char(c);
      for (uint32_t at = 0; at < 784; ++at) {
        noise = noise * 1664525 + 1013904223;
        pixels += char(at / 28 / 2 == c + 2 ? 255 - (noise >> 26) : noise >> 26);
      }
    }
    folder_.write(prefix + "-images-idx3-ubyte", idx(8, {count, 28, 28}, pixels));
    folder_.write(prefix + "-labels-idx1-ubyte", idx(8, {count}, labels));
  };
  write("train", train, 1);
  write("t10k", test, 2);
}

bool has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  UNSCOPED_INFO("the text is: " << text);
  return false;
}

std::vector<double> losses_in(const std::string& text, const std::string& name) {
  std::vector<double> losses;
  const std::string word = "  " + name + " ";
  for (size_t line = text.rfind("step ", 0) == 0 ? 0 : text.find("\nstep "); line != std::string::npos; line = text.find("\nstep ", line + 1))
    losses.push_back(std::stod(text.substr(text.find(word, line) + word.size())));
  return losses;
}

void check_falls(const std::vector<double>& losses, size_t count, double factor) {
  REQUIRE(losses.size() >= 2 * count);
  const double first = std::accumulate(losses.begin(), losses.begin() + long(count), 0.0),
               last = std::accumulate(losses.end() - long(count), losses.end(), 0.0);
  CHECK(last < factor * first);
}

bool is_png(const std::string& path) { return read_bytes(path).substr(0, 6) == "\x89PNG\r\n"; }

}  // namespace lazuli::test
