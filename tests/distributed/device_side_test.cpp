#include "lazuli/distributed/device_side.h"

#include <cstdlib>

#include "tests/distributed/ranks.h"
#include "tests/ops/bare_device.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

// An engine with a side for devices, as NCCL's is: here the device's memory is the host's, so that MPI carries it.
namespace {

class Direct : public dist::DeviceSide {
 public:
  explicit Direct(dist::Communicator& host) : host_(host), stream_(test::bare()) {}
  DeviceType device_type() const override { return test::bare().type; }
  const Stream& stream(Device) override { return stream_; }
  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  dist::Started broadcast(void* data, size_t size, int root) override { return ++operations, host_.broadcast(data, size, root); }
  dist::Started all_gather(const void* own, void* all, size_t size) override { return ++operations, host_.all_gather(own, all, size); }
  dist::Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    return ++operations, host_.all_to_all(parts, sizes, received, received_sizes);
  }
  dist::Started gather(const void* own, void* all, size_t size, int root) override { return ++operations, host_.gather(own, all, size, root); }
  dist::Started scatter(const void* all, void* own, size_t size, int root) override { return ++operations, host_.scatter(all, own, size, root); }
  dist::Started barrier() override { return host_.barrier(); }
  dist::Started send(const void* data, size_t size, int to, int tag) override { return ++operations, host_.send(data, size, to, tag); }
  dist::Started receive(void* data, size_t size, int from, int tag) override { return ++operations, host_.receive(data, size, from, tag); }
  std::unique_ptr<dist::Communicator> split(const std::vector<int>&) override { return nullptr; }
  int operations = 0;

 private:
  dist::Communicator& host_;
  Stream stream_;
};

class TwoSides : public dist::Engine, public dist::Communicator {
 public:
  TwoSides() : inner_(dist::mpi_engine()), host_(inner_->world()), side(host_) {}
  const char* name() const override { return "two sides"; }
  dist::Communicator& world() override { return *this; }
  void finish() override { inner_->finish(); }
  void abort(int status) override { inner_->abort(status); }
  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  dist::Started broadcast(void* data, size_t size, int root) override { return host_.broadcast(data, size, root); }
  dist::Started all_gather(const void* own, void* all, size_t size) override { return host_.all_gather(own, all, size); }
  dist::Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    return host_.all_to_all(parts, sizes, received, received_sizes);
  }
  dist::Started gather(const void* own, void* all, size_t size, int root) override { return host_.gather(own, all, size, root); }
  dist::Started scatter(const void* all, void* own, size_t size, int root) override { return host_.scatter(all, own, size, root); }
  dist::Started barrier() override { return host_.barrier(); }
  dist::Started send(const void* data, size_t size, int to, int tag) override { return host_.send(data, size, to, tag); }
  dist::Started receive(void* data, size_t size, int from, int tag) override { return host_.receive(data, size, from, tag); }
  std::unique_ptr<dist::Communicator> split(const std::vector<int>& ranks) override { return host_.split(ranks); }
  dist::DeviceSide* device_side() override { return &side; }

 private:
  std::shared_ptr<dist::Engine> inner_;
  dist::Communicator& host_;

 public:
  Direct side;
};

}  // namespace

TEST_CASE("tensors on a device that the engine reaches stay there", "[.][ranks]") {
  auto engine = std::make_unique<TwoSides>();
  const int& operations = engine->side.operations;
  dist::init_process_group(std::move(engine), {.timeout = 60, .check = true});
  struct End {
    ~End() { dist::destroy_process_group(); }
  } end;
  const Device device = test::bare();
  const int64_t n = ranks();
  for (int64_t count : {3, 4001}) {  // all at once, and in pieces that are not equal
    const Tensor own = arange(count).to(kFloat32) + double(rank());
    Tensor x = own.to(device);
    const int before = operations;
    dist::all_reduce(x, dist::ReduceOp::Mean);
    REQUIRE(operations > before);
    REQUIRE(x.device() == device);
    REQUIRE(allclose(x.to(kCPU), arange(count).to(kFloat32) + (double(n) - 1) / 2));
    x = own.to(device);
    dist::broadcast(x, 1);
    REQUIRE(equal(x.to(kCPU), arange(count).to(kFloat32) + 1.0));
    const Tensor all = zeros({n, count}, {.device = device});
    dist::all_gather_into_tensor(all, own.to(device));
    for (int64_t r = 0; r < n; ++r) REQUIRE(equal(all[r].to(kCPU), arange(count).to(kFloat32) + double(r)));
    const Tensor part = zeros({count}, {.device = device});
    dist::reduce_scatter_tensor(part, all);
    REQUIRE(allclose(part.to(kCPU), (arange(count).to(kFloat32) + double(rank())) * double(n)));
    REQUIRE(equal(dist::all_gather(own.to(device))[0].to(kCPU), arange(count).to(kFloat32)));
    // Others, and what has several devices, go over the host.
    const int then = operations;
    Tensor host = own.clone();
    dist::all_reduce(host);
    dist::reduce(x, 0);
    REQUIRE(operations == then);
  }
}

TEST_CASE("NCCL that is not installed is an Error with what the loader says", "[distributed]") {
  setenv("LAZULI_NCCL_LIBRARY", "/none/there/libnccl.so.2", 1);
  struct End {
    ~End() { unsetenv("LAZULI_NCCL_LIBRARY"); }
  } end;
  const std::string text = error_of([] { dist::init_process_group({.backend = "nccl"}); });
  REQUIRE(
      says(text, "init_process_group: argument 'backend': expected NCCL (libnccl.so.2, which its packages install), got /none/there/libnccl.so.2"));
  REQUIRE_FALSE(dist::is_initialized());
  // A library that is another.
  setenv("LAZULI_NCCL_LIBRARY", "libm.so.6", 1);
  REQUIRE(says(error_of([] { dist::init_process_group({.backend = "nccl"}); }), "libm.so.6 without ncclGetErrorString"));
}
