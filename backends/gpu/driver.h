#pragma once
#include <cstring>
#include <span>
#include <string>

#include "lazuli/core/backend.h"
#include "lazuli/core/tensor.h"

/// Kernels for GPUs in one portable source, and what a runtime (backends/cuda, backends/opencl) does for them.
namespace lazuli::gpu {

/// The two languages that a kernel's text is compiled as (see dialect.h).
enum class Dialect { Cuda, OpenCl };

/// How many groups of how many work items run a kernel.
struct Grid {
  int64_t groups = 1;
  int group_size = 128;
  int64_t groups_y = 1;
  /// One work item for each of `count` things.
  static Grid items(int64_t count, int group_size = 128) { return {(count + group_size - 1) / group_size, group_size}; }
};

/// What a kernel is given, in the order of its parameters.
class Arguments {
 public:
  struct Item {
    const void* data;  // the value, or for a buffer the address in the device's memory
    uint32_t bytes;
    uint32_t element;  // a buffer's bytes per element; 0 for a value
  };
  /// Parameter BUFFER(T, name): the tensor's first element, or nothing for an undefined tensor.
  Arguments& buffer(const Tensor& t) { return t.defined() ? buffer(t.address(), uint32_t(t.item_size())) : buffer(nullptr, 1); }
  Arguments& buffer(const void* address, uint32_t element) {
    items_[count_++] = {address, sizeof(void*), element};
    return *this;
  }
  /// A plain value: int (32 bits), int64_t, float, double, or a struct of one of these.
  template <class T>
  Arguments& value(const T& v) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    return bytes(&v, uint32_t(sizeof(T)));
  }
  /// A struct of numbers of one size.
  Arguments& bytes(const void* data, uint32_t size) {
    used_ = (used_ + 7) & ~7u;
    std::memcpy(bytes_ + used_, data, size);
    items_[count_++] = {bytes_ + used_, size, 0};
    used_ += size;
    return *this;
  }
  /// Parameter T_ACCUMULATE (of a complex dtype: T_REAL): int64 for integers, else float or double.
  Arguments& number(DType t, const Scalar& v) {
    if (is_integral(t)) return value(v.to<int64_t>());
    return real_dtype(t) == kFloat64 ? value(v.to<double>()) : value(v.to<float>());
  }
  std::span<const Item> items() const { return {items_, size_t(count_)}; }
  Arguments() = default;
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

 private:
  alignas(8) unsigned char bytes_[1024];
  Item items_[32];
  uint32_t count_ = 0, used_ = 0;
};

/// A product of matrices in row-major order: out = beta * out + alpha * a @ b, of one dtype. Strides are in elements; for a and b exactly one of row and column stride is 1
/// (or the dimension has one element), batches follow each other at a constant stride (0: the same matrix for all).
struct MatmulProblem {
  struct Operand {
    const void* data;
    int64_t row_stride, column_stride, batch_stride;
  };
  DType dtype;
  int64_t batch, m, n, k;
  Operand a, b, out;           // out: column stride 1
  const void* bias = nullptr;  // [n], or null
  double alpha, beta;
  int index;
};

/// A convolution (core/slots/window_slots.h), or one of its gradients, of images [n, channels, spatial..] of two or three spatial dimensions: padding is the same on both sides of
/// `input`, and there are as many windows as fit. Operands are dense, row-major or all with channels last, and lie at multiples of 16 bytes.
struct ConvolutionProblem {
  enum class Written : uint8_t { Output, Input, Weight };
  Written written;  // the operand that is computed from the two others
  DType dtype;
  bool channels_last;
  Shape input, weight, output;  // sizes
  Shape stride, padding, dilation;
  int64_t groups;
  int index;
};

/// A backend whose kernels are compiled at run time.
class Driver : public Backend {
 public:
  virtual Dialect dialect() const = 0;
  /// Device, driver and compiler versions: binaries are kept on disk under it.
  virtual std::string identity(int index) = 0;
  virtual bool has_float64(int index) = 0;
  /// True for processors, where a work item is a turn of a loop: kernels then give each item one element.
  virtual bool is_cpu(int index) = 0;
  virtual int64_t max_group_size(int index) = 0;
  /// Compiles a text to the device's binary, or leaves that to `load` where the device's driver keeps binaries itself. `exact`: no contraction of a * b + c. Throws Error with the compiler's log.
  virtual std::string compile(const std::string& source, bool exact, int index) = 0;
  /// A function of such a binary, to be kept until the process ends; null when the binary is not one of this device. Throws as `compile` does.
  virtual void* load(const std::string& binary, const char* kernel, int index) = 0;
  /// Puts a call on the current stream. Throws Error when the device refuses it.
  virtual void launch(void* function, const Grid& grid, const Arguments& arguments, int index) = 0;
  /// Whether `matmul` is worth being asked for products of this dtype and these sizes.
  virtual bool takes_matmul(DType dtype, int64_t batch, int64_t m, int64_t n, int64_t k, int index) = 0;
  /// The vendor's product, where it has one for this problem; else false, and nothing has changed.
  virtual bool matmul(const MatmulProblem& problem) = 0;
  /// The dtypes of convolutions that the vendor may have; without any they are composites, and the two functions below are not called.
  virtual DTypeSet convolution_dtypes() const { return {}; }
  /// Whether `convolution` is worth being asked for this one.
  virtual bool takes_convolution(const ConvolutionProblem&) { return false; }
  /// The vendor's convolution; else false, and of the three operands nothing has changed but perhaps the one that is written.
  virtual bool convolution(const ConvolutionProblem&, void* /*input*/, void* /*weight*/, void* /*output*/) { return false; }

  /// Adds the argument of a parameter ERRORS: a buffer of eight int64 in the device's memory where kernels leave the first bad index that they meet (see dialect.h: REPORT_INDEX).
  void add_error_buffer(Arguments& arguments, const char* op, int index);
  /// To be called after each synchronisation: throws Error (Index) naming that operator, and clears the buffer.
  void check_errors(int index);

 protected:
  /// Reads and clears the buffer, without checking.
  virtual void read_error_buffer(const void* buffer, int64_t (&words)[8], int index) = 0;
  virtual void write_error_buffer(void* buffer, const int64_t (&words)[8], int index) = 0;
  /// How many kernels this thread has given the buffer to; and that such kernels run once more.
  static int64_t error_buffers_given() { return error_buffers_given_; }
  void expect_errors(int index);

 private:
  static constexpr int kMaxIndex = 16;
  void* error_buffers_[kMaxIndex] = {};
  bool errors_pending_[kMaxIndex] = {};
  static thread_local constinit int64_t error_buffers_given_;
};

/// The driver of a device type; set once by the backend.
Driver& driver_of(Device device);
void set_driver(DeviceType type, Driver& driver);

/// Fills the slots of a device type with the kernels of this folder.
void register_kernels(DeviceType type);

}  // namespace lazuli::gpu
