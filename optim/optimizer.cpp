#include "lazuli/optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <ostream>

#include "lazuli/autograd/graph.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/tensor/registration.h"
#include "lazuli/core/threads/together.h"
#include "lazuli/optim/optim.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {

// ---- the state of one parameter ----

namespace {
template <class List>
auto found(const List& list, std::string_view name) -> decltype(&list[0]->value) {
  for (const auto& entry : list)
    if (entry->name == name) return &entry->value;
  return nullptr;
}
template <class List>
auto& made(List& list, std::string_view name) {
  if (auto* there = found(list, name)) return *there;
  using Entry = typename List::value_type::element_type;
  return list.emplace_back(std::make_unique<Entry>(Entry{std::string(name), {}}))->value;
}
}  // namespace

const Tensor* ParameterState::find(std::string_view name) const { return found(tensors_, name); }
Tensor ParameterState::operator[](std::string_view name) const {
  if (const Tensor* tensor = find(name)) return *tensor;
  if (const double* number = found(numbers_, name)) return detail::stored(*number);
  std::string there;
  for (const auto& entry : tensors_) there += (there.empty() ? "one of " : ", ") + entry->name;
  for (const auto& entry : numbers_) there += (there.empty() ? "one of " : ", ") + entry->name;
  lazuli::fail(ErrorKind::Index, "ParameterState", "name", there.empty() ? "a step before, as there is nothing yet" : there,
               "'" + std::string(name) + "'");
}
double ParameterState::number(std::string_view name) const {
  const double* n = found(numbers_, name);
  return n ? *n : 0;
}
Tensor& ParameterState::tensor(std::string_view name) { return made(tensors_, name); }
double& ParameterState::number(std::string_view name) { return made(numbers_, name); }
Tensor& ParameterState::zeros(std::string_view name, const Tensor& like) {
  Tensor& t = tensor(name);
  if (!t.defined()) {
    initialized([&] {
      t = new_tensor(like.sizes(), state_dtype(like.dtype()), like.device());
      if (t.numel()) fill_kernel(t.device(), t, 0);
    });
  }
  return t;
}

DType state_dtype(DType parameter) { return parameter == kFloat16 || parameter == kBFloat16 ? kFloat32 : parameter; }

// ---- groups ----

Optimizer::Optimizer(const char* name) : name_(name) {}
Optimizer::~Optimizer() = default;

RemovableHandle Optimizer::register_step_pre_hook(Hook hook) { return pre_hooks_.add(std::move(hook)); }
RemovableHandle Optimizer::register_step_post_hook(Hook hook) { return post_hooks_.add(std::move(hook)); }

size_t Optimizer::checked(size_t group) const {
  if (group >= params_.size()) fail(ErrorKind::Index, name_, "group", "a group below " + std::to_string(params_.size()), std::to_string(group));
  return group;
}

const std::vector<Tensor>& Optimizer::params(size_t group) const { return params_[checked(group)]; }

void Optimizer::check_param(const Tensor& param, const std::string& which) const {
  if (!param.defined()) fail(name_, which, "a parameter", "an undefined tensor");
  if (!param.body()->uninitialized && !param.is_leaf()) fail(name_, which, "a leaf", "a tensor with history");
  for (const auto& group : params_)
    for (const Tensor& other : group)
      if (other.is_same(param)) fail(name_, which, "a parameter that is in no group yet", "one that is");
}

void Optimizer::add_params(const std::vector<Tensor>& params) {
  for (size_t i = 0; i < params.size(); ++i) {
    const Tensor& p = params[i];
    std::string which = "params[" + std::to_string(i) + "]";
    check_param(p, which);
    for (size_t j = 0; j < i; ++j)
      if (params[j].is_same(p)) fail(name_, which, "each parameter once", "the same as params[" + std::to_string(j) + "]");
  }
  params_.push_back(params);
  state_.emplace_back(params.size());
  lazuli::detail::count_structural_change();
}

