// mlp_train on the example's backend: its losses beside the CPU's, who served its kernel calls, and whether the device's memory is out of the host's reach.
#include <lazuli/core/plugin.h>
#include <lazuli/lazuli.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace lazuli;

namespace {

void check(bool good, const std::string& what) {
  if (good) return;
  std::printf("failed: %s\n", what.c_str());
  std::exit(1);
}

std::string big_endian(uint32_t v) { return {char(v >> 24), char(v >> 16), char(v >> 8), char(v)}; }

// Ten kinds of images, each bright in two rows of its own, with noise.
void write_images(const std::string& prefix, uint32_t count, uint32_t noise) {
  std::string pixels = big_endian(0x803) + big_endian(count) + big_endian(28) + big_endian(28), labels = big_endian(0x801) + big_endian(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t c = i * 7 % 10;
    labels += char(c);
    for (uint32_t at = 0; at < 784; ++at) {
      noise = noise * 1664525 + 1013904223;
      pixels += char(at / 56 == c + 2 ? 255 - (noise >> 26) : noise >> 26);
    }
  }
  std::ofstream(prefix + "-images-idx3-ubyte", std::ios::binary) << pixels;
  std::ofstream(prefix + "-labels-idx1-ubyte", std::ios::binary) << labels;
}

std::string output_of(const std::string& options) {
  const std::string command =
      std::string(MLP_TRAIN) + " --data data --hidden 32,16 --batch 64 --lr 0.01 --seed 5 --threads 2 " + options + " >out 2>err";
  const int status = std::system(command.c_str());
  std::stringstream out, err;
  out << std::ifstream("out").rdbuf();
  err << std::ifstream("err").rdbuf();
  check(status == 0, command + "\n" + out.str() + err.str());
  return out.str();
}

std::vector<double> losses_in(const std::string& text) {
  std::vector<double> losses;
  for (size_t at = 0; (at = text.find("  loss ", at)) != std::string::npos; ++at) losses.push_back(std::strtod(text.c_str() + at + 7, nullptr));
  return losses;
}

}  // namespace

int main() {
  std::filesystem::create_directories("data");
  write_images("data/train", 64 * 25, 1);
  write_images("data/t10k", 100, 2);

  const std::string island = std::string("--device island --backend ") + ISLAND + " ",
                    steps = "--epochs 1 --scheduler none --print-losses 20 --save ";
  const std::string text = output_of(island + steps + "from_island --kernel-counts");
  const std::vector<double> ours = losses_in(text), theirs = losses_in(output_of(steps + "from_cpu"));
  check(ours.size() == 20 && theirs.size() == 20, "20 losses were asked for:\n" + text);
  for (size_t i = 0; i < 20; ++i)
    check(std::fabs(ours[i] - theirs[i]) <= 1e-4 * std::max(1.0, theirs[i]),
          "step " + std::to_string(i + 1) + ": loss " + std::to_string(ours[i]) + " on the island, " + std::to_string(theirs[i]) + " on the CPU");
  check(ours.back() < 0.5 * ours.front(), "the loss does not fall:\n" + text);

  // device, composite, cpu of each kernel
  std::map<std::string, std::array<long, 3>> counts;
  std::istringstream table(text.substr(text.find("\nkernel ")));
  std::string line, name;
  std::getline(table, line);
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream row(line);
    std::array<long, 3> c{};
    if (row >> name >> c[0] >> c[1] >> c[2]) counts[name] = c;
  }
  check(counts["matmul"][0] > 100 && counts["matmul"][2] == 0, "products ran on the device:\n" + text);
  check(counts["batch_norm"][1] == 25 * 2 + 2 && counts["adam"][1] > 0 && counts["cross_entropy"][1] > 0,
        "what the device lacks ran as composites:\n" + text);
  check(counts["gather"][2] > 0 && counts["gather"][0] == 0, "what has no composite ran on the CPU:\n" + text);
  std::printf("%s", text.substr(text.find("\nkernel ")).c_str());

  // A checkpoint goes from one device to another.
  check(output_of("--epochs 2 --scheduler none --resume from_island").find("epoch  2/2") != std::string::npos,
        "the CPU goes on from the device's checkpoint");
  check(output_of(island + "--epochs 2 --scheduler none --resume from_cpu").find("epoch  2/2") != std::string::npos,
        "the device goes on from the CPU's checkpoint");

  // Reading the device's memory from the host ends the process, as with a real device; asking the backend does not.
  load_backend(ISLAND);
  const Tensor x = ones({8}).to(Device("island"));
  check((x + x).cpu().to_vector<float>() == std::vector<float>(8, 2), "1 + 1 on the device");
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    _exit(*static_cast<volatile float*>(x.address()) == 1 ? 1 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  check(WIFSIGNALED(status), "a stray read of device memory is caught");

  std::puts("backend: ok");
}
