#pragma once
#include "lazuli/torch/archive.h"
#include "lazuli/torch/transforms.h"

/// torch::data: datasets, transforms, samplers and loaders in libtorch's way, over the library's loader. Workers share the one dataset, whose `get` they call at the same time.
namespace torch::data {

namespace datasets {

template <class Source, class Transform>
class MapDataset;

/// Batches by the indices of their examples.
template <class Self, class Batch = std::vector<Example<>>, class Request = ArrayRef<size_t>>
class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = Request;
  static constexpr bool is_stateful = false;
  virtual ~BatchDataset() = default;
  virtual Batch get_batch(Request request) = 0;
  virtual optional<size_t> size() const = 0;
  template <class T>
  MapDataset<Self, T> map(T transform) & {
    return {static_cast<Self&>(*this), std::move(transform)};
  }
  template <class T>
  MapDataset<Self, T> map(T transform) && {
    return {std::move(static_cast<Self&>(*this)), std::move(transform)};
  }
};
/// Examples by their index.
template <class Self, class SingleExample = Example<>>
class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;
  virtual ExampleType get(size_t index) = 0;
  std::vector<ExampleType> get_batch(ArrayRef<size_t> indices) override {
    std::vector<ExampleType> batch;
    for (size_t i : indices) batch.push_back(get(i));
    return batch;
  }
};
template <class Source, class Transform>
class MapDataset : public BatchDataset<MapDataset<Source, Transform>, typename Transform::OutputBatchType, typename Source::BatchRequestType> {
 public:
  using DatasetType = Source;
  using TransformType = Transform;
  MapDataset(Source source, Transform transform) : source_(std::move(source)), transform_(std::move(transform)) {}
  typename Transform::OutputBatchType get_batch(typename Source::BatchRequestType request) override {
    return transform_.apply_batch(source_.get_batch(std::move(request)));
  }
  optional<size_t> size() const override { return source_.size(); }
  const Source& dataset() const { return source_; }
  const Transform& transform() const { return transform_; }

 private:
  Source source_;
  Transform transform_;
};

/// The rows of a tensor.
class TensorDataset : public Dataset<TensorDataset, TensorExample> {
 public:
  explicit TensorDataset(Tensor rows) : tensor(std::move(rows)) {}
  explicit TensorDataset(const std::vector<Tensor>& rows) : tensor(lazuli::stack(rows)) {}
  TensorExample get(size_t index) override { return tensor.select(0, int64_t(index)); }
  optional<size_t> size() const override { return size_t(tensor.size(0)); }
  Tensor tensor;
};

/// Images [1, h, w] from 0 to 1 and their digits, from the four IDX files (plain or .gz) in a folder.
class MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain) : train_(mode == Mode::kTrain) {
    const lazuli::data::MNIST files(root, train_ ? lazuli::data::MNIST::Split::Train : lazuli::data::MNIST::Split::Test);
    images_ = files.data().unsqueeze(1).to(lazuli::kFloat32).div(255.0);
    targets_ = files.target();
  }
  Example<> get(size_t index) override { return {images_.select(0, int64_t(index)), targets_.select(0, int64_t(index))}; }
  optional<size_t> size() const override { return size_t(images_.size(0)); }
  bool is_train() const { return train_; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 private:
  bool train_;
  Tensor images_, targets_;
};

}  // namespace datasets

namespace samplers {

template <class Request = std::vector<size_t>>
class Sampler {
 public:
  using BatchRequestType = Request;
  virtual ~Sampler() = default;
  virtual void reset(optional<size_t> new_size) = 0;
  void reset() { reset(nullopt); }
  virtual optional<Request> next(size_t batch_size) = 0;
  /// Where it is; those of the library begin an epoch anew.
  virtual void save(serialize::OutputArchive&) const {}
  virtual void load(serialize::InputArchive&) {}
};
/// All of 0, 1, ..., size - 1 in order.
class SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(size_t size) : size_(size) {}
  using Sampler::reset;
  void reset(optional<size_t> new_size) override { size_ = new_size.value_or(size_), at_ = 0; }
  optional<std::vector<size_t>> next(size_t batch_size) override {
    std::vector<size_t> batch;
    while (at_ < size_ && batch.size() < batch_size) batch.push_back(place(at_++));
    if (batch.empty()) return nullopt;
    return batch;
  }
  /// How many were given since the last `reset`.
  size_t index() const { return at_; }

 protected:
  virtual size_t place(size_t at) const { return at; }
  size_t size_, at_ = 0;
};
/// In an order that the default generator gives, another one after each `reset`.
class RandomSampler : public SequentialSampler {
 public:
  explicit RandomSampler(int64_t size) : SequentialSampler(size_t(size)) { RandomSampler::reset(nullopt); }
  using Sampler::reset;
  void reset(optional<size_t> new_size) override {
    SequentialSampler::reset(new_size);
    order_ = lazuli::randperm(int64_t(size_)).to_vector<int64_t>();
  }

