#pragma once
#include <pthread.h>

namespace lazuli {

/// A lock, for headers: <mutex> brings <chrono> along, which would be a tenth of what lazuli.h takes to compile. Source files lock one with std::lock_guard.
class Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex() { pthread_mutex_destroy(&native_); }
  void lock() { pthread_mutex_lock(&native_); }
  void unlock() { pthread_mutex_unlock(&native_); }

  /// Holds one to the end of its scope.
  class Guard {
   public:
    explicit Guard(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
    ~Guard() { mutex_.unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Mutex& mutex_;
  };

 private:
  pthread_mutex_t native_ = PTHREAD_MUTEX_INITIALIZER;
};

}  // namespace lazuli
