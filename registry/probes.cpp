#include "lazuli/registry/probes.h"

#include <algorithm>
#include <map>

#include "lazuli/core/factory.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::registry::detail {

Tensor probe_tensor(const Shape& sizes, DType dtype) {
  Tensor t = arange(Scalar(sizes.numel()), {.dtype = kFloat64}) * 0.5 / double(std::max<int64_t>(1, sizes.numel())) + 0.25;
  t = t.reshape(sizes);
  if (sizes.size() == 2 && sizes[0] == sizes[1]) t = (t + t.t()) * 0.25 + eye(sizes[0], {.dtype = kFloat64});
  if (dtype == kBool) return t > 0;
  return is_integral(dtype) ? full(sizes, 1, {.dtype = dtype}) : t.to(dtype);
}

namespace {

// Tensors of the sizes, this number for integers.
struct Probe {
  Shape sizes;
  int64_t integer;
};
const std::vector<Probe>& probes() {
  static const auto* all =
      new std::vector<Probe>{{{2, 2}, 0}, {{2, 2}, 1}, {{4}, 0}, {{}, 0}, {{2, 3, 3}, 1}, {{2, 2, 4}, 2}, {{1, 2, 4, 4}, 2}, {{1, 2, 4, 4, 4}, 2}};
  return *all;
}

// 0, 1, 2 ..., each the remainder by `below`.
Tensor numbers_below(const Shape& sizes, int64_t below) { return arange(sizes.numel()).remainder(below).reshape(sizes); }

bool named_index(std::string_view name) {
  return name.find("index") != name.npos || name.find("indices") != name.npos || name == "target" || name == "offsets" || name == "sorter";
}
bool named_mask(std::string_view name) { return name.find("mask") != name.npos || name == "condition"; }

Value argument(const SchemaArg& arg, const Probe& probe, DType dtype) {
  using Base = ArgType::Base;
  const auto one = [&]() -> Value {
    switch (arg.type.base) {
      case Base::Tensor:
        if (named_mask(arg.name)) return Value(full(probe.sizes, true, {.dtype = kBool}));
        if (named_index(arg.name)) return Value(numbers_below(probe.sizes, probe.sizes.empty() ? 1 : probe.sizes.back()));
        return Value(probe_tensor(probe.sizes, dtype));
      case Base::Int: return Value(probe.integer);
      case Base::Float: return Value(0.5);
      case Base::Bool: return Value(false);
      case Base::Scalar: return is_integral(dtype) ? Value(1) : Value(0.5);
      case Base::String: return Value("mean");
      case Base::DType: return Value(dtype);
      case Base::Device: return Value(kCPU);
      default: return Value();
    }
  };
  if (!arg.type.list) return one();
  if (arg.type.base == Base::Int && (arg.name == "size" || arg.name == "sizes" || arg.name == "shape")) return Value(probe.sizes);
  return Value(Value::List(size_t(arg.type.length ? arg.type.length : arg.type.base == Base::Tensor ? 2 : 1), one()));
}

// What a written call is made of.
struct Make {
  DType dtype;
  Tensor operator()(const Shape& sizes) const { return probe_tensor(sizes, dtype); }
  Tensor index(const Shape& sizes, int64_t below) const { return numbers_below(sizes, below); }
  Value list(const std::vector<Shape>& sizes) const {
    std::vector<Tensor> tensors;
    for (const Shape& s : sizes) tensors.push_back((*this)(s));
    return Value(tensors);
  }
  Value number(double x) const { return is_integral(dtype) ? Value(1) : Value(x); }
};
using Written = ProbeCall (*)(const Make& make);

Value ints(std::initializer_list<int64_t> numbers) { return Value(Shape(numbers)); }
// One layer over a sequence of 3, batch of 2, from 2 to 2 numbers; `gates` times as many rows of weights.
ProbeCall recurrent(const Make& m, int64_t gates, bool two_states) {
  const Tensor state = m({1, 2, 2});
  const Value hx = two_states ? Value(std::vector<Tensor>{state, m({1, 2, 2})}) : Value(state);
  return {{m({3, 2, 2}), hx, m.list({{2 * gates, 2}, {2 * gates, 2}}), false, 1, 0.0, false, false, false}};
}
ProbeCall cell(const Make& m, int64_t gates, bool two_states) {
  const Value hx = two_states ? m.list({{2, 2}, {2, 2}}) : Value(m({2, 2}));
  return {{m({2, 2}), hx, m({2 * gates, 2}), m({2 * gates, 2})}};
}
Tensor pivots(const Shape& sizes) { return (arange(sizes.numel()).remainder(sizes.back()) + 1).reshape(sizes).to(kInt32); }

const std::map<std::string, Written, std::less<>>& written() {
  static const auto* all = new std::map<std::string, Written, std::less<>>{
      {"addbmm",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), m({2, 2, 4}), m({2, 4, 3})}};
       }},
      {"addmv",
       [](const Make& m) {
         return ProbeCall{{m({2}), m({2, 3}), m({3})}};
       }},
      {"addr",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), m({2}), m({3})}};
       }},
      {"affine_grid",
       [](const Make& m) {
         return ProbeCall{{m({1, 2, 3}), ints({1, 1, 2, 2}), false}};
       }},
      {"batch_norm",
       [](const Make& m) {
         return ProbeCall{{m({4, 2}), Value(), Value(), m({2}), m({2}), true}};
       }},
      {"batch_norm_relu",
       [](const Make& m) {
         return ProbeCall{{m({4, 2}), m({4, 2}), Value(), Value(), m({2}), m({2}), true}};
       }},
      {"broadcast_shapes",
       [](const Make&) {
         return ProbeCall{{ints({2, 1}), ints({3})}};
       }},
      {"cholesky_inverse",
       [](const Make& m) {
         return ProbeCall{{tril(m({2, 2}))}};
       }},
      {"cholesky_solve",
       [](const Make& m) {
         return ProbeCall{{m({2, 1}), tril(m({2, 2}))}};
       }},
      {"clamp",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), m.number(0.3), m.number(0.6)}};
       }},
      {"constant_pad_nd",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), ints({1, 1})}};
       }},
      {"conv_tbc",
       [](const Make& m) {
         return ProbeCall{{m({4, 1, 2}), m({2, 2, 3}), m({3})}};
       }},
      {"conv_transpose2d",
       [](const Make& m) {
         return ProbeCall{{m({1, 2, 3, 3}), m({2, 1, 2, 2})}};
       }},
      {"conv_transpose3d",
       [](const Make& m) {
         return ProbeCall{{m({1, 2, 3, 3, 3}), m({2, 1, 2, 2, 2})}};
       }},
      {"cosine_embedding_loss",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m({3, 2}), ones({3}, kFloat32)}};
       }},
      {"cross_entropy",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m.index({3}, 2)}};
       }},
      {"ctc_loss",
       [](const Make& m) {
         return ProbeCall{{m({4, 1, 3}), m.index({1, 2}, 2) + 1, ints({4}), ints({2})}};
       }},
      {"diagonal_scatter",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), m({2})}};
       }},
      {"einsum",
       [](const Make& m) {
         return ProbeCall{{"ij,jk->ik", m({2, 3}), m({3, 2})}};
       }},
      {"embedding_bag",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 3), m({3, 2})}};
       }},
      {"fold",
       [](const Make& m) {
         return ProbeCall{{m({1, 4, 4}), ints({3, 3}), ints({2, 2})}};
       }},
      {"fractional_max_pool2d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 4, 4}), 2, 2}};
       }},
      {"fractional_max_pool2d_with_indices",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 4, 4}), 2, 2}};
       }},
      {"fractional_max_pool3d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 4, 4, 4}), 2, 2}};
       }},
      {"fractional_max_pool3d_with_indices",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 4, 4, 4}), 2, 2}};
       }},
      {"frombuffer",
       [](const Make& m) {
         return ProbeCall{{std::string(32, '\0')}, {{"dtype", m.dtype}}};
       }},
      {"grid_sample",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 3, 3}), m({1, 2, 2, 2}), "bilinear", "zeros", false}};
       }},
      {"grid_sampler_2d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 3, 3}), m({1, 2, 2, 2}), 0, 0, false}};
       }},
      {"grid_sampler_3d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 3, 3, 3}), m({1, 2, 2, 2, 3}), 0, 0, false}};
       }},
      {"gru", [](const Make& m) { return recurrent(m, 3, false); }},
      {"gru_cell", [](const Make& m) { return cell(m, 3, false); }},
      {"histogramdd",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), ints({2, 2})}};
       }},
      {"index_put",
       [](const Make& m) {
         return ProbeCall{{m({3}), Value(std::vector<Tensor>{m.index({2}, 2)}), m({2})}};
       }},
      {"interpolate",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 3}), 2}};
       }},
      {"istft",
       [](const Make& m) {
         return ProbeCall{{m({3, 5}), 4}};
       }},
      {"kl_div",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), m({2, 3})}};
       }},
      {"layer_norm",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), ints({3}), m({3}), m({3})}};
       }},
      {"linalg.householder_product",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m({2})}};
       }},
      {"linalg.ldl_solve",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), pivots({2}), m({2, 1})}};
       }},
      {"linalg.lu_solve",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), pivots({2}), m({2, 1})}};
       }},
      {"linalg.solve_triangular",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), m({2, 1})}, {{"upper", true}}};
       }},
      {"linear_cross_entropy",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m({4, 2}), m.index({3}, 4)}};
       }},
      {"lstm", [](const Make& m) { return recurrent(m, 4, true); }},
      {"lstm_cell", [](const Make& m) { return cell(m, 4, true); }},
      {"lu_solve",
       [](const Make& m) {
         return ProbeCall{{m({2, 1}), m({2, 2}), pivots({2})}};
       }},
      {"lu_unpack",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), pivots({2})}};
       }},
      {"max_unpool2d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 2, 2}), m.index({1, 1, 2, 2}, 4), 2}};
       }},
      {"max_unpool3d",
       [](const Make& m) {
         return ProbeCall{{m({1, 1, 2, 2, 2}), m.index({1, 1, 2, 2, 2}, 8), 2}};
       }},
      {"multi_head_attention_forward",
       [](const Make& m) {
         const Tensor x = m({2, 1, 2});
         return ProbeCall{{x, x, x, 2, 1, m({6, 2}), m({6}), Value(), Value(), false, 0.0, m({2, 2}), m({2})}};
       }},
      {"mv",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), m({3})}};
       }},
      {"nll_loss",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m.index({3}, 2)}};
       }},
      {"nonzero_static",
       [](const Make& m) {
         return ProbeCall{{m({2, 2})}, {{"size", 3}}};
       }},
      {"orgqr",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m({2})}};
       }},
      {"ormqr",
       [](const Make& m) {
         return ProbeCall{{m({3, 2}), m({2}), m({3, 2})}};
       }},
      {"pack",
       [](const Make& m) {
         return ProbeCall{{m.list({{2, 3}, {2, 2, 3}}), "b * c"}};
       }},
      {"pad",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), ints({1, 1})}};
       }},
      {"put",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), m.index({2, 2}, 4), m({2, 2})}};
       }},
      {"rearrange",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), "a b -> b a"}};
       }},
      {"reduce",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), "a b -> a", "sum"}};
       }},
      {"rms_norm",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), ints({3}), m({3})}};
       }},
      {"rnn_relu", [](const Make& m) { return recurrent(m, 1, false); }},
      {"rnn_tanh", [](const Make& m) { return recurrent(m, 1, false); }},
      {"scatter",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), 0, m.index({1, 2}, 2), m({1, 2})}};
       }},
      {"select_scatter",
       [](const Make& m) {
         return ProbeCall{{m({2, 3}), m({3}), 0, 1}};
       }},
      {"signal.windows.general_cosine",
       [](const Make&) {
         return ProbeCall{{4}, {{"a", std::vector<double>{0.5, 0.5}}}};
       }},
      {"sparse.addmm",
       [](const Make& m) {
         return ProbeCall{{m({2, 2}), m.index({2, 2}, 2), m({2}), ints({2, 3}), m({3, 2})}};
       }},
      {"sparse.coalesce",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 2), m({2}), ints({2, 3})}};
       }},
      {"sparse.mm",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 2), m({2}), ints({2, 3}), m({3, 2})}};
       }},
      {"sparse.sampled_addmm",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 2), m({2}), ints({2, 3}), m({2, 2}), m({2, 3})}};
       }},
      {"sparse.sum",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 2), m({2}), ints({2, 3}), ints({0})}};
       }},
      {"sparse.to_dense",
       [](const Make& m) {
         return ProbeCall{{m.index({2, 2}, 2), m({2}), ints({2, 3})}};
       }},
      {"stft",
       [](const Make& m) {
         return ProbeCall{{m({8}), 4}, {{"return_complex", true}, {"onesided", false}}};
       }},
      {"tensor", [](const Make& m) { return ProbeCall{{Value(Value::List{m.number(1.5), m.number(0.5)})}, {{"dtype", m.dtype}}}; }},
      {"unpack", [](const Make& m) { return ProbeCall{{m({2, 3, 3}), Value(Value::List{ints({}), ints({2})}), "b * c"}}; }},
      {"upsample_bilinear", [](const Make& m) { return ProbeCall{{m({1, 1, 3, 3}), 2}}; }},
      {"upsample_nearest", [](const Make& m) { return ProbeCall{{m({1, 1, 3, 3}), 2}}; }},
  };
  return *all;
}
// "addmv_" and "clip" are called as "addmv" and "clamp" are.
std::string plain_name(const std::string& op) {
  static const std::map<std::string, std::string> others = {{"broadcastShapes", "broadcast_shapes"}, {"clip", "clamp"}, {"upsample", "interpolate"}};
  const std::string name = op.ends_with("_") && !op.ends_with("__") ? op.substr(0, op.size() - 1) : op;
  const auto other = others.find(name);
  return other == others.end() ? name : other->second;
}

}  // namespace

std::vector<ProbeCall> probe_calls(const std::string& op, DType dtype) {
  if (const auto found = written().find(plain_name(op)); found != written().end()) return {found->second({dtype})};
  std::vector<ProbeCall> calls;
  for (const std::string& line : get_op_info(op).schemas) {
    const Schema schema = parse_schema(line);
    for (const Probe& probe : probes()) {
      ProbeCall call;
      for (const SchemaArg& arg : schema.args)
        if (!arg.has_default && !arg.type.optional && !arg.keyword_only) call.args.push_back(argument(arg, probe, dtype));
      calls.push_back(std::move(call));
    }
  }
  return calls;
}

}  // namespace lazuli::registry::detail
