// fuzz_files [--calls N] [--seed S] [--start K] [--only FORMAT] [--most-wrong M] [--here]: reads spoilt files and texts of every format that the library reads, and fails where anything but
// a result or an Error comes: another exception, a crash, 10 s, 256 MiB (2 GiB under AddressSanitizer). Formats take turns, so that there are as many files of each.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "lazuli/data/tokenizer/tokenizer.h"
#include "lazuli/io/sharded_checkpoint.h"
#include "lazuli/io/unpickler.h"
#include "lazuli/lazuli.h"
#include "lazuli/ops/table/schema.h"
#include "lazuli/record/freeze.h"
#include "lazuli/record/step_list.h"
#include "tests/fuzz/random.h"
#include "tests/fuzz/watch.h"
#include "tests/io/bytes.h"

namespace {

using namespace fuzz;
using namespace lazuli;

std::string some_bytes(Random& random, int64_t count) {
  std::string bytes;
  for (int64_t i = 0; i < count; ++i) bytes += char(random.below(256));
  return bytes;
}

// ---- whole files

std::string whole_safetensors(Random& random) {
  constexpr std::pair<const char*, int> kTypes[] = {{"BOOL", 1}, {"U8", 1},   {"I8", 1},  {"I16", 2}, {"I32", 4}, {"I64", 8},
                                                    {"F16", 2},  {"BF16", 2}, {"F32", 4}, {"F64", 8}, {"C64", 8}};
  std::string header = "{", data;
  if (random.chance(30)) header += R"("__metadata__":{"format":"pt","a":"b"},)";
  for (int64_t t = random.between(0, 4); t >= 0; --t) {
    const auto [type, width] = kTypes[random.below(std::size(kTypes))];
    int64_t n = 1;
    std::string shape;
    for (int64_t d = random.between(0, 3); d > 0; --d) {
      const int64_t size = random.between(0, 4);
      n *= size;
      shape += (shape.empty() ? "" : ",") + std::to_string(size);
    }
    const size_t begin = data.size();
    data += type == std::string("BOOL") ? std::string(size_t(n), '\1') : some_bytes(random, n * width);
    header += fmt::format(R"("t{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}}{})", t, type, shape, begin, data.size(), t ? "," : "");
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  return test::safetensors(header, data);
}

std::string whole_idx(Random& random) {
  constexpr std::pair<unsigned char, int> kTypes[] = {{0x08, 1}, {0x09, 1}, {0x0b, 2}, {0x0c, 4}, {0x0d, 4}, {0x0e, 8}};
  const auto [type, width] = kTypes[random.below(std::size(kTypes))];
  std::vector<uint32_t> sizes;
  int64_t n = 1;
  for (int64_t d = random.between(0, 4); d > 0; --d) n *= sizes.emplace_back(uint32_t(random.between(0, 4)));
  return test::idx(type, sizes, some_bytes(random, n * width));
}

std::string whole_generator_state(Random& random) {
  Generator generator(random.next());
  rand({random.between(0, 100)}, {}, generator);
  return generator.get_state();
}

std::string whole_schema(Random& random) {
  static const std::vector<std::string> names = list_ops();
  return random.pick(get_op_info(random.pick(names)).schemas);
}

std::string file_of(const StateDict& state) {
  test::TemporaryFolder folder;
  save_safetensors(state, folder.file("state"));
  return test::read_bytes(folder.file("state"));
}
nn::Sequential some_module() { return nn::Sequential{nn::Linear(3, 4), nn::BatchNorm1d(4), nn::LazyLinear(2)}; }
std::string whole_module_state(Random&) {
  static const std::string bytes = [] {
    nn::Sequential net = some_module();
    net(ones({2, 3}));
    return file_of(net.state_dict());
  }();
  return bytes;
}
optim::AdamOptions some_options() { return {.lr = 0.5, .amsgrad = true}; }
std::string whole_optimizer_state(Random&) {
  static const std::string bytes = [] {
    const Tensor weight = ones({3, 2}).requires_grad_();
    optim::Adam adam({weight}, some_options());
    weight.set_grad(ones({3, 2}));
    adam.step();
    return file_of(adam.state_dict());
  }();
  return bytes;
}

// ---- NumPy's and PyTorch's

Tensor some_tensor(Random& random) {
  static constexpr DType kTypes[] = {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kFloat32, kFloat64, kComplex64, kComplex128};
  Shape sizes;
  for (int64_t d = random.between(0, 3); d > 0; --d) sizes.push_back(random.between(0, 4));
  return randint(2, sizes).to(kTypes[random.below(std::size(kTypes))]);
}
template <class Save>
std::string bytes_of(Save save) {
  static const test::TemporaryFolder folder;
  save(folder.file("file"));
  return test::read_bytes(folder.file("file"));
}
std::string whole_npy(Random& random) {
  return bytes_of([&](const std::string& path) { save_npy(some_tensor(random), path); });
}
std::string whole_npz(Random& random) {
  StateDict arrays;
  for (int64_t k = random.between(0, 3); k >= 0; --k) arrays.set("a" + std::to_string(k), some_tensor(random));
  return bytes_of([&](const std::string& path) { save_npz(arrays, path, random.chance(50)); });
}
TorchObject some_object(Random& random, int depth) {
  switch (depth > 3 ? random.below(6) : random.below(9)) {
    case 0: return {};
    case 1: return random.chance(50);
    case 2: return int64_t(random.next() >> random.below(64));
    case 3: return 0.5;
    case 4: return "text";
    case 5: return some_tensor(random);
    case 6: return TorchObject::list({some_object(random, depth + 1), some_object(random, depth + 1)});
    case 7: return TorchObject::tuple({some_object(random, depth + 1)});
    default: return TorchObject::dict({{"a", some_object(random, depth + 1)}, {"weight", some_tensor(random)}, {3, some_object(random, depth + 1)}});
  }
}
std::string whole_torch(Random& random) {
  return bytes_of([&](const std::string& path) { save_torch(some_object(random, 0), path); });
}
// The pickle alone, so that no checksum or directory keeps what is wrong in it from being reached.
std::string whole_pickle(Random& random) {
  if (random.chance(30))  // of protocol 2 with a memo, as Python writes it
    return std::string(
        "\x80\x02}q\x00(X\x05\x00\x00\x00"
        "epochq\x01K\x03X\x05\x00\x00\x00namesq\x02]q\x03(X\x01\x00\x00\x00"
        "aq\x04h\x04"
        "eX\x05\x00\x00\x00modelq\x05"
        "ccollections\nOrderedDict\nq\x06)Rq\x07(X\x01\x00\x00\x00wq\x08"
        "ctorch._utils\n_rebuild_tensor_v2\nq\x09((X\x07\x00\x00\x00storageq\x0a"
        "ctorch\n"
        "FloatStorage\nq\x0bX\x01\x00\x00\x00"
        "0q\x0cX\x03\x00\x00\x00"
        "cpuq\x0dK\x06tq\x0eQK\x01K\x02K\x02\x86q\x0fK\x02K\x01\x86q\x10\x89h\x06)Rq\x11tq\x12Rq\x13"
        "u}q\x14X\x09\x00\x00\x00_metadataq\x15h\x06)Rq\x16sbu.",
        255);
  const std::string file = whole_torch(random);
  const size_t begin = file.find("\x80\x02"), end = file.find("archive/byteorder");
  return file.substr(begin, file.rfind("PK\x03\x04", end) - begin);
}
std::string whole_index(Random& random) {
  return random.chance(50) ? R"({"metadata": {"total_size": 24}, "weight_map": {}})" : R"({"weight_map":{}, "other": [1, {"a": null}]})";
}

// ---- tables, images, models of others

// A checkpoint whose index is what is read, and is written over.
const test::TemporaryFolder& sharded_checkpoint() {
  static const test::TemporaryFolder folder;
  return folder;
}
std::string whole_sharded_index(Random&) {
  static const std::string bytes = [] {
    const test::TemporaryFolder& folder = sharded_checkpoint();
    save_sharded(shared_out({{"weight", ones({4, 2})}, {"count", tensor(3)}}, 0, 1), folder.path(), {}, {{"step", "12"}});
    return test::read_bytes(folder.file("model.sharded.json"));
  }();
  return bytes;
}

std::string whole_csv(Random& random) {
  std::string text = "a,b,c\n";
  for (int64_t r = random.between(0, 6); r > 0; --r)
    text += random.pick({"1,2.5,x\n", "-3,,\"q\"\"r\"\n", "NA,1e9,\"two\nlines\"\r\n", "7,true,false\n", "9223372036854775808,0x1,\n"});
  return text;
}
Tensor some_image(Random& random) { return randint(256, Shape{random.pick({1, 3}), random.between(1, 9), random.between(1, 9)}).to(kUInt8); }
std::string image_bytes(const Tensor& t) { return {static_cast<const char*>(t.address()), size_t(t.numel())}; }
std::string whole_png(Random& random) { return image_bytes(encode_png(some_image(random))); }
std::string whole_jpeg(Random& random) { return image_bytes(encode_jpeg(some_image(random), int(random.between(1, 100)))); }
std::string whole_pnm(Random& random) {
  const int64_t h = random.between(1, 5), w = random.between(1, 5);
  return fmt::format("P{} {} {} 255\n", random.chance(50) ? 5 : 6, w, h) + some_bytes(random, 3 * h * w);
}
std::string whole_cifar(Random& random) {
  std::string bytes;
  for (int64_t images = random.between(1, 3); images > 0; --images) bytes += char(random.below(10)) + std::string(3072, char(random.below(256)));
  return bytes;
}
std::string whole_lines(Random& random) {
  std::string text;
  for (int64_t lines = random.between(0, 6); lines > 0; --lines)
    text += random.pick({"a line\n", "\r\n", "  \n", "\n", "more", "\xf0\x9f\x99\x82\r\n"});
  return text;
}
std::string whole_gguf(Random& random) {
  const auto number = [](auto value) { return std::string(reinterpret_cast<const char*>(&value), sizeof value); };
  const auto text = [&](const std::string& t) { return number(uint64_t(t.size())) + t; };
  std::string infos, data;
  const uint64_t count = uint64_t(random.between(0, 3));
  for (uint64_t t = 0; t < count; ++t) {
    constexpr struct { uint32_t type, block, bytes; } kKinds[] = {{0, 1, 4}, {1, 1, 2}, {2, 32, 18}, {8, 32, 34}, {24, 1, 1}, {30, 1, 2}};
    const auto [type, block, bytes] = kKinds[random.below(std::size(kKinds))];
    const uint64_t rows = uint64_t(random.between(1, 3)), columns = block * uint64_t(random.between(1, 2));
    infos += text(fmt::format("t{}", t)) + number(uint32_t(2)) + number(columns) + number(rows) + number(type) + number(uint64_t(data.size()));
    data += some_bytes(random, int64_t(rows * columns / block * bytes));
    data.resize((data.size() + 31) / 32 * 32);
  }
  std::string file = "GGUF" + number(uint32_t(3)) + number(count) + number(uint64_t(2)) + text("a") + number(uint32_t(8)) + text("b") + text("list") +
                     number(uint32_t(9)) + number(uint32_t(5)) + number(uint64_t(2)) + number(7) + number(8) + infos;
  file.resize((file.size() + 31) / 32 * 32);
  return file + data;
}
std::string whole_tokenizer(Random& random) {
  static const std::string bytes = bytes_of([](const std::string& path) {
    data::BPETokenizer::train({"the cat sat on the mat, the cat's hat"}, {.vocab_size = 265, .special_tokens = {"<pad>"}}).save(path);
  });
  static const std::string letters =
      R"J({"added_tokens": [{"id": 1, "content": "<pad>", "single_word": true, "lstrip": true, "rstrip": true, "normalized": true}],
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "Prepend", "prepend": "_"}, {"type": "Replace", "pattern": {"String": " "}, "content": "_"},
      {"type": "StripAccents"}, {"type": "Strip", "strip_left": true, "strip_right": false}]},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "split": true}, {"type": "Digits",
      "individual_digits": true}, {"type": "Split", "pattern": {"Regex": "[a-c]+"}, "behavior": "MergedWithNext", "invert": false}]},
    "post_processor": {"type": "BertProcessing", "cls": ["<unk>", 0], "sep": ["<pad>", 1]}, "truncation": {"direction": "Left", "max_length": 9},
    "padding": {"strategy": {"Fixed": 16}, "direction": "Left", "pad_to_multiple_of": 8, "pad_id": 1},
    "decoder": {"type": "Sequence", "decoders": [{"type": "Metaspace", "replacement": "_"}, {"type": "ByteFallback"}, {"type": "Fuse"},
      {"type": "Strip", "content": " ", "start": 1, "stop": 1}]},
    "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "fuse_unk": true, "continuing_subword_prefix": "", "end_of_word_suffix": "",
      "vocab": {"<unk>": 0, "_": 2, "t": 3, "h": 4, "e": 5, "_t": 6, "he": 7, "_the": 8, "<0xFF>": 9, "c": 10, "at": 11, "a": 12},
      "merges": [["_", "t"], ["h", "e"], ["_t", "he"], "a t"]}})J";
  return random.below(2) == 0 ? bytes : letters;
}

