// The engine over MPI: a shared object that is loaded when a process group is made, so that programs which never make one do without MPI's libraries.
#include <mpi.h>

#include <climits>
#include <stdexcept>
#include <string>

#include "lazuli/distributed/engine.h"

namespace lazuli::distributed {
namespace {

void check(int status, const char* call) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING + 1] = {};
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw std::runtime_error(std::string(call) + ": " + text);
}

int counted(size_t count) {
  if (count > size_t(INT_MAX)) throw std::runtime_error("at most 2147483647 bytes at once, got " + std::to_string(count));
  return int(count);
}

class MpiOperation : public Operation {
 public:
  MPI_Request request = MPI_REQUEST_NULL;
  int expected = -1;  // bytes of a message, where it is one that arrives
  // What MPI reads until the operation is complete.
  std::vector<int> counts, places, received_counts, received_places;

  bool done() override {
    int complete = 0, got = 0;
    MPI_Status status;
    check(MPI_Test(&request, &complete, &status), "MPI_Test");
    if (!complete || expected < 0) return complete != 0;
    check(MPI_Get_count(&status, MPI_BYTE, &got), "MPI_Get_count");
    if (got != expected)
      throw std::runtime_error("a message of " + std::to_string(expected) + " bytes was expected, one of " + std::to_string(got) + " came");
    return true;
  }
};

template <class F>
Started start(const char* call, F f) {
  auto operation = std::make_unique<MpiOperation>();
  check(f(*operation), call);
  return operation;
}

void layout(const std::vector<size_t>& sizes, std::vector<int>& counts, std::vector<int>& places) {
  size_t place = 0;
  for (size_t size : sizes) {
    counts.push_back(counted(size));
    places.push_back(counted(place));
    place += size;
  }
}

class MpiCommunicator : public Communicator {
 public:
  explicit MpiCommunicator(MPI_Comm comm) : comm_(comm) {
    check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }

  Started broadcast(void* data, size_t size, int root) override {
    return start("MPI_Ibcast", [&](MpiOperation& o) { return MPI_Ibcast(data, counted(size), MPI_BYTE, root, comm_, &o.request); });
  }
  Started all_gather(const void* own, void* all, size_t size) override {
    return start("MPI_Iallgather",
                 [&](MpiOperation& o) { return MPI_Iallgather(own, counted(size), MPI_BYTE, all, counted(size), MPI_BYTE, comm_, &o.request); });
  }
  Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    return start("MPI_Ialltoallv", [&](MpiOperation& o) {
      layout(sizes, o.counts, o.places);
      layout(received_sizes, o.received_counts, o.received_places);
      return MPI_Ialltoallv(parts, o.counts.data(), o.places.data(), MPI_BYTE, received, o.received_counts.data(), o.received_places.data(), MPI_BYTE,
                            comm_, &o.request);
    });
  }
  Started gather(const void* own, void* all, size_t size, int root) override {
    return start("MPI_Igather",
                 [&](MpiOperation& o) { return MPI_Igather(own, counted(size), MPI_BYTE, all, counted(size), MPI_BYTE, root, comm_, &o.request); });
  }
  Started scatter(const void* all, void* own, size_t size, int root) override {
    return start("MPI_Iscatter",
                 [&](MpiOperation& o) { return MPI_Iscatter(all, counted(size), MPI_BYTE, own, counted(size), MPI_BYTE, root, comm_, &o.request); });
  }
  Started barrier() override {
    return start("MPI_Ibarrier", [&](MpiOperation& o) { return MPI_Ibarrier(comm_, &o.request); });
  }
  Started send(const void* data, size_t size, int to, int tag) override {
    return start("MPI_Isend", [&](MpiOperation& o) { return MPI_Isend(data, counted(size), MPI_BYTE, to, tag, comm_, &o.request); });
  }
  Started receive(void* data, size_t size, int from, int tag) override {
    return start("MPI_Irecv", [&](MpiOperation& o) {
      o.expected = counted(size);
      return MPI_Irecv(data, counted(size), MPI_BYTE, from, tag, comm_, &o.request);
    });
  }
  std::unique_ptr<Communicator> split(const std::vector<int>& ranks) override {
    MPI_Group all = MPI_GROUP_NULL, some = MPI_GROUP_NULL;
    MPI_Comm comm = MPI_COMM_NULL;
    check(MPI_Comm_group(comm_, &all), "MPI_Comm_group");
    check(MPI_Group_incl(all, counted(ranks.size()), ranks.data(), &some), "MPI_Group_incl");
    check(MPI_Comm_create(comm_, some, &comm), "MPI_Comm_create");
    MPI_Group_free(&some);
    MPI_Group_free(&all);
    if (comm == MPI_COMM_NULL) return nullptr;
    return std::make_unique<MpiCommunicator>(comm);
  }

 private:
  MPI_Comm comm_;
  int rank_ = 0, size_ = 1;
};

class MpiEngine : public Engine {
 public:
  MpiEngine() {
    int initialized = 0;
    check(MPI_Initialized(&initialized), "MPI_Initialized");
    if (!initialized) {
      // Calls come from the thread that looks after what is on its way, and those of beginning and end from others: never two at once.
      int provided = 0;
      check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
      began_ = true;
      if (provided < MPI_THREAD_SERIALIZED) throw std::runtime_error("this MPI takes no calls from several threads");
    }
    MPI_Comm comm = MPI_COMM_NULL;
    check(MPI_Comm_dup(MPI_COMM_WORLD, &comm), "MPI_Comm_dup");
    world_ = std::make_unique<MpiCommunicator>(comm);
  }
  const char* name() const override { return "mpi"; }
  Communicator& world() override { return *world_; }
  void finish() override {
    if (began_) check(MPI_Finalize(), "MPI_Finalize");
  }
  void abort(int status) override { MPI_Abort(MPI_COMM_WORLD, status); }

 private:
  std::unique_ptr<MpiCommunicator> world_;
  bool began_ = false;
};

}  // namespace
}  // namespace lazuli::distributed

/// Begins MPI in this process. Throws std::runtime_error where it cannot.
extern "C" [[gnu::visibility("default")]] lazuli::distributed::Engine* lazuli_distributed_engine() { return new lazuli::distributed::MpiEngine; }
