#pragma once
#include "lazuli/core/state_dict.h"
#include "lazuli/data/dataset.h"
#include "lazuli/data/sampler.h"
#include "lazuli/data/transform.h"

namespace lazuli::data {

template <class Batch = Example>
struct DataLoaderOptions {
  int64_t batch_size = 1;
  bool shuffle = false;
  /// Decides order, random transforms and the random numbers of datasets, together with the epoch's number.
  uint64_t seed = 0;
  /// Leaves out a last batch that is not full.
  bool drop_last = false;
  /// Threads that read ahead; 0 reads in the caller's thread. Batches come in the same order, with the same contents, for any number.
  int workers = 0;
  /// The same under PyTorch's name, which counts where it is given.
  std::optional<int> num_workers = {};
  /// Batches that may be ready before they are asked for, for each worker.
  int prefetch = 2;
  /// Bytes that these may take together; the batch that comes next is always read. Workers expect a batch that they begin to be as large as the largest before it.
  int64_t prefetch_bytes = int64_t(1) << 30;
  /// Batches come in host memory that a device copies from by itself; where there is no device, in any.
  bool pin_memory = false;
  /// Which examples and in what order, instead of `shuffle`: `.sampler = data::RandomSampler(n, {.replacement = true})`.
  Held<Sampler> sampler = {};
  /// Which examples each batch has, instead of `batch_size`, `shuffle`, `drop_last` and `sampler`.
  Held<BatchSampler> batch_sampler = {};
  BatchTransform<Batch> transform = {};
};

template <class ExampleClass, class Batch>
class DataLoader;

namespace detail {

/// Calls visit(part) for each tensor, text and number in a batch of any class.
template <class T, class Visit>
void visit_parts(T& value, Visit&& visit) {
  if constexpr (std::is_same_v<T, Tensor> || std::is_same_v<T, std::string>) visit(value);
  else if constexpr (TupleLike<T> || ListsTensors<T> || ListsMembers<T>) [&]<size_t... K>(std::index_sequence<K...>) {
      (visit_parts(Parts<T>::template get<K>(value), visit), ...);
    }
  (std::make_index_sequence<Parts<T>::count>());
  else if constexpr (requires { value.begin() != value.end(); }) for (auto&& element : value) visit_parts(element, visit); else visit(value);
}
template <class T>
int64_t bytes_of(T& batch) {
  int64_t bytes = 0;
  visit_parts(batch, [&](auto& part) {
    if constexpr (requires { part.nbytes(); }) bytes += part.defined() ? part.nbytes() : 0;
    else if constexpr (requires { part.size(); }) bytes += int64_t(part.size());
    else bytes += int64_t(sizeof(part));
  });
  return bytes;
}
/// In pinned memory where there is a device.
Tensor pinned(const Tensor& tensor);

/// Where a loop over a loader is: the batches of the epoch that it was given.
struct Place {
  int64_t epoch = 0, batch = 0;
  bool over = false;
};
struct ReadBatch {
  std::shared_ptr<void> batch;
  int64_t bytes = 0;
};

/// What a loader of any class of batch does.
struct LoaderPlan {
  int64_t examples;
  int64_t batch_size;
  bool drop_last;
  uint64_t seed;
  int workers, prefetch;
  int64_t prefetch_bytes;
  Held<Sampler> sampler;
  Held<BatchSampler> batch_sampler;
  bool foreign_sampler = false;  // may give indices that are not there
  Device index_device;
  /// Reads a batch; called by several threads at once.
  std::function<ReadBatch(const Tensor& indices, const Generator& random)> read;
  int64_t batches() const;
};
LoaderPlan checked(LoaderPlan plan, bool shuffle);

class EpochState;
std::shared_ptr<EpochState> start_epoch(const LoaderPlan& plan, int64_t number, int64_t first_batch, std::shared_ptr<Place> place = {});
/// Null at the end.
std::shared_ptr<void> next_batch(EpochState& state);
[[noreturn]] void fail_no_dataset();

/// The epochs of one loader: which comes next, and where the last loop is.
struct Progress {
  int64_t next_epoch = 0, first_batch = 0;
  std::shared_ptr<Place> place;
  std::shared_ptr<EpochState> start(const LoaderPlan& plan);
  StateDict state_dict(const LoaderPlan& plan) const;
  void load_state_dict(LoaderPlan& plan, const StateDict& state);
  void set_epoch(int64_t number);
};

}  // namespace detail

/// The batches of one epoch, to go over once: `for (auto& [images, labels] : loader.epoch(3))`. Leaving early stops the workers. Copies share the position.
template <class Batch = Example>
class Epoch {
 public:
  explicit Epoch(std::shared_ptr<detail::EpochState> state) : state_(std::move(state)) {}
  /// Fills `batch` with the next one; false at the end. An error in a worker is thrown here.
  bool next(Batch& batch) {
    auto read = std::static_pointer_cast<Batch>(detail::next_batch(*state_));
    batch = read ? std::move(*read) : Batch();
    return bool(read);
  }

  struct End {};
  class Iterator {
   public:
    explicit Iterator(Epoch epoch) : epoch_(std::move(epoch)) { ++*this; }
    Batch& operator*() { return batch_; }
    Batch* operator->() { return &batch_; }
    Iterator& operator++() {
      done_ = !epoch_.next(batch_);
      return *this;
    }
    bool operator!=(End) const { return !done_; }

   private:
    Epoch epoch_;
    Batch batch_ = {};
    bool done_ = false;
  };
  Iterator begin() { return Iterator(*this); }
  End end() { return {}; }