Frozen some_frozen(Random& random) {
  switch (random.below(3)) {
    case 0: {
      nn::Sequential net{nn::Linear(4, 3), nn::BatchNorm1d(3), nn::ReLU(), nn::Linear(3, 2), nn::Softmax(1)};
      return freeze(net, {ones({2, 4})}, {.fuse = random.chance(50)});
    }
    case 1: {
      nn::Sequential net{nn::Conv2d(2, 4, 3, nn::ConvOptions{.padding = 1}), nn::BatchNorm2d(4), nn::SiLU(), nn::MaxPool2d(2),
                         nn::ConvTranspose2d(4, 2, 2)};
      return freeze(net, {ones({1, 2, 4, 4})}, {.fuse = random.chance(50)});
    }
    default:
      return freeze(
          [](const std::vector<Tensor>& in) {
            return std::vector<Tensor>{where(in[0] > 0, in[0].mean(1, true), in[1]), argmax(in[1], 1), in[1].index_select(0, argmax(in[0], 0))};
          },
          {ones({2, 3}), ones({2, 3})});
  }
}
std::string whole_frozen(Random& random) {
  return bytes_of([&](const std::string& path) { some_frozen(random).save(path); });
}

// ---- reading all there is in them

void read_all(const Tensor& t) { to_string(t.clone()); }

