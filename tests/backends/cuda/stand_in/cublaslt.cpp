// A libcublasLt.so.13 whose products are plain loops over memory of the host, for the stand-in driver: by cuBLAS's own rules, so that what Lazuli makes of row-major problems is checked.
#include <cublasLt.h>

#include <complex>
#include <cstring>

#include "tests/backends/cuda/stand_in/queue.h"

namespace {

struct Operation {
  cublasComputeType_t compute;
  cudaDataType scale;
  int32_t transpose_a = CUBLAS_OP_N, transpose_b = CUBLAS_OP_N;
  uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  const void* bias = nullptr;
};
struct Layout {
  cudaDataType type;
  uint64_t rows, columns;
  int64_t leading;
  int32_t batch = 1;
  int64_t batch_stride = 0;
};
struct Preference {
  uint64_t workspace = 0;
  uint32_t alignment[4] = {256, 256, 256, 256};
};
constexpr size_t kWorkspace = 4096;

template <class T>
Operation& operation(T d) {
  return *reinterpret_cast<Operation*>(d);
}
template <class T>
Layout& layout(T d) {
  return *reinterpret_cast<Layout*>(d);
}
template <class F>
cublasStatus_t read(F& field, const void* value, size_t bytes) {
  if (bytes != sizeof(field)) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(&field, value, bytes);
  return CUBLAS_STATUS_SUCCESS;
}

// Columns first: element (row, column) lies at row + column * leading.
template <class T>
T at(const void* data, const Layout& l, uint64_t row, uint64_t column, int32_t batch) {
  return static_cast<const T*>(data)[int64_t(row) + int64_t(column) * l.leading + batch * l.batch_stride];
}
template <class T>
void product(const Operation& o, T alpha, const void* a, const Layout& la, const void* b, const Layout& lb, T beta, void* d, const Layout& ld) {
  const bool ta = o.transpose_a == CUBLAS_OP_T, tb = o.transpose_b == CUBLAS_OP_T;
  const uint64_t inner = ta ? la.rows : la.columns;
  for (int32_t n = 0; n < ld.batch; ++n)
    for (uint64_t i = 0; i < ld.rows; ++i)
      for (uint64_t j = 0; j < ld.columns; ++j) {
        T sum{};
        for (uint64_t k = 0; k < inner; ++k)
          sum += (ta ? at<T>(a, la, k, i, n) : at<T>(a, la, i, k, n)) * (tb ? at<T>(b, lb, j, k, n) : at<T>(b, lb, k, j, n));
        T& to = static_cast<T*>(d)[int64_t(i) + int64_t(j) * ld.leading + n * ld.batch_stride];
        T result = alpha * sum + (beta == T{} ? T{} : beta * to);
        if (o.epilogue == CUBLASLT_EPILOGUE_BIAS) result += static_cast<const T*>(o.bias)[i];
        to = result;
      }
}

bool fits(const Operation& o, const Layout& a, const Layout& b, const Layout& d) {
  const bool ta = o.transpose_a == CUBLAS_OP_T, tb = o.transpose_b == CUBLAS_OP_T;
  for (const Layout* l : {&a, &b, &d})
    if (l->leading < int64_t(l->rows) || l->type != d.type || l->batch != d.batch) return false;
  return (ta ? a.columns : a.rows) == d.rows && (tb ? b.rows : b.columns) == d.columns && (ta ? a.rows : a.columns) == (tb ? b.columns : b.rows);
}

}  // namespace

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  static int there;
  *handle = reinterpret_cast<cublasLtHandle_t>(&there);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* d, cublasComputeType_t compute, cudaDataType_t scale) {
  *d = reinterpret_cast<cublasLtMatmulDesc_t>(new Operation{compute, scale});
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t d) {
  delete &operation(d);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t d, cublasLtMatmulDescAttributes_t what, const void* value, size_t bytes) {
  switch (what) {
    case CUBLASLT_MATMUL_DESC_TRANSA: return read(operation(d).transpose_a, value, bytes);
    case CUBLASLT_MATMUL_DESC_TRANSB: return read(operation(d).transpose_b, value, bytes);
    case CUBLASLT_MATMUL_DESC_EPILOGUE: return read(operation(d).epilogue, value, bytes);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER: return read(operation(d).bias, value, bytes);
    default: return CUBLAS_STATUS_INVALID_VALUE;
  }
}
cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* l, cudaDataType type, uint64_t rows, uint64_t columns, int64_t leading) {
  *l = reinterpret_cast<cublasLtMatrixLayout_t>(new Layout{type, rows, columns, leading});
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t l) {
  delete &layout(l);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t l, cublasLtMatrixLayoutAttribute_t what, const void* value, size_t bytes) {
  if (what == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT) return read(layout(l).batch, value, bytes);
  return what == CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET ? read(layout(l).batch_stride, value, bytes) : CUBLAS_STATUS_INVALID_VALUE;
}
cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* p) {
  *p = reinterpret_cast<cublasLtMatmulPreference_t>(new Preference);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t p) {
  delete reinterpret_cast<Preference*>(p);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t p, cublasLtMatmulPreferenceAttributes_t what, const void* value,
                                                    size_t bytes) {
  auto& preference = *reinterpret_cast<Preference*>(p);
  uint32_t mask = 0;
  if (what == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES) return read(preference.workspace, value, bytes);
  if (what == CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK) return read(mask, value, bytes);
  const int which = int(what) - int(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES);
  return which >= 0 && which < 4 ? read(preference.alignment[which], value, bytes) : CUBLAS_STATUS_INVALID_VALUE;
}
cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t o, cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t, cublasLtMatrixLayout_t d, cublasLtMatmulPreference_t p, int wanted,
                                              cublasLtMatmulHeuristicResult_t* results, int* count) {
  *count = 0;
  const cudaDataType type = layout(d).type;
  if (!handle || wanted < 1 || !fits(operation(o), layout(a), layout(b), layout(d))) return CUBLAS_STATUS_INVALID_VALUE;
  if (type != CUDA_R_32F && type != CUDA_R_64F && type != CUDA_C_32F && type != CUDA_C_64F) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (operation(o).epilogue != CUBLASLT_EPILOGUE_DEFAULT && (type != CUDA_R_32F || !operation(o).bias)) return CUBLAS_STATUS_NOT_SUPPORTED;
  results[0] = {};
  results[0].algo.data[0] = reinterpret_cast<Preference*>(p)->alignment[0];
  results[0].workspaceSize = kWorkspace;
  results[0].state = CUBLAS_STATUS_SUCCESS;
  *count = 1;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmul(cublasLtHandle_t, cublasLtMatmulDesc_t o, const void* alpha, const void* a, cublasLtMatrixLayout_t la, const void* b,
                              cublasLtMatrixLayout_t lb, const void* beta, const void* c, cublasLtMatrixLayout_t, void* d, cublasLtMatrixLayout_t ld,
                              const cublasLtMatmulAlgo_t* algorithm, void* workspace, size_t bytes, cudaStream_t stream) {
  if (!stream || c != d || !workspace || bytes < kWorkspace || reinterpret_cast<uintptr_t>(a) % algorithm->data[0] != 0)
    return CUBLAS_STATUS_INVALID_VALUE;
  auto run = [&](auto one) {
    using T = decltype(one);
    const bool queued =
        stand_in::queue(stream, [=, o = operation(o), alpha = *static_cast<const T*>(alpha), beta = *static_cast<const T*>(beta), la = layout(la),
                                 lb = layout(lb), ld = layout(ld)] { product<T>(o, alpha, a, la, b, lb, beta, d, ld); });
    return queued ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
  };
  switch (layout(ld).type) {
    case CUDA_R_32F: return run(float());
    case CUDA_R_64F: return run(double());
    case CUDA_C_32F: return run(std::complex<float>());
    default: return run(std::complex<double>());
  }
}

}  // extern "C"