 private:
  size_t place(size_t at) const override { return size_t(order_[at]); }
  std::vector<int64_t> order_;
};
/// The share of process `rank` among `num_replicas`: every num_replicas-th in order, or in an order that the epoch gives, from the start again where they do not come out even and `allow_duplicates`.
class DistributedSequentialSampler : public Sampler<> {
 public:
  explicit DistributedSequentialSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true)
      : size_(size), replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
    if (rank >= num_replicas) lazuli::fail("DistributedSampler", "rank", "one below " + std::to_string(num_replicas), std::to_string(rank));
  }
  using Sampler::reset;
  void reset(optional<size_t> new_size) override { size_ = new_size.value_or(size_), at_ = 0; }
  optional<std::vector<size_t>> next(size_t batch_size) override {
    const size_t share = allow_duplicates_ ? (size_ + replicas_ - 1) / replicas_ : size_ / replicas_;
    std::vector<size_t> batch;
    for (; at_ < share && batch.size() < batch_size; ++at_) batch.push_back(place((at_ * replicas_ + rank_) % size_));
    if (batch.empty()) return nullopt;
    return batch;
  }
  void set_epoch(size_t epoch) { epoch_ = epoch; }
  size_t epoch() const { return epoch_; }

 protected:
  virtual size_t place(size_t at) { return at; }
  size_t size_, replicas_, rank_, at_ = 0, epoch_ = 0;
  bool allow_duplicates_;
};
class DistributedRandomSampler : public DistributedSequentialSampler {
 public:
  using DistributedSequentialSampler::DistributedSequentialSampler, Sampler::reset;
  void reset(optional<size_t> new_size) override {
    DistributedSequentialSampler::reset(new_size);
    order_.clear();
  }

 private:
  size_t place(size_t at) override {
    if (order_.size() != size_) order_ = lazuli::randperm(int64_t(size_), {}, Generator(epoch_)).to_vector<int64_t>();
    return size_t(order_[at]);
  }
  std::vector<int64_t> order_;
};

}  // namespace samplers

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t size) : batch_size_(size) {}
  DataLoaderOptions& batch_size(size_t value) { return batch_size_ = value, *this; }
  DataLoaderOptions& workers(size_t value) { return workers_ = value, *this; }
  DataLoaderOptions& drop_last(bool value) { return drop_last_ = value, *this; }
  /// Batches that are ready before they are asked for, of all workers; twice their number if left out.
  DataLoaderOptions& max_jobs(size_t value) { return max_jobs_ = value, *this; }
  /// They come in order in any case.
  DataLoaderOptions& enforce_ordering(bool) { return *this; }
  size_t batch_size() const { return batch_size_; }
  size_t workers() const { return workers_; }
  bool drop_last() const { return drop_last_; }
  optional<size_t> max_jobs() const { return max_jobs_; }

 private:
  size_t batch_size_ = 1, workers_ = 0;
  bool drop_last_ = false;
  optional<size_t> max_jobs_;
};

/// Goes over a dataset in batches, again from the start with each `for (auto& batch : *loader)`.
template <class D, class S>
class StatelessDataLoader {
 public:
  using BatchType = typename D::BatchType;
  StatelessDataLoader(D dataset, S sampler, DataLoaderOptions options)
      : options_(std::move(options)), loader_(std::make_shared<const Adapter>(std::move(dataset)), own(std::move(sampler), options_)) {}
  auto begin() { return loader_.begin(); }
  auto end() { return loader_.end(); }
  const DataLoaderOptions& options() const { return options_; }

 private:
  struct Adapter : lazuli::data::Dataset<int64_t, BatchType> {
    explicit Adapter(D d) : dataset(std::make_shared<D>(std::move(d))) {}
    int64_t size() const override { return int64_t(dataset->size().value_or(0)); }
    int64_t get(int64_t index) const override { return index; }
    BatchType get_batch(const Tensor& indices) const override {
      std::vector<size_t> request;
      for (int64_t i : indices.to_vector<int64_t>()) request.push_back(size_t(i));
      return dataset->get_batch(std::move(request));
    }
    std::shared_ptr<D> dataset;
  };
  // The batches of an epoch, from a sampler that tells them one by one.
  struct Batches : lazuli::data::BatchSampler {
    Batches(S s, const DataLoaderOptions& options)
        : sampler(std::make_shared<S>(std::move(s))), batch(options.batch_size()), full(options.drop_last()) {}
    int64_t size() const override { return int64_t(all().size()); }
    std::vector<Tensor> batches(const lazuli::Generator&) const override { return all(); }
    std::vector<Tensor> all() const {
      sampler->reset(nullopt);
      std::vector<Tensor> list;
      while (auto request = sampler->next(batch)) {
        if (full && request->size() < batch) break;
        Tensor indices = lazuli::empty({int64_t(request->size())}, lazuli::kInt64);
        for (size_t i = 0; i < request->size(); ++i) indices.data_ptr<int64_t>()[i] = int64_t((*request)[i]);
        list.push_back(indices);
      }
      return list;
    }
    std::shared_ptr<S> sampler;
    size_t batch;
    bool full;
  };
  static lazuli::data::DataLoaderOptions<BatchType> own(S sampler, const DataLoaderOptions& options) {
    const int workers = int(options.workers());
    return {.seed = lazuli::default_generator().initial_seed(),
            .workers = workers,
            .prefetch = options.max_jobs() && workers ? std::max(1, int(*options.max_jobs()) / workers) : 2,
            .batch_sampler = Batches(std::move(sampler), options)};
  }
  DataLoaderOptions options_;
  lazuli::data::DataLoader<int64_t, BatchType> loader_;
};

template <class S = samplers::RandomSampler, class D>
std::unique_ptr<StatelessDataLoader<D, S>> make_data_loader(D dataset, DataLoaderOptions options = {}) {
  const auto size = dataset.size();
  if (!size) lazuli::fail("make_data_loader", "dataset", "one that has a size, or a sampler", "neither");
  return std::make_unique<StatelessDataLoader<D, S>>(std::move(dataset), S(*size), std::move(options));
}
template <class D, class S>
requires std::is_base_of_v<samplers::Sampler<typename S::BatchRequestType>, S> std::unique_ptr<StatelessDataLoader<D, S>> make_data_loader(
    D dataset, S sampler, DataLoaderOptions options = {}) {
  return std::make_unique<StatelessDataLoader<D, S>>(std::move(dataset), std::move(sampler), std::move(options));
}

using datasets::BatchDataset, datasets::Dataset;

}  // namespace torch::data
