// A dataset of one's own: lines "label,text" of a file, texts of different lengths padded to a batch. A small network learns the labels.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>

#include "common/run.h"

using namespace lazuli;

namespace {

struct Line {
  Tensor letters;  // int64 [length]
  int64_t label = 0;
};
struct Lines {     // a batch
  Tensor letters;  // [n, longest], padded with 0
  Tensor labels;   // [n]
};

/// The lines of a file; labels are the numbers of the words in front of the commas, in the order in which they come.
class LabelledLines : public data::Dataset<Line, Lines> {
 public:
  explicit LabelledLines(const std::string& path) {
    std::ifstream file(path);
    if (!file) fail(ErrorKind::File, "custom_dataset", "--lines", "a file that can be read", "'" + path + "'");
    for (std::string line; std::getline(file, line);) {
      const size_t comma = line.find(',');
      if (comma == std::string::npos || comma + 1 == line.size())
        fail(ErrorKind::File, "custom_dataset", "--lines", "lines \"label,text\"", "'" + line + "'");
      const std::string label = line.substr(0, comma);
      const auto known = std::find(labels_.begin(), labels_.end(), label);
      lines_.emplace_back(known - labels_.begin(), line.substr(comma + 1));
      if (known == labels_.end()) labels_.push_back(label);
    }
  }
  int64_t size() const override { return int64_t(lines_.size()); }
  /// Any number of workers may call this at once.
  Line get(int64_t index) const override {
    const auto& [label, text] = lines_[size_t(index)];
    Tensor letters = empty({int64_t(text.size())}, kInt64);
    std::transform(text.begin(), text.end(), letters.data_ptr<int64_t>(), [](char c) { return int64_t(uint8_t(c)); });
    return {letters, label};
  }
  /// Texts have different lengths, so a batch is put together here.
  Lines collate(std::vector<Line> lines) const override {
    int64_t longest = 0;
    for (const Line& line : lines) longest = std::max(longest, line.letters.size(0));
    Lines batch{zeros({int64_t(lines.size()), longest}, kInt64), empty({int64_t(lines.size())}, kInt64)};
    for (size_t i = 0; i < lines.size(); ++i) {
      batch.letters[int64_t(i)].narrow(0, 0, lines[i].letters.size(0)).copy_(lines[i].letters);
      batch.labels[int64_t(i)].fill_(lines[i].label);
    }
    return batch;
  }
  const std::vector<std::string>& labels() const { return labels_; }

 private:
  std::vector<std::pair<int64_t, std::string>> lines_;
  std::vector<std::string> labels_;
};

/// The mean of the vectors of a text's letters, then a layer.
struct Net : nn::Module {
  nn::Child<nn::Embedding> letters{this, "letters", 256, 16, nn::EmbeddingOptions{.padding_idx = 0}};
  nn::Child<nn::Linear> head;
  explicit Net(int64_t classes) : head(this, "head", 16, classes) {}
  Tensor forward(const Tensor& text) { return head(letters(text).sum(1) / text.ne(0).sum(1, true).to(kFloat32)); }
};

int run(const std::string& path, int workers) {
  manual_seed(1);
  auto lines = std::make_shared<const LabelledLines>(path);
  std::printf("%ld lines with %zu labels\n", long(lines->size()), lines->labels().size());
  Net net(int64_t(lines->labels().size()));
  optim::Adam adam(net.parameters(), {.lr = 0.05});
  data::DataLoader loader(lines, {.batch_size = 8, .shuffle = true, .workers = workers});
  int64_t right = 0;
  for (int64_t epoch = 0; epoch < 30; ++epoch) {
    right = 0;
    for (auto& [text, labels] : loader.epoch(epoch)) {
      adam.zero_grad();
      const Tensor scores = net(text);
      cross_entropy(scores, labels).backward();
      adam.step();
      right += scores.argmax(1).eq(labels).sum().item<int64_t>();
    }
  }
  std::printf("after 30 epochs %.1f %% of the lines are right\n", 100 * double(right) / double(lines->size()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Learns the labels of a file's lines, \"label,text\"."};
  std::string path;
  int workers = 2;
  examples::BasicOptions basic;
  app.add_option("--lines", path, "the file")->required()->check(CLI::ExistingFile);
  app.add_option("--workers", workers, "threads that read batches ahead")->check(CLI::Range(0, 64));
  examples::add_basic_options(app, basic);
  examples::parse(app, "custom_dataset", argc, argv);
  basic.apply();
  return examples::guarded("custom_dataset", [&] { return run(path, workers); });
}