void read_safetensors(const std::string& path) {
  Metadata metadata;
  for (const auto& [name, t] : load_safetensors(path, &metadata)) read_all(t);
}
void read_whole_idx(const std::string& path) { read_all(read_idx(path)); }
std::string text_in(const std::string& path) { return test::read_bytes(path); }
void read_generator_state(const std::string& path) {
  Generator generator;
  generator.set_state(text_in(path));
  read_all(rand({3}, {}, generator));
}
void read_schema(const std::string& path) {
  const Schema schema = parse_schema(text_in(path));
  bind_arguments(schema, {}, {});
}

void read_module_state(const std::string& path) {
  nn::Sequential net = some_module();
  net.load_state_dict(load_safetensors(path));
  read_all(net(ones({2, 3})));
}
void read_optimizer_state(const std::string& path) {
  const Tensor weight = ones({3, 2}).requires_grad_();
  optim::Adam adam({weight}, some_options());
  adam.load_state_dict(load_safetensors(path));
  weight.set_grad(ones({3, 2}));
  adam.step();
  read_all(weight);
}

void read_whole_npy(const std::string& path) { read_all(load_npy(path)); }
void read_whole_npz(const std::string& path) {
  for (const auto& entry : load_npz(path)) read_all(entry.second);
}
void read_whole_torch(const std::string& path) {
  for (const auto& entry : load_torch(path).to_state_dict())
    if (entry.second.numel() < 100000) read_all(entry.second);
}
void read_pickle(const std::string& path) {
  const std::string bytes = text_in(path);
  const auto storage = [](const std::string&, DType dtype, int64_t count) {
    if (count > 1000) fail("fuzz", "count", "at most 1000", std::to_string(count));
    return zeros({count}, dtype);
  };
  const TorchObject object = Unpickler({bytes.data(), bytes.size()}, "a pickle", storage).run();
  for (const auto& entry : object.to_state_dict())
    if (entry.second.numel() < 100000) read_all(entry.second);
}
void read_index(const std::string& path) { load_sharded_safetensors(path); }

