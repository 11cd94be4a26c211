// Which functions have a typed form: all whose result's shape follows from their operands' shapes and from what can be a template argument. The others stand here with the reason.
#include <lazuli/lazuli.h>
#include <lazuli/typed/typed.h>

#include <functional>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/typed/recorded_shapes.h"

using namespace lazuli;
using typed::Sizes, typed::Window;

namespace {

template <int64_t... extents>
using F = Typed<float, typed::Dims<extents...>>;
template <int64_t... extents>
using I = Typed<int64_t, typed::Dims<extents...>>;

// Whether a tensor is what its type says.
template <typed::AnyTyped X>
bool honest(const X& x) {
  constexpr typed::Extents wanted = typed::ShapeOfTensor<X>::value;
  bool fits = x.dtype() == typed::dtype_of_tensor<X> && x.dim() == wanted.rank;
  for (int i = 0; fits && i < wanted.rank; ++i) fits = !typed::is_fixed(wanted.at[i]) || x.size(i) == wanted.at[i];
  return fits;
}
template <class... X>
bool honest(const std::tuple<X...>& all) {
  return std::apply([](const auto&... each) { return (honest(each) && ...); }, all);
}
template <int64_t... extents>
F<extents...> r() {
  return typed::rand<F<extents...>>();
}
template <int64_t... extents>
I<extents...> zero() {
  return typed::zeros<I<extents...>>();
}

// Those without recorded cases, at work.
const std::map<std::string, std::function<bool()>> others{
    {"adaptive_max_pool1d_with_indices", [] { return honest(adaptive_max_pool1d_with_indices<3>(r<2, 3, 8>())); }},
    {"adaptive_max_pool2d_with_indices",
     [] {
       return honest(adaptive_max_pool2d_with_indices<Sizes{3, 2}>(r<2, 3, 8, 8>()));
     }},
    {"adaptive_max_pool3d_with_indices", [] { return honest(adaptive_max_pool3d_with_indices<2>(r<2, 3, 4, 4, 4>())); }},
    {"adjoint", [] { return honest(adjoint(r<2, 3, 4>())); }},
    {"affine_grid", [] { return honest(affine_grid<2, 3, 4, 5>(r<2, 2, 3>())); }},
    {"alpha_dropout", [] { return honest(alpha_dropout(r<2, 3>())); }},
    {"bernoulli", [] { return honest(bernoulli(r<2, 3>())); }},
    {"chain_matmul", [] { return honest(chain_matmul(r<2, 3>(), r<3, 4>(), r<4, 5>())); }},
    {"cholesky", [] { return honest(cholesky(typed_cast<F<3, 3>>(eye(3)))); }},
    {"conv_tbc", [] { return honest(conv_tbc<1>(r<7, 2, 3>(), r<3, 3, 4>(), zeros({4}))); }},
    {"detach", [] { return honest(detach(r<2, 3>())); }},
    {"dropout", [] { return honest(dropout(r<2, 3>())); }},
    {"dropout1d", [] { return honest(dropout1d(r<2, 3, 4>())); }},
    {"dropout2d", [] { return honest(dropout2d(r<2, 3, 4, 4>())); }},
    {"dropout3d", [] { return honest(dropout3d(r<2, 3, 4, 4, 4>())); }},
    {"empty_like", [] { return honest(empty_like(r<2, 3>())); }},
    {"feature_alpha_dropout", [] { return honest(feature_alpha_dropout(r<2, 3, 4>())); }},
    {"fold",
     [] {
       return honest(fold<Sizes{4, 5}, Sizes{2, 2}>(r<2, 12, 12>()));
     }},
    {"gru",
     [] {
       return honest(gru<true>(r<5, 2, 3>(), r<2, 2, 4>(), {r<12, 3>(), r<12, 4>(), r<12, 3>(), r<12, 4>()}, {.has_biases = false}));
     }},
    {"gru_cell", [] { return honest(gru_cell(r<2, 3>(), r<2, 4>(), r<12, 3>(), r<12, 4>())); }},
    {"index_copy", [] { return honest(index_copy<0>(r<3, 4>(), zero<2>(), r<2, 4>())); }},
    {"inverse", [] { return honest(inverse(typed_cast<F<3, 3>>(eye(3)))); }},
    {"linalg.inv", [] { return honest(linalg::inv(typed_cast<F<3, 3>>(eye(3)))); }},
    {"lp_pool1d", [] { return honest(lp_pool1d<2>(r<2, 3, 8>(), 2.0)); }},
    {"lp_pool2d", [] { return honest(lp_pool2d<2, Window{.stride = 1}>(r<2, 3, 8, 8>(), 2.0)); }},
    {"lp_pool3d", [] { return honest(lp_pool3d<2>(r<2, 3, 4, 4, 4>(), 2.0)); }},
    {"lstm",
     [] {
       return honest(lstm<false, true>(r<2, 5, 3>(), r<1, 2, 4>(), r<1, 2, 4>(), {r<16, 3>(), r<16, 4>()}, {.has_biases = false}));
     }},
    {"lstm_cell", [] { return honest(lstm_cell(r<2, 3>(), r<2, 4>(), r<2, 4>(), r<16, 3>(), r<16, 4>())); }},
    {"margin_ranking_loss", [] { return honest(margin_ranking_loss<Reduction::None>(r<3>(), r<3>(), r<3>())); }},
    {"matrix_power", [] { return honest(matrix_power(r<2, 3, 3>(), 2)); }},
    {"max_pool1d_with_indices", [] { return honest(max_pool1d_with_indices<2>(r<2, 3, 8>())); }},
    {"max_pool2d_with_indices", [] { return honest(max_pool2d_with_indices<2>(r<2, 3, 8, 8>())); }},
    {"max_pool3d_with_indices", [] { return honest(max_pool3d_with_indices<2>(r<2, 3, 4, 4, 4>())); }},
    {"moveaxis", [] { return honest(moveaxis<0, 2>(r<2, 3, 4>())); }},
    {"narrow_copy", [] { return honest(narrow_copy<1, 0, 2>(r<2, 3>())); }},
    {"nonzero_static", [] { return honest(nonzero_static<5>(r<2, 3>())); }},
    {"one_hot", [] { return honest(one_hot<4>(zero<2, 3>())); }},
    {"orgqr", [] { return honest(orgqr(r<4, 3>(), r<3>())); }},
    {"pack", [] { return honest(pack<"b *">(r<2, 3, 4>(), r<2, 5>())); }},
    {"qr", [] { return honest(qr(r<4, 3>())); }},
    {"rand_like", [] { return honest(rand_like(r<2, 3>())); }},
    {"randn_like", [] { return honest(randn_like(r<2, 3>())); }},
    {"rearrange", [] { return honest(rearrange<"a b -> b a">(r<2, 3>())); }},
    {"reduce", [] { return honest(reduce<"a b -> b", einops::ReduceOp::sum>(r<2, 3>())); }},
    {"rnn_relu",
     [] {
       return honest(rnn_relu(r<5, 2, 3>(), r<1, 2, 4>(), {r<4, 3>(), r<4, 4>()}, {.has_biases = false}));
     }},
    {"rnn_relu_cell", [] { return honest(rnn_relu_cell(r<2, 3>(), r<2, 4>(), r<4, 3>(), r<4, 4>())); }},
    {"rnn_tanh",
     [] {
       return honest(rnn_tanh(r<5, 2, 3>(), r<1, 2, 4>(), {r<4, 3>(), r<4, 4>()}, {.has_biases = false}));
     }},
    {"rnn_tanh_cell", [] { return honest(rnn_tanh_cell(r<2, 3>(), r<2, 4>(), r<4, 3>(), r<4, 4>())); }},
    {"row_stack", [] { return honest(row_stack(r<3>(), r<2, 3>())); }},
    {"rrelu", [] { return honest(rrelu(r<2, 3>())); }},
    {"slice_scatter", [] { return honest(slice_scatter<1, 0, 2>(r<2, 3>(), r<2, 2>())); }},
    {"slogdet", [] { return honest(slogdet(r<2, 3, 3>())); }},
    {"swapaxes", [] { return honest(swapaxes<0, 1>(r<2, 3>())); }},
    {"swapdims", [] { return honest(swapdims<0, 1>(r<2, 3>())); }},
    {"unpack", [] { return honest(unpack<"b *", typed::Dims<3>, typed::Dims<2>>(r<2, 5>())); }},
    {"upsample", [] { return honest(upsample<typed::ScaleFactor{2}>(r<2, 3, 4, 4>())); }},
    {"vander", [] { return honest(vander<3>(r<4>())); }},
    {"fix", [] { return honest(fix(r<2>())); }},
    {"concat", [] { return honest(concat<1>(r<2, 3>(), r<2, 4>())); }},
    {"item", [] { return item(r<1>()) < 1; }},
    {"elements", [] { return typed::elements(to<typed::OnCPU>(r<2, 3>())).size() == 6; }},
};

// Why a function has none.
const std::map<std::string, std::vector<std::string>> reasons{
    {"how many there are depends on the values",
     {"argwhere", "bincount", "masked_select", "masked_select_async", "nonzero", "unique", "unique_consecutive", "linalg.lstsq"}},
    {"what goes in is no tensor, or its shape is the argument: typed::zeros<X>() and the like make typed tensors",
     {"arange",
      "as_tensor",
      "bartlett_window",
      "blackman_window",
      "empty",
      "empty_permuted",
      "empty_strided",
      "eye",
      "fft.fftfreq",
      "fft.rfftfreq",
      "frombuffer",
      "full",
      "hann_window",
      "hamming_window",
      "kaiser_window",
      "linspace",
      "logspace",
      "new_empty",
      "new_empty_strided",
      "new_full",
      "new_ones",
      "new_zeros",
      "normal",
      "ones",
      "rand",
      "randint",
      "randn",
      "randperm",
      "scalar_tensor",
      "tensor",
      "tril_indices",
      "triu_indices",
      "zeros"}},
    {"what comes out is no tensor",
     {"allclose",          "broadcast_shapes", "can_broadcast_to", "can_cast",       "equal",         "get_device", "is_complex",      "is_conj",
      "is_floating_point", "is_neg",           "is_nonzero",       "is_same_size",   "is_signed",     "is_tensor",  "needs_broadcast", "numel",
      "promote_types",     "result_type",      "broadcastShapes",  "canBroadcastTo", "needsBroadcast"}},
    {"options that the program says decide the dimensions",
     {"stft",
      "istft",
      "svd",
      "svd_lowrank",
      "pca_lowrank",
      "lobpcg",
      "histogramdd",
      "fractional_max_pool2d",
      "fractional_max_pool3d",
      "fractional_max_pool2d_with_indices",
      "fractional_max_pool3d_with_indices",
      "nuclear_norm",
      "frobenius_norm",
      "hash_tensor",
      "gumbel_softmax",
      "lu",
      "lu_unpack",
      "ormqr",
      "triangular_solve",
      "as_strided_scatter",
      "multinomial",
      "multinomial_async",
      "multi_head_attention_forward"}},
    {"operands are lists, with gaps perhaps", {"getitem", "__getitem__", "index", "index_put"}},
    {"of factors that other functions made", {"linalg.ldl_solve", "linalg.lu_solve", "lu_solve"}},
    {"several functions in one, for modules", {"batch_norm_relu"}},
    {"lengths beside the tensors decide", {"ctc_loss", "linear_cross_entropy"}},
    {"random numbers, of the operand's shape or as the arguments say",
     {"binomial", "cauchy", "exponential", "geometric", "log_normal", "poisson", "randint_like", "uniform", "triplet_margin_with_distance_loss"}},
    {"short names for a dtype: to<T>(x)",
     {"bfloat16", "bool", "byte", "cdouble", "cfloat", "char", "double", "float", "half", "int", "long", "short", "to"}},
    {"of this test's neighbours", {"my_square"}},
};

// Second names, and the names of which they are second ones.
const std::map<std::string, std::string> second_names{{"absolute", "abs"},
                                                      {"arccos", "acos"},
                                                      {"arccosh", "acosh"},
                                                      {"arcsin", "asin"},
                                                      {"arcsinh", "asinh"},
                                                      {"arctan", "atan"},
                                                      {"arctan2", "atan2"},
                                                      {"arctanh", "atanh"},
                                                      {"clip", "clamp"},
                                                      {"concatenate", "cat"},
                                                      {"det", "linalg.det"},
                                                      {"divide", "div"},
                                                      {"fft", "fft.fft"},
                                                      {"ger", "outer"},
                                                      {"greater", "gt"},
                                                      {"greater_equal", "ge"},
                                                      {"ifft", "fft.ifft"},
                                                      {"irfft", "fft.irfft"},
                                                      {"less", "lt"},
                                                      {"less_equal", "le"},
                                                      {"linalg.matrix_exp", "matrix_exp"},
                                                      {"multiply", "mul"},
                                                      {"negative", "neg"},
                                                      {"not_equal", "ne"},
                                                      {"rfft", "fft.rfft"},
                                                      {"subtract", "sub"},
                                                      {"special.expit", "sigmoid"},
                                                      {"special.gammainc", "igamma"},
                                                      {"special.gammaincc", "igammac"},
                                                      {"special.gammaln", "lgamma"},
                                                      {"special.multigammaln", "mvlgamma"},
                                                      {"special.psi", "digamma"}};

bool has_prefix(const std::string& name, std::string_view prefix) { return name.rfind(prefix, 0) == 0; }
// In place, of lists, of masked tensors (whose options say keepdim) and sparse ones, windows, numbers of a symbolic kind, operators of Python's spelling.
bool is_of_another_kind(const std::string& name) {
  return name.back() == '_' || has_prefix(name, "_foreach_") || has_prefix(name, "sparse.") || name == "to_sparse" || has_prefix(name, "masked.") ||
         has_prefix(name, "signal.windows.") || has_prefix(name, "sym_") || has_prefix(name, "__") || name == "setitem";
}

}  // namespace

TEST_CASE("every function of the table has a typed form or a reason for having none", "[typed]") {
  std::set<std::string> held, reasoned;
  for (const auto& [name, samples] : recorded_shapes())
    if (samples > 0) held.insert(name);
  for (const auto& [name, check] : others) held.insert(name);
  for (const auto& [reason, names] : reasons) reasoned.insert(names.begin(), names.end());
  std::string missing;
  for (const std::string& name : list_ops()) {
    if (get_op_info(name).family == "user" || is_of_another_kind(name)) continue;
    const auto second = second_names.find(name);
    const std::string first = second != second_names.end()                        ? second->second
                              : has_prefix(name, "special.") && !held.count(name) ? name.substr(8)
                                                                                  : name;
    if (!held.count(first) && !reasoned.count(first)) missing += name + " ";
  }
  CHECK(missing == "");
  for (const std::string& name : reasoned) {
    INFO(name);
    CHECK(!held.count(name));
  }
}

TEST_CASE("typed functions without recorded cases give what their types say", "[typed]") {
  for (const auto& [name, check] : others) {
    INFO(name);
    CHECK(check());
  }
}
