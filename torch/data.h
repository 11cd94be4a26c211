#pragma once
#include "lazuli/torch/samplers.h"
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

/// Batches one after the other, of a size that is asked for: `get_batch(size)`, for a StreamSampler.
template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, size_t>;

/// A dataset that several loaders share.
template <class D>
class SharedBatchDataset : public BatchDataset<SharedBatchDataset<D>, typename D::BatchType, typename D::BatchRequestType> {
 public:
  explicit SharedBatchDataset(std::shared_ptr<D> dataset) : dataset_(std::move(dataset)) {}
  typename D::BatchType get_batch(typename D::BatchRequestType request) override { return dataset_->get_batch(std::move(request)); }
  optional<size_t> size() const override { return dataset_->size(); }
  D& operator*() { return *dataset_; }
  D* operator->() { return dataset_.get(); }

 private:
  std::shared_ptr<D> dataset_;
};
template <class D, class... A>
SharedBatchDataset<D> make_shared_dataset(A&&... arguments) {
  return SharedBatchDataset<D>(std::make_shared<D>(std::forward<A>(arguments)...));
}

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
    int64_t size() const override { return int64_t(dataset->size().value_or(size_t(std::numeric_limits<int64_t>::max()))); }
    int64_t get(int64_t index) const override { return index; }
    BatchType get_batch(const Tensor& indices) const override {
      if constexpr (std::is_same_v<typename D::BatchRequestType, size_t>) return dataset->get_batch(size_t(indices.item<int64_t>()));
      else return get_batch_of(indices);
    }
    BatchType get_batch_of(const Tensor& indices) const {
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
        if constexpr (requires { (*request)[0]; }) {
          Tensor indices = lazuli::empty({int64_t(request->size())}, lazuli::kInt64);
          for (size_t i = 0; i < request->size(); ++i) indices.data_ptr<int64_t>()[i] = int64_t((*request)[i]);
          list.push_back(indices);
        } else {
          list.push_back(lazuli::full({1}, int64_t(request->size()), lazuli::kInt64));
        }
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