Optimizer::State& Optimizer::state(size_t group, size_t index) {
  State& state = state_[group][index];
  state.loaded_ = true;
  return state;
}
void Optimizer::replace_param(size_t group, size_t index, const Tensor& param) {
  std::vector<Tensor>& params = params_[checked(group)];
  if (index >= params.size()) fail(ErrorKind::Index, name_, "index", "below " + std::to_string(params.size()), std::to_string(index));
  check_param(param, "params[" + std::to_string(index) + "]");
  params[index] = param;
  state_[group][index].loaded_ = true;
  lazuli::detail::count_structural_change();
}

void Optimizer::check_groups() const {
  for (const auto& group : params_)
    if (!group.empty()) return;
  fail(name_, "params", "at least one parameter", "none");
}

const ParameterState& Optimizer::state(const Tensor& param) const {
  for (size_t g = 0; g < params_.size(); ++g)
    for (size_t i = 0; i < params_[g].size(); ++i)
      if (params_[g][i].is_same(param)) return state_[g][i];
  fail(name_, "param", "one of its parameters", param.defined() ? "another tensor, of sizes " + to_string(param.sizes()) : "an undefined tensor");
}

void Optimizer::settle() const {
  if (!waiting_ || !*waiting_) return;
  std::exchange(*waiting_, nullptr)();
}

double Optimizer::lr(size_t group) const {
  settle();
  return const_cast<Optimizer*>(this)->lr_of(checked(group));
}
void Optimizer::set_lr(double lr, size_t group) {
  settle();
  lr_of(checked(group)) = lr;
}
void Optimizer::set_all_lr(double lr) {
  settle();
  for (size_t g = 0; g < num_groups(); ++g) lr_of(g) = lr;
}

std::string to_string(const Optimizer& optimizer) {
  optimizer.settle();
  std::string text = optimizer.name_;
  text += " (";
  for (size_t g = 0; g < optimizer.num_groups(); ++g)
    text += "\n  group " + std::to_string(g) + ": " + std::to_string(optimizer.params_[g].size()) + " parameters, " + optimizer.options_text(g);
  return text + "\n)";
}
std::ostream& operator<<(std::ostream& out, const Optimizer& optimizer) { return out << to_string(optimizer); }

// ---- steps ----

void Optimizer::check_gradients() {
  for (size_t g = 0; g < params_.size(); ++g)
    for (size_t i = 0; i < params_[g].size(); ++i) {
      const Tensor& p = params_[g][i];
      if (std::string path; is_replaced(p, &path)) [[unlikely]]
        fail(ErrorKind::State, name_, "params[" + std::to_string(i) + "]", "a parameter that its module has",
             "one that was replaced ('" + path + "' is another tensor now): make the optimizer from the module's parameters() again");
      Tensor grad = p.grad();
      if (!grad.defined()) continue;
      if (state_[g][i].loaded_) adopt(state_[g][i], p, "params[" + std::to_string(i) + "]");
      if (!(grad.sizes() == p.sizes())) fail(name_, "gradient", "sizes " + to_string(p.sizes()), to_string(grad.sizes()));
      if (grad.dtype() != p.dtype()) fail(ErrorKind::Type, name_, "gradient", lazuli::name(p.dtype()), lazuli::name(grad.dtype()));
      if (!(grad.device() == p.device())) fail(name_, "gradient", to_string(p.device()), to_string(grad.device()));
    }
}

void Optimizer::call_hooks(bool before) {
  if (StepObserver* observer = lazuli::detail::step_observer; observer && !(before ? pre_hooks_ : post_hooks_).empty())
    return observer->region(before ? "hooks before a step" : "hooks after a step", [this, before] { call_hooks(before); });
  for (const auto& [id, hook] : (before ? pre_hooks_ : post_hooks_).snapshot()) hook(*this);
  if (!before) autograd::detail::note_step();
}

