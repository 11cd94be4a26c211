#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lazuli {
class Tensor;
namespace nn {
class Module;
}
}  // namespace lazuli

/// Where the numbers of a run go; the names are those of PyTorch's SummaryWriter.
namespace lazuli::training {

/// What a run has to tell, by tag and step. A logger that has no way to keep something leaves it out.
class Logger {
 public:
  virtual ~Logger() = default;
  virtual void add_scalar(const std::string& tag, double value, int64_t step) = 0;
  /// Several under one tag: "loss/train", "loss/test".
  void add_scalars(const std::string& tag, const std::vector<std::pair<std::string, double>>& values, int64_t step);
  /// All elements of a tensor.
  virtual void add_histogram(const std::string& /*tag*/, const Tensor& /*values*/, int64_t /*step*/) {}
  /// An image [h, w], [1, h, w] or [3, h, w], of floating point from 0 to 1 or of bytes.
  virtual void add_image(const std::string& /*tag*/, const Tensor& /*image*/, int64_t /*step*/) {}
  virtual void add_text(const std::string& /*tag*/, const std::string& /*text*/, int64_t /*step*/) {}
  /// The tree of a model's modules.
  virtual void add_graph(const nn::Module& /*model*/) {}
  /// What was added is in its files afterwards.
  virtual void flush() {}
};

/// Scalars and texts as lines "wall_time,step,tag,value" of a file; one that is there goes on.
class CSVLogger : public Logger {
 public:
  /// Throws Error (File) where the file cannot be written, or is another table.
  explicit CSVLogger(const std::string& path);
  ~CSVLogger() override;
  void add_scalar(const std::string& tag, double value, int64_t step) override;
  void add_text(const std::string& tag, const std::string& text, int64_t step) override;
  void flush() override;

 private:
  struct File;
  void line(const std::string& tag, const std::string& value, int64_t step);
  std::unique_ptr<File> file_;
};

/// TensorBoard's event files: `tensorboard --logdir FOLDER` shows them. Each writer has a file of its own in the folder.
///   training::SummaryWriter writer("runs/first");
///   writer.add_scalar("loss/train", loss.item<double>(), step);
/// A summary is on the disk after five seconds, `flush` or the end of the writer.
class SummaryWriter : public Logger {
 public:
  /// Makes the folder. Throws Error (File) where it cannot be written.
  explicit SummaryWriter(const std::string& folder = "runs");
  ~SummaryWriter() override;
  void add_scalar(const std::string& tag, double value, int64_t step) override;
  /// In buckets that grow by a tenth each, as TensorBoard's own.
  void add_histogram(const std::string& tag, const Tensor& values, int64_t step) override;
  /// Throws Error (NotSupported) where the build has no libpng.
  void add_image(const std::string& tag, const Tensor& image, int64_t step) override;
  /// Images [n, h, w], [n, 1, h, w] or [n, 3, h, w] as one sheet.
  void add_images(const std::string& tag, const Tensor& images, int64_t step, int64_t columns = 8);
  void add_text(const std::string& tag, const std::string& text, int64_t step) override;
  void add_graph(const nn::Module& model) override;
  void flush() override;
  const std::string& path() const { return path_; }

 private:
  struct File;
  void write(const std::string& event);
  std::string path_;
  std::unique_ptr<File> file_;
};
using TensorBoardLogger = SummaryWriter;

/// Several at once.
class Loggers : public Logger {
 public:
  explicit Loggers(std::vector<std::shared_ptr<Logger>> loggers) : loggers_(std::move(loggers)) {}
  void add_scalar(const std::string& tag, double value, int64_t step) override;
  void add_histogram(const std::string& tag, const Tensor& values, int64_t step) override;
  void add_image(const std::string& tag, const Tensor& image, int64_t step) override;
  void add_text(const std::string& tag, const std::string& text, int64_t step) override;
  void add_graph(const nn::Module& model) override;
  void flush() override;

 private:
  std::vector<std::shared_ptr<Logger>> loggers_;
};

/// One entry of an event file.
struct SummaryEvent {
  double wall_time = 0;
  int64_t step = 0;
  std::string file_version;  // of the first: "brain.Event:2"
  std::string graph;         // the bytes of a GraphDef
  struct Histogram {
    double min = 0, max = 0, num = 0, sum = 0, sum_squares = 0;
    std::vector<double> bucket_limit, bucket;
  };
  struct Value {
    std::string tag;
    enum class Kind : uint8_t { Scalar, Histogram, Image, Text } kind = Kind::Scalar;
    double scalar = 0;  // of float32
    Histogram histogram;
    int64_t height = 0, width = 0;
    std::string bytes;  // a text, or an image as a PNG file
  };
  std::vector<Value> values;
};
/// Reads an event file whole. Throws Error (File) for one that is cut short or corrupt: lengths and contents have checksums.
std::vector<SummaryEvent> read_events(const std::string& path);

}  // namespace lazuli::training
