// A libnccl.so.2 over MPI and the host's memory, so that the engine over NCCL runs where there is no GPU. Each call is complete when it returns; a stream is not looked at. STAND_IN_NCCL_FAILS=CALL makes one
// fail: the name of a function, or "async" for what ncclCommGetAsyncError tells.
#include <mpi.h>

#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

constexpr int kSuccess = 0, kInvalidArgument = 4, kInvalidUsage = 5, kRemoteError = 6;
constexpr int kUint8 = 1;
constexpr int kTag = 20000;

struct UniqueId {
  char bytes[128];
};
/// What an id says: the process of rank 0, and its how manieth communicator this is.
struct Origin {
  int process, number;
};
struct Comm {
  MPI_Comm over;
  int ranks;
};

int communicators = 0, calls = 0, alive = 0, depth = 0;
std::vector<MPI_Request> group;

bool fails(const char* call) {
  const char* name = std::getenv("STAND_IN_NCCL_FAILS");
  return name && std::string_view(name) == call;
}
int told(const char* call, int status) {
  ++calls;
  return fails(call) ? kRemoteError : status == MPI_SUCCESS ? kSuccess : kInvalidUsage;
}

// The processes of a communicator by rank: rank 0 hears from all, and tells them.
std::vector<int> processes_of(const Origin& origin, int ranks, int rank) {
  std::vector<int> all(static_cast<size_t>(ranks));
  const int tag = kTag + origin.number;
  if (rank > 0) {
    MPI_Send(&rank, 1, MPI_INT, origin.process, tag, MPI_COMM_WORLD);
    MPI_Recv(all.data(), ranks, MPI_INT, origin.process, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return all;
  }
  all[0] = origin.process;
  for (int i = 1; i < ranks; ++i) {
    int who = 0;
    MPI_Status status;
    MPI_Recv(&who, 1, MPI_INT, MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &status);
    all[static_cast<size_t>(who)] = status.MPI_SOURCE;
  }
  for (int i = 1; i < ranks; ++i) MPI_Send(all.data(), ranks, MPI_INT, all[static_cast<size_t>(i)], tag, MPI_COMM_WORLD);
  return all;
}

}  // namespace

extern "C" {

const char* ncclGetErrorString(int result) { return result == kRemoteError ? "the stand-in was told to fail" : "wrong use of the stand-in"; }

int ncclGetUniqueId(UniqueId* id) {
  Origin origin{0, ++communicators};
  MPI_Comm_rank(MPI_COMM_WORLD, &origin.process);
  *id = {};
  std::memcpy(id->bytes, &origin, sizeof origin);
  return told("ncclGetUniqueId", MPI_SUCCESS);
}

int ncclCommInitRank(Comm** comm, int ranks, UniqueId id, int rank) {
  if (fails("ncclCommInitRank")) return kRemoteError;
  Origin origin;
  std::memcpy(&origin, id.bytes, sizeof origin);
  const std::vector<int> processes = processes_of(origin, ranks, rank);
  MPI_Group world, some;
  MPI_Comm_group(MPI_COMM_WORLD, &world);
  MPI_Group_incl(world, ranks, processes.data(), &some);
  auto made = new Comm{MPI_COMM_NULL, ranks};
  const int status = MPI_Comm_create_group(MPI_COMM_WORLD, some, kTag + origin.number, &made->over);
  MPI_Group_free(&some);
  MPI_Group_free(&world);
  *comm = made;
  ++alive;
  return told("ncclCommInitRank", status);
}

int ncclCommAbort(Comm* comm) {
  MPI_Comm_free(&comm->over);
  delete comm;
  --alive;
  return kSuccess;
}

int ncclCommGetAsyncError(Comm*, int* result) {
  *result = fails("async") ? kRemoteError : kSuccess;
  return kSuccess;
}

int ncclBroadcast(const void* from, void* to, size_t count, int type, int root, Comm* comm, void*) {
  if (type != kUint8 || depth > 0) return kInvalidArgument;
  if (from != to) std::memcpy(to, from, count);
  return told("ncclBroadcast", MPI_Bcast(to, int(count), MPI_BYTE, root, comm->over));
}

int ncclAllGather(const void* from, void* to, size_t count, int type, Comm* comm, void*) {
  if (type != kUint8 || depth > 0) return kInvalidArgument;
  return told("ncclAllGather", MPI_Allgather(from, int(count), MPI_BYTE, to, int(count), MPI_BYTE, comm->over));
}

// Outside of a group two ranks would wait for each other.
int ncclSend(const void* from, size_t count, int type, int peer, Comm* comm, void*) {
  if (type != kUint8 || depth == 0 || peer < 0 || peer >= comm->ranks) return kInvalidArgument;
  return told("ncclSend", MPI_Isend(from, int(count), MPI_BYTE, peer, 0, comm->over, &group.emplace_back()));
}
int ncclRecv(void* to, size_t count, int type, int peer, Comm* comm, void*) {
  if (type != kUint8 || depth == 0 || peer < 0 || peer >= comm->ranks) return kInvalidArgument;
  return told("ncclRecv", MPI_Irecv(to, int(count), MPI_BYTE, peer, 0, comm->over, &group.emplace_back()));
}
int ncclGroupStart() {
  ++depth;
  return told("ncclGroupStart", MPI_SUCCESS);
}
int ncclGroupEnd() {
  if (--depth < 0) return kInvalidUsage;
  const int status = MPI_Waitall(int(group.size()), group.data(), MPI_STATUSES_IGNORE);
  group.clear();
  return told("ncclGroupEnd", status);
}

/// Of this process: calls so far, and communicators that were not aborted.
int stand_in_nccl_calls() { return calls; }
int stand_in_nccl_alive() { return alive; }

}  // extern "C"
