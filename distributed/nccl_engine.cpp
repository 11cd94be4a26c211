#include "lazuli/distributed/nccl_engine.h"

#include <dlfcn.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/distributed/device_side.h"

namespace lazuli::distributed {
namespace {

// What is used of nccl.h (version 2): its ABI, so that neither header nor library is needed to build.
struct UniqueId {
  char bytes[128];
};
using Comm = struct NcclComm*;
using Result = int;
constexpr Result kSuccess = 0, kInProgress = 7;
constexpr int kBytes = 1;  // ncclUint8

struct NcclApi {
  const char* (*GetErrorString)(Result);
  Result (*GetUniqueId)(UniqueId*);
  Result (*CommInitRank)(Comm*, int ranks, UniqueId, int rank);
  Result (*CommAbort)(Comm);
  Result (*CommGetAsyncError)(Comm, Result*);
  Result (*Broadcast)(const void* from, void* to, size_t count, int type, int root, Comm, void* stream);
  Result (*AllGather)(const void* from, void* to, size_t count, int type, Comm, void* stream);
  Result (*Send)(const void* from, size_t count, int type, int peer, Comm, void* stream);
  Result (*Recv)(void* to, size_t count, int type, int peer, Comm, void* stream);
  Result (*GroupStart)();
  Result (*GroupEnd)();

  void check(Result result, const char* call) const {
    if (result != kSuccess) throw std::runtime_error(std::string(call) + ": " + GetErrorString(result));
  }
};

const NcclApi& load_nccl() {
  const char* chosen = std::getenv("LAZULI_NCCL_LIBRARY");
  const std::string file = chosen ? chosen : "libnccl.so.2";
  dlerror();
  const files::SharedObject library({file});
  auto refuse = [](const std::string& got) {
    fail(ErrorKind::NotSupported, "init_process_group", "backend", "NCCL (libnccl.so.2, which its packages install)", got);
  };
  if (!library.there()) {
    const char* reason = dlerror();
    refuse(reason ? reason : file);
  }
  static NcclApi api;
  auto find = [&](auto& function, const char* name) {
    if (!library.find(function, name)) refuse(file + " without " + name);
  };
  find(api.GetErrorString, "ncclGetErrorString");
  find(api.GetUniqueId, "ncclGetUniqueId");
  find(api.CommInitRank, "ncclCommInitRank");
  find(api.CommAbort, "ncclCommAbort");
  find(api.CommGetAsyncError, "ncclCommGetAsyncError");
  find(api.Broadcast, "ncclBroadcast");
  find(api.AllGather, "ncclAllGather");
  find(api.Send, "ncclSend");
  find(api.Recv, "ncclRecv");
  find(api.GroupStart, "ncclGroupStart");
  find(api.GroupEnd, "ncclGroupEnd");
  return api;
}

/// Done when the stream has passed it.
class Queued : public Operation {
 public:
  Queued(const NcclApi& api, Comm comm, const Stream& stream) : api_(api), comm_(comm) { event_.record(stream); }
  bool done() override {
    Result now = kSuccess;
    api_.check(api_.CommGetAsyncError(comm_, &now), "ncclCommGetAsyncError");
    if (now != kInProgress) api_.check(now, "NCCL");
    return event_.done();
  }

 private:
  const NcclApi& api_;
  Comm comm_;
  Event event_;
};

/// Over device memory. NCCL's communicator is made at the first use, when the device is known.
class NcclCommunicator : public DeviceSide {
 public:
  NcclCommunicator(const NcclApi& api, Communicator& host, DeviceType type) : api_(api), host_(host), type_(type) {}
  ~NcclCommunicator() override {
    if (comm_) api_.CommAbort(comm_);  // what is on its way was waited for, or never comes
  }
  DeviceType device_type() const override { return type_; }
  const Stream& stream(Device device) override {
    if (!stream_) stream_.emplace(device);
    if (!(stream_->device() == device))
      throw std::runtime_error("NCCL serves one device of a process, " + to_string(stream_->device()) + ", not " + to_string(device));
    return *stream_;
  }
  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }

