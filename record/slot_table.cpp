#include "lazuli/record/slot_table.h"

#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "lazuli/core/memory/transfer.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/attention_slots.h"
#include "lazuli/core/slots/fft_slots.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/slots/recurrent_slots.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/core/slots/window_slots.h"

namespace lazuli::recording {
namespace {

// Elements as they are, to another device: no slot, but it is listed like one.
constinit KernelBase transfer_slot{"transfer"};
void call_transfer(KernelBase&, Device, const void* const* at) {
  transfer(*static_cast<Tensor*>(const_cast<void*>(at[0])), *static_cast<const Tensor*>(at[1]), *static_cast<const bool*>(at[2]));
}

struct Table {
  std::shared_mutex mutex;
  std::map<const KernelBase*, std::unique_ptr<SlotType>> by_slot;
  std::map<std::string_view, const SlotType*> by_name;
  std::set<const KernelBase*> of_library;  // stays as it is

  void add(SlotType type) {
    auto& place = by_slot[type.slot];
    if (place) return;
    place = std::make_unique<SlotType>(std::move(type));
    by_name[place->slot->name] = place.get();
  }
  template <class... Slots>
  void add_all(Slots&... slots) {
    (add(type_of(slots)), ...);
  }

  Table() {
    add({&transfer_slot, &call_transfer, {typing::argument_type<Tensor&>(), typing::argument_type<const Tensor&>(), typing::argument_type<bool>()}});
    add_all(fill_kernel, copy_kernel, unary_kernel, binary_kernel, binary_number_kernel, ternary_kernel, ternary_number_kernel, fused_kernel);
    add_all(reduce_kernel, arg_reduce_kernel, var_mean_kernel, scan_kernel, matmul_kernel, matmul_fused_kernel, softmax_kernel,
            softmax_backward_kernel);
    add_all(layer_norm_kernel, layer_norm_backward_kernel, batch_norm_kernel, batch_norm_backward_kernel, batch_norm_relu_kernel,
            batch_norm_relu_backward_kernel, group_norm_kernel, group_norm_backward_kernel);
    add_all(index_select_kernel, index_add_kernel, gather_kernel, scatter_kernel, index_kernel, index_put_kernel, as_strided_backward_kernel,
            count_nonzero_kernel, nonzero_kernel, sort_kernel, topk_kernel, median_kernel, searchsorted_kernel, bincount_kernel, triangle_kernel,
            arange_kernel);
    add_all(random_kernel, randperm_kernel, dropout_kernel, embedding_backward_kernel, cross_entropy_kernel, cross_entropy_backward_kernel);
    add_all(sgd_kernel, adam_kernel, optimizer_step_kernel);
    add_all(convolution_kernel, convolution_fused_kernel, convolution_backward_input_kernel, convolution_backward_weight_kernel, max_pool_kernel,
            max_pool_backward_kernel, average_pool_kernel, average_pool_backward_kernel);
    add_all(lstm_gates_kernel, lstm_gates_backward_kernel, gru_gates_kernel, gru_gates_backward_kernel, lstm_steps_kernel, lstm_steps_backward_kernel,
            gru_steps_kernel, gru_steps_backward_kernel, rnn_steps_kernel, rnn_steps_backward_kernel);
    add_all(attention_kernel, attention_backward_kernel, attention_dropout_kernel, attention_dropout_backward_kernel, fft_kernel);
    add_all(cholesky_kernel, lu_kernel, lu_solve_kernel, triangular_solve_kernel, ldl_kernel, ldl_solve_kernel, qr_kernel, householder_product_kernel,
            reflect_kernel, eigh_kernel, eig_kernel, svd_kernel, lstsq_kernel);
    for (const auto& [slot, type] : by_slot) of_library.insert(slot);
  }
};

Table& table() {
  static auto* t = new Table;
  return *t;
}

}  // namespace

const SlotType* slot_type(const KernelBase& slot) {
  Table& t = table();
  std::shared_lock lock(t.mutex);
  auto at = t.by_slot.find(&slot);
  return at == t.by_slot.end() ? nullptr : at->second.get();
}
const SlotType* slot_type(std::string_view name) {
  Table& t = table();
  std::shared_lock lock(t.mutex);
  auto at = t.by_name.find(name);
  return at == t.by_name.end() ? nullptr : at->second;
}
bool is_library_slot(const KernelBase& slot) { return table().of_library.contains(&slot); }
void know_slot(SlotType type) {
  Table& t = table();
  std::lock_guard lock(t.mutex);
  t.add(std::move(type));
}

}  // namespace lazuli::recording