void read_table(const std::string& path) {
  const CsvTable table = read_csv(path);
  for (const std::string& name : table.names()) {
    read_all(table.missing(name));
    if (table.type(name) == CsvType::Text) table.categories(name);
    else read_all(table[name]);
  }
}
void read_whole_image(const std::string& path) {
  const Tensor image = read_image(path, ImageReadMode::RGB);
  if (image.numel() < 100000) read_all(image);
}
// What is read from a folder.
const std::string& with_file(const test::TemporaryFolder& folder, const std::string& name, const std::string& path) {
  folder.write(name, text_in(path));
  return folder.path();
}
void read_cifar(const std::string& path) {
  static const test::TemporaryFolder folder;
  const data::CIFAR10 images(with_file(folder, "test_batch.bin", path), data::CIFAR10::Split::Test);
  if (images.size() > 0) read_all(images.get(0).data);
}
void read_sharded_index(const std::string& path) {
  const ShardedCheckpoint checkpoint(with_file(sharded_checkpoint(), "model.sharded.json", path));
  for (const std::string& name : checkpoint.names())
    if (checkpoint.sizes(name).numel() < 100000) read_all(checkpoint.read(name));
}
void read_whole_lines(const std::string& path) {
  const data::TextLines lines(path, true);
  for (int64_t i = 0; i < lines.size(); ++i) lines.get(i);
  data::read_lines(path);
}
void read_gguf(const std::string& path) {
  TorchObject metadata;
  for (const auto& entry : load_gguf(path, &metadata))
    if (entry.second.numel() < 100000) read_all(entry.second);
}
void read_tokenizer(const std::string& path) {
  const auto tokenizer = data::BPETokenizer::load(path);
  tokenizer.decode(tokenizer.encode("the cat<pad> is  here \xff\xf0\x9f\x99\x82"), false);
}