 private:
  std::shared_ptr<detail::EpochState> state_;
};

namespace detail {
template <class T>
constexpr bool holds_dataset = IsDataset<T>;
template <class T>
constexpr bool holds_dataset<std::shared_ptr<T>> = IsDataset<std::remove_const_t<T>>;
template <class E, class B>
constexpr bool holds_dataset<DataLoader<E, B>> = true;  // one that is copied
template <class T>
concept NoDataset = !holds_dataset<T>;
}  // namespace detail

/// Batches of a dataset, given by value or by shared pointer. Going over it (`for (auto& [x, y] : loader)`) goes through epoch 0, then 1, and so on, each in an order of its
/// own when shuffled.
template <class ExampleClass = Example, class Batch = Collated<ExampleClass>>
class DataLoader {
 public:
  using Source = Dataset<ExampleClass, Batch>;
  using Options = DataLoaderOptions<Batch>;
  /// Throws Error for options out of range or that exclude each other.
  explicit DataLoader(std::shared_ptr<const Source> dataset, Options options = {}) : dataset_(std::move(dataset)) {
    if (!dataset_) detail::fail_no_dataset();
    auto read = [dataset = dataset_, transform = std::move(options.transform), pin = options.pin_memory](const Tensor& indices,
                                                                                                         const Generator& random) {
      Batch batch = dataset->get_batch(indices);
      if (transform) batch = transform(std::move(batch), random);
      if (pin)
        detail::visit_parts(batch, [](auto& part) {
          if constexpr (std::is_same_v<decltype(part), Tensor&>) part = detail::pinned(part);
        });
      const int64_t bytes = detail::bytes_of(batch);
      return detail::ReadBatch{std::make_shared<Batch>(std::move(batch)), bytes};
    };
    plan_ = detail::checked({.examples = dataset_->size(),
                             .batch_size = options.batch_size,
                             .drop_last = options.drop_last,
                             .seed = options.seed,
                             .workers = options.num_workers.value_or(options.workers),
                             .prefetch = options.prefetch,
                             .prefetch_bytes = options.prefetch_bytes,
                             .sampler = std::move(options.sampler),
                             .batch_sampler = std::move(options.batch_sampler),
                             .index_device = dataset_->index_device(),
                             .read = std::move(read)},
                            options.shuffle);
  }
  template <IsDatasetOf<ExampleClass, Batch> D>
  explicit DataLoader(D dataset, Options options = {}) : DataLoader(detail::shared(std::move(dataset)), std::move(options)) {}
  /// As PyTorch's by position: `DataLoader(dataset, 64, true)`.
  template <std::integral Count>
  DataLoader(std::shared_ptr<const Source> dataset, Count batch_size, bool shuffle = false)
      : DataLoader(std::move(dataset), Options{.batch_size = int64_t(batch_size), .shuffle = shuffle}) {}
  template <IsDatasetOf<ExampleClass, Batch> D, std::integral Count>
  DataLoader(D dataset, Count batch_size, bool shuffle = false) : DataLoader(detail::shared(std::move(dataset)), batch_size, shuffle) {}
  explicit DataLoader(const detail::NoDataset auto&, Options = {}) = delete;  // DataLoader(dataset, {.batch_size, .shuffle, ..}), of a data::Dataset
  DataLoader(const detail::NoDataset auto&, int64_t, bool = false) = delete;  // DataLoader(dataset, batch_size, shuffle), of a data::Dataset

  /// Batches in an epoch.
  int64_t size() const { return plan_.batches(); }
  const Source& dataset() const { return *dataset_; }
  /// A certain epoch from a certain batch on, as when training resumes.
  Epoch<Batch> epoch(int64_t number, int64_t first_batch = 0) const { return Epoch<Batch>(detail::start_epoch(plan_, number, first_batch)); }
  auto begin() { return Epoch<Batch>(progress_.start(plan_)).begin(); }
  auto end() { return typename Epoch<Batch>::End(); }

  /// The number of the epoch that the next loop goes over.
  int64_t next_epoch() const { return progress_.next_epoch; }
  /// The next loop goes over that epoch, from its beginning.
  void set_epoch(int64_t number) { progress_.set_epoch(number); }
  /// Where the last loop over this loader (not over an `epoch`) is: "epoch", "batch", how many batches it was given, and the loader's "seed". Loading it, the next loop goes on with the batch
  /// after these, of the same contents, as if there had been no break. Throws Error for a state of another number of batches in an epoch, unless a DistributedSampler shares it among another number of processes: then as much of the epoch is over, down to a whole batch.
  StateDict state_dict() const { return progress_.state_dict(plan_); }
  void load_state_dict(const StateDict& state) { progress_.load_state_dict(plan_, state); }

 private:
  std::shared_ptr<const Source> dataset_;
  detail::LoaderPlan plan_ = {};
  detail::Progress progress_ = {};
};
namespace detail {
template <class Given>
struct DatasetIn {
  using Example = data::Example;  // of a loader that has no constructor for it
  using Batch = data::Example;
};
template <IsDataset D>
struct DatasetIn<D> {
  using Example = typename D::Example;
  using Batch = typename D::Batch;
};
template <class D>
struct DatasetIn<std::shared_ptr<D>> : DatasetIn<std::remove_const_t<D>> {};
}  // namespace detail
template <class Given>
DataLoader(Given, DataLoaderOptions<typename detail::DatasetIn<Given>::Batch> = {})
    -> DataLoader<typename detail::DatasetIn<Given>::Example, typename detail::DatasetIn<Given>::Batch>;
template <class Given, std::integral Count>
DataLoader(Given, Count, bool = false) -> DataLoader<typename detail::DatasetIn<Given>::Example, typename detail::DatasetIn<Given>::Batch>;

}  // namespace lazuli::data
