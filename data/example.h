#pragma once
#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

namespace lazuli::data {

/// One example, or a batch of them with the batch as first dimension: what goes in and what should come out (undefined where there is none).
struct Example {
  Tensor data, target;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(data, target);
  }
};

namespace detail {

Tensor collate_tensors(std::vector<Tensor> tensors);
Tensor new_column(int64_t count, DType dtype);
[[noreturn]] void fail_lengths(size_t first, size_t other);

template <class E>
struct Collate;
template <class E>
concept Collatable = requires {
  typename Collate<E>::Batch;
};

// An example's parts by position: elements of tuples, pairs and arrays, members of structs that list them.
template <class E>
concept TupleLike = requires {
  std::tuple_size<E>::value;
};
template <class E>
concept ListsMembers = Described<E> && !ListsTensors<E>;

template <class E>
struct Parts;
template <TupleLike E>
struct Parts<E> {
  static constexpr size_t count = std::tuple_size_v<E>;
  template <size_t K>
  static auto& get(E& e) {
    return std::get<K>(e);
  }
};
template <ListsTensors E>
struct Parts<E> {
  static constexpr size_t count = std::tuple_size_v<decltype(std::declval<E&>().tensors())>;
  template <size_t K>
  static auto& get(E& e) {
    return std::get<K>(e.tensors());
  }
};
template <ListsMembers E>
struct Parts<E> {
  static constexpr size_t count = decltype(E::members())::count;
  template <size_t K>
  static auto& get(E& e) {
    return e.*line<K>(E::members()).place;
  }
};
template <class E, size_t K>
using Part = std::remove_cvref_t<decltype(Parts<E>::template get<K>(std::declval<E&>()))>;
template <class E, size_t K>
using CollatedPart = typename Collate<Part<E, K>>::Batch;

/// The map with values of another class.
template <class Map, class Value>
struct WithMapped;
template <class Value, class Old, template <class...> class M, class Key, class... Rest>
struct WithMapped<M<Key, Old, Rest...>, Value> {
  using type = M<Key, Value>;
};

template <class E, class Batch>
Batch collate_parts(std::vector<E>& examples) {
  static_assert(Parts<E>::count == Parts<Batch>::count, "a batch has a part for each part of an example");
  Batch batch{};
  auto one = [&]<size_t K>(std::integral_constant<size_t, K>) {
    std::vector<Part<E, K>> column;
    column.reserve(examples.size());
    for (E& e : examples) column.push_back(std::move(Parts<E>::template get<K>(e)));
    Parts<Batch>::template get<K>(batch) = Collate<Part<E, K>>::of(std::move(column));
  };
  [&]<size_t... K>(std::index_sequence<K...>) { (one(std::integral_constant<size_t, K>()), ...); }
  (std::make_index_sequence<Parts<E>::count>());
  return batch;
}

template <>
struct Collate<Tensor> {
  using Batch = Tensor;
  static Tensor of(std::vector<Tensor> tensors) { return collate_tensors(std::move(tensors)); }
};
template <class T>
requires std::is_arithmetic_v<T>
struct Collate<T> {
  using Batch = Tensor;
  using Element = std::conditional_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int64_t, T>;
  static Tensor of(const std::vector<T>& numbers) {
    Tensor t = new_column(int64_t(numbers.size()), dtype_of<Element>());
    auto* to = static_cast<Element*>(t.address());
    for (T number : numbers) *to++ = Element(number);
    return t;
  }
};
template <>
struct Collate<std::string> {
  using Batch = std::vector<std::string>;
  static Batch of(Batch texts) { return texts; }
};
template <Collatable T>
struct Collate<std::vector<T>> {
  using Batch = std::vector<typename Collate<T>::Batch>;
  static Batch of(std::vector<std::vector<T>> lists) {
    Batch batch;
    for (auto& list : lists)
      if (list.size() != lists[0].size()) fail_lengths(lists[0].size(), list.size());
    for (size_t i = 0; !lists.empty() && i < lists[0].size(); ++i) {
      std::vector<T> column;
      for (auto& list : lists) column.push_back(std::move(list[i]));
      batch.push_back(Collate<T>::of(std::move(column)));
    }
    return batch;
  }
};
template <Collatable A, Collatable B>
struct Collate<std::pair<A, B>> {
  using Batch = std::pair<typename Collate<A>::Batch, typename Collate<B>::Batch>;
  static Batch of(std::vector<std::pair<A, B>> examples) { return collate_parts<std::pair<A, B>, Batch>(examples); }
};
template <Collatable... T>
struct Collate<std::tuple<T...>> {
  using Batch = std::tuple<typename Collate<T>::Batch...>;
  static Batch of(std::vector<std::tuple<T...>> examples) { return collate_parts<std::tuple<T...>, Batch>(examples); }
};
template <Collatable T, size_t N>
struct Collate<std::array<T, N>> {
  using Batch = std::array<typename Collate<T>::Batch, N>;
  static Batch of(std::vector<std::array<T, N>> examples) { return collate_parts<std::array<T, N>, Batch>(examples); }
};

// Maps are taken name by name; those of the first example have to be in all. (`at`: a name stands once.)
[[noreturn]] void fail_names(const std::string& name);
template <class Map>
requires requires(const Map& map) {
  typename Map::mapped_type;
  map.at(std::string());
} && std::is_same_v<typename Map::key_type, std::string> && Collatable<typename Map::mapped_type>
struct Collate<Map> {
  using Part = typename Map::mapped_type;
  using Batch = typename WithMapped<Map, typename Collate<Part>::Batch>::type;
  static Batch of(std::vector<Map> examples) {
    Batch batch;
    for (size_t i = 0; i < examples.size(); ++i)
      for (const auto& entry : examples[i])
        if (!examples[0].contains(entry.first)) fail_names(entry.first);
    if (examples.empty()) return batch;
    for (const auto& first : examples[0]) {
      std::vector<Part> column;
      for (Map& example : examples) {
        auto part = example.find(first.first);
        if (part == example.end()) fail_names(first.first);
        column.push_back(part->second);
      }
      batch.emplace(first.first, Collate<Part>::of(std::move(column)));
    }
    return batch;
  }
};

// A struct's batches are the same struct where all its parts are tensors, or the struct that it names as its `Batch`, or a tuple.
template <class E, class Indices = std::make_index_sequence<Parts<E>::count>>
struct BatchOf;
template <class E, size_t... K>
struct BatchOf<E, std::index_sequence<K...>> {
  using type = std::conditional_t<(std::is_same_v<Part<E, K>, CollatedPart<E, K>> && ...), E, std::tuple<CollatedPart<E, K>...>>;
};
template <class E>
requires requires { typename E::Batch; }
struct BatchOf<E, std::make_index_sequence<Parts<E>::count>> {
  using type = typename E::Batch;
};
template <class E>
requires(ListsTensors<E> || ListsMembers<E>) struct Collate<E> {
  using Batch = typename BatchOf<E>::type;
  static Batch of(std::vector<E> examples) { return collate_parts<E, Batch>(examples); }
};

template <class E>
struct BatchClass {
  static constexpr bool has_batches = Collatable<E>;
  static_assert(has_batches,
                "no batches can be made of these examples: let the struct list its parts, `auto tensors() { return std::tie(image, mask); }`, "
                "or name the batch, `Dataset<Example, Batch>`, and override collate");
  using type = E;
};
template <Collatable E>
struct BatchClass<E> {
  using type = typename Collate<E>::Batch;
};
}  // namespace detail

/// What a batch of examples of class E is:
///   a Tensor: the tensors stacked;  a number: an int64, bool, float32 or float64 tensor;  a string: a vector of strings;
///   a pair, tuple, array or vector: one of batches, element by element;
///   a map of texts to any of these (std::map, std::unordered_map): one of batches, name by name;
///   a struct with `auto tensors() { return std::tie(image, mask); }`: the same struct;
///   a struct with `static constexpr auto members() { return Members{member("image", &Scan::image), member("label", &Scan::label)}; }` (core/described.h): the same struct where
///   all members are tensors, else the struct that it names (`using Batch = ...;`, with as many members), else a tuple.
template <class E>
using Collated = typename detail::BatchClass<E>::type;

/// The examples as one batch. Throws Error where tensors differ in size, or are undefined in some examples and not in others.
template <class E>
Collated<E> collate(std::vector<E> examples) {
  return detail::Collate<E>::of(std::move(examples));
}
template <class E>
Collated<E> default_collate(std::vector<E> examples) {
  return collate(std::move(examples));
}

}  // namespace lazuli::data