void read_frozen(const std::string& path) {
  const Frozen frozen = load_frozen(path);
  int64_t elements = 0;
  for (const auto& call : frozen.list().calls)
    call.for_each_view([&](const recording::BufferView& v, bool) { elements = std::max(elements, v.sizes.numel()); });
  for (const auto* signatures : {&frozen.inputs(), &frozen.outputs()})
    for (const Frozen::Signature& s : *signatures) elements = std::max(elements, s.sizes.numel());
  if (elements > 20000) return;  // that it takes long is no fault
  std::vector<Tensor> inputs;
  for (const Frozen::Signature& s : frozen.inputs()) inputs.push_back(ones(s.sizes, s.dtype));
  for (const Tensor& t : frozen.run(inputs)) read_all(t);
}

struct Format {
  const char* name;
  std::string (*whole)(Random&);
  void (*read)(const std::string& path);
};
constexpr Format kFormats[] = {
    {"safetensors", whole_safetensors, read_safetensors},
    {"idx", whole_idx, read_whole_idx},
    {"idx.gz", [](Random& random) { return test::gzip(whole_idx(random)); }, read_whole_idx},
    {"generator state", whole_generator_state, read_generator_state},
    {"schema", whole_schema, read_schema},
    {"module state", whole_module_state, read_module_state},
    {"optimizer state", whole_optimizer_state, read_optimizer_state},
    {"npy", whole_npy, read_whole_npy},
    {"npz", whole_npz, read_whole_npz},
    {"torch", whole_torch, read_whole_torch},
    {"pickle", whole_pickle, read_pickle},
    {"safetensors index", whole_index, read_index},
    {"sharded index", whole_sharded_index, read_sharded_index},
    {"csv", whole_csv, read_table},
    {"lines", whole_lines, read_whole_lines},
    {"cifar", whole_cifar, read_cifar},
    {"pnm", whole_pnm, read_whole_image},
    {"gguf", whole_gguf, read_gguf},
    {"frozen", whole_frozen, read_frozen},
#if LAZULI_HAVE_PNG
    {"png", whole_png, read_whole_image},
#endif
#if LAZULI_HAVE_JPEG
    {"jpeg", whole_jpeg, read_whole_image},
#endif
#if LAZULI_HAVE_PCRE2
    {"tokenizer", whole_tokenizer, read_tokenizer},
#endif
};

// ---- what is done to them

// A number that the file may take for a length.
std::string number_text(Random& random) {
  return random.pick({"0", "-1", "1", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "4294967295",
                      "2147483648", "1e308", "1e999", "0.5", "00", "99999999999999999999999999999999"});
}