namespace {
// Whether a recorded step takes its calls, with the numbers that change as EachStep.
bool can_be_recorded(const std::type_info& optimizer) {
  bool can = false;
  for_each_optimizer([&]<class O>() { can |= optimizer == typeid(O) && !std::is_same_v<O, LBFGS>; });
  return can;
}

// Whether its `update` is one call of an optimizer slot, and looks at nothing after it: all parameters may be stepped side by side.
bool updates_by_slot(const std::type_info& optimizer) {
  bool does = false;
  for_each_optimizer([&]<class O>() {
    if constexpr (!std::is_same_v<O, Adafactor> && !std::is_same_v<O, Muon> && !std::is_same_v<O, LBFGS>) does |= optimizer == typeid(O);
  });
  return does;
}

constexpr int64_t kWorthManyThreads = 32768;
int64_t elements_to_step(const std::vector<std::vector<Tensor>>& groups) {
  int64_t n = 0;
  for (const auto& group : groups)
    for (const Tensor& p : group)
      if (p.grad().defined()) n += p.numel();
  return n;
}
}  // namespace

void Optimizer::step() {
  StepObserver* const observer = lazuli::detail::step_observer;
  if (observer && !can_be_recorded(steps_as())) return observer->region(name_, [this] { step(); });
  settle();
  call_hooks(true);
  {
    no_grad guard;
    check_gradients();
    if (observer) {
      std::vector<double*> counts;
      for (size_t g = 0; g < params_.size(); ++g)
        for (size_t i = 0; i < params_[g].size(); ++i)
          if (params_[g][i].grad().defined()) counts.push_back(&state_[g][i].number("step"));
      observer->numbers(
          name_,
          [counts] {
            for (double* count : counts) ++*count;
          },
          lazuli::detail::saving(counts));
    }
    std::optional<Together> together;
    if (updates_by_slot(steps_as()) && elements_to_step(params_) > kWorthManyThreads) together.emplace();
    for (size_t g = 0; g < params_.size(); ++g)
      for (size_t i = 0; i < params_[g].size(); ++i) {
        Tensor& p = params_[g][i];
        Tensor grad = p.grad();
        if (!grad.defined()) continue;
        State& state = state_[g][i];
        ++state.number("step");
        if (p.is_contiguous()) {
          update(g, p, grad.contiguous(), state);
        } else {
          Tensor dense = p.contiguous();
          update(g, dense, grad.contiguous(), state);
          if (together) together->run();
          Tensor(p.detach()).copy_(dense);
        }
        p.storage()->bump_version();
      }
  }
  call_hooks(false);
}

Tensor Optimizer::step(const std::function<Tensor()>& closure) {
  Tensor loss;
  {
    enable_grad guard;
    loss = closure();
  }
  step();
  return loss;
}

void Optimizer::zero_grad(bool set_to_none) {
  for (auto& group : params_)
    for (Tensor& p : group) {
      if (set_to_none) p.set_grad(Tensor());
      else if (Tensor grad = p.grad(); grad.defined()) grad.detach().zero_();
    }
}

// ---- state ----

StateDict Optimizer::state_dict() const {
  settle();
  std::vector<StateDict::Entry> entries;
  size_t p = 0;
  for (size_t g = 0; g < params_.size(); ++g) {
    for (const auto& [option, value] : options_dict(g)) entries.emplace_back("group." + std::to_string(g) + "." + option, value);
    for (const State& state : state_[g]) {
      const std::string of = "state." + std::to_string(p++) + ".";
      for (const auto& number : state.numbers_) entries.emplace_back(of + number->name, detail::stored(number->value));
      for (const auto& tensor : state.tensors_)
        if (tensor->value.defined()) entries.emplace_back(of + tensor->name, tensor->value);
    }
  }
  return StateDict(std::move(entries));
}

namespace {

// The library's optimizer whose options have exactly these names; empty where there is none.
std::string owner_of(const StateDict& options) {
  std::string owner;
  for_each_optimizer([&]<class O>() {
    size_t known = 0, all = 0;
    const typename O::Options defaults;
    for_each_member(defaults, [&](const auto& m, const auto&) { known += options.contains(m.name), ++all; });
    if (known == all && all == options.size()) owner = O::class_name;
  });
  return owner;
}

bool matches(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}
}  // namespace

void Optimizer::adopt(State& state, const Tensor& param, const std::string& which) const {
  for (auto& entry : state.tensors_)
    for (const StateName& known : state_names())
      if (matches(known.name, entry->name)) {
        Tensor& tensor = entry->value;
        if (!tensor.defined()) break;
        if (known.like_parameter && !(tensor.sizes() == param.sizes()))
          fail(name_, which + "'s " + entry->name, "sizes " + to_string(param.sizes()), to_string(tensor.sizes()));
        tensor = known.like_parameter ? tensor.to(param.device(), state_dtype(param.dtype())) : tensor.to(param.device());
        break;
      }
  state.loaded_ = false;
}

