// A model from a file answers the requests of many threads, in batches; latencies as percentiles.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "common/run.h"
#include "models/resnet.h"
#include "models/weights.h"
#include "server.h"

using namespace lazuli;

namespace {

struct Options : examples::BasicOptions {
  std::string weights;
  int64_t width = 64, size = 64, batch = 16, clients = 8, requests = 20, wait = 2000;
};

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Loads a ResNet-18 (as finetune saves it) and answers images from many threads, several at a time."};
  app.option_defaults()->always_capture_default();
  app.add_option("--weights", o.weights, "a file of its weights")->required()->check(CLI::ExistingFile);
  app.add_option("--width", o.width, "channels of the first stage")->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--size", o.size, "height and width of the images")->check(CLI::Range(int64_t(32), int64_t(512)));
  app.add_option("--batch", o.batch, "images that are answered together, at most")->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--wait", o.wait, "microseconds that the first of a batch waits for others")->check(CLI::NonNegativeNumber);
  app.add_option("--clients", o.clients, "threads that ask")->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--requests", o.requests, "images that each of them sends, one after another")->check(CLI::PositiveNumber);
  examples::add_basic_options(app, o);
  examples::parse(app, "inference_server", argc, argv);
  return o;
}

int serve(const Options& o) {
  o.apply();
  const int64_t classes = examples::read_weights(o.weights).at("fc.bias").size(0);
  examples::ResNet model({.width = o.width, .classes = classes});
  examples::load_weights(model, o.weights);
  model.eval();
  std::vector<double> latencies(size_t(o.clients * o.requests));
  int64_t batches = 0;
  const auto began = BatchingServer::Clock::now();
  {
    BatchingServer server([&](const Tensor& images) { return softmax(model(images), 1); }, o.batch, std::chrono::microseconds(o.wait));
    std::vector<std::thread> clients;
    std::vector<std::exception_ptr> errors(size_t(o.clients));
    for (int64_t client = 0; client < o.clients; ++client)
      clients.emplace_back([&, client] {
        try {
          const Generator random{uint64_t(client)};
          for (int64_t i = 0; i < o.requests; ++i) {
            const Tensor image = randn({3, o.size, o.size}, {}, random);
            const auto sent = BatchingServer::Clock::now();
            server.submit(image).get();
            latencies[size_t(client * o.requests + i)] = std::chrono::duration<double, std::milli>(BatchingServer::Clock::now() - sent).count();
          }
        } catch (...) { errors[size_t(client)] = std::current_exception(); }
      });
    for (std::thread& client : clients) client.join();
    for (const std::exception_ptr& error : errors)
      if (error) std::rethrow_exception(error);
    batches = server.batches();
  }
  const double seconds = std::chrono::duration<double>(BatchingServer::Clock::now() - began).count();
  std::sort(latencies.begin(), latencies.end());
  auto percentile = [&](double p) { return latencies[std::min(latencies.size() - 1, size_t(p / 100 * double(latencies.size())))]; };
  std::printf("%zu requests of %ld threads in %ld batches, %.1f images a batch, %.0f images/s\n", latencies.size(), long(o.clients), long(batches),
              double(latencies.size()) / double(batches), double(latencies.size()) / seconds);
  std::printf("latency in ms: 50 %% %.2f  90 %% %.2f  99 %% %.2f  most %.2f\n", percentile(50), percentile(90), percentile(99), latencies.back());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("inference_server", [&] { return serve(options); });
}