void spoil(Random& random, std::string& bytes) {
  auto place = [&] { return size_t(random.below(int64_t(bytes.size()) + 1)); };
  const size_t at = place(), length = std::min(size_t(random.between(1, 16)), bytes.size() - at);
  switch (random.below(12)) {
    case 0:
      if (at < bytes.size()) bytes[at] = char(bytes[at] ^ char(1 << random.below(8)));
      return;
    case 1:
      if (at < bytes.size()) bytes[at] = char(random.below(256));
      return;
    case 2: bytes.resize(at); return;
    case 3: bytes.insert(at, some_bytes(random, random.between(1, 16))); return;
    case 4: bytes.erase(at, length); return;
    case 5: bytes.insert(place(), bytes.substr(at, length)); return;
    case 6: bytes.insert(place(), bytes.substr(at, size_t(random.between(1, 400)))); return;
    case 7: {  // a length of 4 or 8 bytes
      const size_t width = random.pick({size_t(4), size_t(8)});
      const uint64_t number = random.pick({~uint64_t(0), uint64_t(0), uint64_t(1) << 63, uint64_t(1) << 31, uint64_t(1) << 62, uint64_t(bytes.size()),
                                           uint64_t(100'000'000), uint64_t(0xffffffff)});
      const size_t begin = random.chance(50) ? 0 : at;
      for (size_t i = 0; i < width && begin + i < bytes.size(); ++i) bytes[begin + i] = char(number >> (8 * i));
      return;
    }
    case 8: {  // a number in a text
      size_t digit = bytes.find_first_of("0123456789", at), end = digit;
      if (digit == bytes.npos) return;
      while (end < bytes.size() && bytes[end] >= '0' && bytes[end] <= '9') ++end;
      bytes.replace(digit, end - digit, number_text(random));
      return;
    }
    case 9:  // deep, or many
      bytes.insert(at, std::string(size_t(random.pick({10, 1000, 100000})), random.pick({'[', '{', '(', '"', ',', ' ', '\0', '9', '-', 'x'})));
      return;
    case 10:
      bytes.insert(at, random.pick({"\"", "}", "]", "null", "true", "{}", "[]", "\"t0\":1,", "\\u0000", "\xff", "Tensor", "int[]", "=", "->", "*,"}));
      return;
    default: std::swap_ranges(bytes.begin(), bytes.begin() + ptrdiff_t(std::min(length, at)), bytes.begin() + ptrdiff_t(at)); return;
  }
}

// A file that no disk has.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("fuzz", 0)), path_(fmt::format("/proc/self/fd/{}", descriptor_)) {
    if (descriptor_ < 0) std::abort();
  }
  const std::string& write(std::string_view bytes) const {
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, bytes.data(), bytes.size(), 0) != ssize_t(bytes.size())) std::abort();
    return path_;
  }

 private:
  int descriptor_;
  std::string path_;
};

std::string readable(std::string_view bytes) {
  std::string text;
  for (char c : bytes.substr(0, 1500)) text += c >= ' ' && c < 127 ? std::string(1, c) : fmt::format("\\x{:02x}", uint8_t(c));
  return text;
}

// Keeps what stands behind a safetensors file's length in step with it, so that more than the first check is reached.
void mend_length(std::string& bytes) {
  if (bytes.size() < 8) return;
  const size_t end = bytes.rfind('}');
  if (end == bytes.npos || end < 8) return;
  for (size_t i = 0; i < 8; ++i) bytes[i] = char(uint64_t(end - 7) >> (8 * i));
}

}  // namespace

// Under AddressSanitizer: more memory than there is gives null, as without it; what was freed and is kept to find its uses is no memory that a file takes.
extern "C" const char* __asan_default_options();
const char* __asan_default_options() { return "allocator_may_return_null=1:quarantine_size_mb=16"; }

int main(int argc, char** argv) {
  fuzz::Task task = fuzz::parse_task(argc, argv, "FORMAT");
#if !defined(__SANITIZE_ADDRESS__)  // whose shadow of memory that nobody touches counts, too
  task.bytes = int64_t(256) << 20;
#endif
  std::vector<Format> formats;
  std::copy_if(std::begin(kFormats), std::end(kFormats), std::back_inserter(formats),
               [&](const Format& f) { return task.only.empty() || task.only == f.name; });
  if (formats.empty()) {
    fmt::print(stderr, "no format '{}'\n", task.only);
    return 2;
  }
  const MemoryFile file;
  const uint64_t wrong = fuzz::watch(task, "fuzz_files", [&](uint64_t number, fuzz::Note& note) -> std::string {
    Random random(task.seed, number);
    const Format& format = formats[number % formats.size()];
    std::string bytes = format.whole(random);
    const bool whole = random.chance(3);
    if (!whole)
      for (int64_t times = random.pick({1, 1, 1, 2, 3, 8}); times > 0; --times) spoil(random, bytes);
    if (!whole && (format.read == read_safetensors || format.read == read_module_state || format.read == read_optimizer_state) && random.chance(50))
      mend_length(bytes);
    note.describe(fmt::format("{}, {} bytes: {}", format.name, bytes.size(), readable(bytes)));
    try {
      format.read(file.write(bytes));
    } catch (const Error& error) {
      if (whole && format.read != read_schema) return std::string("a whole file is refused: ") + error.what();
    }
    return {};
  });
  fmt::print("{} files, {} of each of {} formats, seed {}, from {}: {} wrong\n", task.count, task.count / formats.size(), formats.size(), task.seed,
             task.start, wrong);
  return wrong ? 1 : 0;
}