Optimizer::State Optimizer::read_state(const StateDict& dict, const std::string& of) const {
  State state;
  for (const auto& entry : dict) {
    const std::string& name = entry.first;
    const Tensor& tensor = entry.second;
    const auto names = state_names();
    const auto known = std::find_if(names.begin(), names.end(), [&](const StateName& n) { return matches(n.name, name); });
    if (known == names.end() && name != "step") {
      std::string there = "step";
      for (const StateName& n : names) there += std::string(", ") + n.name;
      fail(name_, "state", "state of " + std::string(name_) + " (" + there + ")", "'" + of + name + "', of another optimizer");
    }
    if (name == "step" || known->is_number) {
      if (tensor.numel() != 1) fail(name_, of + name, "a number", "sizes " + to_string(tensor.sizes()));
      const double value = tensor.item<double>();
      if (name == "step" && !(value >= 0 && value < 9e15)) fail(name_, of + name, "a number of steps", std::to_string(value));
      state.number(name) = value;
    } else {
      state.tensor(name) = tensor.detach().clone();
    }
  }
  state.loaded_ = !dict.empty();
  return state;
}

namespace {

// PyTorch's state of an optimizer, flattened (param_groups.0.betas.0), under the names here. What makes no difference to results is left out, and so are the numbers of the parameters, state
// that is None, and LBFGS's scratch memory.
StateDict own_names(const StateDict& dict, const StateDict& options) {
  static constexpr std::pair<std::string_view, const char*> kNames[] = {{"betas.0", "beta1"},
                                                                        {"betas.1", "beta2"},
                                                                        {"etas.0", "eta_minus"},
                                                                        {"etas.1", "eta_plus"},
                                                                        {"step_sizes.0", "step_size_min"},
                                                                        {"step_sizes.1", "step_size_max"},
                                                                        {"ns_coefficients.0", "ns_a"},
                                                                        {"ns_coefficients.1", "ns_b"},
                                                                        {"ns_coefficients.2", "ns_c"},
                                                                        {"eps.0", "eps1"},
                                                                        {"eps.1", "eps2"}};
  static constexpr std::string_view kOfNoEffect[] = {
      "params", "param_names", "foreach", "fused",         "capturable",   "differentiable",        "initial_lr",
      "swa_lr", "max_lr",      "min_lr",  "base_momentum", "max_momentum", "decoupled_weight_decay"};
  constexpr std::string_view kGroups = "param_groups.";
  if (std::none_of(dict.begin(), dict.end(), [&](const auto& entry) { return entry.first.starts_with(kGroups); })) return dict;
  std::vector<StateDict::Entry> entries;
  for (const auto& [key, tensor] : dict) {
    const size_t dot = key.find('.', kGroups.size());
    if (!key.starts_with(kGroups) || dot == key.npos) {
      const bool none = tensor.dtype() == kInt64 && tensor.dim() == 1 && tensor.numel() == 0;
      if (!none && key.find(".al.") == key.npos) entries.emplace_back(key, tensor);
      continue;
    }
    std::string option = key.substr(dot + 1);
    for (const auto& [theirs, ours] : kNames)
      if (option == theirs) option = ours;
    const std::string first = option.substr(0, option.find('.'));
    if (!options.contains(option) && std::find(std::begin(kOfNoEffect), std::end(kOfNoEffect), first) != std::end(kOfNoEffect)) continue;
    if (option == "maximize" && !options.contains(option) && tensor.numel() == 1 && tensor.item<double>() == 0) continue;
    entries.emplace_back("group." + key.substr(kGroups.size(), dot - kGroups.size()) + "." + option, tensor);
  }
  return StateDict(std::move(entries));
}

}  // namespace