  Started broadcast(void* data, size_t size, int root) override {
    return queue([&] { api_.check(api_.Broadcast(data, data, size, kBytes, root, comm_, handle()), "ncclBroadcast"); });
  }
  Started all_gather(const void* own, void* all, size_t size) override {
    return queue([&] { api_.check(api_.AllGather(own, all, size, kBytes, comm_, handle()), "ncclAllGather"); });
  }
  Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    return grouped([&] {
      size_t from = 0, to = 0;
      for (int r = 0; r < this->size(); ++r) {
        send_to(static_cast<const char*>(parts) + from, sizes[size_t(r)], r);
        receive_from(static_cast<char*>(received) + to, received_sizes[size_t(r)], r);
        from += sizes[size_t(r)];
        to += received_sizes[size_t(r)];
      }
    });
  }
  Started gather(const void* own, void* all, size_t size, int root) override {
    return grouped([&] {
      send_to(own, size, root);
      for (int r = 0; rank() == root && r < this->size(); ++r) receive_from(static_cast<char*>(all) + size * size_t(r), size, r);
    });
  }
  Started scatter(const void* all, void* own, size_t size, int root) override {
    return grouped([&] {
      for (int r = 0; rank() == root && r < this->size(); ++r) send_to(static_cast<const char*>(all) + size * size_t(r), size, r);
      receive_from(own, size, root);
    });
  }
  Started barrier() override { return host_.barrier(); }
  // Messages go over the host: on one stream, two ranks that send before they receive would wait for each other.
  Started send(const void*, size_t, int, int) override { throw std::runtime_error("messages between two ranks go over the host"); }
  Started receive(void*, size_t, int, int) override { throw std::runtime_error("messages between two ranks go over the host"); }
  std::unique_ptr<Communicator> split(const std::vector<int>&) override { return nullptr; }  // a group of some has its own beside the host's

 private:
  void* handle() const { return stream_->handle(); }
  void send_to(const void* data, size_t size, int rank) {
    if (size > 0) api_.check(api_.Send(data, size, kBytes, rank, comm_, handle()), "ncclSend");
  }
  void receive_from(void* data, size_t size, int rank) {
    if (size > 0) api_.check(api_.Recv(data, size, kBytes, rank, comm_, handle()), "ncclRecv");
  }
  template <class F>
  Started queue(F f) {
    begin();
    f();
    return std::make_unique<Queued>(api_, comm_, *stream_);
  }
  template <class F>
  Started grouped(F f) {
    return queue([&] {
      api_.check(api_.GroupStart(), "ncclGroupStart");
      f();
      api_.check(api_.GroupEnd(), "ncclGroupEnd");
    });
  }
  // Ranks come here in the same order, with their first operation over the device.
  void begin() {
    Event current;
    current.record(*stream_);  // makes the device this thread's
    if (comm_) return;
    UniqueId id{};
    if (rank() == 0) api_.check(api_.GetUniqueId(&id), "ncclGetUniqueId");
    const Started sent = host_.broadcast(&id, sizeof id, 0);
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!sent->done()) {
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("the ranks did not all begin with NCCL within 2 minutes");
      std::this_thread::yield();
    }
    api_.check(api_.CommInitRank(&comm_, size(), id, rank()), "ncclCommInitRank");
  }

  const NcclApi& api_;
  Communicator& host_;
  DeviceType type_;
  std::optional<Stream> stream_;
  Comm comm_ = nullptr;
};

/// The host's communicator with a device side.
class BothSides : public Communicator {
 public:
  BothSides(const NcclApi& api, Communicator& host, DeviceType type) : api_(api), host_(host), device_(api, host, type) {}
  BothSides(const NcclApi& api, std::unique_ptr<Communicator> host, DeviceType type)
      : api_(api), owned_(std::move(host)), host_(*owned_), device_(api, *owned_, type) {}
  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  Started broadcast(void* data, size_t size, int root) override { return host_.broadcast(data, size, root); }
  Started all_gather(const void* own, void* all, size_t size) override { return host_.all_gather(own, all, size); }
  Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    return host_.all_to_all(parts, sizes, received, received_sizes);
  }
  Started gather(const void* own, void* all, size_t size, int root) override { return host_.gather(own, all, size, root); }
  Started scatter(const void* all, void* own, size_t size, int root) override { return host_.scatter(all, own, size, root); }
  Started barrier() override { return host_.barrier(); }
  Started send(const void* data, size_t size, int to, int tag) override { return host_.send(data, size, to, tag); }
  Started receive(void* data, size_t size, int from, int tag) override { return host_.receive(data, size, from, tag); }
  std::unique_ptr<Communicator> split(const std::vector<int>& ranks) override {
    auto some = host_.split(ranks);
    return some ? std::make_unique<BothSides>(api_, std::move(some), device_.device_type()) : nullptr;
  }
  DeviceSide* device_side() override { return &device_; }

 private:
  const NcclApi& api_;
  std::unique_ptr<Communicator> owned_;
  Communicator& host_;
  NcclCommunicator device_;
};

class NcclEngine : public Engine {
 public:
  NcclEngine(const NcclApi& api, std::shared_ptr<Engine> inner, DeviceType type) : inner_(std::move(inner)), world_(api, inner_->world(), type) {}
  const char* name() const override { return "nccl"; }
  Communicator& world() override { return world_; }
  void finish() override { inner_->finish(); }
  void abort(int status) override { inner_->abort(status); }

 private:
  std::shared_ptr<Engine> inner_;
  BothSides world_;
};

}  // namespace

std::shared_ptr<Engine> nccl_engine(std::shared_ptr<Engine> inner, DeviceType type) {
  return std::make_shared<NcclEngine>(load_nccl(), std::move(inner), type);
}

}  // namespace lazuli::distributed