void Optimizer::load_state_dict(const StateDict& given_dict) {
  no_grad guard;
  settle();
  const StateDict dict = own_names(given_dict, options_dict(0));
  // First all is read and checked, then taken over.
  std::vector<StateDict> options;
  std::vector<std::vector<State>> loaded;
  size_t used = 0, p = 0;
  for (const auto& [key, tensor] : dict)
    if (!key.starts_with("group.") && !key.starts_with("state.")) fail(name_, "state", "names that begin with group. or state.", "'" + key + "'");
  const StateDict given = dict.with_prefix("group.0."), own = options_dict(0);
  if (std::any_of(given.begin(), given.end(), [&](const auto& option) { return !own.contains(option.first); }))
    if (const std::string owner = owner_of(given); !owner.empty())
      fail(name_, "state", "the state of an optimizer of class " + std::string(name_), "that of " + owner);
  for (size_t g = 0; g < params_.size(); ++g) {
    const std::string prefix = "group." + std::to_string(g) + ".";
    options.push_back(dict.with_prefix(prefix));
    if (!dict.empty() && options.back().empty())
      fail(name_, "state", std::to_string(params_.size()) + " groups, as the optimizer has", "none of the name " + prefix);
    used += options.back().size();
    loaded.emplace_back();
    for (const Tensor& param : params_[g]) {
      const std::string of = "state." + std::to_string(p++);
      StateDict part = dict.with_prefix(of + ".");
      used += part.size();
      loaded.back().push_back(read_state(part, of + "."));
      if (!param.body()->uninitialized) adopt(loaded.back().back(), param, of);
    }
  }
  auto read = read_options(options);
  if (used != dict.size())
    fail(name_, "state", "state of " + std::to_string(params_.size()) + " groups and " + std::to_string(p) + " parameters",
         std::to_string(dict.size() - used) + " entries of others");
  take_options(read);
  state_ = std::move(loaded);
  lazuli::detail::count_structural_change();
}

// ---- options as tensors ----

namespace detail {

Tensor stored(double value) {
  Tensor t = new_tensor({}, kFloat64);
  *t.data_ptr<double>() = value;
  return t;
}
Tensor stored(bool value) { return stored(double(value)); }
Tensor stored(int64_t value) { return stored(double(value)); }
Tensor stored(const std::string& value) {
  Tensor t = new_tensor({int64_t(value.size())}, kUInt8);
  if (!value.empty()) std::memcpy(t.address(), value.data(), value.size());
  return t;
}
Tensor stored(const Shape& value) {
  Tensor t = new_tensor({value.size()}, kInt64);
  std::copy(value.begin(), value.end(), static_cast<int64_t*>(t.address()));
  return t;
}

void restore(const char* owner, const std::string& name, const Tensor& from, double& value) {
  if (from.numel() != 1) fail(owner, name, "a number", "sizes " + to_string(from.sizes()));
  const double read = from.item<double>();
  if (std::isnan(read)) fail(owner, name, "a number", "nan");
  value = read;
}
void restore(const char* owner, const std::string& name, const Tensor& from, bool& value) {
  double read = 0;
  restore(owner, name, from, read);
  value = read != 0;
}
void restore(const char* owner, const std::string& name, const Tensor& from, int64_t& value) {
  double read = 0;
  restore(owner, name, from, read);
  if (std::abs(read) > 9e15 || read != std::floor(read)) fail(owner, name, "a whole number", std::to_string(read));
  value = int64_t(read);
}
void restore(const char* owner, const std::string& name, const Tensor& from, std::string& value) {
  if (from.dim() != 1 || from.dtype() != kUInt8) fail(ErrorKind::Type, owner, name, "bytes of a text", lazuli::name(from.dtype()));
  value.clear();
  for (uint8_t c : from.to_vector<uint8_t>()) value += char(c);
}
void restore(const char* owner, const std::string& name, const Tensor& from, Shape& value) {
  if (from.dim() != 1 || from.dtype() != kInt64) fail(ErrorKind::Type, owner, name, "int64 in one dimension", lazuli::name(from.dtype()));
  value = Shape(from.to_vector<int64_t>());
}
void fail_option(const char* owner, const std::string& name, const std::string& known) {
  fail(owner, "state", "options of " + std::string(owner) + " (" + known + ")", "'" + name + "', of another optimizer");
}

}  // namespace detail
}  // namespace lazuli::optim
